"""Extended properties: on what, and their three procedures."""

from collections.abc import Sequence

from tests.schema.mssql.oracle.cursor import Name, fold
from tests.schema.mssql.oracle.errors import Refused, Unknown
from tests.schema.mssql.oracle.model import Target
from tests.schema.mssql.oracle.world import World

OBJECTS = frozenset(
    [
        "table",
        "view",
        "procedure",
        "function",
        "synonym",
        "sequence",
        "queue",
        "aggregate",
        "default",
        "rule",
    ]
)
CHILDREN = frozenset(["column", "index", "constraint", "trigger", "parameter"]) | {
    "event notification"
}


def target_of(world: World, levels: Sequence[str | None]) -> Target:
    """What the three levels of types and names mean; refuses what is not there."""
    padded = [*levels, *([None] * (6 - len(levels)))]
    kinds = [fold(kind) if kind else "" for kind in padded[0::2]]
    names = [name or "" for name in padded[1::2]]
    target = meant(kinds, names)
    if not world.exists(target):
        raise Refused(15135, f"the object is not valid: {' '.join(target)}")
    if (
        kinds[1] in ("table", "view", "procedure", "function")
        and world.kind(Name(*target[1:3]).key) != kinds[1].upper()
    ):
        raise Refused(15135, f"the object is not a {kinds[1]}: {' '.join(target)}")
    return target


def meant(kinds: list[str], names: list[str]) -> Target:
    first, second, third = kinds
    if not first:
        return ("database",)
    if first in ("schema", "user") and second:
        schema, name = fold(names[0]), fold(names[1])
        if second in OBJECTS:
            return (
                "object",
                schema,
                name,
                *((third, fold(names[2])) if third in CHILDREN else ()),
            )
        if second in ("type", "table_type", "xml schema collection"):
            rest = (third, fold(names[2])) if third else ()
            return ("type" if second == "table_type" else second, schema, name, *rest)
        raise Unknown(f"an extended property on {second}")
    if first == "user":
        return ("principal", fold(names[0]))
    if first == "trigger":
        return ("object", "", fold(names[0]))
    if second:
        raise Unknown(f"an extended property on {first} {second}")
    return (first, fold(names[0]))


def arguments(given: dict[str, str | None]) -> tuple[str, str, list[str | None]]:
    """The name, the value and the levels among a procedure's arguments."""
    levels: list[str | None] = []
    for place in range(3):
        levels += [given.get(f"level{place}type"), given.get(f"level{place}name")]
    return given["name"] or "", given.get("value") or "", levels


def add(world: World, given: dict[str, str | None]) -> None:
    name, value, levels = arguments(given)
    key = (target_of(world, levels), fold(name))
    if key in world.properties:
        raise Refused(15233, f"the property {name} exists already")
    world.properties[key] = (name, value)


def update(world: World, given: dict[str, str | None]) -> None:
    name, value, levels = arguments(given)
    key = (target_of(world, levels), fold(name))
    if key not in world.properties:
        raise Refused(15217, f"the property {name} does not exist")
    world.properties[key] = (world.properties[key][0], value)


def drop(world: World, given: dict[str, str | None]) -> None:
    name, _, levels = arguments(given)
    key = (target_of(world, levels), fold(name))
    if key not in world.properties:
        raise Refused(15217, f"the property {name} does not exist")
    del world.properties[key]
