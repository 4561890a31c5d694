"""One deviation in a right paper gives exactly that finding; a right paper gives none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from tests.word.layout_specimen import (
    FORM,
    HD05,
    HD36,
    LEFT,
    LONG,
    Specimen,
    codes,
    drop,
    form,
    found,
    gone,
    letter,
    looks,
    page_field,
    plan,
    running,
    says,
    shaped,
    sheet,
    sized,
    style_font,
    tabbed,
    without_rule,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.word.layout_specimen import Change


def title_on_the_left(specimen: Specimen) -> None:
    row = specimen.document.tables[0].rows[0]._tr
    row.append(row.tc_lst[0])


def number_below(specimen: Specimen) -> None:
    for run in list(specimen["page number"].runs):
        drop(run._r)
    page_field(specimen.document.sections[0].footer.paragraphs[0])


def no_number(specimen: Specimen) -> None:
    for run in list(specimen["page number"].runs):
        drop(run._r)
    for _ in range(30):
        added = running(specimen, "more", f"{LONG}.")
        specimen["last"]._p.addprevious(added._p)


def roman_numbers(specimen: Specimen) -> None:
    sections = specimen.document.sections[0]._sectPr
    sections.append(parse_xml(f'<w:pgNumType {nsdecls("w")} w:fmt="lowerRoman"/>'))


def empty_between(specimen: Specimen) -> None:
    specimen["text 2"].insert_paragraph_before()


def urgency(text: str, **look: Any) -> Change:
    def change(specimen: Specimen) -> None:
        mark = specimen["number"].insert_paragraph_before()
        specimen["number"]._p.addnext(mark._p)
        run = mark.add_run(text)
        run.font.size = Pt(14)
        for each, value in look.items():
            setattr(run.font, each, value)

    return change


def unbold_article(specimen: Specimen) -> None:
    says("section", "Điều 1. Phạm vi điều chỉnh")(specimen)
    looks("section", bold=None)(specimen)


def theme_font(specimen: Specimen) -> None:
    fonts = specimen.document.styles["Normal"].element.rPr.rFonts
    for slot in list(fonts.attrib):
        del fonts.attrib[slot]
    fonts.set(qn("w:asciiTheme"), "minorAscii")
    fonts.set(qn("w:hAnsiTheme"), "minorHAnsi")


def character_style(specimen: Specimen) -> None:
    style = specimen.document.styles.add_style("Nhấn mạnh", WD_STYLE_TYPE.CHARACTER)
    style.font.name = "Arial"
    specimen["text 1"].runs[0].style = style


DEVIATIONS: list[tuple[str, Callable[[], Specimen], Change]] = [
    ("paper", plan, sheet(page_width=Mm(215.9), page_height=Mm(279.4))),
    ("paper", plan, sheet(page_width=Mm(148), page_height=Mm(210))),
    ("margin-top", plan, sheet(top_margin=Mm(25))),
    ("margin-bottom", plan, sheet(bottom_margin=Mm(15))),
    ("margin-left", plan, sheet(left_margin=Mm(35))),
    ("margin-left", plan, sheet(gutter=Mm(5))),
    ("margin-right", plan, sheet(right_margin=Mm(20))),
    ("font", plan, style_font),
    ("font", plan, theme_font),
    ("font", plan, character_style),
    ("font", plan, looks("text 1", name=".VnTime")),
    ("page-number-missing", plan, no_number),
    ("page-number-place", plan, number_below),
    ("page-number-align", plan, shaped("page number", alignment=LEFT)),
    ("page-number-size", plan, sized("page number", 11)),
    ("page-number-top", plan, sheet(header_distance=Mm(15))),
    ("page-number-first", plan, sheet(different_first_page_header_footer=False)),
    ("page-number-format", plan, roman_numbers),
    ("national-title-missing", plan, gone("title")),
    ("national-title-text", plan, says("title", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")),
    ("national-title-text", plan, says("title", "ĐẢNG CỘNG SẢN VIÊT NAM")),
    ("national-title-caps", plan, says("title", "Đảng Cộng sản Việt Nam")),
    ("national-title-size", plan, sized("title", 13)),
    ("national-title-bold", plan, looks("title", bold=False)),
    ("national-title-italic", plan, looks("title", italic=True)),
    ("national-title-place", plan, title_on_the_left),
    ("national-title-rule", plan, without_rule),
    ("parent-body-bold", plan, looks("parent", bold=True)),
    ("parent-body-size", plan, sized("parent", 12)),
    ("parent-body-caps", plan, says("parent", "Đảng bộ tỉnh An Bình")),
    ("issuing-body-bold", plan, looks("issuer", bold=False)),
    ("issuing-body-size", plan, sized("issuer", 13)),
    ("issuing-body-caps", plan, says("issuer", "Đảng ủy xã Phú Lâm")),
    ("star-missing", plan, gone("star")),
    ("star-text", plan, says("star", "***")),
    ("number-missing", plan, gone("number")),
    ("number-colon", plan, says("number", "Số: 05-KH/ĐU")),
    ("number-zero", plan, says("number", "Số 5-KH/ĐU")),
    ("number-form", plan, says("number", "Số 15/KH-ĐU")),
    ("number-italic", plan, looks("number", italic=True)),
    ("number-size", plan, sized("number", 13)),
    ("place-date-missing", plan, gone("date")),
    ("place-date-italic", plan, looks("date", italic=False)),
    ("place-date-bold", plan, looks("date", bold=True)),
    ("place-date-size", plan, sized("date", 13.5)),
    ("date-zero", plan, says("date", "Phú Lâm, ngày 5 tháng 9 năm 2025")),
    ("date-zero", plan, says("date", "Phú Lâm, ngày 15 tháng 2 năm 2025")),
    ("date-zero", plan, says("date", "Phú Lâm, ngày 15 tháng 09 năm 2025")),
    ("date-form", plan, says("date", "Phú Lâm, 05/9/2025")),
    ("date-place", plan, says("date", "ngày 15 tháng 9 năm 2025")),
    ("date-impossible", plan, says("date", "Phú Lâm, ngày 31 tháng 02 năm 2025")),
    ("type-title-missing", plan, gone("type")),
    ("type-title-size", plan, sized("type", 14)),
    ("type-title-bold", plan, looks("type", bold=False)),
    ("type-title-caps", plan, says("type", "Kế hoạch")),
    ("type-title-align", plan, shaped("type", alignment=LEFT)),
    ("subject-missing", plan, gone("subject")),
    ("subject-bold", plan, looks("subject", bold=False)),
    ("subject-size", plan, sized("subject", 13)),
    ("subject-case", plan, says("subject", "Về kiểm điểm, đánh giá năm 2025")),
    ("subject-align", plan, shaped("subject", alignment=LEFT)),
    ("subject-rule", plan, gone("subject rule")),
    ("subject-rule", plan, says("subject rule", "________")),
    ("urgency-bold", plan, urgency("KHẨN")),
    ("secrecy-size", plan, urgency("MẬT", bold=True, size=Pt(12))),
    ("draft-mark-bold", plan, urgency("Dự thảo lần 1", bold=True)),
    ("letter-subject-prefix", letter, says("letter subject", "V/v nộp hồ sơ kiểm điểm")),
    ("letter-subject-size", letter, sized("letter subject", 13)),
    ("letter-subject-italic", letter, looks("letter subject", italic=False)),
    ("addressee-italic", letter, looks("addressee", italic=False)),
    ("addressee-size", letter, sized("addressee", 13)),
    ("body-size", plan, sized("text 1", 13)),
    ("body-pitch", plan, shaped("text 1", line_spacing=1.5)),
    ("body-pitch", plan, shaped("text 1", line_spacing=Pt(17))),
    ("body-pitch", plan, shaped("text 1", line_spacing_rule=WD_LINE_SPACING.AT_LEAST)),
    ("body-align", plan, shaped("text 1", alignment=LEFT)),
    ("body-first-line", plan, shaped("text 1", first_line_indent=Mm(0))),
    ("body-spacing", plan, shaped("text 1", space_before=Pt(0))),
    ("body-empty", plan, empty_between),
    ("blanks", plan, says("text 1", f"1. {LONG} ……………………")),
    ("section-bold", plan, looks("section", bold=False)),
    ("section-caps", plan, says("section", "I- Mục đích, yêu cầu")),
    ("section-bold", plan, unbold_article),
    ("grounds-italic", plan, looks("ground 1", italic=True)),
    ("grounds-end", plan, says("ground 1", "- Căn cứ Quy chế làm việc của Ban Chấp hành Đảng bộ xã")),
    ("grounds-dash", plan, says("ground 1", "Căn cứ Quy chế làm việc của Ban Chấp hành Đảng bộ xã;")),
    ("end-mark", plan, says("last", "Trên đây là kế hoạch của Ban Thường vụ Đảng ủy./.")),
    ("end-mark", plan, says("last", "Trên đây là kế hoạch của Ban Thường vụ Đảng ủy")),
    ("signing-power-bold", plan, looks("power", bold=False)),
    ("signing-power-size", plan, sized("power", 13)),
    ("signing-power-slash", plan, says("power", "TM. BAN THƯỜNG VỤ")),
    ("signing-power-slash", plan, says("power", "TM BAN THƯỜNG VỤ")),
    ("signer-post-bold", plan, looks("post", bold=True)),
    ("signer-post-size", plan, sized("post", 13)),
    ("signer-post-body", plan, says("post", "PHÓ BÍ THƯ ĐẢNG ỦY XÃ PHÚ LÂM")),
    ("signer-name-bold", plan, looks("name", bold=False)),
    ("signer-name-size", plan, sized("name", 13)),
    ("signer-name-title", plan, says("name", "Đồng chí Lê Hoài Thu")),
    ("signer-name-title", plan, says("name", "TS. Lê Hoài Thu")),
    ("signer-name-title", plan, says("name", "PGS.TS.Lê Hoài Thu")),
    ("signer-name-caps", plan, says("name", "LÊ HOÀI THU")),
    ("signer-name-title", plan, says("name", "Thượng tá Lê Hoài Thu")),
    ("recipients-head-underline", plan, looks("recipients head", underline=False)),
    ("recipients-head-bold", plan, looks("recipients head", bold=True)),
    ("recipients-head-size", plan, sized("recipients head", 12)),
    ("recipients-head-text", plan, says("recipients head", "Nơi nhận")),
    ("recipients-size", plan, sized("recipient", 11)),
    ("recipients-kept", plan, gone("kept")),
    ("recipients-stop", plan, says("kept", "- Lưu Văn phòng Đảng ủy")),
    ("recipients-state", plan, says("kept", "- Lưu: Văn phòng Đảng ủy.")),
    ("recipients-missing", letter, gone("recipients head")),
    ("signing-power-bold", tabbed, lambda specimen: setattr(specimen["recipients head"].runs[1].font, "bold", False)),
    ("national-title-size", tabbed, lambda specimen: setattr(specimen["parent"].runs[-1].font, "size", Pt(14))),
    ("place-date-italic", tabbed, lambda specimen: setattr(specimen["number"].runs[-1].font, "italic", False)),
]


@pytest.mark.parametrize("regime", [HD36, HD05])
@pytest.mark.parametrize("make", [plan, letter, tabbed])
def test_a_right_paper_has_no_finding(make: Callable[[], Specimen], regime: str) -> None:
    assert found(make(), regime) == []


def test_a_right_form_has_no_finding() -> None:
    assert found(form(), FORM) == []


@pytest.mark.parametrize(
    ("code", "make", "change"), DEVIATIONS, ids=[f"{n}-{row[0]}" for n, row in enumerate(DEVIATIONS)]
)
def test_one_deviation_is_one_finding(code: str, make: Callable[[], Specimen], change: Change) -> None:
    specimen = make()
    change(specimen)
    assert codes(specimen) == [code]


def test_a_finding_tells_what_where_cure_and_clause() -> None:
    specimen = plan()
    sized("name", 13)(specimen)
    (problem,) = found(specimen)
    assert problem.message == (
        "thân văn bản, đoạn «Lê Hoài Thu»: Họ tên người ký có cỡ chữ 13, quy định 14. Đặt cỡ chữ 14. "
        "(Phụ lục 3, Hướng dẫn 36-HD/VPTW)"
    )


@pytest.mark.parametrize(("regime", "severity"), [(HD36, "error"), (HD05, "warning")])
def test_only_a_rule_whose_clause_was_read_is_an_error(regime: str, severity: str) -> None:
    specimen = plan()
    sized("title", 13)(specimen)
    assert [problem.severity for problem in found(specimen, regime)] == [severity]


def test_a_custom_is_never_an_error() -> None:
    specimen = plan()
    gone("subject rule")(specimen)
    assert [problem.severity for problem in found(specimen)] == ["warning"]


def test_a_sheet_across_may_keep_or_turn_its_margins() -> None:
    for margins in ((20, 15, 20, 30), (15, 20, 30, 20), (30, 20, 15, 20)):
        specimen = plan()
        top, right, bottom, left = map(Mm, margins)
        section = specimen.document.sections[0]
        section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
        section.top_margin, section.right_margin = top, right
        section.bottom_margin, section.left_margin = bottom, left
        assert codes(specimen) == []


def test_equal_deviations_are_told_once_with_their_number() -> None:
    specimen = plan()
    sized("text 1", 13)(specimen)
    sized("text 2", 13)(specimen)
    (problem,) = found(specimen)
    assert problem.what == "2 đoạn nội dung có cỡ chữ 13, quy định 14 đến 15."
    assert (problem.paragraph or "").startswith("1. Đảng ủy yêu cầu")


def test_underlined_letters_are_no_rule() -> None:
    specimen = plan()
    without_rule(specimen)
    looks("title", underline=True)(specimen)
    assert codes(specimen) == ["national-title-underline", "national-title-rule"]


def test_everything_wrong_is_told_at_once() -> None:
    specimen = plan()
    for _, make, change in DEVIATIONS:
        if make is plan and change in (without_rule, empty_between, roman_numbers):
            change(specimen)
    for name in ("title", "issuer", "type", "power"):
        looks(name, bold=False)(specimen)
    assert set(codes(specimen)) >= {
        "national-title-rule",
        "body-empty",
        "page-number-format",
        "national-title-bold",
        "issuing-body-bold",
        "type-title-bold",
        "signing-power-bold",
    }
