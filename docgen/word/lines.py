"""Lines of text with places in them that are filled, as paragraphs: what blocks and tables are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docgen.word import controls
from docgen.word.controls import Slot, command, element, run

if TYPE_CHECKING:
    from lxml.etree import _Element

    from docgen.word.sheet import Sheet

Piece = str | Slot
Line = tuple[Piece, ...]
"""One printed line: text and the places in it that are filled."""


def pieces(sheet: Sheet, line: Line) -> list[_Element]:
    """A line's runs and inline controls. Capitals are the style's affair: the words themselves stay as given."""
    made: list[_Element] = []
    for piece in line:
        if isinstance(piece, Slot):
            made += controls.inline(piece, sheet.numbers)
        elif piece:
            made.append(run(piece))
    return made


def optional(sheet: Sheet, style: str, line: Line) -> list[_Element]:
    """The paragraph of a line; a line that is only an optional word disappears with it."""
    made = [sheet.paragraph(style, *pieces(sheet, line))] if line else []
    only = line[0] if len(line) == 1 else None
    if isinstance(only, Slot) and only.shown_if:
        return [command(f"{{%p if {only.shown_if} %}}"), *made, command("{%p endif %}")]
    return made


def paragraph(sheet: Sheet, style: str, line: Line, *, keep_next: bool = False) -> None:
    """One printed paragraph."""
    sheet.place(sheet.paragraph(style, *pieces(sheet, line), keep_next=keep_next))


def space(made: _Element, *, before: float = 0, after: float = 0) -> None:
    """Room above and below one paragraph, in points, beyond its style."""
    properties = made[0]
    room = element("spacing", **{k: round(v * 20) for k, v in (("before", before), ("after", after)) if v})
    properties.append(room)


def repeated(sheet: Sheet, slot: Slot, words: _Element) -> _Element:
    """The control in which `words`, a paragraph with `doan` in it, is repeated for each line of the slot's text."""
    loop = [command(f"{{%p for doan in {slot.word} %}}"), words, command("{%p endfor %}")]
    return controls.control(slot, sheet.numbers, loop)
