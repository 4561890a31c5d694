"""How the child that opens a workbook answers: sayings and blocks of rows, in words that can do no harm.

A saying is a line of JSON. A block is one too, and then the bytes of its texts. Its line says how many rows there are
and describes each column. A number stands for a column of texts and says how many of the bytes are its own: a text for
each row, parted by `SEPARATOR`. A list stands for a column of anything else, in layers: a kind, the rows that are of it
(null: all), the values; rows in no layer are blank. Whatever the child has become, nothing in its answer can run, and
what is not as it should be is a ValueError.

Text is nearly all of a list, so it is joined and split whole, which costs a fraction of writing and reading JSON.
"""

from __future__ import annotations

import json
import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from docgen.tables.cells import Cell

ROWS_IN_A_BLOCK = 1000
SEPARATOR = "\x1e"
"""XML cannot hold it, so it stands in a cell hardly ever; a column in which it does is told in layers."""
_LONGEST_LINE = 64 * 1024 * 1024
_LEAST_CELL_BYTES = 8
_MIDNIGHT = time()
_MOST_EXACT = 10**15
_SPOILT = (ValueError, TypeError, LookupError, OverflowError, RecursionError)


class Column(NamedTuple):
    """Some rows of one column: the cells, their texts as UTF-8 for searching, and whether a date is among them."""

    cells: list[Cell]
    texts: bytes
    dated: bool


class Block(NamedTuple):
    """Some rows."""

    columns: list[Column]

    def rows(self) -> Iterator[tuple[Cell, ...]]:
        """The cells row by row."""
        return zip(*(column.cells for column in self.columns), strict=True)


def said(told: Mapping[str, object]) -> bytes:
    """A saying."""
    return json.dumps(told, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def packed(rows: Sequence[Sequence[object]], blank_columns: int) -> list[bytes]:
    """The block of these rows, in pieces; they are equally long, and `blank_columns` stand before them."""
    described: list[object] = [[]] * blank_columns
    texts: list[bytes] = []
    for column in zip(*rows, strict=True):
        own = _joined(column)
        if own is None:
            described.append(_layers(column))
        else:
            described.append(len(own))
            texts.append(own)
    return [said({"rows": len(rows), "bytes": sum(map(len, texts)), "columns": described}), *texts]


def heard(answer: IO[bytes], most: int) -> Iterator[dict[str, Any] | Block]:
    """The sayings and blocks of an answer, to its end.

    Args:
        answer: what the child says.
        most: how much memory, in bytes, it may take together; about.

    Raises:
        ValueError: the answer is torn or spoilt, or too large.
    """
    left = most
    while line := answer.readline(_LONGEST_LINE):
        try:
            told = json.loads(line)
            if "rows" not in told:
                yield {**told}
                continue
            count, size, described = told["rows"], told["bytes"], told["columns"]
            left -= len(line) + abs(size) + abs(count) * (len(described) + 1) * _LEAST_CELL_BYTES
            if left < 0:
                raise ValueError("too large")
            block = _unpacked(described, count, answer.read(size))
        except _SPOILT as error:
            raise ValueError("spoilt answer") from error
        yield block


def _unpacked(described: Sequence[Any], rows: int, texts: bytes) -> Block:
    columns = []
    at = 0
    for column in described:
        if isinstance(column, list):
            columns.append(_from_layers(column, rows))
        else:
            columns.append(_from_texts(texts[at : at + column], rows))
            at += column
    return Block(columns)


def _joined(column: Sequence[Any]) -> bytes | None:
    """The texts of a column of nothing else; None where there is something else, or the separator in a text."""
    try:
        joined = SEPARATOR.join(column)
    except TypeError:
        return None
    return joined.encode() if joined.count(SEPARATOR) == len(column) - 1 else None


def _from_texts(texts: bytes, rows: int) -> Column:
    cells: list[Any] = texts.decode().split(SEPARATOR)
    if len(cells) != rows:
        raise ValueError("a text for each row")
    if "" in cells or True in map(str.isspace, cells):
        cells = [cell if cell and not cell.isspace() else None for cell in cells]
    return Column(cells, texts, dated=False)


def _layers(column: Sequence[Any]) -> list[tuple[str, list[int] | None, Sequence[object]]]:
    if not all(map(math.isfinite, [cell for cell in column if type(cell) is float])):
        # 1E999: no spreadsheet shows such a number, and no field reads its word.
        column = [str(cell) if type(cell) is float and not math.isfinite(cell) else cell for cell in column]
    kinds = set(map(type, column))
    found = []
    for kind in kinds:
        places = None
        if kind is str:
            places = [place for place, cell in enumerate(column) if type(cell) is str and cell and not cell.isspace()]
        elif len(kinds) > 1:
            places = [place for place, cell in enumerate(column) if type(cell) is kind]
        name, word = _WORDS.get(kind, _AS_IT_IS)
        cells = column if places is None else [column[place] for place in places]
        found.append((name, places, cells if word is None else list(map(word, cells))))
    return found


def _from_layers(layers: Sequence[Any], rows: int) -> Column:
    cells: list[Cell] = [None] * rows
    texts: list[str] = []
    dated = False
    for kind, places, words in layers:
        read = _READ[kind](words)
        texts += [cell for cell in read if isinstance(cell, str)] if kind == "plain" else []
        dated = dated or kind in _DATES
        for place, cell in zip(range(rows) if places is None else places, read, strict=True):
            cells[place] = cell
    return Column(cells, "\n".join(texts).encode(), dated)


def _clock(cell: time | timedelta) -> str:
    """A time of day or a length of time as a sheet shows it: `08:05`, `26:30:15`."""
    since = (
        cell
        if isinstance(cell, timedelta)
        else datetime.combine(date.min, cell) - datetime.combine(date.min, _MIDNIGHT)
    )
    minutes, seconds = divmod(round(since.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}" + (f":{seconds:02}" if seconds else "")


def _plain(words: list[Any]) -> list[Cell]:
    if not {str, int, bool}.issuperset(map(type, words)):
        raise ValueError("no plain cells")
    return words


def _numbers(words: list[Any]) -> list[Cell]:
    """Numbers as Excel keeps and shows them: rounded to 15 digits, whole where they are whole."""
    if not {float}.issuperset(map(type, words)) or not all(map(math.isfinite, words)):
        raise ValueError("no numbers")
    return [
        int(word) if word.is_integer() and -_MOST_EXACT < word < _MOST_EXACT else _rounded(f"{word:.15g}")
        for word in words
    ]


def _rounded(number: str) -> int | Decimal:
    exact = Decimal(number)
    return int(exact) if exact == exact.to_integral_value() else exact


_AS_IT_IS: tuple[str, Callable[[Any], object] | None] = ("plain", None)
_WORDS: Mapping[type, tuple[str, Callable[[Any], object] | None]] = {
    float: ("number", None),
    date: ("date", date.toordinal),
    datetime: ("moment", datetime.isoformat),
    time: ("plain", _clock),
    timedelta: ("plain", _clock),
}
_READ: Mapping[str, Callable[[Any], Sequence[Cell]]] = {
    "plain": _plain,
    "number": _numbers,
    "date": lambda words: [*map(date.fromordinal, words)],
    "moment": lambda words: [*map(datetime.fromisoformat, words)],
}
_DATES = frozenset({"date", "moment"})
