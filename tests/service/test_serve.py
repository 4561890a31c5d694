"""The real server as a process: the address it tells, its limits, and every client its own document."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from docgen.cli import main
from tests.gate.texts import document_text
from tests.service.running import Server, running

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMIT = 100_000
DOCUMENTS = "/api/v1/forms/mau-2b-2025/documents"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("service") / "data", DOCGEN_LIMIT_BODY=str(LIMIT)) as started:
        yield started
    assert started.log.read_text("utf-8") == ""


def problem(answer: bytes, status: int) -> dict[str, Any]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert re.match(rb"HTTP/1\.[01] %d " % status, head)
    assert b"application/problem+json" in head
    assert b"nosniff" in head
    assert b"\r\nServer:" not in head
    told: dict[str, Any] = json.loads(body)
    assert told["status"] == status
    return told


def test_twenty_people_at_once_get_each_their_own(server: Server) -> None:
    def one(number: int) -> str:
        name = f"Người số {number:04d}"
        record = {"ho_ten": name, "chi_bo": f"Tổ {number}", "nam": 2025, "han_che": [f"Việc của {name}"] * 5}
        answer = server.ask("POST", DOCUMENTS, record)
        assert answer.status == 200
        return "\n".join(document_text(answer.body))

    with ThreadPoolExecutor(20) as people:
        texts = list(people.map(one, range(200)))
    for number, text in enumerate(texts):
        assert set(re.findall(r"Người số (\d{4})", text)) == {f"{number:04d}"}
        assert text.count(f"Việc của Người số {number:04d}") == 5


def test_health_and_forms(server: Server) -> None:
    answer = server.ask("GET", "/healthz")
    assert (answer.status, answer.body) == (200, b'{"status":"ok"}\n')
    assert "Server" not in answer.headers
    assert server.ask("GET", "/api/v1/forms").status == 200
    assert server.ask("GET", "/healthz", Host="evil.example").status == 400


def test_a_body_that_says_it_is_too_large_is_refused_unread(server: Server) -> None:
    head = f"POST {DOCUMENTS} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    told = problem(server.say(f"{head}Content-Length: {LIMIT + 1}\r\n\r\n".encode()), 413)
    assert told["errors"][0]["code"] == "body-too-large"


def test_a_chunked_body_is_refused_as_soon_as_it_is_too_large(server: Server) -> None:
    head = f"POST {DOCUMENTS} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    chunk = b"%x\r\n" % (LIMIT + 1) + b" " * (LIMIT + 1) + b"\r\n"
    problem(server.say(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + chunk), 413)


def test_a_chunked_body_within_the_limit_is_read(server: Server) -> None:
    record = json.dumps({"ho_ten": "Hà Lê", "chi_bo": "A", "nam": 2025}).encode()
    assert server.ask("POST", DOCUMENTS, (piece for piece in (record[:10], record[10:]))).status == 200


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (b"so what\r\n\r\n", 400),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nBad Header: x\r\n\r\n", 400),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", 400),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        (b"GET /" + b"x" * (64 * 1024 - 5), 431),
        (b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
        (b"GET /api//v1/forms HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 404),
        (b"GET /a/../../healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 404),
    ],
)
def test_what_is_no_http_is_refused_in_the_same_shape(server: Server, words: bytes, status: int) -> None:
    problem(server.say(words), status)


def test_a_taken_port_is_told(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", str(server.port)]) == 5
    assert f"cổng {server.port}" in capsys.readouterr().err


def test_a_wrong_setting_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCGEN_THREADS", "nhiều")
    assert main(["serve", "--port", "0"]) == 5
    assert "DOCGEN_THREADS" in capsys.readouterr().err
