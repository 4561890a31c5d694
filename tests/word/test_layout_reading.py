"""What the layout check sees in a Word file: controls, styles, drawings; and what it refuses with a sentence."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING
from unicodedata import normalize

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import given, settings
from hypothesis import strategies as st

from docgen.errors import FormError
from docgen.rules.layouts import layout, layouts
from docgen.word.layout import inspect
from docgen.word.layout_components import recognise
from docgen.word.layout_reading import MOST_PARAGRAPHS, TEXT_BOX, read
from tests.word.layout_specimen import Specimen, drop, form, plan, without_rule

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element

    from docgen.word.layout_reading import Line

HD36 = layout("hd36-2018")
W = nsdecls("w")
DRAWING = (
    f'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" {nsdecls("a", "w")} '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
)
STYLES = f"""<w:styles {W}>
<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial"/><w:sz w:val="22"/></w:rPr>
</w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:rPr><w:sz w:val="28"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="B"><w:basedOn w:val="N"/>
<w:pPr><w:jc w:val="center"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="C"><w:basedOn w:val="B"/><w:rPr><w:sz w:val="30"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="X"><w:basedOn w:val="Y"/></w:style>
<w:style w:type="paragraph" w:styleId="Y"><w:basedOn w:val="X"/><w:rPr><w:i/></w:rPr></w:style>
<w:style w:type="character" w:styleId="S"><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="character" w:styleId="F"><w:rPr><w:rFonts w:hAnsi="Tahoma"/><w:caps/></w:rPr></w:style>
</w:styles>"""


def with_part(docx: bytes, name: str, change: Callable[[bytes], bytes | None]) -> bytes:
    """The same file with one part changed, or left out where the change gives None."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.infolist():
            content = change(old.read(each)) if each.filename == name else old.read(each)
            if content is not None:
                new.writestr(each.filename, content)
    return kept.getvalue()


def document(body: str, styles: str = STYLES) -> bytes:
    made = plan().bytes()
    whole = f"<w:document {DRAWING}><w:body>{body}</w:body></w:document>"
    made = with_part(made, "word/document.xml", lambda _: whole.encode())
    return with_part(made, "word/styles.xml", lambda _: styles.encode())


def lines(body: str) -> tuple[Line, ...]:
    return read(document(body)).lines


def wrapped(specimen: Specimen, name: str, kind: str) -> None:
    """Puts the paragraph, its runs, its cell or its row into a content control."""
    paragraph: _Element = specimen[name]._p
    around = {"cell": "w:tc", "row": "w:tr"}
    target: list[_Element] = [paragraph]
    if kind == "runs":
        target = [run._r for run in specimen[name].runs]
    elif kind in around:
        target = [next(paragraph.iterancestors(qn(around[kind])))]
    control = parse_xml(f"<w:sdt {W}><w:sdtPr/><w:sdtContent/></w:sdt>")
    target[0].addprevious(control)
    for each in target:
        control[1].append(each)


@pytest.mark.parametrize("kind", ["runs", "paragraph", "cell", "row"])
def test_text_in_content_controls_is_seen(kind: str) -> None:
    for name in ("title", "number", "date", "power", "name", "kept"):
        specimen = plan()
        wrapped(specimen, name, kind)
        assert inspect(specimen.bytes(), HD36) == [], name


def test_a_wrong_number_in_a_control_is_found() -> None:
    specimen = plan()
    specimen["number"].runs[0].text = "Số: 05-KH/ĐU"
    wrapped(specimen, "number", "runs")
    assert [problem.code for problem in inspect(specimen.bytes(), HD36)] == ["layout-number-colon"]


# paragraph XML                                                                     what holds for its first run
LOOKS = [
    ("<w:p><w:r><w:t>a</w:t></w:r></w:p>", {"size": 14.0, "bold": False, "fonts": {"Arial"}}),
    ('<w:p><w:pPr><w:pStyle w:val="C"/></w:pPr><w:r><w:t>a</w:t></w:r></w:p>', {"size": 15.0, "bold": True}),
    (
        '<w:p><w:pPr><w:pStyle w:val="B"/></w:pPr><w:r><w:rPr><w:rStyle w:val="S"/></w:rPr><w:t>a</w:t></w:r></w:p>',
        {"bold": False},
    ),
    ('<w:p><w:pPr><w:pStyle w:val="B"/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>a</w:t></w:r></w:p>', {"bold": True}),
    (
        '<w:p><w:pPr><w:pStyle w:val="B"/></w:pPr><w:r><w:rPr><w:b w:val="0"/></w:rPr><w:t>a</w:t></w:r></w:p>',
        {"bold": False},
    ),
    ('<w:p><w:pPr><w:pStyle w:val="X"/></w:pPr><w:r><w:t>a</w:t></w:r></w:p>', {"italic": True}),
    ('<w:p><w:pPr><w:pStyle w:val="none"/></w:pPr><w:r><w:t>a</w:t></w:r></w:p>', {"size": 14.0}),
    (
        '<w:p><w:r><w:rPr><w:rStyle w:val="F"/></w:rPr><w:t>ạa</w:t></w:r></w:p>',
        {"caps": True, "fonts": {"Arial", "Tahoma"}},
    ),
    (
        '<w:p><w:r><w:rPr><w:u w:val="none"/><w:sz w:val="11pt"/></w:rPr><w:t>a</w:t></w:r></w:p>',
        {"underline": False, "size": 11.0},
    ),
    ('<w:p><w:r><w:rPr><w:sz w:val="lớn"/></w:rPr><w:t>a</w:t></w:r></w:p>', {"size": 14.0}),
    ("<w:p><w:r><w:t>☐ ☒</w:t></w:r></w:p>", {"fonts": set()}),
]


