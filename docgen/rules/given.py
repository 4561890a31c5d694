"""Judging ready figures: every sum, every percentage on every base on which it could stand, every cap.

A row is a pair: its values under `group`, `item`, `count`, `percent`, and its place as `Problem.at` takes it. The rule
of the cap decides on which base the share of the excellent is expected; a percentage that is right only on another base
is a warning that names that base, one that is right on none is an error with the right value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from docgen.errors import DataError, Problem, shown
from docgen.rules.choices import options, written_key
from docgen.rules.ratings import BASE_NAMES
from docgen.rules.tally import COUNTS, NOT_RATED, SHARE_BASES, exceeded
from docgen.viet.names import fold
from docgen.viet.nearest import nearest
from docgen.viet.numbers import (
    exact,
    format_decimal,
    format_integer,
    format_percent,
    parse_decimal,
    parse_integer,
    percent_of,
)
from docgen.viet.text import nfc, typed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from docgen.rules.ratings import Rating
    from docgen.rules.tally import Addressed

ITEMS: Final[Mapping[str, str]] = {
    "total": "Tổng số",
    "good_or_better": "Tốt trở lên",
    "excellent": "Xuất sắc",
    "good": "Tốt",
    "completed": "Hoàn thành",
    "failed": "Không hoàn thành",
    NOT_RATED: "Chưa xếp loại",
}
"""What a table of figures may count; «Tốt» is without the excellent."""
MOST: Final = 100_000_000
"""The largest count that is believed: more people than there are."""
FINEST_PLACES: Final = 6
"""More decimals come from a spreadsheet's formula and are not what is printed."""
_ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "total": ("Tổng cộng", "Tổng", "Tổng số đánh giá, xếp loại"),
    "good_or_better": ("Hoàn thành tốt trở lên", "Hoàn thành tốt nhiệm vụ trở lên", "HTTNV trở lên"),
    "excellent": ("Hoàn thành xuất sắc",),
    "good": ("Hoàn thành tốt",),
    NOT_RATED: ("Chưa đánh giá, xếp loại",),
}
_COUNT, _PERCENT, _ITEM, _GROUP = "Số lượng", "Tỷ lệ", "Chỉ tiêu", "Nhóm"


class _Reading(NamedTuple):
    """One way to understand a percentage: its points, and how many decimals of them are given."""

    points: Decimal
    places: int

    def fits(self, part: int, base: int) -> bool:
        """Whether it is part of base, as far as its decimals tell."""
        return abs(Fraction(100 * part, base) - Fraction(self.points)) <= Fraction(1, 2 * 10**self.places)


class _Base(NamedTuple):
    """What a percentage may be taken of."""

    name: str
    size: int


@dataclass(slots=True)
class _Figures:
    """The figures of one group, where they stand, and what follows from them."""

    name: str
    counts: dict[str, int] = field(default_factory=dict)
    percents: dict[str, tuple[_Reading, ...]] = field(default_factory=dict)
    places: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def known(self) -> Mapping[str, int]:
        """The counts, with those that follow from others."""
        known = dict(self.counts)
        if "good_or_better" not in known and {"excellent", "good"} <= known.keys():
            known["good_or_better"] = known["excellent"] + known["good"]
        if "good" not in known and {"excellent", "good_or_better"} <= known.keys():
            known["good"] = max(0, known["good_or_better"] - known["excellent"])
        if {"good_or_better", "completed", "failed"} <= known.keys():
            known["rated"] = known["good_or_better"] + known["completed"] + known["failed"]
            known.setdefault("total", known["rated"] + known.get(NOT_RATED, 0))
        elif NOT_RATED in known and "total" in known:
            known["rated"] = max(0, known["total"] - known[NOT_RATED])
        return known

    def problem(self, item: str, column: str, **told: Any) -> Problem:
        """A problem at this item's row; at the group where the table has no such row."""
        label = f"{self.name}, {ITEMS[item]}"
        return Problem(**told).at(**self.places.get(item, {})).at(column=column, label=label)


def judge(rows: Iterable[Addressed], rating: Rating) -> list[Problem]:
    """Everything in a table of given figures that does not follow, group by group; empty where all is right.

    A percentage may be text (`86,9%`), points (86.9) or a spreadsheet's ratio (0.869): a number up to 1 and text
    without a sign are right if either reading is. It may differ by half of its last decimal.
    """
    problems: list[Problem] = []
    for group in _groups(rows, problems):
        problems += [*_sums(group), *_shares(group, rating), *_cap(group, rating)]
    return problems


def _groups(rows: Iterable[Addressed], problems: list[Problem]) -> Iterable[_Figures]:
    groups: dict[str, _Figures] = {}
    for values, place in rows:
        if all(values.get(name) in (None, "") for name in ("group", "item", "count", "percent")):
            continue
        try:
            name, item = _group(values.get("group")), _item(values.get("item"))
        except DataError as error:
            problems += error.at(**place).problems
            continue
        group = groups.setdefault(fold(name), _Figures(name))
        _take(group, item, values, place, problems)
    return groups.values()


