"""What the merge passes on: a row to be made, what a worker made of it, what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docgen.batch.ledger import Entry
    from docgen.errors import Problem

State = Literal["done", "unchanged", "failed"]


@dataclass(frozen=True, slots=True)
class Task:
    """One usable row of the list, by its number in it (from 0)."""

    number: int
    key: str
    """Whose document it is: the form or family, and the row's code or content."""
    digest: str
    """What the document will be made from."""
    form: str
    code: str


class Order(NamedTuple):
    """A task as a worker gets it."""

    number: int
    form: str
    values: Mapping[str, object]
    code: str


class Made(NamedTuple):
    """What a worker made of an order: a document, or the problems that stood against it."""

    number: int
    problems: tuple[Problem, ...]
    """Errors, and then there is no document; or warnings."""
    content: bytes | None = None
    part: str = ""
    """The name under which the worker left the document in the folder for parts, instead of giving its content."""
    sha256: str = ""
    size: int = 0
    wanted: str = ""
    """Its path below the output, by the pattern."""
    form: str = ""
    edition: str = ""
    layout: str = ""
    who: str = ""
    unit: str = ""
    pages: int | None = None


class Outcome(NamedTuple):
    """What became of one task, and where its document stands."""

    task: Task
    state: State
    problems: tuple[Problem, ...]
    entry: Entry | None


class Finished(NamedTuple):
    """Where the results of a merge stand."""

    outputs: tuple[str, ...]
    bad_rows: str | None
