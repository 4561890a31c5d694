"""The fields that a paper's template may use, and what is wrong with the names that its tags use.

What a template finds is made by `docgen.papers.words`; this is the same set of names, as far as it can be known without
a record: fields, `co.<field>`, `danh_dau.<field>.<option>`, and in a loop the columns of a list's row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docgen.errors import shown
from docgen.rules.choices import options
from docgen.viet.nearest import nearest
from docgen.word.language import Language
from docgen.word.lint import Flaw
from docgen.word.tags import scan, spoken

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from docgen.papers.form import Field, Form
    from docgen.word.lint import Place
    from docgen.word.tags import Spoken, Tag

FILLED, TICKED = "co", "danh_dau"
LOOP = "loop"
LEVEL_WORDS = ("cap", "so", "noi_dung")
"""What a row of numbered levels holds to be printed, beside `co_con`."""
_DEEPEST_LABEL = 60


@dataclass(frozen=True, slots=True)
class Word:
    """What a template may do with a name: print it, loop over its rows, take its parts, or only test it."""

    title: str = ""
    parts: Mapping[str, Word] = field(default_factory=dict)
    row: Word | None = None
    printed: bool = False

    def at(self, steps: Sequence[str]) -> Word | None:
        """The word at the end of these steps; None where there is no such name."""
        found: Word | None = self
        for step in steps:
            found = found.parts.get(step) if found is not None else None
        return found


_TEST = Word()


def known_words(form: Form) -> Word:
    """All the words of a form."""
    return Word(parts=_words(form.fields))


def _words(fields: Mapping[str, Field]) -> dict[str, Word]:
    named = {name: _word(each) for name, each in fields.items()}
    ticked = {
        name: Word(title=each.title, parts={option.id: _TEST for option in options(each.choices or "")})
        for name, each in fields.items()
        if each.type == "choice"
    }
    return {**named, FILLED: Word(parts=dict.fromkeys(fields, _TEST)), TICKED: Word(parts=ticked)}


def _word(each: Field) -> Word:
    if each.type == "list":
        more = {"dau_nhom": Word(printed=True)} if each.group_by else {}
        return Word(each.title, row=Word(parts={"stt": Word(printed=True), **_words(each.columns), **more}))
    if each.type == "levels":
        return Word(each.title, row=Word(parts={**dict.fromkeys(LEVEL_WORDS, Word(printed=True)), "co_con": _TEST}))
    if each.type == "paragraphs":
        return Word(each.title, row=Word(each.title, printed=True))
    return Word(each.title, printed=True)


@dataclass(slots=True)
class Use:
    """How a template uses the words of its form."""

    flaws: list[Flaw] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    """Paths of words that are printed, looped over or tested; a row's columns by their list (`ke_hoach.han`)."""
    unknown: dict[str, Place] = field(default_factory=dict)
    """Names that are like none of the form's and could become fields, where each is used first."""


@dataclass(slots=True)
class _Scope:
    """The words that can be named at one spot: the form's, and the rows of the loops around it."""

    root: Word
    rows: list[tuple[str, Word, str]] = field(default_factory=list)
    """Name, word and path of each row."""

    def find(self, name: str) -> tuple[Word | None, str]:
        """The word that a dotted name means here, and its path from the form."""
        first, *steps = name.split(".")
        for row, word, path in reversed(self.rows):
            if row == first:
                return word.at(steps), ".".join([path, *steps])
        return self.root.at([first, *steps]), name


def use_of(form: Form, places: Mapping[str, Sequence[Place]]) -> Use:
    """What the tags at these places (of each part, in their order) use, and every name that is wrong."""
    root, language, use = known_words(form), Language(), Use()
    for each in places.values():
        scope = _Scope(root)
        for place in each:
            for tag in scan(place.tag).tags:
                _read(tag, place, scope, use, language)
    return use


def _read(tag: Tag, place: Place, scope: _Scope, use: Use, language: Language) -> None:
    if tag.word == "endfor":
        if scope.rows:
            scope.rows.pop()
        return
    said = spoken(tag, language)
    for name in said.names:
        if name.partition(".")[0] == LOOP:
            continue
        word, path = scope.find(name)
        use.used.add(path)
        if word is None:
            guess, title = _guess(name, scope)
            use.flaws.append(_unknown(name, place, scope, guess, title))
            if "." not in name and tag.kind == "value" and not guess:
                use.unknown.setdefault(name, place)
        else:
            use.flaws += _misused(name, word, tag, place)
    if tag.word == "for":
        scope.rows.append(_row(said, scope))


def _row(said: Spoken, scope: _Scope) -> tuple[str, Word, str]:
    """The row of a loop; of one over an unknown list everything is taken as known, it has been told once."""
    word, path = scope.find(said.names[0]) if said.names else (None, "")
    return said.row, word.row if word is not None and word.row is not None else _Anything(), path


class _Anything(Word):
    """A row of which nothing is known."""

    def at(self, steps: Sequence[str]) -> Word | None:  # noqa: ARG002 - the signature is that of Word
        """Every name is there."""
        return Word(row=self, printed=True)


