"""What the logs of SQL Server Data Tools say about renames: `*.refactorlog`.

Each operation says what an object or a column was called when it was done; later ones speak of
the new name.
"""

from typing import NamedTuple
from xml.etree.ElementTree import Element

from pipeline.schema.model.mssql.database import Rename
from pipeline.schema.model.mssql.names import IN_SCHEMAS, Kind, key
from pipeline.schema.model.names import Key
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.tokens import Script

_KINDS = {
    "SqlApplicationRole": Kind.ROLE,
    "SqlAssembly": Kind.ASSEMBLY,
    "SqlDefault": Kind.DEFAULT,
    "SqlExtendedProcedure": Kind.STORED_PROCEDURE,
    "SqlInlineTableValuedFunction": Kind.FUNCTION,
    "SqlMultiStatementTableValuedFunction": Kind.FUNCTION,
    "SqlPartitionFunction": Kind.PARTITION_FUNCTION,
    "SqlPartitionScheme": Kind.PARTITION_SCHEME,
    "SqlProcedure": Kind.STORED_PROCEDURE,
    "SqlQueue": Kind.QUEUE,
    "SqlRole": Kind.ROLE,
    "SqlRule": Kind.RULE,
    "SqlScalarFunction": Kind.FUNCTION,
    "SqlSequence": Kind.SEQUENCE,
    "SqlSynonym": Kind.SYNONYM,
    "SqlTable": Kind.TABLE,
    "SqlTableType": Kind.USER_DEFINED_TYPE,
    "SqlUser": Kind.USER,
    "SqlUserDefinedDataType": Kind.USER_DEFINED_TYPE,
    "SqlUserDefinedTableType": Kind.USER_DEFINED_TYPE,
    "SqlUserDefinedType": Kind.USER_DEFINED_TYPE,
    "SqlView": Kind.VIEW,
    "SqlXmlSchemaCollection": Kind.XML_SCHEMA_COLLECTION,
}
_COLUMNS = frozenset(
    {"SqlColumnSet", "SqlComputedColumn", "SqlSimpleColumn", "SqlTableTypeSimpleColumn"}
)


class _Move(NamedTuple):
    """An object that got another name or schema."""

    kind: Kind
    schema: str
    name: str
    new_schema: str
    new: str


class _Column(NamedTuple):
    """A column that got another name, in the table as it was called then."""

    kind: Kind
    schema: str
    table: str
    old: str
    new: str


def log_renames(log: Element) -> tuple[Rename, ...]:
    """Give the renames of a log, each by the name that its thing has at the end."""
    steps = [step for each in log.iter() if _tag(each) == "Operation" for step in _steps(each)]
    found: list[Rename] = []
    for number, step in enumerate(steps):
        later = steps[number + 1 :]
        if isinstance(step, _Move):
            schema, name = _at_last(step.kind, step.new_schema, step.new, later)
            there = key(step.kind, schema, name)
            if there != key(step.kind, step.schema, step.name):
                found.append(Rename(there, step.schema, step.name))
        else:
            found += _column_rename(step, later)
    return tuple(dict.fromkeys(found))


def _column_rename(step: _Column, later: "list[_Move | _Column]") -> list[Rename]:
    schema, table, name = step.schema, step.table, step.new
    for each in later:
        if each.kind is not step.kind or each.schema.lower() != schema.lower():
            continue
        if isinstance(each, _Move):
            if each.name.lower() == table.lower():
                schema, table = each.new_schema, each.new
        elif (each.table.lower(), each.old.lower()) == (table.lower(), name.lower()):
            name = each.new
    if name.lower() == step.old.lower():
        return []
    return [Rename(key(step.kind, schema, table), "", step.old, name)]


def _at_last(
    kind: Kind, schema: str, name: str, later: "list[_Move | _Column]"
) -> tuple[str, str]:
    folded = (schema.lower(), name.lower())
    for each in later:
        if not isinstance(each, _Move) or each.kind is not kind:
            continue
        if (each.schema.lower(), each.name.lower()) == folded:
            schema, name = each.new_schema, each.new
            folded = (schema.lower(), name.lower())
    return schema, name


def _steps(operation: Element) -> "list[_Move | _Column]":
    said = {
        each.get("Name", ""): each.get("Value", "")
        for each in operation
        if _tag(each) == "Property"
    }
    what, parts = said.get("ElementType", ""), _parts(said.get("ElementName", ""))
    new_name, new_schema = _parts(said.get("NewName", "")), _parts(said.get("NewSchema", ""))
    if what in _COLUMNS and new_name:
        owner = _parts(said.get("ParentElementName", "")) or parts[:-1]
        kind = _KINDS.get(said.get("ParentElementType", "SqlTable"), Kind.TABLE)
        if not owner or not parts:
            return []
        return [_Column(kind, _schema_of(kind, owner), owner[-1], parts[-1], new_name[-1])]
    if what not in _KINDS or not parts or not (new_name or new_schema):
        return []
    kind = _KINDS[what]
    schema = _schema_of(kind, parts)
    to = new_schema[-1] if new_schema else schema
    return [_Move(kind, schema, parts[-1], to, new_name[-1] if new_name else parts[-1])]


def _schema_of(kind: Kind, parts: tuple[str, ...]) -> str:
    if kind not in IN_SCHEMAS:
        return ""
    return parts[-2] if len(parts) > 1 else "dbo"


def _parts(text: str) -> tuple[str, ...]:
    return Cursor(Script.of("a refactoring log", text)).parts() if text.strip() else ()


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def known(renames: "tuple[Rename, ...]", there: "dict[Key, frozenset[str]]") -> list[Rename]:
    """Give those of things that are there still: a log keeps its whole history.

    `there` has the folded names of the columns of each object.
    """
    return [
        each
        for each in renames
        if each.key in there and (not each.column or each.column.lower() in there[each.key])
    ]
