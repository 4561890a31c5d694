"""From what people give to a record: every key matched to a field, every value read, every problem told at once.

A Record is complete (each field has a value or None), typed, in Unicode form NFC, and immutable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from math import prod
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from docgen.errors import DataError, Problem, shown
from docgen.papers import fields
from docgen.rules.choices import Option
from docgen.viet import numbers
from docgen.viet.names import search_key
from docgen.viet.nearest import nearest

if TYPE_CHECKING:
    from docgen.papers.form import Computation, Field, Form

FAMILY_KEYS = frozenset({"doi_tuong"})
"""Keys that choose the form inside a family; they are no fields, and every form accepts them."""


@dataclass(frozen=True, slots=True)
class Record:
    """One person's or one body's checked answers to one form."""

    form: Form
    values: Mapping[str, Any]
    warnings: tuple[Problem, ...] = ()


def record(form: Form, given: Mapping[Any, object], *fallbacks: Mapping[Any, object]) -> Record:
    """Check what is given against the form.

    A field that `given` leaves blank takes its value from the first fallback that has one (values common to a list,
    then the organisation's profile); what a fallback holds beside the form's fields is not its business here.

    Raises:
        DataError: every problem of the whole record.
    """
    problems: list[Problem] = []
    matched = _matched(form.fields, given, problems)
    for fallback in fallbacks:
        for name, value in _matched(form.fields, fallback, None).items():
            if fields.is_blank(matched.get(name)):
                matched[name] = value
    places = {name: _place(field) for name, field in form.fields.items()}
    values = _values(form.fields, matched, places, problems)
    if any(problem.severity == "error" for problem in problems):
        raise DataError(problems)
    return Record(form, MappingProxyType(values), tuple(problems))


def _place(field: Field) -> dict[str, str]:
    return {"field": field.name, "label": field.title}


def _matched(
    known: Mapping[str, Field], given: Mapping[Any, object], problems: list[Problem] | None
) -> dict[str, object]:
    """The given values under field names; keys may be names, labels or aliases, in any case, with or without accents.

    A label that several fields bear names none of them: their own names must be used. Without `problems` (a source of
    values for many papers) what does not belong here is passed over.
    """
    found: list[Problem] = []
    matched: dict[str, object] = {}
    for key, value in given.items():
        names = [key] if key in known else _names_of(key, known)
        if not names:
            found += [] if key in FAMILY_KEYS else [_unknown(key, known)]
        elif len(names) > 1:
            found.append(_ambiguous(key, names))
        elif fields.is_blank(matched.get(names[0])):
            matched[names[0]] = value
        elif not fields.is_blank(value):
            twice = Problem(code="given-twice", what="Được điền hai lần.", cure="Giữ lại một.")
            found.append(twice.at(**_place(known[names[0]])))
    if problems is not None:
        problems.extend(found)
    return matched


def _names_of(key: object, known: Mapping[str, Field]) -> list[str]:
    wanted = search_key(str(key).replace("_", " ")).rstrip(" .:;")
    return [name for name, field in known.items() if wanted in _keys(field)]


def _keys(field: Field) -> frozenset[str]:
    """Under what a field can be named: its name, label, short label and aliases, as search keys."""
    known = (field.name.replace("_", " "), field.label, field.short, *field.aliases)
    return frozenset(search_key(key).rstrip(" .:;") for key in known if key)


def _ambiguous(key: object, names: list[str]) -> Problem:
    return Problem(
        code="ambiguous-field",
        what=f"Nhãn {shown(key)} là nhãn của {len(names)} mục khác nhau.",
        cure=f"Dùng tên trường: {', '.join(names)}.",
    )


def _unknown(key: object, known: Mapping[str, Field]) -> Problem:
    close = nearest(str(key), [*known, *(field.title for field in known.values())])
    cure = f"Có phải là «{close}»?" if close else "Xem các mục của biểu mẫu bằng lệnh docgen show."
    return Problem(
        code="unknown-field",
        what=f"Biểu mẫu không có mục {shown(key)}; phần này không được in.",
        cure=cure,
        severity="warning",
    )


def _values(
    known: Mapping[str, Field],
    matched: Mapping[str, object],
    places: Mapping[str, dict[str, str]],
    problems: list[Problem],
) -> dict[str, Any]:
    """The typed value of every field in the fields' order; what is computed comes last and finds the others ready."""
    given = {
        name: _one(field, matched.get(name), places[name], problems)
        for name, field in known.items()
        if field.type != "computed"
    }
    for name, field in known.items():
        if field.type == "computed":
            given[name] = _computed(field, given, matched.get(name), places[name], problems)
    return {name: given[name] for name in known}


def _one(field: Field, given: object, place: dict[str, str], problems: list[Problem]) -> Any:
    """The typed value of one field or None; problems and notes go into the list with their place."""
    if fields.is_blank(given) and field.default_rows:
        given = list(field.default_rows)
    if fields.is_blank(given):
        if field.required:
            problems.append(_missing(field).at(**place))
        return None
    try:
        if field.type == "list":
            return _rows(field, given, problems)
        value, notes = fields.read(field, given)
    except DataError as error:
        problems.extend(error.at(**place).problems)
        return None
    problems.extend(Problem(code="tidied", what=note, severity="warning").at(**place) for note in notes)
    if fields.is_blank(value) and field.required:
        problems.append(_missing(field).at(**place))
    return None if fields.is_blank(value) else value


def _missing(field: Field) -> Problem:
    cure = f"Điền mục này, ví dụ: {field.example}." if field.example else "Điền mục này."
    return Problem(code="required", what="Chưa được điền.", cure=cure)


def _rows(field: Field, given: object, problems: list[Problem]) -> tuple[Mapping[str, Any], ...]:
    """The rows of a list field; each is a mapping under the names or labels of the columns."""
    if not isinstance(given, list | tuple):
        raise DataError.of(
            "not-a-list", "Ở đây cần một danh sách các dòng.", "Viết mỗi dòng thành một phần của danh sách."
        )
    if len(given) > field.max_rows:
        limit = numbers.format_integer(field.max_rows)
        raise DataError.of(
            "too-many-rows",
            f"Có {numbers.format_integer(len(given))} dòng, quá giới hạn {limit} dòng.",
            "Chia thành nhiều văn bản.",
        )
    return tuple(_row(field, number, row, problems) for number, row in enumerate(given, start=1))


def _row(field: Field, number: int, row: object, problems: list[Problem]) -> Mapping[str, Any]:
    path, label = f"{field.name}[{number}]", f"{field.title}, dòng {number}"
    if not isinstance(row, Mapping):
        what, cure = "Dòng này không có tên các cột.", "Viết mỗi dòng thành {cột: giá trị}."
        problems.append(Problem(code="not-a-row", what=what, cure=cure, field=path, label=label))
        return MappingProxyType(dict.fromkeys(field.columns))
    found: list[Problem] = []
    matched = _matched(field.columns, row, found)
    places = {
        name: {"field": f"{path}.{name}", "label": f"{label}, {column.title}"} for name, column in field.columns.items()
    }
    values = _values(field.columns, matched, places, found)
    problems.extend(problem.at(field=path, label=label) for problem in found)
    return MappingProxyType(values)


def _computed(
    field: Field, values: Mapping[str, Any], given: object, place: dict[str, str], problems: list[Problem]
) -> Decimal | None:
    """What follows from other fields. None while a source is blank; a given value that differs is an error."""
    computation = field.compute
    if computation is None:
        return None
    sources = [value for name in computation.of for value in _sources(name, values)]
    try:
        result = _result(computation, sources)
        if not fields.is_blank(given):
            _compare(field, given, result)
    except DataError as error:
        problems.extend(error.at(**place).problems)
        return None
    return result


def _result(computation: Computation, sources: list[Any]) -> Decimal | None:
    """The value, rounded as declared; a percentage is kept as a ratio.

    Raises:
        DataError: the result has more digits than a number may have here.
    """
    if computation.op == "count":
        counted = [each for each in sources if each is not None]
        if computation.option is not None:
            counted = [each for each in counted if each.id == computation.option]
        return Decimal(len(counted)) if sources != [None] else None
    if not sources or None in sources:
        return None
    sources = [_counting(each) for each in sources]
    with localcontext(Context(prec=fields.PRECISION)):
        if computation.op == "percent":
            part, whole = sources[0], sources[-1]
            return numbers.percent_of(part, whole, computation.places) if whole else None
        found = Decimal(prod(sources)) if computation.op == "product" else Decimal(sum(sources))
        places = computation.places + (2 if computation.is_ratio else 0)
        if computation.op == "mean":
            return (found / len(sources)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        return numbers.round_half_up(found, places)


def _compare(field: Field, given: object, result: Decimal | None) -> None:
    """A given value of a computed field is never printed and never silently replaced: it must agree."""
    percent = field.compute is not None and field.compute.is_ratio
    read, written = (
        (numbers.parse_percent, numbers.format_percent) if percent else (numbers.parse_decimal, numbers.format_decimal)
    )
    told = read(given)
    if result is None or told != result:
        right = written(result) if result is not None else "chưa tính được vì còn mục để trống"
        raise DataError.of(
            "computed-differs",
            f"{shown(written(told))} không đúng với kết quả tính: {right}.",
            "Bỏ giá trị này để chương trình tự tính, hoặc sửa các mục thành phần.",
        )


def _sources(name: str, values: Mapping[str, Any]) -> list[Any]:
    top, _, column = name.partition(".")
    value = values.get(top)
    if isinstance(value, tuple):
        return [row[column] for row in value] if column else list(value)
    return [value]


def _counting(value: Any) -> Any:
    """An option that stands for a number counts as that number."""
    return value.value if isinstance(value, Option) and value.value is not None else value
