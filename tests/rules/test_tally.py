"""Counting ratings: counts, percentages on each base, caps, and every row that cannot or should not stand as it is."""

from __future__ import annotations

import json
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.rules.ratings import rating, with_settings
from docgen.rules.tally import COUNTS, NOT_RATED, Addressed, counted_as, tally

RULES = rating("hd43-2025")
COUNT_KEYS = ["group", "total", "excellent", "good", "completed", "failed", "not_rated", "good_or_better"]
GROUP_KEYS = [*COUNT_KEYS, "percent", "cap"]


def row(level: object, name: object = None, number: int = 2, **told: object) -> Addressed:
    """One row of a list; without a name each row number gives its own."""
    values = {"group": "Đảng viên", "unit": "Chi bộ thôn Hạ", "name": name or f"Người số {number}", "level": level}
    return {**values, **told}, {"file": "ds.xlsx", "sheet": "Đảng viên", "row": number}


def rows(counts: dict[str, int], **told: object) -> list[Addressed]:
    """As many rows of each level, each with its own name; those not rated have a reason."""
    levels = [level for level, count in counts.items() for _ in range(count)]
    return [row(level, number=number, reason="Đi học", **told) for number, level in enumerate(levels, start=2)]


# way of writing a level → count
WRITTEN = [
    ("Hoàn thành xuất sắc nhiệm vụ", "excellent"),
    ("hoàn thành xuất sắc nhiệm vụ.", "excellent"),
    ("HTXSNV", "excellent"),
    ("Hoàn thành tốt nhiệm vụ", "good"),
    ("HTTNV", "good"),
    ("Hoan thanh tot nhiem vu", "good"),
    ("HTNV", "completed"),
    ("Hoàn thành nhiệm vụ", "completed"),
    ("KHTNV", "failed"),
    ("Không hoàn thành nhiệm vụ", "failed"),
    ("khong_hoan_thanh", None),
    ("Chưa xếp loại", NOT_RATED),
    ("chưa đánh giá, xếp loại", NOT_RATED),
    ("Trung bình", None),
    ("", None),
]


@pytest.mark.parametrize(("written", "count"), WRITTEN)
def test_a_level_is_known_in_full_words_and_in_letters(written: str, count: str | None) -> None:
    assert counted_as(written) == count


def test_the_result_of_a_commune_in_the_agreed_shape() -> None:
    """The members of the sample đảng bộ: 1.022 to be rated, 172 of 862 good or better are excellent."""
    counts = {"HTXSNV": 172, "HTTNV": 690, "HTNV": 151, "KHTNV": 5, "Chưa xếp loại": 4}
    result = tally(rows(counts), RULES).as_dict()
    assert list(result) == ["rules", "groups", "problems"]
    assert (result["rules"], result["problems"]) == ("hd43-2025", [])
    [group] = result["groups"]
    assert list(group) == GROUP_KEYS
    assert {key: group[key] for key in COUNT_KEYS} == {
        "group": "Đảng viên",
        "total": 1022,
        "excellent": 172,
        "good": 690,
        "completed": 151,
        "failed": 5,
        "not_rated": 4,
        "good_or_better": 862,
    }
    assert group["cap"] == {"ratio": 0.2, "base": "good_or_better", "allowed": 172, "excellent": 172, "ok": True}
    assert group["percent"]["of_all"] == {
        "name": "tổng số",
        "base": 1022,
        "excellent": 16.83,
        "good": 67.51,
        "completed": 14.77,
        "failed": 0.49,
        "not_rated": 0.39,
        "good_or_better": 84.34,
    }
    assert group["percent"]["of_rated"]["base"] == 1018
    assert group["percent"]["of_rated"]["good_or_better"] == 84.68
    assert group["percent"]["of_good_or_better"] == {
        "name": "số xếp loại tốt trở lên",
        "base": 862,
        "excellent": 19.95,
        "good": 80.05,
    }
    assert group["percent"]["of_good"] == {"name": "số xếp loại tốt", "base": 690, "excellent": 24.93}
    assert json.loads(json.dumps(result)) == result


