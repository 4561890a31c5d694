"""What a workbook's cells become: in .xlsx, .xls and .ods, and what stands in a workbook beside its values."""

from __future__ import annotations

import re
import struct
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docgen.tables import archive as archives
from docgen.tables import cells
from docgen.tables.limits import DEFAULT
from tests.tables.books import (
    HEADS,
    PEOPLE,
    SHEET,
    book,
    codes,
    edited,
    faults,
    in_sheet,
    noted,
    ods,
    ods_text,
    read,
    record,
    refused,
    values,
    xls,
    xls_text,
    xlsx,
)

GOOD = xlsx([HEADS, *PEOPLE])


def one_cell(value: object, number_format: str = "General", **options: object) -> object:
    """What a cell that a spreadsheet holds is read as."""

    def write(workbook: Any) -> None:
        page = workbook.add_worksheet("A")
        page.write_string(0, 0, "Mã")
        page.write_string(0, 1, "Ô")
        page.write_string(1, 0, "1")
        page.write(1, 1, value, workbook.add_format({"num_format": number_format}))

    return read(book(write, **options)).rows[0].values["Ô"]


CELLS: list[tuple[object, str, object]] = [
    ("00123", "@", "00123"),
    ("001234567890", "General", "001234567890"),
    ("  hai khoảng trắng  ", "General", "  hai khoảng trắng  "),
    ("dòng 1\ndòng 2", "General", "dòng 1\ndòng 2"),
    ("   ", "General", None),
    (8, "General", 8),
    (8.5, "General", Decimal("8.5")),
    (0.1 + 0.2, "General", Decimal("0.3")),
    (57.99999999999999, "General", 58),
    (123, "00000", "00123"),
    (123, "0", 123),
    (-5, "00000", -5),
    (0.869, "0.0%", "86,9%"),
    (1.05, "0%", "105%"),
    (0, "0%", "0%"),
    (0.5, '0.0"%"', Decimal("0.5")),
    (1234567890, "000000000000", "001234567890"),
    (912345678, "0000 000 000", "0912 345 678"),
    (912345678, "0000\\-000\\-000", "0912-345-678"),
    (912345678, '"0"#', "0912345678"),
    (912345678, "0#########", "0912345678"),
    (12345678912, "0000 000 000", 12345678912),
    (1234, "# ##0", 1234),
    (1234, "#,##0", 1234),
    (5, '0" người"', 5),
    (True, "General", True),
    (datetime(2025, 3, 8), "dd/mm/yyyy", date(2025, 3, 8)),
    (datetime(2025, 3, 8, 14, 30), "dd/mm/yyyy hh:mm", datetime(2025, 3, 8, 14, 30)),
    (datetime(1990, 3, 1), "mm/yyyy", "03/1990"),
    (datetime(1990, 3, 1), "[$-42A]mmmm yyyy;@", "03/1990"),
    (datetime(1990, 3, 1), "yyyy", "1990"),
    (datetime(1990, 3, 1), "d-mmm", date(1990, 3, 1)),
    (datetime(2025, 3, 8), '"ngày" dd "tháng" mm "năm" yyyy', date(2025, 3, 8)),
    (time(8, 5), "hh:mm", "08:05"),
    (1.5, "[h]:mm", "36:00"),
]


@pytest.mark.parametrize(("value", "number_format", "expected"), CELLS)
def test_a_cell(value: object, number_format: str, expected: object) -> None:
    found = one_cell(value, number_format)
    assert found == expected
    assert type(found) is type(expected)


def test_a_workbook_that_counts_from_1904_gives_the_dates_that_are_shown() -> None:
    assert one_cell(datetime(2025, 3, 8), "dd/mm/yyyy", date_1904=True) == date(2025, 3, 8)


@settings(max_examples=15)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffd\ufffe\uffff")),
        min_size=1,
        max_size=8,
    )
)
def test_every_text_arrives_whole(texts: list[str]) -> None:
    given_texts = [f"x{text}" for text in texts]
    grid = [["Mã", "Nội dung"], *([str(number), text] for number, text in enumerate(given_texts))]
    result = read(xlsx(grid))
    rows = [*(row.values for row in result.rows), *(bad.row.values for bad in result.faulty)]
    assert {row["Nội dung"] for row in rows} == set(given_texts)


