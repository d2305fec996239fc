"""One table on both sides: which columns and constraints match."""

from dataclasses import dataclass
from functools import cached_property

from pipeline.schema.match import Matched, distinct, match
from pipeline.schema.model.names import fold
from pipeline.schema.model.tables import Check, Column, ForeignKey, PrimaryKey, Table, Unique
from pipeline.schema.normalise.sqlite import Normal
from pipeline.schema.syntax.sqlite.tokens import mentions


@dataclass(frozen=True)  # no slots: what is matched once is kept
class TablePair:
    """A table as it is and as it shall be, and the spelling that both are compared in."""

    old: Table
    new: Table
    spelling: Normal

    @cached_property
    def columns(self) -> Matched[Column]:
        """Columns by name."""
        return match(
            self.old.columns,
            self.new.columns,
            lambda column: fold(column.name),
            lambda was, now: self._old(was) == self._new(now),
        )

    @cached_property
    def lost(self) -> frozenset[str]:
        """Folded names of the columns that only the old table has."""
        return frozenset(fold(column.name) for column in self.columns.only_old)

    @cached_property
    def fresh(self) -> frozenset[str]:
        """Folded names of the columns that only the new table has."""
        return frozenset(fold(column.name) for column in self.columns.only_new)

    @cached_property
    def uniques(self) -> Matched[Unique]:
        """UNIQUE constraints by content."""
        spell = self.spelling.unique
        return match(
            distinct(self.old.uniques, spell),
            distinct(self.new.uniques, spell),
            spell,
            lambda was, now: spell(was) == spell(now),
        )

    @cached_property
    def checks(self) -> Matched[Check]:
        """CHECK constraints by content."""
        spell = self.spelling.check
        return match(
            distinct(self.old.checks, spell),
            distinct(self.new.checks, spell),
            spell,
            lambda was, now: spell(was) == spell(now),
        )

    @cached_property
    def foreign_keys(self) -> Matched[ForeignKey]:
        """Foreign keys by their columns and what they refer to; actions may differ."""
        spell = self.spelling.foreign_key
        return match(
            distinct(self.old.foreign_keys, self._reference),
            distinct(self.new.foreign_keys, self._reference),
            self._reference,
            lambda was, now: spell(was) == spell(now),
        )

    @cached_property
    def same_key(self) -> bool:
        """Whether the primary key is the same, AUTOINCREMENT aside."""
        return self._key(self.old.primary_key) == self._key(self.new.primary_key)

    def is_free(self, unique: Unique) -> bool:
        """Whether rows of old code cannot violate it: a column that is new and stays NULL."""
        return any(self.stays_null(term.column) for term in unique.terms)

    def stays_null(self, name: str) -> bool:
        """Whether a column is new and is NULL in every row that does not name it."""
        column = self.new.column(name)
        return (
            column is not None
            and fold(name) in self.fresh
            and self.spelling.default(column.default) is None
            and column.generated is None
        )

    def is_about_new(self, check: Check) -> bool:
        """Whether a CHECK speaks of new columns only."""
        said = mentions(check.expression)
        known = {fold(column.name) for column in self.old.columns}
        return bool(said & self.fresh) and not said & known

    def passes_at_once(self, check: Check) -> bool:
        """Whether every row passes: it speaks of new columns, all NULL, and not of NULL itself."""
        said = mentions(check.expression)
        if "null" in said or not self.is_about_new(check):
            return False
        return all(self.stays_null(name) for name in said & self.fresh)

    def _reference(self, key: ForeignKey) -> tuple[object, ...]:
        spelled = self.spelling.foreign_key(key)
        return spelled.columns, spelled.parent, spelled.parent_columns

    def _key(self, key: PrimaryKey | None) -> tuple[object, ...]:
        spelled = key and self.spelling.primary_key(key)
        return (spelled.terms, spelled.conflict) if spelled else ()

    def _old(self, column: Column) -> Column:
        return self.spelling.column(column, self.old)

    def _new(self, column: Column) -> Column:
        return self.spelling.column(column, self.new)
