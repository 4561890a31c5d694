"""Numbers as papers print them and as people type them: `46.882`, `1.234,5`, `86,9%`. Decimal throughout, half up.

The one rule of reading: the comma is the decimal mark and the dot parts groups of exactly three digits. So `46.882` is
forty-six thousand, `46,882` is forty-six and a bit (and refused where a whole number is due), `1.5` and `1,234.5` are
refused. Babel's own `vi` parser is not used because it takes `46,882` for any field, a silent thousandth of what an
English Excel meant; Babel writes the numbers, after our own rounding, because it rounds half to even.
"""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from docgen.errors import DataError, shown
from docgen.viet.text import typed

if TYPE_CHECKING:
    from babel import Locale
    from babel.numbers import NumberPattern

Number = int | float | Decimal

MAX_WHOLE_DIGITS = 27
MAX_PLACES = 20
_FLOAT_DIGITS = 15
_PRECISION = 60
_DOUBTFUL_RATIO = 2
_WRITTEN_KEPT = 4096
"""How many written numbers are remembered: scores and counts are few and come again with every record."""

_TYPED = re.compile(r"(?P<sign>[+-]?)(?P<whole>[1-9]\d{0,2}(?:\.\d{3})+|\d+)(?:,(?P<fraction>\d+))?", re.ASCII)
_ENGLISH = re.compile(r"[+-]?(?:\d+\.\d+|\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,})", re.ASCII)


def exact(value: Number) -> Decimal:
    """The number as a Decimal without trailing zeros and without a negative zero.

    A float is read with the 15 digits that a spreadsheet keeps, so 0.1 + 0.2 is 0.3.

    Raises:
        DataError: `number-boolean`, `number-not-finite`, `number-too-long` (over 27 digits before the comma, 15 for a
            float, or over 20 after it).
    """
    if isinstance(value, bool):
        raise DataError.of("number-boolean", "Đây là giá trị đúng/sai, không phải số.", "Gõ một số.")
    number = Decimal(value)
    if not number.is_finite():
        raise DataError.of("number-not-finite", "Đây không phải một số hữu hạn.", "Gõ một số cụ thể, hoặc để trống.")
    if isinstance(value, float):
        if abs(value) >= 10**_FLOAT_DIGITS:
            raise _too_long()
        number = Decimal(f"{value:.{_FLOAT_DIGITS}g}")
    if not number:
        return Decimal(0)
    if number.adjusted() >= MAX_WHOLE_DIGITS or number.adjusted() < -MAX_PLACES:
        raise _too_long()
    whole, _, fraction = f"{number:f}".partition(".")
    fraction = fraction.rstrip("0")
    if len(fraction) > MAX_PLACES:
        raise _too_long()
    return Decimal(f"{whole}.{fraction}" if fraction else whole)


def round_half_up(value: Number, places: int) -> Decimal:
    """The number with exactly `places` digits after the comma; a half goes away from zero (12,5 to 13).

    Raises:
        DataError: as `exact`.
    """
    number = exact(value)
    if places > _PRECISION - MAX_WHOLE_DIGITS - 1:  # one more digit where it rounds up to the next power of ten
        return _rounded(Fraction(number), places)
    rounded = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, Context(prec=_PRECISION))
    return rounded or rounded.copy_abs()


def format_integer(value: Number) -> str:
    """A whole number with dots between groups of three: `46.882`.

    Raises:
        DataError: as `exact`, or `number-not-whole`.
    """
    return _written(Decimal(_whole(exact(value))), 0)


def format_decimal(value: Number, places: int | None = None) -> str:
    """A number with a decimal comma: `1.234,5`; `places` digits after it, or as many as the number has.

    Raises:
        DataError: as `exact`.
    """
    number = exact(value) if places is None else round_half_up(value, places)
    return _written(number, _places(number))


def format_percent(ratio: Number, places: int | None = None) -> str:
    """A ratio (0,869) as a percentage without a blank before the sign: `86,9%`; `places` as in `format_decimal`.

    Raises:
        DataError: as `exact`.
    """
    points = Context(prec=_PRECISION).multiply(exact(ratio), Decimal(100))
    return format_decimal(points, places) + "%"


def percent_of(part: Number, whole: Number, places: int) -> Decimal:
    """The ratio of part to whole, rounded half up to `places` digits of its percentage: 616 of 663, 1 is 0.929.

    Raises:
        DataError: as `exact`, or `percent-of-nothing` where the whole is zero.
    """
    base = Fraction(exact(whole))
    if not base:
        raise DataError.of("percent-of-nothing", "Không tính được tỷ lệ vì tổng số bằng 0.", "Kiểm tra lại tổng số.")
    return _rounded(Fraction(exact(part)) / base, places + 2)


