"""Answers that are remembered: the same as asked anew, only for short texts, and never without bound."""

from __future__ import annotations

import pytest

from docgen.errors import DataError
from docgen.viet.remembered import MOST, remembered


class Reader:
    """A function of a text that counts how often it works."""

    def __init__(self, longest: int) -> None:
        self.worked = 0
        self.read = remembered(longest)(self._read)

    def _read(self, text: str) -> str:
        self.worked += 1
        if text == "hỏng":
            raise DataError.of("unreadable", "Không đọc được.")
        return text.upper()


def test_a_short_text_is_worked_out_once() -> None:
    reader = Reader(longest=5)
    assert [reader.read("tốt"), reader.read("tốt"), reader.read("".join("tốt"))] == ["TỐT"] * 3
    assert reader.worked == 1


def test_a_long_text_is_read_each_time_and_not_kept() -> None:
    reader = Reader(longest=5)
    assert [reader.read("rất tốt"), reader.read("rất tốt")] == ["RẤT TỐT"] * 2
    assert reader.worked == 2


def test_a_refusal_is_told_each_time() -> None:
    reader = Reader(longest=5)
    for _ in range(2):
        with pytest.raises(DataError, match="Không đọc được"):
            reader.read("hỏng")
    assert reader.worked == 2


def test_what_was_asked_longest_ago_is_forgotten() -> None:
    reader = Reader(longest=5)
    for number in range(MOST + 1):
        reader.read(str(number))
    assert reader.read(str(MOST)) == str(MOST)
    assert reader.worked == MOST + 1
    reader.read("0")
    assert reader.worked == MOST + 2
