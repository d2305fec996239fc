"""What tables and the parts inside them need."""

import re
from collections.abc import Iterable, Iterator

from pipeline.schema.diff.mssql.operation import Part, PartKind
from pipeline.schema.diff.mssql.parts import Piece, key_name, object_part, primary_xml
from pipeline.schema.diff.mssql.state import Need, State, Tie
from pipeline.schema.model.mssql.database import Object
from pipeline.schema.model.mssql.items import TableType
from pipeline.schema.model.mssql.names import Kind, fold, key
from pipeline.schema.model.mssql.shared import Storage, TypeName
from pipeline.schema.model.mssql.tables import (
    Check,
    Column,
    Default,
    ForeignKey,
    FullTextIndex,
    Index,
    Statistics,
    Table,
    Temporal,
    UniqueKey,
)
from pipeline.schema.model.names import Key
from pipeline.schema.normalise.mssql.modules import mentions, references

_PATH = re.compile(r"(?:\[([^\]]+)\]|(\w+))\s*\.\s*(?:\[([^\]]+)\]|(\w+))")


def _held(parts: Iterable[Part]) -> Iterator[Need]:
    return (Need(part, Tie.HOLDING) for part in parts)


def column_part(own: Key, name: str) -> Part:
    """Give the part that a column is."""
    return Part(own, PartKind.COLUMN, fold(name))


def _columns(own: Key, names: Iterable[str]) -> Iterator[Need]:
    return _held(column_part(own, name) for name in names)


def primary_key(table: Table) -> Part | None:
    """Give the part that a table's primary key is."""
    found = next((each for each in table.keys if each.primary), None)
    return Part(table.key, PartKind.UNIQUE_KEY, key_name(found)) if found else None


def table_needs(table: Table) -> Iterator[Need]:
    """Give what a table needs for itself."""
    yield from _stored(table.storage)
    primary = primary_key(table)
    if dict(table.options).get("CHANGE_TRACKING") == "ON" and primary is not None:
        yield Need(primary, Tie.HOLDING)


def _stored(storage: Storage) -> Iterator[Need]:
    if storage.column:
        yield Need(object_part(key(Kind.PARTITION_SCHEME, "", storage.name)), Tie.HOLDING)


def column_needs(column: Column, owner: Table | TableType, state: State) -> Iterator[Need]:
    """Give what a column needs: its type, and what it is computed from."""
    if column.type is not None:
        yield from _held(type_parts(column.type))
    if column.computed is not None:
        text = column.computed.expression
        yield from _expression(text, owner, state)


def type_parts(found: TypeName) -> Iterator[Part]:
    """Give the alias type or the XML schema collection that a type is made of."""
    if found.schema:
        yield object_part(key(Kind.USER_DEFINED_TYPE, found.schema, found.name))
    elif found.name.lower() == "xml" and len(found.arguments) > 1:
        schema, _, name = found.arguments[1].rpartition(".")
        yield object_part(key(Kind.XML_SCHEMA_COLLECTION, schema or "dbo", name))


def _expression(text: str, owner: Object, state: State) -> Iterator[Need]:
    """Give the columns, functions and sequences that an expression speaks of."""
    if not text:
        return
    yield from _held(state.objects_named(references(text), owner.schema))
    if isinstance(owner, Table):
        words = mentions(text)
        yield from _columns(
            owner.key, (each.name for each in owner.columns if fold(each.name) in words)
        )


def part_needs(piece: Piece, owner: Object, state: State) -> Iterator[Need]:
    """Give what a part inside a table, a view or a type needs."""
    own = piece.part.key
    match piece.value:
        case Default() as default:
            yield Need(column_part(own, piece.part.name), Tie.HOLDING)
            yield from _expression(default.expression, owner, state)
        case Check() as check:
            yield from _expression(check.expression, owner, state)
        case UniqueKey() as unique:
            yield from _columns(own, (each.name for each in unique.columns))
            yield from _stored(unique.storage)
        case ForeignKey() as foreign:
            yield from _foreign_key(foreign, own, state)
        case Index() as index:
            yield from _index(index, own, owner, state)
        case Statistics() as statistics:
            yield from _columns(own, statistics.columns)
            yield from _expression(statistics.filter, owner, state)
        case FullTextIndex() as full_text:
            yield from _full_text(full_text, own)
        case Temporal() as temporal:
            yield from _temporal(piece.part, temporal, owner)
        case str() as text if piece.part.kind is PartKind.CONNECTION:
            for found in _PATH.findall(text):
                schema, name = found[0] or found[1], found[2] or found[3]
                yield Need(object_part(key(Kind.TABLE, schema, name)), Tie.HOLDING)
        case str() as bound:
            yield from _bound(piece.part, bound)
        case _:
            yield Need(column_part(own, piece.part.name), Tie.HOLDING)


