"""The policy for text: what is refused, what is tidied and told, what stays exactly as it is."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docgen.errors import DataError
from docgen.viet.text import (
    EMPTY_LINES,
    INVISIBLE,
    LOOK_ALIKES,
    NO_BREAK,
    NOTHING_VISIBLE,
    ONE_BLANK,
    ONE_LINE,
    TRIMMED,
    Cleaned,
    clean_line,
    clean_name,
    clean_paragraphs,
    typed,
)

Clean = Callable[[str], Cleaned]
EVERY_CLEANER = pytest.mark.parametrize("clean", [clean_line, clean_paragraphs, clean_name])

EXACT = [
    "Nguyễn & Trần",
    "điểm < 5, <3, a > b",
    "<b>đậm</b>",
    "</w:t></w:r></w:p><w:p>",
    "]]> <![CDATA[ <!-- <?x </w:body>",
    "&lt; &amp; &#65; &nbsp;",
    "\"thẳng\" 'thẳng' “cong” ‘cong’ … – —",
    "{{ 7*7 }} {% raw %} {# bí mật #} {_{ a }_} {%p if %} {%tr {{r {%- -%}",
    r"$ \1 \g<0> %s {0} \n",
    "👍 👨‍👩‍👧‍👦 🇻🇳 𠮷",
    "xem Điều\u00a05 Quy định 366\u2011QĐ/TW",
    "a\u00adb\u200bc\ufeffd",
    "Hoàn thành tốt: 86,9%",
    "a" * 10_000,
    "\ue000 \uf0b7",
]


@pytest.mark.parametrize("clean", [clean_line, clean_paragraphs])
@pytest.mark.parametrize("text", EXACT)
def test_what_people_write_stays_exactly(clean: Clean, text: str) -> None:
    assert clean(text) == Cleaned(text, (text,), ())


@pytest.mark.parametrize("text", EXACT[:9])
def test_visible_signs_stay_in_names_too(text: str) -> None:
    assert clean_name(text) == Cleaned(text, (text,), ())


@pytest.mark.parametrize(
    ("raw", "lines", "notes"),
    [
        ("một\nhai", ("một", "hai"), ()),
        ("một\r\nhai\r\n", ("một", "hai"), ()),
        ("một\rhai\x85ba\u2028bốn\u2029năm", ("một", "hai", "ba", "bốn", "năm"), ()),
        ("một\n\n\nhai", ("một", "hai"), (EMPTY_LINES,)),
        ("một\n \u200b\nhai\n\n", ("một", "hai"), (EMPTY_LINES,)),
        ("  một\t\n\u00a0hai ", ("một", "hai"), (TRIMMED,)),
        ("một \t hai\tba  bốn", ("một hai ba bốn",), (ONE_BLANK,)),
        ("một\u3000hai\u2003ba", ("một hai ba",), (ONE_BLANK,)),
        ("một\u00a0\u00a0hai", ("một hai",), (ONE_BLANK,)),
        (" một  \n\n hai\t\tba", ("một", "hai ba"), (EMPTY_LINES, TRIMMED, ONE_BLANK)),
        (unicodedata.normalize("NFD", "Nguyễn Thị Thuỷ"), ("Nguyễn Thị Thuỷ",), ()),
        ("", (), ()),
        (" \n\t\u00a0", (), (NOTHING_VISIBLE,)),
        ("\u200b\ufeff", (), (NOTHING_VISIBLE,)),
    ],
)
def test_paragraphs(raw: str, lines: tuple[str, ...], notes: tuple[str, ...]) -> None:
    assert clean_paragraphs(raw) == Cleaned("\n".join(lines), lines, notes)


@pytest.mark.parametrize(
    ("raw", "text", "notes"),
    [
        ("Chi bộ 1", "Chi bộ 1", ()),
        ("Chi bộ 1\n", "Chi bộ 1", ()),
        ("Đảng ủy\nxã Phú Lâm", "Đảng ủy xã Phú Lâm", (ONE_LINE,)),
        (" Đảng ủy \r\n\r\n xã\tPhú Lâm", "Đảng ủy xã Phú Lâm", (EMPTY_LINES, TRIMMED, ONE_BLANK, ONE_LINE)),
        ("\n", "", (NOTHING_VISIBLE,)),
    ],
)
def test_lines(raw: str, text: str, notes: tuple[str, ...]) -> None:
    assert clean_line(raw) == Cleaned(text, (text,) if text else (), notes)


@pytest.mark.parametrize(
    ("raw", "name", "notes"),
    [
        ("Nguyễn Văn An", "Nguyễn Văn An", ()),
        ("NGUYỄN VĂN AN", "NGUYỄN VĂN AN", ()),
        ("Trần Thị Hoà", "Trần Thị Hoà", ()),
        ("Trần Thị Hòa", "Trần Thị Hòa", ()),
        (" Nguyễn  Văn An", "Nguyễn Văn An", (TRIMMED, ONE_BLANK)),
        ("Nguyễn\u00a0Văn An", "Nguyễn Văn An", (NO_BREAK,)),
        ("Nguyễn\u200b Văn\ufeff A\u00adn", "Nguyễn Văn An", (INVISIBLE,)),
        ("\u00d0ặng Văn \u0189ức", "Đặng Văn Đức", (LOOK_ALIKES,)),
        ("Lê \u00f0ức", "Lê đức", (LOOK_ALIKES,)),
        ("Nguye\u200b\u0302\u0303n", "Nguyễn", (INVISIBLE,)),
        ("\u200d", "", (NOTHING_VISIBLE,)),
    ],
)
def test_names(raw: str, name: str, notes: tuple[str, ...]) -> None:
    assert clean_name(raw) == Cleaned(name, (name,) if name else (), notes)


@EVERY_CLEANER
@pytest.mark.parametrize(
    ("character", "code"),
    [
        (chr(code), kind)
        for kind, codes in {
            "text-control-character": (*range(9), 11, 12, *range(14, 32), 0x7F, 0x80, 0x9F),
            "text-lone-surrogate": (0xD800, 0xDBFF, 0xDC00, 0xDFFF),
            "text-noncharacter": (0xFFFE, 0xFFFF, 0xFDD0, 0xFDEF, 0x1FFFE, 0x10FFFF),
            "text-direction-mark": (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)),
        }.items()
        for code in codes
    ],
)
def test_forbidden_characters_are_refused_by_code_and_place(clean: Clean, character: str, code: str) -> None:
    with pytest.raises(DataError) as refused:
        clean(f"Chi {character}bộ")
    (problem,) = refused.value.problems
    assert problem.code == code
    assert f"U+{ord(character):04X} (ký tự thứ 5)" in problem.what
    assert character not in problem.message
    assert problem.cure


@EVERY_CLEANER
def test_all_forbidden_characters_are_told_at_once(clean: Clean) -> None:
    with pytest.raises(DataError) as refused:
        clean("a\x00b\x07\x00\x00\x00\x00c\ud800\ufffe\u202e")
    told = [problem.what for problem in refused.value.problems]
    assert told == [
        "Có ký tự điều khiển: U+0000 (ký tự thứ 2, 5, 6 và 2 chỗ khác), U+0007 (ký tự thứ 4).",
        "Có nửa ký tự bị hỏng: U+D800 (ký tự thứ 10).",
        "Có mã không phải là ký tự: U+FFFE (ký tự thứ 11).",
        "Có dấu ẩn đổi chiều chữ: U+202E (ký tự thứ 12).",
    ]


def test_many_different_forbidden_characters_are_counted() -> None:
    with pytest.raises(DataError) as refused:
        clean_line("".join(map(chr, range(0x80, 0x85))) + "".join(map(chr, range(0x86, 0xA0))))
    assert "và 23 mã khác" in refused.value.problems[0].what


ANY_TEXT = st.one_of(
    st.text(),
    st.text(alphabet="aĐ\u00d0ê\u0301\u0323\u0302 \t\n\r\x85\u00a0\u202f\u2001\u2003\u3000\u200b\u200d\ufeff\u00ad"),
)


@EVERY_CLEANER
@settings(deadline=None)
@given(raw=ANY_TEXT)
def test_cleaning_twice_changes_nothing_more(clean: Clean, raw: str) -> None:
    try:
        once = clean(raw)
    except DataError:
        return
    assert clean(once.text) == Cleaned(once.text, once.lines, ())
    assert once.text == "\n".join(once.lines)
    assert unicodedata.is_normalized("NFC", once.text)
    assert len(once.lines) <= 1 or clean is clean_paragraphs


@settings(deadline=None)
@given(ANY_TEXT)
def test_nothing_but_blanks_and_empty_lines_is_ever_lost(raw: str) -> None:
    try:
        cleaned = clean_paragraphs(raw)
    except DataError:
        return
    if cleaned.text:
        visible = "".join(unicodedata.normalize("NFC", raw).split())
        invisible = dict.fromkeys(map(ord, "\u200b\u200d\ufeff\u00ad"))
        assert "".join(cleaned.text.split()).translate(invisible) == visible.translate(invisible)


class Wrapped(str):
    """Text of another class, which always goes the long way; what comes out is plain."""

    __slots__ = ()


@EVERY_CLEANER
@settings(deadline=None)
@given(raw=st.one_of(ANY_TEXT, st.text("Nguyễn Đạt 1,.\n\u034f\u00d0\u00f0\u0306", max_size=12)))
def test_text_that_needs_nothing_comes_out_as_by_the_long_way(clean: Clean, raw: str) -> None:
    told: list[object] = []
    for given_ in (raw, Wrapped(raw)):
        try:
            told.append(clean(given_))
        except DataError as refused:
            told.append(refused.problems)
    assert told[0] == told[1]
    if isinstance(told[1], Cleaned):
        assert {type(line) for line in (told[1].text, *told[1].lines)} == {str}


@EVERY_CLEANER
def test_every_character_that_is_printed_stands_in_the_middle_of_a_text_as_it_is(clean: Clean) -> None:
    printed = [chr(code) for code in range(0x110000) if chr(code).isprintable()]
    composed = [each for each in printed if unicodedata.is_normalized("NFC", f"a{each}b") and each != " "]
    tidied = [each for each in composed if clean(f"a{each}b") != Cleaned(f"a{each}b", (f"a{each}b",), ())]
    assert tidied == (["\u00d0", "\u00f0", "\u0189", "\u0256", "\u034f"] if clean is clean_name else [])


@EVERY_CLEANER
@pytest.mark.parametrize("pattern", ["Hoàn thành tốt \t nhiệm vụ.\r\n", "\ta", "e\u0302\u0301", " ", "\n", "\x00", "a"])
def test_a_mebibyte_is_quick(clean: Clean, pattern: str) -> None:
    raw = pattern * (2**20 // len(pattern.encode()))
    start = time.process_time()
    try:
        told = clean(raw).text
    except DataError as refused:
        told = str(refused)
    assert time.process_time() - start < 1
    assert len(told) <= len(raw)


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ("８／３", "8/3"),
        (" 8 \u00a0 3\n", "8 3"),
        ("8\u22123\u20134", "8-3-4"),
        ("8\u200b6", "86"),
        ("e\u0301", "é"),
        ("８６，９％", "86,9%"),
        ("²", "²"),
    ],
)
def test_typed_values_in_plain_characters(value: str, plain: str) -> None:
    assert typed(value) == plain
