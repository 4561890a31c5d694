"""Roman numerals of quarters, congresses and terms: `quý III/2026`, `lần thứ XIII`, `khoá XII`."""

from __future__ import annotations

import re

from docgen.errors import DataError, shown

LARGEST = 3999
_PARTS = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)
_WELL_FORMED = re.compile(r"M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")


def to_roman(number: int) -> str:
    """The Roman numeral of 1 to 3999 in capitals.

    Raises:
        DataError: `roman-out-of-range`.
    """
    if not 1 <= number <= LARGEST:
        raise DataError.of(
            "roman-out-of-range",
            f"{shown(number)} không viết được bằng chữ số La Mã.",
            f"Dùng số nguyên từ 1 đến {LARGEST}.",
        )
    written = ""
    for value, letters in _PARTS:
        count, number = divmod(number, value)
        written += letters * count
    return written


def from_roman(text: str) -> int:
    """The number of a Roman numeral in capitals, written as the rules ask (IV, never IIII).

    Raises:
        DataError: `roman-unreadable`.
    """
    if not text or _WELL_FORMED.fullmatch(text) is None:
        raise DataError.of(
            "roman-unreadable",
            f"{shown(text)} không phải chữ số La Mã đúng cách viết.",
            "Viết như I, II, III, IV, XIII.",
        )
    number, rest = 0, text
    for value, letters in _PARTS:
        while rest.startswith(letters):
            number, rest = number + value, rest[len(letters) :]
    return number
