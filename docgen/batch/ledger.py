"""What was made: one JSON line for each document, so that a run that was stopped goes on where it was.

A group of documents is entered before its files get their final names and sealed after that, and each entry is on the
disk before the next step begins. An entry behind the last seal is a claim that the files must prove by their sha256;
a sealed one is known. So the ledger never claims a file that is not whole, whenever the power fails, and no file that
stands under its final name is unknown to it. Only the coordinator writes it, under a lock.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import PurePosixPath
from sys import intern
from typing import TYPE_CHECKING, Any, Final, Self

from docgen.errors import DataError
from docgen.files import not_written, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from types import TracebackType

    from docgen.batch.tasks import Made, Task

_SEAL: Final = {"sealed": True}
_WRITTEN: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_VERSION: Final = {"docgen_ledger": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One document: which row it is of, what it was made from, where it stands."""

    key: str
    """Whose it is: the list's form or family, and the row's code or content."""
    digest: str
    """What it was made from: the row, common values, form, template, rules; another digest is another document."""
    path: str
    """Below the output folder, or inside the zip."""
    wanted: str
    """The path that its pattern gave, before it was kept apart from others."""
    sha256: str
    size: int
    form: str
    edition: str
    who: str = ""
    unit: str = ""
    code: str = ""
    pages: int | None = None
    replaces: str = ""
    """The path of the file that this one takes the place of, where that is another one, and what that file held."""
    replaced_sha256: str = ""
    store: str = ""
    """The number of the file that holds it, where it stands in one of several (the parts of a zip)."""
    offset: int = 0
    """Where in that file its bytes begin."""


def entry_of(
    task: Task, made: Made, path: str, before: Entry | None = None, *, store: str = "", offset: int = 0
) -> Entry:
    """The entry of a document that goes to `path`, where `before` names another file of the same row.

    What many entries share is kept once: a province has hundreds of thousands of them.
    """
    moved = before is not None and before.path != path
    return Entry(
        key=task.key, digest=task.digest, path=path, wanted=made.wanted, sha256=made.sha256, size=made.size,
        form=intern(made.form), edition=intern(made.edition), who=made.who, unit=intern(made.unit), code=task.code,
        pages=made.pages, store=store, offset=offset,
        replaces=before.path if before and moved else "", replaced_sha256=before.sha256 if before and moved else "",
    )  # fmt: skip


_SHORT: Final = {
    "key": "k", "digest": "d", "path": "p", "wanted": "q", "sha256": "s", "size": "n", "form": "f", "edition": "e",
    "who": "w", "unit": "u", "code": "c", "pages": "g", "replaces": "r",
    "replaced_sha256": "x", "store": "z", "offset": "o",
}  # fmt: skip
_LONG: Final = {short: name for name, short in _SHORT.items()}
_DEFAULTS: Final = tuple(next(each.default for each in fields(Entry) if each.name == name) for name in _SHORT)
_VALUES: Final = attrgetter(*_SHORT)
_KINDS: Final = tuple((each.name, str(each.type)) for each in fields(Entry))


