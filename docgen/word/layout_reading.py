"""Reads any Word file for the layout check: lines of text with the formatting that really holds, and page settings.

Text inside content controls, insertions, links and text boxes is read as Word shows it; deleted and hidden text is not.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from lxml import etree

from docgen.errors import FormError
from docgen.viet.text import nfc
from docgen.word.layout_styles import WORD_SIZE, Styles, W, fonts_of, points
from docgen.word.package import parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element as Node

    from docgen.word.layout_styles import Format

BODY, HEADER, FOOTER, TEXT_BOX = "thân văn bản", "đầu trang", "chân trang", "khung chữ"

MOST_PARAGRAPHS = 50_000

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_OFFICE_DOCUMENT = "/officeDocument"
_MM_PER_POINT = 25.4 / 72
_CLEAR = frozenset(
    W + tag
    for tag in ("sdt", "sdtContent", "ins", "moveTo", "hyperlink", "smartTag", "customXml", "fldSimple", "bdo", "dir")
)
_CHARACTERS = {W + "tab": "\t", W + "ptab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-"}
_LINE_SHAPES = (
    ".//{http://schemas.openxmlformats.org/drawingml/2006/main}prstGeom[@prst='line']",
    ".//{http://schemas.openxmlformats.org/drawingml/2006/main}prstGeom[@prst='straightConnector1']",
    ".//{urn:schemas-microsoft-com:vml}line",
    ".//{urn:schemas-microsoft-com:vml}shape[@type='#_x0000_t32']",
)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text of one look; `size` in points."""

    text: str
    fonts: frozenset[str]
    size: float
    bold: bool
    italic: bool
    underline: bool
    caps: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """Where in an outermost table a line stands; `column` counts grid columns from 0."""

    table: int
    row: int
    column: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Line:
    """One paragraph as it shows, or a piece of it between line breaks or tabs; measures in points.

    `fields` holds the codes of its fields, `field_size` the size of the run that holds the last of them, `drawn` says
    that a straight line is drawn in it, `continued` that it goes on after a line break.
    """

    runs: tuple[Run, ...]
    look: Mapping[str, object]
    part: str = BODY
    cell: Cell | None = None
    tab: int = 0
    fields: str = ""
    field_size: float | None = None
    drawn: bool = False
    continued: bool = False

    @cached_property
    def text(self) -> str:
        """The text on one line, NFC, blanks single, as printed (capitals where the run says so)."""
        shown = "".join(run.text.upper() if run.caps else run.text for run in self.runs)
        return " ".join(nfc(shown).split())

    @cached_property
    def visible(self) -> tuple[Run, ...]:
        """The runs that show something."""
        return tuple(run for run in self.runs if run.text.strip())

    @property
    def align(self) -> str:
        """`left`, `center`, `right` or `both`, as Word names them (`start` and `end` are translated)."""
        told = str(self.look.get("align", "left"))
        return {"start": "left", "end": "right"}.get(told, told)

    @property
    def ruled(self) -> bool:
        """Whether a border runs under it."""
        return bool(self.look.get("border_bottom"))

    def points(self, name: str) -> float:
        """A measure of the paragraph in points, 0 where nothing is said."""
        told = self.look.get(name, 0.0)
        return told if isinstance(told, float) else 0.0

    def millimetres(self, name: str) -> float:
        """The same in millimetres."""
        return self.points(name) * _MM_PER_POINT

    def stretches(self) -> Iterator[Line]:
        """The line cut at its tabs: how people set a header of two columns without a table."""
        filled = [
            (tab, runs) for tab, runs in enumerate(_cut(self.runs, "\t")) if any(run.text.strip() for run in runs)
        ]
        for tab, runs in filled:
            yield replace(self, runs=runs, tab=tab)


