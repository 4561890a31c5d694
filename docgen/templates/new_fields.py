"""Fields that an office has put into a template: optional texts, added to its own `form.toml`."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from docgen.papers.form import SHORT_LABEL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docgen.word.lint import Place

_LAST_LABEL = re.compile(r"([^.;:,()\t…]*[^\s.;:,()\t…])[\s:.…]*\Z")
_NUMBER = re.compile(r"^\s*(?:\d+[.)]|[a-zđ]\)|[IVX]+[.-]|[-–+*•])\s*")


def labels(found: Mapping[str, Place]) -> dict[str, str]:
    """A label for each new field: what stands before its tag in the paragraph, else its name in words."""
    return {name: _label(name, place) for name, place in found.items()}


def _label(name: str, place: Place) -> str:
    before = place.paragraph.partition(place.tag)[0]
    before = before.rpartition("}}")[2].rpartition("%}")[2] if "}" in before else before
    written = _LAST_LABEL.search(_NUMBER.sub("", before))
    label = written[1].strip() if written else ""
    return label if any(letter.isalpha() for letter in label) else name.replace("_", " ").capitalize()


def declared(named: Mapping[str, str]) -> str:
    """The entries of these fields (name and label) for the end of a `form.toml`; optional, one line of text each."""
    return "".join(_entry(name, label) for name, label in named.items())


def _entry(name: str, label: str) -> str:
    short = f"short = {_quoted(label[:SHORT_LABEL].rstrip())}\n" if len(label) > SHORT_LABEL else ""
    return f"\n[fields.{name}]\nlabel = {_quoted(label)}\n{short}"


def _quoted(text: str) -> str:
    """A TOML string; what JSON writes is one."""
    return json.dumps(text, ensure_ascii=False)
