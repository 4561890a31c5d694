"""Rows that cannot be used: they stop no other, come back as a list to be mended, and every row is counted once."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docgen.batch import merging
from docgen.batch import plan as plans
from docgen.cli import main
from docgen.errors import DataError
from docgen.generate import Press
from docgen.tables.lists import read_list
from tests.batch import scenes, small
from tests.batch.deadly import FAULTY, DeadlyPress
from tests.batch.disk import in_memory
from tests.batch.ends import documents, end_of, index_of, text_of
from tests.tables.books import edited

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from docgen.batch.report import Report
    from docgen.generate import Document
    from tests.batch.conftest import Merged

BAD_DATE, GOOD_DATE = "31/02/1990", "28/02/1990"


def with_bad_dates(number: int, *bad: int) -> list[small.Row]:
    """People, some of whom were born on a day that no calendar has."""
    return [{**row, "Ngày sinh": BAD_DATE if at in bad else GOOD_DATE} for at, row in enumerate(small.people(number))]


def bad_rows_of(place: Path) -> Path:
    return place / "loi.xlsx" if place.suffix != ".zip" else place.with_name(f"{place.name}.loi.xlsx")


def mend(book: Path, old: str, new: str) -> None:
    """What a person does in Excel."""
    book.write_bytes(
        edited(book.read_bytes(), "xl/sharedStrings.xml", lambda text: text.replace(old.encode(), new.encode()))
    )


# ---------------------------------------------------------------- one of many


@pytest.mark.parametrize("place", scenes.PLACES)
def test_one_bad_row_of_many_comes_back_is_mended_and_completes_the_output(
    place: str, shelf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in").mkdir()
    out = tmp_path / "in" / place
    source = small.written(tmp_path / "ds.jsonl", with_bad_dates(60, 17))
    assert main(["merge", small.CARD, str(source), "-o", str(out)]) == 4
    assert "lỗi 1 dòng" in capsys.readouterr().err
    assert len(documents(out)) == 59
    [row] = read_list(bad_rows_of(out).read_bytes(), name="loi.xlsx").rows
    assert (row.values["Mã"], row.values["Ngày sinh"]) == ("018", BAD_DATE)

    mend(bad_rows_of(out), BAD_DATE, GOOD_DATE)
    mended = bad_rows_of(out).read_bytes()
    assert main(["merge", small.CARD, str(bad_rows_of(out)), "-o", str(out)]) == 0
    small.written(source, with_bad_dates(60))
    assert main(["merge", small.CARD, str(source), "-o", str(tmp_path / place)]) == 0
    assert documents(out) == documents(tmp_path / place)
    assert len(index_of(out)) == 60
    assert bad_rows_of(out).read_bytes() == mended
    end_of(out)


def test_the_list_of_bad_rows_goes_when_none_is_left_unless_a_person_has_it_open(
    merged: Merged, tmp_path: Path
) -> None:
    out = tmp_path / "o"
    merged(with_bad_dates(4, 1), out)
    lock = out / "~$loi.xlsx"
    lock.touch()
    before = (out / "loi.xlsx").read_bytes()
    assert merged(with_bad_dates(4), out).bad_rows is None
    assert (out / "loi.xlsx").read_bytes() == before
    lock.unlink()
    merged(with_bad_dates(4), out)
    assert not (out / "loi.xlsx").exists()


@pytest.mark.parametrize("hold", ["open", "edited"])
def test_a_list_of_bad_rows_that_a_person_is_at_is_never_overwritten(hold: str, merged: Merged, tmp_path: Path) -> None:
    out = tmp_path / "o"
    merged(with_bad_dates(4, 1), out)
    if hold == "open":
        (out / "~$loi.xlsx").touch()
    else:
        mend(out / "loi.xlsx", BAD_DATE, GOOD_DATE)
    theirs = (out / "loi.xlsx").read_bytes()
    for overwrite in (False, True):
        report = merged(with_bad_dates(4, 1, 2), out, overwrite=overwrite)
        assert report.bad_rows == str(out / "loi-2.xlsx")
        assert (out / "loi.xlsx").read_bytes() == theirs
    assert len(read_list((out / "loi-2.xlsx").read_bytes(), name="loi-2.xlsx").rows) == 2
    assert len(list(out.glob("loi*.xlsx"))) == 2


def test_mended_rows_are_taken_out_of_the_list_one_after_the_other(merged: Merged, shelf: Path, tmp_path: Path) -> None:
    out, rows = tmp_path / "o", with_bad_dates(4, 1, 2)
    rows[2]["Ngày sinh"] = "30/02/1990"
    assert merged(rows, out).failed == 2
    mend(out / "loi.xlsx", BAD_DATE, GOOD_DATE)
    report = merging.merge(small.CARD, out / "loi.xlsx", out, workers=1)
    assert (report.done, report.failed, report.bad_rows) == (1, 1, str(out / "loi-2.xlsx"))
    mend(out / "loi-2.xlsx", "30/02/1990", GOOD_DATE)
    report = merging.merge(small.CARD, out / "loi-2.xlsx", out, workers=1)
    assert (report.done, report.failed, report.bad_rows) == (1, 0, None)
    assert len(documents(out)) == len(index_of(out)) == 4


def test_a_row_that_has_become_bad_leaves_its_document_where_it_was(merged: Merged, tmp_path: Path) -> None:
    out = tmp_path / "o"
    merged(with_bad_dates(3), out)
    before = documents(out)
    assert merged(with_bad_dates(3, 1), out).failed == 1
    assert documents(out) == before
    assert len(index_of(out)) == 3
    (out / small.place_of(small.people(3)[1])).unlink()
    assert merged(with_bad_dates(3, 1), out).failed == 1
    assert len(index_of(out)) == 2


# ---------------------------------------------------------------- all of them


class CountingPress(Press):
    """Counts the records that it was given."""

    tried = 0

    def document(self, values: Mapping[str, object]) -> Document:
        CountingPress.tried += 1
        return super().document(values)


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> type[CountingPress]:
    monkeypatch.setattr(plans, "Press", CountingPress)
    monkeypatch.setattr(merging, "CHUNK", 5)
    monkeypatch.setattr(merging, "ENOUGH_TO_STOP", 10)
    monkeypatch.setattr(CountingPress, "tried", 0)
    return CountingPress


@pytest.mark.parametrize("place", scenes.PLACES)
def test_one_cause_for_all_stops_early_and_is_told_once(
    place: str, tried: type[CountingPress], shelf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{**row, "Họ và tên": ""} for row in small.people(300)]
    source = small.written(tmp_path / "ds.jsonl", rows)
    assert main(["merge", small.CARD, str(source), "-o", str(tmp_path / place)]) == 3
    assert tried.tried <= 30
    told = capsys.readouterr().err
    assert told.count("Lỗi: ") == 1
    assert "Cả 300 dòng đều không dùng được vì cùng một lỗi: " in told
    assert len(read_list(bad_rows_of(tmp_path / place).read_bytes(), name="loi.xlsx").rows) == 300
    assert (tmp_path / place).exists() == (place == "o")
    assert not list(tmp_path.rglob("*.docx"))


def test_good_rows_far_behind_many_bad_ones_are_made(
    tried: type[CountingPress], merged: Merged, tmp_path: Path
) -> None:
    rows = small.people(300)
    for row in rows[:250]:
        row["Họ và tên"] = ""
    report = merged(rows, tmp_path / "o")
    assert (report.done, report.failed) == (50, 250)


def test_what_an_earlier_run_has_made_far_behind_many_bad_rows_counts_as_done(
    tried: type[CountingPress], merged: Merged, tmp_path: Path
) -> None:
    rows = small.people(100)
    merged(rows[90:], tmp_path / "o")
    for row in rows[:90]:
        row["Họ và tên"] = ""
    report = merged(rows, tmp_path / "o")
    assert (report.done, report.unchanged, report.failed) == (10, 10, 90)


def test_different_causes_are_all_told(merged: Merged, tmp_path: Path) -> None:
    rows = with_bad_dates(4, 0, 1)
    for row in rows[2:]:
        row["Họ và tên"] = ""
    report = merged(rows, tmp_path / "o")
    assert report.failed == 4
    assert len(report.problems) == 4
    assert {problem.row for problem in report.problems} == {1, 2, 3, 4}


def test_a_cause_of_some_is_not_told_of_rows_that_were_bad_in_the_list_already(merged: Merged, tmp_path: Path) -> None:
    rows = small.people(4)
    rows[0]["Mã"] = rows[1]["Mã"]
    for row in rows[2:]:
        row["Họ và tên"] = ""
    report = merged(rows, tmp_path / "o")
    assert (report.done, report.failed) == (0, 4)
    assert sorted(problem.code for problem in report.problems) == ["code-twice", "code-twice", *["required"] * 2]


# ---------------------------------------------------------------- counts

FAULTS: dict[str, dict[str, Any]] = {
    "good": {},
    "blank": dict.fromkeys(("Mã", "Họ và tên", "Chi bộ", "Nội dung")),
    "example": {"Mã": "Ví dụ"},
    "nameless": {"Họ và tên": ""},
    "born on no day": {"Ngày sinh": BAD_DATE},
    "of a code that another has": {"Mã": "trùng"},
    "of no code": {"Mã": None},
    "of one name": {"Họ và tên": "Nguyễn Văn An", "Chi bộ": "Một"},
    "a fault of the program": {"Họ và tên": FAULTY},
}


@settings(max_examples=15)
@given(st.lists(st.sampled_from(list(FAULTS)), max_size=14), st.booleans(), st.data())
def test_every_row_is_counted_once_and_stands_where_it_is_counted(
    built: Path, kinds: list[str], zipped: bool, data: st.DataObject
) -> None:
    rows = [{**row, **FAULTS[kind]} for row, kind in zip(small.people(len(kinds)), kinds, strict=True)]
    before = data.draw(st.lists(st.sampled_from(rows), unique_by=id)) if rows else []
    with in_memory() as folder, small.on_shelf(built), pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "CHUNK", 3)
        patch.setattr(merging, "ENOUGH_TO_STOP", 4)
        patch.setattr(plans, "Press", DeadlyPress)
        out = folder / ("o.zip" if zipped else "o")
        for listed in map(without_blank_end, (before, rows)):
            source = small.written(folder / "ds.csv", listed)
            if all(is_passed_over(row) for row in listed):
                with pytest.raises(DataError):
                    merging.merge(small.CARD, source, out, workers=1)
            else:
                assert_counted(merging.merge(small.CARD, source, out, workers=1, pattern="{ho_ten}"), listed, out)


def without_blank_end(rows: list[small.Row]) -> list[small.Row]:
    """The rows as a reader of tables sees them: what is blank to the end of a sheet is no row."""
    return rows if not rows or any(rows[-1].values()) else without_blank_end(rows[:-1])


def is_passed_over(row: small.Row) -> bool:
    return row["Mã"] == "Ví dụ" or not any(row.values())


def assert_counted(report: Report, rows: list[small.Row], out: Path) -> None:
    assert report.rows_in == len(rows) == report.done + report.skipped + report.failed
    assert report.skipped == sum(map(is_passed_over, rows))
    texts = [text_of(content) for content in documents(out).values()] if out.exists() else []
    there = [row for row in rows if row["Nội dung"] and any(row["Nội dung"] in text for text in texts)]
    assert len(there) >= report.done
    assert bad_rows_of(out).exists() == bool(report.failed)
    if report.failed:
        listed = read_list(bad_rows_of(out).read_bytes(), name="loi.xlsx")
        assert len(listed.rows) + len(listed.faulty) == report.failed
    assert (report.bad_rows is not None) == bool(report.failed)


# ---------------------------------------------------------------- what is said, and to whom


def test_the_json_report_has_the_shape_of_the_contract(
    shelf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = small.written(tmp_path / "ds.jsonl", with_bad_dates(3, 1))
    assert main(["merge", small.CARD, str(source), "-o", str(tmp_path / "o"), "--json"]) == 4
    streams = capsys.readouterr()
    told = json.loads(streams.out)
    assert streams.err == ""
    [problem] = told.pop("problems")
    assert told == {
        "rows_in": 3,
        "done": 2,
        "unchanged": 0,
        "skipped": 0,
        "failed": 1,
        "outputs": [str(tmp_path / "o"), str(tmp_path / "o" / "danh_sach.xlsx"), str(tmp_path / "o" / "loi.xlsx")],
    }
    assert problem["row"] == 2
    assert problem["field"] == "ngay_sinh"
    assert problem["severity"] == "error"
    assert {"file", "code", "message"} <= problem.keys()


def test_a_refusal_has_the_same_shape(shelf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["merge", small.CARD, str(tmp_path / "không có.xlsx"), "-o", str(tmp_path / "o"), "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert told["problems"][0]["code"] == "path-missing"
    assert not (tmp_path / "o").exists()


def test_nothing_of_a_person_is_logged_or_told_of_a_fault_of_the_program(
    shelf: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "Bí Mật Riêng"

    class Broken(Press):
        def check(self, values: Mapping[str, object]) -> Any:
            raise KeyError(values["ho_ten"])

        def document(self, values: Mapping[str, object]) -> Document:
            if values.get("ho_ten") == secret:
                raise KeyError(values)
            return super().document(values)

    monkeypatch.setattr(plans, "Press", Broken)
    rows = [{**row, "Nội dung": secret} for row in small.people(3)]
    rows[1]["Họ và tên"] = secret
    source = small.written(tmp_path / "ds.jsonl", rows)
    assert main(["merge", small.CARD, str(source), "-o", str(tmp_path / "o")]) == 4
    streams = capsys.readouterr()
    assert secret not in streams.err + streams.out + caplog.text
    assert "Nguyen Van" not in caplog.text
