"""One expression, as a default or a computed column has it without parentheses around."""

from pipeline.schema.syntax.mssql.cursor import Cursor

_OPERATORS = frozenset("+-*/%&|^")
_NAMED_FUNCTIONS = frozenset(
    {"CURRENT_TIMESTAMP", "CURRENT_USER", "NULL", "SESSION_USER", "SYSTEM_USER", "USER"}
)


def read_expression(cursor: Cursor) -> str:
    """Give one expression as written: of a default, or of a computed column."""
    first = cursor.position
    _operand(cursor)
    while cursor.word in _OPERATORS or cursor.at("COLLATE") or cursor.at("AT", "TIME"):
        if cursor.accept("COLLATE"):
            cursor.name()
        elif cursor.accept("AT", "TIME"):
            cursor.expect("ZONE")
            _operand(cursor)
        else:
            cursor.position += 1
            _operand(cursor)
    return text_of(cursor, first, cursor.position)


def text_of(cursor: Cursor, first: int, end: int) -> str:
    """Give tokens `[first, end)` as written; where "x" is a string it is written as one."""
    script = cursor.script
    if cursor.quoted_identifier or not any(t[:1] == '"' for t in script.tokens[first:end]):
        return script.between(first, end)
    text = ""
    for place in range(first, end):
        token = script.tokens[place]
        if token[:1] == '"':
            inside = token[1:-1].replace('""', '"').replace("'", "''")
            token = f"'{inside}'"
        text += (script.skips[place] if place > first else "") + token
    return text


def read_condition(cursor: Cursor) -> str:
    """Give what stands between `(` and its `)`."""
    first = cursor.position + 1
    cursor.skip_parentheses()
    return text_of(cursor, first, cursor.position - 1)


def _operand(cursor: Cursor) -> None:
    while cursor.accept_any("-", "+", "~"):
        pass
    if cursor.word == "(":
        cursor.skip_parentheses()
    elif cursor.accept("NEXT", "VALUE", "FOR"):
        cursor.parts()
        if cursor.accept("OVER"):
            cursor.skip_parentheses()
    elif cursor.word == "CASE":
        _case(cursor)
    elif _is_literal(cursor.token) or cursor.word in _NAMED_FUNCTIONS:
        cursor.next()
    else:
        cursor.parts()
        if cursor.accept("::"):
            cursor.name()
    while cursor.word in {"(", "."}:
        if cursor.word == "(":
            cursor.skip_parentheses()
        else:
            cursor.position += 1
            cursor.name()


def _case(cursor: Cursor) -> None:
    depth = 0
    while True:
        word = cursor.next().upper()
        depth += (word == "CASE") - (word == "END")
        if not depth:
            return


def _is_literal(token: str) -> bool:
    first = token[:1]
    return first.isdigit() or first in {*"'\".$£€¥"} or token[:2] in {"N'", "n'"}
