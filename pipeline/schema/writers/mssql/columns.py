"""Columns: as CREATE TABLE lists them, and as ALTER TABLE adds, changes and drops them."""

from pipeline.errors import CheckFailed
from pipeline.schema.model.mssql.names import bracket, two_part
from pipeline.schema.model.mssql.shared import Options
from pipeline.schema.model.mssql.tables import Column, Computed, Default, Table
from pipeline.schema.syntax.mssql.tokens import quote_string
from pipeline.schema.writers.mssql.clauses import enclosed, option, type_text
from pipeline.schema.writers.mssql.statement import Statement
from pipeline.schema.writers.mssql.target import Target


def column_text(column: Column, target: Target, what: str) -> str:
    """Give a column as CREATE TABLE has it. `what` is the table, for a refusal."""
    if column.computed:
        return _computed(column)
    if column.column_set:
        return f"{bracket(column.name)} [xml] COLUMN_SET FOR ALL_SPARSE_COLUMNS"
    need_column(column, target, what)
    return " ".join(
        (
            *_head(column),
            *([_masked(column)] if column.mask else []),
            *([f"ENCRYPTED WITH ({_pairs(column.encryption)})"] if column.encryption else []),
            *_identity(column),
            *_generated(column),
            "NULL" if column.nullable else "NOT NULL",
            *(["ROWGUIDCOL"] if column.rowguidcol else []),
            *([_default(column.default)] if column.default else []),
        )
    )


def need_column(column: Column, target: Target, what: str) -> None:
    """Refuse a column that the server cannot have."""
    where = f"{what}.{column.name}"
    if column.mask:
        target.need("dynamic data masking", where)
    if column.encryption:
        target.need("Always Encrypted", where)
    if column.generated:
        target.need("PERIOD FOR SYSTEM_TIME", where)
    if column.filestream:
        target.need("FILESTREAM", where)
    if column.type and not column.type.schema and column.type.name.lower() in {"json", "vector"}:
        target.need(f"the type {column.type.name.lower()}", where)


def _computed(column: Column) -> str:
    computed = column.computed or Computed("")
    text = f"{bracket(column.name)} AS {computed.expression}"
    text += " PERSISTED" if computed.persisted else ""
    return text + (" NOT NULL" if computed.not_null else "")


def _head(column: Column) -> list[str]:
    return [
        bracket(column.name),
        _type(column),
        *(["FILESTREAM"] if column.filestream else []),
        *([f"COLLATE {column.collation}"] if column.collation else []),
        *(["SPARSE"] if column.sparse else []),
    ]


def _type(column: Column) -> str:
    if column.type is None:
        raise TypeError(f"the column {column.name} has no type")
    return type_text(column.type)


def _masked(column: Column) -> str:
    return f"MASKED WITH (FUNCTION = {quote_string(column.mask)[1:]})"


def _pairs(options: Options) -> str:
    return ", ".join(option(name, value) for name, value in options)


def _identity(column: Column) -> list[str]:
    if not column.identity:
        return []
    text = f"IDENTITY({column.identity.seed}, {column.identity.increment})"
    return [text, *(["NOT FOR REPLICATION"] if column.identity.not_for_replication else [])]


def _generated(column: Column) -> list[str]:
    if not column.generated:
        return []
    return [f"GENERATED ALWAYS AS {column.generated}", *(["HIDDEN"] if column.hidden else [])]


def _default(default: Default) -> str:
    name = f"CONSTRAINT {bracket(default.name)} " if default.name else ""
    return f"{name}DEFAULT {default.expression}"


def column_exists(table: Table, name: str) -> str:
    """Give the condition that is true when the column is there."""
    full = quote_string(two_part(table.schema, table.name))
    return f"COL_LENGTH({full}, {quote_string(name)}) IS NOT NULL"


def add_column(table: Table, column: Column, target: Target) -> tuple[Statement, ...]:
    """ALTER TABLE ADD. A default fills the rows that are there when the column is NOT NULL."""
    full = two_part(table.schema, table.name)
    if column.generated.startswith("ROW "):
        text = _period_column(table, column)
    else:
        text = column_text(column, target, full)
        told = not column.nullable or target.has("with-values")
        text += " WITH VALUES" if column.default and told else ""
    return (Statement(f"ALTER TABLE {full} ADD {text}", column_exists(table, column.name)),)


def period_default(table: Table, column: Column) -> str:
    """Give the name of the default that fills a period's column until there is a period."""
    return f"DF_farmhand_{table.name}_{column.name}"[:128]


def period_value(column: Column) -> str:
    """Give what a column of a period says of rows that are valid now."""
    if column.generated == "ROW START":
        return "SYSUTCDATETIME()"
    digits = int(column.type.arguments[0]) if column.type and column.type.arguments else 7
    last = "9999-12-31 23:59:59" + (f".{'9' * digits}" if digits else "")
    return f"CONVERT(datetime2({digits}), '{last}')"


