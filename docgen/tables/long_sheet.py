"""A long plain list as Excel in a quarter of the time: what this project does with Word files, done with Excel's.

XlsxWriter makes the workbook, whole, with the first and the last row in their places. The rows between say nothing new
about looks: they are put in as text, each cell in the style of its column's first or last. A list that is less plain
than that (marks, dates, control characters, a text that could be taken for a formula) is XlsxWriter's from end to end.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple
from xml.sax.saxutils import escape

from docgen.tables.cells import column_letters
from docgen.tables.excel import is_plain, write_sheets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docgen.tables.excel import SheetOut

_LONG: Final = 1_000
"""Fewer rows are quick in any case."""
_ROWS_AT_A_TIME: Final = 1_000
_FIRST_ROW = re.compile(rb'<row r="2".*?</row>', re.DOTALL)
_STYLED = re.compile(rb'<c r="([A-Z]+)[0-9]+" s="([0-9]+)"')
_ODD = re.compile("[\x00-\x1f\ud800-\udfff\ufffe\uffff]")
"""Letters that XML cannot hold, or only in words of Excel's own."""
_WORD_OF_EXCEL = "_x"
"""Begins these words, `_x000D_` for one, in which a plain text of the same letters must be told from them."""
_BLANK: Final = frozenset({None, ""})
_PAGE: Final = "xl/worksheets/sheet1.xml"
_QUICK_DEFLATE: Final = 1
"""A third of the time of the usual level, for a file a fifth larger."""


class _Look(NamedTuple):
    """A column: its name, and the number of its cells' style."""

    letters: str
    style: str


def write_long_sheet(sheet: SheetOut) -> bytes:
    """The workbook with this one sheet, which says and shows what that of `write_sheets` does.

    Raises:
        OutputError: as of `write_sheets`.
    """
    rows = list(sheet.rows)
    quick = None
    if len(rows) >= _LONG and not sheet.page and all(map(_is_plain_column, zip(*rows, strict=True))):
        quick = _filled(write_sheets([replace(sheet, rows=[rows[0], *[()] * (len(rows) - 2), rows[-1]])]), rows)
    return quick or write_sheets([replace(sheet, rows=rows)])


def _filled(frame: bytes, rows: Sequence[Sequence[object]]) -> bytes | None:
    """The workbook with the first and the last row, and those between put in; None where these two do not show how."""
    with zipfile.ZipFile(io.BytesIO(frame)) as made:
        page = made.read(_PAGE)
        first, last = _FIRST_ROW.search(page), page.find(b'<row r="%d"' % (len(rows) + 1))
        if first is None or last < 0:
            return None
        styles = dict(_STYLED.findall(page, first.start()))
        looks = [
            _Look(name := column_letters(index), styles.get(name.encode(), b"").decode())
            for index in range(len(rows[0]))
        ]
        columns = zip(*rows, strict=True)
        if any(not look.style and not _BLANK.issuperset(cells) for look, cells in zip(looks, columns, strict=True)):
            return None
        return _with_page(made, b"".join((page[: first.end()], *_between(rows, looks), page[first.end() :])))


def _is_plain_column(column: Sequence[object]) -> bool:
    """Whether a column holds only texts that stand in XML as they are (but for `& < >`), or only whole numbers."""
    filled = [cell for cell in column if cell is not None and cell != ""]
    if len(set(map(type, filled))) > 1 or not all(map(is_plain, filled)):
        return False
    joined = "".join(map(str, filled))
    return _ODD.search(joined) is None and _WORD_OF_EXCEL not in joined


def _between(rows: Sequence[Sequence[object]], looks: Sequence[_Look]) -> Iterator[bytes]:
    """The rows but for the first and the last."""
    last = len(rows) - 1
    for start in range(1, last, _ROWS_AT_A_TIME):
        some = zip(*rows[start : min(start + _ROWS_AT_A_TIME, last)], strict=True)
        number = start + 2  # the headings stand in row 1
        columns = [list(_cells(column, number, look)) for column, look in zip(some, looks, strict=True)]
        ready = enumerate(zip(*columns, strict=True), start=number)
        yield "".join([f'<row r="{row}">{"".join(cells)}</row>' for row, cells in ready]).encode()


def _cells(column: Sequence[object], number: int, look: _Look) -> Iterator[str]:
    """Cells of one column from the row of this number on; nothing for a blank one."""
    letters, style = look
    for row, cell in enumerate(column, start=number):
        if isinstance(cell, int):
            yield f'<c r="{letters}{row}" s="{style}"><v>{cell}</v></c>'
        elif cell:
            text = escape(str(cell))
            yield f'<c r="{letters}{row}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
        else:
            yield ""


def _with_page(made: zipfile.ZipFile, page: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as whole:
        for part in made.infolist():
            content = page if part.filename == _PAGE else made.read(part)
            whole.writestr(part, content, part.compress_type, _QUICK_DEFLATE if content is page else None)
    return target.getvalue()
