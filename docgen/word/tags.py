"""The tags of one paragraph, as its author typed them: found, classified, and checked one by one.

docxtpl and Jinja stop at the first fault and name no place. Here each tag is read on its own, before either of them
sees the text, so that every fault of a template is told at once, with the tag and what to write instead.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from jinja2 import TemplateSyntaxError, nodes

from docgen.errors import shown
from docgen.word.allowed import DEEPEST, faults, path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docgen.word.language import Language

Scope = Literal["", "p", "tr", "tc", "r"]
"""What docxtpl removes around a tag: nothing, its paragraph, its table row, its table cell, its run."""

LONGEST_TAG = 300
SCOPE_ELEMENTS = {"p": "đoạn", "tr": "dòng của bảng", "tc": "ô của bảng", "r": "cụm chữ"}
CELL_WORDS = frozenset({"vm", "hm", "cellbg", "colspan"})
"""docxtpl's own words for the table cell that they stand in."""

_OPENING = re.compile(r"\{[{%#]")
_CLOSERS = {"{{": "}}", "{%": "%}", "{#": "#}"}
_SCOPED = re.compile(r"(p|tr|tc|r) (.*)", re.DOTALL)
_STRAY_CLOSER = re.compile(r"[}%#]\}")
_DOCXTPL_ESCAPE = re.compile(r"\{_[{%]|[}%]_\}")
_INVISIBLE = re.compile("[\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_QUOTES = str.maketrans("“”‘’", "\"\"''")
_FIRST_WORD = re.compile(r"\s*(\w*)")
_LOOKS_LIKE_FIELD = re.compile(r"«\s*\w+\s*»|\[\s*[A-Za-z]\w*_\w+\s*\]|\{\s*[A-Za-z]\w*\s*\}")
_SPACED_NAME = re.compile(r"\s*\w+(?:[ \-–]+\w+)+\s*")
_CONTROL_WORDS = "if, elif, else, endif, for, endfor"


class TagFault(NamedTuple):
    """What is wrong with a tag (or with a brace that is no tag)."""

    tag: str
    code: str
    what: str
    cure: str


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: where it stands in its paragraph's text, what docxtpl removes around it, and what it says."""

    start: int
    text: str
    kind: Literal["value", "block", "comment"]
    scope: Scope
    inner: str

    @property
    def word(self) -> str:
        """The first word of a block tag (`if`, `endfor`, `vm`…), `""` for other tags."""
        found = _FIRST_WORD.match(self.inner)
        return found[1] if found and self.kind == "block" else ""


class Scan(NamedTuple):
    """What a paragraph holds."""

    tags: list[Tag]
    faults: list[TagFault]
    suspects: list[str]
    """Texts that look like a field of another program and will be printed as they are."""


def scan(text: str) -> Scan:
    """The tags of a paragraph's text, and the braces that are no tags."""
    found = Scan([], [], [])
    at = 0
    while opening := _OPENING.search(text, at):
        _read_rest(text[at : opening.start()], found)
        end = text.find(_CLOSERS[opening[0]], opening.end())
        another = _OPENING.search(text, opening.end())
        if end < 0 or (another and another.start() < end):
            cut = another.start() if another else len(text)
            cure = f"Hãy viết đủ «{_CLOSERS[opening[0]]}» trong cùng một đoạn."
            shown_tag = text[opening.start() : cut]
            found.faults.append(TagFault(shown_tag, "tag-unclosed", "thiếu dấu đóng.", cure))
            at = cut
        else:
            found.tags.append(_tag(opening.start(), text[opening.start() : end + 2]))
            at = end + 2
    _read_rest(text[at:], found)
    return found


