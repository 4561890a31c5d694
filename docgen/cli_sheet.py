"""The command that writes the Excel to fill."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from docgen import cli_files
from docgen.cli_words import WrongUse
from docgen.files import write_whole

if TYPE_CHECKING:
    from docgen.errors import Problem


def sheet(name: str, year: int | None, output: str) -> tuple[Problem, ...]:
    """Write the Excel to fill for a form or a family; return what its owner should know.

    Args:
        name: id or alias of a form, or a family.
        year: the year reviewed; it picks a family's editions, and a single form is held against it.
        output: the .xlsx to write; an old one is replaced whole.

    Raises:
        WrongUse: an output that is no .xlsx, or a wrong path.
        FormError: there is no such form, or no edition of the family for the year.
        OutputError: the file could not be written.
    """
    asked = Path(output)
    if asked.suffix.lower() != ".xlsx":
        raise WrongUse("Tên tệp sau -o phải kết thúc bằng .xlsx.")
    place = cli_files.target(asked)
    from docgen.papers import library
    from docgen.papers.sheet import workbook

    write_whole(place, workbook(name, year=year))
    warning = None if name in library.families() else library.out_of_force(library.form(name), year)
    return (warning,) if warning else ()
