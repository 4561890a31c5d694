"""What a short text means is asked again and again (a word, a heading, a choice, for every record of a list).

It is worked out once and remembered. Only texts are keys, beside things known by their identity, so nothing is taken
for its equal of another type (1, True, 1.0); long texts are not kept: what is remembered stays small, however many
records go by.
"""

from __future__ import annotations

from functools import lru_cache, wraps
from typing import TYPE_CHECKING, TypeVar, TypeVarTuple, cast

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 4096
"""How many answers each function remembers; of more, the one asked longest ago is forgotten."""

Asked = TypeVarTuple("Asked")
Told = TypeVar("Told")


def remembered(longest: int) -> Callable[[Callable[[*Asked], Told]], Callable[[*Asked], Told]]:
    """For a pure function whose last argument is a text: answers are remembered where it has at most `longest` letters.

    What is told must be immutable, because all who ask share it. A refusal (an exception) is not remembered.
    """

    def remembering(work: Callable[[*Asked], Told]) -> Callable[[*Asked], Told]:
        kept = cast("Callable[[*Asked], Told]", lru_cache(maxsize=MOST)(work))

        @wraps(work)
        def asked(*about: *Asked) -> Told:
            return kept(*about) if len(cast("tuple[str, ...]", about)[-1]) <= longest else work(*about)

        return asked

    return remembering
