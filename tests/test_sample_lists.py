"""The invented people are sound; the two sample lists are what their generator makes: one right, one full of faults."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import _sample_lists as lists
from benchmarks._people import COLUMNS, FAMILY, member, people, rows
from benchmarks._sample_faults import AFTER_BLANK_ROW, FAULTS, NOBODY, RENAMED
from benchmarks._worn_book import Hidden, OldFont, worn
from docgen.errors import DataError
from docgen.papers import checks, library
from docgen.papers.fields import read
from docgen.papers.record import record
from docgen.papers.sheet import MAIN, fill_sheets
from docgen.roster import roster
from docgen.tables.limits import DEFAULT
from docgen.tables.workbook import read_workbook
from docgen.viet.dates import parse_date
from docgen.viet.legacy import convert
from docgen.viet.names import fold

if TYPE_CHECKING:
    from benchmarks._sample_faults import Fault
    from docgen.papers.record import Record
    from docgen.roster import Roster
    from docgen.tables.cells import Grid
    from docgen.tables.rows import Row

SAMPLES = Path(__file__).parent.parent / "samples"
MADE = {"dang_bo": lists.dang_bo, "dang_bo_loi": lists.dang_bo_loi}
PAGE = 2_100
"""Characters of Vietnamese text on one printed page of these forms, about."""


@cache
def grids(name: str) -> list[Grid]:
    return read_workbook((SAMPLES / f"{name}.xlsx").read_bytes(), "xlsx", None, DEFAULT)


@cache
def read_roster(name: str) -> Roster:
    return roster(FAMILY, (SAMPLES / f"{name}.xlsx").read_bytes(), file=f"{name}.xlsx")


def checked(found: Roster, row: Row) -> Record:
    values = found.values(row)
    form = found.form(row)
    return record(form, {name: value for name, value in values.items() if name != "ma"}, found.common)


def codes(found: Roster, row: Row) -> set[str]:
    """What is said of a row, errors and warnings."""
    for faulty in found.faulty:
        if faulty.row is row:
            return {problem.code for problem in faulty.problems}
    try:
        read_record = checked(found, row)
    except DataError as error:
        return {problem.code for problem in error.problems}
    return {problem.code for problem in (*read_record.warnings, *checks.warnings(read_record))}


def helped(content: bytes) -> dict[str, list[str]]:
    """Notes and drop-downs by part of the package, as written."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name).decode() for name in package.namelist() if name.endswith(".xml")}
    found = {name: re.findall("<t[ >].*?</t>|<dataValidation .*?</dataValidation>", xml) for name, xml in parts.items()}
    assert any("comments" in name and texts for name, texts in found.items())
    return found


# ---------------------------------------------------------------- people


@given(st.integers(1, 100_000), st.integers(2025, 2030))
def test_whoever_is_asked_for_writes_a_paper_without_a_fault(number: int, year: int) -> None:
    told = member(number, year=year)
    form = library.form_for(FAMILY, told)
    found = record(form, {name: value for name, value in told.items() if name != "ma"})
    assert (*found.warnings, *checks.warnings(found)) == ()
    assert told["ma"] == f"{number:05}"
    assert not re.search("[{}]", "".join(map(str, told.values())))


def test_the_same_number_is_the_same_person_however_many_are_asked_for() -> None:
    assert list(people(40)) == list(people(160))[:40]
    assert list(people(160))[-1] == member(160)


def test_forms_before_2025_ask_for_other_things() -> None:
    with pytest.raises(ValueError, match="2025"):
        people(1, year=2024)


def test_no_part_is_greater_than_its_whole_and_no_percentage_is_wrong() -> None:
    counts = percentages = 0
    for told in people(600):
        text = "\n".join(str(value) for value in told.values())
        for part, whole in re.findall(r"(?<![\d/] )(?<!ngày )(?<![\d/])([\d.]+)/([\d.]+) (?!ngày)(?!-)(?=\w)", text):
            counts += 1
            assert int(part.replace(".", "")) <= int(whole.replace(".", "")), (told["ma"], part, whole)
        for part, whole, shown in re.findall(r"(\d+)/(\d+) [^()/;\d]*\((\d+(?:,\d)?)%\)", text):
            percentages += 1
            assert abs(100 * int(part) / int(whole) - float(shown.replace(",", "."))) <= 0.05, (told["ma"], part, whole)
    assert counts > 500
    assert percentages > 50


def test_what_happened_happened_before_the_paper_was_written() -> None:
    for told in people(600):
        written = parse_date(told["ngay_ky"])
        if told["ngay_sinh"]:
            assert parse_date(told["ngay_sinh"]).year <= written.year - 18
        done = "\n".join(str(told.get(name, "")) for name in ("pham_chat", "nhiem_vu", "cam_ket", "giai_trinh"))
        for day in re.findall(r"\d{1,2}/\d{1,2}/\d{4}", done):
            assert parse_date(day) < written, (told["ma"], day)


