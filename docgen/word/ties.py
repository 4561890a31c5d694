"""What stays together on one page: the end of what has been drawn, tied to what comes next."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING

from docx.oxml.ns import qn

from docgen.word.controls import command, element

if TYPE_CHECKING:
    from lxml.etree import _Element

LAST_TURN = "{%p if loop.last %}"
_COMMAND = re.compile(r"\{%p\s*(\w+).*%\}")


def tie(paragraph: _Element) -> None:
    """Keep a styled paragraph, and the table row in which it may stand, on one page with what follows."""
    properties = paragraph.find(qn("w:pPr"))
    if properties is not None and properties.find(qn("w:keepNext")) is None:
        properties.insert(1, element("keepNext"))


def tie_end(body: _Element) -> None:
    """Tie the last paragraph of a body to what follows.

    Of a loop its last turn is tied; what a condition may leave out is tied together with what stands before it.
    """
    for block in reversed(list(body)):
        if block.tag == qn("w:sdt"):
            _tie_loop(list(block.iter(qn("w:p"))))
            return
        if block.tag != qn("w:p"):
            return
        if _word(block) == "endfor":
            _tie_loop(_loop_before(block))
        elif not _word(block):
            is_thin = block[0].find(qn("w:keepNext")) is not None and not block.xpath(".//w:t")
            tie(block)
            if not (is_thin or _is_optional(block)):
                return


def _word(block: _Element) -> str:
    """The word of the tag that a paragraph holds alone: `if`, `endfor`; empty for any other paragraph."""
    found = _COMMAND.match(_text(block))
    return found[1] if found else ""


def _text(block: _Element) -> str:
    return "".join(each.text or "" for each in block.iter(qn("w:t")))


def _is_optional(block: _Element) -> bool:
    """Whether a condition that is closed after this paragraph was opened before it."""
    depth = 0
    for each in block.itersiblings():
        depth += {"if": 1, "endif": -1}.get(_word(each), 0)
        if depth < 0:
            return True
    return False


def _loop_before(end: _Element) -> list[_Element]:
    """The paragraphs of the loop that this tag closes."""
    inside = []
    for each in end.itersiblings(preceding=True):
        if _word(each) == "for":
            break
        inside.append(each)
    return inside


def _tie_loop(paragraphs: list[_Element]) -> None:
    """The last turn of a loop goes with what follows; a paragraph with a control of its own always does."""
    if any(LAST_TURN in _text(each) for each in paragraphs):
        return
    for each in paragraphs:
        if _word(each) or each.find(qn("w:r")) is None:
            continue
        if each.find(qn("w:sdt")) is not None:
            tie(each)
            continue
        tied = deepcopy(each)
        tie(tied)
        for before in (command(LAST_TURN), tied, command("{%p else %}")):
            each.addprevious(before)
        each.addnext(command("{%p endif %}"))
