"""The drawn templates: as committed, the same every time, every field in its tagged place, pages as the layout says."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

from docgen.papers import library
from docgen.papers.drawing import draw
from docgen.rules.layouts import layout
from docgen.word import package
from docgen.word.controls import ROW_INDEX
from tests.gate.parts import W, child_val, elements, parse, read_parts, text_trees, val
from tests.gate.sound import assert_quick
from tests.papers.specimens import EDITIONS, FORMS, Edition, as_text, blank, control_texts, name_of, rendered, said

if TYPE_CHECKING:
    from docgen.papers.form import Form

DOCUMENT = "word/document.xml"
PROPERTIES = "{http://schemas.openxmlformats.org/officeDocument/2006/custom-properties}"
MANY_ROWS = 300


def drawn(edition: Edition) -> bytes:
    return draw(edition.form, layout(edition.layout))


@pytest.mark.parametrize("edition", EDITIONS, ids=name_of)
def test_the_template_in_the_folder_is_what_is_drawn(edition: Edition) -> None:
    kept = library.template(edition.form, edition.layout)
    assert kept == drawn(edition), "draw the templates again: python -m docgen.papers.drawing (or make templates)"


@pytest.mark.parametrize("edition", EDITIONS, ids=name_of)
def test_drawing_twice_gives_the_same_bytes(edition: Edition) -> None:
    assert drawn(edition) == drawn(edition)


def marked(form: Form, name: str) -> set[str | None]:
    """The columns of a list of which a table shows marks only: one column of the table for each option."""
    tables = [block for block in form.body if block.block == "table" and block.field == name]
    return {column.field for block in tables for column in block.columns if column.option is not None}


def expected_tags(form: Form) -> set[str]:
    """A tag for every field, every column, every option of a choice that is ticked; conditions have no place."""
    found: set[str] = set()
    tables = {block.field for block in form.body if block.block == "table"}
    ticked = {block.field: block for block in form.body if block.block == "ticks"}
    for field in form.fields.values():
        if field.type == "list":
            elsewhere = {field.group_by, *field.sort} | marked(form, field.name)
            found |= {f"{field.name}.{column}" for column in field.columns if column not in elsewhere}
            found |= {field.name} & tables
        elif field.name in ticked:
            found |= {f"{field.name}.{option}" for option in ("xuat_sac", "tot")}
        elif field.type != "yes_no":
            found.add(field.name)
    return found


@pytest.mark.parametrize("edition", EDITIONS, ids=name_of)
def test_every_field_has_a_control_that_bears_its_path(edition: Edition) -> None:
    tags = set(control_texts(library.template(edition.form, edition.layout)))
    assert expected_tags(edition.form) - tags == set()
    known = set(edition.form.fields)
    assert {tag.partition(".")[0] for tag in tags} <= known


@pytest.mark.parametrize("edition", EDITIONS, ids=name_of)
def test_every_control_has_the_short_label_and_stands_in_a_bookmark(edition: Edition) -> None:
    root = parse(read_parts(library.template(edition.form, edition.layout))[DOCUMENT])
    names = Counter(bookmark_path(val(mark, "name") or "") for mark in elements(root, "bookmarkStart"))
    for control in elements(root, "sdt"):
        tag, alias = (child_val(control, f"sdtPr/{name}") or "" for name in ("tag", "alias"))
        assert 0 < len(alias) <= 64
        assert names[tag.replace(".", "_")], tag
        top = edition.form.fields[tag.partition(".")[0]]
        if tag == top.name:
            assert alias == top.title.rstrip(" :.")


def bookmark_path(name: str) -> str:
    """The path of a slot, with `_` for its dots, from the name of its bookmark."""
    return re.sub(r"__\d+$", "", name.replace(f"_{ROW_INDEX}", ""))


def with_rows(form: Form, count: int) -> dict[str, Any]:
    """The sample with lists of this many rows, each row with its own words."""
    sample = library.sample(form)
    for field in form.fields.values():
        if field.type == "list":
            rows = sample.get(field.name) or [{name: "1" for name, column in field.columns.items() if column.required}]
            sample[field.name] = [
                {
                    name: f"{value} ({number + 1})" if field.columns[name].type == "text" else value
                    for name, value in rows[number % len(rows)].items()
                }
                for number in range(count)
            ]
    return sample


LISTED = [edition for edition in EDITIONS if any(field.type == "list" for field in edition.form.fields.values())]


@pytest.mark.parametrize("count", [1, 3, MANY_ROWS])
@pytest.mark.parametrize("edition", LISTED, ids=name_of)
def test_any_number_of_rows_gives_unique_ids_and_names(edition: Edition, count: int) -> None:
    values = with_rows(edition.form, count)
    docx = rendered(edition, values)
    assert_quick(docx, said(edition.form, values))
    found = control_texts(docx)
    for field in edition.form.fields.values():
        tags = [f"{field.name}.{column}" for column in as_text(edition.form, field)]
        assert all(len(found[tag]) % count == 0 for tag in tags if tag in found)


@pytest.mark.parametrize("edition", EDITIONS, ids=name_of)
def test_bookmarks_start_and_end_inside_paragraphs(edition: Edition) -> None:
    for docx in (rendered(edition, values) for values in (library.sample(edition.form), blank(edition.form))):
        root = parse(read_parts(docx)[DOCUMENT])
        marks = list(root.iter(W + "bookmarkStart", W + "bookmarkEnd"))
        assert len(marks) > 10
        assert [val(mark, "name") for mark in marks if paragraph_of(mark) is None] == []


def paragraph_of(mark: etree._Element) -> etree._Element | None:
    return next((each for each in mark.iterancestors() if each.tag == W + "p"), None)


@pytest.mark.parametrize("edition", EDITIONS, ids=name_of)
def test_a_blank_form_has_no_empty_control_and_no_none(edition: Edition) -> None:
    docx = rendered(edition, blank(edition.form))
    empty = [tag for tag, texts in control_texts(docx).items() for text in texts if not text]
    assert empty == []


@pytest.mark.parametrize("edition", EDITIONS, ids=name_of)
def test_the_page_is_the_layouts(edition: Edition) -> None:
    page = layout(edition.layout).page
    root = parse(read_parts(library.template(edition.form, edition.layout))[DOCUMENT])
    sectioned = any(block.block == "section" for block in edition.form.body)
    for section in elements(root, "sectPr"):
        size, margins = section.find(W + "pgSz"), section.find(W + "pgMar")
        sheet = (page.width, page.height)
        across = val(size, "orient") == "landscape"
        assert across == (edition.form.orientation == "landscape") or sectioned
        assert [_mm(val(size, side)) for side in ("w", "h")] == [round(x) for x in (sheet[::-1] if across else sheet)]
        around = (page.top, page.bottom, page.left, page.right)
        assert [_mm(val(margins, side)) for side in ("top", "bottom", "left", "right")] == [round(x) for x in around]
        assert section.find(W + "titlePg") is not None
        assert [val(each, "type") for each in elements(section, "headerReference")] == ["default"]


def _mm(twips: str | None) -> int:
    return round(int(twips or 0) * 25.4 / 1440)


@pytest.mark.parametrize("edition", EDITIONS, ids=name_of)
def test_a_document_says_which_form_edition_layout_and_template_made_it(edition: Edition) -> None:
    parts = read_parts(rendered(edition, library.sample(edition.form)))
    told = {
        each.get("name"): each[0].text for each in parse(parts["docProps/custom.xml"]).iter(PROPERTIES + "property")
    }
    assert told == {
        "docgen.form": edition.form.id,
        "docgen.edition": edition.form.edition,
        "docgen.layout": edition.layout,
        "docgen.template": package.content_hash(library.template(edition.form, edition.layout)),
    }


@pytest.mark.parametrize("edition", EDITIONS, ids=name_of)
def test_properties_name_the_paper_and_no_machine_or_person(edition: Edition) -> None:
    core = parse(read_parts(library.template(edition.form, edition.layout))["docProps/core.xml"])
    told = {etree.QName(each).localname: each.text for each in core}
    assert told == {
        "title": edition.form.title,
        "subject": edition.form.code or edition.form.title,
        "creator": None,
        "language": "vi-VN",
    }


def test_the_parts_that_templates_share_are_text_of_no_machine() -> None:
    for form in FORMS:
        parts = read_parts(library.template(form, form.layouts[0]))
        assert len(parts) == 10
        assert not any(b"/home/" in part or b"Administrator" in part or b"python" in part for part in parts.values())
        assert list(text_trees(library.template(form, form.layouts[0]))) == [DOCUMENT, "word/header1.xml"]
