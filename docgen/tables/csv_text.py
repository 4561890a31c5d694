"""A CSV file becomes a grid of texts: its encoding, its delimiter, its lines.

Encoding: UTF-8 (with or without its mark), UTF-16 with its mark. Other bytes are TCVN3, VNI where their words say so
(then each column is told as such), else Windows-1258, the page of Vietnamese Windows; that is told with a sample.
Delimiter: semicolon, comma or tab, the one that makes the best row of headings; Excel's line `sep=;` says it outright.
Nothing is a number or a date here: the fields read the texts. A row is called by the line on which it begins.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from docgen.errors import DataError, Problem, shown
from docgen.tables.cells import Facts, Grid
from docgen.tables.headings import FIRST_ROWS, heading_text
from docgen.tables.limits import problem_at
from docgen.viet.legacy import recognise
from docgen.viet.text import nfc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docgen.tables.headings import Known
    from docgen.tables.limits import Limits

_DELIMITERS: Final = (";", ",", "\t")
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_AS_UTF8 = "Trong Excel chọn Lưu thành (Save As) › CSV UTF-8 (Comma delimited) rồi làm lại."
_WINDOWS_SAMPLE = re.compile(r"[^\n;,\t]*[^\x00-\x7f][^\n;,\t]*")


@dataclass(frozen=True, slots=True)
class CsvRead:
    """The cells, and what their owner should know."""

    grid: Grid
    notes: tuple[Problem, ...]


def read_csv(content: bytes, known: Known | None, limits: Limits) -> CsvRead:
    """The cells of a CSV file.

    Raises:
        DataError: codes `file-not-utf8`, `csv-nul`, `csv-syntax`, `list-too-long`, `list-too-wide`; with the line.
    """
    text, notes = _decoded(content)
    if "\0" in text:
        raise DataError(
            [problem_at(text, text.index("\0"), "csv-nul", "Tệp có byte 00, không phải tệp chữ.", _AS_UTF8)]
        )
    first_line = 1
    separator = _SEPARATOR_LINE.match(text)
    if separator:
        text, first_line = text[separator.end() :], 2
    delimiter = separator[1] if separator else _delimiter(text, known)
    rows: list[list[str | None]] = []
    lines: list[int] = []
    for line, row in _rows(text, delimiter, first_line):
        if len(rows) >= limits.rows:
            raise too_long(limits)
        if len(row) > limits.columns:
            what = f"Dòng này có {len(row)} cột, quá giới hạn {limits.columns} cột."
            raise DataError.of("list-too-wide", what, "Xóa các cột thừa.", row=line)
        rows.append([cell if cell and not cell.isspace() else None for cell in row])
        lines.append(line)
    return CsvRead(Grid(None, rows, Facts(), lines=lines), notes)


def squared(grid: Grid, heading_row: int) -> tuple[Grid, dict[tuple[int, int], Problem]]:
    """The grid as wide as its headings, and what is wrong with rows that have more cells or fewer (blank ones aside).

    In such a row a cell has lost its quotes, or a delimiter too many stands in it: nobody knows which value is whose.
    """
    heads = list(grid.rows[heading_row])
    while heads and not heading_text(heads[-1]):
        heads.pop()
    width = len(heads)
    first = next(index for index, cell in enumerate(heads) if heading_text(cell))
    rows = list(grid.rows)
    faults = {}
    for index in range(heading_row + 1, len(rows)):
        row = rows[index]
        beyond = [str(cell) for cell in row[width:] if cell is not None]
        if beyond or (len(row) < width and any(cell is not None for cell in row)):
            more = f", thừa {shown(', '.join(beyond))}" if beyond else ""
            what = f"Dòng này có {len(row)} ô, mà hàng tiêu đề có {width} ô{more}."
            cure = "Đặt ô có dấu phân cách hoặc xuống dòng bên trong vào dấu nháy kép."
            faults[index, first] = Problem(code="csv-ragged", what=what, cure=cure)
        rows[index] = row[:width]
    return replace(grid, rows=rows), faults


def too_long(limits: Limits) -> DataError:
    """The refusal of a list with more rows than `limits.rows`."""
    return DataError.of("list-too-long", f"Danh sách dài hơn {limits.rows} dòng.", "Chia thành nhiều tệp.")


def _decoded(content: bytes) -> tuple[str, tuple[Problem, ...]]:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if content.startswith(mark):
            try:
                return content[len(mark) :].decode(encoding), ()
            except UnicodeDecodeError as error:
                raise _wrong_byte(content, len(mark) + error.start, encoding[:6].upper()) from None
    try:
        return content.decode("utf-8"), ()
    except UnicodeDecodeError:
        return _from_one_byte(content)


def _from_one_byte(content: bytes) -> tuple[str, tuple[Problem, ...]]:
    """Text in a page of 256 letters: an old Vietnamese one, which the columns then show, or Windows-1258."""
    western = content.decode("latin-1")
    guess = recognise(western.splitlines())
    if guess and guess.encoding != "cp1258":
        return western, ()
    try:
        text = nfc(content.decode("cp1258"))
    except UnicodeDecodeError as error:
        raise _wrong_byte(content, error.start, "UTF-8") from None
    sample = _WINDOWS_SAMPLE.search(text)
    what = f"Tệp không viết bằng UTF-8; được đọc theo bảng mã Windows-1258, ví dụ {shown(sample[0] if sample else '')}."
    return text, (Problem(code="csv-windows-1258", what=what, cure=_AS_UTF8, severity="warning"),)


def _wrong_byte(content: bytes, at: int, encoding: str) -> DataError:
    what = f"Tệp không viết bằng {encoding}: byte thứ {at + 1} là {content[at]:02X}."
    row = content.count(b"\n", 0, at) + 1
    return DataError.of("file-not-utf8", what, _AS_UTF8, row=row)


def _delimiter(text: str, known: Known | None) -> str:
    """The delimiter under which the first rows have the most known headings, then the most cells in one row."""

    def fitness(delimiter: str) -> tuple[int, int]:
        rows: list[list[str]] = []
        with suppress(DataError):  # a fault further down is told by the reading proper
            rows.extend(row for _, row in islice(_rows(text, delimiter, 1), FIRST_ROWS))
        most_known = max((sum(known(heading_text(cell)) for cell in row) for row in rows), default=0) if known else 0
        first = next((row for row in rows if row), [])
        return (most_known, max(map(len, rows), default=0) if known else len(first))

    return max(_DELIMITERS, key=fitness)


def _rows(text: str, delimiter: str, first_line: int) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it begins.

    Raises:
        DataError: code `csv-syntax`: a quote that is not closed, letters after a closing quote, a cell too long.
    """
    if len(delimiter) != 1 or delimiter in '"\r\n':
        delimiter = ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = first_line
    try:
        for row in reader:
            yield line, row
            line = first_line + reader.line_num
    except csv.Error as error:
        told = str(error)
        if "field larger" in told:
            what, cure = f"Có ô dài quá {csv.field_size_limit()} ký tự.", "Kiểm tra dấu nháy kép ở dòng này."
        else:
            what, cure = (
                "Dấu nháy kép ở dòng này không được đóng đúng chỗ.",
                'Viết "" cho mỗi dấu nháy kép nằm trong ô.',
            )
        raise DataError.of("csv-syntax", what, cure, row=line) from None
