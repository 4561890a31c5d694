"""What people have changed, opened or put there themselves is left alone and told; `overwrite` replaces it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from docgen.batch import folder
from docgen.errors import OutputError
from docgen.files import lock_of
from tests.batch import scenes, small
from tests.batch.ends import documents, end_of, index_of, text_of

if TYPE_CHECKING:
    from pathlib import Path

    from docgen.batch.report import Report
    from tests.batch.conftest import Merged

THEIRS = b"PK theirs"


@pytest.fixture
def out(merged: Merged, tmp_path: Path) -> Path:
    """A folder with the documents of three people."""
    merged(small.people(3), tmp_path / "o")
    return tmp_path / "o"


def second(out: Path) -> Path:
    """The document of the second of them."""
    return out / small.place_of(small.people(3)[1])


def changed() -> list[small.Row]:
    rows = small.people(3)
    rows[1]["Nội dung"] = "đổi rồi"
    return rows


def codes(report: Report) -> list[tuple[str, str, int | None]]:
    return [(problem.code, problem.severity, problem.row) for problem in report.problems]


@pytest.mark.needs_libreoffice
def test_word_files_and_pdfs_of_one_list_live_together(merged: Merged, out: Path) -> None:
    before = {path: path.read_bytes() for path in out.rglob("*.docx")}
    report = merged(small.people(3), out, pdf=True)
    assert (report.done, report.unchanged, codes(report)) == (3, 0, [])
    assert {path: path.read_bytes() for path in out.rglob("*.docx")} == before
    assert len(list(out.rglob("*.pdf"))) == 3
    assert len(index_of(out)) == 6
    assert merged(small.people(3), out).unchanged == merged(small.people(3), out, pdf=True).unchanged == 3


# ---------------------------------------------------------------- edited


def test_an_edited_document_of_an_unchanged_row_is_kept_and_told(merged: Merged, out: Path) -> None:
    second(out).write_bytes(THEIRS)
    report = merged(small.people(3), out)
    assert (report.done, report.unchanged, report.failed) == (3, 3, 0)
    assert codes(report) == [("file-edited", "warning", 2)]
    assert second(out).read_bytes() == THEIRS
    assert len(index_of(out)) == 3


def test_an_edited_document_of_a_changed_row_is_kept_and_the_row_fails(merged: Merged, out: Path) -> None:
    second(out).write_bytes(THEIRS)
    report = merged(changed(), out)
    assert (report.done, report.failed) == (2, 1)
    assert codes(report) == [("file-edited", "error", 2)]
    assert second(out).read_bytes() == THEIRS
    assert (out / "loi.xlsx").exists()
    assert len(index_of(out)) == 3


def test_an_edited_document_is_made_again_where_that_is_asked_for(merged: Merged, out: Path) -> None:
    second(out).write_bytes(THEIRS)
    report = merged(changed(), out, overwrite=True)
    assert (report.done, report.unchanged) == (3, 2)
    assert "đổi rồi" in text_of(second(out).read_bytes())
    assert merged(changed(), out).unchanged == 3


def test_an_edited_document_whose_row_moved_stays_beside_the_new_one(merged: Merged, out: Path) -> None:
    second(out).write_bytes(THEIRS)
    rows = changed()
    rows[1]["Chi bộ"] = "Chi bộ 9"
    report = merged(rows, out, overwrite=True)
    assert codes(report) == [("old-file-left", "warning", 2)]
    assert second(out).read_bytes() == THEIRS
    assert len(documents(out)) == 4


def test_an_edit_in_the_middle_of_a_run_is_seen(merged: Merged, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    look = lock_of

    def and_edit(target: Path) -> Path | None:
        if target == second(out):
            target.write_bytes(THEIRS)
        return look(target)

    monkeypatch.setattr(folder, "lock_of", and_edit)
    report = merged(changed(), out)
    assert codes(report) == [("file-edited", "error", 2)]
    assert second(out).read_bytes() == THEIRS


def test_a_folder_where_a_document_was_is_left_alone(merged: Merged, out: Path) -> None:
    second(out).unlink()
    second(out).mkdir()
    assert codes(merged(small.people(3), out)) == [("file-edited", "warning", 2)]
    assert codes(merged(changed(), out)) == [("file-edited", "error", 2)]
    assert codes(merged(changed(), out, overwrite=True)) == [("file-exists", "error", 2)]
    assert second(out).is_dir()


# ---------------------------------------------------------------- open


@pytest.mark.parametrize("lock", ["~$ieu Nguyen Van Aac.docx", "~$Phieu Nguyen Van Aac.docx", ".~lock.{}#"])
def test_a_document_that_is_open_is_not_replaced(merged: Merged, out: Path, lock: str) -> None:
    second(out).with_name(lock.format(second(out).name)).touch()
    before = second(out).read_bytes()
    assert merged(small.people(3), out).unchanged == 3
    for overwrite in (False, True):
        report = merged(changed(), out, overwrite=overwrite)
        assert codes(report) == [("target-open", "error", 2)]
        assert second(out).read_bytes() == before
    second(out).with_name(lock.format(second(out).name)).unlink()
    assert merged(changed(), out).done == 3


def test_the_old_file_of_a_row_that_moved_stays_while_it_is_open(merged: Merged, out: Path) -> None:
    second(out).with_name(f".~lock.{second(out).name}#").touch()
    rows = changed()
    rows[1]["Họ và tên"] = "Trần Thị Mới"
    report = merged(rows, out)
    assert report.done == 3
    assert codes(report) == [("old-file-left", "warning", 2)]
    assert second(out).exists()


# ---------------------------------------------------------------- a stranger's


def strangers(out: Path, kind: str) -> Path:
    """Something that no merge made, where the second document is to stand."""
    place = second(out)
    if kind == "a file for the folder":
        out.mkdir()
        place.parent.write_bytes(THEIRS)
        return place.parent
    place.parent.mkdir(parents=True)
    if kind == "a folder":
        place.mkdir()
        (place / "a.txt").write_bytes(THEIRS)
    elif kind == "a link that leads nowhere":
        place.symlink_to("không có")
    else:
        place.write_bytes(THEIRS)
    return place


KINDS = ["a file", "a folder", "a file for the folder", "a link that leads nowhere"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_stranger_put_there_is_kept_and_the_row_fails(kind: str, merged: Merged, tmp_path: Path) -> None:
    out = tmp_path / "o"
    theirs = strangers(out, kind)
    failed = [row for row in small.people(3) if kind == "a file for the folder" or row["Mã"] == "002"]
    failed = [row for row in failed if row["Chi bộ"] == small.people(3)[1]["Chi bộ"]]
    report = merged(small.people(3), out)
    assert (report.done, report.failed) == (3 - len(failed), len(failed))
    assert codes(report) == [("file-exists", "error", int(row["Mã"])) for row in failed]
    assert os.path.lexists(theirs)
    assert not theirs.is_file() or theirs.read_bytes() == THEIRS


@pytest.mark.parametrize(("kind", "replaced"), [(each, each in {KINDS[0], KINDS[3]}) for each in KINDS])
def test_a_strangers_file_is_replaced_where_that_is_asked_for_but_never_a_folder(
    kind: str, replaced: bool, merged: Merged, tmp_path: Path
) -> None:
    out = tmp_path / "o"
    strangers(out, kind)
    assert (merged(small.people(3), out, overwrite=True).done == 3) == replaced


def test_a_file_that_is_the_very_document_is_taken_as_such(merged: Merged, out: Path) -> None:
    (out / ".docgen" / "ledger.jsonl").unlink()
    before = end_of(out)
    report = merged(small.people(3), out)
    assert (report.done, report.unchanged) == (3, 0)
    assert documents(out) == {path: content for path, content in before.items() if path.endswith(".docx")}


# ---------------------------------------------------------------- a row that is gone


@pytest.mark.parametrize("place", scenes.PLACES)
def test_the_document_of_a_row_that_is_gone_stays_and_is_listed(place: str, merged: Merged, tmp_path: Path) -> None:
    out = tmp_path / place
    merged(small.people(3), out)
    before = documents(out)
    report = merged(small.people(2), out)
    assert (report.rows_in, report.done) == (2, 2)
    [gone] = report.problems
    assert (gone.code, gone.severity) == ("row-gone", "warning")
    assert small.place_of(small.people(3)[2]) in gone.what
    assert documents(out) == before
    assert len(index_of(out)) == 3


# ---------------------------------------------------------------- zips


def test_a_zip_that_no_merge_made_is_refused_and_replaced_where_that_is_asked_for(
    merged: Merged, tmp_path: Path
) -> None:
    out = tmp_path / "o.zip"
    out.write_bytes(THEIRS)
    with pytest.raises(OutputError) as caught:
        merged(small.people(2), out)
    assert caught.value.problems[0].code == "file-exists"
    assert out.read_bytes() == THEIRS
    assert merged(small.people(2), out, overwrite=True).done == 2
    assert len(documents(out)) == 2


@pytest.mark.parametrize("cut", [1, 100, 5000])
def test_a_zip_that_somebody_changed_is_refused_and_made_again_where_that_is_asked_for(
    cut: int, merged: Merged, tmp_path: Path
) -> None:
    out = tmp_path / "o.zip"
    merged(small.people(3), out)
    whole = out.read_bytes()
    out.write_bytes(whole[:-cut])
    with pytest.raises(OutputError) as caught:
        merged(small.people(3), out)
    assert caught.value.problems[0].code == "file-exists"
    assert out.read_bytes() == whole[:-cut]
    assert merged(small.people(3), out, overwrite=True).done == 3
    assert out.read_bytes() == whole
    end_of(out)


def test_a_zip_that_somebody_deleted_is_made_again(merged: Merged, tmp_path: Path) -> None:
    out = tmp_path / "o.zip"
    merged(small.people(3), out)
    whole = out.read_bytes()
    out.unlink()
    assert merged(small.people(3), out).made == 3
    assert out.read_bytes() == whole


def test_a_byte_that_the_disk_has_lost_inside_a_zip_is_made_again(merged: Merged, tmp_path: Path) -> None:
    out = tmp_path / "o.zip"
    merged(small.people(3), out)
    whole = out.read_bytes()
    out.write_bytes(whole[:300] + bytes([whole[300] ^ 1]) + whole[301:])
    assert merged(small.people(3), out).made == 1
    assert out.read_bytes() == whole
