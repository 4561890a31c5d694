"""A file of one record: what is read, exactly; what is refused, with its place, and never with a line of the file."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.errors import DataError
from docgen.tables.documents import Kind, decoded, read_profile, read_record
from docgen.tables.limits import DEFAULT, Limits

MEGABYTE = 1024 * 1024


def read(content: str | bytes, kind: Kind = "json") -> Any:
    data = content.encode() if isinstance(content, str) else content
    return read_record(data, name="an.tep", kind=kind).values


def refused(content: str | bytes, kind: Kind = "json") -> list[tuple[str, int | None, str | None]]:
    with pytest.raises(DataError) as caught:
        read(content, kind)
    for problem in caught.value.problems:
        assert problem.what
        assert problem.cure
        assert problem.file == "an.tep"
    return [(problem.code, problem.row, problem.column) for problem in caught.value.problems]


# ---------------------------------------------------------------- JSON


@pytest.mark.parametrize(
    ("content", "values"),
    [
        ('{"ho_ten": "Lê Thị Mơ", "nam": 2025}', {"ho_ten": "Lê Thị Mơ", "nam": 2025}),
        ('{"diem": 28.50}', {"diem": Decimal("28.50")}),
        ('{"diem": 0.1, "so": -3}', {"diem": Decimal("0.1"), "so": -3}),
        ('{"khong": null, "dung": true}', {"khong": None, "dung": True}),
        ('{"diem": 1e3}', {"diem": Decimal("1e3")}),
        ('[{"nam": 2025}]', {"nam": 2025}),
        ("\ufeff{}", {}),
        ('{"mat": "\\ud83d\\ude00"}', {"mat": "😀"}),
        ('{"a": {"x": 1}, "b": {"x": 1}}', {"a": {"x": 1}, "b": {"x": 1}}),
        ('{"a": "{\\"a\\": 1, [[[ NaN"}', {"a": '{"a": 1, [[[ NaN'}),
    ],
)  # fmt: skip
def test_json_is_read_exactly(content: str, values: dict[str, object]) -> None:
    assert read(content) == values


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_encodings_that_say_what_they_are(encoding: str) -> None:
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    assert read(mark + '{"ho_ten": "Đỗ Quý"}'.encode(encoding)) == {"ho_ten": "Đỗ Quý"}


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ('{"a": 1,}', [("json-syntax", 1, "9")]),
        ('{"a": 1\n "b": 2}', [("json-syntax", 2, "2")]),
        ('{"a" 1}', [("json-syntax", 1, "6")]),
        ("{a: 1}", [("json-syntax", 1, "2")]),
        ("{'a': 1}", [("json-syntax", 1, "2")]),
        ('{"a": tru}', [("json-syntax", 1, "7")]),
        ('{"a": "b', [("json-syntax", 1, "7")]),
        ('{"a": "b\nc"}', [("json-syntax", 1, "9")]),
        ('{"a": "\\x"}', [("json-syntax", 1, "8")]),
        ('{"a": 1}\n{"a": 2}', [("json-syntax", 2, "1")]),
        ('{"a": 012}', [("json-syntax", 1, "8")]),
        ('{"a": 1, "b": 2, "a": 3}', [("json-duplicate-key", 1, "18")]),
        ('{"a": 1, "\\u0061": 3}', [("json-duplicate-key", 1, "10")]),
        ('{"c": [{"a": 1,\n"a": 3}]}', [("json-duplicate-key", 2, "1")]),
        ('{"a": NaN,\n "b": -Infinity}', [("json-not-a-number", 1, "7"), ("json-not-a-number", 2, "7")]),
        ('{"a": "x\\ud800y"}', [("json-half-character", 1, "7")]),
        ('{"\\udfff": 1}', [("json-half-character", 1, "2")]),
        ('{"a": ' + "9" * 5000 + "}", [("json-number-too-long", 1, "7")]),
        ('{"a": 1e999999999}', [("json-number-too-long", 1, "7")]),
        ('{"a": -1e-99999999999999999999}', [("json-number-too-long", 1, "7")]),
        ('"chữ"', [("record-not-object", None, None)]),
        ("[]", [("record-not-object", None, None)]),
        ("[1]", [("record-not-object", None, None)]),
        ("[{}, {}]", [("record-several", None, None)]),
        ("", [("file-empty", None, None)]),
        (" \n\t", [("file-empty", None, None)]),
        (b"\xef\xbb\xbf", [("file-empty", None, None)]),
    ],
)  # fmt: skip
def test_json_is_refused_with_its_place(content: str, found: list[tuple[str, int, str]]) -> None:
    assert refused(content) == found


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b'{"a":\n "\xe1"}', ("file-not-utf8", 2, "3")),
        ('{"a": "Nguyễn"}'.encode().replace(b"\xe1\xbb\x85", b"\xea\xde"), ("file-not-utf8", 1, "12")),
        ('{"a": 1}'.encode("utf-16-le"), ("file-not-text", None, None)),
        ('{"a": 1}'.encode("utf-32"), ("file-not-text", None, None)),
        (b"\xff\xfe{\0\x00\xd8", ("file-not-utf8", 1, "2")),
        (b"PK\x03\x04rest", ("file-not-text", None, None)),
        (b"%PDF-1.7", ("file-not-text", None, None)),
        (b"\xd0\xcf\x11\xe0rest", ("file-not-text", None, None)),
    ],
)
def test_other_encodings_and_kinds_of_file_are_refused(content: bytes, found: tuple[str, int, str]) -> None:
    assert refused(content) == [found]


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
@pytest.mark.parametrize("times", [60, 100_000])
def test_deep_json_is_refused_where_it_gets_too_deep(opening: str, times: int) -> None:
    [(code, row, column)] = refused(opening * times)
    assert (code, row) == ("json-too-deep", 1)
    assert column is not None
    assert int(column) <= 51 * len(opening)


def test_fifty_levels_are_read_and_fifty_one_are_not() -> None:
    assert read('{"a":' + "[" * 49 + "]" * 49 + "}")
    assert refused('{"a":' + "[" * 50 + "]" * 50 + "}")[0][0] == "json-too-deep"


@pytest.mark.parametrize(("kind", "size"), [("json", 30 * MEGABYTE), ("yaml", 30 * MEGABYTE)])
def test_thirty_megabytes_are_refused_before_they_are_read(kind: Kind, size: int) -> None:
    started = time.process_time()
    assert refused(b'{"a": "' + b"x" * size, kind) == [("file-too-large", None, None)]
    assert time.process_time() - started < 0.5


def test_an_unclosed_text_of_many_escapes_takes_no_longer_than_others() -> None:
    started = time.process_time()
    assert refused('{"a": "' + '\\"' * MEGABYTE) == [("json-syntax", 1, "7")]
    assert time.process_time() - started < 2


def test_faults_are_told_all_at_once_but_not_without_end() -> None:
    content = "[" + ",".join(["NaN"] * 1000) + "]"
    assert len(refused(content)) == DEFAULT.problems
    assert len(refused('{"a": NaN, "a": Infinity, "b": "\\ud800"}')) == 4


# ---------------------------------------------------------------- YAML


@pytest.mark.parametrize(
    ("content", "values"),
    [
        ("a: no\nb: yes\nc: on", {"a": "no", "b": "yes", "c": "on"}),
        ("a: 012\nb: 00123\nc: 0x1F", {"a": "012", "b": "00123", "c": "0x1F"}),
        ("a: 12:30:45\nb: 2025-12-01", {"a": "12:30:45", "b": "2025-12-01"}),
        ("a: 28,5\nb: 1e5\nc: .nan", {"a": "28,5", "b": "1e5", "c": ".nan"}),
        ("a: null\nb: ~\nc:\nd: 'null'", {"a": None, "b": None, "c": None, "d": "null"}),
        ("a: |\n  Đoạn một\n  Đoạn hai\n", {"a": "Đoạn một\nĐoạn hai\n"}),
        ('a: "Ưu điểm: tốt"', {"a": "Ưu điểm: tốt"}),
        ("ds:\n  - muc: A\n    con: [x, 'y']\n  - B", {"ds": [{"muc": "A", "con": ["x", "y"]}, "B"]}),
        ("- ho_ten: Lò Văn Pó", {"ho_ten": "Lò Văn Pó"}),
        ("\ufeffa: 1", {"a": "1"}),
        ("--- \na: 1\n...\n", {"a": "1"}),
        ("<<: {x: 1}", {"<<": {"x": "1"}}),
        ('{"a": "b", "c": [1, 2]}', {"a": "b", "c": ["1", "2"]}),
    ],
)
def test_yaml_stays_text(content: str, values: dict[str, object]) -> None:
    assert read(content, "yaml") == values


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("a: Ưu điểm: tốt", ("yaml-syntax", 1, "11")),
        ("a:\n\t- b", ("yaml-syntax", 2, "1")),
        ("a: [1, 2", ("yaml-syntax", 1, "9")),
        ("a: 'x", ("yaml-syntax", 1, "6")),
        ("a: @x", ("yaml-syntax", 1, "4")),
        ('a: "\\q"', ("yaml-syntax", 1, "6")),
        ('a: "\\U99999999"', ("yaml-syntax", None, None)),
        ("a: \x01", ("yaml-syntax", 1, "4")),
        ("%YAML 1." + "9" * 5000 + "\n---\na: 1", ("yaml-syntax", None, None)),
        ("a: 1\nb: 2\na: 3", ("yaml-duplicate-key", 3, "1")),
        ("a: &neo x\nb: *neo", ("yaml-anchor", 1, "4")),
        ("a: *neo", ("yaml-anchor", 1, "4")),
        ("!!python/object/apply:os.system ['true']", ("yaml-tag", 1, "1")),
        ("a: !!python/name:os.system x", ("yaml-tag", 1, "4")),
        ("a: !!str 1", ("yaml-tag", 1, "4")),
        ("a: 1\n---\na: 2", ("yaml-documents", 2, "1")),
        ("? [a, b]\n: 1", ("yaml-key", 1, "3")),
        ("[" * 900, ("yaml-too-deep", 1, "51")),
        ("- " * 900, ("yaml-too-deep", 1, "101")),
        ('a: "\\ud800"', ("yaml-half-character", 1, "4")),
        ("chỉ là chữ", ("record-not-object", None, None)),
        ("# chỉ có lời ghi", ("record-not-object", None, None)),
        ("- a: 1\n- a: 2", ("record-several", None, None)),
    ],
)
def test_yaml_is_refused_with_its_place(content: str, found: tuple[str, int, str]) -> None:
    assert refused(content, "yaml") == [found]


def test_a_bomb_of_anchors_is_refused_at_its_first_anchor() -> None:
    bombs = [f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)]
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]", *bombs]
    assert refused("\n".join(lines), "yaml") == [("yaml-anchor", 1, "4")]


@pytest.mark.parametrize(
    "content",
    ["a: CANARY: b", "a: 'CANARY", "CANARY\n\t- x: y: z", "x: @CANARY", "- CANARY\nb: CANARY", "a: \x01CANARY"],
)
def test_the_offending_line_is_not_repeated(content: str) -> None:
    with pytest.raises(DataError) as caught:
        read(content, "yaml")
    assert "CANARY" not in str(caught.value)


# ---------------------------------------------------------------- the profile, TOML


def test_a_profile_is_read_exactly() -> None:
    values = read_profile('co_quan = "Đảng ủy xã"\nhe_so = 1.10\n[noi_ky]\nten = "Tân Hòa"'.encode(), name="tc.toml")
    assert values == {"co_quan": "Đảng ủy xã", "he_so": Decimal("1.10"), "noi_ky": {"ten": "Tân Hòa"}}


@pytest.mark.parametrize(
    ("content", "row", "column"),
    [
        (b"a = 1\nb = ", 2, None),
        (b"a = 1\n b ? 2", 2, "4"),
        (b"a = nan", None, None),
        (b"a = " + b"9" * 5000, None, None),
        (b"a = " + b"[" * 5000, None, None),
        (b"a = 1\na = 2\nb = 3", 2, "6"),
    ],
)
def test_a_broken_profile_is_refused(content: bytes, row: int | None, column: str | None) -> None:
    with pytest.raises(DataError) as caught:
        read_profile(content, name="tc.toml")
    [problem] = caught.value.problems
    assert (problem.code, problem.row, problem.column, problem.file) == ("profile-syntax", row, column, "tc.toml")


def test_a_profile_has_its_own_limit() -> None:
    with pytest.raises(DataError) as caught:
        read_profile(b"#" * 20, name="tc.toml", limits=Limits(toml_bytes=10))
    assert caught.value.problems[0].code == "file-too-large"


# ---------------------------------------------------------------- any text at all

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), _VALUES, max_size=6), st.booleans())
def test_what_json_writes_is_read_back(values: dict[str, Any], ascii_only: bool) -> None:
    assert read(json.dumps(values, ensure_ascii=ascii_only)) == values


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6))
def test_decimals_are_exact(number: Decimal) -> None:
    assert str(read(f'{{"a": {number:f}}}')["a"]) == f"{number:f}"


_SYNTAX = st.text(st.sampled_from("{}[]:,\"\\ \n\t-?&*!|>#%@'~abcNaIu0d8e1.+=…\ufeff\x01"), max_size=60)


@given(st.text() | _SYNTAX, st.sampled_from(["json", "yaml"]))
def test_any_text_is_read_or_refused(content: str, kind: Kind) -> None:
    try:
        values = read(content.encode("utf-8", "surrogatepass"), kind)
    except DataError as error:
        assert all(problem.what and problem.cure for problem in error.problems)  # noqa: PT017
    else:
        assert isinstance(values, dict)


@given(st.binary(max_size=200))
def test_any_bytes_become_text_or_are_refused(content: bytes) -> None:
    try:
        assert isinstance(decoded(content), str)
    except DataError as error:
        assert error.problems[0].code in {"file-not-text", "file-not-utf8"}  # noqa: PT017


@given(st.binary(max_size=100) | _SYNTAX.map(str.encode))
def test_any_bytes_are_a_profile_or_are_refused(content: bytes) -> None:
    try:
        read_profile(content, name="tc.toml")
    except DataError as error:
        assert error.problems[0].file == "tc.toml"  # noqa: PT017
