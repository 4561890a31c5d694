"""JSON, read strictly: what the standard library forgives (doubled keys, NaN, half characters, any depth) is refused.

A first look at the tokens finds those faults with their places and bounds the depth, so that the parser proper, which
calls itself for every level, never meets a text that is too deep for it.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from docgen.errors import DataError, Problem, shown
from docgen.tables.limits import Limits, problem_at

if TYPE_CHECKING:
    from collections.abc import Callable

_TOKEN = re.compile(
    r"""
    (?P<string>"(?:[^"\\]++|\\.)*+")
    | (?P<open>[\[{]) | (?P<close>[\]}]) | (?P<colon>:)
    | (?P<number>-?[0-9][0-9.eE+-]*+)
    | (?P<constant>NaN|-?Infinity)
    | (?P<torn>")
    """,
    re.VERBOSE | re.DOTALL,
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_MOST_POWER = 30
"""Numbers from 10^30 on, or with as many leading zeros after the comma, stand in no paper."""

_SYNTAX = (
    ("Expecting property name", "Chỗ này phải là tên mục trong dấu nháy kép.", "Bỏ dấu phẩy thừa trước dấu }."),
    ("Expecting ':'", "Thiếu dấu hai chấm sau tên mục.", "Viết theo mẫu \"ho_ten\": \"…\"."),
    ("Expecting ','", "Thiếu dấu phẩy giữa hai mục.", "Thêm dấu phẩy, hoặc thêm \\ trước dấu nháy kép nằm trong câu."),
    ("Expecting value", "Chỗ này thiếu giá trị hoặc viết sai.", "Đặt chữ trong dấu nháy kép; bỏ dấu phẩy thừa."),
    ("Illegal trailing comma", "Thừa dấu phẩy ở cuối.", "Bỏ dấu phẩy đứng trước dấu đóng ngoặc."),
    ("Unterminated string", "Dấu nháy kép mở ra ở đây không được đóng lại.", "Thêm dấu nháy kép ở cuối câu."),
    ("Invalid control character", "Trong dấu nháy kép có chỗ xuống dòng hoặc phím Tab.", "Viết \\n để xuống dòng."),
    ("Invalid \\", "Dấu \\ viết sai cách.", "Viết \\\\ để có một dấu \\."),
    ("Extra data", "Sau bản ghi còn chữ thừa.", "Xóa phần thừa; mỗi tệp chỉ có một bản ghi."),
)  # fmt: skip


def parse(text: str, limits: Limits) -> object:
    """The value of a JSON text; whole numbers as int, others as Decimal, both exact.

    Raises:
        DataError: codes `json-syntax`, `json-too-deep`, `json-duplicate-key`, `json-not-a-number`,
            `json-number-too-long`, `json-half-character`; each with line and column.
    """
    look = _Look(text, limits)
    look.walk()
    try:
        value: object = json.loads(
            text,
            parse_int=lambda raw: number(raw, limits),
            parse_float=lambda raw: number(raw, limits),
            parse_constant=lambda _: None,
        )
    except json.JSONDecodeError as error:
        what, cure = next(((w, c) for start, w, c in _SYNTAX if error.msg.startswith(start)), _OTHER_SYNTAX)
        raise DataError([problem_at(text, error.pos, "json-syntax", what, cure)]) from None
    if look.problems:
        raise DataError(look.problems)
    return value


_OTHER_SYNTAX = ("Chỗ này không đúng cách viết JSON.", "So với tệp mẫu: docgen show MÃ-MẪU --sample.")


def number(raw: str, limits: Limits) -> int | Decimal | None:
    """The exact number that is written; None where it is longer or larger than any paper needs, or no number."""
    if len(raw) > limits.number_characters:
        return None
    try:
        exact = Decimal(raw)
    except InvalidOperation:
        return None
    if not exact.is_finite() or (exact and abs(exact.adjusted()) > _MOST_POWER):
        return None
    return int(raw) if raw.lstrip("-").isdecimal() else exact


class _Look:
    """The first look at a text: a stack of open brackets, for each object the keys met so far."""

    def __init__(self, text: str, limits: Limits) -> None:
        self.problems: list[Problem] = []
        self._text = text
        self._limits = limits
        self._open: list[set[str]] = []
        self._last: re.Match[str] | None = None

    def walk(self) -> None:
        """Look at every token up to the first quotation mark that is never closed; the parser proper stops there too.

        Raises:
            DataError: too deep, or too many faults.
        """
        looks: dict[str, Callable[[re.Match[str]], None]] = {
            "string": self._string,
            "open": self._deeper,
            "close": self._back,
            "colon": self._key,
            "number": self._number,
            "constant": self._constant,
        }
        for token in _TOKEN.finditer(self._text):
            kind = token.lastgroup or "torn"
            if kind == "torn":
                return
            looks[kind](token)
            if len(self.problems) >= self._limits.problems:
                raise DataError(self.problems)
            self._last = token

    def _deeper(self, token: re.Match[str]) -> None:
        self._open.append(set())
        if len(self._open) > self._limits.depth:
            what = f"Các ngoặc lồng vào nhau quá {self._limits.depth} lớp."
            cure = "Viết bản ghi theo tệp mẫu: docgen show MÃ-MẪU --sample."
            raise DataError([problem_at(self._text, token.start(), "json-too-deep", what, cure)])

    def _back(self, _: re.Match[str]) -> None:
        if self._open:
            self._open.pop()

    def _string(self, token: re.Match[str]) -> None:
        if _SURROGATE.search(self._decoded(token)):
            what = "Có nửa ký tự (mã \\uD800 đến \\uDFFF đứng lẻ), không phải chữ."
            self._found(token, "json-half-character", what, "Gõ lại ký tự đó, hoặc xuất lại tệp bằng UTF-8.")

    def _key(self, _: re.Match[str]) -> None:
        token = self._last
        if token is None or token.lastgroup != "string" or not self._open:
            return
        key = self._decoded(token)
        if key in self._open[-1]:
            what = f"Mục {shown(key)} được viết hai lần trong cùng một nhóm."
            self._found(token, "json-duplicate-key", what, "Giữ lại một lần, xóa lần kia.")
        self._open[-1].add(key)

    def _number(self, token: re.Match[str]) -> None:
        if number(token.group(), self._limits) is None:
            what = "Số quá dài, quá lớn hoặc viết sai."
            cure = "Sửa lại số; nếu là mã số (số thẻ, số căn cước) thì đặt trong dấu nháy kép."
            self._found(token, "json-number-too-long", what, cure)

    def _constant(self, token: re.Match[str]) -> None:
        what = f"{shown(token.group())} không phải là số."
        self._found(token, "json-not-a-number", what, "Viết số thật, hoặc null nếu chưa có.")

    def _found(self, token: re.Match[str], code: str, what: str, cure: str) -> None:
        self.problems.append(problem_at(self._text, token.start(), code, what, cure))

    @staticmethod
    def _decoded(token: re.Match[str]) -> str:
        raw = token.group()
        if "\\" not in raw:
            return raw[1:-1]
        try:
            return str(json.loads(raw, strict=False))
        except json.JSONDecodeError:
            return raw
