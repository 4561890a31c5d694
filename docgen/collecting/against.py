"""What came back held against the list from which it was sent: who has not returned the paper, and what has changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from docgen.collecting.paper import BORN, Paper
from docgen.errors import DataError, DocgenError, Problem, shown
from docgen.papers.plain import plain
from docgen.papers.record import unfinished
from docgen.papers.words import words
from docgen.roster import Roster, roster
from docgen.viet.dates import parse_date
from docgen.viet.names import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from docgen.papers.form import Field
    from docgen.tables.rows import Row

_NAMES: Final = ("ho_ten", "tap_the")
_UNITS: Final = ("chi_bo", "don_vi", "dang_bo")


@dataclass(frozen=True, slots=True)
class Change:
    """A field that came back otherwise than it was sent; a value is as JSON has it, None where it was blank."""

    file: str
    row: int
    field: str
    label: str
    sent: Any
    returned: Any


@dataclass(frozen=True, slots=True)
class Missing:
    """A row of the list of which no paper came back."""

    row: int
    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class Against:
    """The list's side of a collection."""

    missing: tuple[Missing, ...] = ()
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()
    rows: int = 0
    files: Mapping[str, int] = field(default_factory=dict)
    """The row of each paper that is on the list."""

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "missing": [{"row": each.row, "name": each.name, "unit": each.unit} for each in self.missing],
            "changes": [
                {name: getattr(each, name) for name in ("file", "row", "field", "label", "sent", "returned")}
                for each in self.changes
            ],
            "list_problems": [problem.as_dict() for problem in self.problems],
        }


def list_name(papers: Sequence[Paper]) -> str:
    """The form, or the family of all the forms, whose list these papers come from.

    Raises:
        DataError: `against-which-form` where the papers have no form in common.
    """
    forms = {paper.form.id: paper.form for paper in papers if paper.form}
    families = {form.family for form in forms.values()}
    if len(forms) == 1:
        return next(iter(forms))
    family = families.pop() if len(families) == 1 else None
    if family is None:
        what = "Không rõ danh sách đối chiếu là của mẫu nào: các tệp đọc được theo nhiều mẫu, hoặc không có tệp nào."
        raise DataError.of("against-which-form", what, "Đọc riêng các tệp của một mẫu hoặc một nhóm mẫu.")
    return family


def against(papers: Sequence[Paper], content: bytes, *, file: str) -> Against:
    """Hold papers against the list.

    Raises:
        DataError: the list cannot be used, or it is not clear of which form it is.
    """
    name = list_name(papers)
    forms = [paper.form for paper in papers if paper.form]
    names = [name] if forms[0].family in (None, name) else [forms[0].family, name]
    known = _opened([each for each in names if each], content, file)
    people = _matched(known, papers)
    taken = set(people.values())
    problems = [*known.notes, *(problem for each in known.faulty for problem in each.problems)]
    problems += [_not_listed(paper) for paper in papers if paper.form and paper.file not in people]
    rows = {row.origin.row or 0: row for row in known.rows}
    changes = [change for paper in papers if paper.file in people
               for change in _changes(known, rows[people[paper.file]], paper)]  # fmt: skip
    missing = [_missing(known, row) for number, row in rows.items() if number not in taken]
    return Against(tuple(missing), tuple(changes), tuple(problems), len(rows), people)


def _opened(names: Sequence[str], content: bytes, file: str) -> Roster:
    """The list as one of the family, where its rows say whom they are about, else as one of the form."""
    for name in names:
        known = roster(name, content, file=file)
        try:
            for row in known.rows[:1]:
                known.form(row)
        except DataError:
            if name != names[-1]:
                continue
        return known
    raise ValueError("no name of a list")


def _values(known: Roster, row: Row) -> dict[str, object]:
    return {**known.common, **known.values(row)}


def _said(values: Mapping[str, Any], names: Iterable[str]) -> str:
    return next((fold(str(values[name])) for name in names if values.get(name)), "")


def _born(values: Mapping[str, Any]) -> str:
    given: Any = values.get(BORN)
    try:
        return str(parse_date(given)) if given else ""
    except DocgenError:
        return fold(str(given))


_KEYS: Final[Sequence[Callable[[Mapping[str, Any]], tuple[str, ...]]]] = (
    lambda values: (_said(values, _NAMES), _said(values, _UNITS), _born(values)),
    lambda values: (_said(values, _NAMES), _born(values)),
    lambda values: (_said(values, _NAMES), _said(values, _UNITS)),
    lambda values: (_said(values, _NAMES),),
)
"""How a paper finds its row, the surest way first; a key with a blank in it, or that two rows have, finds none."""


def _matched(known: Roster, papers: Sequence[Paper]) -> dict[str, int]:
    """The row of each paper, by its file; several versions of one paper have the same row."""
    rows = [(row.origin.row or 0, _values(known, row)) for row in known.rows]
    found: dict[str, int] = {}
    for key in _KEYS:
        by_key: dict[tuple[str, ...], list[int]] = {}
        for number, values in rows:
            by_key.setdefault(key(values), []).append(number)
        for paper in papers:
            numbers = by_key.get(key(paper.values), []) if all(key(paper.values)) else []
            if paper.form and paper.file not in found and len(numbers) == 1:
                found[paper.file] = numbers[0]
    return found


def _changes(known: Roster, row: Row, paper: Paper) -> list[Change]:
    """Every field that is printed otherwise than it was sent; what could not be read is not known to differ."""
    form, returned = paper.form, paper.record
    if form is None or returned is None:
        return []
    record = unfinished(form, {name: each for name, each in _values(known, row).items() if name in form.fields})
    sent, told, written = plain(record), words(record), words(returned)
    made = []
    for name, each in form.fields.items():
        if each.type == "computed" or name in paper.unread or name not in paper.how:
            continue
        same = told["co"][name] == written["co"][name] if each.type == "yes_no" else _same(
            each, told[name], written[name], paper
        )  # fmt: skip
        if not same or (name in paper.values and returned.values[name] is None):
            made.append(
                Change(paper.file, row.origin.row or 0, name, each.title, sent.get(name), paper.values.get(name))
            )
    return made


def _same(each: Field, sent: Any, returned: Any, paper: Paper) -> bool:
    """Whether two words are the same; of a list, those columns count that the paper prints."""
    if each.type != "list":
        return bool(sent == returned)
    columns = [name for name in each.columns if f"{each.name}.{name}" in paper.printed]
    return [[row[name] for name in columns] for row in sent] == [[row[name] for name in columns] for row in returned]


def _missing(known: Roster, row: Row) -> Missing:
    values = _values(known, row)
    name = next((str(values[each]) for each in _NAMES if values.get(each)), "")
    unit = next((str(values[each]) for each in _UNITS if values.get(each)), "")
    return Missing(row.origin.row or 0, name, unit)


def _not_listed(paper: Paper) -> Problem:
    name = next((str(paper.values[each]) for each in _NAMES if paper.values.get(each)), "")
    what = (
        f"{shown(name)} không khớp với dòng nào của danh sách." if name else "Không rõ tệp là của ai trong danh sách."
    )
    cure = "Xem lại họ tên, chi bộ, ngày sinh trong tệp và trong danh sách."
    return Problem(code="not-on-the-list", what=what, cure=cure, severity="warning", file=paper.file)
