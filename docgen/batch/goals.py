"""Which kind of output a target is, and its opening under a lock."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from docgen.batch.folder import OWN_FOLDER, Folder
from docgen.batch.lock import held
from docgen.batch.print_goal import Prints
from docgen.batch.zip_file import ZipFile
from docgen.errors import OutputError, shown
from docgen.files import not_written, path_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from docgen.batch.goal import Goal
    from docgen.batch.options import Options
    from docgen.batch.plan import Plan

_FILES = frozenset({".zip", ".docx", ".pdf"})
_LONGEST_ENDING = 5


@contextmanager
def opened(target: Path, planned: Plan, options: Options) -> Iterator[Goal]:
    """The output at `target`, open for one merge.

    Raises:
        DataError: its ledger is damaged, or it holds persons whom the list does not.
        OutputError: `target-kind`, `target-missing`, `output-busy`, or it cannot be written.
    """
    ending = target.suffix.lower()
    try:
        _refuse(target, ending)
        is_folder = ending not in _FILES or target.is_dir()
        if is_folder:
            (target / OWN_FOLDER).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise not_written(target, error) from error
    if is_folder:
        with held(target / OWN_FOLDER / "lock", target):
            yield from _closed(Folder(target, planned, options))
        return
    with held(target.with_name(f"{target.name}.lock"), target):
        yield from _closed((ZipFile if ending == ".zip" else Prints)(target, planned, options))


def _closed(goal: Goal) -> Iterator[Goal]:
    try:
        yield goal
    finally:
        goal.close()


def _refuse(target: Path, ending: str) -> None:
    """Refuse a target that cannot be meant."""
    named = shown(path_text(target))
    if not target.absolute().parent.is_dir():
        what = f"Không có thư mục {shown(path_text(target.parent))}."
        raise OutputError.of("target-missing", what, "Tạo thư mục trước rồi làm lại.")
    if target.is_dir():
        return
    if target.exists() and not target.is_file():
        raise OutputError.of("target-kind", f"{named} không phải thư mục hay tệp thường.", "Chọn nơi ghi khác.")
    looks_like_a_file = ending[1:].isalpha() and len(ending) <= _LONGEST_ENDING
    if ending not in _FILES and (target.exists() or looks_like_a_file):
        what = f"Không trộn vào {named} được."
        raise OutputError.of("target-kind", what, "Nơi ghi là một thư mục, hoặc tệp .zip, .docx, .pdf.")
