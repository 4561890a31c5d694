"""From a document that came back to the values that people wrote into it, field by field.

    word.reading → lines → tables of lists · running text beside the form's own lines → values

A field is read from its controls, else from its bookmarks, else from the printed labels around it; which way is told.
Where two places contradict each other the field is left unread and that is told; text in no place is told as well.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from docgen.papers import told
from docgen.papers.align import Alignment, Filled, Outside
from docgen.papers.lines import lines
from docgen.papers.meaning import line_meant, paragraphs_meant, ticked
from docgen.papers.read_lists import list_values, row_texts
from docgen.papers.rows import read_items, read_tables
from docgen.papers.spelling import alike, says_nothing
from docgen.rules.choices import options

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from docgen.errors import Problem
    from docgen.papers.form import Field, Form
    from docgen.papers.frame import Frame
    from docgen.papers.lines import How
    from docgen.papers.rows import RowRead
    from docgen.word.reading import Reading


@dataclass(slots=True)
class Texts:
    """What was found in a document: values as people wrote them, the way each was found, and what is to be told."""

    values: dict[str, Any] = field(default_factory=dict)
    how: dict[str, How] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    """Text that stands in no place, whole."""
    unread: set[str] = field(default_factory=set)
    """Fields that stand in the document but could not be read."""


def read_texts(form: Form, frame: Frame, reading: Reading) -> Texts:
    """What people wrote into a document of this form, laid beside what the form prints."""
    tables = read_tables(frame, lines(reading, frame.names, frame.before))
    alignment = Alignment(frame.lines)
    alignment.read(tables.rest)
    for path, text, how in tables.totals:
        alignment.filled.append(Filled(path, how, f"total {path}", [text]))
    running, listed = _parted(form, alignment.filled)
    made = Texts()
    seen = _Seen(form, frame, alignment, running, reading)
    items = read_items(frame, listed)
    for name, each in form.fields.items():
        if each.type == "list":
            _take_list(made, each, tables.rows.get(name, []), items.get(name, []))
            seen.take_unclear_list(made, each, found=bool(tables.rows.get(name) or items.get(name)))
        elif each.type == "yes_no" and not running.get(name):
            seen.take_condition(made, each)
        elif each.type == "choice" and any(f"{name}.{option.id}" in running for option in options(each.choices or "")):
            _take_choice(made, each, running, seen.boxes(name))
        elif name in frame.names.blocks:
            seen.take_block(made, each, running.get(name, []))
        else:
            seen.take_line(made, each, running.get(name, []))
    rest = [*alignment.outside, *(Outside("", text) for text in tables.outside)]
    _tell_rest(made, form, rest, reading)
    return made


def _parted(form: Form, filled: Iterable[Filled]) -> tuple[dict[str, list[Filled]], list[Filled]]:
    """What stands in the record's own places, by path, and what stands in places of lists, in order."""
    running: dict[str, list[Filled]] = defaultdict(list)
    listed: list[Filled] = []
    for each in filled:
        parent = form.fields.get(each.path.partition(".")[0])
        if parent is not None and parent.type == "list":
            listed.append(each)
        else:
            running[each.path].append(each)
    return running, listed


