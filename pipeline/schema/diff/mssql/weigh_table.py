"""Two tables side by side."""

from typing import Any

from pipeline.schema.diff.mssql.hidden import ANY_INDEXES
from pipeline.schema.diff.mssql.operation import PartKind
from pipeline.schema.diff.mssql.same import (
    fold_outside_strings,
    is_clustered,
    place,
    same_name,
    table_place,
)
from pipeline.schema.diff.mssql.weigh_columns import arriving_column, weigh_columns
from pipeline.schema.diff.mssql.weigh_items import (
    weigh_around,
    weigh_names,
    weigh_table_options,
)
from pipeline.schema.diff.mssql.weigh_parts import Parts, index_at
from pipeline.schema.diff.mssql.weighing import OBJECT, Address, Rule, Weighing, plain
from pipeline.schema.diff.mssql.words import full_name, on_or_off, storage_words
from pipeline.schema.model.mssql.names import fold
from pipeline.schema.model.mssql.shared import Storage
from pipeline.schema.model.mssql.tables import Column, Table, Temporal, UniqueKey

SCALARS = {
    "textimage": Rule(
        "text filegroup", lambda one, other: place(Storage(one)) == place(Storage(other))
    ),
    "ansi_nulls": Rule("ansi_nulls", plain, on_or_off),
}


def weigh_table(w: Weighing, source: Table, target: Table) -> Table:
    """Give the table that is to be."""
    kept = weigh_names(w, source, target) | w.fields(OBJECT, source, target, SCALARS)
    places = table_place(source), table_place(target)
    same = place(places[0]) == place(places[1])
    if same or w.differ(OBJECT, "filegroup", storage_words(places[0]), storage_words(places[1])):
        kept["storage"] = target.storage
    columns = weigh_columns(
        w,
        source.columns,
        target.columns,
        lambda name: w.ground.keeps(target.schema, target.name, name),
    )
    names = frozenset(fold(each.name) for each in columns)
    parts = Parts(w, names, places)
    kept["options"] = weigh_table_options(w, source.options, target.options)
    kept["keys"] = parts.keys(source.keys, target.keys)
    kept |= _parts(w, parts, source, target)
    kept["temporal"] = weigh_temporal(w, source.temporal, target.temporal)
    goal = source._replace(
        **kept,
        columns=_not_null(columns, source, kept["keys"]),
        **weigh_around(w, source, target, names),
    )
    goal = _one_clustered(w, goal, source)
    if place(table_place(goal)) == place(places[0]) or w.hides_property(OBJECT, "filegroup"):
        return goal
    if same:
        return goal._replace(storage=source.storage)
    # Its rows are in a clustered index that stays: they cannot be elsewhere.
    w.hide(OBJECT, "filegroup", ANY_INDEXES)
    return goal._replace(storage=target.storage)


def _parts(w: Weighing, parts: Parts, source: Table, target: Table) -> dict[str, Any]:
    return {
        "foreign_keys": parts.foreign_keys(source.foreign_keys, target.foreign_keys),
        "checks": parts.checks(source.checks, target.checks),
        "indexes": parts.indexes(source.indexes, target.indexes),
        "statistics": parts.statistics(source.statistics, target.statistics),
        "triggers": parts.triggers(source.triggers, target.triggers),
        "full_text": parts.full_text(source.full_text, target.full_text),
        "connections": weigh_connections(w, source.connections, target.connections),
    }


def _not_null(
    columns: tuple[Column, ...], source: Table, keys: tuple[UniqueKey, ...]
) -> tuple[Column, ...]:
    """A column of the primary key is NOT NULL, also where the option hides nullability."""
    primary = {fold(each.name) for key in keys if key.primary for each in key.columns}
    wanted = {fold(each.name): each.nullable for each in source.columns}
    return tuple(
        each._replace(nullable=wanted.get(fold(each.name), False))
        if each.nullable and not each.computed and fold(each.name) in primary
        else each
        for each in columns
    )


def _one_clustered(w: Weighing, goal: Table, source: Table) -> Table:
    """Leave out a clustered index that was kept, where another one is wanted now."""
    forms = (*(each.form for each in goal.keys), *(each.form for each in goal.indexes))
    if sum(map(is_clustered, forms)) < 2:
        return goal
    wanted = {fold(each.name) for each in source.indexes}
    gone = [each for each in goal.indexes if fold(each.name) not in wanted]
    gone = [each for each in gone if is_clustered(each.form)]
    names = {fold(each.name) for each in gone}
    w.reveal(lambda part: part.kind is PartKind.INDEX and part.name in names)
    return goal._replace(indexes=tuple(each for each in goal.indexes if each not in gone))


