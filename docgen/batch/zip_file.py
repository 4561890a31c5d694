"""Documents into one zip, stored as they are (a .docx is deflated already), streamed, of any size.

A run writes a new file beside the old one, `OUT.zip.3.part`, and renames it when it is complete. What an earlier run
made, in the finished zip or in the part of a run that was stopped, is copied from there, by the ledger's offsets and
only if its sha256 is still true; so nothing is made twice, and a torn file gives nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
import zlib
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from docgen.batch.books import INDEX_NAME, Books, documents
from docgen.batch.ledger import Entry, Ledger, entry_of
from docgen.batch.names import Taken
from docgen.batch.standing import standing
from docgen.batch.tasks import Finished, Outcome
from docgen.errors import OutputError, shown
from docgen.files import not_written, path_text, sync_folder

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from docgen.batch.options import Options
    from docgen.batch.plan import Plan
    from docgen.batch.tasks import Made, Task
    from docgen.batch.work import Ending

WHOLE_KEY: Final = ":zip"
"""The ledger's entry of the finished zip: its size, and the sha256 of its directory, which names every member."""
_FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)
_RIGHTS, _UNIX = 0o644 << 16, 3
_WAITING: Final = 1024 * 1024
"""So many bytes wait to be written at once; a system takes them for a third of what it costs in pieces."""


