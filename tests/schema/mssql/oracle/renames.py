"""sp_rename, and ALTER SCHEMA TRANSFER."""

from dataclasses import replace

from tests.schema.mssql.oracle.cursor import Cursor, Name, dotted, fold, name_of
from tests.schema.mssql.oracle.dependence import (
    bound_modules,
    column_holders,
    expression_users,
    foreign_keys_to,
)
from tests.schema.mssql.oracle.errors import Refused, Unknown
from tests.schema.mssql.oracle.model import Key, Module, Table, Thing
from tests.schema.mssql.oracle.session import Act, Session
from tests.schema.mssql.oracle.world import (
    OBJECTS,
    World,
    constraint_names,
    object_target,
    rename_in_constraint,
    rename_in_index,
    renamed_in,
)


def rename(world: World, given: dict[str, str | None]) -> None:
    """sp_rename: the new name is not read as SQL, so that brackets would be part of it."""
    parts, new = dotted(given["objname"] or ""), given["newname"] or ""
    kind = (given.get("objtype") or "OBJECT").upper()
    if not new:
        raise Refused(15006, "the new name is empty")
    if kind == "COLUMN":
        rename_column(world, host_of(parts), parts[-1], new)
    elif kind == "INDEX":
        rename_index(world, host_of(parts), parts[-1], new)
    elif kind == "USERDATATYPE":
        rename_type(world, name_of(parts), new)
    elif kind == "OBJECT":
        rename_object(world, name_of(parts), new)
    else:
        raise Unknown(f"sp_rename of a {kind}")


def host_of(parts: tuple[str, ...]) -> Name:
    if len(parts) < 2:
        raise Refused(15248, f"the name {parts[-1]} is ambiguous: it has no table")
    return name_of(parts[:-1])


def rename_column(world: World, host: Name, name: str, new: str) -> None:
    table = world.tables.get(host.key)
    old = fold(name)
    if table is None or old not in table.columns:
        raise Refused(15248, f"there is no column {name} of {host}")
    if fold(new) in table.columns and fold(new) != old:
        raise Refused(15335, f"the name {new} is in use as a column of {host}")
    column = table.columns[old]
    for holder in column_holders(world, table, column):
        enforced = holder.kind in (
            "check",
            "computed column",
            "schema-bound module",
            "security policy",
        )
        if enforced:
            raise Refused(
                15336,
                f"{host}.{name} cannot be renamed: the {holder.kind} {holder.name} depends on it",
            )
    if any(i.filter and old in i.filter.mentioned() for i in table.indexes.values()):
        raise Refused(15336, f"{host}.{name} cannot be renamed: a filtered index depends on it")
    column_renamed(world, table, old, new)
    history = (table.versioning or {}).get("history")
    if isinstance(history, tuple):
        other = world.tables[(str(history[0]), str(history[1]))]
        if old in other.columns:
            column_renamed(world, other, old, new)


def column_renamed(world: World, table: Table, old: str, new: str) -> None:
    column = table.columns[old]
    column.name = new
    table.columns = {fold(new) if k == old else k: c for k, c in table.columns.items()}
    for index in table.indexes.values():
        rename_in_index(index, old, new)
    for constraint in table.constraints.values():
        rename_in_constraint(constraint, old, new)
    for other, name in foreign_keys_to(world, table.name.key):
        constraint = other.constraints[name.casefold()]
        constraint.parent_columns = renamed_in(constraint.parent_columns, old, new)
    for facts in table.statistics.values():
        columns = str(facts["columns"]).split(",")
        facts["columns"] = ",".join(fold(new) if c == old else c for c in columns)
    table.space = (*table.space[:1], *(fold(new) if c == old else c for c in table.space[1:]))
    if table.period and old in table.period:
        first, last = (fold(new) if c == old else c for c in table.period)
        table.period = (first, last)
    rename_in_full_text(table, old, fold(new))
    base = object_target(table.name)
    world.move((*base, "column", old), (*base, "column", fold(new)))


def rename_in_full_text(table: Table, old: str, new: str) -> None:
    if table.full_text:
        columns = table.full_text["columns"]
        assert isinstance(columns, dict)
        table.full_text["columns"] = {new if k == old else k: v for k, v in columns.items()}


def rename_index(world: World, host: Name, name: str, new: str) -> None:
    held = world.host(host, 15248)
    old = fold(name)
    if old in held.statistics:
        held.statistics = {fold(new) if k == old else k: v for k, v in held.statistics.items()}
        held.statistics[fold(new)]["name"] = new
        return
    if old not in held.indexes:
        raise Refused(15248, f"there is no index {name} on {host}")
    if fold(new) in held.indexes and fold(new) != old:
        raise Refused(15335, f"the name {new} is in use as an index of {host}")
    if held.indexes[old].constraint and isinstance(held, Table):
        rename_constraint(world, held, old, new)
        return
    index_renamed(world, held, old, new)


def index_renamed(world: World, held: Table | Module, old: str, new: str) -> None:
    held.indexes[old].name, held.indexes[old].invented = new, False
    held.indexes = {fold(new) if k == old else k: i for k, i in held.indexes.items()}
    for index in held.indexes.values():
        if index.facts.get("of") == old:
            index.facts["of"] = fold(new)
    if held.full_text and held.full_text.get("key") == old:
        held.full_text["key"] = fold(new)
    base = object_target(held.name)
    for part in ("index", "constraint"):
        world.move((*base, part, old), (*base, part, fold(new)))


