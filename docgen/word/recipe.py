"""What a compiled template consists of: plain data that pickles, made from what docxtpl did with marks for tags."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from jinja2 import meta

from docgen.errors import FormError, Problem
from docgen.word import package
from docgen.word.gears import MOST_SWOLLEN, Cut, Mark, TextPart, Woven, cut, swollen, weave
from docgen.word.regular import study

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from docgen.word.language import Language
    from docgen.word.lint import Place

GearName = Literal["TEXT", "WHOLE", "DOCXTPL"]
Kind = Literal["body", "header", "footer", "footnotes"]

KINDS: tuple[tuple[str, Kind, str], ...] = (
    ("wordprocessingml.document.main+xml", "body", "Thân văn bản"),
    ("wordprocessingml.header+xml", "header", "Đầu trang"),
    ("wordprocessingml.footer+xml", "footer", "Chân trang"),
    ("wordprocessingml.footnotes+xml", "footnotes", "Cước chú"),
)
"""The parts that docxtpl fills: end of the content type, kind, Vietnamese name."""

CORE_RELATION = b"schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_LIBREOFFICE_CORE = b"schemas.openxmlformats.org/officedocument/2006/relationships/metadata/core-properties"
EMPTY_CORE = (
    b"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
    b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator/></cp:coreProperties>'
)
"""Core properties for a template that has none: those that python-docx would make carry the clock."""
CORE = "docProps/core.xml"

_OVERRIDE = re.compile(r"<Override\s[^>]*>")
_ATTRIBUTE = re.compile(r"(PartName|ContentType)\s*=\s*[\"']([^\"']*)[\"']")
_CREATOR = re.compile(r"<dc:creator>[^<]*</dc:creator>|<dc:creator/>")
_LEFT_OVER = ("{{", "{%", "{#", "{_{", "{_%")
_BODY = re.compile(r'<w:body(?:\s+xmlns(?::\w+)?="[^"]*")*')
_DOCXTPL_WORDS = re.compile(r"\A(?:(?:p|tr|tc|r) )?\s*(?:cellbg\s|colspan\s)?")


class PartKind(NamedTuple):
    """What docxtpl takes a part for, and what an office calls it."""

    kind: Kind
    label: str


class Observation(NamedTuple):
    """What docxtpl did: the source of each part that it filled, as patched, and every part that it wrote."""

    sources: dict[str, str]
    parts: dict[str, bytes]
    pattern: re.Pattern[str]
    """Finds the marks; its group is the number of the tag in its part."""


@dataclass(frozen=True, slots=True)
class WholePart:
    """A part whose rendered text is parsed; for a body also the root around it and its opening tag as patched."""

    kind: Kind
    woven: Woven
    opening: str
    head: str
    tail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """All that a template needs to be rendered; made once, proven once, sent to other processes as it is."""

    docx: bytes
    sha256: str
    gear: GearName
    lines_gear: GearName
    """The gear for words with line ends or tabs, which docxtpl turns into marks of its own."""
    reason: str
    variables: frozenset[str]
    warnings: tuple[Problem, ...]
    members: tuple[tuple[str, package.Member | None], ...]
    """Every part in docxtpl's order, ready-deflated where it has no tag."""
    text: tuple[TextPart, ...]
    whole: tuple[WholePart, ...]
    core: tuple[str, str]
    """The core properties before and after the author."""


def part_kinds(parts: Mapping[str, bytes]) -> dict[str, PartKind]:
    """The parts that docxtpl fills, by name."""
    found = {}
    for override in _OVERRIDE.findall(parts[package.CONTENT_TYPES].decode()):
        facts = dict(_ATTRIBUTE.findall(override))
        for ending, kind, label in KINDS:
            if facts.get("ContentType", "").endswith(ending):
                found[facts.get("PartName", "").lstrip("/")] = PartKind(kind, label)
    return found


