"""The papers that an office has changed or made itself: folders below `DOCGEN_TEMPLATES`, which shadow shipped ones.

    DIR/active.json                          {"mau-2b-2025": "3f9a1c0b7d52"}; without an entry, the shipped one
    DIR/mau-2b-2025/3f9a1c0b7d52/form.toml   a version is a whole paper, named by what it holds, never changed
                                 template.docx

A version whose files are not what its name says is refused: somebody has changed it after it was checked.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from docgen.errors import FormError
from docgen.word import package

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docgen.papers.form import Form

FOLDER = "DOCGEN_TEMPLATES"
"""The environment variable that names the folder; without it there are shipped papers only."""
ACTIVE = "active.json"
FORM_FILE = "form.toml"
_VERSION_LETTERS = 12
_VERSION = re.compile(rf"[0-9a-f]{{{_VERSION_LETTERS}}}")
_PAPER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_KEPT = 256


def folder() -> Path | None:
    """The office's folder, where one is set."""
    named = os.environ.get(FOLDER)
    return Path(named) if named else None


def standing() -> Mapping[str, str]:
    """The version in use of each paper that the office has, by id.

    Raises:
        FormError: `office-list`: the list of versions in use cannot be read.
    """
    place = folder()
    if place is None:
        return {}
    try:
        facts = (place / ACTIVE).stat()
    except OSError:
        return {}
    return _standing(place / ACTIVE, facts.st_mtime_ns, facts.st_size, facts.st_ino)


@lru_cache(maxsize=_KEPT)
def _standing(place: Path, *_facts: int) -> Mapping[str, str]:
    try:
        read = json.loads(place.read_text("utf-8"))
        return {str(form): str(version) for form, version in read.items() if _is_version(str(form), str(version))}
    except (OSError, ValueError, AttributeError):
        what = "Không đọc được danh sách mẫu riêng đang dùng."
        raise FormError.of("office-list", what, "Chạy docgen template activate để ghi lại.", file=ACTIVE) from None


def versions(form_id: str) -> tuple[str, ...]:
    """The versions of a paper that are kept, in the order in which they came."""
    place = folder()
    if place is None or not _PAPER.fullmatch(form_id):
        return ()
    found = (place / form_id).glob(f"*/{FORM_FILE}")
    kept = [each.parent for each in found if _VERSION.fullmatch(each.parent.name)]
    return tuple(each.name for each in sorted(kept, key=lambda each: (each.stat().st_mtime_ns, each.name)))


def fingerprint(form_toml: str, templates: Mapping[str, bytes]) -> str:
    """The name of a version: what its files hold; the custom properties do not count, because it is stamped there."""
    digest = hashlib.sha256(form_toml.encode())
    for name, content in sorted(templates.items()):
        digest.update(f"\0{name}\0{package.content_hash(content)}".encode())
    return digest.hexdigest()[:_VERSION_LETTERS]


def form(form_id: str, version: str) -> Form:
    """A version of a paper; its edition ends in `+` and the version.

    Raises:
        FormError: it is not there, or not what its name says any more.
    """
    place = folder()
    if place is None or not _is_version(form_id, version):
        raise _missing(form_id, version)
    return _form(place / form_id / version)


def _is_version(form_id: str, version: str) -> bool:
    """Whether these can name a folder of a version, and nothing outside."""
    return bool(_PAPER.fullmatch(form_id) and _VERSION.fullmatch(version))


def template(paper: Form, name: str) -> bytes:
    """The Word file of this name of a version.

    Raises:
        FormError: as `form`.
    """
    place = folder()
    if place is None:
        raise _missing(paper.id, paper.version)
    content = _files(place / paper.id / paper.version)[1].get(name)
    if content is None:
        raise _missing(paper.id, paper.version)
    return content


@lru_cache(maxsize=_KEPT)
def _form(place: Path) -> Form:
    from docgen.papers.library import read_form

    read = read_form(_files(place)[0], file=f"{place.parent.name}/{place.name}/{FORM_FILE}")
    return read.model_copy(update={"edition": edition(read, place.name)})


def edition(paper: Form, version: str) -> str:
    """The edition that documents of an office's version bear."""
    return f"{paper.edition}+{version}"


@lru_cache(maxsize=_KEPT)
def _files(place: Path) -> tuple[str, Mapping[str, bytes]]:
    """The form and the templates of a version, held against its name."""
    try:
        form_toml = (place / FORM_FILE).read_text("utf-8")
        templates = {each.name: each.read_bytes() for each in sorted(place.glob("*.docx"))}
    except (OSError, ValueError):
        raise _missing(place.parent.name, place.name) from None
    if fingerprint(form_toml, templates) != place.name:
        what = f"Bản mẫu riêng {place.name} đã bị sửa sau khi cài: không dùng nữa."
        cure = "Cài lại tệp mẫu (docgen template install), hoặc quay về mẫu gốc (docgen template activate … --shipped)."
        raise FormError.of("version-changed", what, cure, file=f"{place.parent.name}/{place.name}")
    return form_toml, templates


def form_text(form_id: str, version: str) -> str:
    """The `form.toml` of a version.

    Raises:
        FormError: as `form`.
    """
    place = folder()
    if place is None:
        raise _missing(form_id, version)
    return _files(place / form_id / version)[0]


def _missing(form_id: str, version: str) -> FormError:
    known = ", ".join(versions(form_id))
    cure = f"Các bản đang có: {known}." if known else f"Đặt biến {FOLDER} là thư mục mẫu riêng, rồi cài lại mẫu."
    return FormError.of("version-unknown", f"Không thấy bản «{version}» của mẫu «{form_id}».", cure)
