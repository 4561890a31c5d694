"""An office's own templates on pages: fetched, broken, mended, used, taken back; by administrators only."""

from __future__ import annotations

import base64
import io
import zipfile
from typing import TYPE_CHECKING

import docx
import pytest
from PIL import Image

from docgen.cli import main
from docgen.papers import library, office
from docgen.templates.trial import text_of
from docgen.word import package
from docgen.word.pdf import to_pdf
from service.app import create_app
from service.pages.pictures import Mark, pictures
from service.settings import Settings
from service.tokens import Tokens
from tests.pages.browser import PHONE, WIDE, barriers, overflow, press, visit
from tests.pages.visitor import Visitor, part, said, told
from tests.service.lists import people
from tests.service.running import running
from tests.templates.broken import PERSON, swap, text
from tests.word.specimens import zipped

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask.testing import FlaskClient
    from playwright.sync_api import Browser
    from werkzeug.test import TestResponse

    Edit = Callable[[dict[str, bytes]], None]

LETTER = "cong-van"
PAGE = f"/mau-rieng/{PERSON}"
OWN_WORDS = "Lời riêng của cơ quan"
MISSPELT = swap("{{ ho_ten }}", "{{ ho_tenn }}")
HTML = {"Accept": "text/html"}


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The office's folder."""
    monkeypatch.setenv(office.FOLDER, str(tmp_path / "mau rieng"))
    return tmp_path / "mau rieng"


def edited(visitor: Visitor, *edits: Edit, page: str = PAGE) -> bytes:
    """The template as an office fetches it from the page, changed."""
    [address] = visitor.page(page).xpath("//section[h2[@id='lay']]//a[starts-with(., 'Tải mẫu Word')]/@href")[:1]
    answer = visitor.get(address)
    assert answer.status_code == 200
    parts = dict(package.parts(answer.data))
    for edit in edits:
        edit(parts)
    return zipped(parts)


def made(visitor: Visitor, form: str = PERSON) -> str:
    """The text of a document that is made now."""
    answer = visitor.send(f"/api/v1/forms/{form}/documents", library.sample(library.form(form)))
    assert answer.status_code == 200
    return text_of(answer.data)


def installed(visitor: Visitor, content: bytes, page: str = PAGE, **more: str) -> str:
    """The version that is in use after a file was taken."""
    answer = visitor.upload(f"{page}/cai", content, "mau.docx", **more)
    assert answer.status_code == 200, answer.text
    address = told(answer)["address"]
    assert "Đã đổi" in said(visitor.page(address))
    return office.standing()[page.rpartition("/")[2]]


def test_a_version_is_used_at_once_and_the_original_comes_back(visitor: Visitor) -> None:
    assert OWN_WORDS not in made(visitor)
    first = installed(visitor, edited(visitor, text(OWN_WORDS)))
    assert OWN_WORDS in made(visitor), "the service that was running uses it"
    second = installed(visitor, edited(visitor, text("Lời thứ hai")))
    assert second != first
    assert {OWN_WORDS, "Lời thứ hai"} <= set(made(visitor).splitlines())
    assert visitor.post(f"{PAGE}/dung", ban=first).headers["Location"] == f"{PAGE}?da_doi=1"
    assert "Lời thứ hai" not in made(visitor)
    shown = said(visitor.page(PAGE))
    assert f"Đang dùng bản {first}" in shown
    assert second in shown
    assert f"đang dùng bản {first}" in said(visitor.page("/mau-rieng"))
    assert visitor.post(f"{PAGE}/dung", ban="goc").status_code == 303
    assert OWN_WORDS not in made(visitor)
    assert "Đang dùng mẫu gốc" in said(visitor.page(PAGE))


def test_faults_are_told_with_their_places_and_nothing_is_installed(visitor: Visitor, own: Path) -> None:
    given = edited(visitor, MISSPELT)
    page = part(visitor.upload(f"{PAGE}/soat", given, "mau.docx"))
    assert "Chưa dùng được" in said(page)
    first = said(page.xpath("//ol[@class='deviations']/li")[0])
    assert "ho_tenn" in first
    assert "Thân văn bản" in first
    assert not page.xpath("//button[@data-start]")
    refused = visitor.upload(f"{PAGE}/cai", given, "mau.docx")
    assert refused.status_code == 422
    assert "ho_tenn" in refused.text
    assert visitor.upload(f"{PAGE}/dien-thu.docx", given, "mau.docx").status_code == 422
    assert not own.exists()
    copy = visitor.upload(f"{PAGE}/ghi-chu.docx", given, "mau.docx")
    assert "mau - ghi chu.docx" in copy.headers["Content-Disposition"]
    assert "ho_tenn" in package.parts(copy.data)["word/comments.xml"].decode()


