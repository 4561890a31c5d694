"""Documents as people send them back: each kind of edit, and what is read of it then."""

from __future__ import annotations

import io
import zipfile
from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

import docgen
from docgen.collecting.paper import Paper, read_paper
from docgen.papers import library
from docgen.word.package import parts
from tests.papers.specimens import FORMS, blank

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NAMES = {
    "w": W[1:-1],
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
}
FORM, TABLE, LEVELS, ITEMS = "mau-2b-2025", "phu-luc-ket-qua-nhiem-vu", "ke-hoach", "bao-cao-giai-trinh"
SAMPLE: Mapping[str, Any] = library.sample(library.form(FORM))


@cache
def made(form: str, *, empty: bool = False) -> bytes:
    paper = library.form(form)
    return docgen.render(form, blank(paper) if empty else library.sample(paper))


class Edited:
    """A document in somebody's hands."""

    def __init__(self, form: str = FORM, *, empty: bool = False) -> None:
        self.parts = dict(parts(made(form, empty=empty)))
        self.body = etree.fromstring(self.parts["word/document.xml"])[0]

    def all(self, path: str, within: _Element | None = None) -> list[_Element]:
        found: Any = (self.body if within is None else within).xpath(path, namespaces=NAMES)
        return list(found)

    def control(self, tag: str, number: int = 0) -> _Element:
        return self.all(f".//w:sdt[w:sdtPr/w:tag/@w:val='{tag}']")[number]

    def content(self, tag: str, number: int = 0) -> _Element:
        return self.all("w:sdtContent", self.control(tag, number))[0]

    def paragraph(self, text: str) -> _Element:
        return next(
            each
            for each in self.body.iter(f"{W}p")
            if text in "".join(words.text or "" for words in each.iter(f"{W}t"))
        )

    def write(self, tag: str, text: str, number: int = 0) -> None:
        """Type over what stands in a control."""
        first, *others = self.content(tag, number).iter(f"{W}t")
        first.text = text
        for each in others:
            each.text = ""

    def strip_controls(self) -> None:
        """What copying into another program does: the text stays, the controls are gone."""
        for control in self.all(".//w:sdt")[::-1]:
            parent = control.getparent()
            assert parent is not None
            at = parent.index(control)
            parent[at : at + 1] = list(self.all("w:sdtContent", control)[0])

    def strip_bookmarks(self) -> None:
        for mark in self.all(".//w:bookmarkStart | .//w:bookmarkEnd"):
            remove(mark)

    def read(self) -> Paper:
        root = self.body.getparent()
        assert root is not None
        self.parts["word/document.xml"] = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as package:
            for name, content in self.parts.items():
                package.writestr(name, content)
        return read_paper(target.getvalue(), file="a.docx")


def remove(node: _Element) -> None:
    parent = node.getparent()
    assert parent is not None
    parent.remove(node)


def after(node: _Element, *added: _Element) -> None:
    for each in reversed(added):
        node.addnext(each)


def run(text: str) -> _Element:
    made_ = etree.Element(f"{W}r")
    etree.SubElement(made_, f"{W}t").text = text
    return made_


def paragraph(text: str) -> _Element:
    made_ = etree.Element(f"{W}p")
    made_.append(run(text))
    return made_


def codes(paper: Paper) -> set[str]:
    return {problem.code for problem in paper.problems}


def about(paper: Paper, field: str) -> set[str]:
    return {problem.code for problem in paper.problems if (problem.field or "").startswith(field)}


def tracked(kind: str, text: str) -> _Element:
    made_ = etree.Element(f"{W}{kind}")
    made_.append(run(text))
    if kind == "del":
        made_[0][0].tag = f"{W}delText"
    return made_


# ---------------------------------------------------------------- one line


def test_typing_over_a_control() -> None:
    edited = Edited()
    edited.write("don_vi", "Trường Tiểu học Tân Hòa 3")
    read = edited.read()
    assert (read.values["don_vi"], read.how["don_vi"], read.problems) == ("Trường Tiểu học Tân Hòa 3", "control", ())


def test_filling_a_dotted_form_by_hand() -> None:
    edited = Edited(empty=True)
    edited.write("don_vi", "Trường Tiểu học")
    edited.write("ngay_ky", "ngày 3 tháng 12 năm 2025")
    read = edited.read()
    assert read.values["don_vi"] == "Trường Tiểu học"
    assert read.values["ngay_ky"] == "03/12/2025"
    assert "pham_chat" not in read.values


