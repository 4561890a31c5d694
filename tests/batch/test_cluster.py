"""A merge on a real Dask cluster: machines die, rows kill, connections break, and every document is there once."""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import time
from concurrent.futures import CancelledError, Future
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from docgen.batch import cluster, merging
from docgen.batch.cluster import Cluster
from docgen.batch.remote import Answer, OrderError, Parcel, Terms, at_work, program
from docgen.errors import OutputError
from docgen.files import read_file
from tests.batch import small, unlucky
from tests.batch.disk import tree_of
from tests.batch.ends import documents, end_of, text_of
from tests.batch.machines import Machines, eventually
from tests.batch.nursery import are_gone
from tests.batch.unlucky import DEADLY, HELD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.batch.conftest import Merged

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills process groups")

CHUNK = 20
SECRET = "Nguyễn Thị Kín"


@pytest.fixture(scope="module")
def _started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    with Machines(tmp_path_factory.mktemp("machines")) as made:
        made.work("one", "two", "three")
        yield made


@pytest.fixture
def machines(_started: Machines) -> Machines:
    """Three workers, whatever happened to them in the test before."""
    _started.all_at_work()
    return _started


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "CHUNK", CHUNK)


def people(number: int, **named: int) -> list[small.Row]:
    """So many people, some of whom (by their place in the list) bear the name of a misfortune."""
    rows = small.people(number)
    for name, place in named.items():
        rows[place]["Họ và tên"] = {"deadly": DEADLY, "held": HELD}[name]
    return rows


def test_a_worker_that_is_killed_in_mid_run_costs_no_document_and_doubles_none(
    machines: Machines, merged: Merged, tmp_path: Path
) -> None:
    rows = people(300, held=2 * CHUNK - 1)
    target = tmp_path / "out"
    left: list[Path] = []

    def kill_when_documents_appear(settled: int, _: int) -> None:
        if left:
            return
        assert len(documents(target)) == settled == CHUNK
        worker = machines.held()
        left.extend((target / ".docgen" / "parts").glob(f"*-{worker}-*.part"))
        os.kill(worker, signal.SIGKILL)

    report = merged(rows, target, scheduler=machines.address, progress=kill_when_documents_appear)

    assert len(left) >= CHUNK
    assert (report.done, report.failed) == (300, 0)
    made = documents(target)
    assert len(made) == 300
    own = {row["Họ và tên"]: row["Nội dung"] for row in rows}
    for document in made.values():
        text = text_of(document)
        assert [(name, said) for name, said in own.items() if name in text or said in text] == [
            next((name, said) for name, said in own.items() if name in text)
        ]

    merged(rows, tmp_path / "local")
    assert end_of(target) == end_of(tmp_path / "local")
    assert tree_of(target) == tree_of(tmp_path / "local")
    again = merged(rows, target, scheduler=machines.address)
    assert (again.done, again.unchanged) == (300, 300)


def test_a_row_that_kills_every_worker_fails_by_name_and_all_others_are_made(
    machines: Machines, merged: Merged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "CHUNK", 4)
    report = merged(people(24, deadly=9), tmp_path / "out", scheduler=machines.address)
    assert (report.done, report.failed) == (23, 1)
    assert [(each.code, each.row) for each in report.problems] == [("worker-died", 10)]
    assert len(documents(tmp_path / "out")) == 23
    assert not any(DEADLY in text_of(document) for document in documents(tmp_path / "out").values())


