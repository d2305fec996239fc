"""EXECUTE, and a batch from its text to its end."""

from tests.schema.mssql.oracle.cursor import Cursor, fold
from tests.schema.mssql.oracle.errors import Refused, Unknown
from tests.schema.mssql.oracle.expressions import Node, expression
from tests.schema.mssql.oracle.lexer import Token, tokens
from tests.schema.mssql.oracle.procedures import (
    CHANGE_NOTHING,
    PROCEDURES,
    SIGNATURES,
    arguments,
    given,
)
from tests.schema.mssql.oracle.queries import constant, truth
from tests.schema.mssql.oracle.session import Session, Statement, Value


def execute(c: Cursor) -> Statement:
    """What follows EXECUTE."""
    if c.at("("):
        return dynamic(c)
    result = ""
    if c.peek().kind == "variable":
        result = c.next().normal()
        c.need("=")
    name = fold(c.parts()[-1])
    values = arguments(c)
    if name == "sp_executesql":
        return prepared(values)
    if name not in PROCEDURES:
        raise Unknown(f"EXECUTE {name}")
    if result:
        raise Unknown(f"the result of {name}")

    def act(session: Session) -> None:
        PROCEDURES[name](session, given(session, SIGNATURES[name], values))

    return Statement(f"EXEC {name}", act, changes=name not in CHANGE_NOTHING)


def dynamic(c: Cursor) -> Statement:
    inner = Cursor(c.text, c.balanced())
    node = expression(inner)
    if not inner.done:
        raise inner.unknown("the end of a text expected")
    if c.take("AS"):
        raise c.unknown("EXECUTE without AS expected")

    def act(session: Session) -> None:
        run_text(session, constant(session, node))

    return Statement("EXEC (...)", act, changes=may_change(node))


def may_change(node: Node) -> bool:
    """Whether a text that is run may change anything; one that is put together may."""
    from tests.schema.mssql.oracle.flow import statements

    if node.kind != "string":
        return True
    text = node.path[0]
    return any(statement.changes for statement in statements(Cursor(text, tokens(text))))


def prepared(values: list[tuple[str, Node]]) -> Statement:
    def act(session: Session) -> None:
        text = constant(session, values[0][1])
        declared = parameters(constant(session, values[1][1])) if values[1:] else []
        bound: dict[str, Value] = dict.fromkeys(declared)
        outward: dict[str, str] = {}
        for place, (name, node) in enumerate(values[2:]):
            mine = f"@{name}" if name else declared[place]
            bound[mine] = truth(session, node)
            if node.kind == "variable":
                outward[mine] = node.text
        after = run_text(session, text, bound)
        for mine, theirs in outward.items():
            session.variables[theirs] = after[mine]

    return Statement("EXEC sp_executesql", act, changes=may_change(values[0][1]))


def parameters(text: str) -> list[str]:
    """The names in a declaration of parameters."""
    return [token.normal() for token in tokens(text) if token.kind == "variable"]


def run_text(
    session: Session, text: str, variables: dict[str, Value] | None = None
) -> dict[str, Value]:
    """Runs a text as a batch of its own; gives its variables as they are then."""
    outer = session.variables
    session.variables = dict(variables or {})
    settings = session.settings
    try:
        run_batch(session, text)
        return session.variables
    finally:
        session.variables = outer
        session.ansi_nulls, session.quoted = settings


def read_tokens(session: Session, text: str) -> tuple[Token, ...]:
    """A batch's tokens. SET QUOTED_IDENTIFIER within it holds for all of it."""
    row = tokens(text, quoted=session.quoted)
    wanted = session.quoted
    for place, token in enumerate(row[:-2]):
        if (
            token.kind == "word"
            and token.upper == "SET"
            and any(t.upper == "QUOTED_IDENTIFIER" for t in row[place : place + 8])
        ):
            switch = next(
                (t.upper for t in row[place : place + 16] if t.upper in ("ON", "OFF")), ""
            )
            wanted = switch == "ON" if switch else wanted
    if wanted != session.quoted:
        session.quoted = wanted
        return tokens(text, quoted=wanted)
    return row


def read_batch(session: Session, text: str) -> list[Statement]:
    from tests.schema.mssql.oracle.flow import statements

    row = read_tokens(session, text)
    for token in row:
        if token.kind in ("word", "name"):
            session.world.spellings[fold(token.value)] = token.value
    return statements(Cursor(text, row))


def run_batch(session: Session, text: str) -> None:
    """Reads a batch, checks what is checked before it runs, and runs it."""
    from tests.schema.mssql.oracle.flow import Returned

    found = read_batch(session, text)
    if session.executing and not session.loading:
        for statement in found:
            if statement.compile:
                statement.compile(session)
    try:
        for statement in found:
            run_statement(session, statement)
    except Returned:
        return


def run_statement(session: Session, statement: Statement) -> None:
    if not session.executing and not statement.title.startswith("SET NOEXEC"):
        if not statement.title.startswith("SET "):
            return
        if statement.title.startswith("SET @"):
            return
    try:
        statement.act(session)
    except (Refused, Unknown) as stopped:
        stopped.statement = stopped.statement or statement.title
        raise
