"""Documents made together and cut apart are the documents made alone; what fails is singled out."""

from __future__ import annotations

import io
from contextlib import closing
from typing import TYPE_CHECKING

import pypdfium2
import pytest

from docgen.errors import OutputError, Problem
from docgen.word import pdf_pages
from docgen.word.pdf import Converter
from docgen.word.pdf_pages import joined, pdfs_of
from tests.gate.look import page_count, page_pictures, page_texts
from tests.gate.parts import read_parts, write_parts
from tests.word.specimens import CORE, docx, footnotes, p
from tests.word.test_print_file import OFFICIAL, PERSONAL, WIDE, paper

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MORE = ("mau-01-2025", "phieu-binh-chon-xuat-sac", "bien-ban-hoi-nghi", "tu-danh-gia-quy-2026")


def pdf(pages: int, width: int = 300) -> bytes:
    """A PDF of so many empty pages, of so many points' width."""
    target = io.BytesIO()
    with closing(pypdfium2.PdfDocument.new()) as document:
        for _ in range(pages):
            document.new_page(width, 400)
        document.save(target)
    return target.getvalue()


class Stub(Converter):
    """Answers in LibreOffice's place, and notes what it was asked for: how many documents, and whether for marks."""

    def __init__(self, answer: Callable[[Sequence[bytes], bool], list[bytes | Problem]]) -> None:
        super().__init__()
        self.asked: list[tuple[int, bool]] = []
        self._answer = answer

    def tried(
        self, documents: Sequence[bytes], *, timeout: float = 60.0, destinations: bool = False
    ) -> list[bytes | Problem]:
        self.asked.append((len(documents), destinations))
        return self._answer(documents, destinations)


def problem(code: str) -> Problem:
    return Problem(code=code, what="Không được.")


def widths(made: Sequence[bytes | OutputError]) -> list[int | str]:
    """The width of each PDF's first page, or the code of its error."""
    told: list[int | str] = []
    for each in made:
        if isinstance(each, OutputError):
            told.append(each.problems[0].code)
            continue
        with closing(pypdfium2.PdfDocument(each)) as document:
            told.append(int(document[0].get_width()))
    return told


def named(number: int) -> bytes:
    """A document that the stubs know by the number in it."""
    return docx(p(f"Số {number}"))


def number_of(document: bytes) -> int:
    return int(read_parts(document)["word/document.xml"].partition("Số ".encode())[2].partition(b"<")[0])


@pytest.mark.needs_libreoffice
def test_the_pages_are_those_that_each_document_has_alone() -> None:
    documents = [paper(form) for form in (*PERSONAL, *WIDE, *OFFICIAL, *MORE)]
    with Converter() as converter:
        alone = converter.pdfs(documents)
        asked = Stub(lambda files, marks: converter.tried(files, timeout=120, destinations=marks))
        together = pdfs_of(documents, asked)
    assert all(marks for _, marks in asked.asked)
    made = [each for each in together if isinstance(each, bytes)]
    assert [page_texts(each) for each in made] == [page_texts(each) for each in alone]
    for form in ("mau-2c-2025", "danh-sach-xep-loai", "bao-cao-ket-qua", "phieu-binh-chon-xuat-sac"):
        place = (*PERSONAL, *WIDE, *OFFICIAL, *MORE).index(form)
        assert page_pictures(made[place], 50) == page_pictures(alone[place], 50)


@pytest.mark.needs_libreoffice
def test_a_pdf_has_the_properties_of_its_own_document_only() -> None:
    own = [docx("Một", core=CORE.replace("Bản mẫu", title).replace("</cp", f"<dc:creator>{author}</dc:creator></cp"))
           for title, author in (("Bản của Lê Ánh &amp; Hà", "Chi bộ 1"), ("Bản thứ hai (2)", ""))]  # fmt: skip
    with Converter() as converter:
        made = [pypdfium2.PdfDocument(each) for each in pdfs_of(own, converter)]
    told = [(each.get_metadata_value("Title"), each.get_metadata_value("Author")) for each in made]
    assert told == [("Bản của Lê Ánh & Hà", "Chi bộ 1"), ("Bản thứ hai (2)", "")]
    for each in made:
        each.close()


