"""A grid of cells becomes a table of records, by stated rules; every row is kept, faulty or skipped, none is lost.

- Empty rows between others, an example row (its first cell begins with «Ví dụ»), the row of column numbers that often
  stands right under the headings (1, 2, 3 or (1), (2), (3)) and headings that are repeated for every printed page are
  skipped and counted. A blank tail is no row.
- An error cell (#N/A), a formula without its result, a merged area make their rows faulty, with the cell's address.
  The other rows are not touched by that.
- Hidden and filtered rows and columns are read as others are, and told.
- Text stays text: codes keep their zeros. A text that looks like a date stays a text, which the field reads day first.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from docgen.errors import DataError, Problem
from docgen.tables.cells import Unreadable, column_letters
from docgen.tables.headings import heading_text, headings
from docgen.tables.rows import FaultyRow, Origin, Row, Table, Values
from docgen.viet.text import nfc

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from docgen.tables.cells import Cell, Grid
    from docgen.tables.rows import Heading

    CellFaults = Mapping[tuple[int, int], Problem]

EMPTY, EXAMPLE, NUMBERS, HEADINGS = "dòng trống", "dòng ví dụ", "dòng đánh số cột", "dòng tiêu đề lặp lại"
NOT_CALCULATED = "#N/A"
"""What stands for a formula without its result in a list of bad rows: read again it is an error once more."""
_EXAMPLE = re.compile(r"\W*ví dụ\b")
_EXAMPLE_BEGINS = frozenset("vV")
_MARKS = " *([«\"'-"
_ENOUGH_NUMBERS = 3
"""Two columns of numbers may well begin with 1 and 2."""
_TOLD_ROWS = 10
_UNMERGE = "Bỏ gộp ô (Unmerge) và điền giá trị vào từng dòng."
_MOST_MERGED = 1_000_000
"""Rows in merged areas, each as often as it is in one: areas that overlap could make work without end."""


def table_of(grid: Grid, heading_row: int, *, file: str, known_faults: CellFaults) -> Table:
    """The table under this row of headings.

    Args:
        grid: the cells.
        heading_row: the index of the row of headings.
        file: how messages call the file.
        known_faults: what is wrong with single cells beside what the cells say themselves.

    Raises:
        DataError: the headings cannot be accepted (codes `heading-…`), all at once.
    """
    columns, problems = headings(grid, heading_row)
    if problems:
        raise DataError(problems).at(file=file)
    return _Building(grid, columns, file, known_faults).table(heading_row + 1)


class _Building:
    """The rows of one table on their way."""

    def __init__(self, grid: Grid, columns: tuple[Heading, ...], file: str, known_faults: CellFaults) -> None:
        self._grid = grid
        self._columns = columns
        self._places = {heading.text: place for place, heading in enumerate(columns)}
        self._file = file
        self._faults: dict[int, list[Problem]] = {}
        self._unreadable_rows = {row for row, _ in grid.facts.unreadable}
        self._rows: list[Row] = []
        self._faulty: list[FaultyRow] = []
        self._skipped: list[tuple[int, str]] = []
        indexes = {heading.index for heading in columns}
        for (row, column), problem in known_faults.items():
            if column in indexes:
                self._faults.setdefault(row, []).append(problem)

    def table(self, first: int) -> Table:
        """The table of the rows from this index on."""
        end = self._end(first)
        self._find_merged(first)
        indexes = [heading.index for heading in self._columns]
        width = max(indexes, default=-1) + 1
        whole = indexes == list(range(width))
        blanks: tuple[Cell, ...] = (None,) * width
        for index in range(first, end):
            row = self._grid.rows[index]
            if len(row) < width:
                row = (*row, *blanks[len(row) :])
            cells = tuple(row[:width]) if whole else tuple([row[place] for place in indexes])
            self._take(index, cells, numbers_may_stand=index == first)
        return Table(
            sheet=self._grid.sheet,
            headings=self._columns,
            rows=tuple(self._rows),
            faulty=tuple(self._faulty),
            skipped=tuple(self._skipped),
        )

    def _end(self, first: int) -> int:
        """Behind the last row that says something."""
        end = len(self._grid.rows)
        while end > first and all(cell is None for cell in self._grid.rows[end - 1]):
            end -= 1
        return end

    def _find_merged(self, first: int) -> None:
        last = self._columns[-1].index if self._columns else -1
        areas = [area for area in self._grid.facts.merged if area.bottom >= first and area.left <= last]
        spans = [range(max(area.top, first), min(area.bottom + 1, len(self._grid.rows))) for area in areas]
        if sum(map(len, spans)) > _MOST_MERGED:
            what = "Trang tính có quá nhiều ô bị gộp nên không đọc."
            raise DataError.of("merged-cells", what, _UNMERGE, file=self._file, sheet=self._grid.sheet)
        for area, span in zip(areas, spans, strict=True):
            what = f"Các ô {area.name} bị gộp nên không rõ từng dòng có giá trị gì."
            problem = Problem(code="merged-cells", what=what, cure=_UNMERGE, column=column_letters(area.left))
            for index in span:
                self._faults.setdefault(index, []).append(problem)

    def _take(self, index: int, cells: tuple[Cell, ...], *, numbers_may_stand: bool) -> None:
        number = self._grid.number(index)
        reason = _skipped(cells, numbers_may_stand=numbers_may_stand)
        if reason is None and self._repeats(cells):
            reason = HEADINGS
        if reason:
            self._skipped.append((number, reason))
            return
        origin = Origin(file=self._file, sheet=self._grid.sheet, row=number)
        suspected = index in self._faults or index in self._unreadable_rows
        problems = [*self._faults.get(index, ()), *self._cell_faults(index, cells)] if suspected else []
        if problems:
            readable = [cell.text or NOT_CALCULATED if isinstance(cell, Unreadable) else cell for cell in cells]
            row = Row(Values(self._places, readable), origin)
            self._faulty.append(FaultyRow(row, tuple(problem.at(**origin.place()) for problem in problems)))
        else:
            self._rows.append(Row(Values(self._places, cells), origin))

    def _repeats(self, cells: Sequence[Cell]) -> bool:
        first = cells[0]
        if not isinstance(first, str) or first[0] != self._columns[0].text[0] or len(cells) == 1:
            return False
        return all(heading_text(cell) == heading.text for heading, cell in zip(self._columns, cells, strict=True))

    def _cell_faults(self, index: int, cells: Iterable[Cell]) -> Iterator[Problem]:
        number = self._grid.number(index)
        for heading, cell in zip(self._columns, cells, strict=True):
            if isinstance(cell, Unreadable):
                yield unreadable(f"{heading.column}{number}", cell).at(column=heading.column, label=heading.text)


def unreadable(address: str, cell: Unreadable) -> Problem:
    """What is wrong with an error cell or a formula without its result."""
    if cell.text:
        what = f"Ô {address} báo lỗi {cell.text}."
        return Problem(code="cell-error", what=what, cure="Sửa công thức, hoặc gõ thẳng giá trị vào ô.")
    what = f"Ô {address} có công thức nhưng chưa có kết quả."
    cure = "Mở tệp bằng Excel hoặc LibreOffice, lưu lại rồi làm lại; hoặc gõ thẳng giá trị vào ô."
    return Problem(code="cell-not-calculated", what=what, cure=cure)


def notes_on(grid: Grid, heading_row: int, table: Table) -> list[Problem]:
    """What of this table was read by a rule that its owner should know."""
    notes = []
    above = sum(1 for row in grid.rows[:heading_row] if not all(cell is None for cell in row))
    if above:
        what = f"Hàng tiêu đề cột ở dòng {grid.number(heading_row)}; {above} dòng phía trên không phải dữ liệu."
        notes.append(_note("rows-above-headings", what))
    last = len(grid.rows)
    rows = sorted(row for row in grid.facts.hidden_rows if heading_row < row < last)
    if rows:
        told = ", ".join(str(row + 1) for row in rows[:_TOLD_ROWS]) + (", …" if len(rows) > _TOLD_ROWS else "")
        what = f"{len(rows)} dòng đang bị ẩn hoặc bị lọc vẫn được đọc (dòng {told})."
        notes.append(_note("hidden-rows", what, "Xóa hẳn các dòng không dùng."))
    columns = [heading.column for heading in table.headings if heading.index in grid.facts.hidden_columns]
    if columns:
        what = f"{len(columns)} cột đang bị ẩn vẫn được đọc (cột {', '.join(map(str, columns))})."
        notes.append(_note("hidden-columns", what, "Xóa hẳn các cột không dùng."))
    dated = [heading for heading in table.headings if heading.index in grid.facts.dated]
    notes += [note for heading in dated if (note := _mixed_dates(heading, table))]
    return [note.at(sheet=grid.sheet) for note in notes]


def _mixed_dates(heading: Heading, table: Table) -> Problem | None:
    """A column of true dates in which some are text: spreadsheets make that silently, and texts may be month first."""
    kinds = [type(value) for row in table.rows if (value := row.values[heading.text]) is not None]
    texts = kinds.count(str)
    dates = sum(issubclass(kind, date) for kind in kinds)
    if not dates or not texts:
        return None
    what = f"Cột có {dates} ô kiểu ngày và {texts} ô kiểu chữ; ô kiểu chữ được đọc theo thứ tự ngày, tháng, năm."
    return _note("mixed-dates", what, "Kiểm tra các ô kiểu chữ.").at(column=heading.column, label=heading.text)


def _note(code: str, what: str, cure: str = "") -> Problem:
    return Problem(code=code, what=what, cure=cure, severity="warning")


def _skipped(cells: Sequence[Cell], *, numbers_may_stand: bool) -> str | None:
    for first in cells:
        if first is not None:
            break
    else:
        return EMPTY
    if type(first) is str and first.lstrip(_MARKS)[:1] in _EXAMPLE_BEGINS and _EXAMPLE.match(nfc(first).casefold()):
        return EXAMPLE
    if numbers_may_stand and len(cells) >= _ENOUGH_NUMBERS and _counts(cells):
        return NUMBERS
    return None


def _counts(cells: Sequence[Cell]) -> bool:
    """Whether the cells are 1, 2, 3 … one by one, bare or in brackets."""
    written = [str(cell).strip("() ") for cell in cells]
    return written == [str(number) for number in range(1, len(cells) + 1)]
