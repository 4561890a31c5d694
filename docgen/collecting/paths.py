"""Collecting from a disk: which files stand in the folders that came back, and the list against which they are held."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from docgen.collecting.against import against as held_against
from docgen.collecting.folder import Collected, Source
from docgen.collecting.folder import collect as collect_sources
from docgen.errors import OutputError, shown
from docgen.files import path_text, read_file
from docgen.tables.limits import DEFAULT
from docgen.word.screening import LIMITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_OWN: str = ".docgen"
"""The folder in which a merge keeps its ledger."""


def collect(paths: Iterable[str | Path], *, against: str | Path | None = None) -> Collected:
    """Read papers that came back.

    Args:
        paths: files, and folders that are read with all folders in them.
        against: the list from which the papers were sent; without it nothing is compared.

    Raises:
        OutputError: a path that is missing or cannot be read, LibreOffice that cannot be started.
        DataError: the list cannot be used.
    """
    found = collect_sources(_sources(map(Path, paths)))
    if against is None:
        return found
    place = Path(against)
    content = read_file(place, most=DEFAULT.list_bytes)
    return replace(found, against=held_against(found.papers, content, file=path_text(place.name)))


def _sources(paths: Iterable[Path]) -> list[Source]:
    """A source for each file, each file once, folders in the order of their names."""
    files: dict[Path, Source] = {}
    for path in paths:
        for file in _files(path):
            files.setdefault(file.absolute(), _source(file))
    return list(files.values())


def _files(path: Path) -> Iterator[Path]:
    """The file, or every file below the folder; links to folders are not followed."""
    if not path.is_dir():
        if not path.exists():
            what = f"Không thấy {shown(path_text(path))}."
            raise OutputError.of("path-missing", what, "Kiểm tra lại tên và thư mục.")
        yield path
        return
    for folder, names, files in os.walk(path):
        names[:] = sorted(name for name in names if name != _OWN)
        yield from (Path(folder) / name for name in sorted(files))


def _source(file: Path) -> Source:
    try:
        dated = datetime.fromtimestamp(file.stat().st_mtime, tz=UTC)
    except (OSError, OverflowError, ValueError):
        dated = None
    return Source(path_text(file), partial(read_file, file, most=LIMITS.file_bytes), dated)