@dataclass(frozen=True, kw_only=True)
class Section:
    """One section's sheet: millimetres; headers and footers by kind (`default`, `first`, `even`)."""

    measures: Mapping[str, float | None]
    landscape: bool
    title_page: bool
    headers: Mapping[str, tuple[Line, ...]]
    footers: Mapping[str, tuple[Line, ...]]
    number_format: str


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A whole document: its sections and its lines in order, text boxes after the paragraph that holds them."""

    sections: tuple[Section, ...]
    lines: tuple[Line, ...]


def read(docx: bytes) -> Reading:
    """The document as it shows.

    Raises:
        FormError: not a Word file, broken, encrypted, too large, or without what a Word file must have.
    """
    package = _Package(docx)
    main = package.main
    document = package.tree(main)
    body = document.find(W + "body")
    if body is None:
        raise _broken("Tệp không có thân văn bản Word (hoặc được lưu ở dạng Strict Open XML).")
    related = package.related(main)
    styles = [name for kind, name in related.values() if kind.endswith("/styles")]
    if not styles:
        raise _broken("Tệp Word thiếu phần định dạng (styles.xml).")
    themes = [package.tree(name) for kind, name in related.values() if kind.endswith("/theme")]
    reader = _Reader(Styles(package.tree(styles[0]), themes[0] if themes else None))
    try:
        lines = tuple(reader.lines(body))
        return Reading(sections=tuple(_sections(body, package, related, reader)), lines=lines)
    except RecursionError:
        raise _broken("Tệp Word lồng bảng hoặc khung quá sâu, không kiểm tra được.") from None


class _Reader:
    """Turns paragraphs into lines; counts them, so that a file of ten million empty ones is refused early."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._tables = 0
        self._paragraphs = 0

    def lines(self, root: Node, part: str = BODY) -> Iterator[Line]:
        """Every line below the node, tables row by row."""
        yield from self._blocks(root, _Place(part))

    def _blocks(self, parent: Node, place: _Place) -> Iterator[Line]:
        for block in _through(parent, (W + "p", W + "tbl")):
            if block.tag == W + "tbl":
                yield from self._table(block, place)
            else:
                yield from self._paragraph(block, place)

    def _table(self, table: Node, place: _Place) -> Iterator[Line]:
        self._tables += 1
        number = self._tables
        style = table.find(f"{W}tblPr/{W}tblStyle")
        named = None if style is None else style.get(W + "val")
        for row, node in enumerate(_through(table, (W + "tr",))):
            column = 0
            for cell in _through(node, (W + "tc",)):
                here = place.cell or Cell(number, row, column)
                yield from self._blocks(cell, _Place(place.part, here, named, _cell_rule(cell)))
                span = points(cell.find(f"{W}tcPr/{W}gridSpan"), "val", 1)
                column += max(1, int(span or 1))

    def _paragraph(self, node: Node, place: _Place) -> Iterator[Line]:
        self._paragraphs += 1
        if self._paragraphs > MOST_PARAGRAPHS:
            raise _broken(f"Văn bản dài quá {MOST_PARAGRAPHS} đoạn, không kiểm tra được.")
        ppr = node.find(W + "pPr")
        look = self._styles.paragraph(ppr, place.style)
        if place.ruled:
            look["border_bottom"] = True
        runs: list[Run] = []
        boxes: list[Node] = []
        fields = [simple.get(W + "instr", "") for simple in node.iter(W + "fldSimple")]
        field_size: float | None = None
        drawn = False
        for run in _through(node, (W + "r",)):
            told = self._styles.run(run.find(W + "rPr"), ppr, place.style)
            text, inner = _content(run)
            for code in run.iterfind(W + "instrText"):
                fields.append(code.text or "")
                field_size = told.get("size", WORD_SIZE)
            drawn = drawn or any(shape.find(path) is not None for shape in inner for path in _LINE_SHAPES)
            boxes.extend(box for shape in inner for box in shape.iter(W + "txbxContent"))
            if text and not told["hidden"]:
                runs.append(_run(text, told))
        whole = Line(
            runs=tuple(runs),
            look=look,
            part=place.part,
            cell=place.cell,
            fields=" ".join(fields),
            field_size=field_size,
            drawn=drawn,
        )
        filled = [piece for piece in _cut(whole.runs, "\n") if any(run.text.strip() for run in piece)]
        yield from (replace(whole, runs=piece, continued=number > 0) for number, piece in enumerate(filled or [()]))
        for box in boxes:
            yield from self._blocks(box, _Place(TEXT_BOX))


@dataclass(frozen=True, slots=True)
class _Place:
    part: str
    cell: Cell | None = None
    style: str | None = None
    ruled: bool = False


