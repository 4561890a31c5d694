"""How `docgen forms` and `docgen show` tell about papers: for people as text, for programs as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docgen.papers.schema import accepted, entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docgen.papers.form import Field, Form, Provenance


def listing(forms: Sequence[Form]) -> str:
    """Every form on two lines: id and title, then when it is used."""
    return "\n".join(f"{form.id}\n    {form.title}\n    {form.summary}" for form in forms)


def details(form: Form) -> dict[str, Any]:
    """Everything that `show` tells, as plain data: the entry, the fields in order, the provenance."""
    return {
        **entry(form),
        "aliases": list(form.aliases),
        "summary": form.summary,
        "first_year": form.first_year,
        "last_year": form.last_year,
        "layouts": list(form.layouts),
        "fields": [_field(field) for field in form.fields.values()],
        "provenance": [each.model_dump() for each in form.provenance],
    }


def _field(field: Field) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": field.name,
        "label": field.label,
        "type": field.type,
        "required": field.required,
        "help": field.help,
        "example": field.example,
    }
    if field.type == "choice":
        told["choices"] = accepted(field)
    if field.columns:
        told["columns"] = [_field(column) for column in field.columns.values()]
    return told


def page(form: Form) -> str:
    """Everything that `show` tells, for a person."""
    return "\n".join([*_head(form), "", *_asked(form), "", *_sources(form.provenance)])


def _head(form: Form) -> Iterator[str]:
    yield f"{form.id}: {form.title}"
    yield form.summary
    if form.code:
        yield f"Mã in trên mẫu: {form.code}"
    if form.version:
        yield f"Mẫu riêng của cơ quan, bản {form.version}"
    if form.aliases:
        yield f"Tên gọi khác: {', '.join(form.aliases)}"
    if form.family:
        yield f"Nhóm mẫu: {form.family}{_served(form)}"
    ends = f" đến {form.valid_to:%d/%m/%Y}" if form.valid_to else ""
    yield f"Hiệu lực: từ {form.valid_from:%d/%m/%Y}{ends}"
    yield "Căn cứ:"
    yield from (f"  - {each}" for each in form.basis)


def _served(form: Form) -> str:
    """The cases of a family that this form serves."""
    told = [f"đối tượng: {', '.join(form.subject)}"] if form.subject else []
    if form.first_year:
        told.append(f"kiểm điểm năm {form.first_year} đến {form.last_year or 'nay'}")
    return f" ({'; '.join(told)})" if told else ""


def _asked(form: Form) -> Iterator[str]:
    yield "Các mục (dấu * là bắt buộc; mục khác để trống thì in chỗ trống như mẫu):"
    for field in form.fields.values():
        yield from _told(field, "  ")


def _told(field: Field, indent: str) -> Iterator[str]:
    yield f"{indent}{field.name}{' *' if field.required else ''}: {field.title} ({_type_words(field)})"
    if field.help:
        yield f"{indent}    {field.help}"
    if field.example:
        yield f"{indent}    Ví dụ: {field.example}"
    for column in field.columns.values():
        yield from _told(column, indent + "    ")


def _type_words(field: Field) -> str:
    match field.type:
        case "choice":
            return f"chọn một: {'; '.join(accepted(field))}"
        case "integer" | "decimal" | "percent" if field.minimum is not None and field.maximum is not None:
            return f"{_TYPES[field.type]} từ {field.minimum} đến {field.maximum}"
        case _:
            return _TYPES[field.type]


_TYPES = {
    "text": "chữ, một dòng",
    "name": "tên",
    "paragraphs": "các đoạn văn",
    "date": "ngày, ví dụ 8/3/2018",
    "month": "tháng, ví dụ 3/2026",
    "quarter": "quý, ví dụ quý I/2026",
    "year": "năm",
    "integer": "số nguyên",
    "decimal": "số",
    "percent": "tỷ lệ phần trăm",
    "yes_no": "Có hoặc Không",
    "list": "danh sách các dòng, mỗi dòng gồm",
    "levels": "các mục nhiều cấp",
    "computed": "tự tính, không phải điền",
}


def _sources(provenance: Sequence[Provenance]) -> Iterator[str]:
    unsure = sum(each.status == "UNVERIFIED" for each in provenance)
    yield f"Nguồn gốc{f' ({unsure} phần CHƯA KIỂM CHỨNG, xem kỹ trước khi dùng chính thức)' if unsure else ''}:"
    for each in provenance:
        note = f" {each.note}" if each.note else ""
        yield f"  - {each.part}: {each.told}. {each.source}.{note}"