def tag_faults(tag: Tag, loops: int, language: Language) -> Iterator[TagFault]:
    """Everything wrong in one tag, `loops` being the loops around it."""
    if tag.kind == "comment":
        return
    if invisible := _INVISIBLE.search(tag.text):
        what = f"có ký tự không nhìn thấy (U+{ord(invisible[0]):04X})."
        yield TagFault(tag.text, "tag-invisible-character", what, "Hãy xóa cả thẻ rồi gõ lại.")
    elif len(tag.text) > LONGEST_TAG:
        yield TagFault(tag.text, "tag-too-long", f"dài quá {LONGEST_TAG} ký tự.", "Hãy viết ngắn hơn.")
    elif tag.inner[:1] in {"-", "+"} or tag.inner[-1:] in {"-", "+"}:
        yield TagFault(tag.text, "tag-forbidden", "dấu - hoặc + ở đầu, cuối thẻ làm nhập đoạn.", "Hãy bỏ dấu đó.")
    elif tag.kind == "value" and tag.scope:
        cure = f"Hãy viết «{{{{ {tag.inner.strip() or tag.scope} }}}}», có dấu cách sau «{{{{»."
        yield TagFault(tag.text, "tag-forbidden", f"không dùng chữ «{tag.scope}» liền sau dấu mở.", cure)
    elif tag.scope and re.search("[%}]", tag.inner):
        yield TagFault(tag.text, "tag-forbidden", "không được có dấu % hoặc } bên trong.", "Hãy viết cách khác.")
    else:
        source = _as_source(tag)
        yield from _source_faults(tag, source, loops, language) if source else _word_faults(tag)


def block_faults(tags: list[Tag]) -> Iterator[tuple[int, TagFault]]:
    """What does not match among `if`, `for` and their ends: the tag's number in the list, and the fault."""
    opened: list[tuple[int, str]] = []
    ends = {"endif": "if", "endfor": "for", "else": "if", "elif": "if"}
    for number, tag in enumerate(tags):
        if tag.word in {"if", "for"}:
            opened.append((number, tag.word))
            if len(opened) == DEEPEST + 1:
                what = f"nằm quá {DEEPEST} tầng if, for lồng nhau."
                yield number, TagFault(tag.text, "tag-too-deep", what, "Hãy tách bớt.")
        elif tag.word in ends:
            if not opened or opened[-1][1] != ends[tag.word]:
                what = f"không có thẻ {ends[tag.word]} đang mở đứng trước."
                cure = "Hãy xóa thẻ thừa, hoặc đóng các thẻ theo đúng thứ tự ngược lại."
                yield number, TagFault(tag.text, "tag-unopened", what, cure)
            elif tag.word.startswith("end"):
                opened.pop()
    for number, word in opened:
        cure = f"Hãy thêm {{% end{word} %}} vào cuối phần lặp hoặc phần điều kiện."
        yield number, TagFault(tags[number].text, "tag-unclosed", f"thiếu thẻ end{word}.", cure)


def loops_around(tags: list[Tag]) -> list[int]:
    """For each tag, how many loops are open where it stands."""
    around, depth = [], 0
    for tag in tags:
        depth -= tag.word == "endfor"
        around.append(max(depth, 0))
        depth += tag.word == "for"
    return around


class Spoken(NamedTuple):
    """What a tag says, for whoever knows the names."""

    names: tuple[str, ...]
    """The names that it uses, with their parts (`dong.ho_ten`); none where it cannot be read."""
    row: str = ""
    """For a `for`: the name that it gives to each row."""


def spoken(tag: Tag, language: Language) -> Spoken:
    """The names in one tag; what is wrong with the tag itself is told by `tag_faults`."""
    source = "" if tag.kind == "comment" else _as_source(tag)
    try:
        tree = language.parse(source)
    except (TemplateSyntaxError, RecursionError, ValueError, OverflowError):
        return Spoken(())
    loop = tree.find(nodes.For)
    if loop is not None:
        return Spoken(tuple(filter(None, [path(loop.iter)])), path(loop.target))
    found = [path(each) for each in tree.find_all((nodes.Getattr, nodes.Name))]
    # A dotted name holds its beginnings: of a.b.c, a.b and a only the longest is meant.
    longest = [each for each in found if each and not any(other.startswith(f"{each}.") for other in found)]
    return Spoken(tuple(dict.fromkeys(longest)))


