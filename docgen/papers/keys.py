"""Under what a field can be named: by its name, its printed or short label, or an alias, however they are spelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docgen.viet.names import search_key

if TYPE_CHECKING:
    from docgen.papers.form import Field


def key_of(written: object) -> str:
    """The key under which two ways of writing a name are the same: no accents, capitals, underscores, closing signs."""
    return search_key(str(written).replace("_", " ")).rstrip(" .:;")


def keys_of(field: Field) -> frozenset[str]:
    """Every key of a field."""
    return frozenset(key_of(each) for each in (field.name, field.label, field.short, *field.aliases) if each)
