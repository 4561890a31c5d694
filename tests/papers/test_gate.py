"""The gate over every paper in every layout: sample, blank, and a record that packs every hostile value it may hold.

Each hostile value also goes into each field on its own, in-process: printed whole in its own place, or refused by name.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from docgen.errors import DataError, Problem
from docgen.papers import library
from docgen.papers.body import Signatures
from docgen.papers.record import Record, record
from docgen.papers.words import words
from docgen.rules.layouts import layout
from docgen.word.layout import inspect
from docgen.word.pdf import to_pdfs
from tests.gate.hostile import HOSTILE, Hostile
from tests.gate.look import page_texts
from tests.gate.parts import elements, text_trees
from tests.gate.readable import readable
from tests.gate.sound import assert_quick, assert_sound
from tests.gate.texts import document_text, given_texts, left_over
from tests.papers.specimens import (
    EDITIONS,
    FORMS,
    TEXT_TYPES,
    Edition,
    Place,
    blank,
    compiled,
    control_texts,
    filled,
    name_of,
    places,
    rendered,
    said,
    text_places,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from docgen.papers.form import Form
from docgen.papers.form import filled as put
from docgen.papers.form import places as placed

INVISIBLE = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
PAGES = {
    "mau-02-2019": 7,
    "mau-2b-2025": 5,
    "mau-01-2025": 5,
    "goi-y-kiem-diem-ca-nhan.hd36-2018": 3,
    "goi-y-kiem-diem-ca-nhan.hd05-2026": 3,
    "ke-hoach-khac-phuc.hd36-2018": 4,
    "ke-hoach-khac-phuc.hd05-2026": 4,
}
"""How many pages LibreOffice makes of each sample."""
LONG = 1_000
KINDS = ("sample", "blank", "packed")
LINE_ROOM = 120
"""How many characters the packed record puts on a line."""


@cache
def taken(edition: Edition) -> dict[str, list[Hostile]]:
    """Which hostile values each text field takes, by its path; every other one is refused, and names the field."""
    return {
        place.path: [each for each in values_for(place) if takes(edition.form, place, each)]
        for place in places(edition.form)
    }


def values_for(place: Place) -> list[Hostile]:
    """Every value for a field of text; for other types (a date of 1 MiB) all but the long ones."""
    any_length = place.field.type in TEXT_TYPES
    return [each for each in HOSTILE if any_length or len(str(each.value)) <= LONG]


def takes(form: Form, place: Place, hostile: Hostile) -> bool:
    """Whether the record with this value is accepted; a refusal must name the field and tell a cure."""
    try:
        record(form, filled(form, {place.path: hostile.value}))
    except DataError as error:
        errors = [problem for problem in error.problems if problem.severity == "error"]
        for problem in errors:
            named = (problem.field or "").startswith(place.address) or problem.code == "computed-differs"
            assert named, f"{hostile.name} in {place.path}: {problem}"
            assert problem.label, f"{hostile.name} in {place.path}: {problem}"
            assert problem.what, f"{hostile.name} in {place.path}: {problem}"
            assert problem.cure, f"{hostile.name} in {place.path}: {problem}"
        assert errors
        return False
    return True


NEWEST = [next(each for each in reversed(EDITIONS) if each.form is form) for form in FORMS]


@pytest.mark.parametrize("edition", NEWEST, ids=name_of)
def test_every_hostile_value_is_accepted_or_refused_by_the_name_of_its_field(edition: Edition) -> None:
    found = taken(edition)
    for path in (place.path for place in text_places(edition.form)):
        accepted = {hostile.number for hostile in found[path]}
        assert accepted >= {1, 2, 3, 4, 5, 6, 7, 17, 18, 21, 22, 23, 24, 25, 26}, path
        assert not any(hostile.is_text and not hostile.fits_xml for hostile in found[path]), path
        assert not accepted & {20}, path


@pytest.mark.parametrize("edition", NEWEST, ids=name_of)
def test_every_hostile_value_stands_whole_in_its_own_place(edition: Edition) -> None:
    form, fields = edition.form, text_places(edition.form)
    plain = rendered(edition, filled(form, {place.path: "chữ" for place in fields}))
    values = {place.path: [each for each in taken(edition)[place.path] if shows(each)] for place in fields}
    for turn in range(max(map(len, values.values()))):
        given = {
            place.path: values[place.path][(turn + number) % len(values[place.path])].value
            for number, place in enumerate(fields)
        }
        made = record(form, filled(form, given))
        docx = compiled(edition).render(words(made))
        shown = control_texts(docx)
        lines = 0
        for place in fields:
            expected = text_of(place, made)
            found = {unlabelled(place, text) for text in shown[place.path]}
            assert found == {expected}, f"{place.path}: {str(given[place.path])[:60]!r}"
            assert same_signs(expected, given[place.path]), f"{place.path}: {str(given[place.path])[:60]!r}"
            lines += expected.count("\n")
        assert len(document_text(docx)) == len(document_text(plain)) + lines
        assert tables(docx) == tables(plain)
        assert left_over(docx, given) == []


def shows(hostile: Hostile) -> bool:
    """Whether there is anything to see of it (nothing in an optional field is printed as dots)."""
    texts = "".join(given_texts(hostile.value)) if hostile.value is not None else ""
    return bool(texts.strip()) or isinstance(hostile.value, float)


def text_of(place: Place, made: Record) -> str:
    """The text of one place, lines parted by LF."""
    holder = made.values[place.parent.name][0] if place.parent else made.values
    typed = holder[place.field.name]
    lines = [level.text for level in typed] if place.field.type == "levels" else typed
    return lines if isinstance(lines, str) else "\n".join(lines)


def same_signs(text: str, given: object) -> bool:
    """Whether every visible sign of a given text is there, in its order."""
    return not isinstance(given, str) or visible(text) == visible(given)


def visible(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).translate(INVISIBLE).split())


def unlabelled(place: Place, text: str) -> str:
    """The text of a control without what the form prints before each line of it: a dash, the number of a level."""
    lines = text.split("\n")
    if place.field.type == "levels":
        lines = [line.partition(" ")[2] for line in lines]
    elif place.field.name in {"can_cu", "noi_nhan"}:
        lines = [line.removeprefix("- ") for line in lines]
    return "\n".join(lines)


def tables(docx: bytes) -> int:
    """How many tables there are; the last one holds the signatures."""
    return sum(1 for root in text_trees(docx).values() for _ in elements(root, "tbl"))


RECIPIENTS = 12


def packed(edition: Edition) -> dict[str, Any]:
    """A record with the hostile texts that its fields take: all in every answer, in every line as many as it shows.

    What fills pages alone stands in the first answer only, and recipients are as many as a page takes.
    """
    recipients = {block.recipients for block in edition.form.body if isinstance(block, Signatures)}
    texts: dict[str, object] = {}
    for number, place in enumerate(text_places(edition.form)):
        found = [each.value for each in taken(edition)[place.path] if each.is_text and shows(each)]
        short = [text for text in found if len(text) < LINE_ROOM]
        if place.field.type in {"paragraphs", "levels"}:
            first = not any(isinstance(each, list) for each in texts.values())
            texts[place.path] = short[:RECIPIENTS] if place.path in recipients else found if first else short
        else:
            at = number * 7 % len(short)
            texts[place.path] = " ".join(fitting(short[at:] + short[:at]))
    return filled(edition.form, texts)


def fitting(texts: list[str]) -> Iterator[str]:
    room = LINE_ROOM
    for text in texts:
        room -= len(text) + 1
        if room < 0:
            return
        yield text


def test_the_packed_records_hold_every_hostile_text_that_may_be_printed() -> None:
    for edition in NEWEST:
        taken_anywhere = {each.value for values in taken(edition).values() for each in values if each.is_text}
        stated = "\n".join(given_texts(packed(edition)))
        assert [text for text in taken_anywhere if text.strip() and text not in stated] == []


@cache
def specimens() -> tuple[dict[str, bytes], dict[str, dict[str, Any]]]:
    """Sample, blank and packed record of every paper in every layout, and what each should say."""
    documents: dict[str, bytes] = {}
    expected: dict[str, dict[str, Any]] = {}
    for edition in EDITIONS:
        records = (library.sample(edition.form), blank(edition.form), packed(edition))
        for kind, values in zip(KINDS, records, strict=True):
            documents[f"{edition.id}.{kind}"] = rendered(edition, values)
            expected[f"{edition.id}.{kind}"] = said(edition.form, values)
    return documents, expected


def test_every_specimen_passes_the_quick_steps() -> None:
    documents, expected = specimens()
    assert len(documents) == 3 * len(EDITIONS)
    for name, docx in documents.items():
        assert_quick(docx, expected[name])


@pytest.mark.needs_validator
def test_every_specimen_is_sound() -> None:
    assert_sound(*specimens())


@pytest.mark.parametrize("edition", EDITIONS, ids=name_of)
def test_no_specimen_breaks_its_layout(edition: Edition) -> None:
    documents, _ = specimens()
    for kind in ("sample", "blank"):
        found = inspect(documents[f"{edition.id}.{kind}"], layout(edition.layout))
        told = [problem for problem in found if problem.severity == "error" and not for_the_hand(problem)]
        assert [problem.message for problem in told] == [], kind


def for_the_hand(problem: Problem) -> bool:
    """Whether a finding is about a dotted line that a blank form leaves to the hand."""
    return "……" in (problem.paragraph or "")


@pytest.mark.needs_libreoffice
def test_pages_are_as_many_as_stated_none_blank_and_no_signature_stands_alone() -> None:
    documents, expected = specimens()
    made = zip(documents, to_pdfs(list(documents.values()), timeout=300), strict=True)
    pages = {name: page_texts(pdf) for name, pdf in made}
    found = [f"{name}: page {number} is blank" for name in pages for number in bare(pages[name], [])]
    for edition in EDITIONS:
        for name in (f"{edition.id}.{kind}" for kind in KINDS):
            signed = signature_texts(edition.form, expected[name])
            found += [f"{name}: page {number} shows only signatures" for number in bare(pages[name], signed)]
    assert found == []
    assert {edition.id: len(pages[f"{edition.id}.sample"]) for edition in EDITIONS} == PAGES


def bare(texts: list[str], besides: list[str]) -> Iterator[int]:
    """The pages on which nothing stands but the page number and these texts, whole or parted into lines.

    A PDF with letters out of two fonts gives a line's letters in another order, so lines are compared without order.
    """
    known = [Counter("-" + "…" * 400 + squeeze(text)) for text in ("", *besides)]
    for number, text in enumerate(texts, start=1):
        lines = [Counter(squeeze(line)) for line in text.removeprefix(str(number)).splitlines()]
        if all(any(line <= each for each in known) for line in lines):
            yield number


def signature_texts(form: Form, expected: dict[str, Any]) -> list[str]:
    """Everything that the signature blocks of the form print, with these words."""
    found = ["Nơi nhận:"]
    for block in form.body:
        if isinstance(block, Signatures):
            lines = [line for each in block.signers for line in (each.power, each.post, each.note, each.name) if line]
            found += [put(line, {name: str(expected.get(name, "")) for name in placed(line)}) for line in lines]
            found += given_texts(expected.get(block.recipients or ""))
    return found


def squeeze(text: str) -> str:
    """The text without blanks and in capitals, as a style may print it."""
    return "".join(text.split()).upper()


@pytest.mark.parametrize("kind", ["sample", "blank"])
@pytest.mark.parametrize("edition", NEWEST, ids=name_of)
def test_the_text_of_a_paper_is_as_it_was_read(edition: Edition, kind: str, golden: Callable[[str, str], None]) -> None:
    golden(f"{edition.form.id}.{kind}.txt", readable(specimens()[0][f"{edition.id}.{kind}"]))
