"""What stands before a module's body: whether it is schema-bound, encrypted, of which form."""

from typing import NamedTuple

from pipeline.schema.model.mssql.names import Kind
from pipeline.schema.syntax.mssql.cursor import Cursor


class Header(NamedTuple):
    """The facts of a header. `form` is that of functions; '' else."""

    schema_bound: bool = False
    encrypted: bool = False
    form: str = ""
    clr: bool = False


_BODY = frozenset({"AS", "BEGIN", "EXTERNAL", "RETURN"})


def read_header(cursor: Cursor, kind: Kind) -> Header:
    """Read from behind the module's name up to its body, or up to EXTERNAL NAME."""
    words, place, end = cursor.words, cursor.position, cursor.end
    returns = ""
    if kind is Kind.FUNCTION:
        place = _behind_parameters(cursor)
        if place < end and words[place] == "RETURNS":
            returns = _returns(cursor, place)
            place += 1
    bound = encrypted = external = False
    depth = 0
    while place < end:
        word = words[place]
        if word == "(":
            depth += 1
        elif word == ")":
            depth -= 1
        elif depth == 0:
            if word == "SCHEMABINDING":
                bound = True
            elif word == "ENCRYPTION":
                encrypted = True
            elif word in _BODY and _is_body(cursor, place, kind):
                external = word == "EXTERNAL" or words[place + 1] == "EXTERNAL"
                break
        place += 1
    form = "CLR" if external and returns else returns
    return Header(bound, encrypted, form, external)


def _behind_parameters(cursor: Cursor) -> int:
    """The place behind a function's `( ... )`."""
    copy = Cursor(cursor.script, cursor.position, cursor.end)
    if copy.word == "(":
        copy.skip_parentheses()
    return copy.position


def _returns(cursor: Cursor, place: int) -> str:
    words = cursor.words
    if words[place + 1].startswith("@"):
        return "TABLE"
    return "INLINE" if words[place + 1] == "TABLE" else "SCALAR"


def _is_body(cursor: Cursor, place: int, kind: Kind) -> bool:
    """Whether this AS begins the body: not EXECUTE AS OWNER, not `@parameter AS int`."""
    words = cursor.words
    if words[place] != "AS":
        return kind is Kind.FUNCTION or words[place] == "EXTERNAL"
    before = words[place - 1]
    return before not in {"EXECUTE", "EXEC"} and not before.startswith("@")
