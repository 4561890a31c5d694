"""A finished document opened for a print file: its body, and what it has in common with others of the same template.

Documents of one template differ in little but their body. All else is analysed once and remembered by its bytes, so
that five thousand documents are opened in the time that it takes to inflate their bodies.
"""

from __future__ import annotations

import codecs
import hashlib
import posixpath
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from docgen.errors import FormError
from docgen.word import package
from docgen.word.blank import W
from docgen.word.print_lists import counting_styles
from docgen.word.print_numbers import refuse_unfit
from docgen.word.screening import LIMITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAIN = "word/document.xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
KINDS = ("styles", "settings", "fontTable", "theme", "numbering", "footnotes", "endnotes")
"""The parts that a Word file has once: documents of one print file must be equal in them."""

_WITH_TEXT = (".header+xml", ".footer+xml")
_REMEMBERED = 64
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, strip_cdata=True, remove_comments=True, remove_pis=True
)
_PREFIXES = {
    b"w": W.encode(),
    b"r": OFFICE.rstrip("/").encode(),
    b"wp": b"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    b"w14": b"http://schemas.microsoft.com/office/word/2010/wordml",
}
"""The prefixes by which the text of a body is read; Word, LibreOffice and python-docx all write them."""
_URIS = {uri: prefix for prefix, uri in _PREFIXES.items()}
_ODD_SIGNS = (b"\t", b"\n", b"\r", b' ="', b"= ")
_ODD_PAIRS = ((b"!", b"<!"), (b"?", b"<?"), (b"'", b"='"))
"""Canonical XML has these in its text only: where there is none, every `<` starts a tag written in the usual way.

One letter is looked for ten times as fast as two.
"""
_CANONICAL = re.compile(
    rb"(?:[^<>]*+<(?:/[^\s<>/=\"']++|[^\s<>/=\"']++(?: [^\s<>/=\"']++=\"[^\"<>]*+\")*+/?+)>)*+[^<>]*+"
)
_TAG = re.compile(rb"<[^\s<>/=\"]+(?: +[^\s<>=\"]+=\"[^\"]*\")+")
_BINDING = re.compile(rb" xmlns(?::([^\s<>=\"]+))?=\"([^\"]*)\"")
_UTF8 = re.compile(rb"encoding\s*=\s*[\"'](?:utf-?8|us-ascii|ascii)[\"']", re.IGNORECASE)
_REFERENCE = re.compile(rb" r:[a-z]+=\"")
_PERSONAL_SETTINGS = ("rsids", "docVars", "docId")
"""What Word notes in the settings of each file anew; nothing that is seen depends on it."""


class Relation(NamedTuple):
    """Where a relationship leads: its kind (the last word of a usual type), and a part's name or an outside address."""

    kind: str
    target: str
    is_outside: bool


class Kept(NamedTuple):
    """One part with its content type and its own relationships by their ids."""

    content: bytes
    type: str
    relations: Mapping[str, Relation]


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """All of a document but its body and its properties."""

    look: str
    """The hash of what must be equal for documents to stand in one print file."""
    head: bytes
    tail: bytes
    parts: Mapping[str, Kept]
    counting: frozenset[bytes]
    """The styles whose paragraphs Word numbers by itself, as they are written in an attribute."""

    @property
    def common(self) -> tuple[Relation, ...]:
        """What a Word file has once, in the order of `KINDS`."""
        found = {relation.kind: relation for relation in self.parts[MAIN].relations.values()}
        return tuple(found[OFFICE + kind] for kind in KINDS if OFFICE + kind in found)


class Opened(NamedTuple):
    """A document's body, in canonical XML, and what it shares with others."""

    body: bytes
    shared: Shared


@dataclass(frozen=True, slots=True)
class _Example:
    """A document that stands for all others with the same key."""

    key: bytes
    docx: bytes = field(compare=False)
    head: bytes = field(compare=False)
    tail: bytes = field(compare=False)


def opened(docx: bytes) -> Opened:
    """The document, opened.

    Raises:
        FormError: not a Word file, broken, or with active content (`package.read`); or not written as Word writes.
    """
    members = {member.name.decode(errors="replace"): member for member in package.members(docx)}
    main = members.pop(MAIN, None)
    if main is None or main.size > LIMITS.xml_bytes:
        raise _unreadable(docx)
    try:
        content = package.unpacked(main)
    except ValueError as error:
        raise _unreadable(docx) from error
    digest = hashlib.sha256()
    for name, member in members.items():
        if not name.startswith("docProps/"):
            digest.update(b"%b\0%d\0%b" % (member.name, len(member.packed), member.packed))
    content = canonical(content)
    head, body, tail = _cut(content)
    digest.update(head + b"\0" + tail)
    if b"xmlns" in body:
        _check_prefixes(body)
    return Opened(body, _shared(_Example(digest.digest(), docx, head, tail)))


def canonical(xml: bytes) -> bytes:
    """The XML as lxml writes it: no comments, no CDATA, attributes in double quotes after one blank each.

    Raises:
        FormError: it is not well-formed.
    """
    xml = xml.removeprefix(codecs.BOM_UTF8)
    if xml.startswith(b"<?xml"):
        declaration, _, xml = xml.partition(b"?>")
        if b"encoding" in declaration and not _UTF8.search(declaration):
            raise _unusual()
        xml = xml.lstrip()
    is_odd = any(sign in xml for sign in _ODD_SIGNS) or any(one in xml and both in xml for one, both in _ODD_PAIRS)
    if not is_odd or _CANONICAL.fullmatch(xml):
        return xml
    try:
        return etree.tostring(etree.fromstring(xml, _PARSER), encoding="UTF-8")
    except etree.XMLSyntaxError as error:
        raise _unusual() from error


