"""Which object an operation's part belongs to, and what its columns are really called."""

from typing import TypeVar

from pipeline.schema.diff.mssql.operation import Operation, Verb
from pipeline.schema.model.mssql.database import Object
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.tables import Table

T = TypeVar("T")


def owner(operation: Operation) -> Object:
    """Give the object under the name that it has when the operation runs.

    The part's key tells: a renamed table has its old name before, and its new one after.
    """
    before, after = operation.before, operation.after
    first, second = (before, after) if operation.verb is Verb.DROP else (after, before)
    for thing in (first, second):
        if thing is not None and thing.key == operation.part.key:
            return thing
    found = first if first is not None else second
    if found is None:
        raise TypeError(f"an operation on {operation.part} without its object")
    return found


def table_of(operation: Operation) -> Table:
    """Give the table that a part belongs to."""
    return value(owner(operation), Table)


def holder(operation: Operation) -> Table | Module:
    """Give the table or view that an index or a trigger belongs to."""
    found = owner(operation)
    if isinstance(found, Table | Module):
        return found
    raise TypeError(f"{operation.part} belongs to no table or view")


def value(thing: object, kind: type[T]) -> T:
    """Give the value of an operation as what its part says that it is."""
    if isinstance(thing, kind):
        return thing
    raise TypeError(f"expected {kind.__name__}, found {type(thing).__name__}")


def column_of(operation: Operation) -> str:
    """Give the name of the column that a part is called after, as the table writes it."""
    wanted = operation.part.name
    for thing in (owner(operation), operation.after, operation.before):
        for column in getattr(thing, "columns", ()):
            if column.name.lower() == wanted.lower():
                return str(column.name)
    return wanted
