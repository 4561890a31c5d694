"""Specimens: workbooks in three formats, made from a few words, and a workbook with one part of its XML changed."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING, Any

import xlsxwriter

from docgen.errors import DataError
from docgen.tables.lists import read_list

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from docgen.errors import Problem
    from docgen.tables.rows import ListRead

SHEET = "xl/worksheets/sheet1.xml"
HEADS = ["Mã", "Họ và tên", "Ngày sinh", "Chi bộ"]
PEOPLE = [
    ["001", "Lê Thị Mơ", "28/02/1990", "Chi bộ 1"],
    ["002", "Trần Văn Đước", "03/11/1985", "Chi bộ 2"],
]


def xlsx(rows: Sequence[Sequence[object]], main: str = "Đảng viên", **sheets: Sequence[Sequence[object]]) -> bytes:
    """A workbook with these rows as they are (text as text), and further sheets."""

    def write(workbook: Any) -> None:
        for name, cells in {main: rows, **sheets}.items():
            page = workbook.add_worksheet(name)
            for row, some in enumerate(cells):
                for column, cell in enumerate(some):
                    if isinstance(cell, str):
                        page.write_string(row, column, cell)
                    elif cell is not None:
                        page.write(row, column, cell)

    return book(write)


def book(write: Callable[[Any], None], **options: object) -> bytes:
    """A workbook that a function writes."""
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {"in_memory": True, **options})
    write(workbook)
    workbook.close()
    return target.getvalue()


def part(content: bytes, name: str) -> str:
    """The XML of one part of a package."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name).decode()


def edited(content: bytes, part: str, change: Callable[[bytes], bytes], **added: bytes) -> bytes:
    """The same package with one part changed, and parts added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
        for name, more in added.items():
            new.writestr(name, more)
    return target.getvalue()


def in_sheet(old: str, new: str, rows: Sequence[Sequence[object]] = (HEADS, *PEOPLE)) -> bytes:
    """A workbook in whose sheet XML this text is replaced; it must be there."""

    def change(xml: bytes) -> bytes:
        assert old.encode() in xml
        return xml.replace(old.encode(), new.encode())

    return edited(xlsx(rows), SHEET, change)


def archive(parts: Mapping[str, bytes | str]) -> bytes:
    """A zip with these members."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return target.getvalue()


_ODF = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
    for prefix in ("office", "table", "text", "style")
)
_CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'


def ods(tables: str, manifest: str = "") -> bytes:
    """An OpenDocument spreadsheet with this XML for its tables."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_ODF} {_CALC}><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
            "content.xml": content,
        }
    )


def ods_text(*cells: str) -> str:
    """A row of text cells."""
    inside = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in cells
    )
    return f"<table:table-row>{inside}</table:table-row>"


def record(kind: int, data: bytes) -> bytes:
    """One record of an .xls."""
    return struct.pack("<HH", kind, len(data)) + data


def xls_text(row: int, column: int, text: str, style: int = 0) -> bytes:
    """A text cell of an .xls."""
    return record(0x204, struct.pack("<HHHHB", row, column, style, len(text), 1) + text.encode("utf-16-le"))


def xls(*records: bytes, before: bytes = b"", title: str = "Đảng viên") -> bytes:
    """An .xls (BIFF8) with one sheet of these records; styles: 0 plain, 1 percent, 2 five digits, 3 `.VnTime`."""
    begin = struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0x600)
    fonts = b"".join(
        record(0x31, struct.pack("<HHHHHBBBBBB", 240, 0, 0, 400, 0, 0, 0, 0, 0, len(name), 0) + name.encode())
        for name in ("Arial", "Arial", "Arial", "Arial", ".VnTime")
    )
    digits = record(0x41E, struct.pack("<HHB", 164, 5, 0) + b"00000")
    styles = b"".join(
        record(0xE0, struct.pack("<HH16x", font, form)) for font, form in ((0, 0), (0, 10), (0, 164), (5, 0))
    )
    name = struct.pack("<BB", len(title), 1) + title.encode("utf-16-le")
    head = record(0x809, begin) + before + fonts + digits + styles
    start = len(head) + 4 + 6 + len(name) + 4
    page = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0x600)) + b"".join(records) + record(0x0A, b"")
    return compound(
        {"Workbook": head + record(0x85, struct.pack("<IBB", start, 0, 0) + name) + record(0x0A, b"") + page}
    )


def compound(streams: Mapping[str, bytes]) -> bytes:
    """An OLE compound file with these streams, each long enough to lie in sectors of its own."""
    end, special, sector = 0xFFFFFFFE, 0xFFFFFFFD, 512
    fat, body = [special, end], b""
    entries = [_entry("Root Entry", 5, end, 0)]
    for name, content in streams.items():
        padded = content.ljust(4096, b"\0")
        padded += b"\0" * (-len(padded) % sector)
        entries.append(_entry(name, 2, len(fat), len(padded)))
        count = len(padded) // sector
        fat += [*range(len(fat) + 1, len(fat) + count), end]
        body += padded
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0)
    )
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    table = struct.pack("<128I", *fat, *[0xFFFFFFFF] * (128 - len(fat)))
    return header + table + b"".join(entries).ljust(sector, b"\0") + body


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    none = 0xFFFFFFFF
    head = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text) + 2, kind, 1, none, 1 if kind == 5 else none, none)
    return head + bytes(36) + struct.pack("<IQ", start, size)


def read(content: bytes, name: str = "ds.xlsx", **options: Any) -> ListRead:
    """The list, read."""
    return read_list(content, name=name, **options)


def values(content: bytes, name: str = "ds.xlsx", **options: Any) -> list[list[object]]:
    """The values of every sound row."""
    return [list(row.values.values()) for row in read(content, name, **options).rows]


def refused(content: bytes, name: str = "ds.xlsx", **options: Any) -> tuple[Problem, ...]:
    """Why the whole file is refused; every problem is a sentence with a cure and names the file."""
    try:
        read_list(content, name=name, **options)
    except DataError as error:
        for problem in error.problems:
            assert problem.what
            assert problem.cure
            assert problem.file == name
            assert problem.severity == "error"
        return error.problems
    raise AssertionError("the file was accepted")


def codes(content: bytes, name: str = "ds.xlsx", **options: Any) -> list[str]:
    """The codes of the refusal."""
    return [problem.code for problem in refused(content, name, **options)]


def faults(content: bytes, name: str = "ds.xlsx", **options: Any) -> list[tuple[int | None, str | None, str]]:
    """Row, column and code of everything wrong with single rows."""
    return [
        (problem.row, problem.column, problem.code)
        for bad in read(content, name, **options).faulty
        for problem in bad.problems
    ]


def noted(content: bytes, name: str = "ds.xlsx", **options: Any) -> dict[str, str]:
    """The notes: code and sentence."""
    return {note.code: note.message for note in read(content, name, **options).notes}
