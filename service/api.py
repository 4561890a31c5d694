"""The API, version 1: which forms there are; a record in, a document out; lists counted; Word files looked at, read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from flask import Blueprint, Response, jsonify, request

from docgen import generate
from docgen.cli_outcome import result
from docgen.cli_show import details
from docgen.collecting.sheets import collected_sheets
from docgen.counting import count, judged
from docgen.errors import DataError, FormError
from docgen.inspecting import inspect_file
from docgen.papers import library
from docgen.papers.profile import profile
from docgen.papers.schema import entry, json_schema
from docgen.papers.sheet import workbook
from docgen.rules.layouts import layout
from docgen.tables.excel import write_sheets
from docgen.viet.files import file_name
from service import shapes, uploads
from service.errors import RefusedError
from service.openapi import Answers

if TYPE_CHECKING:
    from service.openapi import Api
    from service.services import Services

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF: Final = "application/pdf"
JSON: Final = "application/json"
_NAMED: Final = {"Content-Disposition": "The name of the file."}
_DIGITS: Final = 10


def blueprint(services: Services, spec: Api) -> Blueprint:
    """The routes under `/api/v1`, but for the merges."""
    api = Blueprint("api", __name__, url_prefix="/api/v1")
    _forms(api, spec)
    _documents(api, services, spec)
    _files(api, services, spec)
    _returned(api, services, spec)
    return api


def attachment(name: str) -> str:
    """A Content-Disposition for this file name: plain for old readers, and whole as RFC 5987 has it."""
    stem, dot, extension = name.rpartition(".")
    plain = file_name(stem, extension) if dot else file_name(name, "")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _forms(api: Blueprint, spec: Api) -> None:
    @api.get("/forms")
    @spec.describe(Answers(200, list[shapes.FormEntry]))
    def forms() -> Response:
        """Every paper, families together, newest edition first."""
        return jsonify([entry(form) for form in library.catalogue()])

    @api.get("/forms/<form>")
    @spec.describe(Answers(200, shapes.FormDetails, errors=[404]))
    def one_form(form: str) -> Response:
        """What a paper asks, its legal basis, which of its parts are unverified, and the JSON Schema of a record."""
        found = library.form(form)
        return jsonify({**details(found), "schema": json_schema(found)})

    @api.get("/forms/<form>/sheet.xlsx")
    @spec.describe(Answers(200, media=[XLSX], errors=[404, 422], headers=_NAMED), query=shapes.SheetQuery)
    def sheet(form: str) -> Response:
        """The Excel to fill in for a form or a family."""
        year = request.args.get("year", "")
        given = {"year": int(year) if year.isascii() and year.isdigit() and len(year) < _DIGITS else year or None}
        content = workbook(form, year=uploads.shaped(shapes.SheetQuery, given).year)
        return Response(content, headers={"Content-Disposition": attachment(f"{form}.xlsx")}, content_type=XLSX)


def _documents(api: Blueprint, services: Services, spec: Api) -> None:
    headers = {**_NAMED, "Docgen-Warnings": "How many warnings `POST …/check` would tell."}

    @api.post("/forms/<form>/documents")
    @spec.describe(
        Answers(200, media=[DOCX, PDF], errors=[403, 404, 406, 415, 422], headers=headers), json=shapes.Record
    )
    def documents(form: str) -> Response:
        """Make one document of a form or a family: Word, or with `Accept: application/pdf` a PDF."""
        _known(form)
        kind = _wanted(DOCX, PDF)
        document = services.document(form, uploads.record(services.settings))
        content, name = document.content, document.file_name
        if kind == PDF:
            content = services.pdf.made(content)
            name = f"{name.removesuffix('.docx')}.pdf"
        named = {"Content-Disposition": attachment(name), "Docgen-Warnings": str(len(document.warnings))}
        return Response(content, headers=named, content_type=kind)

    @api.post("/forms/<form>/check")
    @spec.describe(Answers(200, shapes.Checked, errors=[403, 404, 415, 422]), json=shapes.Record)
    def check(form: str) -> Response:
        """Every problem and every rule warning of a record; makes nothing."""
        _known(form)
        found = generate.check(form, uploads.record(services.settings), profile=services.profile)
        return jsonify(result(found, failed=any(problem.severity == "error" for problem in found)))


def _files(api: Blueprint, services: Services, spec: Api) -> None:
    @api.post("/tally")
    @spec.describe(Answers(200, shapes.Tally, errors=[403, 415, 422]), form=shapes.TallyFields)
    def tally() -> Response:
        """Count a list of ratings, or judge a table of ready figures."""
        uploads.parts()
        name, content = uploads.file("list")
        given = uploads.text("given") or "false"
        if given not in {"true", "false"}:
            raise DataError.of("option-value", "Giá trị này không dùng được.", "Gửi true hoặc false.", field="given")
        work = judged if given == "true" else count
        found = work(content, name=name, rules=uploads.text("rules"), house=profile(services.profile))
        return jsonify({**found.result, **found.counts(), "problems": [each.as_dict() for each in found.problems]})

    @api.post("/inspect")
    @spec.describe(Answers(200, shapes.Inspected, errors=[403, 415, 422]), form=shapes.InspectFields)
    def inspect() -> Response:
        """What deviates in a Word file from a layout regime."""
        uploads.parts()
        name, content = uploads.file("file")
        regime = uploads.text("regime")
        try:
            found, rules = inspect_file(content, name=name, layout=layout(regime) if regime else None)
        except FormError as error:  # here the Word file is the data
            raise DataError(error.problems) from None
        return jsonify({"regime": rules.id, "problems": [each.as_dict() for each in found]})


def _returned(api: Blueprint, services: Services, spec: Api) -> None:
    @api.post("/collect")
    @spec.describe(Answers(200, shapes.Collected, media=[XLSX], errors=[403, 406, 415, 422]), form=shapes.CollectFields)
    def collect() -> Response:
        """Read filled Word files back: values and how each was found; with `Accept: …sheet` the Excel of them."""
        uploads.parts()
        kind = _wanted(JSON, XLSX)
        found = services.collector.collected(uploads.files("file"), uploads.optional_file("against"))
        if kind == JSON:
            return jsonify(found.as_dict())
        named = {"Content-Disposition": attachment("nop-lai.xlsx")}
        return Response(write_sheets(collected_sheets(found)), headers=named, content_type=XLSX)


def _known(form: str) -> None:
    """Refuse an unknown form before anything of the body is looked at.

    Raises:
        FormError: `form-unknown`.
    """
    if form not in library.families():
        library.form(form)


def _wanted(*kinds: str) -> str:
    """The kind of answer that the client takes, the first before the others.

    Raises:
        RefusedError: 406.
    """
    if "Accept" not in request.headers:
        return kinds[0]
    wanted: Any = request.accept_mimetypes.best_match(kinds)
    if wanted is None:
        raise RefusedError(406, detail=f"Chỉ trả về: {', '.join(kinds)}.")
    return str(wanted)
