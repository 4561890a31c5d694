"""From a record to ready words: what a template places, word for word. A template calculates nothing.

Besides the fields, templates find `co.<field>` (whether it is filled, or what a yes/no says) and
`danh_dau.<field>.<option>` (which option of a choice is ticked); rows have `stt`, their number.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final

from docgen.papers.fields import Level, OpenDate
from docgen.papers.per_form import per_form
from docgen.rules.choices import options
from docgen.viet import dates, numbers, periods, roman
from docgen.viet.names import sort_key, text_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from decimal import Decimal

    from docgen.papers.form import Field, Form
    from docgen.papers.record import Record
    from docgen.rules.choices import Option

DOT = "…"
DOTS_PER_LINE = 33
"""How many `…` fill a text line of 165 mm at 14 points (an ellipsis is as wide as its size)."""
DOTS_TOGETHER = 11
NO = "Không"
PART = "Phần"
ARTICLE = "Điều "
"""Opens the number of an article; a pattern `Điều 2.` begins with the second one."""
NO_BREAK_BLANK = "\u00a0"
_NUMBERS_KEPT = 4096
"""How many numbers of levels are remembered; the same few come again in every record."""


def words(record: Record) -> dict[str, Any]:
    """Everything that the record's template may ask for: text, lists of text, rows, and two tables of yes and no."""
    return _in_words(_wordings_of(record.form), record.values)


def computed_words(record: Record) -> dict[str, str]:
    """What follows from the rest of the record, as it is printed, by path (`tong_diem`, `ke_hoach[2].diem`).

    Rows are numbered as they were given; what cannot be computed yet is left out.
    """
    told = _computed_in(record.form.fields, record.values, "")
    for name, listed in record.form.fields.items():
        if listed.type == "list":
            for number, row in enumerate(record.values[name] or (), start=1):
                told |= _computed_in(listed.columns, row, f"{name}[{number}].")
    return told


def _computed_in(known: Mapping[str, Field], values: Mapping[str, Any], path: str) -> dict[str, str]:
    return {
        f"{path}{name}": _computed(field, values[name])
        for name, field in known.items()
        if field.type == "computed" and values[name] is not None
    }


@dataclass(frozen=True, slots=True, eq=False)
class _Wordings:
    """How each field of a form, or each column of a list, is put into words: all that no value changes."""

    words: tuple[tuple[str, Callable[[Any], Any], Callable[[], Any] | str], ...]
    """Name, the word for a value, and the word for none (or what makes it anew, where it is no plain text)."""
    names: tuple[str, ...]
    defaults: Mapping[str, bool]
    """For each yes/no: what a record that says nothing means."""
    ticks: tuple[tuple[str, Mapping[Option | None, Mapping[str, bool]]], ...]
    """For each choice: what is ticked for each option, and for none."""


@per_form
def _wordings_of(form: Form) -> _Wordings:
    return _wordings(form.fields)


def _wordings(known: Mapping[str, Field]) -> _Wordings:
    return _Wordings(
        words=tuple((name, *_wording(field)) for name, field in known.items()),
        names=tuple(known),
        defaults={name: field.default for name, field in known.items() if field.type == "yes_no"},
        ticks=tuple((name, _ticks(field)) for name, field in known.items() if field.type == "choice"),
    )


def _wording(field: Field) -> tuple[Callable[[Any], Any], Callable[[], Any] | str]:
    if field.type == "list":
        columns = _wordings(field.columns)
        return partial(_rows, columns, field), partial(_blank_rows, columns, field)
    blank = partial(blank_word, field)
    made = blank()
    return partial(_WORDS[field.type], field), made if isinstance(made, str) else blank


def _ticks(field: Field) -> dict[Option | None, dict[str, bool]]:
    known = options(field.choices or "")
    return {chosen: {option.id: option == chosen for option in known} for chosen in (None, *known)}


def _in_words(wordings: _Wordings, values: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, say, blank in wordings.words:
        value = values[name]
        if value is None:
            told[name] = blank if isinstance(blank, str) else blank()
        else:
            told[name] = value if type(value) is str else say(value)  # a text is its own word
    filled = {name: values[name] is not None for name in wordings.names}
    for name, default in wordings.defaults.items():
        filled[name] = default if values[name] is None else bool(values[name])
    told["co"] = filled
    told["danh_dau"] = {name: {**ticks.get(values[name], ticks[None])} for name, ticks in wordings.ticks}
    return told


def blank_word(field: Field) -> Any:
    """What is printed where a record has no value for a field that is no list: text, or a list of text or of levels."""
    return _BLANKS.get(field.type, _blank_line)(field)


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


def _blank_rows(columns: _Wordings, field: Field) -> list[dict[str, Any]]:
    """Empty rows to be filled by hand; a list that says «empty» shows none."""
    count = 0 if field.blank == "empty" else field.blank_rows
    return [_row(columns, field, dict.fromkeys(field.columns), number) for number in range(1, count + 1)]


def _blank_levels(field: Field) -> list[dict[str, Any]]:
    """Two numbered lines to be filled by hand."""
    made = [_number(field.numbering[0], (number,)) for number in (1, 2)]
    return [{"cap": "1", "so": each, "noi_dung": _rest_of_line(each), "co_con": False} for each in made]


def _rest_of_line(number: str) -> str:
    """The dots beside a number; two letters take the room of one."""
    return DOT * (DOTS_PER_LINE - 3 - (len(number) + 1) // 2)


def _rows(columns: _Wordings, field: Field, rows: tuple[Mapping[str, Any], ...]) -> list[dict[str, Any]]:
    """The rows in the list's order, numbered; the first of each group bears the group's name."""
    ordered = (
        sorted(rows, key=lambda row: [_order(field.columns[name], row[name]) for name in field.sort])
        if field.sort
        else rows
    )
    made = [_row(columns, field, row, number) for number, row in enumerate(ordered, start=1)]
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


def _row(columns: _Wordings, field: Field, values: Mapping[str, Any], number: int) -> dict[str, Any]:
    return {"stt": str(number), **_in_words(columns, values), **({"dau_nhom": ""} if field.group_by else {})}


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
    counters: tuple[int, ...] = ()
    uncounted = (0,) * len(field.numbering)
    rows = []
    for level, following in zip(value, (*value[1:], None), strict=True):
        depth = level.depth
        *above, last = (counters + uncounted)[:depth]
        counters = (*above, last + 1)
        heads = following is not None and following.depth > depth
        number = _number(field.numbering[depth - 1], counters)
        rows.append({"cap": str(depth), "so": number, "noi_dung": level.text, "co_con": heads})
    return rows


@lru_cache(maxsize=_NUMBERS_KEPT)
def _number(pattern: str, counters: tuple[int, ...]) -> str:
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
    "levels": _levels,
    "computed": _computed,
}
