"""The command `merge`: what is asked for on the command line, the progress on a terminal, the end told."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from docgen.cli_input import given, shared_profile
from docgen.viet.numbers import format_integer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TextIO

    from docgen.batch.report import Report

_BAR = 24
_SECONDS_BETWEEN = 0.2
_MINUTE, _HOUR = 60, 3600
_GIVEN_AS_THEY_ARE = ("sheet", "convert", "pattern", "workers", "scheduler", "split")
_FLAGS = ("accented", "pdf", "duplex", "overwrite")


def merge(name: str, source: str, target: str, asked: Mapping[str, Any]) -> Report:
    """Merge as the command line asks; progress goes to stderr where that is a terminal.

    Raises:
        WrongUse: a path that is missing or of the wrong kind.
        FormError: as `docgen.merge`; DataError and OutputError too.
    """
    from docgen.batch.merging import merge as merged
    from docgen.batch.options import Options

    options = Options()
    options.update({key: asked[key] for key in _GIVEN_AS_THEY_ARE if asked[key] is not None})  # type: ignore[typeddict-item]
    options.update({key: True for key in _FLAGS if asked[key]})  # type: ignore[typeddict-item]
    if asked["common"]:
        options["common"] = given(asked["common"]).values
    if asked["profile"]:
        options["profile"] = shared_profile(asked["profile"]) or {}
    progress = Progress(sys.stderr) if sys.stderr is not None and sys.stderr.isatty() else None
    if progress is not None:
        options["progress"] = progress
    try:
        return merged(name, source, target, **options)
    finally:
        if progress is not None:
            progress.clear()


class Progress:
    """One line on a terminal: how far, how fast, how long still."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._clock = stream, clock
        self._began: tuple[float, int] | None = None
        self._shown = 0.0

    def __call__(self, settled: int, total: int) -> None:
        """Show it, not more than a few times a second."""
        now = self._clock()
        if self._began is None:
            self._began = (now, settled)
        if settled < total and now - self._shown < _SECONDS_BETWEEN:
            return
        self._shown = now
        self._stream.write(f"\r\x1b[K{line(settled, total, settled - self._began[1], now - self._began[0])}")
        self._stream.flush()

    def clear(self) -> None:
        """Take the line away, so that what follows stands alone."""
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


def line(settled: int, total: int, since: int, seconds: float) -> str:
    """The progress in words; `since` rows were settled in so many seconds."""
    full = _BAR * settled // total if total else _BAR
    told = f"[{'█' * full}{'·' * (_BAR - full)}] {format_integer(settled)}/{format_integer(total)}"
    if since <= 0 or seconds <= 0:
        return told
    rate = since / seconds
    left = (total - settled) / rate
    return f"{told} · {format_integer(round(rate))} dòng/giây · còn {_duration(left)}"


def _duration(seconds: float) -> str:
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{whole} giây"
    if whole < _HOUR:
        return f"{whole // _MINUTE} phút {whole % _MINUTE} giây"
    return f"{whole // _HOUR} giờ {whole % _HOUR // _MINUTE} phút"