def test_groups_stand_in_the_order_of_the_list_and_spelling_does_not_part_them() -> None:
    given_ = [row("HTNV", group="Tập thể"), row("HTNV", number=3), row("HTTNV", number=4, group="ĐẢNG  VIÊN")]
    result = tally(given_, RULES)
    assert [(group.name, group.total) for group in result.groups] == [("Tập thể", 1), ("Đảng viên", 2)]


def test_an_empty_base_has_no_percentage() -> None:
    [group] = tally([row("Chưa xếp loại", reason="Đi học nước ngoài")], RULES).as_dict()["groups"]
    assert group["percent"]["of_rated"]["excellent"] is None
    assert group["percent"]["of_good_or_better"] == {
        "name": "số xếp loại tốt trở lên",
        "base": 0,
        "excellent": None,
        "good": None,
    }
    assert group["cap"]["ok"] is True


def test_no_rows_are_no_groups() -> None:
    result = tally([({"group": None, "level": " "}, {})], RULES)
    assert (result.groups, result.problems) == ((), ())
    assert (result.rows_in, result.skipped, result.failed) == (1, 1, 0)


# what is wrong with a row: values, code, severity, column, words of the message
FAULTS: list[tuple[dict[str, Any], str, str, str, str]] = [
    (
        {"level": "Hoàn thành tôt nhiệm vụ nhé"},
        "tally-unknown-level",
        "error",
        "Mức xếp loại",
        "Có phải là «Hoàn thành tốt",
    ),
    ({"level": "Giỏi"}, "tally-unknown-level", "error", "Mức xếp loại", "«Giỏi»"),
    ({"level": None}, "tally-no-level", "error", "Mức xếp loại", "«Chưa xếp loại» kèm lý do"),
    ({"group": ""}, "tally-no-group", "error", "Nhóm", "Chưa ghi nhóm"),
    ({"name": "", "unit": " "}, "tally-no-name", "error", "Họ và tên", "chưa được đếm"),
    ({"level": "Chưa xếp loại"}, "not-rated-without-reason", "warning", "Lý do", "Điều 3"),
    ({"reason": "Được miễn công tác và sinh hoạt đảng"}, "exempt-rated", "warning", "Mức xếp loại", "Điều 5, khoản 2"),
    ({"reason": "Mới kết nạp chưa đủ 6 tháng"}, "exempt-rated", "warning", "Mức xếp loại", "chưa đủ 6 tháng"),
]


@pytest.mark.parametrize(("told", "code", "severity", "column", "words"), FAULTS)
def test_a_bad_row_is_told_with_its_place(
    told: dict[str, Any], code: str, severity: str, column: str, words: str
) -> None:
    values, place = row("HTTNV", number=17)
    result = tally([({**values, **told}, place)], RULES)
    [problem] = result.problems
    assert (problem.code, problem.severity, problem.column) == (code, severity, column)
    assert problem.message.startswith("ds.xlsx, trang tính Đảng viên, dòng 17, cột ")
    assert words in problem.message
    assert result.failed == (severity == "error")
    assert sum(group.total for group in result.groups) == (severity == "warning")


def test_a_row_with_several_faults_fails_once() -> None:
    result = tally([({"reason": "gì đó"}, {"row": 5})], RULES)
    assert {problem.code for problem in result.problems} == {"tally-no-group", "tally-no-name", "tally-no-level"}
    assert (result.rows_in, result.failed) == (1, 1)


def test_one_name_twice_in_a_unit_is_told_and_counted() -> None:
    twice = [row("HTTNV", "Nguyễn Văn An", 4), row("HTNV", "NGUYỄN VĂN  AN", 9)]
    result = tally([*twice, row("HTNV", "Nguyễn Văn An", 12, unit="Chi bộ thôn Thượng")], RULES)
    [problem] = result.problems
    assert (problem.code, problem.severity, problem.row) == ("tally-doubled", "warning", 9)
    assert "ds.xlsx, trang tính Đảng viên, dòng 4" in problem.message
    assert result.groups[0].total == 3


