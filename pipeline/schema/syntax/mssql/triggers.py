"""Triggers: of tables and views, and of the database; whether they are on, and their order."""

from pipeline.errors import BadSchema
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind, two_part
from pipeline.schema.model.mssql.tables import Trigger
from pipeline.schema.syntax.mssql.attached import (
    drop_trigger,
    edit_triggers,
    put_trigger,
    with_trigger,
)
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.calls import name_parts, read_call
from pipeline.schema.syntax.mssql.clauses import if_exists, one_of
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.item_changes import Statement
from pipeline.schema.syntax.mssql.module_header import read_header
from pipeline.schema.syntax.mssql.modules import batch_text, put_module, take_verb


def _trigger(cursor: Cursor, builder: Builder) -> None:
    first = cursor.position
    may_be_there = take_verb(cursor)
    cursor.expect("TRIGGER")
    schema, name = cursor.qualified()
    cursor.expect("ON")
    if cursor.accept("ALL", "SERVER"):
        builder.note(
            f"{cursor.script.place(first)}: trigger [{name}] on the server is not compared"
        )
        cursor.position = cursor.end
        return
    database = cursor.accept("DATABASE")
    table_schema, table = ("", "") if database else cursor.qualified()
    header = read_header(cursor, Kind.DDL_TRIGGER)
    text = batch_text(cursor, first)
    quoted = header.clr or builder.quoted_identifier
    nulls = header.clr or builder.ansi_nulls
    if database:
        module = Module(
            Kind.DDL_TRIGGER,
            "",
            name,
            text,
            quoted_identifier=quoted,
            ansi_nulls=nulls,
            encrypted=header.encrypted,
        )
        put_module(module, cursor, builder, may_be_there=may_be_there)
        return
    table_schema = table_schema or schema or builder.default_schema
    trigger = Trigger(
        schema or table_schema, name, text, quoted_identifier=quoted, ansi_nulls=nulls
    )
    put_trigger(builder, table_schema, table, trigger, cursor, may_be_there=may_be_there)


def _drop(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("DROP", "TRIGGER")
    if_exists(cursor)
    names = [cursor.qualified()]
    while cursor.accept(","):
        names.append(cursor.qualified())
    scope = one_of(cursor, "DATABASE", "ALL") if cursor.accept("ON") else ""
    if scope == "ALL":
        cursor.expect("SERVER")
    for schema, name in names:
        if scope == "DATABASE":
            builder.drop(Kind.DDL_TRIGGER, "", name)
        elif not scope:
            drop_trigger(builder, schema or builder.default_schema, name)


def _switch(cursor: Cursor, builder: Builder) -> None:
    """ENABLE and DISABLE TRIGGER x, ... | ALL ON table | DATABASE | ALL SERVER."""
    where = cursor.script.place(cursor.position)
    disabled = one_of(cursor, "DISABLE", "ENABLE") == "DISABLE"
    cursor.expect("TRIGGER")
    names = [] if cursor.accept("ALL") else [cursor.qualified()[1].lower()]
    while names and cursor.accept(","):
        names.append(cursor.qualified()[1].lower())
    cursor.expect("ON")
    if cursor.accept("ALL", "SERVER"):
        builder.note(f"{where}: triggers on the server are not compared")
    elif cursor.accept("DATABASE"):
        _switch_database(names, where, builder, cursor, disabled=disabled)
    else:
        schema, table = cursor.qualified()
        edit_triggers(
            builder,
            schema or builder.default_schema,
            table,
            names,
            lambda had: had._replace(disabled=disabled),
            cursor,
        )


def _switch_database(
    names: list[str], where: str, builder: Builder, cursor: Cursor, *, disabled: bool
) -> None:
    def act() -> None:
        found = {
            each.name.lower(): each
            for each in builder.each()
            if isinstance(each, Module) and each.kind is Kind.DDL_TRIGGER
        }
        for name in names or list(found):
            if name not in found:
                raise BadSchema(f"the database has no trigger [{name}]", where=where)
            builder.replace(found[name]._replace(disabled=disabled))

    builder.defer(act, cursor)


def _order(cursor: Cursor, builder: Builder) -> None:
    """sp_settriggerorder: First, Last or None of a statement or a DDL event."""
    call = read_call(cursor, ("triggername", "order", "stmttype", "namespace"))
    parts = name_parts(call.needed("triggername"), call.where)
    schema = parts[-2] if len(parts) > 1 else builder.default_schema
    order, statement = call.needed("order").capitalize(), call.needed("stmttype").upper()
    if order not in {"First", "Last", "None"}:
        call.fail(f"a trigger's order is First, Last or None, not {order}")
    namespace = call.text("namespace").upper()
    if namespace == "SERVER":
        builder.note(f"{call.where}: triggers on the server are not compared")
        return

    def changed(had: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        said = {**dict(had), statement: order}
        return tuple(sorted(each for each in said.items() if each[1] != "None"))

    def act() -> None:
        if namespace == "DATABASE":
            trigger = builder.get(Kind.DDL_TRIGGER, "", parts[-1])
            if not isinstance(trigger, Module):
                raise BadSchema(f"the database has no trigger [{parts[-1]}]", where=call.where)
            builder.replace(trigger._replace(order=changed(trigger.order)))
            return
        found = with_trigger(builder, schema, parts[-1])
        if found is None:
            raise BadSchema(f"there is no trigger {two_part(schema, parts[-1])}", where=call.where)
        new = [
            each._replace(order=changed(each.order))
            if each.name.lower() == parts[-1].lower()
            else each
            for each in found.triggers
        ]
        builder.replace(found._replace(triggers=tuple(new)))

    builder.defer(act, cursor)


STATEMENTS: dict[tuple[str, ...], Statement] = {
    ("CREATE", "TRIGGER"): _trigger,
    ("ALTER", "TRIGGER"): _trigger,
    ("CREATE", "OR", "ALTER", "TRIGGER"): _trigger,
    ("DROP", "TRIGGER"): _drop,
    ("ENABLE", "TRIGGER"): _switch,
    ("DISABLE", "TRIGGER"): _switch,
    ("EXEC", "SP_SETTRIGGERORDER"): _order,
}
