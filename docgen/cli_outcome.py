"""How a command ends: its exit code, what it prints on which stream, and the one place where errors become messages.

Results go to stdout, messages to stderr. A person never sees a traceback, and an error that nobody foresaw tells its
type and place only, because its text may hold somebody's data.
"""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, NoReturn

import click

from docgen.cli_files import WRONG_PATHS
from docgen.cli_words import wrong_use
from docgen.errors import DocgenError, OutputError, place_of
from docgen.files import reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from docgen.errors import Problem

DONE, WRONG_USE, UNUSABLE, FOUND, ENVIRONMENT = 0, 2, 3, 4, 5
_INTERRUPTED, _PIPE_CLOSED, _TERMINATED = 130, 141, 143
"""As shells count a program that ended by SIGINT, by SIGPIPE and by SIGTERM."""
_WRONG_USE = WRONG_PATHS | {
    "form-unknown", "layout-unknown", "pattern-field", "pattern-folders", "pattern-empty",
    "target-kind", "target-missing", "templates-folder", "tokens-missing", "version-unknown",
}  # fmt: skip
"""Refusals of what was typed on the command line, whichever wing has found them."""


def ended(work: Callable[[], object]) -> int:
    """Do the work and return its exit code, whatever happens in it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        with _terminable():
            code = _ended(work)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        _forget_stdout()
        return _PIPE_CLOSED
    except OSError as error:
        _forget_stdout()
        note(f"Lỗi: {reason(error)} ({place_of(error)}).")
        return ENVIRONMENT
    return code


def _ended(work: Callable[[], object]) -> int:
    try:
        code = work()
    except click.ClickException as error:
        note(wrong_use(error))
        return WRONG_USE
    except DocgenError as error:
        tell(error.problems)
        return _exit_code(error)
    except KeyboardInterrupt as stop:
        note("Đã dừng theo yêu cầu.")
        return _TERMINATED if isinstance(stop, _Terminated) else _INTERRUPTED
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - the last door: whatever it was, people see a sentence
        note(f"Lỗi chưa lường trước ({place_of(error)}). Báo người phụ trách kèm dòng này; không có tệp nào bị ghi dở.")
        return ENVIRONMENT
    return code if isinstance(code, int) else DONE


class _Terminated(KeyboardInterrupt):
    """The system has asked the program to end."""


@contextmanager
def _terminable() -> Iterator[None]:
    """Inside it SIGTERM ends the work as Ctrl+C does: what is open is closed, processes are let go."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


def _terminate(*_: object) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # whoever asks twice does not wait for tidying
    raise _Terminated


def _forget_stdout() -> None:
    """Nobody reads on: what is still buffered goes nowhere, so that Python's own farewell flush is silent."""
    with suppress(OSError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _exit_code(error: DocgenError) -> int:
    if any(problem.code in _WRONG_USE for problem in error.problems):
        return WRONG_USE
    return ENVIRONMENT if isinstance(error, OutputError) else UNUSABLE


def answered(work: Callable[[], int], *, as_json: bool) -> int:
    """The work's exit code; with `--json` a refusal is told in the same shape as a result."""
    try:
        return work()
    except DocgenError as error:
        if not as_json:
            raise
        print_json(result(error.problems, failed=True))
        return _exit_code(error)


def result(problems: Iterable[Problem], *, failed: bool = False, outputs: Sequence[str] = ()) -> dict[str, Any]:
    """The one object of `--json` for a command that takes one record or one file."""
    counts = {"rows_in": 1, "done": int(not failed), "unchanged": 0, "skipped": 0, "failed": int(failed)}
    return {**counts, "problems": [problem.as_dict() for problem in problems], "outputs": list(outputs)}


def print_json(value: object) -> None:
    """One JSON value on stdout, letters as they are."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def line(problem: Problem) -> str:
    """A problem as one line for a person."""
    return f"{'Cảnh báo' if problem.severity == 'warning' else 'Lỗi'}: {problem.message}"


def tell(problems: Iterable[Problem]) -> None:
    """Problems as messages."""
    for problem in problems:
        note(line(problem))


def note(text: str) -> None:
    """One message on stderr."""
    click.echo(text, err=True)
