"""How statements make, change and drop Items: objects that are nothing but facts."""

from collections.abc import Callable

from pipeline.errors import BadSchema
from pipeline.schema.model.mssql.facts import facts
from pipeline.schema.model.mssql.items import Item
from pipeline.schema.model.mssql.names import IN_SCHEMAS, Kind, two_part
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.clauses import if_exists, schema_and_name
from pipeline.schema.syntax.mssql.cursor import Cursor

Said = dict[str, str]
Statement = Callable[[Cursor, Builder], None]


def item(
    kind: Kind, name: str, said: Said | None = None, schema: str = "", authorization: str = ""
) -> Item:
    """Give an Item with these facts, but for those that are the server's defaults."""
    return Item(kind, schema, name, facts(kind, said or {}), authorization=authorization)


def change(
    builder: Builder,
    kind: Kind,
    schema: str,
    name: str,
    edit: Callable[[Said], None],
    cursor: Cursor,
) -> None:
    """Edit an Item's facts, now or when its CREATE has been read."""
    where = cursor.script.place(cursor.begun)

    def act() -> None:
        found = find(builder, kind, schema, name, where)
        said = dict(found.facts)
        edit(said)
        builder.replace(found._replace(facts=facts(kind, said)))

    when_there(builder, kind, schema, name, act, cursor)


def when_there(
    builder: Builder,
    kind: Kind,
    schema: str,
    name: str,
    act: Callable[[], None],
    cursor: Cursor,
) -> None:
    """Act now if the object is there, else after everything was read."""
    if builder.get(kind, schema, name) is None:
        builder.defer(act, cursor)
    else:
        act()


def find(builder: Builder, kind: Kind, schema: str, name: str, where: str) -> Item:
    """Give an Item. BadSchema if there is none of this kind and name."""
    found = builder.get(kind, schema, name)
    if isinstance(found, Item):
        return found
    raise BadSchema(
        f"there is no {kind} {two_part(schema, name)}",
        where=where,
        advice="add the script that creates it, or take this statement out",
    )


def dropper(kind: Kind, *words: str) -> Statement:
    """Give the parser of `words [IF EXISTS] name, ...`."""

    def drop(cursor: Cursor, builder: Builder) -> None:
        cursor.expect(*words)
        if_exists(cursor)
        while True:
            if kind in IN_SCHEMAS:
                builder.drop(kind, *schema_and_name(cursor, builder))
            else:
                builder.drop(kind, "", cursor.name())
            if not cursor.accept(","):
                return

    return drop
