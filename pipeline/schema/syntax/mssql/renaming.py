"""sp_rename: objects, columns, indexes, constraints and types get another name."""

from collections.abc import Callable
from typing import Any

from pipeline.errors import BadSchema
from pipeline.schema.model.mssql.database import Object
from pipeline.schema.model.mssql.items import Unreadable
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind, two_part
from pipeline.schema.model.mssql.tables import Column, Default, ForeignKey, KeyColumn, Table
from pipeline.schema.syntax.mssql.attached import with_trigger
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.calls import Call, name_parts, read_call
from pipeline.schema.syntax.mssql.clauses import still
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.item_changes import Statement
from pipeline.schema.syntax.mssql.modules import named
from pipeline.schema.syntax.mssql.targets import OBJECTS, key_of, missing

Names = Callable[[str], str]


def _rename(cursor: Cursor, builder: Builder) -> None:
    call = read_call(cursor, ("objname", "newname", "objtype"))
    parts = name_parts(call.needed("objname"), call.where)
    new = call.needed("newname")
    what = call.text("objtype").upper() or "OBJECT"
    act = _ACTS.get(what)
    if act is None:
        builder.note(f"{call.where}: sp_rename of a {what} is not compared")
        return
    quiet = still(cursor)
    try:
        act(call, parts, new, builder)
    except BadSchema:
        builder.defer(lambda: act(call, parts, new, builder), quiet)


def _object(call: Call, parts: tuple[str, ...], new: str, builder: Builder) -> None:
    schema = parts[-2] if len(parts) > 1 else builder.default_schema
    found = key_of(builder, OBJECTS, schema, parts[-1])
    if found is None:
        _constraint(call, schema, parts[-1], new, builder)
        return
    each = builder.objects[found]
    builder.rename(found, _called(each, new))
    if isinstance(each, Table):
        _change_tables(builder, lambda table: _parent_renamed(table, each, new))


def _called(each: Object, new: str) -> Object:
    if isinstance(each, Module):
        return each._replace(name=new, definition=named(each.definition, each.schema, new))
    return each if isinstance(each, Unreadable) else each._replace(name=new)


def _parent_renamed(table: Table, parent: Table, new: str) -> Table:
    def changed(each: ForeignKey) -> ForeignKey:
        same = two_part(each.parent_schema, each.parent).lower() == (
            two_part(parent.schema, parent.name).lower()
        )
        return each._replace(parent=new) if same else each

    return table._replace(foreign_keys=tuple(map(changed, table.foreign_keys)))


def _change_tables(builder: Builder, change: Callable[[Table], Table]) -> None:
    for each in builder.each():
        if isinstance(each, Table):
            builder.replace(change(each))


def _constraint(call: Call, schema: str, name: str, new: str, builder: Builder) -> None:
    """A key, check, foreign key, default or trigger of some table of the schema."""
    owner = with_trigger(builder, schema, name)
    if owner is not None:
        triggers = [
            each._replace(definition=named(each.definition, each.schema, new))
            if each.name.lower() == name.lower()
            else each
            for each in owner.triggers
        ]
        builder.replace(owner._replace(triggers=_renamed(tuple(triggers), name, new)))
        return
    for each in builder.each():
        if isinstance(each, Table) and each.schema.lower() == schema.lower():
            changed = _parts_renamed(each, name, new)
            if changed != each:
                builder.replace(changed)
                return
    raise missing(OBJECTS, schema, name, call.where)


def _parts_renamed(table: Table, name: str, new: str) -> Table:
    def column(each: Column) -> Column:
        default = each.default
        if default is None or default.name.lower() != name.lower():
            return each
        return each._replace(default=Default(default.expression, new))

    return table._replace(
        keys=_renamed(table.keys, name, new),
        foreign_keys=_renamed(table.foreign_keys, name, new),
        checks=_renamed(table.checks, name, new),
        columns=tuple(map(column, table.columns)),
    )


def _renamed(parts: tuple[Any, ...], name: str, new: str) -> tuple[Any, ...]:
    """Give parts with one of them called otherwise, sorted by name again."""
    if all(each.name.lower() != name.lower() for each in parts):
        return parts
    changed = [
        each._replace(name=new) if each.name.lower() == name.lower() else each for each in parts
    ]
    return tuple(sorted(changed, key=lambda each: each.name.lower()))


