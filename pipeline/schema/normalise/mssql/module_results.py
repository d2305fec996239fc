"""The columns of the result sets that a module gives, as far as its text alone tells."""

from collections.abc import Sequence

from pipeline.errors import BadSchema
from pipeline.schema.normalise.mssql.module_header import Header, read_text
from pipeline.schema.normalise.mssql.select_list import NotKnown, select_columns
from pipeline.schema.normalise.mssql.statements import Statements
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.tokens import Script, unquote

Results = tuple[tuple[str, ...], ...]
_NO_COLUMNS = frozenset({"CHECK", "CONSTRAINT", "FOREIGN", "INDEX", "PRIMARY", "UNIQUE"})


def find_results(definition: str) -> Results | None:
    """Give the names of the columns of each result set; None when they cannot be known."""
    text = read_text(definition)
    if text is None or len(text.headers) != 1:
        return None
    header = text.headers[0]
    try:
        return _of_kind(text.script, header)
    except (NotKnown, BadSchema, IndexError, RecursionError):
        return None


def _of_kind(script: Script, header: Header) -> Results | None:
    if header.kind == "PROCEDURE":
        return Statements(script, header.body, header.end).results()
    if header.kind == "VIEW":
        cursor = Cursor(script, header.name[1], header.end)
        if cursor.word == "(":
            return (cursor.list_of(cursor.name),)
        return (select_columns(script, header.body, header.end),)
    if header.kind == "FUNCTION":
        return _of_function(script, header)
    return ()


def _of_function(script: Script, header: Header) -> Results:
    cursor = Cursor(script, header.name[1], header.end)
    if cursor.word == "(":
        cursor.skip_parentheses()
    cursor.expect("RETURNS")
    if cursor.word.startswith("@"):
        cursor.position += 1
        cursor.expect("TABLE")
        return (_table_columns(cursor),)
    if not cursor.accept("TABLE"):
        return ()
    if cursor.word == "(":
        return (_table_columns(cursor),)
    first, end = _returned(script.words, header.body, header.end)
    return (select_columns(script, first, end),)


def _returned(words: Sequence[str], first: int, end: int) -> tuple[int, int]:
    """The SELECT of an inline function, without RETURN, `;` and parentheses around it."""
    first += words[first] == "RETURN"
    while end > first and words[end - 1] == ";":
        end -= 1
    while words[first] == "(" and words[end - 1] == ")":
        first, end = first + 1, end - 1
    return first, end


def _table_columns(cursor: Cursor) -> tuple[str, ...]:
    """The names of `( name type, ..., PRIMARY KEY (...) )`."""
    cursor.expect("(")
    found = []
    while True:
        if cursor.word not in _NO_COLUMNS:
            found.append(unquote(cursor.token))
        while cursor.word not in {",", ")", ""}:
            if cursor.word == "(":
                cursor.skip_parentheses()
            else:
                cursor.position += 1
        if not cursor.accept(","):
            cursor.expect(")")
            return tuple(found)
