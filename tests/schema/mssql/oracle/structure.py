"""Puts columns, indexes and constraints on a table, under the server's rules."""

from tests.schema.mssql.oracle.cursor import Name, fold, name_of
from tests.schema.mssql.oracle.datatypes import DataType
from tests.schema.mssql.oracle.errors import Refused
from tests.schema.mssql.oracle.expressions import Node
from tests.schema.mssql.oracle.model import Column, Constraint, Index, Key, Module, Table
from tests.schema.mssql.oracle.world import World, constraint_names

DATE_FUNCTIONS = frozenset(
    [
        "dateadd",
        "datediff",
        "datediff_big",
        "datepart",
        "datename",
        "datetrunc",
        "date_bucket",
    ]
)
WORDS = frozenset(
    [
        "current_user",
        "system_user",
        "session_user",
        "user",
        "current_timestamp",
        "current_date",
        "max",
        "maxvalue",
        "$action",
    ]
)
NO_KEY = frozenset({"text", "ntext", "image", "xml", "geometry", "geography"})


def resolve_type(world: World, found: DataType) -> None:
    """Refuses a type that the database has not."""
    if found.user and ("TYPE", *found.user.key) not in world.things:
        raise Refused(2715, f"cannot find the data type {found.user}")
    if found.collection and ("XML SCHEMA COLLECTION", *found.collection.key) not in world.things:
        raise Refused(2770, f"cannot find the XML schema collection {found.collection}")


def base_type(world: World, found: DataType) -> DataType:
    """The system type under a user's type."""
    if found.user:
        thing = world.things.get(("TYPE", *found.user.key))
        base = thing.facts.get("type") if thing else None
        return base if isinstance(base, DataType) else found
    return found


def add_column(world: World, table: Table, column: Column, *, stated: bool) -> None:
    if fold(column.name) in table.columns:
        raise Refused(2705, f"the column {column.name} is in {table.name} already")
    resolve_type(world, column.type)
    if column.computed is None:
        settle_nullability(world, column, stated=stated)
    else:
        check_expression(world, table, column.computed)
    if column.identity and any(other.identity for other in table.columns.values()):
        raise Refused(2744, f"{table.name} has an identity column already")
    if column.type.base == "timestamp" and any(
        o.type.base == "timestamp" for o in table.columns.values()
    ):
        raise Refused(2738, f"{table.name} has a timestamp column already")
    if column.collation and not base_type(world, column.type).textual:
        raise Refused(452, f"COLLATE cannot be used on {column.name}")
    column.bound_default = inherited(world, column, "bound default")
    column.bound_rule = inherited(world, column, "bound rule")
    table.columns[fold(column.name)] = column


def inherited(world: World, column: Column, word: str) -> Key | None:
    """The default or the rule that a column has from its type."""
    if column.type.user is None:
        return None
    held = world.things[("TYPE", *column.type.user.key)].facts.get(word)
    return (str(held[0]), str(held[1])) if isinstance(held, tuple) else None


def settle_nullability(world: World, column: Column, *, stated: bool) -> None:
    if stated or column.identity or column.generated:
        if stated and column.identity and column.nullable:
            raise Refused(8147, f"an identity column cannot be nullable: {column.name}")
        return
    if column.type.user:
        thing = world.things[("TYPE", *column.type.user.key)]
        column.nullable = thing.facts.get("nullable") is not False
    elif column.type.base in ("timestamp", "sysname"):
        column.nullable = False


def check_expression(world: World, table: Table | None, node: Node) -> None:
    """Its columns and functions must be there; without a table it may name no column."""
    for name in names_in(node):
        if len(name) != 1 or fold(name[0]) in WORDS or name[0].startswith("$") or "::" in name[0]:
            continue
        if table is None:
            raise Refused(128, f"the name {name[0]} is not permitted here")
        if fold(name[0]) not in table.columns:
            raise Refused(207, f"invalid column name {name[0]}")
    for key in calls(node):
        if table and key[0] in table.columns:
            continue
        if world.kind(key) not in ("FUNCTION", "AGGREGATE"):
            raise Refused(4121, f"cannot find the function {'.'.join(key)}")
    for key in sequences(node):
        if world.kind(key) not in ("SEQUENCE", "SYNONYM"):
            raise Refused(208, f"invalid object name {'.'.join(key)}")


