"""What the child that opens a workbook says: every cell arrives, and no answer can do harm."""

from __future__ import annotations

import io
import json
import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.tables import wire, workbook
from tests.tables.books import HEADS, PEOPLE, codes, xlsx

MEGABYTE = 1024 * 1024


def arrived(*rows: list[object], blank_columns: int = 0) -> list[list[object]]:
    [block] = wire.heard(io.BytesIO(b"".join(wire.packed(rows, blank_columns))), MEGABYTE)
    assert isinstance(block, wire.Block)
    return [list(row) for row in block.rows()]


CELLS: list[tuple[object, object]] = [
    ("Lê Thị Mơ", "Lê Thị Mơ"),
    ("", None),
    (" \u00a0\t", None),
    (" hai  khoảng trắng ", " hai  khoảng trắng "),
    ("dòng 1\r\ndòng 2", "dòng 1\r\ndòng 2"),
    ("một\x1ehai", "một\x1ehai"),
    ("[]", "[]"),
    (8.0, 8),
    (-0.0, 0),
    (8.5, Decimal("8.5")),
    (0.1 + 0.2, Decimal("0.3")),
    (57.99999999999999, 58),
    (1234567890123456.0, 1234567890123460),
    (1e-9, Decimal("1E-9")),
    (1e300, 10**300),
    (math.inf, "inf"),
    (8, 8),
    (True, True),
    (date(2025, 3, 8), date(2025, 3, 8)),
    (datetime(2025, 3, 8, 14, 30), datetime(2025, 3, 8, 14, 30)),
    (time(8, 5), "08:05"),
    (timedelta(hours=26, minutes=30, seconds=15), "26:30:15"),
]


@pytest.mark.parametrize(("told", "expected"), CELLS)
def test_a_cell_arrives_alone_and_among_others(told: object, expected: object) -> None:
    companies: list[list[list[object]]] = [[], [["x"], [1.5]], [["x"], [date(2025, 1, 1)]]]
    for others in companies:
        found = arrived([told], *others)[0][0]
        assert found == expected
        assert type(found) is type(expected)


def test_blank_columns_stand_before_the_others() -> None:
    assert arrived(["x", ""], ["", 1.0], blank_columns=2) == [[None, None, "x", None], [None, None, None, 1]]


CELL: st.SearchStrategy[object] = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.sampled_from(["", wire.SEPARATOR, "x" + wire.SEPARATOR]),
    st.integers(-(10**12), 10**12).map(float),
    st.booleans(),
    st.dates(),
    st.datetimes(),
)


@given(st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1)))
def test_every_row_arrives(rows: list[list[object]]) -> None:
    blank_is_none = [[None if isinstance(cell, str) and not cell.strip() else cell for cell in row] for row in rows]
    assert arrived(*rows) == blank_is_none


def test_what_is_looked_for_in_the_texts_of_a_column_is_found_however_it_came() -> None:
    rows: list[list[object]] = [["NguyÔn", "x"], ["Mơ", date(2025, 3, 8)], ["An", "Nguy?n"]]
    [block] = wire.heard(io.BytesIO(b"".join(wire.packed(rows, 0))), MEGABYTE)
    assert isinstance(block, wire.Block)
    assert ["NguyÔn" in column.texts.decode() for column in block.columns] == [True, False]
    assert ["Nguy?n" in column.texts.decode() for column in block.columns] == [False, True]
    assert [column.dated for column in block.columns] == [False, True]


def block(columns: object, rows: object = 1, size: object = 0, texts: bytes = b"") -> bytes:
    return json.dumps({"rows": rows, "bytes": size, "columns": columns}).encode() + b"\n" + texts


SPOILT: list[tuple[str, bytes]] = [
    ("no JSON", b"{\n"),
    ("no saying", b"[]\n"),
    ("a number", b"7\n"),
    ("deep", b"[" * 100_000 + b"\n"),
    ("long number", b"1" * 5_000 + b"\n"),
    ("no columns", b'{"rows": 1, "bytes": 0}\n'),
    ("too few texts", block([1], 2, 1, b"a")),
    ("too many texts", block([3], 1, 3, b"a\x1eb")),
    ("torn texts", block([9], 1, 9, b"a\x1e")),
    ("no UTF-8", block([1], 1, 1, b"\xff")),
    ("unknown kind", block([[["code", None, ["x"]]]])),
    ("no layer", block([["x"]])),
    ("too many values", block([[["plain", None, ["x", "y"]]]])),
    ("place outside", block([[["plain", [5], ["x"]]]])),
    ("a list in a cell", block([[["plain", None, [[1]]]]])),
    ("a group in a cell", block([[["plain", None, [{}]]]])),
    ("no number", block([[["number", None, ["1"]]]])),
    ("not a number", b'{"rows": 1, "bytes": 0, "columns": [[["number", null, [NaN]]]]}\n'),
    ("no date", block([[["date", None, [0]]]])),
    ("far date", block([[["date", None, [10**30]]]])),
    ("no moment", block([[["moment", None, ["hôm qua"]]]])),
    ("endless rows", block([[]], 10**12)),
    ("rows below nothing", block([[]], -(10**12))),
    ("endless texts", block([1], 1, 10**12, b"a")),
    ("texts below nothing", block([1], 1, -(10**12), b"a")),
    ("wide", block([[]] * 200_000, 1)),
]  # fmt: skip


@pytest.mark.parametrize("answer", [answer for _, answer in SPOILT], ids=[name for name, _ in SPOILT])
def test_a_spoilt_answer_is_refused(answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match=r"^(spoilt answer|too large)$"):
        list(wire.heard(io.BytesIO(answer), MEGABYTE))
    saying = wire.said({"sheet": "A", "visible": True, "read": True})
    script = f"import sys; sys.stdin.buffer.read(); sys.stdout.buffer.write({(saying + answer)[:20_000]!r})"
    monkeypatch.setattr(workbook, "_START", script)
    assert codes(xlsx([HEADS, *PEOPLE], "A")) == ["workbook-unreadable"]


@pytest.mark.parametrize(
    "answer",
    [
        block([1], 1, 1, b"a"),
        wire.said({"refused": ["damaged"]}),
        wire.said({"refused": {}}),
        wire.said({"khác": 1}),
        b"",
    ],
)
def test_an_answer_that_makes_no_sense_is_refused(answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "_START", f"import sys; sys.stdin.buffer.read(); sys.stdout.buffer.write({answer!r})")
    assert codes(xlsx([HEADS, *PEOPLE])) == ["workbook-unreadable"]


ANSWER = b"".join([wire.said({"sheet": "A"}), *wire.packed([["Mơ", 1.0], ["", "x"]], 0), wire.said({"end": True})])


@given(st.integers(0, len(ANSWER) - len("}\n")))
def test_a_torn_answer_never_looks_whole(end: int) -> None:
    told: list[Any] = []
    try:
        told.extend(wire.heard(io.BytesIO(ANSWER[:end]), MEGABYTE))
    except ValueError:
        return
    assert not any(isinstance(each, dict) and "end" in each for each in told)
