"""One merge, in a process of its own: calls the library, writes how far it is, puts its files where they are fetched.

A process of its own can be ended at any moment, whatever it is waiting for, and takes nobody with it when it dies; the
library's merge goes on from its ledger when it is called again.
"""

from __future__ import annotations

import logging
import os
import shutil
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from filelock import FileLock

from docgen.batch.merging import merge
from docgen.batch.options import Options
from docgen.errors import DocgenError, Problem, place_of
from service.job_folder import ERRORS, INDEX, RESULT, Asked, JobFolder, JobState, NoJobError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from docgen.batch.report import Report

_LOG = logging.getLogger(__name__)
_SECONDS_BETWEEN: Final = 0.5
_SECONDS_TO_DIE: Final = 60.0
_MOST_TOLD: Final = 500
"""So many problems a state carries: a page shows no more, and it is fetched every other second."""
_INDEX_IN_ZIP: Final = "danh_sach.xlsx"


def work_off(folder: JobFolder, profile: Mapping[str, object]) -> None:
    """Do a job to its end, good or bad; never raises. `profile`: the entries of the organisation's `to_chuc.toml`."""
    try:
        _merge(folder, profile)
    except NoJobError:
        _LOG.info("a job was deleted before it was begun")
    except Exception as error:  # noqa: BLE001 - nobody is there to be told: the job says what it was
        fail(folder, _problems(error))


def fail(folder: JobFolder, problems: Iterable[Problem]) -> None:
    """End a job badly; one that was deleted meanwhile needs no end."""
    if not folder.place.exists():
        return
    try:
        state = replace(folder.read(), state="failed", rate=None, seconds_left=None, problems=_told(problems))
        folder.write(state)
        folder.forget_content(outputs=True)
    except (NoJobError, DocgenError) as error:
        _LOG.error("a job could not be ended: %s", place_of(error))


def _merge(folder: JobFolder, profile: Mapping[str, object]) -> None:
    asked, _ = folder.told()
    # A process of a service that was killed may take a moment to die.
    with FileLock(folder.output / "job.lock", timeout=_SECONDS_TO_DIE):
        _merge_alone(folder, asked, profile)
    folder.forget_content(outputs=True)


def _merge_alone(folder: JobFolder, asked: Asked, profile: Mapping[str, object]) -> None:
    progress = Progress(folder, folder.read())
    report = merge(asked.name, folder.list_of(asked), folder.target(asked), **_options(asked, profile, progress))
    _collect(folder, asked, report)
    folder.write(_ended(progress.state, report, folder))


def _options(asked: Asked, profile: Mapping[str, object], progress: Progress) -> Options:
    options = Options(
        profile=profile,
        accented=asked.accented,
        pdf=asked.pdf and not asked.print,
        duplex=asked.duplex,
        refuse_secret=asked.refuse_secret,
        progress=progress,
    )
    if asked.common:
        options["common"] = asked.common
    if asked.convert:
        options["convert"] = asked.convert
    if asked.pattern:
        options["pattern"] = asked.pattern
    if asked.sheet:
        options["sheet"] = asked.sheet
    return options


class Progress:
    """Writes how far a merge is, at most twice a second."""

    def __init__(self, folder: JobFolder, state: JobState) -> None:
        self._folder, self.state = folder, state
        self._began = time.monotonic()
        self._first: tuple[float, int] | None = None
        self._written = 0.0

    def __call__(self, settled: int, total: int) -> None:
        """As the merge calls it."""
        now = time.monotonic()
        self._first = self._first or (now, settled)
        since, rows = now - self._first[0], settled - self._first[1]
        rate = rows / since if rows > 0 and since > 0 else None
        self.state = replace(
            self.state,
            settled=settled,
            total=total,
            seconds=round(now - self._began, 1),
            rate=rate and round(rate, 1),
            seconds_left=round((total - settled) / rate, 1) if rate else None,
            attempts=0 if settled > self.state.furthest else self.state.attempts,
            furthest=max(settled, self.state.furthest),
        )
        if now - self._written >= _SECONDS_BETWEEN:
            self._written = now
            self._folder.write(self.state)


def _collect(folder: JobFolder, asked: Asked, report: Report) -> None:
    """Put what the merge has made under the names that are fetched."""
    outputs = [Path(output) for output in report.outputs]
    bad = Path(report.bad_rows) if report.bad_rows else None
    if bad is not None:
        shutil.copyfile(bad, folder.place / ERRORS)
    if not asked.print:
        target = folder.target(asked)
        if target.exists():
            with zipfile.ZipFile(target) as whole:
                (folder.place / INDEX).write_bytes(whole.read(_INDEX_IN_ZIP))
            os.replace(target, folder.place / RESULT)  # noqa: PTH105 - Path.replace is the same call
        return
    index = next((each for each in outputs if each.name.endswith(_INDEX_IN_ZIP)), None)
    if index is not None:
        shutil.copyfile(index, folder.place / INDEX)
    if any(each not in {bad, index} for each in outputs):
        _pack(folder.place / RESULT, outputs, folder.target(asked).name)


def _pack(place: Path, files: Iterable[Path], target: str) -> None:
    """All print files and workbooks in one zip, stored; a workbook's name loses that of the target before it."""
    with zipfile.ZipFile(place, "w", zipfile.ZIP_STORED) as whole:
        for file in files:
            whole.write(file, file.name.removeprefix(f"{target}."))


def _ended(state: JobState, report: Report, folder: JobFolder) -> JobState:
    counts: dict[str, Any] = {name: value for name, value in report.as_dict().items() if isinstance(value, int)}
    has_result = (folder.place / RESULT).exists()
    return replace(
        state,
        **counts,
        state="done" if has_result else "failed",
        settled=state.total,
        seconds_left=None,
        problems=_told(report.problems),
        has_result=has_result,
        has_errors=(folder.place / ERRORS).exists(),
    )


def _problems(error: BaseException) -> Iterable[Problem]:
    """What is told of a job that failed as a whole; of what nobody foresaw the log says where."""
    if isinstance(error, DocgenError):
        return error.problems
    _LOG.error("a job failed: %s", place_of(error))
    what = "Có lỗi chưa lường trước khi trộn danh sách này."
    return [Problem(code="unexpected", what=what, cure="Gửi lại một lần; nếu vẫn lỗi thì báo người phụ trách.")]


def _told(problems: Iterable[Problem]) -> tuple[dict[str, Any], ...]:
    return tuple(problem.as_dict() for problem in list(problems)[:_MOST_TOLD])
