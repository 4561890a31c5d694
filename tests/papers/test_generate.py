"""The path of one record: file name, properties, warnings, families; the same bytes everywhere, under threads too."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

import docgen
from docgen.errors import DataError, FormError
from docgen.generate import Press
from docgen.papers import library
from tests.gate.parts import parse, read_parts
from tests.gate.sound import assert_quick
from tests.gate.texts import document_text
from tests.papers.specimens import FORMS, blank, name_of, said

if TYPE_CHECKING:
    from docgen.papers.form import Form

PERSON = {"ho_ten": "Lê Thị Na", "chi_bo": "Thôn Đông", "nam": 2025}


@pytest.mark.parametrize("form", FORMS, ids=name_of)
def test_a_sample_becomes_a_whole_document(form: Form) -> None:
    made = docgen.document(form.id, library.sample(form))
    assert_quick(made.content, said(form, library.sample(form)))
    assert (made.form, made.warnings) == (form, ())
    assert docgen.render(form.id, library.sample(form)) == made.content
    assert docgen.check(form.id, library.sample(form)) == ()


@pytest.mark.parametrize(
    ("form", "given_", "name"),
    [
        ("mau-2b-2025", {}, "Nguyen Thi Thanh Thao - Mau 2B 2025.docx"),
        ("mau-2b-2025", {"ho_ten": "Đặng Hữu Đức"}, "Dang Huu Duc - Mau 2B 2025.docx"),
        ("mau-2b-2025", {"ho_ten": "../../x\\y:z?"}, "x-y-z- - Mau 2B 2025.docx"),
        ("mau-2b-2025", {"ho_ten": "{nam} {nam}"}, "{nam} {nam} - Mau 2B 2025.docx"),
        ("mau-02", {}, "Dang Huu Phuoc - Mau 02 2021.docx"),
        ("mau-01-2025", {}, "Ban Thuong vu Dang uy xa Tan Hoa - Mau 01 2025.docx"),
        ("goi-y-kiem-diem-ca-nhan", {}, "Goi y kiem diem 2025 - Tran Dinh Luc.docx"),
        ("ke-hoach-khac-phuc", {}, "Ke hoach khac phuc 2025 - Ban Thuong vu Dang uy xa Tan Hoa.docx"),
    ],
)
def test_the_file_name_follows_the_forms_pattern(form: str, given_: dict[str, object], name: str) -> None:
    assert docgen.document(form, {**library.sample(library.form(form)), **given_}).file_name == name


@given(st.text(min_size=1, max_size=120))
def test_any_accepted_name_gives_a_safe_file_name(name: str) -> None:
    values = {**PERSON, "ho_ten": name}
    problems = docgen.check("mau-2b-2025", values)
    assert {problem.field for problem in problems} <= {"ho_ten"}
    if any(problem.severity == "error" for problem in problems):
        return
    made = docgen.document("mau-2b-2025", values)
    assert made.file_name.isascii()
    assert not set(made.file_name) & set('<>:"/\\|?*')
    assert made.file_name.endswith("Mau 2B 2025.docx")
    assert len(made.file_name) <= 200


def author(docx: bytes) -> str | None:
    core = parse(read_parts(docx)["docProps/core.xml"])
    return next(each.text for each in core if etree.QName(each).localname == "creator")


@pytest.mark.parametrize(
    ("form", "given_", "expected"),
    [
        ("ke-hoach-khac-phuc", {}, "Đảng ủy xã Tân Hòa"),
        ("ke-hoach-khac-phuc", {"co_quan_ban_hanh": "Đảng ủy <A> & B"}, "Đảng ủy <A> & B"),
        ("mau-01-2025", {}, "Ban Thường vụ Đảng ủy xã Tân Hòa"),
        ("mau-2b-2025", {}, None),
    ],
)
def test_the_author_is_the_issuing_body_and_never_a_person(
    form: str, given_: dict[str, object], expected: str | None
) -> None:
    made = docgen.render(form, {**library.sample(library.form(form)), **given_})
    assert author(made) == expected


def test_the_form_of_a_family_is_chosen_by_the_record() -> None:
    values = {**PERSON, "doi_tuong": "khong-lanh-dao"}
    assert docgen.document("kiem-diem-ca-nhan", values).form.id == "mau-2b-2025"
    assert docgen.document("kiem-diem-ca-nhan", {**values, "nam": 2020}).form.id == "mau-02-2019"
    with pytest.raises(DataError, match="Không có mẫu nào dùng để kiểm điểm năm «2015»"):
        docgen.document("kiem-diem-ca-nhan", {**values, "nam": 2015})


@pytest.mark.parametrize(
    ("day", "layout"),
    [("9/2/2026", "hd36-2018"), ("27/5/2026", "hd05-2026"), (None, "hd05-2026"), ("2026", "hd05-2026")],
)
def test_the_layout_follows_the_date_and_a_blank_date_takes_the_newest(day: str | None, layout: str) -> None:
    sample = library.sample(library.form("ke-hoach-khac-phuc"))
    assert docgen.document("ke-hoach-khac-phuc", {**sample, "ngay_ky": day}).layout == layout


def test_a_date_before_every_regime_is_refused_by_check_and_by_render() -> None:
    values = {**library.sample(library.form("ke-hoach-khac-phuc")), "ngay_ky": "1/1/2010"}
    (problem,) = docgen.check("ke-hoach-khac-phuc", values)
    assert problem.code == "layout-too-early"
    with pytest.raises(DataError, match="có hiệu lực"):
        docgen.render("ke-hoach-khac-phuc", values)


def test_warnings_travel_with_the_document_and_errors_stop_it() -> None:
    values = {**PERSON, "don_vi": " Trường  Tiểu học ", "sinh_hoat": "x"}
    made = docgen.document("mau-2b-2025", values)
    assert [warning.code for warning in made.warnings] == ["unknown-field", "tidied", "tidied"]
    assert docgen.check("mau-2b-2025", values) == made.warnings
    assert "Đơn vị công tác: Trường Tiểu học" in document_text(made.content)
    problems = docgen.check("mau-2b-2025", {**values, "chi_bo": "", "ngay_sinh": "30/2/1990"})
    assert [problem.code for problem in problems if problem.severity == "error"] == ["required", "date-impossible"]


def test_an_unknown_form_is_the_only_thing_that_check_raises() -> None:
    for call in (docgen.check, docgen.document, docgen.render):
        with pytest.raises(FormError, match="Có phải là mau-2b-2025"):
            call("mau-2b-2026", PERSON)


def test_the_organisations_profile_fills_what_the_record_leaves_open() -> None:
    profile = {"dang_bo": "xã Tân Hòa", "noi_ky": "Tân Hòa", "chi_bo": "Thôn Tây", "ten_co_quan": "x"}
    made = docgen.document("mau-2b-2025", PERSON, profile=profile)
    text = document_text(made.content)
    assert "ĐẢNG BỘ xã Tân Hòa" in text
    assert "CHI BỘ Thôn Đông" in text
    assert made.warnings == ()


@pytest.mark.parametrize("form", FORMS, ids=name_of)
def test_the_required_fields_alone_give_a_form_for_handwriting(form: Form) -> None:
    made = docgen.document(form.id, blank(form))
    assert made.warnings == ()
    assert_quick(made.content, said(form, blank(form)))
    assert "…" in "".join(document_text(made.content))


def of_number(form: Form, number: int) -> dict[str, Any]:
    """A record in which every text bears its own number."""
    return {
        name: f"{value} số {number:04d}" if form.fields[name].type in {"text", "name"} and name != "so" else value
        for name, value in library.sample(form).items()
        if form.fields[name].type != "list"
    }


def test_eight_threads_never_mix_two_records() -> None:
    jobs = [(form, number) for number in range(320) for form in (FORMS[number % len(FORMS)],)]

    def make(job: tuple[Form, int]) -> bytes:
        return docgen.render(job[0].id, of_number(*job))

    with ThreadPoolExecutor(8) as pool:
        documents = list(pool.map(make, jobs))
    for job, docx in zip(jobs, documents, strict=True):
        assert docx == make(job)
        assert f"số {job[1]:04d}" in "\n".join(document_text(docx))
    assert len(set(documents)) == len(jobs)


PROGRAM = """
import hashlib, json, sys
import docgen
from docgen.generate import Press
from docgen.papers import library
from docgen.papers.drawing import draw
from docgen.rules.layouts import layout
told = {}
for form in library.catalogue():
    told[form.id] = hashlib.sha256(docgen.render(form.id, library.sample(form))).hexdigest()
    told[form.id + ".template"] = hashlib.sha256(draw(form, layout(form.layouts[0]))).hexdigest()
