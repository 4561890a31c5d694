"""What a form's checks find in a record, rule by rule: right ones stay silent, wrong ones get the right value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.errors import FormError
from docgen.papers import library
from docgen.papers.checks import broken_checks, warnings
from docgen.papers.form import Form
from docgen.papers.profile import profile
from docgen.papers.record import record

if TYPE_CHECKING:
    from docgen.errors import Problem

LEVEL = {"type": "choice", "choices": "muc-chat-luong"}
FIELDS: dict[str, dict[str, Any]] = {
    "nam": {"label": "Năm kiểm điểm", "type": "year"},
    "quy": {"label": "Quý", "type": "quarter"},
    "ma_goi_y": {"label": "Các mã gợi ý"},
    "co_quan": {"label": "Cơ quan ban hành"},
    "diem": {"label": "Tổng điểm", "type": "decimal"},
    "muc": {"label": "Mức xếp loại", **LEVEL},
    "cap_do": {"label": "Cấp độ", "type": "choice", "choices": "cap-do"},
    "gui": {"label": "Ngày gửi dự thảo", "type": "date"},
    "hop": {"label": "Ngày họp", "type": "date", "format": "long"},
    "thang": {"label": "Tháng", "type": "month"},
    "hop_le": {"label": "Phiếu hợp lệ", "type": "integer"},
    "khong_hop_le": {"label": "Phiếu không hợp lệ", "type": "integer"},
    "thu_ve": {"label": "Phiếu thu về", "type": "integer"},
    "ty_le": {"label": "Tỷ lệ", "type": "percent"},
    "han_che": {"label": "Hạn chế, khuyết điểm", "type": "paragraphs"},
    "giai_trinh": {"label": "Giải trình", "type": "paragraphs"},
    "goi_y": {"label": "Nội dung gợi ý", "type": "list", "columns": {"ma": {"label": "Mã"}}},
    "ke_hoach": {
        "label": "Nội dung khắc phục",
        "type": "list",
        "columns": {
            "han_che": {"label": "Hạn chế"},
            "bat_dau": {"label": "Bắt đầu"},
            "hoan_thanh": {"label": "Hoàn thành"},
            "nguoi": {"label": "Người chịu trách nhiệm"},
        },
    },
    "danh_sach": {
        "label": "Danh sách",
        "type": "list",
        "columns": {
            "ho_ten": {"label": "Họ và tên", "type": "name"},
            "chi_bo": {"label": "Chi bộ"},
            "muc": {"label": "Mức", **LEVEL},
            "ket_luan": {"label": "Kết luận"},
            "ly_do": {"label": "Lý do"},
            "phieu": {"label": "Số phiếu", "type": "integer"},
            "phieu_tot": {"label": "Phiếu tốt", "type": "integer"},
            "phieu_khac": {"label": "Phiếu khác", "type": "integer"},
        },
    },
}
POINTS = ("level-against-points", {"points": "diem", "level": "muc"})
ORDER = ("dates-in-order", {"first": "gui", "second": "hop"})
ROW_ORDER = ("dates-in-order", {"list": "ke_hoach", "first": "bat_dau", "second": "hoan_thanh"})
COMPLETE = ("rows-complete", {"list": "ke_hoach", "columns": "hoan_thanh, nguoi"})
ADDS_UP = ("adds-up", {"parts": "hop_le, khong_hop_le", "whole": "thu_ve"})
ROW_ADDS_UP = ("adds-up", {"list": "danh_sach", "parts": "phieu_tot, phieu_khac", "whole": "phieu"})
AT_MOST = ("at-most", {"less": "hop_le", "more": "thu_ve"})
ROW_AT_MOST = ("at-most", {"list": "danh_sach", "less": "phieu", "more": "thu_ve"})
ANSWERED = ("listed-answered", {"listed": "han_che", "answers": "ke_hoach.han_che"})
BY_CODE = ("listed-answered", {"listed": "goi_y.ma", "answers": "giai_trinh"})
CODES = ("listed-answered", {"listed": "ma_goi_y", "answers": "goi_y.ma"})
EXEMPT = ("exempt-rated", {"list": "danh_sach", "reason": "ly_do", "level": "muc"})
CAP = ("cap", {"list": "danh_sach", "level": "muc"})
GROUP_CAP = ("cap", {"list": "danh_sach", "level": "ket_luan", "group": "chi_bo"})
GUIDANCE = ("may-issue", {"body": "co_quan", "type": "HD"})
DRAFT = ("draft-days", {"sent": "gui", "meeting": "hop"})


def paper(*checks: tuple[str, dict[str, str]], clause: str | None = None, **told: Any) -> Form:
    """A form with these checks over the fields above."""
    return Form.model_validate(
        {
            "id": "to-thu",
            "edition": "2025",
            "title": "Tờ thử",
            "summary": "Để thử.",
            "basis": ["Không"],
            "valid_from": "2025-10-31",
            "layouts": ["bieu-mau"],
            "file_name": "To thu",
            "provenance": [],
            "fields": FIELDS,
            "checks": [{"rule": rule, "roles": roles, "clause": clause} for rule, roles in checks],
            **told,
        }
    )


def found(check: tuple[str, dict[str, str]], values: dict[str, Any]) -> tuple[Problem, ...]:
    """The warnings of one check, for a record of 2025 unless it says another year."""
    return warnings(record(paper(check), {"nam": 2025, **values}))


def people(**levels: int) -> list[dict[str, Any]]:
    """So many people of each level."""
    return [{"muc": level} for level, count in levels.items() for _ in range(count)]


# rule, a record in which it is kept
KEPT: list[tuple[tuple[str, dict[str, str]], dict[str, Any]]] = [
    (POINTS, {}),
    (POINTS, {"diem": 95}),
    (POINTS, {"diem": 90, "muc": "HTXSNV"}),
    (POINTS, {"diem": "69,5", "muc": "HTNV"}),
    (POINTS, {"diem": 95, "muc": "HTTNV"}),
    (POINTS, {"diem": 95, "muc": "KHTNV"}),
    (POINTS, {"diem": 20, "muc": "HTXSNV", "nam": 2021}),
    (POINTS, {"diem": 20, "muc": "HTXSNV", "nam": 2017}),
    (POINTS, {"diem": 91, "muc": "HTXSNV", "nam": 2026, "quy": "III"}),
    (ORDER, {"gui": "01/12/2025", "hop": "01/12/2025"}),
    (ORDER, {"gui": "30/12/2025", "hop": "12/2025"}),
    (ORDER, {"gui": "30/12/2025", "hop": 2025}),
    (ORDER, {"gui": "30/12/2025"}),
    (("dates-in-order", {"first": "thang", "second": "gui"}), {"thang": "12", "gui": "01/01/2025"}),
    (ROW_ORDER, {"ke_hoach": [{"bat_dau": "Thường xuyên", "hoan_thanh": "30/6/2026"}]}),
    (ROW_ORDER, {"ke_hoach": [{"bat_dau": "15/5/2026", "hoan_thanh": "quý II/2026"}]}),
    (ROW_ORDER, {"ke_hoach": [{"bat_dau": "01/3/2026", "hoan_thanh": "năm 2026"}]}),
    (ROW_ORDER, {"ke_hoach": [{"bat_dau": "tháng 3", "hoan_thanh": "tháng 2"}]}),
    (COMPLETE, {"ke_hoach": [{"hoan_thanh": "30/6/2026", "nguoi": "Đồng chí Bí thư"}]}),
    (COMPLETE, {}),
    (ADDS_UP, {"hop_le": 21, "khong_hop_le": 1, "thu_ve": 22}),
    (ADDS_UP, {"hop_le": 21, "thu_ve": 22}),
    (ADDS_UP, {"thu_ve": 22}),
    (ADDS_UP, {"hop_le": 21, "khong_hop_le": 1}),
    (ROW_ADDS_UP, {"danh_sach": [{"phieu": 22, "phieu_tot": 20, "phieu_khac": 2}]}),
    (AT_MOST, {"hop_le": 22, "thu_ve": 22}),
    (AT_MOST, {"hop_le": 22}),
    (ROW_AT_MOST, {"thu_ve": 22, "danh_sach": [{"phieu": 22}, {"phieu": None}]}),
    (ANSWERED, {"han_che": "- Sinh hoạt chuyên đề chưa đủ.", "ke_hoach": [{"han_che": "SINH HOẠT chuyên đề chưa đủ"}]}),
    (ANSWERED, {"han_che": "Chậm hoà giải", "ke_hoach": [{"han_che": "Chậm hòa giải;"}]}),
    (ANSWERED, {}),
    (BY_CODE, {"goi_y": [{"ma": "GY-01"}, {"ma": "GY-02"}], "giai_trinh": "GY-01: …\nVề nội dung gy-02, …"}),
    (CODES, {"ma_goi_y": "GY-01, GY-02; GY-03.", "goi_y": [{"ma": "GY-03"}, {"ma": "GY-01"}, {"ma": "GY-02"}]}),
    (EXEMPT, {"danh_sach": [{"muc": "HTTNV", "ly_do": "Đi học"}, {"ly_do": "Miễn công tác"}, {"muc": "HTNV"}]}),
    (CAP, {"danh_sach": people(HTXSNV=3, HTTNV=15, HTNV=5)}),
    (CAP, {"danh_sach": people(HTXSNV=9), "nam": 2017}),
    (CAP, {"nam": 2026, "quy": "III", "danh_sach": people(HTXSNV=4, HTTNV=14)}),
    (GUIDANCE, {"co_quan": "Đảng ủy xã Tân Hòa"}),
    (GUIDANCE, {"co_quan": "Hội Cựu chiến binh xã"}),
    (GUIDANCE, {}),
    (DRAFT, {"gui": "03/12/2025", "hop": "06/12/2025"}),
    (DRAFT, {"gui": "05/12/2025", "hop": "10/12/2025"}),
    (DRAFT, {"gui": "06/12/2025", "hop": "12/2025"}),
    (DRAFT, {"gui": "06/12/2021", "hop": "06/12/2021", "nam": 2021}),
]


@pytest.mark.parametrize(("check", "values"), KEPT)
def test_a_record_that_keeps_the_rule_is_not_told(check: tuple[str, dict[str, str]], values: dict[str, Any]) -> None:
    assert found(check, values) == ()


LATE = {"bat_dau": "01/7/2026", "hoan_thanh": "quý II/2026"}
VOTES = {"phieu": 22, "phieu_tot": 20, "phieu_khac": 1}
EXCUSED = {"muc": "HTTNV", "ly_do": "Được miễn công tác, sinh hoạt"}
TWO = {"han_che": "Chậm sơ kết.\nHọp ít.", "ke_hoach": [{"han_che": "Họp ít"}]}
# rule, record → field, words of the message
BROKEN: list[tuple[tuple[str, dict[str, str]], dict[str, Any], str, str]] = [
    (POINTS, {"diem": 71, "muc": "HTXSNV"}, "muc", "71 điểm ứng với mức «Hoàn thành tốt nhiệm vụ» (từ 70 điểm)"),
    (POINTS, {"diem": "89,99", "muc": "HTXSNV"}, "muc", "Điều 11"),
    (POINTS, {"diem": 95, "muc": "HTNV"}, "muc", "nêu rõ điều kiện làm hạ mức"),
    (POINTS, {"diem": 45, "muc": "HTNV"}, "muc", "«Không hoàn thành nhiệm vụ»"),
    (POINTS, {"diem": 45, "muc": "HTNV", "nam": 2026, "quy": 3}, "muc", "hướng dẫn thực hiện của địa phương"),
    (ORDER, {"gui": "02/12/2025", "hop": "01/12/2025"}, "hop", "01/12/2025 lại trước «Ngày gửi dự thảo» (02/12/2025)"),
    (ORDER, {"gui": "02/12/2025", "hop": "11/2025"}, "hop", "tháng 11 năm 2025"),
    (ORDER, {"gui": "02/12/2025", "hop": 2024}, "hop", "năm 2024"),
    (ROW_ORDER, {"ke_hoach": [{}, LATE]}, "ke_hoach[2].hoan_thanh", "quý II/2026 lại trước «Bắt đầu»"),
    (COMPLETE, {"ke_hoach": [{"hoan_thanh": "30/6/2026"}]}, "ke_hoach[1].nguoi", "dòng 1, Người chịu trách nhiệm"),
    (ADDS_UP, {"hop_le": 20, "khong_hop_le": 1, "thu_ve": 22}, "thu_ve", "20 + «Phiếu không hợp lệ» 1 = 21"),
    (ADDS_UP, {"hop_le": 23, "thu_ve": 22}, "thu_ve", "= 23"),
    (ROW_ADDS_UP, {"danh_sach": [VOTES]}, "danh_sach[1].phieu", "Sửa thành 21"),
    (AT_MOST, {"hop_le": 1023, "thu_ve": 1022}, "hop_le", "1.023 lớn hơn «Phiếu thu về» (1.022). Nhiều nhất là 1.022"),
    (ROW_AT_MOST, {"thu_ve": 22, "danh_sach": [{"phieu": 2}, {"phieu": 23}]}, "danh_sach[2].phieu", "Nhiều nhất là 22"),
    (ANSWERED, TWO, "han_che", "«Chậm sơ kết.» chưa có"),
    (ANSWERED, {"ke_hoach": [{"han_che": "Họp ít"}]}, "ke_hoach[1].han_che", "không có trong mục «Hạn chế"),
    (BY_CODE, {"goi_y": [{"ma": "GY-1"}], "giai_trinh": "GY-10: đã rõ"}, "goi_y[1].ma", "«GY-1» chưa có nội dung"),
    (BY_CODE, {"goi_y": [{"ma": "GY-1"}]}, "goi_y[1].ma", "«Giải trình»"),
    (CODES, {"ma_goi_y": "GY-01, GY-02", "goi_y": [{"ma": "GY-01"}]}, "ma_goi_y", "«GY-02» chưa có"),
    (EXEMPT, {"danh_sach": [EXCUSED]}, "danh_sach[1].muc", "Điều 5, khoản 2"),
    (CAP, {"danh_sach": people(HTXSNV=4, HTTNV=14)}, "danh_sach", "nhiều nhất là 3 (20%"),
    (CAP, {"danh_sach": people(HTXSNV=4, HTTNV=14), "nam": 2021}, "danh_sach", "mục B.II.2 (2.3)"),
    (GUIDANCE, {"co_quan": "Chi bộ Trường Tiểu học Tân Hòa 2"}, "co_quan", "không ban hành hướng dẫn. "),
    (DRAFT, {"gui": "04/12/2025", "hop": "06/12/2025"}, "gui", "Gửi chậm nhất ngày 03/12/2025"),
    (DRAFT, {"gui": "06/12/2025", "hop": "10/12/2025"}, "gui", "03 ngày làm việc"),
    (DRAFT, {"gui": "12/12/2025", "hop": "10/12/2025"}, "gui", "mục 2.1"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "values", "field", "words"), BROKEN)
def test_a_broken_rule_is_a_warning_with_place_and_right_value(
    check: tuple[str, dict[str, str]], values: dict[str, Any], field: str, words: str
) -> None:
    [problem] = found(check, values)
    assert (problem.code, problem.severity, problem.field) == (check[0], "warning", field)
    assert problem.label
    assert words in problem.message


def test_the_cap_is_held_in_each_group() -> None:
    told = {"Thôn Hạ": ["HTXSNV"] * 2 + ["HTTNV"] * 3, "Thôn Thượng": ["HTXSNV"] + ["HTTNV"] * 4 + ["chưa xếp loại"]}
    rows = [{"chi_bo": cell, "ket_luan": level} for cell, levels in told.items() for level in levels]
    [problem] = found(GROUP_CAP, {"danh_sach": rows})
    assert problem.what.startswith("Thôn Hạ: Có 2 xuất sắc, bằng 40% số xếp loại tốt trở lên (5)")


def test_every_missing_cell_is_told_once() -> None:
    problems = found(COMPLETE, {"ke_hoach": [{"han_che": "Họp ít"}, {"nguoi": "Chi ủy"}]})
    fields = [problem.field for problem in problems]
    assert fields == ["ke_hoach[1].hoan_thanh", "ke_hoach[1].nguoi", "ke_hoach[2].hoan_thanh"]


def test_the_forms_own_clause_goes_before_the_rules() -> None:
    form = paper(POINTS, clause="Quy chế số 01-QC/ĐU")
    [problem] = warnings(record(form, {"nam": 2025, "diem": 71, "muc": "HTXSNV"}))
    assert problem.clause == "Quy chế số 01-QC/ĐU"


@pytest.mark.parametrize(("told", "count"), [({"first_year": 2020}, 0), ({"valid_from": "2020-01-01"}, 0), ({}, 1)])
def test_without_a_year_the_form_says_which_rules_hold(told: dict[str, Any], count: int) -> None:
    assert len(warnings(record(paper(POINTS, **told), {"diem": 71, "muc": "HTXSNV"}))) == count


@pytest.mark.parametrize(("number", "count"), [("Số {nam}-HD/ĐU", 1), ("Số {nam}-QC/ĐU", 0)])
def test_the_type_of_paper_follows_from_its_number(number: str, count: int) -> None:
    header = {"block": "header", "left": ["{co_quan}"], "number": number}
    form = paper(("may-issue", {"body": "co_quan"}), body=[header])
    assert len(warnings(record(form, {"co_quan": "Chi bộ thôn Hạ"}))) == count


def test_all_checks_of_a_form_are_held() -> None:
    form = paper(ADDS_UP, AT_MOST)
    problems = warnings(record(form, {"hop_le": 30, "khong_hop_le": 1, "thu_ve": 22}))
    assert [problem.code for problem in problems] == ["adds-up", "at-most"]


# a check that is not well declared → words of the problem
DECLARED_WRONG: list[tuple[str, dict[str, str], str]] = [
    ("adds-up-to", {}, "Không có quy tắc «adds-up-to»"),
    ("adds-up", {"parts": "hop_le"}, "thiếu vai «whole»"),
    ("adds-up", {"parts": "hop_le, phieu_trang", "whole": "thu_ve"}, "«phieu_trang»"),
    ("adds-up", {"parts": "hop_le", "whole": "co_quan"}, "«co_quan»"),
    ("adds-up", {"parts": "hop_le", "whole": "thu_ve", "total": "thu_ve"}, "không có vai «total»"),
    ("rows-complete", {"list": "danh_muc", "columns": "nguoi"}, "«danh_muc»"),
    ("rows-complete", {"list": "ke_hoach", "columns": "nguoi, thu_ve"}, "«thu_ve»"),
    ("rows-complete", {"list": "han_che", "columns": "nguoi"}, "«han_che»"),
    ("dates-in-order", {"first": "gui", "second": "thu_ve"}, "«thu_ve»"),
    ("listed-answered", {"listed": "goi_y", "answers": "giai_trinh"}, "«goi_y»"),
    ("listed-answered", {"listed": "goi_y.so", "answers": "giai_trinh"}, "«goi_y.so»"),
    ("level-against-points", {"points": "diem", "level": "cap_do"}, "«cap_do»"),
    ("may-issue", {"body": "co_quan"}, "thiếu vai «type»"),
    ("may-issue", {"body": "co_quan", "type": "thư ngỏ"}, "«thư ngỏ» không phải tên loại"),
]


@pytest.mark.parametrize(("rule", "roles", "words"), DECLARED_WRONG)
def test_a_check_that_is_not_well_declared_is_the_forms_fault(rule: str, roles: dict[str, str], words: str) -> None:
    form = paper(ADDS_UP, (rule, roles))
    [problem] = broken_checks(form)
    assert problem.field == "checks[2]"
    assert words in problem.message
    with pytest.raises(FormError, match="Sửa phần"):
        warnings(record(form, {}))


def test_every_rule_used_here_is_well_declared() -> None:
    every = {rule: (rule, roles) for (rule, roles), _ in KEPT}
    assert broken_checks(paper(*every.values())) == []


@pytest.mark.parametrize("form", library.catalogue(), ids=lambda form: form.id)
def test_every_shipped_form_declares_its_checks_well(form: Form) -> None:
    assert broken_checks(form) == []


@pytest.mark.parametrize("form", library.catalogue(), ids=lambda form: form.id)
def test_no_sample_breaks_a_rule_of_its_own_form(form: Form) -> None:
    assert [problem.message for problem in warnings(record(form, library.sample(form)))] == []


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Cn", "Co"]), min_size=1, max_size=30)


@given(st.lists(TEXT, max_size=4), st.lists(TEXT, max_size=4), TEXT)
def test_any_text_is_held_against_any_rule(listed: list[str], answers: list[str], body: str) -> None:
    rows = [{"han_che": text, "bat_dau": text, "hoan_thanh": body} for text in answers]
    voters = [{"ly_do": text, "ket_luan": text, "chi_bo": text, "muc": "HTXSNV"} for text in answers]
    form = paper(ANSWERED, ROW_ORDER, COMPLETE, EXEMPT, GROUP_CAP, GUIDANCE, BY_CODE)
    values = {"han_che": listed, "ke_hoach": rows, "danh_sach": voters, "co_quan": body, "giai_trinh": answers}
    problems = warnings(record(form, {**values, "goi_y": [{"ma": text} for text in listed]}))
    assert all(problem.severity == "warning" and problem.message for problem in problems)


PHRASES = st.lists(st.sampled_from(["Họp chậm", "Hộp chậm", "họp", "GY-1", "GY-10", "Thu chậm; chưa đủ"]), max_size=4)
WRITTEN = st.sampled_from(["{}", "- {};", "{}.", "«{}»", "  {} ,", "+ {}"])


@given(PHRASES, PHRASES, st.data())
def test_ways_of_writing_an_entry_do_not_part_it_from_its_answer(
    listed: list[str], answers: list[str], data: st.DataObject
) -> None:
    def written(phrases: list[str]) -> list[str]:
        return [data.draw(WRITTEN).format(data.draw(st.sampled_from([each, each.upper()]))) for each in phrases]

    rows = [{"han_che": text} for text in written(answers)]
    problems = found(ANSWERED, {"han_che": written(listed), "ke_hoach": rows})
    missing = ["han_che" for each in listed if each not in answers]
    strange = [f"ke_hoach[{number}].han_che" for number, each in enumerate(answers, start=1) if each not in listed]
    assert [problem.field for problem in problems] == missing + strange
    texts = written(answers)
    coded = found(BY_CODE, {"goi_y": [{"ma": each} for each in written(listed)], "giai_trinh": texts})
    known = {"họp"} & {"họp" for each in answers if each.startswith("Họp")} | set(answers)
    expected = [f"goi_y[{number}].ma" for number, each in enumerate(listed, start=1) if each not in known]
    assert [problem.field for problem in coded] == expected


def test_what_is_wrong_with_a_form_is_told_each_time_anew() -> None:
    form = paper(("cap", {"list": "danh_sach"}))
    broken_checks(form).clear()
    assert len(broken_checks(form)) == 1
    for _ in range(2):
        with pytest.raises(FormError, match="«level»"):
            warnings(record(form, {"nam": 2025}))


def test_each_organisation_reads_the_cap_in_its_own_way() -> None:
    form = paper(CAP)
    made = record(form, {"nam": 2025, "danh_sach": people(HTXSNV=1, HTTNV=4)})
    narrow = profile({"xep_loai": {"mau_so": "tot"}})
    assert [len(warnings(made, house)) for house in (None, narrow, None)] == [0, 1, 0]


@given(st.lists(TEXT, min_size=1, max_size=5))
def test_what_is_repeated_word_for_word_is_answered(entries: list[str]) -> None:
    rows = [{"han_che": text} for text in entries]
    assert found(ANSWERED, {"han_che": entries, "ke_hoach": rows}) == ()
    assert found(BY_CODE, {"goi_y": [{"ma": text} for text in entries], "giai_trinh": entries}) == ()
