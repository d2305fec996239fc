"""What was read before is not read again, and nothing that changed is missed."""

import os
import pickle
import sqlite3
from dataclasses import replace
from pathlib import Path

from pipeline.schema.model.mssql.database import Database
from pipeline.schema.model.names import Key
from pipeline.schema.readers.tsql_cache import RACY, Pair, open_cache
from pipeline.schema.readers.tsql_folder import from_folder

ORDERS = "CREATE TABLE [dbo].[Orders] ([Id] int NOT NULL CONSTRAINT [PK_O] PRIMARY KEY)\nGO\n"
LINES = "CREATE TABLE [dbo].[Lines] ([Id] int NULL)\nGO\n"
REFERENCE = (
    "ALTER TABLE [dbo].[Lines] ADD CONSTRAINT [FK] FOREIGN KEY ([Id]) "
    "REFERENCES [dbo].[Orders] ([Id])\nGO\n"
)
OTHER = "CREATE TABLE [dbo].[Other] ([Id] int NULL)\nGO\n"


def folder(path: Path, **files: str) -> Path:
    path.mkdir(exist_ok=True)
    for name, text in files.items():
        write(path / f"{name}.sql", text)
    return path


def write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    long_ago = file.stat().st_mtime_ns - 10 * RACY - len(text)
    os.utime(file, ns=(long_ago, long_ago))


def whole(path: Path) -> Database:
    return from_folder(path).database()


def names(database: Database) -> list[str]:
    return [key.name for key in database.objects]


def read(source: Path, target: Path, cache: Path | None) -> Pair:
    with open_cache(cache) as opened:
        return opened.pair(source, target)


def test_what_is_the_same_and_touches_nothing_that_differs_is_left_out(tmp_path: Path) -> None:
    new = folder(tmp_path / "new", a=ORDERS, b=LINES, c=REFERENCE, d=OTHER)
    old = folder(
        tmp_path / "old", a=ORDERS.replace("int", "bigint"), b=LINES, c=REFERENCE, d=OTHER
    )

    found = read(new, old, tmp_path / "cache.db")

    assert (names(found.source), names(found.target)) == (["lines", "orders"],) * 2
    assert found.same == 1
    assert found.source.objects.items() <= whole(new).objects.items()
    assert found.target.objects.items() <= whole(old).objects.items()


def test_without_a_cache_everything_is_read(tmp_path: Path) -> None:
    new = folder(tmp_path / "new", a=ORDERS, b=LINES, c=REFERENCE, d=OTHER)
    old = folder(tmp_path / "old", a=ORDERS, b=LINES, d=OTHER)

    assert read(new, old, None) == Pair(source=whole(new), target=whole(old))


def test_the_second_time_gives_what_the_first_gave(tmp_path: Path) -> None:
    new = folder(tmp_path / "new", a=ORDERS, b=LINES, c=REFERENCE)
    old = folder(tmp_path / "old", a=ORDERS, b=LINES)

    first, second = (read(new, old, tmp_path / "cache.db") for _ in range(2))

    assert first == second
    assert first.source == whole(new)


def test_a_script_that_was_changed_is_read_again(tmp_path: Path) -> None:
    new, old = (folder(tmp_path / name, a=ORDERS, d=OTHER) for name in ("new", "old"))
    cache = tmp_path / "cache.db"
    assert names(read(new, old, cache).source) == []
    write(new / "a.sql", ORDERS.replace("int", "bigint"))

    found = read(new, old, cache)

    assert (names(found.source), found.source.objects[Key("Table", "dbo", "orders")]) == (
        ["orders"],
        whole(new).objects[Key("Table", "dbo", "orders")],
    )


def test_a_script_that_was_just_written_is_not_believed(tmp_path: Path) -> None:
    new, old = (folder(tmp_path / name, a=ORDERS) for name in ("new", "old"))
    cache = tmp_path / "cache.db"
    file = new / "a.sql"
    file.write_text(LINES, encoding="utf-8")
    time = file.stat().st_mtime_ns
    assert names(read(new, old, cache).source) == ["lines"]
    file.write_text(LINES.replace("Lines", "Linen"), encoding="utf-8")
    os.utime(file, ns=(time, time))

    assert names(read(new, old, cache).source) == ["linen"]


def test_scripts_that_come_and_go_are_seen(tmp_path: Path) -> None:
    new, old = (folder(tmp_path / name, a=ORDERS, d=OTHER) for name in ("new", "old"))
    cache = tmp_path / "cache.db"
    read(new, old, cache)
    (new / "d.sql").unlink()
    write(new / "e.sql", LINES)

    found = read(new, old, cache)

    assert (names(found.source), names(found.target)) == (["lines"], ["other"])


def test_a_cache_that_is_broken_is_as_good_as_none(tmp_path: Path) -> None:
    new = folder(tmp_path / "new", a=ORDERS, b=LINES)
    old = folder(tmp_path / "old", a=ORDERS)
    cache = tmp_path / "cache.db"
    cache.write_bytes(b"this is no database")

    assert read(new, old, cache) == Pair(source=whole(new), target=whole(old))


def test_a_cache_makes_values_of_the_model_and_nothing_else(tmp_path: Path) -> None:
    new = folder(tmp_path / "new", a=ORDERS, b=LINES)
    old = folder(tmp_path / "old", a=ORDERS)
    cache = tmp_path / "cache.db"
    before = read(new, old, cache)
    mark = tmp_path / "mark"
    with sqlite3.connect(cache) as store:
        evil = pickle.dumps(_Evil(str(mark)))
        store.execute("UPDATE script SET made = ?, facts = ?", (evil, evil))
        store.execute("UPDATE folder SET survey = ?", (evil,))

    assert read(new, old, cache) == before
    assert not mark.exists()


class _Evil:
    """A pickle that would make a folder."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (self.path,)


def test_a_folder_with_includes_is_read_whole(tmp_path: Path) -> None:
    new = folder(tmp_path / "new", a=":r .\\b.sql\n", b=ORDERS, d=OTHER)
    old = folder(tmp_path / "old", b=ORDERS, d=OTHER)

    found = read(new, old, tmp_path / "cache.db")

    assert (names(found.source), found.same) == (["orders", "other"], 0)
    assert replace(found.source, notes=()) == whole(new)


def test_a_name_that_is_new_is_looked_for_in_scripts_that_were_read_before(tmp_path: Path) -> None:
    view = "CREATE VIEW [dbo].[V] WITH SCHEMABINDING AS SELECT [Id] FROM [dbo].[Lines]\nGO\n"
    new, old = (folder(tmp_path / name, a=ORDERS, v=view) for name in ("new", "old"))
    cache = tmp_path / "cache.db"
    read(new, old, cache)
    write(new / "b.sql", LINES)
    write(old / "b.sql", LINES.replace("int", "bigint"))

    found = read(new, old, cache)

    assert (names(found.source), names(found.target)) == (["lines", "v"], ["lines", "v"])
