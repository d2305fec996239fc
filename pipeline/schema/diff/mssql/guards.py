"""Questions about rows that decide whether a hazard is real: always about values."""

from collections.abc import Iterable, Sequence

from pipeline.hazard import Hazard
from pipeline.schema.diff.mssql.operation import Guard
from pipeline.schema.model.mssql.names import bracket, two_part
from pipeline.schema.model.mssql.shared import TypeName
from pipeline.schema.model.mssql.tables import Check, ForeignKey, Table
from pipeline.schema.syntax.mssql.types import show_type

_LARGE = frozenset({"image", "ntext", "text"})
_BINARY = frozenset({"binary", "image", "varbinary"})
_TRY_SINCE = 2012


def _guard(hazard: Hazard, found: str, counted: str) -> Guard:
    """Names in these are in brackets, and expressions are the schema's own."""
    message = f"{hazard.object}: {hazard.reason}"
    exists, count = f"SELECT 1 {found}", f"SELECT COUNT_BIG(*) {counted}"
    return Guard(hazard, exists, count, message)


def guard(hazard: Hazard, table: Table, condition: str) -> Guard:
    """Give the guard that stops when a row fulfils a condition; '' is any row."""
    full = two_part(table.schema, table.name)
    where = f" WHERE {condition}" if condition else ""
    rows = f"FROM {full}{where}"
    return _guard(hazard, rows, rows)


def is_null(column: str) -> str:
    """Give the condition of a row that has no value."""
    return f"{bracket(column)} IS NULL"


def too_long(column: str, old: TypeName, size: int) -> str:
    """Give the condition of a value that is longer than so many characters or bytes."""
    name, quoted = old.name.lower(), bracket(column)
    if name in _BINARY:
        return f"DATALENGTH({quoted}) > {size}"
    if name in _LARGE:
        return f"DATALENGTH({quoted}) > {size * 2 if name == 'ntext' else size}"
    if name in {"char", "varchar", "nchar", "nvarchar", "sysname"}:
        return f"LEN({quoted}) > {size}"
    return f"LEN(CONVERT(nvarchar(max), {quoted})) > {size}"


def not_convertible(column: str, new: TypeName, version: int) -> str:
    """Give the condition of a value that cannot become the new type; '' if nobody can ask."""
    quoted = bracket(column)
    if new.name.lower() == "xml" and new.arguments:
        return ""  # what is not valid in a schema ends TRY_CONVERT with an error
    if version >= _TRY_SINCE:
        return f"{quoted} IS NOT NULL AND TRY_CONVERT({show_type(new)}, {quoted}) IS NULL"
    name = new.name.lower()
    if name in {"bigint", "decimal", "float", "int", "money", "numeric", "real", "smallint"}:
        return f"{quoted} IS NOT NULL AND ISNUMERIC({quoted}) = 0"
    if name in {"datetime", "smalldatetime"}:
        return f"{quoted} IS NOT NULL AND ISDATE({quoted}) = 0"
    return ""


def not_same(column: str, old: TypeName, new: TypeName, version: int) -> str:
    """Give the condition of a value that is another one after it was converted there and back."""
    quoted = bracket(column)
    convert = "TRY_CONVERT" if version >= _TRY_SINCE else "CONVERT"
    if old.name.lower() in {"nchar", "nvarchar", "ntext", "sysname"}:
        text = f"CONVERT(nvarchar(max), {quoted})"
        back = f"CONVERT(nvarchar(max), CONVERT(varchar(max), {text}))"
        return f"CONVERT(varbinary(max), {back}) <> CONVERT(varbinary(max), {text})"
    back = f"CONVERT({show_type(old)}, {convert}({show_type(new)}, {quoted}))"
    return f"{back} <> {quoted}"


def duplicates(hazard: Hazard, table: Table, columns: Sequence[str], condition: str = "") -> Guard:
    """Give the guard that stops when rows are alike in these columns."""
    full = two_part(table.schema, table.name)
    listed = ", ".join(map(bracket, columns))
    where = f" WHERE {condition}" if condition else ""
    grouped = f"FROM {full}{where} GROUP BY {listed} HAVING COUNT_BIG(*) > 1"
    alike = f"FROM (SELECT COUNT_BIG(*) AS [alike] {grouped}) AS [found]"
    return _guard(hazard, grouped, alike)


def orphans(hazard: Hazard, table: Table, key: ForeignKey, parents: Iterable[str]) -> Guard:
    """Give the guard that stops when a row refers to nothing."""
    pairs = list(zip(key.columns, parents, strict=False))
    child = two_part(table.schema, table.name)
    parent = two_part(key.parent_schema, key.parent)
    there = " AND ".join(f"c.{bracket(own)} IS NOT NULL" for own, _ in pairs)
    same = " AND ".join(f"p.{bracket(other)} = c.{bracket(own)}" for own, other in pairs)
    missing = f"NOT EXISTS (SELECT 1 FROM {parent} AS p WHERE {same})"  # noqa: S608
    rest = f"FROM {child} AS c WHERE {there} AND {missing}"
    return _guard(hazard, rest, rest)


def violates(check: Check) -> str:
    """Give the condition of a row that does not pass a check."""
    return f"NOT ({check.expression})"
