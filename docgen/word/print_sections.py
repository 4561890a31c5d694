"""Sections of a print file: every document is one or more of them, begins on a new page and counts from 1.

A section stands in the last paragraph of its pages, the very last one behind all paragraphs. A section without a header
takes over that of the section before it, which here is another person's: so what a document's first section leaves
out is named for it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from docgen.word.print_numbers import unfit

_ATTRIBUTES = rb"(?: +[^\s<>=\"]+=\"[^\"]*\")*"
_SECTION = re.compile(rb"<w:sectPr(" + _ATTRIBUTES + rb") ?(?:/>|>(.*?)</w:sectPr>)", re.DOTALL)
_CHILD = re.compile(rb"<([^\s<>/=\"]+)" + _ATTRIBUTES + rb" ?(?:/>|>.*?</\1>)", re.DOTALL)
_REFERENCE = re.compile(rb"<w:(header|footer)Reference\b[^<>]*? w:type=\"(\w+)\"")
_RELATION = re.compile(rb" r:\w+=\"([^\"]+)\"")
_START = re.compile(rb" w:start=\"(\d+)\"")
_PARAGRAPH = re.compile(rb"<w:p(" + _ATTRIBUTES + rb") ?(/?)>")
_MARKERS = re.compile(rb"(?:<w:(?:bookmarkStart|bookmarkEnd|proofErr|permStart|permEnd)" + _ATTRIBUTES + rb" ?/>)+\Z")
_ORDER = ("headerReference", "footerReference", "footnotePr", "endnotePr", "type", "pgSz", "pgMar", "paperSrc",
          "pgBorders", "lnNumType", "pgNumType", "cols", "formProt", "vAlign", "noEndnote", "titlePg", "textDirection",
          "bidi", "rtlGutter", "docGrid", "printerSettings")  # fmt: skip
_PLACES = {b"w:" + name.encode(): place for place, name in enumerate(_ORDER)}
THIN = b'<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="2" w:lineRule="exact"/></w:pPr></w:p>'
"""A paragraph that takes no room: alone on the next page it would make a blank one."""
NO_SECTION = b"<w:sectPr/>"
_ENDS = (b"</w:p>", b"</w:tbl>", b"</w:sdt>")
_REMEMBERED = 256

Reference = tuple[bytes, bytes]
"""Which header or footer: `(b"header", b"first")`."""
Blanks = tuple[tuple[Reference, bytes], ...]
"""Headers and footers that are to be empty, each with the id of its relationship."""


class Ending(NamedTuple):
    """A document's text, and the section that closes it."""

    text: bytes
    section: bytes


class _Paragraph(NamedTuple):
    """A paragraph's opening tag, what its properties hold, and where its content begins."""

    opening: bytes
    properties: bytes
    content_at: int
    closing: bytes
    """What is still to be written behind it: `</w:p>` for a paragraph that is one tag only."""


def parted(body: bytes) -> Ending:
    """The body cut before its last section; a body without one has Word's own."""
    start = body.rfind(b"<w:sectPr")
    found = _SECTION.fullmatch(body, start) if start >= 0 else None
    return Ending(body, NO_SECTION) if found is None else Ending(body[:start], found[0])


def inner_sections(text: bytes) -> list[bytes]:
    """The sections that end inside the text, in order."""
    return [found[0] for found in _SECTION.finditer(text)] if b"<w:sectPr" in text else []


def relations_of(section: bytes) -> set[str]:
    """The ids of the relationships that a section names; a section holds no text that could look like one."""
    return {found.decode() for found in _RELATION.findall(section)}


def references(sections: bytes) -> frozenset[Reference]:
    """The headers and footers that sections name."""
    return frozenset(_REFERENCE.findall(sections))


@lru_cache(maxsize=_REMEMBERED)
def first_section(section: bytes, blanks: Blanks, *, duplex: bool) -> bytes:
    """A document's first section: on a new page, in duplex on a new sheet, and counted from 1.

    Raises:
        FormError: lines are counted through the whole file.
    """
    attributes, children = _children(section)
    for (part, kind), identity in reversed(blanks):
        _put(children, b"w:%bReference" % part, b' w:type="%b" r:id="%b"' % (kind, identity))
    _put(children, b"w:type", b' w:val="oddPage"' if duplex else b' w:val="nextPage"')
    counted = next((xml for name, xml in children if name == b"w:pgNumType"), b"")
    if not _START.search(counted):
        kept = counted.removeprefix(b"<w:pgNumType").rstrip(b"/> ")
        _put(children, b"w:pgNumType", kept + b' w:start="1"')
    return _section(attributes, children)


