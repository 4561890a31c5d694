"""The tags of a whole Word file: in which part and paragraph each stands, and whether docxtpl will treat it well.

docxtpl works with regular expressions over XML: it drops without a word what stands beside a row tag, glues paragraphs
together over half a tag, and leaves tags unfilled in the parts that it does not visit. Whatever it would lose or leave
is refused here, before it sees the text, and bounds are kept because its expressions are quadratic on bad input.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from lxml import etree

from docgen.errors import FormError, Problem, shown
from docgen.word.tags import CELL_WORDS, SCOPE_ELEMENTS, Tag, TagFault, block_faults, loops_around, scan, tag_faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element

    from docgen.word.language import Language

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
"""Nothing is repaired, nothing is fetched, no entity is read."""

_MARKS = ("{{", "{%", "{#")
_IN_A_RUN = frozenset(W + name for name in ("r", "rPr", "t", "proofErr", "lastRenderedPageBreak"))
_MARKERS = frozenset(W + name for name in ("bookmarkStart", "bookmarkEnd"))
_PROPERTIES = frozenset(W + name for name in ("rPr", "trPr", "tcPr", "tblPrEx", "sdtPr", "sdtEndPr"))
# LibreOffice puts a control around the text of the tag itself: it goes with the tag and nothing is missed.
_AROUND_A_TAG = frozenset(W + name for name in ("p", "pPr", "tr", "tc", "sdt", "sdtContent"))
_LOST_WITHOUT_HARM = _IN_A_RUN | _MARKERS | _PROPERTIES | _AROUND_A_TAG
_MISPLACED = {"instrText": "mã trường (field code)", "delText": "chữ đã xóa có theo dõi (track changes)"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much a template may ask of docxtpl's regular expressions: bytes, or counts, per part."""

    part_bytes: int = 4 * 1024 * 1024
    elements: int = 150_000
    braces: int = 20_000
    tags: int = 4_000
    paragraph: int = 50_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tag stands: the part (and cell) in Vietnamese, the text of its paragraph, the tag itself."""

    part: str
    paragraph: str
    tag: str
    name: str = ""
    """The name of the part in the package."""
    number: int = -1
    """Which paragraph of the part, in the order of the file, from 0; -1: not in a paragraph."""

    def problem(self, **told: Any) -> Problem:
        """A problem at this place."""
        return Problem(part=self.part, paragraph=self.paragraph, **told)


class Flaw(NamedTuple):
    """A problem of a template, and the place where it is."""

    problem: Problem
    place: Place


@dataclass(slots=True)
class Reading:
    """What was read: the places of all tags of each part in document order, the faults, and the warnings."""

    places: dict[str, list[Place]] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)
    warnings: list[Flaw] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Found:
    order: tuple[int, int]
    tag: Tag
    place: Place
    first: _Element
    last: _Element


def lint(parts: Mapping[str, bytes], rendered: Mapping[str, str], language: Language, bounds: Bounds) -> Reading:
    """The tags of all parts; `rendered` gives the Vietnamese name of each part that docxtpl fills.

    Raises:
        FormError: a part is not well-formed.
    """
    reading = Reading()
    for name, content in parts.items():
        if name in rendered:
            reading.flaws += _part_flaws(_Part(name, rendered[name]), content, language, bounds, reading)
        elif name.endswith((".xml", ".rels", ".vml")):
            reading.flaws += _unvisited_flaws(name, content)
    return reading


def parse(content: bytes, part: str) -> _Element:
    """The root of one part.

    Raises:
        FormError: not well-formed.
    """
    try:
        return etree.fromstring(content, STRICT)
    except etree.XMLSyntaxError as error:
        raise FormError.of(
            "template-bad-xml", "Phần này của tệp Word bị hỏng.", "Hãy mở bằng Word và lưu lại .docx.", part=part
        ) from error


class _Part:
    """A part that is read: its names, and where in it each paragraph stands."""

    def __init__(self, name: str, label: str) -> None:
        self.name, self.label = name, label
        self._numbers: dict[_Element, int] = {}
        self._cells: dict[_Element, str] = {}

    def number(self, elements: list[_Element]) -> None:
        """Give each paragraph its number, and each cell its address; of cells in cells the inner one counts."""
        self._numbers = {each: number for number, each in enumerate(each for each in elements if each.tag == W + "p")}
        for table, rows in enumerate((each for each in elements if each.tag == W + "tbl"), start=1):
            for row, cells in enumerate(rows.iter(W + "tr"), start=1):
                for column, cell in enumerate(cells.iter(W + "tc"), start=1):
                    self._cells[cell] = f", bảng {table}, dòng {row}, ô {column}"

    def place(self, text: str, tag: str, paragraph: _Element | None = None) -> Place:
        """The place of a tag; without `paragraph` somewhere outside the text."""
        if paragraph is None:
            return Place(self.label, text, tag, self.name)
        cell = next(paragraph.iterancestors(W + "tc"), None)
        where = "" if cell is None else self._cells[cell]
        boxed = ", khung chữ" if next(paragraph.iterancestors(W + "txbxContent"), None) is not None else ""
        return Place(f"{self.label}{boxed}{where}", text, tag, self.name, self._numbers[paragraph])

    def too_big(self, what: str, cure: str, place: Place | None = None) -> Flaw:
        """What exceeds a bound."""
        place = place or Place(self.label, "", "", self.name)
        paragraph = place.paragraph or None
        return Flaw(Problem(code="template-too-big", what=what, cure=cure, part=place.part, paragraph=paragraph), place)


def _part_flaws(part: _Part, content: bytes, language: Language, bounds: Bounds, reading: Reading) -> Iterator[Flaw]:
    if reason := _excess(content, bounds):
        yield part.too_big(f"Mẫu {reason}.", "Hãy rút gọn mẫu: bỏ phần thừa, bỏ dấu { } không dùng.")
        return
    elements = list(parse(content, part.label).iter("*"))
    part.number(elements)
    found: list[_Found] = []
    for paragraph, pieces in _paragraphs(elements).items():
        text = "".join(piece.text or "" for _, piece in pieces)
        if "{" in text or "}" in text or "«" in text or "[" in text:
            yield from _read_paragraph(paragraph, pieces, part, bounds, (found, reading.warnings))
    yield from _outside_text(elements, part, found)
    if len(found) > bounds.tags:
        yield part.too_big(f"Mẫu có quá {bounds.tags} thẻ.", "Hãy tách mẫu.")
        return
    found.sort(key=lambda one: one.order)
    yield from _judge(found, language)
    reading.places[part.name] = [one.place for one in found]


def _excess(content: bytes, bounds: Bounds) -> str:
    if len(content) > bounds.part_bytes:
        return f"lớn quá {bounds.part_bytes // 1024} KB"
    if content.count(b"<") > 2 * bounds.elements:
        return f"có quá {bounds.elements} phần tử"
    if content.count(b"{") > bounds.braces or content.count(b"}") > bounds.braces:
        return f"có quá {bounds.braces} dấu ngoặc nhọn"
    return ""


def _paragraphs(elements: list[_Element]) -> dict[_Element, list[tuple[int, _Element]]]:
    """Each paragraph's own pieces of text, with their order in the part (a text box's paragraphs are their own)."""
    found: dict[_Element, list[tuple[int, _Element]]] = {}
    for order, element in enumerate(elements):
        if element.tag == W + "t":
            paragraph = next(element.iterancestors(W + "p"), None)
            if paragraph is not None:
                found.setdefault(paragraph, []).append((order, element))
    return found


def _read_paragraph(
    paragraph: _Element,
    pieces: list[tuple[int, _Element]],
    part: _Part,
    bounds: Bounds,
    into: tuple[list[_Found], list[Flaw]],
) -> Iterator[Flaw]:
    text = "".join(piece.text or "" for _, piece in pieces)
    found, warnings = into
    if len(text) > bounds.paragraph:
        what = f"Đoạn có thẻ dài quá {bounds.paragraph} ký tự."
        yield part.too_big(what, "Hãy tách đoạn.", part.place(text, "", paragraph))
        return
    seen = scan(text)
    for fault in seen.faults:
        yield _flaw(fault, part.place(text, fault.tag, paragraph))
    warnings += (_suspected(part.place(text, suspect, paragraph)) for suspect in seen.suspects)
    starts = [0]
    for _, piece in pieces:
        starts.append(starts[-1] + len(piece.text or ""))
    for tag in seen.tags:
        first = _piece_at(starts, tag.start)
        last = _piece_at(starts, tag.start + len(tag.text) - 1)
        place = part.place(text, tag.text, paragraph)
        found.append(_Found((pieces[first][0], tag.start), tag, place, pieces[first][1], pieces[last][1]))
        yield from (_flaw(fault, place) for fault in _place_faults(found[-1], paragraph))


def _suspected(place: Place) -> Flaw:
    what = f"{shown(place.tag)} trông như một trường nhưng không phải thẻ của mẫu: sẽ in nguyên như vậy."
    cure = "Nếu là trường, hãy viết {{ ten_truong }}."
    return Flaw(place.problem(code="tag-suspect", what=what, cure=cure, severity="warning"), place)


def _piece_at(starts: list[int], position: int) -> int:
    return max(number for number, start in enumerate(starts[:-1]) if start <= position < starts[number + 1])


def _outside_text(elements: list[_Element], part: _Part, found: list[_Found]) -> Iterator[Flaw]:
    """Tags that stand elsewhere than in the text: attributes are read too, everything else is refused."""
    for order, element in enumerate(elements):
        name = etree.QName(element).localname
        for text in (element.text if element.tag != W + "t" else None, element.tail):
            if text and any(mark in text for mark in _MARKS):
                where = _MISPLACED.get(name, f"phần tử «{name}»")
                yield _flaw(_misplaced(text, f"đứng trong {where}"), part.place(text, text, _holder(element)))
        for attribute, value in _attributes(element):
            if "{" in value and any(mark in value for mark in _MARKS):
                if name in {"fldSimple", "gridSpan", "gridCol"}:
                    where = f"đứng trong thuộc tính của «{name}»"
                    yield _flaw(_misplaced(value, where), part.place(value, value, _holder(element)))
                    continue
                seen = scan(value)
                place = part.place(f"{etree.QName(attribute).localname}=“{value}”", value)
                yield from (_flaw(fault, place) for fault in seen.faults)
                found += [
                    _Found((order, tag.start), tag, replace(place, tag=tag.text), element, element) for tag in seen.tags
                ]
                yield from (_flaw(fault, place) for tag in seen.tags for fault in _attribute_faults(tag))


def _attribute_faults(tag: Tag) -> Iterator[TagFault]:
    if tag.scope or (tag.kind == "value" and not tag.inner.strip().startswith("loop.")):
        cure = "Trong thuộc tính chỉ dùng loop.index và {% if %} … {% endif %} quanh chữ cố định."
        yield TagFault(tag.text, "tag-misplaced", "không dùng được trong thuộc tính.", cure)


def _judge(found: list[_Found], language: Language) -> Iterator[Flaw]:
    tags = [one.tag for one in found]
    depths = loops_around(tags)
    for one, loops in zip(found, depths, strict=True):
        yield from (_flaw(fault, one.place) for fault in tag_faults(one.tag, loops, language))
        if one.tag.word in {"vm", "hm"} and not loops:
            cure = "Hãy đặt ô trong dòng hoặc ô được lặp bằng for."
            yield _flaw(TagFault(one.tag.text, "tag-misplaced", "phải nằm trong vòng for.", cure), one.place)
    for number, fault in block_faults(tags):
        yield _flaw(fault, found[number].place)


def _place_faults(one: _Found, paragraph: _Element) -> Iterator[TagFault]:
    tag = one.tag
    bound = (sdt.find(f"{W}sdtPr/{W}dataBinding") for sdt in one.first.iterancestors(W + "sdt"))
    if any(binding is not None for binding in bound):
        cure = "Hãy bỏ liên kết XML của ô nội dung (content control) đó."
        yield _misplaced(tag.text, "đứng trong ô nội dung gắn với dữ liệu XML: Word sẽ thay mất chữ", cure)
    if one.first is not one.last and (lost := _between(one.first, one.last, paragraph)):
        cure = "Hãy gõ lại cả thẻ một lượt, không để gì xen giữa."
        yield TagFault(tag.text, "tag-split", f"bị chen giữa bởi «{lost}», sẽ bị mất khi điền.", cure)
    if tag.scope in {"p", "tr", "tc"}:
        yield from _alone_faults(one, tag.scope)
    if tag.word in CELL_WORDS:
        cell = next(one.first.iterancestors(W + "tc"), None)
        if cell is None or cell.find(W + "tcPr") is None:
            yield _misplaced(tag.text, "chỉ dùng được trong ô của bảng", "Hãy đặt thẻ vào trong ô.")


def _alone_faults(one: _Found, scope: str) -> Iterator[TagFault]:
    removed = next(one.first.iterancestors(W + scope), None)
    named = SCOPE_ELEMENTS[scope]
    if removed is None:
        yield _misplaced(one.tag.text, f"không nằm trong {named} nào", f"Chỉ dùng {{%{scope} …%}} trong bảng.")
        return
    text = "".join(piece.text or "" for piece in removed.iter(W + "t"))
    lost = [etree.QName(inner).localname for inner in _inside(removed) if inner.tag not in _LOST_WITHOUT_HARM]
    if text.strip() != one.tag.text or lost:
        beside = f"«{lost[0]}»" if lost else "chữ khác"
        cure = f"Hãy để thẻ đứng một mình trong {named} của nó; cả {named} ấy sẽ biến mất khi điền."
        yield TagFault(one.tag.text, "tag-not-alone", f"đứng chung {named} với {beside}, sẽ bị mất khi điền.", cure)


def _inside(element: _Element) -> Iterator[_Element]:
    """Everything inside that could be missed; the properties of runs, rows and cells are not (a section's end is)."""
    for inner in element.iterchildren("*"):
        yield inner
        if inner.tag == W + "pPr":
            yield from inner.findall(W + "sectPr")
        elif inner.tag not in _PROPERTIES:
            yield from _inside(inner)


def _between(first: _Element, last: _Element, paragraph: _Element) -> str:
    """The name of the first thing between two pieces of text that docxtpl would drop with the run ends there."""
    inside = False
    pairs: dict[str | None, int] = {}
    for element in paragraph.iter("*"):
        if element is last:
            break
        if inside and not _is_formatting(element):
            if element.tag not in _MARKERS:
                return str(etree.QName(element).localname)
            pairs[element.get(W + "id")] = pairs.get(element.get(W + "id"), 0) + 1
        inside = inside or element is first
    return "" if all(count == 2 for count in pairs.values()) else "dấu trang (bookmark)"  # noqa: PLR2004 - a start, an end


def _is_formatting(element: _Element) -> bool:
    return element.tag in _IN_A_RUN or next(element.iterancestors(W + "rPr"), None) is not None


def _unvisited_flaws(name: str, content: bytes) -> Iterator[Flaw]:
    """Tags in the parts that docxtpl leaves as they are: they would be printed with their braces."""
    if not any(mark.encode() in content for mark in ("{", "}")):
        return
    root = parse(content, name)
    texts = ["".join(map(str, block.itertext())) for block in _blocks(root)]
    texts += [value for element in root.iter("*") for _, value in _attributes(element)]
    for text in texts:
        if any(mark in text for mark in _MARKS):
            place = Place(name, text, text, name)
            yield _flaw(_misplaced(text, "đứng trong phần không được điền"), place)


def _attributes(element: _Element) -> list[tuple[str, str]]:
    return [(str(name), str(value)) for name, value in element.items()]


def _blocks(root: _Element) -> list[_Element]:
    return list(root.iter(W + "p")) or [root]


def _misplaced(
    text: str, where: str, cure: str = "Hãy chuyển thẻ ra thân văn bản, đầu trang hoặc chân trang."
) -> TagFault:
    return TagFault(text, "tag-misplaced", f"{where}.", cure)


def _flaw(fault: TagFault, place: Place) -> Flaw:
    what = f"Thẻ {shown(fault.tag)}: {fault.what}"
    return Flaw(place.problem(code=fault.code, what=what, cure=fault.cure), place)


def _holder(element: _Element) -> _Element | None:
    return next(element.iterancestors(W + "p"), None)
