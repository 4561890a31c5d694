"""What the command line takes in: one record from a file or from standard input, and the organisation's profile."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from docgen.cli_files import read_file, read_standard_input
from docgen.cli_outcome import note, tell
from docgen.cli_words import WrongUse
from docgen.errors import DataError, shown
from docgen.files import path_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docgen.tables.rows import Row

LISTS = frozenset({".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv", ".jsonl"})
"""Endings of files that hold a list."""
_YAML = frozenset({".yaml", ".yml"})


def given(source: str) -> Row:
    """The record at `source` (`-` is standard input).

    Raises:
        WrongUse: a path that is missing, of the wrong kind or of an ending that is not read here.
        OutputError: a file that cannot be read.
        DataError: everything that is wrong with the text of a file.
    """
    from docgen.tables.documents import read_record
    from docgen.tables.limits import DEFAULT

    if source == "-":
        content = read_standard_input(most=DEFAULT.json_bytes)
        return read_record(content, name="đầu vào chuẩn", kind="json" if _looks_like_json(content) else "yaml")
    path = Path(source)
    ending = path.suffix.lower()
    if ending in LISTS:
        raise WrongUse("Ở đây cần một bản ghi: tệp .json, .yaml, .yml, hoặc .docx đã tạo từ mẫu.")
    if ending == ".docx":
        return _read_back(path)
    content = read_file(path, most=DEFAULT.json_bytes)
    if ending != ".json" and ending not in _YAML:
        raise WrongUse(f"Không rõ {shown(path_text(path.name))} là dữ liệu gì: cần tệp .json, .yaml, .yml hoặc .docx.")
    return read_record(content, name=path_text(path.name), kind="yaml" if ending in _YAML else "json")


def _read_back(path: Path) -> Row:
    """The record in a document that was made here, as people have filled it; what is to be looked at is told.

    Raises:
        DataError: a place that could not be read: nothing is taken for blank that may not be.
    """
    from docgen.collecting.paper import read_paper
    from docgen.tables.limits import DEFAULT
    from docgen.tables.rows import Origin, Row

    name = path_text(path.name)
    paper = read_paper(read_file(path, most=DEFAULT.list_bytes), file=name)
    if wrong := [problem for problem in paper.problems if problem.severity == "error"]:
        raise DataError(wrong)
    tell(paper.problems)
    for text in paper.outside:
        note(f"Cảnh báo: {name}: Chữ ngoài ô, không đọc vào mục nào: {shown(text)}.")
    return Row(paper.values, Origin(file=name))


def shared_profile(profile: str | None) -> Mapping[str, object] | None:
    """The entries of the organisation's profile, if there is one.

    Raises:
        WrongUse: a wrong path.
        OutputError: a file that cannot be read.
        DataError: everything that is wrong with its text.
    """
    if profile is None:
        return None
    from docgen.tables.documents import read_profile
    from docgen.tables.limits import DEFAULT

    path = Path(profile)
    return read_profile(read_file(path, most=DEFAULT.toml_bytes), name=path_text(path.name))


def _looks_like_json(content: bytes) -> bool:
    """By the first visible character; the marks of UTF-8 and UTF-16 and their NULs do not count."""
    return content.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:1] in {b"{", b"["}
