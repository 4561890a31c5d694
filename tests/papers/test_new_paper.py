"""One more paper is one more folder with its sample: nothing else names it, every door finds it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from docgen import generate
from docgen.cli import commands
from docgen.papers import drawing, library
from service.app import create_app
from tests.gate.sound import assert_quick
from tests.gate.texts import document_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORM = """
id = "giay-moi"
edition = "2026-01-01"
title = "Giấy mời dự hội nghị kiểm điểm"
summary = "Văn phòng gửi người được mời dự hội nghị kiểm điểm."
basis = ["Bịa ra để thử"]
valid_from = 2026-01-01
layouts = ["hd05-2026"]
file_name = "Giay moi {ho_ten}"
provenance = [{ part = "Toàn bộ", status = "UNVERIFIED", source = "Bài thử" }]

[fields.ho_ten]
label = "Kính mời"
type = "name"
blank = "stop"

[fields.noi_dung]
label = "Nội dung"
type = "paragraphs"

[[body]]
block = "header"
left = ["ĐẢNG ỦY XÃ TÂN HÒA"]
star = true

[[body]]
block = "title"
name = ["GIẤY MỜI"]

[[body]]
block = "fields"
rows = [["ho_ten"]]

[[body]]
block = "answer"
field = "noi_dung"
"""
SAMPLE = {"ho_ten": "Đỗ Văn Út", "noi_dung": ["Dự hội nghị kiểm điểm cuối năm.", "Đề nghị có mặt đúng giờ."]}


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Shelves that hold the new paper alone, drawn as `make templates` draws."""
    folder = tmp_path / "templates_docx" / "giay-moi"
    folder.mkdir(parents=True)
    (tmp_path / "samples").mkdir()
    (folder / "form.toml").write_text(FORM, "utf-8")
    (tmp_path / "samples" / "giay-moi.json").write_text(json.dumps(SAMPLE), "utf-8")
    monkeypatch.setattr(library, "shelf", lambda name: tmp_path / name)
    monkeypatch.setattr(drawing, "shelf", library.shelf)
    library.shipped_papers.cache_clear()
    library._catalogue.cache_clear()
    drawing.main()
    yield folder
    library.shipped_papers.cache_clear()
    library._catalogue.cache_clear()


def test_a_folder_is_all_that_a_paper_needs(shelf: Path) -> None:
    assert (shelf / "template.docx").is_file()
    made = generate.document("giay-moi", library.sample(library.form("giay-moi")))
    assert made.file_name == "Giay moi Do Van Ut.docx"
    assert_quick(made.content, {"ho_ten": SAMPLE["ho_ten"], "noi_dung": "\n".join(SAMPLE["noi_dung"])})
    assert "GIẤY MỜI" in document_text(made.content)


def test_the_command_and_the_service_find_it(shelf: Path) -> None:
    told = CliRunner().invoke(commands, ["show", "giay-moi"], standalone_mode=False)
    assert "Giấy mời dự hội nghị kiểm điểm" in told.output
    client = create_app().test_client()
    listed = client.get("/api/v1/forms", headers={"Host": "localhost"})
    assert [form["id"] for form in listed.get_json()] == ["giay-moi"]
    made = client.post("/api/v1/forms/giay-moi/documents", json=SAMPLE, headers={"Host": "localhost"})
    assert made.status_code == 200
