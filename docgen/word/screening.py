"""What a Word file may not be and may not carry.

Everything here answers with a refusal in Vietnamese that says what the file is and what to do; nothing is repaired
silently. The bounds stand in one frozen object with safe defaults.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docgen.errors import FormError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How big a Word file may be: bytes unless the name says otherwise."""

    file_bytes: int = 32 * _MIB
    members: int = 2_000
    part_bytes: int = 32 * _MIB
    xml_bytes: int = 16 * _MIB
    xml_tags: int = 1_000_000
    total_bytes: int = 64 * _MIB
    ratio: int = 200
    ratio_from: int = 1 * _MIB


LIMITS = Limits()

_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK"
_AS_DOCX = "Hãy mở bằng Word rồi chọn Lưu thành (Save As) › Tài liệu Word (.docx)."
_CONTENT_TYPES = "[Content_Types].xml"
_WORD_MAIN = b"wordprocessingml.document.main+xml"
_OTHER_PACKAGES = (
    (b"macroEnabled", "package-macros", "Tệp Word có chứa macro (.docm).", _AS_DOCX),
    (b"ms-word.template", "package-macros", "Tệp mẫu Word có chứa macro (.dotm).", _AS_DOCX),
    (b"wordprocessingml.template.main", "package-dotx", "Tệp là khuôn mẫu Word (.dotx).", _AS_DOCX),
    (b"spreadsheetml", "package-xlsx", "Tệp là bảng tính Excel, không phải tài liệu Word.", "Hãy chọn đúng tệp .docx."),
    (
        b"presentationml",
        "package-pptx",
        "Tệp là bài trình chiếu, không phải tài liệu Word.",
        "Hãy chọn đúng tệp .docx.",
    ),
)
_DECLARED_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_READABLE_ENCODINGS = frozenset({b"utf-8", b"utf8", b"us-ascii", b"ascii"})
_RELATIONSHIP = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*("[^"]*"|'[^']*')""")
_PROGRAMS = ("vbaProject", "wordVbaData", "control", "activeXControlBinary", "keyMapCustomizations", "attachedToolbars")
_EMBEDDED = ("oleObject", "package", "aFChunk", "subDocument", "frame")
_INSTRUCTION = re.compile(r"<(?:\w+:)?instrText(?:\s[^>]*)?>([^<]*)<|\b(?:\w+:)?instr=\"([^\"]*)\"")
_FETCHING_FIELD = re.compile(
    r"\b(INCLUDEPICTURE|INCLUDETEXT|INCLUDE|DDEAUTO|DDE|LINK|IMPORT|DATABASE|RD)\b", re.IGNORECASE
)


def refuse_other_files(content: bytes, limits: Limits) -> None:
    """Raises FormError unless the bytes begin as a zip does; each kind of other file has its own sentence."""
    if len(content) > limits.file_bytes:
        most = limits.file_bytes // _MIB
        raise FormError.of("package-too-big", f"Tệp Word lớn hơn {most} MB.", "Hãy bỏ bớt hình ảnh rồi lưu lại.")
    if content.startswith(_ZIP):
        return
    raise FormError.of(*_other_kind(content))


def refuse_other_packages(parts: Mapping[str, bytes]) -> None:
    """Raises FormError unless the zip is a Word document (.docx, transitional Open XML)."""
    if parts.get("mimetype", b"").startswith(b"application/vnd.oasis.opendocument"):
        raise FormError.of("package-odt", "Tệp là tài liệu OpenDocument (.odt), không phải .docx.", _AS_DOCX)
    types = parts.get(_CONTENT_TYPES, b"")
    for mark, code, what, cure in _OTHER_PACKAGES:
        if mark in types and _WORD_MAIN not in types:
            raise FormError.of(code, what, cure)
    if _WORD_MAIN not in types or "_rels/.rels" not in parts:
        raise FormError.of("package-not-word", "Tệp nén này không phải tài liệu Word.", "Hãy chọn đúng tệp .docx.")
    if b"purl.oclc.org/ooxml/officeDocument" in parts["_rels/.rels"]:
        what = "Tệp Word lưu theo dạng «Strict Open XML» chưa đọc được."
        raise FormError.of("package-strict", what, "Hãy lưu lại dạng «Tài liệu Word (.docx)» thông thường.")


def refuse_unsafe_xml(parts: Mapping[str, bytes], limits: Limits) -> None:
    """Raises FormError for a DTD, an encoding other than UTF-8, or too much markup, in whatever part it stands."""
    problems = [problem for name, content in parts.items() if _is_xml(name, content)
                for problem in _xml_problems(name, content, limits)]  # fmt: skip
    if problems:
        raise FormError(problems)


