"""What the service adds to a document, and how long people wait when eight of them ask at the same time.

The server is a real one; its processor time is read from the system, with everything that HTTP costs in it.
"""

from __future__ import annotations

import http.client
import json
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from docgen.papers import library
from docgen.papers.record import record
from docgen.papers.words import words as ready_words
from docgen.word.template import compile_template
from tests.service.running import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.service.running import Server

OVER_RENDER_LIMIT_MS = 3.0
FORM, ROUNDS, REQUESTS = "mau-2b-2025", 5, 100
CLIENTS, REQUESTS_OF_A_CLIENT = 8, 60
_MS = 1000


def main() -> None:
    """Prints the figures; exits 1 where one is beyond its limit."""
    beyond = False
    for figure in figures():
        print(json.dumps(figure))
        limit = figure["limit"]
        beyond |= limit is not None and float(str(figure["value"])) > float(str(limit))
    sys.exit(beyond)


def figures() -> Iterator[dict[str, object]]:
    """`name`, `value`, `limit` (None: told only) of each figure."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder) / "data", DOCGEN_LIMIT_REQUESTS="1000000") as server,
    ):
        _waits(server, 1, REQUESTS)
        over = _server_ms(server) - _render_ms()
        yield {"name": "service: CPU ms of a document over its render", "value": round(over, 2),
               "limit": OVER_RENDER_LIMIT_MS}  # fmt: skip
        waits = _waits(server, CLIENTS, REQUESTS_OF_A_CLIENT)
        percentiles = statistics.quantiles(waits, n=100)
        for percent in (50, 99):
            value = round(percentiles[percent - 1] * _MS, 1)
            yield {"name": f"service: ms, p{percent} of {CLIENTS} clients at once", "value": value, "limit": None}


def _server_ms(server: Server) -> float:
    """Processor time of the server for one document."""
    process = psutil.Process(server.process.pid)

    def spent() -> float:
        times = process.cpu_times()
        return float(times.user + times.system)

    rounds = []
    for _ in range(ROUNDS):
        before = spent()
        _waits(server, 1, REQUESTS)
        rounds.append((spent() - before) / REQUESTS * _MS)
    return statistics.median(rounds)


def _render_ms() -> float:
    """Processor time of the engine alone for the same document."""
    form = library.form(FORM)
    words = ready_words(record(form, library.sample(form)))
    template = compile_template(library.template(form, form.layouts[0]), words)
    rounds = []
    for _ in range(ROUNDS):
        before = time.process_time()
        for _ in range(REQUESTS):
            template.render(words)
        rounds.append((time.process_time() - before) / REQUESTS * _MS)
    return statistics.median(rounds)


def _waits(server: Server, clients: int, requests: int) -> list[float]:
    """Seconds from each request to its whole answer, every client one after the other on its own connection."""
    body = json.dumps(library.sample(library.form(FORM))).encode()

    def one(_: int) -> list[float]:
        waits = []
        with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as link:
            for _ in range(requests):
                began = time.perf_counter()
                link.request("POST", f"/api/v1/forms/{FORM}/documents", body, {"Content-Type": "application/json"})
                answer = link.getresponse()
                answer.read()
                waits.append(time.perf_counter() - began)
                if answer.status != http.client.OK:
                    raise RuntimeError(f"the service answered {answer.status}")
        return waits

    with ThreadPoolExecutor(clients) as people:
        return [wait for waits in people.map(one, range(clients)) for wait in waits]


if __name__ == "__main__":
    main()
