"""Our own rules over a .docx: what both validators miss, and what we hold ourselves to (controls, bookmarks, privacy).

Each rule is a function from the trees to findings; `rules` runs them all. The documents must be well-formed (lint).
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from lxml import etree

from tests.gate.parts import WP, W, child_val, elements, source_of, text_trees, trees, val

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    Trees = Mapping[str, etree._Element]
    Rule = Callable[[Trees, Trees], Iterator[str]]

_CONTROL_NAME = 64
"""Word cuts a control's tag and title here."""
_BOOKMARK_NAME = 40
_TEXT_HOLDERS = {W + name for name in ("t", "instrText", "delText", "delInstrText")}
_MARKERS = {W + name for name in ("bookmarkStart", "bookmarkEnd", "proofErr", "permStart", "permEnd")}
_TRACKED = ("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange")
_BLOCK_HOLDERS = (
    "body",
    "tc",
    "hdr",
    "ftr",
    "footnote",
    "endnote",
    "comment",
    "sdtContent",
    "txbxContent",
    "customXml",
)
_RUN_HOLDERS = ("p", "hyperlink", "sdtContent", "ins", "del", "fldSimple", "smartTag", "customXml", "dir", "bdo", "rt")
_PARENTS = {
    "p": _BLOCK_HOLDERS,
    "tbl": _BLOCK_HOLDERS,
    "tr": ("tbl", "sdtContent", "customXml"),
    "tc": ("tr", "sdtContent", "customXml"),
    "r": (*_RUN_HOLDERS, "rubyBase"),
    "t": ("r",),
}
_STYLE_USES = {"pStyle": "paragraph", "rStyle": "character", "tblStyle": "table"}


def rules(docx: bytes) -> list[str]:
    """What breaks our own rules; empty when all is well."""
    every, texts = trees(docx), text_trees(docx)
    return [finding for rule in _RULES for finding in rule(every, texts)]


def _bodies(every: Trees, texts: Trees) -> Iterator[str]:
    """One document with one body, whose last child is the section."""
    documents = [(name, root) for name, root in texts.items() if root.tag == W + "document"]
    if len(documents) != 1:
        yield f"{len(documents)} main documents"
    for name, root in documents:
        bodies = root.findall(W + "body")
        if len(bodies) != 1:
            yield f"{name}: {len(bodies)} bodies"
        for body in bodies:
            if len(body) == 0 or body[-1].tag != W + "sectPr":
                yield f"{name}: the body does not end with its section"


def _stray_text(every: Trees, texts: Trees) -> Iterator[str]:
    """Characters stand in w:t and nowhere else."""
    for name, root in texts.items():
        for element in root.iter(etree.Element):
            inside = element.text if element.tag not in _TEXT_HOLDERS and element.tag.startswith(W) else ""
            for text in (inside, element.tail):
                if text and text.strip():
                    yield f"{name}: text outside w:t near {_short(element)}: {text.strip()[:40]!r}"


def _parents(every: Trees, texts: Trees) -> Iterator[str]:
    """Paragraphs, tables, rows, cells, runs and texts hang where they may."""
    for name, root in texts.items():
        for tag, allowed in _PARENTS.items():
            for element in elements(root, tag):
                parent = element.getparent()
                if parent is None or parent.tag not in {W + holder for holder in allowed}:
                    yield f"{name}: w:{tag} inside {'nothing' if parent is None else _short(parent)}"


def _tables(every: Trees, texts: Trees) -> Iterator[str]:
    """A table has rows, a row has cells that fill its grid, a cell ends with a paragraph."""
    for name, root in texts.items():
        for cell in elements(root, "tc"):
            content = [child for child in cell if child.tag not in _MARKERS]
            if not content or content[-1].tag != W + "p":
                yield f"{name}: a cell does not end with a paragraph: {_words(cell)!r}"
        for table in elements(root, "tbl"):
            rows = list(_own(table, "tr"))
            columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
            if not rows:
                yield f"{name}: a table without rows"
            for row in rows:
                cells = list(_own(row, "tc"))
                if not cells:
                    yield f"{name}: a row without cells"
                elif _width(row, cells) != columns:
                    yield f"{name}: a row fills {_width(row, cells)} of {columns} columns: {_words(row)!r}"


