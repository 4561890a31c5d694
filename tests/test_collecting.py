"""Many files that came back: each is told, none is lost; the list says who has not answered and what changed."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

import docgen
from docgen.collecting import folder
from docgen.collecting.against import against
from docgen.collecting.folder import Collected, Source, collect
from docgen.collecting.paper import read_paper
from docgen.collecting.sheets import collected_sheets
from docgen.counting import count
from docgen.papers import library
from docgen.papers.asked import cells
from docgen.papers.profile import profile
from docgen.papers.record import record
from docgen.roster import roster
from docgen.tables.excel import write_sheets
from docgen.word.package import parts
from tests.papers.filling import filled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

FORM = "mau-2b-2025"


@cache
def sample() -> dict[str, Any]:
    return library.sample(library.form(FORM))


@cache
def rendered(name: str = "Nguyễn Thị Thanh Thảo", born: str = "12/5/1987", said: str = "Có ưu điểm.") -> bytes:
    return docgen.render(FORM, {**sample(), "ho_ten": name, "ngay_sinh": born, "pham_chat": said})


def given(files: Mapping[str, bytes], days: Mapping[str, int] | None = None) -> Collected:
    dates = {name: datetime(2025, 12, day, tzinfo=UTC) for name, day in (days or {}).items()}

    def loaded(content: bytes) -> Callable[[], bytes]:
        return lambda: content

    return collect(Source(name, loaded(content), dates.get(name)) for name, content in files.items())


def codes(found: Collected, file: str) -> set[str]:
    return {problem.code for paper in found.papers if paper.file == file for problem in paper.problems}


def repacked(docx: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, content in parts(docx).items():
            if (changed := change(name, content)) is not None:
                package.writestr(name, changed)
    return target.getvalue()


def test_a_paper_tells_form_edition_values_and_ways() -> None:
    told = read_paper(rendered(), file="a.docx").as_dict()
    assert (told["file"], told["form"], told["edition"]) == ("a.docx", FORM, "2025-10-31")
    assert told["values"]["ho_ten"] == "Nguyễn Thị Thanh Thảo"
    assert told["values"]["ngay_sinh"] == "12/5/1987"
    assert told["values"]["pham_chat"] == ["Có ưu điểm."]
    assert told["values"]["muc_xep_loai"] == "Hoàn thành tốt nhiệm vụ"
    assert "tong_diem" not in told["values"]
    assert told["how"]["tong_diem"] == "control"
    assert told["problems"] == []


NOT_PAPERS = {
    "scan.pdf": (b"%PDF-1.4", "package-pdf"),
    "rong.docx": (b"", "package-empty"),
    "hong.docx": (rendered()[:2000], "package-damaged"),
    "anh.docx": (b"\xff\xd8\xff", "package-not-word"),
    "khoa.docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "package-encrypted"),
    "~$a.docx": (b"lock", "read-lock"),
    ".~lock.a.docx#": (b"lock", "read-lock"),
    "danh_sach.xlsx": (b"PK", "read-other-file"),
}


@pytest.mark.parametrize("name", NOT_PAPERS)
def test_what_is_no_paper_is_told(name: str) -> None:
    content, code = NOT_PAPERS[name]
    found = given({name: content, "a.docx": rendered()})
    assert codes(found, name) == {code}
    counts = found.counts()
    assert (counts["rows_in"], counts["done"], counts["skipped"] + counts["failed"]) == (2, 1, 1)


def test_a_document_of_another_maker_is_told() -> None:
    plain = repacked(
        rendered(),
        lambda name, content: (
            b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
            b"<w:t>Xin chao</w:t></w:r></w:p></w:body></w:document>"
            if name == "word/document.xml"
            else None
            if name == "docProps/custom.xml"
            else content
        ),
    )
    assert codes(given({"la.docx": plain}), "la.docx") == {"read-not-ours"}


def test_a_document_that_lost_its_properties_is_recognised_by_its_text() -> None:
    bare = repacked(rendered(), lambda name, content: None if name == "docProps/custom.xml" else content)
    paper = given({"a.docx": bare}).papers[0]
    assert paper.form is library.form(FORM)
    assert {problem.code for problem in paper.problems} == {"read-recognised"}
    assert paper.values == read_paper(rendered(), file="a.docx").values


def test_an_older_edition_and_an_unknown_form_are_told() -> None:
    older = repacked(rendered(), lambda _, content: content.replace(b"2025-10-31", b"2024-01-01"))
    found = given({"cu.docx": older, "la.docx": repacked(rendered(), lambda _, c: c.replace(b"mau-2b", b"mau-9z"))})
    assert codes(found, "cu.docx") == {"read-other-edition"}
    assert codes(found, "la.docx") == {"read-form-unknown"}
    assert [(paper.edition, paper.failed) for paper in found.papers] == [("2024-01-01", False), ("", True)]


def test_an_unforeseen_error_costs_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(content: bytes, *, file: str, dated: datetime | None = None) -> Any:
        if file == "b.docx":
            raise KeyError("Nguyễn Thị Thanh Thảo")
        return read_paper(content, file=file, dated=dated)

    monkeypatch.setattr(folder, "read_paper", broken)
    found = given({"a.docx": rendered(), "b.docx": rendered()})
    assert codes(found, "b.docx") == {"read-unforeseen"}
    assert "Thảo" not in found.papers[1].problems[0].message
    assert found.counts()["done"] == 1


def test_a_print_file_is_told_as_one(tmp_path: Path) -> None:
    (tmp_path / "ds.csv").write_text("Mã,Họ và tên,Chi bộ,Năm kiểm điểm\n1,Lê Na,A,2025\n2,Lê An,A,2025\n", "utf-8")
    docgen.merge(FORM, tmp_path / "ds.csv", tmp_path / "in.docx", workers=1)
    assert codes(given({"in.docx": (tmp_path / "in.docx").read_bytes()}), "in.docx") == {"read-many-papers"}


def test_the_same_paper_twice_and_two_versions_are_told_and_kept() -> None:
    files = {
        "a.docx": rendered(),
        "b.docx": rendered(),
        "c.docx": rendered(said="Đã sửa."),
        "d.docx": rendered("Lê Na"),
    }
    found = given(files, {"a.docx": 1, "b.docx": 1, "c.docx": 3})
    assert codes(found, "a.docx") == {"read-twice", "read-versions"}
    assert codes(found, "d.docx") == set()
    assert len(found.read) == len(files)
    newest = next(problem.what for problem in found.papers[2].problems if "«a.docx»" in problem.what)
    assert "bản này mới hơn (03/12/2025" in newest


def test_of_one_paper_many_times_each_names_some_and_counts_the_rest() -> None:
    found = given({f"{number:03}.docx": rendered() for number in range(40)})
    assert len(found.read) == 40
    for paper in found.papers:
        assert len(paper.problems) == 11
        assert paper.problems[-1].what == "Còn 29 tệp khác nữa của cùng người này."


def test_two_persons_of_one_name_are_two_persons() -> None:
    found = given({"a.docx": rendered(), "b.docx": rendered(born="01/01/1990")})
    assert [paper.problems for paper in found.papers] == [(), ()]


def listed(*people: tuple[str, str]) -> bytes:
    rows = [f"{number:03},{name},{born},Trường Tiểu học Tân Hòa 2" for number, (name, born) in enumerate(people, 1)]
    return "\n".join(["Mã,Họ và tên,Ngày sinh,Chi bộ", *rows]).encode()


def test_the_list_tells_who_is_missing_and_what_changed() -> None:
    found = given({"a.docx": rendered(), "b.docx": rendered("Lê Thị Na", "02/3/1990"), "c.docx": rendered("Ai Đó")})
    people = (("Nguyễn Thị Thanh Thảo", "12/5/1987"), ("Lê Thị Na", "03/3/1990"), ("Trần Văn Bình", "1/1/1980"))
    held = against(found.papers, listed(*people), file="ds.csv")
    assert [(each.row, each.name) for each in held.missing] == [(4, "Trần Văn Bình")]
    assert held.files == {"a.docx": 2, "b.docx": 3}
    assert [problem.file for problem in held.problems if problem.code == "not-on-the-list"] == ["c.docx"]
    born = [(each.sent, each.returned) for each in held.changes if each.field == "ngay_sinh"]
    assert born == [("03/3/1990", "02/3/1990")]
    said = [(each.sent, each.returned) for each in held.changes if each.field == "pham_chat" and each.row == 2]
    assert said == [(None, ["Có ưu điểm."])]


def test_who_is_not_on_the_list_stands_in_the_json_and_in_the_excel() -> None:
    papers = given({"a.docx": rendered(), "c.docx": rendered("Ai Đó")})
    found = replace(papers, against=against(papers.papers, listed(("Lê Thị Na", "02/3/1990")), file="ds.csv"))
    told = [problem["message"] for problem in found.as_dict()["list_problems"]]
    assert any("c.docx" in message for message in told)
    [sheet] = [sheet for sheet in collected_sheets(found) if sheet.title == "Đối chiếu"]
    assert [row[1] for row in sheet.rows] == told


def test_nothing_has_changed_where_nothing_was_changed() -> None:
    form = library.form(FORM)
    held = against(
        given({"a.docx": docgen.render(FORM, sample())}).papers,
        filled(FORM, cells(record(form, sample()))),
        file="ds.xlsx",
    )
    assert (held.missing, held.changes) == ((), ())


def test_the_excel_can_be_read_again_as_a_list() -> None:
    found = given({"a.docx": docgen.render(FORM, sample()), "b.docx": rendered("Lê Thị Na"), "hong.docx": b"PK"})
    book = write_sheets(collected_sheets(found))
    known = roster(FORM, book, file="tong_hop.xlsx", sheet="Danh sách")
    form = library.form(FORM)
    first = record(form, {name: value for name, value in known.values(known.rows[0]).items() if name in form.fields})
    assert first.values == record(form, sample()).values
    assert [sheet.title for sheet in collected_sheets(found)] == ["Danh sách", "Mức tự đề xuất", "Các tệp"]


def test_the_levels_that_people_propose_can_be_counted() -> None:
    found = given({"a.docx": docgen.render(FORM, sample()), "b.docx": rendered("Lê Thị Na")})
    counted = count(write_sheets(collected_sheets(found)), name="tong_hop.xlsx", rules=None, house=profile({}))
    [group] = counted.result["groups"]
    assert (group["group"], group["total"], group["good"]) == ("Cá nhân tự đề xuất", 2, 2)
    assert not [problem for problem in counted.problems if problem.severity == "error"]


def test_a_list_field_has_its_own_sheet() -> None:
    name = "phu-luc-ket-qua-nhiem-vu"
    values = library.sample(library.form(name))
    found = given({"a.docx": docgen.render(name, values)})
    known = roster(name, write_sheets(collected_sheets(found)), file="tong_hop.xlsx", sheet="Danh sách")
    form = library.form(name)
    again = record(form, {each: value for each, value in known.values(known.rows[0]).items() if each in form.fields})
    assert again.values == record(form, values).values


def test_an_answer_longer_than_a_cell_is_not_cut() -> None:
    long = "Dài. " * 9_000
    book = collected_sheets(given({"a.docx": rendered(said=long.strip())}))
    assert [sheet.title for sheet in book] == ["Danh sách", "Mức tự đề xuất", "Các tệp", "Đoạn dài"]
    assert "".join(str(row[3]) for row in book[3].rows) == long.strip()
    write_sheets(book)


def test_folders_are_read_with_all_that_is_in_them(tmp_path: Path) -> None:
    inner = tmp_path / "Chi bộ 1" / "sâu"
    inner.mkdir(parents=True)
    (tmp_path / ".docgen").mkdir()
    (tmp_path / ".docgen" / "ledger.docx").write_bytes(b"")
    (inner / "a.docx").write_bytes(rendered())
    (tmp_path / "b.docx").write_bytes(rendered("Lê Thị Na"))
    found = docgen.collect([tmp_path, tmp_path / "b.docx"])
    assert [paper.file.removeprefix(str(tmp_path)) for paper in found.papers] == ["/b.docx", "/Chi bộ 1/sâu/a.docx"]
