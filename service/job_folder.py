"""One merge on the disk: `asked.json`, the list, `state.json`, `output/`, and marks of what was asked of it since.

`state.json` is written whole by one process at a time: by the server until the job is queued, then by the consumer.
What the server asks of a job later it says by marks, so that two writers never meet.
"""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal

from docgen.files import write_whole
from docgen.viet.numbers import format_decimal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from docgen.tables.old_text import Convert

State = Literal["queued", "running", "done", "failed", "cancelled"]
UNDER_WAY: Final = frozenset({"queued", "running"})
RESULT, ERRORS, INDEX = "result.zip", "errors.xlsx", "index.xlsx"
_MERGED: Final = "ket_qua.zip"
_PRINTED: Final = "ban_in"
_INNER: Final = frozenset({"attempts", "furthest"})
_UNREADABLE: Final = (OSError, ValueError, TypeError, KeyError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody asks of a merge."""

    name: str
    """The id or alias of a form, or a family."""
    list_name: str
    """The name of the list's file, as its owner has it; its ending says what kind of text a text is."""
    common: Mapping[str, Any] | None = None
    """Values for every row."""
    convert: Convert | None = None
    """Which old encoding may be turned into Unicode."""
    pattern: str | None = None
    """Where each document goes."""
    accented: bool = False
    """Keep Vietnamese letters in names of files and folders."""
    sheet: str | None = None
    """The title of the sheet to read."""
    pdf: bool = False
    """PDFs instead of Word files."""
    print: Literal["", "docx", "pdf"] = ""
    """One print file of this kind instead of a file for each person."""
    duplex: bool = False
    """In a print file each person begins on a front page."""
    refuse_secret: bool = False
    """Make no paper with a secrecy mark: as the settings were when it was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobState:
    """How far a merge is; at its end `rows_in = done + skipped + failed`."""

    id: str
    state: State = "queued"
    rows_in: int = 0
    done: int = 0
    unchanged: int = 0
    skipped: int = 0
    failed: int = 0
    settled: int = 0
    """Rows of which it is known what became of them, while it runs; `total` is the number of all."""
    total: int = 0
    seconds: float = 0.0
    """How long it has been running."""
    rate: float | None = None
    """Rows settled in a second; None while that is not known."""
    seconds_left: float | None = None
    problems: tuple[Mapping[str, Any], ...] = ()
    """What was found, in the shape of `Problem.as_dict`; capped, the list of bad rows has all of them."""
    has_result: bool = False
    has_errors: bool = False
    attempts: int = 0
    """How often it was begun since it last came further: a list that kills its reader is not read for ever."""
    furthest: int = 0
    """The most rows that were ever settled."""

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it, without what only the consumer needs to know."""
        return {name: value for name, value in self._stored().items() if name not in _INNER}

    def written(self) -> bytes:
        """As it is stored."""
        return json.dumps(self._stored(), ensure_ascii=False).encode()

    def _stored(self) -> dict[str, Any]:
        return {**asdict(self), "problems": list(self.problems)}


@dataclass(frozen=True, slots=True)
class Kept:
    """A merge that is kept, as its owner finds it again."""

    state: JobState
    list_name: str
    changed: float
    """When its state was last written, in seconds since the epoch."""


class NoJobError(Exception):
    """There is no such job (any more), or its files cannot be read: an older version wrote them, for one."""


class JobFolder:
    """The files of one job."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.id = place.name
        self.output = place / "output"

    def create(self, asked: Asked, content: bytes, owner: str) -> None:
        """Write a new job; it is there when its state is, which is written last.

        Raises:
            OutputError: the disk is full, or refuses.
            OSError: the folder could not be made.
        """
        self.place.mkdir(mode=0o700)
        self.output.mkdir(mode=0o700)
        told = {"owner": owner, "asked": asdict(asked)}
        write_whole(self.place / "asked.json", json.dumps(told, ensure_ascii=False, default=_number).encode())
        self.list_of(asked).parent.mkdir(mode=0o700)
        write_whole(self.list_of(asked), content)
        self.write(JobState(id=self.id))

    def list_of(self, asked: Asked) -> Path:
        """Where the list lies, under its own name, which messages tell."""
        return self.place / "input" / asked.list_name

    def told(self) -> tuple[Asked, str]:
        """What was asked, and by whom.

        Raises:
            NoJobError: see there.
        """
        try:
            read = json.loads((self.place / "asked.json").read_text("utf-8"))
            return Asked(**read["asked"]), str(read["owner"])
        except _UNREADABLE:
            raise NoJobError from None

    def read(self) -> JobState:
        """The state as it was written last.

        Raises:
            NoJobError: see there.
        """
        try:
            read = json.loads((self.place / "state.json").read_text("utf-8"))
            return JobState(**{**read, "problems": tuple(read["problems"])})
        except _UNREADABLE:
            raise NoJobError from None

    def write(self, state: JobState) -> None:
        """Write the state, whole.

        Raises:
            OutputError: it could not be written; the folder is gone, for one.
        """
        write_whole(self.place / "state.json", state.written())

    def changed(self) -> float:
        """When the state was last written, in seconds since the epoch; of a job without one, when it was begun.

        Raises:
            OSError: there is no such job (any more).
        """
        with suppress(FileNotFoundError):
            return (self.place / "state.json").stat().st_mtime
        return self.place.stat().st_mtime

    def ask_to_stop(self) -> None:
        """Leave the mark that the consumer looks for."""
        (self.place / "cancel").touch(mode=0o600)

    @property
    def is_asked_to_stop(self) -> bool:
        """Whether it was cancelled, or is being deleted."""
        return (self.place / "cancel").exists() or not self.place.exists()

    def cancel(self) -> None:
        """Say that it was cancelled, and remove its content; a job that is gone needs neither.

        Raises:
            NoJobError: it was deleted just now.
            OutputError: its state cannot be written.
        """
        self.write(replace(self.read(), state="cancelled", rate=None, seconds_left=None))
        self.forget_content(outputs=True)

    def target(self, asked: Asked) -> Path:
        """Where the merge writes."""
        return self.output / (f"{_PRINTED}.{asked.print}" if asked.print else _MERGED)

    def forget_content(self, *, outputs: bool) -> None:
        """Remove the list, with `outputs` also what was made of it."""
        shutil.rmtree(self.place / "input", ignore_errors=True)
        if outputs:
            shutil.rmtree(self.output, ignore_errors=True)


def _number(value: object) -> str:
    """A decimal as people type it: the reader of records takes no point for the comma."""
    if isinstance(value, Decimal):
        return format_decimal(value)
    raise TypeError(f"no value of a record is a {type(value).__name__}")
