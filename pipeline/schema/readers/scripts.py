"""Read a schema from scripts, by running them on a scratch database in memory."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass

from pipeline.errors import BadSchema
from pipeline.schema.model.schema import Schema
from pipeline.schema.readers.sqlite import read_sqlite
from pipeline.schema.syntax.sqlite.statements import Statement, statements
from pipeline.schema.syntax.sqlite.tokens import quote

_ORDER = "the scripts may come in any order, but something must make what this one needs"


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Why a script did not run: which statement, and what SQLite said."""

    path: str
    statement: Statement
    message: str

    @property
    def may_pass_later(self) -> bool:
        return "no such table" in self.message or "no such column" in self.message

    def error(self, advice: str) -> BadSchema:
        return BadSchema(
            self.message, where=f"{self.path}, line {self.statement.line}", advice=advice
        )


def read_scripts(scripts: Mapping[str, str]) -> Schema:
    """Give the schema that these scripts make; the mapping is from path to text.

    Scripts may come in any order. Those in a folder named `data` hold rows and are left out.
    BadSchema names file and line of a statement that fails, that is no DDL, or that makes
    what another script makes too; and a view that reads what is not there.
    """
    parsed = {path: tuple(_ddl(path, text)) for path, text in schema_scripts(scripts).items()}
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        _run_all(connection, parsed)
        schema = read_sqlite(connection)
        _check_views(connection, schema, parsed)
    return schema


def schema_scripts(scripts: Mapping[str, str]) -> dict[str, str]:
    """Give the scripts that speak of the schema, sorted by path: all but those under data/."""
    return {
        path: text
        for path, text in sorted(scripts.items())
        if "data" not in path.replace("\\", "/").split("/")[:-1]
    }


def _ddl(path: str, text: str) -> Iterator[Statement]:
    for statement in statements(text):
        if not statement.is_ddl:
            raise BadSchema(
                f"{statement.first_words} … is not a CREATE, ALTER or DROP",
                where=f"{path}, line {statement.line}",
                advice="rows belong in a script under data/; settings belong to the connection",
            )
        yield statement


def _run_all(connection: sqlite3.Connection, parsed: Mapping[str, tuple[Statement, ...]]) -> None:
    """Run scripts until none is left; those that lack a table wait for another round."""
    waiting = dict(parsed)
    while waiting:
        troubles = [_run(connection, path, script) for path, script in waiting.items()]
        failed = [trouble for trouble in troubles if trouble is not None]
        for trouble in failed:
            if not trouble.may_pass_later:
                raise trouble.error("the message is SQLite's; mend the script")
        if len(failed) == len(waiting):
            raise failed[0].error(_ORDER)
        waiting = {trouble.path: waiting[trouble.path] for trouble in failed}


def _run(
    connection: sqlite3.Connection, path: str, script: tuple[Statement, ...]
) -> _Trouble | None:
    """Run one script whole or not at all."""
    connection.execute("BEGIN")
    for statement in script:
        before = _version(connection)
        try:
            connection.execute(statement.text)
        except sqlite3.Error as error:
            connection.execute("ROLLBACK")
            return _Trouble(path, statement, str(error))
        if _version(connection) == before:
            connection.execute("ROLLBACK")
            return _Trouble(
                path, statement, "this changes nothing: another script made it already"
            )
    connection.execute("COMMIT")
    return None


def _version(connection: sqlite3.Connection) -> int:
    row: tuple[int] = connection.execute("PRAGMA schema_version").fetchone()
    return row[0]


def _check_views(
    connection: sqlite3.Connection, schema: Schema, parsed: Mapping[str, tuple[Statement, ...]]
) -> None:
    """SQLite looks into a view when it is read, not when it is made: read each one."""
    for view in schema.views:
        try:
            connection.execute(f"SELECT * FROM {quote(view.name)} LIMIT 0")  # noqa: S608  quoted
        except sqlite3.Error as error:
            if "no such function" in str(error):
                continue  # the site registers functions of its own when it connects
            raise BadSchema(
                f"the view {view.name} cannot be read: {error}",
                where=_place_of(view.name, parsed),
                advice="a view may read only what the scripts make",
            ) from error


def _place_of(name: str, parsed: Mapping[str, tuple[Statement, ...]]) -> str:
    for path, script in parsed.items():
        for statement in script:
            if statement.makes(name):
                return f"{path}, line {statement.line}"
    return ""
