"""Procedures, functions, views and triggers."""

from dataclasses import replace

from tests.schema.mssql.oracle.cursor import Cursor, Name, fold, normal
from tests.schema.mssql.oracle.datatypes import SYSTEM
from tests.schema.mssql.oracle.dependence import refuse_if_used
from tests.schema.mssql.oracle.errors import Refused
from tests.schema.mssql.oracle.lexer import Token
from tests.schema.mssql.oracle.model import Key, Module
from tests.schema.mssql.oracle.outputs import view_columns
from tests.schema.mssql.oracle.references import (
    check_query,
    common_names,
    sources,
    two_part_names,
)
from tests.schema.mssql.oracle.session import Act, Session
from tests.schema.mssql.oracle.world import World, object_target

DDL_PARENTS = ("DATABASE", "ALL")


def module(c: Cursor, way: str) -> Act:
    """What follows CREATE, ALTER or CREATE OR ALTER (`way`): the whole rest of the batch."""
    kind = c.need("PROC|PROCEDURE|FUNCTION|VIEW|TRIGGER")
    kind = "PROCEDURE" if kind == "PROC" else kind
    parts = c.parts()
    if c.at(";") and c.peek(1).kind == "number":
        raise c.unknown("a procedure without a number expected")
    spans = ((c.row[0].start, c.row[c.position - 1].end),)
    found = read_module(c, kind, parts)
    found.facts["head"] = spans[0]

    def act(session: Session) -> None:
        settled = settle(session, replace(found, settings=session.settings))
        place(session, settled, way)

    return act


def read_module(c: Cursor, kind: str, parts: tuple[str, ...]) -> Module:
    name = Name(parts[-2] if len(parts) > 1 else "dbo", parts[-1])
    row = c.row[c.position :]
    c.position = len(c.row)
    while row and row[-1].text == ";":
        row = row[:-1]
    found = Module(kind, name, normal(row), c.text, row, (True, True))
    inner = Cursor(c.text, row)
    if kind == "TRIGGER":
        read_trigger(inner, found)
    elif kind == "FUNCTION":
        read_function(inner, found)
    elif kind == "VIEW" and inner.at("("):
        found.columns = inner.names()
    head = header(row)
    found.parameters = tuple(parameters(head)) if kind in ("PROCEDURE", "FUNCTION") else ()
    found.bound = any(token.upper == "SCHEMABINDING" for token in head)
    found.types = frozenset(parameter_types(head)) if kind != "VIEW" else frozenset()
    found.facts["native"] = any(token.upper == "NATIVE_COMPILATION" for token in head)
    if any(t.upper == "EXTERNAL" and row[n + 1].upper == "NAME" for n, t in enumerate(row[:-2])):
        place = next(
            n for n, t in enumerate(row) if t.upper == "EXTERNAL" and row[n + 1].upper == "NAME"
        )
        found.facts["assembly"] = fold(row[place + 2].value)
        if kind == "FUNCTION":
            found.shape = "clr table" if "returns table" in found.body else "clr scalar"
    return found


def header(row: tuple[Token, ...]) -> tuple[Token, ...]:
    """The tokens before the AS that begins the body."""
    depth = 0
    for place, token in enumerate(row):
        if token.kind == "operator":
            depth += {"(": 1, ")": -1}.get(token.text, 0)
        before = row[place - 1] if place else None
        if depth == 0 and token.kind == "word" and token.upper in ("AS", "BEGIN", "RETURN"):
            named = token.upper == "AS" and before is not None and before.kind == "variable"
            executed = before is not None and before.upper in ("EXECUTE", "EXEC")
            if not named and not executed:
                return row[:place]
    return row


def parameters(head: tuple[Token, ...]) -> list[str]:
    return [token.text for token in head if token.kind == "variable"]


def parameter_types(head: tuple[Token, ...]) -> list[Key]:
    """The user's types among parameters, results and columns of results."""
    found: list[Key] = []
    for place, token in enumerate(head):
        after = place + 1
        if token.kind == "variable" and after < len(head) and head[after].upper == "AS":
            after += 1
        if token.kind != "variable" and token.upper != "RETURNS":
            continue
        if head[after : after + 2] and head[after].upper == "NULL":
            continue
        if after < len(head) and head[after].kind in ("word", "name"):
            parts = [head[after].value]
            if after + 2 < len(head) and head[after + 1].text == ".":
                parts.append(head[after + 2].value)
            if len(parts) == 2 and fold(parts[0]) != "sys":
                found.append((fold(parts[0]), fold(parts[1])))
            elif len(parts) == 1 and fold(parts[0]) not in SYSTEM:
                found.append(("dbo", fold(parts[0])))
    return found


