"""The Excel to fill: it asks what the forms ask, checks what the forms check, and says how to fill it."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from docgen.errors import FormError
from docgen.papers import library
from docgen.papers.asked import YES_NO, asked, cells
from docgen.papers.columns import CODE_NAME, SUBJECT_NAME, columns_of
from docgen.papers.form import Field
from docgen.papers.keys import key_of, keys_of
from docgen.papers.record import record
from docgen.papers.schema import accepted
from docgen.papers.sheet import MAIN, fill_sheets, list_sheet_titles, workbook
from docgen.rules.choices import options
from docgen.tables.cells import column_letters
from docgen.tables.excel import Column, Marked, SheetOut, write_sheets
from docgen.tables.lists import read_list
from docgen.tables.sheets import CODE, COMMON, GUIDE
from docgen.tables.table import EXAMPLE
from tests.papers.filling import (
    FAMILIES,
    NAMES,
    asked_fields,
    book,
    column,
    common_rows,
    formats,
    lists_in,
    opened,
    sheets,
)
from tests.papers.specimens import FORMS, name_of

if TYPE_CHECKING:
    from docgen.papers.form import Form


# ---------------------------------------------------------------- what it asks


@pytest.mark.parametrize("name", NAMES)
def test_every_heading_is_its_field_and_no_field_is_missing(name: str) -> None:
    read = opened(name)
    matched = columns_of(name).match(heading.text for heading in read.headings)
    assert matched.problems == ()
    assert matched.notes == ()
    fields = asked_fields(name)
    subject = [SUBJECT_NAME] if any(form.subject for form in columns_of(name).forms) and name in FAMILIES else []
    plain = {each for each, field in fields.items() if field.type != "list"}
    assert list(matched.names.values())[: 1 + len(subject)] == [CODE_NAME, *subject]
    assert sorted(matched.names.values()) == sorted([CODE_NAME, *subject, *plain])
    shared = columns_of(name).match(read.common)
    assert shared.problems == shared.notes == ()
    assert set(shared.names.values()) <= plain


@pytest.mark.parametrize("name", NAMES)
def test_it_reads_as_an_empty_list_without_a_word(name: str) -> None:
    read = opened(name)
    assert read.sheet == MAIN
    assert read.notes == ()
    assert (read.rows, read.faulty) == ((), ())
    assert read.skipped
    assert {reason for _, reason in read.skipped} == {EXAMPLE}
    assert all(value is None for value in read.common.values())
    for table in read.lists.values():
        assert (table.rows, table.faulty) == ((), ())
        assert {reason for _, reason in table.skipped} == {EXAMPLE}


@pytest.mark.parametrize(
    "form", [form for form in FORMS if any(f.type == "list" for f in form.fields.values())], ids=name_of
)
def test_every_list_field_has_its_sheet(form: Form) -> None:
    titles = list_sheet_titles(form.fields)
    assert set(opened(form.id).lists) == set(titles.values())
    for name, title in titles.items():
        first, *others = opened(form.id).lists[title].headings
        parts = form.fields[name].columns
        found = [[part for part, field in parts.items() if key_of(each.text) in keys_of(field)] for each in others]
        assert first.text == CODE
        assert found == [[part] for part, field in parts.items() if field.type != "computed"]


def test_list_titles_never_meet_each_other_or_the_other_sheets() -> None:
    columns = {"x": Field(name="x", label="X")}
    wanted = ["Chung", "Danh sách", "Hướng dẫn", "Ý kiến: thảo luận/góp ý", "x" * 40, "X" * 40]
    fields = {
        f"f{number}": Field(name=f"f{number}", label=label, type="list", columns=columns)
        for number, label in enumerate(wanted)
    }
    titles = list_sheet_titles({"khac": Field(name="khac", label="Chung"), **fields})
    assert list(titles) == list(fields)
    assert list(titles.values()) == [
        "Chung (2)",
        "Danh sách (2)",
        "Hướng dẫn (2)",
        "Ý kiến thảo luận góp ý",
        "x" * 31,
        "X" * 27 + " (2)",
    ]
    assert titles == list_sheet_titles(fields)


@pytest.mark.parametrize("name", NAMES)
def test_required_is_marked_once_and_where_it_is_asked(name: str) -> None:
    fields, shared = asked_fields(name), common_rows(name)
    names = columns_of(name).match(each.heading for each in sheets(name)[MAIN].columns).names
    for each in sheets(name)[MAIN].columns:
        known = fields.get(names[each.heading])
        asked_here = each.heading not in shared
        assert each.aside is not asked_here
        assert each.required is (asked_here and (known.required if known else names[each.heading] == SUBJECT_NAME))
    for heading, (shown, _, told) in shared.items():
        required = fields[names[heading]].required
        assert shown.endswith(" *") is required
        assert told.startswith("Bắt buộc.") is required


def test_what_an_organisation_writes_once_is_asked_once() -> None:
    profile = tomllib.loads((library.shelf("samples") / "to_chuc.toml").read_text("utf-8"))
    theirs = {name for name, value in profile.items() if not isinstance(value, dict)}
    for form in FORMS:
        names = columns_of(form.id).match(common_rows(form.id)).names
        assert theirs & set(form.fields) <= set(names.values())
        assert {each for each, field in form.fields.items() if field.type == "year"} <= set(names.values())


def test_columns_of_chung_stand_at_the_far_right() -> None:
    asides = [each.aside for each in sheets("mau-2b-2025")[MAIN].columns]
    assert asides == sorted(asides)
    assert [each.heading for each in sheets("mau-2b-2025")[MAIN].columns if each.aside] == [
        "Đảng bộ",
        "Nơi viết bản kiểm điểm",
        "Ngày viết bản kiểm điểm",
        "Năm kiểm điểm",
    ]


# ---------------------------------------------------------------- what it checks


@pytest.mark.parametrize("form", FORMS, ids=name_of)
def test_drop_downs_hold_exactly_the_labels(form: Form) -> None:
    titles = {title: name for name, title in list_sheet_titles(form.fields).items()}
    for number, (title, sheet) in enumerate(sheets(form.id).items(), start=1):
        fields = form.fields[titles[title]].columns if title in titles else form.fields
        wanted = {}
        for index, each in enumerate(sheet.columns):
            [field] = [f for f in fields.values() if f.title == each.heading] or [Field(name="x", label="x")]
            if field.type == "choice":
                wanted[column_letters(index)] = accepted(field)
            elif field.type == "yes_no":
                wanted[column_letters(index)] = list(YES_NO)
        if title not in {COMMON, GUIDE} and wanted:
            assert lists_in(book(form.id), number) == wanted


CHECKED = [
    ("mau-2b-2025", MAIN, "Ngày sinh", ("date", None, None)),
    ("mau-2b-2025", MAIN, "Nhóm tiêu chí chung", ("number", 0, 30)),
    ("mau-2b-2025", MAIN, "Năm kiểm điểm", ("integer", 1900, 2100)),
    ("mau-2b-2025", MAIN, "Ngày viết bản kiểm điểm", ("text", None, None)),
    ("phieu-binh-chon-xuat-sac", MAIN, "Số đảng viên được bình chọn, nhiều nhất", ("integer", 0, None)),
    ("tu-danh-gia-quy-2026", MAIN, "Quý", ("text", None, None)),
    ("tu-danh-gia-quy-2026", "Kết quả thực hiện nhiệm vụ được", "Chất lượng", ("percent", 0, 1)),
    ("danh-sach-xep-loai", "Danh sách đảng viên", "Năm sinh", ("integer", 1900, 2100)),
]


@pytest.mark.parametrize(("name", "sheet", "heading", "expected"), CHECKED)
def test_numbers_and_dates_are_checked_by_the_limits_of_their_field(
    name: str, sheet: str, heading: str, expected: tuple[Any, ...]
) -> None:
    found = column(name, heading, sheet)
    assert (found.kind, found.minimum, found.maximum) == expected


def test_limits_of_a_percentage_are_those_of_its_ratio() -> None:
    field = Field(name="ty_le", label="Tỷ lệ", type="percent", minimum=0, maximum=120)
    [each] = asked([(FORMS[0], {"ty_le": field})])
    assert (each.checks.minimum, each.checks.maximum) == (Decimal(0), Decimal("1.2"))


@pytest.mark.parametrize("name", NAMES)
def test_columns_of_text_have_the_format_of_text(name: str) -> None:
    shapes = {"text": "49", "date": "dd/mm/yyyy", "integer": "1", "number": "0", "percent": "0.00%"}
    for number, sheet in enumerate(sheets(name).values(), start=1):
        assert formats(book(name), number) == [shapes[each.kind] for each in sheet.columns]
        assert sheet.columns[0].kind == "text"


def test_where_two_editions_differ_nothing_is_refused_while_typing() -> None:
    one, other = library.form("mau-2a-2025"), library.form("mau-2b-2025")
    score = other.fields["diem_chung"]
    wider = other.model_copy(update={"fields": {"diem_chung": score.model_copy(update={"maximum": 100})}})
    checks = {each.field.name: each.checks for each in asked((form, form.fields) for form in (one, wider))}
    assert checks["diem_chung"] == ("text", (), None, None)
    assert checks["diem_nhiem_vu"].kind == "number"


# ---------------------------------------------------------------- a family


def test_a_family_asks_what_its_forms_of_the_year_ask() -> None:
    labels = {option.id: option.label for option in options(library.SUBJECTS)}
    assert column("kiem-diem-ca-nhan", "Đối tượng").choices == tuple(labels.values())
    assert column("kiem-diem-ca-nhan", "Đối tượng").required
    told = column("kiem-diem-ca-nhan", "Trách nhiệm nêu gương").help
    assert told.endswith("Chỉ dùng cho Mẫu 2A-HD KĐ.ĐG 2025.")
    assert "Chỉ dùng cho" not in column("kiem-diem-ca-nhan", "Họ và tên").help
    assert "Mẫu 2C-HD KĐ.ĐG 2025: " in column("kiem-diem-ca-nhan", "Thực hiện nhiệm vụ trong năm").help
    subjects = [row[1].value for row in sheets("kiem-diem-ca-nhan")[MAIN].rows if isinstance(row[1], Marked)]
    assert subjects == list(labels.values())


@pytest.mark.parametrize(
    ("year", "only_there", "not_there"),
    [
        (2021, "Tự đánh giá cấp độ: cam kết", "Nhóm tiêu chí chung"),
        (2023, "Tự đánh giá cấp độ: nêu gương", "Nhóm tiêu chí chung"),
        (2024, "Tự đánh giá cấp độ: nêu gương", "Tự đánh giá cấp độ: cam kết"),
        (2025, "Nhóm tiêu chí chung", "Tự đánh giá cấp độ: nêu gương"),
        (None, "Nhóm tiêu chí chung", "Tự đánh giá cấp độ: nêu gương"),
    ],
)
def test_the_year_says_which_editions_are_asked(year: int | None, only_there: str, not_there: str) -> None:
    headings = [each.heading for each in sheets("kiem-diem-ca-nhan", year)[MAIN].columns]
    assert headings[1] == "Đối tượng"
    assert only_there in headings
    assert not_there not in headings


@pytest.mark.parametrize("year", [2019, 2022, 2023, 2024, 2025, 2030])
@pytest.mark.parametrize("name", FAMILIES)
def test_headings_of_an_older_edition_are_known_beside_those_of_the_newest(name: str, year: int) -> None:
    made = sheets(name, year)
    headings = [each.heading for each in made[MAIN].columns]
    matched = columns_of(name).match(headings)
    assert matched.problems == matched.notes == ()
    assert list(matched.names) == headings


def test_what_only_a_later_form_has_stands_where_it_stands_there() -> None:
    headings = [each.heading for each in sheets("kiem-diem-ca-nhan", 2023)[MAIN].columns]
    place = headings.index("Tự đánh giá cấp độ: nhiệm vụ")
    assert headings[place + 1 : place + 3] == ["Công tác lãnh đạo, quản lý, điều hành", "Tự đánh giá cấp độ: lãnh đạo"]


def test_a_family_without_subjects_does_not_ask_for_one() -> None:
    assert [each.heading for each in sheets("kiem-diem-tap-the")[MAIN].columns][:2] == ["Mã", "Tập thể"]


def test_a_year_that_no_edition_serves_is_refused() -> None:
    with pytest.raises(FormError) as caught:
        fill_sheets("kiem-diem-ca-nhan", year=1999)
    [problem] = caught.value.problems
    assert problem.code == "family-year-unserved"
    assert "mau-2a-2025 (2025–nay)" in problem.cure


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(FormError):
        fill_sheets("mau-99")


# ---------------------------------------------------------------- examples and help


@pytest.mark.parametrize("name", NAMES)
def test_examples_are_grey_and_say_something_that_the_forms_accept(name: str) -> None:
    for sheet in sheets(name).values():
        if sheet.title in {COMMON, GUIDE}:
            continue
        for row in sheet.rows:
            assert all(isinstance(cell, Marked) and cell.fill == "example" for cell in row)
            first, *others = (cell.value for cell in row if isinstance(cell, Marked))
            assert str(first).startswith("Ví dụ: 00")
            assert any(others) or sheet.title != MAIN or all(each.aside for each in sheet.columns[1:])
            for each, value in zip(sheet.columns[1:], others, strict=True):
                assert value is None or not each.choices or value in each.choices
                assert value is None or each.kind == "text" or not isinstance(value, str)


def test_an_example_is_short_and_shows_several_paragraphs() -> None:
    [row] = sheets("mau-2b-2025")[MAIN].rows
    place = [each.heading for each in sheets("mau-2b-2025")[MAIN].columns].index("Thực hiện nhiệm vụ trong năm")
    cell = row[place]
    assert isinstance(cell, Marked)
    first, second = str(cell.value).split("\n")
    assert first == "Chủ nhiệm và dạy lớp 4B với 35 học sinh. Kết quả cuối năm học 2024 - 2025: …"
    assert second.endswith(" …")


def test_numbered_levels_are_shown_by_their_innermost_lines() -> None:
    form = library.form("quyet-dinh-cong-nhan")
    levels = [
        {"muc": "Giao Văn phòng", "con": ["Lưu hồ sơ.", {"muc": "Gửi", "con": ["Ban Tổ chức.", "Lưu."]}]},
        "Hiệu lực.",
    ]
    given_ = {**library.sample(form), "thi_hanh": levels}
    assert cells(record(form, given_))["thi_hanh"] == "Lưu hồ sơ.\nBan Tổ chức.\nLưu.\nHiệu lực."


def test_a_form_without_a_sample_takes_the_examples_of_its_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_: Form) -> dict[str, Any]:
        raise FormError.of("sample-missing", "Biểu mẫu chưa có bản ghi mẫu.")

    monkeypatch.setattr(library, "sample", none)
    made = fill_sheets("mau-2b-2025")
    values = [cell.value for cell in next(iter(made[0].rows)) if isinstance(cell, Marked)]
    assert values[:4] == ["Ví dụ: 001", "Trường Tiểu học Tân Hòa 2", "Nguyễn Thị Thanh Thảo", "12/5/1987"]


HELPED = [
    ("mau-2b-2025", "Ngày sinh", "Ghi ngày, tháng, năm như 28/02/1990.\nVí dụ: 12/5/1987"),
    ("mau-2b-2025", "Ngày viết bản kiểm điểm", "Chưa rõ ngày thì ghi 02/2026, hoặc chỉ ghi năm."),
    ("mau-2b-2025", "Nhóm tiêu chí chung", "Ghi số từ 0 đến 30, nhiều nhất 2 chữ số sau dấu phẩy."),
    (
        "mau-2b-2025",
        "Phẩm chất chính trị, đạo đức, lối sống",
        "In trên mẫu: Về phẩm chất chính trị, đạo đức, lối sống;",
    ),
    ("mau-2b-2025", "Phẩm chất chính trị, đạo đức, lối sống", "bấm Alt+Enter để xuống dòng"),
    ("mau-2b-2025", "Đề xuất xếp loại mức chất lượng", "Hoàn thành xuất sắc nhiệm vụ; Hoàn thành tốt nhiệm vụ"),
    ("mau-2b-2025", "In các khối nhận xét ở cuối bản", "Chọn «Có» hoặc «Không»; để trống là «"),
    ("mau-2b-2025", "Đảng bộ", "điền một lần ở trang «Chung» và để trống cột này"),
    ("ke-hoach-khac-phuc", "Mục đích, yêu cầu", "Một ô chỉ giữ được cấp mục ngoài cùng."),
]


@pytest.mark.parametrize(("name", "heading", "told"), HELPED)
def test_the_note_on_a_heading_says_how_to_fill_it(name: str, heading: str, told: str) -> None:
    assert told in column(name, heading).help


@pytest.mark.parametrize("name", NAMES)
def test_the_page_of_help_says_what_is_not_verified(name: str) -> None:
    lines = [str(row[0]) for row in sheets(name)[GUIDE].rows]
    for form in columns_of(name).forms:
        if name in FAMILIES and form.last_year is not None:
            continue
        for each in form.provenance:
            told = any(each.part in line and "chưa kiểm chứng" in line for line in lines)
            assert told is (each.status == "UNVERIFIED")
    assert any("loi.xlsx" in line for line in lines)
    assert any("TCVN3" in line for line in lines)
    for title in list_sheet_titles(asked_fields(name)).values():
        assert any(title in line for line in lines)


def test_only_our_own_page_of_help_is_passed_over_in_silence() -> None:
    main = SheetOut(title=MAIN, columns=[Column(heading="Họ và tên")], rows=[["Lê Thị Mơ"]])
    ours = fill_sheets("mau-2b-2025")[-1]
    theirs = replace(ours, columns=[Column(heading="Họ và tên")])
    assert ours.title == GUIDE
    assert [note.code for note in read_list(write_sheets([main, ours]), name="ds.xlsx").notes] == []
    assert [note.code for note in read_list(write_sheets([main, theirs]), name="ds.xlsx").notes] == ["sheets-not-read"]


def test_the_same_form_gives_the_same_bytes() -> None:
    assert workbook("kiem-diem-ca-nhan") == workbook("kiem-diem-ca-nhan", year=2025)
