"""The API, version 1: which forms there are, and one record in, one document out."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Blueprint, Response, jsonify, request

from docgen import generate
from docgen.papers import library
from docgen.papers.schema import entry
from docgen.tables.documents import read_record
from docgen.tables.limits import Limits
from docgen.viet.files import file_name
from service.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from service.services import Services
    from service.settings import Settings

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"


def blueprint(services: Services) -> Blueprint:
    """The routes under `/api/v1`."""
    api = Blueprint("api", __name__, url_prefix="/api/v1")

    @api.get("/forms")
    def forms() -> Response:
        return jsonify([entry(form) for form in library.catalogue()])

    @api.post("/forms/<form>/documents")
    def documents(form: str) -> Response:
        if form not in library.families():
            library.form(form)
        kind = _wanted()
        document = generate.document(form, _values(services.settings), profile=services.profile)
        content, name = document.content, document.file_name
        if kind == PDF:
            content = services.pdf.made(content)
            name = f"{name.removesuffix('.docx')}.pdf"
        headers = {"Content-Disposition": attachment(name), "Docgen-Warnings": str(len(document.warnings))}
        return Response(content, headers=headers, content_type=kind)

    return api


def attachment(name: str) -> str:
    """A Content-Disposition for this file name: plain for old readers, and whole as RFC 5987 has it."""
    stem, dot, extension = name.rpartition(".")
    plain = file_name(stem, extension) if dot else file_name(name, "")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _wanted() -> str:
    """The kind of answer that the client takes, Word before PDF.

    Raises:
        RefusedError: 406.
    """
    if "Accept" not in request.headers:
        return DOCX
    wanted = request.accept_mimetypes.best_match([DOCX, PDF])
    if wanted is None:
        raise RefusedError(406)
    return wanted


def _values(settings: Settings) -> Mapping[str, object]:
    """The record in the body.

    Raises:
        RefusedError: 415 for anything but plain JSON.
        DataError: everything that is wrong with it as JSON.
    """
    if request.mimetype != "application/json" or "Content-Encoding" in request.headers:
        raise RefusedError(415)
    limits = Limits(json_bytes=settings.body_limit)
    return read_record(request.get_data(cache=False), name="dữ liệu gửi lên", kind="json", limits=limits).values
