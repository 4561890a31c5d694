"""Roman numerals, both ways."""

from __future__ import annotations

import pytest

from docgen.errors import DataError
from docgen.viet.roman import from_roman, to_roman


@pytest.mark.parametrize(
    ("number", "roman"),
    [
        (1, "I"),
        (3, "III"),
        (4, "IV"),
        (9, "IX"),
        (12, "XII"),
        (13, "XIII"),
        (14, "XIV"),
        (40, "XL"),
        (90, "XC"),
        (400, "CD"),
        (1944, "MCMXLIV"),
        (2026, "MMXXVI"),
        (3999, "MMMCMXCIX"),
    ],
)
def test_specimens(number: int, roman: str) -> None:
    assert to_roman(number) == roman
    assert from_roman(roman) == number


def test_all_numbers_come_back() -> None:
    written = [to_roman(number) for number in range(1, 4000)]
    assert len(set(written)) == 3999
    assert [from_roman(roman) for roman in written] == list(range(1, 4000))


@pytest.mark.parametrize("number", [0, -1, 4000, 10**20])
def test_numbers_without_numeral_are_refused(number: int) -> None:
    with pytest.raises(DataError, match="La Mã"):
        to_roman(number)


@pytest.mark.parametrize(
    "text", ["", "IIII", "VV", "IC", "IIX", "iv", "MMMM", "CCCC", "XXXX", " X", "X\n", "A", "12", "XIIII"]
)
def test_badly_written_numerals_are_refused(text: str) -> None:
    with pytest.raises(DataError, match="La Mã"):
        from_roman(text)
