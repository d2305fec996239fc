"""SQLCMD's own lines in a script: `:r file`, `:setvar NAME value`, and `$(NAME)` in the text.

They are no T-SQL: a program replaces them before the server sees the script
(learn.microsoft.com, "sqlcmd utility", "sqlcmd - use with scripting variables").
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from pipeline.errors import BadSchema
from pipeline.schema.syntax.mssql.script_paths import folder_of, joined

_LINE = re.compile(r"^[ \t\ufeff]*(?::[ \t]*([A-Za-z]+)|!!)([^\r\n]*)", re.MULTILINE)
_MAYBE = re.compile(r"(?:^|\n)[ \t\ufeff]*(?::[ \t]*[A-Za-z]|!!)")
_APART = re.compile(r"'[^']*'|\"[^\"]*\"|\[[^\]]*\]|--[^\n]*|/\*.*?\*/", re.DOTALL)
_VARIABLE = re.compile(r"\$\(([A-Za-z_][\w-]*)\)")
_ARGUMENT = re.compile(r'[ \t]*(?:"([^"]*)"|(\S+))')
_IGNORED = frozenset(
    {"connect", "ed", "error", "exit", "help", "list", "listvar", "on", "out", "perftrace"}
    | {"quit", "reset", "serverlist", "xml"}
)
_DEEPEST = 50


class Piece(NamedTuple):
    """Text of one file that is read by itself; its lines have the numbers that they have there."""

    path: str
    text: str


class Expansion:
    """What files say when their SQLCMD lines are done.

    `find` gives the name of the file that a path means, or ''; `text` gives its text. `included`
    are the files that others read with `:r`; `unknown` are variables without a value.
    """

    def __init__(
        self,
        find: Callable[[str], str],
        text: Callable[[str], str],
        variables: Mapping[str, str],
    ) -> None:
        self._find, self._text = find, text
        self._known = {name.lower(): value for name, value in variables.items()}
        self.included: set[str] = set()
        self.unknown: dict[str, str] = {}

    def of(self, path: str) -> Iterator[Piece]:
        """Give the pieces of a file and of what it includes, in order."""
        return self._pieces(path, self._text(path), dict(self._known), ())

    def _pieces(
        self, path: str, text: str, variables: dict[str, str], way: tuple[str, ...]
    ) -> Iterator[Piece]:
        if not has_commands(text):
            yield Piece(path, self._replaced(path, text, variables))
            return
        begun = 0
        for found in commands(text):
            yield from self._between(path, text, begun, found.start(), variables)
            begun = found.end()
            word, rest = (found[1] or "").lower(), found[2]
            if word == "setvar":
                _set_variable(rest, variables)
            elif word == "r":
                yield from self._include(path, text, found, variables, way)
            elif word and word not in _IGNORED:
                where = _place(path, text, found.start())
                raise BadSchema(f"SQLCMD has no command :{word}", where=where)
        yield from self._between(path, text, begun, len(text), variables)

    def _between(
        self, path: str, text: str, begin: int, end: int, variables: dict[str, str]
    ) -> Iterator[Piece]:
        said = text[begin:end]
        if said.strip():
            lines = "\n" * text.count("\n", 0, begin)
            yield Piece(path, lines + self._replaced(path, said, variables))

    def _include(
        self,
        path: str,
        text: str,
        found: "re.Match[str]",
        variables: dict[str, str],
        way: tuple[str, ...],
    ) -> Iterator[Piece]:
        where = _place(path, text, found.start())
        named = _ARGUMENT.match(found[2])
        said = _replace(named[1] or named[2] if named else "", variables)
        target = self._find(joined(folder_of(path), said))
        if not said or not target:
            raise BadSchema(
                f":r {said}: there is no such file",
                where=where,
                advice="the path is relative to the file that says it",
            )
        if target in (*way, path) or len(way) > _DEEPEST:
            raise BadSchema(f":r {said}: this file is being read already", where=where)
        self.included.add(target)
        yield from self._pieces(target, self._text(target), variables, (*way, path))

    def _replaced(self, path: str, text: str, variables: dict[str, str]) -> str:
        if "$(" not in text:
            return text

        def value(found: "re.Match[str]") -> str:
            name = found[1].lower()
            if name not in variables:
                self.unknown.setdefault(found[1], path)
                return found[0]
            return variables[name]

        return _VARIABLE.sub(value, text)


def includes(path: str, text: str, find: Callable[[str], str]) -> Iterator[str]:
    """Give the files that a file includes by a name without variables."""
    if not has_commands(text):
        return
    for found in commands(text):
        named = _ARGUMENT.match(found[2])
        if named and (found[1] or "").lower() == "r":
            yield find(joined(folder_of(path), named[1] or named[2]))


def has_commands(text: str) -> bool:
    """Whether a text may have lines that are SQLCMD's; fast, and right when it says no."""
    return (":" in text or "!!" in text) and _MAYBE.search(text) is not None


def commands(text: str) -> Iterator["re.Match[str]"]:
    """Give the lines that are SQLCMD's: what stands in a string or a comment is none."""
    apart = [(found.start(), found.end()) for found in _APART.finditer(text)]
    place = 0
    for found in _LINE.finditer(text):
        while place < len(apart) and apart[place][1] <= found.start():
            place += 1
        if place < len(apart) and apart[place][0] < found.start():
            continue
        yield found


def _set_variable(rest: str, variables: dict[str, str]) -> None:
    """NAME value, NAME "a value", or NAME alone: no value any more."""
    name = _ARGUMENT.match(rest)
    if name is None:
        return
    said = rest[name.end() :].strip()
    value = said[1:-1].replace('""', '"') if said[:1] == '"' and said[-1:] == '"' else said
    folded = (name[1] or name[2]).lower()
    if said:
        variables[folded] = _replace(value, variables)
    else:
        variables.pop(folded, None)


def _replace(text: str, variables: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda found: variables.get(found[1].lower(), found[0]), text)


def _place(path: str, text: str, offset: int) -> str:
    return f"{path}:{text.count(chr(10), 0, offset) + 1}:1"
