"""CREATE DEFAULT and CREATE RULE of old, and what they are bound to."""

from collections.abc import Callable

from pipeline.schema.model.mssql.items import AliasType
from pipeline.schema.model.mssql.names import Kind
from pipeline.schema.model.mssql.tables import Column
from pipeline.schema.syntax.mssql.attached import edit_column
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.calls import Call, name_parts, read_call
from pipeline.schema.syntax.mssql.clauses import schema_and_name, still
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.item_changes import Statement, dropper, item
from pipeline.schema.syntax.mssql.modules import batch_text


def _create(kind: Kind) -> Statement:
    def create(cursor: Cursor, builder: Builder) -> None:
        first = cursor.position
        cursor.expect("CREATE")
        cursor.next()
        schema, name = schema_and_name(cursor, builder)
        cursor.expect("AS")
        said = {"definition": batch_text(cursor, first)}
        builder.put(item(kind, name, said, schema), cursor)

    return create


def _bind(field: str, parameter: str) -> Statement:
    def bind(cursor: Cursor, builder: Builder) -> None:
        call = read_call(cursor, (parameter, "objname", "futureonly"))
        parts = name_parts(call.needed(parameter), call.where)
        schema = parts[-2] if len(parts) > 1 else builder.default_schema
        _set(call, field, f"{schema}.{parts[-1]}", cursor, builder)

    return bind


def _unbind(field: str) -> Statement:
    def unbind(cursor: Cursor, builder: Builder) -> None:
        _set(read_call(cursor, ("objname", "futureonly")), field, "", cursor, builder)

    return unbind


def _set(call: Call, field: str, value: str, cursor: Cursor, builder: Builder) -> None:
    """Say it of a type (`name`, `schema.name`) or a column (`table.column`, with a schema too)."""
    parts = name_parts(call.needed("objname"), call.where)
    schema = parts[-3] if len(parts) > 2 else builder.default_schema
    cursor = still(cursor)

    def act() -> None:
        found = _type(builder, parts)
        if found is not None:
            builder.replace(_said_of_type(found, field, value))
        elif len(parts) == 1:
            call.fail(f"there is no type [{parts[0]}]")
        else:
            edit_column(builder, schema, parts[-2], parts[-1], _replaced(field, value), cursor)

    builder.defer(act, cursor)


def _type(builder: Builder, parts: tuple[str, ...]) -> AliasType | None:
    if len(parts) > 2:
        return None
    schema = parts[0] if len(parts) > 1 else builder.default_schema
    found = builder.get(Kind.USER_DEFINED_TYPE, schema, parts[-1])
    return found if isinstance(found, AliasType) else None


def _said_of_type(each: AliasType, field: str, value: str) -> AliasType:
    if field == "bound_rule":
        return each._replace(bound_rule=value)
    return each._replace(bound_default=value)


def _replaced(field: str, value: str) -> Callable[[Column], Column]:
    if field == "bound_rule":
        return lambda column: column._replace(bound_rule=value)
    return lambda column: column._replace(bound_default=value)


STATEMENTS: dict[tuple[str, ...], Statement] = {
    ("CREATE", "DEFAULT"): _create(Kind.DEFAULT),
    ("DROP", "DEFAULT"): dropper(Kind.DEFAULT, "DROP", "DEFAULT"),
    ("CREATE", "RULE"): _create(Kind.RULE),
    ("DROP", "RULE"): dropper(Kind.RULE, "DROP", "RULE"),
    ("EXEC", "SP_BINDEFAULT"): _bind("bound_default", "defname"),
    ("EXEC", "SP_BINDRULE"): _bind("bound_rule", "rulename"),
    ("EXEC", "SP_UNBINDEFAULT"): _unbind("bound_default"),
    ("EXEC", "SP_UNBINDRULE"): _unbind("bound_rule"),
}