def test_writing_on_the_dots_without_deleting_them() -> None:
    edited = Edited(empty=True)
    edited.write("don_vi", "Trường Tiểu học…………………")
    read = edited.read()
    assert read.values["don_vi"] == "Trường Tiểu học"
    assert about(read, "don_vi") == {"read-undotted"}


def test_deleting_what_stands_in_a_control() -> None:
    edited = Edited()
    edited.content("don_vi").clear()
    read = edited.read()
    assert "don_vi" not in read.values
    assert (read.how["don_vi"], codes(read)) == ("bookmark", set())


def test_the_prompt_of_an_empty_control_is_no_value() -> None:
    edited = Edited()
    settings = edited.all("w:sdtPr", edited.control("don_vi"))[0]
    etree.SubElement(settings, f"{W}showingPlcHdr")
    edited.write("don_vi", "Bấm vào đây để nhập")
    assert "don_vi" not in edited.read().values


def test_a_value_in_many_runs_with_formats() -> None:
    edited = Edited()
    edited.write("don_vi", "Trường")
    content = edited.content("don_vi")
    bold = run(" Tiểu học")
    bold.insert(0, etree.fromstring(f'<w:rPr xmlns:w="{W[1:-1]}"><w:b/></w:rPr>'))
    content.append(bold)
    assert edited.read().values["don_vi"] == "Trường Tiểu học"


def test_writing_behind_a_blank_control() -> None:
    edited = Edited(empty=True)
    after(edited.control("don_vi"), run("Trường Tiểu học"))
    read = edited.read()
    assert (read.values["don_vi"], read.how["don_vi"]) == ("Trường Tiểu học", "label")
    assert about(read, "don_vi") == {"read-from-beside"}


def test_writing_between_the_label_and_a_blank_control() -> None:
    edited = Edited(empty=True)
    edited.control("don_vi").addprevious(run("Trường Tiểu học "))
    assert edited.read().values["don_vi"] == "Trường Tiểu học"


def test_writing_beside_a_filled_control_is_told_and_kept() -> None:
    edited = Edited()
    after(edited.control("don_vi"), run(" (đã chuyển công tác)"))
    read = edited.read()
    assert read.values["don_vi"] == SAMPLE["don_vi"]
    assert about(read, "don_vi") == {"read-beside"}
    assert read.outside == ("(đã chuyển công tác)",)


def test_a_control_that_was_moved_is_still_read() -> None:
    edited = Edited()
    control = edited.control("don_vi")
    remove(control)
    edited.paragraph("A. NỘI DUNG").append(control)
    read = edited.read()
    assert (read.values["don_vi"], read.how["don_vi"]) == (SAMPLE["don_vi"], "control")


def test_one_of_two_places_of_a_field_was_changed() -> None:
    edited = Edited()
    edited.write("ho_ten", "Nguyễn Thị Thanh Thúy", 1)
    read = edited.read()
    assert "ho_ten" not in read.values
    assert about(read, "ho_ten") == {"read-differing"}
    assert set(read.outside) == {"Nguyễn Thị Thanh Thảo", "Nguyễn Thị Thanh Thúy"}


def test_one_of_two_places_was_filled() -> None:
    edited = Edited()
    edited.write("ho_ten", "…………………", 1)
    assert edited.read().values["ho_ten"] == "Nguyễn Thị Thanh Thảo"


def test_a_control_was_deleted_with_its_line() -> None:
    edited = Edited()
    row = edited.control("don_vi").getparent()
    assert row is not None
    for node in list(row):
        row.remove(node)
    read = edited.read()
    assert "don_vi" not in read.values
    assert about(read, "don_vi") == {"read-missing"}


def test_a_control_was_replaced_by_typed_text() -> None:
    edited = Edited()
    edited.strip_bookmarks()
    control = edited.control("don_vi")
    after(control, run("Trường mới"))
    remove(control)
    read = edited.read()
    assert (read.values["don_vi"], read.how["don_vi"], codes(read)) == ("Trường mới", "label", set())


