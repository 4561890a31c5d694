"""A record made from a form's fields alone, for papers without a sample: every field filled, every list with rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docgen.rules.choices import options

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docgen.papers.form import Field, Form

_ROWS = 2
_TIMES = {"date": "08/3/2026", "month": "3/2026", "quarter": "quý I/2026", "year": 2026}


def specimen(form: Form) -> dict[str, Any]:
    """Plain values for every field that is given, not computed."""
    return _values(form.fields.values(), "")


def _values(fields: Iterable[Field], row: str) -> dict[str, Any]:
    return {each.name: _value(each, row) for each in fields if each.type != "computed"}


def _value(field: Field, row: str) -> Any:
    title = field.title.rstrip(" :.")
    many: dict[str, Any] = {
        "list": [_values(field.columns.values(), f" {number}") for number in range(1, _ROWS + 1)],
        "paragraphs": [f"{title}: đoạn thứ nhất{row}.", f"{title}: đoạn thứ hai{row}."],
        "levels": [f"{title}: mục thứ nhất.", f"{title}: mục thứ hai."],
        "yes_no": True,
        **_TIMES,
    }
    if field.type in many:
        return many[field.type]
    if field.type == "choice":
        return options(field.choices or "")[0].label
    if field.type in {"integer", "decimal", "percent"}:
        return field.minimum if field.minimum is not None else min(1, field.maximum or 1)
    return (field.example or f"{title}{row}")[: field.max_characters]
