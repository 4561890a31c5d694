"""The power fails at any moment, and of what was not synced any part may be lost: the same command completes it."""

from __future__ import annotations

import hashlib
import random
from typing import TYPE_CHECKING

import pytest

from docgen.batch import merging
from docgen.batch.books import documents as of_documents
from docgen.batch.folder import LEDGER_NAME, OWN_FOLDER
from docgen.batch.ledger import Ledger
from docgen.batch.standing import standing
from docgen.batch.zip_file import ledger_of
from tests.batch import scenes
from tests.batch.disk import Disk, after_a_cut, planted, tree_of
from tests.batch.ends import end_of

if TYPE_CHECKING:
    from pathlib import Path

    from docgen.batch.ledger import Entry
    from tests.batch.conftest import Merged

SAMPLES = 2
"""Random states of the disk at each moment, beside the two extreme ones."""


@pytest.mark.parametrize(("place", "again"), scenes.TROUBLED)
def test_whatever_a_power_cut_leaves_the_same_command_completes(
    place: str, again: bool, merged: Merged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "CHUNK", 2)
    whole = tmp_path / "whole"
    whole.mkdir()
    rows = scenes.first_list()
    if again:
        merged(rows, whole / place)
        rows = scenes.second_list(place)
    before = tree_of(whole)
    disk = Disk(whole)
    with disk.watched():
        merged(rows, whole / place)
    wanted = end_of(whole / place)

    for number, tree in enumerate(after_a_cut(before, disk.changes, samples=SAMPLES, chance=random.Random(85))):
        found = planted(tree, tmp_path / f"cut-{number}")
        with Disk(found).watched():
            assert false_claims(found / place, tmp_path / "copy.jsonl") == []
            merged(rows, found / place)
        assert end_of(found / place) == wanted, f"cut {number}"
    assert number > 20


def false_claims(target: Path, copy: Path) -> list[str]:
    """Documents that the ledger of an output knows and that are not there whole; read in a copy of the ledger."""
    ledger = target / OWN_FOLDER / LEDGER_NAME if target.suffix == "" else ledger_of(target)
    if not ledger.exists():
        return []
    copy.write_bytes(ledger.read_bytes())

    def proves(entry: Entry) -> bool:
        if not entry.store:
            return standing(target if target.suffix == "" else target.parent, entry) == "intact"
        files = [target.with_name(f"{target.name}.{entry.store}.part"), target]
        contents = [file.read_bytes()[entry.offset :][: entry.size] for file in files if file.exists()]
        return entry.sha256 in [hashlib.sha256(content).hexdigest() for content in contents]

    with Ledger(copy, prove=proves) as opened:
        return [entry.path for entry in of_documents(opened.entries.values()) if not proves(entry)]
