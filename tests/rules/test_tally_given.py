"""Judging ready figures: what is right stays silent, what is wrong is told with the right value and its base."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.rules.given import ITEMS, judge
from docgen.rules.ratings import Rating, rating, with_settings

if TYPE_CHECKING:
    from docgen.errors import Problem
    from docgen.rules.tally import Addressed

RULES_2020 = rating("hd21-2019")
RULES = rating("hd43-2025")


def table(text: str, group: str = "Đảng viên") -> list[Addressed]:
    """Lines of `item | count | percent`."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return [
        ({"group": group, "item": item, "count": count, "percent": percent}, {"sheet": "Kết quả", "row": number})
        for number, (item, count, percent) in enumerate(lines, start=2)
    ]


def told(text: str, rules: Rating = RULES) -> list[str]:
    return [f"{problem.code} {problem.row}" for problem in judge(table(text), rules)]


def only(text: str, rules: Rating = RULES) -> Problem:
    [problem] = judge(table(text), rules)
    return problem


# The figures that a province printed for 2020, group by group.
NINH_BINH = {
    "Đảng bộ cấp huyện": """
        Tổng số     | 12 |
        Tốt trở lên | 12 | 100%
        Xuất sắc    | 3  | 25%
    """,
    "Tổ chức cơ sở đảng": """
        Tổng số            | 663 |
        Tốt trở lên        | 616 | 92,9%
        Trong đó: xuất sắc | 117 | 19%
        Hoàn thành         | 47  | 7,1%
    """,
    "Chi bộ trực thuộc": """
        Tổng số         | 3.171 |
        Tốt trở lên     | 2.874 |
        Xuất sắc        | 574   | 20%
        Không hoàn thành | 1    | 0,003%
    """,
    "Đảng viên": """
        Tổng số     | 55.141 |
        Tốt trở lên | 46.882 | 86,9%
        Xuất sắc    | 8.783  | 16%
        Hoàn thành  | 7.878  | 12,5%
    """,
    "Tập thể lãnh đạo cấp trên cơ sở": """
        Tốt trở lên | 65 |
        Xuất sắc    | 13 | 20%
    """,
    "Tập thể lãnh đạo cấp cơ sở": """
        Tốt trở lên | 471 |
        Xuất sắc    | 99  | 21%
    """,
    "Cán bộ cấp tỉnh": """
        Tốt trở lên | 103 |
        Xuất sắc    | 24  | 23,3%
    """,
}
# group, row → code, words of the message
JUDGED = {
    ("Đảng bộ cấp huyện", 4): ("cap-exceeded", "Có 3 xuất sắc, bằng 25% số xếp loại tốt trở lên (12); nhiều nhất là 2"),
    ("Chi bộ trực thuộc", 5): (
        "percent-wrong",
        "0,003% không đúng trên cơ sở nào. Đúng: 1 trên tổng số (3.171) là 0,03%.",
    ),
    ("Đảng viên", 3): ("percent-wrong", "Đúng: 46.882 trên tổng số (55.141) là 85,0%."),
    ("Đảng viên", 4): (
        "percent-other-base",
        "16% chỉ đúng trên tổng số (55.141); 8.783 trên số xếp loại tốt trở lên (46.882) là 18,7%.",
    ),
    ("Đảng viên", 5): ("percent-wrong", "Đúng: 7.878 trên tổng số (55.141) là 14,3%."),
    ("Tập thể lãnh đạo cấp cơ sở", 3): ("cap-exceeded", "nhiều nhất là 94 (20%"),
    ("Cán bộ cấp tỉnh", 3): (
        "cap-exceeded",
        "Có 24 xuất sắc, bằng 23,3% số xếp loại tốt trở lên (103); nhiều nhất là 20",
    ),
}


def test_the_printed_figures_of_2020_are_judged_rightly() -> None:
    rows = [row for group, text in NINH_BINH.items() for row in table(text, group)]
    problems = {((problem.label or "").partition(",")[0], problem.row): problem for problem in judge(rows, RULES_2020)}
    assert problems.keys() == JUDGED.keys()
    for place, (code, words) in JUDGED.items():
        assert problems[place].code == code
        assert words in problems[place].message