def relationships_name(part: str) -> str:
    """The name of the part that holds the relationships of this one."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _cut(content: bytes) -> tuple[bytes, bytes, bytes]:
    """The document before, inside and behind the body's tags."""
    start, end = content.find(b"<w:body>") + len(b"<w:body>"), content.rfind(b"</w:body>")
    if not len(b"<w:body>") <= start <= end:
        raise _unusual()
    return content[:start], content[start:end], content[end:]


def _check_prefixes(xml: bytes) -> None:
    bindings = (found for tag in _TAG.findall(xml) for found in _BINDING.findall(tag))
    if any(_PREFIXES.get(prefix, uri) != uri or _URIS.get(uri, prefix) != prefix for prefix, uri in bindings):
        raise _unusual()


@lru_cache(maxsize=_REMEMBERED)
def _shared(example: _Example) -> Shared:
    contents = package.read(example.docx)
    _check_prefixes(example.head)
    if _REFERENCE.search(example.head):
        raise _unusual()
    types = _content_types(contents[package.CONTENT_TYPES])
    parts = {name: _kept(name, contents, types) for name in _reached(MAIN, contents)}
    for part in parts.values():
        if part.type.endswith(_WITH_TEXT):
            refuse_unfit(canonical(part.content))
    numbered = {OFFICE + kind: b"" for kind in ("styles", "numbering")}
    digest = hashlib.sha256(_root(example.head + example.tail))
    shared = Shared("", example.head, example.tail, parts, frozenset())
    for relation in shared.common:
        digest.update(f"\0{relation.kind}\0{relation.target}\0".encode())
        digest.update(_fingerprint(relation.target, parts))
        if relation.kind in numbered:
            numbered[relation.kind] = parts[relation.target].content
    counting = counting_styles(*numbered.values())
    return Shared(digest.hexdigest(), example.head, example.tail, parts, counting)


def _root(shell: bytes) -> bytes:
    """The document without its body, its namespaces in one order."""
    try:
        return etree.tostring(etree.fromstring(shell, _PARSER), method="c14n")
    except etree.XMLSyntaxError as error:
        raise _unusual() from error


def _reached(name: str, contents: Mapping[str, bytes], path: tuple[str, ...] = ()) -> dict[str, None]:
    """This part and every one to which its relationships lead.

    Raises:
        FormError: a relationship leads nowhere, or back to where it came from.
    """
    if name not in contents or name in path:
        raise _unusual()
    inside = [each.target for each in _relations(name, contents).values() if not each.is_outside]
    names = {name: None}
    for target in inside:
        names |= _reached(target, contents, (*path, name))
    return names


def _kept(name: str, contents: Mapping[str, bytes], types: Mapping[str, str]) -> Kept:
    kind = types.get(f"/{name}".lower()) or types.get(name.rpartition(".")[2].lower())
    if kind is None:
        raise _unusual()
    return Kept(contents[name], kind, _relations(name, contents))


def _relations(name: str, contents: Mapping[str, bytes]) -> dict[str, Relation]:
    content = contents.get(relationships_name(name))
    return {} if content is None else dict(_relations_in(name, content))


def _relations_in(name: str, content: bytes) -> Iterator[tuple[str, Relation]]:
    for each in _parsed(content):
        target, is_outside = each.get("Target", ""), each.get("TargetMode") == "External"
        if not is_outside:
            target = posixpath.normpath(posixpath.join("/", posixpath.dirname(name), target)).lstrip("/")
        yield each.get("Id", ""), Relation(each.get("Type", ""), target, is_outside)


def _content_types(content: bytes) -> dict[str, str]:
    """Content types by `/name` and by extension, in small letters: Word does not tell capitals apart here."""
    return {
        (each.get("PartName") or each.get("Extension") or "").lower(): each.get("ContentType", "")
        for each in _parsed(content)
    }


def _parsed(content: bytes) -> etree._Element:
    try:
        return etree.fromstring(content, _PARSER)
    except etree.XMLSyntaxError as error:
        raise _unusual() from error


def _fingerprint(name: str, parts: Mapping[str, Kept]) -> bytes:
    """A hash of the part and of all that it refers to."""
    content, kind, relations = parts[name]
    digest = hashlib.sha256(f"{kind}\0".encode())
    digest.update(_without_personal(content) if kind.endswith(".settings+xml") else content)
    for identity, relation in sorted(relations.items()):
        digest.update(f"\0{identity}\0{relation}\0".encode())
        if not relation.is_outside:
            digest.update(_fingerprint(relation.target, parts))
    return digest.digest()


def _without_personal(settings: bytes) -> bytes:
    root = _parsed(settings)
    for name in _PERSONAL_SETTINGS:
        for each in root.findall(f"{{*}}{name}"):
            root.remove(each)
    return etree.tostring(root, method="c14n")


def _unreadable(docx: bytes) -> FormError:
    """What `package.read` finds wrong with the file, or that it is unusual."""
    try:
        package.read(docx)
    except FormError as error:
        return error
    return _unusual()


def _unusual() -> FormError:
    what = "Tệp Word được ghi theo cách khác thường nên không gộp được vào tệp in."
    return FormError.of("print-file-unusual", what, "Hãy mở biểu mẫu bằng Word rồi lưu lại dạng .docx.")
