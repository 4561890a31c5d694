"""Everything that is wrong with an office's template, told at once: tags, names, layout, fonts, a trial.

What the engine refuses is told by the engine (`docgen.word.lint`, `docgen.word.template`), what the form has by
`docgen.papers.template_fields`, how it looks by `docgen.word.layout`; here they are asked, one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from docgen.errors import DocgenError, FormError, Problem
from docgen.papers.template_fields import dropped, use_of
from docgen.rules.layouts import layout as layout_named
from docgen.templates.trial import fillings, lost, lost_or_refused
from docgen.word import furniture, package, screening
from docgen.word.enclosing import enclosed
from docgen.word.layout import inspect
from docgen.word.lint import Flaw, Place, W, parse
from docgen.word.pdf import installed_fonts
from docgen.word.remarks import Remark, with_remarks, without_remarks
from docgen.word.row_marks import DOCUMENT, fillable
from docgen.word.tags import scan
from docgen.word.template import compile_template, examine, prove_thoroughly

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from docgen.papers.form import Field, Form
    from docgen.papers.template_fields import Use
    from docgen.word.compiled import Template
    from docgen.word.lint import Reading
    from docgen.word.tags import Tag

PROOF_ROUNDS = 40
_ORIGINALS_KEPT = 8
_QUICK_BYTES = 100_000
"""Up to this size of the body a gear is proven on all rounds; a larger template gets fewer."""
LARGEST_BODY = 2_000_000
"""Bytes of the body's text and mark-up that are checked; a form has some tens of thousands."""
_NOT_A_LINE = frozenset({"paragraphs", "levels", "list", "yes_no"})
_TOO_LARGE = f"Thân văn bản của mẫu lớn hơn {LARGEST_BODY // 1_000_000} MB (chữ và định dạng, không kể hình)."
_LARGE_BYTES = 500_000
"""Above this size of the body not each field is filled alone: that many documents of it would take too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """What a template is held against: the form, its layout, a complete record, and the template it replaces."""

    form: Form
    layout: str
    sample: Mapping[str, Any]
    original: bytes | None = None
    """None for a paper that this office has made itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found, and the template made ready where nothing stands against it."""

    flaws: tuple[Flaw, ...]
    content: bytes | None = None
    """The file as it is filled and installed; None where it cannot be read."""
    template: Template | None = None
    new_fields: Mapping[str, Place] | None = None
    """Names that the form does not have and that could become fields of it."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Errors first, each group in the order of the document."""
        return tuple(flaw.problem for flaw in self.flaws)

    @property
    def sound(self) -> bool:
        """Whether it may be installed."""
        return not any(problem.severity == "error" for problem in self.problems)


def check(given: bytes, against: Against, *, rounds: int = PROOF_ROUNDS) -> Checked:
    """Every fault of the Word file as a template of the form; nothing in it is run, nothing is written.

    Args:
        given: the file as the office has it; remarks of an earlier check are passed over.
        against: what it is held against.
        rounds: on how many sets of words the template's gear is proven (fewer where the file is large).
    """
    try:
        content = _enclosed(fillable(without_remarks(given)), against.form)
        parts = package.parts(content)
        reading = examine(parts)
    except FormError as error:
        return Checked(flaws=tuple(_placed(error.problems)))
    if len(parts[DOCUMENT]) > LARGEST_BODY:
        return Checked(flaws=(_bare(code="template-too-big", what=_TOO_LARGE, cure="Hãy rút gọn mẫu, bỏ phần thừa."),))
    use = use_of(against.form, reading.places)
    flaws = [*reading.flaws, *use.flaws, *_active(parts)]
    template = None
    if not reading.flaws and not _active(parts):
        fewer = rounds * _QUICK_BYTES // max(len(parts[DOCUMENT]), _QUICK_BYTES)
        template = _compiled(content, fewer, reading, flaws)
    flaws += _dropped(against, use, flaws)
    if template is not None and not any(flaw.problem.severity == "error" for flaw in flaws):
        flaws += _trial(template, against, use, each_alone=len(parts[DOCUMENT]) <= _LARGE_BYTES)
    flaws += [*reading.warnings, *_looks(content, parts, against, template)]
    ordered = sorted(_once(flaws), key=_order)
    return Checked(flaws=tuple(ordered), content=content, template=template, new_fields=use.unknown)


