"""The catalogue views that scripts ask, as rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from tests.schema.mssql.oracle.cursor import Name, fold
from tests.schema.mssql.oracle.evaluate import SHAPES, TYPES
from tests.schema.mssql.oracle.model import Table, Target
from tests.schema.mssql.oracle.session import Value
from tests.schema.mssql.oracle.world import ROLES, SCHEMAS, World, identity

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
                "default_object_id": default_number(table, column.name),
                "table_schema": table.name.schema,
                "table_name": table.name.name,
                "column_name": column.name,
            }


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


def schema_rows(world: World) -> Rows:
    for name in (*SCHEMAS, *(t.name.name for t in world.things.values() if t.kind == "SCHEMA")):
        yield {"name": name, "schema_id": identity("schema", name), "schema_name": name}


def principal_rows(world: World) -> Rows:
    for name in ("dbo", "guest", "sys"):
        yield {
            "name": name,
            "principal_id": identity("principal", name),
            "uid": 1,
            "type": "S",
            "issqlrole": 0,
        }
    for name in ROLES:
        yield {
            "name": name,
            "principal_id": identity("principal", name),
            "uid": 1,
            "type": "R",
            "issqlrole": 1,
        }
    for thing in world.things.values():
        if thing.kind in ("USER", "ROLE", "APPLICATION ROLE"):
            name = thing.name.name
            yield {
                "name": name,
                "principal_id": identity("principal", name),
                "uid": identity("principal", name),
                "type": {"USER": "S", "ROLE": "R"}.get(thing.kind, "A"),
                "issqlrole": int(thing.kind == "ROLE"),
            }


def member_rows(world: World) -> Rows:
    for thing in world.things.values():
        if thing.kind == "MEMBER":
            yield {
                "role_principal_id": identity("principal", thing.name.schema),
                "member_principal_id": identity("principal", thing.name.name),
            }


def thing_rows(kind: str) -> Callable[[World], Rows]:
    def rows(world: World) -> Rows:
        for thing in world.things.values():
            if thing.kind == kind:
                yield {
                    "name": thing.name.name,
                    "schema_id": identity("schema", thing.name.schema),
                    "user_type_id": identity("type", *thing.name.key),
                    "object_id": identity(*thing.name.key),
                    "is_user_defined": 1,
                    "is_table_type": int(thing.body is not None),
                }

    return rows


CLASSES = {"database": 0, "object": 1, "schema": 3, "principal": 4, "type": 6}


def property_rows(world: World) -> Rows:
    for (target, name), (_, value) in world.properties.items():
        major, minor = numbers(world, target)
        yield {
            "class": 7
            if "index" in target[3:4]
            else 2
            if "parameter" in target[3:4]
            else CLASSES.get(target[0], 5),
            "major_id": major,
            "minor_id": minor,
            "name": name,
            "value": value,
        }


def numbers(world: World, target: Target) -> tuple[int, int]:
    if target[0] != "object":
        return (identity(*target) if len(target) > 1 else 0), 0
    table = world.tables.get((target[1], target[2]))
    if len(target) == 3 or table is None:
        return identity(*target[1:3]), 0
    match target[3]:
        case "column":
            return identity(*target[1:3]), place(table, target[4])
        case "index":
            return identity(*target[1:3]), index_number(table, target[4])
        case _:
            pass
    return identity(target[1], target[4]), 0


def information_tables(world: World) -> Rows:
    for found in objects(world):
        if found.type in ("U ", "V "):
            kind = "BASE TABLE" if found.type == "U " else "VIEW"
            yield {
                "table_schema": found.name.schema,
                "table_name": found.name.name,
                "table_type": kind,
            }


def routines(world: World) -> Rows:
    for module in world.modules.values():
        if module.kind in ("PROCEDURE", "FUNCTION"):
            yield {
                "routine_schema": module.name.schema,
                "routine_name": module.name.name,
                "specific_schema": module.name.schema,
                "specific_name": module.name.name,
                "routine_type": module.kind,
            }


def information_constraints(world: World) -> Rows:
    names = {"PK": "PRIMARY KEY", "UQ": "UNIQUE", "F": "FOREIGN KEY", "C": "CHECK"}
    for found in objects(world):
        if found.parent[1] and found.type.strip() in names:
            table = world.tables[found.parent]
            yield {
                "constraint_schema": found.name.schema,
                "constraint_name": found.name.name,
                "table_schema": table.name.schema,
                "table_name": table.name.name,
                "constraint_type": names[found.type.strip()],
            }


def none(world: World) -> Rows:
    return iter(())
