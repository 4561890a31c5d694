"""The paper on which blocks are drawn: an empty page in a layout's styles, saved as a slim package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.oxml import parse_xml
from docx.oxml.ns import qn
from lxml import etree

from docgen.word import blank, package
from docgen.word.blank import MM, style_id
from docgen.word.controls import Numbers, command, element, nest
from docgen.word.ties import tie_end

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element

    from docgen.rules.layouts import Layout


class Sheet:
    """A paper being drawn. Blocks append paragraphs and tables to `body`; `save` gives the package."""

    def __init__(self, layout: Layout, *, landscape: bool = False) -> None:
        self.layout = layout
        self.landscape = landscape
        self._own_pages = False
        self.numbers = Numbers()
        self._root = parse_xml(blank.DOCUMENT)
        self._waiting: list[_Element] = []
        self.last_text: _Element | None = None
        """The paragraph placed last, if nothing else has been placed since."""
        self._after_table = False
        """Whether a table was placed last: two tables that touch become one, whatever a condition between them says."""

    @property
    def text_width(self) -> float:
        """Width of the text area in millimetres."""
        page = self.layout.page
        return (page.height if self.landscape else page.width) - page.left - page.right

    @property
    def body(self) -> _Element:
        """The `w:body` element."""
        return self._root[0]

    def paragraph(self, style: str, *children: _Element, keep_next: bool = False) -> _Element:
        """A new paragraph in the style of a layout element; it is not placed yet."""
        properties = nest(element("pPr"), element("pStyle", val=style_id(style)))
        if keep_next and style not in blank.KEEP_NEXT:
            properties.append(element("keepNext"))
        return nest(element("p"), properties, *children)

    def place(self, *blocks: _Element) -> None:
        """Append paragraphs, tables or controls; a bookmark that waits for the next paragraph ends in it."""
        for block in blocks:
            is_text, is_table = block.tag == qn("w:p"), block.tag == qn("w:tbl")
            if (self._waiting and not is_text) or (self._after_table and is_table):
                self.gap()
            block.extend(self._waiting)
            self._waiting = []
            self.body.append(block)
            self.last_text = block if is_text else None
            self._after_table = is_table

    def command(self, text: str) -> None:
        """A tag of the template language in a paragraph of its own, which rendering removes."""
        if self._waiting or self._after_table:
            self.gap()
        self.body.append(command(text))
        self.last_text = None

    def gap(self) -> None:
        """A line of two points: it keeps tables apart and gives a bookmark a paragraph to stand in."""
        self.place(self.thin(keep_next=True))

    def thin(self, *children: _Element, keep_next: bool = False, points: float = 2) -> _Element:
        """A paragraph so low that nobody sees it, where one is due; it is not placed yet."""
        made = self.paragraph("note", *children, keep_next=keep_next)
        made[0].append(element("spacing", before=0, line=round(points * 20), lineRule="exact"))
        return made

    def tie_last(self) -> None:
        """What was placed last goes with what follows, so that neither stands alone on a page."""
        tie_end(self.body)

    def start_in_last_paragraph(self, bookmark_start: _Element) -> None:
        """Begin a bookmark of block-level content inside a paragraph that stays when rendered."""
        if self.last_text is None:
            self.gap()
        if self.last_text is not None:
            self.last_text.append(bookmark_start)

    def end_in_next_paragraph(self, bookmark_end: _Element) -> None:
        """A bookmark of block-level content must end inside a paragraph, or LibreOffice breaks it."""
        self._waiting.append(bookmark_end)

    def save(self, *, title: str, subject: str, properties: Mapping[str, str]) -> bytes:
        """The finished package. `properties` become custom properties; bytes depend on nothing else."""
        if self._waiting:
            self.gap()
        self.body.append(self._page())
        self._respell()
        parts = {
            "[Content_Types].xml": blank.part(blank.CONTENT_TYPES),
            "_rels/.rels": blank.part(blank.PACKAGE_RELATIONS),
            "word/document.xml": etree.tostring(self._root, encoding="UTF-8", xml_declaration=True, standalone=True),
            "word/_rels/document.xml.rels": blank.part(blank.DOCUMENT_RELATIONS),
            "word/styles.xml": blank.part(blank.styles(self.layout)),
            "word/settings.xml": blank.part(blank.SETTINGS),
            "word/fontTable.xml": blank.part(blank.fonts(self.layout)),
            "word/header1.xml": blank.part(blank.HEADER),
            "docProps/core.xml": blank.core_properties(title, subject),
            "docProps/custom.xml": blank.custom_properties({}),
        }
        stamped = {**properties, "docgen.template": package.content_hash(_packed(parts))}
        return _packed({**parts, "docProps/custom.xml": blank.custom_properties(stamped)})

    def _respell(self) -> None:
        """Write ủy in printed text as the organisation does; words that people give are never respelled."""
        wanted = self.layout.spelling
        if wanted == "as-registered":
            return
        old, new = ("uỷ", "ủy") if wanted == "ủy" else ("ủy", "uỷ")
        pairs = [(old, new), (old.capitalize(), new.capitalize()), (old.upper(), new.upper())]
        for words in self.body.iter(qn("w:t")):
            if words.text and "{" not in words.text:
                for before, after in pairs:
                    words.text = words.text.replace(before, after)

    def end_section(self, *, landscape: bool, own_pages: bool) -> None:
        """Close the section so far; what follows has its own orientation and, with `own_pages`, counts from 1."""
        ending = nest(element("p"), nest(element("pPr"), element("pStyle", val=style_id("note")), self._page()))
        self.place(ending)
        self.landscape, self._own_pages = landscape, own_pages

    def _page(self) -> _Element:
        """The section: size and margins of the layout, page number at the top centre from page 2."""
        page = self.layout.page
        width, height = (page.height, page.width) if self.landscape else (page.width, page.height)
        header = element("headerReference", type="default")
        header.set(qn("r:id"), blank.HEADER_RELATION)
        size = element("pgSz", w=round(width * MM), h=round(height * MM))
        if self.landscape:
            size.set(qn("w:orient"), "landscape")
        edges = {"top": page.top, "right": page.right, "bottom": page.bottom, "left": page.left}
        number_top = self.layout.page_number.top_mm
        margins = element(
            "pgMar",
            **{side: round(value * MM) for side, value in edges.items()},
            header=round(number_top * MM),
            footer=round(number_top * MM),
            gutter=0,
        )
        made = nest(element("sectPr"), header, size, margins)
        if self._own_pages:
            made.append(element("pgNumType", start=1))
        return nest(made, element("cols", space=720), element("titlePg"))


def _packed(parts: Mapping[str, bytes]) -> bytes:
    return package.write(package.pack(name, content) for name, content in parts.items())
