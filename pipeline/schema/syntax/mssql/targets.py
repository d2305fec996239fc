"""What a permission, an extended property or an owner is said of: from words and a name to a key.

`OBJECT::dbo.x` may be a table, a view, a procedure...: which one it is can be told only when all
scripts are read.
"""

from pipeline.errors import BadSchema
from pipeline.schema.model.mssql.names import IN_SCHEMAS, Kind, key, two_part
from pipeline.schema.model.names import Key
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.cursor import Cursor

OBJECTS = (
    Kind.TABLE,
    Kind.VIEW,
    Kind.STORED_PROCEDURE,
    Kind.FUNCTION,
    Kind.QUEUE,
    Kind.SEQUENCE,
    Kind.SYNONYM,
    Kind.SECURITY_POLICY,
    Kind.DEFAULT,
    Kind.RULE,
)
"""What shares one space of names inside a schema."""

PRINCIPALS = (Kind.USER, Kind.ROLE)

CLASSES: dict[tuple[str, ...], tuple[Kind, ...]] = {
    ("OBJECT",): OBJECTS,
    ("APPLICATION", "ROLE"): (Kind.ROLE,),
    ("ASSEMBLY",): (Kind.ASSEMBLY,),
    ("ASYMMETRIC", "KEY"): (Kind.ASYMMETRIC_KEY,),
    ("CERTIFICATE",): (Kind.CERTIFICATE,),
    ("CONTRACT",): (Kind.CONTRACT,),
    ("DATABASE",): (),
    ("DATABASE", "SCOPED", "CREDENTIAL"): (),
    ("AVAILABILITY", "GROUP"): (),
    ("ENDPOINT",): (),
    ("LOGIN",): (),
    ("SERVER",): (),
    ("SERVER", "ROLE"): (),
    ("EXTERNAL", "LANGUAGE"): (),
    ("FULLTEXT", "CATALOG"): (Kind.FULL_TEXT_CATALOG,),
    ("FULLTEXT", "STOPLIST"): (Kind.FULL_TEXT_STOPLIST,),
    ("MESSAGE", "TYPE"): (Kind.MESSAGE_TYPE,),
    ("REMOTE", "SERVICE", "BINDING"): (Kind.SERVICE_BINDING,),
    ("ROLE",): (Kind.ROLE,),
    ("ROUTE",): (Kind.ROUTE,),
    ("SCHEMA",): (Kind.SCHEMA,),
    ("SEARCH", "PROPERTY", "LIST"): (Kind.SEARCH_PROPERTY_LIST,),
    ("SERVICE",): (Kind.SERVICE,),
    ("SYMMETRIC", "KEY"): (Kind.SYMMETRIC_KEY,),
    ("TYPE",): (Kind.USER_DEFINED_TYPE,),
    ("USER",): (Kind.USER,),
    ("XML", "SCHEMA", "COLLECTION"): (Kind.XML_SCHEMA_COLLECTION,),
}
"""The words before `::`. No kinds: something that is not compared."""


def read_class(cursor: Cursor) -> tuple[str, ...]:
    """Give the words before `::`, and move past it; `OBJECT` where there are none."""
    for length in (1, 2, 3):
        if cursor.peek(length) == "::":
            words = tuple(cursor.next().upper() for _ in range(length))
            cursor.expect("::")
            return words if words in CLASSES else cursor.fail(f"{' '.join(words)} is no class")
    return ("OBJECT",)


def key_of(builder: Builder, kinds: tuple[Kind, ...], schema: str, name: str) -> Key | None:
    """Give the key of the object of one of these kinds that is there; None if none is."""
    for kind in kinds:
        inside = schema if kind in IN_SCHEMAS else ""
        if builder.get(kind, inside, name) is not None:
            return key(kind, inside, name)
    return None


def missing(kinds: tuple[Kind, ...], schema: str, name: str, where: str) -> BadSchema:
    """Give the error about something that no script creates."""
    what = "object" if kinds == OBJECTS else " or ".join(kind.value for kind in kinds)
    inside = schema if any(kind in IN_SCHEMAS for kind in kinds) else ""
    return BadSchema(
        f"there is no {what} {two_part(inside, name)}",
        where=where,
        advice="add the script that creates it, or take this statement out",
    )
