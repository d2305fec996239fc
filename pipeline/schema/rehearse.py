"""Run groups of statements: for real, or first on a scratch database that has the schema only."""

import sqlite3
import time
from collections.abc import Iterable, Sequence
from contextlib import closing

from pipeline.errors import BadSchema, Failed
from pipeline.schema.compare import compare, groups
from pipeline.schema.groups import Group
from pipeline.schema.model.schema import Schema
from pipeline.schema.readers.sqlite import read_sqlite
from pipeline.schema.snapshot import digest

Violation = tuple[object, ...]
BUSY_PAUSE = 0.2


def rehearse(target: Schema, todo: Iterable[Group], wanted: Schema) -> tuple[str, ...]:
    """Run the groups on a scratch database of the target's schema; give the digest after each.

    BadSchema when a group fails, or when the end is not what is wanted.
    """
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        _run_all(connection, groups(compare(target, Schema(target.dialect))))
        if digest(read_sqlite(connection)) != digest(target):
            raise BadSchema("the target's schema cannot be made anew on a scratch database")
        digests = tuple(_run_all(connection, todo))
        if digest(read_sqlite(connection)) != digest(wanted):
            raise BadSchema("the change does not give the wanted schema: nothing was touched")
    return digests


def _run_all(connection: sqlite3.Connection, todo: Iterable[Group]) -> list[str]:
    digests: list[str] = []
    for group in todo:
        try:
            run_group(connection, group.statements, foreign_keys_off=group.needs_foreign_keys_off)
        except Failed as error:
            raise BadSchema(error.what, where=f"rehearsal of {group.name}") from error
        digests.append(digest(read_sqlite(connection)))
    return digests


def run_group(
    connection: sqlite3.Connection,
    statements: Sequence[str],
    *,
    foreign_keys_off: bool,
    busy_attempts: int = 5,
) -> None:
    """Run statements as one transaction that holds the write lock from its beginning.

    With foreign keys off, they are checked before COMMIT: a row that refers to nothing, and
    did refer to something before, is a failure. While others hold a lock, BEGIN and COMMIT
    are tried `busy_attempts` times, each as long as the connection waits. Failed names the
    statement; nothing of the group remains then. The connection must have no open transaction.
    """
    with _ForeignKeys(connection, off=foreign_keys_off):
        _patiently(connection, "BEGIN IMMEDIATE", busy_attempts)
        try:
            before = _violations(connection) if foreign_keys_off else frozenset()
            for statement in statements:
                _run(connection, statement)
            if foreign_keys_off:
                _check(_violations(connection) - before)
            _patiently(connection, "COMMIT", busy_attempts)
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


class _ForeignKeys:
    """Foreign keys off for a while: SQLite switches them outside of a transaction only."""

    def __init__(self, connection: sqlite3.Connection, *, off: bool) -> None:
        self.connection = connection
        self.before = int(connection.execute("PRAGMA foreign_keys").fetchone()[0])
        self.off = off

    def __enter__(self) -> None:
        if self.off:
            self.connection.execute("PRAGMA foreign_keys = OFF")

    def __exit__(self, *_: object) -> None:
        if self.off:
            self.connection.execute(f"PRAGMA foreign_keys = {self.before}")


def _patiently(connection: sqlite3.Connection, word: str, attempts: int) -> None:
    """Begin or commit, again and again while others read or write, but not for ever."""
    for attempt in range(1, attempts + 1):
        try:
            connection.execute(word)
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or attempt == attempts:
                advice = "others hold the database: try again when it is calm"
                raise Failed(f"{word}: {error}", advice=advice) from error
            time.sleep(BUSY_PAUSE)
        else:
            return


def _is_busy(error: sqlite3.OperationalError) -> bool:
    return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _run(connection: sqlite3.Connection, statement: str) -> None:
    try:
        connection.execute(statement)
    except sqlite3.Error as error:
        raise Failed(f"{error}: {statement.splitlines()[0]}") from error


def _violations(connection: sqlite3.Connection) -> frozenset[Violation]:
    """Give (table, rowid, parent) of each row that refers to nothing."""
    try:
        rows = connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.OperationalError:
        return frozenset()  # a reference without a matching key: reported when it matters
    return frozenset((table, rowid, parent) for table, rowid, parent, _ in rows)


def _check(broken: frozenset[Violation]) -> None:
    if broken:
        table, rowid, parent = min(broken, key=repr)
        raise Failed(
            f"{len(broken)} rows refer to nothing, such as row {rowid} of {table} to {parent}",
            advice="mend these rows, and begin again",
        )
