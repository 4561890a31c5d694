"""Excel out: what is written is read back whole, stays text, never becomes a formula, and is the same each time."""

from __future__ import annotations

import re
import time
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from docgen.errors import OutputError, Problem
from docgen.tables.bad_rows import bad_rows_sheet
from docgen.tables.excel import MOST_CHARACTERS, Column, Marked, SheetOut, ToFill, sheet_titles, write_sheets
from docgen.tables.rows import FaultyRow, Heading, Origin, Row
from tests.tables.books import in_sheet, part, read, xlsx

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TWO = [Column(heading="Mã"), Column(heading="Nội dung")]


def sheet(*cells: Any, columns: Sequence[Column] = TWO, title: str = "Danh sách", checked: bool = False) -> SheetOut:
    return SheetOut(title=title, columns=columns, rows=[("1", cell) for cell in cells], checked=checked)


def back(*cells: Any, **options: Any) -> list[object]:
    return [row.values["Nội dung"] for row in read(write_sheets([sheet(*cells)], **options)).rows]


VALUES = [
    "00123",
    "=1+1",
    "+84 912 345 678",
    "-5",
    "@SUM(A1)",
    "\t=x",
    "http://x.vn/a",
    "_x0041_",
    "dòng 1\ndòng 2",
    "  x  ",
    8,
    Decimal("97.5"),
    True,
    date(1990, 2, 28),
    datetime(2025, 1, 1, 8, 5),
    None,
]


@pytest.mark.parametrize("value", VALUES)
def test_a_value_comes_back_as_it_was(value: object) -> None:
    found = back(value)
    assert found == [value]
    assert type(found[0]) is type(value)


def test_what_excel_cannot_keep_as_a_number_or_date_is_kept_as_text() -> None:
    assert back(12345678901234567890, Decimal("0.12345678901234567"), 10**400) == [
        "12345678901234567890",
        "0.12345678901234567",
        str(10**400),
    ]
    assert back(date(1899, 12, 31), date(1900, 2, 28)) == ["31/12/1899", "28/02/1900"]


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\ufffd\ufffe\uffff\r"), min_size=1).filter(
    lambda text: not text.isspace()
)


@settings(max_examples=30)
@given(st.lists(TEXT, min_size=1, max_size=10))
@example(["=cmd|' /C calc'!A0", "\x01\x1f", "_x000D_", "'", '"'])
def test_every_text_comes_back_whole_and_as_text(texts: list[str]) -> None:
    content = write_sheets([sheet(*(f"{text}." for text in texts))])
    result = read(content)
    rows = [*(row.values for row in result.rows), *(bad.row.values for bad in result.faulty)]
    assert sorted(str(row["Nội dung"]) for row in rows) == sorted(f"{text}." for text in texts)
    assert "<f>" not in part(content, "xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\nx"])
def test_text_that_looks_like_a_formula_is_marked_as_text(text: str) -> None:
    content = write_sheets([sheet(text)])
    style = re.search(r'<c r="B2" s="(\d+)" t="s">', part(content, "xl/worksheets/sheet1.xml"))
    assert style
    formats = re.findall(r"<xf [^>]*>", part(content, "xl/styles.xml").split("<cellXfs")[1])
    assert 'quotePrefix="1"' in formats[int(style[1])]
    assert "hyperlink" not in content.decode("latin-1")


def test_the_same_sheets_give_the_same_bytes(tmp_path: Path) -> None:
    made = [
        sheet(Marked("sai", "error", "Lý do"), "x", columns=[TWO[0], Column(heading="Nội dung", choices=("a", "b"))])
    ]
    first, streamed = write_sheets(made), write_sheets(made, scratch=tmp_path)
    time.sleep(2.1)  # a zip counts time in steps of two seconds
    assert write_sheets(made) == first
    assert write_sheets(made, scratch=tmp_path) == streamed
    assert [row.values for row in read(streamed).rows] == [row.values for row in read(first).rows]
    assert not list(tmp_path.iterdir())


