"""The package as such: zip, content types, relationships, well-formed XML. Milliseconds; needs no program."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections import Counter
from typing import TYPE_CHECKING

from lxml import etree

from tests.gate.parts import CONTENT_TYPES, FIXED_DATE, R, is_xml, parse, relationships_name, source_of, target_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_LIVE = ("vbaproject", "activex", "oleobject", "macroenabled", "attachedtemplate")
_REFERENCES = tuple(R + name for name in ("id", "embed", "link", "pict", "dm", "lo", "qs", "cs"))


def lint(docx: bytes) -> list[str]:
    """What is wrong with the package; empty when all is well."""
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as package:
            found = list(_zip(package))
            if found:
                return found
            parts = {info.filename: package.read(info) for info in package.infolist()}
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        return [f"not a whole zip: {error}"]
    found = list(_malformed(parts))
    return found or [*_content_types(parts), *_relationships(parts), *_references(parts)]


def _zip(package: zipfile.ZipFile) -> Iterator[str]:
    members = package.infolist()
    for name, times in Counter(member.filename.lower() for member in members).items():
        if times > 1:
            yield f"{name}: stands {times} times in the zip"
    for member in members:
        name = member.filename
        if name.endswith("/") or name != posixpath.normpath(name) or name.startswith(("/", "..")) or "\\" in name:
            yield f"{name}: not the plain name of a part"
        if member.date_time != FIXED_DATE:
            yield f"{name}: carries the clock {member.date_time}"
        if member.flag_bits & 0x1 or member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            yield f"{name}: encrypted or compressed in a way that Word does not read"
    if not members or members[0].filename != CONTENT_TYPES:
        yield f"{CONTENT_TYPES} is not the first member"
    if members and (min(member.header_offset for member in members) != 0 or package.comment):
        yield "bytes before or after the zip"
    if broken := package.testzip():
        yield f"{broken}: checksum does not fit"


def _malformed(parts: Mapping[str, bytes]) -> Iterator[str]:
    for name, data in parts.items():
        if not is_xml(name):
            continue
        try:
            root = parse(data)
        except etree.XMLSyntaxError as error:
            yield f"{name}: not well-formed: {error}"
            continue
        information = root.getroottree().docinfo
        if information.internalDTD is not None:
            yield f"{name}: has a DOCTYPE"
        if (information.encoding or "UTF-8").upper() != "UTF-8":
            yield f"{name}: is {information.encoding}, not UTF-8"


def _content_types(parts: Mapping[str, bytes]) -> Iterator[str]:
    if CONTENT_TYPES not in parts:
        return
    root = parse(parts[CONTENT_TYPES])
    defaults = {
        entry.get("Extension", "").lower(): entry.get("ContentType", "") for entry in root.iter(_TYPES + "Default")
    }
    named = [(entry.get("PartName", ""), entry.get("ContentType", "")) for entry in root.iter(_TYPES + "Override")]
    overrides = dict(named)
    for name, times in Counter(name for name, _ in named).items():
        if times > 1:
            yield f"{CONTENT_TYPES}: {name} is named {times} times"
        if name.lstrip("/") not in parts:
            yield f"{CONTENT_TYPES}: names {name}, which is not there"
    if _MAIN_TYPE not in overrides.values():
        yield f"{CONTENT_TYPES}: no part is the main document"
    for name in parts.keys() - {CONTENT_TYPES}:
        kind = overrides.get(f"/{name}") or defaults.get(name.rpartition(".")[2].lower())
        yield from _content_type(name, kind)


def _content_type(name: str, kind: str | None) -> Iterator[str]:
    if kind is None:
        yield f"{name}: has no content type"
    elif any(live in f"{name} {kind}".lower() for live in _LIVE):
        yield f"{name}: is a program or a foreign object ({kind})"
    elif name.startswith("word/") and name.endswith(".xml") and kind in {"application/xml", "text/xml"}:
        yield f"{name}: has no content type of its own"


def _relationships(parts: Mapping[str, bytes]) -> Iterator[str]:
    reached = {CONTENT_TYPES}
    for name in (name for name in parts if name.endswith(".rels")):
        source = source_of(name)
        reached.add(name)
        if source and source not in parts:
            yield f"{name}: belongs to {source}, which is not there"
        entries = list(parse(parts[name]))
        for identity, times in Counter(entry.get("Id") for entry in entries).items():
            if times > 1:
                yield f"{name}: {identity} stands {times} times"
        for entry in entries:
            target = entry.get("Target", "")
            if entry.get("TargetMode") == "External":
                yield f"{name}: {entry.get('Id')} points outside"
                continue
            reached.add(target_of(source, target))
            if target_of(source, target) not in parts:
                yield f"{name}: {entry.get('Id')} points at {target}, which is not there"
    for name in parts:
        if name not in reached:
            yield f"{name}: nothing refers to it"


def _references(parts: Mapping[str, bytes]) -> Iterator[str]:
    for name, data in parts.items():
        if not is_xml(name) or name.endswith(".rels"):
            continue
        relationships = parts.get(relationships_name(name))
        known = {entry.get("Id", "") for entry in parse(relationships)} if relationships else set()
        used = {str(held) for element in parse(data).iter() for key, held in element.items() if key in _REFERENCES}
        for identity in sorted(used - known):
            yield f"{name}: uses {identity}, which its relationships do not know"
