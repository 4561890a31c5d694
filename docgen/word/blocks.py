"""The blocks of a paper as they are drawn on a sheet: header, title, fields, answers, ticks, signatures.

Each block takes ready pieces (printed text and slots) and obeys the layout through the sheet's styles. Numbers of the
layout are not repeated here; what stands here is how the parts of a block are put together.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from math import lcm
from typing import TYPE_CHECKING

from docx.oxml.ns import qn

from docgen.word import controls
from docgen.word.blank import MM
from docgen.word.controls import Slot, command, element, nest, run
from docgen.word.grid import cell, command_row, frame, row, spanning
from docgen.word.lines import Line, optional, paragraph, pieces, repeated, space
from docgen.word.ties import tie

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element

    from docgen.word.sheet import Sheet

ARTICLE_STYLE = "article"
"""A level whose number alone is bold; no style of its own."""
STAR = "*"
"""For a printed form whose source shows one: the layout of forms asks for none."""
SIGNING_ROOM_MM = 28
"""Room for a signature and a seal between the post and the name (about 3 cm on real papers)."""
NATIONAL_TITLE_MM = 72.7
"""Width of «ĐẢNG CỘNG SẢN VIỆT NAM» in bold 15 point capitals of Times New Roman; its rule is as long."""
TICK_MM = 8
RULE_GAP = 60
"""Twentieths of a point between the national title and its rule."""
SIGNING_GAP_PT = 12
"""Room between the text and the signatures, in points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerLines:
    """What one signature column prints, from top to bottom."""

    place_date: Line = ()
    power: Line = ()
    post: Line = ()
    note: Line = ()
    name: Line = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureRow:
    """Signatures side by side; `recipients` (label and place) stand left of them, `condition` says when they appear."""

    signers: Sequence[SignerLines]
    recipients: tuple[str, Slot] | None = None
    condition: str = ""


def header(
    sheet: Sheet, *, code: str, left: Sequence[Line], star: bool, below: Sequence[tuple[str, Line]], place_date: Line
) -> None:
    """The two blocks side by side; the form's code, where it has one, on a line of its own above.

    `left` ends with the issuing body; `below` are further left lines with their styles (number, subject of a
    letter, marks of secrecy, urgency and draft).
    """
    if code:
        sheet.place(sheet.paragraph("form_code", run(code)))
    share = 0.43 if sheet.landscape else 0.45
    widths = (sheet.text_width * share, sheet.text_width * (1 - share))
    bodies = [made for line in left[:-1] for made in optional(sheet, "parent_body", line)]
    bodies += optional(sheet, "issuing_body", left[-1])
    if star:
        bodies.append(sheet.paragraph("star", run(sheet.layout.star or STAR)))
    bodies += [made for style, line in below for made in optional(sheet, style, line)]
    title = sheet.paragraph("national_title", run(sheet.layout.national_title))
    right = [title, _rule(sheet, widths[1])]
    if place_date:
        right.append(sheet.paragraph("place_date", *pieces(sheet, place_date)))
    sheet.place(nest(frame(widths, header_margin=0.5), row(cell(widths[0], *bodies), cell(widths[1], *right))))


def _rule(sheet: Sheet, width: float) -> _Element:
    """The solid rule below the national title, as long as the title: a bordered line, set in from both sides."""
    size = sheet.layout.elements["national_title"].size
    inset = round((width - 1 - NATIONAL_TITLE_MM * size / 15) / 2 * MM)
    border = nest(element("pBdr"), element("bottom", val="single", sz=6, space=1, color="auto"))
    spacing = element("spacing", line=RULE_GAP, lineRule="exact")
    indent = element("ind", left=inset, right=inset)
    style = element("pStyle", val="PlaceDate")
    return nest(element("p"), nest(element("pPr"), style, border, spacing, indent))


def title(sheet: Sheet, *, name: Sequence[Line], subject: Sequence[Line], notes: Sequence[Line], rule: bool) -> None:
    """Name of the kind of paper, its subject, bracketed notes; room above and below."""
    lines = [("type_title", line) for line in name] + [("subject", line) for line in subject]
    lines += [("note_line", line) for line in notes]
    if rule and sheet.layout.subject_rule:
        lines.append(("subject", (sheet.layout.subject_rule,)))
    for number, (style, line) in enumerate(lines):
        made = sheet.paragraph(style, *pieces(sheet, line), keep_next=True)
        if number == 0 or number == len(lines) - 1:
            space(made, before=18 if number == 0 else 0, after=12 if number == len(lines) - 1 else 0)
        sheet.place(made)


def addressee(sheet: Sheet, label: str, slot: Slot) -> None:
    """`Kính gửi:` and the addressees, one below the other, in one control."""
    paragraph(sheet, "addressee", (label,), keep_next=True)
    _written(sheet, slot, "addressee")


