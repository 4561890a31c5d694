"""How fast one record becomes a document, as ratios measured in one run, so that they hold on any machine.

Each figure is one JSON line: name, value, limit. `figures(template, words)` measures any template.
"""

from __future__ import annotations

import io
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from docxtpl import DocxTemplate

from docgen.papers import library
from docgen.papers.record import record
from docgen.papers.words import words as ready_words
from docgen.word import package
from docgen.word.language import Language
from docgen.word.template import Template, compile_template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

FLOOR_LIMIT, DOCXTPL_LIMIT, MEMORY_LIMIT_MIB = 6.0, 80.0, 20.0
ROUNDS, RENDERS, MANY = 21, 20, 20_000
FORM, ANSWER_BYTES, COMMAND_RUNS = "mau-2b-2025", 3_000, 5


def main() -> None:
    """Prints the figures of `mau-2b-2025` and of two commands; exits 1 where one is beyond its limit."""
    form = library.form(FORM)
    found = [*figures(library.template(form, form.layouts[0]), sample_of_three_kilobytes()), *_commands()]
    for figure in found:
        print(json.dumps(figure))
    sys.exit(any(not _kept(figure) for figure in found))


def figures(docx: bytes, values: Mapping[str, object]) -> Iterator[dict[str, object]]:
    """The figures of one template with one record: `name`, `value`, `limit` (a ratio, or MiB)."""
    template = compile_template(docx, values)
    floor, slow = _floor(template, values), _docxtpl(docx, values)
    to_floor = _ratio(lambda: template.render(values), floor, RENDERS)
    yield {"name": "engine: render / (deflate and zip)", "value": round(to_floor, 2), "limit": FLOOR_LIMIT}
    to_docxtpl = _ratio(slow, lambda: template.render(values), 1)
    yield {"name": "engine: docxtpl / render", "value": round(to_docxtpl, 1), "limit": DOCXTPL_LIMIT}
    grown = _growth(template, values)
    yield {"name": "engine: MiB grown over 20,000 renders", "value": round(grown, 2), "limit": MEMORY_LIMIT_MIB}


def sample_of_three_kilobytes() -> dict[str, object]:
    """The sample of `mau-2b-2025` with its answers cut, paragraph by paragraph, to 3 kB of UTF-8 in all."""
    form = library.form(FORM)
    values, left = library.sample(form), ANSWER_BYTES
    for name, field in form.fields.items():
        if field.type == "paragraphs" and name in values:
            kept = []
            for paragraph in values[name]:
                left -= len(paragraph.encode())
                kept += [paragraph] if left > 0 else []
            values[name] = kept
    return ready_words(record(form, values))


def _commands() -> Iterator[dict[str, object]]:
    """CPU seconds of two commands, process start included: the median of several runs."""
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "record.json"
        given.write_text(json.dumps(library.sample(library.form(FORM)), ensure_ascii=False), "utf-8")
        made = str(given.with_suffix(".docx"))
        for limit, command in ((0.4, ["forms"]), (0.8, ["render", FORM, str(given), "-o", made])):
            seconds = statistics.median(_child_cpu(command) for _ in range(COMMAND_RUNS))
            yield {"name": f"command: CPU s of docgen {command[0]}", "value": round(seconds, 3), "limit": limit}


def _child_cpu(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "docgen.cli", *command], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _floor(template: Template, values: Mapping[str, object]) -> Callable[[], object]:
    """Deflating the ready document.xml and writing the zip: what no engine can go below."""
    ready = package.parts(template.render(values))
    members = [package.pack(name, content) for name, content in ready.items()]
    at = next(number for number, name in enumerate(ready) if name == "word/document.xml")
    document = ready["word/document.xml"]

    def write() -> bytes:
        members[at] = package.pack("word/document.xml", document)
        return package.write(members)

    return write


def _docxtpl(docx: bytes, values: Mapping[str, object]) -> Callable[[], object]:
    language = Language()

    def render() -> None:
        document = DocxTemplate(io.BytesIO(docx))
        document.render(dict(values), language)
        document.save(io.BytesIO())

    return render


def _ratio(above: Callable[[], object], below: Callable[[], object], times: int) -> float:
    """The ratio of the medians of CPU time, each round measuring one after the other."""
    pairs = [
        (_cpu(above, times), _cpu(below, max(times, RENDERS)) / max(times, RENDERS) * times) for _ in range(ROUNDS)
    ]
    return statistics.median(one for one, _ in pairs) / statistics.median(other for _, other in pairs)


def _cpu(work: Callable[[], object], times: int) -> float:
    start = time.process_time()
    for _ in range(times):
        work()
    return time.process_time() - start


def _growth(template: Template, values: Mapping[str, object]) -> float:
    for _ in range(MANY // 20):
        template.render(values)
    before = _resident()
    for _ in range(MANY):
        template.render(values)
    return (_resident() - before) / 1024**2


def _resident() -> int:
    """Bytes of memory that the process holds now (the peak would hide growth below an earlier peak)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


def _kept(figure: Mapping[str, object]) -> bool:
    value, limit = float(str(figure["value"])), float(str(figure["limit"]))
    return value >= limit if "docxtpl" in str(figure["name"]) else value <= limit


if __name__ == "__main__":
    main()