@pytest.mark.parametrize(("paragraph", "expected"), LOOKS)
def test_the_nearest_level_that_speaks_holds(paragraph: str, expected: dict[str, object]) -> None:
    (line,) = lines(paragraph)
    assert {name: getattr(line.runs[0], name) for name in expected} == expected


# paragraph XML                                                               what is read
TEXTS = [
    ("<w:p><w:r><w:t>Nguyễn </w:t></w:r><w:ins><w:r><w:t>An</w:t></w:r></w:ins></w:p>", ["Nguyễn An"]),
    ("<w:p><w:del><w:r><w:delText>Nguyễn </w:delText></w:r></w:del><w:r><w:t>An</w:t></w:r></w:p>", ["An"]),
    ("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r><w:r><w:t>hiện</w:t></w:r></w:p>", ["hiện"]),
    ("<w:p><w:hyperlink><w:r><w:t>trang tin</w:t></w:r></w:hyperlink></w:p>", ["trang tin"]),
    ("<w:p><w:fldSimple w:instr='PAGE'><w:r><w:t>2</w:t></w:r></w:fldSimple></w:p>", ["2"]),
    ("<w:p><w:r><w:t>trên</w:t><w:br/><w:t>dưới</w:t></w:r></w:p>", ["trên", "dưới"]),
    ("<w:p><w:r><w:t>một</w:t><w:tab/><w:t>hai</w:t></w:r></w:p>", ["một hai"]),
    ("<w:p><w:r><w:t>05</w:t><w:noBreakHyphen/><w:t>KH</w:t></w:r></w:p>", ["05-KH"]),
    ("<w:p><w:r><w:t>Nguyễn</w:t></w:r></w:p>", ["Nguyễn"]),
    ("<w:p/>", [""]),
    ("<w:tbl><w:tr><w:tc><w:p><w:r><w:t>ô</w:t></w:r></w:p></w:tc></w:tr></w:tbl>", ["ô"]),
]


@pytest.mark.parametrize(("body", "expected"), TEXTS)
def test_text_is_read_as_word_shows_it(body: str, expected: list[str]) -> None:
    assert [line.text for line in lines(body)] == expected


def test_a_text_box_is_read_once_and_is_no_body() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>trong khung</w:t></w:r></w:p></w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>ngoài</w:t><mc:AlternateContent>"
        f"<mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    found = lines(body)
    assert [line.text for line in found] == ["ngoài", "trong khung"]
    assert found[1].part == TEXT_BOX
    assert [line.text for line in recognise(found).body] == ["ngoài"]


BORDER = f'<w:pBdr {W}><w:bottom w:val="single"/></w:pBdr>'
RULES = [
    f"<w:r {DRAWING}><w:drawing><a:prstGeom prst='line'/></w:drawing></w:r>",
    f"<w:r {DRAWING}><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><a:prstGeom prst='straightConnector1'/>"
    "</w:drawing></mc:Choice></mc:AlternateContent></w:r>",
    f"<w:r {DRAWING}><w:pict><v:line/></w:pict></w:r>",
    f"<w:r {DRAWING}><w:pict><v:shape type='#_x0000_t32'/></w:pict></w:r>",
]


@pytest.mark.parametrize("rule", RULES)
def test_a_drawn_line_is_a_rule(rule: str) -> None:
    specimen = plan()
    without_rule(specimen)
    specimen["title"]._p.append(parse_xml(rule))
    assert inspect(specimen.bytes(), HD36) == []


def test_a_bordered_empty_paragraph_is_a_rule() -> None:
    specimen = plan()
    without_rule(specimen)
    specimen["title"]._p.addnext(parse_xml(f"<w:p {W}><w:pPr>{BORDER}</w:pPr></w:p>"))
    assert inspect(specimen.bytes(), HD36) == []


def test_another_drawing_is_no_rule() -> None:
    specimen = plan()
    box = f"<w:r {DRAWING}><w:drawing><a:prstGeom prst='rect'/></w:drawing></w:r>"
    without_rule(specimen)
    specimen["title"]._p.append(parse_xml(box))
    assert [problem.code for problem in inspect(specimen.bytes(), HD36)] == ["layout-national-title-rule"]


