"""How a SQLite file is opened: nobody notices who only looks, and nobody who changes it."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from pipeline.errors import Unreachable
from pipeline.schema.model.schema import Schema
from pipeline.schema.readers.connect import open_sqlite
from pipeline.schema.readers.sqlite import read_sqlite
from pipeline.settings import is_privileged
from tests.schema.databases import schema

TABLE = "CREATE TABLE beer (name TEXT);"
SOMEBODY = 4711  # the number of a user, who need not exist

# Opens the database $1 and tells who owns the files beside it.
OWNERS = """
import sys
from pathlib import Path
from pipeline.schema.readers.connect import open_sqlite
with open_sqlite(sys.argv[1], read_only=sys.argv[2] == "ro") as connection:
    connection.execute("SELECT * FROM beer").fetchall()
    print([Path(sys.argv[1] + end).stat().st_uid for end in ("-wal", "-shm")])
"""

ROOT_ONLY = pytest.mark.skipif(not is_privileged(), reason="the deployer is the site's user")


@pytest.fixture
def live() -> Iterator[Path]:
    """A database in WAL mode that belongs to somebody, in a folder that they can reach."""
    with TemporaryDirectory(prefix="farmhand-test-") as name:
        Path(name).chmod(0o755)
        file = Path(name) / "data" / "site.db"
        file.parent.mkdir()
        with closing(sqlite3.connect(file)) as connection:
            connection.executescript(f"PRAGMA journal_mode = WAL; {TABLE}")
        file.chmod(0o640)
        for path in (file, file.parent):
            shutil.chown(path, SOMEBODY, SOMEBODY)
        yield file


def maker(folder: Path) -> int:
    """The user who owns what this thread makes in a folder."""
    made = folder / "made"
    made.touch()
    user = made.stat().st_uid
    made.unlink()
    return user


def test_looking_at_a_file_that_is_not_there_makes_none(tmp_path: Path) -> None:
    file = tmp_path / "none.db"
    with open_sqlite(file, read_only=True) as connection:
        assert read_sqlite(connection) == Schema("sqlite")
    assert not file.exists()


def test_who_looks_only_cannot_write(tmp_path: Path) -> None:
    file = tmp_path / "odd name? 100%.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(TABLE)
    with open_sqlite(file, read_only=True) as connection:
        assert read_sqlite(connection) == schema(TABLE)
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            connection.execute("CREATE TABLE t (x)")


def test_a_file_in_no_folder_is_unreachable(tmp_path: Path) -> None:
    with (
        pytest.raises(Unreachable, match="cannot be opened"),
        open_sqlite(tmp_path / "no folder" / "site.db", read_only=False),
    ):
        pass


@ROOT_ONLY
@pytest.mark.parametrize("how", ["ro", "rw"])
def test_what_root_makes_beside_a_database_is_its_owners_from_the_first_moment(
    live: Path, how: str
) -> None:
    words = [sys.executable, "-c", OWNERS, str(live), how]
    cannot_give_away = ["setpriv", "--bounding-set=-chown"]

    done = subprocess.run([*cannot_give_away, *words], capture_output=True, text=True, check=True)

    assert done.stdout == f"[{SOMEBODY}, {SOMEBODY}]\n"


@ROOT_ONLY
def test_root_is_the_owner_in_this_thread_alone_and_root_again_afterwards(live: Path) -> None:
    with ThreadPoolExecutor(1) as others:
        assert others.submit(maker, live.parent).result() == 0
        with open_sqlite(live, read_only=True):
            assert maker(live.parent) == SOMEBODY
            assert others.submit(maker, live.parent).result() == 0
        assert maker(live.parent) == 0


@ROOT_ONLY
def test_an_owner_who_may_make_no_files_there_leaves_it_to_root(live: Path) -> None:
    shutil.chown(live.parent, 0, 0)
    with open_sqlite(live, read_only=True) as connection:
        assert read_sqlite(connection) == schema(TABLE)
        assert maker(live.parent) == 0
