"""Bars of a count, as SVG: one bar for each group, parted by level. It prints in grey, and the numbers stand in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from docgen.viet.numbers import format_integer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WIDTH, BAR, PITCH, TOP = 720, 30, 68, 36
"""Units of the drawing: width, height of a bar, from bar to bar, room above the first bar for its name."""
_LETTER = 12
"""Width of a digit, with room: a number that does not fit its part is left to the table."""
LEVELS: Final[Mapping[str, str]] = {
    "excellent": "Xuất sắc",
    "good": "Tốt",
    "completed": "Hoàn thành",
    "failed": "Không hoàn thành",
    "not_rated": "Chưa xếp loại",
}
"""The parts of a bar, under the names of a count, from left to right."""


@dataclass(frozen=True, slots=True)
class Part:
    """One level in a bar."""

    level: str
    x: float
    width: float
    number: str
    """Empty where it does not fit."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One group."""

    name: str
    y: int
    parts: tuple[Part, ...]
    told: str
    """The same in words."""


def bars(groups: Sequence[Mapping[str, Any]]) -> list[Bar]:
    """The bars of a count's groups, each as wide as the drawing."""
    return [
        Bar(str(group["group"]), TOP + number * PITCH, tuple(_parts(group)), _told(group))
        for number, group in enumerate(groups)
    ]


def height(groups: Sequence[Mapping[str, Any]]) -> int:
    """The height of the drawing."""
    return TOP + len(groups) * PITCH - (PITCH - BAR)


def _parts(group: Mapping[str, Any]) -> list[Part]:
    found, x = [], 0.0
    for level in LEVELS:
        count = group[level]
        if count:
            width = WIDTH * count / group["total"]
            told = format_integer(count)
            found.append(Part(level, round(x, 2), round(width, 2), told if len(told) * _LETTER < width else ""))
            x += width
    return found


def _told(group: Mapping[str, Any]) -> str:
    counts = "; ".join(f"{label.lower()} {format_integer(group[level])}" for level, label in LEVELS.items())
    return f"{group['group']}: tổng số {format_integer(group['total'])}; {counts}."
