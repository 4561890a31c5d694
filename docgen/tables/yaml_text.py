"""YAML, read as text: `no`, `012`, `12:30` and `2025-12-01` stay what was typed; only null (`~`, nothing) is None.

The text is read event by event, so depth, repeated keys, anchors and tags are met with their places and nothing is
ever built from a tag. PyYAML's own messages quote the offending line; they are never passed on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import yaml

from docgen.errors import DataError, Problem, shown
from docgen.tables.limits import Limits, problem_at

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_SURROGATE = re.compile("[\ud800-\udfff]")
_SYNTAX = (
    ("mapping values are not allowed", "Dấu hai chấm ở đây làm dòng bị hiểu thành hai mục.",
     "Đặt cả giá trị trong dấu nháy kép: uu_diem: \"Ưu điểm: tốt\"; kiểm tra lại lề của dòng."),
    (r"found character '\t'", "Lề của dòng có phím Tab.", "Thay Tab bằng dấu cách."),
    ("found character", "Giá trị bắt đầu bằng một ký tự đặc biệt.", "Đặt cả giá trị trong dấu nháy kép."),
    ("found unknown escape", "Dấu \\ viết sai cách.", "Viết \\\\ để có một dấu \\, hoặc dùng dấu nháy đơn."),
    ("found unexpected end of stream", "Dấu nháy mở ra ở đây không được đóng lại.", "Thêm dấu nháy ở cuối."),
    ("expected <block end>", "Lề của dòng này không khớp với các dòng trên.", "Các mục cùng cấp phải lùi bằng nhau."),
)  # fmt: skip
_OTHER_SYNTAX = ("Chỗ này không đúng cách viết YAML.", "Đặt giá trị có dấu đặc biệt trong dấu nháy kép.")


def parse(text: str, limits: Limits) -> object:
    """The value of a YAML text with one document: text, None, lists and groups of them.

    Raises:
        DataError: codes `yaml-syntax`, `yaml-too-deep`, `yaml-duplicate-key`, `yaml-key`, `yaml-anchor`, `yaml-tag`,
            `yaml-documents`, `yaml-half-character`; each with line and column.
    """
    building = _Building(text, limits)
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            building.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        told = (error.problem or "").replace("\t", r"\t")
        what, cure = next(((w, c) for start, w, c in _SYNTAX if told.startswith(start)), _OTHER_SYNTAX)
        raise DataError([problem_at(text, mark.index if mark else 0, "yaml-syntax", what, cure)]) from None
    except yaml.reader.ReaderError as error:
        what = f"Có ký tự điều khiển U+{_code_point(error.character):04X} không thuộc văn bản."
        raise DataError([problem_at(text, error.position, "yaml-syntax", what, "Xóa ký tự đó.")]) from None
    except (ValueError, OverflowError):
        what = "Có mã ký tự (\\x, \\u, \\U) hoặc số phiên bản không hợp lệ."
        raise DataError.of("yaml-syntax", what, "Gõ thẳng ký tự đó thay cho mã.") from None
    if building.problems:
        raise DataError(building.problems)
    return building.value


def _start(event: yaml.Event) -> int:
    return event.start_mark.index if event.start_mark else 0


def _code_point(character: object) -> int:
    return character if isinstance(character, int) else ord(str(character)[:1] or "\0")


@dataclass(slots=True)
class _Group:
    """A mapping (`keys` is a set) or a list (`keys` is None) that is still open."""

    values: dict[str, object] | list[object]
    key: str | None = field(default=None, kw_only=True)


class _Building:
    """The value that the events met so far make, and the faults met on the way."""

    def __init__(self, text: str, limits: Limits) -> None:
        self.value: object = None
        self.problems: list[Problem] = []
        self._text = text
        self._limits = limits
        self._open: list[_Group] = []
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        """One event.

        Raises:
            DataError: for faults after which going on makes no sense, or when there are too many.
        """
        match event:
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    self._stop(event, "yaml-documents", "Tệp có nhiều bản ghi (dấu ---).", "Để mỗi tệp một bản ghi.")
            case yaml.AliasEvent():
                self._stop(event, "yaml-anchor", *_ANCHOR)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._deeper(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._put(self._open.pop().values)
            case yaml.ScalarEvent():
                self._scalar(event)
            case _:
                pass

    def _deeper(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        self._refuse_marks(event)
        if self._open and isinstance(self._open[-1].values, dict) and self._open[-1].key is None:
            self._stop(event, "yaml-key", "Tên mục phải là chữ, không phải một nhóm.", "Bỏ dấu [ ] hoặc { } ở tên mục.")
        self._open.append(_Group({} if isinstance(event, yaml.MappingStartEvent) else []))
        if len(self._open) > self._limits.depth:
            what = f"Các nhóm lồng vào nhau quá {self._limits.depth} lớp."
            self._stop(event, "yaml-too-deep", what, "Viết bản ghi theo tệp mẫu: docgen show MÃ-MẪU --sample.")

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        self._refuse_marks(event)
        if _SURROGATE.search(event.value):
            what = "Có nửa ký tự (mã \\uD800 đến \\uDFFF), không phải chữ."
            self._found(event, "yaml-half-character", what, "Gõ thẳng ký tự đó thay cho mã.")
        group = self._open[-1] if self._open else None
        if group is None or isinstance(group.values, list) or group.key is not None:
            plain = bool(event.implicit[0])
            self._put(None if plain and event.value in _NULL else event.value)
            return
        if event.value in group.values:
            what = f"Mục {shown(event.value)} được viết hai lần trong cùng một nhóm."
            self._found(event, "yaml-duplicate-key", what, "Giữ lại một lần, xóa lần kia.")
        group.key = event.value

    def _put(self, value: object) -> None:
        if not self._open:
            self.value = value
            return
        group = self._open[-1]
        if isinstance(group.values, list):
            group.values.append(value)
        else:
            group.values[group.key or ""] = value
            group.key = None

    def _refuse_marks(self, event: yaml.ScalarEvent | yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        if event.anchor is not None:
            self._stop(event, "yaml-anchor", *_ANCHOR)
        if event.tag is not None:
            what = "Tệp dữ liệu không dùng nhãn kiểu (dấu !)."
            self._stop(event, "yaml-tag", what, "Bỏ nhãn, hoặc đặt giá trị bắt đầu bằng ! trong dấu nháy kép.")

    def _found(self, event: yaml.Event, code: str, what: str, cure: str) -> None:
        self.problems.append(problem_at(self._text, _start(event), code, what, cure))
        if len(self.problems) >= self._limits.problems:
            raise DataError(self.problems)

    def _stop(self, event: yaml.Event, code: str, what: str, cure: str) -> None:
        raise DataError([*self.problems, problem_at(self._text, _start(event), code, what, cure)])


_ANCHOR = (
    "Tệp dữ liệu không dùng neo và tham chiếu (dấu & và *).",
    "Viết giá trị ra đầy đủ; giá trị bắt đầu bằng & hoặc * thì đặt trong dấu nháy kép.",
)
