"""Workers die, hang or never start: their rows are tried again, the guilty one fails by name, all others are made."""

from __future__ import annotations

import inspect
import os
import struct
import threading
import time
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.batch import crew as crews
from docgen.batch import executors, merging
from docgen.batch import plan as plans
from docgen.batch.crew import Crew
from docgen.batch.executors import Here, Hiring, dismiss, processes
from docgen.batch.tasks import Made, Order
from docgen.cli import main
from docgen.errors import OutputError
from tests.batch import small
from tests.batch.deadly import FAULTY, KILLED, STUCK, DeadlyPress, released
from tests.batch.ends import documents, end_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from docgen.batch.report import Report
    from tests.batch.conftest import Merged


@pytest.fixture
def deadly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "Press", DeadlyPress)
    monkeypatch.setattr(merging, "CHUNK", 2)


def with_guilty(number: int, at: int, name: str) -> list[small.Row]:
    rows = small.people(number)
    rows[at]["Họ và tên"] = name
    return rows


def assert_one_failed(
    report: Report, target: Path, rows: Sequence[small.Row], at: int, code: str = "worker-died"
) -> None:
    """All rows but one were made, and that one is told by its row."""
    assert (report.done, report.failed) == (len(rows) - 1, 1)
    [problem] = report.problems
    assert (problem.code, problem.row) == (code, at + 1)
    texts = [text_of(content) for content in documents(target).values()]
    assert len(texts) == len(rows) - 1
    assert all(sum(row["Nội dung"] in text for text in texts) == (number != at) for number, row in enumerate(rows))


# ---------------------------------------------------------------- real processes


def test_a_row_that_kills_its_worker_fails_by_name(deadly: None, merged: Merged, tmp_path: Path) -> None:
    rows = with_guilty(10, 5, KILLED)
    report = merged(rows, tmp_path / "o", workers=2)
    assert_one_failed(report, tmp_path / "o", rows, 5)
    end_of(tmp_path / "o")


def test_a_process_that_does_not_answer_is_ended() -> None:
    executor = processes(1)
    [pid] = executor._processes  # type: ignore[attr-defined]
    stuck = executor.submit(time.sleep, 1000)
    began = time.monotonic()
    dismiss(executor)
    assert time.monotonic() - began < 5
    assert stuck.cancelled() or isinstance(stuck.exception(0), BrokenExecutor)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_two_workers_mix_up_nobody_and_make_what_one_makes(
    merged: Merged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "CHUNK", 3)
    rows = small.people(90, units=7, words=5)
    for out, workers in (("o", 2), ("one", 1)):
        assert merged(rows, tmp_path / out, workers=workers).done == 90
    assert end_of(tmp_path / "o") == end_of(tmp_path / "one")
    texts = [text_of(content) for content in documents(tmp_path / "o").values()]
    for row in rows:
        own = [text for text in texts if row["Nội dung"] in text]
        assert len(own) == 1
        assert row["Họ và tên"] in own[0]
        assert row["Chi bộ"] in own[0]
        assert own[0].count("dấu-") == 5


# ---------------------------------------------------------------- what the crew does, without the wait for processes


def test_a_row_that_hangs_is_given_up_and_fails_by_name(
    deadly: None, merged: Merged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "processes", ThreadPoolExecutor)
    monkeypatch.setattr(merging, "_SECONDS", 1.0)
    monkeypatch.setattr(merging, "_SECONDS_PER_ROW", 0.0)
    rows = with_guilty(12, 7, STUCK)
    try:
        report = merged(rows, tmp_path / "o.zip", workers=2)
    finally:
        released.set()
    assert_one_failed(report, tmp_path / "o.zip", rows, 7)


def test_a_fault_of_the_program_in_one_row_stops_no_other(deadly: None, merged: Merged, tmp_path: Path) -> None:
    rows = with_guilty(12, 0, FAULTY)
    report = merged(rows, tmp_path / "o")
    assert_one_failed(report, tmp_path / "o", rows, 0, "row-fault")
    assert "(KeyError deadly.py:" in report.problems[0].what


class Brittle(Executor):
    """Breaks as a pool of processes does when one of these rows is at work in it."""

    def __init__(self, deadly: frozenset[int]) -> None:
        self._deadly, self._broken = deadly, False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if self._broken:
            raise BrokenExecutor
        future: Future[Any] = Future()
        self._broken = any(order.number in self._deadly for order in args[1])
        if self._broken:
            future.set_exception(BrokenExecutor())
        else:
            future.set_result(fn(*args, **kwargs))
        return future


