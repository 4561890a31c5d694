"""A Word file held against a layout: the one that was asked for, its own, or the regime in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docgen.errors import DocgenError, FormError
from docgen.rules.layouts import layouts, regime_on

if TYPE_CHECKING:
    from docgen.errors import Problem
    from docgen.rules.layouts import Layout

LARGEST_WORD_FILE = 50 * 1024 * 1024
"""A larger file is not looked at, in bytes."""


def inspect_file(content: bytes, *, name: str, layout: Layout | None = None) -> tuple[list[Problem], Layout]:
    """What deviates in the Word file, and the layout against which it was held.

    Without `layout`, a document made here is held against its own, any other against the regime in force.

    Raises:
        FormError: not a Word file, broken, protected or too large.
    """
    from docgen.word.layout import inspect

    if len(content) > LARGEST_WORD_FILE:
        raise FormError.of("file-too-large", "Tệp lớn hơn 50 MB nên không soát.", file=name)
    try:
        rules = layout or _own_layout(content)
        return [problem.at(file=name) for problem in inspect(content, rules)], rules
    except DocgenError as error:
        raise error.at(file=name) from None


def _own_layout(content: bytes) -> Layout:
    from docgen.word.stamp import stamp

    own = stamp(content).get("layout")
    return next((each for each in layouts() if each.id == own), regime_on(None))
