"""Ticks and boxes that people take from the fonts Wingdings: what their characters say, in ordinary characters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from docx.oxml.ns import qn

from docgen.word.controls import CHECKED, UNCHECKED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element

_SYMBOLS: Final[Mapping[int, str]] = {
    0xFE: "☑", 0xFD: CHECKED, 0x78: CHECKED, 0x54: CHECKED, 0x52: "☑", 0xFC: "✓", 0x50: "✓", 0xFB: "✗",
    0x4F: "✗", 0xA8: UNCHECKED, 0x6F: UNCHECKED, 0x71: UNCHECKED, 0xA3: UNCHECKED, 0x2A: UNCHECKED,
}  # fmt: skip
"""Ticks and boxes of the fonts Wingdings and Wingdings 2, by the low byte of their private characters."""
_SYMBOL_CODES: Final = 0xF100
"""Symbol fonts have their characters at 0 to 255, or there above U+F000."""
_SYMBOL_FONT: Final = "Wingdings"


def symbol_text(node: _Element) -> str:
    """What a `w:sym` says; nothing where its code is no number."""
    code = node.get(qn("w:char")) or ""
    return _symbol(int(code, 16)) if _is_hex(code) else ""


def words_text(node: _Element) -> str:
    """What a `w:t` says: its text, in a symbol font the font's characters."""
    text = node.text or ""
    return "".join(_symbol(ord(c)) for c in text) if _in_symbols(node) else text


def _symbol(code: int) -> str:
    """What a character of a symbol font says; one that is not known here stays as it is."""
    return _SYMBOLS.get(code & 0xFF, chr(code)) if code < _SYMBOL_CODES else ""


def _in_symbols(words: _Element) -> bool:
    run = words.getparent()
    fonts = None if run is None else run.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
    return fonts is not None and (fonts.get(qn("w:ascii")) or "").startswith(_SYMBOL_FONT)


def _is_hex(code: str) -> bool:
    return bool(code) and all(c in "0123456789abcdefABCDEF" for c in code) and len(code) <= len("10FFFF")
