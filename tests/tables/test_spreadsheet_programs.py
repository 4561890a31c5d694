"""One list as LibreOffice saves it in its three formats: the same rows, faults and notes from each."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.libreoffice import saved
from tests.tables.books import book, faults, noted, read, values

if TYPE_CHECKING:
    from pathlib import Path

HEADS = ["Mã", "Họ và tên", "Ngày sinh", "Vào Đảng", "CCCD", "Điện thoại", "Tỷ lệ", "Điểm", "Ghi chú"]


def write(workbook: Any) -> None:
    """A list with all that people do to one; what it shows is what must be read."""

    def style(number_format: str) -> Any:
        return workbook.add_format({"num_format": number_format})

    day, month, code = style("dd/mm/yyyy"), style("mm/yyyy"), style("000000000000")
    page = workbook.add_worksheet("Đảng viên & <2025>")
    page.write_row(0, 0, HEADS)
    page.write_row(1, 0, ["001", 'Lê Thị "Mơ" & <Sen>'])
    page.write_datetime(1, 2, datetime(1990, 2, 28), day)
    page.write_datetime(1, 3, datetime(2012, 3, 1), month)
    page.write_number(1, 4, 1234567890, code)
    page.write_number(1, 5, 912345678, style("0000000000"))
    page.write_number(1, 6, 0.869, style("0.0%"))
    page.write_number(1, 7, 8.5)
    page.write_formula(1, 8, '=IF(A2="001","","x")', None, "")
    page.write_row(2, 0, ["002", "Trần Văn Đước", "03/11/1985"])
    page.write_string(2, 4, "012345678901")
    page.write_formula(2, 7, "=4+4", None, 8)
    page.write_string(2, 8, "dòng 1\ndòng 2")
    page.write_row(4, 0, ["003", "Ẩn"])
    page.set_row(4, None, None, {"hidden": True})
    page.write_row(5, 0, ["004", "Lỗi"])
    page.write_formula(5, 7, "=1/0", None, "#DIV/0!")
    page.write_row(6, 0, ["005"])
    page.merge_range(6, 1, 7, 1, "Gộp")
    page.write_string(7, 0, "006")
    page.set_column(8, 8, 10, None, {"hidden": True})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("calc")


@pytest.mark.needs_calc
@pytest.mark.parametrize(("kind", "date_1904"), [("xlsx", False), ("xls", False), ("ods", False), ("xlsx", True)])
def test_a_list_is_read_the_same_from_every_format(folder: Path, kind: str, *, date_1904: bool) -> None:
    made = f"ds{date_1904:d}"
    content = saved(folder, {made: book(write, date_1904=date_1904)}, "xlsx", kind)[made]
    name = f"ds.{kind}"
    assert values(content, name) == [
        ["001", 'Lê Thị "Mơ" & <Sen>', date(1990, 2, 28), "03/2012", "001234567890", "0912345678", "86,9%",
         Decimal("8.5"), None],
        ["002", "Trần Văn Đước", "03/11/1985", None, "012345678901", None, None, 8, "dòng 1\ndòng 2"],
        ["003", "Ẩn", *[None] * 7],
    ]  # fmt: skip
    assert faults(content, name) == [(6, "H", "cell-error"), (7, "B", "merged-cells"), (8, "B", "merged-cells")]
    assert noted(content, name).keys() == {"hidden-rows", "hidden-columns", "mixed-dates"}
    result = read(content, name)
    assert result.sheet == "Đảng viên & <2025>"
    assert [number for number, _ in result.skipped] == [4]
    assert result.rows_in == 7
