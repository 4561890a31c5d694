"""`docgen collect`: what it writes, what it says, how it ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from docgen.generate import render
from docgen.papers import library
from docgen.roster import roster

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Docgen

FORM = "mau-2b-2025"


@pytest.fixture
def returned(tmp_path: Path) -> Path:
    folder = tmp_path / "nop_lai"
    folder.mkdir()
    (folder / "a.docx").write_bytes(render(FORM, library.sample(library.form(FORM))))
    return folder


def test_a_folder_becomes_one_excel(docgen: Docgen, returned: Path, tmp_path: Path) -> None:
    target = tmp_path / "tong_hop.xlsx"
    ended = docgen("collect", returned, "-o", target)
    assert (ended.code, ended.out.strip()) == (0, str(target))
    assert "1 tệp: đọc được 1, không đọc được 0, bỏ qua 0." in ended.err
    assert len(roster(FORM, target.read_bytes(), file="tong_hop.xlsx", sheet="Danh sách").rows) == 1


def test_a_file_becomes_json_that_carry_can_take(docgen: Docgen, returned: Path, tmp_path: Path) -> None:
    ended = docgen("collect", returned / "a.docx", "-o", tmp_path / "t.json", "--json")
    assert ended.code == 0
    assert {name: ended.told[name] for name in ("rows_in", "done", "failed")} == {"rows_in": 1, "done": 1, "failed": 0}
    [told] = json.loads((tmp_path / "t.json").read_text("utf-8"))["files"]
    assert (told["form"], told["how"]["ho_ten"], told["problems"]) == (FORM, "control", [])
    (tmp_path / "an.json").write_text(json.dumps(told["values"]), encoding="utf-8")
    assert docgen("check", FORM, tmp_path / "an.json").code == 0


def test_a_file_that_cannot_be_read_is_told(docgen: Docgen, returned: Path, tmp_path: Path) -> None:
    (returned / "scan.pdf").write_bytes(b"%PDF-1.4")
    ended = docgen("collect", returned, "-o", tmp_path / "t.json", "--json")
    assert ended.code == 4
    assert [problem["code"] for problem in ended.told["problems"]] == ["package-pdf"]


def test_nothing_readable_ends_with_three_and_still_tells_every_file(docgen: Docgen, tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.4")
    ended = docgen("collect", tmp_path / "scan.pdf", "-o", tmp_path / "t.json")
    assert ended.code == 3
    assert "Tệp là PDF" in ended.err
    assert len(json.loads((tmp_path / "t.json").read_text("utf-8"))["files"]) == 1


def test_the_list_tells_who_has_not_answered(docgen: Docgen, returned: Path, tmp_path: Path) -> None:
    people = "Mã,Họ và tên,Ngày sinh\n1,Nguyễn Thị Thanh Thảo,12/5/1987\n2,Lê Thị Na,1/2/1990\n"
    (tmp_path / "ds.csv").write_text(people, encoding="utf-8")
    ended = docgen("collect", returned, "--against", tmp_path / "ds.csv", "-o", tmp_path / "t.json")
    assert ended.code == 0
    assert "Danh sách có 2 dòng: 1 chưa nộp." in ended.err
    found = json.loads((tmp_path / "t.json").read_text("utf-8"))
    assert found["missing"] == [{"row": 3, "name": "Lê Thị Na", "unit": ""}]
    assert all(change["sent"] is None for change in found["changes"])


@pytest.mark.parametrize("arguments", [["thieu", "-o", "t.json"], ["-o", "t.json"], [".", "-o", "t.docx"]], ids=str)
def test_wrong_use_is_told(
    docgen: Docgen, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = docgen("collect", *arguments)
    assert ended.code == 2
    assert list(tmp_path.iterdir()) == []
