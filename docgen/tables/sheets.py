"""The sheets of a workbook and what each is for: the main table, common values, rows of list fields.

The main sheet is the one asked for, else the first visible one in which the headings are known (where nothing is known
of headings: the first that is not empty). Where another one has the same headings (a sheet for each chi bộ), nobody
knows which is the list, and unless one was asked for that is refused. The sheet «Chung» gives values for every row, a
name and a value in each of its own; a sheet whose first heading is «Mã» gives rows of a list field. Others, and hidden
ones, are not read, and that is told, but for what comes with the Excel to fill: the page of help, the choices.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from docgen.errors import DataError, Problem, shown
from docgen.tables.cells import Unreadable, cell_name
from docgen.tables.headings import heading_row, heading_text, not_found
from docgen.tables.old_text import Mended, mended
from docgen.tables.rows import ListRead, Table
from docgen.tables.table import notes_on, table_of, unreadable
from docgen.tables.workbook_child import same
from docgen.viet.names import search_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docgen.tables.cells import Cell, Grid
    from docgen.tables.headings import Known
    from docgen.tables.old_text import Convert

COMMON, CODE, CHOICES = "Chung", "Mã", "Danh mục"
COMMON_NAME, COMMON_VALUE = "Mục", "Giá trị"
"""What stands over the names and the values of «Chung» in the sheets that are made here."""
GUIDE, GUIDE_HEADING = "Hướng dẫn", "Cách điền tệp này"
"""The title of the page of help, and what stands in its first cell."""
_ENOUGH_HEADINGS = 3
_COMMON_HEADINGS = ({"muc", "ten muc", "noi dung", "truong"}, {"gia tri", "noi dung"})


class Placed(NamedTuple):
    """A grid whose row of headings is known."""

    sheet: Mended
    heading_row: int

    def table(self, file: str) -> Table:
        """Its table.

        Raises:
            DataError: its headings cannot be accepted.
        """
        return table_of(self.sheet.grid, self.heading_row, file=file, known_faults=self.sheet.faults)

    def notes(self, table: Table) -> list[Problem]:
        """What its owner should know."""
        return [*self.sheet.notes, *notes_on(self.sheet.grid, self.heading_row, table)]


def read_sheets(
    grids: Sequence[Grid], *, file: str, wanted: str | None, known: Known | None, convert: Convert | None
) -> ListRead:
    """The list that the sheets of one workbook make together.

    Raises:
        DataError: codes `sheet-unknown`, `sheets-alike`, `list-empty`, `heading-…`, `legacy-encoding` (in the
            headings), `common-…`, `workbook-far-cell`, `workbook-irregular`; without the file's name.
    """
    main = _main(grids, wanted, known, convert)
    if wanted is None:
        _refuse_alike(main.sheet.grid, main.heading_row, grids, known)
    table = main.table(file)
    notes = main.notes(table)
    common: dict[str, Cell] = {}
    lists: dict[str, Table] = {}
    unread = []
    for grid in grids:
        if grid.sheet == table.sheet or not grid.visible or not (grid.rows or grid.facts.refused) or _is_guide(grid):
            continue
        if _is_common(grid):
            common = _common_values(mended(grid, convert, None))
        elif (placed := _list_sheet(grid, convert)) is not None:
            lists[str(grid.sheet)] = placed.table(file)
            notes += placed.notes(lists[str(grid.sheet)])
        else:
            unread.append(shown(grid.sheet))
    notes += _not_read(table, unread, [shown(grid.sheet) for grid in grids if _is_hidden(grid, table)])
    return ListRead(
        sheet=table.sheet,
        headings=table.headings,
        rows=table.rows,
        faulty=table.faulty,
        skipped=table.skipped,
        notes=tuple(note.at(file=file) for note in notes),
        sheets=tuple(str(grid.sheet) for grid in grids),
        common=MappingProxyType(common),
        lists=MappingProxyType(lists),
    )


def place_headings(grid: Grid, known: Known | None, convert: Convert | None) -> Placed:
    """The grid with its row of headings.

    Raises:
        DataError: there is none; where the headings are in an old encoding, that is told instead.
    """
    row = heading_row(grid, known)
    sheet = mended(grid, convert, row)
    if row is None:
        row = heading_row(sheet.grid, known)
    if row is not None:
        return Placed(sheet, row)
    old = [note for note in sheet.notes if note.code == "legacy-encoding"]
    if old:
        raise DataError([Problem(code=note.code, what=note.what, cure=note.cure).at(**_place(note)) for note in old])
    raise not_found(sheet.grid)


def _place(note: Problem) -> dict[str, str | None]:
    return {"sheet": note.sheet, "column": note.column}


def _main(grids: Sequence[Grid], wanted: str | None, known: Known | None, convert: Convert | None) -> Placed:
    candidates = list(_candidates(grids, wanted))
    if not candidates:
        what = "Bảng tính không có trang tính nào có dữ liệu."
        raise DataError.of("list-empty", what, "Chọn tệp có dữ liệu; trang tính ẩn không được đọc.")
    refusals = []
    for grid in candidates:
        try:
            if grid.facts.refused:
                raise DataError([grid.facts.refused.at(sheet=grid.sheet)])
            return place_headings(grid, known, convert)
        except DataError as error:
            refusals.append(error)
    raise refusals[0]


def _candidates(grids: Sequence[Grid], wanted: str | None) -> Iterator[Grid]:
    if wanted is None:
        yield from (
            grid for grid in grids if grid.visible and not _is_common(grid) and (grid.rows or grid.facts.refused)
        )
        return
    asked = next((grid for grid in grids if same(str(grid.sheet), wanted)), None)
    if asked is None:
        titles = ", ".join(shown(grid.sheet) for grid in grids)
        what = f"Bảng tính không có trang tính {shown(wanted)}; có: {titles}."
        raise DataError.of("sheet-unknown", what, "Chọn một trong các trang tính này.")
    yield asked


def _refuse_alike(main: Grid, main_row: int, grids: Sequence[Grid], known: Known | None) -> None:
    """Refuse a workbook in which several visible sheets have the headings of the main one and rows under them.

    Raises:
        DataError: code `sheets-alike`.
    """
    wanted = _keys(main, main_row)
    alike = [
        shown(grid.sheet)
        for grid in grids
        if grid.visible
        and (row := heading_row(grid, known)) is not None
        and _keys(grid, row) == wanted
        and any(cell is not None for cells in grid.rows[row + 1 :] for cell in cells)
    ]
    if len(wanted) >= _ENOUGH_HEADINGS and len(alike) > 1:
        what = f"Các trang tính {', '.join(alike)} có hàng tiêu đề như nhau nên không rõ danh sách ở trang nào."
        cure = "Gộp các dòng vào một trang tính; trang không dùng thì xóa hoặc ẩn đi."
        raise DataError.of("sheets-alike", what, cure)


def _keys(grid: Grid, row: int) -> set[str]:
    return {search_key(heading_text(cell)) for cell in grid.rows[row]} - {""}


def _not_read(table: Table, unread: Sequence[str], hidden: Sequence[str]) -> Iterator[Problem]:
    """The sheets of which nothing was taken."""
    if unread:
        what = f"Đọc danh sách ở trang tính {shown(table.sheet)}; không đọc trang tính {', '.join(unread)}."
        cure = "Nếu danh sách ở trang khác, chọn trang tính đó."
        yield Problem(code="sheets-not-read", what=what, cure=cure, severity="warning")
    if hidden:
        what = f"Không đọc trang tính đang ẩn: {', '.join(hidden)}."
        yield Problem(code="sheets-hidden", what=what, cure="Cần đọc trang nào thì bỏ ẩn trang đó.", severity="warning")


def _is_hidden(grid: Grid, table: Table) -> bool:
    return not grid.visible and grid.sheet != table.sheet and search_key(str(grid.sheet)) != search_key(CHOICES)


def _is_common(grid: Grid) -> bool:
    return search_key(str(grid.sheet)) == search_key(COMMON)


def _is_guide(grid: Grid) -> bool:
    first = heading_text(grid.rows[0][0]) if grid.rows and grid.rows[0] else ""
    return search_key(str(grid.sheet)) == search_key(GUIDE) and search_key(first) == search_key(GUIDE_HEADING)


def _list_sheet(grid: Grid, convert: Convert | None) -> Placed | None:
    """The sheet with its row of headings, if the first of them is «Mã»."""
    if grid.facts.refused:
        return None
    row = heading_row(grid, None)
    if row is None:
        return None
    sheet = mended(grid, convert, row)
    first = next(text for cell in sheet.grid.rows[row] if (text := heading_text(cell)))
    return Placed(sheet, row) if search_key(first) == search_key(CODE) else None


def _common_values(sheet: Mended) -> dict[str, Cell]:
    """The values of the sheet «Chung»: names in column A, values in column B, help beside them.

    Raises:
        DataError: every fault of the sheet, because each would be in every paper.
    """
    grid = sheet.grid
    problems = [problem.at(row=row + 1) for (row, column), problem in sheet.faults.items() if column <= 1]
    if grid.facts.refused:
        problems.append(grid.facts.refused)
    problems += [
        Problem(code="merged-cells", what=f"Các ô {area.name} bị gộp.", cure="Bỏ gộp ô (Unmerge).", row=area.top + 1)
        for area in grid.facts.merged
        if area.left <= 1
    ]
    values: dict[str, Cell] = {}
    seen: set[str] = set()
    for index, row in enumerate(grid.rows):
        name, value = [*row[:2], None, None][:2]
        found = _common_fault(index, name, value, seen)
        if found:
            problems.append(found.at(row=index + 1))
        elif heading_text(name) and not (not values and _are_headings(name, value)):
            values[heading_text(name)] = value
            seen.add(search_key(heading_text(name)))
    if problems:
        raise DataError(problems).at(sheet=grid.sheet)
    return values


def _common_fault(index: int, name: Cell, value: Cell, seen: set[str]) -> Problem | None:
    for column, cell in enumerate((name, value)):
        if isinstance(cell, Unreadable):
            return unreadable(cell_name(index, column), cell)
    if not heading_text(name):
        what = f"Giá trị ở ô {cell_name(index, 1)} không có tên mục ở cột A."
        return None if value is None else Problem(code="common-without-name", what=what, cure="Điền tên mục vào cột A.")
    if search_key(heading_text(name)) in seen:
        what = f"Mục {shown(heading_text(name))} có hai lần."
        return Problem(code="common-twice", what=what, cure="Giữ lại một dòng.")
    return None


def _are_headings(name: Cell, value: Cell) -> bool:
    names, values = _COMMON_HEADINGS
    return search_key(heading_text(name)) in names and search_key(heading_text(value)) in values
