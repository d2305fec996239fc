"""CREATE, ALTER and DROP of indexes and statistics, on tables and on views."""

from typing import NamedTuple, TypeVar

from pipeline.errors import BadSchema
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind, fold, two_part
from pipeline.schema.model.mssql.tables import Index, Statistics, Table, UniqueKey
from pipeline.schema.syntax.mssql.attached import Relation, edit_relation
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.clauses import schema_and_name
from pipeline.schema.syntax.mssql.constraints import (
    read_detail,
    read_filter,
    read_form,
    read_index_tail,
    read_key_columns,
)
from pipeline.schema.syntax.mssql.create_table import by_name
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.item_changes import Statement
from pipeline.schema.syntax.mssql.with_options import kept, read_options

_OF_COLUMNSTORES = frozenset({"COMPRESSION_DELAY", "DATA_COMPRESSION"})


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
    detail = read_detail(cursor)
    options, storage = read_index_tail(cursor)
    index = Index(name, form, unique, columns, included, where, options, storage, detail)
    where_said = cursor.script.place(cursor.begun)
    existing, guarded = _drops_existing(cursor), builder.guarded

    def change(had: Relation) -> Relation:
        if guarded and any(fold(each.name) == fold(name) for each in had.indexes):
            return had
        return _with_index(had, index, where_said, existing=existing)

    edit_relation(builder, schema, relation, change, cursor)


def _drops_existing(cursor: Cursor) -> bool:
    """Whether an index of that name may be there, whose place this one takes."""
    words = cursor.words[cursor.begun : cursor.position]
    if "DROP_EXISTING" not in words:
        return False
    place = words.index("DROP_EXISTING")
    return words[place + 1 : place + 3] != ["=", "OFF"]


def _form(cursor: Cursor) -> str:
    if cursor.accept("PRIMARY", "XML"):
        return "PRIMARY XML"
    if cursor.accept("SELECTIVE", "XML"):
        return "SELECTIVE XML"
    for word in ("XML", "SPATIAL", "JSON", "VECTOR"):
        if cursor.accept(word):
            return word
    return read_form(cursor) or "NONCLUSTERED"


def _with_index(relation: Relation, index: Index, where: str, *, existing: bool) -> Relation:
    others = tuple(each for each in relation.indexes if fold(each.name) != fold(index.name))
    if len(others) < len(relation.indexes) and not existing:
        raise BadSchema(
            f"index {index.name} of {two_part(relation.schema, relation.name)} is created twice",
            where=where,
            advice="take one of the two out",
        )
    if existing and isinstance(relation, Table) and len(others) == len(relation.indexes):
        for key in relation.keys:
            if fold(key.name) == fold(index.name):
                new = key._replace(
                    form=index.form,
                    columns=index.columns,
                    options=index.options,
                    storage=index.storage,
                )
                keys = tuple(new if each is key else each for each in relation.keys)
                return relation._replace(keys=keys)
    return relation._replace(indexes=by_name((*others, index)))


def _alter_index(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("ALTER", "INDEX")
    name = "" if cursor.accept("ALL") else fold(cursor.name())
    cursor.expect("ON")
    schema, relation = schema_and_name(cursor, builder)
    edit = _index_edit(cursor)
    place = cursor.script.place(cursor.begun)

    def change(had: Relation) -> Relation:
        keys: tuple[UniqueKey, ...] = had.keys if isinstance(had, Table) else ()
        names = {fold(each.name) for each in had.indexes} | {fold(each.name) for each in keys}
        if name and name not in names:
            raise BadSchema(f"{two_part(had.schema, had.name)} has no index {name}", where=place)
        for key in keys:
            if edit.disabled and (not name or fold(key.name) == name):
                builder.note(f"{place}: that {key.name or 'a key'} is disabled is not compared")
        changed = had._replace(indexes=tuple(_edited(each, name, edit) for each in had.indexes))
        if isinstance(changed, Table):
            changed = changed._replace(keys=tuple(_edited(each, name, edit) for each in keys))
        return changed

    edit_relation(builder, schema, relation, change, cursor)


class _Edit(NamedTuple):
    """What ALTER INDEX says: `disabled` is None where it stays as it is."""

    disabled: bool | None = None
    options: tuple[tuple[str, str], ...] = ()


Part = TypeVar("Part", Index, UniqueKey)


def _edited(part: Part, name: str, edit: _Edit) -> Part:
    if name and fold(part.name) != name:
        return part
    if edit.disabled is not None and isinstance(part, Index):
        part = part._replace(disabled=edit.disabled)
    if not edit.options:
        return part
    said = dict(part.options) | dict(edit.options)
    if "COLUMNSTORE" in part.form:  # ALL speaks of others too
        said = {option: value for option, value in said.items() if option in _OF_COLUMNSTORES}
    return part._replace(options=kept(said))


def _index_edit(cursor: Cursor) -> _Edit:
    if cursor.accept("DISABLE"):
        return _Edit(disabled=True)
    if cursor.accept("SET"):
        return _Edit(options=tuple(read_options(cursor).items()))
    if cursor.accept("REBUILD"):
        if cursor.accept("PARTITION", "="):
            cursor.next()
        said = read_options(cursor) if cursor.accept("WITH") else {}
        return _Edit(disabled=False, options=tuple(said.items()))
    if not cursor.accept_any("REORGANIZE", "RESUME", "PAUSE", "ABORT"):
        cursor.fail("expected DISABLE, REBUILD, REORGANIZE or SET")
    if cursor.accept("PARTITION", "="):
        cursor.next()
    if cursor.accept("WITH"):
        read_options(cursor)
    return _Edit()


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
