"""Who does the work on this machine: this process or several, as a standard Executor (`cluster` has many machines)."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLong
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Self

from docgen.errors import DocgenError, OutputError
from docgen.pipes import widen

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS_FOR_A_SECOND_WORKER: Final = 400
"""Below so many rows for each worker, one process is done before a second has started."""
_START_SECONDS: Final = 120.0


class Here(Executor):
    """This process itself: each order is done when it is given."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do the work now; the future is done when it is returned."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - a future holds whatever happened, as in every executor
            future.set_exception(error)
        return future


def processes(workers: int) -> Executor:
    """So many processes of this machine, known to have started.

    Raises:
        OutputError: the machine starts none, or the program that calls cannot be loaded a second time.
    """
    context = multiprocessing.get_context("spawn")  # a fork would inherit the locks of the service's threads
    executor = ProcessPoolExecutor(workers, mp_context=context, initializer=_settle)
    try:
        executor.submit(os.getpid).result(_START_SECONDS)
        _widen_queues(executor)
    except BaseException as error:
        dismiss(executor)
        if not isinstance(error, RuntimeError | TooLong | OSError):  # a broken executor is a RuntimeError, too
            raise
        what = "Máy không mở thêm được tiến trình để làm song song."
        cure = (
            "Thêm --workers 1; trong một chương trình Python thì gọi docgen.merge bên dưới if __name__ == '__main__'."
        )
        raise OutputError.of("workers-not-started", what, cure) from error
    return executor


def _widen_queues(executor: ProcessPoolExecutor) -> None:
    """A chunk's orders take half a megabyte, its documents two: through narrow pipes they go in forty pieces."""
    for name in ("_call_queue", "_result_queue"):
        if (writer := getattr(getattr(executor, name, None), "_writer", None)) is not None:
            widen(writer)


class Hiring:
    """Hires processes; used as a context manager, it starts the first of them while something else is done."""

    def __init__(self, ahead: int) -> None:
        """Make one; `ahead`: so many processes are sure to be needed soon, fewer than two start nothing."""
        self._ahead = ahead
        self._started: Future[Executor] | None = None

    def __enter__(self) -> Self:
        if self._ahead > 1:
            thread = ThreadPoolExecutor(1, thread_name_prefix="hiring")
            self._started = thread.submit(processes, self._ahead)
            thread.shutdown(wait=False)
        return self

    def __exit__(self, *_: object) -> None:
        if self._started is not None:
            with suppress(DocgenError):  # nobody needed them
                dismiss(self._started.result())

    def hire(self, workers: int) -> Executor:
        """So many processes.

        Raises:
            OutputError: as of `processes`.
        """
        if self._started is None or workers != self._ahead:
            return processes(workers)
        started, self._started = self._started, None
        return started.result()


def dismiss(executor: Executor) -> None:
    """End an executor at once: what it has not begun is dropped, its processes of this machine are killed."""
    processes = list((getattr(executor, "_processes", None) or {}).values())
    for process in processes:
        process.kill()
    for process in processes:
        process.join()
    # A worker that was killed while it wrote an answer has left half of it in the pipe. The executor's thread would
    # wait for the other half for ever, as the pipe has no end while this process could still write to it.
    if processes and (answers := getattr(executor, "_result_queue", None)) is not None:
        answers._writer.close()
    # Likewise a worker's orders, half written: newer Pythons do this themselves (gh-94777), Debian 12 has 3.11.2.
    if processes and sys.version_info < (3, 11, 5) and (orders := getattr(executor, "_call_queue", None)) is not None:
        orders._reader.close()
    # Of killed processes the executor knows at once; its thread must end before Python does, or tells of it on stderr.
    executor.shutdown(wait=bool(processes), cancel_futures=True)


def workers_for(rows: int, asked: int | None) -> int:
    """How many processes are worth it."""
    if asked is not None:
        return max(1, asked)
    return max(1, min(os.cpu_count() or 1, rows // ROWS_FOR_A_SECOND_WORKER))


def _settle() -> None:
    """A new process: Ctrl+C is the coordinator's to answer, and without a coordinator there is nothing to do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()

    def leave_with_the_parent() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=leave_with_the_parent, daemon=True).start()
