"""The list of bad rows: the columns of the list they came from, their values as they were, and why each was refused.

It can be mended and read again as it is: reading passes over the column of reasons.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from docgen.tables.excel import Column, Marked, SheetOut
from docgen.tables.headings import REASON_HEADING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from docgen.errors import Problem
    from docgen.tables.excel import Value
    from docgen.tables.rows import FaultyRow, Heading, Row

_REASON_WIDTH = 60


def bad_rows_sheet(
    title: str, headings: Sequence[Heading], bad: Iterable[FaultyRow], known: Mapping[str, Column] | None = None
) -> SheetOut:
    """The sheet of these rows; cells whose problem names their column or heading are coloured.

    `known` says what the columns under some headings are like (their width, checks, choices).
    """
    like = known or {}
    columns = [
        *(
            replace(like[heading.text], heading=heading.text) if heading.text in like else Column(heading=heading.text)
            for heading in headings
        ),
        Column(heading=REASON_HEADING, width=_REASON_WIDTH),
    ]
    rows = (list(_cells(headings, row)) for row in bad)
    return SheetOut(title=title, columns=columns, rows=rows, checked=bool(known), page=True)


def rows_sheet(title: str, headings: Sequence[Heading], rows: Iterable[Row]) -> SheetOut:
    """Rows that go with bad ones, as they were."""
    columns = [Column(heading=heading.text) for heading in headings]
    cells = ([_value(row.values.get(heading.text)) for heading in headings] for row in rows)
    return SheetOut(title=title, columns=columns, rows=cells, page=True)


def _cells(headings: Sequence[Heading], bad: FaultyRow) -> Iterator[Value | Marked]:
    for heading in headings:
        value = _value(bad.row.values.get(heading.text))
        about = [problem for problem in bad.problems if _concerns(problem, heading)]
        yield Marked(value, "error", "\n".join(_said(problem) for problem in about)) if about else value
    where = f"Dòng {bad.row.origin.row} của {bad.row.origin.file}:" if bad.row.origin.file else ""
    yield Marked("\n".join(filter(None, (where, *map(_reason, bad.problems)))), "error")


def _concerns(problem: Problem, heading: Heading) -> bool:
    if problem.column is not None:
        return problem.column == heading.column
    return problem.label == heading.text


def _reason(problem: Problem) -> str:
    where = problem.label or (f"Cột {problem.column}" if problem.column else "")
    return f"{where}: {_said(problem)}" if where else _said(problem)


def _said(problem: Problem) -> str:
    return f"{problem.what} {problem.cure}".strip()


def _value(value: object) -> Value:
    """A value as a cell holds it; lists (of a JSON list) by their lines."""
    if value is None or isinstance(value, str | int | Decimal | bool | date):
        return value
    if isinstance(value, Sequence) and all(isinstance(each, str) for each in value):
        return "\n".join(value)
    return json.dumps(value, ensure_ascii=False, default=str)