def _take(
    group: _Figures, item: str, values: Mapping[str, object], place: Mapping[str, Any], problems: list[Problem]
) -> None:
    """One row into its group; what cannot be read is told and left out."""
    if item in group.places:
        first = Problem(code="", what="").at(**group.places[item]).where
        told = Problem(code="given-twice", what=f"Chỉ tiêu này đã có{first and f' ở {first}'}.", cure="Giữ lại một.")
        problems.append(told.at(**place).at(column=_ITEM, label=f"{group.name}, {ITEMS[item]}"))
        return
    group.places[item] = place
    for column, name, read in ((_COUNT, "count", _count), (_PERCENT, "percent", _readings)):
        value = values.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        try:
            result = read(value)
        except DataError as error:
            problems += error.at(**place).at(column=column, label=f"{group.name}, {ITEMS[item]}").problems
            continue
        if isinstance(result, int):
            group.counts[item] = result
        else:
            group.percents[item] = result


def _group(value: object) -> str:
    name = " ".join(nfc(str(value)).split()) if value is not None else ""
    if not name:
        raise DataError.of("given-no-group", "Chưa ghi nhóm.", "Ghi nhóm, ví dụ «Đảng viên».", column=_GROUP)
    return name


def _item(value: object) -> str:
    key = written_key(str(value or "")).lstrip("-+• ").removeprefix("trong do").lstrip(" :,-")
    if key in _item_keys():
        return _item_keys()[key]
    close = nearest(str(value), ITEMS.values())
    cure = f"Có phải là «{close}»?" if close else f"Ghi một trong: {'; '.join(ITEMS.values())}."
    raise DataError.of("given-unknown-item", f"{shown(value or '')} không phải một chỉ tiêu.", cure, column=_ITEM)


@cache
def _item_keys() -> Mapping[str, str]:
    written = [(name, item) for item, name in ITEMS.items()]
    written += [(name, item) for item, names in _ALIASES.items() for name in names]
    written += [
        (name, COUNTS[option.id]) for option in options("muc-chat-luong") for name in (option.label, *option.aliases)
    ]
    return {written_key(name): item for name, item in written}


def _count(value: object) -> int:
    number = parse_integer(value)
    if not 0 <= number <= MOST:
        raise DataError.of(
            "given-out-of-range", f"{shown(number)} không phải số lượng.", f"Ghi số từ 0 đến {format_integer(MOST)}."
        )
    return number


def _readings(value: object) -> tuple[_Reading, ...]:
    """What a percentage may mean, the likeliest first: text is points; a spreadsheet's number up to 1 is a ratio."""
    text = typed(value) if isinstance(value, str) else ""
    signed = text.endswith("%")
    number = parse_decimal(text[:-1].rstrip() if signed else value)
    decimals = text.rstrip("% ").partition(",")[2] if text else f"{exact(number):f}".partition(".")[2]
    points = _Reading(number, min(len(decimals), FINEST_PLACES))
    if signed or not 0 < number <= 1:
        return (points,)
    ratio = _Reading(exact(number.scaleb(2)), min(max(len(decimals) - 2, 0), FINEST_PLACES))
    return (points, ratio) if text else (ratio, points)


def _sums(group: _Figures) -> Iterable[Problem]:
    """Each sum that does not follow, with the right value."""
    counts = group.counts
    excellent, good, better = (counts.get(item) for item in ("excellent", "good", "good_or_better"))
    if excellent is not None and better is not None:
        if good is not None and better != excellent + good:
            yield _wrong_good(group, excellent, good, better)
        elif good is None and excellent > better:
            yield _more_than(group, "excellent", "good_or_better")
    total = counts.get("total")
    if total is None:
        return
    top = ["good_or_better"] if better is not None else [item for item in ("excellent", "good") if item in counts]
    parts = [*top, *(item for item in ("completed", "failed", NOT_RATED) if item in counts)]
    found = sum(counts[item] for item in parts)
    whole = better is not None or len(top) == len(("excellent", "good"))
    complete = whole and {"completed", "failed"} <= counts.keys()
    if found > total or (complete and found < total):
        yield _wrong_total(group, parts, found)


def _wrong_good(group: _Figures, excellent: int, good: int, better: int) -> Problem:
    right = excellent + good
    if good == better:
        what = f"{format_integer(good)} đã gồm {format_integer(excellent)} xuất sắc."
        cure = f"Ghi số xếp loại tốt không kể xuất sắc: {format_integer(better - excellent)}."
        return group.problem("good", _COUNT, code="sum-wrong", what=what, cure=cure)
    what = f"{format_integer(better)} không bằng {_written(group, ('excellent', 'good'))} = {format_integer(right)}."
    return group.problem("good_or_better", _COUNT, code="sum-wrong", what=what, cure=f"Đúng: {format_integer(right)}.")


def _more_than(group: _Figures, part: str, whole: str) -> Problem:
    less, more = format_integer(group.counts[part]), format_integer(group.counts[whole])
    what, cure = f"{less} lớn hơn {ITEMS[whole].lower()} ({more}).", f"Nhiều nhất là {more}."
    return group.problem(part, _COUNT, code="sum-wrong", what=what, cure=cure)


