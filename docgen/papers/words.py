"""From a record to ready words: what a template places, word for word. A template calculates nothing.

Besides the fields, templates find `co.<field>` (whether it is filled, or what a yes/no says) and
`danh_dau.<field>.<option>` (which option of a choice is ticked); rows have `stt`, their number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from docgen.papers.fields import Level, OpenDate
from docgen.rules.choices import options
from docgen.viet import dates, numbers, periods, roman
from docgen.viet.names import sort_key, text_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from decimal import Decimal

    from docgen.papers.form import Field
    from docgen.papers.record import Record

DOT = "…"
DOTS_PER_LINE = 33
"""How many `…` fill a text line of 165 mm at 14 points (an ellipsis is as wide as its size)."""
DOTS_TOGETHER = 11
NO = "Không"
PART = "Phần"
ARTICLE = "Điều "
"""Opens the number of an article; a pattern `Điều 2.` begins with the second one."""
NO_BREAK_BLANK = "\u00a0"


def words(record: Record) -> dict[str, Any]:
    """Everything that the record's template may ask for: text, lists of text, rows, and two tables of yes and no."""
    known = record.form.fields
    return {
        **{name: _word(field, record.values[name]) for name, field in known.items()},
        "co": {name: _filled(record.values[name], field) for name, field in known.items()},
        "danh_dau": _ticked(known, record.values),
    }


def _filled(value: Any, field: Field) -> bool:
    if field.type == "yes_no":
        return field.default if value is None else bool(value)
    return value is not None


def _ticked(known: Mapping[str, Field], values: Mapping[str, Any]) -> dict[str, dict[str, bool]]:
    return {
        name: {option.id: values[name] == option for option in options(field.choices or "")}
        for name, field in known.items()
        if field.type == "choice"
    }


def _word(field: Field, value: Any) -> Any:
    if value is None:
        return _BLANKS.get(field.type, _blank_line)(field)
    return _WORDS[field.type](field, value)


def _blank_line(field: Field) -> str:
    """What a line shows where nothing was given."""
    return {"empty": NO_BREAK_BLANK * field.hand_room, "không": NO}.get(field.blank, _dots(field.dots))


def _dots(count: int) -> str:
    """So many dots; more than fit on a line are parted by blanks, or no line of justified text could hold them."""
    groups, rest = divmod(count, DOTS_TOGETHER) if count > DOTS_PER_LINE else (0, count)
    return " ".join([DOT * DOTS_TOGETHER] * groups + [DOT * rest] * bool(rest))


def _blank_paragraphs(field: Field) -> list[str]:
    """One paragraph in any case: a control is never empty."""
    return [{"dots": DOT * field.dots, "không": f"{NO}."}.get(field.blank, NO_BREAK_BLANK)]


def _blank_date(field: Field) -> str:
    if field.format == "long":
        return dates.dotted_date(None) if field.blank == "dots" else dates.blank_date(None)
    return _blank_line(field)


def _blank_rows(field: Field) -> list[dict[str, Any]]:
    """Empty rows to be filled by hand; a list that says «empty» shows none."""
    count = 0 if field.blank == "empty" else field.blank_rows
    return [_row(field, dict.fromkeys(field.columns), number) for number in range(1, count + 1)]


def _blank_levels(field: Field) -> list[dict[str, Any]]:
    """Two numbered lines to be filled by hand."""
    made = [_number(field.numbering[0], [number]) for number in (1, 2)]
    return [{"cap": "1", "so": each, "noi_dung": _rest_of_line(each), "co_con": False} for each in made]


