"""Keys, references, checks and inline indexes of a table."""

from pipeline.schema.model.mssql.names import bracket
from pipeline.schema.model.mssql.shared import Options, Storage
from pipeline.schema.model.mssql.tables import (
    Check,
    Column,
    ForeignKey,
    Index,
    KeyColumn,
    UniqueKey,
)
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.expression import read_condition, text_of
from pipeline.schema.syntax.mssql.tokens import unquote
from pipeline.schema.syntax.mssql.types import BUILT_IN
from pipeline.schema.syntax.mssql.with_options import kept, read_options, read_storage

_DETAIL = frozenset({"FOR", "ORDER", "USING", "WITH"})
_DETAIL_ENDS = frozenset({";", ",", ")", "ALTER", "CREATE", "EXEC", "GO", "GRANT", "ON"})
_DETAIL_WORDS = frozenset(
    {"AS", "ASC", "DEFAULT", "DESC", "FOR", "GEOGRAPHY_AUTO_GRID", "GEOGRAPHY_GRID"}
    | {"GEOMETRY_AUTO_GRID", "GEOMETRY_GRID", "INDEX", "MAXLENGTH", "ORDER", "PATH", "PROPERTY"}
    | {"SINGLETON", "SQL", "USING", "VALUE", "WITH", "XML", "XMLNAMESPACES", "XQUERY"}
    | {name.upper() for name in BUILT_IN}
)


class Elements:
    """What has been read between the parentheses of a table so far."""

    def __init__(self, default_schema: str) -> None:
        self.default_schema = default_schema
        self.columns: list[Column] = []
        self.keys: list[UniqueKey] = []
        self.foreign_keys: list[ForeignKey] = []
        self.checks: list[Check] = []
        self.indexes: list[Index] = []
        self.connections: list[str] = []
        self.period: tuple[str, str] | None = None
        self.ranges: list[tuple[int, int, str]] = []
        """(first token, token behind the last, name) of each column."""
        self.as_type_says: list[str] = []
        """Columns of a type of one's own that do not say whether they take NULL."""
        self.trusted = True


def read_constraint(cursor: Cursor, found: Elements, name: str) -> None:
    """Read a constraint of the table, behind its name."""
    word = cursor.word
    if word in {"PRIMARY", "UNIQUE"}:
        found.keys.append(read_key(cursor, name, None))
    elif word == "FOREIGN":
        cursor.expect("FOREIGN", "KEY")
        columns = cursor.list_of(cursor.name)
        found.foreign_keys.append(read_foreign_key(cursor, found, name, columns))
    elif word == "CHECK":
        found.checks.append(read_check(cursor, found, name))
    elif word == "CONNECTION":
        found.connections.append(_connection(cursor, name))
    else:
        cursor.fail("expected PRIMARY KEY, UNIQUE, FOREIGN KEY, CHECK or DEFAULT")


def read_key(cursor: Cursor, name: str, own: KeyColumn | None) -> UniqueKey:
    """Read PRIMARY KEY or UNIQUE; `own` is the column that it stands behind."""
    primary = cursor.word == "PRIMARY"
    cursor.expect(*(("PRIMARY", "KEY") if primary else ("UNIQUE",)))
    form = read_form(cursor) or ""
    columns = read_key_columns(cursor) if cursor.word == "(" else ()
    if not columns and own is None:
        cursor.fail("expected the columns of the key")
    options, storage = read_index_tail(cursor)
    not_enforced = cursor.accept("NOT", "ENFORCED")
    return UniqueKey(
        name, primary, form, columns or (own or KeyColumn(""),), options, storage, not_enforced
    )


def read_form(cursor: Cursor) -> str:
    """Give CLUSTERED, NONCLUSTERED, with HASH or COLUMNSTORE behind it; '' if nothing is said."""
    form = cursor.accept_any("CLUSTERED", "NONCLUSTERED")
    if cursor.accept("HASH"):
        return f"{form or 'NONCLUSTERED'} HASH"
    if cursor.accept("COLUMNSTORE"):
        return f"{form or 'NONCLUSTERED'} COLUMNSTORE"
    return form


def read_key_columns(cursor: Cursor) -> tuple[KeyColumn, ...]:
    """Give `( a, b DESC )`."""
    found = []
    cursor.expect("(")
    while True:
        name = cursor.name()
        descending = cursor.accept_any("ASC", "DESC") == "DESC"
        found.append(KeyColumn(name, descending))
        if not cursor.accept(","):
            break
    cursor.expect(")")
    return tuple(found)


