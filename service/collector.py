"""Papers that came back to the service: uploaded files and zips become sources of `docgen collect`, a few at a time.

A zip goes through the guard that every archive goes through; no more files are read than the settings allow.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from docgen.collecting.against import against as held_against
from docgen.collecting.folder import Source, collect
from docgen.errors import DataError
from docgen.files import path_text
from docgen.tables.archive import Told, open_archive
from docgen.tables.limits import Limits
from docgen.viet.numbers import format_integer
from docgen.word.screening import LIMITS
from service.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from werkzeug.datastructures import FileStorage

    from docgen.collecting.folder import Collected
    from service.settings import Settings

_SWELLS: Final = 4
"""How much larger than the largest upload everything in a zip may be: papers are packed already."""
_OF_MACOS: Final = "__MACOSX/"
"""What macOS packs beside each file: its own notes, never a paper."""
_TOLD: Final = Told(DataError, "zip", "Tệp nén", "Nén lại bằng chương trình khác, hoặc gửi các tệp Word, không nén.")


class Collector:
    """The one place in which papers that came back are read; API and pages share it."""

    def __init__(self, settings: Settings) -> None:
        self._most = settings.collect_files
        self._limits = Limits(
            part_bytes=LIMITS.file_bytes, inflated_bytes=_SWELLS * settings.upload_limit, members=settings.collect_files
        )
        busy = "Đang đọc các tệp nộp lại khác. Thử lại sau ít giây."
        self._turns = Turns(1, busy=busy, come_back=15)

    def collected(self, files: Sequence[FileStorage], against: tuple[str, bytes] | None = None) -> Collected:
        """What people wrote into these files.

        Args:
            files: Word files, and zips of them.
            against: name and content of the list from which the papers were sent.

        Raises:
            RefusedError: 503, others are being read.
            DataError: too many files, a zip that is damaged or hostile, a list that cannot be used.
            OutputError: LibreOffice is there but cannot be started.
        """
        with self._turns.turn():
            found = collect(self._sources(files))
            if against is None:
                return found
            name, content = against
            return replace(found, against=held_against(found.papers, content, file=name))

    def _sources(self, files: Sequence[FileStorage]) -> list[Source]:
        found: list[Source] = []
        for file in files:
            name = path_text(file.filename or "tệp")
            if PurePath(name).suffix.lower() == ".zip":
                found += self._zipped(name, file.read())
            else:
                found.append(Source(name, file.read))
            if len(found) > self._most:
                what = f"Nhiều hơn {format_integer(self._most)} tệp."
                raise DataError.of("too-many-files", what, "Chia thành nhiều lần gửi.")
        return _distinct(found)

    def _zipped(self, name: str, content: bytes) -> Iterator[Source]:
        try:
            archive = open_archive(content, self._limits, _TOLD)
        except DataError as error:
            raise error.at(file=name) from None
        for member in archive.names:
            if not member.endswith("/") and not member.startswith(_OF_MACOS):
                yield Source(f"{name}/{path_text(member)}", partial(archive.read, member, LIMITS.file_bytes))


def _distinct(sources: Sequence[Source]) -> list[Source]:
    """The sources, each under a name of its own: files from two folders may come under one."""
    made: dict[str, Source] = {}
    times: Counter[str] = Counter()
    for source in sources:
        name, ending = source.name, PurePath(source.name).suffix
        while name in made:
            times[source.name] += 1
            name = f"{source.name.removesuffix(ending)} ({times[source.name] + 1}){ending}"
        made[name] = replace(source, name=name)
    return list(made.values())