def read_trigger(c: Cursor, found: Module) -> None:
    c.need("ON")
    if c.take("ALL", "SERVER"):
        raise c.unknown("a trigger of the database expected")
    if c.take("DATABASE"):
        found.kind = "DATABASE TRIGGER"
        found.name = Name("", found.name.name)
        return
    start = c.position
    found.parent = c.name().key
    found.body = (
        f"on {normal(c.row[c.position :])}"  # its table is in `parent`, under the name it has now
    )
    found.facts["on"] = (c.row[start].start, c.row[c.position - 1].end)
    while not c.done and not c.at("FOR|AFTER|INSTEAD"):
        c.next()
    found.facts["instead"] = c.take("INSTEAD", "OF")
    if not found.facts["instead"]:
        c.need("FOR|AFTER")
    events = [c.word()]
    while c.take(","):
        events.append(c.word())
    found.facts["events"] = frozenset(events)


def read_function(c: Cursor, found: Module) -> None:
    c.balanced()
    c.need("RETURNS")
    if c.peek().kind == "variable":
        found.shape = "table"
    elif c.at("TABLE"):
        found.shape = "inline"
    else:
        found.shape = "scalar"


def body(found: Module) -> tuple[Token, ...]:
    return found.row[len(header(found.row)) :]


def settle(session: Session, found: Module) -> Module:
    """A module with what it reads; refuses one that reads what is not there."""
    world = session.world
    world.need_schema(found.name.schema or "dbo")
    inner = tuple(token for token in body(found))
    while inner and (
        inner[0].upper in ("AS", "RETURN") or (inner[0].text == "(" and inner[-1].text == ")")
    ):
        inner = inner[1:] if inner[0].text != "(" else inner[1:-1]
    if found.kind == "VIEW" or found.shape == "inline":
        check_query(world, without_check_option(inner))
    if found.kind == "VIEW" and found.columns is None:
        found.columns = view_columns(world, inner)
    for key in found.types:
        if ("TYPE", *key) not in world.things:
            raise Refused(2715, f"cannot find the data type {'.'.join(key)}")
    assembly = found.facts.get("assembly")
    if assembly and ("ASSEMBLY", "", str(assembly)) not in world.things:
        raise Refused(6528, f"the assembly {assembly} does not exist")
    if found.bound:
        bind(world, found)
    check_parent(world, found)
    return found


def without_check_option(row: tuple[Token, ...]) -> tuple[Token, ...]:
    return (
        row[:-3] if len(row) > 3 and row[-3].upper == "WITH" and row[-2].upper == "CHECK" else row
    )


def bind(world: World, found: Module) -> None:
    """Schema binding: every table it reads must be there, and be named with its schema."""
    inner = body(found)
    common = common_names(inner)
    for source in sources(inner):
        if len(source.parts) == 1 and not source.function and fold(source.parts[0]) not in common:
            outer = world.kind(("dbo", fold(source.parts[0])))
            if outer or found.kind == "VIEW":
                raise Refused(
                    4512, f"{found.name} is schema bound: {source.parts[0]} needs two parts"
                )
        if len(source.parts) == 2 and not source.function:
            name = Name(*source.parts)
            if not world.kind(name.key):
                raise Refused(208, f"invalid object name {name}")
    found.reads = frozenset(
        key for key in two_part_names(found.row) if world.kind(key) not in ("", "CONSTRAINT")
    )
    for key in found.reads:
        read = world.modules.get(key)
        if (
            read
            and read.kind in ("VIEW", "FUNCTION")
            and not read.bound
            and not read.shape.startswith("clr")
        ) and key != found.name.key:
            raise Refused(4513, f"{found.name} is schema bound: {read.name} is not")


def check_parent(world: World, found: Module) -> None:
    if found.parent is None:
        return
    kind = world.kind(found.parent)
    if kind not in ("TABLE", "VIEW"):
        raise Refused(
            8197, f"the object {'.'.join(found.parent)} does not exist or cannot have a trigger"
        )
    if kind == "VIEW" and not found.facts.get("instead"):
        raise Refused(
            8197, f"only INSTEAD OF triggers can be on the view {'.'.join(found.parent)}"
        )
    if found.name.key[0] != found.parent[0]:
        raise Refused(2103, f"the trigger {found.name} is not in its table's schema")