def _bound(part: Part, name: str) -> Iterator[Need]:
    kind = Kind.DEFAULT if part.kind is PartKind.BOUND_DEFAULT else Kind.RULE
    schema, _, plain = name.rpartition(".")
    yield Need(object_part(key(kind, schema or "dbo", plain)), Tie.HOLDING)
    if part.name:
        yield Need(column_part(part.key, part.name), Tie.HOLDING)


def _foreign_key(foreign: ForeignKey, own: Key, state: State) -> Iterator[Need]:
    parent = key(Kind.TABLE, foreign.parent_schema, foreign.parent)
    yield from _columns(own, foreign.columns)
    yield Need(object_part(parent), Tie.HOLDING)
    table = state.table(parent)
    if table is None:
        return
    found = matching_key(table, foreign)
    if found is not None:
        yield Need(found, Tie.HOLDING)
    named = foreign.parent_columns or tuple(
        each.name for key_ in table.keys if key_.primary for each in key_.columns
    )
    yield from _columns(parent, named)


def matching_key(parent: Table, foreign: ForeignKey) -> Part | None:
    """Give the key or unique index of the parent that a foreign key stands on."""
    wanted = sorted(map(fold, foreign.parent_columns))
    for each in sorted(parent.keys, key=lambda found: not found.primary):
        columns = sorted(fold(column.name) for column in each.columns)
        if columns == wanted or (each.primary and not wanted):
            return Part(parent.key, PartKind.UNIQUE_KEY, key_name(each))
    for index in parent.indexes:
        columns = sorted(fold(column.name) for column in index.columns)
        if index.unique and not index.filter and columns == wanted:
            return Part(parent.key, PartKind.INDEX, fold(index.name))
    return None


def _index(index: Index, own: Key, owner: Object, state: State) -> Iterator[Need]:
    yield from _columns(own, (*(each.name for each in index.columns), *index.included))
    yield from _stored(index.storage)
    yield from _expression(index.filter, owner, state)
    if index.form.endswith("COLUMNSTORE") and not index.columns and isinstance(owner, Table):
        # A clustered columnstore has all columns, and those that come join it by themselves.
        yield from (Need(column_part(own, each.name), Tie.MAKING) for each in owner.columns)
    if isinstance(owner, Table):
        primary = primary_key(owner)
        if index.form in {"PRIMARY XML", "SELECTIVE XML", "SPATIAL"} and primary is not None:
            yield Need(primary, Tie.HOLDING)
        if index.form == "XML":
            yield Need(Part(own, PartKind.INDEX, fold(primary_xml(index))), Tie.HOLDING)
        return
    clustered = next(
        (each for each in getattr(owner, "indexes", ()) if each.form.startswith("CLUSTERED")), None
    )
    if clustered is not None:
        yield Need(Part(own, PartKind.INDEX, fold(clustered.name)), Tie.HOLDING)


def _full_text(found: FullTextIndex, own: Key) -> Iterator[Need]:
    for each in found.columns:
        yield from _columns(own, filter(None, (each.name, each.type_column)))
    name = fold(found.key_index)
    yield Need(Part(own, PartKind.UNIQUE_KEY, name), Tie.HOLDING)
    yield Need(Part(own, PartKind.INDEX, name), Tie.HOLDING)
    if found.catalog:
        yield Need(object_part(key(Kind.FULL_TEXT_CATALOG, "", found.catalog)), Tie.HOLDING)
    options = dict(found.options)
    for option, kind in (
        ("STOPLIST", Kind.FULL_TEXT_STOPLIST),
        ("SEARCH PROPERTY LIST", Kind.SEARCH_PROPERTY_LIST),
    ):
        named = options.get(option, "").strip("[]")
        if named:
            yield Need(object_part(key(kind, "", named)), Tie.HOLDING)


def _temporal(part: Part, temporal: Temporal, owner: Object) -> Iterator[Need]:
    own = part.key
    if part.kind is PartKind.PERIOD:
        yield from _columns(own, (temporal.start, temporal.end))
        return
    yield Need(Part(own, PartKind.PERIOD), Tie.HOLDING)
    if not isinstance(owner, Table):
        return
    primary = primary_key(owner)
    if primary is not None:
        yield Need(primary, Tie.HOLDING)
    names = [each.name for each in owner.columns]
    yield from (Need(column_part(own, name), Tie.MAKING) for name in names)
    if temporal.history:
        schema = temporal.history_schema or owner.schema
        history = key(Kind.TABLE, schema, temporal.history)
        yield Need(object_part(history), Tie.HOLDING)
        yield from _columns(history, names)
