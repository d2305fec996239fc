"""Users, roles, their members, and schemas."""

from collections.abc import Iterable

from tests.schema.mssql.oracle.cursor import Cursor, Name, fold
from tests.schema.mssql.oracle.dependence import schema_members
from tests.schema.mssql.oracle.errors import Refused
from tests.schema.mssql.oracle.model import Fact, Target, Thing
from tests.schema.mssql.oracle.options import pairs
from tests.schema.mssql.oracle.scalars import drop_thing, put
from tests.schema.mssql.oracle.session import Act, Session
from tests.schema.mssql.oracle.statements_end import rest
from tests.schema.mssql.oracle.world import ROLES, SCHEMAS, World

DATABASE = ("database",)


def create_user(c: Cursor) -> Act:
    """What follows CREATE USER."""
    name = Name("", c.identifier())
    facts: dict[str, Fact] = {"for": f"login {name.key[1]}"}
    if c.take("FOR|FROM"):
        kind = (
            "asymmetric key"
            if c.take("ASYMMETRIC", "KEY")
            else c.need("LOGIN|CERTIFICATE|EXTERNAL").lower()
        )
        facts["for"] = f"{kind} {fold(c.identifier())}"
    elif c.take("WITHOUT", "LOGIN"):
        facts["for"] = "no login"
    options = with_options(c)
    if "password" in options:
        facts["for"] = "password"
    facts |= user_options(options)
    kind, _, held = str(facts["for"]).rpartition(" ")
    keyed = kind in ("certificate", "asymmetric key")
    uses: frozenset[Target] = frozenset({(kind, held)}) if keyed else frozenset()
    add = put(Thing("USER", name, facts, uses))

    def act(session: Session) -> None:
        if session.world.principal(name.name):
            raise Refused(15023, f"the user or role {name.name} exists already")
        add(session)
        session.world.permissions[(DATABASE, "connect", name.key[1])] = "GRANT"

    return act


def with_options(c: Cursor) -> dict[str, str]:
    return pairs(rest(c)) if c.take("WITH") else {}


def user_options(options: dict[str, str]) -> dict[str, Fact]:
    found: dict[str, Fact] = {}
    if options.get("default_schema", "null") not in ("dbo", "null"):
        found["default schema"] = options["default_schema"]
    if "default_language" in options:
        found["language"] = options["default_language"]
    if options.get("allow_encrypted_value_modifications") == "on":
        found["encrypted values"] = "on"
    return found


def alter_user(c: Cursor) -> Act:
    """What follows ALTER USER."""
    name = Name("", c.identifier())
    options = with_options(c)

    def act(session: Session) -> None:
        thing = session.world.thing("USER", name)
        if "login" in options:
            thing.facts["for"] = f"login {options['login']}"
        if "default_schema" in options:
            thing.facts.pop("default schema", None)
        thing.facts |= user_options(options)
        if "name" in options:
            rename(session.world, thing, spelled_name(session.world, options["name"]))

    return act


def alter_application_role(c: Cursor) -> Act:
    """What follows ALTER APPLICATION ROLE."""
    name = Name("", c.identifier())
    options = with_options(c)

    def act(session: Session) -> None:
        thing = session.world.thing("APPLICATION ROLE", name)
        if "default_schema" in options:
            thing.facts.pop("default schema", None)
        thing.facts |= user_options(options)
        if "name" in options:
            rename(session.world, thing, spelled_name(session.world, options["name"]))

    return act


def spelled_name(world: World, name: str) -> str:
    return world.spellings.get(name, name)


def rename(world: World, thing: Thing, new: str) -> None:
    """Another name of a user or a role: its permissions, members and what it owns follow."""
    old, after = thing.name.key[1], Name("", new)
    if old != after.key[1] and world.principal(new):
        raise Refused(15023, f"the user or role {new} exists already")
    del world.things[(thing.kind, "", old)]
    thing.name = after
    world.things[(thing.kind, *after.key)] = thing
    now = after.key[1]
    world.permissions = {
        (on, name, now if who == old else who): way
        for (on, name, who), way in world.permissions.items()
    }
    world.owners = {on: now if who == old else who for on, who in world.owners.items()}
    for member in [t for t in world.things.values() if t.kind == "MEMBER" and old in t.name.key]:
        del world.things[("MEMBER", *member.name.key)]
        role, who = (
            new if fold(part) == old else part for part in (member.name.schema, member.name.name)
        )
        member.name = Name(role, who)
        world.things[("MEMBER", *member.name.key)] = member
    world.move(("principal", old), ("principal", now))


