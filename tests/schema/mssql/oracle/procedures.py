"""EXECUTE: the system's procedures, and text that is run."""

from collections.abc import Callable
from typing import TypeAlias

from tests.schema.mssql.oracle import properties
from tests.schema.mssql.oracle.cursor import Cursor, Name, dotted, fold, name_of
from tests.schema.mssql.oracle.datatypes import data_type
from tests.schema.mssql.oracle.errors import Refused, Unknown
from tests.schema.mssql.oracle.expressions import Node, expression
from tests.schema.mssql.oracle.lexer import tokens
from tests.schema.mssql.oracle.model import Column, Constraint
from tests.schema.mssql.oracle.principals import add_member, drop_member
from tests.schema.mssql.oracle.queries import truth
from tests.schema.mssql.oracle.renames import rename
from tests.schema.mssql.oracle.scalars import put, remove
from tests.schema.mssql.oracle.session import Maybe, Session
from tests.schema.mssql.oracle.world import World

from tests.schema.mssql.oracle.model import Thing  # isort: skip

Given: TypeAlias = dict[str, str | None]
Procedure: TypeAlias = Callable[[Session, Given], None]

PROPERTY = (
    "name",
    "value",
    "level0type",
    "level0name",
    "level1type",
    "level1name",
    "level2type",
    "level2name",
)
SIGNATURES: dict[str, tuple[str, ...]] = {
    "sp_rename": ("objname", "newname", "objtype"),
    "sp_addextendedproperty": PROPERTY,
    "sp_updateextendedproperty": PROPERTY,
    "sp_dropextendedproperty": ("name", *PROPERTY[2:]),
    "sp_addrolemember": ("rolename", "membername"),
    "sp_droprolemember": ("rolename", "membername"),
    "sp_addrole": ("rolename", "ownername"),
    "sp_droprole": ("rolename",),
    "sp_addtype": ("typename", "phystype", "nulltype", "owner"),
    "sp_droptype": ("typename",),
    "sp_bindefault": ("defname", "objname", "futureonly"),
    "sp_unbindefault": ("objname", "futureonly"),
    "sp_bindrule": ("rulename", "objname", "futureonly"),
    "sp_unbindrule": ("objname", "futureonly"),
    "sp_settriggerorder": ("triggername", "order", "stmttype", "namespace"),
    "sp_refreshview": ("viewname",),
    "sp_refreshsqlmodule": ("name", "namespace"),
    "sp_recompile": ("objname",),
    "sp_tableoption": ("tablenamepattern", "optionname", "optionvalue"),
    "sp_dboption": ("dbname", "optname", "optvalue"),
    "sp_grantdbaccess": ("loginame", "name_in_db"),
    "sp_adduser": ("loginame", "name_in_db", "grpname"),
    "sp_dropuser": ("name_in_db",),
}


def arguments(c: Cursor, session: Session | None = None) -> list[tuple[str, Node]]:
    """Arguments of EXECUTE: their names (empty by position) and what they are."""
    found: list[tuple[str, Node]] = []
    while not c.done and (
        c.peek().kind in ("string", "number", "variable", "name") or value_word(c)
    ):
        name = ""
        if c.peek().kind == "variable" and c.peek(1).text == "=":
            name = fold(c.next().value[1:])
            c.next()
        found.append((name, argument(c)))
        c.take("OUTPUT|OUT")
        if not c.take(","):
            break
    return found


def value_word(c: Cursor) -> bool:
    from tests.schema.mssql.oracle.statements_end import STARTS

    return c.at("-") or (
        c.peek().kind == "word" and c.peek().upper not in STARTS and c.peek().upper != "GO"
    )


def argument(c: Cursor) -> Node:
    """A constant, a variable, or a word that stands for its own text."""
    if c.peek().kind in ("word", "name") and not c.at("NULL|DEFAULT"):
        text = c.next().value
        return Node("string", text, path=(text,))
    if c.take("DEFAULT"):
        return Node("null", "null")
    if c.peek().kind in ("string", "number", "variable"):
        inner = Cursor(c.text, (c.next(),))
        return expression(inner)
    return expression(c)


def given(session: Session, signature: tuple[str, ...], values: list[tuple[str, Node]]) -> Given:
    found: Given = {}
    for place, (name, node) in enumerate(values):
        value = truth(session, node)
        if isinstance(value, Maybe):
            raise Unknown(f"an argument that is not known: {node.normal()}")
        if not name and place >= len(signature):
            raise Refused(8144, "too many arguments")
        if name and name not in signature:
            raise Refused(8145, f"{name} is not a parameter")
        found[name or signature[place]] = None if value is None else str(value)
    return found


def add_type(session: Session, values: Given) -> None:
    text = values["phystype"] or ""
    c = Cursor(text, tokens(text))
    nullable = fold(values.get("nulltype") or "null") != "not null"
    put(
        Thing(
            "TYPE",
            Name("dbo", values["typename"] or ""),
            {"type": data_type(c), "nullable": nullable},
        )
    )(session)


def drop_type(session: Session, values: Given) -> None:
    from tests.schema.mssql.oracle.dependence import type_users

    thing = session.world.thing("TYPE", name_of(dotted(values["typename"] or "")), 15105)
    remove(session.world, thing, lambda world, found: type_users(world, found.name.key))


def add_role(session: Session, values: Given) -> None:
    put(Thing("ROLE", Name("", values["rolename"] or ""), {"owner": values.get("ownername")}))(
        session
    )


