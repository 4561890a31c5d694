"""Compile once, render many: a Word template above docxtpl, proven equal to it. The only place that touches docxtpl.

docxtpl fills the template once with a mark in place of each tag; what it writes then are the constants. A gear is
chosen, and proven on made words to give docxtpl's own parts byte for byte:

    TEXT      escaped values between constants; nothing is parsed
    WHOLE     the rendered text is strictly parsed, then docxtpl's own repairing steps run on it
    DOCXTPL   docxtpl itself for each document, its text rendered by us and strictly parsed
"""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import replace
from itertools import count
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from docx.oxml.parser import parse_xml
from docxtpl import DocxTemplate
from jinja2 import TemplateSyntaxError
from lxml import etree

from docgen.errors import DataError, DocgenError, FormError
from docgen.word import package, proof
from docgen.word.compiled import Template
from docgen.word.gears import Program, TextGear, cut
from docgen.word.language import STEPS, Language
from docgen.word.lint import STRICT, Bounds, W, lint
from docgen.word.recipe import (
    CORE,
    CORE_RELATION,
    EMPTY_CORE,
    KINDS,
    Observation,
    Recipe,
    WholePart,
    cook,
    part_kinds,
    with_known_core,
)
from docgen.word.words import check

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from docx.opc.part import Part
    from jinja2 import Template as JinjaTemplate
    from lxml.etree import _Element

    from docgen.word.compiled import Gear
    from docgen.word.lint import Reading
    from docgen.word.recipe import GearName

__all__ = ["DocxtplGear", "Template", "WholeGear", "compile_template", "docxtpl_parts", "examine", "prove_thoroughly"]

BOUNDS = Bounds()
_FIRST_DOCPR_ID = 1000
_MUST_HOLD = MappingProxyType(
    {
        W + "tbl": (W + "tr",),
        W + "tr": (W + "tc",),
        W + "tc": (W + "p",),
        **{W + name: (W + "p", W + "tbl") for name in ("hdr", "ftr", "footnote", "txbxContent")},
    }
)
"""What Word cannot open without: elements, and what each must have inside."""


def compile_template(docx: bytes, sample: Mapping[str, object] | None = None) -> Template:
    """The template compiled, and its gear proven on the sample, where one is given, and on words made from its tags.

    Raises:
        FormError: every fault found, each with its part, paragraph and tag; also where the sample does not fit.
    """
    return _compiled(docx, sample, rounds=0)


def examine(parts: Mapping[str, bytes]) -> Reading:
    """The tags of a Word file's parts, and every fault that can be seen without filling it.

    Raises:
        FormError: a part is not well-formed.
    """
    kinds = part_kinds(parts)
    return lint(parts, {name: kind.label for name, kind in kinds.items()}, Language(), BOUNDS)


def prove_thoroughly(docx: bytes, sample: Mapping[str, object] | None = None, *, rounds: int = 40) -> Template:
    """As `compile_template`, proven on `rounds` more sets of words; for tests and for the check of an office's form."""
    return _compiled(docx, sample, rounds=rounds)


def docxtpl_parts(docx: bytes, words: Mapping[str, object]) -> dict[str, bytes]:
    """The parts that docxtpl itself makes under our environment: what every gear is compared with."""
    reference = DocxTemplate(io.BytesIO(docx))
    reference.render(dict(words), Language())
    return _saved_parts(reference)


class WholeGear:
    """The rendered text, strictly parsed, then docxtpl's own steps: line ends, grids of tables, numbers of drawings."""

    def __init__(self, parts: Iterable[WholePart], language: Language) -> None:
        self._parts = tuple(parts)
        self.programs = tuple(Program(part.woven, language) for part in self._parts)

    def contents(self, words: dict[str, object]) -> dict[str, bytes]:
        """The bytes of each part that has tags."""
        pairs = zip(self._parts, self.programs, strict=True)
        return {part.woven.part: _finished(part, program.text(words)) for part, program in pairs}


class DocxtplGear:
    """docxtpl itself, on a document opened anew each time; only the text of each part is rendered by us."""

    def __init__(self, recipe: Recipe, language: Language) -> None:
        self._docx, self._language = recipe.docx, language
        self.programs = tuple(Program(part.woven, language) for part in recipe.whole)

    def contents(self, words: dict[str, object]) -> dict[str, bytes]:
        """The bytes of every part."""
        document = _Strict(self._docx, {program.part: program.text(words) for program in self.programs})
        try:
            document.render({}, self._language)
        except DocgenError:
            raise
        except Exception as error:
            raise _unreadable(error) from error
        return _with_still_core(_saved_parts(document), self._docx)


class _Marked:
    """What `from_string` gives to docxtpl: the source with a mark in place of each tag."""

    def __init__(self, text: str) -> None:
        self._text = text

    def render(self, _: object) -> str:
        return self._text


