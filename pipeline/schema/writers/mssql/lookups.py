"""Batches that find a constraint by what it does: its name was chosen by the server."""

from collections.abc import Iterable

from pipeline.schema.model.mssql.names import bracket, two_part
from pipeline.schema.model.mssql.tables import Check, ForeignKey, Table, UniqueKey
from pipeline.schema.normalise.mssql.expressions import normal_expression
from pipeline.schema.syntax.mssql.tokens import Script, quote_string, unquote


def by_name(table: Table, select: str, before: str, after: str = "") -> str:
    """Give a batch that finds one name and runs `ALTER TABLE ... before [name] after`."""
    full = two_part(table.schema, table.name)
    begin = quote_string(f"ALTER TABLE {full} {before} ")
    end = f" + {quote_string(after)}" if after else ""
    missing = quote_string(
        f"The constraint without a name that farmhand looks for in {full} is not there."
    )
    return (
        "DECLARE @name sysname, @sql nvarchar(max)\n"
        f"{select}\n"
        f"IF @name IS NULL RAISERROR ({missing}, 16, 1)\n"
        "ELSE\n"
        "BEGIN\n"
        f"SET @sql = {begin} + QUOTENAME(@name){end}\n"
        "EXEC (@sql)\n"
        "END"
    )


def _id(schema: str, name: str) -> str:
    return f"OBJECT_ID({quote_string(two_part(schema, name))})"


def default_name(table: Table, column: str) -> str:
    """Find the default of a column."""
    return (
        "SELECT @name = [name] FROM sys.default_constraints "
        f"WHERE [parent_object_id] = {_id(table.schema, table.name)} "
        f"AND COL_NAME([parent_object_id], [parent_column_id]) = {quote_string(column)}"
    )


def key_name(table: Table, key: UniqueKey) -> str:
    """Find a PRIMARY KEY, or a UNIQUE by its columns."""
    found = (
        "SELECT @name = k.[name] FROM sys.key_constraints AS k "
        f"WHERE k.[parent_object_id] = {_id(table.schema, table.name)} "
    )
    if key.primary:
        return f"{found}AND k.[type] = 'PK'"
    source = (
        "sys.index_columns AS c WHERE c.[object_id] = k.[parent_object_id] "
        "AND c.[index_id] = k.[unique_index_id] AND c.[key_ordinal] > 0"
    )
    columns = [
        f"c.[key_ordinal] = {number} AND COL_NAME(c.[object_id], c.[column_id]) = "
        f"{quote_string(column.name)}"
        for number, column in enumerate(key.columns, 1)
    ]
    return f"{found}AND k.[type] = 'UQ' {_exactly(source, columns)}"


def foreign_key_name(table: Table, key: ForeignKey) -> str:
    """Find a FOREIGN KEY by its columns and the table that it refers to."""
    source = "sys.foreign_key_columns AS c WHERE c.[constraint_object_id] = k.[object_id]"
    parents = key.parent_columns or ("",) * len(key.columns)
    columns = [
        f"c.[constraint_column_id] = {number} "
        f"AND COL_NAME(c.[parent_object_id], c.[parent_column_id]) = {quote_string(column)}"
        + (
            " AND COL_NAME(c.[referenced_object_id], c.[referenced_column_id]) = "
            f"{quote_string(parent)}"
            if parent
            else ""
        )
        for number, (column, parent) in enumerate(zip(key.columns, parents, strict=True), 1)
    ]
    return (
        "SELECT @name = k.[name] FROM sys.foreign_keys AS k "
        f"WHERE k.[parent_object_id] = {_id(table.schema, table.name)} "
        f"AND k.[referenced_object_id] = {_id(key.parent_schema, key.parent)} "
        f"{_exactly(source, columns)}"
    )


def check_name(table: Table, check: Check) -> str:
    """Find a CHECK that the server named, by the columns in its text, which has them in brackets.

    Where others are on the same columns, by its whole text, as far as that is not rewritten.
    """
    mine = set(columns_in(check.expression, table))
    said = [
        f"AND [definition] {'' if c.name in mine else 'NOT '}LIKE {_pattern(c.name)}"
        for c in table.columns
    ]
    alike = [
        other
        for other in table.checks
        if not other.name
        and other.expression != check.expression
        and set(columns_in(other.expression, table)) == mine
    ]
    if alike:
        said.append(f"AND {_bare('[definition]')} = {quote_string(_squeezed(check.expression))}")
    return (
        "SELECT @name = [name] FROM sys.check_constraints "
        f"WHERE [parent_object_id] = {_id(table.schema, table.name)} "
        f"AND [is_system_named] = 1 {' '.join(said)}"
    )


def _pattern(column: str) -> str:
    name = bracket(column).translate({ord(c): f"[{c}]" for c in "[%_"})
    return quote_string(f"%{name}%")


_DROPPED = " []()"


def _bare(expression: str) -> str:
    for character in _DROPPED:
        expression = f"REPLACE({expression}, N'{character}', N'')"
    return f"LOWER({expression})"


def _squeezed(expression: str) -> str:
    """What is left of an expression without spaces, brackets and parentheses."""
    text = "".join(Script.of("", normal_expression(expression)).tokens)
    return "".join(c for c in text if c not in _DROPPED).lower()


def columns_in(expression: str, table: Table) -> tuple[str, ...]:
    """Give the table's columns that an expression names, in the table's order."""
    words = {unquote(token).lower() for token in Script.of("", expression).tokens}
    return tuple(c.name for c in table.columns if c.name.lower() in words)


def _exactly(source: str, wanted: Iterable[str]) -> str:
    """The conditions that `source` has these rows and no others."""
    conditions = list(wanted)
    count = f"AND (SELECT COUNT(*) FROM {source}) = {len(conditions)}"
    if not conditions:
        return count
    either = " OR ".join(f"({each})" for each in conditions)
    return f"{count} AND (SELECT COUNT(*) FROM {source} AND ({either})) = {len(conditions)}"
