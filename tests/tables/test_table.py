"""Where the headings are, what each row becomes, and that no row is lost."""

from __future__ import annotations

import pickle
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docgen.tables.cells import Area, Facts, Grid, Unreadable
from docgen.tables.headings import heading_text
from docgen.tables.table import EMPTY, EXAMPLE, HEADINGS, NUMBERS, table_of
from docgen.viet.names import search_key
from tests.tables.books import HEADS, PEOPLE, book, codes, faults, in_sheet, noted, read, refused, values, xlsx

if TYPE_CHECKING:
    from collections.abc import Sequence

KNOWN = {search_key(text) for text in HEADS}


def known(text: str) -> bool:
    return search_key(text) in KNOWN


HEADING_TEXTS = [
    ("Họ và tên", "Họ và tên"),
    ("Họ và\ntên", "Họ và tên"),
    ("  Họ  và tên ", "Họ và tên"),
    ("Họ và tên (*)", "Họ và tên"),
    ("Họ và tên *", "Họ và tên"),
    ("Ho\u0323 va\u0300 te\u0302n", "Họ và tên"),
    ("Ngày\u00a0sinh\u200b", "Ngày sinh"),
    (2025, "2025"),
    (None, ""),
]


@pytest.mark.parametrize(("cell", "text"), HEADING_TEXTS)
def test_a_heading_in_one_line(cell: Any, text: str) -> None:
    assert heading_text(cell) == text


def test_headings_are_found_under_titles_and_dates() -> None:
    rows: list[Sequence[object]] = [["ĐẢNG BỘ XÃ HOA SEN"], [], ["Danh sách", "năm 2025"], HEADS, *PEOPLE]
    assert values(xlsx(rows), headings=known) == PEOPLE
    assert read(xlsx(rows), headings=known).rows[0].origin.row == 5
    assert "dòng 4; 2 dòng phía trên" in noted(xlsx(rows), headings=known)["rows-above-headings"]


def test_half_of_the_headings_must_be_known() -> None:
    assert values(xlsx([["Mã", "Họ và tên", "Lạ", "Khác"], ["1", "Mơ", "x", "y"]]), headings=known) == [
        ["1", "Mơ", "x", "y"]
    ]
    assert codes(xlsx([["Mã", "Lạ", "Khác"], ["1", "x", "y"]]), headings=known) == ["heading-not-found"]


def test_headings_that_are_not_found_are_refused_with_what_stands_there() -> None:
    (problem,) = refused(xlsx([["Danh sách"], ["STT", "Tên gọi"], ["1", "Mơ"]]), headings=known)
    assert "dòng 2 có: «STT», «Tên gọi»" in problem.what


def test_headings_below_the_twentieth_row_are_not_looked_for() -> None:
    above: list[list[object]] = [["x"]] * 20
    assert codes(xlsx([*above, HEADS, *PEOPLE]), headings=known) == ["heading-not-found"]


HEADING_FAULTS: list[tuple[str, list[list[object]], str, str]] = [
    ("doubled", [["Mã", "Tên", "TÊN"], ["1", "a", "b"]], "heading-duplicate", "B, C"),
    ("doubled by a line break", [["Mã", "Chi bộ", "Chi\nbộ"], ["1", "a", "b"]], "heading-duplicate", "B, C"),
    ("empty", [["Mã", None, "Tên"], ["1", "a", "b"]], "heading-empty", "B2"),
    ("beyond", [["Mã", "Tên"], ["1", "a"], ["2", "b", "thừa"]], "heading-empty", "C3"),
]


@pytest.mark.parametrize(
    ("rows", "code", "told"), [fault[1:] for fault in HEADING_FAULTS], ids=[fault[0] for fault in HEADING_FAULTS]
)
def test_headings_that_cannot_be_accepted(rows: list[list[object]], code: str, told: str) -> None:
    (problem,) = refused(xlsx(rows))
    assert problem.code == code
    assert told in problem.what
    assert problem.row == 1


