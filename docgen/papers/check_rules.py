"""The rules that a form's checks may name, each as a function from one check of one record to its warnings.

A role names a field; where the check has a `list`, a column of its rows first, or else a field of the record itself.
Roles that name several take them parted by commas. Dates count as the span of days that is known of them, so
«quý II/2026» comes before 01/7/2026 and contradicts nothing inside itself.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from docgen.errors import DataError, Problem, shown
from docgen.papers.check_case import Case, Scope, text_of
from docgen.papers.fields import OpenDate, is_blank
from docgen.papers.per_form import per_form
from docgen.rules.choices import Option, options
from docgen.rules.issuing import bodies_of, may_issue, types_of
from docgen.rules.ratings import exempt_case, level_by_points
from docgen.rules.tally import COUNTS, NOT_RATED, Group, counted_as, exceeded_in, exempt_rated
from docgen.viet import numbers, periods
from docgen.viet.dates import parse_date, short_date
from docgen.viet.names import fold
from docgen.viet.remembered import remembered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from docgen.papers.form import Form
    from docgen.papers.record import Record
    from docgen.rules.ratings import Level

Span = tuple[date, date]
"""First and last day, both inside."""
_ITEM_ENDS: Final = re.compile(r"[,;]\s")
"""What parts the items of one line: `GY-01, GY-02; GY-03`."""
_TYPE_IN_NUMBER: Final = re.compile(r"-([^-/{}]+)/")
"""The type of paper in the printed number: `Số {so}-KH/{viet_tat}`."""
_INSIDE_CODES: Final = "-/_"
"""Signs that belong to a code such as GY-01."""
_SIGNS: Final = re.compile(rf"[^\w{re.escape(_INSIDE_CODES)}]+")
_LONGEST_WRITTEN: Final = 100
"""Characters of a written date, level or body whose meaning is worth remembering."""
_WEEKEND: Final = 5
"""`date.weekday()` of Saturday; Sunday comes after it."""


# ---------------------------------------------------------------- rules of levels


def _counted(value: Any) -> str | None:
    """Under which count a level falls, whether chosen or written."""
    return COUNTS.get(value.id) if isinstance(value, Option) else _counted_text(text_of(value))


@remembered(_LONGEST_WRITTEN)
def _counted_text(written: str) -> str | None:
    return counted_as(written)


def level_due(case: Case) -> Level | None:
    """The level to which the points of a check `level-against-points` lead; None while there are none."""
    points, rules = case.record.values[case.role("points")], case.rating
    return level_by_points(rules, points) if rules and points is not None else None


def label_of(level: Level) -> str:
    """The printed label of a level of the rating rules."""
    return next(option.label for option in options("muc-chat-luong") if option.id == level.id)


def _level_against_points(case: Case) -> Iterator[Problem]:
    [scope], due = case.scopes, level_due(case)
    level = _counted(scope.value(case.role("level")))
    if due is None or level in {None, NOT_RATED}:
        return
    order = list(COUNTS.values())
    gap = order.index(COUNTS[due.id]) - order.index(str(level))
    # A cap or a trigger lowers the level whatever the points are.
    explained = level == "failed" or (due.id, level) == ("xuat_sac", "good")
    if gap > 0 or (gap < 0 and not explained):
        told = scope.told(case.role("points"))
        what = f"{told} điểm ứng với mức «{label_of(due)}» (từ {due.least} điểm), không phải mức này."
        cure = "Sửa điểm hoặc mức." if gap > 0 else "Sửa điểm hoặc mức, hoặc nêu rõ điều kiện làm hạ mức."
        yield case.warn(scope.place(case.role("level")), what, cure, due.clause)


def _exempt_rated(case: Case) -> Iterator[Problem]:
    rules = case.rating
    for scope in case.scopes if rules else ():
        reason, level = scope.value(case.role("reason")), scope.value(case.role("level"))
        exempt = exempt_case(rules, text_of(reason)) if rules and reason is not None else None
        if exempt and level is not None and _counted(level) != NOT_RATED:
            told = exempt_rated(exempt)
            yield case.warn(scope.place(case.role("level")), told.what, told.cure, told.clause)


def _cap(case: Case) -> Iterator[Problem]:
    rules, counts, names = case.rating, dict[str, dict[str, int]](), dict[str, str]()
    for scope in case.scopes:
        level = _counted(scope.value(case.role("level")))
        name = text_of(scope.value(case.role("group"))) if "group" in case.check.roles else ""
        if level:
            group = counts.setdefault(fold(name), {})
            group[level] = group.get(level, 0) + 1
            names.setdefault(fold(name), name)
    for key, group in counts.items() if rules else ():
        told = exceeded_in(Group(names[key], rules.cap, **group)) if rules else None
        if told:
            named = f"{names[key]}: " if names[key] else ""
            listed = case.role("list")
            yield case.warn(Scope(case.record).place(listed), f"{named}{told.what}", told.cure, told.clause)


# ---------------------------------------------------------------- rules of time


def _span(value: Any) -> Span | None:
    """The first and the last day that a value may mean; None for what is no readable date."""
    return _SPANS.get(type(value), lambda _: None)(value)


def _months(year: int | None, first: int, last: int) -> Span | None:
    """The days of these months; None where the year is not told."""
    if year is None:
        return None
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


@remembered(_LONGEST_WRITTEN)
def _written_span(text: str) -> Span | None:
    readers: tuple[Callable[[object], Any], ...] = (
        parse_date,
        periods.parse_month,
        periods.parse_quarter,
        periods.parse_year,
    )
    for read in readers:
        try:
            return _span(read(text))
        except DataError:
            continue
    return None


_SPANS: Final[Mapping[type, Callable[[Any], Span | None]]] = {
    date: lambda day: (day, day),
    OpenDate: lambda day: _months(day.year, day.month or 1, day.month or 12),
    periods.Month: lambda month: _months(month.year, month.month, month.month),
    periods.Quarter: lambda quarter: _months(quarter.year, 3 * quarter.quarter - 2, 3 * quarter.quarter),
    int: lambda year: _months(year, 1, 12),
    str: _written_span,
    tuple: lambda several: _written_span(text_of(several)),
}


def _dates_in_order(case: Case) -> Iterator[Problem]:
    for scope in case.scopes:
        first, second = case.role("first"), case.role("second")
        earlier, later = _span(scope.value(first)), _span(scope.value(second))
        if earlier and later and earlier[0] > later[1]:
            what = f"{scope.told(second)} lại trước «{scope.field(first).title}» ({scope.told(first)})."
            yield case.warn(scope.place(second), what, f"Sửa một trong hai: ở đây phải từ {scope.told(first)} trở đi.")


def _draft_days(case: Case) -> Iterator[Problem]:
    [scope], rules = case.scopes, case.rating
    sent, meeting = (_span(scope.value(case.role(name))) for name in ("sent", "meeting"))
    if not (rules and rules.draft and sent and meeting and sent[0] == sent[1] and meeting[0] == meeting[1]):
        return
    latest, left = meeting[0], rules.draft.days
    while left:
        latest -= timedelta(days=1)
        left -= latest.weekday() < _WEEKEND
    if sent[0] > latest:
        what = (
            f"Gửi ngày {short_date(sent[0])} cho cuộc họp ngày {short_date(meeting[0])} là chưa đủ "
            f"{numbers.padded(rules.draft.days)} ngày làm việc (không tính thứ Bảy, Chủ nhật; chưa trừ ngày lễ)."
        )
        cure = f"Gửi chậm nhất ngày {short_date(latest)}, hoặc lùi ngày họp."
        yield case.warn(scope.place(case.role("sent")), what, cure, rules.draft.clause)


# ---------------------------------------------------------------- rules of rows and sums


def names_in(role: str) -> list[str]:
    """The names in a role that takes several."""
    return [name.strip() for name in role.split(",")]


def _rows_complete(case: Case) -> Iterator[Problem]:
    names = names_in(case.role("columns"))
    for scope in case.scopes:
        row = scope.own
        for name in names:
            if is_blank(row[name]):
                yield case.warn(scope.place(name), "Dòng này chưa ghi mục này.", f"Ghi «{scope.field(name).title}».")


def _adds_up(case: Case) -> Iterator[Problem]:
    for scope in case.scopes:
        parts, whole = names_in(case.role("parts")), scope.value(case.role("whole"))
        given = [Decimal(scope.value(name)) for name in parts if scope.value(name) is not None]
        if whole is None or not given:
            continue
        # A part that is left blank is not known, so the sum may fall short.
        if sum(given) > whole or (len(given) == len(parts) and sum(given) != whole):
            written = " + ".join(f"«{scope.field(name).title}» {scope.told(name) or '…'}" for name in parts)
            right = numbers.format_decimal(sum(given, Decimal(0)))
            what = f"{scope.told(case.role('whole'))} không bằng {written} = {right}."
            cure = f"Sửa thành {right}, hoặc sửa các số thành phần."
            yield case.warn(scope.place(case.role("whole")), what, cure)


def _at_most(case: Case) -> Iterator[Problem]:
    for scope in case.scopes:
        less, more = case.role("less"), case.role("more")
        if None not in (scope.value(less), scope.value(more)) and scope.value(less) > scope.value(more):
            what = f"{scope.told(less)} lớn hơn «{scope.field(more).title}» ({scope.told(more)})."
            yield case.warn(scope.place(less), what, f"Nhiều nhất là {scope.told(more)}; sửa một trong hai số.")


# ---------------------------------------------------------------- rules between papers' parts


class _Entry(NamedTuple):
    """One entry of a column, of paragraphs, of a line: its text, and where it stands."""

    text: str
    scope: Scope
    name: str


def _entries(record: Record, path: str) -> list[_Entry]:
    top, _, column = path.partition(".")
    value = record.values[top]
    if column:
        listed = record.form.fields[top]
        rows = enumerate(value or (), start=1)
        return [_Entry(text_of(row.get(column)), Scope(record, listed, number), column) for number, row in rows]
    several = value if isinstance(value, tuple) else _ITEM_ENDS.split(text_of(value))
    return [_Entry(text_of(each), Scope(record), top) for each in several]


def _entry_key(text: str) -> str:
    """The words of an entry, folded: ways of writing it that differ in bullets and signs only have one key."""
    # Signs go first: folding carries a tone to the end of its word, behind a comma that stands there.
    return fold(" ".join(filter(None, [word.strip(_INSIDE_CODES) for word in _SIGNS.sub(" ", text).split()])))


def _listed_answered(case: Case) -> Iterator[Problem]:
    fields = case.record.form.fields
    listed, answers = (_entries(case.record, case.role(name)) for name in ("listed", "answers"))
    where, whence = (fields[case.role(name).partition(".")[0]].title for name in ("answers", "listed"))
    in_text = "." not in case.role("answers")
    # What stands on the other side letter by letter is found without its key.
    unanswered, unlisted = _beyond(listed, answers), [] if in_text else _beyond(answers, listed)
    if not unanswered and not unlisted:
        return
    keys = {text: _entry_key(text) for text in {each.text for each in (*listed, *answers)}}
    answered = {keys[each.text] for each in answers}
    # In a text whole words are looked for, so that GY-1 is not found in GY-10.
    whole = f" {' '.join(filter(None, (keys[each.text] for each in answers)))} "
    for text, scope, name in unanswered:
        key = keys[text]
        if key and (f" {key} " not in whole if in_text else key not in answered):
            what = f"{shown(text)} chưa có nội dung tương ứng ở mục «{where}»."
            yield case.warn(scope.place(name), what, f"Bổ sung ở «{where}».")
    known = {keys[each.text] for each in listed}
    for text, scope, name in unlisted:
        if keys[text] and keys[text] not in known:
            cure = f"Ghi đúng như ở «{whence}», hoặc bổ sung vào mục đó."
            yield case.warn(scope.place(name), f"{shown(text)} không có trong mục «{whence}».", cure)


def _beyond(entries: list[_Entry], others: list[_Entry]) -> list[_Entry]:
    texts = {each.text for each in others}
    return [each for each in entries if each.text not in texts]


@per_form
def type_of(form: Form) -> str | None:
    """The abbreviation of the form's type of paper, from the number that it prints; None where it prints none."""
    numbered = (block.number for block in form.body if block.block == "header" and block.number)
    found = next(filter(None, map(_TYPE_IN_NUMBER.search, numbered)), None)
    return found[1] if found else None


