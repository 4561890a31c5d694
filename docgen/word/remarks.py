"""Remarks of the check in a copy of a template: Word comments at the paragraphs they are about, and their way out.

Word knows comments in the body only: what is wrong elsewhere is told at the first paragraph. The remarks of an earlier
check are taken out before a file is checked again, so an office may go on working in the commented copy.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, NamedTuple

import docx as python_docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from lxml import etree

from docgen.errors import FormError
from docgen.word import package
from docgen.word.lint import W, parse
from docgen.word.row_marks import DOCUMENT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element

AUTHOR = "docgen"
COMMENTS = "word/comments.xml"
_ID = W + "id"
_MARKS = (W + "commentRangeStart", W + "commentRangeEnd", W + "commentReference")


class Remark(NamedTuple):
    """A text about a paragraph of the body (its number in the order of the file, from 0; -1: about the whole file)."""

    paragraph: int
    text: str


def with_remarks(docx: bytes, remarks: Iterable[Remark]) -> bytes:
    """A copy of the Word file with each remark as a comment.

    Raises:
        FormError: `template-unreadable`: a package that cannot be opened to be written again.
    """
    try:
        document = python_docx.Document(io.BytesIO(docx))
        paragraphs = list(document.element.body.iter(qn("w:p")))
        for remark in remarks:
            made = document.comments.add_comment(text=_plain(remark.text), author=AUTHOR, initials="dg")
            if paragraphs:
                _mark(paragraphs[max(remark.paragraph, 0)], str(made.comment_id))
        saved = io.BytesIO()
        document.save(saved)
    except Exception as error:  # whatever python-docx stumbles over: it has no errors of its own for strange packages
        what = f"Không ghi được bản sao có ghi chú ({type(error).__name__})."
        raise FormError.of("template-unreadable", what, "Hãy mở bằng Word và lưu lại .docx.") from error
    return saved.getvalue()


def without_remarks(docx: bytes) -> bytes:
    """The file without the comments of an earlier check; a file that has none is given back as it is.

    Raises:
        FormError: no Word file, or a part is broken.
    """
    parts = package.parts(docx)
    if f'"{AUTHOR}"'.encode() not in parts.get(COMMENTS, b""):
        return docx
    comments = parse(parts[COMMENTS], COMMENTS)
    ours = [each for each in comments if each.get(W + "author") == AUTHOR]
    numbers = {each.get(_ID) for each in ours}
    for each in ours:
        comments.remove(each)
    document = parse(parts[DOCUMENT], DOCUMENT)
    for mark in [each for each in document.iter(*_MARKS) if each.get(_ID) in numbers]:
        _take_out(mark)
    changed = {COMMENTS: _bytes(comments), DOCUMENT: _bytes(document)}
    return package.write(package.pack(name, content) for name, content in {**parts, **changed}.items())


def _plain(text: str) -> str:
    """The text with its tags written apart: a comment is no place for a tag, and the copy may be checked again."""
    return re.sub(r"\{(?=[{%#])|(?<=[%#}])\}", lambda brace: "{ " if brace[0] == "{" else " }", text)


def _mark(paragraph: _Element, number: str) -> None:
    start, end, reference = (OxmlElement(f"w:comment{name}") for name in ("RangeStart", "RangeEnd", "Reference"))
    for each in (start, end, reference):
        each.set(qn("w:id"), number)
    properties = paragraph.find(qn("w:pPr"))
    paragraph.insert(0 if properties is None else paragraph.index(properties) + 1, start)
    run = OxmlElement("w:r")
    run.append(reference)
    paragraph.extend([end, run])


def _take_out(mark: _Element) -> None:
    parent = mark.getparent()
    if parent is None:
        return
    parent.remove(mark)
    if parent.tag == W + "r" and not [each for each in parent if each.tag != W + "rPr"]:
        grandparent = parent.getparent()
        if grandparent is not None:
            grandparent.remove(parent)


def _bytes(root: _Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
