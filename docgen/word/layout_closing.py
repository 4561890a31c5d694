"""The end of a paper against a layout: end mark, signatures, recipients."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docgen.errors import shown
from docgen.word.layout_components import is_capitals, plain

if TYPE_CHECKING:
    from docgen.word.layout_components import Components, SigningBlock
    from docgen.word.layout_findings import Findings
    from docgen.word.layout_reading import Line

_SLASHED = re.compile(r"[TK]/[MTL]\s|T/UQ\s|Q\.\s?\S")
_BODY_IN_POST = re.compile(r"(ĐẢNG|TỈNH|THÀNH|HUYỆN|QUẬN|CHI) (ỦY|UỶ)|CHI BỘ|ĐẢNG BỘ")
_TITLES = re.compile(
    r"(đồng chí|đ/c|ông|bà|giáo sư|phó giáo sư|tiến sĩ|thạc sĩ|cử nhân|kỹ sư|bác sĩ)\s|"
    r"(đại|thượng|trung|thiếu) (tướng|tá|úy|uý)\s|"
    r"(GS|PGS|TS|ThS|CN|KS|BS|CK1|CK2|CKI|CKII|LS|NGND|NGƯT)[.,\s]",
    re.IGNORECASE,
)
_KEPT = re.compile(r"[-–]\s*Lưu\b", re.IGNORECASE)
_END_MARKS = (".", "./.", ".//.", "!", "?", ";", ":")


def check_closing(findings: Findings, found: Components) -> None:
    """Everything from the last sentence on."""
    if findings.layout.kind == "van-ban":
        _check_end(findings, found)
        if not found.signatures:
            what = "Không thấy quyền hạn ký hoặc chức vụ người ký."
            cure = "Ghi quyền hạn ký (ví dụ «T/M ĐẢNG ỦY») và chức vụ ở bên phải, cuối văn bản."
            findings.add(findings.element("signing_power"), "layout-signing-missing", what, cure, part="phần ký")
    for block in found.signatures:
        _check_signature(findings, block)
    _check_recipients(findings, found)


def _check_end(findings: Findings, found: Components) -> None:
    wanted = findings.layout.end_mark
    texts = [line for line in found.body if line.text]
    if not wanted or not texts:
        return
    text = texts[-1].text
    written = next((mark for mark in sorted(_END_MARKS, key=len, reverse=True) if text.endswith(mark)), "")
    if written != wanted:
        what = f"Văn bản kết thúc bằng «{written}», thông thường là «{wanted}»."
        if not written:
            what = f"Câu cuối của văn bản không có dấu «{wanted}»."
        findings.custom("layout-end-mark", what, f"Kết thúc bằng «{wanted}».", texts[-1])


def _check_signature(findings: Findings, block: SigningBlock) -> None:
    findings.look("signing_power", block.powers)
    findings.look("signer_post", block.posts)
    power = findings.element("signing_power")
    if block.powers and not _SLASHED.match(block.powers[0].text):
        what = f"Quyền hạn ký ghi {shown(block.powers[0].text)}, quy định có gạch chéo: T/M, K/T, T/L."
        findings.add(power, "layout-signing-power-slash", what, "Ghi ví dụ «T/M ĐẢNG ỦY».", block.powers[0])
    for post in block.posts:
        if _BODY_IN_POST.search(post.text):
            what = "Chức vụ người ký có kèm tên tổ chức, quy định chỉ ghi chức vụ."
            findings.add(findings.element("signer_post"), "layout-signer-post-body", what, "Bỏ tên tổ chức.", post)
    if block.name:
        _check_name(findings, block.name)


def _check_name(findings: Findings, name: Line) -> None:
    findings.look("signer_name", [name])
    if is_capitals(name.text):
        what = "Họ tên người ký viết hoa toàn bộ, quy định chữ thường."
        findings.add(findings.element("signer_name"), "layout-signer-name-caps", what, "Chỉ viết hoa chữ đầu.", name)
    title = _TITLES.match(name.text)
    if title:
        told = shown(title[0].strip())
        what = f"Họ tên người ký có ghi {told}, quy định không ghi «đồng chí», học hàm, học vị, quân hàm."
        findings.add(findings.element("signer_name"), "layout-signer-name-title", what, "Chỉ ghi họ và tên.", name)


def _check_recipients(findings: Findings, found: Components) -> None:
    head, label = found.recipients_head, findings.layout.recipients_label
    rule = findings.element("recipients_head")
    minutes = found.type_title is not None and plain(found.type_title.text).startswith("BIEN BAN")
    if head is None:
        if findings.layout.kind == "van-ban" and not minutes:
            what = f"Thiếu «{label}» ở góc trái, cuối văn bản."
            findings.add(rule, "layout-recipients-missing", what, f"Thêm «{label}» và danh sách.", part="cuối văn bản")
        return
    findings.look("recipients_head", [head])
    if head.text != label:
        what = f"Ghi {shown(head.text)}, quy định «{label}»."
        findings.add(rule, "layout-recipients-head-text", what, f"Ghi «{label}» riêng một dòng.", head)
    _check_list(findings, found)


def _check_list(findings: Findings, found: Components) -> None:
    rule, lines = findings.element("recipients"), found.recipients
    findings.look("recipients", lines)
    if not lines:
        return
    last = lines[-1]
    code, cure = "layout-recipients", "Ghi ví dụ «- Lưu Văn phòng Đảng ủy.»."
    if not _KEPT.match(last.text):
        what = "Dòng cuối của nơi nhận không phải là dòng «- Lưu …»."
        findings.add(rule, f"{code}-kept", what, cure, last)
        return
    if not last.text.endswith("."):
        findings.add(rule, f"{code}-stop", "Dòng «- Lưu …» không kết thúc bằng dấu chấm.", cure, last)
    if ":" in last.text or re.search(r"\bVT\b", last.text):
        what = "Dòng «- Lưu …» có dấu hai chấm hoặc chữ «VT» như văn bản nhà nước."
        findings.add(rule, f"{code}-state", what, cure, last)
