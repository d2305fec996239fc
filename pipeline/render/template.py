"""Read a template: a Jinja2 environment that trusts neither templates nor values.

Templates come from changesets, so they run in a sandbox and reach nothing but the texts and values
that they are given. Each place that writes a value is bound to its file and line when the template
is read, for Jinja2 itself would forget them.
"""

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from functools import partial
from typing import Any

from jinja2 import StrictUndefined, nodes
from jinja2.environment import Environment, Template
from jinja2.exceptions import TemplateNotFound
from jinja2.loaders import BaseLoader
from jinja2.runtime import BlockReference, Context, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from pipeline.errors import BadTemplate
from pipeline.render.escape import FILTERS, Literal, Unwritable, written
from pipeline.render.tokens import Tokens

MARK = "\x00{file}\x01{line}\x02"  # begins a piece of traced text; no value can hold it
_WRITTEN = "written at"  # no template can say a filter's name with a blank in it
_GLOBALS = ("range", "dict", "namespace")
_UNPREDICTABLE = ("random", "shuffle")


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment of one template and the texts that it may include.

    `traced`: text and values are written with marks that tell from which line they came.
    """

    def __init__(self, sources: Mapping[str, str], *, traced: bool = False) -> None:
        super().__init__(
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            extensions=[Tokens],
            loader=_Loader(sources),
            cache_size=-1,
        )
        self.traced = traced
        self.assigned: set[str] = set()
        self.plain: list[tuple[str, int, str]] = []
        self.globals = {name: self.globals[name] for name in _GLOBALS}
        for name in _UNPREDICTABLE:
            self.filters.pop(name, None)
        self.filters.update({name: partial(_escaped, make) for name, make in FILTERS.items()})
        self.filters[_WRITTEN] = _traced if traced else _checked

    def call(
        self,
        context: Context,
        called: object,
        /,
        *args: object,
        **kwargs: object,
    ) -> object:
        """What a macro gives has been checked piece by piece, and may have many lines."""
        result = super().call(context, called, *args, **kwargs)
        made = isinstance(called, Macro | BlockReference | LoopContext)
        return Literal(result) if made and isinstance(result, str) else result


class _Loader(BaseLoader):
    """Gives templates out of the texts it holds, prepared for the sandbox."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.sources = sources

    def load(
        self,
        environment: Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:
        if name not in self.sources:
            raise TemplateNotFound(name)
        if not isinstance(environment, Sandbox):
            raise TypeError("templates are loaded by their own sandbox only")
        tree = environment.parse(self.sources[name], name, name)
        _prepare(tree, name, environment)
        code = environment.compile(tree, name, name)
        return environment.template_class.from_code(environment, code, globals or {}, None)


def assigned(tree: nodes.Template) -> set[str]:
    """The names that a template gives a value to, or asks about before it uses them."""
    names = {name.name for name in tree.find_all(nodes.Name) if name.ctx != "load"}
    names |= {macro.name for macro in tree.find_all(nodes.Macro)}
    names |= {node.target for node in tree.find_all(nodes.Import)}
    for node in tree.find_all(nodes.FromImport):
        names |= {name if isinstance(name, str) else name[1] for name in node.names}
    for test in tree.find_all(nodes.Test):
        if test.name in {"defined", "undefined"} and isinstance(test.node, nodes.Name):
            names.add(test.node.name)
    return names


def _prepare(tree: nodes.Template, file: str, sandbox: Sandbox) -> None:
    sandbox.assigned |= assigned(tree)
    for literal in tree.find_all(nodes.Filter):
        if literal.name in FILTERS and literal.node is not None:
            where = nodes.Const(_label(literal.node)), nodes.Const(f"{file}:{literal.lineno}")
            literal.args = [*where, *literal.args]
    for output in list(tree.find_all(nodes.Output)):
        for part in output.nodes:
            if isinstance(part, nodes.Name):
                sandbox.plain.append((file, part.lineno, part.name))
        output.nodes = list(_bound(output, file, sandbox))
    tree.set_environment(sandbox)


def _bound(output: nodes.Output, file: str, sandbox: Sandbox) -> Iterator[nodes.Expr]:
    """The parts of an output, values bound to the place where they are written."""
    for part in output.nodes:
        line = part.lineno
        if isinstance(part, nodes.TemplateData):
            text = _marked(part.data, file, line) if sandbox.traced else part.data
            yield nodes.TemplateData(text, lineno=line)
        elif isinstance(part, nodes.Const) and isinstance(part.value, str) and not sandbox.traced:
            yield part  # the template's own words
        else:
            label, where = nodes.Const(_label(part)), nodes.Const(f"{file}:{line}")
            yield nodes.Filter(part, _WRITTEN, [label, where], [], None, None, lineno=line)


def _marked(text: str, file: str, line: int) -> str:
    lines = text.split("\n")
    return "\n".join(
        MARK.format(file=file, line=line + n) + piece for n, piece in enumerate(lines)
    )


def _label(expression: nodes.Expr | None) -> str:
    """An expression as people call it: the name that it begins with."""
    match expression:
        case nodes.Name():
            return expression.name
        case nodes.Getattr():
            return f"{_label(expression.node)}.{expression.attr}"
        case nodes.Filter() | nodes.Getitem() | nodes.Call():
            return _label(expression.node)
        case _:
            return "the expression"


def _checked(value: object, label: str, where: str) -> str:
    return _or_refused(written, value, label, where)


def _traced(value: object, label: str, where: str) -> str:
    file, _, line = where.rpartition(":")
    return MARK.format(file=file, line=line) + str(value)


def _escaped(make: Callable[[object], str], value: object, label: str, where: str) -> str:
    return _or_refused(make, value, label, where)


def _or_refused(make: Callable[[object], str], value: object, label: str, where: str) -> str:
    if isinstance(value, StrictUndefined):
        str(value)  # raises, and says which name it is
    try:
        return make(value)
    except Unwritable as refused:
        raise BadTemplate(f"{label} {refused}", where=where, advice=refused.advice) from None
