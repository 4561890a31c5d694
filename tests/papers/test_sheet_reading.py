"""What is typed into the Excel to fill comes back whole: text as text, samples as samples, or it is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docgen.errors import DataError
from docgen.papers import library
from docgen.papers.asked import cells
from docgen.papers.record import record
from docgen.papers.sheet import fill_sheets
from docgen.roster import roster
from docgen.rules.choices import options
from docgen.tables.excel import write_sheets
from docgen.tables.sheets import CODE
from tests.libreoffice import saved
from tests.papers.filling import filled, formats
from tests.papers.specimens import FORMS, name_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from docgen.papers.form import Form
    from docgen.roster import Roster


def read_back(name: str, content: bytes) -> Roster:
    return roster(name, content, file="ds.xlsx")


def flat(form: Form, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that a sheet can hold: without numbered levels that have levels below them."""
    return {
        each: value
        for each, value in values.items()
        if not (form.fields[each].type == "levels" and any(level.depth > 1 for level in value or ()))
    }


@pytest.mark.parametrize("form", FORMS, ids=name_of)
def test_a_sample_typed_into_the_sheet_is_the_sample_again(form: Form) -> None:
    sample = record(form, library.sample(form))
    read = read_back(form.id, filled(form.id, cells(sample)))
    assert read.notes == ()
    [row] = read.rows
    again = record(form, {each: value for each, value in read.values(row).items() if each != "ma"}, read.common)
    assert flat(form, sample.values) == {each: again.values[each] for each in flat(form, sample.values)}
    assert [problem for problem in again.warnings if problem.severity == "error"] == []


@pytest.mark.parametrize("form", [form for form in FORMS if form.family and form.last_year is None], ids=name_of)
def test_a_sample_typed_into_the_sheet_of_its_family_finds_its_form(form: Form) -> None:
    assert form.family
    sample = record(form, library.sample(form))
    labels = {option.id: option.label for option in options(library.SUBJECTS)}
    subject = labels[form.subject[0]] if form.subject else None
    read = read_back(form.family, filled(form.family, cells(sample), subject=subject))
    [row] = read.rows
    values = read.values(row)
    assert read.form(row) == form
    again = record(form, {each: value for each, value in values.items() if each != "ma"}, read.common)
    assert flat(form, again.values) == flat(form, sample.values)


def test_the_row_wins_over_chung() -> None:
    held = cells(record(library.form("mau-2b-2025"), library.sample(library.form("mau-2b-2025"))))
    made = fill_sheets("mau-2b-2025")
    main = replace(made[0], rows=[[("Đảng bộ khác" if each.aside else "x") for each in made[0].columns]])
    common = replace(made[1], rows=[["Đảng bộ", held["dang_bo"], None]])
    read = read_back("mau-2b-2025", write_sheets([main, common]))
    assert read.values(read.rows[0])["dang_bo"] == "Đảng bộ khác"
    assert read.common == {"dang_bo": "xã Tân Hòa"}


VIETNAMESE = "aàảãáạăằẳẵắặâầẩẫấậđeèéêềếệiìíoòóôồốơờớuùúưừứyỳýbcdghklmnpqrstvx AĐÊÔƠƯ0123456789.,;:!?()/%-–«»“”\"'"
TYPED = st.text(VIETNAMESE + "\n", min_size=1, max_size=60).filter(lambda text: not re.fullmatch(r"[\s?]*", text))
TEXTS = {"chi_bo": "text", "ho_ten": "name", "pham_chat": "paragraphs", "don_vi": "text"}


@settings(max_examples=25)
@given(st.fixed_dictionaries(dict.fromkeys(TEXTS, TYPED)))
def test_what_people_type_is_read_back_as_they_would_give_it_to_the_form(texts: dict[str, str]) -> None:
    form = library.form("mau-2b-2025")
    direct = record(form, {**texts, "nam": 2025}).values
    read = read_back("mau-2b-2025", filled("mau-2b-2025", {**texts, "nam": 2025}))
    assert read.faulty == ()
    [row] = read.rows
    values = {each: value for each, value in read.values(row).items() if each != "ma"}
    assert record(form, values, read.common).values == direct


@settings(max_examples=25)
@given(st.fixed_dictionaries(dict.fromkeys(TEXTS, st.text(st.characters(exclude_categories=["Cs"]), max_size=40))))
def test_whatever_stands_in_a_cell_is_refused_or_read_back_unchanged(texts: dict[str, str]) -> None:
    form = library.form("mau-2b-2025")
    texts = {each: f"a{text}" for each, text in texts.items()}
    read = read_back("mau-2b-2025", filled("mau-2b-2025", {**texts, "nam": 2025}))
    assert len(read.rows) + len(read.faulty) == 1
    for row in read.rows:
        values = {each: value for each, value in read.values(row).items() if each != "ma"}
        assert outcome(form, values, read.common) == outcome(form, {**texts, "nam": 2025})


def outcome(form: Form, values: Mapping[str, object], *fallbacks: Mapping[str, object]) -> object:
    try:
        return dict(record(form, values, *fallbacks).values)
    except DataError as error:
        return sorted((problem.code, problem.field or "") for problem in error.problems)


def test_codes_and_telephone_numbers_keep_their_zeros() -> None:
    held = {"chi_bo": "0007", "ho_ten": "0912345678", "nam": 2025}
    read = read_back("mau-2b-2025", filled("mau-2b-2025", held, code="00123"))
    [row] = read.rows
    assert row.values[CODE] == "00123"
    assert read.values(row) == {"ma": "00123", "chi_bo": "0007", "ho_ten": "0912345678"}


@pytest.mark.needs_calc
def test_a_spreadsheet_keeps_zeros_and_the_format_of_text(tmp_path: Path) -> None:
    made = filled("mau-2b-2025", {"chi_bo": "0007", "ho_ten": "0912345678", "nam": 2025})
    content = saved(tmp_path, {"ds": made}, "xlsx", "xlsx:Calc MS Excel 2007 XML")["ds"]
    read = read_back("mau-2b-2025", content)
    [row] = read.rows
    assert read.notes == ()
    assert read.values(row) == {"ma": "00123", "chi_bo": "0007", "ho_ten": "0912345678"}
    assert read.common == {"nam": 2025}
    assert formats(content, 1)[:3] == ["@", "@", "@"]
