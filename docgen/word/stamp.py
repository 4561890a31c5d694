"""What a document says of itself: the custom properties that drawing stamps (form, edition, layout, template)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from docgen.word import blank, package

if TYPE_CHECKING:
    from collections.abc import Mapping

_VALUE = "{http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes}lpwstr"
PREFIX = "docgen."
_NAMING = frozenset({"docProps/core.xml", "docProps/app.xml"})
_NAMED = re.compile(rb"<(dc:creator|cp:lastModifiedBy|Company|Manager)>[^<]*</\1>")
_TYPE = (
    b'<Override PartName="/docProps/custom.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.custom-properties+xml"/>'
)
_RELATION = (
    b'<Relationship Id="rIdDocgen" Target="docProps/custom.xml" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"/>'
)


def stamp(docx: bytes) -> dict[str, str]:
    """`form`, `edition`, `layout` and `template` of a document made here; empty for any other.

    Raises:
        FormError: not a Word file, broken, protected or too large.
    """
    content = package.parts(docx).get(package.CUSTOM_PROPERTIES)
    if content is None:
        return {}
    try:
        properties = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return {}
    named = ((each.get("name") or "", each.findtext(_VALUE)) for each in properties)
    return {name.removeprefix(PREFIX): value for name, value in named if name.startswith(PREFIX) and value}


def stamped(docx: bytes, properties: Mapping[str, str]) -> bytes:
    """The file with these as its only custom properties, its own content hash among them, and nobody named in it.

    Whoever wrote the file, for which firm, and what an office keeps in properties of its own would stand in every
    document made.

    Raises:
        FormError: no Word file.
    """
    parts = {name: _anonymous(name, content) for name, content in package.parts(docx).items()}
    parts[package.CUSTOM_PROPERTIES] = blank.custom_properties({})
    parts[package.CONTENT_TYPES] = _with(parts[package.CONTENT_TYPES], _TYPE, b"</Types>")
    parts["_rels/.rels"] = _with(parts["_rels/.rels"], _RELATION, b"</Relationships>")
    told = {f"{PREFIX}{name}": value for name, value in properties.items()}
    told[f"{PREFIX}template"] = package.content_hash(_packed(parts))
    return _packed({**parts, package.CUSTOM_PROPERTIES: blank.custom_properties(told)})


def _with(content: bytes, entry: bytes, end: bytes) -> bytes:
    return content if package.CUSTOM_PROPERTIES.encode() in content else content.replace(end, entry + end)


def _anonymous(name: str, content: bytes) -> bytes:
    return _NAMED.sub(rb"<\1></\1>", content) if name in _NAMING else content


def _packed(parts: Mapping[str, bytes]) -> bytes:
    return package.write(package.pack(name, content) for name, content in parts.items())
