"""What keeps an object or a column where it is."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.schema.mssql.oracle.cursor import Name, fold
from tests.schema.mssql.oracle.errors import Refused
from tests.schema.mssql.oracle.model import Column, Key, Module, Table, Target
from tests.schema.mssql.oracle.references import columns_read
from tests.schema.mssql.oracle.structure import calls, inherited, sequences
from tests.schema.mssql.oracle.world import World


@dataclass(frozen=True, slots=True)
class Holder:
    """Something that depends on a column: `kind` says by what."""

    kind: str
    name: str


def column_holders(world: World, table: Table, column: Column) -> Iterator[Holder]:
    name = fold(column.name)
    for constraint in table.constraints.values():
        if constraint.uses(name):
            yield Holder(constraint.kind.lower(), constraint.name)
    for index in table.indexes.values():
        if index.uses(name):
            yield Holder(index.constraint.lower() or "index", index.name)
    for statistics, facts in table.statistics.items():
        if (
            name in str(facts["columns"]).split(",")
            or name in str(facts.get("filter", "")).split()
        ):
            yield Holder("statistics", statistics)
    for other in table.columns.values():
        if other.computed and name in other.computed.mentioned():
            yield Holder("computed column", other.name)
    if len(table.space) > 1 and name in table.space[1:]:
        yield Holder("partition scheme", table.space[0])
    if table.period and name in table.period:
        yield Holder("period", "SYSTEM_TIME")
    if table.full_text and name in full_text_columns(table):
        yield Holder("full-text index", table.name.name)
    if column.bound_default and column.bound_default != inherited(world, column, "bound default"):
        yield Holder("bound default", ".".join(column.bound_default))
    if column.bound_rule and column.bound_rule != inherited(world, column, "bound rule"):
        yield Holder("bound rule", ".".join(column.bound_rule))
    yield from outer_holders(world, table, name)


def outer_holders(world: World, table: Table, name: str) -> Iterator[Holder]:
    for module in world.modules.values():
        if (
            module.bound
            and table.name.key in module.reads
            and name in columns_read(world, module, table.name.key)
        ):
            yield Holder("schema-bound module", str(module.name))
    target: Target = ("object", *table.name.key, "column", name)
    for thing in world.users_of(target):
        yield Holder(thing.kind.lower(), str(thing.name))


def full_text_columns(host: Table | Module) -> frozenset[str]:
    columns = (host.full_text or {}).get("columns")
    return frozenset(columns) if isinstance(columns, dict) else frozenset()


def bound_modules(world: World, key: Key) -> list[Module]:
    return [module for module in world.modules.values() if module.bound and key in module.reads]


def expression_users(world: World, key: Key) -> Iterator[str]:
    """What calls a function or takes from a sequence: computed columns, checks, defaults."""
    for table in world.tables.values():
        nodes = [(f"column {c.name}", c.computed) for c in table.columns.values() if c.computed]
        nodes += [
            (f"constraint {c.name}", c.expression)
            for c in table.constraints.values()
            if c.expression
        ]
        for what, node in nodes:
            if key in calls(node) or key in sequences(node):
                yield f"{what} of {table.name}"


def refuse_if_used(world: World, name: Name, doing: str, *, altering: bool = False) -> None:
    """Refuses to drop (or alter) an object that others are bound to."""
    modules = [module for module in bound_modules(world, name.key) if module.name.key != name.key]
    if modules:
        raise Refused(3729, f"cannot {doing} {name}: {modules[0].name} is bound to it")
    users = list(expression_users(world, name.key))
    if users:
        raise Refused(3729, f"cannot {doing} {name}: {users[0]} uses it")
    things = [] if altering else list(world.users_of(("object", *name.key)))
    if things:
        raise Refused(
            3729, f"cannot {doing} {name}: {things[0].kind.lower()} {things[0].name} uses it"
        )


def foreign_keys_to(world: World, key: Key) -> Iterator[tuple[Table, str]]:
    for table in world.tables.values():
        for constraint in table.constraints.values():
            if constraint.kind == "FK" and constraint.parent == key:
                yield table, constraint.name


def type_users(world: World, key: Key) -> Iterator[str]:
    for table, column in world.columns():
        if column.type.user and column.type.user.key == key:
            yield f"column {column.name} of {table.name}"
    for module in world.modules.values():
        if key in module.types:
            yield f"{module.kind.lower()} {module.name}"
    for thing in world.things.values():
        if ("type", *key) in thing.uses:
            yield f"{thing.kind.lower()} {thing.name}"


def collection_users(world: World, key: Key) -> Iterator[str]:
    for table, column in world.columns():
        if column.type.collection and column.type.collection.key == key:
            yield f"column {column.name} of {table.name}"


def space_users(world: World, scheme: str) -> Iterator[str]:
    for host in world.hosts():
        if isinstance(host, Table) and host.space[:1] == (scheme,):
            yield f"table {host.name}"
        for index in host.indexes.values():
            if index.space[:1] == (scheme,):
                yield f"index {index.name} of {host.name}"


def schema_members(world: World, schema: str) -> Iterator[str]:
    for table in world.tables.values():
        if table.name.key[0] == schema:
            yield f"table {table.name}"
    for module in world.modules.values():
        if module.name.key[0] == schema and module.kind != "DATABASE TRIGGER":
            yield f"{module.kind.lower()} {module.name}"
    for thing in world.things.values():
        if thing.name.key[0] == schema and thing.kind not in ("MEMBER",):
            yield f"{thing.kind.lower()} {thing.name}"
