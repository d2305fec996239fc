"""Templates and values give text; every complaint names file, line and token."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from types import TracebackType
from typing import NoReturn

from jinja2.environment import Template
from jinja2.exceptions import TemplateNotFound, TemplateSyntaxError, UndefinedError

from pipeline.errors import BadTemplate
from pipeline.render.escape import Value
from pipeline.render.template import Sandbox
from pipeline.render.tokens import TOKEN

_UNDEFINED = re.compile(r"^'(?P<name>.+)' is undefined$|has no attribute '(?P<attribute>.+)'$")
_MARK = re.compile("\x00([^\x00-\x02]*)\x01([0-9]+)\x02")
_FILLED = re.compile(_MARK.pattern + "(?=[^\x00])")  # a mark with text behind it on its line
_ENDING = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a template, counted from 1."""

    file: str
    number: int

    def __str__(self) -> str:
        return f"{self.file}:{self.number}"


def render(
    name: str, text: str, values: Mapping[str, Value], sources: Mapping[str, str] | None = None
) -> str:
    """The text of a template with its tokens and blocks replaced.

    `name` is for messages; `sources` are the texts that it may include or import, by name. Lines
    end as the first line of `text` does. Raises BadTemplate.
    """
    rendered = _render(_read(name, text, sources or {}, traced=False), name, values)
    return rendered.replace("\n", "\r\n") if _has_crlf(text) else rendered


def origins(
    name: str, text: str, values: Mapping[str, Value], sources: Mapping[str, str] | None = None
) -> tuple[Line, ...]:
    """For each line of what `render` gives, the line of a template that it began on.

    Empty when that cannot be known, since the template works on its own text. Raises BadTemplate.
    """
    wanted = render(name, text, values, sources).replace("\r\n", "\n")
    traced = _render(_read(name, text, sources or {}, traced=True), name, values)
    if _MARK.sub("", traced) != wanted:
        return ()
    lines, last = [], Line(name, 1)
    for line in traced.split("\n"):
        mark = _FILLED.search(line) or _MARK.search(line)
        last = Line(mark[1], int(mark[2])) if mark else last
        lines.append(last)
    return tuple(lines)


def unused(templates: Mapping[str, str], values: Iterable[str]) -> tuple[str, ...]:
    """The values that no template mentions, sorted. Raises BadTemplate."""
    sandbox = Sandbox({})
    used = {name for at, text in templates.items() for name in _mentioned(sandbox, at, text)}
    return tuple(sorted(set(values) - used))


def nearest(name: str, known: Mapping[str, object] | set[str]) -> str:
    """A piece of advice: the known name that is most like this one; empty when none is."""
    close = get_close_matches(
        name.upper(), {each.upper(): each for each in known}, n=1, cutoff=0.6
    )
    spelled = {each.upper(): each for each in known}
    return f"did you mean {spelled[close[0]]}?" if close else ""


def _has_crlf(text: str) -> bool:
    first = _ENDING.search(text)
    return first is not None and first.group() == "\r\n"


@dataclass(frozen=True, slots=True)
class _Compiled:
    template: Template
    sandbox: Sandbox


def _read(name: str, text: str, sources: Mapping[str, str], *, traced: bool) -> _Compiled:
    return _compiled(name, frozenset({**sources, name: text}.items()), traced)


@lru_cache(maxsize=64)  # a farm renders the same few templates for each of its instances
def _compiled(name: str, sources: frozenset[tuple[str, str]], traced: bool) -> _Compiled:  # noqa: FBT001
    sandbox = Sandbox(dict(sources), traced=traced)
    try:
        return _Compiled(sandbox.get_template(name), sandbox)
    except TemplateSyntaxError as error:
        _refuse_syntax(error, name)


def _mentioned(sandbox: Sandbox, name: str, text: str) -> Iterator[str]:
    """The names in a template: its tokens, and all words of its blocks."""
    try:
        for _, kind, word in sandbox.lex(sandbox.preprocess(text, name), name):
            if kind == "data":
                yield from TOKEN.findall(word)
            elif kind == "name":
                yield word
    except TemplateSyntaxError as error:
        _refuse_syntax(error, name)


def _render(compiled: _Compiled, name: str, values: Mapping[str, Value]) -> str:
    _refuse_unknown(compiled.sandbox, values)
    try:
        text = compiled.template.render(dict(values))
    except BadTemplate:
        raise
    except TemplateSyntaxError as error:
        _refuse_syntax(error, name)
    except Exception as error:  # a template is a program: it may fail in any way
        _refuse_failure(error, name, values)
    _refuse_unknown(compiled.sandbox, values)  # what was included is known only now
    return text


def _refuse_unknown(sandbox: Sandbox, values: Mapping[str, Value]) -> None:
    """Refuse an unknown token, even where the template does not come by this time."""
    known = values.keys() | sandbox.assigned | sandbox.globals.keys()
    for file, line, token in sandbox.plain:
        if token not in known:
            raise BadTemplate(
                f"unknown token {token}", where=f"{file}:{line}", advice=nearest(token, set(known))
            )


def _refuse_syntax(error: TemplateSyntaxError, name: str) -> NoReturn:
    at_sign = "char '@'" in (error.message or "")
    raise BadTemplate(
        error.message or "cannot be read",
        where=f"{error.name or name}:{error.lineno}",
        advice="inside {{ }} and {% %} a token is written without its @ signs" if at_sign else "",
    ) from None


def _refuse_failure(error: Exception, name: str, values: Mapping[str, Value]) -> NoReturn:
    what, advice = str(error) or type(error).__name__, ""
    if isinstance(error, TemplateNotFound):
        what = f"there is no template {error.name}"
    elif isinstance(error, UndefinedError) and (unknown := _UNDEFINED.search(what)):
        missing = unknown["name"] or unknown["attribute"]
        what = f"unknown name {missing}"
        advice = nearest(missing, set(_names(values)))
    elif not isinstance(error, UndefinedError):
        what = f"{type(error).__name__}: {what}"
    raise BadTemplate(what, where=_place(error.__traceback__, name), advice=advice) from None


def _names(values: Mapping[str, Value]) -> Iterator[str]:
    """The names of values, and those inside them."""
    for name, value in values.items():
        yield name
        for item in value if isinstance(value, list | tuple) else (value,):
            if isinstance(item, Mapping):
                yield from _names(item)


def _place(traceback: TracebackType | None, name: str) -> str:
    """Where in a template an error arose: Jinja2 writes its own lines into tracebacks."""
    place = name
    while traceback is not None:
        if "__jinja_exception__" in traceback.tb_frame.f_globals:
            place = f"{traceback.tb_frame.f_code.co_filename}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return place
