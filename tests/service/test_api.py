"""The API through Flask's client: every status in one shape, the right document, and no value in any log."""

from __future__ import annotations

import json
import logging
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen import generate
from docgen.errors import FormError, OutputError, Problem
from docgen.papers import library
from service import api, errors, pdf
from service.app import create_app
from service.settings import Settings
from tests.gate.texts import document_text

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

FORM = "mau-2b-2025"
DOCUMENTS = f"/api/v1/forms/{FORM}/documents"
RECORD = {"ho_ten": "Đặng Thị Thuỷ Tiên", "chi_bo": "Thôn Đông Hạ", "nam": 2025}
LIMIT = 64 * 1024


@pytest.fixture
def client() -> FlaskClient:
    return create_app(Settings(body_limit=LIMIT)).test_client()


@pytest.fixture(scope="module")
def shared() -> FlaskClient:
    return create_app(Settings(body_limit=LIMIT)).test_client()


def post(client: FlaskClient, body: object = RECORD, **settings: Any) -> TestResponse:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", **settings.pop("headers", {})}
    return client.post(settings.pop("path", DOCUMENTS), data=data, headers=headers, **settings)


def problem(answer: TestResponse, status: int) -> dict[str, Any]:
    """The problem details of an answer, after their shape has been looked at."""
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    told = json.loads(answer.data)
    assert set(told) == {"type", "title", "status", "detail", "errors"}
    assert told["status"] == status
    assert told["errors"]
    for each in told["errors"]:
        assert set(each) == {"pointer", "row", "column", "code", "detail"}
        assert each["code"]
        assert each["detail"]
    assert any(ord(letter) > 0x1E00 for letter in told["detail"])
    return told  # type: ignore[no-any-return]


def codes(told: dict[str, Any]) -> list[str]:
    return [each["code"] for each in told["errors"]]


# ---------------------------------------------------------------- what works


def test_the_service_is_alive(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}


def test_forms_are_listed(client: FlaskClient) -> None:
    answer = client.get("/api/v1/forms")
    assert [entry["id"] for entry in answer.json or []] == [form.id for form in library.catalogue()]
    assert "Bản kiểm điểm" in answer.get_data(as_text=True)


@pytest.mark.parametrize("accept", [None, "*/*", api.DOCX, "application/*;q=0.5", "application/pdf;q=0.1, */*;q=0.2"])
def test_a_record_becomes_a_word_file(client: FlaskClient, accept: str | None) -> None:
    answer = post(client, headers={} if accept is None else {"Accept": accept})
    assert answer.status_code == 200
    assert answer.mimetype == api.DOCX
    assert answer.data == generate.render(FORM, RECORD)
    assert "Đặng Thị Thuỷ Tiên" in "\n".join(document_text(answer.data))
    assert answer.headers["Docgen-Warnings"] == "0"
    assert re.fullmatch(
        r'attachment; filename="[ -!#-~]+\.docx"; filename\*=UTF-8\'\'[!-~]+', answer.headers["Content-Disposition"]
    )


def test_warnings_are_counted(client: FlaskClient) -> None:
    assert post(client, {**RECORD, "que_quan": "Hà Nam"}).headers["Docgen-Warnings"] == "1"


def test_a_family_and_an_alias_name_the_form(client: FlaskClient) -> None:
    family = post(client, {**RECORD, "doi_tuong": "khong-lanh-dao"}, path="/api/v1/forms/kiem-diem-ca-nhan/documents")
    alias = post(client, path="/api/v1/forms/2b-2025/documents")
    assert family.data == alias.data == post(client).data


def test_a_pdf_is_asked_for_by_accept(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "to_pdf", lambda docx, timeout: b"%PDF-" + docx[:2] + str(timeout).encode())
    answer = post(client, headers={"Accept": "application/pdf"})
    assert answer.data == b"%PDF-PK60"
    assert answer.mimetype == "application/pdf"
    assert '.pdf"' in answer.headers["Content-Disposition"]


@given(st.text(max_size=60))
def test_a_file_name_never_splits_a_header(name: str) -> None:
    name = name.encode("utf-8", "replace").decode() + ".docx"
    header = api.attachment(name)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    assert unquote(header.rpartition("''")[2]) == name


