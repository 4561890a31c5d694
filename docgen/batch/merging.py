"""Many rows, many documents: the whole merge, readable from top to bottom.

    roster → plan → goal.standing → crew (workers) → goal.put → index, bad rows, report

Rows are settled in the order of the goal, group by group; nothing of a group is lost or done twice, whenever it stops.
"""

from __future__ import annotations

import gc
from collections import deque
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Unpack

from docgen.batch.cluster import Cluster
from docgen.batch.crew import Crew
from docgen.batch.executors import Here, Hiring, workers_for
from docgen.batch.goals import opened
from docgen.batch.index import bad_rows, index
from docgen.batch.names import refuse_bad_pattern
from docgen.batch.plan import plan
from docgen.batch.report import Report, Told, cause_of, causes_of
from docgen.batch.tasks import Outcome, Task
from docgen.batch.work import Job
from docgen.errors import DataError, Problem
from docgen.files import path_text, read_file
from docgen.papers.profile import profile as organisation
from docgen.roster import roster
from docgen.tables.limits import DEFAULT
from docgen.tables.rows import FaultyRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from docgen.batch.goal import Goal
    from docgen.batch.ledger import Entry
    from docgen.batch.options import Options
    from docgen.batch.plan import Plan
    from docgen.batch.report import Cause
    from docgen.batch.tasks import Made, Order
    from docgen.roster import Roster
    from docgen.tables.rows import Row

CHUNK: Final = 200
"""Rows that a worker gets at a time, and documents that are made durable together."""
PDF_CHUNK: Final = 100
"""The same where LibreOffice makes PDFs of them: one call takes so many."""
ENOUGH_TO_STOP: Final = 200
"""So many rows bad for one cause, and none good, and the rest is not tried."""
_SAMPLES: Final = 100
"""So many of the rest, from all over the list, are looked at before that."""
_SECONDS, _SECONDS_PER_ROW = 120.0, 1.0
_MOST_IN_A_GROUP: Final = 2_000
_TOLD_GONE: Final = 5


def merge(name: str, source: Path | str, target: Path | str, **options: Unpack[Options]) -> Report:
    """Make a document of every row of a list.

    Args:
        name: a form's id or alias, or a family, which picks the form of each row by its subject and year.
        source: the list (.xlsx .xls .ods .csv .json .jsonl .yaml).
        target: a folder, or a file .zip (documents), .docx or .pdf (one print file).
        options: see `Options`.

    Raises:
        FormError: there is no such form, or a template is at fault.
        DataError: the list cannot be used as a whole, or an option fits no form.
        OutputError: the output cannot be written, another run is at it, workers or a program are missing. What was
            made stays; the same call goes on from there.
    """
    house = organisation(options.get("profile") or {})
    with _searching_no_garbage():
        listed = _listed(name, Path(source), options)
        hiring = Hiring(_needed_ahead(listed, Path(target), options))
        with hiring:
            planned = plan(listed, house, options)
            del listed  # the plan lets go of each row in time
            with opened(Path(target), planned, options) as goal:
                return _Merge(planned, goal, options, hiring).run()


