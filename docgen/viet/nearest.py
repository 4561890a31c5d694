"""«Có phải ý bạn là …?»: the known word that a mistyped one was most likely meant to be."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from docgen.viet.names import search_key

if TYPE_CHECKING:
    from collections.abc import Iterable

_LIKENESS = 0.7
_LONGEST = 100


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The most similar of the known words, accents, capitals and `_` or `-` for a blank aside; None if none is close.

    Of equally similar words the first one known is given. A word over 100 characters is like nothing (it would only
    cost time: the comparison is quadratic).
    """
    if len(word) > _LONGEST:
        return None
    by_key: dict[str, str] = {}
    for candidate in known:
        by_key.setdefault(_key(candidate), candidate)
    close = get_close_matches(_key(word), by_key, n=1, cutoff=_LIKENESS)
    return by_key[close[0]] if close else None


def _key(word: str) -> str:
    return search_key(word.replace("_", " ").replace("-", " "))