def padded(count: Number) -> str:
    """A small count as official texts write it: 1 to 9 with a leading zero (`03 đồng chí`), others as `format_integer`.

    Zero stays `0`: no source seen pads it.

    Raises:
        DataError: as `format_integer`.
    """
    number = _whole(exact(count))
    return f"0{number}" if 1 <= number <= 9 else format_integer(number)  # noqa: PLR2004 (one digit)


def parse_integer(value: object) -> int:
    """A whole number from text or from a number: `46.882`, ` 12 `, `08`, 8.0. A comma in text is refused.

    Raises:
        DataError: `number-unreadable`, `number-english-style`, `number-not-whole`, or as `exact`.
    """
    if isinstance(value, str) and "," in typed(value) and _TYPED.fullmatch(typed(value)):
        raise DataError.of(
            "number-not-whole",
            f"{shown(value)} có dấu phẩy thập phân nhưng ở đây cần số nguyên.",
            "Gõ số nguyên, dấu chấm ngăn hàng nghìn, ví dụ 46.882 hoặc 46882.",
        )
    return _whole(_read(value))


def parse_decimal(value: object) -> Decimal:
    """A number from text or from a number, by the rule of this module: `1.234,5`, `86,9`, `8`, 8.0.

    Raises:
        DataError: `number-unreadable`, `number-english-style`, or as `exact`.
    """
    return _read(value)


def parse_percent(value: object) -> Decimal:
    """The ratio of a percentage: `86,9%`, `86,9` and 86.9 are 0.869.

    Without a percent sign a value over 0 and up to 2 is refused, because a spreadsheet keeps 86,9% as 0.869 and 105%
    as 1.05: nobody can tell 0,869% from 86,9%.

    Raises:
        DataError: `percent-doubtful`, or as `parse_decimal`.
    """
    text = typed(value) if isinstance(value, str) else ""
    signed = text.endswith("%")
    points = _read(text[:-1].rstrip() if signed else value)
    if not signed and 0 < abs(points) <= _DOUBTFUL_RATIO:
        raise DataError.of(
            "percent-doubtful",
            f"Không rõ {shown(value)} là {format_decimal(points)}% hay {format_percent(points)}.",
            "Gõ kèm dấu phần trăm, ví dụ 86,9%.",
        )
    return exact(Context(prec=_PRECISION).divide(points, Decimal(100)))


def _read(value: object) -> Decimal:
    if isinstance(value, int | float | Decimal):
        return exact(value)
    if not isinstance(value, str):
        raise DataError.of("number-unreadable", "Giá trị này không phải là số.", "Gõ một số, ví dụ 46.882 hoặc 86,9.")
    text = typed(value)
    match = _TYPED.fullmatch(text)
    if match is None:
        raise _unreadable(value, text)
    whole, fraction = match["whole"].replace(".", ""), match["fraction"] or "0"
    return exact(Decimal(f"{match['sign']}{whole}.{fraction}"))


def _unreadable(value: str, text: str) -> DataError:
    if _ENGLISH.fullmatch(text):
        return DataError.of(
            "number-english-style",
            f"{shown(value)} không đúng cách viết số của tiếng Việt.",
            "Dùng dấu phẩy cho phần thập phân, dấu chấm ngăn từng nhóm ba chữ số, ví dụ 1.234,5.",
        )
    return DataError.of(
        "number-unreadable",
        f"{shown(value) if text else 'Giá trị này'} không phải là số.",
        "Chỉ gõ chữ số, ví dụ 46.882 hoặc 86,9.",
    )


def _whole(number: Decimal) -> int:
    if number != number.to_integral_value():
        raise DataError.of(
            "number-not-whole", f"{shown(format_decimal(number))} không phải số nguyên.", "Gõ số nguyên."
        )
    return int(number)


def _rounded(ratio: Fraction, places: int) -> Decimal:
    doubled = 2 * abs(ratio) * 10**places
    units = math.floor(doubled + 1) // 2
    return Decimal(f"{'-' if ratio < 0 and units else ''}{units}E-{places}")


@lru_cache(maxsize=_WRITTEN_KEPT)
def _written(number: Decimal, places: int) -> str:
    pattern, locale = _pattern(places)
    with localcontext(Context(prec=_PRECISION)):
        return str(pattern.apply(number, locale, decimal_quantization=False))


@lru_cache(maxsize=MAX_PLACES + 1)
def _pattern(places: int) -> tuple[NumberPattern, Locale]:
    """What Babel would parse again for every number."""
    from babel import Locale
    from babel.numbers import parse_pattern

    return parse_pattern("#,##0." + "0" * places if places else "#,##0"), Locale.parse("vi")


def _places(number: Decimal) -> int:
    return len(f"{number:f}".partition(".")[2])


def _too_long() -> DataError:
    return DataError.of(
        "number-too-long",
        "Số có quá nhiều chữ số để in đúng.",
        f"Gõ bằng chữ số, nhiều nhất {MAX_WHOLE_DIGITS} chữ số trước dấu phẩy và {MAX_PLACES} sau dấu phẩy.",
    )
