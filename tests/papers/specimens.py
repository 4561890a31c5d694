"""What the tests of the papers share: every paper in every layout, records made from its fields, how it is rendered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from docgen.papers import library
from docgen.papers.form import places as placed
from docgen.papers.record import record
from docgen.papers.words import words
from docgen.word.template import compile_template
from tests.gate.parts import child_val, elements, text_trees
from tests.gate.texts import paragraph_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree

    from docgen.papers.form import Field, Form
    from docgen.word.template import Template

TEXT_TYPES = frozenset({"text", "name", "paragraphs", "levels"})


@dataclass(frozen=True, eq=False)
class Edition:
    """A paper in one of its layouts."""

    form: Form
    layout: str

    @property
    def id(self) -> str:
        return self.form.id if len(self.form.layouts) == 1 else f"{self.form.id}.{self.layout}"


FORMS = library.catalogue()
EDITIONS = tuple(Edition(form, layout) for form in FORMS for layout in form.layouts)


def name_of(case: Any) -> str:
    """The id of a test case."""
    return str(case.id)


@cache
def compiled(edition: Edition) -> Template:
    """The edition's template, compiled once for all tests of a process."""
    return compile_template(library.template(edition.form, edition.layout))


def rendered(edition: Edition, values: Mapping[str, object]) -> bytes:
    """The document of these values in this layout, whatever their date."""
    return compiled(edition).render(shown(edition.form, values))


def shown(form: Form, values: Mapping[str, object]) -> dict[str, Any]:
    """The ready words of these values."""
    return words(record(form, values))


def blank(form: Form) -> dict[str, Any]:
    """What a form for handwriting gets: only the fields that no record may leave out."""
    sample = library.sample(form)
    return {name: sample[name] for name, field in form.fields.items() if field.required}


def said(form: Form, values: Mapping[str, object]) -> dict[str, Any]:
    """The words of what was given and is printed as text: no blanks, nothing that only ticks a box or opens a block."""
    ready = shown(form, values)
    ticked = {block.field for block in form.body if block.block == "ticks"}
    return {
        name: _said(field, ready[name], as_text(form, field))
        for name, field in form.fields.items()
        if ready["co"][name] and field.type != "yes_no" and name not in ticked
    }


def as_text(form: Form, field: Field) -> list[str]:
    """The columns of a list that its tables and items print as text: not those that only mark, group or sort."""
    tables = [block for block in form.body if block.block == "table" and block.field == field.name]
    shown = {column.field for block in tables for column in block.columns if column.option is None}
    items = [block for block in form.body if block.block == "items" and block.field == field.name]
    shown |= {name for block in items for line in block.lines for name in placed(line.text)}
    return [name for name, column in field.columns.items() if name in shown and column.type != "yes_no"]


def _said(field: Field, word: Any, columns: list[str]) -> Any:
    if field.type == "list":
        return [{name: row[name] for name in columns if row["co"][name]} for row in word]
    if field.type != "levels":
        return word
    # A part (Phần I) has its name on a line of its own.
    return [f"{row['so']}{chr(10) if row['so'].startswith('Phần') else ' '}{row['noi_dung']}" for row in word]


class Place(NamedTuple):
    """A field that takes text: of the record, or of a row of the list `parent`."""

    field: Field
    parent: Field | None = None

    @property
    def path(self) -> str:
        return f"{self.parent.name}.{self.field.name}" if self.parent else self.field.name

    @property
    def address(self) -> str:
        """The path that a problem of the first row bears."""
        return f"{self.parent.name}[1].{self.field.name}" if self.parent else self.field.name


def places(form: Form) -> list[Place]:
    """Every field of the form and every column of its lists, computed ones aside."""
    found = []
    for field in form.fields.values():
        if field.type == "list":
            found += [Place(column, field) for column in field.columns.values() if column.type != "computed"]
        elif field.type != "computed":
            found.append(Place(field))
    return found


def text_places(form: Form) -> list[Place]:
    """The places that take text of any kind."""
    return [place for place in places(form) if place.field.type in TEXT_TYPES]


@cache
def _sample(form_id: str) -> dict[str, Any]:
    return library.sample(library.form(form_id))


def _needed(sample: Mapping[str, Any], place: Place) -> object:
    """A value that a required field takes: the sample's, or where the sample has no such row, the field's example."""
    rows = sample.get(place.parent.name) if place.parent else [sample]
    return (rows or [{}])[0].get(place.field.name) or place.field.example or "1"


def filled(form: Form, texts: Mapping[str, object], *, flags: bool = True) -> dict[str, Any]:
    """A record with these values at these paths: required fields from the sample, one row in each list.

    `flags` is the answer to every yes/no field, which opens some blocks and closes others.
    """
    sample = _sample(form.id)
    values: dict[str, Any] = {}
    for place in places(form):
        holder = values.setdefault(place.parent.name, [{}])[0] if place.parent else values
        if place.path in texts:
            holder[place.field.name] = texts[place.path]
        elif place.field.required:
            holder[place.field.name] = _needed(sample, place)
        elif place.field.type == "yes_no":
            holder[place.field.name] = flags
    return values


@dataclass(frozen=True)
class Seen:
    """A document as a reader sees it: what stands in the controls of each tag, every paragraph, how many tables."""

    controls: dict[str, list[str]]
    paragraphs: list[str]
    tables: int


def seen(docx: bytes) -> Seen:
    """The document read once; the paragraphs of a control are parted by LF."""
    roots = text_trees(docx).values()
    controls: dict[str, list[str]] = {}
    for control in (each for root in roots for each in elements(root, "sdt")):
        controls.setdefault(child_val(control, "sdtPr/tag") or "", []).append(_text(control))
    paragraphs = [paragraph_text(each) for root in roots for each in elements(root, "p")]
    return Seen(controls, paragraphs, sum(1 for root in roots for _ in elements(root, "tbl")))


def control_texts(docx: bytes) -> dict[str, list[str]]:
    """What stands in the controls of each tag, in the order of the document."""
    return seen(docx).controls


def _text(control: etree._Element) -> str:
    paragraphs = list(elements(control, "p"))
    return "\n".join(map(paragraph_text, paragraphs)) if paragraphs else paragraph_text(control)
