"""Many documents in one print file: nothing lost, nothing shared that must not be, each as it is alone."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from docgen.errors import DocgenError, FormError, OutputError
from docgen.papers import library
from docgen.word import package, print_file
from docgen.word.pdf import to_pdfs
from docgen.word.print_file import PrintFile, look_of
from tests.gate.hostile import HOSTILE
from tests.gate.look import page_texts
from tests.gate.parts import R, W, child_val, parse, read_parts, val
from tests.gate.sound import assert_quick, assert_sound
from tests.papers.specimens import EDITIONS, rendered
from tests.word.specimens import (
    NAMESPACES,
    OFFICE,
    PIXEL,
    bookmark,
    cell,
    control,
    docx,
    footer,
    footnotes,
    header,
    p,
    picture,
    r,
    row,
    section,
    table,
    text_box,
    zipped,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml import etree

DOCUMENT, RELATIONSHIPS = "word/document.xml", "word/_rels/document.xml.rels"
PERSONAL = ("mau-2a-2025", "mau-2b-2025", "mau-2c-2025")
WIDE = ("danh-sach-xep-loai", "phu-luc-ket-qua-nhiem-vu", "tong-hop-de-xuat")
OFFICIAL = ("quyet-dinh-cong-nhan", "cong-van", "bao-cao-ket-qua")
"""The first and the last have an annex in a section of its own."""
XML_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=60)


@cache
def paper(form_id: str) -> bytes:
    """The sample of a form, made."""
    edition = next(each for each in EDITIONS if each.form.id == form_id)
    return rendered(edition, library.sample(edition.form))


def together(*documents: bytes, duplex: bool = False, marks: Sequence[str] = ()) -> bytes:
    file = PrintFile(duplex=duplex)
    for number, document in enumerate(documents):
        file.add(document, mark=marks[number] if marks else None)
    return file.content(title="Tệp in")


def body_of(document: bytes) -> etree._Element:
    body = parse(read_parts(document)[DOCUMENT]).find(W + "body")
    assert body is not None
    return body


def sections_of(document: bytes) -> list[etree._Element]:
    return list(body_of(document).iter(W + "sectPr"))


def words_of(document: bytes) -> list[str]:
    """The texts of the body's paragraphs that hold any."""
    return ["".join(text.text or "" for text in each.iter(W + "t")) for each in body_of(document).iter(W + "p")]


def rels_of(document: bytes) -> dict[str, str]:
    """The kinds of the body's relationships by their targets."""
    found = parse(read_parts(document)[RELATIONSHIPS])
    return {each.get("Target", ""): each.get("Type", "").rpartition("/")[2] for each in found}


def headers_of(document: bytes, one: etree._Element) -> dict[tuple[str, str | None], str]:
    """The texts of a section's own headers and footers, by what they are."""
    parts = read_parts(document)
    targets = {each.get("Id"): f"word/{each.get('Target')}" for each in parse(parts[RELATIONSHIPS])}
    named = {(each.tag.removeprefix(W), val(each, "type")): each.get(R + "id") for each in one if each.get(R + "id")}
    return {what: text_of(parts[targets[where]]) for what, where in named.items()}


def text_of(xml: bytes) -> str:
    return "".join(each.text or "" for each in parse(xml).iter(W + "t"))


def with_body(text: str) -> bytes:
    """The small document with this body, written as it stands."""
    given = read_parts(docx("x"))
    whole = f"<w:document {NAMESPACES}><w:body>{text}</w:body></w:document>"
    return zipped({**given, DOCUMENT: whole.encode()})


def numbered(*texts: str, number: int = 1) -> str:
    listed = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
    return "".join(p(text, properties=listed) for text in texts)


def lists(kind: str = "decimal", *, override: str = "") -> str:
    level = f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="%1."/></w:lvl>'
    shape = f'<w:abstractNum w:abstractNumId="0"><w:nsid w:val="12345678"/>{level}</w:abstractNum>'
    nums = "".join(f'<w:num w:numId="{number}"><w:abstractNumId w:val="0"/>{override}</w:num>' for number in (1, 2))
    return f"<w:numbering {NAMESPACES}>{shape}{nums}</w:numbering>"


