"""Transactions, and what a script says."""

from tests.schema.mssql.oracle.cursor import Cursor
from tests.schema.mssql.oracle.errors import Refused
from tests.schema.mssql.oracle.expressions import Node, expression
from tests.schema.mssql.oracle.queries import truth
from tests.schema.mssql.oracle.session import Session, Statement


def named(c: Cursor) -> None:
    c.take("TRAN|TRANSACTION")
    if c.peek().kind in ("name", "variable") or (c.peek().kind == "word" and savepoint(c)):
        c.next()
    if c.take("WITH", "MARK") and c.peek().kind == "string":
        c.next()
    if c.take("WITH", "(", "DELAYED_DURABILITY", "="):
        c.word()
        c.need(")")


def savepoint(c: Cursor) -> bool:
    from tests.schema.mssql.oracle.statements_end import STARTS

    return c.peek().upper not in STARTS | {"WITH", "GO", "SAVE"}


def begin(c: Cursor) -> Statement:
    """What follows BEGIN."""
    c.take("DISTRIBUTED")
    named(c)

    def act(session: Session) -> None:
        if session.depth == 0:
            session.kept = session.world.copy()
        session.depth += 1

    return Statement("BEGIN TRANSACTION", act, changes=False)


def commit(c: Cursor) -> Statement:
    """What follows COMMIT."""
    c.take("WORK")
    named(c)

    def act(session: Session) -> None:
        if session.loading:
            return
        if session.depth == 0:
            raise Refused(3902, "COMMIT without BEGIN TRANSACTION")
        session.depth -= 1

    return Statement("COMMIT TRANSACTION", act, changes=False)


def rollback(c: Cursor) -> Statement:
    """What follows ROLLBACK."""
    c.take("WORK")
    named(c)

    def act(session: Session) -> None:
        if session.depth == 0 or session.kept is None:
            raise Refused(3903, "ROLLBACK without BEGIN TRANSACTION")
        session.world, session.depth = session.kept, 0

    return Statement("ROLLBACK TRANSACTION", act, changes=False, guards=True)


def save(c: Cursor) -> Statement:
    """What follows SAVE."""
    raise c.unknown("no save point expected")


def said(c: Cursor) -> Statement:
    """What follows PRINT."""
    node = expression(c)

    def act(session: Session) -> None:
        session.messages.append(str(truth(session, node)))

    return Statement("PRINT", act, changes=False)


def raised(c: Cursor) -> Statement:
    """What follows RAISERROR or THROW."""
    severity: Node | None = None
    text = ""
    if c.take("("):
        parts = [expression(c)]
        while c.take(","):
            parts.append(expression(c))
        c.need(")")
        text = parts[0].normal()
        severity = parts[1] if len(parts) > 1 else None
        if c.take("WITH"):
            c.word()
            while c.take(","):
                c.word()
    elif c.peek().kind in ("number", "variable"):
        text = c.next().text
        while c.take(","):
            text = expression(c).normal()

    def act(session: Session) -> None:
        session.messages.append(text)
        harmless = severity is not None and severity.kind == "number" and int(severity.text) <= 10
        if not harmless and not session.loading:
            raise Refused(50000, f"the script raised an error: {text}")

    return Statement("RAISERROR", act, changes=False, guards=True)
