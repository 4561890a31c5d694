"""What a compiled template does with words."""

from __future__ import annotations

import gc
import hashlib
import io
import json
import pickle
import subprocess
import sys
import tracemalloc
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from types import MappingProxyType
from typing import Any

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

import docgen
from docgen.errors import DataError, FormError
from docgen.word import package
from docgen.word.template import Template, compile_template
from tests.gate.hostile import HOSTILE
from tests.gate.texts import document_text
from tests.word.corpus import corpus
from tests.word.specimens import NAMESPACES, cell, docx, footnotes, header, p, row, section, table, zipped

PERSON = docx(
    "Họ và tên: {{ ho_ten }}.",
    "{%p for doan in uu_diem %}",
    "{{ doan }}",
    "{%p endfor %}",
    table(
        2,
        row("TT", "Việc"),
        row("{%tr for d in ds %}", ""),
        row("{{ d.tt }}", "{{ d.viec }}"),
        row("{%tr endfor %}", ""),
    ),
    p("Ký tên: {{ ho_ten|upper }}"),
    ending=section("header:default:rIdA"),
    rIdA=header(p("{{ don_vi }}")),
    rIdN=footnotes(p("{{ ghi_chu }}")),
)
WORDS: dict[str, Any] = {
    "ho_ten": "Nguyễn Thị Hoa Mai",
    "uu_diem": ["Chấp hành tốt.", "Gương mẫu."],
    "ds": [{"tt": 1, "viec": "Tự học"}, {"tt": 2, "viec": "Báo cáo"}],
    "don_vi": "Chi bộ Thôn Đông",
    "ghi_chu": "Không",
}


@pytest.fixture(scope="module")
def person() -> Template:
    return compile_template(PERSON, WORDS)


def refused(template: Template, **changes: object) -> DataError:
    with pytest.raises(DataError) as caught:
        template.render({**WORDS, **changes})
    assert all(problem.what and problem.cure for problem in caught.value.problems)
    return caught.value


def test_it_is_told_what_it_is(person: Template) -> None:
    assert person.gear == "TEXT"
    assert person.reason == ""
    assert person.sha256 == hashlib.sha256(PERSON).hexdigest()
    assert person.variables == WORDS.keys()
    assert docgen.compile_template is compile_template


def test_words_stand_where_their_tags_were(person: Template) -> None:
    made = person.render(WORDS)
    assert document_text(made) == [
        "Họ và tên: Nguyễn Thị Hoa Mai.", "Chấp hành tốt.", "Gương mẫu.", "TT", "Việc", "1", "Tự học", "2", "Báo cáo",
        "Ký tên: NGUYỄN THỊ HOA MAI", "Không", "Chi bộ Thôn Đông",
    ]  # fmt: skip
    assert Document(io.BytesIO(made)).paragraphs[0].text == "Họ và tên: Nguyễn Thị Hoa Mai."


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: f"{hostile.number}-{hostile.name}")
@pytest.mark.parametrize("place", ["ho_ten", "uu_diem", "ds", "don_vi", "ghi_chu"])
def test_a_hostile_value_is_printed_whole_or_refused(person: Template, hostile: Any, place: str) -> None:
    value = hostile.value
    changed = {"uu_diem": [value], "ds": [{"tt": 1, "viec": value}]}.get(place, value)
    try:
        texts = document_text(person.render({**WORDS, place: changed}))
    except DataError as error:
        allowed = not isinstance(value, str) or not hostile.fits_xml or "\r" in value
        assert allowed, error  # noqa: PT017 - refusing is right for these, and only these
        return
    printed = "" if value is None else str(value)
    assert isinstance(value, str | int | None)
    assert any(printed in text for text in texts)
    assert len(texts) == 12 - (place == "uu_diem") - 2 * (place == "ds")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")))
def test_any_text_round_trips(text: str) -> None:
    made = SHARED.render({"a": text, "b": [text]})
    assert document_text(made) == [f"[{text}]", text, "Hết."]


