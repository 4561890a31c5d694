"""A missing program never hides a test: it is told loudly on a person's machine and fails in CI."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).parent.parent.parent
_NEEDS = "tests/gate/test_sound.py::test_the_pages_are_counted_and_read"


def run(*arguments: str, **environment: str) -> tuple[int, str]:
    """The exit code and output of pytest on one test, where the path leads to no program."""
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", *arguments],
        cwd=_ROOT,
        env={**os.environ, "PATH": "", "CI": "", "PYTEST_ADDOPTS": "", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return ran.returncode, ran.stdout + ran.stderr


def test_a_person_is_told_what_was_left_out() -> None:
    code, told = run(_NEEDS)
    assert code == 0
    assert "NOT TESTED: 1 tests need LibreOffice" in told
    assert "apt-get install libreoffice-writer-nogui" in told


def test_in_ci_a_missing_program_is_a_failure() -> None:
    code, told = run(_NEEDS, CI="true")
    assert code == 1
    assert "LibreOffice is missing" in told


def test_ci_accepts_no_golden_files() -> None:
    code, told = run("--accept", _NEEDS, CI="true")
    assert code == pytest.ExitCode.USAGE_ERROR
    assert "--accept is refused in CI" in told
