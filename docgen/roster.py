"""The path from a list to records-to-be: read the file, know its columns, give each row its form, its lists, its place.

    tables.read_list → papers.columns → rows under field names

This module alone knows tables and the columns of papers together; checking, printing and merging start from a Roster.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

from docgen.errors import DataError, Problem, shown
from docgen.papers import library
from docgen.papers.columns import CODE_NAME, SUBJECT_NAME, Columns, columns_of
from docgen.papers.fields import is_blank
from docgen.papers.keys import key_of, keys_of
from docgen.papers.sheet import list_sheet_titles
from docgen.tables.lists import read_list
from docgen.tables.sheets import CODE, COMMON
from docgen.viet.dates import parse_date
from docgen.viet.names import fold
from docgen.viet.text import typed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from docgen.papers.form import Field, Form
    from docgen.tables.old_text import Convert
    from docgen.tables.rows import FaultyRow, ListRead, Origin, Row, Table

_NAME, _BORN, _UNIT = "ho_ten", "ngay_sinh", "chi_bo"
"""Fields that tell persons apart, where a form has them."""
_TOLD = 10


@dataclass(frozen=True, slots=True)
class Lines:
    """Rows of one list field that belong to one row of the main sheet, and where each of them stands."""

    values: tuple[Mapping[str, object], ...]
    origins: tuple[Origin, ...]


@dataclass(frozen=True)
class Roster:
    """A list read for a form or a family: what is usable, what is not, and what its owner should know."""

    name: str
    """The form (by its id) or family asked for."""
    columns: Columns
    read: ListRead
    """The list as it was found, for giving rows back."""
    names: Mapping[str, str]
    """Which field each heading stands for."""
    faulty: tuple[FaultyRow, ...]
    """Rows that cannot be used as they stand in the file."""
    common: Mapping[str, object]
    """Values for every row, under field names."""
    notes: tuple[Problem, ...]
    """Warnings; also, as errors, rows of list sheets that belong to nobody."""
    lines: Mapping[str, Mapping[str, Lines]] = field(default_factory=dict)
    """Rows of list fields: by code, then by field."""
    _forms: dict[tuple[str, ...], Form] = field(default_factory=dict, repr=False, compare=False)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The usable rows, in the order of the list."""
        return self.read.rows

    @property
    def rows_in(self) -> int:
        """Every row of the list; `rows_in = done + skipped + failed` must hold."""
        return len(self.read.rows) + len(self.faulty) + len(self.read.skipped)

    def values(self, row: Row) -> dict[str, object]:
        """What the row says, under field names; blank cells are left out, rows of list sheets are put in."""
        names = self.names
        found = {
            names[heading]: value
            for heading, value in row.values.items()
            if value is not None and value != "" and heading in names
        }
        if self.lines:
            code = code_of(found)
            found.update((name, list(lines.values)) for name, lines in self.lines.get(code or "", {}).items())
        return found

    def form(self, row: Row) -> Form:
        """The form of a row: the one asked for, or the family's for the row's subject and year.

        Raises:
            DataError: a family's row that no edition serves, or that does not say whom it is about.
        """
        if not self.columns.family:
            return self.columns.forms[0]
        values = self.values(row)
        asked = tuple(str(values.get(name, self.common.get(name, ""))) for name in (SUBJECT_NAME, "nam"))
        if asked not in self._forms:
            self._forms[asked] = library.form_for(self.name, dict(zip((SUBJECT_NAME, "nam"), asked, strict=True)))
        return self._forms[asked]

    def placed(self, problem: Problem, row: Row) -> Problem:
        """The problem with the place where its value stands: this row and column, a list sheet, or «Chung»."""
        name = (problem.field or "").partition("[")[0].partition(".")[0]
        lines = self.lines.get(self.code(row) or "", {}).get(name)
        if lines is not None and "[" in (problem.field or ""):
            number = int((problem.field or "").partition("[")[2].partition("]")[0])
            return problem.at(**lines.origins[number - 1].place())
        heading = self._heading(name)
        given = heading is not None and not is_blank(row.values.get(heading))
        if name in self.common and not given and problem.severity == "error":
            return problem.at(file=row.origin.file, sheet=COMMON)
        return problem.at(**row.origin.place(), column=self.read.column_of(heading) if heading else None)

    def doubles(self) -> Iterator[Problem]:
        """Rows that may be one person twice: same name, chi bộ and date of birth. They are made all the same."""
        people: dict[tuple[str, str], list[Row]] = {}
        heading, unit = self._heading(_NAME), self._heading(_UNIT)
        for row in self.rows if heading else ():
            if name := row.values.get(heading or ""):
                people.setdefault((fold(str(name)), str(row.values.get(unit) if unit else "")), []).append(row)
        found = [same for rows in people.values() if len(rows) > 1 for same in self._same_birth(rows)]
        for rows in found[:_TOLD]:
            numbers = ", ".join(str(row.origin.row) for row in rows)
            what = f"{shown(rows[0].values[heading or ''])} có ở các dòng {numbers}, cùng ngày sinh, cùng chi bộ."
            problem = Problem(
                code="person-twice", what=what, cure="Nếu là một người thì xóa dòng thừa.", severity="warning"
            )
            yield problem.at(file=rows[0].origin.file, sheet=rows[0].origin.sheet)
        if len(found) > _TOLD:
            what = f"Còn {len(found) - _TOLD} trường hợp có thể trùng người nữa."
            yield Problem(code="person-twice", what=what, severity="warning")

    def _same_birth(self, rows: Sequence[Row]) -> Iterator[list[Row]]:
        heading = self._heading(_BORN)
        born: dict[object, list[Row]] = {}
        for row in rows:
            born.setdefault(_day(row.values.get(heading) if heading else None), []).append(row)
        return (same for same in born.values() if len(same) > 1)

    def _heading(self, name: str) -> str | None:
        return next((heading for heading, known in self.names.items() if known == name), None)

    def code(self, row: Row) -> str | None:
        """The row's code as text; None where it has none."""
        heading = self._heading(CODE_NAME)
        return code_of({CODE_NAME: row.values.get(heading)}) if heading else None


