"""The list in front of the papers: whole, on any number of pages, and of the look of what follows."""

from __future__ import annotations

import pytest

from docgen.errors import DataError
from docgen.papers import library
from docgen.rules.layouts import layout
from docgen.word.cover import cover
from docgen.word.grid import Column
from docgen.word.pdf import to_pdf
from docgen.word.print_file import PrintFile, look_of
from tests.gate.look import page_texts
from tests.gate.sound import assert_quick, assert_sound
from tests.gate.texts import document_text
from tests.papers.specimens import EDITIONS, rendered

COLUMNS = (
    Column(head="TT", percent=8, numbers=True),
    Column(head="Họ và tên", percent=40),
    Column(head="Biểu mẫu", percent=22),
    Column(head="Ghi chú", percent=30),
)
TITLE = ("DANH SÁCH", "Chi bộ Trường Tiểu học Tân Hòa 2")
ROW = ("Nguyễn Thị Thanh Thảo", "Mẫu 2B", "")


def test_it_prints_the_title_the_headings_and_every_row() -> None:
    made = cover(
        layout("bieu-mau"), title=TITLE, columns=COLUMNS, rows=[ROW, ("Lê Văn Uỷ", "Mẫu 2C", "{{ 7*7 }} <3 & “x”")]
    )
    assert_quick(made, {"ten": list(TITLE), "o": ["Lê Văn Uỷ", "{{ 7*7 }} <3 & “x”"]})
    told = [text for text in document_text(made) if text]
    assert told[:6] == [*TITLE, "TT", "Họ và tên", "Biểu mẫu", "Ghi chú"]
    assert told[6:12] == ["1", *ROW[:2], "2", "Lê Văn Uỷ", "Mẫu 2C"]


def test_the_same_list_gives_the_same_bytes() -> None:
    first, second = (cover(layout("bieu-mau"), title=TITLE, columns=COLUMNS, rows=[ROW]) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("look", ["bieu-mau", "hd36-2018", "hd05-2026"])
def test_it_stands_in_one_print_file_with_the_papers_of_its_layout(look: str) -> None:
    edition = next(each for each in EDITIONS if each.layout == look)
    paper = rendered(edition, library.sample(edition.form))
    made = cover(layout(look), title=TITLE, columns=COLUMNS, rows=[ROW])
    assert look_of(made) == look_of(paper)
    file = PrintFile()
    for each in (made, paper):
        file.add(each)
    assert_quick(file.content(title="Tệp in"))


@pytest.mark.needs_validator
def test_a_long_list_passes_the_gate() -> None:
    assert_sound({"cover": cover(layout("bieu-mau"), title=TITLE, columns=COLUMNS, rows=[ROW] * 200)})


@pytest.mark.needs_libreoffice
def test_the_headings_stand_on_every_page() -> None:
    names = [(f"Nguyễn Thị Thanh Thảo {number}", "Mẫu 2B", "") for number in range(1, 201)]
    pages = page_texts(to_pdf(cover(layout("bieu-mau"), title=TITLE, columns=COLUMNS, rows=names)))
    assert len(pages) > 5
    assert all("Họ và tên" in page and "Nguyễn Thị Thanh Thảo" in page for page in pages)
    assert sum(page.count("Mẫu 2B") for page in pages) == 200


@pytest.mark.parametrize(
    ("title", "rows"), [((), [ROW]), (TITLE, []), (TITLE, [ROW, ROW[:2]])], ids=["no title", "no rows", "a short row"]
)
def test_a_list_that_is_none_is_refused(title: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    with pytest.raises(ValueError, match="needs a title and rows of 3 texts"):
        cover(layout("bieu-mau"), title=title, columns=COLUMNS, rows=rows)


def test_a_text_that_word_cannot_hold_is_refused() -> None:
    with pytest.raises(DataError):
        cover(layout("bieu-mau"), title=TITLE, columns=COLUMNS, rows=[("Lê\x00An", "", "")])