def field_lines(sheet: Sheet, rows: Sequence[Sequence[tuple[str, Slot]]], *, dash: bool = False) -> None:
    """`label: value` for each field; several on a line stand in columns, so that a long value wraps in its own."""
    for count_, group in groupby(rows, key=len):
        lines = [[_field(sheet, label, slot, dash=dash) for label, slot in each] for each in group]
        if count_ == 1:
            sheet.place(*(line for (line,) in lines))
            continue
        widths = [sheet.text_width / count_] * count_
        table_rows = [row(*(cell(w, line) for w, line in zip(widths, each, strict=True))) for each in lines]
        sheet.place(nest(frame(widths, header_margin=0), *table_rows))


def _field(sheet: Sheet, label: str, slot: Slot, *, dash: bool) -> _Element:
    opening = f"{'- ' if dash else ''}{label}{'' if label.endswith(':') else ':'} "
    return sheet.paragraph("line_item" if dash else "field_line", *pieces(sheet, (opening, slot)))


def answer(sheet: Sheet, label: Line, slot: Slot, *, style: str, guide: Sequence[str] = ()) -> None:
    """The label in its style, the printed guide lines, and what the person writes."""
    if label:
        paragraph(sheet, style, label, keep_next=True)
    for line in guide:
        paragraph(sheet, "instruction", (line,), keep_next=True)
    _written(sheet, slot, "answer")


def grounds(sheet: Sheet, slot: Slot) -> None:
    """The căn cứ of an official paper: one paragraph each, opened by a dash."""
    _written(sheet, slot, "grounds", opening="- ")


def _written(sheet: Sheet, slot: Slot, style: str, opening: str = "") -> None:
    """Text of any number of paragraphs in one control.

    Its bookmark starts inside the paragraph before and ends inside the next one, where LibreOffice keeps it.
    """
    start, end = controls.bookmark(slot, sheet.numbers)
    sheet.start_in_last_paragraph(start)
    words = sheet.paragraph(style, run(f"{opening}{{{{ doan }}}}"))
    sheet.place(repeated(sheet, slot, words))
    sheet.end_in_next_paragraph(end)


def ticks(sheet: Sheet, options: Sequence[tuple[str, Slot]], *, columns: int) -> None:
    """Tick boxes on one grid, `columns` to a line; the boxes of one choice stay on one page."""
    sheet.tie_last()
    size = sheet.layout.elements["tick"].size
    first = sheet.layout.body.first_line
    step = (sheet.text_width - first) / columns
    for begin in range(0, len(options), columns):
        made = sheet.paragraph("tick", keep_next=begin + columns < len(options))
        stops = [first + step * number + edge for number in range(columns) for edge in (0, TICK_MM)]
        grid = nest(element("tabs"), *(element("tab", val="left", pos=round(stop * MM)) for stop in stops))
        made[0].append(grid)
        for label, slot in options[begin : begin + columns]:
            made.append(run("\t"))
            made.extend(controls.tick(slot, sheet.numbers, size))
            made.append(run(f"\t{label}"))
        _order_properties(made)
        sheet.place(made)


def _order_properties(made: _Element) -> None:
    """Paragraph properties stand in the order that the schema asks for."""
    order = ("pStyle", "keepNext", "keepLines", "pBdr", "tabs", "spacing", "ind", "jc")
    properties = made[0]
    properties[:] = sorted(properties, key=lambda each: order.index(each.tag.rpartition("}")[2]))


def score(sheet: Sheet, label: str, slot: Slot, out_of: int, *, total: bool) -> None:
    """`label: value/maximum`; the lines of one table stay together."""
    sheet.tie_last()
    style = "total_line" if total else "line_item"
    paragraph(sheet, style, (f"{label}: ", slot, f"/{out_of}"), keep_next=not total)


def items(sheet: Sheet, list_slot: Slot, lines: Sequence[tuple[str, Line, str | None]]) -> None:
    """A list as running text: for each entry the same paragraphs, each with its style and its condition."""
    sheet.command(f"{{%p for dong in {list_slot.word} %}}")
    for style, line, word in lines:
        if word:
            sheet.command(f"{{%p if {word} %}}")
        paragraph(sheet, style, line)
        if word:
            sheet.command("{%p endif %}")
    sheet.command("{%p endfor %}")


