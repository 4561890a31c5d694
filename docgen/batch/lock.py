"""One run at a time for one output; a lock whose holder has died, however it died, holds nothing."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from docgen.errors import OutputError, shown
from docgen.files import not_written, path_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def held(lock: Path, output: Path) -> Iterator[None]:
    """Hold the lock file of an output.

    Raises:
        OutputError: `output-busy` while another run holds it; `target-not-written` where no lock can be made.
    """
    holder = FileLock(lock, timeout=0)
    try:
        holder.acquire()
    except Timeout:
        what = f"Đang có một lệnh khác ghi vào {shown(path_text(output.name))}."
        raise OutputError.of("output-busy", what, "Chờ lệnh đó xong rồi chạy lại.") from None
    except OSError as error:
        raise not_written(output, error) from error
    try:
        yield
    finally:
        with suppress(OSError):  # Windows removes no open file; then it stays, and is no lock
            lock.unlink()
        holder.release()
