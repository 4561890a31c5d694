"""A template given out to be edited in Word, and beside it the list of the fields that it may use."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple

import xlsxwriter

from docgen.papers.template_fields import FILLED, LEVEL_WORDS, TICKED, use_of
from docgen.rules.choices import options
from docgen.word import package
from docgen.word.row_marks import editable
from docgen.word.template import examine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docgen.papers.form import Field, Form

_HEADINGS = ("Mục", "Viết trong mẫu", "Ý nghĩa", "Bắt buộc", "Đang dùng")
_A4 = 9
"""As Excel numbers sizes of paper."""
_WIDTHS = (40, 64, 48, 10, 10)
_TYPES = {
    "text": "một dòng chữ", "name": "tên", "date": "ngày", "month": "tháng", "quarter": "quý", "year": "năm",
    "integer": "số nguyên", "decimal": "số", "percent": "tỷ lệ phần trăm", "choice": "một lựa chọn",
    "computed": "số tự tính",
}  # fmt: skip
_RULES = (
    "Thẻ gõ liền một lượt, không dấu, đúng như cột «Viết trong mẫu»; định dạng chữ của thẻ là định dạng của chữ in ra.",
    "Thẻ {%p …%} đứng một mình trong một đoạn, thẻ {%tr …%} một mình trong một dòng của bảng: đoạn, dòng ấy sẽ mất đi.",
    "Mỗi for có một endfor, mỗi if có một endif.",
    "Được sửa lời văn, phông chữ, thêm hình (nhúng trong tệp), đổi thứ tự, thêm mục; đừng xóa mục bắt buộc.",
    "Sửa xong: docgen template check TỆP.docx --form MẪU, rồi docgen template install TỆP.docx --form MẪU.",
    "Thêm mục mới: gõ nhãn rồi thẻ, ví dụ «Số thẻ đảng: {{ so_the }}», và cài với --add-fields.",
)


class Line(NamedTuple):
    """A line of the list: what the field is called, how it is written in a template, what it is."""

    title: str
    tags: str
    meaning: str
    required: bool = False
    path: str = ""


def exported(docx: bytes) -> bytes:
    """The template as Word opens it without objection.

    Raises:
        FormError: no Word file.
    """
    return editable(docx)


def field_list(form: Form, docx: bytes) -> bytes:
    """An Excel file in Vietnamese: how each field is written in a template, and whether this one uses it."""
    used = use_of(form, examine(package.parts(docx)).places).used
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#DDE6F0", "border": 1, "text_wrap": True})
        plain = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        sheet = book.add_worksheet("Các mục")
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.write_row(0, 0, _HEADINGS, bold)
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        for row, line in enumerate(lines(form), start=1):
            marks = ("có" if line.required else "", "có" if _is_used(line.path, used) else "")
            sheet.write_row(row, 0, (line.title, line.tags, line.meaning, *marks), plain)
        rules = book.add_worksheet("Cách viết")
        rules.set_column(0, 0, 110)
        rules.write_column(0, 0, [f"{number}. {rule}" for number, rule in enumerate(_RULES, start=1)], plain)
    return made.getvalue()


def _is_used(path: str, used: set[str]) -> bool:
    owner, _, name = path.rpartition(".")
    ticks = ".".join(filter(None, [owner, TICKED, name]))
    tested = ".".join(filter(None, [owner, FILLED, name]))
    return path in used or tested in used or any(each.startswith(f"{ticks}.") for each in used)


def lines(form: Form) -> Iterator[Line]:
    """Every field of the form, and of its lists, in the form's order."""
    for field in form.fields.values():
        yield _line(field, "", "")
        for column in field.columns.values():
            yield _line(column, "dong.", f"{field.name}.")


def _line(field: Field, prefix: str, path: str) -> Line:
    name = f"{prefix}{field.name}"
    title = f"    {field.title}" if prefix else field.title
    tags, meaning = f"{{{{ {name} }}}}", _TYPES.get(field.type, "")
    if field.type == "paragraphs":
        tags = _loop("doan", name, "{{ doan }}", "p")
        meaning = "các đoạn văn: mỗi thẻ một đoạn riêng"
    elif field.type == "list":
        columns = " ".join(f"{{{{ dong.{each} }}}}" for each in field.columns)
        tags = _loop("dong", name, f"{{{{ dong.stt }}}} {columns}", "tr")
        meaning = "các dòng của bảng: thẻ for và endfor mỗi thẻ một dòng riêng"
    elif field.type == "levels":
        tags = _loop("dong", name, " ".join(f"{{{{ dong.{each} }}}}" for each in LEVEL_WORDS[1:]), "p")
        meaning = "các mục nhiều cấp; dong.cap là cấp"
    elif field.type == "yes_no":
        tags, meaning = f"{{%p if {prefix}{FILLED}.{field.name} %}} … {{%p endif %}}", "có thì in phần ở giữa"
    elif field.type == "choice":
        ticks = [f"{{%r if {prefix}{TICKED}.{field.name}.{each.id} %}}" for each in options(field.choices or "")]
        tags = "\n".join([tags, *(f"{tick} ☒ {{%r else %}} ☐ {{%r endif %}}" for tick in ticks)])
        meaning = "; ".join(each.label for each in options(field.choices or ""))
    return Line(title, tags, meaning, field.required, f"{path}{field.name}")


def _loop(row: str, name: str, inside: str, scope: str) -> str:
    return f"{{%{scope} for {row} in {name} %}}\n{inside}\n{{%{scope} endfor %}}"
