"""The path from a list of ratings to its count: read the rows, know their columns, count or judge.

    tables.read_list → headings known by name → rules.tally | rules.given

This module alone knows tables, rules and the profile together.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from docgen.errors import DataError, Problem
from docgen.rules.given import judge
from docgen.rules.ratings import rating, ratings, with_settings
from docgen.rules.tally import tally
from docgen.tables.excel import Column, SheetOut
from docgen.tables.lists import read_list
from docgen.viet.names import search_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from docgen.papers.profile import Profile
    from docgen.rules.ratings import Rating
    from docgen.tables.excel import Kind
    from docgen.tables.rows import ListRead, Row

RATED: Mapping[str, tuple[str, ...]] = {
    "group": ("Nhóm", "Đối tượng"),
    "unit": ("Đơn vị", "Chi bộ", "Tổ chức đảng"),
    "name": ("Họ và tên", "Họ tên", "Tên tổ chức", "Tên tập thể"),
    "level": ("Mức xếp loại", "Xếp loại", "Mức chất lượng"),
    "reason": ("Lý do", "Ghi chú"),
}
"""The columns of a list of rated bodies and persons, and the headings under which people write them."""
FIGURES: Mapping[str, tuple[str, ...]] = {
    "group": ("Nhóm", "Đối tượng"),
    "item": ("Chỉ tiêu", "Nội dung"),
    "count": ("Số lượng", "Tổng", "Số"),
    "percent": ("Tỷ lệ", "Tỉ lệ", "Tỷ lệ %", "%"),
}
"""The columns of a table of ready figures that is to be judged."""
_NEEDED = {"rated": ("group", "name", "level"), "figures": ("group", "item", "count")}


@dataclass(frozen=True, slots=True)
class Counted:
    """What became of a list: the result as JSON has it, the problems found, and the fate of every row."""

    result: Mapping[str, Any]
    problems: tuple[Problem, ...]
    rows_in: int
    skipped: int
    failed: int

    def counts(self) -> dict[str, int]:
        """`rows_in`, `done`, `unchanged`, `skipped`, `failed`, as every command tells them."""
        done = self.rows_in - self.skipped - self.failed
        return {"rows_in": self.rows_in, "done": done, "unchanged": 0, "skipped": self.skipped, "failed": self.failed}


def count(content: bytes, *, name: str, rules: str | None, house: Profile) -> Counted:
    """Count the ratings of a list; without `rules`, by the rules in force for a year's review.

    Raises:
        DataError: a file that cannot be read, or a list without the columns that a count needs.
        FormError: there are no such rules.
    """
    read = _read(content, name, RATED, _NEEDED["rated"])
    counted = tally(_rows(read, RATED), _rating(rules, house))
    problems = (*read.notes, *_faulty(read), *counted.problems)
    faulty, skipped = len(read.faulty), len(read.skipped)
    rows_in, failed = counted.rows_in + faulty + skipped, counted.failed + faulty
    return Counted(counted.as_dict(), problems, rows_in, counted.skipped + skipped, failed)


def judged(content: bytes, *, name: str, rules: str | None, house: Profile) -> Counted:
    """Judge a table of ready figures: each sum, percentage and cap that does not follow, with the right value.

    Raises:
        DataError: a file that cannot be read, or a table without the columns that judging needs.
        FormError: there are no such rules.
    """
    read = _read(content, name, FIGURES, _NEEDED["figures"])
    settled = _rating(rules, house)
    found = judge(_rows(read, FIGURES), settled)
    problems = (*read.notes, *_faulty(read), *found)
    told = {"rules": settled.id, "groups": [], "problems": [problem.as_dict() for problem in problems]}
    rows_in = len(read.rows) + len(read.faulty) + len(read.skipped)
    return Counted(told, problems, rows_in, len(read.skipped), len(read.faulty))


def sheets(found: Counted) -> list[SheetOut]:
    """The result as a workbook: a row for each group with its percentages and cap, and a sheet of what was found."""
    told = SheetOut(
        title="Cần xem",
        columns=[
            Column(heading=heading, width=width) for heading, width in (("Nơi", 40), ("Nội dung", 90), ("Căn cứ", 40))
        ],
        rows=[[problem.where, f"{problem.what} {problem.cure}".strip(), problem.clause] for problem in found.problems],
    )
    if not found.result["groups"]:
        return [told]
    columns = [Column(heading=heading, kind=kind, width=width) for heading, kind, width, _ in _RESULT]
    rows = [[_cell(group, path) for _, _, _, path in _RESULT] for group in found.result["groups"]]
    return [SheetOut(title="Kết quả", columns=columns, rows=rows), told]


def _cell(group: Mapping[str, Any], path: str) -> Any:
    """What the count has at this path, as a cell."""
    value: Any = group
    for step in path.split("."):
        value = value[step]
    if isinstance(value, bool):
        return "trong mức" if value else "vượt mức"
    if isinstance(value, float):
        return Decimal(str(value))
    return BASES.get(value, value)


BASES = {"good": "số «tốt»", "good_or_better": "số «tốt trở lên»"}
"""How a result names the base of a cap."""
_RESULT: tuple[tuple[str, Kind, float, str], ...] = (
    ("Nhóm", "text", 40, "group"),
    ("Tổng số", "integer", 10, "total"),
    ("Hoàn thành xuất sắc nhiệm vụ", "integer", 14, "excellent"),
    ("Hoàn thành tốt nhiệm vụ", "integer", 14, "good"),
    ("Hoàn thành nhiệm vụ", "integer", 14, "completed"),
    ("Không hoàn thành nhiệm vụ", "integer", 14, "failed"),
    ("Chưa xếp loại", "integer", 12, "not_rated"),
    ("Tốt trở lên (gồm cả xuất sắc)", "integer", 14, "good_or_better"),
    ("Tốt trở lên trên tổng số (%)", "number", 14, "percent.of_all.good_or_better"),
    ("Xuất sắc trên tổng số (%)", "number", 14, "percent.of_all.excellent"),
    ("Xuất sắc trên tốt trở lên (%)", "number", 14, "percent.of_good_or_better.excellent"),
    ("Mẫu số của mức trần", "text", 18, "cap.base"),
    ("Số xuất sắc tối đa", "integer", 12, "cap.allowed"),
    ("Mức trần", "text", 12, "cap.ok"),
)
"""The columns of the result: heading, kind, width, and where the count has the value."""


def _rating(rules: str | None, house: Profile) -> Rating:
    """The rules asked for, or the newest for a whole year, with the organisation's reading of the cap."""
    found = rating(rules) if rules else [each for each in ratings() if not each.quarterly][-1]
    return with_settings(found, base=house.cap_base, rounding=house.cap_rounding)


