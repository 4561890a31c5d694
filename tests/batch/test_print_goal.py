"""A list into print files: order, volumes, covers, what is made again, and whom a print file may not lose."""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING

import pypdfium2
import pytest

from docgen.batch.report import MOST_TOLD, Told, cause_of
from docgen.errors import DataError, Problem
from docgen.tables.lists import read_list
from tests.gate.sound import assert_quick
from tests.gate.texts import document_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.batch.conftest import Merged
    from tests.batch.small import Row

PEOPLE: Sequence[Row] = [
    {"ma": f"{number:03}", "ho_ten": name, "chi_bo": unit}
    for number, (name, unit) in enumerate(
        [
            ("Nguyễn Văn Út", "Chi bộ 10"),
            ("Lê Thị Ánh", "Chi bộ 2"),
            ("Trần Văn An", "Chi bộ 2"),
            ("Đỗ Thị Bé", "Chi bộ 10"),
            ("Phạm Văn Ân", "Chi bộ 2"),
        ]
    )
]
IN_ORDER = ["Trần Văn An", "Lê Thị Ánh", "Phạm Văn Ân", "Đỗ Thị Bé", "Nguyễn Văn Út"]


def names(docx: bytes) -> list[str]:
    """Whose papers stand in it, in order: the lines «Họ và tên: …»."""
    found = [re.match(r"Họ và tên: ?([^.…]+)", line) for line in document_text(docx)]
    return [each[1].strip() for each in found if each]


def indexed(folder: Path) -> list[object]:
    """Whom the index names, in order."""
    found = read_list((folder / "in.docx.danh_sach.xlsx").read_bytes(), name="danh_sach.xlsx")
    return [row.values["Họ và tên (hoặc tập thể)"] for row in found.rows]


def test_persons_stand_by_chi_bo_and_given_name(merged: Merged, tmp_path: Path) -> None:
    out = tmp_path / "in.docx"
    report = merged(PEOPLE, out)
    assert (report.done, report.outputs[0]) == (5, str(out))
    assert names(out.read_bytes()) == IN_ORDER


def test_a_list_stands_before_each_chi_bo(merged: Merged, tmp_path: Path) -> None:
    merged(PEOPLE, tmp_path / "in.docx")
    lines = document_text((tmp_path / "in.docx").read_bytes())
    covers = [place for place, line in enumerate(lines) if line == "DANH SÁCH"]
    assert [lines[place + 1] for place in covers] == ["Chi bộ 2", "Chi bộ 10"]
    listed = [line for line in lines[covers[0] : covers[0] + 25] if line in IN_ORDER]
    assert listed[:3] == IN_ORDER[:3]


def test_a_print_file_is_sound(merged: Merged, tmp_path: Path) -> None:
    merged(PEOPLE, tmp_path / "in.docx", duplex=True)
    assert_quick((tmp_path / "in.docx").read_bytes(), [{"ho_ten": each["ho_ten"]} for each in PEOPLE])


@pytest.mark.parametrize(
    ("split", "persons"),
    [(5, [5]), (4, [3, 2]), (3, [3, 2]), (2, [2, 1, 2]), (1, [1, 1, 1, 1, 1])],
)
def test_a_chi_bo_is_parted_only_where_it_alone_is_too_large(
    merged: Merged, tmp_path: Path, split: int, persons: list[int]
) -> None:
    merged(PEOPLE, tmp_path / "in.docx", split=split)
    files = sorted(tmp_path.glob("in*.docx"))
    assert [len(names(file.read_bytes())) for file in files] == persons
    assert [name for file in files for name in names(file.read_bytes())] == IN_ORDER


def test_only_the_file_of_a_changed_person_is_made_again(merged: Merged, tmp_path: Path) -> None:
    merged(PEOPLE, tmp_path / "in.docx", split=3)
    first, second = (tmp_path / f"in-0{number}.docx" for number in (1, 2))
    before = first.stat().st_mtime_ns, second.read_bytes()
    changed = [{**each, "noi_dung": "Thêm"} if each["ma"] == "000" else each for each in PEOPLE]
    report = merged(changed, tmp_path / "in.docx", split=3)
    assert (report.done, report.unchanged) == (5, 3)
    assert first.stat().st_mtime_ns == before[0]
    assert second.read_bytes() != before[1]
    assert merged(changed, tmp_path / "in.docx", split=3).unchanged == 5


def test_duplex_asked_for_later_makes_the_print_file_again(merged: Merged, tmp_path: Path) -> None:
    merged(PEOPLE, tmp_path / "in.docx")
    before = (tmp_path / "in.docx").read_bytes()
    assert merged(PEOPLE, tmp_path / "in.docx", duplex=True).unchanged == 0
    assert (tmp_path / "in.docx").read_bytes() != before
    assert merged(PEOPLE, tmp_path / "in.docx", duplex=True).unchanged == 5


def test_files_that_are_no_longer_needed_go(merged: Merged, tmp_path: Path) -> None:
    merged(PEOPLE, tmp_path / "in.docx", split=1)
    merged(PEOPLE, tmp_path / "in.docx")
    assert [file.name for file in tmp_path.glob("in*.docx")] == ["in.docx"]


