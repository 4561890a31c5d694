"""What a table of people asks of a form: rows it names itself, counts by level, points and shares that follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from docgen.errors import DataError, FormError
from docgen.papers import library
from docgen.papers.drawing import draw
from docgen.papers.library import read_form
from docgen.papers.record import record
from docgen.papers.words import words
from docgen.rules.layouts import layout
from docgen.word.template import compile_template
from tests.gate.parts import W, elements, parse, read_parts
from tests.gate.texts import document_text, paragraph_text

if TYPE_CHECKING:
    from docgen.papers.form import Form

FORM = """
id = "bang-thu"
edition = "2026"
title = "Bảng thử"
summary = "Bảng dùng để thử."
basis = ["Không có"]
valid_from = 2026-01-01
layouts = ["bieu-mau"]
file_name = "Bang"
provenance = []
[fields]
tap_the = { label = "Tập thể", blank = "empty" }
ho_ten = { label = "Họ và tên", type = "name" }
quy = { label = "Quý", type = "quarter", format = "number" }
[fields.tieu_chi]
label = "Tiêu chí"
type = "list"
group_by = "nhom"
default_rows = [{ nhom = "Nhóm một", muc = "1.1", toi_da = 2 }, { muc = "1.2", toi_da = 3 }]
[fields.tieu_chi.columns]
nhom = { label = "Nhóm", blank = "empty" }
muc = { label = "Mục" }
dam_bao = { label = "Đảm bảo", type = "choice", choices = "dam-bao", blank = "empty" }
xong = { label = "Đã xong", type = "yes_no" }
toi_da = { label = "Tối đa", type = "decimal", blank = "empty" }
dat = { label = "Đạt", type = "computed", compute = { op = "product", of = ["toi_da", "dam_bao"] }, blank = "empty" }
so_luong = { label = "Số lượng", type = "percent", blank = "empty" }
chat_luong = { label = "Chất lượng", type = "percent", blank = "empty" }
tien_do = { label = "Tiến độ", type = "percent", blank = "empty" }
[fields.tieu_chi.columns.kpi]
label = "KPI"
type = "computed"
blank = "empty"
compute = { op = "mean", percent = true, of = ["so_luong", "chat_luong", "tien_do"], places = 1 }
[fields.so_dam_bao]
label = "Số đảm bảo"
type = "computed"
format = "padded"
compute = { op = "count", option = "dam_bao", of = ["tieu_chi.dam_bao"] }
[fields.trung_binh]
label = "Trung bình"
type = "computed"
compute = { op = "mean", of = ["tieu_chi.toi_da"], places = 2 }
"""
TABLE = """
[[body]]
block = "table"
field = "tieu_chi"
number_head = "Trục"
columns = [{ field = "muc", percent = 40 }, { field = "dam_bao", option = "dam_bao", percent = 20 },
  { field = "xong", option = "co", percent = 20 }, { field = "dat", percent = 20 }]
