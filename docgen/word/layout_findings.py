"""How a deviation from a layout is told: what was measured, what is required, how to mend it, by which clause.

A rule whose clause was read is an error; one known from digests only, and every custom, is a warning.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from docgen.errors import Problem
from docgen.word.layout_components import is_capitals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docgen.rules.layouts import Element, Layout
    from docgen.word.layout_reading import Line, Run

NAMES = {
    "national_title": "Tiêu đề «ĐẢNG CỘNG SẢN VIỆT NAM»",
    "parent_body": "Tên cơ quan cấp trên",
    "issuing_body": "Tên cơ quan ban hành",
    "star": "Dấu sao",
    "number": "Số và ký hiệu",
    "place_date": "Dòng địa danh, ngày tháng năm",
    "type_title": "Tên loại văn bản",
    "subject": "Trích yếu",
    "letter_subject": "Trích yếu công văn",
    "addressee": "Dòng «Kính gửi»",
    "body": "Phần nội dung",
    "grounds": "Đoạn căn cứ",
    "part": "Số phần, chương",
    "section": "Tên mục",
    "signing_power": "Quyền hạn ký",
    "signer_post": "Chức vụ người ký",
    "signer_name": "Họ tên người ký",
    "recipients_head": "Dòng «Nơi nhận»",
    "recipients": "Danh sách nơi nhận",
    "urgency": "Mức độ khẩn",
    "secrecy": "Mức độ mật",
    "draft_mark": "Dấu dự thảo",
    "page_number": "Số trang",
}
"""What a message calls each element that is looked at."""


class Rule(Protocol):
    """Anything in the layout data that carries its source."""

    @property
    def clause(self) -> str:
        """Where the rule is written."""

    @property
    def verified(self) -> bool:
        """Whether that place was read."""


@dataclass(slots=True)
class Findings:
    """The problems found so far, each deviation once."""

    layout: Layout
    problems: dict[tuple[str, str], Problem] = field(default_factory=dict)

    def add(self, rule: Rule, code: str, what: str, cure: str, line: Line | None = None, *, part: str = "") -> None:
        """One deviation from a rule."""
        self._put(rule, "error" if rule.verified else "warning", (code, what, cure), line, part)

    def custom(self, code: str, what: str, cure: str, line: Line | None = None) -> None:
        """One deviation from what is usual; an organisation may do otherwise, so it is never an error."""
        self._put(self.layout.body, "warning", (code, what, cure), line, "")

    def element(self, name: str) -> Element:
        """The layout's element of this name."""
        return self.layout.elements[name]

    def look(self, name: str, lines: Sequence[Line]) -> None:
        """Size, weight, slope, capitals and underline of an element's lines: each deviation once, at its first line."""
        rule = self.element(name)
        seen: set[str] = set()
        for line in lines:
            for aspect, what, cure in _deviations(rule, line):
                if aspect not in seen:
                    seen.add(aspect)
                    self.add(rule, f"layout-{name.replace('_', '-')}-{aspect}", f"{NAMES[name]} {what}.", cure, line)

    def _put(self, rule: Rule, severity: str, told: tuple[str, str, str], line: Line | None, part: str) -> None:
        code, what, cure = told
        problem = Problem(
            code=code,
            what=what,
            cure=cure,
            severity="error" if severity == "error" else "warning",
            part=line.part if line else part or None,
            paragraph=line.text if line else None,
            clause=rule.clause,
        )
        self.problems.setdefault((code, what), problem)


def number(value: float) -> str:
    """A measure as Vietnamese write it, at most one decimal: `14`, `13,5`."""
    return f"{value:.1f}".removesuffix(".0").replace(".", ",")


def sizes_allowed(rule: Element) -> str:
    """`14` or `14 đến 15`."""
    return number(rule.size) if rule.max_size is None else f"{number(rule.size)} đến {number(rule.max_size)}"


def wrong_sizes(rule: Element, runs: Sequence[Run]) -> list[float]:
    """The sizes in points that lie outside the rule, the smallest first."""
    most = rule.size if rule.max_size is None else rule.max_size
    return sorted({run.size for run in runs if not rule.size <= run.size <= most})


def _deviations(rule: Element, line: Line) -> list[tuple[str, str, str]]:
    runs = line.visible
    found: list[tuple[str, str, str]] = []
    sizes = wrong_sizes(rule, runs)
    if sizes:
        measured = ", ".join(number(size) for size in sizes)
        required = sizes_allowed(rule)
        found.append(("size", f"có cỡ chữ {measured}, quy định {required}", f"Đặt cỡ chữ {number(rule.size)}."))
    for aspect, required_on, word, undo in (
        ("bold", rule.bold, "in đậm", "Bỏ in đậm."),
        ("italic", rule.italic, "in nghiêng", "Đặt chữ đứng."),
        ("underline", rule.underline, "gạch chân", "Bỏ gạch chân."),
    ):
        on = [run for run in runs if getattr(run, aspect)]
        if required_on and len(on) < len(runs):
            found.append((aspect, f"không {word}, quy định {word}", f"Chọn cả dòng và {word}."))
        elif not required_on and on:
            found.append((aspect, f"{word}, quy định không {word}", undo))
    if rule.caps and runs and not is_capitals(line.text):
        found.append(("caps", "không viết hoa toàn bộ, quy định viết hoa", "Viết hoa cả dòng."))
    return found
