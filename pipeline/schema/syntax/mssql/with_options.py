"""WITH (...) and ON: options of indexes, keys and tables, and where rows are kept."""

from collections.abc import Iterable

from pipeline.schema.model.mssql.shared import Options, Storage
from pipeline.schema.syntax.mssql.cursor import Cursor

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
            value = read_value(cursor)
        elif cursor.word == "(":
            value = cursor.parenthesised()
        if name == "DATA_COMPRESSION" and name in found:
            value = f"{found[name]}, {value}"
        found[name] = value
        cursor.accept(",")
    return found


def read_value(cursor: Cursor) -> str:
    """Give the words up to the next comma or the end of the parentheses, with single spaces."""
    words: list[str] = []
    depth = 0
    while True:
        word = cursor.word
        if depth == 0 and word in {",", ")", ""}:
            return _joined(words)
        depth += (word == "(") - (word == ")")
        words.append(word if word[:1] not in {"'", "[", '"'} else cursor.token)
        cursor.next()


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
