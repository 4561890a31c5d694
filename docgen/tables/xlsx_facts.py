"""What the XML of an .xlsx says beside the values: merged, hidden, unreadable, far cells; styles that mean something.

The reader of values (calamine) keeps silent about all of it: an error cell and a formula without its result come as
blanks, and a far cell makes it ask for more memory than there is and end the process. So the XML is searched first, in
pieces, with patterns that cost a fraction of reading it. The patterns hold for XML as spreadsheet programs write it;
anything else (comments, CDATA, cells without address) is refused, so that nothing is overlooked. `<dimension>` is never
believed. Written for ISO/IEC 29500-1, part SpreadsheetML (18.3.1: worksheets).
"""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from docgen.errors import Problem, shown
from docgen.tables.archive import refuse_dtd
from docgen.tables.cells import (
    BUILT_IN,
    PLAIN,
    Area,
    Facts,
    Style,
    Unreadable,
    cell_at,
    column_index,
    far_cell,
    put_style,
    style_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from docgen.tables.archive import Archive, Told
    from docgen.tables.limits import Limits

_WORKBOOK, _LINKS, _STYLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"
_SMALL_PART = 32 * 1024 * 1024
_LONGEST_ROW = 64 * 1024 * 1024
_NARROW = 26
"""Columns A to Z: a sheet with no other is taken to be this wide."""
_ROOT = re.compile(rb"<(\w+:)?worksheet[\s>]")
_WIDE = re.compile(rb' r="[A-Z]{2,3}[0-9]')
_TRUE = frozenset({b"1", b"true"})
_SAVE_AGAIN = "Mở tệp bằng Excel hoặc LibreOffice, lưu lại dạng .xlsx rồi làm lại."


class _Patterns(NamedTuple):
    """The searches for one namespace prefix (programs on .NET write `<x:c r="A1">`)."""

    row_start: bytes
    cell_start: bytes
    odd_cell: re.Pattern[bytes]
    irregular: re.Pattern[bytes]
    wide: re.Pattern[bytes]
    usual_wide: re.Pattern[bytes]
    row: re.Pattern[bytes]
    column: re.Pattern[bytes]
    merged: re.Pattern[bytes]
    error: re.Pattern[bytes]
    formula_start: bytes
    formula: re.Pattern[bytes]
    cell_end: bytes
    last_cell: re.Pattern[bytes]


_CELL = rb'<%(p)bc(?=\s)[^<>]*?\sr="([A-Z]{1,3})([0-9]{1,7})"[^<>]*'
_IRREGULAR_CELL = (
    rb'<%(p)bc(?=[\s/>])(?! r="[A-Z]{1,3}[0-9]{1,7}"[ />])(?!\s[^<>]*?\sr="[A-Z]{1,3}[0-9]{1,7}")'
    rb'|<%(p)brow\s(?=[^<>]*hidden)(?![^<>]*?\br="[0-9]{1,7}")'
)
_WIDE_CELL = rb'<%(p)bc(?=\s)[^<>]*?\sr="([A-Z]{2,3})([0-9]{1,7})"[^<>]*(?<!/)>'
_MERGED = rb'<%(p)bmergeCell\s[^<>]*?\bref="([A-Z]{1,3}[0-9]{1,7}):([A-Z]{1,3}[0-9]{1,7})"'
_ERROR = rb'<%(p)bc(?=\s)(?=[^<>]*\st="e")[^<>]*?\sr="([A-Z]{1,3}[0-9]{1,7})"[^<>]*(?<!/)>'
_FORMULA = (
    rb"<%(p)bc(\s[^<>]*)(?<!/)>\s*<%(p)bf(?:\s[^<>]*?)?(?:/>|>[^<]*</%(p)bf>)"
    rb"\s*(?:(<%(p)bv)(?:\s[^<>]*?)?(?:/>|>([^<]*)</%(p)bv>)|<%(p)b(is)[\s>])?"
)


@lru_cache(maxsize=8)
def _patterns(prefix: bytes) -> _Patterns:
    def compiled(pattern: bytes) -> re.Pattern[bytes]:
        return re.compile(pattern % {b"p": prefix})

    return _Patterns(
        row_start=b"<" + prefix + b"row",
        cell_start=b"<" + prefix + b"c",
        odd_cell=compiled(rb"<%(p)bc[>/\n\t\r]"),
        irregular=compiled(_IRREGULAR_CELL),
        wide=compiled(_WIDE_CELL),
        usual_wide=compiled(rb'<%(p)bc r="[A-Z]{2}'),
        row=compiled(rb"<%(p)brow\s([^<>]*)>"),
        column=compiled(rb"<%(p)bcol\s([^<>]*)>"),
        merged=compiled(_MERGED),
        error=compiled(_ERROR),
        formula_start=b"<" + prefix + b"f",
        formula=compiled(_FORMULA),
        cell_end=b"</" + prefix + b"c>",
        last_cell=compiled(_CELL),
    )


def facts_of(archive: Archive, limits: Limits, told: Told) -> dict[str, Facts]:
    """The facts of every worksheet by its name.

    Raises:
        DocgenError: the workbook is damaged, or unsafe XML stands in it. What is wrong with one sheet only stands in
            its facts, because another sheet may be the one that is asked for.
    """
    if _WORKBOOK not in archive or _LINKS not in archive:
        raise told.refusal("damaged", "thiếu danh sách trang tính bên trong.")
    book = _parsed(archive, _WORKBOOK, told)
    sheets = _sheets(book, archive, told)
    others = [name for name in archive.names if name.endswith((".xml", ".rels")) and name not in sheets.values()]
    archive.refuse_dtd(others)
    styles = _styles(archive, told)
    uncalculated = any(each.get("fullCalcOnLoad") in {"1", "true"} for each in book.iter("{*}calcPr"))
    return {
        name: _Search(styles, limits, told, uncalculated=uncalculated).facts(archive, part)
        if part in archive
        else Facts(refused=_irregular(name))
        for name, part in sheets.items()
    }


def _sheets(book: etree._Element, archive: Archive, told: Told) -> dict[str, str]:
    """The part of each sheet by the sheet's name."""
    links = {
        str(link.get("Id")): str(link.get("Target", ""))
        for link in _parsed(archive, _LINKS, told).iter("{*}Relationship")
    }
    found = {}
    for sheet in book.iter("{*}sheet"):
        link = next((value for key, value in sheet.attrib.items() if str(key).endswith("}id")), None)
        target = links.get(str(link), "")
        inside = target.lstrip("/") if target.startswith(("/", "xl/")) else posixpath.join("xl", target)
        found[str(sheet.get("name"))] = posixpath.normpath(inside)
    return found


def _styles(archive: Archive, told: Told) -> dict[bytes, Style]:
    """The cell styles that matter, by the number that stands in a cell's `s`."""
    if _STYLES not in archive:
        return {}
    root = _parsed(archive, _STYLES, told)
    formats = dict(BUILT_IN)
    for each in root.iterfind("{*}numFmts/{*}numFmt"):
        formats[_whole(each.get("numFmtId"))] = str(each.get("formatCode", ""))
    fonts = [
        next((str(name.get("val", "")) for name in font.iter("{*}name", "{*}rFont")), "")
        for font in root.iterfind("{*}fonts/{*}font")
    ]
    found = {}
    for number, xf in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        font = _whole(xf.get("fontId"))
        style = style_of(formats.get(_whole(xf.get("numFmtId")), ""), fonts[font] if font in range(len(fonts)) else "")
        if style != PLAIN:
            found[b"%d" % number] = style
    return found


def _parsed(archive: Archive, name: str, told: Told) -> etree._Element:
    xml = archive.read(name, _SMALL_PART)
    refuse_dtd(xml, told)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise told.refusal("damaged", "có một phần bên trong viết sai.") from error


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() else -1


class _Search:
    """The search through one worksheet part, piece by piece; each piece holds whole rows."""

    def __init__(self, styles: Mapping[bytes, Style], limits: Limits, told: Told, *, uncalculated: bool) -> None:
        self._found = Facts()
        self._uncalculated = uncalculated
        self._styles = styles
        self._limits = limits
        self._told = told
        self._last_row = (-1, "")
        self._last_column = (-1, "")
        self._styled = re.compile(b' s="(' + b"|".join(sorted(styles)) + b')"')

    def facts(self, archive: Archive, part: str) -> Facts:
        """Everything found; `refused` says why the sheet cannot be read, and then nothing else counts."""
        pieces = archive.pieces(part)
        first = next(pieces, b"")
        root = _ROOT.search(first)
        if root is None:
            return Facts(refused=_irregular(part))
        patterns = _patterns(root[1] or b"")
        for piece in self._whole_rows(chain([first], pieces), patterns.row_start):
            hides = _hides(piece)
            refused = self._refusal(piece, patterns, hides=hides)
            if refused:
                return Facts(refused=refused)
            self._look(piece, patterns, hides=hides)
            self._found.bound(self._limits.marked_cells)
            if self._found.refused:
                return Facts(refused=self._found.refused)
        return self._found

    def _whole_rows(self, pieces: Iterable[bytes], row_start: bytes) -> Iterator[bytes]:
        """The part cut before its rows, so that every cell stands whole in one piece."""
        kept = b""
        for piece in pieces:
            kept += piece
            cut = kept.rfind(row_start)
            if cut > 0:
                yield kept[:cut]
                kept = kept[cut:]
            elif len(kept) > _LONGEST_ROW:
                raise self._told.refusal("too-big", "có một dòng quá dài nên không mở.")
        yield kept

    def _refusal(self, piece: bytes, patterns: _Patterns, *, hides: bool) -> Problem | None:
        if b"!" in piece and b"<!" in piece:  # a single byte is found ten times faster than two
            refuse_dtd(piece, self._told)
            return _irregular("")
        usual = _is_usual(piece, patterns)
        if (not usual or hides) and patterns.irregular.search(piece):
            return _irregular("")
        self._measure(piece, patterns, usual=usual)
        rows, columns = self._last_row[0] + 1, max(self._last_column[0] + 1, _NARROW)
        if columns > self._limits.columns:
            return far_cell(self._last_column[1])
        if rows > self._limits.rows or rows * columns > self._limits.cells:
            return far_cell(self._last_row[1])
        return None

    def _measure(self, piece: bytes, patterns: _Patterns, *, usual: bool) -> None:
        """How far the cells with values reach; blank formatted ones do not count, the reader passes them over too."""
        end = piece.rfind(patterns.cell_end)
        if end >= 0:
            start = piece.rfind(patterns.row_start, 0, end)
            for cell in patterns.last_cell.finditer(piece, max(start, 0), end):
                row = int(cell[2]) - 1
                if row > self._last_row[0]:
                    self._last_row = (row, (cell[1] + cell[2]).decode())
        far = patterns.usual_wide if usual else _WIDE
        for cell in patterns.wide.finditer(piece) if far.search(piece) else ():
            column = column_index(cell[1].decode())
            if column > self._last_column[0]:
                self._last_column = (column, (cell[1] + cell[2]).decode())

    def _look(self, piece: bytes, patterns: _Patterns, *, hides: bool) -> None:
        if hides:
            self._hidden(piece, patterns)
        for area in patterns.merged.finditer(piece) if b"mergeCell" in piece else ():
            first, last = cell_at(area[1].decode()), cell_at(area[2].decode())
            if first and last:
                self._found.merged.append(Area(*first, *last))
        if b' t="e"' in piece:
            self._errors(piece, patterns)
        if patterns.formula_start in piece:
            self._formulas(piece, patterns)
        for style in self._styled.finditer(piece) if self._styles else ():
            start = piece.rfind(b"<", 0, style.start())
            attributes = piece[start : piece.find(b">", style.end())]
            if attributes.startswith(patterns.cell_start + b" ") and not attributes.endswith(b"/"):
                put_style(self._found, _place(attributes), self._styles[style[1]])

    def _hidden(self, piece: bytes, patterns: _Patterns) -> None:
        for row in patterns.row.finditer(piece):
            if _hides(row[1]) and _attribute(row[1], b"hidden") in _TRUE:
                number = int(_attribute(row[1], b"r"))
                if number <= self._limits.rows:
                    self._found.hidden_rows.add(number - 1)
        for column in patterns.column.finditer(piece):
            if _attribute(column[1], b"hidden") in _TRUE:
                first, last = (_attribute(column[1], name) for name in (b"min", b"max"))
                if first.isdigit() and last.isdigit():
                    reach = min(int(last), self._limits.columns)
                    self._found.hidden_columns.update(range(int(first) - 1, reach))

    def _errors(self, piece: bytes, patterns: _Patterns) -> None:
        for cell in patterns.error.finditer(piece):
            place = cell_at(cell[1].decode())
            end = piece.find(patterns.cell_end, cell.end())
            text = re.search(rb">(#[^<]*)<", piece[cell.end() : end])
            if place:
                self._found.unreadable[place] = Unreadable(text[1].decode(errors="replace") if text else "#?")

    def _formulas(self, piece: bytes, patterns: _Patterns) -> None:
        """A formula that no program has calculated; an empty text as the result is a result.

        Programs that write formulas without calculating them ask the next one to do so (`fullCalcOnLoad`), and some,
        XlsxWriter among them, put 0 in place of the result.
        """
        for cell in patterns.formula.finditer(piece):
            attributes, valued, result, inline = cell.groups()
            empty_text = valued and b' t="str"' in attributes
            made_up = self._uncalculated and result == b"0" and b' t="b"' not in attributes
            if made_up or not (result or inline or empty_text):
                self._found.unreadable.setdefault(_place(attributes), Unreadable(""))


def _is_usual(piece: bytes, patterns: _Patterns) -> bool:
    """Whether each cell begins with its address, as nearly all do; counting is much faster than a search for others."""
    start = patterns.cell_start
    usual = piece.count(start + b' r="')
    if usual == piece.count(start):
        return True
    # `<cols>` and some others begin as cells do.
    return usual == piece.count(start + b" ") and patterns.odd_cell.search(piece) is None


def _hides(piece: bytes) -> bool:
    return b'idden="' in piece and (b'idden="1"' in piece or b'idden="true"' in piece)


def _irregular(name: str) -> Problem:
    what = f"Trang tính được ghi theo cách lạ nên không đọc chắc chắn được {shown(name) if name else ''}".rstrip() + "."
    return Problem(code="workbook-irregular", what=what, cure=_SAVE_AGAIN)


def _attribute(attributes: bytes, name: bytes) -> bytes:
    found = re.search(rb"(?:^|\s)" + name + rb'="([^"]*)"', attributes)
    return found[1] if found else b""


def _place(attributes: bytes) -> tuple[int, int]:
    return cell_at(_attribute(attributes, b"r").decode()) or (0, 0)