@pytest.mark.parametrize(
    "dimension", ["", '<dimension ref="A1"/>', '<dimension ref="A1:XFD1048576"/>', '<dimension ref="C3:D9"/>']
)
def test_the_dimension_is_never_believed(dimension: str) -> None:
    assert values(in_sheet('<dimension ref="A1:D3"/>', dimension)) == PEOPLE


def test_xml_with_a_prefix_is_read_with_all_its_facts() -> None:
    def prefixed(xml: bytes) -> bytes:
        xml = re.sub(rb'<c r="B3" t="s"><v>\d+', b'<c r="B3" t="e"><v>#N/A', xml)
        xml = xml.replace(b'<row r="2"', b'<row r="2" hidden="1"')
        for tag in (b"worksheet", b"sheetData", b"row", b"c", b"v"):
            for end in (b" ", b">"):
                xml = xml.replace(b"<" + tag + end, b"<x:" + tag + end)
            xml = xml.replace(b"</" + tag + b">", b"</x:" + tag + b">")
        return xml.replace(b"xmlns=", b"xmlns:x=")

    content = edited(GOOD, SHEET, prefixed)
    assert faults(content) == [(3, "B", "cell-error")]
    assert "hidden-rows" in noted(content)


XML_FAULTS = [
    ("an error", '<c r="B2" t="s"><v>5</v></c>', '<c r="B2" t="e"><v>#N/A</v></c>', "cell-error"),
    ("its style first", '<c r="B2" t="s"><v>5</v></c>', '<c s="0" t="e" r="B2"><v>#REF!</v></c>', "cell-error"),
    ("of a formula", '<c r="B2" t="s"><v>5</v></c>', '<c r="B2" t="e"><f>NA()</f><v>#N/A</v></c>', "cell-error"),
    ("no result", '<c r="B2" t="s"><v>5</v></c>', '<c r="B2"><f>A1</f></c>', "cell-not-calculated"),
    ("blank result", '<c r="B2" t="s"><v>5</v></c>', '<c r="B2"><f>A1</f><v></v></c>', "cell-not-calculated"),
    ("empty result", '<c r="B2" t="s"><v>5</v></c>', '<c r="B2"><f>A1</f><v/></c>', "cell-not-calculated"),
    ("text without result", '<c r="B2" t="s"><v>5</v></c>', '<c r="B2" t="str"><f>A1</f></c>', "cell-not-calculated"),
    ("made up", '<c r="B2" t="s"><v>5</v></c>', '<c r="B2"><f>A1*2</f><v>0</v></c>', "cell-not-calculated"),
    ("shared", '<c r="B2" t="s"><v>5</v></c>', '<c r="B2"><f t="shared" si="0"/></c>', "cell-not-calculated"),
    ("in text", '<c r="B2" t="s"><v>5</v></c>', '<c r="B2" t="inlineStr"><is><t>#REF!</t></is></c>', "cell-error"),
    ("lost", '<c r="B2" t="s"><v>5</v></c>', '<c r="B2" t="inlineStr"><is><t>L�</t></is></c>', "letters-lost"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "code"), [fault[1:] for fault in XML_FAULTS], ids=[fault[0] for fault in XML_FAULTS]
)
def test_a_cell_without_a_value_makes_its_row_faulty_and_no_other(old: str, new: str, code: str) -> None:
    content = in_sheet(old, new)
    assert faults(content) == [(2, "B", code)]
    assert values(content) == [PEOPLE[1]]
    assert read(content).rows_in == 2


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('<c r="B2" t="str"><f>A1</f><v>Lê Thị Mơ</v></c>', "Lê Thị Mơ"),
        ('<c r="B2" t="str"><f>A1</f><v></v></c>', None),
        ('<c r="B2"><f>1+1</f><v>2</v></c>', 2),
        ('<c r="B2" t="b"><f>1=1</f><v>1</v></c>', True),
        ('<c r="B2" t="b"><f>1=2</f><v>0</v></c>', False),
        ('<c r="B2" t="str"><f>A1</f><v/></c>', None),
        ('<c r="B2"><v>0</v></c>', 0),
        ('<c r="B2"/>', None),
    ],
)
def test_a_calculated_formula_is_its_result(cell: str, expected: object) -> None:
    assert values(in_sheet('<c r="B2" t="s"><v>5</v></c>', cell))[0][1] == expected


