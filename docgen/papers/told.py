"""What is said of a document that came back, in the words of whoever has to look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docgen.errors import Problem, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docgen.papers.form import Field

_OPEN = "Mở tệp xem"


def _of(field: Field) -> dict[str, Any]:
    return {"field": field.name, "label": field.title}


def differing(field: Field, texts: Iterable[str]) -> Problem:
    """A field that stands in several places with different values."""
    told = ", ".join(shown(text) for text in texts)
    what = f"Ghi khác nhau ở nhiều chỗ: {told}; chưa đọc mục này."
    return Problem(code="read-differing", what=what, cure="Sửa trong tệp cho giống nhau rồi đọc lại.", **_of(field))


def missing(field: Field) -> Problem:
    """A field of which neither control nor bookmark nor label is left."""
    what = "Không tìm thấy mục này trong tệp (phần đó đã bị xóa hoặc sửa khác mẫu)."
    return Problem(code="read-missing", what=what, cure=f"{_OPEN} rồi điền tay vào bảng.", **_of(field))


def beside(field: Field, text: str) -> Problem:
    """Text beside a place that is filled."""
    what = f"Còn chữ viết cạnh ô, ngoài ô điền: {shown(text)}; phần này không nằm trong giá trị đã đọc."
    return Problem(code="read-beside", what=what, cure="Xem cột «Chữ ngoài ô» rồi bổ sung nếu cần.", **_of(field))


def joined(field: Field) -> Problem:
    """An answer that goes on outside of its control."""
    what = "Có đoạn viết ngoài ô điền, giữa tiêu đề của mục này và phần in sau; đã đọc cùng với mục này."
    return Problem(code="read-joined", what=what, cure=_OPEN + " lại nếu nghi ngờ.", severity="warning", **_of(field))


def from_beside(field: Field) -> Problem:
    """A blank place with text beside it, which was read for it."""
    what = "Ô điền để trống, chữ được viết bên cạnh; đã đọc phần viết bên cạnh."
    return Problem(code="read-from-beside", what=what, severity="warning", **_of(field))


def undotted(field: Field) -> Problem:
    """A value from which left-over dots of the line were taken."""
    what = "Đã bỏ các dấu chấm còn lại của dòng kẻ."
    return Problem(code="read-undotted", what=what, severity="warning", **_of(field))


def ticked_twice(field: Field, labels: Iterable[str]) -> Problem:
    """A choice with several boxes ticked."""
    what = f"Đánh dấu nhiều ô: {'; '.join(labels)}; chưa đọc mục này."
    return Problem(code="read-ticked-twice", what=what, cure="Giữ một dấu rồi đọc lại.", **_of(field))


def tick_unclear(field: Field, text: str) -> Problem:
    """A box in which something else than a tick stands."""
    what = f"Ô đánh dấu có chữ {shown(text)}, không rõ là chọn hay không; chưa đọc mục này."
    return Problem(code="read-tick-unclear", what=what, cure="Đánh dấu x vào ô được chọn.", **_of(field))


def rows_differing(field: Field) -> Problem:
    """A list that stands in two places with different rows."""
    what = "Danh sách này có ở hai nơi trong tệp và không giống nhau; chưa đọc."
    return Problem(code="read-rows-differing", what=what, cure="Sửa cho giống nhau rồi đọc lại.", **_of(field))


def cell(field: Field, row: int, column: Field, what: str) -> Problem:
    """A cell of a list that could not be read."""
    path, label = f"{field.name}[{row}].{column.name}", f"{field.title}, dòng {row}, {column.title}"
    return Problem(code="read-cell", what=what, cure=f"{_OPEN} rồi điền tay vào bảng.", field=path, label=label)


def row_beside(field: Field, row: int, text: str) -> Problem:
    """Text in a row that stands in none of its columns."""
    what = f"Có chữ không thuộc cột nào: {shown(text)}."
    path, label = f"{field.name}[{row}]", f"{field.title}, dòng {row}"
    return Problem(code="read-beside", what=what, cure="Xem cột «Chữ ngoài ô».", field=path, label=label)


def outside(text: str, near: Field | None) -> Problem:
    """Text that stands in no place at all."""
    after = f" sau mục «{near.title}»" if near else ""
    what = f"Có chữ viết thêm{after}, ngoài mọi ô điền: {shown(text)}."
    return Problem(code="read-outside", what=what, cure="Xem cột «Chữ ngoài ô».", severity="warning")


def rewritten(text: str) -> Problem:
    """Printed text that somebody has changed."""
    what = f"Phần in sẵn của mẫu đã bị sửa: {shown(text)}."
    return Problem(code="read-rewritten", what=what, severity="warning")


def tracked(deleted: int) -> Problem:
    """A document with tracked changes."""
    gone = "phần đã xóa không được đọc" if deleted else "phần thêm vào được đọc"
    what = f"Tệp còn dấu sửa đổi (Track Changes): {gone}."
    cure = "Nếu cần chắc chắn: mở bằng Word, chấp nhận hoặc từ chối các sửa đổi rồi đọc lại."
    return Problem(code="read-tracked", what=what, cure=cure, severity="warning")


def aside(text: str) -> Problem:
    """A comment or a note."""
    what = f"Tệp có ghi chú, chú thích hoặc chữ ở đầu trang, chân trang: {shown(text)}."
    return Problem(code="read-comment", what=what, cure="Xem cột «Chữ ngoài ô».", severity="warning")


def undoubled() -> Problem:
    """The fault of LibreOffice that repeats the first place."""
    what = "LibreOffice đã chép lặp ô đầu tiên khi lưu tệp; phần lặp chỉ đọc một lần."
    return Problem(code="read-undoubled", what=what, cure="Mở tệp xóa phần lặp ở dòng đầu.", severity="warning")


def pictures(count: int) -> Problem:
    """Pictures, which nobody reads here."""
    what = f"Tệp có {count} hình ảnh; chữ trong ảnh không đọc được."
    return Problem(code="read-pictures", what=what, cure=f"{_OPEN} ảnh.", severity="warning")