def field_run(instruction: str) -> str:
    pieces = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in instruction.split("|"))
    return f'<w:r><w:fldChar w:fldCharType="begin"/></w:r>{pieces}<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def refused(document: bytes, *before: bytes) -> FormError:
    """The refusal of a document, after which the print file is as it was before."""
    file = PrintFile()
    for each in before or (docx("Người khác"),):
        file.add(each)
    content = file.content(title="")
    with pytest.raises(FormError) as caught:
        file.add(document)
    assert file.content(title="") == content
    assert all(problem.what and problem.cure for problem in caught.value.problems)
    return caught.value


# What is in it


def test_every_paper_stands_in_the_print_file_whole_and_in_order() -> None:
    papers = [paper(form) for form in PERSONAL]
    made = together(*papers)
    assert_quick(made)
    assert words_of(made) == [words for each in papers for words in words_of(each)]
    assert [val(each.find(W + "pgNumType"), "start") for each in sections_of(made)] == ["1", "1", "1"]
    assert [child_val(each, "type") for each in sections_of(made)] == ["nextPage"] * 3
    assert all(each.find(W + "titlePg") is not None for each in sections_of(made))


@pytest.mark.needs_validator
def test_print_files_of_papers_of_all_kinds_pass_the_gate() -> None:
    looks: dict[str, list[bytes]] = {}
    for form in (*PERSONAL, *WIDE, *OFFICIAL):
        looks.setdefault(look_of(paper(form)), []).append(paper(form))
    assert [len(each) for each in looks.values()] == [len((*PERSONAL, *WIDE)), len(OFFICIAL)]
    made = {look[:8]: together(*documents) for look, documents in looks.items()}
    assert_sound({**made, "duplex": together(*(paper(form) for form in PERSONAL), duplex=True)})


def test_the_same_documents_give_the_same_bytes_however_often_they_are_asked_for() -> None:
    file = PrintFile()
    for form in PERSONAL:
        file.add(paper(form))
        file.content(title="Tệp in")
    assert file.content(title="Tệp in") == file.content(title="Tệp in") == together(*map(paper, PERSONAL))


def test_one_document_alone_is_a_print_file_too() -> None:
    assert words_of(together(docx("Một"))) == ["Một"]
    with pytest.raises(ValueError, match="needs a document"):
        PrintFile().content(title="")


@given(st.lists(XML_TEXT, min_size=1, max_size=4))
@example(['<w:bookmarkStart w:id="1" w:name="x"/>', "</w:body> <w:sectPr/> = ' \" ]]>", ' r:id="rId4" w14:paraId="0A"'])
def test_whatever_people_write_is_printed_as_they_wrote_it(texts: list[str]) -> None:
    documents = [docx(p(r(text)), table(1, row(cell(p(r(text)))))) for text in texts]
    printed = [words for words in words_of(together(*documents)) if words]
    assert printed == [text for text in texts for _ in ("paragraph", "cell") if text]


@pytest.mark.parametrize("text", [each.value for each in HOSTILE if each.fits_xml and "\r" not in each.value][:200:7])
def test_hostile_values_are_printed_as_given(text: str) -> None:
    assert words_of(together(docx(p(r(text))), docx(p(r(text))))) == [text, text]


@pytest.mark.parametrize(
    "body",
    [
        "<w:p><w:bookmarkStart w:name='a' w:id='1'/>{}<w:bookmarkEnd w:id='1'/></w:p><w:sectPr/>",
        "<w:p><w:bookmarkStart w:name= 'a' w:id =  '1' />{}<w:bookmarkEnd  w:id=\"1\" /></w:p><w:sectPr />",
        '<w:p ><w:bookmarkStart  w:name="a"\n w:id = "1"/>{}<w:bookmarkEnd\tw:id="1"/></w:p ><w:sectPr></w:sectPr>',
        '<w:p><!-- <w:sectPr/><w:p> --><w:bookmarkStart w:name="a" w:id="1"/>{}<?x <w:p>?>'
        '<w:bookmarkEnd w:id="1"/></w:p><w:sectPr/><!-- </w:body> -->',
        '<w:p w:x="a>b"><w:bookmarkStart w:name="a" w:id="1" w:x="a>b"/>{}<w:bookmarkEnd w:id="1"/></w:p>',
    ],
    ids=["single quotes", "blanks", "odd blanks", "comments", "no section"],
)
@pytest.mark.parametrize(
    "text", ["<w:r><w:t>Một</w:t></w:r>", "<w:r><w:t><![CDATA[Một]]></w:t></w:r>"], ids=["", "CDATA"]
)
def test_it_does_not_matter_how_the_xml_is_written(body: str, text: str) -> None:
    one = with_body(body.format(text))
    made = together(one, one, docx("Hai"))
    starts = list(body_of(made).iter(W + "bookmarkStart"))
    assert [(val(each, "id"), val(each, "name")) for each in starts] == [("1", "p1_a"), ("2", "p2_a")]
    assert words_of(made) == ["Một", "Một", "Hai"]
    assert len(sections_of(made)) == 3


