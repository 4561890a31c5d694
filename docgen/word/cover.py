"""The list in front of the papers of a chi bộ: a document of the same look, so that a print file takes it like others.

It is drawn as a template and filled like a form: names are placed as they are given, never respelled or read as tags.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from docgen.word import blocks, grid
from docgen.word.controls import Slot
from docgen.word.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docgen.rules.layouts import Layout
    from docgen.word.compiled import Template
    from docgen.word.grid import Column

_TEMPLATES_KEPT = 16


def cover(layout: Layout, *, title: Sequence[str], columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> bytes:
    """A list as a .docx: its title, and a table whose heading stands on every page.

    Args:
        layout: the layout of the papers that follow.
        title: what the list is («DANH SÁCH»), then what it is a list of («Chi bộ …»), a line each.
        columns: headings, shares of the width and how they are set; one with `numbers` counts the rows.
        rows: the texts of each row, one for each column that does not count.

    Raises:
        ValueError: no title, no rows, or a row with too few or too many texts.
        DataError: a text holds characters that cannot stand in a Word file.
    """
    texts = sum(not column.numbers for column in columns)
    if not title or not rows or any(len(row) != texts for row in rows):
        raise ValueError(f"a cover needs a title and rows of {texts} texts")
    words: dict[str, object] = {f"ten{number}": line for number, line in enumerate(title)}
    words["hang"] = [
        {"stt": str(place), **{f"o{number}": text for number, text in enumerate(row)}}
        for place, row in enumerate(rows, start=1)
    ]
    return _compiled(_drawn(layout, len(title), columns)).render(words)


def _drawn(layout: Layout, lines: int, columns: Sequence[Column]) -> bytes:
    """The template: a place for each line of the title and for each text of a row."""
    sheet = Sheet(layout)
    first, *others = ((Slot(path=f"ten{number}", word=f"ten{number}", title="Tên"),) for number in range(lines))
    blocks.title(sheet, name=[first], subject=others, notes=(), rule=False)
    numbers = iter(range(len(columns)))
    placed = [column if column.numbers else replace(column, slot=_place(column, next(numbers))) for column in columns]
    grid.table(sheet, Slot(path="hang", word="hang", title="Dòng"), placed)
    sheet.place(sheet.thin(points=0.1))
    return sheet.save(title="", subject="", properties={})


def _place(column: Column, number: int) -> Slot:
    return Slot(path=f"hang.o{number}", word=f"dong.o{number}", title=column.head, row=True)


@lru_cache(maxsize=_TEMPLATES_KEPT)
def _compiled(content: bytes) -> Template:
    from docgen.word.template import compile_template

    return compile_template(content)
