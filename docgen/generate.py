"""The path of one record, from what people give to a finished Word document.

    values → papers.record → papers.words → word.template → bytes

Each arrow is one function of one module; this module alone knows them all. A `Press` is one form made ready for many
records: what they share is read and compiled once, and the same press serves one record and sixty thousand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from docgen.errors import DataError, Problem
from docgen.papers import library
from docgen.papers.checks import levels_due
from docgen.papers.checks import warnings as contradictions
from docgen.papers.columns import LIST_NAMES
from docgen.papers.form import filled, places
from docgen.papers.profile import Profile
from docgen.papers.profile import profile as organisation
from docgen.papers.record import matched, unfinished
from docgen.papers.record import record as checked_record
from docgen.papers.words import computed_words
from docgen.papers.words import words as ready_words
from docgen.viet.files import file_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from docgen.papers.form import Form
    from docgen.papers.profile import LayoutRules, RatingRules
    from docgen.papers.record import Record
    from docgen.rules.layouts import Layout
    from docgen.word.template import Template

SECRECY = "muc-do-mat"
"""The set of choices from which a paper gets its secrecy mark."""
TEMPLATES_KEPT = 64
"""How many compiled templates one process keeps."""


@dataclass(frozen=True, slots=True)
class Document:
    """A finished document: its bytes, what made it, the words in it, and what its reader should look at."""

    content: bytes
    form: Form
    layout: str
    words: Mapping[str, Any]
    warnings: tuple[Problem, ...]

    @property
    def file_name(self) -> str:
        """A safe name for its file, by the form's own pattern."""
        return file_name(self.named(self.form.file_name), ".docx")

    @property
    def is_secret(self) -> bool:
        """Whether it bears a secrecy mark."""
        marks = [name for name, each in self.form.fields.items() if each.choices == SECRECY]
        return any(self.words["co"][name] for name in marks)

    def named(self, pattern: str, more: Mapping[str, str] = MappingProxyType({})) -> str:
        """The pattern with words in the places of `{field}`: the record's, then `more`; a blank leaves no dots behind.

        Raises:
            KeyError: the pattern names neither a field nor one of `more`.
        """
        given = self.words["co"]
        shown = {name: str(self.words[name]) if given[name] else "" for name in places(pattern) if name in given}
        return filled(pattern, {**more, **shown})


@dataclass(frozen=True, slots=True)
class Following:
    """What the rest of a record says about a field, by its path, in Vietnamese."""

    computed: Mapping[str, str]
    levels: Mapping[str, str]


@dataclass(frozen=True)
class Press:
    """One form made ready: the house rules, the values that all its records share, its templates once compiled.

    It can be pickled with what it has compiled, so that a worker process compiles nothing and reads no template.
    """

    form: Form
    house: Profile = field(default_factory=Profile)
    common: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    """Values of a list's sheet «Chung»; a record that leaves a field blank takes them before the profile's."""
    _templates: dict[str, Template] = field(default_factory=dict, compare=False, repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        # Read-only views of mappings cannot be pickled; what is behind them can.
        house = (dict(self.house.values), self.house.layout_rules, self.house.rating_rules)
        return _pressed, (self.form, house, dict(self.common), self._templates)

    def ready(self) -> Press:
        """The same press with a template compiled for every layout of the form.

        Raises:
            FormError: a template is missing or at fault.
        """
        for look in library.layouts_of(self.form):
            self.template(look)
        return self

    def template(self, look: Layout) -> Template:
        """The compiled template for this layout.

        Raises:
            FormError: it is missing or at fault.
        """
        if look.id not in self._templates:
            self._templates[look.id] = _compiled(_template(self.form, look, self.house))
        return self._templates[look.id]

    def own(self, values: Mapping[str, object]) -> dict[str, object]:
        """A list's row without what is of the list and not of the paper: its code, and the subject of a family."""
        return {name: each for name, each in values.items() if name in self.form.fields or name not in LIST_NAMES}

    def templates_sha256(self) -> list[str]:
        """The sha256 of each template that has been compiled, in the order of their layouts."""
        return [self._templates[name].sha256 for name in sorted(self._templates)]

    def document(self, values: Mapping[str, object]) -> Document:
        """Make the document of one record.

        Raises:
            FormError: the form's template is at fault.
            DataError: every problem of the record.
        """
        record = self._record(values)
        words = ready_words(record)
        look = library.layout_of(self.form, _day(record))
        author = self.form.author
        by = str(words[author]) if author and words["co"][author] else None
        content = self.template(look).render(words, author=by)
        return Document(content, self.form, look.id, words, self._warnings(record))

    def check(self, values: Mapping[str, object]) -> tuple[Problem, ...]:
        """Every problem and warning of one record; empty where it is right."""
        try:
            record = self._record(values)
            library.layout_of(self.form, _day(record))
        except DataError as error:
            return error.problems
        return self._warnings(record)

    def following(self, values: Mapping[str, object]) -> Following:
        """What follows from a record on which somebody still works: its sums, and the levels to which points lead."""
        read = unfinished(self.form, values, *self._fallbacks)
        return Following(computed_words(read), levels_due(read, self.house))

    def _record(self, values: Mapping[str, object]) -> Record:
        return checked_record(self.form, values, *self._fallbacks)

    @cached_property
    def _fallbacks(self) -> tuple[Mapping[str, object], ...]:
        return tuple(matched(self.form, each) for each in (self.common, self.house.values))

    def _warnings(self, record: Record) -> tuple[Problem, ...]:
        """What was tidied, what contradicts the rules, and an edition that is not of the record's year."""
        year: Any = record.values.get("nam")
        edition = library.out_of_force(record.form, year if isinstance(year, int) else None)
        return (*record.warnings, *contradictions(record, self.house), *([edition] if edition else []))


def _pressed(
    form: Form,
    house: tuple[dict[str, Any], LayoutRules, RatingRules],
    common: dict[str, object],
    templates: dict[str, Template],
) -> Press:
    """A press as it comes out of a pickle."""
    return Press(form, Profile(MappingProxyType(house[0]), *house[1:]), MappingProxyType(common), templates)


def document(name: str, values: Mapping[str, object], *, profile: Mapping[str, object] | None = None) -> Document:
    """Make one document of the form or family `name`.

    `profile` holds the entries of the organisation's `to_chuc.toml`: values for what the record leaves blank, and house
    rules.

    Raises:
        FormError: there is no such form, or its template is at fault.
        DataError: every problem of the record.
    """
    return Press(library.form_for(name, values), organisation(profile or {})).document(values)


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
        return Press(library.form_for(name, values), organisation(profile or {})).check(values)
    except DataError as error:
        return error.problems


def _template(form: Form, look: Layout, house: Profile) -> bytes:
    """The paper's template; where house rules change the layout, one drawn for them (an office's own file stays)."""
    own = house.house_layout(look)
    if own is look or not form.body or form.version:
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
