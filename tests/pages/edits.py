"""Documents as people change them in Word."""

from __future__ import annotations

import io

from docx import Document
from docx.oxml.ns import qn


def rewritten(content: bytes, old: str, new: str) -> bytes:
    """The document with one text in another's place, wherever a run has exactly that text."""
    document = Document(io.BytesIO(content))
    found = [text for text in document.element.iter(qn("w:t")) if text.text == old]
    assert found, "nobody can rewrite what is not there"
    for text in found:
        text.text = new
    return _saved(document)


def added(content: bytes, line: str) -> bytes:
    """The document with a line of its own at the end."""
    document = Document(io.BytesIO(content))
    document.add_paragraph(line)
    return _saved(document)


def without(content: bytes, words: str) -> bytes:
    """The document without the paragraphs that have these words."""
    document = Document(io.BytesIO(content))
    found = [each for each in document.element.iter(qn("w:p")) if words in "".join(each.itertext())]
    assert found, "nobody can delete what is not there"
    for paragraph in found:
        paragraph.getparent().remove(paragraph)
    return _saved(document)


def _saved(document: Document) -> bytes:  # type: ignore[valid-type]  # python-docx's Document is a function
    made = io.BytesIO()
    document.save(made)  # type: ignore[attr-defined]
    return made.getvalue()
