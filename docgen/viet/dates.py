"""Dates and times of day as official papers print them, and the many ways in which people type a date.

Printed by the rule of Hướng dẫn 36-HD/VPTW (2018: its own examples) and 05-HD/VPTW (2026), the same as in Nghị định
30/2020/NĐ-CP, appendix I: days below 10 and months 1 and 2 take a leading zero, months 3 to 9 do not. Babel's `vi`
patterns are not used: its long form is `8 tháng 3, 2018`, its short one `8/3/18`, its weekdays have other capitals
(`Thứ Năm`, `Chủ Nhật`), and no pattern of it pads two months only.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, time

from docgen.errors import DataError, shown
from docgen.viet.names import unaccent
from docgen.viet.text import typed

FIRST_YEAR, LAST_YEAR = 1900, 2100
HAND_GAP = "\u00a0" * 6
"""Room to write a day or a month by hand: no-break blanks, which nothing collapses, trims or breaks a line in."""

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_TYPED_WEEKDAYS = (
    ("thu hai", "thu 2"),
    ("thu ba", "thu 3"),
    ("thu tu", "thu 4"),
    ("thu nam", "thu 5"),
    ("thu sau", "thu 6"),
    ("thu bay", "thu 7"),
    ("chu nhat", "cn"),
)
_MONTHS, _PADDED_MONTHS = 12, 2
_LAST_YEAR_OF_2000S, _FIRST_YEAR_OF_1900S = 29, 50

_WEEKDAY = f"(?:(?P<weekday>{'|'.join(name for names in _TYPED_WEEKDAYS for name in names)}),? )?"
_TIME = (
    r"(?:[t ](?P<hour>\d{1,2})[:h](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?"
    r"(?:z|[+-]\d{2}:?\d{2})?)?"
)
_DAY, _MONTH, _YEAR = r"(?P<day>\d{1,2})", r"(?P<month>\d{1,2})", r"(?P<year>\d{4}|\d{2})"
_FIRST_MARK, _SAME_MARK = " ?(?P<mark>[/.-]) ?", " ?(?P=mark) ?"
_PATTERNS = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        f"{_WEEKDAY}(?:ngay )?{_DAY}{_FIRST_MARK}{_MONTH}{_SAME_MARK}{_YEAR}{_TIME}",
        f"{_WEEKDAY}(?:ngay )?{_DAY},? thang {_MONTH},? nam {_YEAR}{_TIME}",
        rf"(?P<year>\d{{4}}){_FIRST_MARK}{_MONTH}{_SAME_MARK}{_DAY}{_TIME}",
    )
)
_ORDINARY = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})|(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_WITHOUT_DAY = re.compile(r"(?:thang )?\d{1,2}(?: ?[/.-] ?| nam )\d{4}|(?:nam )?(?:19|20)\d\d", re.ASCII)
_CURE = "Viết ngày trước, tháng sau, năm đủ bốn chữ số, ví dụ 08/3/2018."


def parse_date(value: object) -> date:
    """The date that someone typed or a spreadsheet holds; the day always stands before the month.

    Read: `8/3/2018`, `08-03-2018`, `8.3.2018`, `2018-03-08`, `ngày 8 tháng 3 năm 2018`, with or without accents, `ngày`
    or the weekday in front (which must be the right one); date and datetime objects.
    A time of midnight is dropped, as spreadsheets add it to every date; any other time is refused, because a date would
    lose it. Years of two digits: 00 to 29 are 2000 to 2029 and 50 to 99 are 1950 to 1999; 30 to 49 are refused, because
    programs differ (Excel's limit is 2029, newer Windows' 2049) and both a birth and a plan are likely.

    Raises:
        DataError: `date-unreadable`, `date-is-number`, `date-incomplete`, `date-impossible`, `date-wrong-weekday`,
            `date-year-unclear`, `date-year-out-of-range` (1900 to 2100), `date-with-time`.
    """
    if isinstance(value, datetime):
        return _checked(value.date(), value.time(), value)
    if isinstance(value, date):
        return _checked(value, time(), value)
    if not isinstance(value, str):
        raise _not_a_date(value, "")
    ordinary = ordinary_date(value)
    if ordinary is not None:
        return ordinary
    text = unaccent(typed(value)).lower().rstrip(" .,;")
    match = next(filter(None, (pattern.fullmatch(text) for pattern in _PATTERNS)), None)
    if match is None:
        raise _not_a_date(value, text)
    read = _existing(match, value)
    spoken = match.groupdict().get("weekday")
    if spoken and spoken not in _TYPED_WEEKDAYS[read.weekday()]:
        raise DataError.of(
            "date-wrong-weekday",
            f"{shown(value)} không đúng: {short_date(read)} là {_WEEKDAYS[read.weekday()]}.",
            "Sửa thứ hoặc sửa ngày.",
        )
    return _checked(read, _time_of(match), value)


def ordinary_date(value: str) -> date | None:
    """The date of a text in the most usual ways of typing, `8/3/2018`, `08-03-2018`, `8.3.2018`, `2018-03-08`.

    None for any other text and for a date that is not right, which `parse_date` reads or refuses.
    """
    match = _ORDINARY.fullmatch(value)
    if match is None:
        return None
    day, _, month, year, iso_year, iso_month, iso_day = match.groups()
    try:
        read = date(int(year or iso_year), int(month or iso_month), int(day or iso_day))
    except ValueError:
        return None
    return read if FIRST_YEAR <= read.year <= LAST_YEAR else None


def long_date(day: date) -> str:
    """The date of a paper: `ngày 08 tháng 3 năm 2018`, `ngày 20 tháng 02 năm 2018`."""
    return f"ngày {day.day:02} tháng {month_digits(day.month)} năm {day.year}"


def short_date(day: date) -> str:
    """The date inside running text and tables, padded by the same rule: `08/3/2018`, `04/10/2023`, `20/02/2018`."""
    return f"{day.day:02}/{month_digits(day.month)}/{day.year}"


def weekday_date(day: date) -> str:
    """The date with its weekday: `thứ Năm, ngày 08 tháng 3 năm 2018`.

    The syllable that names the day has the capital (Nghị định 30/2020/NĐ-CP, appendix II, V.8c); Sunday is `Chủ nhật`,
    as commentaries on that rule spell it.
    """
    return f"{_WEEKDAYS[day.weekday()]}, {long_date(day)}"


def blank_date(year: int | None, month: int | None = None) -> str:
    """The date left open for the hand that signs or registers: room for what is not known of day, month and year.

    The clerk who issues a paper gives its number and day, not its drafter.
    """
    return _open_date(year, month, HAND_GAP)


def dotted_date(year: int | None, month: int | None = None) -> str:
    """The open date of a printed form: `ngày … tháng … năm 2026`, or `năm …` where the year is not known."""
    return _open_date(year, month, " … ")


def _open_date(year: int | None, month: int | None, gap: str) -> str:
    known_month = gap if month is None else f" {month_digits(month)} "
    return f"ngày{gap}tháng{known_month}năm{gap if year is None else f' {year}'}".rstrip(" ")


def time_of_day(hour: int, minute: int) -> str:
    """A time of minutes and agendas: `08h30`.

    Raises:
        DataError: `time-impossible`.
    """
    _check_time(hour, minute)
    return f"{hour:02}h{minute:02}"


def moment(when: datetime) -> str:
    """A time on a date: `08 giờ 05, ngày 08/11/2018` (seconds and time zones are not printed)."""
    return f"{when.hour:02} giờ {when.minute:02}, ngày {short_date(when)}"


def month_digits(month: int) -> str:
    """The month's number: 1 and 2 padded, because an official date writes `01`, `02`, but `3` to `12`."""
    return f"{month:02}" if month <= _PADDED_MONTHS else str(month)


