"""What a document says of itself: the custom properties that drawing stamps (form, edition, layout, template)."""

from __future__ import annotations

from lxml import etree

from docgen.word import package

_VALUE = "{http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes}lpwstr"
PREFIX = "docgen."


def stamp(docx: bytes) -> dict[str, str]:
    """`form`, `edition`, `layout` and `template` of a document made here; empty for any other.

    Raises:
        FormError: not a Word file, broken, protected or too large.
    """
    content = package.parts(docx).get(package.CUSTOM_PROPERTIES)
    if content is None:
        return {}
    try:
        properties = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return {}
    named = ((each.get("name") or "", each.findtext(_VALUE)) for each in properties)
    return {name.removeprefix(PREFIX): value for name, value in named if name.startswith(PREFIX) and value}
