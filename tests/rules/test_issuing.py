"""Who may issue which paper at the grassroots, against the table of the digest; silence is no prohibition."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.rules.issuing import bodies, bodies_of, may_issue, numbering, paper_types, types_of

ABBREVIATIONS = "NQ CT KL QC QĐ QĐ TT HD TB BC KH CTr ĐA PA TTr CV BB BS"

# body, type → may it (None: the digest is silent)
ISSUES = [
    ("chi-bo", "HD", False),
    ("chi-bo", "hướng dẫn", False),
    ("chi-bo", "quy-dinh", False),
    ("chi-bo", "QC", True),
    ("chi-bo", "NQ", True),
    ("chi-bo", "quyet-dinh", None),
    ("chi-bo", "BC", None),
    ("chi-bo", "CT", False),
    ("dang-uy", "HD", False),
    ("dang-uy", "QC", True),
    ("dang-uy", "QĐ", True),
    ("dang-uy", "Thông tri", False),
    ("ban-thuong-vu", "HD", True),
    ("ban-thuong-vu", "QC", False),
    ("ban-thuong-vu", "CT", False),
    ("Chi bộ Trường Tiểu học Tân Hòa 2", "HD", False),
    ("CHI BỘ THÔN HẠ", "CTr", True),
    ("T/M CHI UỶ", "HD", False),
    ("Đảng ủy xã Tân Hòa", "HD", True),
    ("ĐẢNG UỶ XÃ TÂN HOÀ", "CT", False),
    ("T/M BAN THƯỜNG VỤ", "QC", False),
    ("Ban Chấp hành Đảng bộ xã Tân Hòa", "HD", False),
    ("Tỉnh ủy Vĩnh Phú", "HD", None),
    ("Chi bộ", "Thư ngỏ", None),
    ("", "HD", None),
]


@pytest.mark.parametrize(("body", "paper", "expected"), ISSUES)
def test_who_may_issue_what(body: str, paper: str, *, expected: bool | None) -> None:
    assert may_issue(body, paper) is expected


def test_the_abbreviations_are_those_of_the_guide() -> None:
    assert [each.abbreviation for each in paper_types()] == ABBREVIATIONS.split()


def test_one_abbreviation_names_two_types() -> None:
    assert [each.id for each in types_of("QĐ")] == ["quyet-dinh", "quy-dinh"]
    assert [each.id for each in types_of("công văn")] == ["cong-van"]


def test_the_name_of_a_committee_stands_for_its_standing_board_too() -> None:
    assert [each.id for each in bodies_of("Đảng ủy xã Tân Hòa")] == ["dang-uy", "ban-thuong-vu"]


def test_bodies_name_known_types_and_never_both_ways() -> None:
    known = {each.id for each in paper_types()}
    for body in bodies():
        assert body.may | body.may_not <= known
        assert not body.may & body.may_not


def test_numbers_run_per_body_type_and_term() -> None:
    assert numbering().first == 1
    assert numbering().per == ("cơ quan ban hành", "tên loại", "nhiệm kỳ cấp ủy")


def test_nothing_here_is_called_verified() -> None:
    told = [(rule.clause, rule.verified) for rule in paper_types()]
    told += [(rule.clause, rule.verified) for rule in bodies()] + [(numbering().clause, numbering().verified)]
    assert all("bản tóm lược" in clause and not verified for clause, verified in told)


@given(st.text(), st.text())
def test_any_two_words_can_be_asked(body: str, paper: str) -> None:
    assert may_issue(body, paper) in {True, False, None}
