"""Reading T-SQL in tests: a script in, its objects out."""

from pipeline.schema.model.mssql.database import Database, Object
from pipeline.schema.model.mssql.items import Item
from pipeline.schema.model.mssql.names import Kind, key
from pipeline.schema.syntax.mssql.read import SourceFile, read_database


def database(*scripts: str) -> Database:
    """Read scripts as files `1.sql`, `2.sql`, ..."""
    return read_database([SourceFile(f"{n}.sql", text) for n, text in enumerate(scripts, 1)])


def objects(*scripts: str) -> list[Object]:
    """Give all objects of scripts, in the order of their keys."""
    return list(database(*scripts).objects.values())


def one(kind: Kind, name: str, *scripts: str, schema: str = "") -> Object:
    """Give one object of scripts that may have others besides."""
    return database(*scripts).objects[key(kind, schema, name)]


def item(kind: Kind, name: str, schema: str = "", authorization: str = "", **facts: str) -> Item:
    """Give an Item; `_` before a fact's name stands for a Python word: `_from`."""
    said = {name.removeprefix("_"): value for name, value in facts.items()}
    return Item(kind, schema, name, tuple(sorted(said.items())), authorization=authorization)
