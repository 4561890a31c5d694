"""A plain Word form becomes a template: its blanks become tags, and a `form.toml` describes the fields proposed.

Dotted lines, dates, boxes, empty cells beside a label, rows to be written on: what is recognised is proposed, all else
stays as it is printed. Nobody but a person knows whether a proposal is right: names and labels are to be corrected.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from lxml import etree

from docgen.errors import FormError
from docgen.files import not_written, write_whole
from docgen.papers.form import RESERVED, SHORT_LABEL
from docgen.templates.blanks import TAB, blanks, is_dotted_line, label_of
from docgen.viet.names import search_key
from docgen.word import package
from docgen.word.lint import W, parse
from docgen.word.row_marks import DOCUMENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from lxml.etree import _Element

_LONGEST_NAME, _LONGEST_LABEL = 30, 200
_LIST_ROWS = 2
"""From so many empty rows below a heading on, a table is a list."""
_KEPT_NAMES = RESERVED | {"nam"}
"""Names that mean something to templates and families (`nam` is the year reviewed, not a man)."""
_ROW_NUMBER = frozenset({"tt", "stt", "so tt", "so thu tu"})
_SIGNS = {W + "tab": TAB, W + "br": "\n", W + "cr": "\n"}
_PIECES = (W + "t", *_SIGNS)


class Proposal(NamedTuple):
    """A field that is proposed: its name, label, entry type (as `form.toml` has it), and more of its entry."""

    name: str
    label: str
    kind: str
    more: str = ""
    columns: tuple[Proposal, ...] = ()


FILES = ("template.docx", "form.toml")
"""What a new paper's folder holds."""


@dataclass(slots=True)
class Started:
    """The tagged copy and the description of its form."""

    docx: bytes
    form_toml: str
    fields: tuple[Proposal, ...]


@dataclass(slots=True)
class _Names:
    """Gives every field a name of its own."""

    taken: set[str] = field(default_factory=set)

    def new(self, label: str) -> str:
        words = "".join(
            letter if letter.isascii() and letter.isalnum() else " " for letter in search_key(label)
        ).split()
        stem = ""
        for word in words or ["muc"]:
            if stem and len(stem) + len(word) >= _LONGEST_NAME:
                break
            stem = f"{stem}_{word}" if stem else word
        stem = stem[:_LONGEST_NAME] if stem[:1].isalpha() else f"muc_{stem}"[:_LONGEST_NAME]
        stem = f"muc_{stem}" if stem in _KEPT_NAMES else stem
        tries = [stem, *(f"{stem}_{number}" for number in range(2, len(self.taken) + 3))]
        name = next(each for each in tries if each not in self.taken)
        self.taken.add(name)
        return name


def start(docx: bytes, *, form_id: str, title: str, day: date) -> Started:
    """Propose a template.

    Args:
        docx: a plain Word form.
        form_id: the id of the new paper, small letters, digits and dashes.
        title: what the paper is called.
        day: since when it is used.

    Raises:
        FormError: no Word file; it has tags already; nothing in it looks like a field.
    """
    parts = package.read(docx)
    root = parse(parts[DOCUMENT], DOCUMENT)
    if any("{{" in text or "{%" in text for text in map(_text, root.iter(W + "p"))):
        cure = "Soát nó bằng docgen template check; lệnh start dành cho tệp chưa có thẻ."
        raise FormError.of("start-has-tags", "Tệp đã có thẻ {{ }} hoặc {% %}.", cure)
    found = list(_proposed(root, _Names()))
    if not found:
        what = "Không thấy chỗ nào giống ô để điền (dòng chấm, ô đánh dấu, ô trống cạnh nhãn, bảng trống)."
        raise FormError.of("start-nothing", what, "Thêm dòng chấm sau nhãn, ví dụ «Họ và tên: …………», rồi làm lại.")
    content = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    tagged = package.write(package.pack(name, each) for name, each in {**parts, DOCUMENT: content}.items())
    return Started(tagged, described(found, form_id=form_id, title=title, day=day), tuple(found))


def id_of(written: str) -> str:
    """The id of a paper from a name that somebody has given: small letters, digits and dashes."""
    letters = (letter if letter.isascii() and letter.isalnum() else " " for letter in search_key(written))
    return "-".join("".join(letters).split()) or "mau-rieng"


def write(started: Started, folder: Path) -> None:
    """Put the proposal into a new folder.

    Raises:
        OutputError: `target-not-written`.
    """
    contents = (started.docx, started.form_toml.encode())
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise not_written(folder, error) from error
    for name, content in zip(FILES, contents, strict=True):
        write_whole(folder / name, content)


def _proposed(root: _Element, names: _Names) -> Iterator[Proposal]:
    """Every field in the order of the page; the document is tagged on the way."""
    done: set[_Element] = set()
    for element in list(root.iter(W + "p", W + "tbl")):
        if element in done or element.getparent() is None:
            continue
        if element.tag == W + "tbl":
            yield from _of_table(element, names, done)
        elif is_dotted_line(_text(element)):
            yield from _of_dotted_lines(element, names, done)
        else:
            yield from _of_line(element, names)


