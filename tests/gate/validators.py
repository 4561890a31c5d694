"""Two validators that know the schemas: the Open XML SDK (a program out of npm) and openxml-audit (Python).

The SDK takes one file a call, 0.4 to 0.7 s; several run side by side. openxml-audit also knows what makes Word repair a
file; what it says wrongly of good files is named in `BASELINE`, each line with its reason.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import openxml_audit

if TYPE_CHECKING:
    from collections.abc import Sequence

_SECONDS = 60.0
_FOLDER = Path(__file__).parent / "node_modules" / "@xarsh"


class Known(NamedTuple):
    """One finding of openxml-audit that is wrong: where it says it, what it says, why it is no fault."""

    part: str
    says: str
    reason: str


BASELINE = (
    Known("/word/stylesWithEffects.xml", r".*", "python-docx's own package; only Word 2010 read this part"),
    Known(
        "/word/document.xml", r".*/theme' is missing[.]", "a document holds no or one theme (ISO/IEC 29500-1, 11.3.10)"
    ),
)


def find_validator() -> Path | None:
    """The SDK's program for this machine, as `npm ci` in tests/gate laid it down; None where it is missing."""
    machine = {"x86_64": "x64", "AMD64": "x64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    program = _FOLDER / f"ooxml-validator-{platform.system().lower()}-{machine}" / "ooxml-validator"
    return program if program.is_file() else None


def sdk(document: bytes, kind: str = "docx") -> list[str]:
    """What the Open XML SDK finds in one document, a `docx` or an `xlsx`."""
    return sdk_many([document], kind)[0]


def sdk_many(documents: Sequence[bytes], kind: str = "docx") -> list[list[str]]:
    """What the Open XML SDK finds in each document; as many calls at a time as there are cores."""
    program = find_validator()
    if program is None:
        raise FileNotFoundError("the Open XML SDK validator is missing: run `npm ci --ignore-scripts` in tests/gate")
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number}.{kind}" for number in range(len(documents))]
        for file, document in zip(files, documents, strict=True):
            file.write_bytes(document)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return list(pool.map(lambda file: _sdk_file(program, file), files))


def _sdk_file(program: Path, file: Path) -> list[str]:
    run = subprocess.run(
        [str(program), str(file), "Microsoft365"],
        capture_output=True,
        timeout=_SECONDS,
        check=False,
    )
    if run.returncode not in {0, 1}:
        raise RuntimeError(f"the validator did not run: {run.stderr.decode(errors='replace')[:400]}")
    errors = json.loads(run.stdout)["errors"]
    return [f"{error['path']} {error['xPath']}: {error['description']}" for error in errors]


def audit(docx: bytes) -> list[str]:
    """What openxml-audit finds and `BASELINE` does not excuse."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "1.docx"
        file.write_bytes(docx)
        errors = _auditor().validate(file).errors
    return [
        f"{error.part_uri} {error.path}: {error.description}"
        for error in errors
        if not any(known.part == error.part_uri and re.fullmatch(known.says, error.description) for known in BASELINE)
    ]


@cache
def _auditor() -> openxml_audit.OpenXmlValidator:
    """One validator for all files: reading its schemas takes most of the time."""
    return openxml_audit.OpenXmlValidator(file_format=openxml_audit.FileFormat.MICROSOFT_365)
