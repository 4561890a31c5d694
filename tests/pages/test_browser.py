"""Members and offices at work in a real browser, with the real server behind it."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import docgen
from docgen.papers import library
from docgen.papers.plain import plain
from docgen.papers.record import record
from tests.gate.texts import document_text
from tests.pages.browser import PHONE, Visit, barriers, checked, downloaded, overflow, press, visit
from tests.papers.specimens import FORMS, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Dialog, Page

    from docgen.papers.form import Form

pytestmark = [pytest.mark.needs_browser, pytest.mark.needs_axe]

SAMPLES = library.shelf("samples")
PAPER = "/giay/mau-2b-2025"
RATED = "Nhóm,Đơn vị,Họ và tên,Mức xếp loại\nĐảng viên,Một,Nguyễn Văn An,HTXSNV\nĐảng viên,Một,Lê Thị Bé,HTTNV\n"
PAGES = (
    "/",
    PAPER,
    "/giay/huong-dan",
    "/danh-sach",
    "/nop-lai",
    "/ket-qua",
    "/the-thuc",
    "/tro-giup",
    "/dang-nhap",
    "/khong-co",
)


@pytest.fixture(scope="module")
def long_visit(browser: Browser, address: str) -> Iterator[Visit]:
    """One visit for many papers: its assets are fetched once."""
    with visit(browser, address) as made:
        yield made


def upload(page: Page, file: Path | str, button: str, shown: str) -> None:
    """Choose a file, have it read, wait for what comes of it."""
    given: Any = file if isinstance(file, Path) else {"name": "xl.csv", "mimeType": "text/csv", "buffer": file.encode()}
    page.locator("#tep").set_input_files(given)
    press(page, button)
    page.locator(shown).wait_for()


def test_a_member_writes_a_paper_from_nothing(browser: Browser, address: str) -> None:
    with visit(browser, address) as made:
        page = made.open("/")
        page.get_by_label("Tìm theo tên").fill("2b")
        page.get_by_role("link", name=re.compile("không giữ chức vụ lãnh đạo")).click()
        checked(page, "Còn 3 mục bắt buộc chưa điền.")
        page.get_by_label("Chi bộ", exact=False).first.fill("thôn Đông Hạ")
        page.get_by_label("Năm kiểm điểm").fill("2025")
        page.get_by_label("Họ và tên").fill("Đặng Thị Thuỷ Tiên")
        page.get_by_label("Ngày sinh").first.fill("31/2/1990")
        checked(page, "1 chỗ phải sửa.")
        page.get_by_label("Ngày sinh").first.fill("8/3/1990")
        page.get_by_label("1. Phẩm chất chính trị").fill("Giữ gìn đạo đức & lối sống.\nGương mẫu <trước> dân.")
        page.get_by_label("1. Nhóm tiêu chí chung").fill("28,5")
        page.get_by_label("2. Nhóm tiêu chí kết quả nhiệm vụ").fill("64")
        checked(page, "Không có lỗi. In được.")
        assert page.locator("#f-tong_diem").inner_text() == "92,5"
        page.get_by_text("Điểm này ứng với mức «Hoàn thành xuất sắc nhiệm vụ»").wait_for()
        page.get_by_label("Hoàn thành xuất sắc nhiệm vụ").check()
        name, content = downloaded(page, "Tải Word")
        assert name == "Dang Thi Thuy Tien - Mau 2B 2025.docx"
        text = document_text(content)
        for line in ("Giữ gìn đạo đức & lối sống.", "Gương mẫu <trước> dân."):
            assert line in text
        whole = " ".join(text)
        for words in ("Đặng Thị Thuỷ Tiên", "8/3/1990", "92,5", "CHI BỘ"):
            assert words in whole


def test_faults_stand_beside_their_fields_and_the_list_leads_there(browser: Browser, address: str) -> None:
    with visit(browser, address) as made:
        page = made.open(PAPER)
        page.get_by_label("Ngày sinh").first.fill("31/02/1990")
        press(page, "Tải Word")
        checked(page, "4 chỗ phải sửa.")
        assert page.evaluate("document.activeElement.id") == "can-xem"
        assert "tháng 2 năm 1990 chỉ có 28 ngày" in page.locator("#f-ngay_sinh-loi").inner_text()
        assert page.locator("#f-ngay_sinh").get_attribute("aria-invalid") == "true"
        page.locator("[data-errors]").get_by_role("link", name="Ngày sinh").click()
        assert page.evaluate("document.activeElement.id") == "f-ngay_sinh"


def test_a_fault_in_a_row_stands_in_that_row_wherever_it_is_moved(browser: Browser, address: str) -> None:
    with visit(browser, address) as made:
        page = made.open("/giay/tu-danh-gia-quy-2026")
        press(page, "Điền mẫu thử")
        checked(page, "Không có lỗi. In được.")
        rows = page.locator("[data-name='truc'] [data-row]")
        field = rows.nth(1).locator("input[data-input]").last
        field.fill("không rõ")
        checked(page, "1 chỗ phải sửa.")
        assert rows.nth(1).locator(".problems li").count() == 1
        rows.nth(1).get_by_role("button", name="Lên").click()
        page.locator("[data-name='truc'] [data-row]:first-child .problems li").wait_for()
        rows.nth(0).get_by_role("button", name="Xóa").click()
        checked(page, re.compile(r"^(?!1 chỗ phải sửa)"))


def test_a_fault_in_an_entry_of_levels_stands_at_that_entry(browser: Browser, address: str) -> None:
    with visit(browser, address) as made:
        page = made.open("/giay/huong-dan")
        question = page.locator("[data-name='noi_dung']")
        question.get_by_role("button", name="Thêm mục").click()
        page.keyboard.type("Mục đích")
        page.keyboard.press("Enter")
        page.keyboard.type("Yêu cầu \u202e")
        rows = question.locator("[data-row]")
        rows.nth(1).get_by_role("button", name="Xuống một cấp").click()
        checked(page, re.compile("1 chỗ phải sửa"))
        assert rows.nth(1).get_attribute("data-level") == "2"
        assert "U+202E" in rows.nth(1).locator(".problems").inner_text()
        assert question.locator(".problems li").count() == 1


def test_a_day_picked_in_the_calendar_is_written_as_people_write_it(browser: Browser, address: str) -> None:
    with visit(browser, address) as made:
        page = made.open(PAPER)
        page.locator("[data-name='ngay_sinh'] [data-picker]").evaluate(
            "input => { input.value = '1990-03-08'; input.dispatchEvent(new Event('input', {bubbles: true})) }"
        )
        assert page.locator("#f-ngay_sinh").input_value() == "8/3/1990"


@pytest.mark.parametrize("form", FORMS, ids=name_of)
def test_a_page_gives_back_the_record_that_was_put_in(long_visit: Visit, form: Form) -> None:
    """Dates, numbers, ticks, choices, rows and levels: what the page reads from itself means the same."""
    page = long_visit.open(f"/giay/{form.id}")
    press(page, "Điền mẫu thử")
    checked(page, "Không có lỗi. In được.")
    found = page.evaluate(
        "import('/static/record.js').then(({readRecord}) => readRecord(document.querySelector('[data-paper]')))"
    )
    page.close()
    assert plain(record(form, found)) == plain(record(form, library.sample(form)))


def test_a_draft_is_a_file_that_fills_the_page_again(browser: Browser, address: str, tmp_path: Path) -> None:
    with visit(browser, address) as made:
        page = made.open("/giay/huong-dan")
        press(page, "Điền mẫu thử")
        checked(page, "Không có lỗi. In được.")
        name, content = downloaded(page, "Lưu bản nháp")
        assert name == "huong-dan-ban-nhap.json"
        assert docgen.check("huong-dan", json.loads(content)) == ()
        press(page, "Xóa hết")
        checked(page, "Còn 1 mục bắt buộc chưa điền.")
        draft = tmp_path / name
        draft.write_text(json.dumps({**json.loads(content), "khong_co": 1}), encoding="utf-8")
        page.locator("[data-draft]").set_input_files(draft)
        checked(page, "Không đưa được vào mẫu này: khong_co.")
        assert downloaded(page, "Lưu bản nháp")[1] == content
        assert made.context.storage_state()["origins"] == []


def test_numbers_of_a_draft_come_as_people_type_them_with_every_digit(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    draft = tmp_path / "nhap.json"
    draft.write_text('{"nam": 2025, "diem_chung": 28.5, "don_vi": 12345678901234567890, "khoi_nhan_xet": false}')
    with visit(browser, address) as made:
        page = made.open(PAPER)
        page.locator("[data-draft]").set_input_files(draft)
        checked(page, "Còn 2 mục bắt buộc chưa điền.")
        shown = [page.locator(f"#f-{name}").input_value() for name in ("nam", "diem_chung", "don_vi")]
        assert shown == ["2025", "28,5", "12345678901234567890"]
        assert not page.locator("#f-khoi_nhan_xet").is_checked()


def test_what_has_no_place_in_the_page_is_named(browser: Browser, address: str, tmp_path: Path) -> None:
    draft = tmp_path / "nhap.json"
    strange = {"phu_luc": [None], "noi_dung": [{"muc": "A", "con": 5}], "quyen_han": "X/Y", "so": {"a": 1}, "la": "b"}
    draft.write_text(json.dumps(strange))
    with visit(browser, address) as made:
        page = made.open("/giay/huong-dan")
        page.locator("[data-draft]").set_input_files(draft)
        line = "Số văn bản, Nội dung chia theo mục, Phụ lục, biểu mẫu gửi kèm, Quyền hạn ký, la."
        checked(page, f"Không đưa được vào mẫu này: {line}")


def test_what_is_no_draft_is_told_and_changes_nothing(browser: Browser, address: str, tmp_path: Path) -> None:
    draft = tmp_path / "nhap.json"
    draft.write_text("[1, 2")
    with visit(browser, address) as made:
        page = made.open(PAPER)
        checked(page, "Còn 3 mục bắt buộc chưa điền.")
        page.locator("[data-draft]").set_input_files(draft)
        checked(page, "Tệp này không phải bản nháp.")


def test_leaving_with_unsaved_work_asks_first(browser: Browser, address: str) -> None:
    with visit(browser, address) as made:
        page = made.open(PAPER)
        page.get_by_label("Họ và tên").fill("Hà Lê")
        asked: list[str] = []

        def leave(dialog: Dialog) -> None:
            asked.append(dialog.type)
            dialog.accept()

        page.on("dialog", leave)
        page.get_by_role("link", name="Trợ giúp").click()
        page.wait_for_url("**/tro-giup")
        assert asked == ["beforeunload"]


@pytest.mark.needs_libreoffice
def test_a_preview_shows_the_pages(browser: Browser, address: str) -> None:
    with visit(browser, address) as made:
        page = made.open(PAPER)
        press(page, "Điền mẫu thử")
        checked(page, "Không có lỗi. In được.")
        press(page, "Xem trước")
        page.get_by_role("dialog").get_by_text("Có 5 trang.").wait_for()
        assert page.locator("img.page-picture").count() == 5
        assert page.locator("img.page-picture").first.evaluate("image => image.naturalWidth") > 500
        assert barriers(page) == []
        page.keyboard.press("Escape")
        assert not page.get_by_role("dialog").is_visible()


def test_an_office_merges_a_list_and_deletes_it(browser: Browser, address: str) -> None:
    with visit(browser, address) as made:
        page = made.open("/danh-sach")
        upload(page, SAMPLES / "dang_bo.xlsx", "Soát danh sách", "#da-doc")
        press(page, "Bắt đầu tạo văn bản")
        page.get_by_role("heading", name="Đã tạo xong").wait_for()
        _, content = downloaded(page, "Tải kết quả (.zip)")
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
        assert sum(name.endswith(".docx") for name in names) == 150
        assert len({name.partition("/")[0] for name in names if name.endswith(".docx")}) == 9
        assert downloaded(page, "Tải danh sách văn bản (Excel)")[1].startswith(b"PK")
        assert barriers(page) == []
        job = page.url
        press(page, "Xóa danh sách và kết quả")
        page.get_by_text("Đã xóa danh sách và mọi tệp kết quả").wait_for()
        assert made.context.request.get(job, headers={"Accept": "text/html"}).status == 404


def test_faults_of_a_list_stand_at_their_cells(browser: Browser, address: str) -> None:
    with visit(browser, address) as made:
        page = made.open("/danh-sach")
        upload(page, SAMPLES / "dang_bo_loi.xlsx", "Soát danh sách", "#da-doc")
        assert page.evaluate("document.activeElement.id") == "da-doc"
        for row, column, words in (
            (6, "D", "Chưa được điền."),
            (7, "E", "28 ngày"),
            (12, "X", "không phải một lựa chọn"),
        ):
            cell = page.locator(f"tr[data-line='{row}'] > td[data-column='{column}']").first
            assert words in cell.inner_text()
        assert barriers(page) == []
        press(page, "Bắt đầu tạo văn bản")
        page.get_by_role("heading", name="Đã tạo xong").wait_for()
        assert downloaded(page, "Tải các dòng lỗi (Excel)")[0] == "loi.xlsx"


def test_ratings_go_on_into_the_report(browser: Browser, address: str) -> None:
    with visit(browser, address) as made:
        page = made.open("/ket-qua")
        upload(page, RATED, "Tính và soát", "#dem")
        assert barriers(page) == []
        assert downloaded(page, "Tải kết quả ra Excel")[1].startswith(b"PK")
        assert json.loads(downloaded(page, "Tải số liệu (JSON)")[1])["groups"][0]["total"] == 2
        press(page, "Báo cáo kết quả kiểm điểm, đánh giá, xếp loại chất lượng")
        page.wait_for_url("**/giay/bao-cao-ket-qua")
        row = page.locator("[data-name='thong_ke'] [data-row]").first
        row.locator("output", has_text="2").first.wait_for()
        assert row.locator("[data-name='nhom'] [data-input]").input_value() == "Đảng viên"


def test_what_cannot_be_read_is_told_as_an_alert(browser: Browser, address: str) -> None:
    with visit(browser, address) as made:
        page = made.open("/the-thuc")
        upload(page, "không phải Word", "Soát thể thức", "[role='alert']")
        # The browser itself notes the refusal on its console.
        assert len(made.faults) == 1
        assert "422" in made.faults.pop()
        page.locator("#tep").evaluate("input => { input.dataset.most = '5' }")
        press(page, "Soát thể thức")
        page.get_by_role("alert").get_by_text("nên dịch vụ không nhận").wait_for()


def tab_to(page: Page, id_: str) -> None:
    """Go on with the Tab key until the focus is there."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == id_:
            return
    pytest.fail(f"no Tab leads to {id_}")


