"""What an installation may set through `DOCGEN_*` variables; every setting has a safe default."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from docgen.errors import OutputError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

_MIB = 1024 * 1024
_NUMBERS = {
    "body_limit": ("DOCGEN_LIMIT_BODY", 1024, 20 * _MIB),
    "upload_limit": ("DOCGEN_LIMIT_UPLOAD", 1024, 128 * _MIB),
    "threads": ("DOCGEN_THREADS", 2, 64),
    "waiting": ("DOCGEN_LIMIT_WAITING", 1, 10_000),
    "pdf_at_once": ("DOCGEN_LIMIT_PDF", 1, 63),
    "pdf_seconds": ("DOCGEN_LIMIT_PDF_SECONDS", 1, 600),
    "jobs_waiting": ("DOCGEN_LIMIT_QUEUE", 1, 1_000),
    "jobs_per_owner": ("DOCGEN_LIMIT_JOBS", 1, 10_000),
    "merges_at_once": ("DOCGEN_LIMIT_MERGES", 1, 16),
    "collect_files": ("DOCGEN_LIMIT_COLLECT", 1, 10_000),
    "requests_per_minute": ("DOCGEN_LIMIT_REQUESTS", 1, 1_000_000),
    "retention": ("DOCGEN_RETENTION", 60, 366 * 24 * 3600),
}
"""For each setting that is a number its variable, the least and the greatest value."""


def _home() -> Path:
    """The folder of this user in which programs keep their state; told by the system, made when it is needed."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "docgen"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "docgen"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one running service."""

    body_limit: int = 2 * _MIB
    """Largest body of a request that holds one record, in bytes (`DOCGEN_LIMIT_BODY`)."""
    upload_limit: int = 64 * _MIB
    """Largest body of a request that holds a file, in bytes (`DOCGEN_LIMIT_UPLOAD`)."""
    threads: int = 4
    """Requests answered at the same time (`DOCGEN_THREADS`)."""
    waiting: int = 64
    """Requests that may wait for a thread before work is refused (`DOCGEN_LIMIT_WAITING`)."""
    pdf_at_once: int = 2
    """PDFs made at the same time; fewer than threads, so that the rest stays quick (`DOCGEN_LIMIT_PDF`)."""
    pdf_seconds: int = 60
    """Longest time for one PDF, in seconds (`DOCGEN_LIMIT_PDF_SECONDS`)."""
    jobs_waiting: int = 20
    """Merges that wait or run, of all owners together (`DOCGEN_LIMIT_QUEUE`)."""
    jobs_per_owner: int = 100
    """Merges of one owner that are kept, finished ones too (`DOCGEN_LIMIT_JOBS`)."""
    merges_at_once: int = 1
    """Merges that run at the same time; each may use every core (`DOCGEN_LIMIT_MERGES`)."""
    collect_files: int = 2_000
    """Papers that came back and are read together, those in zips too (`DOCGEN_LIMIT_COLLECT`)."""
    requests_per_minute: int = 1_200
    """Requests of one address in a minute (`DOCGEN_LIMIT_REQUESTS`)."""
    retention: int = 24 * 3600
    """How long a merge and its files are kept after their last change, in seconds (`DOCGEN_RETENTION`)."""
    data: Path = field(default_factory=_home)
    """The folder that holds everything the service keeps (`DOCGEN_DATA`)."""
    profile: Path | None = None
    """The organisation's `to_chuc.toml` (`DOCGEN_PROFILE`)."""
    tokens: Path | None = None
    """The file of hashed tokens (`DOCGEN_TOKENS_FILE`); None: `tokens.json` in the data folder, if it is there."""
    proxy: str | None = None
    """Address of the proxy whose word on client and https is taken (`DOCGEN_PROXY`)."""
    hosts: frozenset[str] = frozenset()
    """Names under which the service may be called besides loopback, in lower case, without port (`DOCGEN_HOSTS`)."""

    allow_secret: bool = False
    """Papers with a secrecy mark may be made where others reach the service: on a network that is closed for them
    (`DOCGEN_SECRETS=allow`)."""
    needs_token: bool = False
    """Every request needs a token; set for an address that others reach, and where tokens exist."""

    @property
    def refuse_secret(self) -> bool:
        """Whether papers with a secrecy mark are refused: others reach the service, and nobody has allowed it."""
        return not self.allow_secret and self.is_shared

    @property
    def is_shared(self) -> bool:
        """Whether others than the person at this machine may reach the service."""
        return self.needs_token or self.proxy is not None or bool(self.hosts)

    @property
    def tokens_file(self) -> Path:
        """Where tokens are kept."""
        return self.tokens or self.data / "tokens.json"


def from_environment(environment: Mapping[str, str]) -> Settings:
    """The settings that the environment gives; what it does not name keeps its default.

    Raises:
        OutputError: `setting-wrong` for every variable that is no whole number within its bounds.
    """
    read = {name: _number(environment, name) for name in _NUMBERS}
    problems = [value for value in read.values() if isinstance(value, Problem)]
    if problems:
        raise OutputError(problems)
    numbers = {name: value for name, value in read.items() if isinstance(value, int)}
    places = {
        name: Path(given).absolute()
        for name, variable in (("data", "DOCGEN_DATA"), ("profile", "DOCGEN_PROFILE"), ("tokens", "DOCGEN_TOKENS_FILE"))
        if (given := environment.get(variable, "").strip())
    }
    hosts = frozenset(environment.get("DOCGEN_HOSTS", "").lower().replace(",", " ").split())
    proxy = environment.get("DOCGEN_PROXY", "").strip() or None
    secrets = environment.get("DOCGEN_SECRETS", "").strip() or "refuse"
    if secrets not in {"allow", "refuse"}:
        what = "Biến môi trường DOCGEN_SECRETS chưa đúng."
        raise OutputError.of("setting-wrong", what, "Viết allow hoặc refuse, hoặc bỏ biến này.")
    settings = Settings(**numbers, **places, proxy=proxy, hosts=hosts, allow_secret=secrets == "allow")  # type: ignore[arg-type]
    if settings.pdf_at_once >= settings.threads:
        what = f"DOCGEN_LIMIT_PDF ({settings.pdf_at_once}) phải nhỏ hơn DOCGEN_THREADS ({settings.threads})."
        raise OutputError.of("setting-wrong", what, "Giảm số thứ nhất hoặc tăng số thứ hai.")
    return settings


def _number(environment: Mapping[str, str], name: str) -> int | Problem | None:
    variable, least, greatest = _NUMBERS[name]
    given = environment.get(variable, "").strip()
    if not given:
        return None
    if given.isascii() and given.isdigit() and len(given) <= len(str(greatest)) and least <= int(given) <= greatest:
        return int(given)
    cure = f"Viết một số nguyên từ {least} đến {greatest}, hoặc bỏ biến này."
    return Problem(code="setting-wrong", what=f"Biến môi trường {variable} chưa đúng.", cure=cure)
