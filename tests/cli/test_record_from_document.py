"""A document that was made here is a record, too: for `check`, `render` and `carry`, as people have filled it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import docx
import pytest

import docgen
from docgen.cli import main
from docgen.papers import library

if TYPE_CHECKING:
    from pathlib import Path

PROMPT, ANSWER = "goi-y-kiem-diem-ca-nhan", "bao-cao-giai-trinh"


@pytest.fixture
def made(tmp_path: Path) -> Path:
    place = tmp_path / "goi_y.docx"
    place.write_bytes(docgen.render(PROMPT, library.sample(library.form(PROMPT))))
    return place


def test_a_document_is_carried_on_like_its_record(made: Path, tmp_path: Path) -> None:
    record = tmp_path / "goi_y.json"
    record.write_text(json.dumps(library.sample(library.form(PROMPT)), ensure_ascii=False), "utf-8")
    for source in (made, record):
        assert main(["carry", str(source), "--to", ANSWER, "-o", str(tmp_path / f"{source.suffix[1:]}.json")]) == 0
    assert (tmp_path / "docx.json").read_bytes() == (tmp_path / "json.json").read_bytes()


def test_a_document_is_checked_and_made_again(made: Path, tmp_path: Path) -> None:
    assert main(["check", PROMPT, str(made)]) == 0
    assert main(["render", PROMPT, str(made), "-o", str(tmp_path / "lai.docx")]) == 0
    assert (tmp_path / "lai.docx").read_bytes() == made.read_bytes()


def test_what_was_written_beside_the_places_of_the_form_is_told(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edited = docx.Document(str(made))
    edited.add_paragraph("Xin bổ sung một ý.")
    edited.save(str(made))
    main(["check", PROMPT, str(made)])
    assert "Xin bổ sung một ý." in capsys.readouterr().err


def test_a_document_that_was_not_made_here_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stranger = tmp_path / "la.docx"
    docx.Document().save(str(stranger))
    assert main(["check", PROMPT, str(stranger)]) != 0
    assert "la.docx" in capsys.readouterr().err