def _day(value: object) -> object:
    """A date of birth as a day, however it is written; as it is where it is none."""
    try:
        return parse_date(value) if isinstance(value, str | date) else value
    except DataError:
        return value


def code_of(values: Mapping[str, object]) -> str | None:
    """The row's code as text; None where it has none."""
    code = typed(str(values.get(CODE_NAME, "") if values.get(CODE_NAME) is not None else ""))
    return code or None


def roster(
    name: str,
    content: bytes,
    *,
    file: str,
    sheet: str | None = None,
    convert: Convert | None = None,
    common: Mapping[str, object] | None = None,
) -> Roster:
    """Read a list for the form or family `name`.

    Args:
        name: id or alias of a form, or a family.
        content: the whole file.
        file: its name: how messages call it, and its ending, which tells CSV from JSON.
        sheet: the title of the sheet to read, where a workbook has several.
        convert: which old encoding may be turned into Unicode.
        common: values for every row beside those of the sheet «Chung»; the two may not contradict each other.

    Raises:
        FormError: there is no such form or family.
        DataError: the list cannot be used as a whole; every reason, with its place.
        OutputError: the machine starts no process to open a workbook in.
    """
    columns = columns_of(name)
    read = read_list(content, name=file, sheet=sheet, headings=columns.knows, convert=convert)
    matched = columns.match(heading.text for heading in read.headings)
    if matched.problems:
        raise DataError([_in_column(problem, read, file) for problem in matched.problems])
    shared, common_notes = _common(columns, read, common or {}, file)
    lines, line_notes, broken = _lists(columns, read, matched.names, file)
    notes = [*read.notes, *(_in_column(note, read, file) for note in matched.notes), *common_notes, *line_notes]
    usable, faulty = _without(read, matched.names, broken)
    return Roster(
        name=name if columns.family else columns.forms[0].id,
        columns=columns,
        read=replace(read, rows=usable),
        names=matched.names,
        faulty=(*read.faulty, *faulty),
        common=MappingProxyType(shared),
        notes=tuple(notes),
        lines=lines,
    )


def _in_column(problem: Problem, read: ListRead, file: str) -> Problem:
    return replace(problem, label=None).at(file=file, sheet=read.sheet, column=read.column_of(problem.label or ""))


def _common(
    columns: Columns, read: ListRead, given: Mapping[str, object], file: str
) -> tuple[dict[str, object], list[Problem]]:
    """The values for every row under field names.

    Raises:
        DataError: names that fit no one field, or a value that the sheet «Chung» and `--common` give differently.
    """
    values: dict[str, object] = {}
    problems: list[Problem] = []
    notes: list[Problem] = []
    for source, place in ((read.common, {"file": file, "sheet": COMMON}), (given, {})):
        matched = columns.match(source)
        problems += [problem.at(**place) for problem in matched.problems]
        notes += [replace(note, code="unknown-field").at(**place) for note in matched.notes]
        for heading, name in matched.names.items():
            if is_blank(source[heading]):
                continue
            if name in values and values[name] != source[heading]:
                what = f"Mục {shown(heading)} ở trang tính {COMMON} và trong tệp --common có giá trị khác nhau."
                problems.append(Problem(code="common-twice", what=what, cure="Giữ lại một nơi."))
            values[name] = source[heading]
    if problems:
        raise DataError(problems)
    return values, notes


