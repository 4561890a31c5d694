"""What the routes of the pages take and give beside pages: files, and who is asking."""

from __future__ import annotations

from flask import Response, g, request

from docgen.errors import DataError
from docgen.files import path_text
from service.api import DOCX, PDF, XLSX, attachment
from service.services import LOCAL

__all__ = ["DOCX", "PDF", "XLSX", "download", "owner", "uploaded_file"]


def download(content: bytes, name: str, kind: str) -> Response:
    """A file that the browser saves under this name."""
    return Response(content, headers={"Content-Disposition": attachment(name)}, content_type=kind)


def uploaded_file() -> tuple[str, bytes]:
    """Name and content of the file in the field `tep` of a form.

    Raises:
        DataError: none was chosen.
    """
    given = request.files.get("tep")
    if given is None or not given.filename:
        raise DataError.of("file-missing", "Chưa chọn tệp.", "Chọn một tệp rồi làm lại.")
    return path_text(given.filename), given.read()


def owner() -> str:
    """Who is asking: the holder of a token, or everybody on a machine where none is needed."""
    return str(g.get("owner", LOCAL))
