"""Templates of every kind that docxtpl knows, small and made by code, each with the gear that it should get."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple

from docx import Document
from docx.shared import Mm

from tests.word.specimens import (
    NAMESPACES,
    PIXEL,
    bookmark,
    cell,
    command,
    control,
    docx,
    footer,
    footnotes,
    header,
    p,
    picture,
    r,
    row,
    section,
    table,
    text_box,
)

if TYPE_CHECKING:
    from docgen.word.recipe import GearName

BOLD, RED = "<w:b/>", '<w:color w:val="FF0000"/>'
SHADED = '<w:shd w:val="clear" w:color="auto" w:fill="D9D9D9"/>'
CHECK_BOX = '<w14:checkbox><w14:checked w14:val="0"/></w14:checkbox>'


class Specimen(NamedTuple):
    """A template and the gear that it should get."""

    name: str
    gear: GearName
    docx: bytes


def _tick(word: str) -> str:
    boxes = (control(r(sign), tag=word, number=number, kind=CHECK_BOX) for sign, number in (("☒", "11"), ("☐", "12")))
    return f"{r(f'{{%r if {word} %}}')}{next(boxes)}{r('{%r else %}')}{next(boxes)}{r('{%r endif %}')}"


def rows(opening: str, columns: int, *inner: str) -> list[str]:
    """Table rows between `{%tr opening %}` and its end."""
    word = opening.partition(" ")[0]
    return [command(f"{{%tr {opening} %}}", columns), *inner, command(f"{{%tr end{word} %}}", columns)]


def cells(opening: str, *inner: str) -> list[str]:
    return [f"{{%tc {opening} %}}", *inner, "{%tc endfor %}"]


def each(opening: str, *inner: str) -> list[str]:
    return [f"{{%p {opening} %}}", *inner, "{%p endfor %}"]


def _people(*middle: str) -> str:
    return table(2, row("TT", "Họ và tên"), *rows("for nguoi in ds", 2, *middle))


def _by_hand() -> list[Specimen]:
    """Made with python-docx, in its own fat package."""
    made = Document()
    made.core_properties.title = "Bản kiểm điểm"
    made.add_heading("Bản kiểm điểm cá nhân năm {{ nam }}", 1)
    made.add_paragraph("Họ và tên: ").add_run("{{ ho_ten }}").bold = True
    grid = made.add_table(4, 3, style="Table Grid")
    for place, text in zip(grid.rows[0].cells, ("TT", "Nhiệm vụ", "Điểm"), strict=True):
        place.text = text
    grid.cell(1, 0).text, grid.cell(3, 0).text = "{%tr for viec in cac_viec %}", "{%tr endfor %}"
    for place, text in zip(grid.rows[2].cells, ("{{ loop.index }}", "{{ viec.ten }}", "{{ viec.diem }}"), strict=True):
        place.text = text
    made.add_picture(io.BytesIO(PIXEL))
    part = made.sections[0]
    part.page_width, part.page_height = Mm(297), Mm(210)
    part.different_first_page_header_footer = True
    part.header.paragraphs[0].text = "{{ don_vi }}"
    part.first_page_header.paragraphs[0].text = "ĐẢNG BỘ {{ cap_tren|upper }}"
    part.footer.paragraphs[0].text = "Trang của {{ ho_ten }}"
    saved = io.BytesIO()
    made.save(saved)
    plain = Document()
    plain.add_paragraph("Kính gửi: {{ noi_nhan }}")
    plain.add_paragraph("{%p for y in y_kien %}")
    plain.add_paragraph("{{ y }}", style="List Bullet")
    plain.add_paragraph("{%p endfor %}")
    second = io.BytesIO()
    plain.save(second)
    return [
        Specimen("python-docx: table, picture, landscape, first page", "TEXT", saved.getvalue()),
        Specimen("python-docx: list of opinions", "TEXT", second.getvalue()),
    ]


def _lines() -> list[Specimen]:
    return [
        Specimen(
            "plain words", "TEXT", docx("Họ và tên: {{ ho_ten }}, sinh ngày {{ ngay_sinh }}.", "Đảng viên {{ ho_ten }}")
        ),
        Specimen(
            "a tag cut into formatted runs", "TEXT", docx(p(r("Họ: {"), r("{ ho", BOLD), r("_ten }", RED), r("} hết.")))
        ),
        Specimen("filters", "TEXT", docx("{{ ho_ten|upper }} / {{ ho_ten | lower }} / {{ nguoi.ten|upper }}")),
        Specimen(
            "parts of groups",
            "TEXT",
            docx("{{ nguoi.ten }} – {{ nguoi.chuc_vu.dang }}, {{ nguoi.items }}, {{ range }}"),
        ),
        Specimen(
            "words that may be blank", "TEXT", docx(p(r("{{ a }}"), r("{{ b }}"), r("{{ a }} {{ b }}")), "{{ c }}")
        ),
        Specimen("comments", "TEXT", docx("{{ a }}{# ghi chú #} và {{ b }}", "{#p ghi chú cả đoạn #}", "hết")),
        Specimen(
            "constants that XML escapes",
            "TEXT",
            docx("A & B < C > D \"trích\" 'dẫn' \u00a0 \U0001f600 \ue000 {{ a }} 90000001 &amp;", "5 { 3 } 4 {{ a }}"),
        ),
        Specimen("loop inside a line", "TEXT", docx("{% for ten in ds %}{{ loop.index }}. {{ ten }}; {% endfor %}hết")),
        Specimen(
            "loop facts",
            "TEXT",
            docx("{% for t in ds %}{{ t }}{% if not loop.last %}, {% else %}.{% endif %}{% endfor %}"),
        ),
        Specimen(
            "choice inside a line",
            "TEXT",
            docx("Xếp loại: {% if loai == 'A' %}xuất sắc{% elif loai != '' %}{{ loai }}{% endif %}."),
        ),
        Specimen(
            "runs that may vanish",
            "TEXT",
            docx(p("{%r if co %}", r("có ", BOLD), "{%r endif %}"), p("{% if co %}x{% endif %}")),
        ),
        Specimen(
            "tracked insertion", "TEXT", docx(p("Ý: ", f'<w:ins w:id="1" w:author="A">{r("{{ y_kien }}")}</w:ins>'))
        ),
    ]


def _paragraphs() -> list[Specimen]:
    levels = [
        part
        for cap in "123"
        for part in (f"{{%p {'if' if cap == '1' else 'elif'} d.cap == '{cap}' %}}", f"{cap}. {{{{ d.chu }}}}")
    ]
    group = [
        "{%p for nhom in cac_nhom %}",
        "Nhóm {{ nhom.ten }}",
        "{%p for n in nhom.nguoi %}",
        "- {{ n.ho_ten }} ({{ loop.index0 }})",
    ]
    return [
        Specimen("answer paragraphs", "TEXT", docx("Ưu điểm:", *each("for doan in uu_diem", "{{ doan }}"))),
        Specimen("loops in loops", "TEXT", docx(*group, "{%p endfor %}", "{%p endfor %}", "Hết.")),
        Specimen("numbered levels", "TEXT", docx("{%p for d in cac_dong %}", *levels, "{%p endif %}", "{%p endfor %}")),
        Specimen(
            "optional paragraph",
            "TEXT",
            docx("{%p if a and not b or c %}", "{{ a }}", "{%p else %}", "không", "{%p endif %}"),
        ),
        Specimen(
            "condition over paragraphs by plain tags",
            "WHOLE",
            docx("{% if co %}", "{{ noi_dung }}", "{% endif %}", "Hết"),
        ),
        Specimen("nothing but a loop", "TEXT", docx(*each("for doan in ds", "{{ doan }}"))),
    ]


def _tables() -> list[Specimen]:
    merged = table(2, *rows("for v in viec", 2, row("{{ v.nhom }}{% vm %}", "{{ v.ten }}")))
    across = table(3, row(*cells("for c in cot", "{{ c }}{% hm %}")), row("a", "b", "c"))
    spanned = table(3, row("{{ tieu_de }}{% colspan so_cot %}", "x"), row("1", "2", "3"))
    painted = table(2, *rows("for v in viec", 2, row("{% cellbg v.mau %}{{ v.ten }}", "x")))
    nested = cell(table(1, row("{{ nguoi.ghi_chu }}")), p())
    return [
        Specimen(
            "rows below a heading",
            "TEXT",
            docx(_people(row("{{ loop.index }}", "{{ nguoi.ten }}")), "Tổng: {{ tong }}"),
        ),
        Specimen("every row in a loop", "TEXT", docx(table(1, *rows("for x in ds", 1, row("{{ x }}"))))),
        Specimen("optional row", "TEXT", docx(table(2, row("a", "b"), *rows("if co", 2, row("{{ c }}", "d"))))),
        Specimen(
            "rows in rows",
            "TEXT",
            docx(
                _people(row("{{ nguoi.ten }}", ""), *rows("for v in nguoi.viec", 2, row("{{ loop.index }}", "{{ v }}")))
            ),
        ),
        Specimen(
            "answer paragraphs in a cell",
            "TEXT",
            docx(_people(row("{{ nguoi.ten }}", cell(*each("for d in nguoi.y", "{{ d }}"))))),
        ),
        Specimen(
            "answer or dots in a cell",
            "TEXT",
            docx(
                table(1, row(cell("{%p if y %}", *each("for d in y", "{{ d }}"), "{%p else %}", "……", "{%p endif %}")))
            ),
        ),
        Specimen(
            "cell that may be empty", "WHOLE", docx(table(1, row(cell("{%p if y %}", "{{ y }}", "{%p endif %}"))))
        ),
        Specimen("table in a cell of a loop", "TEXT", docx(_people(row(nested, "{{ nguoi.ten }}")))),
        Specimen(
            "columns in a loop", "WHOLE", docx(table(3, row(*cells("for c in cot", "{{ c }}")), row("a", "b", "c")))
        ),
        Specimen(
            "rows and columns in loops",
            "WHOLE",
            docx(table(3, *rows("for d in dong", 3, row(*cells("for o in d.o", "{{ o }}"))))),
        ),
        Specimen("cells merged downwards", "TEXT", docx(merged)),
        Specimen("cells merged across", "WHOLE", docx(across)),
        Specimen(
            "cells merged across, spans already",
            "WHOLE",
            docx(
                table(
                    4,
                    row(*cells("for c in cot", cell("{{ c }}{% hm %}", properties='<w:gridSpan w:val="2"/>'))),
                    row("a", "b", "c", "d"),
                )
            ),
        ),
        Specimen("span by a number", "WHOLE", docx(spanned)),
        Specimen("colour by a word", "TEXT", docx(painted)),
        Specimen("shading that is fixed", "TEXT", docx(_people(row(cell("{{ nguoi.ten }}", properties=SHADED), "x")))),
        Specimen("more cells than columns", "TEXT", docx(table(1, row("{{ a }}", "b", "c")), "x")),
        Specimen(
            "more cells than columns in a loop",
            "WHOLE",
            docx(table(1, row("x"), *rows("for d in ds", 1, row("{{ d }}", "b")))),
        ),
        Specimen(
            "whole table in a loop",
            "TEXT",
            docx("{%p for nhom in ds %}", table(2, row("{{ nhom.ten }}", "x")), "{%p endfor %}"),
        ),
    ]


def _controls() -> list[Specimen]:
    index = "{{ loop.index }}"
    marked = p(
        bookmark(
            control(r("{{ d.han_che }}"), tag="ke_hoach.han_che", number=f"{index}07"),
            name=f"ke_hoach_{index}_han_che",
            number=f"{index}08",
        )
    )
    answer = control(
        p("{%p for doan in uu_diem %}") + p("{{ doan }}") + p("{%p endfor %}"), tag="uu_diem", kind="<w:richText/>"
    )
    kept = control(row("{{ loop.index }}", "{{ d.viec }}"), tag="dong", number=f"{index}09", kind="")
    bound = '<w:bookmarkStart w:id="3" w:name="bat_dau"/>'
    return [
        Specimen(
            "control in a line with a bookmark",
            "TEXT",
            docx(p("Họ: ", bookmark(control(r("{{ ho_ten }}"), tag="ho_ten"), name="ho_ten"))),
        ),
        Specimen(
            "paragraph tag in a control",
            "TEXT",
            docx(p(control(r("{%p for doan in ds %}"), tag="ds")), "{{ doan }}", "{%p endfor %}", "Hết."),
        ),
        Specimen("control around paragraphs", "TEXT", docx(answer, "Hết.")),
        Specimen(
            "bookmark over paragraphs", "TEXT", docx(p("Nhãn", bound), "{{ noi_dung }}", p('<w:bookmarkEnd w:id="3"/>'))
        ),
        Specimen(
            "controls in a row loop",
            "TEXT",
            docx(table(1, row("Hạn chế"), *rows("for d in ke_hoach", 1, row(cell(marked))))),
        ),
        Specimen("control around a row", "TEXT", docx(table(2, row("a", "b"), *rows("for d in ds", 2, kept)))),
        Specimen("tick boxes", "TEXT", docx(p(_tick("xuat_sac"), " Xuất sắc ", _tick("tot"), " Tốt"))),
        Specimen(
            "alternating text in an attribute",
            "TEXT",
            docx(p(r("x"), properties='<w:jc w:val="{% if giua %}center{% else %}left{% endif %}"/>')),
        ),
    ]


def _parts() -> list[Specimen]:
    note = r("Xem chú thích") + '<w:r><w:footnoteReference w:id="1"/></w:r>'
    noted = footnotes(p("{{ chu_thich }} {% if co %}– {{ them }}{% endif %}"), p("cố định"))
    two = p(r("Phần một {{ a }}"), properties=section("header:default:rIdA"))
    return [
        Specimen(
            "header and footer",
            "TEXT",
            docx(
                "{{ a }}",
                ending=section("header:default:rIdA", "footer:default:rIdB"),
                rIdA=header(p("{{ don_vi }}")),
                rIdB=footer(p("Trang {{ a }}")),
            ),
        ),
        Specimen(
            "header only",
            "TEXT",
            docx(
                "cố định",
                ending=section("header:default:rIdA"),
                rIdA=header(
                    table(2, row("{{ cap_tren|upper }}", "{{ don_vi }}")), p("{% for x in ds %}{{ x }} {% endfor %}")
                ),
            ),
        ),
        Specimen(
            "first and even pages",
            "TEXT",
            docx(
                "x",
                ending=section("header:first:rIdA", "header:even:rIdB", "header:default:rIdC"),
                rIdA=header(p("{{ a }}")),
                rIdB=header(p("{{ b }}")),
                rIdC=header(p("cố định")),
            ),
        ),
        Specimen("footnotes", "TEXT", docx(p(note), "{{ a }}", rIdN=noted)),
        Specimen(
            "footnotes and two sections", "TEXT", docx(p(note), two, "{{ a }}", rIdN=noted, rIdA=header(p("{{ a }}")))
        ),
        Specimen(
            "two sections, one landscape",
            "TEXT",
            docx(
                two,
                "Phần hai {{ b }}",
                ending=section("header:default:rIdB", landscape=True),
                rIdA=header(p("{{ a }}")),
                rIdB=header(p("{{ b }}")),
            ),
        ),
        Specimen(
            "pictures",
            "TEXT",
            docx(
                p(picture(5), " {{ a }}"),
                p(picture(5)),
                ending=section("header:default:rIdA"),
                rIdA=header(p("{{ a }}")),
            ),
        ),
        Specimen("footnote of one word", "TEXT", docx(p(note), rIdN=footnotes(p("{{ chu_thich }}")))),
        Specimen(
            "picture in an optional paragraph",
            "WHOLE",
            docx("{%p if co %}", p(picture(1)), "{%p endif %}", p(picture(2))),
        ),
        Specimen("picture in a condition", "WHOLE", docx("{% if co %}", p(picture(1)), "{% endif %}", p(picture(2)))),
        Specimen("text box", "TEXT", docx(p(r("a"), text_box(p("{{ trong_khung }}") + p("x"))), "{{ b }}")),
        Specimen(
            "hyperlink",
            "TEXT",
            docx(
                p('<w:hyperlink r:id="rIdOut">' + r("{{ lien_ket }}") + "</w:hyperlink>"),
                external=("hyperlink", "https://example.vn/?a=1&amp;b=2"),
            ),
        ),
        Specimen("no core properties", "TEXT", docx("{{ a }}", core=None)),
        Specimen(
            "one namespace, two prefixes",
            "DOCXTPL",
            docx(
                p("{{ a }}"),
                '<x:p xmlns:q="urn:q"><x:r><x:t>cố định</x:t></x:r></x:p>',
                "{% if co %}",
                "{{ b }}",
                "{% endif %}",
                namespaces=NAMESPACES + ' xmlns:x="http://schemas.openxmlformats.org/wordprocessingml/2006/main"',
            ),
        ),
    ]


def corpus() -> list[Specimen]:
    """All specimens."""
    return [*_by_hand(), *_lines(), *_paragraphs(), *_tables(), *_controls(), *_parts()]
