"""One table between expand and contract."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipeline.schema.diff.pair import TablePair
from pipeline.schema.model.names import fold
from pipeline.schema.model.tables import Check, Column, ForeignKey, PrimaryKey, Table, Unique
from pipeline.schema.normalise.affinity import affinity
from pipeline.schema.normalise.sqlite import spell_type
from pipeline.schema.syntax.sqlite.tokens import mentions


def middle_table(pair: TablePair) -> Table:
    """Give the table with the columns of both, and with the looser of each pair of rules."""
    old, new = pair.old, pair.new
    return replace(
        old,
        name=new.name,
        columns=tuple(_columns(pair)),
        primary_key=_primary_key(pair),
        uniques=tuple(_uniques(pair)),
        checks=tuple(_checks(pair)),
        foreign_keys=tuple(_foreign_keys(pair)),
        without_rowid=old.without_rowid and new.without_rowid,
        strict=old.strict and new.strict,
    )


def _columns(pair: TablePair) -> Iterator[Column]:
    new = {fold(column.name): column for column in pair.new.columns}
    for was in pair.old.columns:
        now = new.get(fold(was.name))
        yield _fallow(pair, was) if now is None else _looser(pair, was, now)
    for fresh in pair.columns.only_new:
        yield fresh if fresh.fills_itself else replace(fresh, nullable=True, conflict="")


def _fallow(pair: TablePair, column: Column) -> Column:
    """Give a column that contract will drop: new code does not fill it, so it must fill itself."""
    if column.fills_itself or fold(column.name) in pair.old.key_columns:
        return column
    return replace(column, nullable=True, conflict="")


def _looser(pair: TablePair, was: Column, now: Column) -> Column:
    if was.generated is None and now.generated is not None:
        return _fallow(pair, was)
    nullable = was.nullable or now.nullable
    return replace(
        now,
        type=now.type if _same_values(pair, was, now) else was.type,
        nullable=nullable,
        default=was.default if pair.spelling.default(now.default) is None else now.default,
        collate=was.collate,
        conflict="" if nullable else now.conflict,
    )


def _same_values(pair: TablePair, was: Column, now: Column) -> bool:
    """Whether both types store every value alike; then only the word differs."""
    if spell_type(was.type) == spell_type(now.type):
        return True
    one_rule = affinity(was.type) == affinity(now.type)
    in_key = fold(was.name) in pair.old.key_columns
    return one_rule and not in_key and not (pair.old.strict and pair.new.strict)


def _primary_key(pair: TablePair) -> PrimaryKey | None:
    """A key cannot be in two states: it changes in contract; AUTOINCREMENT may come at once."""
    return pair.new.primary_key if pair.same_key else pair.old.primary_key


def _uniques(pair: TablePair) -> Iterator[Unique]:
    found = pair.uniques
    yield from (now for _, now in found.same)
    yield from (u for u in found.only_old if _waits(pair, (t.column for t in u.terms)))
    yield from (u for u in found.only_new if pair.is_free(u))


def _checks(pair: TablePair) -> Iterator[Check]:
    found = pair.checks
    yield from (now for _, now in found.same)
    yield from (c for c in found.only_old if mentions(c.expression) & pair.lost)
    yield from (c for c in found.only_new if pair.is_about_new(c))


def _foreign_keys(pair: TablePair) -> Iterator[ForeignKey]:
    found = pair.foreign_keys
    yield from (now for _, now in found.both)
    yield from (k for k in found.only_old if _waits(pair, k.columns))
    yield from (k for k in found.only_new if all(map(pair.stays_null, k.columns)))


def _waits(pair: TablePair, columns: Iterable[str]) -> bool:
    """Whether an unwanted rule may stay until contract: it is about a column that stays NULL."""
    for name in map(fold, columns):
        column = pair.old.column(name)
        if name in pair.lost and column is not None and column.default is None:
            return True
    return False
