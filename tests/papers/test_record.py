"""From given values to a record: keys found, every problem at once with its place, nothing altered in silence."""

from __future__ import annotations

import pickle
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docgen.errors import DataError, Problem
from docgen.papers import library
from docgen.papers.library import read_form
from docgen.papers.record import Record, matched, record
from docgen.rules.choices import options

if TYPE_CHECKING:
    from docgen.papers.form import Form

FORM = read_form(
    """
id = "phieu-thu"
edition = "2026-01-01"
title = "Phiếu thử"
summary = "Phiếu dùng để thử."
basis = ["Không có"]
valid_from = 2026-01-01
layouts = ["bieu-mau"]
file_name = "{ho_ten}"
provenance = []

[fields.ho_ten]
label = "Họ và tên"
type = "name"
blank = "stop"
example = "Lê Thị Na"
[fields.don_vi]
label = "Đơn vị công tác"
aliases = ["Cơ quan", "Nơi làm việc"]
[fields.chi_bo]
label = "Chi bộ nơi đảng viên sinh hoạt chính thức:"
short = "Chi bộ sinh hoạt"
blank = "stop"
[fields.han_che]
label = "Hạn chế, khuyết điểm"
type = "paragraphs"
[fields.cap_do_mot]
label = "Tự đánh giá về cấp độ thực hiện:"
type = "choice"
choices = "cap-do"
[fields.cap_do_hai]
label = "Tự đánh giá về cấp độ thực hiện:"
type = "choice"
choices = "cap-do"
[fields.in_dong_phu]
label = "In dòng phụ"
type = "yes_no"
default = true
[fields.tong_so]
label = "Tổng số"
type = "integer"
[fields.tot]
label = "Tốt trở lên"
type = "integer"
[fields.don_gia]
label = "Đơn giá"
type = "decimal"
[fields.viec]
label = "Việc được giao"
type = "list"
max_rows = 20
[fields.viec.columns.ten]
label = "Tên việc"
blank = "stop"
[fields.viec.columns.diem]
label = "Điểm đạt"
type = "decimal"
minimum = 0
maximum = 10
[fields.viec.columns.ghi_chu]
label = "Ghi chú"
[fields.tong_diem]
label = "Tổng điểm"
type = "computed"
compute = { op = "sum", of = ["viec.diem"], places = 1 }
[fields.so_viec]
label = "Số việc"
type = "computed"
compute = { op = "count", of = ["viec.ten"] }
[fields.thanh_tien]
label = "Thành tiền"
type = "computed"
compute = { op = "product", of = ["tong_so", "don_gia"], places = 1 }
[fields.ty_le]
label = "Tỷ lệ tốt trở lên"
type = "computed"
compute = { op = "percent", of = ["tot", "tong_so"], places = 1 }
""",
    file="phieu-thu/form.toml",
)
NEEDED = {"ho_ten": "Lê Thị Na", "chi_bo": "Thôn Đông"}
GOOD = options("cap-do")[1]


def told(form: Form, values: dict[Any, object]) -> list[Problem]:
    """The problems of a record that is refused."""
    with pytest.raises(DataError) as caught:
        record(form, values)
    return list(caught.value.problems)


def test_a_record_is_complete_and_cannot_be_changed() -> None:
    made = record(FORM, NEEDED)
    assert list(made.values) == list(FORM.fields)
    assert made.values["don_vi"] is None
    with pytest.raises(TypeError):
        made.values["don_vi"] = "khác"  # type: ignore[index]


@pytest.mark.parametrize(
    "key",
    [
        "don_vi",
        "Đơn vị công tác",
        "ĐƠN VỊ CÔNG TÁC",
        "Don vi cong tac",
        "  đơn vị  công tác : ",
        unicodedata.normalize("NFD", "Đơn vị công tác"),
        "Cơ quan",
        "nơi làm việc",
        "Đơn\u00a0vị công tác.",
        "DON_VI",
        "don vi",
    ],
)
def test_a_field_is_found_by_name_label_or_alias(key: str) -> None:
    made = record(FORM, {**NEEDED, key: "Ủy ban nhân dân xã"})
    assert (made.values["don_vi"], made.warnings) == ("Ủy ban nhân dân xã", ())


