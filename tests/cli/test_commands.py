"""The contract of the commands: exit codes, streams, the one object of --json, and no traceback, ever."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx as python_docx
import pytest

from docgen import generate
from docgen.papers import library
from docgen.word import pdf
from tests.cli.conftest import FORM
from tests.gate.texts import document_text

if TYPE_CHECKING:
    from tests.cli.conftest import Docgen

TEMPLATES = library.shelf("templates_docx")
KEYS = {"rows_in", "done", "unchanged", "skipped", "failed", "problems", "outputs"}


def test_forms_are_listed_for_people_and_for_programs(docgen: Docgen) -> None:
    told = docgen("forms")
    entries = docgen("forms", "--json").told
    assert told.code == 0
    assert {entry["id"] for entry in entries} == {form.id for form in library.catalogue()}
    assert all(entry["id"] in told.out and entry["title"] in told.out for entry in entries)
    assert set(entries[0]) == {"id", "code", "title", "family", "subject", "basis", "valid_from", "valid_to"}


# ---------------------------------------------------------------- check


def test_a_right_record_has_no_problem(docgen: Docgen, record: Path) -> None:
    told = docgen("check", FORM, record)
    assert (told.code, told.err) == (0, "")
    assert told.out == "Dữ liệu không có lỗi.\n"
    assert docgen("check", "kiem-diem-ca-nhan", "-", stdin=b'{"nam": 1980}').code == 4


def test_every_problem_is_one_line_with_its_place(docgen: Docgen, record: Path, values: dict[str, Any]) -> None:
    wrong = {**values, "ho_ten": "", "ngay_sinh": "31/02/1990", "diem_chung": 31, "que_quan": "Hà Nam"}
    record.write_text(json.dumps(wrong), encoding="utf-8")
    told = docgen("check", FORM, record)
    lines = told.out.splitlines()
    assert told.code == 4
    assert [line.partition(":")[0] for line in lines].count("Lỗi") == 3
    assert [line.partition(":")[0] for line in lines].count("Cảnh báo") == 1
    assert all("tien.json" in line for line in lines)
    found = docgen("check", FORM, record, "--json").told
    assert set(found) == KEYS
    assert (found["rows_in"], found["done"], found["skipped"], found["failed"]) == (1, 0, 0, 1)
    assert {problem["severity"] for problem in found["problems"]} == {"error", "warning"}
    assert {"ho_ten", "ngay_sinh", "diem_chung"} <= {problem.get("field") for problem in found["problems"]}


def test_warnings_alone_are_no_failure(docgen: Docgen, record: Path, values: dict[str, Any]) -> None:
    record.write_text(json.dumps({**values, "que_quan": "Hà Nam"}), encoding="utf-8")
    told = docgen("check", FORM, record, "--json")
    assert told.code == 0
    assert (told.told["done"], told.told["failed"], len(told.told["problems"])) == (1, 0, 1)


# ---------------------------------------------------------------- render


def test_a_document_is_made_and_named_on_stdout(docgen: Docgen, record: Path, tmp_path: Path) -> None:
    place = tmp_path / "ra.docx"
    told = docgen("render", FORM, record, "-o", place)
    assert (told.code, told.out, told.err) == (0, f"{place}\n", "")
    assert "Đặng Thị Thuỷ Tiên" in "\n".join(document_text(place.read_bytes()))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ra.docx", "tien.json"]


def test_json_tells_the_outputs(docgen: Docgen, record: Path, tmp_path: Path) -> None:
    told = docgen("render", FORM, record, "-o", tmp_path / "ra.docx", "--json").told
    assert set(told) == KEYS
    assert told["rows_in"] == told["done"] + told["skipped"] + told["failed"] == 1
    assert told["outputs"] == [str(tmp_path / "ra.docx")]


@pytest.mark.parametrize(
    "content",
    [
        b'{"ho_ten": "Tr\xe1\xba\xa7n V\xc4\x83n B\xc3\xacnh", "chi_bo": "A", "nam": 2025}',
        "\ufeff\n [{\"ho_ten\": \"Trần Văn Bình\", \"chi_bo\": \"A\", \"nam\": 2025}]".encode(),
        "ho_ten: Trần Văn Bình\nchi_bo: A\nnam: 2025\n".encode(),
        '{"ho_ten": "Trần Văn Bình", "chi_bo": "A", "nam": 2025}'.encode("utf-16"),
    ],
)  # fmt: skip
def test_standard_input_is_json_or_yaml(docgen: Docgen, tmp_path: Path, content: bytes) -> None:
    assert docgen("render", FORM, "-", "-o", tmp_path / "ra.docx", stdin=content).code == 0
    assert "Trần Văn Bình" in "\n".join(document_text((tmp_path / "ra.docx").read_bytes()))


@pytest.mark.parametrize("content", [b'\xef\xbb\xbf\r\n {"a": 1,}', '[{"a": 1,}]'.encode("utf-16")])
def test_standard_input_that_begins_like_json_is_judged_as_json(docgen: Docgen, content: bytes) -> None:
    found = docgen("check", FORM, "-", "--json", stdin=content).told["problems"]
    assert [problem["code"] for problem in found] == ["json-syntax"]


def test_yaml_files_and_a_profile(docgen: Docgen, tmp_path: Path) -> None:
    (tmp_path / "a.YML").write_text("ho_ten: Lê Bão\nchi_bo: Thôn Đoài\nnam: 2025", encoding="utf-8")
    (tmp_path / "tc.toml").write_text('dang_bo = "xã Phú Mỹ"\nchi_bo = "khác"', encoding="utf-8")
    told = docgen("render", FORM, tmp_path / "a.YML", "-o", tmp_path / "a.docx", "--profile", tmp_path / "tc.toml")
    text = "\n".join(document_text((tmp_path / "a.docx").read_bytes()))
    assert told.code == 0
    assert "xã Phú Mỹ" in text
    assert "Thôn Đoài" in text
    assert "khác" not in text.splitlines()


def test_the_family_finds_the_form(docgen: Docgen, record: Path, tmp_path: Path, values: dict[str, Any]) -> None:
    record.write_text(json.dumps({**values, "doi_tuong": "khong-lanh-dao"}), encoding="utf-8")
    assert docgen("render", "kiem-diem-ca-nhan", record, "-o", tmp_path / "ra.docx").code == 0
    assert docgen("render", FORM, record, "-o", tmp_path / "ro.docx").code == 0
    assert (tmp_path / "ra.docx").read_bytes() == (tmp_path / "ro.docx").read_bytes()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"ho_ten": "", "chi_bo": "A", "nam": 2025}', "required"),
        (b'{"ho_ten": "\\ud800"}', "json-half-character"),
        (b'{"ho_ten": 1', "json-syntax"),
        (b"[" * 100_000, "json-too-deep"),
        (b'{"a": 1, "a": 1}', "json-duplicate-key"),
        (b"\xd0\xcf\x11\xe0", "file-not-text"),
        (b'{"ho_ten": "\xe1"}', "file-not-utf8"),
        (b"x" * (21 * 1024 * 1024), "file-too-large"),
        (b"", "file-empty"),
    ],
)
def test_an_unusable_record_leaves_the_old_file_alone(
    docgen: Docgen, record: Path, tmp_path: Path, content: bytes, code: str
) -> None:
    record.write_bytes(content)
    place = tmp_path / "ra.docx"
    place.write_bytes(b"old")
    told = docgen("render", FORM, record, "-o", place)
    assert (told.code, told.out) == (3, "")
    assert "tien.json" in told.err
    found = docgen("render", FORM, record, "-o", place, "--json")
    assert found.code == 3
    assert code in {problem["code"] for problem in found.told["problems"]}
    assert (found.told["done"], found.told["failed"], found.told["outputs"]) == (0, 1, [])
    assert place.read_bytes() == b"old"
    assert docgen("check", FORM, record).code == (4 if code == "required" else 3)


def test_a_warning_is_told_and_the_document_is_made(
    docgen: Docgen, record: Path, tmp_path: Path, values: dict[str, Any]
) -> None:
    record.write_text(json.dumps({**values, "que_quan": "Hà Nam"}), encoding="utf-8")
    told = docgen("render", FORM, record, "-o", tmp_path / "ra.docx")
    assert told.code == 0
    assert told.err.startswith("Cảnh báo: tien.json")
    assert (tmp_path / "ra.docx").exists()


def test_a_pdf_is_the_converted_document(
    docgen: Docgen, record: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = []

    def converted(docx: bytes) -> bytes:
        given.append(docx)
        return b"%PDF-"

    monkeypatch.setattr(pdf, "to_pdf", converted)
    assert docgen("render", FORM, record, "-o", tmp_path / "ra.PDF").code == 0
    assert (tmp_path / "ra.PDF").read_bytes() == b"%PDF-"
    assert given[0][:2] == b"PK"


@pytest.mark.needs_libreoffice
def test_libreoffice_makes_the_pdf(docgen: Docgen, record: Path, tmp_path: Path) -> None:
    assert docgen("render", FORM, record, "-o", tmp_path / "ra.pdf").code == 0
    assert (tmp_path / "ra.pdf").read_bytes().startswith(b"%PDF-")


def test_without_libreoffice_there_is_still_word(
    docgen: Docgen, record: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "find_soffice", lambda: None)
    told = docgen("render", FORM, record, "-o", tmp_path / "ra.pdf")
    assert told.code == 5
    assert "LibreOffice" in told.err
    assert not (tmp_path / "ra.pdf").exists()
    assert docgen("render", FORM, record, "-o", tmp_path / "ra.docx").code == 0


# ---------------------------------------------------------------- inspect


def test_inspect_tells_what_deviates(docgen: Docgen, record: Path, tmp_path: Path) -> None:
    place = tmp_path / "ra.docx"
    assert docgen("render", FORM, record, "-o", place).code == 0
    told = docgen("inspect", place, "--regime", "hd36-2018")
    assert told.code == 4
    assert all("ra.docx" in line for line in told.out.splitlines())
    assert "hd36-2018" in told.err
    found = docgen("inspect", place, "--regime", "hd36-2018", "--json").told
    assert len(found["problems"]) == len(told.out.splitlines())
    assert (found["rows_in"], found["done"], found["failed"], found["regime"]) == (1, 0, 1, "hd36-2018")


def test_inspect_takes_the_layout_that_the_document_bears(docgen: Docgen, record: Path, tmp_path: Path) -> None:
    place = tmp_path / "ra.docx"
    assert docgen("render", FORM, record, "-o", place).code == 0
    own = docgen("inspect", place, "--json")
    assert own.told["regime"] == "bieu-mau"
    assert own.code == 0
    assert docgen("inspect", place, "--kind", "van-ban", "--json").told["regime"] == "hd05-2026"


def test_inspect_of_a_strangers_document_takes_the_newest_regime(docgen: Docgen, tmp_path: Path) -> None:
    place = tmp_path / "la.docx"
    python_docx.Document().save(str(place))
    told = docgen("inspect", place, "--json")
    assert told.told["regime"] == "hd05-2026"
    assert told.code == 4
    assert {problem["severity"] for problem in told.told["problems"]} == {"warning"}


def test_inspect_of_something_else(docgen: Docgen, record: Path, tmp_path: Path) -> None:
    told = docgen("inspect", record)
    assert told.code == 3
    assert "tien.json" in told.err
    assert docgen("inspect", record, "--json").told["failed"] == 1
    assert docgen("inspect", tmp_path / "khong_co.docx").code == 2


# ---------------------------------------------------------------- wrong use

WRONG = [
    ("rendre",),
    ("forms", "--jsn"),
    ("forms", "thua"),
    ("show",),
    ("show", "mau-2b"),
    ("show", "kiem-diem-ca-nhan"),
    ("show", FORM, "--json", "--schema"),
    ("check", FORM),
    ("check", FORM, "khong_co.json"),
    ("check", FORM, "."),
    ("check", FORM, "danh_sach.xlsx"),
    ("check", FORM, "danh_sach.csv"),
    ("check", FORM, "an.txt"),
    ("check", FORM, "an\0.json"),
    ("check", FORM, "a" * 300 + ".json"),
    ("check", "mau-khong-co", "an.json"),
    ("check", FORM, "an.json", "--profile", "khong_co.toml"),
    ("render", FORM, "an.json"),
    ("render", FORM, "an.json", "-o"),
    ("render", FORM, "an.json", "-o", ""),
    ("render", FORM, "an.json", "-o", "ra.txt"),
    ("render", FORM, "an.json", "-o", "ra"),
    ("render", FORM, "an.json", "-o", "folder.docx"),
    ("render", FORM, "an.json", "-o", "khong_co/ra.docx"),
    ("render", FORM, "an.json", "-o", "an.json/ra.docx"),
    ("render", FORM, "an.json", "-o", "ra\0.docx"),
    ("render", "mau-khong-co", "an.json", "-o", "ra.docx"),
    ("inspect", "an.json", "--regime", "hd99"),
    ("inspect", "an.json", "--kind", "khac"),
    ("inspect", "an.json", "--kind", "bieu-mau", "--regime", "hd36-2018"),
    ("serve", "--host", "0.0.0.0"),
    ("serve", "--host", "192.168.1.5"),
    ("serve", "--port", "99999"),
]


@pytest.mark.parametrize("arguments", WRONG, ids=lambda arguments: " ".join(arguments)[:60].replace("\0", "NUL"))
def test_wrong_use_ends_with_two_and_a_vietnamese_sentence(
    docgen: Docgen, record: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(record.parent)
    record.rename("an.json")
    Path("an.txt").write_text("{}")
    Path("folder.docx").mkdir()
    told = docgen(*arguments)
    assert (told.code, told.out) == (2, "")
    assert any(ord(letter) > 0x1E00 for letter in told.err), "no Vietnamese letter in the message"
    assert sorted(path.name for path in Path().iterdir()) == ["an.json", "an.txt", "folder.docx"]


def test_help_is_vietnamese_and_has_an_example(docgen: Docgen) -> None:
    for command in ("forms", "show", "check", "render", "inspect", "serve"):
        told = docgen(command, "--help")
        assert told.code == 0
        assert f"Ví dụ: docgen {command}" in told.out
        assert told.out.startswith("Cách dùng: docgen ")
        for english in ("Usage", "Options", "Show this", "required", "default", "Commands"):
            assert english not in told.out
    assert docgen().out == docgen("--help").out
    assert docgen("--version").out.startswith("docgen ")


# ---------------------------------------------------------------- the unforeseen


@pytest.mark.parametrize(
    "error", [ValueError("CANARY"), MemoryError("CANARY"), RecursionError("CANARY"), OSError("CANARY")]
)
def test_an_unforeseen_error_tells_its_type_and_no_value(
    docgen: Docgen, record: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(generate, "document", fails)
    told = docgen("render", FORM, record, "-o", tmp_path / "ra.docx")
    assert told.code == 5
    assert type(error).__name__ in told.err
    assert "CANARY" not in told.err


def test_interrupting_leaves_nothing_behind(
    docgen: Docgen, record: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    (tmp_path / "ra.docx").write_bytes(b"old")
    monkeypatch.setattr(os, "replace", interrupted)
    told = docgen("render", FORM, record, "-o", tmp_path / "ra.docx")
    assert told.code == 130
    assert (tmp_path / "ra.docx").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ra.docx", "tien.json"]


# ---------------------------------------------------------------- as a process of its own


def run(*arguments: str, env: dict[str, str] | None = None, **settings: Any) -> subprocess.CompletedProcess[bytes]:
    """One command as its own process; unbuffered streams would hide what happens when Python says farewell."""
    environment = {**os.environ, **(env or {}), "PYTHONUNBUFFERED": ""}
    command = [sys.executable, "-m", "docgen.cli", *arguments]
    return subprocess.run(command, check=False, stderr=subprocess.PIPE, timeout=60, env=environment, **settings)


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "cp1252"},
        {"PYTHONIOENCODING": "ascii", "LC_ALL": "POSIX"},
    ],
)
def test_every_console_gets_utf_8(tmp_path: Path, environment: dict[str, str]) -> None:
    place = tmp_path / "tệp ra.docx"
    ended = run(
        "render", FORM, "-", "-o", str(place), stdout=subprocess.PIPE, env=environment,
        input='{"ho_ten": "Lò Văn Pó", "chi_bo": "Bản Mòng", "nam": 2025, "tên lạ": 1}'.encode(),
    )  # fmt: skip
    assert ended.returncode == 0
    assert ended.stdout.decode("utf-8").strip() == str(place)
    assert "«tên lạ»" in ended.stderr.decode("utf-8")
    assert place.exists()


@pytest.mark.parametrize("arguments", [("forms",), ("show", FORM, "--schema")])
def test_a_reader_that_goes_away_is_no_error(arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = run(*arguments, stdout=writing)
    os.close(writing)
    assert ended.returncode == 128 + signal.SIGPIPE
    assert ended.stderr == b""


def test_a_full_stdout_is_told() -> None:
    with Path("/dev/full").open("wb") as full:
        ended = run("forms", stdout=full)
    assert ended.returncode == 5
    assert "hết chỗ trên đĩa" in ended.stderr.decode()
    assert "Exception ignored" not in ended.stderr.decode()


def test_starting_is_light() -> None:
    """Heavy modules stay out of a start that does not need them (the figure itself is a benchmark's)."""
    code = "import sys; from docgen.cli import main; main(['forms']); print(*sorted(sys.modules), file=sys.stderr)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stderr.split()
    assert not {"flask", "docx", "docxtpl", "lxml", "jinja2", "babel", "yaml", "service"} & set(loaded)