# figures in which all is right
RIGHT = {
    "every count and share": """
        Tổng số | 1.022 | 100%
        Tốt trở lên | 862 | 84,3%
        Xuất sắc | 172 | 19,95%
        Tốt | 690 | 67,5%
        Hoàn thành | 151 | 14,8%
        Không hoàn thành | 5 | 0,5%
        Chưa xếp loại | 4 | 0,4%
    """,
    "without the nested line": """
        Tổng số | 41 |
        HTXSNV | 7 | 20%
        HTTNV | 28 | 68,3%
        HTNV | 5 | 12,2%
        KHTNV | 1 | 2,4%
    """,
    "half of the last decimal up": "Tổng số | 8 | \nHoàn thành | 1 | 13%",
    "half of the last decimal down": "Tổng số | 8 | \nHoàn thành | 1 | 12%",
    "no total": "Tốt trở lên | 10 | \nHoàn thành | 4 |",
    "nobody": "Tổng số | 12 | \nKhông hoàn thành | 0 | 0%",
    "levels left out": "Tổng số | 663 | \nTốt trở lên | 600 |",
}


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT)
def test_right_figures_are_not_told(text: str) -> None:
    assert told(text) == []


# figures with one wrong sum → row, the right value
SUMS = {
    "good or better": ("Tốt trở lên | 20 | \nXuất sắc | 3 | \nTốt | 16 |", 2, "Đúng: 19."),
    "good holds the excellent": ("Tốt trở lên | 18 | \nXuất sắc | 3 | \nTốt | 18 |", 4, "không kể xuất sắc: 15."),
    "total too small": ("Tổng số | 20 | \nTốt trở lên | 18 | \nHoàn thành | 5 |", 2, "ít nhất 23"),
    "total too large": (
        "Tổng số | 30 | \nTốt trở lên | 18 | \nHoàn thành | 5 | \nKhông hoàn thành | 1 |",
        2,
        "Đúng: 24, hoặc còn 6 ghi vào «Chưa xếp loại».",
    ),
    "total against every level": (
        "Tổng số | 30 | \nTốt trở lên | 18 | \nHoàn thành | 5 | \nKhông hoàn thành | 1 | \nChưa xếp loại | 2 |",
        2,
        "Đúng: 26",
    ),
    "nested without the nested line": (
        "Tổng số | 24 | \nXuất sắc | 3 | \nTốt | 18 | \nHoàn thành | 5 | \nKhông hoàn thành | 1 |",
        2,
        "thì ghi 15 ở «Tốt»",
    ),
    "part over its whole": ("Tốt trở lên | 100 | \nXuất sắc | 104 |", 3, "Nhiều nhất là 100."),
}


@pytest.mark.parametrize(("text", "row", "right"), SUMS.values(), ids=SUMS)
def test_a_wrong_sum_is_told_with_the_right_one(text: str, row: int, right: str) -> None:
    [problem, *others] = judge(table(text), RULES)
    assert (problem.code, problem.severity, problem.row, problem.column) == ("sum-wrong", "error", row, "Số lượng")
    assert right in problem.message
    assert {other.code for other in others} <= {"cap-exceeded"}


FIGURES = """
    Tổng số          | 100 |
    Tốt trở lên      | 80  |
    Xuất sắc         | 15  | {xs}
    Tốt              | 65  | {t}
    Hoàn thành       | 8   | {ht}
    Không hoàn thành | 2   |
    Chưa xếp loại    | 10  | {c}
"""
# the given share → code, name of the base on which it is right or the right value
SHARES = [
    ({"xs": "18,8%"}, None, ""),
    ({"xs": "15%"}, "percent-other-base", "chỉ đúng trên tổng số (100)"),
    ({"xs": "16,7%"}, "percent-other-base", "chỉ đúng trên số đã xếp loại (90)"),
    ({"xs": "23,1%"}, "percent-other-base", "chỉ đúng trên số xếp loại tốt (65)"),
    ({"xs": "22%"}, "percent-wrong", "15 trên số xếp loại tốt trở lên (80) là 18,8%"),
    ({"t": "65%"}, None, ""),
    ({"t": "81,25%"}, "percent-other-base", "số xếp loại tốt trở lên (80)"),
    ({"t": "72,2%"}, "percent-other-base", "số đã xếp loại (90)"),
    ({"ht": "8,9%"}, "percent-other-base", "số đã xếp loại (90)"),
    ({"ht": "9%"}, "percent-other-base", "số đã xếp loại (90)"),
    ({"ht": "10,00%"}, "percent-wrong", "8 trên tổng số (100) là 8,00%"),
    ({"c": "11,1%"}, "percent-wrong", "10 trên tổng số (100) là 10,0%"),
]


@pytest.mark.parametrize(("shares", "code", "words"), SHARES)
def test_a_share_is_tried_on_every_base(shares: dict[str, str], code: str | None, words: str) -> None:
    problems = judge(table(FIGURES.format(**{"xs": "", "t": "", "ht": "", "c": "", **shares})), RULES)
    assert [problem.code for problem in problems] == ([code] if code else [])
    assert all(words in problem.message and problem.column == "Tỷ lệ" for problem in problems)


