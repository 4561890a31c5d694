"""After LibreOffice has saved a document its tags are gone: bookmarks bring every field back all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from docgen.collecting.folder import Source, collect
from docgen.collecting.paper import read_paper
from docgen.errors import Problem
from docgen.papers import library
from docgen.word.older import to_docxs
from docgen.word.reading import read
from tests.libreoffice import WORD, saved
from tests.papers.specimens import EDITIONS, rendered
from tests.papers.test_read_back import again, read_from

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from docgen.papers.read_back import Texts
    from tests.papers.specimens import Edition

OF_LIBREOFFICE = {"read-undoubled"}
"""LibreOffice 7.4 saves a control in the first cell of a document several times: that is told and left out."""


def share(edition: Edition, before: Texts, after: Texts) -> float:
    """How many of the fields come back as they came before LibreOffice."""
    kept = [name for name in before.how if before.values.get(name) == after.values.get(name) and name in after.how]
    assert again(edition, after) == again(edition, before) or len(kept) < len(before.how)
    return len(kept) / len(before.how)


@pytest.mark.needs_libreoffice
def test_every_field_of_every_form_survives(tmp_path: Path) -> None:
    last = {edition.form.id: edition for edition in EDITIONS}
    documents = {name: rendered(edition, library.sample(edition.form)) for name, edition in last.items()}
    shares, told = {}, set()
    for name, docx in saved(tmp_path, documents, "docx", WORD).items():
        assert read(docx).tags == frozenset()
        after = read_from(last[name], docx)
        shares[name] = share(last[name], read_from(last[name], documents[name]), after)
        told |= {problem.code for problem in after.problems}
        assert set(after.how.values()) <= {"bookmark", "label"}
    assert {name: kept for name, kept in shares.items() if kept < 1} == {}
    assert told <= OF_LIBREOFFICE


@pytest.mark.needs_libreoffice
@pytest.mark.parametrize("kind", ["doc", "odt", "rtf"])
def test_older_documents_come_back(tmp_path: Path, kind: str) -> None:
    chosen = {each.id: each for each in EDITIONS if each.id in {"mau-2b-2025", "phu-luc-ket-qua-nhiem-vu"}}
    documents = {name: rendered(each, library.sample(each.form)) for name, each in chosen.items()}

    def loaded(content: bytes) -> Callable[[], bytes]:
        return lambda: content

    older = saved(tmp_path, documents, "docx", kind)
    found = collect(Source(f"{name}.{kind}", loaded(each)) for name, each in older.items())
    for paper in found.papers:
        assert [problem.message for problem in paper.problems if problem.severity == "error"] == []
        before = read_paper(documents[paper.file.removesuffix(f".{kind}")], file="")
        assert paper.values == before.values
        assert paper.how.keys() == before.how.keys()


@pytest.mark.needs_libreoffice
def test_a_broken_older_document_costs_no_other_one() -> None:
    good = b"{\\rtf1 Xin chao}"
    broken = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    first, second = to_docxs([broken, good])
    assert isinstance(first, Problem)
    assert isinstance(second, bytes)
    assert [each.text for each in read(second).paragraphs] == ["Xin chao"]
