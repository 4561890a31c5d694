"""File names that every system takes: Windows, network shares, zip, and a browser's download.

Offices are told to use unaccented names (`Mau 16_QLBMB_Quy III-2026`), so that is the default.
"""

from __future__ import annotations

import re
import unicodedata

from docgen.viet.names import unaccent
from docgen.viet.text import nfc

MAX_BYTES = 200
"""Of 255 that file systems take: leaves room for a counter, a temporary suffix, and a path on Windows (260)."""

NAMELESS = "khong-ten"

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]+')
_REPEATED = re.compile(r"([.-])\1+")
_RESERVED = re.compile(
    r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|CLOCK\$|COM[0-9\u00b9\u00b2\u00b3]|LPT[0-9\u00b9\u00b2\u00b3]) *(?:\.|$)",
    re.IGNORECASE,
)
_FIRST = " .-~$"
_LAST = " .-"
_ASCII_END = 0x7F


def file_name(stem: str, extension: str, *, accented: bool = False, most: int = MAX_BYTES) -> str:
    """A safe name for one file: no folder, no reserved name, at most `most` bytes of UTF-8, never empty.

    The same stem gives the same name on every system. Signs that a system forbids become one hyphen; without
    `accented`, Đ becomes D, accents go, and so does every letter that is not ASCII. Different stems may give the same
    name: who writes many files keeps them apart (on shares that ignore capitals, too).

    Args:
        stem: any text.
        extension: without or with its dot (`docx`); empty for a folder.
        accented: keeps Vietnamese letters, in NFC.
        most: bytes of the whole name, its extension counted.
    """
    ending = f".{extension.lstrip('.')}" if extension else ""
    spelled = nfc(stem) if accented else unaccent(stem)
    # Printable ASCII, as most unaccented names are, is kept whole.
    is_plain = spelled.isascii() and spelled.isprintable()
    kept = spelled if is_plain else nfc("".join(_kept(character, accented=accented) for character in spelled))
    safe = _trimmed(_REPEATED.sub(r"\1", " ".join(_FORBIDDEN.sub("-", kept).split())))
    if _RESERVED.match(safe):
        safe = f"_{safe}"
    return _trimmed(_cut(safe, most - len(ending.encode()))) + ending if safe else NAMELESS + ending


def _kept(character: str, *, accented: bool) -> str:
    """The character itself, a blank for blanks and control characters, nothing for what has no place in a name."""
    if character.isspace() or unicodedata.category(character) == "Cc":
        return " "
    if accented:
        return "" if unicodedata.category(character)[0] == "C" else character
    return character if ord(character) < _ASCII_END else "-" if character.isprintable() else ""


def _trimmed(name: str) -> str:
    return name.lstrip(_FIRST).rstrip(_LAST)


def _cut(name: str, size: int) -> str:
    return name.encode()[:size].decode(errors="ignore")
