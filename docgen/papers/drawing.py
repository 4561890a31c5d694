"""From a paper's description to its Word template: each block of `form.toml` drawn by `docgen.word.blocks`.

`python -m docgen.papers.drawing` draws every paper on the shelf anew; a test holds the files to what is drawn here.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from docgen.errors import FormError
from docgen.papers import body
from docgen.papers.form import places
from docgen.papers.library import shelf, shipped_papers, template_name
from docgen.rules.choices import options
from docgen.rules.layouts import layout
from docgen.word import blocks, grid, lines
from docgen.word.blocks import SignatureRow, SignerLines
from docgen.word.controls import Slot
from docgen.word.grid import Column
from docgen.word.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from docgen.papers.body import AnyBlock
    from docgen.papers.form import Field, Form
    from docgen.rules.layouts import Layout
    from docgen.word.lines import Line

_ARTICLE = re.compile(r"Điều \d+\.")
LEVEL_STYLES = {"Phần": ("part", "part"), "I.": ("section", "section"), "I-": ("section", "section")}
"""How levels look by their numbering, as the head of others and alone."""
INNER_LEVEL = ("item_heading", "item")
LOWEST_LEVEL = ("item", "item")
ADDRESSEE = "Kính gửi:"
ROW_NUMBER = "stt"
MARK_STYLES = {"muc_do_mat": "secrecy", "du_thao": "draft_mark"}
"""The styles of the marks below the number; the mark of urgency has its own name."""


def draw(form: Form, look: Layout) -> bytes:
    """The Word template of this paper in this layout: same description, same bytes.

    Raises:
        FormError: the body names what the paper's fields do not have.
    """
    sheet = Sheet(look, landscape=form.orientation == "landscape")
    for condition, together in groupby(form.body, key=lambda block: _condition(block) if _alone(form, block) else ""):
        if condition:
            blocks.condition(sheet, condition, opens=True)
        for block in together:
            _DRAWERS[type(block)](sheet, form, block)
        if condition:
            blocks.condition(sheet, "", opens=False)
    return sheet.save(
        title=form.title,
        subject=form.code or form.title,
        properties={"docgen.form": form.id, "docgen.edition": form.edition, "docgen.layout": look.id},
    )


def _condition(block: AnyBlock) -> str:
    """When a block is printed, in the template's words; empty: always."""
    needs = [f"co.{block.when}"] if block.when else []
    needs += [f"not co.{block.unless}"] if block.unless else []
    return " and ".join(needs)


def _title(sheet: Sheet, form: Form, block: body.Title) -> None:
    name, subject, notes = (
        [_line(form.fields, text) for text in texts] for texts in (block.name, block.subject, block.notes)
    )
    blocks.title(sheet, name=name, subject=subject, notes=notes, rule=block.rule)


def _addressee(sheet: Sheet, form: Form, block: body.Addressee) -> None:
    blocks.addressee(sheet, ADDRESSEE, _slot(form.fields[block.field]))


def _field_lines(sheet: Sheet, form: Form, block: body.FieldLines) -> None:
    rows = [[(form.fields[name].label, _slot(form.fields[name])) for name in row] for row in block.rows]
    blocks.field_lines(sheet, rows, dash=block.dash)


def _paragraph(sheet: Sheet, form: Form, block: body.Paragraph) -> None:
    number = _ARTICLE.match(block.text)
    if number:
        blocks.article(sheet, number[0], _line(form.fields, block.text[number.end() :]))
    else:
        # What announces a list or a table stays with it.
        lines.paragraph(sheet, block.style, _line(form.fields, block.text), keep_next=block.text.endswith(":"))


def _heading(sheet: Sheet, form: Form, block: body.Heading) -> None:
    style = ("part", "section", "item_heading")[block.level - 1]
    lines.paragraph(sheet, style, _line(form.fields, block.text))


def _scores(sheet: Sheet, form: Form, block: body.Scores) -> None:
    for line in block.lines:
        field = form.fields[line.field]
        blocks.score(sheet, f"{line.number} {field.label}".strip(), _slot(field), line.out_of, total=line.total)


def _levels(sheet: Sheet, form: Form, block: body.Levels) -> None:
    field = form.fields[block.field]
    blocks.levels(sheet, _slot(field), [_level_style(each) for each in field.numbering])


