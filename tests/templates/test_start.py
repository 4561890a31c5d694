"""A plain Word form becomes a template that passes the check, is installed, and makes documents."""

from __future__ import annotations

import io
import tomllib
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import docx
import pytest

from docgen import generate
from docgen.errors import FormError
from docgen.papers import library, office
from docgen.papers.specimen import specimen
from docgen.templates.blanks import blanks, is_dotted_line
from docgen.templates.check import Against, check
from docgen.templates.start import Started, id_of, start, write
from docgen.templates.trial import text_of
from docgen.templates.versions import activate, keep
from docgen.word import package
from tests.gate.sound import assert_quick
from tests.templates.broken import PERSON, against
from tests.word.specimens import docx as small
from tests.word.specimens import p, row, table

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 3, 8)
Table = list[list[str]]


class Plain(NamedTuple):
    """A form as offices have it, the fields that must be proposed, and what the template says then."""

    id: str
    content: tuple[str | Table, ...]
    fields: dict[str, str]
    said: tuple[str, ...]


FORMS = [
    Plain(
        "phieu thong tin",
        (
            "PHIẾU THÔNG TIN",
            "Họ và tên: ………………………… Ngày sinh: …/…/……",
            "1. Quê quán: ....................",
            "Tân Hòa, ngày … tháng … năm 20…",
        ),
        {"ho_va_ten": "name", "ngay_sinh": "date", "que_quan": "text", "ngay_ky": "date"},
        ("Họ và tên: {{ ho_va_ten }} Ngày sinh: {{ ngay_sinh }}", "Tân Hòa, {{ ngay_ky }}"),
    ),
    Plain(
        "ban kiem diem",
        ("Tôi tên là: ____________", "2. Ưu điểm:", "……………………", "……………………", "3. Hạn chế", "......................"),
        {"toi_ten_la": "name", "uu_diem": "paragraphs", "han_che": "paragraphs"},
        ("{%p for doan in uu_diem %}\n{{ doan }}\n{%p endfor %}\n3. Hạn chế\n{%p for doan in han_che %}",),
    ),
    Plain(
        "phieu lay y kien",
        ("☐ Đồng ý  ☐ Không đồng ý", "Đảng viên dự bị □", "Giới tính: Nam □  Nữ □", "Lý do: ………………"),
        {
            "dong_y": "yes_no", "khong_dong_y": "yes_no", "dang_vien_du_bi": "yes_no", "muc_nam": "yes_no",
            "nu": "yes_no", "ly_do": "text",
        },
        ("{% if co.dong_y %}☒{% else %}☐{% endif %} Đồng ý  {% if co.khong_dong_y %}",),
    ),
    Plain(
        "so yeu ly lich",
        ([["Họ và tên", "", "Ngày sinh", ""], ["Đơn vị công tác", "", "Chức vụ:", ""]], "Số: … /LL"),
        {"ho_va_ten": "name", "ngay_sinh": "date", "don_vi_cong_tac": "text", "chuc_vu": "text", "so": "text"},
        ("Ngày sinh\n{{ ngay_sinh }}", "Số: {{ so }} /LL"),
    ),
    Plain(
        "danh sach tham du",
        (
            "DANH SÁCH",
            [["TT", "Họ và tên", "Ngày sinh"], ["1", "", ""], ["2", "", ""], ["3", "", ""]],
            "………, ngày … tháng … năm …",
        ),
        {"danh_sach": "list", "noi_ky": "text", "ngay_ky": "date"},
        ("{%tr for dong in danh_sach %}", "{{ dong.stt }}\n{{ dong.ho_va_ten }}\n{{ dong.ngay_sinh }}"),
    ),
    Plain(
        "giay moi",
        (
            "Kính mời ông (bà): ................., chức vụ: .............",
            "Đến dự: .........; tại: .........",
            "Vào ngày ... tháng ... năm 2026",
        ),
        {"kinh_moi_ong_ba": "text", "chuc_vu": "text", "den_du": "text", "tai": "text", "ngay_ky": "date"},
        ("chức vụ: {{ chuc_vu }}",),
    ),
]  # fmt: skip


def made(plain: Plain) -> bytes:
    document = docx.Document()
    for each in plain.content:
        if isinstance(each, str):
            document.add_paragraph(each)
            continue
        table = document.add_table(0, len(each[0]))
        for texts in each:
            for cell, text in zip(table.add_row().cells, texts, strict=True):
                cell.text = text
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def started(plain: Plain) -> Started:
    return start(made(plain), form_id=id_of(plain.id), title=plain.id, day=DAY)


@pytest.mark.parametrize("plain", FORMS, ids=[each.id for each in FORMS])
def test_the_blanks_become_fields_and_the_template_passes_the_check(plain: Plain) -> None:
    proposal = started(plain)
    assert {each.name: each.kind for each in proposal.fields} == plain.fields
    text = text_of(proposal.docx)
    for words in plain.said:
        assert words in text
    form = library.read_form(proposal.form_toml, file="form.toml")
    checked = check(proposal.docx, Against(form=form, layout="bieu-mau", sample=specimen(form)), rounds=0)
    assert checked.sound, checked.problems
    assert checked.template is not None
    assert checked.template.gear == "TEXT"