def levels(sheet: Sheet, slot: Slot, styles: Sequence[tuple[str, str]]) -> None:
    """Numbered levels: one paragraph per entry with its ready number.

    `styles` gives, for each level, the style of an entry that heads others and of one that stands alone.
    """
    start, end = controls.bookmark(slot, sheet.numbers)
    sheet.start_in_last_paragraph(start)
    # LibreOffice takes the bold from the first paragraph of a control: articles begin with one that nobody sees.
    loop = [sheet.thin(keep_next=True)] if ARTICLE_STYLE in styles[0] else []
    loop.append(command(f"{{%p for dong in {slot.word} %}}"))
    word = "if"
    for number, (heading, alone) in enumerate(styles, start=1):
        for condition, style in [(" and dong.co_con", heading)] * (heading != alone) + [("", alone)]:
            loop.append(command(f"{{%p {word} dong.cap == '{number}'{condition} %}}"))
            loop += _entry(sheet, style)
            word = "elif"
    loop += [command("{%p endif %}"), command("{%p endfor %}")]
    sheet.place(controls.control(slot, sheet.numbers, loop))
    sheet.end_in_next_paragraph(end)


def _entry(sheet: Sheet, style: str) -> list[_Element]:
    """One entry of numbered levels: a part has its name on a line of its own, an article only its number in bold."""
    if style == "part":
        return [
            sheet.paragraph("part", run("{{ dong.so }}")),
            sheet.paragraph("part_title", run("{{ dong.noi_dung }}")),
        ]
    if style == ARTICLE_STYLE:
        return [sheet.paragraph("item", run("{{ dong.so }}", _bold()), run(" {{ dong.noi_dung }}"))]
    return [sheet.paragraph(style, run("{{ dong.so }} {{ dong.noi_dung }}"))]


def article(sheet: Sheet, number: str, line: Line) -> None:
    """A printed article: its number in bold, then its text."""
    sheet.place(sheet.paragraph("item", run(number, _bold()), *pieces(sheet, line)))


def _bold() -> _Element:
    return nest(element("rPr"), element("b"))


def signatures(sheet: Sheet, rows: Sequence[SignatureRow]) -> None:
    """Signatures side by side in an unbreakable row, tied to the text before it; recipients stand on the left.

    Several rows stay together on one page: of two tables LibreOffice would leave the second alone on the next one.
    """
    sheet.tie_last()
    counts = [len(each.signers) + (1 if each.recipients else 0) for each in rows]
    widths = [sheet.text_width / lcm(*counts)] * lcm(*counts)
    made = frame(widths, header_margin=0.5)
    for each, count_ in zip(rows, counts, strict=True):
        cells = _signature_cells(sheet, each, sheet.text_width / count_)
        span = len(widths) // count_
        placed = row(*(spanning(one, span) if span > 1 else one for one in cells))
        for paragraph_ in placed.iter(qn("w:p")) if each is not rows[-1] else ():
            tie(paragraph_)
        within = [command_row(widths, f"{{%tr if {each.condition} %}}"), placed, command_row(widths, "{%tr endif %}")]
        made.extend(within if each.condition else [placed])
    sheet.place(made)
    # Word wants a paragraph behind a table. Alone on the next page it would make a blank one, so it takes no room.
    sheet.place(sheet.thin(points=0.1))


def _signature_cells(sheet: Sheet, signed: SignatureRow, width: float) -> list[_Element]:
    cells = []
    if signed.recipients:
        label, slot = signed.recipients
        start, end = controls.bookmark(slot, sheet.numbers)
        words = sheet.paragraph("recipients", run("- {{ doan }}"))
        head = sheet.paragraph("recipients_head", run(label), start)
        space(head, before=SIGNING_GAP_PT)
        last = nest(sheet.paragraph("recipients"), end)
        cells.append(cell(width, head, repeated(sheet, slot, words), last))
    return cells + [cell(width, *_signer(sheet, signer)) for signer in signed.signers]


def _signer(sheet: Sheet, signer: SignerLines) -> list[_Element]:
    upper = (
        ("place_date", signer.place_date),
        ("signing_power", signer.power),
        ("signer_post", signer.post),
        ("sign_note", signer.note),
    )
    lines = [made for style, line in upper for made in optional(sheet, style, line)]
    if not lines:
        return []
    opening = sheet.paragraph("signer_post")
    nest(opening[0], element("spacing", line=round(SIGNING_GAP_PT * 20), lineRule="exact"))
    name = sheet.paragraph("signer_name", *pieces(sheet, signer.name))
    space(name, before=SIGNING_ROOM_MM / 25.4 * 72)
    return [opening, *lines, name]


def condition(sheet: Sheet, word: str, *, opens: bool) -> None:
    """The begin or the end of what is printed only when `word` is filled or true."""
    sheet.command(f"{{%p if {word} %}}" if opens else "{%p endif %}")


def section(sheet: Sheet, *, landscape: bool, own_pages: bool) -> None:
    """What follows begins on a new page, upright or across; with `own_pages` its pages count from 1."""
    sheet.end_section(landscape=landscape, own_pages=own_pages)


def page_break(sheet: Sheet) -> None:
    """What follows begins on a new page."""
    sheet.place(sheet.paragraph("note", nest(element("r"), element("br", type="page"))))
