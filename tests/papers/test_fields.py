"""Each type of field: what it accepts and as what, what it refuses and how it says so."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from docgen.errors import DataError, Problem
from docgen.papers.fields import Level, OpenDate, read
from docgen.papers.form import Computation, Field, FieldType
from docgen.rules.choices import options
from docgen.viet.periods import Month, Quarter
from docgen.viet.text import EMPTY_LINES, INVISIBLE, LOOK_ALIKES, NO_BREAK, ONE_BLANK, ONE_LINE, TRIMMED

TEXT = Field(label="Chức vụ")
NAME = Field(label="Họ và tên", type="name")
PARAGRAPHS = Field(label="Hạn chế, khuyết điểm", type="paragraphs")
LEVELS = Field(label="Mục đích, yêu cầu", type="levels")
DATE = Field(label="Ngày sinh", type="date")
SIGNED = Field(label="Ngày ký", type="date", format="long")
MONTH = Field(label="Tháng", type="month")
QUARTER = Field(label="Quý", type="quarter")
YEAR = Field(label="Năm", type="year")
INTEGER = Field(label="Số đảng viên", type="integer", minimum=0, maximum=60_000)
SCORE = Field(label="Điểm", type="decimal", minimum=0, maximum=30)
AMOUNT = Field(label="Số tiền", type="decimal")
SHARE = Field(label="Tỷ lệ", type="percent", places=1, maximum=100)
LEVEL = Field(label="Mức xếp loại", type="choice", choices="muc-chat-luong")
DEGREE = Field(label="Cấp độ", type="choice", choices="cap-do")
FLAG = Field(label="In các khối nhận xét", type="yes_no")
GOOD, EXCELLENT = options("muc-chat-luong")[1], options("muc-chat-luong")[0]
SUM_OF_A = Computation(op="sum", of=("a",))
OF_TYPE: dict[FieldType, dict[str, Any]] = {"choice": {"choices": "cap-do"}}
READ_TYPES: tuple[FieldType, ...] = (
    "text", "name", "paragraphs", "date", "month", "quarter", "year", "integer", "decimal", "percent",
    "choice", "yes_no", "levels",
)  # fmt: skip


def short(value: object) -> str:
    """A part of a test's id: labels and codes, nothing of what is long or odd."""
    told = value.label if isinstance(value, Field) else value if isinstance(value, str) else ""
    return told if told.isprintable() and len(told) <= 30 else ""


