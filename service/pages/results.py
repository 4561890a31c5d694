"""Ratings counted: an uploaded list becomes counts, percentages with their base, caps, bars, and the next papers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask import render_template, request

from docgen.counting import BASES, RATED, Counted, count, judged, sheets
from docgen.papers import library
from docgen.papers.carry import TALLY, carry, sources
from docgen.papers.profile import profile
from docgen.rules.ratings import rating, ratings
from docgen.rules.tally import SHARE_BASES
from docgen.tables.excel import write_sheets
from docgen.viet.numbers import format_decimal
from service.pages import chart
from service.pages.answers import XLSX, download, uploaded_file

if TYPE_CHECKING:
    from flask import Blueprint, Response

    from docgen.papers.form import Form
    from service.services import Services

MOST_PROBLEMS = 200
_GIVEN = "so-lieu"


def register(pages: Blueprint, services: Services) -> None:
    """Add the routes."""

    def counted() -> Counted:
        name, content = uploaded_file()
        work = judged if request.form.get("loai") == _GIVEN else count
        rules = request.form.get("quy_dinh") or None
        return work(content, name=name, rules=rules, house=profile(services.profile))

    @pages.get("/ket-qua")
    def results() -> str:
        headings = [names[0] for names in RATED.values()]
        limit = services.settings.upload_limit
        return render_template("results.html", ratings=ratings()[::-1], headings=headings, upload_limit=limit)

    @pages.post("/ket-qua/tinh")
    def results_count() -> str:
        found = counted()
        groups = found.result["groups"]
        return render_template(
            "_results.html",
            rules=rating(found.result["rules"]),
            groups=groups,
            counts=found.counts(),
            problems=found.problems[:MOST_PROBLEMS],
            more=max(0, len(found.problems) - MOST_PROBLEMS),
            bars=chart.bars(groups),
            width=chart.WIDTH,
            height=chart.height(groups),
            bar=chart.BAR,
            levels=chart.LEVELS,
            bases=BASES,
            shares=SHARE_BASES,
            percent=_percent,
            result=json.dumps(found.result, ensure_ascii=False),
            next_papers=[(form, _begun(found.result, form)) for form in _next_papers()] if groups else [],
        )

    @pages.post("/ket-qua/ket-qua.xlsx")
    def results_sheet() -> Response:
        return download(write_sheets(sheets(counted())), "ket-qua-xep-loai.xlsx", XLSX)


def _next_papers() -> list[Form]:
    """The papers that begin from a count."""
    return [form for form in library.catalogue() if TALLY in sources(form)]


def _begun(result: Any, form: Form) -> str:
    return json.dumps(carry(TALLY, result, form).values, ensure_ascii=False)


def _percent(value: float | None) -> str:
    """A percentage of a count, in points."""
    return "–" if value is None else f"{format_decimal(value)}%"