def test_people_differ_as_people_do() -> None:
    found = list(people(600))
    assert {told["doi_tuong"] for told in found} == {"lanh-dao", "khong-lanh-dao", "ngoai-he-thong"}
    assert len({told["muc_xep_loai"] for told in found}) == 5, "four levels, and some not rated yet"
    assert len({told["ho_ten"] for told in found}) > 450
    assert 0.3 < sum(str(told["ho_ten"]).startswith("Nguyễn") for told in found) / 600 < 0.45
    assert len({str(told["nhiem_vu"]) for told in found}) > 550
    assert {re.sub(r"\d+", "0", str(told["ngay_sinh"])) for told in found} >= {"0/0/0", "0-0-0", "0.0.0", ""}
    assert any(len(str(told["pham_chat"])) < 200 for told in found)
    assert any(len(str(told["nhiem_vu"])) > 3 * PAGE for told in found)


def test_a_row_has_the_fifteen_columns_and_about_two_kilobytes() -> None:
    fields = library.form("mau-2b-2025").fields
    found = list(rows(500))
    sizes = [sum(len(str(value).encode()) for value in row.values()) for row in found]
    assert len(COLUMNS) == len(set(COLUMNS)) == 15
    assert set(COLUMNS) <= fields.keys()
    assert {tuple(row) for row in found} == {COLUMNS}
    assert sum(1_500 <= size <= 2_500 for size in sizes) > 0.95 * len(sizes)
    assert all(isinstance(row["ngay_sinh"], date) for row in found)
    for row in found[:50]:
        assert record(library.form("mau-2b-2025"), row).warnings == ()


# ---------------------------------------------------------------- both lists


@pytest.mark.parametrize("name", sorted(MADE))
def test_the_committed_list_is_what_the_generator_makes(name: str) -> None:
    made = read_workbook(MADE[name](), "xlsx", None, DEFAULT)
    assert [grid.sheet for grid in made] == [grid.sheet for grid in grids(name)]
    for fresh, kept in zip(made, grids(name), strict=True):
        assert list(map(list, fresh.rows)) == list(map(list, kept.rows)), fresh.sheet
        assert fresh.facts == kept.facts, fresh.sheet
    assert helped(MADE[name]()) == helped((SAMPLES / f"{name}.xlsx").read_bytes())


@pytest.mark.parametrize("name", sorted(MADE))
def test_what_is_common_to_all_stands_on_its_own_sheet(name: str) -> None:
    found = read_roster(name)
    assert dict(found.common) == dict(lists.SHARED)
    assert "ngay_ky" in found.names.values()


# ---------------------------------------------------------------- the right list


def test_the_list_has_the_headings_of_the_excel_to_fill() -> None:
    [sheet] = [sheet for sheet in fill_sheets(FAMILY, year=lists.YEAR) if sheet.title == MAIN]
    assert [heading.text for heading in read_roster("dang_bo").read.headings] == [
        each.heading for each in sheet.columns
    ]


def test_a_dang_bo_of_nine_chi_bo_is_accepted_as_it_stands() -> None:
    found = read_roster("dang_bo")
    assert (found.rows_in, len(found.rows), found.faulty, found.read.skipped) == (150, 150, (), ())
    assert [note.code for note in found.notes] == ["mixed-dates"]
    for row in found.rows:
        assert codes(found, row) == set(), row.origin
    sizes = [sum(found.values(row)["chi_bo"] == name for row in found.rows) for name in _chi_bo(found)]
    assert len(sizes) == 9
    assert (min(sizes), max(sizes)) == (4, 40)
    assert {found.form(row).id for row in found.rows} == {"mau-2a-2025", "mau-2b-2025", "mau-2c-2025"}


def _chi_bo(found: Roster) -> set[object]:
    return {found.values(row)["chi_bo"] for row in found.rows}


def test_the_list_holds_what_makes_lists_hard() -> None:
    found = read_roster("dang_bo")
    told = [found.values(row) for row in found.rows]
    same = [each for each in told if fold(str(each["ho_ten"])) == fold("Nguyễn Văn Bình")]
    assert len({each["chi_bo"] for each in same}) == 1
    assert len({str(each["ngay_sinh"]) for each in same}) == len(same) == 2
    assert len({each["chi_bo"] for each in told if each["ho_ten"] == "Trần Thị Hoa"}) == 2
    assert [each["ma"] for each in told] == [f"{number:05}" for number in range(1, 151)]
    names = [str(each["ho_ten"]) for each in told]
    assert sum(len(name.split()) >= 5 for name in names) >= 2
    assert any(len(name.split()[-1]) == 1 for name in names)
    assert any(name != read(library.form("mau-2b-2025").fields["ho_ten"], name)[0] for name in names), "letter by mark"
    assert max(len(str(each["nhiem_vu"])) for each in told) > 3 * PAGE
    for name in ("ngay_sinh", "diem_chung", "muc_xep_loai", "giai_trinh", "trach_nhiem_tap_the"):
        assert any(name not in each for each in told), name
    assert {each.get("ngay_ky") for each in told} == {None, "28/11/2025"}


