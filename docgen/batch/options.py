"""What may be asked of a merge."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docgen.batch.report import Progress
    from docgen.tables.old_text import Convert


class Options(TypedDict, total=False):
    """What may be asked of a merge; everything has a default."""

    common: Mapping[str, object]
    """Values for every row, as a sheet «Chung» would give them."""
    profile: Mapping[str, object]
    """The entries of the organisation's `to_chuc.toml`."""
    sheet: str
    """The title of the sheet to read."""
    convert: Convert
    """Which old encoding may be turned into Unicode: `tcvn3`, `vni`, `auto`."""
    pattern: str
    """Where each document goes, with `{field}` and `/`; default: a folder for each chi bộ, the form's own file name."""
    accented: bool
    """Keep Vietnamese letters in names of files and folders."""
    pdf: bool
    """PDFs instead of Word files, in a folder or a zip."""
    duplex: bool
    """A print file in which each person begins on a front page."""
    split: int
    """How many persons one print file holds at most (default 200)."""
    refuse_secret: bool
    """Make no document with a secrecy mark: where machines of a network reach what is made."""
    overwrite: bool
    """Replace files that a person has changed, and files that no merge made."""
    workers: int
    """Processes of this machine; default: as many as pay off."""
    scheduler: str
    """The address of a Dask scheduler, `tcp://…`, whose workers do the work instead."""
    progress: Progress
    """Called with (rows settled, rows in all)."""
