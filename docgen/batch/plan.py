"""Before anything is made: each row has its form, is known again by its code or content, and doubles are told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from docgen.batch.tasks import Order, Task
from docgen.errors import DataError
from docgen.generate import Press
from docgen.papers.columns import CODE_NAME
from docgen.roster import code_of

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    owner = f"{roster.name}.pdf" if options.get("pdf") else roster.name
    presses: dict[str, Press] = {}
    prints: dict[str, str] = {}
    tasks: list[Task] = []
    unserved: list[tuple[Row, tuple[Problem, ...]]] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(roster.rows):
        values = roster.values(row)
        try:
            form = roster.form(values)
        except DataError as error:
            unserved.append((row, error.problems))
            continue
        if form.id not in presses:
            presses[form.id] = Press(form, house, roster.common).ready()
            prints[form.id] = _print_of(presses[form.id], options)
        content = _hash_of(values)
        code = code_of(values) or ""
        times = seen[content] = seen.get(content, 0) + 1
        key = f"{owner}:{CODE_NAME}:{code}" if code else f"{owner}:{content[:32]}:{times}"
        digest = hashlib.sha256(f"{prints[form.id]}{content}".encode()).hexdigest()[:32]
        tasks.append(Task(number, key, digest, form.id, code))
    return Plan(
        roster=replace(roster, read=replace(roster.read, rows=())),
        rows=dict(enumerate(roster.rows)),
        rows_in=roster.rows_in,
        owner=owner,
        presses=presses,
        tasks=tasks,
        unserved=unserved,
        notes=tuple(roster.doubles()),
    )


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
    return hashlib.sha256(_WRITTEN(values).encode("utf-8", "surrogatepass")).hexdigest()


def _typed(value: object) -> list[str] | dict[str, object]:
    """What JSON has no word for, so that a date, a number and a text of the same letters stay different."""
    if isinstance(value, Mapping):
        return dict(value)
    return [type(value).__name__, value.isoformat() if isinstance(value, date) else str(value)]


_WRITTEN: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=_typed, separators=(",", ":")).encode
