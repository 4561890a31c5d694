"""PDFs for whoever waits for one: so many at a time, each within its time, told when there is no place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docgen.word.pdf import find_soffice, to_pdf
from service.turns import Turns

if TYPE_CHECKING:
    from service.settings import Settings


class PdfMaker:
    """The few places in which PDFs are made; API and pages share them."""

    def __init__(self, settings: Settings) -> None:
        busy = "Đang có nhiều tệp PDF được tạo. Thử lại sau ít giây."
        self._turns = Turns(settings.pdf_at_once, busy=busy, come_back=5)
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
        with self._turns.turn():
            return to_pdf(docx, timeout=self._seconds)
