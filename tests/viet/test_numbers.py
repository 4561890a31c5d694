"""Numbers: printed as papers print them, typed as people type them, never a thousand times too much."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docgen.errors import DataError
from docgen.viet.numbers import (
    exact,
    format_decimal,
    format_integer,
    format_percent,
    padded,
    parse_decimal,
    parse_integer,
    parse_percent,
    percent_of,
    round_half_up,
)

if TYPE_CHECKING:
    from collections.abc import Callable

DECIMALS = st.decimals(min_value=-(10**26), max_value=10**26, places=4, allow_nan=False)


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        (0, "0"),
        (8, "8"),
        (999, "999"),
        (1000, "1.000"),
        (46882, "46.882"),
        (5600000, "5.600.000"),
        (-1234, "-1.234"),
        (8.0, "8"),
        (Decimal("8.00"), "8"),
        (10**26, "100." + ".".join(["000"] * 8)),
    ],
)
def test_integers_are_grouped_by_dots(number: int | float | Decimal, printed: str) -> None:
    assert format_integer(number) == printed


@pytest.mark.parametrize(
    ("number", "places", "printed"),
    [
        (1234.5, None, "1.234,5"),
        (0.1 + 0.2, None, "0,3"),
        (8.0, None, "8"),
        (Decimal("8.50"), None, "8,5"),
        (0.003, None, "0,003"),
        (-0.5, None, "-0,5"),
        (-0.0, None, "0"),
        (1e-7, None, "0,0000001"),
        (Decimal("123456789012345678901234567.12345678901234567891"), None, None),
        (1234.5, 2, "1.234,50"),
        (2.5, 0, "3"),
        (-2.5, 0, "-3"),
        (0.125, 2, "0,13"),
        (1.005, 2, "1,01"),
        (-0.04, 1, "0,0"),
        (9.95, 1, "10,0"),
    ],
)
def test_decimals_take_a_comma(number: float | Decimal, places: int | None, printed: str | None) -> None:
    assert format_decimal(number, places) == (printed or "123.456.789.012.345.678.901.234.567,12345678901234567891")


@pytest.mark.parametrize(
    ("ratio", "places", "printed"),
    [
        (0.869, 1, "86,9%"),
        (0.125, 0, "13%"),
        (0.00003, 3, "0,003%"),
        (0.0111, None, "1,11%"),
        (1, None, "100%"),
        (Decimal("1.05"), 1, "105,0%"),
        (0, 1, "0,0%"),
        (0.125, None, "12,5%"),
    ],
)
def test_percentages(ratio: float | Decimal, places: int | None, printed: str) -> None:
    assert format_percent(ratio, places) == printed


def test_percent_of_counts_with_the_figures_of_a_real_report() -> None:
    assert format_percent(percent_of(117, 616, 1), 1) == "19,0%"
    assert format_percent(percent_of(8783, 55141, 1), 1) == "15,9%"
    assert format_percent(percent_of(46882, 55141, 1), 1) == "85,0%"
    assert format_percent(percent_of(1, 3171, 2), 2) == "0,03%"
    assert percent_of(1, 8, 0) == Decimal("0.13")


def test_percent_of_nothing_is_refused() -> None:
    with pytest.raises(DataError, match="tổng số bằng 0"):
        percent_of(3, 0, 1)


@pytest.mark.parametrize(
    ("count", "printed"), [(0, "0"), (1, "01"), (9, "09"), (10, "10"), (1234, "1.234"), (-3, "-3")]
)
def test_small_counts_are_padded(count: int, printed: str) -> None:
    assert padded(count) == printed


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("46.882", 46882),
        ("1.234.567", 1234567),
        (" 12 ", 12),
        ("8", 8),
        ("08", 8),
        ("-5", -5),
        ("\u22125", -5),
        ("+5", 5),
        ("１２", 12),
        ("46\u00a0", 46),
        ("1\u200b2", 12),
        (8, 8),
        (8.0, 8),
        (Decimal("8.0"), 8),
        ("0", 0),
    ],
)
def test_integers_typed(typed: object, number: int) -> None:
    assert parse_integer(typed) == number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1.234,5", "1234.5"),
        ("86,9", "86.9"),
        ("46.882", "46882"),
        ("46,882", "46.882"),
        ("0,003", "0.003"),
        (" 8 ", "8"),
        ("-0,5", "-0.5"),
        ("8,50", "8.5"),
        (0.1 + 0.2, "0.3"),
        (8, "8"),
        (Decimal("1.50"), "1.5"),
    ],
)
def test_decimals_typed(typed: object, number: str) -> None:
    assert parse_decimal(typed) == Decimal(number)


@pytest.mark.parametrize(
    ("typed", "ratio"),
    [
        ("86,9%", "0.869"),
        ("86,9 %", "0.869"),
        ("86,9", "0.869"),
        (86.9, "0.869"),
        ("0,003%", "0.00003"),
        ("0", "0"),
        (0.0, "0"),
        ("105%", "1.05"),
        ("1%", "0.01"),
        ("100", "1"),
        ("12,5％", "0.125"),
        (Decimal("12.5"), "0.125"),
    ],
)
def test_percentages_typed(typed: object, ratio: str) -> None:
    assert parse_percent(typed) == Decimal(ratio)


@pytest.mark.parametrize("typed", [0.869, 1, 1.0, 1.05, "0,869", "1", 2, -0.5])
def test_a_ratio_that_may_be_a_percentage_is_refused(typed: object) -> None:
    with pytest.raises(DataError, match="Gõ kèm dấu phần trăm") as refused:
        parse_percent(typed)
    assert refused.value.problems[0].code == "percent-doubtful"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1.5", "number-english-style"),
        ("0.125", "number-english-style"),
        ("8.0", "number-english-style"),
        ("1,234.5", "number-english-style"),
        ("1,234,567", "number-english-style"),
        ("46.88", "number-english-style"),
        ("1.2345", "number-english-style"),
        ("1.234.56", "number-unreadable"),
        ("1e20", "number-unreadable"),
        ("NaN", "number-unreadable"),
        ("Infinity", "number-unreadable"),
        ("4 tập thể", "number-unreadable"),
        ("12 345", "number-unreadable"),
        ("--5", "number-unreadable"),
        ("1/2", "number-unreadable"),
        ("٣", "number-unreadable"),
        ("²", "number-unreadable"),
        ("0x10", "number-unreadable"),
        ("1_000", "number-unreadable"),
        ("", "number-unreadable"),
        (None, "number-unreadable"),
        ([8], "number-unreadable"),
        (True, "number-boolean"),
        (False, "number-boolean"),
        (float("nan"), "number-not-finite"),
        (float("-inf"), "number-not-finite"),
        (Decimal("NaN"), "number-not-finite"),
        (Decimal("sNaN"), "number-not-finite"),
        (1e20, "number-too-long"),
        (1e-300, "number-too-long"),
        (10**27, "number-too-long"),
        pytest.param(10**5000, "number-too-long", id="5001 digits"),
        pytest.param("9" * 5000, "number-too-long", id="5000 typed digits"),
        (Decimal("1E+999999"), "number-too-long"),
        (Decimal("1E-999999"), "number-too-long"),
    ],
)
@pytest.mark.parametrize("read", [parse_integer, parse_decimal, parse_percent])
def test_what_is_no_number_is_refused(read: Callable[[object], object], typed: object, code: str) -> None:
    with pytest.raises(DataError) as refused:
        read(typed)
    (problem,) = refused.value.problems
    assert problem.code == code
    assert problem.cure


@pytest.mark.parametrize("typed", ["46,882", "8,0", "86,9", 8.5, Decimal("0.1"), "1.234,5"])
def test_a_fraction_is_no_integer(typed: object) -> None:
    with pytest.raises(DataError) as refused:
        parse_integer(typed)
    assert refused.value.problems[0].code == "number-not-whole"


def test_a_fraction_is_not_printed_as_integer() -> None:
    with pytest.raises(DataError, match="«8,5» không phải số nguyên"):
        format_integer(8.5)


@settings(deadline=None)
@given(DECIMALS)
def test_printed_decimals_read_back_and_agree_with_python(number: Decimal) -> None:
    printed = format_decimal(number)
    assert parse_decimal(printed) == number
    assert printed == f"{exact(number):,f}".translate(str.maketrans(",.", ".,"))
    if number == int(number):
        assert parse_integer(format_integer(number)) == int(number)


@settings(deadline=None)
@given(DECIMALS, st.integers(0, 6))
def test_rounding_is_half_up_whatever_the_caller_context(number: Decimal, places: int) -> None:
    with localcontext(prec=3):
        rounded = round_half_up(number, places)
    error = abs(Fraction(rounded)) - abs(Fraction(number))
    half = Fraction(1, 2 * 10**places)
    assert -half < error <= half
    assert -rounded.as_tuple().exponent == places  # type: ignore[operator]


@settings(deadline=None)
@given(DECIMALS, st.integers(0, 6))
def test_rounding_by_fractions_and_by_digits_agree(number: Decimal, places: int) -> None:
    far = round_half_up(number, 40)  # beyond the digits that a Decimal is rounded with
    assert far == number
    doubled = Fraction(number) * 2 * 10**places
    units = (abs(doubled) + 1) // 2
    assert Fraction(round_half_up(number, places)) == Fraction(units, 10**places) * (-1 if number < 0 else 1)


def test_numbers_that_are_equal_but_of_another_kind_are_not_taken_for_each_other() -> None:
    assert [format_decimal(1), format_decimal(1.0), format_decimal(Decimal("1.00"))] == ["1"] * 3
    assert [format_decimal(1, 2), format_decimal(Decimal("1.0"), 2)] == ["1,00"] * 2
    with pytest.raises(DataError, match="không phải số"):
        format_decimal(True)  # noqa: FBT003 - the kind that is meant
    assert parse_integer("1") == 1
    with pytest.raises(DataError, match="không phải số"):
        parse_integer(True)  # noqa: FBT003


@settings(deadline=None)
@given(st.one_of(st.text(), st.from_regex(r"\A[-+0-9.,% ]{1,15}\Z"), st.integers(), st.floats(), st.decimals()))
def test_any_value_is_read_or_refused(value: object) -> None:
    for read in (parse_integer, parse_decimal, parse_percent):
        try:
            told = Decimal(read(value)).is_finite()
        except DataError as refused:
            told = bool(refused.problems[0].cure)
        assert told