def test_a_zip_from_a_cluster_is_the_zip_of_one_process(machines: Machines, merged: Merged, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    merged(people(90), tmp_path / "a" / "o.zip", scheduler=machines.address)
    merged(people(90), tmp_path / "b" / "o.zip")
    assert tree_of(tmp_path / "a") == tree_of(tmp_path / "b")


@pytest.fixture
def joined(machines: Machines) -> Iterator[Cluster]:
    with closing(Cluster(machines.address, shared=None, order_seconds=600)) as made:
        yield made


def test_the_same_order_given_twice_is_done_twice(joined: Cluster) -> None:
    orders = joined.hire()
    one, other = (orders.submit(os.urandom, 8) for _ in range(2))
    assert one.result(60) != other.result(60)


def test_a_worker_that_is_stuck_with_a_dropped_order_is_ended_and_another_works(
    joined: Cluster, tmp_path: Path
) -> None:
    orders = joined.hire()
    order = orders.submit(unlucky.stay, tmp_path / "sign")
    eventually((tmp_path / "sign").exists)
    stuck = int((tmp_path / "sign").read_text("utf-8"))
    orders.shutdown(wait=False, cancel_futures=True)
    with pytest.raises(CancelledError):
        order.result(0)
    assert are_gone([stuck], within=60)
    assert joined.hire().submit(max, 3, 5).result(60) == 5


def test_an_order_that_takes_too_long_ends_its_worker_though_nobody_asks_for_it(machines: Machines) -> None:
    from distributed import KilledWorker

    with closing(Cluster(machines.address, shared=None, order_seconds=0.2)) as joined, pytest.raises(KilledWorker):
        joined.hire().submit(time.sleep, 600).result(60)


def test_what_nobody_foresaw_is_told_by_its_kind_and_no_log_holds_a_persons_data(
    joined: Cluster, machines: Machines
) -> None:
    with pytest.raises(OrderError, match=r"^ValueError$"):
        joined.hire().submit(int, SECRET).result(60)
    assert "distributed.worker" in machines.logs()
    for word in (SECRET, "Nguyễn", ascii("Nguyễn".encode())[2:-1]):
        assert word not in machines.logs()


def test_a_failure_of_the_machine_says_which_machine(joined: Cluster, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"^Máy «.+»: Không thấy tệp"):
        joined.hire().submit(read_file, tmp_path / "missing", most=1).result(60)


def test_workers_with_another_docgen_are_refused_before_anything_is_made(
    machines: Machines, merged: Merged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "program", lambda: "docgen 0.0.1, Python 3.11")
    with pytest.raises(OutputError, match=r"còn máy ra lệnh chạy docgen 0\.0\.1") as refused:
        merged(people(3), tmp_path / "out", scheduler=machines.address)
    assert [each.code for each in refused.value.problems] == ["worker-differs"]
    assert not documents(tmp_path / "out")


def test_workers_that_do_not_see_the_folder_are_refused_before_anything_is_made(
    machines: Machines, merged: Merged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "SHARE_SECONDS", 0.2)
    monkeypatch.setattr(cluster, "_token", lambda shared: str(tmp_path / "o-cua-may-khac" / "x.token"))
    with pytest.raises(OutputError, match="không thấy nơi ghi của máy ra lệnh") as refused:
        merged(people(3), tmp_path / "out", scheduler=machines.address)
    assert [each.code for each in refused.value.problems] == ["folder-not-shared"]
    assert not documents(tmp_path / "out")


class Dask:
    """A client whose executor answers each order with the next of what it is told to."""

    def __init__(self, *answers: Answer | Exception) -> None:
        self._answers = list(answers)

    def get_executor(self, *, pure: bool) -> Dask:
        assert not pure
        return self

    def submit(self, *_: object) -> Future[Answer]:
        given: Future[Answer] = Future()
        answer = self._answers.pop(0)
        if isinstance(answer, Answer):
            given.set_result(answer)
        else:
            given.set_exception(answer)
        return given


CHANCE = ValueError("not enough values to unpack (expected 3, got 2)")
"""What Dask makes of an answer whose worker dies right when it has come."""
TERMS = Terms(program=program(), token=None, share_seconds=0, order_seconds=60)


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ([Answer("made")], "made"),
        ([CHANCE, Answer("made")], "made"),
        ([CHANCE, CHANCE], "cluster-unfit"),
        ([CHANCE, Answer(None, OutputError.of("full", "Hết chỗ.", ""))], "full"),
    ],
)
def test_an_order_with_which_dask_itself_fails_is_given_once_more(answers: list[Answer | Exception], told: str) -> None:
    lost = OutputError.of("cluster-lost", "Mất liên lạc.", "")
    orders = cluster._Orders(Dask(*answers), TERMS, lambda: lost)
    try:
        found = orders.submit(len, "abc").result(1)
    except OutputError as error:
        found = error.problems[0].code
    assert found == told


@pytest.fixture
def bare_worker(machines: Machines) -> Iterator[str]:
    """The address of a worker that has no docgen; another takes its place afterwards."""
    with cluster.joined(machines.address) as client:
        worker = next(iter(client.nthreads()))
        client.run(unlucky.forget_docgen, workers=[worker])
        yield worker
        client.run(os._exit, 1, workers=[worker], on_error="ignore")


