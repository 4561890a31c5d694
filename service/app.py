"""The composition root: settings, errors and routes become one application."""

from __future__ import annotations

import os
import re

from flask import Flask, Response, request

from service import api, errors
from service.services import services
from service.settings import Settings, from_environment

_OWN_NAMES = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)


def create_app(settings: Settings | None = None) -> Flask:
    """The service as a WSGI application; without settings, those of the environment.

    Raises:
        OutputError: a variable of the environment is wrong, the data folder cannot be made.
        DataError: the organisation's profile is wrong.
    """
    settings = settings or from_environment(os.environ)
    app = Flask("service", static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.body_limit
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.merge_slashes = False
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # of Flask's default provider
    app.before_request(_refuse_other_names)
    app.after_request(_protect)
    errors.register(app)
    app.add_url_rule("/healthz", view_func=healthz, methods=["GET"])
    parts = services(settings)
    app.register_blueprint(api.blueprint(parts))
    return app


def healthz() -> dict[str, str]:
    """Alive; the library is imported and requests are answered."""
    return {"status": "ok"}


def _refuse_other_names() -> None:
    """A page elsewhere that got its own name to point here (DNS rebinding) must not reach the service."""
    if not _OWN_NAMES.fullmatch(request.environ.get("HTTP_HOST", "")):
        raise errors.RefusedError(400, "host", "Dịch vụ này chỉ trả lời khi được gọi bằng localhost hoặc 127.0.0.1.")


def _protect(response: Response) -> Response:
    response.headers.update(errors.HEADERS)
    return response
