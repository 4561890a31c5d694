"""The process that merges: takes ids from the queue, calls the library, writes how far it is.

It leaves when the server that started it is gone, however that went. What it had begun goes on in the next consumer,
because the library's merge continues from its own ledger.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from huey import crontab

from docgen.batch.merging import merge
from docgen.batch.options import Options
from docgen.errors import DocgenError, OutputError, Problem, place_of
from service.job_folder import ERRORS, INDEX, RESULT, UNDER_WAY, Asked, JobFolder, JobState, NoJobError
from service.jobs import Jobs
from service.queue import Queue
from service.services import profile_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from docgen.batch.report import Report
    from service.settings import Settings

_LOG = logging.getLogger(__name__)
_SECONDS_BETWEEN: Final = 0.5
_MOST_TOLD: Final = 500
"""So many problems a state carries: a page shows no more, and it is fetched every other second."""
_MOST_ATTEMPTS: Final = 3
_IDLE_SECONDS: Final = 1.0
_INDEX_IN_ZIP: Final = "danh_sach.xlsx"


class _Stopped(BaseException):  # not an Exception: nothing between here and the merge may take it for a fault
    """The job was cancelled or deleted."""


def consume(settings: Settings) -> None:
    """Work until the parent process is gone or SIGTERM comes; for a process of its own."""
    os.umask(0o077)
    _leave_with_the_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the whole group; the server says when to go
    queue = Queue(settings.data)
    with queue.lock():
        own_temporary_folder(settings.data / "tmp" / "consumer")
        jobs = Jobs(settings, queue.put)
        runner = Runner(jobs, profile_of(settings.profile))
        queue.work = runner.run
        queue.huey.periodic_task(crontab(), name="sweep")(runner.sweep)
        runner.sweep()
        queue.begin_anew()
        for id_ in jobs.under_way():
            queue.put(id_)
        consumer = queue.huey.create_consumer(workers=settings.merges_at_once, max_delay=_IDLE_SECONDS)
        consumer.start()
        signal.signal(signal.SIGTERM, _leave)
        threading.Event().wait()


def _leave_with_the_parent() -> None:
    parent = multiprocessing.parent_process()

    def wait() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _leave(*_: object) -> None:
    """A merge may be stopped anywhere; waiting for it would only take long."""
    os._exit(0)


def own_temporary_folder(place: Path) -> None:
    """Let temporary files of this process and its children lie at `place`, and remove what a kill has left there."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["TMPDIR"] = os.environ["TEMP"] = os.environ["TMP"] = tempfile.tempdir = str(place)


class Runner:
    """Does jobs, each in one thread at a time."""

    def __init__(self, jobs: Jobs, profile: Mapping[str, object]) -> None:
        self._jobs, self._profile = jobs, profile
        self._busy: set[str] = set()
        self._claiming = threading.Lock()

    def sweep(self) -> None:
        """Remove old jobs."""
        if removed := self._jobs.sweep(busy=frozenset(self._busy)):
            _LOG.info("%d old jobs removed", removed)

    def run(self, id_: str) -> None:
        """Do a job that is queued or was interrupted; never raises."""
        with self._claiming:
            if id_ in self._busy:
                return
            self._busy.add(id_)
        folder = JobFolder(self._jobs.place / id_)
        try:
            self._run(folder)
        except NoJobError:
            _LOG.info("a job was deleted before it was begun")
        except (_Stopped, Exception) as error:  # noqa: BLE001 - a queue has nobody to tell: the job says what it was
            self._end_badly(folder, error)
        finally:
            with self._claiming:
                self._busy.discard(id_)

    def _run(self, folder: JobFolder) -> None:
        asked, _ = folder.told()
        before = folder.read()
        if before.state not in UNDER_WAY:
            return
        if before.attempts >= _MOST_ATTEMPTS:
            what = "Dịch vụ đã thử trộn danh sách này nhiều lần mà lần nào cũng dừng đột ngột."
            raise OutputError.of("job-given-up", what, "Chia nhỏ danh sách rồi gửi lại; báo người phụ trách.")
        state = replace(before, state="running", attempts=before.attempts + 1)
        folder.write(state)
        progress = Progress(folder, state)
        progress.look()
        report = merge(asked.name, folder.list_of(asked), folder.target(asked), **self._options(asked, progress))
        _collect(folder, asked, report)
        folder.write(_ended(progress.state, report, folder))
        folder.forget_content(outputs=True)

    def _options(self, asked: Asked, progress: Progress) -> Options:
        options = Options(
            profile=self._profile,
            accented=asked.accented,
            pdf=asked.pdf and not asked.print,
            duplex=asked.duplex,
            progress=progress,
        )
        if asked.common:
            options["common"] = asked.common
        if asked.convert:
            options["convert"] = asked.convert
        if asked.pattern:
            options["pattern"] = asked.pattern
        if asked.sheet:
            options["sheet"] = asked.sheet
        return options

    def _end_badly(self, folder: JobFolder, error: BaseException) -> None:
        if not folder.place.exists():  # deleted
            return
        try:
            state = replace(folder.read(), rate=None, seconds_left=None)
            if isinstance(error, _Stopped) or folder.is_asked_to_stop:
                folder.write(replace(state, state="cancelled"))
            else:
                folder.write(replace(state, state="failed", problems=_told(_problems(error))))
            folder.forget_content(outputs=True)
        except (NoJobError, DocgenError) as second:
            _LOG.error("a job could not be ended: %s", place_of(second))