@pytest.mark.parametrize("key", ["Chi bộ sinh hoạt", "Chi bộ nơi đảng viên sinh hoạt chính thức"])
def test_short_and_long_label_name_the_same_field(key: str) -> None:
    assert record(FORM, {"ho_ten": "Lê Thị Na", key: "Thôn Đông"}).values["chi_bo"] == "Thôn Đông"


def test_every_problem_is_told_at_once_with_its_label_and_path() -> None:
    problems = told(
        FORM,
        {
            "han_che": "Ít đọc\x07sách",
            "cap_do_mot": "Khá",
            "tong_so": "mười",
            "viec": [{"ten": "Soạn bài", "diem": 11}, {"diem": 3, "Ghi chú": True}, "Dự giờ", {"ten": "Ôn\ufffftập"}],
            "Tự đánh giá về cấp độ thực hiện": "Tốt",
            "nguoi_viet": "Na",
        },
    )
    assert [(problem.field, problem.label, problem.code) for problem in problems if problem.severity == "error"] == [
        (None, None, "ambiguous-field"),
        ("ho_ten", "Họ và tên", "required"),
        ("chi_bo", "Chi bộ sinh hoạt", "required"),
        ("han_che", "Hạn chế, khuyết điểm", "text-control-character"),
        ("cap_do_mot", "Tự đánh giá về cấp độ thực hiện:", "not-an-option"),
        ("tong_so", "Tổng số", "number-unreadable"),
        ("viec[1].diem", "Việc được giao, dòng 1, Điểm đạt", "out-of-range"),
        ("viec[2].ten", "Việc được giao, dòng 2, Tên việc", "required"),
        ("viec[2].ghi_chu", "Việc được giao, dòng 2, Ghi chú", "not-text"),
        ("viec[3]", "Việc được giao, dòng 3", "not-a-row"),
        ("viec[4].ten", "Việc được giao, dòng 4, Tên việc", "text-noncharacter"),
    ]
    assert all(problem.what and problem.cure for problem in problems)
    assert (
        next(each for each in problems if each.code == "required").message
        == "mục «Họ và tên»: Chưa được điền. Điền mục này, ví dụ: Lê Thị Na."
    )


@pytest.mark.parametrize("nothing", [None, "", "   ", "\u200b", [], {}])
def test_nothing_in_a_required_field_is_refused_by_its_label(nothing: object) -> None:
    (problem,) = [each for each in told(FORM, {**NEEDED, "ho_ten": nothing}) if each.severity == "error"]
    assert (problem.code, problem.field, problem.label) == ("required", "ho_ten", "Họ và tên")


@pytest.mark.parametrize("nothing", [None, "", "   ", "\u200b", [], {}])
def test_nothing_in_an_optional_field_is_nothing(nothing: object) -> None:
    assert record(FORM, {**NEEDED, "don_vi": nothing}).values["don_vi"] is None


@pytest.mark.parametrize(
    ("key", "cure"),
    [
        ("ho_tenn", "Có phải là «ho_ten»?"),
        ("Đơn vị công tac cũ", "Có phải là «Đơn vị công tác»?"),
        ("items", "docgen show"),
        ("__class__", "docgen show"),
        ("", "docgen show"),
        (1, "docgen show"),
    ],
)
def test_an_unknown_key_is_told_with_the_nearest_name(key: object, cure: str) -> None:
    (warning,) = record(FORM, {**NEEDED, key: "giá trị"}).warnings
    assert (warning.code, warning.severity) == ("unknown-field", "warning")
    assert "phần này không được in" in warning.what
    assert cure in warning.cure


