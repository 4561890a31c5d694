"""Lists of records in JSON, JSONL and YAML."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from docgen.tables.limits import DEFAULT
from tests.tables.books import codes, faults, read, refused, values


def of(text: str) -> bytes:
    return text.encode()


LISTS = [
    ("ds.json", '[{"ho_ten": "Mơ", "nam": 2025, "diem": 8.5, "con": [1]}]', ["Mơ", 2025, Decimal("8.5"), [1]]),
    ("ds.jsonl", '{"ho_ten": "Mơ", "nam": 2025}\r\n', ["Mơ", 2025]),
    ("ds.ndjson", '\ufeff{"ho_ten": "Mơ"}', ["Mơ"]),
    ("ds.yaml", "- ho_ten: Mơ\n  nam: 2025\n", ["Mơ", "2025"]),
    ("đầu vào chuẩn", ' [{"ho_ten": "Mơ"}]', ["Mơ"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "expected"), LISTS)
def test_a_list_keeps_its_types(name: str, text: str, expected: list[object]) -> None:
    assert values(of(text), name) == [expected]


def test_rows_count_from_one_and_headings_are_all_keys() -> None:
    result = read(of('[{"a": 1}, {"b": 2, "a": 3}, {}, {"a": null}, 5]'), "ds.json")
    assert [row.origin.row for row in result.rows] == [1, 2]
    assert [(heading.text, heading.column) for heading in result.headings] == [("a", None), ("b", None)]
    assert [number for number, _ in result.skipped] == [3, 4]
    assert faults(of('[{"a": 1}, 5]'), "ds.json") == [(2, None, "record-not-object")]
    assert result.rows_in == 5


def test_the_rows_of_lines_are_called_by_their_line() -> None:
    result = read(of('{"a": 1}\n\n{"a": 2}\n'), "ds.jsonl")
    assert [row.origin.row for row in result.rows] == [1, 3]


def test_every_wrong_line_is_told() -> None:
    problems = refused(of('{"a": 1}\n{"a": 1,}\n{"a": NaN}\n'), "ds.jsonl")
    assert [(problem.row, problem.code) for problem in problems] == [(2, "json-syntax"), (3, "json-not-a-number")]


REFUSED = [
    ("ds.json", '{"ho_ten": "Mơ"}', "list-not-list"),
    ("ds.json", "[]", "list-empty"),
    ("ds.json", "[{}]", "list-empty"),
    ("ds.json", '[{"a": 1, "a": 2}]', "json-duplicate-key"),
    ("ds.json", "[" * 100_000, "json-too-deep"),
    ("ds.json", '[{"a": 1},]', "json-syntax"),
    ("ds.json", '[{"a": "\\ud800"}]', "json-half-character"),
    ("ds.yaml", "- &a x\n- *a\n", "yaml-anchor"),
    ("ds.yaml", "a: 1\n", "list-not-list"),
]


@pytest.mark.parametrize(("name", "text", "code"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_no_list_is_refused(name: str, text: str, code: str) -> None:
    assert codes(of(text), name)[0] == code


def test_a_list_that_is_too_long_is_refused() -> None:
    assert codes(of('[{"a": 1}, {"a": 2}]'), "ds.json", limits=replace(DEFAULT, rows=1)) == ["list-too-long"]
    assert codes(of("Mã,Tên\n1,An\n2,Bình\n"), "ds.csv", limits=replace(DEFAULT, rows=2)) == ["list-too-long"]


def test_bytes_of_another_page_are_refused_with_their_place() -> None:
    (problem,) = refused('[{"a": "é"}]'.encode("latin-1"), "ds.json")
    assert problem.code == "file-not-utf8"
    assert problem.row == 1
