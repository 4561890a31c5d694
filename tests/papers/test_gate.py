"""The gate over every paper in every layout: sample, blank, and a record that packs every hostile value it may hold.

Each hostile value also goes into each field on its own, in-process: printed whole in its own place, or refused by name.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

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
from tests.gate.readable import readable
from tests.gate.sound import assert_quick, assert_sound
from tests.gate.texts import given_texts, left_over
from tests.papers.specimens import (
    EDITIONS,
    TEXT_TYPES,
    Edition,
    Place,
    Seen,
    blank,
    compiled,
    filled,
    name_of,
    places,
    rendered,
    said,
    seen,
    text_places,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from docgen.papers.form import Form
from docgen.papers.form import filled as put
from docgen.papers.form import places as placed

INVISIBLE = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
PAGES = {
    "mau-2a-2025": 7,
    "mau-2b-2025": 5,
    "mau-2c-2025": 4,
    "mau-02a-2023": 4,
    "mau-02b-2023": 5,
    "mau-02-2019": 7,
    "mau-01-2025": 5,
    "mau-01-2023": 4,
    "mau-01-2019": 4,
    "tu-danh-gia-quy-2026": 4,
    "bao-cao-giai-trinh.hd36-2018": 3,
    "bao-cao-giai-trinh.hd05-2026": 3,
    "bao-cao-ket-qua.hd36-2018": 9,
    "bao-cao-ket-qua.hd05-2026": 9,
    "bien-ban-hoi-nghi.hd36-2018": 3,
    "bien-ban-hoi-nghi.hd05-2026": 3,
    "bien-ban-kiem-phieu.hd36-2018": 5,
    "bien-ban-kiem-phieu.hd05-2026": 5,
    "danh-muc-ho-so": 3,
    "danh-sach-chua-xep-loai": 2,
    "danh-sach-xep-loai": 4,
    "goi-y-kiem-diem-ca-nhan.hd36-2018": 2,
    "goi-y-kiem-diem-ca-nhan.hd05-2026": 2,
    "goi-y-kiem-diem-tap-the.hd36-2018": 2,
    "goi-y-kiem-diem-tap-the.hd05-2026": 2,
    "phu-luc-ket-qua-nhiem-vu": 2,
    "quyet-dinh-xep-loai-lai.hd36-2018": 2,
    "quyet-dinh-xep-loai-lai.hd05-2026": 2,
    "tong-hop-de-xuat": 4,
    "tong-hop-y-kien-gop-y.hd36-2018": 3,
    "tong-hop-y-kien-gop-y.hd05-2026": 3,
    "ke-hoach-khac-phuc.hd36-2018": 4,
    "ke-hoach-khac-phuc.hd05-2026": 4,
    "quyet-dinh-cong-nhan.hd36-2018": 3,
    "quyet-dinh-cong-nhan.hd05-2026": 3,
    "phieu-binh-chon-xuat-sac": 1,
    "phieu-xep-loai": 2,
    "cong-van.hd36-2018": 2,
    "cong-van.hd05-2026": 2,
    "huong-dan.hd36-2018": 4,
    "huong-dan.hd05-2026": 4,
    "ke-hoach.hd36-2018": 3,
    "ke-hoach.hd05-2026": 3,
    "tu-nhan-dien-bieu-hien": 2,
}
"""How many pages LibreOffice makes of each sample."""
LONG = 1_000
PART_NUMBER = re.compile(r"Phần [IVXLC]+")
LEVEL_NUMBER = re.compile(r"^(?:Điều \d+\.|[IVXLC]+[.-]|[\d.]+|[a-zđ]+\)|-) ")
KINDS = ("sample", "blank", "packed")
LINE_ROOM = 120
"""How many characters the packed record puts on a line."""


@cache
def taken(edition: Edition) -> dict[str, list[Hostile]]:
    """Which hostile values each field of text takes, by its path; every other one is refused, and names the field."""
    fields = text_places(edition.form)
    return {place.path: [each for each in HOSTILE if takes(edition.form, place, each)] for place in fields}


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


def newest(edition: Edition) -> Edition:
    """The same paper in the newest of its layouts; which texts it takes does not depend on the layout."""
    return next(each for each in reversed(EDITIONS) if each.form is edition.form)


NEWEST = [edition for edition in EDITIONS if newest(edition) is edition]


@pytest.mark.parametrize("edition", NEWEST, ids=name_of)
def test_every_hostile_value_is_accepted_or_refused_by_the_name_of_its_field(edition: Edition) -> None:
    found = taken(edition)
    for place in text_places(edition.form):
        accepted = {hostile.number for hostile in found[place.path]}
        if (place.field.max_characters or LINE_ROOM) >= LINE_ROOM:
            assert accepted >= {1, 2, 3, 4, 5, 6, 7, 17, 18, 21, 22, 23, 24, 25, 26}, place.path
        assert not any(hostile.is_text and not hostile.fits_xml for hostile in found[place.path]), place.path
        assert not accepted & {20}, place.path
    for place in {each.field.type: each for each in places(edition.form) if each.field.type not in TEXT_TYPES}.values():
        for hostile in HOSTILE:
            if len(str(hostile.value)) <= LONG:
                takes(edition.form, place, hostile)


class Together(NamedTuple):
    """Places that show when they are filled together, and the answer to yes/no fields with which they do."""

    flags: bool
    places: tuple[Place, ...]


@cache
def groups(edition: Edition) -> list[Together]:
    """Every place of text in one group or another: blocks may exclude each other, so one record shows not all."""
    found: list[Together] = []
    left = [place for place in text_places(edition.form) if not only_sorts(place)]
    for flags in (True, False):
        found.append(Together(flags, tuple(showing(edition, left, flags=flags))))
        left = [place for place in left if place not in found[-1].places]
    for place in left:
        flags = bool(showing(edition, [place], flags=True))
        assert flags or showing(edition, [place], flags=False), f"{place.path} is printed nowhere"
        found.append(Together(flags, (place,)))
    return [group for group in found if group.places]


def only_sorts(place: Place) -> bool:
    """Whether a column may be there for the order of the rows alone; the paper prints it elsewhere, or not at all."""
    return place.parent is not None and place.field.name in place.parent.sort


def showing(edition: Edition, fields: list[Place], *, flags: bool) -> list[Place]:
    """Those of the places that are printed when all of them are filled."""
    marks = {place.path: f"chữ {number}" for number, place in enumerate(fields)}
    made = seen(rendered(edition, filled(edition.form, marks, flags=flags)))
    return [place for place in fields if marks[place.path] in found_at(edition.form, made, place, marks[place.path])]


def found_at(form: Form, made: Seen, place: Place, text: str) -> set[str]:
    """What stands in the controls of the place; a group's name has a row of its own instead of a control."""
    if place.parent and place.parent.group_by == place.field.name:
        return {line for line in made.paragraphs if line == text}
    return {unlabelled(form, place, each) for each in made.controls.get(place.path, [])}


