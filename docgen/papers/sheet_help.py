"""The words of help in the Excel to fill: the note on each heading and the lines of the page «Hướng dẫn»."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from docgen.papers.asked import YES_NO
from docgen.papers.library import SUBJECTS
from docgen.papers.schema import accepted
from docgen.rules.choices import options
from docgen.tables.headings import REASON_HEADING
from docgen.tables.sheets import CODE, COMMON, COMMON_VALUE
from docgen.viet.numbers import format_integer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from docgen.papers.asked import Asked
    from docgen.papers.form import Field, Form

EXAMPLE_NOTE: Final = "Dòng này chỉ để xem: ô đầu còn chữ «Ví dụ» thì dòng không được in. Xóa đi hay để lại đều được."
CODE_HELP: Final = (
    "Mã nào cơ quan đang dùng cũng được, mỗi dòng một mã khác nhau; số 0 ở đầu được giữ nguyên. Được để trống.\n"
    "Cần mã để ghi dòng ở các trang danh sách kèm theo, và để lần sau nhận ra đúng dòng đã sửa."
)
COMMON_FIRST: Final = (
    f"Giống nhau cho cả danh sách thì điền một lần ở trang «{COMMON}» và để trống cột này. "
    f"Ô điền ở đây được dùng thay cho trang «{COMMON}»."
)


def note(asked: Asked, forms: Sequence[Form]) -> str:
    """What stands on the heading of a field: its printed label, its help, how to write it, which forms use it."""
    field, users = asked.field, [form for form, _ in asked.ways]
    lines = [*_labels(asked), *dict.fromkeys(each.help for _, each in asked.ways), how(field)]
    if field.example and field.type != "choice":
        lines.append(f"Ví dụ: {field.example}")
    if len(users) < len(forms):
        lines.append(f"Chỉ dùng cho {', '.join(_called(form) for form in users)}.")
    return "\n".join(filter(None, lines))


def subject_note(told: str, forms: Sequence[Form]) -> str:
    """What stands on the heading «Đối tượng»: its help, and which form each subject leads to."""
    labels = {option.id: option.label for option in options(SUBJECTS)}
    return "\n".join([told, *(f"{labels[each]}: {_called(form)}." for form in forms for each in form.subject)])


def list_code_note(listed: Asked, forms: Sequence[Form], main: str) -> str:
    """What stands on the heading «Mã» of a list sheet."""
    lines = [f"Mã của dòng ở trang «{main}» mà dòng này thuộc về; một mã có thể có nhiều dòng.", note(listed, forms)]
    if listed.field.default_rows:
        lines.append("Mã nào không có dòng ở đây thì các dòng in sẵn của biểu mẫu được dùng.")
    return "\n".join(filter(None, lines))


def how(field: Field) -> str:
    """How a value of this field is written into a cell, and how long it may be; nothing where anything goes."""
    told = _HOW[field.type](field) if field.type in _HOW else ""
    most = f"Nhiều nhất {format_integer(field.max_characters)} ký tự." if field.max_characters else ""
    return " ".join(filter(None, (told, most)))


def guide(forms: Sequence[Form], *, main: str, lists: Iterable[str], common: bool) -> list[str]:
    """The lines of the page «Hướng dẫn».

    Args:
        forms: for which papers the workbook is.
        main: the title of the main sheet.
        lists: the titles of the list sheets.
        common: whether there is a sheet «Chung».
    """
    titles = ", ".join(f"«{title}»" for title in lists)
    lines = [
        f"Tệp này dùng cho {'; '.join(_named(form) for form in forms)}{_years(forms)}.",
        f"Trang «{main}»: mỗi dòng thành một văn bản. Cột có dấu * phải điền. Đưa chuột lên tiêu đề để xem cách điền.",
        "Dòng màu xám bắt đầu bằng chữ «Ví dụ» chỉ để xem, không được in. Xóa đi hay để lại đều được; "
        "nếu sửa thành dòng thật thì bỏ chữ «Ví dụ» ở ô đầu.",
        f"Cột «{CODE}»: mã nào cơ quan đang dùng cũng được, mỗi dòng một mã, được để trống. Nhờ mã mà dòng ở các trang "
        "danh sách kèm theo tìm được đúng người, và khi sửa danh sách thì chỉ dòng đã sửa được làm lại.",
    ]
    if common:
        lines.append(
            f"Trang «{COMMON}»: những mục giống nhau cho cả danh sách, điền một lần ở cột «{COMMON_VALUE}». "
            f"Dòng nào khác thì điền ở cột cùng tên, tiêu đề màu xanh lá, cuối trang «{main}»: "
            "ô của dòng được dùng trước."
        )
    if titles:
        lines.append(
            f"Trang {titles}: mỗi dòng là một dòng của bảng in ra; cột «{CODE}» ghi đúng mã của dòng ở trang «{main}»."
        )
    return [*lines, *_RULES, *_unverified(forms)]


_RULES: Final = (
    "Ngày ghi như 28/02/1990; gõ xong xem lại ô, vì máy đặt ngày kiểu Mỹ có thể đổi chỗ ngày và tháng. "
    "Nhiều đoạn trong một ô thì bấm Alt+Enter để xuống dòng.",
    "Có thể xóa cột không dùng, đổi thứ tự cột, thêm cột riêng (cột biểu mẫu không có thì không in, và được báo). "
    "Không sửa tiêu đề cột, không gộp ô.",
    "Gõ bằng phông Unicode như Times New Roman. Chữ gõ bằng TCVN3 (.VnTime, .VnArial…) hoặc VNI được nhận ra và báo; "
    "chỉ chuyển sang Unicode khi được yêu cầu.",
    f"Dòng có lỗi không được in và được trả lại trong tệp loi.xlsx, kèm cột «{REASON_HEADING}»; dòng khác vẫn xong. "
    "Sửa ngay trong tệp đó rồi làm lại với tệp đó.",
)


def _called(form: Form) -> str:
    return form.code or form.title


def _named(form: Form) -> str:
    return f"{form.code} ({form.title})" if form.code else form.title


def _years(forms: Sequence[Form]) -> str:
    """The years reviewed for which all the forms serve; nothing where they serve any year."""
    first = max((form.first_year or 0 for form in forms), default=0)
    last = min((form.last_year for form in forms if form.last_year), default=None)
    if last is None:
        return f"; năm kiểm điểm từ {first}" if first else ""
    return f"; năm kiểm điểm {first} đến {last}"


def _unverified(forms: Iterable[Form]) -> Iterator[str]:
    for form in forms:
        parts = [each.part for each in form.provenance if each.status == "UNVERIFIED"]
        if parts:
            yield f"Phần chưa kiểm chứng với văn bản gốc của {_called(form)}: {'; '.join(parts)}."


def _labels(asked: Asked) -> list[str]:
    """The printed label where it is not the heading itself; where the forms print several, each with its form."""
    labels = {field.label for _, field in asked.ways}
    if labels == {asked.field.title}:
        return []
    if len(labels) == 1:
        return [f"In trên mẫu: {asked.field.label}"]
    return [f"{_called(form)}: {field.label}" for form, field in asked.ways]


def _date(field: Field) -> str:
    opened = " Chưa rõ ngày thì ghi 02/2026, hoặc chỉ ghi năm." if field.format == "long" else ""
    return f"Ghi ngày, tháng, năm như 28/02/1990.{opened}"


def _between(field: Field) -> str:
    low, high = field.minimum, field.maximum
    if low is not None and high is not None:
        return f" từ {low} đến {high}"
    return f" từ {low} trở lên" if low is not None else f" không quá {high}" if high is not None else ""


_HOW: Final[Mapping[str, Callable[[Field], str]]] = {
    "date": _date,
    "month": lambda _: "Ghi tháng như 3 hoặc 3/2026.",
    "quarter": lambda _: "Ghi quý như III hoặc III/2026.",
    "year": lambda _: "Ghi năm đủ bốn chữ số.",
    "integer": lambda field: f"Ghi số nguyên{_between(field)}.",
    "decimal": lambda field: f"Ghi số{_between(field)}, nhiều nhất {field.places} chữ số sau dấu phẩy.",
    "percent": lambda field: f"Ghi kèm dấu % như 86,9%, nhiều nhất {field.places} chữ số sau dấu phẩy.",
    "choice": lambda field: f"Chọn trong danh sách xổ xuống: {'; '.join(accepted(field))}.",
    "yes_no": lambda field: f"Chọn «Có» hoặc «Không»; để trống là «{YES_NO[0] if field.default else YES_NO[1]}».",
    "paragraphs": lambda _: "Nhiều đoạn thì bấm Alt+Enter để xuống dòng: mỗi dòng một đoạn.",
    "levels": lambda _: (
        "Mỗi dòng một mục (Alt+Enter để xuống dòng), không gõ số thứ tự: số được đánh tự động. "
        "Một ô chỉ giữ được cấp mục ngoài cùng."
    ),
}
