"""CSV: the encoding, the delimiter, quotes, and rows that do not fit."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tables.books import HEADS, PEOPLE, codes, faults, noted, read, refused, values

TEXT = "\n".join(";".join(row) for row in [HEADS, *PEOPLE]) + "\n"


def of(text: str) -> bytes:
    return text.encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_say_what_they_are(encoding: str) -> None:
    assert values(TEXT.encode(encoding), "ds.csv") == PEOPLE
    assert read(TEXT.encode(encoding), "ds.csv").notes == ()


def test_utf_16_of_the_other_order() -> None:
    assert values(b"\xfe\xff" + TEXT.encode("utf-16-be"), "ds.csv") == PEOPLE


def windows_1258(text: str) -> bytes:
    """As Vietnamese Windows writes it: a letter with its vowel mark, then the tone."""
    found = b""
    for letter in text:
        try:
            found += letter.encode("cp1258")
        except UnicodeEncodeError:
            marked = unicodedata.normalize("NFD", letter)
            tone = next(mark for mark in marked if mark in "\u0300\u0301\u0303\u0309\u0323")
            base = unicodedata.normalize("NFC", marked.replace(tone, ""))
            found += base.encode("cp1258") + tone.encode("cp1258")
    return found


def test_windows_1258_is_read_and_told_with_a_sample() -> None:
    content = windows_1258(TEXT)
    assert values(content, "ds.csv") == PEOPLE
    assert "Windows-1258, ví dụ «Mã»" in noted(content, "ds.csv")["csv-windows-1258"]


def test_tcvn3_bytes_are_not_taken_for_windows_1258() -> None:
    content = "M·,Hä vµ tªn\n1,NguyÔn V¨n §øc\n2,TrÇn ThÞ M¬\n".encode("latin-1")
    assert values(content, "ds.csv", convert="auto") == [["1", "Nguyễn Văn Đức"], ["2", "Trần Thị Mơ"]]
    assert [heading.text for heading in read(content, "ds.csv", convert="tcvn3").headings] == ["Mã", "Họ và tên"]
    assert [row for row, _, _ in faults(content, "ds.csv")] == [2, 3]


@pytest.mark.parametrize(
    "content", [TEXT.encode("utf-8-sig") + b"\xff", b"\xff\xfe" + TEXT.encode("utf-16-le") + b"\0", b"a,\x8d\n"]
)
def test_bytes_that_are_no_text_are_refused_by_line(content: bytes) -> None:
    (problem,) = refused(content, "ds.csv")
    assert problem.code == "file-not-utf8"
    assert problem.row


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_each_delimiter_is_found_by_the_headings(delimiter: str) -> None:
    heads = delimiter.join(HEADS)
    row = delimiter.join(["001", '"Mơ; Lê, Thị"', "x", "y"])
    assert values(of(f"{heads}\n{row}\n"), "ds.csv") == [["001", "Mơ; Lê, Thị", "x", "y"]]


def test_known_headings_decide_between_delimiters() -> None:
    content = of("Danh sách, năm 2025, của chi bộ, và đảng bộ, xã\nMã;Họ và tên\n001;Mơ\n")
    assert values(content, "ds.csv", headings=["Mã", "Họ và tên"].__contains__) == [["001", "Mơ"]]


def test_the_line_that_names_the_delimiter_is_obeyed() -> None:
    assert values(of("sep=|\nMã|Tên\n001|Mơ, Lê\n"), "ds.csv") == [["001", "Mơ, Lê"]]
    assert read(of("sep=|\nMã|Tên\n001|Mơ\n"), "ds.csv").rows[0].origin.row == 3


def test_one_column_is_a_list_too() -> None:
    assert values(of("Họ và tên\nLê Thị Mơ\n"), "ds.csv") == [["Lê Thị Mơ"]]


def test_everything_stays_text_and_blank_is_none() -> None:
    assert values(of("Mã,Số,Ngày,Trống\n00123,1.5,2025-12-01, \n"), "ds.csv") == [["00123", "1.5", "2025-12-01", None]]


def test_quotes_hold_line_breaks_and_rows_are_called_by_their_line() -> None:
    content = of('Mã,Nội dung\n1,"dòng 1\ndòng 2"\n2,"nói ""được"""\n')
    result = read(content, "ds.csv")
    assert [row.values["Nội dung"] for row in result.rows] == ["dòng 1\ndòng 2", 'nói "được"']
    assert [row.origin.row for row in result.rows] == [2, 4]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end(end: str) -> None:
    assert values(of(TEXT.replace("\n", end)), "ds.csv") == PEOPLE


