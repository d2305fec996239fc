"""A group is one transaction: all of it or nothing, and no reference is left hanging."""

from pathlib import Path

import pytest

from pipeline.errors import BadSchema, Failed
from pipeline.phase import Phase
from pipeline.schema.compare import compare, groups
from pipeline.schema.groups import Group
from pipeline.schema.model.schema import Schema
from pipeline.schema.readers.connect import open_sqlite
from pipeline.schema.readers.sqlite import read_sqlite
from pipeline.schema.rehearse import rehearse, run_group
from tests.schema.databases import database, run, schema

FAMILY = """
CREATE TABLE parent (id INTEGER PRIMARY KEY);
CREATE TABLE child (
    id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent(id) ON DELETE CASCADE
);
"""


def test_a_failing_statement_is_named_and_nothing_of_the_group_remains() -> None:
    with database(FAMILY) as connection:
        with pytest.raises(Failed, match=r"^no such table: gone: DROP TABLE gone$"):
            run_group(connection, ["CREATE TABLE t (x)", "DROP TABLE gone"], foreign_keys_off=True)

        assert read_sqlite(connection) == schema(FAMILY)
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert not connection.in_transaction


def test_a_reference_that_the_group_breaks_is_refused() -> None:
    rows = "INSERT INTO parent VALUES (1); INSERT INTO child VALUES (2, 1);"
    with database(FAMILY, rows) as connection:
        with pytest.raises(
            Failed, match="1 rows refer to nothing, such as row 2 of child to parent"
        ):
            run_group(connection, ["DELETE FROM parent"], foreign_keys_off=True)

        assert connection.execute("SELECT * FROM child").fetchall() == [(2, 1)]


def test_a_reference_that_was_broken_before_does_not_stop_a_group() -> None:
    with database(FAMILY, "INSERT INTO child VALUES (2, 99);") as connection:
        run_group(connection, ["CREATE TABLE t (x)"], foreign_keys_off=True)

        assert [table.name for table in read_sqlite(connection).tables] == ["child", "parent", "t"]


def test_autoincrement_never_gives_a_number_twice() -> None:
    old = "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, x TEXT NOT NULL);"
    new = old.replace(" NOT NULL", "")
    with database(old, "INSERT INTO t VALUES (7, 'a'); DELETE FROM t;") as connection:
        run(connection, groups(compare(schema(new), schema(old))))
        connection.execute("INSERT INTO t (x) VALUES ('b')")

        assert connection.execute("SELECT * FROM t").fetchall() == [(8, "b")]
        assert connection.execute("SELECT * FROM sqlite_sequence").fetchall() == [("t", 8)]


def test_a_group_waits_for_a_lock_and_gives_up_in_the_end(tmp_path: Path) -> None:
    file = tmp_path / "site.db"
    with (
        open_sqlite(file, read_only=False, busy_seconds=0) as worker,
        open_sqlite(file, read_only=False, busy_seconds=0) as connection,
    ):
        worker.execute("BEGIN IMMEDIATE")
        with pytest.raises(Failed, match="BEGIN IMMEDIATE: database is locked"):
            run_group(connection, ["CREATE TABLE t (x)"], foreign_keys_off=False, busy_attempts=2)
        worker.execute("COMMIT")
        run_group(connection, ["CREATE TABLE t (x)"], foreign_keys_off=False)

        assert [table.name for table in read_sqlite(worker).tables] == ["t"]


def test_a_commit_waits_for_readers_and_then_nothing_remains(tmp_path: Path) -> None:
    file = tmp_path / "site.db"
    with (
        open_sqlite(file, read_only=False, busy_seconds=0) as worker,
        open_sqlite(file, read_only=False, busy_seconds=0) as connection,
    ):
        worker.executescript(FAMILY)
        worker.execute("BEGIN")
        worker.execute("SELECT * FROM parent").fetchall()
        with pytest.raises(Failed, match="COMMIT: database is locked"):
            run_group(connection, ["CREATE TABLE t (x)"], foreign_keys_off=False, busy_attempts=2)
        worker.execute("COMMIT")

        assert read_sqlite(worker) == schema(FAMILY)


def test_a_table_that_gains_a_rowid_alias_keeps_its_rowids() -> None:
    old, new = "CREATE TABLE t (a TEXT);", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);"
    with database(old, "INSERT INTO t (rowid, a) VALUES (7, 'x'), (9, 'y');") as connection:
        run(connection, groups(compare(schema(new), schema(old))))

        assert connection.execute("SELECT id, a FROM t").fetchall() == [(7, "x"), (9, "y")]


def test_a_rehearsal_refuses_what_does_not_run() -> None:
    group = Group(
        name="t", phase=Phase.EXPAND, objects=(), statements=("DROP TABLE t",), undo=None
    )
    with pytest.raises(BadSchema, match=r"^rehearsal of t: no such table: t: DROP TABLE t$"):
        rehearse(schema(FAMILY), [group], schema(FAMILY))


def test_a_rehearsal_refuses_another_end_than_the_wanted_one() -> None:
    with pytest.raises(BadSchema, match="the change does not give the wanted schema"):
        rehearse(schema(FAMILY), [], Schema("sqlite"))
