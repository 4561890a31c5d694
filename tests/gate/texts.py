"""The text oracle: what a reader finds in a document, and whether every given value is there, whole.

This is the only step that sees lost words: a file with half its text gone opens, validates and prints well. It reads
every w:t in order, also inside controls, tables, headers, footers and notes, where python-docx looks past them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from lxml import etree

from tests.gate.parts import MC, W, is_xml, parse, read_parts, text_trees

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_TAGS = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_MARK_UP = re.compile(r"<[^>]*>")
_PYTHON = re.compile(r"\b(?:None|True|False|NaN|Undefined)\b")
"""How Python prints what is not text; never a word of a paper (`nan`, in small letters, is Vietnamese)."""


def document_text(docx: bytes) -> list[str]:
    """The text of every paragraph: the document first, then headers, footers and notes by part name.

    A tab is `\\t`, a line or page break inside a paragraph `\\n`. A paragraph inside another one (a text box) follows
    it. Deleted text, field instructions and the second copy of a drawing for old programs are not read.
    """
    return [text for root in text_trees(docx).values() for text in _paragraphs(root)]


def _paragraphs(root: etree._Element) -> list[str]:
    second_copies = {paragraph for copy in root.iter(MC + "Fallback") for paragraph in copy.iter(W + "p")}
    return [paragraph_text(each) for each in root.iter(W + "p") if each not in second_copies]


def paragraph_text(paragraph: etree._Element) -> str:
    """The text of one paragraph without that of paragraphs inside it."""
    return "".join(_pieces(paragraph))


def _pieces(element: etree._Element) -> Iterator[str]:
    for child in element.iterchildren(etree.Element):
        name = child.tag.removeprefix(W)
        if name == "t":
            yield child.text or ""
        elif name in _SIGNS:
            yield _SIGNS[name]
        elif name == "sym":
            yield chr(int(child.get(W + "char", "F0B7"), 16))
        elif name not in {"p", "pPr", "rPr", "sdtPr", "tbl"} and child.tag != MC + "Fallback":
            yield from _pieces(child)


def given_texts(values: object) -> Iterator[str]:
    """Every text inside a value: of mappings and sequences all that they hold, whole numbers as digits.

    True, False and None are not texts: a form prints them in its own words.
    """
    if isinstance(values, str):
        yield values
    elif isinstance(values, int) and not isinstance(values, bool):
        yield str(values)
    elif isinstance(values, Mapping):
        for held in values.values():
            yield from given_texts(held)
    elif isinstance(values, Sequence):
        for held in values:
            yield from given_texts(held)


def lost(docx: bytes, values: object) -> list[str]:
    """Every given text that is not found whole, as often as it was given.

    A text with line ends must stand in consecutive paragraphs (or on consecutive lines of one): the first line ends its
    paragraph, the last one begins its own. `values` are the words that the document should show, already normalised.
    """
    text = "\n".join(document_text(docx))
    given = Counter(one for one in given_texts(values) if one)
    return [
        f"given {times} times, found {text.count(one)} times: {one[:60]!r} ({len(one)} characters)"
        for one, times in given.items()
        if text.count(one) < times
    ]


def left_over(docx: bytes, values: object) -> list[str]:
    """Tags of the template language anywhere in the file, and words of Python in its text, that no value explains."""
    texts = given_texts(values)
    given = sorted({one for one in texts if _TAGS.search(one) or _PYTHON.search(one)}, key=len, reverse=True)
    found = [("text", hit) for hit in _unexplained(_PYTHON, document_text(docx), given)]
    for name, data in read_parts(docx).items():
        if is_xml(name) and _may_hold_a_tag(data):
            found += [(name, hit) for hit in _unexplained(_TAGS, _strings(parse(data)), given)]
    return [f"{name}: left over: {hit!r}" for name, hit in found]


def _may_hold_a_tag(data: bytes) -> bool:
    """Whether a closer look is due: braces together in the file as it is, or when the mark-up between them is gone."""
    raw = data.decode(errors="replace")
    return bool(_TAGS.search(raw) or _TAGS.search(_MARK_UP.sub("", raw)))


def _strings(root: etree._Element) -> Iterator[str]:
    """Every string of a part: whole paragraphs, so that a tag parted over runs is seen; other texts; attributes."""
    yield from (paragraph_text(each) for each in root.iter(W + "p"))
    for element in root.iter(etree.Element):
        if element.tag != W + "t":
            yield element.text or ""
        yield from (str(held) for held in element.attrib.values())


def _unexplained(sign: re.Pattern[str], texts: Iterable[str], given: Sequence[str]) -> Iterator[str]:
    """The surroundings of each sign that remains when the given texts are taken out."""
    text = "\n".join(texts)
    for one in given:
        text = text.replace(one, "\n")
    return (text[max(0, hit.start() - 20) : hit.end() + 20] for hit in sign.finditer(text))


def assert_round_trip(docx: bytes, values: object) -> None:
    """Fail unless every given text is found whole and nothing of the template is left over."""
    found = lost(docx, values) + left_over(docx, values)
    assert not found, "the document does not say what was given:\n" + "\n".join(found)
