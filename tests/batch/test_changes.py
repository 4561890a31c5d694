"""The list, the form or the rules change between two merges: what changed is made again, nothing else is touched."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from docgen.papers import drawing
from tests.batch import scenes, small
from tests.batch.ends import documents, end_of, index_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.batch.conftest import Merged

LONG_AGO = 1_000_000_000


def aged(folder: Path) -> None:
    """Let every file be old, so that one which is written again shows it."""
    for file in folder.rglob("*"):
        os.utime(file, (LONG_AGO, LONG_AGO))


def touched(folder: Path) -> set[str]:
    """The documents that were written, or stand in another place, since `aged`."""
    return {
        str(file.relative_to(folder)) for file in folder.rglob("*.docx") if file.stat().st_mtime_ns != LONG_AGO * 10**9
    }


def numbered(*numbers: int) -> set[str]:
    """Where the documents of `small.people` stand."""
    return {small.place_of(row) for row in small.people(9) if int(row["Mã"]) in numbers}


# ---------------------------------------------------------------- the list


def edit(rows: list[small.Row]) -> None:
    rows[1]["Nội dung"] = "đổi rồi"


def rename(rows: list[small.Row]) -> None:
    rows[1]["Họ và tên"] = "Trần Thị Mới"


def move(rows: list[small.Row]) -> None:
    rows[1]["Chi bộ"] = rows[3]["Chi bộ"] = "Chi bộ 9"


def remove(rows: list[small.Row]) -> None:
    del rows[1]


def add(rows: list[small.Row]) -> None:
    rows.insert(1, small.people(9)[-1])


def reorder(rows: list[small.Row]) -> None:
    rows.reverse()


def put_blank_rows_between(rows: list[small.Row]) -> None:
    rows.insert(2, dict.fromkeys(rows[0]))


def do_not_touch(rows: list[small.Row]) -> None:
    pass


RENAMED = "Chi bo 1/Phieu Tran Thi Moi.docx"
MOVED = {"Chi bo 9/Phieu Nguyen Van Aac.docx", "Chi bo 9/Phieu Nguyen Van Aae.docx"}
CHANGES: list[tuple[Callable[[list[small.Row]], None], set[str], set[str]]] = [
    # what is done to four rows, the documents that are written for it, all that stand at the end
    (edit, numbered(2), numbered(1, 2, 3, 4)),
    (rename, {RENAMED}, {RENAMED, *numbered(1, 3, 4)}),
    (move, MOVED, {*MOVED, *numbered(1, 3)}),
    (remove, set(), numbered(1, 2, 3, 4)),
    (add, numbered(9), numbered(1, 2, 3, 4, 9)),
    (reorder, set(), numbered(1, 2, 3, 4)),
    (put_blank_rows_between, set(), numbered(1, 2, 3, 4)),
    (do_not_touch, set(), numbered(1, 2, 3, 4)),
]


@pytest.mark.parametrize(("change", "written", "stand"), CHANGES, ids=[each[0].__name__ for each in CHANGES])
def test_a_folder_gets_what_changed_and_loses_what_that_replaces(
    change: Callable[[list[small.Row]], None], written: set[str], stand: set[str], merged: Merged, tmp_path: Path
) -> None:
    rows, out = small.people(4), tmp_path / "o"
    merged(rows, out)
    before = documents(out)
    aged(out)
    change(rows)
    report = merged(rows, out)
    assert touched(out) == written
    assert report.made == len(written)
    assert report.done + report.skipped == report.rows_in == len(rows)
    after = documents(out)
    assert after.keys() == stand
    assert all(after[path] == before[path] for path in stand - written)
    assert all((out / folder).is_dir() and any((out / folder).iterdir()) for folder in folders(out))


def folders(out: Path) -> list[str]:
    return [path for path, content in end_of(out).items() if content is None]


@pytest.mark.parametrize(("change", "written", "stand"), CHANGES, ids=[each[0].__name__ for each in CHANGES])
def test_a_zip_is_written_anew_only_where_something_changed(
    change: Callable[[list[small.Row]], None], written: set[str], stand: set[str], merged: Merged, tmp_path: Path
) -> None:
    rows, out = small.people(4), tmp_path / "o.zip"
    merged(rows, out)
    before = documents(out)
    aged(tmp_path)
    change(rows)
    assert merged(rows, out).made == len(written)
    after = documents(out)
    assert after.keys() == stand
    assert all(after[path] == before[path] for path in stand - written)
    as_it_was = not written and change not in {remove, reorder}
    assert (out.stat().st_mtime == LONG_AGO) == as_it_was
    end_of(out)


def test_people_who_swap_names_in_one_list_get_the_names_of_each_other(merged: Merged, tmp_path: Path) -> None:
    rows, out = small.people(4, units=1), tmp_path / "o"
    merged(rows, out)
    first, second = rows[0]["Họ và tên"], rows[1]["Họ và tên"]
    rows[0]["Họ và tên"] = "Lê Thị Khác"
    rows[1]["Họ và tên"], rows[3]["Họ và tên"] = first, second
    assert merged(rows, out).done == 4
    names = {path: text_of(content) for path, content in documents(out).items()}
    assert len(names) == 4
    for row in rows:
        assert row["Nội dung"] in names[small.place_of(row)]


def test_a_row_without_a_code_that_changed_is_another_row(merged: Merged, tmp_path: Path) -> None:
    rows, out = small.without_codes(small.people(3)), tmp_path / "o"
    merged(rows, out)
    before = documents(out)
    aged(out)
    rows[1]["Nội dung"] = "đổi rồi"
    report = merged(rows, out)
    assert touched(out) == {"Chi bo 1/Phieu Nguyen Van Aac (2).docx"}
    assert (report.done, report.unchanged) == (3, 2)
    assert {path: content for path, content in documents(out).items() if path in before} == before
    [gone] = [problem for problem in report.problems if problem.code == "row-gone"]
    assert "Chi bo 1/Phieu Nguyen Van Aac.docx" in gone.what


def test_equal_rows_without_a_code_are_told_apart_by_their_number_only(merged: Merged, tmp_path: Path) -> None:
    row, out = small.without_codes(small.people(1))[0], tmp_path / "o"
    merged([row, row, row], out)
    before = documents(out)
    assert len(before) == 3
    aged(out)
    report = merged([row, row], out)
    assert report.unchanged == 2
    assert touched(out) == set()
    assert documents(out) == before


def test_a_document_that_somebody_deleted_is_made_again(merged: Merged, tmp_path: Path) -> None:
    rows, out = small.people(3), tmp_path / "o"
    merged(rows, out)
    wanted = end_of(out)
    aged(out)
    [second] = numbered(2)
    (out / second).unlink()
    assert merged(rows, out).made == 1
    assert touched(out) == {second}
    assert end_of(out) == wanted


# ---------------------------------------------------------------- what all rows share


@pytest.mark.parametrize(
    ("options", "form"),
    [
        ({"common": {"Ngày sinh": "01/02/1990"}}, small.CARD),
        ({"profile": {"ngay_sinh": "01/02/1990"}}, small.CARD),
        ({"pattern": "{ma} {ho_ten}"}, small.CARD),
        ({"accented": True}, small.CARD),
    ],
    ids=lambda each: str(each)[:20],
)
def test_what_all_rows_share_makes_all_of_them_again(
    options: dict[str, Any], form: str, merged: Merged, tmp_path: Path
) -> None:
    rows, out = small.people(3), tmp_path / "o"
    merged(rows, out, form=form)
    report = merged(rows, out, form=form, **options)
    assert (report.done, report.unchanged) == (3, 0)
    fresh = tmp_path / "fresh"
    merged(rows, fresh, form=form, **options)
    assert end_of(out) == end_of(fresh)
    assert merged(rows, out, form=form, **options).unchanged == 3


def redraw(shelf: Path) -> None:
    """What an office does in Word."""
    with small.on_shelf(shelf):
        drawing.main()


def test_a_changed_form_makes_its_papers_again_and_those_of_no_other(
    built: Path, merged: Merged, tmp_path: Path
) -> None:
    shelf = tmp_path / "shelf"
    shutil.copytree(built, shelf)
    rows, out = small.people(3), tmp_path / "o"
    with small.on_shelf(shelf):
        merged(rows, out)
        merged(rows, out, form=small.NOTE)
        aged(out)
        text = shelf / "templates_docx" / small.CARD / "form.toml"
        text.write_text(text.read_text("utf-8").replace('label = "Nội dung"', 'label = "Nội dung chính"'), "utf-8")
        redraw(shelf)
    with small.on_shelf(shelf):
        report = merged(rows, out)
        assert (report.done, report.unchanged) == (3, 0)
        assert touched(out) == numbered(1, 2, 3)
        assert all("Nội dung chính" in text_of((out / path).read_bytes()) for path in numbered(1, 2, 3))
        assert merged(rows, out, form=small.NOTE).unchanged == 3


def test_a_changed_template_alone_makes_its_papers_again(built: Path, merged: Merged, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    shutil.copytree(built, shelf)
    rows, out = small.people(3), tmp_path / "o"
    with small.on_shelf(shelf):
        merged(rows, out)
        papers = shelf / "templates_docx"
        shutil.copyfile(papers / small.NOTE / "template.docx", papers / small.CARD / "template.docx")
        assert merged(rows, out).unchanged == 0
        assert all("GIẤY NHỎ" in text_of(content) for content in documents(out).values())


# ---------------------------------------------------------------- stopped in the middle of a change


@pytest.mark.parametrize("place", scenes.PLACES)
def test_the_index_names_what_is_there_and_nothing_else(place: str, merged: Merged, tmp_path: Path) -> None:
    merged(scenes.first_list(), tmp_path / place)
    merged(scenes.second_list(place), tmp_path / place)
    listed = index_of(tmp_path / place)
    assert sorted(str(row["Tệp"]) for row in listed) == sorted(documents(tmp_path / place))
    assert {row["Mã"] for row in listed} == {"001", "002", "003", "004", "005", "006"}
