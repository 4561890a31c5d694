"""Which line of a document is which component of an official paper: title block, header columns, body, signatures.

People set the same paper in many ways (a table without borders, tabs, centred paragraphs), so components are known by
what they say and where they stand, not by styles. A component that cannot be told apart is left out, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from docgen.viet.names import unaccent
from docgen.word.layout_reading import TEXT_BOX

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from docgen.word.layout_reading import Line

MOST_HEADER_LINES = 40
LONGEST_HEADER_LINE = 120
LONGEST_SUBJECT = 8
MOST_SIGNATURES = 60
RIGHT_HALF = 60.0
"""Millimetres of left indent beyond which a line without a table stands in the right half."""

TYPES = re.compile(
    r"("
    r"NGHỊ QUYẾT|QUYẾT ĐỊNH|CHỈ THỊ|KẾT LUẬN|QUY CHẾ|QUY ĐỊNH|THÔNG TRI|HƯỚNG DẪN|THÔNG BÁO|THÔNG CÁO|"
    r"TUYÊN BỐ|LỜI KÊU GỌI|BÁO CÁO|KẾ HOẠCH|QUY HOẠCH|CHƯƠNG TRÌNH|ĐỀ ÁN|PHƯƠNG ÁN|DỰ ÁN|TỜ TRÌNH|"
    r"BIÊN BẢN|BẢN KIỂM ĐIỂM|BẢN TỰ|PHIẾU|PHỤ LỤC|DANH SÁCH|DANH MỤC|TỔNG HỢP|GIẤY MỜI|"
    r"GIẤY GIỚI THIỆU|GỢI Ý"
    r")\b"
)
POSTS = re.compile(
    r"("
    r"TỔNG BÍ THƯ|PHÓ BÍ THƯ|BÍ THƯ|PHÓ TRƯỞNG BAN|TRƯỞNG BAN|PHÓ CHỦ NHIỆM|CHỦ NHIỆM|"
    r"PHÓ CHÁNH VĂN PHÒNG|CHÁNH VĂN PHÒNG|ỦY VIÊN|UỶ VIÊN|THƯỜNG TRỰC|TỔ TRƯỞNG"
    r")\b"
)

STATE_TITLE = "CONG HOA XA HOI"
POWER = re.compile(r"(T/M|K/T|T/L|T/UQ|TUQ|[TKQ]\s?[.,/]\s?[MTL]?\.?|[TK][MTL]\.?)\s+\S")
DATED = re.compile(r"\bNGAY\b.*\bTHANG\b.*\bNAM\b|,\s*(NGAY\s*)?\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{2,4}")
NUMBERED = re.compile(r"SO\s*[:.]?\s*[\d….\s_]*\s*[-–/].*|SO\s*[:.]?\s*\d+.*")
FORM_CODE = re.compile(r"MAU\s+(SO\s+)?\d+\S*.{0,40}")
RULE = re.compile(r"[-–—_*=.\s]+")
ROMAN = re.compile(r"[IVXL]+\s*[-–.]\s*\S")
NUMBERED_PART = re.compile(r"(PHAN|CHUONG)\s+([IVXL]+|THU\s+\w+)\b.{0,80}|(MUC|DIEU)\s+\d+\b.*")
GROUNDS = re.compile(r"[-–]?\s*Căn cứ\s")
ADDRESSEE = re.compile(r"KINH\s+(GUI|TRINH)\b")
_SIGNED_BY = re.compile(
    r"NGUOI (TU |BAO CAO|GHI BIEN BAN|KIEM DIEM|LAP\b|VIET\b|KHAI\b)|"
    r"(CHU TRI|CHU TOA|THU KY)\b|\(?KY, (GHI )?RO HO TEN"
)
OWN_PAPER = re.compile(r"NGUOI (BAO CAO|LAP\b|VIET\b|KIEM DIEM|TU KIEM DIEM)")
"""How a member's own paper is signed; it carries no number (practice; forms of 2026)."""
_URGENT = frozenset({"KHAN", "THUONG KHAN", "HOA TOC"})
_SECRET = frozenset({"MAT", "TOI MAT", "TUYET MAT"})