def test_nothing_is_cut_off() -> None:
    assert back("x" * MOST_CHARACTERS) == ["x" * MOST_CHARACTERS]
    for text in ("x" * (MOST_CHARACTERS + 1), "😀" * (MOST_CHARACTERS // 2 + 1)):
        with pytest.raises(OutputError) as caught:
            write_sheets([sheet(text)])
        assert caught.value.problems[0].code == "excel-too-long"
    with pytest.raises(OutputError) as caught:
        write_sheets([sheet("\ud800")])
    assert caught.value.problems[0].code == "excel-letters"


def test_the_sheet_to_fill_has_drop_downs_checks_and_notes() -> None:
    columns = [
        Column(heading="Họ và tên", required=True, help="Viết đủ họ, đệm, tên."),
        Column(heading="Xếp loại", choices=("Hoàn thành tốt, có mức", "Không hoàn thành")),
        Column(heading="Ngày sinh", kind="date"),
        Column(heading="Điểm", kind="number", minimum=Decimal(0), maximum=Decimal(100)),
        Column(heading="Số trang", kind="integer"),
    ]
    content = write_sheets([SheetOut(title="Đảng viên", columns=columns, checked=True), sheet("x", title="Chung")])
    page = part(content, "xl/worksheets/sheet1.xml")
    assert "<formula1>'Danh mục'!$A$1:$A$2</formula1>" in page
    assert re.findall(r'<dataValidation type="(\w+)"', page) == ["list", "date", "decimal", "whole"]
    assert 'state="frozen"' in page
    assert "Bắt buộc.\nViết đủ họ, đệm, tên." in part(content, "xl/comments1.xml")
    result = read(content)
    assert [heading.text for heading in result.headings] == [column.heading for column in columns]
    assert result.notes == ()


def test_what_is_required_is_marked_and_reading_takes_the_mark_off() -> None:
    content = write_sheets([sheet("x", columns=[TWO[0], Column(heading="Nội dung", required=True)])])
    assert "Nội dung *<" in part(content, "xl/sharedStrings.xml")
    assert [heading.text for heading in read(content).headings] == ["Mã", "Nội dung"]


def test_a_single_cell_to_fill_has_the_checks_and_the_format_of_its_column() -> None:
    year = Column(heading="Năm", kind="integer", minimum=Decimal(1900), maximum=Decimal(2100))
    level = Column(heading="Mức", choices=("a", "b"))
    content = write_sheets([sheet(ToFill(year), ToFill(level), ToFill(TWO[1]))])
    page = part(content, "xl/worksheets/sheet1.xml")
    assert re.findall(r'<dataValidation type="(\w+)"[^>]* sqref="(\w+)"', page) == [("whole", "B2"), ("list", "B3")]
    styles = part(content, "xl/styles.xml").split("<cellXfs")[1]
    formats = re.findall(r'<xf numFmtId="(\d+)"', styles)
    cells = re.findall(r'<c r="B(\d)" s="(\d+)"/>', page)
    assert [(row, formats[int(style)]) for row, style in cells] == [("2", "1"), ("3", "49"), ("4", "49")]
    assert back(ToFill(year)) == [None]


TOLD = [
    (Column(heading="x", kind="integer", minimum=Decimal(0)), "Gõ một số nguyên từ 0 trở lên."),
    (Column(heading="x", kind="number", maximum=Decimal(30)), "Gõ một số không quá 30."),
    (Column(heading="x", kind="number", minimum=Decimal(0), maximum=Decimal(30)), "Gõ một số từ 0 đến 30."),
    (Column(heading="x", kind="number"), "Gõ một số."),
    (Column(heading="x", kind="percent", maximum=Decimal(1)), "Gõ tỷ lệ phần trăm kèm dấu %, ví dụ 86,9%."),
    (Column(heading="x", kind="date"), "Gõ ngày theo mẫu 28/02/1990."),
    (Column(heading="x", choices=("a",)), "Chọn một giá trị trong danh sách xổ xuống."),
]


@pytest.mark.parametrize(("column", "told"), TOLD)
def test_what_a_check_refuses_is_told_with_its_limits(column: Column, told: str) -> None:
    content = write_sheets([SheetOut(title="A", columns=[column], checked=True)])
    assert f' error="{told}"' in part(content, "xl/worksheets/sheet1.xml")


def test_a_page_has_no_filter_buttons_and_rows_as_high_as_their_text() -> None:
    columns = [Column(heading="Mã"), Column(heading="Nội dung", width=10)]
    rows = [("1", "x" * 25), ("2", "a\nb"), ("3", None), ("4", "x" * 9000)]
    pages = [
        part(write_sheets([SheetOut(title="A", columns=columns, rows=rows, page=page)]), "xl/worksheets/sheet1.xml")
        for page in (False, True)
    ]
    assert ["<autoFilter" in page for page in pages] == [True, False]
    assert re.findall(r'<row r="\d" [^>]*? ht="', pages[0]) == []
    heights = [float(each) for each in re.findall(r'<row r="\d" [^>]*? ht="([0-9.]+)"', pages[1])]
    assert [round(height) for height in heights] == [16, 48, 32, 16, 400]


def test_columns_that_stay_in_sight() -> None:
    for frozen, pane in ((0, '<pane ySplit="1" topLeftCell="A2"'), (1, '<pane xSplit="1" ySplit="1" topLeftCell="B2"')):
        content = write_sheets([SheetOut(title="A", columns=TWO, frozen=frozen)])
        assert pane in part(content, "xl/worksheets/sheet1.xml")


def test_a_long_note_has_a_box_that_holds_it() -> None:
    def height(told: str) -> int:
        content = write_sheets([SheetOut(title="A", columns=[Column(heading="Mã", help=told)])])
        drawn = re.search(r"height:(\d+)", part(content, "xl/drawings/vmlDrawing1.vml"))
        assert drawn
        return int(drawn[1])

    assert height("Ngắn.") < height("Dài. " * 20) < height("Dài. " * 20 + "\nMột.\nHai.")


def test_text_columns_keep_what_is_typed_later_as_text() -> None:
    content = write_sheets([SheetOut(title="A", columns=TWO)])
    style = re.search(
        r'<col min="1" max="2" width="[0-9.]+" style="([0-9]+)"', part(content, "xl/worksheets/sheet1.xml")
    )
    assert style
    formats = re.findall(r"<xf [^>]*>", part(content, "xl/styles.xml").split("<cellXfs")[1])
    assert 'numFmtId="49"' in formats[int(style[1])]


TITLES = [
    (["Kế hoạch: 2025/2026 [A]*?"], ["Kế hoạch 2025 2026 A"]),
    (["x" * 40, "x" * 40], ["x" * 31, "x" * 27 + " (2)"]),
    (["Chung", "CHUNG"], ["Chung", "CHUNG (2)"]),
    (["", "'"], ["Trang", "Trang (2)"]),
    (["Danh mục"], ["Danh mục (2)"]),
    (["😀" * 20, "😀" * 20], ["😀" * 15, "😀" * 13 + " (2)"]),
]


@pytest.mark.parametrize(("wanted", "titles"), TITLES)
def test_titles_that_excel_takes(wanted: list[str], titles: list[str]) -> None:
    assert sheet_titles(wanted) == titles


@settings(max_examples=50)
@given(st.lists(st.text(), min_size=1, max_size=4))
def test_any_title_becomes_one_that_excel_takes(wanted: list[str]) -> None:
    titles = sheet_titles(wanted)
    assert len(titles) == len(wanted)
    write_sheets([SheetOut(title=title, columns=TWO) for title in titles if title.isprintable()])


# ---------------------------------------------------------------- bad rows


def test_bad_rows_come_back_with_their_values_reasons_and_colours() -> None:
    headings = (Heading("Mã", "A", 0), Heading("Ngày sinh", "C", 2))
    origin = Origin(file="ds.xlsx", row=7)
    problems = (
        Problem(code="x", what="Không phải ngày.", cure="Viết lại.", column="C", label="Ngày sinh"),
        Problem(code="y", what="Thiếu.", label="Mã"),
    )
    bad = FaultyRow(Row({"Mã": None, "Ngày sinh": "31/02/1990"}, origin), problems)
    content = write_sheets([bad_rows_sheet("Lỗi", headings, [bad])])
    assert "Ngày sinh: Không phải ngày. Viết lại.\nMã: Thiếu." in part(content, "xl/sharedStrings.xml")
    assert "FFFFC7CE" in part(content, "xl/styles.xml")
    result = read(content)
    assert [dict(row.values) for row in result.rows] == [{"Mã": None, "Ngày sinh": "31/02/1990"}]


def test_bad_rows_that_are_mended_are_read_like_the_list_they_came_from() -> None:
    content = in_sheet('<c r="B2" t="s"><v>5</v></c>', '<c r="B2"><f>A1</f></c>')
    first = read(content)
    again = read(write_sheets([bad_rows_sheet("Lỗi", first.headings, first.faulty)]))
    assert [heading.text for heading in again.headings] == [heading.text for heading in first.headings]
    assert [problem.code for bad in again.faulty for problem in bad.problems] == ["cell-error"]
    assert [
        row.values for row in read(xlsx([[heading.text for heading in first.headings], ["1", "Mơ", None, None]])).rows
    ]


def test_lists_of_a_json_record_are_written_in_plain_words() -> None:
    bad = FaultyRow(Row({"a": ["một", "hai"], "b": [{"c": Decimal("1.5")}]}, Origin()), ())
    content = write_sheets([bad_rows_sheet("Lỗi", (Heading("a", None, 0), Heading("b", None, 1)), [bad])])
    assert list(read(content).rows[0].values.values()) == ["một\nhai", '[{"c": "1.5"}]']
