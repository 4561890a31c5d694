"""Files as LibreOffice saves them: what is left when an office has opened them and saved them again."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from docgen.word.pdf import find_soffice

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

WORD = "docx:MS Word 2007 XML"
_SECONDS = 300


def saved(folder: Path, files: Mapping[str, bytes], before: str, after: str) -> dict[str, bytes]:
    """Files as LibreOffice saves them, all in one call.

    Args:
        folder: where it may work; its profile stays there for the next call.
        files: contents by name, without an ending.
        before: the ending of these files.
        after: the ending of what is saved, where needed with a colon and LibreOffice's filter.
    """
    target = folder / "saved"
    for name, content in files.items():
        (folder / f"{name}.{before}").write_bytes(content)
    command = [
        str(find_soffice()),
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        after,
        "--outdir",
        str(target),
        *(str(folder / f"{name}.{before}") for name in files),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)
    ending = after.partition(":")[0]
    return {name: (target / f"{name}.{ending}").read_bytes() for name in files}
