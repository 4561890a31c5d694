"""The shelf: every folder is found, families choose their form, and the forms say what the sources say."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from docgen.errors import DataError, FormError
from docgen.papers import library
from docgen.rules.choices import options
from docgen.rules.layouts import layouts
from tests.gate.texts import document_text
from tests.papers.specimens import EDITIONS, FORMS, Edition, blank, name_of, rendered

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docgen.papers.form import Form

ROOT = Path(__file__).parent.parent.parent


def test_every_folder_is_a_paper_with_a_sample_and_templates() -> None:
    folders = sorted(entry.name for entry in (ROOT / "templates_docx").iterdir() if entry.is_dir())
    assert sorted(form.id for form in FORMS) == folders
    for form in FORMS:
        drawn = {library.template_name(form, layout) for layout in form.layouts}
        assert {entry.name for entry in (ROOT / "templates_docx" / form.id).iterdir()} == {"form.toml", *drawn}
        assert library.sample(form)
    samples = {entry.stem for entry in (ROOT / "samples").glob("*.json")}
    assert samples == set(folders)


def test_a_form_is_found_by_id_or_alias() -> None:
    for form in FORMS:
        assert {library.form(name).id for name in (form.id, *form.aliases)} == {form.id}
    assert library.form("mau-02").id == "mau-02-2019"


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("mau-2b-2024", "Có phải là mau-2b-2025?"),
        ("mau_02_2019", "Có phải là mau-02-2019?"),
        ("kiem-diem-canhan", "Có phải là kiem-diem-ca-nhan?"),
        ("../mau-2b-2025", "Có phải là mau-2b-2025?"),
        ("xyz", "docgen forms"),
        ("", "docgen forms"),
    ],
)
def test_an_unknown_form_is_refused_with_the_nearest_name(name: str, cure: str) -> None:
    with pytest.raises(FormError) as caught:
        library.form(name)
    (problem,) = caught.value.problems
    assert problem.code == "form-unknown"
    assert cure in problem.cure


@pytest.mark.parametrize(
    ("values", "form"),
    [
        ({"doi_tuong": "khong-lanh-dao", "nam": 2025}, "mau-2b-2025"),
        ({"doi_tuong": "khong-lanh-dao", "nam": "năm 2026"}, "mau-2b-2025"),
        ({"doi_tuong": "khong-lanh-dao", "nam": "2021"}, "mau-02-2019"),
        ({"doi_tuong": "lanh-dao", "nam": 2019}, "mau-02-2019"),
        ({"doi_tuong": "ngoai-he-thong", "nam": 2022}, "mau-02-2019"),
    ],
)
def test_a_family_chooses_the_form_of_the_case_and_the_year(values: dict[str, object], form: str) -> None:
    assert library.form_for("kiem-diem-ca-nhan", values).id == form


def test_a_collective_has_one_form_a_year() -> None:
    assert library.form_for("kiem-diem-tap-the", {"nam": 2025}).id == "mau-01-2025"
    assert library.form_for("mau-01-2025", {}).id == "mau-01-2025"


@pytest.mark.parametrize(
    ("values", "code", "field", "told"),
    [
        ({"doi_tuong": "lanh-dao"}, "family-year", "nam", "Chưa rõ năm"),
        ({"doi_tuong": "lanh-dao", "nam": ""}, "family-year", "nam", "Chưa rõ năm"),
        ({"doi_tuong": "lanh-dao", "nam": "nay"}, "year-unreadable", "nam", "«nay» không phải năm"),
        ({"doi_tuong": "khong-lanh-dao", "nam": 2018}, "family-unserved", "nam", "năm «2018»"),
        ({"doi_tuong": "hoc-sinh", "nam": 2025}, "family-unserved", "doi_tuong", "«hoc-sinh» không phải một đối tượng"),
        ({"nam": 2025}, "family-unserved", "doi_tuong", "Chưa ghi đối tượng"),
    ],
)
def test_a_family_that_cannot_choose_says_what_it_needs(
    values: dict[str, object], code: str, field: str, told: str
) -> None:
    with pytest.raises(DataError) as caught:
        library.form_for("kiem-diem-ca-nhan", values)
    (problem,) = caught.value.problems
    assert (problem.code, problem.field) == (code, field)
    assert told in problem.message
    assert problem.cure


def served(forms: Iterable[Form], family: str) -> dict[tuple[str, int], list[str]]:
    """Which forms serve each kind of subject in each year, from the family's first year to 2030."""
    members = [form for form in forms if form.family == family]
    subjects = sorted({subject for form in members for subject in form.subject} or {""})
    first = min(form.first_year or 0 for form in members)
    return {
        (subject, year): [
            form.id
            for form in members
            if (form.first_year or 0) <= year <= (form.last_year or 9999) and (not subject or subject in form.subject)
        ]
        for subject in subjects
        for year in range(first, 2031)
    }


@pytest.mark.parametrize("family", sorted(library.families()))
def test_a_family_has_one_form_for_each_case_and_year(family: str) -> None:
    assert {case: names for case, names in served(FORMS, family).items() if len(names) != 1} == {}


def test_the_check_of_families_sees_an_overlap_and_a_gap() -> None:
    form = library.form("mau-2b-2025")
    early = form.model_copy(update={"id": "a", "first_year": 2020, "last_year": 2025})
    found = served([form, early, form.model_copy(update={"id": "b", "subject": ("lanh-dao",)})], "kiem-diem-ca-nhan")
    assert found["khong-lanh-dao", 2025] == ["mau-2b-2025", "a"]
    assert found["lanh-dao", 2024] == []


@pytest.mark.parametrize("form", FORMS, ids=name_of)
def test_a_form_tells_its_basis_its_layouts_and_what_is_unsure(form: Form) -> None:
    assert form.basis
    assert form.summary.endswith(".")
    assert form.valid_to is None or form.valid_from < form.valid_to
    assert set(form.layouts) <= {layout.id for layout in layouts()}
    assert (form.dated_by is not None) == (len(form.layouts) > 1)
    assert any(part.status == "UNVERIFIED" for part in form.provenance)
    for field in (field for field in form.fields.values() if field.type == "choice"):
        assert options(field.choices or "")


@pytest.mark.parametrize(
    ("day", "layout"),
    [
        (date(2026, 5, 26), "hd36-2018"),
        (date(2026, 5, 27), "hd05-2026"),
        (date(2025, 11, 1), "hd36-2018"),
        (None, "hd05-2026"),
    ],
)
def test_the_date_of_a_paper_chooses_its_regime(day: date | None, layout: str) -> None:
    assert library.layout_of(library.form("ke-hoach-khac-phuc"), day).id == layout
    assert library.layout_of(library.form("mau-2b-2025"), day).id == "bieu-mau"


PRINTED = tomllib.loads((Path(__file__).parent / "printed.toml").read_text("utf-8"))


def test_every_table_of_exact_strings_is_of_a_paper() -> None:
    assert set(PRINTED) <= {form.id for form in FORMS}


@pytest.mark.parametrize("edition", [each for each in EDITIONS if each.form.id in PRINTED], ids=name_of)
def test_a_paper_prints_the_exact_strings_of_its_source(edition: Edition) -> None:
    found, expected = Counter(document_text(rendered(edition, blank(edition.form)))), Counter(PRINTED[edition.form.id])
    assert list(expected - found) == []
