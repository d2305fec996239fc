"""sp_rename of everything that can be renamed, ALTER ... WITH NAME, and ALTER SCHEMA TRANSFER."""

from pipeline.schema.diff.mssql.operation import Operation, PartKind
from pipeline.schema.model.mssql.database import Object
from pipeline.schema.model.mssql.items import AliasType, TableType
from pipeline.schema.model.mssql.names import Kind, bracket, two_part
from pipeline.schema.syntax.mssql.tokens import quote_string
from pipeline.schema.writers.mssql.kinds import drop_words, full_name, kind_of, securable
from pipeline.schema.writers.mssql.owners import owner
from pipeline.schema.writers.mssql.statement import Statement

_SORTS = {
    PartKind.COLUMN: "COLUMN",
    PartKind.INDEX: "INDEX",
    PartKind.STATISTICS: "STATISTICS",
}
_PRINCIPALS = {Kind.ROLE, Kind.USER}


def rename(operation: Operation) -> tuple[Statement, ...]:
    """Give the statement that gives `old` the name of `new`."""
    new = _name(operation.new)
    if operation.part.kind is PartKind.OBJECT:
        return (_rename_object(_object(operation.old), new),)
    thing, old = owner(operation), _name(operation.old)
    sort = _SORTS.get(operation.part.kind, "OBJECT")
    # Constraints and triggers are objects of the schema; the rest is called after its table.
    path = two_part(thing.schema, old)
    if sort != "OBJECT":
        path = f"{full_name(thing)}.{bracket(old)}"
    return (Statement(f"EXEC sp_rename {quote_string(path)}, {quote_string(new)}, N'{sort}'"),)


def _rename_object(old: Object, new: str) -> Statement:
    if kind_of(old) in _PRINCIPALS:
        return Statement(f"ALTER {drop_words(old)} {bracket(old.name)} WITH NAME = {bracket(new)}")
    sort = "USERDATATYPE" if isinstance(old, AliasType | TableType) else "OBJECT"
    path = quote_string(full_name(old))
    return Statement(f"EXEC sp_rename {path}, {quote_string(new)}, N'{sort}'")


def transfer(operation: Operation) -> tuple[Statement, ...]:
    """ALTER SCHEMA TRANSFER of an object into the schema of `new`."""
    old, new = _object(operation.old), _object(operation.new)
    return (Statement(f"ALTER SCHEMA {bracket(new.schema)} TRANSFER {securable(old)}"),)


def _object(thing: object) -> Object:
    if thing is not None and hasattr(thing, "schema") and hasattr(thing, "key"):
        return thing  # type: ignore[return-value]
    raise TypeError(f"expected an object, found {type(thing).__name__}")


def _name(thing: object) -> str:
    return thing if isinstance(thing, str) else str(getattr(thing, "name", ""))
