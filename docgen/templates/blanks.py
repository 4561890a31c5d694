"""The blanks of a plain Word form, as people print them for the hand: dotted lines, dates, boxes; with their labels.

Only the text of one paragraph is looked at here; it is guesswork, and its result is a proposal that a person corrects.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from docgen.viet.names import search_key

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["text", "name", "date", "long_date", "yes_no"]

TAB = "\t"
_RUN = r"(?:[.…_·‥]{4,}|…[.…]+|_{3,}|\t+)"
_LINE = re.compile(rf"{_RUN}(?:[ ]?{_RUN})*|(?<=[\s:(])…(?!\w)")
_GAP = r"[ \t\u00a0.…_·]*"
_LONG_DATE = re.compile(rf"ngày{_GAP}tháng{_GAP}năm\s*\d{{0,4}}{_GAP}(?<![\s,;])", re.IGNORECASE)
_SHORT_DATE = re.compile(r"[.…_]+\s*/\s*[.…_]+\s*/\s*(?:19|20)?[.…_]+")
_BOX = re.compile("[☐□❏❑▢◻]")
_NUMBER = re.compile(r"^(?:\d+(?:\.\d+)*[.)]|[a-zđ]\)|[IVX]+[.-]|[-–+*•])\s*")
_ENDS = " \t:;,.-–(…_·"
_ONLY_DOTS = re.compile(r"[\s.…_·]{6,}|[\s….]*…[\s….]*")
_PLACE = re.compile(r"\s*,\s*ngày", re.IGNORECASE)


class Blank(NamedTuple):
    """A place to be filled: where it stands in the paragraph's text, its label, what it takes, its length in `…`."""

    start: int
    end: int
    label: str
    kind: Kind
    dots: int


def is_dotted_line(text: str) -> bool:
    """Whether a paragraph is nothing but a line to write on."""
    return bool(_ONLY_DOTS.fullmatch(text)) and bool(text.strip())


def label_of(text: str) -> str:
    """What a printed text calls a field: without numbers before it and signs around it."""
    stripped = text.strip(_ENDS)
    while (shorter := _NUMBER.sub("", stripped).strip(_ENDS)) != stripped:
        stripped = shorter
    return re.sub(r"\s+", " ", stripped)


def blanks(text: str) -> list[Blank]:
    """The blanks of a paragraph in their order; a line without a label is no blank, nobody knows what belongs there."""
    found = [*_dates(text), *_boxes(text)]
    taken = [(blank.start, blank.end) for blank in found]
    found += [blank for blank in _lines(text, taken) if blank.label]
    return sorted(found)


def _dates(text: str) -> Iterator[Blank]:
    for match in _LONG_DATE.finditer(text):
        if re.search(r"[.…_]", match[0]):
            before = text[: match.start()].rpartition(")")[2]
            label = label_of(before) if before.rstrip().endswith(":") else "Ngày ký"
            label = "Ngày sinh" if before.rstrip().lower().endswith("sinh") else label
            yield Blank(match.start(), match.end(), label, "long_date", 1)
    for match in _SHORT_DATE.finditer(text):
        yield Blank(match.start(), match.end(), _label_before(text, match.start()) or "Ngày", "date", 6)


def _boxes(text: str) -> Iterator[Blank]:
    """Boxes with the words behind them, up to the next box; in a line that ends in a box, the words before it."""
    boxes = list(_BOX.finditer(text))
    behind = bool(boxes) and bool(text[boxes[-1].end() :].strip(_ENDS))
    edges = [0, *(box.end() for box in boxes)] if not behind else [*(box.end() for box in boxes), len(text)]
    for number, box in enumerate(boxes):
        end = boxes[number + 1].start() if behind and number + 1 < len(boxes) else edges[number + 1]
        words = text[edges[number] : end if behind else box.start()]
        if label := label_of(words.rpartition(":")[2] if not behind else words):
            yield Blank(box.start(), box.end(), label, "yes_no", 1)


def _lines(text: str, taken: list[tuple[int, int]]) -> Iterator[Blank]:
    for match in _LINE.finditer(text):
        if any(match.start() < end and start < match.end() for start, end in taken):
            continue
        label = _label_before(text, match.start())
        if not label and _PLACE.match(text, match.end()):
            label = "Nơi ký"
        yield Blank(match.start(), match.end(), label, _kind(label), _dots(match[0]))


def _label_before(text: str, at: int) -> str:
    """The words between the blank before and this one; of several clauses the last."""
    before = text[:at]
    ends = [match.end() for match in _LINE.finditer(before)] + [match.end() for match in _SHORT_DATE.finditer(before)]
    words = before[max(ends, default=0) :].rpartition("\n")[2].rstrip(_ENDS)
    words = words.rpartition("(")[2] if words.count("(") > words.count(")") else words
    # Behind another blank its unit may stand («… đồng, phụ cấp: …»); a label of its own may hold commas.
    return label_of(re.split(r"[;,.]\s" if ends else r"[;.]\s", words)[-1])


def _kind(label: str) -> Kind:
    key = search_key(label)
    if key.startswith("ngay") or key.endswith(" ngay"):
        return "date"
    return "name" if re.match(r"(ho va ten|ho ten|ten toi la|toi ten la)\b", key) else "text"


def _dots(line: str) -> int:
    """How many `…` are as long: three full stops make one, a tab with dots is a good half of a line."""
    return max(
        1, min(200, line.count("…") + (len(line) - line.count("…") - line.count(TAB)) // 3 + 20 * line.count(TAB))
    )
