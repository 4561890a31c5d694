"""Where each document goes below the output: a pattern of fields becomes a safe path, and no two are the same."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain, count
from typing import TYPE_CHECKING, Final

from docgen.errors import DataError, Problem, shown
from docgen.papers.columns import CODE_NAME
from docgen.papers.form import places
from docgen.viet.files import file_name
from docgen.viet.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from docgen.papers.form import Form

UNIT: Final = "chi_bo"
"""The field by which papers of persons are put into folders, where the form has it."""
FORM_NAME: Final = "mau"
"""The word of a pattern that stands for the form's id."""
_MANY: Final = frozenset({"paragraphs", "list", "levels"})
_MOST_FOLDERS: Final = 4
_FOLDERS_KEPT: Final = 1024
_FOLDER_BYTES, _FILE_BYTES = 60, 120
"""Windows takes 260 characters for a whole path; what is left is room for the office's own folders."""


def pattern_of(form: Form) -> str:
    """The pattern where none is asked for: a folder for each chi bộ, and the form's own name for a file."""
    return f"{{{UNIT}}}/{form.file_name}" if UNIT in form.fields else form.file_name


def refuse_bad_pattern(pattern: str, forms: Iterable[Form]) -> None:
    """Refuse a pattern before anything is made.

    Raises:
        DataError: codes `pattern-field` for each word that is no field of one value, `pattern-folders`,
            `pattern-empty`.
    """
    problems: list[Problem] = []
    *folders, stem = pattern.split("/")
    if len(folders) > _MOST_FOLDERS:
        what = f"Mẫu tên tệp có quá {_MOST_FOLDERS} tầng thư mục."
        problems.append(Problem(code="pattern-folders", what=what, cure="Bớt dấu / trong --name."))
    if not stem.strip():
        what = "Mẫu tên tệp không có tên sau dấu / cuối cùng."
        problems.append(Problem(code="pattern-empty", what=what, cure="Thêm tên tệp, ví dụ {chi_bo}/{ho_ten}."))
    for form in forms:
        known = {name for name, each in form.fields.items() if each.type not in _MANY} | {CODE_NAME, FORM_NAME}
        for name in sorted(set(places(pattern)) - known):
            close = nearest(name, sorted(known))
            cure = f"Có phải là {{{close}}}?" if close else f"Xem các mục bằng lệnh docgen show {form.id}."
            what = f"{form.id} không có mục {shown(name)} để đặt tên tệp."
            problems.append(Problem(code="pattern-field", what=what, cure=cure))
    if problems:
        raise DataError(problems)


def safe_path(pattern: str, fill: Callable[[str], str], ending: str, *, accented: bool) -> str:
    """The path below the output: `fill` puts words into each part of the pattern, so that no word makes a folder."""
    *folders, stem = (fill(part) for part in pattern.split("/"))
    return "/".join(
        [
            *(_folder(folder, accented=accented) for folder in folders),
            file_name(stem, ending, accented=accented, most=_FILE_BYTES),
        ]
    )


@lru_cache(maxsize=_FOLDERS_KEPT)
def _folder(name: str, *, accented: bool) -> str:
    """The safe name of a folder; a list has few of them and asks for each again and again."""
    return file_name(name, "", accented=accented, most=_FOLDER_BYTES)


class Taken:
    """The paths that are given out; two that differ in capitals only are the same on an office's share."""

    def __init__(self, paths: Iterable[str] = ()) -> None:
        self._paths = {path.casefold() for path in paths}

    def __contains__(self, path: str) -> bool:
        return path.casefold() in self._paths

    def release(self, path: str) -> None:
        """Let another row have this path: the document that stood there has gone to another place."""
        self._paths.discard(path.casefold())

    def free(self, path: str, code: str | None) -> str:
        """The path itself, or the first free one beside it: with the row's code, else with (2), (3) and so on."""
        chosen = next(each for each in chain([path], _beside(path, code)) if each not in self)
        self._paths.add(chosen.casefold())
        return chosen


def _beside(path: str, code: str | None) -> Iterator[str]:
    folder, slash, name = path.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    tails = chain([f" - {code}"] if code else [], (f" ({number})" for number in count(2)))
    for tail in tails:
        room = _FILE_BYTES - len(tail.encode()) - len(dot + ending)
        kept = stem.encode()[: max(room, 0)].decode(errors="ignore").rstrip()
        yield folder + slash + file_name(kept + tail, ending, accented=not path.isascii(), most=_FILE_BYTES)
