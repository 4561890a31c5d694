"""A template filled on trial: what was given must be found, whole, in the text of the document.

The same is asked of every shipped form: a file that opens may still have lost half of what somebody wrote.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from docgen.errors import DataError, DocgenError
from docgen.papers.record import record
from docgen.papers.words import words
from docgen.word import package
from docgen.word.lint import W, parse
from docgen.word.recipe import part_kinds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from docgen.papers.form import Field, Form
    from docgen.papers.record import Record
    from docgen.word.compiled import Template

HARD = "A&B <b>đ</b> ]]> &amp; “x” {{ 7*7 }} {% raw %} $1 \\g<0> "
"""What no template language, no XML and no pattern may take for its own; each field's name makes it its own."""
_TEXTS = frozenset({"text", "name", "paragraphs"})


class Filling(NamedTuple):
    """A record for the trial, with its name in Vietnamese, and the words that a template gets."""

    name: str
    record: Record
    words: dict[str, Any]


def fillings(form: Form, sample: Mapping[str, Any], *, each_alone: bool = True) -> Iterator[Filling]:
    """The sample, a blank form for handwriting, two of hard texts (each yes/no said yes, then no), each field alone.

    Raises:
        DataError: the sample does not fit the form.
    """
    required = {name: sample[name] for name, field in form.fields.items() if field.required and name in sample}
    yield _filling("bản ghi mẫu", form, sample)
    yield _filling("bản để trống", form, required)
    no, yes = (_hard(form, sample, answer=answer) for answer in (False, True))
    yield _filling("bản ghi có ký tự khó", form, yes)
    yield _filling("bản ghi có ký tự khó", form, no)
    for name in form.fields if each_alone else ():
        if name in sample and name not in required:
            yield _filling("bản ghi chỉ có mục bắt buộc và mục này", form, {**required, name: yes[name]})


def _filling(name: str, form: Form, values: Mapping[str, Any]) -> Filling:
    made = record(form, values)
    return Filling(name, made, words(made))


def _hard(form: Form, sample: Mapping[str, Any], *, answer: bool) -> dict[str, Any]:
    """The sample with hard texts wherever the form takes them."""
    hard = dict(sample)
    for name, field in form.fields.items():
        if field.type == "list" and sample.get(name):
            hard[name] = [{**sample[name][0], **_hard_texts(field.columns, f"{name}.", answer=answer)}]
    hard |= _hard_texts(form.fields, "", answer=answer)
    try:
        record(form, hard)
    except DataError as error:
        for problem in error.problems:
            refused = (problem.field or "").partition("[")[0]
            hard[refused] = sample.get(refused)
    return hard


def _hard_texts(fields: Mapping[str, Field], path: str, *, answer: bool) -> dict[str, Any]:
    texts = {
        name: f"{HARD}{path}{name}"[: field.max_characters] for name, field in fields.items() if field.type in _TEXTS
    }
    return {**texts, **{name: answer for name, field in fields.items() if field.type == "yes_no"}}


def lost(template: Template, filling: Filling) -> set[str]:
    """The paths of fields whose values are not in the document, whole.

    Raises:
        DocgenError: the document cannot be made.
    """
    written = text_of(template.render(filling.words))
    return {path for path, text in _given(filling.record, filling.words) if text not in written}


def lost_or_refused(template: Template, filling: Filling) -> set[str]:
    """As `lost`, of the original template, where a refusal says nothing about the other one."""
    try:
        return lost(template, filling)
    except DocgenError:
        return set()


def _given(made: Record, ready: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text that was given, as it is printed, with its path; what only ticks or decides is not printed."""
    for name, field in made.form.fields.items():
        if made.values[name] is None or field.type == "yes_no":
            continue
        if field.type == "list":
            for row in ready[name]:
                for column, entry in field.columns.items():
                    if row["co"][column] and entry.type != "yes_no":
                        yield from ((f"{name}.{column}", text) for text in _texts(row[column]))
        else:
            yield from ((name, text) for text in _texts(ready[name]))


def _texts(word: Any) -> Iterable[str]:
    if isinstance(word, str):
        return [word]
    return [each if isinstance(each, str) else each["noi_dung"] for each in word]


def text_of(docx: bytes) -> str:
    """The text of every paragraph of the parts that are filled, a line each."""
    parts = package.parts(docx)
    roots = (parse(parts[name], name) for name in part_kinds(parts) if name in parts)
    paragraphs = (each for root in roots for each in root.iter(W + "p"))
    return "\n".join("".join(piece.text or "" for piece in each.iter(W + "t")) for each in paragraphs)
