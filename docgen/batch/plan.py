"""Before anything is made: each row has its form, is known again by its code or content, and doubles are told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from importlib.metadata import version
from itertools import islice
from typing import TYPE_CHECKING, Final, overload

from docgen.batch.tasks import Order, Task
from docgen.errors import DataError
from docgen.generate import Press
from docgen.papers.columns import CODE_NAME
from docgen.roster import code_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docgen.batch.options import Options
    from docgen.errors import Problem
    from docgen.papers.profile import Profile
    from docgen.roster import Roster
    from docgen.tables.rows import Row

_SHAPING: Final = ("pattern", "accented", "pdf", "duplex")
"""The options that make another document of the same row, or put it elsewhere."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be made of a list."""

    roster: Roster
    """The list, without its usable rows."""
    rows: dict[int, Row]
    """The usable rows by their number in the list; one whose document stands is let go, to keep memory small."""
    rows_in: int
    owner: str
    """Begins the keys of the list's documents: its form or family, and that they are PDFs, which live beside Word's."""
    presses: Mapping[str, Press]
    """By form id, with their templates compiled."""
    tasks: Sequence[Task]
    """The usable rows in the order of the list."""
    unserved: Sequence[tuple[Row, tuple[Problem, ...]]]
    """Rows for which the family has no form."""
    notes: tuple[Problem, ...]

    def order(self, task: Task) -> Order:
        """The task as a worker gets it."""
        values = self.roster.values(self.rows[task.number])
        return Order(task.number, task.form, self.presses[task.form].own(values), task.code)


def plan(roster: Roster, house: Profile, options: Options) -> Plan:
    """Plan the merge of a list.

    Raises:
        FormError: a template is missing or at fault.
    """
    presses: dict[str, Press] = {}
    prints: dict[str, str] = {}
    served: list[tuple[int, str]] = []
    unserved: list[tuple[Row, tuple[Problem, ...]]] = []
    for number, row in enumerate(roster.rows):
        try:
            form = roster.form(row)
        except DataError as error:
            unserved.append((row, error.problems))
            continue
        if form.id not in presses:
            presses[form.id] = Press(form, house, roster.common).ready()
            prints[form.id] = _print_of(presses[form.id], options)
        served.append((number, form.id))
    owner = f"{roster.name}.pdf" if options.get("pdf") else roster.name
    rows = dict(enumerate(roster.rows))
    bare = replace(roster, read=replace(roster.read, rows=()))
    return Plan(
        roster=bare,
        rows=rows,
        rows_in=roster.rows_in,
        owner=owner,
        presses=presses,
        tasks=_Coming(_tasks(bare, rows, served, prints, owner), len(served)),
        unserved=unserved,
        notes=tuple(roster.doubles()),
    )


class _Coming(Sequence[Task]):
    """Tasks that are made in their order, each when it is first asked for: then workers are busy already."""

    def __init__(self, coming: Iterator[Task], count: int) -> None:
        self._coming, self._count = coming, count
        self._made: list[Task] = []

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> Task: ...
    @overload
    def __getitem__(self, place: slice) -> list[Task]: ...
    def __getitem__(self, place: int | slice) -> Task | list[Task]:
        if isinstance(place, slice):
            return [self[each] for each in range(self._count)[place]]
        at = range(self._count)[place]
        if at >= len(self._made):
            self._made += islice(self._coming, at + 1 - len(self._made))
        return self._made[at]


def _tasks(
    roster: Roster, rows: Mapping[int, Row], served: Sequence[tuple[int, str]], prints: Mapping[str, str], owner: str
) -> Iterator[Task]:
    """A task for each row that has a form; rows without a code that say the same are told apart by their order."""
    seen: dict[str, int] = {}
    for number, form in served:
        values = roster.values(rows[number])
        content = _hash_of(values)
        code = code_of(values) or ""
        times = seen[content] = seen.get(content, 0) + 1
        key = f"{owner}:{CODE_NAME}:{code}" if code else f"{owner}:{content[:32]}:{times}"
        digest = hashlib.sha256(f"{prints[form]}{content}".encode()).hexdigest()[:32]
        yield Task(number, key, digest, form, code)


def _print_of(press: Press, options: Options) -> str:
    """A fingerprint of everything but the row that shapes a document: the program, form, templates, common values."""
    told = {
        "program": version("docgen"),
        "options": {name: options.get(name) for name in _SHAPING},
        "form": press.form.model_dump(mode="json"),
        "templates": press.templates_sha256(),
        "common": press.common,
        "profile": press.house.values,
        "rules": [press.house.layout_rules.model_dump(), press.house.rating_rules.model_dump()],
    }
    return _hash_of(told)


def _hash_of(values: Mapping[str, object]) -> str:
    """The sha256 of everything that the values say; each is told with its length, so that none runs into the next."""
    said = [
        f"{name}::{len(value)}:{value}" if type(value) is str else _typed(name, value)
        for name, value in sorted(values.items())
    ]
    return hashlib.sha256("".join(said).encode("utf-8", "surrogatepass")).hexdigest()


def _typed(name: str, value: object) -> str:
    """A value that is no text with its kind, so that a date, a number and a text of the same letters stay different."""
    text = str(value) if isinstance(value, _SINGLE) else _WRITTEN(value)
    return f"{name}:{type(value).__name__}:{len(text)}:{text}"


def _unwritten(value: object) -> list[str] | dict[str, object]:
    """What JSON has no word for, inside a list or a group."""
    return dict(value) if isinstance(value, Mapping) else [type(value).__name__, str(value)]


_SINGLE: Final = (int, Decimal, date)
"""The kinds of cells, beside text, of which `str` tells everything; anything else is written as JSON."""
_WRITTEN: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=_unwritten).encode
