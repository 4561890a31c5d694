"""Text from before Unicode: TCVN3 (ABC), VNI-Windows, and bytes that were read by the wrong page.

Such text looks like `NguyÔn V¨n §øc`, `Nguyeãn Vaên Ñöùc`, `Nguyá»…n VÄƒn`, `NguyêÞn Vãn`. It is recognised by its
words: one that is no Vietnamese syllable as it stands and is one after conversion. Half of the letters of TCVN3 are
letters of Vietnamese too, so a word alone proves little: the texts of one column are judged together, and two such
words are asked for (one, where the font's name says the same). Nothing is ever converted by recognising it.

Tables: TCVN 5712:1993, VN3 (the set of the fonts `.Vn…`; those that end in H show small letters as capitals); VNI for
Windows as the fonts `VNI-…` draw it, a base letter and a mark after it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from heapq import nsmallest
from typing import TYPE_CHECKING, Final, Literal, get_args

from docgen.viet.text import nfc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from collections.abc import Set as AbstractSet

Encoding = Literal["tcvn3", "vni", "mojibake", "cp1258"]
ENCODINGS: Final[tuple[Encoding, ...]] = get_args(Encoding)
NAMES: Final[Mapping[Encoding, str]] = {
    "tcvn3": "bảng mã TCVN3 (ABC)",
    "vni": "bảng mã VNI",
    "mojibake": "UTF-8 bị đọc nhầm bảng mã",
    "cp1258": "Windows-1258 bị đọc nhầm bảng mã",
}
"""How a message calls each."""

NEVER_VIETNAMESE: Final = frozenset(map(chr, range(0xA1, 0x100))) - frozenset("ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúý")
"""Each of the three encodings soon uses one of these, and Vietnamese text (signs such as § aside) never does."""

_NEVER_VIETNAMESE: Final = re.compile(f"[{''.join(map(re.escape, sorted(NEVER_VIETNAMESE)))}]")
_ENOUGH_WORDS = 2
_LOOKED_AT_FIRST = 1_000


@dataclass(frozen=True, slots=True)
class Guess:
    """In what the texts of a column are written, by which words, and whether their font shows capitals only."""

    encoding: Encoding
    words: frozenset[str]
    capitals: bool = False

    def marks(self, text: str) -> bool:
        """Whether this text holds one of the words that gave the encoding away."""
        return any(word in self.words for word in _WORD.findall(text))

    def doubts(self, text: str) -> bool:
        """Whether nobody can tell: conversion would change the text, but its words are Vietnamese as they stand."""
        return not self.marks(text) and not is_unicode(text) and self.convert(text) != nfc(text)

    def convert(self, text: str) -> str:
        """The text in Unicode."""
        return convert(text, self.encoding, capitals=self.capitals)


def recognise(texts: Iterable[str], font: str | None = None, *, expected: Encoding | None = None) -> Guess | None:
    """What the texts of one column are written in; None for Unicode, for text without accents, and for want of proof.

    Args:
        texts: the texts of the column.
        font: the name of the font in which a spreadsheet shows them, where it is known.
        expected: an encoding that is known from elsewhere to be likely; as with a font, one word is enough for it.
    """
    accented = {text for text in texts if not text.isascii()}
    likely = font_encoding(font) or expected
    if likely is None and not _is_worth_it(accented):
        return None
    strange = _strange(accented)
    capitals = (font or "").casefold().startswith(".vn") and (font or "").casefold().endswith("h")
    guesses = [
        Guess(encoding, frozenset(word for word in strange if _is_syllable(_as_word(word, encoding))), capitals)
        for encoding in ENCODINGS
    ]
    best = max(guesses, key=lambda guess: (len(guess.words), guess.encoding == likely))
    enough = 1 if best.encoding == likely else _ENOUGH_WORDS
    return best if len(best.words) >= enough else None


def _is_worth_it(accented: AbstractSet[str]) -> bool:
    """Whether to look at every text: old words show where odd letters stand, or among the first texts.

    One `m²` in a long column of Unicode proves nothing, and ² is a letter of TCVN3.
    """
    odd = [text for text in accented if _NEVER_VIETNAMESE.search(text)]
    if not odd:
        return False
    some = _strange([*odd, *nsmallest(_LOOKED_AT_FIRST, accented)])
    return any(_is_syllable(_as_word(word, encoding)) for word in some for encoding in ENCODINGS)


def _strange(texts: Iterable[str]) -> set[str]:
    """The accented words that are no Vietnamese syllables."""
    return {word for word in {word for text in texts for word in _words(text)} if not _is_syllable(word)}


def font_encoding(font: str | None) -> Encoding | None:
    """What a font of this name was made for: `.VnTime` TCVN3, `VNI-Times` VNI, others None."""
    name = (font or "").casefold()
    return "tcvn3" if name.startswith(".vn") else "vni" if name.startswith("vni") else None


def is_unicode(text: str) -> bool:
    """Whether the text holds a Vietnamese letter that only Unicode has: ạ, đ, ơ, not à or ô."""
    return _ONLY_UNICODE.search(nfc(text)) is not None


def convert(text: str, encoding: Encoding, *, capitals: bool = False) -> str:
    """The text in Unicode form NFC; what the encoding does not know stays as it is.

    TCVN3 has no accented capitals but Ă Â Ê Ô Ơ Ư Đ: people wrote `NGUYÔN` and let a capital font draw it. A word
    whose plain letters are capitals beyond the first becomes capitals whole; with `capitals` (such a font) all does.
    """
    converted = _CONVERTERS[encoding](text)
    if capitals:
        return converted.upper()
    return _UNICODE_WORD.sub(_in_one_case, converted) if encoding == "tcvn3" else converted


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if not word.isascii() and _ASCII_LETTER.search(word)]


def _as_word(word: str, encoding: Encoding) -> str:
    converted = _CONVERTERS[encoding](word)
    return converted if converted != nfc(word) else ""


def _is_syllable(word: str) -> bool:
    """Whether a word could be a Vietnamese syllable, whatever it means; at most one tone, no foreign rime."""
    marked = unicodedata.normalize("NFD", word.casefold())
    plain = "".join(letter for letter in marked if letter not in _TONES)
    return len(marked) - len(plain) <= 1 and _SYLLABLE.fullmatch(nfc(plain)) is not None


def _in_one_case(word: re.Match[str]) -> str:
    plain = [letter for letter in word[0] if letter.isascii() and letter.isalpha()]
    small = any(letter.islower() for letter in plain)
    return (
        word[0] if small or not any(letter.isupper() for letter in word[0][1:] if letter.isascii()) else word[0].upper()
    )


def _from_tcvn3(text: str) -> str:
    return nfc(text.translate(_TCVN3))


def _from_vni(text: str) -> str:
    return nfc(_VNI_LETTER.sub(lambda letter: _VNI[letter[0]], text))


def _from_mojibake(text: str) -> str:
    return nfc(_NOT_ASCII.sub(lambda run: _decoded(run[0]), text))


def _from_1258(text: str) -> str:
    return nfc(text.translate(_READ_AS_1252))


def _decoded(run: str) -> str:
    for bytes_of in _MISREADINGS:
        if all(letter in bytes_of for letter in run):
            try:
                return bytes(bytes_of[letter] for letter in run).decode("utf-8")
            except UnicodeDecodeError:
                continue
    return run


_WORD = re.compile(r"(?:[A-Za-z]|[^\x00-\x7f])+")
_UNICODE_WORD = re.compile(r"[^\W\d_]+")
_ASCII_LETTER = re.compile("[A-Za-z]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_TONES = "\u0300\u0309\u0303\u0301\u0323"
_ONLY_UNICODE = re.compile("[ĂăĐđĨĩŨũƠơƯư\u1ea0-\u1ef9]")
_SYLLABLE = re.compile(
    "(?:ngh?|gh?|kh?|nh|ph|th|tr|ch|qu|gi|[bcdđhklmnprstvx])?"
    "(?:iêu|yêu|oai|oao|oay|oeo|uây|uôi|uya|uyê|uyu|ươi|ươu"
    "|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oă|oe|oi|ôi|ơi|oo|ua|uâ|uê|ui|uô|uơ|uy|ưa|ưi|ươ|ưu|yê"
    "|[aăâeêioôơuưy])(?:ng|nh|ch|[cmnpt])?"
)

_TCVN3 = {
    start + place: letter
    for start, letters in (
        (0xA1, "ĂÂÊÔƠƯĐăâêôơưđ"),
        (0xB5, "àảãáạ"),
        (0xBB, "ằẳẵắ"),
        (0xC6, "ặầẩẫấậè"),
        (0xCE, "ẻẽéẹềểễếệìỉ"),
        (0xDC, "ĩíịò"),
        (0xE1, "ỏõóọồổỗốộờởỡớợù"),
        (0xF1, "ủũúụừửữứựỳỷỹýỵ"),
    )
    for place, letter in enumerate(letters)
}

_VNI_MARKS = {
    "a": dict(zip("ùøûõïêéèúüëâáàåãä", "áàảãạăắằẳẵặâấầẩẫậ", strict=True)),
    "e": dict(zip("ùøûõïâáàåãä", "éèẻẽẹêếềểễệ", strict=True)),
    "o": dict(zip("ùøûõïâáàåãä", "óòỏõọôốồổỗộ", strict=True)),
    "u": dict(zip("ùøûõï", "úùủũụ", strict=True)),
    "y": dict(zip("ùøûõ", "ýỳỷỹ", strict=True)),
    "ô": dict(zip("ùøûõï", "ớờởỡợ", strict=True)),
    "ö": dict(zip("ùøûõï", "ứừửữự", strict=True)),
}
_VNI_ALONE = {"ô": "ơ", "ö": "ư", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}


def _in_both_cases(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """With the mark in the case of the letter, and (people mixed them) a small mark after a capital."""
    known = {}
    for written, letter in pairs:
        known[written] = letter
        known[written[0].upper() + written[1:]] = letter.upper()
        known[written.upper()] = letter.upper()
    return known


_VNI = _in_both_cases(
    [
        *((base + mark, letter) for base, marks in _VNI_MARKS.items() for mark, letter in marks.items()),
        *_VNI_ALONE.items(),
    ]
)
_VNI_LETTER = re.compile("|".join(sorted(_VNI, key=len, reverse=True)))


def _bytes_as_read(page: str) -> dict[str, int]:
    """The byte behind each letter, where bytes were read by this code page; what it lacks was passed through."""
    passed = {chr(byte): byte for byte in range(0x80, 0x100)}
    return passed | {bytes([byte]).decode(page, "ignore"): byte for byte in range(0x80, 0x100)}


_MISREADINGS = tuple(_bytes_as_read(page) for page in ("cp1252", "cp1258"))
_READ_AS_1252 = {
    ord(western): vietnamese
    for byte in range(0x80, 0x100)
    if (western := bytes([byte]).decode("cp1252", "ignore"))
    and (vietnamese := bytes([byte]).decode("cp1258", "ignore"))
}
_CONVERTERS: Final[Mapping[Encoding, Callable[[str], str]]] = {
    "tcvn3": _from_tcvn3,
    "vni": _from_vni,
    "mojibake": _from_mojibake,
    "cp1258": _from_1258,
}
