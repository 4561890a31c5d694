"""A Word document becomes a PDF through LibreOffice, called as a program (the only place that starts processes).

LibreOffice works in a private folder that is removed afterwards: its own profile (two calls never share one at a time,
because the second would make nothing), its own home, the documents under neutral names. The profile forbids macros,
links to other places, update checks and recovery. LibreOffice exits with 0 on a file it could not load, so the PDF
itself is what counts.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from docgen.errors import OutputError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

_USUAL_PLACES = (
    r"C:\Program Files\LibreOffice\program\soffice.com",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.com",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)

_SECONDS_TO_DIE = 10.0
"""How long killed processes may take to let go of their files."""

_END_OF_PDF = b"%%EOF"
_FORM_FIELDS, _DESTINATIONS = "ExportFormFields", "ExportBookmarksToPDFDestination"
"""Content controls print as text, where newer LibreOffice would make them fields to fill in; bookmarks may be found."""

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
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Font/Substitution", "Replacement", "true"),
    ("Office.Common/Misc", "FirstRun", "false"),
    ("Office.Common/Misc", "CrashReport", "false"),
    ("Office.Common/Misc", "CollectUsageInformation", "false"),
    ("Office.Common/History", "PickListSize", "0"),
    ("Office.Recovery/AutoSave", "Enabled", "false"),
    ("Office.Recovery/RecoveryInfo", "Enabled", "false"),
    ("Office.Writer/Content/Update", "Link", "2"),
    ("Office.Jobs/Jobs/org.openoffice.Office.Jobs:Job['UpdateCheck']/Arguments", "AutoCheckEnabled", "false"),
    ("Setup/Product", "ooSetupLastVersion", "999.0"),
)
"""Settings of the fresh profile: no link of a document is followed, nothing runs, nothing is remembered or sent.

To a version that it takes for new, LibreOffice would test the machine's graphics at every start.
"""

_FONTS = {"Times New Roman": "Times New Roman;Tinos;Liberation Serif"}
"""What stands in for a font that is not installed, the first that is.

Of itself LibreOffice would take an old Liberation Serif, which has no Vietnamese letters: it would look for each of
them elsewhere, which is ugly and takes half as long again.
"""


def installed_fonts() -> frozenset[str] | None:
    """The names of the fonts of this machine; None where no program tells them (Windows, macOS)."""
    program = shutil.which("fc-list")
    if program is None:
        return None
    listed = subprocess.run([program, ":", "family"], capture_output=True, text=True, check=False, timeout=30)  # noqa: S603
    return frozenset(name.strip() for line in listed.stdout.splitlines() for name in line.split(","))


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
    with Converter() as converter:
        return converter.pdfs(documents, timeout=timeout)


class Converter:
    """LibreOffice for one worker: its profile is kept from call to call, which saves a second each.

    After a call that was stopped or crashed, the next one begins with a fresh profile. Converters do not disturb each
    other, each of them does one thing at a time; leave it (`with`, `close`) to remove its folder.
    """

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove the profile; the next call makes another."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def pdfs(self, documents: Sequence[bytes], *, timeout: float = 60.0) -> list[bytes]:
        """The PDF of each .docx; arguments and errors as of `to_pdfs`."""
        made, problems = [], []
        for number, result in enumerate(self.tried(documents, timeout=timeout), start=1):
            if isinstance(result, bytes):
                made.append(result)
            elif result.code == "pdf-timeout":
                raise OutputError([result])
            else:
                problems.append(_unreadable(number, len(documents)))
        if problems:
            raise OutputError(problems)
        return made

    def tried(
        self, documents: Sequence[bytes], *, timeout: float = 60.0, destinations: bool = False
    ) -> list[bytes | Problem]:
        """The PDF of each .docx, or why there is none; one call of LibreOffice, stopped after `timeout` seconds.

        `pdf-failed` is the fault of the document; after `pdf-timeout` and `pdf-crashed` it may have been another's.
        With `destinations`, every bookmark is a named destination of the PDF.

        Raises:
            OutputError: `pdf-converter-missing` without LibreOffice, `pdf-failed` where it cannot be started.
        """
        if not documents:
            return []
        program = find_soffice()
        if program is None:
            raise _missing()
        try:
            return self._convert(program, documents, timeout, _export(destinations=destinations))
        except OSError as error:
            what = f"Không chạy được LibreOffice hoặc không ghi được tệp tạm: {error.strerror or type(error).__name__}."
            cure = "Kiểm tra dung lượng và quyền ghi của thư mục tạm rồi làm lại; tệp Word (.docx) vẫn tạo được."
            raise OutputError.of("pdf-failed", what, cure) from error

    def _convert(self, program: str, documents: Sequence[bytes], timeout: float, export: str) -> list[bytes | Problem]:
        """Everything that happens inside the private folder; the documents do not outlast the call."""
        home = self._home()
        with tempfile.TemporaryDirectory(dir=home, prefix="call-") as name:
            folder = Path(name)
            sources = [folder / f"{number}.docx" for number in range(1, len(documents) + 1)]
            for source, docx in zip(sources, documents, strict=True):
                source.write_bytes(docx)
            profile = f"-env:UserInstallation={(home / 'profile').as_uri()}"
            names = [source.name for source in sources]
            command = [program, profile, *_OPTIONS, "--convert-to", export, "--outdir", name, *names]
            code = exit_code(command, home, folder, timeout)
            results = [_result(source.with_suffix(".pdf"), docx, code, timeout)
                       for source, docx in zip(sources, documents, strict=True)]  # fmt: skip
        if code != 0:
            self.close()
        return results

    def _home(self) -> Path:
        """The private folder, with a profile in it."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="docgen-pdf-")
            _write_profile(Path(self._folder.name) / "profile")
        return Path(self._folder.name)