def test_a_worker_without_docgen_is_refused_by_its_address_before_a_row_is_blamed(
    bare_worker: str, machines: Machines, merged: Merged, tmp_path: Path
) -> None:
    with pytest.raises(OutputError, match=f"Máy làm việc {bare_worker} không nhận được việc") as refused:
        merged(people(3), tmp_path / "out", scheduler=machines.address)
    assert [each.code for each in refused.value.problems] == ["cluster-unfit"]
    assert not documents(tmp_path / "out")


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        (Terms(program="docgen 0.0.1", token=None, share_seconds=0, order_seconds=60), "worker-differs"),
        (Terms(program=program(), token="/o-khac/x", share_seconds=0, order_seconds=60), "folder-not-shared"),
    ],
)
def test_a_worker_that_joined_later_proves_itself_with_its_first_order(terms: Terms, code: str) -> None:
    refusal = at_work(terms, Parcel(b"not even opened")).error
    assert isinstance(refusal, OutputError)
    assert [each.code for each in refusal.problems] == [code]


@pytest.mark.parametrize("address", ["", "10.0.0.5", "tcp://127.0.0.1", "tcp://127.0.0.1:1", "ftp://127.0.0.1:1"])
def test_a_scheduler_that_does_not_answer_is_refused_by_its_address(
    address: str, merged: Merged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "JOIN_SECONDS", 0.5)
    with pytest.raises(OutputError, match=f"Không nối được với bộ điều phối «{address}»") as refused:
        merged(people(3), tmp_path / "out", scheduler=address)
    assert [each.code for each in refused.value.problems] == ["cluster-unreachable"]
    assert not documents(tmp_path / "out")


def test_a_port_that_takes_the_call_and_says_nothing_is_no_scheduler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "JOIN_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        refuses(f"tcp://127.0.0.1:{silent.getsockname()[1]}")


def test_a_worker_is_no_scheduler(joined: Cluster, capfd: pytest.CaptureFixture[str]) -> None:
    refuses(joined.hire().submit(unlucky.address).result(60))
    gc.collect()
    assert capfd.readouterr() == ("", "")


def refuses(address: str) -> None:
    with pytest.raises(OutputError, match="Không nối được") as refused:
        Cluster(address, shared=None, order_seconds=60)
    assert [each.code for each in refused.value.problems] == ["cluster-unreachable"]


def test_without_the_extra_the_way_to_install_it_is_told(
    merged: Merged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(OutputError, match=r"pip install 'docgen\[cluster\]'") as refused:
        merged(people(3), tmp_path / "out", scheduler="tcp://127.0.0.1:1")
    assert [each.code for each in refused.value.problems] == ["cluster-missing"]


def test_when_workers_or_the_scheduler_stay_away_the_run_ends_and_goes_on_later(
    merged: Merged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE_SECONDS", 1.0)
    monkeypatch.setattr(cluster, "JOIN_SECONDS", 2.0)
    rows, target = people(300, held=2 * CHUNK - 1), tmp_path / "out"
    (tmp_path / "machines").mkdir()

    def refusal(act: Callable[[], None] | None = None) -> str:
        """Why a merge is refused; after its first documents, something happens."""
        acts = [act] if act else []

        def progress(*_: int) -> None:
            if acts:
                acts.pop()()

        with pytest.raises(OutputError) as refused:
            merged(rows, target, scheduler=address, progress=progress)
        assert not acts
        return refused.value.problems[0].code

    def lose_the_worker() -> None:
        machines.stop("one")
        os.kill(machines.held(), signal.SIGKILL)

    with Machines(tmp_path / "machines") as machines:
        address = machines.address
        assert refusal() == "cluster-empty"
        assert not documents(target)

        machines.work("one")
        assert refusal(lose_the_worker) == "cluster-empty"
        assert len(documents(target)) == CHUNK

        machines.go_on("one")
        assert refusal(lambda: machines.lose("scheduler")) == "cluster-lost"
        made = len(documents(target))
        assert CHUNK < made < len(rows)

    report = merged(rows, target)
    assert (report.done, report.unchanged) == (len(rows), made)
    merged(rows, tmp_path / "local")
    assert end_of(target) == end_of(tmp_path / "local")
    assert capfd.readouterr() == ("", "")
