"""Tables as they are drawn: frames with and without lines, rows that no page divides, and a list as a table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count, groupby
from typing import TYPE_CHECKING

from docx.oxml.ns import qn

from docgen.word import controls
from docgen.word.blank import MM
from docgen.word.controls import Slot, element, nest, run
from docgen.word.lines import repeated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element

    from docgen.word.sheet import Sheet

ROW_MM = 10
"""Least height of a table row, so that a blank one can be filled by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a list's table: its headings, its share of the width, and what a row shows there.

    `slot` places a word; `mark` prints an x where that word of the template is true; with neither the column shows the
    row's number (`numbers`) or stays empty for the hand. `total` is what the last row shows.
    """

    head: str
    group: str = ""
    percent: float
    align: str = "left"
    slot: Slot | None = None
    mark: str = ""
    numbers: bool = False
    paragraphs: bool = False
    total: Slot | None = None


def cell(width: float, *paragraphs: _Element) -> _Element:
    """A cell of this width (mm); without paragraphs it holds the empty one that every cell needs."""
    made = nest(element("tc"), nest(element("tcPr"), element("tcW", w=round(width * MM), type="dxa")))
    return nest(made, *(paragraphs or (element("p"),)))


def frame(widths: Sequence[float], *, lines: bool = False, header_margin: float | None = None) -> _Element:
    """An empty table over these widths (mm), fixed, with or without lines."""
    properties = nest(element("tblPr"), element("tblW", w=sum(round(w * MM) for w in widths), type="dxa"))
    if lines:
        edges = ("top", "left", "bottom", "right", "insideH", "insideV")
        properties.append(
            nest(element("tblBorders"), *(element(edge, val="single", sz=4, space=0, color="auto") for edge in edges))
        )
    properties.append(element("tblLayout", type="fixed"))
    if header_margin is not None:
        margin = round(header_margin * MM)
        properties.append(
            nest(element("tblCellMar"), element("left", w=margin, type="dxa"), element("right", w=margin, type="dxa"))
        )
    grid = nest(element("tblGrid"), *(element("gridCol", w=round(width * MM)) for width in widths))
    return nest(element("tbl"), properties, grid)


def row(*cells: _Element, heading: bool = False, height: float = 0) -> _Element:
    """A row that no page break divides; `height` is the least height in millimetres."""
    properties = nest(element("trPr"), element("cantSplit"))
    if height:
        properties.append(element("trHeight", val=round(height * MM), hRule="atLeast"))
    if heading:
        properties.append(element("tblHeader"))
    return nest(element("tr"), properties, *cells)


def table(
    sheet: Sheet,
    list_slot: Slot,
    columns: Sequence[Column],
    *,
    column_numbers: bool = False,
    grouped: bool = False,
    total: str = "",
) -> None:
    """A list as a table: heading rows on every page, one row per entry in a row control, a row of totals.

    With `grouped`, an entry whose `dau_nhom` is filled is announced by a row of its own.
    """
    whole = sum(column.percent for column in columns)
    widths = [sheet.text_width * column.percent / whole for column in columns]
    sheet.tie_last()
    sheet.gap()
    made = frame(widths, lines=True, header_margin=1.5)
    made.extend(_heads(sheet, columns, widths))
    if column_numbers:
        marks = (_text(sheet, width, run(f"({n})"), style="table_head") for width, n in zip(widths, count(1)))
        made.append(row(*marks, heading=True))
    made.append(command_row(widths, f"{{%tr for dong in {list_slot.word} %}}"))
    if grouped:
        made.append(command_row(widths, "{%tr if dong.dau_nhom %}"))
        made.append(
            row(spanning(_text(sheet, sum(widths), run("{{ dong.dau_nhom }}"), style="table_group"), len(widths)))
        )
        made.append(command_row(widths, "{%tr endif %}"))
    entry = replace(list_slot, row=True)
    made.append(controls.control(entry, sheet.numbers, [_entry(sheet, entry, columns, widths)]))
    made.append(command_row(widths, "{%tr endfor %}"))
    if total:
        made.append(_totals(sheet, columns, widths, total))
    sheet.place(made)


def _heads(sheet: Sheet, columns: Sequence[Column], widths: Sequence[float]) -> list[_Element]:
    """The heading row; where columns share a group, two rows: the group above, the others through both."""
    if not any(column.group for column in columns):
        heads = zip(columns, widths, strict=True)
        return [row(*(_text(sheet, width, run(each.head), style="table_head") for each, width in heads), heading=True)]
    upper, lower = [], []
    for (group, _), together in groupby(zip(columns, widths, count()), key=lambda each: _heading_key(each[0], each[2])):
        members = list(together)
        if group:
            width = sum(width for _, width, _ in members)
            upper.append(spanning(_text(sheet, width, run(group), style="table_head"), len(members)))
            lower += [_text(sheet, width, run(column.head), style="table_head") for column, width, _ in members]
        else:
            column, width, _ = members[0]
            upper.append(_merged(_text(sheet, width, run(column.head), style="table_head"), "restart"))
            lower.append(_merged(_text(sheet, width, style="table_head"), "continue"))
    return [row(*upper, heading=True), row(*lower, heading=True)]


def _heading_key(column: Column, number: int) -> tuple[str, int]:
    """Neighbours of one group come together, columns without a group stand alone."""
    return (column.group, 0 if column.group else number + 1)


def spanning(made: _Element, columns: int) -> _Element:
    """The cell over this many columns of the grid."""
    made[0].append(element("gridSpan", val=columns))
    return made


def _merged(made: _Element, how: str) -> _Element:
    made[0].append(element("vMerge", val=how))
    return made


def _entry(sheet: Sheet, entry: Slot, columns: Sequence[Column], widths: Sequence[float]) -> _Element:
    """The row of one entry, inside its bookmark."""
    made = row(*(_shown(sheet, each, width) for each, width in zip(columns, widths, strict=True)), height=ROW_MM)
    start, end = controls.bookmark(entry, sheet.numbers)
    texts = [each for each in made.iter(qn("w:p")) if each.find(qn("w:pPr")) is not None]
    texts[0].insert(1, start)
    texts[-1].append(end)
    return made


def _shown(sheet: Sheet, column: Column, width: float) -> _Element:
    """What one row shows in one column."""
    if column.numbers:
        return _text(sheet, width, run("{{ dong.stt }}"), align="center")
    if column.mark:
        return _text(sheet, width, run(f"{{% if {column.mark} %}}x{{% endif %}}"), align="center")
    if column.slot is None:
        return _text(sheet, width)
    if not column.paragraphs:
        return _text(sheet, width, *controls.inline(column.slot, sheet.numbers), align=column.align)
    words = sheet.paragraph("table_cell", run("{{ doan }}"))
    _align(words, column.align)
    start, end = controls.bookmark(column.slot, sheet.numbers)
    return cell(width, sheet.thin(start), repeated(sheet, column.slot, words), sheet.thin(end))


def _totals(sheet: Sheet, columns: Sequence[Column], widths: Sequence[float], label: str) -> _Element:
    """The last row: the label over the columns before the first total, then the totals."""
    first = next(number for number, column in enumerate(columns) if column.total)
    made = row(spanning(_text(sheet, sum(widths[:first]), run(label), style="table_head"), first))
    for column, width in zip(columns[first:], widths[first:], strict=True):
        inside = controls.inline(column.total, sheet.numbers) if column.total else []
        made.append(_text(sheet, width, *inside, style="table_head"))
    return made


def _text(sheet: Sheet, width: float, *content: _Element, style: str = "table_cell", align: str = "") -> _Element:
    made = sheet.paragraph(style, *content)
    if align:
        _align(made, align)
    return cell(width, made)


def _align(made: _Element, align: str) -> None:
    made[0].append(element("jc", val={"justify": "both"}.get(align, align)))


def command_row(widths: Sequence[float], text: str) -> _Element:
    """A row that holds only a tag of the template language."""
    first, *others = widths
    return row(cell(first, nest(element("p"), run(text))), *(cell(width) for width in others))
