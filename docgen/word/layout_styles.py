"""What formatting really holds for a run or a paragraph: direct, character, paragraph, table style, defaults.

Only the properties that a layout rule speaks of are read. Formats are plain mappings that hold what a level says and
nothing else, so that a nearer level covers a farther one by union.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from unicodedata import category

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element as Node

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"

Format = dict[str, Any]

TOGGLES = ("bold", "italic", "caps", "hidden")
"""Properties that two kinds of style cancel when both set them (ISO/IEC 29500-1, 17.7.3)."""

WORD_SIZE = 10.0
"""The size in points where no level names one (ISO/IEC 29500-1, 17.3.2.38)."""

WORD_FONT = "Times New Roman"
"""The font where no level names one (Word's own choice; the standard leaves it open)."""

_NO_LETTER = frozenset({"Zs", "Cc", "Cf", "So", "Co"})
_ON_OFF = {"bold": "b", "italic": "i", "caps": "caps", "hidden": "vanish"}
_OFF = frozenset({"0", "false", "off"})
_MEASURE = re.compile(r"(-?\d{1,9}(?:\.\d{1,9})?)(pt|mm|cm|in|pc|pi)?")
_POINTS = {"pt": 1.0, "mm": 72 / 25.4, "cm": 720 / 25.4, "in": 72.0, "pc": 12.0, "pi": 12.0}
_NO_BORDER = frozenset({"nil", "none"})
_NO_STYLE: Format = {}


def points(node: Node | None, name: str, unit: float = 1 / 20) -> float | None:
    """The attribute of a node in points; a bare number counts `unit` points; None where absent or senseless."""
    found = None if node is None else _MEASURE.fullmatch(node.get(W + name, ""))
    if not found:
        return None
    number = float(found[1])
    return number * (_POINTS[found[2]] if found[2] else unit)


def is_on(node: Node | None) -> bool:
    """Whether an on/off element is there and not switched off."""
    return node is not None and node.get(W + "val", "1") not in _OFF


class Styles:
    """The styles, defaults and theme fonts of one document, resolved once for each style."""

    def __init__(self, styles: Node, theme: Node | None) -> None:
        self._theme = dict(_theme_fonts(theme))
        self._nodes = {node.get(W + "styleId", ""): node for node in styles.iter(W + "style")}
        self._default = {
            node.get(W + "type", ""): name
            for name, node in self._nodes.items()
            if node.get(W + "default", "0") not in _OFF
        }
        self._runs: dict[str, Format] = {}
        self._paragraphs: dict[str, Format] = {}
        self._run_default = self.run_format(styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
        self._paragraph_default = paragraph_format(styles.find(f"{W}docDefaults/{W}pPrDefault/{W}pPr"))

    def paragraph(self, ppr: Node | None, table_style: str | None) -> Format:
        """The paragraph properties that hold; `table_style` is the id of the style of the table around it."""
        style = self._style_of(ppr)
        table = self._paragraph_style(table_style) if table_style else _NO_STYLE
        return self._paragraph_default | table | self._paragraph_style(style) | paragraph_format(ppr)

    def run(self, rpr: Node | None, ppr: Node | None, table_style: str | None) -> Format:
        """The run properties that hold inside a paragraph with these properties."""
        table = self._run_style(table_style) if table_style else _NO_STYLE
        paragraph = self._run_style(self._style_of(ppr))
        named = None if rpr is None else rpr.find(W + "rStyle")
        character = self._run_style(named.get(W + "val", "") if named is not None else "")
        direct = self.run_format(rpr)
        told = self._run_default | table | paragraph | character | direct
        for toggle in TOGGLES:
            if toggle not in direct:
                styled = [level.get(toggle, False) for level in (table, paragraph, character)]
                told[toggle] = sum(styled) % 2 == 1 or self._run_default.get(toggle, False)
        return told

    def run_format(self, rpr: Node | None) -> Format:
        """What one `w:rPr` says by itself."""
        if rpr is None:
            return {}
        told: Format = {}
        for name, tag in _ON_OFF.items():
            node = rpr.find(W + tag)
            if node is not None:
                told[name] = is_on(node)
        underline = rpr.find(W + "u")
        if underline is not None:
            told["underline"] = underline.get(W + "val", "single") != "none"
        size = points(rpr.find(W + "sz"), "val", 1 / 2)
        if size is not None:
            told["size"] = size
        return told | self._fonts(rpr.find(W + "rFonts"))

    def _fonts(self, node: Node | None) -> Format:
        told: Format = {}
        if node is None:
            return told
        for slot in ("ascii", "hAnsi"):
            font = self._theme.get(node.get(f"{W}{slot}Theme", ""), node.get(W + slot))
            if font:
                told[slot] = font
        return told

    def _style_of(self, ppr: Node | None) -> str:
        named = None if ppr is None else ppr.find(W + "pStyle")
        name = "" if named is None else named.get(W + "val", "")
        return name if name in self._nodes else self._default.get("paragraph", "")

    def _run_style(self, name: str) -> Format:
        if name not in self._runs:
            told: Format = {}
            for node in self._ancestry(name):
                told = told | self.run_format(node.find(W + "rPr"))
            self._runs[name] = told
        return self._runs[name]

    def _paragraph_style(self, name: str) -> Format:
        if name not in self._paragraphs:
            told: Format = {}
            for node in self._ancestry(name):
                told = told | paragraph_format(node.find(W + "pPr"))
            self._paragraphs[name] = told
        return self._paragraphs[name]

    def _ancestry(self, name: str) -> list[Node]:
        """The style and those it is based on, the farthest first; a circle is cut."""
        found: dict[str, Node] = {}
        while name in self._nodes and name not in found:
            found[name] = self._nodes[name]
            based = self._nodes[name].find(W + "basedOn")
            name = "" if based is None else based.get(W + "val", "")
        return list(found.values())[::-1]


def paragraph_format(ppr: Node | None) -> Format:
    """What one `w:pPr` says by itself: points, alignment as Word names it, borders and tab stops as presence."""
    if ppr is None:
        return {}
    told: Format = dict(_indents(ppr.find(W + "ind"))) | dict(_spacing(ppr.find(W + "spacing")))
    align = ppr.find(W + "jc")
    if align is not None:
        told["align"] = align.get(W + "val", "left")
    for edge in ("top", "bottom"):
        border = ppr.find(f"{W}pBdr/{W}{edge}")
        if border is not None:
            told[f"border_{edge}"] = border.get(W + "val", "nil") not in _NO_BORDER
    frame = ppr.find(W + "framePr")
    if frame is not None:
        told["framed"] = frame.get(W + "xAlign", "left")
    if ppr.find(W + "numPr") is not None:
        told["listed"] = True
    if any(tab.get(W + "val") == "center" for tab in ppr.iterfind(f"{W}tabs/{W}tab")):
        told["center_tab"] = True
    return told


def _indents(node: Node | None) -> Iterator[tuple[str, float]]:
    for names, key, sign in (
        (("left", "start"), "left", 1),
        (("firstLine",), "first_line", 1),
        (("hanging",), "first_line", -1),
    ):
        for name in names:
            value = points(node, name)
            if value is not None:
                yield key, sign * value


def _spacing(node: Node | None) -> Iterator[tuple[str, Any]]:
    if node is None:
        return
    for name in ("before", "after"):
        value = points(node, name)
        if value is not None:
            yield name, value
    pitch = points(node, "line")
    if pitch is not None:
        yield "pitch", pitch
        yield "pitch_rule", node.get(W + "lineRule", "auto")


def _theme_fonts(theme: Node | None) -> Iterator[tuple[str, str]]:
    if theme is None:
        return
    for kind in ("major", "minor"):
        latin = theme.find(f".//{A}{kind}Font/{A}latin")
        if latin is not None and latin.get("typeface"):
            for slot in ("Ascii", "HAnsi"):
                yield kind + slot, latin.get("typeface", "")


def fonts_of(text: str, told: Mapping[str, Any]) -> frozenset[str]:
    """The fonts that show the text: letters beyond ASCII (most Vietnamese ones) take the hAnsi slot.

    Tick boxes and other symbols are left out: Word itself takes them from a symbol font.
    """
    letters = {letter for letter in text if category(letter) not in _NO_LETTER}
    return frozenset(told.get("ascii" if letter.isascii() else "hAnsi", WORD_FONT) for letter in letters)