def test_two_units_without_names_are_bodies_themselves() -> None:
    bodies = [row("HTTNV", " ", 2, unit="Chi bộ thôn Hạ"), row("HTTNV", " ", 3, unit="Chi bộ thôn Thượng")]
    assert tally(bodies, RULES).problems == ()


# base, rounding, excellent, good → allowed where the cap is exceeded, else None; words of the cure
EXCEEDED = [
    ("good_or_better", "down", 3, 15, None, ""),
    ("good_or_better", "down", 4, 14, 3, "nâng đến 25% (4)"),
    ("good_or_better", "down", 5, 13, 3, "Xem lại"),
    ("good_or_better", "half_up", 4, 14, None, ""),
    ("good", "down", 4, 14, 2, "Xem lại"),
    ("good", "down", 2, 0, 0, "Xem lại"),
]


@pytest.mark.parametrize(("base", "rounding", "excellent", "good", "allowed", "cure"), EXCEEDED)
def test_the_cap_is_held_on_the_base_and_rounding_that_are_set(
    *, base: str, rounding: str, excellent: int, good: int, allowed: int | None, cure: str
) -> None:
    rules = with_settings(RULES, base=base, rounding=rounding)
    result = tally(rows({"HTXSNV": excellent, "HTTNV": good}), rules)
    assert result.as_dict()["groups"][0]["cap"]["ok"] is (allowed is None)
    told = [(problem.label, problem.severity, problem.clause) for problem in result.problems]
    assert told == ([] if allowed is None else [("Đảng viên", "warning", RULES.cap.clause)])
    assert all(f"nhiều nhất là {allowed} (20%" in problem.what and cure in problem.cure for problem in result.problems)


def test_a_cap_without_exception_offers_none() -> None:
    [problem] = tally(rows({"HTXSNV": 3, "HTTNV": 9}), rating("hd21-2019")).problems
    assert "25%" not in problem.cure
    assert "từng tổ chức cơ sở đảng" in problem.what


@given(st.lists(st.tuples(st.sampled_from(["HTXSNV", "HTTNV", "HTNV", "KHTNV", "Chưa xếp loại", "?"]), st.text())))
def test_counts_always_add_up(told: list[tuple[str, str]]) -> None:
    result = tally([row(level, name, number) for number, (level, name) in enumerate(told, start=2)], RULES)
    counted = sum(getattr(group, name) for group in result.groups for name in (*COUNTS.values(), NOT_RATED))
    assert counted == sum(group.total for group in result.groups)
    assert result.rows_in == counted + result.skipped + result.failed


CELL = st.none() | st.text() | st.integers() | st.floats()


@given(st.fixed_dictionaries(dict.fromkeys(("group", "unit", "name", "level", "reason"), CELL)))
def test_any_cells_are_counted_or_refused(values: dict[str, object]) -> None:
    result = tally([(values, {"row": 2})], RULES)
    assert all(problem.message for problem in result.problems)
    assert result.rows_in == sum(group.total for group in result.groups) + result.skipped + result.failed


def test_a_province_takes_about_a_second() -> None:
    """55,000 members of 3,200 chi bộ, each chi bộ a group of its own."""
    families, middles = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng"), ("Văn", "Thị", "Hữu", "Minh", "Thanh", "Ngọc")
    levels = ("HTXSNV", "HTTNV", "Hoàn thành tốt nhiệm vụ", "HTTNV", "HTNV", "Hoàn thành nhiệm vụ")
    members = [
        (
            {
                "group": f"Chi bộ số {number % 3_200}",
                "unit": f"Chi bộ số {number % 3_200}",
                "name": f"{families[number % 5]} {middles[number % 6]} Số {number}",
                "level": levels[number % 6],
            },
            {"row": number + 2},
        )
        for number in range(55_000)
    ]
    start = process_time()
    result = tally(members, RULES)
    result.as_dict()
    assert process_time() - start < 5
    assert (len(result.groups), sum(group.total for group in result.groups)) == (3_200, 55_000)
