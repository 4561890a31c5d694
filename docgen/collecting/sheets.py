"""The Excel of a collection: a row for each paper under its form's own headings, a sheet for each list field.

The main sheet and the sheets of lists have the same names and headings as the Excel to fill, so the workbook can be
checked, merged and counted again; beside these stand what was told of each file and what became of the list.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from docgen.counting import RATED
from docgen.papers.asked import cells
from docgen.papers.checks import LEVELS
from docgen.papers.columns import CODE_NAME, columns_of
from docgen.papers.sheet import MAIN, list_columns, list_sheet_titles
from docgen.tables.excel import MOST_CHARACTERS, Column, Marked, SheetOut, sheet_titles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from docgen.collecting.against import Against
    from docgen.collecting.folder import Collected
    from docgen.collecting.paper import Paper
    from docgen.errors import Problem
    from docgen.papers.form import Field, Form
    from docgen.tables.excel import Value

FILE: Final = "Tệp"
UNREAD: Final = "Cần xem lại"
OUTSIDE: Final = "Chữ ngoài ô"
WAY: Final = "Cách đọc"
_WAYS: Final = {"control": "ô điền", "bookmark": "dấu trang", "label": "nhãn in sẵn"}
_FILES, _LONG, _MISSING, _CHANGES, _OF_THE_LIST = "Các tệp", "Đoạn dài", "Chưa nộp", "Thay đổi", "Đối chiếu"
_RATED: Final = "Mức tự đề xuất"
_PROPOSED_BY: Final = {"kiem-diem-ca-nhan": "Cá nhân tự đề xuất", "kiem-diem-tap-the": "Tập thể tự đề xuất"}
"""The group under which the levels that the papers of a family propose are counted."""
_LONG_TEXT: Final = f"(dài, xem trang «{_LONG}»)"
_PART: Final = 16_000
"""Letters of a long text in one cell; a letter may count twice in Excel."""


@dataclass(slots=True)
class _Book:
    """The sheets while they are made, and the texts that no cell can hold."""

    sheets: list[SheetOut] = field(default_factory=list)
    long: list[tuple[str, str, int, str]] = field(default_factory=list)

    def cell(self, value: Any, file: str, label: str) -> Any:
        """The value; a text that is too long for a cell stands on a sheet of its own."""
        if not isinstance(value, str) or len(value.encode("utf-16-le")) // 2 <= MOST_CHARACTERS:
            return value
        parts = [value[at : at + _PART] for at in range(0, len(value), _PART)]
        self.long += [(file, label, number, part) for number, part in enumerate(parts, start=1)]
        return Marked(_LONG_TEXT, "warning")


def collected_sheets(found: Collected) -> list[SheetOut]:
    """The sheets of a collection."""
    book = _Book()
    forms = {paper.form.id: paper.form for paper in found.read if paper.form}
    for form in forms.values():
        _form_sheets(
            book,
            form,
            [paper for paper in found.read if paper.form and paper.form.id == form.id],
            alone=len(forms) == 1,
        )
    if rated := _rated(found.read):
        book.sheets.append(rated)
    book.sheets.append(_files(found.papers, book))
    if found.against:
        book.sheets += [_missing(found.against), _changes(found.against, book)]
        if found.against.problems:
            book.sheets.append(_of_the_list(found.against, book))
    if book.long:
        heads = [Column(heading=FILE), Column(heading="Mục", width=30), Column(heading="Phần"),
                 Column(heading="Nội dung", width=100)]  # fmt: skip
        book.sheets.append(SheetOut(title=_LONG, columns=heads, rows=[list(each) for each in book.long]))
    titles = sheet_titles(sheet.title for sheet in book.sheets)
    return [_retitled(sheet, title) for sheet, title in zip(book.sheets, titles, strict=True)]


def _retitled(sheet: SheetOut, title: str) -> SheetOut:
    return replace(sheet, title=title)


def _form_sheets(book: _Book, form: Form, papers: Sequence[Paper], *, alone: bool) -> None:
    known = list_columns(columns_of(form.id))
    plain = [each for each in form.fields.values() if each.type not in {"computed", "list"}]
    titles = list_sheet_titles(form.fields)
    columns = [known[CODE_NAME], *(known[each.name] for each in plain)]
    columns += [Column(heading=FILE, width=40), Column(heading=WAY), Column(heading=UNREAD, width=60),
                Column(heading=OUTSIDE, width=60)]  # fmt: skip
    rows: list[Sequence[Any]] = []
    listed: dict[str, list[Sequence[Any]]] = {name: [] for name in titles}
    for number, paper in enumerate(papers, start=1):
        code = f"{number:04}"
        shown = _cells(form, paper)
        values = [_marked(book, paper, each, shown.get(each.name)) for each in plain]
        told = "\n".join(problem.message for problem in _without_file(paper))
        beside = book.cell("\n".join(paper.outside), paper.file, OUTSIDE)
        rows.append([code, *values, paper.file, _ways(paper), book.cell(told, paper.file, UNREAD), beside])
        for name in titles:
            entries = form.fields[name].columns
            listed[name] += [
                [code, *(_row_cell(book, paper, each, row) for each in entries.values() if each.type != "computed")]
                for row in shown.get(name) or ()
            ]
    main = MAIN if alone else f"{MAIN} {form.id}"
    book.sheets.append(SheetOut(title=main, columns=columns, rows=rows, frozen=1))
    for name, title in titles.items():
        heads = [known[CODE_NAME], *(Column(heading=each.title) for each in form.fields[name].columns.values()
                                     if each.type != "computed")]  # fmt: skip
        book.sheets.append(
            SheetOut(title=title if alone else f"{title} {form.id}", columns=heads, rows=listed[name], frozen=1)
        )


def _without_file(paper: Paper) -> list[Problem]:
    return [replace(problem, file=None) for problem in paper.problems]


def _cells(form: Form, paper: Paper) -> dict[str, Any]:
    """What the paper's cells hold: typed where the check takes the value, else as it was written."""
    typed = cells(paper.record) if paper.record else {}
    made: dict[str, Any] = {}
    for name, written in paper.values.items():
        if form.fields[name].type == "list":
            rows = typed.get(name) or [{}] * len(written)
            made[name] = [{**row, **known} for row, known in zip(written, rows, strict=True)]
        else:
            made[name] = typed.get(name, _text(written))
    return made


