"""The parts of a print file around its body: what all documents have once, and headers and pictures by their content.

A part that a document brings along gets a name of its own, unless an equal one is there; relationships follow.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from docgen.word import blank, package
from docgen.word.print_numbers import Counters, Numbering
from docgen.word.print_sections import THIN
from docgen.word.print_source import MAIN, OFFICE, Relation, canonical, relationships_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from docgen.word.package import Member
    from docgen.word.print_sections import Reference
    from docgen.word.print_source import Kept, Shared

_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_TYPES = "application/vnd.openxmlformats-"
_CORE, _CORE_TYPE = "docProps/core.xml", f"{_TYPES}package.core-properties+xml"
_WORD_TYPES = f"{_TYPES}officedocument.wordprocessingml."
_WITH_TEXT = (f"{_WORD_TYPES}header+xml", f"{_WORD_TYPES}footer+xml")
_MAIN_TYPE, _NUMBERING_TYPE = f"{_WORD_TYPES}document.main+xml", f"{_WORD_TYPES}numbering+xml"
_ROOTS = {b"header": "hdr", b"footer": "ftr"}
_LAST_DIGITS = re.compile(r"\d+\Z")
_PACKAGE_RELATIONS = {
    "rId1": Relation(f"{OFFICE}officeDocument", MAIN, is_outside=False),
    "rId2": Relation(f"{_PACKAGE}relationships/metadata/core-properties", _CORE, is_outside=False),
}


class Parts:
    """The parts of one print file, from the first document's `shared` on."""

    def __init__(self, shared: Shared, counters: Counters) -> None:
        self._counters = counters
        self._contents: dict[str, bytes] = {}
        self._types: dict[str, str] = {}
        self._relations: dict[str, Mapping[str, Relation]] = {}
        self._by_content: dict[bytes, str] = {}
        self._ids: dict[Relation, str] = {}
        self.numbering: str = ""
        """The name of the part that holds the lists; empty: none."""
        for relation in shared.common:
            self._keep(relation.target, shared.parts)
            self._id(relation)
            if shared.parts[relation.target].type == _NUMBERING_TYPE:
                self.numbering = relation.target

    def relation(self, shared: Shared, identity: bytes) -> bytes:
        """The id that a relationship of this document's body has in the print file; its part comes along."""
        relation = shared.parts[MAIN].relations[identity.decode()]
        return self._id(self._carried(relation, shared.parts)).encode()

    def content(self, name: str) -> bytes:
        """The content of a part that all documents have."""
        return self._contents[name]

    def blank(self, reference: Reference) -> bytes:
        """The id of an empty header or footer."""
        part = reference[0].decode()
        root = _ROOTS[reference[0]]
        content = blank.part(f'<w:{root} xmlns:w="{blank.W}">{THIN.decode()}</w:{root}>')
        name = self._add(f"word/{part}.xml", content, f"{_WORD_TYPES}{part}+xml", {})
        return self._id(Relation(OFFICE + part, name, is_outside=False)).encode()

    def members(self, body: Member, *, title: str, changed: Mapping[str, bytes]) -> Iterator[Member]:
        """The whole package around the body; `changed` replaces the contents of parts."""
        contents = {**self._contents, **changed, _CORE: blank.core_properties(title, "")}
        types = {MAIN: _MAIN_TYPE, **self._types, _CORE: _CORE_TYPE}
        yield package.pack(package.CONTENT_TYPES, _content_types(types))
        yield package.pack("_rels/.rels", _relationships("", _PACKAGE_RELATIONS))
        yield body
        yield package.pack(relationships_name(MAIN), _relationships(MAIN, {name: to for to, name in self._ids.items()}))
        for name, content in contents.items():
            yield package.pack(name, content)
            if relations := self._relations.get(name):
                yield package.pack(relationships_name(name), _relationships(name, relations))

    def _keep(self, name: str, parts: Mapping[str, Kept]) -> None:
        """Take over a common part and what it leads to, names and all."""
        if name not in self._contents:
            self._contents[name], self._types[name], self._relations[name] = parts[name]
            for relation in parts[name].relations.values():
                if not relation.is_outside:
                    self._keep(relation.target, parts)

    def _carried(self, relation: Relation, parts: Mapping[str, Kept]) -> Relation:
        """The relationship as it leads inside the print file."""
        if relation.is_outside:
            return relation
        kept = parts[relation.target]
        inner = {identity: self._carried(each, parts) for identity, each in kept.relations.items()}
        return relation._replace(target=self._add(relation.target, kept.content, kept.type, inner))

    def _add(self, name: str, content: bytes, kind: str, relations: Mapping[str, Relation]) -> str:
        """The name in the print file of a part with this content, which is added unless it is there."""
        key = hashlib.sha256(f"{kind}\0{sorted(relations.items())}\0".encode() + content).digest()
        if key not in self._by_content:
            made = self._by_content[key] = self._free_name(name)
            self._contents[made] = self._renumbered(content) if kind in _WITH_TEXT else content
            self._types[made], self._relations[made] = kind, dict(relations)
        return self._by_content[key]

    def _renumbered(self, content: bytes) -> bytes:
        own = Numbering(self._counters, prefix=f"h{len(self._by_content)}_", relation=bytes, number=bytes)
        return blank.part(own.rewritten(canonical(content)).decode())

    def _free_name(self, name: str) -> str:
        path, ending = posixpath.splitext(name)
        stem, number = _LAST_DIGITS.sub("", path), len(self._by_content) + 1
        while (made := f"{stem}{number}{ending}") in self._contents:
            number += 1
        return made

    def _id(self, relation: Relation) -> str:
        return self._ids.setdefault(relation, f"rId{len(self._ids) + 1}")


def _content_types(types: Mapping[str, str]) -> bytes:
    overrides = "".join(
        f"<Override PartName={quoteattr(f'/{name}')} ContentType={quoteattr(kind)}/>" for name, kind in types.items()
    )
    relationships = f'<Default Extension="rels" ContentType="{_TYPES}package.relationships+xml"/>'
    return blank.part(f'<Types xmlns="{_PACKAGE}content-types">{relationships}{overrides}</Types>')


def _relationships(source: str, relations: Mapping[str, Relation]) -> bytes:
    lines = "".join(
        f"<Relationship Id={quoteattr(identity)} Type={quoteattr(relation.kind)} {_target(source, relation)}/>"
        for identity, relation in relations.items()
    )
    return blank.part(f'<Relationships xmlns="{_PACKAGE}relationships">{lines}</Relationships>')


def _target(source: str, relation: Relation) -> str:
    if relation.is_outside:
        return f'Target={quoteattr(relation.target)} TargetMode="External"'
    return f"Target={quoteattr(posixpath.relpath(relation.target, posixpath.dirname(source) or '.'))}"
