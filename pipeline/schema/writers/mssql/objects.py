"""The whole script of an object: for the export, and to be shown side by side."""

from pipeline.schema.model.mssql.database import Object
from pipeline.schema.writers.mssql.target import EXPORT
from pipeline.schema.writers.mssql.whole import create


def object_script(thing: Object) -> str:
    """Give CREATE and everything that hangs on the object, each batch ended by GO."""
    return "".join(f"{_ended(each.sql)}GO\n" for each in create(thing, EXPORT))


def _ended(sql: str) -> str:
    return sql if sql.endswith("\n") else f"{sql}\n"