SHARED = compile_template(docx("[{{ a }}]", "{%p for x in b %}", "{{ x }}", "{%p endfor %}", "Hết."))


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"ho_ten": 8.5}, "word-not-ready", "ho_ten"),
        ({"ho_ten": b"a"}, "word-not-ready", "ho_ten"),
        ({"ds": [{"tt": 1, "viec": object()}]}, "word-not-ready", "ds[1].viec"),
        ({"ds": [{"tt": 1, 5: "a"}]}, "word-bad-name", "ds[1]"),
        ({"uu_diem": ["tốt", "a\x0bb"]}, "word-bad-character", "uu_diem[2]"),
        ({"uu_diem": ["\ud800"]}, "word-bad-character", "uu_diem[1]"),
        ({"ho_ten": "a\rb"}, "word-bad-character", "ho_ten"),
        ({"ho_ten": "x" * 2_000_001}, "word-too-long", "ho_ten"),
        ({"ho_ten": 10**5000}, "word-number-too-big", "ho_ten"),
        ({"ho_ten": True}, "word-not-text", None),
        ({"ho_ten": ["a"]}, "word-not-text", None),
        ({"ho_ten": {"a": "b"}}, "word-not-text", None),
        ({"uu_diem": "chữ"}, "word-not-list", None),
        ({"uu_diem": None}, "word-not-list", None),
        ({"ds": {"a": "b"}}, "word-not-list", None),
        ({"ds": [{"tt": "1"}]}, "word-missing", "viec"),
        ({"ds": ["a"]}, "word-missing", "tt"),
    ],
)
def test_words_that_are_not_ready_are_refused_with_their_place(
    person: Template, changes: dict[str, object], code: str, where: str | None
) -> None:
    problem = refused(person, **changes).problems[0]
    assert problem.code == code
    if where is None or code == "word-missing":
        assert problem.part is not None
        assert problem.part.split(",")[0] in {"Thân văn bản", "Đầu trang"}
        assert problem.paragraph
        assert "{{" in problem.paragraph or "{%" in problem.paragraph
    if where:
        assert problem.field == where


def test_all_unready_words_are_told_at_once(person: Template) -> None:
    found = refused(person, ho_ten=1.5, uu_diem=["\x07", "tốt", "\x00"], don_vi=b"")
    assert [problem.field for problem in found.problems] == ["ho_ten", "uu_diem[1]", "uu_diem[3]", "don_vi"]


def test_all_missing_words_are_told_at_once_with_the_nearest_name(person: Template) -> None:
    with pytest.raises(DataError) as caught:
        person.render({"ho_tn": "An", "uu_diem": [], "ds": []})
    told = {problem.field: problem for problem in caught.value.problems}
    assert told.keys() == {"ho_ten", "don_vi", "ghi_chu"}
    assert "«ho_tn»" in told["ho_ten"].cure
    assert told["don_vi"].part == "Đầu trang"
    assert told["ho_ten"].paragraph == "Họ và tên: {{ ho_ten }}."


def test_words_that_nothing_asks_for_are_let_be(person: Template) -> None:
    assert person.render({**WORDS, "thừa": "x", " steps": "y"}) == person.render(WORDS)


def test_mappings_of_any_kind_will_do(person: Template) -> None:
    frozen = MappingProxyType({**WORDS, "ds": [MappingProxyType(row) for row in WORDS["ds"]]})
    assert person.render(frozen) == person.render(WORDS)


@pytest.mark.parametrize(
    "name", ["items", "keys", "values", "get", "range", "dict", "cycler", "context", "environment", "class", "l_0_a"]
)
def test_names_of_python_are_ordinary_names(name: str) -> None:
    template = compile_template(docx(f"{{{{ {name} }}}} {{{{ nhom.{name} }}}}"))
    assert document_text(template.render({name: "chữ", "nhom": {name: "khác"}})) == ["chữ khác"]
    assert template.variables == {name, "nhom"}
    with pytest.raises(DataError):
        template.render({name: "chữ", "nhom": {}})


def test_an_empty_table_or_cell_is_refused() -> None:
    for content in (
        docx(table(1, row("{%tr for x in ds %}"), row("{{ x }}"), row("{%tr endfor %}"))),
        docx(table(1, row(cell("{%p for x in ds %}", "{{ x }}", "{%p endfor %}")))),
        docx(table(2, row("{%tc for x in ds %}", "{{ x }}", "{%tc endfor %}"))),
    ):
        template = compile_template(content)
        assert document_text(template.render({"ds": ["a"]})) == ["a"]
        with pytest.raises(DataError) as caught:
            template.render({"ds": []})
        assert caught.value.problems[0].code == "word-list-empty"


