"""Papers with a secrecy mark: made as asked, and refused by row where a network reaches what is made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from docgen.batch.merging import merge
from docgen.papers import library

if TYPE_CHECKING:
    from pathlib import Path

FORM = "cong-van"


def test_a_secret_paper_is_refused_by_its_row_where_that_is_asked(tmp_path: Path) -> None:
    sample = library.sample(library.form(FORM))
    rows = [{**sample, "muc_do_mat": "Mật"}, {**sample, "muc_do_mat": ""}]
    source = tmp_path / "ds.json"
    source.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    refused = merge(FORM, source, tmp_path / "shared", workers=1, refuse_secret=True)
    assert (refused.done, refused.failed) == (1, 1)
    assert [(problem.code, problem.row) for problem in refused.problems if problem.severity == "error"] == [
        ("secret-on-network", 1)
    ]
    assert merge(FORM, source, tmp_path / "own", workers=1).done == 2
