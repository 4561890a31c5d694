"""One file that came back: its form, what was written into it, how each value was found, what is to be looked at.

bytes → word.reading → papers.recognise → papers.read_back → papers.record's own check
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from docgen.errors import DocgenError, Problem
from docgen.papers.plain import plain
from docgen.papers.read_back import Texts, read_texts
from docgen.papers.recognise import recognise
from docgen.papers.record import Record, unfinished
from docgen.viet.names import fold
from docgen.word import package
from docgen.word.reading import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docgen.papers.form import Form
    from docgen.papers.lines import How

_CORE: Final = "docProps/core.xml"
_MODIFIED: Final = re.compile(rb"<dcterms:modified[^>]*>([^<]{10,40})</dcterms:modified>")
_SUBJECTS: Final = ("ho_ten", "tap_the")
"""Fields that say of whom a paper is, the first that a form has."""
_UNITS: Final = ("chi_bo", "don_vi", "dang_bo")
BORN: Final = "ngay_sinh"


@dataclass(frozen=True, slots=True)
class Paper:
    """What one file holds. `values` are as JSON has them: typed where the record's check takes them, else as written.

    A field that could not be read is in none of them; `problems` tells it.
    """

    file: str
    form: Form | None = None
    edition: str = ""
    """The edition of the form that the file says it is of, else the one that it was read as."""
    values: Mapping[str, Any] = field(default_factory=dict)
    how: Mapping[str, How] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    outside: tuple[str, ...] = ()
    """Text that stands in no place of the form, whole."""
    unread: frozenset[str] = frozenset()
    printed: frozenset[str] = frozenset()
    """The fields, and as `list.column` the columns, that the form prints in words."""
    record: Record | None = None
    saved: datetime | None = None
    """When it was saved last, by its own properties or by the file's date."""
    skipped: bool = False
    """Whether it is no paper: a lock file, a spreadsheet beside the papers."""

    @property
    def failed(self) -> bool:
        """Whether nothing could be read from it."""
        return self.form is None and not self.skipped

    @property
    def name(self) -> str:
        """Of whom it is, as it is written; blank where it does not say."""
        return next((str(self.values[each]) for each in _SUBJECTS if self.values.get(each)), "")

    @property
    def unit(self) -> str:
        """In which unit that is, as it is written."""
        return next((str(self.values[each]) for each in _UNITS if self.values.get(each)), "")

    @property
    def person(self) -> tuple[str, str, str, str] | None:
        """Whose paper it is: form, name, unit and year; None where it does not say."""
        if self.form is None:
            return None
        if not self.name:
            return None
        return self.form.id, fold(self.name), fold(self.unit), str(self.values.get("nam", ""))

    def as_dict(self) -> dict[str, Any]:
        """As `--json` and the service tell it."""
        return {
            "file": self.file,
            "form": self.form.id if self.form else None,
            "edition": self.edition or None,
            "saved": self.saved.isoformat(timespec="seconds") if self.saved else None,
            "values": dict(self.values),
            "how": dict(self.how),
            "problems": [problem.as_dict() for problem in self.problems],
            "outside": list(self.outside),
        }

    def told(self, *problems: Problem) -> Paper:
        """The same paper with more to be told of it."""
        return replace(self, problems=(*self.problems, *(problem.at(file=self.file) for problem in problems)))


def read_paper(content: bytes, *, file: str, dated: datetime | None = None) -> Paper:
    """Read one .docx; whatever is wrong with it stands in the paper's problems.

    Args:
        content: the whole file.
        file: its name in messages.
        dated: the file's own date, where its properties have none.
    """
    try:
        saved = _saved(content) or dated
        reading = read(content)
        known = recognise(reading)
        texts = read_texts(known.form, known.frame, reading)
    except DocgenError as error:
        return Paper(file, problems=error.at(file=file).problems, saved=dated)
    record = unfinished(known.form, texts.values)
    told = [problem for problem in record.warnings if not _told_already(problem, texts)]
    problems = (*known.problems, *texts.problems, *told)
    return Paper(
        file=file,
        form=known.form,
        edition=reading.stamp.get("edition") or known.form.edition,
        values=_values(record, texts),
        how={name: texts.how[name] for name in known.form.fields if name in texts.how},
        problems=tuple(problem.at(file=file) for problem in problems),
        outside=(*texts.outside, *_not_taken(record, texts)),
        unread=frozenset(texts.unread),
        printed=known.frame.printed,
        record=record,
        saved=saved,
    )


def _told_already(problem: Problem, texts: Texts) -> bool:
    return problem.code == "required" and problem.field in texts.unread


def _not_taken(record: Record, texts: Texts) -> list[str]:
    """What stands in the place of a computed field and is not what follows from the others."""
    wrong = {problem.field for problem in record.warnings if problem.severity == "error"}
    computed = [name for name, each in record.form.fields.items() if each.type == "computed" and name in wrong]
    return [str(texts.values[name]) for name in computed if texts.values.get(name)]


def _values(record: Record, texts: Texts) -> dict[str, Any]:
    """The typed values of what was read; what the check does not take stays as the person wrote it."""
    typed = plain(record)
    made: dict[str, Any] = {}
    for name, known in record.form.fields.items():
        raw = texts.values.get(name)
        if known.type == "computed" or raw is None:
            continue
        if name not in typed:
            made[name] = raw
        elif known.type == "list":
            made[name] = [
                {column: row.get(column, written.get(column)) for column in known.columns if column in row | written}
                for row, written in zip(typed[name], raw, strict=True)
            ]
        else:
            made[name] = typed[name]
    return made


def _saved(content: bytes) -> datetime | None:
    """When the program that saved the file says that it did; None where it does not, or not sensibly."""
    found = _MODIFIED.search(package.parts(content).get(_CORE, b""))
    try:
        when = datetime.fromisoformat(found[1].decode()) if found else None
    except ValueError:
        return None
    return when if when is None or when.tzinfo else when.replace(tzinfo=UTC)
