"""Where documents go: inside the output, safe on every system, no two the same, and the same ones each time."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from docgen.batch.names import Taken, refuse_bad_pattern, safe_path
from docgen.errors import DataError
from docgen.papers import library
from tests.batch import scenes, small
from tests.batch.ends import documents, index_of, text_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.batch.conftest import Merged

FOLDER_BYTES, FILE_BYTES = 60, 120
RESERVED = re.compile(r"(CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9])( *\..*)?", re.IGNORECASE)
HOSTILE = [
    "../../x", "/etc/passwd", "C:\\x", "\\\\host\\share", "..", ".", "...", "", " ", "-", "~$x", ".docgen", "CON",
    "nul.docx", "aux .", "COM1", "LPT9.txt", "a/b", "a\\b", "a:b", 'a"<>|?*b', "a\0b", "a\nb", "a. . .", "ễ" * 90,
    "A" * 300, "Đặng Thị Đào", "ĐẶNG THỊ ĐÀO", unicodedata.normalize("NFD", "Đặng Thị Đào"), "\u202ecod.exe", "🎉",
]  # fmt: skip
WORDS = st.one_of(st.text(max_size=80), st.sampled_from(HOSTILE), st.text("ễĐ./\\: -~$()", max_size=150))


def assert_safe(path: str, ending: str = "docx") -> None:
    """What holds of every path that a merge gives."""
    steps = path.split("/")
    assert PurePosixPath(path).parts == tuple(steps) == PureWindowsPath(path).parts
    for step in steps:
        assert not RESERVED.fullmatch(step)
        assert not re.search(r'[<>:"\\|?*\x00-\x1f]', step)
        assert step[0] not in " .-~$"
        assert step[-1] not in " ."
        assert unicodedata.normalize("NFC", step) == step
    assert all(len(step.encode()) <= FOLDER_BYTES for step in steps[:-1])
    assert len(steps[-1].encode()) <= FILE_BYTES
    assert steps[-1].endswith(f".{ending}")


@given(words=st.lists(WORDS, min_size=1, max_size=5), ending=st.sampled_from(["docx", "pdf"]), accented=st.booleans())
@example(words=["../..", "x"], ending="docx", accented=True)
@example(words=["ễ" * 90, "ễ" * 90], ending="docx", accented=True)
def test_whatever_stands_in_the_row_its_path_is_safe_and_below_the_output(
    words: list[str], ending: str, accented: bool
) -> None:
    values = {f"a{number}": word for number, word in enumerate(words)}

    def fill(part: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda found: values[found[1]], part)

    pattern = "/".join(f"{{{name}}}" for name in values)
    path = safe_path(pattern, fill, ending, accented=accented)
    assert_safe(path, ending)
    assert path.count("/") == len(words) - 1
    assert accented or path.isascii()
    assert safe_path(pattern, fill, ending, accented=accented) == path


@given(
    st.lists(
        st.tuples(st.sampled_from(["A", "a", "ễ" * 38, "A (2)", "Đào", "ĐÀO", "Dao"]), st.one_of(st.none(), WORDS)),
        max_size=12,
    ),
    st.lists(st.sampled_from(["b/A.docx", "b/a (2).docx"]), max_size=2),
)
def test_no_two_rows_get_one_path_and_all_of_them_are_safe(
    rows: list[tuple[str, str | None]], before: list[str]
) -> None:
    taken, again = Taken(before), Taken(before)
    given_out = [taken.free(f"b/{name}.docx", code) for name, code in rows]
    assert len({path.casefold() for path in (*given_out, *before)}) == len(rows) + len(set(before))
    for path in given_out:
        assert_safe(path)
        assert path in taken
    assert [again.free(f"b/{name}.docx", code) for name, code in rows] == given_out


def test_a_path_that_was_left_is_free_again() -> None:
    taken = Taken(["a/X.docx"])
    assert taken.free("a/x.docx", "7") == "a/x - 7.docx"
    taken.release("a/X.docx")
    assert taken.free("a/x.docx", "8") == "a/x.docx"


def test_names_without_accents_stay_so_whatever_the_code() -> None:
    assert Taken(["An.docx"]).free("An.docx", "Mã 1/Đ") == "An - Ma 1-D.docx"
    assert Taken(["Ân.docx"]).free("Ân.docx", "Mã 1") == "Ân - Mã 1.docx"


# ---------------------------------------------------------------- the whole way

NAMES = [
    "Nguyễn Văn An", "Nguyễn Văn An", "NGUYỄN VĂN AN", "nguyễn văn an", unicodedata.normalize("NFD", "Nguyễn Văn An"),
    "Nguyễn Vân An", "Nguyễn Văn An.", "Nguyễn Văn An ", "Con", "CON", "Nul", "Đặng Đình Đức", "ễ" * 90, "ễ" * 91,
]  # fmt: skip
UNITS = ["../../x", "/etc", "C:\\x", "\\\\host\\share", "..", ".docgen", "CON", "a/b", "Chi bộ 1.", "chi bộ 1", ""]


@pytest.mark.parametrize("accented", [False, True])
@pytest.mark.parametrize("place", scenes.PLACES)
@pytest.mark.parametrize("coded", [False, True])
def test_each_person_has_a_document_of_his_own_whatever_names_they_have(
    coded: bool, accented: bool, place: str, merged: Merged, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    out = tmp_path / "in" / place
    rows = [
        {"Mã": f"M/{number}", "Họ và tên": name, "Chi bộ": UNITS[number % len(UNITS)], "Nội dung": f"dấu-{number:03}"}
        for number, name in enumerate(NAMES * 2)
    ]
    rows = rows if coded else small.without_codes(rows)
    pattern = "{chi_bo}/Phieu {ho_ten}"
    report = merged(rows, out, accented=accented, pattern=pattern)
    assert (report.done, report.failed) == (len(rows), 0)
    made = documents(out)
    assert len({path.casefold() for path in made}) == len(rows)
    for path in made:
        assert_safe(path)
    texts = [text_of(content) for content in made.values()]
    assert all(sum(str(row["Nội dung"]) in text for text in texts) == 1 for row in rows)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ds.jsonl", "in"]
    assert sorted(str(row["Tệp"]) for row in index_of(out)) == sorted(made)
    report = merged(rows, out, accented=accented, pattern=pattern)
    assert (report.unchanged, report.failed) == (len(rows), 0)
    assert documents(out) == made


def test_hostile_codes_name_safe_files(merged: Merged, tmp_path: Path) -> None:
    rows = [
        {"Mã": code, "Họ và tên": "Nguyễn Văn An", "Chi bộ": "Một", "Nội dung": f"dấu-{number:03}"}
        for number, code in enumerate(
            ["../../x", "C:\\x", "M" * 300, "N" * 118, "🎉", "a\nb", "=1+1", ".", "con", "ễ" * 40]
        )
    ]
    report = merged(rows, tmp_path / "o")
    assert (report.done, report.failed) == (len(rows), 0)
    for path in documents(tmp_path / "o"):
        assert_safe(path)
    assert len(documents(tmp_path / "o")) == len(rows)
    assert merged(rows, tmp_path / "o").unchanged == len(rows)


# ---------------------------------------------------------------- patterns


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        ("{ho_tem}", "pattern-field"),
        ("{noi_dung}", "pattern-field"),
        ("a/b/c/d/e/{ho_ten}", "pattern-folders"),
        ("{chi_bo}/", "pattern-empty"),
        ("", "pattern-empty"),
    ],
)
def test_a_pattern_that_fits_no_form_is_refused_before_anything_is_made(
    pattern: str, code: str, shelf: Path, merged: Merged, tmp_path: Path
) -> None:
    with pytest.raises(DataError) as caught:
        merged(small.people(1), tmp_path / "o", pattern=pattern)
    assert [problem.code for problem in caught.value.problems] == [code]
    assert not (tmp_path / "o").exists()
    refuse_bad_pattern("{mau}/{chi_bo}/{ma} {ho_ten}", [library.form(small.CARD)])