def weigh_temporal(
    w: Weighing, source: Temporal | None, target: Temporal | None
) -> Temporal | None:
    """Give the period and the history that are to be. Nothing hides them."""
    if source == target:
        return target
    if source is None or target is None:
        w.presence(Address(PartKind.PERIOD), source, target)
        return source
    period = {"start": Rule("start", same_name), "end": Rule("end", same_name)}
    kept = w.fields(Address(PartKind.PERIOD), source, target, period)
    kept["consistency_check"] = target.consistency_check  # it is done once, and not kept
    if source.versioned and target.versioned:
        kept |= _weigh_history(w, source, target)
    elif source.versioned or target.versioned:
        w.presence(
            Address(PartKind.VERSIONING), source.versioned or None, target.versioned or None
        )
    return source._replace(**kept)


def _weigh_history(w: Weighing, source: Temporal, target: Temporal) -> dict[str, Any]:
    at = Address(PartKind.VERSIONING)
    kept: dict[str, Any] = w.fields(
        at, source, target, {"retention": Rule("retention", _same_retention)}
    )
    mine = (source.history_schema, source.history)
    theirs = (target.history_schema, target.history)
    same = not source.history or tuple(map(fold, mine)) == tuple(map(fold, theirs))
    if same or w.differ(at, "history", full_name(*mine), full_name(*theirs)):
        kept |= {"history_schema": target.history_schema, "history": target.history}
    return kept


def _same_retention(source: str, target: str) -> bool:
    return _retention(source) == _retention(target)


def _retention(text: str) -> str:
    words = text.upper().removesuffix("S")
    return "" if words == "INFINITE" else " ".join(words.split())


def weigh_connections(
    w: Weighing, source: tuple[str, ...], target: tuple[str, ...]
) -> tuple[str, ...]:
    """Give the edge constraints that are to be."""
    if source == target:
        return target
    mine, theirs = _connections(source), _connections(target)
    goal = []
    for found in sorted(mine.keys() | theirs.keys()):
        one, other = mine.get(found, ""), theirs.get(found, "")
        if fold_outside_strings(one) == fold_outside_strings(other):
            goal.append(other)
            continue
        at = Address(PartKind.CONNECTION, (one or other).partition(":")[0].strip())
        wanted = other if w.differ(at, "value" if one and other else "", one, other) else one
        goal += [wanted] if wanted else []
    return tuple(goal)


def _connections(found: tuple[str, ...]) -> dict[str, str]:
    return {fold(each.partition(":")[0].strip()): each for each in found}


def arriving_table(w: Weighing, table: Table) -> Table:
    """Give a new table without what is hidden and made by a statement of its own.

    Its keys and unique indexes stay whatever is hidden: other tables may refer to them.
    """
    columns = tuple(arriving_column(w, each) for each in table.columns)
    parts = Parts(w, frozenset(fold(each.name) for each in columns))
    unique = tuple(each for each in table.indexes if each.unique)
    others = table._replace(indexes=tuple(each for each in table.indexes if not each.unique))
    kept = _parts(w, parts, others, Table(table.schema, table.name))
    new = parts.arriving_at(index_at)
    kept["indexes"] = tuple(
        sorted((*kept["indexes"], *map(new, unique)), key=lambda each: fold(each.name))
    )
    kept["options"] = _arriving_options(w, table)
    if w.hides_property(OBJECT, "filegroup"):
        kept |= _without_places(w, table)
    keys = tuple(map(parts.arriving_at(_key_at), table.keys))
    return table._replace(columns=columns, keys=keys, **kept)


def _key_at(key: UniqueKey) -> Address:
    return Address(PartKind.UNIQUE_KEY, key.name)


def _arriving_options(w: Weighing, table: Table) -> tuple[tuple[str, str], ...]:
    hidden = [name for name, _ in table.options if w.hides_property(OBJECT, name)]
    for name in hidden:
        w.differ(OBJECT, name, dict(table.options)[name], "")
    return tuple(each for each in table.options if each[0] not in hidden)


def _without_places(w: Weighing, table: Table) -> dict[str, Any]:
    if table.storage.name:
        w.differ(OBJECT, "filegroup", storage_words(table.storage), "")
    if table.textimage:
        w.differ(OBJECT, "text filegroup", table.textimage, "")
    filestream = table.storage.filestream
    return {"storage": Storage(filestream=filestream), "textimage": ""}
