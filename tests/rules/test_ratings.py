"""The shipped rules of rating against the figures of the regulations, as tables that a person can compare."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.errors import DataError, FormError
from docgen.rules.choices import options
from docgen.rules.ratings import (
    OWN_SETTING,
    Rating,
    exempt_case,
    level_by_points,
    rating,
    rating_for,
    ratings,
    with_settings,
)

EVERY = ("hd21-2019", "hd25-2023", "hd43-2025", "hd02-2026")
LEVELS = tuple(option.id for option in options("muc-chat-luong"))

# id, years, quarterly, points, least points, exceptional ratio, rounding, days for the draft, days of meetings
FIGURES: list[tuple[str, int, int | None, bool, Any, Any, str | None, str, int | None, list[int]]] = [
    ("hd21-2019", 2019, 2022, False, None, [None] * 4, None, "down", None, []),
    ("hd25-2023", 2023, 2024, False, None, [None] * 4, None, "down", None, []),
    ("hd43-2025", 2025, None, False, (30, 70), [90, 70, 50, 0], "0.25", "down", 3, [1, 2]),
    ("hd02-2026", 2026, None, True, (30, 70), [90, 70, 50, 0], "0.25", "half_up", None, []),
]


@pytest.mark.parametrize(
    ("id_", "first", "last", "quarterly", "points", "least", "exceptional", "rounding", "draft", "meetings"), FIGURES
)
def test_the_numbers_of_each_edition(
    *,
    id_: str,
    first: int,
    last: int | None,
    quarterly: bool,
    points: tuple[int, int] | None,
    least: list[int | None],
    exceptional: str | None,
    rounding: str,
    draft: int | None,
    meetings: list[int],
) -> None:
    rules = rating(id_)
    assert (rules.first_year, rules.last_year, rules.quarterly) == (first, last, quarterly)
    assert (rules.points and (rules.points.general, rules.points.results)) == points
    assert [level.least for level in rules.levels] == least
    assert rules.cap.ratio == Decimal("0.2")
    assert rules.cap.exceptional == (exceptional and Decimal(exceptional))
    assert (rules.cap.base, rules.cap.rounding) == ("good_or_better", rounding)
    assert (rules.draft and rules.draft.days) == draft
    assert [meeting.days for meeting in rules.meetings] == meetings


def test_the_editions_stand_in_order_and_are_all_there() -> None:
    assert tuple(rules.id for rules in ratings()) == EVERY


@pytest.mark.parametrize("rules", ratings(), ids=lambda rules: rules.id)
def test_levels_are_those_of_the_choices(rules: Rating) -> None:
    assert tuple(level.id for level in rules.levels) == LEVELS


@pytest.mark.parametrize("rules", ratings(), ids=lambda rules: rules.id)
def test_every_rule_says_its_source(rules: Rating) -> None:
    lists = (rules.levels, rules.exempt, rules.review_order, rules.rating_order, rules.meetings, rules.deadlines)
    clauses = [
        rules.duty.clause,
        rules.cap.clause,
        *(rule.clause for each in (*lists, rules.triggers) for rule in each),
    ]
    clauses += [rule.clause for rule in (rules.points, rules.draft) if rule]
    assert all(clause.strip() for clause in clauses)
    assert all(text.strip() for text in (rules.title, rules.source, rules.cap.base_clause, rules.cap.rounding_clause))


@pytest.mark.parametrize("rules", ratings(), ids=lambda rules: rules.id)
def test_what_was_not_read_is_not_called_verified(rules: Rating) -> None:
    lists = (rules.levels, rules.exempt, rules.review_order, rules.rating_order, rules.deadlines, rules.triggers)
    for rule in (rules.duty, rules.cap, *(rule for rules_ in lists for rule in rules_)):
        assert not (
            rule.verified and ("chưa" in rule.clause or "Thông lệ" in rule.clause or "địa phương" in rule.clause)
        )
    assert not rules.cap.base_verified
    assert not rules.cap.rounding_verified


# what the regulations say in figures inside their words
LIMITS = [
    ("hd21-2019", "nhiem_vu_duoi_50", "ca_nhan", "0.5"),
    ("hd43-2025", "don_vi_duoi_70", "tap_the", "0.7"),
    ("hd43-2025", "phu_trach_duoi_70", "lanh_dao", "0.7"),
    ("hd43-2025", "phu_trach_khong_hoan_thanh", "lanh_dao", "0.5"),
    ("hd43-2025", "tin_nhiem_thap", "lanh_dao", "0.5"),
    ("hd43-2025", "nhiem_vu_duoi_50", "ca_nhan", "0.5"),
    ("hd02-2026", "nhiem_vu_quy", "lanh_dao", "1"),
    ("hd02-2026", "tap_the_duoi_70", "lanh_dao", "0.7"),
]


@pytest.mark.parametrize(("id_", "trigger", "subject", "limit"), LIMITS)
def test_the_triggers_of_the_lowest_level(id_: str, trigger: str, subject: str, limit: str) -> None:
    [found] = [each for each in rating(id_).triggers if each.id == trigger]
    assert (found.subject, found.limit) == (subject, Decimal(limit))


def test_every_limit_is_in_the_table_and_in_the_words() -> None:
    limited = [(rules.id, each) for rules in ratings() for each in rules.triggers if each.limit is not None]
    assert {(id_, each.id) for id_, each in limited} == {row[:2] for row in LIMITS}
    assert all(f"{each.limit * 100:.0f}%" in each.text for _, each in limited if each.limit is not None)


# year, quarterly, rules
YEARS = [
    (2019, False, "hd21-2019"),
    (2022, False, "hd21-2019"),
    (2023, False, "hd25-2023"),
    (2024, False, "hd25-2023"),
    (2025, False, "hd43-2025"),
    (2026, False, "hd43-2025"),
    (2026, True, "hd02-2026"),
    (2040, True, "hd02-2026"),
]


@pytest.mark.parametrize(("year", "quarterly", "id_"), YEARS)
def test_the_rules_follow_from_the_year_reviewed(year: int, *, quarterly: bool, id_: str) -> None:
    assert rating_for(year, quarterly=quarterly).id == id_


def test_years_follow_each_other_without_gap() -> None:
    yearly = [rules for rules in ratings() if not rules.quarterly]
    assert all(earlier.last_year == later.first_year - 1 for earlier, later in pairwise(yearly))
    assert yearly[-1].last_year is None


@pytest.mark.parametrize(("year", "quarterly", "told"), [(2018, False, "2019"), (2025, True, "2026")])
def test_a_year_before_every_rule_is_refused(year: int, *, quarterly: bool, told: str) -> None:
    with pytest.raises(DataError, match=told):
        rating_for(year, quarterly=quarterly)


def test_an_unknown_id_is_refused_with_the_known_ones() -> None:
    with pytest.raises(FormError) as refused:
        rating("hd43")
    assert all(id_ in str(refused.value) for id_ in EVERY)


# base, rounding, excellent, good → counted base, allowed, allowed exceptionally
CAPS = [
    ("good_or_better", "down", 172, 690, 862, 172, 215),
    ("good_or_better", "down", 3, 15, 18, 3, 4),
    ("good_or_better", "half_up", 3, 15, 18, 4, 5),
    ("good_or_better", "half_up", 1, 11, 12, 2, 3),
    ("good", "down", 3, 15, 15, 3, 3),
    ("good", "half_up", 3, 13, 13, 3, 3),
    ("good_or_better", "down", 0, 0, 0, 0, 0),
]


@pytest.mark.parametrize(("base", "rounding", "excellent", "good", "counted", "allowed", "most"), CAPS)
def test_base_and_rounding_of_the_cap_are_the_customers(
    *, base: str, rounding: str, excellent: int, good: int, counted: int, allowed: int, most: int
) -> None:
    cap = with_settings(rating("hd43-2025"), base=base, rounding=rounding).cap
    assert (cap.base_clause, cap.rounding_clause) == (OWN_SETTING, OWN_SETTING)
    assert cap.base_count(excellent=excellent, good=good) == counted
    assert (cap.allowed(counted), cap.allowed_exceptionally(counted)) == (allowed, most)


def test_without_settings_the_rules_stay_as_they_are() -> None:
    rules = rating("hd43-2025")
    assert with_settings(rules) == rules
    assert with_settings(rules, rounding="half_up").cap.base_clause == rules.cap.base_clause


def test_unknown_settings_are_refused_all_at_once() -> None:
    with pytest.raises(DataError) as refused:
        with_settings(rating("hd43-2025"), base="tất cả", rounding="up")
    assert [problem.field for problem in refused.value.problems] == ["base", "rounding"]
    assert "good_or_better" in str(refused.value)


@given(st.integers(0, 60_000), st.sampled_from(EVERY))
def test_the_cap_never_allows_more_than_half_a_person_over_its_ratio(count: int, id_: str) -> None:
    cap = rating(id_).cap
    assert Decimal(cap.allowed(count)) <= cap.ratio * count + Decimal("0.5")
    assert Decimal(cap.allowed(count) + 1) > cap.ratio * count
    assert cap.allowed(count) <= cap.allowed_exceptionally(count)


# points → level of 2025
POINTS = [
    ("100", "xuat_sac"),
    ("90", "xuat_sac"),
    ("89.99", "tot"),
    ("70", "tot"),
    ("69.5", "hoan_thanh"),
    ("50", "hoan_thanh"),
    ("49.99", "khong_hoan_thanh"),
    ("0", "khong_hoan_thanh"),
]


@pytest.mark.parametrize(("points", "level"), POINTS)
def test_points_lead_to_a_level(points: str, level: str) -> None:
    found = level_by_points(rating("hd43-2025"), Decimal(points))
    assert found is not None
    assert found.id == level


def test_without_points_no_level_follows() -> None:
    assert level_by_points(rating("hd21-2019"), 95) is None


# rules, reason as people write it, the case that it names
REASONS = [
    ("hd43-2025", "Được miễn công tác và sinh hoạt đảng", "mien_cong_tac"),
    ("hd43-2025", "MIỄN SINH HOẠT", "mien_cong_tac"),
    ("hd43-2025", "đ/c miễn công tác, sinh hoạt từ tháng 3", "mien_cong_tac"),
    ("hd43-2025", "Không thuộc diện miễn công tác", None),
    ("hd43-2025", "Miễn nhiệm chức vụ", None),
    ("hd43-2025", "Bị đình chỉ sinh hoạt đảng", "dinh_chi"),
    ("hd43-2025", "Bị đình chỉ sinh hoạt cấp ủy", None),
    ("hd43-2025", "Bị đình chỉ sinh hoạt đảng ủy", None),
    ("hd43-2025", "Mới kết nạp, chưa đủ 06 tháng", "moi_ket_nap"),
    ("hd43-2025", "Kết nạp dưới 6 tháng", "moi_ket_nap"),
    ("hd43-2025", "Mới chuyển đến chưa đủ 6 tháng", None),
    ("hd43-2025", "Đi công tác nước ngoài", None),
    ("hd21-2019", "Mới kết nạp chưa đủ 6 tháng", None),
    ("hd25-2023", "miễn CT&SH", "mien_cong_tac"),
    ("hd02-2026", "Học tập trung 3 tháng", "hoc_tap_trung"),
    ("hd02-2026", "Mới bổ nhiệm chưa đủ 01 tháng", "moi_bo_nhiem"),
    ("hd02-2026", "Nghỉ thai sản", "nghi_om_thai_san"),
    ("hd02-2026", "Nghỉ ốm từ 02 tháng", "nghi_om_thai_san"),
    ("hd43-2025", "Nghỉ thai sản", None),
]


@pytest.mark.parametrize(("id_", "reason", "case"), REASONS)
def test_a_written_reason_names_an_exemption(id_: str, reason: str, case: str | None) -> None:
    found = exempt_case(rating(id_), reason)
    assert (found and found.id) == case


@given(st.text())
def test_any_reason_can_be_asked(reason: str) -> None:
    assert exempt_case(rating("hd43-2025"), reason) in (None, *rating("hd43-2025").exempt)


def test_rules_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        rating("hd43-2025").cap.ratio = Decimal(1)  # type: ignore[misc]
