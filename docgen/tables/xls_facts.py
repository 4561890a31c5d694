"""What an old .xls says beside the values: merged, hidden and error cells, far cells, styles that mean something.

Written for [MS-XLS] (BIFF8), section 2.4; the reader of values (calamine) gives an error cell as a blank. A formula
always carries its last result here; one without (written by a program that does not calculate) has the empty text as
its result, which nobody can tell from a formula that found nothing: it is read as blank.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from docgen.tables.cells import (
    BUILT_IN,
    PLAIN,
    Area,
    Facts,
    Style,
    Unreadable,
    cell_name,
    far_cell,
    put_style,
    style_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docgen.tables.archive import Told
    from docgen.tables.limits import Limits
    from docgen.tables.ole import Ole

_BOF, _EOF, _FILEPASS, _SHEET, _FONT, _FORMAT, _XF = 0x809, 0x0A, 0x2F, 0x85, 0x31, 0x41E, 0xE0
_ROW, _COLUMNS, _MERGED, _FORMULA, _ERROR, _NUMBERS = 0x208, 0x7D, 0xE5, 0x06, 0x205, 0xBD
_ONE_CELL = frozenset({_FORMULA, 0x203, 0x204, 0x27E, 0xD6, 0xFD, _ERROR})
"""Records of one cell with a value: formula, number, label, RK number, rich text, shared string, boolean or error."""
_MAY_FAIL = frozenset({_FORMULA, _ERROR})
_SMALLEST = {_ROW: 14, _COLUMNS: 10, _NUMBERS: 12, _FORMULA: 14, _ERROR: 8}
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_ROW_HIDDEN, _COLUMN_HIDDEN, _WORKSHEET = 0x20, 0x01, 0
_RESULT_IS_NO_NUMBER, _RESULT_IS_ERROR = b"\xff\xff", 2
_BIFF8 = 0x600
_FONT_THAT_IS_NOT = 4
"""No font has this number; those after it count one too many."""


_HEAD, _CELL = struct.Struct("<HH"), struct.Struct("<HHH")


def facts_of(ole: Ole, limits: Limits, told: Told) -> dict[str, Facts]:
    """The facts of every worksheet by its name.

    Raises:
        DocgenError: the workbook is damaged, older than Excel 97, or has a password.
    """
    name = next((name for name in ("Workbook", "Book") if name in ole.names), None)
    stream = ole.read(name) if name else b""
    kind, data = next(_records(stream, 0), (None, b""))
    if kind != _BOF or len(data) < struct.calcsize("<H"):
        raise told.refusal("damaged", "bị hỏng hoặc chưa được tải về đủ.")
    if struct.unpack_from("<H", data)[0] != _BIFF8:
        raise told.refusal("too-old", "do Excel 95 hoặc cũ hơn ghi ra nên không đọc được.")
    sheets, styles = _globals(stream, told)
    return {name: _Search(styles, limits).facts(stream, start) for name, start in sheets.items()}


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """The kind and the data of each record."""
    last = len(stream) - _HEAD.size
    while start <= last:
        kind, length = _HEAD.unpack_from(stream, start)
        start += _HEAD.size + length
        yield kind, stream[start - length : start]


def _globals(stream: bytes, told: Told) -> tuple[dict[str, int], list[Style]]:
    """Where each worksheet starts, by its name, and the cell styles by number."""
    sheets: dict[str, int] = {}
    fonts: list[str] = []
    formats = dict(BUILT_IN)
    cells: list[tuple[int, int]] = []
    for kind, data in _records(stream, 0):
        if kind == _EOF:
            break
        if kind == _FILEPASS:
            raise told.refusal("encrypted", "có đặt mật khẩu nên không đọc được.", "Bỏ mật khẩu rồi lưu lại.")
        if kind == _SHEET and data[5:6] == bytes([_WORKSHEET]):
            sheets[_text(data, 6, 1)] = int.from_bytes(data[:4], "little")
        elif kind == _FONT:
            fonts.append(_text(data, 14, 1))
        elif kind == _FORMAT:
            formats[int.from_bytes(data[:2], "little")] = _text(data, 2, 2)
        elif kind == _XF:
            cells.append((int.from_bytes(data[:2], "little"), int.from_bytes(data[2:4], "little")))
    styles = [style_of(formats.get(number, ""), _font(fonts, font)) for font, number in cells]
    return sheets, [PLAIN if style == PLAIN else style for style in styles]


def _font(fonts: list[str], number: int) -> str:
    place = number - (number > _FONT_THAT_IS_NOT)
    return fonts[place] if place < len(fonts) else ""


def _text(data: bytes, at: int, length_bytes: int) -> str:
    """A text with its length in front: in bytes of Latin-1, or in UTF-16 where its mark says so."""
    length = int.from_bytes(data[at : at + length_bytes], "little")
    start = at + length_bytes + 1
    if data[start - 1 : start] == b"\x01":
        return data[start : start + 2 * length].decode("utf-16-le", "replace")
    return data[start : start + length].decode("latin-1")


class _Search:
    """The walk through the records of one worksheet."""

    def __init__(self, styles: list[Style], limits: Limits) -> None:
        self._found = Facts()
        self._styles = styles
        self._limits = limits
        self._last_row = self._last_column = -1

    def facts(self, stream: bytes, start: int) -> Facts:
        """Everything found; `refused` says why the sheet cannot be read, and then nothing else counts."""
        depth = 0
        for kind, data in _records(stream, start):
            depth += (kind == _BOF) - (kind == _EOF)
            if depth == 0:
                break
            if depth == 1 and len(data) >= _SMALLEST.get(kind, 6):
                self._take(kind, data)
            if self._found.refused:
                return Facts(refused=self._found.refused)
        rows, columns = self._last_row + 1, self._last_column + 1
        if columns > self._limits.columns or rows * columns > self._limits.cells:
            return Facts(refused=far_cell(cell_name(self._last_row, self._last_column)))
        return self._found

    def _take(self, kind: int, data: bytes) -> None:
        if kind in _ONE_CELL:
            self._cell(kind, data)
        elif kind == _NUMBERS:
            row, first = struct.unpack_from("<HH", data)
            for number in range((len(data) - 6) // 6):
                self._value(row, first + number, struct.unpack_from("<H", data, 4 + 6 * number)[0])
        elif kind == _ROW:
            row, flags = struct.unpack_from("<H10xH", data)
            if flags & _ROW_HIDDEN:
                self._found.hidden_rows.add(row)
        elif kind == _COLUMNS:
            first, last, flags = struct.unpack_from("<HH4xH", data)
            if flags & _COLUMN_HIDDEN:
                self._found.hidden_columns.update(range(first, min(last + 1, self._limits.columns)))
        elif kind == _MERGED:
            for at in range(2, len(data) - 7, 8):
                top, bottom, left, right = struct.unpack_from("<HHHH", data, at)
                self._found.merged.append(Area(top, left, bottom, right))
            self._found.bound(self._limits.marked_cells)

    def _cell(self, kind: int, data: bytes) -> None:
        row, column, style = _CELL.unpack_from(data)
        self._value(row, column, style)
        if kind not in _MAY_FAIL:
            return
        is_error = kind == _ERROR and data[7] == 1
        failed = kind == _FORMULA and data[12:14] == _RESULT_IS_NO_NUMBER and data[6] == _RESULT_IS_ERROR
        if is_error or failed:
            code = data[6] if is_error else data[8]
            self._found.unreadable[row, column] = Unreadable(_ERRORS.get(code, "#?"))
            self._found.bound(self._limits.marked_cells)

    def _value(self, row: int, column: int, number: int) -> None:
        self._last_row = max(self._last_row, row)
        self._last_column = max(self._last_column, column)
        style = self._styles[number] if number < len(self._styles) else PLAIN
        if style is not PLAIN:
            put_style(self._found, (row, column), style)
            self._found.bound(self._limits.marked_cells)
