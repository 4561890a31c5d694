"""The values of the catalogue of bad inputs (1 to 36): markup, control characters, template language, sizes, types.

Each is printed whole, after the announced normalisation, or refused with a reason; never altered silently. Several
values share a number where one sentence of the catalogue names several.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

_OUTSIDE_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Hostile(NamedTuple):
    """A value, its number in the catalogue and a name for the test's id; the value is of any JSON type."""

    number: int
    name: str
    value: Any

    @property
    def is_text(self) -> bool:
        """Whether the value is a text; other types test what happens where a text is due."""
        return isinstance(self.value, str)

    @property
    def fits_xml(self) -> bool:
        """Whether it is a text of characters that XML can hold; any other text can only be refused."""
        return isinstance(self.value, str) and not _OUTSIDE_XML.search(self.value)


def _nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


_CONTROLS = [*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20)]
_DIRECTIONS = [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_PATTERNS = ("$", "$1", r"\1", r"\g<0>", "%s", "%(x)s", "{0}", "{}", r"C:\tập tin\n")
_TEMPLATE = (
    (22, "{{ 7*7 }}"),
    (22, "{{ ho_ten }}"),
    (22, "{{"),
    (22, "}} {{"),
    (23, "{% raw %}"),
    (23, "{% for x in y %}"),
    (23, "{% endif %}"),
    (23, "{# bí mật #}"),
    (24, "{_{ a }_}"),
    (24, "{_% b %_}"),
    (25, "{%p if x %}"),
    (25, "{%tr for x in y %}"),
    (25, "{{r x }}"),
    (25, "{%- x -%}"),
    (25, "{{- x -}}"),
)
_DATES = (
    "01/12/2025",
    "2025-12-01",
    "1/12/25",
    "31/02/2025",
    "00/00/0000",
    "29/02/2023",
    "2025-12-01T00:00:00",
    "2025-12-01 00:00:00",
)
_KEYS = ("items", "keys", "values", "range", "self", "loop", "1", "__class__", "")

HOSTILE: list[Hostile] = [
    Hostile(1, "ampersand", "Nguyễn & Trần"),
    Hostile(1, "entity without end", "Q&A; x &amp"),
    Hostile(2, "less than", "điểm < 5 và > 3"),
    Hostile(2, "heart", "cảm ơn <3"),
    Hostile(3, "bold", "<b>đậm</b>"),
    Hostile(4, "end of paragraph", "trước</w:t></w:r></w:p><w:p><w:r><w:t>sau"),
    Hostile(4, "line break of Word", "x</w:t><w:br/><w:t>y"),
    Hostile(5, "end of CDATA", "a]]>b"),
    Hostile(5, "CDATA", "a<![CDATA[b]]>c"),
    Hostile(5, "comment", "a<!-- b"),
    Hostile(5, "instruction", "a<?x b?>c"),
    Hostile(5, "end of body", "a</w:body></w:document>b"),
    Hostile(6, "entities", "&lt; &amp; &#65; &nbsp; &#x41; &quot;"),
    Hostile(7, "quotation marks", "\"a\" 'b' “c” ‘d’ «e» … – —"),
    *(Hostile(8, f"control U+{code:04X}", f"trước{chr(code)}sau") for code in _CONTROLS),
    Hostile(9, "bell", "trước\asau"),
    Hostile(9, "form feed", "trước\fsau"),
    Hostile(10, "U+FFFE", "trước\ufffesau"),
    Hostile(10, "U+FFFF", "trước\uffffsau"),
    Hostile(11, "high surrogate", "trước\ud800sau"),
    Hostile(11, "low surrogate", "trước\udfffsau"),
    Hostile(12, "delete", "trước\x7fsau"),
    Hostile(12, "next line", "trước\x85sau"),
    Hostile(12, "line separator", "trước\u2028sau"),
    Hostile(12, "paragraph separator", "trước\u2029sau"),
    Hostile(13, "line feed", "dòng một\ndòng hai"),
    Hostile(13, "blank lines", "\n\ndòng một\n\n\ndòng hai\n"),
    Hostile(14, "CRLF", "dòng một\r\ndòng hai\r\n"),
    Hostile(15, "lone CR", "dòng một\rdòng hai"),
    Hostile(16, "tab", "trước\tsau"),
    Hostile(17, "blanks around", "  hai bên  "),
    Hostile(17, "double blanks", "giữa  hai   chữ"),
    Hostile(17, "nothing but blanks", "   "),
    Hostile(18, "NFD", "Nguye\u0302\u0303n Va\u0306n D\u0169ng"),
    Hostile(18, "NFD đ with dot", "Đa\u0323\u0306ng"),
    *(
        Hostile(19, f"invisible U+{code:04X}", f"Lê{chr(code)} Thị Na")
        for code in (0x200B, 0x200C, 0x200D, 0xFEFF, 0x00AD, 0x00A0, 0x2060)
    ),
    *(Hostile(20, f"direction U+{code:04X}", f"Lê {chr(code)}Thị Na") for code in _DIRECTIONS),
    Hostile(21, "emoji", "tốt 👍🏽"),
    Hostile(21, "family of ZWJ", "gia đình 👨\u200d👩\u200d👧"),
    Hostile(21, "U+20BB7", "chữ 𠮷 Nôm"),
    *(Hostile(number, f"template {text}", f"trước {text} sau") for number, text in _TEMPLATE),
    *(Hostile(26, f"pattern {text}", f"trước {text} sau") for text in _PATTERNS),
    Hostile(27, "one MiB", "Đảng bộ. " * (2**20 // 9)),
    Hostile(28, "a word of 10,000 letters", "ấ" * 10_000),
    Hostile(29, "10,000 items", [f"mục {number}" for number in range(10_000)]),
    Hostile(30, "null", None),
    Hostile(30, "empty", ""),
    Hostile(30, "the word null", "null"),
    Hostile(31, "no key", {}),
    Hostile(32, "unknown key", {"ho_tenn": "Lê Thị Na"}),
    Hostile(33, "eight", 8.0),
    Hostile(33, "three tenths", 0.1 + 0.2),
    Hostile(33, "huge", 1e20),
    Hostile(33, "not a number", float("nan")),
    Hostile(33, "infinity", float("inf")),
    Hostile(33, "minus zero", -0.0),
    Hostile(33, "a number of 60 digits", 10**60),
    *(Hostile(34, f"date {text}", text) for text in _DATES),
    Hostile(35, "true", value=True),
    Hostile(35, "false", value=False),
    Hostile(36, "list", ["A", "n"]),
    Hostile(36, "mapping", {"a": "b"}),
    Hostile(36, "nested 60 deep", _nested(60)),
    *(Hostile(36, f"key {key!r}", {key: "giá trị"}) for key in _KEYS),
]
