"""Operators of T-SQL expressions, by precedence.

Precedence: learn.microsoft.com, Transact-SQL reference, "Operator precedence". A value is its
canonical text already: every operator in parentheses, every name in brackets, so that it can be
read in one way only.
"""

from abc import ABC, abstractmethod

from pipeline.schema.normalise.mssql.predicates import (
    Compare,
    Predicate,
    Test,
    joined,
    negated,
    shown,
)
from pipeline.schema.normalise.mssql.scalars import is_number
from pipeline.schema.syntax.mssql.cursor import Cursor

Node = str | Predicate
"""A value is text; a predicate is a tree until it is shown."""
OR, AND, NOT, COMPARISON, ADDITIVE, MULTIPLICATIVE, UNARY = range(10, 80, 10)
_ADDITIVE = frozenset({"+", "-", "&", "^", "|", "||"})
_MULTIPLICATIVE = frozenset({"*", "/", "%"})
_COMPARISONS = {
    "=": "=",
    "<>": "<>",
    "!=": "<>",
    "<": "<",
    ">": ">",
    "<=": "<=",
    ">=": ">=",
    "!<": ">=",
    "!>": "<=",
}
_PREDICATES = frozenset({"IS", "IN", "LIKE", "BETWEEN", "NOT"})


class NotUnderstood(Exception):
    """The parser does not know this. It is never seen outside of this room."""


class Operators(ABC):
    """Reads values and predicates; what stands between the operators is read by `primary`."""

    cursor: Cursor

    @abstractmethod
    def primary(self) -> Node:
        """Read what has no operator outside of parentheses."""

    @abstractmethod
    def behind(self, found: Node) -> Node:
        """Read what binds most strongly to the value before it."""

    def whole(self) -> str:
        """Give the canonical text of everything that is left."""
        found = self.any(0)
        if not self.cursor.done:
            raise NotUnderstood
        return found if isinstance(found, str) else shown(found)

    def any(self, least: int) -> Node:
        """Read a value or predicate of operators that bind at least so strongly."""
        found = self._prefix(least)
        while (step := self._strength()) >= least and step:
            found = self._infix(found, step)
        return found

    def value(self, least: int = ADDITIVE) -> str:
        """Read a value."""
        found = self.any(least)
        if not isinstance(found, str):
            raise NotUnderstood
        return found

    def predicate(self, least: int = 0) -> Predicate:
        """Read a predicate."""
        return _predicate(self.any(least))

    def _strength(self) -> int:
        word = self.cursor.word
        if word in _ADDITIVE:
            return ADDITIVE
        if word in _MULTIPLICATIVE:
            return MULTIPLICATIVE
        if word in _COMPARISONS or word in _PREDICATES:
            return COMPARISON
        return {"AND": AND, "OR": OR}.get(word, 0)

    def _infix(self, left: Node, step: int) -> Node:
        word = self.cursor.word
        if step in {AND, OR}:
            parts = [_predicate(left)]
            while self.cursor.accept(word):
                parts.append(self.predicate(step + 1))
            return joined(word, parts)
        if not isinstance(left, str):
            raise NotUnderstood
        if step == COMPARISON:
            return self._comparison(left)
        self.cursor.position += 1
        return f"({left} {word} {self.value(step + 1)})"

    def _comparison(self, left: str) -> Predicate:
        cursor = self.cursor
        operator = _COMPARISONS.get(cursor.word)
        if operator:
            cursor.position += 1
            return Compare(operator, left, self.value())
        if cursor.accept("IS"):
            return self._is(left)
        opposite = cursor.accept("NOT")
        if cursor.accept("IN"):
            values = cursor.list_of(self.value)
            found = joined("OR", [Compare("=", left, each) for each in values])
        elif cursor.accept("BETWEEN"):
            least = self.value()
            cursor.expect("AND")
            found = joined("AND", [Compare(">=", left, least), Compare("<=", left, self.value())])
        elif cursor.accept("LIKE"):
            pattern = self.value()
            escape = f" escape {self.value()}" if cursor.accept("ESCAPE") else ""
            found = Test(f"{left} like {pattern}{escape}")
        else:
            raise NotUnderstood
        return negated(found) if opposite else found

    def _is(self, left: str) -> Predicate:
        cursor = self.cursor
        opposite = cursor.accept("NOT")
        if cursor.accept("NULL"):
            return Test(f"{left} is null", opposite)
        cursor.expect("DISTINCT", "FROM")
        return Test(f"{left} is distinct from {self.value()}", opposite)

    def _prefix(self, least: int) -> Node:
        cursor = self.cursor
        if cursor.word == "NOT":
            if least > NOT:
                raise NotUnderstood
            cursor.position += 1
            return negated(self.predicate(NOT))
        if cursor.accept("~"):
            return f"(~ {self.value(UNARY)})"
        if cursor.word in {"-", "+"}:
            return self._signed(least)
        return self.behind(self.primary())

    def _signed(self, least: int) -> str:
        """A sign before a constant is part of it; else it stands before a whole product."""
        sign = self.cursor.next()
        operand = self.value(UNARY)
        if least > MULTIPLICATIVE and self._strength() == MULTIPLICATIVE:
            # `a / -b * c` is said to be grouped as `a / -(b * c)`: nothing to rely on
            raise NotUnderstood
        if is_number(operand):
            return operand if sign == "+" else f"-{operand}"
        found: Node = operand
        while self._strength() == MULTIPLICATIVE:
            found = self._infix(found, MULTIPLICATIVE)
        return f"({sign} {found})"


def _predicate(found: Node) -> Predicate:
    if isinstance(found, str):
        raise NotUnderstood
    return found
