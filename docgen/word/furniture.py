"""What a template rests on that may not be there: fonts, styles, numbering; and what should not be in it any more.

A font, style or numbering that is missing does not stop a document, it only looks otherwise than its author saw it.
Comments and tracked changes of an office would stand in every document made.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docgen.errors import Problem, shown
from docgen.word.lint import Flaw, Place, W, parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element

_LEGACY_FONT = re.compile(r"\.Vn|VNI[- ]|VN[A-Z]\w+ ?Times", re.IGNORECASE)
_FACES = ("ascii", "hAnsi", "cs", "eastAsia")
_SAME_WIDTHS = {
    "Times New Roman": {"Liberation Serif", "Tinos"},
    "Arial": {"Liberation Sans", "Arimo"},
    "Courier New": {"Liberation Mono", "Cousine"},
    "Calibri": {"Carlito"},
    "Cambria": {"Caladea"},
}
"""Fonts that print as another one does, letter for letter."""
_STYLES = (W + "pStyle", W + "rStyle", W + "tblStyle")
_REVISIONS = (W + "ins", W + "del", W + "moveFrom", W + "moveTo", W + "rPrChange", W + "pPrChange", W + "trPrChange")
_DOCUMENT = "word/document.xml"
_MORE_TEXT = re.compile(r"word/(styles|header|footer)\w*\.xml")


def fonts(parts: Mapping[str, bytes]) -> dict[str, Place]:
    """The fonts that the text and the styles name, and where each stands first."""
    found: dict[str, Place] = {}
    used = {each.get(W + "val") for each in parse(parts[_DOCUMENT], _DOCUMENT).iter(*_STYLES)}
    for name in (_DOCUMENT, *filter(_MORE_TEXT.fullmatch, parts)):
        root = parse(parts[name], name)
        numbers = _numbers(root)
        for each in root.iter(W + "rFonts"):
            style = next(each.iterancestors(W + "style"), None)
            if style is not None and not style.get(W + "default") and style.get(W + "styleId") not in used:
                continue
            for font in filter(None, (each.get(W + face) for face in _FACES)):
                found.setdefault(font, _place(each, numbers, name))
    return found


def font_flaws(parts: Mapping[str, bytes], known: frozenset[str], installed: frozenset[str] | None) -> Iterator[Flaw]:
    """Fonts of the old code pages, and fonts that this machine lacks.

    Args:
        parts: the template.
        known: fonts of the original template, of which nothing is told.
        installed: the fonts of this machine; None where nobody knows them.
    """
    for font, place in fonts(parts).items():
        if font in known:
            continue
        if _LEGACY_FONT.match(font):
            what = f"Phông {shown(font)} là phông bảng mã cũ (TCVN3, VNI): chữ điền vào sẽ sai."
            cure = "Hãy chọn đoạn đó, đổi sang Times New Roman; chữ gõ bằng bảng mã cũ thì gõ lại."
            yield _flaw(place, "font-legacy", what, cure)
        elif installed is not None and not {font, *_SAME_WIDTHS.get(font, ())} & installed:
            what = f"Máy này không có phông {shown(font)}: bản PDF tạo ở đây sẽ dùng phông khác."
            yield _flaw(place, "font-missing", what, "Hãy dùng Times New Roman, hoặc cài phông đó.", warning=True)


def reference_flaws(parts: Mapping[str, bytes]) -> Iterator[Flaw]:
    """Styles and numberings that the text uses and the file does not define, each once."""
    root = parse(parts[_DOCUMENT], _DOCUMENT)
    numbers = _numbers(root)
    styles = _defined(parts, "word/styles.xml", "style", "styleId")
    lists = _defined(parts, "word/numbering.xml", "num", "numId")
    told: set[str] = set()
    for each in root.iter(*_STYLES, W + "numId"):
        value = each.get(W + "val", "")
        kind, known = ("danh sách đánh số", lists | {"0"}) if each.tag == W + "numId" else ("kiểu", styles)
        if value not in known and f"{kind}{value}" not in told:
            told.add(f"{kind}{value}")
            what = f"Đoạn dùng {kind} {shown(value)} mà tệp không có: sẽ in theo kiểu thường."
            place = _place(each, numbers, _DOCUMENT)
            yield _flaw(place, "style-missing", what, "Hãy chọn lại kiểu hoặc cách đánh số cho đoạn đó.", warning=True)


def leftover_flaws(parts: Mapping[str, bytes]) -> Iterator[Flaw]:
    """Comments and tracked changes."""
    root = parse(parts[_DOCUMENT], _DOCUMENT)
    numbers = _numbers(root)
    changed = next(root.iter(*_REVISIONS), None)
    if changed is not None:
        what = "Tệp còn sửa đổi có theo dõi (track changes): mọi văn bản tạo ra sẽ mang theo."
        cure = "Trong Word chọn Review › Accept › Accept All Changes, rồi tắt Track Changes."
        yield _flaw(_place(changed, numbers, _DOCUMENT), "template-revisions", what, cure)
    comment = next(root.iter(W + "commentReference"), None)
    if comment is not None:
        what = "Tệp còn ghi chú (comment): mọi văn bản tạo ra sẽ mang theo."
        cure = "Trong Word chọn Review › Delete › Delete All Comments."
        yield _flaw(_place(comment, numbers, _DOCUMENT), "template-comments", what, cure)


def _defined(parts: Mapping[str, bytes], part: str, element: str, attribute: str) -> set[str]:
    if part not in parts:
        return set()
    return {each.get(W + attribute, "") for each in parse(parts[part], part).iter(W + element)}


def _numbers(root: _Element) -> dict[_Element, int]:
    return {each: number for number, each in enumerate(root.iter(W + "p"))}


def _place(element: _Element, numbers: Mapping[_Element, int], part: str) -> Place:
    paragraph = next(element.iterancestors(W + "p"), None)
    label = {_DOCUMENT: "Thân văn bản", "word/styles.xml": "Kiểu (styles)"}.get(part, "Đầu trang, chân trang")
    if paragraph is None:
        return Place(label, "", "", part)
    text = "".join(each.text or "" for each in paragraph.iter(W + "t"))
    return Place(label, text, "", part, numbers.get(paragraph, -1))


def _flaw(place: Place, code: str, what: str, cure: str, *, warning: bool = False) -> Flaw:
    problem = Problem(
        code=code, what=what, cure=cure, severity="warning" if warning else "error", part=place.part,
        paragraph=place.paragraph or None,
    )  # fmt: skip
    return Flaw(problem, place)