@lru_cache(maxsize=_REMEMBERED)
def later_section(section: bytes, *, duplex: bool) -> bytes:
    """Another section of a document, as it is; in duplex one that counts from an odd number begins on a new sheet too.

    Else sheets and numbers would part: Word and LibreOffice tell the front of a sheet by the number of its page.
    """
    attributes, children = _children(section)
    start = next((_START.search(xml) for name, xml in children if name == b"w:pgNumType"), None)
    if duplex and start and int(start[1]) % 2:
        _put(children, b"w:type", b' w:val="oddPage"')
    return _section(attributes, children)


def with_inner_sections(text: bytes, first: bytes, *, duplex: bool) -> bytes:
    """The text with the sections inside it made ready; `first` is what becomes of the first of them."""
    waiting = [first]
    return _SECTION.sub(lambda found: waiting.pop() if waiting else later_section(found[0], duplex=duplex), text)


def closed(ending: Ending) -> bytes:
    """The text with its section in its last paragraph; after a table or a control in one that takes no room."""
    text, markers = ending.text, b""
    if not text.endswith(_ENDS) and (found := _MARKERS.search(text)):
        text, markers = text[: found.start()], found[0]
    start = _last_paragraph(text)
    if start is not None:
        last = _paragraph(text, start)
        if b"<w:sectPr" not in last.properties and b"<w:framePr" not in last.properties:
            content = text[last.content_at :] + last.closing
            opening = b"%b<w:pPr>%b%b</w:pPr>" % (last.opening, last.properties, ending.section)
            return text[:start] + opening + content.removesuffix(b"</w:p>") + markers + b"</w:p>"
    return closed(Ending(text + THIN + markers, ending.section))


def marked(text: bytes, mark: bytes) -> bytes:
    """The text with this bookmark at the begin of its first paragraph."""
    found = _PARAGRAPH.search(text)
    if found is None:
        return marked(THIN + text, mark)
    first = _paragraph(text, found.start())
    properties = b"<w:pPr>%b</w:pPr>" % first.properties if first.properties else b""
    begin = text[: found.start()] + first.opening + properties
    return begin + mark + first.closing + text[first.content_at :]


def _children(section: bytes) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """The section's own attributes, and each of its elements with its name."""
    found = _SECTION.fullmatch(section)
    if found is None:
        raise unfit("phần (section) không đọc được")
    children = [(child[1], child[0]) for child in _CHILD.finditer(found[2] or b"")]
    if b"".join(xml for _, xml in children) != (found[2] or b""):
        raise unfit("phần (section) không đọc được")
    if any(name == b"w:lnNumType" and b"continuous" in xml for name, xml in children):
        raise unfit("số dòng đếm liên tục")
    return found[1], children


def _put(children: list[tuple[bytes, bytes]], name: bytes, attributes: bytes) -> None:
    """Set an element of which a section has one; a reference is put in front of the others."""
    made = (name, b"<%b%b/>" % (name, attributes))
    if name.endswith(b"Reference"):
        children.insert(0, made)
        return
    children[:] = [child for child in children if child[0] != name]
    place = _PLACES[name]
    later = (number for number, (other, _) in enumerate(children) if _PLACES.get(other, -1) > place)
    children.insert(next(later, len(children)), made)


def _section(attributes: bytes, children: list[tuple[bytes, bytes]]) -> bytes:
    return b"<w:sectPr%b>%b</w:sectPr>" % (attributes, b"".join(xml for _, xml in children))


def _paragraph(text: bytes, start: int) -> _Paragraph:
    found = _PARAGRAPH.match(text, start)
    if found is None:
        raise unfit("đoạn văn không đọc được")
    opening, begin = b"<w:p%b>" % found[1], found.end()
    if found[2]:
        return _Paragraph(opening, b"", begin, b"</w:p>")
    if text.startswith(b"<w:pPr/>", begin):
        return _Paragraph(opening, b"", begin + len(b"<w:pPr/>"), b"")
    if not text.startswith(b"<w:pPr>", begin):
        return _Paragraph(opening, b"", begin, b"")
    end = text.index(b"</w:pPr>", begin)
    return _Paragraph(opening, text[begin + len(b"<w:pPr>") : end], end + len(b"</w:pPr>"), b"")


def _last_paragraph(text: bytes) -> int | None:
    """Where the paragraph begins that ends the text; None where something else ends it."""
    if not text.endswith(b"</w:p>"):
        begin = text.rfind(b"<")
        return begin if begin >= 0 and _PARAGRAPH.fullmatch(text, begin) else None
    depth, end = 0, len(text)
    while True:  # a text box holds paragraphs inside a paragraph: ends are counted against beginnings
        close, begin = text.rfind(b"</w:p>", 0, end), text.rfind(b"<w:p>", 0, end)
        begin = max(begin, text.rfind(b"<w:p ", max(begin, 0), end))
        end = max(begin, close)
        if end < 0:
            return None
        if close > begin:
            depth += 1
        elif not _PARAGRAPH.match(text, begin)[2]:  # type: ignore[index]
            depth -= 1
            if not depth:
                return begin
