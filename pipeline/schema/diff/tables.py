"""The changes that make one table into another: in place where SQLite can, else a rebuild."""

from collections.abc import Iterator
from dataclasses import replace

from pipeline.hazard import Hazard, HazardName
from pipeline.phase import Phase
from pipeline.schema.change import AddColumn, DropColumn, RebuildTable
from pipeline.schema.diff.pair import TablePair
from pipeline.schema.diff.table_hazards import table_hazards
from pipeline.schema.model.names import fold, qualified
from pipeline.schema.model.tables import Check, Column, ForeignKey, Table
from pipeline.schema.normalise.sqlite import is_constant
from pipeline.schema.syntax.sqlite.tokens import mentions

TableAlteration = AddColumn | DropColumn | RebuildTable


def alter(pair: TablePair, phase: Phase) -> tuple[TableAlteration, ...]:
    """Give the changes, in order: columns added, then columns dropped; or one rebuild."""
    columns = pair.columns
    addable = all(_can_add(pair, column) for column in columns.only_new)
    droppable = all(_can_drop(pair, column) for column in columns.only_old)
    if addable and droppable and _rest_is_same(pair):
        return (*_additions(pair, phase), *_removals(pair, phase))
    name = qualified(pair.new.schema, pair.new.name)
    rebuild = Hazard(HazardName.REBUILDS_TABLE, name, "the table is copied while it is locked")
    hazards = tuple(sorted((*table_hazards(pair), rebuild)))
    return (RebuildTable(pair.old, pair.new, phase, hazards),)


def _rest_is_same(pair: TablePair) -> bool:
    """Whether nothing differs but columns that come with their own rules, or go."""
    carried = [key for column in pair.columns.only_new for key in _carried(pair, column)]
    kept = replace(
        pair.new,
        columns=_without(pair.new, pair.fresh),
        checks=tuple(c for c in pair.new.checks if c not in carried),
        foreign_keys=tuple(k for k in pair.new.foreign_keys if k not in carried),
    )
    left = replace(pair.old, columns=_without(pair.old, pair.lost))
    return pair.spelling.table(left) == pair.spelling.table(kept)


def _without(table: Table, names: frozenset[str]) -> tuple[Column, ...]:
    return tuple(column for column in table.columns if fold(column.name) not in names)


def _carried(pair: TablePair, column: Column) -> tuple[Check | ForeignKey, ...]:
    return (*_own_checks(pair, column), *_own_keys(pair, column))


def _own_checks(pair: TablePair, column: Column) -> tuple[Check, ...]:
    """Give the new CHECKs that speak of this one of the new columns and of no other."""
    own = {fold(column.name)}
    return tuple(c for c in pair.checks.only_new if mentions(c.expression) & pair.fresh == own)


def _own_keys(pair: TablePair, column: Column) -> tuple[ForeignKey, ...]:
    own = (fold(column.name),)
    return tuple(key for key in pair.foreign_keys.only_new if tuple(map(fold, key.columns)) == own)


def _can_add(pair: TablePair, column: Column) -> bool:
    """Whether ALTER TABLE ADD COLUMN takes it (sqlite.org/lang_altertable.html, section 5)."""
    if column.generated is not None:
        return column.nullable and not column.generated.stored
    default = pair.spelling.default(column.default)
    if default is not None and not is_constant(default):
        return False
    if _own_keys(pair, column) and default is not None:
        return False
    return column.nullable or default is not None


def _can_drop(pair: TablePair, column: Column) -> bool:
    """Whether ALTER TABLE DROP COLUMN takes it: nothing of the table may speak of it."""
    old, name = pair.old, fold(column.name)
    texts = [check.expression for check in old.checks]
    texts += [c.generated.expression for c in old.columns if c.generated]
    named = {fold(term.column) for unique in old.uniques for term in unique.terms}
    named.update(fold(each) for key in old.foreign_keys for each in key.columns)
    named.update(old.key_columns, *map(mentions, texts))
    return name not in named and len(pair.new.columns) > 0


def _additions(pair: TablePair, phase: Phase) -> Iterator[AddColumn]:
    for column in pair.columns.only_new:
        checks = _own_checks(pair, column)
        hazards = _hazards_of(pair, column) if not checks else table_hazards(pair)
        may_fail = tuple(h for h in hazards if h.name is HazardName.MAY_FAIL)
        keys = _own_keys(pair, column)
        yield AddColumn(pair.new, column, phase, checks, keys, may_fail)


def _removals(pair: TablePair, phase: Phase) -> Iterator[DropColumn]:
    for column in pair.columns.only_old:
        yield DropColumn(pair.old, column, phase, _hazards_of(pair, column))


def _hazards_of(pair: TablePair, column: Column) -> tuple[Hazard, ...]:
    name = f"{qualified(pair.new.schema, pair.new.name)}.{column.name}"
    return tuple(hazard for hazard in table_hazards(pair) if hazard.object == name)
