"""The row of headings: where it is, what its columns are called, and what about it cannot be accepted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docgen.errors import DataError, Problem, shown
from docgen.tables.cells import Unreadable, cell_name, column_letters
from docgen.tables.rows import Heading
from docgen.viet.names import search_key
from docgen.viet.text import typed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from docgen.tables.cells import Cell, Grid

    Known = Callable[[str], bool]

FIRST_ROWS = 20
"""The headings stand in one of so many first rows."""
REASON_HEADING = "Lý do lỗi"
"""The column that a list of bad rows has more than the list it came from; reading passes it over."""
_REQUIRED_MARK = re.compile(r"\s*(?:\(\s*\*+\s*\)|\*+)$")
_TOLD_HEADINGS = 15


def heading_text(cell: Cell) -> str:
    """A heading in one line: NFC, single blanks, without the `*` or `(*)` of a required column; blank gives ''."""
    if cell is None or isinstance(cell, Unreadable):
        return ""
    return _REQUIRED_MARK.sub("", typed(str(cell)))


def heading_row(grid: Grid, known: Known | None) -> int | None:
    """The index of the row of headings.

    With `known`: the first of the first rows in which at least half of the cells are known headings. Without: the
    first row that is not blank.
    """
    for index, row in enumerate(grid.rows[:FIRST_ROWS]):
        texts = [text for cell in row if (text := heading_text(cell))]
        if texts and (known is None or 2 * sum(known(text) for text in texts) >= len(texts)):
            return index
    return None


def not_found(grid: Grid) -> DataError:
    """The refusal of a sheet without a row of headings, with what stands there instead."""
    place = {"sheet": grid.sheet}
    first = next((i for i, row in enumerate(grid.rows[:FIRST_ROWS]) if any(heading_text(cell) for cell in row)), None)
    if first is None:
        return DataError.of("list-empty", "Bảng không có dòng nào.", "Chọn tệp hoặc trang tính có dữ liệu.", **place)
    widest = max(grid.rows[:FIRST_ROWS], key=lambda row: sum(1 for cell in row if heading_text(cell)))
    texts = [shown(text) for cell in widest if (text := heading_text(cell))]
    told = ", ".join(texts[:_TOLD_HEADINGS]) + (", …" if len(texts) > _TOLD_HEADINGS else "")
    number = grid.number(grid.rows.index(widest))
    what = f"Không thấy hàng tiêu đề cột trong {FIRST_ROWS} dòng đầu; dòng {number} có: {told}."
    cure = "Đặt tên các cột đúng như tệp mẫu (lệnh docgen sheet tạo tệp mẫu), tất cả trên một dòng."
    return DataError.of("heading-not-found", what, cure, **place)


def headings(grid: Grid, row: int) -> tuple[tuple[Heading, ...], list[Problem]]:
    """The headings of this row, and everything that is wrong with them."""
    found = [
        Heading(text, column_letters(index), index)
        for index, cell in enumerate(grid.rows[row])
        if (text := heading_text(cell)) and search_key(text) != search_key(REASON_HEADING)
    ]
    problems = [*_unreadable(grid.rows[row], row), *_doubled(found), *_merged(grid, row, found)]
    problems += _without_heading(grid, row)
    place = {"sheet": grid.sheet, "row": grid.number(row)}
    return tuple(found), [problem.at(**place) for problem in problems]


def _unreadable(row: Sequence[Cell], number: int) -> list[Problem]:
    return [
        Problem(
            code="heading-unreadable",
            what=f"Ô tiêu đề {cell_name(number, index)} báo lỗi hoặc chưa có kết quả.",
            cure="Gõ tên cột vào ô này.",
            column=column_letters(index),
        )
        for index, cell in enumerate(row)
        if isinstance(cell, Unreadable)
    ]


def _doubled(found: Sequence[Heading]) -> list[Problem]:
    columns: dict[str, list[Heading]] = {}
    for heading in found:
        columns.setdefault(search_key(heading.text), []).append(heading)
    return [
        Problem(
            code="heading-duplicate",
            what=f"Tiêu đề {shown(same[0].text)} có ở {len(same)} cột: {_letters(same)}.",
            cure="Đổi tên hoặc xóa cột thừa, mỗi tên chỉ dùng cho một cột.",
            column=same[1].column,
        )
        for same in columns.values()
        if len(same) > 1
    ]


def _merged(grid: Grid, row: int, found: Sequence[Heading]) -> list[Problem]:
    return [
        Problem(
            code="heading-merged",
            what=f"Hàng tiêu đề có ô gộp ({area.name}) nên không rõ cột nào mang tên nào.",
            cure="Bỏ gộp ô (Unmerge), chỉ để một hàng tiêu đề, mỗi cột một tên.",
            column=column_letters(area.left),
        )
        for area in grid.facts.merged
        if area.top <= row <= area.bottom and found and area.left <= found[-1].index
    ]


def _without_heading(grid: Grid, row: int) -> list[Problem]:
    """Columns that hold something under a blank heading."""
    named = {index for index, cell in enumerate(grid.rows[row]) if heading_text(cell) or isinstance(cell, Unreadable)}
    below = grid.rows[row + 1 :]
    width = max((len(cells) for cells in below), default=0)
    problems = []
    for index in (index for index in range(width) if index not in named):
        first = next((i for i, cells in enumerate(below) if index < len(cells) and cells[index] is not None), None)
        if first is not None:
            letters = column_letters(index)
            what = f"Cột {letters} có dữ liệu (ô {letters}{grid.number(row + 1 + first)}) mà không có tiêu đề."
            cure = "Đặt tên cho cột, hoặc xóa dữ liệu thừa."
            problems.append(Problem(code="heading-empty", what=what, cure=cure, column=letters))
    return problems


def _letters(found: Sequence[Heading]) -> str:
    return ", ".join(str(heading.column) for heading in found)
