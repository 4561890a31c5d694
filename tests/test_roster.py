"""From a list file to records-to-be: fields, forms, common values, rows of lists, doubles, places."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.errors import DataError, Problem
from docgen.roster import roster
from tests.tables.books import xlsx

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docgen.roster import Roster

FORM, FAMILY, LISTED = "mau-2b-2025", "kiem-diem-ca-nhan", "bao-cao-giai-trinh"
HEADS = ("Mã", "Họ và tên", "Chi bộ", "Năm kiểm điểm", "Ngày sinh")
AN = ("001", "Nguyễn Văn An", "Thôn Đông", "2025", "3/2/1980")
BINH = ("002", "Lê Thị Bình", "Thôn Đoài", "2025", "12/5/1987")


def read(
    *rows: Sequence[object], heads: Sequence[str] = HEADS, name: str = FORM, **sheets: Sequence[Sequence[object]]
) -> Roster:
    return roster(name, xlsx([heads, *rows], "Đảng viên", **sheets), file="ds.xlsx")


def codes(found: Roster) -> list[str]:
    return [problem.code for problem in found.notes]


def test_cells_become_values_under_field_names() -> None:
    found = read(AN)
    [row] = found.rows
    assert found.values(row) == {
        "ma": "001", "ho_ten": "Nguyễn Văn An", "chi_bo": "Thôn Đông", "nam": "2025", "ngay_sinh": "3/2/1980",
    }  # fmt: skip
    assert found.code(row) == "001"


def test_a_problem_gets_the_place_of_its_cell() -> None:
    found = read(AN)
    placed = found.placed(Problem(code="x", what="Sai.", field="ngay_sinh", label="Ngày sinh"), found.rows[0])
    assert (placed.file, placed.sheet, placed.row, placed.column) == ("ds.xlsx", "Đảng viên", 2, "E")


def test_a_family_picks_the_form_of_each_row() -> None:
    heads = ("Đối tượng", "Họ và tên", "Năm kiểm điểm")
    rows = (
        ("Lãnh đạo", "A", "2025"),
        ("khong-lanh-dao", "B", "2025"),
        ("Ngoài hệ thống", "C", "2025"),
        ("Lãnh đạo", "D", "2024"),
    )
    found = read(*rows, heads=heads, name=FAMILY)
    forms = [found.form(row).id for row in found.rows]
    assert forms == ["mau-2a-2025", "mau-2b-2025", "mau-2c-2025", "mau-02b-2023"]


def test_a_row_without_a_form_says_what_it_needs() -> None:
    found = read(("Ban chi ủy", "A", "2025"), heads=("Đối tượng", "Họ và tên", "Năm kiểm điểm"), name=FAMILY)
    with pytest.raises(DataError) as refused:
        found.form(found.rows[0])
    [problem] = refused.value.problems
    assert "«Ban chi ủy»" in problem.what
    assert "Giữ chức vụ lãnh đạo, quản lý" in problem.cure


def test_common_values_come_from_the_sheet_and_from_the_option() -> None:
    sheet = [
        ["Mục", "Giá trị"],
        ["Năm kiểm điểm", "2025"],
        ["Nơi viết bản kiểm điểm", "Tân Hòa"],
        ["Không có mục này", "x"],
    ]
    content = xlsx([["Họ và tên", "Chi bộ"], ["An", "Đông"]], Chung=sheet)
    found = roster(FORM, content, file="ds.xlsx", common={"dang_bo": "xã Tân Hòa"})
    assert found.common == {"nam": "2025", "noi_ky": "Tân Hòa", "dang_bo": "xã Tân Hòa"}
    assert "unknown-field" in codes(found)
    with pytest.raises(DataError) as refused:
        roster(FORM, content, file="ds.xlsx", common={"nam": 2024})
    assert [problem.code for problem in refused.value.problems] == ["common-twice"]


def test_an_error_in_a_common_value_is_told_at_its_sheet_and_a_warning_at_its_row() -> None:
    content = xlsx([["Họ và tên", "Chi bộ"], ["An", "Đông"]], Chung=[["Mục", "Giá trị"], ["Năm kiểm điểm", "20x5"]])
    found = roster(FORM, content, file="ds.xlsx")
    wrong = Problem(code="x", what="Sai.", field="nam")
    assert found.placed(wrong, found.rows[0]).sheet == "Chung"
    warned = Problem(code="x", what="Lạ.", field="nam", severity="warning")
    assert found.placed(warned, found.rows[0]).row == 2


LIST_HEADS = ("Mã", "Họ và tên", "Năm kiểm điểm", "Loại báo cáo")
LINES = (
    ["Mã", "Mã nội dung", "Nội dung được gợi ý"],
    ["001", "1", "Việc một"],
    ["002", "1", "Việc khác"],
    ["001", "2", "Việc hai"],
)
TITLE = "Giải trình từng nội dung được g"


def test_rows_of_a_list_sheet_go_to_the_row_of_their_code_in_order() -> None:
    rows = (("001", "An", "2025", None), ("002", "Bình", "2025", None))
    found = read(*rows, heads=LIST_HEADS[:3], name=LISTED, **{TITLE: LINES})
    first, second = (found.values(row)["giai_trinh"] for row in found.rows)
    assert [line["Nội dung được gợi ý"] for line in first] == ["Việc một", "Việc hai"]  # type: ignore[attr-defined]
    assert [line["Nội dung được gợi ý"] for line in second] == ["Việc khác"]  # type: ignore[attr-defined]
    placed = found.placed(Problem(code="x", what="Sai.", field="giai_trinh[2].noi_dung"), found.rows[0])
    assert (placed.sheet, placed.row) == (TITLE, 4)


def test_a_list_row_of_nobody_is_an_error() -> None:
    found = read(("001", "An", "2025"), heads=LIST_HEADS[:3], name=LISTED, **{TITLE: LINES})
    [problem] = [each for each in found.notes if each.severity == "error"]
    assert (problem.code, problem.sheet, problem.row) == ("list-row-of-nobody", TITLE, 3)


def test_two_rows_with_one_code_are_both_refused() -> None:
    found = read(AN, BINH, (AN[0], *BINH[1:]))
    assert [each.row.origin.row for each in found.faulty] == [2, 4]
    assert {problem.code for each in found.faulty for problem in each.problems} == {"code-twice"}
    assert [row.origin.row for row in found.rows] == [3]
    assert found.rows_in == 3


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (("002", "Nguyễn  Văn An", "Thôn Đông", "2025", "03/02/1980"), 1),
        (("002", "NGUYỄN VĂN AN", "Thôn Đông", "2025", "ngày 3 tháng 2 năm 1980"), 1),
        (("002", "Nguyễn Văn An", "Thôn Đông", "2025", "4/2/1980"), 0),
        (("002", "Nguyễn Văn An", "Thôn Đoài", "2025", "3/2/1980"), 0),
        (("002", "Nguyễn Văn Ân", "Thôn Đông", "2025", "3/2/1980"), 0),
    ],
)
def test_one_person_twice_is_told_and_made(other: Sequence[object], told: int) -> None:
    found = read(AN, other)
    doubles = list(found.doubles())
    assert len(doubles) == told
    assert len(found.rows) == 2
    assert all("2, 3" in problem.what for problem in doubles)


def test_headings_that_are_not_clear_are_refused_with_their_column() -> None:
    with pytest.raises(DataError) as refused:
        read(("An", "x", "y"), heads=("Họ và tên", "Cơ quan", "Đơn vị công tác"))
    [problem] = refused.value.problems
    assert (problem.code, problem.column) == ("column-twice", "C")


def test_an_unknown_column_is_told_once_not_for_each_row() -> None:
    found = read(*[(*AN, "x")] * 3, heads=(*HEADS, "Ghi chú riêng"))
    assert codes(found).count("unknown-column") == 1


def test_a_json_list_keeps_its_types_and_lists() -> None:
    record = {"ma": 7, "ho_ten": "An", "nam": 2025, "giai_trinh": [{"noi_dung": "Việc một"}]}
    found = roster(LISTED, json.dumps([record]).encode(), file="ds.json")
    assert found.values(found.rows[0]) == {**record}
    assert found.code(found.rows[0]) == "7"


@given(st.lists(st.tuples(st.sampled_from(["", "001", "002", " 003"]), st.text(max_size=8)), max_size=8))
def test_every_row_has_a_fate(rows: list[tuple[str, str]]) -> None:
    written = [{"Mã": code, "Họ và tên": name} for code, name in rows]
    if not any(code or name for code, name in rows):
        return
    found = roster(FORM, json.dumps(written).encode(), file="ds.json")
    assert found.rows_in == len(rows) == len(found.rows) + len(found.faulty) + len(found.read.skipped)
