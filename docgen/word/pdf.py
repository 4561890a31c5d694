"""A Word document becomes a PDF through LibreOffice, called as a program (the only place that starts processes).

LibreOffice works in a private folder that is removed afterwards: its own profile (two calls never share one, because
the second would make nothing), its own home, the documents under neutral names. The profile forbids macros, links to
other places, update checks and recovery. LibreOffice exits with 0 on a file it could not load, so the PDF itself is
what counts.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from docgen.errors import OutputError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_USUAL_PLACES = (
    r"C:\Program Files\LibreOffice\program\soffice.com",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.com",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)

_SECONDS_TO_DIE = 10.0
"""How long killed processes may take to let go of their files."""

_EXPORT = 'pdf:writer_pdf_Export:{"ExportFormFields":{"type":"boolean","value":"false"}}'
"""Content controls print as text; newer LibreOffice would make them fields to fill in."""

_OPTIONS = (
    "--headless",
    "--invisible",
    "--norestore",
    "--nologo",
    "--nodefault",
    "--nofirststartwizard",
    "--nolockcheck",
    "--infilter=MS Word 2007 XML",
)
"""The filter is named because LibreOffice would otherwise print a broken .docx as plain text."""

_SETTINGS = (
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Misc", "FirstRun", "false"),
    ("Common/Misc", "CrashReport", "false"),
    ("Common/Misc", "CollectUsageInformation", "false"),
    ("Common/History", "PickListSize", "0"),
    ("Recovery/AutoSave", "Enabled", "false"),
    ("Recovery/RecoveryInfo", "Enabled", "false"),
    ("Writer/Content/Update", "Link", "2"),
    ("Jobs/Jobs/org.openoffice.Office.Jobs:Job['UpdateCheck']/Arguments", "AutoCheckEnabled", "false"),
)
"""Settings of the fresh profile: no link of a document is followed, nothing runs, nothing is remembered or sent."""


def find_soffice() -> str | None:
    """The path of LibreOffice's program on this machine; None where there is none."""
    for name in ("soffice", "libreoffice"):
        if found := shutil.which(name):
            return found
    return next((place for place in _USUAL_PLACES if Path(place).is_file()), None)


def to_pdf(docx: bytes, *, timeout: float = 60.0) -> bytes:
    """The PDF of one .docx; `timeout` in seconds. Raises OutputError as `to_pdfs` does."""
    return to_pdfs([docx], timeout=timeout)[0]


def to_pdfs(documents: Sequence[bytes], *, timeout: float = 60.0) -> list[bytes]:
    """The PDF of each .docx, in the given order, made by one call of LibreOffice.

    Args:
        documents: whole .docx files.
        timeout: seconds for the call as a whole.

    Raises:
        OutputError: `pdf-converter-missing` without LibreOffice, `pdf-timeout` when it did not end in time (it is
            killed with all its children), `pdf-failed` for each document that it made no PDF of.
    """
    if not documents:
        return []
    program = find_soffice()
    if program is None:
        raise _missing()
    try:
        with tempfile.TemporaryDirectory(prefix="docgen-pdf-") as folder:
            return _convert(program, Path(folder), documents, timeout)
    except OSError as error:
        what = f"Không chạy được LibreOffice hoặc không ghi được tệp tạm: {error.strerror or type(error).__name__}."
        cure = "Kiểm tra dung lượng và quyền ghi của thư mục tạm rồi làm lại; tệp Word (.docx) vẫn tạo được."
        raise OutputError.of("pdf-failed", what, cure) from error


def _convert(program: str, folder: Path, documents: Sequence[bytes], timeout: float) -> list[bytes]:
    """Everything that happens inside the private folder."""
    _write_profile(folder / "profile")
    sources = [folder / f"{number}.docx" for number in range(1, len(documents) + 1)]
    for source, docx in zip(sources, documents, strict=True):
        source.write_bytes(docx)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    names = [source.name for source in sources]
    command = [program, profile, *_OPTIONS, "--convert-to", _EXPORT, "--outdir", str(folder), *names]
    if not _ended_in_time(command, folder, timeout):
        raise _too_slow(timeout)
    targets = [source.with_suffix(".pdf") for source in sources]
    made = [target.read_bytes() if target.is_file() else b"" for target in targets]
    # An empty file is a new document to LibreOffice.
    failed = [
        number for number, (docx, pdf) in enumerate(zip(documents, made, strict=True), start=1) if not (docx and pdf)
    ]
    if failed:
        raise OutputError([_unreadable(number, len(documents)) for number in failed])
    return made


def _ended_in_time(command: Sequence[str], folder: Path, timeout: float) -> bool:
    """Run the command in a process group of its own; whatever happens, nothing of that group is left running."""
    process = subprocess.Popen(  # noqa: S603 -- LibreOffice's own path and file names of our making, no shell
        command,
        cwd=folder,
        env=_environment(os.environ, folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        return False
    finally:
        _kill_group(process)
    return True


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """End what is left of the process and its children, and wait until they have let go of the pipe (and the files)."""
    if process.stdout is None or process.stdout.closed:
        return
    if sys.platform == "win32":
        subprocess.run(  # noqa: S603 -- a program of Windows and a number
            ["taskkill", "/F", "/T", "/PID", str(process.pid)],  # noqa: S607 -- stands in the path of every Windows
            check=False,
            capture_output=True,
        )
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):
        process.communicate(timeout=_SECONDS_TO_DIE)


def _environment(ours: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Our environment, with home, temporary files and language that do not depend on the person or the machine."""
    places = dict.fromkeys(("HOME", "TMPDIR", "TEMP", "TMP", "XDG_RUNTIME_DIR"), str(folder))
    without_display = {name: value for name, value in ours.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    return {**without_display, **places, "LC_ALL": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"}


def _write_profile(profile: Path) -> None:
    """A fresh profile that holds our settings and nothing else."""
    items = "".join(
        f'<item oor:path="/org.openoffice.Office.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in _SETTINGS
    )
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>\n',
        encoding="utf-8",
    )


def _missing() -> OutputError:
    what = "Máy này chưa có LibreOffice nên không tạo được tệp PDF."
    cure = (
        "Debian, Ubuntu: chạy «apt-get install libreoffice-writer-nogui». "
        "Windows: cài LibreOffice vào thư mục mặc định. Trong khi chờ, vẫn tạo được tệp Word (.docx)."
    )
    return OutputError.of("pdf-converter-missing", what, cure)


def _too_slow(timeout: float) -> OutputError:
    seconds = f"{timeout:g}".replace(".", ",")
    what = f"Sau {seconds} giây LibreOffice vẫn chưa tạo xong tệp PDF nên đã bị dừng."
    cure = "Làm lại khi máy bớt việc, hoặc mỗi lần chuyển ít tài liệu hơn; tệp Word (.docx) vẫn tạo được."
    return OutputError.of("pdf-timeout", what, cure)


def _unreadable(number: int, count: int) -> Problem:
    which = "tài liệu này" if count == 1 else f"tài liệu thứ {number} trong {count}"
    what = f"LibreOffice không tạo được tệp PDF từ {which}."
    return Problem(code="pdf-failed", what=what, cure="Mở tệp .docx bằng Word để kiểm tra rồi làm lại.")
