"""What a list is asked for: the fields of one form, or of several forms together, and what a cell may hold for each."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from docgen.papers.plain import plain
from docgen.papers.schema import accepted
from docgen.viet.dates import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from docgen.papers.form import Field, Form
    from docgen.papers.record import Record
    from docgen.tables.excel import Kind

YES_NO: Final = ("Có", "Không")
_OF_THE_OFFICE: Final = frozenset(
    {
        "co_quan_cap_tren", "co_quan_ban_hanh", "dang_bo", "dang_uy", "viet_tat", "noi_ky", "thay_mat", "chuc_vu_ky",
        "nguoi_ky", "noi_nhan",
    }
)  # fmt: skip
"""How every form calls what belongs to the office and not to one paper; an organisation's profile says it so too."""
_OF_THE_PERIOD: Final = frozenset({"year", "quarter", "month"})


class Checks(NamedTuple):
    """What a cell may hold; limits of a percentage are those of its ratio."""

    kind: Kind = "text"
    choices: tuple[str, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One field, and every form that asks for it in its own way; the first one names the column."""

    ways: tuple[tuple[Form, Field], ...]

    @property
    def field(self) -> Field:
        """The field as the first form has it."""
        return self.ways[0][1]

    @property
    def required(self) -> bool:
        """Whether none of the forms can do without it."""
        return all(field.required for _, field in self.ways)

    @property
    def checks(self) -> Checks:
        """What all the forms agree on; where they differ nothing is checked, because one of them would accept it."""
        found = {_checks(field) for _, field in self.ways}
        return found.pop() if len(found) == 1 else Checks()

    @property
    def columns(self) -> list[Asked]:
        """For a list: what its rows are asked for."""
        return asked((form, field.columns) for form, field in self.ways)

    @property
    def shared(self) -> bool:
        """Whether it is usually the same for a whole list: the period, the papers' date and place, their issuer."""
        field = self.field
        dated = field.type == "date" and field.format == "long"
        return dated or field.type in _OF_THE_PERIOD or field.name in _OF_THE_OFFICE


def asked(groups: Iterable[tuple[Form, Mapping[str, Field]]]) -> list[Asked]:
    """The fields of all the groups but the computed ones, in the first group's order.

    What only a later group has stands behind the field that it follows there.
    """
    ways: dict[str, list[tuple[Form, Field]]] = {}
    order: list[str] = []
    for form, fields in groups:
        place = 0
        for name, field in fields.items():
            if field.type == "computed":
                continue
            if name not in ways:
                order.insert(place, name)
            place = order.index(name) + 1
            ways.setdefault(name, []).append((form, field))
    return [Asked(tuple(ways[name])) for name in order]


def cells(record: Record) -> dict[str, Any]:
    """A record's values as cells hold them, by field name; of a list, a row of cells for each of its rows.

    Numbered levels lose their headings: a cell holds one level, and of the record's levels the innermost one is kept.
    """
    return _cells(record.form.fields, record.values, plain(record))


def _cells(fields: Mapping[str, Field], values: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _cell(fields[name], values[name], written) for name, written in told.items()}


def _cell(field: Field, value: Any, written: Any) -> Any:
    if field.type == "list":
        return [_cells(field.columns, row, told) for row, told in zip(value, written, strict=True)]
    if field.type == "yes_no":
        return YES_NO[0] if value else YES_NO[1]
    if _checks(field).kind != "text":
        return value
    return "\n".join(_lines(written)) if isinstance(written, list) else written


def _lines(entries: Iterable[Any]) -> Iterator[str]:
    for entry in entries:
        if isinstance(entry, str):
            yield entry
        else:
            yield from _lines(entry["con"])


def _checks(field: Field) -> Checks:
    kind = "open_date" if field.type == "date" and field.format == "long" else field.type
    return _CHECKS[kind](field) if kind in _CHECKS else Checks()


def _limits(field: Field, divisor: int = 1) -> tuple[Decimal | None, Decimal | None]:
    low, high = (None if limit is None else Decimal(limit) / divisor for limit in (field.minimum, field.maximum))
    return low, high


_CHECKS: Final[Mapping[str, Callable[[Field], Checks]]] = {
    "choice": lambda field: Checks(choices=tuple(accepted(field))),
    "yes_no": lambda _: Checks(choices=YES_NO),
    "date": lambda _: Checks("date"),
    "year": lambda _: Checks("integer", (), Decimal(FIRST_YEAR), Decimal(LAST_YEAR)),
    "integer": lambda field: Checks("integer", (), *_limits(field)),
    "decimal": lambda field: Checks("number", (), *_limits(field)),
    "percent": lambda field: Checks("percent", (), *_limits(field, 100)),
}
"""All else is text, a date that may be left open too: a sheet makes a day of «11/2026», and one in 1905 of «2026»."""
