"""Merges as jobs: what comes of them, who may see them, and that nothing of them is left when they are gone."""

from __future__ import annotations

import io
import logging
import os
import threading
import time
import zipfile
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from docgen.errors import FormError, OutputError
from docgen.tables.lists import read_list
from service import consumer, merger
from service.consumer import Runner
from service.errors import RefusedError
from service.job_folder import Asked, JobFolder
from service.jobs import Jobs, JobState
from service.merger import Progress, work_off
from service.queue import Queue
from service.settings import Settings
from tests.gate.texts import document_text
from tests.service.lists import CANARY, FORM, people

if TYPE_CHECKING:
    from pathlib import Path

ASKED = Asked(name=FORM, list_name="danh sách.json")
OWNER = "somebody"


@dataclass
class House:
    """Jobs with a queue that is a list, and a runner that works when it is told to."""

    settings: Settings
    queue: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.jobs = Jobs(self.settings, self.queue.append)
        self.runner = Runner(self.jobs, {}, self.settings.data / "tmp")

    def merged(self, asked: Asked, content: bytes) -> JobState:
        """The end of a job that is done here, without a process of its own."""
        id_ = self.jobs.start(asked, content, OWNER)
        work_off(JobFolder(self.jobs.place / id_), {})
        return self.jobs.state(id_, OWNER)

    def files(self) -> list[str]:
        return sorted(str(file.relative_to(self.jobs.place)) for file in self.jobs.place.rglob("*"))


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(Settings(data=tmp_path / "data"))


def refusal(error: pytest.ExceptionInfo[RefusedError]) -> tuple[int, str]:
    return error.value.status, error.value.problem.code


# ---------------------------------------------------------------- what comes of them


def test_a_list_becomes_a_zip(house: House) -> None:
    state = house.merged(ASKED, people(3))
    assert (state.state, state.rows_in, state.done, state.failed, state.settled) == ("done", 3, 3, 0, 3)
    assert (state.has_result, state.has_errors, house.jobs.errors(state.id, OWNER)) == (True, False, None)
    index = house.jobs.index(state.id, OWNER)
    assert index is not None
    assert len(read_list(index.read_bytes(), name=index.name).rows) == 3
    with zipfile.ZipFile(house.jobs.result(state.id, OWNER)) as whole:
        documents = [name for name in whole.namelist() if name.endswith(".docx")]
        assert all(member.compress_type == zipfile.ZIP_STORED for member in whole.infolist())
        texts = ["\n".join(document_text(whole.read(name))) for name in documents]
    assert sorted(text.split("Người số ")[1][:5] for text in texts) == ["00000", "00001", "00002"]


def test_only_what_can_be_fetched_is_kept(house: House) -> None:
    state = house.merged(ASKED, people(1))
    kept = {name.removeprefix(f"{state.id}/") for name in house.files()} - {state.id}
    assert kept == {"asked.json", "state.json", "result.zip", "index.xlsx"}


def test_bad_rows_come_back_and_the_others_are_made(house: House) -> None:
    state = house.merged(ASKED, b'[{"ho_ten": "A", "chi_bo": "B", "nam": 2025}, {"chi_bo": "B", "nam": 2025}, {}]')
    assert (state.state, state.rows_in, state.done, state.skipped, state.failed) == ("done", 3, 1, 1, 1)
    [problem] = [each for each in state.problems if each["severity"] == "error"]
    assert (problem["file"], problem["row"], problem["field"]) == ("danh sách.json", 2, "ho_ten")
    bad = house.jobs.errors(state.id, OWNER)
    assert bad is not None
    assert len(read_list(bad.read_bytes(), name=bad.name).rows) == 1


