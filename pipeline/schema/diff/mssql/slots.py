"""Names and places of which there is one only: who has it has to go before another comes."""

from collections.abc import Iterator

from pipeline.schema.diff.mssql.operation import Part, PartKind, Value
from pipeline.schema.model.mssql.names import Kind, fold
from pipeline.schema.model.mssql.shared import Permission
from pipeline.schema.model.mssql.tables import Column, Index, UniqueKey

Slot = tuple[str, ...]
_SHARED = frozenset(
    {
        Kind.DEFAULT.value,
        Kind.FUNCTION.value,
        Kind.QUEUE.value,
        Kind.RULE.value,
        Kind.SECURITY_POLICY.value,
        Kind.SEQUENCE.value,
        Kind.STORED_PROCEDURE.value,
        Kind.SYNONYM.value,
        Kind.TABLE.value,
        Kind.VIEW.value,
    }
)
_CONSTRAINTS = frozenset(
    {
        PartKind.CHECK,
        PartKind.DEFAULT,
        PartKind.FOREIGN_KEY,
        PartKind.TRIGGER,
        PartKind.UNIQUE_KEY,
    }
)
_ON_ROWS = frozenset({PartKind.INDEX, PartKind.STATISTICS, PartKind.UNIQUE_KEY})


def slots(part: Part, value: Value) -> Iterator[Slot]:
    """Give what a part takes that no other part can have at the same time."""
    key = part.key
    if part.kind is PartKind.OBJECT:
        if key.kind in _SHARED:
            yield ("object", key.schema, key.name)
        elif key.kind in {Kind.USER, Kind.ROLE}:
            yield ("principal", key.name)
        return
    name = fold(str(getattr(value, "name", "")))
    if part.kind in _CONSTRAINTS and name:
        yield ("object", key.schema, name)
    if part.kind in _ON_ROWS and name:
        yield ("index", *key, name)
    match value:
        case UniqueKey() as unique:
            if unique.primary:
                yield ("primary key", *key)
            if unique.form.startswith("CLUSTERED"):
                yield ("clustered", *key)
        case Index() as index if index.form.startswith("CLUSTERED"):
            yield ("clustered", *key)
        case Column() as column if column.rowguidcol:
            yield ("ROWGUIDCOL", *key)
        case Permission() as permission:
            columns = ",".join(map(fold, permission.columns))
            yield ("permission", *key, permission.action, fold(permission.grantee), columns)
        case _:
            pass
