"""The commands `docgen template …` as an office types them, from the Word file to its use and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import docx
import pytest
from python_calamine import CalamineWorkbook

from docgen.papers import office
from docgen.templates.trial import text_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Docgen

FORM = "mau-2c-2025"


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The office's folder."""
    monkeypatch.setenv(office.FOLDER, str(tmp_path / "rieng"))
    return tmp_path / "rieng"


@pytest.fixture
def given_out(docgen: Docgen, tmp_path: Path) -> Path:
    """The form's Word file, as the office gets it."""
    ended = docgen("template", "export", FORM, "-o", tmp_path / "mau.docx")
    assert ended.code == 0
    assert ended.out.splitlines() == [str(tmp_path / "mau.docx"), str(tmp_path / "mau - cac muc.xlsx")]
    return tmp_path / "mau.docx"


def typed(file: Path, *paragraphs: str) -> Path:
    """The file with these paragraphs typed at its end."""
    document = docx.Document(str(file))
    for text in paragraphs:
        document.add_paragraph(text)
    document.save(str(file))
    return file


def test_the_list_of_fields_says_how_each_is_written(given_out: Path) -> None:
    book = CalamineWorkbook.from_path(given_out.with_name("mau - cac muc.xlsx"))
    assert book.sheet_names == ["Các mục", "Cách viết"]
    rows = book.get_sheet_by_name("Các mục").to_python()
    assert rows[0] == ["Mục", "Viết trong mẫu", "Ý nghĩa", "Bắt buộc", "Đang dùng"]
    assert ["Họ và tên", "{{ ho_ten }}", "tên", "có", "có"] in rows
    assert any("{%p for doan in " in str(row[1]) for row in rows)
    assert any("danh_dau.muc_xep_loai.tot" in str(row[1]) for row in rows)


def test_a_file_that_was_not_changed_is_in_order(docgen: Docgen, given_out: Path) -> None:
    ended = docgen("template", "check", given_out, "--form", FORM)
    assert ended == (0, "", "Đã soát: 0 lỗi, 0 cảnh báo.\nCách tạo văn bản: TEXT (nhanh nhất).\n")


def test_faults_are_told_and_marked_in_a_copy(docgen: Docgen, given_out: Path, tmp_path: Path) -> None:
    typed(given_out, "{{ ho_tn }}", "{{ so_the }}")
    ended = docgen("template", "check", given_out, "--form", FORM, "-o", tmp_path / "ghi_chu.docx")
    assert ended.code == 4
    assert "Có phải là «ho_ten» (Họ và tên)?" in ended.out
    assert ended.out.splitlines()[-1] == str(tmp_path / "ghi_chu.docx")
    assert "Tên chưa có trong mẫu: so_the" in ended.err
    assert "ho_tn" not in ended.err, "a misspelt field is no new one"
    assert len(list(docx.Document(str(tmp_path / "ghi_chu.docx")).comments)) == 2
    told = docgen("template", "check", given_out, "--form", FORM, "--json").told
    assert [problem["code"] for problem in told["problems"]] == ["field-unknown"] * 2
    assert told["new_fields"] == {"so_the": "So the"}
    assert (told["failed"], told["layout"], told["gear"]) == (1, "bieu-mau", "TEXT")


def test_from_the_file_to_its_use_and_back(docgen: Docgen, given_out: Path, tmp_path: Path) -> None:
    typed(given_out, "Số thẻ đảng: {{ so_the }}")
    refused = docgen("template", "install", given_out, "--form", FORM)
    assert (refused.code, refused.out) == (4, "")
    assert "Chưa cài" in refused.err
    assert docgen("template", "list").out.startswith("Chưa cài bản mẫu riêng nào")
    ended = docgen("template", "install", given_out, "--form", FORM, "--add-fields")
    version = ended.out.strip()
    assert (ended.code, len(version)) == (0, 12)
    assert docgen("template", "list").out == f"  {FORM} {version}\n"
    assert "so_the" not in docgen("show", FORM).out
    assert docgen("template", "activate", FORM, version).code == 0
    assert docgen("template", "list").out == f"* {FORM} {version}\n"
    assert "so_the: Số thẻ đảng" in docgen("show", FORM).out
    assert f"Mẫu riêng của cơ quan, bản {version}" in docgen("show", FORM).out
    record = tmp_path / "an.json"
    record.write_text(docgen("show", FORM, "--sample").out.replace("{", '{"so_the": "0123",', 1), "utf-8")
    assert docgen("render", FORM, record, "-o", tmp_path / "an.docx").code == 0
    assert "Số thẻ đảng: 0123" in text_of((tmp_path / "an.docx").read_bytes())
    assert docgen("template", "activate", FORM, "--shipped").code == 0
    assert docgen("template", "list", "--json").told == [{"form": FORM, "version": version, "active": False}]
    assert docgen("render", FORM, record, "-o", tmp_path / "an.docx").code == 0
    assert "Số thẻ đảng" not in text_of((tmp_path / "an.docx").read_bytes())


def test_a_plain_form_becomes_a_paper(docgen: Docgen, tmp_path: Path) -> None:
    plain = tmp_path / "Phiếu.docx"
    docx.Document().save(str(plain))
    typed(plain, "Họ và tên: ……………", "Lý do:", "……………………")
    folder = tmp_path / "phieu-rieng"
    ended = docgen("template", "start", plain, "-o", folder)
    assert ended.code == 0
    assert "Đề xuất mục ho_va_ten: Họ và tên (name)" in ended.err
    file = folder / "template.docx"
    assert docgen("template", "check", file, "--form", folder).code == 0
    version = docgen("template", "install", file, "--form", folder).out.strip()
    assert docgen("template", "activate", "phieu-rieng", version).code == 0
    assert "phieu-rieng" in docgen("forms").out
    assert docgen("template", "start", plain, "-o", folder).code == 2
    assert docgen("template", "start", plain, "-o", tmp_path / FORM).code == 2


def test_wrong_use_is_told(docgen: Docgen, given_out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert docgen("template", "check", given_out, "--form", "mau-2x").code == 2
    assert docgen("template", "check", tmp_path / "khong_co.docx", "--form", FORM).code == 2
    assert docgen("template", "check", given_out, "--form", FORM, "-o", tmp_path / "a.pdf").code == 2
    assert docgen("template", "check", given_out, "--form", FORM, "--layout", "hd36-2018").code == 2
    assert docgen("template", "activate", FORM).code == 2
    assert docgen("template", "activate", FORM, "0123456789ab").code == 2
    assert docgen("template", "export", FORM, "-o", tmp_path / "a.docx", "--layout", "x").code == 2
    (tmp_path / "a.docx").write_bytes(b"%PDF-1.7")
    refused = docgen("template", "check", tmp_path / "a.docx", "--form", FORM)
    assert (refused.code, "PDF" in refused.out) == (3, True)
    monkeypatch.delenv(office.FOLDER)
    unset = docgen("template", "install", given_out, "--form", FORM)
    assert (unset.code, office.FOLDER in unset.err) == (2, True)


def test_help_is_vietnamese(docgen: Docgen) -> None:
    told = docgen("template", "--help").out
    assert all(name in told for name in ("start", "export", "check", "install", "activate", "list"))
    assert "Cách dùng: docgen template" in told