def test_every_fault_of_a_row_is_told_with_its_address() -> None:
    def write(workbook: Any) -> None:
        page = workbook.add_worksheet("A")
        page.write_row(0, 0, ["Mã", "Tên"])
        page.write_formula(1, 0, "=NA()", None, "#N/A")
        page.write_formula(1, 1, "=1/0", None, "#DIV/0!")

    (bad,) = read(book(write)).faulty
    assert [problem.what for problem in bad.problems] == ["Ô A2 báo lỗi #N/A.", "Ô B2 báo lỗi #DIV/0!."]
    assert dict(bad.row.values) == {"Mã": "#N/A", "Tên": "#DIV/0!"}


def test_nothing_is_made_up_in_a_workbook_that_was_calculated() -> None:
    zero = in_sheet('<c r="B2" t="s"><v>5</v></c>', '<c r="B2"><f>1-1</f><v>0</v></c>')
    calculated = edited(zero, "xl/workbook.xml", lambda xml: xml.replace(b' fullCalcOnLoad="1"', b""))
    assert values(calculated)[0][1] == 0


def test_a_sheet_in_several_pieces_is_read_with_all_its_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    def prefixed(xml: bytes) -> bytes:
        xml = xml.replace(b'<c r="B3" t="s"><v>', b'<c r="B3" t="e"><v>#N/A</v></c><c r="E3" t="s"><v>')
        xml = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", xml)
        return xml.replace(b"xmlns=", b"xmlns:x=")

    monkeypatch.setattr(archives, "_PIECE_BYTES", 150)
    content = edited(xlsx([[*HEADS, "Tên khác"], *PEOPLE, *([str(row)] for row in range(30))]), SHEET, prefixed)
    assert faults(content) == [(3, "B", "cell-error")]
    assert read(content).rows_in == 32


