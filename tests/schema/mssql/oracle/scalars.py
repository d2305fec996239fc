"""Types, sequences, synonyms, defaults and rules."""

from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import TypeAlias

from tests.schema.mssql.oracle.columns import Draft, elements
from tests.schema.mssql.oracle.cursor import Cursor, Name, fold
from tests.schema.mssql.oracle.datatypes import DataType, data_type
from tests.schema.mssql.oracle.dependence import bound_modules, expression_users, type_users
from tests.schema.mssql.oracle.errors import Refused
from tests.schema.mssql.oracle.expressions import expression
from tests.schema.mssql.oracle.model import Fact, Table, Target, Thing
from tests.schema.mssql.oracle.options import option_list
from tests.schema.mssql.oracle.session import Act, Session
from tests.schema.mssql.oracle.tables import fill
from tests.schema.mssql.oracle.world import OBJECTS, World, object_target

RANGES = {"tinyint": (0, 255), "smallint": (-(2**15), 2**15 - 1), "int": (-(2**31), 2**31 - 1)}


IN_USE = {
    "SCHEMA": 3729,
    "TYPE": 3732,
    "ROLE": 15144,
    "USER": 15138,
    "PARTITION FUNCTION": 7706,
    "PARTITION SCHEME": 7717,
    "XML SCHEMA COLLECTION": 6328,
    "FULLTEXT CATALOG": 7668,
    "ASSEMBLY": 6590,
}
"""With what number the server refuses to drop a thing that is used, where that is known."""


def target(thing: Thing) -> Target:
    """What permissions and properties of a thing are on."""
    if thing.kind in OBJECTS:
        return object_target(thing.name)
    if thing.kind in ("USER", "ROLE", "APPLICATION ROLE"):
        return ("principal", thing.name.key[1])
    if thing.name.schema:
        return (thing.kind.lower(), *thing.name.key)
    return (thing.kind.lower(), thing.name.key[1])


def put(thing: Thing) -> Act:
    """Adds a thing to the database; a fresh one each time the statement runs."""

    def act(session: Session) -> None:
        world, made = session.world, deepcopy(thing)
        if made.name.schema:
            world.need_schema(made.name.schema)
        if made.kind in OBJECTS:
            world.free(made.name)
        owner = made.facts.pop("owner", None)
        if owner:
            world.need_principal(str(owner))
        world.add(made)
        if owner and fold(str(owner)) != "dbo":
            world.owners[target(made)] = fold(str(owner))

    return act


Users: TypeAlias = Callable[[World, Thing], Iterable[str]]


def no_users(world: World, thing: Thing) -> Iterable[str]:
    return ()


def drop_thing(
    c: Cursor, kind: str, users: Users = no_users, *, schema: bool = False, number: int = 15151
) -> Act:
    """What follows DROP and the kind of a thing."""
    lenient = c.take("IF", "EXISTS")
    names = [named(c, schema=schema)]
    while c.take(","):
        names.append(named(c, schema=schema))

    def act(session: Session) -> None:
        for name in names:
            if lenient and (kind, *name.key) not in session.world.things:
                continue
            remove(session.world, session.world.thing(kind, name, number), users)

    return act


def named(c: Cursor, *, schema: bool) -> Name:
    return c.name() if schema else Name("", c.identifier())


def remove(world: World, thing: Thing, users: Users) -> None:
    mine = target(thing)
    holders = [f"{other.kind.lower()} {other.name}" for other in world.users_of(mine)] + list(
        users(world, thing)
    )
    if thing.kind in OBJECTS:
        holders += [str(module.name) for module in bound_modules(world, thing.name.key)]
        holders += list(expression_users(world, thing.name.key))
    if holders:
        number = 3729 if thing.kind in OBJECTS else IN_USE.get(thing.kind, 0)
        raise Refused(
            number, f"cannot drop the {thing.kind.lower()} {thing.name}: {holders[0]} uses it"
        )
    del world.things[(thing.kind, *thing.name.key)]
    world.forget(mine)


def create_type(c: Cursor) -> Act:
    """What follows CREATE TYPE."""
    name = c.name()
    if c.take("FROM"):
        kind = data_type(c)
        nullable = not c.take("NOT", "NULL")
        c.take("NULL")
        return put(Thing("TYPE", name, {"type": kind, "nullable": nullable}))
    if c.take("EXTERNAL", "NAME"):
        parts = c.parts()
        uses: frozenset[Target] = frozenset({("assembly", fold(parts[0]))})
        return put(Thing("TYPE", name, {"external": tuple(map(fold, parts))}, uses))
    c.need("AS", "TABLE")
    return table_type(c, name)


