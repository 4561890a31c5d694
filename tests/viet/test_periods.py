"""Months, quarters, years, terms, congresses: printed and typed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docgen.errors import DataError
from docgen.viet.periods import (
    congress,
    month_long,
    month_of,
    parse_month,
    parse_quarter,
    parse_year,
    quarter_long,
    quarter_short,
    term,
)

if TYPE_CHECKING:
    from collections.abc import Callable

YEARS = st.integers(1900, 2100)


@pytest.mark.parametrize(
    ("typed", "quarter", "year"),
    [
        ("III", 3, None),
        ("iii", 3, None),
        ("Ⅲ", None, None),
        ("3", 3, None),
        (3, 3, None),
        (3.0, 3, None),
        ("03", 3, None),
        ("Q3", 3, None),
        ("q 3", 3, None),
        ("quý III", 3, None),
        ("QUÝ 3", 3, None),
        ("Quý 3/2026", 3, 2026),
        ("quý III/2026", 3, 2026),
        ("QUÝ III NĂM 2026", 3, 2026),
        ("Quý III, năm 2026.", 3, 2026),
        ("quy iv-2026", 4, 2026),
        ("I/2026", 1, 2026),
        ("Quý\u00a0II", 2, None),
        ("V", None, None),
        ("5", None, None),
        ("0", None, None),
        ("IIII", None, None),
        ("quý", None, None),
        ("Quý 3/26", None, None),
        (True, None, None),
        (None, None, None),
        (2.5, None, None),
        pytest.param(10**5000, None, None, id="5001 digits"),
        ("", None, None),
    ],
)
def test_quarters_typed(typed: object, quarter: int | None, year: int | None) -> None:
    if quarter is None:
        with pytest.raises(DataError, match="không phải quý"):
            parse_quarter(typed)
    else:
        assert parse_quarter(typed) == (quarter, year)


@pytest.mark.parametrize(
    ("typed", "month", "year"),
    [
        ("3", 3, None),
        (3, 3, None),
        (12.0, 12, None),
        ("03", 3, None),
        ("tháng 3", 3, None),
        ("THÁNG 03", 3, None),
        ("3/2026", 3, 2026),
        ("03-2026", 3, 2026),
        ("2026-03", 3, 2026),
        ("tháng 3 năm 2026", 3, 2026),
        ("tháng 3/2026", 3, 2026),
        ("thang 3, nam 2026", 3, 2026),
        ("13", None, None),
        ("0", None, None),
        ("tháng giêng", None, None),
        ("8/3/2026", None, None),
        (False, None, None),
        (None, None, None),
    ],
)
def test_months_typed(typed: object, month: int | None, year: int | None) -> None:
    if month is None:
        with pytest.raises(DataError, match="không phải tháng"):
            parse_month(typed)
    else:
        assert parse_month(typed) == (month, year)


@pytest.mark.parametrize("typed", ["2026", 2026, 2026.0, "năm 2026", "Năm 2026", " NAM 2026. ", "２０２６"])
def test_years_typed(typed: object) -> None:
    assert parse_year(typed) == 2026


@pytest.mark.parametrize("typed", ["26", 26, "2026.5", 2026.5, "20260", "hai nghìn", "", None, True, [2026]])
def test_what_is_no_year_is_refused(typed: object) -> None:
    with pytest.raises(DataError, match="không phải năm") as refused:
        parse_year(typed)
    assert refused.value.problems[0].code == "year-unreadable"


@pytest.mark.parametrize(
    ("read", "typed"),
    [(parse_year, "1899"), (parse_year, 2101), (parse_month, "3/1899"), (parse_quarter, "III/2101")],
)
def test_years_out_of_range_are_refused(read: Callable[[object], object], typed: object) -> None:
    with pytest.raises(DataError) as refused:
        read(typed)
    assert refused.value.problems[0].code == "date-year-out-of-range"


def test_printed_forms() -> None:
    assert month_of(date(2018, 3, 8)) == "tháng 3 năm 2018"
    assert month_of(date(2018, 2, 8)) == "tháng 02 năm 2018"
    assert month_long(11, None) == "tháng 11"
    assert quarter_long(3, 2026) == "Quý III năm 2026"
    assert quarter_long(1, None) == "Quý I"
    assert quarter_short(3, 2026) == "quý III/2026"
    assert quarter_short(4, None) == "quý IV"
    assert term(2025, 2030) == "nhiệm kỳ 2025 - 2030"
    assert congress(13) == "lần thứ XIII"


@pytest.mark.parametrize("number", [0, 5, 13, -1])
def test_no_such_quarter_is_printed(number: int) -> None:
    with pytest.raises(DataError, match="không phải quý"):
        quarter_long(number, 2026)


@pytest.mark.parametrize(("first", "last", "code"), [(2030, 2025, "term-backwards"), (2025, 2025, "term-backwards")])
def test_a_term_runs_forwards(first: int, last: int, code: str) -> None:
    with pytest.raises(DataError) as refused:
        term(first, last)
    assert refused.value.problems[0].code == code


@settings(deadline=None)
@given(st.integers(1, 4), st.integers(1, 12), YEARS)
def test_printed_periods_read_back(quarter: int, month: int, year: int) -> None:
    assert parse_quarter(quarter_long(quarter, year)) == (quarter, year)
    assert parse_quarter(quarter_short(quarter, year)) == (quarter, year)
    assert parse_month(month_long(month, year)) == (month, year)
    assert parse_year(f"năm {year}") == year


@settings(deadline=None)
@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none()))
def test_any_value_is_read_or_refused(value: object) -> None:
    for read in (parse_month, parse_quarter, parse_year):
        try:
            told = bool(read(value))
        except DataError as refused:
            told = bool(refused.problems[0].cure)
        assert told