def add_user(session: Session, values: Given) -> None:
    name = Name("", values.get("name_in_db") or values["loginame"] or "")
    put(Thing("USER", name, {"for": f"login {fold(values['loginame'] or '')}"}))(session)
    session.world.permissions[(("database",), "connect", name.key[1])] = "GRANT"


def bound_to(world: World, text: str) -> Column | Thing:
    """The column or the type that a rule or a default is bound to."""
    parts = dotted(text)
    if len(parts) > 1:
        table = world.tables.get(name_of(parts[:-1]).key)
        if table and fold(parts[-1]) in table.columns:
            return table.columns[fold(parts[-1])]
    thing = world.things.get(("TYPE", *name_of(parts).key))
    if thing is None:
        raise Refused(15148, f"there is no column or type {text}")
    return thing


def bind(kind: str, *, on: bool) -> Procedure:
    def act(session: Session, values: Given) -> None:
        world = session.world
        held = bound_to(world, values["objname"] or "")
        key = None
        if on:
            key = world.thing(
                kind,
                name_of(dotted(values["defname" if kind == "DEFAULT" else "rulename"] or "")),
                15016,
            )
        name = key.name.key if key else None
        if isinstance(held, Thing):
            bind_type(world, held, kind, name, later=bool(values.get("futureonly")))
        elif kind == "DEFAULT":
            if on and any(
                c.kind == "DEFAULT" and c.uses(fold(held.name))
                for c in constraints_of(world, held)
            ):
                raise Refused(15103, f"the column {held.name} has a default already")
            held.bound_default = name
        else:
            held.bound_rule = name

    return act


def constraints_of(world: World, column: Column) -> list[Constraint]:
    return [
        c
        for t in world.tables.values()
        if column in t.columns.values()
        for c in t.constraints.values()
    ]


def bind_type(
    world: World, thing: Thing, kind: str, name: tuple[str, str] | None, *, later: bool
) -> None:
    word = f"bound {kind.lower()}"
    before = thing.facts.pop(word, None)
    if name:
        thing.facts[word] = name
    for _, column in world.columns():
        if later or not column.type.user or column.type.user.key != thing.name.key:
            continue
        if kind == "DEFAULT" and column.bound_default in (None, before):
            column.bound_default = name
        if kind == "RULE" and column.bound_rule in (None, before):
            column.bound_rule = name


def trigger_order(session: Session, values: Given) -> None:
    name = name_of(dotted(values["triggername"] or ""))
    if fold(values.get("namespace") or "") == "database":
        name = Name("", name.name)
    trigger = session.world.modules.get(name.key)
    if trigger is None or not trigger.kind.endswith("TRIGGER"):
        raise Refused(15165, f"there is no trigger {name}")
    event, order = (values["stmttype"] or "").upper(), (values["order"] or "").capitalize()
    kept = frozenset(pair for pair in trigger.order if pair[0] != event)
    trigger.order = kept if order == "None" else kept | {(event, order)}


def refresh(kind: str) -> Procedure:
    def act(session: Session, values: Given) -> None:
        text = next(iter(values.values())) or ""
        module = session.world.modules.get(name_of(dotted(text)).key) or session.world.modules.get(
            ("", fold(text))
        )
        if module is None or (kind and module.kind != kind):
            raise Refused(15165, f"there is no {kind.lower() or 'module'} {text}")
        if module.bound and not kind:
            return

    return act


def table_option(session: Session, values: Given) -> None:
    table = session.world.table(name_of(dotted(values["tablenamepattern"] or "")))
    option, value = fold(values["optionname"] or ""), fold(values["optionvalue"] or "")
    value = {"1": "on", "0": "off", "true": "on", "false": "off"}.get(value, value)
    if value == "off":
        table.options.pop(option, None)
    else:
        table.options[option] = value


def nothing(session: Session, values: Given) -> None:
    """What changes no schema."""


PROCEDURES: dict[str, Procedure] = {
    "sp_rename": lambda session, values: rename(session.world, values),
    "sp_addextendedproperty": lambda session, values: properties.add(session.world, values),
    "sp_updateextendedproperty": lambda session, values: properties.update(session.world, values),
    "sp_dropextendedproperty": lambda session, values: properties.drop(session.world, values),
    "sp_addrolemember": lambda s, values: add_member(
        values["rolename"] or "", values["membername"] or ""
    )(s),
    "sp_droprolemember": lambda s, values: drop_member(
        values["rolename"] or "", values["membername"] or ""
    )(s),
    "sp_addrole": add_role,
    "sp_addtype": add_type,
    "sp_droptype": drop_type,
    "sp_bindefault": bind("DEFAULT", on=True),
    "sp_unbindefault": bind("DEFAULT", on=False),
    "sp_bindrule": bind("RULE", on=True),
    "sp_unbindrule": bind("RULE", on=False),
    "sp_settriggerorder": trigger_order,
    "sp_refreshview": refresh("VIEW"),
    "sp_refreshsqlmodule": refresh(""),
    "sp_recompile": nothing,
    "sp_dboption": nothing,
    "sp_tableoption": table_option,
    "sp_grantdbaccess": add_user,
    "sp_adduser": add_user,
}
CHANGE_NOTHING = frozenset(
    {"sp_refreshview", "sp_refreshsqlmodule", "sp_recompile", "sp_dboption"}
)
