"""The real server as a process, and what is asked of it over a socket."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ADDRESS = re.compile(r"http://[^:]+:(\d+)")
_SECONDS = 60.0


class Answer(NamedTuple):
    """What the server answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Server:
    """A running server and where it keeps its state."""

    process: subprocess.Popen[str]
    port: int
    data: Path
    log: Path

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_SECONDS)
        with closing(link):
            plain = body is None or isinstance(body, Generator | bytes)
            content: Any = body if plain else json.dumps(body).encode()
            link.request(method, path, content, {"Content-Type": "application/json", **headers})
            answer = link.getresponse()
            return Answer(answer.status, dict(answer.headers), answer.read())

    def say(self, words: bytes) -> bytes:
        """What the server answers to raw bytes, up to the end of the connection."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=_SECONDS) as link:
            link.sendall(words)
            return b"".join(iter(lambda: link.recv(65536), b""))

    def merge(self, form: str, content: bytes, **fields: str) -> str:
        """Queue a list; the path of its job."""
        body, kind = multipart({"form": form, **fields}, content)
        answer = self.ask("POST", "/api/v1/merges", body, **{"Content-Type": kind})
        assert answer.status == 202, answer.body
        assert answer.headers["Location"] == f"/api/v1/merges/{answer.json['id']}"
        return answer.headers["Location"]

    def wait(self, job: str, *, until: set[str] | None = None) -> Any:
        """The state of a job once it has ended, or is one of `until`."""
        ends = time.monotonic() + _SECONDS
        while (told := self.ask("GET", job).json)["state"] not in (until or {"done", "failed", "cancelled"}):
            assert time.monotonic() < ends, told
            time.sleep(0.05)
        return told

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=30)
        assert self.process.returncode == 0


@contextmanager
def running(data: Path, *, host: str = "127.0.0.1", **settings: str) -> Iterator[Server]:
    """A server with its state in `data`; stopped at the end unless that was done already."""
    log = data.with_name(f"{data.name}.log")
    with log.open("a", encoding="utf-8") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "docgen.cli", "serve", "--host", host, "--port", "0"],
            env={**os.environ, "DOCGEN_DATA": str(data), **settings},
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            encoding="utf-8",
        )
        try:
            assert process.stdout is not None
            told = process.stdout.readline()
            port = _ADDRESS.search(told)
            assert port, told + log.read_text("utf-8")
            server = Server(process, int(port[1]), data, log)
            yield server
            if process.poll() is None:
                server.stop()
        finally:
            if process.poll() is None:
                process.kill()
                process.communicate()


def multipart(
    fields: dict[str, str], content: bytes, *, name: str = "ds.json", part: str = "list"
) -> tuple[bytes, str]:
    """A form with one file, and its media type."""
    mark = "b0undary"
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in fields.items()
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="{part}"; filename="{name}"\r\n\r\n'.encode()
    return b"".join([*parts, head, content, f"\r\n--{mark}--\r\n".encode()]), f"multipart/form-data; boundary={mark}"
