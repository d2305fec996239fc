"""Takes columns, constraints, indexes and periods off a table, under the server's rules."""

from tests.schema.mssql.oracle.cursor import fold
from tests.schema.mssql.oracle.dependence import column_holders, foreign_keys_to
from tests.schema.mssql.oracle.errors import Refused, Unknown
from tests.schema.mssql.oracle.model import Column, Constraint, Table
from tests.schema.mssql.oracle.session import Session
from tests.schema.mssql.oracle.structure import matching_key
from tests.schema.mssql.oracle.world import World, constraint_names, object_target


def history_key(table: Table) -> tuple[str, str]:
    key = (table.versioning or {}).get("history")
    if not isinstance(key, tuple):
        raise Unknown(f"{table.name} has no history table")
    return str(key[0]), str(key[1])


def remove(world: World, table: Table, kind: str, name: str, *, lenient: bool) -> None:
    held = {"COLUMN": set(table.columns), "INDEX": set(table.indexes)}
    there = fold(name) in held.get(kind, constraint_names(table))
    if not there and lenient:
        return
    if not there:
        raise Refused(
            4924 if kind == "COLUMN" else 3728, f"{name} is no {kind.lower()} of {table.name}"
        )
    if kind == "COLUMN":
        drop_column(world, table, table.columns[fold(name)])
    elif kind == "INDEX":
        del table.indexes[fold(name)]
        world.forget((*object_target(table.name), "index", fold(name)))
    else:
        drop_constraint(world, table, name)


def drop_column(world: World, table: Table, column: Column) -> None:
    holder = next(column_holders(world, table, column), None)
    if holder:
        raise Refused(
            5074,
            f"the {holder.kind} {holder.name} depends on the column {column.name} of {table.name}",
        )
    if len(table.columns) == 1:
        raise Refused(4923, f"{column.name} is the only column of {table.name}")
    del table.columns[fold(column.name)]
    world.forget((*object_target(table.name), "column", fold(column.name)))
    if table.versioning:
        history = world.tables[history_key(table)]
        history.columns.pop(fold(column.name), None)


def drop_constraint(world: World, table: Table, name: str) -> None:
    index = table.indexes.get(fold(name))
    if index is not None:
        for other, foreign in foreign_keys_to(world, table.name.key):
            constraint = other.constraints[fold(foreign)]
            if needs(table, constraint, fold(name)):
                raise Refused(
                    3725,
                    f"the constraint {name} is referenced by "
                    f"the foreign key {foreign} of {other.name}",
                )
        refuse_key_in_use(table, name)
        del table.indexes[fold(name)]
    else:
        del table.constraints[fold(name)]
    world.forget((*object_target(table.name), "constraint", fold(name)))


def needs(table: Table, constraint: Constraint, name: str) -> bool:
    """Whether a foreign key has no other key left than the one of this name."""
    kept = table.indexes.pop(name)
    try:
        return matching_key(table, constraint) is None
    finally:
        table.indexes[name] = kept


def refuse_key_in_use(table: Table, name: str) -> None:
    index = table.indexes[fold(name)]
    if table.full_text and fold(str(table.full_text.get("key"))) == fold(name):
        raise Refused(3734, f"the full-text index of {table.name} uses {name}")
    if index.constraint == "PRIMARY KEY" and table.versioning:
        raise Refused(
            13576, f"the primary key of the system-versioned {table.name} cannot be dropped"
        )
    special = [i.name for i in table.indexes.values() if i.kind in ("xml", "spatial")]
    if index.constraint == "PRIMARY KEY" and special:
        raise Refused(3734, f"the index {special[0]} of {table.name} uses its primary key {name}")


def drop_period(session: Session, table: Table) -> None:
    if table.versioning is not None:
        raise Refused(
            13573, f"the period of {table.name} cannot be dropped while system versioning is on"
        )
    if table.period is None:
        raise Refused(13593, f"{table.name} has no period")
    for name in table.period:
        table.columns[name].generated = ""
        table.columns[name].facts.pop("hidden", None)
    table.period = None
