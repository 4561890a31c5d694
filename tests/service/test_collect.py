"""Papers that came back: read as the command does, from files and zips; bounded, told, never kept or logged."""

from __future__ import annotations

import io
import json
import logging
import threading
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from python_calamine import load_workbook

from docgen import generate
from docgen.collecting.folder import Source, collect
from docgen.papers import library
from docgen.papers.sheet import MAIN
from service import collector
from service.api import XLSX
from service.app import create_app
from service.settings import Settings
from tests.service.lists import FORM

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

COLLECT = "/api/v1/collect"
SAMPLE = library.sample(library.form(FORM))
Files = list[tuple[str, bytes]]


def paper(**values: Any) -> bytes:
    return generate.render(FORM, {**SAMPLE, **values})


def packed(files: Files) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, content in files:
            whole.writestr(name, content)
    return made.getvalue()


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    return create_app(Settings(data=tmp_path)).test_client()


def send(client: FlaskClient, files: Files, against: bytes | None = None, accept: str = "*/*") -> TestResponse:
    parts: dict[str, Any] = {"file": [(io.BytesIO(content), name) for name, content in files]}
    if against is not None:
        parts["against"] = (io.BytesIO(against), "da_gui.json")
    return client.post(COLLECT, data=parts, headers={"Accept": accept})


def told(answer: TestResponse, status: int) -> Any:
    assert answer.status_code == status, answer.data
    return json.loads(answer.data)


def codes(answer: TestResponse, status: int = 422) -> list[str]:
    return [each["code"] for each in told(answer, status)["errors"]]


def test_files_are_read_as_the_command_does(client: FlaskClient) -> None:
    files = [("an.docx", paper(ho_ten="Lê An")), ("hong.docx", b"no"), ("bang.xlsx", b"PK")]
    found = told(send(client, files), 200)
    assert found == collect([Source(name, io.BytesIO(content).read) for name, content in files]).as_dict()
    first, second, third = found["files"]
    assert (first["form"], first["values"]["ho_ten"], first["how"]["ho_ten"]) == (FORM, "Lê An", "control")
    assert [second["problems"][0]["code"], third["problems"][0]["code"]] == ["package-not-word", "read-other-file"]


def test_a_zip_is_read_file_by_file_with_its_folders(client: FlaskClient) -> None:
    inner = [("A/an.docx", paper(ho_ten="Lê An")), ("A/", b""), ("__MACOSX/A/._an.docx", b"notes"), ("ds.txt", b"x")]
    found = told(send(client, [("nop.ZIP", packed(inner)), ("be.docx", paper(ho_ten="Hà Bé"))]), 200)
    assert [each["file"] for each in found["files"]] == ["nop.ZIP/A/an.docx", "nop.ZIP/ds.txt", "be.docx"]
    assert [each["values"].get("ho_ten") for each in found["files"]] == ["Lê An", None, "Hà Bé"]


def test_files_of_one_name_are_told_apart(client: FlaskClient) -> None:
    people = ["Lê An", "Hà Bé", "Đỗ Cả", "Vũ Dũng"]
    names = ["x.docx", "x.docx", "x (2).docx", "x.docx"]
    files = [(name, paper(ho_ten=person)) for name, person in zip(names, people, strict=True)]
    listed = json.dumps([{**SAMPLE, "ho_ten": person} for person in people]).encode()
    found = told(send(client, files, listed), 200)
    assert len({each["file"] for each in found["files"]}) == 4
    assert [each["values"]["ho_ten"] for each in found["files"]] == people
    assert (found["missing"], found["changes"]) == ([], [])


def test_the_list_says_who_is_missing_and_what_changed(client: FlaskClient) -> None:
    listed = json.dumps([{**SAMPLE, "ho_ten": "Lê An"}, {**SAMPLE, "ho_ten": "Hà Bé"}]).encode()
    found = told(send(client, [("an.docx", paper(ho_ten="Lê An", diem_chung="20"))], listed), 200)
    assert [each["name"] for each in found["missing"]] == ["Hà Bé"]
    assert [(each["field"], each["returned"]) for each in found["changes"]] == [("diem_chung", "20")]


def test_the_workbook_is_asked_for_by_accept(client: FlaskClient) -> None:
    answer = send(client, [("an.docx", paper(ho_ten="Lê An"))], accept=XLSX)
    assert (answer.status_code, answer.mimetype) == (200, XLSX)
    assert "Lê An" in load_workbook(io.BytesIO(answer.data)).get_sheet_by_name(MAIN).to_python()[1]
    assert codes(send(client, [("an.docx", b"")], accept="text/csv"), 406) == ["not-acceptable"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK", "zip-damaged"),
        (packed([("../an.docx", b"x")]), "zip-unsound"),
        (packed([("an.docx", b"\0" * 4_000_000)]), "zip-too-big"),
        (packed([(f"{number}.docx", b"x") for number in range(6)]), "zip-too-big"),
    ],
    ids=["damaged", "outside", "bomb", "many"],
)
def test_a_hostile_zip_is_refused_by_name(tmp_path: Path, content: bytes, code: str) -> None:
    client = create_app(Settings(data=tmp_path, collect_files=5)).test_client()
    answer = send(client, [("nop.zip", content)])
    assert codes(answer) == [code]
    assert "nop.zip" in told(answer, 422)["detail"]


def test_what_is_no_collection_is_refused(tmp_path: Path) -> None:
    client = create_app(Settings(data=tmp_path, collect_files=2)).test_client()
    assert codes(client.post(COLLECT, json={}), 415) == ["not-multipart"]
    assert codes(client.post(COLLECT, data={"against": (io.BytesIO(b"[]"), "x.json")})) == ["part-missing"]
    assert codes(send(client, [(f"{number}.docx", b"") for number in range(3)])) == ["too-many-files"]
    assert codes(send(client, [("an.docx", paper())], b"[")) == ["json-syntax"]


def test_one_collection_is_read_at_a_time(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def waiting(sources: list[Source]) -> Any:
        begun.set()
        assert go_on.wait(30)
        return collect(sources)

    monkeypatch.setattr(collector, "collect", waiting)
    answers: list[TestResponse] = []
    other = client.application.test_client()
    thread = threading.Thread(target=lambda: answers.append(send(other, [("an.docx", b"")])))
    thread.start()
    assert begun.wait(30)
    refused = send(client, [("an.docx", b"")])
    go_on.set()
    thread.join()
    assert codes(refused, 503) == ["busy"]
    assert int(refused.headers["Retry-After"]) > 0
    assert answers[0].status_code == 200
    assert send(client, [("an.docx", b"")]).status_code == 200


def test_nothing_is_kept_and_nobody_is_named(
    client: FlaskClient, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = sorted(tmp_path.rglob("*"))
    with caplog.at_level(logging.DEBUG):
        files = [("Hoàng Kim Tước.docx", paper(ho_ten="Hoàng Kim Tước")), ("Kim Tước.docx", b"no")]
        told(send(client, files, json.dumps([{**SAMPLE, "ho_ten": "Hoàng Kim Tước"}]).encode()), 200)
        codes(send(client, [("Kim Tước.zip", b"PK")]))
    assert "Tước" not in caplog.text
    assert sorted(tmp_path.rglob("*")) == before
