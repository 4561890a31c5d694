"""Who may ask: the name by which the service is called, the page that sends, the token, and how often.

A browser on this machine is everybody's browser: a page from elsewhere must not reach the service through it, by
another name (DNS rebinding) or by a form of its own (CSRF). No cookie counts for the API; no token ever stands in an
address.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from flask import g, redirect, request, url_for
from flask_limiter import Limiter, RateLimitExceeded
from flask_limiter.util import get_remote_address
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from service.channel import WAITING
from service.errors import RefusedError, refused, wants_page
from service.services import LOCAL
from service.signin import ENTRANCE, signed_in

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response

    from service.settings import Settings
    from service.tokens import Tokens

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_OPEN: Final = frozenset({"health.healthz", "health.readyz", "health.version", "openapi.openapi", "openapi.docs"})
"""Routes for which no token is needed: they tell nothing about anybody."""
_SIGN_IN: Final = ENTRANCE.partition(".")[0]
_FAILURES: Final = RateLimitItemPerMinute(10, 15)
"""So many wrong tokens of one address in so many minutes, and none of it is looked at any more."""
_HIGHEST_PORT: Final = 65535
_BEARER: Final = "bearer "


class Guard:
    """Looks at every request before a route does."""

    def __init__(self, settings: Settings, tokens: Tokens) -> None:
        self._settings, self._tokens = settings, tokens
        self._hosts = _LOOPBACK | settings.hosts
        self._failures = FixedWindowRateLimiter(MemoryStorage())

    def register(self, app: Flask) -> None:
        """Stand before the routes of the application."""
        app.before_request(self._refuse_other_names)
        app.before_request(_refuse_other_pages)
        limiter = Limiter(
            get_remote_address,
            app=app,
            default_limits=[f"{self._settings.requests_per_minute} per minute"],
            storage_uri="memory://",
        )
        limiter.request_filter(_is_not_counted)
        app.register_error_handler(RateLimitExceeded, lambda _: _too_often(limiter))
        app.before_request(self._refuse_when_full)
        app.before_request(self._authenticate)
        app.before_request(self._bound_the_body)

    def token_of(self, given: str) -> str | None:
        """The id of the token with these letters, counting wrong ones; None for a wrong one.

        Raises:
            RefusedError: 429 after too many wrong ones.
            OutputError: the file of tokens is damaged.
        """
        address = request.remote_addr or ""
        if not self._failures.test(_FAILURES, address):
            left = self._failures.get_window_stats(_FAILURES, address).reset_time - time.time()
            what = "Đã gửi sai mã truy cập quá nhiều lần. Chờ một lúc rồi thử lại với mã đúng."
            raise RefusedError(429, "locked-out", what, Retry_After=str(max(1, math.ceil(left))))
        found = self._tokens.known(given)
        if found is None:
            self._failures.hit(_FAILURES, address)
            return None
        return found.id

    def _refuse_other_names(self) -> None:
        name, port = _split(request.environ.get("HTTP_HOST", ""))
        if name not in self._hosts or not port:
            what = "Dịch vụ này chỉ trả lời khi được gọi bằng đúng tên của nó."
            cure = "Gọi bằng localhost; tên khác thì khai báo trong biến DOCGEN_HOSTS."
            raise RefusedError(400, "host", f"{what} {cure}")

    def _refuse_when_full(self) -> None:
        if request.method not in _SAFE and request.environ.get(WAITING, 0) >= self._settings.waiting:
            raise RefusedError(503, "busy", "Dịch vụ đang có quá nhiều việc. Thử lại sau ít giây.", Retry_After="2")

    def _authenticate(self) -> Response | None:
        # The person at a machine that nobody else reaches may do everything there.
        g.owner, g.is_admin = LOCAL, not (self._settings.is_shared or self._tokens.exist)
        if not (self._settings.needs_token or self._tokens.exist) or _is_open(request.endpoint):
            return None
        owner = self._owner()
        if owner is None and wants_page() and request.method in _SAFE:
            return redirect(url_for(ENTRANCE, den=request.full_path.rstrip("?")), 303)
        if owner is None:
            what = "Cần mã truy cập hợp lệ, gửi trong header Authorization: Bearer."
            raise RefusedError(401, "token", what, WWW_Authenticate="Bearer")
        holder = self._tokens.by_id(owner)
        g.owner, g.is_admin = owner, holder is not None and holder.admin
        return None

    def _owner(self) -> str | None:
        """Whose request it is: by the token in its header; of a page, by the cookie of its sign-in."""
        header = request.headers.get("Authorization")
        if header is not None:
            is_bearer = header[: len(_BEARER)].lower() == _BEARER
            return self.token_of(header[len(_BEARER) :].strip() if is_bearer else "")
        return signed_in(self._tokens) if "pages" in request.blueprints else None

    def _bound_the_body(self) -> None:
        """A request without files may be no larger than one record."""
        if request.mimetype != "multipart/form-data":
            request.max_content_length = self._settings.body_limit


def _too_often(limiter: Limiter) -> Response:
    reset = limiter.current_limit.reset_at if limiter.current_limit else time.time()
    return refused(RefusedError(429, Retry_After=str(max(1, int(reset - time.time())))))


def _split(host: str) -> tuple[str, bool]:
    """The name in lower case, and whether what follows it is nothing or a port."""
    name, colon, port = host.rpartition(":")
    if not colon or host.endswith("]"):
        return host.lower(), True
    is_port = port.isascii() and port.isdigit() and int(port[:6]) <= _HIGHEST_PORT
    return name.lower(), is_port


def _refuse_other_pages() -> None:
    """A request that changes something comes from our own pages, or from no browser at all."""
    if request.method in _SAFE:
        return
    origin = request.headers.get("Origin")
    foreign = origin is not None and urlsplit(origin).netloc.lower() != request.environ.get("HTTP_HOST", "").lower()
    if foreign or request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise RefusedError(403, "foreign-page", "Yêu cầu này đến từ một trang web khác nên không được nhận.")


def _is_open(endpoint: str | None) -> bool:
    blueprint, _, name = (endpoint or "").rpartition(".")
    return endpoint in _OPEN or name == "static" or blueprint == _SIGN_IN


def _is_not_counted() -> Any:
    return request.endpoint in _OPEN or (request.endpoint or "").endswith("static")
