"""Merges as jobs: begun, watched, fetched, cancelled and deleted here; done by the consumer, a process of its own.

An unknown id, an id of somebody else and one that was deleted are the same: 404. Ids are random, so they cannot be
guessed.
"""

from __future__ import annotations

import re
import secrets
import shutil
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Final

from docgen.errors import OutputError
from docgen.files import not_written
from docgen.papers import library
from docgen.tables.limits import DEFAULT, refuse_larger
from docgen.viet.files import file_name
from service.errors import RefusedError
from service.job_folder import ERRORS, INDEX, RESULT, UNDER_WAY, Asked, JobFolder, JobState, Kept, NoJobError

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator
    from pathlib import Path

    from service.settings import Settings

__all__ = ["Asked", "JobState", "Jobs"]

_ID: Final = re.compile(r"[A-Za-z0-9_-]{32}")
_RANDOM_BYTES = 24
_LONGEST_NAME = 120
_HALF_MADE_SECONDS = 3600.0
_GONE: Final = "."
"""Begins the name of a folder that is being removed; no id does."""


class Jobs:
    """The merges that are kept in the data folder."""

    def __init__(self, settings: Settings, enqueue: Callable[[str], None]) -> None:
        """Open the folder of jobs.

        Args:
            settings: limits, retention and the data folder.
            enqueue: hands the id of a job to the consumer.

        Raises:
            OutputError: the data folder cannot be made.
        """
        self._settings, self._enqueue = settings, enqueue
        self.place = settings.data / "jobs"
        self._beginning = threading.Lock()
        try:
            settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.place.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise not_written(self.place, error) from error

    def start(self, asked: Asked, list_content: bytes, owner: str) -> str:
        """Queue a merge; its id.

        Raises:
            FormError: there is no such form.
            DataError: the file is too large.
            OutputError: it cannot be stored or queued.
            RefusedError: 429, the owner has too many jobs, or the queue is full.
        """
        asked = replace(asked, list_name=_safe(asked.list_name), refuse_secret=self._settings.refuse_secret)
        if asked.name not in library.families():
            library.form(asked.name)
        refuse_larger(list_content, DEFAULT.list_bytes)
        with self._beginning:
            self._refuse_too_many(owner)
            folder = JobFolder(self.place / secrets.token_urlsafe(_RANDOM_BYTES))
            try:
                folder.create(asked, list_content, owner)
                self._enqueue(folder.id)
            except OSError as error:
                self._remove(folder.place)
                raise not_written(self.place, error, len(list_content)) from error
            except OutputError:
                self._remove(folder.place)
                raise
        return folder.id

    def state(self, id: str, owner: str) -> JobState:  # noqa: A002 - the word of the API
        """How far a job is.

        Raises:
            RefusedError: 404.
        """
        folder = self._folder(id, owner)
        try:
            state = folder.read()
        except NoJobError:
            raise _unknown() from None
        if state.state in UNDER_WAY and folder.is_asked_to_stop:
            return replace(state, state="cancelled", rate=None, seconds_left=None)
        return state

    def kept(self, owner: str) -> list[Kept]:
        """The owner's merges, the last that changed first."""
        found = []
        for folder in map(JobFolder, self._places()):
            with suppress(OSError, NoJobError, RefusedError):  # deleted just now
                asked, whose = folder.told()
                if whose == owner and not folder.id.startswith(_GONE):
                    found.append(Kept(self.state(folder.id, owner), asked.list_name, folder.changed()))
        return sorted(found, key=lambda each: each.changed, reverse=True)

    def result(self, id: str, owner: str) -> Path:  # noqa: A002
        """The .zip of a job that is done.

        Raises:
            RefusedError: 404; 409 while it is under way, and where nothing came of it.
        """
        state = self.state(id, owner)
        if state.state in UNDER_WAY:
            raise RefusedError(409, "not-ready", "Chưa trộn xong. Xem tiến độ rồi tải lại sau.", Retry_After="2")
        if not state.has_result:
            raise RefusedError(409, "no-result", "Lần trộn này không có kết quả để tải; xem các lỗi đã nêu.")
        return self.place / id / RESULT

    def errors(self, id: str, owner: str) -> Path | None:  # noqa: A002
        """The list of bad rows, if there is one.

        Raises:
            RefusedError: 404.
        """
        return self.place / id / ERRORS if self.state(id, owner).has_errors else None

    def index(self, id: str, owner: str) -> Path | None:  # noqa: A002
        """The index of documents, if there is one.

        Raises:
            RefusedError: 404.
        """
        self.state(id, owner)
        found = self.place / id / INDEX
        return found if found.is_file() else None

    def cancel(self, id: str, owner: str) -> None:  # noqa: A002
        """Ask a job to stop; one that has ended stays as it is.

        Raises:
            RefusedError: 404.
        """
        if self.state(id, owner).state in UNDER_WAY:
            try:
                JobFolder(self.place / id).ask_to_stop()
            except OSError as error:
                raise not_written(self.place / id, error) from error

    def delete(self, id: str, owner: str) -> None:  # noqa: A002
        """Remove a job and every file of it, at once; a running merge finds its folder gone and stops.

        Raises:
            RefusedError: 404.
        """
        self.cancel(id, owner)
        self._remove(self.place / id)

    def sweep(self, busy: Container[str] = ()) -> int:
        """Remove what is older than the retention, and what was left half made or half removed; how many jobs.

        Args:
            busy: ids of jobs that are being done just now.
        """
        now, removed = time.time(), 0
        for place in self._places():
            if place.name in busy:
                continue
            with suppress(OSError):
                folder = JobFolder(place)
                if now - folder.changed() > self._kept_for(folder):
                    self._remove(place)
                    removed += 1
        return removed

    def under_way(self) -> list[str]:
        """The ids of all jobs that wait or run, oldest first."""
        found = []
        for folder in map(JobFolder, self._places()):
            with suppress(OSError, NoJobError):
                if folder.read().state in UNDER_WAY:
                    found.append(((folder.place / "asked.json").stat().st_mtime, folder.id))
        return [id_ for _, id_ in sorted(found)]

    def _places(self) -> Iterator[Path]:
        yield from sorted(place for place in self.place.iterdir() if place.is_dir())

    def _kept_for(self, folder: JobFolder) -> float:
        """How long after its last change a folder stays, in seconds."""
        if folder.id.startswith(_GONE):
            return 0.0
        return self._settings.retention if (folder.place / "state.json").exists() else _HALF_MADE_SECONDS

    def _folder(self, id_: str, owner: str) -> JobFolder:
        if not _ID.fullmatch(id_):
            raise _unknown()
        folder = JobFolder(self.place / id_)
        with suppress(NoJobError):
            if secrets.compare_digest(folder.told()[1].encode(), owner.encode()):
                return folder
        raise _unknown()

    def _refuse_too_many(self, owner: str) -> None:
        waiting = own = 0
        for folder in map(JobFolder, self._places()):
            with suppress(NoJobError):
                waiting += folder.read().state in UNDER_WAY and not folder.is_asked_to_stop
                own += folder.told()[1] == owner
        if waiting >= self._settings.jobs_waiting:
            what = "Đang có quá nhiều danh sách chờ trộn. Gửi lại sau ít phút."
            raise RefusedError(429, "queue-full", what, Retry_After="60")
        if own >= self._settings.jobs_per_owner:
            what = f"Đã có {own} lần trộn đang được giữ. Xóa bớt những lần đã tải kết quả rồi gửi lại."
            raise RefusedError(429, "jobs-too-many", what, Retry_After="3600")

    def _remove(self, place: Path) -> None:
        """Take the job's name away first, so that nobody finds half of it; then its files."""
        gone = place.with_name(f"{_GONE}{secrets.token_hex(8)}")
        try:
            place.rename(gone)
        except OSError:  # a file of it is open (Windows); what cannot be removed now goes with the next sweep
            gone = place
        shutil.rmtree(gone, ignore_errors=True)


def _unknown() -> RefusedError:
    return RefusedError(404, "job-unknown", "Không có lần trộn này, hoặc nó đã bị xóa.")


def _safe(name: str) -> str:
    """The name of an uploaded file without any folder, short, and safe on every system; its ending stays."""
    plain = PurePosixPath(PureWindowsPath(name).name)
    return file_name(plain.stem, plain.suffix.lower(), accented=True, most=_LONGEST_NAME)
