"""A part of a template as constants and tags, compiled once and rendered many times.

Each tag carries a line end of its own inside its braces, so that the line numbers which Jinja keeps for its errors tell
which tag failed, and with it the paragraph; the text between the tags is not touched.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from docgen.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import TracebackType

    from docgen.word.language import Language
    from docgen.word.lint import Place

MOST_CHARACTERS = 40_000_000
"""Longest text of one part of one document."""

MOST_SWOLLEN = 8_000_000
"""Longest text of one part, in characters, when each of its loops has `_ROWS_TRIED` rows."""
_ROWS_TRIED = 3
_AT_ONCE = 32  # pieces between two looks at the size
_TAG_BEGINS = frozenset({"variable_begin", "block_begin"})
_TAG_ENDS = frozenset({"variable_end", "block_end"})
_COMMENT = frozenset({"comment_begin", "comment", "comment_end"})
_WORD = re.compile(r"\s*(\w*)")


class Mark(NamedTuple):
    """One tag of a source that docxtpl has patched: its braces and what stands between them."""

    begin: str
    inner: str
    end: str

    @property
    def word(self) -> str:
        """The first word of a block tag, `""` for a value."""
        found = _WORD.match(self.inner)
        return found[1] if found and self.begin == "{%" else ""

    def __str__(self) -> str:
        return f"{self.begin}{self.inner}{self.end}"


class Cut(NamedTuple):
    """A source cut at its tags: one constant more than tags."""

    constants: tuple[str, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Woven:
    """A source ready to be compiled, with the line and the place of each of its tags; plain data, so it pickles."""

    part: str
    source: str
    lines: tuple[int, ...]
    places: tuple[Place | None, ...]
    tokens: frozenset[int]
    filled: frozenset[int]


def cut(source: str, language: Language) -> Cut:
    """The source cut at its tags as Jinja itself reads it; comments vanish.

    Raises:
        jinja2.TemplateSyntaxError: the source is not readable.
    """
    constants, marks = [""], []
    pieces: list[str] = []
    for _, kind, text in language.lex(source):
        if kind == "data":
            constants[-1] += text
        elif kind in _TAG_BEGINS:
            pieces = [text, ""]
        elif kind in _TAG_ENDS:
            marks.append(Mark(pieces[0], pieces[1], text))
            constants.append("")
        elif kind not in _COMMENT:
            pieces[1] += text
    return Cut(tuple(constants), tuple(marks))


def swollen(parted: Cut) -> int:
    """How many characters a part has when each of its loops runs three times: loops within loops multiply."""
    size, times = 0, 1
    for constant, mark in zip(parted.constants, parted.marks, strict=False):
        size += len(constant) * times
        times = times * _ROWS_TRIED if mark.word == "for" else times // _ROWS_TRIED if mark.word == "endfor" else times
    return size + len(parted.constants[-1])


def weave(
    part: str, cut_: Cut, places: Sequence[Place | None], *, tokens: Iterable[int] = (), filled: Iterable[int] = ()
) -> Woven:
    """The source put together again, one line end inside each tag; `tokens` and `filled` are numbers of tags."""
    pieces: list[str] = []
    lines: list[int] = []
    line = 1
    for constant, mark in zip(cut_.constants, cut_.marks, strict=False):
        line += constant.count("\n")
        inner = mark.inner.replace("\n", " ")
        pieces += (constant, mark.begin, inner, "\n", mark.end)
        lines.append(line)
        line += 1
    last = cut_.constants[-1]
    source = "".join((*pieces, last, "\n" if last.endswith("\n") else ""))  # Jinja drops the last line end
    guarded = (frozenset(lines[number] for number in numbers) for numbers in (tokens, filled))
    return Woven(part, source, tuple(lines), tuple(places), *guarded)


class Program:
    """A woven source compiled; safe to share between threads, since every render has its own context."""

    __slots__ = ("_encoded", "_lines", "_places", "_root", "_template", "part")

    def __init__(self, woven: Woven, language: Language) -> None:
        self.part = woven.part
        self._lines, self._places = woven.lines, woven.places
        self._template = language.template(woven.source, woven.tokens, woven.filled, filename=woven.part)
        self._root = self._template.root_render_func
        self._encoded = {constant: constant.encode() for constant in cut(woven.source, language).constants}

    def text(self, words: dict[str, object]) -> str:
        """The source with these words in it.

        Raises:
            DataError: a word of a kind that cannot stand where it is put, or a result beyond all measure (no place).
            jinja2.UndefinedError: a word is missing; the message is its name.
        """
        return "".join(self._pieces(words))

    def content(self, words: dict[str, object]) -> bytes:
        """As `text`, in UTF-8; constants are encoded once and for all."""
        known = self._encoded.get
        return b"".join([known(piece) or piece.encode() for piece in self._pieces(words)])

    def _pieces(self, words: dict[str, object]) -> list[str]:
        written = self._root(self._template.new_context(words, shared=True))
        pieces: list[str] = []
        size = 0
        while some := list(islice(written, _AT_ONCE)):
            pieces += some
            size += sum(map(len, some))
            if size > MOST_CHARACTERS:
                what = f"Văn bản tạo ra dài quá {MOST_CHARACTERS} ký tự."
                raise DataError.of("words-too-many", what, "Hãy chia thành nhiều văn bản.")
        return pieces

    def place(self, traceback: TracebackType | None) -> Place | None:
        """The place of the tag in which an error arose, where it arose in this program."""
        found = None
        while traceback:
            if traceback.tb_frame.f_code.co_filename == self.part:
                line = self._template.get_corresponding_lineno(traceback.tb_lineno)
                number = bisect_right(self._lines, line) - 1
                found = self._places[number] if number >= 0 else None
            traceback = traceback.tb_next
        return found


@dataclass(frozen=True, slots=True)
class TextPart:
    """A part in gear TEXT: what its tags write is already as lxml would serialise it."""

    woven: Woven
    empties: tuple[tuple[str, str], ...]
    """How an element that was left empty is written (`<w:t></w:t>`), and how lxml writes it (`<w:t/>`)."""


class TextGear:
    """The fastest gear: escaped values between constants, no parsing."""

    def __init__(self, parts: Sequence[TextPart], language: Language) -> None:
        self.programs = tuple(Program(part.woven, language) for part in parts)
        self._empties = tuple([(empty.encode(), short.encode()) for empty, short in part.empties] for part in parts)

    def contents(self, words: dict[str, object]) -> dict[str, bytes]:
        """The bytes of each part that has tags."""
        made = {}
        for program, empties in zip(self.programs, self._empties, strict=True):
            content = program.content(words)
            for empty, short in empties:
                content = content.replace(empty, short)
            made[program.part] = content
        return made
