"""Documents of other writing programs (.doc, .odt, .rtf) become .docx through LibreOffice, so that they can be read.

What a file is, its content says, never its name. LibreOffice works as it does for PDF: privately, nothing runs, nothing
is fetched.
"""

from __future__ import annotations

import tempfile
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from docgen.errors import OutputError, Problem
from docgen.tables.ole import SIGNATURE, Ole
from docgen.word.pdf import Converter, exit_code, find_soffice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Older = Literal["doc", "odt", "rtf"]
_FILTERS: Final[Mapping[Older, str]] = {"doc": "MS Word 97", "odt": "writer8", "rtf": "Rich Text Format"}
_QUIET: Final = ("--headless", "--invisible", "--norestore", "--nologo", "--nodefault", "--nofirststartwizard")
_TOGETHER: Final = 50
"""Documents that one call takes."""
_ALONE: Final = 6
"""By how much less time a document gets that goes alone."""
_MIMETYPE: Final = b"application/vnd.oasis.opendocument.text"
_MIMETYPE_AT: Final = 200


def older_kind(content: bytes) -> Older | None:
    """Which kind of older document this is; None for everything else, a protected document among it."""
    if content.startswith(SIGNATURE):
        try:
            return "doc" if "WordDocument" in Ole(content).names else None
        except (ValueError, IndexError):
            return None
    if content.startswith(b"PK") and _MIMETYPE in content[:_MIMETYPE_AT]:
        return "odt"
    return "rtf" if content.lstrip()[:5].lower() == b"{\\rtf" else None


def to_docxs(documents: Sequence[bytes], *, timeout: float = 120.0) -> list[bytes | Problem]:
    """The .docx of each older document, or why there is none; `timeout` in seconds for each call of LibreOffice.

    A document of which `older_kind` knows nothing is a problem, as is every one where LibreOffice is missing.
    """
    made: dict[int, bytes | Problem] = {}
    kinds = sorted(((older_kind(each) or "", number) for number, each in enumerate(documents)))
    with _Upgrade() as upgrade:
        for kind, numbers in groupby(kinds, key=lambda each: each[0]):
            waiting = [number for _, number in numbers]
            for begin in range(0, len(waiting), _TOGETHER):
                part = waiting[begin : begin + _TOGETHER]
                results = upgrade.docxs([documents[number] for number in part], kind, timeout)
                if upgrade.stopped and len(part) > 1:
                    # One document has stopped all: each of them alone costs no other one.
                    results = [upgrade.docxs([documents[number]], kind, timeout / _ALONE)[0] for number in part]
                made |= zip(part, results, strict=True)
    return [made[number] for number in range(len(documents))]


class _Upgrade(Converter):
    """LibreOffice with the profile that it has for PDF, saving as .docx."""

    stopped = False
    """Whether the last call was stopped because it took too long, or broke down."""

    def docxs(self, documents: Sequence[bytes], kind: str, timeout: float) -> list[bytes | Problem]:
        """The .docx of each document of one kind."""
        known = next((name for name in _FILTERS if name == kind), None)
        program = find_soffice()
        if known is None:
            return [_unreadable()] * len(documents)
        if program is None:
            return [_missing()] * len(documents)
        try:
            return self._saved(program, documents, known, timeout)
        except OSError as error:
            what = f"Không chạy được LibreOffice hoặc không ghi được tệp tạm: {error.strerror or type(error).__name__}."
            raise OutputError.of(
                "older-not-started", what, "Kiểm tra dung lượng của thư mục tạm rồi làm lại."
            ) from error

    def _saved(self, program: str, documents: Sequence[bytes], kind: Older, timeout: float) -> list[bytes | Problem]:
        home = self._home()
        with tempfile.TemporaryDirectory(dir=home, prefix="call-") as name:
            folder = Path(name)
            sources = [folder / f"{number}.{kind}" for number in range(len(documents))]
            for source, content in zip(sources, documents, strict=True):
                source.write_bytes(content)
            profile = f"-env:UserInstallation={(home / 'profile').as_uri()}"
            options = [profile, *_QUIET, f"--infilter={_FILTERS[kind]}", "--convert-to", "docx:MS Word 2007 XML"]
            names = [source.name for source in sources]
            code = exit_code([program, *options, "--outdir", name, *names], home, folder, timeout)
            targets = [source.with_suffix(".docx") for source in sources]
            made: list[bytes | Problem] = [
                target.read_bytes() if target.is_file() else _unreadable() for target in targets
            ]
        self.stopped = code != 0
        if self.stopped:
            self.close()
        return made


def _missing() -> Problem:
    what = "Máy này chưa có LibreOffice nên không đọc được tệp .doc, .odt, .rtf."
    cure = "Mở tệp bằng Word, lưu thành .docx rồi đọc lại."
    return Problem(code="older-no-converter", what=what, cure=cure)


def _unreadable() -> Problem:
    what = "LibreOffice không mở được tệp này (hỏng, có mật khẩu, hoặc không phải văn bản)."
    return Problem(code="older-unreadable", what=what, cure="Mở tệp bằng Word, lưu thành .docx rồi đọc lại.")
