"""The rows of a list field as its record takes them, from all the places where the paper shows the list."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from docgen.papers import told
from docgen.papers.meaning import line_meant, paragraphs_meant, ticked
from docgen.papers.spelling import alike, says_nothing
from docgen.rules.choices import options

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from docgen.errors import Problem
    from docgen.papers.form import Field
    from docgen.papers.lines import How
    from docgen.papers.rows import RowRead


@dataclass(slots=True)
class ListRead:
    """The rows that say something, how they were found, what is to be told."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    how: How | None = None
    problems: list[Problem] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    unread: bool = False


def list_values(listed: Field, tables: Sequence[Sequence[RowRead]], items: Sequence[RowRead]) -> ListRead:
    """The rows of the list; where it stands in several places, all of them must agree."""
    made = ListRead()
    shown = [*tables, *([items] if items else [])]
    if not shown:
        return made
    first, *others = shown
    hows = [row.how for rows in shown for row in rows]
    made.how = "label" if "label" in hows else "bookmark" if "bookmark" in hows else "control" if hows else None
    rows = [_values(listed, number, row, made) for number, row in enumerate(first, start=1)]
    for other in others:
        more = [_values(listed, number, row, made) for number, row in enumerate(other, start=1)]
        if other is items and len(more) != len(rows):
            agreed = all(any(_agree(row, each) for row in rows) for each in more if any(each.values()))
        else:
            agreed = len(more) == len(rows) and all(map(_agree, rows, more))
            rows = [{**each, **row} for row, each in zip(rows, more, strict=False)]
        if not agreed:
            made.problems.append(told.rows_differing(listed))
            made.outside += [text for text in row_texts([*rows, *more]) if text not in made.outside]
            made.unread = True
    group = listed.group_by
    made.rows = [row for row in rows if any(value is not None for name, value in row.items() if name != group)]
    return made


def row_texts(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Rows that are not read, each as one text."""
    return ["; ".join(str(value) for value in row.values()) for row in rows if row]


def _agree(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(value is None or one.get(name) in (None, value) for name, value in other.items())


def _values(listed: Field, number: int, row: RowRead, made: ListRead) -> dict[str, Any]:
    """One row's cells as a record takes them; blank ones are left out."""
    values: dict[str, Any] = {}
    for name, text in row.texts.items():
        column = listed.columns[name]
        if name in row.twice:
            made.problems.append(told.cell(listed, number, column, "Cột này có hai giá trị khác nhau; chưa đọc."))
            made.outside.append(text)
            continue
        if column.type == "paragraphs":
            values[name] = paragraphs_meant(column, text.split("\n"), "").value
        else:
            values[name] = line_meant(column, text).value
    for name in dict.fromkeys(key.partition(".")[0] for key in row.marks):
        values[name] = _marked(listed, number, name, row, made)
    if listed.group_by and not says_nothing(row.group):
        values[listed.group_by] = row.group
    for text in row.beside:
        made.problems.append(told.row_beside(listed, number, text))
        made.outside.append(text)
    return {name: value for name, value in values.items() if value is not None}


def _marked(listed: Field, number: int, name: str, row: RowRead, made: ListRead) -> str | None:
    """What the marks of a row say: which option of a choice, or yes."""
    column = listed.columns[name]
    marks = {key.partition(".")[2]: text for key, text in row.marks.items() if key.partition(".")[0] == name}
    states = {option: ticked(text, ()) for option, text in marks.items()}
    if None in states.values():
        text = next(alike(marks[option]) for option, state in states.items() if state is None)
        made.outside.append(text)
        what = f"Ô đánh dấu có chữ «{text[:40]}», không rõ là chọn hay không; chưa đọc."
        made.problems.append(told.cell(listed, number, column, what))
        return None
    chosen = [option for option, state in states.items() if state]
    if column.type == "yes_no":
        return "Có" if chosen else "Không" if column.default else None
    if len(chosen) > 1:
        made.problems.append(told.cell(listed, number, column, "Đánh dấu nhiều cột; chưa đọc."))
        return None
    labels = {option.id: option.label for option in options(column.choices or "")}
    return labels[chosen[0]] if chosen else None
