"""A Dask cluster as a standard Executor: the processes of many machines that one scheduler knows.

Dask gives an order to another worker when the one that had it dies. What it leaves open is settled here: workers prove
that they are fit before the first order, and where scheduler or workers stay away, answers end as refusals, so that
nobody waits for ever. A row is blamed only by its own work or by workers that died of it, never by an unfit cluster.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from concurrent.futures import Executor, Future, InvalidStateError, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from docgen.batch.remote import Answer, Call, Parcel, Terms, at_work, leave, program, prove
from docgen.errors import DocgenError, OutputError, Problem, shown
from docgen.files import not_written

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

JOIN_SECONDS = 15.0
"""How long a scheduler may take to answer at first, and to come back when it was lost."""
PATIENCE_SECONDS = 60.0
"""How long a cluster may be without workers; one that died needs some seconds to start again."""
SHARE_SECONDS = 10.0
"""How long a shared folder may take to show a new file to another machine."""
_LOOK_SECONDS: Final = 1.0
_ANSWER_SECONDS: Final = 10.0
_GRACE_SECONDS: Final = 1.0
"""What a dropped order may still take before its worker is ended; one that is not stuck is mostly done in it."""
_TALKATIVE: Final = ("distributed", "distributed.client", "tornado", "tornado.application")
"""Loggers to which Dask gives handlers of its own, for every program that loads it."""


class Cluster:
    """A Dask scheduler and its workers, joined for one merge."""

    def __init__(self, address: str, *, shared: Path | None, order_seconds: float) -> None:
        """Join the cluster.

        Args:
            address: `tcp://host:port`, or `tls://host:port` with the certificates that Dask is configured with.
            shared: the folder in which workers leave what they make, under the same path on every machine; None where
                they give it back.
            order_seconds: how long an order may take before its worker counts as stuck.

        Raises:
            OutputError: `cluster-missing` (the extra is not installed), `cluster-unreachable`, `cluster-empty`; the
                folder cannot be written.
        """
        self._address = address
        self._terms = Terms(program(), _token(shared) if shared else None, SHARE_SECONDS, order_seconds)
        self._client = joined(address)
        self._orders: _Orders | None = None
        self._left = threading.Event()
        self._talk = _Talk(self._client)
        try:
            self.workers = self._threads()
        except Exception as error:
            self.close()
            raise self._lost() from error
        if not self.workers:
            self.close()
            raise self._empty()
        threading.Thread(target=self._watch, name="docgen-cluster", daemon=True).start()

    def hire(self) -> Executor:
        """The cluster as a standard executor; the same order given twice is done twice.

        Raises:
            OutputError: `cluster-lost`, `cluster-empty`: nobody came back; `worker-differs`, `folder-not-shared`,
                `cluster-unfit`: a worker would do the orders otherwise, or not at all.
        """
        until = time.monotonic() + PATIENCE_SECONDS
        while (trouble := self._trouble()) is not None:
            if time.monotonic() > until or self._client.status == "closed":
                raise trouble
            time.sleep(_LOOK_SECONDS)
        self._prove_workers()
        self._orders = _Orders(self._client, replace(self._terms, ticket=os.urandom(8).hex()), self._lost)
        return self._orders

    def close(self) -> None:
        """Leave the cluster, which may be gone already."""
        self._left.set()
        with suppress(Exception):
            self._client.close(timeout=_ANSWER_SECONDS)
        self._talk.free()

    def _prove_workers(self) -> None:
        try:
            told: Mapping[str, object] = self._client.run(
                prove, self._terms, on_error="return", callback_timeout=SHARE_SECONDS + _ANSWER_SECONDS
            )
        except Exception as error:
            raise self._lost() from error
        problems = [problem for worker, answer in told.items() for problem in _problems(worker, answer)]
        if problems:
            raise OutputError(list(dict.fromkeys(problems)))

    def _watch(self) -> None:
        """End what is awaited once scheduler or workers have stayed away too long."""
        well = time.monotonic()
        while not self._left.wait(_LOOK_SECONDS):
            trouble = self._trouble()
            if trouble is None:
                well = time.monotonic()
            elif self._orders and (time.monotonic() - well > PATIENCE_SECONDS or self._client.status == "closed"):
                self._orders.end(trouble)

    def _trouble(self) -> OutputError | None:
        """What keeps the cluster from working just now."""
        try:
            return None if self._threads() else self._empty()
        except Exception:  # noqa: BLE001 - however it fails, no answer is no answer
            return self._lost()

    def _threads(self) -> int:
        told: Mapping[str, int] = self._client.nthreads(callback_timeout=_ANSWER_SECONDS)
        return sum(told.values())

    def _empty(self) -> OutputError:
        what = f"Bộ điều phối {shown(self._address)} không có máy làm việc (dask worker) nào."
        return OutputError.of("cluster-empty", what, "Chạy dask worker trên các máy rồi chạy lại lệnh.")

    def _lost(self) -> OutputError:
        what = f"Mất liên lạc với bộ điều phối {shown(self._address)}; những văn bản đã tạo vẫn nguyên."
        cure = "Kiểm tra mạng và dask scheduler rồi chạy lại lệnh: chương trình làm tiếp."
        return OutputError.of("cluster-lost", what, cure)


class _Orders(Executor):
    """Dask's executor; its answers end even where the cluster does not answer any more."""

    def __init__(self, client: Any, terms: Terms, lost: Callable[[], OutputError]) -> None:
        self._client, self._terms, self._lost = client, terms, lost
        self._dask: Executor = client.get_executor(pure=False)
        self._awaited: set[Future[Any]] = set()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Give an order.

        Raises:
            OutputError: `cluster-lost`.
        """
        parcel = Parcel.of(Call(fn, args, kwargs))
        awaited: Future[Any] = Future()
        self._give(parcel, awaited, again=True)
        self._awaited.add(awaited)
        awaited.add_done_callback(self._awaited.discard)
        return awaited

    def _give(self, parcel: Parcel, awaited: Future[Any], *, again: bool) -> None:
        """Give an order to Dask; `again`: once more, should Dask itself fail with it.

        Dask does so by chance where a worker dies right when its answer has come: the answer is there, but the order
        counts as lost (`distributed.cfexecutor` asks how it stands only then). What fails twice is no chance.
        """
        try:
            given = self._dask.submit(at_work, self._terms, parcel)
        except Exception as error:
            raise self._lost() from error

        def pass_on(done: Future[Answer]) -> None:
            if not (again and not awaited.done() and _dask_failed(done)):
                _pass_on(done, awaited)
                return
            try:
                self._give(parcel, awaited, again=False)
            except OutputError as error:
                with suppress(InvalidStateError):
                    awaited.set_exception(error)

        given.add_done_callback(pass_on)

    def end(self, error: OutputError) -> None:
        """Answer whatever is awaited with this error."""
        for awaited in list(self._awaited):
            with suppress(InvalidStateError):
                awaited.set_exception(error)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - as executors have it
        """Take no more orders; unless it is to wait, those that are out are dropped, and who is stuck with one ends."""
        dropped = (cancel_futures or not wait) and bool(self._awaited)
        with suppress(Exception):
            self._dask.shutdown(wait=wait and not cancel_futures)
            if dropped and self._client.status == "running":
                time.sleep(_GRACE_SECONDS)
                self._client.run(leave, self._terms.ticket, on_error="ignore", callback_timeout=_ANSWER_SECONDS)


class _Talk:
    """Keeps Dask's own thread from telling on the terminal, with tracebacks, what the merge tells in its own words."""

    def __init__(self, client: Any) -> None:
        async def thread() -> int:
            return threading.get_ident()

        self._thread: int = client.sync(thread)
        self._handlers = [handler for name in _TALKATIVE for handler in logging.getLogger(name).handlers]
        for handler in self._handlers:
            handler.addFilter(self._is_of_others)

    def free(self) -> None:
        """Let it talk again."""
        for handler in self._handlers:
            handler.removeFilter(self._is_of_others)

    def _is_of_others(self, record: logging.LogRecord) -> bool:
        return record.thread != self._thread


