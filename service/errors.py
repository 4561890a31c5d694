"""One shape for every error that the service answers: RFC 9457 problem details, in Vietnamese, without a stack.

`{type, title, status, detail, errors: [{pointer, row, column, code, detail}]}`; `errors` has at least one entry. The
status follows the branch of `docgen.errors`: data 422, an unknown form 404, the machine 503. A person in a browser gets
the same as a page.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException

from docgen.errors import DataError, DocgenError, FormError, OutputError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from flask import Flask

MEDIA_TYPE = "application/problem+json"
_PAGES = "docgen.error_page"
_PAGE = "text/html; charset=utf-8"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""What every answer carries, errors too: nothing is kept, guessed, loaded, framed or told to others."""

_LOG = logging.getLogger(__name__)
_UNEXPECTED = 500
_ASKED_WRONGLY = frozenset({"family-year-unserved", "layout-unknown", "rating-unknown"})
"""Refusals of a name in the request, though the library counts them to the forms."""
_STEP = re.compile(r"\[(\d+)\]")
_TOLD: Mapping[int, tuple[str, str, str]] = {
    400: ("bad-request", "Yêu cầu không hợp lệ", "Yêu cầu gửi lên không đúng cách viết HTTP, hoặc gọi sai tên máy."),
    401: ("token", "Cần mã truy cập", "Cần mã truy cập hợp lệ."),
    403: ("forbidden", "Không được phép", "Yêu cầu này không được nhận."),
    404: ("not-found", "Không tìm thấy", "Không có địa chỉ này. Xem danh sách biểu mẫu ở /api/v1/forms."),
    405: ("method-not-allowed", "Sai phương thức", "Địa chỉ này không nhận phương thức đã gọi."),
    406: ("not-acceptable", "Không có dạng trả về này", "Chỉ trả về tệp Word (.docx) hoặc PDF (application/pdf)."),
    409: ("conflict", "Chưa làm được lúc này", "Trạng thái hiện tại không cho làm việc này."),
    411: ("length-missing", "Thiếu độ dài", "Yêu cầu phải nói rõ độ dài dữ liệu (Content-Length)."),
    413: ("body-too-large", "Dữ liệu quá lớn", "Dữ liệu gửi lên vượt giới hạn của dịch vụ."),
    414: ("url-too-long", "Địa chỉ quá dài", "Địa chỉ dài quá giới hạn của dịch vụ."),
    415: ("not-json", "Sai loại dữ liệu", "Gửi dữ liệu với Content-Type: application/json, không nén."),
    422: ("data", "Dữ liệu chưa đúng", "Dữ liệu có chỗ phải sửa."),
    429: ("too-many", "Quá nhiều yêu cầu", "Gửi lại sau ít phút."),
    431: ("headers-too-large", "Phần đầu yêu cầu quá lớn", "Phần đầu (header) của yêu cầu vượt giới hạn của dịch vụ."),
    500: ("unexpected", "Lỗi của dịch vụ", "Có lỗi chưa lường trước; dữ liệu không được lưu. Báo người phụ trách."),
    501: ("not-implemented", "Chưa hỗ trợ", "Dịch vụ không nhận cách truyền này (Transfer-Encoding)."),
    503: ("unavailable", "Tạm thời chưa phục vụ được", "Dịch vụ đang bận hoặc máy thiếu chương trình cần dùng."),
}
"""For each status: the code, the title, and what to say where nothing nearer is known."""


class RefusedError(Exception):
    """A request that is refused before the library sees it."""

    def __init__(self, status: int, code: str = "", detail: str = "", **headers: str) -> None:
        super().__init__(status)
        self.status = status
        self.problem = Problem(code=code or _TOLD[status][0], what=detail or _TOLD[status][2])
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def register(app: Flask, page: Callable[[int, Sequence[Problem]], str] | None = None) -> None:
    """Let every error of the application be answered in the one shape; `page` writes it for people in a browser."""
    app.extensions[_PAGES] = page
    app.register_error_handler(DocgenError, _library_error)
    app.register_error_handler(RefusedError, refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def body(status: int, problems: Sequence[Problem] = ()) -> bytes:
    """The problem details of one answer; without problems, the general ones of the status."""
    code, title, general = _told(status)
    told = problems or [Problem(code=code, what=general)]
    more = f" (còn {len(told) - 1} lỗi nữa trong errors)" if len(told) > 1 else ""
    answer = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": f"{told[0].message}{more}",
        "errors": [_entry(problem) for problem in told],
    }
    return json.dumps(answer, ensure_ascii=False).encode()


def _told(status: int) -> tuple[str, str, str]:
    return _TOLD.get(status, _TOLD[_UNEXPECTED])


def _entry(problem: Problem) -> dict[str, Any]:
    return {
        "pointer": _pointer(problem.field),
        "row": problem.row,
        "column": problem.column,
        "code": problem.code,
        "detail": problem.message,
    }


def _pointer(field: str | None) -> str | None:
    """A field path (`ke_hoach[2].han_che`, rows from 1) as JSON Pointer (`/ke_hoach/1/han_che`, from 0)."""
    if field is None:
        return None
    steps = _STEP.sub(lambda row: f".{int(row[1]) - 1}", field).split(".")
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


def wants_page() -> bool:
    """Whether a person in a browser has asked, for whom an error is a page."""
    if request.path.startswith("/api/"):
        return False
    accepted = request.accept_mimetypes
    return "text/html" in request.headers.get("Accept", "") and accepted.quality("text/html") > 0


def _answer(status: int, problems: Sequence[Problem] = (), headers: Mapping[str, str] | None = None) -> Response:
    page: Callable[[int, Sequence[Problem]], str] | None = current_app.extensions[_PAGES]
    if page is not None and wants_page():
        told = problems or [Problem(code=_told(status)[0], what=_told(status)[2])]
        return Response(page(status, told), status=status, headers=dict(headers or {}), content_type=_PAGE)
    return Response(body(status, problems), status=status, headers=dict(headers or {}), content_type=MEDIA_TYPE)


def _library_error(error: DocgenError) -> Response:
    problems = [problem for problem in error.problems if problem.severity == "error"] or list(error.problems)
    codes = {problem.code for problem in problems}
    match error:
        case DataError():
            return _answer(422, problems)
        case OutputError():
            return _answer(503, problems)
        case FormError() if "form-unknown" in codes:
            return _answer(404, problems)
        case FormError() if codes & _ASKED_WRONGLY:
            return _answer(422, problems)
        case _:
            _log(error)
            return _answer(_UNEXPECTED, problems)


def refused(error: RefusedError) -> Response:
    """The answer to a refused request."""
    return _answer(error.status, [error.problem], error.headers)


def _http_error(error: HTTPException) -> Response:
    """What Flask itself refuses; its headers stay (`Allow` with 405), its English text does not."""
    status = error.code or _UNEXPECTED
    headers = {name: value for name, value in error.get_headers() if name.lower() != "content-type"}
    return _answer(status, headers=headers)


def _unexpected(error: Exception) -> Response:
    _log(error)
    return _answer(_UNEXPECTED)


def _log(error: Exception) -> None:
    """Type and place only: the text of an error may hold somebody's data."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    _LOG.error("%s %s failed: %s at %s", request.method, request.endpoint, type(error).__name__, place)
