"""Real processes of the command `docgen`, each at work within milliseconds, to be killed by tests.

`python -m tests.batch.nursery SHELF` has loaded everything; for each command line (a JSON list) that it reads it forks,
says the process id, and when that process has ended, how. The process leads a group of its own. Its merge does not end
before the gate is open, where a row names `deadly.HELD`.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from unittest import mock

from tests.batch import deadly, small

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parents[2]
CHUNK = 8


class Child:
    """One process of `docgen`."""

    def __init__(self, nursery: Nursery, pid: int, errors: Path) -> None:
        self.pid, self._nursery, self._errors = pid, nursery, errors

    def signal(self, number: signal.Signals) -> None:
        """Signal the process alone; one that has ended already does not mind."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def ended(self) -> int:
        """Wait for it: the exit code, or minus the signal that ended it."""
        return self._nursery.told()

    @property
    def errors(self) -> str:
        """What it has said on stderr."""
        return self._errors.read_text("utf-8")

    def workers(self) -> list[int]:
        """The processes that it has started and that still live."""
        pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
        return [pid for pid in pids if self.pid in lineage(pid)[1:]]


class Nursery:
    """The process that makes them, as a test holds it."""

    def __init__(self, process: subprocess.Popen[str], errors: Path, gate: Path) -> None:
        self._process, self._errors, self._gate = process, errors, gate

    def start(self, *arguments: object) -> Child:
        """Start `docgen` with these arguments, the gate shut."""
        self._gate.unlink(missing_ok=True)
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([*map(str, arguments), str(self._errors)]) + "\n")
        self._process.stdin.flush()
        return Child(self, self.told(), self._errors)

    def open_gate(self) -> None:
        """Let those go who wait at the gate."""
        self._gate.touch()

    def told(self) -> int:
        """The next number that the nursery says."""
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())


@contextmanager
def nursery(shelf: Path, errors: Path) -> Iterator[Nursery]:
    """A nursery over the small shelf."""
    command = [sys.executable, "-m", "tests.batch.nursery", str(shelf)]
    pipe, gate = subprocess.PIPE, errors.with_name("gate")
    environment = {**os.environ, deadly.GATE: str(gate)}
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT, env=environment) as process:
        made = Nursery(process, errors, gate)
        assert made.told() == process.pid
        yield made
        assert process.stdin is not None
        process.stdin.close()


def lineage(pid: int) -> list[int]:
    """A living process and those it comes from; nothing of one that has ended."""
    found: list[int] = []
    while pid > 1:
        try:
            state, parent = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[:2]
        except OSError:
            return []
        if state == "Z":
            return []
        found.append(pid)
        pid = int(parent)
    return found


def are_gone(pids: Sequence[int], *, within: float) -> bool:
    """Whether these processes end within so many seconds."""
    until = time.monotonic() + within
    while any(lineage(pid) for pid in pids):
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def _serve(shelf: Path) -> None:
    from docgen.batch import merging, plan

    merging.CHUNK = CHUNK  # type: ignore[misc]
    with small.on_shelf(shelf), mock.patch.object(plan, "Press", deadly.DeadlyPress):
        _warm()
        print(os.getpid(), flush=True)  # noqa: T201
        for line in sys.stdin:
            *arguments, errors = json.loads(line)
            pid = os.fork()
            if not pid:
                _child(arguments, errors)
            print(pid, flush=True)  # noqa: T201
            print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)  # noqa: T201


def _warm() -> None:
    """Load what a merge loads."""
    from tempfile import TemporaryDirectory

    from docgen.batch.merging import merge

    with TemporaryDirectory() as folder:
        source = small.written(Path(folder) / "ds.jsonl", small.people(2))
        for place in ("o", "o.zip"):
            merge(small.CARD, source, Path(folder) / place, workers=1)


def _child(arguments: list[str], errors: str) -> NoReturn:
    from docgen.cli import main

    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests in the background ignores it
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.dup2(os.open(errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
    sys.exit(main(arguments))


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
