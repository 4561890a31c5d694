"""A paper's own description: what `form.toml` may say, checked as a whole when it is read.

A label stands once, in its field's entry. Everything else (the Word file, the command line, the schema, the README
table) is made from what is written here.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, field_validator, model_validator
from pydantic import Field as Setting

from docgen.errors import FormError
from docgen.papers import body as blocks
from docgen.papers.body import AnyBlock, Text
from docgen.rules.choices import options

if TYPE_CHECKING:
    from collections.abc import Mapping

FieldType = Literal[
    "text", "name", "paragraphs", "date", "month", "quarter", "year", "integer", "decimal", "percent",
    "choice", "yes_no", "list", "levels", "computed",
]  # fmt: skip
Blank = Literal["dots", "không", "empty", "stop"]

SHORT_LABEL = 40
"""Longest label that also serves as Excel heading and error name; a longer one needs a `short`."""
TEXT_MM = {"portrait": 165.0, "landscape": 252.0}
"""Width of the text area in every layout known (30 and 15 mm of margins)."""
LETTER_MM, DOT_MM, DASH_MM = 2.3, 4.94, 10.0
"""At 14 points: a letter of Vietnamese text in the mean, the sign `…`, and the indent of lines with a dash."""
DOTS_INDENTED = 2
"""How many dots the first line's indent takes."""
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_PLACE = re.compile(r"\{([a-z0-9_.]+)\}")
_NUMBERS = frozenset({"integer", "decimal", "percent", "computed"})
_MANY = frozenset({"paragraphs", "list", "levels"})
_NEEDED: Mapping[str, FieldType] = {
    "answer": "paragraphs",
    "addressee": "paragraphs",
    "ticks": "choice",
    "table": "list",
    "items": "list",
    "levels": "levels",
}
"""What type of field a block shows."""
RESERVED = frozenset({"danh_dau", "co", "loop", "dong", "doan", "stt", "doi_tuong"})
"""Words that templates and families use themselves; no field may bear one of these names."""

_STATUS: Mapping[str, str] = {
    "S1": "đã đối chiếu (hai nguồn độc lập, hoặc một bản chép đủ)",
    "S2": "theo một nguồn",
    "UNVERIFIED": "CHƯA KIỂM CHỨNG",
}


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Computation(_Entry):
    """How a computed field follows from others: `of` names fields, or `list.column`."""

    op: Literal["sum", "mean", "product", "count", "percent"]
    option: str | None = None
    """For a count: only the rows whose choice has this option."""
    of: tuple[str, ...] = Setting(min_length=1)
    places: int = 0
    """Decimals kept, of a percentage those of the percentage; halves are rounded up."""
    percent: bool = False
    """The sources are percentages (a mean of them is one too): the result is kept as a ratio and printed with `%`."""

    @property
    def is_ratio(self) -> bool:
        """Whether the result is kept as a ratio and printed as a percentage."""
        return self.percent or self.op == "percent"


class Field(_Entry):
    """One thing that a paper asks. `name` is the key that records and templates use."""

    name: str = ""
    label: Text
    short: str | None = None
    type: FieldType = "text"
    blank: Blank = "dots"
    dots: int = Setting(default=20, ge=1, le=200)
    """How many `…` stand for a missing value; in a block of field lines, unless given, as many as fill the line."""
    hand_room: int = Setting(default=1, ge=1, le=40)
    """With blank = "empty": how many no-break blanks are left for the hand; one at least, no control is empty."""
    lines: int = Setting(default=3, ge=1, le=30)
    """How many dotted lines stand for a missing answer; one line, or an answer with its own `dots`, has those dots."""
    help: str = ""
    example: str = ""
    aliases: tuple[str, ...] = ()
    max_characters: int | None = None
    format: Literal["short", "long", "number", "padded"] = "short"
    """Dates and quarters: short or long; a quarter's bare number (III); small counts padded (03), computed ones too."""
    choices: str | None = None
    """For a choice: the id of a set of options in `docgen/rules/choices.toml`."""
    minimum: int | None = None
    maximum: int | None = None
    places: int = 2
    """For decimals and percentages: the most decimals accepted."""
    default: bool = False
    """For yes/no: what a record that says nothing means."""
    columns: dict[str, Field] = {}
    """For a list: the fields of one row."""
    sort: tuple[str, ...] = ()
    """For a list: the columns by which its rows are put in order; without it they stay as given."""
    group_by: str | None = None
    """For a list: the column whose value announces each new group of rows in a table."""
    default_rows: tuple[dict[str, Any], ...] = ()
    """For a list: the rows of a record that gives none, where the paper itself names them."""
    max_rows: int = 2000
    blank_rows: int = 5
    """For a list: how many empty rows a blank form shows."""
    numbering: tuple[str, ...] = ("1.", "a)", "-")
    """For levels: how each level is numbered: `Phần` `I-` `I.` `1.` `1.1.` `a)` `-`; `Điều 2.`: articles from 2 on."""
    compute: Computation | None = None

    @property
    def required(self) -> bool:
        """Whether a record without it is refused."""
        return self.blank == "stop"

    @property
    def title(self) -> str:
        """The short name for headings, messages and control titles."""
        return self.short or self.label

    @model_validator(mode="after")
    def _fits_its_type(self) -> Self:
        needs = {"choice": self.choices, "list": self.columns, "computed": self.compute}
        if self.type in needs and not needs[self.type]:
            raise ValueError(f"a field of type {self.type} needs its own entry for it")
        if len(self.title) > SHORT_LABEL:
            raise ValueError(f"label longer than {SHORT_LABEL} characters: give it a `short`")
        for name, column in self.columns.items():
            if column.type in {"list", "levels"}:
                raise ValueError(f"column {name}: a row holds no lists")
        named = [*self.sort, *([self.group_by] if self.group_by else [])]
        named += [source for column in self.columns.values() if column.compute for source in column.compute.of]
        unknown = sorted(set(named) - set(self.columns))
        if unknown:
            raise ValueError(f"no such column: {', '.join(unknown)}")
        return self

    @field_validator("choices")
    @classmethod
    def _offers_known_options(cls, choices: str | None) -> str | None:
        if choices is not None:
            try:
                options(choices)
            except FormError as error:
                raise ValueError(error.problems[0].what) from None
        return choices

    @field_validator("columns", mode="before")
    @classmethod
    def _names_its_columns(cls, given: Any) -> Any:
        return _named(given)