class ZipFile:
    """A zip as the goal of a merge; the caller holds its lock."""

    parts = None

    def __init__(self, place: Path, plan: Plan, options: Options) -> None:
        """Open the goal.

        Raises:
            DataError: `ledger-damaged`.
            OutputError: `file-exists` for a zip that no merge made, or that was changed since; it cannot be read.
        """
        self.place = place
        self.ending: Ending = "pdf" if options.get("pdf") else "docx"
        self._ledger = Ledger(ledger_of(place), prove=self._proves)
        self._books = Books(self._ledger, place.parent, owner=plan.roster.name, prefix=f"{place.name}.")
        self._whole = self._ledger.entries.get(WHOLE_KEY)
        self._known = {entry.key: entry for entry in documents(self._ledger.entries.values())}
        self._taken = Taken(entry.path for entry in self._known.values())
        stores = {int(entry.store) for entry in self._ledger.entries.values() if entry.store}
        self._store = str(max(stores, default=0) + 1)
        self._writing: _Writing | None = None
        self._kept: list[Entry] = []
        """What earlier runs made, in the order of this one; copied once something new makes a new zip necessary."""
        self._in_the_zip: dict[str, Entry] = {}
        try:
            if place.exists() and not options.get("overwrite"):
                self._refuse_a_strangers_zip()
            self._remove_parts(keep=stores)
        except BaseException:
            self._ledger.close()
            raise

    def _refuse_a_strangers_zip(self) -> None:
        if self._whole is None or not self._proves(self._whole):
            what = f"{shown(path_text(self.place.name))} không do lần trộn nào tạo ra, hoặc đã bị thay đổi."
            raise OutputError.of("file-exists", what, "Chọn tên khác, hoặc thêm --overwrite.")

    @property
    def entries(self) -> Mapping[str, Entry]:
        """The newest entry of each document, by key."""
        return {**self._known, **self._in_the_zip}

    def arranged(self, tasks: Sequence[Task]) -> Sequence[Task]:
        """As the list has them."""
        return tasks

    def standing(self, tasks: Iterable[Task]) -> Iterator[Outcome | Task]:
        """What the zip, or the part of a run that was stopped, holds already."""
        for task in tasks:
            entry = self._known.get(task.key)
            if entry is not None and entry.digest == task.digest and self._proves(entry):
                yield Outcome(task, "unchanged", (), entry)
            else:
                yield task

    def put(self, group: Sequence[tuple[Task, Made] | Outcome]) -> Iterator[Outcome]:
        """Add a group of documents; when the first outcome is read, the disk has them.

        Raises:
            OutputError: the disk fails; the part that was written stays for the next run.
        """
        added: list[Entry] = []
        outcomes: list[Outcome] = []
        for item in group:
            if isinstance(item, Outcome):
                if item.entry is not None:
                    added += self._keep(item.entry)
                outcomes.append(item)
            else:
                task, made = item
                added += self._begin()
                added.append(self._added(task, made))
                outcomes.append(Outcome(task, "done", made.problems, added[-1]))
        self._enter(added)
        yield from outcomes

    def rest(self) -> Iterator[Outcome]:
        """Nothing: a group is settled when it is put."""
        return iter(())

    def holds(self, entry: Entry) -> bool:
        """Whether the document can still be had; the zip keeps it, though the list does not name it any more."""
        return entry.key in self._in_the_zip or self._proves(entry)

    def finish(self, index: bytes | None, bad_rows: bytes | None) -> Finished:
        """Complete the zip, with the index as its last member, and write the list of bad rows beside it.

        Raises:
            OutputError: they could not be written.
        """
        if index is not None:
            self._complete(index)
        bad = self._books.put_bad_rows(bad_rows)
        beside = path_text(self.place.parent / bad) if bad else None
        outputs = [path_text(self.place)] if self.place.exists() else []
        return Finished((*outputs, *([beside] if beside else [])), beside)

    def close(self) -> None:
        """Let go of the zip; the part of a run that was stopped stays for the next one."""
        if self._writing is not None:
            self._writing.drop()
        self._ledger.close()

    def _complete(self, index: bytes) -> None:
        """Put the zip in its place, unless the one that is there is the same already."""
        seen = {entry.key for entry in self._kept} | self._in_the_zip.keys()
        others = [entry for key, entry in self._known.items() if key not in seen and self._proves(entry)]
        if self._writing is None and self._is_already([*self._kept, *others], index):
            return
        added = self._begin()
        for entry in others:
            added += self._keep(entry)
        self._enter(added)
        if self._writing is None:
            return
        self._writing.add(INDEX_NAME, index)
        size, start, sha256 = self._writing.close()
        part = self._part(self._store)
        whole = Entry(
            key=WHOLE_KEY, digest=_sha256(index), path=self.place.name, wanted="", sha256=sha256, size=size,
            form="", edition="", store=self._store, offset=start,
        )  # fmt: skip
        self._ledger.enter([whole])
        try:
            os.replace(part, self.place)  # noqa: PTH105 - Path.replace is the same call
            sync_folder(self.place.parent)
        except OSError as error:
            raise not_written(self.place, error) from error
        self._ledger.seal()
        self._remove_parts(keep=())

    def _remove_parts(self, *, keep: Container[int]) -> None:
        """Take away parts from which nothing is to be had: those before the finished zip, and those not in `keep`."""
        ours = re.compile(re.escape(self.place.name) + r"\.([0-9]+)\.part")
        whole = self._ledger.entries.get(WHOLE_KEY)
        finished = int(whole.store) if whole is not None and self._proves(whole) else 0
        try:
            for file in list(self.place.parent.iterdir()):
                part = ours.fullmatch(file.name)
                if part and (int(part[1]) < finished or int(part[1]) not in keep):
                    file.unlink()
        except OSError as error:
            raise not_written(self.place, error) from error

    def _is_already(self, entries: Sequence[Entry], index: bytes) -> bool:
        """Whether the finished zip holds just these documents in this order, and this index."""
        whole = self._whole
        if whole is None or whole.digest != _sha256(index) or not self._proves(whole):
            return False
        there = sorted(
            (each for each in self._known.values() if each.store == whole.store), key=lambda each: each.offset
        )
        return [each.key for each in there] == [each.key for each in entries]

    def _begin(self) -> list[Entry]:
        """A new zip, if none is begun, with everything that was kept so far."""
        if self._writing is not None:
            return []
        self._writing = _Writing(self._part(self._store))
        return [self._copy(entry) for entry in self._kept]

    def _keep(self, entry: Entry) -> list[Entry]:
        if self._writing is None:
            self._kept.append(entry)
            return []
        return [self._copy(entry)]

    def _copy(self, entry: Entry) -> Entry:
        content = self._content(entry)
        if content is None:
            what = f"Phần đã tạo trước đây của {shown(path_text(self.place.name))} vừa bị thay đổi."
            raise OutputError.of("output-changed", what, "Không mở, không sửa tệp đó trong lúc trộn; chạy lại lệnh.")
        copied = replace(entry, store=self._store, offset=self._stored(entry.path, content))
        self._in_the_zip[entry.key] = copied
        return copied

    def _added(self, task: Task, made: Made) -> Entry:
        path = self._path(task, made)
        offset = self._stored(path, made.content or b"")
        added = entry_of(task, made, path, store=self._store, offset=offset)
        self._in_the_zip[task.key] = added
        return added

    def _stored(self, path: str, content: bytes) -> int:
        assert self._writing is not None  # noqa: S101 - every caller has begun it
        return self._writing.add(path, content)

    def _path(self, task: Task, made: Made) -> str:
        before = self._known.get(task.key)
        if before and before.wanted == made.wanted:
            return before.path
        path = self._taken.free(made.wanted, task.code)
        if before:
            self._taken.release(before.path)
        return path

    def _enter(self, added: Sequence[Entry]) -> None:
        if added and self._writing is not None:
            self._writing.sync()
            self._ledger.enter(added)

    def _part(self, store: str) -> Path:
        return self.place.with_name(f"{self.place.name}.{store}.part")

    def _proves(self, entry: Entry) -> bool:
        if entry.key == WHOLE_KEY:
            return _directory(self.place, entry) == entry.sha256
        if not entry.store:
            return standing(self.place.parent, entry) == "intact"
        return self._content(entry) is not None

    def _content(self, entry: Entry) -> bytes | None:
        """The document of an entry, from the part in which it was written or the zip that this became."""
        for file in (self._part(entry.store), self.place):
            try:
                with file.open("rb") as opened:
                    if os.fstat(opened.fileno()).st_size < entry.offset + entry.size:
                        continue
                    opened.seek(entry.offset)
                    content = opened.read(entry.size)
            except OSError:
                continue
            if _sha256(content) == entry.sha256:
                return content
        return None