def _of_line(paragraph: _Element, names: _Names) -> Iterator[Proposal]:
    text = _text(paragraph)
    if TAB in text and not _dotted_tabs(paragraph):
        text = text.replace(TAB, " ")
    named = [(blank, names.new(blank.label)) for blank in blanks(text)]
    for blank, name in reversed(named):
        tag = f"{{{{ {name} }}}}"
        if blank.kind == "yes_no":
            tag = f"{{% if co.{name} %}}☒{{% else %}}☐{{% endif %}}"
        elif text[blank.end - 1 : blank.end] == TAB:
            tag = f" {tag}"
        _write(paragraph, blank.start, blank.end, tag)
    for blank, name in named:
        kind, more = ("date", 'format = "long"') if blank.kind == "long_date" else (blank.kind, "")
        yield Proposal(name, blank.label, kind, more or (f"dots = {blank.dots}" if kind in {"text", "name"} else ""))


def _of_dotted_lines(first: _Element, names: _Names, done: set[_Element]) -> Iterator[Proposal]:
    """Lines to write on, below a label: one answer of several paragraphs; without a label they stay.

    Below a line that is a field already they go on with it: what is printed there takes as many lines as it needs.
    """
    lines = [first]
    while (following := _next_paragraph(lines[-1])) is not None and is_dotted_line(_text(following)):
        lines.append(following)
    done.update(lines)
    before = first.getprevious()
    said = _text(before).rstrip() if before is not None and before.tag == W + "p" else ""
    if said.endswith("}}"):
        for line in lines:
            _remove(line)
    label = label_of(said)
    if not label or "{{" in label:
        return
    name = names.new(label)
    first.addprevious(_command(f"{{%p for doan in {name} %}}"))
    first.addnext(_command("{%p endfor %}"))
    _write(first, 0, len(_text(first)), "{{ doan }}")
    for line in lines[1:]:
        _remove(line)
    yield Proposal(name, label[:_LONGEST_LABEL], "paragraphs", f"lines = {min(len(lines), 30)}")


def _of_table(table: _Element, names: _Names, done: set[_Element]) -> Iterator[Proposal]:
    rows = [(row, [_text_of_cell(cell) for cell in row.findall(W + "tc")]) for row in table.findall(W + "tr")]
    if listed := _list_rows(rows):
        heading, empty = listed
        yield from _of_list(rows[heading][1], [rows[number][0] for number in empty], names)
        done.update(table.iter(W + "p"))
        return
    for row, texts in rows:
        for number, cell in enumerate(row.findall(W + "tc")[1:], start=1):
            label = label_of(texts[number - 1])
            paragraph = cell.find(W + "p")
            if (
                label
                and label != label.upper()
                and not texts[number].strip()
                and paragraph is not None
                and not blanks(texts[number - 1])
            ):
                name = names.new(label)
                _append(paragraph, f"{{{{ {name} }}}}")
                done.add(paragraph)
                kind = next((blank.kind for blank in blanks(f"{label}: ……")), "text")
                yield Proposal(name, label[:_LONGEST_LABEL], kind)


def _list_rows(rows: Sequence[tuple[_Element, list[str]]]) -> tuple[int, list[int]] | None:
    """The number of the heading row and of the empty rows right below it, where there are enough of them."""
    for number, (_, texts) in enumerate(rows):
        below = []
        for following in range(number + 1, len(rows)):
            if len(rows[following][1]) != len(texts) or not _is_empty(rows[following][1]):
                break
            below.append(following)
        if len(texts) > 1 and all(text.strip() for text in texts) and len(below) >= _LIST_ROWS:
            return number, below
    return None


def _is_empty(texts: Sequence[str]) -> bool:
    """Whether a row is there to be written on: nothing in it but its number, or dots."""
    return all(
        not text.strip(" .…_") or (number == 0 and text.strip(" .").isdigit()) for number, text in enumerate(texts)
    )


def _of_list(headings: Sequence[str], rows: Sequence[_Element], names: _Names) -> Iterator[Proposal]:
    inside = _Names()
    columns: list[Proposal] = []
    for heading, cell in zip(headings, rows[0].findall(W + "tc"), strict=True):
        paragraph = cell.find(W + "p")
        if paragraph is None:
            continue
        _write(paragraph, 0, len(_text(paragraph)), "")
        label = label_of(heading)
        if search_key(label) in _ROW_NUMBER:
            _append(paragraph, "{{ dong.stt }}")
            continue
        kind = next((blank.kind for blank in blanks(f"{label}: ……")), "text")
        columns.append(Proposal(inside.new(label), label[:_LONGEST_LABEL], kind))
        _append(paragraph, f"{{{{ dong.{columns[-1].name} }}}}")
    if not columns:
        return
    name = names.new("danh_sach")
    rows[0].addprevious(_tag_row(rows[0], f"{{%tr for dong in {name} %}}"))
    rows[0].addnext(_tag_row(rows[0], "{%tr endfor %}"))
    for row in rows[1:]:
        _remove(row)
    label = f"Danh sách ({', '.join(column.label for column in columns)})"
    yield Proposal(name, label[:_LONGEST_LABEL], "list", f"blank_rows = {len(rows)}", tuple(columns))


