"""Small pieces of grammar that many statements share. Values come as facts have them."""

from collections.abc import Callable

from pipeline.schema.model.mssql.names import bracket, two_part
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.flow import STARTS
from pipeline.schema.syntax.mssql.tokens import Script, quote_string

# Words that begin statements elsewhere, but go on with what is skipped here.
_NOT_HERE = frozenset({"BACKUP", "CLOSE", "OPEN", "SAVE", "SET", "END", "ELSE", "DELETE"})
# What ALTER of something that is skipped may drop: ALTER SERVER ROLE x DROP MEMBER y.
_DROPPED_INSIDE = frozenset({"ENCRYPTION", "EVENT", "MEMBER", "TARGET", "VALUE"})


def still(cursor: Cursor) -> Cursor:
    """Give a cursor that stays on this statement: for what is done when all is read."""
    return Cursor(cursor.script, cursor.begun, cursor.end, quoted=cursor.quoted_identifier)


def bracketed(cursor: Cursor) -> str:
    """Give one name as `[x]`."""
    return bracket(cursor.name())


def schema_and_name(cursor: Cursor, builder: Builder) -> tuple[str, str]:
    """Give (schema, name), the default schema where none is said."""
    schema, name = cursor.qualified()
    return schema or builder.default_schema, name


def bracketed_two(cursor: Cursor, builder: Builder) -> str:
    """Give `[schema].[x]`, or all parts where a database is said too."""
    parts = cursor.parts()
    if len(parts) > 2:
        return bracketed_parts(parts)
    return two_part(parts[-2] if len(parts) > 1 else builder.default_schema, parts[-1])


def bracketed_parts(parts: tuple[str, ...]) -> str:
    """Give `[a].[b]..[d]`: empty parts stay empty."""
    return ".".join(bracket(part) if part else "" for part in parts)


def quoted(cursor: Cursor) -> str:
    """Give a string as `N'...'`."""
    return quote_string(cursor.string())


def after_equals(cursor: Cursor) -> Cursor:
    """Move past `=`."""
    cursor.expect("=")
    return cursor


def on_off(cursor: Cursor) -> str:
    """Give ON or OFF, of `= ON` or of `ON`."""
    cursor.accept("=")
    found = cursor.accept_any("ON", "OFF")
    return found or cursor.fail(f"expected ON or OFF, found {cursor.token or 'the end'}")


def one_of(cursor: Cursor, *words: str) -> str:
    """Give which of these words comes next. BadSchema if none does."""
    found = cursor.accept_any(*words)
    return found or cursor.fail(
        f"expected {' or '.join(words)}, found {cursor.token or 'the end'}"
    )


def if_exists(cursor: Cursor) -> None:
    """Move past IF EXISTS: what a DROP names need not be there in either case."""
    cursor.accept("IF", "EXISTS")


def owner(cursor: Cursor) -> str:
    """Give who AUTHORIZATION says; '' where it says nothing or dbo, who owns all else."""
    if not cursor.accept("AUTHORIZATION"):
        return ""
    return owned_by(cursor.name())


def owned_by(name: str) -> str:
    """Give an owner as objects have it: '' for dbo."""
    return "" if name.lower() == "dbo" else name


def comma_separated(cursor: Cursor, item: Callable[[], str]) -> tuple[str, ...]:
    """Give `item, item, ...` without parentheses."""
    found = [item()]
    while cursor.accept(","):
        found.append(item())
    return tuple(found)


def tidy(script: Script, first: int, end: int) -> str:
    """Give tokens `[first, end)` without comments, with a space where there was any."""
    parts = []
    for place in range(first, end):
        if place > first and script.skips[place]:
            parts.append(" ")
        parts.append(script.tokens[place])
    return "".join(parts)


def expression_list(cursor: Cursor) -> tuple[str, ...]:
    """Give `( expression, expression, ... )`, each as written but for comments; () if empty."""
    first = cursor.position + 1
    cursor.skip_parentheses()
    end, depth, found = cursor.position - 1, 0, []
    for place in range(first, end):
        word = cursor.words[place]
        if word in {"(", ")"}:
            depth += 1 if word == "(" else -1
        elif word == "," and depth == 0:
            found.append(tidy(cursor.script, first, place))
            first = place + 1
    last = tidy(cursor.script, first, end)
    return (*found, last) if last or found else ()


def skip_statement(cursor: Cursor) -> None:
    """Move past all that cannot begin another statement, from the second word on."""
    cursor.next()
    while not cursor.done and cursor.word != ";" and not _begins_statement(cursor):
        if cursor.word == "(":
            cursor.skip_parentheses()
        else:
            cursor.next()


def _begins_statement(cursor: Cursor) -> bool:
    word, following = cursor.word, cursor.peek()
    if word not in STARTS or word in _NOT_HERE:
        return False
    if word == "IF":
        return not (following == "EXISTS" and cursor.peek(2) != "(")
    if word == "ROLLBACK":
        return cursor.peek(-1) != "WITH"
    if word in {"DISABLE", "ENABLE"}:
        return following == "TRIGGER"
    return not (word == "DROP" and following in _DROPPED_INSIDE)


def bits(cursor: Cursor) -> str:
    r"""Give `0x...` in upper case, or a path as `N'...'`.

    A long constant may go on after `\` in the next line, where it is no longer one token.
    """
    if not cursor.word.startswith("0X"):
        return quoted(cursor)
    parts = [cursor.word[2:]]
    cursor.next()
    while cursor.accept("\\"):
        parts.append(cursor.word)
        cursor.next()
        while (
            not cursor.done and not cursor.script.skips[cursor.position] and cursor.word.isalnum()
        ):
            parts.append(cursor.word)
            cursor.next()
    return "0x" + "".join(parts)