def test_print_files_and_their_lists_are_one_zip(house: House) -> None:
    state = house.merged(replace(ASKED, print="docx"), people(2))
    with zipfile.ZipFile(house.jobs.result(state.id, OWNER)) as whole:
        assert whole.namelist() == ["ban_in.docx", "danh_sach.xlsx"]
        with zipfile.ZipFile(io.BytesIO(whole.read("ban_in.docx"))) as printed:
            assert b"00001" in printed.read("word/document.xml")
    assert house.jobs.index(state.id, OWNER) is not None


@pytest.mark.parametrize(
    ("asked", "content", "code"),
    [
        (ASKED, b"[]", "list-empty"),
        (ASKED, b"\0\1\2", "file-not-text"),
        (replace(ASKED, list_name="ds.xlsx"), b"%PDF-1.4", "file-pdf"),
        (replace(ASKED, pattern="{khong_co}"), people(1), "pattern-field"),
    ],
    ids=["empty", "bytes", "pdf", "pattern"],
)
def test_what_cannot_be_merged_fails_with_its_reason(house: House, asked: Asked, content: bytes, code: str) -> None:
    state = house.merged(asked, content)
    assert (state.state, state.has_result) == ("failed", False)
    assert [problem["code"] for problem in state.problems] == [code]
    with pytest.raises(RefusedError) as caught:
        house.jobs.result(state.id, OWNER)
    assert refusal(caught) == (409, "no-result")


def test_options_and_common_values_reach_the_merge(house: House) -> None:
    content = '[{"ho_ten": "Đỗ Ánh"}]'.encode()
    asked = replace(ASKED, common={"chi_bo": "Thôn Hạ", "nam": 2025}, pattern="{chi_bo}/{ho_ten}", accented=True)
    state = house.merged(asked, content)
    with zipfile.ZipFile(house.jobs.result(state.id, OWNER)) as whole:
        assert whole.namelist() == ["Thôn Hạ/Đỗ Ánh.docx", "danh_sach.xlsx"]


def test_an_unknown_form_is_no_job(house: House) -> None:
    with pytest.raises(FormError):
        house.jobs.start(replace(ASKED, name="mau-99"), people(1), OWNER)
    assert house.files() == []


@pytest.mark.parametrize("name", ["../../x.json", "C:\\x\\CON.json", "", ".json", "a\0\n.json", "x" * 300 + ".json"])
def test_the_name_of_a_list_is_no_path(house: House, name: str) -> None:
    id_ = house.jobs.start(replace(ASKED, list_name=name), people(1), OWNER)
    [stored] = (house.jobs.place / id_ / "input").iterdir()
    assert stored.read_bytes() == people(1)
    assert len(stored.name.encode()) < 130


# ---------------------------------------------------------------- whose they are


def test_a_job_is_its_owners_alone(house: House) -> None:
    state = house.merged(ASKED, people(1))
    for use in (house.jobs.state, house.jobs.result, house.jobs.errors, house.jobs.index, house.jobs.cancel,
                house.jobs.delete):  # fmt: skip
        for id_, owner in (
            (state.id, "other"),
            ("x" * 32, OWNER),
            ("..", OWNER),
            ("", OWNER),
            ("../" * 10 + "xx", OWNER),
        ):
            with pytest.raises(RefusedError) as caught:
                use(id_, owner)
            assert refusal(caught) == (404, "job-unknown")
    assert house.jobs.state(state.id, OWNER) == state


def test_ids_are_random(house: House) -> None:
    ids = {house.jobs.start(ASKED, people(1), OWNER) for _ in range(5)}
    assert len(ids) == 5
    assert {len(id_) for id_ in ids} == {32}


def test_an_owner_keeps_so_many_and_no_more(tmp_path: Path) -> None:
    house = House(Settings(data=tmp_path, jobs_per_owner=2, jobs_waiting=3))
    ids = [house.jobs.start(ASKED, people(1), OWNER) for _ in range(2)]
    with pytest.raises(RefusedError) as caught:
        house.jobs.start(ASKED, people(1), OWNER)
    assert refusal(caught) == (429, "jobs-too-many")
    assert int(caught.value.headers["Retry-After"])
    house.jobs.start(ASKED, people(1), "other")
    with pytest.raises(RefusedError) as caught:
        house.jobs.start(ASKED, people(1), "third")
    assert refusal(caught) == (429, "queue-full")
    house.jobs.delete(ids[0], OWNER)
    house.jobs.start(ASKED, people(1), OWNER)