def _text(written: Any) -> Value:
    return "\n".join(map(str, written)) if isinstance(written, list) else written


def _row_cell(book: _Book, paper: Paper, column: Field, row: Mapping[str, Any]) -> Any:
    return book.cell(_text(row.get(column.name)), paper.file, column.title)


def _marked(book: _Book, paper: Paper, each: Field, value: Any) -> Any:
    """The cell, coloured where there is something to look at."""
    about = [problem for problem in _without_file(paper) if (problem.field or "") == each.name]
    kept = book.cell(value, paper.file, each.title)
    if not about or isinstance(kept, Marked):
        return kept
    wrong = any(problem.severity == "error" for problem in about)
    return Marked(kept, "error" if wrong else "warning", "\n".join(problem.message for problem in about))


def _ways(paper: Paper) -> str:
    """How the values were read, the most usual way first by name."""
    found = sorted(set(paper.how.values()))
    counts = {way: sum(each == way for each in paper.how.values()) for way in found}
    return "; ".join(f"{_WAYS[way]}: {count}" for way, count in counts.items())


def _files(papers: Iterable[Paper], book: _Book) -> SheetOut:
    """Every file, with what is to be looked at: also those of which nothing could be read."""
    columns = [Column(heading=FILE, width=50), Column(heading="Mẫu"), Column(heading="Bản mẫu"),
               Column(heading="Lưu lúc"), Column(heading="Kết quả"), Column(heading=UNREAD, width=80)]  # fmt: skip
    rows = []
    for paper in papers:
        state = "bỏ qua" if paper.skipped else "không đọc được" if paper.failed else "đã đọc"
        told = "\n".join(problem.message for problem in _without_file(paper))
        saved = f"{paper.saved:%d/%m/%Y %H:%M}" if paper.saved else ""
        form = paper.form.id if paper.form else ""
        rows.append([paper.file, form, paper.edition, saved, Marked(state, "error") if paper.failed else state,
                     book.cell(told, paper.file, UNREAD)])  # fmt: skip
    return SheetOut(title=_FILES, columns=columns, rows=rows, page=True, frozen=1)


def _rated(papers: Sequence[Paper]) -> SheetOut | None:
    """The levels that people and bodies propose for themselves, as `docgen tally` reads them; None where none is asked.

    The group says that they are proposals: a level is decided elsewhere.
    """
    rows = []
    for paper in papers:
        form = paper.form
        level = next((each for each in form.fields.values() if each.choices == LEVELS), None) if form else None
        if form is None or level is None or form.family not in _PROPOSED_BY:
            continue
        rows.append([_PROPOSED_BY[form.family], paper.unit, paper.name, _cells(form, paper).get(level.name)])
    columns = [Column(heading=RATED[name][0], width=30) for name in ("group", "unit", "name", "level")]
    return SheetOut(title=_RATED, columns=columns, rows=rows) if rows else None


def _missing(held: Against) -> SheetOut:
    columns = [Column(heading="Dòng", kind="integer"), Column(heading="Họ và tên", width=30),
               Column(heading="Đơn vị", width=40)]  # fmt: skip
    return SheetOut(title=_MISSING, columns=columns, rows=[[each.row, each.name, each.unit] for each in held.missing])


def _changes(held: Against, book: _Book) -> SheetOut:
    columns = [Column(heading=FILE, width=40), Column(heading="Dòng", kind="integer"), Column(heading="Mục", width=30),
               Column(heading="Đã gửi", width=50), Column(heading="Nhận lại", width=50)]  # fmt: skip
    by_file = groupby(held.changes, key=lambda each: each.file)
    rows = [
        [file, each.row, each.label, book.cell(_told(each.sent), file, each.label),
         book.cell(_told(each.returned), file, each.label)]
        for file, together in by_file for each in together
    ]  # fmt: skip
    return SheetOut(title=_CHANGES, columns=columns, rows=rows, page=True)


def _of_the_list(held: Against, book: _Book) -> SheetOut:
    columns = [Column(heading="Dòng", kind="integer"), Column(heading=UNREAD, width=100)]
    rows = [[problem.row, book.cell(problem.message, "", UNREAD)] for problem in held.problems]
    return SheetOut(title=_OF_THE_LIST, columns=columns, rows=rows, page=True)


def _told(value: Any) -> str:
    """A value of any field as text: rows and levels one below the other."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, list):
        return "\n".join(_told(each) for each in value)
    if isinstance(value, dict):
        return "; ".join(_told(each) for each in value.values())
    return str(value)
