"""An office's own templates, for an administrator: fetched, changed in Word, sent back, looked at, used, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, g, jsonify, redirect, render_template, request, url_for

from docgen.errors import DataError, FormError
from docgen.papers import library, office
from docgen.rules.layouts import layout
from docgen.templates.check import commented
from docgen.templates.export import exported, field_list
from service.errors import RefusedError
from service.own_templates import Judged, judged, paper, papers, taken, trouble, use
from service.pages.answers import DOCX, XLSX, download, uploaded_file
from service.pages.pictures import Mark, pages_of

if TYPE_CHECKING:
    from docgen.papers.form import Form
    from docgen.word.lint import Flaw
    from service.services import Services

MOST_TOLD = 200
"""Faults that the page tells and frames; the commented copy has all of them."""
_ORIGINAL = "goc"
"""The shipped paper, among the names of versions in an address."""


def register(pages: Blueprint, services: Services) -> None:
    """Add the routes; before each of them stands whoever is no administrator."""
    own = Blueprint("own", __name__, url_prefix="/mau-rieng")
    own.before_request(_only_administrators)
    _show(own, services)
    _give(own)
    _judge(own, services)
    _change(own)
    pages.register_blueprint(own)


def _only_administrators() -> None:
    if not g.is_admin:
        what = "Chỉ người quản trị được xem và đổi mẫu riêng của cơ quan."
        cure = "Đăng xuất, rồi đăng nhập bằng mã quản trị (tạo bằng lệnh docgen token new --admin)."
        raise RefusedError(403, "not-admin", f"{what} {cure}")


def _show(own: Blueprint, services: Services) -> None:
    @own.get("", endpoint="papers")
    def all_papers() -> str:
        return render_template("own.html", papers=papers(), trouble=trouble(), has_folder=office.folder() is not None)

    @own.get("/<form>", endpoint="paper")
    def one_paper(form: str) -> str:
        found = paper(form)
        return render_template(
            "own_paper.html",
            paper=found,
            layouts=[layout(each) for each in found.form.layouts] if found.form else [],
            trouble=trouble(),
            has_folder=office.folder() is not None,
            has_changed=bool(request.args.get("da_doi")),
            upload_limit=services.settings.upload_limit,
        )


def _give(own: Blueprint) -> None:
    @own.get("/<form>/<version>/mau.docx")
    def template(form: str, version: str) -> Response:
        made = _of_version(form, version)
        content = library.template(made, _layout_of(made))
        return download(exported(content), f"{form} {version}.docx", DOCX)

    @own.get("/<form>/<version>/cac-muc.xlsx")
    def fields(form: str, version: str) -> Response:
        made = _of_version(form, version)
        return download(field_list(made, library.template(made, _layout_of(made))), f"{form} - cac muc.xlsx", XLSX)


def _of_version(form_id: str, version: str) -> Form:
    """The paper as this version has it.

    Raises:
        DataError, RefusedError: there is none, or it cannot be read.
    """
    found = paper(form_id)
    if version == _ORIGINAL and found.shipped is not None:
        return found.shipped
    try:
        return office.form(form_id, version)
    except FormError as error:
        raise DataError(error.problems) from None


def _layout_of(form: Form) -> str:
    """The layout asked for, else the one in force.

    Raises:
        DataError: the paper has no such layout.
    """
    asked = request.args.get("the_thuc") or library.layout_of(form, None).id
    if asked not in form.layouts:
        what = "Mẫu này không có bộ thể thức đó."
        raise DataError.of("layout-unknown", what, f"Chọn một trong: {', '.join(form.layouts)}.")
    return asked


def _judge(own: Blueprint, services: Services) -> None:
    @own.post("/<form>/soat")
    def check(form: str) -> str:
        name, given, found = _sent(form)
        trial = found.trial
        marks = [_mark(flaw) for flaw in found.checked.flaws[:MOST_TOLD]] if trial is None else []
        readable = trial or (given if found.checked.content is not None else None)
        shown, missing = pages_of(services.pdf, readable, marks) if readable else (None, "tệp không mở được.")
        return render_template(
            "_own_check.html",
            form=form,
            file=name,
            found=found,
            layout=layout(found.held.layout),
            problems=found.checked.problems,
            most_told=MOST_TOLD,
            errors=sum(problem.severity == "error" for problem in found.checked.problems),
            is_trial=trial is not None,
            adds=_adds(),
            pictures=shown,
            missing=missing,
        )

    @own.post("/<form>/ghi-chu.docx")
    def remarks(form: str) -> Response:
        name, given, found = _sent(form, rounds=0)
        if found.checked.content is None:
            raise DataError(found.checked.problems)
        return download(commented(given, found.checked), f"{name.removesuffix('.docx')} - ghi chu.docx", DOCX)

    @own.post("/<form>/dien-thu.docx")
    def trial_document(form: str) -> Response:
        name, _, found = _sent(form, rounds=0)
        made = found.trial
        if made is None:
            raise DataError(found.checked.problems)
        return download(made, f"{name.removesuffix('.docx')} - dien thu.docx", DOCX)


def _mark(flaw: Flaw) -> Mark:
    place = flaw.place
    return Mark((place.name, place.number, place.part), (place.paragraph, place.tag))


def _change(own: Blueprint) -> None:
    @own.post("/<form>/cai")
    def install(form: str) -> Response:
        _, _, found = _sent(form)
        return jsonify(address=_changed(form) if taken(found) else "")

    @own.post("/<form>/dung", endpoint="use")
    def take_into_use(form: str) -> Response:
        found = paper(form)
        version = request.form.get("ban", "")
        use(found, None if version == _ORIGINAL else version)
        return redirect(_changed(form), 303)  # type: ignore[return-value]  # werkzeug's own Response


def _changed(form: str) -> str:
    return url_for("pages.own.paper", form=form, da_doi=1)


def _adds() -> bool:
    return request.args.get("them_muc") == "1"


def _sent(form_id: str, **more: int) -> tuple[str, bytes, Judged]:
    """Name and content of the uploaded template, and what was found in it."""
    of = paper(form_id)
    name, given = uploaded_file()
    return name, given, judged(of, given, layout=request.form.get("the_thuc") or None, add_fields=_adds(), **more)
