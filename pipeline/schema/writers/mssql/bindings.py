"""Old defaults and rules bound to columns and types, and how sensitive a column is."""

from pipeline.schema.model.mssql.items import AliasType
from pipeline.schema.model.mssql.names import bracket, two_part
from pipeline.schema.model.mssql.shared import Sensitivity
from pipeline.schema.model.mssql.tables import Table
from pipeline.schema.syntax.mssql.tokens import quote_string
from pipeline.schema.writers.mssql.clauses import dotted, option
from pipeline.schema.writers.mssql.statement import Statement
from pipeline.schema.writers.mssql.target import Target


def _where(owner: Table | AliasType, column: str) -> str:
    full = two_part(owner.schema, owner.name)
    return quote_string(f"{full}.{bracket(column)}" if column else full)


def bind(what: str, name: str, owner: Table | AliasType, column: str) -> tuple[Statement, ...]:
    """sp_bindefault or sp_bindrule: `what` is `default` or `rule`, `name` is `schema.name`."""
    procedure = "sp_bindefault" if what == "default" else "sp_bindrule"
    bound = quote_string(dotted(name))
    return (Statement(f"EXEC {procedure} {bound}, {_where(owner, column)}"),)


def unbind(what: str, owner: Table | AliasType, column: str) -> tuple[Statement, ...]:
    """sp_unbindefault or sp_unbindrule."""
    procedure = "sp_unbindefault" if what == "default" else "sp_unbindrule"
    return (Statement(f"EXEC {procedure} {_where(owner, column)}"),)


def classify(
    table: Table, column: str, sensitivity: Sensitivity, target: Target
) -> tuple[Statement, ...]:
    """ADD SENSITIVITY CLASSIFICATION, which replaces one that is there."""
    full = two_part(table.schema, table.name)
    target.need("a sensitivity classification", f"{full}.{bracket(column)}")
    options = ", ".join(option(name, value) for name, value in sensitivity.options)
    where = f"{full}.{bracket(column)}"
    return (Statement(f"ADD SENSITIVITY CLASSIFICATION TO {where} WITH ({options})"),)


def unclassify(table: Table, column: str, target: Target) -> tuple[Statement, ...]:
    """DROP SENSITIVITY CLASSIFICATION."""
    where = f"{two_part(table.schema, table.name)}.{bracket(column)}"
    target.need("a sensitivity classification", where)
    return (Statement(f"DROP SENSITIVITY CLASSIFICATION FROM {where}"),)
