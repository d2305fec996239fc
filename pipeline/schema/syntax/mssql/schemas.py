"""CREATE, ALTER and DROP SCHEMA, and ALTER AUTHORIZATION: who owns what stands where."""

from pipeline.schema.model.mssql.database import Object
from pipeline.schema.model.mssql.items import Unreadable
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind
from pipeline.schema.model.mssql.tables import Table
from pipeline.schema.syntax.mssql import create_table, modules, permissions
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.calls import name_parts, read_call
from pipeline.schema.syntax.mssql.clauses import owned_by, owner, still
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.item_changes import Statement, dropper, item
from pipeline.schema.syntax.mssql.principals import need_built_in, put_principal
from pipeline.schema.syntax.mssql.targets import CLASSES, OBJECTS, key_of, missing, read_class


def _create(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("CREATE", "SCHEMA")
    name = "" if cursor.word == "AUTHORIZATION" else cursor.name()
    said = cursor.peek() if cursor.word == "AUTHORIZATION" and not name else ""
    if said:
        name = Cursor(cursor.script, cursor.position + 1).name()
    authorization = owner(cursor)
    put_principal(builder, item(Kind.SCHEMA, name, authorization=authorization), cursor)
    _elements(name, cursor, builder)


def _elements(schema: str, cursor: Cursor, builder: Builder) -> None:
    """Read what is created and granted in the same statement: it stands in the schema."""
    outside = builder.default_schema
    builder.default_schema = schema
    try:
        while element := _element(cursor):
            element(cursor, builder)
    finally:
        builder.default_schema = outside


def _element(cursor: Cursor) -> Statement | None:
    if cursor.at("CREATE", "TABLE"):
        return create_table.STATEMENTS["CREATE", "TABLE"]
    if cursor.at("CREATE", "VIEW"):
        return modules.STATEMENTS["CREATE", "VIEW"]
    return permissions.STATEMENTS.get((cursor.word,))


def _transfer(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("ALTER", "SCHEMA")
    schema = cursor.name()
    cursor.expect("TRANSFER")
    words = read_class(cursor)
    parts = cursor.parts()
    before = parts[-2] if len(parts) > 1 else builder.default_schema
    move(builder, CLASSES[words], before, parts[-1], schema, cursor)


def move(
    builder: Builder,
    kinds: tuple[Kind, ...],
    schema: str,
    name: str,
    to: str,
    cursor: Cursor,
) -> None:
    """Put an object into another schema. Its permissions go, as on the server."""
    cursor = still(cursor)
    where = cursor.script.place(cursor.begun)

    def act() -> None:
        found = key_of(builder, kinds, schema, name)
        if found is None:
            raise missing(kinds, schema, name, where)
        builder.rename(found, _moved(builder.objects[found], to))

    if key_of(builder, kinds, schema, name) is None:
        builder.defer(act, cursor)
    else:
        act()


def _moved(each: Object, schema: str) -> Object:
    if isinstance(each, Unreadable):
        return each._replace(schema=schema)
    if isinstance(each, Table | Module):
        triggers = tuple(trigger._replace(schema=schema) for trigger in each.triggers)
        return each._replace(schema=schema, permissions=(), triggers=triggers)
    return each._replace(schema=schema, permissions=())


def _authorize(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("ALTER", "AUTHORIZATION", "ON")
    words = read_class(cursor)
    kinds = CLASSES[words]
    parts = cursor.parts()
    cursor.expect("TO")
    who = "" if cursor.accept("SCHEMA", "OWNER") else owned_by(cursor.name())
    schema = parts[-2] if len(parts) > 1 else builder.default_schema
    if not kinds:
        where = cursor.script.place(cursor.begun)
        builder.note(f"{where}: who owns {' '.join(words)} [{parts[-1]}] is not compared")
        return
    _own(builder, kinds, schema, parts[-1], who, cursor)


def _own(
    builder: Builder,
    kinds: tuple[Kind, ...],
    schema: str,
    name: str,
    who: str,
    cursor: Cursor,
) -> None:
    cursor = still(cursor)
    where = cursor.script.place(cursor.begun)

    def act() -> None:
        for kind in kinds:
            need_built_in(builder, kind, name, cursor)
        found = key_of(builder, kinds, schema, name)
        if found is None:
            raise missing(kinds, schema, name, where)
        each = builder.objects[found]
        if not isinstance(each, Unreadable):
            builder.replace(each._replace(authorization=who))

    builder.defer(act, cursor)


def _change_owner(cursor: Cursor, builder: Builder) -> None:
    """sp_changeobjectowner: in databases of old, an owner was a schema."""
    call = read_call(cursor, ("objname", "newowner"))
    parts = name_parts(call.needed("objname"), call.where)
    schema = parts[-2] if len(parts) > 1 else builder.default_schema
    move(builder, OBJECTS, schema, parts[-1], call.needed("newowner"), cursor)


STATEMENTS: dict[tuple[str, ...], Statement] = {
    ("CREATE", "SCHEMA"): _create,
    ("ALTER", "SCHEMA"): _transfer,
    ("DROP", "SCHEMA"): dropper(Kind.SCHEMA, "DROP", "SCHEMA"),
    ("ALTER", "AUTHORIZATION"): _authorize,
    ("EXEC", "SP_CHANGEOBJECTOWNER"): _change_owner,
}
