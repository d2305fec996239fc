"""What only the target has and yet must stay, for something stands on it that stays."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.schema.diff.mssql.words import full_name, kind_words
from pipeline.schema.model.mssql.database import Object
from pipeline.schema.model.mssql.items import Item, TableType, Unreadable
from pipeline.schema.model.mssql.names import Kind, fold, key
from pipeline.schema.model.mssql.tables import Table
from pipeline.schema.model.names import Key

HISTORY = "it is the history of"
PRINCIPALS = (Kind.USER, Kind.ROLE)


@dataclass(slots=True)
class Kept:
    """Objects that stay, and why each of them does."""

    objects: dict[Key, Object] = field(default_factory=dict)
    why: dict[Key, str] = field(default_factory=dict)
    histories: set[Key] = field(default_factory=set)
    """Those that the server makes by itself: the source need not name them."""

    @property
    def notes(self) -> tuple[str, ...]:
        """One line for each."""
        return tuple(
            f"{kind_words(key.kind)} {full_name(key.schema, key.name)} is kept: {why}"
            for key, why in sorted(self.why.items())
            if key not in self.histories
        )


def kept_for_others(goal: Mapping[Key, Object], target: Mapping[Key, Object]) -> Kept:
    """Give what is missing in the goal, is in the target, and is needed in the goal.

    Only what the target keeps can need it: what the source has, the source is whole for.
    """
    kept = Kept()
    missing = target.keys() - goal.keys()
    if not missing:
        return kept
    waiting = list(goal.values())
    while waiting:
        each = waiting.pop()
        for needed, why in _needs(each):
            if needed in missing and needed not in kept.objects:
                kept.objects[needed], kept.why[needed] = target[needed], why
                if why.startswith(HISTORY):
                    kept.histories.add(needed)
                waiting.append(target[needed])
    return kept


def histories(objects: Mapping[Key, Object]) -> dict[Key, str]:
    """Give the history tables that the server makes: no script is there for them, and why."""
    found: dict[Key, str] = {}
    for each in objects.values():
        if isinstance(each, Table) and each.temporal and each.temporal.versioned:
            found |= {
                needed: why
                for needed, why in _needs(each)
                if why.startswith(HISTORY) and needed not in objects
            }
    return found


def without_gone(goal: dict[Key, Object], target: Mapping[Key, Object]) -> dict[Key, str]:
    """Take permissions and memberships of principals that go out of the goal; say of what.

    The server takes them away with the principal: only what is dropped by its own name comes back
    with the undo.
    """
    gone = {
        fold(each.name)
        for found, each in target.items()
        if found.kind in PRINCIPALS and found not in goal
    } - {fold(each.name) for found, each in goal.items() if found.kind in PRINCIPALS}
    changed: dict[Key, str] = {}
    for found, each in goal.items() if gone else ():
        less, names = _without(each, gone)
        if names:
            goal[found] = less
            changed[found] = f"what {', '.join(sorted(names))} had here goes with its owner"
    return changed


def _without(each: Object, gone: set[str]) -> tuple[Object, set[str]]:
    if isinstance(each, Unreadable):
        return each, set()
    names = {found.grantee for found in each.permissions if fold(found.grantee) in gone}
    less = each
    if names:
        less = each._replace(
            permissions=tuple(f for f in each.permissions if fold(f.grantee) not in gone)
        )
    if isinstance(less, Item) and less.kind is Kind.ROLE:
        members = {
            name: name.partition(":")[2] for name, _ in less.facts if name.startswith("member:")
        }
        leaving = {name for name, member in members.items() if fold(member) in gone}
        if leaving:
            names |= {members[name] for name in leaving}
            less = less._replace(facts=tuple(f for f in less.facts if f[0] not in leaving))
    return less, names


def _needs(each: Object) -> Iterator[tuple[Key, str]]:
    name = full_name(each.schema, each.name)
    if each.schema:
        yield key(Kind.SCHEMA, "", each.schema), f"{name} stands in it"
    if isinstance(each, Table | TableType):
        for column in each.columns:
            if column.type is not None and column.type.schema:
                found = key(Kind.USER_DEFINED_TYPE, column.type.schema, column.type.name)
                yield found, f"{name}.{column.name} is of this type"
    if isinstance(each, Table):
        yield from _table_needs(each, name)
    owner = getattr(each, "authorization", "")
    if owner:
        for kind in PRINCIPALS:
            yield key(kind, "", owner), f"it owns {name}"


def _table_needs(table: Table, name: str) -> Iterator[tuple[Key, str]]:
    temporal = table.temporal
    if temporal and temporal.versioned and temporal.history:
        schema = temporal.history_schema or table.schema
        yield key(Kind.TABLE, schema, temporal.history), f"{HISTORY} {name}"
    for each in table.foreign_keys:
        found = key(Kind.TABLE, each.parent_schema, each.parent)
        if fold(each.parent_schema) != fold(table.schema) or fold(each.parent) != fold(table.name):
            yield found, f"{name} refers to it"
    storages = (
        table.storage,
        *(each.storage for each in table.keys),
        *(each.storage for each in table.indexes),
    )
    for storage in storages:
        if storage.column:
            yield key(Kind.PARTITION_SCHEME, "", storage.name), f"{name} stands on it"