def _enclosed(docx: bytes, form: Form) -> bytes:
    """The file with controls around the tags that were typed bare."""
    titles = {name: field.title.rstrip(" :.") for name, field in form.fields.items()}
    lines = {name: titles[name] for name, field in form.fields.items() if field.type not in _NOT_A_LINE}
    for field in form.fields.values():
        lines |= {
            f"{field.name}.{each.name}": each.title for each in field.columns.values() if each.type not in _NOT_A_LINE
        }
    answers = {name: titles[name] for name, field in form.fields.items() if field.type == "paragraphs"}
    return enclosed(docx, lines, answers)


def commented(given: bytes, checked: Checked) -> bytes:
    """A copy of the file with each problem as a Word comment at its spot.

    Raises:
        FormError: the file cannot be opened to be written again.
    """
    remarks = [
        Remark(flaw.place.number if flaw.place.name == DOCUMENT else -1, _remark(flaw)) for flaw in checked.flaws
    ]
    return with_remarks(without_remarks(given), remarks)


def _remark(flaw: Flaw) -> str:
    """A comment stands where it is about: only a place that no comment can stand at is named."""
    problem = flaw.problem
    elsewhere = "" if flaw.place.name == DOCUMENT and flaw.place.number >= 0 else problem.where
    told = " ".join(filter(None, (problem.what, problem.cure, problem.clause and f"({problem.clause})")))
    return f"{elsewhere}: {told}" if elsewhere else told


def _order(flaw: Flaw) -> tuple[bool, bool, str, int]:
    place = flaw.place
    return (flaw.problem.severity == "warning", place.name != DOCUMENT, place.name, place.number)


def _once(flaws: Iterable[Flaw]) -> list[Flaw]:
    """A paragraph may hold the same fault twice; it is told once."""
    return list({(flaw.problem, flaw.place.number): flaw for flaw in flaws}.values())


def _placed(problems: Iterable[Problem], spots: Mapping[str, int] = MappingProxyType({})) -> list[Flaw]:
    """Problems of others, with as much of their place as they tell."""
    return [_placed_one(problem, spots.get(problem.paragraph or "", -1)) for problem in problems]


def _placed_one(problem: Problem, number: int) -> Flaw:
    return Flaw(
        problem, Place(problem.part or "", problem.paragraph or "", "", DOCUMENT if number >= 0 else "", number)
    )


def _active(parts: Mapping[str, bytes]) -> list[Flaw]:
    """Everything that runs, is embedded, or is fetched from outside."""
    try:
        screening.refuse_active_content(parts)
    except FormError as error:
        return _placed(error.problems)
    return []


def _compiled(content: bytes, rounds: int, reading: Reading, flaws: list[Flaw]) -> Template | None:
    try:
        return prove_thoroughly(content, rounds=rounds)
    except DocgenError as error:
        cuts = [cut for places in reading.places.values() for cut in _cuts(places)]
        for flaw in _placed(error.problems):
            spots = cuts if flaw.problem.code == "template-cut" else []
            flaws += [Flaw(flaw.problem.at(part=each.part, paragraph=each.paragraph), each) for each in spots] or [flaw]
        return None


def _cuts(places: Iterable[Place]) -> Iterator[Place]:
    """Where an `if` or `for` begins that ends in another paragraph, and neither has its paragraph or row for itself."""
    opened: list[tuple[Tag, Place]] = []
    for place in places:
        for tag in scan(place.tag).tags:
            if tag.word in {"if", "for"}:
                opened.append((tag, place))
            elif tag.word.startswith("end") and opened:
                first, begun = opened.pop()
                if begun.number != place.number and "" in {first.scope, tag.scope}:
                    yield begun


def _dropped(against: Against, use: Use, flaws: Iterable[Flaw]) -> Iterator[Flaw]:
    """Fields of the original that are gone, unless a faulty tag has just been told that means them."""
    if against.original is None:
        original = {name for name, field in against.form.fields.items() if field.required}
    else:
        original = use_of(against.form, examine(package.parts(against.original)).places).used
    told = [text for flaw in flaws for text in (flaw.problem.cure, flaw.place.tag)]
    for field, path, needed in dropped(against.form, use.used, original):
        if not any(path.rpartition(".")[2] in text for text in told):
            yield Flaw(_gone(field, path, needed=needed), Place("", "", ""))


