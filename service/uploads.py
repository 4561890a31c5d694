"""What arrives at the API: one record as JSON, or the parts of a form with files; everything wrong is told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from flask import request
from pydantic import BaseModel, ValidationError

from docgen.errors import DataError, Problem
from docgen.files import path_text
from docgen.tables.documents import read_record
from docgen.tables.limits import Limits
from service.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.datastructures import FileStorage

    from service.settings import Settings

_JSON, _PARTS = "application/json", "multipart/form-data"
_LONGEST_FIELD = 200
Shape = TypeVar("Shape", bound=BaseModel)


def record(settings: Settings) -> Mapping[str, object]:
    """The record in the body.

    Raises:
        RefusedError: 415 for anything but plain JSON.
        DataError: everything that is wrong with it as JSON.
    """
    if request.mimetype != _JSON or "Content-Encoding" in request.headers:
        raise RefusedError(415)
    limits = Limits(json_bytes=settings.body_limit)
    return read_record(request.get_data(cache=False), name="dữ liệu gửi lên", kind="json", limits=limits).values


def parts() -> None:
    """Take only a form with files.

    Raises:
        RefusedError: 415.
    """
    if request.mimetype != _PARTS or "Content-Encoding" in request.headers:
        raise RefusedError(415, "not-multipart", "Gửi dữ liệu với Content-Type: multipart/form-data, không nén.")


def file(field: str) -> tuple[str, bytes]:
    """The name and the content of a file.

    Raises:
        DataError: it is missing.
    """
    found = request.files.get(field)
    if found is None:
        raise DataError.of("part-missing", f"Thiếu tệp «{field}».", "Gửi tệp trong phần này.", field=field)
    return path_text(found.filename or field), found.read()


def files(field: str) -> list[FileStorage]:
    """Every file of a part, unread; those without a name and content are what a browser sends for none chosen.

    Raises:
        DataError: there is none.
    """
    found = [each for each in request.files.getlist(field) if each.filename]
    if not found:
        raise DataError.of("part-missing", f"Thiếu tệp «{field}».", "Gửi tệp trong phần này.", field=field)
    return found


def optional_file(field: str) -> tuple[str, bytes] | None:
    """The name and the content of a file; None where none was sent."""
    found = request.files.get(field)
    return (path_text(found.filename), found.read()) if found is not None and found.filename else None


def text(field: str) -> str | None:
    """A short text of the form; None where it is missing or empty.

    Raises:
        DataError: it is too long.
    """
    found = request.form.get(field) or None
    if found is not None and len(found) > _LONGEST_FIELD:
        raise DataError.of("part-too-long", f"Phần «{field}» quá dài.", "Gửi một mã hoặc một từ.", field=field)
    return found


def json_object(field: str, settings: Settings) -> Mapping[str, Any]:
    """A JSON object in a field of the form; empty where the field is.

    Raises:
        DataError: everything that is wrong with it as JSON.
    """
    content = request.form.get(field, "").encode("utf-8", "surrogatepass")
    if not content.strip():
        return {}
    limits = Limits(json_bytes=settings.body_limit)
    try:
        return read_record(content, name=field, kind="json", limits=limits).values
    except DataError as error:
        raise error.at(field=field) from None


def shaped(shape: type[Shape], given: Mapping[str, Any], *, within: str = "") -> Shape:
    """What was given, as a shape.

    Raises:
        DataError: every entry that does not exist or has no such value; `within` is the field that holds them.
    """
    try:
        return shape.model_validate(given)
    except ValidationError as error:
        raise DataError([_problem(shape, within, each["loc"]) for each in error.errors(include_input=False)]) from None


def _problem(shape: type[BaseModel], within: str, place: tuple[int | str, ...]) -> Problem:
    name = str(place[0]) if place else ""
    known = shape.model_fields.get(name)
    field = ".".join(filter(None, (within, name))) or None
    if known is None:
        what = "Không có lựa chọn này."
        return Problem(code="option-unknown", what=what, cure=f"Dùng: {', '.join(shape.model_fields)}.", field=field)
    return Problem(
        code="option-value", what="Giá trị này không dùng được.", cure="Xem các giá trị ở /docs.", field=field
    )
