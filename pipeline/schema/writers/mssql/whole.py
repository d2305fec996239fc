"""An object with everything that hangs on it, as statements in an order that runs."""

from collections.abc import Iterable

from pipeline.schema.model.mssql.database import Object
from pipeline.schema.model.mssql.items import AliasType, Item, TableType, Unreadable
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.tables import Check, ForeignKey, Index, Table
from pipeline.schema.writers.mssql import bindings, permissions
from pipeline.schema.writers.mssql.constraints import (
    add_checked,
    add_connection,
    add_key,
    switched_off,
)
from pipeline.schema.writers.mssql.indexes import (
    add_full_text,
    add_index,
    add_statistics,
    full_of,
    in_memory,
)
from pipeline.schema.writers.mssql.items import create_item
from pipeline.schema.writers.mssql.programs import create_module, create_trigger
from pipeline.schema.writers.mssql.statement import Statement
from pipeline.schema.writers.mssql.table import (
    create_table,
    outside,
    table_settings,
    versioned_apart,
)
from pipeline.schema.writers.mssql.target import Target
from pipeline.schema.writers.mssql.types import create_alias, create_table_type
from pipeline.schema.writers.mssql.versioning import start_versioning


def create(thing: Object, target: Target) -> tuple[Statement, ...]:
    """Make an object with all that its value has."""
    if isinstance(thing, Unreadable):
        return (Statement(thing.text),) if thing.text else ()
    return (*_itself(thing, target), *hanging(thing))


def _itself(
    thing: Table | Module | TableType | AliasType | Item, target: Target
) -> list[Statement]:
    match thing:
        case Table():
            return [*create_table(thing, target), *of_table(thing, target)]
        case Module():
            made = () if _cannot_be_read(thing, target) else create_module(thing, target)
            return [*made, *_of_view(thing, target)]
        case TableType():
            return list(create_table_type(thing, target))
        case AliasType():
            return [*create_alias(thing, target), *_bound(thing)]
        case Item():
            return list(create_item(thing, target))


def _cannot_be_read(module: Module, target: Target) -> bool:
    return target.export and not module.definition.strip()


def _flat(parts: Iterable[tuple[Statement, ...]]) -> list[Statement]:
    return [statement for part in parts for statement in part]


def of_table(table: Table, target: Target) -> list[Statement]:
    """Everything of a table that is not inside its CREATE TABLE."""
    full, apart = full_of(table), outside(table)
    found = _flat(add_key(table, key, target) for key in apart.keys)
    found += _flat(add_index(full, table, each, target) for each in _in_order(apart))
    found += _checked(full, apart)
    if in_memory(table):
        switched: list[Check | ForeignKey] = [*table.checks, *table.foreign_keys]
        found += [switched_off(table, each) for each in switched if each.disabled]
    found += table_settings(table)
    found += _flat(add_connection(table, each, target) for each in table.connections)
    found += _flat(add_statistics(full, each, target) for each in table.statistics)
    found += _bound(table)
    if table.temporal and versioned_apart(table):
        found += start_versioning(table, table.temporal, target)
    found += _flat(
        bindings.classify(table, column.name, column.sensitivity, target)
        for column in table.columns
        if column.sensitivity
    )
    if table.full_text:
        found += add_full_text(full, table.full_text, target)
    return [*found, *_flat(create_trigger(full, each, target) for each in table.triggers)]


def _checked(full: str, table: Table) -> list[Statement]:
    """Checks and foreign keys. Those without a name are switched off while no others are there."""
    checked: list[Check | ForeignKey] = [*table.checks, *table.foreign_keys]
    off = [each for each in checked if each.disabled and not each.name]
    on = [each for each in checked if each.name or not each.disabled]
    found = [add_checked(table, each)[0] for each in off]
    found += [Statement(f"ALTER TABLE {full} NOCHECK CONSTRAINT ALL")] if off else []
    return [*found, *_flat(add_checked(table, each) for each in on)]


def _of_view(view: Module, target: Target) -> list[Statement]:
    full = full_of(view)
    found = _flat(add_index(full, view, each, target) for each in _in_order(view))
    found += _flat(add_statistics(full, each, target) for each in view.statistics)
    if view.full_text:
        found += add_full_text(full, view.full_text, target)
    return [*found, *_flat(create_trigger(full, each, target) for each in view.triggers)]


_FIRST = {"CLUSTERED": 0, "CLUSTERED COLUMNSTORE": 0, "PRIMARY XML": 2, "SELECTIVE XML": 2}


def _in_order(owner: Table | Module) -> list[Index]:
    """Indexes with those first that others stand upon."""
    return sorted(owner.indexes, key=lambda index: _rank(index.form))


def _rank(form: str) -> int:
    return _FIRST.get(form, 3 if form == "XML" else 1)


def _bound(owner: Table | AliasType) -> list[Statement]:
    if isinstance(owner, AliasType):
        pairs = [("", owner.bound_default, owner.bound_rule)]
    else:
        pairs = [(c.name, c.bound_default, c.bound_rule) for c in owner.columns]
    bind = bindings.bind
    return [
        *_flat(bind("default", bound, owner, name) for name, bound, _ in pairs if bound),
        *_flat(bind("rule", bound, owner, name) for name, _, bound in pairs if bound),
    ]


def hanging(thing: Table | Module | TableType | AliasType | Item) -> list[Statement]:
    """Permissions and extended properties."""
    return [
        *_flat(permissions.grant(thing, each) for each in thing.permissions),
        *_flat(permissions.add_property(thing, each) for each in thing.properties),
    ]
