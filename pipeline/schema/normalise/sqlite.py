"""One spelling for everything that SQLite takes as the same. Equal meaning, equal value."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar, assert_never

from pipeline.schema.model.names import Key, fold
from pipeline.schema.model.programs import Index, Trigger, View
from pipeline.schema.model.schema import Schema, SchemaObject
from pipeline.schema.model.tables import (
    Check,
    Column,
    ForeignKey,
    Generated,
    PrimaryKey,
    Table,
    Term,
    Unique,
)
from pipeline.schema.syntax.sqlite.tokens import Kind, Token, normal, tokens

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Normal:
    """Turns objects of one schema into their one spelling. Constraint names are left out."""

    names: frozenset[str]
    keys: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, schema: Schema) -> "Normal":
        """Learn the names that the schema knows, and its primary keys."""
        names = {fold(each.name) for each in schema.objects}
        names.update(fold(column.name) for table in schema.tables for column in table.columns)
        keys = {fold(table.name): table.key_columns for table in schema.tables}
        return cls(frozenset(names), keys)

    def object(self, each: SchemaObject) -> SchemaObject:
        """Give an object in its one spelling."""
        match each:
            case Table():
                return self.table(each)
            case Index():
                return replace(
                    each,
                    name=fold(each.name),
                    table=fold(each.table),
                    terms=self._terms(each.terms),
                    where=self.text(each.where),
                )
            case View():
                return View(fold(each.name), self.text(each.definition), each.schema)
            case Trigger():
                body = self.text(each.definition)
                return Trigger(fold(each.name), fold(each.table), body, each.schema)
            case _:
                assert_never(each)

    def table(self, table: Table) -> Table:
        """Give a table in its one spelling; columns and constraints sorted."""
        return replace(
            table,
            name=fold(table.name),
            columns=tuple(sorted((self.column(c, table) for c in table.columns), key=_by_name)),
            primary_key=table.primary_key and self.primary_key(table.primary_key),
            uniques=_sorted(map(self.unique, table.uniques)),
            checks=_sorted(map(self.check, table.checks)),
            foreign_keys=_sorted(map(self.foreign_key, table.foreign_keys)),
        )

    def column(self, column: Column, table: Table) -> Column:
        """Give a column in its one spelling; a rowid alias is never NULL, whatever it says."""
        generated = column.generated
        never_null = is_rowid_alias(column, table) or is_key_without_null(column, table)
        return Column(
            name=fold(column.name),
            type=spell_type(column.type),
            nullable=column.nullable and not never_null,
            default=self.default(column.default),
            collate=_collate(column.collate),
            generated=generated and Generated(self.text(generated.expression), generated.stored),
            conflict=column.conflict,
        )

    def primary_key(self, key: PrimaryKey) -> PrimaryKey:
        """Give a primary key in its one spelling."""
        return PrimaryKey(self._terms(key.terms), key.autoincrement, key.conflict)

    def unique(self, unique: Unique) -> Unique:
        """Give a UNIQUE constraint in its one spelling."""
        return Unique(self._terms(unique.terms), unique.conflict)

    def check(self, check: Check) -> Check:
        """Give a CHECK constraint in its one spelling."""
        return Check(self.text(check.expression))

    def foreign_key(self, key: ForeignKey) -> ForeignKey:
        """Give a foreign key in its one spelling: the parent's key is named even if left out."""
        parent = fold(key.parent)
        return replace(
            key,
            columns=tuple(map(fold, key.columns)),
            parent=parent,
            parent_columns=tuple(map(fold, key.parent_columns)) or self.keys.get(parent, ()),
            deferrable=key.deferred,
            name="",
        )

    def default(self, default: str | None) -> str | None:
        """Give a default in its one spelling: NULL is none, `(0)` is `0`."""
        words = list(tokens(default or ""))
        while len(words) > 2 and words[0].marks("(") and words[-1].marks(")"):
            if not _is_literal(words[1:-1]):
                break
            words = words[1:-1]
        text = self.text(" ".join(word.text for word in words))
        return None if text in ("", "null") else text

    def text(self, sql: str) -> str:
        """Give an expression or a body in its one spelling."""
        return normal(sql, self.names)

    def _terms(self, terms: tuple[Term, ...]) -> tuple[Term, ...]:
        return tuple(
            Term(fold(t.column), self.text(t.expression), fold(t.collate).upper(), t.descending)
            for t in terms
        )


def canonical(schema: Schema) -> dict[Key, SchemaObject]:
    """Give every object in its one spelling, by key. Equal values mean: nothing to change."""
    spelling = Normal.of(schema)
    return {each.key: spelling.object(each) for each in schema.objects}


def is_rowid_alias(column: Column, table: Table) -> bool:
    """Whether a column is SQLite's rowid under another name."""
    key = table.primary_key
    return (
        key is not None
        and not table.without_rowid
        and table.key_columns == (fold(column.name),)
        and not key.terms[0].descending
        and spell_type(column.type) == "INTEGER"
    )


def is_key_without_null(column: Column, table: Table) -> bool:
    """Whether the key forbids NULL, as it does where SQLite has no old habits to keep."""
    forbids = table.without_rowid or table.strict
    return forbids and fold(column.name) in table.key_columns and not is_rowid_alias(column, table)


@lru_cache(maxsize=2_000)
def spell_type(text: str) -> str:
    """Give a type in upper case, with single blanks."""
    return (
        " ".join(token.text.upper() for token in tokens(text))
        .replace(" ( ", "(")
        .replace(" )", ")")
    )


def is_constant(default: str) -> bool:
    """Whether a default is a literal: what ALTER TABLE ADD COLUMN takes."""
    return _is_literal(list(tokens(default)))


def _is_literal(words: list[Token]) -> bool:
    if len(words) == 2 and words[0].marks("+", "-"):
        words = words[1:]
    if len(words) != 1:
        return False
    kinds = (Kind.STRING, Kind.NUMBER, Kind.BLOB)
    return words[0].kind in kinds or words[0].says("NULL", "TRUE", "FALSE")


def _collate(name: str) -> str:
    return "" if name.upper() == "BINARY" else name.upper()


def _by_name(column: Column) -> str:
    return column.name


def _sorted(items: Iterable[T]) -> tuple[T, ...]:
    return tuple(sorted(items, key=repr))
