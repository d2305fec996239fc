"""Which objects are compared at all: by type, schema and name; RedGate's filter files too."""

import re
import xml.etree.ElementTree as Xml
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import translate
from functools import lru_cache
from typing import NamedTuple, NoReturn, Self

from pipeline.errors import BadCall
from pipeline.schema.model.mssql.names import Kind

_COMMENT = re.compile(r"(?:^|\s)#.*")
_BRACKETED = re.compile(r"\[([^\]]*)\](?:\.\[([^\]]*)\])?")
_KINDS = {kind.value.lower(): kind for kind in Kind}
Test = Callable[[str, str], bool]
"""Whether (schema, name) is meant; both as written."""


class Rule(NamedTuple):
    """Objects of one type, or of any, whose `schema.name` or name alone fits a glob."""

    kind: Kind | None
    glob: str

    def fits(self, kind: Kind, schema: str, name: str) -> bool:
        """Whether an object is meant."""
        if self.kind not in (None, kind):
            return False
        pattern = _pattern(self.glob)
        full = f"{schema}.{name}" if schema else name
        return bool(pattern.match(full) or pattern.match(name))


@lru_cache(maxsize=1024)
def _pattern(glob: str) -> re.Pattern[str]:
    return re.compile(translate(glob), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Filter:
    """What is compared: all that is included (everything, if nothing is said), less the excluded.

    `tests` are a RedGate filter's: by type, what an object must satisfy.
    """

    include: tuple[Rule, ...] = ()
    exclude: tuple[Rule, ...] = ()
    tests: tuple[tuple[Kind, Test], ...] = ()

    @classmethod
    def of(cls, include: Sequence[str], exclude: Sequence[str]) -> Self:
        """Give the filter of `TYPE:GLOB` words. BadCall for a type that is not known."""
        return cls(
            tuple(_rule(each, "--include") for each in include),
            tuple(_rule(each, "--exclude") for each in exclude),
        )

    @classmethod
    def from_lines(cls, text: str, where: str = "") -> Self:
        """Give the filter of a file: `+TYPE:GLOB` and `-TYPE:GLOB`, a line each, `#` comments."""
        include: list[Rule] = []
        exclude: list[Rule] = []
        for number, line in enumerate(text.splitlines(), 1):
            rule = _COMMENT.sub("", line).strip()
            if rule[:1] not in {"", "+", "-"}:
                raise BadCall(
                    f"expected + or - and TYPE:GLOB, found {rule!r}", where=f"{where}:{number}"
                )
            if rule:
                found = _rule(rule[1:].strip(), f"{where}:{number}")
                (include if rule[0] == "+" else exclude).append(found)
        return cls(tuple(include), tuple(exclude))

    @classmethod
    def from_scpf(cls, text: str, where: str = "") -> Self:
        """Give the filter of RedGate's .scpf file. BadCall when it cannot be read."""
        try:
            root = Xml.fromstring(text)  # noqa: S314  a file that the user names; no entities used
        except Xml.ParseError as error:
            raise BadCall(f"this is no RedGate filter: {error}", where=where) from error
        tests = []
        for name, included, expression in _nodes(root):
            kind = _KINDS.get(name.lower())
            if kind is not None:
                tests.append((kind, _test(expression, where, included=included)))
        return cls(tests=tuple(tests))

    def takes(self, kind: Kind, schema: str, name: str) -> bool:
        """Whether an object is compared."""
        if self is EVERYTHING:
            return True
        if self.include and not any(rule.fits(kind, schema, name) for rule in self.include):
            return False
        if any(rule.fits(kind, schema, name) for rule in self.exclude):
            return False
        return all(test(schema, name) for each, test in self.tests if each is kind)

    def and_(self, other: "Filter") -> "Filter":
        """Give the filter that takes what both would: includes and excludes of both are joined."""
        return Filter(
            (*self.include, *other.include),
            (*self.exclude, *other.exclude),
            (*self.tests, *other.tests),
        )


EVERYTHING = Filter()


def _rule(text: str, where: str) -> Rule:
    kind, colon, glob = text.partition(":")
    if not colon:
        kind, glob = text, "*"
    glob = _without_brackets(glob.strip()) or "*"
    if kind.strip() == "*":
        return Rule(None, glob)
    found = _KINDS.get(kind.strip().lower())
    if found is None:
        near = get_close_matches(kind.strip().lower(), _KINDS, 1, 0.5)
        advice = f"did you mean {_KINDS[near[0]]}?" if near else f"there are: {', '.join(Kind)}"
        raise BadCall(f"there is no type {kind.strip()!r}", where=where, advice=advice)
    return Rule(found, glob)


def _without_brackets(glob: str) -> str:
    """`[dbo].[Orders]` is a name in brackets, and no set of letters."""
    found = _BRACKETED.fullmatch(glob)
    return ".".join(filter(None, found.groups())) if found else glob


def _nodes(root: Xml.Element) -> Iterator[tuple[str, bool, str]]:
    """Give (type, included, expression) of each node that speaks of a type."""
    for node in root.iter():
        expression = node.find("Expression")
        include = node.find("Include")
        if expression is not None and include is not None:
            named = node.get("type") or node.get("Type") or node.findtext("Type") or node.tag
            yield (
                named,
                (include.text or "").strip().lower() == "true",
                (expression.text or "").strip(),
            )


_TOKENS = re.compile(r"@\w+|\(|\)|=|<>|!=|'(?:[^']|'')*'|\w+")


def _test(expression: str, where: str, *, included: bool) -> Test:
    """Give what an expression over @NAME and @SCHEMA says; include means "only these"."""
    if not expression or expression.upper() == "TRUE":
        return lambda schema, name: included
    inner = _Expression(_TOKENS.findall(expression), where).whole()
    return inner if included else lambda schema, name: not inner(schema, name)


class _Expression:
    """OR of ANDs of NOTs of comparisons, with parentheses."""

    def __init__(self, tokens: list[str], where: str) -> None:
        self.tokens = [*tokens, ""]
        self.place = 0
        self.where = where

    def whole(self) -> Test:
        found = self.any_of()
        if self.tokens[self.place]:
            self.fail()
        return found

    def any_of(self) -> Test:
        parts = [self.all_of()]
        while self.take("OR"):
            parts.append(self.all_of())
        return lambda schema, name: any(part(schema, name) for part in parts)

    def all_of(self) -> Test:
        parts = [self.one()]
        while self.take("AND"):
            parts.append(self.one())
        return lambda schema, name: all(part(schema, name) for part in parts)

    def one(self) -> Test:
        if self.take("NOT"):
            inner = self.one()
            return lambda schema, name: not inner(schema, name)
        if self.take("("):
            inner = self.any_of()
            if not self.take(")"):
                self.fail()
            return inner
        return self.comparison()

    def comparison(self) -> Test:
        field = self.next().upper()
        negative = self.take("NOT")
        operator = self.next().upper()
        value = self.next()
        if field not in {"@NAME", "@SCHEMA"} or not value.startswith("'"):
            self.fail()
        text = value[1:-1].replace("''", "'")
        if operator == "LIKE":
            pattern = _like(text)
        elif operator in {"=", "<>", "!="}:
            pattern = re.compile(re.escape(text) + r"\Z", re.IGNORECASE)
            negative ^= operator != "="
        else:
            self.fail()
        place = 1 if field == "@NAME" else 0
        return lambda schema, name: bool(pattern.match((schema, name)[place])) != negative

    def next(self) -> str:
        self.place += 1
        return self.tokens[self.place - 1] if self.place <= len(self.tokens) else ""

    def take(self, word: str) -> bool:
        found = self.tokens[min(self.place, len(self.tokens) - 1)].upper() == word
        self.place += found
        return found

    def fail(self) -> NoReturn:
        shown = " ".join(self.tokens).strip()
        raise BadCall(f"this filter cannot be read: {shown}", where=self.where)


def _like(text: str) -> re.Pattern[str]:
    """Give a LIKE pattern as a regular expression: % _ [abc] [^abc]."""
    parts = re.findall(r"%|_|\[[^\]]*\]|.", text, re.DOTALL)
    same = {"%": ".*", "_": "."}
    regex = "".join(same.get(p) or (p if len(p) > 1 else re.escape(p)) for p in parts)
    return re.compile(regex + r"\Z", re.IGNORECASE | re.DOTALL)
