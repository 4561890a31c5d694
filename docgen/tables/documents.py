"""A file that holds one record (JSON, YAML), or the organisation's profile (TOML), becomes values with an address.

Encoding, one rule: UTF-8 (with or without its mark), or UTF-16 that says so by its mark. Nothing is guessed.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from docgen.errors import DataError
from docgen.tables import json_text
from docgen.tables.limits import DEFAULT, Limits, problem_at, refuse_larger
from docgen.tables.rows import Origin, Row

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["json", "yaml"]

_SIGNATURES = (
    (b"PK\x03\x04", "tệp Word, Excel hoặc tệp nén"),
    (b"\xd0\xcf\x11\xe0", "tệp Word hoặc Excel kiểu cũ"),
    (b"%PDF", "tệp PDF"),
    (b"\xff\xfe\0\0", "tệp chữ mã UTF-32"),
    (b"\0\0\xfe\xff", "tệp chữ mã UTF-32"),
)
_UTF16 = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_TOML_PLACE = re.compile(r"at line (\d+), column (\d+)")
_SAVE_AS = "Mở tệp bằng Notepad, chọn Save As và chọn mã hóa (Encoding) UTF-8 rồi làm lại."


def read_record(content: bytes, *, name: str, kind: Kind, limits: Limits = DEFAULT) -> Row:
    """The one record of a JSON or YAML file.

    Args:
        content: the whole file.
        name: how messages call the file.
        kind: how to read it.
        limits: how large and deep it may be.

    Raises:
        DataError: every fault found, with file, line and column (those of `tables.json_text`, `tables.yaml_text`;
            here `file-too-large`, `file-empty`, `file-not-text`, `file-not-utf8`, `record-not-object`,
            `record-several`).
    """
    try:
        return Row(_one_record(parsed(content, kind, limits)), Origin(file=name))
    except DataError as error:
        raise error.at(file=name) from None


def read_profile(content: bytes, *, name: str, limits: Limits = DEFAULT) -> Mapping[str, object]:
    """The values of an organisation's profile, a TOML file; decimals exact.

    Raises:
        DataError: `profile-syntax` with line and column, or one of the faults of a file in `read_record`.
    """
    try:
        refuse_larger(content, limits.toml_bytes)
        return _toml(decoded(content), limits)
    except DataError as error:
        raise error.at(file=name) from None


def parsed(content: bytes, kind: Kind, limits: Limits) -> object:
    """The value of a JSON or YAML file.

    Raises:
        DataError: as `read_record`, without the file's name.
    """
    refuse_larger(content, limits.json_bytes if kind == "json" else limits.yaml_bytes)
    text = decoded(content)
    if not text.strip():
        raise DataError.of("file-empty", "Tệp không có nội dung.", "Chọn tệp có dữ liệu.")
    if kind == "json":
        return json_text.parse(text, limits)
    from docgen.tables import yaml_text

    return yaml_text.parse(text, limits)


def decoded(content: bytes) -> str:
    """The text of a file, by the rule of this module.

    Raises:
        DataError: `file-not-text` for another kind of file, `file-not-utf8` with the place of the first wrong byte.
    """
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            raise DataError.of("file-not-text", f"Đây là {kind}, không phải tệp dữ liệu.", "Chọn tệp .json hoặc .yaml.")
    encoding = next((encoding for mark, encoding in _UTF16 if content.startswith(mark)), "utf-8")
    body = content.removeprefix(codecs.BOM_UTF8) if encoding == "utf-8" else content[2:]
    if encoding == "utf-8" and b"\0" in body:
        raise DataError.of("file-not-text", "Tệp có byte 00, không phải tệp chữ UTF-8.", _SAVE_AS)
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        before = body[: error.start].decode(encoding)
        what = f"Tệp không viết bằng {encoding[:6].upper()}: byte thứ {error.start + 1} là {body[error.start]:02X}."
        raise DataError([problem_at(before, len(before), "file-not-utf8", what, _SAVE_AS)]) from None


def _one_record(value: object) -> Mapping[str, object]:
    if isinstance(value, list) and len(value) > 1:
        raise DataError.of(
            "record-several",
            f"Tệp có {len(value)} bản ghi, mà mỗi lần chỉ làm một văn bản.",
            "Để mỗi bản ghi vào một tệp; cả danh sách thì dùng lệnh trộn (docgen merge) khi bản cài có lệnh này.",
        )
    record = value[0] if isinstance(value, list) and value else value
    if not isinstance(record, dict):
        raise DataError.of(
            "record-not-object",
            "Tệp không chứa một bản ghi gồm các mục có tên.",
            'Viết theo mẫu {"ho_ten": "…", "chi_bo": "…"} (JSON) hoặc ho_ten: … (YAML).',
        )
    return record


def _toml(text: str, limits: Limits) -> dict[str, Any]:
    def exact(raw: str) -> Decimal:
        number = json_text.number(raw.replace("_", ""), limits)
        if number is None:
            raise ValueError
        return Decimal(number)

    try:
        return tomllib.loads(text, parse_float=exact)
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.search(str(error))
        where = {"row": int(place[1]), "column": place[2]} if place else {"row": text.count("\n") + 1}
        what, cure = "Chỗ này không đúng cách viết TOML.", 'Viết theo mẫu ten = "giá trị", mỗi mục một dòng.'
        raise DataError.of("profile-syntax", what, cure, **where) from None
    except (ValueError, RecursionError):
        what, cure = "Có số hoặc ngày không hợp lệ, hoặc các ngoặc lồng quá sâu.", "So lại với tệp mẫu."
        raise DataError.of("profile-syntax", what, cure) from None
