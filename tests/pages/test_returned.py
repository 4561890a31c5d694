"""Papers that came back, on their page and on the page of one paper: what is shown, told and never kept."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from docgen import generate
from docgen.collecting.against import Change
from docgen.collecting.folder import Source, collect
from docgen.papers import library
from service.app import create_app
from service.pages import returned
from service.settings import Settings
from tests.pages.edits import added, without
from tests.pages.visitor import Visitor, part, said, told

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pages.visitor import Element

FORM, OTHER = "mau-2b-2025", "mau-2a-2025"
READ = "/nop-lai/doc"
SAMPLE = library.sample(library.form(FORM))


def paper(form: str = FORM, **values: Any) -> bytes:
    return generate.render(form, {**library.sample(library.form(form)), **values})


def listed(*names: str, **values: Any) -> tuple[str, bytes]:
    return "da_gui.json", json.dumps([{**SAMPLE, "ho_ten": name, **values} for name in names]).encode()


def table(shown: Element, caption: str) -> list[list[str]]:
    """The cells of the table whose caption begins so, without its head."""
    rows = shown.xpath("//table[starts-with(normalize-space(caption), $caption)]/tbody/tr", caption=caption)
    return [[said(cell) for cell in row.xpath("td|th")] for row in rows]


def test_every_file_has_a_row_with_person_form_and_what_to_look_at(visitor: Visitor) -> None:
    files = [
        ("be.docx", added(paper(OTHER, ho_ten="Hà Bé"), "Tôi xin thêm một ý.")),
        ("cu.docx", without(paper(ho_ten="Vũ Cử"), "Ngày sinh")),
        ("hong.docx", b"no"),
        ("ghi_chu.txt", b"x"),
        ("an.docx", paper(ho_ten="Lê <b>An</b>")),
    ]
    shown = part(visitor.upload_all(READ, [files[-1], *files[:-1]]))
    rows = table(shown, "Các tệp đã đọc")
    assert [row[0] for row in rows] == [name for name, _ in files]
    assert [row[1] for row in rows] == ["Hà Bé", "Vũ Cử", "–", "–", "Lê <b>An</b>"]
    assert [row[2] for row in rows[2:4]] == ["Không đọc được", "Bỏ qua"]
    assert int(rows[4][3]) > 20
    assert "chưa đọc được" in rows[1][3]
    assert rows[4][4] == "Không có"
    assert "Chữ ngoài ô (1) Tôi xin thêm một ý." in rows[0][4]
    assert "mục «Ngày sinh»: Không tìm thấy mục này trong tệp" in rows[1][4]
    assert "không phải tài liệu Word" in rows[2][4]
    assert shown.xpath("//tbody//a/@href")[:2] == [f"/giay/{OTHER}", f"/giay/{FORM}"]
    assert [said(figure) for figure in shown.xpath("//dl//dd")] == ["3", "1", "1"]


def test_the_list_says_who_is_missing_and_what_changed(visitor: Visitor) -> None:
    files = [("an.docx", paper(ho_ten="Lê An", diem_chung="20")), ("la.docx", paper(ho_ten="Người Lạ"))]
    shown = part(visitor.upload_all(READ, files, doi_chieu=listed("Lê An", "Hà Bé", chi_bo="Một")))
    assert [row[1] for row in table(shown, "Chưa nộp (1)")] == ["Hà Bé"]
    changes = table(shown, "Khác với lúc gửi")
    assert ["an.docx", "Nhóm tiêu chí chung", "27,5", "20"] in changes
    assert {row[0] for row in changes} == {"an.docx"}
    assert "không khớp với dòng nào của danh sách" in table(shown, "Các tệp đã đọc")[0][4]


def test_a_list_that_all_have_answered_unchanged_is_told_so(visitor: Visitor) -> None:
    shown = said(part(visitor.upload_all(READ, [("an.docx", paper(ho_ten="Lê An"))], doi_chieu=listed("Lê An"))))
    assert "Mọi dòng của danh sách đều đã nộp." in shown
    assert "không khác gì so với lúc gửi" in shown


def test_downloads_are_those_of_the_command(visitor: Visitor) -> None:
    files = [("an.docx", paper(ho_ten="Lê An")), ("hong.docx", b"no")]
    found = visitor.upload_all("/nop-lai/ket-qua.json", files)
    assert (
        json.loads(found.data) == collect([Source(name, io.BytesIO(content).read) for name, content in files]).as_dict()
    )
    workbook = visitor.upload_all("/nop-lai/ket-qua.xlsx", files)
    assert workbook.data.startswith(b"PK")
    assert 'filename="nop-lai.xlsx"' in workbook.headers["Content-Disposition"]


def test_what_cannot_be_read_at_all_is_told(visitor: Visitor) -> None:
    assert told(visitor.upload(READ, None))["errors"][0]["code"] == "file-missing"
    assert told(visitor.upload(READ, b"PK", "nop.zip"))["errors"][0]["code"] == "zip-damaged"
    assert visitor.stranger().post(READ).status_code == 403


def test_a_long_table_is_cut_and_says_so(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(returned, "MOST_FILES", 1)
    monkeypatch.setattr(returned, "MOST_TOLD", 0)
    files = [("an.docx", added(paper(), "thêm")), ("be.docx", b"no"), ("cu.docx", b"no")]
    shown = part(visitor.upload_all(READ, files))
    assert len(table(shown, "Các tệp đã đọc")) == 1
    assert "Còn 2 tệp nữa" in said(shown)
    assert "Còn 1 chỗ nữa" in said(shown)


@pytest.mark.parametrize(
    ("sent", "came", "shown"),
    [
        (None, True, ("", "Có")),
        ("x", ["a", {"b": 1, "c": None}], ("x", "a\n1")),
        ("a" * 300 + "b", "a" * 300 + "c", ("…" + "a" * 40 + "b", "…" + "a" * 40 + "c")),
        ("a" * 300, "a" * 200, ("…" + "a" * 140, "…" + "a" * 40)),
        ("a", "b" * 300, ("a", "b" * 240 + "…")),
    ],
    ids=["tick", "rows", "late", "shorter", "long"],
)
def test_a_change_is_shown_where_it_begins(sent: Any, came: Any, shown: tuple[str, str]) -> None:
    assert returned.difference(Change("x.docx", 1, "f", "F", sent, came)) == shown


def test_a_paper_made_here_opens_on_its_page(visitor: Visitor) -> None:
    content = added(without(paper(ho_ten="Vũ Cử"), "Ngày sinh"), "Ý thêm.")
    opened = told(visitor.upload(f"/giay/{FORM}/mo", content, "cu.docx"))
    assert opened["values"]["ho_ten"] == "Vũ Cử"
    assert "ngay_sinh" not in opened["values"]
    assert opened["outside"] == ["Ý thêm."]
    [missing, outside] = opened["problems"]
    assert (missing["field"], missing["severity"]) == ("ngay_sinh", "warning")
    assert "Ý thêm." in outside["text"]


def test_a_paper_of_another_form_says_which_page_opens_it(visitor: Visitor) -> None:
    opened = told(visitor.upload(f"/giay/{FORM}/mo", paper(OTHER), "a.docx"))
    assert opened == {"other": {"title": library.form(OTHER).title, "address": f"/giay/{OTHER}"}}


@pytest.mark.parametrize(
    ("content", "code"), [(b"no", "package-not-word"), (b"", "package-empty")], ids=["no", "empty"]
)
def test_what_is_no_paper_does_not_open(visitor: Visitor, content: bytes, code: str) -> None:
    answer = visitor.upload(f"/giay/{FORM}/mo", content, "a.docx")
    assert (answer.status_code, [each["code"] for each in told(answer)["errors"]]) == (422, [code])


def test_nothing_is_kept(tmp_path: Path) -> None:
    visitor = Visitor(create_app(Settings(data=tmp_path)))
    before = sorted(tmp_path.rglob("*"))
    part(visitor.upload_all(READ, [("an.docx", paper())], doi_chieu=listed("Lê An")))
    told(visitor.upload(f"/giay/{FORM}/mo", paper(), "a.docx"))
    assert sorted(tmp_path.rglob("*")) == before
