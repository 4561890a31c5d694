"""The API tells what it does: OpenAPI 3.1 made by spectree from the routes and their shapes, and a page to read it.

Requests are read by docgen's own readers, which know line and column of every fault in Vietnamese; so spectree only
describes and validates nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from flask import Blueprint, Response, jsonify, render_template, request
from spectree import Response as Described
from spectree import SecurityScheme, SpecTree
from spectree.models import SecureType, SecuritySchemeData
from spectree.plugins.flask_plugin import FlaskPlugin

from docgen import __version__
from service.errors import MEDIA_TYPE
from service.shapes import MergeOptions, ProblemDetails

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_EVERYWHERE: Final = (400, 401, 413, 429, 500, 503)
"""A wrong Host, no token, a body too large, too many requests, our own fault, too busy: any route may answer these."""
_FIRST_ERROR: Final = 400
_COME_BACK: Final = ("429", "503")
_RETRY: Final = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}}}


View = TypeVar("View", bound="Callable[..., Any]")


class Answers(Described):
    """What an operation answers: the good answer by model and media types, and errors in their one shape."""

    def __init__(
        self,
        status: int,
        model: object = None,
        *,
        media: Sequence[str] = (),
        errors: Sequence[int] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Describe.

        Args:
            status: of the good answer.
            model: its shape as JSON.
            media: media types of files that it may be instead.
            errors: statuses besides those that any route may answer.
            headers: names and descriptions of headers that the good answer has.
        """
        models: dict[str, Any] = {f"HTTP_{each}": ProblemDetails for each in sorted({*_EVERYWHERE, *errors})}
        super().__init__(**{f"HTTP_{status}": model}, **models)
        self._status, self._media, self._headers = str(status), media, headers or {}

    def generate_spec(self, *naming: Any) -> dict[str, Any]:
        """As spectree makes it, with the media types that it does not know."""
        told: dict[str, Any] = super().generate_spec(*naming)
        for status, answer in told.items():
            if int(status) >= _FIRST_ERROR:
                answer["content"] = {MEDIA_TYPE: answer["content"]["application/json"]}
            if status in _COME_BACK:
                answer["headers"] = _RETRY
        good = told[self._status]
        if self._media:
            files = {each: {"schema": {"type": "string", "format": "binary"}} for each in self._media}
            good["content"] = {**good.get("content", {}), **files}
        if self._headers:
            good["headers"] = {
                name: {"description": what, "required": True, "schema": {"type": "string"}}
                for name, what in self._headers.items()
            }
        return told


class _Describing(FlaskPlugin):
    """Leaves requests and answers alone."""

    def validate(self, func: Callable[..., Any], *_: Any, **values: Any) -> Any:
        """Call the view; the named values are those of the path."""
        return func(**values)


class Api:
    """Collects the operations of one application."""

    def __init__(self) -> None:
        self._tree = SpecTree(
            backend=_Describing,
            title="docgen",
            version=__version__,
            description="Fills the Word forms of the Vietnamese Party's annual review. Messages are Vietnamese.",
            annotations=False,
            mode="strict",
            security_schemes=[
                SecurityScheme(name="token", data=SecuritySchemeData(type=SecureType.HTTP, scheme="bearer"))
            ],
            security=[{"token": []}, {}],
            naming_strategy=lambda model: str(model.__name__),
            nested_naming_strategy=lambda _, child: child,
        )

    def describe(self, answers: Answers, **models: Any) -> Callable[[View], View]:
        """Describe the view below: what it answers, and the models of its `json`, `form` or `query`."""
        decorated: Callable[[View], View] = self._tree.validate(resp=answers, validation_error_status=400, **models)
        return decorated

    def document(self) -> dict[str, Any]:
        """The OpenAPI document."""
        told: dict[str, Any] = self._tree.spec
        told["components"]["schemas"].setdefault("MergeOptions", MergeOptions.model_json_schema())
        return told


def blueprint(api: Api) -> Blueprint:
    """`/openapi.json`, and `/docs` for people who write programs."""
    pages = Blueprint("openapi", __name__)

    @pages.get("/openapi.json")
    def openapi() -> Response:
        return jsonify(api.document())

    @pages.get("/docs")
    def docs() -> str:
        return render_template("api_docs.html", api=api.document(), base=request.host_url.rstrip("/"))

    return pages
