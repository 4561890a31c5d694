"""What routes share: settings, jobs, PDFs, papers that came back, the profile. Made once, by the composition root."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from docgen import generate
from docgen.batch.work import SECRET_REFUSED
from docgen.errors import DataError
from docgen.files import path_text, read_file
from docgen.papers import office
from docgen.tables.documents import read_profile
from docgen.tables.limits import DEFAULT
from service.collector import Collector
from service.jobs import Jobs
from service.pdf import PdfMaker
from service.queue import Queue

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from docgen.generate import Document
    from service.settings import Settings

LOCAL = "local"
"""The owner of everything on a machine where no token is needed."""


@dataclass(frozen=True)
class Services:
    """The parts of one running service."""

    settings: Settings
    jobs: Jobs
    pdf: PdfMaker
    queue: Queue
    collector: Collector
    profile: Mapping[str, object]
    """The entries of the organisation's `to_chuc.toml`; empty where there is none."""
    _begun: set[tuple[object, ...]] = field(default_factory=set)
    """Forms of which a document was made, with the office's versions then in use: their templates are compiled."""
    _beginning: threading.Lock = field(default_factory=threading.Lock)

    def document(self, name: str, values: Mapping[str, object]) -> Document:
        """Make one document with the organisation's profile; arguments and errors as of `docgen.generate.document`.

        Raises:
            DataError: also `secret-on-network`, where the settings refuse a secrecy mark.
        """
        made = self._made(name, values)
        if made.is_secret and self.settings.refuse_secret:
            raise DataError([SECRET_REFUSED])
        return made

    def _made(self, name: str, values: Mapping[str, object]) -> Document:
        """The first document of a form compiles its template: one request does that, others wait meanwhile."""
        begun = (name, *sorted(office.standing().items()))
        if begun in self._begun:
            return generate.document(name, values, profile=self.profile)
        with self._beginning:
            made = generate.document(name, values, profile=self.profile)
            self._begun.add(begun)
            return made


def services(settings: Settings) -> Services:
    """The parts for these settings.

    Raises:
        OutputError: the data folder cannot be made, the profile not be read.
        DataError: the profile is wrong.
    """
    queue = Queue(settings.data)
    profile = profile_of(settings.profile)
    return Services(settings, Jobs(settings, queue.put), PdfMaker(settings), queue, Collector(settings), profile)


def profile_of(place: Path | None) -> Mapping[str, object]:
    """The entries of the profile at `place`.

    Raises:
        OutputError: it cannot be read.
        DataError: everything that is wrong with it.
    """
    if place is None:
        return MappingProxyType({})
    from docgen.papers.profile import profile

    entries = read_profile(read_file(place, most=DEFAULT.toml_bytes), name=path_text(place.name))
    profile(entries)
    return entries
