"""The container of old Office files (OLE compound file): which streams it has, and the bytes of one.

Written for [MS-CFB]: sectors in chains; a table of chains (FAT), one for small streams, and a directory. Every chain is
followed at most as far as the file has sectors, so a circle ends.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER_BYTES, _ENTRY_BYTES = 512, 128
_FIRST_FATS, _FIRST_FATS_AT = 109, 76
_LAST_SECTOR = 0xFFFFFFF9
"""Numbers above it are marks: end of chain, free, belongs to a table."""
_STREAM, _ROOT = 2, 5
_SECTOR_SHIFTS = (9, 12)


class Ole:
    """An opened container.

    Raises:
        ValueError: the bytes are no sound container.
    """

    def __init__(self, content: bytes) -> None:
        if not content.startswith(SIGNATURE) or len(content) < _HEADER_BYTES:
            raise ValueError("no compound file")
        self._content = content
        shift, mini_shift = struct.unpack_from("<HH", content, 30)
        if shift not in _SECTOR_SHIFTS or mini_shift >= shift:
            raise ValueError("sector size")
        self._size, self._mini_size = 1 << shift, 1 << mini_shift
        self._fat = self._numbers(list(self._fat_sectors()))
        directory, self._cutoff, mini_fat = struct.unpack_from("<I4xII", content, 48)
        self._mini_fat = self._numbers(list(self._chain(mini_fat, self._fat)))
        self._entries = dict(self._directory(directory))
        root = self._entries.get("", (0, 0))
        self._mini = self._joined(self._chain(root[0], self._fat))

    @property
    def names(self) -> frozenset[str]:
        """The names of the streams."""
        return frozenset(self._entries) - {""}

    def read(self, name: str) -> bytes:
        """One stream whole; `name` must be there."""
        start, size = self._entries[name]
        if size >= self._cutoff:
            return self._joined(self._chain(start, self._fat))[:size]
        pieces = (
            self._mini[number * self._mini_size : (number + 1) * self._mini_size]
            for number in self._chain(start, self._mini_fat)
        )
        return b"".join(pieces)[:size]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        return self._content[start : start + self._size]

    def _joined(self, sectors: Iterator[int]) -> bytes:
        return b"".join(self._sector(number) for number in sectors)

    def _numbers(self, sectors: list[int]) -> tuple[int, ...]:
        table = b"".join(self._sector(number) for number in sectors)
        return struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])

    def _fat_sectors(self) -> Iterator[int]:
        yield from _real(struct.unpack_from(f"<{_FIRST_FATS}I", self._content, _FIRST_FATS_AT))
        following = struct.unpack_from("<I", self._content, 68)[0]
        for _ in range(len(self._content) // self._size):
            sector = self._sector(following) if following <= _LAST_SECTOR else b""
            if len(sector) < self._size:
                return
            *numbers, following = struct.unpack(f"<{self._size // 4}I", sector)
            yield from _real(tuple(numbers))

    @staticmethod
    def _chain(start: int, table: tuple[int, ...]) -> Iterator[int]:
        number = start
        for _ in range(len(table)):
            if number >= len(table):
                return
            yield number
            number = table[number]

    def _directory(self, start: int) -> Iterator[tuple[str, tuple[int, int]]]:
        content = self._joined(self._chain(start, self._fat))
        for at in range(0, len(content) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
            name_bytes, kind = struct.unpack_from("<HB", content, at + 64)
            place = struct.unpack_from("<II", content, at + 116)
            if kind == _ROOT:
                yield "", place
            elif kind == _STREAM:
                yield content[at : at + max(min(name_bytes, 64) - 2, 0)].decode("utf-16-le", "replace"), place


def _real(numbers: tuple[int, ...]) -> Iterator[int]:
    return (number for number in numbers if number <= _LAST_SECTOR)
