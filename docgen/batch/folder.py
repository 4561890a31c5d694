"""Documents into a folder tree, each whole or not at all; what an earlier run or a person left there is respected.

Workers leave finished documents in `.docgen/parts`, synced. For a group of them the ledger is entered first, then each
gets its final name, then the folders are synced, then what they replace is taken away: see `docgen.batch.ledger` for
what that is worth.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final, NamedTuple

from docgen.batch.books import Books, documents
from docgen.batch.ledger import Ledger, entry_of
from docgen.batch.names import Taken
from docgen.batch.standing import sha256_of, standing
from docgen.batch.tasks import Finished, Outcome
from docgen.errors import OutputError, Problem
from docgen.files import lock_of, not_written, path_text, sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from docgen.batch.ledger import Entry
    from docgen.batch.options import Options
    from docgen.batch.plan import Plan
    from docgen.batch.tasks import Made, Task
    from docgen.batch.work import Ending

OWN_FOLDER: Final = ".docgen"
"""Where an output folder keeps its ledger, its lock and unfinished parts."""
LEDGER_NAME: Final = "ledger.jsonl"


class _Placed(NamedTuple):
    """A document that may go to its place."""

    task: Task
    made: Made
    entry: Entry


class Folder:
    """A folder as the goal of a merge; the caller holds its lock."""

    def __init__(self, place: Path, plan: Plan, options: Options) -> None:
        """Open the folder, and bring to its end what a run that was stopped had begun.

        Raises:
            DataError: `ledger-damaged`.
            OutputError: the folder cannot be read or written.
        """
        self.place = place
        self.parts = place / OWN_FOLDER / "parts"
        self._overwrite = options.get("overwrite", False)
        self.ending: Ending = "pdf" if options.get("pdf") else "docx"
        self._ledger = Ledger(
            place / OWN_FOLDER / LEDGER_NAME, prove=lambda entry: standing(self.place, entry) == "intact"
        )
        try:
            self._tidy()
        except BaseException:
            self._ledger.close()
            raise
        self._books = Books(self._ledger, place, owner=plan.roster.name)
        self._taken = Taken(entry.path for entry in self._ledger.entries.values())
        self._passable: set[str] = set()
        """Folders that are there, or can be made."""

    def _tidy(self) -> None:
        """Bring to its end what a run that was stopped had begun."""
        claims = self._ledger.unsealed
        try:
            for entry in claims:
                self._clear(entry)
            self._sync(path for entry in claims for path in (entry.path, entry.replaces))
            for folder in (self.place, self.place.parent):
                sync_folder(folder)
            shutil.rmtree(self.parts, ignore_errors=True)
            self.parts.mkdir()
        except OSError as error:
            raise self._not_written(error) from error

    @property
    def entries(self) -> Mapping[str, Entry]:
        """The newest entry of every document in the folder that is known, by key."""
        return {entry.key: entry for entry in documents(self._ledger.entries.values())}

    def holds(self, entry: Entry) -> bool:
        """Whether the entry's document is still there, as it was made or edited."""
        return (self.place / entry.path).exists()

    def arranged(self, tasks: Sequence[Task]) -> Sequence[Task]:
        """As the list has them."""
        return tasks

    def standing(self, tasks: Iterable[Task]) -> Iterator[Outcome | Task]:
        """For each task what an earlier run has done for it already, or the task itself, which is then to be made."""
        for task in tasks:
            entry = self._ledger.entries.get(task.key)
            found = standing(self.place, entry) if entry else "missing"
            if entry is None or found == "missing":
                yield task
            elif found == "edited" and not self._overwrite:
                same = entry.digest == task.digest
                yield Outcome(task, "unchanged" if same else "failed", (_edited(entry, same=same),), entry)
            elif found == "intact" and entry.digest == task.digest:
                yield Outcome(task, "unchanged", (), entry)
            else:
                yield task

    def put(self, group: Sequence[tuple[Task, Made] | Outcome]) -> Iterator[Outcome]:
        """Give a group of documents their names; when the last outcome is read, they are there to stay.

        Raises:
            OutputError: the disk, the rights or the folder fail; what was put before is not touched by it.
        """
        placed: list[_Placed] = []
        given_up: set[str] = set()
        for item in group:
            if isinstance(item, Outcome):
                yield item
                continue
            task, made = item
            entry = self._entry(task, made)
            if entry.path.casefold() in given_up:
                yield from self._named(placed)  # whose name this one takes must have left it for good
                placed, given_up = [], set()
            refusal = self._refusal(entry)
            if refusal is None:
                self._taken.release(entry.replaces)
                given_up.add(entry.replaces.casefold())
                placed.append(_Placed(task, made, entry))
            else:
                (self.parts / made.part).unlink(missing_ok=True)
                yield Outcome(task, "failed", (refusal, *made.problems), None)
        yield from self._named(placed)

    def _named(self, placed: Sequence[_Placed]) -> Iterator[Outcome]:
        """Give these documents their names, and take away the files that they replace."""
        if not placed:
            return
        self._ledger.enter(each.entry for each in placed)
        try:
            for each in placed:
                target = self.place / each.entry.path
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(self.parts / each.made.part, target)  # noqa: PTH105 - Path.replace is the same call
            self._sync(each.entry.path for each in placed)
            left = {each.task.number: self._clear(each.entry) for each in placed}
            self._sync(each.entry.replaces for each in placed)
        except OSError as error:
            raise self._not_written(error) from error
        for task, made, entry in placed:
            yield Outcome(task, "done", (*made.problems, *left[task.number]), entry)

    def rest(self) -> Iterator[Outcome]:
        """Nothing: a group is settled when it is put."""
        return iter(())

    def finish(self, index: bytes | None, bad_rows: bytes | None) -> Finished:
        """Seal what was put; write the index and the list of bad rows beside it, or take old ones away.

        Raises:
            OutputError: they could not be written.
        """
        self._ledger.seal()
        found = self._books.put_index(index, replace=self._overwrite)
        bad = self._books.put_bad_rows(bad_rows)
        outputs = [self.place, *(self.place / name for name in (found, bad) if name)]
        return Finished(tuple(map(path_text, outputs)), path_text(self.place / bad) if bad else None)

    def close(self) -> None:
        """Let go of the folder; what was not sealed must prove itself the next time."""
        self._ledger.close()
        shutil.rmtree(self.parts, ignore_errors=True)

    def _entry(self, task: Task, made: Made) -> Entry:
        before = self._ledger.entries.get(task.key)
        path = before.path if before and before.wanted == made.wanted else self._taken.free(made.wanted, task.code)
        return entry_of(task, made, path, before)

    def _refusal(self, entry: Entry) -> Problem | None:
        """Why the document may not go to its place: something of a person stands there, or somebody has it open."""
        target = self.place / entry.path
        blocked = self._blocked(entry.path)
        if blocked is not None or not os.path.lexists(target):
            return blocked
        if target.is_dir():
            return _in_the_way(entry.path, entry.path, "một thư mục")
        if lock_of(target) is not None:
            what = f"Tệp {entry.path} đang mở trong Word hoặc LibreOffice."
            return Problem(code="target-open", what=what, cure="Đóng tệp rồi chạy lại lệnh.")
        if self._overwrite or standing(self.place, entry) == "intact":
            return None
        before = self._ledger.entries.get(entry.key)
        if before is not None and before.path == entry.path:
            return _edited(entry, same=False) if standing(self.place, before) == "edited" else None
        what = f"Đã có tệp {entry.path} không do lần trộn này tạo ra."
        return Problem(
            code="file-exists", what=what, cure="Chuyển tệp đó đi, chọn thư mục khác, hoặc thêm --overwrite."
        )

    def _blocked(self, path: str) -> Problem | None:
        """What stands where a folder of the path must be; nobody asks to replace that."""
        folder = path.rpartition("/")[0]
        if folder not in self._passable:
            for step in reversed((PurePosixPath(folder), *PurePosixPath(folder).parents)):
                if os.path.lexists(self.place / step) and not (self.place / step).is_dir():
                    return _in_the_way(path, str(step), "một tệp")
            self._passable.add(folder)
        return None

    def _clear(self, entry: Entry) -> tuple[Problem, ...]:
        """Take away the file that another one has replaced, unless a person has changed it or has it open."""
        if not entry.replaces:
            return ()
        old = self.place / entry.replaces
        found = sha256_of(old)
        if found == entry.replaced_sha256 and lock_of(old) is None:
            old.unlink()
            found = None
        if found is not None:
            what = f"Văn bản nay ở tệp {entry.path}; tệp cũ {entry.replaces} đã được sửa hoặc đang mở nên còn nguyên."
            return (Problem(code="old-file-left", what=what, cure="Xem lại rồi tự xóa.", severity="warning"),)
        for folder in list(PurePosixPath(entry.replaces).parents)[:-1]:
            with suppress(OSError):  # it is not empty, or gone
                (self.place / folder).rmdir()
        return ()

    def _sync(self, paths: Iterable[str]) -> None:
        """Make names below the place survive a power cut, and those of the folders in which they stand."""
        for folder in dict.fromkeys(step for path in paths for step in PurePosixPath(path).parents):
            sync_folder(self.place / folder)

    def _not_written(self, error: OSError) -> OutputError:
        return not_written(Path(error.filename2 or error.filename or self.place), error)


def _in_the_way(path: str, name: str, kind: str) -> Problem:
    what = f"Không đặt được tệp {path}: đã có {kind} tên {name}."
    return Problem(code="file-exists", what=what, cure="Đổi tên hoặc chuyển nó đi rồi chạy lại lệnh.")


def _edited(entry: Entry, *, same: bool) -> Problem:
    what = f"Tệp {entry.path} đã được sửa bằng tay sau khi tạo nên được giữ nguyên."
    if same:
        return Problem(code="file-edited", what=what, severity="warning")
    cure = "Dữ liệu hoặc biểu mẫu đã đổi: sửa tiếp trong tệp đó, hay chuyển tệp đi rồi chạy lại, hay thêm --overwrite."
    return Problem(code="file-edited", what=what, cure=cure)
