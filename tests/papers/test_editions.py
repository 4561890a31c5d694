"""Old editions stay usable for old years; an edition that is not of the record's year warns and names the right one."""

from __future__ import annotations

import pytest

from docgen.generate import check, document

PERSON = {"ho_ten": "Nguyễn Văn An", "chi_bo": "thôn Hạ"}


@pytest.mark.parametrize(
    ("form", "year", "successor"),
    [
        ("mau-02-2019", 2024, "mau-02a-2023"),
        ("mau-02-2019", 2025, "mau-2a-2025"),
        ("mau-2b-2025", 2021, "mau-02-2019"),
        ("mau-2b-2025", 2024, "mau-02a-2023"),
        ("mau-02b-2023", 2026, "mau-2a-2025"),
    ],
)
def test_an_edition_out_of_its_years_warns_with_its_successor(form: str, year: int, successor: str) -> None:
    (warning,) = [each for each in check(form, PERSON | {"nam": year}) if each.code == "edition-out-of-force"]
    assert warning.severity == "warning"
    assert successor in warning.cure
    assert str(year) in warning.what
    assert document(form, PERSON | {"nam": year}).content


@pytest.mark.parametrize(("form", "year"), [("mau-02-2019", 2019), ("mau-02-2019", 2022), ("mau-2b-2025", 2030)])
def test_an_edition_in_its_years_is_silent(form: str, year: int) -> None:
    assert check(form, PERSON | {"nam": year}) == ()


def test_an_edition_that_has_ended_tells_when() -> None:
    (warning,) = check("mau-02-2019", PERSON | {"nam": 2025})
    assert "09/11/2023" in warning.what
    assert warning.clause
