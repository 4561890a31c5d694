"""Many files that came back: each is told, none is lost; papers of one person are held against each other.

What is no paper (a lock file, a spreadsheet) is told as skipped. Older documents go through LibreOffice together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from docgen.collecting.paper import BORN, Paper, read_paper
from docgen.errors import DocgenError, Problem, place_of, shown
from docgen.viet.dates import parse_date
from docgen.word.older import older_kind, to_docxs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from docgen.collecting.against import Against

_LOCKS: Final = ("~$", ".~lock.")
_DOCUMENTS: Final = frozenset({".docx", ".docm", ".dotx", ".doc", ".dot", ".odt", ".rtf", ".pdf"})
"""Endings of files that somebody may have sent as a paper; every other file is passed over, and told."""
_MOST_TOLD: Final = 10
"""So many other papers of one person are named; a folder may hold one paper a thousand times."""
_WAITING: Final = 50
"""Older documents that are kept in memory before they go to LibreOffice."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file: its name, how to get its bytes (which may raise OutputError), its own date."""

    name: str
    load: Callable[[], bytes]
    dated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Collected:
    """Every file in the order given, and the list against which they were held, if there was one."""

    papers: tuple[Paper, ...]
    against: Against | None = None

    @property
    def read(self) -> tuple[Paper, ...]:
        """The papers of which the form is known."""
        return tuple(paper for paper in self.papers if paper.form)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that is to be looked at, file by file."""
        found = tuple(problem for paper in self.papers for problem in paper.problems)
        return (*found, *(self.against.problems if self.against else ()))

    def counts(self) -> dict[str, int]:
        """As every command tells them: `rows_in` are files, `done` those that were read."""
        skipped = sum(paper.skipped for paper in self.papers)
        failed = sum(paper.failed for paper in self.papers)
        done = len(self.papers) - skipped - failed
        return {"rows_in": len(self.papers), "done": done, "unchanged": 0, "skipped": skipped, "failed": failed}

    def summary(self) -> str:
        """One line in Vietnamese."""
        counts = self.counts()
        told = f"{counts['rows_in']} tệp: đọc được {counts['done']}, không đọc được {counts['failed']}, "
        told += f"bỏ qua {counts['skipped']}."
        if self.against is None:
            return told
        return f"{told} Danh sách có {self.against.rows} dòng: {len(self.against.missing)} chưa nộp."

    def as_dict(self) -> dict[str, Any]:
        """The whole result as JSON has it."""
        told: dict[str, Any] = {"files": [paper.as_dict() for paper in self.papers]}
        return {**told, **(self.against.as_dict() if self.against else {})}


def collect(sources: Iterable[Source]) -> Collected:
    """Read every file. Nothing that is wrong with a file is raised: it stands in its paper's problems.

    Raises:
        OutputError: LibreOffice is there but cannot be started.
    """
    papers: list[Paper] = []
    waiting: list[tuple[int, Source, bytes]] = []
    for number, source in enumerate(sources):
        read = _read(source)
        if isinstance(read, Paper):
            papers.append(read)
        else:
            papers.append(Paper(source.name))
            waiting.append((number, source, read))
        if len(waiting) == _WAITING:
            _upgrade(papers, waiting)
    _upgrade(papers, waiting)
    return Collected(tuple(_compared(papers)))


def _read(source: Source) -> Paper | bytes:
    """The paper; of an older document its bytes."""
    name = PurePath(source.name).name
    if name.startswith(_LOCKS):
        what = "Tệp khóa tạm của chương trình soạn thảo (có người đang mở tệp gốc); bỏ qua."
        return _skipped(source, "read-lock", what, "Đóng tệp trong Word rồi đọc lại nếu đang sửa dở.")
    if PurePath(name).suffix.lower() not in _DOCUMENTS:
        return _skipped(source, "read-other-file", "Không phải tài liệu Word; bỏ qua.", "")
    try:
        content = source.load()
    except DocgenError as error:
        return Paper(source.name, problems=error.at(file=source.name).problems)
    return content if older_kind(content) else _read_one(content, source)


def _read_one(content: bytes, source: Source) -> Paper:
    """The paper; an error that nobody foresaw costs one file and not all the others."""
    try:
        return read_paper(content, file=source.name, dated=source.dated)
    except Exception as error:  # noqa: BLE001 - whatever it was, the file is told and the next one is read
        what = f"Lỗi chưa lường trước khi đọc tệp ({place_of(error)})."
        problem = Problem(code="read-unforeseen", what=what, cure="Báo người phụ trách kèm dòng này.")
        return Paper(source.name, problems=(problem.at(file=source.name),))


def _skipped(source: Source, code: str, what: str, cure: str) -> Paper:
    problem = Problem(code=code, what=what, cure=cure, severity="warning", file=source.name)
    return Paper(source.name, problems=(problem,), skipped=True)


def _upgrade(papers: list[Paper], waiting: list[tuple[int, Source, bytes]]) -> None:
    """Read the older documents that wait."""
    made = to_docxs([content for _, _, content in waiting]) if waiting else []
    for (number, source, _), result in zip(waiting, made, strict=True):
        if isinstance(result, Problem):
            papers[number] = Paper(source.name, problems=(result.at(file=source.name),))
            continue
        # LibreOffice has just saved it: what it says of the time is not the person's.
        papers[number] = replace(_read_one(result, source), saved=source.dated)
    waiting.clear()


def _compared(papers: Sequence[Paper]) -> list[Paper]:
    """The papers, each told which others are of the same person: the same once more, or another version."""
    people: dict[object, list[tuple[int, object, Paper]]] = {}
    for number, paper in enumerate(papers):
        if paper.person:
            people.setdefault(paper.person, []).append((number, _born(paper), paper))
    made = list(papers)
    for same in people.values():
        for number, born, paper in same:
            others = [each for place, day, each in same if place != number and (not born or not day or born == day)]
            for other in others[:_MOST_TOLD]:
                made[number] = made[number].told(_same(paper, other))
            if len(others) > _MOST_TOLD:
                what = f"Còn {len(others) - _MOST_TOLD} tệp khác nữa của cùng người này."
                made[number] = made[number].told(Problem(code="read-versions", what=what, severity="warning"))
    return made


def _born(paper: Paper) -> object:
    try:
        return parse_date(paper.values[BORN]) if paper.values.get(BORN) else None
    except DocgenError:
        return paper.values[BORN]


def _same(paper: Paper, other: Paper) -> Problem:
    if paper.values == other.values:
        what = f"Trùng với tệp {shown(other.file)}: cùng người, cùng nội dung."
        return Problem(code="read-twice", what=what, cure="Giữ một tệp.", severity="warning")
    order = "; chưa rõ bản nào mới hơn"
    if paper.saved and other.saved and paper.saved != other.saved:
        order = f"; bản này {'mới' if paper.saved > other.saved else 'cũ'} hơn ({paper.saved:%d/%m/%Y %H:%M})"
    what = f"Cùng người với tệp {shown(other.file)} nhưng nội dung khác{order}."
    return Problem(code="read-versions", what=what, cure="Chọn bản đúng; cả hai đều có trong bảng.", severity="warning")
