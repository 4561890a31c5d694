"""The shelf of papers: one folder per paper, found, never listed. Only this module and `office` open folders.

In a source tree the shelves are `templates_docx/` and `samples/`; an installed package has them in `docgen/shipped/`.
A version that an office has installed and activated stands in the place of the shipped paper of the same id.
"""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from docgen.errors import DataError, FormError, Problem, shown
from docgen.papers import office
from docgen.papers.form import Form
from docgen.papers.specimen import specimen
from docgen.rules.choices import option_keys, options, written_key
from docgen.rules.layouts import layout, regime_on
from docgen.viet.dates import FIRST_YEAR, LAST_YEAR, short_date
from docgen.viet.nearest import nearest
from docgen.viet.periods import parse_year

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from docgen.rules.layouts import Layout

SUBJECTS = "doi-tuong"
"""The choices of `doi_tuong`, which picks a form of a family; forms name them by id."""
_YEAR = {"field": "nam", "label": "Năm kiểm điểm"}
_PACKAGE = Path(__file__).parent.parent
_CATALOGUES_KEPT = 16
_FOLDER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def shelf(name: str) -> Path:
    """The folder `templates_docx` or `samples`, wherever this installation keeps it."""
    shipped = _PACKAGE / "shipped" / name
    return shipped if shipped.is_dir() else _PACKAGE.parent / name


def read_form(content: str, *, file: str) -> Form:
    """A form from the text of its `form.toml`.

    Raises:
        FormError: every place where the text is not what a form may say.
    """
    try:
        return Form.model_validate(tomllib.loads(content))
    except tomllib.TOMLDecodeError as error:
        raise FormError.of("form-toml", f"Tệp không phải TOML đúng: {error}.", "Sửa chỗ đã nêu.", file=file) from None
    except ValidationError as error:
        raise FormError(
            [
                Problem(
                    code="form-entry",
                    what=f"Khai báo sai: {each['msg'].removeprefix('Value error, ').rstrip('.')}.",
                    cure="Sửa khai báo trong form.toml.",
                    file=file,
                    field=".".join(str(step) for step in each["loc"]),
                )
                for each in error.errors(include_url=False, include_input=False)
            ]
        ) from None


def catalogue() -> tuple[Form, ...]:
    """Every paper on the shelf: families together, newest edition first.

    Raises:
        FormError: a folder that is no paper, or two papers under one name.
    """
    return _catalogue(tuple(sorted(office.standing().items())))


@cache
def shipped_papers() -> tuple[Form, ...]:
    """Every paper that came with the program, by id, whatever an office has put in its place."""
    return tuple(
        read_form(entry.read_text("utf-8"), file=f"{entry.parent.name}/{entry.name}")
        for entry in sorted(shelf("templates_docx").glob("*/form.toml"))
    )


@lru_cache(maxsize=_CATALOGUES_KEPT)
def _catalogue(standing: tuple[tuple[str, str], ...]) -> tuple[Form, ...]:
    own = [office.form(*each) for each in standing]
    found = [*own, *(each for each in shipped_papers() if each.id not in dict(standing))]
    names = [name for each in found for name in (each.id, *each.aliases)]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise FormError.of("form-doubled", f"Hai biểu mẫu cùng mã: {', '.join(doubled)}.", "Đặt lại mã hoặc bí danh.")
    return tuple(sorted(found, key=lambda each: (each.family or "~", -each.valid_from.toordinal(), each.id)))


def form(name: str) -> Form:
    """The paper of this id or alias.

    Raises:
        FormError: `form-unknown`, with the nearest known id.
    """
    direct = _known(name)
    if direct is not None:
        return direct
    for each in catalogue():
        if name in each.aliases:
            return each
    members = [each.id for each in catalogue() if each.family == name]
    close = nearest(name, [*(each.id for each in catalogue()), *sorted(families())])
    cure = f"Có phải là {close}?" if close else "Xem danh sách bằng lệnh docgen forms."
    if members:
        cure = f"{shown(name)} là một nhóm mẫu; chọn một mẫu trong nhóm: {', '.join(members)}."
    raise FormError.of("form-unknown", f"Không có biểu mẫu {shown(name)}.", cure)


def _known(name: str) -> Form | None:
    """The paper with this id: the office's where it has one, else the shipped one; None where there is none."""
    own = office.standing().get(name)
    return office.form(name, own) if own else _direct(shelf("templates_docx"), name)


def shipped(form_id: str) -> Form | None:
    """The paper as it came with the program; None for one that an office has made."""
    return _direct(shelf("templates_docx"), form_id)


@cache
def _direct(folder: Path, name: str) -> Form | None:
    """The paper whose folder bears this name, without reading all the others; None where there is none."""
    path = folder / name / "form.toml"
    if not _FOLDER.fullmatch(name) or not path.is_file():
        return None
    return read_form(path.read_text("utf-8"), file=f"{name}/{path.name}")


def families() -> frozenset[str]:
    """The families on the shelf."""
    return frozenset(each.family for each in catalogue() if each.family)


