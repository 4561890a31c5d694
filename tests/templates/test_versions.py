"""An office's own version of a form: given out, changed, kept, used, and taken out of use; the shipped one stays."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from docgen import generate, merge
from docgen.errors import FormError, OutputError
from docgen.papers import library, office
from docgen.templates.against import against, form_text, widened
from docgen.templates.check import check
from docgen.templates.new_fields import declared, labels
from docgen.templates.trial import text_of
from docgen.templates.versions import activate, keep
from docgen.word import package
from docgen.word.row_marks import editable
from docgen.word.stamp import stamp
from tests.gate.sound import assert_quick, assert_sound, findings
from tests.libreoffice import WORD, saved
from tests.papers.specimens import said, seen
from tests.templates.broken import PERSON, PLAN, swap, text
from tests.word.specimens import zipped

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LETTER = "cong-van"


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The office's folder."""
    monkeypatch.setenv(office.FOLDER, str(tmp_path / "mau rieng"))
    return tmp_path / "mau rieng"


def edited(form_id: str, *edits: Callable[[dict[str, bytes]], None]) -> bytes:
    form = library.form(form_id)
    parts = package.parts(editable(library.template(form, form.layouts[0])))
    for edit in edits:
        edit(parts)
    return zipped(parts)


def installed(form_id: str, given: bytes, *, add: bool = False) -> str:
    """The version of a template that passes the check."""
    held, described = against(form_id, given), form_text(form_id)
    checked = check(given, held, rounds=0)
    if add:
        described += declared(labels(checked.new_fields or {}))
        checked = check(given, widened(held, described), rounds=0)
    assert checked.sound, checked.problems
    assert checked.content is not None
    return keep(described, held.layout, checked.content)[1]


@pytest.mark.parametrize("form_id", [PERSON, PLAN, LETTER])
def test_a_version_makes_documents_and_the_shipped_form_comes_back(form_id: str) -> None:
    sample = library.sample(library.form(form_id))
    before = generate.document(form_id, sample)
    version = installed(form_id, edited(form_id, text("Lời riêng của cơ quan")))
    assert generate.document(form_id, sample).content == before.content, "kept, not used yet"
    activate(form_id, version)
    made = generate.document(form_id, sample)
    assert "Lời riêng của cơ quan" in text_of(made.content)
    assert_quick(made.content, said(made.form, sample))
    assert stamp(made.content)["edition"] == f"{before.form.edition}+{version}" == made.form.edition
    assert stamp(made.content)["template"] != stamp(before.content)["template"]
    assert library.template(library.shipped(form_id) or made.form, made.layout) != before.content
    activate(form_id, "")
    assert generate.document(form_id, sample).content == before.content


@pytest.mark.needs_validator
def test_rows_of_an_edited_template_keep_their_own_controls() -> None:
    """Word gets plain numbers; in documents no two rows may have the same."""
    given = edited(PLAN)
    version = installed(PLAN, edited(PLAN, text("x")))
    activate(PLAN, version)
    form = library.form(PLAN)
    sample = library.sample(form)
    assert len(sample["khac_phuc"]) > 1
    assert_sound({"made": generate.render(PLAN, sample)})
    assert [told for told in findings({"given out": given}) if "left over" not in told] == []


def test_a_family_finds_the_office_s_version() -> None:
    activate(PERSON, installed(PERSON, edited(PERSON, text("Lời riêng"))))
    values = {**library.sample(library.form(PERSON)), "doi_tuong": "khong-lanh-dao"}
    assert "Lời riêng" in text_of(generate.render("kiem-diem-ca-nhan", values))
    assert [form.version != "" for form in library.catalogue()].count(True) == 1


def test_house_rules_do_not_draw_over_an_office_s_template() -> None:
    activate(PERSON, installed(PERSON, edited(PERSON, text("Lời riêng"))))
    sample = library.sample(library.form(PERSON))
    document = generate.document(PERSON, sample, profile={"the_thuc": {"gian_dong": 20}})
    assert "Lời riêng" in text_of(document.content)


def test_new_fields_become_optional_texts() -> None:
    given = edited(PERSON, text("- Số thẻ đảng: {{ so_the }}; ngày vào Đảng {{ ngay_vao_dang }}"))
    version = installed(PERSON, given, add=True)
    activate(PERSON, version)
    form = library.form(PERSON)
    assert form.fields["so_the"].label == "Số thẻ đảng"
    assert form.fields["ngay_vao_dang"].label == "ngày vào Đảng"
    assert not form.fields["so_the"].required
    sample = library.sample(form)
    made = text_of(generate.render(PERSON, {**sample, "so_the": "0123 <A&B>"}))
    assert "Số thẻ đảng: 0123 <A&B>; ngày vào Đảng …" in made
    again = installed(PERSON, edited(PERSON, text("Số thẻ: {{ so_the }}")))
    assert again != version, "the fields of the version in use are known to the next one"


