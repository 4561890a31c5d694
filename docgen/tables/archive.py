"""A zip archive that somebody sent, opened with distrust: bounded before anything is inflated, nothing in it followed.

Refused: too many or too large members, a suspicious ratio, overlapping or doubled members, paths that lead outside,
symbolic links, encryption, XML with a DTD. What a caller calls the file, and whose fault it is, stands in `Told`.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from docgen.errors import DocgenError
    from docgen.tables.limits import Limits

_END_OF_DIRECTORY = b"PK\x05\x06"
_ZIP64_LOCATOR = b"PK\x06\x07"
_END = struct.Struct("<4sHHHHIIH")
_LOCAL_BYTES = 30
_DIRECTORY_ENTRY_BYTES = 512  # a generous mean: a fixed head of 46 bytes, a short name, some extra fields
_ENCRYPTED, _UTF8_NAME, _SYMLINK, _FILE_TYPE = 0x1, 0x800, 0xA000, 0xF000
_PIECE_BYTES = 4 * 1024 * 1024
_LONGEST_PROLOGUE_MARK = 16
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    struct.error,
    ValueError,
    OSError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class Told:
    """How a refusal is worded: the branch of the error tree, the start of its code, the file's name, what to do."""

    error: type[DocgenError]
    code: str
    noun: str
    cure: str
    cures: Mapping[str, str] = field(default_factory=dict)
    """What to do about some codes in particular."""

    def refusal(self, code: str, why: str, cure: str = "", *, noun: str = "") -> DocgenError:
        """The error `CODE-code`: «noun why»."""
        what = f"{noun or self.noun} {why}"
        return self.error.of(f"{self.code}-{code}", what, cure or self.cures.get(code, self.cure))


class Archive:
    """The members of a zip whose directory was found sound; names are found in any case, as Excel finds them."""

    def __init__(self, archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], told: Told) -> None:
        self._archive = archive
        self._members = members
        self._told = told

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._members

    @property
    def names(self) -> tuple[str, ...]:
        """The members' names in the order of the directory."""
        return tuple(member.filename for member in self._members.values())

    def read(self, name: str, most: int) -> bytes:
        """One member whole; `name` must be there.

        Raises:
            DocgenError: it is damaged, or larger than `most` bytes.
        """
        if self._members[name.casefold()].file_size > most:
            raise _too_big(self._told, "có một thành phần bên trong quá lớn")
        return b"".join(self.pieces(name))

    def pieces(self, name: str) -> Iterator[bytes]:
        """One member in pieces of some megabytes, so that memory stays small.

        Raises:
            DocgenError: it is damaged, or larger than it said.
        """
        member = self._members[name.casefold()]
        inflated = 0
        try:
            with self._archive.open(member) as stream:
                while piece := stream.read(_PIECE_BYTES):
                    inflated += len(piece)
                    yield piece
        except _UNREADABLE as error:
            raise _damaged(self._told) from error
        if inflated != member.file_size:
            raise _damaged(self._told)

    def refuse_dtd(self, names: Iterable[str]) -> None:
        """Refuse XML members that declare a DTD or entities, whatever they would do.

        Raises:
            DocgenError: code `…-dtd`.
        """
        for name in names:
            tail = b""
            for piece in self.pieces(name):
                refuse_dtd(tail + piece, self._told)
                tail = piece[-_LONGEST_PROLOGUE_MARK:]


def refuse_dtd(xml: bytes, told: Told) -> None:
    """Refuse XML that declares a DTD or entities.

    Raises:
        DocgenError: code `…-dtd`.
    """
    if b"<!" in xml and (b"<!DOCTYPE" in xml or b"<!ENTITY" in xml):
        raise told.refusal("dtd", "có khai báo DTD bên trong, không được phép.")


def open_archive(content: bytes, limits: Limits, told: Told) -> Archive:
    """The archive, once its directory is known to be short, honest and within the limits; nothing is inflated yet.

    Raises:
        DocgenError: codes `…-damaged`, `…-too-big`, `…-unsound`, `…-encrypted`.
    """
    _refuse_long_directory(content, limits, told)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
    except _UNREADABLE as error:
        raise _damaged(told) from error
    if len(members) > limits.members:
        raise _too_big(told, "có quá nhiều thành phần bên trong")
    seen: dict[str, zipfile.ZipInfo] = {}
    for member in members:
        _check_name(member, seen, told)
        _check_size(member, limits, told)
        seen[member.filename.casefold()] = member
    if sum(member.file_size for member in members) > limits.inflated_bytes:
        raise _too_big(told, "giải nén ra quá lớn")
    _check_overlap(members, told)
    return Archive(archive, seen, told)


def _refuse_long_directory(content: bytes, limits: Limits, told: Told) -> None:
    """Reading a long directory is itself an attack, so its length is looked at first."""
    end = content.rfind(_END_OF_DIRECTORY)
    if end < 0 or end + _END.size > len(content):
        raise _damaged(told)
    directory_bytes = _END.unpack_from(content, end)[5]
    zip64 = content[max(end - 20, 0) : end].startswith(_ZIP64_LOCATOR)
    if zip64 or directory_bytes > limits.members * _DIRECTORY_ENTRY_BYTES:
        raise _too_big(told, "có quá nhiều thành phần bên trong")


def _check_name(member: zipfile.ZipInfo, seen: Mapping[str, zipfile.ZipInfo], told: Told) -> None:
    name = member.orig_filename
    steps = name.removesuffix("/").split("/")
    outside = name.startswith("/") or "" in steps or "." in steps or ".." in steps or re.search(r"[\\:\x00-\x1f]", name)
    if outside or (member.external_attr >> 16) & _FILE_TYPE == _SYMLINK:
        raise _unsound(told, "có thành phần mang tên đường dẫn không hợp lệ")
    if member.filename.casefold() in seen:
        raise _unsound(told, "có hai thành phần trùng tên")


def _check_size(member: zipfile.ZipInfo, limits: Limits, told: Told) -> None:
    if member.flag_bits & _ENCRYPTED:
        raise told.refusal("encrypted", "được nén có mật khẩu nên không đọc được.", noun="Tệp")
    if member.file_size > limits.part_bytes:
        raise _too_big(told, "giải nén ra quá lớn")
    if member.file_size > limits.ratio_from and member.file_size > limits.ratio * max(member.compress_size, 1):
        raise _too_big(told, "có tỷ lệ nén bất thường")


def _check_overlap(members: Sequence[zipfile.ZipInfo], told: Told) -> None:
    end = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < end:
            raise _unsound(told, "có hai thành phần chồng lên nhau")
        name = member.orig_filename.encode() if member.flag_bits & _UTF8_NAME else member.orig_filename
        end = member.header_offset + _LOCAL_BYTES + len(name) + member.compress_size


def _damaged(told: Told) -> DocgenError:
    return told.refusal("damaged", "bị hỏng hoặc chưa được tải về đủ.")


def _too_big(told: Told, why: str) -> DocgenError:
    return told.refusal("too-big", f"{why} nên không được mở.")


def _unsound(told: Told, why: str) -> DocgenError:
    return told.refusal("unsound", f"{why} nên không được mở.")