def test_xml_that_is_broken_or_strange_is_refused() -> None:
    assert refused(with_body("<w:p><!-- x --></w:q>")).problems[0].code == "print-file-unusual"
    strange = with_body(f'<q:p xmlns:q="{W[1:-1]}"/><w:p/>')
    assert refused(strange).problems[0].code == "print-file-unusual"
    assert words_of(together(docx(p(r(f'xmlns:q="{W[1:-1]}" xmlns:w="x"'))))) == [f'xmlns:q="{W[1:-1]}" xmlns:w="x"']
    assert refused(b"no document").problems[0].code == "package-not-word"


# What must not be alike


def test_ids_and_names_are_unique_and_pairs_stay_pairs() -> None:
    long = "b" * 40
    one = docx(
        p(bookmark(control(r("Một"), tag="a"), name="a"), bookmark(r("Hai"), name=long, number="6"), picture(9)),
        p(bookmark(r("Ba"), name="a" * 39 + "c", number="7"), bookmark(r("Bốn"), name="a" * 39 + "d", number="8")),
        p(text_box(p("Trong khung"))),
    )
    made = together(one, one, one)
    assert_quick(made)
    names = [val(each, "name") for each in body_of(made).iter(W + "bookmarkStart")]
    assert [name for name in names if name and name.endswith("_a")] == ["p1_a", "p2_a", "p3_a"]
    assert len(set(names)) == 12
    identities = [int(val(each.find(W + "id")) or 0) for each in body_of(made).iter(W + "sdtPr")]
    assert identities == [1, 2, 3]


def test_of_two_bookmarks_of_one_name_the_second_gets_another() -> None:
    twice = docx(p(bookmark(r("Một"), name="a"), bookmark(r("Hai"), name="a", number="6")))
    assert_quick(together(twice, twice))


def test_links_inside_a_document_follow_the_names_of_its_bookmarks() -> None:
    link = '<w:hyperlink w:anchor="noi"><w:r><w:t>Xem</w:t></w:r></w:hyperlink>'
    made = body_of(together(*[docx(p(link), p(bookmark(r("Nơi"), name="noi")))] * 2))
    anchors = [val(each, "anchor") for each in made.iter(W + "hyperlink")]
    assert anchors == [val(each, "name") for each in made.iter(W + "bookmarkStart")] == ["p1_noi", "p2_noi"]


def test_marks_of_words_own_for_paragraphs_are_dropped_and_text_that_looks_like_them_stays() -> None:
    marked = with_body('<w:p w14:paraId="0AB1C2D3" w14:textId="77777777"><w:r><w:t> w14:paraId="1"</w:t></w:r></w:p>')
    xml = read_parts(together(marked, marked))[DOCUMENT]
    assert xml.count(b"w14:paraId=") == 2
    assert xml.count(b'<w:t> w14:paraId="1"</w:t>') == 2


def test_controls_lose_their_link_to_data_that_would_fill_all_of_them_alike() -> None:
    bound = docx(p(control(r("Lê An"), tag="ten", kind='<w:dataBinding w:xpath="/a" w:storeItemID="{1}"/><w:text/>')))
    made = together(bound, bound)
    assert b"dataBinding" not in read_parts(made)[DOCUMENT]
    assert words_of(made) == ["Lê An", "Lê An"]