def _export(*, destinations: bool) -> str:
    """The name of LibreOffice's filter with its options."""
    options = {_FORM_FIELDS: False, _DESTINATIONS: destinations}
    told = {name: {"type": "boolean", "value": str(value).lower()} for name, value in options.items()}
    return f"pdf:writer_pdf_Export:{json.dumps(told)}"


def _result(target: Path, docx: bytes, code: int | None, timeout: float) -> bytes | Problem:
    """What became of one document; `code` is None where LibreOffice was stopped."""
    made = target.read_bytes() if docx and target.is_file() else b""  # an empty file is a new document to LibreOffice
    if made.rstrip().endswith(_END_OF_PDF):
        return made
    if code is None:
        return _too_slow(timeout)
    return replace(_unreadable(1, 1), code="pdf-crashed") if code else _unreadable(1, 1)


def exit_code(command: Sequence[str], home: Path, folder: Path, timeout: float) -> int | None:
    """Run the command in a process group of its own; None when it did not end in time.

    Whatever happens, nothing of that group is left running.
    """
    process = subprocess.Popen(  # noqa: S603 -- LibreOffice's own path and file names of our making, no shell
        command,
        cwd=folder,
        env=_environment(os.environ, home, folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        return None
    finally:
        _kill_group(process)
    return process.returncode


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


def _environment(ours: Mapping[str, str], home: Path, folder: Path) -> dict[str, str]:
    """Our environment, with home, temporary files and language that do not depend on the person or the machine."""
    places = {"HOME": str(home), **dict.fromkeys(("TMPDIR", "TEMP", "TMP", "XDG_RUNTIME_DIR"), str(folder))}
    without_display = {name: value for name, value in ours.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    return {**without_display, **places, "LC_ALL": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"}


def _write_profile(profile: Path) -> None:
    """A fresh profile that holds our settings and nothing else."""
    items = "".join(f'<item oor:path="/org.openoffice.{path}">{_entry(name, value)}</item>'
                    for path, name, value in _SETTINGS)  # fmt: skip
    for number, (font, others) in enumerate(_FONTS.items()):
        pair = {"ReplaceFont": font, "SubstituteFont": others, "Always": "true", "OnScreenOnly": "false"}
        entries = "".join(_entry(name, value) for name, value in pair.items())
        items += (
            '<item oor:path="/org.openoffice.Office.Common/Font/Substitution/FontPairs">'
            f'<node oor:name="_{number}" oor:op="replace">{entries}</node></item>'
        )
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>\n',
        encoding="utf-8",
    )


def _entry(name: str, value: str) -> str:
    return f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop>'


def _missing() -> OutputError:
    what = "Máy này chưa có LibreOffice nên không tạo được tệp PDF."
    cure = (
        "Debian, Ubuntu: chạy «apt-get install libreoffice-writer-nogui». "
        "Windows: cài LibreOffice vào thư mục mặc định. Trong khi chờ, vẫn tạo được tệp Word (.docx)."
    )
    return OutputError.of("pdf-converter-missing", what, cure)


def _too_slow(timeout: float) -> Problem:
    seconds = f"{timeout:g}".replace(".", ",")
    what = f"Sau {seconds} giây LibreOffice vẫn chưa tạo xong tệp PDF nên đã bị dừng."
    cure = "Làm lại khi máy bớt việc, hoặc mỗi lần chuyển ít tài liệu hơn; tệp Word (.docx) vẫn tạo được."
    return Problem(code="pdf-timeout", what=what, cure=cure)


def _unreadable(number: int, count: int) -> Problem:
    which = "tài liệu này" if count == 1 else f"tài liệu thứ {number} trong {count}"
    what = f"LibreOffice không tạo được tệp PDF từ {which}."
    return Problem(code="pdf-failed", what=what, cure="Mở tệp .docx bằng Word để kiểm tra rồi làm lại.")
