"""What a form's Word template prints around its places: labels, conditions, tables.

It is read from the template itself, so an office's own template needs nothing more to be read back than what it is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from docgen.papers.lines import Hit, Line, Names, lines
from docgen.papers.spelling import alike
from docgen.rules.choices import options
from docgen.word.reading import read

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from docgen.papers.form import Form

_COMMAND: Final = re.compile(r"\{%(?:p|tr) (.*?) *%\}")
_IN_LINE: Final = re.compile(r"\{%r .*?%\}")
_WORD: Final = re.compile(r"\{\{ *([\w.]+) *\}\}")
_MARK: Final = re.compile(r"\{% *if dong\.(co|danh_dau)\.([\w.]+) *%\}x\{% *endif *%\}")
_NEED: Final = re.compile(r"(not )?co\.(\w+)")
_ROW_NUMBER, _GROUP, _PARAGRAPH = "dong.stt", "dong.dau_nhom", "doan"
_FRAMES_KEPT: Final = 64


class Place(NamedTuple):
    """A place on a printed line; without a path it holds a row's number, which nobody gives."""

    path: str


Part = str | Place
NUMBER: Final = Place("")


@dataclass(frozen=True, slots=True)
class Need:
    """A field that lets what stands here appear, or keeps it away."""

    field: str
    shows: bool


@dataclass(frozen=True, slots=True)
class FrameLine:
    """One printed line: text and places by turns, or (`block`) a place for whole paragraphs."""

    parts: tuple[Part, ...]
    block: str = ""
    opening: str = ""
    """What is printed before each paragraph of the block."""
    needs: tuple[Need, ...] = ()
    loop: bool = False
    """Whether it is repeated for each row of a list."""
    column: int | None = None
    """The column of the cell in which it stands, if it stands in one."""

    @property
    def places(self) -> tuple[str, ...]:
        """The paths of its places in order."""
        return tuple(part.path for part in self.parts if isinstance(part, Place) and part.path)

    @property
    def printed(self) -> str:
        """What is printed on it, without its places."""
        return "".join(part for part in self.parts if isinstance(part, str))


@dataclass(frozen=True, slots=True)
class Column:
    """What a list's table shows in one column: a place, a mark for an option, the row's number, or nothing."""

    path: str = ""
    mark: str = ""
    """For a choice the id of the option, for a yes/no `co`."""
    number: bool = False


@dataclass(frozen=True, slots=True)
class FrameTable:
    """The table of a list field."""

    field: str
    heads: tuple[tuple[str, ...], ...]
    columns: tuple[Column, ...]
    grouped: bool
    total: str
    """The label of the last row; empty without one."""
    totals: tuple[str, ...]
    """The record's fields in the last row, in order."""


@dataclass(frozen=True)
class Frame:
    """A template's lines (tables of lists aside) and its tables."""

    names: Names
    lines: tuple[FrameLine, ...]
    tables: tuple[FrameTable, ...]

    @cached_property
    def before(self) -> Mapping[str, Collection[str]]:
        """What is printed right before each place of the running text, where that is the same wherever it stands."""
        found: dict[str, set[str]] = defaultdict(set)
        for line, above in zip(self.lines, (None, *self.lines), strict=False):
            for number, part in enumerate(line.parts):
                if isinstance(part, str):
                    continue
                label = line.parts[number - 1] if number and not line.block else ""
                if line.block and above and not above.places and above.needs == line.needs:
                    label = above.printed
                found[part.path].add(alike(label) if isinstance(label, str) else "")
        return {path: labels for path, labels in found.items() if "" not in labels}

    @property
    def printed(self) -> frozenset[str]:
        """The paths of everything that it shows, columns of lists as `list.column`."""
        running = {path for line in self.lines for path in line.places}
        listed = {path for table in self.tables for path in table.totals}
        for table in self.tables:
            listed |= {f"{table.field}.{each.path}" if each.mark else each.path for each in table.columns if each.path}
        return frozenset(running | listed)


def names_of(form: Form) -> Names:
    """What the places of this form are called."""
    inline: set[str] = set()
    blocks: set[str] = set()
    for field in form.fields.values():
        if field.type == "choice":
            inline |= {f"{field.name}.{option.id}" for option in options(field.choices or "")}
        if field.type == "list":
            for column in field.columns.values():
                (blocks if column.type == "paragraphs" else inline).add(f"{field.name}.{column.name}")
        else:
            (blocks if field.type in {"paragraphs", "levels"} else inline).add(field.name)
    lists = frozenset(name for name, field in form.fields.items() if field.type == "list")
    return Names(frozenset(inline), frozenset(blocks), lists)


