"""Whether a file that the ledger knows still stands as it was made."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Literal

from docgen.errors import OutputError, shown
from docgen.files import path_text, reason

if TYPE_CHECKING:
    from pathlib import Path

    from docgen.batch.ledger import Entry

Standing = Literal["intact", "edited", "missing"]


def standing(folder: Path, entry: Entry) -> Standing:
    """How the entry's file stands below the folder.

    Raises:
        OutputError: `file-unreadable`.
    """
    found = sha256_of(folder / entry.path, size=entry.size)
    return "missing" if found is None else "intact" if found == entry.sha256 else "edited"


def sha256_of(file: Path, *, size: int | None = None) -> str | None:
    """What the file holds; None where there is none, `""` unread where it is a folder or not of the given size.

    Raises:
        OutputError: `file-unreadable`.
    """
    try:
        with file.open("rb") as opened:
            if size is not None and os.fstat(opened.fileno()).st_size != size:
                return ""
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except IsADirectoryError:
        return ""
    except OSError as error:
        what = f"Không đọc được tệp {shown(path_text(file.name))} đã tạo lần trước: {reason(error)}."
        raise OutputError.of("file-unreadable", what, "Kiểm tra quyền đọc thư mục rồi chạy lại.") from error