def test_the_expected_base_of_the_excellent_is_that_of_the_cap() -> None:
    text = "Tốt trở lên | 115 | \nXuất sắc | 15 | 15%"
    assert told(text, with_settings(RULES, base="good")) == []
    problem = only(text)
    assert (problem.code, problem.clause) == ("percent-other-base", RULES.cap.base_clause)


# ways in which a share of 8 in 100 may be given
@pytest.mark.parametrize("share", ["8%", "8", "8,0 %", "0,08", 8, 8.0, 0.08, 0.0800000001])
def test_text_points_and_a_spreadsheets_ratio_are_understood(share: object) -> None:
    rows: list[Addressed] = [
        ({"group": "Đảng viên", "item": "Tổng số", "count": 100}, {"row": 2}),
        ({"group": "Đảng viên", "item": "Hoàn thành", "count": 8.0, "percent": share}, {"row": 3}),
    ]
    assert judge(rows, RULES) == []


def test_a_spreadsheets_ratio_that_is_wrong_is_shown_as_a_percentage() -> None:
    rows: list[Addressed] = [
        ({"group": "Đảng viên", "item": "Tổng số", "count": 100}, {}),
        ({"group": "Đảng viên", "item": "Hoàn thành", "count": 8, "percent": 0.125}, {}),
    ]
    [problem] = judge(rows, RULES)
    assert "12,5% không đúng" in problem.what


# rows that cannot be judged → code, column
UNREADABLE: list[tuple[dict[str, Any], str, str | None]] = [
    ({"item": "Giỏi"}, "given-unknown-item", "Chỉ tiêu"),
    ({"item": None}, "given-unknown-item", "Chỉ tiêu"),
    ({"group": " "}, "given-no-group", "Nhóm"),
    ({"count": "mười"}, "number-unreadable", "Số lượng"),
    ({"count": -3}, "given-out-of-range", "Số lượng"),
    ({"count": "12,5"}, "number-not-whole", "Số lượng"),
    ({"percent": "khoảng 8%"}, "number-unreadable", "Tỷ lệ"),
    ({"percent": "8%"}, "percent-unjudged", "Tỷ lệ"),
    ({"count": None, "percent": "8%"}, "percent-unjudged", "Tỷ lệ"),
]


@pytest.mark.parametrize(("told_", "code", "column"), UNREADABLE)
def test_what_cannot_be_read_is_told_with_its_place(told_: dict[str, Any], code: str, column: str | None) -> None:
    row = {"group": "Đảng viên", "item": "Hoàn thành", "count": "8", "percent": ""}
    [problem] = judge([({**row, **told_}, {"file": "so_lieu.xlsx", "row": 7})], RULES)
    assert (problem.code, problem.file, problem.row, problem.column) == (code, "so_lieu.xlsx", 7, column)


def test_an_item_twice_in_a_group_is_told_with_the_first_place() -> None:
    problem = only("Hoàn thành | 8 | \nHTNV | 9 |")
    assert (problem.code, problem.row) == ("given-twice", 3)
    assert "dòng 2" in problem.what


def test_without_the_base_the_cap_is_held_on_the_total() -> None:
    problem = only("Tổng số | 100 | \nXuất sắc | 21 |")
    assert (problem.code, "tổng số (100)" in problem.what) == ("cap-exceeded", True)


def test_empty_rows_are_nothing() -> None:
    assert judge([({"group": None, "item": "", "count": None}, {})], RULES) == []


@given(st.integers(0, 400), st.integers(0, 900), st.integers(0, 300), st.integers(0, 300), st.integers(0, 50))
def test_figures_that_follow_are_never_called_wrong(
    excellent: int, good: int, completed: int, failed: int, not_rated: int
) -> None:
    better, total = excellent + good, excellent + good + completed + failed + not_rated
    counts = dict(zip(ITEMS, (total, better, excellent, good, completed, failed, not_rated), strict=True))
    rows: list[Addressed] = [
        (
            {
                "group": "Đảng viên",
                "item": ITEMS[item],
                "count": count,
                "percent": f"{100 * count / (better if item == 'excellent' else total):.1f}%".replace(".", ",")
                if (better if item == "excellent" else total)
                else None,
            },
            {},
        )
        for item, count in counts.items()
    ]
    assert {problem.code for problem in judge(rows, RULES)} <= {"cap-exceeded"}


CELL = st.none() | st.text() | st.integers() | st.floats()


@given(st.fixed_dictionaries(dict.fromkeys(("group", "item", "count", "percent"), CELL)))
def test_any_cells_are_judged_or_refused(values: dict[str, object]) -> None:
    known = {**values, "group": "Đảng viên", "item": "Hoàn thành"}
    total = {"group": "Đảng viên", "item": "Tổng số", "count": 7}
    assert all(problem.message for problem in judge([(values, {}), (known, {}), (total, {})], RULES))