def test_equal_headers_and_pictures_stand_there_once_and_others_beside_them() -> None:
    ending = section("header:default:rIdHead")
    first, second = (docx(p(name, picture()), ending=ending, rIdHead=header(p(name))) for name in ("Một", "Hai"))
    made = together(first, second, first)
    assert_quick(made)
    kinds = list(rels_of(made).values())
    assert (kinds.count("header"), kinds.count("image")) == (2, 1)
    assert [list(headers_of(made, each).values()) for each in sections_of(made)] == [["Một"], ["Hai"], ["Một"]]


def with_head_relations(*targets: str) -> bytes:
    """A document whose header has relationships of its own."""
    parts = read_parts(docx("Một", ending=section("header:default:rIdHead"), rIdHead=header(p(picture(3)))))
    own = "".join(f'<Relationship Id="rIdPic" Type="{OFFICE}/image" Target="{target}"/>' for target in targets)
    content = (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{own}</Relationships>'
    )
    return zipped({**parts, "word/_rels/headerrIdHead.xml.rels": content.encode()})


def test_a_header_takes_its_own_picture_along() -> None:
    parts = read_parts(together(*[with_head_relations("media/image1.png")] * 2))
    (name,) = (each for each in parts if re.fullmatch(r"word/_rels/header.*\.rels", each))
    assert [parts[f"word/{each.get('Target')}"] for each in parse(parts[name])] == [PIXEL]


@pytest.mark.parametrize("target", ["headerrIdHead.xml", "document.xml", "media/none.png"])
def test_parts_that_lead_back_to_themselves_or_nowhere_are_refused(target: str) -> None:
    assert refused(with_head_relations(target)).problems[0].code in {"print-file-unfit", "print-file-unusual"}


def test_links_outside_are_carried_over() -> None:
    link = '<w:hyperlink r:id="rIdOut"><w:r><w:t>Trang</w:t></w:r></w:hyperlink>'
    made = together(*[docx(p(link), external=("hyperlink", "https://vi.du/?a=1&amp;b=2"))] * 2)
    assert [target for target, kind in rels_of(made).items() if kind == "hyperlink"] == ["https://vi.du/?a=1&b=2"]


def test_a_document_without_a_header_does_not_get_the_one_of_the_person_before() -> None:
    ending = section("header:default:rIdHead", "footer:first:rIdFoot")
    first = docx("Một", ending=ending, rIdHead=header(p("Đầu trang của Một")), rIdFoot=footer(p("Chân trang của Một")))
    made = together(first, docx("Hai"), first)
    assert_quick(made)
    named = [headers_of(made, each) for each in sections_of(made)]
    assert named[1] == {("headerReference", "default"): "", ("footerReference", "first"): ""}
    own = {("headerReference", "default"): "Đầu trang của Một", ("footerReference", "first"): "Chân trang của Một"}
    assert named[0] == named[2] == own


def test_nothing_of_a_person_is_told_of_the_whole() -> None:
    parts = read_parts(together(paper("mau-2b-2025"), paper("mau-2a-2025")))
    assert [name for name in parts if name.startswith("docProps/")] == ["docProps/core.xml"]
    told = [each.text for each in parse(parts["docProps/core.xml"]) if each.text]
    assert told == ["Tệp in", "vi-VN"]


# Lists that Word numbers


def test_a_list_begins_anew_in_every_document() -> None:
    one = docx(numbered("Một", "Hai"), numbered("Ba", number=2), rIdLists=lists())
    made = together(one, one, one)
    assert_quick(made)
    numbers = [val(each) for each in body_of(made).iter(W + "numId")]
    assert [numbers.index(number) for number in numbers] == [0, 0, 2, 3, 3, 5, 6, 6, 8]
    held = parse(read_parts(made)["word/numberingrIdLists.xml"])
    shapes = {val(each, "numId"): child_val(each, "abstractNumId") for each in held.findall(W + "num")}
    counted = [shapes[number] for number in numbers]
    assert [counted.index(shape) for shape in counted] == [0, 0, 0, 3, 3, 3, 6, 6, 6]
    assert len({child_val(each, "nsid") for each in held.findall(W + "abstractNum")}) == 3


def test_lists_of_signs_are_shared() -> None:
    one = docx(numbered("Một"), rIdLists=lists("bullet"))
    assert {val(each) for each in body_of(together(one, one)).iter(W + "numId")} == {"1"}


