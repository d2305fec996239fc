"""History tables: their columns are those of the current table, and change with them."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pipeline.schema.model.mssql.database import Object
from pipeline.schema.model.mssql.names import Kind, fold, key
from pipeline.schema.model.mssql.tables import Column, Table
from pipeline.schema.model.names import Key


class Pair(NamedTuple):
    """A versioned table and its history."""

    current: Table
    history: Table


def pairs(objects: Mapping[Key, Object]) -> Iterator[Pair]:
    """Give all versioned tables whose histories are there as tables."""
    for each in objects.values():
        if isinstance(each, Table) and each.temporal and each.temporal.versioned:
            schema = each.temporal.history_schema or each.schema
            history = objects.get(key(Kind.TABLE, schema, each.temporal.history))
            if isinstance(history, Table):
                yield Pair(each, history)


def implied(objects: Mapping[Key, Object]) -> dict[Key, Object]:
    """Give the histories that the server makes by itself: no script is there for them."""
    found: dict[Key, Object] = {}
    for each in objects.values():
        if isinstance(each, Table) and each.temporal and each.temporal.versioned:
            name, schema = each.temporal.history, each.temporal.history_schema or each.schema
            if name and key(Kind.TABLE, schema, name) not in objects:
                bare = Table(schema, name)
                history = bare._replace(columns=tuple(_columns(each, bare)))
                found[history.key] = history
    return found


def mirrored(new: Mapping[Key, Object], old: Mapping[Key, Object]) -> Mapping[Key, Object]:
    """Give the new state with histories that have the columns of their current tables.

    Only where one of the two is not as it was.
    """
    changed = {}
    for current, history in pairs(new):
        same = old.get(current.key) == current and old.get(history.key) == history
        columns = history.columns if same else tuple(_columns(current, history))
        if columns != history.columns:
            changed[history.key] = history._replace(columns=columns)
    return {**new, **changed} if changed else new


def _columns(current: Table, history: Table) -> Iterator[Column]:
    there = {fold(each.name): each for each in history.columns}
    for column in current.columns:
        if column.computed is not None:
            continue
        plain = Column(
            column.name,
            column.type,
            column.nullable,
            column.collation,
            sparse=column.sparse,
            mask=column.mask,
        )
        kept = there.get(fold(column.name))
        if kept is not None:
            plain = kept._replace(
                name=column.name,
                type=column.type,
                nullable=column.nullable,
                collation=column.collation,
            )
        yield plain
