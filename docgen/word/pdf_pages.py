"""Many documents become PDFs at the price of few: put together, made at once, cut apart again, and proven.

Most of what LibreOffice does for a short document is opening and closing its file. So documents that can stand in one
print file are made together; a mark in the first paragraph of each tells on which page it begins. As many marks must
be found as there are documents, on pages in ascending order from the first on; else the documents are made as files of
their own. What LibreOffice cannot make is singled out, so that nothing else fails with it.
"""

from __future__ import annotations

import io
import re
from contextlib import closing
from itertools import pairwise
from typing import TYPE_CHECKING

from lxml import etree

from docgen.errors import DocgenError, FormError, OutputError, Problem
from docgen.word import package
from docgen.word.print_file import PrintFile, look_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pypdfium2 import PdfDocument

    from docgen.word.pdf import Converter

TOGETHER = 25
"""How many documents are put together: in longer ones LibreOffice grows slow."""
AT_ONCE = 100
"""How many documents one call of LibreOffice makes."""

_CORE = "docProps/core.xml"
_TOLD = {"title": "Title", "creator": "Author", "subject": "Subject"}
"""What a document's properties and a PDF's call the same."""
_TRAILER = re.compile(rb"trailer\s*<<(.*?)>>\s*startxref\s+(\d+)\s+%%EOF\s*\Z", re.DOTALL)
_TRAILER_ENTRY = re.compile(rb"/(Root|Info|Size) (\d+)")


def pdfs_of(documents: Sequence[bytes], converter: Converter, *, timeout: float = 120.0) -> list[bytes | OutputError]:
    """The PDF of each .docx, in the given order; where there is none, the error that says why.

    Args:
        documents: whole .docx files.
        converter: this worker's LibreOffice.
        timeout: seconds for each call of LibreOffice, which makes up to `AT_ONCE` documents.

    Raises:
        OutputError: `pdf-converter-missing` without LibreOffice, `pdf-failed` where it cannot be started.
    """
    made: dict[int, bytes | OutputError] = {}
    for several in _at_once(_groups(documents)):
        made |= _made_together(documents, several, converter, timeout)
    left = [number for number in range(len(documents)) if number not in made]
    for first in range(0, len(left), AT_ONCE):
        made |= _made_alone(documents, left[first : first + AT_ONCE], converter, timeout)
    return [made[number] for number in range(len(documents))]


def page_count(pdf: bytes) -> int:
    """How many pages it has."""
    import pypdfium2

    with closing(pypdfium2.PdfDocument(pdf)) as opened:
        return len(opened)


def joined(pdfs: Sequence[bytes], *, duplex: bool = False) -> bytes:
    """The PDFs one behind the other, as one; in `duplex` an empty page follows where the next would begin on a back."""
    import pypdfium2

    with closing(pypdfium2.PdfDocument.new()) as whole:
        for pdf in pdfs:
            if duplex and len(whole) % 2:
                whole.new_page(*whole.get_page_size(len(whole) - 1))
            with closing(pypdfium2.PdfDocument(pdf)) as part:
                whole.import_pages(part)
        return _saved(whole)


