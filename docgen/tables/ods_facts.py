"""What an .ods says beside the values: merged, hidden, unreadable and far cells, values that mean what is shown.

Written for OpenDocument 1.3, part 3, section 9 (tables): rows and cells may say how often they repeat, so a short file
can unfold to more cells than there is memory for. How a value is shown stands beside it as a text, so styles are not
looked at; nor are fonts. A formula that found an empty text is written by LibreOffice with an empty paragraph and no
type, one that nothing has calculated with neither.
"""

from __future__ import annotations

import re
from itertools import islice, product
from typing import TYPE_CHECKING, cast

from lxml import etree

from docgen.tables.cells import Area, Facts, Style, Unreadable, cell_name, far_cell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from docgen.tables.archive import Archive, Told
    from docgen.tables.cells import Period
    from docgen.tables.limits import Limits

_CONTENT = "content.xml"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_SHEET, _COLUMN, _ROW = _TABLE + "table", _TABLE + "table-column", _TABLE + "table-row"
_CELLS = frozenset({_TABLE + "table-cell", _TABLE + "covered-table-cell"})
_HIDDEN = frozenset({"collapse", "filter"})
_DOWN, _ACROSS = "number-rows-repeated", "number-columns-repeated"
_NAMES = {"t": _TABLE[1:-1], "o": _OFFICE[1:-1], "c": _CALC[1:-1], "x": _TEXT[1:-1]}
_VALUED = etree.XPath("boolean(*[@o:value-type or @t:formula])", namespaces=_NAMES)
_SPECIAL = etree.XPath(
    "boolean(*[@t:formula or @t:number-rows-spanned or @t:number-columns-spanned or @c:value-type = 'error'"
    " or @o:value-type != 'string' and (@o:value-type = 'percentage'"
    " or @o:value-type = 'float' and starts-with(x:p, '0') or @o:value-type = 'date' and string-length(x:p) < 8)]"
    " or *[@t:number-columns-repeated][following-sibling::* or @o:value-type])",
    namespaces=_NAMES,
)
"""Rows of plain cells only, which most are, need no look at each cell: that is asked of libxml2, many times faster."""
_PERCENT = Style(percent=True)
_CODE = re.compile("0[0-9][0-9 -]*")
_PERIODS: Mapping[Period, re.Pattern[str]] = {
    "month": re.compile("[0-9]{1,2}[/.-][0-9]{4}"),
    "year": re.compile("[0-9]{4}"),
}


def facts_of(archive: Archive, limits: Limits, told: Told) -> dict[str, Facts]:
    """The facts of every sheet by its name.

    Raises:
        DocgenError: the file is damaged, has a password, or unsafe XML stands in it.
    """
    if _CONTENT not in archive:
        raise told.refusal("damaged", "thiếu nội dung bên trong.")
    archive.refuse_dtd([_CONTENT])
    if b"encryption-data" in _manifest(archive):
        raise told.refusal("encrypted", "có đặt mật khẩu nên không đọc được.", "Bỏ mật khẩu rồi lưu lại.")
    found: dict[str, Facts] = {}
    search = _Search(limits)
    try:
        for element in _ends(archive):
            if element.tag == _SHEET:
                found[element.get(_TABLE + "name", "")] = search.facts
                search = _Search(limits)
            else:
                search.take(element)
    except etree.XMLSyntaxError as error:
        raise told.refusal("damaged", "có một phần bên trong viết sai.") from error
    return found


def _ends(archive: Archive) -> Iterator[etree._Element]:
    """The columns, rows and sheets, each when it is complete."""
    parser = etree.XMLPullParser(
        events=("end",), tag=(_SHEET, _COLUMN, _ROW), resolve_entities=False, no_network=True, load_dtd=False
    )
    for piece in archive.pieces(_CONTENT):
        parser.feed(piece)
        for _, element in parser.read_events():
            yield cast("etree._Element", element)
    parser.close()


def _manifest(archive: Archive) -> bytes:
    name = "META-INF/manifest.xml"
    return archive.read(name, 1024 * 1024) if name in archive else b""