def test_paragraphs_numbered_by_their_style_are_refused() -> None:
    listed = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    style = (
        f'<w:style w:type="paragraph" w:styleId="Muc"><w:name w:val="Mục"/>{listed}</w:style>'
        '<w:style w:type="paragraph" w:styleId="Con"><w:name w:val="Con"/><w:basedOn w:val="Muc"/></w:style>'
    )
    parts = read_parts(docx(p("Một", properties='<w:pStyle w:val="Con"/>'), rIdLists=lists()))
    parts["word/styles.xml"] = parts["word/styles.xml"].replace(b"</w:styles>", f"{style}</w:styles>".encode())
    other = zipped({**parts, DOCUMENT: parts[DOCUMENT].replace(b'<w:pStyle w:val="Con"/>', b"")})
    assert "theo kiểu (style)" in str(refused(zipped(parts), other))


# Sections and pages


@pytest.mark.parametrize(
    ("body", "added"),
    [
        (p("Cuối"), 0),
        ("<w:p/>", 0),
        ("<w:p><w:pPr/></w:p>", 0),
        (p("Cuối", properties="<w:keepNext/>"), 0),
        (p("Có khung", text_box(p("Trong"))), 0),
        ('<w:p><w:bookmarkStart w:id="4" w:name="z"/></w:p><w:bookmarkEnd w:id="4"/>', 0),
        (table(1, row("Ô")), 1),
        (control(p("Trong"), tag="a", kind=""), 1),
        (p("Hết phần", properties=section()), 1),
        ("", 1),
    ],
    ids=["text", "empty", "no properties", "tied", "text box", "marker", "table", "control", "section", "nothing"],
)
def test_a_section_ends_in_the_last_paragraph_and_only_else_in_one_that_takes_no_room(body: str, added: int) -> None:
    first = docx(p("Đầu"), body) if body else docx()
    made = together(first, docx("Người sau"))
    assert_quick(made)
    blocks = list(body_of(made))
    assert [each.tag for each in blocks[-2:]] == [W + "p", W + "sectPr"]
    assert "".join(words_of(made)[-1:]) == "Người sau"
    assert len(words_of(made)) == len(words_of(first)) + added + 1
    assert blocks[-3].find(f"{W}pPr/{W}sectPr") is not None
    spacing = blocks[-3].find(f"{W}pPr/{W}spacing")
    assert (val(spacing, "line") == "2") == bool(added)


def test_sections_inside_a_document_stay_as_they_are() -> None:
    inner = '<w:sectPr><w:type w:val="continuous"/><w:pgSz w:w="11906" w:h="16838"/><w:cols w:num="2"/></w:sectPr>'
    one = docx(p("Một", properties=inner), p("Ngang", properties=section(landscape=True)), "Cuối")
    made = sections_of(together(one, one))
    assert [child_val(each, "type") for each in made] == ["nextPage", None, None] * 2
    assert [val(each.find(W + "pgNumType"), "start") for each in made] == ["1", None, None] * 2
    assert [val(each.find(W + "pgSz"), "orient") for each in made] == [None, "landscape", None] * 2
    assert [val(each.find(W + "cols"), "num") for each in made] == ["2", None, None] * 2


def test_in_duplex_every_document_begins_on_a_front_page_and_so_does_whatever_counts_anew() -> None:
    anew = '<w:sectPr><w:pgNumType w:start="1"/></w:sectPr>'
    made = sections_of(together(docx(p("Một", properties=section()), "Hai", ending=anew), docx("Ba"), duplex=True))
    assert [child_val(each, "type") for each in made] == ["oddPage", "oddPage", "oddPage"]


def test_a_number_with_which_a_document_begins_is_kept() -> None:
    ending = '<w:sectPr><w:pgNumType w:fmt="lowerRoman" w:start="5"/><w:titlePg/></w:sectPr>'
    roman = '<w:sectPr><w:pgNumType w:fmt="lowerRoman"/></w:sectPr>'
    made = sections_of(together(docx("a", ending=ending), docx("b", ending=roman)))
    counted = [each.find(W + "pgNumType") for each in made]
    assert [(val(each, "fmt"), val(each, "start")) for each in counted] == [("lowerRoman", "5"), ("lowerRoman", "1")]