@pytest.mark.parametrize(
    ("field", "given_", "value", "notes"),
    [
        (TEXT, "Phó Bí thư & Chủ tịch <xã>", "Phó Bí thư & Chủ tịch <xã>", ()),
        (TEXT, "  Bí thư\t chi bộ ", "Bí thư chi bộ", (TRIMMED, ONE_BLANK)),
        (TEXT, "Bí thư\nChi bộ", "Bí thư Chi bộ", (ONE_LINE,)),
        (TEXT, "Bí thư\n\nChi bộ", "Bí thư Chi bộ", (EMPTY_LINES, ONE_LINE)),
        (TEXT, unicodedata.normalize("NFD", "Ủy viên"), "Ủy viên", ()),
        (TEXT, 8.0, "8", ()),
        (TEXT, 0.1 + 0.2, "0,3", ()),
        (TEXT, 46882, "46882", ()),
        (TEXT, Decimal("1234.50"), "1.234,5", ()),
        (TEXT, -0.0, "0", ()),
        (TEXT, date(2018, 3, 8), "08/3/2018", ()),
        (TEXT, datetime(2018, 11, 8, 0, 0), "08/11/2018", ()),
        (TEXT, "00123", "00123", ()),
        (TEXT, "null", "null", ()),
        (TEXT, "ấ" * 1_000, "ấ" * 1_000, ()),
        (NAME, "Đặng Thị Mỹ Duyên", "Đặng Thị Mỹ Duyên", ()),
        (NAME, "\u00d0ặng\u00a0Thị\u200b Na", "Đặng Thị Na", (INVISIBLE, NO_BREAK, LOOK_ALIKES)),
        (PARAGRAPHS, "Một dòng", ("Một dòng",), ()),
        (PARAGRAPHS, "Một\r\nHai\rBa\nBốn\n", ("Một", "Hai", "Ba", "Bốn"), ()),
        (PARAGRAPHS, ["Một", "Hai\nBa", None, 4], ("Một", "Hai", "Ba", "4"), ()),
        (PARAGRAPHS, ["Một", "", "Hai"], ("Một", "Hai"), (EMPTY_LINES,)),
        (PARAGRAPHS, "ấ" * 100_000, ("ấ" * 100_000,), ()),
        (LEVELS, ["Mục đích", {"muc": "Yêu cầu", "con": ["Rõ việc", {"muc": "Rõ người", "con": ["Tên"]}]}],
         (Level(1, "Mục đích"), Level(1, "Yêu cầu"), Level(2, "Rõ việc"), Level(2, "Rõ người"), Level(3, "Tên")), ()),
        (LEVELS, "Mục đích\nYêu cầu", (Level(1, "Mục đích"), Level(1, "Yêu cầu")), ()),
        (LEVELS, "Mục đích\n\nYêu cầu\n", (Level(1, "Mục đích"), Level(1, "Yêu cầu")), (EMPTY_LINES,)),
        (LEVELS, [{"muc": " Một ", "con": None}], (Level(1, "Một"),), (TRIMMED,)),
        (DATE, "8/3/2018", date(2018, 3, 8), ()),
        (DATE, "2018-03-08 00:00:00", date(2018, 3, 8), ()),
        (DATE, datetime(2018, 3, 8, 0, 0), date(2018, 3, 8), ()),
        (SIGNED, "ngày 8 tháng 12 năm 2025", date(2025, 12, 8), ()),
        (SIGNED, "2026", OpenDate(2026), ()),
        (SIGNED, 2026, OpenDate(2026), ()),
        (SIGNED, "11/2026", OpenDate(2026, 11), ()),
        (SIGNED, "tháng 2 năm 2026", OpenDate(2026, 2), ()),
        (MONTH, "tháng 3/2026", Month(3, 2026), ()),
        (QUARTER, "III", Quarter(3, None), ()),
        (QUARTER, "quý 4/2026", Quarter(4, 2026), ()),
        (YEAR, "2025", 2025, ()),
        (YEAR, 2025.0, 2025, ()),
        (INTEGER, "46.882", 46882, ()),
        (INTEGER, 0, 0, ()),
        (SCORE, "27,5", Decimal("27.5"), ()),
        (SCORE, 27.5, Decimal("27.5"), ()),
        (SCORE, 30, Decimal(30), ()),
        (AMOUNT, "9" * 27, Decimal("9" * 27), ()),
        (SHARE, "86,9%", Decimal("0.869"), ()),
        (SHARE, 86.9, Decimal("0.869"), ()),
        (LEVEL, "Hoàn thành tốt nhiệm vụ", GOOD, ()),
        (LEVEL, "HOÀN THÀNH TỐT NHIỆM VỤ.", GOOD, ()),
        (LEVEL, unicodedata.normalize("NFD", "hoàn thành tốt  nhiệm vụ"), GOOD, ()),
        (LEVEL, "hoan thanh tot nhiem vu", GOOD, ()),
        (LEVEL, "HTTNV", GOOD, ()),
        (LEVEL, "tot", GOOD, ()),
        (LEVEL, "xuat_sac", EXCELLENT, ()),
        (LEVEL, "Mức 1", EXCELLENT, ()),
        (FLAG, True, True, ()),
        (FLAG, "Có", True, ()),
        (FLAG, unicodedata.normalize("NFD", "Không"), False, ()),
        (FLAG, " x ", True, ()),
        (FLAG, 0, False, ()),
        (FLAG, 1.0, True, ()),
    ],
    ids=short,
)  # fmt: skip
def test_what_people_mean_is_read(field: Field, given_: object, value: object, notes: tuple[str, ...]) -> None:
    assert read(field, given_) == (value, notes)