def table_type(c: Cursor, name: Name) -> Act:
    draft = Draft()
    c.need("(")
    elements(c, name, draft)
    c.need(")")
    options = option_list(c) if c.take("WITH") else {}

    def act(session: Session) -> None:
        session.world.need_schema(name.schema)
        if ("TYPE", *name.key) in session.world.things:
            raise Refused(219, f"the type {name} exists already")
        if options and session.depth:
            raise Refused(12331, f"{name} is memory-optimized: it cannot change in a transaction")
        body = Table(name, options=dict(options))
        fill(session.world, body, deepcopy(draft))
        session.world.add(Thing("TYPE", name, body=body))

    return act


def drop_type(c: Cursor) -> Act:
    return drop_thing(
        c, "TYPE", lambda world, thing: type_users(world, thing.name.key), schema=True, number=3701
    )


def create_sequence(c: Cursor) -> Act:
    """What follows CREATE SEQUENCE."""
    name = c.name()
    kind = data_type(c) if c.take("AS") else DataType("bigint")
    facts = sequence_options(c)
    step = int(str(facts.setdefault("increment", "1")))
    low, high = RANGES.get(kind.base, (-(2**63), 2**63 - 1))
    facts["type"] = kind.normal()
    settle_bounds(facts, low, high)
    if "start" not in facts:
        facts["start"] = facts["min"] if step > 0 else facts["max"]
    facts.setdefault("cycle", False)
    facts.setdefault("cache", "default")

    uses: frozenset[Target] = frozenset({("type", *kind.user.key)}) if kind.user else frozenset()
    return put(Thing("SEQUENCE", name, facts, uses))


def settle_bounds(facts: dict[str, Fact], low: int, high: int) -> None:
    for word, bound in (("min", low), ("max", high)):
        if facts.get(word) is None:
            facts[word] = str(bound)


def sequence_options(c: Cursor) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    while True:
        if c.take("START", "WITH"):
            facts["start"] = c.number()
        elif c.take("RESTART"):
            facts["restart"] = c.number() if c.take("WITH") else None
        elif c.take("INCREMENT", "BY"):
            facts["increment"] = c.number()
        elif c.at("MINVALUE|MAXVALUE"):
            bound = c.word().lower()[:3]
            facts[bound] = c.number()
        elif c.at("NO", "MINVALUE|MAXVALUE|CYCLE|CACHE"):
            c.next()
            word = c.word().lower()
            absent: dict[str, Fact] = {"cycle": False, "cache": "no"}
            facts[word[:3] if word.endswith("value") else word] = absent.get(word)
        elif c.take("CYCLE"):
            facts["cycle"] = True
        elif c.take("CACHE"):
            facts["cache"] = c.number() if c.peek().kind == "number" else "default"
        else:
            return facts


def alter_sequence(c: Cursor) -> Act:
    """What follows ALTER SEQUENCE."""
    name = c.name()
    changes = sequence_options(c)

    def act(session: Session) -> None:
        thing = session.world.thing("SEQUENCE", name, 208)
        given = dict(changes)
        if "restart" in given:
            again = given.pop("restart")
            if again is not None:
                thing.facts["start"] = again
        thing.facts |= given
        low, high = RANGES.get(str(thing.facts["type"]), (-(2**63), 2**63 - 1))
        settle_bounds(thing.facts, low, high)

    return act


def create_synonym(c: Cursor) -> Act:
    """What follows CREATE SYNONYM."""
    name = c.name()
    c.need("FOR")
    parts = tuple(map(fold, c.parts()))
    return put(Thing("SYNONYM", name, {"for": parts if len(parts) > 1 else ("dbo", *parts)}))


def create_bound(c: Cursor, kind: str) -> Act:
    """What follows CREATE DEFAULT or CREATE RULE."""
    name = c.name()
    c.need("AS")
    start = c.position
    node = expression(c)
    text = c.since(start)
    return put(Thing(kind, name, {"expression": node.normal(), "text": text}))


def drop_bound(c: Cursor, kind: str) -> Act:
    def users(world: World, thing: Thing) -> Iterable[str]:
        for table, column in world.columns():
            if thing.name.key == (
                column.bound_default if kind == "DEFAULT" else column.bound_rule
            ):
                yield f"column {column.name} of {table.name}"
        for other in world.things.values():
            if other.facts.get(f"bound {kind.lower()}") == thing.name.key:
                yield f"type {other.name}"

    return drop_thing(c, kind, users, schema=True, number=3701)
