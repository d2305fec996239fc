"""Statements of a batch: what begins with which word, and what decides whether others run."""

from collections.abc import Callable
from typing import TypeAlias

from tests.schema.mssql.oracle import data, dispatch, permissions
from tests.schema.mssql.oracle.cursor import Cursor, Name, dotted, fold, name_of
from tests.schema.mssql.oracle.datatypes import data_type
from tests.schema.mssql.oracle.errors import Refused
from tests.schema.mssql.oracle.execution import execute
from tests.schema.mssql.oracle.expressions import expression
from tests.schema.mssql.oracle.modules import switch_trigger
from tests.schema.mssql.oracle.queries import selected, truth
from tests.schema.mssql.oracle.sensitivity import add_label, drop_label
from tests.schema.mssql.oracle.session import MAYBE, Act, Maybe, Session, Statement, Value
from tests.schema.mssql.oracle.settings import set_statement
from tests.schema.mssql.oracle.statements_end import rest
from tests.schema.mssql.oracle.tables import truncate
from tests.schema.mssql.oracle.transactions import begin, commit, raised, rollback, said, save

Reader: TypeAlias = Callable[[Cursor], Statement]


def statements(c: Cursor) -> list[Statement]:
    """All statements of a batch."""
    found: list[Statement] = []
    while True:
        while c.take(";"):
            pass
        if c.done:
            return found
        found.append(statement(c))


def statement(c: Cursor) -> Statement:
    start = c.position
    if c.at("ADD", "SENSITIVITY", "CLASSIFICATION"):
        c.position += 3
        return Statement("ADD SENSITIVITY CLASSIFICATION", add_label(c))
    if c.at("DROP", "SENSITIVITY", "CLASSIFICATION"):
        c.position += 3
        return Statement("DROP SENSITIVITY CLASSIFICATION", drop_label(c))
    if c.at("ALTER", "AUTHORIZATION"):
        c.position += 2
        return Statement("ALTER AUTHORIZATION", permissions.authorization(c))
    if c.peek().kind == "word" and c.peek().upper in READERS:
        return READERS[c.word()](c)
    if c.peek().kind == "word" and c.peek().upper in DEFINITIONS:
        act = DEFINITIONS[c.word()](c)
        return Statement(" ".join(c.since(start).split())[:60], act)
    if start == 0 and c.peek().kind in ("word", "name") and fold(c.peek().value).startswith("sp_"):
        return execute(c)
    raise c.unknown("a statement that the oracle knows expected")


def conditional(c: Cursor) -> Statement:
    """What follows IF."""
    condition = expression(c)
    then = statement(c)
    if c.at(";", "ELSE"):
        c.next()
    other = statement(c) if c.take("ELSE") else None

    def act(session: Session) -> None:
        value = truth(session, condition)
        unsure = isinstance(value, Maybe)
        if unsure and (then.guards or then.title.startswith("SET @")):
            for node in condition.walk():
                data.asked(session.world, node.row)
        chosen = then if (not then.guards if unsure else value) else other
        if chosen and (session.executing or not chosen.changes):
            before, session.unsure = session.unsure, session.unsure or unsure
            chosen.act(session)
            session.unsure = before

    def check(session: Session) -> None:
        for part in (then, other):
            if part and part.compile:
                part.compile(session)

    return Statement(
        f"IF {condition.normal()[:60]}",
        act,
        changes=then.changes or bool(other and other.changes),
        guards=then.guards or bool(other and other.guards),
        compile=check,
    )


def block(c: Cursor) -> Statement:
    """What follows BEGIN."""
    if c.at("TRAN|TRANSACTION") or c.at("DISTRIBUTED"):
        return begin(c)
    if c.take("TRY"):
        return attempt(c)
    inner = inner_statements(c)
    c.need("END")
    return together("BEGIN", inner)


def inner_statements(c: Cursor) -> list[Statement]:
    found: list[Statement] = []
    while True:
        while c.take(";"):
            pass
        if c.at("END"):
            return found
        found.append(statement(c))


def together(title: str, inner: list[Statement]) -> Statement:
    def act(session: Session) -> None:
        for part in inner:
            if session.executing:
                part.act(session)

    def check(session: Session) -> None:
        for part in inner:
            if part.compile:
                part.compile(session)

    return Statement(
        title,
        act,
        changes=any(s.changes for s in inner),
        guards=any(s.guards for s in inner),
        compile=check,
    )


def attempt(c: Cursor) -> Statement:
    """TRY, and a CATCH that is only read: an error within TRY is an error of the script."""
    inner = inner_statements(c)
    c.need("END", "TRY")
    c.take(";")
    c.need("BEGIN", "CATCH")
    inner_statements(c)
    c.need("END", "CATCH")
    return together("BEGIN TRY", inner)


def declare(c: Cursor) -> Statement:
    """What follows DECLARE."""
    steps = []
    while True:
        name = c.next().normal()
        c.take("AS")
        kind = data_type(c)
        if kind.base == "table":
            raise c.unknown("a scalar variable expected")
        steps.append((name, expression(c) if c.take("=") else None))
        if not c.take(","):
            break

    def act(session: Session) -> None:
        for name, node in steps:
            session.variables[name] = truth(session, node) if node else None

    return Statement("DECLARE", act, changes=False)