# ---------------------------------------------------------------- the list full of faults


def _row_of(found: Roster, fault: Fault) -> Row:
    """The row of a fault: rows stand in the order of the faults, under three examples, with one empty row."""
    below = sum(each.number < fault.number for each in FAULTS) + (fault.number >= AFTER_BLANK_ROW)
    every = [*found.rows, *(faulty.row for faulty in found.faulty)]
    [row] = [row for row in every if row.origin.row == 5 + below]
    return row


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.number}-{fault.code}")
def test_each_row_has_its_fault_and_no_other(fault: Fault) -> None:
    found = read_roster("dang_bo_loi")
    told = codes(found, _row_of(found, fault))
    if fault.code == "person-twice":
        assert told == set()
    else:
        assert told == ({fault.code} if fault.code else set())


def test_every_row_but_the_nameless_one_has_a_name() -> None:
    found = read_roster("dang_bo_loi")
    every = [_row_of(found, fault) for fault in FAULTS]
    assert [row.origin.row for row in every if not found.values(row).get("ho_ten")] == [6]
    assert all(first.number < second.number for first, second in pairwise(FAULTS))


def test_one_person_stands_in_three_rows() -> None:
    found = read_roster("dang_bo_loi")
    twice = [found.values(_row_of(found, fault)) for fault in FAULTS if fault.code == "person-twice"]
    assert len({each["ma"] for each in twice}) == 3
    assert len({(each["ho_ten"], parse_date(each["ngay_sinh"]), each["chi_bo"]) for each in twice}) == 1
    assert len({type(each["ngay_sinh"]) for each in twice}) == 2, "the date typed in another way"


def test_the_whole_list_has_its_faults_too() -> None:
    found = read_roster("dang_bo_loi")
    told: dict[str, Any] = {}
    for note in found.notes:
        told.setdefault(note.code, []).append(note)
    assert set(told) == {"legacy-encoding", "hidden-rows", "mixed-dates", "unknown-column", "list-sheet-unknown"}
    assert len(told["legacy-encoding"]) == 3
    assert len(told["unknown-column"]) == 2
    assert [reason for _, reason in found.read.skipped] == ["dòng ví dụ"] * 3 + ["dòng trống"]
    headings = {heading.text for heading in found.read.headings}
    assert {" ".join(heading.split()) for heading in RENAMED.values()} <= headings
    assert headings.isdisjoint(RENAMED)
    [rewards] = [grid for grid in grids("dang_bo_loi") if grid.sheet == "Khen thưởng"]
    assert NOBODY in [row[0] for row in rewards.rows]


def test_cells_keep_what_values_cannot_say() -> None:
    facts = grids("dang_bo_loi")[0].facts
    assert sorted(facts.fonts.values()) == [".VnTime", "VNI-Times"]
    assert [area.name for area in facts.merged] == ["I26:I27"]
    assert len(facts.hidden_rows) == 1
    assert sorted(cell.text for cell in facts.unreadable.values()) == ["", "#N/A"]


def test_text_that_looks_like_a_formula_is_text() -> None:
    found = read_roster("dang_bo_loi")
    [row] = [_row_of(found, fault) for fault in FAULTS if fault.number == 54]
    values = found.values(row)
    assert (values["khac_phuc_ky_truoc"], values["don_vi"]) == ("=> đã khắc phục xong", "- nt -")


@pytest.mark.parametrize(
    ("written", "encoding", "meant"),
    [("NguyÔn ThÞ Hång", "tcvn3", "Nguyễn Thị Hồng"), ("Coâng an xaõ Taân Hoøa", "vni", "Công an xã Tân Hòa")],
)
def test_the_old_text_is_truly_of_its_encoding(written: str, encoding: Any, meant: str) -> None:
    assert any(written in fault.values.values() for fault in FAULTS)
    assert convert(written, encoding) == meant


@pytest.mark.parametrize("edit", [OldFont("ZZ9", ".VnTime"), Hidden(9_999)])
def test_an_edit_of_what_is_not_there_is_refused(edit: Any) -> None:
    with pytest.raises(ValueError, match="no "):
        worn((SAMPLES / "dang_bo.xlsx").read_bytes(), [edit])
