"""Files that would take memory, time or secrets: each is refused quickly, with its own sentence, in bounded memory."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import textwrap
import time
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docgen.errors import DataError
from docgen.tables import workbook, xlsx_facts
from docgen.tables.cells import Facts
from docgen.tables.limits import DEFAULT
from docgen.tables.lists import read_list
from tests.tables.books import (
    HEADS,
    PEOPLE,
    SHEET,
    archive,
    codes,
    compound,
    edited,
    in_sheet,
    ods,
    ods_text,
    read,
    refused,
    values,
    xls,
    xls_text,
    xlsx,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from docgen.errors import Problem


GOOD = xlsx([HEADS, *PEOPLE])
FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
WIDE_AND_LONG = '<row r="90000"><c r="DZ90000"><v>1</v></c></row></sheetData>'
XML_2003 = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'
MEGABYTE = 1024 * 1024


def far_ods(rows: int, columns: int) -> bytes:
    cell = f'<table:table-cell office:value-type="float" office:value="5" table:number-columns-repeated="{columns}"/>'
    row = f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>'
    return ods(f'<table:table table:name="A">{ods_text("Mã")}{row}</table:table>')


FAR_CELLS: list[tuple[str, Callable[[], bytes], str, str]] = [
    ("far corner", lambda: in_sheet("</sheetData>", FAR), "ds.xlsx", "XFD1048576"),
    ("far column", lambda: in_sheet('<c r="D3"', '<c r="XFD3"'), "ds.xlsx", "XFD3"),
    ("far row", lambda: in_sheet("</sheetData>", FAR.replace("XFD", "A")), "ds.xlsx", "A1048576"),
    ("wide and long", lambda: in_sheet("</sheetData>", WIDE_AND_LONG), "ds.xlsx", "DZ90000"),
    ("far in xls", lambda: xls(xls_text(0, 0, "Mã"), xls_text(65535, 255, "xa")), "ds.xls", "IV65536"),
    ("columns in ods", lambda: far_ods(1, 10**9), "ds.ods", "SG2"),
    ("rows in ods", lambda: far_ods(10**9, 1), "ds.ods", "A3"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "name", "address"), [far[1:] for far in FAR_CELLS], ids=[far[0] for far in FAR_CELLS])
def test_a_far_cell_is_refused_by_its_address(make: Callable[[], bytes], name: str, address: str) -> None:
    start = time.monotonic()
    (problem,) = refused(make(), name)
    assert problem.code == "workbook-far-cell"
    assert address[:2] in problem.what
    assert time.monotonic() - start < 10


def test_a_far_cell_in_another_sheet_does_no_harm() -> None:
    def far(xml: bytes) -> bytes:
        return xml.replace(b"</sheetData>", FAR.encode())

    content = edited(xlsx([HEADS, *PEOPLE], Khac=[["x"]]), "xl/worksheets/sheet2.xml", far)
    assert values(content) == PEOPLE
    assert codes(content, sheet="Khac") == ["workbook-far-cell"]


def test_a_far_blank_cell_does_no_harm() -> None:
    blank = '<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    assert values(in_sheet("</sheetData>", blank)) == PEOPLE


def test_a_million_blank_formatted_rows_are_passed_over_in_time() -> None:
    rows = "".join(f'<row r="{row}" s="1" customFormat="1"><c r="A{row}" s="1"/></row>' for row in range(4, 1_000_004))
    content = in_sheet("</sheetData>", rows + "</sheetData>")
    start = time.monotonic()
    assert values(content) == PEOPLE
    assert time.monotonic() - start < 10


SHIELD = """
    import re, sys
    from docgen.errors import DataError
    from docgen.tables import workbook, xlsx_facts
    from docgen.tables.lists import read_list

    xlsx_facts.far_cell = None
    xlsx_facts._Search._measure = lambda *_, **__: None
    try:
        read_list(sys.stdin.buffer.read(), name="a.xlsx")
    except DataError as error:
        peak = re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())
        print(error.problems[0].code, int(peak[1]) // 1024)
"""


def test_what_the_search_overlooks_ends_only_the_child_process() -> None:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(SHIELD)],
        input=in_sheet("</sheetData>", FAR),
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    code, megabytes = done.stdout.decode().split()
    assert code == "workbook-unreadable"
    assert int(megabytes) < 200
    assert done.stderr == b""


def test_a_child_that_takes_too_long_is_ended() -> None:
    rows = [HEADS, *([str(row), "Lê Thị Mơ", "x", "y"] for row in range(20_000))]
    start = time.monotonic()
    assert codes(xlsx(rows), limits=replace(DEFAULT, seconds=0)) == ["workbook-unreadable"]
    assert time.monotonic() - start < 5


def test_a_child_that_needs_too_much_memory_is_ended() -> None:
    rows = [HEADS, *([str(row), "Lê Thị Mơ" * 40 + str(row), "x", "y"] for row in range(20_000))]
    small = replace(DEFAULT, memory_bytes=40 * MEGABYTE)
    assert codes(xlsx(rows), limits=small) == ["workbook-unreadable"]


def test_a_text_in_very_many_cells_is_refused_before_it_fills_the_memory() -> None:
    rows = [["Mã"], *([("Mơ" * 500)] for _ in range(20_000))]
    small = replace(DEFAULT, inflated_bytes=8 * MEGABYTE)
    assert codes(xlsx(rows), limits=small) == ["workbook-unreadable"]
    assert len(values(xlsx(rows))) == 20_000


def crowded_ods() -> bytes:
    kind = 'office:value-type="percentage" office:value="0.5"'
    cell = f'<table:table-cell {kind} table:number-columns-repeated="400"/>'
    row = f'<table:table-row table:number-rows-repeated="10000">{cell}</table:table-row>'
    return ods(f'<table:table table:name="A">{ods_text("Mã")}{row}</table:table>')


def errors(rows: int) -> str:
    return (
        "".join(f'<row r="{row}"><c r="A{row}" t="e"><v>#N/A</v></c></row>' for row in range(4, rows)) + "</sheetData>"
    )


CROWDED: list[tuple[str, Callable[[], bytes]]] = [
    ("ds.ods", crowded_ods),
    ("ds.xls", lambda: xls(*(xls_text(row, 0, "1", 1) for row in range(2_000)))),
    ("ds.xlsx", lambda: in_sheet("</sheetData>", errors(2_000))),
]


@pytest.mark.parametrize(("name", "make"), CROWDED, ids=[name for name, _ in CROWDED])
def test_a_sheet_in_which_too_many_cells_need_a_word_is_refused(name: str, make: Callable[[], bytes]) -> None:
    start = time.monotonic()
    assert codes(make(), name, limits=replace(DEFAULT, marked_cells=1_000)) == ["workbook-crowded"]
    assert time.monotonic() - start < 10


def test_a_sheet_of_which_no_facts_are_known_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_facts, "facts_of", lambda *_: {"Khác": Facts()})
    assert codes(GOOD) == ["workbook-irregular"]


def bomb(size: int) -> bytes:
    return edited(GOOD, "xl/sharedStrings.xml", lambda xml: xml + b" " * size)


def doubled() -> bytes:
    target = io.BytesIO(GOOD)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(target, "a") as more:
        more.writestr(SHEET, b"<x/>")
    return target.getvalue()


DTD = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'


def with_dtd(part: str) -> bytes:
    return edited(GOOD, part, lambda xml: DTD + re.sub(rb"^<\?xml[^>]*>", b"", xml))


HOSTILE: list[tuple[str, Callable[[], bytes], str]] = [
    ("bomb by ratio", lambda: bomb(300 * MEGABYTE), "workbook-too-big"),
    ("many members", lambda: edited(GOOD, "", bytes, **{f"x{n}.xml": b"" for n in range(60_000)}), "workbook-too-big"),
    ("doubled member", doubled, "workbook-unsound"),
    ("path outside", lambda: edited(GOOD, "", bytes, **{"../x": b""}), "workbook-unsound"),
    ("absolute path", lambda: edited(GOOD, "", bytes, **{"/etc/x": b""}), "workbook-unsound"),
    ("backslash", lambda: edited(GOOD, "", bytes, **{"xl\\x": b""}), "workbook-unsound"),
    ("torn", lambda: GOOD[: len(GOOD) // 2], "workbook-damaged"),
    ("spoilt", lambda: GOOD[:400] + bytes(200) + GOOD[600:], "workbook-damaged"),
    ("dtd in sheet", lambda: with_dtd(SHEET), "workbook-dtd"),
    ("dtd in strings", lambda: with_dtd("xl/sharedStrings.xml"), "workbook-dtd"),
    ("dtd in workbook", lambda: with_dtd("xl/workbook.xml"), "workbook-dtd"),
    ("dtd in links", lambda: with_dtd("xl/_rels/workbook.xml.rels"), "workbook-dtd"),
    ("dtd in types", lambda: with_dtd("[Content_Types].xml"), "workbook-dtd"),
    ("dtd in styles", lambda: with_dtd("xl/styles.xml"), "workbook-dtd"),
    ("utf-16 sheet", lambda: edited(GOOD, SHEET, lambda xml: xml.decode().encode("utf-16")), "workbook-irregular"),
    ("comment", lambda: in_sheet("<sheetData>", '<!-- <c r="A9"> --><sheetData>'), "workbook-irregular"),
    ("no address", lambda: in_sheet('<c r="B2" t="s">', '<c t="s">'), "workbook-irregular"),
    ("entity", lambda: in_sheet('<c r="B2" t="s">', '<c r="&#66;2" t="s">'), "workbook-damaged"),
    ("no sheets", lambda: archive({"xl/workbook.xml": "<workbook/>"}), "workbook-damaged"),
    ("half a styles part", lambda: edited(GOOD, "xl/styles.xml", lambda xml: xml[:300]), "workbook-damaged"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("make", "code"), [hostile[1:] for hostile in HOSTILE], ids=[hostile[0] for hostile in HOSTILE]
)
def test_a_hostile_workbook_is_refused_quickly(make: Callable[[], bytes], code: str) -> None:
    content = make()
    start = time.monotonic()
    assert codes(content) == [code]
    assert time.monotonic() - start < 3


def test_a_dtd_in_an_opendocument_is_refused() -> None:
    xml = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><x>&e;</x>'
    content = archive({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": xml})
    assert codes(content, "a.ods") == ["workbook-dtd"]


def test_overlapping_members_are_refused() -> None:
    content = bytearray(GOOD)
    first = content.index(b"PK\x01\x02")
    second = content.index(b"PK\x01\x02", first + 4)
    content[second + 42 : second + 46] = content[first + 42 : first + 46]
    assert codes(bytes(content)) == ["workbook-unsound"]


OTHER_FILES: list[tuple[str, bytes, str, str]] = [
    ("lock file", GOOD, "~$ds.xlsx", "file-lock"),
    ("nothing", b"", "ds.xlsx", "file-empty"),
    ("blanks", b" \n ", "ds.csv", "file-empty"),
    ("pdf", b"%PDF-1.7", "ds.xlsx", "file-pdf"),
    ("html as xls", b"<html><table><tr><td>M\xc3\xa3", "ds.xls", "file-html"),
    ("table as xls", b"\xef\xbb\xbf\n<TABLE border=1>", "ds.xls", "file-html"),
    ("xml 2003", XML_2003, "ds.xls", "workbook-xml-2003"),
    ("csv as xlsx", "Mã,Tên\n1,Mơ\n".encode(), "ds.xlsx", "file-ending"),
    ("word", archive({"word/document.xml": "<x/>"}), "ds.xlsx", "file-word"),
    ("old word", compound({"WordDocument": b"x"}), "ds.xls", "file-word"),
    ("old other", compound({"Khac": b"x"}), "ds.xls", "file-not-list"),
    ("password", compound({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "ds.xlsx", "workbook-encrypted"),
    ("password of ods", ods("", "<manifest:encryption-data/>"), "ds.ods", "workbook-encrypted"),
    ("xlsb", archive({"xl/workbook.bin": "x"}), "ds.xlsb", "workbook-xlsb"),
    ("zip", archive({"a.txt": "x"}), "ds.zip", "file-archive"),
    ("rar", b"Rar!\x1a\x07", "ds.rar", "file-archive"),
    ("picture", b"\x89PNG\r\n", "ds.png", "file-picture"),
    ("torn xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "ds.xls", "workbook-damaged"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "name", "code"), [other[1:] for other in OTHER_FILES], ids=[other[0] for other in OTHER_FILES]
)
def test_another_kind_of_file_has_its_own_sentence(content: bytes, name: str, code: str) -> None:
    assert codes(content, name) == [code]


def test_a_workbook_under_another_ending_is_read_and_told() -> None:
    result = read(GOOD, "ds.xls")
    assert [list(row.values.values()) for row in result.rows] == PEOPLE
    assert [note.code for note in result.notes] == ["file-ending"]


def test_a_file_that_is_too_large_is_refused_before_it_is_read() -> None:
    assert codes(GOOD, limits=replace(DEFAULT, list_bytes=10)) == ["file-too-large"]


def told(content: bytes, name: str) -> tuple[Problem, ...]:
    """The reasons of a refusal, or the notes."""
    try:
        return read_list(content, name=name).notes
    except DataError as error:
        return error.problems


@settings(max_examples=60)
@given(
    st.binary(max_size=400), st.sampled_from(["a.xlsx", "a.xls", "a.ods", "a.csv", "a.json", "a.jsonl", "a.yaml", "a"])
)
def test_noise_is_read_or_refused_and_nothing_else(content: bytes, name: str) -> None:
    assert all(problem.what for problem in told(content, name))


SPOILT = [GOOD, xls(xls_text(0, 0, "Mã"), xls_text(1, 0, "001")), ods(f"<table:table>{ods_text('Mã')}</table:table>")]


@settings(max_examples=40)
@given(st.sampled_from(SPOILT), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=5))
def test_a_spoilt_workbook_is_read_or_refused_and_nothing_else(content: bytes, changes: list[tuple[int, int]]) -> None:
    spoilt = bytearray(content)
    for place, byte in changes:
        spoilt[place % len(spoilt)] = byte
    assert all(problem.what for problem in told(bytes(spoilt), "a.xlsx"))


def test_the_words_of_the_child_are_in_nobodys_sight() -> None:
    assert "skip" not in workbook._START
    assert "wanted" not in workbook._START
