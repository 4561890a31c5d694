"""Finished documents of several persons into one print file, each chi bộ behind a list of its persons."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from docgen.batch.names import UNIT
from docgen.errors import FormError, Problem
from docgen.rules.layouts import layout

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from docgen.batch.tasks import Made, Task
    from docgen.batch.work import Ending
    from docgen.generate import Press
    from docgen.papers.form import Form
    from docgen.word.grid import Column
    from docgen.word.pdf import Converter

_TITLE: Final = "DANH SÁCH"
_COLUMNS: Final = (("Họ và tên", 40), ("Biểu mẫu", 32), ("Ghi chú", 20))
"""Beside the number: headings, and their share of the width in per cent."""
_COVER_SECONDS: Final = 120.0


class Bound(NamedTuple):
    """A print file, and why some of its documents cannot stand in it, by task number."""

    content: bytes
    refused: Mapping[int, Problem]


class Binding:
    """Binds documents; for PDFs it keeps LibreOffice at hand for the covers, until it is closed."""

    def __init__(self, ending: Ending, presses: Mapping[str, Press], *, duplex: bool) -> None:
        """Bind documents of these presses (by form id); in duplex each person begins on a front page."""
        self._ending, self._presses, self._duplex = ending, presses, duplex
        self._converter: Converter | None = None

    def close(self) -> None:
        """Let LibreOffice go."""
        if self._converter is not None:
            self._converter.close()

    def bound(self, printed: Sequence[tuple[Task, Made]], *, title: str) -> Bound:
        """The print file of these persons, in this order.

        Raises:
            OutputError: no file can hold so much; LibreOffice is missing or makes no cover.
        """
        refused: dict[int, Problem] = {}
        while True:  # a cover names those who follow, so one who is refused changes what was bound before
            kept = [(task, made) for task, made in printed if task.number not in refused]
            if not kept:
                return Bound(b"", refused)
            try:
                return Bound(self._joined(kept) if self._ending == "pdf" else self._printed(kept, title), refused)
            except _Unfit as unfit:
                refused[unfit.number] = unfit.problem

    def _printed(self, kept: Sequence[tuple[Task, Made]], title: str) -> bytes:
        from docgen.word.print_file import PrintFile

        whole = PrintFile(duplex=self._duplex)
        for cover, group in self._with_covers(kept):
            whole.add(cover)
            for task, made in group:
                try:
                    whole.add(made.content or b"")
                except FormError as error:
                    raise _Unfit(task.number, error.problems[0]) from error
        return whole.content(title=title)

    def _joined(self, kept: Sequence[tuple[Task, Made]]) -> bytes:
        from docgen.word.pdf import Converter
        from docgen.word.pdf_pages import joined

        self._converter = self._converter or Converter()
        parted = list(self._with_covers(kept))
        covers = self._converter.pdfs([cover for cover, _ in parted], timeout=_COVER_SECONDS)
        pages = [
            content
            for cover, (_, group) in zip(covers, parted, strict=True)
            for content in (cover, *(made.content or b"" for _, made in group))
        ]
        return joined(pages, duplex=self._duplex)

    def _with_covers(self, kept: Sequence[tuple[Task, Made]]) -> Iterator[tuple[bytes, Sequence[tuple[Task, Made]]]]:
        """The persons of each chi bộ behind the page that lists them."""
        from docgen.word.cover import cover

        for unit, group in groupby(kept, key=lambda each: each[1].unit):
            persons = list(group)
            forms = [self._presses[task.form].form for task, _ in persons]
            rows = [(made.who, form.code or form.title, "") for (_, made), form in zip(persons, forms, strict=True)]
            look = self._presses[persons[0][0].form].house.house_layout(layout(persons[0][1].layout))
            title = (_TITLE, _called(forms[0], unit)) if unit else (_TITLE,)
            yield cover(look, title=title, columns=_columns(), rows=rows), persons


def _called(form: Form, unit: str) -> str:
    """The chi bộ as the form calls it: «thôn Đoài» is «Chi bộ thôn Đoài»."""
    label = form.fields[UNIT].label
    return unit if unit.casefold().startswith(label.casefold()) else f"{label} {unit}"


def _columns() -> list[Column]:
    from docgen.word.grid import Column

    counted = Column(head="TT", percent=8, numbers=True)
    return [counted, *(Column(head=head, percent=percent) for head, percent in _COLUMNS)]


class _Unfit(Exception):  # noqa: N818 - it is no error of the program, and leaves this module never
    """One document that cannot stand in the print file."""

    def __init__(self, number: int, problem: Problem) -> None:
        super().__init__(number)
        self.number, self.problem = number, problem
