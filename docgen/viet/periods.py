"""Months, quarters, years, terms and congresses: how official papers name them and how people type them.

Quarters and congresses take Roman numerals in Party papers, which Babel's `vi` does not write (`Quý 1 năm 2018`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from docgen.errors import DataError, shown
from docgen.viet.dates import FIRST_YEAR, LAST_YEAR, check_year, month_digits
from docgen.viet.names import unaccent
from docgen.viet.roman import to_roman
from docgen.viet.text import typed

if TYPE_CHECKING:
    from datetime import date

_YEAR_AFTER = r"(?:(?: ?[/.,-] ?| )(?:nam )?(?P<year>\d{4}))?"
_MONTH = re.compile(r"(?:thang )?(?P<month>\d{1,2})" + _YEAR_AFTER, re.ASCII)
_YEAR_AND_MONTH = re.compile(r"(?P<year>\d{4})[/.-](?P<month>\d{1,2})", re.ASCII)
_QUARTER = re.compile(r"(?:quy ?|q ?)?(?P<quarter>[1-4]|0[1-4]|iv|i{1,3})" + _YEAR_AFTER, re.ASCII)
_YEAR = re.compile(r"(?:nam )?(?P<year>\d{4})", re.ASCII)
_ROMAN_QUARTERS = ("i", "ii", "iii", "iv")
_MONTHS, _QUARTERS = 12, 4


class Month(NamedTuple):
    """A month 1 to 12; the year where it was given."""

    month: int
    year: int | None


class Quarter(NamedTuple):
    """A quarter 1 to 4; the year where it was given."""

    quarter: int
    year: int | None


def parse_month(value: object) -> Month:
    """The month that someone typed: `3`, 3, `tháng 3`, `03/2026`, `tháng 3 năm 2026`, `2026-03`.

    Raises:
        DataError: `month-unreadable`, `date-year-out-of-range`.
    """
    text = _plain(value)
    match = _MONTH.fullmatch(text) or _YEAR_AND_MONTH.fullmatch(text)
    if match is None or not 1 <= int(match["month"]) <= _MONTHS:
        raise DataError.of(
            "month-unreadable", f"{_subject(value)} không phải tháng.", "Viết tháng từ 1 đến 12, ví dụ 3 hoặc 3/2026."
        )
    return Month(int(match["month"]), _year_of(match, value))


def parse_quarter(value: object) -> Quarter:
    """The quarter that someone typed: `III`, `3`, 3, `Q3`, `quý III`, `Quý 3/2026`, `QUÝ III NĂM 2026`.

    Raises:
        DataError: `quarter-unreadable`, `date-year-out-of-range`.
    """
    match = _QUARTER.fullmatch(_plain(value))
    if match is None:
        raise DataError.of(
            "quarter-unreadable",
            f"{_subject(value)} không phải quý.",
            "Viết quý từ I đến IV, ví dụ III, 3 hoặc quý III/2026.",
        )
    given = match["quarter"]
    number = _ROMAN_QUARTERS.index(given) + 1 if given in _ROMAN_QUARTERS else int(given)
    return Quarter(number, _year_of(match, value))


def parse_year(value: object) -> int:
    """The year that someone typed, in four digits, 1900 to 2100: `2026`, 2026, 2026.0, `năm 2026`.

    Raises:
        DataError: `year-unreadable`, `date-year-out-of-range`.
    """
    if type(value) is int and FIRST_YEAR <= value <= LAST_YEAR:
        return value
    match = _YEAR.fullmatch(_plain(value))
    if match is None:
        raise DataError.of(
            "year-unreadable", f"{_subject(value)} không phải năm.", "Viết năm đủ bốn chữ số, ví dụ 2026."
        )
    return check_year(int(match["year"]), value)


def month_of(day: date) -> str:
    """The month of a date: `tháng 3 năm 2018`, `tháng 02 năm 2018`."""
    return month_long(day.month, day.year)


def month_long(month: int, year: int | None) -> str:
    """The month in running text, padded as in dates: `tháng 3 năm 2018`; without a year `tháng 3`.

    Raises:
        DataError: `month-unreadable` unless 1 to 12.
    """
    parse_month(month)
    return f"tháng {month_digits(month)}" + ("" if year is None else f" năm {year}")


def quarter_long(quarter: int, year: int | None) -> str:
    """The quarter of titles: `Quý III năm 2026`; without a year `Quý III`.

    Raises:
        DataError: `quarter-unreadable` unless 1 to 4.
    """
    parse_quarter(quarter)
    return f"Quý {to_roman(quarter)}" + ("" if year is None else f" năm {year}")


def quarter_short(quarter: int, year: int | None) -> str:
    """The quarter of running text: `quý III/2026`; without a year `quý III`.

    Raises:
        DataError: `quarter-unreadable` unless 1 to 4.
    """
    parse_quarter(quarter)
    return f"quý {to_roman(quarter)}" + ("" if year is None else f"/{year}")


def term(first_year: int, last_year: int) -> str:
    """The term of a committee, with blanks around the hyphen as Party papers have it: `nhiệm kỳ 2025 - 2030`.

    Raises:
        DataError: `term-backwards` where the last year is not after the first, `date-year-out-of-range`.
    """
    check_year(first_year, first_year)
    check_year(last_year, last_year)
    if last_year <= first_year:
        raise DataError.of(
            "term-backwards",
            f"Nhiệm kỳ {shown(f'{first_year} - {last_year}')} kết thúc không sau năm bắt đầu.",
            "Sửa năm bắt đầu hoặc năm kết thúc.",
        )
    return f"nhiệm kỳ {first_year} - {last_year}"


def congress(number: int) -> str:
    """The number of a congress: `lần thứ XIII`.

    Raises:
        DataError: `roman-out-of-range`.
    """
    return f"lần thứ {to_roman(number)}"


def _plain(value: object) -> str:
    """What was typed, unaccented and small; a whole number as its digits; nothing for anything else."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int):
        return str(value) if abs(value) < 10**4 else ""
    return unaccent(typed(value)).lower().rstrip(" .,;") if isinstance(value, str) else ""


def _subject(value: object) -> str:
    return shown(value) if _plain(value) else "Giá trị này"


def _year_of(match: re.Match[str], value: object) -> int | None:
    return None if match["year"] is None else check_year(int(match["year"]), value)
