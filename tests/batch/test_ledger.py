"""The ledger: torn, deleted, edited, of another job; and two runs at once."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st

from docgen.batch.ledger import Entry, Ledger
from docgen.errors import DataError, OutputError
from tests.batch import scenes, small
from tests.batch.disk import in_memory
from tests.batch.ends import documents, end_of, index_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.batch.conftest import Merged


def ledger(target: Path) -> Path:
    """Where the ledger of an output stands."""
    if target.is_dir():
        return target / ".docgen" / "ledger.jsonl"
    return target.with_name(f"{target.name}.ledger.jsonl")


def entry(number: int, **more: Any) -> Entry:
    values = {"key": f"k{number}", "digest": "d", "path": f"{number}.docx", "wanted": "w", "sha256": "s", "size": 1}
    return Entry(**{**values, "form": "f", "edition": "e", **more})


# ---------------------------------------------------------------- torn


@settings(max_examples=60)
@given(st.lists(st.integers(1, 3), min_size=1, max_size=4), st.data())
def test_a_ledger_that_is_torn_anywhere_knows_what_was_sealed_before(groups: list[int], data: st.DataObject) -> None:
    with in_memory() as folder:
        place = folder / "ledger.jsonl"
        sealed: list[tuple[int, int]] = []
        with Ledger(place, prove=lambda _: True) as opened:
            number = 0
            for size in groups:
                opened.enter([entry(number + each) for each in range(size)])
                number += size
                opened.seal()
                sealed.append((place.stat().st_size, number))
        whole = place.read_bytes()
        first = whole.index(b"\n") + 1
        cut = data.draw(st.integers(first, len(whole)))
        rest = data.draw(st.sampled_from([b"", bytes(40), b"\0\0\n\0", b'{"k":', whole[cut : cut + 9] + b"\n"]))
        place.write_bytes(whole[:cut] + rest)
        known = max((known for size, known in sealed if size <= cut), default=0)
        with Ledger(place, prove=lambda _: False) as opened:
            found = opened.entries
        assert list(found) == [f"k{each}" for each in range(max(known, len(found)))]
        assert len(found) in {known, *(each for _, each in sealed)}


@pytest.mark.parametrize("place", scenes.PLACES)
@pytest.mark.parametrize("lost", [1, 30, 400])
def test_a_merge_repairs_a_torn_ledger(place: str, lost: int, merged: Merged, tmp_path: Path) -> None:
    out = tmp_path / place
    merged(small.people(3), out)
    wanted = end_of(out)
    content = ledger(out).read_bytes()
    ledger(out).write_bytes(content[:-lost])
    assert merged(small.people(3), out, overwrite=place == "o.zip").done == 3
    assert end_of(out) == wanted
    assert merged(small.people(3), out).unchanged == 3


def test_an_entry_that_is_not_sealed_counts_only_where_its_file_proves_it(tmp_path: Path) -> None:
    place = tmp_path / "ledger.jsonl"
    with Ledger(place, prove=lambda _: True) as opened:
        opened.enter([entry(1)])
        opened.enter([entry(2), entry(3)])
    with Ledger(place, prove=lambda each: each.key == "k3") as opened:
        assert list(opened.entries) == ["k1", "k3"]
        assert [each.key for each in opened.unsealed] == ["k3"]
    with Ledger(place, prove=lambda _: True) as opened:
        assert list(opened.entries) == ["k1", "k3"]


# ---------------------------------------------------------------- deleted


def test_without_its_ledger_a_folder_of_equal_documents_is_known_again(merged: Merged, tmp_path: Path) -> None:
    out = tmp_path / "o"
    merged(small.people(3), out)
    wanted = end_of(out)
    index = (out / "danh_sach.xlsx").stat()
    ledger(out).unlink()
    assert merged(small.people(3), out).done == 3
    assert end_of(out) == wanted
    assert (out / "danh_sach.xlsx").stat().st_ino == index.st_ino


def test_without_its_ledger_nothing_is_doubled_or_replaced_by_another_document(merged: Merged, tmp_path: Path) -> None:
    out, rows = tmp_path / "o", small.people(3)
    merged(rows, out)
    before = documents(out)
    ledger(out).unlink()
    rows[1]["Nội dung"] = "đổi rồi"
    report = merged(rows, out)
    assert (report.done, report.failed) == (2, 1)
    assert report.problems[0].code == "file-exists"
    assert documents(out) == before
    assert merged(rows, out, overwrite=True).done == 3
    assert len(documents(out)) == 3


def test_without_its_ledger_a_zip_is_a_strangers(merged: Merged, tmp_path: Path) -> None:
    out = tmp_path / "o.zip"
    merged(small.people(3), out)
    ledger(out).unlink()
    with pytest.raises(OutputError, match="không do lần trộn nào tạo ra"):
        merged(small.people(3), out)
    assert merged(small.people(3), out, overwrite=True).done == 3
    end_of(out)


# ---------------------------------------------------------------- edited

FIRST = {"docgen_ledger": 1}
GOOD = {"k": "k", "d": "d", "p": "a.docx", "q": "a.docx", "s": "s", "n": 1, "f": "f", "e": "e"}
SEAL = {"sealed": True}


def lines(*told: Any) -> bytes:
    return b"".join((each if isinstance(each, bytes) else json.dumps(each).encode()) + b"\n" for each in told)


EDITED = {
    "another file": b"PK\x03\x04 not a ledger",
    "of a later program": lines({"docgen_ledger": 2}, GOOD, SEAL),
    "no first line": lines(GOOD, SEAL),
    "rubbish in the middle": lines(FIRST, GOOD, b"%!\xff", GOOD, SEAL),
    "a line cut in the middle": lines(FIRST, b'{"k":"k","d":', GOOD, SEAL),
    "a list": lines(FIRST, [1], GOOD, SEAL),
    "an unknown word": lines(FIRST, {**GOOD, "y": 1}, SEAL),
    "a word too few": lines(FIRST, {key: value for key, value in GOOD.items() if key != "s"}, SEAL),
    "a number for a text": lines(FIRST, {**GOOD, "p": 5}, SEAL),
    "a text for a number": lines(FIRST, {**GOOD, "n": "5"}, SEAL),
    "true for a number": lines(FIRST, {**GOOD, "n": True}, SEAL),
    "less than nothing": lines(FIRST, {**GOOD, "n": -1}, SEAL),
    "a null": lines(FIRST, {**GOOD, "w": None}, SEAL),
    "deeply nested": lines(FIRST, b"[" * 100_000, GOOD, SEAL),
    "no path": lines(FIRST, {**GOOD, "p": ""}, SEAL),
    "a store that is no number": lines(FIRST, {**GOOD, "z": "../../x"}, SEAL),
    **{
        f"{key} leads to {path}": lines(FIRST, {**GOOD, key: path}, SEAL)
        for key in ("p", "r")
        for path in ("/etc/passwd", "../a.docx", "a/../../b", "C:\\a.docx", "C:a.docx", "\\\\host\\a", "a\0b")
    },
}


@pytest.mark.parametrize("place", scenes.PLACES)
@pytest.mark.parametrize("content", EDITED.values(), ids=EDITED)
def test_an_edited_ledger_is_refused_and_nothing_is_touched(
    content: bytes, place: str, merged: Merged, tmp_path: Path
) -> None:
    out = tmp_path / place
    merged(small.people(2), out)
    wanted = end_of(out)
    ledger(out).write_bytes(content)
    for overwrite in (False, True):
        with pytest.raises(DataError) as caught:
            merged(small.people(2), out, overwrite=overwrite)
        assert [problem.code for problem in caught.value.problems] == ["ledger-damaged"]
    assert end_of(out) == wanted
    assert ledger(out).read_bytes() == content
    ledger(out).unlink()
    assert merged(small.people(2), out, overwrite=True).done == 2
    assert documents(out).keys() == {small.place_of(row) for row in small.people(2)}


def test_an_editor_that_ends_lines_as_windows_does_has_changed_nothing(merged: Merged, tmp_path: Path) -> None:
    out = tmp_path / "o"
    merged(small.people(2), out)
    ledger(out).write_bytes(ledger(out).read_bytes().replace(b"\n", b"\r\n"))
    assert merged(small.people(2), out).unchanged == 2


# ---------------------------------------------------------------- of another job


@pytest.mark.parametrize("place", scenes.PLACES)
def test_two_forms_live_together_in_one_output(place: str, merged: Merged, tmp_path: Path) -> None:
    out, cards, notes = tmp_path / place, small.people(3), small.people(4)
    cards[0]["Họ và tên"] = ""
    merged(cards, out)
    report = merged(notes, out, form=small.NOTE)
    assert (report.done, report.problems) == (4, ())
    assert len(documents(out)) == 6
    assert {row["Biểu mẫu"] for row in index_of(out)} == {"PHIẾU NHỎ", "GIẤY NHỎ"}
    assert len(index_of(out)) == 6
    assert [path.name for path in tmp_path.rglob("*loi.xlsx")] == ["loi.xlsx" if place == "o" else "o.zip.loi.xlsx"]
    before = documents(out)
    cards[1]["Nội dung"] = "đổi rồi"
    assert merged(cards, out).made == 1
    assert merged(notes, out, form=small.NOTE).unchanged == 4
    after = documents(out)
    assert after.keys() == before.keys()
    assert sum(after[path] != before[path] for path in after) == 1


@pytest.mark.parametrize("place", scenes.PLACES)
def test_a_form_is_the_same_under_its_id_and_its_alias(place: str, merged: Merged, tmp_path: Path) -> None:
    merged(small.people(2), tmp_path / place, form=small.CARD)
    assert merged(small.people(2), tmp_path / place, form=small.ALIAS).unchanged == 2


# ---------------------------------------------------------------- two at once


@pytest.mark.parametrize("place", scenes.PLACES)
def test_a_second_run_at_the_same_output_is_refused_while_the_first_is_at_work(
    place: str, merged: Merged, tmp_path: Path
) -> None:
    out, told = tmp_path / place, []

    def run_another(settled: int, total: int) -> None:
        with pytest.raises(OutputError) as caught:
            merged(small.people(2), out)
        told.append(caught.value.problems[0].code)

    assert merged(small.people(2), out, progress=run_another).done == 2
    assert set(told) == {"output-busy"}
    assert merged(small.people(2), out).unchanged == 2
    end_of(out)


def test_a_lock_that_a_dead_process_left_holds_nothing(merged: Merged, tmp_path: Path) -> None:
    (tmp_path / "o" / ".docgen").mkdir(parents=True)
    (tmp_path / "o" / ".docgen" / "lock").write_text("12345")
    assert merged(small.people(2), tmp_path / "o").done == 2
    end_of(tmp_path / "o")


def test_many_who_come_at_once_never_work_together(merged: Merged, tmp_path: Path) -> None:
    from docgen.batch.lock import held

    at_work, most, done = [0], [0], [0]

    def come() -> None:
        for _ in range(40):
            try:
                with held(tmp_path / "lock", tmp_path):
                    at_work[0] += 1
                    most[0] = max(most[0], at_work[0])
                    done[0] += 1
                    at_work[0] -= 1
            except OutputError:
                pass

    threads = [threading.Thread(target=come) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]
    assert done[0] > 0
    assert not FileLock(tmp_path / "lock").is_locked
