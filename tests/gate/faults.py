"""The faults that are seeded into the good document: each must be seen by the step that is named for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.gate.parts import CONTENT_TYPES, read_parts, write_parts

if TYPE_CHECKING:
    from collections.abc import Callable

_DOCUMENT = "word/document.xml"
_RELATIONSHIPS = "word/_rels/document.xml.rels"


class Fault(NamedTuple):
    """What it is, the step that must see it (`lint`, `rules`, `round trip`, `sdk`, `audit`), how it is made."""

    name: str
    step: str
    seed: Callable[[bytes], bytes]


def _swap(old: str, new: str, part: str = _DOCUMENT) -> Callable[[bytes], bytes]:
    """Replace the first `old` in a part; a seed that does not take is an error of the specimen, not a pass."""

    def seed(docx: bytes) -> bytes:
        parts = read_parts(docx)
        text = parts[part].decode()
        assert old in text, f"the specimen has no {old!r} in {part}"
        return write_parts({**parts, part: text.replace(old, new, 1).encode()})

    return seed


def _both(first: Callable[[bytes], bytes], second: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    return lambda docx: second(first(docx))


def _drop(part: str) -> Callable[[bytes], bytes]:
    return lambda docx: write_parts({name: data for name, data in read_parts(docx).items() if name != part})


def _add(name: str, data: bytes) -> Callable[[bytes], bytes]:
    return lambda docx: write_parts({**read_parts(docx), name: data})


def _double_member(docx: bytes) -> bytes:
    """Two members of one name: a second member gets the name afterwards, because zipfile warns when it writes such."""
    doubled = write_parts({**read_parts(docx), "word/headerX.xml": b"<x/>"})
    return doubled.replace(b"word/headerX.xml", b"word/header1.xml")


def _with_clock(docx: bytes) -> bytes:
    """The first member is dated one day later; the date stands 14 bytes into its entry in the central directory."""
    at = docx.index(b"PK\x01\x02") + 14
    return docx[:at] + bytes([docx[at] + 1]) + docx[at + 1 :]


_CELL_END = "<w:p><w:r><w:t>Điểm</w:t></w:r></w:p></w:tc>"
_TABLE = '<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="9"/></w:tblGrid><w:tr><w:tc><w:tcPr/><w:p/></w:tc></w:tr></w:tbl>'
_FIELD_END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
_TOTAL = "<w:r><w:t>Tổng</w:t></w:r>"
_TITLE_END = "<w:t>BẢN KIỂM ĐIỂM</w:t></w:r>"
_CENTRE = '<w:pPr><w:jc w:val="center"/></w:pPr>'
_CONTROL = "<w:sdtContent><w:r><w:t>Lê Thị Hồng Ánh</w:t></w:r></w:sdtContent>"
_HEADER_TYPE = (
    '<Override PartName="/word/header1.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.header+xml"/>'
)
_OUTSIDE = (
    '<Relationship Id="rId999" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
    'Target="http://127.0.0.1/a.png" TargetMode="External"/></Relationships>'
)

FAULTS = (
    Fault("cut off in the middle", "lint", lambda docx: docx[: len(docx) // 2]),
    Fault("a member twice", "lint", _double_member),
    Fault("a clock in the zip", "lint", _with_clock),
    Fault("bytes before the zip", "lint", lambda docx: b"x" + docx),
    Fault("XML that does not close", "lint", _swap("</w:sdtContent>", "")),
    Fault("a control character", "lint", _swap("Tổng", "T\x0bổng")),
    Fault("a DOCTYPE", "lint", _swap("<w:document", "<!DOCTYPE w:document><w:document")),
    Fault("a part without content type", "lint", _swap(_HEADER_TYPE, "", CONTENT_TYPES)),
    Fault("a part that is named and missing", "lint", _drop("word/header1.xml")),
    Fault("a part that nothing refers to", "lint", _add("word/lost.xml", b"<x/>")),
    Fault("a relationship to the outside", "lint", _swap("</Relationships>", _OUTSIDE, _RELATIONSHIPS)),
    Fault("an id that no relationship has", "lint", _swap('r:id="', 'r:id="x')),
    Fault("a program inside", "lint", _add("word/vbaProject.bin", b"x")),
    Fault("no body", "rules", _both(_swap("<w:body>", ""), _swap("</w:body>", ""))),
    Fault("text in the body", "rules", _swap("<w:tbl>", "chữ<w:tbl>")),
    Fault("text outside a run", "rules", _swap(_TOTAL, "<w:t>Tổng</w:t>")),
    Fault("a paragraph in a paragraph", "rules", _swap(_TOTAL, f"<w:p>{_TOTAL}</w:p>")),
    Fault("a cell without paragraph", "rules", _swap(_CELL_END, "</w:tc>")),
    Fault("a table last in a cell", "rules", _swap(_CELL_END, _TABLE + "</w:tc>")),
    Fault("a row without cells", "rules", _swap("<w:tr>", "<w:tr/><w:tr>")),
    Fault("a row that does not fill the grid", "rules", _swap('<w:gridSpan w:val="2"/>', '<w:gridSpan w:val="3"/>')),
    Fault("a list that is not there", "rules", _swap('<w:numId w:val="1"/>', '<w:numId w:val="4711"/>')),
    Fault("a style that is not there", "rules", _swap(_CENTRE, '<w:pPr><w:pStyle w:val="KhongCo"/></w:pPr>')),
    Fault("a field that never ends", "rules", _swap(_FIELD_END, "")),
    Fault("a field that ends twice", "rules", _swap(_FIELD_END, _FIELD_END * 2)),
    Fault("two controls with one id", "rules", _swap('<w:id w:val="102"/>', '<w:id w:val="101"/>')),
    Fault("a control name too long", "rules", _swap('w:tag w:val="ho_ten"', f'w:tag w:val="{"x" * 65}"')),
    Fault("an empty control", "rules", _swap(_CONTROL, "<w:sdtContent/>")),
    Fault("two bookmarks with one id", "rules", _swap('<w:bookmarkStart w:id="2"', '<w:bookmarkStart w:id="1"')),
    Fault("two bookmarks with one name", "rules", _swap('w:name="tong"', 'w:name="HO_TEN"')),
    Fault("a bookmark that never ends", "rules", _swap('<w:bookmarkEnd w:id="2"/>', "")),
    Fault("a bookmark name too long", "rules", _swap('w:name="tong"', f'w:name="{"x" * 41}"')),
    Fault("letters of 13.5 half-points", "rules", _swap('<w:sz w:val="28"/>', '<w:sz w:val="13.5"/>')),
    Fault("a tracked change", "rules", _swap(_TOTAL, f'<w:ins w:id="9" w:author="x">{_TOTAL}</w:ins>')),
    Fault("a tag of the template", "round trip", _swap("Tiêu chí", "{{ tieu_chi }}")),
    Fault("a tag parted over runs", "round trip", _swap("Tiêu chí", "{</w:t></w:r><w:r><w:t>{ x")),
    Fault("a word of Python", "round trip", _swap("Tiêu chí", "None")),
    Fault("a lost value", "round trip", _swap("Lê Thị Hồng Ánh", "Lê Thị Hồng")),
    Fault("a lost sign", "round trip", _swap("Gương mẫu &amp; thẳng", "Gương mẫu  thẳng")),
    Fault(
        "a paragraph in between",
        "round trip",
        _swap("thẳng thắn</w:t></w:r></w:p>", "thẳng thắn</w:t></w:r></w:p><w:p/>"),
    ),
    Fault("properties after the text", "sdk", _swap(_TITLE_END, _TITLE_END + _CENTRE)),
    Fault("a value that is none of the list", "sdk", _swap('w:jc w:val="center"', 'w:jc w:val="middle"')),
    Fault("an element of no schema", "sdk", _swap(_TOTAL, _TOTAL + "<w:tong/>")),
    Fault("an attribute of no schema", "sdk", _swap("<w:tbl>", '<w:tbl w:tong="1">')),
    Fault("a measure that is no number", "sdk", _swap('<w:tblW w:w="0"', '<w:tblW w:w="không"')),
    Fault("a row without cells, for the audit", "audit", _swap("<w:tr>", "<w:tr/><w:tr>")),
    Fault("a list that is not there, for the audit", "audit", _swap('<w:numId w:val="1"/>', '<w:numId w:val="4711"/>')),
)
