"""Files made to harm: refused within bounds of time and memory, and nothing in them is run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from docgen.word import package
from docgen.word.row_marks import editable
from tests.templates.broken import BODY, PERSON, against, p, text, xml
from tests.word.specimens import zipped
from tests.word.test_template_faults import CODE, GREEDY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECONDS, MEBIBYTES = 10, 512
LOOPS = [f"{{% for d{number} in han_che %}}" for number in range(7)]
ENDS = ["{% endfor %}"] * 7


def _zeros(parts: dict[str, bytes]) -> None:
    parts["word/media/a.bin"] = bytes(48 * 1024 * 1024)


def _nothing_but_paragraphs(parts: dict[str, bytes]) -> None:
    parts[BODY] = parts[BODY].replace(b"<w:sectPr>", b"<w:p/>" * 600_000 + b"<w:sectPr>", 1)


FILES: dict[str, tuple[Callable[[dict[str, bytes]], None], set[str]]] = {
    "code in every way": (text(*CODE), {"tag-forbidden"}),
    "all that is greedy": (text(*GREEDY[:11]), {"tag-forbidden"}),
    "60,000 tags begun": (text("{{ " * 60_000), {"template-too-big"}),
    "200,000 braces": (text("{" * 200_000), {"template-too-big"}),
    "as many tags as allowed": (text(*["{{ ho_ten }} " * 100] * 39), set()),
    "loops in loops around much": (text("".join(LOOPS) + "x" * 49_000 + "".join(ENDS)), {"template-too-big"}),
    "loops in loops around little": (text("".join(LOOPS) + "{{ d6 }}" + "".join(ENDS)), set()),
    "many paragraphs": (_nothing_but_paragraphs, {"package-too-big", "template-too-big"}),
    "as large as allowed": (xml(p("chữ " * 20) * 9_000), set()),
    "larger than allowed": (xml(p("chữ " * 20) * 18_000), {"template-too-big"}),
    "deep tables": (xml("<w:tbl><w:tr><w:tc>" * 3_000 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 3_000),
                    {"template-bad-xml"}),
    "a bomb": (_zeros, {"package-bomb", "package-too-big"}),
}  # fmt: skip


COMMAND = """
import re, sys
from pathlib import Path
from docgen.cli import main
code = main(sys.argv[1:])
peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text("ascii"))
sys.stderr.write(f"\\n{peak[1]}")
sys.exit(code)
"""
"""The command, which says its own peak in KiB at the end: what the system tells of a child counts its parent's, too."""


def _checked(file: Path) -> tuple[dict[str, Any], float, float]:
    """What the command says of the file, its processor time in seconds, and its memory in MiB."""
    run = [sys.executable, "-c", COMMAND, "template", "check", str(file), "--form", PERSON, "--json"]
    output, said = file.with_suffix(".json"), file.with_suffix(".txt")
    with output.open("wb") as out, said.open("wb") as err, subprocess.Popen(run, stdout=out, stderr=err) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return json.loads(output.read_text("utf-8")), used.ru_utime + used.ru_stime, _peak(said)


def _peak(said: Path) -> float:
    """The peak of its memory in MiB, by the last line that it has said."""
    return int(said.read_text("utf-8").splitlines()[-1]) / 1024


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of a process in /proc")
@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_refused_within_bounds(name: str, tmp_path: Path) -> None:
    edit, codes = FILES[name]
    parts = package.parts(editable(against(PERSON).original or b""))
    edit(parts)
    file = tmp_path / "mau.docx"
    file.write_bytes(zipped(parts))
    told, seconds, mebibytes = _checked(file)
    found = {problem["code"] for problem in told["problems"] if problem["severity"] == "error"}
    assert bool(found & codes) == bool(codes), found
    assert told["failed"] == int(bool(codes))
    assert seconds < SECONDS
    assert mebibytes < MEBIBYTES
