"""What the README tells people to type works.

Every ```sh block is run line by line in a folder that holds nothing but `samples/`: `docgen …` and `python …` with the
commands of this environment; a line may say `# exits 3`. `make …` lines must name real doors. A block whose first line
is `# not run` is left alone.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

_ROOT = Path(__file__).parent.parent
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_EXITS = re.compile(r"#\s*exits (\d+)\s*$")
_SECONDS = 120.0


class Line(NamedTuple):
    """A command of the README and the exit code that it promises."""

    command: str
    exits: int


def blocks(readme: str) -> list[list[Line]]:
    """The lines to run of each block; a line that ends with a backslash goes on."""
    found = []
    for match in _BLOCK.finditer(readme):
        text = match.group(1).replace("\\\n", " ")
        if not text.startswith("# not run"):
            lines = [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
            found.append([_line(line) for line in lines])
    return [block for block in found if block]


def _line(text: str) -> Line:
    promised = _EXITS.search(text)
    return Line(text, int(promised.group(1)) if promised else 0)


def doors(makefile: str) -> set[str]:
    return set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))


def faults(block: list[Line], folder: Path, known_doors: set[str]) -> list[str]:
    """What does not do as the block promises; the lines of one block share a folder."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    found = []
    for line in block:
        program = line.command.split()[0]
        if program == "make":
            asked = {word for word in line.command.partition("#")[0].split()[1:] if "=" not in word}
            found += [f"{line.command}: no such door: {door}" for door in sorted(asked - known_doors)]
        elif program not in {"docgen", "python"}:
            found.append(
                f"{line.command}: only docgen, python and make lines can be proven; mark the block `# not run`"
            )
        else:
            ran = subprocess.run(
                ["/bin/sh", "-c", line.command],
                cwd=folder,
                env={**os.environ, "PATH": path},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                encoding="utf-8",
                timeout=_SECONDS,
                check=False,
            )
            if ran.returncode != line.exits:
                found.append(f"{line.command}: exit {ran.returncode}, not {line.exits}: {ran.stderr.strip()[-400:]}")
    return found


README_BLOCKS = blocks((_ROOT / "README.md").read_text(encoding="utf-8"))


@pytest.mark.needs_libreoffice
def test_the_readme_shows_commands_that_work(tmp_path: Path) -> None:
    known = doors((_ROOT / "Makefile").read_text(encoding="utf-8"))
    assert README_BLOCKS, "the README shows no command in a ```sh block"
    found = []
    for number, block in enumerate(README_BLOCKS):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "samples").symlink_to(_ROOT / "samples")
        found += faults(block, folder, known)
    assert found == []


def test_blocks_comments_and_promised_codes_are_read() -> None:
    text = "a\n```sh\n# so\npython -c 'x' \\\n  y  # exits 3\n\nmake demo\n```\n"
    text += "```sh\n# not run\nrm x\n```\n```\nls\n```\n"
    command = "python -c 'x'    y  # exits 3"
    assert blocks(text) == [[Line(command, 3), Line("make demo", 0)]]


def test_what_does_not_work_is_told(tmp_path: Path) -> None:
    seeded = [
        Line("make demo", 0),
        Line("make nothing", 0),
        Line("python -c 'raise SystemExit(3)' # exits 3", 3),
        Line("python -c 'raise SystemExit(4)'", 0),
        Line('python -c \'open("a", "w")\'', 0),
        Line("python -c 'open(\"a\").close()'", 0),
        Line("curl x", 0),
    ]
    told = faults(seeded, tmp_path, {"demo"})
    assert [one.split(": ")[1] for one in told][:2] == ["no such door", "exit 4, not 0"]
    assert len(told) == 3
