"""Excel out: sheets of columns and rows become the bytes of an .xlsx. The same sheets give the same bytes.

Made for three uses: the index of what was made, the list of bad rows to be mended (the columns of the list they came
from, one more with the reasons, coloured cells), and the sheet to fill (drop-downs, checks, notes, several sheets).
Text stays text whatever it begins with: nothing that was given becomes a formula or a link, and a text that begins with
`= + - @` or a control character is marked as text, so that it stays one when a person saves the sheet as CSV.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING, Any, Final, Literal

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from docgen.errors import OutputError, shown
from docgen.tables.cells import cell_name
from docgen.tables.sheets import CHOICES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Kind = Literal["text", "number", "integer", "date", "percent"]
Fill = Literal["error", "warning", "example", "asked", "required", "aside"]
Value = str | int | Decimal | bool | date | None

MOST_ROWS: Final = 1_048_576
MOST_CHARACTERS: Final = 32_767
"""What one cell of Excel holds; XlsxWriter drops a longer text without a word."""
_MOST_TITLE, _NOT_IN_TITLES = 31, "[]:*?/\\"
_MOST_PROMPT_TITLE, _MOST_PROMPT = 32, 255
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n")
_LINE_HEIGHT, _MOST_HEIGHT = 16, 400
"""Points for a line of 12-point text, and for a row (Excel takes no more than 409)."""
_ONE_PRINTED_PAGE = 160
"""Up to this width the columns are printed side by side on one page of A4, made smaller where they must be."""
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""Excel wants a day of creation; a clock would make every file another one."""
_OPTIONS: Final = {"strings_to_urls": False, "strings_to_formulas": False, "remove_timezone": True}
_FONT: Final[Mapping[str, Any]] = {"font_name": "Times New Roman", "font_size": 12, "valign": "top", "text_wrap": True}
_TEXT: Final = 49
"""Excel's own number of the format for text: what is typed into such a cell later stays text as well."""
_TEXT_LOOK: Final[Mapping[str, Any]] = {"num_format": _TEXT}
_FORMATS: Final[Mapping[Kind, str | int]] = {
    "text": _TEXT,
    "number": "General",
    "integer": "0",
    "date": "dd/mm/yyyy",
    "percent": "0.00%",
}
_FILLS: Final[Mapping[Fill, str]] = {
    "error": "#FFC7CE",
    "warning": "#FFEB9C",
    "example": "#E7E6E6",
    "asked": "#D9E1F2",
    "required": "#F8CBAD",
    "aside": "#E2EFDA",
}
REQUIRED_MARK: Final = " *"
"""Behind the heading of what must be filled in; reading takes it off."""
_NOTE_WIDTH, _NOTE_LETTERS, _NOTE_LINE = 360, 48, 16
"""Of the box of a note: its width in pixels, how many letters of 10 points a line of it holds, a line's height."""
_FIRST_RIGHT_DAY = (1900, 3, 1)
_EXCEL_POWERS = 300
_EXCEL_EXACT = 10**15
"""Whole numbers below have no more than the 15 digits that Excel keeps."""
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its heading, how wide (in characters) and of what kind it is, and what a person may put there."""

    heading: str
    kind: Kind = "text"
    width: float = 20
    required: bool = False
    aside: bool = False
    """Whether most people leave it blank: then its heading has another colour."""
    help: str = ""
    """Shown as a note on the heading."""
    choices: tuple[str, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    """Of a percentage, the limits of its ratio."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A cell with a colour, a note, or both."""

    value: Value
    fill: Fill | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ToFill:
    """A blank cell that waits for what this column would take: its kind, its choices, its checks."""

    column: Column


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetOut:
    """One sheet: a row of headings, which stays in sight, and rows of cells under it."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value | Marked | ToFill]] = ()
    checked: bool = False
    """Whether the columns are to be filled: then choices, dates and numbers are checked while a person types."""
    page: bool = False
    """Whether it is there to be read or filled rather than sorted: rows as high as their text, no filter buttons."""
    frozen: int = 0
    """How many of the first columns stay in sight as well."""


def write_sheets(sheets: Sequence[SheetOut], *, scratch: Path | None = None) -> bytes:
    """The workbook with these sheets; choices stand in one hidden sheet more.

    Args:
        sheets: what to write; rows are taken one by one.
        scratch: a folder of the caller's for temporary files. With it memory stays small however many rows there are;
            without it everything stays in memory (some 500 bytes for a cell), and nothing ever lies on a disk.

    Raises:
        OutputError: `excel-too-long` (a text that no cell can hold, more rows than a sheet has), `excel-letters` (a
            text that no file can hold). Nothing is ever cut off.
        ValueError: a title that Excel refuses, or two that are the same; use `sheet_titles`.
    """
    target = io.BytesIO()
    where = {"in_memory": True} if scratch is None else {"constant_memory": True, "tmpdir": str(scratch)}
    book = xlsxwriter.Workbook(target, {**where, **_OPTIONS})
    book.set_properties({"created": _EPOCH})
    writing = _Writing(book)
    try:
        for sheet in sheets:
            writing.write(sheet)
        writing.write_choices()
        book.close()
    except UnicodeEncodeError as error:
        what = "Có nửa ký tự bị hỏng nên không ghi được tệp Excel."
        raise OutputError.of("excel-letters", what, "Gõ lại ký tự đó trong dữ liệu.") from error
    except XlsxWriterException as error:
        raise ValueError(str(error)) from error
    return target.getvalue()


def is_plain(cell: object) -> bool:
    """Whether the look of its column is enough for a cell: a text that nothing takes for a formula, a whole number."""
    if type(cell) is str:
        return 2 * len(cell) <= MOST_CHARACTERS and not cell.startswith(_ACTIVE)
    return type(cell) is int and -_EXCEL_EXACT < cell < _EXCEL_EXACT


def sheet_titles(wanted: Iterable[str]) -> list[str]:
    """Titles that Excel takes: at most 31 characters, none of its seven forbidden signs, all different in any case."""
    taken = {CHOICES.casefold()}
    titles = []
    for text in wanted:
        plain = "".join(" " if letter in _NOT_IN_TITLES or not letter.isprintable() else letter for letter in text)
        whole = " ".join(plain.split()).strip("'") or "Trang"
        title = _cut(whole, _MOST_TITLE).strip(" '")
        number = 2
        while title.casefold() in taken:
            tail = f" ({number})"
            title = _cut(whole, _MOST_TITLE - len(tail)).strip() + tail
            number += 1
        taken.add(title.casefold())
        titles.append(title)
    return titles


def _units(text: str) -> int:
    """How long Excel finds a text: it counts in UTF-16, where a letter beyond the first 65,536 counts twice."""
    return len(text.encode("utf-16-le")) // 2


def _cut(text: str, most: int) -> str:
    short = text[:most]
    while _units(short) > most:
        short = short[:-1]
    return short


class _Writing:
    """One workbook while it is written; formats are made once, choices collected for the hidden sheet."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._choices: dict[tuple[str, ...], int] = {}
        self._plain = self._styled(_TEXT_LOOK)
        self._whole = {kind: self._styled(_number_look(kind)) for kind in _FORMATS}
        """What numbers look like, by the kind of their column."""

    def write(self, sheet: SheetOut) -> None:
        """One sheet whole."""
        page = self._book.add_worksheet(sheet.title)
        page.freeze_panes(1, sheet.frozen)
        for index, column in enumerate(sheet.columns):
            page.set_column(index, index, column.width, self._format(column.kind))
            self._head(page, index, column)
            if sheet.checked:
                self._check(page, (1, index, MOST_ROWS - 1, index), column)
        last = 0
        for last, row in enumerate(sheet.rows, start=1):
            if sheet.page:
                page.set_row(last, _height(sheet.columns, row))
            if last >= MOST_ROWS:
                what = f"Danh sách dài hơn {MOST_ROWS - 1} dòng, quá giới hạn của Excel."
                raise OutputError.of("excel-too-long", what, "Chia danh sách thành nhiều tệp.", sheet=sheet.title)
            self._row(page, last, row, sheet.columns)
        if last and sheet.columns and not sheet.page:
            page.autofilter(0, 0, last, len(sheet.columns) - 1)
        if sheet.page:
            page.set_row(0, _height(sheet.columns, [column.heading for column in sheet.columns]))
            if sum(column.width for column in sheet.columns) <= _ONE_PRINTED_PAGE:
                page.fit_to_pages(1, 0)
        page.set_landscape()
        page.set_paper(9)
        page.repeat_rows(0)

    def write_choices(self) -> None:
        """The hidden sheet to which the drop-downs point (a list inside a check holds 255 characters, no comma)."""
        if not self._choices:
            return
        page = self._book.add_worksheet(CHOICES)
        for options, column in self._choices.items():
            for row, option in enumerate(options):
                self._text(page, (row, column), option, {})
        page.hide()

    def _head(self, page: Worksheet, index: int, column: Column) -> None:
        look = {"bold": True, "border": 1, "valign": "vcenter", "align": "center", "num_format": _TEXT}
        fill: Fill = "required" if column.required else "aside" if column.aside else "asked"
        heading = column.heading + (REQUIRED_MARK if column.required else "")
        self._text(page, (0, index), heading, {**look, "bg_color": _FILLS[fill]})
        told = "\n".join(filter(None, ("Bắt buộc." if column.required else "", column.help)))
        if told:
            self._note(page, (0, index), told)

    def _note(self, page: Worksheet, place: tuple[int, int], told: str) -> None:
        lines = sum(max(1, ceil(len(line) / _NOTE_LETTERS)) for line in told.split("\n"))
        size = {"width": _NOTE_WIDTH, "height": _NOTE_LINE * (lines + 1)}
        page.write_comment(*place, told, {"author": "", "font_size": 10, **size})

    def _row(
        self, page: Worksheet, number: int, row: Sequence[Value | Marked | ToFill], columns: Sequence[Column]
    ) -> None:
        for index, cell in enumerate(row):
            if not self._write_plain(page, number, index, columns[index].kind, cell):
                self._cell(page, (number, index), columns[index].kind, cell)

    def _write_plain(self, page: Worksheet, row: int, column: int, kind: Kind, cell: Value | Marked | ToFill) -> bool:
        """Write the cell as `_cell` would, where that is simple (nearly all of a long list); whether it was."""
        if cell is None or cell == "":
            return True
        if not is_plain(cell):
            return False
        if isinstance(cell, str):
            cell.encode()  # as in `_text`
            page.write_string(row, column, cell, self._plain)
        else:
            page.write_number(row, column, cell, self._whole[kind])
        return True

    def _cell(self, page: Worksheet, place: tuple[int, int], kind: Kind, cell: Value | Marked | ToFill) -> None:
        if isinstance(cell, ToFill):
            page.write_blank(*place, None, self._styled({"num_format": _FORMATS[cell.column.kind], "border": 1}))
            self._check(page, (*place, *place), cell.column)
            return
        marked = cell if isinstance(cell, Marked) else Marked(cell)
        look = {"bg_color": _FILLS[marked.fill]} if marked.fill else {}
        value = marked.value
        if isinstance(value, str) and value:
            self._text(page, place, value, {**_TEXT_LOOK, **look})
        elif isinstance(value, bool):
            page.write_boolean(*place, value, self._styled(look))
        elif isinstance(value, int | Decimal):
            self._number(page, place, value, {**_number_look(kind), **look})
        elif isinstance(value, date):
            self._date(page, place, value, look)
        elif look:
            page.write_blank(*place, None, self._styled({"num_format": _FORMATS[kind], **look}))
        if marked.note:
            self._note(page, place, marked.note)

    def _number(self, page: Worksheet, place: tuple[int, int], value: int | Decimal, look: Mapping[str, Any]) -> None:
        """A number as a number where Excel keeps all its digits (15), else as text: nothing is rounded."""
        exact = Decimal(value)
        if exact.is_finite() and abs(exact.adjusted()) < _EXCEL_POWERS and Decimal(f"{float(exact):.15g}") == exact:
            page.write_number(*place, float(exact), self._styled(look))
        else:
            self._text(page, place, str(value), {**look, "num_format": _TEXT})

    def _date(self, page: Worksheet, place: tuple[int, int], value: date, look: Mapping[str, Any]) -> None:
        """A date as a date; as text before March 1900, where Excel counts a day that never was."""
        shape = "dd/mm/yyyy hh:mm" if isinstance(value, datetime) and value.time() != time() else "dd/mm/yyyy"
        if value.timetuple()[:3] < _FIRST_RIGHT_DAY:
            self._text(page, place, f"{value.day:02}/{value.month:02}/{value.year:04}", {**look, "num_format": _TEXT})
        else:
            page.write_datetime(*place, value, self._styled({"num_format": shape, **look}))

    def _text(self, page: Worksheet, place: tuple[int, int], text: str, look: Mapping[str, Any]) -> None:
        if 2 * len(text) > MOST_CHARACTERS and _units(text) > MOST_CHARACTERS:
            what = f"Ô {cell_name(*place)} ({shown(text)}) dài quá {MOST_CHARACTERS} ký tự, quá giới hạn của Excel."
            raise OutputError.of("excel-too-long", what, "Rút gọn nội dung, hoặc nhận kết quả dạng .json.")
        text.encode()  # half a letter is refused here: XlsxWriter would find it with its zip half written
        quoted = {"quote_prefix": True} if text.startswith(_ACTIVE) else {}
        page.write_string(*place, text, self._styled({**look, **quoted}))

    def _format(self, kind: Kind) -> Format:
        return self._styled({"num_format": _FORMATS[kind]})

    def _styled(self, look: Mapping[str, Any]) -> Format:
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({**_FONT, **look})
        return self._formats[key]

    def _check(self, page: Worksheet, area: tuple[int, int, int, int], column: Column) -> None:
        rule = self._rule(column)
        if rule:
            title, told = _told(column)
            page.data_validation(*area, {**rule, "error_title": title, "error_message": told, "ignore_blank": True})

    def _rule(self, column: Column) -> dict[str, Any] | None:
        if column.choices:
            place = self._choices.setdefault(column.choices, len(self._choices))
            first, last = (cell_name(row, place) for row in (0, len(column.choices) - 1))
            return {"validate": "list", "source": f"='{CHOICES}'!{_fixed(first)}:{_fixed(last)}"}
        if column.kind == "date":
            return {"validate": "date", "criteria": "between", "minimum": _FIRST_DAY, "maximum": _LAST_DAY}
        if column.kind == "text":
            return None
        least, most = column.minimum, column.maximum
        validate = "integer" if column.kind == "integer" else "decimal"
        if least is not None and most is not None:
            return {"validate": validate, "criteria": "between", "minimum": float(least), "maximum": float(most)}
        if most is not None:
            return {"validate": validate, "criteria": "<=", "value": float(most)}
        return {"validate": validate, "criteria": ">=", "value": float(least if least is not None else -(10**9))}