def test_merged_cells_make_every_row_they_touch_faulty() -> None:
    content = in_sheet("</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="D2:D3"/></mergeCells>')
    assert faults(content) == [(2, "D", "merged-cells"), (3, "D", "merged-cells")]
    assert "D2:D3" in read(content).faulty[1].problems[0].what


def test_a_merged_title_above_the_headings_does_no_harm() -> None:
    rows = [["DANH SÁCH ĐẢNG VIÊN"], HEADS, *PEOPLE]
    content = in_sheet("</sheetData>", '</sheetData><mergeCells><mergeCell ref="A1:D1"/></mergeCells>', rows)
    assert values(content, headings=HEADS.__contains__) == PEOPLE


def test_merged_cells_without_end_are_refused() -> None:
    rows = [HEADS, *([str(row), "Lê Thị Mơ", "x", "y"] for row in range(3_000))]
    areas = '<mergeCell ref="A2:D3001"/>' * 400
    content = in_sheet("</sheetData>", f"</sheetData><mergeCells>{areas}</mergeCells>", rows)
    assert codes(content) == ["merged-cells"]
    assert codes(content, limits=replace(DEFAULT, marked_cells=300)) == ["workbook-crowded"]


def test_hidden_rows_and_columns_are_read_and_told() -> None:
    def write(workbook: Any) -> None:
        page = workbook.add_worksheet("A")
        for row, cells_ in enumerate([HEADS, *PEOPLE]):
            page.write_row(row, 0, cells_)
        page.set_row(2, None, None, {"hidden": True})
        page.set_column(3, 3, 10, None, {"hidden": True})

    content = book(write)
    assert values(content) == PEOPLE
    assert "1 dòng đang bị ẩn" in noted(content)["hidden-rows"]
    assert "(dòng 3)" in noted(content)["hidden-rows"]
    assert "(cột D)" in noted(content)["hidden-columns"]


# ---------------------------------------------------------------- .xls


def xls_rows(*more: bytes) -> bytes:
    heads = [xls_text(0, column, text) for column, text in enumerate(["Mã", "Tên", "Tỷ lệ"])]
    return xls(*heads, xls_text(1, 0, "001"), xls_text(1, 1, "Lê Thị Mơ"), *more)


def number(row: int, column: int, style: int, value: float) -> bytes:
    return record(0x203, struct.pack("<HHHd", row, column, style, value))


def formula(row: int, column: int, result: bytes) -> bytes:
    return record(0x06, struct.pack("<HHH", row, column, 0) + result + struct.pack("<HIH", 0, 0, 0))


XLS_CELLS = [
    (number(1, 2, 0, 8.0), 8),
    (number(1, 2, 1, 0.5), "50%"),
    (number(1, 2, 2, 123.0), "00123"),
    (record(0x27E, struct.pack("<HHHI", 1, 2, 0, 123 << 2 | 2)), 123),
    (record(0xBD, struct.pack("<HHHIH", 1, 2, 2, 7 << 2 | 2, 2)), "00007"),
    (record(0x205, struct.pack("<HHHBB", 1, 2, 0, 1, 0)), True),
]


@pytest.mark.parametrize(("cell", "expected"), XLS_CELLS)
def test_a_cell_of_an_old_workbook(cell: bytes, expected: object) -> None:
    assert values(xls_rows(cell), "ds.xls") == [["001", "Lê Thị Mơ", expected]]


XLS_FAULTS = [
    (record(0x205, struct.pack("<HHHBB", 1, 2, 0, 42, 1)), "C", "cell-error"),
    (formula(1, 2, b"\x02\0\x17\0\0\0\xff\xff"), "C", "cell-error"),
    (record(0xE5, struct.pack("<HHHHH", 1, 1, 2, 1, 1)), "B", "merged-cells"),
    (xls_text(1, 2, "NguyÔn", 3), "C", "legacy-encoding"),
]


@pytest.mark.parametrize(("cell", "column", "code"), XLS_FAULTS)
def test_a_fault_of_an_old_workbook(cell: bytes, column: str, code: str) -> None:
    assert faults(xls_rows(cell), "ds.xls") == [(2, column, code)]


def test_hidden_rows_of_an_old_workbook_are_told() -> None:
    hidden = record(0x208, struct.pack("<HHHHHHHH", 1, 0, 3, 255, 0, 0, 0x20, 0))
    column = record(0x7D, struct.pack("<HHHHHH", 2, 2, 2000, 0, 1, 0))
    assert {"hidden-rows", "hidden-columns"} <= set(noted(xls_rows(hidden, column), "ds.xls"))


def test_an_old_workbook_with_a_password_or_from_before_1997_has_its_own_sentence() -> None:
    assert codes(xls(before=record(0x2F, bytes(6))), "ds.xls") == ["workbook-encrypted"]
    assert codes(
        xls_rows().replace(struct.pack("<HHH", 0x809, 16, 0x600), struct.pack("<HHH", 0x809, 16, 0x500)), "a.xls"
    ) == ["workbook-too-old"]


# ---------------------------------------------------------------- .ods


def ods_rows(*more: str) -> bytes:
    return ods(f'<table:table table:name="A">{ods_text("Mã", "Tên")}{"".join(more)}</table:table>')


def ods_cell(attributes: str, text: str = "") -> str:
    code = '<table:table-cell office:value-type="string"><text:p>001</text:p></table:table-cell>'
    shown = f"<text:p>{text}</text:p>" if text else ""
    return f"<table:table-row>{code}<table:table-cell {attributes}>{shown}</table:table-cell></table:table-row>"


ODS_CELLS = [
    ('office:value-type="float" office:value="8"', 8),
    ('office:value-type="percentage" office:value="0.869"', "86,9%"),
    ('office:value-type="date" office:date-value="2025-03-08"', date(2025, 3, 8)),
    ('office:value-type="boolean" office:boolean-value="true"', True),
    ('office:value-type="time" office:time-value="PT08H05M00S"', "08:05"),
    ('office:value-type="float" office:value="2" table:formula="of:=1+1"', 2),
]


@pytest.mark.parametrize(("attributes", "expected"), ODS_CELLS)
def test_a_cell_of_an_opendocument(attributes: str, expected: object) -> None:
    assert values(ods_rows(ods_cell(attributes)), "ds.ods") == [["001", expected]]


ODS_SHOWN = [
    ('office:value-type="float" office:value="123"', "00123", "00123"),
    ('office:value-type="float" office:value="912345678"', "0912 345 678", "0912 345 678"),
    ('office:value-type="float" office:value="0"', "0", 0),
    ('office:value-type="float" office:value="0.5"', "0,5", Decimal("0.5")),
    ('office:value-type="float" office:value="1234"', "1 234", 1234),
    ('office:value-type="date" office:date-value="1990-03-01"', "03/1990", "03/1990"),
    ('office:value-type="date" office:date-value="1990-03-01"', "1990", "1990"),
    ('office:value-type="date" office:date-value="1990-03-01"', "1/3/90", date(1990, 3, 1)),
]


@pytest.mark.parametrize(("attributes", "shown", "expected"), ODS_SHOWN)
def test_a_cell_of_an_opendocument_is_what_it_shows(attributes: str, shown: str, expected: object) -> None:
    assert values(ods_rows(ods_cell(attributes, shown)), "ds.ods") == [["001", expected]]


def test_a_note_on_a_cell_of_an_opendocument_is_not_what_it_shows() -> None:
    note = "<office:annotation><text:p>Xem lại</text:p></office:annotation>"
    code = ods_cell('office:value-type="float" office:value="123"', "00123").replace(
        "><text:p>00", f">{note}<text:p>00"
    )
    assert note in code
    assert values(ods_rows(code), "ds.ods") == [["001", "00123"]]


def test_a_formula_that_found_an_empty_text_is_blank_in_an_opendocument() -> None:
    empty = '<table:table-cell table:formula="of:=IF(1=1;&quot;&quot;)"><text:p/></table:table-cell>'
    assert values(ods_rows(ods_text("001").replace("</table:table-row>", f"{empty}</table:table-row>")), "ds.ods") == [
        ["001", None]
    ]


ODS_FAULTS = [
    ('table:formula="of:=A1"', "", "cell-not-calculated"),
    ('table:formula="of:=NA()" office:value-type="string" calcext:value-type="error"', "#N/A", "cell-error"),
    ('office:value-type="string" table:number-rows-spanned="2"', "Mơ", "merged-cells"),
]


@pytest.mark.parametrize(("attributes", "text", "code"), ODS_FAULTS)
def test_a_fault_of_an_opendocument(attributes: str, text: str, code: str) -> None:
    assert faults(ods_rows(ods_cell(attributes, text)), "ds.ods") == [(2, "B", code)]


def test_rows_that_repeat_in_an_opendocument_are_counted_on() -> None:
    blank = '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
    blanks = '<table:table-cell table:number-columns-repeated="16384"/>'
    tail = f'<table:table-row table:number-rows-repeated="1048000">{blanks}</table:table-row>'
    hidden = ods_text("002", "Trần").replace("<table:table-row>", '<table:table-row table:visibility="collapse">')
    content = ods_rows(blank, ods_cell('table:formula="of:=A1"'), hidden, tail)
    assert faults(content, "ds.ods") == [(5, "B", "cell-not-calculated")]
    assert "(dòng 6)" in noted(content, "ds.ods")["hidden-rows"]
    assert [number for number, _ in read(content, "ds.ods").skipped] == [2, 3, 4]


# ---------------------------------------------------------------- sheets


def test_the_sheet_that_is_asked_for_is_read() -> None:
    content = xlsx([["Khác"], ["x"]], "Tổng hợp", Trang2=[HEADS, *PEOPLE])
    assert values(content, sheet="trang2") == PEOPLE
    assert read(content, sheet="Trang2").rows[0].origin.sheet == "Trang2"
    assert codes(content, sheet="Trang3") == ["sheet-unknown"]


def test_the_first_sheet_with_known_headings_is_read_and_the_others_are_told() -> None:
    content = xlsx([["Khác"], ["x"]], "Tổng hợp", Trang2=[HEADS, *PEOPLE])
    assert values(content, headings=HEADS.__contains__) == PEOPLE
    assert "«Tổng hợp»" in noted(content, headings=HEADS.__contains__)["sheets-not-read"]


def test_common_values_and_rows_of_list_fields_stand_in_sheets_of_their_own() -> None:
    common: list[list[object]] = [["Mục", "Giá trị", "Ghi chú"], ["Năm", 2025, "năm kiểm điểm"], ["Nơi ký", None]]
    plan = [["Mã", "Hạn chế"], ["001", "Chưa sâu sát"], ["001", "Chậm báo cáo"]]
    result = read(xlsx([HEADS, *PEOPLE], Chung=common, Hạn_chế=plan))
    assert dict(result.common) == {"Năm": 2025, "Nơi ký": None}
    assert [row.values["Hạn chế"] for row in result.lists["Hạn_chế"].rows] == [
        "Chưa sâu sát",
        "Chậm báo cáo",
    ]
    assert result.lists["Hạn_chế"].column_of("Hạn chế") == "B"
    assert result.notes == ()


COMMON_FAULTS: list[tuple[list[list[object]], str]] = [
    ([["Năm", 2025], ["NĂM", 2024]], "common-twice"),
    ([[None, 2025]], "common-without-name"),
    ([["Năm", "#N/A"]], "cell-error"),
]


@pytest.mark.parametrize(("common", "code"), COMMON_FAULTS)
def test_a_fault_of_the_common_values_stops_the_list(common: list[list[object]], code: str) -> None:
    assert codes(xlsx([HEADS, *PEOPLE], Chung=common)) == [code]


PER_BRANCH: dict[str, list[list[object]]] = {"Chi bộ 2": [[*HEADS], ["003", "Bé", None, "Chi bộ 2"]]}


def test_a_sheet_for_each_branch_is_refused_because_one_alone_would_be_read() -> None:
    content = xlsx([HEADS, *PEOPLE], "Chi bộ 1", **PER_BRANCH)
    (problem,) = refused(content, headings=HEADS.__contains__)
    assert problem.code == "sheets-alike"
    assert "«Chi bộ 1», «Chi bộ 2»" in problem.what
    assert values(content, sheet="Chi bộ 2", headings=HEADS.__contains__) == [["003", "Bé", None, "Chi bộ 2"]]


def test_a_sheet_with_the_same_headings_and_nothing_under_them_does_no_harm() -> None:
    assert values(xlsx([HEADS, *PEOPLE], Mẫu=[HEADS]), headings=HEADS.__contains__) == PEOPLE


def test_hidden_sheets_are_told_but_for_the_choices() -> None:
    def write(workbook: Any) -> None:
        workbook.add_worksheet("Trang").write_row(0, 0, ["Mã"])
        for title in ("Chung", "Danh mục"):
            page = workbook.add_worksheet(title)
            page.write_row(0, 0, ["Năm", 2025])
            page.hide()
        workbook.add_chartsheet("Biểu đồ")

    assert noted(book(write)) == {
        "sheets-hidden": "ds.xlsx: Không đọc trang tính đang ẩn: «Chung». Cần đọc trang nào thì bỏ ẩn trang đó."
    }


def test_a_hidden_sheet_is_read_only_when_asked_for() -> None:
    def write(workbook: Any) -> None:
        workbook.add_worksheet("Trang").write_row(0, 0, ["Mã"])
        page = workbook.add_worksheet("Ẩn")
        page.write_row(0, 0, ["Mã", "Tên"])
        page.write_row(1, 0, ["001", "Mơ"])
        page.hide()

    content = book(write)
    assert read(content).sheets == ("Trang", "Ẩn")
    assert values(content) == []
    assert values(content, sheet="Ẩn") == [["001", "Mơ"]]


@given(st.integers(0, 20_000))
def test_column_names_count_as_excel_does(index: int) -> None:
    assert cells.column_index(cells.column_letters(index)) == index


@pytest.mark.parametrize(
    ("index", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")]
)
def test_column_names(index: int, name: str) -> None:
    assert cells.column_letters(index) == name
