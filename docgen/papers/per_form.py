"""What follows from a form alone is worked out once, however many records are made of it."""

from __future__ import annotations

from functools import lru_cache, wraps
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from docgen.papers.form import Form

FORMS_KEPT = 128
"""For how many forms it is kept; the shelf has some thirty, an office adds its own versions."""

Made = TypeVar("Made")


class _Itself:
    """A form as a key: it is immutable but holds mappings, so it has no hash, and only itself is the same form."""

    __slots__ = ("form",)

    def __init__(self, form: Form) -> None:
        self.form = form

    def __hash__(self) -> int:
        return id(self.form)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and self.form is other.form


def per_form(make: Callable[[Form], Made]) -> Callable[[Form], Made]:
    """`make`, asked once for each form; what it makes must be immutable, because all records share it."""
    kept = lru_cache(maxsize=FORMS_KEPT)(lambda key: make(key.form))

    @wraps(make)
    def asked(form: Form) -> Made:
        return kept(_Itself(form))

    return asked
