"""Certificates, keys, assemblies, aggregates and security policies."""

import re
from collections.abc import Iterable
from typing import TypeAlias

from tests.schema.mssql.oracle.cursor import Cursor, Name, fold, normal, plain_text
from tests.schema.mssql.oracle.errors import Refused
from tests.schema.mssql.oracle.lexer import Token
from tests.schema.mssql.oracle.model import Fact, Target, Thing
from tests.schema.mssql.oracle.options import option_list, pairs
from tests.schema.mssql.oracle.scalars import put
from tests.schema.mssql.oracle.session import Act, Session
from tests.schema.mssql.oracle.statements_end import rest
from tests.schema.mssql.oracle.world import World

PASSWORD = re.compile(r"password = n?'(?:[^']|'')*'", re.IGNORECASE)  # which no server tells
PROTECTORS = (("CERTIFICATE",), ("ASYMMETRIC", "KEY"), ("SYMMETRIC", "KEY"))


def create_key(c: Cursor, kind: str) -> Act:
    """What follows CREATE CERTIFICATE, CREATE ASYMMETRIC KEY or CREATE SYMMETRIC KEY."""
    name = Name("", c.identifier())
    facts: dict[str, Fact] = {}
    if c.take("AUTHORIZATION"):
        facts["owner"] = c.identifier()
    row = rest(c)
    facts["definition"] = PASSWORD.sub("password = '*'", plain_text(row))
    facts["raw"] = c.text[row[0].start : row[-1].end] if row else ""
    return put(Thing(kind, name, facts, protectors(row)))


def protectors(row: tuple[Token, ...]) -> frozenset[Target]:
    """What a key is encrypted by."""
    found: set[Target] = set()
    for place in range(len(row)):
        c = Cursor("", row)
        c.position = place
        for words in PROTECTORS:
            if c.at("BY", *words) or c.at(",", *words):
                found.add((" ".join(words).lower(), fold(row[place + len(words) + 1].value)))
        if c.at("ASSEMBLY"):
            found.add(("assembly", fold(row[place + 1].value)))
    return frozenset(found)


def alter_key(c: Cursor, kind: str) -> Act:
    """What follows ALTER CERTIFICATE, ALTER ASYMMETRIC KEY or ALTER SYMMETRIC KEY."""
    name = Name("", c.identifier())
    row = rest(c)

    def act(session: Session) -> None:
        thing = session.world.thing(kind, name)
        if row and row[0].upper in ("ADD", "DROP") and kind == "SYMMETRIC KEY":
            change_protection(thing, row)
        elif row and row[0].upper == "WITH" and row[1].upper == "ACTIVE":
            thing.facts["active for begin_dialog"] = row[-1].normal()
        else:
            thing.facts[f"altered {normal(row[:3])}"] = normal(row)

    return act


def change_protection(thing: Thing, row: tuple[Token, ...]) -> None:
    text, inner = str(thing.facts["definition"]), plain_text(row[1:])
    thing.facts.pop("raw", None)
    clause = inner.removeprefix("encryption by ")
    if row[0].upper == "ADD":
        thing.facts["definition"] = (
            f"{text} , {clause}" if "encryption by" in text else f"{text} {inner}"
        )
        thing.uses |= protectors(row[1:])
        return
    kept = [part for part in text.split("encryption by ")[-1].split(" , ") if part != clause]
    if len(kept) == len(text.split("encryption by ")[-1].split(" , ")):
        raise Refused(15315, f"the key {thing.name.name} is not encrypted by {clause}")
    thing.facts["definition"] = (
        text.split("encryption by ")[0] + "encryption by " + " , ".join(kept)
    )
    thing.uses -= protectors(row[1:])


def create_assembly(c: Cursor) -> Act:
    """What follows CREATE ASSEMBLY."""
    name = Name("", c.identifier())
    facts: dict[str, Fact] = {"permission_set": "safe", "visibility": "on"}
    if c.take("AUTHORIZATION"):
        facts["owner"] = c.identifier()
    c.need("FROM")
    facts["content"] = content(c)
    if c.take("WITH"):
        facts |= pairs(rest(c))
    return put(Thing("ASSEMBLY", name, facts))


def content(c: Cursor) -> str:
    """The bits of an assembly; a number may be continued with a backslash."""
    found = [c.next().normal()]
    while c.take(",") or c.take("\\"):
        found.append(c.next().normal())
    return "".join(found)


