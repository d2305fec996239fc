"""Whether the server refuses to alter a part while another one stands on it.

Rules of ALTER COLUMN: learn.microsoft.com, "ALTER TABLE", arguments of ALTER COLUMN.
"""

from pipeline.schema.diff.mssql.alterable import Alterable
from pipeline.schema.diff.mssql.conversions import LENGTHENED, is_lengthened
from pipeline.schema.diff.mssql.operation import Part, PartKind, Value
from pipeline.schema.diff.mssql.parts import Piece
from pipeline.schema.model.mssql.items import Item
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind, fold
from pipeline.schema.model.mssql.tables import Column, Index, Statistics, UniqueKey

_BY_NAME = frozenset({PartKind.PERMISSION, PartKind.PROPERTY, PartKind.SENSITIVITY})
_ENFORCED = frozenset({PartKind.CHECK, PartKind.COLUMN, PartKind.DEFAULT})
"""Parts of tables whose expressions hold what they call."""


class Holding:
    """The rules of one pair of states."""

    def __init__(self, alterable: Alterable) -> None:
        self._alterable = alterable

    def refuses(self, standing: Piece, part: Part, old: Value, new: Value) -> bool:
        """Whether `part` cannot be altered from `old` to `new` while `standing` stands on it."""
        if standing.part.kind in _BY_NAME:
            return False
        match old, new:
            case Column(), Column():
                return self._column(standing, old, new)
            case Module(), Module():
                changed = rewritten(old, new)
                return changed and standing.part.key != part.key and _is_enforced(standing)
            case Index(), Index():
                same = (old.columns, old.unique, old.filter) == (
                    new.columns,
                    new.unique,
                    new.filter,
                )
                mine = standing.part.kind in {PartKind.FOREIGN_KEY, PartKind.FULL_TEXT}
                return mine and not same
            case _:
                return False

    def _column(self, standing: Piece, old: Column, new: Column) -> bool:
        kind = standing.part.kind
        if kind is PartKind.VERSIONING:
            return True
        if not self.reshaped(old, new):
            if old.mask != new.mask:
                return kind in {PartKind.COLUMN, PartKind.INDEX, PartKind.OBJECT}
            return kind is PartKind.CHECK and _loses_persisted(old, new)
        same = self._same_base(old, new)
        match standing.value:
            case UniqueKey() as unique if unique.primary:
                return True
            case UniqueKey() | Index():
                return not (self._lengthened(old, new) and old.nullable == new.nullable)
            case Statistics():
                to_null = same and old.type == new.type and new.nullable
                return not (self._lengthened(old, new) or to_null)
            case _ if kind is PartKind.CHECK:
                varying = old.type is not None and self._name(old, new=False) in LENGTHENED
                return not (same and varying and old.nullable == new.nullable)
            case _ if kind in {PartKind.DEFAULT, PartKind.BOUND_DEFAULT, PartKind.BOUND_RULE}:
                return not same
            case _:
                return kind is not PartKind.MEMBER

    def reshaped(self, old: Column, new: Column) -> bool:
        """Whether ALTER COLUMN says the column's type again."""
        return (old.type, old.nullable, fold(old.collation), old.encryption) != (
            new.type,
            new.nullable,
            fold(new.collation),
            new.encryption,
        )

    def _name(self, column: Column, *, new: bool) -> str:
        if column.type is None:
            return ""
        return self._alterable.base(column.type, new=new).name.lower()

    def _same_base(self, old: Column, new: Column) -> bool:
        same = self._name(old, new=False) == self._name(new, new=True)
        return same and fold(old.collation) == fold(new.collation)

    def _lengthened(self, old: Column, new: Column) -> bool:
        if old.type is None or new.type is None or fold(old.collation) != fold(new.collation):
            return False
        return is_lengthened(old.type, new.type)


def rewritten(old: Value, new: Value) -> bool:
    """Whether the text of a module is said again."""
    if not isinstance(old, Module) or not isinstance(new, Module):
        return False
    return (old.definition, old.quoted_identifier, old.ansi_nulls) != (
        new.definition,
        new.quoted_identifier,
        new.ansi_nulls,
    )


def _loses_persisted(old: Column, new: Column) -> bool:
    return bool(old.computed and old.computed.persisted) and not (
        new.computed and new.computed.persisted
    )


def _is_enforced(standing: Piece) -> bool:
    if standing.part.kind is not PartKind.OBJECT:
        return standing.part.kind in _ENFORCED
    return isinstance(standing.value, Module) or (
        isinstance(standing.value, Item) and standing.value.kind is Kind.SECURITY_POLICY
    )


def holds_a_name(standing: Piece, part: Part) -> bool:
    """Whether the server refuses to rename a part while another stands on it."""
    kind = standing.part.kind
    if part.kind is PartKind.COLUMN:
        if kind in {PartKind.INDEX, PartKind.STATISTICS}:
            text = str(getattr(standing.value, "filter", ""))
            return part.name in text.lower()
        return kind in {PartKind.CHECK, PartKind.COLUMN} or (
            kind is PartKind.OBJECT and _is_enforced(standing)
        )
    if part.key.kind in {Kind.TABLE, Kind.VIEW}:
        return kind is PartKind.OBJECT and _is_enforced(standing)
    if part.key.kind in {Kind.FUNCTION, Kind.SEQUENCE}:
        return _is_enforced(standing)
    return False
