"""The parts inside an object: which function makes, changes and drops each of them."""

from collections.abc import Callable

from pipeline.schema.diff.mssql.operation import Operation, PartKind, Verb
from pipeline.schema.model.mssql.items import AliasType, Item
from pipeline.schema.model.mssql.shared import Permission, Property, Sensitivity
from pipeline.schema.model.mssql.tables import (
    Check,
    Column,
    Default,
    ForeignKey,
    FullTextIndex,
    Index,
    Statistics,
    Table,
    Temporal,
    Trigger,
    UniqueKey,
)
from pipeline.schema.writers.mssql import bindings, permissions, principals, versioning
from pipeline.schema.writers.mssql import constraints as con
from pipeline.schema.writers.mssql import indexes as idx
from pipeline.schema.writers.mssql.columns import add_column, alter_column, drop_column
from pipeline.schema.writers.mssql.owners import column_of, holder, owner, table_of, value
from pipeline.schema.writers.mssql.programs import alter_trigger, create_trigger, drop_trigger
from pipeline.schema.writers.mssql.statement import Statement
from pipeline.schema.writers.mssql.target import Target

Statements = tuple[Statement, ...]
Write = Callable[[Operation, Target], Statements]


def _column(op: Operation, target: Target) -> Statements:
    table = table_of(op)
    if op.verb is Verb.CREATE:
        return add_column(table, value(op.new, Column), target)
    if op.verb is Verb.DROP:
        return drop_column(table, value(op.old, Column))
    return alter_column(table, value(op.old, Column), value(op.new, Column), target)


def _default(op: Operation, target: Target) -> Statements:
    table, column = table_of(op), column_of(op)
    gone = () if op.old is None else con.drop_default(table, column, value(op.old, Default))
    made = () if op.new is None else con.add_default(table, column, value(op.new, Default))
    return (*gone, *made)


def _key(op: Operation, target: Target) -> Statements:
    table = table_of(op)
    if op.verb is Verb.CREATE:
        return con.add_key(table, value(op.new, UniqueKey), target)
    if op.verb is Verb.DROP:
        return con.drop_constraint(table, value(op.old, UniqueKey))
    return con.alter_key(table, value(op.old, UniqueKey), value(op.new, UniqueKey), target)


def _checked(kind: type[ForeignKey] | type[Check]) -> Write:
    """Give what writes foreign keys, or checks."""

    def write(op: Operation, target: Target) -> Statements:
        table = table_of(op)
        if op.verb is Verb.CREATE:
            return con.add_checked(table, value(op.new, kind))
        if op.verb is Verb.DROP:
            return con.drop_constraint(table, value(op.old, kind))
        return con.alter_checked(table, value(op.old, kind), value(op.new, kind))

    return write


def _index(op: Operation, target: Target) -> Statements:
    thing = holder(op)
    full = idx.full_of(thing)
    if op.verb is Verb.CREATE:
        return idx.add_index(full, thing, value(op.new, Index), target)
    if op.verb is Verb.DROP:
        return idx.drop_index(full, thing, value(op.old, Index))
    return idx.alter_index(full, thing, value(op.old, Index), value(op.new, Index), target)


def _statistics(op: Operation, target: Target) -> Statements:
    full = idx.full_of(holder(op))
    gone = () if op.old is None else idx.drop_statistics(full, value(op.old, Statistics))
    made = () if op.new is None else idx.add_statistics(full, value(op.new, Statistics), target)
    return (*gone, *made)


def _trigger(op: Operation, target: Target) -> Statements:
    full = idx.full_of(holder(op))
    if op.verb is Verb.CREATE:
        return create_trigger(full, value(op.new, Trigger), target)
    if op.verb is Verb.DROP:
        return drop_trigger(value(op.old, Trigger))
    return alter_trigger(full, value(op.old, Trigger), value(op.new, Trigger), target)