@dataclass(frozen=True, kw_only=True)
class SigningBlock:
    """One signature: lines of power, of post, and the name (None where it is left blank)."""

    powers: tuple[Line, ...]
    posts: tuple[Line, ...]
    name: Line | None
    own: bool = False
    """Whether a member signs a paper of his or her own."""


@dataclass(frozen=True, kw_only=True)
class Components:
    """What was recognised; an empty tuple or None is what was not found."""

    national_title: Line | None
    national_title_right: bool
    ruled: bool
    parents: tuple[Line, ...]
    issuers: tuple[Line, ...]
    star: Line | None
    number: Line | None
    place_date: Line | None
    letter_subject: tuple[Line, ...]
    marks: tuple[tuple[str, Line], ...]
    type_title: Line | None
    subject: tuple[Line, ...]
    subject_rule: Line | None
    addressee: Line | None
    body: tuple[Line, ...]
    recipients_head: Line | None
    recipients: tuple[Line, ...]
    signatures: tuple[SigningBlock, ...]


def plain(text: str) -> str:
    """Capitals without diacritics: how labels are compared whatever the spelling of their tones."""
    return unaccent(text).upper()


def is_capitals(text: str) -> bool:
    """Whether it has letters and none of them is small."""
    return text.upper() == text and text.lower() != text


def recognise(lines: Sequence[Line]) -> Components:
    """The components of a document, from its lines in order."""
    shown = [line for line in lines if line.part != TEXT_BOX]
    opening = _opening(shown)
    closing = _closing(shown, opening)
    header = _Header(_stretched(shown[:opening]))
    titles = _Titles(shown[opening:closing])
    ends = _stretched(shown[closing:])
    head = next((line for line in ends if plain(line.text).startswith("NOI NHAN")), None)
    return Components(
        national_title=header.title,
        national_title_right=header.title_right,
        ruled=header.ruled,
        parents=header.parents,
        issuers=header.issuers,
        star=header.star,
        number=header.number,
        place_date=header.place_date,
        letter_subject=() if titles.type_title else header.letter_subject,
        marks=header.marks,
        type_title=titles.type_title,
        subject=titles.subject,
        subject_rule=titles.rule,
        addressee=next((line for line in shown[:closing] if ADDRESSEE.match(plain(line.text))), None),
        body=tuple(line for line in titles.rest if line.cell is None),
        recipients_head=head,
        recipients=_recipients(ends, head),
        signatures=tuple(_signatures(ends, head)),
    )


def _opening(lines: Sequence[Line]) -> int:
    """Where the header ends: at the type title, the addressee, or the first long line."""
    title = next((line for line in lines[:MOST_HEADER_LINES] if "DANG CONG SAN VIET NAM" in plain(line.text)), None)
    table = title.cell.table if title and title.cell else None
    for number, line in enumerate(lines[:MOST_HEADER_LINES]):
        if table is not None and line.cell and line.cell.table == table:
            continue
        if _is_type(line) or ADDRESSEE.match(plain(line.text)) or len(line.text) > LONGEST_HEADER_LINE:
            return number
    last = [
        number
        for number, line in enumerate(lines)
        if (line.cell and line.cell.table == table) or (number < MOST_HEADER_LINES and _is_of_header(line))
    ]
    return last[-1] + 1 if last else 0


def _is_of_header(line: Line) -> bool:
    bare = plain(line.text[:LONGEST_HEADER_LINE])
    return _is_national(bare) or _is_dated(line) or line.text == "*" or _fits(NUMBERED, line.text)


