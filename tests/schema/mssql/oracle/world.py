"""A database's content: what is there under which name, and what hangs on it."""

import copy
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tests.schema.mssql.oracle.cursor import Name, fold
from tests.schema.mssql.oracle.errors import Refused
from tests.schema.mssql.oracle.model import (
    Column,
    Constraint,
    Index,
    Key,
    Module,
    Table,
    Target,
    Thing,
)

OBJECTS = ("SEQUENCE", "SYNONYM", "DEFAULT", "RULE", "QUEUE", "SECURITY POLICY", "AGGREGATE")
"""The kinds of things that share one namespace with tables, modules and constraints."""
SCHEMAS = ("dbo", "sys", "guest", "INFORMATION_SCHEMA", "#")
ROLES = [
    "public",
    "db_owner",
    "db_accessadmin",
    "db_securityadmin",
    "db_ddladmin",
    "db_backupoperator",
    "db_datareader",
    "db_datawriter",
    "db_denydatareader",
    "db_denydatawriter",
]


@dataclass(slots=True)
class World:
    collation: str
    tables: dict[Key, Table] = field(default_factory=dict)
    modules: dict[Key, Module] = field(default_factory=dict)
    things: dict[tuple[str, str, str], Thing] = field(default_factory=dict)
    properties: dict[tuple[Target, str], tuple[str, str]] = field(default_factory=dict)
    permissions: dict[tuple[Target, str, str], str] = field(default_factory=dict)
    owners: dict[Target, str] = field(default_factory=dict)
    tracking: bool = (
        False  # database-wide change tracking is not modelled: tables may always be tracked
    )
    data_statements: int = 0
    inventing: bool = (
        True  # whether a history table that is missing is made; not while scripts are loaded
    )
    spellings: dict[str, str] = field(default_factory=dict)  # how folded names were written last

    def copy(self) -> "World":
        return copy.deepcopy(self)

    # What is there

    def kind(self, key: Key) -> str:
        """What object has this name; empty where none has."""
        if key in self.tables:
            return "TABLE"
        if key in self.modules:
            return self.modules[key].kind
        for kind in OBJECTS:
            if (kind, *key) in self.things:
                return kind
        for table in self.tables.values():
            if table.name.key[0] == key[0] and key[1] in constraint_names(table):
                return "CONSTRAINT"
        return ""

    def free(self, name: Name, also: frozenset[str] = frozenset()) -> None:
        """Refuses a name that an object of the schema has, or whose schema is missing."""
        self.need_schema(name.schema)
        if self.kind(name.key) or name.key[1] in also:
            raise Refused(2714, f"there is already an object named {name}")

    def need_schema(self, schema: str) -> None:
        if (
            fold(schema) not in map(fold, SCHEMAS)
            and ("SCHEMA", "", fold(schema)) not in self.things
        ):
            raise Refused(2760, f"the schema {schema} does not exist")

    def need_principal(self, name: str) -> None:
        if not self.principal(name):
            raise Refused(15151, f"cannot find the user or role {name}")

    def principal(self, name: str) -> bool:
        folded = fold(name)
        built_in = (*ROLES, "dbo", "guest", "sys", "information_schema")
        return folded in built_in or any(
            (k, "", folded) in self.things for k in ("USER", "ROLE", "APPLICATION ROLE")
        )

    def table(self, name: Name, number: int = 4902) -> Table:
        found = self.tables.get(name.key)
        if found is None:
            raise Refused(number, f"cannot find the table {name}")
        return found

    def host(self, name: Name, number: int = 1088) -> Table | Module:
        """What can have indexes: a table or a view."""
        found = self.tables.get(name.key)
        if found is not None:
            return found
        module = self.modules.get(name.key)
        if module is None or module.kind != "VIEW":
            raise Refused(number, f"cannot find the table or view {name}")
        return module

    def hosts(self) -> list[Table | Module]:
        """All that can have indexes."""
        return [*self.tables.values(), *self.modules.values()]

    def column(self, table: Table, name: str, number: int = 1911) -> Column:
        found = table.columns.get(fold(name))
        if found is None:
            raise Refused(number, f"the column {name} does not exist in {table.name}")
        return found

    def thing(self, kind: str, name: Name, number: int = 15151) -> Thing:
        found = self.things.get((kind, *name.key))
        if found is None:
            raise Refused(number, f"cannot find the {kind.lower()} {name}")
        return found

    def add(self, thing: Thing) -> None:
        key = (thing.kind, *thing.name.key)
        if key in self.things:
            raise Refused(15023, f"the {thing.kind.lower()} {thing.name} exists already")
        for target in thing.uses:
            self.need_target(target, thing)
        self.things[key] = thing

    def need_target(self, target: Target, thing: Thing) -> None:
        if not self.exists(target):
            raise Refused(
                15151,
                f"{thing.kind.lower()} {thing.name} needs "
                f"{' '.join(target)}, which does not exist",
            )

    def exists(self, target: Target) -> bool:
        match target:
            case ("database",):
                return True
            case ("object", schema, name):
                return bool(self.kind((schema, name)))
            case ("principal", name):
                return self.principal(name)
            case ("object", schema, name, part, child):
                return self.child(Name(schema, name), part, child)
            case ("schema", name):
                return name in map(fold, SCHEMAS) or ("SCHEMA", "", name) in self.things
            case (kind, name):
                return (kind.upper(), "", name) in self.things
            case (kind, schema, name):
                return (kind.upper(), schema, name) in self.things
            case _:
                pass
        return False

    def child(self, name: Name, part: str, child: str) -> bool:
        table, module = self.tables.get(name.key), self.modules.get(name.key)
        trigger = self.modules.get((name.key[0], child))
        if part == "trigger":
            return bool(trigger and trigger.parent == name.key)
        if table:
            return child in {
                "column": set(table.columns),
                "index": {k for k, i in table.indexes.items()},
                "constraint": constraint_names(table),
                "statistics": set(table.statistics),
            }.get(part, set())
        if module and part == "parameter":
            return child in map(fold, module.parameters)
        if module and part == "index":
            return child in module.indexes
        if module and part == "column":
            return module.columns is None or child in map(fold, module.columns)
        thing = self.things.get(("QUEUE", *name.key))
        return bool(thing)

    def triggers(self, key: Key) -> Iterator[Module]:
        return (module for module in self.modules.values() if module.parent == key)

    def users_of(self, target: Target) -> Iterator[Thing]:
        return (thing for thing in self.things.values() if target in thing.uses)

    def columns(self) -> Iterator[tuple[Table, Column]]:
        bodies = [thing.body for thing in self.things.values() if thing.body]
        for table in [*self.tables.values(), *bodies]:
            for column in table.columns.values():
                yield table, column

    # What hangs on it

    def forget(self, target: Target, *, but_properties: bool = False) -> None:
        """Permissions, owner and properties go with what they are on."""
        size = len(target)
        if not but_properties:
            self.properties = {k: v for k, v in self.properties.items() if k[0][:size] != target}
        self.permissions = {k: v for k, v in self.permissions.items() if k[0][:size] != target}
        self.owners = {k: v for k, v in self.owners.items() if k[:size] != target}

    def move(self, old: Target, new: Target) -> None:
        """Permissions, owner and properties follow what they are on to its new name."""
        size = len(old)

        def moved(target: Target) -> Target:
            return new + target[size:] if target[:size] == old else target

        self.properties = {(moved(t), name): v for (t, name), v in self.properties.items()}
        self.permissions = {(moved(t), p, g): v for (t, p, g), v in self.permissions.items()}
        self.owners = {moved(t): v for t, v in self.owners.items()}
        for thing in self.things.values():
            thing.uses = frozenset(map(moved, thing.uses))


