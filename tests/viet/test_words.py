"""Numbers in words: specimens of every irregularity, and a reader that must understand every number again."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docgen.errors import DataError
from docgen.viet.words import number_words, ordinal_words

SPECIMENS: list[tuple[int | str, str]] = [
    (0, "không"),
    (1, "một"),
    (2, "hai"),
    (3, "ba"),
    (4, "bốn"),
    (5, "năm"),
    (6, "sáu"),
    (7, "bảy"),
    (8, "tám"),
    (9, "chín"),
    (10, "mười"),
    (11, "mười một"),
    (12, "mười hai"),
    (14, "mười bốn"),
    (15, "mười lăm"),
    (19, "mười chín"),
    (20, "hai mươi"),
    (21, "hai mươi mốt"),
    (24, "hai mươi tư"),
    (25, "hai mươi lăm"),
    (31, "ba mươi mốt"),
    (34, "ba mươi tư"),
    (40, "bốn mươi"),
    (44, "bốn mươi tư"),
    (50, "năm mươi"),
    (55, "năm mươi lăm"),
    (91, "chín mươi mốt"),
    (99, "chín mươi chín"),
    (100, "một trăm"),
    (101, "một trăm linh một"),
    (104, "một trăm linh bốn"),
    (105, "một trăm linh năm"),
    (110, "một trăm mười"),
    (111, "một trăm mười một"),
    (115, "một trăm mười lăm"),
    (120, "một trăm hai mươi"),
    (121, "một trăm hai mươi mốt"),
    (125, "một trăm hai mươi lăm"),
    (404, "bốn trăm linh bốn"),
    (555, "năm trăm năm mươi lăm"),
    (999, "chín trăm chín mươi chín"),
    (1000, "một nghìn"),
    (1001, "một nghìn không trăm linh một"),
    (1005, "một nghìn không trăm linh năm"),
    (1010, "một nghìn không trăm mười"),
    (1015, "một nghìn không trăm mười lăm"),
    (1021, "một nghìn không trăm hai mươi mốt"),
    (1100, "một nghìn một trăm"),
    (1945, "một nghìn chín trăm bốn mươi lăm"),
    (2025, "hai nghìn không trăm hai mươi lăm"),
    (2026, "hai nghìn không trăm hai mươi sáu"),
    (3171, "ba nghìn một trăm bảy mươi mốt"),
    (10_000, "mười nghìn"),
    (10_500, "mười nghìn năm trăm"),
    (15_015, "mười lăm nghìn không trăm mười lăm"),
    (21_000, "hai mươi mốt nghìn"),
    (46_882, "bốn mươi sáu nghìn tám trăm tám mươi hai"),
    (100_000, "một trăm nghìn"),
    (105_004, "một trăm linh năm nghìn không trăm linh bốn"),
    (1_000_000, "một triệu"),
    (1_000_005, "một triệu không trăm linh năm"),
    (1_500_000, "một triệu năm trăm nghìn"),
    (5_600_000, "năm triệu sáu trăm nghìn"),
    (1_001_001, "một triệu không trăm linh một nghìn không trăm linh một"),
    (24_024_024, "hai mươi tư triệu không trăm hai mươi tư nghìn không trăm hai mươi tư"),
    (1_000_000_000, "một tỷ"),
    (1_000_000_005, "một tỷ không trăm linh năm"),
    (2_050_000_000, "hai tỷ không trăm năm mươi triệu"),
    (15_000_000_000, "mười lăm tỷ"),
    (10**12, "một nghìn tỷ"),
    (1_001 * 10**9, "một nghìn không trăm linh một tỷ"),
    (10**15, "một triệu tỷ"),
    (10**18, "một tỷ tỷ"),
    (10**18 + 10**9, "một tỷ tỷ không trăm linh một tỷ"),
    (999 * 10**18, "chín trăm chín mươi chín tỷ tỷ"),
    (10**21, "một nghìn tỷ tỷ"),
    (-7, "âm bảy"),
    (-1005, "âm một nghìn không trăm linh năm"),
    ("2.38", "hai phẩy ba mươi tám"),
    ("8.5", "tám phẩy năm"),
    ("8.50", "tám phẩy năm"),
    ("8.25", "tám phẩy hai mươi lăm"),
    ("0.05", "không phẩy không năm"),
    ("0.001", "không phẩy không không một"),
    ("0.032", "không phẩy không trăm ba mươi hai"),
    ("37.42", "ba mươi bảy phẩy bốn mươi hai"),
    ("502.467", "năm trăm linh hai phẩy bốn trăm sáu mươi bảy"),
    ("1942.54", "một nghìn chín trăm bốn mươi hai phẩy năm mươi tư"),
    ("3.1416", "ba phẩy một bốn một sáu"),
    ("-0.5", "âm không phẩy năm"),
]


@pytest.mark.parametrize(("number", "words"), SPECIMENS)
def test_specimens(number: int | str, words: str) -> None:
    assert number_words(Decimal(number)) == words


def test_the_gap_word_is_a_choice() -> None:
    assert number_words(1_000_105, gap="lẻ") == "một triệu một trăm lẻ năm"
    assert number_words(1005, gap="lẻ") == "một nghìn không trăm lẻ năm"


@pytest.mark.parametrize(
    ("position", "words"),
    [
        (1, "thứ nhất"),
        (2, "thứ hai"),
        (3, "thứ ba"),
        (4, "thứ tư"),
        (5, "thứ năm"),
        (10, "thứ mười"),
        (11, "thứ mười một"),
        (14, "thứ mười bốn"),
        (21, "thứ hai mươi mốt"),
        (24, "thứ hai mươi tư"),
    ],
)
def test_ordinals(position: int, words: str) -> None:
    assert ordinal_words(position) == words


@pytest.mark.parametrize("position", [0, -1])
def test_no_ordinal_before_the_first(position: int) -> None:
    with pytest.raises(DataError, match="Thứ tự tính từ 1"):
        ordinal_words(position)


@pytest.mark.parametrize("number", [10**27, float("nan"), True])
def test_what_cannot_be_said_is_refused(number: float) -> None:
    with pytest.raises(DataError):
        number_words(number)


ONES = {"không": 0, "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9}
ONES |= {"mốt": 1, "tư": 4, "lăm": 5}


def understood(words: str) -> int:
    """The number of the words, read by a listener who knows only what each word means."""
    total = below_billion = hundreds = ones = 0
    spoken = words.split()
    for place, word in enumerate(spoken):
        if word in ONES:
            ones += ONES[word]
        elif word == "mười":
            ones += 10
        elif word == "mươi":
            ones *= 10
        elif word == "trăm":
            hundreds, ones = ones * 100, 0
        elif word in ("nghìn", "triệu"):
            below_billion += (hundreds + ones) * (10**3 if word == "nghìn" else 10**6)
            hundreds = ones = 0
        elif word == "tỷ" and spoken[place - 1] != "tỷ":
            power = 2 if spoken[place + 1 : place + 2] == ["tỷ"] else 1
            total += (below_billion + hundreds + ones) * 10 ** (9 * power)
            below_billion = hundreds = ones = 0
    return total + below_billion + hundreds + ones


@settings(deadline=None)
@given(st.one_of(st.integers(0, 10**6), st.integers(0, 10**27 - 1)))
def test_a_listener_understands_every_number(number: int) -> None:
    assert understood(number_words(number)) == number
    assert understood(number_words(number, gap="lẻ")) == number


def test_no_two_numbers_sound_the_same() -> None:
    assert len({number_words(number) for number in range(20_000)}) == 20_000
