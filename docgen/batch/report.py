"""What a merge has to tell: while it runs, how far it is; at its end, what became of every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from docgen.viet.numbers import format_integer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docgen.errors import Problem

Progress = Callable[[int, int], None]
"""Called with the number of rows that are settled and the number of all."""
MOST_TOLD: Final = 200
"""How many problems of one cause a report carries; the list of bad rows has all of them."""
_SHOWN = 3
"""How many outputs the summary names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The end of a merge: `rows_in = done + skipped + failed`, always."""

    rows_in: int
    done: int
    """Rows whose document stands there now, made by this run or by an earlier one."""
    unchanged: int
    """Of these, those that an earlier run had made."""
    skipped: int
    """Empty and example rows."""
    failed: int
    problems: tuple[Problem, ...]
    outputs: tuple[str, ...]
    bad_rows: str | None = None
    """The list of bad rows, where there is one."""

    @property
    def made(self) -> int:
        """Documents that this run made."""
        return self.done - self.unchanged

    def as_dict(self) -> dict[str, Any]:
        """The one object of `--json`."""
        counts = {name: getattr(self, name) for name in ("rows_in", "done", "unchanged", "skipped", "failed")}
        return {
            **counts,
            "problems": [problem.as_dict() for problem in self.problems],
            "outputs": list(self.outputs),
        }

    def summary(self) -> str:
        """Three lines in Vietnamese for the person who ran it."""
        lines = [
            f"Đọc {format_integer(self.rows_in)} dòng: {format_integer(self.done)} văn bản đã có"
            f" (mới tạo {format_integer(self.made)}, giữ nguyên {format_integer(self.unchanged)}),"
            f" bỏ qua {format_integer(self.skipped)} dòng trống hoặc ví dụ, lỗi {format_integer(self.failed)} dòng."
        ]
        if self.bad_rows:
            lines.append(f"Các dòng lỗi ở {self.bad_rows}: sửa trong tệp đó rồi trộn tiếp vào cùng nơi ghi.")
        if self.outputs:
            lines.append(f"Kết quả: {', '.join(self.outputs[:_SHOWN])}{', …' if len(self.outputs) > _SHOWN else ''}")
        return "\n".join(lines)


Cause = tuple[str, str]
"""What makes two problems the same fault in different rows: the code, and the field or column."""


def cause_of(problem: Problem) -> Cause:
    """The cause of a problem."""
    return problem.code, problem.field or problem.column or ""


def causes_of(problems: Iterable[Problem]) -> set[Cause]:
    """The causes for which a row failed."""
    return {cause_of(problem) for problem in problems if problem.severity == "error"}


class Told:
    """Problems on their way to a report: of each cause no more than a person can use, and how many more there are."""

    def __init__(self, problems: Iterable[Problem] = (), *, most: int = MOST_TOLD) -> None:
        self._most = most
        self._kept: dict[Cause, list[Problem]] = {}
        self._more: Counter[Cause] = Counter()
        self.add(problems)

    def add(self, problems: Iterable[Problem]) -> None:
        """Take these in."""
        for problem in problems:
            same = self._kept.setdefault(cause_of(problem), [])
            if len(same) < self._most:
                same.append(problem)
            else:
                self._more[cause_of(problem)] += 1

    def problems(self) -> tuple[Problem, ...]:
        """Those that are told: errors, then warnings, each in the order of the list."""
        found = [problem for same in self._kept.values() for problem in same]
        for cause, number in self._more.items():
            same = self._kept[cause][0]
            what = f"Còn {format_integer(number)} dòng khác cũng như vậy: {same.what}"
            found.append(replace(same, what=what, row=None, column=None))
        return tuple(sorted(found, key=lambda problem: (problem.severity == "warning", problem.row or 0)))