@pytest.mark.needs_libreoffice
def test_faults_are_framed_on_the_pages_and_a_sound_template_is_shown_filled(visitor: Visitor) -> None:
    def reds(answer: TestResponse) -> int:
        pictures = [each.partition(",")[2] for each in part(answer).xpath("//img[@class='page-picture']/@src")]
        assert pictures
        images = [Image.open(io.BytesIO(base64.b64decode(each))).convert("RGB") for each in pictures]
        return sum(pixel == (163, 22, 26) for image in images for pixel in image.get_flattened_data())

    assert reds(visitor.upload(f"{PAGE}/soat", edited(visitor, MISSPELT), "mau.docx")) > 300
    assert reds(visitor.upload(f"{PAGE}/soat", edited(visitor, text(OWN_WORDS)), "mau.docx")) == 0


@pytest.mark.needs_libreoffice
def test_each_place_gets_one_frame_and_no_two_places_the_same() -> None:
    form = library.form(PERSON)
    pdf = to_pdf(library.template(form, form.layouts[0]))
    plain, name, other = pictures(pdf), ("Họ và tên: {{ ho_ten }}",), ("Chi bộ: {{ chi_bo }}",)
    one = pictures(pdf, [Mark(1, name)])
    assert one != plain
    assert pictures(pdf, [Mark(1, ("khong co", *name))]) == one, "the first text that is found"
    assert pictures(pdf, [Mark(1, name), Mark(2, name)]) == one, "it stands there once only"
    assert (
        len({one, pictures(pdf, [Mark(1, name), Mark(1, name)]), pictures(pdf, [Mark(1, name), Mark(2, other)])}) == 3
    )
    assert pictures(pdf, [Mark(1, ("khong co",)), Mark(2, ("",))]).shown == plain.shown


