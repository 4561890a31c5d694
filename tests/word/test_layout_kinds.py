"""What the layout check asks of printed forms and of special kinds of paper, and what it lets pass."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.shared import Mm, Pt

from docgen.rules.layouts import layout, layouts
from docgen.word.layout import inspect
from tests.word.layout_specimen import (
    CENTER,
    FORM,
    HD36,
    LONG,
    Specimen,
    codes,
    drop,
    form,
    found,
    gone,
    looks,
    plan,
    says,
    shaped,
    sheet,
    sized,
    style_font,
    without_rule,
)

if TYPE_CHECKING:
    from tests.word.layout_specimen import Change


FORM_DEVIATIONS: list[tuple[list[str], Change]] = [
    (["national-title-missing"], gone("title")),
    (["national-title-rule"], without_rule),
    (["type-title-size"], sized("type", 12)),
    (["margin-left"], sheet(left_margin=Mm(20))),
    (["font"], style_font),
    (["body-pitch"], shaped("text 1", line_spacing=1.0)),
    (["section-bold"], looks("section", bold=False)),
    ([], sized("issuer", 14)),
    ([], sized("title", 14)),
    ([], gone("date")),
    ([], says("text 1", "…………………………………………………")),
]


@pytest.mark.parametrize(("expected", "change"), FORM_DEVIATIONS)
def test_of_a_form_only_what_every_form_shows_is_asked(expected: list[str], change: Change) -> None:
    specimen = form()
    change(specimen)
    problems = found(specimen, FORM)
    assert [problem.code.removeprefix("layout-") for problem in problems] == expected
    assert {problem.severity for problem in problems} <= {"warning"}


def test_an_annex_needs_no_national_title() -> None:
    specimen = form()
    gone("title")(specimen)
    says("type", "PHỤ LỤC KẾT QUẢ THỰC HIỆN NHIỆM VỤ")(specimen)
    assert codes(specimen, FORM) == []


def test_minutes_need_neither_date_line_nor_recipients() -> None:
    specimen = plan()
    says("type", "BIÊN BẢN")(specimen)
    for name in ("date", "recipients head", "recipient", "kept"):
        gone(name)(specimen)
    specimen.document.tables[-1].rows[0].cells[0].add_paragraph()
    assert codes(specimen) == []


@pytest.mark.parametrize("text", ["Số       -KH/ĐU", "Số …-KH/ĐU", "Số 127-KH/ĐU", "Số 24 - BS/UBKTTU", "Số 06-CTr/TU"])
def test_numbers_that_are_right(text: str) -> None:
    specimen = plan()
    says("number", text)(specimen)
    assert codes(specimen) == []


@pytest.mark.parametrize(
    "text",
    [
        "Phú Lâm, ngày      tháng      năm 2025",
        "Phú Lâm, ngày … tháng … năm 2025",
        "Phú Lâm, ngày 20 tháng 02 năm 2018",
    ],
)
def test_dates_that_are_right(text: str) -> None:
    specimen = plan()
    says("date", text)(specimen)
    assert codes(specimen) == []


def test_a_centred_body_of_every_layout_is_never_a_crash() -> None:
    specimen = Specimen(plan().document)
    for paragraph in specimen.document.paragraphs:
        paragraph.alignment = CENTER
    for each in layouts():
        inspect(specimen.bytes(), each)


def test_a_paper_without_any_header_is_told_what_is_missing_and_nothing_is_guessed() -> None:
    specimen = plan()
    table = specimen.document.tables[0]._tbl
    drop(table)
    missing = ["national-title-missing", "issuing-body-missing", "number-missing", "place-date-missing"]
    assert codes(specimen) == missing
    specimen["type"].insert_paragraph_before("Tài liệu nội bộ của chi bộ").runs[0].font.size = Pt(14)
    assert codes(specimen) == missing


def test_two_bold_bodies_are_a_bold_parent() -> None:
    specimen = plan()
    looks("parent", bold=True)(specimen)
    assert codes(specimen) == ["parent-body-bold"]


def test_a_central_body_has_no_parent() -> None:
    specimen = plan()
    gone("parent")(specimen)
    assert codes(specimen) == []


def test_a_header_in_two_rows_is_the_same_header() -> None:
    specimen = plan()
    row = specimen.document.tables[0].add_row()  # type: ignore[no-untyped-call]
    for cell, names in zip(row.cells, (["number"], ["date"]), strict=True):
        for name in names:
            cell._tc.append(specimen[name]._p)
        drop(cell.paragraphs[0]._p)
    assert codes(specimen) == []
    says("number", "Số 5-KH/ĐU")(specimen)
    assert codes(specimen) == ["number-zero"]


def test_a_decision_has_articles_and_may_be_signed_by_a_deputy() -> None:
    specimen = plan()
    says("type", "QUYẾT ĐỊNH")(specimen)
    says("section", "Điều 1. Phạm vi điều chỉnh")(specimen)
    says("power", "K/T TRƯỞNG BAN")(specimen)
    says("post", "PHÓ TRƯỞNG BAN")(specimen)
    assert codes(specimen) == []


def test_a_paper_may_end_as_its_office_has_chosen() -> None:
    specimen = plan()
    says("last", "Trên đây là kế hoạch của Ban Thường vụ Đảng ủy./.")(specimen)
    house = replace(layout(HD36), end_mark="./.", subject_rule=None)
    gone("subject rule")(specimen)
    assert inspect(specimen.bytes(), house) == []


def test_a_long_heading_is_not_judged_as_running_text() -> None:
    specimen = plan()
    says("section", "I- " + LONG.upper())(specimen)
    shaped("section", first_line_indent=Mm(0), space_before=Pt(0))(specimen)
    assert codes(specimen) == []


def test_a_hairline_paragraph_is_no_spacing() -> None:
    specimen = plan()
    hairline = specimen["text 2"].insert_paragraph_before().paragraph_format
    hairline.line_spacing_rule, hairline.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(2)
    assert codes(specimen) == []


def test_a_line_to_fill_in_is_no_paragraph_of_text_on_a_form_but_is_one_elsewhere() -> None:
    line, flush = "Đơn vị công tác: " + LONG, {"alignment": WD_ALIGN_PARAGRAPH.LEFT, "first_line_indent": Mm(0)}
    found_codes = []
    for specimen, rules in ((form(), FORM), (plan(), HD36)):
        says("text 1", line)(specimen)
        shaped("text 1", **flush)(specimen)
        found_codes.append({problem.code for problem in found(specimen, rules)})
    assert found_codes == [set(), {"layout-body-align", "layout-body-first-line"}]


def test_a_members_own_paper_bears_no_number() -> None:
    specimen = plan()
    gone("number")(specimen)
    assert codes(specimen) == ["number-missing"]
    says("power", "NGƯỜI BÁO CÁO")(specimen)
    gone("post")(specimen)
    assert codes(specimen) == []
