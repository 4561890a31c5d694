"""Lines without control and bookmark, shared out among the places that the form has between two printed lines.

Only what is clear is shared out: one place takes all, as many single lines as places take one each, and an answer whose
paragraphs are opened by a dash is told from one whose are not. Everything else is told and read into no place.
"""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import TYPE_CHECKING, NamedTuple

from docgen.papers.fitting import label_values
from docgen.papers.spelling import even

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docgen.papers.frame import FrameLine


class Stray(NamedTuple):
    """A line of the document and the column of the cell in which it stands, if it stands in one."""

    text: str
    column: int | None


class Share(NamedTuple):
    """What a place takes: lines of an answer, or the one value of a place on a line."""

    path: str
    texts: tuple[str, ...]
    block: bool


class Shared(NamedTuple):
    """How lines were shared out; what is left, and the places that it may belong to."""

    shares: tuple[Share, ...]
    left: tuple[str, ...]
    unclear: frozenset[str]


def shared(places: Sequence[FrameLine], strays: Sequence[Stray]) -> Shared:
    """Share lines out among places, both in order; a line in a cell belongs to a place in a cell of its column."""
    waiting = [list(group) for _, group in groupby(places, key=lambda each: each.column)]
    shares: list[Share] = []
    left: list[str] = []
    unclear: set[str] = set()
    for column, group in groupby(strays, key=lambda each: each.column):
        texts = [each.text for each in group]
        own = next((each for each in waiting if each[0].column == column), [])
        if own:
            del waiting[: waiting.index(own) + 1]
        found = list(_among(own, texts)) if own else []
        if not found or None in found:
            left += texts
            unclear |= {path for each in own for path in each.places}
        shares += [each for each in found if each and None not in found]
    return Shared(tuple(shares), tuple(left), frozenset(unclear))


def _among(places: Sequence[FrameLine], texts: Sequence[str]) -> Iterator[Share | None]:
    """The shares of the places of one cell; None where it is not clear."""
    if len(places) == 1 and places[0].block:
        yield Share(places[0].block, tuple(texts), block=True)
    elif not any(each.block for each in places):
        yield from _one_each(places, texts)
    elif all(each.block for each in places):
        yield from _by_opening(places, texts)
    else:
        yield None


def _one_each(places: Sequence[FrameLine], texts: Sequence[str]) -> Iterator[Share | None]:
    if len(places) != len(texts):
        yield None
        return
    for place, text in zip(places, texts, strict=True):
        values = label_values(place, even(text))
        if values is None:
            yield None
        for path, value in values or ():
            yield Share(path, (value,), block=False)


def _by_opening(places: Sequence[FrameLine], texts: Sequence[str]) -> Iterator[Share | None]:
    """Answers one after the other, of which no two neighbours begin their paragraphs in the same way."""
    openings = [place.opening.strip() for place in places]
    if any(bool(one) == bool(other) for one, other in pairwise(openings)):
        yield None
        return
    mark = next(filter(None, openings))
    runs = [(opened, tuple(run)) for opened, run in groupby(texts, key=lambda text: text.strip().startswith(mark))]
    at = 0
    for opened, run in runs:
        while at < len(places) and bool(openings[at]) != opened:
            at += 1
        if at == len(places):
            yield None
            return
        yield Share(places[at].block, run, block=True)
        at += 1
