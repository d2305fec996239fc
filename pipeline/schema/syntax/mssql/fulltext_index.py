"""CREATE, ALTER and DROP FULLTEXT INDEX, and the procedures of old for them."""

from collections.abc import Callable, Iterable

from pipeline.errors import BadSchema
from pipeline.schema.model.mssql.tables import FullTextColumn, FullTextIndex
from pipeline.schema.syntax.mssql.attached import edit_full_text
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.calls import name_parts, read_call
from pipeline.schema.syntax.mssql.clauses import comma_separated, one_of, schema_and_name
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.fulltext import catalog_called
from pipeline.schema.syntax.mssql.item_changes import Statement
from pipeline.schema.syntax.mssql.languages import language, number_of

Options = dict[str, str]
_DEFAULTS = {"CHANGE_TRACKING": "AUTO", "STOPLIST": "SYSTEM", "SEARCH PROPERTY LIST": "OFF"}


def _create(cursor: Cursor, builder: Builder) -> None:
    where = cursor.script.place(cursor.position)
    cursor.expect("CREATE", "FULLTEXT", "INDEX", "ON")
    schema, table = schema_and_name(cursor, builder)
    columns = cursor.list_of(lambda: _column(cursor)) if cursor.word == "(" else ()
    cursor.expect("KEY", "INDEX")
    key_index = cursor.name()
    catalog, filegroup = _place(cursor) if cursor.accept("ON") else ("", "")
    options: Options = {}
    if cursor.accept("WITH"):
        _options(cursor, options)
    made = FullTextIndex(_sorted(columns), key_index, catalog, filegroup, _said(options))

    def edit(had: FullTextIndex | None) -> FullTextIndex:
        if had is not None:
            raise BadSchema(f"[{table}] has a full-text index already", where=where)
        return made

    edit_full_text(builder, schema, table, edit, cursor)


def _column(cursor: Cursor) -> FullTextColumn:
    name = cursor.name()
    type_column = cursor.name() if cursor.accept("TYPE", "COLUMN") else ""
    said = language(cursor) if cursor.accept("LANGUAGE") else ""
    return FullTextColumn(name, type_column, said, cursor.accept("STATISTICAL_SEMANTICS"))


def _place(cursor: Cursor) -> tuple[str, str]:
    """(catalog, filegroup) of `catalog`, `(catalog, FILEGROUP x)`, `(FILEGROUP x, catalog)`..."""
    catalog = filegroup = ""
    many = cursor.accept("(")
    while True:
        if many and cursor.word == "FILEGROUP" and cursor.peek() not in {",", ")"}:
            cursor.next()
            filegroup = cursor.name()
        else:
            catalog = cursor.name()
        if not (many and cursor.accept(",")):
            break
    if many:
        cursor.expect(")")
    return catalog, filegroup


def _options(cursor: Cursor, said: Options) -> None:
    many = cursor.accept("(")
    while True:
        _option(cursor, said)
        if not cursor.accept(","):
            break
    if many:
        cursor.expect(")")


def _option(cursor: Cursor, said: Options) -> None:
    if cursor.accept("NO", "POPULATION"):
        return
    if cursor.accept("CHANGE_TRACKING"):
        cursor.accept("=")
        said["CHANGE_TRACKING"] = one_of(cursor, "MANUAL", "AUTO", "OFF")
    elif cursor.accept("STOPLIST"):
        cursor.accept("=")
        said["STOPLIST"] = cursor.accept_any("OFF", "SYSTEM") or cursor.name()
    else:
        cursor.expect("SEARCH", "PROPERTY", "LIST")
        cursor.accept("=")
        said["SEARCH PROPERTY LIST"] = cursor.accept_any("OFF") or cursor.name()


def _said(options: Options) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(each for each in options.items() if _DEFAULTS[each[0]] != each[1]))


def _sorted(columns: Iterable[FullTextColumn]) -> tuple[FullTextColumn, ...]:
    return tuple(sorted(columns, key=lambda each: each.name.lower()))


Edit = Callable[[FullTextIndex], FullTextIndex]


def _alter(cursor: Cursor, builder: Builder) -> None:
    where = cursor.script.place(cursor.position)
    cursor.expect("ALTER", "FULLTEXT", "INDEX", "ON")
    schema, table = schema_and_name(cursor, builder)
    change = _change(cursor)
    if cursor.accept("WITH", "NO", "POPULATION"):
        pass
    _edit_there(builder, schema, table, change, where, cursor)


def _edit_there(
    builder: Builder, schema: str, table: str, change: Edit, where: str, cursor: Cursor
) -> None:
    def edit(had: FullTextIndex | None) -> FullTextIndex:
        if had is None:
            raise BadSchema(f"[{table}] has no full-text index", where=where)
        return change(had)

    edit_full_text(builder, schema, table, edit, cursor)


