"""`docgen inspect`: any Word file against a layout regime, whoever made it and however.

The file is read as it shows (`layout_reading`, `layout_styles`), its components are recognised (`layout_components`),
and each part is held against the same data that the drawing uses (`docgen.rules.layouts`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docgen.word.layout_closing import check_closing
from docgen.word.layout_components import recognise
from docgen.word.layout_findings import Findings
from docgen.word.layout_heading import check_heading
from docgen.word.layout_page import check_page
from docgen.word.layout_reading import read
from docgen.word.layout_text import check_text

if TYPE_CHECKING:
    from docgen.errors import Problem
    from docgen.rules.layouts import Layout


def inspect(docx: bytes, layout: Layout) -> list[Problem]:
    """Every deviation of a Word file from a layout, in the order of the page; an empty list where there is none.

    A deviation from a rule whose clause was read is an error; from one known by digests, or from a custom, a warning.
    Of a printed form only what every form shows is required: no star, no number, no recipients.

    Raises:
        FormError: not a Word file, broken, protected, too large, or without styles.
    """
    reading = read(docx)
    found = recognise(reading.lines)
    findings = Findings(layout)
    check_page(findings, reading)
    check_heading(findings, found)
    check_text(findings, found)
    check_closing(findings, found)
    return list(findings.problems.values())
