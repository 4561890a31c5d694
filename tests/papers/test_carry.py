"""What a new paper takes over from another one, and what it leaves open; a record as plain values and back."""

from __future__ import annotations

from typing import Any

import pytest

from docgen.errors import DataError
from docgen.generate import check
from docgen.papers.carry import Carried, carry, source_of, sources
from docgen.papers.library import catalogue, form, sample
from docgen.papers.plain import plain
from docgen.papers.record import record
from docgen.papers.words import words

PAIRS = [(source, target.id) for target in catalogue() for source in sources(target) if source != "tally"]


def begun(source: str, target: str) -> Carried:
    return carry(source, plain(record(form(source), sample(form(source)))), form(target))


@pytest.mark.parametrize("name", [each.id for each in catalogue()])
def test_a_record_as_plain_values_reads_back_the_same(name: str) -> None:
    given = record(form(name), sample(form(name)))
    again = record(form(name), plain(given))
    assert words(again) == words(given)
    assert again.warnings == ()


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_what_is_carried_can_be_read_and_the_rest_is_told(source: str, target: str) -> None:
    started = begun(source, target)
    assert started.values
    required = {name for name, field in form(target).fields.items() if field.required}
    told = {problem.field for problem in started.open_fields}
    assert required - set(started.values) <= told
    assert {problem.code for problem in check(target, started.values)} <= {"required", *rules(target)}


def rules(target: str) -> set[str]:
    """The rules of a paper: a record that is only begun may still break them."""
    return {each.rule for each in form(target).checks}


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_nothing_is_invented(source: str, target: str) -> None:
    """Every text carried stands in the source, word for word, but for the printed words of a paragraph's pattern."""
    given = "\n".join(texts(plain(record(form(source), sample(form(source))))))
    entries = [entry for entry in form(target).carry if source in entry.source]
    patterned = {name for entry in entries for name in entry.paragraphs}
    for name, value in begun(source, target).values.items():
        if name not in patterned:
            for text in texts(value):
                assert text in given, name


def texts(value: Any) -> list[str]:
    match value:
        case dict():
            return [text for each in value.values() for text in texts(each)]
        case list():
            return [text for each in value for text in texts(each)]
        case None:
            return []
        case _:
            return [str(value)]


def test_a_prompt_becomes_an_explanation_issue_by_issue() -> None:
    prompt = sample(form("goi-y-kiem-diem-ca-nhan"))["goi_y"]
    rows = begun("goi-y-kiem-diem-ca-nhan", "bao-cao-giai-trinh").values["giai_trinh"]
    assert [(row["ma"], row["noi_dung"]) for row in rows] == [(row["ma"], row["noi_dung"]) for row in prompt]


def test_open_fields_of_rows_are_told_with_their_row() -> None:
    told = begun("goi-y-kiem-diem-ca-nhan", "bao-cao-giai-trinh").open_fields
    rows = [problem for problem in told if problem.field and problem.field.startswith("giai_trinh[2].")]
    assert rows
    assert all(problem.label and "dòng 2" in problem.label and problem.severity == "warning" for problem in rows)


def test_the_source_of_a_record_is_found_where_only_one_fits() -> None:
    target = form("bao-cao-giai-trinh")
    assert source_of(target, sample(form("goi-y-kiem-diem-ca-nhan"))) == "goi-y-kiem-diem-ca-nhan"
    assert source_of(form("bao-cao-ket-qua"), {"rules": "hd43-2025", "groups": [], "problems": []}) == "tally"


@pytest.mark.parametrize("given", [{}, {"la": "lạ"}, {"nam": "2025"}])
def test_a_record_of_nothing_known_is_refused_with_the_choices(given: dict[str, str]) -> None:
    with pytest.raises(DataError) as refused:
        source_of(form("bao-cao-giai-trinh"), given)
    assert refused.value.problems[0].code == "carry-source"
    assert "--from" in refused.value.problems[0].cure


def test_a_paper_that_starts_from_nothing_says_so() -> None:
    with pytest.raises(DataError, match="không nhận dữ liệu"):
        carry("mau-2b-2025", {}, form("cong-van"))
