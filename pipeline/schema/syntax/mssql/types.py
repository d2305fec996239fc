"""Data types, read into the one form that the server keeps.

Synonyms and defaults: learn.microsoft.com, Transact-SQL reference, "Data types", "Data type
synonyms", and the page of each type.
"""

from functools import lru_cache

from pipeline.schema.model.mssql.names import two_part
from pipeline.schema.model.mssql.shared import TypeName
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.tokens import unquote

_DEFAULTS: dict[str, tuple[str, ...]] = {
    "bigint": (),
    "binary": ("1",),
    "bit": (),
    "char": ("1",),
    "cursor": (),
    "date": (),
    "datetime": (),
    "datetime2": ("7",),
    "datetimeoffset": ("7",),
    "decimal": ("18", "0"),
    "float": ("53",),
    "geography": (),
    "geometry": (),
    "hierarchyid": (),
    "image": (),
    "int": (),
    "json": (),
    "money": (),
    "nchar": ("1",),
    "ntext": (),
    "numeric": ("18", "0"),
    "nvarchar": ("1",),
    "real": (),
    "smalldatetime": (),
    "smallint": (),
    "smallmoney": (),
    "sql_variant": (),
    "sysname": (),
    "table": (),
    "text": (),
    "time": ("7",),
    "timestamp": (),
    "tinyint": (),
    "uniqueidentifier": (),
    "varbinary": ("1",),
    "varchar": ("1",),
    "vector": (),
    "xml": (),
}
BUILT_IN = frozenset(_DEFAULTS)
"""The server's own types."""
_SYNONYMS = {
    "binary varying": "varbinary",
    "char varying": "varchar",
    "character": "char",
    "character varying": "varchar",
    "dec": "decimal",
    "double precision": "float",
    "integer": "int",
    "national char": "nchar",
    "national char varying": "nvarchar",
    "national character": "nchar",
    "national character varying": "nvarchar",
    "national text": "ntext",
    "rowversion": "timestamp",
}
_LONGER = {"binary", "char", "character", "double", "national"}


def read_type(cursor: Cursor) -> TypeName:
    """Give the type that begins here. Names of the server's own are in lower case."""
    words, place = cursor.words, cursor.position
    if place + 4 < cursor.end:  # most types are one word, or one with one number
        found = _PLAIN.get(words[place])
        if found is not None:
            following = words[place + 1]
            if following == "(" and words[place + 3] == ")" and words[place + 2].isdigit():
                cursor.position = place + 4
                return _with_argument(found.name, words[place + 2])
            if following not in _GOES_ON:
                cursor.position = place + 1
                return found
    token = cursor.token
    name = unquote(token).lower()
    cursor.name()
    if cursor.word == "." and name != "sys":
        cursor.position += 1
        schema, name = unquote(token), cursor.name()
        while cursor.accept("."):
            schema, name = name, cursor.name()
        if schema.lower() != "sys":
            return TypeName(schema, name)
        name = name.lower()
    elif cursor.word == ".":
        cursor.position += 1
        name = cursor.name().lower()
    if name in _LONGER and token[:1] not in {"[", '"'}:
        name = _longer(cursor, name)
    name = _SYNONYMS.get(name, name)
    if name not in _DEFAULTS:
        return TypeName("dbo", unquote(token))  # where the server looks after its own types
    return TypeName("", *_canonical(name, _arguments(cursor, name)))


def _longer(cursor: Cursor, name: str) -> str:
    """Names of several words."""
    words = name
    while (following := f"{words} {cursor.word.lower()}") in _SYNONYMS or (
        following in {"national char", "national character"}
    ):
        words = following
        cursor.position += 1
    return words


def _arguments(cursor: Cursor, name: str) -> tuple[str, ...]:
    if cursor.word != "(" or name == "table":
        return ()
    if name == "xml":
        return _xml(cursor)
    cursor.position += 1
    found: list[str] = []
    while not cursor.accept(")"):
        word = cursor.token.lower()
        if not (word.isdigit() or word == "max" or (name == "vector" and found)):
            cursor.fail(f"this is no length or precision of {name}")
        found.append(word)
        cursor.position += 1
        cursor.accept(",")
    return tuple(found)


def _xml(cursor: Cursor) -> tuple[str, ...]:
    cursor.expect("(")
    facet = cursor.accept_any("CONTENT", "DOCUMENT").lower() or "content"
    schema, name = cursor.qualified()
    cursor.expect(")")
    return (facet, f"{schema or 'dbo'}.{name}")


@lru_cache(maxsize=4096)
def _canonical(name: str, said: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Give (name, arguments) as the server keeps them."""
    if name == "float":
        precision = int(said[0]) if said and said[0].isdigit() else 53
        return ("real", ()) if precision <= 24 else ("float", ())
    if name == "real" or (name == "xml" and not said):
        return name, ()
    if name in {"decimal", "numeric"}:
        return name, (*said, *_DEFAULTS[name][len(said) :]) if len(said) != 1 else (said[0], "0")
    return name, said or _DEFAULTS[name]


_PLAIN = {
    shown: TypeName("", *_canonical(name, ()))
    for name in _DEFAULTS
    if name not in {"cursor", "table", "xml"}
    for shown in (name.upper(), f"[{name.upper()}]")
}
"""Types as most scripts say them."""
_GOES_ON = frozenset({"(", ".", "VARYING", "PRECISION", "CHAR", "CHARACTER", "TEXT"})


@lru_cache(maxsize=4096)
def _with_argument(name: str, argument: str) -> TypeName:
    return TypeName("", *_canonical(name, (argument,)))


def show_type(each: TypeName) -> str:
    """Give a type as a script says it: `decimal(10, 2)`, `[dbo].[Phone]`."""
    if each.schema or each.name not in _DEFAULTS:
        return two_part(each.schema, each.name)
    if each.name == "xml" and each.arguments:
        facet, collection = each.arguments
        schema, _, name = collection.partition(".")
        return f"xml({facet.upper()} {two_part(schema, name)})"
    return f"{each.name}({', '.join(each.arguments)})" if each.arguments else each.name


def is_builtin(each: TypeName) -> bool:
    """Whether a type is the server's own."""
    return not each.schema and each.name in _DEFAULTS
