"""Counting ratings: from rows of rated persons or bodies to counts, percentages on each base, and the cap per group.

A row is a pair: its values under `group`, `unit`, `name`, `level`, `reason`, and its place as `Problem.at` takes it.
A row that cannot be counted is never guessed at: it is told as an error and stands in no count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from docgen.errors import Problem, shown
from docgen.rules.choices import option_keys, options, written_key
from docgen.rules.ratings import BASE_NAMES, exempt_case
from docgen.viet.names import fold
from docgen.viet.nearest import nearest
from docgen.viet.numbers import format_integer, format_percent, percent_of
from docgen.viet.text import nfc

if TYPE_CHECKING:
    from docgen.rules.ratings import Cap, Exempt, Rating

Addressed = tuple[Mapping[str, object], Mapping[str, Any]]
"""A row's values, and its place (file, sheet, row)."""

COUNTS: Final[Mapping[str, str]] = {
    "xuat_sac": "excellent",
    "tot": "good",
    "hoan_thanh": "completed",
    "khong_hoan_thanh": "failed",
}
"""Under which name each level of the choices `muc-chat-luong` is counted."""
NOT_RATED: Final = "not_rated"
PERCENT_PLACES: Final = 2
"""Decimals of the percentages that are given out."""
SHARE_BASES: Final[Mapping[str, str]] = {
    "of_all": "tổng số",
    "of_rated": "số đã xếp loại",
    "of_good_or_better": BASE_NAMES["good_or_better"],
    "of_good": BASE_NAMES["good"],
}
"""The bases on which a percentage may stand, with their names for headings."""
_NOT_RATED_WORDS: Final = ("Chưa xếp loại", "Chưa đánh giá, xếp loại", "Chưa được xếp loại", "Không xếp loại")
_COLUMNS: Final[Mapping[str, str]] = {
    "group": "Nhóm",
    "unit": "Đơn vị",
    "name": "Họ và tên",
    "level": "Mức xếp loại",
    "reason": "Lý do",
}


