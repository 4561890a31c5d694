"""Chunks of orders to workers and back, in order, through one standard Executor; a worker that dies is survived.

The executor is whatever `concurrent.futures` knows: this process, processes of this machine, or Dask's on many. When
one breaks or does not answer in time, a new one is made and the chunks that were out are tried again one by one, so
that the guilty one is known; it is cut into pieces until the row that kills is alone. That row fails by name, all
others are made.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Executor, Future
from concurrent.futures import TimeoutError as TooLong
from typing import TYPE_CHECKING, Final, Self

from docgen.batch.executors import dismiss
from docgen.batch.tasks import Made
from docgen.batch.work import work
from docgen.errors import DocgenError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from docgen.batch.tasks import Order
    from docgen.batch.work import Job

CHUNKS_OUT_PER_WORKER: Final = 3
"""How many chunks a worker has before it, so that it never waits; results stay in memory no longer than that."""
_PIECES: Final = 8
"""Into how many a chunk is cut that has killed its worker: three cuts find one row of 200."""
_AGAIN: Final = 0.25
"""How much of the time a second trial gets: the first was generous, and a row that is stuck takes it at each cut."""


class Crew:
    """Workers for one job; used as a context manager, it leaves none behind."""

    def __init__(self, job: Job | bytes, hire: Callable[[], Executor], *, workers: int, seconds: float) -> None:
        """Make a crew.

        Args:
            job: goes with every chunk; packed where it leaves this process.
            hire: makes an executor, when the first chunk needs one and when one has broken.
            workers: how many work at a time.
            seconds: how long the crew may be silent on one chunk before its worker is given up.
        """
        self._job, self._hire, self._seconds = job, hire, seconds
        self._window = workers * CHUNKS_OUT_PER_WORKER
        self._executor: Executor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._dismiss()

    def done(self, chunks: Iterable[Sequence[Order]]) -> Iterator[list[Made]]:
        """What became of each chunk, in the chunks' order.

        Raises:
            OutputError: the machine failed a worker (its disk is full, for one): no other would do better.
        """
        waiting: deque[tuple[Sequence[Order], Future[list[Made]]]] = deque()
        coming = iter(chunks)
        while True:
            while len(waiting) < self._window and (chunk := next(coming, None)) is not None:
                waiting.append((chunk, self._out(chunk)))
            if not waiting:
                return
            chunk, future = waiting[0]
            try:
                made = future.result(self._seconds)
            except DocgenError:
                raise
            except (Exception, TooLong):  # noqa: BLE001 - whatever broke the worker, the rows must not be lost
                yield from self._one_by_one([each for each, _ in waiting])
                waiting.clear()
            else:
                waiting.popleft()
                yield made

    def _out(self, chunk: Sequence[Order]) -> Future[list[Made]]:
        answer: Future[list[Made]] = Future()
        if not chunk:
            answer.set_result([])
            return answer
        if self._executor is None:
            self._executor = self._hire()
        try:
            return self._executor.submit(work, self._job, chunk)
        except RuntimeError as error:  # it broke on an earlier chunk, whose own future tells the same
            answer.set_exception(error)
            return answer

    def _one_by_one(self, chunks: Iterable[Sequence[Order]]) -> Iterator[list[Made]]:
        self._dismiss()
        for chunk in chunks:
            yield list(self._alone(chunk))

    def _alone(self, chunk: Sequence[Order]) -> Iterator[Made]:
        """One chunk alone at work; where it kills its worker, its pieces, and at last the one row."""
        try:
            yield from self._out(chunk).result(self._seconds * _AGAIN)
        except DocgenError:
            raise
        except (Exception, TooLong):  # noqa: BLE001 - as above
            self._dismiss()
            if len(chunk) == 1:
                yield Made(chunk[0].number, (_DEADLY,))
                return
            size = -(-len(chunk) // _PIECES)
            for start in range(0, len(chunk), size):
                yield from self._alone(chunk[start : start + size])

    def _dismiss(self) -> None:
        if self._executor is not None:
            dismiss(self._executor)
            self._executor = None


_DEADLY: Final = Problem(
    code="worker-died",
    what="Máy phải dừng hai lần khi làm dòng này (thiếu bộ nhớ hoặc quá lâu).",
    cure="Kiểm tra xem dòng có nội dung dài bất thường không; rút ngắn rồi chạy lại.",
)
