"""From the text that stands in a place to what the field's record takes: blanks, ticks, open dates, numbered levels."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from docgen.papers.rows import BOXES, TICKS
from docgen.papers.spelling import even, says_nothing
from docgen.papers.words import PART, blank_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docgen.papers.form import Field

_LEFT_DOTS: Final = re.compile(r"^(?:…{3}[….]*|\.{6,})\s*|\s*(?:…{3}[….]*|\.{6,})$")
"""Of a dotted line on which somebody wrote, what is left of the dots."""
_OPEN: Final = r"[\s….]*?(\d*)[\s….]*"
_OPEN_DATE: Final = re.compile(rf"ngày{_OPEN}tháng{_OPEN}năm{_OPEN}")
_NUMBERS: Final = {"I": r"[IVXLC]+", "1": r"\d+", "a": r"[a-zđ]{1,2}"}
_PART: Final = re.compile(r"Phần [IVXLC]+\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Meant:
    """A value as a record takes it (None: blank), and whether dots of the printed line were taken off."""

    value: Any
    undotted: bool = False


def line_meant(field: Field, text: str) -> Meant:
    """What a text in a place of one line says."""
    if says_nothing(text) or even(text) == even(str(blank_word(field))):
        return Meant(None)
    if field.type == "date" and (found := _OPEN_DATE.fullmatch(even(text))):
        return Meant(_open_date(*found.groups(), text=text.strip()))
    kept = _LEFT_DOTS.sub("", _LEFT_DOTS.sub("", text.strip()))
    return Meant(kept, undotted=kept != text.strip())


def _open_date(day: str, month: str, year: str, *, text: str) -> str | None:
    """A date of which something is left open, as a record takes it; a whole one stays as it is."""
    known = (bool(day), bool(month), bool(year))
    written = {(False, True, True): f"{month}/{year}", (False, False, True): year, (False, False, False): None}
    return written.get(known, text)


def paragraphs_meant(field: Field, lines: Sequence[str], opening: str) -> Meant:
    """What the lines of an answer say: a list of paragraphs, or of levels."""
    if field.type == "levels":
        return Meant(levels_meant(field, [line for line in lines if not says_nothing(line)]))
    kept: list[str] = []
    undotted = False
    for line in (_opened(line.strip(), opening) for line in lines):
        if not says_nothing(line):
            kept.append(_LEFT_DOTS.sub("", _LEFT_DOTS.sub("", line)))
            undotted = undotted or kept[-1] != line
    blank = [even(each) for each in blank_word(field)]
    return Meant(None if [even(each) for each in kept] in ([], blank) else kept, undotted)


def _opened(line: str, opening: str) -> str:
    """The line without what the form prints before each paragraph."""
    return line.removeprefix(opening.strip()).strip() if opening.strip() else line


def levels_meant(field: Field, lines: Sequence[str]) -> list[Any] | None:
    """Numbered levels as nested entries; a line without a number is an entry of the level before it.

    The number of a part stands on a line of its own, above its name.
    """
    entries: list[tuple[int, str]] = []
    named = True
    for line in map(str.strip, lines):
        depth, text = _numbered(field, line)
        if _PART.fullmatch(line):
            entries.append((1, ""))
            named = False
        elif not named:
            entries[-1] = (1, line)
            named = True
        else:
            before = entries[-1][0] if entries else 1
            entries.append((min(depth or before, before + 1 if entries else 1), text))
    nested, _ = _nested([each for each in entries if not says_nothing(each[1])], 1)
    return nested or None


def _numbered(field: Field, line: str) -> tuple[int, str]:
    """The depth that the line's number tells (0: it has none) and the text behind the number."""
    patterns = sorted(enumerate(field.numbering, start=1), key=lambda each: -len(each[1]))
    for depth, pattern in patterns:
        if pattern == PART:
            continue
        found = re.match(_number(pattern) + r"(?:\s+|$)", line)
        if found:
            return depth, line[found.end() :]
    return 0, line


def _number(pattern: str) -> str:
    """The regular expression of an entry's number, from its pattern (`I.` `1.1.` `a)` `-` `Điều 2.`)."""
    if pattern.startswith("Điều"):
        return r"Điều \d+\."
    return re.sub(r"I|1|a", lambda found: _NUMBERS[found[0]], re.escape(pattern))


def _nested(entries: Sequence[tuple[int, str]], depth: int) -> tuple[list[Any], int]:
    """The entries of this depth from the first on, with those below them; and how many were taken."""
    made: list[Any] = []
    at = 0
    while at < len(entries) and entries[at][0] >= depth:
        below, taken = _nested(entries[at + 1 :], depth + 1) if _heads(entries, at, depth) else ([], 0)
        text = entries[at][1]
        made.append({"muc": text, "con": below} if below else text)
        at += 1 + taken
    return made, at


def _heads(entries: Sequence[tuple[int, str]], at: int, depth: int) -> bool:
    return at + 1 < len(entries) and entries[at + 1][0] > depth


def ticked(text: str, beside: Sequence[str]) -> bool | None:
    """Whether a box is ticked, by what stands in it or was typed beside it; None where it is not clear."""
    signs = even(text)
    if any(set(even(each)) <= TICKS for each in beside):
        return True
    if says_nothing(signs) or set(signs) <= BOXES:
        return False
    return True if set(signs) <= TICKS | BOXES | {" "} else None
