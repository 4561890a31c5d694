"""A list of people or bodies, in whatever file it came, becomes rows with addresses.

    kinds      what file it is
      → workbook | csv_text | documents    its cells, or its records
      → old_text    TCVN3, VNI and spoilt text found, converted only when asked for
      → headings    the row of headings
      → table       rows, faulty rows, skipped rows

A JSON or YAML list holds one group of values for each record (JSONL: one in a line); values keep their types, and rows
count from 1 (JSONL: by line).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from docgen.errors import DataError, Problem
from docgen.tables import csv_text, json_text
from docgen.tables.documents import decoded, parsed
from docgen.tables.kinds import kind_of
from docgen.tables.limits import DEFAULT, Limits
from docgen.tables.rows import FaultyRow, Heading, ListRead, Origin, Row
from docgen.tables.sheets import place_headings, read_sheets
from docgen.tables.workbook import read_workbook

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docgen.tables.headings import Known
    from docgen.tables.old_text import Convert

_EMPTY_RECORD = "bản ghi trống"
_MEGABYTE = 1024 * 1024


def read_list(
    content: bytes,
    *,
    name: str,
    sheet: str | None = None,
    limits: Limits = DEFAULT,
    headings: Known | None = None,
    convert: Convert | None = None,
) -> ListRead:
    """The rows of a list file (.xlsx .xls .ods .csv .json .jsonl .yaml), by the rules of the modules named above.

    Args:
        content: the whole file.
        name: its name: how messages call it, and its ending, which tells CSV from JSON.
        sheet: the title of the sheet to read, where a workbook has several.
        limits: how large it may be.
        headings: whether a heading is known; with it the row of headings is found under titles and dates.
        convert: which old encoding may be turned into Unicode; `auto` for whatever was recognised.

    Raises:
        DataError: the file cannot be used as a whole; every reason that was found, with its place. What concerns one
            row only stands in `faulty`.
        OutputError: the machine starts no process to open a workbook in.
    """
    try:
        return _read(content, name, sheet, limits, headings, convert)
    except DataError as error:
        raise error.at(file=name) from None


def _read(
    content: bytes, name: str, sheet: str | None, limits: Limits, known: Known | None, convert: Convert | None
) -> ListRead:
    if len(content) > limits.list_bytes:
        what = f"Tệp lớn hơn {limits.list_bytes // _MEGABYTE} MB nên không đọc."
        raise DataError.of("file-too-large", what, "Chia danh sách thành nhiều tệp.")
    found = kind_of(content, name, limits)
    match found.kind:
        case "csv":
            read = _from_csv(content, name, limits, known, convert)
        case "json" | "yaml" | "jsonl":
            read = _from_records(_records(content, found.kind, limits), name, limits)
        case _:
            grids = read_workbook(content, found.kind, sheet, limits)
            read = read_sheets(grids, file=name, wanted=sheet, known=known, convert=convert)
    notes = [note.at(file=name) for note in found.notes]
    return replace(read, notes=(*notes, *read.notes))


def _from_csv(content: bytes, name: str, limits: Limits, known: Known | None, convert: Convert | None) -> ListRead:
    read = csv_text.read_csv(content, known, limits)
    placed = place_headings(read.grid, known, convert)
    squared, ragged = csv_text.squared(placed.sheet.grid, placed.heading_row)
    placed = placed._replace(sheet=replace(placed.sheet, grid=squared, faults={**placed.sheet.faults, **ragged}))
    table = placed.table(name)
    return ListRead(
        sheet=None,
        headings=table.headings,
        rows=table.rows,
        faulty=table.faulty,
        skipped=table.skipped,
        notes=tuple(note.at(file=name) for note in (*read.notes, *placed.notes(table))),
    )


def _records(content: bytes, kind: Literal["json", "jsonl", "yaml"], limits: Limits) -> list[tuple[int, object]]:
    """Every entry of the list with its number.

    Raises:
        DataError: as `documents.parsed`; `list-not-list` where the file holds something else.
    """
    if kind == "jsonl":
        return _lines(content, limits)
    value = parsed(content, kind, replace(limits, json_bytes=limits.list_bytes))
    if not isinstance(value, list):
        what = "Tệp không chứa một danh sách các bản ghi."
        cure = 'Viết theo mẫu [{"ho_ten": "…"}, {"ho_ten": "…"}]; chỉ một bản ghi thì đặt nó trong dấu [ ].'
        raise DataError.of("list-not-list", what, cure)
    return list(enumerate(value, start=1))


def _lines(content: bytes, limits: Limits) -> list[tuple[int, object]]:
    found: list[tuple[int, object]] = []
    problems: list[Problem] = []
    for number, line in enumerate(decoded(content).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found.append((number, json_text.parse(line, limits)))
        except DataError as error:
            problems += [replace(problem, row=number) for problem in error.problems]
            if len(problems) >= limits.problems:
                break
    if problems:
        raise DataError(problems)
    return found


def _from_records(records: Iterable[tuple[int, object]], name: str, limits: Limits) -> ListRead:
    rows: list[Row] = []
    faulty: list[FaultyRow] = []
    skipped: list[tuple[int, str]] = []
    keys: dict[str, None] = {}
    for number, record in records:
        origin = Origin(file=name, row=number)
        if not isinstance(record, dict):
            what, cure = "Bản ghi này không gồm các mục có tên.", 'Viết theo mẫu {"ho_ten": "…"}.'
            problem = Problem(code="record-not-object", what=what, cure=cure).at(**origin.place())
            faulty.append(FaultyRow(Row({}, origin), (problem,)))
        elif all(value is None or value == "" for value in record.values()):
            skipped.append((number, _EMPTY_RECORD))
        else:
            keys.update(dict.fromkeys(record))
            rows.append(Row(record, origin))
    if len(rows) + len(faulty) > limits.rows:
        raise csv_text.too_long(limits)
    if not rows and not faulty:
        raise DataError.of("list-empty", "Danh sách không có bản ghi nào.", "Chọn tệp có dữ liệu.")
    return ListRead(
        sheet=None,
        headings=tuple(Heading(key, None, index) for index, key in enumerate(keys)),
        rows=tuple(rows),
        faulty=tuple(faulty),
        skipped=tuple(skipped),
    )
