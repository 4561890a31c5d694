"""The shipped layout data against the figures of the guides, as a table that a person can compare."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from datetime import date, timedelta
from itertools import pairwise

import pytest

from docgen.errors import DataError, FormError
from docgen.rules.layouts import Body, Element, Layout, Page, PageNumber, layout, layouts, regime_on

REGIMES = ("hd36-2018", "hd05-2026")
EVERY = (*REGIMES, "bieu-mau")

# element              sizes    look (b bold, i italic, u underlined, C capitals)   align
OFFICIAL = """
national_title         15       bC      center
parent_body            14       C       center
issuing_body           14       bC      center
star                   14       -       center
number                 14       -       center
place_date             14       i       center
type_title             15-16    bC      center
subject                14-15    b       center
letter_subject         12       i       center
addressee              14       i       center
body                   14-15    -       justify
grounds                14-15    -       justify
part                   14-15    b       center
part_title             14-15    bC      center
section                14-15    bC      justify
item                   14-15    -       justify
signing_power          14       bC      center
signer_post            14       C       center
signer_name            14       b       center
recipients_head        14       u       left
recipients             12       -       left
urgency                14       bC      center
page_number            14       -       center
"""

PRINTED = """
national_title         14-15    bC      center
parent_body            13-14    C       center
issuing_body           13-14    bC      center
place_date             13-14    i       center
form_code              12-14    b       right
type_title             14-16    bC      center
subject                14-15    b       center
body                   14-15    -       justify
section                14-15    b       justify
instruction            14-15    i       justify
tick                   14-15    -       left
table_head             12-14    b       center
table_cell             12-14    -       left
signing_power          13-14    bC      center
sign_note              13-14    i       center
note                   12-14    i       justify
"""

NAMES = """
national_title parent_body issuing_body star number place_date form_code type_title subject letter_subject addressee
body grounds part part_title section item instruction table_head table_cell tick signing_power signer_post signer_name
sign_note recipients_head recipients urgency secrecy draft_mark page_number note
"""


def rows(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines()]


def sourced(regime: Layout) -> list[Element | Page | Body | PageNumber]:
    return [*regime.elements.values(), regime.page, regime.body, regime.page_number]


def told(element: Element) -> list[str]:
    size = f"{element.size:g}" if element.max_size is None else f"{element.size:g}-{element.max_size:g}"
    flags = ("b", element.bold), ("i", element.italic), ("u", element.underline), ("C", element.caps)
    return [size, "".join(letter for letter, on in flags if on) or "-", element.align]


@pytest.mark.parametrize("regime", REGIMES)
@pytest.mark.parametrize("row", rows(OFFICIAL), ids=lambda row: row[0])
def test_an_official_paper_is_set_as_the_guides_say(regime: str, row: list[str]) -> None:
    name, *expected = row
    assert told(layout(regime).elements[name]) == expected


@pytest.mark.parametrize("row", rows(PRINTED), ids=lambda row: row[0])
def test_a_printed_form_is_set_a_little_smaller(row: list[str]) -> None:
    name, *expected = row
    assert told(layout("bieu-mau").elements[name]) == expected


@pytest.mark.parametrize("id_", EVERY)
def test_sheet_text_and_page_number(id_: str) -> None:
    regime = layout(id_)
    page, body, number = regime.page, regime.body, regime.page_number
    assert (page.width, page.height) == (210, 297)
    assert (page.top, page.bottom, page.left, page.right) == (20, 20, 30, 15)
    assert (body.line_pitch, body.min_pitch, body.max_pitch) == (18, 18, 22)
    assert (body.first_line, body.space_before) == (10, 6)
    assert (number.size, number.from_page, number.top_mm) == (14, 2, 10)
    assert regime.font == "Times New Roman"
    assert regime.national_title == "ĐẢNG CỘNG SẢN VIỆT NAM"
    assert (regime.number_prefix, regime.recipients_label) == ("Số", "Nơi nhận:")


# id          kind        star  rule     end  prefix of a công văn's subject
SWITCHES = [
    ("hd36-2018", "van-ban", "*", "-----", ".", ""),
    ("hd05-2026", "van-ban", "*", "-----", ".", "về việc"),
    ("bieu-mau", "bieu-mau", None, None, "", "về việc"),
]


@pytest.mark.parametrize(("id_", "kind", "star", "rule", "end", "prefix"), SWITCHES)
def test_what_organisations_may_switch_has_a_default(
    id_: str, kind: str, star: str | None, rule: str | None, end: str, prefix: str
) -> None:
    regime = layout(id_)
    assert (regime.kind, regime.star, regime.subject_rule) == (kind, star, rule)
    assert (regime.end_mark, regime.letter_prefix, regime.spelling) == (end, prefix, "as-registered")


@pytest.mark.parametrize("regime", layouts(), ids=lambda regime: regime.id)
def test_every_number_says_its_source(regime: Layout) -> None:
    assert set(regime.elements) == set(NAMES.split())
    rules = sourced(regime)
    assert all(rule.clause.strip() for rule in rules)
    assert regime.title
    assert regime.source


@pytest.mark.parametrize("regime", layouts(), ids=lambda regime: regime.id)
def test_what_has_no_clause_is_not_called_verified(regime: Layout) -> None:
    rules = sourced(regime)
    assert {rule.clause for rule in rules if rule.verified} <= {"Phụ lục 3, Hướng dẫn 36-HD/VPTW"}
    unread = [rule.clause for rule in rules if not rule.verified]
    assert all("chưa rõ" in clause or "Thông lệ" in clause or "bản tóm lược" in clause for clause in unread)


@pytest.mark.parametrize("regime", layouts(), ids=lambda regime: regime.id)
def test_a_range_of_sizes_rises(regime: Layout) -> None:
    assert all(element.max_size is None or element.size < element.max_size for element in regime.elements.values())


# date of the paper       regime
DATES = [
    (date(2018, 4, 3), "hd36-2018"),
    (date(2025, 12, 31), "hd36-2018"),
    (date(2026, 5, 26), "hd36-2018"),
    (date(2026, 5, 27), "hd05-2026"),
    (date(2030, 1, 1), "hd05-2026"),
    (None, "hd05-2026"),
]


@pytest.mark.parametrize(("day", "expected"), DATES)
def test_the_regime_follows_from_the_date_of_the_paper(day: date | None, expected: str) -> None:
    assert regime_on(day).id == expected


def test_regimes_follow_each_other_without_gap_or_overlap() -> None:
    regimes = [each for each in layouts() if each.kind == "van-ban"]
    for earlier, later in pairwise(regimes):
        assert earlier.valid_to is not None
        assert later.valid_from == earlier.valid_to + timedelta(days=1)
    assert regimes[-1].valid_to is None


def test_a_date_before_every_regime_is_refused() -> None:
    with pytest.raises(DataError) as refused:
        regime_on(date(2018, 4, 2))
    assert "02/4/2018" in str(refused.value)
    assert "hd36-2018" in str(refused.value)


def test_an_unknown_layout_is_refused_with_the_known_ones() -> None:
    with pytest.raises(FormError) as refused:
        layout("hd36")
    assert "«hd36»" in str(refused.value)
    assert all(id_ in str(refused.value) for id_ in EVERY)


def test_layouts_cannot_be_changed() -> None:
    regime = layout("hd05-2026")
    with pytest.raises(FrozenInstanceError):
        regime.star = None  # type: ignore[misc]
    with pytest.raises(TypeError):
        regime.elements["star"] = regime.elements["body"]  # type: ignore[index]
    assert {"clause", "verified"} <= {each.name for each in fields(Element)}
