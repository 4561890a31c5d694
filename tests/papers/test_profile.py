"""The organisation's own values and house rules: what they fill, what they change, what they refuse."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from docgen import generate
from docgen.errors import DataError
from docgen.papers.library import form, sample
from docgen.papers.profile import profile
from docgen.rules.layouts import layouts
from docgen.word import package
from tests.gate.texts import document_text

PAPER = "goi-y-kiem-diem-ca-nhan"
SHIPPED = tomllib.loads((Path(__file__).parents[2] / "samples" / "to_chuc.toml").read_text("utf-8"))


def made(rules: dict[str, Any]) -> bytes:
    return generate.render(PAPER, sample(form(PAPER)), profile={"the_thuc": rules})


def test_a_profile_fills_what_the_record_leaves_blank_and_nothing_else() -> None:
    given = sample(form(PAPER)) | {"nguoi_ky": "Hoàng Thị Mỹ Duyên", "noi_ky": ""}
    text = "\n".join(document_text(generate.render(PAPER, given, profile=SHIPPED)))
    assert "Tân Hòa, ngày" in text
    assert "Hoàng Thị Mỹ Duyên" in text
    assert SHIPPED["nguoi_ky"] not in text


def test_what_a_profile_holds_for_other_papers_is_passed_over() -> None:
    given = {"ho_ten": "Nguyễn Văn An", "chi_bo": "thôn Hạ", "nam": 2025}
    assert generate.check("mau-2b-2025", given, profile=SHIPPED) == ()


def test_the_shipped_profile_changes_no_layout_but_those_that_differ_from_it() -> None:
    house = profile(SHIPPED)
    for look in layouts():
        own = house.house_layout(look)
        assert (own.body, own.subject_rule, own.star) == (look.body, look.subject_rule, look.star)


@pytest.mark.parametrize(
    ("rules", "pitch", "hyphens"),
    [({}, 360, True), ({"gian_dong": 19}, 380, True), ({"gach_duoi_trich_yeu": False}, 360, False)],
)
def test_house_rules_are_drawn(rules: dict[str, Any], pitch: int, hyphens: bool) -> None:
    docx = made(rules)
    assert f'w:line="{pitch}"' in package.parts(docx)["word/styles.xml"].decode()
    assert ("-----" in document_text(docx)) is hyphens


def test_printed_text_is_respelled_and_what_people_write_is_not() -> None:
    given = sample(form("mau-2b-2025")) | {"nhan_xet_chi_uy": "Chi ủy nhất trí."}
    plain, respelled = (
        document_text(generate.render("mau-2b-2025", given, profile={"the_thuc": rules}))
        for rules in ({}, {"chinh_ta": "uỷ"})
    )
    assert "- Nhận xét, đánh giá của chi ủy:" in plain
    assert "- Nhận xét, đánh giá của chi uỷ:" in respelled
    assert "Chi ủy nhất trí." in respelled
    assert any("T/M CHI UỶ (CHI BỘ)" in line for line in respelled)


def test_the_cap_of_the_profile() -> None:
    house = profile({"xep_loai": {"mau_so": "tot", "lam_tron": "nua_len"}})
    assert (house.cap_base, house.cap_rounding) == ("good", "half_up")
    assert (profile({}).cap_base, profile({}).cap_rounding) == (None, None)


@pytest.mark.parametrize(
    "given",
    [
        {"the_thuc": {"gian_dong": 17}},
        {"the_thuc": {"gian_dong": "rộng"}},
        {"the_thuc": {"chinh_ta": "ui"}},
        {"the_thuc": {"khong_co": 1}},
        {"the_thuc": "không phải bảng"},
        {"xep_loai": {"mau_so": "tất cả"}},
    ],
)
def test_a_house_rule_that_does_not_exist_is_refused_with_its_place(given: dict[str, Any]) -> None:
    with pytest.raises(DataError) as refused:
        profile(given)
    (problem,) = refused.value.problems
    assert problem.code == "profile-entry"
    assert problem.field
    assert problem.field.split(".")[0] in {"the_thuc", "xep_loai"}
    assert "to_chuc.toml" in problem.cure


def test_every_fault_of_a_profile_is_told_at_once() -> None:
    with pytest.raises(DataError) as refused:
        profile({"the_thuc": {"gian_dong": 1, "la": 2}, "xep_loai": {"lam_tron": "lên"}})
    assert len(refused.value.problems) == 3


def test_the_cap_of_a_list_is_held_as_the_organisation_reads_it() -> None:
    people = [
        {"ho_ten": f"Nguyễn Văn {n}", "chi_bo": "thôn Hạ", "xep_loai": "HTXSNV" if n < 2 else "HTTNV"}
        for n in range(10)
    ]
    paper = form("danh-sach-xep-loai")
    given = {name: value for name, value in sample(paper).items() if paper.fields[name].required} | {
        "danh_sach": people
    }
    told = [
        [each.code for each in generate.check(paper.id, given, profile={"xep_loai": rules})]
        for rules in ({}, {"mau_so": "tot"}, {"mau_so": "tot", "lam_tron": "nua_len"})
    ]
    assert told == [[], ["cap"], []]
