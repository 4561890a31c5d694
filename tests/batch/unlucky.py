"""Misfortune for the workers of a test cluster (`dask worker --preload`): with some people's rows, something happens.

They tell the test of it in the folder `DOCGEN_TEST_SIGNS`.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from docgen.batch import work

if TYPE_CHECKING:
    from docgen.batch.tasks import Made, Order
    from docgen.batch.work import Job

DEADLY = "Nguyễn Văn Hiểm"
"""Whoever begins this person's document dies."""
HELD = "Nguyễn Văn Lỡ"
"""The first who has finished this person's document is held, until it is killed, before it can tell anybody."""
HELD_SIGN = "held"
"""The file that says who is held."""
SIGNS = "DOCGEN_TEST_SIGNS"
_HELD_SECONDS = 120


def bring() -> None:
    """Bring misfortune to this process, once, however often it is loaded."""
    make, leave = work._made, work._left
    if make.__module__ != work.__name__:
        return

    def make_or_die(job: Job, order: Order) -> Made:
        if order.values.get("ho_ten") == DEADLY:
            os.kill(os.getpid(), signal.SIGKILL)
        return make(job, order)

    def leave_and_wait(folder: Path, made: Made) -> Made:
        left = leave(folder, made)
        if made.who == HELD:
            _hold(Path(os.environ[SIGNS]))
        return left

    work._made, work._left = make_or_die, leave_and_wait


def _hold(signs: Path) -> None:
    """Wait to be killed, unless somebody was before."""
    own = signs / f"{HELD_SIGN}.{os.getpid()}"
    own.write_text(str(os.getpid()), encoding="utf-8")
    try:
        os.link(own, signs / HELD_SIGN)
    except FileExistsError:
        return
    time.sleep(_HELD_SECONDS)


def stay(sign: Path) -> None:
    """An order that does not end; the sign says who is at it."""
    part = sign.with_suffix(".part")
    part.write_text(str(os.getpid()), encoding="utf-8")
    part.rename(sign)
    time.sleep(_HELD_SECONDS)


def address() -> str:
    """Where the worker listens that does this order."""
    from distributed import get_worker

    told: str = get_worker().address
    return told


def forget_docgen() -> None:
    """Let this process be one where docgen is not installed."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "docgen"]:
        sys.modules[name] = None  # type: ignore[assignment]


def dask_setup(_: object) -> None:
    """What Dask calls when a worker starts."""
    bring()
