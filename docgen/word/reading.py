"""A Word document as somebody sends it back: its text in order, and what encloses each piece of it.

Every paragraph is told as pieces of text with the content controls around them, its cell in a table, and the places
where bookmarks begin and end. What a tracked change has deleted is left out, what it has inserted is kept. Which form
the document was, and what its tags mean, is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from docx.oxml.ns import nsmap, qn
from lxml import etree

from docgen.errors import FormError
from docgen.word import package, stamp
from docgen.word.symbols import symbol_text, words_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

nsmap.setdefault("w14", "http://schemas.microsoft.com/office/word/2010/wordml")

MOST_PARAGRAPHS: Final = 60_000
"""More than any paper holds; what reads the paragraphs later takes time for each of them."""
MOST_CONTROLS: Final = 100_000
DEEPEST_CONTROL: Final = 32
_DOCUMENT: Final = "word/document.xml"
_ASIDE: Final = re.compile(r"word/(comments|footnotes|endnotes|header\d*|footer\d*)\.xml")
"""Parts in which somebody may have written beside the text; forms have nothing there but the page's number."""
_PICTURES: Final = (
    "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic",
    "{urn:schemas-microsoft-com:vml}imagedata",
)


class Cell(NamedTuple):
    """A place in a table: `table` and `row` are numbers in the whole document, `column` counts in the grid from 0."""

    table: int
    row: int
    column: int
    span: int


class Piece(NamedTuple):
    """Text and the numbers of the controls around it, the outermost first."""

    text: str
    controls: tuple[int, ...]


class Spot(NamedTuple):
    """A place in the text: the paragraph and how many characters of it stand before."""

    paragraph: int
    offset: int


class Bookmark(NamedTuple):
    """Where a name begins and ends first, and where it stands last: LibreOffice writes one bookmark as several."""

    first: Spot
    end: Spot
    last: Spot


@dataclass(frozen=True, slots=True)
class Control:
    """A content control; `checked` is what a tick box says of itself, None where the control is no tick box."""

    tag: str
    alias: str
    placeholder: bool
    checked: bool | None


@dataclass(slots=True)
class Paragraph:
    """A paragraph, or a part of one that a line break ends."""

    cell: Cell | None
    controls: tuple[int, ...]
    """Controls around the paragraph as a whole."""
    pieces: list[Piece] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All of its text."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Reading:
    """What stands in a document."""

    stamp: Mapping[str, str]
    """`form`, `edition`, `layout` and `template`, where the document was made here and still says so."""
    controls: tuple[Control, ...]
    paragraphs: tuple[Paragraph, ...]
    bookmarks: Mapping[str, Bookmark]
    inserted: int
    """Runs of text that tracked changes have put in (they are read)."""
    deleted: int
    """Runs of text that tracked changes have taken out (they are not read)."""
    aside: tuple[str, ...]
    """Comments, footnotes and endnotes, text in headers and footers."""
    pictures: int = 0
    undoubled: bool = False
    """Whether the first control was written several times over by LibreOffice; its text is told once."""

    @cached_property
    def tags(self) -> frozenset[str]:
        """The tags of all controls."""
        return frozenset(control.tag for control in self.controls if control.tag)


def read(docx: bytes) -> Reading:
    """Read a document.

    Raises:
        FormError: it is no .docx, is damaged, protected or too large; `reading-too-long` for too many paragraphs.
    """
    parts = package.parts(docx)
    walk = _Walk()
    root = _parsed(parts, _DOCUMENT)
    walk.visit(root, None, ())
    undoubled = walk.undouble()
    aside = [text for name in parts if _ASIDE.fullmatch(name) for text in _texts(_parsed(parts, name))]
    return Reading(
        stamp=stamp.stamp(docx),
        controls=tuple(walk.controls),
        paragraphs=tuple(walk.paragraphs),
        bookmarks=walk.marks,
        inserted=walk.inserted,
        deleted=walk.deleted,
        aside=tuple(aside),
        pictures=sum(1 for _ in root.iter(*_PICTURES)),
        undoubled=undoubled,
    )


