"""Templates as offices break them: each is a shipped one with one edit, and what must be said of it and where."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from docgen.papers import library
from docgen.templates.check import Against
from docgen.word import package
from docgen.word.row_marks import editable
from tests.word.specimens import NAMESPACES, zipped

if TYPE_CHECKING:
    from collections.abc import Callable

PERSON, PLAN = "mau-2b-2025", "ke-hoach-khac-phuc"
BODY = "word/document.xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
Parts = dict[str, bytes]
Edit = "Callable[[Parts], None]"


@dataclass(frozen=True)
class Broken:
    """A broken template: its edit, the code that must be told, where, and words of the message."""

    name: str
    edit: Callable[[Parts], None]
    code: str
    where: str = "Thân văn bản"
    told: str = ""
    form: str = PERSON
    warning: bool = False

    @property
    def id(self) -> str:
        return self.name


@cache
def against(form_id: str, layout: str = "") -> Against:
    """The shipped form, whose template the edits break; without `layout` in its first one."""
    form = library.form(form_id)
    layout = layout or form.layouts[0]
    return Against(form=form, layout=layout, sample=library.sample(form), original=library.template(form, layout))


def broken(one: Broken) -> bytes:
    """The file as the office has it."""
    parts = package.parts(editable(against(one.form).original or b""))
    one.edit(parts)
    return zipped(parts)


def p(text: str, more: str = "") -> str:
    """A paragraph of one run."""
    return f'<w:p>{more}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def xml(*content: str) -> Callable[[Parts], None]:
    """Put this at the end of the body."""

    def edit(parts: Parts) -> None:
        body = parts[BODY].decode()
        at = body.rindex("<w:sectPr>")
        parts[BODY] = (body[:at] + "".join(content) + body[at:]).encode()

    return edit


def text(*paragraphs: str) -> Callable[[Parts], None]:
    """Type these paragraphs at the end."""
    return xml(*map(p, paragraphs))


def swap(old: str, new: str, part: str = BODY) -> Callable[[Parts], None]:
    """Replace each of this text or mark-up."""

    def edit(parts: Parts) -> None:
        assert old in parts[part].decode(), old
        parts[part] = parts[part].decode().replace(old, new).encode()

    return edit


def new_part(name: str, kind: str, content: str) -> Callable[[Parts], None]:
    """Add a part with its relation and type."""

    def edit(parts: Parts) -> None:
        parts[f"word/{name}"] = content.encode()
        types, relations = package.CONTENT_TYPES, "word/_rels/document.xml.rels"
        entry = f'<Override PartName="/word/{name}" ContentType="{TYPES}.{kind}+xml"/></Types>'
        parts[types] = parts[types].replace(b"</Types>", entry.encode())
        entry = f'<Relationship Id="rIdNew" Type="{OFFICE}/{kind}" Target="{name}"/></Relationships>'
        parts[relations] = parts[relations].replace(b"</Relationships>", entry.encode())

    return edit


def outside(kind: str, target: str, mode: str = ' TargetMode="External"') -> Callable[[Parts], None]:
    """A relation to something that is fetched or run."""
    entry = f'<Relationship Id="rIdOut" Type="{OFFICE}/{kind}" Target="{target}"{mode}/></Relationships>'
    return swap("</Relationships>", entry, "word/_rels/document.xml.rels")


def many(*edits: Callable[[Parts], None]) -> Callable[[Parts], None]:
    """One edit after the other."""

    def edit(parts: Parts) -> None:
        for each in edits:
            each(parts)

    return edit


def box(content: str) -> str:
    """A paragraph with a text box."""
    return (
        f'<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent>{content}'
        "</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
    )


def comment(author: str, said: str) -> Callable[[Parts], None]:
    """A comment at a new paragraph."""
    made = f'<w:comments {NAMESPACES}><w:comment w:id="7" w:author="{author}">{p(said)}</w:comment></w:comments>'
    mark = '<w:p><w:r><w:t>x</w:t></w:r><w:r><w:commentReference w:id="7"/></w:r></w:p>'
    return many(new_part("comments.xml", "comments", made), xml(mark))


def _table(*cells: str) -> str:
    columns = "".join(f"<w:tc><w:tcPr/>{p(each)}</w:tc>" for each in cells)
    grid = "<w:gridCol/>" * len(cells)
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid><w:tr>{columns}</w:tr></w:tbl>{p('')}"


_MISSPELT = [
    Broken("letter missing", text("{{ ho_tn }}"), "field-unknown", told="Có phải là «ho_ten» (Họ và tên)?"),
    Broken("written together", text("{{ hoten }}"), "field-unknown", told="«ho_ten»"),
    Broken("capitals", text("{{ Ho_Ten }}"), "field-unknown", told="«ho_ten»"),
    Broken("doubled letter", text("{{ ngay_sinhh }}"), "field-unknown", told="«ngay_sinh»"),
    Broken("label as name", text("{{ nhom_tieu_chi_chung }}"), "field-unknown", told="«diem_chung»"),
    Broken("new field", text("{{ so_the_dang }}"), "field-unknown", told="--add-fields"),
    Broken("name with accents", text("{{ họ_tên }}"), "tag-bad-name", told="chữ không dấu"),
    Broken("name of combining accents", text("{{ ho_te\u0302n }}"), "tag-bad-name"),
    Broken("name with a blank", text("{{ ho ten }}"), "tag-syntax", told="có phải là «ho_ten»?"),
    Broken("name with a dash", text("{{ ho-ten }}"), "tag-forbidden", told="có phải là «ho_ten»?"),
    Broken("column outside its loop", text("{{ dong.ho_ten }}"), "field-outside-loop", told="for dong in"),
    Broken("yes and no printed", text("{{ co.ho_ten }}"), "field-not-text"),
    Broken("group printed", text("{{ danh_dau }}"), "field-not-text"),
    Broken("paragraphs as a line", text("{{ han_che }}"), "field-is-list", told="{%p for doan in han_che %}"),
    Broken("loop over a line", text("{% for d in ho_ten %}{{ d }}{% endfor %}"), "field-not-list"),
    Broken("loop over nothing", text("{% for d in han_ch %}{{ d }}{% endfor %}"), "field-unknown", told="«han_che»"),
    Broken("unknown option", text("{% if danh_dau.muc_xep_loai.tott %}x{% endif %}"), "field-unknown",
           told="«danh_dau.muc_xep_loai.tot»"),
    Broken("unknown choice", text("{% if danh_dau.muc_xeploai.tot %}x{% endif %}"), "field-unknown",
           told="«danh_dau.muc_xep_loai.tot»"),
    Broken("unknown condition", text("{% if co.khoi_nhanxet %}x{% endif %}"), "field-unknown",
           told="«co.khoi_nhan_xet»"),
    Broken("unknown column", swap("{{ dong.han_che }}", "{{ dong.han_chee }}"), "field-unknown",
           "Thân văn bản, bảng 3, dòng 3, ô 2", "«dong.han_che»", PLAN),
    Broken("column without its row", swap("{{ dong.giai_phap }}", "{{ giai_phap }}"), "field-unknown",
           "Thân văn bản, bảng 3, dòng 3, ô 3", "«dong.giai_phap»", PLAN),
]  # fmt: skip
_TORN = [
    Broken("no end", text("{{ ho_ten"), "tag-unclosed", told="«}}»"),
    Broken("half an end", text("{{ ho_ten }"), "tag-unclosed"),
    Broken("no beginning", text("ho_ten }}"), "tag-unopened"),
    Broken("half a beginning", text("{ ho_ten }}"), "tag-unopened"),
    Broken("three braces", text("{{{ ho_ten }}}"), "tag-stray-brace"),
    Broken("if without end", text("{% if co.don_vi %} x"), "tag-unclosed", told="{% endif %}"),
    Broken("end without if", text("x {% endif %}"), "tag-unopened"),
    Broken("for without end", text("{% for doan in han_che %}{{ doan }}"), "tag-unclosed", told="{% endfor %}"),
    Broken("end without for", text("{% endfor %}"), "tag-unopened"),
    Broken("crossed", text("{% if co.don_vi %}{% for d in han_che %}{% endif %}{% endfor %}"), "tag-unopened"),
    Broken("else alone", text("{% else %}"), "tag-unopened"),
    Broken("esle", text("{% if co.don_vi %}{% esle %}{% endif %}"), "tag-unknown", told="else"),
    Broken("end if", text("{% if co.don_vi %}x{% end if %}"), "tag-unknown", told="endif"),
    Broken("fi", text("{% fi co.don_vi %}"), "tag-unknown"),
    Broken("one curly quote", text("{% if don_vi == “a %}x{% endif %}"), "tag-syntax"),
    Broken("no-break blank", text("{{\u00a0ho_ten }}"), "tag-invisible-character", told="U+00A0"),
    Broken("zero-width blank", text("{{ ho\u200b_ten }}"), "tag-invisible-character", told="U+200B"),
    Broken("over two paragraphs", text("{{ ho_", "ten }}"), "tag-unclosed", told="trong cùng một đoạn"),
    Broken("over two cells", xml(_table("{{ ho_", "ten }}")), "tag-unclosed", "Thân văn bản, bảng 7, dòng 1, ô 1"),
    Broken("picture in a tag", xml("<w:p><w:r><w:t>{{ ho_</w:t></w:r><w:r><w:drawing/></w:r><w:r><w:t>ten }}</w:t>"
                                   "</w:r></w:p>"), "tag-split", told="drawing"),
    Broken("row tag outside a table", text("{%tr for d in han_che %}", "{%tr endfor %}"), "tag-misplaced"),
    Broken("blank before tr", text("{% tr for d in han_che %}"), "tag-unknown", told="{%tr"),
    Broken("text beside a paragraph tag", text("Nếu có: {%p if co.don_vi %}", "{%p endif %}"), "tag-not-alone"),
    Broken("text beside a row tag", swap("{%tr endfor %}", "Cộng {%tr endfor %}"), "tag-not-alone",
           "Thân văn bản, bảng 3, dòng 4, ô 1", form=PLAN),
    Broken("end of the rows deleted", swap("{%tr endfor %}", ""), "tag-unclosed",
           "Thân văn bản, bảng 3, dòng 2, ô 1", "{% endfor %}", PLAN),
    Broken("if closed in a table", xml(p("{% if co.don_vi %}"), _table("{% endif %}x")), "template-cut",
           "đoạn «{% if co.don_vi %}»"),
    Broken("unknown filter", text("{{ ho_ten | title }}"), "tag-unknown-filter", told="lower, upper"),
    Broken("sum", text("{{ diem_chung + diem_nhiem_vu }}"), "tag-forbidden", told="phép tính"),
    Broken("r in a value", text("{{r ho_ten }}"), "tag-forbidden", told="{{ ho_ten }}"),
    Broken("mail merge sign", text("«ho_ten»"), "tag-suspect", told="{{ ten_truong }}", warning=True),
    Broken("square brackets", text("[ho_ten]"), "tag-suspect", warning=True),
    Broken("single braces", text("{ ho_ten } x"), "tag-suspect", warning=True),
]  # fmt: skip
_MISPLACED = [
    Broken("in a field code", xml("<w:p><w:r><w:instrText>TITLE {{ ho_ten }}</w:instrText></w:r></w:p>"),
           "tag-misplaced", told="field code"),
    Broken("in deleted text", xml('<w:p><w:del w:id="1"><w:r><w:delText>{{ a }}</w:delText></w:r></w:del></w:p>'),
           "tag-misplaced", told="track changes"),
    Broken("in a property", swap("<dc:subject>", "<dc:subject>{{ ho_ten }}", "docProps/core.xml"), "tag-misplaced",
           "docProps/core.xml"),
    Broken("in a comment", comment("Văn phòng", "{{ ho_ten }}"), "tag-misplaced", "word/comments.xml"),
    Broken("in a style", swap('w:name w:val="Trích yếu"', 'w:name w:val="{{ nam }}"', "word/styles.xml"),
           "tag-misplaced", "word/styles.xml"),
    Broken("in an endnote", new_part("endnotes.xml", "endnotes", f"<w:endnotes {NAMESPACES}>"
           f'<w:endnote w:id="1">{p("{{ ho_ten }}")}</w:endnote></w:endnotes>'), "tag-misplaced", "word/endnotes.xml"),
    Broken("wrong in the header", swap("<w:t>2</w:t>", "<w:t>{{ nm }}</w:t>", "word/header1.xml"), "field-unknown",
           "Đầu trang", "«nam»"),
    Broken("wrong in a text box", xml(box(p("{{ ho_tn }}"))), "field-unknown", "Thân văn bản, khung chữ", "«ho_ten»"),
    Broken("in a control bound to data", xml("<w:p><w:sdt><w:sdtPr><w:dataBinding w:xpath='/a'/></w:sdtPr>"
           "<w:sdtContent><w:r><w:t>{{ ho_ten }}</w:t></w:r></w:sdtContent></w:sdt></w:p>"), "tag-misplaced"),
]  # fmt: skip
_MISSING = [
    Broken("required field deleted", swap("{{ ho_ten }}", ""), "field-dropped", "mục «Họ và tên»", "{{ ho_ten }}"),
    Broken("optional field deleted", swap("{{ don_vi }}", ""), "field-dropped", "mục «Đơn vị công tác»", warning=True),
    Broken("answer deleted", swap("{%p for doan in cam_ket %}", "{%p for doan in han_che %}"), "field-dropped",
           "mục «Thực hiện cam kết tu dưỡng, rèn luyện»", warning=True),
    Broken("column deleted", swap("{{ dong.ket_qua }}", ""), "field-dropped", "Kết quả, sản phẩm", form=PLAN,
           warning=True),
    Broken("tick box deleted", swap("danh_dau.muc_xep_loai.tot ", "danh_dau.muc_xep_loai.xuat_sac "),
           "option-dropped", "mức chất lượng", "«tot»"),
    Broken("printed only sometimes", swap("{{ don_vi }}", "{% if co.giai_trinh %}{{ don_vi }}{% endif %}"),
           "trial-lost", "don_vi", "bản ghi"),
    Broken("printed only if not given", swap("{{ ho_ten }}", "{% if not co.ho_ten %}{{ ho_ten }}{% endif %}"),
           "trial-lost", "ho_ten", "bản ghi mẫu"),
]  # fmt: skip
_LOOKS = [
    Broken("old font", xml('<w:p><w:r><w:rPr><w:rFonts w:ascii=".VnTime"/></w:rPr><w:t>§¶ng</w:t></w:r></w:p>'),
           "font-legacy", told="TCVN3"),
    Broken("VNI font", xml('<w:p><w:r><w:rPr><w:rFonts w:hAnsi="VNI-Times"/></w:rPr><w:t>x</w:t></w:r></w:p>'),
           "font-legacy"),
    Broken("font that is not here", xml('<w:p><w:r><w:rPr><w:rFonts w:ascii="Chữ Lạ"/></w:rPr><w:t/></w:r></w:p>'),
           "font-missing", told="«Chữ Lạ»", warning=True),
    Broken("style that is not there", xml(p("x", '<w:pPr><w:pStyle w:val="KieuLa"/></w:pPr>')), "style-missing",
           told="«KieuLa»", warning=True),
    Broken("numbering that is not there", xml(p("x", '<w:pPr><w:numPr><w:numId w:val="9"/></w:numPr></w:pPr>')),
           "style-missing", warning=True),
    Broken("tracked changes", xml('<w:p><w:ins w:id="9" w:author="A"><w:r><w:t>x</w:t></w:r></w:ins></w:p>'),
           "template-revisions", told="Accept All"),
    Broken("comment left", comment("Văn phòng", "xem lại"), "template-comments", told="Delete All"),
    Broken("narrow margin", swap('w:left="1701"', 'w:left="400"'), "layout-margin-left", "", warning=True),
    Broken("small title", swap('<w:pStyle w:val="TypeTitle"/>', '<w:pStyle w:val="Note"/>'), "layout-type-title-size",
           "", warning=True),
]  # fmt: skip
_ACTIVE = [
    Broken("macro part", many(outside("vbaProject", "vbaProject.bin", "")), "package-macros", "word/_rels"),
    Broken("picture on a server", outside("image", "http://may-chu/a.png"), "package-external", "word/_rels"),
    Broken("attached template", outside("attachedTemplate", "file:///C:/a.dotm"), "package-external", "word/_rels"),
    Broken("embedded object", outside("oleObject", "embeddings/a.bin", ""), "package-ole", "word/_rels"),
    Broken("fetching field", xml("<w:p><w:r><w:instrText> INCLUDETEXT C:/a.txt </w:instrText></w:r></w:p>"),
           "package-external", BODY, "INCLUDETEXT"),
    Broken("DDE field", xml("<w:p><w:r><w:instrText>DDEAUTO x</w:instrText></w:r></w:p>"), "package-external", BODY),
    Broken("code", text("{{ ho_ten.__class__.__mro__ }}"), "tag-bad-name"),
    Broken("function", text("{{ ho_ten.upper() }}"), "tag-forbidden", told="lời gọi hàm"),
    Broken("long loop", text("{% for i in range(999999999) %}x{% endfor %}"), "tag-forbidden"),
]  # fmt: skip

CORPUS = (*_MISSPELT, *_TORN, *_MISPLACED, *_MISSING, *_LOOKS, *_ACTIVE)
"""All that can be told of a file that opens."""


def everything() -> tuple[bytes, list[Broken]]:
    """One file with all edits of one form that can stand beside each other, and these edits: none may hide another."""
    together = [one for one in CORPUS if one.form == PERSON and one.name not in _NOT_BESIDE]
    parts = package.parts(editable(against(PERSON).original or b""))
    for one in together:
        one.edit(parts)
    return zipped(parts), together


_NOT_BESIDE = frozenset(
    {one.name for one in (*_MISSING, *_LOOKS[-2:])}  # a mended tag must be read, or a document made, to see it
    | {"no end", "half an end", "no beginning", "if closed in a table", "if without end", "end without if"}
    | {"for without end", "end without for", "crossed", "else alone", "fi", "in a comment", "macro part"}
    | {"row tag outside a table", "blank before tr", "old font", "attached template", "embedded object"}
)
