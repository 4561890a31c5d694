"""Settings from the environment: safe without any, and every wrong one told at once."""

from __future__ import annotations

import pytest

from docgen.errors import OutputError
from service.app import create_app
from service.settings import Settings, from_environment


def test_without_variables_the_defaults_stand() -> None:
    assert from_environment({}) == from_environment({"DOCGEN_LIMIT_BODY": " "}) == Settings()
    assert Settings().body_limit == 2 * 1024 * 1024
    assert Settings().pdf_at_once < Settings().threads


def test_variables_are_read() -> None:
    given = {
        "DOCGEN_LIMIT_BODY": "5000",
        "DOCGEN_THREADS": "8",
        "DOCGEN_LIMIT_PDF": "7",
        "DOCGEN_LIMIT_PDF_SECONDS": "5",
    }
    assert from_environment(given) == Settings(body_limit=5000, threads=8, pdf_at_once=7, pdf_seconds=5)


@pytest.mark.parametrize("wrong", ["", "0", "-1", "1e9", "12.5", "nhiều", "9" * 5000, "٣٠٠٠", "99999999999"])
def test_wrong_variables_are_told_all_at_once(wrong: str) -> None:
    given = {"DOCGEN_LIMIT_BODY": wrong or "1023", "DOCGEN_THREADS": wrong or "1"}
    with pytest.raises(OutputError) as caught:
        from_environment(given)
    assert len(caught.value.problems) == 2
    assert "DOCGEN_LIMIT_BODY" in str(caught.value)
    assert "DOCGEN_THREADS" in str(caught.value)


def test_pdfs_never_take_every_thread() -> None:
    with pytest.raises(OutputError):
        from_environment({"DOCGEN_THREADS": "2", "DOCGEN_LIMIT_PDF": "2"})


def test_the_application_reads_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCGEN_LIMIT_BODY", "1024")
    answer = create_app().test_client().post("/api/v1/forms/mau-2b-2025/documents", json={"ho_ten": "x" * 1024})
    assert answer.status_code == 413