class _Package:
    """The parts of the file that the check needs, found through their relationships."""

    def __init__(self, docx: bytes) -> None:
        self._parts = parts(docx)

    @cached_property
    def main(self) -> str:
        """The name of the main document part."""
        for kind, name in self.related("").values():
            if kind.endswith(_OFFICE_DOCUMENT):
                return name
        raise _broken("Tệp không phải văn bản Word (.docx).")

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """The relationships of a part: id → (type, name of the other part); those to the outside are left out."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels not in self._parts:
            return {}
        found = {}
        for node in self.tree(rels).iterfind(_RELATIONSHIP):
            if node.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, node.get("Target", "")))
                found[node.get("Id", "")] = (node.get("Type", ""), target.lstrip("/"))
        return found

    def tree(self, name: str) -> Node:
        """The part parsed: no entities, no DTD (`parts` refuses one), no network."""
        if name not in self._parts:
            raise _broken("Tệp Word thiếu một phần bên trong.")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            return etree.fromstring(self._parts[name], parser)
        except (etree.XMLSyntaxError, ValueError):
            raise _broken("Tệp Word bị hỏng: một phần bên trong không đọc được.") from None


def _broken(what: str) -> FormError:
    return FormError.of("docx-unreadable", what, "Mở tệp bằng Word, lưu lại dạng .docx rồi kiểm tra lại.")


def _sections(
    body: Node, package: _Package, related: Mapping[str, tuple[str, str]], reader: _Reader
) -> Iterator[Section]:
    headers: dict[str, tuple[Line, ...]] = {}
    footers: dict[str, tuple[Line, ...]] = {}
    for node in (*body.iterfind(f".//{W}pPr/{W}sectPr"), *body.iterfind(W + "sectPr")):
        for tag, part, kept in (("headerReference", HEADER, headers), ("footerReference", FOOTER, footers)):
            for reference in node.iterfind(W + tag):
                _, name = related.get(reference.get(_R + "id", ""), ("", ""))
                kept[reference.get(W + "type", "default")] = tuple(reader.lines(package.tree(name), part))
        yield _section(node, dict(headers), dict(footers))


def _section(node: Node, headers: Mapping[str, tuple[Line, ...]], footers: Mapping[str, tuple[Line, ...]]) -> Section:
    size, margins, number = (node.find(W + tag) for tag in ("pgSz", "pgMar", "pgNumType"))
    measures = {name: points(size, key) for name, key in (("width", "w"), ("height", "h"))}
    measures |= {name: points(margins, name) for name in ("top", "bottom", "left", "right", "header", "gutter")}
    title_page = node.find(W + "titlePg")
    return Section(
        measures={name: None if value is None else abs(value) * _MM_PER_POINT for name, value in measures.items()},
        landscape=size is not None
        and (size.get(W + "orient") == "landscape" or (measures["width"] or 0) > (measures["height"] or 0)),
        title_page=title_page is not None and title_page.get(W + "val", "1") not in {"0", "false", "off"},
        headers=headers,
        footers=footers,
        number_format="decimal" if number is None else number.get(W + "fmt", "decimal"),
    )


def _through(parent: Node, wanted: tuple[str, ...]) -> Iterator[Node]:
    """The children of these kinds, also through controls, insertions and other wrappers."""
    for child in parent:
        if child.tag in wanted:
            yield child
        elif child.tag in _CLEAR:
            yield from _through(child, wanted)


def _content(run: Node) -> tuple[str, list[Node]]:
    """The text of a run and what is drawn in it; of alternatives only the one that Word takes."""
    text: list[str] = []
    inner: list[Node] = []
    for child in run:
        if child.tag == W + "t":
            text.append(child.text or "")
        elif child.tag in _CHARACTERS:
            text.append(_CHARACTERS[child.tag])
        elif child.tag == _MC + "AlternateContent":
            inner.extend(child.iterfind(_MC + "Choice"))
        elif child.tag in (W + "drawing", W + "pict"):
            inner.append(child)
    return "".join(text), inner


def _run(text: str, told: Format) -> Run:
    return Run(
        text=text,
        fonts=fonts_of(text, told),
        size=told.get("size", WORD_SIZE),
        bold=told["bold"],
        italic=told["italic"],
        underline=told.get("underline", False),
        caps=told["caps"],
    )


def _cut(runs: tuple[Run, ...], mark: str) -> Iterator[tuple[Run, ...]]:
    """The runs between the marks; an empty stretch is an empty tuple or holds empty runs."""
    pieces: list[list[Run]] = [[]]
    for run in runs:
        first, *others = run.text.split(mark)
        pieces[-1].append(replace(run, text=first))
        pieces.extend([replace(run, text=other)] for other in others)
    return (tuple(piece) for piece in pieces)


def _cell_rule(cell: Node) -> bool:
    border = cell.find(f"{W}tcPr/{W}tcBorders/{W}bottom")
    return border is not None and border.get(W + "val", "nil") not in {"nil", "none"}
