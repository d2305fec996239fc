"""What can be told to be wrong only when all scripts are read: the server would refuse it."""

from collections.abc import Iterator

from pipeline.errors import BadSchema
from pipeline.schema.model.mssql.database import Database
from pipeline.schema.model.mssql.items import TableType
from pipeline.schema.model.mssql.names import two_part
from pipeline.schema.model.mssql.tables import Table
from pipeline.schema.model.names import Key
from pipeline.schema.syntax.mssql.targets import OBJECTS

_ONE_SPACE = frozenset(kind.value for kind in OBJECTS)


def unsound(database: Database) -> Iterator[BadSchema]:
    """Give what is wrong: two objects of one name, and keys of columns that are not there."""
    seen: dict[tuple[str, str], Key] = {}
    for key, each in database.objects.items():
        if key.kind in _ONE_SPACE:
            other = seen.setdefault(key[1:], key)
            if other is not key:
                yield _two(other, key, database)
        if isinstance(each, Table | TableType):
            missing = _missing(each)
            if missing:
                yield BadSchema(
                    f"{two_part(each.schema, each.name)} has no column {missing[1]}, "
                    f"which {missing[0]} speaks of",
                    where=database.places.get(key, ""),
                )


def _two(one: Key, other: Key, database: Database) -> BadSchema:
    return BadSchema(
        f"{other.kind} {other.schema}.{other.name} has the name of a {one.kind}: "
        f"{database.places.get(one, '')}",
        where=database.places.get(other, ""),
        advice="objects of a schema must have different names",
    )


def _missing(table: Table | TableType) -> tuple[str, str] | None:
    """Give (part, column) of a part that speaks of a column that is not there."""
    if isinstance(table, Table) and ("AS", "FILETABLE") in table.options:
        return None
    names = {column.name.lower() for column in table.columns}
    for part, used in _used(table):
        for name in used:
            if name.lower() not in names and not name.startswith("$"):
                return part, name
    return None


def _used(table: Table | TableType) -> Iterator[tuple[str, list[str]]]:
    for key in table.keys:
        yield key.name or "a key", [column.name for column in key.columns]
    for index in table.indexes:
        yield index.name, [*(column.name for column in index.columns), *index.included]
    if isinstance(table, Table):
        for foreign_key in table.foreign_keys:
            yield foreign_key.name or "a foreign key", list(foreign_key.columns)
        for statistics in table.statistics:
            yield statistics.name, list(statistics.columns)
        if table.temporal is not None:
            yield "the period", [table.temporal.start, table.temporal.end]
