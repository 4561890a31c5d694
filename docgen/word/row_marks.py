"""The numbers of controls and bookmarks inside row loops, in the two ways in which a template needs them.

A template that is filled has `{{loop.index}}` in them, so that no two rows bear the same. Word takes no such number:
for a person who edits the template they are written as plain ones, and given back when the template returns.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from docgen.word import package
from docgen.word.controls import NAME_LIMIT, ROW_INDEX
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
_STILL_NAME = re.compile(r"_0(?=_|\Z)")
_LAST_NUMBER = 999


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

    Where loops stand in each other, the inner ones lose their bookmarks: a row has one number only. A file without
    loops, or whose numbers are right already, is given back as it is.

    Raises:
        FormError: no Word file, or its main part is broken.
    """
    parts = package.parts(docx)
    root = parse(parts[DOCUMENT], DOCUMENT)
    numbered = (each.get(_ID) or each.get(_VAL) or "" for each in root.iter(_START, W + "id"))
    taken = frozenset(number for number in numbered if ROW_INDEX in number)
    possible = (f"{ROW_INDEX}{number:03d}" for number in range(1, _LAST_NUMBER + 1))
    free = (number for number in possible if number not in taken)
    changed = False
    bookmarks: dict[str, str] = {}
    for element, depth in list(_in_loops(root)):
        if element.tag == _CONTROL:
            changed |= _number_control(element, depth, free)
        elif element.tag == _START and ROW_INDEX not in element.get(_ID, ""):
            number = element.get(_ID, "")
            bookmarks[number] = _number_bookmark(element, depth, free)
    for end in list(root.iter(_END)):
        given = bookmarks.get(end.get(_ID, ""))
        if given:
            end.set(_ID, given)
        elif given == "":
            _remove(end)
    return _written(parts, root) if changed or bookmarks else docx


def _in_loops(root: _Element) -> Iterator[tuple[_Element, int]]:
    """Controls and starts of bookmarks inside loops, with the number of loops around each."""
    depth = 0
    for element in root.iter(W + "p", _CONTROL, _START):
        if element.tag != W + "p":
            if depth:
                yield element, depth
            continue
        text = "".join(piece.text or "" for piece in element.iter(W + "t"))
        if "{%" in text:
            words = [tag.word for tag in scan(text).tags]
            depth = max(0, depth + words.count("for") - words.count("endfor"))


def _number_control(control: _Element, depth: int, free: Iterator[str]) -> bool:
    number = control.find(f"{W}sdtPr/{W}id")
    if number is None or ROW_INDEX in number.get(_VAL, ""):
        return False
    if depth > 1:  # Word gives a control without a number one of its own
        _remove(number)
    else:
        number.set(_VAL, next(free))
    return True


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