def check_year(year: int, value: object) -> int:
    """The year itself where it is one of 1900 to 2100; `value` is what the message shows.

    Raises:
        DataError: `date-year-out-of-range`.
    """
    if FIRST_YEAR <= year <= LAST_YEAR:
        return year
    raise DataError.of(
        "date-year-out-of-range", f"Năm trong {shown(value)} không hợp lý.", f"Năm từ {FIRST_YEAR} đến {LAST_YEAR}."
    )


def _existing(match: re.Match[str], value: str) -> date:
    day, month = int(match["day"]), int(match["month"])
    if not 1 <= month <= _MONTHS:
        raise _impossible(value, f"không có tháng {month}")
    year = check_year(_four_digits(match["year"], value), value) if day else FIRST_YEAR
    days = calendar.monthrange(year, month)[1]
    if day > days:
        raise _impossible(value, f"tháng {month} năm {year} chỉ có {days} ngày")
    if not day:
        raise _impossible(value, "không có ngày 0")
    return date(year, month, day)


def _four_digits(year: str, value: str) -> int:
    number = int(year)
    if len(year) == len("2018"):
        return number
    if number <= _LAST_YEAR_OF_2000S:
        return 2000 + number
    if number >= _FIRST_YEAR_OF_1900S:
        return 1900 + number
    raise DataError.of(
        "date-year-unclear", f"Không rõ năm trong {shown(value)} là 19{year} hay 20{year}.", "Viết năm đủ bốn chữ số."
    )


def _time_of(match: re.Match[str]) -> time:
    if match["hour"] is None:
        return time()
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    _check_time(hour, minute, second)
    return time(hour, minute, second, int((match["part"] or "0").ljust(6, "0")[:6]))


def _checked(day: date, at: time, value: object) -> date:
    check_year(day.year, value)
    if at != time():
        raise DataError.of(
            "date-with-time", f"{shown(value)} có cả giờ, nhưng ở đây chỉ ghi ngày.", f"Bỏ phần giờ. {_CURE}"
        )
    return day


def _check_time(hour: int, minute: int, second: int = 0) -> None:
    if not (0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second <= 59):  # noqa: PLR2004 (a clock)
        raise DataError.of(
            "time-impossible", f"Không có giờ {shown(f'{hour}:{minute:02}')}.", "Giờ từ 0 đến 23, phút từ 0 đến 59."
        )


def _impossible(value: str, reason: str) -> DataError:
    return DataError.of("date-impossible", f"{shown(value)} không phải ngày có thật: {reason}.", _CURE)


def _not_a_date(value: object, text: str) -> DataError:
    subject = shown(value) if text else "Giá trị này"
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number or re.fullmatch(r"[0-9]{5}(?:[.,][0-9]+)?", text):
        return DataError.of(
            "date-is-number",
            f"{subject} là một con số, không phải ngày.",
            f"Nếu số này từ Excel, hãy định dạng cột là ngày (Date) rồi lưu lại. {_CURE}",
        )
    if _WITHOUT_DAY.fullmatch(text):
        return DataError.of("date-incomplete", f"{subject} thiếu ngày hoặc tháng.", _CURE)
    return DataError.of("date-unreadable", f"{subject} không phải ngày.", _CURE)
