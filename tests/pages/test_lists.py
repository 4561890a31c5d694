"""The pages of a whole list: the Excel to fill, faults at their cells, the start of a merge, its page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from docgen.papers import library
from docgen.papers.sheet import workbook
from docgen.roster import roster
from service.pages import lists
from service.pages.list_table import MOST_OF_A_KIND, MOST_ROWS
from tests.pages.visitor import part, said, told

if TYPE_CHECKING:
    from tests.pages.visitor import Element, Visitor

SAMPLES = library.shelf("samples")
FAMILY = "kiem-diem-ca-nhan"
FORM = "mau-2b-2025"


def cell(page: Element, row: int, column: str) -> Element:
    """The marked cell of a row and column, in the table of rows that must be mended."""
    [found] = page.xpath("(//table)[1]//tr[@data-line=$row]/td[@data-column=$column]", row=str(row), column=column)
    return found


def rows(count: int, **values: str) -> bytes:
    """A list as JSON lines."""
    people = (
        {"Mã": f"{number:06}", "ho_ten": f"Người Số {number}", "chi_bo": "Một", **values} for number in range(count)
    )
    return "\n".join(json.dumps(each, ensure_ascii=False) for each in people).encode()


def test_families_are_called_by_what_their_forms_share() -> None:
    assert [each.id for each in lists.families()] == ["kiem-diem-ca-nhan", "kiem-diem-tap-the"]
    assert lists.families()[0].title == "Bản kiểm điểm, tự đánh giá, xếp loại cá nhân"


def test_every_form_and_family_can_be_chosen(visitor: Visitor) -> None:
    offered = visitor.page("/danh-sach").xpath("//select[@id='ten']//option/@value")
    assert sorted(offered) == sorted([*library.families(), *(form.id for form in library.catalogue())])


@pytest.mark.parametrize("name", [FAMILY, FORM])
def test_the_excel_to_fill_is_the_library_s(visitor: Visitor, name: str) -> None:
    answer = visitor.get(f"/danh-sach/de-dien.xlsx?ten={name}&nam=2025")
    assert f'filename="{name}.xlsx"' in answer.headers["Content-Disposition"]
    assert answer.data == workbook(name, year=2025)


@pytest.mark.parametrize(
    ("query", "status"), [("ten=khong-co", 404), (f"ten={FAMILY}&nam=1990", 422), ("ten=x&nam=y", 404)]
)
def test_a_wrong_choice_of_excel_is_told(visitor: Visitor, query: str, status: int) -> None:
    assert visitor.get(f"/danh-sach/de-dien.xlsx?{query}").status_code == status


def test_faults_stand_at_their_cells(visitor: Visitor) -> None:
    page = part(visitor.upload("/danh-sach/soat", SAMPLES / "dang_bo_loi.xlsx", ten=FAMILY))
    assert "Chưa được điền." in said(cell(page, 6, "D"))
    assert "tháng 2 năm 1990 chỉ có 28 ngày" in said(cell(page, 7, "E"))
    assert "không phải một lựa chọn" in said(cell(page, 12, "X"))
    assert "#N/A" in said(cell(page, 40, "I"))
    assert "NguyÔn" in said(cell(page, 31, "D"))
    assert cell(page, 31, "D").get("class") == "cell-wrong"
    assert said(page.xpath("//dl")[0]) == "Dòng đọc được 49 In được 14 Phải sửa 31 Trống, ví dụ 4"


def test_what_would_be_converted_is_shown_converted(visitor: Visitor) -> None:
    page = part(visitor.upload("/danh-sach/soat", SAMPLES / "dang_bo_loi.xlsx", ten=FAMILY, chuyen_ma="auto"))
    assert "«NguyÔn ThÞ Hång» thành «Nguyễn Thị Hồng»" in said(page)
    assert "Nguyễn Thị Hồng" in [said(each) for each in page.xpath("//tr[@data-line='31']/td")]


def test_a_good_list_is_called_good(visitor: Visitor) -> None:
    page = part(visitor.upload("/danh-sach/soat", SAMPLES / "dang_bo.xlsx", ten=FAMILY))
    assert "Không có lỗi nào" in said(page)
    assert not page.xpath("//*[contains(@class, 'cell-wrong')]")


def test_a_long_list_shows_a_part_and_counts_the_rest(visitor: Visitor) -> None:
    page = part(visitor.upload("/danh-sach/soat", rows(3000, ngay_sinh="31/02/1990"), "ds.jsonl", ten=FORM))
    first, told_table, last = page.xpath("//table")
    assert len(first.xpath(".//tbody/tr")) == len(last.xpath(".//tbody/tr")) == MOST_ROWS
    # Every row lacks its year, too: so many rows of each kind, and one line that counts the others.
    lines = [said(each) for each in told_table.xpath(".//tbody/tr")]
    assert len(lines) == 2 * (MOST_OF_A_KIND + 1)
    assert sum("Còn 2.980 dòng khác cũng như vậy" in line for line in lines) == 2


def test_a_field_s_fault_is_found_where_columns_have_no_letters(visitor: Visitor) -> None:
    page = part(visitor.upload("/danh-sach/soat", rows(1, nam="2025", ngay_sinh="31/02/1990"), "ds.jsonl", ten=FORM))
    assert "28 ngày" in said(cell(page, 1, "ngay_sinh"))


def test_what_people_wrote_is_never_markup(visitor: Visitor) -> None:
    content = rows(1, nam="<img src=x onerror=alert(1)>")
    answer = visitor.upload("/danh-sach/soat", content, "<b>.jsonl", ten=FORM)
    assert "<img" not in answer.text
    assert "<b>" not in answer.text


@pytest.mark.parametrize(
    ("file", "fields", "code"),
    [
        (None, {"ten": FORM}, "file-missing"),
        (b"x", {"ten": "khong-co"}, "form-unknown"),
        (b"x", {"ten": FORM, "chuyen_ma": "khac"}, "convert-unknown"),
    ],
    ids=["no file", "no form", "no such conversion"],
)
@pytest.mark.parametrize("path", ["/danh-sach/soat", "/danh-sach"])
def test_a_wrong_upload_is_told(
    visitor: Visitor, path: str, file: bytes | None, fields: dict[str, str], code: str
) -> None:
    assert told(visitor.upload(path, file, "ds.jsonl", **fields))["errors"][0]["code"] == code


def test_a_merge_starts_and_only_its_owner_sees_stops_and_deletes_it(visitor: Visitor) -> None:
    answer = visitor.upload("/danh-sach", rows(3, nam="2025"), "ds.jsonl", ten=FORM, dau_ra="in-word", hai_mat="on")
    address = told(answer)["address"]
    page = visitor.page(address)
    assert "Đang chờ đến lượt" in said(page)
    assert told(visitor.get(f"{address}/tien-do"))["state"] == "queued"
    assert "ds.jsonl : đang chờ đến lượt" in said(visitor.page("/danh-sach"))
    assert visitor.get(f"{address}/ket-qua.zip").status_code == 409
    assert visitor.stranger().post(f"{address}/dung").status_code == 403
    assert visitor.post(f"{address}/dung").headers["Location"] == address
    assert "Đã dừng" in said(visitor.page(address))
    assert visitor.get(f"{address}/loi.xlsx").status_code == 404
    assert visitor.post(f"{address}/xoa").status_code == 303
    assert visitor.get(address).status_code == 404
    assert "Danh sách đã gửi" not in said(visitor.page("/danh-sach"))


def test_a_pattern_that_names_no_field_is_told_before_anything_is_kept(visitor: Visitor) -> None:
    answer = visitor.upload("/danh-sach", rows(1), "ds.jsonl", ten=FORM, ten_tep="{khong_co}")
    assert answer.status_code == 422
    assert "«khong_co»" in told(answer)["errors"][0]["detail"]


def test_an_unknown_output_is_told(visitor: Visitor) -> None:
    answer = visitor.upload("/danh-sach", rows(1), "ds.jsonl", ten=FORM, dau_ra="khac")
    assert told(answer)["errors"][0]["code"] == "output-unknown"


def test_one_list_is_checked_at_a_time(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    inside: list[int] = []

    def nested(*given: object, **named: object) -> object:
        inside.append(visitor.upload("/danh-sach/soat", b"[]", "ds.json", ten=FORM).status_code)
        monkeypatch.setattr(lists, "roster", roster)
        return roster(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(lists, "roster", nested)
    assert visitor.upload("/danh-sach/soat", rows(1), "ds.jsonl", ten=FORM).status_code == 200
    assert inside == [503]
