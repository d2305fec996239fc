"""Tables: CREATE TABLE with its columns, and the settings that ALTER TABLE changes afterwards."""

from pipeline.schema.model.mssql.names import bracket, two_part
from pipeline.schema.model.mssql.shared import Options
from pipeline.schema.model.mssql.tables import Table
from pipeline.schema.syntax.mssql.tokens import quote_string
from pipeline.schema.writers.mssql.authorization import alter_authorization
from pipeline.schema.writers.mssql.clauses import on_storage, option
from pipeline.schema.writers.mssql.columns import column_text
from pipeline.schema.writers.mssql.constraints import check_text, foreign_key_text, key_text
from pipeline.schema.writers.mssql.index_text import inline_index, need_index, need_options
from pipeline.schema.writers.mssql.indexes import in_memory
from pipeline.schema.writers.mssql.kinds import exists
from pipeline.schema.writers.mssql.statement import Statement
from pipeline.schema.writers.mssql.target import Target
from pipeline.schema.writers.mssql.versioning import versioning_text

FORMS = frozenset({"EDGE", "FILETABLE", "NODE"})
TRACKING = frozenset({"CHANGE_TRACKING", "TRACK_COLUMNS_UPDATED"})
LEDGER = ("APPEND_ONLY", "LEDGER_VIEW")
BY_PROCEDURE = {
    "LARGE VALUE TYPES OUT OF ROW": "OFF",
    "TABLE LOCK ON BULK LOAD": "OFF",
    "TEXT IN ROW": "OFF",
    "VARDECIMAL STORAGE FORMAT": "OFF",
}
"""Options of sp_tableoption, and what the server takes where nothing is said."""


def create_table(table: Table, target: Target) -> tuple[Statement, ...]:
    """CREATE TABLE. Keys, indexes and checks of a memory-optimised table are inside it.

    What is not inside is written by others, in statements of their own.
    """
    full = two_part(table.schema, table.name)
    _need(full, table, target)
    sql = f"CREATE TABLE {full}{_body(table, target)}{_form(table)}"
    sql += on_storage(table.storage, table.textimage) + _with(table)
    made = Statement(sql, exists(table))
    off, on = Statement("SET ANSI_NULLS OFF"), Statement("SET ANSI_NULLS ON")
    return (
        *((made,) if table.ansi_nulls else (off, made, on)),
        *alter_authorization(table, ""),
    )


def inside(table: Table) -> Table:
    """Give what of the parts of a table has to stand inside its CREATE TABLE.

    All of a table in memory; the key of FILESTREAM's row identifier; else nothing.
    """
    bare = table._replace(keys=(), indexes=(), checks=(), foreign_keys=())
    if in_memory(table):
        return table
    if any(column.filestream for column in table.columns):
        rows = {column.name.lower() for column in table.columns if column.rowguidcol}
        keys = tuple(k for k in table.keys if {c.name.lower() for c in k.columns} <= rows)
        return bare._replace(keys=keys)
    return bare


def outside(table: Table) -> Table:
    """Give the table with those parts only that are written after CREATE TABLE."""
    within = inside(table)
    return table._replace(
        keys=tuple(key for key in table.keys if key not in within.keys),
        indexes=() if within.indexes else table.indexes,
        checks=() if within.checks else table.checks,
        foreign_keys=() if within.foreign_keys else table.foreign_keys,
    )


def table_settings(table: Table) -> tuple[Statement, ...]:
    """What is switched on when the table has its keys: change tracking needs one."""
    return _settings(two_part(table.schema, table.name), (), table.options)


def alter_table(old: Table, new: Table, target: Target) -> tuple[Statement, ...]:
    """What belongs to the table itself and can be altered in place."""
    full = two_part(new.schema, new.name)
    return (
        *_compression(full, old, new, target),
        *_settings(full, old.options, new.options),
        *alter_authorization(new, old.authorization),
    )


def drop_table(table: Table) -> tuple[Statement, ...]:
    """DROP TABLE."""
    sql = f"DROP TABLE {two_part(table.schema, table.name)}"
    return (Statement(sql, exists(table), making=False),)


def _need(full: str, table: Table, target: Target) -> None:
    options = dict(table.options)
    for feature, wanted in (
        ("a memory-optimised table", in_memory(table)),
        ("PERIOD FOR SYSTEM_TIME", table.temporal is not None),
        ("a graph table", options.get("AS") in {"NODE", "EDGE"}),
        ("a FileTable", options.get("AS") == "FILETABLE"),
        ("a ledger table", options.get("LEDGER") == "ON"),
        ("FILESTREAM", bool(table.storage.filestream)),
        ("partitioning", bool(table.storage.column)),
    ):
        if wanted:
            target.need(feature, full)
    need_options(full, table.options, target)


