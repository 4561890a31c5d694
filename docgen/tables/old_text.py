"""Columns whose text is older than Unicode, or was spoilt on the way: found, told, and converted only when asked for.

Judged per column (`docgen.viet.legacy`): the font first, then the letters. In a column that holds Unicode and old text
side by side, or where every word could be either, a doubtful text is never converted and makes its row faulty. Without
`convert` every row with old text is faulty, and the column is told once with a sample written both ways.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal, get_args

from docgen.errors import Problem, shown
from docgen.tables.cells import column_letters
from docgen.viet.legacy import NAMES, NEVER_VIETNAMESE, Guess, is_unicode, recognise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

    from docgen.tables.cells import Cell, Grid

Convert = Literal["tcvn3", "vni", "auto"]
CONVERSIONS: tuple[Convert, ...] = get_args(Convert)

_GONE, _ASKING, _HASH = "\ufffd", "?", "#"
_FIRST_OF_GONE = _GONE.encode()[:1]
_OLD_LETTERS = tuple(
    re.compile(re.escape(lead) + b"[" + re.escape(b"".join(sorted(follow))) + b"]")
    for lead, follow in (
        (lead, {letter.encode()[1:] for letter in NEVER_VIETNAMESE if letter.encode().startswith(lead)})
        for lead in (b"\xc2", b"\xc3")
    )
)
_ERROR_WORD = re.compile(r"\s*#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)\s*")
_LOST_LETTER = re.compile(r"[^\W\d_]\?[^\W\d_]")
_ENOUGH_LOST = 2


@dataclass(frozen=True, slots=True)
class Mended:
    """A grid after conversion; what is wrong with single cells; what its owner should know."""

    grid: Grid
    faults: dict[tuple[int, int], Problem]
    notes: tuple[Problem, ...]


def suspects(texts: bytes) -> set[str]:
    """The letters in these texts (as UTF-8) that old or lost text may have left; fast, because most have none."""
    found = {sign for sign in (_ASKING, _HASH) if sign.encode() in texts}
    if _FIRST_OF_GONE in texts and _GONE.encode() in texts:
        found.add(_GONE)
    return found.union(*({letter.decode() for letter in set(pattern.findall(texts))} for pattern in _OLD_LETTERS))


def mended(grid: Grid, convert: Convert | None, heading_row: int | None) -> Mended:
    """The grid with old text converted, as far as `convert` asks for it.

    `tcvn3` and `vni` convert the columns in which that encoding was recognised; `auto` converts every column by what
    was recognised in it. Rows above the headings are left alone; a heading is judged by its own words, because lists
    with Unicode headings and old text under them are common. Without `heading_row` every row counts.
    """
    signs = _signs(grid)
    if not signs and not grid.facts.fonts:
        return Mended(grid, {}, ())
    first = 0 if heading_row is None else heading_row + 1
    texts = _Texts(grid.rows[first:])
    rows: list[Sequence[Cell]] = list(grid.rows)
    faults = _spoilt(rows, [column for column, some in signs.items() if some & {_GONE, _HASH}])
    notes = [note.at(sheet=grid.sheet) for note in _lost(texts, [c for c, some in signs.items() if _ASKING in some])]
    for column, guess in _guesses(texts, signs, grid.facts.fonts).items():
        one = _Column(guess, texts.of(column), convert)
        if heading_row is not None:
            _put(rows, heading_row, column, one.heading(_cell(rows[heading_row], column)))
        for index in range(first, len(rows)):
            cell = _cell(rows[index], column)
            if type(cell) is str and not cell.isascii():
                one.take(cell)
                if one.problem:
                    faults[index, column] = one.problem.at(column=column_letters(column))
                _put(rows, index, column, one.text)
        if note := one.note():
            notes.append(note.at(sheet=grid.sheet, column=column_letters(column)))
    return Mended(replace(grid, rows=rows), faults, tuple(notes))


def _signs(grid: Grid) -> dict[int, Set[str]]:
    """The columns in which something must be looked at, and the letters that say so."""
    known = grid.suspects
    if known is None:
        columns = zip_longest(*grid.rows)
        texts = ("\n".join([cell for cell in column if type(cell) is str]) for column in columns)
        known = {index: suspects(some.encode()) for index, some in enumerate(texts)}
    return {column: some for column, some in known.items() if some}


def _cell(row: Sequence[Cell], column: int) -> Cell:
    return row[column] if column < len(row) else None


def _put(rows: list[Sequence[Cell]], index: int, column: int, cell: Cell) -> None:
    if _cell(rows[index], column) != cell:
        rows[index] = [*rows[index][:column], cell, *rows[index][column + 1 :]]


class _Texts:
    """The different texts of each column in which old letters, or lost ones, can stand; found when asked for."""

    def __init__(self, rows: Sequence[Sequence[Cell]]) -> None:
        self._rows = rows
        self._found: dict[int, set[str]] = {}
        self.width = max((len(row) for row in rows), default=0)

    def of(self, column: int) -> set[str]:
        """Those of one column."""
        if column not in self._found:
            self._found[column] = {
                cell
                for row in self._rows
                if column < len(row) and type(cell := row[column]) is str and (not cell.isascii() or _ASKING in cell)
            }
        return self._found[column]


def _guesses(texts: _Texts, signs: Mapping[int, Set[str]], fonts: Mapping[int, str]) -> dict[int, Guess]:
    """What each column is written in; one that alone proves too little is judged with the others' encoding in mind."""
    asked = sorted(fonts.keys() | {column for column, some in signs.items() if not NEVER_VIETNAMESE.isdisjoint(some)})
    found = {column: guess for column in asked if (guess := recognise(texts.of(column), fonts.get(column)))}
    sure = {guess.encoding for guess in found.values()}
    if len(sure) == 1:
        encoding = next(iter(sure))
        columns = range(texts.width)
        nothing_new = not any(is_unicode(text) for column in columns for text in texts.of(column))
        for column in columns:
            guess = found.get(column) or recognise(texts.of(column), expected=encoding)
            if guess or nothing_new:
                found[column] = guess or Guess(encoding, frozenset())
    return dict(sorted(found.items()))


