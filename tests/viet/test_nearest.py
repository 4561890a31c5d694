"""«Có phải ý bạn là …?»."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docgen.viet.nearest import nearest

FIELDS = ["ho_ten", "ngay_sinh", "chi_bo", "don_vi_cong_tac", "chuc_vu"]


@pytest.mark.parametrize(
    ("word", "field"),
    [
        ("ho_tn", "ho_ten"),
        ("hoten", "ho_ten"),
        ("Họ tên", "ho_ten"),
        ("HO-TEN", "ho_ten"),
        ("ngaysinh", "ngay_sinh"),
        ("chi bộ", "chi_bo"),
        ("chucvu", "chuc_vu"),
        ("luong", None),
        ("", None),
        ("x" * 1_000_000, None),
    ],
)
def test_the_field_that_was_meant(word: str, field: str | None) -> None:
    assert nearest(word, FIELDS) == field


def test_without_known_words_there_is_none() -> None:
    assert nearest("ho_ten", []) is None


@settings(deadline=None)
@given(st.text(), st.lists(st.text(max_size=20), max_size=5))
def test_the_answer_is_a_known_word(word: str, known: list[str]) -> None:
    assert nearest(word, known) in {*known, None}
