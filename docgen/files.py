"""Whole files: what stands under a final name is complete, whatever happens to the program or the machine.

A file is written beside its place under another name, made durable, and renamed. What the system refuses is told with
its reason, and for a full disk with the room that is needed and the room that is left.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

from docgen.errors import OutputError, shown

if TYPE_CHECKING:
    from pathlib import Path

_REASONS = {
    errno.ENOSPC: "hết chỗ trên đĩa",
    errno.EDQUOT: "hết hạn mức đĩa của người dùng",
    errno.EFBIG: "tệp vượt giới hạn cỡ tệp của máy",
    errno.EACCES: "không có quyền, hoặc tệp đang mở trong chương trình khác",
    errno.EPERM: "không có quyền",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.EIO: "đĩa bị lỗi khi đọc hoặc ghi",
    errno.ENOENT: "thư mục không còn ở đó",
    errno.ENOTDIR: "đường dẫn đi qua một tệp, không phải thư mục",
    errno.ENAMETOOLONG: "tên tệp hoặc đường dẫn quá dài",
}
_NO_SUCH_FILE = frozenset(
    {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.EINVAL, errno.ENXIO, errno.EISDIR}
)
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_LOST = _FULL | {errno.EIO, errno.EROFS}
"""What a sync says when names are not on the disk, in contrast to a system that cannot sync a folder at all."""


def path_text(path: Path | str) -> str:
    """A path for people: bytes that are no UTF-8 become a sign, whatever the language of the machine."""
    return os.fsencode(path).decode("utf-8", "replace")


def read_file(path: Path, *, most: int) -> bytes:
    """The file's bytes, but never more than `most` + 1 (whoever reads the content refuses what is too large).

    Raises:
        OutputError: `path-missing`, `path-not-a-file`, `path-unusable`, `file-unreadable`.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise OutputError.of("path-not-a-file", not_a_file(path))
        # Between the look and the opening the path may become a pipe, which would wait for a writer.
        opened = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(opened, "rb") as file:
            if not stat.S_ISREG(os.fstat(opened).st_mode):
                raise OutputError.of("path-not-a-file", not_a_file(path))
            return file.read(most + 1)
    except ValueError:
        raise OutputError.of("path-unusable", "Đường dẫn có ký tự không dùng được.") from None
    except OSError as error:
        if error.errno in _NO_SUCH_FILE:
            what = f"Không thấy tệp {shown(path_text(path))}."
            raise OutputError.of("path-missing", what, "Kiểm tra lại tên và thư mục.") from None
        raise OutputError.of(
            "file-unreadable",
            f"Không đọc được tệp: {reason(error)}.",
            "Xin quyền đọc tệp, hoặc chép tệp sang thư mục khác rồi làm lại.",
            file=path_text(path.name),
        ) from error


def not_a_file(path: Path) -> str:
    """What is said of a path that leads to something else."""
    return f"{shown(path_text(path))} không phải một tệp thường (có thể là thư mục hoặc thiết bị)."


def write_whole(place: Path, content: bytes, *, part: Path | None = None) -> None:
    """Put `content` at `place`, whole or not at all; the rights of an existing file are kept.

    `part` is where it waits until it is whole, for callers that clear it away when they were killed in between.

    Raises:
        OutputError: `target-not-written`; what stood there before still stands there.
    """
    part = part or place.with_name(f".docgen-{os.urandom(8).hex()}.part")
    try:
        write_synced(part, content, rights=_rights(place))
        os.replace(part, place)  # noqa: PTH105 - Path.replace is the same call under another name
        sync_folder(place.parent)
    except OSError as error:
        raise not_written(place, error, len(content)) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _rights(place: Path) -> int | None:
    try:
        return stat.S_IMODE(place.stat().st_mode)
    except FileNotFoundError:
        return None


def write_synced(part: Path, content: bytes, *, rights: int | None = None) -> None:
    """Write a new file and wait until the disk has it; `rights` are those of the file that it will replace.

    Raises:
        OSError: as the system gives it; a file of this name exists, for one.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    # A file that will replace a private one is private from its first byte on; else the person's umask decides.
    opened = os.open(part, flags, 0o600 if rights is not None else 0o666)
    with os.fdopen(opened, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(opened)
    if rights is not None:
        part.chmod(rights)


def sync_folder(folder: Path) -> None:
    """Make the new name survive a power cut; systems and shares that cannot do this for a folder are left alone.

    Raises:
        OSError: the disk has failed, or is full: the name may be lost.
    """
    if not hasattr(os, "O_DIRECTORY"):
        return
    try:
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
    except OSError as error:
        if error.errno in _LOST:
            raise


def not_written(place: Path, error: OSError, size: int = 1) -> OutputError:
    """The refusal `target-not-written`, with the system's reason; where the disk is full, with the `size` needed."""
    space = _room(place.parent, size, error) if error.errno in _FULL else ""
    what = f"Không ghi được {shown(path_text(place.name))}: {reason(error)}.{space}"
    where = "Xóa bớt tệp hoặc chọn ổ đĩa khác" if space else "Chọn thư mục khác mà bạn được ghi"
    return OutputError.of("target-not-written", what, f"{where}; tệp cũ (nếu có) vẫn nguyên.")


def _room(folder: Path, size: int, error: OSError) -> str:
    """How much is needed and how much is free (of a person's quota the system does not tell that)."""
    from shutil import disk_usage

    needed = f" Cần {_kilobytes(size)} KB"
    if error.errno == errno.EDQUOT:
        return f"{needed}."
    try:
        return f"{needed}, còn trống {_kilobytes(disk_usage(folder).free)} KB."
    except OSError:
        return f"{needed}."


def _kilobytes(size: int) -> str:
    return f"{-(-size // 1024):,}".replace(",", ".")


def lock_of(place: Path) -> Path | None:
    """The file that Word or LibreOffice keeps beside a document while somebody has it open; None where it is closed."""
    names = (f"~${place.name}", f"~${place.name[2:]}", f".~lock.{place.name}#")
    return next((lock for name in names if _there(lock := place.with_name(name))), None)


def _there(path: Path) -> bool:
    """Whether something is there; a name that is too long for the system names nothing."""
    try:
        return path.exists()
    except OSError:
        return False


def reason(error: OSError) -> str:
    """Why the system refused, in Vietnamese, else the system's own short name of it (`EMFILE`)."""
    known = _REASONS.get(error.errno or 0)
    return known or f"lỗi hệ thống {errno.errorcode.get(error.errno or 0, type(error).__name__)}"
