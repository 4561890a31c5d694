"""Names: the order of a roster, and when two spellings are the same name."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docgen.viet.names import fold, search_key, sort_key, text_key, unaccent


@pytest.mark.parametrize(
    "roster",
    [
        ["ma", "mà", "mả", "mã", "má", "mạ"],
        [
            "a",
            "ă",
            "â",
            "b",
            "c",
            "d",
            "đ",
            "e",
            "ê",
            "g",
            "h",
            "i",
            "k",
            "l",
            "m",
            "n",
            "o",
            "ô",
            "ơ",
            "p",
            "q",
            "r",
            "s",
            "t",
            "u",
            "ư",
            "v",
            "x",
            "y",
        ],
        ["Trần Văn An", "Lê Thị Ánh", "Bùi Văn Ân", "Ngô Văn Bình", "Lý Thị Dung", "Phan Văn Đức", "Hồ Thị Yến"],
        ["Bùi Văn An", "Đặng Văn An", "Lê Bá An", "Lê Văn An", "Nguyễn Văn An", "Nguyễn Văn Ân"],
        ["Lê An", "Lê A An", "Lê Anh An", "Lê Văn An"],
        ["An", "Lê An"],
        ["Trần Hoa", "Lê Hoà", "Trần Hòa", "Lê Hoá", "Lê Hoạ", "Lê Hoan"],
        ["Tổ 1", "Tổ 2", "Tổ A"],
        ["", "An"],
    ],
)
def test_rosters_stand_in_vietnamese_order(roster: list[str]) -> None:
    shuffled = random.Random(7).sample(roster, len(roster))
    assert sorted(shuffled, key=sort_key) == roster


def test_order_is_blind_to_capitals_form_and_place_of_the_accent() -> None:
    spellings = [
        "Đỗ Thị Hoà",
        "ĐỖ THỊ HOÀ",
        "Đỗ  Thị Hòa",
        unicodedata.normalize("NFD", "đỗ thị hoà"),
        "\u00d0ỗ Thị Hoà",
    ]
    assert len({sort_key(name)[:3] for name in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà", "hòa"),
        ("Thuỷ", "Thủy"),
        ("UỶ BAN", "Ủy ban"),
        ("Nguyễn  Văn\u00a0An ", "nguyễn văn an"),
        ("Ngu\u200byễn", "Nguyễn"),
        ("\u00d0ức", "Đức"),
        (unicodedata.normalize("NFD", "Khoá"), "Khóa"),
    ],
)
def test_fold_unites_spellings(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("hoa", "hoà"), ("hoà", "hoá"), ("An", "Ân"), ("Dức", "Đức"), ("Lý", "Lí"), ("Mai Anh", "Maianh"), ("Tư", "Tu")],
)
def test_fold_keeps_names_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Đặng Thị Thuỷ", "Dang Thi Thuy"),
        ("\u00d0ỗ đức", "Do duc"),
        ("ƯỚC NGUYỆN ở đây", "UOC NGUYEN o day"),
        ("Quý III/2026 {a}", "Quy III/2026 {a}"),
        ("中文 ƀ", "中文 ƀ"),
    ],
)
def test_unaccent(text: str, plain: str) -> None:
    assert unaccent(text) == plain


def test_search_key() -> None:
    assert search_key("  ĐẢNG\u00a0uỷ  Xã ") == "dang uy xa"


VIETNAMESE = st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyÀẢÃÁẠờởỡớợửữ  HNT-'")


@settings(deadline=None)
@given(VIETNAMESE, VIETNAMESE)
def test_keys_are_stable_and_comparable(one: str, other: str) -> None:
    assert fold(fold(one)) == fold(one)
    assert search_key(search_key(one)) == search_key(one)
    assert (sort_key(one) < sort_key(other)) or (sort_key(other) <= sort_key(one))
    assert fold(one) != fold(other) or search_key(one) == search_key(other)


@settings(deadline=None)
@given(st.lists(st.text(), max_size=5))
def test_any_text_has_keys(names: list[str]) -> None:
    assert len(sorted(names, key=sort_key)) == len(names)
    assert all(fold(name) == fold(unicodedata.normalize("NFD", name)) for name in names)
    assert all(search_key(name) == search_key(unicodedata.normalize("NFD", name)) for name in names)


def test_text_is_sorted_by_alphabet_and_number() -> None:
    given = ["Chi bộ thôn Đông", "Chi bộ 10", "Chi bộ 2", "Chi bộ thôn Dương", "Ban Tổ chức", "Chi bộ Ấp Mới"]
    due = ["Ban Tổ chức", "Chi bộ 2", "Chi bộ 10", "Chi bộ Ấp Mới", "Chi bộ thôn Dương", "Chi bộ thôn Đông"]
    assert sorted(given, key=text_key) == due