def test_marks_stand_in_the_first_paragraph() -> None:
    first = docx(table(1, row(cell(p("Ô", properties='<w:jc w:val="center"/>')))), "Sau")
    made = together(first, docx("<w:p/>"), docx(ending="<w:sectPr/>"), marks=["a1", "b2", "c3"])
    assert_quick(made)
    body = body_of(made)
    paragraphs, starts = list(body.iter(W + "p")), list(body.iter(W + "bookmarkStart"))
    holders = {val(each, "name"): paragraphs.index(next(each.iterancestors(W + "p"))) for each in starts}
    assert holders == {"a1": 0, "b2": 2, "c3": 3}


def test_bookmarks_may_be_left_out_but_for_the_marks() -> None:
    file = PrintFile(bookmarks=False)
    for mark in ("a1", "b2"):
        file.add(docx(p(bookmark(r("Lê An"), name="ho_ten")), p(r('<w:bookmarkStart w:id="1"/>'))), mark=mark)
    made = file.content(title="")
    assert_quick(made)
    assert [val(each, "name") for each in body_of(made).iter(W + "bookmarkStart")] == ["a1", "b2"]
    assert words_of(made) == ["Lê An", '<w:bookmarkStart w:id="1"/>'] * 2


@pytest.mark.parametrize("mark", ["", "1a", "hai chữ", "p1_a", "xp1_a", "h2_", "a" * 41, "Đ"])
def test_a_mark_that_word_would_not_keep_is_refused(mark: str) -> None:
    with pytest.raises(ValueError, match="no name for a bookmark"):
        PrintFile().add(docx("x"), mark=mark)


def test_a_mark_is_given_once() -> None:
    file = PrintFile()
    file.add(docx("x"), mark="a")
    with pytest.raises(ValueError, match="taken"):
        file.add(docx("x"), mark="A")


# What is refused


def test_documents_that_look_otherwise_are_refused() -> None:
    other = read_parts(docx("Hai"))
    other["word/styles.xml"] = other["word/styles.xml"].replace(b"</w:style>", b"<w:pPr/></w:style>")
    assert look_of(zipped(other)) != look_of(docx("Một"))
    assert refused(zipped(other)).problems[0].code == "print-file-look"
    assert look_of(paper("cong-van")) != look_of(paper("mau-2b-2025")) == look_of(paper("mau-2a-2025"))


def test_what_word_notes_in_the_settings_of_each_file_is_no_look() -> None:
    shown = [f'<w:settings {NAMESPACES}><w:zoom w:percent="100"/>{own}</w:settings>' for own in
             ("", '<w:rsids><w:rsidRoot w:val="00AB"/></w:rsids>', '<w14:docId w14:val="00AB"/>')]  # fmt: skip
    assert len({look_of(docx("x", rIdSet=each)) for each in shown}) == 1
    other = f"<w:settings {NAMESPACES}><w:evenAndOddHeaders/></w:settings>"
    assert look_of(docx("x", rIdSet=other)) != look_of(docx("x", rIdSet=shown[0]))


@pytest.mark.parametrize(
    ("inside", "told"),
    [
        ('<w:r><w:footnoteReference w:id="2"/></w:r>', "cước chú"),
        ('<w:r><w:endnoteReference w:id="2"/></w:r>', "cước chú"),
        ('<w:commentRangeStart w:id="0"/>', "nhận xét"),
        ('<w:r><w:commentReference w:id="0"/></w:r>', "nhận xét"),
        ('<w:ins w:id="3" w:author="x"><w:r><w:t>thêm</w:t></w:r></w:ins>', "theo dõi"),
        ('<w:del w:id="3" w:author="x"/>', "theo dõi"),
        ('<w:r><w:rPr><w:rPrChange w:id="4" w:author="x"/></w:rPr></w:r>', "theo dõi"),
        (field_run(" NUMPAGES "), "trường NUMPAGES"),
        (field_run(" NUM|PAGES "), "trường NUMPAGES"),
        (field_run("ref ho_ten \\h"), "trường REF"),
        (field_run('HYPERLINK \\l "noi"'), "trường HYPERLINK"),
        (field_run(" "), "trường không tên"),
        ('<w:fldSimple w:instr=" SEQ Bang "/>', "trường SEQ"),
        ('<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>TITLE</w:instrText></w:r>', "trường TITLE"),
        ('<w:hyperlink r:id="rIdNone"/>', "liên kết bên trong bị hỏng"),
    ],
)
def test_what_would_print_otherwise_in_the_whole_is_refused(inside: str, told: str) -> None:
    error = refused(docx(p("Đoạn", inside)))
    assert error.problems[0].code == "print-file-unfit"
    assert told in str(error)