@contextmanager
def _searching_no_garbage() -> Iterator[None]:
    """Hundreds of thousands of rows that are all in use are not searched for garbage again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _needed_ahead(listed: Roster, target: Path, options: Options) -> int:
    """How many processes the list is sure to need: none where an earlier run may have made everything."""
    try:
        is_there = target.exists()
    except OSError:  # whoever opens it says so
        return 0
    if is_there or options.get("scheduler") is not None:
        return 0
    return workers_for(len(listed.rows), options.get("workers"))


def _listed(name: str, path: Path, options: Options) -> Roster:
    listed = roster(
        name,
        read_file(path, most=DEFAULT.list_bytes),
        file=path_text(path.name),
        sheet=options.get("sheet"),
        convert=options.get("convert"),
        common=options.get("common"),
    )
    if not listed.rows and not listed.faulty:
        what = "Danh sách chưa có dòng nào để tạo văn bản (dòng trống, dòng ví dụ không được tính)."
        raise DataError.of("list-empty", what, "Điền danh sách rồi chạy lại.", file=path_text(path.name))
    if "pattern" in options:
        refuse_bad_pattern(options["pattern"], listed.columns.forms)
    return listed


class _Merge:
    """One merge under way: what has become of the rows so far."""

    def __init__(self, planned: Plan, goal: Goal, options: Options, hiring: Hiring) -> None:
        roster = planned.roster
        self._plan, self._goal, self._options, self._hiring = planned, goal, options, hiring
        self._told = Told((*roster.notes, *planned.notes))
        self._bad = [*roster.faulty, *(self._faulty(row, problems) for row, problems in planned.unserved)]
        self._done = self._unchanged = self._failed = 0
        self._tried = self._printed = 0
        """Rows that were answered, and those of them for which there is a document, though it may wait for others."""
        self._causes: set[Cause] | None = None
        """What all rows that failed so far have in common; None before the first."""
        self._unmade: set[str] = set()
        """The keys of rows that failed; an earlier document of theirs may still stand there."""

    def run(self) -> Report:
        """Settle every row, then complete the output."""
        tasks = self._goal.arranged(self._plan.tasks)
        with self._crew(len(tasks)) as crew:
            for group in self._groups(crew, tasks):
                self._tried += len(group)
                self._printed += sum(not (isinstance(item, Outcome) and item.state == "failed") for item in group)
                self._settle(self._goal.put(group))
                self._show(len(tasks))
                if self._hopeless(tasks):
                    self._give_up(tasks[self._tried :])
                    break
        self._settle(self._goal.rest())
        self._show(len(tasks))
        return self._report(tasks)

    @property
    def _settled(self) -> int:
        return self._done + self._failed

    @contextmanager
    def _crew(self, rows: int) -> Iterator[Crew]:
        """The workers, hired when the first row needs one."""
        options, parts = self._options, self._goal.parts
        job = Job(
            presses=self._plan.presses,
            pattern=options.get("pattern"),
            accented=options.get("accented", False),
            refuse_secret=options.get("refuse_secret", False),
            ending=self._goal.ending,
            parts=str(parts.absolute()) if parts else None,
        )
        seconds = _SECONDS + CHUNK * _SECONDS_PER_ROW + (job.pdf_seconds if job.ending == "pdf" else 0)
        if (address := options.get("scheduler")) is not None:
            with (
                closing(Cluster(address, shared=parts, order_seconds=seconds)) as cluster,
                Crew(job.packed(), cluster.hire, workers=cluster.workers, seconds=seconds) as crew,
            ):
                yield crew
            return
        workers = workers_for(rows, options.get("workers"))
        alone = workers == 1
        with Crew(
            job if alone else job.packed(),
            Here if alone else lambda: self._hiring.hire(workers),
            workers=workers,
            seconds=seconds,
        ) as crew:
            yield crew

    def _groups(self, crew: Crew, tasks: Iterable[Task]) -> Iterator[list[tuple[Task, Made] | Outcome]]:
        """Groups of rows in order, each with what a worker or an earlier run made of it."""
        waiting: deque[list[Task | Outcome]] = deque()

        def orders() -> Iterator[list[Order]]:
            for chunk in self._chunks(tasks):
                waiting.append(chunk)
                yield [self._plan.order(item) for item in chunk if isinstance(item, Task)]

        for made in crew.done(orders()):
            by_number = {each.number: each for each in made}
            yield [_answered(item, by_number) for item in waiting.popleft()]

    def _chunks(self, tasks: Iterable[Task]) -> Iterator[list[Task | Outcome]]:
        """So many rows to make at a time; rows that are made already come along and cost nothing."""
        most = PDF_CHUNK if self._goal.ending == "pdf" else CHUNK
        chunk: list[Task | Outcome] = []
        to_make = 0
        for item in self._goal.standing(tasks):
            chunk.append(item)
            to_make += isinstance(item, Task)
            if to_make == most or len(chunk) == _MOST_IN_A_GROUP:
                yield chunk
                chunk, to_make = [], 0
        if chunk:
            yield chunk

    def _settle(self, outcomes: Iterable[Outcome]) -> None:
        for task, state, problems, _ in outcomes:
            if state == "failed":
                self._failed += 1
                self._unmade.add(task.key)
                self._bad.append(self._faulty(self._row(task), problems))
                causes = causes_of(problems)
                self._causes = causes if self._causes is None else self._causes & causes
            else:
                self._done += 1
                self._unchanged += state == "unchanged"
                row = self._plan.rows.pop(task.number)
                if problems:
                    self._told.add(self._plan.roster.placed(problem, row) for problem in problems)

    def _hopeless(self, tasks: Sequence[Task]) -> bool:
        """Whether every row so far failed, all by one cause, and so does each that is looked at among the rest."""
        if self._printed or self._failed < ENOUGH_TO_STOP or not self._causes:
            return False
        rest = tasks[self._tried :]
        samples = rest[:: max(1, len(rest) // _SAMPLES)]
        return all(
            isinstance(item, Task) and self._causes & self._faults(item) for item in self._goal.standing(samples)
        )

    def _faults(self, task: Task) -> set[Cause]:
        return causes_of(self._plan.presses[task.form].check(self._plan.order(task).values))

    def _give_up(self, tasks: Iterable[Task]) -> None:
        """Count the rows that were not tried as failed by the cause of all others."""
        causes = self._causes or set()
        cause = next(problem for row in self._bad for problem in row.problems if cause_of(problem) in causes)
        for task in tasks:
            self._failed += 1
            self._unmade.add(task.key)
            self._bad.append(self._faulty(self._row(task), (replace(cause, row=None, column=None),)))

    def _row(self, task: Task) -> Row:
        return self._plan.rows[task.number]

    def _faulty(self, row: Row, problems: Iterable[Problem]) -> FaultyRow:
        placed = self._plan.roster.placed
        return FaultyRow(row, tuple(placed(problem, row) for problem in problems))

    def _show(self, total: int) -> None:
        if show := self._options.get("progress"):
            show(self._settled, total)

    def _report(self, tasks: Sequence[Task]) -> Report:
        """Write the index and the list of bad rows, and count."""
        roster = self._plan.roster
        self._bad.sort(key=lambda each: each.row.origin.row or 0)
        self._tell_bad_rows()
        entries = self._listed(tasks)
        finished = self._goal.finish(
            index(entries, roster.columns.forms) if entries else None,
            bad_rows(roster, self._bad) if self._bad else None,
        )
        return Report(
            rows_in=self._plan.rows_in,
            done=self._done,
            unchanged=self._unchanged,
            skipped=len(roster.read.skipped),
            failed=len(self._bad),
            problems=self._told.problems(),
            outputs=finished.outputs,
            bad_rows=finished.bad_rows,
        )

    def _tell_bad_rows(self) -> None:
        """Each problem of each bad row; where nothing was done and all have one cause, that cause once."""
        common = set.intersection(*(causes_of(each.problems) for each in self._bad)) if self._bad else set()
        if not self._done and len(self._bad) > 1 and common:
            cause = next(problem for problem in self._bad[0].problems if cause_of(problem) in common)
            what = f"Cả {len(self._bad)} dòng đều không dùng được vì cùng một lỗi: {cause.what}"
            self._told.add([replace(cause, what=what, row=None)])
        else:
            self._told.add(problem for each in self._bad for problem in each.problems)

    def _listed(self, tasks: Iterable[Task]) -> list[Entry]:
        """Every document of the output: those of this list in its order, then those that it does not name any more."""
        known = self._goal.entries
        listed = {task.key: known[task.key] for task in tasks if task.key in known}
        found = {key: each for key, each in listed.items() if key not in self._unmade or self._goal.holds(each)}
        others = [entry for key, entry in known.items() if key not in found and self._goal.holds(entry)]
        gone = [entry for entry in others if entry.key.startswith(f"{self._plan.owner}:")]
        if gone:
            names = ", ".join(entry.path for entry in gone[:_TOLD_GONE])
            what = f"{len(gone)} văn bản đã tạo trước đây không còn dòng nào trong danh sách này, được giữ nguyên: "
            cure = "Nếu không cần nữa thì tự xóa."
            more = ", …" if len(gone) > _TOLD_GONE else "."
            self._told.add([Problem(code="row-gone", what=what + names + more, cure=cure, severity="warning")])
        return [*found.values(), *others]


def _answered(item: Task | Outcome, made: Mapping[int, Made]) -> tuple[Task, Made] | Outcome:
    """A row with its document, or with what stood against it."""
    if isinstance(item, Outcome):
        return item
    answer = made[item.number]
    if answer.content is None and not answer.part:
        return Outcome(item, "failed", answer.problems, None)
    return item, answer
