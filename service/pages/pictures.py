"""Pages of a PDF as pictures inside a page: nothing of them is stored, and the browser asks for no other address."""

from __future__ import annotations

import base64
import io
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import pypdfium2
from PIL import ImageDraw, ImageFont

from docgen.errors import OutputError
from service.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from PIL.Image import Image

    from service.pdf import PdfMaker

MOST_PAGES = 12
"""More pages are counted but not shown: each picture is some hundred kB."""
_DOTS_PER_POINT = 1.4
_ONE_AT_A_TIME = threading.Lock()
"""PDFium is not safe with threads."""
_BEGINNINGS = (60, 24)
"""So many letters of a paragraph are looked for: its first line, then less, where a line ends earlier."""
_RED, _WHITE = "#a3161a", "#ffffff"
_LETTERS = 18


@dataclass(frozen=True, slots=True)
class Pictures:
    """The first pages as `data:` addresses of PNG pictures, and how many pages there are."""

    shown: tuple[str, ...]
    pages: int


class Mark(NamedTuple):
    """Something to be framed: where it is (equal places get one frame), and texts, of which the first found counts."""

    place: object
    texts: tuple[str, ...]


class _Box(NamedTuple):
    """A line of text on a page, in points from its left and lower edge."""

    left: float
    bottom: float
    right: float
    top: float

    def overlaps(self, other: _Box) -> bool:
        """Whether they have a point in common."""
        across = self.left < other.right and other.left < self.right
        return across and self.bottom < other.top and other.bottom < self.top


_Frames = dict[int, dict[_Box, list[int]]]
"""By page the boxes, each with the numbers of its marks."""


def pages_of(pdf: PdfMaker, docx: bytes, marks: Sequence[Mark] = ()) -> tuple[Pictures | None, str]:
    """The pages of a Word file, or why they are not shown: what is told of the file stands without them.

    Args:
        pdf: makes PDFs.
        docx: the file.
        marks: what is framed and numbered from 1.
    """
    try:
        return pictures(pdf.made(docx), marks), ""
    except OutputError as error:
        return None, error.problems[0].message
    except RefusedError as error:
        return None, error.problem.message


def pictures(pdf: bytes, marks: Sequence[Mark] = ()) -> Pictures:
    """The pages of a PDF that LibreOffice made; `marks` as of `pages_of`."""
    with _ONE_AT_A_TIME:
        document = pypdfium2.PdfDocument(pdf)
        try:
            count = min(len(document), MOST_PAGES)
            frames = _found(document, count, marks)
            shown = tuple(_picture(document, number, frames.get(number, {})) for number in range(count))
            return Pictures(shown, len(document))
        finally:
            document.close()


def _picture(document: pypdfium2.PdfDocument, number: int, frames: Mapping[_Box, Sequence[int]]) -> str:
    page = document[number]
    bitmap = page.render(scale=_DOTS_PER_POINT, grayscale=not frames)
    picture = bitmap.to_pil()
    _draw(picture, frames)
    made = io.BytesIO()
    picture.save(made, "PNG")
    bitmap.close()
    page.close()
    return "data:image/png;base64," + base64.b64encode(made.getvalue()).decode()


def _found(document: pypdfium2.PdfDocument, pages: int, marks: Sequence[Mark]) -> _Frames:
    """Where the marks stand; what is not found has no frame, and no two places have the same."""
    texts = [document[number].get_textpage() for number in range(pages)]
    known: dict[object, tuple[int, _Box]] = {}
    frames: _Frames = {}
    for number, mark in enumerate(marks, start=1):
        if mark.place not in known:
            taken = list(known.values())
            free = (each for each in _places(texts, mark.texts) if not _is_taken(each, taken))
            if (first := next(free, None)) is None:
                continue
            known[mark.place] = first
        page, box = known[mark.place]
        frames.setdefault(page, {}).setdefault(box, []).append(number)
    for each in texts:
        each.close()
    return frames


def _is_taken(place: tuple[int, _Box], taken: Sequence[tuple[int, _Box]]) -> bool:
    return any(page == place[0] and box.overlaps(place[1]) for page, box in taken)


def _places(texts: Sequence[pypdfium2.PdfTextPage], wanted: Sequence[str]) -> Iterator[tuple[int, _Box]]:
    pieces = dict.fromkeys(text.strip()[:most].strip() for most in _BEGINNINGS for text in wanted)
    for piece in filter(None, pieces):
        for page, text in enumerate(texts):
            search = text.search(piece, match_case=True)
            while (at := search.get_next()) is not None:
                lines = [_Box(*text.get_rect(each)) for each in range(text.count_rects(*at))]
                if lines:
                    yield page, _first_line(lines)


def _first_line(pieces: Sequence[_Box]) -> _Box:
    """The box of the pieces (one for each font) that stand in the line of the first."""
    same = [each for each in pieces if each.bottom < pieces[0].top and pieces[0].bottom < each.top]
    return _Box(
        min(each.left for each in same),
        min(each.bottom for each in same),
        max(each.right for each in same),
        max(each.top for each in same),
    )


def _draw(picture: Image, frames: Mapping[_Box, Sequence[int]]) -> None:
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(_LETTERS)
    for box, numbers in frames.items():
        left, right = _DOTS_PER_POINT * box.left, _DOTS_PER_POINT * box.right
        upper, lower = (picture.height - _DOTS_PER_POINT * each for each in (box.top, box.bottom))
        pen.rectangle((left - 3, upper - 3, right + 3, lower + 3), outline=_RED, width=2)
        place, told = (left - 10, (upper + lower) / 2), ", ".join(map(str, numbers))
        shape = pen.textbbox(place, told, font=font, anchor="rm")
        pen.rectangle((shape[0] - 4, shape[1] - 3, shape[2] + 4, shape[3] + 3), fill=_RED)
        pen.text(place, told, font=font, anchor="rm", fill=_WHITE)