def _level_style(number: str) -> tuple[str, str]:
    """How a level with this numbering looks as the head of others, and alone."""
    if _ARTICLE.match(number):
        return (blocks.ARTICLE_STYLE, blocks.ARTICLE_STYLE)
    return LEVEL_STYLES.get(number, INNER_LEVEL if number[0].isdigit() else LOWEST_LEVEL)


def _section(sheet: Sheet, _form: Form, block: body.Section) -> None:
    landscape = block.orientation == "landscape"
    if _condition(block) and landscape != sheet.landscape:
        what = "Một phần có thể không in mà lại đổi chiều giấy: khi không in, cả văn bản đổi chiều."
        raise FormError.of("section-turned", what, "Bỏ when, unless hoặc giữ chiều giấy trong form.toml.")
    blocks.section(sheet, landscape=landscape, own_pages=block.own_pages)


def _page_break(sheet: Sheet, _form: Form, _block: body.PageBreak) -> None:
    blocks.page_break(sheet)


def _slot(field: Field) -> Slot:
    shown_if = f"co.{field.name}" if field.blank == "empty" else ""
    return Slot(path=field.name, word=field.name, title=field.title.rstrip(" :."), shown_if=shown_if)


def _row_slot(parent: Field, name: str) -> Slot:
    if name not in parent.columns:
        raise FormError.of("column-unknown", f"Danh sách «{parent.name}» không có cột «{name}».", "Sửa form.toml.")
    title = parent.columns[name].title.rstrip(" :.")
    return Slot(path=f"{parent.name}.{name}", word=f"dong.{name}", title=title, row=True)


def _line(fields: Mapping[str, Field], text: str, parent: Field | None = None) -> Line:
    """Printed text with `{field}` in it, as pieces; inside a list the row's own fields come first."""
    made: list[str | Slot] = []
    rest = text
    for name in places(text):
        before, rest = rest.split("{" + name + "}", 1)
        made.append(before)
        if parent is not None and name == ROW_NUMBER:
            made.append("{{ dong.stt }}")
        elif parent is not None and name in parent.columns:
            made.append(_row_slot(parent, name))
        elif name in fields:
            made.append(_slot(fields[name]))
        else:
            raise FormError.of("column-unknown", f"Không có trường hay cột «{name}».", "Sửa form.toml.")
    return tuple(piece for piece in (*made, rest) if piece != "")


def _header(sheet: Sheet, form: Form, block: body.Header) -> None:
    below = []
    if block.number:
        below.append(("number", _line(form.fields, block.number)))
    if block.letter_subject:
        prefix = f"{sheet.layout.letter_prefix} " if sheet.layout.letter_prefix else ""
        below.append(("letter_subject", _line(form.fields, prefix + block.letter_subject)))
    below += [(MARK_STYLES.get(name, "urgency"), (_slot(form.fields[name]),)) for name in block.marks]
    blocks.header(
        sheet,
        code=form.code if block.code else "",
        left=[_line(form.fields, text) for text in block.left],
        star=block.star,
        below=below,
        place_date=_line(form.fields, block.place_date or ""),
    )


_LABEL_STYLES = {"heading": "section", "item": "item", "dash": "item", "plain": "body"}


def _label(field: Field, number: str, style: str) -> tuple[str, Line]:
    """The style and the line of a label that a block prints, if it prints one."""
    if style == "none":
        return "", ()
    opening = "- " if style == "dash" else f"{number} " if number else ""
    return _LABEL_STYLES[style], (f"{opening}{field.label}",)


def _answer(sheet: Sheet, form: Form, block: body.Answer) -> None:
    field = form.fields[block.field]
    if block.style == "grounds":
        blocks.grounds(sheet, _slot(field))
        return
    style, label = _label(field, block.number, block.style)
    blocks.answer(sheet, label, _slot(field), style=style, guide=block.guide)


def _ticks(sheet: Sheet, form: Form, block: body.Ticks) -> None:
    field = form.fields[block.field]
    style, label = _label(field, block.number, block.style)
    if label:
        lines.paragraph(sheet, style, label, keep_next=True)
    boxes = [
        (
            option.label,
            Slot(path=f"{field.name}.{option.id}", word=f"danh_dau.{field.name}.{option.id}", title=option.label),
        )
        for option in options(field.choices or "")
    ]
    blocks.ticks(sheet, boxes, columns=block.columns)


