"""What the three versions of the demo's site promise, as far as files and SQL can show it."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.example.conftest import KINDS, SITE, Assemble, Build


def objects_of(database: Path) -> set[tuple[str, str]]:
    query = "SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'"
    with closing(sqlite3.connect(database)) as connection:
        return set(connection.execute(query))


def columns_of(database: Path, table: str) -> dict[str, tuple[object, ...]]:
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute(f"PRAGMA table_info({table})").fetchall()
    return {name: definition for _, name, *definition in rows}


@pytest.mark.parametrize("version", ["v1", "v2", "v3"])
def test_each_script_makes_the_object_it_is_named_for(
    version: str, assemble: Assemble, build: Build
) -> None:
    tree = assemble(version)
    scripts = {
        (kind.removesuffix("es") if kind == "indexes" else kind.removesuffix("s"), script.stem)
        for kind in KINDS
        for script in (tree / "schema" / kind).glob("*.sql")
    }
    assert scripts == objects_of(build(tree))


def test_from_v1_to_v2_the_schema_only_expands(assemble: Assemble, build: Build) -> None:
    old, new = (build(assemble(version)) for version in ("v1", "v2"))
    assert objects_of(old) < objects_of(new)
    for kind, table in objects_of(old):
        if kind == "table":
            before, after = columns_of(old, table), columns_of(new, table)
            assert before.items() <= after.items()
            for name in after.keys() - before.keys():
                _, required, default, _ = after[name]
                assert not required or default is not None, f"{table}.{name} breaks v1's INSERTs"


def test_v3_is_v2_with_a_model_that_has_no_script(assemble: Assemble) -> None:
    good, bad = (assemble(version) for version in ("v2", "v3"))
    files = {path.relative_to(good) for path in good.rglob("*") if path.is_file()}
    assert files == {path.relative_to(bad) for path in bad.rglob("*") if path.is_file()}
    differing = {path for path in files if (good / path).read_bytes() != (bad / path).read_bytes()}
    assert differing == {Path("recipes/models.py")}
    models = (good / "recipes/models.py").read_text()
    assert (bad / "recipes/models.py").read_text().startswith(models)


def test_the_lock_file_pins_all_by_hash_and_names_no_registry() -> None:
    lock = (SITE / "requirements.lock").read_text()
    assert "://" not in lock
    packages = re.split(r"\n(?=\w)", lock)
    assert all(re.match(r"[\w-]+==[\w.]+", each) and "--hash=sha256:" in each for each in packages)