def _index(call: Call, parts: tuple[str, ...], new: str, builder: Builder) -> None:
    if len(parts) < 2:
        call.fail("expected table.index")
    schema = parts[-3] if len(parts) > 2 else builder.default_schema
    found = key_of(builder, (Kind.TABLE, Kind.VIEW), schema, parts[-2])
    each = builder.objects[found] if found else None
    if not isinstance(each, Table | Module):
        raise missing((Kind.TABLE, Kind.VIEW), schema, parts[-2], call.where)
    changed: Table | Module = each._replace(
        indexes=_renamed(each.indexes, parts[-1], new),
        statistics=_renamed(each.statistics, parts[-1], new),
    )
    if isinstance(changed, Table):
        changed = changed._replace(keys=_renamed(changed.keys, parts[-1], new))
    if changed == each:
        call.fail(f"{two_part(schema, parts[-2])} has no index [{parts[-1]}]")
    builder.replace(changed)


def _column(call: Call, parts: tuple[str, ...], new: str, builder: Builder) -> None:
    if len(parts) < 2:
        call.fail("expected table.column")
    schema = parts[-3] if len(parts) > 2 else builder.default_schema
    table = builder.get(Kind.TABLE, schema, parts[-2])
    if not isinstance(table, Table):
        raise missing((Kind.TABLE,), schema, parts[-2], call.where)
    old = parts[-1].lower()
    if all(each.name.lower() != old for each in table.columns):
        call.fail(f"{two_part(schema, parts[-2])} has no column [{parts[-1]}]")

    def name(each: str) -> str:
        return new if each.lower() == old else each

    builder.replace(_column_renamed(table, name))
    _change_tables(builder, lambda other: _referenced_renamed(other, table, name))


def _column_renamed(table: Table, name: Names) -> Table:
    def keys(columns: tuple[KeyColumn, ...]) -> tuple[KeyColumn, ...]:
        return tuple(each._replace(name=name(each.name)) for each in columns)

    full_text, temporal = table.full_text, table.temporal
    if full_text is not None:
        columns = [each._replace(name=name(each.name)) for each in full_text.columns]
        full_text = full_text._replace(columns=tuple(columns))
    if temporal is not None:
        temporal = temporal._replace(start=name(temporal.start), end=name(temporal.end))
    return table._replace(
        columns=tuple(each._replace(name=name(each.name)) for each in table.columns),
        keys=tuple(each._replace(columns=keys(each.columns)) for each in table.keys),
        foreign_keys=tuple(
            each._replace(columns=tuple(map(name, each.columns))) for each in table.foreign_keys
        ),
        indexes=tuple(
            each._replace(columns=keys(each.columns), included=tuple(map(name, each.included)))
            for each in table.indexes
        ),
        statistics=tuple(
            each._replace(columns=tuple(map(name, each.columns))) for each in table.statistics
        ),
        full_text=full_text,
        temporal=temporal,
        storage=table.storage._replace(column=name(table.storage.column)),
    )


def _referenced_renamed(table: Table, parent: Table, name: Names) -> Table:
    def changed(each: ForeignKey) -> ForeignKey:
        if (each.parent_schema.lower(), each.parent.lower()) != parent.key[1:]:
            return each
        return each._replace(parent_columns=tuple(map(name, each.parent_columns)))

    return table._replace(foreign_keys=tuple(map(changed, table.foreign_keys)))


def _type(call: Call, parts: tuple[str, ...], new: str, builder: Builder) -> None:
    schema = parts[-2] if len(parts) > 1 else builder.default_schema
    kinds = (Kind.USER_DEFINED_TYPE,)
    found = key_of(builder, kinds, schema, parts[-1])
    if found is None:
        raise missing(kinds, schema, parts[-1], call.where)
    builder.rename(found, _called(builder.objects[found], new))


_ACTS: dict[str, Callable[[Call, tuple[str, ...], str, Builder], None]] = {
    "COLUMN": _column,
    "INDEX": _index,
    "STATISTICS": _index,
    "OBJECT": _object,
    "USERDATATYPE": _type,
}

STATEMENTS: dict[tuple[str, ...], Statement] = {("EXEC", "SP_RENAME"): _rename}
