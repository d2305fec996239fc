"""Expressions as trees, and the normal form in which two of them are compared."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from tests.schema.mssql.oracle.cursor import Cursor, fold, normal
from tests.schema.mssql.oracle.datatypes import data_type
from tests.schema.mssql.oracle.errors import Unknown
from tests.schema.mssql.oracle.lexer import Token, tokens

COMPARISONS = ("=", "<>", "!=", "<", ">", "<=", ">=", "!<", "!>")
LEVELS = (("+", "-", "&", "|", "^"), ("*", "/", "%"))
ENDING = frozenset(
    [
        "FROM",
        "WHERE",
        "AND",
        "OR",
        "THEN",
        "ELSE",
        "END",
        "WHEN",
        "GO",
        "ON",
        "AS",
        "SET",
        "GROUP",
        "ORDER",
        "HAVING",
        "UNION",
        "BEGIN",
        "INTO",
        "CREATE",
        "ALTER",
        "DROP",
        "SELECT",
        "INSERT",
        "UPDATE",
        "DELETE",
        "VALUES",
        "EXEC",
        "EXECUTE",
    ]
)
AS_TYPE = frozenset({"cast", "try_cast", "parse", "try_parse"})
TYPE_FIRST = frozenset({"convert", "try_convert"})


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of an expression. `row` are the tokens of what is not looked into: queries."""

    kind: str
    text: str = ""
    parts: tuple["Node", ...] = ()
    row: tuple[Token, ...] = ()
    path: tuple[str, ...] = ()

    def __deepcopy__(self, memo: dict[int, Any]) -> "Node":
        return self

    def walk(self) -> Iterator["Node"]:
        yield self
        for part in self.parts:
            yield from part.walk()

    def mentioned(self) -> frozenset[str]:
        """The folded last parts of all names in it: what columns it may read."""
        found = {fold(node.path[-1]) for node in self.walk() if node.kind == "name"}
        found |= {
            t.value.casefold() for n in self.walk() for t in n.row if t.kind in ("word", "name")
        }
        return frozenset(found)

    def normal(self) -> str:
        inner = [part.normal() for part in self.parts]
        match self.kind:
            case "string":
                return self.text
            case "name":
                return ".".join(map(fold, self.path))
            case "operation":
                return f"({f' {self.text} '.join(inner)})"
            case "unary":
                return f"({self.text} {inner[0]})"
            case "call":
                return f"{self.text}({', '.join(inner)}{self.rest()})"
            case "query":
                return f"({normal(self.row)})"
            case _:
                pass
        return f"{self.text}{self.rest()}" + (f"({', '.join(inner)})" if inner else "")

    def rest(self) -> str:
        return f" {normal(self.row)}" if self.row else ""


def expression(c: Cursor) -> Node:
    left = conjunction(c)
    while c.take("OR"):
        left = Node("operation", "or", (left, conjunction(c)))
    return left


def conjunction(c: Cursor) -> Node:
    left = negation(c)
    while c.take("AND"):
        left = Node("operation", "and", (left, negation(c)))
    return left


def negation(c: Cursor) -> Node:
    if c.take("NOT"):
        return Node("unary", "not", (negation(c),))
    return predicate(c)


def predicate(c: Cursor) -> Node:
    if c.at("EXISTS", "("):
        c.next()
        return Node("exists", "exists", (), c.balanced())
    left = arithmetic(c)
    while True:
        token = c.peek()
        if token.kind == "operator" and token.text in COMPARISONS:
            left = compared(c, left)
        elif c.take("IS", "NOT", "NULL"):
            left = Node("unary", "not", (Node("unary", "is null", (left,)),))
        elif c.take("IS", "NULL"):
            left = Node("unary", "is null", (left,))
        elif c.at("NOT", "IN|LIKE|BETWEEN"):
            c.next()
            left = Node("unary", "not", (matched(c, left),))
        elif c.at("IN|LIKE|BETWEEN"):
            left = matched(c, left)
        else:
            return left


def compared(c: Cursor, left: Node) -> Node:
    operator = c.next().normal()
    if c.at("ALL|ANY|SOME", "("):
        word = c.word()
        return Node(
            "operation", f"{operator} {word.lower()}", (left, Node("query", "", (), c.balanced()))
        )
    return Node("operation", operator, (left, arithmetic(c)))


def matched(c: Cursor, left: Node) -> Node:
    if c.take("BETWEEN"):
        low = arithmetic(c)
        c.need("AND")
        return Node("call", "between", (left, low, arithmetic(c)))
    if c.take("LIKE"):
        pattern = arithmetic(c)
        escape = (arithmetic(c),) if c.take("ESCAPE") else ()
        return Node("call", "like", (left, pattern, *escape))
    c.need("IN")
    if c.at("(", "SELECT"):
        return Node("call", "in query", (left,), c.balanced())
    return Node("call", "in", (left, *arguments(c)))