def refuse_active_content(parts: Mapping[str, bytes]) -> None:
    """Raises FormError with everything that runs, is embedded, or is fetched from outside (hyperlinks may stay)."""
    problems = [problem for name, content in parts.items() if name.endswith(".rels")
                for problem in _relationship_problems(name, content.decode())]  # fmt: skip
    problems += [problem for name, content in parts.items() if name.endswith(".xml")
                 for problem in _field_problems(name, content.decode())]  # fmt: skip
    if any(name.casefold().endswith("vbaproject.bin") for name in parts) and not problems:
        problems.append(_macro("word"))
    if problems:
        raise FormError(problems)


def _other_kind(content: bytes) -> tuple[str, str, str]:
    head = content[:1024].lstrip().lower()
    protected = "EncryptedPackage".encode("utf-16-le") in content
    kinds = (
        (not content, "package-empty", "Tệp rỗng (0 byte).", "Hãy chọn lại tệp .docx."),
        (
            protected,
            "package-encrypted",
            "Tệp Word có đặt mật khẩu nên không đọc được.",
            "Hãy bỏ mật khẩu rồi lưu lại.",
        ),
        (content.startswith(_OLE), "package-doc", "Tệp thuộc dạng Office cũ (.doc, .xls), chưa phải .docx.", _AS_DOCX),
        (head.startswith(b"%pdf"), "package-pdf", "Tệp là PDF, không phải tài liệu Word.", "Hãy chọn tệp .docx gốc."),
        (head.startswith(b"{\\rtf"), "package-rtf", "Tệp thuộc dạng RTF, chưa phải .docx.", _AS_DOCX),
        (head.startswith((b"<html", b"<!doctype html")), "package-html", "Tệp là trang web (HTML).", _AS_DOCX),
        (True, "package-not-word", "Tệp không phải tài liệu Word (.docx).", "Hãy chọn đúng tệp .docx."),
    )
    return next((code, what, cure) for is_this, code, what, cure in kinds if is_this)


def _is_xml(name: str, content: bytes) -> bool:
    if name.endswith((".xml", ".rels", ".vml")):
        return True
    return content[:64].removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"<", b"\xff\xfe", b"\xfe\xff"))


def _xml_problems(name: str, content: bytes, limits: Limits) -> Iterator[Problem]:
    if len(content) > limits.xml_bytes or content.count(b"<") > limits.xml_tags:
        yield Problem(code="package-too-big", what="Phần này của tệp Word quá lớn.", cure="Hãy rút gọn tệp.", part=name)
        return
    declared = _DECLARED_ENCODING.match(content.removeprefix(b"\xef\xbb\xbf"))
    if (declared and declared[1].lower() not in _READABLE_ENCODINGS) or not _is_utf8(content):
        what = "Phần này của tệp Word không dùng bảng mã UTF-8."
        yield Problem(code="package-encoding", what=what, cure="Hãy mở bằng Word và lưu lại .docx.", part=name)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        what = "Phần này của tệp Word có khai báo DTD, không được phép."
        yield Problem(code="package-dtd", what=what, cure="Hãy mở bằng Word và lưu lại .docx.", part=name)


def _is_utf8(content: bytes) -> bool:
    try:
        return "\x00" not in content.decode()
    except UnicodeDecodeError:
        return False


def _relationship_problems(name: str, xml: str) -> Iterator[Problem]:
    for found in _RELATIONSHIP.finditer(xml):
        facts = {key: value[1:-1] for key, value in _ATTRIBUTE.findall(found[0])}
        kind = facts.get("Type", "").rsplit("/", 1)[-1]
        if kind in _PROGRAMS:
            yield _macro(name)
        elif kind in _EMBEDDED:
            what = "Tệp Word có nhúng đối tượng hoặc tài liệu khác (OLE)."
            yield Problem(code="package-ole", what=what, cure="Hãy xóa đối tượng nhúng đó.", part=name)
        elif facts.get("TargetMode", "").casefold() == "external" and kind != "hyperlink":
            what = f"Tệp Word có liên kết lấy dữ liệu từ bên ngoài ({kind})."
            cure = (
                "Hãy nhúng hẳn hình ảnh vào tệp, và bỏ khuôn mẫu đính kèm trong Word (Developer › Document Template)."
            )
            yield Problem(code="package-external", what=what, cure=cure, part=name)


def _field_problems(name: str, xml: str) -> Iterator[Problem]:
    # Word may cut one instruction into several runs: the pieces are read as one text.
    instructions = "".join(text or f" {attribute} " for text, attribute in _INSTRUCTION.findall(xml))
    for keyword in sorted({found.upper() for found in _FETCHING_FIELD.findall(instructions)}):
        what = f"Tệp Word có trường {keyword} lấy dữ liệu từ bên ngoài."
        yield Problem(code="package-external", what=what, cure="Hãy xóa trường đó (bấm Alt+F9 để thấy).", part=name)


def _macro(name: str) -> Problem:
    return Problem(
        code="package-macros", what="Tệp Word có chứa macro hoặc điều khiển ActiveX.", cure=_AS_DOCX, part=name
    )
