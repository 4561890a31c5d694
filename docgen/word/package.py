"""The Word file as a package: a zip of named parts, read with distrust and written without a clock.

`parts` opens any Word file safely (bounded, no DTD, UTF-8 only); `read` also refuses what a template may not carry
(programs, embedded objects, links that fetch); `write` puts ready-deflated members together, so that equal parts give
equal bytes and a part that never changes is deflated once.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from typing import TYPE_CHECKING, NamedTuple

from docgen.errors import FormError
from docgen.tables.archive import Told, open_archive
from docgen.tables.limits import Limits as Bounds
from docgen.word import screening
from docgen.word.screening import LIMITS, Limits

try:
    from isal import isal_zlib as deflater
except ImportError:  # not on every platform; the standard library gives other bytes of the same meaning
    import zlib as deflater  # type: ignore[no-redef]

if TYPE_CHECKING:
    from collections.abc import Iterable

CONTENT_TYPES = "[Content_Types].xml"
CUSTOM_PROPERTIES = "docProps/custom.xml"

_TOLD = Told(
    FormError,
    "package",
    "Tệp Word",
    "Hãy dùng tệp .docx do Word lưu ra.",
    {
        "damaged": "Hãy mở tệp gốc trong Word, lưu lại thành .docx rồi thử lại.",
        "encrypted": "Hãy bỏ mật khẩu rồi lưu lại dạng .docx.",
        "unsound": "Hãy mở bằng Word và lưu lại .docx.",
    },
)
_NOT_DEFLATED: type[Exception] = deflater.error  # type: ignore[assignment] # isal's stub takes the class for an error
_LOCAL_SIGN = b"PK\x03\x04"
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_VERSION, _DEFLATED, _UTF8_NAME = 20, 8, 0x800
_FIRST_DAY_OF_ZIP = 0x21  # 1980-01-01 as a DOS date: the only date that no clock has to give


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
    bounds = Bounds(
        members=limits.members,
        part_bytes=limits.part_bytes,
        inflated_bytes=limits.total_bytes,
        ratio=limits.ratio,
        ratio_from=limits.ratio_from,
    )
    archive = open_archive(docx, bounds, _TOLD)
    contents = {name: archive.read(name, limits.part_bytes) for name in archive.names if not name.endswith("/")}
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


class Growing:
    """A part that is deflated as it grows, so that only its packed bytes are kept; it may be asked for at any time."""

    def __init__(self) -> None:
        self.size = 0
        self._crc = 0
        self._deflater = deflater.compressobj(wbits=-zlib.MAX_WBITS)
        self._packed: list[bytes] = []

    def grow(self, content: bytes) -> None:
        """Put content behind what there is; what is packed so far then ends with a whole byte."""
        self.size += len(content)
        self._crc = deflater.crc32(content, self._crc)
        self._packed += (self._deflater.compress(content), self._deflater.flush(zlib.Z_SYNC_FLUSH))

    def member(self, name: str, last: bytes) -> Member:
        """The part as it is with `last` behind it, ready for `write`."""
        packed = b"".join((*self._packed, deflater.compress(last, wbits=-zlib.MAX_WBITS)))
        return Member(name.encode(), deflater.crc32(last, self._crc), self.size + len(last), packed)


def write(members: Iterable[Member]) -> bytes:
    """A zip with these members in this order; equal members give equal bytes (there is no clock in it)."""
    pieces: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for name, crc, size, packed in members:
        flags = 0 if name.isascii() else _UTF8_NAME
        facts = (_VERSION, flags, _DEFLATED, 0, _FIRST_DAY_OF_ZIP, crc, len(packed), size, len(name), 0)
        directory.append(_CENTRAL.pack(b"PK\x01\x02", _VERSION, *facts, 0, 0, 0, 0, offset) + name)
        head = _LOCAL.pack(_LOCAL_SIGN, *facts) + name
        pieces += (head, packed)
        offset += len(head) + len(packed)
    listing = b"".join(directory)
    count = len(directory)
    pieces += (listing, _END.pack(b"PK\x05\x06", 0, 0, count, count, len(listing), offset, 0))
    return b"".join(pieces)


def members(docx: bytes) -> list[Member]:
    """The members of a Word file, packed: at once where `write` has made the file, else of what `parts` finds.

    Raises:
        FormError: as `parts`, for a file that `write` has not made.
    """
    found: list[Member] = []
    offset = 0
    while docx.startswith(_LOCAL_SIGN, offset) and offset + _LOCAL.size <= len(docx):
        *_, crc, packed, size, name, _ = _LOCAL.unpack_from(docx, offset)
        named, start = offset + _LOCAL.size, offset + _LOCAL.size + name
        offset = start + packed
        found.append(Member(docx[named:start], crc, size, docx[start:offset]))
    if found and write(found) == docx:
        return found
    return [pack(name, content) for name, content in parts(docx).items()]


def unpacked(member: Member) -> bytes:
    """The content of a member.

    Raises:
        ValueError: it is not what the member says of it.
    """
    inflater = deflater.decompressobj(wbits=-zlib.MAX_WBITS)
    try:
        content: bytes = inflater.decompress(member.packed, member.size + 1)
    except _NOT_DEFLATED as error:
        raise ValueError("a member that cannot be inflated") from error
    if len(content) != member.size or deflater.crc32(content) != member.crc:
        raise ValueError("a member has another size or sum than it says")
    return content


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