def test_header_lines_parted_by_line_breaks_are_told_apart() -> None:
    specimen = plan()
    run = specimen["title"].add_run()
    run.add_break()
    date = specimen["title"].add_run("Phú Lâm, ngày 05 tháng 9 năm 2025")
    date.font.size, date.font.italic = specimen["date"].runs[0].font.size, True
    drop(specimen["date"]._p)
    assert inspect(specimen.bytes(), HD36) == []


def test_names_spelled_in_decomposed_letters_are_the_same() -> None:
    specimen = plan()
    for paragraph in specimen.named.values():
        for run in paragraph.runs:
            if run.text:
                run.text = normalize("NFD", run.text)
    assert inspect(specimen.bytes(), HD36) == []


def test_a_national_title_in_small_letters_shown_as_capitals_is_right() -> None:
    specimen = plan()
    specimen["title"].runs[0].text = "Đảng Cộng sản Việt Nam"
    specimen["title"].runs[0].font.all_caps = True
    assert inspect(specimen.bytes(), HD36) == []


def deep() -> bytes:
    opening, closing = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
    return document(opening * 600 + "<w:p/>" + closing * 600)


def unlike_word() -> bytes:
    return with_part(plan().bytes(), "word/document.xml", lambda _: b"<html><body/></html>")


UNREADABLE: list[Callable[[], bytes]] = [
    lambda: b"",
    lambda: b"%PDF-1.7 gi\xc3\xa1",
    lambda: b"PK\x03\x04" + bytes(200),
    lambda: plan().bytes()[:3000],
    lambda: with_part(plan().bytes(), "word/document.xml", lambda _: None),
    lambda: with_part(plan().bytes(), "word/styles.xml", lambda _: None),
    lambda: with_part(plan().bytes(), "word/_rels/document.xml.rels", lambda _: None),
    lambda: with_part(plan().bytes(), "word/document.xml", lambda content: content[:-20]),
    lambda: with_part(plan().bytes(), "word/styles.xml", lambda content: b"<!DOCTYPE a []>" + content[55:]),
    lambda: with_part(plan().bytes(), "word/header1.xml", lambda _: None),
    lambda: document("<w:p/>" * (MOST_PARAGRAPHS + 1)),
    unlike_word,
    deep,
]


@pytest.mark.parametrize("make", UNREADABLE, ids=range(len(UNREADABLE)))
def test_what_cannot_be_read_is_refused_with_a_sentence(make: Callable[[], bytes]) -> None:
    with pytest.raises(FormError) as refused:
        inspect(make(), HD36)
    assert all(re.search(r"[ạảãàáâăđêôơưếệịọộ]", problem.what) for problem in refused.value.problems)


def test_a_file_that_is_all_signatures_is_judged_in_time() -> None:
    rows = "<w:p><w:r><w:t>BÍ THƯ</w:t></w:r></w:p>" * 5_000
    assert inspect(document(rows), HD36)


def test_endless_numbers_and_measures_do_no_harm() -> None:
    nines = "9" * 400
    body = (
        f'<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="{nines}"/></w:tcPr><w:p><w:r>'
        f'<w:rPr><w:sz w:val="{nines}"/></w:rPr>'
        f"<w:t>Số {nines}-KH/ĐU</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        f'<w:sectPr><w:pgSz w:w="{nines}" w:h="-1"/></w:sectPr>'
    )
    assert inspect(document(body), HD36)


@given(content=st.binary(max_size=300))
@settings(max_examples=50, deadline=None)
def test_any_bytes_give_a_list_or_a_refusal(content: bytes) -> None:
    with pytest.raises(FormError):
        inspect(content, HD36)


LABELS = (
    "ĐẢNG CỘNG SẢN VIỆT NAM|Số 5|KẾ HOẠCH|Kính gửi:|T/M ĐẢNG ỦY|BÍ THƯ|Nơi nhận:|- Lưu|*|-----|KHẨN|Căn cứ |Điều 1|I- |"
    "Hà Nội, ngày 99 tháng 2 năm 0000|ngày tháng năm|Mẫu 2B|\t|\n"
)
LETTERS = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
TEXT = st.lists(st.sampled_from(LABELS.split("|")) | st.text(LETTERS, max_size=20), max_size=4)


@given(texts=st.lists(TEXT, max_size=12), columns=st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_any_text_in_any_place_is_judged(texts: list[list[str]], columns: int) -> None:
    word = Document()
    table = word.add_table(rows=1, cols=columns)
    for number, pieces in enumerate(texts):
        place = word if number % 2 else table.rows[0].cells[number % columns]
        place.add_paragraph("".join(pieces))
    kept = io.BytesIO()
    word.save(kept)
    for each in layouts():
        assert all(problem.message for problem in inspect(kept.getvalue(), each))


def test_the_same_file_is_judged_the_same_twice() -> None:
    docx = form().bytes()
    assert inspect(docx, HD36) == inspect(docx, HD36) != []