def _full_text(op: Operation, target: Target) -> Statements:
    full = idx.full_of(holder(op))
    if op.verb is Verb.CREATE:
        return idx.add_full_text(full, value(op.new, FullTextIndex), target)
    if op.verb is Verb.DROP:
        return idx.drop_full_text(full)
    old, new = value(op.old, FullTextIndex), value(op.new, FullTextIndex)
    return idx.alter_full_text(full, old, new, target)


def _versioning(op: Operation, target: Target) -> Statements:
    table = table_of(op)
    if op.verb is Verb.CREATE:
        return versioning.start_versioning(table, value(op.new, Temporal), target)
    if op.verb is Verb.DROP:
        return versioning.stop_versioning(table, target)
    return versioning.alter_versioning(
        table, value(op.old, Temporal), value(op.new, Temporal), target
    )


def _period(op: Operation, target: Target) -> Statements:
    table = table_of(op)
    gone = () if op.old is None else versioning.drop_period(table, target)
    if op.new is None:
        return gone
    before = op.before if isinstance(op.before, Table) else None
    return (*gone, *versioning.add_period(table, value(op.new, Temporal), before, target))


def _bound(what: str) -> Write:
    def write(op: Operation, target: Target) -> Statements:
        thing = owner(op)
        if not isinstance(thing, Table | AliasType):
            raise TypeError(f"nothing is bound to {op.part.key}")
        column = column_of(op) if op.part.name else ""
        if op.new is None:
            return bindings.unbind(what, thing, column)
        # Binding takes the place of what was bound.
        return bindings.bind(what, value(op.new, str), thing, column)

    return write


def _sensitivity(op: Operation, target: Target) -> Statements:
    table, column = table_of(op), column_of(op)
    if op.new is None:
        return bindings.unclassify(table, column, target)
    return bindings.classify(table, column, value(op.new, Sensitivity), target)


def _connection(op: Operation, target: Target) -> Statements:
    table = table_of(op)
    gone = () if op.old is None else con.drop_connection(table, value(op.old, str))
    made = () if op.new is None else con.add_connection(table, value(op.new, str), target)
    return (*gone, *made)


def _member(op: Operation, target: Target) -> Statements:
    role = value(owner(op), Item)
    if op.new is None:
        return principals.drop_member(role, _member_name(op.old, op), target)
    return principals.add_member(role, _member_name(op.new, op), target)


def _member_name(given: object, op: Operation) -> str:
    return given if isinstance(given, str) and given else op.part.name


def _permission(op: Operation, target: Target) -> Statements:
    thing = owner(op)
    if op.verb is Verb.CREATE:
        return permissions.grant(thing, value(op.new, Permission))
    if op.verb is Verb.DROP:
        return permissions.revoke(thing, value(op.old, Permission))
    return permissions.change(thing, value(op.old, Permission), value(op.new, Permission))


def _property(op: Operation, target: Target) -> Statements:
    thing = owner(op)
    if op.verb is Verb.CREATE:
        return permissions.add_property(thing, value(op.new, Property))
    if op.verb is Verb.DROP:
        return permissions.drop_property(thing, value(op.old, Property))
    return permissions.alter_property(thing, value(op.new, Property))


PARTS: dict[PartKind, Write] = {
    PartKind.COLUMN: _column,
    PartKind.DEFAULT: _default,
    PartKind.UNIQUE_KEY: _key,
    PartKind.FOREIGN_KEY: _checked(ForeignKey),
    PartKind.CHECK: _checked(Check),
    PartKind.INDEX: _index,
    PartKind.STATISTICS: _statistics,
    PartKind.TRIGGER: _trigger,
    PartKind.FULL_TEXT: _full_text,
    PartKind.VERSIONING: _versioning,
    PartKind.PERIOD: _period,
    PartKind.BOUND_DEFAULT: _bound("default"),
    PartKind.BOUND_RULE: _bound("rule"),
    PartKind.SENSITIVITY: _sensitivity,
    PartKind.CONNECTION: _connection,
    PartKind.MEMBER: _member,
    PartKind.PERMISSION: _permission,
    PartKind.PROPERTY: _property,
}
