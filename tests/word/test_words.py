"""Words that fill a template: which are ready, and which hold line ends or tabs."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.errors import DataError
from docgen.word.words import check


@pytest.mark.parametrize(
    ("words", "has_lines"),
    [
        ({}, False),
        ({"a": "x", "b": 5, "c": None, "d": True, "e": [], "f": {}}, False),
        ({"a": "\u00a0\u00ad\u200b\x85\u2028", "b": ["\ue000"]}, False),
        ({"a": "x\ny"}, True),
        ({"a": "x", "b": ["y", "z\t"]}, True),
        ({"a": "x", "b": [{"c": "y", "d": {"e": True}}, {"c": "\n"}]}, True),
        (MappingProxyType({"a": MappingProxyType({"b": ["\u00a0", "\t"]})}), True),
    ],
)
def test_it_is_told_whether_a_word_has_lines(words: Any, has_lines: bool) -> None:
    assert check(words) is has_lines


WORDS = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63), st.text("aộ \u00a0\n\t", max_size=3)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
)


@given(st.dictionaries(st.sampled_from("abc"), WORDS), st.sampled_from(["\x00", "\x0b", "\r", "\ud800", "\uffff", 1.5]))
def test_one_word_that_is_not_ready_is_found_wherever_it_stands(words: dict[str, Any], bad: object) -> None:
    assert check(words) is any(sign in text for text in _texts(words) for sign in "\n\t")
    for spoilt in ({**words, "d": bad}, {**words, "d": [words, [bad]]}, {"d": [{"e": bad}], **words}):
        with pytest.raises(DataError) as caught:
            check(spoilt)
        assert [str(problem.field)[:1] for problem in caught.value.problems] == ["d"]


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [text for inner in value for text in _texts(inner)]
    return [value] if isinstance(value, str) else []
