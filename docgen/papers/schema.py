"""Forms as plain data for other programs: the entry in a list of forms, and the JSON Schema of a record.

The schema accepts what the record check accepts in kind (text, number, list) and repeats its limits; whether a date
exists or sums agree, and the looser spellings of a choice, are known to the check alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docgen.papers.fields import MAX_CHARACTERS, NO, YES
from docgen.rules.choices import options

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from docgen.papers.form import Field, Form

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


def entry(form: Form) -> dict[str, Any]:
    """One form of the list, as DESIGN 3.2 fixes it; dates as ISO 8601, `valid_to` null while it is in force."""
    return {
        "id": form.id,
        "code": form.code,
        "title": form.title,
        "family": form.family,
        "subject": list(form.subject),
        "basis": list(form.basis),
        "valid_from": form.valid_from.isoformat(),
        "valid_to": form.valid_to.isoformat() if form.valid_to else None,
    }


def json_schema(form: Form) -> Schema:
    """The schema of one record of this form: titles are the printed labels, descriptions the help."""
    return {
        "$schema": DIALECT,
        "$id": f"urn:docgen:form:{form.id}:{form.edition}",
        "title": form.title,
        "description": form.summary,
        **_record(form.fields),
    }


def accepted(field: Field) -> list[str]:
    """The printed labels of a choice, in order."""
    return [option.label for option in options(field.choices or "")]


def _record(fields: Mapping[str, Field]) -> Schema:
    """A record or a row. Other keys are allowed, because the check only warns of them."""
    schema: Schema = {"type": "object", "properties": {name: _field(field) for name, field in fields.items()}}
    required = [name for name, field in fields.items() if field.required]
    return {**schema, "required": required} if required else schema


def _field(field: Field) -> Schema:
    told: Schema = {"title": field.title}
    if field.help or field.title != field.label:
        told["description"] = " ".join(filter(None, (field.label if field.title != field.label else "", field.help)))
    if field.example:
        told["examples"] = [field.example]
    allowed = _TYPES[field.type](field)
    return {**told, **allowed} if field.required else {**told, **_or_nothing(allowed)}


def _or_nothing(allowed: Schema) -> Schema:
    """The same, or null: an optional field may say nothing."""
    if "enum" in allowed:
        return {**allowed, "enum": [*allowed["enum"], None]}
    return {**allowed, "type": [*allowed["type"], "null"]}


def _text(field: Field) -> Schema:
    return {"type": ["string", "number"], "maxLength": _longest(field), **_filled(field)}


def _filled(field: Field) -> Schema:
    """Of a required field a visible character is asked."""
    return {"pattern": r"\S"} if field.required else {}


def _longest(field: Field) -> int:
    return field.max_characters or MAX_CHARACTERS[field.type]


def _paragraphs(field: Field) -> Schema:
    items = {"type": ["string", "number", "null"]}
    return {"type": ["string", "number", "array"], "maxLength": _longest(field), "items": items, **_filled(field)}


def _number(field: Field) -> Schema:
    bounds = {"minimum": field.minimum, "maximum": field.maximum}
    return {"type": ["number", "string"], **{key: bound for key, bound in bounds.items() if bound is not None}}


def _choice(field: Field) -> Schema:
    found = options(field.choices or "")
    return {"enum": [way for each in found for way in (each.label, each.id, *each.aliases)]}


def _yes_no(field: Field) -> Schema:
    words = sorted({*YES, *NO, *(word.capitalize() for word in YES | NO)})
    return {"enum": [True, False, 0, 1, *words], "default": field.default}


def _rows(field: Field) -> Schema:
    return {"type": ["array"], "maxItems": field.max_rows, "items": _record(field.columns)}


def _levels(field: Field) -> Schema:
    """Text, or a list of entries; an entry is text, or `muc` with the entries below it in `con`."""
    below: Schema = {"type": ["array", "null"], "maxItems": 0}
    for _ in field.numbering:
        text = {"type": ["string", "number"], "pattern": r"\S"}
        properties = {"muc": text, "con": below}
        group = {"type": "object", "required": ["muc"], "additionalProperties": False, "properties": properties}
        below = {"type": ["array", "null"], "items": {"anyOf": [text, group]}}
    return {"type": ["string", "array"], "items": below["items"]}


def _date(field: Field) -> Schema:
    """A date as people write it; one printed in words may also be only a year, or a month of a year."""
    return {"type": ["string", "integer"] if field.format == "long" else ["string"]}


def _written(*kinds: str) -> Callable[[Field], Schema]:
    """A value that may be written in several ways which a schema cannot tell apart; the check reads it."""
    return lambda _: {"type": list(kinds)}


_TYPES: Mapping[str, Callable[[Field], Schema]] = {
    "text": _text,
    "name": _text,
    "paragraphs": _paragraphs,
    "date": _date,
    "month": _written("string", "integer"),
    "quarter": _written("string", "integer"),
    "year": lambda _: {"type": ["string", "integer"], "minimum": 1900, "maximum": 2100},
    "integer": _number,
    "decimal": _number,
    "percent": _number,
    "choice": _choice,
    "yes_no": _yes_no,
    "list": _rows,
    "levels": _levels,
    "computed": lambda _: {"type": ["number", "string"], "readOnly": True},
}
