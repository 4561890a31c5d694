"""When two texts of a document are the same, and when a text says nothing."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_BLANKS: Final = re.compile(r"\s+")
_DOTS: Final = re.compile(r"[\s.…_·‥]*")


def even(text: str) -> str:
    """The text in Unicode form NFC with one blank for each run of blanks: so it is read."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", text)).strip()


def alike(text: str) -> str:
    """The even text with one way of writing uỷ, as long as before: so printed text is compared."""
    return even(text).replace("uỷ", "ủy").replace("Uỷ", "Ủy").replace("UỶ", "ỦY")


def says_nothing(text: str) -> bool:
    """Whether there are only blanks and dots: what is printed for the hand to write on."""
    return _DOTS.fullmatch(text) is not None
