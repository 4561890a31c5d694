"""Numbers in words, `một trăm hai mươi lăm`, for vote counts and minutes.

Own code, because the libraries are wrong for official use: num2words drops `không trăm` (1001 becomes `một nghìn lẻ
một`) and has no ordinals; ICU says only `lẻ`.
"""

from __future__ import annotations

from typing import Literal

from docgen.errors import DataError, shown
from docgen.viet.numbers import MAX_WHOLE_DIGITS, Number, exact

Gap = Literal["linh", "lẻ"]

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_AFTER_TENS: tuple[dict[int, str], ...] = ({}, {5: "lăm"}, {1: "mốt", 4: "tư", 5: "lăm"})
_MOST_BILLIONS = MAX_WHOLE_DIGITS // 9
_IRREGULAR_ORDINALS = {1: "nhất", 4: "tư"}
_READ_AS_NUMBER = 3
_TEN = 10


def number_words(value: Number, gap: Gap = "linh") -> str:
    """The number as it is read aloud, in small letters.

    The gap word for empty tens is `linh` (school, north) or `lẻ` (accounting, south). Inside a number every group that
    holds something is said in full (1005 is `một nghìn không trăm linh năm`), empty groups are not said. A fraction is
    read as the school books of Toán 5 read it: 2,38 `hai phẩy ba mươi tám`, 0,032 `không phẩy không trăm ba mươi
    hai`; digit by digit where only one digit is not zero (0,05 `không phẩy không năm`) or there are over three.

    Raises:
        DataError: as `numbers.exact`.
    """
    number = exact(value)
    whole, _, fraction = f"{number:f}".removeprefix("-").partition(".")
    sign = "âm " if number < 0 else ""
    after = f" phẩy {_fraction(fraction, gap)}" if fraction else ""
    return f"{sign}{_whole(int(whole), gap)}{after}"


def ordinal_words(position: int, gap: Gap = "linh") -> str:
    """The ordinal: `thứ nhất`, `thứ hai`, `thứ ba`, `thứ tư`, `thứ năm`, … `thứ hai mươi mốt`.

    Raises:
        DataError: `ordinal-out-of-range` below 1, or as `numbers.exact`.
    """
    if position < 1:
        raise DataError.of("ordinal-out-of-range", f"Không có thứ tự {shown(position)}.", "Thứ tự tính từ 1.")
    return f"thứ {_IRREGULAR_ORDINALS.get(position) or number_words(position, gap)}"


def _whole(number: int, gap: Gap) -> str:
    said: list[str] = []
    for billions in range(_MOST_BILLIONS, -1, -1):
        rest = number // 10 ** (9 * billions) % 10**9
        for size, unit in ((10**6, "triệu"), (10**3, "nghìn"), (1, "")):
            if group := rest // size % 1000:
                said += [_group(group, gap, full=bool(said)), unit]
        if rest:
            said += ["tỷ"] * billions
    return " ".join(filter(None, said)) or _DIGITS[0]


def _group(number: int, gap: Gap, *, full: bool) -> str:
    """One to three digits; `full` says the hundreds even where there are none."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, _TEN)
    said = [_DIGITS[hundreds], "trăm"] if hundreds or full else []
    if tens == 1:
        said.append("mười")
    elif tens:
        said += [_DIGITS[tens], "mươi"]
    elif said and ones:
        said.append(gap)
    if ones:
        said.append(_AFTER_TENS[min(tens, 2)].get(ones, _DIGITS[ones]))
    return " ".join(said)


def _fraction(digits: str, gap: Gap) -> str:
    if len(digits) > _READ_AS_NUMBER or int(digits) < _TEN:
        return " ".join(_DIGITS[int(digit)] for digit in digits)
    return _group(int(digits), gap, full=len(digits) == _READ_AS_NUMBER)