# ---------------------------------------------------------------- stopped, deleted, old


def test_a_job_that_waits_is_cancelled(house: House) -> None:
    id_ = house.jobs.start(ASKED, people(1), OWNER)
    house.jobs.cancel(id_, OWNER)
    assert house.jobs.state(id_, OWNER).state == "cancelled"
    house.runner.run(id_)
    assert JobFolder(house.jobs.place / id_).read().state == "cancelled"
    assert {file.name for file in (house.jobs.place / id_).iterdir()} == {"asked.json", "state.json", "cancel"}


def stuck(job: Path, profile: Any, temporary: Path) -> None:
    """A merge that waits for something which never comes, with a person's paper in its temporary folder."""
    temporary.mkdir(parents=True)
    (temporary / "1.docx").write_text(CANARY)
    (job / "output" / "begun").touch()
    time.sleep(600)


def broken(job: Path, profile: Any, temporary: Path) -> None:
    """A merge that takes its process with it."""
    os._exit(9)


@pytest.mark.parametrize("use", ["cancel", "delete"])
def test_a_merge_that_is_stuck_is_ended_at_once(house: House, monkeypatch: pytest.MonkeyPatch, use: str) -> None:
    monkeypatch.setattr(consumer, "_work_off", stuck)
    id_ = house.jobs.start(ASKED, people(1), OWNER)
    working = threading.Thread(target=house.runner.run, args=(id_,))
    working.start()
    while not (house.jobs.place / id_ / "output" / "begun").exists():
        time.sleep(0.02)
    assert house.jobs.state(id_, OWNER).state == "running"
    getattr(house.jobs, use)(id_, OWNER)
    working.join(10)
    assert not working.is_alive()
    assert list((house.settings.data / "tmp").iterdir()) == []
    left = {file.name for file in house.jobs.place.rglob("*")} - {id_}
    assert left == ({"asked.json", "state.json", "cancel"} if use == "cancel" else set())


def test_a_list_that_kills_its_reader_is_given_up(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumer, "_work_off", broken)
    id_ = house.jobs.start(ASKED, people(1), OWNER)
    house.runner.run(id_)
    state = house.jobs.state(id_, OWNER)
    assert (state.state, state.attempts, state.problems[0]["code"]) == ("failed", 3, "job-given-up")


def test_a_process_of_its_own_does_the_job(house: House) -> None:
    id_ = house.jobs.start(ASKED, people(2), OWNER)
    assert house.jobs.under_way() == [id_]
    house.runner.run(id_)
    assert house.jobs.state(id_, OWNER).done == 2
    assert house.jobs.under_way() == []


def test_what_has_ended_is_not_cancelled(house: House) -> None:
    state = house.merged(ASKED, people(1))
    house.jobs.cancel(state.id, OWNER)
    assert house.jobs.state(state.id, OWNER) == state


def test_a_deleted_job_is_unknown_and_gone(house: House) -> None:
    state = house.merged(ASKED, people(1))
    house.jobs.delete(state.id, OWNER)
    assert house.files() == []
    with pytest.raises(RefusedError) as caught:
        house.jobs.state(state.id, OWNER)
    assert refusal(caught) == (404, "job-unknown")
    house.runner.run(state.id)
    assert house.files() == []


def test_old_jobs_are_swept(house: House) -> None:
    old, busy, young = (house.jobs.start(ASKED, people(1), OWNER) for _ in range(3))
    long_ago = time.time() - house.settings.retention - 1
    for id_ in (old, busy):
        os.utime(house.jobs.place / id_ / "state.json", (long_ago, long_ago))
    for half, age in (("half", 7200), ("begun", 0), (".gone", 0)):
        (house.jobs.place / half).mkdir()
        os.utime(house.jobs.place / half, (time.time() - age - 1, time.time() - age - 1))
    assert house.jobs.sweep(busy={busy}) == 3
    assert {place.name for place in house.jobs.place.iterdir()} == {busy, young, "begun"}


