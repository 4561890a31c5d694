"""The allow-list of the template language: everything in a syntax tree that a template may not use.

Templates are data, not programs: names and their parts, two filters without arguments, `if` over names and comparisons
with a text, `for` over a name. What docxtpl itself makes out of its own tags (`loop.first`, `2 * loop.length`) passes.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from jinja2 import nodes

from docgen.errors import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

FILTERS = ("lower", "upper")
"""The filters that a template may use, all without arguments: text in, text out."""
LOOP_FACTS = frozenset({"index", "index0", "revindex", "length", "first", "last"})
PRINTED_LOOP_FACTS = LOOP_FACTS - {"first", "last"}
DEEPEST = 8
"""How deep `for` and `if` may stand in each other, and how many parts a dotted name may have."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
_CONSTRUCTS: MappingProxyType[type, str] = MappingProxyType(
    {
        nodes.Call: "lời gọi hàm ( )",
        nodes.Getitem: "chỉ số [ ]",
        nodes.Filter: "bộ lọc",
        nodes.FilterBlock: "khối filter",
        nodes.Test: "phép thử is",
        nodes.Const: "giá trị viết sẵn",
        nodes.Concat: "phép nối ~",
        nodes.Compare: "phép so sánh",
        nodes.CondExpr: "if trong {{ }}",
        nodes.BinExpr: "phép tính",
        nodes.UnaryExpr: "phép tính",
        nodes.List: "danh sách viết sẵn",
        nodes.Tuple: "dấu phẩy",
        nodes.Dict: "từ điển viết sẵn",
        nodes.Assign: "set",
        nodes.AssignBlock: "set",
        nodes.Macro: "macro",
        nodes.CallBlock: "call",
        nodes.Include: "include",
        nodes.Import: "import",
        nodes.FromImport: "from … import",
        nodes.Extends: "extends",
        nodes.Block: "block",
        nodes.With: "with",
        nodes.ScopedEvalContextModifier: "autoescape",
    }
)


class Fault(NamedTuple):
    """One construct that a template may not use, and the line of the source on which it stands."""

    line: int
    code: str
    what: str
    cure: str


def faults(tree: nodes.Template, loops: int = 0) -> list[Fault]:
    """Everything in the tree that is outside the allow-list; `loops` is how many loops surround it already."""
    return [fault for node in tree.body for fault in _statement_faults(node, loops, 1)]


