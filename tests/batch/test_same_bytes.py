"""The same list gives the same bytes: twice, in any time zone, language and encoding, in chunks of any size."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from docgen.batch import merging
from tests.batch import scenes, small
from tests.batch.ends import end_of
from tests.batch.nursery import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.batch.conftest import Merged

FORM = "mau-2b-2025"
COLUMNS = ("Mã", "Họ và tên", "Ngày sinh", "Năm", "Chi bộ")
PEOPLE = [
    dict(zip(COLUMNS, (*each, 2025, "Một"), strict=True))
    for each in (
        ("1", "Đỗ Thị Ước", "01/02/1970"),
        ("2", "Lê Văn Ân", "2/3/1980"),
        ("3", "Lê Văn Ẩn", "31/02/1980"),
    )
]
MACHINES = [
    {"TZ": "Asia/Ho_Chi_Minh", "LANG": "vi_VN.UTF-8", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"},
    {
        "TZ": "America/St_Johns",
        "LANG": "C",
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "HOME": "/không/có",
        "TMPDIR": "/không/có",
    },
    {"TZ": "UTC", "LANG": "", "LC_ALL": "POSIX", "PYTHONIOENCODING": "cp1252", "PYTHONHASHSEED": "3"},
]


def run(machine: dict[str, str], source: Path, target: Path) -> str:
    """One merge in a process of its own: what it says."""
    command = [sys.executable, "-m", "docgen.cli", "merge", FORM, str(source), "-o", str(target)]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **machine}, capture_output=True, check=False)
    assert done.returncode == 4, done.stderr.decode()
    return done.stderr.decode()


def test_neither_clock_nor_language_nor_encoding_of_the_machine_shows(tmp_path: Path) -> None:
    source = small.written(tmp_path / "ds.jsonl", PEOPLE)
    for name, machine in zip("ab", MACHINES, strict=False):
        (tmp_path / name).mkdir()
        assert "mới tạo 2" in run(machine, source, tmp_path / name / "o.zip")
    assert end_of(tmp_path / "a" / "o.zip") == end_of(tmp_path / "b" / "o.zip")
    assert "mới tạo 0, giữ nguyên 2" in run(MACHINES[2], source, tmp_path / "a" / "o.zip")
    assert end_of(tmp_path / "a" / "o.zip") == end_of(tmp_path / "b" / "o.zip")


@pytest.mark.parametrize("place", [*scenes.PLACES, scenes.PRINT])
def test_chunks_do_not_show(place: str, merged: Merged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for number, chunk in enumerate((1, 3, 200)):
        monkeypatch.setattr(merging, "CHUNK", chunk)
        out = tmp_path / str(number)
        out.mkdir()
        for rows in (scenes.first_list(), scenes.second_list(place)):
            merged(rows, out / place)
        found.append(end_of(out / place))
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("place", [*scenes.PLACES, scenes.PRINT])
def test_a_second_run_writes_nothing(place: str, merged: Merged, tmp_path: Path) -> None:
    rows = small.people(4) if place == scenes.PRINT else scenes.first_list()
    merged(rows, tmp_path / place)
    times = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    merged(rows, tmp_path / place)
    after = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    assert {path for path in after if times.get(path) != after[path]} == {tmp_path / "ds.jsonl"}


def test_a_zip_is_what_python_itself_would_write_of_its_members(merged: Merged, tmp_path: Path) -> None:
    merged(small.people(5), tmp_path / "o.zip", accented=True)
    with zipfile.ZipFile(tmp_path / "o.zip") as made, zipfile.ZipFile(tmp_path / "own.zip", "w") as own:
        for member in made.infolist():
            like = zipfile.ZipInfo(member.filename, member.date_time)
            like.create_system, like.external_attr = member.create_system, member.external_attr
            own.writestr(like, made.read(member))
    assert not all(name.isascii() for name in made.namelist())
    assert (tmp_path / "o.zip").read_bytes() == (tmp_path / "own.zip").read_bytes()
