"""Documents as people send them back: each kind of edit of a line or an answer, and what is read of it."""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

from tests.papers.editing import SAMPLE, Edited, W, about, after, codes, paragraph, remove, run, tracked

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