def _may_issue(case: Case) -> Iterator[Problem]:
    [scope], name = case.scopes, case.role("body")
    body, type_ = text_of(scope.value(name)), case.check.roles.get("type") or type_of(case.record.form) or ""
    if _may_issue_written(body, type_) is False:
        paper, clause = types_of(type_)[0].name.lower(), bodies_of(body)[0].clause
        what = f"{shown(body)} không ban hành {paper}."
        yield case.warn(scope.place(name), what, "Chọn loại văn bản khác, hoặc để cấp có thẩm quyền ban hành.", clause)


@remembered(_LONGEST_WRITTEN)
def _may_issue_written(body: str, type_: str) -> bool | None:
    return may_issue(body, type_)


# ---------------------------------------------------------------- the rules and their roles


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule runs, which roles it has and of which kind, and which of them may be left out."""

    run: Callable[[Case], Iterator[Problem]]
    roles: Mapping[str, str]
    optional: frozenset[str] = frozenset()


_LIST: Final = frozenset({"list"})
RULES: Final[Mapping[str, Rule]] = {
    "level-against-points": Rule(_level_against_points, {"points": "number", "level": "level"}),
    "dates-in-order": Rule(_dates_in_order, {"first": "date", "second": "date", "list": "list"}, _LIST),
    "rows-complete": Rule(_rows_complete, {"list": "list", "columns": "columns"}),
    "adds-up": Rule(_adds_up, {"parts": "numbers", "whole": "number", "list": "list"}, _LIST),
    "at-most": Rule(_at_most, {"less": "number", "more": "number", "list": "list"}, _LIST),
    "listed-answered": Rule(_listed_answered, {"listed": "path", "answers": "path"}),
    "exempt-rated": Rule(_exempt_rated, {"list": "list", "reason": "text", "level": "level"}),
    "cap": Rule(_cap, {"list": "list", "level": "level", "group": "text"}, frozenset({"group"})),
    "may-issue": Rule(_may_issue, {"body": "text", "type": "type"}, frozenset({"type"})),
    "draft-days": Rule(_draft_days, {"sent": "date", "meeting": "date"}),
}