def select(c: Cursor) -> Statement:
    """What follows SELECT, whose only effect can be on variables."""
    start = c.position - 1
    rest(c)
    row = c.row[start : c.position]
    if any(token.upper == "INTO" for token in row):
        raise c.unknown("a SELECT without INTO expected")
    assigns = len(row) > 2 and any(
        t.kind == "variable"
        and row[n + 1].text in ("=", "+=")
        and row[n - 1].upper in ("SELECT", ",")
        for n, t in enumerate(row[:-1])
        if n
    )

    def act(session: Session) -> None:
        if assigns:
            assign(session, Cursor(c.text, row))

    return Statement("SELECT", act, changes=False)


def assign(session: Session, c: Cursor) -> None:
    from tests.schema.mssql.oracle.queries import evaluator

    found = selected(session, c, {})
    if isinstance(found, Maybe):
        for place, token in enumerate(c.row[:-1]):
            starts = place and c.row[place - 1].upper in ("SELECT", ",")
            if starts and token.kind == "variable" and c.row[place + 1].text == "=":
                session.variables[token.normal()] = MAYBE
        return
    items, rows = found
    if not c.done:
        raise c.unknown("the end of a SELECT expected")
    session.rowcount = len(rows)
    for row in rows:
        for item in items:
            if item.variable:
                value: Value = evaluator(session).value(item.node, row)
                session.variables[item.variable] = value


def plain(title: str, read: Callable[[Cursor], Act], *, changes: bool = True) -> Reader:
    def reader(c: Cursor) -> Statement:
        return Statement(title, read(c), changes=changes)

    return reader


def switched(c: Cursor, *, disabled: bool) -> Act:
    c.need("TRIGGER")
    return switch_trigger(c, disabled=disabled)


def use(c: Cursor) -> Statement:
    name = c.identifier()

    def act(session: Session) -> None:
        session.database = name

    return Statement(f"USE {name}", act, changes=False)


def returns(c: Cursor) -> Statement:
    def act(session: Session) -> None:
        raise Returned

    return Statement("RETURN", act, changes=False, guards=True)


class Returned(Exception):
    """Ends the batch that is running."""


def nothing(c: Cursor) -> Statement:
    return Statement("CHECKPOINT", lambda session: None, changes=False)


def dbcc(c: Cursor) -> Statement:
    """What follows DBCC: the counter of an identity is a row's matter."""
    c.need("CHECKIDENT")
    row = c.balanced()

    def act(session: Session) -> None:
        parts = dotted(row[0].value) if row[0].kind == "string" else tuple(row[0].value.split("."))
        table = session.world.table(name_of(parts), 7998)
        if not any(column.identity for column in table.columns.values()):
            raise Refused(7997, f"{table.name} has no identity column")

    if c.take("WITH"):
        c.need("NO_INFOMSGS")
    return Statement("DBCC CHECKIDENT", act, changes=False)


def key_session(c: Cursor) -> Statement:
    """What follows OPEN or CLOSE: a key is open in a session only."""
    c.need("SYMMETRIC", "KEY")
    name = Name("", c.identifier())
    if c.take("DECRYPTION", "BY"):
        rest(c)
    return Statement(
        "SYMMETRIC KEY",
        lambda session: void(session.world.thing("SYMMETRIC KEY", name)),
        changes=False,
    )


def void(thing: object) -> None:
    """What is only looked for."""


def reconfigure(c: Cursor) -> Statement:
    c.take("WITH", "OVERRIDE")
    return Statement("RECONFIGURE", lambda session: None, changes=False)


READERS: dict[str, Reader] = {
    "IF": conditional,
    "BEGIN": block,
    "COMMIT": commit,
    "ROLLBACK": rollback,
    "SAVE": save,
    "DECLARE": declare,
    "SELECT": select,
    "SET": set_statement,
    "PRINT": said,
    "RAISERROR": raised,
    "THROW": raised,
    "RETURN": returns,
    "USE": use,
    "CHECKPOINT": nothing,
    "RECONFIGURE": reconfigure,
    "DBCC": dbcc,
    "OPEN": key_session,
    "CLOSE": key_session,
    "EXEC": execute,
    "EXECUTE": execute,
    "INSERT": data.insert,
    "UPDATE": data.update,
    "DELETE": data.delete,
}

DEFINITIONS: dict[str, Callable[[Cursor], Act]] = {
    "CREATE": dispatch.create,
    "ALTER": dispatch.alter,
    "DROP": dispatch.drop,
    "TRUNCATE": truncate,
    "GRANT": lambda c: permissions.grant(c, "GRANT"),
    "DENY": lambda c: permissions.grant(c, "DENY"),
    "REVOKE": lambda c: permissions.grant(c, "REVOKE"),
    "ENABLE": lambda c: switched(c, disabled=False),
    "DISABLE": lambda c: switched(c, disabled=True),
}
