"""A list as the page shows it after reading: some rows with the faults at their cells, some problems, counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from heapq import nsmallest
from typing import TYPE_CHECKING

from docgen.batch.report import Told
from docgen.viet.dates import short_date
from docgen.viet.numbers import format_decimal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from docgen.checking import Checked
    from docgen.errors import Problem
    from docgen.roster import Roster
    from docgen.tables.rows import Heading, Row

MOST_ROWS, MOST_PROBLEMS = 50, 200
"""However long a list is, the page shows no more than this."""
MOST_OF_A_KIND = 20
"""Of a long list, how many rows are told for one cause, so that one wrong column does not hide all else."""
_LONGEST_CELL = 40
_FIRST_COLUMNS = 4


@dataclass(slots=True)
class Cell:
    """What stands in a cell, shortened, and what was found there."""

    text: str
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_wrong(self) -> bool:
        """Whether its row cannot be used because of it."""
        return any(problem.severity == "error" for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Line:
    """One row; `problems` are those that belong to no single cell."""

    number: int | None
    cells: tuple[Cell, ...]
    problems: tuple[Problem, ...]

    @property
    def is_wrong(self) -> bool:
        """Whether it cannot be used."""
        return any(cell.is_wrong for cell in self.cells) or any(each.severity == "error" for each in self.problems)


@dataclass(frozen=True, slots=True)
class ListTable:
    """What the page shows of a list."""

    headings: tuple[Heading, ...]
    known: frozenset[str]
    """The headings that mean something to the form."""
    first: tuple[Line, ...]
    wrong: tuple[Line, ...]
    """The first rows that cannot be used."""
    told_columns: tuple[int, ...]
    """Which columns are shown of them: the first few, by which people know a row, and those with faults."""
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    more_errors: int
    more_warnings: int


def list_table(roster: Roster, checked: Checked) -> ListTable:
    """The table of a list that has been checked."""
    by_row: dict[int, list[Problem]] = {}
    for problem in checked.problems:
        if problem.row is not None and problem.sheet in {roster.read.sheet, None}:
            by_row.setdefault(problem.row, []).append(problem)
    everybody = [*roster.rows, *(each.row for each in roster.faulty)]
    wrong_rows = {row for row, found in by_row.items() if any(each.severity == "error" for each in found)}
    wrong_lines = tuple(
        _line(roster, row, by_row)
        for row in nsmallest(MOST_ROWS, (row for row in everybody if row.origin.row in wrong_rows), key=_number)
    )
    first = nsmallest(MOST_ROWS, everybody, key=_number)
    errors = _told([problem for problem in checked.problems if problem.severity == "error"])
    warnings = _told([problem for problem in checked.problems if problem.severity == "warning"])
    return ListTable(
        headings=roster.read.headings,
        known=frozenset(roster.names),
        first=tuple(_line(roster, row, by_row) for row in first),
        wrong=wrong_lines,
        told_columns=tuple(
            index
            for index in range(len(roster.read.headings))
            if index < _FIRST_COLUMNS or any(line.cells[index].problems for line in wrong_lines)
        ),
        errors=tuple(errors[:MOST_PROBLEMS]),
        warnings=tuple(warnings[:MOST_PROBLEMS]),
        more_errors=max(0, len(errors) - MOST_PROBLEMS),
        more_warnings=max(0, len(warnings) - MOST_PROBLEMS),
    )


def _told(problems: list[Problem]) -> Sequence[Problem]:
    return problems if len(problems) <= MOST_PROBLEMS else Told(problems, most=MOST_OF_A_KIND).problems()


def _number(row: Row) -> int:
    return row.origin.row or 0


def _line(roster: Roster, row: Row, by_row: Mapping[int, Sequence[Problem]]) -> Line:
    cells = {heading.text: Cell(_text(row.values.get(heading.text))) for heading in roster.read.headings}
    loose = []
    for problem in by_row.get(row.origin.row or 0, ()):
        place = _heading_of(problem, roster)
        if place is None:
            loose.append(problem)
        else:
            cells[place].problems.append(problem)
    return Line(row.origin.row, tuple(cells.values()), tuple(loose))


def _heading_of(problem: Problem, roster: Roster) -> str | None:
    """The heading of the column where a problem stands: by its letter, else by its field."""
    headings: Iterable[Heading] = roster.read.headings
    if problem.column is not None:
        found = next((each.text for each in headings if each.column == problem.column), None)
        return found or next((each.text for each in headings if each.text == problem.column), None)
    top = (problem.field or "").partition("[")[0].partition(".")[0]
    return next((heading for heading, name in roster.names.items() if name == top), None)


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "Có" if value else "Không"
        case date():
            return short_date(value)
        case int() | float() | Decimal():
            return format_decimal(value)
        case _:
            text = " ".join(str(value).split())
            return text if len(text) <= _LONGEST_CELL else f"{text[: _LONGEST_CELL - 1]}…"
