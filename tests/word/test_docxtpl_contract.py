"""What the engine borrows from docxtpl and python-docx, one test per name: an upgrade speaks here first."""

from __future__ import annotations

import io
import re
import zipfile

import docxtpl
import pytest
from docx.oxml.parser import parse_xml
from docxtpl import DocxTemplate
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from docgen.word import package
from docgen.word.language import Language
from tests.word.corpus import corpus
from tests.word.specimens import NAMESPACES, docx, footnotes, header, p, r, section

BODIES = [package.parts(specimen.docx)["word/document.xml"].decode() for specimen in corpus()]


def opened(content: bytes) -> DocxTemplate:
    template = DocxTemplate(io.BytesIO(content))
    template.render_init()
    return template


def test_the_version_is_the_one_that_was_studied() -> None:
    assert docxtpl.__version__ == "0.20.2"


def test_patch_xml_is_pure() -> None:
    bare = DocxTemplate(io.BytesIO())
    for body in BODIES:
        first = bare.patch_xml(body)
        assert DocxTemplate.patch_xml(None, body) == first == bare.patch_xml(body)


@given(st.text(st.characters(exclude_characters="\t\n\a\f", exclude_categories=["Cs"])))
def test_resolve_listing_changes_nothing_without_line_ends(text: str) -> None:
    xml = f"<w:p><w:r><w:rPr/><w:t>{text}</w:t></w:r></w:p>"
    assert DocxTemplate(io.BytesIO()).resolve_listing(xml) == xml


def test_resolve_listing_makes_breaks_and_tabs() -> None:
    listed = DocxTemplate(io.BytesIO()).resolve_listing("<w:p><w:r><w:t>a\nb\tc</w:t></w:r></w:p>")
    assert "<w:br/>" in listed
    assert "<w:tab/>" in listed


def test_the_repairing_steps_need_only_the_number_of_drawings() -> None:
    bare = DocxTemplate(io.BytesIO())
    bare.docx_ids_index = 1000
    drawing = '<wp:docPr id="7" name="a"/><wp:docPr id="7" name="b"/>'
    grid = '<w:tblGrid><w:gridCol w:w="100"/><w:gridCol w:w="100"/></w:tblGrid>'
    tree = bare.fix_tables(f"<w:body {NAMESPACES}><w:tbl>{grid}<w:tr><w:tc/></w:tr></w:tbl>{drawing}</w:body>")
    bare.fix_docpr_ids(tree)
    assert etree.tostring(tree).count(b"gridCol") == 1
    assert re.findall(rb'docPr id="(\d+)"', etree.tostring(tree)) == [b"1001", b"1002"]


def test_fix_tables_repairs_what_is_broken() -> None:
    """The reason why the engine parses strictly before this step."""
    assert etree.tostring(DocxTemplate(io.BytesIO()).fix_tables('<w:b xmlns:w="w">A & B</w:b>')).endswith(
        b">A  B</w:b>"
    )


def test_each_part_is_rendered_with_its_name() -> None:
    seen: list[str] = []

    class Watching(DocxTemplate):  # type: ignore[misc]
        def render_xml_part(self, src_xml: str, part: object, context: object, jinja_env: object = None) -> str:
            seen.append(part.partname)  # type: ignore[attr-defined]
            return str(super().render_xml_part(src_xml, part, context, jinja_env))

    made = docx("{{ a }}", ending=section("header:default:rIdA"), rIdA=header(p("x")), rIdN=footnotes(p("y")))
    Watching(io.BytesIO(made)).render({"a": "1"}, Language())
    assert seen == ["/word/document.xml", "/word/headerrIdA.xml", "/word/footnotesrIdN.xml"]


def test_only_from_string_and_render_are_asked_of_the_environment() -> None:
    class Plain:
        def from_string(self, source: str) -> Plain:
            self.source = source
            return self

        def render(self, context: object) -> str:
            return self.source

    template = DocxTemplate(
        io.BytesIO(docx("{{ a }}", ending=section("header:default:rIdA"), rIdA=header(p("{{ b }}"))))
    )
    template.render({}, Plain())
    saved = io.BytesIO()
    template.save(saved)
    assert b"{{ a }}" in package.parts(saved.getvalue())["word/document.xml"]


def test_save_writes_the_content_types_first_and_keeps_the_order() -> None:
    for specimen in corpus()[:6]:
        template = opened(specimen.docx)
        names = []
        for _ in range(2):
            saved = io.BytesIO()
            template.docx.save(saved)
            names.append(zipfile.ZipFile(saved).namelist())
        assert names[0] == names[1]
        assert names[0][:2] == [package.CONTENT_TYPES, "_rels/.rels"]


def test_python_docx_parses_strictly_and_drops_blanks_between_elements() -> None:
    xml = f'<w:hdr {NAMESPACES}> <w:p> <w:r><w:t xml:space="preserve"> </w:t></w:r></w:p> </w:hdr>'
    assert etree.tostring(parse_xml(xml)).count(b" </w:t>") == 1
    assert b"> <w:p>" not in etree.tostring(parse_xml(xml))
    with pytest.raises(etree.XMLSyntaxError):
        parse_xml("<w:hdr>")


def test_footnotes_are_rendered_once_for_each_section() -> None:
    """The fault that the engine does not share: values are run as a template when there are two sections."""
    two = p(r("một"), properties=section())
    made = DocxTemplate(io.BytesIO(docx(two, "hai", rIdN=footnotes(p("{{ a }}")))))
    made.render({"a": "{{ b }}", "b": "lộ"}, Language())
    saved = io.BytesIO()
    made.save(saved)
    assert "lộ" in package.parts(saved.getvalue())["word/footnotesrIdN.xml"].decode()
