"""What `check` and `render` take in: one record, or a list."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from docgen.cli_files import read_file
from docgen.cli_input import LISTS, given, shared_profile
from docgen.cli_words import WrongUse
from docgen.errors import DataError
from docgen.files import path_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from docgen.checking import Checked
    from docgen.errors import Problem
    from docgen.roster import Roster
    from docgen.tables.old_text import Convert


@dataclass(frozen=True, slots=True)
class Given:
    """One record's values, and how a problem with them is told with its place."""

    values: Mapping[str, object]
    placed: Callable[[Problem], Problem]


def check(form: str, source: str, *, profile: str | None, sheet: str | None, convert: Convert | None) -> Checked:
    """Hold a record, or every row of a list, against its form.

    Raises:
        WrongUse: a wrong path.
        FormError: there is no such form.
        DataError: a list that cannot be used as a whole, or a file that holds no record.
        OutputError: a file that cannot be read.
    """
    from docgen import generate
    from docgen.checking import Checked, check_list
    from docgen.papers.profile import profile as organisation

    shared = shared_profile(profile)
    if _is_list(source):
        return check_list(_roster(form, source, sheet, convert), organisation(shared or {}))
    row = given(source)
    found = generate.check(form, row.values, profile=shared)
    problems = tuple(problem.at(**row.origin.place()) for problem in found)
    return Checked(problems, 1, 0, int(any(problem.severity == "error" for problem in problems)))


def one_record(form: str, source: str) -> Given:
    """The record of a file, or the only row of a list.

    Raises:
        WrongUse: a wrong path, or a list of several rows.
        FormError: there is no such form.
        DataError: a file that cannot be read as a record, or a row that cannot be used.
        OutputError: a file that cannot be read.
    """
    if not _is_list(source):
        row = given(source)
        return Given(row.values, lambda problem: problem.at(**row.origin.place()))
    from docgen.papers.columns import CODE_NAME

    roster = _roster(form, source, None, None)
    if roster.faulty:
        raise DataError([problem for each in roster.faulty for problem in each.problems])
    if len(roster.rows) != 1:
        raise WrongUse(f"Danh sách có {len(roster.rows)} dòng. Lệnh này tạo một văn bản; cả danh sách: docgen merge.")
    only = roster.rows[0]
    own = {name: each for name, each in roster.values(only).items() if name != CODE_NAME}
    return Given({**roster.common, **own}, lambda problem: roster.placed(problem, only))


def _is_list(source: str) -> bool:
    return Path(source).suffix.lower() in LISTS


def _roster(form: str, source: str, sheet: str | None, convert: Convert | None) -> Roster:
    from docgen.roster import roster
    from docgen.tables.limits import DEFAULT

    path = Path(source)
    content = read_file(path, most=DEFAULT.list_bytes)
    return roster(form, content, file=path_text(path.name), sheet=sheet, convert=convert)
