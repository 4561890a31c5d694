"""Papers made by hand with python-docx, right in every point of the layout, each paragraph under a name.

A test changes one thing by name (`says`, `looks`, `shaped`, …) and looks for that one finding (`codes`). Nothing of
the product's own drawing is used here.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from docgen.rules.layouts import layout
from docgen.word.layout import inspect

if TYPE_CHECKING:
    from collections.abc import Callable

    from docx.document import Document as WordDocument
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph
    from lxml.etree import _Element

    from docgen.errors import Problem

    Change = Callable[["Specimen"], None]

HD36, HD05, FORM = "hd36-2018", "hd05-2026", "bieu-mau"

LEFT, CENTER, RIGHT, BOTH = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)

LONG = (
    "Đảng ủy yêu cầu các chi bộ trực thuộc tổ chức quán triệt đến toàn thể đảng viên, phân công người chịu trách nhiệm "
    "từng việc và báo cáo kết quả thực hiện về Văn phòng Đảng ủy để tổng hợp, theo dõi"
)


@dataclass
class Specimen:
    """A document and its paragraphs by name."""

    document: WordDocument
    named: dict[str, Paragraph] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Paragraph:
        return self.named[name]

    def bytes(self) -> bytes:
        kept = io.BytesIO()
        self.document.save(kept)
        return kept.getvalue()

    def put(self, place: WordDocument | _Cell, name: str, text: str, **look: Any) -> Paragraph:
        paragraph = place.add_paragraph()
        self.named[name] = paragraph
        run = paragraph.add_run(text)
        run.font.size = Pt(look.pop("size", 14))
        for each, value in look.items():
            if each == "align":
                paragraph.alignment = value
            else:
                setattr(run.font, each, value)
        return paragraph


def set_font(specimen: Specimen, font: str) -> None:
    normal = specimen.document.styles["Normal"]
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for slot in list(fonts.attrib):
        del fonts.attrib[slot]
    for slot in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(slot), font)


def bordered(paragraph: Paragraph) -> None:
    border = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="6" w:space="1" w:color="auto"/></w:pBdr>'
    )
    paragraph._p.get_or_add_pPr().append(border)


def page_field(paragraph: Paragraph, size: float = 14) -> None:
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        run = paragraph.add_run()
        run.font.size = Pt(size)
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)


def _sheet() -> Specimen:
    specimen = Specimen(Document())
    set_font(specimen, "Times New Roman")
    section = specimen.document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(20), Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    section.first_page_header.is_linked_to_previous = False
    number = section.header.paragraphs[0]
    specimen.named["page number"] = number
    number.alignment = CENTER
    page_field(number)
    return specimen


def _columns(specimen: Specimen) -> tuple[_Cell, _Cell]:
    table = specimen.document.add_table(rows=1, cols=2)
    return table.rows[0].cells[0], table.rows[0].cells[1]


def _tidy(*cells: _Cell) -> None:
    """The empty paragraph that a new cell begins with."""
    for cell in cells:
        first = cell.paragraphs[0]._p
        first.getparent().remove(first)


def _right(specimen: Specimen, cell: _Cell) -> None:
    title = specimen.put(cell, "title", "ĐẢNG CỘNG SẢN VIỆT NAM", size=15, bold=True, align=CENTER)
    bordered(title)
    specimen.put(cell, "date", "Phú Lâm, ngày 05 tháng 9 năm 2025", italic=True, align=CENTER)


def _left(specimen: Specimen, cell: _Cell, number: str) -> None:
    specimen.put(cell, "parent", "ĐẢNG BỘ TỈNH AN BÌNH", align=CENTER)
    specimen.put(cell, "issuer", "ĐẢNG ỦY XÃ PHÚ LÂM", bold=True, align=CENTER)
    specimen.put(cell, "star", "*", align=CENTER)
    specimen.put(cell, "number", number, align=CENTER)


def running(specimen: Specimen, name: str, text: str, **look: Any) -> Paragraph:
    paragraph = specimen.put(specimen.document, name, text, align=BOTH, **look)
    shape = paragraph.paragraph_format
    shape.first_line_indent, shape.space_before, shape.space_after = Mm(10), Pt(6), Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(18)
    return paragraph


def _body(specimen: Specimen) -> None:
    running(specimen, "ground 1", "- Căn cứ Quy chế làm việc của Ban Chấp hành Đảng bộ xã;")
    running(specimen, "ground 2", "- Căn cứ Chương trình công tác năm 2025 của Đảng ủy.")
    running(specimen, "lead", "Ban Thường vụ Đảng ủy xây dựng kế hoạch như sau:")
    running(specimen, "section", "I- MỤC ĐÍCH, YÊU CẦU", bold=True)
    running(specimen, "text 1", f"1. {LONG}.")
    running(specimen, "text 2", f"2. {LONG}.")
    running(specimen, "last", "Trên đây là kế hoạch của Ban Thường vụ Đảng ủy.")


def _closing(specimen: Specimen) -> None:
    left, right = _columns(specimen)
    specimen.put(left, "recipients head", "Nơi nhận:", underline=True)
    specimen.put(left, "recipient", "- Các chi bộ trực thuộc,", size=12)
    specimen.put(left, "kept", "- Lưu Văn phòng Đảng ủy.", size=12)
    specimen.put(right, "power", "T/M BAN THƯỜNG VỤ", bold=True, align=CENTER)
    specimen.put(right, "post", "PHÓ BÍ THƯ", align=CENTER)
    right.add_paragraph()
    right.add_paragraph()
    specimen.put(right, "name", "Lê Hoài Thu", bold=True, align=CENTER)
    _tidy(left, right)


def plan() -> Specimen:
    """A kế hoạch of a commune committee."""
    specimen = _sheet()
    left, right = _columns(specimen)
    _left(specimen, left, "Số 05-KH/ĐU")
    _right(specimen, right)
    _tidy(left, right)
    specimen.put(specimen.document, "type", "KẾ HOẠCH", size=15, bold=True, align=CENTER)
    specimen.put(specimen.document, "subject", "về kiểm điểm, đánh giá năm 2025", bold=True, align=CENTER)
    specimen.put(specimen.document, "subject rule", "-----", align=CENTER)
    _body(specimen)
    _closing(specimen)
    return specimen


def letter() -> Specimen:
    """A công văn: no type title, its subject under the number."""
    specimen = _sheet()
    left, right = _columns(specimen)
    _left(specimen, left, "Số 12-CV/ĐU")
    specimen.put(left, "letter subject", "về việc nộp hồ sơ kiểm điểm", size=12, italic=True, align=CENTER)
    _right(specimen, right)
    _tidy(left, right)
    specimen.put(specimen.document, "addressee", "Kính gửi: Các chi bộ trực thuộc", italic=True, align=CENTER)
    running(specimen, "text 1", f"{LONG}.")
    running(specimen, "last", "Đề nghị các chi bộ gửi hồ sơ đúng hạn.")
    _closing(specimen)
    return specimen


def form() -> Specimen:
    """A printed form of a member: no star, no number, no recipients."""
    specimen = _sheet()
    specimen.put(specimen.document, "code", "Mẫu 2B-HD KĐ.ĐG 2025", size=12, bold=True, align=RIGHT)
    left, right = _columns(specimen)
    specimen.put(left, "parent", "ĐẢNG BỘ XÃ PHÚ LÂM", size=13, align=CENTER)
    specimen.put(left, "issuer", "CHI BỘ THÔN ĐÔNG", size=13, bold=True, align=CENTER)
    _right(specimen, right)
    _tidy(left, right)
    specimen.put(specimen.document, "type", "BẢN KIỂM ĐIỂM CÁ NHÂN", bold=True, align=CENTER)
    specimen.put(specimen.document, "year", "Năm 2025", bold=True, align=CENTER)
    running(specimen, "field", "Họ và tên: …………………………… Ngày sinh: ……………")
    running(specimen, "section", "I. Ưu điểm, kết quả đạt được", bold=True)
    running(specimen, "text 1", f"{LONG}.")
    cells = _columns(specimen)
    specimen.put(cells[1], "signer", "NGƯỜI TỰ KIỂM ĐIỂM", bold=True, align=CENTER)
    specimen.put(cells[1], "note", "(Ký, ghi rõ họ tên)", size=13, italic=True, align=CENTER)
    return specimen


def tabbed() -> Specimen:
    """The plan with its head and its end set by tabs, without any table."""
    specimen = _sheet()
    head = specimen.document
    specimen.put(head, "parent", "ĐẢNG BỘ TỈNH AN BÌNH")
    specimen["parent"].add_run("\t")
    title = specimen["parent"].add_run("ĐẢNG CỘNG SẢN VIỆT NAM")
    title.font.size, title.font.bold = Pt(15), True
    bordered(specimen["parent"])
    specimen.put(head, "issuer", "ĐẢNG ỦY XÃ PHÚ LÂM", bold=True)
    specimen.put(head, "star", "*")
    specimen.put(head, "number", "Số 05-KH/ĐU\t")
    date = specimen["number"].add_run("Phú Lâm, ngày 05 tháng 9 năm 2025")
    date.font.size, date.font.italic = Pt(14), True
    specimen.put(head, "type", "KẾ HOẠCH", size=15, bold=True, align=CENTER)
    specimen.put(head, "subject", "về kiểm điểm, đánh giá năm 2025", bold=True, align=CENTER)
    specimen.put(head, "subject rule", "-----", align=CENTER)
    _body(specimen)
    specimen.put(head, "recipients head", "Nơi nhận:", underline=True)
    power = specimen["recipients head"].add_run("\tT/M BAN THƯỜNG VỤ")
    power.font.size, power.font.bold = Pt(14), True
    specimen.put(head, "recipient", "- Các chi bộ trực thuộc,", size=12)
    post = specimen["recipient"].add_run("\tPHÓ BÍ THƯ")
    post.font.size = Pt(14)
    specimen.put(head, "kept", "- Lưu Văn phòng Đảng ủy.", size=12)
    specimen.put(head, "name", "\tLê Hoài Thu", bold=True)
    return specimen


def found(specimen: Specimen, regime: str = HD36) -> list[Problem]:
    return inspect(specimen.bytes(), layout(regime))


def codes(specimen: Specimen, regime: str = HD36) -> list[str]:
    return [problem.code.removeprefix("layout-") for problem in found(specimen, regime)]


def says(name: str, text: str) -> Change:
    def change(specimen: Specimen) -> None:
        first, *others = specimen[name].runs
        first.text = text
        for run in others:
            run.text = ""

    return change


def looks(name: str, /, **look: Any) -> Change:
    def change(specimen: Specimen) -> None:
        for run in specimen[name].runs:
            for each, value in look.items():
                setattr(run.font, each, value)

    return change


def sized(name: str, size: float) -> Change:
    return looks(name, size=Pt(size))


def shaped(name: str, **shape: Any) -> Change:
    def change(specimen: Specimen) -> None:
        for each, value in shape.items():
            setattr(specimen[name].paragraph_format, each, value)

    return change


def gone(name: str) -> Change:
    def change(specimen: Specimen) -> None:
        drop(specimen[name]._p)

    return change


def drop(node: _Element | None) -> None:
    assert node is not None
    parent = node.getparent()
    assert parent is not None
    parent.remove(node)


def sheet(**measures: Any) -> Change:
    def change(specimen: Specimen) -> None:
        for each, value in measures.items():
            setattr(specimen.document.sections[0], each, value)

    return change


def without_rule(specimen: Specimen) -> None:
    drop(specimen["title"]._p.get_or_add_pPr().find(qn("w:pBdr")))


def style_font(specimen: Specimen) -> None:
    set_font(specimen, "Arial")
