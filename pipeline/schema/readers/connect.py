"""Open a SQLite file, to look at it or to change it."""

import sqlite3
from pathlib import Path

from pipeline.errors import Unreachable


def open_sqlite(
    path: Path | str, *, read_only: bool, busy_seconds: float = 5.0
) -> sqlite3.Connection:
    """Give a connection without implicit transactions; the caller closes it.

    Read only, nothing is written and no file is made: a file that is not there is an empty
    database. `busy_seconds` is how long one statement waits for a lock that others hold.
    Unreachable when the file cannot be opened.
    """
    file = Path(path)
    if read_only and not file.exists():
        return sqlite3.connect(":memory:", isolation_level=None)
    uri = f"{file.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    try:
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=busy_seconds)
    except sqlite3.Error as error:
        raise Unreachable(f"cannot be opened: {error}", where=str(file)) from error
    return connection
