"""Scripts of a database, one object a file, that make the same database again."""

from tests.schema.mssql.oracle.cursor import Name, quote
from tests.schema.mssql.oracle.export_tables import host_parts, table_script
from tests.schema.mssql.oracle.export_things import thing_script
from tests.schema.mssql.oracle.model import Module, Target
from tests.schema.mssql.oracle.scalars import target
from tests.schema.mssql.oracle.securables import CLASSES
from tests.schema.mssql.oracle.spelling import literal, spelled
from tests.schema.mssql.oracle.world import World, object_target

FOLDERS = {
    "PROCEDURE": "Stored Procedures",
    "FUNCTION": "Functions",
    "VIEW": "Views",
    "TRIGGER": "Triggers",
    "DATABASE TRIGGER": "Database Triggers",
}


def exported(world: World) -> list[tuple[str, str]]:
    found: list[tuple[str, list[str]]] = []
    for table in world.tables.values():
        if table.name.schema != "#" and not table.made:
            batches = [*table_script(world, table), *attached(world, object_target(table.name))]
            found.append((f"Tables/{file_name(table.name)}", batches))
    for module in world.modules.values():
        batches = [*module_script(world, module), *attached(world, object_target(module.name))]
        found.append((f"{FOLDERS[module.kind]}/{file_name(module.name)}", batches))
    for thing in world.things.values():
        batches = [*thing_script(world, thing), *attached(world, target(thing))]
        found.append((f"{thing.kind.title()}s/{file_name(thing.name)}", batches))
    rest = leftovers(world)
    if rest:
        found.append(("Security/Database.sql", rest))
    return [(path, "".join(f"{batch}\nGO\n" for batch in batches)) for path, batches in found]


def file_name(name: Name) -> str:
    text = f"{name.schema}.{name.name}" if name.schema else name.name
    return (
        "".join(mark if mark.isalnum() or mark in "._ -" else f"%{ord(mark):x}" for mark in text)
        + ".sql"
    )


def module_script(world: World, module: Module) -> list[str]:
    nulls, quoted = ("ON" if value else "OFF" for value in module.settings)
    found = [
        f"SET QUOTED_IDENTIFIER {quoted}",
        f"SET ANSI_NULLS {nulls}",
        module_text(world, module),
    ]
    found += host_parts(world, module)
    kind = "DATABASE" if module.kind == "DATABASE TRIGGER" else ""
    host = kind or str(real_object(world, module.parent or ("", "")))
    name = quote(module.name.name) if kind else str(module.name)
    if module.disabled:
        found.append(f"DISABLE TRIGGER {name} ON {host}")
    for event, order in sorted(module.order):
        space = ", @namespace = 'DATABASE'" if kind else ""
        found.append(
            f"EXEC sp_settriggerorder @triggername = {literal(name)}, "
            f"@order = '{order}', @stmttype = '{event}'{space}"
        )
    return found


def module_text(world: World, module: Module) -> str:
    """The definition as it was written, under the name that the module has now."""
    text, head, on = module.text, module.facts["head"], module.facts.get("on")
    assert isinstance(head, tuple)
    kind = module.kind.removeprefix("DATABASE ")
    name = str(module.name) if module.name.schema else quote(module.name.name)
    if isinstance(on, tuple) and module.parent:
        text = text[: on[0]] + str(real_object(world, module.parent)) + text[on[1] :]
    return f"{text[: head[0]]}CREATE {kind} {name}{text[head[1] :]}".rstrip()


def real_object(world: World, key: tuple[str, str]) -> Name:
    if key in world.tables:
        return world.tables[key].name
    if key in world.modules:
        return world.modules[key].name
    return Name(*key)


def attached(world: World, on: Target) -> list[str]:
    """The owner, the permissions and the properties of an object and of its parts."""
    size = len(on)
    found = []
    if on in world.owners and on[0] in ("object", "type"):
        found.append(
            f"ALTER AUTHORIZATION ON {securable(world, on)} TO {spelled(world, world.owners[on])}"
        )
    for (where, name, who), way in world.permissions.items():
        if where[:size] == on and on != ("database",):
            found.append(permission(world, where, name, who, way))
    for (where, _), (name, value) in world.properties.items():
        if where[:size] == on and on != ("database",):
            found.append(property_text(world, where, name, value))
    return found


def leftovers(world: World) -> list[str]:
    """What is on the database, or on roles that every database has."""
    found = []
    for (where, name, who), way in world.permissions.items():
        connects = name == "connect" and ("USER", "", who) in world.things and way == "GRANT"
        if (where == ("database",) and not connects) or (
            where[0] in ("principal", "schema") and not owned(world, where)
        ):
            found.append(permission(world, where, name, who, way))
    for thing in world.things.values():
        key = (("database",), "connect", thing.name.key[1])
        if thing.kind == "USER" and key not in world.permissions:
            found.append(f"REVOKE CONNECT TO {quote(thing.name.name)}")
    for (where, _), (name, value) in world.properties.items():
        if where == ("database",) or (where[0] == "schema" and not owned(world, where)):
            found.append(property_text(world, where, name, value))
    return found


def owned(world: World, on: Target) -> bool:
    """Whether a schema, a user or a role has a script of its own."""
    return any(
        (kind, "", on[1]) in world.things
        for kind in ("SCHEMA", "USER", "ROLE", "APPLICATION ROLE")
    )


def permission(world: World, on: Target, name: str, who: str, way: str) -> str:
    option = " WITH GRANT OPTION" if way == "GRANT WITH OPTION" else ""
    columns = ""
    if "column" in on:
        on, columns = on[:3], f" ({spelled(world, on[4])})"
    where = "" if on == ("database",) else f" ON {securable(world, on)}{columns}"
    return f"{way.split()[0]} {name.upper()}{where} TO {spelled(world, who)}{option}"


def securable(world: World, on: Target) -> str:
    if on[0] == "object":
        return f"{spelled(world, on[1])}.{spelled(world, on[2])}"
    kind = on[0].upper()
    if on[0] == "principal":
        kind = next(
            (k for k in ("USER", "APPLICATION ROLE") if (k, "", on[1]) in world.things), "ROLE"
        )
    assert any(" ".join(words) == kind for words in CLASSES)
    return f"{kind}::{'.'.join(spelled(world, part) for part in on[1:])}"


def property_text(world: World, on: Target, name: str, value: str) -> str:
    levels: list[str] = []
    for kind, part in level_pairs(world, on):
        levels += [f"'{kind}'", literal(world.spellings.get(part, part))]
    return f"EXEC sp_addextendedproperty {', '.join([literal(name), literal(value), *levels])}"


def level_pairs(world: World, on: Target) -> list[tuple[str, str]]:
    if on == ("database",):
        return []
    if on[0] == "principal":
        return [("USER", on[1])]
    if on[0] == "object" and not on[1]:
        return [("TRIGGER", on[2])]
    if on[0] == "object":
        module = world.modules.get((on[1], on[2]))
        if module and module.parent:
            parent_kind = world.kind(module.parent)
            return [("SCHEMA", on[1]), (parent_kind, module.parent[1]), ("TRIGGER", on[2])]
        pairs = [("SCHEMA", on[1]), (world.kind((on[1], on[2])), on[2])]
        return pairs + ([(on[3].upper(), on[4])] if len(on) > 3 else [])
    if len(on) > 2:
        return [
            ("SCHEMA", on[1]),
            (on[0].upper(), on[2]),
            *([(on[3].upper(), on[4])] if len(on) > 3 else []),
        ]
    return [(on[0].upper(), on[1])]
