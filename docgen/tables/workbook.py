"""An .xlsx, .xls or .ods becomes grids of cells: values by calamine in a bounded child process, the rest by the facts.

What the facts change: an error cell or a formula without its result becomes `Unreadable`, a percentage and a number
with leading zeros become the text that is shown. Numbers are rounded to 15 digits, which is what Excel keeps and shows
(0.1 + 0.2 is 0.3). A date of a workbook that counts from 1904 is the date that is shown.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, cast

from docgen.errors import DataError, OutputError
from docgen.tables import workbook_child
from docgen.tables.archive import Told, open_archive
from docgen.tables.cells import Cell, Facts, Grid, as_shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from docgen.tables.limits import Limits

Kind = Literal["xlsx", "xls", "ods"]

_SAVE_AGAIN = "Mở tệp bằng Excel hoặc LibreOffice, lưu lại dạng .xlsx rồi làm lại."
TOLD = Told(DataError, "workbook", "Tệp bảng tính", _SAVE_AGAIN)
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
        with _child(content, skip, wanted, limits) as lines:
            facts = _facts(content, kind, limits)
            unreadable = frozenset(name for name, fact in facts.items() if fact.refused)
            if unreadable <= skip:
                return [*_grids(lines, facts)]
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
def _child(content: bytes, skip: frozenset[str], wanted: str | None, limits: Limits) -> Iterator[Iterator[bytes]]:
    """The lines that the child says; it is ended in time and in any case."""
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
    timer = threading.Timer(limits.seconds, process.kill)
    timer.daemon = True
    timer.start()
    try:
        with suppress(OSError):
            cast("Any", process.stdin).write(json.dumps(task).encode() + b"\n")
            cast("Any", process.stdin).write(content)
        with suppress(OSError):
            cast("Any", process.stdin).close()
        yield iter(cast("Any", process.stdout))
    finally:
        timer.cancel()
        process.kill()
        cast("Any", process.stdout).close()
        process.wait()


def _grids(lines: Iterator[bytes], facts: Mapping[str, Facts]) -> Iterator[Grid]:
    """The grids as the child tells them.

    Raises:
        DataError: the child refused the file, or came to its end before it had told all.
    """
    ended = False
    sheet: dict[str, Any] | None = None
    rows: list[list[Cell]] = []
    for line in lines:
        told = json.loads(line, parse_float=_number, object_hook=_marked)
        if isinstance(told, list):
            rows += told
            continue
        if "refused" in told:
            raise TOLD.refusal(told["refused"], *_REFUSALS[told["refused"]])
        if sheet is not None:
            yield _grid(sheet, rows, facts.get(sheet["sheet"], Facts()))
        ended = "end" in told
        sheet, rows = told, []
    if not ended:
        what = "quá lớn hoặc bị hỏng nên chương trình đọc bảng tính phải dừng."
        raise TOLD.refusal("unreadable", what, "Chép riêng bảng dữ liệu sang một tệp Excel mới rồi làm lại.")


def _grid(sheet: Mapping[str, Any], rows: list[list[Cell]], facts: Facts) -> Grid:
    for (row, column), unreadable in facts.unreadable.items() if sheet["read"] else ():
        if row >= len(rows):
            rows += [[] for _ in range(row - len(rows) + 1)]
        rows[row] += [None] * (column + 1 - len(rows[row]))
        rows[row][column] = unreadable
    for (row, column), style in facts.styled.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = as_shown(rows[row][column], style)
    return Grid(sheet["sheet"], rows, facts, visible=sheet["visible"])


def _number(text: str) -> int | Decimal:
    number = Decimal(f"{float(text):.15g}")
    return int(number) if number == number.to_integral_value() else number


def _marked(told: dict[str, Any]) -> object:
    """A marked cell as what it is; what the child says beside cells stays as it is."""
    if workbook_child.DATE in told:
        return date.fromisoformat(told[workbook_child.DATE])
    if workbook_child.MOMENT in told:
        return datetime.fromisoformat(told[workbook_child.MOMENT])
    return told
