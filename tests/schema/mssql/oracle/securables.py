"""What permissions, owners and labels are on: `CLASS::name`."""

from collections.abc import Callable
from typing import TypeAlias

from tests.schema.mssql.oracle.cursor import Cursor, Name, fold, name_of
from tests.schema.mssql.oracle.errors import Refused
from tests.schema.mssql.oracle.model import Target
from tests.schema.mssql.oracle.world import World, object_target

CLASSES = (
    ("XML", "SCHEMA", "COLLECTION"),
    ("REMOTE", "SERVICE", "BINDING"),
    ("SEARCH", "PROPERTY", "LIST"),
    ("DATABASE", "SCOPED", "CREDENTIAL"),
    ("APPLICATION", "ROLE"),
    ("ASYMMETRIC", "KEY"),
    ("SYMMETRIC", "KEY"),
    ("MESSAGE", "TYPE"),
    ("FULLTEXT", "CATALOG"),
    ("FULLTEXT", "STOPLIST"),
    ("OBJECT",),
    ("SCHEMA",),
    ("TYPE",),
    ("DATABASE",),
    ("ROLE",),
    ("USER",),
    ("ASSEMBLY",),
    ("CERTIFICATE",),
    ("CONTRACT",),
    ("SERVICE",),
    ("ROUTE",),
)
PRINCIPALS = ("ROLE", "USER", "APPLICATION ROLE")

Resolve: TypeAlias = Callable[[World], Target]


def securable(c: Cursor) -> Resolve:
    """`[CLASS::]name`; gives what it means in a database, or refuses what is not there."""
    for words in CLASSES:
        if c.at(*words, "::"):
            c.position += len(words) + 1
            return of_class(" ".join(words), c.parts())
    name = c.name()
    return lambda world: needed(world, object_target(name), str(name))


def of_class(kind: str, parts: tuple[str, ...]) -> Resolve:
    if kind == "OBJECT":
        name = name_of(parts)
        return lambda world: needed(world, object_target(name), str(name))
    if kind == "DATABASE":
        return lambda world: ("database",)
    if kind in PRINCIPALS:
        return lambda world: needed(world, ("principal", fold(parts[-1])), parts[-1])
    if kind in ("TYPE", "XML SCHEMA COLLECTION"):
        found = name_of(parts)
        return lambda world: needed(world, (kind.lower(), *found.key), str(found))
    return lambda world: needed(world, (kind.lower(), fold(".".join(parts))), parts[-1])


def needed(world: World, target: Target, name: str) -> Target:
    if not world.exists(target) or (
        target[0] == "object" and world.kind(Name(*target[1:3]).key) == "CONSTRAINT"
    ):
        raise Refused(15151, f"cannot find the {target[0]} {name}")
    return target
