"""A long plain list: the quick way gives what XlsxWriter gives, and is taken where it can be and nowhere else."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import python_calamine
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from docgen.errors import OutputError
from docgen.tables import long_sheet
from docgen.tables.excel import MOST_CHARACTERS, Column, Marked, SheetOut, write_sheets
from docgen.tables.long_sheet import write_long_sheet
from tests.gate.hostile import HOSTILE, Hostile
from tests.gate.validators import sdk
from tests.libreoffice import saved
from tests.tables.books import SHEET, part

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

COLUMNS = [Column(heading="TT", kind="integer", width=6), Column(heading="Mã"), Column(heading="Họ và tên", width=32)]
PLAIN = [(number, f"{number:05}", f"Lò Thị Mẩy {number}") for number in range(1, 41)]


@pytest.fixture(autouse=True, scope="module")
def _few_rows_are_long() -> Any:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(long_sheet, "_LONG", 3)
        patched.setattr(long_sheet, "_ROWS_AT_A_TIME", 7)
        yield


def listed(rows: Sequence[Sequence[Any]], **more: Any) -> SheetOut:
    return SheetOut(title="Danh sách", columns=COLUMNS, rows=rows, **more)


def looks(content: bytes) -> tuple[dict[str, str], list[str]]:
    """The style of each cell, and everything of the page that is not a row."""
    root = etree.fromstring(part(content, SHEET).encode())
    cells = {str(cell.get("r")): str(cell.get("s")) for cell in root.iter("{*}c")}
    for rows in root.iter("{*}sheetData"):
        rows.clear()
    return cells, [etree.tostring(each).decode() for each in root]


def read(content: bytes) -> list[list[Any]]:
    return python_calamine.load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)


def is_quick(content: bytes) -> bool:
    return "inlineStr" in part(content, SHEET)


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\ufffe\uffff\r"), max_size=12)
CELL = st.none() | TEXT | st.sampled_from(["An", "Bé & <Hai>", " có cách ", "_x000D_", "=1", "a\x1eb", "\x07"])
ROWS = st.lists(st.tuples(st.none() | st.integers(), CELL, CELL), min_size=3, max_size=30)


@given(ROWS)
@example(rows=[(None, "a", ""), (0, None, ""), (None, "b", "")])
@example(rows=[(1, "", "x"), (2, "Mã", "y"), (3, "", "z")])
@example(rows=[(1, "a", "x"), (2, "b", "y"), (None, None, None)])
@example(rows=[(None, None, None), (2, "b", "y"), (3, "a", "x")])
def test_it_reads_and_looks_as_xlsxwriter_makes_it(rows: list[tuple[int | None, str | None, str | None]]) -> None:
    quick, slow = write_long_sheet(listed(rows)), write_sheets([listed(rows)])
    assert read(quick) == read(slow)
    assert looks(quick) == looks(slow)


def test_a_plain_list_goes_the_quick_way_and_gives_the_same_bytes_each_time() -> None:
    content = write_long_sheet(listed(PLAIN))
    assert is_quick(content)
    assert content == write_long_sheet(listed(iter(PLAIN)))  # type: ignore[arg-type]
    assert [row[1:] for row in read(content)[1:]] == [list(row[1:]) for row in PLAIN]


@pytest.mark.needs_validator
def test_the_schemas_know_it() -> None:
    assert sdk(write_long_sheet(listed(PLAIN)), "xlsx") == []


_CSV = "csv:Text - txt - csv (StarCalc):44,34,76"
"""With commas, quotation marks, in UTF-8."""

ODD: list[Any] = [
    *("=1+1", "+84", "-5", "@x", "\tx", "a\nb", "\x1e", "\x07", "_x0041_", "\ufffe", "x" * MOST_CHARACTERS),
    *(7, True, Decimal("0.5"), date(2025, 12, 31), Marked("a", "error"), Marked("a", note="vì sao")),
]


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_one_odd_cell_and_the_list_is_xlsxwriters(odd: Any) -> None:
    rows = [*PLAIN[:20], (21, "00021", odd), *PLAIN[21:]]
    assert write_long_sheet(listed(rows)) == write_sheets([listed(rows)])


@pytest.mark.parametrize("number", [10**15, -(10**15), 10**400])
def test_a_number_that_excel_would_round_is_xlsxwriters(number: int) -> None:
    rows = [*PLAIN[:20], (number, "a", "b"), *PLAIN[20:]]
    assert write_long_sheet(listed(rows)) == write_sheets([listed(rows)])


def test_a_short_list_and_a_page_to_read_are_xlsxwriters() -> None:
    assert not is_quick(write_long_sheet(listed(PLAIN[:2])))
    assert not is_quick(write_long_sheet(listed(PLAIN, page=True)))
    assert write_long_sheet(listed([])) == write_sheets([listed([])])


def told(write: Callable[[SheetOut], bytes], rows: Sequence[Sequence[Any]]) -> object:
    """What is read from the workbook, or why there is none."""
    try:
        return read(write(listed(rows)))
    except OutputError as error:
        return error.problems


@pytest.mark.parametrize("hostile", [each for each in HOSTILE if each.is_text], ids=lambda each: each.name)
def test_a_hostile_text_comes_out_as_from_xlsxwriter(hostile: Hostile) -> None:
    rows = [*PLAIN[:20], (21, "00021", hostile.value), *PLAIN[21:]]
    assert told(write_long_sheet, rows) == told(lambda sheet: write_sheets([sheet]), rows)


@pytest.mark.needs_calc
def test_libreoffice_sees_the_same(tmp_path: Path) -> None:
    made = {"quick": write_long_sheet(listed(PLAIN)), "slow": write_sheets([listed(PLAIN)])}
    seen = saved(tmp_path, made, "xlsx", _CSV)
    assert seen["quick"] == seen["slow"]
    assert seen["quick"].decode().count("Lò Thị Mẩy") == len(PLAIN)
