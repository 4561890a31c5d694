"""How a list is cut into print files: by chi bộ and given name, no more persons in one than a printer's tray takes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from docgen.batch.names import UNIT
from docgen.viet.names import sort_key, text_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from docgen.batch.plan import Plan
    from docgen.batch.tasks import Task

PERSONS_IN_A_FILE: Final = 200


@dataclass(frozen=True, slots=True)
class Volume:
    """One print file to be: its name, and whose papers stand in it, in order."""

    name: str
    tasks: tuple[Task, ...]


def volumes(plan: Plan, place: Path, split: int) -> list[Volume]:
    """The print files of a list. A chi bộ is parted only where it alone is larger than `split`.

    One file bears the name asked for; of several, each that name and its number.
    """
    parts = list(_parts(_in_order(plan), split))
    digits = max(2, len(str(len(parts))))
    names = (
        [place.name]
        if len(parts) == 1
        else [f"{place.stem}-{n:0{digits}}{place.suffix}" for n in range(1, len(parts) + 1)]
    )
    return [Volume(name, tuple(part)) for name, part in zip(names, parts, strict=True)]


def _in_order(plan: Plan) -> list[tuple[str, list[Task]]]:
    """The tasks of each chi bộ, by given name; the chi bộ by the alphabet, numbers by value."""
    named = [(*_unit_and_name(plan, task), task) for task in plan.tasks]
    unit_key = lru_cache(maxsize=None)(text_key)
    named.sort(key=lambda each: (unit_key(each[0]), each[0], sort_key(each[1])))
    return [(unit, [task for _, _, task in group]) for unit, group in groupby(named, key=lambda each: each[0])]


def _unit_and_name(plan: Plan, task: Task) -> tuple[str, str]:
    """As the row gives them; a paper without a chi bộ or a name stands under a blank one."""
    values = plan.roster.values(plan.rows[task.number])
    form = plan.presses[task.form].form
    unit: Any = values.get(UNIT, plan.roster.common.get(UNIT, "")) if UNIT in form.fields else ""
    name: Any = values.get(form.name_fields[0], "") if form.name_fields else ""
    return str(unit), str(name)


def _parts(units: Iterable[tuple[str, list[Task]]], split: int) -> Iterator[Sequence[Task]]:
    part: list[Task] = []
    for _, tasks in units:
        if part and len(part) + len(tasks) > split:
            yield part
            part = []
        for start in range(0, len(tasks), split):
            piece = tasks[start : start + split]
            if len(part) + len(piece) > split:
                yield part
                part = []
            part += piece
    if part:
        yield part