def read_index_tail(cursor: Cursor) -> tuple[Options, Storage]:
    """Give what WITH and ON say behind an index or a key."""
    options: dict[str, str] = {}
    storage = Storage()
    while True:
        if cursor.word == "WITH" and cursor.peek() not in {"CHECK", "NOCHECK", "VALUES"}:
            cursor.position += 1
            options |= read_options(cursor)
        elif cursor.word == "ON" and cursor.peek() not in {"DELETE", "UPDATE"}:
            cursor.position += 1
            storage = read_storage(cursor)._replace(filestream=storage.filestream)
        elif cursor.accept("FILESTREAM_ON"):
            storage = storage._replace(filestream=read_storage(cursor).name)
        else:
            return (kept(options) if options else ()), storage


def read_foreign_key(
    cursor: Cursor, found: Elements, name: str, columns: tuple[str, ...]
) -> ForeignKey:
    """Read REFERENCES and what follows."""
    cursor.expect("REFERENCES")
    schema, parent = cursor.qualified()
    parent_columns = cursor.list_of(cursor.name) if cursor.word == "(" else ()
    said = {"DELETE": "NO ACTION", "UPDATE": "NO ACTION"}
    replication = False
    while True:
        if cursor.word == "ON" and cursor.peek() in said:
            cursor.position += 1
            which = cursor.next().upper()
            said[which] = _action(cursor)
        elif cursor.accept("NOT", "FOR", "REPLICATION"):
            replication = True
        else:
            break
    return ForeignKey(
        name,
        columns,
        schema or found.default_schema,
        parent,
        parent_columns,
        said["DELETE"],
        said["UPDATE"],
        replication,
        found.trusted,
    )


def _action(cursor: Cursor) -> str:
    for words in (("NO", "ACTION"), ("CASCADE",), ("SET", "NULL"), ("SET", "DEFAULT")):
        if cursor.accept(*words):
            return " ".join(words)
    return cursor.fail("expected NO ACTION, CASCADE, SET NULL or SET DEFAULT")


def read_check(cursor: Cursor, found: Elements, name: str) -> Check:
    """Read CHECK."""
    cursor.expect("CHECK")
    replication = cursor.accept("NOT", "FOR", "REPLICATION")
    return Check(name, read_condition(cursor), replication, found.trusted)


def _connection(cursor: Cursor, name: str) -> str:
    first = cursor.position
    cursor.expect("CONNECTION")
    cursor.skip_parentheses()
    if cursor.accept("ON", "DELETE"):
        _action(cursor)
    return f"{name}: {cursor.since(first)}"


def read_inline_index(cursor: Cursor, own: KeyColumn | None) -> Index:
    """Read what stands behind INDEX; `own` is the column that it stands behind."""
    name = cursor.name()
    unique = cursor.accept("UNIQUE")
    form = read_form(cursor) or "NONCLUSTERED"
    columns = read_key_columns(cursor) if cursor.word == "(" else ((own,) if own else ())
    detail = read_detail(cursor) if cursor.word == "ORDER" else ""
    included: tuple[str, ...] = ()
    where = ""
    if cursor.accept("INCLUDE"):
        included = cursor.list_of(cursor.name)
    if cursor.accept("WHERE"):
        where = read_filter(cursor)
    options, storage = read_index_tail(cursor)
    return Index(name, form, unique, columns, included, where, options, storage, detail)


def read_detail(cursor: Cursor) -> str:
    """Give what a special index says besides: USING ..., FOR ..., ORDER (...).

    Words of the language are in upper case, names in brackets.
    """
    words: list[str] = []
    depth = 0
    while depth or cursor.word in _DETAIL or words:
        word = cursor.word
        if not word or (not depth and word in _DETAIL_ENDS):
            break
        if not depth and word == "WITH" and cursor.peek() != "XMLNAMESPACES":
            break
        depth += (word == "(") - (word == ")")
        if depth < 0:
            break
        token, first = cursor.token, word[0]
        if word[-1:] == "'":
            words.append(word[: word.index("'")] + token[word.index("'") :])
        elif first in {"[", '"'} or (first.isalpha() and word not in _DETAIL_WORDS):
            words.append(bracket(unquote(token)))
        else:
            words.append(word)
        cursor.position += 1
    return " ".join(words)


def read_filter(cursor: Cursor) -> str:
    """Give the condition of a filtered index, up to WITH, ON or the end of the statement."""
    first = cursor.position
    ends = {"WITH", "ON", ";", "", ",", "CREATE", "ALTER", "GO"}
    depth = 0
    while depth or cursor.word not in ends:
        word = cursor.word
        if not word or (word == ")" and depth == 0):
            break
        depth += (word == "(") - (word == ")")
        cursor.position += 1
    return text_of(cursor, first, cursor.position)