def _change(cursor: Cursor) -> Edit:
    if word := cursor.accept_any("ENABLE", "DISABLE"):
        return lambda had: had._replace(disabled=word == "DISABLE")
    if cursor.accept("SET"):
        added: Options = {}
        _option(cursor, added)
        return lambda had: had._replace(options=_said({**dict(had.options), **added}))
    if cursor.accept("ADD"):
        columns = cursor.list_of(lambda: _column(cursor))
        return lambda had: had._replace(columns=_sorted((*had.columns, *columns)))
    if cursor.accept("ALTER", "COLUMN"):
        name = cursor.name().lower()
        semantic = one_of(cursor, "ADD", "DROP") == "ADD"
        cursor.expect("STATISTICAL_SEMANTICS")
        return lambda had: had._replace(columns=_semantic(had.columns, name, there=semantic))
    if cursor.accept("DROP"):
        names = _column_names(cursor)
        return lambda had: had._replace(
            columns=tuple(each for each in had.columns if each.name.lower() not in names)
        )
    one_of(cursor, "START", "STOP", "PAUSE", "RESUME")
    cursor.accept_any("FULL", "INCREMENTAL", "UPDATE")
    cursor.expect("POPULATION")
    return lambda had: had


def _semantic(
    columns: tuple[FullTextColumn, ...], name: str, *, there: bool
) -> tuple[FullTextColumn, ...]:
    return tuple(
        each._replace(statistical_semantics=there) if each.name.lower() == name else each
        for each in columns
    )


def _column_names(cursor: Cursor) -> frozenset[str]:
    found = (
        cursor.list_of(cursor.name)
        if cursor.word == "("
        else (comma_separated(cursor, cursor.name))
    )
    return frozenset(each.lower() for each in found)


def _drop(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("DROP", "FULLTEXT", "INDEX", "ON")
    schema, table = schema_and_name(cursor, builder)
    edit_full_text(builder, schema, table, lambda _: None, cursor)


def _called_catalog(cursor: Cursor, builder: Builder) -> None:
    call = read_call(cursor, ("ftcat", "action", "path"))
    path = call.written("path")
    path = f"N{path.lstrip('Nn')}" if path else ""
    action = call.needed("action").lower()
    catalog_called(builder, cursor, call.needed("ftcat"), action, path)


def _called_table(cursor: Cursor, builder: Builder) -> None:
    """sp_fulltext_table: create, drop, activate, deactivate, start_change_tracking, ..."""
    call = read_call(cursor, ("tabname", "action", "ftcat", "keyname"))
    schema, table = _table(call.needed("tabname"), builder, call.where)
    action = call.needed("action").lower()
    if action == "create":
        made = FullTextIndex((), call.needed("keyname"), call.text("ftcat"))
        made = made._replace(options=(("CHANGE_TRACKING", "OFF"),), disabled=True)
        edit_full_text(builder, schema, table, lambda _: made, cursor)
    elif action == "drop":
        edit_full_text(builder, schema, table, lambda _: None, cursor)
    elif action in _TRACKING:
        added = {"CHANGE_TRACKING": _TRACKING[action]}
        _edit_there(
            builder,
            schema,
            table,
            lambda had: had._replace(options=_said({**dict(had.options), **added})),
            call.where,
            cursor,
        )
    elif action in {"activate", "deactivate"}:
        _edit_there(
            builder,
            schema,
            table,
            lambda had: had._replace(disabled=action == "deactivate"),
            call.where,
            cursor,
        )
    elif action not in {"start_full", "start_incremental", "update_index", "stop"}:
        call.fail(f"sp_fulltext_table has no action {action}")


_TRACKING = {
    "start_change_tracking": "MANUAL",
    "stop_change_tracking": "OFF",
    "start_background_updateindex": "AUTO",
    "stop_background_updateindex": "MANUAL",
}


def _called_column(cursor: Cursor, builder: Builder) -> None:
    call = read_call(cursor, ("tabname", "colname", "action", "language", "type_colname"))
    schema, table = _table(call.needed("tabname"), builder, call.where)
    said = call.text("language")
    column = FullTextColumn(
        call.needed("colname"), call.text("type_colname"), number_of(said) if said else ""
    )

    def change(had: FullTextIndex) -> FullTextIndex:
        left = [each for each in had.columns if each.name.lower() != column.name.lower()]
        added = [column] if call.text("action").lower() == "add" else []
        return had._replace(columns=_sorted((*left, *added)))

    _edit_there(builder, schema, table, change, call.where, cursor)


def _called_database(cursor: Cursor, builder: Builder) -> None:
    read_call(cursor, ("action",))


def _table(text: str, builder: Builder, where: str) -> tuple[str, str]:
    parts = name_parts(text, where)
    return (parts[-2] if len(parts) > 1 else builder.default_schema), parts[-1]


STATEMENTS: dict[tuple[str, ...], Statement] = {
    ("CREATE", "FULLTEXT", "INDEX"): _create,
    ("ALTER", "FULLTEXT", "INDEX"): _alter,
    ("DROP", "FULLTEXT", "INDEX"): _drop,
    ("EXEC", "SP_FULLTEXT_CATALOG"): _called_catalog,
    ("EXEC", "SP_FULLTEXT_TABLE"): _called_table,
    ("EXEC", "SP_FULLTEXT_COLUMN"): _called_column,
    ("EXEC", "SP_FULLTEXT_DATABASE"): _called_database,
}
