"""The check of an office's template: each fault of the corpus with its code, place and cure, and all in one pass."""

from __future__ import annotations

import io

import docx
import pytest

from docgen.templates.check import check, commented
from docgen.word import package
from docgen.word.remarks import COMMENTS
from docgen.word.row_marks import editable
from tests.papers.specimens import EDITIONS, Edition, name_of
from tests.templates.broken import CORPUS, PERSON, PLAN, Broken, against, broken, everything, text
from tests.word.specimens import zipped


@pytest.fixture(autouse=True)
def fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever fonts this machine has, it has these."""
    monkeypatch.setattr("docgen.templates.check.installed_fonts", lambda: frozenset({"Tinos", "MS Gothic"}))


@pytest.mark.parametrize("one", CORPUS, ids=name_of)
def test_each_fault_is_told_with_its_place_and_cure(one: Broken) -> None:
    checked = check(broken(one), against(one.form), rounds=0)
    found = [problem for problem in checked.problems if problem.code == one.code]
    assert found, [problem.message for problem in checked.problems]
    fitting = [each for each in found if one.where in each.where and one.told in each.message]
    assert fitting, [problem.message for problem in found]
    assert fitting[0].what
    assert fitting[0].cure
    assert fitting[0].severity == ("warning" if one.warning else "error")
    assert checked.sound == one.warning


def test_no_fault_hides_another() -> None:
    content, edits = everything()
    problems = check(content, against(PERSON), rounds=0).problems
    missed = [one.name for one in edits if not any(_tells(one, each.code, each.message) for each in problems)]
    assert len(edits) >= 50
    assert missed == []


def _tells(one: Broken, code: str, message: str) -> bool:
    return code == one.code and one.told in message and one.where in message


SMALL = [edition for edition in EDITIONS if edition.form.id in {PERSON, PLAN, "cong-van", "mau-2a-2025", "ke-hoach"}]


@pytest.mark.parametrize("edition", SMALL, ids=name_of)
def test_a_template_that_was_only_given_out_has_no_fault(edition: Edition) -> None:
    held = against(edition.form.id, edition.layout)
    checked = check(editable(held.original or b""), held, rounds=0)
    assert checked.problems == ()
    assert checked.template is not None
    assert checked.template.gear == "TEXT"


def test_a_commented_copy_shows_each_fault_at_its_paragraph_and_may_be_checked_again() -> None:
    parts = package.parts(editable(against(PERSON).original or b""))
    text("{{ ho_tn }}", "{% if co.don_vi %}")(parts)
    given = zipped(parts)
    first = check(given, against(PERSON), rounds=0)
    copy = commented(given, first)
    document = docx.Document(io.BytesIO(copy))
    remarks = [comment.text for comment in document.comments]
    assert len(remarks) == len(first.problems) == 2
    assert "Có phải là «ho_ten»" in remarks[0]
    marked = [each.text for each in document.paragraphs if each._p.xpath(".//w:commentReference")]
    assert marked == ["{{ ho_tn }}", "{% if co.don_vi %}"]
    again = check(copy, against(PERSON), rounds=0)
    assert [each.message for each in again.problems] == [each.message for each in first.problems]
    assert again.content is not None
    assert b'"docgen"' not in package.parts(again.content)[COMMENTS]


NO_TEMPLATES = {
    "pdf": (b"%PDF-1.7", "package-pdf"),
    "empty": (b"", "package-empty"),
    "old Word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "package-doc"),
    "cut off": ((against(PERSON).original or b"")[:3000], "package-damaged"),
}


@pytest.mark.parametrize("name", NO_TEMPLATES)
def test_what_is_no_word_file_is_named(name: str) -> None:
    content, code = NO_TEMPLATES[name]
    checked = check(content, against(PERSON))
    assert [problem.code for problem in checked.problems] == [code]
    assert checked.content is None
    assert not checked.sound
