"""An office's own templates, as an administrator changes them: which there are, what an upload is worth, what is used.

A version that somebody has damaged on the disk stops the pages that use it; what is here can still take it out of use.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from docgen.errors import DataError, FormError
from docgen.papers import library, office
from docgen.templates.against import held_against, text_of, widened
from docgen.templates.check import PROOF_ROUNDS, check
from docgen.templates.new_fields import declared, labels
from docgen.templates.trial import fillings
from docgen.templates.versions import activate, keep
from service.errors import RefusedError
from service.turns import Turns

if TYPE_CHECKING:
    from docgen.papers.form import Form
    from docgen.templates.check import Against, Checked

_TURNS: Final = Turns(1, busy="Đang soát một mẫu khác. Thử lại sau ít giây.", come_back=5, wait=20.0)
"""A hostile file may cost seconds and half a gigabyte; several at once would cost the service."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version that is kept, when it came (seconds since the epoch), and why it cannot be used (else empty)."""

    id: str
    made: float
    form: Form | None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper with the office's versions of it, the last one first."""

    id: str
    shipped: Form | None
    """None for a paper that the office has made."""
    versions: tuple[Version, ...]
    used: str
    """The version in use; empty: the shipped paper."""

    @property
    def form(self) -> Form | None:
        """The paper in use; where that is damaged, the shipped one or the last version that is whole."""
        whole = {each.id: each.form for each in self.versions if each.form is not None}
        return whole.get(self.used) or self.shipped or next(iter(whole.values()), None)

    @property
    def title(self) -> str:
        """What it is called; its id where nothing of it can be read."""
        return self.form.title if self.form else self.id


@dataclass(frozen=True, slots=True)
class Judged:
    """An uploaded template: what it was held against, what was found, and the description that would be kept."""

    held: Against
    checked: Checked
    text: str

    @property
    def new_fields(self) -> dict[str, str]:
        """Names that the form does not have, with the labels that they would get."""
        return labels(self.checked.new_fields or {})

    @property
    def trial(self) -> bytes | None:
        """The document of the sample record; None where the template cannot be used."""
        if self.checked.template is None or not self.checked.sound:
            return None
        return self.checked.template.render(next(fillings(self.held.form, self.held.sample)).words)


def trouble() -> str:
    """Why it is not known which versions are in use; empty where it is known."""
    try:
        office.standing()
    except FormError as error:
        return error.problems[0].message
    return ""


def papers() -> list[Paper]:
    """Every shipped paper, then those that the office has made."""
    shipped = [each.id for each in library.shipped_papers()]
    place = office.folder()
    folders = sorted(each.name for each in place.iterdir()) if place is not None and place.is_dir() else []
    own = [name for name in folders if name not in shipped and office.versions(name)]
    return [paper(form_id) for form_id in [*shipped, *own]]


def paper(form_id: str) -> Paper:
    """One of them.

    Raises:
        RefusedError: 404, there is none with this id.
    """
    kept = tuple(_version(form_id, each) for each in reversed(office.versions(form_id)))
    shipped = library.shipped(form_id)
    if shipped is None and not kept:
        raise RefusedError(404, "form-unknown", "Không có mẫu nào có mã này. Xem danh sách ở trang Mẫu riêng.")
    used = "" if trouble() else office.standing().get(form_id, "")
    return Paper(form_id, shipped, kept, used)


def _version(form_id: str, version: str) -> Version:
    place = office.folder()
    made = (place / form_id / version).stat().st_mtime if place is not None else 0.0
    try:
        return Version(version, made, office.form(form_id, version))
    except FormError as error:
        return Version(version, made, None, error.problems[0].message)


def judged(
    of: Paper, content: bytes, *, layout: str | None = None, add_fields: bool = False, rounds: int = PROOF_ROUNDS
) -> Judged:
    """What is wrong with a Word file as a template of this paper; nothing is kept.

    Args:
        of: the paper.
        content: the file.
        layout: the layout it is for; None: its own, else the one in force.
        add_fields: take names that the form does not have as new fields.
        rounds: how thoroughly the way of filling it is proven.

    Raises:
        DataError: the paper has no such layout, or none of its versions can be read.
        RefusedError: 503, others are being checked.
    """
    form = of.form
    if form is None:
        raise DataError.of("version-unknown", "Không bản nào của mẫu này đọc được.", "Cài lại mẫu bằng dòng lệnh.")
    with _TURNS.turn():
        try:
            text = text_of(form)
            held = held_against(library.read_form(text, file=office.FORM_FILE), content, layout=layout)
            found = check(content, held, rounds=rounds)
            if add_fields and found.new_fields:
                text += declared(labels(found.new_fields))
                held = widened(held, text)
                found = check(content, held, rounds=rounds)
        except FormError as error:  # here the Word file is what somebody gave
            raise DataError(error.problems) from None
    return Judged(held, found, text)


def taken(of: Judged) -> str:
    """Keep a sound template and use it from now on; the name of the version.

    Raises:
        DataError: what stands against it.
        OutputError: the folder cannot be written.
    """
    errors = [problem for problem in of.checked.problems if problem.severity == "error"]
    if errors or of.checked.content is None:
        raise DataError(errors or of.checked.problems)
    _, version = keep(of.text, of.held.layout, of.checked.content)
    activate(of.held.form.id, version)
    return version


def use(of: Paper, version: str | None) -> None:
    """Use a version from now on; None: the shipped paper.

    Raises:
        DataError: there is none, or somebody has changed it.
        OutputError: the folder cannot be written.
    """
    if version is not None and version not in {each.id for each in of.versions}:
        raise DataError.of("version-unknown", "Mẫu này không có bản đó.", "Tải lại trang rồi chọn một bản.")
    try:
        activate(of.id, version or "")
    except FormError as error:
        raise DataError(error.problems) from None
