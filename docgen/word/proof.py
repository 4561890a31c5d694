"""Words made from a template's own tags, with which its gear is proven: full, empty, and of many rows.

What a template does with a name (prints it, loops over it, tests it, compares it) says what kind of word it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import TYPE_CHECKING

from jinja2 import nodes

from docgen.word.allowed import path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from docgen.word.gears import Woven
    from docgen.word.language import Language

FULL = "Đồng chí A & B <em> \"x\" 'y' ]]> &amp; <!-- ? --> {số "
TRICKY = ("", " ", "  Ưu điểm: 5 > 3 & 2 < 4 ", "“Trích dẫn” – ổn định…", "</w:t>", "\u007f\u0085\u2028 cuối", "a}b{c")


@dataclass(slots=True)
class Shape:
    """What a template does with one word."""

    parts: dict[str, Shape] = field(default_factory=dict)
    rows: Shape | None = None
    printed: bool = False
    token: bool = False
    constants: set[str] = field(default_factory=set)


def shape_of(wovens: Iterable[Woven], language: Language) -> Shape:
    """The shape of all the words that these sources use."""
    root = Shape()
    for woven in wovens:
        _read(language.parse(woven.source).body, {}, root, woven.tokens)
    return root


def contexts(shape: Shape) -> list[dict[str, object]]:
    """Words that run through the template three ways: everything there, many mixed rows, nothing there."""
    numbers = count(1)
    return [
        _words(shape, 1, lambda one: _full(one, next(numbers))),
        _words(shape, 3, lambda one: _mixed(one, next(numbers))),
        _words(shape, 0, _nothing),
        _words(shape, 1, _nothing),
    ]


def random_contexts(shape: Shape, rounds: int) -> Iterator[dict[str, object]]:
    """As many more as asked, the same ones in every run."""
    for number in range(rounds):
        chance = Random(number)  # noqa: S311 - a proof that can be repeated, no secret
        yield _words(shape, chance.randrange(4), lambda one, chance=chance: _mixed(one, chance.randrange(999)))  # type: ignore[misc]


def _read(body: Iterable[nodes.Node], scope: dict[str, Shape], root: Shape, tokens: frozenset[int]) -> None:
    for node in body:
        if isinstance(node, nodes.For):
            listed = _shape_at(node.iter, scope, root)
            listed.rows = listed.rows or Shape()
            inner = {**scope, path(node.target): listed.rows}
            _read(node.body, inner, root, tokens)
        elif isinstance(node, nodes.If):
            _read_condition(node.test, scope, root)
            _read([*node.body, *node.elif_, *node.else_], scope, root, tokens)
        elif isinstance(node, nodes.Output):
            for child in node.nodes:
                for name in child.find_all((nodes.Name, nodes.Getattr)) if not path(child) else (child,):
                    printed = _shape_at(name, scope, root)
                    printed.printed = True
                    printed.token = printed.token or child.lineno in tokens


def _read_condition(node: nodes.Node, scope: dict[str, Shape], root: Shape) -> None:
    if isinstance(node, nodes.Compare):
        compared = _shape_at(node.expr, scope, root)
        compared.constants.update(
            str(operand.expr.value) for operand in node.ops if isinstance(operand.expr, nodes.Const)
        )
    elif path(node):
        _shape_at(node, scope, root)
    else:
        for inner in node.iter_child_nodes():
            _read_condition(inner, scope, root)


def _shape_at(node: nodes.Node, scope: dict[str, Shape], root: Shape) -> Shape:
    first, *rest = path(node).split(".")
    if first == "loop":
        return Shape()
    at = scope[first] if first in scope else root.parts.setdefault(first, Shape())
    for name in rest:
        at = at.parts.setdefault(name, Shape())
    return at


def _words(shape: Shape, rows: int, choose: Callable[[Shape], object]) -> dict[str, object]:
    return {name: _word(one, rows, choose) for name, one in shape.parts.items()}


def _word(shape: Shape, rows: int, choose: Callable[[Shape], object]) -> object:
    if shape.rows is not None:
        return [_word(shape.rows, rows, choose) for _ in range(rows)]
    return _words(shape, rows, choose) if shape.parts else choose(shape)


def _full(shape: Shape, number: int) -> object:
    if shape.token:
        return "2"
    if shape.constants:
        return sorted(shape.constants)[number % len(shape.constants)]
    return f"{FULL}{number}" if shape.printed else True


def _mixed(shape: Shape, number: int) -> object:
    if shape.token:
        return 1 + number % 3
    choices: list[object] = [*sorted(shape.constants), *(TRICKY if shape.printed else (True, False, None))]
    return choices[number % len(choices)]


def _nothing(shape: Shape) -> object:
    if shape.token:
        return 1
    return "" if shape.printed or shape.constants else False
