"""An office's versions of a paper: kept under the name of what they hold, taken into use and out of it, never changed.

Each step is one rename: whoever makes documents meanwhile has the old version or the new one, whole.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from docgen.errors import OutputError
from docgen.files import not_written, sync_folder, write_synced, write_whole
from docgen.papers import library, office
from docgen.word.stamp import stamped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from docgen.papers.form import Form

_SECONDS_TO_WAIT = 10.0


def place() -> Path:
    """The office's folder; it is made where it is missing.

    Raises:
        OutputError: `templates-folder`: none is set; `target-not-written`: it cannot be made.
    """
    found = office.folder()
    if found is None:
        what = f"Chưa đặt thư mục mẫu riêng (biến môi trường {office.FOLDER})."
        raise OutputError.of("templates-folder", what, f"Ví dụ: {office.FOLDER}=mau_rieng docgen template install …")
    try:
        found.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise not_written(found, error) from error
    return found


def keep(form_toml: str, layout: str, content: bytes) -> tuple[Form, str]:
    """Keep a version of a paper: this description, this template for the layout, the others as they are in use.

    Args:
        form_toml: the whole description.
        layout: the layout of the template.
        content: the checked template.

    Returns:
        The paper, and the version's name. The same content has the same name and is kept once.

    Raises:
        FormError: the description is wrong, or a template of another layout is missing.
        OutputError: the folder cannot be written.
    """
    form = library.read_form(form_toml, file=office.FORM_FILE)
    templates = {library.template_name(form, layout): content}
    for other in form.layouts:
        if other != layout:
            templates[library.template_name(form, other)] = library.template(library.form(form.id), other)
    layouts = {library.template_name(form, each): each for each in form.layouts}
    # The version is the name of the content, which must not depend on it: only the custom properties bear it.
    bare = {name: stamped(each, _properties(form, layouts[name], "")) for name, each in templates.items()}
    version = office.fingerprint(form_toml, bare)
    whole = {name: stamped(each, _properties(form, layouts[name], version)) for name, each in bare.items()}
    _write(place() / form.id, version, {office.FORM_FILE: form_toml.encode(), **whole})
    return form, version


def _properties(form: Form, layout: str, version: str) -> dict[str, str]:
    return {"form": form.id, "edition": office.edition(form, version), "layout": layout}


def _write(folder: Path, version: str, files: Mapping[str, bytes]) -> None:
    final = folder / version
    if final.is_dir():
        return
    part = folder / f".docgen-{os.urandom(8).hex()}.part"
    try:
        part.mkdir(parents=True)
        for name, content in files.items():
            write_synced(part / name, content)
        sync_folder(part)
        part.rename(final)
        sync_folder(folder)
    except OSError as error:
        if not final.is_dir():  # else somebody has kept the same version meanwhile
            raise not_written(final, error, sum(map(len, files.values()))) from error
    finally:
        with suppress(OSError):
            shutil.rmtree(part)


def activate(form_id: str, version: str) -> None:
    """Use this version from now on; an empty one: the shipped paper.

    Raises:
        FormError: `version-unknown`, `version-changed`.
        OutputError: the folder cannot be written, or another command is writing there.
    """
    folder = place()
    if version:
        office.form(form_id, version)
    with _alone(folder):
        used = {**_readable(), form_id: version}
        kept = {each: used[each] for each in sorted(used) if used[each]}
        write_whole(folder / office.ACTIVE, json.dumps(kept, indent=2).encode())


def _readable() -> Mapping[str, str]:
    """What is in use; a list that cannot be read is written anew."""
    from docgen.errors import FormError

    try:
        return office.standing()
    except FormError:
        return {}


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    try:
        with FileLock(folder / ".docgen.lock", timeout=_SECONDS_TO_WAIT):
            yield
    except Timeout:
        what = "Đang có một lệnh khác đổi mẫu riêng."
        raise OutputError.of("output-busy", what, "Chờ lệnh đó xong rồi chạy lại.") from None
    except OSError as error:
        raise not_written(folder, error) from error
