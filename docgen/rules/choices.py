"""Sets of options that several papers share (levels, degrees): data in `choices.toml`, each with its source."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from docgen.errors import FormError, shown
from docgen.viet.names import search_key

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Option:
    """One option: the id that data keep, the printed label, other ways in which people write it."""

    id: str
    label: str
    aliases: tuple[str, ...] = ()
    value: int | None = None
    """The number that it stands for in sums and products, where it stands for one."""


@cache
def _sets() -> dict[str, tuple[Option, ...]]:
    entries = tomllib.loads((files(__package__) / "choices.toml").read_text("utf-8"))
    return {
        name: tuple(
            Option(each["id"], each["label"], tuple(each["aliases"]), each.get("value")) for each in entry["options"]
        )
        for name, entry in entries.items()
    }


def options(name: str) -> tuple[Option, ...]:
    """The options of this set, in the order in which they are printed.

    Raises:
        FormError: no set has this name.
    """
    if name not in _sets():
        raise FormError.of(
            "choices-unknown", f"Không có bộ lựa chọn {shown(name)}.", f"Dùng một trong: {', '.join(_sets())}."
        )
    return _sets()[name]


def written_key(written: str) -> str:
    """The key under which ways of writing an option are the same: no accents, capitals or closing signs."""
    return search_key(written).rstrip(" .:;")


@cache
def option_keys(name: str) -> Mapping[str, Option]:
    """Every way of writing an option of this set, as keys: its id, its label, its aliases.

    Raises:
        FormError: no set has this name.
    """
    return {
        written_key(each): option
        for option in options(name)
        for each in (option.id.replace("_", " "), option.label, *option.aliases)
    }