@pytest.mark.parametrize("edition", NEWEST, ids=name_of)
def test_every_hostile_value_stands_whole_in_its_own_place(edition: Edition) -> None:
    form = edition.form
    for group in groups(edition):
        plain = seen(rendered(edition, filled(form, {each.path: "chữ" for each in group.places}, flags=group.flags)))
        longest = group.places[0]
        values = {
            place.path: [each for each in taken(edition)[place.path] if shows(each, many=place is longest)]
            for place in group.places
        }
        for turn in range(max(map(len, values.values()))):
            given = {
                place.path: values[place.path][(turn + number) % len(values[place.path])].value
                for number, place in enumerate(group.places)
            }
            check_turn(edition, group, given, plain)


def check_turn(edition: Edition, group: Together, given: dict[str, Any], plain: Seen) -> None:
    made = record(edition.form, filled(edition.form, given, flags=group.flags))
    docx = compiled(edition).render(words(made))
    now = seen(docx)
    lines = 0
    for place in group.places:
        expected = text_of(place, made)
        assert found_at(edition.form, now, place, expected) == {expected}, (
            f"{place.path}: {str(given[place.path])[:60]!r}"
        )
        assert same_signs(expected, given[place.path]), f"{place.path}: {str(given[place.path])[:60]!r}"
        lines += breaks(now, place) - breaks(plain, place)
    assert len(now.paragraphs) == len(plain.paragraphs) + lines
    assert now.tables == plain.tables
    assert left_over(docx, given) == []


