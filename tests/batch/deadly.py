"""A press that does to its worker what a hostile row or a poor machine may do; what it does stands in the name."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docgen import generate
from docgen.generate import Press

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docgen.generate import Document

KILLED, FAULTY, STUCK = "Người Chết Máy", "Người Gây Lỗi", "Người Treo Máy"
released = threading.Event()
"""Set by a test that lets stuck threads go."""
HELD, GATE = "Người Đợi Cửa", "DOCGEN_TEST_GATE"
"""Whoever makes this person's document waits for the file that the environment names: no merge ends before it."""


class DeadlyPress(Press):
    """Makes documents, except of the four rows that it is made for."""

    def __reduce__(self) -> tuple[Any, ...]:
        _, arguments = super().__reduce__()
        return _deadly, arguments

    def document(self, values: Mapping[str, object]) -> Document:
        """The document, or disaster."""
        name = values.get("ho_ten")
        if name == KILLED:
            os.kill(os.getpid(), signal.SIGKILL)
        if name == FAULTY:
            raise KeyError("a fault of the program itself")
        if name == STUCK:
            released.wait()
        while name == HELD and not Path(os.environ[GATE]).exists():
            time.sleep(0.01)
        return super().document(values)


def _deadly(*arguments: Any) -> DeadlyPress:
    press = generate._pressed(*arguments)
    return DeadlyPress(press.form, press.house, press.common, press._templates)
