"""What SQLite's PRAGMAs say about tables and indexes: the second witness beside their text."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Self

from pipeline.schema.model.names import fold
from pipeline.schema.model.programs import Index
from pipeline.schema.model.tables import Table, Term
from pipeline.schema.normalise.sqlite import is_key_without_null, spell_type

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Witness:
    """The rows of the PRAGMAs, by table or by index."""

    columns: dict[object, list[Row]]
    foreign_keys: dict[object, list[Row]]
    constraints: dict[object, list[Row]]
    indexes: dict[object, list[Row]]

    @classmethod
    def of(
        cls, columns: Iterable[Row], foreign_keys: Iterable[Row], index_columns: Iterable[Row]
    ) -> Self:
        """Sort the rows of the three queries by what they speak of."""
        parts = list(index_columns)
        return cls(
            columns=_grouped(columns, 0),
            foreign_keys=_grouped(foreign_keys, 0),
            constraints=_grouped((row for row in parts if row[3] == "u"), 0),
            indexes=_grouped((row for row in parts if row[3] == "c"), 1),
        )

    def table(self, table: Table) -> str:
        """Say what of a parsed table SQLite knows otherwise, or nothing."""
        if _columns_of(table) != [
            (str(name), bool(required), bool(key), hidden)
            for _, name, _, required, key, hidden in self.columns.get(table.name, [])
        ]:
            return "its columns"
        types = [str(row[2]) for row in self.columns.get(table.name, [])]
        if not all(map(_same_type, (column.type for column in table.columns), types)):
            return "the types of its columns"
        if _foreign_keys_of(table) != self._foreign_keys(table):
            return "its foreign keys"
        if not self._uniques(table) <= _uniques_of(table):
            return "its UNIQUE constraints"
        return ""

    def index(self, index: Index) -> str:
        """Say what of a parsed index SQLite knows otherwise, or nothing."""
        rows = self.indexes.get(index.name, [])
        found = [(name, bool(descending)) for *_, name, descending in rows]
        said = [(t.column or None, t.descending) for t in index.terms]
        flags = {(bool(unique), bool(partial)) for _, _, unique, _, partial, *_ in rows}
        if flags != {(index.unique, bool(index.where))}:
            return "its kind"
        agree = len(found) == len(said) and all(
            mine[1] == theirs[1] and (mine[0] is None or fold(mine[0]) == fold(str(theirs[0])))
            for mine, theirs in zip(said, found, strict=True)
        )
        return "" if agree else "its columns"

    def _foreign_keys(self, table: Table) -> list[tuple[object, ...]]:
        keys = _grouped(self.foreign_keys.get(table.name, []), 1)
        return sorted(
            (
                tuple(fold(str(row[2])) for row in rows),
                fold(str(rows[0][3])),
                tuple(fold(str(row[4])) for row in rows if row[4] is not None),
                str(rows[0][5]),
                str(rows[0][6]),
            )
            for rows in keys.values()
        )

    def _uniques(self, table: Table) -> frozenset[tuple[str, ...]]:
        indexes = _grouped(self.constraints.get(table.name, []), 1)
        return frozenset(tuple(fold(str(row[5])) for row in rows) for rows in indexes.values())


def _columns_of(table: Table) -> list[tuple[str, bool, bool, int]]:
    keys = table.key_columns
    return [
        (
            column.name,
            not column.nullable or is_key_without_null(column, table),
            fold(column.name) in keys,
            0 if column.generated is None else 2 + column.generated.stored,
        )
        for column in table.columns
    ]


def _same_type(said: str, found: str) -> bool:
    """Whether two types are one. SQLite shows a quoted type in part only: the text knows more."""
    return any(quote in said for quote in "'\"`[") or spell_type(said) == spell_type(found)


def _foreign_keys_of(table: Table) -> list[tuple[object, ...]]:
    return sorted(
        (
            tuple(map(fold, key.columns)),
            fold(key.parent),
            tuple(map(fold, key.parent_columns)),
            key.on_update,
            key.on_delete,
        )
        for key in table.foreign_keys
    )


def _uniques_of(table: Table) -> frozenset[tuple[str, ...]]:
    return frozenset(_columns_named(unique.terms) for unique in table.uniques)


def _columns_named(terms: tuple[Term, ...]) -> tuple[str, ...]:
    return tuple(fold(term.column) for term in terms)


def _grouped(rows: Iterable[Row], place: int) -> dict[object, list[Row]]:
    """Give rows by the value in one place; rows of one value keep their order."""
    by = itemgetter(place)
    ordered = sorted(rows, key=lambda row: str(by(row)))
    return {value: list(group) for value, group in groupby(ordered, key=by)}
