"""The page of a paper: made from its form alone, complete, and answered by the library's own functions."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from lxml import html

import docgen
from docgen.papers import library
from docgen.rules.choices import options
from service.app import create_app
from service.pages.questions import Question, sections
from service.settings import Settings
from tests.gate.texts import document_text
from tests.pages.visitor import Element, Visitor, said, told
from tests.papers.specimens import FORMS, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from docgen.papers.form import Field, Form

PAPER = "/giay/mau-2b-2025"
PERSON = {"ho_ten": "Lê Thị Na", "chi_bo": "Thôn Đông", "nam": "2025"}


def questions(page: Element) -> dict[str, Element]:
    """The questions of a page or a row, by field name; a row's own are not among them."""
    found = page.xpath(".//*[@data-question][not(ancestor::template)]")
    return {each.get("data-name"): each for each in found}


def fields(form: Form) -> Iterator[tuple[str, Field]]:
    """Every field and column of a form with the id that it has on the page."""
    for name, field in form.fields.items():
        yield f"f-{name}", field
        for column in field.columns.values():
            yield f"f-{name}-__row__-{column.name}", column


@pytest.mark.parametrize("form", FORMS, ids=name_of)
def test_a_page_asks_every_field_once_with_its_label_and_options(visitor: Visitor, form: Form) -> None:
    page = visitor.page(f"/giay/{form.id}")
    assert list(questions(page)) == [
        part.field.name for each in sections(form) for part in each.parts if isinstance(part, Question)
    ]
    assert sorted(questions(page)) == sorted(form.fields)
    for where, field in fields(form):
        [question] = page.xpath("//ul[@id=$place]/parent::*[@data-question]", place=f"{where}-loi")
        text = said(question)
        assert " ".join(field.title.split()) in text
        assert " ".join(field.label.split()).rstrip(" .:;") in text
        assert ("(bắt buộc)" in text) == field.required or field.columns
        for option in options(field.choices) if field.choices else ():
            assert option.label in text


@pytest.mark.parametrize("form", FORMS, ids=name_of)
def test_every_control_has_a_label_and_every_description_is_there(visitor: Visitor, form: Form) -> None:
    page = visitor.page(f"/giay/{form.id}")
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    controls = page.xpath("//*[self::input[not(@type='hidden')] or self::textarea or self::select][not(@aria-hidden)]")
    assert controls
    for control in controls:
        labels = page.xpath("//label[@for=$id]", id=control.get("id"))
        assert (labels and said(labels[0])) or "aria-label" in control.attrib, control.get("id")
    for described in page.xpath("//@aria-describedby"):
        assert set(described.split()) <= set(ids)
    for control in page.xpath("//*[@data-input]"):
        assert control.get("autocomplete") == "off"


@pytest.mark.parametrize("form", FORMS, ids=name_of)
def test_a_sample_is_right_and_becomes_the_library_s_own_document(visitor: Visitor, form: Form) -> None:
    sample = told(visitor.get(f"/giay/{form.id}/vi-du.json"))
    assert sample == library.sample(form)
    assert told(visitor.send(f"/giay/{form.id}/soat", sample))["problems"] == []
    made = visitor.send(f"/giay/{form.id}/tep.docx", sample)
    assert made.data == docgen.render(form.id, sample)


def test_sections_follow_the_printed_paper() -> None:
    found = [(each.level, each.title) for each in sections(library.form("mau-2b-2025"))]
    assert found[0] == (1, "Thông tin chung")
    assert (1, "A. NỘI DUNG KIỂM ĐIỂM") in found
    assert (2, "I. Ưu điểm, kết quả đạt được") in found
    parts = [part for each in sections(library.form("mau-2b-2025")) for part in each.parts]
    numbers = [part.number for part in parts if isinstance(part, Question)]
    assert [number for number in numbers if number][:7] == ["1.", "2.", "3.", "1.", "2.", "III.", "IV."]


def test_problems_sums_and_levels_are_told_while_one_writes(visitor: Visitor) -> None:
    record = {**PERSON, "ngay_sinh": "31/02/1990", "diem_chung": "28", "diem_nhiem_vu": "65"}
    found = told(visitor.send(f"{PAPER}/soat", record))
    [problem] = found["problems"]
    assert (problem["field"], problem["severity"]) == ("ngay_sinh", "error")
    assert "tháng 2 năm 1990 chỉ có 28 ngày" in problem["text"]
    assert found["computed"] == {"tong_diem": "93"}
    assert "Hoàn thành xuất sắc nhiệm vụ" in found["levels"]["muc_xep_loai"]