@dataclass(frozen=True, slots=True)
class Group:
    """The counts of one group; `good` is without the excellent."""

    name: str
    cap: Cap
    excellent: int = 0
    good: int = 0
    completed: int = 0
    failed: int = 0
    not_rated: int = 0

    @property
    def good_or_better(self) -> int:
        """Rated good or excellent."""
        return self.excellent + self.good

    @property
    def rated(self) -> int:
        """Rated at all."""
        return self.good_or_better + self.completed + self.failed

    @property
    def total(self) -> int:
        """Every counted row."""
        return self.rated + self.not_rated

    def as_dict(self) -> dict[str, Any]:
        """The group as JSON: counts, percentages in points (19.95; null on an empty base), and the cap."""
        base = self.cap.base_count(excellent=self.excellent, good=self.good)
        allowed = self.cap.allowed(base)
        return {
            "group": self.name,
            "total": self.total,
            **{name: getattr(self, name) for name in (*COUNTS.values(), NOT_RATED, "good_or_better")},
            "percent": {
                "of_all": self._shares("of_all", self.total, *COUNTS.values(), NOT_RATED, "good_or_better"),
                "of_rated": self._shares("of_rated", self.rated, *COUNTS.values(), "good_or_better"),
                "of_good_or_better": self._shares("of_good_or_better", self.good_or_better, "excellent", "good"),
                "of_good": self._shares("of_good", self.good, "excellent"),
            },
            "cap": {
                "ratio": float(self.cap.ratio),
                "base": self.cap.base,
                "allowed": allowed,
                "excellent": self.excellent,
                "ok": self.excellent <= allowed,
            },
        }

    def _shares(self, base: str, whole: int, *names: str) -> dict[str, Any]:
        return {
            "name": SHARE_BASES[base],
            "base": whole,
            **{
                name: float(percent_of(getattr(self, name), whole, PERCENT_PLACES) * 100) if whole else None
                for name in names
            },
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What was counted by which rules; `rows_in = counted + skipped + failed`, `skipped` being empty rows."""

    rules: str
    groups: tuple[Group, ...]
    problems: tuple[Problem, ...]
    rows_in: int
    skipped: int
    failed: int

    def as_dict(self) -> dict[str, Any]:
        """The JSON that `docgen tally` writes and that the result report starts from."""
        return {
            "rules": self.rules,
            "groups": [group.as_dict() for group in self.groups],
            "problems": [problem.as_dict() for problem in self.problems],
        }


def tally(rows: Iterable[Addressed], rating: Rating) -> Tally:
    """Count the rows group by group, in the order in which groups first appear.

    Told, each with its clause: a level that cannot be read, a row without group or name (errors: not counted); not
    rated without reason, one name twice in a unit, an exempt person rated, the cap exceeded (warnings).
    """
    counting = _Counting(rating)
    for values, place in rows:
        counting.add(values, place)
    groups = counting.groups()
    over = (exceeded_in(group) for group in groups)
    return Tally(
        rules=rating.id,
        groups=groups,
        problems=(*counting.problems, *(problem for problem in over if problem)),
        rows_in=counting.rows_in,
        skipped=counting.skipped,
        failed=counting.failed,
    )


def counted_as(written: str) -> str | None:
    """Under which count a written level falls (`excellent` … `not_rated`); None where it is no known level."""
    return _level_keys().get(written_key(written))


def exceeded_in(group: Group) -> Problem | None:
    """The warning that this group has more excellent ones than its cap allows."""
    base = group.cap.base_count(excellent=group.excellent, good=group.good)
    problem = exceeded(group.cap, excellent=group.excellent, base_count=base)
    return problem.at(label=group.name) if problem else None


def exceeded(cap: Cap, *, excellent: int, base_count: int, base_name: str | None = None) -> Problem | None:
    """The warning that the cap is exceeded, with the right value; None where it is kept.

    `base_name` says what `base_count` counts where that is not the cap's own base.
    """
    allowed = cap.allowed(base_count)
    if excellent <= allowed:
        return None
    name = base_name or BASE_NAMES[cap.base]
    share = f", bằng {format_percent(percent_of(excellent, base_count, 2))}" if base_count else ""
    rounded = "làm tròn xuống" if cap.rounding == "down" else "từ 0,5 làm tròn lên"
    return Problem(
        code="cap-exceeded",
        what=f"Có {format_integer(excellent)} xuất sắc{share} {name} ({format_integer(base_count)}); nhiều nhất là "
        f"{format_integer(allowed)} ({format_percent(cap.ratio)}, {rounded}), tính trong {cap.group}.",
        cure=_leave(cap, excellent, base_count),
        severity="warning",
        clause=cap.clause,
    )


def _leave(cap: Cap, excellent: int, base_count: int) -> str:
    """What to do about too many: the exception where there is one and it is enough, else to mend."""
    most = cap.allowed_exceptionally(base_count)
    if cap.exceptional is None or excellent > most:
        return "Xem lại số xếp loại xuất sắc."
    ratio = format_percent(cap.exceptional)
    return f"Chỉ giữ nếu cấp có thẩm quyền cho nâng đến {ratio} ({format_integer(most)}) vì có thành tích nổi trội."


@cache
def _level_keys() -> Mapping[str, str]:
    keys = {written_key(words): NOT_RATED for words in _NOT_RATED_WORDS}
    keys |= {written: COUNTS[option.id] for written, option in option_keys("muc-chat-luong").items()}
    return keys


class _Counting:
    """The state of one count. What is asked often (levels, words of names, units) is worked out once per count."""

    def __init__(self, rating: Rating) -> None:
        self.problems: list[Problem] = []
        self.rows_in = self.skipped = self.failed = 0
        self._rating = rating
        self._names: dict[str, str] = {}
        self._counts: dict[str, dict[str, int]] = {}
        self._seen: dict[tuple[str, str, str], Mapping[str, Any]] = {}
        self._folded = cache(fold)
        self._counted_as = cache(counted_as)
        self._exempt = cache(lambda reason: exempt_case(rating, reason))

    def add(self, values: Mapping[str, object], place: Mapping[str, Any]) -> None:
        """Count one row, or say why it is not counted."""
        self.rows_in += 1
        told = {name: _said(values.get(name)) for name in _COLUMNS}
        if not any(told.values()):
            self.skipped += 1
            return
        level = self._counted_as(told["level"]) if told["level"] else None
        faults = list(_faults(told, level))
        if faults or level is None:
            self.failed += 1
            self.problems += [fault.at(**place) for fault in faults]
            return
        group = self._folded(told["group"])
        self._names.setdefault(group, told["group"])
        counts = self._counts.setdefault(group, {})
        counts[level] = counts.get(level, 0) + 1
        self.problems += [warning.at(**place) for warning in self._warnings(told, level)]
        self._notice_double(group, told, place)

    def groups(self) -> tuple[Group, ...]:
        """The groups as counted."""
        return tuple(Group(self._names[key], self._rating.cap, **counts) for key, counts in self._counts.items())

    def _warnings(self, told: Mapping[str, str], level: str) -> list[Problem]:
        if level == NOT_RATED:
            return [] if told["reason"] else [_unreasoned(self._rating)]
        case = self._exempt(told["reason"]) if told["reason"] else None
        return [exempt_rated(case).at(column=_COLUMNS["level"])] if case else []

    def _notice_double(self, group: str, told: Mapping[str, str], place: Mapping[str, Any]) -> None:
        # Word by word, because 55,000 names are made of a few hundred words.
        name = " ".join(filter(None, map(self._folded, (told["name"] or told["unit"]).split())))
        key = group, self._folded(told["unit"]), name
        if key in self._seen:
            self.problems.append(_doubled(told, self._seen[key]).at(**place))
        else:
            self._seen[key] = place


def _said(value: object) -> str:
    """A cell as text; a whole number from a spreadsheet without its decimals."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(nfc(str(value)).split())


def _faults(told: Mapping[str, str], level: str | None) -> Iterable[Problem]:
    """Why a row cannot be counted."""
    if not told["group"]:
        yield _fault("tally-no-group", "group", "Chưa ghi nhóm.", "Ghi nhóm để đếm, ví dụ «Đảng viên».")
    if not told["name"] and not told["unit"]:
        yield _fault("tally-no-name", "name", "Chưa ghi họ tên hoặc tên tổ chức.", "Ghi tên, hoặc xóa dòng này.")
    if not told["level"]:
        cure = "Ghi mức xếp loại, hoặc «Chưa xếp loại» kèm lý do."
        yield _fault("tally-no-level", "level", "Chưa ghi mức xếp loại.", cure)
    elif level is None:
        labels = [option.label for option in options("muc-chat-luong")]
        close = nearest(told["level"], [*labels, _NOT_RATED_WORDS[0]])
        cure = f"Có phải là «{close}»?" if close else f"Ghi một trong: {'; '.join(labels)}; {_NOT_RATED_WORDS[0]}."
        yield _fault("tally-unknown-level", "level", f"{shown(told['level'])} không phải một mức xếp loại.", cure)


def _fault(code: str, column: str, what: str, cure: str) -> Problem:
    return Problem(code=code, what=f"{what} Dòng này chưa được đếm.", cure=cure, column=_COLUMNS[column])


def exempt_rated(case: Exempt) -> Problem:
    """The warning that someone has a level who belongs to those that are not rated."""
    return Problem(
        code="exempt-rated",
        what=f"Thuộc diện không xếp loại ({case.label}) nhưng lại có mức xếp loại.",
        cure="Bỏ mức xếp loại, hoặc sửa lý do.",
        severity="warning",
        clause=case.clause,
    )


def _unreasoned(rating: Rating) -> Problem:
    return Problem(
        code="not-rated-without-reason",
        what="Chưa xếp loại mà không nêu lý do.",
        cure="Ghi lý do vào cột này.",
        severity="warning",
        column=_COLUMNS["reason"],
        clause=rating.duty.clause,
    )


def _doubled(told: Mapping[str, str], first: Mapping[str, Any]) -> Problem:
    place = Problem(code="", what="").at(**first).where
    return Problem(
        code="tally-doubled",
        what=f"{shown(told['name'] or told['unit'])} đã có trong cùng đơn vị" + (f" ({place})." if place else "."),
        cure="Nếu là một người ghi hai lần thì xóa một dòng; nếu là hai người trùng tên thì giữ nguyên.",
        severity="warning",
        column=_COLUMNS["name"],
    )
