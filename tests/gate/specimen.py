"""A small good document with all that our papers use; `faults` breaks it to test the gate itself."""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING

import docx
from docx.oxml import parse_xml

from tests.gate.parts import read_parts, write_parts

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement

_NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

VALUES = {"ho_ten": "Lê Thị Hồng Ánh", "uu_diem": "Gương mẫu & thẳng thắn\nChấp hành <nghiêm> kỷ luật"}
"""What the good document shows."""

_BLOCKS = (
    '<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:rPr><w:b/><w:sz w:val="28"/></w:rPr><w:t>BẢN KIỂM ĐIỂM</w:t>'
    "</w:r></w:p>",
    '<w:p><w:r><w:t xml:space="preserve">Họ và tên: </w:t></w:r><w:bookmarkStart w:id="1" w:name="ho_ten"/>'
    '<w:sdt><w:sdtPr><w:alias w:val="Họ và tên"/><w:tag w:val="ho_ten"/><w:id w:val="101"/><w:text/></w:sdtPr>'
    '<w:sdtContent><w:r><w:t>Lê Thị Hồng Ánh</w:t></w:r></w:sdtContent></w:sdt><w:bookmarkEnd w:id="1"/></w:p>',
    '<w:sdt><w:sdtPr><w:alias w:val="Ưu điểm"/><w:tag w:val="uu_diem"/><w:id w:val="102"/></w:sdtPr><w:sdtContent>'
    "<w:p><w:r><w:t>Gương mẫu &amp; thẳng thắn</w:t></w:r></w:p>"
    "<w:p><w:r><w:t>Chấp hành &lt;nghiêm&gt; kỷ luật</w:t></w:r></w:p></w:sdtContent></w:sdt>",
    '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    "<w:r><w:t>Việc thứ nhất</w:t></w:r></w:p>",
    '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    "</w:p>",
    '<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid><w:gridCol w:w="3000"/><w:gridCol w:w="3000"/>'
    '</w:tblGrid><w:tr><w:tc><w:tcPr><w:tcW w:w="3000" w:type="dxa"/></w:tcPr><w:p><w:r><w:t>Tiêu chí</w:t></w:r></w:p>'
    '</w:tc><w:tc><w:tcPr><w:tcW w:w="3000" w:type="dxa"/></w:tcPr><w:p><w:r><w:t>Điểm</w:t></w:r></w:p></w:tc></w:tr>'
    '<w:tr><w:tc><w:tcPr><w:tcW w:w="6000" w:type="dxa"/><w:gridSpan w:val="2"/></w:tcPr><w:p><w:bookmarkStart w:id="2"'
    ' w:name="tong"/><w:r><w:t>Tổng</w:t></w:r><w:bookmarkEnd w:id="2"/></w:p></w:tc></w:tr></w:tbl>',
    "<w:p><w:r><w:t>Người tự kiểm điểm</w:t></w:r></w:p>",
)


@cache
def good() -> bytes:
    """The good document: title, controls, bookmarks, a list, a field, a table with a merged cell, header and footer."""
    document = docx.Document()
    section = document.sections[0]
    for block in _BLOCKS:
        section._sectPr.addprevious(_element(block))
    section.header.paragraphs[0].text = "Đảng bộ xã Ví Dụ"
    section.footer.paragraphs[0].text = "Mẫu thử"
    document.core_properties.author = "Chi bộ thôn Ví Dụ"
    document.core_properties.last_modified_by = ""
    document.core_properties.comments = ""
    target = io.BytesIO()
    document.save(target)
    return write_parts(read_parts(target.getvalue()))


def _element(block: str) -> BaseOxmlElement:
    start, end = block[: block.index(">")], block[block.index(">") :]
    return parse_xml(f"{start} {_NAMESPACE}{end}")