def arithmetic(c: Cursor, level: int = 0) -> Node:
    if level == len(LEVELS):
        return unary(c)
    left = arithmetic(c, level + 1)
    while c.peek().kind == "operator" and c.peek().text in LEVELS[level]:
        left = Node("operation", c.next().text, (left, arithmetic(c, level + 1)))
    return left


def unary(c: Cursor) -> Node:
    if c.peek().kind == "operator" and c.peek().text in "-+~":
        sign = c.next().text
        inner = unary(c)
        if sign == "+":
            return inner
        if sign == "-" and inner.kind == "number":
            return replace(inner, text=f"-{inner.text}")
        return Node("unary", sign, (inner,))
    return suffixed(c, primary(c))


def suffixed(c: Cursor, node: Node) -> Node:
    while True:
        if c.take("COLLATE"):
            node = Node("unary", f"collate {fold(c.identifier())}", (node,))
        elif c.take("AT", "TIME", "ZONE"):
            node = Node("operation", "at time zone", (node, primary(c)))
        elif c.at("OVER", "(") or c.at("WITHIN", "GROUP", "("):
            start = c.position
            while not c.at("("):
                c.next()
            c.balanced()
            node = Node("call", "over", (node,), c.row[start : c.position])
        elif c.at(".") and c.peek(1).kind in ("word", "name"):
            c.next()
            method = fold(c.identifier())
            inner = arguments(c) if c.at("(") else ()
            node = Node("call", f".{method}", (node, *inner))
        else:
            return node


def primary(c: Cursor) -> Node:
    token = c.peek()
    if token.kind == "string":
        return Node("string", c.next().normal(), path=(token.value,))
    if token.kind == "number":
        return Node("number", c.next().normal())
    if token.kind == "variable":
        return Node("variable", c.next().normal())
    if c.at("(", "SELECT"):
        return Node("query", "", (), c.balanced())
    if c.take("("):
        inner = expression(c)
        c.need(")")
        return inner
    if c.take("NULL"):
        return Node("null", "null")
    if c.at("CASE"):
        return case(c)
    if c.take("*"):
        return Node("star", "*")
    if c.at("NEXT", "VALUE", "FOR"):
        c.position += 3
        return Node("call", "next value for", (Node("name", "", path=c.parts()),))
    if c.at("$"):
        c.next()
        return Node("name", "", path=("$" + c.identifier(),))
    if token.kind == "name" or (token.kind == "word" and token.upper not in ENDING):
        return named(c)
    raise c.unknown("an expression expected")


def named(c: Cursor) -> Node:
    path = [c.identifier()]
    while c.at("."):
        c.next()
        path.append("" if c.at(".") else "*" if c.take("*") else c.identifier())
    if c.take("::"):
        path[-1] += "::" + c.identifier()
    if not c.at("("):
        return Node("name", "", path=tuple(path))
    function = ".".join(map(fold, path))
    if function in AS_TYPE:
        return as_type(c, function)
    if function in TYPE_FIRST:
        c.need("(")
        kind = data_type(c)
        c.need(",")
        parts = [expression(c)]
        while c.take(","):
            parts.append(expression(c))
        c.need(")")
        return Node("call", f"{function} {kind.normal()} ", tuple(parts))
    return Node("call", function, arguments(c), path=tuple(path))


def as_type(c: Cursor, function: str) -> Node:
    c.need("(")
    inner = expression(c)
    c.need("AS")
    kind = data_type(c)
    culture = (expression(c),) if c.take("USING") else ()
    c.need(")")
    return Node("call", f"{function} {kind.normal()} ", (inner, *culture))


def arguments(c: Cursor) -> tuple[Node, ...]:
    """What stands in parentheses; what is no list of expressions is kept as tokens."""
    inner = Cursor(c.text, c.balanced())
    if inner.done:
        return ()
    found: list[Node] = []
    try:
        inner.take("DISTINCT|ALL")
        found.append(expression(inner))
        while inner.take(","):
            found.append(expression(inner))
    except Unknown:
        return (Node("tokens", "", (), inner.row),)
    ended = inner.peek().kind == "end"
    return tuple(found) if ended else (Node("tokens", "", (), inner.row),)


def case(c: Cursor) -> Node:
    c.need("CASE")
    parts: list[Node] = [] if c.at("WHEN") else [Node("of", "of", (expression(c),))]
    while c.take("WHEN"):
        condition = expression(c)
        c.need("THEN")
        parts.append(Node("when", "when", (condition, expression(c))))
    if c.take("ELSE"):
        parts.append(Node("else", "else", (expression(c),)))
    c.need("END")
    return Node("call", "case", tuple(parts))


def parsed(text: str) -> Node:
    """The expression in a text that holds nothing else."""
    c = Cursor(text, tokens(text))
    found = expression(c)
    if not c.done:
        raise c.unknown("the end of an expression expected")
    return found
