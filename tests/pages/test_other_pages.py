"""Home, results, layout check, help: what they find, what they tell, what they never keep."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import TYPE_CHECKING

import pytest
from docx import Document
from lxml import html

import docgen
from docgen.counting import count
from docgen.papers import library
from docgen.papers.profile import profile
from service.app import create_app
from service.pages import chart, home
from service.pages.site import duration
from service.settings import Settings
from service.tokens import Tokens
from tests.pages.visitor import part, said, told

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pages.visitor import Element, Visitor

RATED = """Nhóm,Đơn vị,Họ và tên,Mức xếp loại,Lý do
Đảng viên,Một,Nguyễn Văn An,HTXSNV,
Đảng viên,Một,Lê Thị Bé,HTXSNV,
Đảng viên,Một,Trần Văn Cả,Hoàn thành tốt nhiệm vụ,
Tổ chức đảng,Một,Chi bộ <Một>,HTNV,
Đảng viên,Hai,Lê Thị Dung,Chưa xếp loại,nghỉ ốm dài ngày
""".encode()


def shown_forms(page: Element) -> list[str]:
    return [address.rpartition("/")[2] for address in page.xpath("//*[@data-forms]//a/@href")]


def test_what_is_in_force_comes_first(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    class Day(date):
        @classmethod
        def today(cls) -> Day:
            return cls(2024, 1, 5)

    assert "mau-2b-2025" in shown_forms(visitor.page("/"))
    monkeypatch.setattr(home, "date", Day)
    found = shown_forms(visitor.page("/"))
    assert "mau-02b-2023" in found
    assert not {"mau-2b-2025", "mau-02-2019"} & set(found)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=2B", ["mau-2b-2025"]),
        ("q=khong+GIU+chuc+vu", ["mau-2b-2025"]),
        ("q=biên+bản+kiểm+phiếu", ["bien-ban-kiem-phieu"]),
        ("q=02b&nam=2023", ["mau-02b-2023"]),
        ("q=mau+01&nam=2019", ["mau-01-2019"]),
        ("q=khong-co-mau-nay", []),
    ],
)
def test_a_search_needs_no_accents_and_looks_into_the_year(visitor: Visitor, query: str, found: list[str]) -> None:
    assert [each for each in shown_forms(visitor.page(f"/?{query}")) if each in found] == found
    if not found:
        assert shown_forms(visitor.page(f"/?{query}")) == []


def test_every_form_is_shown_under_all_years_and_under_its_own(visitor: Visitor) -> None:
    assert sorted(shown_forms(visitor.page("/?nam=tat-ca"))) == sorted(form.id for form in library.catalogue())
    for form in library.catalogue():
        for year in filter(None, (form.first_year, form.last_year)):
            assert form.id in shown_forms(visitor.page(f"/?nam={year}"))


@pytest.mark.parametrize("query", ["nam=%C2%B2", "nam=99999999", "q=%00", "q=" + "x" * 5000, "nam=-1"])
def test_no_query_breaks_the_page(visitor: Visitor, query: str) -> None:
    visitor.page(f"/?{query}")


def test_ratings_become_counts_percentages_caps_and_bars(visitor: Visitor) -> None:
    page = part(visitor.upload("/ket-qua/tinh", RATED, "xl.csv"))
    counts, caps = page.xpath("//table[contains(@class, 'numbers')]")
    assert said(counts.xpath(".//tbody/tr")[0]) == "Đảng viên 4 2 50% 1 25% 0 0% 0 0% 1 25% 3 75%"
    assert said(caps.xpath(".//tbody/tr")[0]) == (
        "Đảng viên số «tốt trở lên» 20% 0 2 66,67% số xếp loại tốt trở lên Vượt mức"
    )
    assert "Quy định 366-QĐ/TW" in said(page)
    [drawing] = page.xpath("//figure/*[local-name()='svg']")
    assert drawing.get("role") == "img"
    assert "Đảng viên: tổng số 4; xuất sắc 2; tốt 1;" in said(drawing)


def test_bars_are_as_wide_as_what_they_tell() -> None:
    groups = count(RATED, name="xl.csv", rules=None, house=profile({})).result["groups"]
    for group, bar in zip(groups, chart.bars(groups), strict=True):
        assert sum(each.width for each in bar.parts) == pytest.approx(chart.WIDTH)
        assert {each.level: each.width / chart.WIDTH for each in bar.parts} == pytest.approx(
            {level: group[level] / group["total"] for level in chart.LEVELS if group[level]}
        )


def test_results_go_on_into_the_report(visitor: Visitor) -> None:
    page = part(visitor.upload("/ket-qua/tinh", RATED, "xl.csv"))
    [form] = page.xpath("//form[@action='/giay/bao-cao-ket-qua']")
    begun = form.xpath("string(.//input[@name='ban_ghi']/@value)")
    answer = visitor.post("/giay/bao-cao-ket-qua", ban_ghi=begun)
    assert answer.status_code == 200
    assert json.loads(begun)["thong_ke"][1]["nhom"] == "Tổ chức đảng"
    checked = told(visitor.send("/giay/bao-cao-ket-qua/soat", json.loads(begun)))
    assert checked["computed"]["thong_ke[1].tong_so"] == "4"


def test_results_as_excel_and_given_figures(visitor: Visitor) -> None:
    assert visitor.upload("/ket-qua/ket-qua.xlsx", RATED, "xl.csv").data.startswith(b"PK")
    figures = "Nhóm,Chỉ tiêu,Số lượng,Tỷ lệ\nĐảng viên,Tổng số,100,\nĐảng viên,Tốt trở lên,90,80%\n".encode()
    page = part(visitor.upload("/ket-qua/tinh", figures, "so.csv", loai="so-lieu"))
    assert "90" in said(page)
    assert not page.xpath("//figure")


@pytest.mark.parametrize(
    ("content", "fields", "code"),
    [
        (RATED, {"quy_dinh": "khong-co"}, "rating-unknown"),
        ("Nhóm,Họ và tên\nĐảng viên,An\n".encode(), {}, "columns-missing"),
        (None, {}, "file-missing"),
    ],
    ids=["no such rules", "no such columns", "no file"],
)
def test_wrong_ratings_are_told(visitor: Visitor, content: bytes | None, fields: dict[str, str], code: str) -> None:
    answer = visitor.upload("/ket-qua/tinh", content, "xl.csv", **fields)
    assert answer.status_code == 422
    assert told(answer)["errors"][0]["code"] == code


def good_letter() -> bytes:
    return docgen.render("cong-van", library.sample(library.form("cong-van")))


def careless_letter() -> bytes:
    """With the margins and fonts that Word begins with."""
    made = io.BytesIO()
    document = Document()
    document.add_paragraph("Kính gửi: các chi bộ")
    document.save(made)
    return made.getvalue()


@pytest.mark.needs_libreoffice
def test_a_word_file_is_shown_beside_what_deviates(visitor: Visitor) -> None:
    page = part(visitor.upload("/the-thuc/soat", careless_letter(), "cv.docx"))
    assert page.xpath("//ol[contains(@class, 'deviations')]/li")
    assert page.xpath("//img/@src")[0].startswith("data:image/png;base64,")
    assert "Không thấy chỗ nào lệch" in said(part(visitor.upload("/the-thuc/soat", good_letter(), "cv.docx")))


def test_without_libreoffice_the_layout_is_checked_all_the_same(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("docgen.word.pdf.find_soffice", lambda: None)
    page = part(visitor.upload("/the-thuc/soat", careless_letter(), "cv.docx"))
    assert page.xpath("//ol[contains(@class, 'deviations')]/li")
    assert "chưa có LibreOffice" in said(page)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" * 200], ids=["empty", "torn", "old"])
def test_what_is_no_word_file_is_told(visitor: Visitor, content: bytes) -> None:
    assert visitor.upload("/the-thuc/soat", content, "cv.docx").status_code == 422


def test_help_tells_what_is_unverified_and_how_long_things_are_kept(visitor: Visitor) -> None:
    text = said(visitor.page("/tro-giup"))
    for form in library.catalogue():
        for each in form.provenance:
            assert " ".join(each.part.split()) in text
    assert "trong 24 giờ rồi tự xóa" in text


@pytest.mark.parametrize(
    ("seconds", "words"), [(60, "1 phút"), (3600, "60 phút"), (7200, "2 giờ"), (86400, "24 giờ"), (604800, "7 ngày")]
)
def test_lengths_of_time(seconds: int, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    "path", ["/", "/giay/mau-2b-2025", "/danh-sach", "/ket-qua", "/the-thuc", "/tro-giup", "/dang-nhap", "/khong-co"]
)
def test_pages_hold_no_inline_code_and_load_only_their_own(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path, Accept="text/html")
    page: Element = html.document_fromstring(answer.text)
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert page.get("lang") == "vi"
    assert not page.xpath("//@style | //style | //@*[starts-with(name(), 'on')]")
    assert not page.xpath("//script[not(@src)][not(@type='application/json')]")
    loaded = page.xpath("//script/@src | //link/@href | //img/@src")
    assert len(loaded) >= 3
    for address in loaded:
        assert address.startswith("/")
        assert not address.startswith("//")
        assert visitor.get(address).status_code == 200


def test_versioned_assets_may_be_kept(visitor: Visitor) -> None:
    styles = visitor.page("/").xpath("//link[@rel='stylesheet']/@href")
    assert len(styles) == 2
    for style in styles:
        assert "immutable" in visitor.get(style).headers["Cache-Control"]


def test_who_has_signed_in_may_sign_out(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", needs_token=True)
    app = create_app(settings)
    client = app.test_client()
    assert client.get("/danh-sach", headers={"Accept": "text/html"}).headers["Location"].startswith("/dang-nhap")
    entrance: Element = html.document_fromstring(client.get("/dang-nhap").text)
    token = entrance.xpath("string(//input[@name='csrf_token']/@value)")
    asked = {"csrf_token": token, "token": Tokens(settings.tokens_file).new("A", None), "den": "/danh-sach"}
    assert client.post("/dang-nhap", data=asked).headers["Location"] == "/danh-sach"
    page: Element = html.document_fromstring(client.get("/danh-sach").text)
    [button] = page.xpath("//form[@action='/dang-xuat']")
    leaving = {"csrf_token": button.xpath("string(.//input/@value)")}
    assert client.post("/dang-xuat", data=leaving).status_code == 303
    assert client.get("/danh-sach", headers={"Accept": "text/html"}).status_code == 303
