"""The places of a paper that are filled: tagged content controls inside bookmarks, as lxml elements.

Word keeps a control's tag, LibreOffice 7.4 loses it on saving but keeps bookmarks that start and end inside paragraphs:
together they let a filled paper be read back. In a row loop, names and ids carry `{{loop.index}}`; ids end in the
slot's three-digit number there, so that no two can be equal.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docx.oxml import OxmlElement
from docx.oxml.ns import nsmap, qn

from docgen.errors import FormError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element

NAME_LIMIT = 40
"""Longest bookmark name that Word accepts."""
TITLE_LIMIT = 64
"""Longest tag and title of a content control that Word accepts."""
SLOT_LIMIT = 999
ROW_INDEX = "{{loop.index}}"
CHECKED, UNCHECKED = "☒", "☐"
TICK_FONT = "MS Gothic"

nsmap.setdefault("w14", "http://schemas.microsoft.com/office/word/2010/wordml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place for one word: `path` names it in the data (`plan.task`), `word` in the template (`dong.task`)."""

    path: str
    word: str
    title: str
    row: bool = False
    """Whether it stands inside a loop over rows."""
    shown_if: str = ""
    """The template's word that tells whether there is anything to show; empty: always shown."""


@dataclass(slots=True)
class Numbers:
    """Gives every slot of one document its number and its bookmark name."""

    last: int = 0
    names: dict[str, int] = field(default_factory=dict)

    def next(self) -> int:
        """The next slot number, 1 to `SLOT_LIMIT`."""
        self.last += 1
        if self.last > SLOT_LIMIT:
            raise FormError.of(
                "too-many-slots", f"Biểu mẫu có hơn {SLOT_LIMIT} ô điền.", "Chia biểu mẫu thành nhiều phần."
            )
        return self.last

    def name(self, slot: Slot) -> str:
        """A bookmark name for this slot that no other slot of the document has."""
        stem = slot.path.replace(".", f"_{ROW_INDEX}_" if slot.row else "_")
        if slot.row and "." not in slot.path:
            stem = f"{stem}_{ROW_INDEX}"
        self.names[stem] = self.names.get(stem, 0) + 1
        name = stem if self.names[stem] == 1 else f"{stem}__{self.names[stem]}"
        if len(name.replace(ROW_INDEX, "00000")) > NAME_LIMIT:
            raise FormError.of(
                "name-too-long",
                f"Tên trường «{slot.path}» quá dài cho dấu trang của Word ({NAME_LIMIT} ký tự).",
                "Đặt tên trường ngắn hơn.",
            )
        return name


def element(tag: str, /, **attributes: str | float) -> _Element:
    """`<w:tag w:attribute="…"/>`; a tag with a prefix (`w14:checked`) keeps it, and so do its attributes."""
    prefix, _, local = tag.rpartition(":")
    made = OxmlElement(f"{prefix or 'w'}:{local}")
    for name, value in attributes.items():
        made.set(qn(f"{prefix or 'w'}:{name.rstrip('_')}"), str(value))
    return made


def nest(parent: _Element, *children: _Element) -> _Element:
    """The parent with the children appended."""
    parent.extend(children)
    return parent


def run(text: str, properties: _Element | None = None) -> _Element:
    """A run with this text; blanks are kept, a tab character becomes a tab."""
    made = element("r")
    if properties is not None and len(properties):
        made.append(properties)
    for number, piece in enumerate(text.split("\t")):
        if number:
            made.append(element("tab"))
        if piece:
            words = element("t")
            words.text = piece
            if piece != piece.strip() or "{{" in piece:
                words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            made.append(words)
    return made


def _id(number: int, slot: Slot) -> str:
    return f"{ROW_INDEX}{number:03d}" if slot.row else str(number)


def _properties(slot: Slot, number: int, kind: Sequence[_Element]) -> _Element:
    return nest(
        element("sdtPr"),
        element("alias", val=slot.title[:TITLE_LIMIT]),
        element("tag", val=slot.path[:TITLE_LIMIT]),
        element("id", val=_id(number, slot)),
        *kind,
    )


def control(slot: Slot, numbers: Numbers, content: Sequence[_Element], *kind: _Element) -> _Element:
    """A content control around runs, paragraphs or a table row; without `kind` it is a rich-text control."""
    return nest(element("sdt"), _properties(slot, numbers.next(), kind), nest(element("sdtContent"), *content))


def bookmark(slot: Slot, numbers: Numbers) -> tuple[_Element, _Element]:
    """The start and the end of the slot's bookmark, to be placed inside paragraphs."""
    mark = _id(numbers.next(), slot)
    return element("bookmarkStart", id=mark, name=numbers.name(slot)), element("bookmarkEnd", id=mark)


def inline(slot: Slot, numbers: Numbers, properties: _Element | None = None) -> list[_Element]:
    """A word inside a line: bookmark, plain-text control, the word's tag."""
    start, end = bookmark(slot, numbers)
    words = run(f"{{{{ {slot.word} }}}}", properties)
    return [start, control(slot, numbers, [words], element("text")), end]


def tick(slot: Slot, numbers: Numbers, size: float) -> list[_Element]:
    """A tick box that is crossed when the slot's word is true: both states stand in the template, one is kept."""
    start, end = bookmark(slot, numbers)
    return [
        start,
        run(f"{{%r if {slot.word} %}}"),
        _box(slot, numbers, CHECKED, size),
        run("{%r else %}"),
        _box(slot, numbers, UNCHECKED, size),
        run("{%r endif %}"),
        end,
    ]


def _box(slot: Slot, numbers: Numbers, mark: str, size: float) -> _Element:
    box = nest(
        element("w14:checkbox"),
        element("w14:checked", val="1" if mark == CHECKED else "0"),
        element("w14:checkedState", val=f"{ord(CHECKED):04X}", font=TICK_FONT),
        element("w14:uncheckedState", val=f"{ord(UNCHECKED):04X}", font=TICK_FONT),
    )
    font = element("rFonts", ascii=TICK_FONT, hAnsi=TICK_FONT, eastAsia=TICK_FONT, cs=TICK_FONT)
    look = nest(element("rPr"), font, element("sz", val=round(size * 2)))
    return control(slot, numbers, [run(mark, look)], box)


def command(text: str) -> _Element:
    """A paragraph that holds only a tag of the template language."""
    return nest(element("p"), run(text))
