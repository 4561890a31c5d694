"""From what people give to a record: every key matched to a field, every value read, every problem told at once.

A Record is complete (each field has a value or None), typed, in Unicode form NFC, and immutable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import partial
from math import prod
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from docgen.errors import DataError, Problem, shown
from docgen.papers import fields
from docgen.papers.keys import key_of, keys_of
from docgen.papers.per_form import per_form
from docgen.rules.choices import Option
from docgen.viet import numbers
from docgen.viet.nearest import nearest
from docgen.viet.remembered import remembered

if TYPE_CHECKING:
    from collections.abc import Callable

    from docgen.papers.form import Computation, Field, Form

    Place = Callable[[Field], dict[str, Any]]

FAMILY_KEYS = frozenset({"doi_tuong"})
"""Keys that choose the form inside a family; they are no fields, and every form accepts them."""
_LONGEST_KEY = 400
"""Letters of a key whose meaning is worth remembering; the longest printed labels have some three hundred."""


@dataclass(frozen=True, slots=True)
class Record:
    """One person's or one body's checked answers to one form."""

    form: Form
    values: Mapping[str, Any]
    warnings: tuple[Problem, ...] = ()


def record(form: Form, given: Mapping[Any, object], *fallbacks: Mapping[Any, object]) -> Record:
    """Check what is given against the form.

    A field that `given` leaves blank takes its value from the first fallback that has one (values common to a list,
    then the organisation's profile); what a fallback holds beside the form's fields is not its business here. For many
    records let `matched` prepare the fallbacks once.

    Raises:
        DataError: every problem of the whole record.
    """
    read = unfinished(form, given, *fallbacks)
    if any(problem.severity == "error" for problem in read.warnings):
        raise DataError(read.warnings)
    return read


def unfinished(form: Form, given: Mapping[Any, object], *fallbacks: Mapping[Any, object]) -> Record:
    """As much as can be read of a record on which somebody still works; it is for showing, never for printing.

    What is missing or wrong is None, and `warnings` has its errors too.
    """
    asked, problems = _asked_by(form), list[Problem]()
    values = _matched(asked, given, problems)
    for fallback in fallbacks:
        for name, value in matched(form, fallback).items():
            if fields.is_blank(values.get(name)):
                values[name] = value
    typed = _values(asked, values, _place, problems)
    return Record(form, MappingProxyType(typed), tuple(problems))


def matched(form: Form, fallback: Mapping[Any, object]) -> Mapping[str, object]:
    """What a fallback holds for the fields of this form, under their names; `record` matches it no further."""
    if isinstance(fallback, _Matched) and fallback.form is form:
        return fallback
    return _Matched(form, _matched(_asked_by(form), fallback, None))


class _Matched(dict[str, object]):
    """A fallback under the names of a form's fields."""

    __slots__ = ("form",)

    def __init__(self, form: Form, values: Mapping[str, object]) -> None:
        super().__init__(values)
        self.form = form


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """The fields of a form, or the columns of a list, with all that does not depend on what is given."""

    known: Mapping[str, Field]
    names: Mapping[str, tuple[str, ...]]
    """The fields that bear each key."""
    given: tuple[tuple[str, Field, bool], ...]
    """What is not computed, and whether something follows even where nothing is given."""
    computed: tuple[Field, ...]
    lists: Mapping[str, _Asked]


def _asked(known: Mapping[str, Field]) -> _Asked:
    names: dict[str, tuple[str, ...]] = {}
    for name, field in known.items():
        for key in keys_of(field):
            names[key] = (*names.get(key, ()), name)
    plain = ((name, field) for name, field in known.items() if field.type != "computed")
    return _Asked(
        known=known,
        names=names,
        given=tuple((name, field, field.required or bool(field.default_rows)) for name, field in plain),
        computed=tuple(field for field in known.values() if field.type == "computed"),
        lists={name: _asked(field.columns) for name, field in known.items() if field.type == "list"},
    )


@per_form
def _asked_by(form: Form) -> _Asked:
    return _asked(form.fields)


def _place(field: Field) -> dict[str, Any]:
    return {"field": field.name, "label": field.title}


def _matched(asked: _Asked, given: Mapping[Any, object], problems: list[Problem] | None) -> dict[str, object]:
    """The given values under field names; keys may be names, labels or aliases, in any case, with or without accents.

    A label that several fields bear names none of them: their own names must be used. Without `problems` (a source of
    values for many papers) what does not belong here is passed over.
    """
    found: list[Problem] = []
    values: dict[str, object] = {}
    for key, value in given.items():
        name, misnamed = (key, None) if key in asked.known else _meant(asked, key)
        if name is None:
            found += [misnamed] if misnamed else []
        elif name not in values or fields.is_blank(values[name]):
            values[name] = value
        elif not fields.is_blank(value):
            twice = Problem(code="given-twice", what="Được điền hai lần.", cure="Giữ lại một.")
            found.append(twice.at(**_place(asked.known[name])))
    if problems is not None:
        problems.extend(found)
    return values


def _meant(asked: _Asked, key: object) -> tuple[str | None, Problem | None]:
    """The field that a key other than its name means; where it means none, what is wrong with it, if anything is."""
    return _meant_by_text(asked, key) if type(key) is str else _meaning(asked, key)


@remembered(_LONGEST_KEY)
def _meant_by_text(asked: _Asked, key: str) -> tuple[str | None, Problem | None]:
    return _meaning(asked, key)


def _meaning(asked: _Asked, key: object) -> tuple[str | None, Problem | None]:
    names = asked.names.get(key_of(key), ())
    if len(names) == 1:
        return names[0], None
    if names:
        return None, _ambiguous(key, names)
    return None, None if key in FAMILY_KEYS else _unknown(key, asked.known)


def _ambiguous(key: object, names: tuple[str, ...]) -> Problem:
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


def _values(asked: _Asked, given: Mapping[str, object], place: Place, problems: list[Problem]) -> dict[str, Any]:
    """The typed value of every field in the fields' order; what is computed comes last and finds the others ready."""
    values = {
        name: _one(asked, field, given.get(name), place, problems) if insists or name in given else None
        for name, field, insists in asked.given
    }
    if not asked.computed:
        return values
    for field in asked.computed:
        values[field.name] = _computed(field, values, given.get(field.name), place, problems)
    return {name: values[name] for name in asked.known}


def _one(asked: _Asked, field: Field, given: object, place: Place, problems: list[Problem]) -> Any:
    """The typed value of one field or None; problems and notes go into the list with their place."""
    if fields.is_blank(given):
        if not field.default_rows:
            if field.required:
                problems.append(_missing(field).at(**place(field)))
            return None
        given = list(field.default_rows)
    try:
        if field.type == "list":
            return _rows(asked.lists[field.name], field, given, problems)
        value, notes = fields.read(field, given)
    except DataError as error:
        problems.extend(error.at(**place(field)).problems)
        return None
    if notes:
        problems.extend(Problem(code="tidied", what=note, severity="warning", **place(field)) for note in notes)
    if fields.is_blank(value):
        if field.required:
            problems.append(_missing(field).at(**place(field)))
        return None
    return value


def _missing(field: Field) -> Problem:
    cure = f"Điền mục này, ví dụ: {field.example}." if field.example else "Điền mục này."
    return Problem(code="required", what="Chưa được điền.", cure=cure)


def _rows(asked: _Asked, field: Field, given: object, problems: list[Problem]) -> tuple[Mapping[str, Any], ...]:
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
    return tuple([_row(asked, field, number, row, problems) for number, row in enumerate(given, start=1)])


def _row(asked: _Asked, field: Field, number: int, row: object, problems: list[Problem]) -> Mapping[str, Any]:
    path, label = f"{field.name}[{number}]", f"{field.title}, dòng {number}"
    if not isinstance(row, Mapping):
        what, cure = "Dòng này không có tên các cột.", "Viết mỗi dòng thành {cột: giá trị}."
        problems.append(Problem(code="not-a-row", what=what, cure=cure, field=path, label=label))
        return MappingProxyType(dict.fromkeys(asked.known))
    found: list[Problem] = []
    given = _matched(asked, row, found)
    values = _values(asked, given, partial(_cell_place, path, label), found)
    problems.extend(problem.at(field=path, label=label) for problem in found)
    return MappingProxyType(values)


def _cell_place(path: str, label: str, column: Field) -> dict[str, Any]:
    return {"field": f"{path}.{column.name}", "label": f"{label}, {column.title}"}


def _computed(
    field: Field, values: Mapping[str, Any], given: object, place: Place, problems: list[Problem]
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
        problems.extend(error.at(**place(field)).problems)
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
