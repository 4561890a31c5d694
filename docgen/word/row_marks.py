"""The numbers of controls and bookmarks inside row loops, in the two ways in which a template needs them.

A template that is filled has `{{loop.index}}` in them, so that no two rows bear the same. Word takes no such number:
for a person who edits the template they are written as plain ones, and given back when the template returns.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from lxml import etree

from docgen.errors import FormError
from docgen.word import package
from docgen.word.controls import NAME_LIMIT, ROW_INDEX, SLOT_LIMIT
from docgen.word.lint import W, parse
from docgen.word.tags import scan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

DOCUMENT = "word/document.xml"
_ID, _NAME, _VAL = W + "id", W + "name", W + "val"
_START, _END, _CONTROL = W + "bookmarkStart", W + "bookmarkEnd", W + "sdt"
_STILL = "0"
"""What stands for the row's number in the name of a bookmark while a person edits the template."""
_MOST_NUMBERS = 1_000_000
_STILL_NAME = re.compile(r"_0(?=_|\Z)")


def editable(docx: bytes) -> bytes:
    """The template as Word opens it without objection: row numbers are plain ones.

    Raises:
        FormError: no Word file.
    """
    parts = package.parts(docx)
    root = parse(parts[DOCUMENT], DOCUMENT)
    for element in root.iter(_START, _END, W + "id"):
        for name in (_ID, _NAME, _VAL):
            value = element.get(name)
            if value is not None and ROW_INDEX in value:
                plain = value.replace(ROW_INDEX, _STILL if name == _NAME else "")
                element.set(name, plain if name == _NAME else str(int(plain)))
    return _written(parts, root)


def fillable(docx: bytes) -> bytes:
    """The template as it is filled: each control and bookmark in a row loop bears the row's number.

    Where loops stand in each other, what is in the inner ones loses its controls and bookmarks: a row has one number
    only. A control without a number (LibreOffice leaves it out of boxes) gets one. A file whose numbers are right
    already is given back as it is.

    Raises:
        FormError: no Word file, its main part is broken, or it has too many controls.
    """
    parts = package.parts(docx)
    root = parse(parts[DOCUMENT], DOCUMENT)
    taken = {each.get(_ID) or each.get(_VAL) or "" for each in root.iter(_START, W + "id")}
    numbers = (_fresh("", "", _MOST_NUMBERS, taken), _fresh(ROW_INDEX, "03d", SLOT_LIMIT, taken))
    changed = _drop_torn_bookmarks(root)
    bookmarks: dict[str, str] = {}
    for element, depth in list(depths(root, _CONTROL, _START, _END)):
        if element.tag == _CONTROL:
            changed |= _number_control(element, depth, numbers)
        elif element.tag == _START and depth and ROW_INDEX not in element.get(_ID, ""):
            number = element.get(_ID, "")
            bookmarks[number] = _number_bookmark(element, depth, numbers[1])
    for end in list(root.iter(_END)):
        given = bookmarks.get(end.get(_ID, ""))
        if given:
            end.set(_ID, given)
        elif given == "":
            _remove(end)
    return _written(parts, root) if changed or bookmarks else docx


def _drop_torn_bookmarks(root: _Element) -> bool:
    """Remove bookmarks of which filling would leave one end, and all but one of each name.

    LibreOffice moves ends into paragraphs of tags, and doubles some.

    Returns:
        Whether there were any.
    """
    ends: dict[str, list[tuple[_Element, int]]] = {}
    for element, depth in depths(root, _CONTROL, _START, _END):
        if element.tag != _CONTROL:
            ends.setdefault(element.get(_ID, ""), []).append((element, depth))
    torn = [
        element
        for pair in ends.values()
        if len({depth for _, depth in pair}) > 1 or len(pair) % 2 or any(_goes_with_a_tag(each) for each, _ in pair)
        for element, _ in pair
    ]
    torn += _doubled(root, set(torn))
    for element in torn:
        _remove(element)
    return bool(torn)


def _doubled(root: _Element, torn: set[_Element]) -> Iterator[_Element]:
    """Both ends of every bookmark whose name another one has: LibreOffice saves some twice, one of them empty."""
    ends = {each.get(_ID): each for each in root.iter(_END)}
    named: dict[str, list[_Element]] = {}
    for start in root.iter(_START):
        if start not in torn:
            named.setdefault(start.get(_NAME, ""), []).append(start)
    for starts in named.values():
        # Of several the first with something in it stays.
        kept = next((each for each in starts if each.getnext() is not ends.get(each.get(_ID))), starts[0])
        for start in starts:
            if start is not kept:
                yield start
                if (end := ends.get(start.get(_ID))) is not None:
                    yield end


