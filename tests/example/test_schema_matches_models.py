"""The scripts make what Django would make from the models, so the site needs no migrations."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.example.conftest import Assemble, Build, Manage


@dataclass(frozen=True)
class Table:
    """What has to be equal; the order of columns and the names of unique indexes do not."""

    columns: frozenset[tuple[str, str, bool, str | None, int]]
    references: frozenset[tuple[str, str, str]]
    unique: frozenset[tuple[str, ...]]
    indexes: frozenset[tuple[str, tuple[str, ...]]]


def tables_of(database: Path) -> dict[str, Table]:
    query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    with closing(sqlite3.connect(database)) as connection:
        return {name: table_of(connection, name) for (name,) in connection.execute(query)}


def table_of(connection: sqlite3.Connection, name: str) -> Table:
    indexes = [
        (index, unique, tuple(row[2] for row in connection.execute(f"PRAGMA index_info({index})")))
        for _, index, unique, *_ in connection.execute(f"PRAGMA index_list({name})").fetchall()
    ]
    return Table(
        columns=frozenset(
            (column, kind.lower(), bool(required), default, key)
            for _, column, kind, required, default, key in connection.execute(
                f"PRAGMA table_info({name})"
            )
        ),
        references=frozenset(
            (column, target, to)
            for _, _, target, column, to, *_ in connection.execute(
                f"PRAGMA foreign_key_list({name})"
            )
        ),
        unique=frozenset(columns for _, unique, columns in indexes if unique),
        indexes=frozenset((index, columns) for index, unique, columns in indexes if not unique),
    )


@pytest.mark.live
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_scripts_and_models_agree(
    version: str, assemble: Assemble, build: Build, manage: Manage, tmp_path: Path
) -> None:
    tree = assemble(version)
    by_django = tmp_path / "django.db"
    migrate = manage(
        tree,
        "migrate",
        "--run-syncdb",
        DJANGO_SECRET_KEY="test",
        HOMEBREW_DATABASE=str(by_django),
    )
    assert migrate.returncode == 0, migrate.stderr
    assert tables_of(build(tree)) == tables_of(by_django)
