"""How an official paper must look: the layout regimes as dated data, one TOML file each in `layouts/`.

The drawing (`docgen.papers`) and the check (`docgen.word.layout`) read the same numbers here, so they cannot disagree.
Every element says where its number comes from (`clause`) and whether that place was read (`verified`); a number whose
clause is only known from digests stays unverified, and the check reports it as a warning.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from docgen.errors import DataError, FormError, shown
from docgen.viet.dates import short_date

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

Align = Literal["left", "center", "right", "justify"]
Kind = Literal["van-ban", "bieu-mau"]
Spelling = Literal["as-registered", "ủy", "uỷ"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """How one component is set: `size` points (up to `max_size` where the rule gives a range)."""

    size: float
    max_size: float | None = None
    bold: bool = False
    italic: bool = False
    underline: bool = False
    caps: bool = False
    align: Align = "left"
    clause: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The sheet and its margins, in millimetres, upright; wide tables may lie across."""

    width: float
    height: float
    top: float
    bottom: float
    left: float
    right: float
    clause: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """Running text: exact line pitch (pt), first line (mm), space before a paragraph (pt)."""

    line_pitch: float
    min_pitch: float
    max_pitch: float
    first_line: float
    space_before: float
    clause: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PageNumber:
    """The running number: size (pt), first page that shows it, distance from the top edge of the sheet (mm)."""

    size: float
    from_page: int
    top_mm: float
    clause: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One regime, or the layout of the printed forms; `valid_from` and `valid_to` are both inside.

    `letter_prefix` opens the trích yếu of a công văn ("" = none), `spelling` is the house style of ủy/uỷ in fixed text,
    `end_mark` closes the body ("" = none); a `star` or `subject_rule` of None is not printed.
    """

    id: str
    title: str
    source: str
    valid_from: date | None
    valid_to: date | None
    kind: Kind
    page: Page
    font: str
    body: Body
    elements: Mapping[str, Element]
    star: str | None
    subject_rule: str | None
    national_title: str
    number_prefix: str
    page_number: PageNumber
    recipients_label: str
    end_mark: str
    letter_prefix: str
    spelling: Spelling


@cache
def layouts() -> tuple[Layout, ...]:
    """Every shipped layout: the regimes from the oldest to the newest, then the printed forms' own."""
    folder = files(__package__) / "layouts"
    found = [_read(entry.read_text("utf-8")) for entry in folder.iterdir() if entry.name.endswith(".toml")]
    return tuple(sorted(found, key=lambda each: (each.valid_from is None, str(each.valid_from), each.id)))


def layout(id: str) -> Layout:  # noqa: A002 - the field of every form is called id
    """The layout of this id.

    Raises:
        FormError: no layout has this id.
    """
    for each in layouts():
        if each.id == id:
            return each
    raise FormError.of(
        "layout-unknown",
        f"Không có bộ thể thức {shown(id)}.",
        f"Dùng một trong các mã: {', '.join(each.id for each in layouts())}.",
    )


def regime_on(day: date | None) -> Layout:
    """The regime in force on the date of a paper; for a paper that is not dated yet, the newest.

    Raises:
        DataError: the date lies before the first regime that is known here.
    """
    regimes = [each for each in layouts() if each.valid_from is not None]
    if day is None:
        return regimes[-1]
    for each in reversed(regimes):
        if each.valid_from is not None and each.valid_from <= day:
            return each
    raise DataError.of(
        "layout-too-early",
        f"Ngày văn bản {short_date(day)} trước khi {regimes[0].source} có hiệu lực.",
        f"Sửa lại ngày, hoặc chỉ định bộ thể thức, ví dụ {regimes[0].id}.",
    )


def _read(text: str) -> Layout:
    told: dict[str, Any] = tomllib.loads(text)
    elements = {name: Element(**table) for name, table in told.pop("elements").items()}
    return Layout(
        page=Page(**told.pop("page")),
        body=Body(**told.pop("body")),
        page_number=PageNumber(**told.pop("page_number")),
        elements=MappingProxyType(elements),
        **{**_ABSENT, **told},
    )


_ABSENT = MappingProxyType({"valid_from": None, "valid_to": None, "star": None, "subject_rule": None})
"""TOML has no null: what a file leaves out is absent, and only these may be."""
