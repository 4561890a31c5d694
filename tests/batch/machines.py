"""A real Dask cluster for tests: a scheduler and workers, each a process of its own, on this machine only."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from tests.batch import unlucky
from tests.batch.nursery import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_SECONDS = 60
"""How long a machine under load may take for anything here."""
_SECONDS_TO_END = 10
_LOOPBACK = ("--host", "127.0.0.1", "--no-dashboard", "--dashboard-address", "127.0.0.1:0")
_SETTINGS = {
    # By default Dask lets a row kill four workers before it says so; two are enough to show it.
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
    # A worker that died is started again in tenths of a second, not in seconds.
    "DASK_DISTRIBUTED__WORKER__MULTIPROCESSING_METHOD": "forkserver",
}


class Machines:
    """The cluster; used as a context manager, it leaves no process behind."""

    def __init__(self, folder: Path) -> None:
        """Start a scheduler; its files, logs and signs are in `folder`."""
        self.folder = folder
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._start("scheduler", "--port", "0", "--scheduler-file", str(self._file))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes.values():
            process.terminate()  # so that they take their semaphores with them
        for name, process in list(self._processes.items()):
            with suppress(subprocess.TimeoutExpired):
                process.wait(_SECONDS_TO_END)
            self.lose(name)

    @property
    def _file(self) -> Path:
        return self.folder / "scheduler.json"

    @property
    def address(self) -> str:
        """Where the scheduler listens."""
        eventually(lambda: self._file.exists() and self._file.read_text("utf-8").endswith("}"))
        address: str = json.loads(self._file.read_text("utf-8"))["address"]
        return address

    def work(self, *names: str) -> None:
        """Start workers of these names, and wait for them."""
        for name in names:
            place = ("--scheduler-file", str(self._file), "--local-directory", str(self.folder / name))
            alone = ("--nworkers", "1", "--nthreads", "1", "--memory-limit", "0")
            self._start("worker", "--name", name, *place, *alone, "--preload", unlucky.__file__, name=name)
        self.all_at_work()

    def all_at_work(self) -> None:
        """Wait for every worker; one that died is started again, as Dask does by default."""
        from docgen.batch.cluster import joined

        with joined(self.address) as client:
            client.wait_for_workers(len(self._processes) - 1, timeout=_SECONDS)

    def lose(self, name: str) -> None:
        """Take a machine away: all its processes end at once."""
        process = self._processes.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self, name: str) -> None:
        """Let nobody start a worker of this name again, until it goes on."""
        self._processes[name].send_signal(signal.SIGSTOP)

    def go_on(self, name: str) -> None:
        """Let it be started again, and wait for it."""
        self._processes[name].send_signal(signal.SIGCONT)
        self.all_at_work()

    def held(self) -> int:
        """The process of the worker that is held."""
        sign = self.folder / unlucky.HELD_SIGN
        eventually(sign.exists)
        return int(sign.read_text("utf-8"))

    def logs(self) -> str:
        """Whatever the scheduler and all workers have said."""
        return "\n".join(log.read_text("utf-8", "replace") for log in self.folder.glob("*.log"))

    def _start(self, kind: str, *arguments: str, name: str = "scheduler") -> None:
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *_LOOPBACK, *arguments]
        env = {**os.environ, **_SETTINGS, unlucky.SIGNS: str(self.folder)}
        with (self.folder / f"{name}.log").open("wb") as log:
            self._processes[name] = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env, cwd=ROOT, start_new_session=True
            )


def eventually(is_so: Callable[[], object]) -> None:
    """Wait until it is so; a test that waits in vain fails."""
    until = time.monotonic() + _SECONDS
    while not is_so():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)
