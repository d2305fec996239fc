"""Which types become which others without being asked to."""

from tests.schema.mssql.oracle.datatypes import DataType
from tests.schema.mssql.oracle.errors import Refused

FAMILIES = {
    "char": ("char", "varchar", "nchar", "nvarchar", "sysname"),
    "text": ("text", "ntext"),
    "binary": ("binary", "varbinary"),
    "image": ("image",),
    "day": ("date",),
    "time": ("time",),
    "moment": ("datetime2", "datetimeoffset"),
    "old moment": ("datetime", "smalldatetime"),
    "whole": ("int", "bigint", "smallint", "tinyint", "bit", "decimal", "numeric"),
    "float": ("float", "real"),
    "money": ("money", "smallmoney"),
    "guid": ("uniqueidentifier",),
    "variant": ("sql_variant",),
    "xml": ("xml",),
    "hierarchyid": ("hierarchyid",),
    "geometry": ("geometry",),
    "geography": ("geography",),
    "timestamp": ("timestamp",),
}
FAMILY = {name: family for family, names in FAMILIES.items() for name in names}
NUMBERS = {"whole", "float", "money"}
DAYS = {"day", "time", "moment", "old moment"}
IMPLICIT: dict[str, set[str]] = {
    "char": {"char", "text", "image", *DAYS, *NUMBERS, "guid", "variant", "xml"},
    "text": {"char", "text", "xml"},
    "binary": {"char", "binary", "image", "old moment", "whole", "money", "guid", "variant", "xml"}
    | {"hierarchyid", "geometry", "geography", "timestamp"},
    "image": {"binary", "image", "timestamp"},
    "day": {"char", "day", "moment", "old moment", "variant"},
    "time": {"char", "time", "moment", "old moment", "variant"},
    "moment": {"char", *DAYS, "variant"},
    "old moment": {"char", *DAYS, "variant"},
    "whole": {"char", "binary", "old moment", *NUMBERS, "variant", "timestamp"},
    "float": {"char", "binary", "old moment", *NUMBERS, "variant"},
    "money": {"binary", "old moment", *NUMBERS, "variant", "timestamp"},
    "guid": {"char", "binary", "guid", "variant"},
    "variant": {"variant"},
    "xml": {"xml"},
    "hierarchyid": {"hierarchyid"},
    "geometry": {"geometry"},
    "geography": {"geography"},
    "timestamp": {"char", "binary", "old moment", "whole", "money", "timestamp"},
}


def implicit(old: DataType, new: DataType) -> bool:
    """Whether a value of one type becomes one of another without CONVERT."""
    before, after = FAMILY.get(old.base), FAMILY.get(new.base)
    if before is None or after is None:
        return old == new or before == after
    return after in IMPLICIT[before]


def need_implicit(old: DataType, new: DataType, column: str) -> None:
    if not implicit(old, new):
        raise Refused(
            257, f"{column} does not become {new.normal()} from {old.normal()} without CONVERT"
        )