def place(session: Session, found: Module, way: str) -> None:
    world, key = session.world, found.name.key
    existing = world.modules.get(key)
    if found.facts.get("native") and session.depth:
        raise Refused(
            12331, f"{found.name} is natively compiled: it cannot change in a transaction"
        )
    if existing is None:
        if way == "ALTER":
            raise Refused(208, f"invalid object name {found.name}")
        if found.kind == "DATABASE TRIGGER":
            world.modules[key] = found
            return
        world.free(found.name)
        refuse_second_instead(world, found)
    else:
        if way == "CREATE":
            raise Refused(2714, f"there is already an object named {found.name}")
        replaceable(session, existing, found)
    world.modules[key] = (
        found  # enabled, without an order and without indexes: ALTER keeps none of them
    )


def refuse_second_instead(world: World, found: Module) -> None:
    if not found.facts.get("instead") or found.parent is None:
        return
    events = found.facts["events"]
    for other in world.triggers(found.parent):
        theirs = other.facts.get("events")
        if (
            other.facts.get("instead")
            and isinstance(theirs, frozenset)
            and isinstance(events, frozenset)
            and theirs & events
        ):
            raise Refused(
                2111, f"an INSTEAD OF trigger is on {'.'.join(found.parent)} already: {other.name}"
            )


def replaceable(session: Session, existing: Module, found: Module) -> None:
    families = {
        "inline": "I",
        "table": "T",
        "clr table": "T",
        "scalar": "S",
        "clr scalar": "S",
        "": "",
    }
    if existing.kind != found.kind or families[existing.shape] != families[found.shape]:
        raise Refused(2010, f"cannot alter {found.name}: it is another kind of object")
    if existing.parent != found.parent:
        raise Refused(2103, f"the trigger {found.name} is on another table")
    if found.kind in ("VIEW", "FUNCTION"):
        refuse_if_used(session.world, found.name, "alter", altering=True)


def drop_module(c: Cursor, kind: str) -> Act:
    """What follows DROP PROCEDURE, DROP VIEW ..."""
    lenient = c.take("IF", "EXISTS")
    names = [c.name()]
    while c.take(","):
        names.append(c.name())
    if kind == "TRIGGER" and c.take("ON", "DATABASE"):
        names = [Name("", name.name) for name in names]
    elif c.at("ON", "ALL"):
        raise c.unknown("ON DATABASE expected")

    def act(session: Session) -> None:
        for name in names:
            found = session.world.modules.get(name.key)
            if found is None or found.kind.removeprefix("DATABASE ") != kind:
                if lenient and found is None:
                    continue
                raise Refused(
                    3701 if found is None else 3705,
                    f"cannot drop the {kind.lower()} {name}: it does not exist",
                )
            drop(session, found)

    return act


def drop(session: Session, found: Module) -> None:
    world = session.world
    refuse_if_used(world, found.name, "drop")
    if found.facts.get("native") and session.depth:
        raise Refused(
            12331, f"{found.name} is natively compiled: it cannot be dropped in a transaction"
        )
    del world.modules[found.name.key]
    for trigger in list(world.triggers(found.name.key)):
        del world.modules[trigger.name.key]
        world.forget(object_target(trigger.name))
    world.forget(object_target(found.name))


def switch_trigger(c: Cursor, *, disabled: bool) -> Act:
    """What follows ENABLE TRIGGER or DISABLE TRIGGER."""
    names = [] if c.take("ALL") else [c.name()]
    while names and c.take(","):
        names.append(c.name())
    c.need("ON")
    if c.at("ALL", "SERVER"):
        raise c.unknown("ON DATABASE expected")
    host = None if c.take("DATABASE") else c.name()

    def act(session: Session) -> None:
        modules = session.world.modules
        if host is None:
            mine = {k: m for k, m in modules.items() if m.kind == "DATABASE TRIGGER"}
            wanted = [("", name.key[1]) for name in names] or list(mine)
        else:
            mine = {k: m for k, m in modules.items() if m.parent == host.key}
            wanted = [(host.key[0], name.key[1]) for name in names] or list(mine)
            if not session.world.kind(host.key):
                raise Refused(1088, f"cannot find {host}")
        for key in wanted:
            if key not in mine:
                raise Refused(1088, f"cannot find the trigger {key[1]}")
            mine[key].disabled = disabled

    return act
