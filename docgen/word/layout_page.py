"""The sheet against a layout: paper, margins, page numbers, and the font of every run."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import chain
from math import ceil
from typing import TYPE_CHECKING

from docgen.word.layout_findings import number, sizes_allowed, wrong_sizes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from docgen.rules.layouts import Page
    from docgen.word.layout_findings import Findings
    from docgen.word.layout_reading import Line, Reading, Section

PAPER_TOLERANCE = 2.0
MARGIN_TOLERANCE = 0.6
NUMBER_TOLERANCE = 1.5
"""Millimetres; Word's own dialogs round to a tenth of a centimetre."""

CHARACTERS_PER_LINE = 85
LINES_PER_PAGE = 45
"""A paper that surely fills more than one page has more lines than this: only then a missing number is told."""

EDGES = {"top": "trên", "bottom": "dưới", "left": "trái", "right": "phải"}
_TURNS = (
    ("top", "right", "bottom", "left"),
    ("right", "bottom", "left", "top"),
    ("left", "top", "right", "bottom"),
)
_PAGE_FIELD = re.compile(r"\bPAGE\b")
_LEGACY = re.compile(r"\.Vn|VNI-", re.IGNORECASE)


def check_page(findings: Findings, reading: Reading) -> None:
    """Paper, margins, page numbers, fonts."""
    if not reading.sections:
        page = findings.layout.page
        what = "Tệp không khai báo khổ giấy và lề."
        findings.add(page, "layout-paper", what, _paper_cure(page), part="trang giấy")
    for section in reading.sections:
        _check_paper(findings, section)
        _check_margins(findings, section)
    if reading.sections:
        _check_numbers(findings, reading)
    _check_fonts(findings, reading)


def _check_paper(findings: Findings, section: Section) -> None:
    page = findings.layout.page
    width, height = section.measures["width"], section.measures["height"]
    if section.landscape:
        width, height = height, width
    if width is None or height is None:
        findings.add(page, "layout-paper", "Trang không khai báo khổ giấy.", _paper_cure(page), part="trang giấy")
    elif abs(width - page.width) > PAPER_TOLERANCE or abs(height - page.height) > PAPER_TOLERANCE:
        what = f"Khổ giấy {_sheet(width, height)} mm, quy định {_sheet(page.width, page.height)} mm (A4)."
        findings.add(page, "layout-paper", what, _paper_cure(page), part="trang giấy")


def _check_margins(findings: Findings, section: Section) -> None:
    page = findings.layout.page
    required = {edge: float(getattr(page, edge)) for edge in EDGES}
    measured = {edge: section.measures[edge] or 0.0 for edge in EDGES}
    measured["left"] += section.measures["gutter"] or 0.0
    turns = _TURNS if section.landscape else _TURNS[:1]
    if any(_agree(measured, required, turn) for turn in turns):
        return
    for edge, name in EDGES.items():
        if abs(measured[edge] - required[edge]) > MARGIN_TOLERANCE:
            what = f"Lề {name} {number(measured[edge])} mm, quy định {number(required[edge])} mm."
            cure = f"Vào Layout › Margins, đặt lề {name} {number(required[edge])} mm."
            findings.add(page, f"layout-margin-{edge}", what, cure, part="trang giấy")


def _agree(measured: Mapping[str, float], required: Mapping[str, float], turn: Sequence[str]) -> bool:
    """Whether the margins are those of the upright sheet, turned so that its edge `turn[i]` lies at edge i."""
    pairs = zip(_TURNS[0], turn, strict=True)
    return all(abs(measured[edge] - required[other]) <= MARGIN_TOLERANCE for edge, other in pairs)


