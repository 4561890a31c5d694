"""Numbers in row loops: plain for a person in Word, by row when filled, the same after there and back."""

from __future__ import annotations

import re

import pytest

from docgen.errors import FormError
from docgen.papers import library
from docgen.word import package
from docgen.word.row_marks import DOCUMENT, editable, fillable
from tests.papers.specimens import EDITIONS, Edition, name_of
from tests.word.specimens import docx, p


def _body(content: bytes) -> str:
    return package.parts(content)[DOCUMENT].decode()


def _control(text: str, number: str = "7") -> str:
    run = f"<w:r><w:t>{text}</w:t></w:r>"
    return f'<w:sdt><w:sdtPr><w:id w:val="{number}"/></w:sdtPr><w:sdtContent>{run}</w:sdtContent></w:sdt>'


@pytest.mark.parametrize("edition", EDITIONS, ids=name_of)
def test_a_shipped_template_comes_back_as_it_was_given_out(edition: Edition) -> None:
    shipped = library.template(edition.form, edition.layout)
    assert fillable(shipped) is shipped
    given_out = editable(shipped)
    assert "loop.index" not in _body(given_out)
    numbers = re.findall(r'<w:id w:val="(\d+)"', _body(given_out))
    assert len(set(numbers)) == len(numbers)
    back, before = (re.sub(r"loop\.index}}\d+", "", _body(each)) for each in (fillable(given_out), shipped))
    assert back == before


LOOP, END = "{% for d in ds %}", "{% endfor %}"


def test_a_control_that_somebody_copied_into_a_row_gets_the_row_s_number() -> None:
    outside, inside = f"<w:p>{_control('vỏ')}</w:p>", f"<w:p>{_control('{{ d }}', '8')}</w:p>"
    made = _body(fillable(docx(outside, p(LOOP), inside, p(END))))
    assert re.findall(r'<w:id w:val="([^"]*)"', made) == ["7", "{{loop.index}}001"]


def test_what_begins_before_the_loop_s_tag_is_outside() -> None:
    """LibreOffice puts controls around tags themselves."""
    around = f"<w:p>{_control(LOOP)}</w:p>"
    made = _body(fillable(docx(around, p("{{ d }}"), p(END))))
    assert re.findall(r'<w:id w:val="([^"]*)"', made) == ["7"]


def test_loops_in_loops_lose_their_controls_and_bookmarks_but_no_text() -> None:
    mark = '<w:bookmarkStart w:id="1" w:name="a"/><w:bookmarkEnd w:id="1"/>'
    inner = f"<w:p>{mark}{_control('{{ e }}')}</w:p>"
    made = _body(fillable(docx(p(LOOP), p("{% for e in d.es %}"), inner, p(END), p(END))))
    assert "w:sdt" not in made
    assert "bookmark" not in made
    assert "{{ e }}" in made


def test_torn_and_doubled_bookmarks_go_whole_ones_stay() -> None:
    def start(number: int, name: str) -> str:
        return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>'

    def end(number: int) -> str:
        return f'<w:bookmarkEnd w:id="{number}"/>'

    made = _body(
        fillable(
            docx(
                f"<w:p>{start(1, 'ghi')}<w:r><w:t>x</w:t></w:r>{end(1)}{start(2, 'ghi')}{end(2)}</w:p>",
                f"<w:p>{start(3, 'dut')}</w:p>",
                f"<w:p><w:r><w:t>{{%p if a %}}</w:t></w:r>{end(3)}</w:p>",
                p("{%p endif %}"),
                f"<w:p>{start(4, 'vao')}</w:p>",
                p("{%p for d in ds %}"),
                f"<w:p><w:r><w:t>{{{{ d }}}}</w:t></w:r>{end(4)}</w:p>",
                p("{%p endfor %}"),
            )
        )
    )
    assert re.findall(r'w:name="(\w+)"', made) == ["ghi"]
    assert made.count("bookmarkEnd") == 1


def test_more_controls_than_numbers_are_refused() -> None:
    many = "".join(f"<w:p>{_control('x', str(number))}</w:p>" for number in range(1, 1_001))
    with pytest.raises(FormError) as caught:
        fillable(docx(p(LOOP), many, p(END)))
    assert caught.value.problems[0].code == "too-many-slots"
