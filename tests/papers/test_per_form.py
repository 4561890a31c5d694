"""What is worked out once per form: each form has its own, and only while it is among the last ones asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docgen.papers.library import read_form
from docgen.papers.per_form import FORMS_KEPT, per_form

if TYPE_CHECKING:
    from docgen.papers.form import Form

TOLD = """
id = "phieu-thu"
edition = "2026"
title = "Phiếu thử"
summary = "Phiếu dùng để thử."
basis = ["Không có"]
valid_from = 2026-01-01
layouts = ["bieu-mau"]
file_name = "phieu"
provenance = []
[fields.muc]
label = "Mục"
"""


def forms(count: int) -> list[Form]:
    """So many forms that say the same."""
    return [read_form(TOLD, file="form.toml") for _ in range(count)]


class Titles:
    """What is made of a form, and of which forms it was made."""

    def __init__(self) -> None:
        self.asked: list[Form] = []
        self.of = per_form(self._made)

    def _made(self, form: Form) -> str:
        self.asked.append(form)
        return form.title


def test_each_form_is_asked_once_and_only_itself_is_the_same_form() -> None:
    titles, (first, second) = Titles(), forms(2)
    assert [titles.of(form) for form in (first, second, first, second)] == ["Phiếu thử"] * 4
    assert [id(form) for form in titles.asked] == [id(first), id(second)]


def test_forms_beyond_the_limit_are_forgotten() -> None:
    titles, known = Titles(), forms(FORMS_KEPT + 1)
    for form in (*known, known[-1], known[0]):
        titles.of(form)
    assert len(titles.asked) == FORMS_KEPT + 2