def _gone(field: Field, path: str, *, needed: bool) -> Problem:
    name, _, option = path.partition("=")
    told: dict[str, Any] = {"field": name, "label": field.title, "severity": "error" if needed else "warning"}
    if option:
        what, cure = (
            f"Thiếu ô đánh dấu «{option}».",
            f"Hãy chép lại ô có {{% if danh_dau.{name}.{option} %}} từ mẫu gốc.",
        )
        return Problem(code="option-dropped", what=what, cure=cure, **told)
    what = "Mục bắt buộc này không còn trong mẫu." if needed else "Mục này không còn trong mẫu: điền vào cũng không in."
    return Problem(code="field-dropped", what=what, cure=f"Hãy thêm lại thẻ {{{{ {name} }}}} (xem mẫu gốc).", **told)


def _trial(template: Template, against: Against, use: Use, *, each_alone: bool) -> Iterator[Flaw]:
    """Values that get lost, and documents that cannot be made, with the sample, a blank and hard records."""
    original = _original(against.original) if against.original else None
    printed = {path for path in use.used if "." not in path or not path.startswith(("co.", "danh_dau."))}
    lost_already: set[str] = set()
    try:
        for filling in fillings(against.form, against.sample, each_alone=each_alone):
            found = lost(template, filling) & printed - lost_already
            found -= lost_or_refused(original, filling) if original else set()
            lost_already |= found
            for path in sorted(found):
                what = f"Điền thử ({filling.name}): giá trị của mục này không có nguyên vẹn trong văn bản."
                cure = f"Hãy xem các thẻ if, for quanh {{{{ {path} }}}}."
                severity: Any = "error" if original else "warning"
                yield _bare(code="trial-lost", what=what, cure=cure, field=path, severity=severity)
    except DocgenError as error:
        for flaw in _placed(error.problems):
            if flaw.problem.severity == "error":
                yield Flaw(replace(flaw.problem, what=f"Điền thử: {flaw.problem.what}"), flaw.place)


@lru_cache(maxsize=_ORIGINALS_KEPT)
def _original(docx: bytes) -> Template:
    return compile_template(docx)


def _bare(**told: Any) -> Flaw:
    return Flaw(Problem(**told), Place("", "", ""))


def _looks(content: bytes, parts: Mapping[str, bytes], against: Against, template: Template | None) -> Iterator[Flaw]:
    """What the page would look like: fonts, styles, leftovers, and deviations from the layout that are new."""
    before = package.parts(against.original) if against.original else {}
    known = frozenset(furniture.fonts(before)) if before else frozenset()
    yield from furniture.font_flaws(parts, known, installed_fonts())
    yield from furniture.reference_flaws(parts)
    yield from furniture.leftover_flaws(parts)
    yield from _placed(_new_deviations(content, against, template), _spots(parts))


def _new_deviations(content: bytes, against: Against, template: Template | None) -> Iterator[Problem]:
    """Deviations from the layout that the original does not have; both are looked at filled, else both as they are."""
    original = against.original
    try:
        if template is not None:
            first = next(fillings(against.form, against.sample))
            content = template.render(first.words)
            original = _original(original).render(first.words) if original else None
    except DocgenError:
        original = against.original
    before = {problem.code for problem in _deviations(original, against)} if original else set()
    for problem in _deviations(content, against):
        if problem.code not in before:
            yield replace(problem, severity="warning")


def _deviations(docx: bytes, against: Against) -> list[Problem]:
    try:
        return inspect(docx, layout_named(against.layout))
    except FormError:
        return []


def _spots(parts: Mapping[str, bytes]) -> dict[str, int]:
    """The number of the first paragraph of the body with each text."""
    found: dict[str, int] = {}
    for number, paragraph in enumerate(parse(parts[DOCUMENT], DOCUMENT).iter(W + "p")):
        found.setdefault("".join(piece.text or "" for piece in paragraph.iter(W + "t")), number)
    return found