class _Marking:
    """Stands in for the environment, so that docxtpl fills each tag with its mark."""

    def __init__(self, language: Language, prefix: str) -> None:
        self._language, self._prefix = language, prefix

    def from_string(self, source: str) -> _Marked:
        parted = cut(source, self._language)
        marks = (f"{self._prefix}{number:05d}" for number in range(len(parted.marks)))
        return _Marked("".join(text for pair in zip(parted.constants, [*marks, ""], strict=True) for text in pair))


class _Observed(DocxTemplate):  # type: ignore[misc]
    """docxtpl, remembering each part's patched source and refusing what it would repair."""

    def __init__(self, docx: bytes) -> None:
        super().__init__(io.BytesIO(docx))
        self.sources: dict[str, str] = {}

    def render_xml_part(self, src_xml: str, part: Part, context: Any, jinja_env: Any = None) -> str:
        self.sources.setdefault(part.partname.lstrip("/"), src_xml)
        rendered: str = super().render_xml_part(src_xml, part, context, jinja_env)
        _strictly(rendered)
        return rendered


class _Strict(DocxTemplate):  # type: ignore[misc]
    """docxtpl with ready texts for the parts that have tags."""

    def __init__(self, docx: bytes, texts: Mapping[str, str]) -> None:
        super().__init__(io.BytesIO(docx))
        self._texts = texts

    def render_xml_part(self, src_xml: str, part: Part, context: Any, jinja_env: Any = None) -> str:
        text = self._texts.get(part.partname.lstrip("/"))
        if text is None:
            rendered: str = super().render_xml_part(src_xml, part, context, jinja_env)
            return rendered
        listed: str = self.resolve_listing(text)
        _refuse_empty(_strictly(listed))
        return listed


class _Steps(DocxTemplate):  # type: ignore[misc]
    """docxtpl's repairing steps without a document."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO())
        self.docx_ids_index = _FIRST_DOCPR_ID

    def listed(self, text: str) -> str:
        """The text with line ends and tabs turned into marks; without any, docxtpl's pass over it changes nothing."""
        return str(self.resolve_listing(text)) if "\n" in text or "\t" in text else text


def _finished(part: WholePart, text: str) -> bytes:
    steps = _Steps()
    text = steps.listed(text)
    if part.kind == "body":
        text = f"{part.head}<w:body{text[len(part.opening) :]}{part.tail}"
        _refuse_empty(_strictly(text))
        try:
            tree = steps.fix_tables(text)
        except (ValueError, TypeError, AttributeError, ZeroDivisionError) as error:
            what = "Số cột của bảng không tính được với dữ liệu này."
            raise DataError.of("word-bad-grid", what, "Hãy kiểm tra các giá trị colspan.") from error
        steps.fix_docpr_ids(tree)
        return etree.tostring(tree, encoding="UTF-8", standalone=True)
    _refuse_empty(_strictly(text))
    if part.kind == "footnotes":
        return text.encode()
    return etree.tostring(parse_xml(text.encode()), encoding="UTF-8", standalone=True)


def _strictly(xml: str) -> _Element:
    """The parsed text; docxtpl parses with repair, which would drop words in silence.

    Raises:
        FormError: the tags cut the structure of the document.
    """
    try:
        return etree.fromstring(xml.encode(), STRICT)
    except etree.XMLSyntaxError as error:
        what = "Các thẻ cắt ngang cấu trúc của văn bản (đoạn, ô, bảng)."
        cure = "Hãy để if/endif, for/endfor trong cùng một đoạn, hoặc dùng {%p …%}, {%tr …%} ở đoạn, dòng riêng."
        raise FormError.of("template-cut", what, cure) from error


def _refuse_empty(root: _Element) -> None:
    for element in root.iter(*_MUST_HOLD):
        if next(element.iterdescendants(*_MUST_HOLD[element.tag]), None) is None:
            what = "Dữ liệu này làm bảng không còn dòng hoặc ô không còn đoạn nào."
            raise DataError.of("word-list-empty", what, "Hãy đưa vào ít nhất một dòng (có thể là dòng trống).")


def _observe(docx: bytes, parts: Mapping[str, bytes], language: Language) -> Observation:
    marks = map("9{:07o}".format, count(1))
    prefix = next(mark for mark in marks if not any(mark.encode() in content for content in parts.values()))
    observed = _Observed(docx)
    try:
        observed.render({}, _Marking(language, prefix))
        written = _saved_parts(observed)
    except DocgenError:
        raise
    except Exception as error:
        raise _unreadable(error) from error
    return Observation(observed.sources, _with_still_core(written, docx), re.compile(prefix + r"(\d{5})"))


def _unreadable(error: Exception) -> FormError:
    """For whatever python-docx and docxtpl stumble over: they have no errors of their own for a strange package."""
    what = f"Tệp Word có cấu trúc không đọc được ({type(error).__name__})."
    return FormError.of("template-unreadable", what, "Hãy mở bằng Word và lưu lại .docx.")


def _saved_parts(document: DocxTemplate) -> dict[str, bytes]:
    saved = io.BytesIO()
    document.save(saved)
    return package.parts(saved.getvalue())


