"""A record as plain values, as JSON and Excel hold them: the way back from typed values, one rule for each type."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from docgen.papers.fields import Level, OpenDate
from docgen.rules.choices import Option
from docgen.viet import dates, numbers, periods

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docgen.papers.form import Field
    from docgen.papers.record import Record


def plain(record: Record) -> dict[str, Any]:
    """A record's values as JSON has them: what `docgen.papers.record.record` reads back to the same record."""
    return _known(record.form.fields, record.values)


def _known(fields: Mapping[str, Field], values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _of(field, values[name])
        for name, field in fields.items()
        if field.type != "computed" and values[name] is not None
    }


def _of(field: Field, value: Any) -> Any:
    if field.type == "percent":
        return numbers.format_percent(value)
    if field.type == "list":
        return [_known(field.columns, row) for row in value]
    return _plain(value)


@singledispatch
def _plain(value: Any) -> Any:
    raise TypeError(f"no record holds a {type(value).__name__}")


@_plain.register(str)
@_plain.register(int)
def _(value: str | int) -> str | int:
    return value


@_plain.register
def _(value: Decimal) -> str:
    return numbers.format_decimal(value)


@_plain.register
def _(value: Option) -> str:
    return value.label


@_plain.register
def _(value: date) -> str:
    return dates.short_date(value)


@_plain.register
def _(value: OpenDate) -> str:
    return f"{value.month:02}/{value.year}" if value.month else str(value.year)


@_plain.register
def _(value: periods.Month) -> str:
    return periods.month_long(value.month, value.year)


@_plain.register
def _(value: periods.Quarter) -> str:
    return periods.quarter_long(value.quarter, value.year)


@_plain.register
def _(value: tuple) -> list[Any]:  # type: ignore[type-arg]  # a dispatch type bears no argument
    if value and isinstance(value[0], Level):
        return _nested(list(value), 1)
    return [_plain(each) for each in value]


def _nested(levels: list[Level], depth: int) -> list[Any]:
    """Flat levels as `"text"` and `{"muc": "text", "con": […]}` again."""
    made: list[Any] = []
    while levels and levels[0].depth >= depth:
        heading = levels.pop(0)
        below = _nested(levels, depth + 1)
        made.append({"muc": heading.text, "con": below} if below else heading.text)
    return made
