"""Pipes between this program and processes that it has started."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed import FileDescriptorLike

_PIPE_BYTES: Final = 1024 * 1024
"""As much as Linux lets anybody have; it gives 64 KB unasked."""


def widen(pipe: FileDescriptorLike) -> None:
    """Let the pipe hold much, where the system can, so that its two ends wait less for each other."""
    try:
        import fcntl
    except ImportError:  # Windows
        return
    with suppress(OSError, AttributeError):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
