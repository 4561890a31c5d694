"""What a worker does, in this process, in another, or on another machine: orders in, documents or problems out.

A worker gets everything with its orders (compiled templates, common values, house rules), so it reads no template and
no list; what it makes it gives back, or leaves, synced, in the folder for parts. It never gives a document its name.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import pickle
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from threading import get_ident
from typing import TYPE_CHECKING, Final, Literal

from docgen.batch.names import FORM_NAME, UNIT, pattern_of, safe_path
from docgen.batch.tasks import Made
from docgen.errors import DataError, DocgenError, OutputError, Problem, place_of
from docgen.files import not_written, write_synced
from docgen.papers.columns import CODE_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from docgen.batch.tasks import Order
    from docgen.generate import Document, Press
    from docgen.word.pdf import Converter

Ending = Literal["docx", "pdf"]
_JOBS_KEPT = 2
SECRET_REFUSED: Final = Problem(
    code="secret-on-network",
    what="Văn bản có dấu chỉ mức độ mật nhưng dịch vụ này mở cho máy khác trong mạng.",
    cure="Soạn trên máy riêng không nối mạng; người quản trị một mạng LAN độc lập thì đặt DOCGEN_SECRETS=allow.",
)


@dataclass(frozen=True, slots=True)
class Job:
    """What all orders of one merge have in common."""

    presses: Mapping[str, Press]
    """By form id, with their templates compiled."""
    pattern: str | None
    """Where documents go; None: as each form says."""
    accented: bool = False
    ending: Ending = "docx"
    parts: str | None = None
    """The folder for finished parts; None: contents are given back."""
    refuse_secret: bool = False
    """Documents with a secrecy mark are not to be made."""
    pdf_seconds: float = 300.0
    """How long one call of LibreOffice may take."""

    def packed(self) -> bytes:
        """The job as it travels with the orders."""
        return pickle.dumps(self, protocol=pickle.HIGHEST_PROTOCOL)


def work(given: Job | bytes, orders: Sequence[Order]) -> list[Made]:
    """Fill the orders. A row that cannot be printed is an answer with its problems, never an exception.

    Raises:
        OutputError: the disk, or LibreOffice, fails for all of them.
    """
    job = given if isinstance(given, Job) else _unpacked(given)
    made = [_made(job, order) for order in orders]
    if job.ending == "pdf":
        made = _as_pdf(job, made)
    return made if job.parts is None else [_left(Path(job.parts), each) for each in made]


@lru_cache(maxsize=_JOBS_KEPT)
def _unpacked(packed: bytes) -> Job:
    job: Job = pickle.loads(packed)  # noqa: S301 - made by the coordinator of this very merge
    return job


def _made(job: Job, order: Order) -> Made:
    press = job.presses[order.form]
    try:
        document = press.document(order.values)
        if job.refuse_secret and document.is_secret:
            return Made(order.number, (SECRET_REFUSED,))
    except DataError as error:
        return Made(order.number, error.problems)
    except (DocgenError, OSError):
        raise
    except Exception as error:  # noqa: BLE001 - a fault of the program in one row must not cost the others
        what = f"Chương trình gặp lỗi chưa lường trước ở dòng này ({place_of(error)})."
        return Made(order.number, (Problem(code="row-fault", what=what, cure="Báo người phụ trách kèm dòng này."),))
    return Made(
        number=order.number,
        problems=document.warnings,
        content=document.content,
        sha256=hashlib.sha256(document.content).hexdigest(),
        size=len(document.content),
        wanted=_wanted(job, document, order),
        form=press.form.id,
        edition=press.form.edition,
        layout=document.layout,
        who=document.named(f"{{{press.form.name_fields[0]}}}") if press.form.name_fields else "",
        unit=document.named(f"{{{UNIT}}}") if UNIT in press.form.fields else "",
    )


def _wanted(job: Job, document: Document, order: Order) -> str:
    pattern = job.pattern or pattern_of(document.form)
    own = {CODE_NAME: order.code, FORM_NAME: document.form.id}

    def fill(part: str) -> str:
        return document.named(part, own)

    return safe_path(pattern, fill, job.ending, accented=job.accented)


def _left(folder: Path, made: Made) -> Made:
    """The document left in the folder for parts, durable, under a name that no other worker uses."""
    if made.content is None:
        return made
    name = f"{made.number}-{os.getpid()}-{os.urandom(4).hex()}.part"
    try:
        write_synced(folder / name, made.content)
    except OSError as error:
        raise not_written(folder / name, error, made.size) from error
    return made._replace(content=None, part=name)


def _as_pdf(job: Job, made: Iterable[Made]) -> list[Made]:
    """The documents as PDF; those that LibreOffice cannot make, as problems of their rows."""
    from docgen.word.pdf_pages import pdfs_of

    each = list(made)
    ready = [one for one in each if one.content is not None]
    results = pdfs_of([one.content or b"" for one in ready], _converter(get_ident()), timeout=job.pdf_seconds)
    by_number = {one.number: _pdf(one, result) for one, result in zip(ready, results, strict=True)}
    return [by_number.get(one.number, one) for one in each]


def _pdf(made: Made, result: bytes | OutputError) -> Made:
    if isinstance(result, OutputError):
        return Made(made.number, result.problems)
    from docgen.word.pdf_pages import page_count

    sha256 = hashlib.sha256(result).hexdigest()
    return made._replace(content=result, sha256=sha256, size=len(result), pages=page_count(result))


@cache
def _converter(thread: int) -> Converter:  # noqa: ARG001 - each thread has its own
    """LibreOffice for this worker, kept as long as the worker lives."""
    from docgen.word.pdf import Converter

    converter = Converter()
    atexit.register(converter.close)
    return converter