def _period_column(table: Table, column: Column) -> str:
    """A column of a period cannot be added alone: it becomes one by ADD PERIOD."""
    value = period_value(column)
    name = bracket(period_default(table, column))
    return f"{' '.join(_head(column))} NOT NULL CONSTRAINT {name} DEFAULT ({value})"


def drop_column(table: Table, column: Column) -> tuple[Statement, ...]:
    """ALTER TABLE DROP COLUMN."""
    full = two_part(table.schema, table.name)
    sql = f"ALTER TABLE {full} DROP COLUMN {bracket(column.name)}"
    return (Statement(sql, column_exists(table, column.name), making=False),)


def alter_column(table: Table, old: Column, new: Column, target: Target) -> tuple[Statement, ...]:
    """Give the smallest statements that make a column what it is to be.

    Its default, bindings and sensitivity are parts of their own. CheckFailed for what cannot be
    altered: the plan has to rebuild the table.
    """
    if old.computed or new.computed:
        return _alter_computed(table, old, new, target)
    full = two_part(table.schema, table.name)
    _refuse_what_is_fixed(full, old, new)
    need_column(old, target, full)
    need_column(new, target, full)
    begin = f"ALTER TABLE {full} ALTER COLUMN {bracket(new.name)}"
    there = column_exists(table, new.name)
    said = []
    if _shape(old) != _shape(new):
        said.append(_whole(new, target))
        old = new._replace(rowguidcol=old.rowguidcol, hidden=old.hidden, identity=old.identity)
    if old.mask != new.mask:
        both = old.mask and new.mask
        said.append(
            _whole(new, target) if both else f"ADD {_masked(new)}" if new.mask else "DROP MASKED"
        )
    said += [f"{'ADD' if wanted else 'DROP'} {word}" for word, wanted in _switches(old, new)]
    return tuple(Statement(f"{begin} {each}", there, making=False) for each in said)


def _shape(column: Column) -> tuple[object, ...]:
    return (column.type, column.nullable, column.collation, column.encryption)


def _whole(column: Column, target: Target) -> str:
    """What follows ALTER COLUMN [c]; what is not said again would be lost."""
    online = target.online and target.knows("ALTER COLUMN WITH ONLINE")
    return " ".join(
        (
            _type(column),
            *([f"COLLATE {column.collation}"] if column.collation else []),
            *([_masked(column)] if column.mask else []),
            *([f"ENCRYPTED WITH ({_pairs(column.encryption)})"] if column.encryption else []),
            *(["SPARSE"] if column.sparse else []),
            "NULL" if column.nullable else "NOT NULL",
            *(["WITH (ONLINE = ON)"] if online else []),
        )
    )


def _switches(old: Column, new: Column) -> list[tuple[str, bool]]:
    """(word, whether it is to be added), of what ALTER COLUMN ADD and DROP know."""
    kept = (
        ("ROWGUIDCOL", old.rowguidcol, new.rowguidcol),
        ("SPARSE", old.sparse, new.sparse),
        ("HIDDEN", old.hidden, new.hidden),
        ("NOT FOR REPLICATION", _not_replicated(old), _not_replicated(new)),
    )
    return [(word, after) for word, before, after in kept if before != after]


def _not_replicated(column: Column) -> bool:
    return bool(column.identity and column.identity.not_for_replication)


def _refuse_what_is_fixed(full: str, old: Column, new: Column) -> None:
    for what, before, after in (
        ("IDENTITY", old.identity and old.identity[:2], new.identity and new.identity[:2]),
        ("FILESTREAM", old.filestream, new.filestream),
        ("COLUMN_SET", old.column_set, new.column_set),
    ):
        if before != after:
            raise CheckFailed(
                f"{full}.{bracket(new.name)}: {what} of a column cannot be altered in place",
                advice="this is a mistake in farmhand's plan: the table has to be rebuilt",
            )


def _same_but_persisted(old: Column, new: Column) -> bool:
    if not (old.computed and new.computed) or old.computed.not_null:
        return False
    return enclosed(old.computed.expression) == enclosed(new.computed.expression)


def _alter_computed(
    table: Table, old: Column, new: Column, target: Target
) -> tuple[Statement, ...]:
    if new.computed and not new.computed.not_null and _same_but_persisted(old, new):
        verb = "ADD" if new.computed.persisted else "DROP"
        full = two_part(table.schema, table.name)
        sql = f"ALTER TABLE {full} ALTER COLUMN {bracket(new.name)} {verb} PERSISTED"
        return (Statement(sql, column_exists(table, new.name), making=False),)
    return (*drop_column(table, old), *add_column(table, new, target))
