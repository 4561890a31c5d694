"""Fills the Word forms of the Vietnamese Party's annual review from structured data.

    tables   a file becomes rows with addresses
      → papers.record    one checked record, or every problem at once
      → papers.words     ready Vietnamese text
      → word.template    the bytes of a Word document
      → batch            folder | zip | print file, a ledger line last

`docgen.render(form, values)` walks the path for one record, `docgen.merge(form, list, target)` for a whole list,
`docgen.collect(paths)` reads back what people have written into the documents. Public names are loaded when they are
first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docgen.batch.merging import merge
    from docgen.batch.report import Report
    from docgen.collecting.folder import Collected
    from docgen.collecting.paths import collect
    from docgen.errors import DataError, DocgenError, FormError, OutputError, Problem
    from docgen.generate import Document, check, document, render
    from docgen.papers.library import catalogue as forms
    from docgen.word.template import Template, compile_template

__version__ = "0.1.0"
__all__ = [
    "Collected",
    "DataError",
    "DocgenError",
    "Document",
    "FormError",
    "OutputError",
    "Problem",
    "Report",
    "Template",
    "check",
    "collect",
    "compile_template",
    "document",
    "forms",
    "merge",
    "render",
]

_HOMES = {
    **dict.fromkeys(("DataError", "DocgenError", "FormError", "OutputError", "Problem"), "docgen.errors"),
    **dict.fromkeys(("Document", "check", "document", "render"), "docgen.generate"),
    **dict.fromkeys(("Template", "compile_template"), "docgen.word.template"),
    "Collected": "docgen.collecting.folder",
    "Report": "docgen.batch.report",
    "collect": "docgen.collecting.paths",
    "forms": "docgen.papers.library",
    "merge": "docgen.batch.merging",
}
_NAMES = {"forms": "catalogue"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'docgen' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), _NAMES.get(name, name))


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