def rename_constraint(world: World, table: Table, old: str, new: str) -> None:
    if fold(new) != old and world.kind((table.name.key[0], fold(new))):
        raise Refused(15335, f"the name {new} is in use")
    if old in table.indexes:
        index_renamed(world, table, old, new)
        return
    constraint = table.constraints[old]
    constraint.name, constraint.invented = new, False
    table.constraints = {fold(new) if k == old else k: c for k, c in table.constraints.items()}
    base = object_target(table.name)
    world.move((*base, "constraint", old), (*base, "constraint", fold(new)))


def rename_type(world: World, name: Name, new: str) -> None:
    thing = world.thing("TYPE", name, 15248)
    after = Name(name.schema, new)
    if ("TYPE", *after.key) in world.things:
        raise Refused(15335, f"the name {new} is in use as a type")
    type_moved(world, thing, after)


def type_moved(world: World, thing: Thing, after: Name) -> None:
    old = thing.name.key
    del world.things[("TYPE", *old)]
    thing.name = after
    if thing.body:
        thing.body.name = after
    world.things[("TYPE", *after.key)] = thing
    for _, column in world.columns():
        if column.type.user and column.type.user.key == old:
            column.type = replace(column.type, user=after)
    world.move(("type", *old), ("type", *after.key))


def rename_object(world: World, name: Name, new: str) -> None:
    for table in world.tables.values():
        if table.name.key[0] == name.key[0] and name.key[1] in constraint_names(table):
            rename_constraint(world, table, name.key[1], new)
            return
    if not world.kind(name.key):
        raise Refused(15225, f"there is no object {name}")
    after = Name(name.schema, new)
    if after.key != name.key and world.kind(after.key):
        raise Refused(15335, f"the name {new} is in use as an object")
    refuse_enforced(world, name)
    moved(world, name, after)


def refuse_enforced(world: World, name: Name) -> None:
    modules = [m.name for m in bound_modules(world, name.key) if m.name.key != name.key]
    users = [*map(str, modules), *expression_users(world, name.key)]
    if users:
        raise Refused(15336, f"{name} cannot be renamed: {users[0]} depends on it")


def moved(world: World, old: Name, new: Name) -> None:
    """Gives an object another name or schema, with all that hangs on it."""
    if old.key in world.tables:
        table = world.tables.pop(old.key)
        table.name = new
        world.tables[new.key] = table
        follow_table(world, old.key, new.key)
    elif old.key in world.modules:
        module = world.modules.pop(old.key)
        module.name = new
        world.modules[new.key] = module
    else:
        kind = next(kind for kind in OBJECTS if (kind, *old.key) in world.things)
        thing = world.things.pop((kind, *old.key))
        thing.name = new
        world.things[(kind, *new.key)] = thing
    for trigger in list(world.triggers(old.key)):
        trigger.parent = new.key
        if old.key[0] != new.key[0]:
            moved(world, trigger.name, Name(new.schema, trigger.name.name))
    world.move(object_target(old), object_target(new))


def follow_table(world: World, old: Key, new: Key) -> None:
    for table in world.tables.values():
        for constraint in table.constraints.values():
            if constraint.parent == old:
                constraint.parent = new
        if table.versioning and table.versioning.get("history") == old:
            table.versioning["history"] = new
        if table.history_of == old:
            table.history_of = new


def alter_schema(c: Cursor) -> Act:
    """What follows ALTER SCHEMA."""
    schema = c.identifier()
    c.need("TRANSFER")
    kind = "OBJECT"
    for words in (("OBJECT",), ("TYPE",), ("XML", "SCHEMA", "COLLECTION")):
        if c.at(*words, "::"):
            c.position += len(words) + 1
            kind = " ".join(words)
            break
    name = c.name()

    def act(session: Session) -> None:
        world = session.world
        world.need_schema(schema)
        after = Name(schema, name.name)
        if kind == "OBJECT":
            transfer(world, name, after)
            return
        thing = world.thing(kind, name)
        if (kind, *after.key) in world.things:
            raise Refused(15530, f"{after} exists already")
        world.forget((kind.lower(), *name.key), but_properties=True)
        if kind == "TYPE":
            type_moved(world, thing, after)
        else:
            collection_moved(world, thing, after)

    return act


def transfer(world: World, name: Name, after: Name) -> None:
    kind = world.kind(name.key)
    if kind in ("", "CONSTRAINT", "TRIGGER"):
        raise Refused(15151, f"cannot find the object {name}, or it cannot be moved")
    if world.kind(after.key):
        raise Refused(15530, f"there is an object {after} already")
    refuse_enforced(world, name)
    if kind == "TABLE":
        table = world.tables[name.key]
        taken = [c for c in constraint_names(table) if world.kind((after.key[0], c))]
        if taken:
            raise Refused(15530, f"there is an object {taken[0]} in {after.schema} already")
    world.forget(object_target(name), but_properties=True)
    moved(world, name, after)


def collection_moved(world: World, thing: Thing, after: Name) -> None:
    old = thing.name.key
    del world.things[(thing.kind, *old)]
    thing.name = after
    world.things[(thing.kind, *after.key)] = thing
    for _, column in world.columns():
        if column.type.collection and column.type.collection.key == old:
            column.type = replace(column.type, collection=after)
    world.move((thing.kind.lower(), *old), (thing.kind.lower(), *after.key))
