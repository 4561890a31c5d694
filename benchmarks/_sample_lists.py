"""Makes `samples/dang_bo.xlsx` and `samples/dang_bo_loi.xlsx`: `python -m benchmarks._sample_lists`.

Both are the Excel to fill of the family (`docgen.papers.sheet`), filled in: the first by a careful office, the second
with every fault that lists have in life, each in a row of its own. All people, places and companies are invented; that
nobody real is in them cannot be tested, only promised: names are drawn from common parts, texts written for this.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from benchmarks._people import FAMILY, people
from benchmarks._sample_faults import AFTER_BLANK_ROW, FAULTS, JOINED, MORE_COLUMNS, NOBODY, NOTE, RENAMED, Place
from benchmarks._worn_book import worn
from docgen.papers import library
from docgen.papers.columns import columns_of
from docgen.papers.sheet import MAIN, fill_sheets
from docgen.rules.choices import options
from docgen.tables.excel import Column, Marked, write_sheets
from docgen.tables.sheets import CODE, COMMON
from docgen.viet.dates import parse_date
from docgen.viet.numbers import parse_decimal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from docgen.tables.excel import SheetOut, Value

    Row = Mapping[str, Value]

YEAR: Final = 2025
MEMBERS: Final = 150
"""The people of one đảng bộ."""
SHARED: Final[Mapping[str, Value]] = {
    "dang_bo": "xã Tân Hòa", "noi_ky": "Tân Hòa", "ngay_ky": "03/12/2025", "nam": YEAR,
}  # fmt: skip
"""What stands on the sheet «Chung» and not in the rows."""
EARLIER: Final = {"Trường Trung học cơ sở Tân Hòa": "28/11/2025"}
"""Chi bộ that met on another day say so in their rows."""
WITHOUT_REMARKS: Final = "Công ty TNHH May Sông Lềnh"
"""The chi bộ that wants no blocks of remarks printed."""
_TAKEN_AS_DATE = re.compile(r"\d{2}[/-]\d{2}[/-]\d{4}")
"""What Excel makes a date of when it is typed; other ways of writing a date stay text."""


def main() -> None:
    """Write both lists."""
    for name, content in (("dang_bo", dang_bo()), ("dang_bo_loi", dang_bo_loi())):
        (library.shelf("samples") / f"{name}.xlsx").write_bytes(content)


def dang_bo() -> bytes:
    """The list of a đảng bộ, filled in as it should be."""
    sheets = {sheet.title: sheet for sheet in fill_sheets(FAMILY, year=YEAR)}
    main_sheet = sheets[MAIN]
    names = _names(main_sheet.columns)
    rows = [[row.get(name) for name in names] for row in map(_row, people(MEMBERS, year=YEAR))]
    sheets |= {MAIN: replace(main_sheet, rows=rows), COMMON: _filled(sheets[COMMON])}
    return write_sheets(list(sheets.values()))


def dang_bo_loi() -> bytes:
    """The list with every fault; the example rows were left in it, as people do."""
    sheets = {sheet.title: sheet for sheet in fill_sheets(FAMILY, year=YEAR)}
    main_sheet = sheets[MAIN]
    added = [Column(heading=heading, width=16) for heading in MORE_COLUMNS]
    renamed = [replace(each, heading=RENAMED.get(each.heading, each.heading)) for each in main_sheet.columns]
    names = [*_names(main_sheet.columns), *MORE_COLUMNS]
    examples = [[*row, *(None for _ in added)] for row in main_sheet.rows]
    filled, places = _faulty_rows(names, first=1 + len(examples))
    sheets[MAIN] = replace(main_sheet, columns=[*renamed, *added], rows=[*examples, *filled])
    sheets |= {COMMON: _filled(sheets[COMMON]), "khen_thuong": _rewards(main_sheet)}
    edits = [fault.edit(places[fault.number]) for fault in FAULTS if fault.edit]
    return worn(write_sheets(list(sheets.values())), edits)


def _faulty_rows(names: Sequence[str], first: int) -> tuple[list[list[Value]], dict[int, Place]]:
    """The rows with their faults, and the place of each person's row; `first` is the index of the first one."""
    columns = {name: index for index, name in enumerate(names)}
    everyone = list(people(MEMBERS, year=YEAR))
    filled: list[list[Value]] = []
    places: dict[int, Place] = {}
    for fault in FAULTS:
        if fault.number == AFTER_BLANK_ROW:
            filled.append([None] * len(names))
        places[fault.number] = Place(first + len(filled), columns)
        row = {**_row(everyone[fault.number - 1]), **_added(fault.number), **fault.values}
        filled.append([row.get(name) for name in names])
    return filled, places


def _names(columns: Iterable[Column]) -> list[str]:
    """The field that each column stands for, as reading finds it out."""
    matched = columns_of(FAMILY).match(column.heading for column in columns)
    return [matched.names[column.heading] for column in columns]


def _row(person: Mapping[str, object]) -> dict[str, Any]:
    """A record as the cells of a row: a day where Excel would make one, numbers as numbers, blanks as nothing."""
    row = {name: value for name, value in person.items() if value != "" and name not in SHARED}
    labels = {option.id: option.label for option in options(library.SUBJECTS)}
    row["doi_tuong"] = labels[str(row["doi_tuong"])]
    if _TAKEN_AS_DATE.fullmatch(str(row.get("ngay_sinh"))):
        row["ngay_sinh"] = parse_date(row["ngay_sinh"])
    for name in ("diem_chung", "diem_nhiem_vu"):
        if name in row:
            row[name] = parse_decimal(row[name])
    if row["chi_bo"] in EARLIER:
        row["ngay_ky"] = EARLIER[str(row["chi_bo"])]
    if row["chi_bo"] == WITHOUT_REMARKS:
        row["khoi_nhan_xet"] = "Không"
    return row


def _added(number: int) -> dict[str, Value]:
    """What the office noted in its own columns."""
    told: dict[str, Value] = {JOINED: date(1985 + number % 35, 1 + number % 12, 3 + number % 20)}
    return told | ({NOTE: "đã nộp bản giấy"} if number % 7 == 0 else {})


def _filled(common: SheetOut) -> SheetOut:
    """The sheet «Chung» with its values."""
    known = columns_of(FAMILY)
    rows = []
    for row in common.rows:
        heading = row[0].value if isinstance(row[0], Marked) else row[0]
        [name] = known.match([str(heading).removesuffix(" *")]).names.values()
        rows.append([row[0], SHARED[name], *row[2:]])
    return replace(common, rows=rows)


def _rewards(like: SheetOut) -> SheetOut:
    """A sheet of the office's own beside the list, with a row for a code that nobody has."""
    columns = [Column(heading=CODE, width=12), Column(heading="Hình thức khen", width=40)]
    rows = [("00001", "Giấy khen của Đảng ủy xã"), (NOBODY, "Giấy khen của Đảng ủy xã")]
    return replace(like, title="Khen thưởng", columns=columns, rows=rows, checked=False, frozen=0)


if __name__ == "__main__":
    main()
