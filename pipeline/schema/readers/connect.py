"""Open a SQLite file, to look at it or to change it."""

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pipeline.errors import Unreachable


@contextmanager
def open_sqlite(
    path: Path | str, *, read_only: bool, busy_seconds: float = 5.0
) -> Iterator[sqlite3.Connection]:
    """Give a connection without implicit transactions, for the length of a block.

    Read only, nothing is written, and a file that is not there is an empty database. In WAL mode
    even a reader makes the files `-wal` and `-shm` where nobody else has the database open, and
    takes them away again. `busy_seconds` is how long one statement waits for a lock that others
    hold. Unreachable when the file cannot be opened.
    """
    file = Path(path)
    if read_only and not file.exists():
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as empty:
            yield empty
        return
    uri = f"{file.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    with _as_owner(file):
        try:
            connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=busy_seconds)
        except sqlite3.Error as error:
            raise Unreachable(f"cannot be opened: {error}", where=str(file)) from error
        with closing(connection):
            yield connection


if sys.platform == "linux":

    @contextmanager
    def _as_owner(file: Path) -> Iterator[None]:
        """Let root make files as the owner of `file`, in this thread and what it starts.

        SQLite, run by root, makes a file and then gives it away. A visitor who comes in between
        cannot open the database.
        """
        found = file.stat() if file.exists() else None
        if os.geteuid() != 0 or found is None or found.st_uid == 0:
            yield
            return
        from ctypes import CDLL

        libc = CDLL(None)
        group, user = libc.setfsgid(found.st_gid), libc.setfsuid(found.st_uid)
        try:
            # Who may make no file beside it makes none, and would be in our way: as root, then.
            if not os.access(file.parent, os.W_OK | os.X_OK, effective_ids=True):
                libc.setfsuid(user)
                libc.setfsgid(group)
            yield
        finally:
            libc.setfsuid(user)
            libc.setfsgid(group)

else:

    @contextmanager
    def _as_owner(file: Path) -> Iterator[None]:
        """Nothing: files get their access from their folder, or root is nobody's deployer."""
        yield