def _is_type(line: Line) -> bool:
    text = line.text
    if TYPES.fullmatch(text.upper().rstrip(":")):
        return True
    return is_capitals(text) and TYPES.match(text) is not None and "\t" not in "".join(run.text for run in line.runs)


def _closing(lines: Sequence[Line], opening: int) -> int:
    """Where the signatures begin."""
    for number, line in enumerate(lines[opening:], opening):
        if any(_opens_signature(piece.text) for piece in line.stretches()):
            return number
    return len(lines)


def _opens_signature(text: str) -> bool:
    bare = plain(text)
    if bare.startswith("NOI NHAN") or (_SIGNED_BY.match(bare) and (is_capitals(text) or text.startswith("("))):
        return True
    return is_capitals(text) and bool(POWER.match(text) or POSTS.match(text))


def _stretched(lines: Iterable[Line]) -> list[Line]:
    """The lines, those outside tables cut at their tabs; empty ones stay, they part blocks."""
    found: list[Line] = []
    for line in lines:
        found.extend([line] if line.cell else (list(line.stretches()) or [line]))
    return found


class _Header:
    """The two columns above the title."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.title = next((line for line in lines if _is_national(plain(line.text))), None)
        place = self.title.cell if self.title else None
        if place:
            self.title_right = place.column > 0
        else:
            self.title_right = self.title is not None and _stands_right(self.title)
        left = [line for line in lines if self._is_left(line)]
        lefts = set(left)
        right = [line for line in lines if line not in lefts]
        self.ruled = _is_ruled(lines, self.title)
        filled = [line for line in left if line.text and line is not self.title]
        self.marks = tuple((name, line) for line in lines if (name := _mark(line.text)))
        self.place_date = next((line for line in [*right, *left] if _is_dated(line)), None)
        self.star = next((line for line in filled if set(line.text) <= set("*∗＊ ")), None)
        self.number = next((line for line in filled if _fits(NUMBERED, line.text)), None)
        others = {self.place_date, *(line for _, line in self.marks)}
        known = self.title or self.star or self.number
        bodies = _before(filled, (self.star, self.number)) if known else []
        self.parents, self.issuers = _bodies([each for each in bodies if each not in others and not _is_rule(each)])
        after = filled[filled.index(self.number) + 1 :] if self.number else []
        self.letter_subject = tuple(line for line in after if line not in others)

    def _is_left(self, line: Line) -> bool:
        """Whether it belongs to the bodies' column: the one that the national title is not in."""
        if line.cell is None:
            return not _stands_right(line)
        if self.title is None or self.title.cell is None:
            return line.cell.column == 0
        return line.cell.column < self.title.cell.column if self.title.cell.column else line.cell.column > 0


class _Titles:
    """Type title, trích yếu and the rule below it; then the rest."""

    def __init__(self, lines: Sequence[Line]) -> None:
        filled = [line for line in lines if line.text]
        self.type_title = filled.pop(0) if filled and _is_type(filled[0]) else None
        self.subject: tuple[Line, ...] = ()
        self.rule: Line | None = None
        if self.type_title:
            self.subject = tuple(takewhile(_is_subject, filled))[:LONGEST_SUBJECT]
            filled = filled[len(self.subject) :]
            if filled and _is_rule(filled[0]):
                self.rule = filled.pop(0)
        first = lines.index(filled[0]) if filled else len(lines)
        self.rest = tuple(lines[first:])