def _check_numbers(findings: Findings, reading: Reading) -> None:
    rule = findings.layout.page_number
    first = reading.sections[0]
    numbered = [line for line in first.headers.get("default", ()) if _shows_number(line)]
    below = [line for line in first.footers.get("default", ()) if _shows_number(line)]
    if below:
        what = "Số trang đặt ở chân trang, quy định ở giữa đầu trang."
        findings.add(rule, "layout-page-number-place", what, "Chuyển số trang lên đầu trang.", below[0])
    elif not numbered and _fills_pages(reading.lines):
        what = f"Văn bản dài hơn một trang mà không có số trang, quy định có từ trang {rule.from_page}."
        findings.add(rule, "layout-page-number-missing", what, "Thêm số trang ở giữa đầu trang.", part="đầu trang")
    for line in numbered:
        _check_number(findings, first, line)
    hidden = first.title_page and not any(_shows_number(line) for line in first.headers.get("first", ()))
    if (numbered or below) and rule.from_page > 1 and not hidden:
        what = f"Số trang hiện ở trang đầu, quy định từ trang {rule.from_page}."
        cure = "Chọn «Different First Page» và để trống đầu trang thứ nhất."
        findings.add(rule, "layout-page-number-first", what, cure, (numbered or below)[0])


def _check_number(findings: Findings, section: Section, line: Line) -> None:
    rule, look = findings.layout.page_number, findings.element("page_number")
    centred = line.align == "center" or line.look.get("framed") == "center"
    if not centred and not (line.look.get("center_tab") and line.runs and line.runs[0].text.startswith("\t")):
        what = "Số trang không ở giữa, quy định ở giữa đầu trang."
        findings.add(rule, "layout-page-number-align", what, "Căn giữa dòng số trang.", line)
    sizes = wrong_sizes(look, line.visible) or (
        [] if line.field_size is None or line.field_size == look.size else [line.field_size]
    )
    if sizes:
        what = f"Số trang có cỡ chữ {', '.join(map(number, sizes))}, quy định {sizes_allowed(look)}."
        findings.add(rule, "layout-page-number-size", what, f"Đặt cỡ chữ {number(look.size)}.", line)
    top = section.measures["header"]
    if top is not None and abs(top - rule.top_mm) > NUMBER_TOLERANCE:
        what = f"Số trang cách mép trên {number(top)} mm, quy định {number(rule.top_mm)} mm."
        cure = f"Đặt «Header from Top» {number(rule.top_mm)} mm."
        findings.add(rule, "layout-page-number-top", what, cure, line)
    if section.number_format != "decimal":
        what = "Số trang không phải chữ số Ả Rập."
        findings.add(rule, "layout-page-number-format", what, "Chọn kiểu số 1, 2, 3.", line)


def _check_fonts(findings: Findings, reading: Reading) -> None:
    wanted = findings.layout.font
    pages = chain.from_iterable((*section.headers.values(), *section.footers.values()) for section in reading.sections)
    found: dict[str, list[Line]] = defaultdict(list)
    for line in chain(reading.lines, chain.from_iterable(pages)):
        for font in {font for run in line.visible for font in run.fonts if font.casefold() != wanted.casefold()}:
            found[font].append(line)
    for font, lines in sorted(found.items()):
        what = f"{len(lines)} đoạn dùng phông {font}, quy định {wanted}."
        cure = f"Chọn các đoạn đó và đặt phông {wanted}."
        if _LEGACY.match(font):
            cure = f"Chuyển sang bảng mã Unicode rồi đặt phông {wanted}."
        findings.add(findings.element("body"), "layout-font", what, cure, lines[0])


def _shows_number(line: Line) -> bool:
    return _PAGE_FIELD.search(line.fields) is not None


def _fills_pages(lines: Iterable[Line]) -> bool:
    return sum(ceil(len(line.text) / CHARACTERS_PER_LINE) for line in lines if line.cell is None) > LINES_PER_PAGE


def _sheet(width: float, height: float) -> str:
    return f"{width:.0f} × {height:.0f}"


def _paper_cure(page: Page) -> str:
    return f"Vào Layout › Size, chọn A4 ({_sheet(page.width, page.height)} mm)."
