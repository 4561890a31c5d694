"""Who may ask: names of this machine, pages from elsewhere, tokens, sign-in, and how often."""

from __future__ import annotations

import json
import re
import stat
import time
from typing import TYPE_CHECKING, Any

import pytest

from docgen.cli import main
from docgen.errors import OutputError
from service.app import create_app
from service.channel import WAITING
from service.settings import Settings
from service.tokens import Tokens
from tests.service.lists import FORM, done, people
from tests.service.running import multipart

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

FORMS = "/api/v1/forms"
PAGE = {"Accept": "text/html"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", needs_token=True)


@pytest.fixture
def tokens(settings: Settings) -> Tokens:
    return Tokens(settings.tokens_file)


@pytest.fixture
def client(settings: Settings) -> FlaskClient:
    return create_app(settings).test_client()


@pytest.fixture
def local(tmp_path: Path) -> FlaskClient:
    return create_app(Settings(data=tmp_path / "local")).test_client()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def code(answer: TestResponse) -> str:
    told: dict[str, Any] = json.loads(answer.data)
    return str(told["errors"][0]["code"])


# ---------------------------------------------------------------- tokens


def test_a_token_is_printed_once_and_only_its_hash_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "new" / "tokens.json"
    monkeypatch.setenv("DOCGEN_TOKENS_FILE", str(place))
    assert main(["token", "new", "--name", "Văn phòng", "--days", "2"]) == 0
    token = capsys.readouterr().out.strip()
    assert len(token) >= 43 + len("docgen_")
    assert token not in place.read_text("utf-8")
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    [kept] = json.loads(place.read_text("utf-8"))["tokens"]
    assert kept["name"] == "Văn phòng"
    assert 0 < kept["expires"] - time.time() - 24 * 3600 < 24 * 3600 + 60
    assert main(["token", "new"]) == 0
    assert len(json.loads(place.read_text("utf-8"))["tokens"]) == 2
    assert Tokens(place).known(token) is not None
    assert main(["token", "new", "--admin"]) == 0
    administrator = Tokens(place).known(capsys.readouterr().out.split()[-1])
    assert administrator is not None
    assert [each["admin"] for each in json.loads(place.read_text("utf-8"))["tokens"]] == [False, False, True]


def test_a_token_that_was_made_before_there_were_administrators_is_none(tokens: Tokens) -> None:
    token = tokens.new("A", None, admin=True)
    told = json.loads(tokens.place.read_text("utf-8"))
    del told["tokens"][0]["admin"]
    tokens.place.write_text(json.dumps(told), "utf-8")
    found = tokens.known(token)
    assert found is not None
    assert not found.admin


def test_with_the_token_the_api_answers(client: FlaskClient, tokens: Tokens) -> None:
    token = tokens.new("A", None)
    assert client.get(FORMS, headers=bearer(token)).status_code == 200
    assert client.get(FORMS, headers={"Authorization": f"bearer  {token} "}).status_code == 200


def test_no_token_and_wrong_ones_are_refused_alike(client: FlaskClient, tokens: Tokens) -> None:
    token = tokens.new("A", None)
    old = tokens.new("B", -1)
    headers: list[dict[str, str]] = [
        {}, bearer("docgen_wrong"), bearer(old), bearer(token[:-1]), bearer(""), {"Authorization": f"Basic {token}"},
        {"Authorization": token}, {"X-Token": token},
    ]  # fmt: skip
    answers = [client.get(FORMS, headers=each) for each in headers]
    assert {(answer.status_code, answer.data, answer.headers["WWW-Authenticate"]) for answer in answers} == {
        (401, answers[0].data, "Bearer")
    }
    assert code(answers[0]) == "token"
    assert client.get(f"{FORMS}?token={token}&access_token={token}").status_code == 401
    assert client.get("/khong-co").status_code == 401
    assert client.get("/metrics").status_code == 401


def test_what_tells_nothing_about_anybody_is_open(client: FlaskClient) -> None:
    for path in ("/healthz", "/version", "/openapi.json", "/docs"):
        assert client.get(path).status_code == 200


def test_after_ten_wrong_tokens_an_address_is_locked_out(client: FlaskClient, tokens: Tokens) -> None:
    token = tokens.new("A", None)
    for _ in range(10):
        assert client.get(FORMS, headers=bearer("wrong")).status_code == 401
    locked = client.get(FORMS, headers=bearer(token))
    assert (locked.status_code, code(locked)) == (429, "locked-out")
    assert 0 < int(locked.headers["Retry-After"]) <= 15 * 60
    elsewhere = client.get(FORMS, headers=bearer(token), environ_overrides={"REMOTE_ADDR": "10.0.0.9"})
    assert elsewhere.status_code == 200
    assert client.get("/healthz").status_code == 200


def test_tokens_that_exist_are_asked_for_on_this_machine_too(local: FlaskClient, tmp_path: Path) -> None:
    assert local.get(FORMS).status_code == 200
    token = Tokens(tmp_path / "local" / "tokens.json").new("A", None)
    assert local.get(FORMS).status_code == 401
    assert local.get(FORMS, headers=bearer(token)).status_code == 200


@pytest.mark.parametrize("content", ["", "{}", '{"tokens": [{"id": 1}]}', "[]"])
def test_a_damaged_file_of_tokens_lets_nobody_in(client: FlaskClient, settings: Settings, content: str) -> None:
    settings.tokens_file.write_text(content)
    answer = client.get(FORMS, headers=bearer("x"))
    assert (answer.status_code, code(answer)) == (503, "tokens-damaged")
    with pytest.raises(OutputError):
        Tokens(settings.tokens_file).new("A", None)
    assert settings.tokens_file.read_text() == content


def test_a_job_belongs_to_its_token(client: FlaskClient, settings: Settings, tokens: Tokens) -> None:
    mine, other = tokens.new("A", None), tokens.new("B", None)
    body, kind = multipart({"form": FORM}, people(1))
    started = client.post("/api/v1/merges", data=body, content_type=kind, headers=bearer(mine))
    job = started.headers["Location"]
    done(settings.data, job)
    assert client.get(job, headers=bearer(mine)).status_code == 200
    for path in (job, f"{job}/result.zip", f"{job}/errors.xlsx"):
        assert client.get(path, headers=bearer(other)).status_code == 404
    assert client.delete(job, headers=bearer(other)).status_code == 404
    assert client.delete(job, headers=bearer(mine)).status_code == 204


# ---------------------------------------------------------------- names and pages from elsewhere


def test_further_names_are_taken_where_they_are_told(tmp_path: Path) -> None:
    client = create_app(Settings(data=tmp_path, hosts=frozenset({"van-phong.local", "[fd00::1]"}))).test_client()
    for host in ("van-phong.local", "VAN-PHONG.local:8765", "localhost:1", "[fd00::1]:80"):
        assert client.get("/healthz", headers={"Host": host}).status_code == 200
    for host in ("van-phong.local.evil.example", "x.van-phong.local", "van-phong.local:x", "fd00::1"):
        assert client.get("/healthz", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9999"},
        {"Origin": "http://localhost.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=lambda headers: " ".join(headers.values()),
)
def test_a_page_from_elsewhere_changes_nothing(local: FlaskClient, headers: dict[str, str]) -> None:
    body, kind = multipart({"form": FORM}, people(1))
    for path in ("/api/v1/merges", f"{FORMS}/{FORM}/documents", "/danh-sach"):
        answer = local.post(path, data=body, content_type=kind, headers=headers)
        assert (answer.status_code, code(answer)) == (403, "foreign-page")
    assert local.get(FORMS, headers=headers).status_code == 200


def test_our_own_page_and_programs_are_taken(local: FlaskClient) -> None:
    for headers in ({"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {}):
        assert local.post(f"{FORMS}/{FORM}/check", json={}, headers=headers).status_code == 200


def test_a_form_without_our_mark_is_refused(local: FlaskClient) -> None:
    for data in ({}, {"csrf_token": "x"}):
        answer = local.post("/danh-sach", data=data)
        assert (answer.status_code, code(answer)) == (403, "csrf")
    answer = local.post("/danh-sach", data={}, headers=PAGE)
    assert (answer.status_code, answer.mimetype) == (403, "text/html")


def test_reading_never_changes_anything(local: FlaskClient) -> None:
    for rule in local.application.url_map.iter_rules():
        if rule.methods and "POST" in rule.methods:
            assert not {"GET", "HEAD"} & rule.methods, rule


def test_work_is_refused_while_too_many_wait(local: FlaskClient) -> None:
    crowded = {WAITING: Settings().waiting}
    answer = local.post(f"{FORMS}/{FORM}/check", json={}, environ_overrides=crowded)
    assert (answer.status_code, code(answer)) == (503, "busy")
    assert int(answer.headers["Retry-After"]) > 0
    assert local.get("/healthz", environ_overrides=crowded).status_code == 200


# ---------------------------------------------------------------- signing in


def mark(page: TestResponse) -> str:
    found = re.search(r'name="csrf[-_]token" (?:value|content)="([^"]+)"', page.get_data(as_text=True))
    assert found
    return found[1]


def test_a_person_signs_in_with_a_token_and_out_again(client: FlaskClient, tokens: Tokens) -> None:
    token = tokens.new("A", None)
    sent = client.get("/danh-sach?x=1", headers=PAGE)
    assert (sent.status_code, sent.headers["Location"]) == (303, "/dang-nhap?den=/danh-sach?x%3D1")
    entrance = client.get(sent.headers["Location"], headers=PAGE)
    wrong = client.post("/dang-nhap", data={"csrf_token": mark(entrance), "token": "x", "den": "/danh-sach"})
    assert wrong.status_code == 401
    right = client.post("/dang-nhap", data={"csrf_token": mark(wrong), "token": token, "den": "/danh-sach"})
    assert (right.status_code, right.headers["Location"]) == (303, "/danh-sach")
    cookie = right.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert token not in cookie
    page = client.get("/danh-sach", headers=PAGE)
    assert page.status_code == 200
    assert client.get(FORMS).status_code == 401, "a cookie counts for the API"
    client.post("/dang-xuat", data={"csrf_token": mark(page)})
    assert client.get("/danh-sach", headers=PAGE).status_code == 303


def test_a_token_that_is_gone_ends_the_sign_in(client: FlaskClient, tokens: Tokens, settings: Settings) -> None:
    token = tokens.new("A", None)
    entrance = client.get("/dang-nhap", headers=PAGE)
    client.post("/dang-nhap", data={"csrf_token": mark(entrance), "token": token})
    assert client.get("/", headers=PAGE).status_code == 200
    settings.tokens_file.unlink()
    assert client.get("/", headers=PAGE).status_code == 303


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example", "/\\evil.example", "evil", "/\r\nX: 1"])
def test_signing_in_leads_nowhere_else(client: FlaskClient, tokens: Tokens, place: str) -> None:
    token = tokens.new("A", None)
    entrance = client.get("/dang-nhap", headers=PAGE)
    answer = client.post("/dang-nhap", data={"csrf_token": mark(entrance), "token": token, "den": place})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_the_cookie_goes_over_https_only_where_it_came_so(client: FlaskClient) -> None:
    assert "Secure" not in client.get("/dang-nhap", headers=PAGE).headers["Set-Cookie"]
    other = client.application.test_client()
    secure = other.get("/dang-nhap", headers=PAGE, environ_overrides={"wsgi.url_scheme": "https"})
    assert "Secure" in secure.headers["Set-Cookie"]


def test_a_network_address_without_tokens_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DOCGEN_DATA", str(tmp_path))
    assert main(["serve", "--host", "0.0.0.0", "--port", "0"]) == 2
    assert "docgen token new" in capsys.readouterr().err


# ---------------------------------------------------------------- headers


def test_pages_may_load_what_is_our_own_and_nothing_else(local: FlaskClient) -> None:
    for answer in (local.get("/", headers=PAGE), local.get("/khong-co", headers=PAGE)):
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["Cache-Control"] == "no-store"
    api = local.get(FORMS).headers["Content-Security-Policy"]
    assert api == "default-src 'none'; frame-ancestors 'none'"


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("site.css?v=1", "public, max-age=31536000, immutable"),
        ("site.css", "no-store"),
        ("khong-co.css?v=1", "no-store"),
    ],
    ids=["versioned", "bare", "missing"],
)
def test_only_versioned_assets_are_kept_by_browsers(local: FlaskClient, path: str, kept: str) -> None:
    with local.get(f"/static/{path}") as answer:
        assert answer.headers["Cache-Control"] == kept