def _tag(start: int, text: str) -> Tag:
    kind: Literal["value", "block", "comment"] = {"{": "value", "%": "block", "#": "comment"}[text[1]]  # type: ignore[assignment]
    inner = text[2:-2]
    scoped = _SCOPED.match(inner)
    scope: Scope = scoped[1] if scoped else ""  # type: ignore[assignment]
    return Tag(start, text, kind, scope, (scoped[2] if scoped else inner).translate(_QUOTES))


def _read_rest(text: str, found: Scan) -> None:
    """Text between tags: docxtpl glues braces together over paragraph ends, so none may stand at an edge."""
    if stray := _STRAY_CLOSER.search(text):
        found.faults.append(TagFault(stray[0], "tag-unopened", "thiếu dấu mở ở trước.", "Hãy viết đủ cả thẻ."))
    elif escaped := _DOCXTPL_ESCAPE.search(text):
        found.faults.append(TagFault(escaped[0], "tag-forbidden", "là ký hiệu dành riêng.", "Hãy bỏ ký hiệu đó."))
    elif text.endswith("{") or text.startswith("}"):
        found.faults.append(TagFault(text.strip(), "tag-stray-brace", "có dấu ngoặc nhọn lẻ.", "Hãy bỏ dấu đó."))
    found.suspects.extend(suspect[0] for suspect in _LOOKS_LIKE_FIELD.finditer(text))


def _as_source(tag: Tag) -> str:
    """The tag as a complete Jinja source that says the same, `""` for a tag that has nothing to parse."""
    if tag.kind == "value":
        return "{{" + tag.inner + "}}"
    rest = tag.inner.strip().removeprefix(tag.word).strip()
    if tag.word in {"if", "elif"}:
        return "{% if " + rest + " %}{% endif %}"
    if tag.word == "for":
        return "{% for " + rest + " %}{% endfor %}"
    return "{{" + rest + "}}" if tag.word in {"cellbg", "colspan"} else ""


def _word_faults(tag: Tag) -> Iterator[TagFault]:
    if tag.word in {"else", "endif", "endfor", "vm", "hm"}:
        if tag.inner.strip() != tag.word:
            yield TagFault(tag.text, "tag-syntax", f"không viết gì sau «{tag.word}».", f"Hãy viết {{% {tag.word} %}}.")
        return
    cure = f"Các thẻ được dùng: {_CONTROL_WORDS}."
    if tag.word in SCOPE_ELEMENTS:
        cure = f"Hãy viết liền: {{%{tag.word} …%}}."
    yield TagFault(tag.text, "tag-unknown", f"không có thẻ {shown(tag.word)}, hoặc thẻ không được phép.", cure)


def _source_faults(tag: Tag, source: str, loops: int, language: Language) -> Iterator[TagFault]:
    try:
        found = faults(language.parse(source), loops)
    except (TemplateSyntaxError, RecursionError, ValueError, OverflowError):
        yield TagFault(tag.text, "tag-syntax", "viết chưa đúng.", _hint(tag))
        return
    for fault in found:
        cure = _hint(tag) if _SPACED_NAME.fullmatch(tag.inner) else fault.cure
        yield TagFault(tag.text, fault.code, fault.what[:1].lower() + fault.what[1:], cure)


def _hint(tag: Tag) -> str:
    if tag.kind == "value" and _SPACED_NAME.fullmatch(tag.inner):
        return f"Tên trường viết liền, không dấu; có phải là «{_field_name(tag.inner)}»?"
    return "Ví dụ đúng: {{ ho_ten }}, {% if co_khuyet_diem %}, {% for dong in danh_sach %}."


def _field_name(text: str) -> str:
    spread = unicodedata.normalize("NFD", text.strip().replace("đ", "d").replace("Đ", "D"))
    bare = "".join(letter for letter in spread if not unicodedata.combining(letter))
    return re.sub(r"\W+", "_", bare).lower()