def test_an_unforeseen_fault_fails_the_job_and_tells_no_value(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    def fails(*_: object, **__: object) -> None:
        raise ValueError(CANARY)

    monkeypatch.setattr(merger, "merge", fails)
    state = house.merged(ASKED, people(1, name=CANARY))
    assert (state.state, [problem["code"] for problem in state.problems]) == ("failed", ["unexpected"])
    assert "ValueError" in caplog.text
    assert CANARY not in caplog.text + repr(state)
    assert not any(CANARY.encode() in file.read_bytes() for file in house.jobs.place.rglob("*") if file.is_file())


def test_a_job_goes_through_the_queue_and_no_log_names_anybody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    queue = Queue(tmp_path)
    jobs = Jobs(Settings(data=tmp_path), queue.put)
    queue.work = lambda id_: work_off(JobFolder(jobs.place / id_), {})
    asked = replace(ASKED, list_name=f"{CANARY}.json", common={"chi_bo": CANARY})
    ids = [jobs.start(asked, content, OWNER) for content in (people(1, name=CANARY), f'[{{"{CANARY}"'.encode())]
    for _ in ids:
        queue.huey.execute(queue.huey.dequeue())
    assert [jobs.state(id_, OWNER).state for id_ in ids] == ["done", "failed"]
    assert len(queue.huey) == 0
    assert caplog.text
    assert not any(CANARY in record.getMessage() or record.exc_info for record in caplog.records)
    assert CANARY.encode() not in (tmp_path / "queue.db").read_bytes()


def test_progress_tells_rate_and_rest(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([100.0, 100.0, 104.0])
    monkeypatch.setattr("service.merger.time.monotonic", lambda: next(clock))
    folder = JobFolder(house.jobs.place / house.jobs.start(ASKED, people(1), OWNER))
    progress = Progress(folder, JobState(id=folder.id, state="running", attempts=2, furthest=200))
    progress(100, 500)
    assert (folder.read().settled, folder.read().attempts, folder.read().furthest) == (100, 2, 200)
    progress(300, 500)
    told = house.jobs.state(folder.id, OWNER)
    assert (told.rate, told.seconds_left, told.seconds, told.settled, told.total) == (50.0, 4.0, 4.0, 300, 500)
    assert (told.attempts, told.furthest) == (0, 300)


@pytest.mark.parametrize("content", ["", "{}", '{"id": "x", "new": 1, "problems": []}', "[]"])
def test_a_job_that_cannot_be_read_is_none_and_stops_nobody(house: House, content: str) -> None:
    broken = house.jobs.start(ASKED, people(1), OWNER)
    (house.jobs.place / broken / "state.json").write_text(content)
    with pytest.raises(RefusedError) as caught:
        house.jobs.state(broken, OWNER)
    assert refusal(caught) == (404, "job-unknown")
    house.runner.run(broken)
    assert house.jobs.under_way() == []
    assert house.merged(ASKED, people(1)).done == 1


def test_what_cannot_be_queued_is_not_kept(tmp_path: Path) -> None:
    def full(_: str) -> None:
        raise OutputError.of("queue-failed", "Đầy.")

    jobs = Jobs(Settings(data=tmp_path), full)
    with pytest.raises(OutputError):
        jobs.start(ASKED, people(1), OWNER)
    assert list(jobs.place.iterdir()) == []


def test_files_are_private(house: House) -> None:
    id_ = house.jobs.start(ASKED, people(1), OWNER)
    assert {(house.jobs.place / id_).stat().st_mode & 0o077, house.jobs.place.stat().st_mode & 0o077} == {0}
