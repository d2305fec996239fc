"""User-defined types: aliases of the server's types, and table types."""

from pipeline.schema.model.mssql.items import AliasType, TableType
from pipeline.schema.model.mssql.tables import Column
from pipeline.schema.writers.mssql.authorization import alter_authorization
from pipeline.schema.writers.mssql.clauses import type_text, with_options
from pipeline.schema.writers.mssql.columns import column_text
from pipeline.schema.writers.mssql.constraints import check_text, key_text
from pipeline.schema.writers.mssql.index_text import inline_index
from pipeline.schema.writers.mssql.kinds import exists, full_name
from pipeline.schema.writers.mssql.statement import Statement
from pipeline.schema.writers.mssql.target import Target


def create_alias(alias: AliasType, target: Target) -> tuple[Statement, ...]:
    """CREATE TYPE FROM."""
    null = "NULL" if alias.nullable else "NOT NULL"
    sql = f"CREATE TYPE {full_name(alias)} FROM {type_text(alias.base)} {null}"
    return (Statement(sql, exists(alias)), *alter_authorization(alias, ""))


def create_table_type(made: TableType, target: Target) -> tuple[Statement, ...]:
    """CREATE TYPE AS TABLE, with all that is in it: nothing can be added afterwards."""
    full = full_name(made)
    if made.indexes:
        target.need("an index on a table type", full)
    if dict(made.options).get("MEMORY_OPTIMIZED") == "ON":
        target.need("a memory-optimised table", full)
    lines = [column_text(_unnamed(column), target, full) for column in made.columns]
    lines += [key_text(key._replace(name="")) for key in made.keys]
    lines += [inline_index(index) for index in made.indexes]
    lines += [check_text(check._replace(name="")) for check in made.checks]
    body = ",\n    ".join(lines)
    sql = f"CREATE TYPE {full} AS TABLE\n(\n    {body}\n){with_options(made.options)}"
    return (Statement(sql, exists(made)), *alter_authorization(made, ""))


def _unnamed(column: Column) -> Column:
    """Nothing inside a type may have a name of its own."""
    default = column.default and column.default._replace(name="")
    return column._replace(default=default)


def drop_type(made: AliasType | TableType) -> tuple[Statement, ...]:
    """DROP TYPE."""
    return (Statement(f"DROP TYPE {full_name(made)}", exists(made), making=False),)
