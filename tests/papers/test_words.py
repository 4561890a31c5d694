"""From a record to ready words: dates, numbers and levels by rule, blanks by policy, every value whole."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.papers import library
from docgen.papers.form import Field, Form
from docgen.papers.record import record
from docgen.papers.words import words
from tests.gate.texts import given_texts
from tests.papers.specimens import blank, filled, name_of, text_places

FORMS = library.catalogue()
NO_BREAK = "\u00a0"
GAP = NO_BREAK * 6
ROOT = {
    "id": "phieu-thu",
    "edition": "2026",
    "title": "Phiếu thử",
    "summary": "Phiếu dùng để thử.",
    "basis": ["Không có"],
    "valid_from": "2026-01-01",
    "layouts": ["bieu-mau"],
    "file_name": "phieu",
    "provenance": [],
}
COMPUTED = {"op": "percent", "of": ["tu", "mau"], "places": 1}


def form_of(**fields: dict[str, Any]) -> Form:
    """A form with these fields, as form.toml would write them."""
    return Form.model_validate({**ROOT, "fields": {name: {"label": "Mục", **entry} for name, entry in fields.items()}})


def word(entry: dict[str, Any], value: object = None) -> Any:
    """The word of one field."""
    return words(record(form_of(muc=entry), {"muc": value}))["muc"]


@pytest.mark.parametrize(
    ("entry", "value", "expected"),
    [
        ({}, "Bí thư & <b>", "Bí thư & <b>"),
        ({"type": "name"}, "Lê Thị Na", "Lê Thị Na"),
        ({"type": "paragraphs"}, "Một\nHai", ["Một", "Hai"]),
        ({"type": "date"}, "8/3/2018", "08/3/2018"),
        ({"type": "date"}, "20/2/2018", "20/02/2018"),
        ({"type": "date", "format": "long"}, "8/12/2025", "ngày 08 tháng 12 năm 2025"),
        ({"type": "date", "format": "long"}, "11/2026", "ngày … tháng 11 năm 2026"),
        ({"type": "date", "format": "long"}, "2026", "ngày … tháng … năm 2026"),
        ({"type": "date", "format": "long", "blank": "empty"}, "2/2026", f"ngày{GAP}tháng 02 năm 2026"),
        ({"type": "date", "format": "long", "blank": "empty"}, 2026, f"ngày{GAP}tháng{GAP}năm 2026"),
        ({"type": "month"}, "02/2026", "tháng 02 năm 2026"),
        ({"type": "month"}, 3, "tháng 3"),
        ({"type": "quarter"}, "3/2026", "quý III/2026"),
        ({"type": "year"}, "năm 2026", "2026"),
        ({"type": "integer"}, "46882", "46.882"),
        ({"type": "decimal"}, 27.5, "27,5"),
        ({"type": "decimal"}, "1.234,50", "1.234,5"),
        ({"type": "percent"}, "86,9%", "86,9%"),
        ({"type": "choice", "choices": "cap-do"}, "TB", "Trung bình"),
        ({"type": "yes_no"}, "x", "Có"),
        ({"type": "yes_no"}, False, "Không"),
    ],
)  # fmt: skip
def test_a_value_becomes_its_word(entry: dict[str, Any], value: object, expected: object) -> None:
    assert word(entry, value) == expected


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({}, "…" * 20),
        ({"dots": 3}, "…" * 3),
        ({"blank": "không"}, "Không"),
        ({"blank": "empty"}, NO_BREAK),
        ({"blank": "empty", "hand_room": 7}, NO_BREAK * 7),
        ({"type": "name", "dots": 5}, "…" * 5),
        ({"type": "paragraphs"}, ["…" * (33 * 3 - 2)]),
        ({"type": "paragraphs", "lines": 1, "dots": 14}, ["…" * 14]),
        ({"type": "paragraphs", "blank": "không"}, ["Không."]),
        ({"type": "paragraphs", "blank": "empty"}, [NO_BREAK]),
        ({"type": "date"}, "…" * 20),
        ({"type": "date", "format": "long"}, "ngày … tháng … năm …"),
        ({"type": "date", "format": "long", "blank": "empty"}, f"ngày{GAP}tháng{GAP}năm{GAP}"),
        ({"type": "decimal", "dots": 3}, "………"),
        ({"type": "choice", "choices": "cap-do"}, "…" * 20),
        ({"type": "choice", "choices": "cap-do", "blank": "empty"}, NO_BREAK),
        ({"type": "levels", "numbering": ["I."]}, ["I.", "II."]),
    ],
)
def test_a_blank_prints_what_the_form_says(entry: dict[str, Any], expected: object) -> None:
    found = word(entry)
    if entry.get("type") == "levels":
        assert [row["so"] for row in found] == expected
        assert all(set(row["noi_dung"]) == {"…"} for row in found)
    else:
        assert found == expected


def test_ticks_and_conditions_say_what_was_chosen() -> None:
    form = form_of(
        muc={"type": "choice", "choices": "cap-do"},
        khac={"type": "choice", "choices": "cap-do"},
        co_in={"type": "yes_no", "default": True},
        an={"type": "yes_no"},
        ten={},
    )
    made = words(record(form, {"muc": "Tốt", "an": False}))
    assert made["danh_dau"] == {
        "muc": {"xuat_sac": False, "tot": True, "trung_binh": False, "kem": False},
        "khac": {"xuat_sac": False, "tot": False, "trung_binh": False, "kem": False},
    }
    assert made["co"] == {"muc": True, "khac": False, "co_in": True, "an": False, "ten": False}
    assert words(record(form, {"co_in": "không", "ten": "Na"}))["co"]["co_in"] is False


def test_the_words_of_a_record_are_its_own() -> None:
    form = form_of(
        muc={"type": "choice", "choices": "cap-do"},
        y_kien={"type": "paragraphs"},
        viec=LIST,
        dieu={"type": "levels"},
        co_in={"type": "yes_no"},
    )
    blank_record = record(form, {})
    before = words(blank_record)
    spoilt = words(blank_record)
    spoilt["danh_dau"]["muc"]["tot"] = spoilt["co"]["co_in"] = True
    spoilt["y_kien"].append("của người khác")
    spoilt["viec"][0]["ten"] = spoilt["viec"][1]["co"]["ten"] = spoilt["dieu"][0]["noi_dung"] = "của người khác"
    assert words(blank_record) == before
    assert spoilt != before


LIST = {
    "type": "list",
    "blank_rows": 2,
    "columns": {"ten": {"label": "Tên", "dots": 4}, "ngay": {"label": "Ngày", "type": "date", "blank": "empty"}},
}


def test_rows_are_numbered_and_keep_their_order() -> None:
    rows = word(LIST, [{"ten": "Họp", "ngay": "1/2/2026"}, {"Tên": "Dự giờ"}])
    assert [{name: row[name] for name in ("stt", "ten", "ngay", "co")} for row in rows] == [
        {"stt": "1", "ten": "Họp", "ngay": "01/02/2026", "co": {"ten": True, "ngay": True}},
        {"stt": "2", "ten": "Dự giờ", "ngay": NO_BREAK, "co": {"ten": True, "ngay": False}},
    ]


def test_a_blank_list_shows_its_empty_rows_or_none() -> None:
    rows = word(LIST)
    assert [(row["stt"], row["ten"], row["co"]) for row in rows] == [
        (number, "…" * 4, {"ten": False, "ngay": False}) for number in ("1", "2")
    ]
    assert word({**LIST, "blank": "empty"}) == []


def test_a_grouped_list_has_the_same_words_when_it_is_blank() -> None:
    grouped = {**LIST, "group_by": "ten", "sort": ["ten"]}
    full = word(grouped, [{"ten": "Họp"}, {"ten": "Dự giờ"}, {"ten": "Họp"}])
    assert [(row["stt"], row["ten"], row["dau_nhom"]) for row in full] == [
        ("1", "Dự giờ", "Dự giờ"),
        ("2", "Họp", "Họp"),
        ("3", "Họp", ""),
    ]
    assert [set(row) for row in word(grouped)] == [set(full[0])] * 2


ENTRIES = [
    {"muc": "a", "con": ["b", {"muc": "c", "con": ["d", "e"]}, "f"]},
    "g",
    {"muc": "h", "con": [{"muc": "i", "con": ["j"]}]},
]


@pytest.mark.parametrize(
    ("numbering", "numbers"),
    [
        (["1.", "a)", "-"], ["1.", "a)", "b)", "-", "-", "c)", "2.", "3.", "a)", "-"]),
        (["I.", "1.", "a)"], ["I.", "1.", "2.", "a)", "b)", "3.", "II.", "III.", "1.", "a)"]),
        (["I-", "1.", "1.1."], ["I-", "1.", "2.", "2.1.", "2.2.", "3.", "II-", "III-", "1.", "1.1."]),
        (["Phần", "I.", "1."], ["Phần I", "I.", "II.", "1.", "2.", "III.", "Phần II", "Phần III", "I.", "1."]),
        (["1.", "1.1.", "1.1.1."], ["1.", "1.1.", "1.2.", "1.2.1.", "1.2.2.", "1.3.", "2.", "3.", "3.1.", "3.1.1."]),
    ],
)
def test_levels_are_numbered_by_their_pattern(numbering: list[str], numbers: list[str]) -> None:
    rows = word({"type": "levels", "numbering": numbering}, ENTRIES)
    assert [row["so"] for row in rows] == numbers
    assert [row["noi_dung"] for row in rows] == list("abcdefghij")
    assert [row["cap"] for row in rows] == list("1223321123")
    assert [row["co_con"] for row in rows] == [letter in "achi" for letter in "abcdefghij"]


def test_letters_are_the_vietnamese_ones_and_never_end() -> None:
    rows = word({"type": "levels", "numbering": ["a)"]}, [f"việc {number}" for number in range(600)])
    numbers = [row["so"] for row in rows]
    assert numbers[:26] == [f"{letter})" for letter in [*"abcdđeghiklmnopqrstuvxy", "aa", "ab", "ac"]]
    assert len(set(numbers)) == len(numbers)


def test_computed_words_are_written_by_rule() -> None:
    form = form_of(
        tu={"type": "integer"}, mau={"type": "integer"}, ty_le={"type": "computed", "compute": COMPUTED, "dots": 3}
    )
    assert words(record(form, {"tu": 616, "mau": 663}))["ty_le"] == "92,9%"
    assert words(record(form, {"tu": 616}))["ty_le"] == "………"


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cn", "Zs", "Zl", "Zp"]), min_size=1, max_size=12
)


@pytest.mark.parametrize("form", FORMS, ids=name_of)
@given(data=st.data())
def test_every_value_of_a_record_stands_whole_in_its_words(form: Form, data: st.DataObject) -> None:
    texts = {place.path: data.draw(TEXTS) for place in text_places(form)}
    made = record(form, filled(form, texts))
    shown = list(given_texts(words(made)))
    expected = list(given_texts({name: made.values[name] for name in made.values if _is_text(form.fields[name])}))
    assert expected
    assert all(shown.count(text) >= expected.count(text) for text in expected)


def _is_text(field: Field) -> bool:
    return field.type in {"text", "name", "paragraphs"}


@pytest.mark.parametrize("form", FORMS, ids=name_of)
def test_a_blank_form_has_every_word_of_a_filled_one(form: Form) -> None:
    full, empty = (words(record(form, values)) for values in (library.sample(form), blank(form)))
    assert _shape(_without_empty(empty, full)) == _shape(_without_empty(full, empty))


def _without_empty(words_: dict[str, Any], others: dict[str, Any]) -> dict[str, Any]:
    """The words without the lists that show no row in one of the two: of these there is nothing to compare."""
    return {name: word_ for name, word_ in words_.items() if [] not in (word_, others[name])}


def _shape(value: Any) -> Any:
    """The names and kinds of words, without the words."""
    if isinstance(value, dict):
        return {name: _shape(inner) for name, inner in value.items()}
    return [_shape(value[0])] if isinstance(value, list) else type(value)