def _pass_on(done: Future[Answer], awaited: Future[Any]) -> None:
    """Give what became of an order to whoever awaits it, unless the cluster was given up before."""
    with suppress(InvalidStateError):
        if done.cancelled():
            awaited.cancel()
        elif (error := done.exception()) is not None:
            awaited.set_exception(_refusal(error) if _dask_failed(done) else error)
        elif (answer := done.result()).error is not None:
            awaited.set_exception(answer.error)
        else:
            awaited.set_result(answer.result)


def _dask_failed(done: Future[Answer]) -> bool:
    """Whether an order came to an end that neither its work nor the death of its workers explains."""
    from distributed import KilledWorker

    return not done.cancelled() and not isinstance(done.exception(), KilledWorker | None)


def _refusal(error: BaseException) -> OutputError:
    unfit = OutputError([_unfit("Cụm máy", error)])
    unfit.__cause__ = error
    return unfit


def _problems(worker: str, answer: object) -> tuple[Problem, ...]:
    """What is wrong with a worker by its answer; one that has just died is not judged."""
    if isinstance(answer, DocgenError):
        return answer.problems
    if isinstance(answer, Exception) and not isinstance(answer, OSError):
        return (_unfit(f"Máy làm việc {worker}", answer),)
    return ()


def _unfit(who: str, error: BaseException) -> Problem:
    what = f"{who} không nhận được việc ({type(error).__name__})."
    cure = "Cài cùng một bản docgen[cluster] trên máy chạy dask scheduler và mọi máy làm việc, khởi động lại cả cụm."
    return Problem(code="cluster-unfit", what=what, cure=cure)


def joined(address: str) -> Any:
    """A Dask client of the scheduler at this address.

    Raises:
        OutputError: `cluster-missing`, `cluster-unreachable`.
    """
    try:
        dask: Any = import_module("distributed")
    except ImportError:
        what = "Chưa cài phần chạy trên nhiều máy."
        raise OutputError.of("cluster-missing", what, "Cài bằng: pip install 'docgen[cluster]'.") from None
    try:
        with ThreadPoolExecutor(1) as another:  # this one may have a loop of its own, as a notebook has
            another.submit(asyncio.run, _greet(dask, address)).result()
        return dask.Client(address, timeout=JOIN_SECONDS, set_as_default=False)
    except Exception as error:
        what = f"Không nối được với bộ điều phối {shown(address)}."
        cure = "Kiểm tra địa chỉ (ví dụ tcp://10.0.0.5:8786) và dask scheduler đang chạy."
        raise OutputError.of("cluster-unreachable", what, cure) from error


async def _greet(dask: Any, address: str) -> None:
    """Ask a scheduler who it is; Dask's client waits for ever for anybody else who takes the call."""
    security = dask.Security()  # as Dask is configured
    async with dask.rpc(address, connection_args=security.get_connection_args("client")) as there:
        told = await asyncio.wait_for(there.identity(), JOIN_SECONDS)
    if told["type"] != "Scheduler":
        raise ValueError(address)


def _token(folder: Path) -> str:
    """A new file by which a worker knows the folder again."""
    token = folder.absolute() / f"{os.urandom(16).hex()}.token"
    try:
        token.touch(exist_ok=False)
    except OSError as error:
        raise not_written(token, error) from error
    return str(token)
