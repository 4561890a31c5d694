"""Documents as people send them back: ticks, rows, levels, and what is read where controls are gone."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from docgen.papers import library
from tests.papers.editing import (
    FORM,
    ITEMS,
    LEVELS,
    SAMPLE,
    TABLE,
    Edited,
    W,
    about,
    after,
    codes,
    paragraph,
    remove,
    run,
)
from tests.papers.specimens import FORMS

if TYPE_CHECKING:
    from lxml.etree import _Element

    from docgen.collecting.paper import Paper


# ---------------------------------------------------------------- ticks


def box(edited: Edited, option: str) -> _Element:
    return next(iter(edited.content(f"muc_xep_loai.{option}").iter(f"{W}t")))


def test_a_box_ticked_in_word() -> None:
    edited = Edited(empty=True)
    box(edited, "hoan_thanh").text = "☒"
    assert edited.read().values["muc_xep_loai"] == "Hoàn thành nhiệm vụ"


@pytest.mark.parametrize("typed", ["x", "X", "v", "✓", "☑", "x☐"], ids=ascii)
def test_a_box_ticked_by_typing(typed: str) -> None:
    edited = Edited(empty=True)
    box(edited, "tot").text = typed
    assert edited.read().values["muc_xep_loai"] == "Hoàn thành tốt nhiệm vụ"


@pytest.mark.parametrize("before", [True, False])
def test_an_x_typed_beside_the_box(before: bool) -> None:
    edited = Edited(empty=True)
    control = edited.control("muc_xep_loai.tot")
    if before:
        control.addprevious(run("x"))
    else:
        control.addnext(run("x"))
    assert edited.read().values["muc_xep_loai"] == "Hoàn thành tốt nhiệm vụ"


def test_a_box_replaced_by_a_symbol_of_wingdings() -> None:
    edited = Edited(empty=True)
    words = box(edited, "tot")
    symbol = etree.fromstring(f'<w:sym xmlns:w="{W[1:-1]}" w:font="Wingdings" w:char="F0FE"/>')
    words.addnext(symbol)
    remove(words)
    assert edited.read().values["muc_xep_loai"] == "Hoàn thành tốt nhiệm vụ"


def test_two_boxes_ticked() -> None:
    edited = Edited()
    box(edited, "hoan_thanh").text = "x"
    read = edited.read()
    assert "muc_xep_loai" not in read.values
    assert about(read, "muc_xep_loai") == {"read-ticked-twice"}


def test_something_else_in_a_box() -> None:
    edited = Edited()
    box(edited, "hoan_thanh").text = "đề nghị xét"
    read = edited.read()
    assert "muc_xep_loai" not in read.values
    assert about(read, "muc_xep_loai") == {"read-tick-unclear"}


@pytest.mark.parametrize("options", [["tot"], ["xuat_sac", "tot", "hoan_thanh", "khong_hoan_thanh"]], ids=len)
def test_boxes_that_were_deleted_with_their_lines(options: list[str]) -> None:
    edited = Edited()
    for option in options:
        line = edited.control(f"muc_xep_loai.{option}").getparent()
        assert line is not None
        remove(line)
    read = edited.read()
    assert "muc_xep_loai" not in read.values
    assert about(read, "muc_xep_loai") == {"read-missing"}


def test_all_boxes_cleared() -> None:
    edited = Edited()
    box(edited, "tot").text = "☐"
    read = edited.read()
    assert "muc_xep_loai" not in read.values
    assert read.how["muc_xep_loai"] == "control"


# ---------------------------------------------------------------- lists and levels


def rows(edited: Edited) -> list[_Element]:
    return edited.all(".//w:sdt[w:sdtPr/w:tag/@w:val='nhiem_vu']")


def names(read: Paper) -> list[str]:
    return [row["noi_dung"] for row in read.values["nhiem_vu"]]


def write_column(edited: Edited, row: _Element, name: str, text: str) -> None:
    """Type over a column of one row; the paper shows some of them in two cells."""
    for words in edited.all(f".//w:sdt[w:sdtPr/w:tag/@w:val='nhiem_vu.{name}']//w:t", row):
        words.text = text


def test_a_row_that_was_copied_and_changed() -> None:
    edited = Edited(TABLE)
    before = names(edited.read())
    last = rows(edited)[-1]
    copied = deepcopy(last)
    after(last, copied)
    write_column(edited, copied, "noi_dung", "Việc mới")
    assert names(edited.read()) == [*before, "Việc mới"]


def test_a_row_that_was_deleted() -> None:
    edited = Edited(TABLE)
    before = names(edited.read())
    remove(rows(edited)[1])
    assert names(edited.read()) == [before[0], *before[2:]]


def test_a_row_that_was_typed_into_the_table() -> None:
    edited = Edited(TABLE)
    before = names(edited.read())
    last = rows(edited)[-1]
    typed = deepcopy(edited.all("w:sdtContent/w:tr", last)[0])
    for control in edited.all(".//w:sdt", typed)[::-1]:
        parent = control.getparent()
        assert parent is not None
        parent.replace(control, run("Gõ thêm"))
    after(last, typed)
    read = edited.read()
    assert names(read) == [*before, "Gõ thêm"]
    assert read.how["nhiem_vu"] == "label"


def test_rows_in_another_order() -> None:
    edited = Edited(TABLE)
    before = names(edited.read())
    first, second = rows(edited)[:2]
    remove(second)
    first.addprevious(second)
    assert names(edited.read())[:2] == [before[1], before[0]]


def test_levels_with_an_entry_added() -> None:
    edited = Edited(LEVELS)
    name = next(each.name for each in library.form(LEVELS).fields.values() if each.type == "levels")
    before = edited.read().values[name]
    last = edited.all(".//w:p", edited.content(name))[-1]
    after(last, paragraph("- Việc thêm"))
    read = edited.read()
    assert str(read.values[name]).count("Việc thêm") == 1
    assert str(before)[:80] == str(read.values[name])[:80]


# ---------------------------------------------------------------- controls gone


@pytest.mark.parametrize("form", [FORM, TABLE, ITEMS])
def test_controls_gone_bookmarks_left(form: str) -> None:
    edited = Edited(form)
    before = edited.read()
    edited.strip_controls()
    read = edited.read()
    assert (dict(read.values), codes(read)) == (dict(before.values), set())
    assert set(read.how.values()) <= {"bookmark", "label"}


@pytest.mark.parametrize("form", [form.id for form in FORMS])
def test_only_the_text_is_left(form: str) -> None:
    """Nothing is read wrongly then, and what is not read is told."""
    edited = Edited(form)
    before = edited.read()
    edited.strip_controls()
    edited.strip_bookmarks()
    read = edited.read()
    told = {(problem.field or "").partition("[")[0] for problem in read.problems}
    assert {name: value for name, value in read.values.items() if value != before.values.get(name)} == {}
    assert set(before.values) - set(read.values) <= told
    assert set(read.how.values()) == {"label"}


@pytest.mark.parametrize("form", [form.id for form in FORMS if form.family])
def test_of_a_personal_form_the_text_alone_brings_nearly_everything_back(form: str) -> None:
    edited = Edited(form)
    before = edited.read()
    edited.strip_controls()
    edited.strip_bookmarks()
    assert len(edited.read().values) >= 0.9 * len(before.values)


def test_only_the_text_is_left_and_no_properties() -> None:
    edited = Edited()
    edited.strip_controls()
    edited.strip_bookmarks()
    del edited.parts["docProps/custom.xml"]
    read = edited.read()
    assert read.form is not None
    assert read.form.id == FORM
    assert read.values["ho_ten"] == SAMPLE["ho_ten"]
    assert read.values["han_che"] == SAMPLE["han_che"]