def test_a_value_that_the_form_does_not_take_is_told_and_kept_as_written() -> None:
    edited = Edited()
    edited.write("diem_chung", "hai mươi")
    edited.write("ngay_sinh", "31/02/1990")
    read = edited.read()
    assert (read.values["diem_chung"], read.values["ngay_sinh"]) == ("hai mươi", "31/02/1990")
    assert about(read, "diem_chung")
    assert about(read, "ngay_sinh")


def test_a_sum_that_was_changed_is_compared_and_not_taken() -> None:
    edited = Edited()
    edited.write("tong_diem", "99")
    read = edited.read()
    assert "tong_diem" not in read.values
    assert about(read, "tong_diem") == {"computed-differs"}


# ---------------------------------------------------------------- answers


def test_answers_with_paragraphs_added_inside() -> None:
    edited = Edited(empty=True)
    edited.write("han_che", "Một.")
    after(edited.all(".//w:p", edited.content("han_che"))[0], paragraph("Hai."), paragraph("………………"))
    read = edited.read()
    assert (read.values["han_che"], codes(read)) == (["Một.", "Hai."], set())


def test_a_line_break_parts_paragraphs() -> None:
    edited = Edited()
    line = edited.all(".//w:p", edited.content("han_che"))[0]
    etree.SubElement(line, f"{W}r").append(etree.Element(f"{W}br"))
    line.append(run("Dòng sau."))
    assert edited.read().values["han_che"][1] == "Dòng sau."


def test_an_answer_below_its_blank_control() -> None:
    edited = Edited(empty=True)
    after(edited.control("han_che"), paragraph("Còn nể nang."), paragraph("Chậm báo cáo."))
    read = edited.read()
    assert read.values["han_che"] == ["Còn nể nang.", "Chậm báo cáo."]
    assert (read.how["han_che"], about(read, "han_che")) == ("label", {"read-from-beside"})


def test_an_answer_that_goes_on_below_its_control() -> None:
    edited = Edited()
    after(edited.control("han_che"), paragraph("Thêm một ý."))
    read = edited.read()
    assert read.values["han_che"] == [*SAMPLE["han_che"], "Thêm một ý."]
    assert about(read, "han_che") == {"read-joined"}


def test_an_answer_between_its_label_and_its_control() -> None:
    edited = Edited()
    edited.control("han_che").addprevious(paragraph("Trước hết."))
    assert edited.read().values["han_che"] == ["Trước hết.", *SAMPLE["han_che"]]


def test_an_answer_whose_control_was_deleted() -> None:
    edited = Edited()
    control = edited.control("han_che")
    after(control, paragraph("Viết lại."))
    remove(control)
    read = edited.read()
    assert (read.values["han_che"], codes(read)) == (["Viết lại."], set())
    assert read.how["han_che"] in {"bookmark", "label"}


def test_an_answer_that_was_copied_whole_and_changed() -> None:
    edited = Edited()
    control = edited.control("han_che")
    copied = deepcopy(control)
    after(control, copied)
    next(iter(copied.iter(f"{W}t"))).text = "Khác."
    read = edited.read()
    assert "han_che" not in read.values
    assert about(read, "han_che") == {"read-differing"}


def test_a_control_of_another_field_inside_an_answer() -> None:
    edited = Edited()
    line = edited.all(".//w:p", edited.content("han_che"))[0]
    line.append(deepcopy(edited.control("don_vi")))
    read = edited.read()
    assert read.values["don_vi"] == SAMPLE["don_vi"]


def test_a_pasted_control_of_another_document_inside_an_answer() -> None:
    edited = Edited()
    foreign = deepcopy(edited.control("don_vi"))
    edited.all("w:sdtPr/w:tag", foreign)[0].set(f"{W}val", "cua_noi_khac")
    edited.all(".//w:p", edited.content("han_che"))[0].append(foreign)
    assert edited.read().values["han_che"][0].endswith(SAMPLE["don_vi"])


def test_tracked_changes_are_read_as_accepted_and_told() -> None:
    edited = Edited()
    edited.write("don_vi", "Trường")
    edited.content("don_vi").extend([tracked("ins", " mới"), tracked("del", " cũ")])
    read = edited.read()
    assert read.values["don_vi"] == "Trường mới"
    assert "read-tracked" in codes(read)


def test_a_comment_is_told_with_its_text() -> None:
    edited = Edited()
    edited.parts["word/comments.xml"] = (
        f'<w:comments xmlns:w="{W[1:-1]}"><w:comment w:id="0"><w:p><w:r><w:t>Xem lại.</w:t></w:r></w:p></w:comment>'
        "</w:comments>"
    ).encode()
    read = edited.read()
    assert (codes(read), read.outside) == ({"read-comment"}, ("Xem lại.",))