def _goes_with_a_tag(element: _Element) -> bool:
    """Whether the element stands in a paragraph or row that disappears with the tag in it."""
    for name, sign in ((W + "p", "{%p "), (W + "tr", "{%tr ")):
        around = next(element.iterancestors(name), None)
        if around is not None and "".join(each.text or "" for each in around.iter(W + "t")).strip().startswith(sign):
            return True
    return False


def _fresh(before: str, form: str, most: int, taken: set[str]) -> Iterator[str]:
    """Numbers that nothing in the document bears yet."""
    for number in range(1, most + 1):
        if (made := f"{before}{number:{form}}") not in taken:
            yield made
    what = f"Mẫu có hơn {most} ô điền."
    raise FormError.of("too-many-slots", what, "Chia mẫu thành nhiều phần.")


def depths(root: _Element, *tags: str) -> Iterator[tuple[_Element, int]]:
    """The elements with these tags in their order, with the number of loops around each.

    What counts is where a loop's tag begins: LibreOffice puts controls around tags themselves.
    """
    steps = _steps(root)
    depth = 0
    for element in root.iter(*{W + "t", *tags}):
        depth = max(0, depth + steps.get(element, 0))
        if element.tag in tags:
            yield element, depth


def _steps(root: _Element) -> dict[_Element, int]:
    """The pieces of text in which loops begin (1) and end (-1)."""
    pieces: dict[_Element, list[_Element]] = {}
    for piece in root.iter(W + "t"):
        paragraph = next(piece.iterancestors(W + "p"), None)
        if paragraph is not None:
            pieces.setdefault(paragraph, []).append(piece)
    steps: dict[_Element, int] = {}
    for own in pieces.values():
        text = "".join(piece.text or "" for piece in own)
        if "{%" not in text:
            continue
        ends = list(accumulate(len(piece.text or "") for piece in own))
        for tag in scan(text).tags:
            piece = own[bisect_right(ends, tag.start)]
            steps[piece] = steps.get(piece, 0) + (tag.word == "for") - (tag.word == "endfor")
    return steps


def _number_control(control: _Element, depth: int, numbers: tuple[Iterator[str], Iterator[str]]) -> bool:
    """Whether the control got another number."""
    properties, content = control.find(W + "sdtPr"), control.find(W + "sdtContent")
    if properties is None or content is None:
        return False
    number = properties.find(W + "id")
    known = "" if number is None else number.get(_VAL, "")
    if (depth > 1 and ROW_INDEX not in known) or _ends_a_cell(control, properties):
        for child in content:
            control.addprevious(child)
        _remove(control)
        return True
    if ROW_INDEX in known or (known and not depth):
        return False
    if number is None:
        number = etree.SubElement(properties, W + "id")
        named = [each for each in properties if each.tag in {W + "rPr", W + "alias", W + "tag"}]
        properties.insert(properties.index(named[-1]) + 1 if named else 0, number)
    number.set(_VAL, next(numbers[min(depth, 1)]))
    return True


def _ends_a_cell(control: _Element, properties: _Element) -> bool:
    """Whether a control that LibreOffice has robbed of its tag ends a cell, where Word wants a paragraph."""
    parent = control.getparent()
    last = parent is not None and parent.tag == W + "tc" and control.getnext() is None
    return last and properties.find(W + "tag") is None


def _number_bookmark(start: _Element, depth: int, free: Iterator[str]) -> str:
    """The new id of the bookmark; empty where it was removed."""
    name = start.get(_NAME, "")
    if depth > 1 or name == "_GoBack":
        _remove(start)
        return ""
    name, found = _STILL_NAME.subn(f"_{ROW_INDEX}", name, count=1)
    if not found:
        name = f"{name[: NAME_LIMIT - len('_00000')]}_{ROW_INDEX}"
    given = next(free)
    start.set(_NAME, name)
    start.set(_ID, given)
    return given


def _remove(element: _Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _written(parts: dict[str, bytes], root: _Element) -> bytes:
    content = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return package.write(package.pack(name, each) for name, each in {**parts, DOCUMENT: content}.items())
