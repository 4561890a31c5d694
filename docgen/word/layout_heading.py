"""The head of a paper against a layout: the two columns at the top, type title, trích yếu, addressee."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from docgen.errors import shown
from docgen.viet.dates import long_date
from docgen.word.layout_components import STATE_TITLE, plain

if TYPE_CHECKING:
    from docgen.word.layout_components import Components
    from docgen.word.layout_findings import Findings
    from docgen.word.layout_reading import Line

_SYMBOL = re.compile(r"SO\s*(?P<number>\d*)[\d….\s_]*?\s?-\s?[A-Z]+\s?/\s?\S.*")
_COLON = re.compile(r"SO\s*(:|\.(?=\s*\d))\s*")
_DATE = re.compile(
    r"(?P<place>.*?),?\s*(?P<date>ngày\s+(?P<day>\d+)\s+tháng\s+(?P<month>\d+)\s+năm\s+(?P<year>\d{4}))\b",
    re.IGNORECASE,
)
_SHORT_DATE = re.compile(r"\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{2,4}")
_ANNEX = re.compile(r"PHỤ LỤC|DANH SÁCH|DANH MỤC|TỔNG HỢP|PHIẾU")
_MINUTES = "BIÊN BẢN"
_TRICH_YEU_CV = re.compile(r"V/v", re.IGNORECASE)


def check_heading(findings: Findings, found: Components) -> None:
    """Everything above the running text."""
    _check_national_title(findings, found)
    findings.look("parent_body", found.parents)
    findings.look("issuing_body", found.issuers)
    for name, line in found.marks:
        if name != "form_code":
            findings.look(name, [line])
    if findings.layout.kind == "van-ban":
        _check_star(findings, found)
        _check_presence(findings, found)
        _check_subject(findings, found)
    if found.number:
        _check_number(findings, found.number)
    if found.place_date:
        _check_place_date(findings, found.place_date)
    if found.type_title:
        findings.look("type_title", [found.type_title])
        if found.type_title.align != "center":
            what = "Tên loại văn bản không ở giữa, quy định ở giữa."
            findings.add(
                findings.element("type_title"), "layout-type-title-align", what, "Căn giữa tên loại.", found.type_title
            )
    if found.addressee:
        findings.look("addressee", [found.addressee])


def _check_national_title(findings: Findings, found: Components) -> None:
    rule, wanted, line = findings.element("national_title"), findings.layout.national_title, found.national_title
    code = "layout-national-title"
    if line is None:
        if not (found.type_title and findings.layout.kind == "bieu-mau" and _ANNEX.match(found.type_title.text)):
            cure = f"Ghi «{wanted}» ở dòng đầu, bên phải."
            findings.add(rule, f"{code}-missing", f"Thiếu tiêu đề «{wanted}».", cure, part="đầu văn bản")
        return
    if plain(line.text).startswith(STATE_TITLE):
        what = f"Tiêu đề là Quốc hiệu của văn bản nhà nước, văn bản của Đảng ghi «{wanted}»."
        findings.add(rule, f"{code}-text", what, f"Thay bằng «{wanted}».", line)
        return
    if line.text.upper() != wanted:
        what = f"Tiêu đề ghi {shown(line.text)}, quy định «{wanted}»."
        findings.add(rule, f"{code}-text", what, f"Ghi đúng «{wanted}», không thêm chữ.", line)
    findings.look("national_title", [line])
    if not found.national_title_right:
        what = "Tiêu đề không ở bên phải, quy định ở dòng đầu, bên phải."
        findings.add(rule, f"{code}-place", what, "Chuyển tiêu đề sang cột phải.", line)
    if not found.ruled:
        what = "Dưới tiêu đề không có đường kẻ, quy định có đường kẻ liền dài bằng tiêu đề (không phải gạch chân chữ)."
        findings.add(rule, f"{code}-rule", what, "Kẻ một đường liền dưới tiêu đề, dài bằng dòng chữ.", line)


def _check_star(findings: Findings, found: Components) -> None:
    rule, star = findings.element("star"), findings.layout.star
    if star is None or not found.issuers:
        return
    if found.star is None:
        what = f"Dưới tên cơ quan ban hành không có dấu sao «{star}»."
        findings.add(rule, "layout-star-missing", what, f"Thêm một dấu «{star}» ở giữa.", found.issuers[-1])
    elif found.star.text != star:
        what = f"Dấu sao ghi {shown(found.star.text)}, quy định một dấu «{star}»."
        findings.add(rule, "layout-star-text", what, f"Chỉ để một dấu «{star}».", found.star)


def _check_presence(findings: Findings, found: Components) -> None:
    minutes = found.type_title is not None and found.type_title.text.upper().startswith(_MINUTES)
    own = any(block.own for block in found.signatures)
    for name, lines, missing in (
        ("issuing_body", found.issuers, "Thiếu tên cơ quan ban hành ở góc trái."),
        ("number", found.number or own, "Thiếu dòng «Số … - …/…» dưới tên cơ quan ban hành."),
        ("place_date", found.place_date or minutes, "Thiếu dòng địa danh, ngày tháng năm ở bên phải."),
        ("type_title", found.type_title or found.addressee, "Thiếu tên loại văn bản ở giữa trang đầu."),
    ):
        if not lines:
            code = f"layout-{name.replace('_', '-')}-missing"
            findings.add(findings.element(name), code, missing, "Thêm dòng này theo mẫu trình bày.", part="đầu văn bản")


def _check_number(findings: Findings, line: Line) -> None:
    findings.look("number", [line])
    rule, bare = findings.element("number"), plain(line.text)
    prefix = findings.layout.number_prefix
    if _COLON.match(bare):
        what = f"Sau «{prefix}» có dấu hai chấm hoặc dấu chấm, quy định không có."
        findings.add(rule, "layout-number-colon", what, f"Ghi ví dụ «{prefix} 05-NQ/ĐU».", line)
        bare = _COLON.sub("SO ", bare, count=1)
    symbol = _SYMBOL.fullmatch(bare)
    if symbol is None:
        what = f"Số và ký hiệu ghi {shown(line.text)}, quy định số, gạch nối, tên loại, gạch chéo, tên cơ quan."
        findings.add(rule, "layout-number-form", what, f"Ghi ví dụ «{prefix} 05-NQ/ĐU».", line)
    elif len(symbol["number"]) == 1:
        what = f"Số văn bản {symbol['number']} không có số 0 đứng trước, quy định số dưới 10 thêm số 0."
        findings.add(rule, "layout-number-zero", what, f"Ghi «{prefix} 0{symbol['number']}-…».", line)


def _check_place_date(findings: Findings, line: Line) -> None:
    findings.look("place_date", [line])
    rule, code = findings.element("place_date"), "layout-date"
    told = _DATE.search(line.text)
    if told is None:
        if _SHORT_DATE.search(line.text):
            what = "Ngày tháng viết bằng số gạch chéo, quy định viết «ngày … tháng … năm …»."
            findings.add(rule, f"{code}-form", what, "Ghi ví dụ «Hà Nội, ngày 03 tháng 02 năm 2026».", line)
        return
    if not told["place"].strip(" .…"):
        what = "Trước ngày tháng không có địa danh."
        findings.add(rule, f"{code}-place", what, "Ghi địa danh rồi dấu phẩy trước chữ «ngày».", line)
    try:
        wanted = long_date(date(int(told["year"]), int(told["month"]), int(told["day"])))
    except (ValueError, OverflowError):
        what = f"Ngày {shown(told['date'])} không có trong lịch."
        findings.add(rule, f"{code}-impossible", what, "Sửa lại ngày, tháng.", line)
        return
    if told["date"].lower() != wanted:
        what = f"Ngày ghi {shown(told['date'])}, quy định «{wanted}» (thêm số 0 cho ngày dưới 10, tháng 1 và tháng 2)."
        findings.add(rule, f"{code}-zero", what, f"Ghi «{wanted}».", line)


def _check_subject(findings: Findings, found: Components) -> None:
    if found.type_title:
        _check_title_subject(findings, found)
    elif found.addressee and found.letter_subject:
        first = found.letter_subject[0]
        findings.look("letter_subject", found.letter_subject)
        prefix = findings.layout.letter_prefix
        if _TRICH_YEU_CV.match(first.text):
            cure = f"Bắt đầu bằng «{prefix}»." if prefix else "Bỏ «V/v»."
            findings.custom("layout-letter-subject-prefix", "Trích yếu công văn bắt đầu bằng «V/v».", cure, first)
        elif not first.text.startswith(prefix):
            what = f"Trích yếu công văn không bắt đầu bằng «{prefix}»."
            findings.custom("layout-letter-subject-prefix", what, f"Bắt đầu bằng «{prefix}».", first)


def _check_title_subject(findings: Findings, found: Components) -> None:
    rule, code = findings.element("subject"), "layout-subject"
    if not found.subject:
        what = "Dưới tên loại không có trích yếu nội dung."
        findings.add(rule, f"{code}-missing", what, "Thêm trích yếu, ví dụ «về quy hoạch cán bộ».", found.type_title)
        return
    first = found.subject[0]
    findings.look("subject", found.subject)
    if any(line.align != "center" for line in found.subject):
        findings.add(rule, f"{code}-align", "Trích yếu không ở giữa, quy định ở giữa.", "Căn giữa trích yếu.", first)
    if first.text[:1].isupper():
        what = f"Trích yếu bắt đầu bằng chữ hoa «{first.text[0]}», quy định chữ thường."
        findings.add(rule, f"{code}-case", what, f"Viết thường chữ đầu: «{first.text[0].lower()}».", first)
    wanted, written = findings.layout.subject_rule, found.subject_rule
    if wanted and (written is None or written.text != wanted):
        what = f"Dưới trích yếu không có «{wanted}»."
        if written is not None:
            what = f"Dưới trích yếu ghi {shown(written.text)}, thông thường là «{wanted}»."
        findings.custom(f"{code}-rule", what, f"Ghi «{wanted}» ở giữa, dưới trích yếu.", written or found.subject[-1])