class Ledger:
    """The ledger file of one output, open for adding; what it held is in `entries`."""

    def __init__(self, place: Path, *, prove: Callable[[Entry], bool]) -> None:
        """Open or begin the ledger.

        Args:
            place: the file.
            prove: whether the file of an unsealed entry stands there whole.

        Raises:
            DataError: `ledger-damaged`: the file is no ledger, or was changed by hand.
            OutputError: the file cannot be read or written.
        """
        self.place = place
        self.part = place.with_name(f"{place.name}.part")
        """Where a file waits until it is whole: one that a run which was killed has left there is gone now."""
        self.entries: dict[str, Entry] = {}
        """The newest entry of each key."""
        try:
            self.part.unlink(missing_ok=True)
            before = place.read_bytes() if place.exists() else b""
            sealed, last = self._read(before)
            self.unsealed = tuple(entry for entry in last if prove(entry))
            """Entries of the last, unfinished group that have proven true; who finishes their work then seals them."""
            after = before[:sealed] + b"".join(_line(_told_of(entry)) for entry in self.unsealed) or _line(_VERSION)
            if after != before:
                write_whole(place, after, part=self.part)
            self._file = place.open("ab", buffering=0)
        except OSError as error:
            raise not_written(place, error) from error
        self.entries.update((entry.key, entry) for entry in self.unsealed)
        self._open_group = bool(self.unsealed)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def enter(self, entries: Iterable[Entry]) -> None:
        """Enter a group, sealing the one before; when this returns, the disk has it.

        Raises:
            OutputError: it could not be written.
        """
        group = list(entries)
        self._durably([*([_SEAL] if self._open_group else []), *map(_told_of, group)])
        self._open_group = True
        self.entries.update((entry.key, entry) for entry in group)

    def seal(self) -> None:
        """Say that all files entered so far stand under their names.

        Raises:
            OutputError: it could not be written.
        """
        if self._open_group:
            self._durably([_SEAL])
            self._open_group = False

    def close(self) -> None:
        """Close the file; what was not sealed stays a claim."""
        self._file.close()

    def _durably(self, told: Iterable[dict[str, Any]]) -> None:
        content = memoryview(b"".join(map(_line, told)))
        try:
            while content:
                content = content[self._file.write(content) :]
            os.fsync(self._file.fileno())
        except OSError as error:
            raise not_written(self.place, error, len(content) or 1) from error

    def _read(self, content: bytes) -> tuple[int, list[Entry]]:
        """Take in what is sealed; how many bytes that is, and the entries behind it, without a torn end."""
        last: list[Entry] = []
        sealed = position = 0
        for raw in content.splitlines(keepends=True):
            told = _told_by(raw)
            if told is None and not _is_sealed_later(content, position):
                break  # torn when the power or the disk came to its end: what it began to say did not happen
            position += len(raw)
            if told == _SEAL or (told == _VERSION and not sealed):
                self.entries.update((each.key, each) for each in last)
                last, sealed = [], position
            elif told is None or not sealed:
                raise self._damaged()
            else:
                last.append(self._entry(told))
        if content and not sealed:
            raise self._damaged()
        return sealed, last

    def _entry(self, told: dict[str, Any]) -> Entry:
        try:
            entry = Entry(**{_LONG[short]: value for short, value in told.items()})
        except (KeyError, TypeError):
            raise self._damaged() from None
        if not all(_is_right(getattr(entry, name), kind) for name, kind in _KINDS):
            raise self._damaged()
        if not entry.path or any(_leads_outside(each) for each in (entry.path, entry.replaces)):
            raise self._damaged()
        if entry.store and not (entry.store.isascii() and entry.store.isdecimal()):
            raise self._damaged()
        return entry

    def _damaged(self) -> DataError:
        what = "Sổ ghi các văn bản đã tạo bị hỏng hoặc đã bị sửa tay nên không biết văn bản nào đã tạo."
        cure = f"Chọn nơi ghi khác; hoặc xóa tệp {self.place.name} rồi chạy lại với --overwrite để tạo lại tất cả."
        return DataError.of("ledger-damaged", what, cure, file=self.place.name)


def _told_by(raw: bytes) -> dict[str, Any] | None:
    """What one whole line says; None where it is torn."""
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) and raw.endswith(b"\n") else None


def _is_sealed_later(content: bytes, position: int) -> bool:
    """Whether more was entered behind a line that cannot be read: then no power cut tore it."""
    return any(_told_by(raw) == _SEAL for raw in content[position:].splitlines(keepends=True))


def _is_right(value: object, kind: str) -> bool:
    """Whether a value is what the declaration of its field says: a text, or a number that counts something."""
    if kind == "str":
        return isinstance(value, str)
    return (value is None and "None" in kind) or (type(value) is int and value >= 0)


def _line(told: dict[str, Any]) -> bytes:
    return _WRITTEN(told).encode() + b"\n"


def _told_of(entry: Entry) -> dict[str, Any]:
    told = zip(_LONG, _VALUES(entry), _DEFAULTS, strict=True)
    return {short: value for short, value, default in told if value != default}


def _leads_outside(path: str) -> bool:
    steps = PurePosixPath(path)
    return steps.is_absolute() or ".." in steps.parts or "\\" in path or ":" in path or "\0" in path
