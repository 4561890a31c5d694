"""How a year's (or a quarter's) work is rated: the rules of each edition as dated data, one TOML file in `ratings/`.

Every number says where it stands (`clause`) and whether that place was read (`verified`). What the regulations leave
open (the base and the rounding of the cap) has a default here and is the customer's to set: `with_settings`.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from docgen.errors import DataError, FormError, shown
from docgen.viet.names import search_key

if TYPE_CHECKING:
    from collections.abc import Mapping

Base = Literal["good", "good_or_better"]
Rounding = Literal["down", "half_up"]
Subject = Literal["tap_the", "lanh_dao", "ca_nhan"]

BASE_NAMES: Final[Mapping[Base, str]] = {"good": "số xếp loại tốt", "good_or_better": "số xếp loại tốt trở lên"}
"""How the base of the cap is called in messages and headings."""
OWN_SETTING: Final = "Thiết lập của tổ chức"
"""The clause of what the customer set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule in words: a summary in Vietnamese, not a quotation."""

    text: str
    clause: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """The most points of the two groups of criteria; together they are the whole score."""

    general: int
    results: int
    clause: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level, under its id in the choices `muc-chat-luong`; `least` points, or None where no score is given."""

    id: str
    least: int | None = None
    condition: str
    clause: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """How many may be rated «Hoàn thành xuất sắc nhiệm vụ»: a ratio of those rated good, in each group.

    `exceptional` is the ratio that the deciding body may allow, where the rules know one.
    """

    ratio: Decimal
    exceptional: Decimal | None = None
    group: str
    clause: str
    verified: bool
    base: Base
    base_clause: str
    base_verified: bool
    rounding: Rounding
    rounding_clause: str
    rounding_verified: bool

    def base_count(self, *, excellent: int, good: int) -> int:
        """How many the ratio is taken of; `good` counts the good ones without the excellent."""
        return good if self.base == "good" else excellent + good

    def allowed(self, base_count: int) -> int:
        """The most that may be excellent."""
        return self._rounded(self.ratio, base_count)

    def allowed_exceptionally(self, base_count: int) -> int:
        """The most with the deciding body's leave; the same as `allowed` where the rules know no exception."""
        return self._rounded(self.exceptional or self.ratio, base_count)

    def _rounded(self, ratio: Decimal, base_count: int) -> int:
        half = Fraction(1, 2) if self.rounding == "half_up" else Fraction(0)
        return math.floor(Fraction(ratio) * base_count + half)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exempt:
    """A case of not being rated: `aliases` name it in a reason that people write, unless one of `unless` does too."""

    id: str
    label: str
    aliases: tuple[str, ...]
    unless: tuple[str, ...] = ()
    clause: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """How many working days before the meeting a draft must reach those who take part."""

    days: int
    clause: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """The least days that the review of this body takes."""

    body: str
    days: int
    clause: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A case that makes the level «Không hoàn thành nhiệm vụ»; `limit` is the ratio that its text speaks of."""

    id: str
    subject: Subject
    text: str
    limit: Decimal | None = None
    clause: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """The rules of one edition for the years reviewed from `first_year` to `last_year`, both inside.

    `levels` stand from the highest to the lowest. What an edition does not say, or what was not read, is empty or None.
    """

    id: str
    title: str
    source: str
    first_year: int
    last_year: int | None = None
    quarterly: bool
    duty: Rule
    points: Points | None = None
    levels: tuple[Level, ...]
    cap: Cap
    exempt: tuple[Exempt, ...]
    review_order: tuple[Rule, ...] = ()
    rating_order: tuple[Rule, ...] = ()
    draft: Draft | None = None
    meetings: tuple[Meeting, ...] = ()
    deadlines: tuple[Rule, ...] = ()
    triggers: tuple[Trigger, ...] = ()


@cache
def ratings() -> tuple[Rating, ...]:
    """Every shipped edition, from the oldest to the newest; of one year the yearly rules before the quarterly."""
    folder = files(__package__) / "ratings"
    found = [_read(entry.read_text("utf-8")) for entry in folder.iterdir() if entry.name.endswith(".toml")]
    return tuple(sorted(found, key=lambda each: (each.first_year, each.quarterly)))


def rating(id: str) -> Rating:  # noqa: A002 - as in docgen.rules.layouts
    """The rules of this id.

    Raises:
        FormError: no edition has this id.
    """
    for each in ratings():
        if each.id == id:
            return each
    raise FormError.of(
        "rating-unknown",
        f"Không có bộ quy định xếp loại {shown(id)}.",
        f"Dùng một trong các mã: {', '.join(each.id for each in ratings())}.",
    )


def rating_for(year: int, *, quarterly: bool = False) -> Rating:
    """The rules for the year reviewed, or for a quarter of it.

    Raises:
        DataError: the year lies before the first that is known here.
    """
    editions = [each for each in ratings() if each.quarterly == quarterly]
    for each in editions:
        if each.first_year <= year <= (each.last_year or year):
            return each
    first = editions[0]
    raise DataError.of(
        "rating-too-early",
        f"Chưa có quy định xếp loại {'hằng quý' if quarterly else 'hằng năm'} cho năm {year}.",
        f"Năm sớm nhất là {first.first_year} ({first.source}).",
    )


def with_settings(rules: Rating, *, base: str | None = None, rounding: str | None = None) -> Rating:
    """The same rules with the customer's base and rounding of the cap; None keeps what the rules say.

    Raises:
        DataError: every setting that is none of those known.
    """
    wrong = [
        problem
        for name, told, known in (("base", base, get_args(Base)), ("rounding", rounding, get_args(Rounding)))
        if told is not None and told not in known
        for problem in DataError.of(
            "cap-setting", f"{shown(told)} không phải một thiết lập.", f"Dùng {' hoặc '.join(known)}.", field=name
        ).problems
    ]
    if wrong:
        raise DataError(wrong)
    given: dict[str, Any] = {}
    for name, told in (("base", base), ("rounding", rounding)):
        if told is not None:
            given |= {name: told, f"{name}_clause": OWN_SETTING, f"{name}_verified": True}
    return replace(rules, cap=replace(rules.cap, **given))


def level_by_points(rules: Rating, points: Decimal | int) -> Level | None:
    """The level to which the points alone lead; None where this edition gives no points."""
    return next((each for each in rules.levels if each.least is not None and points >= each.least), None)


def exempt_case(rules: Rating, reason: str) -> Exempt | None:
    """The exemption that a written reason names, blind to accents, capitals and signs; None if it names none."""
    key = _phrase(reason)
    for each in rules.exempt:
        if any(_phrase(alias) in key for alias in each.aliases) and not any(_phrase(no) in key for no in each.unless):
            return each
    return None


def _phrase(text: str) -> str:
    """Whole words between blanks, so that a phrase is found at word borders only; 06 is 6."""
    letters = "".join(letter if letter.isalnum() else " " for letter in search_key(text))
    return f" {' '.join(word.lstrip('0') or word for word in letters.split())} "


def _read(text: str) -> Rating:
    told: dict[str, Any] = tomllib.loads(text, parse_float=Decimal)
    for name, model in _LISTS.items():
        told[name] = tuple(model(**_frozen(entry)) for entry in told.get(name, ()))
    for name, model in _TABLES.items():
        if name in told:
            told[name] = model(**told[name])
    return Rating(**told)


def _frozen(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}


_TABLES: Final[Mapping[str, Any]] = {"duty": Rule, "points": Points, "cap": Cap, "draft": Draft}
_LISTS: Final[Mapping[str, Any]] = {
    "levels": Level,
    "exempt": Exempt,
    "review_order": Rule,
    "rating_order": Rule,
    "meetings": Meeting,
    "deadlines": Rule,
    "triggers": Trigger,
}