def test_the_key_that_chooses_the_form_is_no_unknown_field() -> None:
    assert record(FORM, {**NEEDED, "doi_tuong": "khong-lanh-dao"}).warnings == ()


def test_an_unknown_key_in_a_row_is_told_with_the_row() -> None:
    (warning,) = record(FORM, {**NEEDED, "viec": [{"ten": "Dự giờ", "ghi chuu": "x"}]}).warnings
    assert (warning.code, warning.field, warning.cure) == ("unknown-field", "viec[1]", "Có phải là «ghi_chu»?")


def test_a_label_of_two_fields_names_none_of_them() -> None:
    (problem,) = told(FORM, {**NEEDED, "tự đánh giá về cấp độ thực hiện": "Tốt"})
    assert problem.code == "ambiguous-field"
    assert problem.cure == "Dùng tên trường: cap_do_mot, cap_do_hai."
    assert record(FORM, {**NEEDED, "cap_do_hai": "Tốt"}).values["cap_do_hai"] == GOOD


def test_a_field_given_twice_is_refused_unless_one_says_nothing() -> None:
    (problem,) = told(FORM, {**NEEDED, "don_vi": "Trường", "Cơ quan": "Xã"})
    assert (problem.code, problem.field) == ("given-twice", "don_vi")
    for blank, told_ in (("don_vi", "Cơ quan"), ("Cơ quan", "don_vi")):
        assert record(FORM, {**NEEDED, blank: " ", told_: "Xã"}).values["don_vi"] == "Xã"


def test_values_come_from_the_record_then_the_list_then_the_organisation() -> None:
    common = {"Chi bộ sinh hoạt": "Thôn Tây", "don_vi": "", "danh_sach": "2026"}
    profile = {"chi_bo": "Thôn Nam", "Cơ quan": "Ủy ban nhân dân xã", "so_dien_thoai": "0"}
    made = record(FORM, {"ho_ten": "Lê Thị Na", "chi_bo": " "}, common, profile)
    assert (made.values["chi_bo"], made.values["don_vi"], made.warnings) == ("Thôn Tây", "Ủy ban nhân dân xã", ())
    own = record(FORM, {**NEEDED, "don_vi": "Trường Tiểu học"}, common, profile)
    assert (own.values["chi_bo"], own.values["don_vi"]) == ("Thôn Đông", "Trường Tiểu học")


COMMON = {"Chi bộ sinh hoạt": "Thôn Tây", "CƠ QUAN": "", "danh_sach": "2026", "doi_tuong": "khac"}
PROFILE = {"chi_bo": "Thôn Nam", "co quan": " Ủy ban nhân dân xã", "viec": [{"Tên việc": "Họp"}], 5: "năm"}


def test_fallbacks_that_are_matched_once_give_the_same_record() -> None:
    ready = [matched(FORM, each) for each in (COMMON, PROFILE)]
    for values in ({"ho_ten": "Lê Thị Na", "chi_bo": " "}, {**NEEDED, "viec": [], "STT": 5}, {**NEEDED, "don_vi": "x"}):
        assert record(FORM, values, *ready) == record(FORM, values, COMMON, PROFILE)
    assert dict(ready[0]) == {"chi_bo": "Thôn Tây", "don_vi": ""}
    assert matched(FORM, ready[1]) is ready[1]


def test_a_fallback_matched_for_another_form_is_read_as_any_other() -> None:
    other = FORM.model_copy(update={"fields": {name: FORM.fields[name] for name in ("ho_ten", "chi_bo")}})
    made = record(other, {"ho_ten": "Lê Thị Na"}, matched(FORM, PROFILE))
    assert (dict(made.values), made.warnings) == ({"ho_ten": "Lê Thị Na", "chi_bo": "Thôn Nam"}, ())