def test_all_faults_of_the_headings_are_told_at_once() -> None:
    assert codes(xlsx([["Mã", "Tên", "Tên", None], ["1", "a", "b", "c"]])) == ["heading-duplicate", "heading-empty"]


def test_two_rows_of_headings_are_refused_by_the_merged_cell() -> None:
    content = in_sheet("</sheetData>", '</sheetData><mergeCells><mergeCell ref="A1:A2"/></mergeCells>')
    (problem,) = refused(content)
    assert problem.code == "heading-merged"
    assert "A1:A2" in problem.what


def test_a_blank_column_between_others_is_no_column() -> None:
    rows = [["Mã", None, "Tên"], ["1", None, "Mơ"]]
    assert [(heading.text, heading.column, heading.index) for heading in read(xlsx(rows)).headings] == [
        ("Mã", "A", 0),
        ("Tên", "C", 2),
    ]
    assert read(xlsx(rows)).column_of("Tên") == "C"
    assert read(xlsx(rows)).column_of("Khác") is None


def test_the_column_of_reasons_in_a_list_of_bad_rows_is_passed_over() -> None:
    assert values(xlsx([["Mã", "Lý do lỗi"], ["1", "sai"]])) == [["1"]]


SKIPPED: list[tuple[list[object], str]] = [
    ([], EMPTY),
    ([" ", None, "\u00a0"], EMPTY),
    (["Ví dụ", "Nguyễn Văn An"], EXAMPLE),
    (["VÍ DỤ: 001", "Nguyễn Văn An"], EXAMPLE),
    (["(Ví dụ)", "Nguyễn Văn An"], EXAMPLE),
    ([None, "ví dụ: Nguyễn Văn An"], EXAMPLE),
]


@pytest.mark.parametrize(("row", "reason"), SKIPPED)
def test_a_row_that_is_skipped_is_counted(row: list[object], reason: str) -> None:
    result = read(xlsx([HEADS, PEOPLE[0], row, PEOPLE[1]]))
    assert result.skipped == ((3, reason),)
    assert result.rows_in == 3


def test_an_example_row_is_skipped_by_its_code() -> None:
    rows = [HEADS, ["Ví dụ", *PEOPLE[0][1:]], ["Ví dụ 2", *PEOPLE[1][1:]], *PEOPLE]
    result = read(xlsx(rows), headings=known)
    assert result.skipped == ((2, EXAMPLE), (3, EXAMPLE))
    assert [row.values["Mã"] for row in result.rows] == ["001", "002"]


def test_headings_that_are_repeated_on_every_page_are_skipped() -> None:
    printed = ["Mã *", "Họ  và\ntên", "Ngày sinh", "Chi bộ"]
    result = read(xlsx([HEADS, PEOPLE[0], printed, ["Mã", "Họ và tên", None, None], PEOPLE[1]]))
    assert result.skipped == ((3, HEADINGS),)
    assert [row.origin.row for row in result.rows] == [2, 4, 5]


@pytest.mark.parametrize("row", [["Vi Du", "x"], ["Vi Dũng", "x"], ["Ví dụng", "x"], ["xin Ví dụ", "x"]])
def test_a_name_that_only_looks_like_an_example_is_a_row(row: list[object]) -> None:
    assert read(xlsx([HEADS, row])).skipped == ()


@pytest.mark.parametrize("row", [[1, 2, 3, 4], ["1", "2", "3", "4"], ["(1)", "(2)", "(3)", "(4)"]])
def test_the_row_of_column_numbers_is_skipped_only_under_the_headings(row: list[object]) -> None:
    assert read(xlsx([HEADS, row, *PEOPLE])).skipped == ((2, NUMBERS),)
    assert read(xlsx([HEADS, PEOPLE[0], row])).skipped == ()


def test_two_columns_that_begin_with_one_and_two_are_a_row() -> None:
    assert values(xlsx([["STT", "Số lượng"], [1, 2], [2, 5]])) == [[1, 2], [2, 5]]


def test_a_blank_tail_is_no_row() -> None:
    assert read(xlsx([HEADS, *PEOPLE, [" "], ["\t", "  "]])).rows_in == 2


