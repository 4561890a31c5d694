"""The canonical text of a document is what a person would write down of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.gate.parts import read_parts, write_parts
from tests.gate.readable import readable
from tests.gate.specimen import good

if TYPE_CHECKING:
    from collections.abc import Callable

DOCUMENT = "word/document.xml"


def changed(old: str, new: str) -> str:
    parts = read_parts(good())
    text = parts[DOCUMENT].decode()
    assert old in text
    return readable(write_parts({**parts, DOCUMENT: text.replace(old, new, 1).encode()}))


def test_the_specimen_reads_as_it_should(golden: Callable[[str, str], None]) -> None:
    golden("specimen.txt", readable(good()))


def test_a_heading_shows_its_level() -> None:
    told = changed('<w:jc w:val="center"/>', '<w:outlineLvl w:val="1"/>')
    assert "\n## BẢN KIỂM ĐIỂM\n" in told
    assert "\n# BẢN KIỂM ĐIỂM\n" in changed('<w:jc w:val="center"/>', '<w:pStyle w:val="Heading1"/>')


def test_a_control_around_a_row_a_cell_and_a_block_is_bracketed() -> None:
    row = (
        '<w:tr><w:tc><w:tcPr><w:tcW w:w="3000" w:type="dxa"/></w:tcPr><w:p><w:r><w:t>Tiêu chí</w:t></w:r></w:p></w:tc>'
    )
    cell = row.removeprefix("<w:tr>")
    start, end = '<w:sdt><w:sdtPr><w:tag w:val="o"/></w:sdtPr><w:sdtContent>', "</w:sdtContent></w:sdt>"
    assert "| [o: Tiêu chí] | Điểm |" in changed(cell, start + cell + end)
    assert "[o: | Tiêu chí |]" in changed(row, f"{start}{row}</w:tr>{end}<w:tr>")
    assert "[uu_diem: Gương mẫu & thẳng thắn\nChấp hành <nghiêm> kỷ luật]" in readable(good())


def test_breaks_tabs_and_sections_are_seen() -> None:
    signs = '<w:t>Tổng</w:t><w:tab/><w:br/><w:br w:type="page"/>'
    assert "Tổng⇥↵⤓" in changed("<w:t>Tổng</w:t>", signs)
    assert "---- page 297 × 210 mm" in changed('w:w="12240" w:h="15840"', 'w:w="16838" w:h="11906"')