def _misused(name: str, word: Word, tag: Tag, place: Place) -> Iterator[Flaw]:
    if tag.word == "for":
        if word.row is None:
            cure = f"Chỉ viết {{{{ {name} }}}}, không dùng vòng for."
            yield _flaw(place, "field-not-list", f"trường «{name}» không phải danh sách.", cure)
    elif tag.kind != "value" or word.printed:
        return
    elif word.row is not None:
        row = "doan" if word.row.printed else "dong"
        columns = [each for each, part in word.row.parts.items() if part.printed]
        inner = row if word.row.printed else f"{row}.{columns[0]}" if columns else row
        cure = f"Hãy viết {{%p for {row} in {name} %}}, {{{{ {inner} }}}}, {{%p endfor %}}, mỗi thẻ một đoạn riêng."
        yield _flaw(place, "field-is-list", f"trường «{name}» có nhiều đoạn hoặc nhiều dòng.", cure)
    else:
        cure = f"Chỉ dùng trong {{% if {name} %}}."
        if word.parts:
            cure = f"Có phải là «{name}.{next(iter(word.parts))}», dùng trong {{% if … %}}?"
        yield _flaw(place, "field-not-text", f"«{name}» không in ra thành chữ được.", cure)


def _unknown(name: str, place: Place, scope: _Scope, guess: str, title: str) -> Flaw:
    first, *steps = name.split(".")
    if steps and first not in {row for row, _, _ in scope.rows} and first not in scope.root.parts:
        what = f"«{first}» chỉ có nghĩa trong vòng lặp «for {first} in …» của nó."
        return _flaw(place, "field-outside-loop", what, "Hãy đặt thẻ vào giữa thẻ for và endfor của danh sách.")
    if not guess:
        cure = "Xem tên các trường bằng lệnh docgen template export; trường mới thì khai báo khi cài (--add-fields)."
        return _flaw(place, "field-unknown", f"mẫu không có trường {shown(name)}.", cure)
    told = f" ({title[:_DEEPEST_LABEL]})" if title else ""
    return _flaw(place, "field-unknown", f"mẫu không có trường {shown(name)}.", f"Có phải là «{guess}»{told}?")


def _guess(name: str, scope: _Scope) -> tuple[str, str]:
    """The name that was most likely meant, with its title: of the same group, then of the rows, then of the form."""
    first, *steps = name.split(".")
    if steps:
        before, last = [first, *steps[:-1]], steps[-1]
        owner, _ = scope.find(".".join(before))
        if owner is None:
            known = scope.root.at(before[:-1])
            close = nearest(before[-1], known.parts) if known is not None else None
            return (f"{'.'.join([*before[:-1], close])}.{last}", "") if close else ("", "")
        close = nearest(last, owner.parts)
        return (f"{'.'.join(before)}.{close}", owner.parts[close].title) if close else ("", "")
    for row, word, _ in reversed(scope.rows):
        if close := _named(name, word.parts):
            return f"{row}.{close}", word.parts[close].title
    close = _named(name, scope.root.parts)
    return (close, scope.root.parts[close].title) if close else ("", "")


def _named(name: str, parts: Mapping[str, Word]) -> str | None:
    """The part with the most similar name, else the one with the most similar title."""
    fields = {each: word for each, word in parts.items() if each not in {FILLED, TICKED}}
    if close := nearest(name, fields):
        return close
    titles = {word.title: each for each, word in fields.items() if word.title}
    title = nearest(name, titles)
    return titles[title] if title else None


def _flaw(place: Place, code: str, what: str, cure: str) -> Flaw:
    return Flaw(place.problem(code=code, what=f"Thẻ {shown(place.tag)}: {what}", cure=cure), place)


def dropped(form: Form, used: set[str], original: set[str]) -> Iterator[tuple[Field, str, bool]]:
    """What the original template uses of the form's fields and this one does not.

    Yields:
        The field, its path, and whether a record cannot do without it.
    """
    for each, path in _fields(form):
        if _shown(each, path, original) and not _shown(each, path, used):
            yield each, path, each.required
        elif each.type == "choice":
            lost = sorted(_ticks(path, original) - _ticks(path, used))
            for option in lost if _ticks(path, used) else ():
                yield each, f"{path}={option}", True


def _fields(form: Form) -> Iterator[tuple[Field, str]]:
    for each in form.fields.values():
        yield each, each.name
        yield from ((column, f"{each.name}.{column.name}") for column in each.columns.values())


def _ticks(path: str, used: set[str]) -> set[str]:
    """The options of a choice that have a tick box."""
    owner, _, name = path.rpartition(".")
    group = ".".join(filter(None, [owner, TICKED, name]))
    return {match[1] for each in used if (match := re.fullmatch(rf"{re.escape(group)}\.(\w+)", each))}


def _shown(each: Field, path: str, used: set[str]) -> bool:
    """Whether the field is printed or ticked; a yes/no shows in what it lets appear."""
    owner, _, name = path.rpartition(".")
    tested = ".".join(filter(None, [owner, FILLED, name]))
    return path in used or bool(_ticks(path, used)) or (each.type == "yes_no" and tested in used)