def _number_look(kind: Kind) -> Mapping[str, Any]:
    """How a number is shown: in a column of texts as it is."""
    return {"num_format": _FORMATS[kind if kind != "text" else "number"]}


def _height(columns: Sequence[Column], row: Sequence[Value | Marked | ToFill]) -> float:
    """How high a row must be, in points, for the text in it; programs differ in whether they see to that themselves."""
    lines = 1
    for column, cell in zip(columns, row, strict=True):
        value = cell.value if isinstance(cell, Marked) else cell
        if isinstance(value, str):
            # A letter of 12 points takes about one unit of a column's width.
            lines = max(lines, sum(max(1, ceil(len(line) / column.width)) for line in value.split("\n")))
    return min(lines * _LINE_HEIGHT, _MOST_HEIGHT)


def _told(column: Column) -> tuple[str, str]:
    if column.choices:
        told = "Chọn một giá trị trong danh sách xổ xuống."
    elif column.kind == "date":
        told = "Gõ ngày theo mẫu 28/02/1990."
    elif column.kind == "percent":
        told = "Gõ tỷ lệ phần trăm kèm dấu %, ví dụ 86,9%."
    else:
        told = f"Gõ một số{' nguyên' if column.kind == 'integer' else ''}{_between(column)}."
    return column.heading[:_MOST_PROMPT_TITLE], told[:_MOST_PROMPT]


def _between(column: Column) -> str:
    least, most = column.minimum, column.maximum
    if least is not None and most is not None:
        return f" từ {least} đến {most}"
    return f" từ {least} trở lên" if least is not None else f" không quá {most}" if most is not None else ""


def _fixed(name: str) -> str:
    letters = name.rstrip("0123456789")
    return f"${letters}${name[len(letters) :]}"
