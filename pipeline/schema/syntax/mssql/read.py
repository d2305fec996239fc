"""T-SQL scripts to a database: statement by statement, in the order of the files."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from pipeline.errors import BadSchema
from pipeline.schema.model.mssql.database import Database
from pipeline.schema.model.mssql.items import Item
from pipeline.schema.model.names import Key
from pipeline.schema.syntax.mssql import (
    alter_table,
    create_table,
    indexes,
    other_statements,
)
from pipeline.schema.syntax.mssql.batches import Batch, batches
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.flow import PASSED, ROWS, skip_condition, skip_statement
from pipeline.schema.syntax.mssql.hints import (
    has_hints,
    need_taken,
    take_dropped,
    take_renames,
)
from pipeline.schema.syntax.mssql.sound import unsound
from pipeline.schema.syntax.mssql.tokens import unquote, unquote_string
from pipeline.schema.syntax.mssql.unreadable import keep_broken, keep_rest

Parser = Callable[[Cursor, Builder], None]
_MODULES = (
    alter_table,
    create_table,
    indexes,
    other_statements,
)
STATEMENTS: Mapping[tuple[str, ...], Parser] = {
    words: parser for module in _MODULES for words, parser in module.STATEMENTS.items()
}
"""By leading words; the longest that fits is meant. `EXEC NAME` is a call of a procedure."""


_MAKING = frozenset({"ALTER", "CREATE", "DROP"})
_LONGEST = max(map(len, STATEMENTS))
_CALLS = {words[1]: parser for words, parser in STATEMENTS.items() if words[0] == "EXEC"}


class SourceFile(NamedTuple):
    """A script and what it is called in messages."""

    path: str
    text: str


def read_database(
    files: Iterable[SourceFile],
    *,
    lenient: bool = False,
    default_schema: str = "dbo",
    alone: Callable[[SourceFile], Database | None] = lambda file: None,
) -> Database:
    """Give the database that scripts make. Their order does not matter.

    BadSchema names file, line and column of what cannot be read. `lenient` reads on: an object
    that cannot be read is Unreadable then, anything else a note. `alone` may know what a file
    makes by itself (`read_alone`, perhaps from before); what it gives None for is read here.
    """
    builder = Builder(default_schema, lenient=lenient)
    together = []
    for file in files:
        known = alone(file)
        if known is None:
            together.append(file)
        else:
            builder.take(known)
    for file in together:
        _file(file, builder)
    found = builder.finish()
    problems = list(unsound(found))
    if problems and not lenient:
        raise problems[0]
    return replace(found, notes=(*found.notes, *map(str, problems))) if problems else found


class Alone(NamedTuple):
    """What one file makes by itself.

    `database` is None when the file speaks of what others make. `keys` are those of the objects
    it creates. `everywhere` says that it may speak of anything, as sp_rename does.
    """

    database: Database | None
    keys: tuple[Key, ...]
    everywhere: bool = False


def read_alone(file: SourceFile, default_schema: str = "dbo") -> Alone:
    """Read a file by itself. A file that cannot be read needs the others, to say why."""
    builder = Builder(default_schema)
    try:
        _file(file, builder)
        keys = tuple(builder.objects)
        found = builder.finish()
    except BadSchema:
        return Alone(None, tuple(builder.objects), builder.looks_everywhere)
    built_in = any(isinstance(each, Item) and each.built_in for each in found.objects.values())
    if built_in or builder.looks_beyond:
        return Alone(None, keys, builder.looks_everywhere)
    return Alone(found, keys)


def _file(file: SourceFile, builder: Builder) -> None:
    builder.quoted_identifier = builder.ansi_nulls = True

    def broken(text: str, error: BadSchema) -> None:
        keep_broken(text, file.path, builder, error)

    hinted = has_hints(file.text)
    if hinted:
        take_dropped(file.path, file.text, builder)
    for batch in batches(file.path, file.text, broken if builder.lenient else None):
        _batch(batch, builder, hinted=hinted)
    if hinted:
        need_taken(file.path, file.text, builder)


def _batch(batch: Batch, builder: Builder, *, hinted: bool = False) -> None:
    script, first, end = batch
    cursor = Cursor(script, first, end, quoted=builder.quoted_identifier)
    builder.hints_waiting.clear()
    outside, builder.blocks = builder.blocks, [builder.guarded]
    try:
        while cursor.position < end:
            cursor.begun = cursor.position
            builder.columns_read = []
            word = cursor.word
            _statement(cursor, builder)
            builder.guarded = word in _CONDITIONS or builder.blocks[-1]
            if hinted:
                take_renames(cursor, builder)
    except BadSchema as error:
        if not builder.lenient:
            raise
        keep_rest(cursor, builder, error)
    except RecursionError as error:
        raise BadSchema("too deeply nested", where=script.place(first)) from error
    finally:
        builder.blocks = outside
        builder.guarded = outside[-1] if outside else False


def _statement(cursor: Cursor, builder: Builder) -> None:
    word = cursor.word
    if word == ";":
        cursor.position += 1
        return
    parser = _CONTROL.get(word) or _parser(cursor)
    if parser is not None:
        if word in _MAKING and _is_temporary(cursor):
            builder.count(f"{skip_statement(cursor)} of a temporary table")
            return
        parser(cursor, builder)
    elif word in ROWS:
        builder.count(skip_statement(cursor))
    elif word in PASSED:
        skip_statement(cursor)
    elif cursor.position == cursor.begun and _is_call(cursor):
        _call(cursor, builder)
    else:
        cursor.fail("this statement is not known")


def _parser(cursor: Cursor) -> Parser | None:
    """Give the parser of the longest leading words that are known."""
    words, place = cursor.words, cursor.position
    for length in range(_LONGEST, 0, -1):
        parser = STATEMENTS.get(tuple(words[place : place + length]))
        if parser is not None:
            return parser
    return None


def _is_temporary(cursor: Cursor) -> bool:
    """Whether a statement makes or changes what lives in tempdb: `#t`, `tempdb..t`."""
    words = cursor.words
    end = min(cursor.position + 9, cursor.end)
    for place in range(cursor.position + 1, end):
        word = words[place]
        if word in {"TABLE", "ON", "PROC", "PROCEDURE", "EXISTS"}:
            first = last = place + 1
            while last + 1 < cursor.end and words[last + 1] == ".":
                last += 3 if words[last + 2] == "." else 2
            if last >= cursor.end:
                return False
            if words[last].startswith(("#", "[#", '"#')):
                return True
            if last > first + 2 and words[first] in {"TEMPDB", "[TEMPDB]"}:
                return True
        elif word in {"(", "AS", "SCHEMA", "VIEW", "FUNCTION"}:
            return False
    return False


def _is_call(cursor: Cursor) -> bool:
    """A procedure may be called without EXEC where its name is the first word of a batch."""
    first = cursor.position == 0 or cursor.words[cursor.position - 1] == "GO"
    name = cursor.token
    return first and (name[:1] in {"[", '"'} or name.lower().startswith(("sp_", "xp_", "sys")))


def _exec(cursor: Cursor, builder: Builder) -> None:
    begun = cursor.position
    cursor.position += 1
    if cursor.word == "(":
        cursor.position = begun
        _dynamic(cursor, builder)
        return
    if cursor.token[:1] == "@" and cursor.peek() == "=":
        cursor.position += 2
    if cursor.token[:1] == "@":
        cursor.position = begun
        builder.count(skip_statement(cursor))
        return
    place = cursor.position
    name = cursor.parts()[-1].upper()
    if name == "SP_EXECUTESQL":
        _dynamic(cursor, builder)
        return
    cursor.position = begun if name in _CALLS else place
    _call(cursor, builder)


def _call(cursor: Cursor, builder: Builder) -> None:
    begun = cursor.position
    if cursor.word in {"EXEC", "EXECUTE"}:
        cursor.position += 1
    if cursor.token[:1] == "@" and cursor.peek() == "=":
        cursor.position += 2
    name = cursor.parts()[-1].upper()
    cursor.position = begun
    parser = _CALLS.get(name)
    if parser is not None:
        parser(cursor, builder)
    else:
        skip_statement(cursor)
        builder.count("EXEC")


def _dynamic(cursor: Cursor, builder: Builder) -> None:
    """EXEC (N'...') and sp_executesql N'...' of constant text: a batch of its own."""
    where = cursor.script.place(cursor.begun)
    text, line = _constant(cursor)
    if text and cursor.accept("AS"):
        cursor.accept_any("LOGIN", "USER")
        cursor.expect("=")
        cursor.string()
    if not text or cursor.word == "AT":
        skip_statement(cursor)
        builder.count("EXEC")
        builder.note(f"{where}: what EXEC makes of text that is put together is not known")
        return
    quoted, nulls = builder.quoted_identifier, builder.ansi_nulls
    for batch in batches(cursor.script.path, text, first_line=line):
        _batch(batch, builder)
    builder.quoted_identifier, builder.ansi_nulls = quoted, nulls


def _constant(cursor: Cursor) -> tuple[str, int]:
    """Give (text, line) of one constant string, or ('', 0): then the cursor has not moved."""
    begun, line = cursor.position, cursor.script.line(cursor.position)
    cursor.accept_any("EXEC", "EXECUTE")
    inside = cursor.accept("(")
    if cursor.token[:1] == "@" and cursor.peek() == "=":
        cursor.position += 2
    parts = []
    while _is_string(cursor.token):
        parts.append(unquote_string(cursor.next()))
        if not cursor.accept("+"):
            break
    if not parts or (inside and not cursor.accept(")")) or (not inside and cursor.word == ","):
        cursor.position = begun
        return "", 0
    return "".join(parts), line


def _is_string(token: str) -> bool:
    return token[:1] == "'" or token[:2] in {"N'", "n'"}


def _set(cursor: Cursor, builder: Builder) -> None:
    """SET QUOTED_IDENTIFIER and ANSI_NULLS are kept with what is made under them."""
    place, names, words = cursor.position + 1, [], cursor.words
    while place + 1 < cursor.end and words[place + 1] == ",":
        names.append(words[place])
        place += 2
    value = words[place + 1] if place + 1 < cursor.end else ""
    names.append(words[place])
    if value not in {"ON", "OFF"}:
        skip_statement(cursor)
        return
    for name in names:
        if name in {"QUOTED_IDENTIFIER", "ANSI_DEFAULTS"}:
            builder.quoted_identifier = cursor.quoted_identifier = value == "ON"
        if name in {"ANSI_NULLS", "ANSI_DEFAULTS"}:
            builder.ansi_nulls = value == "ON"
    cursor.position = place + 2
    if names == ["IDENTITY_INSERT"]:
        skip_statement(cursor)


def _set_words(cursor: Cursor, builder: Builder) -> None:
    if cursor.peek() == "IDENTITY_INSERT":
        skip_statement(cursor)
    else:
        _set(cursor, builder)


def _if(cursor: Cursor, builder: Builder) -> None:
    """What stands behind IF or WHILE is read as if the condition held."""
    cursor.position += 1
    skip_condition(cursor)


def _else(cursor: Cursor, builder: Builder) -> None:
    """The other branch is not taken."""
    cursor.position += 1
    if cursor.word == "IF":
        cursor.position += 1
        skip_condition(cursor)
    if cursor.word == "BEGIN" and cursor.peek() not in {"TRAN", "TRANSACTION", "TRY"}:
        _skip_block(cursor)
    else:
        skip_statement(cursor)


def _skip_block(cursor: Cursor) -> None:
    depth = 0
    while True:
        word = cursor.next().upper()
        if word in {"BEGIN", "CASE"}:
            depth += cursor.word not in {"TRAN", "TRANSACTION", "DISTRIBUTED"}
        elif word == "END":
            depth -= 1
        if not depth:
            return


def _begin(cursor: Cursor, builder: Builder) -> None:
    following = cursor.peek()
    if following in {"TRAN", "TRANSACTION", "DISTRIBUTED", "DIALOG", "CONVERSATION"}:
        skip_statement(cursor)
    elif following == "CATCH":
        _skip_block(cursor)
        cursor.accept("CATCH")
    else:
        cursor.position += 2 if following in {"TRY", "ATOMIC"} else 1
        builder.blocks.append(builder.guarded)


def _end(cursor: Cursor, builder: Builder) -> None:
    cursor.position += 1
    cursor.accept_any("TRY", "CATCH")
    if cursor.accept("CONVERSATION"):
        cursor.next()
    elif len(builder.blocks) > 1:
        builder.blocks.pop()


def _use(cursor: Cursor, builder: Builder) -> None:
    where = cursor.script.place(cursor.position)
    cursor.position += 1
    builder.note(f"{where}: USE {unquote(cursor.next())} is not followed")


_CONDITIONS = frozenset({"ELSE", "IF", "WHILE"})
_CONTROL: dict[str, Parser] = {
    "BEGIN": _begin,
    "ELSE": _else,
    "END": _end,
    "EXEC": _exec,
    "EXECUTE": _exec,
    "IF": _if,
    "SET": _set_words,
    "USE": _use,
    "WHILE": _if,
}
