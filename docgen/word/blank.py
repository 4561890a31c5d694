"""The constant parts of a slim Word package, and the styles of a layout: every element a named paragraph style.

python-docx's own default package carries 840 kB of parts; a paper needs seven small ones. There is no clock, machine or
author in them; text is marked as Vietnamese, so that Word does not underline every word.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docgen.rules.layouts import Element, Layout

MM = 1440 / 25.4
"""Twentieths of a point in a millimetre."""
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_CUSTOM_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"

CONTENT_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    + "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>'
        for name, kind in (
            ("word/document.xml", f"{_TYPES}.document.main+xml"),
            ("word/styles.xml", f"{_TYPES}.styles+xml"),
            ("word/settings.xml", f"{_TYPES}.settings+xml"),
            ("word/fontTable.xml", f"{_TYPES}.fontTable+xml"),
            ("word/header1.xml", f"{_TYPES}.header+xml"),
            ("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
            ("docProps/custom.xml", "application/vnd.openxmlformats-officedocument.custom-properties+xml"),
        )
    )
    + "</Types>"
)
PACKAGE_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    f'<Relationship Id="rId3" Type="{_RELATIONS}/custom-properties" Target="docProps/custom.xml"/>'
    "</Relationships>"
)
HEADER_RELATION = "rId4"
DOCUMENT_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId2" Type="{_RELATIONS}/settings" Target="settings.xml"/>'
    f'<Relationship Id="rId3" Type="{_RELATIONS}/fontTable" Target="fontTable.xml"/>'
    f'<Relationship Id="{HEADER_RELATION}" Type="{_RELATIONS}/header" Target="header1.xml"/>'
    "</Relationships>"
)
DOCUMENT = (
    f'<w:document xmlns:w="{W}" xmlns:r="{_RELATIONS}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" mc:Ignorable="w14"><w:body/></w:document>'
)
HEADER = (
    f'<w:hdr xmlns:w="{W}"><w:p><w:pPr><w:pStyle w:val="PageNumber"/></w:pPr>'
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>2</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:hdr>'
)
SETTINGS = (
    f'<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>'
    '<w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    '</w:compat><w:themeFontLang w:val="vi-VN"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>'
)

STYLE_NAMES: Mapping[str, str] = {
    "national_title": "Tiêu đề Đảng",
    "parent_body": "Cơ quan cấp trên",
    "issuing_body": "Cơ quan ban hành",
    "star": "Dấu sao",
    "number": "Số và ký hiệu",
    "place_date": "Địa danh và ngày tháng",
    "form_code": "Ký hiệu mẫu",
    "type_title": "Tên loại",
    "subject": "Trích yếu",
    "letter_subject": "Trích yếu công văn",
    "addressee": "Kính gửi",
    "body": "Nội dung",
    "grounds": "Căn cứ",
    "part": "heading 1",
    "part_title": "Tên phần",
    "section": "heading 2",
    "item_heading": "heading 3",
    "item": "Mục nhỏ",
    "instruction": "Lời hướng dẫn",
    "answer": "Câu trả lời",
    "field_line": "Dòng thông tin",
    "table_head": "Tiêu đề bảng",
    "table_cell": "Ô bảng",
    "table_group": "Dòng nhóm của bảng",
    "secrecy": "Mức độ mật",
    "urgency": "Mức độ khẩn",
    "draft_mark": "Dấu dự thảo",
    "enacting": "Lời quyết định",
    "tick": "Ô đánh dấu",
    "line_item": "Dòng mục",
    "total_line": "Dòng tổng",
    "signing_power": "Quyền hạn ký",
    "signer_post": "Chức vụ người ký",
    "signer_name": "Họ tên người ký",
    "sign_note": "Ghi chú chỗ ký",
    "recipients_head": "Nơi nhận",
    "recipients": "Danh sách nơi nhận",
    "note": "Ghi chú",
    "note_line": "Dòng phụ tiêu đề",
    "page_number": "Số trang",
}
"""The paragraph styles of a drawn paper: the layout's elements and a few that follow from them."""

_RUNNING = frozenset({"body", "grounds", "item", "instruction", "answer", "note", "line_item", "total_line"})
"""Styles of running text: first line indented, exact pitch, room before."""
_SPACED = frozenset({"enacting", "field_line", "tick", "part", "part_title", "section", "item_heading", "addressee"})
"""Styles with room before but no first-line indent."""
_TIGHT = frozenset({"table_head", "table_cell", "table_group"})
"""Styles of table text: two points of room above and below."""
_DERIVED: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "item_heading": ("item", {"bold": True}),
    "answer": ("body", {}),
    "field_line": ("body", {"align": "left"}),
    "line_item": ("body", {"align": "left"}),
    "table_group": ("table_cell", {"bold": True}),
    "enacting": ("subject", {"caps": True}),
    "total_line": ("body", {"align": "left", "bold": True}),
    "note_line": ("note", {"align": "center", "size": 14.0}),
}
KEEP_NEXT = frozenset({"part", "part_title", "section", "item_heading", "recipients_head", "enacting", "table_group"})
_OUTLINE = {"part": 0, "section": 1, "item_heading": 2}


