"""Whether a part is so regular that filling it needs no parsing (gear TEXT), and what must hold while it is filled.

docxtpl itself has filled the part once with a number (a mark) in place of each tag, so the constants between the marks
are already what docxtpl and lxml write. Regular means: every loop and branch begins and ends in the same element, every
value stands in the text of a `w:t` or as a plain token in an attribute, and nothing that docxtpl adjusts afterwards
(grids of tables, numbers of drawings) depends on the data.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from lxml import etree

from docgen.word.lint import STRICT, W

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lxml.etree import _Element

    from docgen.word.gears import Mark

DRAWING_PROPERTIES = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"

_LOOP_FACT = re.compile(r"(\d+\s*\*\s*)?loop\.\w+")
_LOOP = re.compile(r"\s*for\s+\w+\s+in\s+([\w.]+)\s*")
_CONDITION = re.compile(r"\s*(?:el)?if\s+([\w.]+)\s*")
_OPEN_TAG = re.compile(r"<[^<>]+>\Z")
_HOLDERS = {W + name: frozenset({W + "p", W + "tbl"}) for name in ("hdr", "ftr", "footnote", "txbxContent")}
_HOLDERS[W + "tc"] = frozenset({W + "p"})
_TRANSPARENT = frozenset(W + name for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins"))
_GRID = frozenset(W + name for name in ("tblGrid", "gridCol", "tcPr", "gridSpan"))


class Regularity(NamedTuple):
    """What is known of one part; numbers are those of its tags."""

    reason: str
    """Why the part cannot be filled as text, in Vietnamese; `""` where it can."""
    tokens: frozenset[int]
    """The values that stand in attributes."""
    filled: frozenset[int]
    """The loops that must have a row, because a table or a cell would be empty without."""
    empties: tuple[tuple[str, str], ...]


Content: TypeAlias = "list[_Element | _Block]"
"""The child elements of one element in order, those inside a loop or a condition within their block."""


@dataclass(slots=True)
class _Block:
    """A loop or a condition among the children of one element."""

    number: int
    branches: list[tuple[int, Content]]


@dataclass(slots=True)
class _Study:
    """The marks of one part, put back into its tree."""

    marks: Sequence[Mark]
    pattern: re.Pattern[str]
    reasons: list[str] = field(default_factory=list)
    tokens: set[int] = field(default_factory=set)
    controls: dict[_Element, int] = field(default_factory=dict)
    contents: dict[_Element, Content] = field(default_factory=dict)
    numbers: dict[_Element, list[int]] = field(default_factory=dict)
    solid: set[_Element] = field(default_factory=set)
    """The elements with text that is always there."""

    def visit(self, element: _Element, controls: int) -> None:
        self.controls[element] = controls
        for name, value in element.items():
            self._attribute(element, str(name), str(value))
        content: Content = []
        opened: list[_Block] = []
        into = content
        for item in self._items(element):
            if isinstance(item, int):
                self.numbers.setdefault(element, []).append(item)
                into = self._mark(item, element, content, opened, into)
            elif isinstance(item, str):
                self.solid |= {element} if not opened else set()
            else:
                into.append(item)
                self.visit(item, controls + len(opened))
        if opened:
            self.reasons.append("một thẻ if hoặc for mở và đóng ở hai chỗ khác nhau")
        self.contents[element] = content

    def _items(self, element: _Element) -> Iterator[int | str | _Element]:
        """What stands inside in order: numbers of tags, texts, elements."""
        yield from self._pieces(element.text)
        for child in element:
            if isinstance(child.tag, str):
                yield child
            yield from self._pieces(child.tail)

    def _pieces(self, text: str | None) -> Iterator[int | str]:
        for place, piece in enumerate(self.pattern.split(text or "")):
            if place % 2:
                yield int(piece)
            elif piece:
                yield piece

    def _mark(
        self,
        number: int,
        element: _Element,
        content: Content,
        opened: list[_Block],
        into: Content,
    ) -> Content:
        word = self.marks[number].word
        if word in {"for", "if"}:
            block = _Block(number, [(number, [])])
            into.append(block)
            opened.append(block)
        elif word and not opened:
            self.reasons.append("một thẻ if hoặc for mở và đóng ở hai chỗ khác nhau")
        elif word.startswith("end"):
            opened.pop()
        elif word:
            opened[-1].branches.append((number, []))
        elif element.tag != W + "t":
            self.reasons.append(f"có giá trị đứng ngoài chữ ({etree.QName(element).localname})")
        return opened[-1].branches[-1][1] if opened else content

    def _attribute(self, element: _Element, name: str, value: str) -> None:
        depth = 0
        for number in map(int, self.pattern.findall(value)):
            mark = self.marks[number]
            depth += (mark.word in {"for", "if"}) - mark.word.startswith("end")
            if not mark.word and not _LOOP_FACT.fullmatch(mark.inner.strip()):
                self.tokens.add(number)
            if element.tag in _GRID:
                self.reasons.append("số cột của bảng tùy theo dữ liệu")
        if depth:
            self.reasons.append(f"một thẻ if hoặc for cắt ngang thuộc tính ({name})")


def study(constants: Sequence[str], marks: Sequence[Mark], xml: bytes, pattern: re.Pattern[str]) -> Regularity:
    """What is known of a part whose serialised text `xml`, split at the marks that `pattern` finds, is `constants`."""
    tree = etree.fromstring(xml, STRICT)
    found = _Study(marks, pattern)
    found.visit(tree, 0)
    filled: set[int] = set()
    if not found.reasons:
        for element, content in found.contents.items():
            if element.tag in _HOLDERS:
                _study_holder(_HOLDERS[element.tag], content, found, filled)
            elif element.tag == W + "tbl":
                _study_table(element, found, filled)
            elif element.tag == DRAWING_PROPERTIES and found.controls[element]:
                found.reasons.append("có hình vẽ nằm trong phần lặp hoặc phần điều kiện")
    empties = _empties(constants, found) if not found.reasons else ()
    return Regularity(next(iter(found.reasons), ""), frozenset(found.tokens), frozenset(filled), empties)


def _study_holder(wanted: frozenset[str], content: Content, found: _Study, filled: set[int]) -> None:
    needed = _needed(found, content, lambda inner: inner.tag in wanted, frozenset())
    if needed is None:
        found.reasons.append("có ô hoặc khung có thể trống tùy theo dữ liệu")
    else:
        filled |= needed


def _study_table(table: _Element, found: _Study, filled: set[int]) -> None:
    """A table's grid follows its widest row: it is constant if one full row is always there and none is wider."""
    inside = [inner for inner in table.iter("*") if inner.tag in _GRID or inner.tag in {W + "tr", W + "tc"}]
    if all(found.controls[inner] == found.controls[table] for inner in inside):
        return
    grid = table.find(W + "tblGrid")
    columns = 0 if grid is None else len(grid.findall(W + "gridCol"))
    rows = list(table.iter(W + "tr"))
    if any(_parent_controls(inner, found) != found.controls[inner] for inner in inside if inner.tag != W + "tr"):
        found.reasons.append("có ô của bảng nằm trong phần lặp hoặc phần điều kiện")
    elif any(len(row.findall(W + "tc")) > columns for row in rows):
        found.reasons.append("có bảng mà dòng nhiều ô hơn số cột")
    else:
        filled_for_rows = _needed(found, found.contents[table], lambda row: row.tag == W + "tr", frozenset())
        filled_for_grid = _needed(
            found, found.contents[table], lambda row: row.tag == W + "tr" and _width(row) >= columns, frozenset()
        )
        if filled_for_rows is None or filled_for_grid is None or not filled_for_grid <= filled_for_rows:
            found.reasons.append("số dòng hoặc số cột của bảng tùy theo dữ liệu")
        else:
            filled |= filled_for_rows