def create_role(c: Cursor) -> Act:
    """What follows CREATE ROLE."""
    name = Name("", c.identifier())
    facts: dict[str, Fact] = {"owner": c.identifier()} if c.take("AUTHORIZATION") else {}
    return new_principal(Thing("ROLE", name, facts))


def create_application_role(c: Cursor) -> Act:
    """What follows CREATE APPLICATION ROLE."""
    name = Name("", c.identifier())
    return new_principal(Thing("APPLICATION ROLE", name, user_options(with_options(c))))


def new_principal(thing: Thing) -> Act:
    add = put(thing)

    def act(session: Session) -> None:
        if session.world.principal(thing.name.name):
            raise Refused(15023, f"the user or role {thing.name.name} exists already")
        add(session)

    return act


def alter_role(c: Cursor) -> Act:
    """What follows ALTER ROLE."""
    role = c.identifier()
    if c.take("ADD", "MEMBER"):
        return add_member(role, c.identifier())
    if c.take("DROP", "MEMBER"):
        return drop_member(role, c.identifier())
    c.need("WITH", "NAME", "=")
    new = c.identifier()
    return lambda session: rename(session.world, session.world.thing("ROLE", Name("", role)), new)


def add_member(role: str, member: str) -> Act:
    def act(session: Session) -> None:
        world = session.world
        if fold(role) not in ROLES:
            world.thing("ROLE", Name("", role))
        world.need_principal(member)
        name = Name(role, member)
        if name.key[0] == name.key[1]:
            raise Refused(15413, f"{role} cannot be a member of itself")
        world.things[("MEMBER", *name.key)] = Thing("MEMBER", name)

    return act


def drop_member(role: str, member: str) -> Act:
    def act(session: Session) -> None:
        world, name = session.world, Name(role, member)
        if fold(role) not in ROLES:
            world.thing("ROLE", Name("", role))
        world.need_principal(member)
        world.things.pop(("MEMBER", *name.key), None)

    return act


def owned(world: World, thing: Thing) -> Iterable[str]:
    name = thing.name.key[1]
    for target, owner in world.owners.items():
        if owner == name:
            yield " ".join(target)
    if thing.kind == "ROLE":
        for other in world.things.values():
            if other.kind == "MEMBER" and other.name.key[0] == name:
                yield f"member {other.name.name}"


def drop_principal(c: Cursor, kind: str) -> Act:
    """What follows DROP USER, DROP ROLE or DROP APPLICATION ROLE."""
    ahead = c.position
    lenient = c.take("IF", "EXISTS")
    name = Name("", c.identifier())
    c.position = ahead
    inner = drop_thing(c, kind, owned)

    def act(session: Session) -> None:
        world, mine = session.world, name.key[1]
        if lenient and (kind, *name.key) not in world.things:
            return
        inner(session)
        world.permissions = {k: v for k, v in world.permissions.items() if k[2] != mine}
        gone = [k for k, t in world.things.items() if t.kind == "MEMBER" and t.name.key[1] == mine]
        for key in gone:
            del world.things[key]

    return act


def create_schema(c: Cursor) -> Act:
    """What follows CREATE SCHEMA."""
    owner = ""
    name = "" if c.at("AUTHORIZATION") else c.identifier()
    if c.take("AUTHORIZATION"):
        owner = c.identifier()
    if c.at("CREATE|GRANT|DENY|REVOKE"):
        raise c.unknown("the end of CREATE SCHEMA expected")
    facts: dict[str, Fact] = {"owner": owner} if owner else {}
    add = put(Thing("SCHEMA", Name("", name or owner), facts))

    def act(session: Session) -> None:
        if fold(name or owner) in map(fold, SCHEMAS):
            raise Refused(2714, f"the schema {name or owner} exists already")
        if owner:
            session.world.need_principal(owner)
        if ("SCHEMA", "", fold(name or owner)) in session.world.things:
            raise Refused(2714, f"the schema {name or owner} exists already")
        add(session)

    return act


def drop_schema(c: Cursor) -> Act:
    return drop_thing(c, "SCHEMA", lambda world, thing: schema_members(world, thing.name.key[1]))