def _dots_beside(label: str, room: float) -> int:
    """How many dots fill a line of `room` mm after its label, with a little to spare."""
    return max(4, int((room - LETTER_MM * (len(label) + 3)) / DOT_MM) - 1)


def _named(entries: Any) -> Any:
    """Each entry knows the key under which it is written; what is no table is left to the check of its type."""
    if not isinstance(entries, dict):
        return entries
    wrong = [str(name) for name in entries if not _NAME.fullmatch(str(name)) or name in RESERVED]
    if wrong:
        names = ", ".join(wrong)
        raise ValueError(f"{names}: a field name is small letters, digits and single underscores, and not reserved")
    return {name: {**entry, "name": name} if isinstance(entry, dict) else entry for name, entry in entries.items()}


class Provenance(_Entry):
    """Where a part of the paper comes from, and how sure it is."""

    part: Text
    status: Literal["S1", "S2", "UNVERIFIED"]
    source: Text
    note: str = ""

    @property
    def told(self) -> str:
        """The status in Vietnamese."""
        return _STATUS[self.status]


class Check(_Entry):
    """A rule that a record of this paper is held against; what fails is a warning with its clause.

    `roles` says which field plays which part of the rule (`docgen.papers.checks` names the parts of each rule).
    """

    rule: Text
    roles: dict[str, str] = {}
    clause: str | None = None


class CarriedRows(_Entry):
    """Rows of a list that begin as rows of another paper's list."""

    list: Text
    columns: dict[str, str]
    """Which column of the source each column takes over."""


class CarriedText(_Entry):
    """An answer that begins with one paragraph for each row of another paper's list."""

    list: Text
    text: Text
    """The paragraph; `{column}` stands for the row's value."""


class Carry(_Entry):
    """What a record of this paper takes over from a record of another one; the rest is left to be completed."""

    source: tuple[Text, ...] = Setting(min_length=1)
    """Ids of the papers from which it starts, or `tally`."""
    values: dict[str, str] = {}
    """Which field of the source each field takes over."""
    rows: dict[str, CarriedRows] = {}
    paragraphs: dict[str, CarriedText] = {}