def _read(content: bytes, name: str, columns: Mapping[str, tuple[str, ...]], needed: tuple[str, ...]) -> ListRead:
    keys = {search_key(heading) for headings in columns.values() for heading in headings}
    read = read_list(content, name=name, headings=lambda heading: search_key(heading) in keys)
    known = _known(read, columns)
    missing = [columns[column][0] for column in needed if column not in known]
    if missing:
        found = ", ".join(heading.text for heading in read.headings) or "không có"
        raise DataError.of(
            "columns-missing",
            f"Thiếu cột: {', '.join(missing)}. Các cột đã thấy: {found}.",
            "Đặt tên cột đúng như trên ở dòng tiêu đề.",
            file=name,
            sheet=read.sheet,
        )
    return read


def _known(read: ListRead, columns: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The heading of each column that the list has; of several fitting headings the first in our order."""
    present = {search_key(heading.text): heading.text for heading in read.headings}
    found = {}
    for column, headings in columns.items():
        fitting = [present[search_key(heading)] for heading in headings if search_key(heading) in present]
        if fitting:
            found[column] = fitting[0]
    return found


def _rows(
    read: ListRead, columns: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[Mapping[str, object], Mapping[str, Any]]]:
    known = _known(read, columns)
    for row in read.rows:
        yield {column: row.values.get(heading) for column, heading in known.items()}, _place(row)


def _place(row: Row) -> Mapping[str, Any]:
    return row.origin.place()


def _faulty(read: ListRead) -> Iterator[Problem]:
    for row in read.faulty:
        yield from row.problems