@lru_cache(maxsize=_FRAMES_KEPT)
def _read(template: bytes, names: Names) -> Frame:
    found = lines(read(template), names)
    tables = {line.cell.table for line in found if line.cell and line.lists}
    running = [line for line in found if line.cell is None or line.cell.table not in tables]
    listed = [line for line in found if line.cell is not None and line.cell.table in tables]
    by_table = groupby(listed, key=lambda line: line.cell.table if line.cell else 0)
    return Frame(names, tuple(_running(running)), tuple(_table(list(each)) for _, each in by_table))


def frame(form: Form, template: bytes) -> Frame:
    """What this template of the form prints.

    Raises:
        FormError: the template cannot be read.
    """
    return _read(template, names_of(form))


def _running(found: Iterable[Line]) -> list[FrameLine]:
    """The lines with what their conditions and loops say; commands themselves are no lines."""
    made: list[FrameLine] = []
    open_: list[tuple[Need, ...] | None] = []
    """What each command that is still open asks; None for a loop."""
    last_block = ""
    for line in found:
        block = next((hit.path for hit in line.hits if hit.block), "")
        column = line.cell.column if line.cell else None
        if block:
            place = FrameLine((Place(block),), block=block, needs=_needs(open_), column=column)
            _gather_block(made, line, place, same=block == last_block)
        elif command := _COMMAND.fullmatch(line.text.strip()):
            _obey(open_, command[1])
        elif line.text.strip():
            made.append(FrameLine(_parts(line), needs=_needs(open_), loop=None in open_, column=column))
        last_block = block
    return made


def _needs(open_: Sequence[tuple[Need, ...] | None]) -> tuple[Need, ...]:
    return tuple(need for needs in open_ if needs for need in needs)


def _obey(open_: list[tuple[Need, ...] | None], command: str) -> None:
    word, _, rest = command.partition(" ")
    if word == "if":
        open_.append(tuple(Need(name, shows=not denied) for denied, name in _NEED.findall(rest)))
    elif word == "for":
        open_.append(None)
    elif word in {"endif", "endfor"} and open_:
        open_.pop()


def _gather_block(made: list[FrameLine], line: Line, place: FrameLine, *, same: bool) -> None:
    """The lines of one control are one line of the frame; the one with `doan` says what opens each paragraph."""
    word = _WORD.search(line.text)
    opening = line.text[: word.start()] if word and word[1] == _PARAGRAPH else ""
    if not same:
        made.append(replace(place, opening=opening))
    elif opening:
        made[-1] = replace(place, opening=opening)


def _parts(line: Line) -> tuple[Part, ...]:
    parts: list[Part] = []
    for item in line.items:
        if isinstance(item, Hit):
            if Place(item.path) not in parts:  # a tick box stands there twice, crossed and empty
                parts.append(Place(item.path))
            continue
        *pairs, rest = _WORD.split(_IN_LINE.sub("", item))
        for text, _ in zip(pairs[::2], pairs[1::2], strict=True):
            parts += [text, NUMBER] if text else [NUMBER]
        if rest and parts and isinstance(parts[-1], str):
            parts[-1] += rest
        elif rest:
            parts.append(rest)
    return tuple(parts)


def _table(found: Sequence[Line]) -> FrameTable:
    rows = [list(each) for _, each in groupby(found, key=lambda line: line.cell.row if line.cell else 0)]
    entry = next(number for number, row in enumerate(rows) if any(line.lists for line in row))
    field = next(name for line in rows[entry] for name in line.lists)
    printed = [row for row in rows[:entry] if not _is_command(row)]
    heads = [row for row in printed if _GROUP not in "".join(line.text for line in row)]
    last = [row for row in rows[entry + 1 :] if not _is_command(row)]
    label = next((item for line in last[0] for item in line.items if isinstance(item, str)), "") if last else ""
    return FrameTable(
        field=field,
        heads=tuple(tuple(line.text for line in row if line.text.strip()) for row in heads),
        columns=tuple(_column(cell) for cell in cells(rows[entry])),
        grouped=len(heads) < len(printed),
        total=label,
        totals=tuple(hit.path for line in last[0] for hit in line.hits) if last else (),
    )


def _is_command(row: Sequence[Line]) -> bool:
    return any(_COMMAND.fullmatch(line.text.strip()) and not line.hits for line in row)


def cells(row: Iterable[Line]) -> list[list[Line]]:
    """The lines of one row of a table, cell by cell."""
    return [list(each) for _, each in groupby(row, key=lambda line: line.cell.column if line.cell else 0)]


def _column(cell: Sequence[Line]) -> Column:
    path = next((hit.path for line in cell for hit in line.hits), "")
    text = "".join(line.text for line in cell)
    mark = _MARK.search(text)
    if path or not mark:
        return Column(path=path, number=_ROW_NUMBER in text)
    name, _, option = mark[2].partition(".")
    return Column(path=name, mark=option or "co")
