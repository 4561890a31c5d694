"""Turns at what takes a core or much memory: so many at a time; whoever finds no place is told when to come back."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from service.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator


class Turns:
    """The places for one kind of work."""

    def __init__(self, places: int, *, busy: str, come_back: int, wait: float = 0.0) -> None:
        """Make them.

        Args:
            places: how many may work at the same time.
            busy: what is told to whoever finds no place.
            come_back: in how many seconds to try again.
            wait: how many seconds to wait for a place before that.
        """
        self._places = threading.BoundedSemaphore(places)
        self._busy, self._come_back, self._wait = busy, come_back, wait

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One place, given back at the end.

        Raises:
            RefusedError: 503, none is free.
        """
        if not self._places.acquire(timeout=self._wait):
            raise RefusedError(503, "busy", self._busy, Retry_After=str(self._come_back))
        try:
            yield
        finally:
            self._places.release()