def _body(table: Table, target: Target) -> str:
    full = two_part(table.schema, table.name)
    if dict(table.options).get("AS") == "FILETABLE":
        return ""
    lines = [column_text(column, target, full) for column in table.columns]
    if table.temporal:
        start, end = bracket(table.temporal.start), bracket(table.temporal.end)
        lines.append(f"PERIOD FOR SYSTEM_TIME ({start}, {end})")
    within = inside(table)
    for index in within.indexes:
        need_index(full, index, target)
    lines += [key_text(key) for key in within.keys]
    lines += [inline_index(index) for index in within.indexes]
    lines += [check_text(check) for check in within.checks]
    lines += [foreign_key_text(key) for key in within.foreign_keys]
    return "\n(\n    " + ",\n    ".join(lines) + "\n)" if lines else ""


def _form(table: Table) -> str:
    form = dict(table.options).get("AS", "")
    return f" AS {form}" if form in FORMS else ""


def _is_setting(name: str) -> bool:
    return name in TRACKING or name in BY_PROCEDURE or name == "LOCK_ESCALATION"


def _with(table: Table) -> str:
    """The options that CREATE TABLE takes itself."""
    ledger = [option(name, value) for name, value in table.options if name in LEDGER]
    said = []
    for name, value in table.options:
        if name == "LEDGER" and ledger and value == "ON":
            said.append(f"LEDGER = ON ({', '.join(ledger)})")
        elif not _is_setting(name) and name not in {"AS", *LEDGER}:
            said.append(option(name, value))
    if table.temporal and table.temporal.versioned and _versioned_at_once(table):
        said.append(versioning_text(table.temporal))
    return f"\nWITH\n(\n    {f',{chr(10)}    '.join(said)}\n)" if said else ""


def _versioned_at_once(table: Table) -> bool:
    """A ledger table, and one in memory, cannot be given a history afterwards as simply."""
    return in_memory(table) or dict(table.options).get("LEDGER") == "ON"


def versioned_apart(table: Table) -> bool:
    """Whether SYSTEM_VERSIONING is switched on by a statement of its own."""
    versioned = table.temporal is not None and table.temporal.versioned
    return versioned and not _versioned_at_once(table)


def _compression(full: str, old: Table, new: Table, target: Target) -> tuple[Statement, ...]:
    """ALTER TABLE REBUILD for another compression."""
    found = []
    before, after = dict(old.options), dict(new.options)
    for name in ("DATA_COMPRESSION", "XML_COMPRESSION"):
        if before.get(name) != after.get(name):
            off = "NONE" if name == "DATA_COMPRESSION" else "OFF"
            found.append(option(name, after.get(name, off)))
    if not found:
        return ()
    need_options(full, new.options, target)
    found += ["ONLINE = ON"] if target.online else []
    sql = f"ALTER TABLE {full} REBUILD WITH ({', '.join(found)})"
    return (Statement(sql, exists(new), making=False),)


def _settings(full: str, old: Options, new: Options) -> tuple[Statement, ...]:
    before, after = dict(old), dict(new)
    said = _change_tracking(before, after)
    if before.get("LOCK_ESCALATION") != after.get("LOCK_ESCALATION"):
        said.append(f"SET (LOCK_ESCALATION = {after.get('LOCK_ESCALATION', 'TABLE')})")
    sqls = [f"ALTER TABLE {full} {each}" for each in said]
    for name, default in BY_PROCEDURE.items():
        if before.get(name) != after.get(name):
            value = quote_string(after.get(name, default))
            words = quote_string(name.lower())
            sqls.append(f"EXEC sp_tableoption {quote_string(full)}, {words}, {value}")
    return tuple(Statement(sql) for sql in sqls)


def _change_tracking(before: dict[str, str], after: dict[str, str]) -> list[str]:
    if all(before.get(name) == after.get(name) for name in TRACKING):
        return []
    off = ["DISABLE CHANGE_TRACKING"] if before.get("CHANGE_TRACKING") == "ON" else []
    if after.get("CHANGE_TRACKING") != "ON":
        return off
    columns = after.get("TRACK_COLUMNS_UPDATED", "OFF")
    return [*off, f"ENABLE CHANGE_TRACKING WITH (TRACK_COLUMNS_UPDATED = {columns})"]
