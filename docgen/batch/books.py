"""The workbooks that a merge keeps beside its documents, entered in the ledger like these.

A person may have written in one since it was made, or have it open (the list of bad rows is made to be mended): then it
is left alone, and the new one gets the next free name.
"""

from __future__ import annotations

import hashlib
from itertools import chain, count
from typing import TYPE_CHECKING, Final

from docgen.batch.ledger import Entry
from docgen.batch.standing import sha256_of, standing
from docgen.files import lock_of, not_written, sync_folder, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from docgen.batch.ledger import Ledger

INDEX_NAME: Final = "danh_sach.xlsx"
BAD_ROWS_NAME: Final = "loi.xlsx"
_MARK: Final = ":"
"""Begins the key of a workbook; no document's key does."""


def documents(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that are documents."""
    return [entry for entry in entries if not entry.key.startswith(_MARK)]


class Books:
    """The workbooks of one output."""

    def __init__(self, ledger: Ledger, folder: Path, *, owner: str, prefix: str = "") -> None:
        """Keep workbooks.

        Args:
            ledger: the output's.
            folder: where they stand.
            owner: the form or family of the list: each that lives in the output has a list of bad rows of its own.
            prefix: begins their names.
        """
        self._ledger, self._folder, self._owner, self._prefix = ledger, folder, owner, prefix

    def put_index(self, content: bytes | None, *, replace: bool) -> str | None:
        """Write the index, with `replace` also over one that a person has changed; the name under which it stands.

        Raises:
            OutputError: it could not be written.
        """
        return None if content is None else self._put(_MARK + INDEX_NAME, INDEX_NAME, content, replace=replace)

    def put_bad_rows(self, content: bytes | None) -> str | None:
        """Write the list of bad rows, or with None take that of an earlier run away; the name under which it stands.

        Raises:
            OutputError: it could not be written.
        """
        key = f"{_MARK}{BAD_ROWS_NAME}:{self._owner}"
        if content is not None:
            return self._put(key, BAD_ROWS_NAME, content, replace=False)
        before = self._ledger.entries.get(key)
        if before is not None and self._is_untouched(before):
            place = self._folder / before.path
            try:
                place.unlink()
                sync_folder(place.parent)
            except OSError as error:
                raise not_written(place, error) from error
        return None

    def _put(self, key: str, name: str, content: bytes, *, replace: bool) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        before = self._ledger.entries.get(key)
        if before is not None and before.sha256 == sha256 and standing(self._folder, before) == "intact":
            return before.path
        own = before is not None and self._is_untouched(before)
        path = before.path if before is not None and own else self._free(name, sha256, replace=replace)
        entry = Entry(
            key=key, digest=sha256, path=path, wanted=name, sha256=sha256, size=len(content), form="", edition=""
        )
        self._ledger.enter([entry])
        if sha256_of(self._folder / path) != sha256:
            write_whole(self._folder / path, content, part=self._ledger.part)
        self._ledger.seal()
        return path

    def _is_untouched(self, entry: Entry) -> bool:
        """Whether the workbook stands as it was made, and nobody has it open."""
        return standing(self._folder, entry) == "intact" and lock_of(self._folder / entry.path) is None

    def _free(self, name: str, sha256: str, *, replace: bool) -> str:
        """The first name under which nothing stands, or just this content; with `replace`, or what nobody has open."""
        stem, _, ending = (self._prefix + name).rpartition(".")
        names = chain([f"{stem}.{ending}"], (f"{stem}-{number}.{ending}" for number in count(2)))
        return next(each for each in names if self._may_take(self._folder / each, sha256, replace=replace))

    def _may_take(self, place: Path, sha256: str, *, replace: bool) -> bool:
        found = sha256_of(place)
        return found in {None, sha256} or (replace and not place.is_dir() and lock_of(place) is None)
