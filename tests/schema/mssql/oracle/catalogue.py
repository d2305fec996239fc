"""The catalogue views that scripts ask, as rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from tests.schema.mssql.oracle.cursor import Name, fold
from tests.schema.mssql.oracle.evaluate import SHAPES, TYPES
from tests.schema.mssql.oracle.model import Table
from tests.schema.mssql.oracle.session import MAYBE, Value
from tests.schema.mssql.oracle.world import World, identity

Rows: TypeAlias = Iterator[dict[str, Value]]
CONSTRAINTS = {"PRIMARY KEY": "PK", "UNIQUE": "UQ", "FK": "F ", "CHECK": "C ", "DEFAULT": "D "}
SYSSTAT = {"V": 2, "U": 3, "P": 4, "D": 6, "R": 7, "TR": 8}
INDEXES = {"heap": 0, "clustered": 1, "nonclustered": 2, "xml": 3, "spatial": 4}


@dataclass(frozen=True, slots=True)
class Found:
    """An object as sys.objects shows it."""

    name: Name
    type: str
    parent: tuple[str, str] = ("", "")

    @property
    def key(self) -> tuple[str, str]:
        return self.name.key


def objects(world: World) -> Iterator[Found]:
    for table in world.tables.values():
        yield Found(table.name, "U ")
        for index in table.indexes.values():
            if index.constraint:
                yield Found(
                    Name(table.name.schema, index.name),
                    CONSTRAINTS[index.constraint],
                    table.name.key,
                )
        for constraint in table.constraints.values():
            yield Found(
                Name(table.name.schema, constraint.name),
                CONSTRAINTS[constraint.kind],
                table.name.key,
            )
    for module in world.modules.values():
        kind = SHAPES[module.shape] if module.kind == "FUNCTION" else TYPES.get(module.kind, "TR")
        yield Found(module.name, kind, module.parent or ("", ""))
    for thing in world.things.values():
        if thing.kind in TYPES:
            yield Found(thing.name, TYPES[thing.kind])


def number(key: tuple[str, str]) -> int:
    return identity(*key) if key[1] else 0


def object_rows(*types: str) -> Callable[[World], Rows]:
    def rows(world: World) -> Rows:
        for found in objects(world):
            if not types or found.type.strip() in types:
                yield object_row(world, found)

    return rows


def object_row(world: World, found: Found) -> dict[str, Value]:
    row: dict[str, Value] = {
        "name": found.name.name,
        "object_id": number(found.key),
        "id": number(found.key),
        "schema_id": identity("schema", found.name.schema),
        "uid": identity("schema", found.name.schema),
        "parent_object_id": number(found.parent),
        "parent_obj": number(found.parent),
        "parent_id": number(found.parent),
        "type": found.type,
        "xtype": found.type,
        "is_ms_shipped": 0,
        "sysstat": SYSSTAT.get(found.type.strip(), 0),
        "parent_class": 1 if found.parent[1] else 0,
        "parent_class_desc": "OBJECT_OR_COLUMN" if found.parent[1] else "DATABASE",
    }
    table = world.tables.get(found.key)
    if table:
        row["temporal_type"] = 2 if table.versioning else 1 if table.history_of else 0
        row["is_memory_optimized"] = int(table.memory)
    module = world.modules.get(found.key)
    row["is_disabled"] = int(bool(module and module.disabled))
    return row


def constraint_rows(*kinds: str) -> Callable[[World], Rows]:
    def rows(world: World) -> Rows:
        for table in world.tables.values():
            for constraint in table.constraints.values():
                if constraint.kind not in kinds:
                    continue
                found = Found(
                    Name(table.name.schema, constraint.name),
                    CONSTRAINTS[constraint.kind],
                    table.name.key,
                )
                row = object_row(world, found)
                row["parent_column_id"] = (
                    place(table, constraint.columns[0]) if len(constraint.columns) == 1 else 0
                )
                row["definition"] = constraint.text
                row["is_system_named"] = int(constraint.invented)
                row["referenced_object_id"] = number(constraint.parent)
                row["is_disabled"] = int(constraint.disabled)
                row["is_not_trusted"] = int(not constraint.trusted)
                yield row

    return rows


def key_rows(world: World) -> Rows:
    for table in world.tables.values():
        for index in table.indexes.values():
            if index.constraint:
                found = Found(
                    Name(table.name.schema, index.name),
                    CONSTRAINTS[index.constraint],
                    table.name.key,
                )
                row = object_row(world, found)
                row["is_system_named"] = int(index.invented)
                row["unique_index_id"] = index_number(table, index.name)
                yield row


def place(table: Table, column: str) -> int:
    names = list(table.columns)
    return names.index(fold(column)) + 1 if fold(column) in names else 0


def index_number(table: Table, name: str) -> int:
    return list(table.indexes).index(fold(name)) + 2


def column_rows(world: World) -> Rows:
    for key, table in world.tables.items():
        for position, column in enumerate(table.columns.values(), 1):
            yield {
                "object_id": number(key),
                "id": number(key),
                "name": column.name,
                "column_id": position,
                "colid": position,
                "is_nullable": int(column.nullable),
                "is_identity": int(column.identity is not None),
                "is_computed": int(column.computed is not None),
                "is_sparse": int(bool(column.facts.get("sparse"))),
                "is_rowguidcol": int(bool(column.facts.get("rowguidcol"))),
                "definition": column.computed_text,
                "last_value": MAYBE,
                "default_object_id": default_number(table, column.name),
                "table_schema": table.name.schema,
                "table_name": table.name.name,
                "column_name": column.name,
            }


def identity_rows(world: World) -> Rows:
    return (row for row in column_rows(world) if row["is_identity"])


def computed_rows(world: World) -> Rows:
    return (row for row in column_rows(world) if row["is_computed"])


def dependency_rows(world: World) -> Rows:
    """What checks, defaults, computed columns and modules read."""
    for key, table in world.tables.items():
        for constraint in table.constraints.values():
            node = constraint.expression
            for name in node.mentioned() & set(table.columns) if node else ():
                yield dependency(identity(key[0], constraint.name), 0, key, place(table, name))
        for column in table.columns.values():
            node = column.computed
            for name in node.mentioned() & set(table.columns) if node else ():
                mine = place(table, column.name)
                yield dependency(identity(*key), mine, key, place(table, name))
    for module in world.modules.values():
        for read in module.reads:
            yield dependency(identity(*module.name.key), 0, read, 0)


def dependency(by: int, part: int, of: tuple[str, str], minor: int) -> dict[str, Value]:
    return {
        "referencing_id": by,
        "referencing_minor_id": part,
        "referenced_id": identity(*of),
        "referenced_minor_id": minor,
        "referenced_entity_name": of[1],
        "referenced_schema_name": of[0],
    }


def full_text_rows(world: World) -> Rows:
    for host in world.hosts():
        if host.full_text is not None:
            yield {"object_id": number(host.name.key), "is_enabled": 1}


def default_number(table: Table, column: str) -> int:
    for constraint in table.constraints.values():
        if constraint.kind == "DEFAULT" and fold(constraint.columns[0]) == fold(column):
            return identity(table.name.schema, constraint.name)
    return 0


def index_rows(world: World) -> Rows:
    for host in world.hosts():
        for position, index in enumerate(host.indexes.values(), 2):
            kind = INDEXES.get(index.kind.split(" ")[0], 6)
            yield {
                "object_id": number(host.name.key),
                "id": number(host.name.key),
                "name": index.name,
                "index_id": position,
                "type": kind,
                "type_desc": index.kind.upper(),
                "is_unique": int(index.unique),
                "is_primary_key": int(index.constraint == "PRIMARY KEY"),
                "is_unique_constraint": int(index.constraint == "UNIQUE"),
                "is_disabled": int(index.disabled),
            }


def statistics_rows(world: World) -> Rows:
    for host in world.hosts():
        for name in [*host.statistics, *(index.name for index in host.indexes.values())]:
            yield {"object_id": number(host.name.key), "name": name}


def index_column_rows(world: World) -> Rows:
    for table in world.tables.values():
        for index in table.indexes.values():
            listed = [(name, 0) for name, _ in index.columns] + [
                (name, 1) for name in index.included
            ]
            for position, (name, included) in enumerate(listed, 1):
                yield {
                    "object_id": number(table.name.key),
                    "index_id": index_number(table, index.name),
                    "column_id": place(table, name),
                    "key_ordinal": 0 if included else position,
                    "index_column_id": position,
                    "is_included_column": included,
                }


def foreign_column_rows(world: World) -> Rows:
    for table in world.tables.values():
        for constraint in table.constraints.values():
            parent = world.tables.get(constraint.parent)
            if constraint.kind != "FK" or parent is None:
                continue
            for position, (mine, theirs) in enumerate(
                zip(constraint.columns, constraint.parent_columns, strict=True), 1
            ):
                yield {
                    "constraint_object_id": identity(table.name.schema, constraint.name),
                    "parent_object_id": number(table.name.key),
                    "parent_column_id": place(table, mine),
                    "referenced_object_id": number(parent.name.key),
                    "referenced_column_id": place(parent, theirs),
                    "constraint_column_id": position,
                }
