"""Changes as SQLite statements, without a semicolon at the end."""

from typing import assert_never

from pipeline.schema.change import (
    AddColumn,
    Change,
    CreateIndex,
    CreateTable,
    CreateTrigger,
    CreateView,
    DropColumn,
    DropIndex,
    DropTable,
    DropTrigger,
    DropView,
    RebuildTable,
)
from pipeline.schema.model.programs import Index
from pipeline.schema.syntax.sqlite.tokens import quote
from pipeline.schema.writers.sqlite_rebuild import rebuild
from pipeline.schema.writers.sqlite_table import (
    check,
    create_table,
    define,
    references,
    terms,
)


def write(change: Change) -> tuple[str, ...]:
    """Give the statements that make one change, in order."""
    match change:
        case CreateTable():
            return (create_table(change.table),)
        case DropTable():
            return (f"DROP TABLE {quote(change.table.name)}",)
        case AddColumn():
            return (_add_column(change),)
        case DropColumn():
            table, column = quote(change.table.name), quote(change.column.name)
            return (f"ALTER TABLE {table} DROP COLUMN {column}",)
        case RebuildTable():
            return rebuild(change.old, change.new)
        case CreateIndex():
            return (_create_index(change.index),)
        case DropIndex():
            return (f"DROP INDEX {quote(change.index.name)}",)
        case CreateView():
            return (change.view.definition,)
        case DropView():
            return (f"DROP VIEW {quote(change.view.name)}",)
        case CreateTrigger():
            return (change.trigger.definition,)
        case DropTrigger():
            return (f"DROP TRIGGER {quote(change.trigger.name)}",)
        case _:
            assert_never(change)


def _add_column(change: AddColumn) -> str:
    parts = [define(change.column), *map(check, change.checks)]
    parts += [references(key, named=True) for key in change.foreign_keys]
    return f"ALTER TABLE {quote(change.table.name)} ADD COLUMN {' '.join(parts)}"


def _create_index(index: Index) -> str:
    unique = "UNIQUE " if index.unique else ""
    where = f" WHERE {index.where}" if index.where else ""
    on = f"{quote(index.table)} ({terms(index.terms)})"
    return f"CREATE {unique}INDEX {quote(index.name)} ON {on}{where}"
