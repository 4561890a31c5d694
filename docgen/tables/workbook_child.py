"""The process in which a workbook is opened: bounded in memory and time, so that no file can take the program with it.

calamine ends its process when a file asks for more memory than there is; here that ends nothing but this child. It
gets the file on standard input and answers on standard output: for each sheet a line of JSON that names it, then its
rows in blocks (`docgen.tables.wire`); at last a line that says that this was all.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import sys
import unicodedata
from itertools import islice
from typing import TYPE_CHECKING

from docgen.tables import wire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from python_calamine import CalamineSheet


def main() -> None:
    """Read the task and the workbook on standard input.

    The task names sheets to `skip`, and one that is `wanted` though it may be hidden.
    """
    gc.disable()  # nothing here goes in circles, and looking for them costs a fifth of the time
    task = json.loads(sys.stdin.buffer.readline())
    _bound_this_process(task["memory_bytes"], task["seconds"])
    content = io.BytesIO(sys.stdin.buffer.read())
    import python_calamine

    try:
        book = python_calamine.load_workbook(content)
        for sheet in book.sheets_metadata:
            if sheet.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            visible = sheet.visible == python_calamine.SheetVisibleEnum.Visible
            read = sheet.name not in task["skip"] and (visible or same(sheet.name, task["wanted"]))
            _say({"sheet": sheet.name, "visible": visible, "read": read})
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


def _say(told: Mapping[str, object]) -> None:
    sys.stdout.buffer.write(wire.said(told))


def _say_rows(sheet: CalamineSheet) -> None:
    """Every row from the first of the sheet; calamine leaves out only the blank columns before the first value."""
    if sheet.start is None:
        return
    rows = sheet.iter_rows()
    while some := list(islice(rows, wire.ROWS_IN_A_BLOCK)):
        sys.stdout.buffer.writelines(wire.packed(some, sheet.start[1]))
