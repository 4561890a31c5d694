"""Papers that came back: many files become one table, with what to look at, who has not returned it, what changed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask import render_template

from docgen.collecting.sheets import collected_sheets
from docgen.tables.excel import write_sheets
from service import uploads
from service.pages.answers import JSON, XLSX, download, uploaded_files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Blueprint, Response

    from docgen.collecting.against import Change
    from docgen.collecting.folder import Collected
    from docgen.collecting.paper import Paper
    from docgen.errors import Problem
    from service.services import Services

MOST_FILES: Final = 500
MOST_ROWS: Final = 200
"""Rows of the other tables; the workbook has all of them."""
MOST_TOLD: Final = 12
"""Problems of one file."""
_SHOWN: Final = 240
_BEFORE: Final = 40
"""Letters of a changed text, and how many of them stand before the change."""


@dataclass(frozen=True, slots=True)
class Line:
    """One file in the table."""

    paper: Paper
    problems: tuple[Problem, ...]


def register(pages: Blueprint, services: Services) -> None:
    """Add the routes."""

    def collected() -> Collected:
        return services.collector.collected(uploaded_files(), uploads.optional_file("doi_chieu"))

    @pages.get("/nop-lai")
    def returned() -> str:
        settings = services.settings
        return render_template("returned.html", upload_limit=settings.upload_limit, most_files=settings.collect_files)

    @pages.post("/nop-lai/doc")
    def returned_read() -> str:
        found = collected()
        held = found.against
        return render_template(
            "_returned.html",
            counts=found.counts(),
            lines=lines(found)[:MOST_FILES],
            more=max(0, len(found.papers) - MOST_FILES),
            most_told=MOST_TOLD,
            most_rows=MOST_ROWS,
            held=held,
            of_list=_of_list(found),
            changes=[(change, *difference(change)) for change in held.changes[:MOST_ROWS]] if held else [],
        )

    @pages.post("/nop-lai/ket-qua.xlsx")
    def returned_sheet() -> Response:
        return download(write_sheets(collected_sheets(collected())), "nop-lai.xlsx", XLSX)

    @pages.post("/nop-lai/ket-qua.json")
    def returned_json() -> Response:
        content = json.dumps(collected().as_dict(), ensure_ascii=False, indent=2)
        return download(f"{content}\n".encode(), "nop-lai.json", JSON)


def lines(found: Collected) -> list[Line]:
    """Every file with all that is told of it, what the list says of it too; those with something to look at first."""
    of_list = [problem for problem in (found.against.problems if found.against else ()) if problem.row is None]
    every = [
        Line(paper, (*paper.problems, *(problem for problem in of_list if problem.file == paper.file)))
        for paper in found.papers
    ]
    return sorted(every, key=lambda line: not line.problems)


def difference(change: Change) -> tuple[str, str]:
    """What was sent and what came back, as text; of long ones the piece where they begin to differ."""
    sent, returned = text(change.sent), text(change.returned)
    same = next((at for at, (one, other) in enumerate(zip(sent, returned, strict=False)) if one != other),
                min(len(sent), len(returned)))  # fmt: skip
    start = max(0, same - _BEFORE) if max(len(sent), len(returned)) > _SHOWN else 0
    return _piece(sent, start), _piece(returned, start)


def text(value: Any) -> str:
    """A value of any field: rows, levels and paragraphs one below the other."""
    match value:
        case None:
            return ""
        case bool():
            return "Có" if value else "Không"
        case list():
            return "\n".join(map(text, value))
        case dict():
            return "; ".join(filter(None, map(text, value.values())))
        case _:
            return str(value)


def _piece(whole: str, start: int) -> str:
    piece = whole[start : start + _SHOWN]
    return ("…" if start and piece else "") + piece + ("…" if len(whole) > start + _SHOWN else "")


def _of_list(found: Collected) -> Sequence[Problem]:
    """What is told of the list itself and stands at no file."""
    names = {paper.file for paper in found.papers}
    told = found.against.problems if found.against else ()
    return [problem for problem in told if problem.row is not None or problem.file not in names]