def names_in(node: Node) -> list[tuple[str, ...]]:
    if node.kind == "name":
        return [node.path]
    parts = node.parts
    if node.kind == "call" and node.text == "next value for":
        return []
    if node.kind == "call" and node.text in DATE_FUNCTIONS:
        parts = parts[1:]
    return [name for part in parts for name in names_in(part)]


def calls(node: Node) -> list[tuple[str, str]]:
    return [
        (fold(found.path[0]), fold(found.path[1]))
        for found in node.walk()
        if found.kind == "call"
        and len(found.path) == 2
        and fold(found.path[0]) not in ("sys", "$partition")
    ]


def sequences(node: Node) -> list[tuple[str, str]]:
    return [
        name_of(n.parts[0].path).key
        for n in node.walk()
        if n.kind == "call" and n.text == "next value for"
    ]


def add_index(
    world: World, host: Table | Module, index: Index, *, existing: Index | None = None
) -> None:
    """`existing` is the index that it takes the place of."""
    others = {k: i for k, i in host.indexes.items() if i is not existing}
    name = fold(index.name)
    if name in others or (name in host.statistics and existing is None):
        raise Refused(1913, f"an index or statistics named {index.name} is on {host.name} already")
    if index.constraint and existing is None:
        world.free(
            Name(host.name.schema, index.name),
            frozenset(constraint_names(host)) if isinstance(host, Table) else frozenset(),
        )
    settle_layout(host, index, others)
    if isinstance(host, Table):
        check_index_columns(world, host, index)
        if not index.facts.pop("placed", False) and len(host.space) > 1:
            index.space = host.space
    elif host.columns is not None:
        missing = [c for c, _ in index.columns if fold(c) not in map(fold, host.columns)]
        if missing:
            raise Refused(1911, f"the column {missing[0]} does not exist in {host.name}")
    if isinstance(host, Module):
        check_view_index(host, index, others)
    host.indexes[name] = index


def settle_layout(host: Table | Module, index: Index, others: dict[str, Index]) -> None:
    taken = any(other.clustered for other in others.values())
    if index.constraint == "PRIMARY KEY" and any(
        o.constraint == "PRIMARY KEY" for o in others.values()
    ):
        raise Refused(1779, f"{host.name} has a primary key already")
    if not index.kind:
        memory = isinstance(host, Table) and host.memory
        first = index.constraint == "PRIMARY KEY" and not taken and not memory
        index.kind = "clustered" if first else "nonclustered"
    if index.clustered and taken:
        raise Refused(1902, f"{host.name} has a clustered index already")


def check_index_columns(world: World, table: Table, index: Index) -> None:
    for name, _ in index.columns:
        column = world.column(table, name)
        base = base_type(world, column.type)
        special = index.kind in ("xml", "spatial", "json") or "columnstore" in index.kind
        if not special and (base.base in NO_KEY or base.arguments == ("max",)):
            raise Refused(1919, f"the column {name} is of a type that cannot be a key column")
        if index.constraint == "PRIMARY KEY" and column.nullable and column.computed is None:
            raise Refused(8111, f"a primary key cannot be on the nullable column {name}")
    for name in index.included:
        world.column(table, name)
    names = [fold(name) for name, _ in index.columns] + list(map(fold, index.included))
    if len(names) != len(set(names)):
        raise Refused(1909, f"a column stands twice in the index {index.name}")
    if index.filter:
        check_expression(world, table, index.filter)