def test_of_very_many_faults_the_first_are_told(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.pages.own.MOST_TOLD", 2)
    monkeypatch.setattr("docgen.word.pdf.find_soffice", lambda: None)
    given = edited(visitor, text(*(f"{{{{ la_{number} }}}}" for number in range(5))))
    page = part(visitor.upload(f"{PAGE}/soat", given, "mau.docx"))
    assert len(page.xpath("//ol[@class='deviations']/li")) == 2
    assert "Còn 3 chỗ nữa" in said(page)


def test_without_libreoffice_a_sound_template_is_offered_with_its_trial(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("docgen.word.pdf.find_soffice", lambda: None)
    given = edited(visitor, text(OWN_WORDS))
    page = part(visitor.upload(f"{PAGE}/soat", given, "mau.docx"))
    assert page.xpath("//button[@data-start]")
    assert "chưa có LibreOffice" in said(page)
    trial = text_of(visitor.upload(f"{PAGE}/dien-thu.docx", given, "mau.docx").data)
    assert OWN_WORDS in trial
    assert library.sample(library.form(PERSON))["ho_ten"] in trial


def test_new_fields_are_taken_after_asking(visitor: Visitor) -> None:
    given = edited(visitor, text("Số thẻ đảng: {{ so_the }}"))
    page = part(visitor.upload(f"{PAGE}/soat", given, "mau.docx"))
    assert "so_the («Số thẻ đảng»)" in said(page)
    assert visitor.upload(f"{PAGE}/cai", given, "mau.docx").status_code == 422
    [again] = page.xpath("//button[contains(., 'Nhận các mục mới')]/@data-part")
    [install] = part(visitor.upload(again, given, "mau.docx")).xpath("//button[@data-start]/@data-start")
    assert visitor.upload(install, given, "mau.docx").status_code == 200
    assert library.form(PERSON).fields["so_the"].label == "Số thẻ đảng"


def test_one_layout_of_a_paper_with_several_is_changed(visitor: Visitor) -> None:
    page = f"/mau-rieng/{LETTER}"
    first, *others = library.form(LETTER).layouts
    assert others
    version = installed(visitor, edited(visitor, text(OWN_WORDS), page=page), page, the_thuc=first)
    for layout in (first, *others):
        content = visitor.get(f"{page}/{version}/mau.docx?the_thuc={layout}").data
        assert (OWN_WORDS in text_of(content)) == (layout == first)
    assert OWN_WORDS not in text_of(visitor.get(f"{page}/goc/mau.docx?the_thuc={first}").data)
    assert visitor.get(f"{page}/goc/mau.docx?the_thuc=x").status_code == 422
    assert visitor.get(f"{page}/{version}/cac-muc.xlsx").data.startswith(b"PK")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" * 200], ids=["empty", "torn", "old"])
def test_what_is_no_word_file_is_told(visitor: Visitor, content: bytes) -> None:
    page = part(visitor.upload(f"{PAGE}/soat", content, "mau.docx"))
    assert page.xpath("//ol[@class='deviations']/li")
    assert not page.xpath("//button")
    assert visitor.upload(f"{PAGE}/ghi-chu.docx", content, "mau.docx").status_code == 422
    assert visitor.upload(f"{PAGE}/cai", content, "mau.docx").status_code == 422


def test_a_version_that_was_damaged_is_told_and_can_be_taken_out_of_use(visitor: Visitor, own: Path) -> None:
    version = installed(visitor, edited(visitor, text(OWN_WORDS)))
    for cache in (office._files, office._form, library._catalogue):  # as a service that has been started again
        cache.cache_clear()
    (own / PERSON / version / "form.toml").write_text("x = 1", "utf-8")
    assert visitor.get("/", **HTML).status_code == 500
    shown = said(visitor.page(PAGE))
    assert "đã bị sửa sau khi cài" in shown
    assert visitor.post(f"{PAGE}/dung", ban=version).status_code == 422
    assert visitor.get("/mau-rieng").status_code == 200
    assert visitor.post(f"{PAGE}/dung", ban="goc").status_code == 303
    assert visitor.get("/", **HTML).status_code == 200


def test_a_list_of_versions_that_cannot_be_read_is_written_anew(visitor: Visitor, own: Path) -> None:
    installed(visitor, edited(visitor, text(OWN_WORDS)))
    (own / office.ACTIVE).write_text("{", "utf-8")
    assert "Không đọc được danh sách" in said(visitor.page("/mau-rieng"))
    assert visitor.page(PAGE).xpath("//button[. = 'Về bản gốc']")
    visitor.post(f"{PAGE}/dung", ban="goc")
    assert OWN_WORDS not in made(visitor)


def test_a_paper_that_the_office_has_made_is_used_and_no_longer_used(visitor: Visitor, tmp_path: Path) -> None:
    plain, folder = tmp_path / "phieu.docx", tmp_path / "phieu"
    document = docx.Document()
    for line in ("PHIẾU ĐĂNG KÝ", "Họ và tên: ……………………"):
        document.add_paragraph(line)
    document.save(str(plain))
    assert main(["template", "start", str(plain), "-o", str(folder), "--title", "Phiếu đăng ký"]) == 0
    assert main(["template", "install", str(folder / "template.docx"), "--form", str(folder)]) == 0
    assert "cơ quan lập, chưa dùng" in said(visitor.page("/mau-rieng"))
    [version] = office.versions("phieu")
    visitor.post("/mau-rieng/phieu/dung", ban=version)
    assert visitor.get("/giay/phieu").status_code == 200
    page = visitor.page("/mau-rieng/phieu")
    assert page.xpath("//button[. = 'Thôi dùng mẫu này']")
    assert "mẫu gốc" not in said(page.xpath("//main")[0]).lower()
    after = visitor.post("/mau-rieng/phieu/dung", ban="goc").headers["Location"]
    assert "không còn trong danh sách" in said(visitor.page(after))
    assert visitor.get("/giay/phieu").status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [("/mau-rieng/khong-co", 404), (f"{PAGE}/0123456789ab/mau.docx", 422), (f"{PAGE}/x/mau.docx", 422)],
)
def test_what_is_not_there_is_said(visitor: Visitor, path: str, status: int) -> None:
    assert visitor.get(path, **HTML).status_code == status


@pytest.mark.parametrize("version", ["", "0123456789ab", "../x"])
def test_an_unknown_version_is_not_used(visitor: Visitor, own: Path, version: str) -> None:
    assert visitor.post(f"{PAGE}/dung", ban=version).status_code == 422
    assert not own.exists()


def test_without_a_folder_the_page_says_how_to_set_one(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(office.FOLDER)
    given = edited(visitor, text(OWN_WORDS))
    for path in ("/mau-rieng", PAGE):
        assert "DOCGEN_TEMPLATES" in said(visitor.page(path))
    assert not visitor.page(PAGE).xpath("//input[@type='file'] | //script"), "no script without the form it works on"
    assert visitor.upload(f"{PAGE}/cai", given, "mau.docx").status_code == 503


ROUTES = [
    ("GET", "/mau-rieng"),
    ("GET", PAGE),
    ("GET", f"{PAGE}/goc/mau.docx"),
    ("GET", f"{PAGE}/goc/cac-muc.xlsx"),
    ("POST", f"{PAGE}/soat"),
    ("POST", f"{PAGE}/ghi-chu.docx"),
    ("POST", f"{PAGE}/dien-thu.docx"),
    ("POST", f"{PAGE}/cai"),
    ("POST", f"{PAGE}/dung"),
]


def signed_in(tmp_path: Path, *, admin: bool) -> tuple[FlaskClient, str]:
    """A browser that has signed in, and its token against forged requests."""
    settings = Settings(data=tmp_path / "data", needs_token=True)
    client = create_app(settings).test_client()
    entrance = client.get("/dang-nhap", headers=HTML).text.partition('name="csrf-token" content="')[2].partition('"')[0]
    token = Tokens(settings.tokens_file).new("A", None, admin=admin)
    assert client.post("/dang-nhap", data={"csrf_token": entrance, "token": token, "den": "/"}).status_code == 303
    page = client.get("/", headers=HTML).text
    assert ("/mau-rieng" in page) == admin
    return client, page.partition('name="csrf-token" content="')[2].partition('"')[0]


def test_every_route_is_for_administrators(tmp_path: Path) -> None:
    client, forged = signed_in(tmp_path, admin=False)
    known = {rule.rule for rule in client.application.url_map.iter_rules() if rule.endpoint.startswith("pages.own.")}
    assert len(known) == len(ROUTES)
    for method, path in ROUTES:
        answer = client.open(path, method=method, headers={**HTML, "X-CSRFToken": forged})
        assert answer.status_code == 403, path
        assert "Chỉ người quản trị" in answer.text
    assert client.get("/tro-giup", headers=HTML).text.count("/mau-rieng") == 0


def test_an_administrator_signs_in_and_works(tmp_path: Path) -> None:
    client, forged = signed_in(tmp_path, admin=True)
    assert client.get(PAGE, headers=HTML).status_code == 200
    assert client.post(f"{PAGE}/dung", data={"ban": "goc", "csrf_token": forged}).status_code == 303
    assert client.post(f"{PAGE}/dung", data={"ban": "goc"}, headers=HTML).status_code == 403


@pytest.mark.parametrize(
    "settings", [{"proxy": "127.0.0.1"}, {"hosts": frozenset({"a.local"})}], ids=["proxy", "hosts"]
)
def test_nobody_is_administrator_without_a_token_where_others_reach_the_service(
    tmp_path: Path, settings: dict[str, object]
) -> None:
    app = create_app(Settings(data=tmp_path / "data", **settings))  # type: ignore[arg-type]
    assert app.test_client().get("/mau-rieng", headers=HTML).status_code == 403


@pytest.mark.needs_browser
@pytest.mark.needs_axe
@pytest.mark.needs_libreoffice
def test_an_administrator_at_work_in_a_browser(browser: Browser, visitor: Visitor, tmp_path: Path, own: Path) -> None:
    faulty, right = (edited(visitor, edit) for edit in (MISSPELT, text(OWN_WORDS)))
    with (
        running(tmp_path / "data", DOCGEN_TEMPLATES=str(own)) as server,
        visit(browser, f"http://127.0.0.1:{server.port}", width=PHONE) as made,
    ):
        page = made.open("/mau-rieng")
        assert (barriers(page), overflow(page)) == ([], 0)
        page.locator(f"a[href='{PAGE}']").click()
        for content, heading in ((faulty, "Chưa dùng được"), (right, "Dùng được")):
            page.locator("#tep").set_input_files({"name": "m.docx", "mimeType": "x/x", "buffer": content})
            press(page, "Soát mẫu")
            page.get_by_text(heading).first.wait_for()
            page.locator(".page-picture").first.wait_for()
            assert (barriers(page), overflow(page)) == ([], 0)
        press(page, "Dùng bản này")
        page.get_by_text("Đã đổi.").wait_for()
        assert (barriers(page), overflow(page)) == ([], 0)
        job = server.merge(PERSON, people(1))
        assert server.wait(job)["state"] == "done"
        whole = zipfile.ZipFile(io.BytesIO(server.ask("GET", f"{job}/result.zip").body))
        [document] = [whole.read(name) for name in whole.namelist() if name.endswith(".docx")]
        assert OWN_WORDS in text_of(document), "the process that merges uses it, too"
        page.set_viewport_size({"width": WIDE, "height": 900})
        assert (barriers(page), overflow(page)) == ([], 0)
        press(page, "Về bản gốc")
        page.get_by_text("Đang dùng mẫu gốc").wait_for()