def test_a_warning_has_its_clause_and_does_not_block(visitor: Visitor) -> None:
    record = {**PERSON, "diem_chung": "28", "diem_nhiem_vu": "52", "muc_xep_loai": "Hoàn thành xuất sắc nhiệm vụ"}
    [warning] = told(visitor.send(f"{PAPER}/soat", record))["problems"]
    assert (warning["severity"], warning["field"]) == ("warning", "muc_xep_loai")
    assert "366" in warning["clause"]
    assert visitor.send(f"{PAPER}/tep.docx", record).status_code == 200


def test_a_wrong_record_is_refused_with_its_places(visitor: Visitor) -> None:
    answer = visitor.send(f"{PAPER}/tep.docx", {"ho_ten": "Lê Thị Na"})
    assert answer.status_code == 422
    assert [each["pointer"] for each in told(answer)["errors"]] == ["/chi_bo", "/nam"]


def test_the_file_bears_the_form_s_own_name(visitor: Visitor) -> None:
    made = visitor.send(f"{PAPER}/tep.docx", PERSON)
    assert "Le%20Thi%20Na" in made.headers["Content-Disposition"]
    assert "Thôn Đông" in " ".join(document_text(made.data))


@pytest.mark.needs_libreoffice
def test_a_preview_shows_the_pages_and_a_pdf_is_a_pdf(visitor: Visitor) -> None:
    found = told(visitor.send(f"{PAPER}/xem-truoc", PERSON))
    assert found["count"] == len(found["pages"]) == 4
    assert all(page.startswith("data:image/png;base64,") for page in found["pages"])
    assert visitor.send(f"{PAPER}/tep.pdf", PERSON).data.startswith(b"%PDF-")


def test_without_libreoffice_a_page_says_so_and_gives_the_word_file(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.pdf.find_soffice", lambda: None)
    monkeypatch.setattr("docgen.word.pdf.find_soffice", lambda: None)
    page = visitor.page(PAPER)
    assert "chưa có LibreOffice" in said(page)
    assert page.xpath("//section[@class='action-bar']//button/@data-do") == ["docx"]
    refused = visitor.send(f"{PAPER}/xem-truoc", PERSON)
    assert (refused.status_code, told(refused)["errors"][0]["code"]) == (503, "pdf-converter-missing")


def test_an_alias_leads_to_the_paper_and_an_unknown_one_to_a_page_that_says_so(visitor: Visitor) -> None:
    assert visitor.get("/giay/mau-02").headers["Location"] == "/giay/mau-02-2019"
    missing = visitor.get("/giay/mau-99", Accept="text/html")
    assert missing.status_code == 404
    assert "Không có trang này" in missing.text
    assert "Không có biểu mẫu «mau-99»" in missing.text
    assert "Về trang đầu để chọn việc cần làm" in visitor.get("/khong-co", Accept="text/html").text


def test_the_organisation_s_values_stand_in_the_page(tmp_path: Path) -> None:
    profile = tmp_path / "to_chuc.toml"
    profile.write_text('co_quan_ban_hanh = "Đảng ủy xã Thử <b>"\nkhong_co = "x"\n', encoding="utf-8")
    visitor = Visitor(create_app(Settings(data=tmp_path / "data", profile=profile)))
    page = visitor.page("/giay/cong-van")
    assert json.loads(said(page.get_element_by_id("da-co"))) == {"co_quan_ban_hanh": "Đảng ủy xã Thử <b>"}
    assert "đã được điền sẵn" in said(page)


def test_a_record_begun_elsewhere_stands_in_the_page_and_is_never_markup(visitor: Visitor) -> None:
    begun: dict[str, Any] = {"ho_ten": "</script><script>alert(1)</script>", "nam": 2025}
    answer = visitor.post(PAPER, ban_ghi=json.dumps(begun))
    page: Element = html.parse(io.BytesIO(answer.data)).getroot()
    assert json.loads(page.get_element_by_id("da-co").text) == begun
    assert not [each for each in page.xpath("//script") if each.text == "alert(1)"]


def test_what_is_no_record_is_refused_as_a_page(visitor: Visitor) -> None:
    answer = visitor.post(PAPER, ban_ghi="[1]")
    assert answer.status_code == 422


@pytest.mark.parametrize("path", ["soat", "xem-truoc", "tep.docx", "tep.pdf"])
def test_what_is_no_json_or_bears_no_token_is_refused(visitor: Visitor, path: str) -> None:
    assert visitor.upload(f"{PAPER}/{path}", b"x").status_code == 415
    assert visitor.stranger().post(f"{PAPER}/{path}", json=PERSON).status_code == 403
