"""What can go wrong, and the one shape in which it is told.

    DocgenError            anything that docgen refuses; carries every Problem found, not only the first
    ├── FormError          the fault of a form or of its Word template: its author mends it
    ├── DataError          the fault of the data: whoever gave the data mends it
    └── OutputError        the fault of the machine: disk, rights, a missing program

A Problem says what is wrong, where, and how to mend it, in Vietnamese; its `code` is stable and English.
Errors travel between processes, so every one of them can be pickled.
"""

from __future__ import annotations

import traceback
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

if TYPE_CHECKING:
    from collections.abc import Sequence

Severity = Literal["error", "warning"]

SHOWN_CHARACTERS = 40
"""How much of an offending value a message may show to the person who gave it (a log shows none)."""


def shown(value: object) -> str:
    """The value between «», on one line, shortened to `SHOWN_CHARACTERS`, unprintable characters as U+XXXX."""
    try:
        told = str(value)
    except ValueError:  # Python writes no integer of more than 4,300 digits
        told = "số quá dài"
    text = "".join(c if c.isprintable() else f"[U+{ord(c):04X}]" for c in told[: SHOWN_CHARACTERS + 1])
    if len(text) > SHOWN_CHARACTERS:
        text = text[: SHOWN_CHARACTERS - 1] + "…"
    return f"«{text}»"


def place_of(error: BaseException) -> str:
    """The type of an error that nobody foresaw and where it arose; never its text, which may hold somebody's data."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong (or, as a warning, that may be wrong).

    `row` counts from 1 as a spreadsheet does; `field` is a path such as `ke_hoach[2].han_che` (rows count from 1);
    `label` is the field's printed Vietnamese name; `part` and `paragraph` are a place inside a Word file.
    """

    code: str
    what: str
    cure: str = ""
    severity: Severity = "error"
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    field: str | None = None
    label: str | None = None
    part: str | None = None
    paragraph: str | None = None
    clause: str | None = None

    @property
    def where(self) -> str:
        """The place in Vietnamese, from the widest to the narrowest; empty where there is none."""
        places = [self.file, self.sheet and f"trang tính {self.sheet}", self.row and f"dòng {self.row}"]
        if self.column:
            places.append(f"cột {self.column}")
        if self.label or self.field:
            places.append(f"mục «{self.label or self.field}»")
        places.append(self.part)
        if self.paragraph is not None:
            places.append(f"đoạn {shown(self.paragraph)}")
        return ", ".join(place for place in places if place)

    @property
    def message(self) -> str:
        """The whole sentence for a person: where: what is wrong. How to mend it. (Clause)."""
        told = " ".join(filter(None, (self.what, self.cure, self.clause and f"({self.clause})")))
        return f"{self.where}: {told}" if self.where else told

    def at(self, **place: Any) -> Problem:
        """The same problem at a wider place: fills only what is not known yet (the origin of a row, a file name)."""
        return replace(self, **{name: value for name, value in place.items() if getattr(self, name) is None})

    def as_dict(self) -> dict[str, Any]:
        """The shape of `--json` and of HTTP answers: known places, code, severity, clause and the whole message."""
        told = {
            name: value for name, value in asdict(self).items() if value is not None and name not in _INSIDE_MESSAGE
        }
        return {**told, "message": self.message}


_INSIDE_MESSAGE = frozenset({"what", "cure"})


class DocgenError(Exception):
    """Something was refused; `problems` holds every reason found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(tuple(problems))
        self.problems: tuple[Problem, ...] = tuple(problems)

    @classmethod
    def of(cls, code: str, what: str, cure: str = "", **place: Any) -> Self:
        """An error with one problem."""
        return cls([Problem(code=code, what=what, cure=cure, **place)])

    def at(self, **place: Any) -> Self:
        """The same error with a wider place filled into each problem."""
        return type(self)([problem.at(**place) for problem in self.problems])

    def __str__(self) -> str:
        return "\n".join(problem.message for problem in self.problems)


class FormError(DocgenError):
    """A form or a Word template is at fault; its author mends it."""


class DataError(DocgenError):
    """The data are at fault; whoever gave them mends them."""


class OutputError(DocgenError):
    """The machine is at fault: disk, rights, a missing program."""