def test_equal_content_is_one_version_and_an_old_one_can_be_used_again() -> None:
    first = installed(PERSON, edited(PERSON, text("Lời thứ nhất")))
    second = installed(PERSON, edited(PERSON, text("Lời thứ hai")))
    assert installed(PERSON, edited(PERSON, text("Lời thứ nhất"))) == first != second
    assert set(office.versions(PERSON)) == {first, second}
    for version, said_ in ((second, "Lời thứ hai"), (first, "Lời thứ nhất")):
        activate(PERSON, version)
        assert said_ in text_of(generate.render(PERSON, library.sample(library.form(PERSON))))


def test_a_version_that_was_changed_after_its_check_is_refused(own: Path) -> None:
    version = installed(PERSON, edited(PERSON, text("một")))
    file = own / PERSON / version / "template.docx"
    file.write_bytes(edited(PERSON, text("hai")))
    with pytest.raises(FormError, match="đã bị sửa") as caught:
        activate(PERSON, version)
    assert caught.value.problems[0].code == "version-changed"
    with pytest.raises(FormError) as caught:
        activate(PERSON, "0123456789ab")
    assert caught.value.problems[0].code == "version-unknown"
    assert not (own / office.ACTIVE).exists()


@pytest.mark.parametrize("outside", ["../x", "/etc", "..", "", "Mau"])
def test_no_version_lies_outside_the_folder(own: Path, outside: str) -> None:
    assert office.versions(outside) == ()
    with pytest.raises(FormError) as caught:
        office.form(outside, "0123456789ab")
    assert caught.value.problems[0].code == "version-unknown"
    own.mkdir()
    (own / office.ACTIVE).write_text(json.dumps({outside: "0123456789ab", PERSON: "../../x"}))
    assert office.standing() == {}


def test_nobody_is_named_in_an_installed_template(own: Path) -> None:
    named = swap("<dc:creator></dc:creator>", "<dc:creator>Nguyễn Văn Máy</dc:creator>", "docProps/core.xml")
    version = installed(PERSON, edited(PERSON, named))
    kept = package.parts((own / PERSON / version / "template.docx").read_bytes())
    assert not any("Nguyễn Văn Máy".encode() in content for content in kept.values())


def test_without_a_folder_there_are_shipped_papers_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(office.FOLDER)
    assert all(not form.version for form in library.catalogue())
    with pytest.raises(OutputError) as caught:
        keep(form_text(PERSON), "bieu-mau", edited(PERSON))
    assert caught.value.problems[0].code == "templates-folder"


@pytest.mark.parametrize("written", ["{", "[]", '"x"'])
def test_a_broken_list_of_versions_is_told_and_mended_by_the_next_command(own: Path, written: str) -> None:
    version = installed(PERSON, edited(PERSON, text("một")))
    (own / office.ACTIVE).write_text(written)
    with pytest.raises(FormError) as caught:
        library.form(PERSON)
    assert caught.value.problems[0].code == "office-list"
    activate(PERSON, version)
    read: dict[str, Any] = json.loads((own / office.ACTIVE).read_text())
    assert read == {PERSON: version}


def test_the_ledger_of_a_merge_says_which_version_made_each_file(tmp_path: Path) -> None:
    people = tmp_path / "ds.json"
    people.write_text(json.dumps([{"ho_ten": name, "chi_bo": "Thôn Hạ", "nam": 2025} for name in ("An Na", "Lê Ba")]))
    version = installed(PERSON, edited(PERSON, text("Lời riêng")))
    for used in ("", version, version, ""):
        activate(PERSON, used)
        report = merge(PERSON, people, tmp_path / "ra", workers=1)
        edition = library.form(PERSON).edition
        lines = (tmp_path / "ra" / ".docgen" / "ledger.jsonl").read_text("utf-8").splitlines()
        entries = {entry["k"]: entry for entry in map(json.loads, lines) if entry.get("f") == PERSON}
        assert {entry["e"] for entry in entries.values()} == {edition}
        assert report.done == 2
        assert (version in edition) == bool(used)
    assert report.unchanged == 0, "another version makes other documents"


@pytest.mark.needs_libreoffice
def test_a_template_saved_by_libreoffice_is_a_template_still(tmp_path: Path) -> None:
    """It puts controls around tags and renames what it likes: documents must be right all the same."""
    forms = (PERSON, PLAN, LETTER)
    own = {each: edited(each, text("Lời riêng")) for each in forms}
    for form_id, content in saved(tmp_path, own, "docx", WORD).items():
        activate(form_id, installed(form_id, content))
        sample = library.sample(library.form(form_id))
        document = generate.document(form_id, sample)
        assert "Lời riêng" in text_of(document.content)
        assert_quick(document.content, said(document.form, sample))


def test_what_people_write_in_new_fields_is_read_back() -> None:
    activate(PERSON, installed(PERSON, edited(PERSON, text("Số thẻ đảng: {{ so_the }}")), add=True))
    form = library.form(PERSON)
    made = generate.render(PERSON, {**library.sample(form), "so_the": "0123456"})
    assert seen(made).controls["so_the"] == ["0123456"]
