"""The API with files: lists merged, counted, Word files looked at; and what is refused of them."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from docgen import generate
from docgen.papers import library
from service.app import create_app
from service.settings import Settings
from tests.service.lists import FAMILY, FORM, done, people

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

MERGES, TALLY, INSPECT = "/api/v1/merges", "/api/v1/tally", "/api/v1/inspect"
RATINGS = """Nhóm,Đơn vị,Họ và tên,Mức xếp loại
Đảng viên,Tổ 1,Lê An,HTXSNV
Đảng viên,Tổ 1,Hà Bình,HTTNV
Đảng viên,Tổ 1,Đỗ Cúc,rất giỏi
""".encode()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path)


@pytest.fixture
def client(settings: Settings) -> FlaskClient:
    return create_app(settings).test_client()


def send(client: FlaskClient, path: str, part: str, name: str, content: bytes, **fields: str) -> TestResponse:
    return client.post(path, data={part: (io.BytesIO(content), name), **fields})


def told(answer: TestResponse, status: int) -> Any:
    assert answer.status_code == status, answer.data
    return json.loads(answer.data)


def faults(answer: TestResponse, status: int) -> list[tuple[str, str | None]]:
    return [(each["code"], each["pointer"]) for each in told(answer, status)["errors"]]


# ---------------------------------------------------------------- merges


def test_a_list_is_sent_watched_fetched_and_deleted(client: FlaskClient, settings: Settings) -> None:
    options = {"pattern": "{ma} {ho_ten}", "accented": True}
    common = {"noi_ky": "Tân Hòa"}
    sent = send(client, MERGES, "list", "ds.json", people(2), form=FORM, options=json.dumps(options),
                common=json.dumps(common))  # fmt: skip
    job = sent.headers["Location"]
    assert told(sent, 202) == {"id": job.rpartition("/")[2], "state": "queued"}
    assert told(client.get(job), 200)["state"] == "queued"
    assert faults(client.get(f"{job}/result.zip"), 409) == [("not-ready", None)]
    done(settings.data, job)
    state = told(client.get(job), 200)
    assert (state["state"], state["rows_in"], state["done"], state["has_errors"]) == ("done", 2, 2, False)
    with client.get(f"{job}/result.zip", headers={"Range": "bytes=0-3"}) as result:
        assert (result.status_code, result.mimetype) == (200, "application/zip")
        assert int(result.headers["Content-Length"]) == len(result.data)
        names = zipfile.ZipFile(io.BytesIO(result.data)).namelist()
    assert names == ["M00000 Người số 00000.docx", "M00001 Người số 00001.docx", "danh_sach.xlsx"]
    assert faults(client.get(f"{job}/errors.xlsx"), 404) == [("no-errors", None)]
    assert client.delete(job).status_code == 204
    assert faults(client.get(job), 404) == faults(client.delete(job), 404) == [("job-unknown", None)]


def test_bad_rows_are_fetched_as_excel(client: FlaskClient, settings: Settings) -> None:
    sent = send(client, MERGES, "list", "ds.json", b'[{"chi_bo": "A", "nam": 2025}]', form=FORM)
    done(settings.data, told(sent, 202)["id"])
    with client.get(f"{sent.headers['Location']}/errors.xlsx") as errors:
        assert errors.data.startswith(b"PK")
        assert "loi.xlsx" in errors.headers["Content-Disposition"]
    assert faults(client.get(f"{sent.headers['Location']}/result.zip"), 409) == [("no-result", None)]


def test_a_merge_is_cancelled(client: FlaskClient) -> None:
    job = send(client, MERGES, "list", "ds.json", people(1), form=FAMILY).headers["Location"]
    assert told(client.post(f"{job}/cancel"), 200)["state"] == "cancelled"


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, [("part-missing", "/form")]),
        ({"form": FORM, "options": "{"}, [("json-syntax", "/options")]),
        ({"form": FORM, "options": "[]"}, [("record-not-object", "/options")]),
        (
            {"form": FORM, "options": '{"pdf": "yes", "wokers": 9}'},
            [("option-value", "/options/pdf"), ("option-unknown", "/options/wokers")],
        ),
        ({"form": FORM, "options": '{"print": "xlsx"}'}, [("option-value", "/options/print")]),
        ({"form": FORM, "common": '{"a": 1, "a": 2}'}, [("json-duplicate-key", "/common")]),
        ({"form": "x" * 300}, [("part-too-long", "/form")]),
    ],
    ids=["no form", "no json", "no object", "two wrong", "wrong choice", "common", "long"],
)  # fmt: skip
def test_wrong_parts_are_told_with_their_place(
    client: FlaskClient, fields: dict[str, str], found: list[tuple[str, str]]
) -> None:
    assert faults(send(client, MERGES, "list", "ds.json", people(1), **fields), 422) == found


def test_what_is_no_order_is_refused(client: FlaskClient, settings: Settings) -> None:
    assert faults(client.post(MERGES, data={"form": FORM}, content_type="multipart/form-data"), 422) == [
        ("part-missing", "/list")
    ]
    assert faults(client.post(MERGES, json={"form": FORM}), 415) == [("not-multipart", None)]
    assert faults(send(client, MERGES, "list", "ds.json", people(1), form="mau-99"), 404) == [("form-unknown", None)]
    assert faults(client.get(f"{MERGES}/..%2f..%2fsecret.key"), 404)
    assert list((settings.data / "jobs").iterdir()) == []


def test_too_many_merges_are_sent_back(tmp_path: Path) -> None:
    client = create_app(Settings(data=tmp_path, jobs_waiting=1)).test_client()
    assert send(client, MERGES, "list", "ds.json", people(1), form=FORM).status_code == 202
    answer = send(client, MERGES, "list", "ds.json", people(1), form=FORM)
    assert faults(answer, 429) == [("queue-full", None)]
    assert int(answer.headers["Retry-After"]) > 0


def test_files_may_be_larger_than_records_up_to_their_own_limit(tmp_path: Path) -> None:
    client = create_app(Settings(data=tmp_path, body_limit=2_000, upload_limit=20_000)).test_client()
    assert send(client, MERGES, "list", "ds.json", people(100), form=FORM).status_code == 202
    assert faults(send(client, MERGES, "list", "ds.json", people(400), form=FORM), 413) == [("body-too-large", None)]
    assert client.post(f"/api/v1/forms/{FORM}/check", json={"ho_ten": "x" * 3_000}).status_code == 413


# ---------------------------------------------------------------- one form


def test_a_form_tells_everything_about_itself(client: FlaskClient) -> None:
    form = told(client.get(f"/api/v1/forms/{FORM}"), 200)
    assert [field["name"] for field in form["fields"]] == list(library.form(FORM).fields)
    assert form["schema"]["properties"].keys() == library.form(FORM).fields.keys()
    assert form["provenance"]
    assert faults(client.get("/api/v1/forms/mau-99"), 404) == [("form-unknown", None)]


def test_the_excel_to_fill_is_the_librarys(client: FlaskClient) -> None:
    answer = client.get(f"/api/v1/forms/{FAMILY}/sheet.xlsx?year=2023")
    assert answer.status_code == 200
    assert answer.data.startswith(b"PK")
    assert f'filename="{FAMILY}.xlsx"' in answer.headers["Content-Disposition"]
    assert faults(client.get(f"/api/v1/forms/{FAMILY}/sheet.xlsx?year=1950"), 422) == [("family-year-unserved", None)]
    assert faults(client.get(f"/api/v1/forms/{FAMILY}/sheet.xlsx?year=nay"), 422) == [("option-value", "/year")]


def test_a_record_is_checked_as_the_command_does(client: FlaskClient) -> None:
    values = {"ho_ten": "A", "chi_bo": "B", "nam": 25, "la": 1}
    found = told(client.post(f"/api/v1/forms/{FORM}/check", json=values), 200)
    assert found["problems"] == [problem.as_dict() for problem in generate.check(FORM, values)]
    assert (found["rows_in"], found["done"], found["failed"]) == (1, 0, 1)
    good = told(client.post(f"/api/v1/forms/{FORM}/check", json={**values, "nam": 2025}), 200)
    assert (good["done"], good["failed"]) == (1, 0)


def test_the_profile_fills_what_a_record_leaves_blank(tmp_path: Path) -> None:
    profile = tmp_path / "to_chuc.toml"
    profile.write_text('noi_ky = "Tân Hòa"\n', "utf-8")
    values = {"ho_ten": "A", "chi_bo": "B", "nam": 2025}
    client = create_app(Settings(data=tmp_path / "data", profile=profile)).test_client()
    with_profile = client.post(f"/api/v1/forms/{FORM}/documents", json=values).data
    assert with_profile == generate.render(FORM, values, profile={"noi_ky": "Tân Hòa"}) != generate.render(FORM, values)


# ---------------------------------------------------------------- tally, inspect


def test_ratings_are_counted(client: FlaskClient) -> None:
    found = told(send(client, TALLY, "list", "xep_loai.csv", RATINGS), 200)
    [group] = found["groups"]
    assert (group["total"], group["excellent"], group["good"]) == (2, 1, 1)
    assert (found["rows_in"], found["done"], found["failed"]) == (3, 2, 1)
    assert {problem["row"] for problem in found["problems"] if problem["severity"] == "error"} == {4}


def test_given_figures_are_judged(client: FlaskClient) -> None:
    figures = "Nhóm,Chỉ tiêu,Số lượng,Tỷ lệ\nĐảng viên,Tổng số,10,\nĐảng viên,Xuất sắc,2,30%\n".encode()
    found = told(send(client, TALLY, "list", "so_lieu.csv", figures, given="true"), 200)
    assert found["groups"] == []
    assert any("20" in problem["message"] for problem in found["problems"])


@pytest.mark.parametrize(
    ("content", "fields", "code"),
    [
        (b"a,b\n1,2\n", {}, "heading-not-found"),
        (RATINGS, {"rules": "hd99"}, "rating-unknown"),
        (RATINGS, {"given": "maybe"}, "option-value"),
        (b"%PDF-", {}, "file-pdf"),
    ],
    ids=["columns", "rules", "given", "pdf"],
)
def test_what_cannot_be_counted_is_told(client: FlaskClient, content: bytes, fields: dict[str, str], code: str) -> None:
    assert [each for each, _ in faults(send(client, TALLY, "list", "x.csv", content, **fields), 422)] == [code]


def test_a_word_file_is_looked_at(client: FlaskClient) -> None:
    docx = generate.render(FORM, library.sample(library.form(FORM)))
    assert told(send(client, INSPECT, "file", "x.docx", docx), 200) == {"regime": "bieu-mau", "problems": []}
    other = told(send(client, INSPECT, "file", "x.docx", docx, regime="hd05-2026"), 200)
    assert other["regime"] == "hd05-2026"
    assert {problem["file"] for problem in other["problems"]} == {"x.docx"}


@pytest.mark.parametrize(
    ("content", "regime", "code"),
    [(b"no", "", "package-not-word"), (b"", "", "package-empty"), (b"no", "hd99", "layout-unknown")],
    ids=["text", "empty", "regime"],
)
def test_what_is_no_word_file_is_told(client: FlaskClient, content: bytes, regime: str, code: str) -> None:
    found = faults(send(client, INSPECT, "file", "x.docx", content, regime=regime), 422)
    assert [each for each, _ in found] == [code]


# ---------------------------------------------------------------- beside the API


def test_readiness_names_the_part_that_is_missing(client: FlaskClient, settings: Settings) -> None:
    from service.queue import Queue

    assert faults(client.get("/readyz"), 503) == [("not-ready-queue", None)]
    with Queue(settings.data).lock():
        assert told(client.get("/readyz"), 200)["parts"]["queue"] == "ok"


def test_figures_count_requests_and_name_nobody(client: FlaskClient) -> None:
    client.get("/api/v1/forms/Hoàng Kim Tước")
    client.get("/Hoàng/Kim/Tước")
    figures = client.get("/metrics").get_data(as_text=True)
    assert 'docgen_requests_total{method="GET",route="api.one_form",status="404"} 1.0' in figures
    assert 'docgen_requests_total{method="none",route="none",status="404"} 1.0' in figures
    assert "docgen_jobs_under_way 0.0" in figures
    assert "Ho" not in figures.replace("Host", "")
