"""Operations as T-SQL: one function for each part that can be made, changed and dropped."""

from collections.abc import Callable

from pipeline.errors import CheckFailed
from pipeline.schema.diff.mssql.operation import Operation, PartKind, Verb
from pipeline.schema.model.mssql.database import Object
from pipeline.schema.model.mssql.items import AliasType, Item, TableType, Unreadable
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import two_part
from pipeline.schema.model.mssql.tables import Table
from pipeline.schema.writers.mssql.authorization import alter_authorization
from pipeline.schema.writers.mssql.items import alter_item, drop_item
from pipeline.schema.writers.mssql.owners import value
from pipeline.schema.writers.mssql.parts import PARTS
from pipeline.schema.writers.mssql.programs import alter_module, drop_module, refresh_module
from pipeline.schema.writers.mssql.rebuild import rebuild_table
from pipeline.schema.writers.mssql.renaming import rename, transfer
from pipeline.schema.writers.mssql.statement import Statement, batches
from pipeline.schema.writers.mssql.table import alter_table, drop_table
from pipeline.schema.writers.mssql.target import Said, Target
from pipeline.schema.writers.mssql.types import create_table_type, drop_type
from pipeline.schema.writers.mssql.whole import create

Write = Callable[[Operation, Target], tuple[Statement, ...]]


def write_operation(operation: Operation, options: Said) -> tuple[str, ...]:
    """Give the batches of one operation, without GO.

    CheckFailed names what the target's version or edition cannot have.
    """
    target = Target.of(options)
    return batches(statements(operation, target), guarded=target.has("existence-guards"))


def statements(operation: Operation, target: Target) -> tuple[Statement, ...]:
    """Give the statements of one operation."""
    if operation.verb is Verb.RENAME:
        return rename(operation)
    if operation.part.kind is PartKind.OBJECT:
        return _OBJECTS[operation.verb](operation, target)
    return PARTS[operation.part.kind](operation, target)


def _create(operation: Operation, target: Target) -> tuple[Statement, ...]:
    new = _object(operation.new)
    _refuse_unreadable(new)
    return create(new, target)


def _drop(operation: Operation, target: Target) -> tuple[Statement, ...]:
    old = _object(operation.old)
    match old:
        case Table():
            return drop_table(old)
        case Module():
            return drop_module(old)
        case TableType() | AliasType():
            return drop_type(old)
        case Item():
            return drop_item(old, target)
        case Unreadable():
            return drop_item(Item(old.kind, old.schema, old.name), target)


def _alter(operation: Operation, target: Target) -> tuple[Statement, ...]:
    old, new = _object(operation.old), _object(operation.new)
    _refuse_unreadable(new)
    match old, new:
        case Table(), Table():
            return alter_table(old, new, target)
        case Module(), Module():
            return alter_module(old, new, target)
        case Item(), Item():
            return alter_item(old, new, target)
        case TableType(), TableType():
            return _alter_table_type(old, new, target)
        case AliasType(), AliasType() if old.base == new.base and old.nullable == new.nullable:
            return alter_authorization(new, old.authorization)
    # One sort of object takes the name of another, or a type is not what it was.
    return (*_drop(operation, target), *_create(operation, target))


def _alter_table_type(old: TableType, new: TableType, target: Target) -> tuple[Statement, ...]:
    bare = old._replace(
        permissions=new.permissions, properties=new.properties, authorization=new.authorization
    )
    if bare == new:
        return alter_authorization(new, old.authorization)
    return (*drop_type(old), *create_table_type(new, target))


def _rebuild(operation: Operation, target: Target) -> tuple[Statement, ...]:
    old, new = value(operation.old, Table), value(operation.new, Table)
    return rebuild_table(old, new, target)


def _refresh(operation: Operation, target: Target) -> tuple[Statement, ...]:
    thing = operation.new if operation.new is not None else operation.after
    return refresh_module(value(thing, Module))


def _transfer(operation: Operation, target: Target) -> tuple[Statement, ...]:
    return transfer(operation)


_OBJECTS: dict[Verb, Write] = {
    Verb.CREATE: _create,
    Verb.DROP: _drop,
    Verb.ALTER: _alter,
    Verb.REBUILD: _rebuild,
    Verb.REFRESH: _refresh,
    Verb.TRANSFER: _transfer,
}


def _object(thing: object) -> Object:
    if isinstance(thing, Table | Module | TableType | AliasType | Item | Unreadable):
        return thing
    raise TypeError(f"expected an object, found {type(thing).__name__}")


def _refuse_unreadable(thing: Object) -> None:
    if isinstance(thing, Unreadable):
        raise CheckFailed(
            f"{two_part(thing.schema, thing.name)} cannot be read: {thing.reason}",
            advice=f"leave it out: --exclude {thing.kind}:{thing.name}",
        )