def _bodies(lines: Sequence[Line]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Parent and issuing body: the issuer begins at the first bold line; of several that are all bold at the second."""
    bold = [number for number, line in enumerate(lines) if all(run.bold for run in line.visible)]
    cut = bold[0] if bold else max(len(lines) - 1, 0)
    if len(bold) == len(lines) > 1:
        cut = 1
    return tuple(lines[:cut]), tuple(lines[cut:])


def _is_national(bare: str) -> bool:
    return bare.startswith((STATE_TITLE, "DANG CONG SAN VIET NAM"))


def _is_dated(line: Line) -> bool:
    return len(line.text) <= LONGEST_HEADER_LINE and DATED.search(plain(line.text)) is not None


def _fits(pattern: re.Pattern[str], text: str) -> bool:
    return len(text) <= LONGEST_HEADER_LINE and pattern.fullmatch(plain(text)) is not None


def _is_rule(line: Line) -> bool:
    return RULE.fullmatch(line.text) is not None


def _is_subject(line: Line) -> bool:
    centred = line.align == "center" or (bool(line.visible) and all(run.bold for run in line.visible))
    opens = ADDRESSEE.match(plain(line.text)) or ROMAN.match(line.text) or line.text.startswith("(")
    return centred and not opens and not _is_rule(line)


def _stands_right(line: Line) -> bool:
    return line.tab > 0 or line.align == "right" or line.millimetres("left") >= RIGHT_HALF


def _is_ruled(lines: Sequence[Line], title: Line | None) -> bool:
    """Whether a line runs under the title: its border, the next paragraph's, or a drawn line beside them."""
    if title is None:
        return False
    beside = [line for line in lines if line.cell == title.cell] if title.cell else list(lines)
    here = beside.index(title) if title in beside else 0
    following = beside[here + 1 : here + 2]
    under = title.ruled or any(line.look.get("border_top") or (not line.text and line.ruled) for line in following)
    return under or any(line.drawn for line in beside)


def _mark(text: str) -> str | None:
    bare = plain(text[:LONGEST_HEADER_LINE])
    if bare in _URGENT:
        return "urgency"
    if bare in _SECRET:
        return "secrecy"
    if bare.startswith("DU THAO LAN"):
        return "draft_mark"
    return "form_code" if _fits(FORM_CODE, text) else None


def _before(lines: Sequence[Line], stops: tuple[Line | None, ...]) -> list[Line]:
    return list(takewhile(lambda line: not any(line is stop for stop in stops), lines))


def _same_place(one: Line, other: Line) -> bool:
    if one.cell and other.cell:
        return one.cell.table == other.cell.table and one.cell.column == other.cell.column
    return one.cell is None and other.cell is None


def _recipients(ends: Sequence[Line], head: Line | None) -> tuple[Line, ...]:
    if head is None:
        return ()
    after = [line for line in ends[ends.index(head) + 1 :] if _same_place(line, head) and line.text]
    return tuple(line for line in after if line.cell or line.text.startswith(("-", "–")))


def _signatures(ends: Sequence[Line], head: Line | None) -> Iterable[SigningBlock]:
    """Each signature: from its power or post to the next one in the same column."""
    starts = [line for line in ends if _opens_signature(line.text) and line is not head]
    taken: set[Line] = set()
    for start in starts[:MOST_SIGNATURES]:
        if start in taken:
            continue
        block = [start]
        for line in ends[ends.index(start) + 1 :]:
            if not _same_place(line, start) or not line.text or line.text.startswith(("-", "–")) or line is head:
                continue
            if POWER.match(line.text) and len(block) > 1 and not POWER.match(block[-1].text):
                break
            block.append(line)
        taken.update(block)
        yield _signature(block)


def _signature(block: Sequence[Line]) -> SigningBlock:
    capitals = list(takewhile(lambda line: is_capitals(line.text), block))
    cut = next((number for number, line in enumerate(capitals) if POSTS.match(line.text)), len(capitals))
    posts = tuple(takewhile(lambda line: POSTS.match(line.text), capitals[cut:]))
    powers = tuple(capitals[:cut]) if capitals and POWER.match(capitals[0].text) else ()
    after = block[cut + len(posts) :]
    names = [line for line in after if not line.text.startswith("(") and not _is_rule(line)]
    own = bool(capitals) and OWN_PAPER.match(plain(capitals[0].text)) is not None
    return SigningBlock(powers=powers, posts=posts, name=names[0] if names and (powers or posts) else None, own=own)
