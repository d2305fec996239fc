"""Ask a live database for its schema."""

from pathlib import Path

from pipeline.errors import BadInventory
from pipeline.schema.model.schema import Schema
from pipeline.schema.readers.connect import open_sqlite
from pipeline.schema.readers.sqlite import read_sqlite

SQLITE = "sqlite:///"


def sqlite_path(url: str) -> Path:
    """The file of an SQLAlchemy URL for SQLite. Raises BadInventory for anything else.

    SQLAlchemy itself is not asked: reading a URL of this one kind is not worth its import.
    """
    path = url.removeprefix(SQLITE)
    if path in {url, ""} or "?" in path:
        raise BadInventory(
            f"a database by {url.partition(':')[0]} cannot be reached yet",
            where="databases.*.url",
            advice="sqlite:///PATH is what this version knows",
        )
    return Path(path)


def read_schema(url: str) -> Schema:
    """The schema of a live database, read at one point in time; an absent file is empty."""
    with open_sqlite(sqlite_path(url), read_only=True) as connection:
        return read_sqlite(connection)
