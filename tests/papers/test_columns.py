"""Headings and fields: what each heading of a list stands for, and what is told where that is not clear."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.errors import FormError
from docgen.papers import library
from docgen.papers.columns import CODE_NAME, SUBJECT, columns_of

if TYPE_CHECKING:
    from docgen.papers.form import Form

FAMILY = "kiem-diem-ca-nhan"


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Họ và tên", "ho_ten"),
        ("HỌ VÀ TÊN", "ho_ten"),
        ("ho va ten", "ho_ten"),
        ("ho_ten", "ho_ten"),
        ("Họ và tên:", "ho_ten"),
        ("Cơ quan công tác", "don_vi"),
        ("Đề xuất xếp loại mức chất lượng:", "muc_xep_loai"),
        ("Mã", CODE_NAME),
        ("ma", CODE_NAME),
        ("Đối tượng", SUBJECT.name),
        ("doi_tuong", SUBJECT.name),
    ],
)
def test_a_heading_stands_for_its_field(heading: str, name: str) -> None:
    columns = columns_of(FAMILY)
    assert columns.knows(heading)
    assert columns.match([heading]).names == {heading: name}


def test_one_form_asks_for_no_subject() -> None:
    assert SUBJECT.name not in columns_of("mau-2b-2025").fields
    [note] = columns_of("mau-2b-2025").match(["Đối tượng"]).notes
    assert (note.code, note.severity) == ("unknown-column", "warning")


def test_a_family_has_the_fields_of_all_its_forms() -> None:
    columns = columns_of(FAMILY)
    for form in columns.forms:
        assert set(form.fields) <= set(columns.fields)


@pytest.mark.parametrize("form", library.catalogue(), ids=lambda form: str(form.id))
def test_every_short_label_and_name_of_a_form_stands_for_that_field_alone(form: Form) -> None:
    columns = columns_of(form.id)
    for written in ("title", "name"):
        names = {getattr(field, written): field.name for field in form.fields.values()}
        assert columns.match(names).names == names


def test_an_unknown_heading_is_told_with_the_nearest() -> None:
    matched = columns_of("mau-2b-2025").match(["Họ và tênh", "Số giày"])
    near, far = matched.notes
    assert "«Họ và tên»" in near.cure
    assert "docgen sheet" in far.cure
    assert matched.names == {}


@pytest.mark.parametrize(
    ("headings", "code"),
    [
        (["Cơ quan", "Đơn vị công tác"], "column-twice"),
        (["Tự đánh giá về cấp độ thực hiện"], "ambiguous-column"),
    ],
)
def test_headings_that_are_not_clear_are_refused(headings: list[str], code: str) -> None:
    [problem] = columns_of(FAMILY).match(headings).problems
    assert (problem.code, problem.severity) == (code, "error")
    assert problem.cure


def test_a_form_that_does_not_exist() -> None:
    with pytest.raises(FormError, match="mau-2b-2025"):
        columns_of("mau-2b-2052")


@given(st.lists(st.text(), max_size=5, unique=True))
def test_any_headings_are_known_told_or_refused(headings: list[str]) -> None:
    matched = columns_of(FAMILY).match(headings)
    told = [*(note.label for note in matched.notes), *(problem.label for problem in matched.problems)]
    assert len(headings) == len(matched.names) + len(told)
