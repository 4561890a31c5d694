"""Pages for eyes and for counting: `python tests/gate/look.py OUTDIR FILE…` writes every page of .docx and .pdf as PNG.

Used by the form tests too (`page_count`, `page_texts`), which never start LibreOffice twice for one document.
"""

from __future__ import annotations

import argparse
import struct
import sys
import zlib
from contextlib import closing
from pathlib import Path

import pypdfium2

from docgen.errors import DocgenError
from docgen.word.pdf import to_pdfs

_DOTS_PER_INCH = 80
"""A4 is then 661 × 935 pixels: the page fits a screen, 13 pt text is still read."""


def page_count(pdf: bytes) -> int:
    """How many pages the PDF has."""
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        return len(document)


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page, so that a test can say what stands on which page (and that none is blank)."""
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def page_pictures(pdf: bytes, dpi: int = _DOTS_PER_INCH) -> list[bytes]:
    """Each page as a PNG, at `dpi` dots per inch."""
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        return [_png(page.render(scale=dpi / 72, rev_byteorder=True)) for page in document]


def _png(bitmap: pypdfium2.PdfBitmap) -> bytes:
    """The bitmap as a PNG: no picture library is worth its weight for one function."""
    rows, width = bytes(bitmap.buffer), bitmap.width * bitmap.n_channels
    lines = b"".join(b"\0" + rows[top : top + width] for top in range(0, bitmap.height * bitmap.stride, bitmap.stride))
    colour = {1: 0, 3: 2, 4: 6}[bitmap.n_channels]
    header = struct.pack(">IIBBBBB", bitmap.width, bitmap.height, 8, colour, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    framed = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)


def main(arguments: list[str] | None = None) -> int:
    """Write the pages as OUTDIR/NAME.docx-1.png and so on, and print where they are; 1 when a file cannot be shown."""
    parser = argparse.ArgumentParser(description="Write every page of Word and PDF files as PNG.")
    parser.add_argument("outdir", type=Path)
    parser.add_argument("files", type=Path, nargs="+", metavar="file")
    parser.add_argument("--dpi", type=int, default=_DOTS_PER_INCH)
    asked = parser.parse_args(arguments)
    try:
        word = [path for path in asked.files if path.suffix.lower() != ".pdf"]
        made = dict(zip(word, to_pdfs([path.read_bytes() for path in word]), strict=True))
        pdfs = {path: made[path] if path in made else path.read_bytes() for path in asked.files}
    except (DocgenError, OSError) as error:
        print(error, file=sys.stderr)  # noqa: T201 -- a command speaks
        return 1
    asked.outdir.mkdir(parents=True, exist_ok=True)
    for path, pdf in pdfs.items():
        for number, picture in enumerate(page_pictures(pdf, asked.dpi), start=1):
            target = asked.outdir / f"{path.name}-{number}.png"
            target.write_bytes(picture)
            print(target)  # noqa: T201 -- a command speaks
    return 0


if __name__ == "__main__":
    sys.exit(main())
