"""A document in somebody's hands: how the tests edit it, and what is read of it then."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from typing import TYPE_CHECKING, Any

from lxml import etree

import docgen
from docgen.collecting.paper import Paper, read_paper
from docgen.papers import library
from docgen.word.package import parts
from tests.papers.specimens import blank

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NAMES = {
    "w": W[1:-1],
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
}
FORM, TABLE, LEVELS, ITEMS = "mau-2b-2025", "phu-luc-ket-qua-nhiem-vu", "ke-hoach", "bao-cao-giai-trinh"
SAMPLE: Mapping[str, Any] = library.sample(library.form(FORM))


@cache
def made(form: str, *, empty: bool = False) -> bytes:
    paper = library.form(form)
    return docgen.render(form, blank(paper) if empty else library.sample(paper))


class Edited:
    """A document in somebody's hands."""

    def __init__(self, form: str = FORM, *, empty: bool = False) -> None:
        self.parts = dict(parts(made(form, empty=empty)))
        self.body = etree.fromstring(self.parts["word/document.xml"])[0]

    def all(self, path: str, within: _Element | None = None) -> list[_Element]:
        found: Any = (self.body if within is None else within).xpath(path, namespaces=NAMES)
        return list(found)

    def control(self, tag: str, number: int = 0) -> _Element:
        return self.all(f".//w:sdt[w:sdtPr/w:tag/@w:val='{tag}']")[number]

    def content(self, tag: str, number: int = 0) -> _Element:
        return self.all("w:sdtContent", self.control(tag, number))[0]

    def paragraph(self, text: str) -> _Element:
        return next(
            each
            for each in self.body.iter(f"{W}p")
            if text in "".join(words.text or "" for words in each.iter(f"{W}t"))
        )

    def write(self, tag: str, text: str, number: int = 0) -> None:
        """Type over what stands in a control."""
        first, *others = self.content(tag, number).iter(f"{W}t")
        first.text = text
        for each in others:
            each.text = ""

    def strip_controls(self) -> None:
        """What copying into another program does: the text stays, the controls are gone."""
        for control in self.all(".//w:sdt")[::-1]:
            parent = control.getparent()
            assert parent is not None
            at = parent.index(control)
            parent[at : at + 1] = list(self.all("w:sdtContent", control)[0])

    def strip_bookmarks(self) -> None:
        for mark in self.all(".//w:bookmarkStart | .//w:bookmarkEnd"):
            remove(mark)

    def read(self) -> Paper:
        root = self.body.getparent()
        assert root is not None
        self.parts["word/document.xml"] = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as package:
            for name, content in self.parts.items():
                package.writestr(name, content)
        return read_paper(target.getvalue(), file="a.docx")


def remove(node: _Element) -> None:
    parent = node.getparent()
    assert parent is not None
    parent.remove(node)


def after(node: _Element, *added: _Element) -> None:
    for each in reversed(added):
        node.addnext(each)


def run(text: str) -> _Element:
    made_ = etree.Element(f"{W}r")
    etree.SubElement(made_, f"{W}t").text = text
    return made_


def paragraph(text: str) -> _Element:
    made_ = etree.Element(f"{W}p")
    made_.append(run(text))
    return made_


def codes(paper: Paper) -> set[str]:
    return {problem.code for problem in paper.problems}


def about(paper: Paper, field: str) -> set[str]:
    return {problem.code for problem in paper.problems if (problem.field or "").startswith(field)}


def tracked(kind: str, text: str) -> _Element:
    made_ = etree.Element(f"{W}{kind}")
    made_.append(run(text))
    if kind == "del":
        made_[0][0].tag = f"{W}delText"
    return made_
