"""What each type of field accepts: one reader per type, from what people give to one typed value.

A reader gets the field and a value that is not blank, and returns the value with Vietnamese notes on what was tidied.
It raises DataError with every reason at once; the place (field, label) is added by `docgen.papers.record`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any, Final

from docgen.errors import DataError, Problem, shown
from docgen.rules.choices import Option, option_keys, options, written_key
from docgen.viet import dates, numbers, periods, text
from docgen.viet.nearest import nearest
from docgen.viet.remembered import remembered

if TYPE_CHECKING:
    from docgen.papers.form import Field

MAX_CHARACTERS: Final[Mapping[str, int]] = {"name": 120, "text": 1_000, "paragraphs": 100_000, "levels": 100_000}
"""The longest text per type, unless the field says otherwise; a refusal names the limit."""
MAX_LEVELS: Final = 2_000
"""The most entries of numbered levels (Roman numerals end at 3,999)."""
PRECISION: Final = 60
"""Digits of calculations with numbers as people give them (27 before the comma, 20 after it)."""
YES: Final = frozenset({"có", "co", "x", "đúng", "true", "yes", "1"})
NO: Final = frozenset({"không", "khong", "sai", "false", "no", "0"})
_SINGLE: Final = frozenset({bool, int, float, Decimal, date, datetime, Option})
"""The usual kinds of one value; to ask what is no mapping takes much longer."""
_MANY: Final = (list, tuple, Mapping)
_LONGEST_WRITTEN: Final = 100
"""Characters of an option or an open date that is worth remembering."""


@dataclass(frozen=True, slots=True)
class OpenDate:
    """A date of which the day, or the day and the month, are left open for writing by hand."""

    year: int
    month: int | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """One paragraph of numbered levels: its depth (1 = outermost) and its text."""

    depth: int
    text: str


Value = (
    str
    | tuple[str, ...]
    | date
    | OpenDate
    | periods.Month
    | periods.Quarter
    | int
    | Decimal
    | Option
    | bool
    | tuple[Level, ...]
)
Read = tuple[Any, tuple[str, ...]]
"""A typed value and the notes on what was tidied."""


def read(field: Field, given: object) -> Read:
    """The typed value of a field that is not a list and not computed.

    Raises:
        DataError: every reason why the value cannot stand in this field.
    """
    return _READERS[field.type](field, given)


def is_blank(given: object) -> bool:
    """Whether a value says nothing: None, text without a visible character, an empty list."""
    if isinstance(given, str):
        return not given.strip()
    return given is None or (type(given) not in _SINGLE and isinstance(given, _MANY) and not given)


def _as_text(given: object) -> str:
    """What people mean by a value where text is due: numbers and dates by the Vietnamese rules, else a refusal."""
    if isinstance(given, str):
        return given
    if isinstance(given, bool):
        raise DataError.of("not-text", "Ở đây cần chữ, không phải giá trị đúng/sai.", "Viết «Có» hoặc «Không».")
    if isinstance(given, int | float | Decimal):
        return numbers.format_decimal(given).replace(".", "") if _is_code(given) else numbers.format_decimal(given)
    if isinstance(given, datetime | date):
        return dates.short_date(dates.parse_date(given))
    raise DataError.of("not-text", "Ở đây cần một đoạn chữ, không phải danh sách hay bảng.", "Viết nội dung thành chữ.")


def _is_code(given: float | Decimal) -> bool:
    """Whole numbers given where text is due are codes or room numbers more often than amounts: no group dots."""
    return numbers.exact(given) == numbers.exact(given).to_integral_value()


def _within(field: Field, length: int) -> None:
    limit = field.max_characters or MAX_CHARACTERS[field.type]
    if length > limit:
        raise DataError.of(
            "too-long",
            f"Dài {numbers.format_integer(length)} ký tự, quá giới hạn {numbers.format_integer(limit)} ký tự.",
            "Rút ngắn nội dung, hoặc đưa phần chi tiết vào phụ lục.",
        )


def _text(field: Field, given: object) -> Read:
    raw = _as_text(given)
    _within(field, len(raw))
    cleaned = (text.clean_name if field.type == "name" else text.clean_line)(raw)
    return cleaned.text, cleaned.notes


def _paragraphs(field: Field, given: object) -> Read:
    lines = given if isinstance(given, list | tuple) else [given]
    raw = "\n".join(_as_text(line) for line in lines if line is not None)
    _within(field, len(raw))
    cleaned = text.clean_paragraphs(raw)
    return cleaned.lines, cleaned.notes


def _date(field: Field, given: object) -> Read:
    ordinary = dates.ordinary_date(given) if isinstance(given, str) else None
    if ordinary is not None:
        return ordinary, ()
    if field.format == "long":
        opened = _open_date(given)
        if opened is not None:
            return opened, ()
    return dates.parse_date(_scalar(given)), ()


def _open_date(given: object) -> OpenDate | None:
    """A date to be completed by hand: only a year (2026), or a month of a year (11/2026)."""
    if isinstance(given, str):
        return _open_date_written(given)
    return _read_open_date(given) if isinstance(given, int) and not isinstance(given, bool) else None


@remembered(_LONGEST_WRITTEN)
def _open_date_written(given: str) -> OpenDate | None:
    return _read_open_date(given)


def _read_open_date(given: str | int) -> OpenDate | None:
    try:
        return OpenDate(periods.parse_year(given))
    except DataError:
        pass
    try:
        month = periods.parse_month(given)
    except DataError:
        return None
    return OpenDate(month.year, month.month) if month.year else None


def _scalar(given: object) -> Any:
    if type(given) not in _SINGLE and isinstance(given, _MANY):
        raise DataError.of(
            "not-one-value", "Ở đây cần một giá trị, không phải danh sách hay bảng.", "Viết một giá trị."
        )
    return given


def _integer(field: Field, given: object) -> Read:
    number = numbers.parse_integer(_scalar(given))
    _between(field, Decimal(number))
    return number, ()


def _decimal(field: Field, given: object) -> Read:
    number = numbers.parse_decimal(_scalar(given))
    _between(field, number)
    _not_too_fine(field, number)
    return number, ()


def _percent(field: Field, given: object) -> Read:
    ratio = numbers.parse_percent(_scalar(given))
    points = Context(prec=PRECISION).multiply(ratio, Decimal(100))
    _between(field, points)
    _not_too_fine(field, points)
    return ratio, ()


def _not_too_fine(field: Field, number: Decimal) -> None:
    """More decimals than are printed would have to be rounded, and nothing given is altered here."""
    if number != numbers.round_half_up(number, field.places):
        raise DataError.of(
            "too-many-decimals",
            f"{shown(numbers.format_decimal(number))} có quá nhiều chữ số thập phân.",
            f"Làm tròn còn nhiều nhất {field.places} chữ số sau dấu phẩy.",
        )


def _between(field: Field, number: Decimal) -> None:
    low, high = field.minimum, field.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        bounds = (
            f"từ {low} đến {high}"
            if None not in (low, high)
            else f"từ {low} trở lên"
            if high is None
            else f"không quá {high}"
        )
        raise DataError.of(
            "out-of-range", f"{shown(numbers.format_decimal(number))} nằm ngoài khoảng cho phép.", f"Viết số {bounds}."
        )


def _choice(field: Field, given: object) -> Read:
    option = _option(field.choices or "", _as_text(_scalar(given)))
    if option is not None:
        return option, ()
    labels = [each.label for each in options(field.choices or "")]
    close = nearest(str(given), labels)
    raise DataError.of(
        "not-an-option",
        f"{shown(given)} không phải một lựa chọn ở đây.",
        f"Có phải là «{close}»?" if close else f"Chọn một trong: {'; '.join(labels)}.",
    )


@remembered(_LONGEST_WRITTEN)
def _option(choices: str, written: str) -> Option | None:
    return option_keys(choices).get(written_key(written.replace("_", " ")))


def _yes_no(_: Field, given: object) -> Read:
    value = _scalar(given)
    if isinstance(value, int | float) and value in {0, 1}:
        return bool(value), ()
    word = text.typed(value).lower() if isinstance(value, str) else ""
    if word in YES | NO:
        return word in YES, ()
    raise DataError.of("not-yes-or-no", f"{shown(given)} không rõ là có hay không.", "Viết «Có» hoặc «Không».")


def _levels(field: Field, given: object) -> Read:
    """Levels from a list of entries, or from text: each line is an entry of the first level. Every bad one is told."""
    entries: Sequence[object]
    notes: tuple[str, ...]
    if isinstance(given, list | tuple):
        entries, notes = given, ()
    else:
        cleaned = text.clean_paragraphs(_as_text(given))
        entries, notes = cleaned.lines, cleaned.notes
    problems: list[Problem] = []
    found = list(_walk(field, entries, (), problems))
    if problems:
        raise DataError(problems)
    if len(found) > MAX_LEVELS:
        limit = numbers.format_integer(MAX_LEVELS)
        what = f"Có {numbers.format_integer(len(found))} mục, quá giới hạn {limit} mục."
        raise DataError.of("too-many-levels", what, "Chia thành nhiều văn bản, hoặc đưa phần chi tiết vào phụ lục.")
    _within(field, sum(len(level.text) for level, _ in found))
    told = (*notes, *(note for _, noted in found for note in noted))
    return tuple(level for level, _ in found), tuple(dict.fromkeys(told))


def _walk(
    field: Field, entries: Sequence[object], above: tuple[int, ...], problems: list[Problem]
) -> Iterator[tuple[Level, tuple[str, ...]]]:
    """Flatten `"text"` and `{"muc": "text", "con": […]}` into levels; the numbers are made later."""
    if entries and len(above) == len(field.numbering):
        deepest = len(field.numbering)
        what, cure = f"Có hơn {deepest} cấp mục.", f"Gộp lại, nhiều nhất {deepest} cấp."
        problems.append(Problem(code="levels-too-deep", what=what, cure=cure).at(**_level_place(field, above)))
        return
    for number, entry in enumerate(entries, start=1):
        place = (*above, number)
        try:
            cleaned, below = _entry(entry)
        except DataError as error:
            problems.extend(error.at(**_level_place(field, place)).problems)
            continue
        yield Level(len(place), cleaned.text), cleaned.notes
        yield from _walk(field, below, place, problems)


def _entry(entry: object) -> tuple[text.Cleaned, Sequence[object]]:
    """The text of one entry and the entries below it."""
    heading, below = (entry.get("muc"), entry.get("con")) if isinstance(entry, Mapping) else (entry, None)
    strange = isinstance(entry, Mapping) and not set(entry) <= {"muc", "con"}
    cleaned = None if is_blank(heading) else text.clean_line(_as_text(heading))
    if strange or not cleaned or not cleaned.text or not isinstance(below, list | tuple | None):
        raise DataError.of(
            "levels-shape",
            "Một mục không đúng dạng.",
            'Mỗi mục là một câu, hoặc {"muc": "câu", "con": [các mục con]}.',
        )
    return cleaned, below or ()


def _level_place(field: Field, numbers_: tuple[int, ...]) -> dict[str, str]:
    path = field.name + ".con".join(f"[{number}]" for number in numbers_)
    return {"field": path, "label": f"{field.title}, mục {'.'.join(map(str, numbers_))}"}


_READERS: Final[Mapping[str, Callable[[Field, object], Read]]] = {
    "text": _text,
    "name": _text,
    "paragraphs": _paragraphs,
    "date": _date,
    "month": lambda _, given: (periods.parse_month(_scalar(given)), ()),
    "quarter": lambda _, given: (periods.parse_quarter(_scalar(given)), ()),
    "year": lambda _, given: (periods.parse_year(_scalar(given)), ()),
    "integer": _integer,
    "decimal": _decimal,
    "percent": _percent,
    "choice": _choice,
    "yes_no": _yes_no,
    "levels": _levels,
}
