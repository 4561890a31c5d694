"""How fast a list becomes documents, as ratios measured in one run, so that they hold on any machine.

S is what the merge of a list cannot do without: reading the Excel with calamine, then check, words and rendering at the
path's own rate in one process divided by the two workers, then writing the ready bytes. What a figure has above S is
the price of the rest: addresses of cells, forms, ledger, names, the index, and what two processes tell each other.

    python -m benchmarks.merge             every figure, some minutes
    python -m benchmarks.merge 6000        the same with fewer rows, to look at
"""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import resource
import shutil
import statistics
import sys
import tempfile
import time
import zipfile
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import python_calamine

from benchmarks._people import COLUMNS
from benchmarks._people import rows as invented
from docgen.batch.binding import Binding
from docgen.batch.merging import merge
from docgen.batch.tasks import Made, Order, Task
from docgen.batch.work import Job, work
from docgen.generate import Press
from docgen.papers import library
from docgen.papers.columns import columns_of
from docgen.papers.record import record
from docgen.papers.words import words as ready_words
from docgen.tables.excel import Column, SheetOut, write_sheets
from docgen.word.language import Language
from docgen.word.pdf import Converter
from docgen.word.pdf_pages import pdfs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from docgen.tables.excel import Value

FORM, WORKERS = "mau-2b-2025", 2
ROWS, PAIRS = 60_000, 3
SAMPLE, DOCXTPL_ROWS, GROUP = 2_000, 300, 200
ZIP_LIMIT, FOLDER_LIMIT, DOCXTPL_LIMIT, SLOPE_LIMIT, MEMORY_LIMIT_MIB = 1.5, 1.5, 60.0, 1.15, 50.0
PRINTED, PRINT_LIMIT_MS, PRINT_SLOPE_LIMIT = 5_000, 1.0, 1.25
PDFS, PDF_LIMIT = 100, 1.7
FIRST_LOOK = 1_000
MORE_IS_BETTER = ("docxtpl", "pdf")
_MIB = 1024**2


class Run(NamedTuple):
    """One merge: wall seconds, and MiB that the coordinator and its largest worker grew from row 1,000 to the last."""

    seconds: float
    grown: float
    workers_grown: float


