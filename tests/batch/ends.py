"""How an output stands after a merge: what people get of it, and that nothing half-made lies about."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from docgen.batch.books import INDEX_NAME
from docgen.tables.lists import read_list
from tests.batch.disk import Tree, tree_of
from tests.gate.texts import document_text

if TYPE_CHECKING:
    from pathlib import Path

_OWN = (".docgen", ".ledger.jsonl")


def end_of(target: Path) -> Tree:
    """Everything that people get: a folder's files, or a zip and what lies beside it. Ledgers are not theirs.

    Raises:
        AssertionError: a part, or a lock, was left.
    """
    found = tree_of(target) if target.is_dir() else tree_of(target.parent)
    left = [path for path in found if path.endswith((".part", ".lock", "/lock"))]
    assert not left
    return {path: content for path, content in found.items() if not path.startswith(_OWN) and not path.endswith(_OWN)}


def documents(target: Path) -> dict[str, bytes]:
    """The Word files of a folder or a zip, or the print files that begin with a name, by path."""
    if target.suffix == ".docx":
        return {path.name: path.read_bytes() for path in target.parent.glob(f"{target.stem}*.docx")}
    if target.is_dir():
        return {path: content for path, content in tree_of(target).items() if content and path.endswith(".docx")}
    with zipfile.ZipFile(target) as opened:
        assert opened.testzip() is None
        names = [name for name in opened.namelist() if name.endswith(".docx")]
        assert len(names) == len(set(names))
        return {name: opened.read(name) for name in names}


def text_of(document: bytes) -> str:
    """What a document says."""
    return "\n".join(document_text(document))


def is_whole(document: bytes) -> bool:
    """Whether a Word file is complete."""
    try:
        with zipfile.ZipFile(io.BytesIO(document)) as opened:
            return opened.testzip() is None
    except zipfile.BadZipFile:
        return False


def index_of(target: Path) -> list[dict[str, object]]:
    """The rows of the index of a folder or a zip."""
    if target.is_dir():
        content = (target / INDEX_NAME).read_bytes()
    else:
        with zipfile.ZipFile(target) as opened:
            content = opened.read(INDEX_NAME)
    return [dict(row.values) for row in read_list(content, name=INDEX_NAME).rows]