class _Column:
    """One column in an old encoding: what becomes of each of its texts."""

    def __init__(self, guess: Guess, texts: set[str], convert: Convert | None) -> None:
        self.text = ""
        self.problem: Problem | None = None
        self._guess = guess
        self._converting = convert in {guess.encoding, "auto"}
        self._uncertain = not guess.words or any(is_unicode(text) for text in texts)
        self._converted = 0
        self._sample: tuple[str, str] | None = None

    def heading(self, cell: Cell) -> Cell:
        """What becomes of the heading: it is converted where its own words say so, and conversion is asked for."""
        if self._converting and isinstance(cell, str) and recognise([cell], expected=self._guess.encoding):
            return self._guess.convert(cell)
        return cell

    def take(self, cell: str) -> None:
        """One text: afterwards `text` is what it becomes, or `problem` is why it cannot be used."""
        self.text, self.problem = cell, None
        doubtful = self._guess.doubts(cell)
        if not doubtful and not self._guess.marks(cell):
            return
        unicode = self._guess.convert(cell)
        self._sample = self._sample or (cell, unicode)
        if doubtful and self._uncertain:
            what = f"Không rõ {shown(cell)} là chữ Unicode hay là {shown(unicode)} viết bằng {self._name}."
            self.problem = Problem(code="legacy-doubtful", what=what, cure="Gõ lại ô này bằng Unicode.")
        elif self._converting:
            self.text = unicode
            self._converted += 1
        else:
            what = f"{shown(cell)} viết bằng {self._name}, đọc là {shown(unicode)}."
            self.problem = Problem(code="legacy-encoding", what=what, cure=self._cure)

    def note(self) -> Problem | None:
        """The column told once, with a sample."""
        if self._sample is None:
            return None
        before, after = map(shown, self._sample)
        if self._converted:
            what = f"Đã chuyển {self._converted} ô từ {self._name} sang Unicode, ví dụ {before} thành {after}."
            return Problem(code="legacy-converted", what=what, cure="Xem lại kết quả.", severity="warning")
        what = f"Cột có chữ viết bằng {self._name}, ví dụ {before} đọc là {after}."
        return Problem(code="legacy-encoding", what=what, cure=self._cure, severity="warning")

    @property
    def _name(self) -> str:
        return NAMES[self._guess.encoding]

    @property
    def _cure(self) -> str:
        option = self._guess.encoding if self._guess.encoding in CONVERSIONS else "auto"
        return f"Thêm lựa chọn --convert {option} để chuyển sang Unicode, hoặc tự chuyển rồi lưu lại."


def _spoilt(rows: Sequence[Sequence[Cell]], columns: Sequence[int]) -> dict[tuple[int, int], Problem]:
    """Cells in which a program left a mark for what it could not read, or the word of an error for a value."""
    return {
        (index, column): problem.at(column=column_letters(column))
        for index, row in enumerate(rows)
        for column in columns
        if column < len(row) and type(cell := row[column]) is str and (problem := _spoilt_text(cell))
    }


def _spoilt_text(text: str) -> Problem | None:
    if _GONE in text:
        what = "Có chữ đã bị mất từ trước (hiện thành dấu �)."
        return Problem(code="letters-lost", what=what, cure="Gõ lại chữ đó theo bản gốc.")
    if _ERROR_WORD.fullmatch(text):
        what = f"Ô chứa chữ báo lỗi {shown(text)} thay cho giá trị."
        return Problem(code="cell-error", what=what, cure="Gõ giá trị vào ô.")
    return None


def _lost(texts: _Texts, columns: Iterable[int]) -> Iterator[Problem]:
    """Columns in which question marks stand inside words: letters that a program could not save (`Nguy?n V?n An`)."""
    for column in columns:
        found = [text for text in texts.of(column) if _LOST_LETTER.search(text)]
        if len(found) >= _ENOUGH_LOST:
            what = f"Cột có dấu ? giữa chữ ở {len(found)} ô, ví dụ {shown(min(found))}: có thể chữ có dấu đã bị mất."
            cure = "Lưu lại từ tệp gốc bằng UTF-8 (trong Excel: CSV UTF-8)."
            yield Problem(code="letters-lost", what=what, cure=cure, severity="warning", column=column_letters(column))
