"""Renames first: the steps that do them, and the old state as it is when they are done.

What only stands in the way of a new name, and is to go anyway, is called otherwise until it goes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.schema.diff.mssql.carried import Carry, carried_object
from pipeline.schema.diff.mssql.operation import Part, PartKind, Verb
from pipeline.schema.diff.mssql.parts import object_part
from pipeline.schema.diff.mssql.renames import Renames, columns_of
from pipeline.schema.model.mssql.database import Database, Object
from pipeline.schema.model.mssql.items import Item, TableType, Unreadable
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind, fold, key
from pipeline.schema.model.mssql.tables import Column, Table
from pipeline.schema.model.names import Key

ASIDE = "tmp_farmhand_"
_RENAMED_ITEMS = frozenset({Kind.ROLE, Kind.SEQUENCE, Kind.SYNONYM, Kind.USER})
Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Move:
    """One rename, or one move to another schema. `part` is what is moved, under its last name."""

    verb: Verb
    part: Part
    old: Object | Column
    new: Object | Column
    owner: Object
    """The object as it is before, under the name that it has then."""


@dataclass(frozen=True, slots=True)
class Moves:
    """All renames in order. `objects` is the old state after them; `origin` the keys before."""

    objects: Mapping[Key, Object]
    steps: tuple[Move, ...] = ()
    origin: Mapping[Key, Key] = field(default_factory=dict)
    renamed: frozenset[Part] = frozenset()
    """What has another name now, under that name."""
    transferred: frozenset[Key] = frozenset()
    columns: Mapping[Key, Mapping[str, str]] = field(default_factory=dict)
    """By the last key of a table, the names from before of its columns."""


def moves(target: Database, goal: Database, renames: Renames) -> Moves:
    """Give what is to be renamed, and the objects of the target as they are then."""
    carry = _carry(target, goal, renames)
    if not carry.objects and not carry.columns:
        return Moves(target.objects)
    carried = [carried_object(each, carry) for each in target.objects.values()]
    objects = {each.key: each for each in sorted(carried, key=lambda each: each.key)}
    origin = {
        key(Kind(old.kind), *new): old
        for old, new in carry.objects.items()
        if key(Kind(old.kind), *new) != old
    }
    now = {old: new for new, old in origin.items()}
    parts = [object_part(now.get(old, old)) for old in carry.objects]
    parts += [
        Part(now.get(table, table), PartKind.COLUMN, fold(new))
        for table, columns in carry.columns.items()
        for new in columns.values()
    ]
    return Moves(
        objects,
        (*_object_steps(target, carry), *_column_steps(target, carry, objects)),
        origin,
        frozenset(parts),
        frozenset(new for new, old in origin.items() if new.schema != old.schema),
        {
            now.get(table, table): {fold(new): old for old, new in columns.items()}
            for table, columns in carry.columns.items()
        },
    )


def _carry(target: Database, goal: Database, renames: Renames) -> Carry:
    given = renames.carry(goal)
    objects, columns = dict(given.objects), {t: dict(c) for t, c in given.columns.items()}
    leaving = set(objects)
    for old, name in given.objects.items():
        taken = key(Kind(old.kind), *name)
        if taken != old and taken in target.objects and taken not in leaving:
            objects[taken] = (target.objects[taken].schema, ASIDE + target.objects[taken].name)
    for table, renamed in given.columns.items():
        there = {fold(each.name): each.name for each in columns_of(target.objects.get(table))}
        for old_name, new_name in renamed.items():
            taken_name = fold(new_name)
            if taken_name != old_name and taken_name in there and taken_name not in renamed:
                columns[table][taken_name] = ASIDE + there[taken_name]
    _other_capitals(target, goal, objects, columns)
    return Carry(objects, columns)


def _other_capitals(
    target: Database,
    goal: Database,
    objects: dict[Key, Name],
    columns: dict[Key, dict[str, str]],
) -> None:
    """Names that are to be written otherwise."""
    for found, new in goal.objects.items():
        old = target.objects.get(found)
        if old is None or old is new or found in objects or not _can_be_renamed(old):
            continue
        if old.name != new.name and type(old) is type(new):
            objects[found] = (old.schema, new.name)
        if isinstance(old, Table) and old.columns is not getattr(new, "columns", None):
            written = {fold(each.name): each.name for each in columns_of(new)}
            for column in old.columns:
                name = fold(column.name)
                renamed = columns.get(found, {})
                if written.get(name, column.name) != column.name and name not in renamed:
                    columns.setdefault(found, {})[name] = written[name]


def _can_be_renamed(each: Object) -> bool:
    if isinstance(each, Unreadable) or (isinstance(each, Item) and each.built_in):
        return False
    if isinstance(each, Item):
        return each.kind in _RENAMED_ITEMS
    return not (isinstance(each, Module) and each.kind is Kind.DDL_TRIGGER)


def _object_steps(target: Database, carry: Carry) -> Iterator[Move]:
    """Names that are free are taken first; where there are none, one steps aside."""
    waiting = {
        old: (target.objects[old], name)
        for old, name in sorted(carry.objects.items())
        if old in target.objects
    }
    occupied = set(waiting)
    while waiting:
        free = [
            old
            for old, (each, name) in waiting.items()
            if key(Kind(old.kind), *name) not in occupied - {each.key}
        ]
        for old in free:
            each, name = waiting.pop(old)
            occupied.discard(each.key)
            yield from _to(each, name)
        if not free:
            old, (each, name) = next(iter(waiting.items()))
            aside = _called(each, each.schema, ASIDE + each.name)
            occupied.discard(each.key)
            waiting[old] = (aside, name)
            yield Move(Verb.RENAME, object_part(aside.key), each, aside, each)


def _to(each: Object, name: Name) -> Iterator[Move]:
    if fold(each.schema) != fold(name[0]):
        moved = _called(each, name[0], each.name)
        yield Move(Verb.TRANSFER, object_part(moved.key), each, moved, each)
        each = moved
    if each.name != name[1]:
        renamed = _called(each, each.schema, name[1])
        yield Move(Verb.RENAME, object_part(renamed.key), each, renamed, each)


def _called(each: Object, schema: str, name: str) -> Object:
    return each._replace(schema=schema, name=name)


def _column_steps(target: Database, carry: Carry, objects: Mapping[Key, Object]) -> Iterator[Move]:
    histories = _histories(objects)
    for found in sorted(carry.columns):
        table = target.objects.get(found)
        if not isinstance(table, Table | TableType):
            continue
        schema, name = carry.objects.get(found, (table.schema, table.name))
        owner = _called(table, schema, name)
        current = histories.get(owner.key)
        done = carry.columns.get(current, {}) if current else {}
        waiting = {
            old: (column, carry.columns[found][old])
            for column in table.columns
            if (old := fold(column.name)) in carry.columns[found]
            and done.get(old) != carry.columns[found][old]
        }
        yield from _columns_of_one(waiting, owner)


def _histories(objects: Mapping[Key, Object]) -> dict[Key, Key]:
    """Give the current tables by their histories: the server renames the columns of both."""
    found = {}
    for each in objects.values():
        if isinstance(each, Table) and each.temporal and each.temporal.versioned:
            schema = each.temporal.history_schema or each.schema
            found[key(Kind.TABLE, schema, each.temporal.history)] = each.key
    return found


def _columns_of_one(waiting: dict[str, tuple[Column, str]], owner: Object) -> Iterator[Move]:
    while waiting:
        occupied = {fold(column.name) for column, _ in waiting.values()}
        free = [
            old
            for old, (column, name) in waiting.items()
            if fold(name) not in occupied - {fold(column.name)}
        ]
        for old in free:
            column, name = waiting.pop(old)
            yield _column_move(column, name, owner)
        if not free:
            old, (column, name) = next(iter(waiting.items()))
            move = _column_move(column, ASIDE + column.name, owner)
            waiting[old] = (column._replace(name=ASIDE + column.name), name)
            yield move


def _column_move(column: Column, name: str, owner: Object) -> Move:
    part = Part(owner.key, PartKind.COLUMN, fold(name))
    return Move(Verb.RENAME, part, column, column._replace(name=name), owner)
