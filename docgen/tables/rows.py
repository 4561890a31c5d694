"""What reading gives: records as they were found, and the places where they were found."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docgen.errors import Problem
    from docgen.tables.cells import Cell


class Origin(NamedTuple):
    """Where a record stands; the same words as the place of a `Problem`. `row` counts from 1."""

    file: str | None = None
    sheet: str | None = None
    row: int | None = None

    def place(self) -> dict[str, Any]:
        """The place as `Problem.at` and `DocgenError.at` take it."""
        return self._asdict()


class Values(Mapping[str, "Cell"]):
    """The cells of one row by their headings, which all rows of a table share: a third of what a dict of them takes."""

    __slots__ = ("_cells", "_places")

    def __init__(self, places: Mapping[str, int], cells: Sequence[Cell]) -> None:
        self._places = places
        self._cells = cells

    def __getitem__(self, heading: str) -> Cell:
        return self._cells[self._places[heading]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __repr__(self) -> str:
        return repr(dict(self))

    def items(self) -> ItemsView[str, Cell]:
        """As of any mapping; made for speed, because most readers of a row want all of it."""
        return _Items(self)


class _Items(ItemsView[str, "Cell"]):
    """Headings and cells side by side."""

    __slots__ = ()
    _mapping: Values

    def __iter__(self) -> Iterator[tuple[str, Cell]]:
        return zip(self._mapping._places, self._mapping._cells, strict=True)


class Row(NamedTuple):
    """One record: its values by name, unchecked, and its origin."""

    values: Mapping[str, object]
    origin: Origin


@dataclass(frozen=True, slots=True)
class FaultyRow:
    """A row that cannot be used, as far as it could be read (an error cell as its text), and why."""

    row: Row
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its heading (single blanks, no line breaks, no mark of a required one), letter, and index from 0."""

    text: str
    column: str | None
    index: int


@dataclass(frozen=True, kw_only=True)
class Table:
    """The rows under one row of headings. Every row of the source stands in one of `rows`, `faulty`, `skipped`."""

    sheet: str | None
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    faulty: tuple[FaultyRow, ...] = ()
    skipped: tuple[tuple[int, str], ...] = ()
    """Empty rows, example rows and the like: the row's number and the reason in Vietnamese."""

    @property
    def rows_in(self) -> int:
        """Every row, so that `rows_in = done + skipped + failed` can hold."""
        return len(self.rows) + len(self.faulty) + len(self.skipped)

    def column_of(self, heading: str) -> str | None:
        """The letter of the column with this heading; None where there is no such column or columns have no letters."""
        return next((each.column for each in self.headings if each.text == heading), None)


@dataclass(frozen=True, kw_only=True)
class ListRead(Table):
    """A list as it was read: its main table, and what a workbook holds beside it."""

    notes: tuple[Problem, ...] = ()
    """What was met and passed by the stated rules; warnings all."""
    sheets: tuple[str, ...] = ()
    """The titles of the workbook's sheets, hidden ones too."""
    common: Mapping[str, Cell] = field(default_factory=lambda: MappingProxyType({}))
    """Values for every row, from the sheet «Chung»."""
    lists: Mapping[str, Table] = field(default_factory=lambda: MappingProxyType({}))
    """Rows of list fields by the title of their sheet; the column «Mã» says whose they are."""
