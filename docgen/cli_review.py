"""The commands that take a review further: starting the next paper (`carry`), counting the ratings (`tally`)."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docgen import cli_files
from docgen.cli_input import given, shared_profile
from docgen.cli_words import WrongUse
from docgen.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docgen.counting import Counted
    from docgen.errors import Problem

_LARGEST_LIST = 200 * 1024 * 1024


def carry(source: str, to: str, start: str | None, output: str) -> tuple[Problem, ...]:
    """Write the beginning of a record of the paper `to`; return what is still to be completed.

    Raises:
        WrongUse: an output that is no .json, or a wrong path.
        DataError: a record that is wrong, or from which the paper does not start.
        FormError: there is no such paper.
        OutputError: the file could not be written.
    """
    from docgen.papers import library
    from docgen.papers.carry import TALLY, source_of
    from docgen.papers.carry import carry as carried
    from docgen.papers.plain import plain
    from docgen.papers.record import record

    place = _json_target(output)
    target = library.form(to)
    row = given(source)
    name = start or source_of(target, row.values)
    values: Mapping[str, Any] = row.values
    if name != TALLY:
        values = plain(record(library.form(name), row.values))
    begun = carried(name, values, target)
    write_whole(place, _written(begun.values))
    return begun.open_fields


def _json_target(output: str) -> Path:
    asked = Path(output)
    if asked.suffix.lower() != ".json":
        raise WrongUse("Tên tệp sau -o phải kết thúc bằng .json.")
    return cli_files.target(asked)


def _written(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, default=_number) + "\n").encode()


def _number(value: object) -> str:
    """A decimal as people type it: the reader of records takes no point for the comma."""
    from docgen.viet.numbers import format_decimal

    if isinstance(value, Decimal):
        return format_decimal(value)
    raise TypeError(f"no value of a record is a {type(value).__name__}")


def tally(source: str, *, given_figures: bool, rules: str | None, profile: str | None, output: str) -> Counted:
    """Count a list of ratings, or judge a table of ready figures, and write the result as .json or .xlsx.

    Raises:
        WrongUse: an output of another ending, or a wrong path.
        DataError: a list that cannot be read or counted.
        FormError: there are no such rules.
        OutputError: the file could not be written.
    """
    from docgen.counting import count, judged, sheets
    from docgen.papers.profile import profile as organisation
    from docgen.tables.excel import write_sheets

    asked = Path(output)
    if asked.suffix.lower() not in {".json", ".xlsx"}:
        raise WrongUse("Tên tệp sau -o phải kết thúc bằng .json hoặc .xlsx.")
    place = cli_files.target(asked)
    path = Path(source)
    content = cli_files.read_file(path, most=_LARGEST_LIST)
    work = judged if given_figures else count
    found = work(content, name=path.name, rules=rules, house=organisation(shared_profile(profile) or {}))
    written = _written(found.result) if asked.suffix.lower() == ".json" else write_sheets(sheets(found))
    write_whole(place, written)
    return found