def _tag_row(like: _Element, tag: str) -> _Element:
    """A row with as many cells that holds nothing but the tag."""
    made = OxmlElement("w:tr")
    for number, cell in enumerate(like.findall(W + "tc")):
        new = OxmlElement("w:tc")
        properties = cell.find(W + "tcPr")
        if properties is not None:
            new.append(etree.fromstring(etree.tostring(properties)))
        new.append(_command(tag if number == 0 else ""))
        made.append(new)
    return made


def _command(tag: str) -> _Element:
    made = OxmlElement("w:p")
    if tag:
        _append(made, tag)
    return made


def _append(paragraph: _Element, text: str) -> None:
    """A run at the end of the paragraph, that looks as its mark does."""
    run, words = OxmlElement("w:r"), OxmlElement("w:t")
    look = paragraph.find(f"{W}pPr/{W}rPr")
    if look is not None:
        run.append(etree.fromstring(etree.tostring(look)))
    words.text = text
    words.set(qn("xml:space"), "preserve")
    run.append(words)
    paragraph.append(run)


def _write(paragraph: _Element, start_: int, end: int, text: str) -> None:
    """Put the text in the place of a stretch of the paragraph, in the look of the stretch's first letter."""
    at, written = 0, False
    for piece in _pieces(paragraph):
        old = _said(piece)
        first, last = max(start_ - at, 0), min(end - at, len(old))
        at += len(old)
        if first >= last:
            continue
        new = old[:first] + ("" if written else text) + old[last:]
        written = True
        if piece.tag != W + "t":
            piece.tag = W + "t"
        piece.text = new
        piece.set(qn("xml:space"), "preserve")


def _pieces(paragraph: _Element) -> list[_Element]:
    """The texts and tabs of a paragraph's own runs (tab stops are no tabs)."""
    return [
        each
        for each in paragraph.iter(*_PIECES)
        if next(each.iterancestors(W + "p")) is paragraph and next(each.iterancestors(W + "tabs"), None) is None
    ]


def _text(paragraph: _Element) -> str:
    return "".join(map(_said, _pieces(paragraph)))


def _said(piece: _Element) -> str:
    return _SIGNS.get(str(piece.tag)) or piece.text or ""


def _text_of_cell(cell: _Element) -> str:
    return " ".join(_text(each) for each in cell.iter(W + "p"))


def _dotted_tabs(paragraph: _Element) -> bool:
    leaders = {each.get(W + "leader") for each in paragraph.iterfind(f"{W}pPr/{W}tabs/{W}tab")}
    return bool(leaders & {"dot", "underscore", "hyphen", "middleDot"})


def _next_paragraph(paragraph: _Element) -> _Element | None:
    following = paragraph.getnext()
    return following if following is not None and following.tag == W + "p" else None


def _remove(element: _Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def described(fields: Iterable[Proposal], *, form_id: str, title: str, day: date) -> str:
    """The `form.toml` of a paper with these fields."""
    known = list(fields)
    named = next((each.name for each in known if each.kind == "name"), "")
    head = [
        "# Bản đề xuất do docgen template start tạo từ tệp Word: hãy đọc lại và sửa nhãn, kiểu, mục bắt buộc.",
        '# type: text, name, date, year, integer, yes_no, paragraphs, list; bắt buộc thì thêm blank = "stop".',
        f"id = {_quoted(form_id)}",
        'edition = "1"',
        f"title = {_quoted(title)}",
        'summary = "Mẫu riêng của cơ quan."',
        'basis = ["Mẫu của cơ quan"]',
        f"valid_from = {day.isoformat()}",
        'layouts = ["bieu-mau"]',
        f"file_name = {_quoted(f'{{{named}}} - {form_id}' if named else form_id)}",
    ]
    source = ["", "[[provenance]]", 'part = "Toàn bộ mẫu"', 'status = "UNVERIFIED"', 'source = "Tệp Word của cơ quan"']
    entries = [line for each in known for line in _entry(each, "fields.")]
    return "\n".join([*head, *entries, *source]) + "\n"


def _entry(each: Proposal, path: str) -> Iterator[str]:
    yield ""
    yield f"[{path}{each.name}]"
    yield f"label = {_quoted(each.label)}"
    if len(each.label) > SHORT_LABEL:
        yield f"short = {_quoted(each.label[:SHORT_LABEL].rpartition(' ')[0] or each.label[:SHORT_LABEL])}"
    if each.kind != "text":
        yield f"type = {_quoted(each.kind)}"
    if each.more:
        yield each.more
    for column in each.columns:
        yield from _entry(column, f"{path}{each.name}.columns.")


def _quoted(text: str) -> str:
    """A TOML string; what JSON writes is one."""
    return json.dumps(text, ensure_ascii=False)
