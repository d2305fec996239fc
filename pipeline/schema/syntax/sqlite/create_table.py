"""CREATE TABLE of SQLite, from text to a Table."""

from dataclasses import dataclass, field, replace
from functools import lru_cache

from pipeline.schema.model.tables import (
    Check,
    Column,
    ForeignKey,
    Generated,
    PrimaryKey,
    Table,
    Term,
    Unique,
)
from pipeline.schema.syntax.sqlite.cursor import Cursor, conflict
from pipeline.schema.syntax.sqlite.tokens import Kind

_TABLE_WORDS = ("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN")
_COLUMN_WORDS = (
    *("CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT"),
    *("COLLATE", "REFERENCES", "GENERATED", "AS", "DEFERRABLE"),
)


@dataclass(slots=True)
class _Parts:
    """What has been read of one table so far."""

    columns: list[Column] = field(default_factory=list)
    primary_key: PrimaryKey | None = None
    uniques: list[Unique] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    inline_key: bool = False


@lru_cache(maxsize=20_000)
def parse_table(sql: str, name: str) -> Table:
    """Read the CREATE TABLE text that SQLite keeps. ValueError says what cannot be read."""
    cursor, parts = Cursor(sql), _Parts()
    while not cursor.mark("("):
        cursor.take()
    while not cursor.mark(")"):
        if cursor.mark(","):
            continue
        if cursor.next.says(*_TABLE_WORDS):
            _table_constraint(cursor, parts)
        else:
            _column(cursor, parts)
    options = {token.text.upper() for token in cursor.tokens[cursor.at :]}
    table = Table(
        name=name,
        columns=tuple(parts.columns),
        primary_key=parts.primary_key,
        uniques=tuple(parts.uniques),
        checks=tuple(parts.checks),
        foreign_keys=tuple(parts.foreign_keys),
        without_rowid="WITHOUT" in options,
        strict="STRICT" in options,
    )
    return table if parts.inline_key else _plain_alias(table)


def _plain_alias(table: Table) -> Table:
    """Drop DESC where it means nothing: `PRIMARY KEY (id DESC)` of an INTEGER is the rowid."""
    key = table.primary_key
    if key is None or len(key.terms) != 1 or table.without_rowid:
        return table
    column = table.column(key.terms[0].column)
    if column is None or column.type.upper() != "INTEGER":
        return table
    return replace(table, primary_key=replace(key, terms=(Term(key.terms[0].column),)))


def _column(cursor: Cursor, parts: _Parts) -> None:
    column = Column(cursor.take().name, _type(cursor))
    while not cursor.next.marks(",", ")"):
        name = cursor.take().name if cursor.skip("CONSTRAINT") else ""
        if cursor.next.says(*_COLUMN_WORDS):
            column = _column_constraint(cursor, parts, column, name)
        elif not name:
            raise ValueError(f"column {column.name}: {cursor.next.text} is not understood")
    parts.columns.append(column)


def _type(cursor: Cursor) -> str:
    words: list[str] = []
    while cursor.next.kind in (Kind.WORD, Kind.QUOTED, Kind.STRING):
        if cursor.next.says(*_COLUMN_WORDS):
            break
        words.append(cursor.take().text)
    size = ""
    if words and cursor.next.marks("("):
        size = "(" + "".join(cursor.inside().split()) + ")"
    return " ".join(words) + size


def _column_constraint(cursor: Cursor, parts: _Parts, column: Column, name: str) -> Column:
    if cursor.skip("PRIMARY", "KEY"):
        _inline_key(cursor, parts, column, name)
    elif cursor.skip("NOT", "NULL"):
        return replace(column, nullable=False, conflict=conflict(cursor))
    elif cursor.skip("NULL"):
        conflict(cursor)
    elif cursor.skip("UNIQUE"):
        parts.uniques.append(Unique((Term(column.name),), conflict(cursor), name))
    elif cursor.skip("CHECK"):
        parts.checks.append(Check(cursor.inside(), name))
        conflict(cursor)
    elif cursor.skip("DEFAULT"):
        return replace(column, default=_default(cursor))
    elif cursor.skip("COLLATE"):
        return replace(column, collate=cursor.take().name)
    elif cursor.skip("REFERENCES"):
        parts.foreign_keys.append(_reference(cursor, (column.name,), name))
    elif cursor.next.says("NOT", "DEFERRABLE"):
        _late_deferrable(cursor, parts)
    elif cursor.skip("GENERATED", "ALWAYS", "AS") or cursor.skip("AS"):
        return replace(column, generated=_generated(cursor))
    else:
        raise ValueError(f"column {column.name}: {cursor.next.text} is not understood")
    return column