def test_a_print_file_never_loses_people_without_being_told(merged: Merged, tmp_path: Path) -> None:
    out = tmp_path / "in.docx"
    merged(PEOPLE, out)
    before = out.read_bytes()
    with pytest.raises(DataError) as refused:
        merged(PEOPLE[:2], out)
    [problem] = refused.value.problems
    assert (problem.code, "3 người" in problem.what) == ("print-people-missing", True)
    assert out.read_bytes() == before
    merged(PEOPLE[:2], out, overwrite=True)
    assert len(names(out.read_bytes())) == 2


def test_whom_a_print_file_was_told_to_lose_is_forgotten(merged: Merged, tmp_path: Path) -> None:
    merged(PEOPLE, tmp_path / "in.docx")
    merged(PEOPLE[:2], tmp_path / "in.docx", overwrite=True)
    assert merged(PEOPLE[:2], tmp_path / "in.docx").unchanged == 2
    assert indexed(tmp_path) == names((tmp_path / "in.docx").read_bytes()) == ["Lê Thị Ánh", "Nguyễn Văn Út"]


@pytest.mark.parametrize("split", [1, 200])
def test_the_index_names_nobody_whose_row_went_bad(merged: Merged, tmp_path: Path, split: int) -> None:
    """Neither when the same file is made again without him, nor when his own, of an earlier split, is taken away."""
    merged(PEOPLE, tmp_path / "in.docx", split=split)
    bad = [*PEOPLE[:4], {**PEOPLE[4], "ngay_sinh": "31/02/1990"}]
    for _ in range(2):
        assert merged(bad, tmp_path / "in.docx").failed == 1
        assert indexed(tmp_path) == names((tmp_path / "in.docx").read_bytes()) == [*IN_ORDER[:2], *IN_ORDER[3:]]
    merged(PEOPLE, tmp_path / "in.docx")
    assert indexed(tmp_path) == names((tmp_path / "in.docx").read_bytes()) == IN_ORDER


@pytest.mark.parametrize("made_by_us", [True, False])
def test_what_others_wrote_is_left_alone(merged: Merged, tmp_path: Path, *, made_by_us: bool) -> None:
    out = tmp_path / "in.docx"
    if made_by_us:
        merged(PEOPLE, out)
    out.write_bytes(b"their own")
    changed = [{**each, "noi_dung": "Thêm"} for each in PEOPLE]
    report = merged(changed, out)
    assert (report.failed, out.read_bytes()) == (5, b"their own")
    assert {each.code for each in report.problems} == {"file-edited" if made_by_us else "file-exists"}
    assert merged(changed, out, overwrite=True).done == 5


def test_a_bad_row_is_missing_and_told_and_comes_in_when_mended(merged: Merged, tmp_path: Path) -> None:
    out = tmp_path / "in.docx"
    report = merged([*PEOPLE, {"ma": "9", "ho_ten": "Vũ Sai", "chi_bo": "Chi bộ 2", "ngay_sinh": "31/02/1990"}], out)
    assert (report.done, report.failed) == (5, 1)
    assert names(out.read_bytes()) == IN_ORDER
    report = merged([*PEOPLE, {"ma": "9", "ho_ten": "Vũ Đúng", "chi_bo": "Chi bộ 2", "ngay_sinh": "28/02/1990"}], out)
    assert (report.done, report.failed) == (6, 0)
    assert "Vũ Đúng" in names(out.read_bytes())


def test_the_index_says_in_which_file_a_person_stands(merged: Merged, tmp_path: Path) -> None:
    merged(PEOPLE, tmp_path / "in.docx", split=3)
    found = read_list((tmp_path / "in.docx.danh_sach.xlsx").read_bytes(), name="danh_sach.xlsx")
    assert {(row.values["Họ và tên (hoặc tập thể)"], row.values["Tệp"]) for row in found.rows} == {
        (name, "in-01.docx" if number < 3 else "in-02.docx") for number, name in enumerate(IN_ORDER)
    }


@pytest.mark.needs_libreoffice
def test_a_print_file_as_pdf_has_every_person_on_a_front_page(merged: Merged, tmp_path: Path) -> None:
    report = merged(PEOPLE, tmp_path / "in.pdf", duplex=True)
    assert report.done == 5
    with closing(pypdfium2.PdfDocument(tmp_path / "in.pdf")) as pdf:
        pages = [page.get_textpage().get_text_bounded() for page in pdf]
    fronts = [number for number, page in enumerate(pages) if "Họ và tên:" in page]
    assert [number % 2 for number in fronts] == [0] * 5
    assert [next(name for name in IN_ORDER if name in pages[number]) for number in fronts] == IN_ORDER


def test_of_one_cause_a_person_is_told_only_so_much() -> None:
    same = [Problem(code="x", what="Sai.", row=row, field="nam") for row in range(1, MOST_TOLD + 51)]
    other = Problem(code="y", what="Lạ.", row=3, severity="warning")
    found = Told([*same, other]).problems()
    assert len(found) == MOST_TOLD + 2
    assert found[0].what.startswith("Còn 50 dòng khác")
    assert [each.row for each in found[1:-1]] == list(range(1, MOST_TOLD + 1))
    assert found[-1] is other
    assert len({cause_of(each) for each in found}) == 2
