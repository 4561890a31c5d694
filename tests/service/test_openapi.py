"""The API is what OpenAPI says: no status, media type or shape that is not declared, no fault of ours."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any

import hypothesis
import jsonschema
import pytest
import schemathesis
from schemathesis import GenerationMode
from schemathesis import checks as of
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks as openapi_checks

from docgen.papers import library
from service.api import XLSX
from service.app import create_app
from service.queue import Queue
from service.settings import Settings
from tests.service.lists import FORM, done, people

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask

EXAMPLES = 40
CHECKS: list[Callable[..., Any]] = [
    of.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_headers_conformance,
    openapi_checks.response_schema_conformance,
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("openapi")


@pytest.fixture(scope="module")
def app(data: Path) -> Iterator[Flask]:
    with Queue(data).lock():  # as a consumer does that is at work
        yield create_app(Settings(data=data, requests_per_minute=1_000_000, jobs_per_owner=10_000, jobs_waiting=1_000))


@pytest.fixture(scope="module")
def document(app: Flask) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(app.test_client().get("/openapi.json").data)
    return told


@pytest.fixture
def described(app: Flask) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: str(mode.value))
def test_random_requests_get_declared_answers(described: schemathesis.BaseSchema, mode: GenerationMode) -> None:
    tried = 0
    for found in described.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query):
            continue  # nothing of it can be wrong

        @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
        @hypothesis.settings(max_examples=EXAMPLES, suppress_health_check=list(hypothesis.HealthCheck))
        def check(case: schemathesis.Case[Any]) -> None:
            if "form" in case.path_parameters:  # a random one is unknown, and nothing else of it is looked at
                case.path_parameters["form"] = FORM
            answer = case.call()
            case.validate_response(answer, checks=CHECKS)

        check()
        tried += 1
    assert tried >= 6


def test_the_document_is_openapi_3_1_and_names_every_route(app: Flask, document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    routes = {
        (method.lower(), str(rule).replace("<", "{").replace(">", "}"))
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if str(rule).startswith("/api/") and method not in {"HEAD", "OPTIONS"}
    }
    told = {(method, path) for path, operations in document["paths"].items() for method in operations}
    assert routes <= told
    assert told - routes == {("get", "/healthz"), ("get", "/readyz"), ("get", "/version")}
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_every_error_has_the_one_shape(document: dict[str, Any]) -> None:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            statuses = set(operation["responses"])
            assert {"400", "401", "413", "429", "500", "503"} <= statuses
            assert ("403" in statuses) == (method in {"post", "delete"}), (path, method)
            for status, answer in operation["responses"].items():
                if status >= "400":
                    [(media_type, content)] = answer["content"].items()
                    assert media_type == "application/problem+json"
                    assert content["schema"]["$ref"].endswith("/ProblemDetails")


def test_good_answers_are_declared_too(app: Flask, data: Path, described: schemathesis.BaseSchema) -> None:
    """Random requests find errors; these find what a client comes for."""
    client = app.test_client()
    sample = library.sample(library.form(FORM))
    found = [
        ("GET", "/api/v1/forms/{form}", client.get(f"/api/v1/forms/{FORM}")),
        ("GET", "/api/v1/forms/{form}/sheet.xlsx", client.get("/api/v1/forms/kiem-diem-ca-nhan/sheet.xlsx?year=2025")),
        ("POST", "/api/v1/forms/{form}/documents", client.post(f"/api/v1/forms/{FORM}/documents", json=sample)),
        ("POST", "/api/v1/forms/{form}/check", client.post(f"/api/v1/forms/{FORM}/check", json={"nam": "x"})),
    ]
    ratings = "Nhóm,Đơn vị,Họ và tên,Mức xếp loại\nĐảng viên,A,Lê An,HTTNV\nĐảng viên,A,Hà Bình,HTXSNV\n".encode()
    docx = client.post(f"/api/v1/forms/{FORM}/documents", json=sample).data
    for path, part, name, content in (("tally", "list", "x.csv", ratings), ("inspect", "file", "x.docx", docx)):
        answer = client.post(f"/api/v1/{path}", data={part: (io.BytesIO(content), name)})
        found.append(("POST", f"/api/v1/{path}", answer))
    for kind in ("application/json", XLSX):
        answer = client.post("/api/v1/collect", data={"file": (io.BytesIO(docx), "x.docx")}, headers={"Accept": kind})
        found.append(("POST", "/api/v1/collect", answer))
    started = client.post("/api/v1/merges", data={"form": FORM, "list": (io.BytesIO(people(2)), "x.json")})
    job = started.headers["Location"]
    found += [("POST", "/api/v1/merges", started), ("GET", "/api/v1/merges/{job}", client.get(job))]
    done(data, job)
    found += [
        ("GET", "/api/v1/merges/{job}", client.get(job)),
        ("GET", "/api/v1/merges/{job}/result.zip", client.get(f"{job}/result.zip")),
        ("POST", "/api/v1/merges/{job}/cancel", client.post(f"{job}/cancel")),
        ("DELETE", "/api/v1/merges/{job}", client.delete(job)),
    ]
    for method, path, answer in found:
        assert answer.status_code < 300, (method, path, answer.data)
        described[path][method].Case().validate_response(answer, checks=CHECKS)
        answer.close()


def test_the_page_for_programmers_loads_nothing_from_elsewhere(app: Flask) -> None:
    page = app.test_client().get("/docs").get_data(as_text=True)
    assert "POST /api/v1/forms/{form}/documents" in page
    assert re.findall(r'(?:src|href)="(?!/|#)', page) == []
    assert "<script" not in page
    assert "style=" not in page