def _width(row: etree._Element, cells: Iterable[etree._Element]) -> int:
    beside = sum(int(child_val(row, f"trPr/{side}") or 0) for side in ("gridBefore", "gridAfter"))
    return beside + sum(int(child_val(cell, "tcPr/gridSpan") or 1) for cell in cells)


def _fields(every: Trees, texts: Trees) -> Iterator[str]:
    """Each field begins, is told, and ends, in this order; fields may be nested."""
    for name, root in texts.items():
        open_fields: list[str] = []
        for element in root.iter(W + "fldChar", W + "instrText"):
            kind = val(element, "fldCharType") or "instruction"
            if kind == "begin":
                open_fields.append("begin")
            elif not open_fields:
                yield f"{name}: field {kind} without a beginning"
            elif kind == "end":
                open_fields.pop()
            elif open_fields[-1] != "begin":
                yield f"{name}: field {kind} after its separator"
            elif kind == "separate":
                open_fields[-1] = "separate"
        if open_fields:
            yield f"{name}: {len(open_fields)} fields never end"


def _controls(every: Trees, texts: Trees) -> Iterator[str]:
    """A content control holds something, has its own id, and a tag and title that Word keeps whole."""
    identities: Counter[str] = Counter()
    for name, root in texts.items():
        for control in elements(root, "sdt"):
            identity = child_val(control, "sdtPr/id")
            tag = child_val(control, "sdtPr/tag") or ""
            for held in (tag, child_val(control, "sdtPr/alias") or ""):
                if len(held) > _CONTROL_NAME:
                    yield f"{name}: control name of {len(held)} characters: {held}"
            content = control.find(W + "sdtContent")
            if content is None or len(content) == 0:
                yield f"{name}: control [{tag}] is empty"
            if identity is None:
                yield f"{name}: control [{tag}] has no id"
                continue
            identities[identity] += 1
            if not re.fullmatch(r"-?\d{1,10}", identity) or not -(2**31) <= int(identity) < 2**31:
                yield f"{name}: control [{tag}] has the id {identity}"
    yield from _repeated("control id", identities)


def _bookmarks(every: Trees, texts: Trees) -> Iterator[str]:
    """Bookmarks come in pairs, start first; names and ids are unique, names at most 40 characters."""
    names: Counter[str] = Counter()
    identities: Counter[str] = Counter()
    for part, root in texts.items():
        started: set[str | None] = set()
        for mark in root.iter(W + "bookmarkStart", W + "bookmarkEnd"):
            identity = val(mark, "id")
            if mark.tag == W + "bookmarkEnd":
                if identity not in started:
                    yield f"{part}: bookmark {identity} ends without a start"
                started.discard(identity)
                continue
            started.add(identity)
            name = val(mark, "name") or ""
            names[name.lower()] += 1
            identities[identity or "none"] += 1
            if not re.fullmatch(r"[^\W\d]\w*", name) or len(name) > _BOOKMARK_NAME:
                yield f"{part}: Word does not keep the bookmark name {name!r}"
        yield from (f"{part}: bookmark {identity} never ends" for identity in sorted(map(str, started)))
    yield from _repeated("bookmark name", names)
    yield from _repeated("bookmark id", identities)


def _drawings(every: Trees, texts: Trees) -> Iterator[str]:
    yield from _repeated(
        "docPr id", Counter(e.get("id", "none") for root in texts.values() for e in root.iter(WP + "docPr"))
    )