class _Search:
    """The walk through one sheet; rows and columns count on from what repeated before."""

    def __init__(self, limits: Limits) -> None:
        self.facts = Facts()
        self._limits = limits
        self._row = 0
        self._column = 0

    def take(self, element: etree._Element) -> None:
        """One finished element."""
        if element.tag == _COLUMN:
            count = _count(element, _ACROSS, self._limits.columns)
            if element.get(_TABLE + "visibility") in _HIDDEN:
                self.facts.hidden_columns.update(range(self._column, self._column + count))
            self._column += count
        elif element.tag == _ROW:
            self._take_row(element)
            element.clear()

    def _take_row(self, row: etree._Element) -> None:
        times = _count(row, _DOWN, self._limits.rows + 1)
        rows = range(self._row, self._row + times)
        self._row += times
        if not _VALUED(row):
            return
        if row.get(_TABLE + "visibility") in _HIDDEN and rows.stop <= self._limits.rows:
            self.facts.hidden_rows.update(rows)
        if _SPECIAL(row):
            self._take_cells(row, rows)
        else:
            self._too_far(rows, len(row))

    def _take_cells(self, row: etree._Element, rows: range) -> None:
        """The cells of a row in which some say more than a plain value, or repeat."""
        column = 0
        for cell in row:
            if cell.tag not in _CELLS:
                continue
            count = _count(cell, _ACROSS, self._limits.columns + 1)
            if cell.get(_OFFICE + "value-type") is not None or cell.get(_TABLE + "formula") is not None:
                if self._too_far(rows, column + count):
                    return
                self._take_cell(cell, rows, range(column, column + count))
            column += count

    def _too_far(self, rows: range, columns: int) -> bool:
        far = (
            rows.stop > self._limits.rows or columns > self._limits.columns or rows.stop * columns > self._limits.cells
        )
        if far and self.facts.refused is None:
            self.facts.refused = far_cell(cell_name(rows.stop - 1, columns - 1))
        return far

    def _take_cell(self, cell: etree._Element, rows: range, columns: range) -> None:
        unreadable = _unreadable(cell)
        style = _style(cell)
        if (unreadable or style) and self.facts.refused is None:
            for place in islice(product(rows, columns), self._limits.marked_cells + 1):
                if unreadable:
                    self.facts.unreadable[place] = unreadable
                elif style:
                    self.facts.styled[place] = style
        down = _count(cell, "number-rows-spanned", self._limits.rows)
        across = _count(cell, "number-columns-spanned", self._limits.columns)
        if down > 1 or across > 1:
            top, left = rows.start, columns.start
            self.facts.merged.append(Area(top, left, top + down - 1, left + across - 1))
        self.facts.bound(self._limits.marked_cells)


def _unreadable(cell: etree._Element) -> Unreadable | None:
    """An error, as LibreOffice marks it, or a formula that nothing has calculated."""
    if cell.get(_TABLE + "formula") is not None and cell.get(_OFFICE + "value-type") is None:
        return Unreadable("") if cell.find(_TEXT + "p") is None else None
    if cell.get(_CALC + "value-type") == "error":
        return Unreadable(_shown(cell) or "#?")
    return None


def _style(cell: etree._Element) -> Style | None:
    match cell.get(_OFFICE + "value-type"):
        case "percentage":
            return _PERCENT
        case "float" if _CODE.fullmatch(text := _shown(cell)):
            return Style(mask=re.sub("[0-9]", "0", text))
        case "date":
            text = _shown(cell)
            return next((Style(period=period) for period, form in _PERIODS.items() if form.fullmatch(text)), None)
    return None


def _shown(cell: etree._Element) -> str:
    """The text of the cell's own paragraphs, not of a note on it."""
    return "".join(str(text) for paragraph in cell.iterfind(_TEXT + "p") for text in paragraph.itertext())


def _count(element: etree._Element, name: str, most: int) -> int:
    text = element.get(_TABLE + name, "1")
    return min(int(text), most) if text.isascii() and text.isdecimal() else 1
