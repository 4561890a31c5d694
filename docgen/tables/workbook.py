"""An .xlsx, .xls or .ods becomes grids of cells: values by calamine in a bounded child process, the rest by the facts.

The facts are searched while the child reads. What they change: an error cell or a formula without its result becomes
`Unreadable`, a percentage and a number with leading zeros become the text that is shown. Numbers are rounded to 15
digits, which is what Excel keeps and shows (0.1 + 0.2 is 0.3). A date of a workbook that counts from 1904 is the date
that is shown.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Any, Literal, cast

from docgen.errors import DataError, OutputError
from docgen.pipes import widen
from docgen.tables import wire
from docgen.tables.archive import Told, open_archive
from docgen.tables.cells import Cell, Facts, Grid, as_shown
from docgen.tables.old_text import suspects

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from docgen.tables.limits import Limits

Kind = Literal["xlsx", "xls", "ods"]

_SAVE_AGAIN = "Mở tệp bằng Excel hoặc LibreOffice, lưu lại dạng .xlsx rồi làm lại."
TOLD = Told(DataError, "workbook", "Tệp bảng tính", _SAVE_AGAIN, {"encrypted": "Bỏ mật khẩu rồi lưu lại."})
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from docgen.tables.workbook_child import main; main()"
)
"""The child finds the same modules as its parent, however that was started. What it is to read goes in by the pipe,
because everybody on a machine may see the words with which a process was started."""
_REFUSALS = {
    "encrypted": ("có đặt mật khẩu nên không đọc được.", "Bỏ mật khẩu rồi lưu lại."),
    "damaged": ("bị hỏng hoặc chưa được tải về đủ.", _SAVE_AGAIN),
}


def read_workbook(content: bytes, kind: Kind, wanted: str | None, limits: Limits) -> list[Grid]:
    """The worksheets in their order; hidden ones without rows, but for the wanted one.

    Raises:
        DataError: the file cannot be read as a whole (codes `workbook-…`).
        OutputError: the machine starts no further process.
    """
    skip: frozenset[str] = frozenset()
    while True:
        with _child(content, skip, wanted, limits) as answer:
            facts = _facts(content, kind, limits)
            unreadable = frozenset(name for name, fact in facts.items() if fact.refused)
            if unreadable <= skip:
                return _grids(answer, facts, limits)
        skip = unreadable


def _facts(content: bytes, kind: Kind, limits: Limits) -> Mapping[str, Facts]:
    if kind == "xls":
        from docgen.tables import xls_facts
        from docgen.tables.ole import Ole

        try:
            ole = Ole(content)
        except ValueError:
            raise TOLD.refusal("damaged", *_REFUSALS["damaged"]) from None
        return xls_facts.facts_of(ole, limits, TOLD)
    archive = open_archive(content, limits, TOLD)
    if kind == "ods":
        from docgen.tables import ods_facts

        return ods_facts.facts_of(archive, limits, TOLD)
    from docgen.tables import xlsx_facts

    return xlsx_facts.facts_of(archive, limits, TOLD)


@contextmanager
def _child(content: bytes, skip: frozenset[str], wanted: str | None, limits: Limits) -> Iterator[IO[bytes]]:
    """The child's answer; it is ended in time and in any case."""
    task = {
        "skip": sorted(skip),
        "wanted": wanted,
        "memory_bytes": limits.memory_bytes,
        "seconds": limits.seconds,
    }
    command = [sys.executable, "-I", "-X", "utf8", "-c", _START, json.dumps(sys.path)]
    try:
        process = subprocess.Popen(  # noqa: S603  the program and its words are ours; the file goes in by a pipe
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except OSError as error:
        what = "Máy không mở thêm được chương trình để đọc bảng tính."
        raise OutputError.of("workbook-process", what, "Đóng bớt chương trình rồi làm lại.") from error
    for pipe in (process.stdin, process.stdout):
        widen(cast("IO[bytes]", pipe))
    timer = threading.Timer(limits.seconds, process.kill)
    timer.daemon = True
    timer.start()
    try:
        with suppress(OSError):
            cast("Any", process.stdin).write(json.dumps(task).encode() + b"\n")
            cast("Any", process.stdin).write(content)
        with suppress(OSError):
            cast("Any", process.stdin).close()
        yield cast("IO[bytes]", process.stdout)
    finally:
        timer.cancel()
        process.kill()
        cast("Any", process.stdout).close()
        process.wait()


def _grids(answer: IO[bytes], facts: Mapping[str, Facts], limits: Limits) -> list[Grid]:
    """The grids as the child tells them.

    Raises:
        DataError: the child refused the file, or came to its end before it had told all.
    """
    sheets: list[_Sheet] = []
    ended = False
    with suppress(ValueError, IndexError):
        for told in wire.heard(answer, limits.inflated_bytes):
            if isinstance(told, wire.Block):
                sheets[-1].take(told)
            elif (refused := str(told.get("refused"))) in _REFUSALS:
                raise TOLD.refusal(refused, *_REFUSALS[refused])
            elif "sheet" in told:
                name = str(told["sheet"])
                if told.get("read") and name not in facts:
                    raise TOLD.refusal("irregular", "được ghi theo cách lạ nên không đọc chắc chắn được.")
                sheets.append(_Sheet(told, facts.get(name, Facts())))
            elif "end" in told:
                ended = True
                break  # what follows is only the child's own end
    if not ended:
        what = "quá lớn hoặc bị hỏng nên chương trình đọc bảng tính phải dừng."
        raise TOLD.refusal("unreadable", what, "Chép riêng bảng dữ liệu sang một tệp Excel mới rồi làm lại.")
    return [sheet.grid() for sheet in sheets]


class _Sheet:
    """One sheet as it comes in."""

    def __init__(self, told: Mapping[str, Any], facts: Facts) -> None:
        self._told = told
        self._facts = facts
        self._rows: list[Sequence[Cell]] = []
        self._suspects: dict[int, set[str]] = {}

    def take(self, block: wire.Block) -> None:
        """Further rows, and what only a look at all cells can tell, as long as their texts lie together."""
        for index, column in enumerate(block.columns):
            self._suspects.setdefault(index, set()).update(suspects(column.texts))
            if column.dated:
                self._facts.dated.add(index)
        self._rows += block.rows()

    def grid(self) -> Grid:
        """The sheet with what its facts change."""
        rows = self._rows
        for (row, column), unreadable in self._facts.unreadable.items() if self._told.get("read") is True else ():
            rows += [()] * (row + 1 - len(rows))
            rows[row] = _with(rows[row], column, unreadable)
        for (row, column), style in self._facts.styled.items():
            if row < len(rows) and column < len(rows[row]):
                rows[row] = _with(rows[row], column, as_shown(rows[row][column], style))
        visible = self._told.get("visible") is True
        return Grid(str(self._told["sheet"]), rows, self._facts, visible=visible, suspects=self._suspects)


def _with(row: Sequence[Cell], column: int, cell: Cell) -> list[Cell]:
    """The row with this cell; it is written into once it is a list."""
    cells = row if isinstance(row, list) else [*row]
    cells += [None] * (column + 1 - len(cells))
    cells[column] = cell
    return cells