@pytest.mark.parametrize("plain", FORMS, ids=[each.id for each in FORMS])
def test_a_started_paper_is_installed_and_makes_documents(
    plain: Plain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(office.FOLDER, str(tmp_path))
    proposal = started(plain)
    form, version = keep(proposal.form_toml, "bieu-mau", proposal.docx)
    activate(form.id, version)
    assert form.id in {each.id for each in library.catalogue()}
    sample = library.sample(library.form(form.id))
    document = generate.document(form.id, sample)
    assert_quick(document.content)
    text = text_of(document.content)
    given = [value for value in sample.values() if isinstance(value, str) and not value[0].isdigit()]
    assert [value for value in given if value not in text] == []


def test_a_look_is_kept_and_a_tag_stands_in_the_run_of_its_dots() -> None:
    bold = "<w:r><w:rPr><w:b/></w:rPr><w:t>……</w:t></w:r>"
    dotted = f"<w:p><w:r><w:t>Họ tên: </w:t></w:r>{bold}<w:r><w:t>……. x</w:t></w:r></w:p>"
    proposal = start(small(dotted), form_id="x", title="x", day=DAY)
    body = package.parts(proposal.docx)["word/document.xml"].decode()
    assert '<w:rPr><w:b/></w:rPr><w:t xml:space="preserve">{{ ho_ten }}</w:t>' in body
    assert text_of(proposal.docx) == "Họ tên: {{ ho_ten }} x"


def test_a_tab_with_dots_is_a_line_to_write_on_and_any_other_tab_is_none() -> None:
    stops = '<w:pPr><w:tabs><w:tab w:val="right" w:leader="dot" w:pos="9000"/></w:tabs></w:pPr>'
    line = "<w:r><w:t>Quê quán:</w:t></w:r><w:r><w:tab/></w:r>"
    proposal = start(small(f"<w:p>{stops}{line}</w:p>", f"<w:p>{line}</w:p>"), form_id="x", title="x", day=DAY)
    assert text_of(proposal.docx) == "Quê quán: {{ que_quan }}\nQuê quán:"


REFUSED = [("Không có gì", "start-nothing"), ("{{ a }} ……", "start-has-tags")]


@pytest.mark.parametrize(("content", "code"), REFUSED)
def test_a_file_without_blanks_or_with_tags_is_refused(content: str, code: str) -> None:
    with pytest.raises(FormError) as caught:
        start(small(p(content)), form_id="x", title="x", day=DAY)
    assert caught.value.problems[0].code == code


NO_BLANKS = [
    "kinh tế, xã hội…",
    "(Ký, ghi rõ họ tên)",
    "Điều 1. …",
    "Năm 2025",
    "",
    "1.1. Nội dung",
    "đt 0912.345.678",
]


@pytest.mark.parametrize("text", NO_BLANKS)
def test_ordinary_text_has_no_blanks(text: str) -> None:
    assert [blank for blank in blanks(text) if blank.label and not text.startswith("Điều")] == []
    assert not is_dotted_line(text)


def test_labels_are_written_into_the_description_whatever_they_hold() -> None:
    label = 'Về "phẩm chất" \\ đạo đức, lối sống và ý thức tổ chức kỷ luật của cá nhân'
    proposal = start(small(p(f"{label}: ……………")), form_id="x", title='"Tên"', day=DAY)
    [field] = tomllib.loads(proposal.form_toml)["fields"].values()
    assert field["label"] == label
    assert len(field["short"]) <= 40


def test_a_line_break_ends_a_label() -> None:
    lines = "<w:p><w:r><w:t>ĐẢNG CỘNG SẢN VIỆT NAM</w:t><w:br/><w:t>………, ngày … tháng … năm …</w:t></w:r></w:p>"
    proposal = start(small(lines), form_id="x", title="x", day=DAY)
    assert [(field.name, field.kind) for field in proposal.fields] == [("noi_ky", "text"), ("ngay_ky", "date")]
    assert "<w:br/>" in package.parts(proposal.docx)["word/document.xml"].decode()


def test_lines_below_a_field_go_on_with_it() -> None:
    proposal = start(small(p("Lý do: ………"), p("…………"), p("…………"), p("Ký tên")), form_id="x", title="x", day=DAY)
    assert text_of(proposal.docx) == "Lý do: {{ ly_do }}\nKý tên"


def test_what_stands_in_brackets_is_a_label_of_its_own() -> None:
    assert [blank.label for blank in blanks("Mức đóng: …… đồng (Bằng chữ: ……)")] == ["Mức đóng", "Bằng chữ"]


def test_a_signature_in_capitals_is_no_label() -> None:
    signed = table(2, row("T/M CHI ỦY", ""), row("Họ tên", ""))
    proposal = start(small(signed, p("Số: ……")), form_id="x", title="x", day=DAY)
    assert [field.name for field in proposal.fields] == ["ho_ten", "so"]


def test_a_new_folder_holds_the_paper(tmp_path: Path) -> None:
    write(started(FORMS[0]), tmp_path / "phieu")
    assert sorted(each.name for each in (tmp_path / "phieu").iterdir()) == ["form.toml", "template.docx"]


def test_a_shipped_template_is_no_plain_form() -> None:
    with pytest.raises(FormError, match="đã có thẻ"):
        start(against(PERSON).original or b"", form_id="x", title="x", day=DAY)
