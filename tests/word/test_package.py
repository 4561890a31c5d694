"""Opening Word files with distrust, writing them without a clock."""

from __future__ import annotations

import contextlib
import io
import struct
import time
import tracemalloc
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.errors import FormError
from docgen.word import package
from docgen.word.screening import Limits
from tests.word.specimens import CORE, OFFICE, docx, p, zipped

if TYPE_CHECKING:
    from collections.abc import Callable

GOOD = docx("Họ và tên: {{ ho_ten }}")
DOCUMENT = package.parts(GOOD)["word/document.xml"]
INSTRUCTION = "<w:r><w:instrText>{}</w:instrText></w:r>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


def code_of(content: bytes) -> str:
    with pytest.raises(FormError) as caught:
        package.read(content)
    assert all(problem.what and problem.cure for problem in caught.value.problems)
    return caught.value.problems[0].code


def changed(**parts: bytes) -> bytes:
    """The good file with some parts replaced or added (`word__document` is word/document.xml)."""
    names = {f"{name.replace('__', '/')}.xml": content for name, content in parts.items()}
    return zipped({**package.parts(GOOD), **names})


def with_type(ending: str) -> bytes:
    types = package.parts(GOOD)[package.CONTENT_TYPES].replace(b"wordprocessingml.document.main+xml", ending.encode())
    return zipped({**package.parts(GOOD), package.CONTENT_TYPES: types})


def with_relation(kind: str, target: str = "x", *, outside: bool = True) -> bytes:
    mode = ' TargetMode="External"' if outside else ""
    relation = f'<Relationship Id="rIdX" Type="{OFFICE}/{kind}" Target="{target}"{mode}/></Relationships>'
    rels = package.parts(GOOD)["word/_rels/document.xml.rels"].decode().replace("</Relationships>", relation)
    return zipped({**package.parts(GOOD), "word/_rels/document.xml.rels": rels.encode()})


def raw_zip(*members: tuple[str, bytes], **changes: object) -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            for fact, value in changes.items():
                setattr(info, fact, value)
            archive.writestr(info, content)
    return saved.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "package-empty"),
        (OLE, "package-doc"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "package-encrypted"),
        (b"%PDF-1.7\n%...", "package-pdf"),
        (b"{\\rtf1\\ansi Xin chao}", "package-rtf"),
        (b"<!DOCTYPE html><html></html>", "package-html"),
        ("Bản kiểm điểm".encode(), "package-not-word"),
        (b"\x00" * 5000, "package-not-word"),
        (GOOD[:200], "package-damaged"),
        (GOOD[:-30], "package-damaged"),
        (GOOD[:40] + b"\xff" * 60 + GOOD[100:], "package-damaged"),
        (b"PK\x03\x04", "package-damaged"),
        (raw_zip(("mimetype", b"application/vnd.oasis.opendocument.text")), "package-odt"),
        (raw_zip(("thu.txt", b"xin chao")), "package-not-word"),
        (with_type("spreadsheetml.sheet.main+xml"), "package-xlsx"),
        (with_type("presentationml.presentation.main+xml"), "package-pptx"),
        (with_type("wordprocessingml.template.main+xml"), "package-dotx"),
        (with_type("ms-word.document.macroEnabled.main+xml"), "package-macros"),
        (with_type("ms-word.template.macroEnabledTemplate.main+xml"), "package-macros"),
        (zipped({**package.parts(GOOD), "word/vbaProject.bin": b"\x01"}), "package-macros"),
        (with_relation("control", "activeX1.xml", outside=False), "package-macros"),
        (with_relation("oleObject", "o.bin", outside=False), "package-ole"),
        (with_relation("package", "bang.xlsx", outside=False), "package-ole"),
        (with_relation("aFChunk", "x.html", outside=False), "package-ole"),
        (with_relation("attachedTemplate", "file:///C:/Mau/Normal.dotm"), "package-external"),
        (with_relation("image", "http://example.vn/a.png"), "package-external"),
        (docx(f"<w:p>{INSTRUCTION.format('INCLUDE')}{INSTRUCTION.format('PICTURE x')}</w:p>"), "package-external"),
        (docx('<w:p><w:fldSimple w:instr=" DDEAUTO cmd "/></w:p>'), "package-external"),
        (changed(word__document=b'<!DOCTYPE a [<!ENTITY x "y">]><w:document/>'), "package-dtd"),
        (changed(word__styles=b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'), "package-dtd"),
        (changed(word__document=DOCUMENT.decode().replace("UTF-8", "UTF-16").encode("utf-16")), "package-encoding"),
        (changed(word__document=DOCUMENT.replace(b"UTF-8", b"windows-1258")), "package-encoding"),
        (changed(word__document=b"<a>\xff\xfe</a>"), "package-encoding"),
    ],
)  # fmt: skip
def test_each_other_file_has_its_own_refusal(content: bytes, code: str) -> None:
    assert code_of(content) == code