def test_an_empty_cell_is_refused_in_every_gear_and_part() -> None:
    hollow = table(1, row(cell("{%p if a %}", "{{ a }}", "{%p endif %}")))
    head = docx("x", ending=section("header:default:rIdA"), rIdA=header(hollow, p()))
    note = docx("x", rIdN=footnotes(hollow + p()))
    twice = f'{NAMESPACES} xmlns:x="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = docx(hollow, '<x:p xmlns:q="urn:q"><x:r><x:t>x</x:t></x:r></x:p>', namespaces=twice)
    for content, gear in ((docx(hollow, "x"), "WHOLE"), (head, "WHOLE"), (note, "WHOLE"), (body, "DOCXTPL")):
        template = compile_template(content)
        assert template.gear == gear
        assert "chữ" in document_text(template.render({"a": "chữ"}))
        with pytest.raises(DataError) as caught:
            template.render({"a": ""})
        assert caught.value.problems[0].code == "word-list-empty"


def test_loops_over_too_much_are_stopped() -> None:
    nested = "{% for a in ds %}{% for b in ds %}{% for c in ds %}x{% endfor %}{% endfor %}{% endfor %}"
    with pytest.raises(DataError) as caught:
        compile_template(docx(nested)).render({"ds": ["x"] * 1000})
    assert caught.value.problems[0].code == "words-too-many"
    with pytest.raises(DataError) as caught:
        compile_template(docx("{% for a in ds %}{{ b }}{% endfor %}")).render(
            {"ds": ["x"] * 1000, "b": "&" * 1_000_000}
        )
    assert caught.value.problems[0].code == "words-too-many"


def test_a_word_in_an_attribute_stays_inside() -> None:
    template = compile_template(docx(table(2, row("{% cellbg mau %}x", "y"))))
    assert b'w:fill="00B050"' in package.parts(template.render({"mau": "00B050"}))["word/document.xml"]
    for hostile in ('a" w:x="', "a b", "<", "", "é", "a" * 65):
        with pytest.raises(DataError) as caught:
            template.render({"mau": hostile})
        assert caught.value.problems[0].code == "word-not-token"


def test_the_author_stands_in_the_properties(person: Template) -> None:
    told = Document(io.BytesIO(person.render(WORDS, author="Đảng ủy xã A & B <x>"))).core_properties
    assert (told.author, told.title) == ("Đảng ủy xã A & B <x>", "Bản mẫu")
    assert Document(io.BytesIO(person.render(WORDS))).core_properties.author == ""
    with pytest.raises(DataError):
        person.render(WORDS, author="a\x00b")


def test_each_document_names_its_own_author(person: Template) -> None:
    names = ["Chi bộ Thôn Đông", "Chi bộ Thôn Tây", "Chi bộ Thôn Đông"]
    made = [person.render(WORDS, author=name) for name in names]
    assert [Document(io.BytesIO(docx_)).core_properties.author for docx_ in made] == names
    assert made[0] == made[2] != made[1]


def test_without_properties_no_clock_comes_in() -> None:
    template = compile_template(docx("{{ a }}", core=None))
    written = package.parts(template.render({"a": "1"}, author="Chi bộ"))["docProps/core.xml"].decode()
    assert "Chi bộ" in written
    assert "modified" not in written


def test_properties_as_libreoffice_names_them_are_found() -> None:
    held = package.parts(docx("{{ a }}"))
    renamed = held["_rels/.rels"].replace(
        b"org/package/2006/relationships/meta", b"org/officedocument/2006/relationships/meta"
    )
    assert renamed != held["_rels/.rels"]
    content = zipped({**held, "_rels/.rels": renamed})
    template = compile_template(content)
    made = template.render({"a": "1"}, author="Chi bộ")
    assert (template.gear, template.sha256) == ("TEXT", hashlib.sha256(content).hexdigest())
    told = Document(io.BytesIO(made)).core_properties
    assert (told.title, told.author) == ("Bản mẫu", "Chi bộ")