def test_fields_that_tell_only_of_their_page_are_taken() -> None:
    fields = field_run(" PAGE  \\* MERGEFORMAT ") + field_run("HYPERLINK https://vi.du") + field_run("FORMTEXT")
    made = together(docx(p(fields), ending=section("header:default:rIdHead"), rIdHead=header(p(field_run("PAGE")))))
    assert read_parts(made)[DOCUMENT].count(b"instrText>") == 6


def test_a_header_that_counts_the_pages_of_the_whole_file_is_refused() -> None:
    document = docx("x", ending=section("header:default:rIdHead"), rIdHead=header(p(field_run("NUMPAGES"))))
    assert "trường NUMPAGES" in str(refused(document))


def test_lines_counted_through_the_whole_file_are_refused() -> None:
    ending = '<w:sectPr><w:lnNumType w:countBy="1" w:restart="continuous"/></w:sectPr>'
    assert "số dòng" in str(refused(docx("x", ending=ending)))


def test_notes_without_a_reference_to_them_do_no_harm() -> None:
    assert words_of(together(*[docx("x", rIdNotes=footnotes(p("")))] * 2)) == ["x", "x"]


def test_a_print_file_that_word_could_not_open_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    file = PrintFile()
    file.add(docx("Một"))
    file.add(docx("Hai"))
    monkeypatch.setattr(print_file, "MOST_BYTES", 100)
    with pytest.raises(OutputError, match="Hãy chia thành nhiều tệp in"):
        file.add(docx("Ba"))


def test_a_document_that_was_damaged_on_its_way_is_refused() -> None:
    members = package.members(docx("Một"))
    damaged = [each._replace(crc=1) if each.name == DOCUMENT.encode() else each for each in members]
    assert refused(package.write(damaged)).problems[0].code == "package-damaged"


def test_another_file_under_the_name_of_a_document_says_what_it_is() -> None:
    with pytest.raises(DocgenError, match="PDF"):
        PrintFile().add(b"%PDF-1.7 ...")


def test_a_document_whose_body_has_another_name_is_refused() -> None:
    parts = read_parts(docx("x"))
    moved = {name.replace("document.xml", "document2.xml"): content for name, content in parts.items()}
    for name in (package.CONTENT_TYPES, "_rels/.rels"):
        moved[name] = moved[name].replace(b"document.xml", b"document2.xml")
    assert refused(zipped(moved)).problems[0].code == "print-file-unusual"


# On paper


@pytest.mark.needs_libreoffice
def test_every_document_has_the_pages_that_it_has_alone() -> None:
    listed = docx(numbered("Việc thứ nhất", "Việc thứ hai"), table(1, row("Ô")), rIdLists=lists())
    papers = [paper("danh-sach-xep-loai"), paper("mau-2c-2025"), paper("phu-luc-ket-qua-nhiem-vu"), listed]
    official = [paper(form) for form in OFFICIAL]
    whole = [together(*papers[:-1]), together(*official), together(listed, listed)]
    *alone, printed, annexed, counted = map(page_texts, to_pdfs([*papers, *official, *whole]))
    assert printed == [text for pages in alone[:3] for text in pages]
    assert annexed == [text for pages in alone[4:] for text in pages]
    assert counted == alone[3] * 2
    assert [text.split()[0] for text in alone[1][1:]] == [str(number) for number in range(2, len(alone[1]) + 1)]
    assert all(text.strip() for text in printed)


@pytest.mark.needs_libreoffice
def test_in_duplex_no_page_is_lost_or_added() -> None:
    papers = [paper(form) for form in PERSONAL]
    *alone, printed = map(page_texts, to_pdfs([*papers, together(*papers, duplex=True)]))
    # LibreOffice takes the second page after such a break for a first one and leaves its number out; Word does not.
    unnumbered = re.compile(r"\A\d+\s+")
    assert [unnumbered.sub("", text) for text in printed] == [unnumbered.sub("", t) for pages in alone for t in pages]