# ---------------------------------------------------------------- what is refused


def test_unknown_places_and_methods(client: FlaskClient) -> None:
    assert codes(problem(client.get("/khong-co"), 404)) == ["not-found"]
    assert codes(problem(post(client, path="/api/v1/forms/mau-2z-2025/documents"), 404)) == ["form-unknown"]
    told = problem(client.get(DOCUMENTS), 405)
    assert codes(told) == ["method-not-allowed"]
    assert client.get(DOCUMENTS).headers["Allow"] == "POST"
    for path in (
        "/api/v1/forms/",
        "/api//v1/forms",
        "/api/v1/forms/%00/documents/x",
        "/api/v1/" + "x" * 9000,
        "/%2e%2e/x",
    ):
        problem(client.get(path), 404)
    for method in ("TRACE", "OPTIONS", "PATCH", "DELETE", "FOO"):
        problem(client.open("/api/v1/forms", method=method), 405)
    assert client.head("/api/v1/forms").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": ""},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Encoding": "gzip"},
    ],
)
def test_only_plain_json_is_taken(client: FlaskClient, headers: dict[str, str]) -> None:
    assert codes(problem(post(client, headers=headers), 415)) == ["not-json"]


@pytest.mark.parametrize("accept", ["text/html", "application/json", "image/*", api.DOCX + ";q=0"])
def test_only_word_and_pdf_are_given(client: FlaskClient, accept: str) -> None:
    assert codes(problem(post(client, headers={"Accept": accept}), 406)) == ["not-acceptable"]


def test_a_large_body_is_refused_by_what_it_says_and_by_what_it_is(client: FlaskClient) -> None:
    assert codes(problem(post(client, b"x" * (LIMIT + 1)), 413)) == ["body-too-large"]
    problem(post(client, b"{}", environ_overrides={"CONTENT_LENGTH": str(10**12)}), 413)
    assert problem(post(client, b" " * LIMIT), 422)["errors"][0]["code"] == "file-empty"


@pytest.mark.parametrize(
    ("body", "code", "row", "column"),
    [
        (b'{"ho_ten": "A",\n "nam": 2025,}', "json-syntax", 2, "14"),
        (b'{"a": NaN}', "json-not-a-number", 1, "7"),
        (b'{"a": 1, "a": 2}', "json-duplicate-key", 1, "10"),
        (b'{"ho_ten": "\\ud800"}', "json-half-character", 1, "12"),
        (b'{"a": ' + b"9" * 5000 + b"}", "json-number-too-long", 1, "7"),
        (b"[" * 60_000, "json-too-deep", 1, "51"),
        (b'{"ho_ten": "\xe1"}', "file-not-utf8", 1, "13"),
        (b"", "file-empty", None, None),
        (b"[]", "record-not-object", None, None),
        (b"[{},{}]", "record-several", None, None),
    ],
)
def test_what_is_no_record_is_refused_with_its_place(
    client: FlaskClient, body: bytes, code: str, row: int | None, column: str | None
) -> None:
    [entry] = problem(post(client, body), 422)["errors"]
    assert (entry["code"], entry["row"], entry["column"], entry["pointer"]) == (code, row, column, None)


def test_every_problem_of_a_record_points_to_its_field(client: FlaskClient) -> None:
    told = problem(post(client, {"chi_bo": "A", "nam": 25, "ngay_sinh": "31/02/1990", "la": 1}), 422)
    assert {each["pointer"] for each in told["errors"]} == {"/ho_ten", "/nam", "/ngay_sinh"}
    assert "còn 2 lỗi nữa" in told["detail"]


