"""The queue between server and consumer: Huey on SQLite in the data folder. It holds ids of jobs, nothing else."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, Final

from filelock import FileLock, Timeout
from huey import SqliteHuey

from docgen.errors import OutputError
from docgen.files import not_written

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_NAME: Final = "docgen"


class Queue:
    """Both ends of the queue: the server puts ids in, the consumer's `work` gets them out."""

    work: Callable[[str], None]
    """What the consumer does with an id; the server has none."""

    def __init__(self, data: Path) -> None:
        """Open the queue in the data folder, which is made where it is missing.

        Raises:
            OutputError: the data folder cannot be made.
        """
        try:
            data.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise not_written(data, error) from error
        self._lock = data / "consumer.lock"
        self.huey = SqliteHuey(_NAME, filename=str(data / "queue.db"), results=False, utc=True)
        self._task: Any = self.huey.task(name="merge")(self._do)

    def put(self, id_: str) -> None:
        """Queue a job.

        Raises:
            OutputError: `queue-failed`, the disk is full or the file is damaged.
        """
        try:
            self._task(id_)
        except sqlite3.Error as error:
            what = "Không ghi được vào hàng chờ trộn danh sách."
            raise OutputError.of("queue-failed", what, "Thử lại; nếu vẫn lỗi thì báo người phụ trách.") from error

    def begin_anew(self) -> None:
        """Forget what is queued; the folders of the jobs say what is to be done."""
        self.huey.flush()

    def lock(self) -> FileLock:
        """What the one consumer of a data folder holds while it lives."""
        return FileLock(self._lock)

    @property
    def has_consumer(self) -> bool:
        """Whether somebody works at the other end."""
        try:
            with FileLock(self._lock, timeout=0):
                return False
        except Timeout:
            return True

    def _do(self, id_: str) -> None:
        self.work(id_)
