"""A sheet as it was found: cells, their addresses, and what a spreadsheet knows about them beside their values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from docgen.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LETTERS = 26
_ROWS_AT_ONCE = 500
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
    """What a cell's style changes in the meaning of its number, and the old font that its text was typed for."""

    percent: bool = False
    digits: int = 0
    """Digits of a number that is shown with leading zeros, or 0."""
    font: str | None = None


PLAIN = Style()


@dataclass(slots=True)
class Facts:
    """What is known of one sheet beside its values; rows and columns count from 0."""

    merged: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    unreadable: dict[tuple[int, int], Unreadable] = field(default_factory=dict)
    styled: dict[tuple[int, int], Style] = field(default_factory=dict)
    """Numbers whose style changes what they mean: a percentage, leading zeros."""
    fonts: dict[int, str] = field(default_factory=dict)
    """An old font (TCVN3, VNI) met in a column."""
    refused: Problem | None = None
    """Why the sheet cannot be read at all."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one sheet or one CSV file, row by row from the first; missing cells at a row's end are blank."""

    sheet: str | None
    rows: Sequence[Sequence[Cell]]
    facts: Facts
    lines: Sequence[int] | None = None
    """The number of each row where it is not simply the next one (a CSV row may take several lines)."""
    visible: bool = True

    def letters_among(self, wanted: re.Pattern[str]) -> set[str]:
        """The different matches of a pattern in the texts of the sheet; fast where there is none."""
        found: set[str] = set()
        for start in range(0, len(self.rows), _ROWS_AT_ONCE):
            some = self.rows[start : start + _ROWS_AT_ONCE]
            found.update(wanted.findall("\n".join([cell for row in some for cell in row if type(cell) is str])))
        return found

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
    """A number as its style shows it, where that is what it means: 0.85 as `85%`, 123 as `00123`; others unchanged."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return value
    if style.percent:
        points = f"{(Decimal(value) * 100).normalize():f}"
        return f"{points.replace('.', ',')}%"
    if style.digits and value >= 0 and value == int(value):
        return str(int(value)).zfill(style.digits)
    return value


def style_of(number_format: str, font: str) -> Style:
    """What matters of a number format (as Excel writes it) and a font's name."""
    bare = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].', "", number_format.partition(";")[0])
    digits = len(bare) if re.fullmatch("0{2,}", bare) else 0
    legacy = font.casefold().startswith((".vn", "vni"))
    return Style(percent="%" in bare, digits=digits, font=font if legacy else None)


def put_style(facts: Facts, place: tuple[int, int], style: Style) -> None:
    """Note the style of a cell that has a value."""
    if style.percent or style.digits:
        facts.styled[place] = style
    if style.font:
        facts.fonts.setdefault(place[1], style.font)


def far_cell(name: str) -> Problem:
    """The refusal of a sheet with a cell so far away that the rectangle up to it fits into no memory."""
    what = f"Ô {name} có nội dung nằm quá xa bảng dữ liệu nên không đọc trang tính này."
    return Problem(code="workbook-far-cell", what=what, cure=f"Xóa ô {name} (bấm Ctrl+End để tới ô cuối) rồi lưu lại.")


BUILT_IN_PERCENT: Mapping[int, str] = {9: "0%", 10: "0.00%"}
"""The number formats of Excel that have a number only, as far as they matter here."""
