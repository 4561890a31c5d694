"""`docgen merge` is killed at any moment: the same command completes the work, and nothing shows that it was killed."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import time
from itertools import count
from typing import TYPE_CHECKING

import pytest

from docgen.cli import main
from tests.batch import scenes, small
from tests.batch.deadly import HELD
from tests.batch.ends import documents, end_of
from tests.batch.nursery import Child, Nursery, are_gone, nursery

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks processes and looks them up in /proc")

KILLS = 10
"""For each kind of output, half of them over what another merge has made."""
ROWS = 24


@pytest.fixture(scope="module")
def processes(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    with nursery(built, tmp_path_factory.mktemp("nursery") / "stderr.txt") as made:
        yield made


def later(rows: list[small.Row]) -> list[small.Row]:
    """The list some days later: every third row changed, names moved on by one, one gone, one new."""
    changed = [{**row, "Nội dung": f"{row['Nội dung']} sửa"} if number % 3 else row for number, row in enumerate(rows)]
    for row, next_one in zip(changed[10:19], rows[11:20], strict=True):
        row["Họ và tên"] = next_one["Họ và tên"]
    return [*changed[1:], *small.people(ROWS + 1)[-1:]]


@pytest.mark.parametrize("again", [False, True], ids=["first", "changed"])
@pytest.mark.parametrize("place", scenes.PLACES)
def test_kill_9_at_any_moment_loses_doubles_and_breaks_nothing(
    place: str, again: bool, processes: Nursery, tmp_path: Path
) -> None:
    chance = random.Random(f"{place}{again}")
    before, whole = tmp_path / "before", tmp_path / "whole"
    before.mkdir()
    rows = small.people(ROWS)
    source = small.written(tmp_path / "ds.jsonl", rows)
    if again:
        assert run(processes, source, before / place) == 0
        small.written(source, later(rows))
    shutil.copytree(before, whole)
    began = time.monotonic()
    assert run(processes, source, whole / place) == 0
    seconds = time.monotonic() - began
    wanted = end_of(whole / place)
    assert len(documents(whole / place)) == ROWS + again

    killed = 0
    for number in count():
        if killed >= KILLS // 2:
            break
        found = tmp_path / f"try-{number}"
        shutil.copytree(before, found)
        for _ in range(chance.randint(1, 3)):
            child = processes.start("merge", small.CARD, source, "-o", found / place, "--workers", 1)
            time.sleep(chance.uniform(0, seconds))
            child.signal(signal.SIGKILL)
            killed += child.ended() == -signal.SIGKILL
        assert run(processes, source, found / place) == 0
        assert end_of(found / place) == wanted


def run(processes: Nursery, source: Path, target: Path) -> int:
    """One merge, undisturbed."""
    return processes.start("merge", small.CARD, source, "-o", target, "--workers", 1).ended()


def test_kill_9_of_the_coordinator_leaves_no_worker_behind(processes: Nursery, tmp_path: Path) -> None:
    source = small.written(tmp_path / "ds.jsonl", endless(1200))
    child = processes.start("merge", small.CARD, source, "-o", tmp_path / "o", "--workers", 2)
    workers = at_work(tmp_path, child)
    child.signal(signal.SIGKILL)
    assert child.ended() == -signal.SIGKILL
    assert are_gone(workers, within=5)


def test_kill_9_of_a_worker_loses_nothing(processes: Nursery, tmp_path: Path) -> None:
    rows = endless(800)
    source = small.written(tmp_path / "ds.jsonl", rows)
    child = processes.start("merge", small.CARD, source, "-o", tmp_path / "o", "--workers", 2)
    killed = at_work(tmp_path, child)[-1]
    os.kill(killed, signal.SIGKILL)
    processes.open_gate()
    assert child.ended() == 0
    assert documents(tmp_path / "o").keys() == {small.place_of(row) for row in rows}
    end_of(tmp_path / "o")


@pytest.mark.parametrize(("place", "sent", "code"), [("o", signal.SIGTERM, 143), ("o.zip", signal.SIGINT, 130)])
def test_a_merge_that_is_asked_to_stop_stops_at_once_and_goes_on_later(
    place: str, sent: signal.Signals, code: int, processes: Nursery, tmp_path: Path
) -> None:
    rows = endless(1200)
    source = small.written(tmp_path / "ds.jsonl", rows)
    child = processes.start("merge", small.CARD, source, "-o", tmp_path / place, "--workers", 2)
    workers = at_work(tmp_path, child)
    began = time.monotonic()
    child.signal(sent)
    assert child.ended() == code
    assert time.monotonic() - began < 5
    assert are_gone(workers, within=1)
    assert child.errors == "Đã dừng theo yêu cầu.\n"

    small.written(source, rows[:60])
    assert run(processes, source, tmp_path / place) == 0
    assert len(documents(tmp_path / place)) >= 60
    assert not list(tmp_path.rglob("*.part"))


def test_a_command_leaves_the_signals_of_its_caller_as_they_were() -> None:
    before = signal.getsignal(signal.SIGTERM)
    assert main(["forms", "--json"]) == 0
    assert signal.getsignal(signal.SIGTERM) is before


def endless(number: int) -> list[small.Row]:
    """A list whose merge does not end before `Nursery.open_gate`, however long a test takes to look."""
    rows = small.people(number)
    rows[number // 2]["Họ và tên"] = HELD
    return rows


def at_work(folder: Path, child: Child) -> list[int]:
    """The workers of a merge, once it has put its first documents in their places."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if any(len(ledger.read_bytes()) > 100 for ledger in folder.rglob("*ledger.jsonl")):
            workers = child.workers()
            assert len(workers) >= 2
            return workers
        time.sleep(0.01)
    pytest.fail("the merge has not begun")
