"""Signing in to the pages with a token: afterwards a signed cookie names the token, never holds it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, session, url_for

from docgen.files import not_written, write_whole
from service.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from werkzeug.wrappers import Response

    from service.tokens import Tokens

ENTRANCE: Final = "signin.sign_in"
_TOKEN: Final = "token_id"  # noqa: S105 - the name of an entry
_SECRET_BYTES = 32


def blueprint(token_of: Callable[[str], str | None]) -> Blueprint:
    """`/dang-nhap` and `/dang-xuat`; `token_of` gives the id of a token, None for a wrong one."""
    pages = Blueprint("signin", __name__)

    @pages.get("/dang-nhap")
    def sign_in() -> str:
        return render_template("sign_in.html", next=_own_place(request.args.get("den")), is_wrong=False)

    @pages.post("/dang-nhap", endpoint="enter")
    def enter() -> Response | tuple[str, int]:
        place = _own_place(request.form.get("den"))
        owner = token_of(request.form.get("token", "").strip())
        session.clear()
        if owner is None:
            return render_template("sign_in.html", next=place, is_wrong=True), 401
        session[_TOKEN] = owner
        return redirect(place, 303)

    @pages.post("/dang-xuat")
    def sign_out() -> Response:
        session.clear()
        return redirect(url_for(ENTRANCE), 303)

    return pages


def signed_in(tokens: Tokens) -> str | None:
    """The id of the token with which this browser has signed in, as long as the token is valid."""
    id_ = session.get(_TOKEN)
    return id_ if isinstance(id_, str) and tokens.by_id(id_) else None


def secret(place: Path) -> bytes:
    """The key that signs cookies, made when it is first needed.

    Raises:
        OutputError: it cannot be read or written.
    """
    try:
        if not place.exists():
            write_whole(place, secrets.token_bytes(_SECRET_BYTES))
            place.chmod(0o600)
        return place.read_bytes()
    except OSError as error:
        raise not_written(place, error) from error


def _own_place(given: str | None) -> str:
    """Where to go on: a path of this service and nothing else."""
    place = given or "/"
    parts = urlsplit(place)
    is_own = place.startswith("/") and not place.startswith(("//", "/\\")) and not parts.netloc and place.isprintable()
    return place if is_own else "/"


def refused_csrf() -> RefusedError:
    """What is said to a form that was not made by this service, or for another sign-in."""
    what = "Trang này đã mở quá lâu hoặc không do dịch vụ tạo ra. Tải lại trang rồi làm lại."
    return RefusedError(403, "csrf", what)
