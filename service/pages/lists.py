"""A whole list: which form, the Excel to fill, what was read of the filled one, and the start of the merge."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Literal, get_args

from flask import jsonify, render_template, request, url_for

from docgen.batch.names import refuse_bad_pattern
from docgen.checking import check_list
from docgen.errors import DataError
from docgen.papers import library
from docgen.papers.columns import columns_of
from docgen.papers.profile import profile
from docgen.papers.sheet import workbook
from docgen.roster import roster
from docgen.tables.old_text import CONVERSIONS
from docgen.viet.periods import parse_year
from service.jobs import Asked
from service.pages.answers import XLSX, download, owner, uploaded_file
from service.pages.home import entries, years
from service.pages.list_table import list_table
from service.turns import Turns

if TYPE_CHECKING:
    from flask import Blueprint, Response

    from docgen.tables.old_text import Convert
    from service.services import Services

Output = Literal["word", "pdf", "in-word", "in-pdf"]
OUTPUTS: tuple[Output, ...] = get_args(Output)
_ENDS_OF_TITLE = " ,;:("


@dataclass(frozen=True, slots=True)
class Family:
    """A family as people choose it: by what the titles of its forms in force have in common."""

    id: str
    title: str


class _Lists:
    """What the routes share: the services, and the one place in which a list is checked at a time."""

    def __init__(self, services: Services) -> None:
        self.services = services
        # A long list takes a core and much memory.
        self._turns = Turns(1, busy="Đang soát một danh sách khác. Thử lại sau ít giây.", come_back=15)

    def check(self) -> str:
        """What was read of an uploaded list, as the part of the page that shows it."""
        name, content = uploaded_file()
        with self._turns.turn():
            read = roster(_asked_form(), content, file=name, convert=_convert())
            checked = check_list(read, profile(self.services.profile))
            counts = checked.counts()
            return render_template("_list_check.html", table=list_table(read, checked), counts=counts, file=name)

    def start(self) -> Response:
        """Begin a merge of an uploaded list; where its progress is shown."""
        name, content = uploaded_file()
        output = request.form.get("dau_ra", OUTPUTS[0])
        if output not in OUTPUTS:
            raise DataError.of("output-unknown", "Chưa rõ muốn nhận tệp nào.", "Chọn một trong các cách ở bước 4.")
        form, pattern = _asked_form(), request.form.get("ten_tep", "").strip() or None
        if pattern:
            refuse_bad_pattern(pattern, columns_of(form).forms)
        asked = Asked(
            name=form,
            list_name=name,
            convert=_convert(),
            pattern=pattern,
            accented="giu_dau" in request.form,
            pdf=output == "pdf",
            print={"in-word": "docx", "in-pdf": "pdf"}.get(output, ""),  # type: ignore[arg-type]  # of these keys
            duplex="hai_mat" in request.form and output.startswith("in-"),
        )
        job = self.services.jobs.start(asked, content, owner())
        return jsonify(address=url_for("pages.job", job=job))


def register(pages: Blueprint, services: Services) -> None:
    """Add the routes."""
    lists = _Lists(services)

    @pages.get("/danh-sach")
    def lists_home() -> str:
        return render_template(
            "list.html",
            families=families(),
            entries=entries(),
            years=years(),
            chosen=request.args.get("ten", ""),
            makes_pdf=services.pdf.is_available,
            retention=services.settings.retention,
            upload_limit=services.settings.upload_limit,
            kept=services.jobs.kept(owner()),
        )

    @pages.get("/danh-sach/de-dien.xlsx")
    def list_sheet() -> Response:
        name = request.args.get("ten", "")
        year = request.args.get("nam", "").strip()
        name = name if name in library.families() else library.form(name).id
        return download(workbook(name, year=parse_year(year) if year else None), f"{name}.xlsx", XLSX)

    pages.add_url_rule("/danh-sach/soat", "list_check", lists.check, methods=["POST"])
    pages.add_url_rule("/danh-sach", "list_start", lists.start, methods=["POST"])


def families() -> list[Family]:
    """The families on the shelf, in the library's order."""
    found = []
    for name in dict.fromkeys(form.family for form in library.catalogue() if form.family):
        forms = [entry.form for entry in entries() if entry.form.family == name and entry.in_force]
        words = takewhile(lambda same: len(set(same)) == 1, zip(*(form.title.split() for form in forms), strict=False))
        found.append(Family(name, " ".join(same[0] for same in words).rstrip(_ENDS_OF_TITLE) or name))
    return found


def _asked_form() -> str:
    name = request.form.get("ten", "")
    return name if name in library.families() else library.form(name).id


def _convert() -> Convert | None:
    given: Any = request.form.get("chuyen_ma") or None
    if given is not None and given not in CONVERSIONS:
        raise DataError.of("convert-unknown", "Không có cách chuyển mã này.", "Chọn một trong các cách đã nêu.")
    return given  # type: ignore[no-any-return]  # checked above