def _rest_of_line(number: str) -> str:
    """The dots beside a number; two letters take the room of one."""
    return DOT * (DOTS_PER_LINE - 3 - (len(number) + 1) // 2)


def _rows(field: Field, rows: tuple[Mapping[str, Any], ...]) -> list[dict[str, Any]]:
    """The rows in the list's order, numbered; the first of each group bears the group's name."""
    ordered = (
        sorted(rows, key=lambda row: [_order(field.columns[name], row[name]) for name in field.sort])
        if field.sort
        else rows
    )
    made = [_row(field, row, number) for number, row in enumerate(ordered, start=1)]
    if field.group_by:
        names = [row[field.group_by] for row in made]
        for row, name, before in zip(made, names, ["", *names], strict=False):
            row["dau_nhom"] = name if name != before and row["co"][field.group_by] else ""
    return made


def _order(column: Field, value: Any) -> tuple[bool, Any]:
    """The key of one cell: persons by given name, other text by the alphabet, options as printed; blanks come last."""
    if value is None:
        return (True, ())
    if column.type == "choice":
        return (False, options(column.choices or "").index(value))
    keys = {"name": sort_key, "text": text_key}
    return (False, keys[column.type](value) if column.type in keys else value)


def _row(field: Field, values: Mapping[str, Any], number: int) -> dict[str, Any]:
    return {
        "stt": str(number),
        **{name: _word(column, values[name]) for name, column in field.columns.items()},
        "co": {name: _filled(values[name], column) for name, column in field.columns.items()},
        "danh_dau": _ticked(field.columns, values),
        **({"dau_nhom": ""} if field.group_by else {}),
    }


def _date(field: Field, value: date | OpenDate) -> str:
    if isinstance(value, OpenDate):
        opened = dates.dotted_date if field.blank == "dots" else dates.blank_date
        return opened(value.year, value.month)
    return dates.long_date(value) if field.format == "long" else dates.short_date(value)


def _quarter(field: Field, value: periods.Quarter) -> str:
    if field.format == "number":
        return roman.to_roman(value.quarter)
    written = periods.quarter_long if field.format == "long" else periods.quarter_short
    return written(value.quarter, value.year)


def _computed(field: Field, value: Decimal) -> str:
    if field.compute is not None and field.compute.is_ratio:
        return numbers.format_percent(value, field.compute.places)
    return (numbers.padded if field.format == "padded" else numbers.format_decimal)(value)


def _levels(field: Field, value: tuple[Level, ...]) -> list[dict[str, Any]]:
    """Each level with its number: counters of deeper levels begin again below every entry."""
    counters = [0] * len(field.numbering)
    rows = []
    for level, following in zip(value, (*value[1:], None), strict=True):
        counters[level.depth - 1] += 1
        counters[level.depth :] = [0] * (len(counters) - level.depth)
        number = _number(field.numbering[level.depth - 1], counters[: level.depth])
        heads = following is not None and following.depth > level.depth
        rows.append({"cap": str(level.depth), "so": number, "noi_dung": level.text, "co_con": heads})
    return rows


def _number(pattern: str, counters: list[int]) -> str:
    """The number of an entry in the way of its pattern: `I.` `I-` `1.` `1.1.` `a)` `-`."""
    last = counters[-1]
    mark = pattern.rstrip(".)-")
    if not mark:
        return pattern
    ending = pattern[len(mark) :]
    if mark.startswith((PART, ARTICLE)):
        return _worded(mark, last) + ending
    if mark == "I":
        return roman.to_roman(last) + ending
    if mark == "a":
        return _letter(last) + ending
    if "." in mark:
        return ".".join(str(each) for each in counters[-(mark.count(".") + 1) :]) + ending
    return str(last) + ending


def _worded(mark: str, number: int) -> str:
    """`Phần II`; an article counts on from the number in its pattern."""
    if mark.startswith(PART):
        return f"{PART} {roman.to_roman(number)}"
    return f"{ARTICLE}{int(mark.removeprefix(ARTICLE)) + number - 1}"


def _letter(number: int) -> str:
    """A point's letter: a b c d đ e g h i k l m n o p q r s t u v x y, the Vietnamese alphabet; then aa, ab and on."""
    letters = "abcdđeghiklmnopqrstuvxy"
    first, last = divmod(number - 1, len(letters))
    return (_letter(first) if first else "") + letters[last]


_BLANKS: Final[Mapping[str, Callable[[Field], Any]]] = {
    "paragraphs": _blank_paragraphs,
    "date": _blank_date,
    "list": _blank_rows,
    "levels": _blank_levels,
    "yes_no": lambda _: NO_BREAK_BLANK,
}
_WORDS: Final[Mapping[str, Callable[[Field, Any], Any]]] = {
    "text": lambda _, value: value,
    "name": lambda _, value: value,
    "paragraphs": lambda _, value: list(value),
    "date": _date,
    "month": lambda _, value: periods.month_long(value.month, value.year),
    "quarter": _quarter,
    "year": lambda _, value: str(value),
    "integer": lambda field, value: (numbers.padded if field.format == "padded" else numbers.format_integer)(value),
    "decimal": lambda _, value: numbers.format_decimal(value),
    "percent": lambda _, value: numbers.format_percent(value),
    "choice": lambda _, value: value.label,
    "yes_no": lambda _, value: "Có" if value else NO,
    "list": _rows,
    "levels": _levels,
    "computed": _computed,
}
