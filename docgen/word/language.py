"""The language of templates at work: the one environment, and how a word becomes text in a document.

Below the allow-list (`allowed`) lies the immutable sandbox of Jinja with nothing left inside: no globals, no tests, no
methods, only keys of mappings and a few facts of a loop. Whatever runs, docxtpl included, runs under this environment.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn, cast

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, Undefined, nodes, pass_context
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from docgen.errors import DataError, shown
from docgen.word.allowed import LOOP_FACTS, faults

if TYPE_CHECKING:
    from jinja2.runtime import Context

MOST_ROWS = 200_000
"""How many rows all loops of one document may run through together."""
STEPS = " steps"
"""Where a render counts its rows: no word can have this name, no template can read it."""

_ROWS, _ROWS_FOUND, _TOKEN = " rows", " rows found", " token"
_TOKEN_CHARACTERS = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ#.-")
_TOKEN_LENGTH = 64


class MissingWord(StrictUndefined):
    """A word that was not given: whatever is done with it raises `UndefinedError` whose message is its bare name."""

    __slots__ = ()

    def __init__(self, *, obj: Any = None, name: str | None = None) -> None:
        super().__init__(hint=str(name), obj=obj, name=name)


class Language(ImmutableSandboxedEnvironment):
    """The one environment of all templates, ours and docxtpl's: allow-listed, escaped, strict about missing words."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=MissingWord, finalize=_printed, cache_size=0)
        self.globals.clear()
        self.tests.clear()
        self.filters.clear()
        self.filters.update({"lower": _lower, "upper": _upper})
        self.filters.update({_ROWS: _rows, _ROWS_FOUND: _rows_found, _TOKEN: _token})
        # Jinja's own escaping would come after `finalize`, which has escaped every value already and lets none by: for
        # the programs that we compile ourselves it is left out, which halves the time of a render.
        self._direct = self.overlay(autoescape=False, finalize=_written)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A mapping yields its keys, a loop its listed facts; nothing else has parts."""
        if type(obj) is dict or isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if type(obj) is LoopContext and attribute in LOOP_FACTS:
            return getattr(obj, attribute)
        _refuse_missing(obj)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """As `getattr`: the language has no other access."""
        return self.getattr(obj, str(argument))

    def compile(self, source: Any, *options: Any, **more: Any) -> Any:
        """Compiles source text that the allow-list lets through, whoever asks; a tree comes from `template` only.

        Raises:
            TemplateSyntaxError: with the Vietnamese sentence of the first fault.
        """
        return super().compile(self._checked(source) if isinstance(source, str) else source, *options, **more)

    def template(self, source: str, tokens: frozenset[int], filled: frozenset[int], *, filename: str) -> Template:
        """The compiled source, with guards on some of its lines (counted from 1); errors name `filename`.

        The words on the lines `tokens` stand inside attributes: they must be plain tokens. The lists on the lines
        `filled` must have a row: an empty one would leave a table or a cell that Word cannot open.

        Raises:
            TemplateSyntaxError: with the Vietnamese sentence of the first fault.
        """
        tree = self._checked(source)
        for output in tree.find_all(nodes.Output):
            output.nodes = [
                self._filtered(child, _TOKEN)
                if child.lineno in tokens and not isinstance(child, nodes.TemplateData)
                else child
                for child in output.nodes
            ]
        for loop in tree.find_all(nodes.For):
            if loop.lineno in filled:
                cast("nodes.Filter", loop.iter).name = _ROWS_FOUND
        return Template.from_code(self._direct, self._direct.compile(tree, filename=filename), {}, None)

    def _checked(self, source: str) -> nodes.Template:
        tree = self.parse(source)
        for fault in faults(tree):
            raise TemplateSyntaxError(fault.what, fault.line)
        for loop in tree.find_all(nodes.For):
            loop.iter = self._filtered(cast("nodes.Expr", loop.iter), _ROWS)
        return tree

    def _filtered(self, node: nodes.Expr, name: str) -> nodes.Filter:
        wrapped = nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)
        wrapped.set_environment(self)
        return wrapped


def escape(text: str) -> str:
    """The text as lxml writes it: `&amp; &lt; &gt;` and nothing else, so that bytes equal docxtpl's."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _written(value: object) -> str:
    """What `{{ }}` writes: text escaped, whole numbers as digits, nothing for None; all else is refused."""
    kind = type(value)
    if kind is str:
        text = cast("str", value)
        return escape(text) if "&" in text or "<" in text or ">" in text else text
    if kind is int:
        return str(value)
    if value is not None:
        _refuse_value(value)
    return ""


def _printed(value: object) -> Markup:
    """As `_written`, for the environment that docxtpl gets: marked as escaped, so that Jinja does not do it again."""
    return Markup(_written(value))  # noqa: S704 - escaped in the same line


def _refuse_missing(value: object) -> None:
    if isinstance(value, Undefined):
        str(value)


def _refuse_value(value: object) -> NoReturn:
    _refuse_missing(value)
    named = {bool: "đúng/sai", list: "một danh sách", dict: "một nhóm trường"}.get(type(value), "không phải chữ")
    what = f"Giá trị là {named}, không in ra thành chữ được."
    raise DataError.of("word-not-text", what, "Hãy đưa vào chữ viết sẵn.")


def _text_of(value: object) -> str:
    if type(value) not in {str, int, type(None)}:
        _refuse_value(value)
    return "" if value is None else str(value)


def _upper(value: object) -> str:
    return _text_of(value).upper()


def _lower(value: object) -> str:
    return _text_of(value).lower()


@pass_context
def _rows(context: Context, value: object) -> list[object]:
    if type(value) is not list:
        _refuse_missing(value)
        raise DataError.of("word-not-list", "Giá trị không phải danh sách.", "Hãy đưa vào một danh sách (các dòng).")
    steps = context.parent.get(STEPS)
    if steps is not None:
        steps[0] += len(value)
        if steps[0] > MOST_ROWS:
            what = f"Các danh sách tạo ra quá {MOST_ROWS} dòng trong một văn bản."
            raise DataError.of("words-too-many", what, "Hãy chia thành nhiều văn bản.")
    return value


@pass_context
def _rows_found(context: Context, value: object) -> list[object]:
    rows = _rows(context, value)
    if not rows:
        what = "Danh sách rỗng làm bảng không còn dòng hoặc ô không còn đoạn nào."
        raise DataError.of("word-list-empty", what, "Hãy đưa vào ít nhất một dòng (có thể là dòng trống).")
    return rows


def _token(value: object) -> str:
    """A word inside an attribute (a colour, a span): letters, digits, `#`, `.`, `-`, so that it stays inside."""
    text = _text_of(value)
    if not 0 < len(text) <= _TOKEN_LENGTH or not _TOKEN_CHARACTERS.issuperset(text):
        what = f"Giá trị {shown(text)} không dùng được cho màu hoặc số ô."
        raise DataError.of("word-not-token", what, "Hãy dùng mã màu như FFFF00 hoặc một số nguyên.")
    return text