def _numbering(every: Trees, texts: Trees) -> Iterator[str]:
    """Every list that a paragraph or style names is there (0 takes a paragraph out of its list)."""
    held = [root for root in every.values() if root.tag == W + "numbering"]
    known = {val(number, "numId") for root in held for number in elements(root, "num")} | {"0"}
    for name, root in every.items():
        if root.tag != W + "numbering":
            yield from (f"{name}: list {used} is not there" for used in sorted(_values(root, "numId") - known))
    for root in held:
        abstract = {val(one, "abstractNumId") for one in root.findall(W + "abstractNum")}
        named = {child_val(number, "abstractNumId") for number in elements(root, "num")}
        yield from (f"numbering: abstract list {one} is not there" for one in sorted(map(str, named - abstract)))


def _styles(every: Trees, texts: Trees) -> Iterator[str]:
    """Every style that is used is there, and of the right kind."""
    sheets = [root for name, root in every.items() if root.tag == W + "styles" and "WithEffects" not in name]
    known = {(val(style, "type"), val(style, "styleId")) for root in sheets for style in elements(root, "style")}
    for name, root in (*texts.items(), *(("styles", sheet) for sheet in sheets)):
        for use, kind in _STYLE_USES.items():
            yield from (
                f"{name}: no {kind} style {used}" for used in sorted(_values(root, use)) if (kind, used) not in known
            )
    for sheet in sheets:
        yield from _repeated("style id", Counter(val(style, "styleId") or "none" for style in elements(sheet, "style")))
        based = _values(sheet, "basedOn") | _values(sheet, "next") | _values(sheet, "link")
        yield from (f"styles: no style {one}" for one in sorted(based - {str(held) for _, held in known}))


def _sizes(every: Trees, texts: Trees) -> Iterator[str]:
    """Letters are measured in whole half-points."""
    for name, root in every.items():
        for size in root.iter(W + "sz", W + "szCs"):
            if not (val(size) or "").isdecimal():
                yield f"{name}: letters of {val(size)} half-points"


def _notes(every: Trees, texts: Trees) -> Iterator[str]:
    """Every footnote and endnote that is referred to is there."""
    for kind in ("footnote", "endnote"):
        held = {val(note, "id") for root in texts.values() for note in elements(root, kind)}
        used = {val(mark, "id") for root in texts.values() for mark in elements(root, f"{kind}Reference")}
        yield from (f"{kind} {one} is not there" for one in sorted(map(str, used - held)))


def _remains(every: Trees, texts: Trees) -> Iterator[str]:
    """No tracked change, comment or name of a person or machine is left in the file."""
    for name, root in texts.items():
        if root.tag == W + "comments" and len(root):
            yield f"{name}: {len(root)} comments"
        for tag in _TRACKED:
            if (mark := root.find(f".//{W}{tag}")) is not None:
                yield f"{name}: tracked change {_short(mark)}"
    for name, root in every.items():
        if name.startswith("docProps/"):
            for element in root.iter("{*}lastModifiedBy", "{*}Manager", "{*}HyperlinkBase"):
                if (element.text or "").strip():
                    yield f"{name}: {_short(element)} is filled in"
        if name.endswith("settings.xml.rels") and len(root):
            yield f"{source_of(name)}: the settings refer to another file"


def _own(holder: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row, also those inside controls, but not those of nested tables."""
    for child in holder:
        if child.tag == W + tag:
            yield child
        elif child.tag in {W + "sdt", W + "sdtContent", W + "customXml"}:
            yield from _own(child, tag)


def _values(root: etree._Element, tag: str) -> set[str]:
    return {val(element) or "" for element in elements(root, tag)}


def _repeated(what: str, times: Counter[str]) -> Iterator[str]:
    return (f"{what} {one} stands {count} times" for one, count in times.items() if count > 1)


def _words(element: etree._Element) -> str:
    return "".join(text.text or "" for text in elements(element, "t"))[:40]


def _short(element: etree._Element) -> str:
    return f"{element.prefix}:{etree.QName(element).localname}"


_RULES: tuple[Rule, ...] = (
    _bodies,
    _stray_text,
    _parents,
    _tables,
    _fields,
    _controls,
    _bookmarks,
    _drawings,
    _numbering,
    _styles,
    _sizes,
    _notes,
    _remains,
)