def _table(sheet: Sheet, form: Form, block: body.Table) -> None:
    field = form.fields[block.field]
    columns = [Column(head=block.number_head, percent=block.number_percent, numbers=True)] if block.numbered else []
    columns += [_column(form, field, each) for each in block.columns]
    grid.table(
        sheet,
        _slot(field),
        columns,
        column_numbers=block.column_numbers,
        grouped=field.group_by is not None,
        total=block.total or "",
    )


def _column(form: Form, parent: Field, column: body.Column) -> Column:
    total = _slot(form.fields[column.total]) if column.total else None
    made = Column(
        head=column.head or "", group=column.group or "", percent=column.percent, align=column.align, total=total
    )
    if column.field is None:
        return made
    slot, entry = _row_slot(parent, column.field), parent.columns[column.field]
    if column.option is None:
        return replace(made, head=made.head or entry.label, slot=slot, paragraphs=entry.type == "paragraphs")
    if entry.type == "yes_no":
        return replace(made, head=made.head or entry.label, mark=f"dong.co.{column.field}")
    label = next(each.label for each in options(entry.choices or "") if each.id == column.option)
    return replace(made, head=made.head or label, mark=f"dong.danh_dau.{column.field}.{column.option}")


def _items(sheet: Sheet, form: Form, block: body.Items) -> None:
    field = form.fields[block.field]
    texts = []
    for line in block.lines:
        if line.when and line.when not in field.columns:
            raise FormError.of(
                "column-unknown", f"Danh sách «{field.name}» không có cột «{line.when}».", "Sửa form.toml."
            )
        condition = f"dong.co.{line.when}" if line.when else None
        texts.append((line.style, _line({}, line.text, field), condition))
    blocks.items(sheet, _slot(field), texts)


def _signatures(sheet: Sheet, form: Form, block: body.Signatures) -> None:
    """Signature blocks that follow each other are drawn with the first of them, as rows of one table."""
    together = _together(form, block)
    if together[0] is block:
        rows = [_signature_row(sheet, form, each) for each in together]
        blocks.signatures(sheet, rows if len(rows) > 1 else [replace(rows[0], condition="")])


def _together(form: Form, block: AnyBlock) -> tuple[AnyBlock, ...]:
    """The signature blocks next to this one and itself; the last one must always be printed, a table needs a row."""
    for signed, run in groupby(form.body, key=lambda each: isinstance(each, body.Signatures)):
        members = tuple(run)
        if signed and not _condition(members[-1]) and any(each is block for each in members):
            return members
    return (block,)


def _alone(form: Form, block: AnyBlock) -> bool:
    return len(_together(form, block)) == 1


def _signature_row(sheet: Sheet, form: Form, block: Any) -> SignatureRow:
    signers = []
    for number, signer in enumerate(block.signers, start=1):
        dated = block.place_date if number == len(block.signers) else None
        texts = (dated, signer.power, signer.post, signer.note, signer.name)
        place_date, power, post, note, name = (_line(form.fields, text or "") for text in texts)
        signers.append(SignerLines(place_date=place_date, power=power, post=post, note=note, name=name))
    recipients = None
    if block.recipients:
        recipients = (sheet.layout.recipients_label, _slot(form.fields[block.recipients]))
    return SignatureRow(signers=signers, recipients=recipients, condition=_condition(block))


_DRAWERS: Mapping[type, Callable[[Sheet, Form, Any], None]] = {
    body.Header: _header,
    body.Title: _title,
    body.Addressee: _addressee,
    body.FieldLines: _field_lines,
    body.Paragraph: _paragraph,
    body.Heading: _heading,
    body.Answer: _answer,
    body.Ticks: _ticks,
    body.Scores: _scores,
    body.Table: _table,
    body.Items: _items,
    body.Levels: _levels,
    body.Signatures: _signatures,
    body.Section: _section,
    body.PageBreak: _page_break,
}


def main() -> None:
    """Draw every paper on the shelf."""
    for form in shipped_papers():
        for layout_id in form.layouts:
            path = shelf("templates_docx") / form.id / template_name(form, layout_id)
            path.write_bytes(draw(form, layout(layout_id)))


if __name__ == "__main__":
    main()
