"""SET."""

from tests.schema.mssql.oracle.cursor import Cursor
from tests.schema.mssql.oracle.data import identity_insert
from tests.schema.mssql.oracle.expressions import expression
from tests.schema.mssql.oracle.queries import truth
from tests.schema.mssql.oracle.session import MAYBE, Session, Statement
from tests.schema.mssql.oracle.values import added_values as added

SWITCHES = frozenset(
    [
        "QUOTED_IDENTIFIER",
        "ANSI_NULLS",
        "ANSI_PADDING",
        "ANSI_WARNINGS",
        "ANSI_NULL_DFLT_ON",
        "ANSI_NULL_DFLT_OFF",
        "ARITHABORT",
        "ARITHIGNORE",
        "CONCAT_NULL_YIELDS_NULL",
        "NUMERIC_ROUNDABORT",
        "XACT_ABORT",
        "NOCOUNT",
        "NOEXEC",
        "ANSI_DEFAULTS",
        "CURSOR_CLOSE_ON_COMMIT",
        "IMPLICIT_TRANSACTIONS",
        "REMOTE_PROC_TRANSACTIONS",
        "FMTONLY",
        "PARSEONLY",
    ]
)
VALUES = frozenset(
    [
        "DATEFORMAT",
        "LANGUAGE",
        "ROWCOUNT",
        "TEXTSIZE",
        "LOCK_TIMEOUT",
        "DEADLOCK_PRIORITY",
        "DATEFIRST",
        "QUERY_GOVERNOR_COST_LIMIT",
    ]
)
LEVELS = "READ|REPEATABLE|SNAPSHOT|SERIALIZABLE"


def set_statement(c: Cursor) -> Statement:
    """What follows SET."""
    if c.peek().kind == "variable":
        return assignment(c)
    if c.take("TRANSACTION", "ISOLATION", "LEVEL"):
        if c.need(LEVELS) in ("READ", "REPEATABLE"):
            c.need("COMMITTED|UNCOMMITTED|READ")
        return Statement("SET TRANSACTION ISOLATION LEVEL", nothing, changes=False)
    if c.take("IDENTITY_INSERT"):
        return identity_insert(c)
    if c.peek().upper in VALUES:
        word = c.word()
        c.take("-")
        c.next()
        return Statement(f"SET {word}", nothing, changes=False)
    return switches(c)


def nothing(session: Session) -> None:
    """An option that no definition remembers."""


def assignment(c: Cursor) -> Statement:
    name = c.next().normal()
    adding = c.take("+=")
    if not adding:
        c.need("=")
    node = expression(c)

    def act(session: Session) -> None:
        value = truth(session, node)
        before = session.variables.get(name)
        if adding:
            value = added(before, value)
        session.variables[name] = MAYBE if session.unsure else value

    return Statement(f"SET {name}", act, changes=False)


def switches(c: Cursor) -> Statement:
    words = [c.word()]
    while c.take(","):
        words.append(c.word())
    for word in words:
        if word not in SWITCHES:
            raise c.unknown(f"SET {word} is not known: a known option expected")
    on = c.need("ON|OFF") == "ON"

    def act(session: Session) -> None:
        for word in words:
            if word in ("ANSI_NULLS", "ANSI_DEFAULTS"):
                session.ansi_nulls = on
            if word in ("QUOTED_IDENTIFIER", "ANSI_DEFAULTS"):
                session.quoted = on
            if word == "NOEXEC":
                session.executing = not on

    stops = "NOEXEC" in words
    return Statement(f"SET {', '.join(words)}", act, changes=False, guards=stops and on)