@dataclass(frozen=True, slots=True)
class _Seen:
    """What of the form's lines was found in the document."""

    form: Form
    frame: Frame
    alignment: Alignment
    running: Mapping[str, Sequence[Filled]]
    reading: Reading

    def take_line(self, made: Texts, each: Field, found: Sequence[Filled]) -> None:
        """A field of one line: the one value that all its places have."""
        placed = _distinct(one.text for one in found if one.how != "label")
        labels = _distinct(one.text for one in found if one.how == "label")
        around = _distinct(text for one in found for text in one.beside)
        if not found:
            self._take_nothing(made, each)
            return
        candidates = self._values(each, placed) or self._values(each, _distinct((*labels, *around)))
        if len(candidates) > 1:
            made.problems.append(told.differing(each, candidates))
            made.outside += candidates
            made.unread.add(each.name)
            return
        how: How = "control" if any(one.how == "control" for one in found) else found[0].how
        if candidates and not self._values(each, placed):
            made.problems += [told.from_beside(each)] if how != "label" else []
            how = "label"
        elif candidates:
            extra = [text for text in (*around, *labels) if alike(text) != alike(candidates[0])]
            made.problems += [told.beside(each, text) for text in extra if not says_nothing(text)]
            made.outside += [text for text in extra if not says_nothing(text)]
        made.how[each.name] = how
        if candidates:
            meant = line_meant(each, candidates[0])
            made.values[each.name] = meant.value
            made.problems += [told.undotted(each)] if meant.undotted else []

    def _take_nothing(self, made: Texts, each: Field) -> None:
        """A field of which no place was found: blank where its control still stands, else unread."""
        if each.name in self.reading.tags:
            made.how[each.name] = "control"
        elif self._expected(each.name):
            made.problems.append(told.missing(each))
            made.unread.add(each.name)

    def _values(self, each: Field, texts: Iterable[str]) -> list[str]:
        return [text for text in texts if line_meant(each, text).value is not None]

    def take_block(self, made: Texts, each: Field, found: Sequence[Filled]) -> None:
        """An answer: the lines of its place, and those that stand with it outside of the place."""
        opening = next((line.opening for line in self.frame.lines if line.block == each.name), "")
        if not found:
            self._take_nothing(made, each)
            return
        placed = [one for one in found if one.texts and not one.placeholder]
        filled = [one for one in placed if paragraphs_meant(each, one.text.split("\n"), opening).value is not None]
        if len({alike(one.text) for one in filled}) > 1:
            made.problems.append(told.differing(each, [one.text for one in filled]))
            made.outside += [one.text for one in filled]
            made.unread.add(each.name)
            return
        before = [text for one in found if not one.texts for text in one.beside]
        after = [text for one in found if one.texts for text in one.beside]
        held = filled[0].text.split("\n") if filled else []
        meant = paragraphs_meant(each, [*before, *held, *after], opening)
        how: How = next((one.how for one in (*filled, *placed, *found)), "label")
        if before or after:
            made.problems += [told.joined(each)] if held else [told.from_beside(each)] if placed else []
            how = how if held else "label"
        made.how[each.name] = how
        made.problems += [told.undotted(each)] if meant.undotted else []
        if meant.value is not None:
            made.values[each.name] = meant.value

    def take_unclear_list(self, made: Texts, each: Field, *, found: bool) -> None:
        """A list of which some lines could not be read, or whose table nobody knows again, is not read at all."""
        unclear = any(path.partition(".")[0] == each.name for path in self.alignment.unclear)
        table = any(table.field == each.name for table in self.frame.tables)
        lost = table and not found and not self.reading.tags and bool(self.alignment.outside)
        if lost or (unclear and made.how.get(each.name, "label") == "label"):
            made.problems.append(told.missing(each))
            made.unread.add(each.name)
            made.outside += row_texts(made.values.pop(each.name, []))

    def boxes(self, name: str) -> frozenset[str]:
        """The boxes of a choice that the form prints whatever the record says."""
        lines_with = [line for line in self.frame.lines if not line.needs]
        return frozenset(path for line in lines_with for path in line.places if path.startswith(f"{name}."))

    def take_condition(self, made: Texts, each: Field) -> None:
        """A yes/no that is printed nowhere but lets parts of the paper appear: whether these parts are there."""
        shows, hides = self._evidence(each.name, shows=True), self._evidence(each.name, shows=False)
        if shows is None and hides is None:
            return
        if shows and hides:
            made.problems.append(told.differing(each, ("Có", "Không")))
            made.unread.add(each.name)
            return
        made.values[each.name] = "Có" if (shows if shows is not None else not hides) else "Không"
        made.how[each.name] = "control" if self.reading.tags else "label"

    def _evidence(self, name: str, *, shows: bool) -> bool | None:
        """Whether any line is there that only this answer brings; None where the form has none."""
        every = self.alignment.frame
        needing = {
            number
            for number, line in enumerate(every)
            if any(need.field == name and need.shows == shows for need in line.needs)
        }
        others = {part for number, line in enumerate(every) if number not in needing for part in line.parts}
        own = {number for number in needing if not set(every[number].parts) <= others}
        return bool(own & self.alignment.seen) if own else None

    def _expected(self, name: str) -> bool:
        """Whether the form prints the field whatever the record says, or text is there that may belong to it."""
        if name in self.alignment.unclear:
            return True
        lines_with = [
            line for line in self.frame.lines if any(f"{each}.".startswith(f"{name}.") for each in line.places)
        ]
        return any(not line.needs for line in lines_with)


