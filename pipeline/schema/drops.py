"""What of the target stays although the source lacks it: the schema to arrive at."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from fnmatch import fnmatchcase

from pipeline.errors import BadSchema
from pipeline.schema.model.names import Key, fold, qualified
from pipeline.schema.model.programs import Index, Trigger
from pipeline.schema.model.schema import Schema, SchemaObject
from pipeline.schema.model.tables import Table
from pipeline.schema.syntax.sqlite.tokens import mentions


class Everything(Enum):
    """The policy of schema.diff and schema.apply: what only the target has is dropped."""

    EVERYTHING = "everything"


EVERYTHING = Everything.EVERYTHING
DropPolicy = Everything | frozenset[str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The schema to arrive at, and why it is not just the source's."""

    schema: Schema
    kept: frozenset[Key] = frozenset()
    foreign: frozenset[Key] = frozenset()
    kept_columns: dict[Key, tuple[str, ...]] = field(default_factory=dict)


def wanted(
    source: Schema, target: Schema, drops: DropPolicy, manage: Collection[str] = ("*",)
) -> Wanted:
    """Give the source's schema with what the target keeps.

    `drops` has names of objects and of TABLE.COLUMN, in any case. `manage` has globs of the
    names that are ours; indexes and triggers follow their table. BadSchema when something
    that is kept is in the way of something that is wanted.
    """
    names = drops if isinstance(drops, Everything) else frozenset(map(fold, drops))
    theirs = frozenset(
        each.key for side in (source, target) for each in side.objects if not _ours(each, manage)
    )
    new = {each.key: each for each in source.objects if each.key not in theirs}
    old = target.by_key()
    only = [each for key, each in old.items() if key not in new and key not in theirs]
    gone = frozenset(each.key for each in only if _may_go(each, names))
    columns = _kept_columns(new, old, names)
    new |= {key: _with(new[key], old[key], columns[key]) for key in columns}
    stay = [each for each in only if each.key not in gone and _can_stay(each, new, old, gone)]
    new |= {each.key: each for each in (*stay, *(old[key] for key in theirs & old.keys()))}
    _check_places(new)
    return Wanted(
        schema=Schema.of(source.dialect, new.values()),
        kept=frozenset(each.key for each in stay),
        foreign=theirs,
        kept_columns=columns,
    )


def _ours(each: SchemaObject, manage: Collection[str]) -> bool:
    name = each.table if isinstance(each, Index | Trigger) else each.name
    full = fold(qualified(each.schema, name))
    return any(fnmatchcase(full, fold(glob)) for glob in manage)


def _may_go(each: SchemaObject, names: Everything | frozenset[str]) -> bool:
    if isinstance(names, Everything):
        return True
    return fold(qualified(each.schema, each.name)) in names


def _can_stay(
    each: SchemaObject,
    new: dict[Key, SchemaObject],
    old: dict[Key, SchemaObject],
    gone: frozenset[Key],
) -> bool:
    """Whether what it hangs on stays: its table or view, and the columns of an index."""
    if not isinstance(each, Index | Trigger):
        return True
    homes = [Key(kind, each.schema, fold(each.table)) for kind in ("Table", "View")]
    if not any(home in new or (home in old and home not in gone) for home in homes):
        return False
    was, now = old.get(homes[0]), new.get(homes[0])
    if isinstance(each, Index) and isinstance(was, Table) and isinstance(now, Table):
        lost = {fold(c.name) for c in was.columns} - {fold(c.name) for c in now.columns}
        texts = [each.where, *(term.expression or term.column for term in each.terms)]
        named = {fold(term.column) for term in each.terms}.union(*map(mentions, texts))
        return not named & lost
    return True


def _kept_columns(
    new: dict[Key, SchemaObject],
    old: dict[Key, SchemaObject],
    names: Everything | frozenset[str],
) -> dict[Key, tuple[str, ...]]:
    if isinstance(names, Everything):
        return {}
    found = {key: tuple(_only_old(new[key], old[key], names)) for key in new.keys() & old.keys()}
    return {key: columns for key, columns in sorted(found.items()) if columns}


def _only_old(now: SchemaObject, was: SchemaObject, names: frozenset[str]) -> Iterator[str]:
    if isinstance(now, Table) and isinstance(was, Table):
        table = fold(qualified(was.schema, was.name))
        for column in was.columns:
            if now.column(column.name) is None and f"{table}.{fold(column.name)}" not in names:
                yield column.name


def _with(now: SchemaObject, was: SchemaObject, columns: tuple[str, ...]) -> SchemaObject:
    """Give the wanted table with these columns of the old one, and the rules about them."""
    if not isinstance(now, Table) or not isinstance(was, Table):
        return now
    names = frozenset(map(fold, columns))
    known = names | {fold(column.name) for column in now.columns}
    return replace(
        now,
        columns=(*now.columns, *(c for c in was.columns if fold(c.name) in names)),
        uniques=(
            *now.uniques,
            *(u for u in was.uniques if _about({fold(t.column) for t in u.terms}, names, known)),
        ),
        checks=(*now.checks, *(c for c in was.checks if mentions(c.expression) & names)),
        foreign_keys=(
            *now.foreign_keys,
            *(k for k in was.foreign_keys if _about(set(map(fold, k.columns)), names, known)),
        ),
    )


def _about(columns: set[str], kept: frozenset[str], known: frozenset[str]) -> bool:
    return bool(columns & kept) and columns <= known


def _check_places(objects: dict[Key, SchemaObject]) -> None:
    taken: dict[tuple[str, str], Key] = {}
    for key in sorted(objects):
        place = key.schema, key.name
        if key.kind != "Trigger" and taken.setdefault(place, key) != key:
            name, kinds = objects[key].name, f"{taken[place].kind} and {key.kind}".lower()
            raise BadSchema(
                f"{name} would be {kinds}: one is wanted, and the target keeps the other",
                advice=f"to let the target's go, say `-- @dropped {name}` in a script",
            )
