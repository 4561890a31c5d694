"""What a template may not say: every fault is told at once, with part, paragraph and tag, and nothing runs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.errors import DataError, FormError
from docgen.word import package
from docgen.word.template import compile_template
from tests.word.specimens import (
    CORE,
    OFFICE,
    bookmark,
    cell,
    docx,
    footer,
    footnotes,
    header,
    p,
    picture,
    r,
    row,
    section,
    table,
    zipped,
)

if TYPE_CHECKING:
    from docgen.errors import Problem


def faults(content: bytes) -> tuple[Problem, ...]:
    with pytest.raises(FormError) as caught:
        compile_template(content)
    assert all(problem.what and problem.cure for problem in caught.value.problems)
    return caught.value.problems


SYNTAX = [
    ("{{ ho_ten", "tag-unclosed"),
    ("{{ ho_ten }", "tag-unclosed"),
    ("{{ a {{ b }}", "tag-unclosed"),
    ("ho_ten }}", "tag-unopened"),
    ("{% if a", "tag-unclosed"),
    ("{% if a %} x", "tag-unclosed"),
    ("{% for d in ds %} x", "tag-unclosed"),
    ("x {% endif %}", "tag-unopened"),
    ("{% if a %}{% endfor %}{% endif %}", "tag-unopened"),
    ("{% else %}", "tag-unopened"),
    ("{% for a in b %}{% else %}{% endfor %}", "tag-unopened"),
    ("{{ ho ten }}", "tag-syntax"),
    ("{{ ho-ten }}", "tag-forbidden"),
    ("{{ }}", "tag-syntax"),
    ("{{ 'a }}", "tag-syntax"),
    ("{{ họ_tên }}", "tag-bad-name"),
    ("{{ _a }}", "tag-bad-name"),
    ("{{ self }}", "tag-bad-name"),
    ("{{ loop.index }}", "tag-forbidden"),
    ("{% for d in ds %}{{ loop.first }}{% endfor %}", "tag-forbidden"),
    ("{% for d in ds %}{{ loop.cycle }}{% endfor %}", "tag-forbidden"),
    ("{{ a | tojson }}", "tag-unknown-filter"),
    ("{{ a | upper(1) }}", "tag-forbidden"),
    ("{{ a\u200b }}", "tag-invisible-character"),
    ("{{\u00a0a }}", "tag-invisible-character"),
    ("{{- a -}}", "tag-forbidden"),
    ("{%- if a -%}x{% endif %}", "tag-forbidden"),
    ("{{r a }}", "tag-forbidden"),
    ("{{p a }}", "tag-forbidden"),
    ("{% tr for d in ds %}", "tag-unknown"),
    ("{%tr for d in ds %}", "tag-misplaced"),
    ("{% vm %}", "tag-misplaced"),
    ("{% cellbg mau %}", "tag-misplaced"),
    ("Họ tên {%p if a %}", "tag-not-alone"),
    ("{%p if a %}{%p endif %}", "tag-not-alone"),
    ("{%p if a == '50%' %}", "tag-unclosed"),
    ("x {_{ a", "tag-forbidden"),
    ("x {", "tag-stray-brace"),
    ("} x", "tag-stray-brace"),
    ("{{ a }}}", "tag-stray-brace"),
    ("{% if a %}" * 9 + "{% endif %}" * 9, "tag-too-deep"),
    ("{{ " + "a." * 200 + "b }}", "tag-too-long"),
    ("{{ " + "(" * 140 + " }}", "tag-syntax"),
    ("{% for d in a.ds if d %}{% endfor %}", "tag-forbidden"),
    ("{% for a, b in ds %}{% endfor %}", "tag-forbidden"),
    ("{% for d in ds recursive %}{% endfor %}", "tag-forbidden"),
    ("{% if a > 1 %}{% endif %}", "tag-forbidden"),
    ("{% if a == b %}{% endif %}", "tag-forbidden"),
]


@pytest.mark.parametrize(("text", "code"), SYNTAX)
def test_each_fault_has_its_code_place_and_cure(text: str, code: str) -> None:
    found = faults(docx("Dòng đầu", p(text), "Dòng cuối"))
    assert code in {problem.code for problem in found}
    assert {problem.part for problem in found} == {"Thân văn bản"}
    assert {problem.paragraph for problem in found} == {text}


def test_hints_name_the_field() -> None:
    assert "«ho_ten»" in faults(docx("{{ Họ tên }}"))[0].cure
    assert "«ngay_sinh»" in faults(docx("{{ ngày-sinh }}"))[0].cure
    assert "lower, upper" in faults(docx("{{ a|title }}"))[0].cure


def test_all_faults_of_all_parts_are_told_at_once() -> None:
    found = faults(
        docx(
            "{{ ho ten }}", "{{ a", "{{ b | abc }}", "{% if c %}",
            ending=section("header:default:rIdA", "footer:default:rIdB"),
            rIdA=header(p("{{ d.__class__ }}")), rIdB=footer(p("{% include 'x' %}")), rIdN=footnotes(p("}}")),
        )
    )  # fmt: skip
    assert {problem.part for problem in found} == {"Thân văn bản", "Đầu trang", "Chân trang", "Cước chú"}
    assert len(found) == 7
    assert all(problem.paragraph for problem in found)


CODE = [
    "{{ x.__class__ }}",
    "{{ x.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''.__class__ }}",
    "{{ x['__class__'] }}",
    "{{ x|attr('__class__') }}",
    "{{ cycler.__init__.__globals__.os.getpid() }}",
    "{{ joiner.__init__ }}",
    "{{ namespace(a=1) }}",
    "{{ lipsum.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ self.__init__ }}",
    "{{ '{0.__class__}'.format(x) }}",
    "{{ ('%s'|format(x)) }}",
    "{{ x.format_map(y) }}",
    "{{ request.application.__globals__ }}",
    "{{ config.items() }}",
    "{{ dict(a=1) }}",
    "{% include 'a' %}",
    "{% import 'a' as b %}",
    "{% from 'a' import b %}",
    "{% extends 'a' %}",
    "{% block a %}{% endblock %}",
    "{% macro m() %}{{ m() }}{% endmacro %}",
    "{% call m() %}{% endcall %}",
    "{% filter upper %}{% endfilter %}",
    "{% set a = 1 %}",
    "{% with a = 1 %}{% endwith %}",
    "{% autoescape false %}{{ a }}{% endautoescape %}",
    "{% raw %}{{ a }}{% endraw %}",
    "{% do a.append(1) %}",
    "{% print a %}",
    "{{ a if b else c }}",
    "{{ a ~ b }}",
    "{{ [a, b] }}",
    "{{ {'a': b} }}",
    "{{ a is defined }}",
    "{{ a|map(attribute='x')|list }}",
    "{% for d in a.b() %}{% endfor %}",
    "{% for d in d|list %}{% endfor %}",
    "{% if a() %}{% endif %}",
    "{% if a is mapping %}{% endif %}",
    "{% if a['b'] %}{% endif %}",
]
GREEDY = [
    "{{ range(999999999) }}",
    "{% for i in range(9999999) %}{% endfor %}",
    "{{ 'a' * 999999999 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ 'a'|center(999999999) }}",
    "{{ '%999999999d'|format(1) }}",
    "{{ lipsum(n=99999) }}",
    "{{ 'a'.ljust(999999999) }}",
    "{{ 2 * a }}",
    "{{ 99999999999 * loop.length }}",
    "{% for a in 'aaaa' %}{% endfor %}",
    "{{ " * 20_000,
    "{{ " * 60_000,
    "{" * 200_000,
    "{% " * 20_000,
    "{# " * 6_000,
    "{{ a }}" * 5_000,
    "{% if a %}" * 3_000,
    "{{ a }} " + "x" * 60_000,
]


@pytest.mark.parametrize("payload", [*CODE, *GREEDY], ids=lambda payload: payload[:40])
def test_nothing_runs_and_nothing_takes_long(payload: str) -> None:
    start = time.process_time()
    faults(docx(p(payload)))
    assert time.process_time() - start < 2


@given(st.text(st.sampled_from("{}%#abr_.|='( -<>&[]\u200b"), max_size=30))
def test_any_text_is_a_template_or_a_fault(text: str) -> None:
    """Whatever stands in a paragraph compiles and renders, or is refused; it never raises anything else."""
    made = docx(p(text), table(1, row(text), row("{%tr if x %}"), row("y"), row("{%tr endif %}")))
    try:
        template = compile_template(made)
    except FormError as error:
        assert error.problems[0].part  # noqa: PT017 - refusing is one of the two right answers
        return
    words = dict.fromkeys(template.variables, "chữ")
    try:
        written = package.parts(template.render(words))["word/document.xml"]
    except DataError:
        return
    assert b"{{" not in written
    assert b"{%" not in written


def _split(between: str) -> str:
    """A tag whose two halves have something between them."""
    return f"{r('{{ ho')}{between}{r('_ten }}')}"


MISPLACED = {
    "field code": docx("<w:p><w:r><w:instrText>MERGEFIELD {{ a }}</w:instrText></w:r></w:p>"),
    "simple field": docx('<w:p><w:fldSimple w:instr="TITLE {{ a }}"/></w:p>'),
    "deleted text": docx('<w:p><w:del w:id="1"><w:r><w:delText>{{ a }}</w:delText></w:r></w:del></w:p>'),
    "value in an attribute": docx(p(picture(1)).replace('name="anh.png"', 'name="{{ a }}"')),
    "span": docx(table(1, row(cell("x", properties='<w:gridSpan w:val="{{ a }}"/>')))),
    "bound control": docx(
        "<w:p><w:sdt><w:sdtPr><w:dataBinding w:xpath='/a'/></w:sdtPr><w:sdtContent><w:r><w:t>{{ a }}</w:t></w:r>"
        "</w:sdtContent></w:sdt></w:p>"
    ),
    "core property": docx("x", core=CORE.replace("Bản mẫu", "Bản của {{ a }}")),
    "styles": zipped({**package.parts(docx("x")), "word/styles.xml": b"<a>{{ a }}</a>"}),
    "comment part": docx("x", rIdC=footnotes(p("{{ a }}")).replace("footnotes", "comments")),
}
LOST = {
    "picture inside a tag": docx(p(_split(picture(1)))),
    "lone bookmark inside a tag": docx(p(_split('<w:bookmarkStart w:id="1" w:name="a"/>'))),
    "picture beside a paragraph tag": docx(p(r("{%p if a %}"), picture(1)), "x", "{%p endif %}"),
    "section in a paragraph tag": docx(p(r("{%p if a %}"), properties=section()), "x", "{%p endif %}"),
    "text beside a row tag": docx(table(2, row("{%tr if d %}", "TT"), row("a", ""), row("{%tr endif %}", ""))),
    "two row tags in a row": docx(table(2, row("{%tr for d in ds %}", "{%tr endfor %}"))),
    "tag over two paragraphs": docx("{{ ho_", "ten }}"),
    "tag over two cells": docx(table(2, row("{{ ho_", "ten }}"))),
    "brace glue over paragraphs": docx("a {", "{ b"),
}  # fmt: skip


@pytest.mark.parametrize("name", [*MISPLACED, *LOST])
def test_what_docxtpl_would_leave_or_lose_is_refused(name: str) -> None:
    found = faults({**MISPLACED, **LOST}[name])
    wanted = "tag-misplaced" if name in MISPLACED else None
    assert wanted is None or {problem.code for problem in found} == {wanted}


def test_a_bookmark_of_word_inside_a_tag_does_no_harm() -> None:
    assert compile_template(docx(p(_split(bookmark("", name="_GoBack"))))).variables == {"ho_ten"}


def test_curly_quotes_in_a_tag_are_read_as_docxtpl_reads_them() -> None:
    template = compile_template(docx("{% if loai == “A” %}đạt{% endif %}"))
    assert "đạt".encode() in package.parts(template.render({"loai": "A"}))["word/document.xml"]


def test_a_condition_that_cuts_the_structure_is_refused() -> None:
    cut = docx("{% if a %}", table(1, row("{% endif %}x")), "z")
    assert {problem.code for problem in faults(cut)} == {"template-cut"}


def test_a_broken_part_or_a_strange_package_is_refused() -> None:
    held = package.parts(docx("{{ a }}"))
    broken = zipped({**held, "word/document.xml": held["word/document.xml"].replace(b"</w:body>", b"")})
    assert faults(broken)[0].code == "template-bad-xml"
    without = zipped({name: content for name, content in held.items() if name != "word/document.xml"})
    assert faults(without)[0].code == "template-unreadable"
    document = held["word/document.xml"].replace(b"w:", b"v:").replace(b"xmlns:w=", b"xmlns:v=")
    other_prefix = zipped({**held, "word/document.xml": document})
    assert faults(other_prefix)[0].code in {"template-unreadable", "template-lost-tags"}
    relations = held["word/_rels/document.xml.rels"].replace(
        b"</Relationships>",
        f'<Relationship Id="r9" Type="{OFFICE}/header" Target="khong_co.xml"/></Relationships>'.encode(),
    )
    assert faults(zipped({**held, "word/_rels/document.xml.rels": relations}))[0].code == "template-unreadable"


def test_bounds_come_before_everything() -> None:
    assert faults(docx("<w:p/>" * 400_000, "{{ a }}"))[0].code == "template-too-big"


def test_texts_that_look_like_fields_are_warned_about() -> None:
    template = compile_template(docx("Họ tên: [ho_ten], «ngay_sinh», { que_quan }; điểm [5], {{ a }}"))
    assert [problem.severity for problem in template.warnings] == ["warning"] * 3
    assert "«[ho_ten]»" in template.warnings[0].what