@pytest.mark.needs_libreoffice
def test_only_what_cannot_be_made_fails() -> None:
    fields = docx("Có cước chú", p('<w:r><w:footnoteReference w:id="1"/></w:r>'), rIdNotes=footnotes(p("Chú thích")))
    documents = [paper("mau-2c-2025"), b"junk", fields, paper("mau-2c-2025"), paper("cong-van")[:3000]]
    with Converter() as converter:
        made = pdfs_of(documents, converter)
    pages = [page_count(each) if isinstance(each, bytes) else each.problems[0].code for each in made]
    assert pages == [4, "pdf-failed", 1, 4, "pdf-failed"]


def test_documents_that_look_otherwise_are_not_put_together() -> None:
    converter = Stub(lambda files, marks: [pdf(1, 100 + number_of(each)) for each in files])
    documents = [named(0), named(1)]
    parts = read_parts(named(1))
    parts["word/styles.xml"] = parts["word/styles.xml"].replace(b"</w:style>", b"<w:pPr/></w:style>")
    documents[1] = write_parts(parts)
    assert widths(pdfs_of(documents, converter)) == [100, 101]
    assert converter.asked == [(2, False)]


@pytest.mark.parametrize(
    "together",
    [problem("pdf-timeout"), problem("pdf-failed"), pdf(1), pdf(3)],
    ids=["slow", "failed", "one page", "three pages"],
)
def test_what_is_not_made_or_not_proven_together_is_made_alone(together: bytes | Problem) -> None:
    def answer(files: Sequence[bytes], marks: bool) -> list[bytes | Problem]:
        return [together] if marks else [pdf(1, 100 + number_of(each)) for each in files]

    converter = Stub(answer)
    assert widths(pdfs_of([named(number) for number in range(3)], converter)) == [100, 101, 102]
    assert converter.asked == [(1, True), (3, False)]


@pytest.mark.parametrize("code", ["pdf-timeout", "pdf-crashed"])
def test_a_document_that_stops_the_program_is_singled_out(code: str) -> None:
    def answer(files: Sequence[bytes], marks: bool) -> list[bytes | Problem]:
        if marks:
            return [problem(code)] * len(files)
        numbers = [number_of(each) for each in files]
        done = numbers[: numbers.index(2)] if 2 in numbers else numbers
        return [pdf(1, 100 + number) if number in done else problem(code) for number in numbers]

    converter = Stub(answer)
    assert widths(pdfs_of([named(number) for number in range(6)], converter)) == [100, 101, code, 103, 104, 105]
    assert converter.asked == [(1, True), (6, False), (1, False), (3, False)]


def test_the_suspect_is_tried_alone_before_it_is_blamed() -> None:
    calls: list[int] = []

    def answer(files: Sequence[bytes], marks: bool) -> list[bytes | Problem]:
        calls.append(len(files))
        numbers = [number_of(each) for each in files]
        slow = marks or len(files) > 2
        return [problem("pdf-timeout") if slow and place else pdf(1, 100 + n) for place, n in enumerate(numbers)]

    assert widths(pdfs_of([named(number) for number in range(5)], Stub(answer))) == [100, 101, 102, 103, 104]


def test_many_documents_go_in_even_handfuls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_pages, "TOGETHER", 3)
    monkeypatch.setattr(pdf_pages, "AT_ONCE", 6)
    converter = Stub(lambda files, marks: [problem("pdf-failed") if marks else pdf(1) for _ in files])
    assert len(pdfs_of([named(number) for number in range(10)], converter)) == 10
    assert converter.asked == [(2, True), (2, True), (6, False), (4, False)]


def test_nothing_to_do_is_done_without_a_call() -> None:
    converter = Stub(lambda files, marks: [])
    assert pdfs_of([], converter) == []
    assert [count for count, _ in converter.asked if count] == []


def test_pdfs_are_put_one_behind_the_other() -> None:
    whole = joined([pdf(2, 100), pdf(1, 200)])
    with closing(pypdfium2.PdfDocument(whole)) as document:
        assert [int(page.get_width()) for page in document] == [100, 100, 200]


def test_in_duplex_every_pdf_begins_on_a_front_page() -> None:
    whole = joined([pdf(1, 100), pdf(2, 200), pdf(3, 300)], duplex=True)
    with closing(pypdfium2.PdfDocument(whole)) as document:
        assert [int(page.get_width()) for page in document] == [100, 100, 200, 200, 300, 300, 300]