def main() -> None:
    """Prints the figures; exits 1 where one is beyond its limit."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for figure in figures(Path(folder), count):
            print(json.dumps(figure), flush=True)
            failed |= not _kept(figure)
    sys.exit(failed)


def figures(folder: Path, count: int) -> Iterator[dict[str, object]]:
    """Every figure for lists of up to `count` rows: `name`, `value`, `limit`."""
    lists = {rows: _list(folder / f"{rows}.xlsx", rows) for rows in (count, count // 2, FIRST_LOOK)}
    orders, docx = _sample()
    rounds = []
    for _ in range(PAIRS):
        # In each round anew: a machine that others share is not as fast all the time.
        rate = statistics.median(_seconds(lambda: work(_job(), orders)) for _ in range(PAIRS)) / len(orders)
        read = _seconds(lambda: _calamine(lists[count]))
        rounds.append(
            (
                _merged(lists[count], folder / "out.zip"),
                read + rate * count / WORKERS + _ready_zip(folder / "ready.zip", docx, count),
                _merged(lists[count], folder / "out"),
                read + rate * count / WORKERS + _ready_folder(folder / "ready", docx, count),
            )
        )
    zipped, filed = [one[0] for one in rounds], [one[2] for one in rounds]
    told = f"merge: {count:,} rows to a"
    yield _figure(f"{told} zip / S", statistics.median(run.seconds / floor for run, floor, _, _ in rounds), ZIP_LIMIT)
    yield _figure(
        f"{told} folder / S", statistics.median(run.seconds / floor for _, _, run, floor in rounds), FOLDER_LIMIT
    )
    slow = _docxtpl(orders) / DOCXTPL_ROWS * count
    quick = statistics.median(run.seconds for run in zipped)
    yield _figure(f"merge: docxtpl in a loop / {count:,} rows to a zip", slow / quick, DOCXTPL_LIMIT)
    for name, grown in (("coordinator", "grown"), ("worker", "workers_grown")):
        most = max(getattr(run, grown) for run in (*zipped, *filed))
        yield _figure(f"merge: MiB a {name} grows from row 1,000 to row {count:,}", most, MEMORY_LIMIT_MIB)
    yield _figure("merge: cost of a row, upper half / lower half", _slope(lists, folder, quick), SLOPE_LIMIT)
    yield from _print_figures(docx)
    yield from _pdf_figures(docx)


def _slope(lists: Mapping[int, Path], folder: Path, whole: float) -> float:
    """What a row costs between half the list and all of it, against between 1,000 rows and half."""
    count, half, few = sorted(lists, reverse=True)
    times = {
        rows: statistics.median(_merged(lists[rows], folder / f"{rows}.zip").seconds for _ in range(PAIRS))
        for rows in (half, few)
    }
    return (whole - times[half]) / (count - half) / ((times[half] - times[few]) / (half - few))


def _print_figures(docx: Sequence[bytes]) -> Iterator[dict[str, object]]:
    """Binding ready documents into one print file: milliseconds for each, and whether that stays so."""
    few, many = (_bound(docx, count) * 1000 for count in (PRINTED // 5, PRINTED))
    yield _figure(f"print file: ms for each of {PRINTED:,}", many, PRINT_LIMIT_MS)
    yield _figure(f"print file: cost of one in {PRINTED:,} / in {PRINTED // 5:,}", many / few, PRINT_SLOPE_LIMIT)


def _bound(docx: Sequence[bytes], count: int) -> float:
    """Seconds for each of so many documents in one print file."""
    printed = [
        (Task(number, "", "", FORM, ""), Made(number, (), content=docx[number % len(docx)], layout="bieu-mau"))
        for number in range(count)
    ]
    binding = Binding("docx", {FORM: Press(library.form(FORM))}, duplex=False)
    return statistics.median(_seconds(lambda: binding.bound(printed, title="")) for _ in range(PAIRS)) / count


def _pdf_figures(docx: Sequence[bytes]) -> Iterator[dict[str, object]]:
    """Merged, made once and split, against files of their own, a hundred in a call; one process, same documents."""
    some = docx[:PDFS]
    with Converter() as converter:
        converter.pdfs(some[:1])
        alone = _seconds(lambda: converter.pdfs(some, timeout=600))
        together = _seconds(lambda: pdfs_of(some, converter, timeout=600))
    yield _figure(f"pdf: {PDFS} files in a call / merged and split", alone / together, PDF_LIMIT)


def _list(place: Path, rows: int) -> Path:
    """An Excel list with 15 columns, as an office has it."""
    known = columns_of(FORM).fields
    columns = [Column(heading=known[name].title) for name in COLUMNS]
    cells: Iterator[Sequence[Value]] = ([row[name] for name in COLUMNS] for row in invented(rows))  # type: ignore[misc]
    place.write_bytes(write_sheets([SheetOut(title="Danh sách", columns=columns, rows=cells)], scratch=place.parent))
    return place


def _sample() -> tuple[list[Order], list[bytes]]:
    """Orders of a part of the list, and their documents."""
    orders = [Order(number, FORM, row, "") for number, row in enumerate(islice(invented(SAMPLE), SAMPLE))]
    return orders, [made.content or b"" for made in work(_job(), orders)]


def _job() -> Job:
    return Job(presses={FORM: Press(library.form(FORM)).ready()}, pattern=None)


def _merged(source: Path, target: Path) -> Run:
    """One merge from nothing; its output is taken away again."""
    looks: dict[str, dict[str, int]] = {}

    def look(settled: int, total: int) -> None:
        for name in (["first"] if settled >= FIRST_LOOK and "first" not in looks else []) + (
            ["last"] if settled == total else []
        ):
            workers = {f"{child.pid}": _resident(child.pid or 0) for child in multiprocessing.active_children()}
            looks.setdefault(name, {"self": _resident(os.getpid()), **workers})

    start = time.perf_counter()
    report = merge(FORM, source, target, workers=WORKERS, progress=look)
    seconds = time.perf_counter() - start
    assert not report.failed, report.problems[:3]
    grown = {name: size - looks["first"][name] for name, size in looks["last"].items() if name in looks["first"]}
    for left in target.parent.glob(f"{target.name}*"):
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    own = grown.pop("self")
    return Run(seconds, own / _MIB, max(grown.values(), default=0) / _MIB)


def _calamine(source: Path) -> None:
    book = python_calamine.CalamineWorkbook.from_path(str(source))
    for row in book.get_sheet_by_index(0).iter_rows():
        _ = row


def _ready_zip(place: Path, docx: Sequence[bytes], count: int) -> float:
    """Seconds for so many ready documents into a zip, stored."""

    def write() -> None:
        with zipfile.ZipFile(place, "w", zipfile.ZIP_STORED) as archive:
            for number in range(count):
                archive.writestr(f"chi bo {number // GROUP}/{number}.docx", docx[number % len(docx)])

    seconds = _seconds(write)
    place.unlink()
    return seconds


def _ready_folder(place: Path, docx: Sequence[bytes], count: int) -> float:
    """Seconds for so many ready documents as durable files: written aside, synced in groups, renamed."""

    def write() -> None:
        for start in range(0, count, GROUP):
            folder = place / f"chi bo {start // GROUP}"
            folder.mkdir(parents=True)
            opened = []
            for number in range(start, min(start + GROUP, count)):
                file = (folder / f"{number}.part").open("wb")
                file.write(docx[number % len(docx)])
                file.flush()
                opened.append(file)
            for file in opened:
                os.fsync(file.fileno())
                file.close()
                part = Path(file.name)
                part.replace(part.with_suffix(".docx"))

    seconds = _seconds(write)
    shutil.rmtree(place)
    return seconds


def _docxtpl(orders: Sequence[Order]) -> float:
    """Seconds that docxtpl takes for 300 of the rows, in the loop that everybody writes."""
    from docxtpl import DocxTemplate  # here, as every worker of the merge loads this module when it starts

    form, language = library.form(FORM), Language()
    template = library.template(form, form.layouts[0])
    words = [ready_words(record(form, order.values)) for order in orders[:DOCXTPL_ROWS]]

    def loop() -> None:
        for each in words:
            document = DocxTemplate(io.BytesIO(template))
            document.render(dict(each), language)
            document.save(io.BytesIO())

    return _seconds(loop)


def _seconds(do: Callable[[], object]) -> float:
    start = time.perf_counter()
    do()
    return time.perf_counter() - start


def _resident(process: int) -> int:
    """Bytes of memory that a process holds now."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0
    return pages * resource.getpagesize()


def _figure(name: str, value: float, limit: float) -> dict[str, object]:
    return {"name": name, "value": round(value, 2), "limit": limit}


def _kept(figure: Mapping[str, object]) -> bool:
    value, limit = float(str(figure["value"])), float(str(figure["limit"]))
    return value >= limit if any(word in str(figure["name"]) for word in MORE_IS_BETTER) else value <= limit


if __name__ == "__main__":
    main()
