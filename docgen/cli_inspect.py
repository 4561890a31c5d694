"""The command `inspect`: which layout a Word file is held against, and what deviates from it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from docgen import cli_files
from docgen.cli_words import WrongUse
from docgen.files import path_text
from docgen.inspecting import LARGEST_WORD_FILE, inspect_file
from docgen.rules.layouts import layout, layouts, regime_on

if TYPE_CHECKING:
    from docgen.errors import Problem
    from docgen.rules.layouts import Layout


def inspect(file: str, regime: str | None, kind: str | None) -> tuple[list[Problem], Layout]:
    """What deviates in the Word file, and the layout against which it was held.

    Raises:
        WrongUse: a wrong path, or a layout of another kind than asked.
        FormError: not a Word file, or no such layout.
        OutputError: a file that cannot be read.
    """
    asked = _layout(regime, kind)
    path = Path(file)
    content = cli_files.read_file(path, most=LARGEST_WORD_FILE)
    return inspect_file(content, name=path_text(path.name), layout=asked)


def _layout(regime: str | None, kind: str | None) -> Layout | None:
    """The layout that was asked for; None where nothing was said."""
    if regime is not None:
        found = layout(regime)
        if kind not in {None, found.kind}:
            raise WrongUse(f"Bộ thể thức {found.id} là của {found.kind}, không phải {kind}.")
        return found
    if kind == "bieu-mau":
        return next(each for each in layouts() if each.kind == kind)
    return regime_on(None) if kind else None
