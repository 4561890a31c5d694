"""What every test of the command line uses: a run in this process with its streams, a record, lost privileges."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import pytest

from docgen.cli import main
from docgen.papers import library

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

FORM = "mau-2b-2025"
_NOBODY = 65534


class Ended(NamedTuple):
    """How one command ended."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> Any:
        """The JSON object on stdout."""
        return json.loads(self.out)


class Docgen(Protocol):
    """`docgen("render", …, stdin=…)`."""

    def __call__(self, *arguments: object, stdin: bytes | None = None) -> Ended: ...


@pytest.fixture
def docgen(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Docgen:
    def run(*arguments: object, stdin: bytes | None = None) -> Ended:
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = main([str(argument) for argument in arguments])
        streams = capsys.readouterr()
        assert "Traceback" not in streams.out + streams.err
        return Ended(code, streams.out, streams.err)

    return run


@pytest.fixture
def values() -> dict[str, Any]:
    """A small right record."""
    return {"ho_ten": "Đặng Thị Thuỷ Tiên", "chi_bo": "Thôn Đông Hạ", "nam": 2025}


@pytest.fixture
def record(tmp_path: Path, values: dict[str, Any]) -> Path:
    """The same as a file."""
    path = tmp_path / "tien.json"
    path.write_text(json.dumps(values), encoding="utf-8")
    return path


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that people without privileges reach, too (that of pytest is closed to them)."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def without_privileges() -> Callable[[], AbstractContextManager[None]]:
    """Inside it, rights count: an administrator becomes nobody; everybody else is nobody special already."""
    library.catalogue()

    @contextmanager
    def lost() -> Iterator[None]:
        if os.geteuid() != 0:
            yield
            return
        os.seteuid(_NOBODY)
        try:
            yield
        finally:
            os.seteuid(0)

    return lost