def test_a_header_in_which_somebody_has_written_is_told() -> None:
    edited = Edited()
    header = edited.parts["word/header1.xml"]
    edited.parts["word/header1.xml"] = header.replace(
        b"</w:hdr>", "<w:p><w:r><w:t>MẬT</w:t></w:r></w:p></w:hdr>".encode()
    )
    assert edited.read().outside == ("MẬT",)


def test_a_picture_is_told() -> None:
    edited = Edited()
    shape = etree.SubElement(etree.SubElement(edited.paragraph("A. NỘI DUNG"), f"{W}r"), f"{W}pict")
    etree.SubElement(shape, "{urn:schemas-microsoft-com:vml}imagedata")
    assert codes(edited.read()) == {"read-pictures"}


def test_text_in_a_text_box_is_told() -> None:
    edited = Edited()
    line = edited.paragraph("A. NỘI DUNG")
    box = etree.SubElement(etree.SubElement(line, f"{W}r"), f"{W}pict")
    etree.SubElement(box, f"{W}txbxContent").append(paragraph("Ghi trong khung."))
    read = edited.read()
    assert read.outside == ("Ghi trong khung.",)
    assert "read-outside" in codes(read)


def test_printed_text_that_was_rewritten_is_told_and_no_answer() -> None:
    edited = Edited()
    heading = edited.paragraph("II. Hạn chế, khuyết điểm và nguyên nhân")
    next(iter(heading.iter(f"{W}t"))).text = "II. Các hạn chế, khuyết điểm, nguyên nhân"
    read = edited.read()
    assert "read-rewritten" in codes(read)
    assert {name: read.values[name] for name in ("cam_ket", "han_che")} == {
        name: SAMPLE[name] for name in ("cam_ket", "han_che")
    }


# ---------------------------------------------------------------- ticks


def box(edited: Edited, option: str) -> _Element:
    return next(iter(edited.content(f"muc_xep_loai.{option}").iter(f"{W}t")))


def test_a_box_ticked_in_word() -> None:
    edited = Edited(empty=True)
    box(edited, "hoan_thanh").text = "☒"
    assert edited.read().values["muc_xep_loai"] == "Hoàn thành nhiệm vụ"


@pytest.mark.parametrize("typed", ["x", "X", "v", "✓", "☑", "x☐"], ids=ascii)
def test_a_box_ticked_by_typing(typed: str) -> None:
    edited = Edited(empty=True)
    box(edited, "tot").text = typed
    assert edited.read().values["muc_xep_loai"] == "Hoàn thành tốt nhiệm vụ"


@pytest.mark.parametrize("before", [True, False])
def test_an_x_typed_beside_the_box(before: bool) -> None:
    edited = Edited(empty=True)
    control = edited.control("muc_xep_loai.tot")
    if before:
        control.addprevious(run("x"))
    else:
        control.addnext(run("x"))
    assert edited.read().values["muc_xep_loai"] == "Hoàn thành tốt nhiệm vụ"


def test_a_box_replaced_by_a_symbol_of_wingdings() -> None:
    edited = Edited(empty=True)
    words = box(edited, "tot")
    symbol = etree.fromstring(f'<w:sym xmlns:w="{W[1:-1]}" w:font="Wingdings" w:char="F0FE"/>')
    words.addnext(symbol)
    remove(words)
    assert edited.read().values["muc_xep_loai"] == "Hoàn thành tốt nhiệm vụ"


def test_two_boxes_ticked() -> None:
    edited = Edited()
    box(edited, "hoan_thanh").text = "x"
    read = edited.read()
    assert "muc_xep_loai" not in read.values
    assert about(read, "muc_xep_loai") == {"read-ticked-twice"}


def test_something_else_in_a_box() -> None:
    edited = Edited()
    box(edited, "hoan_thanh").text = "đề nghị xét"
    read = edited.read()
    assert "muc_xep_loai" not in read.values
    assert about(read, "muc_xep_loai") == {"read-tick-unclear"}


def test_all_boxes_cleared() -> None:
    edited = Edited()
    box(edited, "tot").text = "☐"
    read = edited.read()
    assert "muc_xep_loai" not in read.values
    assert read.how["muc_xep_loai"] == "control"


