"""How a row without a code is known again: by all of its values and their kinds, in whatever order they stand."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.batch.plan import plan
from docgen.papers.profile import profile
from docgen.roster import roster
from docgen.tables.rows import Origin, Row
from tests.batch import small

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from docgen.batch.tasks import Task

HEADINGS = ("Họ và tên", "Chi bộ", "Ngày sinh", "Nội dung")
TEXTS = st.text(max_size=3).filter(bool)
LEAVES = TEXTS | st.integers(0, 9) | st.decimals(0, 9, places=1) | st.dates(date(2025, 1, 1), date(2025, 1, 3))
VALUES = LEAVES | st.lists(st.dictionaries(TEXTS, LEAVES, max_size=2), max_size=2)
ROWS = st.dictionaries(st.sampled_from(HEADINGS), VALUES, min_size=1)


@pytest.fixture
def tasks(shelf: Path) -> Callable[..., Sequence[Task]]:
    """`tasks(row, row, …)`: the tasks of a list with these rows."""
    listed = roster(small.CARD, json.dumps([dict.fromkeys(HEADINGS, "x")]).encode(), file="a.json")

    def planned(*rows: dict[str, Any]) -> Sequence[Task]:
        read = tuple(Row(row, Origin("a.json", row=number)) for number, row in enumerate(rows, start=1))
        return plan(replace(listed, read=replace(listed.read, rows=read)), profile({}), {}).tasks

    return planned


def said(value: object) -> object:
    """What a value says, so that only what is the same is equal: True is not 1, the order of names is nothing."""
    if isinstance(value, dict):
        return sorted((name, said(each)) for name, each in value.items())
    return [said(each) for each in value] if isinstance(value, list) else (type(value), str(value))


def test_rows_are_the_same_when_all_they_say_is(tasks: Callable[..., Sequence[Task]]) -> None:
    @given(ROWS, ROWS)
    def look(one: dict[str, Any], other: dict[str, Any]) -> None:
        (first,), (second,) = tasks(one), tasks(other)
        same = said(one) == said(other)
        assert (first.key == second.key, first.digest == second.digest) == (same, same)

    look()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"Họ và tên": "An", "Chi bộ": "B"}, {"Họ và tên": "AnB"}),
        ({"Họ và tên": "An", "Chi bộ": "B"}, {"Họ và tên": "A", "Chi bộ": "nB"}),
        ({"Họ và tên": "2025-01-02"}, {"Họ và tên": date(2025, 1, 2)}),
        ({"Họ và tên": "An", "Nội dung": 2}, {"Họ và tên": "An", "Nội dung": "An"}),
        ({"Họ và tên": "An", "Chi bộ": [{"a": "b"}]}, {"Họ và tên": "An", "Chi bộ": '[{"a":"b"}]'}),
    ],
)
def test_rows_that_only_look_the_same(
    tasks: Callable[..., Sequence[Task]], one: dict[str, Any], other: dict[str, Any]
) -> None:
    first, second = tasks(one, other)
    assert first.key != second.key
    assert first.digest != second.digest


def test_the_order_of_columns_does_not_matter_and_the_second_of_two_equal_rows_is_another(
    tasks: Callable[..., Sequence[Task]],
) -> None:
    row = {"Họ và tên": "An", "Chi bộ": "B"}
    first, second = tasks(row, dict(reversed(row.items())))
    assert first.digest == second.digest
    assert first.key != second.key


def test_any_task_can_be_asked_for_first(tasks: Callable[..., Sequence[Task]]) -> None:
    """Planning goes by the order of the list, whichever row is looked at."""
    rows = [{"Họ và tên": "An"}, {"Họ và tên": "Bình"}, {"Họ và tên": "An"}]
    in_order = list(tasks(*rows))
    assert [tasks(*rows)[place] for place in (-1, 1, 0)] == in_order[::-1]
    assert tasks(*rows)[1:] == in_order[1:]
    assert len(tasks(*rows)) == len(rows)
    with pytest.raises(IndexError):
        tasks(*rows)[len(rows)]
