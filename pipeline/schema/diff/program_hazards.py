"""What it costs to make, change or drop an index, a view, a trigger or a whole table."""

from collections.abc import Mapping

from pipeline.hazard import Hazard, HazardName
from pipeline.schema.model.names import Key, fold, qualified
from pipeline.schema.model.programs import Index, Trigger, View
from pipeline.schema.model.schema import SchemaObject
from pipeline.schema.model.tables import Table

Program = Index | View | Trigger


def drop_table_hazards(table: Table) -> tuple[Hazard, ...]:
    """Give what dropping a table costs."""
    return (
        _hazard(HazardName.DROPS_OBJECT, table, "only the target has this table"),
        _hazard(HazardName.LOSES_DATA, table, "the rows of the table are dropped"),
    )


def drop_hazards(program: Program) -> tuple[Hazard, ...]:
    """Give what dropping an index, a view or a trigger costs."""
    kind = program.key.kind.lower()
    return (_hazard(HazardName.DROPS_OBJECT, program, f"only the target has this {kind}"),)


def create_hazards(
    was: SchemaObject | None, now: Program, known: Mapping[Key, SchemaObject]
) -> tuple[Hazard, ...]:
    """Give what making or changing it costs, when `known` is there already."""
    if isinstance(now, Index):
        return _index_hazards(now, known)
    if was is not None:
        reason = f"the {now.key.kind.lower()} has another body"
        return (_hazard(HazardName.CHANGES_BEHAVIOUR, now, reason),)
    if isinstance(now, Trigger) and _is_there(now.table, now.schema, known):
        reason = f"writes to {now.table} fire a new trigger, those of old code too"
        return (_hazard(HazardName.CHANGES_BEHAVIOUR, now, reason),)
    return ()


def _index_hazards(index: Index, known: Mapping[Key, SchemaObject]) -> tuple[Hazard, ...]:
    table = known.get(Key("Table", index.schema, fold(index.table)))
    if not index.unique or not isinstance(table, Table):
        return ()
    there = {fold(column.name) for column in table.columns}
    if any(term.column and fold(term.column) not in there for term in index.terms):
        return ()
    return (_hazard(HazardName.MAY_FAIL, index, f"rows of {index.table} may not be unique"),)


def _is_there(name: str, schema: str, known: Mapping[Key, SchemaObject]) -> bool:
    return any(Key(kind, schema, fold(name)) in known for kind in ("Table", "View"))


def _hazard(name: HazardName, each: SchemaObject, reason: str) -> Hazard:
    return Hazard(name, qualified(each.schema, each.name), reason)
