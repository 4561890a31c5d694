"""How large and how deep a file may be before it is refused, and how a place inside its text is told."""

from __future__ import annotations

from dataclasses import dataclass

from docgen.errors import DataError, Problem

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one file; each is far above what a paper, or a province's list, needs."""

    json_bytes: int = 20 * _MIB
    yaml_bytes: int = 1 * _MIB
    """YAML is read by a slow parser (up to eight seconds for one MB of single letters), so its bound is lower."""
    toml_bytes: int = 1 * _MIB
    depth: int = 50
    """How many lists and groups may stand inside each other."""
    number_characters: int = 40
    problems: int = 50
    """How many faults of one file are told at once."""

    list_bytes: int = 128 * _MIB
    """A list as it lies on the disk: a workbook, a CSV or JSON file."""
    part_bytes: int = 512 * _MIB
    """One part of a workbook, inflated."""
    inflated_bytes: int = 768 * _MIB
    members: int = 2_000
    """Parts of a workbook."""
    ratio: int = 200
    """How much larger than its packed bytes a part over `ratio_from` bytes may be; sheets that people make stay
    under 60."""
    ratio_from: int = 1 * _MIB
    rows: int = 300_000
    columns: int = 500
    cells: int = 8_000_000
    """Cells of the smallest rectangle that holds a sheet's values: the reader keeps it in memory whole."""
    marked_cells: int = 2_000_000
    """Cells of a sheet that need a word of their own beside their value: errors, percentages, codes, merged areas."""
    memory_bytes: int = 2 * 1024 * _MIB
    """Address space of the process that opens a workbook (where the system can bound it)."""
    seconds: int = 300
    """Clock and processor time of that process."""


DEFAULT = Limits()


def refuse_larger(content: bytes, most: int) -> None:
    """Refuse a file of more than `most` bytes.

    Raises:
        DataError: code `file-too-large`.
    """
    if len(content) > most:
        size = f"{most / _MIB:g}".replace(".", ",")
        raise DataError.of(
            "file-too-large",
            f"Tệp lớn hơn {size} MB nên không đọc.",
            "Một bản ghi chỉ vài chục KB: kiểm tra xem có chọn nhầm tệp không.",
        )


def problem_at(text: str, index: int, code: str, what: str, cure: str) -> Problem:
    """A problem at a character of the text, told as line and column, both from 1."""
    line = text.count("\n", 0, index) + 1
    column = index - text.rfind("\n", 0, index)
    return Problem(code=code, what=what, cure=cure, row=line, column=str(column))