def _late_deferrable(cursor: Cursor, parts: _Parts) -> None:
    """SQLite lets DEFERRABLE stand alone: it means the last reference, if there is one."""
    begin = cursor.at
    last = parts.foreign_keys.pop() if parts.foreign_keys else None
    key = _deferrable(cursor, last or ForeignKey((), ""))
    if cursor.at == begin:
        raise ValueError(f"{cursor.next.text} is not understood")
    parts.foreign_keys += [key] if last else []


def _inline_key(cursor: Cursor, parts: _Parts, column: Column, name: str) -> None:
    descending = cursor.skip("DESC")
    cursor.skip("ASC")
    on_conflict = conflict(cursor)
    terms = (Term(column.name, descending=descending),)
    parts.primary_key = PrimaryKey(terms, cursor.skip("AUTOINCREMENT"), on_conflict, name)
    parts.inline_key = True


def _default(cursor: Cursor) -> str:
    first = cursor.at
    if cursor.next.marks("("):
        return f"({cursor.inside()})"
    if cursor.next.marks("+", "-"):
        cursor.take()
    cursor.take()
    return cursor.between(first, cursor.at)


def _generated(cursor: Cursor) -> Generated:
    expression = cursor.inside()
    stored = cursor.skip("STORED")
    cursor.skip("VIRTUAL")
    return Generated(expression, stored)


def _table_constraint(cursor: Cursor, parts: _Parts) -> None:
    name = cursor.take().name if cursor.skip("CONSTRAINT") else ""
    if cursor.skip("PRIMARY", "KEY"):
        terms = cursor.terms()
        autoincrement = cursor.skip("AUTOINCREMENT")
        cursor.expect(")")
        parts.primary_key = PrimaryKey(terms, autoincrement, conflict(cursor), name)
    elif cursor.skip("UNIQUE"):
        terms = cursor.terms()
        cursor.expect(")")
        parts.uniques.append(Unique(terms, conflict(cursor), name))
    elif cursor.skip("CHECK"):
        parts.checks.append(Check(cursor.inside(), name))
        conflict(cursor)
    elif cursor.skip("FOREIGN", "KEY"):
        columns = cursor.names()
        if not cursor.skip("REFERENCES"):
            raise ValueError("a foreign key without REFERENCES")
        parts.foreign_keys.append(_reference(cursor, columns, name))
    elif not name:
        raise ValueError(f"{cursor.next.text} is not understood")


def _reference(cursor: Cursor, columns: tuple[str, ...], name: str) -> ForeignKey:
    key = ForeignKey(columns, cursor.take().name, cursor.names(), name=name)
    while True:
        if cursor.skip("ON", "DELETE"):
            key = replace(key, on_delete=_action(cursor))
        elif cursor.skip("ON", "UPDATE"):
            key = replace(key, on_update=_action(cursor))
        elif cursor.skip("ON", "INSERT"):
            _action(cursor)
        elif cursor.skip("MATCH"):
            key = replace(key, match=cursor.take().text.upper())
        else:
            return _deferrable(cursor, key)


def _action(cursor: Cursor) -> str:
    word = cursor.take().text.upper()
    return f"{word} {cursor.take().text.upper()}" if word in ("SET", "NO") else word


def _deferrable(cursor: Cursor, key: ForeignKey) -> ForeignKey:
    if cursor.skip("NOT", "DEFERRABLE"):
        key = replace(key, deferrable=False)
    elif cursor.skip("DEFERRABLE"):
        key = replace(key, deferrable=True)
    else:
        return key
    deferred = cursor.skip("INITIALLY", "DEFERRED") and key.deferrable
    cursor.skip("INITIALLY", "IMMEDIATE")
    return replace(key, deferred=deferred)
