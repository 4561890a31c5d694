"""The running text against a layout: size, pitch, justification, first lines, headings, grounds, leftovers."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from docgen.word.layout_components import GROUNDS, NUMBERED_PART, ROMAN, plain
from docgen.word.layout_findings import number, sizes_allowed, wrong_sizes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docgen.word.layout_components import Components
    from docgen.word.layout_findings import Findings
    from docgen.word.layout_reading import Line

SEVERAL_LINES = 100
"""Characters from which a paragraph surely runs over its first line, so that its shape can be judged."""
LONGEST_HEADING = 250
SHORTER_BY, LONGER_BY = 1.0, 3.0
"""Millimetres around the first line: the rule says about 10 mm, offices set 10 to 12,7."""
POINT = 0.05
HAIRLINE = 6.0
"""Points: an empty paragraph with an exact pitch below this holds a bookmark or parts two tables; it is no spacing."""

_BLANKS = re.compile(r"\.{4}|…\s?…|_{3}|\.\.\s?…|…\.\.")


FIELD_LINE = re.compile(r"[^:;.,]{2,40}: ")
"""`Đơn vị công tác: …`: on a printed form a line to fill in, however long its value, and no paragraph of text."""


def check_text(findings: Findings, found: Components) -> None:
    """The body between the title block and the signatures."""
    lines = [line for line in found.body if line.text]
    running = [line for line in lines if line.align != "center" and line is not found.addressee]
    plain_text = [line for line in running if not line.text.startswith("(")]
    _check_sizes(findings, plain_text)
    _check_pitch(findings, running)
    _check_shape(findings, [line for line in plain_text if not _is_heading(line)])
    _check_headings(findings, plain_text)
    _check_grounds(findings, plain_text)
    if findings.layout.kind == "van-ban":
        _check_empty(findings, found.body)
        _check_blanks(findings, lines)


def _check_sizes(findings: Findings, lines: Sequence[Line]) -> None:
    rule = findings.element("body")
    by_size: dict[float, list[Line]] = defaultdict(list)
    for line in lines:
        for size in wrong_sizes(rule, line.visible):
            by_size[size].append(line)
    for size, wrong in sorted(by_size.items()):
        what = f"{len(wrong)} đoạn nội dung có cỡ chữ {number(size)}, quy định {sizes_allowed(rule)}."
        findings.add(rule, "layout-body-size", what, f"Đặt cỡ chữ {number(rule.size)}.", wrong[0])


def _check_pitch(findings: Findings, lines: Sequence[Line]) -> None:
    body = findings.layout.body
    wrong: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        measured = _pitch(line)
        pitch = line.points("pitch")
        if line.look.get("pitch_rule") != "exact" or not body.min_pitch - POINT <= pitch <= body.max_pitch + POINT:
            wrong[measured].append(line)
    cure = f"Đặt Line spacing › Exactly {number(body.line_pitch)} pt."
    for measured, found in wrong.items():
        required = f"đúng (Exactly) {number(body.min_pitch)} đến {number(body.max_pitch)} pt"
        what = f"{len(found)} đoạn nội dung giãn dòng {measured}, quy định {required}."
        findings.add(body, "layout-body-pitch", what, cure, found[0])


def _pitch(line: Line) -> str:
    pitch = line.points("pitch") or 12.0
    if line.look.get("pitch_rule", "auto") == "auto":
        return f"{number(pitch / 12)} dòng (Multiple)"
    kind = "đúng (Exactly)" if line.look.get("pitch_rule") == "exact" else "ít nhất (At least)"
    return f"{kind} {number(pitch)} pt"


def _check_shape(findings: Findings, lines: Sequence[Line]) -> None:
    body = findings.layout.body
    if findings.layout.kind == "bieu-mau":
        lines = [line for line in lines if not FIELD_LINE.match(line.text)]
    long = [line for line in lines if len(line.text) >= SEVERAL_LINES and not line.continued]
    ragged = [line for line in long if line.align not in {"both", "distribute"}]
    if ragged:
        what = f"{len(ragged)} đoạn nội dung không căn đều hai bên, quy định căn đều."
        findings.add(findings.element("body"), "layout-body-align", what, "Chọn Justify (Ctrl+J).", ragged[0])
    _check_first_lines(findings, [line for line in long if not line.look.get("listed")])
    close = [
        line
        for above, line in pairwise(lines)
        if len(line.text) >= SEVERAL_LINES
        and not line.continued
        and above.points("after") + line.points("before") < body.space_before - POINT
    ]
    if close:
        least = f"tối thiểu {number(body.space_before)} pt"
        what = f"{len(close)} đoạn nội dung cách đoạn trên chưa đủ, quy định {least}."
        cure = f"Đặt Spacing › Before {number(body.space_before)} pt."
        findings.add(body, "layout-body-spacing", what, cure, close[0])


def _check_first_lines(findings: Findings, lines: Sequence[Line]) -> None:
    body = findings.layout.body
    wrong: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        indent = line.millimetres("first_line") + line.millimetres("left")
        if not body.first_line - SHORTER_BY <= indent <= body.first_line + LONGER_BY:
            wrong[number(indent)].append(line)
    for measured, found in wrong.items():
        what = f"{len(found)} đoạn nội dung lùi dòng đầu {measured} mm, quy định khoảng {number(body.first_line)} mm."
        cure = f"Đặt Indentation › Special › First line {number(body.first_line)} mm."
        findings.add(body, "layout-body-first-line", what, cure, found[0])


def _check_headings(findings: Findings, lines: Sequence[Line]) -> None:
    capitals = findings.element("section").caps
    for line in lines:
        if not _is_heading(line):
            continue
        words = line.visible[:1] if plain(line.text).startswith("DIEU") else line.visible
        if not all(run.bold for run in words):
            rule = findings.element("section")
            findings.add(rule, "layout-section-bold", "Tên mục không in đậm, quy định in đậm.", "In đậm cả dòng.", line)
        if capitals and ROMAN.match(line.text) and line.text != line.text.upper():
            what = "Tên mục lớn (I, II, …) không viết hoa, thông thường viết hoa."
            findings.custom("layout-section-caps", what, "Viết hoa tên mục.", line)


def _is_heading(line: Line) -> bool:
    if len(line.text) >= LONGEST_HEADING:
        return False
    return ROMAN.match(line.text) is not None or NUMBERED_PART.match(plain(line.text)) is not None


def _check_grounds(findings: Findings, lines: Sequence[Line]) -> None:
    rule = findings.element("grounds")
    grounds = [line for line in lines if GROUNDS.match(line.text) and not line.text.endswith(":")]
    findings.look("grounds", grounds)
    for place, line in enumerate(grounds, start=1):
        last = place == len(grounds)
        if not line.text.endswith((";", ".", ",") if last else ";"):
            what = "Căn cứ không kết thúc bằng dấu chấm phẩy." if not last else "Căn cứ cuối không có dấu câu ở cuối."
            findings.add(rule, "layout-grounds-end", what, "Cuối mỗi căn cứ ghi «;», cuối cùng ghi «.».", line)
        if len(grounds) > 1 and not line.text.startswith(("-", "–")):
            what = "Căn cứ không có gạch đầu dòng."
            findings.add(rule, "layout-grounds-dash", what, "Mở đầu mỗi căn cứ bằng «- ».", line)


def _check_empty(findings: Findings, lines: Sequence[Line]) -> None:
    empty = [
        line
        for before, line, after in zip(lines, lines[1:], lines[2:], strict=False)
        if not line.text and not _is_hairline(line) and before.text and _runs_on(before) and _runs_on(after)
    ]
    if empty:
        what = f"Có {len(empty)} chỗ dùng đoạn trống để giãn cách trong phần nội dung."
        findings.custom("layout-body-empty", what, "Xóa đoạn trống, đặt Spacing › Before 6 pt.", empty[0])


def _is_hairline(line: Line) -> bool:
    return line.look.get("pitch_rule") == "exact" and line.points("pitch") < HAIRLINE


def _runs_on(line: Line) -> bool:
    return line.align != "center"


def _check_blanks(findings: Findings, lines: Sequence[Line]) -> None:
    left = [line for line in lines if _BLANKS.search(line.text)]
    if left:
        what = f"{len(left)} đoạn còn chỗ trống để chấm; văn bản ban hành chỉ được để trống số và ngày."
        findings.custom("layout-blanks", what, "Điền nội dung hoặc xóa dòng chấm.", left[0])
