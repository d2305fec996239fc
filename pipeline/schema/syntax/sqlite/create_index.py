"""CREATE INDEX of SQLite, from text to an Index."""

from functools import lru_cache

from pipeline.schema.model.programs import Index
from pipeline.schema.syntax.sqlite.cursor import Cursor


@lru_cache(maxsize=20_000)
def parse_index(sql: str, name: str, table: str) -> Index:
    """Read the CREATE INDEX text that SQLite keeps. ValueError says what cannot be read."""
    cursor = Cursor(sql)
    cursor.take()
    unique = cursor.skip("UNIQUE")
    while not cursor.mark("("):
        cursor.take()
    cursor.at -= 1
    terms = cursor.terms()
    cursor.expect(")")
    where = cursor.rest() if cursor.skip("WHERE") else ""
    return Index(name, table, terms, unique, where)
