"""What documents that are put together must not have alike: ids, names of bookmarks, relationships, lists.

The canonical text of a document is changed tag by tag; text between tags and attributes that are not named here stay
as they are, whatever they hold. What would print otherwise in the whole than alone is refused.
"""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING

from lxml import etree

from docgen.errors import FormError
from docgen.word.blank import W
from docgen.word.controls import NAME_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Rewriter = Callable[[bytes], bytes]

_UNFIT = (
    ("cước chú hoặc chú thích cuối", rb"(?:foot|end)noteReference"),
    ("nhận xét (comment)", rb"comment(?:Reference|RangeStart|RangeEnd)"),
    (
        "thay đổi đang theo dõi (Track Changes)",
        rb"ins|del|move(?:From|To)\w*|cell(?:Ins|Del|Merge)|customXml(?:Ins|Del|Move)\w+"
        rb"|(?:[pr]Pr|sectPr|tblPr|tblPrEx|tblGrid|trPr|tcPr|numbering)Change",
    ),
)
_FIELD = rb"fldSimple|instrText|fldChar"
_NOTED_TAG = re.compile(rb"<w:(?=[cdefim])(?:%b)[ />]" % b"|".join((_FIELD, *(names for _, names in _UNFIT))))
_CHANGE = b"Change"
"""Two quick looks for any of these: almost no document has one."""
_STANDING_FIELDS = frozenset(
    {"PAGE", "SECTIONPAGES", "SYMBOL", "FORMTEXT", "FORMCHECKBOX", "FORMDROPDOWN", "HYPERLINK"}
)
"""Fields that show the same in the whole as alone; NUMPAGES, REF, TOC, SEQ, STYLEREF and TITLE do not."""
_INSIDE_LINK = re.compile(r"\\l\b")

_ATTRIBUTES = rb"((?: +[^\s<>=\"]+=\"[^\"]*\")+)"
_USUAL_TAG = (
    rb"<w:(?:bookmarkStart w:id=\"([^\"]*)\" w:name=\"([^\"]*)\"|bookmarkEnd w:id=\"([^\"]*)\"|id w:val=\"([^\"]*)\")/>"
)
"""Most of what there is to change, as Word and lxml write it: worth a way of its own, twice as fast."""
_NAMED_TAG = re.compile(
    _USUAL_TAG + rb"|<(w:(?:bookmark(?:Start|End)|id|numId|hyperlink|perm(?:Start|End))|wp:docPr)" + _ATTRIBUTES
)
_EVERY_TAG = re.compile(_USUAL_TAG + rb"|<([^\s<>/=\"!?]+)" + _ATTRIBUTES)
_NAME_AND_ID, _END, _CONTROL = 2, 3, 4
_RARE_ATTRIBUTES = (b" r:", b" o:relid=", b" w14:paraId=")
_ATTRIBUTE = re.compile(rb" +([^\s<>=\"]+)=\"([^\"]*)\"")
_BINDING = re.compile(rb"<(w(?:15)?:dataBinding)(?: +[^\s<>=\"]+=\"[^\"]*\")* ?(?:/>|></\1>)")
_BOOKMARK = re.compile(rb"<w:bookmark(?:Start|End)(?: +[^\s<>=\"]+=\"[^\"]*\")* ?(?:/>|></w:bookmark(?:Start|End)>)")
_W = f"{{{W}}}"


class Counters:
    """Gives the numbers of which a print file has each only once."""

    def __init__(self) -> None:
        self.annotations = count(1)
        self.controls = count(1)
        self.drawings = count(1)

    def bookmark(self, name: str) -> bytes:
        """A bookmark around nothing."""
        number = next(self.annotations)
        start, end = b'<w:bookmarkStart w:id="%d" w:name="%b"/>', b'<w:bookmarkEnd w:id="%d"/>'
        return start % (number, name.encode()) + end % number