@pytest.mark.parametrize(
    ("field", "pointer"),
    [("ho_ten", "/ho_ten"), ("ke_hoach[2].han_che", "/ke_hoach/1/han_che"), ("a/b~c", "/a~1b~0c"), (None, None)],
)
def test_a_field_is_told_as_json_pointer(field: str | None, pointer: str | None) -> None:
    told = json.loads(errors.body(422, [Problem(code="x", what="y", field=field)]))
    assert told["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize(
    "host", ["vanphong.example", "127.0.0.1.evil.example", "localhost:80:80", "10.0.0.5", "", "a b", "[::2]"]
)
def test_other_names_of_this_machine_are_refused(client: FlaskClient, host: str) -> None:
    assert codes(problem(client.get("/healthz", headers={"Host": host}), 400)) == ["host"]
    assert codes(problem(post(client, headers={"Host": host}), 400)) == ["host"]


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8765", "127.0.0.1:1", "[::1]:8765", "[::1]"])
def test_own_names_are_taken(client: FlaskClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


# ---------------------------------------------------------------- the machine's faults


def test_without_a_converter_pdf_is_unavailable_and_word_is_not(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("docgen.word.pdf.find_soffice", lambda: None)
    told = problem(post(client, headers={"Accept": "application/pdf"}), 503)
    assert codes(told) == ["pdf-converter-missing"]
    assert "LibreOffice" in told["detail"]
    assert post(client).status_code == 200


def test_too_many_pdfs_at_once_are_sent_back(monkeypatch: pytest.MonkeyPatch) -> None:
    client = create_app(Settings(pdf_at_once=1)).test_client()
    answers = []

    def converted(_: bytes, timeout: float) -> bytes:
        answers.append(post(client, headers={"Accept": "application/pdf"}))
        return b"%PDF-"

    monkeypatch.setattr(pdf, "to_pdf", converted)
    assert post(client, headers={"Accept": "application/pdf"}).status_code == 200
    assert codes(problem(answers[0], 503)) == ["busy"]
    assert answers[0].headers["Retry-After"] == "5"
    monkeypatch.setattr(pdf, "to_pdf", lambda _, timeout: b"%PDF-")
    assert post(client, headers={"Accept": "application/pdf"}).status_code == 200


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (OutputError.of("pdf-timeout", "Quá chậm.", "Thử lại để xem."), 503, "pdf-timeout"),
        (FormError.of("template-missing", "Thiếu tệp của biểu mẫu."), 500, "template-missing"),
        (ValueError("CANARY"), 500, "unexpected"),
        (RecursionError("CANARY"), 500, "unexpected"),
        (MemoryError("CANARY"), 500, "unexpected"),
    ],
)
def test_faults_of_the_service_keep_the_shape_and_tell_no_value(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, code: str
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(generate, "document", fails)
    answer = post(client)
    assert codes(problem(answer, status)) == [code]
    assert b"CANARY" not in answer.data


# ---------------------------------------------------------------- privacy


def test_headers_stand_on_every_answer(client: FlaskClient) -> None:
    answers = [
        client.get("/healthz"),
        post(client),
        post(client, b"{"),
        client.get("/nothing"),
        client.get(DOCUMENTS),
        client.get("/healthz", headers={"Host": "evil.example"}),
        post(client, b"x" * (LIMIT + 1)),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 422, 404, 405, 400, 413]
    for answer in answers:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "Server" not in answer.headers
        assert "Set-Cookie" not in answer.headers


def test_no_value_reaches_a_log(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    canary = "Hoàng Kim Tước"
    bodies: list[object] = [
        {**RECORD, "ho_ten": canary},
        {**RECORD, "ngay_sinh": canary},
        {**RECORD, canary: canary},
        f'{{"ho_ten": "{canary}", {canary}'.encode(),
        [{canary: canary}, {canary: canary}],
    ]
    assert [post(client, body).status_code for body in bodies] == [200, 422, 200, 422, 422]
    assert post(client, path=f"/api/v1/forms/{canary}/documents").status_code == 404

    def fails(*_: object, **__: object) -> None:
        raise ValueError(canary)

    monkeypatch.setattr(generate, "document", fails)
    assert post(client, {**RECORD, "ho_ten": canary}).status_code == 500
    assert "ValueError" in caplog.text
    for record in caplog.records:
        assert canary not in record.getMessage()
        assert record.exc_info is None


@given(st.binary(max_size=200) | st.text(st.sampled_from('{}[]:,"\\ntrue1.'), max_size=50).map(str.encode))
def test_any_body_is_answered_and_never_with_500(shared: FlaskClient, body: bytes) -> None:
    assert post(shared, body).status_code in {200, 422}
