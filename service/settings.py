"""What an installation may set through `DOCGEN_*` variables; every setting has a safe default."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from docgen.errors import OutputError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

_BOUNDS = {
    "body_limit": ("DOCGEN_LIMIT_BODY", 1024, 20 * 1024 * 1024),
    "threads": ("DOCGEN_THREADS", 2, 64),
    "pdf_at_once": ("DOCGEN_LIMIT_PDF", 1, 63),
    "pdf_seconds": ("DOCGEN_LIMIT_PDF_SECONDS", 1, 600),
}
"""For each setting its variable, the least and the greatest value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one running service."""

    body_limit: int = 2 * 1024 * 1024
    """Largest body of a request, in bytes (`DOCGEN_LIMIT_BODY`)."""
    threads: int = 4
    """Requests answered at the same time (`DOCGEN_THREADS`)."""
    pdf_at_once: int = 2
    """PDFs made at the same time; fewer than threads, so that the rest stays quick (`DOCGEN_LIMIT_PDF`)."""
    pdf_seconds: int = 60
    """Longest time for one PDF, in seconds (`DOCGEN_LIMIT_PDF_SECONDS`)."""


def from_environment(environment: Mapping[str, str]) -> Settings:
    """The settings that the environment gives; what it does not name keeps its default.

    Raises:
        OutputError: `setting-wrong` for every variable that is no whole number within its bounds.
    """
    read = {each.name: _read(environment, each.name) for each in fields(Settings)}
    problems = [value for value in read.values() if isinstance(value, Problem)]
    if problems:
        raise OutputError(problems)
    settings = Settings(**{name: value for name, value in read.items() if isinstance(value, int)})
    if settings.pdf_at_once >= settings.threads:
        what = f"DOCGEN_LIMIT_PDF ({settings.pdf_at_once}) phải nhỏ hơn DOCGEN_THREADS ({settings.threads})."
        raise OutputError.of("setting-wrong", what, "Giảm số thứ nhất hoặc tăng số thứ hai.")
    return settings


def _read(environment: Mapping[str, str], name: str) -> int | Problem | None:
    variable, least, greatest = _BOUNDS[name]
    given = environment.get(variable, "").strip()
    if not given:
        return None
    if given.isascii() and given.isdigit() and len(given) <= len(str(greatest)) and least <= int(given) <= greatest:
        return int(given)
    cure = f"Viết một số nguyên từ {least} đến {greatest}, hoặc bỏ biến này."
    return Problem(code="setting-wrong", what=f"Biến môi trường {variable} chưa đúng.", cure=cure)
