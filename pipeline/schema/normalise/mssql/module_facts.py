"""What a module's header says: its parameters."""

from typing import NamedTuple

from pipeline.errors import BadSchema
from pipeline.schema.normalise.mssql.module_header import read_text
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.tokens import Script
from pipeline.schema.syntax.mssql.types import read_type, show_type

_ENDS_DEFAULT = frozenset({",", ")", "AS", "FOR", "OUT", "OUTPUT", "READONLY", "WITH"})


class Parameter(NamedTuple):
    """`name` begins with @; `type` is as a script says it; `default` is None if there is none."""

    name: str
    type: str
    default: str | None = None
    output: bool = False
    read_only: bool = False


def find_parameters(definition: str) -> tuple[Parameter, ...]:
    """Give the parameters of a procedure or function; none of anything else."""
    text = read_text(definition)
    if text is None or not text.headers:
        return ()
    header = text.headers[0]
    if header.kind not in {"FUNCTION", "PROCEDURE", "AGGREGATE"}:
        return ()
    cursor = Cursor(text.script, header.name[1], header.end)
    if cursor.accept(";"):
        cursor.next()
    cursor.accept("(")
    found = []
    try:
        while cursor.word.startswith("@"):
            found.append(_parameter(cursor))
            cursor.accept(",")
    except BadSchema:
        return tuple(found)
    return tuple(found)


def _parameter(cursor: Cursor) -> Parameter:
    name = cursor.next()
    cursor.accept("AS")
    type_ = show_type(read_type(cursor))
    default: str | None = None
    output = read_only = False
    while cursor.word not in {",", ")", "", "WITH", "AS", "FOR"}:
        if cursor.accept("="):
            default = _default(cursor)
        elif cursor.accept_any("OUT", "OUTPUT"):
            output = True
        elif cursor.accept("READONLY"):
            read_only = True
        elif not cursor.accept_any("VARYING", "NULL", "NOT"):
            break
    return Parameter(name, type_, default, output, read_only)


def _default(cursor: Cursor) -> str:
    first = cursor.position
    while cursor.word not in _ENDS_DEFAULT and not cursor.done:
        cursor.position += 1
    return cursor.since(first)


def parts(script: Script, first: int, end: int) -> tuple[str, ...]:
    """Give the parts of the name that stands in these tokens."""
    return Cursor(script, first, end).parts()
