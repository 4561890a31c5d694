"""The pages as one blueprint: their templates, their own assets, and Bootstrap from this machine."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, url_for
from flask_bootstrap import Bootstrap5

from docgen.errors import Problem
from docgen.viet.dates import short_date
from docgen.viet.numbers import format_integer
from service.pages import guide, home, jobs, layout_check, lists, own, paper, results, returned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.blueprints import BlueprintSetupState

    from service.services import Services

_SERVICE = Path(__file__).parent.parent
_VERSION_LETTERS = 12
_TITLES = {
    400: "Yêu cầu không hợp lệ",
    401: "Cần đăng nhập",
    403: "Không được phép",
    404: "Không có trang này",
    405: "Không mở được theo cách này",
    409: "Chưa làm được lúc này",
    413: "Tệp quá lớn",
    422: "Dữ liệu có chỗ phải sửa",
    429: "Gửi quá nhiều lần",
    503: "Tạm thời chưa phục vụ được",
}


_FOR_PEOPLE = {
    "not-found": Problem(code="not-found", what="Địa chỉ này không có.", cure="Về trang đầu để chọn việc cần làm.")
}
"""What is said of programs' mistakes to somebody who has only mistyped an address."""


def blueprint(services: Services) -> Blueprint:
    """Every page and its assets."""
    pages = Blueprint(
        "pages",
        __name__,
        template_folder=str(_SERVICE / "templates"),
        static_folder=str(_SERVICE / "static"),
        static_url_path="/static",
    )
    pages.record_once(_dress)
    for part in (home, paper, lists, jobs, returned, results, layout_check, guide, own):
        part.register(pages, services)
    return pages


def error_page(status: int, problems: Sequence[Problem]) -> str:
    """An error as a page that says what happened and where to go on."""
    told = [_FOR_PEOPLE.get(problem.code, problem) for problem in problems]
    return render_template("error.html", title=_TITLES.get(status, "Có lỗi của dịch vụ"), problems=told)


def duration(seconds: int) -> str:
    """A length of time in whole days, hours or minutes: the largest of them that tells it exactly, else minutes."""
    for length, name in ((24 * 3600, "ngày"), (3600, "giờ")):
        if seconds > length and seconds % length == 0:
            return f"{seconds // length} {name}"
    return f"{max(1, seconds // 60)} phút"


def moment(seconds: float) -> str:
    """A moment of this machine's clock, given in seconds since the epoch: `14:05, 26/11/2026`."""
    told = datetime.fromtimestamp(seconds)
    return f"{told:%H:%M}, {short_date(told.date())}"


def _place(problem: Problem) -> str:
    """Where a problem is, for a page that names the file already."""
    return replace(problem, file=None).where


def _dress(state: BlueprintSetupState) -> None:
    app = state.app
    app.config["BOOTSTRAP_SERVE_LOCAL"] = True
    # The extension puts its files below the application's own static path, and this one has none.
    app.static_url_path = app.static_url_path or "/static"
    Bootstrap5(app)
    app.jinja_env.globals["asset"] = _asset
    app.jinja_env.filters["number"] = format_integer
    app.jinja_env.filters["duration"] = duration
    app.jinja_env.filters["moment"] = moment
    app.jinja_env.filters["place"] = _place
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _asset(name: str) -> str:
    """The address of one of our own assets, with a version that changes when the file does."""
    return url_for("pages.static", filename=name, v=_version(name))


@cache
def _version(name: str) -> str:
    return hashlib.sha256((_SERVICE / "static" / name).read_bytes()).hexdigest()[:_VERSION_LETTERS]