"""
SIGNED = """
[[body]]
block = "signatures"
signers = [{{ power = "{power}" }}]
{condition}
"""
ROWS: list[dict[str, Any]] = [
    {"muc": "a", "dam_bao": "Đảm bảo", "toi_da": 2, "so_luong": "100%", "chat_luong": "90%", "tien_do": "80%"},
    {"muc": "b", "dam_bao": "Không đạt", "toi_da": "1,5", "so_luong": "100%", "chat_luong": "95%", "tien_do": "94%"},
    {"muc": "c", "dam_bao": "x", "toi_da": 1},
]


def form(body: str = TABLE) -> Form:
    return read_form(FORM + body, file="bang-thu/form.toml")


def shown(**values: object) -> dict[str, Any]:
    return words(record(form(), values))


def text(body: str, **values: object) -> list[str]:
    made = form(body)
    template = compile_template(draw(made, layout("bieu-mau")))
    assert template.gear == "TEXT"
    return document_text(template.render(words(record(made, values))))


def test_points_follow_from_what_an_option_stands_for() -> None:
    assert [row["dat"] for row in shown(tieu_chi=ROWS)["tieu_chi"]] == ["2", "0", "1"]


def test_a_mean_of_percentages_is_a_percentage_rounded_half_up() -> None:
    assert [row["kpi"] for row in shown(tieu_chi=ROWS)["tieu_chi"]] == ["90,0%", "96,3%", "\u00a0"]


def test_a_given_mean_must_agree_as_a_percentage() -> None:
    assert shown(tieu_chi=[{**ROWS[1], "kpi": "96,3%"}])["tieu_chi"][0]["kpi"] == "96,3%"
    with pytest.raises(DataError, match="96,3%"):
        shown(tieu_chi=[{**ROWS[1], "kpi": "96,5%"}])


def test_a_mean_that_has_no_end_is_rounded() -> None:
    rows = [{"muc": "a", "toi_da": 1}, {"muc": "b", "toi_da": 1}, {"muc": "c", "toi_da": 2}]
    assert shown(tieu_chi=rows)["trung_binh"] == "1,33"


def test_options_are_counted_and_small_counts_padded() -> None:
    assert shown(tieu_chi=ROWS)["so_dam_bao"] == "02"
    assert shown(tieu_chi=ROWS * 6)["so_dam_bao"] == "12"
    assert shown(tieu_chi=ROWS[1:2])["so_dam_bao"] == "0"


def test_a_list_that_says_nothing_has_the_rows_that_the_paper_names() -> None:
    assert [(row["muc"], row["toi_da"], row["dau_nhom"]) for row in shown()["tieu_chi"]] == [
        ("1.1", "2", "Nhóm một"),
        ("1.2", "3", ""),
    ]
    assert len(shown(tieu_chi=ROWS)["tieu_chi"]) == 3


def test_a_quarter_may_be_a_bare_number() -> None:
    assert shown(quy="quý 3")["quy"] == "III"


def test_columns_are_marked_with_an_x() -> None:
    found = text(TABLE, tieu_chi=[{**ROWS[0], "xong": "có"}, {**ROWS[1], "xong": "không"}])
    assert found.count("x") == 2
    assert {"Trục", "Đảm bảo", "Đã xong"} <= set(found)


@pytest.mark.parametrize(("given", "signed"), [({}, "NGƯỜI VIẾT"), ({"tap_the": "Chi ủy"}, "THAY MẶT")])
def test_unless_leaves_out_and_tables_stay_apart_whatever_is_left_out(given: dict[str, object], signed: str) -> None:
    body = TABLE + SIGNED.format(power="NGƯỜI VIẾT", condition='unless = "tap_the"')
    body += SIGNED.format(power="THAY MẶT", condition='when = "tap_the"')
    made = form(body)
    docx = compile_template(draw(made, layout("bieu-mau"))).render(words(record(made, {"tieu_chi": ROWS, **given})))
    assert [line for line in document_text(docx) if line in {"NGƯỜI VIẾT", "THAY MẶT"}] == [signed]
    body_ = next(elements(parse(read_parts(docx)["word/document.xml"]), "body"))
    tables = [each for each in body_ if each.tag == W + "tbl"]
    assert len(tables) == 2
    for each in tables:
        following = each.getnext()
        assert following is not None
        assert following.tag == W + "p"


def test_a_part_that_may_be_left_out_cannot_turn_the_page() -> None:
    turned = '[[body]]\nblock = "section"\norientation = "landscape"\nwhen = "tap_the"\n' + TABLE
    with pytest.raises(FormError, match="đổi chiều"):
        draw(form(turned), layout("bieu-mau"))


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("op = 'sum', of = ['tieu_chi.muc']", "computed from tieu_chi.muc, which is no number"),
        ("op = 'count', option = 'tot', of = ['tieu_chi.dam_bao']", "which is no option of tieu_chi.dam_bao"),
        ("op = 'count', option = 'tot', of = ['ho_ten']", "which is no option of ho_ten"),
    ],
)
def test_a_count_by_an_option_that_is_not_there_is_refused(field: str, told: str) -> None:
    with pytest.raises(FormError, match=told):
        form(f"[fields.sai]\nlabel = 'Sai'\ntype = 'computed'\ncompute = {{ {field} }}\n" + TABLE)


def test_a_line_that_announces_a_table_stays_with_it_and_a_form_may_have_a_star() -> None:
    header = '[[body]]\nblock = "header"\nleft = ["CHI BỘ"]\nstar = true\n'
    lead = '[[body]]\nblock = "text"\ntext = "Như sau:"\n[[body]]\nblock = "text"\ntext = "Hết."\n'
    docx = draw(form(header + lead + TABLE), layout("bieu-mau"))
    assert "*" in document_text(docx)
    root = parse(read_parts(docx)["word/document.xml"])
    kept = {
        paragraph_text(each): each.find(f"{W}pPr/{W}keepNext") is not None
        for each in elements(root, "p")
        if paragraph_text(each) in {"Như sau:", "Hết."}
    }
    assert kept["Như sau:"]


def test_the_shipped_list_of_signs_fills_a_blank_paper_and_is_what_the_sample_answers() -> None:
    shipped = yaml.safe_load((library.shelf("samples") / "danh_muc_bieu_hien.yaml").read_text("utf-8"))
    paper = library.form("tu-nhan-dien-bieu-hien")
    person = {"ho_ten": "Đỗ Văn Út", "chi_bo": "thôn Hạ", "nam": 2025}
    made = record(paper, person, shipped)
    assert made.warnings == ()
    sample = record(paper, library.sample(paper)).values
    for name in ("nhom", "so", "noi_dung"):
        assert [row[name] for row in made.values["bieu_hien"]] == [row[name] for row in sample["bieu_hien"]]
    assert all(row["muc_do"] is None for row in made.values["bieu_hien"])
