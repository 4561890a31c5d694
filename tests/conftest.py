"""What holds for every test: programs that may be missing, golden files, hypothesis.

A test marked `needs_libreoffice` or `needs_validator` is left out where the program is missing, and the end of the run
says so loudly; in CI (`CI` is set) it fails instead. `--accept` writes golden files anew; CI refuses it.
"""

from __future__ import annotations

import difflib
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import hypothesis
import pytest

from docgen.word.pdf import find_soffice
from tests.gate.validators import find_validator
from tests.pages.browser import find_axe, find_browser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from _pytest.terminal import TerminalReporter

IN_CI = os.environ.get("CI", "").lower() not in {"", "0", "false"}
_LEFT_OUT = "left out: "
_GOLDEN = Path(__file__).parent / "golden"


class Program(NamedTuple):
    """A program that some tests need: its name, how to see whether it is here, how to get it."""

    name: str
    find: Callable[[], object]
    cure: str


def find_calc() -> Path | None:
    """LibreOffice's spreadsheet, which is a package of its own."""
    soffice = find_soffice()
    part = Path(soffice).resolve().parent / "libsclo.so" if soffice else None
    return part if part and part.is_file() else None


def find_font() -> bool:
    """Whether a font with the widths of Times New Roman has Vietnamese letters."""
    program = shutil.which("fc-list")
    if program is None:
        return False
    listed = subprocess.run([program, ":lang=vi", "family"], capture_output=True, text=True, check=True).stdout
    return re.search(r"^(Times New Roman|Tinos|Liberation Serif)\b", listed, re.MULTILINE) is not None


PROGRAMS = {
    "needs_libreoffice": Program("LibreOffice", find_soffice, "apt-get install libreoffice-writer-nogui"),
    "needs_calc": Program("Calc of LibreOffice", find_calc, "apt-get install libreoffice-calc-nogui"),
    "needs_font": Program("a font like Times New Roman", find_font, "apt-get install fonts-croscore"),
    "needs_browser": Program("Chromium", find_browser, "apt-get install chromium"),
    "needs_axe": Program("axe-core", find_axe, "cd tests/gate && npm ci --ignore-scripts"),
    "needs_validator": Program("Open XML SDK validator", find_validator, "cd tests/gate && npm ci --ignore-scripts"),
}

hypothesis.settings.register_profile("dev", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if IN_CI else "dev")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="write the golden files anew from what the tests see")


def pytest_configure(config: pytest.Config) -> None:
    for mark, program in PROGRAMS.items():
        config.addinivalue_line("markers", f"{mark}: needs {program.name} on this machine")
    if IN_CI and config.getoption("--accept"):
        raise pytest.UsageError("--accept is refused in CI: golden files are accepted by a person who reads them")


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark, program in PROGRAMS.items():
        if item.get_closest_marker(mark) and not program.find():
            told = f"{program.name} is missing: {program.cure}"
            if IN_CI:
                pytest.fail(told, pytrace=False)
            pytest.skip(_LEFT_OUT + told)


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    reasons = [str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", [])]
    for program in PROGRAMS.values():
        missed = sum(_LEFT_OUT + program.name in reason for reason in reasons)
        if missed:
            terminalreporter.section(f"NOT TESTED: {missed} tests need {program.name}", sep="!", red=True, bold=True)
            terminalreporter.line(f"Install it and run again: {program.cure}")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """A check `golden(name, text)` of a text against tests/golden/NAME; with `--accept` it writes the file instead."""

    def check(name: str, text: str) -> None:
        file = _GOLDEN / name
        if request.config.getoption("--accept"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        if not file.is_file():
            pytest.fail(f"no golden file {name}: run pytest with --accept, then read it", pytrace=False)
        kept = file.read_text(encoding="utf-8")
        if kept != text:
            change = difflib.unified_diff(kept.splitlines(), text.splitlines(), "golden", "now", lineterm="", n=1)
            pytest.fail(f"{name} has changed (--accept takes it):\n" + "\n".join(change), pytrace=False)

    return check


@pytest.fixture(scope="session", autouse=True)
def home_of_the_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Where a service without `DOCGEN_DATA` keeps its state, so that no test touches that of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        home = str(tmp_path_factory.mktemp("home"))
        patch.setenv("XDG_DATA_HOME", home)
        patch.setenv("LOCALAPPDATA", home)
        yield
