"""The layout of any Word file: what deviates from the rules in force, with the clause, beside the pages themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, request

from docgen.errors import DataError, FormError
from docgen.inspecting import inspect_file
from docgen.rules.layouts import layout, layouts
from service.pages.answers import uploaded_file
from service.pages.pictures import pages_of

if TYPE_CHECKING:
    from flask import Blueprint

    from service.services import Services


def register(pages: Blueprint, services: Services) -> None:
    """Add the routes."""

    @pages.get("/the-thuc")
    def layout_page() -> str:
        return render_template("layout.html", layouts=layouts()[::-1], upload_limit=services.settings.upload_limit)

    @pages.post("/the-thuc/soat")
    def layout_check() -> str:
        name, content = uploaded_file()
        asked = request.form.get("the_thuc", "")
        try:
            found, rules = inspect_file(content, name=name, layout=layout(asked) if asked else None)
        except FormError as error:
            # Here the Word file is what somebody gave, not a template of ours.
            raise DataError(error.problems) from None
        shown, missing = pages_of(services.pdf, content)
        return render_template(
            "_layout.html",
            file=name,
            rules=rules,
            errors=[problem for problem in found if problem.severity == "error"],
            warnings=[problem for problem in found if problem.severity == "warning"],
            pictures=shown,
            missing=missing,
        )