@pytest.mark.parametrize(
    ("field", "given_", "code", "what", "cure"),
    [
        (TEXT, True, "not-text", "đúng/sai", "«Có» hoặc «Không»"),
        (TEXT, {"a": "b"}, "not-text", "không phải danh sách hay bảng", "Viết nội dung thành chữ"),
        (TEXT, ["a", "b"], "not-text", "không phải danh sách hay bảng", "Viết nội dung thành chữ"),
        (TEXT, float("nan"), "number-not-finite", "hữu hạn", "Gõ một số"),
        (TEXT, float("inf"), "number-not-finite", "hữu hạn", "Gõ một số"),
        (TEXT, 1e20, "number-too-long", "quá nhiều chữ số", "27 chữ số"),
        (TEXT, 10**60, "number-too-long", "quá nhiều chữ số", "27 chữ số"),
        (TEXT, 10**5_000, "number-too-long", "quá nhiều chữ số", "27 chữ số"),
        (TEXT, "ấ" * 1_001, "too-long", "Dài 1.001 ký tự, quá giới hạn 1.000 ký tự", "Rút ngắn"),
        (NAME, "Na " * 41, "too-long", "quá giới hạn 120 ký tự", "Rút ngắn"),
        (NAME, "Lê \u202eThị Na", "text-direction-mark", "U+202E (ký tự thứ 4)", "xoá các ký tự này"),
        (TEXT, "Bí\x00thư", "text-control-character", "U+0000 (ký tự thứ 3)", "xoá các ký tự này"),
        (TEXT, "Bí\fthư", "text-control-character", "U+000C", "xoá các ký tự này"),
        (TEXT, "Bí\ud800thư", "text-lone-surrogate", "U+D800", "xoá các ký tự này"),
        (TEXT, "Bí\uffffthư", "text-noncharacter", "U+FFFF", "xoá các ký tự này"),
        (PARAGRAPHS, ["Một", ["Hai"]], "not-text", "không phải danh sách", "Viết nội dung thành chữ"),
        (PARAGRAPHS, ["Một", True], "not-text", "đúng/sai", "«Có» hoặc «Không»"),
        (PARAGRAPHS, "Một\n" * 40_000, "too-long", "quá giới hạn 100.000 ký tự", "phụ lục"),
        (LEVELS, "Một\fHai", "text-control-character", "U+000C", "xoá các ký tự này"),
        (LEVELS, ["Một", "\u200b"], "levels-shape", "không đúng dạng", '{"muc": "câu"'),
        (LEVELS, [{"muc": "Một", "conn": ["Hai"]}], "levels-shape", "không đúng dạng", '{"muc": "câu"'),
        (LEVELS, [{"muc": "Một", "con": "Hai"}], "levels-shape", "không đúng dạng", '{"muc": "câu"'),
        (LEVELS, [{"con": ["Hai"]}], "levels-shape", "không đúng dạng", '{"muc": "câu"'),
        (LEVELS, [{"muc": "1", "con": [{"muc": "2", "con": [{"muc": "3", "con": ["4"]}]}]}],
         "levels-too-deep", "hơn 3 cấp", "nhiều nhất 3 cấp"),
        (LEVELS, ["Một"] * 2_001, "too-many-levels", "Có 2.001 mục, quá giới hạn 2.000 mục", "phụ lục"),
        (LEVELS, ["Một" * 20_000, "Hai" * 20_000], "too-long", "quá giới hạn 100.000 ký tự", "phụ lục"),
        (DATE, "31/02/2025", "date-impossible", "không phải ngày có thật", "08/3/2018"),
        (DATE, "00/00/0000", "date-impossible", "không phải ngày có thật", "08/3/2018"),
        (DATE, "29/02/2023", "date-impossible", "không phải ngày có thật", "08/3/2018"),
        (DATE, 45992, "date-is-number", "con số", "định dạng cột là ngày"),
        (DATE, "2026", "date-incomplete", "thiếu ngày", "08/3/2018"),
        (DATE, ["8/3/2018"], "not-one-value", "một giá trị", "Viết một giá trị"),
        (SIGNED, "hôm nay", "date-unreadable", "không phải ngày", "08/3/2018"),
        (SIGNED, True, "date-unreadable", "không phải ngày", "08/3/2018"),
        (SIGNED, "13/2026", "date-incomplete", "thiếu ngày", "08/3/2018"),
        (MONTH, "13", "month-unreadable", "không phải tháng", "từ 1 đến 12"),
        (QUARTER, "5", "quarter-unreadable", "không phải quý", "từ I đến IV"),
        (YEAR, "25", "year-unreadable", "không phải năm", "bốn chữ số"),
        (YEAR, True, "year-unreadable", "không phải năm", "bốn chữ số"),
        (YEAR, 1899, "date-year-out-of-range", "1899", "1900"),
        (INTEGER, "46,882", "number-not-whole", "số nguyên", "46.882"),
        (INTEGER, 60_001, "out-of-range", "«60.001» nằm ngoài", "từ 0 đến 60000"),
        (INTEGER, True, "number-boolean", "đúng/sai", "Gõ một số"),
        (SCORE, "30,5", "out-of-range", "«30,5» nằm ngoài", "từ 0 đến 30"),
        (SCORE, "27,555", "too-many-decimals", "«27,555» có quá nhiều", "nhiều nhất 2 chữ số"),
        (SCORE, "27.5", "number-english-style", "không đúng cách viết số", "dấu phẩy"),
        (SCORE, "hai bảy", "number-unreadable", "không phải là số", "Chỉ gõ chữ số"),
        (SCORE, {"diem": 3}, "not-one-value", "một giá trị", "Viết một giá trị"),
        (AMOUNT, "9" * 27 + ",123", "too-many-decimals", "quá nhiều chữ số thập phân", "nhiều nhất 2 chữ số"),
        (SHARE, 0.869, "percent-doubtful", "0,869% hay 86,9%", "Gõ kèm dấu phần trăm"),
        (SHARE, "100,1%", "out-of-range", "«100,1» nằm ngoài", "không quá 100"),
        (SHARE, "86,95%", "too-many-decimals", "«86,95» có quá nhiều", "nhiều nhất 1 chữ số"),
        (LEVEL, "Hoàn thành tôt nhiệm vu quá", "not-an-option", "không phải một lựa chọn", "«Hoàn thành tốt nhiệm vụ»"),
        (DEGREE, "Đạt", "not-an-option", "«Đạt» không phải", "Xuất sắc; Tốt; Trung bình; Kém"),
        (DEGREE, ["Tốt", "Kém"], "not-one-value", "một giá trị", "Viết một giá trị"),
        (FLAG, "có lẽ", "not-yes-or-no", "«có lẽ» không rõ", "«Có» hoặc «Không»"),
        (FLAG, 2, "not-yes-or-no", "«2» không rõ", "«Có» hoặc «Không»"),
        (FLAG, 10**5_000, "not-yes-or-no", "không rõ", "«Có» hoặc «Không»"),
        (FLAG, ["Có"], "not-one-value", "một giá trị", "Viết một giá trị"),
    ],
    ids=short,
)  # fmt: skip
def test_what_cannot_stand_is_refused_with_a_reason(
    field: Field, given_: object, code: str, what: str, cure: str
) -> None:
    with pytest.raises(DataError) as caught:
        read(field, given_)
    (problem,) = caught.value.problems
    assert (problem.code, problem.severity) == (code, "error")
    assert what in problem.what
    assert cure in problem.cure


