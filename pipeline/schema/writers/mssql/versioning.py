"""Temporal tables: the period, and the history that SYSTEM_VERSIONING keeps."""

from pipeline.schema.model.mssql.names import bracket, two_part
from pipeline.schema.model.mssql.tables import Table, Temporal
from pipeline.schema.writers.mssql.columns import period_default
from pipeline.schema.writers.mssql.statement import Statement
from pipeline.schema.writers.mssql.target import Target


def versioning_text(temporal: Temporal) -> str:
    """Give `SYSTEM_VERSIONING = ON (HISTORY_TABLE = [dbo].[h])`."""
    options = []
    if temporal.history:
        history = two_part(temporal.history_schema, temporal.history)
        options.append(f"HISTORY_TABLE = {history}")
        options += [] if temporal.consistency_check else ["DATA_CONSISTENCY_CHECK = OFF"]
    if temporal.retention:
        options.append(f"HISTORY_RETENTION_PERIOD = {temporal.retention}")
    return "SYSTEM_VERSIONING = ON" + (f" ({', '.join(options)})" if options else "")


def _need(full: str, temporal: Temporal, target: Target) -> None:
    target.need("SYSTEM_VERSIONING", full)
    if temporal.retention:
        target.need("HISTORY_RETENTION_PERIOD", full)


def start_versioning(table: Table, temporal: Temporal, target: Target) -> tuple[Statement, ...]:
    """SYSTEM_VERSIONING = ON."""
    full = two_part(table.schema, table.name)
    _need(full, temporal, target)
    return (Statement(f"ALTER TABLE {full} SET ({versioning_text(temporal)})"),)


def stop_versioning(table: Table, target: Target) -> tuple[Statement, ...]:
    """SYSTEM_VERSIONING = OFF: the history stays, as an ordinary table."""
    full = two_part(table.schema, table.name)
    target.need("SYSTEM_VERSIONING", full)
    return (Statement(f"ALTER TABLE {full} SET (SYSTEM_VERSIONING = OFF)"),)


def alter_versioning(
    table: Table, old: Temporal, new: Temporal, target: Target
) -> tuple[Statement, ...]:
    """Another retention in place; another history by switching off and on."""
    full = two_part(table.schema, table.name)
    if old.versioned and old._replace(retention=new.retention) == new:
        _need(full, new, target)
        target.need("HISTORY_RETENTION_PERIOD", full)
        kept = new.retention or "INFINITE"
        words = f"SYSTEM_VERSIONING = ON (HISTORY_RETENTION_PERIOD = {kept})"
        return (Statement(f"ALTER TABLE {full} SET ({words})"),)
    off = stop_versioning(table, target) if old.versioned else ()
    return (*off, *(start_versioning(table, new, target) if new.versioned else ()))


def add_period(
    table: Table, temporal: Temporal, before: Table | None, target: Target
) -> tuple[Statement, ...]:
    """ADD PERIOD over two columns. Those added just before lose the default that filled them."""
    full = two_part(table.schema, table.name)
    target.need("PERIOD FOR SYSTEM_TIME", full)
    start, end = bracket(temporal.start), bracket(temporal.end)
    said = [f"ADD PERIOD FOR SYSTEM_TIME ({start}, {end})"]
    there = {c.name.lower() for c in before.columns} if before else set()
    columns = [c for c in table.columns if c.generated.startswith("ROW ")]
    for column in columns:
        if before and column.name.lower() not in there:
            said.append(f"DROP CONSTRAINT {bracket(period_default(table, column))}")
    said += [f"ALTER COLUMN {bracket(c.name)} ADD HIDDEN" for c in columns if c.hidden]
    return tuple(Statement(f"ALTER TABLE {full} {each}") for each in said)


def drop_period(table: Table, target: Target) -> tuple[Statement, ...]:
    """DROP PERIOD: its columns stay, as ordinary ones."""
    full = two_part(table.schema, table.name)
    target.need("PERIOD FOR SYSTEM_TIME", full)
    return (Statement(f"ALTER TABLE {full} DROP PERIOD FOR SYSTEM_TIME"),)