def check_view_index(view: Module, index: Index, others: dict[str, Index]) -> None:
    if not view.bound:
        raise Refused(1939, f"cannot create an index on {view.name}: it is not schema bound")
    if not index.clustered and not any(other.clustered for other in others.values()):
        raise Refused(1940, f"{view.name} has no unique clustered index yet")
    if index.clustered and not index.unique:
        raise Refused(1941, f"the clustered index of the view {view.name} must be unique")


def add_constraint(world: World, table: Table, constraint: Constraint) -> None:
    world.free(Name(table.name.schema, constraint.name), frozenset(constraint_names(table)))
    for name in constraint.columns:
        world.column(table, name, {"FK": 1769, "DEFAULT": 1752}.get(constraint.kind, 207))
    match constraint.kind:
        case "FK":
            check_foreign(world, table, constraint)
        case "CHECK":
            if constraint.expression:
                check_expression(world, table, constraint.expression)
        case "DEFAULT":
            check_default(world, table, constraint)
        case _:
            pass
    if table.memory and constraint.kind == "FK" and not parent_of(world, table, constraint).memory:
        raise Refused(
            10778, "a foreign key between a memory-optimized table and another is not supported"
        )
    table.constraints[fold(constraint.name)] = constraint


def check_default(world: World, table: Table, constraint: Constraint) -> None:
    column = world.column(table, constraint.columns[0], 1752)
    mine = fold(column.name)
    if column.bound_default or any(
        c.kind == "DEFAULT" and c.uses(mine) for c in table.constraints.values()
    ):
        raise Refused(1781, f"the column {column.name} has a default already")
    if column.identity or column.computed or column.type.base == "timestamp":
        raise Refused(1754, f"a default cannot be on the column {column.name}")
    if constraint.expression:
        check_expression(world, None, constraint.expression)


def parent_of(world: World, table: Table, constraint: Constraint) -> Table:
    if constraint.parent == table.name.key:
        return table
    found = world.tables.get(constraint.parent)
    if found is None:
        raise Refused(1767, f"the foreign key {constraint.name} references a missing table")
    return found


def check_foreign(world: World, table: Table, constraint: Constraint) -> None:
    parent = parent_of(world, table, constraint)
    if not constraint.parent_columns:
        key = parent.key_index()
        if key is None:
            raise Refused(
                1773, f"the foreign key {constraint.name} references a table without a primary key"
            )
        constraint.parent_columns = tuple(name for name, _ in key.columns)
    if len(constraint.parent_columns) != len(constraint.columns):
        raise Refused(8139, f"the foreign key {constraint.name} has sides of different lengths")
    for name in constraint.parent_columns:
        world.column(parent, name, 1770)
    if not matching_key(parent, constraint):
        raise Refused(
            1776, f"no key of the referenced table matches the foreign key {constraint.name}"
        )
    for mine, theirs in zip(constraint.columns, constraint.parent_columns, strict=True):
        check_same_type(world, table, parent, constraint, mine, theirs)


def matching_key(parent: Table, constraint: Constraint) -> Index | None:
    wanted = {fold(name) for name in constraint.parent_columns}
    for index in parent.indexes.values():
        if (
            index.unique
            and not index.filter
            and {fold(n) for n, _ in index.columns} == wanted
            and not index.disabled
        ):
            return index
    return None


def check_same_type(
    world: World, table: Table, parent: Table, found: Constraint, mine: str, theirs: str
) -> None:
    left, right = table.columns[fold(mine)], parent.columns[fold(theirs)]
    if left.computed or right.computed:
        return
    one, other = base_type(world, left.type), base_type(world, right.type)
    loose = ("varchar", "nvarchar", "char", "nchar", "varbinary", "binary")
    same = one.base == other.base and (one.base in loose or one.arguments == other.arguments)
    if not same:
        raise Refused(1778, f"{mine} and {theirs} of the foreign key {found.name} differ in type")
    if one.textual and (left.collation or fold(world.collation)) != (
        right.collation or fold(world.collation)
    ):
        raise Refused(
            1757, f"{mine} and {theirs} of the foreign key {found.name} differ in collation"
        )