def test_every_bad_level_is_told_at_once_with_its_place() -> None:
    entries = [
        "",
        {"muc": "Yêu cầu", "con": ["Rõ\x00việc", {"muc": "Một", "con": [{"muc": "2", "con": ["sâu"]}]}]},
        True,
    ]
    with pytest.raises(DataError) as caught:
        read(LEVELS, entries)
    told = [(problem.field, problem.code) for problem in caught.value.problems]
    assert told == [
        ("[1]", "levels-shape"),
        ("[2].con[1]", "text-control-character"),
        ("[2].con[2].con[1]", "levels-too-deep"),
        ("[3]", "not-text"),
    ]


def test_a_field_may_set_its_own_limit() -> None:
    short = Field(label="Số", max_characters=5)
    assert read(short, "12345")[0] == "12345"
    with pytest.raises(DataError, match="quá giới hạn 5 ký tự"):
        read(short, "123456")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.decimals(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4) | st.just("muc"), inner, max_size=3)
    ),
    max_leaves=6,
)


def refused(field: Field, anything: object) -> tuple[Problem, ...] | None:
    """Why a value is refused; None where it is read."""
    try:
        read(field, anything)
    except DataError as error:
        return error.problems
    return None


@pytest.mark.parametrize("kind", READ_TYPES)
@given(JSON)
@example(10**5_000)
@example(Decimal("sNaN"))
@example("9" * 27 + ",5")
@example(b"byte")
@example({"a"})
def test_anything_is_read_or_refused_with_a_sentence(kind: FieldType, anything: object) -> None:
    field = Field(label="Mục thử", type=kind, **OF_TYPE.get(kind, {}))
    problems = refused(field, anything)
    assert problems is None or problems
    assert all(problem.code and problem.what.endswith(".") and problem.cure for problem in problems or ())


@given(st.sampled_from([TEXT, NAME, PARAGRAPHS, LEVELS]), st.text(max_size=80))
def test_reading_what_was_read_changes_nothing(field: Field, raw: str) -> None:
    try:
        value, _ = read(field, raw)
    except DataError:
        return
    again = [level.text for level in value] if field is LEVELS else value
    assert not value or read(field, again) == (value, ())
