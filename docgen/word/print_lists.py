"""Lists that Word numbers by itself: in a print file every document counts from its own beginning.

Paragraphs that name the same list go on counting through the whole file. So each document after the first gets copies
of its lists. Where the number hangs on a style instead of the paragraph there is nothing to copy: such a document is
refused by whoever asks `counting_styles`.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from lxml import etree

from docgen.word.blank import W

if TYPE_CHECKING:
    from collections.abc import Iterator

_W = f"{{{W}}}"
_VAL, _ID, _ABSTRACT_ID = f"{_W}val", f"{_W}numId", f"{_W}abstractNumId"
_NO_LIST = b"0"
_FIRST_SIGN = 0x0D0C0000
"""Where the signs of copied lists begin: Word takes lists of one sign (`nsid`) for one list."""


class Lists:
    """The lists of a print file, from the numbering part that its documents share (b"" where they have none)."""

    def __init__(self, numbering: bytes) -> None:
        self._root = etree.fromstring(numbering) if numbering else etree.Element(f"{_W}numbering")
        self._numbers = {each.get(_ID, ""): each for each in self._root.findall(f"{_W}num")}
        self._abstracts = {each.get(_ABSTRACT_ID, ""): each for each in self._root.findall(f"{_W}abstractNum")}
        self._last = max(map(int, (*self._numbers, *self._abstracts, "0")))
        self._plain = frozenset(_bullets(self._root))
        self._copies = 0
        self._end = next(reversed(self._numbers.values()), None)

    def content(self) -> bytes:
        """The numbering part with all copies."""
        return etree.tostring(self._root, encoding="UTF-8", xml_declaration=True, standalone=True)

    def copied(self, number: bytes, copies: dict[bytes, bytes]) -> bytes:
        """The number of this list's copy; `copies` remembers what one document has got already."""
        if number not in copies:
            original = self._numbers.get(number.decode())
            if original is None or number.decode() in self._plain:
                return number
            copies[number] = self._copy(original, copies)
        return copies[number]

    def _copy(self, original: etree._Element, copies: dict[bytes, bytes]) -> bytes:
        made = deepcopy(original)
        shape = made.find(_ABSTRACT_ID)
        abstract = self._abstracts.get("" if shape is None else shape.get(_VAL, ""))
        if shape is not None and abstract is not None:
            # Lists of one shape count together: within a document they still do.
            key = b"abstract " + shape.get(_VAL, "").encode()
            if key not in copies:
                copies[key] = self._copy_abstract(abstract)
            shape.set(_VAL, copies[key].decode())
        made.set(_ID, self._next())
        if self._end is not None:
            self._end.addnext(made)
        self._end = made
        return made.get(_ID, "").encode()

    def _copy_abstract(self, original: etree._Element) -> bytes:
        made = deepcopy(original)
        self._copies += 1
        for sign in made.findall(f"{_W}nsid"):
            sign.set(_VAL, f"{_FIRST_SIGN + self._copies:08X}")
        for link in [*made.findall(f"{_W}styleLink"), *made.findall(f"{_W}lvl/{_W}pStyle")]:
            _removed(link)
        made.set(_ABSTRACT_ID, self._next())
        next(iter(self._numbers.values())).addprevious(made)
        return made.get(_ABSTRACT_ID, "").encode()

    def _next(self) -> str:
        self._last += 1
        return str(self._last)


def counting_styles(styles: bytes, numbering: bytes) -> frozenset[bytes]:
    """The ids of the paragraph styles whose paragraphs are counted, by the styles and the numbering part."""
    if not styles or not numbering:
        return frozenset()
    known = {each.get(f"{_W}styleId", ""): each for each in etree.fromstring(styles).findall(f"{_W}style")}
    bullets = frozenset(_bullets(etree.fromstring(numbering)))
    return frozenset(name.encode() for name in known if _list_of(name, known) not in {"", "0"} | bullets)


def _bullets(root: etree._Element) -> Iterator[str]:
    """The lists that show signs and no numbers, on every level."""
    plain = set()
    for each in root.findall(f"{_W}abstractNum"):
        formats = {level.get(_VAL) for level in each.iterfind(f"{_W}lvl/{_W}numFmt")}
        if formats and formats <= {"bullet", "none"}:
            plain.add(each.get(_ABSTRACT_ID))
    for each in root.findall(f"{_W}num"):
        shape = each.find(_ABSTRACT_ID)
        if shape is not None and shape.get(_VAL) in plain and each.find(f"{_W}lvlOverride") is None:
            yield each.get(_ID, "")


def _list_of(name: str, known: dict[str, etree._Element]) -> str:
    """The list that a style, or the one from which it follows, puts its paragraphs in; empty: none."""
    for _ in range(len(known)):
        style = known.get(name)
        if style is None:
            return ""
        number = style.find(f"{_W}pPr/{_W}numPr/{_ID}")
        if number is not None:
            return number.get(_VAL, "")
        parent = style.find(f"{_W}basedOn")
        name = "" if parent is None else parent.get(_VAL, "")
    return ""


def _removed(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
