"""Databases in memory for tests: made from a script, changed by groups, read back."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager

from pipeline.schema.groups import Group
from pipeline.schema.model.schema import Schema
from pipeline.schema.readers.sqlite import read_sqlite
from pipeline.schema.rehearse import run_group


@contextmanager
def database(script: str = "", rows: str = "") -> Iterator[sqlite3.Connection]:
    """Give a database with foreign keys on, closed afterwards."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.executescript(script)
        connection.executescript(rows)
        connection.execute("PRAGMA foreign_keys = ON")
        yield connection


def schema(script: str) -> Schema:
    """Give the schema that a script makes."""
    with database(script) as connection:
        return read_sqlite(connection)


def run(connection: sqlite3.Connection, groups: Iterable[Group]) -> None:
    """Run groups as a deploy does."""
    for group in groups:
        run_group(connection, group.statements, foreign_keys_off=group.needs_foreign_keys_off)


def undo(connection: sqlite3.Connection, groups: Iterable[Group]) -> None:
    """Undo groups, the last one first; all of them must be able to."""
    for group in reversed(tuple(groups)):
        assert group.undo is not None, group.name
        run_group(connection, group.undo, foreign_keys_off=group.undo_needs_foreign_keys_off)
