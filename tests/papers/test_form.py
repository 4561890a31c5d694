"""What form.toml may say, and that everything wrong in it is told with its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.errors import FormError
from docgen.papers.form import Form, places
from docgen.papers.library import read_form

HEAD = """
id = "phieu-thu"
edition = "2026"
title = "Phiếu thử"
summary = "Phiếu dùng để thử."
basis = ["Không có"]
valid_from = 2026-01-01
layouts = ["bieu-mau"]
file_name = "Phieu"
provenance = []
"""
FIELDS = """
[fields.ho_ten]
label = "Họ và tên"
[fields.han_che]
label = "Hạn chế"
type = "paragraphs"
[fields.muc]
label = "Mức"
type = "choice"
choices = "cap-do"
[fields.diem]
label = "Điểm"
type = "decimal"
[fields.viec]
label = "Việc"
type = "list"
[fields.viec.columns.ten]
label = "Tên việc"
"""


def form(text: str) -> Form:
    return read_form(HEAD + text, file="phieu-thu/form.toml")


def faults(text: str, *, head: str = HEAD) -> list[tuple[str | None, str]]:
    """Where and what: every fault of a form that is refused."""
    with pytest.raises(FormError) as caught:
        read_form(head + text, file="phieu-thu/form.toml")
    assert all(problem.file == "phieu-thu/form.toml" and problem.cure for problem in caught.value.problems)
    return [(problem.field, problem.what) for problem in caught.value.problems]


def test_a_field_knows_its_name_and_a_good_form_is_read() -> None:
    made = form(FIELDS)
    assert [field.name for field in made.fields.values()] == ["ho_ten", "han_che", "muc", "diem", "viec"]
    assert made.fields["viec"].columns["ten"].name == "ten"


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("[fields]\nho_ten = 'Họ và tên'", "fields.ho_ten", "valid dictionary"),
        ("fields = 3", "fields", "valid dictionary"),
        ("[fields.ho_ten]\nlabel = ''", "fields.ho_ten.label", "at least 1 character"),
        ("[fields.ho_ten]\ntype = 'text'", "fields.ho_ten.label", "required"),
        ("[fields.ho_ten]\nlabel = 'A'\ntype = 'chu'", "fields.ho_ten.type", "'text', 'name'"),
        ("[fields.ho_ten]\nlabel = 'A'\nmau = 'đỏ'", "fields.ho_ten.mau", "not permitted"),
        ("[fields.ho_ten]\nlabel = 'A'\ndots = 0", "fields.ho_ten.dots", "greater than or equal to 1"),
        ("[fields.ho_ten]\nlabel = 'A'\nblank = 'dừng'", "fields.ho_ten.blank", "'dots'"),
        ("[fields.HoTen]\nlabel = 'A'", "fields", "HoTen: a field name is small letters"),
        ("[fields.ho__ten]\nlabel = 'A'", "fields", "ho__ten: a field name is small letters"),
        ("[fields.loop]\nlabel = 'A'", "fields", "loop: a field name is small letters"),
        ("[fields.co]\nlabel = 'A'\n[fields.stt]\nlabel = 'B'", "fields", "co, stt: a field name"),
        (f"[fields.ho_ten]\nlabel = '{'A' * 41}'", "fields.ho_ten", "give it a `short`"),
        (f"[fields.ho_ten]\nlabel = 'A'\nshort = '{'A' * 41}'", "fields.ho_ten", "give it a `short`"),
        ("[fields.muc]\nlabel = 'A'\ntype = 'choice'", "fields.muc", "type choice needs its own entry"),
        ("[fields.muc]\nlabel = 'A'\ntype = 'choice'\nchoices = 'mau'", "fields.muc.choices", "bộ lựa chọn «mau»"),
        ("[fields.viec]\nlabel = 'A'\ntype = 'list'", "fields.viec", "type list needs its own entry"),
        ("[fields.viec]\nlabel = 'A'\ntype = 'list'\ncolumns = 3", "fields.viec.columns", "valid dictionary"),
        ("[fields.viec]\nlabel = 'A'\ntype = 'list'\n[fields.viec.columns.B]\nlabel = 'B'",
         "fields.viec.columns", "B: a field name"),
        ("[fields.viec]\nlabel = 'A'\ntype = 'list'\n[fields.viec.columns.b]\nlabel = 'B'\ntype = 'levels'",
         "fields.viec", "column b: a row holds no"),
        ("[fields.tong]\nlabel = 'A'\ntype = 'computed'", "fields.tong", "type computed needs its own entry"),
        ("[fields.tong]\nlabel = 'A'\ntype = 'computed'\ncompute = {op = 'sum', of = []}",
         "fields.tong.compute.of", "at least 1"),
        ("[[body]]\nblock = 'tranh'\n[fields.a]\nlabel = 'A'", "body.0", "'tranh'"),
        ("[[body]]\nblock = 'heading'\nlevel = 4\ntext = 'A'\n[fields.a]\nlabel = 'A'",
         "body.0.heading.level", "1, 2 or 3"),
        ("[[body]]\nblock = 'fields'\nrows = 3\n[fields.a]\nlabel = 'A'", "body.0.fields.rows", "valid tuple"),
        ("body = ['x']\n[fields.a]\nlabel = 'A'", "body.0", "valid dictionary"),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_told_with_its_place(text: str, where: str, what: str) -> None:
    ((at, told),) = faults(text)
    assert at == where
    assert what in told


@pytest.mark.parametrize(
    ("block", "entry", "what"),
    [
        ("text", "text = 'Năm {nam}, {x.y}'", "block text: nam is no field; block text: x.y is no field"),
        ("header", "left = ['{a}']\nnumber = '{b}'\nplace_date = '{c}'", "block header: c is no field"),
        ("title", "name = ['A']\nsubject = ['{nam}']", "block title: nam is no field"),
        ("fields", "rows = [['ho_ten', 'x']]", "block fields: x is no field"),
        ("scores", "lines = [{field = 'x', out_of = 3}]", "block scores: x is no field"),
        ("signatures", "signers = [{name = '{x}'}]\nrecipients = 'y'", "block signatures: y is no field"),
        ("page_break", "when = 'x'", "block page_break: x is no field"),
        ("answer", "field = 'x'", "block answer: x is no field"),
        ("answer", "field = 'ho_ten'", "ho_ten is of type text, not paragraphs"),
        ("ticks", "field = 'ho_ten'", "ho_ten is of type text, not choice"),
        ("levels", "field = 'han_che'", "han_che is of type paragraphs, not levels"),
        ("items", "field = 'muc'\nlines = []", "muc is of type choice, not list"),
        ("signatures", "signers = []\nrecipients = 'ho_ten'", "ho_ten is of type text, not paragraphs"),
        ("text", "text = 'Về {han_che}'", "han_che is of type paragraphs and cannot stand inside a line"),
        ("fields", "rows = [['viec']]", "viec is of type list and cannot stand inside a line"),
    ],
)
def test_a_block_must_fit_its_fields(block: str, entry: str, what: str) -> None:
    (fault,) = faults(f"[[body]]\nblock = '{block}'\n{entry}\n{FIELDS}")
    assert what in fault[1]


@pytest.mark.parametrize("use", ["author = 'ai'", "dated_by = 'ai'"])
def test_the_author_and_the_date_must_be_fields(use: str) -> None:
    (fault,) = faults(f"{use}\n{FIELDS}")
    assert f"{use.split(maxsplit=1)[0]}: ai is no field" in fault[1]


def test_the_file_name_must_use_fields() -> None:
    (fault,) = faults(FIELDS, head=HEAD.replace('"Phieu"', '"{ai} {ho_ten}"'))
    assert "file_name: ai is no field" in fault[1]


@pytest.mark.parametrize(
    ("of", "what"),
    [
        ("['x']", "tong: computed from x, which is no field"),
        ("['viec.x', 'diem']", "tong: computed from viec.x, which is no field"),
        ("['ho_ten']", "tong: computed from ho_ten, which is no number"),
        ("['viec.ten']", "tong: computed from viec.ten, which is no number"),
        ("['sau']", "tong: computed from sau, which is computed later"),
    ],
)
def test_a_computation_needs_numbers_that_are_known(of: str, what: str) -> None:
    text = f"[fields.tong]\nlabel = 'Tổng'\ntype = 'computed'\ncompute = {{op = 'sum', of = {of}}}\n"
    later = "[fields.sau]\nlabel = 'Sau'\ntype = 'computed'\ncompute = {op = 'sum', of = ['diem']}\n"
    (fault,) = faults(FIELDS + text + later)
    assert what in fault[1]


def test_a_percentage_needs_a_part_and_a_whole() -> None:
    (fault,) = faults(
        FIELDS + "[fields.tong]\nlabel = 'T'\ntype = 'computed'\ncompute = {op = 'percent', of = ['diem']}\n"
    )
    assert "tong: a percentage is computed from two fields" in fault[1]


def test_every_fault_is_told_at_once() -> None:
    told = faults(
        "[fields.a]\nlabel = 'A'\nlines = 0\ndots = 500\n[fields.b]\nlabel = 3\n"
        "[[body]]\nblock = 'heading'\nlevel = 9\n",
        head=HEAD.replace('edition = "2026"', "").replace("2026-01-01", '"mai"'),
    )
    assert {where for where, _ in told} == {
        "edition",
        "valid_from",
        "fields.a.lines",
        "fields.a.dots",
        "fields.b.label",
        "body.0.heading.level",
        "body.0.heading.text",
    }


def test_a_text_that_is_no_toml_is_told_with_its_line() -> None:
    ((where, what),) = faults("[fields.a\nlabel = 'A'")
    assert where is None
    assert "TOML" in what
    assert "line 11" in what


@given(st.text(max_size=60))
def test_any_text_is_a_form_or_a_form_error(text: str) -> None:
    with pytest.raises(FormError):
        read_form(text, file="x/form.toml")


@pytest.mark.parametrize(
    ("rows", "orientation", "dots"),
    [
        ([["ho_ten"]], "portrait", 26),
        ([["ho_ten", "diem"]], "portrait", 10),
        ([["ho_ten"]], "landscape", 44),
        ([["ho_ten", "diem"], ["ho_ten"]], "portrait", 10),
    ],
)
def test_a_line_of_fields_has_as_many_dots_as_fill_it(rows: list[list[str]], orientation: str, dots: int) -> None:
    body = f"orientation = '{orientation}'\n[[body]]\nblock = 'fields'\nrows = {rows}\n"
    assert form(body + FIELDS).fields["ho_ten"].dots == dots
    own = FIELDS.replace('label = "Họ và tên"', 'label = "Họ và tên"\ndots = 7')
    assert form(body + own).fields["ho_ten"].dots == 7


def test_places_are_found_in_order() -> None:
    assert places("{noi_ky}, {ngay_ky} {viec.ten} {Xa} {} {noi_ky}") == ["noi_ky", "ngay_ky", "viec.ten", "noi_ky"]
