"""Scalar expressions and predicates of T-SQL, read into their canonical text."""

import re
from collections.abc import Callable

from pipeline.errors import BadSchema
from pipeline.schema.model.mssql.names import bracket, fold
from pipeline.schema.normalise.mssql.expression_operators import Node, NotUnderstood, Operators
from pipeline.schema.normalise.mssql.keywords import CALLABLE, DATE_PARTS
from pipeline.schema.normalise.mssql.predicates import Compare, Predicate, Test, shown
from pipeline.schema.normalise.mssql.scalars import (
    OF_DATE_PARTS,
    PARTS_OF_DATES,
    STYLE_0_IS_NONE,
    WITHOUT_PARENTHESES,
    is_name,
    number,
    quoted_string,
    string,
    token_text,
    type_text,
)
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.tokens import unquote

_REGULAR = re.compile(r"[^\W\d][\w@#$]*")


class Parser(Operators):
    """Reads one expression. Fills `names`, `functions` and `sequences` on its way."""

    def __init__(self, cursor: Cursor, *, exact: bool) -> None:
        self.cursor = cursor
        self.spelled: Callable[[str], str] = str if exact else fold
        self.names: set[str] = set()
        self.functions: set[tuple[str, str]] = set()
        self.sequences: set[tuple[str, str]] = set()

    def primary(self) -> Node:
        cursor = self.cursor
        token, word = cursor.token, cursor.word
        first = token[:1]
        if first == "(":
            return self._parenthesised()
        if first == "'" or word[:2] == "N'":
            return string(cursor.next())
        if first.isdigit() or (first in {".", "$", "£", "€", "¥"} and len(token) > 1):
            return number(cursor.next())
        if first == "@":
            return fold(cursor.next())
        if first == '"' and not cursor.quoted_identifier:
            return quoted_string(cursor.next())
        special = _SPECIAL.get(word)
        if special and (word == "CASE" or cursor.peek() == "("):
            return special(self)
        if cursor.at("NEXT", "VALUE", "FOR"):
            return self._next_value()
        called = cursor.peek() == "("
        if word in WITHOUT_PARENTHESES and not called:
            cursor.position += 1
            return WITHOUT_PARENTHESES[word]
        if first == '"' or is_name(token) or (called and word in CALLABLE):
            return self._named()
        raise NotUnderstood

    def _parenthesised(self) -> Node:
        self.cursor.expect("(")
        found = self.any(0)
        self.cursor.expect(")")
        return found

    def behind(self, found: Node) -> Node:
        """What may stand behind a value and binds to it most strongly."""
        cursor = self.cursor
        while isinstance(found, str):
            if cursor.accept("COLLATE"):
                found = f"({found} collate {fold(cursor.name())})"
            elif cursor.accept("AT", "TIME", "ZONE"):
                found = f"({found} at time zone {self._operand()})"
            elif cursor.accept("."):
                found = f"{found}.{self._method()}"
            elif cursor.word == "OVER" or cursor.word == "WITHIN":
                raise NotUnderstood
            else:
                break
        return found

    def _operand(self) -> str:
        found = self.primary()
        if not isinstance(found, str):
            raise NotUnderstood
        return found

    def _named(self) -> str:
        """A column, a function, or a type's own function: `hierarchyid::GetRoot()`."""
        cursor = self.cursor
        parts = cursor.parts()
        if cursor.accept("::"):
            self.names.update(map(fold, parts))
            return f"{self._written(parts)}::{self._method()}"
        if cursor.word != "(":
            self.names.update(map(fold, parts))
            return self._written(parts)
        if len(parts) == 1:
            name = fold(parts[0])
            return self._built_in(name if _REGULAR.fullmatch(name) else bracket(name))
        self.names.update(map(fold, parts))
        self.functions.add((fold(parts[-2]), fold(parts[-1])))
        return f"{self._written(parts)}({self._arguments()})"

    def _written(self, parts: tuple[str, ...]) -> str:
        return ".".join(bracket(self.spelled(part)) if part else "" for part in parts)

    def _method(self) -> str:
        """A method's or property's name means exactly what is written."""
        name = bracket(self.cursor.name())
        return f"{name}({self._arguments()})" if self.cursor.word == "(" else name

    def _built_in(self, name: str) -> str:
        if name in OF_DATE_PARTS:
            return self._of_date_part(name)
        arguments = self._arguments()
        if name in PARTS_OF_DATES:
            return f"datepart({PARTS_OF_DATES[name]}, {arguments})"
        return f"{name}({arguments})"

    def _of_date_part(self, name: str) -> str:
        cursor = self.cursor
        cursor.expect("(")
        part = DATE_PARTS.get(fold(cursor.token))
        if part is None or cursor.peek() != ",":
            raise NotUnderstood
        cursor.position += 2
        values = [self.value()]
        while cursor.accept(","):
            values.append(self.value())
        cursor.expect(")")
        return f"{name}({', '.join((part, *values))})"

    def _arguments(self) -> str:
        """Read `( ... )`; what is not understood in it is kept token by token."""
        cursor = self.cursor
        begun = cursor.position
        if cursor.accept("(", ")"):
            return ""
        try:
            return ", ".join(cursor.list_of(self._argument))
        except (NotUnderstood, BadSchema):
            cursor.position = begun
            cursor.skip_parentheses()
            self.mention(begun + 1, cursor.position - 1)
            return f"? {self.tokens(begun + 1, cursor.position - 1)}"

    def _argument(self) -> str:
        if self.cursor.word == "*" and self.cursor.peek() in {")", ","}:
            return self.cursor.next()
        return self.value()

    def _next_value(self) -> str:
        cursor = self.cursor
        cursor.expect("NEXT", "VALUE", "FOR")
        parts = cursor.parts()
        parts = parts if len(parts) > 1 else ("dbo", *parts)
        self.names.update(map(fold, parts))
        self.sequences.add((fold(parts[-2]), fold(parts[-1])))
        return f"(next value for {self._written(parts)})"

    def case(self) -> str:
        """Read CASE; the form with a value is the form with predicates."""
        cursor = self.cursor
        cursor.expect("CASE")
        asked = "" if cursor.word == "WHEN" else self.value()
        whens = []
        while cursor.accept("WHEN"):
            when = self._when(asked)
            cursor.expect("THEN")
            whens.append((when, self.value()))
        otherwise = self.value() if cursor.accept("ELSE") else "null"
        cursor.expect("END")
        return _case(whens, otherwise)

    def _when(self, asked: str) -> Predicate:
        if not asked:
            return self.predicate()
        value = self.value()
        return Test(f"{asked} when null") if value == "null" else Compare("=", asked, value)

    def iif(self) -> str:
        """Read IIF(p, a, b), which is CASE."""
        cursor = self.cursor
        cursor.expect("IIF", "(")
        when = self.predicate()
        cursor.expect(",")
        then = self.value()
        cursor.expect(",")
        otherwise = self.value()
        cursor.expect(")")
        return _case([(when, then)], otherwise)

    def coalesce(self) -> str:
        """Read COALESCE(a, b), which is CASE WHEN a IS NOT NULL THEN a ELSE b END."""
        self.cursor.expect("COALESCE")
        *values, last = self.cursor.list_of(self.value)
        if not values:
            raise NotUnderstood
        return _case([(Test(f"{each} is null", True), each) for each in values], last)  # noqa: FBT003

    def cast(self) -> str:
        """Read CAST(x AS t), which is CONVERT(t, x)."""
        cursor = self.cursor
        name = "try_convert" if cursor.next().upper() == "TRY_CAST" else "convert"
        cursor.expect("(")
        value = self.value()
        cursor.expect("AS")
        _, type_ = type_text(cursor, self.spelled)
        cursor.expect(")")
        return f"{name}({type_}, {value})"

    def convert(self) -> str:
        """Read CONVERT(t, x), maybe with a style."""
        cursor = self.cursor
        name = fold(cursor.next())
        cursor.expect("(")
        built_in, type_ = type_text(cursor, self.spelled)
        cursor.expect(",")
        value = self.value()
        style = self.value() if cursor.accept(",") else ""
        cursor.expect(")")
        if style == "0" and built_in in STYLE_0_IS_NONE:
            style = ""
        return f"{name}({type_}, {value}{', ' if style else ''}{style})"

    def tokens(self, first: int, end: int) -> str:
        """Give tokens one by one, each in its canonical form."""
        quoted = self.cursor.quoted_identifier
        found = self.cursor.script.tokens[first:end]
        return " ".join(token_text(each, self.spelled, quoted=quoted) for each in found)

    def mention(self, first: int, end: int) -> None:
        """Take names from tokens that are not understood: too many rather than too few."""
        script = self.cursor.script
        tokens, words = script.tokens, script.words
        for place in range(first, end):
            token = tokens[place]
            if token[:1] != '"' and not is_name(token):
                continue
            name = fold(unquote(token))
            self.names.add(name)
            if place - 2 >= first and tokens[place - 1] == "." and words[place + 1] == "(":
                self.functions.add((fold(unquote(tokens[place - 2])), name))
            if words[max(place - 3, 0) : place] == ["NEXT", "VALUE", "FOR"]:
                self._mention_sequence(place)

    def _mention_sequence(self, place: int) -> None:
        tokens = self.cursor.script.tokens
        parts = [fold(unquote(tokens[place]))]
        if tokens[place + 1] == ".":
            parts.append(fold(unquote(tokens[place + 2])))
        parts = parts if len(parts) > 1 else ["dbo", *parts]
        self.sequences.add((parts[0], parts[1]))


_SPECIAL: dict[str, Callable[[Parser], str]] = {
    "CASE": Parser.case,
    "CAST": Parser.cast,
    "COALESCE": Parser.coalesce,
    "CONVERT": Parser.convert,
    "IIF": Parser.iif,
    "TRY_CAST": Parser.cast,
    "TRY_CONVERT": Parser.convert,
}


def _case(whens: list[tuple[Predicate, str]], otherwise: str) -> str:
    if not whens:
        raise NotUnderstood
    said = " ".join(f"when {shown(when)} then {value}" for when, value in whens)
    return f"(case {said} else {otherwise} end)"
