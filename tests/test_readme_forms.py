"""The README's table of papers is made from what is found on the shelf; `pytest --accept` writes it anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from docgen.papers.library import catalogue

if TYPE_CHECKING:
    import pytest

    from docgen.papers.form import Form

_README = Path(__file__).parent.parent / "README.md"
_BEGIN, _END = "<!-- forms -->\n", "<!-- /forms -->"
_HEAD = "| id | paper | for | reviewed years | basis |\n|---|---|---|---|---|\n"


def _row(form: Form) -> str:
    years = f"{form.first_year} – {form.last_year or ''}".strip() if form.first_year else ""
    cells = (f"`{form.id}`", form.title, ", ".join(form.subject), years, "; ".join(form.basis))
    return f"| {' | '.join(cells)} |\n"


def test_the_table_of_papers_is_true(pytestconfig: pytest.Config) -> None:
    readme = _README.read_text("utf-8")
    before, _, rest = readme.partition(_BEGIN)
    table, _, after = rest.partition(_END)
    due = _HEAD + "".join(map(_row, catalogue()))
    if pytestconfig.getoption("accept"):
        _README.write_text(f"{before}{_BEGIN}{due}{_END}{after}", "utf-8")
        return
    assert table == due, "run `python -m pytest tests/test_readme_forms.py --accept`"