def test_each_refusal_has_its_own_sentence() -> None:
    samples = [
        b"",
        OLE,
        b"%PDF-1.7",
        b"{\\rtf1",
        b"<html>",
        b"abc",
        GOOD[:200],
        with_type("spreadsheetml.sheet.main+xml"),
    ]
    sentences = set()
    for sample in samples:
        with pytest.raises(FormError) as caught:
            package.read(sample)
        sentences.add(str(caught.value))
    assert len(sentences) == len(samples)


def test_a_hyperlink_to_the_outside_may_stay() -> None:
    assert "word/document.xml" in package.read(with_relation("hyperlink", "https://example.vn"))


def test_reading_for_inspection_does_not_mind_macros() -> None:
    with_macro = zipped({**package.parts(GOOD), "word/vbaProject.bin": b"\x01"})
    assert package.parts(with_macro)["word/vbaProject.bin"] == b"\x01"


@pytest.mark.parametrize(
    "name",
    ["../x.xml", "/etc/x.xml", "word/../../x.xml", "word\\x.xml", "C:/x.xml", "word//x.xml", "./x.xml", "a\nb.xml"],
)
def test_names_that_lead_outside_are_refused(name: str) -> None:
    assert code_of(raw_zip((name, b"<a/>"), *package.parts(GOOD).items())) == "package-unsound"


def test_links_and_twins_are_refused() -> None:
    assert code_of(raw_zip(*package.parts(GOOD).items(), external_attr=0xA1FF << 16)) == "package-unsound"
    twins = [*package.parts(GOOD).items(), ("WORD/document.XML", b"<a/>")]
    assert code_of(raw_zip(*twins)) == "package-unsound"


def test_members_that_share_bytes_are_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(_overlapping())) as archive:
        assert {"word/a.bin", "word/b.xml"} <= set(archive.namelist())
    assert code_of(_overlapping()) == "package-unsound"


def test_a_password_on_the_zip_is_told() -> None:
    locked = bytearray(GOOD)
    at = 0
    while (at := locked.find(b"PK\x01\x02", at)) >= 0:
        locked[at + 8] |= 1
        at += 4
    assert code_of(bytes(locked)) == "package-encrypted"


def _listed(entries: int) -> bytes:
    """A zip whose directory names so many members."""
    one = struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0) + b"a.xml"
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(one) * entries, 0, 0)
    return b"PK\x03\x04" + one * entries + end


def _overlapping() -> bytes:
    """A stored member whose content is another member, listed as well: each of them is right by itself."""
    inner = zipped({"word/b.xml": b"<a/>"})
    local, listed = inner[: inner.index(b"PK\x01\x02")], bytearray(inner[inner.index(b"PK\x01\x02") : -22])
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("word/a.bin", local)
        for name, content in package.parts(GOOD).items():
            archive.writestr(name, content)
    made = outer.getvalue()
    end = struct.unpack("<4sHHHHIIH", made[-22:])
    struct.pack_into("<I", listed, 42, made.index(local))
    closing = struct.pack("<4sHHHHIIH", *end[:3], end[3] + 1, end[4] + 1, end[5] + len(listed), end[6], 0)
    return made[:-22] + bytes(listed) + closing


def _lying_size() -> bytes:
    base = bytearray(GOOD)
    at = base.index(b"PK\x01\x02")
    (size,) = struct.unpack_from("<I", base, at + 24)
    struct.pack_into("<I", base, at + 24, size + 100)
    return bytes(base)


