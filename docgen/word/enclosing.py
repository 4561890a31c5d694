"""Content controls around tags that somebody has typed bare, so that what people write there can be read back.

A drawn template has every word in a tagged control and a bookmark (`docgen.word.controls`); a tag typed in Word has
neither. Nothing that is printed changes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from copy import deepcopy
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from lxml import etree

from docgen.word import package
from docgen.word.controls import NAME_LIMIT, ROW_INDEX, SLOT_LIMIT, Numbers, Slot, bookmark, control, element, run
from docgen.word.lint import W, parse
from docgen.word.row_marks import DOCUMENT, depths

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element

_VALUE = re.compile(r"\{\{\s*(?:(\w+)\.)?(\w+)\s*\}\}")
_FOR = re.compile(r"\{%\w* for (\w+) in (\w+) %\}")
_LOOP = re.compile(r"\{%p for \w+ in (\w+) %\}")
_LOOP_END = "{%p endfor %}"
_LONGEST_NUMBER = "_00000__2"
"""What a bookmark's name may need beside the path: the row's number, and that of a second one of the name."""


def enclosed(docx: bytes, lines: Mapping[str, str], answers: Mapping[str, str]) -> bytes:
    """The template with a control around one bare tag of each field that has none; the same bytes where none is bare.

    Args:
        docx: the template.
        lines: the fields of one line, by path (`ho_ten`, `ke_hoach.han`), with their titles.
        answers: the fields of several paragraphs, likewise.

    Raises:
        FormError: no Word file, or its main part is broken.
    """
    parts = package.parts(docx)
    root = parse(parts[DOCUMENT], DOCUMENT)
    known = {each.get(W + "val", "") for each in root.iter(W + "tag")}
    numbers = _numbers(root)
    for paragraph in root.iter(W + "p"):
        _gather(paragraph)
    changed = False
    for piece, places in list(_bare_lines(root)):
        chosen = {slot.path: (found, slot) for found, slot in _slots(places, lines) if slot.path not in known}
        known |= chosen.keys()
        for found, slot in reversed(chosen.values()):
            _enclose_line(piece, found, slot, numbers)
            changed = True
    for first, name in list(_bare_answers(root)):
        if name in answers and name not in known:
            known.add(name)
            _enclose_answer(first, Slot(path=name, word=name, title=answers[name]), numbers)
            changed = True
    if not changed:
        return docx
    content = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return package.write(package.pack(name, each) for name, each in {**parts, DOCUMENT: content}.items())


def _numbers(root: _Element) -> Numbers:
    """Numbers and bookmark names that the document does not bear yet."""
    given = (each.get(W + "id") or each.get(W + "val") or "" for each in root.iter(W + "bookmarkStart", W + "id"))
    given = (number.removeprefix(ROW_INDEX) for number in given)
    small = (int(number) for number in given if number.isdecimal() and int(number) < SLOT_LIMIT)
    names: dict[str, int] = {}
    for each in root.iter(W + "bookmarkStart"):
        stem, _, number = each.get(W + "name", "").partition("__")
        names[stem] = max(names.get(stem, 0), int(number) if number.isdecimal() else 1)
    return Numbers(max(small, default=0), names)


def _gather(paragraph: _Element) -> None:
    """Put each tag of a value that Word has cut into several runs into the first of them, as docxtpl does itself."""
    pieces = [each for each in paragraph.iter(W + "t") if next(each.iterancestors(W + "p")) is paragraph]
    text = "".join(each.text or "" for each in pieces)
    if "{{" not in text:
        return
    starts = [0, *accumulate(len(each.text or "") for each in pieces)]
    for found in reversed(list(_VALUE.finditer(text))):
        first, last = (bisect_right(starts, at) - 1 for at in (found.start(), found.end() - 1))
        runs = [each.getparent() for each in pieces[first : last + 1]]
        if first == last or not _beside(runs):
            continue
        # Tags further on are put together already: only what stands before them in a piece is as it was.
        rest = (pieces[last].text or "")[found.end() - starts[last] :]
        pieces[first].text = (pieces[first].text or "")[: found.start() - starts[first]] + found[0]
        for piece in pieces[first + 1 : last]:
            piece.text = ""
        pieces[last].text = rest
        pieces[last].set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _beside(runs: list[_Element | None]) -> bool:
    """Whether these are runs one after the other, with nothing between them but marks of the spelling check."""
    for run_, following in pairwise(runs):
        if run_ is None or following is None or run_.tag != W + "r":
            return False
        between = run_.getnext()
        while between is not None and between.tag == W + "proofErr":
            between = between.getnext()
        if following is not run_ and between is not following:
            return False
    return True


def _bare_lines(root: _Element) -> Iterator[tuple[_Element, list[tuple[re.Match[str], str]]]]:
    """Texts outside controls in which tags of values stand whole; each tag with the path of its word."""
    loop: tuple[str, str] = ("", "")
    for piece, depth in depths(root, W + "t"):
        text, around = piece.text or "", piece.getparent()
        if found := _FOR.search(text):
            loop = (found[1], found[2])
        if depth > 1 or around is None or around.tag != W + "r" or _in_control(piece):
            continue
        places = [
            (each, f"{loop[1]}.{each[2]}" if depth else each[2])
            for each in _VALUE.finditer(text)
            if each[1] == (loop[0] if depth else None)
        ]
        if places:
            yield piece, places


def _slots(places: list[tuple[re.Match[str], str]], lines: Mapping[str, str]) -> Iterator[tuple[re.Match[str], Slot]]:
    """The tags of fields of one line whose names are short enough for a bookmark."""
    for found, path in places:
        if path in lines and len(path) + len(_LONGEST_NUMBER) <= NAME_LIMIT:
            word = found[0].strip("{} ")
            yield found, Slot(path=path, word=word, title=lines[path], row="." in path)


def _bare_answers(root: _Element) -> Iterator[tuple[_Element, str]]:
    """Paragraphs with the loop over an answer whose end stands in the second paragraph after it."""
    for paragraph in root.iter(W + "p"):
        found = _LOOP.fullmatch(_text(paragraph).strip())
        last = _second_after(paragraph)
        if found and last is not None and _text(last).strip() == _LOOP_END and not _in_control(paragraph):
            yield paragraph, found[1]


def _second_after(paragraph: _Element) -> _Element | None:
    inner = paragraph.getnext()
    last = inner.getnext() if inner is not None and inner.tag == W + "p" else None
    return last if last is not None and last.tag == W + "p" else None


def _in_control(element_: _Element) -> bool:
    return any(each.find(f"{W}sdtPr/{W}tag") is not None for each in element_.iterancestors(W + "sdt"))


def _text(paragraph: _Element) -> str:
    return "".join(piece.text or "" for piece in paragraph.iter(W + "t"))


def _enclose_line(piece: _Element, found: re.Match[str], slot: Slot, numbers: Numbers) -> None:
    """Cut the run in three: what stands before the tag, the tag in its control, what stands behind."""
    around = piece.getparent()
    if around is None:
        return
    text, look = piece.text or "", around.find(W + "rPr")
    behind = list(piece.itersiblings())
    start, end = bookmark(slot, numbers)
    tag = run(found[0], None if look is None else deepcopy(look))
    after = run(text[found.end() :], None if look is None else deepcopy(look))
    after.extend(behind)
    piece.text = text[: found.start()]
    piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    for new in (after, end, control(slot, numbers, [tag], element("text")), start):
        around.addnext(new)


def _enclose_answer(first: _Element, slot: Slot, numbers: Numbers) -> None:
    last = _second_after(first)
    inner = first.getnext()
    if last is None or inner is None:
        return
    made = control(slot, numbers, [])
    first.addprevious(made)
    made[-1].extend([first, inner, last])
