"""No word that somebody writes into a document is lost: it stands in a value, or in what is told as outside."""

from __future__ import annotations

import json
from functools import cache
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.papers.editing import Edited, W, paragraph, run
from tests.papers.specimens import FORMS

if TYPE_CHECKING:
    from docgen.collecting.paper import Paper

WORD = "Zqvw"
PLACES = 5


def write_somewhere(edited: Edited, dice: Random) -> None:
    """One word in the midst of a paragraph, before it, or after it."""
    chosen = dice.choice(list(edited.body.iter(f"{W}p")))
    inside = [each for each in chosen if each.tag != f"{W}pPr"]
    match dice.choice(("inside", "before", "after")):
        case "inside" if inside:
            dice.choice(inside).addnext(run(WORD))
        case "inside":
            chosen.append(run(WORD))
        case "before":
            chosen.addprevious(paragraph(WORD))
        case _:
            chosen.addnext(paragraph(WORD))


def stripped(edited: Edited, left: str) -> Paper:
    """What is read of the document when only this is left in it."""
    if left != "controls":
        edited.strip_controls()
    if left == "text":
        edited.strip_bookmarks()
    return edited.read()


@cache
def untouched(form: str, left: str, *, empty: bool) -> Paper:
    return stripped(Edited(form, empty=empty), left)


@pytest.mark.parametrize("left", ["controls", "bookmarks", "text"])
@pytest.mark.parametrize("form", [form.id for form in FORMS])
def test_a_word_written_anywhere_is_read_or_told_and_changes_no_other_field(form: str, left: str) -> None:
    for number in range(PLACES):
        empty = number % 2 == 1
        edited = Edited(form, empty=empty)
        write_somewhere(edited, Random(f"{form} {left} {number}"))
        read, before = stripped(edited, left), untouched(form, left, empty=empty)
        assert WORD in json.dumps(dict(read.values)) + "\n".join(read.outside)
        told = {(problem.field or "").partition("[")[0] for problem in read.problems}
        for name in before.values.keys() | read.values.keys():
            value = read.values.get(name)
            assert value == before.values.get(name) or WORD in str(value) or name in told
