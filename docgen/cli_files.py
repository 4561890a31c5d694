"""Files of the command line: an input is read at once or refused at once, a target is replaced only whole.

A path that is missing or of the wrong kind is wrong use (exit 2); rights, disk and the like are the machine's (exit 5).
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from docgen import files
from docgen.cli_words import WrongUse
from docgen.errors import OutputError, shown
from docgen.files import lock_of, not_a_file, not_written, path_text

if TYPE_CHECKING:
    from pathlib import Path

WRONG_PATHS = frozenset({"path-missing", "path-not-a-file", "path-unusable"})
"""Refusals of a path that was typed wrongly."""


def read_file(path: Path, *, most: int) -> bytes:
    """The file's bytes, as `docgen.files.read_file` gives them.

    Raises:
        WrongUse: nothing is there, or it is no ordinary file.
        OutputError: `file-unreadable`.
    """
    try:
        return files.read_file(path, most=most)
    except OutputError as error:
        [problem] = error.problems
        if problem.code in WRONG_PATHS:
            raise WrongUse(f"{problem.what} {problem.cure}".strip()) from None
        raise


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
        raise WrongUse(not_a_file(path))
    if not place.parent.is_dir():
        raise WrongUse(f"Không có thư mục {shown(path_text(path.parent))}. Tạo thư mục trước rồi làm lại.")
    if place.exists() and not os.access(place, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        what = f"Không được ghi đè {shown(path_text(path))}: tệp chỉ cho đọc."
        raise OutputError.of("target-not-writable", what, "Chọn tên khác, hoặc bỏ thuộc tính chỉ đọc của tệp.")
    lock = lock_of(place)
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
        raise not_written(path, error) from error
    except (OSError, RuntimeError, ValueError):
        raise WrongUse(f"Đường dẫn {shown(path_text(path))} không dùng được.") from None
    return place