class _Writing:
    """A zip under way."""

    def __init__(self, part: Path) -> None:
        self._part = part
        self._durable = 0
        """So many bytes, and then the name of the part as well, would survive a power cut."""
        try:
            self._file = part.open("xb", buffering=_WAITING)
        except OSError as error:
            raise not_written(part, error) from error
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_STORED, allowZip64=True)

    def add(self, path: str, content: bytes) -> int:
        """Store a member; where its content begins in the file.

        `writestr` goes back to write the head again, and each time passes on what waits: several small writes for a
        document, where a large one takes many documents.
        """
        member = zipfile.ZipInfo(path, _FIRST_DAY)
        member.create_system, member.external_attr = _UNIX, _RIGHTS
        member.CRC, member.file_size, member.compress_size = zlib.crc32(content), len(content), len(content)
        member.header_offset = self._zip.start_dir
        head = member.FileHeader()
        self._zip.filelist.append(member)
        self._zip.start_dir += len(head) + len(content)
        try:
            self._file.write(head)
            self._file.write(content)
        except OSError as error:
            raise self._failed(error) from error
        return self._zip.start_dir - len(content)

    def sync(self) -> None:
        """Wait until the disk has everything so far, the first time the name of the part, too."""
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            if not self._durable:
                sync_folder(self._part.parent)
            self._durable = self._zip.start_dir
        except OSError as error:
            raise self._failed(error) from error

    def close(self) -> tuple[int, int, str]:
        """Write the directory; the size of the file, where the directory begins, its sha256."""
        start = self._zip.start_dir
        try:
            self._zip.close()
            self.sync()
            size = self._file.tell()
            self._file.close()
            return size, start, _tail(self._part, start)
        except OSError as error:
            raise self._failed(error) from error

    def drop(self) -> None:
        """Leave the part as it is."""
        with suppress(OSError, ValueError):
            self._zip.fp = None  # else the zip would write a directory of its own when it is forgotten
            self._file.close()

    def _failed(self, error: OSError) -> OutputError:
        return not_written(self._part, error, max(1, self._zip.start_dir - self._durable))


def ledger_of(place: Path) -> Path:
    """The ledger beside a single-file output."""
    return place.with_name(f"{place.name}.ledger.jsonl")


def _directory(place: Path, whole: Entry) -> str | None:
    try:
        return _tail(place, whole.offset) if place.stat().st_size == whole.size else None
    except OSError:
        return None


def _tail(file: Path, start: int) -> str:
    with file.open("rb") as opened:
        opened.seek(start)
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
