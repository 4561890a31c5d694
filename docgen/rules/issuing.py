"""Types of official papers, and which of them a grassroots body may issue: data in `issuing.toml`, with its clauses.

It answers «not known» where the sources are silent: a rule that was not read is no prohibition.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from docgen.viet.names import fold

_POWER: Final = re.compile(r"^t\s*/?\s*m\s+")
"""The signing power before a body's name (`T/M BAN THƯỜNG VỤ`), folded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperType:
    """A type of paper and the abbreviation that stands in its number."""

    id: str
    name: str
    abbreviation: str
    clause: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A kind of grassroots body: how its printed name begins, the ids of types that it may and may not issue."""

    id: str
    name: str
    names: tuple[str, ...]
    may: frozenset[str]
    may_not: frozenset[str]
    clause: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbering:
    """The series of numbers: from `first`, one series for each combination of what `per` names."""

    first: int
    per: tuple[str, ...]
    text: str
    clause: str
    verified: bool


@cache
def paper_types() -> tuple[PaperType, ...]:
    """Every type of paper that has an abbreviation."""
    told = _told()["types"]
    return tuple(PaperType(**each, clause=told["clause"], verified=told["verified"]) for each in told["known"])


@cache
def bodies() -> tuple[Body, ...]:
    """The kinds of grassroots bodies of which the rules speak."""
    sets = {"names": tuple, "may": frozenset, "may_not": frozenset}
    return tuple(
        Body(**{name: sets.get(name, lambda same: same)(value) for name, value in each.items()})
        for each in _told()["bodies"]
    )


@cache
def numbering() -> Numbering:
    """How papers are numbered."""
    told = _told()["numbering"]
    return Numbering(**{**told, "per": tuple(told["per"])})


def types_of(written: str) -> tuple[PaperType, ...]:
    """The types that an id, a name or an abbreviation names; QĐ names two, an unknown word none."""
    key = fold(written)
    return tuple(each for each in paper_types() if key in {each.id, fold(each.name), fold(each.abbreviation)})


def bodies_of(written: str) -> tuple[Body, ...]:
    """The kinds of body that an id or a printed name may be, with or without T/M; none where it is not known."""
    key = _POWER.sub("", fold(written))
    return tuple(
        each
        for each in bodies()
        if key == each.id or any(key == name or key.startswith(f"{name} ") for name in map(fold, each.names))
    )


def may_issue(body: str, type: str) -> bool | None:  # noqa: A002 - the domain's word
    """Whether this body may issue this type of paper; None where the rules say nothing or the body is not known.

    Both may be ids, names or (for the type) abbreviations. A name that stands for several kinds may issue what any of
    them may.
    """
    pairs = [(kind, paper.id) for kind in bodies_of(body) for paper in types_of(type)]
    if any(paper in kind.may for kind, paper in pairs):
        return True
    return False if pairs and all(paper in kind.may_not for kind, paper in pairs) else None


@cache
def _told() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "issuing.toml").read_text("utf-8"))
