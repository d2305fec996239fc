"""The values that a row of the old table has in the new one: what INSERT ... SELECT selects."""

from typing import NamedTuple

from pipeline.schema.model.mssql.names import bracket
from pipeline.schema.model.mssql.shared import TypeName
from pipeline.schema.model.mssql.tables import Column, Table
from pipeline.schema.writers.mssql.clauses import enclosed, type_text
from pipeline.schema.writers.mssql.columns import period_value

_FAMILIES = {
    "char": ("char", "nchar", "ntext", "nvarchar", "sysname", "text", "varchar"),
    "binary": ("binary", "image", "varbinary"),
    "date": ("date", "datetime", "datetime2", "datetimeoffset", "smalldatetime", "time"),
    "number": (
        *("bigint", "bit", "decimal", "float", "int", "numeric"),
        *("real", "smallint", "tinyint"),
    ),
    "money": ("money", "smallmoney"),
    "variant": ("sql_variant",),
    "xml": ("xml",),
    "clr": ("geography", "geometry", "hierarchyid"),
    "guid": ("uniqueidentifier",),
}
_FAMILY = {name: family for family, names in _FAMILIES.items() for name in names}
_EXPLICIT = {
    ("binary", "clr"),
    ("char", "binary"),
    ("char", "clr"),
    ("clr", "binary"),
    ("clr", "char"),
    ("date", "binary"),
    ("date", "money"),
    ("date", "number"),
    ("money", "char"),
    ("xml", "binary"),
    ("xml", "char"),
}
"""Families between which SQL Server converts only when it is told to.

Where it converts by itself it is left to: that refuses to cut text off, which CONVERT does not.
"""
ROW_VERSIONS = frozenset({"rowversion", "timestamp"})


class Copied(NamedTuple):
    """A column of the new table, and the expression over the old one that fills it."""

    column: str
    value: str


def copied(old: Table, new: Table) -> tuple[Copied, ...]:
    """Give what fills each column that can be filled, in the new table's order."""
    before = {column.name.lower(): column for column in old.columns}
    found = []
    for column in new.columns:
        if _fills_itself(column):
            continue
        was = before.get(column.name.lower())
        value = _of_nothing(column) if was is None else _of_old(was, column)
        if value:
            found.append(Copied(column.name, value))
    return tuple(found)


def _fills_itself(column: Column) -> bool:
    if column.computed or column.column_set:
        return True
    if column.generated and not column.generated.startswith("ROW "):
        return True
    return bool(column.type and not column.type.schema and column.type.name in ROW_VERSIONS)


def _of_nothing(column: Column) -> str:
    """A column that the old table has not: its default where NULL cannot be."""
    if column.identity or column.nullable:
        return ""
    if column.generated:
        return period_value(column)
    return enclosed(column.default.expression) if column.default else ""


def _of_old(was: Column, column: Column) -> str:
    value = bracket(was.name)
    if was.type and column.type and _explicit(was.type, column.type):
        value = f"CONVERT({type_text(column.type)}, {value})"
    tightened = was.nullable and not column.nullable and not was.computed
    if not (tightened and column.default) or column.identity:
        return value
    default = column.default.expression
    if "NEXT VALUE FOR" in " ".join(default.upper().split()):
        # The server does not take a sequence inside COALESCE; a NULL makes the copy fail.
        return value
    return f"COALESCE({value}, {enclosed(default)})"


def _explicit(old: TypeName, new: TypeName) -> bool:
    if old.schema or new.schema:
        return False
    one, two = _FAMILY.get(old.name.lower(), ""), _FAMILY.get(new.name.lower(), "")
    return (one, two) in _EXPLICIT or (one == "variant" and two != "variant")
