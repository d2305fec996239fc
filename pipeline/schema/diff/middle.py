"""The schema between expand and contract: one that old code and new code can both live with."""

from collections.abc import Iterable, Iterator, Mapping

from pipeline.schema.diff.middle_table import middle_table
from pipeline.schema.diff.pair import TablePair
from pipeline.schema.model.names import Key, fold
from pipeline.schema.model.programs import Index, Trigger
from pipeline.schema.model.schema import Schema, SchemaObject
from pipeline.schema.model.tables import Table, Unique
from pipeline.schema.normalise.sqlite import Normal

Objects = Mapping[Key, SchemaObject]


def middle(target: Schema, wanted: Schema) -> Schema:
    """Give the schema that expand makes of the target and contract makes into the wanted one.

    It has everything that either side has. Where both have something and it differs, it has
    the looser rule of the two; bodies of views and triggers are those that are wanted. What
    cannot be there at the same time (a view where a table was) waits for contract.
    """
    spelling, old = Normal.of(wanted), target.by_key()
    places = {_place(key): key for key in old}
    merged = dict(old)
    for key, now in wanted.by_key().items():
        between = _between(old.get(key), now, old, spelling)
        if between is not None and places.get(_place(key), key) == key:
            merged[key] = between
    return Schema.of(target.dialect, _standing(merged.values()))


def _place(key: Key) -> tuple[bool, str, str]:
    """Triggers have names of their own; tables, views and indexes share theirs."""
    return key.kind == "Trigger", key.schema, key.name


def _between(
    was: SchemaObject | None, now: SchemaObject, old: Objects, spelling: Normal
) -> SchemaObject | None:
    """Give what stands between, or None for nothing yet."""
    if isinstance(was, Table) and isinstance(now, Table):
        return middle_table(TablePair(was, now, spelling))
    if isinstance(now, Index) and tightens(was, now, old, spelling):
        return was
    return now


def tightens(was: SchemaObject | None, now: Index, old: Objects, spelling: Normal) -> bool:
    """Whether an index forbids rows that old code may write."""
    table = old.get(Key("Table", now.schema, fold(now.table)))
    if not now.unique or not isinstance(table, Table):
        return False
    if isinstance(was, Index) and was.unique and _rule(was, spelling) == _rule(now, spelling):
        return False
    known = {fold(column.name) for column in table.columns}
    return all(not term.column or fold(term.column) in known for term in now.terms)


def _rule(index: Index, spelling: Normal) -> tuple[object, ...]:
    unique = spelling.unique(Unique(index.terms))
    return unique, spelling.text(index.where), fold(index.table)


def _standing(objects: Iterable[SchemaObject]) -> Iterator[SchemaObject]:
    """Leave out indexes and triggers whose table or view is not there yet."""
    kept = tuple(objects)
    names = {fold(each.name) for each in kept if not isinstance(each, Index | Trigger)}
    for each in kept:
        if not isinstance(each, Index | Trigger) or fold(each.table) in names:
            yield each
