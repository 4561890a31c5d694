"""What a rule of a form's checks sees: one check of one record, and the record or the rows to which it looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from docgen.errors import DataError, Problem
from docgen.papers.fields import Level, OpenDate
from docgen.rules.choices import Option
from docgen.rules.ratings import rating_for, with_settings
from docgen.viet import numbers, periods
from docgen.viet.dates import short_date

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from docgen.papers.form import Check, Field
    from docgen.papers.profile import Profile
    from docgen.papers.record import Record
    from docgen.rules.ratings import Rating

_RATINGS_KEPT: Final = 256
"""For how many years and ways of reading the cap the rules are kept."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The record, or one row of a list: names are the row's columns first, then the record's fields."""

    record: Record
    listed: Field | None = None
    number: int = 0

    @property
    def own(self) -> Mapping[str, Any]:
        """The typed values or None: of the row, or of the record itself."""
        values = self.record.values
        return values if self.listed is None else values[self.listed.name][self.number - 1]

    def value(self, name: str) -> Any:
        """The typed value or None."""
        return self.own.get(name) if self.listed and name in self.listed.columns else self.record.values[name]

    def field(self, name: str) -> Field:
        """The field or column of this name."""
        own = self.listed.columns.get(name) if self.listed else None
        return own or self.record.form.fields[name]

    def place(self, name: str) -> dict[str, str]:
        """Path and label as the record check writes them."""
        field = self.field(name)
        if self.listed and name in self.listed.columns:
            row = f"{self.listed.title}, dòng {self.number}"
            return {"field": f"{self.listed.name}[{self.number}].{name}", "label": f"{row}, {field.title}"}
        return {"field": name, "label": field.title}

    def told(self, name: str) -> str:
        """The value as a message shows it."""
        value = self.value(name)
        if isinstance(value, int | Decimal):
            is_share = self.field(name).type == "percent"
            return numbers.format_percent(value) if is_share else numbers.format_decimal(value)
        return text_of(value)


@dataclass(frozen=True, slots=True)
class Case:
    """One check of one record, as its organisation reads the rules."""

    record: Record
    check: Check
    house: Profile

    @property
    def scopes(self) -> list[Scope]:
        """The rows of the check's list, or the record itself."""
        if "list" not in self.check.roles:
            return [Scope(self.record)]
        listed = self.record.form.fields[self.check.roles["list"]]
        rows = self.record.values[listed.name] or ()
        return [Scope(self.record, listed, number) for number in range(1, len(rows) + 1)]

    @property
    def rating(self) -> Rating | None:
        """The rules of the record's year, or quarter; None for a year of which no rules are known."""
        form, values = self.record.form, self.record.values
        year = values.get("nam")
        if not isinstance(year, int):
            year = form.first_year or form.valid_from.year
        return _rating(year, values.get("quy") is not None, self.house.cap_base, self.house.cap_rounding)

    def role(self, name: str) -> str:
        """What plays this part."""
        return self.check.roles[name]

    def warn(self, place: Mapping[str, str], what: str, cure: str, clause: str | None = None) -> Problem:
        """A warning; the form's own clause goes before that of the rule."""
        told = Problem(code=self.check.rule, what=what, cure=cure, severity="warning")
        return told.at(**place, clause=self.check.clause or clause)


@lru_cache(maxsize=_RATINGS_KEPT)
def _rating(year: int, quarterly: bool, base: str | None, rounding: str | None) -> Rating | None:  # noqa: FBT001
    try:
        found = rating_for(year, quarterly=quarterly)
    except DataError:
        return None
    return with_settings(found, base=base, rounding=rounding)


def text_of(value: Any) -> str:
    """A value as plain text: labels of options, dates in Vietnamese, several paragraphs parted by `; `."""
    return "" if value is None else _TEXTS.get(type(value), str)(value)


_TEXTS: Final[Mapping[type, Callable[[Any], str]]] = {
    Option: lambda option: option.label,
    Level: lambda level: level.text,
    date: short_date,
    OpenDate: lambda day: periods.month_long(day.month, day.year) if day.month else f"năm {day.year}",
    periods.Month: lambda month: periods.month_long(*month),
    periods.Quarter: lambda quarter: periods.quarter_short(*quarter),
    tuple: lambda several: "; ".join(map(text_of, several)),
}