def test_a_matched_fallback_travels_to_another_process() -> None:
    form, ready = pickle.loads(pickle.dumps((FORM, matched(FORM, PROFILE))))
    assert matched(form, ready) is ready
    assert record(form, NEEDED, ready).values["don_vi"] == "Ủy ban nhân dân xã"


def test_what_was_read_before_changes_nothing() -> None:
    first = record(FORM, {**NEEDED, "STT": 1, "Ghi chú": "a", "tong_so": 1, "in_dong_phu": 1})
    assert [problem.code for problem in first.warnings] == ["unknown-field", "unknown-field"]
    assert record(FORM, {**NEEDED, "STT": 2, "Ghi chú": "b", "tong_so": 1, "in_dong_phu": 1}) == first
    assert [each.code for each in told(FORM, {**NEEDED, "tong_so": True})] == ["number-boolean"]
    assert [each.code for each in told(FORM, {**NEEDED, "don_vi": True, 1: "x", "1": "y"})] == [
        "unknown-field",
        "unknown-field",
        "not-text",
    ]
    assert record(FORM, {**NEEDED, "tong_so": 1.0, "don_gia": Decimal("1.00")}).values["thanh_tien"] == 1


def test_a_bad_value_of_the_organisation_is_refused_like_any_other() -> None:
    with pytest.raises(DataError) as caught:
        record(FORM, NEEDED, {}, {"don_vi": "Ủy\x00ban"})
    assert caught.value.problems[0].field == "don_vi"


ROWS = [{"Tên việc": "Soạn bài", "Điểm đạt": "7,5"}, {"ten": "Dự giờ", "diem": 2}]


@pytest.mark.parametrize(
    ("name", "given_", "value"),
    [
        ("tong_diem", {"viec": ROWS}, Decimal("9.5")),
        ("tong_diem", {"viec": [*ROWS, {"ten": "Họp"}]}, None),
        ("tong_diem", {}, None),
        ("so_viec", {"viec": ROWS}, Decimal(2)),
        ("thanh_tien", {"tong_so": 3, "don_gia": "0,25"}, Decimal("0.8")),
        ("thanh_tien", {"tong_so": 3}, None),
        ("thanh_tien", {"tong_so": 3, "don_gia": "0,25", "thanh_tien": "0,8"}, Decimal("0.8")),
        ("ty_le", {"tot": 1, "tong_so": 3}, Decimal("0.333")),
        ("ty_le", {"tot": 616, "tong_so": 663}, Decimal("0.929")),
        ("ty_le", {"tot": 616, "tong_so": 663, "ty_le": "92,9%"}, Decimal("0.929")),
        ("ty_le", {"tot": 0, "tong_so": 0}, None),
        ("tong_diem", {"viec": ROWS, "tong_diem": "9,5"}, Decimal("9.5")),
    ],
)
def test_what_follows_is_computed(name: str, given_: dict[str, object], value: Decimal | None) -> None:
    assert record(FORM, {**NEEDED, **given_}).values[name] == value


@pytest.mark.parametrize(
    ("given_", "field", "code", "what"),
    [
        ({"viec": ROWS, "tong_diem": 10}, "tong_diem", "computed-differs", "«10» không đúng với kết quả tính: 9,5."),
        (
            {"tot": 1, "tong_so": 4, "ty_le": "52%"},
            "ty_le",
            "computed-differs",
            "«52%» không đúng với kết quả tính: 25%.",
        ),
        ({"tong_diem": "9,5"}, "tong_diem", "computed-differs", "chưa tính được vì còn mục để trống"),
        ({"viec": ROWS, "tong_diem": "chín rưỡi"}, "tong_diem", "number-unreadable", "không phải là số"),
        ({"tong_so": 10**26, "don_gia": 10**26}, "thanh_tien", "number-too-long", "quá nhiều chữ số"),
    ],
)
def test_a_given_result_must_agree(given_: dict[str, object], field: str, code: str, what: str) -> None:
    (problem,) = told(FORM, {**NEEDED, **given_})
    assert (problem.field, problem.code) == (field, code)
    assert what in problem.what
    assert problem.cure


