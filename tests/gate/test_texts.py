"""The text oracle sees every lost character and is not deceived by what the values themselves hold."""

from __future__ import annotations

from xml.sax.saxutils import escape

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.gate.hostile import HOSTILE
from tests.gate.parts import read_parts, write_parts
from tests.gate.specimen import good
from tests.gate.texts import document_text, given_texts, left_over, lost

DOCUMENT = "word/document.xml"
WORDS = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), min_size=2, max_size=40
)


def with_name(name: str) -> bytes:
    """The good document with another name in its control."""
    parts = read_parts(good())
    text = parts[DOCUMENT].decode().replace("<w:t>Lê Thị Hồng Ánh", f'<w:t xml:space="preserve">{escape(name)}')
    return write_parts({**parts, DOCUMENT: text.encode()})


@settings(max_examples=40)
@given(WORDS)
def test_a_text_that_is_there_is_found_and_explains_itself(name: str) -> None:
    docx = with_name(name)
    assert lost(docx, {"ho_ten": name}) == []
    assert left_over(docx, {"ho_ten": name}) == []


@settings(max_examples=40)
@given(WORDS, st.data())
def test_one_lost_character_is_seen(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 1))
    docx = with_name(name[:at] + name[at + 1 :])
    assume(name not in "\n".join(document_text(docx)))
    assert len(lost(docx, {"ho_ten": name})) == 1


def test_template_language_in_a_value_is_no_left_over_but_beside_it_is() -> None:
    for hostile in HOSTILE:
        if hostile.number in {22, 23, 24, 25}:
            assert left_over(with_name(hostile.value), [hostile.value]) == [], hostile.name
    assert left_over(with_name("{{ a }} và {{ b }}"), ["{{ a }}"])
    assert left_over(with_name("ô None"), [])


def test_lines_must_follow_one_another() -> None:
    lines = ["Gương mẫu & thẳng thắn", "Chấp hành <nghiêm> kỷ luật"]
    assert lost(good(), "\n".join(lines)) == []
    assert len(lost(good(), "\n".join(reversed(lines)))) == 1


def test_texts_of_nested_values_are_all_asked_for() -> None:
    values = {"a": "một", "b": ["hai", {"c": 3}], "d": None, "e": True, "f": ("bốn",)}
    assert list(given_texts(values)) == ["một", "hai", "3", "bốn"]