def test_the_keyboard_alone_is_enough(browser: Browser, address: str) -> None:
    with visit(browser, address) as made:
        page = made.open("/giay/phu-luc-ket-qua-nhiem-vu")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        first = page.locator("[data-paper] [data-input]:visible").first.get_attribute("id") or ""
        tab_to(page, first)
        for question in page.locator("[data-paper] [data-input][aria-required='true']").all():
            id_ = question.get_attribute("id") or ""
            if id_ != first:
                tab_to(page, id_)
            page.keyboard.type("2025" if "nam" in id_ else "Chi bộ Một")
        tab_to(page, "f-nhiem_vu")
        page.keyboard.press("Enter")
        page.keyboard.type("Nhiệm vụ thứ nhất")
        assert page.locator("[data-name='nhiem_vu'] [data-row]").count() == 1
        for _ in range(200):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.dataset.do") == "docx":
                break
        with page.expect_download() as waiting:
            page.keyboard.press("Enter")
        assert "Nhiệm vụ thứ nhất" in " ".join(document_text(waiting.value.path().read_bytes()))


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_a_barrier_or_sticks_out_on_a_phone(browser: Browser, address: str, path: str) -> None:
    with visit(browser, address) as made:
        page = made.open(path)
        assert barriers(page) == []
        page.set_viewport_size({"width": PHONE, "height": 800})
        assert overflow(page) == 0
        made.faults = [fault for fault in made.faults if "404" not in fault or path != "/khong-co"]


@pytest.mark.parametrize("path", [PAPER, "/giay/huong-dan", "/giay/tu-danh-gia-quy-2026", "/giay/bao-cao-ket-qua"])
def test_a_filled_page_with_faults_fits_a_phone_without_a_barrier(browser: Browser, address: str, path: str) -> None:
    with visit(browser, address, width=PHONE) as made:
        page = made.open(path)
        press(page, "Điền mẫu thử")
        checked(page, "Không có lỗi. In được.")
        page.locator("[data-type='year'] [data-input]:visible, [data-type='date'] [data-input]").first.fill("hôm qua")
        checked(page, re.compile("chỗ phải sửa"))
        assert (overflow(page), barriers(page)) == (0, [])
