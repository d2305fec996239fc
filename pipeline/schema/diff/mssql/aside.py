"""How a part makes way for a change without being dropped: the value that it has meanwhile."""

from pipeline.schema.diff.mssql.alterable import Alterable
from pipeline.schema.diff.mssql.operation import Part, PartKind, Value
from pipeline.schema.diff.mssql.parts import PRINCIPALS, Piece
from pipeline.schema.diff.mssql.table_needs import type_parts
from pipeline.schema.model.mssql.items import Unreadable
from pipeline.schema.model.mssql.names import fold
from pipeline.schema.model.mssql.shared import TypeName
from pipeline.schema.model.mssql.tables import Column, Table

_TRACKING = frozenset({"CHANGE_TRACKING", "TRACK_COLUMNS_UPDATED"})


def aside(piece: Piece, cause: Part, alterable: Alterable) -> Value | None:
    """Give the value with which a part does not stand on the cause, if there is one.

    A column gives up its alias type for the type below it, or its XML schemas; an object its
    owner; a table change tracking, which stands on its primary key.
    """
    value = piece.value
    if isinstance(value, Column) and value.type is not None:
        return _untyped(value, value.type, cause, alterable)
    if piece.part.kind is not PartKind.OBJECT:
        return None
    if isinstance(value, Table) and cause.kind is PartKind.UNIQUE_KEY:
        options = tuple(each for each in value.options if each[0] not in _TRACKING)
        return value._replace(options=options)
    owner = "" if isinstance(value, Unreadable) else getattr(value, "authorization", "")
    if owner and cause.key.kind in PRINCIPALS and fold(owner) == cause.key.name:
        return value._replace(authorization="")  # type: ignore[union-attr, call-arg]
    return None


def _untyped(column: Column, found: TypeName, cause: Part, alterable: Alterable) -> Column | None:
    if cause not in type_parts(found):
        return None
    if not found.schema:
        return column._replace(type=TypeName("", "xml"))
    below = alterable.base(found, new=False)
    return column._replace(type=below) if below != found else None
