"""A database as plain values that can be compared: names folded, expressions in normal form."""

from typing import Any, TypeAlias

from tests.schema.mssql.oracle.cursor import fold
from tests.schema.mssql.oracle.datatypes import DataType
from tests.schema.mssql.oracle.model import Column, Constraint, Index, Module, Table, Thing
from tests.schema.mssql.oracle.structure import base_type
from tests.schema.mssql.oracle.world import World

State: TypeAlias = dict[str, Any]

PASSING = ("text", "next", "filter text", "name", "raw", "spaces order")
"""Facts that only export needs, or that no definition holds."""


def state_of(world: World, *, column_order: bool = False) -> State:
    things: dict[str, dict[str, Any]] = {}
    for thing in world.things.values():
        name = ".".join(part for part in thing.name.key if part)
        things.setdefault(thing.kind.lower(), {})[name] = thing_state(world, thing)
    return {
        "tables": {
            ".".join(key): table_state(world, table, column_order=column_order)
            for key, table in world.tables.items()
            if key[0] != "#"
        },
        "modules": {
            ".".join(key): module_state(world, module) for key, module in world.modules.items()
        },
        **things,
        "properties": {
            f"{' '.join(on)}: {name}": value for (on, name), (_, value) in world.properties.items()
        },
        "permissions": {
            f"{name} on {' '.join(on)} to {who}": way
            for (on, name, who), way in world.permissions.items()
        },
        "owners": {" ".join(target): owner for target, owner in world.owners.items()},
    }


def plain(value: object) -> Any:
    if isinstance(value, DataType):
        return value.normal()
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items() if key not in PASSING}
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    return value


def thing_state(world: World, thing: Thing) -> dict[str, Any]:
    found: dict[str, Any] = plain(thing.facts)
    if thing.body:
        found["body"] = table_state(world, thing.body, column_order=True)
    if isinstance(found.get("spaces"), tuple):
        found["spaces"] = frozenset(found["spaces"])
    return found


def table_state(world: World, table: Table, *, column_order: bool) -> dict[str, Any]:
    clustered = next((index for index in table.indexes.values() if index.clustered), None)
    options = dict(table.options)
    if clustered:
        options.pop("data_compression", None)
    found: dict[str, Any] = {
        "columns": {key: column_state(world, column) for key, column in table.columns.items()},
        "indexes": {index_name(index): index_state(index) for index in table.indexes.values()},
        "constraints": {
            constraint_name(constraint): constraint_state(constraint)
            for constraint in table.constraints.values()
        },
        "statistics": plain(table.statistics),
        "options": plain(options),
        "space": clustered.space if clustered else table.space,
        "period": table.period,
        "versioning": plain(table.versioning),
        "history of": table.history_of,
        "full text": plain(table.full_text),
        "ansi nulls": table.settings[0],
    }
    if column_order:
        found["order"] = tuple(table.columns)
    return found


def column_state(world: World, column: Column) -> dict[str, Any]:
    textual = base_type(world, column.type).textual
    collation = column.collation if textual and column.collation != fold(world.collation) else ""
    return {
        "type": column.type.normal(),
        "nullable": column.nullable,
        "collation": collation,
        "identity": column.identity,
        "computed": column.computed.normal() if column.computed else None,
        "persisted": column.persisted,
        "generated": column.generated,
        "bound default": column.bound_default,
        "bound rule": column.bound_rule,
        **plain(column.facts),
    }


def index_name(index: Index) -> str:
    """An index's name, or what it is where the system named it."""
    if index.invented:
        return (
            f"unnamed {index.constraint.lower()} of "
            f"{', '.join(fold(name) for name, _ in index.columns)}"
        )
    return fold(index.name)


def index_state(index: Index) -> dict[str, Any]:
    return {
        "kind": index.kind,
        "constraint": index.constraint,
        "unique": index.unique,
        "columns": tuple((fold(name), descending) for name, descending in index.columns),
        "included": frozenset(map(fold, index.included)),
        "filter": index.filter.normal() if index.filter else None,
        "space": index.space,
        "disabled": index.disabled,
        "options": dict(index.options),
        **plain(index.facts),
    }


def constraint_name(constraint: Constraint) -> str:
    if not constraint.invented:
        return fold(constraint.name)
    if constraint.kind == "CHECK":
        return f"unnamed check {constraint.expression.normal() if constraint.expression else ''}"
    parent = (
        f" to {'.'.join(constraint.parent)} {constraint.parent_columns}"
        if constraint.kind == "FK"
        else ""
    )
    return (
        f"unnamed {constraint.kind.lower()} of {', '.join(map(fold, constraint.columns))}{parent}"
    )


def constraint_state(constraint: Constraint) -> dict[str, Any]:
    found: dict[str, Any] = {
        "kind": constraint.kind,
        "expression": constraint.expression.normal() if constraint.expression else None,
        "trusted": constraint.trusted,
        "disabled": constraint.disabled,
    }
    if constraint.kind != "CHECK":
        found["columns"] = tuple(map(fold, constraint.columns))
    if constraint.kind == "FK":
        found["parent"] = constraint.parent
        found["parent columns"] = tuple(map(fold, constraint.parent_columns))
    return found | {k: v for k, v in constraint.facts.items() if k != "with values"}


def module_state(world: World, module: Module) -> dict[str, Any]:
    return {
        "kind": module.kind,
        "body": module.body,
        "settings": module.settings,
        "parent": module.parent,
        "disabled": module.disabled,
        "order": module.order,
        "indexes": {index_name(index): index_state(index) for index in module.indexes.values()},
        "statistics": plain(module.statistics),
        "full text": plain(module.full_text),
    }
