"""Keys, foreign keys, checks, defaults and edge constraints, with a name or without one."""

from pipeline.schema.model.mssql.names import bracket, two_part
from pipeline.schema.model.mssql.tables import Check, Default, ForeignKey, Table, UniqueKey
from pipeline.schema.syntax.mssql.tokens import quote_string
from pipeline.schema.writers.mssql.clauses import (
    key_columns,
    names,
    on_storage,
    with_options,
)
from pipeline.schema.writers.mssql.index_changes import changed_in_place
from pipeline.schema.writers.mssql.lookups import (
    by_name,
    check_name,
    default_name,
    foreign_key_name,
    key_name,
)
from pipeline.schema.writers.mssql.statement import Statement
from pipeline.schema.writers.mssql.target import Target

Constraint = UniqueKey | ForeignKey | Check


def key_text(key: UniqueKey, *more: str) -> str:
    """Give `CONSTRAINT [n] PRIMARY KEY CLUSTERED ([a])`; `more` are options of the moment."""
    words = "PRIMARY KEY" if key.primary else "UNIQUE"
    text = f"{_named(key.name)}{words} {key.form} ({key_columns(key.columns)})"
    text += with_options(key.options, *more) + on_storage(key.storage)
    return text + (" NOT ENFORCED" if key.not_enforced else "")


def check_text(check: Check) -> str:
    """Give `CONSTRAINT [n] CHECK (expression)`."""
    replication = "NOT FOR REPLICATION " if check.not_for_replication else ""
    return f"{_named(check.name)}CHECK {replication}({check.expression})"


def foreign_key_text(key: ForeignKey) -> str:
    """Give `CONSTRAINT [n] FOREIGN KEY ([a]) REFERENCES [dbo].[p] ([b])`."""
    text = f"{_named(key.name)}FOREIGN KEY ({names(key.columns)})"
    text += f" REFERENCES {two_part(key.parent_schema, key.parent)}"
    text += f" ({names(key.parent_columns)})" if key.parent_columns else ""
    text += f" ON DELETE {key.on_delete}" if key.on_delete != "NO ACTION" else ""
    text += f" ON UPDATE {key.on_update}" if key.on_update != "NO ACTION" else ""
    return text + (" NOT FOR REPLICATION" if key.not_for_replication else "")


def _named(name: str) -> str:
    return f"CONSTRAINT {bracket(name)} " if name else ""


def constraint_exists(table: Table, name: str) -> str:
    """Give the condition that is true when the constraint is there; '' without a name."""
    return f"OBJECT_ID({quote_string(two_part(table.schema, name))}) IS NOT NULL" if name else ""


def add_key(table: Table, key: UniqueKey, target: Target) -> tuple[Statement, ...]:
    """ALTER TABLE ADD PRIMARY KEY or UNIQUE."""
    full = two_part(table.schema, table.name)
    online = ("ONLINE = ON",) if target.online and "HASH" not in key.form else ()
    sql = f"ALTER TABLE {full} ADD {key_text(key, *online)}"
    return (Statement(sql, constraint_exists(table, key.name)),)


def add_checked(table: Table, constraint: ForeignKey | Check) -> tuple[Statement, ...]:
    """ALTER TABLE ADD of a foreign key or a check: rows are checked when it is to be trusted."""
    full = two_part(table.schema, table.name)
    text = _checked_text(constraint)
    how = "WITH CHECK" if constraint.trusted else "WITH NOCHECK"
    made = Statement(
        f"ALTER TABLE {full} {how} ADD {text}", constraint_exists(table, constraint.name)
    )
    return (made, switched_off(table, constraint)) if constraint.disabled else (made,)


def _checked_text(constraint: ForeignKey | Check) -> str:
    if isinstance(constraint, ForeignKey):
        return foreign_key_text(constraint)
    return check_text(constraint)


def switched_off(table: Table, constraint: ForeignKey | Check) -> Statement:
    """NOCHECK CONSTRAINT: new rows are not checked."""
    return _run(table, constraint, "NOCHECK CONSTRAINT")


def drop_constraint(table: Table, constraint: Constraint) -> tuple[Statement, ...]:
    """ALTER TABLE DROP CONSTRAINT, by its name or by what it does."""
    return (_run(table, constraint, "DROP CONSTRAINT"),)


def alter_key(
    table: Table, old: UniqueKey, new: UniqueKey, target: Target
) -> tuple[Statement, ...]:
    """Options in place where they can be; else the key is made anew."""
    same = old._replace(options=new.options) == new and bool(new.name)
    if same and (said := changed_in_place(table, new.name, old.options, new.options, target)):
        return said
    return (*drop_constraint(table, old), *add_key(table, new, target))


def alter_checked(
    table: Table, old: ForeignKey | Check, new: ForeignKey | Check
) -> tuple[Statement, ...]:
    """Switch a foreign key or a check on or off, or check its rows; else it is made anew."""
    if old._replace(trusted=new.trusted, disabled=new.disabled) != new:
        return (*drop_constraint(table, old), *add_checked(table, new))
    off = _run(table, new, "NOCHECK CONSTRAINT")
    if new.disabled:
        return (off,)
    how = "WITH CHECK" if new.trusted else "WITH NOCHECK"
    on = _run(table, new, f"{how} CHECK CONSTRAINT")
    return (on,) if new.trusted or old.disabled else (off, on)


def _run(table: Table, constraint: Constraint, words: str) -> Statement:
    """`ALTER TABLE t <words> [name]`."""
    if constraint.name:
        sql = f"ALTER TABLE {two_part(table.schema, table.name)} {words} "
        there = constraint_exists(table, constraint.name)
        return Statement(sql + bracket(constraint.name), there, making=False)
    if isinstance(constraint, UniqueKey):
        return Statement(by_name(table, key_name(table, constraint), words))
    if isinstance(constraint, ForeignKey):
        return Statement(by_name(table, foreign_key_name(table, constraint), words))
    return Statement(by_name(table, check_name(table, constraint), words))


def add_default(table: Table, column: str, default: Default) -> tuple[Statement, ...]:
    """ALTER TABLE ADD DEFAULT FOR a column that is there."""
    full = two_part(table.schema, table.name)
    text = f"{_named(default.name)}DEFAULT {default.expression}"
    sql = f"ALTER TABLE {full} ADD {text} FOR {bracket(column)}"
    return (Statement(sql, constraint_exists(table, default.name)),)


def drop_default(table: Table, column: str, default: Default) -> tuple[Statement, ...]:
    """Drop the default of a column, by its name or by its column."""
    if not default.name:
        return (Statement(by_name(table, default_name(table, column), "DROP CONSTRAINT")),)
    full = two_part(table.schema, table.name)
    sql = f"ALTER TABLE {full} DROP CONSTRAINT {bracket(default.name)}"
    return (Statement(sql, constraint_exists(table, default.name), making=False),)


def add_connection(table: Table, connection: str, target: Target) -> tuple[Statement, ...]:
    """Add an edge constraint, kept as `name: CONNECTION (...)`."""
    full = two_part(table.schema, table.name)
    target.need("an edge constraint", full)
    name, _, text = connection.partition(": ")
    sql = f"ALTER TABLE {full} ADD {_named(name)}{text}"
    return (Statement(sql, constraint_exists(table, name)),)


def drop_connection(table: Table, connection: str) -> tuple[Statement, ...]:
    """Drop an edge constraint."""
    name = connection.partition(": ")[0]
    sql = f"ALTER TABLE {two_part(table.schema, table.name)} DROP CONSTRAINT {bracket(name)}"
    return (Statement(sql, constraint_exists(table, name), making=False),)