def _distinct(texts: Iterable[str]) -> list[str]:
    """The texts that say something, each once, however it is spaced."""
    return list({alike(text): text for text in reversed([each for each in texts if not says_nothing(each)])}.values())[
        ::-1
    ]


def _take_choice(made: Texts, each: Field, running: Mapping[str, Sequence[Filled]], boxes: frozenset[str]) -> None:
    """The option whose box is ticked; printed in words as well, the two must agree. No box may be missing."""
    if not boxes <= running.keys():
        left = [option for option in options(each.choices or "") if f"{each.name}.{option.id}" in running]
        made.outside += [
            option.label
            for option in left
            for one in running[f"{each.name}.{option.id}"]
            if ticked(one.text, one.beside)
        ]
        made.problems.append(told.missing(each))
        made.unread.add(each.name)
        return
    chosen: list[str] = []
    hows: list[How] = []
    for option in options(each.choices or ""):
        for one in running.get(f"{each.name}.{option.id}", ()):
            state = ticked(one.text, one.beside)
            hows.append(one.how)
            if state is None:
                made.problems.append(told.tick_unclear(each, one.text))
                made.outside += [one.text for option_ in options(each.choices or "")
                                 for one in running.get(f"{each.name}.{option_.id}", ())
                                 if ticked(one.text, ()) is None]  # fmt: skip
                made.unread.add(each.name)
                return
            chosen += [option.label] if state and option.label not in chosen else []
            extra = [text for text in one.beside if ticked("", [text]) is False]
            made.problems += [told.beside(each, text) for text in extra]
            made.outside += extra
    made.how[each.name] = "control" if "control" in hows else "bookmark" if "bookmark" in hows else "label"
    words = [one.text for one in running.get(each.name, ()) if line_meant(each, one.text).value is not None]
    if len(chosen) > 1:
        made.outside += words
        made.problems.append(told.ticked_twice(each, chosen))
        made.unread.add(each.name)
    elif any(alike(text) != alike(label) for text in words for label in chosen):
        made.outside += words
        made.problems.append(told.differing(each, (*chosen, *words)))
        made.unread.add(each.name)
    elif chosen or words:
        made.values[each.name] = (chosen or words)[0]


def _take_list(made: Texts, each: Field, tables: Sequence[list[RowRead]], items: Sequence[RowRead]) -> None:
    found = list_values(each, tables, items)
    made.problems += found.problems
    made.outside += found.outside
    if found.unread:
        made.unread.add(each.name)
        return
    if found.how:
        made.how[each.name] = found.how
    if found.rows:
        made.values[each.name] = found.rows


def _tell_rest(made: Texts, form: Form, outside: Iterable[Outside], reading: Reading) -> None:
    """Everything that stands in no place."""
    for each in outside:
        near = form.fields.get(each.path.partition(".")[0])
        made.problems.append(told.rewritten(each.text) if each.changed else told.outside(each.text, near))
        made.outside.append(each.text)
    made.problems += [told.aside(text) for text in reading.aside]
    made.outside += reading.aside
    made.problems += [told.pictures(reading.pictures)] if reading.pictures else []
    made.problems += [told.undoubled()] if reading.undoubled else []
    if reading.inserted or reading.deleted:
        made.problems.append(told.tracked(reading.deleted))
