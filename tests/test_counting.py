"""From a list of ratings to its count, and from a table of figures to what is wrong with it: the whole path."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from docgen.cli import commands
from docgen.counting import count, judged
from docgen.errors import DataError, FormError
from docgen.papers.carry import carry
from docgen.papers.library import form
from docgen.papers.profile import profile
from docgen.papers.record import record

if TYPE_CHECKING:
    from pathlib import Path

PLAIN = profile({})
HEADINGS = "Nhóm;Đơn vị;Họ và tên;Mức xếp loại;Lý do"
ROWS = (
    "Đảng viên;Chi bộ 1;Nguyễn Văn An;HTXSNV;",
    "Đảng viên;Chi bộ 1;Lê Thị Bình;Hoàn thành tốt nhiệm vụ;",
    "Đảng viên;Chi bộ 1;Phan Thị Ba;httnv;",
    "Đảng viên;Chi bộ 2;Đỗ Văn Út;HTNV;",
    "Đảng viên;Chi bộ 2;Mai Anh;Chưa xếp loại;Nghỉ thai sản",
    "Tập thể;;Đảng ủy xã Tân Hòa;Hoàn thành nhiệm vụ;",
)


def csv(*rows: str, headings: str = HEADINGS) -> bytes:
    return "\n".join((headings, *rows)).encode()


def test_a_list_is_counted_group_by_group() -> None:
    found = count(csv(*ROWS), name="ds.csv", rules=None, house=PLAIN)
    members, bodies = found.result["groups"]
    counted = ("total", "excellent", "good", "completed", "failed", "not_rated", "good_or_better")
    assert [members[name] for name in counted] == [5, 1, 2, 1, 0, 1, 3]
    assert [bodies[name] for name in counted] == [1, 0, 0, 1, 0, 0, 0]
    assert found.result["rules"] == "hd43-2025"
    assert found.counts() == {"rows_in": 6, "done": 6, "unchanged": 0, "skipped": 0, "failed": 0}


def test_every_row_has_a_fate() -> None:
    rows = (*ROWS, "", "Đảng viên;Chi bộ 2;Lạ;không rõ;", ";Chi bộ 2;Vũ Lạ;HTNV;")
    counts = count(csv(*rows), name="ds.csv", rules=None, house=PLAIN).counts()
    assert counts["rows_in"] == counts["done"] + counts["skipped"] + counts["failed"]
    assert counts["failed"] == 2


def test_a_problem_tells_its_row() -> None:
    (problem,) = count(csv(*ROWS, "Đảng viên;Chi bộ 2;Vũ Lạ;giỏi;"), name="ds.csv", rules=None, house=PLAIN).problems[
        :1
    ]
    assert (problem.file, problem.row, problem.severity) == ("ds.csv", 8, "error")


def test_the_profile_settles_how_the_cap_is_read() -> None:
    rows = [f"Đảng viên;Chi bộ 1;Người {n};{'HTXSNV' if n < 2 else 'HTTNV'};" for n in range(10)]
    caps = [
        count(csv(*rows), name="ds.csv", rules=None, house=profile({"xep_loai": rules})).result["groups"][0]["cap"]
        for rules in ({}, {"mau_so": "tot"}, {"mau_so": "tot", "lam_tron": "nua_len"})
    ]
    assert [(cap["base"], cap["allowed"], cap["ok"]) for cap in caps] == [
        ("good_or_better", 2, True),
        ("good", 1, False),
        ("good", 2, True),
    ]


@pytest.mark.parametrize("headings", ["Nhóm;Họ và tên", "a;b;c", "Nhóm;Đơn vị;Mức xếp loại"])
def test_a_list_without_its_columns_is_refused_by_name(headings: str) -> None:
    with pytest.raises(DataError) as refused:
        count(csv("x;y;z", headings=headings), name="ds.csv", rules=None, house=PLAIN)
    assert all(problem.file == "ds.csv" and problem.cure for problem in refused.value.problems)


def test_rules_that_do_not_exist_are_refused() -> None:
    with pytest.raises(FormError):
        count(csv(*ROWS), name="ds.csv", rules="hd99", house=PLAIN)


def test_given_figures_are_judged_with_the_right_value() -> None:
    figures = ("Tổ chức đảng;Tổng số;663;", "Tổ chức đảng;Tốt trở lên;616;92,9%", "Tổ chức đảng;Hoàn thành;47;8%")
    found = judged(csv(*figures, headings="Nhóm;Chỉ tiêu;Số lượng;Tỷ lệ"), name="sl.csv", rules=None, house=PLAIN)
    (problem,) = found.problems
    assert problem.row == 4
    assert "7,1%" in problem.message


def test_the_count_feeds_the_report() -> None:
    result = count(csv(*ROWS), name="ds.csv", rules=None, house=PLAIN).result
    begun = carry("tally", result, form("bao-cao-ket-qua"))
    rows = begun.values["thong_ke"]
    taken = [(row["nhom"], row["xuat_sac"], row["tot"], row["toi_da"]) for row in rows]
    assert taken == [("Đảng viên", 1, 2, 0), ("Tập thể", 0, 0, 0)]
    given = {**begun.values, **{each.field: "x" for each in begun.open_fields if each.field == "co_quan_ban_hanh"}}
    missing = {name for name, field in form("bao-cao-ket-qua").fields.items() if field.required} - given.keys()
    assert record(form("bao-cao-ket-qua"), given | dict.fromkeys(missing, "2025")).values["thong_ke"]


def test_the_command_writes_json_and_excel(tmp_path: Path) -> None:
    (tmp_path / "ds.csv").write_bytes(csv(*ROWS))
    for name in ("kq.json", "kq.xlsx"):
        told = CliRunner().invoke(
            commands, ["tally", str(tmp_path / "ds.csv"), "-o", str(tmp_path / name), "--json"], standalone_mode=False
        )
        assert told.return_value == 0
    assert json.loads((tmp_path / "kq.json").read_text("utf-8"))["groups"][0]["group"] == "Đảng viên"
    book = CalamineWorkbook.from_path(str(tmp_path / "kq.xlsx"))
    assert book.sheet_names == ["Kết quả", "Cần xem"]
    heads, members, _ = book.get_sheet_by_name("Kết quả").to_python()
    shown = dict(zip(heads, members, strict=True))
    assert shown["Nhóm"] == "Đảng viên"
    assert shown["Xuất sắc trên tốt trở lên (%)"] == 33.33


def test_given_figures_that_follow_exit_zero_and_others_four(tmp_path: Path) -> None:
    codes = []
    for percent in ("92,9%", "90%"):
        path = tmp_path / "sl.csv"
        rows = ("Tổ chức đảng;Tổng số;663;", f"Tổ chức đảng;Tốt trở lên;616;{percent}")
        path.write_bytes(csv(*rows, headings="Nhóm;Chỉ tiêu;Số lượng;Tỷ lệ"))
        arguments = ["tally", str(path), "--given", "-o", str(tmp_path / "kq.json"), "--json"]
        codes.append(CliRunner().invoke(commands, arguments, standalone_mode=False).return_value)
    assert codes == [0, 4]
