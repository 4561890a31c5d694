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
_EXAMPLE = re.compile(r"[ *(\[«\"'-]*ví dụ\b")
_ODD_BEGINNINGS = " *([«\"'-vV"
"""With what an example begins; rows that begin otherwise, nearly all, need no further look."""
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
        self._find_merged(first)
        file, sheet, places = self._file, self._grid.sheet, self._places
        looked_at = {first, *self._faults, *self._unreadable_rows}
        odd_beginnings = (*_ODD_BEGINNINGS, *(heading.text[:2] for heading in self._columns[:1]))
        for index, cells in enumerate(self._cells(first), start=first):
            head = cells[0] if cells else None
            if head is None or (type(head) is str and head.startswith(odd_beginnings)) or index in looked_at:
                self._take(index, cells, is_first=index == first)
            else:
                self._rows.append(Row(Values(places, cells), Origin(file, sheet, self._grid.number(index))))
        return Table(
            sheet=sheet,
            headings=self._columns,
            rows=tuple(self._rows),
            faulty=tuple(self._faulty),
            skipped=tuple(self._skipped),
        )

    def _cells(self, first: int) -> Iterator[tuple[Cell, ...]]:
        """Of each row to the last that says something: what stands under the headings."""
        indexes = [heading.index for heading in self._columns]
        width = max(indexes, default=-1) + 1
        whole = indexes == list(range(width))
        blanks: tuple[Cell, ...] = (None,) * width
        for row in self._grid.rows[first : self._end(first)]:
            wide = row if len(row) >= width else (*row, *blanks[len(row) :])
            yield tuple(wide[:width]) if whole else tuple([wide[place] for place in indexes])

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

    def _take(self, index: int, cells: tuple[Cell, ...], *, is_first: bool) -> None:
        """A row that may be skipped or faulty."""
        origin = Origin(self._file, self._grid.sheet, self._grid.number(index))
        if reason := self._reason(cells, is_first=is_first):
            self._skipped.append((self._grid.number(index), reason))
        elif problems := [*self._faults.get(index, ()), *self._cell_faults(index, cells)]:
            readable = [cell.text or NOT_CALCULATED if isinstance(cell, Unreadable) else cell for cell in cells]
            row = Row(Values(self._places, readable), origin)
            self._faulty.append(FaultyRow(row, tuple(problem.at(**origin.place()) for problem in problems)))
        else:
            self._rows.append(Row(Values(self._places, cells), origin))

    def _reason(self, cells: tuple[Cell, ...], *, is_first: bool) -> str | None:
        """Why the row is skipped, if it is; the first stands right under the headings."""
        said = next((cell for cell in cells if cell is not None), None)
        if said is None:
            return EMPTY
        if isinstance(said, str) and _EXAMPLE.match(nfc(said).casefold()):
            return EXAMPLE
        if is_first and len(cells) >= _ENOUGH_NUMBERS and _counts(cells):
            return NUMBERS
        headings = (heading.text for heading in self._columns)
        if len(cells) > 1 and all(heading_text(cell) == text for cell, text in zip(cells, headings, strict=True)):
            return HEADINGS
        return None

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


def _counts(cells: Sequence[Cell]) -> bool:
    """Whether the cells are 1, 2, 3 … one by one, bare or in brackets."""
    written = [str(cell).strip("() ") for cell in cells]
    return written == [str(number) for number in range(1, len(cells) + 1)]
