"""Make a SQLite table anew and keep its rows (sqlite.org/lang_altertable.html, section 7).

The caller has foreign keys switched off outside of the transaction, and checks them before
COMMIT. Indexes, triggers and views come back as changes of their own.
"""

from collections.abc import Iterator
from dataclasses import replace

from pipeline.schema.model.names import fold
from pipeline.schema.model.tables import Column, Table
from pipeline.schema.normalise.sqlite import is_rowid_alias
from pipeline.schema.syntax.sqlite.tokens import literal, quote, renamed
from pipeline.schema.writers.sqlite_table import create_table

PREFIX = "__farmhand_new_"


def rebuild(old: Table, new: Table) -> tuple[str, ...]:
    """Give the statements: create under another name, copy, drop, rename."""
    name = PREFIX + new.name
    pairs = list(_copied(old, new))
    into = ", ".join(quote(column) for column, _ in pairs)
    values = ", ".join(value for _, value in pairs)
    source = quote(old.name)
    copy = f"INSERT INTO {quote(name)} ({into}) SELECT {values} FROM {source}"  # noqa: S608  quoted
    return (
        create_table(_named(new, name)),
        *([copy] if pairs else []),
        *_sequence(old, new, name),
        f"DROP TABLE {quote(old.name)}",
        f"ALTER TABLE {quote(name)} RENAME TO {quote(new.name)}",
    )


def _named(table: Table, name: str) -> Table:
    """Give the table under another name; its CHECKs may say `table.column`."""
    checks = (replace(c, expression=renamed(c.expression, table.name, name)) for c in table.checks)
    return replace(table, name=name, checks=tuple(checks))


def _copied(old: Table, new: Table) -> Iterator[tuple[str, str]]:
    """Give (column, value) for all that is copied; the rowid too where rows have one."""
    rowid = _rowid(old, new)
    alias = next((c for c in new.columns if is_rowid_alias(c, new)), None)
    if rowid and alias is None:
        yield rowid, quote(rowid)
    for column in new.columns:
        was = old.column(column.name)
        if column is alias and was is not None and rowid and not is_rowid_alias(was, old):
            yield column.name, f"coalesce({quote(was.name)}, {quote(rowid)})"
        elif column.generated is None and was is not None:
            yield column.name, _value(was, column)
        elif column is alias and rowid:
            yield column.name, quote(rowid)


def _value(was: Column, now: Column) -> str:
    """Give the old value, and the default for a NULL that may not be any more."""
    value = quote(was.name)
    if now.nullable or not was.nullable or now.default is None:
        return value
    return f"coalesce({value}, {now.default})"


def _rowid(old: Table, new: Table) -> str:
    """Give a name of the rowid that no column hides; nothing if the rows have none."""
    if old.without_rowid or new.without_rowid:
        return ""
    hidden = {fold(column.name) for table in (old, new) for column in table.columns}
    return next((name for name in ("rowid", "_rowid_", "oid") if name not in hidden), "")


def _sequence(old: Table, new: Table, name: str) -> Iterator[str]:
    """Keep the highest number that AUTOINCREMENT ever gave, even if its row is gone."""
    if _counts(old) and _counts(new):
        was, now, there = literal(old.name), literal(name), "FROM sqlite_sequence WHERE name ="
        yield f"DELETE {there} {now}"
        yield f"INSERT INTO sqlite_sequence (name, seq) SELECT {now}, seq {there} {was}"


def _counts(table: Table) -> bool:
    return table.primary_key is not None and table.primary_key.autoincrement
