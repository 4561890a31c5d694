"""What a document holds, whoever has saved it; and no file keeps the reader busy for long."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from docgen.errors import FormError
from docgen.papers import library
from docgen.papers.frame import frame
from docgen.papers.read_back import read_texts
from docgen.word import package
from docgen.word.package import parts
from docgen.word.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable

FORM = library.form("mau-2b-2025")
TEMPLATE = library.template(FORM, FORM.layouts[-1])
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SECONDS = 10.0


def document(body: str) -> bytes:
    """A document of the form with this body."""
    xml = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'.encode()
    given = {**parts(TEMPLATE), "word/document.xml": xml}
    return package.write(package.pack(name, content) for name, content in given.items())


def p(*inside: str) -> str:
    return f"<w:p>{''.join(inside)}</w:p>"


def r(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def sdt(tag: str, inside: str) -> str:
    return f'<w:sdt><w:sdtPr><w:tag w:val="{tag}"/></w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>'


def mark(name: str, number: int, inside: str) -> str:
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{inside}<w:bookmarkEnd w:id="{number}"/>'


def texts(body: str) -> list[str]:
    return [paragraph.text for paragraph in read(document(body)).paragraphs]


TEXTS = {
    "a line break": (p("<w:r><w:t>a</w:t><w:br/><w:t>b</w:t></w:r>"), ["a", "b"]),
    "a page break": (p('<w:r><w:t>a</w:t><w:br w:type="page"/><w:t>b</w:t></w:r>'), ["ab"]),
    "a tab": (p("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t></w:r>"), ["a\tb"]),
    "a hyphen": (p("<w:r><w:t>a</w:t><w:noBreakHyphen/><w:t>b</w:t></w:r>"), ["a-b"]),
    "inserted": (p(r("a"), f"<w:ins>{r('b')}</w:ins>"), ["ab"]),
    "deleted": (p(r("a"), "<w:del><w:r><w:delText>b</w:delText></w:r></w:del>"), ["a"]),
    "moved": (p(f"<w:moveFrom>{r('a')}</w:moveFrom><w:moveTo>{r('b')}</w:moveTo>"), ["b"]),
    "a field": (p('<w:fldSimple w:instr="DATE">', r("3"), "</w:fldSimple>"), ["3"]),
    "a hyperlink": (p("<w:hyperlink>", r("a"), "</w:hyperlink>"), ["a"]),
    "a symbol": (p('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'), ["☑"]),
    "letters of Wingdings": (p('<w:r><w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr><w:t>o</w:t></w:r>'), ["☐"]),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_the_text_of_a_paragraph(kind: str) -> None:
    body, told = TEXTS[kind]
    assert texts(body) == told


def test_cells_know_their_place_through_controls_and_spans() -> None:
    cell = "<w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>" + p(r("a")) + "</w:tc><w:tc>" + p(r("b")) + "</w:tc>"
    row = sdt("viec", f"<w:tr>{cell}</w:tr>")
    found = read(document(f"<w:tbl>{row}{row}</w:tbl>"))
    places = [(each.cell.row, each.cell.column, each.cell.span) for each in found.paragraphs if each.cell]
    assert places == [(1, 0, 2), (1, 2, 1), (2, 0, 2), (2, 2, 1)]
    assert [found.controls[each.controls[0]].tag for each in found.paragraphs] == ["viec"] * 4


def test_a_bookmark_knows_where_it_begins_and_ends() -> None:
    found = read(document(p(r("Tên: "), mark("ho_ten", 1, r("Na"))) + p(mark("ho_ten", 2, r("x")))))
    first, end, last = found.bookmarks["ho_ten"]
    assert (first, end, last) == ((0, 5), (0, 7), (1, 1))


HOSTILE: dict[str, Callable[[], str]] = {
    "many paragraphs": lambda: p(r("Họ và tên: x")) * 19_000,
    "too many paragraphs": lambda: p() * 150_000,
    "one long paragraph": lambda: p(r("Họ và tên: " + "a, " * 4_000_000)),
    "many runs": lambda: p(r("a") * 240_000),
    "many line breaks": lambda: p("<w:r>" + "<w:br/>" * 500_000 + "</w:r>"),
    "many controls": lambda: p(sdt("han_che", r("a")) * 49_000),
    "too many controls": lambda: sdt("han_che", p()) * 120_000,
    "controls in controls": lambda: "<w:sdt><w:sdtContent>" * 100 + p() + "</w:sdtContent></w:sdt>" * 100,
    "many bookmarks": lambda: p(*(mark(f"han_che__{number}", number, "") for number in range(200_000))),
    "bookmarks around everything": lambda: "".join(
        p(f'<w:bookmarkStart w:id="{number}" w:name="han_che__{number}"/>', r("a")) for number in range(10_000)
    )
    + p(*(f'<w:bookmarkEnd w:id="{number}"/>' for number in range(10_000))),
    "a long table": lambda: f"<w:tbl>{('<w:tr>' + ('<w:tc>' + p(r('a')) + '</w:tc>') * 3 + '</w:tr>') * 6_000}</w:tbl>",
    "tables in tables": lambda: "<w:tbl><w:tr><w:tc>" * 60 + p(r("a")) + "</w:tc></w:tr></w:tbl>" * 60,
    "lines nearly as printed": lambda: p(r("I. Ưu điểm, kết quả đạt đượcc")) * 19_000,
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_file_keeps_the_reader_busy(kind: str) -> None:
    docx = document(HOSTILE[kind]())
    start = time.process_time()
    with suppress(FormError):
        read_texts(FORM, frame(FORM, TEMPLATE), read(docx))
    assert time.process_time() - start < SECONDS


@pytest.mark.parametrize("kind", ["too many paragraphs", "too many controls", "controls in controls"])
def test_what_no_paper_has_is_refused(kind: str) -> None:
    with pytest.raises(FormError) as refused:
        read(document(HOSTILE[kind]()))
    codes = {problem.code for problem in refused.value.problems}
    assert codes <= {"reading-too-long", "reading-too-deep", "package-damaged", "package-ratio", "package-too-big"}