def alter_assembly(c: Cursor) -> Act:
    """What follows ALTER ASSEMBLY."""
    name = Name("", c.identifier())
    facts: dict[str, Fact] = {}
    if c.take("FROM"):
        facts["content"] = content(c)
    if c.take("WITH"):
        while True:
            if not c.take("UNCHECKED", "DATA"):
                word = c.word().lower()
                c.need("=")
                facts[word] = c.next().normal()
            if not c.take(","):
                break
    files: dict[str, str] = {}
    while c.take("ADD", "FILE", "FROM"):
        bits = content(c)
        files[c.next().value if c.take("AS") else bits] = bits
    gone = []
    if c.take("DROP", "FILE"):
        gone = [c.next().value]
        while c.take(","):
            gone.append(c.next().value)

    def act(session: Session) -> None:
        thing = session.world.thing("ASSEMBLY", name, 15151)
        held = thing.facts.get("files")
        kept = {k: v for k, v in (held if isinstance(held, dict) else {}).items() if k not in gone}
        thing.facts |= facts
        if kept or files:
            thing.facts["files"] = kept | files
        else:
            thing.facts.pop("files", None)

    return act


def assembly_users(world: World, thing: Thing) -> Iterable[str]:
    name = thing.name.key[1]
    for module in world.modules.values():
        if module.facts.get("assembly") == name:
            yield f"{module.kind.lower()} {module.name}"


def create_aggregate(c: Cursor) -> Act:
    """What follows CREATE AGGREGATE."""
    name = c.name()
    row = c.balanced()
    c.need("RETURNS")
    start = c.position
    while not c.at("EXTERNAL"):
        c.next()
    result = normal(c.row[start : c.position])
    c.need("EXTERNAL", "NAME")
    parts = c.parts()
    facts: dict[str, Fact] = {
        "signature": normal(row),
        "returns": result,
        "external": tuple(map(fold, parts)),
    }
    return put(Thing("AGGREGATE", name, facts, frozenset({("assembly", fold(parts[0]))})))


def policy(c: Cursor, way: str) -> Act:
    """What follows CREATE SECURITY POLICY or ALTER SECURITY POLICY."""
    name = c.name()
    steps = []
    while c.at("ADD|ALTER|DROP", "FILTER|BLOCK"):
        steps.append(predicate(c))
        c.take(",")
    options = {"state": "on", "schemabinding": "on"} if way == "CREATE" else {}
    if c.take("WITH"):
        options |= option_list(c)
    replication = c.take("NOT", "FOR", "REPLICATION")

    def act(session: Session) -> None:
        world = session.world
        if way == "CREATE":
            world.free(name)
            facts: dict[str, Fact] = {"predicates": {}, **options}
            if replication:
                facts["not for replication"] = True
            thing = Thing("SECURITY POLICY", name, facts)
        else:
            thing = world.thing("SECURITY POLICY", name, 33271)
        predicates, uses = applied(world, thing, steps)
        thing.facts |= {"predicates": predicates, **options}
        thing.uses = uses
        world.things[("SECURITY POLICY", *name.key)] = thing

    return act


Step: TypeAlias = tuple[str, str, Name, tuple[str, ...], Name, str]


def predicate(c: Cursor) -> Step:
    """What is done, of which sort, with which function and arguments, on which table, when."""
    way, sort = c.word(), c.word().lower()
    c.need("PREDICATE")
    function, names = Name("", ""), tuple[str, ...]()
    if not c.at("ON"):
        function = c.name()
        row = c.balanced()
        names = tuple(fold(token.value) for token in row if token.kind in ("word", "name"))
    c.need("ON")
    table = c.name()
    moment = ""
    if c.take("AFTER"):
        moment = f"after {c.need('INSERT|UPDATE').lower()}"
    elif c.take("BEFORE"):
        moment = f"before {c.need('UPDATE|DELETE').lower()}"
    return way, sort, function, names, table, moment


def applied(
    world: World, thing: Thing, steps: list[Step]
) -> tuple[dict[str, Fact], frozenset[Target]]:
    held = thing.facts["predicates"]
    predicates: dict[str, Fact] = dict(held) if isinstance(held, dict) else {}
    for way, sort, function, names, table, moment in steps:
        key = " ".join((sort, ".".join(table.key), moment)).strip()
        if (key in predicates) == (way == "ADD"):
            raise Refused(
                33262,
                f"the predicate {key} is {'already' if way == 'ADD' else 'not'} in {thing.name}",
            )
        if way == "DROP":
            del predicates[key]
            continue
        if world.kind(function.key) != "FUNCTION" or not world.modules[function.key].bound:
            raise Refused(33269, f"{function} is no schema-bound function")
        columns = world.table(table, 208).columns
        for name in names:
            if name not in columns:
                raise Refused(207, f"invalid column name {name}")
        predicates[key] = (function.key, table.key, names)
    uses: set[Target] = set()
    for value in predicates.values():
        assert isinstance(value, tuple)
        called, of, names = value
        uses |= {("object", *called), ("object", *of)} | {
            ("object", *of, "column", name) for name in names
        }
    return predicates, frozenset(uses)