def style_id(name: str) -> str:
    """The id of an element's style: `type_title` → `TypeTitle`; headings bear Word's own ids."""
    if name in _OUTLINE:
        return f"Heading{_OUTLINE[name] + 1}"
    return "".join(word.capitalize() for word in name.split("_"))


def part(xml: str) -> bytes:
    """An XML part as bytes, with its declaration."""
    return (_DECLARATION + xml).encode()


def core_properties(title: str, subject: str) -> bytes:
    """Title, subject and language; the author is the issuing body, filled when a document is made."""
    return part(
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title><dc:subject>{escape(subject)}</dc:subject><dc:creator></dc:creator>"
        "<dc:language>vi-VN</dc:language></cp:coreProperties>"
    )


def custom_properties(properties: Mapping[str, str]) -> bytes:
    """The custom properties: which form, edition, layout and template made the document."""
    entries = "".join(
        f'<property fmtid="{_CUSTOM_FORMAT}" pid="{number}" name={quoteattr(name)}>'
        f"<vt:lpwstr>{escape(value)}</vt:lpwstr></property>"
        for number, (name, value) in enumerate(properties.items(), start=2)
    )
    return part(
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        f'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">{entries}</Properties>'
    )


def fonts(layout: Layout) -> str:
    """The font table."""
    return (
        f'<w:fonts xmlns:w="{W}"><w:font w:name={quoteattr(layout.font)}><w:family w:val="roman"/>'
        '<w:pitch w:val="variable"/></w:font>'
        '<w:font w:name="MS Gothic"><w:family w:val="modern"/><w:pitch w:val="fixed"/></w:font></w:fonts>'
    )


def styles(layout: Layout) -> str:
    """The styles part: defaults, Word's own four, one style per element."""
    font = quoteattr(layout.font)
    normal = round(layout.elements["body"].size * 2)
    return (
        f'<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>'
        f"<w:rFonts w:ascii={font} w:hAnsi={font} w:eastAsia={font} w:cs={font}/>"
        f'<w:sz w:val="{normal}"/><w:szCs w:val="{normal}"/>'
        '<w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/>'
        "</w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        f"{''.join(_style(layout, name) for name in STYLE_NAMES)}</w:styles>"
    )


def _look(layout: Layout, name: str) -> Element:
    """How a style looks: the layout's element, or the one from which it follows."""
    source, changes = _DERIVED.get(name, (name, {}))
    look = layout.elements[source]
    return replace(look, **changes)


def _style(layout: Layout, name: str) -> str:
    look = _look(layout, name)
    body = layout.body
    room = f'w:before="{round(body.space_before * 20)}" ' if name in _RUNNING | _SPACED else ""
    room = 'w:before="40" w:after="40"' if name in _TIGHT else room
    pitch = f'w:line="{round(body.line_pitch * 20)}" w:lineRule="exact"' if name in _RUNNING | _SPACED else ""
    spacing = f"<w:spacing {room}{pitch}/>" if room or pitch else ""
    indent = f'<w:ind w:firstLine="{round(body.first_line * MM)}"/>' if name in _RUNNING else ""
    align = {"justify": "both"}.get(look.align, look.align)
    outline = f'<w:outlineLvl w:val="{_OUTLINE[name]}"/>' if name in _OUTLINE else ""
    keep = "<w:keepNext/><w:keepLines/>" if name in KEEP_NEXT else ""
    paragraph = f'<w:pPr>{keep}{spacing}{indent}<w:jc w:val="{align}"/>{outline}</w:pPr>'
    marks = "".join(
        (
            "<w:b/>" if look.bold else "",
            "<w:i/>" if look.italic else "",
            "<w:caps/>" if look.caps else "",
            f'<w:sz w:val="{round(look.size * 2)}"/><w:szCs w:val="{round(look.size * 2)}"/>',
            '<w:u w:val="single"/>' if look.underline else "",
        )
    )
    based = '<w:basedOn w:val="Normal"/>'
    return (
        f'<w:style w:type="paragraph" w:styleId="{style_id(name)}"><w:name w:val="{STYLE_NAMES[name]}"/>{based}'
        f"<w:qFormat/>{paragraph}<w:rPr>{marks}</w:rPr></w:style>"
    )
