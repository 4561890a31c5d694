"""The closed vocabulary of blocks from which a paper's body is drawn, as `form.toml` writes them.

A text may hold `{field}`: there the drawing places the field's content control. Labels are not repeated here: a block
names fields, and the field's own entry holds its printed label.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Text = Annotated[str, Field(min_length=1)]


class Block(BaseModel):
    """What every block has: the field that lets it appear, and the field that keeps it away.

    A yes/no field decides by its value, any other by being filled.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    when: str | None = None
    unless: str | None = None


class Header(Block):
    """The two header blocks side by side: bodies on the left, national title, place and date on the right."""

    block: Literal["header"]
    left: tuple[Text, ...]
    """Lines of the left block; the last one is the issuing body and is bold."""
    star: bool = False
    number: Text | None = None
    place_date: Text | None = None
    letter_subject: Text | None = None
    marks: tuple[str, ...] = ()
    """Fields of secrecy, urgency and draft marks, printed below the number in the order given, each if it is filled."""
    code: bool = False
    """Print the form's code line at the top right, as the printed forms do."""


class Title(Block):
    """Name of the kind of paper, subject lines and bracketed notes, centred."""

    block: Literal["title"]
    name: tuple[Text, ...]
    subject: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()
    rule: bool = False
    """Print the hyphens that the layout sets below the subject."""


class Addressee(Block):
    """`Kính gửi:` with the addressees below each other."""

    block: Literal["addressee"]
    field: str


class FieldLines(Block):
    """Lines of `label: value`, one row of the list per line, the fields of a row on one tab grid."""

    block: Literal["fields"]
    rows: tuple[tuple[str, ...], ...]
    dash: bool = False
    """Begin each line with a dash, as the closing blocks do."""


class Paragraph(Block):
    """One printed paragraph with fields inside, in one of the layout's styles."""

    block: Literal["text"]
    text: Text
    style: Literal["body", "grounds", "instruction", "note", "item", "enacting"] = "body"


class Heading(Block):
    """A heading with its outline level; it never stands alone at the foot of a page."""

    block: Literal["heading"]
    level: Literal[1, 2, 3]
    text: Text


class Answer(Block):
    """A field's label and, below it, what the person writes: real paragraphs in one block-level control.

    Where the label is printed by a block before it, `style = "none"`. With `style = "grounds"` there is no label and
    each paragraph is one căn cứ, opened by a dash.
    """

    block: Literal["answer"]
    field: str
    number: str = ""
    style: Literal["heading", "item", "dash", "none", "grounds"] = "item"
    guide: tuple[Text, ...] = ()
    """Instructions printed between the label and the answer."""


class Ticks(Block):
    """The options of a choice as tick boxes on one grid; `columns` boxes stand on a line."""

    block: Literal["ticks"]
    field: str
    columns: Literal[1, 2, 4] = 1
    number: str = ""
    style: Literal["heading", "item", "plain", "none"] = "item"


class ScoreLine(BaseModel):
    """One line `label: value/maximum` of a score table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str
    number: str = ""
    out_of: int
    total: bool = False


class Scores(Block):
    """Score lines, the total last."""

    block: Literal["scores"]
    lines: tuple[ScoreLine, ...]


class Column(BaseModel):
    """A column of a table and its share of the width.

    It shows the row's `field`; with `option`, an x where the choice has that option (for a yes/no field: `co`); without
    a field, room for the hand.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str | None = None
    option: str | None = None
    head: Text | None = None
    """Heading, where it is not the field's label or the option's."""
    group: Text | None = None
    """A heading above this one, shared with its neighbours of the same group."""
    percent: float
    align: Literal["left", "center", "right", "justify"] = "left"
    total: str | None = None
    """The record's field that stands in this column of the last row."""

    @model_validator(mode="after")
    def _shows_something_nameable(self) -> Self:
        if self.field is None and (self.head is None or self.option is not None):
            raise ValueError("a column without a field needs a head, and has no option")
        return self


class Table(Block):
    """A list field as a table: heading rows that repeat on every page, one row per entry, numbered."""

    block: Literal["table"]
    field: str
    columns: tuple[Column, ...]
    numbered: bool = True
    number_head: Text = "TT"
    number_percent: float = 5
    column_numbers: bool = False
    """Print a row of column numbers below the heading, as lists of results do."""
    total: Text | None = None
    """The label of the last row, which shows the columns' totals."""


class ItemLine(BaseModel):
    """One paragraph of an item; it appears when the named field of the row is filled."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Text
    style: Literal["section", "item", "body", "instruction"] = "body"
    when: str | None = None


class Items(Block):
    """A list field as running text: for each entry the same few paragraphs."""

    block: Literal["items"]
    field: str
    lines: tuple[ItemLine, ...]


class Levels(Block):
    """A field of numbered levels (Phần, I, 1, a, -): the numbers are made, never typed."""

    block: Literal["levels"]
    field: str


class Signer(BaseModel):
    """One signature column: power (`T/M …`), post, the bracketed note, room, and the name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    power: Text | None = None
    post: Text | None = None
    note: Text | None = None
    name: Text | None = None


class Signatures(Block):
    """Signatures side by side, kept together on one page; with `recipients` that field's list stands on the left."""

    block: Literal["signatures"]
    signers: tuple[Signer, ...]
    recipients: str | None = None
    place_date: Text | None = None
    """Place and date above the last signer, where the form prints them there."""


class Section(Block):
    """What follows begins on a new page, upright or across; an annex counts its own pages."""

    block: Literal["section"]
    orientation: Literal["portrait", "landscape"] = "portrait"
    own_pages: bool = True


class PageBreak(Block):
    """What follows begins on a new page."""

    block: Literal["page_break"]


AnyBlock = Annotated[
    Header
    | Title
    | Addressee
    | FieldLines
    | Paragraph
    | Heading
    | Answer
    | Ticks
    | Scores
    | Table
    | Items
    | Levels
    | Signatures
    | Section
    | PageBreak,
    Field(discriminator="block"),
]
