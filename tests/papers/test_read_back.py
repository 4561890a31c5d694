"""What was filled comes back: reading a document and making it again gives the same document, byte for byte."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import docgen
from docgen.errors import DataError
from docgen.papers import library
from docgen.papers.frame import frame
from docgen.papers.read_back import Texts, read_texts
from docgen.papers.record import record, unfinished
from docgen.papers.spelling import says_nothing
from docgen.papers.words import words
from docgen.word.reading import read
from tests.gate.hostile import HOSTILE, Hostile
from tests.papers.specimens import EDITIONS, Edition, blank, compiled, filled, name_of, rendered, text_places

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docgen.papers.record import Record

LISTS = [each for each in EDITIONS if each.id in {"mau-2b-2025", "bao-cao-giai-trinh.hd05-2026", "ke-hoach.hd05-2026"}]
"""One paper with answers and ticks, one with items, one with levels and a table."""
TEXTS = [each for each in HOSTILE if isinstance(each.value, str) and len(each.value) <= 20_000]


def read_from(edition: Edition, docx: bytes) -> Texts:
    form = edition.form
    return read_texts(form, frame(form, library.template(form, edition.layout)), read(docx))


def again(edition: Edition, found: Texts) -> bytes:
    """The document of what was read; of a field that is wrong nothing is printed."""
    return compiled(edition).render(words(unfinished(edition.form, found.values)))


def taken(edition: Edition, values: Mapping[str, object]) -> Record | None:
    """The record, where it is one."""
    try:
        return record(edition.form, values)
    except DataError:
        return None


def assert_comes_back(edition: Edition, values: Mapping[str, object]) -> None:
    docx = rendered(edition, values)
    found = read_from(edition, docx)
    assert [problem.message for problem in found.problems] == []
    assert found.unread == set()
    assert again(edition, found) == docx


@pytest.mark.parametrize("edition", EDITIONS, ids=name_of)
def test_the_sample_comes_back(edition: Edition) -> None:
    assert_comes_back(edition, library.sample(edition.form))


@pytest.mark.parametrize("edition", EDITIONS, ids=name_of)
def test_a_blank_form_comes_back_blank(edition: Edition) -> None:
    docx = rendered(edition, blank(edition.form))
    found = read_from(edition, docx)
    known = edition.form.fields.items()
    own = {name for name, field in known if field.type in {"yes_no", "computed"} or field.default_rows}
    assert found.values.keys() - own == blank(edition.form).keys()
    assert found.problems == []
    assert again(edition, found) == docx


HOUSE = {
    "all": {"chinh_ta": "uỷ", "gach_duoi_trich_yeu": True, "trich_yeu_cong_van": "V/v", "dau_ket": "./."},
    "nothing": {"chinh_ta": "ủy", "gach_duoi_trich_yeu": False, "trich_yeu_cong_van": "", "dau_ket": ""},
}


@pytest.mark.parametrize("rules", HOUSE)
@pytest.mark.parametrize("name", ["cong-van", "ke-hoach", "huong-dan", "mau-2a-2025"])
def test_house_rules_of_layout_are_no_edits(name: str, rules: str) -> None:
    form = library.form(name)
    docx = docgen.render(name, library.sample(form), profile={"the_thuc": HOUSE[rules]})
    reading = read(docx)
    found = read_texts(form, frame(form, library.template(form, reading.stamp["layout"])), reading)
    assert [problem.message for problem in found.problems] == []


@pytest.mark.parametrize("edition", EDITIONS, ids=name_of)
def test_every_field_tells_how_it_was_read(edition: Edition) -> None:
    found = read_from(edition, rendered(edition, library.sample(edition.form)))
    assert set(found.how.values()) <= {"control", "label"}
    assert found.values.keys() <= found.how.keys()


@pytest.mark.parametrize("hostile", TEXTS, ids=lambda each: each.name)
@pytest.mark.parametrize("edition", LISTS, ids=name_of)
def test_a_hostile_value_comes_back_from_every_place(edition: Edition, hostile: Hostile) -> None:
    values = filled(edition.form, {place.path: hostile.value for place in text_places(edition.form)})
    if taken(edition, values) is not None:
        assert_comes_back(edition, values)


@pytest.mark.parametrize("edition", EDITIONS, ids=name_of)
def test_different_hostile_values_come_back_from_their_places(edition: Edition) -> None:
    places = text_places(edition.form)
    chosen: dict[str, Any] = {}
    for place, text in zip(places, cycle(each.value for each in TEXTS), strict=False):
        alone = filled(edition.form, {place.path: text})
        chosen |= {place.path: text} if taken(edition, alone) is not None else {}
    values = filled(edition.form, chosen)
    # A row in which nothing stands is no row.
    assert_comes_back(edition, {name: value for name, value in values.items() if value != [{}]})


@pytest.mark.parametrize("edition", LISTS, ids=name_of)
@settings(max_examples=25)
@given(data=st.data())
def test_made_up_records_come_back(edition: Edition, data: st.DataObject) -> None:
    letters = st.text(st.characters(codec="utf-8", categories=["L", "M", "N", "P", "S", "Zs"]), max_size=30)
    drawn = {place.path: data.draw(letters) for place in text_places(edition.form)}
    # A line of dots is one on which nobody has written.
    chosen = {path: text for path, text in drawn.items() if not says_nothing(text) and "………" not in text}
    values = filled(edition.form, chosen, flags=data.draw(st.booleans()))
    if taken(edition, values) is not None:
        assert_comes_back(edition, {name: value for name, value in values.items() if value != [{}]})
