"""The page of one paper: what it asks, what is wrong so far, the pages it will have, the finished file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from flask import jsonify, redirect, render_template, request, url_for

from docgen import generate
from docgen.collecting.paper import read_paper
from docgen.errors import DataError
from docgen.generate import Press
from docgen.papers import library
from docgen.papers.profile import profile
from docgen.papers.record import matched
from docgen.tables.documents import read_record
from service import uploads
from service.pages.answers import DOCX, PDF, download, uploaded_file
from service.pages.pictures import pictures
from service.pages.questions import Printed, sections

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Blueprint, Response
    from werkzeug.wrappers import Response as Answer

    from docgen.errors import Problem
    from service.services import Services


_READING: Final = "read-"
"""How the codes begin of what is told of the reading; the page's own check tells the rest."""


@dataclass(frozen=True)
class _Papers:
    """The routes of all papers."""

    services: Services

    def show(self, form: str, begun: Mapping[str, Any] | None = None) -> str | Answer:
        """The page, empty but for what the organisation's profile gives, or with a record that was begun elsewhere."""
        paper = library.form(form)
        if paper.id != form:
            return redirect(url_for("pages.paper", form=paper.id))
        entries = self.services.profile
        own = matched(paper, profile(entries).values)
        return render_template(
            "paper.html",
            form=paper,
            sections=sections(paper),
            printed=Printed,
            begun={**own, **(begun or {})},
            from_profile=sorted(own),
            upload_limit=self.services.settings.upload_limit,
            shows_pages=self.services.pdf.is_available,
            unverified=[each for each in paper.provenance if each.status == "UNVERIFIED"],
        )

    def check(self, form: str) -> Response:
        """Every problem of the record so far, its sums, and the levels to which points lead."""
        values = uploads.record(self.services.settings)
        press = Press(library.form(form), profile(self.services.profile))
        found = generate.check(form, values, profile=self.services.profile)
        following = press.following(values)
        return jsonify(
            problems=[_told(problem) for problem in found], computed=following.computed, levels=following.levels
        )

    def preview(self, form: str) -> Response:
        """The pages of the finished paper as pictures."""
        document = self._document(form)
        made = pictures(self.services.pdf.made(document.content))
        return jsonify(pages=made.shown, count=made.pages)

    def docx(self, form: str) -> Response:
        """The finished Word file."""
        document = self._document(form)
        return download(document.content, document.file_name, DOCX)

    def pdf(self, form: str) -> Response:
        """The finished PDF."""
        document = self._document(form)
        name = f"{document.file_name.removesuffix('.docx')}.pdf"
        return download(self.services.pdf.made(document.content), name, PDF)

    def read(self, form: str) -> Response:
        """What somebody wrote into a Word file of this form; of another form only which one it is."""
        asked = library.form(form)
        name, content = uploaded_file()
        found = read_paper(content, file=name)
        if found.form is None:
            raise DataError(found.problems)
        told = {"title": found.form.title, "address": url_for("pages.paper", form=found.form.id)}
        if found.form.id != asked.id:
            return jsonify(other=told)
        problems = [_of_reading(problem) for problem in found.problems if problem.code.startswith(_READING)]
        return jsonify(values=found.values, problems=problems, outside=found.outside)

    def _document(self, form: str) -> generate.Document:
        return self.services.document(library.form(form).id, uploads.record(self.services.settings))


def register(pages: Blueprint, services: Services) -> None:
    """Add the routes."""
    papers = _Papers(services)
    pages.add_url_rule("/giay/<form>", "paper", papers.show, methods=["GET"])
    pages.add_url_rule("/giay/<form>/soat", "paper_check", papers.check, methods=["POST"])
    pages.add_url_rule("/giay/<form>/xem-truoc", "paper_preview", papers.preview, methods=["POST"])
    pages.add_url_rule("/giay/<form>/mo", "paper_read", papers.read, methods=["POST"])
    pages.add_url_rule("/giay/<form>/tep.docx", "paper_docx", papers.docx, methods=["POST"])
    pages.add_url_rule("/giay/<form>/tep.pdf", "paper_pdf", papers.pdf, methods=["POST"])

    @pages.get("/giay/<form>/vi-du.json")
    def paper_sample(form: str) -> Response:
        return jsonify(library.sample(library.form(form)))

    @pages.post("/giay/<form>")
    def paper_begun(form: str) -> str | Answer:
        """The page with a record that another page has begun, sent as JSON in the form field `ban_ghi`."""
        given = request.form.get("ban_ghi", "").encode()
        begun = read_record(given, name="bản ghi", kind="json").values
        return papers.show(form, dict(begun))


def _of_reading(problem: Problem) -> dict[str, Any]:
    """What is told of a file that was opened: it keeps nobody from printing, and is mended on the page itself."""
    return _told(replace(problem, severity="warning", cure=""))


def _told(problem: Problem) -> dict[str, Any]:
    """A problem for a script: where, and what to say beside the field, where its label stands already."""
    return {
        "field": problem.field,
        "label": problem.label,
        "code": problem.code,
        "severity": problem.severity,
        "text": " ".join(filter(None, (problem.what, problem.cure))),
        "clause": problem.clause,
    }
