"""Choices that look like chance and are none: each follows from a number and a word, on every machine and Python."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


class Draws:
    """The draws of one person, or of one place. No draw depends on another, so a new one changes no old one."""

    def __init__(self, number: int, kind: str = "person") -> None:
        self._seed = f"{kind}/{number}/"

    def integer(self, what: str, low: int, high: int) -> int:
        """A number from `low` to `high`, both inside."""
        drawn = blake2b((self._seed + what).encode(), digest_size=8).digest()
        return low + int.from_bytes(drawn, "big") % (high - low + 1)

    def chance(self, what: str, percent: int) -> bool:
        """Whether something happens that happens so often."""
        return self.integer(what, 1, 100) <= percent

    def one(self, what: str, options: Sequence[T]) -> T:
        """One of these."""
        return options[self.integer(what, 0, len(options) - 1)]

    def some(self, what: str, options: Sequence[T], count: int) -> list[T]:
        """So many of these, or all there are, in the order in which they stand."""
        by_luck = sorted(range(len(options)), key=lambda place: self.integer(f"{what}/{place}", 0, 1 << 32))
        return [options[place] for place in sorted(by_luck[:count])]
