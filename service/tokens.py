"""Tokens: made once and shown once; only a hash is kept, with a name and the end of its validity.

A token is 256 random bits, so one plain sha256 is enough: there is nothing to guess, and no dictionary to try.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import threading
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from filelock import FileLock

from docgen.errors import OutputError, shown
from docgen.files import not_written, path_text, write_whole

if TYPE_CHECKING:
    from pathlib import Path

_PREFIX: Final = "docgen_"
"""Lets people and scanners of source code see what it is."""
_RANDOM_BYTES = 32
_DAY: Final = 24 * 3600
_PRIVATE = 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What is kept of a token."""

    id: str
    """The owner of what is done with it."""
    name: str
    sha256: str
    expires: int | None
    """Seconds since the epoch; None: never."""
    admin: bool = False
    """Whether its holder may change what everybody uses: the office's templates."""

    def is_valid(self, now: float) -> bool:
        """Whether it may be used at this time."""
        return self.expires is None or now < self.expires


class Tokens:
    """The file of tokens, read again whenever it changes."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._reading = threading.Lock()
        self._read: tuple[object, tuple[Token, ...]] = (None, ())

    @property
    def exist(self) -> bool:
        """Whether anybody has made one; then every request needs one, on this machine's own address, too."""
        return self.place.exists()

    def new(self, name: str, days: int | None, *, admin: bool = False) -> str:
        """Make a token, keep its hash, and return it; it cannot be shown again.

        Args:
            name: for whom or what it is, as people will recognise it.
            days: how long it is valid; None: for ever.
            admin: whether its holder may change templates.

        Raises:
            OutputError: the file is damaged, or cannot be written.
        """
        token = _PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)
        kept = Token(
            id=secrets.token_hex(8),
            name=name,
            sha256=_digest(token),
            expires=None if days is None else int(time.time()) + days * _DAY,
            admin=admin,
        )
        try:
            self.place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with FileLock(self.place.with_name(f"{self.place.name}.lock"), mode=_PRIVATE):
                told = {"tokens": [asdict(each) for each in (*self._all(), kept)]}
                write_whole(self.place, f"{json.dumps(told, ensure_ascii=False, indent=2)}\n".encode())
                self.place.chmod(_PRIVATE)
        except OSError as error:
            raise not_written(self.place, error) from error
        return token

    def known(self, token: str) -> Token | None:
        """The token of these letters, if there is one and it is still valid. Takes as long for a wrong one.

        Raises:
            OutputError: `tokens-damaged`.
        """
        digest, found = _digest(token), None
        for each in self._all():
            if hmac.compare_digest(each.sha256, digest):
                found = each
        return found if found is not None and found.is_valid(time.time()) else None

    def by_id(self, id_: str) -> Token | None:
        """The token of this id, if it is still there and valid.

        Raises:
            OutputError: `tokens-damaged`.
        """
        now = time.time()
        return next((each for each in self._all() if each.id == id_ and each.is_valid(now)), None)

    def _all(self) -> tuple[Token, ...]:
        """Every token in the file; a file that is not there holds none."""
        with self._reading:
            try:
                told = self.place.stat()
            except FileNotFoundError:
                return ()
            except OSError:
                raise self._damaged() from None
            stamp = (told.st_mtime_ns, told.st_size, told.st_ino)
            if self._read[0] != stamp:
                try:
                    entries = json.loads(self.place.read_text("utf-8"))["tokens"]
                    self._read = (stamp, tuple(Token(**entry) for entry in entries))
                except (OSError, ValueError, TypeError, KeyError):
                    raise self._damaged() from None
            return self._read[1]

    def _damaged(self) -> OutputError:
        what = f"Tệp mã truy cập {shown(path_text(self.place.name))} không đọc được hoặc đã hỏng."
        return OutputError.of("tokens-damaged", what, "Khôi phục tệp, hoặc xóa tệp rồi tạo mã mới: docgen token new.")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