@pytest.mark.parametrize(("row", "count"), [("2,Mơ,thừa", 3), ("2", 1)])
def test_a_ragged_row_is_faulty_by_its_line_and_the_others_are_not(row: str, count: int) -> None:
    content = of(f"Mã,Tên\n1,An\n{row}\n3,Bình\n")
    assert values(content, "ds.csv") == [["1", "An"], ["3", "Bình"]]
    (bad,) = read(content, "ds.csv").faulty
    assert (bad.problems[0].row, bad.problems[0].code) == (3, "csv-ragged")
    assert f"có {count} ô, mà hàng tiêu đề có 2 ô" in bad.problems[0].what


def test_delimiters_without_anything_behind_them_do_no_harm() -> None:
    assert values(of("Mã,Tên,,\n1,An,,\n2,Bình,,,,\n"), "ds.csv") == [["1", "An"], ["2", "Bình"]]


SYNTAX = [
    ('Mã,Tên\n1,"An\n2,Bình\n', "csv-syntax", 2),
    ('Mã,Tên\n1,An\n2,"Bì"nh\n', "csv-syntax", 3),
    ("Mã,Tên\n1," + "x" * 140_000 + "\n", "csv-syntax", 2),
    ("Mã,Tên\n1,A\0n\n", "csv-nul", 2),
    ("Mã," * 600 + "x\n", "list-too-wide", 1),
]


@pytest.mark.parametrize(("text", "code", "row"), SYNTAX, ids=range(len(SYNTAX)))
def test_what_cannot_be_read_is_refused_by_line(text: str, code: str, row: int) -> None:
    (problem,) = refused(of(text), "ds.csv")
    assert (problem.code, problem.row) == (code, row)


def test_empty_lines_are_skipped_and_counted() -> None:
    result = read(of("Mã,Tên\n1,An\n\n,\n2,Bình\n\n\n"), "ds.csv")
    assert [number for number, _ in result.skipped] == [3, 4]
    assert result.rows_in == 4


@pytest.mark.parametrize("word", ["#N/A", "#REF!", "#DIV/0!", " #NAME? "])
def test_the_word_of_an_error_is_no_value(word: str) -> None:
    assert faults(of(f"Mã,Tên\n1,{word}\n"), "ds.csv") == [(2, "B", "cell-error")]


def test_question_marks_inside_words_are_told() -> None:
    assert "Nguy?n" in noted(of("Mã,Tên\n1,Nguy?n V?n An\n2,Tr?n Bình\n"), "ds.csv")["letters-lost"]
    assert "letters-lost" not in noted(of("Mã,Tên\n1,Đúng không?\n2,Vì sao? Thế nào?\n"), "ds.csv")


CELLS = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffd#?"), min_size=1).filter(
    lambda text: not text.isspace()
)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5), st.sampled_from([";", ",", "\t"]))
def test_what_was_written_is_read(rows: list[tuple[str, str]], delimiter: str) -> None:
    target = io.StringIO()
    written = [(f"x{one}", f"y{two}") for one, two in rows]
    csv.writer(target, delimiter=delimiter).writerows([("Mã", "Tên"), *written])
    result = read(target.getvalue().encode("utf-8-sig"), "ds.csv", headings=["Mã", "Tên"].__contains__)
    assert {tuple(row.values.values()) for row in [*result.rows, *(bad.row for bad in result.faulty)]} == set(written)


def test_csv_codes() -> None:
    assert codes(b"\n\n", "ds.csv") == ["file-empty"]
    assert codes(b";;\n;;\n", "ds.csv") == ["list-empty"]
