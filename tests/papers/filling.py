"""What the tests of the Excel to fill share: every workbook once, what it asks, and a workbook that somebody filled."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from lxml import etree
from python_calamine import CalamineWorkbook

from docgen.papers import library
from docgen.papers.columns import CODE_NAME, SUBJECT_NAME, columns_of
from docgen.papers.keys import key_of, keys_of
from docgen.papers.sheet import MAIN, fill_sheets, list_sheet_titles, workbook
from docgen.tables.cells import column_index
from docgen.tables.excel import Column, Marked, SheetOut, ToFill, write_sheets
from docgen.tables.lists import read_list
from docgen.tables.sheets import COMMON
from tests.papers.specimens import FORMS
from tests.tables.books import part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docgen.papers.form import Field
    from docgen.tables.rows import ListRead

FAMILIES = sorted(library.families())
NAMES = [*(form.id for form in FORMS), *FAMILIES]


@cache
def book(name: str, year: int | None = None) -> bytes:
    return workbook(name, year=year)


@cache
def sheets(name: str, year: int | None = None) -> dict[str, SheetOut]:
    return {sheet.title: sheet for sheet in fill_sheets(name, year=year)}


@cache
def opened(name: str) -> ListRead:
    return read_list(book(name), name="ds.xlsx", headings=columns_of(name).knows)


def column(name: str, heading: str, sheet: str = MAIN, year: int | None = None) -> Column:
    [found] = [each for each in sheets(name, year)[sheet].columns if each.heading == heading]
    return found


def common_rows(name: str) -> dict[str, tuple[str, ToFill, str]]:
    """What «Chung» asks: by name without its mark, the name as it stands, the cell to fill, the help."""
    found = {}
    for title, cell, told in sheets(name)[COMMON].rows if COMMON in sheets(name) else ():
        assert isinstance(title, Marked)
        assert isinstance(cell, ToFill)
        assert isinstance(told, Marked)
        found[str(title.value).removesuffix(" *")] = (str(title.value), cell, str(told.value))
    return found


def asked_fields(name: str) -> dict[str, Field]:
    """The fields of the forms for which the workbook is, newest first, without computed ones."""
    forms = [form for form in columns_of(name).forms if name not in FAMILIES or form.last_year is None]
    found: dict[str, Field] = {}
    for form in forms:
        for each, field in form.fields.items():
            if field.type != "computed":
                found.setdefault(each, field)
    return found


def filled(name: str, held: Mapping[str, Any], *, code: str = "00123", subject: str | None = None) -> bytes:
    """The workbook with one row in which these cells stand: what «Chung» asks stands there, lists on their sheets."""
    columns = columns_of(name)
    titles = {title: each for each, title in list_sheet_titles(columns.fields).items()}
    shared = common_rows(name)
    made = []
    for sheet in sheets(name).values():
        rows: Any = sheet.rows
        if sheet.title == MAIN:
            names = columns.match(each.heading for each in sheet.columns).names
            known = {**held, CODE_NAME: code, SUBJECT_NAME: subject}
            own = [each.heading for each in sheet.columns]
            rows = [*rows, [None if each in shared else known.get(names[each]) for each in own]]
        elif sheet.title == COMMON:
            names = columns.match(shared).names
            rows = [[title, held.get(names[each]), told] for each, (title, _, told) in shared.items()]
        elif sheet.title in titles:
            keys = {
                key: part
                for part, field in columns.fields[titles[sheet.title]].columns.items()
                for key in keys_of(field)
            }
            below = [keys[key_of(each.heading)] for each in sheet.columns[1:]]
            rows = [*rows, *([code, *(row.get(part) for part in below)] for row in held.get(titles[sheet.title], ()))]
        made.append(replace(sheet, rows=rows))
    return write_sheets(made)


def lists_in(content: bytes, sheet: int) -> dict[str, list[str]]:
    """Drop-downs of a sheet: the letters of the column (or the cell) and the options in order."""
    hidden = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("Danh mục").to_python()
    found = {}
    pattern = (
        r'<dataValidation type="list"[^>]* sqref="([A-Z]+)(\d+)[^"]*"><formula1>\'Danh mục\'!\$([A-Z]+)\$1:\$\3\$(\d+)<'
    )
    for letters, row, place, last in re.findall(pattern, part(content, f"xl/worksheets/sheet{sheet}.xml")):
        assert row == "2"
        found[letters] = [str(line[column_index(place)]) for line in hidden[: int(last)]]
    return found


def formats(content: bytes, sheet: int) -> list[str]:
    """The number format of each column of a sheet, as a cell that is still blank has it."""
    styles = etree.fromstring(part(content, "xl/styles.xml").encode())
    own = {each.get("numFmtId"): each.get("formatCode") for each in styles.iter("{*}numFmt")}
    cell_styles = next(styles.iter("{*}cellXfs"))
    shapes = [own.get(each.get("numFmtId"), each.get("numFmtId")) for each in cell_styles.iter("{*}xf")]
    found = {}
    for each in etree.fromstring(part(content, f"xl/worksheets/sheet{sheet}.xml").encode()).iter("{*}col"):
        for index in range(int(each.attrib["min"]), int(each.attrib["max"]) + 1):
            found[index] = str(shapes[int(each.get("style", "0"))])
    return [found[index] for index in sorted(found)]
