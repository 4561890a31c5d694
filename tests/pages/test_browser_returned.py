"""A paper goes out, is changed in Word, and comes back: on its own page, and with others in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from docgen import generate
from docgen.papers import library
from tests.pages.browser import PHONE, barriers, checked, downloaded, overflow, press, visit
from tests.pages.edits import added, rewritten, without

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = [pytest.mark.needs_browser, pytest.mark.needs_axe]

FORM, OTHER = "mau-2b-2025", "mau-2a-2025"


def test_a_paper_changed_in_word_opens_on_its_page_again(browser: Browser, address: str, tmp_path: Path) -> None:
    with visit(browser, address) as made:
        page = made.open(f"/giay/{FORM}")
        press(page, "Điền mẫu thử")
        checked(page, "Không có lỗi. In được.")
        name = page.locator("#f-ho_ten").input_value()
        content = downloaded(page, "Tải Word")[1]
        place = tmp_path / "sửa.docx"
        place.write_bytes(added(without(rewritten(content, name, "Đỗ Thị Út"), "Ngày sinh"), "Tôi xin thêm một ý."))
        press(page, "Xóa hết")
        checked(page, "Còn 3 mục bắt buộc chưa điền.")
        with page.expect_file_chooser() as waiting:
            press(page, "Mở văn bản đã tạo")
        waiting.value.set_files(place)
        checked(page, "2 chỗ nên xem lại.")
        assert page.locator("#f-ho_ten").input_value() == "Đỗ Thị Út"
        assert page.locator("#f-ngay_sinh").input_value() == ""
        assert "Không tìm thấy mục này trong tệp" in page.locator("#f-ngay_sinh-loi").inner_text()
        opened = page.locator("[data-opened]")
        opened.get_by_text("Chữ ngoài ô").click()
        assert "Tôi xin thêm một ý." in opened.locator("li").inner_text()
        assert barriers(page) == []
        page.locator("#f-ngay_sinh").fill("8/3/1990")
        checked(page, "1 chỗ nên xem lại.")
        assert downloaded(page, "Tải Word")[0].startswith("Do Thi Ut")


@pytest.mark.parametrize("form", ["huong-dan", "tu-danh-gia-quy-2026", "bao-cao-ket-qua"])
def test_levels_rows_and_ticks_come_back_to_the_page(browser: Browser, address: str, tmp_path: Path, form: str) -> None:
    sample = library.sample(library.form(form))
    place = tmp_path / "lại.docx"
    place.write_bytes(generate.render(form, sample))
    with visit(browser, address) as made:
        page = made.open(f"/giay/{form}")
        page.locator("[data-draft]").set_input_files(place)
        page.locator("[data-opened]").get_by_text("Đã đọc").wait_for()
        checked(page, "Không có lỗi. In được.")
        found = page.evaluate(
            "import('/static/record.js').then(({readRecord}) => readRecord(document.querySelector('[data-paper]')))"
        )
    assert generate.render(form, found) == place.read_bytes()


def test_a_paper_of_another_form_leads_to_its_page(browser: Browser, address: str, tmp_path: Path) -> None:
    place = tmp_path / "lanh_dao.docx"
    place.write_bytes(generate.render(OTHER, library.sample(library.form(OTHER))))
    with visit(browser, address) as made:
        page = made.open(f"/giay/{FORM}")
        page.locator("[data-draft]").set_input_files(place)
        page.get_by_role("link", name="Mở trang của mẫu đó").click()
        page.wait_for_url(f"**/giay/{OTHER}")


def test_an_office_reads_what_came_back(browser: Browser, address: str, tmp_path: Path) -> None:
    sample = library.sample(library.form(FORM))
    files = [tmp_path / "an.docx", tmp_path / "be.docx"]
    files[0].write_bytes(generate.render(FORM, {**sample, "ho_ten": "Lê An"}))
    files[1].write_bytes(added(generate.render(FORM, {**sample, "ho_ten": "Hà Bé"}), "Tôi xin thêm một ý."))
    with visit(browser, address) as made:
        page = made.open("/nop-lai")
        page.locator("#tep").set_input_files(files)
        press(page, "Đọc các tệp")
        page.get_by_role("heading", name="Đã đọc 2 tệp").wait_for()
        assert page.evaluate("document.activeElement.id") == "da-doc"
        rows = page.locator("table.returned tbody tr")
        assert [rows.nth(number).locator("td").first.inner_text() for number in (0, 1)] == ["Hà Bé", "Lê An"]
        assert "ngoài mọi ô điền" in rows.nth(0).inner_text()
        assert downloaded(page, "Tải Excel")[0] == "nop-lai.xlsx"
        assert b"L\xc3\xaa An" in downloaded(page, "Tải JSON")[1]
        assert barriers(page) == []
        page.set_viewport_size({"width": PHONE, "height": 800})
        assert overflow(page) == 0