def test_dates_and_texts_in_one_column_are_told() -> None:
    def write(workbook: Any) -> None:
        page = workbook.add_worksheet("A")
        page.write_row(0, 0, ["Mã", "Ngày sinh"])
        page.write_row(1, 0, ["001"])
        page.write_datetime(1, 1, datetime(1990, 2, 28), workbook.add_format({"num_format": "dd/mm/yyyy"}))
        page.write_row(2, 0, ["002", "03/11/1985"])

    content = book(write)
    assert values(content) == [["001", date(1990, 2, 28)], ["002", "03/11/1985"]]
    assert "1 ô kiểu ngày và 1 ô kiểu chữ" in noted(content)["mixed-dates"]
    assert noted(xlsx([HEADS, *PEOPLE])) == {}


def test_two_people_of_one_name_are_two_rows() -> None:
    assert len(values(xlsx([HEADS, PEOPLE[0], PEOPLE[0]]))) == 2


def test_a_fault_has_its_whole_place() -> None:
    content = in_sheet('<c r="B2" t="s"><v>5</v></c>', '<c r="B2" t="e"><v>#N/A</v></c>')
    assert faults(content) == [(2, "B", "cell-error")]
    (problem,) = read(content).faulty[0].problems
    assert problem.message == (
        "ds.xlsx, trang tính Đảng viên, dòng 2, cột B, mục «Họ và tên»: Ô B2 báo lỗi #N/A. "
        "Sửa công thức, hoặc gõ thẳng giá trị vào ô."
    )


CELL = st.one_of(
    st.none(),
    st.sampled_from(["Ví dụ", "Mơ", "001"]),
    st.integers(0, 9),
    st.text("abc ", min_size=1, max_size=3).map(lambda text: text if text.strip() else None),
)


PLACE = st.tuples(st.integers(1, 12), st.integers(0, 3))
FACTS = st.builds(
    lambda unreadable, areas: (
        dict.fromkeys(unreadable, Unreadable("#N/A")),
        [Area(top, left, top + 2, left + 1) for top, left in areas],
    ),
    st.lists(PLACE, max_size=3),
    st.lists(PLACE, max_size=2),
)


@settings(max_examples=300)
@given(st.lists(st.lists(CELL, max_size=3), max_size=12), FACTS)
def test_every_row_is_kept_faulty_or_skipped(
    rows: list[list[Any]], facts: tuple[dict[tuple[int, int], Unreadable], list[Area]]
) -> None:
    unreadable, areas = facts
    wide = [[*row, *[None] * (3 - len(row))] for row in rows]
    for (row, column), cell in unreadable.items():
        if row <= len(wide) and column < 3:
            wide[row - 1][column] = cell
    grid = Grid("A", [["a", "b", "c"], *wide], Facts(unreadable=unreadable, merged=areas))
    table = table_of(grid, 0, file="ds.xlsx", known_faults={})
    blank_tail = 0
    for cells in reversed(wide):
        if any(cell is not None for cell in cells):
            break
        blank_tail += 1
    assert table.rows_in == len(rows) - blank_tail
    numbers = [
        *(row.origin.row for row in table.rows),
        *(bad.row.origin.row for bad in table.faulty),
        *(number for number, _ in table.skipped),
    ]
    assert sorted(number for number in numbers if number) == list(range(2, table.rows_in + 2))
    assert not any(isinstance(cell, Unreadable) for row in table.rows for cell in row.values.values())
    assert all(bad.problems and bad.problems[0].row == bad.row.origin.row for bad in table.faulty)


def test_a_row_is_a_mapping_of_its_headings_that_weighs_little_and_travels() -> None:
    first, second = read(xlsx([HEADS, *PEOPLE])).rows
    expected = dict(zip(HEADS, PEOPLE[0], strict=True))
    assert dict(first.values) == expected == dict(first.values.items())
    assert first.values == expected != second.values
    assert first.values.get("Khác") is None
    assert list(first.values) == HEADS
    assert pickle.loads(pickle.dumps(first)) == first
    assert sys.getsizeof(first.values) < sys.getsizeof(expected) / 3
