"""Which form a document is: what it says of itself, else what is printed on it."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from docgen.errors import FormError, Problem
from docgen.papers import library
from docgen.papers.frame import Frame, frame
from docgen.papers.spelling import alike

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docgen.papers.form import Form
    from docgen.word.reading import Reading

_LEAST: Final = 0.6
"""How much of a form's printed text must be on a document for it to be that form."""
_CLEARLY: Final = 0.02
"""By how much it must be more like this form than like any other."""
_LEAST_LETTERS: Final = 6
_LEAST_LINES: Final = 3
"""So many printed lines must stand there twice for a document to hold two papers."""


class Recognised(NamedTuple):
    """The form, what its template prints, and what is to be told about the way it was recognised."""

    form: Form
    frame: Frame
    problems: tuple[Problem, ...]


def recognise(reading: Reading) -> Recognised:
    """The form of a document.

    Raises:
        FormError: `read-not-ours` for a document that was not made here and is like no form; `read-which-form` where
            two forms are equally like it;
            `read-form-unknown` for one of a form that is not on the shelf; `read-many-papers` for a print file.
    """
    known = _known(reading)
    if _copies(known.frame, reading) > 1:
        what = "Tệp chứa nhiều bản của nhiều người (bản in chung)."
        raise FormError.of("read-many-papers", what, "Đọc từng tệp riêng của mỗi người.")
    return known


def _known(reading: Reading) -> Recognised:
    told = reading.stamp.get("form")
    if told:
        try:
            return _stamped(library.form(told), reading)
        except FormError:
            what = f"Tệp làm từ biểu mẫu «{told[:60]}» mà chương trình này không có."
            cure = "Cài mẫu đó (docgen template) hoặc dùng đúng bản chương trình đã tạo tệp."
            raise FormError.of("read-form-unknown", what, cure) from None
    return _by_text(reading)


def _stamped(form: Form, reading: Reading) -> Recognised:
    layout = reading.stamp.get("layout", "")
    layout = layout if layout in form.layouts else form.layouts[-1]
    edition = reading.stamp.get("edition", "")
    problems = []
    if edition != form.edition:
        what = f"Tệp theo bản mẫu {edition or 'không rõ'}, chương trình đang dùng bản {form.edition}."
        cure = "Các mục cùng tên vẫn được đọc; xem lại các mục có sửa đổi giữa hai bản."
        problems.append(Problem(code="read-other-edition", what=what, cure=cure, severity="warning"))
    return Recognised(form, frame(form, library.template(form, layout)), tuple(problems))


def _by_text(reading: Reading) -> Recognised:
    """The form of which most printed lines are on the document, where that is clear."""
    lines = sorted({alike(paragraph.text).casefold() for paragraph in reading.paragraphs})
    scores = []
    for form in library.catalogue():
        for layout in form.layouts:
            known = frame(form, library.template(form, layout))
            scores.append((_likeness(known, lines), form.id, known, form))
    scores.sort(key=lambda each: each[0], reverse=True)
    best, name, known, form = scores[0]
    other = next((each for each in scores if each[1] != name), None)
    if best < _LEAST:
        what = "Tệp không phải do chương trình này tạo và không giống mẫu nào."
        raise FormError.of("read-not-ours", what, "Chọn đúng tệp; nếu là mẫu khác, nhập tay vào bảng.")
    if other and best - other[0] < _CLEARLY:
        what = f"Không rõ tệp theo mẫu nào: giống cả {name} và {other[1]}."
        raise FormError.of("read-which-form", what, "Nhập tay, hoặc chép nội dung vào tệp mẫu mới tạo.")
    what = f"Tệp không còn ghi mã mẫu; nhận ra {form.code or form.id} theo phần in sẵn."
    problem = Problem(code="read-recognised", what=what, cure="Kiểm tra lại có đúng mẫu không.", severity="warning")
    return Recognised(library.form(form.id), known, (problem,))


def _copies(known: Frame, reading: Reading) -> int:
    """How often a document holds the form: as often as each line that the form prints once."""
    printed = Counter(alike(line.printed).casefold() for line in known.lines if not line.places)
    once = {words for words, count in printed.items() if count == 1 and len(words) >= _LEAST_LETTERS}
    found = Counter(words for each in reading.paragraphs if (words := alike(each.text).casefold()) in once)
    return min(found.values()) if len(found) >= _LEAST_LINES else 1


def _likeness(known: Frame, lines: Sequence[str]) -> float:
    """The share of the form's printed lines that stand on the document; of lines with places, how they begin."""
    found = total = 0
    for line in known.lines:
        printed = line.parts[0] if line.parts and isinstance(line.parts[0], str) else ""
        words = alike(printed).casefold()
        if len(words) < _LEAST_LETTERS or any(need.shows for need in line.needs):
            continue
        total += 1
        at = bisect_left(lines, words)
        found += at < len(lines) and (lines[at].startswith(words) if line.places else lines[at] == words)
    return found / total if total else 0.0
