"""A whole list held against its forms without making anything: what `docgen check` tells of a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from docgen.errors import DataError, Problem
from docgen.generate import Press

if TYPE_CHECKING:
    from docgen.papers.profile import Profile
    from docgen.roster import Roster


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a list's rows; `rows_in = done + skipped + failed`."""

    problems: tuple[Problem, ...]
    rows_in: int
    skipped: int
    failed: int

    def summary(self) -> str:
        """One line in Vietnamese."""
        usable = self.rows_in - self.skipped - self.failed
        return f"{self.rows_in} dòng: dùng được {usable}, lỗi {self.failed}, bỏ qua {self.skipped}."

    def counts(self) -> dict[str, int]:
        """As every command tells them; `done` are the rows that a merge would make."""
        done = self.rows_in - self.skipped - self.failed
        return {"rows_in": self.rows_in, "done": done, "unchanged": 0, "skipped": self.skipped, "failed": self.failed}


def check_list(roster: Roster, house: Profile) -> Checked:
    """Every problem and warning of every row, each with its place."""
    presses: dict[str, Press] = {}
    problems = [*roster.notes, *roster.doubles(), *(problem for each in roster.faulty for problem in each.problems)]
    failed = len(roster.faulty)
    for row in roster.rows:
        try:
            form = roster.form(row)
            if form.id not in presses:
                presses[form.id] = Press(form, house, roster.common)
            found = presses[form.id].check(presses[form.id].own(roster.values(row)))
        except DataError as error:
            found = error.problems
        failed += any(problem.severity == "error" for problem in found)
        problems += [roster.placed(problem, row) for problem in found]
    problems.sort(key=lambda problem: problem.row or 0)
    return Checked(tuple(problems), roster.rows_in, len(roster.read.skipped), failed)
