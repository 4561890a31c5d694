"""The API's merges: a list in, a job; how far it is; its files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, g, jsonify, send_file, url_for

from docgen.errors import DataError
from service import shapes, uploads
from service.api import XLSX
from service.errors import RefusedError
from service.jobs import Asked
from service.openapi import Answers

if TYPE_CHECKING:
    from pathlib import Path

    from service.jobs import JobState
    from service.openapi import Api
    from service.services import Services

ZIP: Final = "application/zip"
_NAMED: Final = {"Content-Disposition": "The name of the file.", "Content-Length": "Its size in bytes."}


def blueprint(services: Services, spec: Api) -> Blueprint:
    """The routes under `/api/v1/merges`."""
    api = Blueprint("merges", __name__, url_prefix="/api/v1/merges")
    _orders(api, services, spec)
    _results(api, services, spec)
    return api


def _orders(api: Blueprint, services: Services, spec: Api) -> None:
    jobs = services.jobs

    @api.post("")
    @spec.describe(
        Answers(202, shapes.JobBegun, errors=[403, 404, 415, 422], headers={"Location": "Where its state is told."}),
        form=shapes.MergeFields,
    )
    def start() -> Response:
        """Queue a merge of a list."""
        uploads.parts()
        form = uploads.text("form")
        if form is None:
            raise DataError.of("part-missing", "Thiếu phần «form».", "Gửi mã của mẫu hoặc nhóm mẫu.", field="form")
        name, content = uploads.file("list")
        options = uploads.shaped(
            shapes.MergeOptions, uploads.json_object("options", services.settings), within="options"
        )
        common = uploads.json_object("common", services.settings)
        asked = Asked(name=form, list_name=name, common=common or None, **options.model_dump())
        id_ = jobs.start(asked, content, g.owner)
        answer = jsonify({"id": id_, "state": "queued"})
        answer.status_code = 202
        answer.headers["Location"] = url_for("merges.state", job=id_)
        return answer

    @api.get("/<job>")
    @spec.describe(Answers(200, shapes.Job, errors=[404]))
    def state(job: str) -> Response:
        """How far a merge is, and at its end what was found."""
        return _told(jobs.state(job, g.owner))

    @api.post("/<job>/cancel")
    @spec.describe(Answers(200, shapes.Job, errors=[403, 404]))
    def cancel(job: str) -> Response:
        """Stop a merge; one that has ended stays as it is."""
        jobs.cancel(job, g.owner)
        return _told(jobs.state(job, g.owner))

    @api.delete("/<job>")
    @spec.describe(Answers(204, errors=[403, 404]))
    def delete(job: str) -> Response:
        """Remove a merge and every file of it, at once."""
        jobs.delete(job, g.owner)
        return Response(status=204)


def _results(api: Blueprint, services: Services, spec: Api) -> None:
    jobs = services.jobs

    @api.get("/<job>/result.zip")
    @spec.describe(Answers(200, media=[ZIP], errors=[404, 409], headers=_NAMED))
    def result(job: str) -> Response:
        """All documents, or the print files, with the index."""
        return stored(jobs.result(job, g.owner), ZIP, "ket_qua.zip")

    @api.get("/<job>/errors.xlsx")
    @spec.describe(Answers(200, media=[XLSX], errors=[404], headers=_NAMED))
    def errors(job: str) -> Response:
        """The bad rows as the list had them, with reasons: to be mended and sent again."""
        found = jobs.errors(job, g.owner)
        if found is None:
            raise RefusedError(404, "no-errors", "Lần trộn này không có danh sách dòng lỗi.")
        return stored(found, XLSX, "loi.xlsx")


def stored(place: Path, media_type: str, name: str) -> Response:
    """A file of a job, streamed with its size; nothing of it is kept by whoever gets it.

    Raises:
        RefusedError: 404, it was deleted just now.
    """
    try:
        return send_file(
            place, mimetype=media_type, as_attachment=True, download_name=name, conditional=False, etag=False
        )
    except FileNotFoundError:
        raise RefusedError(404) from None


def _told(state: JobState) -> Response:
    return jsonify(state.as_dict())
