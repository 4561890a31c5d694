"""How large and how deep a file may be before it is refused, and how a place inside its text is told."""

from __future__ import annotations

from dataclasses import dataclass

from docgen.errors import DataError, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one file that holds one record; each is far above what a paper needs."""

    json_bytes: int = 20 * 1024 * 1024
    yaml_bytes: int = 1024 * 1024
    """YAML is read by a slow parser (up to eight seconds for one MB of single letters), so its bound is lower."""
    toml_bytes: int = 1024 * 1024
    depth: int = 50
    """How many lists and groups may stand inside each other."""
    number_characters: int = 40
    problems: int = 50
    """How many faults of one file are told at once."""


DEFAULT = Limits()


def refuse_larger(content: bytes, most: int) -> None:
    """Refuse a file of more than `most` bytes.

    Raises:
        DataError: code `file-too-large`.
    """
    if len(content) > most:
        size = f"{most / 1024 / 1024:g}".replace(".", ",")
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
