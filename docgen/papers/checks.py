"""A record held against the rules that its form declares (`[[checks]]`): what fails is a warning with its clause.

Nothing is mended here. What each rule does stands in `docgen.papers.check_rules`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from docgen.errors import FormError, Problem, shown
from docgen.papers.check_case import Case
from docgen.papers.check_rules import RULES, label_of, level_due, names_in, type_of
from docgen.papers.per_form import per_form
from docgen.papers.profile import Profile
from docgen.rules.issuing import types_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from docgen.papers.form import Check, Field, Form
    from docgen.papers.record import Record

LEVELS: Final = "muc-chat-luong"
"""The choices that a level is one of."""
_NO_HOUSE: Final = Profile()
_NUMBERS: Final = frozenset({"integer", "decimal", "percent", "computed"})
_TEXTS: Final = frozenset({"text", "name", "paragraphs"})
_TYPES: Final[Mapping[str, frozenset[str]]] = {
    "number": _NUMBERS,
    "numbers": _NUMBERS,
    "date": _TEXTS | {"date", "month", "quarter", "year"},
    "level": _TEXTS | {"choice"},
    "text": _TEXTS | {"choice"},
    "columns": frozenset(),
}
"""Which types of field a role of this kind takes; an empty set takes all."""


def warnings(record: Record, house: Profile | None = None) -> tuple[Problem, ...]:
    """What the rules of the record's form find: Vietnamese, with the right value, the place and the clause.

    `house` says how the organisation reads the cap, where the regulation can be read two ways.

    Raises:
        FormError: the form's checks are not well declared.
    """
    broken = _broken(record.form)
    if broken:
        raise FormError(broken)
    cases = [Case(record, check, house or _NO_HOUSE) for check in record.form.checks]
    return tuple([problem for case in cases for problem in RULES[case.check.rule].run(case)])


def levels_due(record: Record, house: Profile | None = None) -> dict[str, str]:
    """Of each field that holds a level: to which one the points so far lead, in Vietnamese, with the clause."""
    told = {}
    for check in record.form.checks:
        case = Case(record, check, house or _NO_HOUSE)
        due = level_due(case) if check.rule == "level-against-points" else None
        if due is not None:
            told[case.role("level")] = f"Điểm này ứng với mức «{label_of(due)}» (từ {due.least} điểm; {due.clause})."
    return told


def broken_checks(form: Form) -> list[Problem]:
    """Every check of the form that names no rule, lacks a role, or gives a role to what is no such field."""
    return list(_broken(form))


@per_form
def _broken(form: Form) -> tuple[Problem, ...]:
    found = []
    for number, check in enumerate(form.checks, start=1):
        for what in _declared_wrong(form, check):
            cure = "Sửa phần [[checks]] trong form.toml."
            found.append(Problem(code="form-check", what=what, cure=cure, field=f"checks[{number}]"))
    return tuple(found)


def _declared_wrong(form: Form, check: Check) -> Iterator[str]:
    rule = RULES.get(check.rule)
    if rule is None:
        yield f"Không có quy tắc {shown(check.rule)}; có: {', '.join(RULES)}."
        return
    for role in sorted(rule.roles.keys() - rule.optional - check.roles.keys()):
        yield f"Quy tắc {check.rule} thiếu vai «{role}»."
    if "type" in rule.roles and "type" not in check.roles and not types_of(type_of(form) or ""):
        yield f"Quy tắc {check.rule} thiếu vai «type»: số văn bản của biểu mẫu không cho biết tên loại."
    listed = form.fields.get(check.roles.get("list", ""))
    if "list" in check.roles and (listed is None or listed.type != "list"):
        yield f"Vai «list»: {shown(check.roles['list'])} không phải danh sách của biểu mẫu."
        return
    for role, told in check.roles.items():
        yield from _wrong_role(form, check, role, told)


def _wrong_role(form: Form, check: Check, role: str, told: str) -> Iterator[str]:
    kind, listed = RULES[check.rule].roles.get(role), form.fields.get(check.roles.get("list", ""))
    if kind is None:
        yield f"Quy tắc {check.rule} không có vai {shown(role)}."
    elif kind == "type" and not types_of(told):
        yield f"Vai «{role}»: {shown(told)} không phải tên loại văn bản."
    elif kind not in {"type", "list"}:
        for name in names_in(told) if kind in {"numbers", "columns"} else [told]:
            if not _is_named(form, kind, name, listed):
                yield f"Vai «{role}»: {shown(name)} không phải mục thích hợp của biểu mẫu."


def _is_named(form: Form, kind: str, name: str, listed: Field | None) -> bool:
    """Whether the name is a field (or column) that a role of this kind takes."""
    top, _, column = name.partition(".")
    field = form.fields.get(top)
    if kind == "path":
        return field is not None and (column in field.columns if column or field.type == "list" else True)
    rows = listed.columns if listed else {}
    named = rows.get(name) or (None if kind == "columns" else form.fields.get(name))
    if named is None or (kind == "level" and named.type == "choice" and named.choices != LEVELS):
        return False
    return not _TYPES[kind] or named.type in _TYPES[kind]