def _parent_controls(element: _Element, found: _Study) -> int:
    parent = element.getparent()
    return found.controls[parent] if parent is not None else 0


def _width(row: _Element) -> int:
    spans = (cell.find(f"{W}tcPr/{W}gridSpan") for cell in row.findall(W + "tc"))
    return sum(1 if span is None else int(str(span.get(W + "val"))) for span in spans)


def _needed(
    found: _Study, content: Content, wanted: Callable[[_Element], bool], truths: frozenset[str]
) -> frozenset[int] | None:
    """The loops that must have a row so that something wanted is always there; None where it may be missing."""
    answers = (_needed_of(found, node, wanted, truths) for node in content)
    return min((answer for answer in answers if answer is not None), key=len, default=None)


def _needed_of(
    found: _Study, node: _Element | _Block, wanted: Callable[[_Element], bool], truths: frozenset[str]
) -> frozenset[int] | None:
    if not isinstance(node, _Block):
        if wanted(node):
            return frozenset()
        return _needed(found, found.contents[node], wanted, truths) if node.tag in _TRANSPARENT else None
    loop = _LOOP.fullmatch(found.marks[node.number].inner)
    if loop:
        needed = _needed(found, node.branches[0][1], wanted, truths)
        return needed if needed is None or loop[1] in truths else needed | {node.number}
    if found.marks[node.branches[-1][0]].word != "else":
        return None
    union: frozenset[int] = frozenset()
    for number, content in node.branches:
        condition = _CONDITION.fullmatch(found.marks[number].inner)
        needed = _needed(found, content, wanted, truths | {condition[1]} if condition else truths)
        if needed is None:
            return None
        union |= needed
    return union


def _empties(constants: Sequence[str], found: _Study) -> tuple[tuple[str, str], ...]:
    """The elements that may be left with nothing inside, as they are written then and as lxml writes them."""
    pairs: dict[str, str] = {}
    for element, numbers in found.numbers.items():
        if element in found.solid or any(not isinstance(node, _Block) for node in found.contents[element]):
            continue
        opening = _OPEN_TAG.search(constants[numbers[0]])
        if opening is None:
            found.reasons.append("có phần tử trống mang thuộc tính tùy theo dữ liệu")
            continue
        name = re.split(r"[\s>]", opening[0][1:], maxsplit=1)[0]
        pairs[f"{opening[0]}</{name}>"] = f"{opening[0][:-1]}/>"
    return tuple(pairs.items())
