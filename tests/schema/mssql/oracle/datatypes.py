"""Data types as they are written, with their defaults filled in."""

from dataclasses import dataclass
from typing import Any

from tests.schema.mssql.oracle.cursor import Cursor, Name, fold, name_of

DEFAULTS: dict[str, tuple[str, ...]] = {
    "decimal": ("18", "0"),
    "numeric": ("18", "0"),
    "char": ("1",),
    "varchar": ("1",),
    "nchar": ("1",),
    "nvarchar": ("1",),
    "binary": ("1",),
    "varbinary": ("1",),
    "float": ("53",),
    "datetime2": ("7",),
    "time": ("7",),
    "datetimeoffset": ("7",),
}
SYSTEM = frozenset(DEFAULTS) | frozenset(
    [
        "int",
        "bigint",
        "smallint",
        "tinyint",
        "bit",
        "real",
        "money",
        "smallmoney",
        "date",
        "datetime",
        "smalldatetime",
        "timestamp",
        "uniqueidentifier",
        "text",
        "ntext",
        "image",
        "xml",
        "sql_variant",
        "hierarchyid",
        "geometry",
        "geography",
        "sysname",
        "cursor",
        "table",
        "vector",
        "json",
    ]
)
OTHER_NAMES = {
    "integer": "int",
    "dec": "decimal",
    "character": "char",
    "rowversion": "timestamp",
    "national": "nchar",
}
TEXTUAL = frozenset({"char", "varchar", "nchar", "nvarchar", "text", "ntext", "sysname"})
LENGTHENING = frozenset({"varchar", "nvarchar", "varbinary"})
BOUND = {
    "char": 8000,
    "varchar": 8000,
    "binary": 8000,
    "varbinary": 8000,
    "nchar": 4000,
    "nvarchar": 4000,
}


@dataclass(frozen=True, slots=True)
class DataType:
    """A system type with its arguments, or `user`: a type of the database."""

    base: str
    arguments: tuple[str, ...] = ()
    user: Name | None = None
    collection: Name | None = None  # of an xml type

    def __deepcopy__(self, memo: dict[int, Any]) -> "DataType":
        return self

    @property
    def textual(self) -> bool:
        return self.base in TEXTUAL

    def normal(self) -> str:
        if self.user:
            return ".".join(self.user.key)
        collection = ".".join(self.collection.key) if self.collection else ""
        inner = ", ".join((*self.arguments, collection) if collection else self.arguments)
        return f"{self.base}({inner})" if inner else self.base

    def __str__(self) -> str:
        if self.user:
            return str(self.user)
        inner = ", ".join(self.arguments)
        if self.collection:
            inner = f"{inner} {self.collection}"
        return f"[{self.base}]({inner})" if inner else f"[{self.base}]"


def data_type(c: Cursor) -> DataType:
    quoted = c.peek().kind == "name"
    parts = c.parts()
    base = fold(parts[-1])
    known = len(parts) == 1 or fold(parts[-2]) == "sys"
    if known and not quoted:
        base = other_name(c, base)
    if not known or base not in SYSTEM:
        return DataType("", (), name_of(parts))
    if base == "xml":
        return xml(c)
    given = arguments(c) if c.at("(") and base not in ("cursor", "table") else ()
    if base == "float":
        return DataType("real") if given and int(given[0]) <= 24 else DataType("float", ("53",))
    default = DEFAULTS.get(base, ())
    return DataType(base, (*given, *default[len(given) :]))


def other_name(c: Cursor, base: str) -> str:
    if base == "double":
        c.need("PRECISION")
        return "float"
    if base == "national":
        c.need("CHAR|CHARACTER|TEXT")
        if c.row[c.position - 1].upper == "TEXT":
            return "ntext"
        return "nvarchar" if c.take("VARYING") else "nchar"
    if base in ("char", "character", "binary") and c.take("VARYING"):
        return {"binary": "varbinary"}.get(base, "varchar")
    return OTHER_NAMES.get(base, base)


def arguments(c: Cursor) -> tuple[str, ...]:
    return tuple(token.text.casefold() for token in c.balanced() if token.text != ",")


def xml(c: Cursor) -> DataType:
    if not c.take("("):
        return DataType("xml")
    mode = c.word().lower() if c.at("CONTENT|DOCUMENT") else "content"
    collection = c.name()
    c.need(")")
    return DataType("xml", (mode,), None, collection)
