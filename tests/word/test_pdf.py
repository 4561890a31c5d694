"""Word becomes PDF through LibreOffice: what it makes, what it refuses, and that it leaves and fetches nothing."""

from __future__ import annotations

import http.server
import os
import re
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from docgen.errors import OutputError, Problem
from docgen.word import pdf
from docgen.word.pdf import Converter
from tests.gate.look import page_count, page_texts
from tests.gate.parts import read_parts, write_parts
from tests.gate.specimen import good

if TYPE_CHECKING:
    from collections.abc import Iterator

RELATIONSHIPS = "word/_rels/document.xml.rels"
DOCUMENT = "word/document.xml"
PICTURE = (
    '<w:p><w:r><w:drawing><wp:inline><wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="a"/>'
    '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
    '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture">'
    '<pic:nvPicPr><pic:cNvPr id="1" name="a"/><pic:cNvPicPr/></pic:nvPicPr>'
    '<pic:blipFill><a:blip r:link="rId999"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
    "</wp:inline></w:drawing></w:r></w:p>"
)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for temporary files, so that a test sees what is left there."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def requests_seen() -> Iterator[list[str]]:
    """The requests that a server on this machine's loopback got; its port is the first entry."""
    seen: list[str] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            seen.append(self.rfile.readline().decode(errors="replace"))

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server:
        seen.append(str(server.server_port))
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield seen
        server.shutdown()


def one_word(word: str) -> bytes:
    parts = read_parts(good())
    return write_parts({**parts, DOCUMENT: parts[DOCUMENT].replace("BẢN KIỂM ĐIỂM".encode(), word.encode())})


