"""A form as its page asks it: sections and questions in the order of the printed paper, made from `form.toml` alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docgen.papers import body as blocks
from docgen.papers.fields import MAX_CHARACTERS
from docgen.papers.form import fields_in, filled, places
from docgen.papers.sheet_help import how
from docgen.rules.choices import options

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from docgen.papers.body import AnyBlock
    from docgen.papers.form import Field, Form
    from docgen.rules.choices import Option

FIRST_SECTION = "Thông tin chung"
_SIGNATURES, _ANNEX, _REST = "Ký tên", "Phụ lục", "Mục khác"
_FIRST_LEVEL, _ANSWER_LEVEL = 1, 2
_WRITTEN_IN_A_CELL = frozenset({"choice", "yes_no", "paragraphs", "levels"})
"""Types whose help for Excel speaks of cells and drop-downs; the page shows them in its own way."""
_PRINTED = frozenset({"instruction", "note", "body", "enacting"})
_CLOSING_SIGNS = " .:;"
MOST_BUTTONS = 6
"""A choice with more options is a drop-down."""


@dataclass(frozen=True, slots=True)
class Question:
    """One field as the page asks it."""

    field: Field
    number: str = ""
    """The number printed before the label: `1.`, `III.`."""
    guide: tuple[str, ...] = ()
    """What the paper prints between the label and the answer."""
    out_of: int | None = None

    @property
    def hint(self) -> str:
        """How the value is written, where its type does not say so by itself."""
        return "" if self.field.type in _WRITTEN_IN_A_CELL else how(self.field)

    @property
    def prints_more(self) -> bool:
        """Whether the printed label says more than the short one."""
        return self.field.label.rstrip(_CLOSING_SIGNS) != self.field.title.rstrip(_CLOSING_SIGNS)

    @property
    def limit(self) -> int | None:
        """The longest text taken, in characters; None for what is no text."""
        return self.field.max_characters or MAX_CHARACTERS.get(self.field.type)

    @property
    def options(self) -> tuple[Option, ...]:
        """Of a choice: what there is to choose."""
        return options(self.field.choices) if self.field.choices else ()

    @property
    def as_buttons(self) -> bool:
        """Whether a choice shows all its options at once."""
        return 0 < len(self.options) <= MOST_BUTTONS

    @property
    def columns(self) -> tuple[Question, ...]:
        """Of a list: what each row is asked."""
        return tuple(Question(column) for column in self.field.columns.values())


@dataclass(frozen=True, slots=True)
class Printed:
    """A sentence that stands on the paper, shown where it helps to answer what follows."""

    text: str


@dataclass(slots=True)
class Section:
    """A heading of the paper and what stands below it; `level` counts from 1."""

    title: str
    level: int = _FIRST_LEVEL
    parts: list[Question | Printed] = field(default_factory=list)

    @property
    def asks(self) -> bool:
        """Whether there is anything to answer here."""
        return any(isinstance(part, Question) for part in self.parts)


def sections(form: Form) -> tuple[Section, ...]:
    """Every field of the form once, at its first place on the paper."""
    return tuple(_without_empty(_levelled(_Walk(form).sections())))


class _Walk:
    """The way through the blocks of a form: what has been asked so far, and under which heading."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._found = [Section(FIRST_SECTION)]
        self._asked: set[str] = set()

    def sections(self) -> list[Section]:
        for number, block in enumerate(self._form.body):
            self._enter(block, number)
            self._ask(block)
        rest = [name for name in self._form.fields if name not in self._asked]
        if rest:
            self._found.append(Section(_REST))
            self._put(Question(self._form.fields[name]) for name in rest)
        return self._found

    def _enter(self, block: AnyBlock, number: int) -> None:
        """A new section where the paper begins one."""
        match block:
            case blocks.Heading():
                self._found.append(Section(self._sentence(block.text), block.level))
            case blocks.Title() if number > 1:
                self._found.append(Section(self._sentence(" ".join(block.name))))
            case blocks.Section():
                self._found.append(Section(_ANNEX))
            case blocks.Signatures() if self._new(block):
                self._found.append(Section(_SIGNATURES))
            case blocks.Answer(style="heading") | blocks.Ticks(style="heading"):
                # Its own label is the heading: III. beside I. and II., not below II.
                self._found.append(Section("", _ANSWER_LEVEL))
            case _:
                pass

    def _ask(self, block: AnyBlock) -> None:
        new = self._new(block)
        if isinstance(block, blocks.Paragraph) and (new or not places(block.text)) and block.style in _PRINTED:
            self._found[-1].parts.append(Printed(self._sentence(block.text)))
        self._put(self._question(block, name) for name in new)

    def _new(self, block: AnyBlock) -> list[str]:
        """What this block asks first: a yes or no that lets it appear, then what it shows.

        Any other field that decides about the block is asked where it is shown itself.
        """
        deciding = (name for name in (block.when, block.unless) if name)
        ticks = (name for name in deciding if self._form.fields[name].type == "yes_no")
        return [name for name in dict.fromkeys((*ticks, *_shown(block))) if name not in self._asked]

    def _put(self, questions: Iterable[Question]) -> None:
        for question in questions:
            self._asked.add(question.field.name)
            self._found[-1].parts.append(question)

    def _question(self, block: AnyBlock, name: str) -> Question:
        asked = self._form.fields[name]
        match block:
            case blocks.Answer() if block.field == name:
                return Question(asked, block.number, block.guide)
            case blocks.Ticks() if block.field == name:
                return Question(asked, block.number)
            case blocks.Scores():
                line = next((line for line in block.lines if line.field == name), None)
                return Question(asked, line.number, out_of=line.out_of) if line else Question(asked)
            case _:
                return Question(asked)

    def _sentence(self, text: str) -> str:
        """A printed text with the names of its fields in their places."""
        return filled(text, {name: f"[{self._form.fields[name].title}]" for name in places(text)})


def _shown(block: AnyBlock) -> list[str]:
    """The fields that a block shows, marks and totals of columns too, without those that only decide about it."""
    names = fields_in(block.model_copy(update={"when": None, "unless": None}))
    match block:
        case blocks.Header():
            return [*names, *block.marks]
        case blocks.Table():
            return [*names, *(column.total for column in block.columns if column.total)]
        case _:
            return names


def _levelled(found: list[Section]) -> list[Section]:
    """Levels without a gap, as headings of a page need them."""
    above: list[int] = []
    for section in found:
        while above and above[-1] >= section.level:
            above.pop()
        above.append(section.level)
        section.level = len(above)
    return found


def _without_empty(found: list[Section]) -> Iterator[Section]:
    """A heading stays where it, or a deeper one below it, asks something."""
    for number, section in enumerate(found):
        below = []
        for other in found[number + 1 :]:
            if other.level <= section.level:
                break
            below.append(other)
        if any(each.asks for each in (section, *below)):
            yield section
