"""A document's running text laid beside the lines of its form: what each place holds, and what stands outside of all.

Each line is one of three: it has places (a control or a bookmark tells), it is printed text of the form, or somebody
has written it there. What somebody wrote belongs to the answer between whose label and next printed line it stands.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from docgen.papers.fitting import fit, label_values, labelled, resembles
from docgen.papers.spelling import alike, even, says_nothing
from docgen.papers.strays import Stray, shared

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from docgen.papers.frame import FrameLine
    from docgen.papers.lines import Hit, How, Line

_LIKE: Final = 0.75
"""How much of two lines must be the same for one to be the other, rewritten."""
_COMPARED: Final = 400
"""Letters of a line that are compared; longer ones are answers."""
_MOST_COMPARED: Final = 2_000
"""How often lines of one document are compared letter by letter."""


@dataclass(slots=True)
class Filled:
    """What stands in one place: a line for each paragraph."""

    path: str
    how: How
    key: str
    texts: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    """What stands beside the place on the same line, or around its paragraphs."""
    placeholder: bool = False
    checked: bool | None = None
    row: int | None = None

    @property
    def text(self) -> str:
        """All lines of it; what an empty control shows to its reader is no text."""
        return "" if self.placeholder else "\n".join(self.texts)


@dataclass(frozen=True, slots=True)
class Outside:
    """Text that stands in no place; `path` is the place that comes before it."""

    path: str
    text: str
    changed: bool = False
    """Whether it is printed text that somebody has rewritten."""


class Alignment:
    """What a document holds, line by line as it is read."""

    def __init__(self, frame: Sequence[FrameLine]) -> None:
        self.frame = frame
        self.filled: list[Filled] = []
        self.outside: list[Outside] = []
        self.seen: set[int] = set()
        """The frame's lines that were found."""
        self._keys: dict[tuple[str, str], Filled] = {}
        self._at = -1
        self.unclear: set[str] = set()
        """Places to which text may belong that is told as standing outside of all."""
        self._waiting: list[Stray] = []
        self._last_path = ""
        self._to_compare = _MOST_COMPARED
        self._by_text: dict[str, list[int]] = defaultdict(list)
        self._by_path: dict[str, list[int]] = defaultdict(list)
        for number, line in enumerate(frame):
            if not line.places:
                self._by_text[alike(line.printed).casefold()].append(number)
            for path in line.places:
                self._by_path[path].append(number)
        known = [number for number, line in enumerate(frame) if not line.block and labelled(line)]
        self._labelled = [number for number in known if frame[number].places]
        """Lines with places that are known by what is printed on them."""
        self._printed = {
            number: alike(frame[number].printed)[:_COMPARED].casefold() for number in known if not frame[number].places
        }
        """Lines that are nothing but printed text."""

    def read(self, lines: Sequence[Line]) -> None:
        """Take in the lines in the order of the document."""
        for line, limit in zip(lines, self._limits(lines), strict=True):
            if line.hits:
                self._hit_line(line)
            elif not says_nothing(line.text):
                self._plain_line(line, limit)
        self._settle(len(self.frame))

    def _limits(self, lines: Sequence[Line]) -> list[int]:
        """For each line, the number of the next line of the form that is surely there further on."""
        limits = []
        limit = len(self.frame)
        for line in reversed(lines):
            limits.append(limit)
            sure = {number for hit in line.hits for number in self._by_path.get(hit.path, ())}
            if not line.hits:
                sure = set(self._by_text.get(alike(line.text).casefold(), ()))
            limit = sure.pop() if len(sure) == 1 else limit
        return limits[::-1]

    def _hit_line(self, line: Line) -> None:
        first = line.hits[0]
        if first.block and first.how == "bookmark" and alike(line.text).casefold() in self._by_text:
            return  # a printed line that was copied into an answer
        if first.block:
            self._move(self._nearest(self._by_path.get(first.path, [])))
            self._put(first, line.text)
            return
        numbers = [number for hit in line.hits for number in self._by_path.get(hit.path, ())]
        self._move(self._nearest(self._fullest(numbers)))
        beside: dict[str, list[str]] = defaultdict(list)
        if numbers:
            told = fit(self.frame[self._at], line)
            for path, text in told.values:
                self._label(path, text)
            for path, text in told.beside:
                beside[path].append(text)
            self.outside += [Outside(first.path, text, changed=True) for text in told.changed]
        for hit in line.hits:
            self._put(hit, hit.text).beside += beside.pop(hit.path, [])

    def _plain_line(self, line: Line, limit: int) -> None:
        given = even(line.text)
        printed = self._by_text.get(alike(line.text).casefold())
        if printed:
            self._move(self._nearest(printed))
            return
        ahead = [number for number in self._labelled if self._loop_start() <= number < self._until(limit)]
        fitting = {
            number: values for number in ahead if (values := label_values(self.frame[number], given)) is not None
        }
        if fitting:
            longest = max(len(self.frame[number].printed) for number in fitting)
            self._move(self._nearest([number for number in fitting if len(self.frame[number].printed) == longest]))
            for path, value in fitting[self._at]:
                self._label(path, value)
        elif unclear := [number for number in ahead if resembles(self.frame[number], given)]:
            self.unclear |= {path for number in unclear for path in self.frame[number].places}
            self.outside.append(Outside(self._last_path, line.text))
        else:
            self._waiting.append(Stray(line.text, line.cell.column if line.cell else None))

    def _loop_start(self) -> int:
        """Where a line may stand at the earliest: behind the last one, in a loop at the loop's first."""
        if self._at < 0 or not self.frame[self._at].loop:
            return self._at + 1
        at = self._at
        while at > 0 and self.frame[at - 1].loop:
            at -= 1
        return at

    def _until(self, limit: int) -> int:
        """A line that was moved to an earlier place is no limit."""
        return limit if limit > self._at else len(self.frame)

    def _fullest(self, numbers: Sequence[int]) -> list[int]:
        """Of the frame's lines, those that bear most of the places."""
        counts = Counter(numbers)
        most = max(counts.values(), default=0)
        return [number for number, count in counts.items() if count == most]

    def _nearest(self, numbers: Sequence[int]) -> int | None:
        """The next one from here on; else the last one before."""
        here = self._at if self._at >= 0 and self.frame[self._at].loop else self._at + 1
        ahead = [number for number in numbers if number >= here or number == self._at]
        return min(ahead, default=max(numbers, default=None))

    def _move(self, number: int | None) -> None:
        if number is None:
            return
        self._settle(number)
        self._at = number
        self.seen.add(number)
        places = self.frame[number].places
        self._last_path = places[-1] if places else self._last_path

    def _put(self, hit: Hit, text: str) -> Filled:
        known = self._keys.get((hit.path, hit.key))
        if known is None:
            known = Filled(hit.path, hit.how, hit.key, placeholder=hit.placeholder, checked=hit.checked, row=hit.row)
            self._keys[hit.path, hit.key] = known
            self.filled.append(known)
        known.texts.append(text)
        return known

    def _label(self, path: str, text: str) -> None:
        self.filled.append(Filled(path, "label", f"label {len(self.filled)}", [text]))

    def _settle(self, following: int) -> None:
        """Find out to what the lines belong that were written between the last printed line and this one.

        Printed text that somebody has rewritten still parts what stands before it from what stands behind it.
        """
        waiting, self._waiting = self._waiting, []
        written: list[Stray] = []
        for each in waiting:
            number = self._rewritten(each.text, range(self._at + 1, max(following, self._at + 1)))
            if number is None:
                written.append(each)
                continue
            self._share(written, number)
            written = []
            self._at = number
            self.outside.append(Outside(self._last_path, each.text, changed=True))
        self._share(written, following)

    def _share(self, written: Sequence[Stray], following: int) -> None:
        """Give lines that nobody printed to the places between here and there."""
        if not written:
            return
        between = range(self._at + 1, max(following, self._at + 1))
        begun, begins = self._block_at(self._at), self._block_at(following) if following == self._at + 1 else ""
        if begun or begins:
            column = self.frame[self._at if begun else following].column
            own = [each.text for each in written if each.column == column]
            written = [each for each in written if each.column != column]
            self._join(begun or begins, own)
        places = self._places_left(between)
        told = shared(places, written)
        for share in told.shares:
            if share.block:
                self._join(share.path, share.texts)
            else:
                self._label(share.path, share.texts[0])
        self.unclear |= told.unclear
        if told.left:
            rows = range(self._loop_start(), max(following, self._at + 1))
            self.unclear |= {path for number in rows if self.frame[number].loop for path in self.frame[number].places}
        self.outside += [Outside(self._last_path, text) for text in told.left]

    def _places_left(self, between: Iterable[int]) -> list[FrameLine]:
        """The places without printed words of their own; not those of a part whose printed lines are not there."""
        left = [number for number in between if number not in self.seen]
        absent = {self.frame[number].needs for number in left if number in self._printed or number in self._labelled}
        absent.discard(())
        return [
            self.frame[number]
            for number in left
            if self.frame[number].places and number not in self._labelled and self.frame[number].needs not in absent
        ]

    def _rewritten(self, text: str, between: Iterable[int]) -> int | None:
        """The printed line of the form that somebody has changed into this one, if there is one."""
        if len(text) > _COMPARED:
            return None
        given = alike(text).casefold()
        for number in between:
            if number in self.seen or number not in self._printed or not self._to_compare:
                continue
            self._to_compare -= 1
            if SequenceMatcher(None, self._printed[number], given, autojunk=False).ratio() > _LIKE:
                self.seen.add(number)
                return number
        return None

    def _block_at(self, number: int) -> str:
        return self.frame[number].block if 0 <= number < len(self.frame) else ""

    def _join(self, path: str, texts: Sequence[str]) -> None:
        """Lines that stand with an answer but outside of its control, or before it: then they begin it."""
        if not texts:
            return
        known = next((each for each in reversed(self.filled) if each.path == path), None)
        if known is None:
            known = Filled(path, "label", "label")
            self._keys[path, "label"] = known
            self.filled.append(known)
        known.beside += texts
