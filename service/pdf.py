"""PDFs for whoever waits for one: so many at a time, each within its time, told when there is no place."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from docgen.word.pdf import find_soffice, to_pdf
from service.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from service.settings import Settings

_BUSY_SECONDS = "5"


class PdfMaker:
    """The few places in which PDFs are made; API and pages share them."""

    def __init__(self, settings: Settings) -> None:
        self._slots = threading.BoundedSemaphore(settings.pdf_at_once)
        self._seconds = settings.pdf_seconds

    @property
    def is_available(self) -> bool:
        """Whether this machine has LibreOffice."""
        return find_soffice() is not None

    def made(self, docx: bytes) -> bytes:
        """The PDF of a Word file.

        Raises:
            RefusedError: 503, no place is free.
            OutputError: there is no LibreOffice, it was stopped at its limit, or it made nothing of the file.
        """
        with self._slot():
            return to_pdf(docx, timeout=self._seconds)

    @contextmanager
    def _slot(self) -> Iterator[None]:
        if not self._slots.acquire(blocking=False):
            what = "Đang có nhiều tệp PDF được tạo. Thử lại sau ít giây."
            raise RefusedError(503, "busy", what, Retry_After=_BUSY_SECONDS)
        try:
            yield
        finally:
            self._slots.release()
