"""Small pieces of text that many statements have: types, lists of columns, options, storage."""

from collections.abc import Iterable

from pipeline.schema.model.mssql.facts import listed
from pipeline.schema.model.mssql.names import bracket, two_part
from pipeline.schema.model.mssql.shared import Options, Storage, TypeName
from pipeline.schema.model.mssql.tables import KeyColumn


def type_text(type_name: TypeName) -> str:
    """Give a data type: `[nvarchar] (50)`, `[dbo].[Money]`, `[xml] (CONTENT [dbo].[Notes])`."""
    name = two_part(type_name.schema, type_name.name)
    if not type_name.arguments:
        return name
    if type_name.name.lower() == "xml":
        return f"{name} ({_collection(type_name.arguments)})"
    return f"{name} ({', '.join(type_name.arguments)})"


def _collection(arguments: tuple[str, ...]) -> str:
    *words, collection = arguments
    return " ".join((*(word.upper() for word in words), dotted(collection)))


def dotted(name: str) -> str:
    """Give `schema.name`, as some values of the model keep it, in brackets."""
    if name.startswith("["):
        return name
    schema, dot, last = name.partition(".")
    return two_part(schema, last) if dot else bracket(name)


_BY_PARTITION = frozenset({"DATA_COMPRESSION", "XML_COMPRESSION"})


def names(columns: Iterable[str]) -> str:
    """Give `[a], [b]`."""
    return ", ".join(map(bracket, columns))


def key_columns(columns: Iterable[KeyColumn]) -> str:
    """Give `[a], [b] DESC`."""
    return ", ".join(bracket(c.name) + (" DESC" if c.descending else "") for c in columns)


def option(name: str, value: str) -> str:
    """Give `NAME = value`, the name alone where it has no value.

    What is compressed otherwise by partition says its name again for each of them.
    """
    if name in _BY_PARTITION:
        return ", ".join(f"{name} = {each}" for each in listed(value))
    return f"{name} = {value}" if value else name


def with_options(options: Options, *more: str) -> str:
    """Give ` WITH (A = 1, B = ON)`, or nothing."""
    said = [option(name, value) for name, value in options]
    return f" WITH ({', '.join((*said, *more))})" if said or more else ""


def on_storage(storage: Storage, textimage: str = "") -> str:
    """Give ` ON [filegroup]` or ` ON [scheme] ([column])`, and where large values go."""
    said = f" ON {bracket(storage.name)}" if storage.name else ""
    said += f" ({bracket(storage.column)})" if storage.column else ""
    said += f" TEXTIMAGE_ON {bracket(textimage)}" if textimage else ""
    return said + (f" FILESTREAM_ON {bracket(storage.filestream)}" if storage.filestream else "")


def enclosed(expression: str) -> str:
    """Give an expression inside parentheses: as it is when it has a pair around the whole."""
    text = expression.strip()
    return text if _has_a_pair(text) else f"({text})"


def _has_a_pair(text: str) -> bool:
    if not (text.startswith("(") and text.endswith(")")):
        return False
    depth, closing = 0, ""
    for place, character in enumerate(text):
        if closing:
            closing = "" if character == closing else closing
        elif character in "'\"[":
            closing = "]" if character == "[" else character
        elif character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
            if depth == 0 and place < len(text) - 1:
                return False
    return depth == 0 and not closing
