"""The process beside the server: takes ids of jobs from the queue and lets a process of its own do each.

All of them leave when the server is gone, however that went. What was begun goes on in the next consumer.
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
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import psutil
from huey import crontab

from docgen.errors import DocgenError, Problem, place_of
from service.job_folder import UNDER_WAY, JobFolder, NoJobError
from service.jobs import Jobs
from service.merger import fail, work_off
from service.queue import Queue
from service.services import profile_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from service.settings import Settings

_LOG = logging.getLogger(__name__)
_MOST_ATTEMPTS: Final = 3
_IDLE_SECONDS: Final = 1.0
_SECONDS_BETWEEN_LOOKS: Final = 0.2
_MOST_LOOKS: Final = 25
_SPAWN: Final = multiprocessing.get_context("spawn")  # a fork would inherit the locks of this process's threads


def consume(settings: Settings) -> None:
    """Work until the parent process is gone or SIGTERM comes; for a process of its own."""
    os.umask(0o077)
    _leave_with_the_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the whole group; the server says when to go
    queue = Queue(settings.data)
    with queue.lock():
        temporary = settings.data / "tmp" / "jobs"
        shutil.rmtree(temporary, ignore_errors=True)
        jobs = Jobs(settings, queue.put)
        runner = Runner(jobs, profile_of(settings.profile), temporary)
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
            _leave()

    threading.Thread(target=wait, daemon=True).start()


def _leave(*_: object) -> None:
    """Go at once, with everything that was started: a merge may be stopped anywhere."""
    for child in psutil.Process().children():
        _end(child)
    os._exit(0)


def _end(process: psutil.Process) -> None:
    """End a process and all that it has started, LibreOffice too, which has a group of its own.

    It is halted first, so that it starts nothing while its children are looked for.
    """
    with suppress(psutil.NoSuchProcess):
        process.suspend()
        for child in process.children():
            _end(child)
        process.kill()


def own_temporary_folder(place: Path) -> None:
    """Let temporary files of this process and its children lie at `place`, and remove what a kill has left there."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["TMPDIR"] = os.environ["TEMP"] = os.environ["TMP"] = tempfile.tempdir = str(place)


class Runner:
    """Does jobs, each in a process that is ended as soon as the job is cancelled or deleted."""

    def __init__(self, jobs: Jobs, profile: Mapping[str, object], temporary: Path) -> None:
        """Make one.

        Args:
            jobs: where they are kept.
            profile: the entries of the organisation's `to_chuc.toml`.
            temporary: the folder in which each job gets one for its temporary files.
        """
        self._jobs, self._profile, self._temporary = jobs, profile, temporary
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
            while self._is_to_be_done(folder):
                self._wait_for(folder)
        except NoJobError:
            pass  # it was deleted
        except (DocgenError, OSError) as error:
            _LOG.error("a job was not begun: %s", place_of(error))
        finally:
            _remove(self._temporary / id_)
            with self._claiming:
                self._busy.discard(id_)

    def _is_to_be_done(self, folder: JobFolder) -> bool:
        """Whether a process is to begin the job or, where one has died, to go on with it; its state says so then.

        Raises:
            NoJobError: it was deleted.
            OutputError: its state cannot be written.
        """
        before = folder.read()
        if before.state not in UNDER_WAY:
            return False
        if folder.is_asked_to_stop:
            folder.cancel()
            return False
        if before.attempts >= _MOST_ATTEMPTS:
            what = "Dịch vụ đã thử trộn danh sách này nhiều lần mà lần nào cũng dừng đột ngột."
            cure = "Chia nhỏ danh sách rồi gửi lại; báo người phụ trách."
            fail(folder, [Problem(code="job-given-up", what=what, cure=cure)])
            return False
        folder.write(replace(before, state="running", attempts=before.attempts + 1))
        return True

    def _wait_for(self, folder: JobFolder) -> None:
        """Let a process do the job, and end it when the job is to stop.

        Raises:
            OSError: the machine starts no process.
        """
        place = self._temporary / folder.id
        process = _SPAWN.Process(target=_work_off, args=(folder.place, dict(self._profile), place))
        process.start()
        while process.is_alive():
            process.join(_SECONDS_BETWEEN_LOOKS)
            if folder.is_asked_to_stop and process.pid is not None:
                with suppress(psutil.NoSuchProcess):
                    _end(psutil.Process(process.pid))
                process.join()
        process.close()


def _remove(place: Path) -> None:
    """Remove a folder in which a program that was just ended may still write."""
    for _ in range(_MOST_LOOKS):
        shutil.rmtree(place, ignore_errors=True)
        if not place.exists():
            return
        time.sleep(_SECONDS_BETWEEN_LOOKS)


def _work_off(job: Path, profile: Mapping[str, object], temporary: Path) -> None:
    """What the process of one job does."""
    os.umask(0o077)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _leave_with_the_parent()
    own_temporary_folder(temporary)
    work_off(JobFolder(job), profile)