def _groups(documents: Sequence[bytes]) -> Iterator[list[int]]:
    """The numbers of documents that look alike, at most `TOGETHER`, in groups of much the same size."""
    by_look: dict[str, list[int]] = {}
    for number, docx in enumerate(documents):
        try:
            by_look.setdefault(look_of(docx), []).append(number)
        except FormError:  # made alone, where LibreOffice judges it
            continue
    for numbers in by_look.values():
        pieces = -(-len(numbers) // TOGETHER)
        bounds = [len(numbers) * piece // pieces for piece in range(pieces + 1)]
        yield from (numbers[first:after] for first, after in pairwise(bounds))


def _at_once(groups: Iterator[list[int]]) -> Iterator[list[list[int]]]:
    """The groups in handfuls of `AT_ONCE` documents."""
    several: list[list[int]] = []
    for group in groups:
        if sum(map(len, several)) + len(group) > AT_ONCE:
            yield several
            several = []
        if len(group) > 1:
            several.append(group)
    if several:
        yield several


def _made_together(
    documents: Sequence[bytes], groups: list[list[int]], converter: Converter, timeout: float
) -> dict[int, bytes | OutputError]:
    """The PDFs of the groups by the documents' numbers; a group that was not made or not proven is missing."""
    fitting, files = [], []
    for group in groups:
        file = PrintFile(bookmarks=False)
        numbers = [number for number in group if _added(file, documents[number], _mark(number))]
        if len(numbers) > 1:
            fitting.append(numbers)
            files.append(file.content(title=""))
    made: dict[int, bytes | OutputError] = {}
    for numbers, result in zip(fitting, converter.tried(files, timeout=timeout, destinations=True), strict=True):
        parts = _cut(result, [_mark(number) for number in numbers]) if isinstance(result, bytes) else []
        if parts:
            made |= {number: _titled(part, documents[number]) for number, part in zip(numbers, parts, strict=True)}
    return made


def _added(file: PrintFile, docx: bytes, mark: str) -> bool:
    try:
        file.add(docx, mark=mark)
    except DocgenError:
        return False
    return True


def _mark(number: int) -> str:
    """The name of a document's mark: LibreOffice rewrites all but letters and digits."""
    return f"vanban{number}"


def _made_alone(
    documents: Sequence[bytes], numbers: list[int], converter: Converter, timeout: float
) -> dict[int, bytes | OutputError]:
    """The PDFs of documents as files of their own.

    LibreOffice takes them in order: when it is stopped or crashes, the first one without a PDF is tried by itself, and
    the others behind it once more.
    """
    made: dict[int, bytes | OutputError] = {}
    waiting = numbers
    while waiting:
        results = converter.tried([documents[number] for number in waiting], timeout=timeout)
        by_number = dict(zip(waiting, results, strict=True))
        unclear = [number for number, result in by_number.items() if len(waiting) > 1 and _is_unclear(result)]
        made |= {number: _told(result) for number, result in by_number.items() if number not in unclear}
        waiting = unclear[1:]
        for suspect in unclear[:1]:
            made[suspect] = _told(converter.tried([documents[suspect]], timeout=timeout)[0])
    return made


def _is_unclear(result: bytes | Problem) -> bool:
    """Whether another document may be to blame."""
    return isinstance(result, Problem) and result.code != "pdf-failed"


def _told(result: bytes | Problem) -> bytes | OutputError:
    return OutputError([result]) if isinstance(result, Problem) else result


def _cut(pdf: bytes, marks: Sequence[str]) -> list[bytes]:
    """The PDF cut where the marks are; empty unless every page belongs to exactly one of them."""
    import pypdfium2

    with closing(pypdfium2.PdfDocument(pdf)) as whole:
        bounds = [*_pages(whole, marks), len(whole)]
        if bounds[0] != 0 or any(first >= after for first, after in pairwise(bounds)):
            return []
        parts = []
        for first, after in pairwise(bounds):
            with closing(pypdfium2.PdfDocument.new()) as part:
                part.import_pages(whole, list(range(first, after)))
                parts.append(_saved(part))
        return parts


def _pages(pdf: PdfDocument, marks: Sequence[str]) -> Iterator[int]:
    """The page of each mark, the first being 0; -1 where it is not found."""
    from pypdfium2 import raw

    for mark in marks:
        place = raw.FPDF_GetNamedDestByName(pdf, mark.encode())
        yield raw.FPDFDest_GetDestPageIndex(pdf, place) if place else -1


def _saved(pdf: PdfDocument) -> bytes:
    target = io.BytesIO()
    pdf.save(target)
    return target.getvalue()


def _titled(pdf: bytes, docx: bytes) -> bytes:
    """The PDF with the document's own title, author and subject, added as PDF allows: behind its end."""
    entries = b"".join(b"/%b %b" % (name.encode(), _text(value)) for name, value in _properties(docx).items())
    found = _TRAILER.search(pdf)
    if found is None:
        return pdf
    facts = dict(_TRAILER_ENTRY.findall(found[1]))
    told = b"%b 0 obj\n<<%b>>\nendobj\n" % (facts[b"Info"], entries)
    table = b"xref\n%b 1\n%010d 00000 n \n" % (facts[b"Info"], len(pdf))
    trailer = b"trailer\n<</Size %b/Root %b 0 R/Info %b 0 R/Prev %b>>\nstartxref\n%d\n%%%%EOF\n" % (
        facts[b"Size"],
        facts[b"Root"],
        facts[b"Info"],
        found[2],
        len(pdf) + len(told),
    )
    return pdf + told + table + trailer


def _properties(docx: bytes) -> Mapping[str, str]:
    content = package.parts(docx).get(_CORE)
    if content is None:
        return {}
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    told = {name: root.findtext(f"{{http://purl.org/dc/elements/1.1/}}{own}") for own, name in _TOLD.items()}
    return {name: value for name, value in told.items() if value}


def _text(value: str) -> bytes:
    """A text as PDF writes any but plain English."""
    return b"<FEFF" + value.encode("utf-16-be").hex().upper().encode() + b">"