class Form(_Entry):
    """One paper in one edition."""

    id: Annotated[str, Setting(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    aliases: tuple[str, ...] = ()
    code: str = ""
    edition: Text
    title: Text
    summary: Text
    """One Vietnamese sentence: who uses it, when."""
    family: str | None = None
    subject: tuple[str, ...] = ()
    """For a family: the values of `doi_tuong` that it serves."""
    first_year: int | None = None
    last_year: int | None = None
    """The years reviewed that it serves."""
    basis: tuple[Text, ...]
    valid_from: date
    valid_to: date | None = None
    layouts: tuple[Text, ...] = Setting(min_length=1)
    orientation: Literal["portrait", "landscape"] = "portrait"
    file_name: Text
    author: str | None = None
    """The field that names the issuing body in the document's properties."""
    dated_by: str | None = None
    """The date field whose value chooses between several layouts."""
    provenance: tuple[Provenance, ...]
    checks: tuple[Check, ...] = ()
    carry: tuple[Carry, ...] = ()
    fields: dict[str, Field]
    body: tuple[AnyBlock, ...] = ()

    @field_validator("fields", mode="before")
    @classmethod
    def _names_its_fields(cls, given: Any) -> Any:
        return _named(given)

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        named = [("author", self.author), ("dated_by", self.dated_by)]
        named += [("file_name", name) for name in self.name_fields]
        faults = [f"{use}: {name} is no field" for use, name in named if name is not None and name not in self.fields]
        for group in (self.fields, *(field.columns for field in self.fields.values())):
            faults += [fault for field in group.values() for fault in _computation_faults(field, group)]
        faults += [fault for block in self.body for fault in _block_faults(block, self.fields)]
        if faults:
            raise ValueError("; ".join(faults))
        return self

    @model_validator(mode="after")
    def _fills_its_lines_with_dots(self) -> Self:
        width = TEXT_MM[self.orientation]
        room: dict[str, float] = {}
        for block in (block for block in self.body if isinstance(block, blocks.FieldLines)):
            for row in block.rows:
                share = width / len(row) - (DASH_MM if block.dash else 0)
                room |= {name: min(share, room.get(name, share)) for name in row}
        for name, field in self.fields.items():
            if "dots" in field.model_fields_set:
                continue
            dots = field.dots
            if name in room:
                dots = _dots_beside(field.label, room[name])
            elif field.type in {"paragraphs", "levels"} and field.lines > 1:
                dots = int(width / DOT_MM) * field.lines - DOTS_INDENTED
            self.fields[name] = field.model_copy(update={"dots": dots})
        return self

    @property
    def version(self) -> str:
        """The office's own version of the paper, which its edition ends in; empty for a shipped paper."""
        return self.edition.partition("+")[2]

    @property
    def name_fields(self) -> tuple[str, ...]:
        """The fields that the file-name pattern uses."""
        return tuple(places(self.file_name))


def filled(text: str, words: Mapping[str, str]) -> str:
    """The printed text with a word in the place of each `{name}`; what the words hold is never read as a place."""
    return _PLACE.sub(lambda place: words[place[1]], text)


def places(text: str) -> list[str]:
    """The names of the fields that stand as `{name}` in a printed text, in order."""
    return _PLACE.findall(text)


def fields_in(block: AnyBlock) -> list[str]:
    """The record's own fields that a block names; a row's fields are checked by the drawing of that list."""
    match block:
        case blocks.FieldLines(rows=rows):
            names = [name for row in rows for name in row]
        case blocks.Scores(lines=lines):
            names = [line.field for line in lines]
        case blocks.Answer() | blocks.Ticks() | blocks.Table() | blocks.Items() | blocks.Levels() | blocks.Addressee():
            names = [block.field]
        case blocks.Signatures(signers=signers, recipients=recipients):
            texts = [
                text for signer in signers for text in (signer.power, signer.post, signer.note, signer.name) if text
            ]
            names = [name for text in (*texts, block.place_date or "") for name in places(text)]
            names += [recipients] if recipients else []
        case blocks.Header(left=left):
            texts = [*left, block.number or "", block.place_date or "", block.letter_subject or ""]
            names = [name for text in texts for name in places(text)]
        case blocks.Title():
            names = [name for text in (*block.name, *block.subject, *block.notes) for name in places(text)]
        case blocks.Paragraph() | blocks.Heading():
            names = places(block.text)
        case _:
            names = []
    return [*names, *(name for name in (block.when, block.unless) if name)]


def _block_faults(block: AnyBlock, fields: Mapping[str, Field]) -> list[str]:
    """Names that are no field, and fields of a type that the block cannot show there."""
    names = fields_in(block)
    faults = [f"{name} is no field" for name in names if name not in fields]
    needed = _NEEDED.get(block.block)
    recipients = block.recipients if isinstance(block, blocks.Signatures) else None
    for name in dict.fromkeys(names):
        kind = fields[name].type if name in fields else None
        if kind is None or name in {block.when, block.unless}:
            continue
        asked = "paragraphs" if name == recipients else needed
        if asked and kind != asked:
            faults.append(f"{name} is of type {kind}, not {asked}")
        elif not asked and kind in _MANY:
            faults.append(f"{name} is of type {kind} and cannot stand inside a line")
    return [f"block {block.block}: {fault}" for fault in faults]


def _option_ids(field: Field) -> list[str]:
    return [option.id for option in options(field.choices)] if field.choices else []


def _stands_for_numbers(field: Field) -> bool:
    """Whether every option of a choice stands for a number."""
    return field.choices is not None and all(option.value is not None for option in options(field.choices))


def _computation_faults(field: Field, fields: Mapping[str, Field]) -> list[str]:
    """Sources that are no field, no number, or not known yet when this field is computed."""
    if field.compute is None:
        return []
    faults = []
    before = list(fields)[: list(fields).index(field.name)]
    for source in field.compute.of:
        top, _, column = source.partition(".")
        known = fields.get(top)
        target = known.columns.get(column) if known and column else known
        if target is None:
            faults.append(f"computed from {source}, which is no field")
        elif field.compute.op != "count" and target.type not in _NUMBERS and not _stands_for_numbers(target):
            faults.append(f"computed from {source}, which is no number")
        elif field.compute.option and field.compute.option not in _option_ids(target):
            faults.append(f"counted by {field.compute.option}, which is no option of {source}")
        elif target.type == "computed" and top not in before:
            faults.append(f"computed from {source}, which is computed later")
    if field.compute.op == "percent" and len(field.compute.of) != len(("part", "whole")):
        faults.append("a percentage is computed from two fields: the part and the whole")
    return [f"{field.name}: {fault}" for fault in faults]
