"""Small Word files written by hand, so that a test shows in one line what it is about."""

from __future__ import annotations

import base64

from docgen.word import package

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    f'xmlns:r="{OFFICE}" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
)
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Bản mẫu</dc:title></cp:coreProperties>'
)
STYLES = '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'


def p(*runs: str, properties: str = "") -> str:
    """A paragraph; a run without markup becomes `r(...)`."""
    inner = "".join(run if run.startswith("<") else r(run) for run in runs)
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{inner}</w:p>"


def r(text: str, properties: str = "") -> str:
    """A run; `&` and `<` are escaped as Word would."""
    written = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}<w:t>{written}</w:t></w:r>"


def cell(*content: str, properties: str = "") -> str:
    inner = "".join(part if part.startswith("<") else p(part) for part in content)
    return f'<w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/>{properties}</w:tcPr>{inner}</w:tc>'


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(one if one.startswith('<') else cell(one) for one in cells)}</w:tr>"


def command(text: str, columns: int) -> str:
    """A row that holds only a tag."""
    return row(text, *[""] * (columns - 1))


def table(columns: int, *rows: str) -> str:
    grid = '<w:gridCol w:w="2000"/>' * columns
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )


def control(inner: str, *, tag: str, number: str = "7", kind: str = "<w:text/>") -> str:
    """A content control around runs, paragraphs, rows or cells."""
    properties = f'<w:alias w:val="{tag}"/><w:tag w:val="{tag}"/><w:id w:val="{number}"/>{kind}'
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"


def bookmark(inner: str, *, name: str, number: str = "5") -> str:
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{inner}<w:bookmarkEnd w:id="{number}"/>'


def picture(number: int = 1, relation: str = "rIdPic") -> str:
    return (
        f'<w:r><w:drawing><wp:inline><wp:extent cx="9525" cy="9525"/><wp:docPr id="{number}" name="Ảnh {number}"/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        f'<pic:nvPicPr><pic:cNvPr id="0" name="anh.png"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
        f'<a:blip r:embed="{relation}"/></pic:blipFill><pic:spPr/></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


def text_box(inner: str) -> str:
    box = f"<w:txbxContent>{inner}</w:txbxContent>"
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline><wp:docPr id="3" name="Khung"/>'
        f'<a:graphic><a:graphicData uri="wps"><wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp></a:graphicData></a:graphic>'
        f"</wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def section(*references: str, landscape: bool = False) -> str:
    """`references`: `header:default:rIdHead`, `footer:first:rIdFoot`."""
    refs = "".join(
        f'<w:{kind}Reference w:type="{which}" r:id="{relation}"/>'
        for kind, which, relation in (reference.split(":") for reference in references)
    )
    size = 'w:w="16838" w:h="11906" w:orient="landscape"' if landscape else 'w:w="11906" w:h="16838"'
    title = "<w:titlePg/>" if any(":first:" in reference for reference in references) else ""
    return f"<w:sectPr>{refs}<w:pgSz {size}/>{title}</w:sectPr>"


def header(*content: str) -> str:
    return f"<w:hdr {NAMESPACES}>{''.join(content)}</w:hdr>"


def footer(*content: str) -> str:
    return f"<w:ftr {NAMESPACES}>{''.join(content)}</w:ftr>"


def footnotes(*notes: str) -> str:
    inner = "".join(f'<w:footnote w:id="{number}">{note}</w:footnote>' for number, note in enumerate(notes, start=1))
    return f"<w:footnotes {NAMESPACES}>{inner}</w:footnotes>"


def docx(
    *body: str,
    ending: str | None = None,
    namespaces: str = NAMESPACES,
    core: str | None = CORE,
    external: tuple[str, str] | None = None,
    **extra: str,
) -> bytes:
    """A small package: the body, and parts by relation id (`rIdHead=header(...)`, `rIdNotes=footnotes(...)`)."""
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    content = "".join(part if part.startswith("<") else p(part) for part in body)
    ending = section() if ending is None else ending
    whole = f"{declaration}<w:document {namespaces}><w:body>{content}{ending}</w:body></w:document>"
    parts: dict[str, bytes] = {
        "word/document.xml": whole.encode(),
        "word/styles.xml": f"{declaration}<w:styles {NAMESPACES}>{STYLES}</w:styles>".encode(),
        "word/media/image1.png": PIXEL,
    }
    types = {"word/document.xml": f"{TYPES}.document.main+xml", "word/styles.xml": f"{TYPES}.styles+xml"}
    relations = {"rIdStyles": ("styles", "styles.xml"), "rIdPic": ("image", "media/image1.png")}
    for relation, xml in extra.items():
        kind = xml[3 : xml.index(" ")]
        name = {"hdr": "header", "ftr": "footer"}.get(kind, kind)
        file = f"{name}{relation}.xml"
        parts[f"word/{file}"] = f"{declaration}{xml}".encode()
        types[f"word/{file}"] = f"{TYPES}.{name}+xml"
        relations[relation] = (name, file)
    top = {"rId1": ("officeDocument", "word/document.xml")}
    if core is not None:
        parts["docProps/core.xml"] = f"{declaration}{core}".encode()
        types["docProps/core.xml"] = "application/vnd.openxmlformats-package.core-properties+xml"
    parts["word/_rels/document.xml.rels"] = _relations(relations, external)
    parts["_rels/.rels"] = _relations(top, None, core=core is not None)
    return zipped({package.CONTENT_TYPES: _types(types), **parts})


def zipped(parts: dict[str, bytes]) -> bytes:
    return package.write(package.pack(name, content) for name, content in parts.items())


def _types(types: dict[str, str]) -> bytes:
    overrides = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in types.items())
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        f"{overrides}</Types>"
    ).encode()


def _relations(relations: dict[str, tuple[str, str]], external: tuple[str, str] | None, *, core: bool = False) -> bytes:
    written = "".join(
        f'<Relationship Id="{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in relations.items()
    )
    if external:
        kind, target = external
        written += f'<Relationship Id="rIdOut" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'
    if core:
        kind = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
        written += f'<Relationship Id="rIdCore" Type="{kind}" Target="docProps/core.xml"/>'
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{written}</Relationships>'.encode()