def fake_soffice(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    program = folder / "bin" / "soffice"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")


def waiting_soffice(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """LibreOffice itself, which is given nothing to do and waits for somebody to ask.

    A short time limit alone stops nothing: on a quick machine LibreOffice needs 0.25 seconds for a page.
    """
    fake_soffice(folder, monkeypatch, f"exec '{pdf.find_soffice()}' \"$1\" --headless --norestore --nodefault")


def codes(error: pytest.ExceptionInfo[OutputError]) -> list[str]:
    return [problem.code for problem in error.value.problems]


def is_running(process: int) -> bool:
    """Whether the process does something still; one that is dead and waits to be noticed does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.needs_libreoffice
def test_a_document_becomes_a_pdf_and_nothing_is_left(temporary: Path) -> None:
    made = pdf.to_pdf(good())
    assert page_count(made) == 1
    assert "Chấp hành <nghiêm> kỷ luật" in page_texts(made)[0]
    assert b"/AcroForm" not in made
    assert list(temporary.iterdir()) == []


@pytest.mark.needs_libreoffice
def test_many_documents_keep_their_order() -> None:
    words = [f"Bản số {number}" for number in range(1, 13)]
    made = pdf.to_pdfs([one_word(word) for word in words])
    assert [page_texts(each)[0].splitlines()[1] for each in made] == words


@pytest.mark.needs_libreoffice
@pytest.mark.parametrize("junk", [b"", b"only text", good()[:3000]], ids=["empty", "text", "cut off"])
def test_a_file_that_is_no_document_is_refused(junk: bytes, temporary: Path) -> None:
    with pytest.raises(OutputError) as error:
        pdf.to_pdf(junk)
    assert codes(error) == ["pdf-failed"]
    assert "Mở tệp .docx bằng Word" in str(error.value)
    assert list(temporary.iterdir()) == []


@pytest.mark.needs_libreoffice
def test_every_bad_document_among_many_is_named() -> None:
    with pytest.raises(OutputError) as error:
        pdf.to_pdfs([b"junk", good(), b"junk"])
    assert codes(error) == ["pdf-failed", "pdf-failed"]
    assert "thứ 1 trong 3" in str(error.value)
    assert "thứ 3 trong 3" in str(error.value)


@pytest.mark.needs_libreoffice
def test_too_slow_is_told_and_nothing_is_left(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting_soffice(temporary, monkeypatch)
    with pytest.raises(OutputError) as error:
        pdf.to_pdf(good(), timeout=1.5)
    assert codes(error) == ["pdf-timeout"]
    assert "Sau 1,5 giây" in str(error.value)
    assert [path.name for path in temporary.iterdir()] == ["bin"]


@pytest.mark.needs_libreoffice
@pytest.mark.parametrize("home", [None, "/proc/no-such-home"], ids=["no HOME", "HOME that cannot be written"])
def test_home_and_language_do_not_matter(home: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME", raising=False)
    if home:
        monkeypatch.setenv("HOME", home)
    monkeypatch.setenv("LANG", "C")
    monkeypatch.setenv("LC_ALL", "C")
    assert "Lê Thị Hồng Ánh" in page_texts(pdf.to_pdf(good()))[0]


@pytest.mark.needs_libreoffice
def test_two_at_a_time_both_succeed() -> None:
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(pdf.to_pdf, [one_word("Bản số 1"), one_word("Bản số 2")]))
    assert ["Bản số 1" in page_texts(made[0])[0], "Bản số 2" in page_texts(made[1])[0]] == [True, True]


@pytest.mark.needs_libreoffice
def test_a_picture_elsewhere_is_not_fetched(requests_seen: list[str]) -> None:
    target = f"http://127.0.0.1:{requests_seen[0]}/a.png"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    outside = f'<Relationship Id="rId999" Type="{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    parts = read_parts(good())
    parts[RELATIONSHIPS] = parts[RELATIONSHIPS].replace(b"</Relationships>", outside.encode())
    parts[DOCUMENT] = parts[DOCUMENT].replace(b"<w:tbl>", PICTURE.encode() + b"<w:tbl>")
    assert page_count(pdf.to_pdf(write_parts(parts))) == 1
    assert requests_seen[1:] == []


def test_nothing_to_do_is_done_without_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "find_soffice", lambda: None)
    assert pdf.to_pdfs([]) == []


def test_a_missing_program_is_told_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(pdf, "_USUAL_PLACES", ())
    assert pdf.find_soffice() is None
    with pytest.raises(OutputError, match="apt-get install") as error:
        pdf.to_pdf(good())
    assert codes(error) == ["pdf-converter-missing"]
    assert "vẫn tạo được tệp Word (.docx)" in str(error.value)


def test_exit_0_without_a_pdf_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_soffice(tmp_path, monkeypatch, "exit 0")
    with pytest.raises(OutputError) as error:
        pdf.to_pdf(good())
    assert codes(error) == ["pdf-failed"]


def test_children_of_a_stuck_program_are_ended_too(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noted = temporary / "child"
    fake_soffice(temporary, monkeypatch, f"sleep 300 & echo $! > '{noted}'; wait")
    began = time.monotonic()
    with pytest.raises(OutputError) as error:
        pdf.to_pdf(good(), timeout=1.0)
    assert codes(error) == ["pdf-timeout"]
    assert time.monotonic() - began < 5
    assert not is_running(int(noted.read_text(encoding="utf-8")))
    assert sorted(path.name for path in temporary.iterdir()) == ["bin", "child"]


def test_the_private_folder_is_private(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noted = temporary / "mode"
    fake_soffice(temporary, monkeypatch, f"ls -ld . | cut -c1-10 > '{noted}'")
    with pytest.raises(OutputError):
        pdf.to_pdf(good())
    assert noted.read_text(encoding="utf-8").strip() == "drwx------"


def test_no_place_for_temporary_files_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_soffice(tmp_path, monkeypatch, "exit 0")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "not there"))
    with pytest.raises(OutputError, match="tệp tạm") as error:
        pdf.to_pdf(good())
    assert codes(error) == ["pdf-failed"]


MADE = "for file in *.docx; do printf '%%PDF-1.6 %%%%EOF' > \"${file%.docx}.pdf\"; done"
"""What LibreOffice does, for a shell."""


def told(results: list[bytes | Problem]) -> list[str]:
    """For each document that it was made, or the code of the problem."""
    return ["made" if isinstance(each, bytes) else each.code for each in results]


@pytest.mark.needs_libreoffice
def test_a_converter_makes_one_call_after_another_and_leaves_nothing(temporary: Path) -> None:
    with Converter() as converter:
        made = [converter.pdfs([one_word(f"Bản số {number}")]) for number in (1, 2)]
        assert [path.suffix for path in temporary.rglob("*") if path.suffix in {".docx", ".pdf"}] == []
    assert [page_texts(pdfs[0])[0].splitlines()[1] for pdfs in made] == ["Bản số 1", "Bản số 2"]
    assert list(temporary.iterdir()) == []


@pytest.mark.needs_libreoffice
def test_two_converters_do_not_disturb_each_other() -> None:
    def make(name: str) -> list[bytes]:
        with Converter() as converter:
            return [converter.pdfs([one_word(f"{name} {number}")])[0] for number in (1, 2)]

    with ThreadPoolExecutor(2) as pool:
        made = [page_texts(each)[0].splitlines()[1] for pdfs in pool.map(make, ["Một", "Hai"]) for each in pdfs]
    assert made == ["Một 1", "Một 2", "Hai 1", "Hai 2"]


@pytest.mark.needs_libreoffice
def test_a_program_that_was_stopped_works_again_in_the_next_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Converter() as converter:
        with monkeypatch.context() as stuck:
            waiting_soffice(tmp_path, stuck)
            assert told(converter.tried([good()], timeout=1.5)) == ["pdf-timeout"]
        assert told(converter.tried([good()])) == ["made"]


@pytest.mark.needs_libreoffice
@pytest.mark.needs_font
def test_vietnamese_letters_come_from_the_font_of_the_others() -> None:
    parts = read_parts(one_word("Kiểm điểm, tự đánh giá"))
    styles = parts["word/styles.xml"]
    parts["word/styles.xml"] = re.sub(
        rb"<w:rFonts [^>]*>", b'<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman"/>', styles
    )
    made = pdf.to_pdf(write_parts(parts))
    families = {name.split(b"+")[-1].split(b"-")[0] for name in re.findall(rb"/FontName/([A-Za-z0-9+-]+)", made)}
    assert len(families & {b"TimesNewRoman", b"TimesNewRomanPSMT", b"Tinos", b"LiberationSerif"}) == 1


def test_the_profile_is_kept_until_the_program_is_stopped_or_crashes(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = temporary / "profiles"
    fake_soffice(
        temporary, monkeypatch, f"echo \"$1\" >> '{noted}'; {MADE}; if [ -e '{temporary}/fails' ]; then exit 7; fi"
    )
    with Converter() as converter:
        assert [told(converter.tried([b"x"])) for _ in range(2)] == [["made"], ["made"]]
        (temporary / "fails").touch()
        converter.tried([b"x"])
        converter.tried([b"x"])
    first, second, third, fourth = noted.read_text(encoding="utf-8").splitlines()
    assert first == second == third != fourth
    assert sorted(path.name for path in temporary.iterdir()) == ["bin", "fails", "profiles"]


def test_what_was_made_before_the_program_was_stopped_is_kept(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_soffice(temporary, monkeypatch, f"rm 2.docx; {MADE}; printf '%%PDF half' > 3.pdf; sleep 300")
    with Converter() as converter:
        assert told(converter.tried([b"x", b"x", b"x"], timeout=1.0)) == ["made", "pdf-timeout", "pdf-timeout"]
        with pytest.raises(OutputError) as error:
            converter.pdfs([b"x", b"x", b"x"], timeout=1.0)
    assert codes(error) == ["pdf-timeout"]


def test_a_crash_is_told_from_a_document_that_cannot_be_made(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_soffice(temporary, monkeypatch, f"rm 2.docx; {MADE}; if [ -e '{temporary}/fails' ]; then kill -SEGV $$; fi")
    with Converter() as converter:
        assert told(converter.tried([b"x", b"x"])) == ["made", "pdf-failed"]
        (temporary / "fails").touch()
        assert told(converter.tried([b"x", b"x"])) == ["made", "pdf-crashed"]
        with pytest.raises(OutputError, match="thứ 2 trong 2") as error:
            converter.pdfs([b"x", b"x"])
    assert codes(error) == ["pdf-failed"]


def test_a_pdf_that_was_not_finished_is_none(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_soffice(temporary, monkeypatch, "printf '%%PDF-1.6' > 1.pdf")
    with Converter() as converter:
        assert told(converter.tried([b"x"])) == ["pdf-failed"]
