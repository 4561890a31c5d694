"""The columns of a list: which heading stands for which field of a form, or of the forms of a family together.

A heading may be a field's short label, its printed label, an alias or its name, in any case, with or without accents.
Two columns belong to no field: «Mã», by which a row is known again, and a family's «Đối tượng», which picks the form.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from docgen.errors import Problem, shown
from docgen.papers import library
from docgen.papers.form import Field
from docgen.papers.keys import key_of, keys_of
from docgen.tables.sheets import CODE
from docgen.viet.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from docgen.papers.form import Form

CODE_NAME: Final = "ma"
"""The name under which a row's code travels; a code is no field of a paper."""
SUBJECT_NAME: Final = "doi_tuong"
LIST_NAMES: Final = frozenset({CODE_NAME, SUBJECT_NAME})
"""What a row may have beside the fields of its paper."""
SUBJECT: Final = Field(
    name=SUBJECT_NAME,
    label="Đối tượng",
    type="choice",
    choices=library.SUBJECTS,
    blank="stop",
    aliases=("Nhóm đối tượng",),
    help="Quyết định người này viết mẫu nào.",
)
"""The column that picks a form of the family."""


@dataclass(frozen=True, slots=True)
class Matched:
    """What the headings of a list stand for: field names by heading, what is wrong, what its owner should know."""

    names: Mapping[str, str]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]


@dataclass(frozen=True)
class Columns:
    """Everything that a list for these forms may have columns for, the forms' newest edition first."""

    forms: tuple[Form, ...]
    family: bool
    fields: Mapping[str, Field] = field(init=False)
    """Every field of the forms by name, as the newest edition that has it declares it; a family's subject first."""
    _names: Mapping[str, frozenset[str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        fields: dict[str, Field] = {SUBJECT_NAME: SUBJECT} if self.family else {}
        names: dict[str, set[str]] = {key: {SUBJECT_NAME} for key in keys_of(SUBJECT)} if self.family else {}
        for form in self.forms:
            for name, each in form.fields.items():
                fields.setdefault(name, each)
                for key in keys_of(each):
                    names.setdefault(key, set()).add(name)
        if CODE_NAME not in fields:
            names.setdefault(key_of(CODE), {CODE_NAME})
        object.__setattr__(self, "fields", fields)
        object.__setattr__(self, "_names", {key: frozenset(found) for key, found in names.items()})

    def knows(self, heading: str) -> bool:
        """Whether the heading stands for something here."""
        return heading in self.fields or key_of(heading) in self._names

    def match(self, headings: Iterable[str]) -> Matched:
        """What each heading stands for. A label that several fields bear, or a field with two columns, is refused."""
        names: dict[str, str] = {}
        problems: list[Problem] = []
        notes: list[Problem] = []
        taken: dict[str, str] = {}
        for heading in headings:
            found = frozenset({heading}) if heading in self.fields else self._names.get(key_of(heading))
            if not found:
                notes.append(self._unknown(heading))
            elif len(found) > 1:
                problems.append(_ambiguous(heading, found))
            elif (name := next(iter(found))) in taken:
                problems.append(_twice(taken[name], heading))
            else:
                names[heading] = name
                taken[name] = heading
        return Matched(names, tuple(problems), tuple(notes))

    def _unknown(self, heading: str) -> Problem:
        close = nearest(heading, [each.title for each in self.fields.values()])
        cure = f"Có phải là «{close}»?" if close else "Nếu cần in, đặt tên cột đúng như tệp mẫu (lệnh docgen sheet)."
        what = f"Biểu mẫu không có mục nào tên {shown(heading)}; cột này không được in."
        return Problem(code="unknown-column", what=what, cure=cure, severity="warning", label=heading)


def columns_of(name: str) -> Columns:
    """The columns of a form (by id or alias), or of every edition of a family.

    Raises:
        FormError: `form-unknown`.
    """
    if name in library.families():
        return Columns(tuple(each for each in library.catalogue() if each.family == name), family=True)
    return Columns((library.form(name),), family=False)


def _ambiguous(heading: str, names: Iterable[str]) -> Problem:
    return Problem(
        code="ambiguous-column",
        what=f"Tiêu đề {shown(heading)} có thể là nhiều mục khác nhau.",
        cure=f"Đổi tiêu đề thành tên trường của mục cần điền: {', '.join(sorted(names))}.",
        label=heading,
    )


def _twice(first: str, second: str) -> Problem:
    return Problem(
        code="column-twice",
        what=f"Hai cột {shown(first)} và {shown(second)} cùng là một mục của biểu mẫu.",
        cure="Giữ lại một cột.",
        label=second,
    )
