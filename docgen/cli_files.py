"""Files of the command line: an input is read at once or refused at once, a target is replaced only whole.

A path that is missing or of the wrong kind is wrong use (exit 2); rights, disk and the like are the machine's (exit 5).
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from docgen.cli_words import WrongUse
from docgen.errors import OutputError, shown

if TYPE_CHECKING:
    from pathlib import Path

_NO_SUCH_FILE = frozenset(
    {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.EINVAL, errno.ENXIO, errno.EISDIR}
)
_REASONS = {
    errno.ENOSPC: "hết chỗ trên đĩa",
    errno.EDQUOT: "hết hạn mức đĩa của người dùng",
    errno.EFBIG: "tệp vượt giới hạn cỡ tệp của máy",
    errno.EACCES: "không có quyền, hoặc tệp đang mở trong chương trình khác",
    errno.EPERM: "không có quyền",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.EIO: "đĩa bị lỗi khi đọc hoặc ghi",
}
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def path_text(path: Path | str) -> str:
    """A path for people: bytes that are no UTF-8 become a sign, whatever the language of the machine."""
    return os.fsencode(path).decode("utf-8", "replace")


def read_file(path: Path, *, most: int) -> bytes:
    """The file's bytes, but never more than `most` + 1 (whoever reads the content refuses what is too large).

    Raises:
        WrongUse: nothing is there, or it is no ordinary file.
        OutputError: `file-unreadable`.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise _not_a_file(path)
        # Between the look and the opening the path may become a pipe, which would wait for a writer.
        opened = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(opened, "rb") as file:
            if not stat.S_ISREG(os.fstat(opened).st_mode):
                raise _not_a_file(path)
            return file.read(most + 1)
    except ValueError:
        raise WrongUse("Đường dẫn có ký tự không dùng được.") from None
    except OSError as error:
        if error.errno in _NO_SUCH_FILE:
            raise WrongUse(f"Không thấy tệp {shown(path_text(path))}. Kiểm tra lại tên và thư mục.") from None
        raise OutputError.of(
            "file-unreadable",
            f"Không đọc được tệp: {reason(error)}.",
            "Xin quyền đọc tệp, hoặc chép tệp sang thư mục khác rồi làm lại.",
            file=path_text(path.name),
        ) from error


def _not_a_file(path: Path) -> WrongUse:
    return WrongUse(f"{shown(path_text(path))} không phải một tệp thường (có thể là thư mục hoặc thiết bị).")


def read_standard_input(*, most: int) -> bytes:
    """What is piped into the command, but never more than `most` + 1 bytes.

    Raises:
        WrongUse: there is no standard input.
    """
    if sys.stdin is None:
        raise WrongUse("Không có dữ liệu ở đầu vào chuẩn (-).")
    return sys.stdin.buffer.read(most + 1)


def target(path: Path) -> Path:
    """The place that will be written, links followed, when it can be an ordinary file in a folder that exists.

    Raises:
        WrongUse: the folder is missing, or the target is a folder or a device.
        OutputError: `target-not-writable` for a file that may not be written, `target-open` while it is being edited.
    """
    place = _followed(path)
    if place.exists() and not place.is_file():
        raise _not_a_file(path)
    if not place.parent.is_dir():
        raise WrongUse(f"Không có thư mục {shown(path_text(path.parent))}. Tạo thư mục trước rồi làm lại.")
    if place.exists() and not os.access(place, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        what = f"Không được ghi đè {shown(path_text(path))}: tệp chỉ cho đọc."
        raise OutputError.of("target-not-writable", what, "Chọn tên khác, hoặc bỏ thuộc tính chỉ đọc của tệp.")
    lock = next((lock for lock in _locks(place) if _there(lock)), None)
    if lock is not None:
        what = f"{shown(path_text(path))} đang mở trong chương trình soạn thảo."
        cure = f"Đóng tệp rồi làm lại; nếu không ai mở tệp thì xóa {shown(path_text(lock.name))}."
        raise OutputError.of("target-open", what, cure)
    return place


def _followed(path: Path) -> Path:
    """The path with links followed; refused where the system cannot even look there."""
    try:
        place = path.resolve()
        place.exists()
    except PermissionError as error:
        raise _not_written(path, error, "") from error
    except (OSError, RuntimeError, ValueError):
        raise WrongUse(f"Đường dẫn {shown(path_text(path))} không dùng được.") from None
    return place


def _there(path: Path) -> bool:
    """Whether something is there; a name that is too long for the system names nothing."""
    try:
        return path.exists()
    except OSError:
        return False


def _locks(place: Path) -> list[Path]:
    """The files that Word and LibreOffice keep beside a document while somebody has it open."""
    names = (f"~${place.name}", f"~${place.name[2:]}", f".~lock.{place.name}#")
    return [place.with_name(name) for name in names]


def write_whole(place: Path, content: bytes) -> None:
    """Put `content` at `place` (from `target`), whole or not at all; the rights of an existing file are kept.

    Raises:
        OutputError: `target-not-written`; what stood there before still stands there.
    """
    part = place.with_name(f".docgen-{os.urandom(8).hex()}.part")
    try:
        _write_synced(part, content, rights=_rights(place))
        os.replace(part, place)  # noqa: PTH105 - Path.replace is the same call under another name
        _sync_folder(place.parent)
    except OSError as error:
        raise _not_written(place, error, _space(place.parent, len(content), error)) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _rights(place: Path) -> int | None:
    try:
        return stat.S_IMODE(place.stat().st_mode)
    except FileNotFoundError:
        return None


def _write_synced(part: Path, content: bytes, *, rights: int | None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    # A file that will replace a private one is private from its first byte on; else the person's umask decides.
    opened = os.open(part, flags, 0o600 if rights is not None else 0o666)
    with os.fdopen(opened, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(opened)
    if rights is not None:
        part.chmod(rights)


def _sync_folder(folder: Path) -> None:
    """Make the new name survive a power cut; systems and shares that cannot do this for a folder are left alone."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _not_written(place: Path, error: OSError, space: str) -> OutputError:
    what = f"Không ghi được {shown(path_text(place.name))}: {reason(error)}.{space}"
    where = "Xóa bớt tệp hoặc chọn ổ đĩa khác" if space else "Chọn thư mục khác mà bạn được ghi"
    return OutputError.of("target-not-written", what, f"{where}; tệp cũ (nếu có) vẫn nguyên.")


def _space(folder: Path, size: int, error: OSError) -> str:
    """For a full disk: how much is needed and how much is free."""
    if error.errno not in _FULL:
        return ""
    from shutil import disk_usage

    free = disk_usage(folder).free
    return f" Cần {_kilobytes(size)} KB, còn trống {_kilobytes(free)} KB."


def _kilobytes(size: int) -> str:
    return f"{-(-size // 1024):,}".replace(",", ".")


def reason(error: OSError) -> str:
    """Why the system refused, in Vietnamese, else the system's own short name of it (`EMFILE`)."""
    known = _REASONS.get(error.errno or 0)
    return known or f"lỗi hệ thống {errno.errorcode.get(error.errno or 0, type(error).__name__)}"
