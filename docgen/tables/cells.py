"""A sheet as it was found: cells, their addresses, and what a spreadsheet knows about them beside their values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from docgen.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence, Set

Period = Literal["month", "year"]
_PERIODS: Mapping[Period, str] = {"month": "%m/%Y", "year": "%Y"}

_LETTERS = 26
_REFERENCE = re.compile("([A-Z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell that has something, but no value: an error such as `#N/A`, or (no text) a formula without its result."""

    text: str


Cell = str | int | Decimal | bool | date | Unreadable | None
"""What a cell can hold; a datetime is a date too. Text shows something: blanks alone are None."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, rows and columns counted from 0, both ends inside."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def name(self) -> str:
        """As a spreadsheet writes it: `B7:B8`."""
        return f"{cell_name(self.top, self.left)}:{cell_name(self.bottom, self.right)}"


@dataclass(frozen=True, slots=True)
class Style:
    """What a cell's style changes in the meaning of its value, and the old font that its text was typed for."""

    percent: bool = False
    prefix: str = ""
    """Digits that are shown before the number: the 0 of a telephone number."""
    mask: str = ""
    """How a number that is a code is shown: at least so many digits as there are 0, with the signs between them."""
    period: Period | None = None
    """The part of a date that is shown, where its day is not."""
    font: str | None = None


PLAIN = Style()
_CODE = re.compile(r"""((?:"[0-9]*"|\\[0-9])*)([0#](?:[0# -]|\\[ -]|"[ -]")*)""")
"""A number format of digits alone: those that stand there in any case, and places for those of the number."""


@dataclass(slots=True)
class Facts:
    """What is known of one sheet beside its values; rows and columns count from 0."""

    merged: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    unreadable: dict[tuple[int, int], Unreadable] = field(default_factory=dict)
    styled: dict[tuple[int, int], Style] = field(default_factory=dict)
    """Values whose style changes what they mean: percentages, codes, dates that are shown without their day."""
    fonts: dict[int, str] = field(default_factory=dict)
    """An old font (TCVN3, VNI) met in a column."""
    dated: set[int] = field(default_factory=set)
    """Columns in which a date stands."""
    refused: Problem | None = None
    """Why the sheet cannot be read at all."""

    def bound(self, most: int) -> None:
        """Refuse the sheet where more cells or areas than this need a word of their own: that takes memory."""
        if len(self.unreadable) + len(self.styled) + len(self.merged) > most:
            what = f"Trang tính có hơn {most} ô báo lỗi, ô gộp, ô phần trăm hoặc ô mã số nên không đọc."
            self.refused = Problem(code="workbook-crowded", what=what, cure="Chỉ giữ lại bảng dữ liệu rồi lưu lại.")


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one sheet or one CSV file, row by row from the first; missing cells at a row's end are blank."""

    sheet: str | None
    rows: Sequence[Sequence[Cell]]
    facts: Facts
    lines: Sequence[int] | None = None
    """The number of each row where it is not simply the next one (a CSV row may take several lines)."""
    visible: bool = True
    suspects: Mapping[int, Set[str]] | None = None
    """By column, the signs of old or lost text (`old_text.suspects`), where the reader has looked for them."""

    def number(self, index: int) -> int:
        """How the row at this index is called, from 1."""
        return self.lines[index] if self.lines is not None else index + 1


def column_letters(index: int) -> str:
    """The name of a column that counts from 0: A, B, …, Z, AA."""
    name = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, _LETTERS)
        name = chr(ord("A") + letter) + name
    return name


def column_index(letters: str) -> int:
    """The column of this name, from 0."""
    index = 0
    for letter in letters:
        index = index * _LETTERS + ord(letter) - ord("A") + 1
    return index - 1


def cell_name(row: int, column: int) -> str:
    """The address of a cell that counts from 0: `B7`."""
    return f"{column_letters(column)}{row + 1}"


def cell_at(name: str) -> tuple[int, int] | None:
    """Row and column, from 0, of an address; None if it is none."""
    found = _REFERENCE.fullmatch(name)
    return (int(found[2]) - 1, column_index(found[1])) if found else None


def as_shown(value: Cell, style: Style) -> Cell:
    """A value as its style shows it, where that is what it means; others unchanged.

    0.85 is `85%`, 123 is `00123`, 912345678 is `0912 345 678`, a day in March that is shown as its month is `03/1990`.
    """
    if isinstance(value, date):
        return f"{value:{_PERIODS[style.period]}}" if style.period else value
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return value
    if style.percent:
        points = f"{(Decimal(value) * 100).normalize():f}"
        return f"{points.replace('.', ',')}%"
    if (style.mask or style.prefix) and value >= 0 and value == int(value):
        return _code(int(value), style)
    return value


def _code(number: int, style: Style) -> str | int:
    """The number as a code; itself where the style only parts its digits, as for thousands."""
    places = style.mask.count("0")
    digits = str(number).zfill(places)
    rest = iter(digits[len(digits) - places :])
    masked = "".join(next(rest) if sign == "0" else sign for sign in style.mask)
    text = style.prefix + digits[: len(digits) - places] + masked
    return text if text.startswith("0") or masked.isdecimal() else number


def style_of(number_format: str, font: str) -> Style:
    """What matters of a number format (as Excel writes it) and a font's name."""
    legacy = font if font.casefold().startswith((".vn", "vni")) else None
    shown = re.sub(r"\[[^\]]*\]|[_*].", "", number_format.partition(";")[0])
    bare = re.sub(r'"[^"]*"|\\.', "", shown)
    code = _CODE.fullmatch(shown)
    if not code:
        return Style(percent="%" in bare, period=_period(bare.casefold()), font=legacy)
    prefix, places = (re.sub(r'["\\]', "", part) for part in code.groups())
    for_thousands = "#" in places and places.strip("0#") != ""
    mask = "" if for_thousands else places.lstrip("#").replace("#", "0")
    return Style(prefix=prefix, mask=mask if prefix or mask.count("0") > 1 else "", font=legacy)


def _period(letters: str) -> Period | None:
    """Whether a date format shows a month and a year, or a year, and nothing of the day."""
    if "y" not in letters or not set(letters).isdisjoint("dhs"):
        return None
    return "month" if "m" in letters else "year"


def put_style(facts: Facts, place: tuple[int, int], style: Style) -> None:
    """Note the style of a cell that has a value."""
    if style.percent or style.prefix or style.mask or style.period:
        facts.styled[place] = style
    if style.font:
        facts.fonts.setdefault(place[1], style.font)


def far_cell(name: str) -> Problem:
    """The refusal of a sheet with a cell so far away that the rectangle up to it fits into no memory."""
    what = f"Ô {name} có nội dung nằm quá xa bảng dữ liệu nên không đọc trang tính này."
    return Problem(code="workbook-far-cell", what=what, cure=f"Xóa ô {name} (bấm Ctrl+End để tới ô cuối) rồi lưu lại.")


BUILT_IN: Mapping[int, str] = {9: "0%", 10: "0.00%", 17: "mmm-yy"}
"""The number formats of Excel that have a number only, as far as they matter here."""
