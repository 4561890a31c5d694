"""Keeps the consumer running as long as the server does: starts it, starts it again, ends it."""

from __future__ import annotations

import logging
import multiprocessing
import os
import threading
from typing import TYPE_CHECKING, Self

from service.consumer import consume

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess
    from types import TracebackType

    from service.settings import Settings

_LOG = logging.getLogger(__name__)
_QUIET = "ignore:resource_tracker:UserWarning"
"""Python's tracker of semaphores, which starts with the first process, tells on stderr of those that a process had
which was ended; here that is no fault."""
_SECONDS_BEFORE_ANOTHER = 2.0
_SECONDS_TO_LEAVE = 10.0


class Supervisor:
    """Runs one consumer while its context is open; when the server dies otherwise, the consumer leaves by itself."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._ending = threading.Event()
        self._process: SpawnProcess | None = None
        self._watch = threading.Thread(target=self._keep_running, daemon=True, name="supervisor")

    def __enter__(self) -> Self:
        self._process = self._started()
        self._watch.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._ending.set()
        if self._process is not None:
            self._process.terminate()
        self._watch.join(_SECONDS_TO_LEAVE)
        if self._process is not None and self._process.is_alive():
            self._process.kill()

    def _started(self) -> SpawnProcess:
        told = os.environ.get("PYTHONWARNINGS", "")
        if _QUIET not in told:
            os.environ["PYTHONWARNINGS"] = ",".join(filter(None, (told, _QUIET)))
        # A fork would inherit the sockets and the locks of the server's threads.
        process = multiprocessing.get_context("spawn").Process(target=consume, args=(self._settings,), name="consumer")
        process.start()
        return process

    def _keep_running(self) -> None:
        while self._process is not None:
            self._process.join()
            if self._ending.is_set():
                return
            _LOG.error("the consumer ended with code %s; it is started again", self._process.exitcode)
            if self._ending.wait(_SECONDS_BEFORE_ANOTHER):
                return
            self._process = self._started()
