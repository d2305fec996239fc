"""What SQL Server has and the 32 types do not: it is read past, and a note says so.

A note names the statement and what it speaks of, never more: there may be secrets in the rest.
"""

from pipeline.schema.model.mssql.names import bracket
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.clauses import if_exists, skip_statement
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.item_changes import Statement

_SERVER = (
    "AVAILABILITY GROUP",
    "CREDENTIAL",
    "CRYPTOGRAPHIC PROVIDER",
    "ENDPOINT",
    "LOGIN",
    "RESOURCE GOVERNOR",
    "RESOURCE POOL",
    "SERVER AUDIT SPECIFICATION",
    "SERVER AUDIT",
    "SERVER CONFIGURATION",
    "SERVER ROLE",
    "SERVICE MASTER KEY",
    "WORKLOAD GROUP",
)
_DATABASE = (
    "BROKER PRIORITY",
    "COLUMN ENCRYPTION KEY",
    "COLUMN MASTER KEY",
    "DATABASE AUDIT SPECIFICATION",
    "DATABASE ENCRYPTION KEY",
    "DATABASE SCOPED CONFIGURATION",
    "DATABASE SCOPED CREDENTIAL",
    "EVENT SESSION",
    "EXTERNAL DATA SOURCE",
    "EXTERNAL FILE FORMAT",
    "EXTERNAL LANGUAGE",
    "EXTERNAL LIBRARY",
    "EXTERNAL MODEL",
    "EXTERNAL RESOURCE POOL",
    "EXTERNAL TABLE",
    "MASTER KEY",
    "WORKLOAD CLASSIFIER",
)
_NAMELESS = frozenset({"RESOURCE GOVERNOR", "MASTER KEY", "SERVICE MASTER KEY"})
_NAMELESS_OF_DATABASE = frozenset({"DATABASE ENCRYPTION KEY", "DATABASE SCOPED CONFIGURATION"})


def _noted(verb: str, what: str, whose: str) -> Statement:
    def note(cursor: Cursor, builder: Builder) -> None:
        place = cursor.script.place(cursor.position)
        cursor.expect(verb, *what.split()[:-1])
        first = cursor.position
        cursor.next()
        name = ""
        if what not in _NAMELESS | _NAMELESS_OF_DATABASE:
            if_exists(cursor)
            name = " " + ".".join(bracket(part) for part in cursor.parts())
        cursor.position = first
        skip_statement(cursor)
        builder.note(f"{place}: {verb} {what}{name} is not compared: {whose}")

    return note


def _alter_database(cursor: Cursor, builder: Builder) -> None:
    """Options of the database itself; its collation is kept."""
    place = cursor.script.place(cursor.position)
    verb = cursor.next().upper()
    cursor.expect("DATABASE")
    first = cursor.position
    name = "" if verb == "DROP" else f" {bracket(cursor.name())}"
    what = cursor.word if verb == "ALTER" else ""
    subject = f" {what} {cursor.peek()}" if what in {"SET", "MODIFY", "ADD", "REMOVE"} else ""
    subject = " COLLATE" if what == "COLLATE" else subject
    cursor.position = first
    skip_statement(cursor)
    for token in range(first, cursor.position):
        if cursor.words[token] == "COLLATE":
            builder.collation = cursor.script.tokens[token + 1]
    builder.note(f"{place}: {verb} DATABASE{name}{subject} is not compared: database options")


def _signature(cursor: Cursor, builder: Builder) -> None:
    """ADD [COUNTER] SIGNATURE TO module BY ..."""
    place = cursor.script.place(cursor.position)
    verb = cursor.next().upper()
    cursor.accept("COUNTER")
    cursor.expect("SIGNATURE")
    cursor.accept_any("TO", "FROM")
    if cursor.peek() == "::":
        cursor.next()
        cursor.next()
    name = ".".join(bracket(part) for part in cursor.parts())
    skip_statement(cursor)
    builder.note(f"{place}: {verb} SIGNATURE of {name} is not compared: it is made of the text")


STATEMENTS: dict[tuple[str, ...], Statement] = {
    **{
        (verb, *what.split()): _noted(verb, what, "it belongs to the server")
        for what in _SERVER
        for verb in ("CREATE", "ALTER", "DROP")
    },
    **{
        (verb, *what.split()): _noted(verb, what, "it is none of the types that are")
        for what in _DATABASE
        for verb in ("CREATE", "ALTER", "DROP")
    },
    **{
        (verb, "MASTER", "KEY"): _noted(verb, "MASTER KEY", "it is a secret")
        for verb in ("OPEN", "CLOSE", "BACKUP", "RESTORE")
    },
    **{
        (verb, what, "KEY"): _noted(verb, f"{what} KEY", "it lasts as long as a session")
        for verb in ("OPEN", "CLOSE")
        for what in ("SYMMETRIC",)
    },
    ("CREATE", "DATABASE"): _alter_database,
    ("ALTER", "DATABASE"): _alter_database,
    ("DROP", "DATABASE"): _alter_database,
    ("ADD", "SIGNATURE"): _signature,
    ("ADD", "COUNTER", "SIGNATURE"): _signature,
    ("DROP", "SIGNATURE"): _signature,
    ("DROP", "COUNTER", "SIGNATURE"): _signature,
}
