"""The one policy for text that people give: what is refused, what is tidied and told, what stays exactly as it is.

Refused (`DataError`, one problem for each kind, every kind at once): control characters, lone surrogates,
non-characters, marks that turn the writing direction (they can make a name read as another one).

Tidied, and told in `Cleaned.notes`: blanks at the ends; tabs and runs of blanks inside (one blank); empty lines;
in a one-line value line ends (one blank); in a name also invisible characters, no-break blanks and Đ look-alikes.

Tidied by announcement only, because nothing can be seen of it: Unicode form NFC; CRLF, CR, U+0085, U+2028 and U+2029
part paragraphs as LF does; one line end after the last line is no empty line.

Exact: everything else. Mark-up, braces, quotes, ellipsis, emoji with their joiners, rare CJK, private use; in text (not
in names) also soft hyphens, zero-width blanks and single no-break blanks, which people and Word put in on purpose.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from docgen.errors import DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

_NO_BREAK = "\u00a0\u2007\u202f"
_BLANK = "\t \u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u202f\u205f\u3000"
_ODD_BLANKS = "".join(blank for blank in _BLANK if blank not in " " + _NO_BREAK)
_BLANKS = re.compile(f"[{_BLANK}]{{2,}}|[{_ODD_BLANKS}]")
"""Runs of blanks, and single ones that are neither the ordinary blank nor a no-break blank (which is meant)."""
_INVISIBLE = "\u00ad\u034f\u180e\u200b\u200c\u200d\u2060\ufeff"
_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_ODD_LINE_ENDS = "\r\x85\u2028\u2029"
_NO_BEGINNING = frozenset({"", " "})
_PRINTABLE_BUT_INVISIBLE = "\u034f"
"""The one character of `_INVISIBLE` that `str.isprintable` lets pass."""
_WITHOUT_INVISIBLE = str.maketrans(dict.fromkeys(_INVISIBLE))
_ORDINARY_BLANKS = str.maketrans(dict.fromkeys(_NO_BREAK, " "))
_D_LOOK_ALIKES = str.maketrans("\u00d0\u0189\u00f0\u0256", "ĐĐđđ")
_ANY_LOOK_ALIKE = re.compile("[" + "".join(map(chr, _D_LOOK_ALIKES)) + "]")

_AS_TYPED = str.maketrans(
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-")
    | dict.fromkeys(_INVISIBLE)
)
_ANY_NOT_AS_TYPED = re.compile("[" + "".join(map(chr, _AS_TYPED)) + "]")
"""Translating a text costs ten times as much as finding that there is nothing to translate."""

_REFUSED = (
    ("text-control-character", "ký tự điều khiển", "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"),
    ("text-lone-surrogate", "nửa ký tự bị hỏng", "\ud800-\udfff"),
    (
        "text-noncharacter",
        "mã không phải là ký tự",
        "\ufdd0-\ufdef" + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF)),
    ),
    ("text-direction-mark", "dấu ẩn đổi chiều chữ", "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"),
)
_REFUSED_PATTERNS = tuple((code, kind, re.compile(f"[{characters}]")) for code, kind, characters in _REFUSED)
_ANY_REFUSED = re.compile("[" + "".join(characters for _, _, characters in _REFUSED) + "]")
_CODE_POINTS_TOLD = 8
_PLACES_TOLD = 3

TRIMMED = "Đã bỏ khoảng trắng ở đầu hoặc cuối."
ONE_BLANK = "Đã thay dấu tab hoặc nhiều khoảng trắng liền nhau bằng một khoảng trắng."
EMPTY_LINES = "Đã bỏ các dòng trống."
ONE_LINE = "Đã nối các dòng thành một dòng, thay chỗ xuống dòng bằng một khoảng trắng."
NOTHING_VISIBLE = "Chỉ có khoảng trắng hoặc ký tự không nhìn thấy nên được coi là để trống."
INVISIBLE = "Đã bỏ ký tự không nhìn thấy."
NO_BREAK = "Đã thay khoảng trắng không ngắt dòng bằng khoảng trắng thường."
LOOK_ALIKES = "Đã thay ký tự chỉ giống chữ Đ bằng chữ Đ."


class Cleaned(NamedTuple):
    """Text ready for a paper: its paragraphs, the same joined by LF, and Vietnamese sentences on what was changed."""

    text: str
    lines: tuple[str, ...]
    notes: tuple[str, ...]


def nfc(text: str) -> str:
    """The text in Unicode form NFC, in which one Vietnamese letter is one code point."""
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def typed(value: str) -> str:
    """A short value (date, number, quarter) in plain characters, for reading only.

    NFC, full-width forms as ASCII, every dash and minus as `-`, nothing invisible, single blanks, none at the ends.
    """
    plain = value.translate(_AS_TYPED) if _ANY_NOT_AS_TYPED.search(value) else value
    return " ".join(nfc(plain).split())


def clean_paragraphs(raw: str) -> Cleaned:
    """Text of any number of paragraphs, one for each line that shows something.

    Raises:
        DataError: characters that no paper may hold (codes `text-…`), all at once.
    """
    return _tidy(raw, one_line=False)


def clean_line(raw: str) -> Cleaned:
    """Text of one line; line ends inside become one blank, and that is told.

    Raises:
        DataError: characters that no paper may hold (codes `text-…`), all at once.
    """
    return _tidy(raw, one_line=True)


def clean_name(raw: str) -> Cleaned:
    """The name of a person or a body: one line, nothing invisible in it, true Đ; capitals and accents stay as given.

    Raises:
        DataError: characters that no paper may hold (codes `text-…`), all at once.
    """
    if _stands(raw, (raw,)) and _ANY_LOOK_ALIKE.search(raw) is None:
        return Cleaned(raw, (raw,), ())
    _refuse(raw)
    composed = nfc(raw)
    visible = composed.translate(_WITHOUT_INVISIBLE)
    blanks = visible.translate(_ORDINARY_BLANKS)
    spelled = true_d(blanks)
    cleaned = _tidy(spelled, one_line=True)
    if not cleaned.text:
        return _nothing(raw)
    changes = ((INVISIBLE, visible != composed), (NO_BREAK, blanks != visible), (LOOK_ALIKES, spelled != blanks))
    return Cleaned(cleaned.text, cleaned.lines, (*_told(changes), *cleaned.notes))


def true_d(text: str) -> str:
    """U+00D0 and U+0189, which look like Đ (U+0110) and come from old keyboards, as Đ; their small forms as đ."""
    return text.translate(_D_LOOK_ALIKES) if _ANY_LOOK_ALIKE.search(text) else text


def _stands(raw: str, lines: Sequence[str]) -> bool:
    """Whether nothing in the text is refused or tidied. It is asked first: most text is so, and asking costs little.

    What is printable holds no character that is refused and no blank but the ordinary one. A subclass of `str` does not
    stand: what comes out is plain text.
    """
    if type(raw) is not str or "  " in raw or _PRINTABLE_BUT_INVISIBLE in raw:
        return False
    for line in lines:
        if not line.isprintable() or line[:1] in _NO_BEGINNING or line[-1] == " ":
            return False
    return unicodedata.is_normalized("NFC", raw)


def _tidy(raw: str, *, one_line: bool) -> Cleaned:
    lines = [raw] if one_line else raw.split("\n")
    if _stands(raw, lines):
        return Cleaned(raw, tuple(lines), ())
    _refuse(raw)
    given = _lines(nfc(raw))
    if len(given) > 1 and not given[-1]:
        given.pop()
    shown = [line for line in given if line.strip(_BLANK + _INVISIBLE)]
    if not shown:
        return _nothing(raw)
    trimmed = [line.strip(_BLANK) for line in shown]
    lines = [line if line.isprintable() and "  " not in line else _BLANKS.sub(" ", line) for line in trimmed]
    changes = (
        (EMPTY_LINES, len(shown) < len(given)),
        (TRIMMED, trimmed != shown),
        (ONE_BLANK, lines != trimmed),
        (ONE_LINE, one_line and len(lines) > 1),
    )
    if one_line:
        lines = [" ".join(lines)]
    return Cleaned("\n".join(lines), tuple(lines), _told(changes))


def _lines(text: str) -> list[str]:
    return _LINE_END.split(text) if any(end in text for end in _ODD_LINE_ENDS) else str.split(text, "\n")


def _told(changes: tuple[tuple[str, bool], ...]) -> tuple[str, ...]:
    return tuple(note for note, changed in changes if changed)


def _nothing(raw: str) -> Cleaned:
    return Cleaned("", (), (NOTHING_VISIBLE,) if raw else ())


def _refuse(raw: str) -> None:
    if raw.replace("\n", "").isprintable() or _ANY_REFUSED.search(raw) is None:
        return  # printable text holds nothing that is refused, and asking is ten times cheaper than searching
    raise DataError(
        [
            Problem(
                code=code,
                what=f"Có {kind}: {_places(raw, found)}.",
                cure="Hãy xoá các ký tự này rồi gõ lại chỗ đó (thường do sao chép từ nơi khác).",
            )
            for code, kind, pattern in _REFUSED_PATTERNS
            if (found := list(dict.fromkeys(pattern.findall(raw))))
        ]
    )


def _places(raw: str, found: list[str]) -> str:
    """Code points with their first places, counted from 1 in the text as given; of many code points the first ones."""
    told = []
    for character in found[:_CODE_POINTS_TOLD]:
        places = [match.start() + 1 for match in islice(re.finditer(re.escape(character), raw), _PLACES_TOLD)]
        others = raw.count(character) - len(places)
        more = f" và {others} chỗ khác" if others else ""
        told.append(f"U+{ord(character):04X} (ký tự thứ {', '.join(map(str, places))}{more})")
    if len(found) > _CODE_POINTS_TOLD:
        told.append(f"và {len(found) - _CODE_POINTS_TOLD} mã khác")
    return ", ".join(told)