def with_known_core(docx: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The same file with its core properties under the name of the standard.

    LibreOffice names this relationship otherwise; python-docx then misses the part and writes a second one.
    """
    relations = parts["_rels/.rels"]
    if _LIBREOFFICE_CORE not in relations:
        return docx
    mended = {**parts, "_rels/.rels": relations.replace(_LIBREOFFICE_CORE, CORE_RELATION)}
    return package.write(package.pack(name, content) for name, content in mended.items())


def cook(
    docx: bytes,
    sha256: str,
    seen: Observation,
    kinds: Mapping[str, PartKind],
    places: Mapping[str, Sequence[Place]],
    language: Language,
) -> Recipe:
    """The recipe, not proven yet: gear TEXT where every part is regular, else WHOLE.

    Raises:
        FormError: a tag that docxtpl lost or left over.
    """
    text, whole, reasons, variables = [], [], [], set[str]()
    for name, source in seen.sources.items():
        parted = cut(source, language)
        if not parted.marks:
            continue
        if swollen(parted) > MOST_SWOLLEN:
            what, cure = (
                "Các vòng for lồng nhau làm văn bản dài quá mức.",
                "Hãy bỏ bớt tầng lặp, hoặc rút gọn phần lặp.",
            )
            raise FormError.of("template-too-big", what, cure, part=kinds[name].label)
        constants = _constants(name, parted, seen, kinds[name].label)
        regular = study(constants, parted.marks, seen.parts[name], seen.pattern)
        found = _matched(places.get(name, ()), parted.marks)
        guards = {"tokens": regular.tokens, "filled": regular.filled}
        # docxtpl writes footnotes as they were rendered, all else as lxml serialises it.
        empties = () if kinds[name].kind == "footnotes" else regular.empties
        text.append(TextPart(weave(name, Cut(constants, parted.marks), found, **guards), empties))
        whole.append(_whole(kinds[name].kind, "".join(constants), weave(name, parted, found, tokens=regular.tokens)))
        reason = regular.reason or _misread(text[-1].woven, constants, language)
        reasons += [f"{kinds[name].label}: {reason}."] if reason else []
        variables |= meta.find_undeclared_variables(language.parse(text[-1].woven.source))
    dynamic = {part.woven.part for part in text}
    before, after = _around_author(seen.parts[CORE].decode())
    return Recipe(
        docx=docx,
        sha256=sha256,
        gear="WHOLE" if reasons else "TEXT",
        lines_gear="WHOLE",
        reason=" ".join(reasons),
        variables=frozenset(variables),
        warnings=(),
        members=tuple(
            (name, None if name in dynamic else package.pack(name, content)) for name, content in seen.parts.items()
        ),
        text=() if reasons else tuple(text),
        whole=tuple(whole),
        core=(before, after),
    )


def _constants(name: str, parted: Cut, seen: Observation, label: str) -> tuple[str, ...]:
    pieces = seen.pattern.split(seen.parts[name].decode())
    if [int(number) for number in pieces[1::2]] != list(range(len(parted.marks))):
        what = "Có thẻ bị mất khi điền mẫu."
        raise FormError.of("template-lost-tags", what, "Hãy gõ lại các thẻ của phần này trong Word.", part=label)
    constants = tuple(pieces[0::2])
    for constant in constants:
        for sign in _LEFT_OVER:
            if sign in constant:
                at = constant.index(sign)
                raise FormError.of("template-left-over", f"Còn dấu «{sign}» không thuộc thẻ nào.", "Hãy bỏ dấu đó.",
                                   part=label, paragraph=constant[at : at + 40])  # fmt: skip
    return constants


def _misread(woven: Woven, constants: tuple[str, ...], language: Language) -> str:
    """A brace beside a tag may make Jinja read other tags than those that were cut."""
    again = cut(woven.source, language)
    return "" if again.constants == constants else "có dấu ngoặc nhọn đứng sát thẻ"


def _whole(kind: Kind, written: str, woven: Woven) -> WholePart:
    opening = _BODY.match(woven.source)
    if kind != "body" or opening is None:
        return WholePart(kind, woven, "", "", "")
    declaration = written.index("?>\n") + 3
    head = written[declaration : written.index("<w:body")]
    return WholePart(kind, woven, opening[0], head, written[written.rindex("</w:body>") + len("</w:body>") :])


def _around_author(core: str) -> tuple[str, str]:
    found = _CREATOR.search(core)
    if found is None:
        what = "Thuộc tính tác giả của tệp Word không đọc được."
        raise FormError.of("template-bad-core", what, "Hãy mở bằng Word và lưu lại .docx.", part=CORE)
    return core[: found.start()], core[found.end() :]


def _matched(places: Sequence[Place], marks: Sequence[Mark]) -> list[Place | None]:
    """The place of each tag that docxtpl left; those that it made itself (`loop.first` of a merge) have none."""
    waiting: dict[str, deque[Place]] = {}
    for place in places:
        waiting.setdefault(_spoken(place.tag[2:-2]), deque()).append(place)
    found: list[Place | None] = []
    for mark in marks:
        queue = waiting.get(_spoken(mark.inner))
        found.append((queue.popleft() if len(queue) > 1 else queue[0]) if queue else None)
    return found


def _spoken(inner: str) -> str:
    return " ".join(_DOCXTPL_WORDS.sub("", inner).split())