def _parsed(parts: Mapping[str, bytes], name: str) -> _Element:
    try:
        return etree.fromstring(parts[name], etree.XMLParser(resolve_entities=False, no_network=True))
    except (KeyError, etree.XMLSyntaxError):
        what = "Nội dung trong tệp Word bị hỏng nên không đọc được."
        raise FormError.of("package-damaged", what, "Mở tệp trong Word, lưu lại rồi thử lại.", part=name) from None


def _texts(root: _Element) -> Iterator[str]:
    """The text of each note or line; the separators of footnotes have none, and a page's number is no text."""
    for note in root:
        lines = [note] if note.tag == qn("w:p") else note.iter(qn("w:p"))
        text = "\n".join("".join(words.text or "" for words in line.iter(qn("w:t"))) for line in lines)
        if any(letter.isalpha() for letter in text):
            yield text


class _Walk:
    """One way through a document, which gathers paragraphs, controls and bookmarks."""

    def __init__(self) -> None:
        self.controls: list[Control] = []
        self.paragraphs: list[Paragraph] = []
        self.marks: dict[str, Bookmark] = {}
        self.inserted = self.deleted = 0
        self._open: dict[str, str] = {}
        """Names of bookmarks that have begun, by their id."""
        self._own: dict[str, str] = {}
        """Of these, the first of each name."""
        self._rows = self._tables = 0
        self._line: Paragraph | None = None

    def visit(self, node: _Element, cell: Cell | None, around: tuple[int, ...]) -> None:
        """Everything below the node, in order. The parser bounds the depth."""
        for child in node.iterchildren(tag=etree.Element):
            name = child.tag
            if name in _SKIPPED:
                self.deleted += name in _DELETED
            elif name in _VISITS:
                _VISITS[name](self, child, cell, around)
            elif name in _CHARACTERS:
                self._write(_CHARACTERS[name], around)
            else:
                self.inserted += name in _INSERTED
                self.visit(child, cell, around)

    def paragraph(self, node: _Element, cell: Cell | None, around: tuple[int, ...]) -> None:
        """A paragraph; one inside another (in a text box) is told after what stands before it."""
        outer, self._line = self._line, self._begin(cell, around)
        self.visit(node, cell, around)
        self._line = outer and self._begin(outer.cell, outer.controls)

    def _begin(self, cell: Cell | None, around: tuple[int, ...]) -> Paragraph:
        if len(self.paragraphs) >= MOST_PARAGRAPHS:
            what = f"Tài liệu có quá {MOST_PARAGRAPHS} đoạn, không phải một biểu mẫu."
            raise FormError.of("reading-too-long", what, "Chọn đúng tệp biểu mẫu.")
        made = Paragraph(cell, around)
        self.paragraphs.append(made)
        return made

    def _write(self, text: str, around: tuple[int, ...]) -> None:
        if self._line is None or not text:
            return
        *before, last = text.split("\n")
        for line in before:
            self._line.pieces.append(Piece(line, around))
            self._line = self._begin(self._line.cell, self._line.controls)
        if last:
            self._line.pieces.append(Piece(last, around))

    def words(self, node: _Element, _cell: Cell | None, around: tuple[int, ...]) -> None:
        """A run's text; letters in a symbol font are its ticks and boxes."""
        self._write(words_text(node), around)

    def symbol(self, node: _Element, _cell: Cell | None, around: tuple[int, ...]) -> None:
        """A character of a symbol font."""
        self._write(symbol_text(node), around)

    def line_break(self, node: _Element, _cell: Cell | None, around: tuple[int, ...]) -> None:
        """A line break parts lines as a paragraph does; a page or column break says nothing."""
        if node.get(qn("w:type")) in {None, "textWrapping"}:
            self._write("\n", around)

    def control(self, node: _Element, cell: Cell | None, around: tuple[int, ...]) -> None:
        """A content control, of whatever level."""
        settings, content = node.find(qn("w:sdtPr")), node.find(qn("w:sdtContent"))
        inside = self.enclosed(settings, around)
        if content is not None:
            self.visit(content, cell, inside)

    def enclosed(self, settings: _Element | None, around: tuple[int, ...]) -> tuple[int, ...]:
        """One more control and what it makes of those around."""
        if len(around) >= DEEPEST_CONTROL or len(self.controls) >= MOST_CONTROLS:
            what = "Tài liệu có quá nhiều ô điền lồng nhau, không phải một biểu mẫu."
            raise FormError.of("reading-too-deep", what, "Chọn đúng tệp biểu mẫu.")
        self.controls.append(_control(settings))
        return (*around, len(self.controls) - 1)

    def table(self, node: _Element, _cell: Cell | None, around: tuple[int, ...]) -> None:
        """A table: rows and cells may stand in controls of their own."""
        self._tables += 1
        number = self._tables
        for row, row_controls in _inside(node, qn("w:tr"), around, self):
            self._rows += 1
            here, column = self._rows, 0
            for each, controls in _inside(row, qn("w:tc"), row_controls, self):
                span = _whole(each.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}"))
                self.visit(each, Cell(number, here, column, span), controls)
                column += span

    def start(self, node: _Element, _cell: Cell | None, _around: tuple[int, ...]) -> None:
        """A bookmark begins."""
        name, number = node.get(qn("w:name")) or "", node.get(qn("w:id")) or ""
        spot = self._spot()
        self._open.setdefault(number, name)
        if name in self.marks:
            self.marks[name] = self.marks[name]._replace(last=spot)
        else:
            self.marks[name] = Bookmark(spot, spot, spot)
            self._own[number] = name

    def end(self, node: _Element, _cell: Cell | None, _around: tuple[int, ...]) -> None:
        """A bookmark ends."""
        number = node.get(qn("w:id")) or ""
        name = self._open.pop(number, None)
        if name is not None:
            spot = self._spot()
            own = self._own.pop(number, None) == name
            self.marks[name] = self.marks[name]._replace(last=spot, **({"end": spot} if own else {}))

    def _spot(self) -> Spot:
        """Here; between two paragraphs that is the end of the first."""
        if not self.paragraphs:
            return Spot(0, 0)
        return Spot(len(self.paragraphs) - 1, len(self.paragraphs[-1].text))

    def undouble(self) -> bool:
        """Undo a fault of LibreOffice: a control in the first cell of a document is saved two or three times over.

        It is recognised by nameless controls of one title that touch and hold nothing but repetitions of one text.
        """
        line = self.paragraphs[0] if self.paragraphs else None
        if line is None or line.cell is None or len(line.pieces) < len(("first", "second")):
            return False
        inside = [piece for piece in line.pieces if piece.controls]
        titles = {(self.controls[piece.controls[-1]].tag, self.controls[piece.controls[-1]].alias) for piece in inside}
        text = inside[0].text if inside else ""
        whole = "".join(piece.text for piece in inside)
        at = line.pieces.index(inside[0]) if inside else 0
        tag, alias = titles.pop() if len(titles) == 1 else ("", "")
        if tag or not alias or not text or line.pieces[at : at + len(inside)] != inside:
            return False
        if len({piece.controls for piece in inside}) == 1 or text * (len(whole) // len(text)) != whole:
            return False
        begin = sum(len(piece.text) for piece in line.pieces[:at])
        line.pieces[at : at + len(inside)] = inside[:1]
        for name, (first, *ends) in self.marks.items():
            begun = _moved(first, begin, len(text), len(whole), last=False)
            self.marks[name] = Bookmark(begun, *(_moved(e, begin, len(text), len(whole), last=True) for e in ends))
        return True


def _moved(spot: Spot, begin: int, kept: int, whole: int, *, last: bool) -> Spot:
    """An edge of a bookmark in the first line after `whole` letters from `begin` on have become `kept` ones."""
    if spot.paragraph or spot.offset < begin:
        return spot
    if spot.offset > begin + whole:
        return Spot(0, spot.offset - whole + kept)
    return Spot(0, begin + kept if last else begin)


def _inside(
    node: _Element, wanted: str, around: tuple[int, ...], walk: _Walk
) -> Iterator[tuple[_Element, tuple[int, ...]]]:
    """The rows of a table or the cells of a row, through the controls and tracked changes around them."""
    for child in node.iterchildren(tag=etree.Element):
        if child.tag == wanted:
            if wanted == qn("w:tr") and child.find(f"{qn('w:trPr')}/{qn('w:del')}") is not None:
                walk.deleted += 1
                continue
            yield child, around
        elif child.tag == qn("w:sdt"):
            inside = walk.enclosed(child.find(qn("w:sdtPr")), around)
            content = child.find(qn("w:sdtContent"))
            if content is not None:
                yield from _inside(content, wanted, inside, walk)
        elif child.tag in {qn("w:bookmarkStart"), qn("w:bookmarkEnd")}:
            walk.visit(_alone(child), None, around)
        elif child.tag in {qn("w:ins"), qn("w:customXml"), qn("w:smartTag")}:
            yield from _inside(child, wanted, around, walk)


def _alone(child: _Element) -> _Element:
    """A parent for one element, so that it is visited like any other."""
    holder = etree.Element("holder")
    copied = etree.SubElement(holder, child.tag)
    copied.attrib.update(child.attrib)
    return holder


def _control(settings: _Element | None) -> Control:
    if settings is None:
        return Control("", "", placeholder=False, checked=None)
    box = settings.find(f"{qn('w14:checkbox')}/{qn('w14:checked')}")
    return Control(
        tag=_named(settings, "w:tag"),
        alias=_named(settings, "w:alias"),
        placeholder=settings.find(qn("w:showingPlcHdr")) is not None,
        checked=None if box is None else (box.get(qn("w14:val")) or "1") in {"1", "true", "on"},
    )


def _named(settings: _Element, name: str) -> str:
    found = settings.find(qn(name))
    return "" if found is None else found.get(qn("w:val")) or ""


def _whole(span: _Element | None) -> int:
    """How many columns of the grid a cell takes; what is no sensible number counts as one."""
    value = "" if span is None else span.get(qn("w:val")) or ""
    return max(1, int(value)) if value.isascii() and value.isdigit() and len(value) < len("1000") else 1


_Visit = Callable[[_Walk, "_Element", "Cell | None", tuple[int, ...]], None]
_DELETED: Final = frozenset({qn("w:del"), qn("w:moveFrom")})
_INSERTED: Final = frozenset({qn("w:ins"), qn("w:moveTo")})
_SKIPPED: Final = _DELETED | {
    qn("w:pPr"), qn("w:rPr"), qn("w:sectPr"), qn("w:instrText"), qn("w:delText"), qn("w:tblPr"), qn("w:tcPr"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}  # fmt: skip
"""Settings, deleted text, and the second copy of what is drawn in a newer way."""
_CHARACTERS: Final[Mapping[str, str]] = {
    qn("w:tab"): "\t",
    qn("w:ptab"): "\t",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
    qn("w:softHyphen"): "\u00ad",
}
_VISITS: Final[Mapping[str, _Visit]] = {
    qn("w:p"): _Walk.paragraph,
    qn("w:t"): _Walk.words,
    qn("w:sym"): _Walk.symbol,
    qn("w:br"): _Walk.line_break,
    qn("w:sdt"): _Walk.control,
    qn("w:tbl"): _Walk.table,
    qn("w:bookmarkStart"): _Walk.start,
    qn("w:bookmarkEnd"): _Walk.end,
}