def test_equal_words_give_equal_bytes_in_every_process(person: Template) -> None:
    first = person.render(WORDS)
    assert first == person.render(json.loads(json.dumps(WORDS)))
    code = (
        "import sys, json, hashlib; from docgen.word.template import compile_template\n"
        "template = compile_template(sys.stdin.buffer.read())\n"
        "print(hashlib.sha256(template.render(json.loads(sys.argv[1]))).hexdigest())"
    )
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code, json.dumps(WORDS)], input=PERSON, capture_output=True, check=True,
            env={"PYTHONHASHSEED": seed, "LANG": "C", "TZ": "Asia/Ho_Chi_Minh"},
        )  # fmt: skip
        assert done.stdout.decode().strip() == hashlib.sha256(first).hexdigest()


def _rendered(template: Template, number: int) -> bytes:
    return template.render({**WORDS, "ho_ten": f"Người {number}", "ghi_chu": f"của người {number}"})


def test_threads_never_mix_people(person: Template) -> None:
    numbers = list(range(40)) * 8
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda number: _rendered(person, number), numbers))
    for number, content in zip(numbers, made, strict=True):
        assert content == _rendered(person, number)
        texts = document_text(content)
        assert (texts[0], texts[-2]) == (f"Họ và tên: Người {number}.", f"của người {number}")


@pytest.mark.parametrize("name", ["rows below a heading", "columns in a loop", "one namespace, two prefixes"])
def test_every_gear_is_safe_between_threads(name: str) -> None:
    specimen = next(specimen for specimen in corpus() if specimen.name == name)
    template = compile_template(specimen.docx)
    sets = [
        {word: [f"n{number}"] if word == "cot" else [] if word == "ds" else f"n{number}" for word in template.variables}
        for number in range(12)
    ]
    alone = [template.render(words) for words in sets]
    with ThreadPoolExecutor(6) as threads:
        assert list(threads.map(template.render, sets * 3)) == alone * 3


@pytest.mark.parametrize("name", ["rows below a heading", "cell that may be empty", "one namespace, two prefixes"])
def test_a_template_travels_as_its_recipe(name: str) -> None:
    specimen = next(specimen for specimen in corpus() if specimen.name == name)
    template = compile_template(specimen.docx)
    again = pickle.loads(pickle.dumps(template))
    assert (again.gear, again.reason, again.sha256, again.variables) == (
        template.gear, template.reason, template.sha256, template.variables)  # fmt: skip
    words = {word: [] if word == "ds" else "chữ" for word in template.variables}
    assert again.render(words) == template.render(words)


def test_other_processes_render_the_same(person: Template) -> None:
    with ProcessPoolExecutor(1) as processes:
        assert processes.submit(_rendered, person, 7).result() == _rendered(person, 7)


def test_a_worker_that_renders_in_gear_text_needs_no_docxtpl(person: Template) -> None:
    code = "import pickle, sys; pickle.load(sys.stdin.buffer); print('docxtpl' in sys.modules, 'docx' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], input=pickle.dumps(person), capture_output=True, check=True)
    assert done.stdout.decode().split() == ["False", "False"]


def test_memory_stays_flat(person: Template) -> None:
    """A short run of what the benchmark measures; the second half may hold no more than the first."""
    tracemalloc.start()
    held = []
    for number in range(600):
        person.render({**WORDS, "ho_ten": f"Người {number}"})
        if number in {299, 599}:
            gc.collect()
            held.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert held[1] - held[0] < 20_000


def test_a_sample_that_does_not_fit_is_the_form_s_fault() -> None:
    with pytest.raises(FormError) as caught:
        compile_template(PERSON, {"ho_ten": "An"})
    assert {problem.code for problem in caught.value.problems} == {"word-missing"}


def test_line_ends_become_breaks_and_tabs_tabs(person: Template) -> None:
    made = person.render({**WORDS, "ho_ten": "Dòng một\nDòng hai\tcột"})
    assert "Họ và tên: Dòng một\nDòng hai\tcột." in document_text(made)