sys.stdout.write(json.dumps(told))
"""


def test_another_process_with_other_settings_makes_the_same_bytes() -> None:
    here = {form.id: hashlib.sha256(docgen.render(form.id, library.sample(form))).hexdigest() for form in FORMS}
    settings = (
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Ho_Chi_Minh", "LANG": "vi_VN.UTF-8", "LC_ALL": "vi_VN.UTF-8"},
        {"PYTHONHASHSEED": "4242", "TZ": "America/Los_Angeles", "LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0"},
    )
    runs = [
        subprocess.run([sys.executable, "-c", PROGRAM], env={**os.environ, **each}, capture_output=True, check=True)
        for each in settings
    ]
    one, other = (json.loads(run.stdout) for run in runs)
    assert one == other
    assert {name: one[name] for name in here} == here


def test_an_unfinished_record_tells_its_sums_and_the_level_they_lead_to() -> None:
    press = Press(library.form("mau-2b-2025"))
    told = press.following({"diem_chung": "28", "diem_nhiem_vu": "62,5", "ngay_sinh": "31/02/1990"})
    assert told.computed == {"tong_diem": "90,5"}
    assert "«Hoàn thành xuất sắc nhiệm vụ» (từ 90 điểm" in told.levels["muc_xep_loai"]
    assert "366" in told.levels["muc_xep_loai"]
    unknown = press.following({"diem_chung": "28", "diem_nhiem_vu": "620"})
    assert (unknown.computed, unknown.levels) == ({}, {})


def test_sums_of_an_unfinished_record_bear_the_numbers_of_the_rows_as_given() -> None:
    form = library.form("tu-danh-gia-quy-2026")
    rows = [dict(row) for row in library.sample(form)["truc"]]
    whole = Press(form).following({"truc": rows}).computed
    turned = Press(form).following({"truc": rows[::-1]}).computed
    assert whole["truc[1].diem_dat"] == turned[f"truc[{len(rows)}].diem_dat"]
    first_open = Press(form).following({"truc": [{}, *rows]}).computed
    assert "truc[1].diem_dat" not in first_open
    assert first_open["truc[2].diem_dat"] == whole["truc[1].diem_dat"]