def test_sums_are_exact_beyond_the_digits_of_a_float() -> None:
    made = record(FORM, {**NEEDED, "tong_so": 10**13, "don_gia": "1234567890123,45"})
    assert made.values["thanh_tien"] == Decimal("12345678901234500000000000.0")


def test_too_many_rows_are_refused_and_a_list_must_be_one() -> None:
    (many,) = told(FORM, {**NEEDED, "viec": [{"ten": "Họp"}] * 21})
    assert (many.code, many.what) == ("too-many-rows", "Có 21 dòng, quá giới hạn 20 dòng.")
    for wrong in ("Họp", {"ten": "Họp"}, 3, True):
        (problem,) = told(FORM, {**NEEDED, "viec": wrong})
        assert (problem.code, problem.field) == ("not-a-list", "viec")


def test_what_was_tidied_is_told_with_its_field() -> None:
    made = record(FORM, {**NEEDED, "don_vi": " Ủy  ban ", "viec": [{"ten": "Dự\tgiờ"}]})
    assert [(each.code, each.severity, each.field) for each in made.warnings] == [
        ("tidied", "warning", "don_vi"),
        ("tidied", "warning", "don_vi"),
        ("tidied", "warning", "viec[1].ten"),
    ]


def outcome(given_: dict[str, object], *fallbacks: dict[str, object]) -> tuple[Record | None, tuple[Problem, ...]]:
    """The record, or None, and all that is told about it."""
    try:
        made = record(FORM, given_, *fallbacks)
    except DataError as error:
        return None, error.problems
    return made, made.warnings


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from([*FORM.fields, "Cơ quan", "doi_tuong"]) | st.text(max_size=6)


@settings(max_examples=300)
@given(st.dictionaries(KEYS, JSON, max_size=8), st.dictionaries(KEYS, JSON, max_size=2))
def test_anything_becomes_a_record_or_a_list_of_sentences(
    given_: dict[str, object], profile: dict[str, object]
) -> None:
    made, problems = outcome(given_, profile)
    assert (made is None) == any(problem.severity == "error" for problem in problems)
    assert all(problem.what and (problem.cure or problem.code == "tidied") for problem in problems)
    assert made is None or list(made.values) == list(FORM.fields)


def squeezed(text: str) -> str:
    """What nobody may change: all but blanks, line ends and invisible signs, in NFC."""
    return "".join(unicodedata.normalize("NFC", text).translate(dict.fromkeys(INVISIBLE)).split())


INVISIBLE = [0xAD, 0x34F, 0x180E, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF]
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\t\n\r \u00a0{%&<"), max_size=60)


@pytest.mark.parametrize("name", ["don_vi", "han_che"])
@given(text=TEXT)
def test_no_text_is_altered_in_silence(name: str, text: str) -> None:
    made, problems = outcome({**NEEDED, name: text})
    assert {problem.field for problem in problems} <= {name}
    if made is None:
        return
    value = made.values[name] or ""
    lines = value if isinstance(value, tuple) else (value,)
    assert squeezed("".join(lines)) == squeezed(text)
    if lines != ("",) and not made.warnings:
        given_ = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
        assert "\n".join(lines) == given_ or (name == "han_che" and list(lines) == given_.splitlines())


@pytest.mark.parametrize("form", library.catalogue(), ids=lambda form: form.id)
def test_every_sample_is_right_and_complete(form: Form) -> None:
    made = record(form, library.sample(form))
    assert isinstance(made, Record)
    assert made.warnings == ()
    chosen = any(block.when or block.unless for block in form.body)
    left_out = [name for name, value in made.values.items() if value is None and form.fields[name].blank != "empty"]
    assert left_out == [] or chosen