def constraint_names(table: Table) -> set[str]:
    return set(table.constraints) | {
        key for key, index in table.indexes.items() if index.constraint
    }


def object_target(name: Name) -> Target:
    return ("object", *name.key)


def identity(*parts: str) -> int:
    """A number for what has this name: an object_id, a schema_id ..."""
    return zlib.crc32("\0".join(map(fold, parts)).encode()) & 0x7FFFFFFF


def invented(prefix: str, *parts: str) -> str:
    """A name as the system gives it to a constraint that has none."""
    size = 9 if len(parts) > 1 else 20
    text = "__".join(part[:size] for part in parts)
    return f"{prefix}__{text}__{zlib.crc32(repr(parts).encode()):08X}"


def renamed_in(names: tuple[str, ...], old: str, new: str) -> tuple[str, ...]:
    return tuple(new if fold(name) == old else name for name in names)


def rename_in_index(index: Index, old: str, new: str) -> None:
    index.columns = tuple((new if fold(n) == old else n, d) for n, d in index.columns)
    index.included = renamed_in(index.included, old, new)
    index.space = (*index.space[:1], *renamed_in(index.space[1:], old, new))


def rename_in_constraint(constraint: Constraint, old: str, new: str) -> None:
    constraint.columns = renamed_in(constraint.columns, old, new)


def clone(table: Table, name: Name) -> Table:
    return replace(copy.deepcopy(table), name=name)
