"""Ask a live database for its schema."""

from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from pipeline.errors import BadInventory
from pipeline.schema.model.schema import Schema
from pipeline.schema.readers.connect import open_sqlite
from pipeline.schema.readers.sqlite import read_sqlite


def sqlite_path(url: str) -> Path:
    """The file of an SQLAlchemy URL for SQLite. Raises BadInventory for anything else."""
    parsed = _parsed(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise BadInventory(
            f"a database by {parsed.drivername} cannot be reached yet",
            where="databases.*.url",
            advice="sqlite:///PATH is what this version knows",
        )
    return Path(parsed.database)


def read_schema(url: str) -> Schema:
    """The schema of a live database, read at one point in time; an absent file is empty."""
    with closing(open_sqlite(sqlite_path(url), read_only=True)) as connection:
        return read_sqlite(connection)


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError as problem:
        raise BadInventory("not an SQLAlchemy URL", where="databases.*.url") from problem
