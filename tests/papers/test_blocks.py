"""Every kind of block, drawn in every layout, full and blank: sound, whole, and faulty descriptions refused."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pytest

from docgen.errors import FormError
from docgen.papers import library
from docgen.papers.body import AnyBlock
from docgen.papers.drawing import draw
from docgen.papers.record import record
from docgen.papers.words import words
from docgen.rules.layouts import layout, layouts
from docgen.word.template import compile_template
from tests.gate.sound import assert_sound
from tests.gate.texts import document_text
from tests.papers.specimens import said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docgen.papers.form import Form

EVERY_BLOCK = (Path(__file__).parent / "every_block.toml").read_text("utf-8")
FULL = {
    "dang_bo": "Đảng bộ xã Tân Hòa",
    "so": "07",
    "ngay_ky": "9/2/2026",
    "trich_yeu": "kiểm điểm",
    "kinh_gui": ["Chi ủy;", "Ban Tổ chức."],
    "ho_ten": "Lê Thị Na",
    "ngay_sinh": "1/5/1990",
    "can_cu": ["Căn cứ Điều lệ Đảng;", "Căn cứ quy chế."],
    "tra_loi": "Đã làm.\nCòn chậm.",
    "muc": "HTTNV",
    "cap": "Tốt",
    "diem": "7,5",
    "noi_dung": [{"muc": "Chung", "con": [{"muc": "Việc", "con": [{"muc": "Nay", "con": ["Sáng", "Chiều"]}]}]}],
    "in_them": True,
    "noi_nhan": ["Như trên;", "Lưu chi bộ."],
    "viec": [{"ten": "Họp", "ket_qua": "Tốt\nĐủ"}, {"ten": "Dự giờ"}],
}
EMPTY: dict[str, object] = {}


def every_block() -> Form:
    return library.read_form(EVERY_BLOCK, file="moi-khoi/form.toml")


def kinds() -> Iterator[str]:
    """The names of all kinds of block."""
    union = get_args(AnyBlock)[0]
    return (get_args(each.model_fields["block"].annotation)[0] for each in get_args(union))


def test_the_form_with_every_block_has_every_block() -> None:
    assert {block.block for block in every_block().body} == set(kinds())


@pytest.mark.needs_validator
def test_every_block_is_sound_in_every_layout_full_and_empty() -> None:
    documents, shown = {}, {}
    for look in layouts():
        template = compile_template(draw(every_block(), look))
        assert template.gear == "TEXT", template.reason
        for name, values in (("full", FULL), ("empty", EMPTY)):
            documents[f"{look.id}.{name}"] = template.render(words(record(every_block(), values)))
            shown[f"{look.id}.{name}"] = said(every_block(), values)
    assert_sound(documents, shown)


def test_every_block_shows_what_was_given() -> None:
    docx = compile_template(draw(every_block(), layout("bieu-mau"))).render(words(record(every_block(), FULL)))
    text = document_text(docx)
    for line in (
        "Số 07-CV/CB",
        "của Lê Thị Na",
        "- Căn cứ Điều lệ Đảng;",
        "Ngày sinh: 01/5/1990",
        "- Họ và tên: Lê Thị Na",
        "A. PHẦN CHUNG CỦA Lê Thị Na",
        "\t☒\tHoàn thành tốt nhiệm vụ",
        "\t☐\tXuất sắc\t☒\tTốt\t☐\tTrung bình\t☐\tKém",
        "1. Điểm: 7,5/10",
        "Tổng: 8/10",
        "(1)",
        "1. Họp",
        "Xong: Dự giờ",
        "Phần I",
        "Chung",
        "1. Nay",
        "1.1. Sáng",
        "1.2. Chiều",
        "- Lưu chi bộ.",
    ):
        assert line in text
    assert text.count("Đã làm.") == 2


def test_conditions_leave_out_what_is_not_asked_for() -> None:
    template = compile_template(draw(every_block(), layout("bieu-mau")))
    text = document_text(template.render(words(record(every_block(), {**FULL, "in_them": "không", "dang_bo": None}))))
    assert text.count("Đã làm.") == 1
    assert "Đảng bộ xã Tân Hòa" not in text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{ field = "ten", percent = 40 }', '{ field = "la", percent = 40 }'),
        ('text = "{stt}. {ten}"', 'text = "{stt}. {la}"'),
        ('when = "ten"', 'when = "la"'),
    ],
)
def test_a_column_that_is_not_there_is_a_fault_of_the_form(old: str, new: str) -> None:
    assert EVERY_BLOCK.count(old) == 1
    form = library.read_form(EVERY_BLOCK.replace(old, new), file="moi-khoi/form.toml")
    with pytest.raises(FormError) as caught:
        draw(form, layout("bieu-mau"))
    assert caught.value.problems[0].code == "column-unknown"
    assert "«la»" in caught.value.problems[0].what
