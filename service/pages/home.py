"""The first page: what do you want to do, and which paper is it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from flask import render_template, request

from docgen.papers import library
from docgen.rules.choices import options
from docgen.viet.names import search_key

if TYPE_CHECKING:
    from flask import Blueprint

    from docgen.papers.form import Form
    from service.services import Services

IN_FORCE, ALL_YEARS = "", "tat-ca"
_LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper in the list, with the words by which it is found."""

    form: Form
    subjects: tuple[str, ...]
    in_force: bool

    @property
    def key(self) -> str:
        """All its words without accents and capitals."""
        form = self.form
        return search_key(" ".join([form.id, *form.aliases, form.code, form.title, form.summary, *self.subjects]))


def register(pages: Blueprint, _services: Services) -> None:
    """Add the page."""

    @pages.get("/")
    def home() -> str:
        query, year = request.args.get("q", "")[:_LONGEST_QUERY], request.args.get("nam", IN_FORCE)
        found = [entry for entry in entries() if _is_of(entry, year)]
        words = search_key(query).split()
        return render_template(
            "home.html",
            query=query,
            year=year,
            years=years(),
            entries=[entry for entry in found if all(word in entry.key for word in words)],
        )


def entries() -> list[Entry]:
    """Every paper: those of the yearly review by family, then the others, as the library orders them."""
    labels = {option.id: option.label for option in options(library.SUBJECTS)}
    today = date.today()
    return [
        Entry(
            form,
            tuple(labels[subject] for subject in form.subject),
            form.valid_from <= today and (form.valid_to is None or today <= form.valid_to),
        )
        for form in library.catalogue()
    ]


def years() -> list[int]:
    """The years in which an edition begins to serve or ends, newest first: those between which the switch chooses."""
    told = {year for form in library.catalogue() for year in (form.first_year, form.last_year) if year}
    return list(range(max(told), min(told) - 1, -1)) if told else []


def _is_of(entry: Entry, year: str) -> bool:
    if year == ALL_YEARS:
        return True
    if not (year.isascii() and year.isdigit()):
        return entry.in_force
    first, last = entry.form.first_year, entry.form.last_year
    if first is None and last is None:
        return entry.in_force
    return (first or 0) <= int(year[:4]) <= (last or int(year[:4]))