def _lists(
    columns: Columns, read: ListRead, names: Mapping[str, str], file: str
) -> tuple[dict[str, dict[str, Lines]], list[Problem], dict[str, list[Problem]]]:
    """Rows of list fields by code and field; what their owner should know; by code, what makes a main row unusable."""
    fields = {name: each for name, each in columns.fields.items() if each.type == "list"}
    titles = {key_of(title): name for name, title in list_sheet_titles(fields).items()}
    titles |= {key: name for name, each in fields.items() for key in keys_of(each)}
    everybody = [*read.rows, *(each.row for each in read.faulty)]
    known = {code_of({CODE_NAME: row.values.get(heading)}) for heading in _code_headings(names) for row in everybody}
    found: dict[str, dict[str, Lines]] = {}
    notes: list[Problem] = []
    broken: dict[str, list[Problem]] = {}
    for title, table in read.lists.items():
        name = titles.get(key_of(title))
        if name is None:
            what = f"Trang tính {shown(title)} không phải danh sách nào của biểu mẫu; trang này không được in."
            known_titles = ", ".join(list_sheet_titles(fields).values())
            cure = f"Nếu cần in, đặt tên trang tính là một trong: {known_titles}." if known_titles else ""
            notes.append(Problem(code="list-sheet-unknown", what=what, cure=cure, severity="warning", file=file))
            continue
        for each in table.faulty:
            owner = _table_code(each.row, table)
            broken.setdefault(owner or "", []).extend(each.problems)
        for code, lines in _lines(table, fields[name], notes).items():
            if code in known:
                found.setdefault(code, {})[name] = lines
            else:
                notes += [_of_nobody(code, origin) for origin in lines.origins]
    notes += [problem for code, problems in broken.items() if code not in known for problem in problems]
    return found, notes, broken


def _code_headings(names: Mapping[str, str]) -> list[str]:
    return [heading for heading, name in names.items() if name == CODE_NAME]


def _table_code(row: Row, table: Table) -> str | None:
    return code_of({CODE_NAME: row.values.get(table.headings[0].text)})


def _lines(table: Table, listed: Field, notes: list[Problem]) -> dict[str, Lines]:
    """The rows of one list sheet by the code in its first column, under those headings that the list field knows."""
    known = {key for each in listed.columns.values() for key in keys_of(each)}
    for heading in table.headings[1:]:
        if key_of(heading.text) not in known:
            what = f"Danh sách «{listed.title}» không có cột {shown(heading.text)}; cột này không được in."
            place = {"sheet": table.sheet, "column": heading.column}
            notes.append(Problem(code="unknown-column", what=what, severity="warning").at(**place))
    kept = [heading.text for heading in table.headings[1:] if key_of(heading.text) in known]
    found: dict[str, tuple[list[Mapping[str, object]], list[Origin]]] = {}
    for row in table.rows:
        values, origins = found.setdefault(_table_code(row, table) or "", ([], []))
        values.append({heading: row.values[heading] for heading in kept if row.values[heading] is not None})
        origins.append(row.origin)
    return {code: Lines(tuple(values), tuple(origins)) for code, (values, origins) in found.items()}


def _of_nobody(code: str, origin: Origin) -> Problem:
    what = f"Không ai trong danh sách có mã {shown(code)}." if code else "Dòng này chưa có mã nên không rõ là của ai."
    cure = f"Sửa cột «{CODE}» cho đúng mã ở trang danh sách, hoặc xóa dòng này."
    return Problem(code="list-row-of-nobody", what=what, cure=cure).at(**origin.place())


def _without(
    read: ListRead, names: Mapping[str, str], broken: Mapping[str, Sequence[Problem]]
) -> tuple[tuple[Row, ...], list[FaultyRow]]:
    """The rows without those whose list rows cannot be read, and without those that share a code."""
    from docgen.tables.rows import FaultyRow

    headings = _code_headings(names)
    if not headings:
        return read.rows, []
    seen: dict[str, list[Row]] = {}
    for row in read.rows:
        if (code := code_of({CODE_NAME: row.values.get(headings[0])})) is not None:
            seen.setdefault(code, []).append(row)
    doubled = {code: rows for code, rows in seen.items() if len(rows) > 1}
    if not doubled and not broken:
        return read.rows, []
    usable: list[Row] = []
    faulty: list[FaultyRow] = []
    for row in read.rows:
        code = code_of({CODE_NAME: row.values.get(headings[0])}) or ""
        problems = [*broken.get(code, ()), *_doubled(code, row, doubled)] if code else []
        if problems:
            column = read.column_of(headings[0])
            faulty.append(
                FaultyRow(row, tuple(problem.at(**row.origin.place(), column=column) for problem in problems))
            )
        else:
            usable.append(row)
    return tuple(usable), faulty


def _doubled(code: str, row: Row, doubled: Mapping[str, Sequence[Row]]) -> Iterator[Problem]:
    others = [str(each.origin.row) for each in doubled.get(code, ()) if each is not row]
    if others:
        what = f"Mã {shown(code)} còn có ở dòng {', '.join(others[:_TOLD])}{', …' if len(others) > _TOLD else ''}."
        cure = "Mỗi người một mã; nếu là một người thì xóa dòng thừa."
        yield Problem(code="code-twice", what=what, cure=cure, label=CODE)
