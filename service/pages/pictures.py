"""Pages of a PDF as pictures inside a page: nothing of them is stored, and the browser asks for no other address."""

from __future__ import annotations

import base64
import io
import threading
from dataclasses import dataclass

import pypdfium2

MOST_PAGES = 12
"""More pages are counted but not shown: each picture is some hundred kB."""
_DOTS_PER_POINT = 1.4
_ONE_AT_A_TIME = threading.Lock()
"""PDFium is not safe with threads."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """The first pages as `data:` addresses of PNG pictures, and how many pages there are."""

    shown: tuple[str, ...]
    pages: int


def pictures(pdf: bytes) -> Pictures:
    """The pages of a PDF that LibreOffice made."""
    with _ONE_AT_A_TIME:
        document = pypdfium2.PdfDocument(pdf)
        try:
            count = len(document)
            return Pictures(tuple(_picture(document, number) for number in range(min(count, MOST_PAGES))), count)
        finally:
            document.close()


def _picture(document: pypdfium2.PdfDocument, number: int) -> str:
    page = document[number]
    bitmap = page.render(scale=_DOTS_PER_POINT, grayscale=True)
    made = io.BytesIO()
    bitmap.to_pil().save(made, "PNG")
    bitmap.close()
    page.close()
    return "data:image/png;base64," + base64.b64encode(made.getvalue()).decode()
