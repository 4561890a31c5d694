"""A document's lines as a form sees them: printed text, and the places where something is filled.

A place is known by the tag of its content control; where controls are gone, by its bookmark. The same view is taken of
a template and of what came back, so that the two can be laid side by side.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from docgen.papers.spelling import alike

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from docgen.word.reading import Cell, Paragraph, Reading, Spot

How = Literal["control", "bookmark", "label"]
_COVERED = 20
"""How often bookmarks may cover a document; more of them are of no form."""
_LONGEST_NAME = 80
_REPEATED = re.compile(r"__\d+$")
_ROW = re.compile(r"_(\d+)(?=_|$)")


@dataclass(frozen=True, slots=True)
class Hit:
    """What stands in one place of the field `path` on one line."""

    path: str
    text: str
    how: How
    key: str
    """The same for all lines of one control or bookmark."""
    placeholder: bool = False
    checked: bool | None = None
    block: bool = False
    """Whether the place holds whole paragraphs."""
    row: int | None = None
    """The row of a list, as far as a bookmark tells."""


Item = str | Hit


@dataclass(frozen=True, slots=True)
class Line:
    """One line: printed text and hits by turns."""

    items: tuple[Item, ...]
    cell: Cell | None
    lists: frozenset[str]
    """The lists in whose row controls it stands."""

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The places on the line."""
        return tuple(item for item in self.items if isinstance(item, Hit))

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(item if isinstance(item, str) else item.text for item in self.items)


@dataclass(frozen=True, slots=True)
class Names:
    """What a form's tags and bookmarks are called."""

    inline: frozenset[str]
    blocks: frozenset[str]
    lists: frozenset[str]

    @property
    def paths(self) -> frozenset[str]:
        """Every place that holds text."""
        return self.inline | self.blocks

    def of_bookmark(self, name: str) -> tuple[str, int | None] | None:
        """The path and the row that a bookmark's name stands for; None for any other bookmark."""
        stem = _REPEATED.sub("", name)
        if stem in _stems(self):
            return _stems(self)[stem], None
        for row in _ROW.finditer(stem[:_LONGEST_NAME]):
            path = f"{stem[: row.start()]}.{stem[row.end() + 1 :]}"
            if path in self.inline or path in self.blocks:
                return path, int(row[1])
        return None


@lru_cache(maxsize=64)
def _stems(names: Names) -> Mapping[str, str]:
    """The paths by the bookmark names that stand for them."""
    return {path.replace(".", "_"): path for path in names.paths}


def lines(reading: Reading, names: Names, printed: Mapping[str, Collection[str]] | None = None) -> list[Line]:
    """The lines of a document with everything in them that bears one of these names.

    `printed` tells what stands before a place (`alike`): a bookmark that stands behind something else is not believed,
    because programs have been seen to give one bookmark's name to another.
    """
    marks = _marks(reading, names, printed or {})
    return [_line(reading, names, marks, number) for number in range(len(reading.paragraphs))]


@dataclass(frozen=True, slots=True)
class _Mark:
    """A bookmark on one paragraph: from one character to another, or the whole of it."""

    path: str
    row: int | None
    key: str
    start: int
    end: int
    block: bool


def _marks(reading: Reading, names: Names, printed: Mapping[str, Collection[str]]) -> Mapping[int, Sequence[_Mark]]:
    """The bookmarks that count, by paragraph: those around which there is no control of the same name."""
    found: dict[int, list[_Mark]] = defaultdict(list)
    told = {name: names.of_bookmark(name) for name in reading.bookmarks}
    known = {name: each for name, each in told.items() if each and _believed(reading, name, printed.get(each[0], ()))}
    begins = {reading.bookmarks[name][0].paragraph for name, (path, _) in known.items() if path in names.blocks}
    room = _COVERED * (len(reading.paragraphs) + 1)
    for name, (path, row) in known.items():
        first, end, last = reading.bookmarks[name]
        block = path in names.blocks
        last = last if block and row is None else end
        if block and (path in reading.tags or any(first.paragraph < other < last.paragraph for other in begins)):
            continue
        room -= abs(last.paragraph - first.paragraph) + 1
        if room < 0:
            break
        for number, begins_at, ends_at in _stretch(reading, first, last, block=block):
            found[number].append(_Mark(path, row, name, begins_at, ends_at, block))
    return found


def _believed(reading: Reading, name: str, printed: Collection[str]) -> bool:
    first = reading.bookmarks[name].first
    before = alike(reading.paragraphs[first.paragraph].text[: first.offset])
    return not printed or any(before.endswith(each) for each in printed)


def _stretch(reading: Reading, first: Spot, last: Spot, *, block: bool) -> Iterator[tuple[int, int, int]]:
    """The paragraphs of a bookmark with its edges in each; one of whole paragraphs stands between its ends."""
    if block:
        for number in range(first.paragraph + 1, last.paragraph):
            yield number, 0, len(reading.paragraphs[number].text)
        return
    for number in range(first.paragraph, last.paragraph + 1):
        whole = len(reading.paragraphs[number].text)
        yield (
            number,
            first.offset if number == first.paragraph else 0,
            last.offset if number == last.paragraph else whole,
        )


def _line(reading: Reading, names: Names, marks: Mapping[int, Sequence[_Mark]], number: int) -> Line:
    paragraph = reading.paragraphs[number]
    lists = frozenset(reading.controls[each].tag for each in paragraph.controls) & names.lists
    held = [(piece.text, _held(reading, names.paths, piece.controls)) for piece in paragraph.pieces]
    items: list[Item] = []
    if not any(control is not None for _, control in held) and number in marks:
        items = _marked(paragraph.text, marks[number])
    else:
        items = _controlled(reading, paragraph, held)
    if not items:
        around = _held(reading, names.paths, paragraph.controls)
        if around is not None:
            items = [_hit(reading, around, "", paragraph)]
    return Line(tuple(items), paragraph.cell, lists)


def _held(reading: Reading, paths: Collection[str], controls: Sequence[int]) -> int | None:
    """The innermost control around that belongs to the form."""
    return next((each for each in reversed(controls) if reading.controls[each].tag in paths), None)


def _hit(reading: Reading, control: int, text: str, paragraph: Paragraph) -> Hit:
    told = reading.controls[control]
    block = control in paragraph.controls
    return Hit(told.tag, text, "control", str(control), told.placeholder, told.checked, block)


def _controlled(reading: Reading, paragraph: Paragraph, held: Sequence[tuple[str, int | None]]) -> list[Item]:
    items: list[Item] = []
    last: int | None = -1
    for text, control in held:
        before = items.pop() if control == last and items else ""
        whole = (before if isinstance(before, str) else before.text) + text
        items.append(whole if control is None else _hit(reading, control, whole, paragraph))
        last = control
    return items


def _marked(text: str, marks: Sequence[_Mark]) -> list[Item]:
    """The line cut at the edges of its bookmarks; where two overlap, the later one begins behind the other."""
    items: list[Item] = []
    at = 0
    for mark in sorted(marks, key=lambda each: (each.start, each.end)):
        start = max(at, mark.start)
        if start > at:
            items.append(text[at:start])
        items.append(Hit(mark.path, text[start : mark.end], "bookmark", mark.key, block=mark.block, row=mark.row))
        at = max(start, mark.end)
    if at < len(text):
        items.append(text[at:])
    return items


def empty_controls(reading: Reading, names: Names, seen: Sequence[Line]) -> list[str]:
    """The places whose control is there but holds nothing at all, not even a paragraph."""
    held = {hit.path for line in seen for hit in line.hits}
    return sorted((reading.tags & names.paths) - held)
