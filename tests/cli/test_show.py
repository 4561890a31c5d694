"""`docgen show`: every field with its label, what is unverified said openly, a schema that agrees with the check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from docgen.errors import DataError
from docgen.papers import library
from docgen.papers.form import Form
from docgen.papers.record import record
from docgen.papers.schema import json_schema

if TYPE_CHECKING:
    from tests.cli.conftest import Docgen

FORMS = [form.id for form in library.catalogue()]


@pytest.mark.parametrize("name", FORMS)
def test_a_page_tells_every_field_and_what_is_unverified(docgen: Docgen, name: str) -> None:
    form = library.form(name)
    told = docgen("show", name).out
    for field in form.fields.values():
        assert f"{field.name}{' *' if field.required else ''}: {field.title}" in told
    for each in form.provenance:
        assert each.part in told
    unsure = [each for each in form.provenance if each.status == "UNVERIFIED"]
    assert told.count("CHƯA KIỂM CHỨNG") == len(unsure) + bool(unsure)
    assert all(basis in told for basis in form.basis)


@pytest.mark.parametrize("name", FORMS)
def test_the_same_for_programs(docgen: Docgen, name: str) -> None:
    form = library.form(name)
    told = docgen("show", name, "--json").told
    assert [field["name"] for field in told["fields"]] == list(form.fields)
    assert [field["name"] for field in told["fields"] if field["required"]] == [
        field.name for field in form.fields.values() if field.required
    ]
    assert len(told["provenance"]) == len(form.provenance)


@pytest.mark.parametrize("name", FORMS)
def test_the_sample_is_right_by_the_check_and_by_the_schema(docgen: Docgen, name: str) -> None:
    sample = docgen("show", name, "--sample").told
    schema = docgen("show", name, "--schema").told
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(sample, schema, jsonschema.Draft202012Validator)
    required = {field.name: sample[field.name] for field in library.form(name).fields.values() if field.required}
    jsonschema.validate(required, schema, jsonschema.Draft202012Validator)
    for left_out in required:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({key: value for key, value in required.items() if key != left_out}, schema)


ASKS = Form.model_validate(
    {
        "id": "thu", "edition": "1", "title": "Thử", "summary": "Thử.", "basis": ["Không có"],
        "valid_from": "2025-01-01", "layouts": ["bieu-mau"], "file_name": "thu", "provenance": [],
        "fields": {
            "ten": {"label": "Tên", "type": "name", "blank": "stop", "max_characters": 20},
            "cau": {"label": "Dòng", "max_characters": 30},
            "van": {"label": "Đoạn", "type": "paragraphs"},
            "ngay": {"label": "Ngày", "type": "date"},
            "ngay_dai": {"label": "Ngày dài", "type": "date", "format": "long"},
            "thang": {"label": "Tháng", "type": "month"},
            "quy": {"label": "Quý", "type": "quarter"},
            "nam": {"label": "Năm", "type": "year"},
            "so": {"label": "Số", "type": "integer", "minimum": 0, "maximum": 30},
            "diem": {"label": "Điểm", "type": "decimal", "maximum": 100},
            "ty_le": {"label": "Tỷ lệ", "type": "percent"},
            "muc": {"label": "Mức", "type": "choice", "choices": "cap-do"},
            "dong_y": {"label": "Có không", "type": "yes_no", "default": True},
            "ds": {
                "label": "Danh sách", "type": "list", "max_rows": 2,
                "columns": {"a": {"label": "A", "blank": "stop"}, "b": {"label": "B"}},
            },
            "cap": {"label": "Cấp", "type": "levels", "numbering": ["1.", "a)"]},
            "tong": {"label": "Tổng", "type": "computed", "compute": {"op": "sum", "of": ["so", "diem"]}},
        },
    }
)  # fmt: skip

ACCEPTED: list[dict[str, Any]] = [
    {},
    {"cau": None, "van": None, "ds": None, "cap": None, "muc": None, "dong_y": None},
    {"cau": 8, "van": "một\nhai", "ngay": "8/3/2018", "ngay_dai": 2026, "thang": 3, "quy": "III", "nam": "2025"},
    {"van": ["một", "hai", None, 3]},
    {"so": 30, "diem": 99.5, "ty_le": "86,9%"},
    {"so": "12", "diem": "99,5"},
    {"muc": "Xuất sắc", "dong_y": "Có"},
    {"muc": "XS", "dong_y": False},
    {"ds": [{"a": "x"}, {"a": "y", "b": None}]},
    {"cap": ["một", {"muc": "hai", "con": ["hai a", {"muc": "hai b"}]}]},
    {"cap": "một\nhai"},
    {"so": 1, "diem": 2, "tong": 3},
    {"khac": "chỉ cảnh báo"},
]
REFUSED: list[dict[str, Any]] = [
    {"ten": None},
    {"ten": "  "},
    {"ten": "x" * 21},
    {"cau": "x" * 31},
    {"cau": True},
    {"cau": ["danh sách"]},
    {"cau": {"bảng": 1}},
    {"van": {"bảng": 1}},
    {"ngay": 45000},
    {"ngay": True},
    {"nam": 25},
    {"so": 31},
    {"so": -1},
    {"diem": 101},
    {"muc": "Rất tốt"},
    {"dong_y": "có lẽ"},
    {"ds": "chữ"},
    {"ds": [{"b": "thiếu a"}]},
    {"ds": [{"a": 1}, {"a": 2}, {"a": 3}]},
    {"ds": ["chữ"]},
    {"cap": [{"con": []}]},
    {"cap": [{"muc": "1", "khac": 1}]},
    {"cap": [{"muc": "1", "con": [{"muc": "a", "con": ["sâu quá"]}]}]},
]


def agrees(values: dict[str, Any]) -> bool:
    return jsonschema.Draft202012Validator(json_schema(ASKS)).is_valid({"ten": "Lê Na", **values})


@pytest.mark.parametrize("values", ACCEPTED, ids=str)
def test_what_the_check_accepts_the_schema_accepts(values: dict[str, Any]) -> None:
    record(ASKS, {"ten": "Lê Na", **values})
    assert agrees(values)


@pytest.mark.parametrize("values", REFUSED, ids=str)
def test_what_the_schema_refuses_the_check_refuses(values: dict[str, Any]) -> None:
    with pytest.raises(DataError):
        record(ASKS, {"ten": "Lê Na", **values})
    assert not agrees(values)
