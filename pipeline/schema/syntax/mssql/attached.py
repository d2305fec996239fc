"""Changes of what hangs on objects: permissions, properties, triggers, full text, columns."""

from collections.abc import Callable, Sequence
from typing import TypeGuard

from pipeline.errors import BadSchema
from pipeline.schema.model.mssql.database import Object
from pipeline.schema.model.mssql.items import Unreadable
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind, two_part
from pipeline.schema.model.mssql.shared import Permission, Property
from pipeline.schema.model.mssql.tables import Column, FullTextIndex, Table, Trigger
from pipeline.schema.model.names import Key
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.clauses import still
from pipeline.schema.syntax.mssql.cursor import Cursor

Permissions = tuple[Permission, ...]
Properties = tuple[Property, ...]
Relation = Table | Module
"""A table or a view: what has triggers and full text."""


def edit_permissions(
    builder: Builder, target: Key, edit: Callable[[Permissions], Permissions]
) -> None:
    """Change the permissions on an object that is there."""
    found = builder.objects[target]
    if not isinstance(found, Unreadable):
        builder.replace(found._replace(permissions=edit(found.permissions)))


def edit_properties(
    builder: Builder, target: Key, edit: Callable[[Properties], Properties]
) -> None:
    """Change the extended properties of an object that is there."""
    found = builder.objects[target]
    if not isinstance(found, Unreadable):
        builder.replace(found._replace(properties=edit(found.properties)))


def edit_relation(
    builder: Builder,
    schema: str,
    name: str,
    edit: Callable[[Relation], Relation],
    cursor: Cursor,
) -> None:
    """Change a table or a view, now or when all is read."""
    where = cursor.script.place(cursor.begun)

    def act() -> None:
        found = _relation(builder, schema, name)
        if isinstance(found, Table | Module):
            builder.replace(edit(found))
        elif found is None:
            raise BadSchema(
                f"there is no table or view {two_part(schema, name)}",
                where=where,
                advice="add the script that creates it, or take this statement out",
            )

    if _relation(builder, schema, name) is None:
        builder.defer(act, cursor)
        return
    try:
        act()
    except BadSchema:  # what it speaks of may come in another file
        builder.defer(act, cursor)


def _relation(builder: Builder, schema: str, name: str) -> Object | None:
    table = builder.get(Kind.TABLE, schema, name)
    return builder.get(Kind.VIEW, schema, name) if table is None else table


def edit_full_text(
    builder: Builder,
    schema: str,
    name: str,
    edit: Callable[[FullTextIndex | None], FullTextIndex | None],
    cursor: Cursor,
) -> None:
    """Change the full-text index of a table or a view."""
    edit_relation(
        builder, schema, name, lambda had: had._replace(full_text=edit(had.full_text)), cursor
    )


def edit_column(
    builder: Builder,
    schema: str,
    table: str,
    name: str,
    edit: Callable[[Column], Column],
    cursor: Cursor,
) -> None:
    """Change a column of a table."""
    where = cursor.script.place(cursor.begun)

    def change(had: Table) -> Table:
        if all(each.name.lower() != name.lower() for each in had.columns):
            raise BadSchema(f"{two_part(had.schema, had.name)} has no column {name}", where=where)
        columns = [
            edit(each) if each.name.lower() == name.lower() else each for each in had.columns
        ]
        return had._replace(columns=tuple(columns))

    builder.change_table(schema, table, change, cursor)


def put_trigger(
    builder: Builder,
    schema: str,
    table: str,
    trigger: Trigger,
    cursor: Cursor,
    *,
    may_be_there: bool,
) -> None:
    """Add a trigger to a table or a view, or give it another text."""
    where = cursor.script.place(cursor.begun)

    def edit(had: Relation) -> Relation:
        builder.trigger_homes[trigger.schema.lower(), trigger.name.lower()] = had.key
        old = next((each for each in had.triggers if _same(each, trigger.name)), None)
        if old is None:
            return had._replace(triggers=_sorted((*had.triggers, trigger)))
        if not may_be_there:
            raise BadSchema(
                f"trigger {two_part(trigger.schema, trigger.name)} is created twice",
                where=where,
                advice="take one of the two scripts out",
            )
        new = trigger._replace(disabled=old.disabled, order=old.order)
        return had._replace(triggers=tuple(new if each is old else each for each in had.triggers))

    edit_relation(builder, schema, table, edit, cursor)


def edit_triggers(
    builder: Builder,
    schema: str,
    table: str,
    names: Sequence[str],
    edit: Callable[[Trigger], Trigger],
    cursor: Cursor,
) -> None:
    """Change triggers of a table or a view when all is read: these, or all if none is named."""
    cursor = still(cursor)
    where = cursor.script.place(cursor.begun)
    wanted = {name.lower() for name in names}

    def change(had: Relation) -> Relation:
        missing = wanted - {each.name.lower() for each in had.triggers}
        if missing:
            raise BadSchema(f"[{had.name}] has no trigger [{min(missing)}]", where=where)
        changed = [
            edit(each) if not wanted or each.name.lower() in wanted else each
            for each in had.triggers
        ]
        return had._replace(triggers=tuple(changed))

    builder.defer(lambda: edit_relation(builder, schema, table, change, cursor), cursor)


def with_trigger(builder: Builder, schema: str, name: str) -> Relation | None:
    """Give the table or view that has a trigger of this name."""
    found = (schema.lower(), name.lower())
    home = builder.objects.get(builder.trigger_homes.get(found, Key("", "", "")))
    if _has_trigger(home, *found):
        return home
    for each in builder.each():  # renamed, or in another schema since
        if _has_trigger(each, *found):
            return each
    return None


def _has_trigger(each: Object | None, schema: str, name: str) -> TypeGuard[Relation]:
    return isinstance(each, Table | Module) and any(
        (had.schema.lower(), had.name.lower()) == (schema, name) for had in each.triggers
    )


def drop_trigger(builder: Builder, schema: str, name: str) -> None:
    """Forget a trigger. Nothing happens when it is not there."""
    found = with_trigger(builder, schema, name)
    if found is not None:
        left = tuple(each for each in found.triggers if not _same(each, name))
        builder.replace(found._replace(triggers=left))


def _same(trigger: Trigger, name: str) -> bool:
    return trigger.name.lower() == name.lower()


def _sorted(triggers: tuple[Trigger, ...]) -> tuple[Trigger, ...]:
    return tuple(sorted(triggers, key=lambda each: each.name.lower()))
