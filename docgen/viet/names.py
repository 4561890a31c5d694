"""Names of persons and bodies: the order of rosters, and keys under which two spellings are the same.

Python's own order puts Đ and Ă after Z, and no Unicode form unites `hoà` and `hòa`. A name itself is
never respelled; these are keys, nothing here is printed, except what `unaccent` gives for file names.
"""

from __future__ import annotations

import unicodedata

from docgen.viet.remembered import remembered
from docgen.viet.text import nfc, true_d, typed

TokenKey = tuple[tuple[int, ...], tuple[int, ...]]
NameKey = tuple[TokenKey, TokenKey, tuple[TokenKey, ...], str]

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0309\u0303\u0301\u0323"
"""Huyền, hỏi, ngã, sắc, nặng; ngang has no mark and comes first."""
_FIRST_MARK = "\u0300"
"""No letter before it is a combining mark."""
_DIGITS = 18
_AFTER_NUMBERS = 10**_DIGITS
"""Words come after every number; a longer string of digits is a code, not a number."""
_LONGEST_WORD = 32
"""Letters of a word that is worth remembering."""


def sort_key(name: str) -> NameKey:
    """The key that sorts a roster: given name (last word), then family name, then middle names.

    Within a word the letters count first, then the tones (ngang, huyền, hỏi, ngã, sắc, nặng), wherever the accent is
    written; digits and signs come before letters, foreign letters after z. A roster's own suffix (`An A`) is not known
    from a name, so it counts as the given name. Equal names of different spelling keep one order by their text.
    """
    words = typed(true_d(name)).casefold().split() or [""]
    family = words[:-1][:1] or [""]
    return (
        _token_key(words[-1]),
        _token_key(family[0]),
        tuple(_token_key(word) for word in words[1:-1]),
        nfc(name),
    )


def text_key(text: str) -> tuple[tuple[int, TokenKey], ...]:
    """The key that sorts other text by the Vietnamese alphabet, word by word, numbers by value: Chi bộ 2, Chi bộ 10."""
    return tuple(
        (int(word), ((), ())) if word.isdecimal() and len(word) <= _DIGITS else (_AFTER_NUMBERS, _token_key(word))
        for word in typed(true_d(text)).casefold().split()
    )


def fold(text: str) -> str:
    """The comparison key: blind to capitals, blanks beyond one, invisible characters and where the accent is written.

    Tones, vowels and Đ count: `HOÀ  bình` and `hòa bình` are the same, `hoa`, `hóa`, `Lý` and `Lí` are not.
    """
    return " ".join(["".join(_parted(word)) for word in typed(true_d(text)).casefold().split()])


def unaccent(text: str) -> str:
    """The text without any mark, Đ as D, capitals and blanks as they are: `Đặng Thị Thuỷ` is `Dang Thi Thuy`."""
    if text.isascii():
        return text
    marked = unicodedata.normalize("NFD", true_d(text)).replace("Đ", "D").replace("đ", "d")
    return nfc("".join([each for each in marked if each < _FIRST_MARK or unicodedata.category(each) != "Mn"]))


def search_key(text: str) -> str:
    """The key for searching and guessing: no marks, small letters, single blanks."""
    return " ".join(unaccent(typed(text)).casefold().split())


@remembered(_LONGEST_WORD)
def _token_key(word: str) -> TokenKey:
    letters, tones = _parted(word)
    return tuple(_rank(letter) for letter in letters), tuple(_TONES.index(tone) for tone in tones)


def _rank(letter: str) -> int:
    place = _ALPHABET.find(letter)
    if place >= 0:
        return place
    return ord(letter) + len(_ALPHABET) if letter.isalpha() else ord(letter) - 0x110000


@remembered(_LONGEST_WORD)
def _parted(word: str) -> tuple[str, str]:
    """The letters with their vowel marks (ă â ê ô ơ ư), and the tone marks, wherever they stood."""
    marked = unicodedata.normalize("NFD", word)
    letters = "".join(mark for mark in marked if mark not in _TONES)
    return nfc(letters), "".join(sorted(mark for mark in marked if mark in _TONES))