# ---------------------------------------------------------------- lists and levels


def rows(edited: Edited) -> list[_Element]:
    return edited.all(".//w:sdt[w:sdtPr/w:tag/@w:val='nhiem_vu']")


def names(read: Paper) -> list[str]:
    return [row["noi_dung"] for row in read.values["nhiem_vu"]]


def write_column(edited: Edited, row: _Element, name: str, text: str) -> None:
    """Type over a column of one row; the paper shows some of them in two cells."""
    for words in edited.all(f".//w:sdt[w:sdtPr/w:tag/@w:val='nhiem_vu.{name}']//w:t", row):
        words.text = text


def test_a_row_that_was_copied_and_changed() -> None:
    edited = Edited(TABLE)
    before = names(edited.read())
    last = rows(edited)[-1]
    copied = deepcopy(last)
    after(last, copied)
    write_column(edited, copied, "noi_dung", "Việc mới")
    assert names(edited.read()) == [*before, "Việc mới"]


def test_a_row_that_was_deleted() -> None:
    edited = Edited(TABLE)
    before = names(edited.read())
    remove(rows(edited)[1])
    assert names(edited.read()) == [before[0], *before[2:]]


def test_a_row_that_was_typed_into_the_table() -> None:
    edited = Edited(TABLE)
    before = names(edited.read())
    last = rows(edited)[-1]
    typed = deepcopy(edited.all("w:sdtContent/w:tr", last)[0])
    for control in edited.all(".//w:sdt", typed)[::-1]:
        parent = control.getparent()
        assert parent is not None
        parent.replace(control, run("Gõ thêm"))
    after(last, typed)
    read = edited.read()
    assert names(read) == [*before, "Gõ thêm"]
    assert read.how["nhiem_vu"] == "label"


def test_rows_in_another_order() -> None:
    edited = Edited(TABLE)
    before = names(edited.read())
    first, second = rows(edited)[:2]
    remove(second)
    first.addprevious(second)
    assert names(edited.read())[:2] == [before[1], before[0]]


def test_levels_with_an_entry_added() -> None:
    edited = Edited(LEVELS)
    name = next(each.name for each in library.form(LEVELS).fields.values() if each.type == "levels")
    before = edited.read().values[name]
    last = edited.all(".//w:p", edited.content(name))[-1]
    after(last, paragraph("- Việc thêm"))
    read = edited.read()
    assert str(read.values[name]).count("Việc thêm") == 1
    assert str(before)[:80] == str(read.values[name])[:80]


# ---------------------------------------------------------------- controls gone


@pytest.mark.parametrize("form", [FORM, TABLE, ITEMS])
def test_controls_gone_bookmarks_left(form: str) -> None:
    edited = Edited(form)
    before = edited.read()
    edited.strip_controls()
    read = edited.read()
    assert (dict(read.values), codes(read)) == (dict(before.values), set())
    assert set(read.how.values()) <= {"bookmark", "label"}


@pytest.mark.parametrize("form", [form.id for form in FORMS])
def test_only_the_text_is_left(form: str) -> None:
    """Nothing is read wrongly then, and what is not read is told."""
    edited = Edited(form)
    before = edited.read()
    edited.strip_controls()
    edited.strip_bookmarks()
    read = edited.read()
    told = {(problem.field or "").partition("[")[0] for problem in read.problems}
    assert {name: value for name, value in read.values.items() if value != before.values.get(name)} == {}
    assert set(before.values) - set(read.values) <= told
    assert set(read.how.values()) == {"label"}


@pytest.mark.parametrize("form", [form.id for form in FORMS if form.family])
def test_of_a_personal_form_the_text_alone_brings_nearly_everything_back(form: str) -> None:
    edited = Edited(form)
    before = edited.read()
    edited.strip_controls()
    edited.strip_bookmarks()
    assert len(edited.read().values) >= 0.9 * len(before.values)


def test_only_the_text_is_left_and_no_properties() -> None:
    edited = Edited()
    edited.strip_controls()
    edited.strip_bookmarks()
    del edited.parts["docProps/custom.xml"]
    read = edited.read()
    assert read.form is not None
    assert read.form.id == FORM
    assert read.values["ho_ten"] == SAMPLE["ho_ten"]
    assert read.values["han_che"] == SAMPLE["han_che"]
