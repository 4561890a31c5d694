"""Files of the command line: refused at once or read at once; a target is replaced whole or not at all."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import signal
import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from docgen.cli_files import read_file, target
from docgen.cli_words import WrongUse
from docgen.errors import OutputError
from docgen.files import write_whole
from tests.cli.conftest import FORM

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from tests.cli.conftest import Docgen


def code_of(error: pytest.ExceptionInfo[OutputError]) -> str:
    [problem] = error.value.problems
    assert problem.cure
    return problem.code


# ---------------------------------------------------------------- reading


@pytest.mark.parametrize("kind", ["missing", "folder", "pipe", "device", "loop", "below a file"])
def test_what_is_no_file_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x"
    match kind:
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "device":
            path = Path("/dev/zero")
        case "loop":
            path.symlink_to(path)
        case "below a file":
            path.touch()
            path = path / "y"
    started = time.monotonic()
    with pytest.raises(WrongUse):
        read_file(path, most=10)
    assert time.monotonic() - started < 1


def test_a_file_that_becomes_a_pipe_after_the_look_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tệp").touch()
    ordinary = (tmp_path / "tệp").stat()
    os.mkfifo(tmp_path / "ống")
    monkeypatch.setattr(Path, "stat", lambda *_, **__: ordinary)
    before = signal.signal(signal.SIGALRM, lambda *_: pytest.fail("waits for a writer"))
    signal.alarm(5)
    try:
        with pytest.raises(WrongUse):
            read_file(tmp_path / "ống", most=10)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def test_no_more_than_one_byte_beyond_the_limit_is_read(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"0123456789")
    assert read_file(tmp_path / "x", most=4) == b"01234"
    assert read_file(tmp_path / "x", most=10) == b"0123456789"


def test_an_unreadable_file_is_the_machines_fault(
    docgen: Docgen, open_folder: Path, without_privileges: Callable[[], AbstractContextManager[None]]
) -> None:
    path = open_folder / "an.json"
    path.write_text("{}")
    path.chmod(0)
    with without_privileges():
        told = docgen("check", FORM, path)
    assert told.code == 5
    assert "không có quyền" in told.err


# ---------------------------------------------------------------- targets


def test_a_target_is_an_ordinary_file_or_a_free_name(tmp_path: Path) -> None:
    assert target(tmp_path / "mới.docx") == tmp_path / "mới.docx"
    os.mkfifo(tmp_path / "ống.docx")
    (tmp_path / "a.docx").symlink_to(tmp_path / "a.docx")
    for path in (tmp_path, tmp_path / "ống.docx", tmp_path / "a.docx", tmp_path / "không có" / "a.docx"):
        with pytest.raises(WrongUse):
            target(path)


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "thật.docx").write_bytes(b"old")
    (tmp_path / "tên.docx").symlink_to("thật.docx")
    write_whole(target(tmp_path / "tên.docx"), b"new")
    assert (tmp_path / "thật.docx").read_bytes() == b"new"
    assert (tmp_path / "tên.docx").is_symlink()


@pytest.mark.parametrize("lock", ["~$o cao.docx", "~$báo cao.docx", ".~lock.báo cao.docx#"])
def test_a_document_that_is_open_is_not_replaced(tmp_path: Path, lock: str) -> None:
    (tmp_path / lock).touch()
    with pytest.raises(OutputError) as caught:
        target(tmp_path / "báo cao.docx")
    assert code_of(caught) == "target-open"


def test_rights_count(
    docgen: Docgen, open_folder: Path, record: Path, without_privileges: Callable[[], AbstractContextManager[None]]
) -> None:
    given = open_folder / "an.json"
    shutil.copyfile(record, given)
    given.chmod(0o644)
    # Everything that a render imports must be loaded while the interpreter's own folders can still be read.
    assert docgen("render", FORM, given, "-o", open_folder / "trước.docx").code == 0
    closed, hidden = open_folder / "closed", open_folder / "hidden"
    closed.mkdir(0o555)
    hidden.mkdir(0o700)
    hidden.chmod(0)
    old = open_folder / "cũ.docx"
    old.write_bytes(b"old")
    old.chmod(0o444)
    with without_privileges():
        told = [docgen("render", FORM, given, "-o", place) for place in (closed / "a.docx", hidden / "a.docx", old)]
    assert [each.code for each in told] == [5, 5, 5]
    assert all("không có quyền" in each.err for each in told[:2])
    assert "chỉ cho đọc" in told[2].err
    assert old.read_bytes() == b"old"
    assert list(closed.iterdir()) == []


# ---------------------------------------------------------------- writing


def test_a_file_is_replaced_and_keeps_its_rights(tmp_path: Path) -> None:
    place = tmp_path / "a.docx"
    place.write_bytes(b"a much longer old content")
    place.chmod(0o640)
    write_whole(place, b"new")
    assert place.read_bytes() == b"new"
    assert stat.S_IMODE(place.stat().st_mode) == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["a.docx"]


def test_a_new_file_follows_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "a.docx", b"new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.docx").stat().st_mode) == 0o640


def test_the_longest_name_that_the_system_takes(tmp_path: Path) -> None:
    place = tmp_path / ("ễ" * 83 + ".docx")
    write_whole(target(place), b"new")
    assert place.read_bytes() == b"new"


@pytest.mark.parametrize("room", [0, 1, 1000, 9999])
def test_a_disk_that_fills_up_at_any_byte_leaves_the_old_file(tmp_path: Path, room: int) -> None:
    place = tmp_path / "a.docx"
    place.write_bytes(b"old")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        with pytest.raises(OutputError) as caught:
            write_whole(place, b"x" * 10_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert code_of(caught) == "target-not-written"
    assert place.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.docx"]


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "hết chỗ trên đĩa. Cần 10 KB, còn trống"),
        (errno.EDQUOT, "hết hạn mức đĩa"),
        (errno.EROFS, "ổ đĩa chỉ cho đọc"),
        (errno.EIO, "đĩa bị lỗi"),
        (errno.EACCES, "tệp đang mở trong chương trình khác"),
        (errno.EMFILE, "EMFILE"),
    ],
)
def test_the_reason_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, reason: str
) -> None:
    def fails(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, call, fails)
    with pytest.raises(OutputError) as caught:
        write_whole(tmp_path / "a.docx", b"x" * 10_000)
    assert reason in str(caught.value)
    assert list(tmp_path.iterdir()) == []
