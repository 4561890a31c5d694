"""Starting the next paper from one that exists: what a form's `[[carry]]` entries say is taken over, nothing else.

Nothing is invented: what the new paper asks beyond that stays open and is told, field by field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from docgen.errors import DataError, Problem
from docgen.papers.fields import is_blank
from docgen.papers.form import places
from docgen.papers.library import form
from docgen.papers.record import record

if TYPE_CHECKING:
    from docgen.papers.form import CarriedText, Carry, Field, Form

TALLY = "tally"
"""The name under which the result of a count is a source."""


@dataclass(frozen=True, slots=True)
class Carried:
    """The beginning of a record of the new paper, and a warning for each field that is still to be completed."""

    values: Mapping[str, Any]
    open_fields: tuple[Problem, ...]


def sources(target: Form) -> tuple[str, ...]:
    """The papers (and `tally`) from which a record of this paper can start."""
    return tuple(dict.fromkeys(name for entry in target.carry for name in entry.source))


def carry(source: str, given: Mapping[str, Any], target: Form) -> Carried:
    """Begin a record of `target` from the plain values of a record of the paper `source` (or from a count).

    Raises:
        DataError: the target does not start from this source.
    """
    entries = [entry for entry in target.carry if source in entry.source]
    if not entries:
        known = ", ".join(sources(target))
        raise DataError.of(
            "carry-unknown",
            f"Không chuyển được dữ liệu từ {source} sang {target.id}.",
            f"{target.id} nhận từ: {known}." if known else f"{target.id} không nhận dữ liệu từ giấy tờ nào.",
        )
    values: dict[str, Any] = {}
    for entry in entries:
        values |= _taken(entry, given)
    return Carried(values, tuple(_open(target.fields, values)))


def _taken(entry: Carry, given: Mapping[str, Any]) -> dict[str, Any]:
    found_values = {name: _at(given, path) for name, path in entry.values.items()}
    taken = {name: value for name, value in found_values.items() if not is_blank(value)}
    for name, rows in entry.rows.items():
        found = [{column: _at(row, path) for column, path in rows.columns.items()} for row in _rows(given, rows.list)]
        taken |= {name: found} if found else {}
    for name, text in entry.paragraphs.items():
        found_text = [_paragraph(text, row) for row in _rows(given, text.list)]
        taken |= {name: found_text} if found_text else {}
    return taken


def _at(given: Mapping[str, Any], path: str) -> Any:
    """The value under a name, or below it (`cap.allowed`)."""
    found: Any = given
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _rows(given: Mapping[str, Any], name: str) -> Iterable[Mapping[str, Any]]:
    """The rows of a list; the paragraphs of an answer count as rows with one column, `doan`."""
    found = given.get(name) or ()
    entries = [found] if isinstance(found, str) else found
    return [row if isinstance(row, Mapping) else {"doan": row} for row in entries]


def _paragraph(text: CarriedText, row: Mapping[str, Any]) -> str:
    made = text.text
    for name in places(text.text):
        made = made.replace("{" + name + "}", str(row.get(name) or "…"))
    return made


def _open(
    fields: Mapping[str, Field], values: Mapping[str, Any], parent: str = "", told: str = ""
) -> Iterable[Problem]:
    """What is still to be written: every field without a value, in rows too."""
    for name, field in fields.items():
        if field.type in {"computed", "yes_no"}:
            continue
        if is_blank(values.get(name)):
            yield Problem(
                code="to-complete",
                what="Chưa có nội dung, cần viết tiếp.",
                severity="warning",
                field=f"{parent}{name}",
                label=f"{told}{field.title}",
            )
        elif field.type == "list":
            for number, row in enumerate(values[name], start=1):
                yield from _open(field.columns, row, f"{name}[{number}].", f"{field.title}, dòng {number}, ")


def source_of(target: Form, given: Mapping[Any, object]) -> str:
    """Which of the target's sources a record without a name is: the only one whose fields are all that it gives.

    Raises:
        DataError: none of them, or more than one.
    """
    if {"rules", "groups"} <= given.keys() and TALLY in sources(target):
        return TALLY
    fitting = [name for name in sources(target) if name != TALLY and _is_record_of(name, given)]
    if len(fitting) == 1:
        return fitting[0]
    raise DataError.of(
        "carry-source",
        "Không rõ dữ liệu này là của giấy tờ nào.",
        f"Nói rõ bằng --from, một trong: {', '.join(fitting or sources(target)) or 'không có'}.",
    )


def _is_record_of(name: str, given: Mapping[Any, object]) -> bool:
    try:
        return not any(problem.code == "unknown-field" for problem in record(form(name), given).warnings)
    except DataError:
        return False
