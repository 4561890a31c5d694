"""The Excel to fill: the sheets of one form, or of the forms of a family together, made from what the forms ask.

    columns_of → asked → the list · «Chung» · a sheet for each list field · «Hướng dẫn»

What is usually the same for a whole list (year, place, date, issuing body, signer) is asked on «Chung», once. It has a
column in the list as well, because a đảng bộ's list may hold a date or a signer for each chi bộ; that column stands at
the far right under another colour and is never required, so that nobody fills in a thing twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from docgen.errors import FormError
from docgen.papers import library, sheet_help
from docgen.papers.asked import Asked, asked, cells
from docgen.papers.columns import CODE_NAME, SUBJECT, SUBJECT_NAME, columns_of
from docgen.papers.record import record
from docgen.rules.choices import options
from docgen.tables.excel import REQUIRED_MARK, Column, Marked, SheetOut, ToFill, sheet_titles, write_sheets
from docgen.tables.sheets import CODE, COMMON, COMMON_NAME, COMMON_VALUE, GUIDE, GUIDE_HEADING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from docgen.papers.columns import Columns
    from docgen.papers.form import Field, FieldType, Form

MAIN: Final = "Danh sách"
_WIDTHS: Final[Mapping[FieldType, float]] = {
    "text": 28, "name": 26, "paragraphs": 50, "levels": 50, "date": 14, "month": 12, "quarter": 12, "year": 12,
    "integer": 13, "decimal": 13, "percent": 13, "choice": 24, "yes_no": 14,
}  # fmt: skip
_CODE_WIDTH, _SUBJECT_WIDTH, _COMMON_WIDTHS, _GUIDE_WIDTH = 12, 24, (32, 40, 60), 100
_MOST_FROZEN = 4
"""More columns that stay in sight leave no room for the others on a small screen."""
_SHORT, _EXAMPLE_LINES, _EXAMPLE_ROWS = 80, 2, 2
"""Of an example: how long a line of it is, how many lines of a text and rows of a list are shown."""


def workbook(name: str, *, year: int | None = None) -> bytes:
    """The Excel to fill as a file; see `fill_sheets`."""
    return write_sheets(fill_sheets(name, year=year))


def fill_sheets(name: str, *, year: int | None = None) -> list[SheetOut]:
    """The sheets for a form (by id or alias) or a family.

    Args:
        name: the form or family.
        year: for a family, the year reviewed, which says whose fields are asked; without it the newest edition's year.

    Raises:
        FormError: `form-unknown`; `family-year-unserved` where no edition of the family serves the year.
    """
    columns = columns_of(name)
    forms = _editions(columns, year)
    every = asked((form, form.fields) for form in forms)
    titles = list_sheet_titles(columns.fields)
    lists = [each for each in every if each.field.type == "list"]
    plain = [each for each in every if each.field.type != "list"]
    shared = [each for each in plain if each.shared]
    return [
        _list(forms, [each for each in plain if not each.shared], shared, family=columns.family),
        *([_common(forms, shared)] if shared else []),
        *(_list_sheet(forms, each, titles[each.field.name]) for each in lists),
        _guide(forms, [titles[each.field.name] for each in lists], common=bool(shared)),
    ]


def list_columns(columns: Columns) -> Mapping[str, Column]:
    """What the columns of a list for these forms are like, by field name, the code and the subject among them."""
    every = asked((form, form.fields) for form in columns.forms)
    found = {each.field.name: _column(each, "") for each in every if each.field.type != "list"}
    return {
        **found,
        CODE_NAME: Column(heading=CODE, width=_CODE_WIDTH),
        SUBJECT_NAME: _subject(columns.forms, {subject for form in columns.forms for subject in form.subject}),
    }


def list_sheet_titles(fields: Mapping[str, Field]) -> Mapping[str, str]:
    """The title of the sheet for each list field of a form, or of a family's `columns_of(name).fields`, by its name."""
    lists = [(name, field.title) for name, field in fields.items() if field.type == "list"]
    own = (MAIN, COMMON, GUIDE)
    titles = sheet_titles([*own, *(title for _, title in lists)])[len(own) :]
    return dict(zip((name for name, _ in lists), titles, strict=True))


def _editions(columns: Columns, year: int | None) -> list[Form]:
    """The forms whose fields are asked: the one form, or those of the family that serve the year."""
    if not columns.family:
        return list(columns.forms)
    served = year if year is not None else max(form.first_year or 0 for form in columns.forms)
    found = [form for form in columns.forms if library.out_of_force(form, served) is None]
    if not found:
        years = ", ".join(f"{form.id} ({form.first_year}–{form.last_year or 'nay'})" for form in columns.forms)
        what, cure = f"Không có mẫu nào của nhóm dùng cho năm {year}.", f"Các mẫu hiện có: {years}."
        raise FormError.of("family-year-unserved", what, cure)
    return found


