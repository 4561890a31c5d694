"""No word that somebody writes into a document is lost: it stands in a value, or in what is told as outside."""

from __future__ import annotations

import json
from random import Random

import pytest

from tests.papers.editing import Edited, W, paragraph, run
from tests.papers.specimens import FORMS

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


@pytest.mark.parametrize("left", ["controls", "bookmarks", "text"])
@pytest.mark.parametrize("form", [form.id for form in FORMS])
def test_a_word_written_anywhere_is_read_or_told(form: str, left: str) -> None:
    for number in range(PLACES):
        edited = Edited(form, empty=number % 2 == 1)
        write_somewhere(edited, Random(f"{form} {left} {number}"))
        if left != "controls":
            edited.strip_controls()
        if left == "text":
            edited.strip_bookmarks()
        read = edited.read()
        assert WORD in json.dumps(dict(read.values)) + "\n".join(read.outside)
