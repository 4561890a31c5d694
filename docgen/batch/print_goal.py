"""Documents into print files: one person behind the other, ready for the printer of a chi bộ.

A print file is made whole from all its persons, so it is the smallest thing that is made again when one of them
changes. The ledger entry of each person names the file as its place, and bears the file's own sha256.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Final

from docgen.batch.binding import Binding
from docgen.batch.books import Books, documents
from docgen.batch.ledger import Entry, Ledger, entry_of
from docgen.batch.standing import standing
from docgen.batch.tasks import Finished, Outcome
from docgen.batch.volumes import PERSONS_IN_A_FILE, volumes
from docgen.batch.zip_file import ledger_of
from docgen.errors import DataError, Problem, shown
from docgen.files import lock_of, not_written, path_text, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from docgen.batch.options import Options
    from docgen.batch.plan import Plan
    from docgen.batch.standing import Standing
    from docgen.batch.tasks import Made, Task
    from docgen.batch.volumes import Volume
    from docgen.batch.work import Ending

_TOLD: Final = 5


class Prints:
    """One or several print files as the goal of a merge; the caller holds their lock."""

    parts = None

    def __init__(self, place: Path, plan: Plan, options: Options) -> None:
        """Open the goal.

        Raises:
            DataError: `ledger-damaged`; `print-people-missing`: the print file holds persons whom the list does not,
                and would lose them.
            OutputError: it cannot be read.
        """
        self.place = place
        self.ending: Ending = "pdf" if place.suffix.lower() == ".pdf" else "docx"
        self._overwrite = options.get("overwrite", False)
        self._stands: dict[tuple[str, str], Standing] = {}
        self._ledger = Ledger(ledger_of(place), prove=lambda entry: self._stand(entry) == "intact")
        self._books = Books(self._ledger, place.parent, owner=plan.roster.name, prefix=f"{place.name}.")
        try:
            self._there = self._persons()
        except BaseException:
            self._ledger.close()
            raise
        self._known = {entry.key: entry for entries in self._there.values() for entry in entries}
        self._new: dict[str, Entry] = {}
        self._written: set[str] = set()
        """The print files that this run has made."""
        self._volumes = volumes(plan, place, options.get("split", PERSONS_IN_A_FILE))
        self._names = {volume.name for volume in self._volumes}
        self._volume_of = {task.number: volume for volume in self._volumes for task in volume.tasks}
        self._waiting: list[tuple[Task, Made]] = []
        self._binding = Binding(self.ending, plan.presses, duplex=options.get("duplex", False))
        if not self._overwrite:
            self._refuse_to_lose_people(plan)

    def _persons(self) -> dict[str, list[Entry]]:
        """Who stands in each print file; not those without whom it was made again since they were entered."""
        entered: dict[str, list[Entry]] = {}
        for entry in documents(self._ledger.entries.values()):
            entered.setdefault(entry.path, []).append(entry)
        there = {path: [each for each in some if self._stand(each) == "intact"] for path, some in entered.items()}
        return {path: there[path] or some for path, some in entered.items()}

    @property
    def entries(self) -> Mapping[str, Entry]:
        """The newest entry of each document, by key."""
        return {**self._known, **self._new}

    def arranged(self, tasks: Sequence[Task]) -> Sequence[Task]:  # noqa: ARG002 - the volumes were made of them
        """By chi bộ and given name."""
        return [task for volume in self._volumes for task in volume.tasks]

    def standing(self, tasks: Iterable[Task]) -> Iterator[Outcome | Task]:
        """A print file that is what it would become is left as it is; of any other, every person is made again."""
        for volume, group in groupby(tasks, key=lambda task: self._volume_of[task.number]):
            yield from self._volume_stands(volume, list(group))

    def put(self, group: Sequence[tuple[Task, Made] | Outcome]) -> Iterator[Outcome]:
        """Collect persons until their print file is complete; then it is written, and their outcomes are told.

        Raises:
            OutputError: it cannot be written.
        """
        for item in group:
            task = item.task if isinstance(item, Outcome) else item[0]
            if self._waiting and self._volume_of[self._waiting[0][0].number] is not self._volume_of[task.number]:
                yield from self.rest()
            if isinstance(item, Outcome):
                yield item
            else:
                self._waiting.append(item)

    def rest(self) -> Iterator[Outcome]:
        """Write the print file of the persons collected so far."""
        collected, self._waiting = self._waiting, []
        if not collected:
            return
        volume = self._volume_of[collected[0][0].number]
        refusal = self._refusal(volume)
        if refusal is not None:
            yield from (Outcome(task, "failed", (refusal,), None) for task, _ in collected)
            return
        content, refused = self._binding.bound(collected, title=volume.name)
        yield from (
            Outcome(task, "failed", (refused[task.number],), None) for task, _ in collected if task.number in refused
        )
        printed = [(task, made) for task, made in collected if task.number not in refused]
        if not printed:
            return
        sha256 = hashlib.sha256(content).hexdigest()
        entries = [
            replace(entry_of(task, made, volume.name), sha256=sha256, size=len(content), offset=number)
            for number, (task, made) in enumerate(printed)
        ]
        self._ledger.enter(entries)
        write_whole(self.place.parent / volume.name, content, part=self._ledger.part)
        self._ledger.seal()
        self._written.add(volume.name)
        self._new.update((entry.key, entry) for entry in entries)
        for (task, made), entry in zip(printed, entries, strict=True):
            yield Outcome(task, "done", made.problems, entry)

    def holds(self, entry: Entry) -> bool:
        """Whether the person still stands in a print file."""
        if entry.path in self._written:
            return entry.key in self._new
        return self._stand(entry) != "missing" and not self._goes(entry)

    def finish(self, index: bytes | None, bad_rows: bytes | None) -> Finished:
        """Take away print files that are no longer of this list, and write the two workbooks beside the others.

        Raises:
            OutputError: they could not be written, or a file not be taken away.
        """
        for path in {entry.path: None for entry in self._known.values() if self._goes(entry)}:
            try:
                (self.place.parent / path).unlink(missing_ok=True)
            except OSError as error:
                raise not_written(self.place.parent / path, error) from error
        found = self._books.put_index(index, replace=self._overwrite)
        bad = self._books.put_bad_rows(bad_rows)
        names = [volume.name for volume in self._volumes if (self.place.parent / volume.name).exists()]
        outputs = [self.place.parent / name for name in (*names, found, bad) if name]
        return Finished(tuple(map(path_text, outputs)), path_text(self.place.parent / bad) if bad else None)

    def close(self) -> None:
        """Let go of the print files; persons that were collected for one are made again the next time."""
        self._binding.close()
        self._ledger.close()

    def _volume_stands(self, volume: Volume, tasks: Sequence[Task]) -> Iterator[Outcome | Task]:
        entries = [entry for task in tasks if (entry := self._known.get(task.key)) is not None]
        there = self._there.get(volume.name, [])
        same = len(entries) == len(tasks) == len(there) and all(
            (entry.digest, entry.path, entry.offset) == (task.digest, volume.name, number)
            for number, (entry, task) in enumerate(zip(entries, tasks, strict=True))
        )
        found = self._stand(entries[0]) if same else "missing"
        if found == "intact" or (found == "edited" and not self._overwrite):
            notes = (_edited(volume, same=True),) if found == "edited" else ()
            yield from (Outcome(task, "unchanged", notes if not number else (), entry)
                        for number, (task, entry) in enumerate(zip(tasks, entries, strict=True)))  # fmt: skip
        else:
            yield from tasks

    def _goes(self, entry: Entry) -> bool:
        """Whether the entry's print file is to be taken away: it is no longer of this list, and untouched."""
        return bool(self._new) and entry.path not in self._names and self._stand(entry) == "intact"

    def _refusal(self, volume: Volume) -> Problem | None:
        """Why the print file may not be written: it is open, a person has changed it, or it is a stranger's."""
        target = self.place.parent / volume.name
        if lock_of(target) is not None:
            what = f"Tệp {volume.name} đang mở trong chương trình khác."
            return Problem(code="target-open", what=what, cure="Đóng tệp rồi chạy lại lệnh.")
        if self._overwrite or not target.exists():
            return None
        there = self._there.get(volume.name, [])
        if not there:
            what = f"Đã có tệp {volume.name} không do lần trộn nào tạo ra."
            return Problem(
                code="file-exists", what=what, cure="Chuyển tệp đó đi, chọn tên khác, hoặc thêm --overwrite."
            )
        return None if self._stand(there[0]) == "intact" else _edited(volume, same=False)

    def _refuse_to_lose_people(self, plan: Plan) -> None:
        listed = {task.key for task in plan.tasks}
        lost = [each for key, each in self._known.items() if key not in listed and self._stand(each) != "missing"]
        if lost:
            self.close()
            names = ", ".join(entry.who or entry.code or entry.key for entry in lost[:_TOLD])
            what = f"Bản in {shown(self.place.name)} đang có {len(lost)} người không có trong danh sách này ({names}"
            what += ", …)." if len(lost) > _TOLD else ")."
            cure = "Trộn cả danh sách đầy đủ, chọn tên khác, hoặc thêm --overwrite để bỏ họ khỏi bản in."
            raise DataError.of("print-people-missing", what, cure)

    def _stand(self, entry: Entry) -> Standing:
        """How the entry's file stands; a file that holds many persons is read once."""
        known = (entry.path, entry.sha256)
        if known not in self._stands:
            self._stands[known] = standing(self.place.parent, entry)
        return self._stands[known]


def _edited(volume: Volume, *, same: bool) -> Problem:
    what = f"Tệp {volume.name} đã bị thay đổi sau khi tạo nên được giữ nguyên."
    if same:
        return Problem(code="file-edited", what=what, severity="warning")
    return Problem(code="file-edited", what=what, cure="Chuyển tệp đi rồi chạy lại, hoặc thêm --overwrite.")