class Progress:
    """Writes how far a merge is, at most twice a second, and stops it when that was asked."""

    def __init__(self, folder: JobFolder, state: JobState) -> None:
        self._folder, self.state = folder, state
        self._began = time.monotonic()
        self._first: tuple[float, int] | None = None
        self._written = 0.0

    def __call__(self, settled: int, total: int) -> None:
        """As the merge calls it."""
        now = time.monotonic()
        self._first = self._first or (now, settled)
        since, rows = now - self._first[0], settled - self._first[1]
        rate = rows / since if rows > 0 and since > 0 else None
        self.state = replace(
            self.state,
            settled=settled,
            total=total,
            seconds=round(now - self._began, 1),
            rate=rate and round(rate, 1),
            seconds_left=round((total - settled) / rate, 1) if rate else None,
            attempts=0 if rows > 0 else self.state.attempts,
        )
        if now - self._written >= _SECONDS_BETWEEN:
            self._written = now
            self.look()
            self._folder.write(self.state)

    def look(self) -> None:
        """Stop here if the job was cancelled or deleted."""
        if self._folder.is_asked_to_stop:
            raise _Stopped


def _collect(folder: JobFolder, asked: Asked, report: Report) -> None:
    """Put what the merge has made under the names that are fetched."""
    outputs = [Path(output) for output in report.outputs]
    bad = Path(report.bad_rows) if report.bad_rows else None
    if bad is not None:
        shutil.copyfile(bad, folder.place / ERRORS)
    if not asked.print:
        target = folder.target(asked)
        if target.exists():
            with zipfile.ZipFile(target) as whole:
                (folder.place / INDEX).write_bytes(whole.read(_INDEX_IN_ZIP))
            os.replace(target, folder.place / RESULT)  # noqa: PTH105 - Path.replace is the same call
        return
    index = next((each for each in outputs if each.name.endswith(_INDEX_IN_ZIP)), None)
    if index is not None:
        shutil.copyfile(index, folder.place / INDEX)
    if any(each not in {bad, index} for each in outputs):
        _pack(folder.place / RESULT, outputs, folder.target(asked).name)


def _pack(place: Path, files: Iterable[Path], target: str) -> None:
    """All print files and workbooks in one zip, stored; a workbook's name loses that of the target before it."""
    with zipfile.ZipFile(place, "w", zipfile.ZIP_STORED) as whole:
        for file in files:
            whole.write(file, file.name.removeprefix(f"{target}."))


def _ended(state: JobState, report: Report, folder: JobFolder) -> JobState:
    counts: dict[str, Any] = {name: value for name, value in report.as_dict().items() if isinstance(value, int)}
    has_result = (folder.place / RESULT).exists()
    return replace(
        state,
        **counts,
        state="done" if has_result else "failed",
        settled=state.total,
        seconds_left=None,
        problems=_told(report.problems),
        has_result=has_result,
        has_errors=(folder.place / ERRORS).exists(),
    )


def _problems(error: BaseException) -> Iterable[Problem]:
    """What is told of a job that failed as a whole; of what nobody foresaw the log says where."""
    if isinstance(error, DocgenError):
        return error.problems
    _LOG.error("a job failed: %s", place_of(error))
    what = "Có lỗi chưa lường trước khi trộn danh sách này."
    return [Problem(code="unexpected", what=what, cure="Gửi lại một lần; nếu vẫn lỗi thì báo người phụ trách.")]


def _told(problems: Iterable[Problem]) -> tuple[dict[str, Any], ...]:
    return tuple(problem.as_dict() for problem in list(problems)[:_MOST_TOLD])
