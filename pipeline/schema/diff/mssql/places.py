"""Where rows are to be kept: said of the clustered index, which brings them there."""

from collections.abc import Mapping

from pipeline.schema.diff.mssql.rebuilds import clustered_place
from pipeline.schema.model.mssql.database import Object
from pipeline.schema.model.mssql.shared import Storage
from pipeline.schema.model.mssql.tables import Table
from pipeline.schema.model.names import Key


def placed(new: Mapping[Key, Object], old: Mapping[Key, Object]) -> Mapping[Key, Object]:
    """Give the new state in which a clustered index says itself where a table moves to."""
    changed: dict[Key, Object] = {}
    for key, after in new.items():
        before = old.get(key)
        if after is before or not (isinstance(after, Table) and isinstance(before, Table)):
            continue
        if before.storage == after.storage or clustered_place(after) is None:
            continue
        moved = _moved(after)
        if moved != after:
            changed[key] = moved
    return {**new, **changed} if changed else new


def _moved(table: Table) -> Table:
    place = Storage(table.storage.name or "PRIMARY", table.storage.column)
    return table._replace(
        keys=tuple(
            each._replace(storage=place)
            if each.form.startswith("CLUSTERED") and not each.storage.name
            else each
            for each in table.keys
        ),
        indexes=tuple(
            each._replace(storage=place)
            if each.form.startswith("CLUSTERED") and not each.storage.name
            else each
            for each in table.indexes
        ),
    )
