"""Many finished documents as one Word file for the printer: sections one after the other, each counted from page 1.

    opened → renumbered → sections made ready → the stream of the body; headers and pictures once per distinct content

Every document keeps its headers, footers, margins and page numbers, and begins on a new page (in duplex: on a new
sheet). The documents must be alike in what a Word file has only once; `look_of` tells. What would print otherwise in
the whole than alone is refused. Time and memory grow with the text alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docgen.errors import FormError, OutputError
from docgen.word import package
from docgen.word.blank import part
from docgen.word.controls import NAME_LIMIT
from docgen.word.print_lists import Lists
from docgen.word.print_numbers import Counters, Numbering, refuse_unfit, relations_in, unfit, without_bookmarks
from docgen.word.print_package import Parts
from docgen.word.print_sections import (
    Ending,
    closed,
    first_section,
    inner_sections,
    later_section,
    marked,
    parted,
    references,
    relations_of,
    with_inner_sections,
)
from docgen.word.print_source import MAIN, opened

if TYPE_CHECKING:
    from docgen.word.print_numbers import Rewriter
    from docgen.word.print_sections import Reference
    from docgen.word.print_source import Opened

MOST_BYTES = 512 * 1024 * 1024
"""The largest body: Word opens no larger file."""

_MARK = re.compile(rf"(?!x?[ph]\d+_)[A-Za-z_]\w{{0,{NAME_LIMIT - 1}}}", re.ASCII)
_STYLE = re.compile(rb"<w:pStyle w:val=\"([^\"]*)\"")


def look_of(docx: bytes) -> str:
    """A hash of what must be equal for documents to stand in one print file: styles, settings, fonts, theme, lists.

    Raises:
        FormError: not a Word file, broken, or its headers can stand in no print file.
    """
    return opened(docx).shared.look


class PrintFile:
    """A print file that is built up document by document; equal documents in equal order give equal bytes.

    Without `bookmarks` it holds none but the marks: LibreOffice is faster then, and every page is as it would be.
    """

    def __init__(self, *, duplex: bool = False, bookmarks: bool = True) -> None:
        self._duplex, self._bookmarks = duplex, bookmarks
        self._documents = 0
        self._counters = Counters()
        self._inherited: dict[Reference, None] = {}
        self._marks: set[str] = set()
        self._first: Opened | None = None
        self._parts: Parts | None = None
        self._lists: Lists | None = None
        self._body = package.Growing()
        self._pending: Ending | None = None
        """The last document: only when another one follows does its section move into its last paragraph."""

    def add(self, docx: bytes, *, mark: str | None = None) -> None:
        """Put a document behind the others; `mark` names a bookmark in its first paragraph.

        A document that is refused leaves the print file as it was.

        Raises:
            FormError: `print-file-look`: it differs from the others in what a file has once (`look_of`);
                `print-file-unfit`: it has notes, comments, tracked changes, or fields that tell of the whole file.
            OutputError: `print-file-too-big`: no more fits in.
            ValueError: the mark is no name for a bookmark, or taken.
        """
        document = opened(docx)
        alone = parted(document.body)
        self._refuse(document, alone, mark)
        first, parts = self._first or document, self._parts or Parts(document.shared, self._counters)
        number = self._documents + 1
        own = Numbering(
            self._counters,
            prefix=f"p{number}_",
            relation=lambda identity: parts.relation(document.shared, identity),
            number=self._list_copier(parts) if self._documents else bytes,
        )
        text = alone.text if self._bookmarks else without_bookmarks(alone.text)
        ending = self._with_sections(Ending(own.rewritten(text), own.rewritten(alone.section)), parts)
        if mark is not None:
            ending = ending._replace(text=marked(ending.text, self._counters.bookmark(mark)))
            self._marks.add(mark.lower())
        self._body.grow(closed(self._pending) if self._pending else part(first.shared.head.decode()))
        self._pending, self._documents, self._first, self._parts = ending, number, first, parts

    def content(self, *, title: str) -> bytes:
        """The print file so far, as the bytes of a .docx with this title in its properties (and no other property).

        Raises:
            ValueError: no document was added.
        """
        if self._pending is None or self._first is None or self._parts is None:
            raise ValueError("a print file needs a document")
        body = self._body.member(MAIN, self._pending.text + self._pending.section + self._first.shared.tail)
        changed = {self._parts.numbering: self._lists.content()} if self._lists else {}
        return package.write(self._parts.members(body, title=title, changed=changed))

    def _refuse(self, document: Opened, alone: Ending, mark: str | None) -> None:
        """Everything for which a document is not taken, before anything is changed."""
        body, shared = document
        if mark is not None and (not _MARK.fullmatch(mark) or mark.lower() in self._marks):
            raise ValueError(f"no name for a bookmark, or taken: {mark}")
        if self._first is not None and shared.look != self._first.shared.look:
            what = "Văn bản khác tệp in về kiểu chữ, phông, đánh số hoặc thiết đặt chung."
            raise FormError.of("print-file-look", what, "Hãy đưa vào một tệp in khác.")
        if self._body.size + len(body) > MOST_BYTES:
            what = "Tệp in đã lớn đến mức Word không mở được nếu thêm nữa."
            raise OutputError.of("print-file-too-big", what, "Hãy chia thành nhiều tệp in.")
        refuse_unfit(body, head=shared.head, tail=shared.tail)
        for section in (*inner_sections(alone.text), alone.section):
            later_section(section, duplex=False)
        if not relations_in(alone.text) | relations_of(alone.section) <= shared.parts[MAIN].relations.keys():
            raise unfit("liên kết bên trong bị hỏng")
        if shared.counting and not shared.counting.isdisjoint(_STYLE.findall(body)):
            raise unfit("đoạn được đánh số tự động theo kiểu (style)")

    def _list_copier(self, parts: Parts) -> Rewriter:
        """Gives this document its own copy of every list that it names."""
        copies: dict[bytes, bytes] = {}

        def copied(number: bytes) -> bytes:
            if self._lists is None:
                self._lists = Lists(parts.content(parts.numbering))
            return self._lists.copied(number, copies)

        return copied if parts.numbering else bytes

    def _with_sections(self, document: Ending, parts: Parts) -> Ending:
        """The document with its first section on a new page and its own headers; the others as they are."""
        inner = inner_sections(document.text)
        opening = (*inner, document.section)[0]
        missing = [each for each in self._inherited if each not in references(opening)]
        opening = first_section(opening, tuple((each, parts.blank(each)) for each in missing), duplex=self._duplex)
        for section in (opening, *inner[1:], document.section if inner else b""):
            self._inherited |= dict.fromkeys(sorted(references(section)))
        if not inner:
            return Ending(document.text, opening)
        text = with_inner_sections(document.text, opening, duplex=self._duplex)
        return Ending(text, later_section(document.section, duplex=self._duplex))
