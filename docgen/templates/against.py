"""What a template is held against: a form by its id, or the folder of one that an office is making."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from docgen.errors import FormError, shown
from docgen.files import path_text, read_file
from docgen.papers import library, office
from docgen.papers.specimen import specimen
from docgen.templates.check import Against
from docgen.word.stamp import stamp

if TYPE_CHECKING:
    from docgen.papers.form import Form

_LONGEST_FORM = 4 * 1024 * 1024
"""Bytes of a `form.toml` that is read."""


def against(named: str, docx: bytes, *, layout: str | None = None) -> Against:
    """The form with this id, or in this folder, in the layout asked for, that of the file, or the one in force.

    Raises:
        FormError: there is no such form or layout, or its description is wrong.
        OutputError: a folder or file that cannot be read.
    """
    text = form_text(named)
    form = library.read_form(text, file=office.FORM_FILE)
    return held_against(form, docx, layout=layout)


def held_against(form: Form, docx: bytes, *, layout: str | None = None) -> Against:
    """As `against`, of a form that has been read."""
    chosen = layout or _own_layout(docx, form) or library.layout_of(form, None).id
    if chosen not in form.layouts:
        what = f"Mẫu {form.id} không có thể thức {shown(chosen)}."
        raise FormError.of("layout-unknown", what, f"Chọn một trong: {', '.join(form.layouts)}.")
    shipped = library.shipped(form.id)
    original = library.template(shipped, chosen) if shipped is not None and chosen in shipped.layouts else None
    sample = specimen(form) if shipped is None else library.sample(shipped)
    return Against(form=form, layout=chosen, sample=sample, original=original)


def widened(before: Against, text: str) -> Against:
    """The same with a form that has more fields."""
    return replace(before, form=library.read_form(text, file=office.FORM_FILE))


def form_text(named: str) -> str:
    """The `form.toml` of a form: in a folder, of the office's version in use, or of the shipped paper.

    Raises:
        FormError: there is no such form.
        OutputError: a folder or file that cannot be read.
    """
    path = Path(named)
    path = path / office.FORM_FILE if path.is_dir() else path
    if path.name == office.FORM_FILE:
        try:
            return read_file(path, most=_LONGEST_FORM).decode()
        except ValueError:
            what = f"{shown(path_text(path))} không dùng bảng mã UTF-8."
            raise FormError.of("form-toml", what, "Ghi lại tệp bằng bảng mã UTF-8.") from None
    return text_of(library.form(named))


def text_of(form: Form) -> str:
    """The `form.toml` of exactly this form: of the office's version, or of the shipped paper.

    Raises:
        FormError: the office's version is gone or damaged.
    """
    if form.version:
        return office.form_text(form.id, form.version)
    return (library.shelf("templates_docx") / form.id / office.FORM_FILE).read_text("utf-8")


def _own_layout(docx: bytes, form: Form) -> str | None:
    with suppress(FormError):
        own = stamp(docx).get("layout")
        return own if own in form.layouts else None
    return None
