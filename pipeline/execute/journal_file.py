"""The SQLite file of a journal: opening it, and saying in our words what is wrong with it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, create_engine, event, inspect, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool, StaticPool

from pipeline.errors import CheckFailed, Failed, FarmhandError, JournalTooNew
from pipeline.execute import journal_tables as tables
from pipeline.transport.waiting import until

BUSY: Final = 20.0  # seconds that one writer waits for another
MOVE_AWAY: Final = "move the file away: the history in it is lost, and nothing else"


def writing_engine(path: Path) -> Engine:
    """An engine on one connection that may write; every commit is on the disk when it returns."""

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            path, timeout=BUSY, isolation_level=None, check_same_thread=False
        )
        try:
            _prepare(connection)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool)
    event.listen(engine, "begin", lambda connection: _begin(connection, "BEGIN IMMEDIATE"))
    return engine


def reading_engine(path: Path) -> Engine:
    """An engine that only reads, and makes no file; each of its connections sees the newest."""

    def connect() -> sqlite3.Connection:
        # A reader of a file without a write-ahead log would make one, and leave it: unless the
        # file is taken for immutable, which it is as long as nobody has it open for writing.
        logged = path.with_name(path.name + "-wal").exists()
        mode = "mode=ro" if logged else "mode=ro&immutable=1"
        uri = f"{path.absolute().as_uri()}?{mode}"
        return sqlite3.connect(uri, timeout=BUSY, uri=True, isolation_level=None)

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    event.listen(engine, "begin", lambda connection: _begin(connection, "BEGIN"))
    return engine


def make_tables(connection: Connection, path: Path) -> None:
    """Make the tables that are missing. Raises for a file that is no journal, or a newer one."""
    names = inspect(connection).get_table_names()
    if not names:
        tables.metadata.create_all(connection, checkfirst=False)
        connection.execute(tables.meta.insert().values(version=tables.VERSION))
    else:
        check_version(connection, path, names)
        if not set(tables.metadata.tables) <= set(names):
            tables.metadata.create_all(connection)
            connection.execute(tables.meta.update().values(version=tables.VERSION))


def check_version(connection: Connection, path: Path, names: list[str]) -> None:
    """Raise CheckFailed for another database, JournalTooNew for a journal of a newer version."""
    version = (
        connection.scalar(select(tables.meta.c.version)) if tables.meta.name in names else None
    )
    if not isinstance(version, int):
        raise CheckFailed("not a journal, but another database", where=str(path), advice=MOVE_AWAY)
    if version > tables.VERSION:
        raise JournalTooNew(
            f"the journal has version {version}; this farmhand knows {tables.VERSION}",
            where=str(path),
            advice="use the newer farmhand that wrote it",
        )


@contextmanager
def in_our_words(path: Path) -> Iterator[None]:
    """Turn what SQLite and the file system complain of into errors that say what to do."""
    try:
        yield
    except DBAPIError as problem:
        raise translated(problem.orig or problem, path) from problem
    except (sqlite3.Error, OSError) as problem:
        raise translated(problem, path) from problem


def translated(problem: BaseException, path: Path) -> FarmhandError:
    """The error that a problem with the journal's file ends in."""
    code = getattr(problem, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return CheckFailed(f"the journal is damaged: {problem}", where=str(path), advice=MOVE_AWAY)
    said = (isinstance(problem, OSError) and problem.strerror) or str(problem)
    return Failed(
        f"the journal cannot be used: {said}",
        where=str(path),
        advice="see that the folder can be written and the disk is not full, then resume",
    )


def _prepare(connection: sqlite3.Connection) -> None:
    with closing(connection.cursor()) as cursor:
        cursor.execute("PRAGMA foreign_keys = ON")
        damage = cursor.execute("PRAGMA quick_check(1)").fetchone()[0]
        if damage != "ok":
            damaged = sqlite3.DatabaseError(damage)
            damaged.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise damaged
        # Of those who turn to WAL at the same time, SQLite refuses all but one, without waiting.
        refused = until(lambda: _refusal(cursor), lambda it: it is None, limit=BUSY, poll=0.01)
        if refused is not None:
            raise refused
        cursor.execute("PRAGMA synchronous = FULL")


def _refusal(cursor: sqlite3.Cursor) -> sqlite3.OperationalError | None:
    """Turn to WAL; None when that is done, the problem when others are in the way."""
    try:
        cursor.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as problem:
        if problem.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return problem
    return None


def _begin(connection: Connection, words: str) -> None:
    connection.exec_driver_sql(words)
