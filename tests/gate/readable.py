"""The canonical text of a document, for golden files that a person can read and compare.

== word/document.xml            each part with text, the document first
# Tiêu đề                       a paragraph with outline level 1 (## level 2, …)
Họ và tên: [ho_ten: Lê An]      a content control by its tag
| 1 | Phẩm chất | 20 |          a row; several paragraphs of a cell parted by ¶
‹PAGE›                          a field by its instruction
---- page 210 × 297 mm, margins 20 20 30 20 (top bottom left right)
                                the end of a section, with the pages that it asks for
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from tests.gate.parts import MC, W, child_val, elements, text_trees, trees, val

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SIGNS = {"tab": "⇥", "ptab": "⇥", "br": "↵", "cr": "↵", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_TWIPS_PER_MM = 1440 / 25.4


def readable(docx: bytes) -> str:
    """The canonical text; equal texts mean: the same words in the same paragraphs, tables, controls and sections."""
    levels = _outline_levels(trees(docx))
    lines: list[str] = []
    for name, root in text_trees(docx).items():
        body = root.find(W + "body")
        told = list(_blocks(root if body is None else body, levels))
        lines += [f"== {name}", *told, ""]
    return "\n".join(line.rstrip() for line in lines).rstrip() + "\n"


def _outline_levels(every: Mapping[str, etree._Element]) -> dict[str, int]:
    """The outline level (0 is the highest) of each paragraph style that has one."""
    styles = [style for name, root in every.items() if name == "word/styles.xml" for style in elements(root, "style")]
    told = {val(style, "styleId") or "": child_val(style, "pPr/outlineLvl") for style in styles}
    return {style: int(level) for style, level in told.items() if level is not None}


def _blocks(holder: etree._Element, levels: Mapping[str, int]) -> Iterator[str]:
    """The lines of the paragraphs and tables that a body, a cell, a header or a control holds."""
    for child in holder.iterchildren(etree.Element):
        if child.tag == W + "p":
            yield _heading(child, levels) + "".join(_inline(child))
            if (section := child.find(f"{W}pPr/{W}sectPr")) is not None:
                yield _section(section)
            for box in child.iter(W + "txbxContent"):
                if not any(ancestor.tag == MC + "Fallback" for ancestor in box.iterancestors()):
                    yield from (f"(box) {line}" for line in _blocks(box, levels))
        elif child.tag == W + "tbl":
            yield from _rows(child, levels)
        elif child.tag == W + "sdt":
            yield from _control(child, list(_blocks(_content(child), levels)))
        elif child.tag == W + "sectPr":
            yield _section(child)
        elif child.tag in {W + "footnote", W + "endnote", W + "comment", W + "customXml"}:
            yield from _blocks(child, levels)


def _rows(holder: etree._Element, levels: Mapping[str, int]) -> Iterator[str]:
    for child in holder:
        if child.tag == W + "tr":
            yield "| " + " | ".join(_cells(child, levels)) + " |"
        elif child.tag == W + "sdt":
            yield from _control(child, list(_rows(_content(child), levels)))


def _cells(holder: etree._Element, levels: Mapping[str, int]) -> Iterator[str]:
    for child in holder:
        if child.tag == W + "tc":
            span = child_val(child, "tcPr/gridSpan")
            merged = "^ " if child.find(f"{W}tcPr/{W}vMerge") is not None and not _restarts(child) else ""
            yield merged + " ¶ ".join(_blocks(child, levels)) + (f" «{span}»" if span else "")
        elif child.tag == W + "sdt":
            yield from _control(child, list(_cells(_content(child), levels)))


def _restarts(cell: etree._Element) -> bool:
    return child_val(cell, "tcPr/vMerge") == "restart"


def _content(control: etree._Element) -> etree._Element:
    content = control.find(W + "sdtContent")
    return control if content is None else content


def _control(control: etree._Element, lines: list[str]) -> list[str]:
    """The lines of a control between brackets, after its tag."""
    tag = child_val(control, "sdtPr/tag") or ""
    if not lines:
        return [f"[{tag}: ]"]
    lines[0] = f"[{tag}: {lines[0]}"
    lines[-1] += "]"
    return lines


def _heading(paragraph: etree._Element, levels: Mapping[str, int]) -> str:
    own = child_val(paragraph, "pPr/outlineLvl")
    level = int(own) if own is not None else levels.get(child_val(paragraph, "pPr/pStyle") or "", 9)
    marks = "#" * (level + 1) + " " if level < 9 else ""
    number = "• " if paragraph.find(f"{W}pPr/{W}numPr") is not None else ""
    return marks + number


def _inline(element: etree._Element) -> Iterator[str]:
    for child in element.iterchildren(etree.Element):
        name = child.tag.removeprefix(W)
        if name == "t":
            yield child.text or ""
        elif name in _SIGNS:
            yield "⤓" if val(child, "type") == "page" else _SIGNS[name]
        elif name == "sym":
            yield chr(int(child.get(W + "char", "F0B7"), 16))
        elif name == "instrText":
            yield f"‹{(child.text or '').strip()}›"
        elif name == "fldSimple":
            yield f"‹{(val(child, 'instr') or '').strip()}›"
        elif name == "sdt":
            yield from _control(child, ["".join(_inline(_content(child)))])
        elif name == "drawing":
            yield "(drawing)"
        elif name not in {"p", "pPr", "rPr", "sdtPr", "tbl", "txbxContent"} and child.tag != MC + "Fallback":
            yield from _inline(child)


def _section(section: etree._Element) -> str:
    """The pages that a section asks for, in millimetres."""
    size, margins = section.find(W + "pgSz"), section.find(W + "pgMar")
    width, height = (_millimetres(val(size, side)) for side in ("w", "h"))
    around = " ".join(_millimetres(val(margins, side)) for side in ("top", "bottom", "left", "right"))
    first = ", its own first page" if section.find(W + "titlePg") is not None else ""
    return f"---- page {width} × {height} mm, margins {around} (top bottom left right){first}"


def _millimetres(twips: str | None) -> str:
    return "?" if twips is None else f"{int(twips) / _TWIPS_PER_MM:.0f}"
