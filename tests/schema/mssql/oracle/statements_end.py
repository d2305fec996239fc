"""Where a statement ends that is read only in outline."""

from tests.schema.mssql.oracle.cursor import Cursor
from tests.schema.mssql.oracle.lexer import Token

STARTS = frozenset(
    [
        "CREATE",
        "ALTER",
        "DROP",
        "GRANT",
        "DENY",
        "REVOKE",
        "IF",
        "PRINT",
        "EXEC",
        "EXECUTE",
        "BEGIN",
        "COMMIT",
        "ROLLBACK",
        "END",
        "ELSE",
        "DECLARE",
        "INSERT",
        "UPDATE",
        "DELETE",
        "TRUNCATE",
        "ENABLE",
        "DISABLE",
        "RAISERROR",
        "THROW",
        "RETURN",
        "USE",
        "WAITFOR",
        "WHILE",
        "MERGE",
        "SELECT",
        "SET",
        "GOTO",
        "DBCC",
        "OPEN",
        "CLOSE",
    ]
)


CONTINUING = frozenset({"=", ",", ".", "UNION", "ALL", "EXCEPT", "INTERSECT"})


def rest(c: Cursor) -> tuple[Token, ...]:
    """The tokens up to a semicolon or the word that begins the next statement."""
    start, depth, cases = c.position, 0, 0
    while not c.done:
        token = c.peek()
        if token.kind == "operator":
            depth += {"(": 1, ")": -1}.get(token.text, 0)
            if depth < 0 or (depth == 0 and token.text == ";"):
                break
        if depth == 0 and token.kind == "word":
            if token.upper == "CASE" or (token.upper == "END" and cases):
                cases += 1 if token.upper == "CASE" else -1
            elif not cases and c.position > start and begins(c):
                break
        c.position += 1
    return c.row[start : c.position]


def begins(c: Cursor) -> bool:
    """Whether the word that comes next begins a statement here."""
    token, before = c.peek(), c.row[c.position - 1]
    if token.upper not in STARTS or before.upper in CONTINUING:
        return False
    return not (token.upper == "EXECUTE" and c.peek(1).upper == "AS")
