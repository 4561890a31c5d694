"""The words that fill a template: ready text, whole numbers, yes/no, nothing, and lists and groups of these.

What cannot stand in a Word file, or would not come out as it went in, is refused here with its path: control
characters, half characters, carriage returns, numbers with a fraction, live objects. Nothing is repaired.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from docgen.errors import DataError, Problem, shown

LONGEST_WORD = 2_000_000
"""Characters of one word; libxml2 itself stops at ten million."""
DEEPEST_WORD = 50
MOST_WORDS = 1_000_000

_LONGEST_NUMBER_BITS = 64
_MOST_PROBLEMS = 100
_TEXT = frozenset({str})
_PLAIN = frozenset({bool, type(None)})
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def check(words: Mapping[str, object]) -> bool:
    """Whether any word holds a line end or a tab (docxtpl turns these into marks of its own).

    Raises:
        DataError: every word that is not ready, each with its path (rows count from 1).
    """
    texts = _texts(words)
    if texts is not None and max(map(len, texts), default=0) <= LONGEST_WORD:
        # Printable text holds nothing that is unfit, no line end and no tab; asking costs a tenth of a search.
        odd = "".join([text for text in texts if not text.isprintable()])
        if not odd:
            return False
        if not _UNFIT.search(odd):
            return "\n" in odd or "\t" in odd
    raise DataError([problem for problem, _ in zip(_problems(words, "", 0), range(_MOST_PROBLEMS), strict=False)])


def _texts(words: Mapping[str, object]) -> list[str] | None:
    """Every text in the words, or None where something is not ready; written for speed, `_problems` tells what."""
    texts: list[str] = []
    level: list[Any] = [words]
    met = 0
    for _ in range(DEEPEST_WORD):
        deeper: list[Any] = []
        for group in level:
            values = _values(group)
            kinds = set(map(type, values))
            if kinds <= _TEXT:
                texts.extend(values)
            elif not kinds <= _PLAIN and not _sort(values, texts, deeper):
                return None
            met += len(group)
            if met > MOST_WORDS:
                raise DataError([_problem("words-too-many", "", f"Có quá {MOST_WORDS} giá trị.", "Hãy chia nhỏ.")])
        if not deeper:
            return texts
        level = deeper
    return None


def _sort(values: Iterable[Any], texts: list[str], groups: list[Any]) -> bool:
    """Puts each value where it belongs; False where one is not ready."""
    for value in values:
        kind = type(value)
        if kind is str:
            texts.append(value)
        elif kind is list or kind is dict or isinstance(value, Mapping):
            groups.append(value)
        elif kind not in _PLAIN and not (kind is int and value.bit_length() <= _LONGEST_NUMBER_BITS):
            return False
    return True


def _values(group: list[Any] | Mapping[Any, Any]) -> Iterable[Any]:
    if isinstance(group, list):
        return group
    named = set(map(type, group)) <= _TEXT
    return group.values() if named else (group.keys(),)  # the keys themselves are no word: so the group is not ready


def _problems(value: object, path: str, depth: int) -> Iterator[Problem]:
    if depth > DEEPEST_WORD:
        yield _problem("word-too-deep", path, f"Dữ liệu lồng nhau quá {DEEPEST_WORD} tầng.", "Hãy tách bớt.")
    elif isinstance(value, Mapping):
        yield from _group_problems(value, path, depth)
    elif type(value) is list:
        for number, inner in enumerate(value, start=1):
            yield from _problems(inner, f"{path}[{number}]", depth + 1)
    elif type(value) is str:
        yield from _text_problems(value, path)
    elif type(value) is int and value.bit_length() > _LONGEST_NUMBER_BITS:
        yield _problem("word-number-too-big", path, "Số nguyên quá lớn.", "Hãy viết số đó thành chữ.")
    elif type(value) not in _PLAIN | {int}:
        what = f"Giá trị thuộc kiểu {type(value).__name__}, không phải chữ viết sẵn."
        yield _problem("word-not-ready", path, what, "Hãy đổi thành chữ trước khi đưa vào văn bản.")


def _group_problems(group: Mapping[Any, object], path: str, depth: int) -> Iterator[Problem]:
    for name, inner in group.items():
        if type(name) is str:
            yield from _problems(inner, f"{path}.{name}" if path else name, depth + 1)
        else:
            yield _problem("word-bad-name", path, f"Tên {shown(name)} không phải chữ.", "Hãy dùng tên bằng chữ.")


def _text_problems(text: str, path: str) -> Iterator[Problem]:
    if len(text) > LONGEST_WORD:
        yield _problem("word-too-long", path, f"Nội dung dài quá {LONGEST_WORD} ký tự.", "Hãy rút ngắn nội dung.")
    elif found := _UNFIT.search(text):
        what = f"Có ký tự không ghi được vào tệp Word: U+{ord(found[0]):04X}, ở vị trí {found.start() + 1}."
        yield _problem("word-bad-character", path, what, "Hãy xóa ký tự đó (thường do chép từ chương trình khác).")


def _problem(code: str, path: str, what: str, cure: str) -> Problem:
    return Problem(code=code, what=what, cure=cure, field=path or None)
