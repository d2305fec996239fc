"""What CREATE TABLE, a rebuild and ADD of a column bring along, and the values they are given."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from pipeline.schema.diff.mssql.operation import Part, PartKind
from pipeline.schema.diff.mssql.parts import (
    Piece,
    bare,
    check_name,
    foreign_key_name,
    key_name,
)
from pipeline.schema.model.mssql.database import Object
from pipeline.schema.model.mssql.names import fold
from pipeline.schema.model.mssql.tables import Check, Column, Table, UniqueKey
from pipeline.schema.normalise.mssql.modules import mentions

_PLAIN = frozenset(
    {
        PartKind.COLUMN,
        PartKind.DEFAULT,
        PartKind.UNIQUE_KEY,
        PartKind.CHECK,
        PartKind.PERIOD,
    }
)
_IN_MEMORY = _PLAIN | {PartKind.INDEX, PartKind.FOREIGN_KEY, PartKind.VERSIONING}
_LEDGER = _PLAIN | {PartKind.VERSIONING}


def in_memory(found: object) -> bool:
    """Whether a table or a table type is memory-optimised."""
    return dict(getattr(found, "options", ())).get("MEMORY_OPTIMIZED") == "ON"


def carried_kinds(table: Table) -> frozenset[PartKind]:
    """Give the kinds of parts that are made with a table."""
    if in_memory(table):
        return _IN_MEMORY
    return _LEDGER if dict(table.options).get("LEDGER") == "ON" else _PLAIN


def carried_parts(
    found: Object, pieces: Iterable[Piece], apart: Collection[Part] = ()
) -> frozenset[Part]:
    """Give the parts that are made with a new object of these; those `apart` are not."""
    if not isinstance(found, Table):
        return frozenset()
    kinds = carried_kinds(found)
    later = {part.name for part in apart if part.kind is PartKind.COLUMN}
    return frozenset(
        piece.part
        for piece in pieces
        if piece.part.kind in kinds
        and piece.part not in apart
        and not (later and _speaks_of(piece, later))
    )


def _speaks_of(piece: Piece, columns: Collection[str]) -> bool:
    match piece.value:
        case UniqueKey() as key:
            return any(fold(each.name) in columns for each in key.columns)
        case Check() as check:
            return not mentions(check.expression).isdisjoint(columns)
        case _:
            return piece.part.kind is PartKind.DEFAULT and piece.part.name in columns


@dataclass(frozen=True, slots=True)
class _Kept:
    """Which parts of a table are to stay in its value."""

    parts: frozenset[Part]
    table: Table

    def has(self, kind: PartKind, name: str = "") -> bool:
        return Part(self.table.key, kind, name) in self.parts


def table_with(table: Table, parts: frozenset[Part]) -> Table:
    """Give a table with these of its parts only."""
    kept = _Kept(parts, table)
    temporal = table.temporal if kept.has(PartKind.PERIOD) else None
    if temporal is not None and not kept.has(PartKind.VERSIONING):
        temporal = temporal._replace(versioned=False)
    return table._replace(
        columns=tuple(
            column_with(each, default=kept.has(PartKind.DEFAULT, fold(each.name)))
            for each in table.columns
            if kept.has(PartKind.COLUMN, fold(each.name))
        ),
        keys=tuple(e for e in table.keys if kept.has(PartKind.UNIQUE_KEY, key_name(e))),
        checks=tuple(e for e in table.checks if kept.has(PartKind.CHECK, check_name(e))),
        indexes=tuple(e for e in table.indexes if kept.has(PartKind.INDEX, fold(e.name))),
        foreign_keys=tuple(
            e for e in table.foreign_keys if kept.has(PartKind.FOREIGN_KEY, foreign_key_name(e))
        ),
        statistics=(),
        triggers=(),
        full_text=None,
        temporal=temporal,
        connections=(),
        permissions=(),
        properties=(),
    )


def column_with(column: Column, *, default: bool) -> Column:
    """Give a column as it is added: with its default or without it."""
    kept = column.default if default else None
    return bare(column)._replace(default=kept)
