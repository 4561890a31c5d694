"""The compiled template: a recipe at work. It needs docxtpl only where its gear does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from jinja2 import UndefinedError

from docgen.errors import DataError, Problem, shown
from docgen.word import package
from docgen.word.gears import Program, TextGear
from docgen.word.language import STEPS, Language, escape
from docgen.word.recipe import CORE, GearName, Recipe
from docgen.word.words import check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docgen.word.lint import Place

_LIKENESS = 0.6
_AUTHORS_KEPT = 128
"""How many properties of documents are kept deflated: a whole list has few issuing bodies."""


class Gear(Protocol):
    """A way to fill the parts that have tags."""

    @property
    def programs(self) -> tuple[Program, ...]:
        """The compiled parts, for the places of errors."""

    def contents(self, words: dict[str, object]) -> dict[str, bytes]:
        """The bytes of the parts that depend on the words."""


class Template:
    """A compiled Word template: immutable, safe between threads; pickled as its recipe, so no process proves again."""

    __slots__ = ("_gears", "_language", "_recipe")

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self._language = Language()
        self._gears: dict[GearName, Gear] = {}
        self._gear(recipe.gear)

    def __reduce__(self) -> tuple[type[Template], tuple[Recipe]]:
        return Template, (self._recipe,)

    @property
    def gear(self) -> GearName:
        """How documents are made: `TEXT` (fastest), `WHOLE` or `DOCXTPL`."""
        return self._recipe.gear

    @property
    def reason(self) -> str:
        """Why the gear is not TEXT, in Vietnamese; `""` where it is."""
        return self._recipe.reason

    @property
    def sha256(self) -> str:
        """The sha256 of the template's bytes, in hexadecimal."""
        return self._recipe.sha256

    @property
    def variables(self) -> frozenset[str]:
        """The names of the words that the template asks for, top level only."""
        return self._recipe.variables

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What may be wrong with the template: texts that look like fields of another program."""
        return self._recipe.warnings

    def render(self, words: Mapping[str, object], *, author: str | None = None) -> bytes:
        """The filled document as the bytes of a .docx; equal words give equal bytes.

        `words` are ready text: str, int, bool, None, and lists and str-keyed mappings of these. `author` replaces the
        creator in the document's properties; None leaves it as the template has it.

        Raises:
            DataError: a word is missing, not ready, or of the wrong kind where it stands; or it would leave a table
                without rows or a cell without a paragraph, which Word cannot open.
            FormError: with these words the conditions of the template cut the structure of the document.
        """
        gear = self._gear(self._recipe.lines_gear if check(words) else self._recipe.gear)
        made = self._contents(gear, words)
        if author is not None:
            check({"author": author})
        return package.write(self._members(made, author))

    def _members(self, made: Mapping[str, bytes], author: str | None) -> Iterator[package.Member]:
        for name, member in self._recipe.members:
            if name == CORE and author is not None:
                yield _core(*self._recipe.core, author)
            elif name in made or member is None:
                yield package.pack(name, made[name])
            else:
                yield member

    def _gear(self, name: GearName) -> Gear:
        if name not in self._gears:
            self._gears[name] = _built(name, self._recipe, self._language)
        return self._gears[name]

    def _contents(self, gear: Gear, words: Mapping[str, object]) -> dict[str, bytes]:
        try:
            return gear.contents({**words, STEPS: [0]})
        except UndefinedError as error:
            raise DataError(list(self._missing(gear, words, error))) from error
        except DataError as error:
            place = _place(gear, error)
            raise DataError([_told(problem, place) for problem in error.problems]) from error

    def _missing(self, gear: Gear, words: Mapping[str, object], error: UndefinedError) -> Iterator[Problem]:
        """Every missing word, not only the one that stopped the render."""
        missing = sorted(self.variables - words.keys())
        for name in missing:
            yield _missing_word(name, words, _first_use(self._recipe, name))
        if not missing:
            yield _missing_word(str(error.message), words, _place(gear, error))


@lru_cache(maxsize=_AUTHORS_KEPT)
def _core(before: str, after: str, author: str) -> package.Member:
    return package.pack(CORE, f"{before}<dc:creator>{escape(author)}</dc:creator>{after}".encode())


def _built(name: GearName, recipe: Recipe, language: Language) -> Gear:
    if name == "TEXT":
        return TextGear(recipe.text, language)
    # Imported here: a worker process that only renders in gear TEXT never loads docxtpl.
    from docgen.word.template import DocxtplGear, WholeGear

    return WholeGear(recipe.whole, language) if name == "WHOLE" else DocxtplGear(recipe, language)


def _place(gear: Gear, error: Exception) -> Place | None:
    return next(filter(None, (program.place(error.__traceback__) for program in gear.programs)), None)


def _told(problem: Problem, place: Place | None) -> Problem:
    if place is None:
        return problem
    what = f"Thẻ {shown(place.tag)}: {problem.what[:1].lower()}{problem.what[1:]}"
    return replace(problem, what=what).at(part=place.part, paragraph=place.paragraph)


def _first_use(recipe: Recipe, name: str) -> Place | None:
    word = re.compile(rf"(?<![\w.]){re.escape(name)}\b")
    places = (place for part in recipe.whole for place in part.woven.places if place and word.search(place.tag))
    return next(places, None)


def _missing_word(name: str, words: Mapping[str, object], place: Place | None) -> Problem:
    near = get_close_matches(name, sorted(set(_names(words)) - {name}), 1, _LIKENESS)
    cure = f"Có phải là «{near[0]}»?" if near else "Hãy thêm giá trị này, hoặc sửa tên trong mẫu."
    problem = Problem(code="word-missing", what=f"Thiếu giá trị «{name}».", cure=cure, field=name)
    return problem if place is None else problem.at(part=place.part, paragraph=place.paragraph)


def _names(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield name
            yield from _names(inner)
    elif isinstance(value, list):
        yield from (name for inner in value for name in _names(inner))
