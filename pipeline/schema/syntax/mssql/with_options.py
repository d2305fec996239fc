"""WITH (...) and ON: options of indexes, keys and tables, and where rows are kept."""

from collections.abc import Iterable

from pipeline.schema.model.mssql.names import bracket
from pipeline.schema.model.mssql.shared import Options, Storage
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.tokens import Script

_DEFAULTS = {
    "ALLOW_PAGE_LOCKS": {"ON"},
    "ALLOW_ROW_LOCKS": {"ON"},
    "COMPRESSION_DELAY": {"0", "0 MINUTES"},
    "DATA_COMPRESSION": {"NONE", "COLUMNSTORE"},
    "FILLFACTOR": {"0", "100"},
    "IGNORE_DUP_KEY": {"OFF"},
    "OPTIMIZE_FOR_SEQUENTIAL_KEY": {"OFF"},
    "PAD_INDEX": {"OFF"},
    "STATISTICS_INCREMENTAL": {"OFF"},
    "STATISTICS_NORECOMPUTE": {"OFF"},
    "XML_COMPRESSION": {"OFF"},
}
"""What is left out, since the server does it anyway."""
_BUILDING = {
    "DROP_EXISTING",
    "MAXDOP",
    "MAX_DURATION",
    "ONLINE",
    "RESUMABLE",
    "SORT_IN_TEMPDB",
    "SORTED_DATA",
    "SORTED_DATA_REORG",
    "WAIT_AT_LOW_PRIORITY",
}
"""How an index is built: nothing of it is kept."""
_NAMES = {
    "COLUMN_ENCRYPTION_KEY",
    "FILETABLE_FULLPATH_UNIQUE_CONSTRAINT_NAME",
    "FILETABLE_PRIMARY_KEY_CONSTRAINT_NAME",
    "FILETABLE_STREAMID_UNIQUE_CONSTRAINT_NAME",
    "HISTORY_TABLE",
    "LEDGER_VIEW",
    "OPERATION_TYPE_COLUMN_NAME",
    "OPERATION_TYPE_DESC_COLUMN_NAME",
    "SEQUENCE_NUMBER_COLUMN_NAME",
    "TRANSACTION_ID_COLUMN_NAME",
}
"""What has a name behind its `=`: it is kept in brackets."""
_AS_WRITTEN = {"FILETABLE_COLLATE_FILENAME"}
_OLD_FLAGS = {"PAD_INDEX", "IGNORE_DUP_KEY", "DROP_EXISTING", "STATISTICS_NORECOMPUTE"} | {
    "SORT_IN_TEMPDB",
    "SORTED_DATA",
    "SORTED_DATA_REORG",
}


def read_options(cursor: Cursor) -> dict[str, str]:
    """Give what stands behind WITH, in parentheses or, in the old way, without."""
    if cursor.word == "(":
        return _in_parentheses(cursor)
    found: dict[str, str] = {}
    while True:
        name = cursor.next().upper()
        if cursor.accept("="):
            found[name] = cursor.next().upper()
        elif name in _OLD_FLAGS:
            found[name] = "ON"
        else:
            cursor.position -= 1
            cursor.fail(f"{name} is no option of an index")
        if cursor.word != "," or cursor.peek() not in _OLD_FLAGS | {"FILLFACTOR"}:
            return found
        cursor.next()


def _in_parentheses(cursor: Cursor) -> dict[str, str]:
    found: dict[str, str] = {}
    cursor.expect("(")
    while not cursor.accept(")"):
        name = cursor.next().upper()
        value = "ON"
        if cursor.accept("="):
            value = read_value(cursor, name)
        elif cursor.word == "(":
            value = cursor.parenthesised()
        if name == "DATA_COMPRESSION" and name in found:
            value = f"{found[name]}, {value}"
        found[name] = value
        cursor.accept(",")
    return found


def read_value(cursor: Cursor, name: str) -> str:
    """Give the words up to the next comma or the end of the parentheses, with single spaces."""
    words: list[str] = []
    depth, option = 0, name
    while True:
        word = cursor.word
        if depth == 0 and word in {",", ")", ""}:
            return _joined(words)
        if name in _NAMES and cursor.token[:1] != "'":
            words.append(".".join(map(bracket, cursor.parts())))
            name = ""
            continue
        depth += (word == "(") - (word == ")")
        name = words[-1] if word == "=" and words else ""
        if word[-1:] == "'":
            word = word[: word.index("'")] + cursor.token[word.index("'") :]
        as_written = word[:1] in {"[", '"'} or option in _AS_WRITTEN
        words.append(cursor.token if as_written else word)
        cursor.next()


def inner_options(value: str) -> dict[str, str]:
    """Give the options in a value such as `ON (HISTORY_TABLE = [dbo].[t])`."""
    _, parenthesis, inside = value.partition("(")
    return read_options(Cursor(Script.of("", parenthesis + inside))) if parenthesis else {}


def _joined(words: Iterable[str]) -> str:
    text = ""
    for word in words:
        glued = not text or word in {")", ",", "."} or text[-1] in "(."
        text += word if glued else f" {word}"
    return text


def kept(options: dict[str, str]) -> Options:
    """Give the options that the server keeps, and that are not what it does anyway."""
    return tuple(
        sorted(
            (name, value)
            for name, value in options.items()
            if name not in _BUILDING and value not in _DEFAULTS.get(name, ())
        )
    )


def read_storage(cursor: Cursor) -> Storage:
    """Give what stands behind ON: a filegroup, or a scheme with its column. PRIMARY is ''."""
    name = cursor.string() if cursor.token[:1] == "'" else cursor.name()
    column = ""
    if cursor.accept("("):
        column = cursor.name()
        cursor.expect(")")
    plain = name.upper() in {"PRIMARY", "DEFAULT"} and not column
    return Storage("" if plain else name, column)


def filegroup(cursor: Cursor) -> str:
    """Give the filegroup of TEXTIMAGE_ON or FILESTREAM_ON; '' for the usual one."""
    return read_storage(cursor).name
