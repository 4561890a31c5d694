"""One line of a document held against one printed line of a form: what stands in its places, and what stands beside.

Nothing is guessed: where a printed word occurs twice, so that it is not clear where a value ends, nothing is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from docgen.papers.frame import Place
from docgen.papers.keys import key_of
from docgen.papers.lines import Hit
from docgen.papers.spelling import alike, even, says_nothing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docgen.papers.frame import FrameLine, Part
    from docgen.papers.lines import Line

_CLOSING: Final = '.;)”"'
"""What may be missing at the end of a printed line."""
_LEAST_LETTERS: Final = 2
_OF_THE_HOUSE: Final = frozenset(key_of(each) for each in ("V/v", "về việc"))
"""What an organisation may print before the subject of a letter, whatever the layout says."""


class Beside(NamedTuple):
    """Text at the wrong side of a place: the path of the place that it is nearest to."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Fit:
    """What a line holds beside its hits."""

    values: tuple[tuple[str, str], ...] = ()
    """What stands in places that have lost their control and their bookmark."""
    beside: tuple[Beside, ...] = ()
    changed: tuple[str, ...] = ()
    """Printed text that somebody has rewritten."""


def labelled(line: FrameLine) -> bool:
    """Whether what is printed is enough to know the line by."""
    return sum(letter.isalpha() for letter in line.printed) >= _LEAST_LETTERS


def fit(frame: FrameLine, line: Line) -> Fit:
    """What a line with hits holds beside them."""
    segments, texts, paths = _gaps(frame.parts, line)
    found = [_gap(segment, even(text)) for segment, text in zip(segments, texts, strict=True)]
    values: list[tuple[str, str]] = []
    beside: list[Beside] = []
    changed: list[str] = []
    for number, gap in enumerate(found):
        values += gap.values
        changed += [gap.changed] if gap.changed else []
        before = paths[number - 1] if number else paths[0]
        after = paths[number] if number < len(paths) else paths[-1]
        beside += [Beside(before, gap.head)] if gap.head else []
        beside += [Beside(after, gap.tail)] if gap.tail else []
    return Fit(tuple(values), tuple(beside), tuple(changed))


def label_values(frame: FrameLine, text: str) -> tuple[tuple[str, str], ...] | None:
    """What stands in the places of a line without hits; None where the line is not this one, or it is not clear.

    `text` is what `even` has made of it.
    """
    return _values(frame.parts, text)


def resembles(frame: FrameLine, text: str) -> bool:
    """Whether everything that the line prints stands in the text in its order, wherever values may end.

    `text` is what `even` has made of it.
    """
    compared, at = alike(text), 0
    for part in filter(None, _by_turns(frame.parts)[0]):
        at = compared.find(part.rstrip(_CLOSING), at)
        if at < 0:
            return False
        at += len(part.rstrip(_CLOSING))
    return True


class _Gap(NamedTuple):
    values: tuple[tuple[str, str], ...] = ()
    head: str = ""
    tail: str = ""
    changed: str = ""


def _gaps(parts: Sequence[Part], line: Line) -> tuple[list[list[Part]], list[str], list[str]]:
    """The printed parts and the document's text between the places that both have, and the paths of these."""
    hits = [hit.path for hit in line.hits]
    segments: list[list[Part]] = [[]]
    common: list[str] = []
    for part in parts:
        if isinstance(part, Place) and part.path in hits[len(common) :]:
            common.append(part.path)
            segments.append([])
        else:
            segments[-1].append(part)
    texts = [""]
    waiting = list(common)
    for item in line.items:
        if isinstance(item, Hit) and waiting and item.path == waiting[0]:
            waiting.pop(0)
            texts.append("")
        elif isinstance(item, str):
            texts[-1] += item
    while len(texts) < len(segments):
        texts.append("")
    return segments, texts, common or hits


def _gap(segment: Sequence[Part], text: str) -> _Gap:
    if any(isinstance(part, Place) for part in segment):
        values = _values(tuple(segment), text)
        return _Gap(values=values) if values is not None else _Gap(changed=text)
    printed = alike("".join(part for part in segment if isinstance(part, str)))
    if alike(text) == printed or says_nothing(text) or key_of(text) in {key_of(printed), *_OF_THE_HOUSE}:
        return _Gap()
    if printed and printed not in alike(text):
        return _Gap(changed=text)
    at = alike(text).rindex(printed) if printed else 0
    told = [each.strip(" ,:;") for each in (text[:at], text[at + len(printed) :])]
    return _Gap(head="" if says_nothing(told[0]) else told[0], tail="" if says_nothing(told[1]) else told[1])


def _values(parts: tuple[Part, ...], text: str) -> tuple[tuple[str, str], ...] | None:
    """The values between the printed parts, found one after the other; None where a part is missing or not unique."""
    printed, paths = _by_turns(parts)
    compared = alike(text)
    if len(compared) != len(text) or not compared.startswith(printed[0]):
        return None
    at, values = len(printed[0]), []
    for part in printed[1:-1]:
        if not part or compared.count(part, at) != 1:
            return None
        found = compared.index(part, at)
        values.append(text[at:found])
        at = found + len(part)
    end = _end(compared, printed[-1])
    if end < at:
        return None
    values.append(text[at:end])
    return tuple((path, value.strip()) for path, value in zip(paths, values, strict=True) if path)


def _end(text: str, part: str) -> int:
    """Where the last value ends; a closing sign may be missing, any other printed part may not."""
    if text.endswith(part):
        return len(text) - len(part)
    return -1 if part.strip(_CLOSING) else len(text)


@lru_cache(maxsize=4096)
def _by_turns(parts: tuple[Part, ...]) -> tuple[list[str], list[str]]:
    """Printed text (empty between places that touch) and paths: text, path, text, path, …, text."""
    printed = [""]
    paths: list[str] = []
    for part in parts:
        if isinstance(part, Place):
            paths.append(part.path)
            printed.append("")
        else:
            printed[-1] += part
    return [alike(each) for each in printed], paths
