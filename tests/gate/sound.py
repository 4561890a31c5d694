"""All steps of the gate as one assertion, and the golden texts.

assert_quick(docx, values)      milliseconds: lint, rules, round trip; for every record that a test makes
assert_sound({name: docx})      with both validators; for samples, blanks and packed records
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.gate.lint import lint
from tests.gate.rules import rules
from tests.gate.texts import left_over, lost
from tests.gate.validators import audit, find_validator, sdk_many

if TYPE_CHECKING:
    from collections.abc import Mapping


def quick_findings(docx: bytes, values: object = None) -> list[str]:
    """What the steps find that need no program; with `values` also the round trip of each."""
    if found := lint(docx):
        return [f"lint: {finding}" for finding in found]
    told = [f"rules: {finding}" for finding in rules(docx)]
    told += [f"round trip: {finding}" for finding in left_over(docx, values)]
    return told + [f"round trip: {finding}" for finding in lost(docx, values)]


def findings(documents: Mapping[str, bytes], values: Mapping[str, object] | None = None) -> list[str]:
    """What all steps find, each finding with the name of its document.

    `values` holds, by the same names, what each document should show. Without the Open XML SDK its step is left out:
    mark the test `needs_validator`.
    """
    found = [
        (name, told) for name, docx in documents.items() for told in quick_findings(docx, (values or {}).get(name))
    ]
    found += [(name, f"audit: {told}") for name, docx in documents.items() for told in audit(docx)]
    if find_validator() is not None:
        of_each = zip(documents, sdk_many(list(documents.values())), strict=True)
        found += [(name, f"sdk: {told}") for name, of_one in of_each for told in of_one]
    return [f"{name}: {told}" for name, told in found]


def assert_quick(docx: bytes, values: object = None) -> None:
    """Fail with every finding of the steps that need no program."""
    _assert_none(quick_findings(docx, values))


def assert_sound(documents: Mapping[str, bytes], values: Mapping[str, object] | None = None) -> None:
    """Fail with every finding of every step over all documents."""
    _assert_none(findings(documents, values))


def _assert_none(found: list[str]) -> None:
    assert not found, "the gate found:\n" + "\n".join(found)