def path(node: nodes.Node) -> str:
    """The dotted name that a name or attribute node stands for, `""` for anything else."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr) and (before := path(node.node)):
        return f"{before}.{node.attr}"
    return ""


def _statement_faults(node: nodes.Node, loops: int, depth: int) -> Iterator[Fault]:
    if depth > DEEPEST:
        yield Fault(node.lineno, "tag-too-deep", f"Các thẻ if, for lồng nhau quá {DEEPEST} tầng.", "Hãy tách bớt.")
    elif isinstance(node, nodes.Output):
        for child in node.nodes:
            yield from _output_faults(child, loops)
    elif isinstance(node, nodes.If):
        yield from _if_faults(node, loops, depth)
    elif isinstance(node, nodes.For):
        yield from _loop_faults(node, loops)
        for inner in node.body:
            yield from _statement_faults(inner, loops + 1, depth + 1)
    else:
        yield _forbidden(node)


def _if_faults(node: nodes.If, loops: int, depth: int) -> Iterator[Fault]:
    yield from _condition_faults(node.test, loops)
    for inner in (*node.body, *node.else_):
        yield from _statement_faults(inner, loops, depth + 1)
    for other in node.elif_:
        yield from _if_faults(other, loops, depth)


def _loop_faults(node: nodes.For, loops: int) -> Iterator[Fault]:
    if node.recursive or node.test is not None or node.else_ or not isinstance(node.target, nodes.Name):
        what = "Thẻ for có phần không được phép (else, if, recursive hoặc nhiều biến)."
        cure = "Chỉ viết «for tên in danh_sách»; muốn xử lý danh sách rỗng thì dùng if."
        yield Fault(node.lineno, "tag-forbidden", what, cure)
    else:
        yield from _name_faults(node.target)
    yield from _reference_faults(node.iter, loops)


def _output_faults(node: nodes.Expr, loops: int) -> Iterator[Fault]:
    if isinstance(node, nodes.TemplateData):
        return
    if isinstance(node, nodes.Filter):
        yield from _filter_faults(node, loops)
    elif isinstance(node, nodes.Mul):
        counted = isinstance(node.left, nodes.Const) and type(node.left.value) is int
        if not (counted and loops and path(node.right) == "loop.length"):
            yield _forbidden(node)
    elif path(node) in {"loop.first", "loop.last"}:
        yield Fault(node.lineno, "tag-forbidden", f"«{path(node)}» chỉ dùng trong thẻ if.", "Hãy dùng loop.index.")
    else:
        yield from _reference_faults(node, loops)


def _filter_faults(node: nodes.Filter, loops: int) -> Iterator[Fault]:
    if node.name not in FILTERS:
        cure = f"Các bộ lọc được dùng: {', '.join(FILTERS)}."
        yield Fault(node.lineno, "tag-unknown-filter", f"Không có bộ lọc {shown(node.name)}.", cure)
    elif node.args or node.kwargs or node.dyn_args or node.dyn_kwargs:
        yield Fault(node.lineno, "tag-forbidden", f"Bộ lọc «{node.name}» không có tham số.", "Hãy bỏ phần trong ngoặc.")
    if node.node is not None:
        yield from _output_faults(node.node, loops)


def _condition_faults(node: nodes.Node, loops: int) -> Iterator[Fault]:
    if isinstance(node, nodes.Not):
        yield from _condition_faults(node.node, loops)
    elif isinstance(node, nodes.And | nodes.Or):
        yield from _condition_faults(node.left, loops)
        yield from _condition_faults(node.right, loops)
    elif isinstance(node, nodes.Compare):
        operand = node.ops[0]
        plain = isinstance(operand.expr, nodes.Const) and isinstance(operand.expr.value, str)
        if len(node.ops) != 1 or operand.op not in {"eq", "ne"} or not plain:
            cure = "Chỉ so sánh bằng == hoặc != với một chuỗi trong dấu nháy."
            yield Fault(node.lineno, "tag-forbidden", "Phép so sánh này không được phép.", cure)
        yield from _reference_faults(node.expr, loops)
    else:
        yield from _reference_faults(node, loops)


def _reference_faults(node: nodes.Node, loops: int) -> Iterator[Fault]:
    steps: list[str] = []
    at = node
    while isinstance(at, nodes.Getattr):
        steps.append(at.attr)
        at = at.node
    if not isinstance(at, nodes.Name):
        yield _forbidden(at)
        return
    for name in steps:
        if not _NAME.match(name) or len(steps) > DEEPEST:
            yield _bad_name(node.lineno, name)
    if at.name != "loop":
        yield from _name_faults(at)
    elif not loops or len(steps) != 1 or steps[0] not in LOOP_FACTS:
        cure = f"Chỉ trong vòng for, và chỉ có: {', '.join(f'loop.{fact}' for fact in sorted(LOOP_FACTS))}."
        yield Fault(node.lineno, "tag-forbidden", "«loop» dùng không đúng chỗ hoặc không đúng tên.", cure)


def _name_faults(node: nodes.Name) -> Iterator[Fault]:
    if node.name in {"self", "loop"}:
        what = f"«{node.name}» là từ dành riêng, không dùng làm tên trường."
        yield Fault(node.lineno, "tag-bad-name", what, "Hãy đặt tên khác.")
    elif not _NAME.match(node.name):
        yield _bad_name(node.lineno, node.name)


def _bad_name(line: int, name: str) -> Fault:
    cure = "Tên trường chỉ gồm chữ không dấu, chữ số và dấu _, bắt đầu bằng chữ; ví dụ ho_ten."
    return Fault(line, "tag-bad-name", f"Tên {shown(name)} không hợp lệ.", cure)


def _forbidden(node: nodes.Node) -> Fault:
    known = (_CONSTRUCTS[kind] for kind in type(node).__mro__ if kind in _CONSTRUCTS)
    what = f"Thẻ dùng «{next(known, type(node).__name__)}», không được phép trong mẫu."
    cure = f"Trong thẻ chỉ viết tên trường, if, for và các bộ lọc: {', '.join(FILTERS)}."
    return Fault(node.lineno, "tag-forbidden", what, cure)
