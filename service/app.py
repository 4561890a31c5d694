"""The composition root: settings, services, guard, errors and routes become one application."""

from __future__ import annotations

import os
from http import HTTPStatus

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError

from service import api, api_merges, errors, health, openapi, pages, signin
from service.guard import Guard
from service.services import services
from service.settings import Settings, from_environment
from service.tokens import Tokens

_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_FOR_EVER = "public, max-age=31536000, immutable"
_READ_AT_ONCE = 256 * 1024
"""The parser of forms reads in pieces, and takes a piece for a field that is too large where the bound is smaller."""
_MOST_PARTS = 20_000
"""Fields of a form that is sent: a paper with long tables has a few thousand."""


def create_app(settings: Settings | None = None) -> Flask:
    """The service as a WSGI application; without settings, those of the environment.

    Raises:
        OutputError: a variable of the environment is wrong, the data folder cannot be made.
        DataError: the organisation's profile is wrong.
    """
    settings = settings or from_environment(os.environ)
    parts, spec = services(settings), openapi.Api()
    app = Flask("service", static_folder=None)
    _configure(app, settings)
    errors.register(app, pages.error_page)
    health.measure(app, parts)
    guard = Guard(settings, Tokens(settings.tokens_file))
    guard.register(app)
    for programs in (
        api.blueprint(parts, spec),
        api_merges.blueprint(parts, spec),
        health.blueprint(parts, spec),
        openapi.blueprint(spec),
    ):
        app.register_blueprint(programs)
    csrf = CSRFProtect(app)
    for routes in app.blueprints.values():
        csrf.exempt(routes)  # they look at no cookie
    app.register_error_handler(CSRFError, _refuse_forged)
    app.register_blueprint(signin.blueprint(guard.token_of))
    app.register_blueprint(pages.blueprint(parts))
    app.after_request(_protect)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        MAX_CONTENT_LENGTH=settings.upload_limit,
        MAX_FORM_MEMORY_SIZE=max(settings.body_limit, _READ_AT_ONCE),
        MAX_FORM_PARTS=_MOST_PARTS,
        PROVIDE_AUTOMATIC_OPTIONS=False,
        SECRET_KEY=signin.secret(settings.data / "secret.key"),
        SESSION_COOKIE_NAME="docgen",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        WTF_CSRF_TIME_LIMIT=None,  # as long as the sign-in: a form takes an afternoon to write
        WTF_CSRF_SSL_STRICT=False,  # the guard looks at Origin; we send no Referer
    )
    app.session_interface = _Session()
    app.url_map.merge_slashes = False
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # of Flask's default provider


class _Session(SecureCookieSessionInterface):
    """A cookie that came over https goes back over https only."""

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 - the signature is Flask's
        """Whether the cookie is marked as secure."""
        return request.is_secure


def _refuse_forged(_: CSRFError) -> Response:
    return errors.refused(signin.refused_csrf())


def _protect(response: Response) -> Response:
    """The headers that every answer carries; pages may load what is our own."""
    response.headers.update(errors.HEADERS)
    if response.mimetype == "text/html":
        response.headers["Content-Security-Policy"] = _PAGE_POLICY
        response.headers["Referrer-Policy"] = "same-origin"
    if (request.endpoint or "").endswith("static") and "v" in request.args and response.status_code == HTTPStatus.OK:
        response.headers["Cache-Control"] = _FOR_EVER
    return response