def form_for(name: str, values: Mapping[Any, object]) -> Form:
    """The paper of this id or alias; for a family, the one that serves the record's `doi_tuong` and `nam`.

    Raises:
        FormError: `form-unknown`.
        DataError: a family's record that does not say whom it is about or which year, or that no edition serves.
    """
    direct = _known(name)
    if direct is not None or name not in families():
        return direct or form(name)
    members = [each for each in catalogue() if each.family == name]
    year = _year(values)
    served = [each for each in members if _serves(each, _subject(values), year)]
    if len(served) == 1:
        return served[0]
    raise _unserved(values, members)


def _year(values: Mapping[Any, object]) -> int:
    if values.get("nam") in (None, ""):
        what, cure = "Chưa rõ năm kiểm điểm nên chưa chọn được mẫu.", "Điền năm, ví dụ 2025."
        raise DataError.of("family-year", what, cure, **_YEAR)
    try:
        return parse_year(values["nam"])
    except DataError as error:
        raise error.at(**_YEAR) from None


def _subject(values: Mapping[Any, object]) -> str:
    """The id of the record's `doi_tuong`, however it is written; as it is where it is none."""
    given = str(values.get("doi_tuong") or "")
    option = option_keys(SUBJECTS).get(written_key(given))
    return option.id if option else given


def _serves(each: Form, subject: str, year: int) -> bool:
    starts, ends = each.first_year or 0, each.last_year or 9999
    return starts <= year <= ends and (not each.subject or subject in each.subject)


def _unserved(values: Mapping[Any, object], members: Iterable[Form]) -> DataError:
    year, given = _year(values), values.get("doi_tuong")
    subjects = {subject for each in members for subject in each.subject}
    if not any(_serves(each, subject, year) for each in members for subject in subjects or {""}):
        years = ", ".join(f"{each.id} ({each.first_year}–{each.last_year or 'nay'})" for each in members)
        what = f"Không có mẫu nào dùng để kiểm điểm năm {shown(values['nam'])}."
        return DataError.of("family-unserved", what, f"Xem lại năm; các mẫu hiện có: {years}.", **_YEAR)
    told = "; ".join(option.label for option in options(SUBJECTS) if option.id in subjects)
    what = f"{shown(given)} không phải một đối tượng ở đây." if given else "Chưa ghi đối tượng nên chưa chọn được mẫu."
    return DataError.of("family-unserved", what, f"Điền một trong: {told}.", field="doi_tuong", label="Đối tượng")


def out_of_force(paper: Form, year: int | None) -> Problem | None:
    """The warning that this edition does not serve the year reviewed, with the one that does; None where it serves."""
    starts, ends = paper.first_year or FIRST_YEAR, paper.last_year or LAST_YEAR
    if year is None or starts <= year <= ends:
        return None
    same = [each for each in catalogue() if paper.family and each.family == paper.family]
    others = [each.id for each in same if any(_serves(each, subject, year) for subject in paper.subject or ("",))]
    years = f"từ năm {starts}" if paper.last_year is None else f"các năm {starts}–{ends}"
    ended = f", hết hiệu lực ngày {short_date(paper.valid_to)}" if paper.valid_to else ""
    return Problem(
        code="edition-out-of-force",
        what=f"{paper.code or paper.id} dùng để kiểm điểm {years}{ended}; bản ghi này là của năm {year}.",
        cure=f"Dùng {' hoặc '.join(others)}." if others else "Xem lại năm kiểm điểm.",
        severity="warning",
        field="nam",
        clause=paper.basis[0],
    )


def layout_of(paper: Form, day: date | None) -> Layout:
    """The layout in which a record of this paper is printed: its own, or the regime of its date among those it has."""
    if len(paper.layouts) == 1:
        return layout(paper.layouts[0])
    regime = regime_on(day)
    return regime if regime.id in paper.layouts else layout(paper.layouts[-1])


def layouts_of(paper: Form) -> tuple[Layout, ...]:
    """Every layout in which this paper can be printed."""
    return tuple(layout(each) for each in paper.layouts)


def template_name(paper: Form, layout_id: str) -> str:
    """The file in the paper's folder that is drawn for this layout."""
    return "template.docx" if len(paper.layouts) == 1 else f"template.{layout_id}.docx"


def template(paper: Form, layout_id: str) -> bytes:
    """The Word template of this paper in this layout.

    Raises:
        FormError: the folder holds no such file.
    """
    if paper.version:
        return office.template(paper, template_name(paper, layout_id))
    path = shelf("templates_docx") / paper.id / template_name(paper, layout_id)
    try:
        return path.read_bytes()
    except OSError:
        raise FormError.of(
            "template-missing", "Thiếu tệp Word của biểu mẫu.", "Cài lại chương trình.", file=f"{paper.id}/{path.name}"
        ) from None


def sample(paper: Form) -> dict[str, Any]:
    """The paper's complete invented record; of a paper that an office has made, one made from its fields.

    Raises:
        FormError: there is none.
    """
    if paper.version and shipped(paper.id) is None:
        return specimen(paper)
    try:
        values = json.loads((shelf("samples") / f"{paper.id}.json").read_text("utf-8"))
    except OSError:
        raise FormError.of(
            "sample-missing", "Biểu mẫu chưa có bản ghi mẫu.", "Cài lại chương trình.", file=f"{paper.id}.json"
        ) from None
    return dict(values)
