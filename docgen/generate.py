"""The path of one record, from what people give to a finished Word document.

    values → papers.record → papers.words → word.template → bytes

Each arrow is one function of one module; this module alone knows them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from docgen.errors import DataError, Problem
from docgen.papers import library
from docgen.papers.checks import warnings as contradictions
from docgen.papers.form import filled
from docgen.papers.profile import profile as organisation
from docgen.papers.record import record as checked_record
from docgen.papers.words import words as ready_words
from docgen.viet.files import file_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from docgen.papers.form import Form
    from docgen.papers.profile import Profile
    from docgen.papers.record import Record
    from docgen.rules.layouts import Layout
    from docgen.word.template import Template

TEMPLATES_KEPT = 64
"""How many compiled templates one process keeps."""


@dataclass(frozen=True, slots=True)
class Document:
    """A finished document: its bytes, a safe file name, what made it, and what its reader should look at."""

    content: bytes
    file_name: str
    form: Form
    layout: str
    warnings: tuple[Problem, ...]


def document(name: str, values: Mapping[str, object], *, profile: Mapping[str, object] | None = None) -> Document:
    """Make one document of the form or family `name`.

    `profile` holds the entries of the organisation's `to_chuc.toml`: values for what the record leaves blank, and house
    rules.

    Raises:
        FormError: there is no such form, or its template is at fault.
        DataError: every problem of the record.
    """
    form = library.form_for(name, values)
    house = organisation(profile or {})
    record = checked_record(form, values, house.values)
    words = ready_words(record)
    look = library.layout_of(form, _day(record))
    author = str(words[form.author]) if form.author and words["co"][form.author] else None
    content = _compiled(_template(form, look, house)).render(words, author=author)
    return Document(content, _file_name(record, words), form, look.id, _warnings(record, house))


def render(name: str, values: Mapping[str, object], *, profile: Mapping[str, object] | None = None) -> bytes:
    """The bytes of `document`; same arguments."""
    return document(name, values, profile=profile).content


def check(
    name: str, values: Mapping[str, object], *, profile: Mapping[str, object] | None = None
) -> tuple[Problem, ...]:
    """Every problem and warning of a record; empty where it is right. Writes nothing.

    Raises:
        FormError: there is no such form.
    """
    try:
        form = library.form_for(name, values)
        house = organisation(profile or {})
        record = checked_record(form, values, house.values)
        library.layout_of(form, _day(record))
    except DataError as error:
        return error.problems
    return _warnings(record, house)


def _warnings(record: Record, house: Profile) -> tuple[Problem, ...]:
    """What was tidied, what contradicts the rules, and an edition that is not of the record's year."""
    year: Any = record.values.get("nam")
    edition = library.out_of_force(record.form, year if isinstance(year, int) else None)
    return (*record.warnings, *contradictions(record, house), *([edition] if edition else []))


def _template(form: Form, look: Layout, house: Profile) -> bytes:
    """The paper's template; where house rules change the layout, one drawn for them (an office's own file stays)."""
    own = house.house_layout(look)
    if own is look or not form.body:
        return library.template(form, look.id)
    from docgen.papers.drawing import draw

    return draw(form, own)


@lru_cache(maxsize=TEMPLATES_KEPT)
def _compiled(content: bytes) -> Template:
    from docgen.word.template import compile_template

    return compile_template(content)


def _day(record: Record) -> date | None:
    """The date that chooses the layout; a date left open does not choose."""
    from datetime import date

    value: Any = record.values[record.form.dated_by] if record.form.dated_by else None
    return value if isinstance(value, date) else None


def _file_name(record: Record, words: Mapping[str, Any]) -> str:
    """The form's file-name pattern with the record's words; what is blank leaves no dots behind."""
    shown = {name: str(words[name]) if words["co"][name] else "" for name in record.form.name_fields}
    return file_name(filled(record.form.file_name, shown), ".docx")
