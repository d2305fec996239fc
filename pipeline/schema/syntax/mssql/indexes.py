"""CREATE, ALTER and DROP of indexes and statistics, on tables and on views."""

from collections.abc import Callable

from pipeline.errors import BadSchema
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind, fold, two_part
from pipeline.schema.model.mssql.tables import Index, Statistics, Table
from pipeline.schema.syntax.mssql.attached import Relation, edit_relation
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.clauses import schema_and_name
from pipeline.schema.syntax.mssql.constraints import (
    read_filter,
    read_form,
    read_index_tail,
    read_key_columns,
)
from pipeline.schema.syntax.mssql.create_table import by_name
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.item_changes import Statement
from pipeline.schema.syntax.mssql.with_options import kept, read_options

_SPECIAL_ENDS = {"WITH", "ON", ";", "", "CREATE", "ALTER", "GO", "EXEC", "GRANT"}


def _create_index(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("CREATE")
    unique = cursor.accept("UNIQUE")
    form = _form(cursor)
    cursor.expect("INDEX")
    name = cursor.name()
    cursor.expect("ON")
    schema, relation = schema_and_name(cursor, builder)
    columns = read_key_columns(cursor) if cursor.word == "(" else ()
    included = cursor.list_of(cursor.name) if cursor.accept("INCLUDE") else ()
    where = read_filter(cursor) if cursor.accept("WHERE") else ""
    detail = _detail(cursor)
    options, storage = read_index_tail(cursor)
    index = Index(name, form, unique, columns, included, where, options, storage, detail)
    where_said = cursor.script.place(cursor.begun)
    edit_relation(builder, schema, relation, lambda r: _with_index(r, index, where_said), cursor)


def _form(cursor: Cursor) -> str:
    if cursor.accept("PRIMARY", "XML"):
        return "PRIMARY XML"
    if cursor.accept("SELECTIVE", "XML"):
        return "SELECTIVE XML"
    for word in ("XML", "SPATIAL", "JSON", "VECTOR"):
        if cursor.accept(word):
            return word
    return read_form(cursor) or "NONCLUSTERED"


def _detail(cursor: Cursor) -> str:
    """What a special index says besides: USING ..., FOR ..., ORDER (...)."""
    words: list[str] = []
    depth = 0
    while depth or cursor.word in {"USING", "FOR", "ORDER", "WITH"} or words:
        word = cursor.word
        if word == "WITH" and not depth and not _namespaces(cursor):
            break
        if depth == 0 and word in _SPECIAL_ENDS - {"WITH"}:
            break
        if not word:
            break
        depth += (word == "(") - (word == ")")
        quoted = cursor.token[:1] in {"[", '"', "'", "N", "n"}
        words.append(cursor.token if quoted else word)
        cursor.position += 1
    return " ".join(words)


def _namespaces(cursor: Cursor) -> bool:
    return cursor.at("WITH", "XMLNAMESPACES")


def _with_index(relation: Relation, index: Index, where: str) -> Relation:
    names = {fold(each.name) for each in relation.indexes}
    if fold(index.name) in names:
        raise BadSchema(
            f"index {index.name} of {two_part(relation.schema, relation.name)} is created twice",
            where=where,
            advice="take one of the two out",
        )
    return relation._replace(indexes=by_name((*relation.indexes, index)))


def _alter_index(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("ALTER", "INDEX")
    name = "" if cursor.accept("ALL") else fold(cursor.name())
    cursor.expect("ON")
    schema, relation = schema_and_name(cursor, builder)
    edit = _index_edit(cursor)
    edit_relation(
        builder,
        schema,
        relation,
        lambda each: each._replace(
            indexes=tuple(edit(i) if not name or fold(i.name) == name else i for i in each.indexes)
        ),
        cursor,
    )


def _index_edit(cursor: Cursor) -> Callable[[Index], Index]:
    if cursor.accept("DISABLE"):
        return lambda index: index._replace(disabled=True)
    if cursor.accept("SET"):
        said = read_options(cursor)
        return lambda index: _with_options(index, said)
    if cursor.accept("REBUILD"):
        if cursor.accept("PARTITION", "="):
            cursor.next()
        said = read_options(cursor) if cursor.accept("WITH") else {}
        return lambda index: _with_options(index._replace(disabled=False), said)
    cursor.next()  # REORGANIZE, RESUME, PAUSE, ABORT: of rows only
    if cursor.accept("PARTITION", "="):
        cursor.next()
    if cursor.accept("WITH"):
        read_options(cursor)
    return lambda index: index


def _with_options(index: Index, said: dict[str, str]) -> Index:
    return index._replace(options=kept(dict(index.options) | said))


def _drop_index(cursor: Cursor, builder: Builder) -> None:
    """DROP INDEX a ON t, b ON u; and the old DROP INDEX t.a."""
    cursor.expect("DROP", "INDEX")
    cursor.accept("IF", "EXISTS")
    while True:
        parts = cursor.parts()
        if cursor.accept("ON"):
            schema, relation = schema_and_name(cursor, builder)
            name = parts[-1]
        elif len(parts) > 1:
            name, relation = parts[-1], parts[-2]
            schema = parts[-3] if len(parts) > 2 else builder.default_schema
        else:
            cursor.fail("expected ON and the table of the index")
        _drop_child(builder, schema, relation, fold(name))
        if cursor.accept("WITH"):
            read_options(cursor)
        if not cursor.accept(","):
            return


def _drop_child(builder: Builder, schema: str, relation: str, name: str) -> None:
    for kind in (Kind.TABLE, Kind.VIEW):
        found = builder.get(kind, schema, relation)
        if isinstance(found, Table | Module):
            builder.replace(
                found._replace(
                    indexes=tuple(i for i in found.indexes if fold(i.name) != name),
                    statistics=tuple(s for s in found.statistics if fold(s.name) != name),
                )
            )


def _create_statistics(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("CREATE", "STATISTICS")
    name = cursor.name()
    cursor.expect("ON")
    schema, relation = schema_and_name(cursor, builder)
    columns = cursor.list_of(cursor.name)
    where = read_filter(cursor) if cursor.accept("WHERE") else ""
    said: dict[str, str] = {}
    if cursor.accept("WITH"):
        said = _statistics_options(cursor)
    found = Statistics(name, columns, where, tuple(sorted(said.items())))
    edit_relation(
        builder,
        schema,
        relation,
        lambda each: each._replace(statistics=by_name((*each.statistics, found))),
        cursor,
    )


def _statistics_options(cursor: Cursor) -> dict[str, str]:
    """Give NORECOMPUTE and INCREMENTAL; how many rows are looked at is not kept."""
    said: dict[str, str] = {}
    while True:
        word = cursor.next().upper()
        value = "ON"
        if cursor.accept("="):
            value = cursor.next().upper()
        elif word == "SAMPLE":
            cursor.next()
            cursor.accept_any("PERCENT", "ROWS")
        if word in {"NORECOMPUTE", "INCREMENTAL", "AUTO_DROP"} and value == "ON":
            said[word] = value
        if not cursor.accept(","):
            return said


def _drop_statistics(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("DROP", "STATISTICS")
    while True:
        parts = cursor.parts()
        schema = parts[-3] if len(parts) > 2 else builder.default_schema
        if len(parts) > 1:
            _drop_child(builder, schema, parts[-2], fold(parts[-1]))
        if not cursor.accept(","):
            return


def _update_statistics(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("UPDATE", "STATISTICS")
    builder.count("UPDATE STATISTICS")
    while not cursor.done and cursor.word not in {";", "CREATE", "ALTER", "EXEC", "UPDATE"}:
        cursor.next()


_FORMS = (
    ("UNIQUE",),
    ("CLUSTERED",),
    ("NONCLUSTERED",),
    ("COLUMNSTORE",),
    ("PRIMARY", "XML"),
    ("SELECTIVE", "XML"),
    ("XML", "INDEX"),
    ("SPATIAL",),
    ("JSON",),
    ("VECTOR",),
    ("INDEX",),
)
STATEMENTS: dict[tuple[str, ...], Statement] = {
    **{("CREATE", *form): _create_index for form in _FORMS},
    ("ALTER", "INDEX"): _alter_index,
    ("DROP", "INDEX"): _drop_index,
    ("CREATE", "STATISTICS"): _create_statistics,
    ("DROP", "STATISTICS"): _drop_statistics,
    ("UPDATE", "STATISTICS"): _update_statistics,
}
