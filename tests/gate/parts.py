"""A .docx as its parts and their trees: the ground of the other steps, which take nothing on docgen.word's word."""

from __future__ import annotations

import io
import posixpath
import zipfile
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
CONTENT_TYPES = "[Content_Types].xml"

_FIRST_BYTES = 4096
"""The namespaces of a root and its name fit in here, or in a few of these."""

FIXED_DATE = (1980, 1, 1, 0, 0, 0)
"""The first day a zip can tell: a document carries no clock."""


def read_parts(docx: bytes) -> dict[str, bytes]:
    """Every member of the zip by name, in the order of the zip."""
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        return {info.filename: package.read(info) for info in package.infolist()}


def write_parts(parts: Mapping[str, bytes]) -> bytes:
    """The parts as a .docx without a clock."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name, FIXED_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(info, data)
    return target.getvalue()


def parse(data: bytes) -> etree._Element:
    """The root of an XML part; strict: raises lxml.etree.XMLSyntaxError, mends nothing, reads nothing from outside."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    return etree.fromstring(data, parser)


def is_xml(name: str) -> bool:
    """Whether the part is XML by its name."""
    return name.endswith((".xml", ".rels"))


def trees(docx: bytes) -> dict[str, etree._Element]:
    """The root of every XML part by name."""
    return {name: parse(data) for name, data in read_parts(docx).items() if is_xml(name)}


def text_trees(docx: bytes) -> dict[str, etree._Element]:
    """The parts that hold paragraphs: the document first, then headers, footers, notes and comments by name."""
    wanted = {W + kind for kind in ("document", "hdr", "ftr", "footnotes", "endnotes", "comments")}
    parts = {name: data for name, data in read_parts(docx).items() if is_xml(name) and _root_tag(data) in wanted}
    held = {name: parse(data) for name, data in parts.items()}
    return dict(sorted(held.items(), key=lambda item: (item[1].tag != W + "document", item[0])))


def _root_tag(data: bytes) -> str:
    """The name of the root without parsing the rest: styles and themes are large, documents are many."""
    parser = etree.XMLPullParser(events=("start",), resolve_entities=False, no_network=True)
    for start in range(0, len(data), _FIRST_BYTES):
        parser.feed(data[start : start + _FIRST_BYTES])
        for _, element in parser.read_events():
            assert isinstance(element, etree._Element)
            return str(element.tag)
    return ""


def elements(root: etree._Element, name: str) -> Iterator[etree._Element]:
    """Every element of that WordprocessingML name below the root, in order."""
    return root.iter(W + name)


def val(element: etree._Element | None, name: str = "val") -> str | None:
    """The attribute `w:name` of an element; None without the element or the attribute."""
    return None if element is None else element.get(W + name)


def child_val(element: etree._Element, path: str) -> str | None:
    """The `w:val` of the first element at a path such as `sdtPr/tag`."""
    return val(element.find("/".join(W + step for step in path.split("/"))))


def relationships_name(part: str) -> str:
    """The name of the part that holds the relationships of `part` ('' for the package)."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def source_of(relationships: str) -> str:
    """The part that a relationships part belongs to ('' for the package)."""
    folder, name = posixpath.split(relationships)
    return posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels"))


def target_of(source: str, target: str) -> str:
    """The part that an internal relationship of `source` points at."""
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(source), target)).lstrip("/")
