"""An order away from home: how it travels to a worker of a cluster, and what is made sure of there before it is done.

A worker must run this docgen and see the output folder, else its documents would be others, or nowhere. Nothing of an
order may be read from outside, because Dask logs what it can read, and logs hold no person's data.
"""

from __future__ import annotations

import os
import pickle
import platform
import threading
import time
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from docgen.errors import DocgenError, OutputError, shown
from docgen.files import path_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_POLL_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every order of one merge, wherever it is worked on."""

    program: str
    """What the coordinator runs, as `program` tells it; another would make other documents of the same rows."""
    token: str | None
    """The path of a file in the output that a worker must see; None where workers give all they make back."""
    share_seconds: float
    """How long a shared folder may take to show that file to another machine."""
    order_seconds: float
    """How long an order may take before its worker is stuck."""
    ticket: str = ""
    """Whose orders they are: those of one executor, while it is hired."""


class Call(NamedTuple):
    """What an order asks for."""

    function: Callable[..., Any]
    args: Sequence[Any]
    kwargs: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A call, closed for its way."""

    content: bytes = field(repr=False)

    @classmethod
    def of(cls, call: Call) -> Parcel:
        """Close it."""
        return cls(pickle.dumps(call, protocol=pickle.HIGHEST_PROTOCOL))

    def opened(self) -> Call:
        """Open it."""
        call: Call = pickle.loads(self.content)  # noqa: S301 - made by the coordinator of this very merge
        return call


class OrderError(Exception):
    """An order met what nobody foresaw; only its kind is told, because its text may hold a person's data."""


class Answer(NamedTuple):
    """What came of a call: a failure is an answer, too, because Dask logs and rewrites what is raised."""

    result: Any
    error: DocgenError | OrderError | None = None


def at_work(terms: Terms, parcel: Parcel) -> Answer:
    """Do an order on a worker of a cluster; a worker that is stuck with it ends, and Dask's nanny starts another."""
    limit = threading.Timer(terms.order_seconds, os._exit, (1,))
    limit.name, limit.daemon = terms.ticket, True
    limit.start()
    try:
        prove(terms)
        return Answer(_done(parcel.opened()))
    except DocgenError as error:
        return Answer(None, error)
    except Exception as error:  # noqa: BLE001 - the coordinator decides what it means
        return Answer(None, OrderError(type(error).__name__))
    finally:
        limit.cancel()


def leave(ticket: str) -> None:
    """End this worker if it is at an order of this ticket; a thread that is stuck cannot be ended alone."""
    if any(thread.name == ticket for thread in threading.enumerate()):
        os._exit(1)


def program() -> str:
    """What must be the same on every machine, in words for people."""
    return f"docgen {version('docgen')}, Python {'.'.join(platform.python_version_tuple()[:2])}"


def prove(terms: Terms) -> None:
    """Make sure that this worker is fit for the orders of a merge.

    Raises:
        OutputError: `worker-differs`, `folder-not-shared`.
    """
    machine = shown(platform.node())
    if terms.program != program():
        what = f"Máy {machine} chạy {program()}, còn máy ra lệnh chạy {terms.program}."
        raise OutputError.of("worker-differs", what, "Cài cùng một bản trên mọi máy rồi chạy lại.")
    if terms.token is None:
        return
    token = Path(terms.token)
    until = time.monotonic() + terms.share_seconds
    while not token.exists():
        if time.monotonic() > until:
            what = f"Máy {machine} không thấy nơi ghi của máy ra lệnh ({path_text(token.parent)})."
            cure = "Đặt nơi ghi trên ổ chung mà mọi máy thấy cùng một đường dẫn, hoặc trộn vào tệp .zip."
            raise OutputError.of("folder-not-shared", what, cure)
        time.sleep(_POLL_SECONDS)


def _done(call: Call) -> Any:
    """The call's result; where the machine fails it, the refusal says which machine that is."""
    try:
        return call.function(*call.args, **call.kwargs)
    except OutputError as error:
        machine = shown(platform.node())
        raise OutputError([replace(each, what=f"Máy {machine}: {each.what}") for each in error.problems]) from None
