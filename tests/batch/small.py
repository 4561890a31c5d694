"""A shelf with two small papers, and lists for them: a merge of a few rows takes milliseconds, in any process."""

from __future__ import annotations

import csv
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock

from docgen.papers import drawing, library
from docgen.viet.names import unaccent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

CARD, NOTE = "phieu-nho", "giay-nho"
ALIAS = "phieu-nho-cu"
"""Another name of the card."""
Row = dict[str, Any]

_FORM = """
id = "{id}"
aliases = ["{id}-cu"]
edition = "2026-01-01"
title = "{title}"
summary = "Bịa ra để thử."
basis = ["Bịa ra để thử"]
valid_from = 2026-01-01
layouts = ["hd05-2026"]
file_name = "{file_name}"
provenance = [{{ part = "Toàn bộ", status = "UNVERIFIED", source = "Bài thử" }}]

[fields.ho_ten]
label = "Họ và tên"
type = "name"
blank = "stop"

[fields.chi_bo]
label = "Chi bộ"
type = "text"

[fields.ngay_sinh]
label = "Ngày sinh"
type = "date"

[fields.noi_dung]
label = "Nội dung"
type = "paragraphs"

[[body]]
block = "title"
name = ["{title}"]

[[body]]
block = "fields"
rows = [["ho_ten"], ["chi_bo"], ["ngay_sinh"]]

[[body]]
block = "answer"
field = "noi_dung"
"""


def build(folder: Path) -> Path:
    """The shelf, drawn in `folder` as `make templates` draws."""
    for name, title, file_name in ((CARD, "PHIẾU NHỎ", "Phieu {ho_ten}"), (NOTE, "GIẤY NHỎ", "Giay {ho_ten}")):
        paper = folder / "templates_docx" / name
        paper.mkdir(parents=True)
        (paper / "form.toml").write_text(_FORM.format(id=name, title=title, file_name=file_name), "utf-8")
    (folder / "samples").mkdir()
    with on_shelf(folder):
        drawing.main()
    return folder


@contextmanager
def on_shelf(folder: Path) -> Iterator[None]:
    """Inside it, the program finds the papers of `folder` and no other."""

    def shelf(name: str) -> Path:
        return folder / name

    forget()
    with mock.patch.object(library, "shelf", shelf), mock.patch.object(drawing, "shelf", shelf):
        yield
    forget()


def forget() -> None:
    """Let papers be read anew, as a process that starts does."""
    library.shipped_papers.cache_clear()
    library._catalogue.cache_clear()
    library._direct.cache_clear()


def people(number: int, *, units: int = 2, words: int = 1) -> list[Row]:
    """Rows of so many people, each with a name, a code and a text that no other has."""
    return [
        {
            "Mã": f"{each:03}",
            "Họ và tên": f"Nguyễn Văn {_spelled(each)}",
            "Chi bộ": f"Chi bộ {each % units + 1}",
            "Nội dung": " ".join(f"dấu-{each:03}-{word}" for word in range(words)),
        }
        for each in range(1, number + 1)
    ]


def place_of(row: Mapping[str, Any]) -> str:
    """Where the card of a row stands, where nobody else has its name."""
    return unaccent(f"{row['Chi bộ']}/Phieu {row['Họ và tên']}.docx")


def _spelled(number: int) -> str:
    """A number as a given name: no digit stands in a person's name."""
    letters = "ABCDEGHIKL"
    return "".join(letters[int(digit)] for digit in f"{number:03}").capitalize()


def without_codes(rows: Iterable[Mapping[str, Any]]) -> list[Row]:
    """The same people in a list without the column «Mã»."""
    return [{heading: value for heading, value in row.items() if heading != "Mã"} for row in rows]


def written(file: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """The rows as a list file (.jsonl or .csv)."""
    if file.suffix == ".csv":
        with file.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, list(dict.fromkeys(heading for row in rows for heading in row)))
            writer.writeheader()
            writer.writerows(rows)
    else:
        file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return file
