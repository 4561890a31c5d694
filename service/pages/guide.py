"""Help: how to work with the pages, what is unverified in each paper, what is kept, where and how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template

from service.pages.home import entries

if TYPE_CHECKING:
    from flask import Blueprint

    from service.services import Services


def register(pages: Blueprint, services: Services) -> None:
    """Add the page."""

    @pages.get("/tro-giup")
    def guide() -> str:
        return render_template(
            "help.html",
            entries=entries(),
            retention=services.settings.retention,
            has_profile=bool(services.profile),
            makes_pdf=services.pdf.is_available,
        )
