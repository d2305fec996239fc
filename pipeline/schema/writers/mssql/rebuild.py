"""A table made anew beside the old one: rows copied, identity kept, names changed over.

Only the columns are made before the copy. Defaults, keys and all the rest follow when the old
table is gone: their names are free then, and rows are copied into a heap.
"""

from hashlib import sha256

from pipeline.schema.model.mssql.names import bracket, two_part
from pipeline.schema.model.mssql.tables import Check, Column, ForeignKey, Table
from pipeline.schema.syntax.mssql.tokens import quote_string
from pipeline.schema.writers.mssql.constraints import add_checked, add_default
from pipeline.schema.writers.mssql.copying import copied
from pipeline.schema.writers.mssql.indexes import in_memory
from pipeline.schema.writers.mssql.statement import Statement
from pipeline.schema.writers.mssql.table import create_table, inside
from pipeline.schema.writers.mssql.target import Target
from pipeline.schema.writers.mssql.versioning import add_period
from pipeline.schema.writers.mssql.whole import hanging, of_table

PREFIX = "tmp_farmhand_"
LONGEST = 128


def beside(name: str) -> str:
    """Give the name under which something is made while the old one is there."""
    made = PREFIX + name
    if len(made) <= LONGEST:
        return made
    return f"{made[: LONGEST - 9]}_{sha256(name.encode()).hexdigest()[:8]}"


def rebuild_table(old: Table, new: Table, target: Target) -> tuple[Statement, ...]:
    """Give all batches. What hangs on the table is in `new` as far as it is to be made here."""
    full_old, full_new = two_part(old.schema, old.name), two_part(new.schema, beside(new.name))
    renamed = quote_string(full_new)
    return (
        *_stop_versioning(old),
        *create_table(_bare(new), target),
        *_copy(old, new, full_old, full_new),
        Statement(f"DROP TABLE {full_old}"),
        Statement(f"EXEC sp_rename {renamed}, {quote_string(new.name)}, N'OBJECT'"),
        *_renamed_constraints(new),
        *_defaults(new),
        *_checks_of_memory(new),
        *(add_period(new, new.temporal, None, target) if new.temporal else ()),
        *of_table(new, target),
        *hanging(new),
    )


def _stop_versioning(old: Table) -> tuple[Statement, ...]:
    """Nothing to do where the plan did it before; a versioned table cannot be dropped."""
    full = two_part(old.schema, old.name)
    if old.temporal is None:
        return ()
    where = f"[object_id] = OBJECT_ID({quote_string(full)}) AND [temporal_type] = 2"
    condition = f"EXISTS (SELECT 1 FROM sys.tables WHERE {where})"
    return (Statement(f"IF {condition}\nALTER TABLE {full} SET (SYSTEM_VERSIONING = OFF)"),)


def _bare(new: Table) -> Table:
    """The table as it is while rows are copied: every value can be written."""
    within = inside(new)
    return new._replace(
        name=beside(new.name),
        columns=tuple(_writable(column) for column in new.columns),
        temporal=None,
        keys=tuple(k._replace(name=beside(k.name)) if k.name else k for k in within.keys),
        checks=(),
        foreign_keys=(),
        authorization="",
    )


def _writable(column: Column) -> Column:
    column = column._replace(default=None)
    if column.generated.startswith("ROW "):
        return column._replace(generated="", hidden=False)
    return column


def _copy(old: Table, new: Table, full_old: str, full_new: str) -> list[Statement]:
    values = copied(old, new)
    before = {column.name.lower() for column in old.columns}
    if not any(value.column.lower() in before for value in values):
        return []
    identity = next((c for c in new.columns if c.identity), None)
    kept = identity is not None and identity.name.lower() in before
    columns = ", ".join(bracket(value.column) for value in values)
    selected = ", ".join(value.value for value in values)
    insert = (
        f"INSERT INTO {full_new} ({columns})\n"
        f"SELECT {selected} FROM {full_old} WITH (TABLOCKX, HOLDLOCK)"
    )
    if not kept:
        return [Statement(insert)]
    counted = any(column.identity for column in old.columns)
    return [
        Statement(f"SET IDENTITY_INSERT {full_new} ON"),
        Statement(insert),
        Statement(f"SET IDENTITY_INSERT {full_new} OFF"),
        *([Statement(_reseeded(full_old, full_new))] if counted else []),
    ]


def _reseeded(full_old: str, full_new: str) -> str:
    """The new table goes on counting where the old one stopped.

    A table that never had a row takes the number itself next, one that had takes the following:
    what the old table gave to rows that are gone would be given again.
    """
    old, new = quote_string(full_old), quote_string(full_new)
    return (
        "DECLARE @current numeric(38, 0)\n"
        f"SELECT @current = IDENT_CURRENT({old})\n"
        f"IF NOT EXISTS (SELECT 1 FROM {full_new})\n"
        f"    AND @current <> IDENT_SEED({old})\n"
        f"    SET @current = @current + IDENT_INCR({old})\n"
        "IF @current IS NOT NULL\n"
        f"    DBCC CHECKIDENT ({new}, RESEED, @current)"
    )


def _renamed_constraints(new: Table) -> list[Statement]:
    return [
        Statement(
            f"EXEC sp_rename {quote_string(two_part(new.schema, beside(key.name)))}, "
            f"{quote_string(key.name)}, N'OBJECT'"
        )
        for key in inside(new).keys
        if key.name
    ]


def _checks_of_memory(new: Table) -> list[Statement]:
    """Elsewhere they are written with the rest of the table."""
    if not in_memory(new):
        return []
    checked: list[Check | ForeignKey] = [*new.checks, *new.foreign_keys]
    return [each for one in checked for each in add_checked(new, one)[:1]]


def _defaults(new: Table) -> list[Statement]:
    return [
        statement
        for column in new.columns
        if column.default
        for statement in add_default(new, column.name, column.default)
    ]
