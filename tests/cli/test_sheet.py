"""The command behind `docgen sheet`: one workbook, whole or not at all."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from docgen.cli_sheet import sheet
from docgen.cli_words import WrongUse
from docgen.papers.sheet import workbook

if TYPE_CHECKING:
    from pathlib import Path


def test_the_command_writes_the_workbook_whole(tmp_path: Path) -> None:
    target = tmp_path / "ds.xlsx"
    target.write_bytes(b"cu")
    assert sheet("kiem-diem-ca-nhan", None, str(target)) == ()
    assert target.read_bytes() == workbook("kiem-diem-ca-nhan")
    assert [each.name for each in tmp_path.iterdir()] == ["ds.xlsx"]


def test_the_command_tells_a_form_that_is_not_for_the_year(tmp_path: Path) -> None:
    [warning] = sheet("mau-2b-2025", 2023, str(tmp_path / "ds.xlsx"))
    assert warning.code == "edition-out-of-force"
    assert sheet("mau-2b-2025", 2026, str(tmp_path / "ds.xlsx")) == ()


@pytest.mark.parametrize("output", ["ds.docx", "ds", "thieu/ds.xlsx"])
def test_the_command_refuses_another_ending_or_a_missing_folder(tmp_path: Path, output: str) -> None:
    with pytest.raises(WrongUse):
        sheet("mau-2b-2025", None, str(tmp_path / output))
    assert list(tmp_path.iterdir()) == []


def test_the_command_starts_light() -> None:
    code = "import sys, docgen.cli_sheet; print(*sorted({'xlsxwriter', 'pydantic'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""
