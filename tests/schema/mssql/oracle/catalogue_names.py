"""The catalogue views of schemas, principals, properties and what has only a name."""

from collections.abc import Callable

from tests.schema.mssql.oracle.catalogue import Rows, index_number, objects, place
from tests.schema.mssql.oracle.model import Target
from tests.schema.mssql.oracle.world import ROLES, SCHEMAS, World, identity


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
