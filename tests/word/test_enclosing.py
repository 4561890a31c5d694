"""Tags that somebody has typed bare get the controls by which what people write there is read back."""

from __future__ import annotations

import re

from docgen.word import package
from docgen.word.enclosing import enclosed
from docgen.word.row_marks import DOCUMENT
from tests.word.specimens import docx, p, row, table

LINES = {"ho_ten": "Họ và tên", "so": "Số", "ds.viec": "Việc"}
ANSWERS = {"uu_diem": "Ưu điểm"}


def _made(*body: str) -> str:
    return package.parts(enclosed(docx(*body), LINES, ANSWERS))[DOCUMENT].decode()


def _text(body: str) -> str:
    return "".join(re.findall(r"<w:t[^>]*>([^<]*)</w:t>", body))


def test_each_tag_of_a_line_gets_its_own_control_and_nothing_printed_changes() -> None:
    made = _made(p("Tên: {{ ho_ten }}, số {{ so }}."))
    assert re.findall(r'<w:tag w:val="([^"]*)"', made) == ["ho_ten", "so"]
    assert re.findall(r'<w:bookmarkStart w:id="\d+" w:name="([^"]*)"', made) == ["ho_ten", "so"]
    numbers = re.findall(r'<w:(?:id w:val|bookmarkStart w:id)="([^"]*)"', made)
    assert len(set(numbers)) == len(numbers) == 4
    assert _text(made) == "Tên: {{ ho_ten }}, số {{ so }}."


def test_the_look_of_the_run_is_the_look_of_the_control() -> None:
    made = _made("<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>a {{ so }} b</w:t><w:tab/></w:r></w:p>")
    assert made.count("<w:rPr><w:b/></w:rPr>") == 3
    assert made.index(" b</w:t>") < made.index("<w:tab/>")


def test_a_tag_that_word_has_cut_into_runs_is_put_together() -> None:
    pieces = ("Số {{", " so", " }} và {{ ho", "_ten }}!")
    runs = "<w:proofErr/>".join(f'<w:r><w:t xml:space="preserve">{each}</w:t></w:r>' for each in pieces)
    made = _made(f"<w:p>{runs}</w:p>")
    assert _text(made) == "Số {{ so }} và {{ ho_ten }}!"
    assert re.findall(r'<w:tag w:val="([^"]*)"', made) == ["so", "ho_ten"]


def test_a_tag_with_a_picture_in_it_is_left_to_the_check() -> None:
    cut = "<w:p><w:r><w:t>{{ s</w:t></w:r><w:r><w:drawing/></w:r><w:r><w:t>o }}</w:t></w:r></w:p>"
    assert "w:sdt" not in _made(cut)


def test_an_answer_is_enclosed_with_the_tags_of_its_loop() -> None:
    made = _made(p("Ưu điểm"), p("{%p for doan in uu_diem %}"), p("{{ doan }}"), p("{%p endfor %}"))
    control = re.search(r"<w:sdt>.*</w:sdt>", made)
    assert control is not None
    assert '<w:tag w:val="uu_diem"/>' in control[0]
    assert control[0].count("<w:p>") == 3


def test_a_column_bears_the_row_s_number() -> None:
    made = _made(table(1, row("{%tr for d in ds %}"), row("{{ d.viec }}"), row("{%tr endfor %}")))
    assert '<w:tag w:val="ds.viec"/>' in made
    assert re.findall(r'w:name="([^"]*)"', made) == ["ds_{{loop.index}}_viec"]


def test_what_has_a_control_and_what_is_no_field_stays_as_it_is() -> None:
    once = enclosed(docx(p("{{ ho_ten }} {{ ho_ten }} {{ khac }}")), LINES, ANSWERS)
    assert package.parts(once)[DOCUMENT].count(b"<w:sdt>") == 1
    assert enclosed(once, LINES, ANSWERS) is once


def test_a_name_that_a_bookmark_bears_is_not_given_again() -> None:
    marks = "".join(f'<w:bookmarkStart w:id="{n}" w:name="{name}"/>' for n, name in ((1, "so"), (2, "so__2")))
    made = _made(f"<w:p>{marks}</w:p>", p("{{ so }}"))
    assert re.findall(r'w:name="([^"]*)"', made) == ["so", "so__2", "so__3"]
