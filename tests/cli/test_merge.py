"""`docgen merge`, and `check` and `render` on lists: arguments in, exit code, streams and files out."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from docgen.cli_merge import Progress, line
from docgen.tables.lists import read_list
from tests.cli.conftest import FORM
from tests.tables.books import xlsx

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.cli.conftest import Docgen

HEADS = ["Mã", "Họ và tên", "Chi bộ", "Năm kiểm điểm", "Ngày sinh"]
AN = ["001", "Nguyễn Văn An", "Thôn Đông", "2025", "3/2/1980"]
BINH = ["002", "Lê Thị Bình", "Thôn Đoài", "2025", "12/5/1987"]
BAD = ["003", "Trần Sai", "Thôn Đoài", "2025", "31/02/1990"]
AN_FILE = "Thon Dong/Nguyen Van An - Mau 2B 2025.docx"


@pytest.fixture
def listed(tmp_path: Path) -> Callable[..., Path]:
    def write(*rows: Sequence[object], name: str = "ds.xlsx") -> Path:
        place = tmp_path / name
        place.write_bytes(xlsx([HEADS, *rows]))
        return place

    return write


def test_a_list_becomes_a_folder_for_each_chi_bo(docgen: Docgen, listed: Callable[..., Path], tmp_path: Path) -> None:
    out = tmp_path / "ra"
    ended = docgen("merge", FORM, listed(AN, BINH), "-o", out)
    assert ended.code == 0
    made = sorted(path.relative_to(out).as_posix() for path in out.rglob("*.docx"))
    assert made == ["Thon Doai/Le Thi Binh - Mau 2B 2025.docx", AN_FILE]
    assert ended.out.splitlines() == [str(out), str(out / "danh_sach.xlsx")]
    assert "Đọc 2 dòng: 2 văn bản đã có (mới tạo 2, giữ nguyên 0)" in ended.err
    assert "\r" not in ended.err, "progress is for terminals"


def test_the_same_command_again_has_nothing_to_do(docgen: Docgen, listed: Callable[..., Path], tmp_path: Path) -> None:
    source = listed(AN, BINH)
    docgen("merge", FORM, source, "-o", tmp_path / "ra")
    told = docgen("merge", FORM, source, "-o", tmp_path / "ra", "--json").told
    assert {name: told[name] for name in ("rows_in", "done", "unchanged", "skipped", "failed")} == {
        "rows_in": 2, "done": 2, "unchanged": 2, "skipped": 0, "failed": 0,
    }  # fmt: skip


def test_a_bad_row_comes_back_and_the_others_are_made(
    docgen: Docgen, listed: Callable[..., Path], tmp_path: Path
) -> None:
    ended = docgen("merge", FORM, listed(AN, BAD, BINH), "-o", tmp_path / "ra", "--json")
    assert ended.code == 4
    told = ended.told
    assert (told["rows_in"], told["done"], told["failed"]) == (3, 2, 1)
    [problem] = told["problems"]
    assert (problem["file"], problem["sheet"], problem["row"], problem["column"]) == ("ds.xlsx", "Đảng viên", 3, "E")
    bad = tmp_path / "ra" / "loi.xlsx"
    assert str(bad) in told["outputs"]
    [row] = read_list(bad.read_bytes(), name="loi.xlsx").rows
    assert list(row.values.values())[:5] == BAD


def test_nothing_usable_is_exit_3(docgen: Docgen, listed: Callable[..., Path], tmp_path: Path) -> None:
    ended = docgen("merge", FORM, listed(BAD), "-o", tmp_path / "ra")
    assert ended.code == 3
    assert not list((tmp_path / "ra").rglob("*.docx"))
    assert (tmp_path / "ra" / "loi.xlsx").exists()


@pytest.mark.parametrize(
    ("target", "told"),
    [("ra.xlsx", "thư mục, hoặc tệp .zip"), ("khong/co/ra", "Không có thư mục"), ("tep", "Không trộn vào")],
)
def test_a_target_that_cannot_be_meant_is_wrong_use(
    docgen: Docgen, listed: Callable[..., Path], tmp_path: Path, target: str, told: str
) -> None:
    (tmp_path / "tep").write_text("x")
    ended = docgen("merge", FORM, listed(AN), "-o", tmp_path / target)
    assert (ended.code, told in ended.err) == (2, True), ended.err


def test_a_list_that_is_missing_is_wrong_use(docgen: Docgen, tmp_path: Path) -> None:
    ended = docgen("merge", FORM, tmp_path / "khong_co.xlsx", "-o", tmp_path / "ra")
    assert ended.code == 2
    assert "Không thấy tệp" in ended.err


def test_a_name_pattern_is_checked_before_anything_is_made(
    docgen: Docgen, listed: Callable[..., Path], tmp_path: Path
) -> None:
    ended = docgen("merge", FORM, listed(AN), "-o", tmp_path / "ra", "--name", "{chi_bo}/{ho_tem}")
    assert ended.code == 2
    assert "{ho_ten}" in ended.err
    assert not (tmp_path / "ra").exists()
    ended = docgen("merge", FORM, listed(AN), "-o", tmp_path / "ra", "--name", "{ma} {ho_ten}", "--accents")
    assert ended.code == 0
    assert (tmp_path / "ra" / "001 Nguyễn Văn An.docx").exists()


def test_a_list_is_checked_row_by_row(docgen: Docgen, listed: Callable[..., Path]) -> None:
    assert docgen("check", FORM, listed(AN, BINH)).code == 0
    ended = docgen("check", FORM, listed(AN, BAD, ["004", None, "Thôn Đoài", "2025", None]), "--json")
    assert ended.code == 4
    told = ended.told
    assert (told["rows_in"], told["done"], told["failed"]) == (3, 1, 2)
    assert [(each["row"], each["column"]) for each in told["problems"]] == [(3, "E"), (4, "B")]


def test_a_list_of_one_row_is_rendered(docgen: Docgen, listed: Callable[..., Path], tmp_path: Path) -> None:
    assert docgen("render", FORM, listed(AN), "-o", tmp_path / "an.docx").code == 0
    ended = docgen("render", FORM, listed(BAD), "-o", tmp_path / "sai.docx", "--json")
    assert (ended.code, ended.told["problems"][0]["row"]) == (3, 2)
    ended = docgen("render", FORM, listed(AN, BINH), "-o", tmp_path / "hai.docx")
    assert ended.code == 2
    assert "docgen merge" in ended.err


def test_a_list_of_nobody_is_told(docgen: Docgen, tmp_path: Path) -> None:
    assert docgen("sheet", FORM, "-o", tmp_path / "ds.xlsx").code == 0
    ended = docgen("merge", FORM, tmp_path / "ds.xlsx", "-o", tmp_path / "ra")
    assert ended.code == 3
    assert "chưa có dòng nào" in ended.err


def test_common_values_and_the_profile_fill_what_rows_leave_blank(docgen: Docgen, tmp_path: Path) -> None:
    (tmp_path / "ds.json").write_text(json.dumps([{"ho_ten": "An", "chi_bo": "Đông"}]))
    (tmp_path / "chung.json").write_text(json.dumps({"nam": 2025}))
    ended = docgen("merge", FORM, tmp_path / "ds.json", "-o", tmp_path / "ra")
    assert ended.code == 3
    ended = docgen("merge", FORM, tmp_path / "ds.json", "-o", tmp_path / "ra", "--common", tmp_path / "chung.json")
    assert ended.code == 0


# ---------------------------------------------------------------- progress


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((0, 100, 0, 0.0), "[························] 0/100"),
        ((50, 100, 50, 2.0), "[████████████············] 50/100 · 25 dòng/giây · còn 2 giây"),
        ((1000, 61000, 1000, 1.0), "[························] 1.000/61.000 · 1.000 dòng/giây · còn 1 phút 0 giây"),
        ((10, 80010, 10, 1.0), "[························] 10/80.010 · 10 dòng/giây · còn 2 giờ 13 phút"),
        ((7, 7, 7, 1.0), "[████████████████████████] 7/7 · 7 dòng/giây · còn 0 giây"),
    ],
)
def test_progress_in_words(arguments: Any, told: str) -> None:
    assert line(*arguments) == told


def test_progress_is_shown_a_few_times_a_second_and_taken_away() -> None:
    stream, now = io.StringIO(), [100.0]
    progress = Progress(stream, lambda: now[0])
    for settled in range(0, 1001, 10):
        progress(settled, 1000)
        now[0] += 0.05
    shown = stream.getvalue()
    assert 20 < shown.count("\r") < 30
    assert "1.000/1.000" in shown
    progress.clear()
    assert stream.getvalue().endswith("\r\x1b[K")
