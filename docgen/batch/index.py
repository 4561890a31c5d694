"""The two workbooks beside the documents: who has which file, and the rows that could not be used, to be mended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from docgen.papers import library
from docgen.papers.columns import CODE_NAME
from docgen.papers.sheet import MAIN, list_columns
from docgen.roster import code_of
from docgen.tables.bad_rows import bad_rows_sheet, rows_sheet
from docgen.tables.cells import Unreadable
from docgen.tables.excel import Column, SheetOut, write_sheets
from docgen.tables.long_sheet import write_long_sheet
from docgen.tables.sheets import COMMON, COMMON_NAME, COMMON_VALUE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from docgen.batch.ledger import Entry
    from docgen.papers.form import Form
    from docgen.roster import Roster
    from docgen.tables.rows import FaultyRow

_COLUMNS: Final = (
    ("TT", 6),
    ("Mã", 14),
    ("Họ và tên (hoặc tập thể)", 32),
    ("Chi bộ", 28),
    ("Biểu mẫu", 24),
    ("Tệp", 54),
)
_PAGES: Final = ("Số trang", 10)


def index(entries: Sequence[Entry], forms: Iterable[Form]) -> bytes:
    """The workbook that says who has which form in which file; pages too where they are known (PDF)."""
    titles = {form.id: form.code or form.title for form in forms}
    others = {entry.form for entry in entries} - titles.keys()
    titles |= {form.id: form.code or form.title for form in library.catalogue() if form.id in others} if others else {}
    paged = any(entry.pages is not None for entry in entries)
    columns = [
        Column(heading=heading, width=width, kind="integer" if heading in {"TT", _PAGES[0]} else "text")
        for heading, width in (*_COLUMNS, *([_PAGES] if paged else []))
    ]
    rows = (
        [
            number,
            entry.code,
            entry.who,
            entry.unit,
            titles.get(entry.form, entry.form),
            entry.path,
            *([entry.pages] if paged else []),
        ]
        for number, entry in enumerate(entries, start=1)
    )
    return write_long_sheet(SheetOut(title=MAIN, columns=columns, rows=rows))


def bad_rows(roster: Roster, bad: Sequence[FaultyRow]) -> bytes:
    """The rows that could not be used, as the list had them, with the reasons; what belongs to them goes with them.

    It is a list like the one it came from: «Chung» and the rows of list sheets are in it, so it can be merged alone.
    """
    read = roster.read
    like = list_columns(roster.columns)
    known = {heading: like[name] for heading, name in roster.names.items() if name in like}
    sheets = [bad_rows_sheet(read.sheet or MAIN, read.headings, bad, known)]
    if read.common:
        columns = [Column(heading=heading, width=40) for heading in (COMMON_NAME, COMMON_VALUE)]
        rows = [[name, None if isinstance(value, Unreadable) else value] for name, value in read.common.items()]
        sheets.append(SheetOut(title=COMMON, columns=columns, rows=rows, page=True))
    codes = {roster.code(each.row) for each in bad} - {None}
    for title, table in read.lists.items():
        everything = [*table.rows, *(each.row for each in table.faulty)]
        theirs = [row for row in everything if code_of({CODE_NAME: row.values.get(table.headings[0].text)}) in codes]
        if theirs:
            sheets.append(rows_sheet(title, table.headings, theirs))
    return write_sheets(sheets)
