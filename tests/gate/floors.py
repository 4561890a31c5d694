"""The floors of the house, read from the imports: a module imports from its own wing or from a lower floor.

The checker takes sources by path (`docgen/word/pdf.py`), so that it can be shown faults that the project does not have.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FLOORS = (
    {"docgen.errors"},
    {"docgen.files", "docgen.pipes"},
    {"docgen.viet"},
    {"docgen.rules", "docgen.tables"},
    {"docgen.word"},
    {"docgen.papers"},
    {"docgen.generate", "docgen.counting", "docgen.inspecting", "docgen.roster", "docgen.templates"},
    {"docgen.checking", "docgen.collecting"},
    {"docgen.batch"},
    {"docgen"},
    {"docgen.cli"},
    {"docgen.__main__"},
    {"service"},
)
"""From the ground up. Wings on one floor do not import each other. `docgen` is its `__init__.py`."""

_COMMAND_LINE = "docgen.cli"
_DOOR = "docgen.cli_serve"
"""The one module of docgen that knows the service."""
_WEB = {"service", "flask", "waitress"}
_HEAVY = {
    "docxtpl",
    "docx",
    "lxml",
    "jinja2",
    "babel",
    "flask",
    "pydantic",
    "yaml",
    "waitress",
    "python_calamine",
    "xlsxwriter",
    "pypdfium2",
}
_DRAWERS_FOR_EVERYTHING = {"utils", "util", "helpers", "helper", "common", "base", "misc"}
_LONGEST = 400
_REASON = "# long because "


class _Import(NamedTuple):
    """A module that is imported, the line, and whether that happens when its importer is loaded."""

    name: str
    line: int
    at_once: bool


def broken_rules(sources: Mapping[str, str]) -> list[str]:
    """Every import from a higher floor, drawer for everything, file too long and heavy package `__init__`."""
    modules = {_module(path): path for path in sources}
    found = []
    for module, path in modules.items():
        tree = ast.parse(sources[path])
        found += [f"{path}: {told}" for told in _names_and_size(path, sources[path])]
        imports = list(_imports(tree, module, is_package=path.endswith("__init__.py")))
        found += [f"{path}:{one.line}: {told}" for one in imports for told in _import_faults(module, one)]
        if path.endswith("__init__.py"):
            heavy = [one for one in imports if one.at_once and one.name.partition(".")[0] in _HEAVY]
            found += [f"{path}:{one.line}: a package's __init__ imports {one.name}" for one in heavy]
    return found


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _wing(module: str) -> str:
    """The wing that a module belongs to; `docgen.cli_input` and its like are rooms of the command line."""
    root = module.partition(".")[0]
    second = ".".join(module.split(".")[:2])
    if root != "docgen":
        return root
    return _COMMAND_LINE if second.startswith(f"{_COMMAND_LINE}_") else second


def _floor(wing: str) -> int | None:
    return next((number for number, wings in enumerate(FLOORS) if wing in wings), None)


def _names_and_size(path: str, source: str) -> Iterator[str]:
    for drawer in set(_module(path).split(".")) & _DRAWERS_FOR_EVERYTHING:
        yield f"a module named {drawer} holds everything and says nothing"
    lines = source.splitlines()
    if len(lines) > _LONGEST and not any(line.strip().startswith(_REASON) for line in lines):
        yield f"{len(lines)} lines, more than {_LONGEST}, without a line '{_REASON}…'"
    if _floor(_wing(_module(path))) is None:
        yield "stands on no floor: name it in tests/gate/floors.py"


def _import_faults(module: str, one: _Import) -> Iterator[str]:
    root = one.name.partition(".")[0]
    here = _wing(module)
    if module == _DOOR and root in _WEB:
        if one.at_once:
            yield f"the command line imports {one.name} outside a function"
        return
    if root in _WEB - {"service"} and here != "service":
        yield f"docgen imports {one.name}"
    if root not in {"docgen", "service"}:
        return
    there = _wing(one.name) if _floor(_wing(one.name)) is not None else root
    own, other = _floor(here), _floor(there)
    if own is not None and other is not None and there != here and other >= own:
        yield f"{here} imports {there} from {'a higher' if other > own else 'its own'} floor"


def _imports(tree: ast.Module, module: str, *, is_package: bool) -> Iterator[_Import]:
    """Every import; those for type checkers count as late, because nothing is loaded."""
    late = {
        id(inner)
        for outer in ast.walk(tree)
        if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) or _for_type_checkers(outer)
        for inner in ast.walk(outer)
    }
    for node in ast.walk(tree):
        at_once = id(node) not in late
        if isinstance(node, ast.Import):
            yield from (_Import(alias.name, node.lineno, at_once) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parent = _parent(node, module, is_package=is_package)
            yield from (_Import(name, node.lineno, at_once) for name in _imported_from(parent, node))


def _for_type_checkers(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def _parent(node: ast.ImportFrom, module: str, *, is_package: bool) -> str:
    """The module after `from`, with the dots of a relative import resolved."""
    if node.level == 0:
        return node.module or ""
    steps = module.split(".")
    kept = steps[: len(steps) - node.level + is_package]
    return ".".join([*kept, *filter(None, [node.module])])


def _imported_from(parent: str, node: ast.ImportFrom) -> list[str]:
    """`from docgen import word` names a wing, `from docgen.word import pdf` a module of one."""
    if parent != "docgen":
        return [parent]
    named = [f"{parent}.{alias.name}" for alias in node.names]
    return [name if _floor(_wing(name)) is not None else parent for name in named]
