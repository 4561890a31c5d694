"""One record as it was found, and the place where it was found."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a record stands; the same words as the place of a `Problem`. `row` counts from 1."""

    file: str | None = None
    sheet: str | None = None
    row: int | None = None

    def place(self) -> dict[str, Any]:
        """The place as `Problem.at` and `DocgenError.at` take it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Row:
    """One record: its values by name, unchecked, and its origin."""

    values: Mapping[str, object]
    origin: Origin