class Numbering:
    """How the ids and names of one part become its own.

    `prefix` opens the names of its bookmarks and is no other part's: a letter other than x, a number, an underscore.
    `relation` and `number` give the new id of a relationship and of a list.
    """

    def __init__(self, counters: Counters, *, prefix: str, relation: Rewriter, number: Rewriter) -> None:
        self._counters = counters
        self._prefix = prefix.encode()
        self._relation, self._number = relation, number
        self._ids: dict[bytes, bytes] = {}
        self._names: dict[bytes, bytes] = {}
        self._begun: set[bytes] = set()
        self._long_names = count(1)

    def rewritten(self, xml: bytes) -> bytes:
        """The canonical text of the part with its new ids and names.

        Links of controls to data elsewhere in the file are dropped: all persons' controls would show the data of one.
        """
        if b"dataBinding" in xml:
            xml = _BINDING.sub(b"", xml)
        tags = _EVERY_TAG if any(sign in xml for sign in _RARE_ATTRIBUTES) else _NAMED_TAG
        return tags.sub(self._tag, xml)

    def _tag(self, found: re.Match[bytes]) -> bytes:
        usual = found.lastindex
        if usual == _END:
            return b'<w:bookmarkEnd w:id="%b"/>' % self._id(found[3])
        if usual == _CONTROL:
            return b'<w:id w:val="%d"/>' % next(self._counters.controls)
        if usual == _NAME_AND_ID:
            return b'<w:bookmarkStart w:id="%b" w:name="%b"/>' % (self._id(found[1]), self._begun_name(found[2]))
        name: bytes = found[5]
        return b"<%b%b" % (name, _ATTRIBUTE.sub(self._rule(name), found[6]))

    def _rule(self, name: bytes) -> Callable[[re.Match[bytes]], bytes]:
        if name == b"w:bookmarkStart":
            return self._begin
        if name == b"w:id":
            return self._control
        if name == b"wp:docPr":
            return self._drawing
        return self._list if name == b"w:numId" else self._any

    def _begin(self, found: re.Match[bytes]) -> bytes:
        return b' w:name="%b"' % self._begun_name(found[2]) if found[1] == b"w:name" else self._any(found)

    def _control(self, found: re.Match[bytes]) -> bytes:
        return b' w:val="%d"' % next(self._counters.controls) if found[1] == b"w:val" else self._any(found)

    def _drawing(self, found: re.Match[bytes]) -> bytes:
        return b' id="%d"' % next(self._counters.drawings) if found[1] == b"id" else self._any(found)

    def _list(self, found: re.Match[bytes]) -> bytes:
        return b' w:val="%b"' % self._number(found[2]) if found[1] == b"w:val" else self._any(found)

    def _any(self, found: re.Match[bytes]) -> bytes:
        name, value = found.group(1, 2)
        if name == b"w:id":
            return b' w:id="%b"' % self._id(value)
        if name == b"w:anchor":
            return b' w:anchor="%b"' % self._name(value)
        if value and _is_relation(name):
            return b' %b="%b"' % (name, self._relation(value))
        return b"" if name in {b"w14:paraId", b"w14:textId"} else found[0]

    def _id(self, old: bytes) -> bytes:
        new = self._ids.get(old)
        if new is None:
            new = self._ids[old] = b"%d" % next(self._counters.annotations)
        return new

    def _begun_name(self, old: bytes) -> bytes:
        """The name of a bookmark that begins; of two bookmarks of one name Word keeps the first."""
        if old in self._begun:
            return self._long_name(old)
        self._begun.add(old)
        return self._name(old)

    def _name(self, old: bytes) -> bytes:
        new = self._names.get(old)
        if new is None:
            new = self._prefix + old
            new = self._names[old] = new if len(new) <= NAME_LIMIT else self._long_name(old)
        return new

    def _long_name(self, old: bytes) -> bytes:
        """A name that Word keeps whole, with a number because the old one's end may be missing."""
        return f"x{self._prefix.decode()}{next(self._long_names)}_{old.decode()}"[:NAME_LIMIT].encode()


def without_bookmarks(xml: bytes) -> bytes:
    """The canonical text of a part without its bookmarks, which take no room."""
    return _BOOKMARK.sub(b"", xml)


def relations_in(xml: bytes) -> set[str]:
    """The ids of the relationships that the canonical text of a part names."""
    if b" r:" not in xml and b" o:relid=" not in xml:
        return set()
    attributes = (_ATTRIBUTE.findall(found[6] or b"") for found in _EVERY_TAG.finditer(xml))
    return {value.decode() for each in attributes for name, value in each if value and _is_relation(name)}


def _is_relation(name: bytes) -> bool:
    return name.startswith(b"r:") or name == b"o:relid"


def refuse_unfit(xml: bytes, *, head: bytes = b"", tail: bytes = b"") -> None:
    """Raises FormError for what would print otherwise in the whole than alone.

    Takes the canonical text of a part, or of what stands between its `head` and its `tail`.
    """
    if _CHANGE not in xml and not _NOTED_TAG.search(xml):
        return
    for what, names in _UNFIT:
        if re.search(rb"<w:(?:%b)[ />]" % names, xml):
            raise unfit(what)
    for instruction in _instructions(head + xml + tail):
        word = (instruction.split() or [""])[0].upper()
        if word not in _STANDING_FIELDS or (word == "HYPERLINK" and _INSIDE_LINK.search(instruction)):
            raise unfit(f"trường {word or 'không tên'} (cho kết quả khác khi nằm trong tệp in)")


def unfit(what: str) -> FormError:
    """The refusal of a document that has something which a print file cannot hold."""
    cure = "Hãy bỏ phần đó khỏi biểu mẫu, hoặc gộp ra thư mục hay tệp .zip rồi in từng văn bản."
    return FormError.of("print-file-unfit", f"Văn bản có {what} nên không gộp được vào tệp in.", cure)


def _instructions(xml: bytes) -> Iterator[str]:
    """What each field is told to do; Word may cut one instruction into several runs."""
    open_fields: list[str] = []
    for each in etree.fromstring(xml).iter(f"{_W}fldSimple", f"{_W}fldChar", f"{_W}instrText"):
        kind = each.get(f"{_W}fldCharType")
        if each.tag == f"{_W}fldSimple":
            yield each.get(f"{_W}instr", "")
        elif kind == "begin":
            open_fields.append("")
        elif kind == "end":
            yield open_fields.pop() if open_fields else ""
        elif kind is None and open_fields:
            open_fields[-1] += each.text or ""
    yield from open_fields