def breaks(made: Seen, place: Place) -> int:
    """How many paragraphs the controls of the place hold beyond the first ones."""
    return sum(text.count("\n") for text in made.controls.get(place.path, []))


def shows(hostile: Hostile, *, many: bool = True) -> bool:
    """Whether there is anything to see of it (nothing in an optional field is printed as dots), and not too much."""
    texts = "".join(given_texts(hostile.value)) if hostile.value is not None else ""
    return (bool(texts.strip()) or isinstance(hostile.value, float)) and (many or len(texts) < 50_000)


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


def unlabelled(form: Form, place: Place, text: str) -> str:
    """The text of a control without what the form prints before each line of it: a dash, the number of a level."""
    lines = text.split("\n")
    if place.field.type == "levels":
        return "\n".join(LEVEL_NUMBER.sub("", line) for line in lines if line and not PART_NUMBER.fullmatch(line))
    grounds = {block.field for block in form.body if block.block == "answer" and block.style == "grounds"}
    dashed = grounds | {block.recipients for block in form.body if isinstance(block, Signatures)}
    return "\n".join(line.removeprefix("- ") for line in lines) if place.path in dashed else text


RECIPIENTS = 12


@cache
def packed(edition: Edition) -> dict[str, Any]:
    """A record with the hostile texts that its fields take: all in every answer, in every line as many as it shows.

    What fills pages alone stands in the first answer only, and recipients are as many as a page takes.
    """
    recipients = {block.recipients for block in edition.form.body if isinstance(block, Signatures)}
    texts: dict[str, object] = {}
    group = groups(edition)[0]
    for number, place in enumerate(group.places):
        found = [each.value for each in taken(edition)[place.path] if each.is_text and shows(each)]
        short = [text for text in found if len(text) < LINE_ROOM]
        if place.field.type in {"paragraphs", "levels"}:
            first = not any(isinstance(each, list) for each in texts.values())
            texts[place.path] = short[:RECIPIENTS] if place.path in recipients else found if first else short
        else:
            at = number * 7 % len(short)
            texts[place.path] = " ".join(fitting(short[at:] + short[:at]))
    return filled(edition.form, texts, flags=group.flags)


def fitting(texts: list[str]) -> Iterator[str]:
    room = LINE_ROOM
    for text in texts:
        room -= len(text) + 1
        if room < 0:
            return
        yield text


def test_the_packed_records_hold_every_hostile_text_that_may_be_printed() -> None:
    for edition in NEWEST:
        fields = groups(edition)[0].places
        if not any(place.field.type in {"paragraphs", "levels"} for place in fields):
            continue
        taken_anywhere = {each.value for place in fields for each in taken(edition)[place.path] if each.is_text}
        stated = "\n".join(given_texts(packed(edition)))
        assert [text for text in taken_anywhere if text.strip() and text not in stated] == []


@cache
def specimens() -> tuple[dict[str, bytes], dict[str, dict[str, Any]]]:
    """Sample, blank and packed record of every paper in every layout, and what each should say."""
    documents: dict[str, bytes] = {}
    expected: dict[str, dict[str, Any]] = {}
    for edition in EDITIONS:
        records = (library.sample(edition.form), blank(edition.form), packed(newest(edition)))
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
        told = [problem for problem in found if problem.severity == "error" and not for_the_hand(problem, kind)]
        assert [problem.message for problem in told] == [], kind


def for_the_hand(problem: Problem, kind: str) -> bool:
    """Whether a finding is about what a blank form leaves to the hand: a dotted line, the power of who will sign."""
    return "……" in (problem.paragraph or "") or (kind == "blank" and problem.code == "layout-signing-missing")


@pytest.mark.needs_libreoffice
def test_pages_are_as_many_as_stated_none_blank_and_no_signature_stands_alone() -> None:
    documents, expected = specimens()
    made = zip(documents, to_pdfs(list(documents.values()), timeout=300), strict=True)
    pages = {name: page_texts(pdf) for name, pdf in made}
    found = [f"{name}: page {number} is blank" for name in pages for number in bare(pages[name], [])]
    for edition in EDITIONS:
        for name in (f"{edition.id}.{kind}" for kind in ("sample", "blank")):
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