def _with_still_core(written: dict[str, bytes], docx: bytes) -> dict[str, bytes]:
    """The parts, with still properties where the template has none: those that python-docx makes carry the clock."""
    if CORE_RELATION not in package.parts(docx)["_rels/.rels"]:
        written[CORE] = EMPTY_CORE
    return written


def _compiled(docx: bytes, sample: Mapping[str, object] | None, *, rounds: int) -> Template:
    language = Language()
    sha256 = hashlib.sha256(docx).hexdigest()
    parts = package.read(docx)
    docx = with_known_core(docx, parts)
    kinds = part_kinds(parts)
    reading = examine(parts)
    if reading.flaws:
        raise FormError([flaw.problem for flaw in reading.flaws])
    seen = _observe(docx, parts, language)
    try:
        recipe = cook(docx, sha256, seen, kinds, reading.places, language)
        shape = proof.shape_of((part.woven for part in recipe.whole), language)
        if sample is not None:
            _refuse_unfit(recipe, sample)
        full, *others = proof.contexts(shape)
        examples = [full if sample is None else dict(sample), *others, *proof.random_contexts(shape, rounds)]
        proven = _proven(recipe, seen, examples)
    except TemplateSyntaxError as error:  # the tags were right as typed; docxtpl has made something else of them
        what = f"Các thẻ không đọc được sau khi docxtpl ghép lại: {error.message}"
        raise FormError.of("template-cut", what, "Hãy gõ lại các thẻ, mỗi thẻ một lượt.") from error
    return Template(replace(proven, warnings=tuple(warning.problem for warning in reading.warnings)))


def _refuse_unfit(recipe: Recipe, sample: Mapping[str, object]) -> None:
    try:
        Template(recipe).render(sample)
    except DataError as error:
        raise FormError(error.problems) from error


def _proven(recipe: Recipe, seen: Observation, examples: list[dict[str, object]]) -> Recipe:
    """The recipe with the fastest gears that give docxtpl's bytes on every example."""
    language = Language()
    remembered = _Remembered(language)
    gears: dict[str, Gear] = {"WHOLE": WholeGear(recipe.whole, language)}
    if recipe.gear == "TEXT":
        gears["TEXT"] = TextGear(recipe.text, language)
    wrong: dict[str, str] = {}
    for words in examples:
        fitting = [name for name in gears if name not in wrong and (name != "TEXT" or not check(words))]
        made = {name: parts for name in fitting if (parts := _made(gears[name], words, seen))}
        expected = remembered.parts(recipe.docx, words) if made else {}
        wrong |= {name: _difference(parts, expected) for name, parts in made.items() if _difference(parts, expected)}
    best: GearName = next((name for name in ("TEXT", "WHOLE") if name in gears and name not in wrong), "DOCXTPL")
    labels = {part.woven.part: label for part in recipe.whole for _, kind, label in KINDS if kind == part.kind}
    told = [recipe.reason, *(f"{labels.get(part, part)}: kết quả khác docxtpl." for part in wrong.values())]
    return replace(
        recipe,
        gear=best,
        lines_gear="DOCXTPL" if "WHOLE" in wrong else "WHOLE",
        reason="" if best == "TEXT" else " ".join(dict.fromkeys(filter(None, told))),
    )


def _made(gear: Gear, words: dict[str, object], seen: Observation) -> dict[str, bytes]:
    """All parts as the gear makes them, nothing where it refuses the words."""
    try:
        contents = gear.contents({**words, STEPS: [0]})
    except DataError:
        return {}
    return {name: contents.get(name, content) for name, content in seen.parts.items()}


def _difference(made: dict[str, bytes], expected: dict[str, bytes]) -> str:
    if list(made) != list(expected):
        return "danh sách phần"
    return next((name for name, content in made.items() if content != expected[name]), "")


class _Remembered:
    """docxtpl as reference for many words: what is a pure function of the template is computed once."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._templates: dict[str, JinjaTemplate] = {}
        self._patched: dict[str, str] = {}

    def from_string(self, source: str) -> JinjaTemplate:
        if source not in self._templates:
            self._templates[source] = self._language.from_string(source)
        return self._templates[source]

    def parts(self, docx: bytes, words: dict[str, object]) -> dict[str, bytes]:
        reference = _Remembering(docx, self._patched)
        try:
            reference.render(words, self)
        except Exception:  # noqa: BLE001 - whatever docxtpl stumbles over, it made nothing that could be equal
            return {}
        return _with_still_core(_saved_parts(reference), docx)


class _Remembering(DocxTemplate):  # type: ignore[misc]
    def __init__(self, docx: bytes, patched: dict[str, str]) -> None:
        super().__init__(io.BytesIO(docx))
        self._patched = patched

    def patch_xml(self, src_xml: str) -> str:
        if src_xml not in self._patched:
            self._patched[src_xml] = super().patch_xml(src_xml)
        return self._patched[src_xml]
