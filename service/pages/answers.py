"""What the routes of the pages take and give beside pages: files, and who is asking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, g, request

from docgen.errors import DataError
from docgen.files import path_text
from service.api import DOCX, JSON, PDF, XLSX, attachment
from service.services import LOCAL

if TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage

__all__ = ["DOCX", "JSON", "PDF", "XLSX", "download", "owner", "uploaded_file", "uploaded_files"]


def download(content: bytes, name: str, kind: str) -> Response:
    """A file that the browser saves under this name."""
    return Response(content, headers={"Content-Disposition": attachment(name)}, content_type=kind)


def uploaded_file() -> tuple[str, bytes]:
    """Name and content of the file in the field `tep` of a form.

    Raises:
        DataError: none was chosen.
    """
    [given, *_] = uploaded_files()
    return path_text(given.filename or ""), given.read()


def uploaded_files() -> list[FileStorage]:
    """Every file in the field `tep`, unread.

    Raises:
        DataError: none was chosen.
    """
    given = [each for each in request.files.getlist("tep") if each.filename]
    if not given:
        raise DataError.of("file-missing", "Chưa chọn tệp.", "Chọn một tệp rồi làm lại.")
    return given


def owner() -> str:
    """Who is asking: the holder of a token, or everybody on a machine where none is needed."""
    return str(g.get("owner", LOCAL))
