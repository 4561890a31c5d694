"""What travels over HTTP, as pydantic knows it: OpenAPI is made of these; one reads the options of a merge."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

File = Annotated[str, Field(json_schema_extra={"format": "binary"})]
Count = Annotated[int, Field(ge=0)]


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ErrorEntry(_Shape):
    """One thing that is wrong."""

    pointer: str | None = Field(description="JSON Pointer of the value, where it is known.")
    row: int | None = Field(description="Row of a list, or line of a text; counts from 1.")
    column: str | None = Field(description="Column of a list (`AB`), or place in the line of a text.")
    code: str = Field(description="Stable, for programs.")
    detail: str = Field(description="Vietnamese, for people.")


class ProblemDetails(_Shape):
    """Every error answer: RFC 9457 with one entry for each thing that is wrong."""

    type: str
    title: str
    status: int
    detail: str
    errors: Annotated[list[ErrorEntry], Field(min_length=1)]


class Found(BaseModel):
    """A problem or a warning, with those of its places that are known."""

    model_config = ConfigDict(extra="allow")

    code: str
    severity: Literal["error", "warning"]
    message: str = Field(description="Vietnamese, whole: where, what is wrong, how to mend it.")


class FormEntry(_Shape):
    """One paper of the list."""

    id: str
    code: str
    title: str
    family: str | None
    subject: list[str]
    basis: list[str]
    valid_from: str
    valid_to: str | None


class FormDetails(BaseModel):
    """Everything that is known of a paper: fields in order, rules, provenance."""

    model_config = ConfigDict(extra="allow")

    id: str
    title: str
    fields: list[dict[str, JsonValue]]
    provenance: list[dict[str, JsonValue]]
    record_schema: dict[str, JsonValue] = Field(description="JSON Schema (2020-12) of a record.", alias="schema")


class SheetQuery(_Shape):
    """Which edition of a family's forms the workbook asks for."""

    year: Annotated[int, Field(ge=1900, le=2100)] | None = Field(default=None, description="The year reviewed.")


class Record(BaseModel):
    """One record: field names and values. Its own schema is told by `GET /forms/{id}`."""

    model_config = ConfigDict(extra="allow")


class Counts(BaseModel):
    """What became of every row: `rows_in = done + skipped + failed`."""

    rows_in: Count
    done: Count
    unchanged: Count
    skipped: Count
    failed: Count
    problems: list[Found]


class Checked(Counts):
    """What `docgen check --json` tells."""

    model_config = ConfigDict(extra="forbid")

    outputs: list[str]


class MergeOptions(BaseModel):
    """How a list is merged; everything has a default."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    pattern: str | None = Field(default=None, description="Name of each file, with `{field}` and `/`.", max_length=500)
    accented: bool = Field(default=False, description="Keep Vietnamese letters in file names.")
    sheet: str | None = Field(default=None, description="Title of the sheet to read.", max_length=200)
    convert: Literal["tcvn3", "vni", "auto"] | None = Field(default=None, description="Old encoding of the list.")
    pdf: bool = Field(default=False, description="PDFs instead of Word files.")
    print: Literal["", "docx", "pdf"] = Field(default="", description="Print files instead of a file each.")
    duplex: bool = Field(default=False, description="In print files each person begins on a front page.")


class MergeFields(_Shape):
    """The parts of a merge order."""

    form: str = Field(description="Id or alias of a form, or a family.")
    list: File = Field(description="The list: .xlsx .xls .ods .csv .json .jsonl .yaml.")
    common: str | None = Field(default=None, description="Values for every row: a JSON object.")
    options: str | None = Field(default=None, description="`MergeOptions` as JSON.")


class Job(Counts):
    """How far a merge is."""

    model_config = ConfigDict(extra="forbid")

    id: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    settled: Count = Field(description="Rows of which it is known what became of them, while it runs.")
    total: Count
    seconds: float
    rate: float | None = Field(description="Rows settled in a second.")
    seconds_left: float | None
    has_result: bool
    has_errors: bool


class JobBegun(_Shape):
    """A merge that was queued."""

    id: str
    state: Literal["queued"]


class TallyFields(_Shape):
    """The parts of a count."""

    list: File = Field(description="Ratings, or ready figures: .xlsx .xls .ods .csv .json.")
    given: Literal["true", "false"] = Field(default="false", description="`true` judges a table of ready figures.")
    rules: str | None = Field(default=None, description="Id of rating rules; default: those in force.")


class Tally(Counts):
    """What `docgen tally` writes."""

    model_config = ConfigDict(extra="allow")

    rules: str
    groups: list[dict[str, Any]]


class CollectFields(_Shape):
    """The parts of papers that came back."""

    file: Annotated[list[File], Field(min_length=1)] = Field(
        description="Filled Word files (.docx; .doc .odt .rtf where LibreOffice is), or zips of them."
    )
    against: File | None = Field(default=None, description="The list from which they were sent.")


class Returned(_Shape):
    """What one file holds."""

    file: str
    form: str | None = Field(description="Null where nothing could be read.")
    edition: str | None
    saved: str | None
    values: dict[str, JsonValue] = Field(description="Typed where the form's check takes the value, else as written.")
    how: dict[str, Literal["control", "bookmark", "label"]] = Field(description="How each field was found.")
    problems: list[Found]
    outside: list[str] = Field(description="Text that stands in no place of the form, whole.")


class NotReturned(_Shape):
    """A row of the list of which no paper came back."""

    row: int
    name: str
    unit: str


class Changed(_Shape):
    """A field that came back otherwise than it was sent."""

    file: str
    row: int
    field: str
    label: str
    sent: JsonValue
    returned: JsonValue


class Collected(_Shape):
    """What `docgen collect` writes."""

    files: list[Returned]
    missing: list[NotReturned] = Field(default=[], description="Only with `against`.")
    changes: list[Changed] = Field(default=[], description="Only with `against`.")
    list_problems: list[Found] = Field(default=[], description="Only with `against`.")


class InspectFields(_Shape):
    """The parts of a layout check."""

    file: File = Field(description="Any .docx.")
    regime: str | None = Field(default=None, description="Id of a layout regime; default: its own, or that in force.")


class Inspected(_Shape):
    """What deviates from the layout."""

    regime: str
    problems: list[Found]


class Health(_Shape):
    """The process answers."""

    status: Literal["ok"]


class Ready(_Shape):
    """Everything that requests need is there; `pdf` may be missing."""

    status: Literal["ok"]
    parts: dict[Literal["templates", "data", "pdf", "queue"], Literal["ok", "missing"]]


class Version(_Shape):
    """Which docgen this is."""

    version: str
