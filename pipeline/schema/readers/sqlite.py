"""Read the schema of a SQLite database: four queries, whatever its size.

The text that SQLite keeps of each CREATE says everything; its PRAGMAs say much of it again.
What the two say must agree, so a text that is misread is an error and never a wrong schema.
"""

import sqlite3
from collections.abc import Iterable
from importlib.resources import files

from pipeline.errors import BadSchema
from pipeline.schema.model.programs import Index, Trigger, View
from pipeline.schema.model.schema import Schema, SchemaObject
from pipeline.schema.model.tables import Table
from pipeline.schema.readers.witness import Witness
from pipeline.schema.syntax.sqlite.create_index import parse_index
from pipeline.schema.syntax.sqlite.create_table import parse_table
from pipeline.schema.syntax.sqlite.tokens import trimmed

_SQL = files("pipeline.schema.readers") / "sql" / "sqlite"


def read_sqlite(connection: sqlite3.Connection) -> Schema:
    """Give the schema of the open database. BadSchema names what cannot be read."""
    witness = Witness.of(
        columns=_rows(connection, "columns"),
        foreign_keys=_rows(connection, "foreign_keys"),
        index_columns=_rows(connection, "index_columns"),
    )
    objects = _rows(connection, "objects")
    return Schema.of("sqlite", (_object(*map(str, row), witness=witness) for row in objects))


def _object(
    kind: str, name: str, table: str, sql: str, storage: str, *, witness: Witness
) -> SchemaObject:
    if storage == "virtual":
        raise BadSchema(
            f"the virtual table {name} cannot be compared",
            advice="leave it out with a manage filter, or make it outside the scripts",
        )
    try:
        match kind:
            case "table":
                return _confirmed(parse_table(sql, name), witness)
            case "index":
                return _confirmed(parse_index(sql, name, table), witness)
            case "view":
                return View(name, trimmed(sql))
            case "trigger":
                return Trigger(name, table, trimmed(sql))
            case _:
                raise ValueError(f"an object of the unknown kind {kind}")
    except ValueError as error:
        raise BadSchema(f"the {kind} {name} cannot be read: {error}") from error


def _confirmed(parsed: Table | Index, witness: Witness) -> Table | Index:
    doubt = witness.table(parsed) if isinstance(parsed, Table) else witness.index(parsed)
    if doubt:
        raise ValueError(f"its text and SQLite disagree about {doubt}")
    return parsed


def _rows(connection: sqlite3.Connection, query: str) -> Iterable[tuple[object, ...]]:
    text = (_SQL / f"{query}.sql").read_text(encoding="utf-8")
    return connection.execute(text).fetchall()