@given(st.lists(st.integers(0, 40), max_size=12), st.frozensets(st.integers(0, 100), max_size=6), st.integers(1, 3))
def test_each_row_is_answered_once_in_order_whoever_dies(sizes: list[int], dead: frozenset[int], workers: int) -> None:
    numbers = iter(range(1000))
    chunks = [[Order(next(numbers), "", {}, "") for _ in range(size)] for size in sizes]

    def work(_: object, orders: Sequence[Order]) -> list[Made]:
        return [Made(order.number, ()) for order in orders]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crews, "work", work)
        with Crew(b"", lambda: Brittle(dead), workers=workers, seconds=1) as crew:
            made = list(crew.done(chunks))
    assert [[each.number for each in group] for group in made] == [[order.number for order in one] for one in chunks]
    failed = {each.number for group in made for each in group if each.problems}
    assert failed == dead & {order.number for chunk in chunks for order in chunk}


# ---------------------------------------------------------------- no workers to be had


class Unwilling(Executor):
    """What becomes of a pool of processes on a machine that starts none."""

    def __init__(self, *_: object, error: Exception, **__: object) -> None:
        self._error = error

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if isinstance(self._error, BrokenExecutor):
            broken: Future[Any] = Future()
            broken.set_exception(self._error)
            return broken
        raise self._error


@pytest.mark.parametrize(
    "error", [BlockingIOError("fork"), BrokenExecutor(), RuntimeError("can't start new thread")], ids=repr
)
def test_a_machine_that_starts_no_process_leads_to_exit_5_with_a_cure(
    error: Exception,
    shelf: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(executors, "ProcessPoolExecutor", lambda *_, **__: Unwilling(error=error))
    source = small.written(tmp_path / "ds.jsonl", small.people(3))
    command = ["merge", small.CARD, str(source), "-o", str(tmp_path / "o")]
    assert main([*command, "--workers", "2"]) == 5
    told = capsys.readouterr().err
    assert "Máy không mở thêm được tiến trình để làm song song. Thêm --workers 1;" in told
    assert main([*command, "--workers", "1"]) == 0
    assert len(documents(tmp_path / "o")) == 3


def half_a_result() -> None:
    """Write the beginning of a result, as a worker does that is killed just then, and live on."""
    results = next(frame for frame in inspect.stack() if frame.function == "_process_worker").frame.f_locals
    os.write(results["result_queue"]._writer.fileno(), struct.pack("!i", 1_000) + b"half")
    time.sleep(60)


def test_a_worker_killed_while_it_answers_does_not_hold_up_the_end() -> None:
    executor = processes(2)
    answer = executor.submit(half_a_result)
    time.sleep(1)
    ended = threading.Thread(target=dismiss, args=(executor,), daemon=True)
    ended.start()
    ended.join(10)
    assert not ended.is_alive()
    assert answer.cancelled() or isinstance(answer.exception(), BrokenExecutor)


def test_orders_that_no_worker_will_read_do_not_hold_up_the_end() -> None:
    executor = processes(1)
    for _ in range(4):
        executor.submit(idle, bytes(3_000_000))
    time.sleep(1)
    ended = threading.Thread(target=dismiss, args=(executor,), daemon=True)
    ended.start()
    ended.join(10)
    assert not ended.is_alive()


def idle(_: bytes) -> None:
    """Work for long."""
    time.sleep(60)


def test_processes_that_were_started_ahead_are_hired_once_and_none_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Counted] = []

    def counted(workers: int) -> Executor:
        made.append(Counted(workers))
        return made[-1]

    monkeypatch.setattr(executors, "processes", counted)
    with Hiring(2) as hiring:
        assert [hiring.hire(2), hiring.hire(2)] == made
    with Hiring(2) as hiring:
        assert hiring.hire(3) is not made[2]
    with Hiring(1):
        pass
    assert [(each.workers, each.ended) for each in made] == [(2, False), (2, False), (2, True), (3, False)]


class Counted(ThreadPoolExecutor):
    """Says how many workers it was made for, and whether it was ended."""

    def __init__(self, workers: int) -> None:
        super().__init__(workers)
        self.workers, self.ended = workers, False

    def shutdown(self, *words: Any, **more: Any) -> None:
        self.ended = True
        super().shutdown(*words, **more)


def test_a_machine_that_starts_no_second_crew_keeps_what_the_first_made(
    deadly: None, merged: Merged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hired: Iterator[Executor] = iter([Brittle(frozenset({9}))])

    def hire(_: int) -> Executor:
        for executor in hired:
            return executor
        raise OutputError.of("workers-not-started", "Máy không mở thêm được tiến trình.")

    monkeypatch.setattr(executors, "processes", hire)
    monkeypatch.setattr(crews, "CHUNKS_OUT_PER_WORKER", 1)
    rows = small.people(12)
    with pytest.raises(OutputError):
        merged(rows, tmp_path / "o", workers=2)
    assert len(documents(tmp_path / "o")) == 8
    assert merged(rows, tmp_path / "o").unchanged == 8
    assert len(documents(tmp_path / "o")) == 12


def test_an_executor_of_this_process_holds_what_went_wrong() -> None:
    assert isinstance(Here().submit(lambda: 1 // 0).exception(), ZeroDivisionError)
