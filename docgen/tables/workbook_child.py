"""The process in which a workbook is opened: bounded in memory and time, so that no file can take the program with it.

calamine ends its process when a file asks for more memory than there is; here that ends nothing but this child. It
gets the file on standard input and answers in lines of JSON on standard output: for each sheet a line that names it,
then its rows, some hundred in a line; at last a line that says that this was all.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import sys
import unicodedata
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from python_calamine import CalamineSheet

_ROWS_IN_A_LINE = 256
_MIDNIGHT = time()
DATE, MOMENT = "d", "t"
"""How a cell that JSON has no word for is marked: `{"d": "2025-03-08"}`."""


def main() -> None:
    """Read the task and the workbook on standard input.

    The task names sheets to `skip`, and one that is `wanted` though it may be hidden.
    """
    task = json.loads(sys.stdin.buffer.readline())
    _bound_this_process(task["memory_bytes"], task["seconds"])
    content = io.BytesIO(sys.stdin.buffer.read())
    import python_calamine

    try:
        book = python_calamine.load_workbook(content)
        for sheet in book.sheets_metadata:
            visible = sheet.visible == python_calamine.SheetVisibleEnum.Visible
            is_sheet = sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
            read = is_sheet and sheet.name not in task["skip"] and (visible or same(sheet.name, task["wanted"]))
            _say({"sheet": sheet.name, "visible": visible and is_sheet, "read": read})
            if read:
                _say_rows(book.get_sheet_by_name(sheet.name))
    except python_calamine.PasswordError:
        _say({"refused": "encrypted"})
    except (python_calamine.CalamineError, OSError, ValueError):
        _say({"refused": "damaged"})
    _say({"end": True})
    sys.stdout.buffer.flush()


def same(title: str, wanted: str | None) -> bool:
    """Whether two titles of sheets are the same; capitals, blanks around and Unicode form do not count."""
    return wanted is not None and _bare(title) == _bare(wanted)


def _bare(title: str) -> str:
    return unicodedata.normalize("NFC", title).strip().casefold()


def _bound_this_process(memory_bytes: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # Windows: the child still keeps its end to itself, the parent still stops it in time
        return
    # A dump of the memory would hold the list; some systems know no bound of the address space.
    bounds = (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory_bytes),
    )
    for what, most in bounds:
        with contextlib.suppress(ValueError, OSError):
            hard = resource.getrlimit(what)[1]
            most_allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(what, (most_allowed, most_allowed))


def _say(told: object) -> None:
    sys.stdout.buffer.write(json.dumps(told, ensure_ascii=False, allow_nan=False).encode() + b"\n")


def _say_rows(sheet: CalamineSheet) -> None:
    rows = _rows(sheet)
    while some := list(islice(rows, _ROWS_IN_A_LINE)):
        _say(some)


def _rows(sheet: CalamineSheet) -> Iterator[list[object]]:
    """Every row from the first of the sheet; calamine leaves out only the blank columns before the first value."""
    if sheet.start is None:
        return
    before: list[object] = [None] * sheet.start[1]
    for row in sheet.iter_rows():
        yield before + [cell if type(cell) is str and cell and not cell.isspace() else _plain(cell) for cell in row]


def _plain(cell: object) -> object:
    """A cell in the words of JSON."""
    if isinstance(cell, str):
        return cell if cell and not cell.isspace() else None
    if isinstance(cell, float) and not math.isfinite(cell):
        return str(cell)  # 1E999: no spreadsheet shows such a number, and no field reads this word
    if isinstance(cell, datetime):
        return {MOMENT: cell.isoformat()}
    if isinstance(cell, date):
        return {DATE: cell.isoformat()}
    if isinstance(cell, time | timedelta):
        return _clock(cell)
    return cell


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
