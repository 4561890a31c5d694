"""Dates: every typed form reads as one day, every printed form is the official one, what is no date is refused."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docgen.errors import DataError
from docgen.viet.dates import (
    HAND_GAP,
    blank_date,
    dotted_date,
    long_date,
    moment,
    ordinary_date,
    parse_date,
    short_date,
    time_of_day,
    weekday_date,
)

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))

EIGHTH_OF_MARCH = [
    "8/3/2018",
    "08/3/2018",
    "08/03/2018",
    "8-3-2018",
    "08-03-2018",
    "8.3.2018",
    "8/3/18",
    "2018-03-08",
    "2018-3-8",
    "2018/03/08",
    "2018-03-08 00:00:00",
    "2018-03-08 00:00:00.000",
    "2018-03-08T00:00:00",
    "2018-03-08T00:00:00.000000Z",
    "2018-03-08T00:00:00+07:00",
    "08/03/2018 0:00",
    "ngày 8 tháng 3 năm 2018",
    "Ngày 08 tháng 03 năm 2018",
    "NGÀY 8 THÁNG 3 NĂM 2018",
    "8 tháng 3 năm 2018",
    "ngay 8 thang 3 nam 2018",
    "ngày 8, tháng 3, năm 2018.",
    "ngày 8/3/2018",
    "ngày 08-3-2018",
    "thứ Năm, ngày 08 tháng 3 năm 2018",
    "thứ 5, 8/3/2018",
    " 8 / 3 / 2018 ",
    "8\u00a0/\u00a03\u00a0/\u00a02018",
    "\u3000８／３／２０１８",
    "8\u20133\u20132018",
    "8\u200b/3/2018\ufeff",
    unicodedata.normalize("NFD", "ngày 8 tháng 3 năm 2018"),
    "ngày\t8\ntháng 3 năm 2018",
]


@pytest.mark.parametrize("typed", EIGHTH_OF_MARCH)
def test_typed_forms_read_as_one_day(typed: str) -> None:
    assert parse_date(typed) == date(2018, 3, 8)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (date(2018, 3, 8), date(2018, 3, 8)),
        (datetime(2018, 3, 8), date(2018, 3, 8)),
        (datetime(2018, 3, 8, tzinfo=UTC), date(2018, 3, 8)),
        ("1/12/25", date(2025, 12, 1)),
        ("1/12/29", date(2029, 12, 1)),
        ("1/12/50", date(1950, 12, 1)),
        ("1/12/85", date(1985, 12, 1)),
        ("29/02/2024", date(2024, 2, 29)),
        ("01/01/1900", date(1900, 1, 1)),
        ("31/12/2100", date(2100, 12, 31)),
        ("Chủ nhật, ngày 11/3/2018", date(2018, 3, 11)),
    ],
)
def test_other_days(value: object, day: date) -> None:
    assert parse_date(value) == day


@pytest.mark.parametrize(
    ("value", "code", "reason"),
    [
        ("31/02/2025", "date-impossible", "tháng 2 năm 2025 chỉ có 28 ngày"),
        ("29/02/2023", "date-impossible", "tháng 2 năm 2023 chỉ có 28 ngày"),
        ("31/4/2023", "date-impossible", "tháng 4 năm 2023 chỉ có 30 ngày"),
        ("00/00/0000", "date-impossible", "không có tháng 0"),
        ("0/5/2018", "date-impossible", "không có ngày 0"),
        ("3/13/2018", "date-impossible", "không có tháng 13"),
        ("2018-13-03", "date-impossible", "không có tháng 13"),
        ("8/3/1899", "date-year-out-of-range", "1900"),
        ("8/3/2101", "date-year-out-of-range", "2100"),
        (date(1850, 1, 1), "date-year-out-of-range", "1900"),
        ("8/3/30", "date-year-unclear", "1930 hay 2030"),
        ("8/3/49", "date-year-unclear", "1949 hay 2049"),
        ("2018-03-07T17:00:00.000Z", "date-with-time", "giờ"),
        ("8/3/2018 08:30", "date-with-time", "giờ"),
        ("2018-03-08 00:00:00.5", "date-with-time", "giờ"),
        (datetime(2018, 3, 8, 8, 30), "date-with-time", "giờ"),
        ("8/3/2018 25:00", "time-impossible", "25:00"),
        ("thứ Hai, ngày 08 tháng 3 năm 2018", "date-wrong-weekday", "thứ Năm"),
        ("43167", "date-is-number", "Excel"),
        (43167, "date-is-number", "Excel"),
        (43167.0, "date-is-number", "Excel"),
        pytest.param(10**5000, "date-is-number", "Excel", id="5001 digits"),
        ("3/2018", "date-incomplete", "thiếu"),
        ("tháng 3 năm 2018", "date-incomplete", "thiếu"),
        ("2018", "date-incomplete", "thiếu"),
        ("8/3-2018", "date-unreadable", "không phải ngày"),
        ("08/03/2018 12:00:00 AM", "date-unreadable", "không phải ngày"),
        ("20180308", "date-unreadable", "không phải ngày"),
        ("8/3/018", "date-unreadable", "không phải ngày"),
        ("٨/٣/٢٠١٨", "date-unreadable", "không phải ngày"),
        ("ngày … tháng … năm 2018", "date-unreadable", "không phải ngày"),
        ("hôm qua", "date-unreadable", "không phải ngày"),
        ("", "date-unreadable", "không phải ngày"),
        (None, "date-unreadable", "không phải ngày"),
        (True, "date-unreadable", "không phải ngày"),
        (["8/3/2018"], "date-unreadable", "không phải ngày"),
    ],
)
def test_what_is_no_date_is_refused_with_reason_and_cure(value: object, code: str, reason: str) -> None:
    with pytest.raises(DataError) as refused:
        parse_date(value)
    (problem,) = refused.value.problems
    assert problem.code == code
    assert reason in problem.message
    assert problem.cure


@settings(deadline=None)
@given(DAYS)
def test_every_printed_form_reads_back(day: date) -> None:
    for printed in (long_date(day), short_date(day), weekday_date(day), day.isoformat(), long_date(day).upper()):
        assert parse_date(printed) == day


@settings(deadline=None)
@given(st.one_of(st.text(), st.from_regex(r"\A[0-9 /.:-]{1,20}\Z"), st.integers(), st.floats(), st.none()))
def test_any_value_is_read_or_refused(value: object) -> None:
    try:
        year = parse_date(value).year
    except DataError as refused:
        year = 2000 if refused.problems[0].cure else 0
    assert 1900 <= year <= 2100


NUMBERS = st.integers(0, 32).map(str) | st.integers(0, 13).map("{:02}".format)
YEARS = st.sampled_from(["2018", "1900", "2100", "1899", "2101", "0000", "2024", "18"])


@settings(deadline=None)
@given(NUMBERS, NUMBERS, YEARS, st.sampled_from(["{0}/{1}/{2}", "{0}-{1}-{2}", "{0}.{1}/{2}", "{2}-{1}-{0}"]))
def test_the_usual_ways_of_typing_are_read_as_all_others(day: str, month: str, year: str, pattern: str) -> None:
    text = pattern.format(day, month, year)
    found = ordinary_date(text)
    told: list[object] = []
    for typed in (text, f"{text} "):  # with a blank behind it, it is no usual way
        try:
            told.append(parse_date(typed))
        except DataError as refused:
            told.append([problem.code for problem in refused.problems])
    assert ordinary_date(f"{text} ") is None
    assert told[0] == told[1]
    assert found is None or found == told[0]


@pytest.mark.parametrize("text", ["8/3/2018", "08-03-2018", "8.3.2018", "2018-03-08", "2018-3-8"])
def test_the_usual_ways_of_typing(text: str) -> None:
    assert ordinary_date(text) == date(2018, 3, 8)


@pytest.mark.parametrize("text", ["", "8/3", "8/3-2018", "29/02/2023", "8/3/18", "8/3/1899", "٨/3/2018", "2018/3/8"])
def test_all_else_is_left_to_the_reader_of_dates(text: str) -> None:
    assert ordinary_date(text) is None


@pytest.mark.parametrize(
    ("day", "long", "short"),
    [
        (date(2018, 3, 8), "ngày 08 tháng 3 năm 2018", "08/3/2018"),
        (date(2018, 2, 20), "ngày 20 tháng 02 năm 2018", "20/02/2018"),
        (date(2018, 4, 3), "ngày 03 tháng 4 năm 2018", "03/4/2018"),
        (date(2026, 1, 5), "ngày 05 tháng 01 năm 2026", "05/01/2026"),
        (date(2026, 5, 27), "ngày 27 tháng 5 năm 2026", "27/5/2026"),
        (date(2023, 10, 4), "ngày 04 tháng 10 năm 2023", "04/10/2023"),
        (date(2025, 12, 31), "ngày 31 tháng 12 năm 2025", "31/12/2025"),
    ],
)
def test_days_below_ten_and_two_months_are_padded(day: date, long: str, short: str) -> None:
    assert (long_date(day), short_date(day)) == (long, short)


def test_weekdays_of_one_week() -> None:
    monday = date(2018, 3, 5)
    names = [weekday_date(monday + timedelta(days)).split(",")[0] for days in range(7)]
    assert names == ["thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"]
    assert weekday_date(date(2018, 3, 8)) == "thứ Năm, ngày 08 tháng 3 năm 2018"


def test_blank_date_leaves_room_that_stays() -> None:
    assert blank_date(2026) == f"ngày{HAND_GAP}tháng{HAND_GAP}năm 2026"
    assert blank_date(None) == f"ngày{HAND_GAP}tháng{HAND_GAP}năm{HAND_GAP}"
    assert set(HAND_GAP) == {"\u00a0"}


def test_dotted_date() -> None:
    assert dotted_date(2026) == "ngày … tháng … năm 2026"
    assert dotted_date(None) == "ngày … tháng … năm …"


def test_an_open_date_may_know_its_month() -> None:
    assert dotted_date(2026, 2) == "ngày … tháng 02 năm 2026"
    assert blank_date(2026, 11) == f"ngày{HAND_GAP}tháng 11 năm 2026"


def test_times() -> None:
    assert time_of_day(8, 30) == "08h30"
    assert time_of_day(14, 0) == "14h00"
    assert moment(datetime(2018, 11, 8, 8, 5)) == "08 giờ 05, ngày 08/11/2018"


@pytest.mark.parametrize(("hour", "minute"), [(24, 0), (8, 60), (-1, 0), (8, -1)])
def test_impossible_times_are_refused(hour: int, minute: int) -> None:
    with pytest.raises(DataError, match="Không có giờ"):
        time_of_day(hour, minute)
