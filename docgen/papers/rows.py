"""The rows of a list as somebody sent them back: from its tables, cell by cell, and from running text.

A cell belongs to the column whose control (or bookmark) stands in it; a row that somebody typed has neither, there the
position tells. Rows keep their order; those that were copied, added or deleted need no care.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Final

from docgen.papers.frame import cells
from docgen.papers.spelling import alike, says_nothing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from docgen.papers.align import Filled
    from docgen.papers.frame import Column, Frame, FrameTable
    from docgen.papers.lines import Hit, How, Line

TICKS: Final = frozenset("☒☑xXvV✓✔×✕✗✘")
"""What people put into a box or a cell to mark it."""
BOXES: Final = frozenset("☐□▢○◻")
"""A box that nobody has ticked."""


@dataclass(slots=True)
class RowRead:
    """One row: what stands in each column, marks of options by `column.option`, its group."""

    texts: dict[str, str] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    beside: list[str] = field(default_factory=list)
    """What stands in no column."""
    twice: set[str] = field(default_factory=set)
    """Columns that stand in two cells with different text."""
    group: str = ""
    how: How = "label"


@dataclass(slots=True)
class TableRead:
    """What the tables of the lists hold."""

    rows: dict[str, list[list[RowRead]]] = field(default_factory=lambda: defaultdict(list))
    """By list, for each table of the form that shows it."""
    totals: list[tuple[str, str, How]] = field(default_factory=list)
    """What stands in the last rows: path, text, how it was found."""
    outside: list[str] = field(default_factory=list)
    """What stands in headings and last rows beside what is printed there."""
    rest: list[Line] = field(default_factory=list)
    """The lines that stand in no table of a list."""


def read_tables(frame: Frame, lines: Sequence[Line]) -> TableRead:
    """The rows of every table that shows a list, and the lines that are left."""
    made = TableRead()
    found: dict[int, list[RowRead]] = {}
    for number, together in groupby(lines, key=lambda line: line.cell.table if line.cell else 0):
        table = list(together)
        shown = _shown(frame, table) if number else None
        if shown is None:
            made.rest += table
            continue
        rows = _rows(frame.tables[shown], table, made)
        found.setdefault(shown, []).extend(rows)
    for shown, rows in sorted(found.items()):
        made.rows[frame.tables[shown].field].append(rows)
    return made


def _shown(frame: Frame, table: Sequence[Line]) -> int | None:
    """Which table of the form this is: by the places in it, else by its headings."""
    paths = {hit.path for line in table for hit in line.hits}
    lists = {name for line in table for name in line.lists}
    heads = {alike(line.text) for line in table if line.text.strip()}
    best: tuple[int, int] | None = None
    for number, each in enumerate(frame.tables):
        own = {column.path for column in each.columns if column.path and not column.mark}
        printed = {alike(text) for row in each.heads for text in row}
        score = 2 * len(paths & own) + (each.field in lists) + (2 * len(printed) if printed <= heads else 0)
        if score > (best[0] if best else 0):
            best = (score, number)
    return best[1] if best else None


def _rows(shown: FrameTable, table: Sequence[Line], made: TableRead) -> list[RowRead]:
    rows: list[RowRead] = []
    heads = {alike(text) for row in shown.heads for text in row}
    heads |= {f"({number})" for number in range(1, len(shown.columns) + 1)}
    group = ""
    for _, together in groupby(table, key=lambda line: line.cell.row if line.cell else 0):
        row = cells(together)
        texts = [text for cell in row for line in cell if (text := alike(line.text))]
        if _is_head(row, texts, heads):
            made.outside += [text for text in texts if text not in heads]
        elif _is_total(shown, row, texts):
            _total(shown, row, made)
        elif shown.grouped and len(row) == 1 and not _paths(row):
            group = "\n".join(texts)
        else:
            read = _row(shown, row)
            read.group = group
            rows.append(read)
    return rows


def _is_head(row: Sequence[Sequence[Line]], texts: Sequence[str], heads: set[str]) -> bool:
    """Whether most of what stands in a row without places is printed in the table's heading."""
    return bool(texts) and not _paths(row) and 2 * sum(text in heads for text in texts) >= len(texts)


