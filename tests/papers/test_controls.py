"""The places of a paper as elements: tags, bookmarks, ids, tick boxes; what Word keeps and LibreOffice keeps."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.errors import FormError
from docgen.word import controls
from docgen.word.controls import NAME_LIMIT, ROW_INDEX, SLOT_LIMIT, TITLE_LIMIT, Numbers, Slot, element, nest, run
from tests.gate.parts import W, child_val, elements, val
from tests.gate.texts import paragraph_text

NAME = Slot(path="ho_ten", word="ho_ten", title="Họ và tên")
CELL = Slot(path="viec.ten", word="dong.ten", title="Tên việc", row=True)
LIST = Slot(path="viec", word="viec", title="Việc", row=True)


def test_a_word_in_a_line_is_a_control_between_the_ends_of_a_bookmark() -> None:
    paragraph = nest(element("p"), *controls.inline(NAME, Numbers()))
    assert [child.tag.removeprefix(W) for child in paragraph] == ["bookmarkStart", "sdt", "bookmarkEnd"]
    start, control, end = paragraph
    assert (val(start, "name"), val(start, "id"), val(end, "id")) == ("ho_ten", "1", "1")
    assert [child_val(control, f"sdtPr/{name}") for name in ("alias", "tag", "id")] == ["Họ và tên", "ho_ten", "2"]
    assert paragraph_text(paragraph) == "{{ ho_ten }}"


def test_in_a_row_names_and_ids_carry_the_number_of_the_row() -> None:
    numbers = Numbers(last=41)
    start, control, end = controls.inline(CELL, numbers)
    assert (val(start, "name"), val(start, "id"), val(end, "id")) == (
        f"viec_{ROW_INDEX}_ten",
        f"{ROW_INDEX}042",
        f"{ROW_INDEX}042",
    )
    assert child_val(control, "sdtPr/id") == f"{ROW_INDEX}043"
    assert child_val(control, "sdtPr/tag") == "viec.ten"
    assert val(controls.bookmark(LIST, numbers)[0], "name") == f"viec_{ROW_INDEX}"


def test_ids_of_rows_never_meet_ids_of_other_rows_or_of_the_record() -> None:
    ids = [f"{row}{slot:03d}" for row in range(1, 400) for slot in (1, 99, SLOT_LIMIT)]
    ids += [str(slot) for slot in range(1, SLOT_LIMIT + 1)]
    assert len(ids) == len(set(ids))
    assert max(map(int, ids)) < 2**31


def test_a_name_that_is_used_again_gets_a_number() -> None:
    numbers = Numbers()
    assert [numbers.name(NAME) for _ in range(3)] == ["ho_ten", "ho_ten__2", "ho_ten__3"]


LONGEST = [("a" * 40, False), ("a" * 30 + "." + "b" * 9, False), ("a" * 20 + "." + "b" * 13, True)]


@pytest.mark.parametrize(("path", "row"), LONGEST)
def test_a_bookmark_name_must_fit_word_also_in_row_99999(path: str, *, row: bool) -> None:
    fits, longer = (Slot(path=each, word="x", title="X", row=row) for each in (path, f"{path}c"))
    assert len(Numbers().name(fits).replace(ROW_INDEX, "99999")) <= NAME_LIMIT
    with pytest.raises(FormError, match="quá dài cho dấu trang của Word"):
        Numbers().name(longer)


def test_a_second_use_of_the_longest_name_is_refused_too() -> None:
    numbers, slot = Numbers(), Slot(path="a" * 40, word="x", title="X")
    numbers.name(slot)
    with pytest.raises(FormError, match="quá dài"):
        numbers.name(slot)


def test_more_slots_than_ids_have_digits_are_refused() -> None:
    numbers = Numbers(last=SLOT_LIMIT - 1)
    assert numbers.next() == SLOT_LIMIT
    with pytest.raises(FormError, match="hơn 999 ô điền"):
        numbers.next()


def test_tag_and_title_are_cut_where_word_would_cut_them() -> None:
    control = controls.control(Slot(path="a" * 70, word="x", title="T" * 70), Numbers(), [element("r")])
    assert len(child_val(control, "sdtPr/tag") or "") == TITLE_LIMIT
    assert len(child_val(control, "sdtPr/alias") or "") == TITLE_LIMIT


def test_a_tick_box_stands_in_both_states_and_the_template_chooses() -> None:
    paragraph = nest(
        element("p"), *controls.tick(Slot(path="muc.tot", word="danh_dau.muc.tot", title="Tốt"), Numbers(), 14)
    )
    assert paragraph_text(paragraph) == "{%r if danh_dau.muc.tot %}☒{%r else %}☐{%r endif %}"
    boxes = list(elements(paragraph, "sdt"))
    assert [child_val(box, "sdtPr/tag") for box in boxes] == ["muc.tot", "muc.tot"]
    assert len({child_val(box, "sdtPr/id") for box in boxes}) == 2
    marks = [mark for box in boxes for mark in box.iter() if mark.tag.endswith("}checked")]
    assert [next(iter(mark.attrib.values())) for mark in marks] == ["1", "0"]


TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff") | st.just("\t"), max_size=40
)


@given(TEXT)
def test_a_run_keeps_its_text_whole(text: str) -> None:
    made = run(text)
    assert paragraph_text(nest(element("p"), made)) == text
    for words in elements(made, "t"):
        kept = words.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"
        assert kept or not re.search(r"^\s|\s$", words.text or "")
