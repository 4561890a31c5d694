"""The Word file as a package: a zip of named parts, read with distrust and written without a clock.

`parts` opens any Word file safely (bounded, no DTD, UTF-8 only); `read` also refuses what a template may not carry
(programs, embedded objects, links that fetch); `write` puts ready-deflated members together, so that equal parts give
equal bytes and a part that never changes is deflated once.
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, NamedTuple

from docgen.errors import FormError
from docgen.word import screening
from docgen.word.screening import LIMITS, Limits

try:
    from isal import isal_zlib as deflater
except ImportError:  # not on every platform; the standard library gives other bytes of the same meaning
    import zlib as deflater  # type: ignore[no-redef]

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CONTENT_TYPES = "[Content_Types].xml"
CUSTOM_PROPERTIES = "docProps/custom.xml"

_END_OF_DIRECTORY = b"PK\x05\x06"
_ZIP64_LOCATOR = b"PK\x06\x07"
_DIRECTORY_ENTRY_BYTES = 512  # a generous mean: a fixed head of 46 bytes, a short name, some extra fields
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_VERSION, _DEFLATED, _UTF8_NAME = 20, 8, 0x800
_FIRST_DAY_OF_ZIP = 0x21  # 1980-01-01 as a DOS date: the only date that no clock has to give
_ENCRYPTED, _SYMLINK, _FILE_TYPE = 0x1, 0xA000, 0xF000


class Member(NamedTuple):
    """One part of a package, deflated and ready to be written any number of times."""

    name: bytes
    crc: int
    size: int
    packed: bytes


def parts(docx: bytes, limits: Limits = LIMITS) -> dict[str, bytes]:
    """Every part of a Word file by name, in the order of the file.

    Raises:
        FormError: the bytes are no Word document (each kind of other file has its own sentence), are damaged, or
            exceed `limits`; also for a DTD or an encoding other than UTF-8 in any XML part.
    """
    screening.refuse_other_files(docx, limits)
    try:
        with zipfile.ZipFile(io.BytesIO(_with_bounded_directory(docx, limits))) as archive:
            members = _trusted_members(archive.infolist(), limits)
            contents = {member.filename: _content(archive, member) for member in members}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error, ValueError, OSError) as error:
        raise _damaged() from error
    screening.refuse_other_packages(contents)
    screening.refuse_unsafe_xml(contents, limits)
    return contents


def read(docx: bytes, limits: Limits = LIMITS) -> dict[str, bytes]:
    """The parts of a Word file that is to become a template: `parts`, and nothing in them that runs or fetches.

    Raises:
        FormError: as `parts`; also for macros, ActiveX, embedded objects, and anything outside that is not a hyperlink.
    """
    contents = parts(docx, limits)
    screening.refuse_active_content(contents)
    return contents


def pack(name: str, content: bytes) -> Member:
    """The part deflated, ready for `write`."""
    packed = deflater.compress(content, wbits=-zlib.MAX_WBITS)
    return Member(name.encode(), deflater.crc32(content), len(content), packed)


def write(members: Iterable[Member]) -> bytes:
    """A zip with these members in this order; equal members give equal bytes (there is no clock in it)."""
    pieces: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for name, crc, size, packed in members:
        flags = 0 if name.isascii() else _UTF8_NAME
        facts = (_VERSION, flags, _DEFLATED, 0, _FIRST_DAY_OF_ZIP, crc, len(packed), size, len(name), 0)
        directory.append(_CENTRAL.pack(b"PK\x01\x02", _VERSION, *facts, 0, 0, 0, 0, offset) + name)
        head = _LOCAL.pack(b"PK\x03\x04", *facts) + name
        pieces += (head, packed)
        offset += len(head) + len(packed)
    listing = b"".join(directory)
    count = len(directory)
    pieces += (listing, _END.pack(_END_OF_DIRECTORY, 0, 0, count, count, len(listing), offset, 0))
    return b"".join(pieces)


def content_hash(docx: bytes) -> str:
    """The sha256 of what the document holds: names and contents of all parts but the custom properties.

    Zip dates, order and compression do not count. The custom properties are left out because the hash is stamped there.
    """
    digest = hashlib.sha256()
    for name, content in sorted(parts(docx).items()):
        if name != CUSTOM_PROPERTIES:
            for piece in (name.encode(), content):
                digest.update(len(piece).to_bytes(8, "big"))
                digest.update(piece)
    return digest.hexdigest()


def _with_bounded_directory(docx: bytes, limits: Limits) -> bytes:
    """The same bytes, once their list of members is known to be short: reading a long one is itself an attack."""
    end = docx.rfind(_END_OF_DIRECTORY)
    if end < 0 or end + _END.size > len(docx):
        raise _damaged()
    directory_bytes = _END.unpack_from(docx, end)[5]
    zip64 = docx[max(end - 20, 0) : end].startswith(_ZIP64_LOCATOR)
    if zip64 or directory_bytes > limits.members * _DIRECTORY_ENTRY_BYTES:
        raise _too_big("có quá nhiều thành phần bên trong")
    return docx


def _trusted_members(members: Sequence[zipfile.ZipInfo], limits: Limits) -> list[zipfile.ZipInfo]:
    if len(members) > limits.members:
        raise _too_big("có quá nhiều thành phần bên trong")
    seen: set[str] = set()
    for member in members:
        _check_name(member, seen)
        _check_size(member, limits)
    if sum(member.file_size for member in members) > limits.total_bytes:
        raise _too_big("giải nén ra quá lớn")
    _check_overlap(members)
    return [member for member in members if not member.filename.endswith("/")]


def _check_name(member: zipfile.ZipInfo, seen: set[str]) -> None:
    name = member.orig_filename
    steps = name.removesuffix("/").split("/")
    outside = name.startswith("/") or "" in steps or "." in steps or ".." in steps or re.search(r"[\\:\x00-\x1f]", name)
    if outside or (member.external_attr >> 16) & _FILE_TYPE == _SYMLINK:
        raise _unsound("có thành phần mang tên đường dẫn không hợp lệ")
    if name.casefold() in seen:
        raise _unsound("có hai thành phần trùng tên")
    seen.add(name.casefold())


def _check_size(member: zipfile.ZipInfo, limits: Limits) -> None:
    if member.flag_bits & _ENCRYPTED:
        raise FormError.of(
            "package-encrypted",
            "Tệp được nén có mật khẩu nên không đọc được.",
            "Hãy bỏ mật khẩu rồi lưu lại dạng .docx.",
        )
    if member.file_size > limits.part_bytes:
        raise _too_big("giải nén ra quá lớn")
    if member.file_size > limits.ratio_from and member.file_size > limits.ratio * max(member.compress_size, 1):
        raise _too_big("có tỷ lệ nén bất thường")


def _check_overlap(members: Iterable[zipfile.ZipInfo]) -> None:
    end = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < end:
            raise _unsound("có hai thành phần chồng lên nhau")
        end = member.header_offset + _LOCAL.size + len(member.orig_filename) + member.compress_size


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    content = archive.read(member)
    if len(content) != member.file_size:
        raise _damaged()
    return content


def _damaged() -> FormError:
    return FormError.of(
        "package-damaged",
        "Tệp Word bị hỏng hoặc chưa được tải về đủ.",
        "Hãy mở tệp gốc trong Word, lưu lại thành .docx rồi thử lại.",
    )


def _too_big(why: str) -> FormError:
    return FormError.of("package-too-big", f"Tệp Word {why} nên không được mở.", "Hãy dùng tệp .docx do Word lưu ra.")


def _unsound(why: str) -> FormError:
    return FormError.of("package-unsound", f"Tệp Word {why} nên không được mở.", "Hãy mở bằng Word và lưu lại .docx.")