def _wrong_total(group: _Figures, parts: list[str], found: int) -> Problem:
    total, excellent = group.counts["total"], group.counts.get("excellent", 0)
    what = f"{format_integer(total)} không bằng {_written(group, parts)} = {format_integer(found)}."
    right = f"Đúng: {format_integer(found)}"
    if {"excellent", "good"} <= set(parts) and found - excellent == total:
        cure = f"Nếu «Tốt» đã gồm xuất sắc thì ghi {format_integer(group.counts['good'] - excellent)} ở «Tốt»."
    elif found < total and NOT_RATED not in parts:
        cure = f"{right}, hoặc còn {format_integer(total - found)} ghi vào «{ITEMS[NOT_RATED]}»."
    elif found > total and not {"completed", "failed"} <= set(parts):
        cure = f"Đúng: ít nhất {format_integer(found)}, hoặc sửa các số thành phần."
    else:
        cure = f"{right}, hoặc sửa các số thành phần."
    return group.problem("total", _COUNT, code="sum-wrong", what=what, cure=cure)


def _written(group: _Figures, parts: Iterable[str]) -> str:
    return " + ".join(f"{ITEMS[item].lower()} {format_integer(group.counts[item])}" for item in parts)


def _shares(group: _Figures, rating: Rating) -> Iterable[Problem]:
    """Each percentage that is wrong, or right only on a base that is not the expected one."""
    known = group.known()
    for item, readings in group.percents.items():
        part, bases = group.counts.get(item), _bases(item, known, rating)
        if part is None or not bases:
            missing = "số lượng" if part is None else "số để so sánh"
            what, cure = f"Chưa có {missing} nên chưa kiểm tra được tỷ lệ.", f"Ghi thêm {missing}."
            told = {"code": "percent-unjudged", "severity": "warning", "what": what, "cure": cure}
            yield group.problem(item, _PERCENT, **told)
            continue
        fitting = ((base, each) for base in bases for each in readings if each.fits(part, base.size))
        right, reading = next(fitting, (None, readings[0]))
        if right is not bases[0]:
            clause = rating.cap.base_clause if item == "excellent" else None
            yield _wrong_share(group, item, reading, bases[0], right).at(clause=clause)


def _bases(item: str, known: Mapping[str, int], rating: Rating) -> list[_Base]:
    """The bases on which the share of this item could stand, the expected one first; none is zero."""
    possible = _POSSIBLE[item]
    if item == "excellent":
        possible = tuple(sorted(possible, key=lambda base: base != f"of_{rating.cap.base}"))
    return [_Base(SHARE_BASES[base], known[_COUNTED[base]]) for base in possible if known.get(_COUNTED[base])]


_COUNTED: Final = {"of_all": "total", "of_rated": "rated", "of_good_or_better": "good_or_better", "of_good": "good"}
"""Which count each base is."""
_POSSIBLE: Final[Mapping[str, tuple[str, ...]]] = {
    "total": ("of_all",),
    "good_or_better": ("of_all", "of_rated"),
    "excellent": ("of_all", "of_rated", "of_good_or_better", "of_good"),
    "good": ("of_all", "of_rated", "of_good_or_better"),
    "completed": ("of_all", "of_rated"),
    "failed": ("of_all", "of_rated"),
    NOT_RATED: ("of_all",),
}


def _wrong_share(group: _Figures, item: str, reading: _Reading, expected: _Base, right: _Base | None) -> Problem:
    part = group.counts[item]
    places = min(max(reading.places, 1), 2)
    value = format_percent(percent_of(part, expected.size, places), places)
    printed = f"{format_decimal(reading.points, reading.places)}%"
    counted = f"{format_integer(part)} trên {expected.name} ({format_integer(expected.size)}) là {value}"
    if right is None:
        what = f"{printed} không đúng trên cơ sở nào."
        return group.problem(item, _PERCENT, code="percent-wrong", what=what, cure=f"Đúng: {counted}.")
    what = f"{printed} chỉ đúng trên {right.name} ({format_integer(right.size)}); {counted}."
    cure = f"Ghi rõ tỷ lệ tính trên {right.name}, hoặc sửa thành {value}."
    return group.problem(item, _PERCENT, code="percent-other-base", severity="warning", what=what, cure=cure)


def _cap(group: _Figures, rating: Rating) -> Iterable[Problem]:
    """The cap, on its base where that is known, else on the largest number that the base could be."""
    known = group.known()
    excellent = known.get("excellent")
    own = known.get(rating.cap.base)
    base = own if own is not None else known.get("total")
    if excellent is None or base is None:
        return
    name = BASE_NAMES[rating.cap.base] if own is not None else SHARE_BASES["of_all"]
    problem = exceeded(rating.cap, excellent=excellent, base_count=base, base_name=name)
    if problem:
        place = group.places.get("excellent", {})
        yield problem.at(**place).at(column=_COUNT, label=f"{group.name}, {ITEMS['excellent']}")