def _paths(row: Iterable[Sequence[Line]]) -> set[str]:
    return {hit.path for cell in row for line in cell for hit in line.hits}


def _is_total(shown: FrameTable, row: Sequence[Sequence[Line]], texts: Sequence[str]) -> bool:
    if not shown.total:
        return False
    return bool(_paths(row) & set(shown.totals)) or (bool(texts) and texts[0] == alike(shown.total))


def _total(shown: FrameTable, row: Sequence[Sequence[Line]], made: TableRead) -> None:
    """The last row: its places, else its cells from the right, where the totals stand."""
    lines = [line for cell in row for line in cell]
    hits = [hit for line in lines for hit in line.hits]
    texts = ["\n".join(line.text for line in cell) for cell in row[1:]]
    made.totals += [(hit.path, hit.text, hit.how) for hit in hits]
    if not hits and len(texts) == len(shown.totals):
        made.totals += [(path, text, "label") for path, text in zip(shown.totals, texts, strict=True)]
        lines = list(row[0])
    printed = [item for line in lines for item in line.items if isinstance(item, str) and not says_nothing(item)]
    made.outside += [text for text in printed if alike(text) != alike(shown.total)]


def _row(shown: FrameTable, row: Sequence[Sequence[Line]]) -> RowRead:
    made = RowRead()
    whole = len(row) == len(shown.columns)
    hows = {line_how for cell in row for line in cell if (line_how := _how(line))}
    made.how = "control" if "control" in hows or any(line.lists for cell in row for line in cell) else (
        "bookmark" if hows else "label"
    )  # fmt: skip
    for position, cell in enumerate(row):
        hits = [hit for line in cell for hit in line.hits if hit.path.partition(".")[0] == shown.field]
        column = shown.columns[position] if whole else None
        if hits:
            _held(made, hits, cell)
        elif column is not None:
            _typed(made, column, "\n".join(line.text for line in cell).strip())
        else:
            made.beside += [line.text for line in cell if not says_nothing(line.text)]
    return made


def _how(line: Line) -> How | None:
    return line.hits[0].how if line.hits else None


def _held(made: RowRead, hits: Sequence[Hit], cell: Sequence[Line]) -> None:
    """A cell with places in it; what stands around a place that is blank was meant for it."""
    paths = dict.fromkeys(hit.path for hit in hits)
    around = [item for line in cell for item in line.items if isinstance(item, str) and not says_nothing(item)]
    for path in paths:
        own = [hit for hit in hits if hit.path == path]
        texts = ["" if hit.placeholder else hit.text for hit in own]
        text = "\n".join(texts)
        if around and path == next(iter(paths)):
            made.beside += [] if says_nothing(text) else around
            text = "\n".join(around) if says_nothing(text) else text
        _put(made, path.partition(".")[2], text)


def _put(made: RowRead, column: str, text: str) -> None:
    if column in made.texts and not says_nothing(made.texts[column]) and not says_nothing(text):
        if alike(made.texts[column]) != alike(text):
            made.twice.add(column)
            made.beside.append(text)
        return
    if column not in made.texts or says_nothing(made.texts[column]):
        made.texts[column] = text


def _typed(made: RowRead, column: Column, text: str) -> None:
    """A cell without places: the column's position says what it is."""
    if column.number:
        made.beside += [text] if any(letter.isalpha() for letter in text) else []
    elif column.mark:
        made.marks[f"{column.path}.{column.mark}"] = text
    elif column.path:
        _put(made, column.path.partition(".")[2], text)
    elif not says_nothing(text):
        made.beside.append(text)


def read_items(frame: Frame, filled: Iterable[Filled]) -> Mapping[str, list[RowRead]]:
    """Rows of lists that stand in running text: a row ends where a place comes that it has already."""
    order: dict[str, int] = {}
    for line in frame.lines:
        for path in line.places:
            order.setdefault(path, len(order))
    made: dict[str, list[RowRead]] = defaultdict(list)
    last: dict[str, int] = {}
    for each in filled:
        name, _, column = each.path.partition(".")
        place = order.get(each.path, 0)
        if not made[name] or place <= last[name]:
            made[name].append(RowRead(how=each.how))
        row = made[name][-1]
        row.texts[column] = each.text
        row.beside += each.beside
        last[name] = place
    return made