BOMBS: dict[str, Callable[[], bytes]] = {
    "ratio": lambda: raw_zip(*package.parts(GOOD).items(), ("word/media/x.bin", b"\x00" * 30_000_000)),
    "many empty paragraphs": lambda: changed(word__document=b"<a>" + b"<w:p/>" * 2_500_000 + b"</a>"),
    "many big members": lambda: raw_zip(
        *package.parts(GOOD).items(), *((f"x{n}.bin", bytes(900_000)) for n in range(80))
    ),
    "60,000 members": lambda: _listed(60_000),
    "nested zip": lambda: raw_zip(("a.zip", raw_zip(("b.bin", b"\x00" * 5_000_000)))),
    "overlap": _overlapping,
    "size in the directory": _lying_size,
    "over the file limit": lambda: b"PK\x03\x04" + b"\x00" * 33 * 1024 * 1024,
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_fast_and_in_little_memory(name: str) -> None:
    bomb = BOMBS[name]()
    tracemalloc.start()
    start = time.process_time()
    with pytest.raises(FormError):
        package.read(bomb)
    spent = time.process_time() - start
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert spent < 2
    assert peak < 200 * 1024 * 1024


def test_limits_can_be_set() -> None:
    with pytest.raises(FormError) as caught:
        package.parts(GOOD, Limits(xml_tags=3))
    assert caught.value.problems[0].code == "package-too-big"


@given(st.dictionaries(st.text("abcđ/_", min_size=1).map(lambda name: f"word/{name}x.bin"), st.binary(), max_size=4))
def test_what_is_written_is_read_and_standard_zip_agrees(extra: dict[str, bytes]) -> None:
    extra = {name: b"\x89" + content for name, content in extra.items() if "//" not in name}
    held = {**package.parts(GOOD), **extra}
    written = zipped(held)
    assert package.parts(written) == held
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        assert archive.testzip() is None
        assert {info.filename: archive.read(info) for info in archive.infolist()} == held
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert written == zipped(held)


@given(st.binary(max_size=300), st.integers(0, len(GOOD)))
def test_garbage_is_refused_never_a_traceback(garbage: bytes, at: int) -> None:
    for content in (garbage, b"PK\x03\x04" + garbage, GOOD[:at] + garbage + GOOD[at:], GOOD[:at]):
        with contextlib.suppress(FormError):
            assert package.read(content) == package.parts(GOOD)


def test_the_hash_is_of_the_content_only() -> None:
    held = package.parts(GOOD)
    reordered = raw_zip(*reversed(held.items()))
    stamped = zipped({**held, package.CUSTOM_PROPERTIES: b"<a/>"})
    assert package.content_hash(reordered) == package.content_hash(GOOD) == package.content_hash(stamped)
    assert package.content_hash(docx("khác")) != package.content_hash(GOOD)
    assert package.content_hash(docx(p("a"), core=CORE)) != package.content_hash(docx(p("b"), core=CORE))


def test_the_members_of_a_file_of_ours_are_those_that_were_written() -> None:
    written = [package.pack(name, content) for name, content in package.parts(GOOD).items()]
    assert package.members(package.write(written)) == written
    assert [package.unpacked(member) for member in written] == list(package.parts(GOOD).values())


def test_the_members_of_any_other_file_are_packed_anew() -> None:
    contents = package.parts(GOOD)
    other = raw_zip(*contents.items(), date_time=(2020, 1, 1, 0, 0, 0))
    assert package.members(other) == [package.pack(name, content) for name, content in contents.items()]
    with pytest.raises(FormError):
        package.members(GOOD[:-30])


PACKED = package.pack("a", b"Ban kiem diem")


@pytest.mark.parametrize(
    "member",
    [
        PACKED._replace(size=3),
        PACKED._replace(size=3_000),
        PACKED._replace(crc=1),
        PACKED._replace(packed=b"\xff\xff"),
        PACKED._replace(packed=b""),
    ],
)
def test_a_member_that_says_something_else_of_itself_is_not_unpacked(member: package.Member) -> None:
    with pytest.raises(ValueError, match="a member"):
        package.unpacked(member)