def _list(forms: Sequence[Form], own: Sequence[Asked], shared: Sequence[Asked], *, family: bool) -> SheetOut:
    """The main sheet: code, subject, what each row says for itself, what «Chung» may say for all."""
    subjects = {each for form in forms for each in form.subject} if family else set()
    head = [Column(heading=CODE, width=_CODE_WIDTH, help=sheet_help.CODE_HELP)]
    if subjects:
        head.append(_subject(forms, subjects))
    columns = [
        *head,
        *(_column(each, sheet_help.note(each, forms)) for each in own),
        *(_column(each, f"{sheet_help.COMMON_FIRST}\n{sheet_help.note(each, forms)}", aside=True) for each in shared),
    ]
    labels = {option.id: option.label for option in options(library.SUBJECTS)}
    rows = []
    for number, form in enumerate(forms, start=1):
        example = _example(form)
        subject = [labels[form.subject[0]]] if subjects else []
        rows.append(_example_row(number, [*subject, *(_shown(each, example) for each in own), *([None] * len(shared))]))
    names = [index for index, each in enumerate(own, start=len(head) + 1) if each.field.type == "name"]
    frozen = names[0] if names and names[0] <= _MOST_FROZEN else len(head)
    return SheetOut(title=MAIN, columns=columns, rows=rows, checked=True, page=True, frozen=frozen)


def _subject(forms: Sequence[Form], subjects: Iterable[str]) -> Column:
    return Column(
        heading=SUBJECT.title,
        width=_SUBJECT_WIDTH,
        required=True,
        help=sheet_help.subject_note(SUBJECT.help, forms),
        choices=tuple(option.label for option in options(library.SUBJECTS) if option.id in subjects),
    )


def _column(each: Asked, told: str, *, aside: bool = False) -> Column:
    checks = each.checks
    return Column(
        heading=each.field.title,
        kind=checks.kind,
        width=_WIDTHS[each.field.type],
        required=each.required and not aside,
        aside=aside,
        help=told,
        choices=checks.choices,
        minimum=checks.minimum,
        maximum=checks.maximum,
    )


def _common(forms: Sequence[Form], shared: Sequence[Asked]) -> SheetOut:
    """The sheet «Chung»: a row for each item, its value still blank."""
    rows: list[Sequence[Marked | ToFill]] = []
    for each in shared:
        told = "\n".join(filter(None, ("Bắt buộc." if each.required else "", sheet_help.note(each, forms))))
        name = each.field.title + (REQUIRED_MARK if each.required else "")
        rows.append(
            [Marked(name, "required" if each.required else "asked"), ToFill(_column(each, "")), Marked(told)],
        )
    columns = [
        Column(heading=heading, width=width)
        for heading, width in zip((COMMON_NAME, COMMON_VALUE, "Ghi chú"), _COMMON_WIDTHS, strict=True)
    ]
    return SheetOut(title=COMMON, columns=columns, rows=rows, page=True)


def _list_sheet(forms: Sequence[Form], listed: Asked, title: str) -> SheetOut:
    """The sheet of a list field: the code of a row of the main sheet, then the columns of the list."""
    parts = listed.columns
    code = Column(heading=CODE, width=_CODE_WIDTH, required=True, help=sheet_help.list_code_note(listed, forms, MAIN))
    columns = [code, *(_column(each, sheet_help.note(each, [form for form, _ in listed.ways])) for each in parts)]
    named = {each.field.name: each.field.example for each in parts if each.field.example}
    rows = [
        _example_row(number, [_shown(each, row) for each in parts])
        for number, form in enumerate((form for form, _ in listed.ways), start=1)
        for row in (_example(form).get(listed.field.name) or [named])[:_EXAMPLE_ROWS]
    ]
    return SheetOut(title=title, columns=columns, rows=rows, checked=True, page=True, frozen=1)


def _guide(forms: Sequence[Form], lists: Iterable[str], *, common: bool) -> SheetOut:
    lines = sheet_help.guide(forms, main=MAIN, lists=lists, common=common)
    columns = [Column(heading=GUIDE_HEADING, width=_GUIDE_WIDTH)]
    return SheetOut(title=GUIDE, columns=columns, rows=[[line] for line in lines], page=True)


def _example(form: Form) -> Mapping[str, Any]:
    """The cells of the form's sample; of a form without one, the examples of its fields."""
    try:
        return cells(record(form, library.sample(form)))
    except FormError:
        return {name: field.example for name, field in form.fields.items() if field.example}


def _example_row(number: int, values: Iterable[Any]) -> list[Marked]:
    first = Marked(f"Ví dụ: {number:03}", "example", sheet_help.EXAMPLE_NOTE)
    return [first, *(Marked(value, "example") for value in values)]


def _shown(each: Asked, values: Mapping[str, Any]) -> Any:
    """The example's cell; a long text with a few words of its first lines."""
    value = values.get(each.field.name)
    if not isinstance(value, str) or each.checks.choices:
        return value
    return "\n".join(_shortened(line) for line in value.split("\n")[:_EXAMPLE_LINES])


def _shortened(line: str) -> str:
    return line if len(line) <= _SHORT else line[:_SHORT].rpartition(" ")[0] + " …"
