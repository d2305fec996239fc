"""Columns and constraints, as CREATE TABLE, ALTER TABLE ADD and CREATE TYPE write them."""

from pipeline.schema.model.mssql.shared import TypeName
from pipeline.schema.model.mssql.tables import (
    Column,
    Computed,
    Default,
    Identity,
    KeyColumn,
)
from pipeline.schema.syntax.mssql.constraints import (
    Elements,
    read_check,
    read_constraint,
    read_foreign_key,
    read_inline_index,
    read_key,
)
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.expression import read_expression
from pipeline.schema.syntax.mssql.types import read_type
from pipeline.schema.syntax.mssql.with_options import read_options

_NOT_NULL = frozenset({TypeName("", "timestamp"), TypeName("", "sysname")})
"""Types whose columns take no NULL where nothing is said."""
_NAMES_OF_TYPES_ALONE = frozenset({"TIMESTAMP", "ROWVERSION"})


def read_element(cursor: Cursor, found: Elements) -> None:
    """Read one column or one constraint."""
    word = cursor.word
    if word == "CONSTRAINT":
        cursor.position += 1
        read_constraint(cursor, found, cursor.name())
    elif word in {"PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "CONNECTION", "DEFAULT"}:
        read_constraint(cursor, found, "")
    elif word == "PERIOD" and cursor.peek() == "FOR":
        cursor.expect("PERIOD", "FOR", "SYSTEM_TIME")
        start, end = cursor.list_of(cursor.name)
        found.period = (start, end)
    elif word == "INDEX" and cursor.peek(2) not in {",", ")"}:
        cursor.position += 1
        found.indexes.append(read_inline_index(cursor, None))
    else:
        first = cursor.position
        column = read_column(cursor, found)
        found.columns.append(column)
        found.ranges.append((first, cursor.position, column.name))


def read_column(cursor: Cursor, found: Elements) -> Column:
    """Read a column; its inline constraints go to `found`."""
    name = cursor.name()
    if cursor.accept("AS"):
        return _computed(cursor, found, name)
    if name.upper() in _NAMES_OF_TYPES_ALONE and cursor.word in {",", ")", "NOT", "NULL"}:
        kind = TypeName("", "timestamp")
    else:
        kind = read_type(cursor)
    return _Options(cursor, found, name, kind).read()


class _Options:
    """What follows a column's type, in any order."""

    def __init__(self, cursor: Cursor, found: Elements, name: str, kind: TypeName) -> None:
        self.cursor, self.found, self.name, self.kind = cursor, found, name, kind
        self.nullable: bool | None = None
        self.said: dict[str, object] = {}
        self.constraint = ""

    def read(self) -> Column:
        cursor = self.cursor
        words, place = cursor.words, cursor.position
        if place + 1 >= cursor.end:
            pass
        elif words[place] == "NULL":  # most columns say this, and no more
            self.nullable = True
            cursor.position = place + 1
        elif words[place] == "NOT" and words[place + 1] == "NULL":
            self.nullable = False
            cursor.position = place + 2
        while True:
            option = _COLUMN.get(cursor.word)
            if option is None:
                break
            option(self)
        nullable = self.nullable
        if nullable is None:
            nullable = self.kind not in _NOT_NULL
            if self.kind.schema:
                self.found.as_type_says.append(self.name)
        return Column(self.name, self.kind, nullable, **self.said)  # type: ignore[arg-type]

    def null(self) -> None:
        self.cursor.position += 1
        self.nullable = True

    def not_null(self) -> None:
        self.cursor.position += 1
        if self.cursor.accept("FOR", "REPLICATION"):
            identity = self.said.get("identity")
            if isinstance(identity, Identity):
                self.said["identity"] = identity._replace(not_for_replication=True)
            return
        self.cursor.expect("NULL")
        self.nullable = False

    def collate(self) -> None:
        self.cursor.position += 1
        name = self.cursor.name()
        self.said["collation"] = "" if name.lower() == "database_default" else name

    def named(self) -> None:
        self.cursor.position += 1
        self.constraint = self.cursor.name()

    def default(self) -> None:
        self.cursor.position += 1
        self.said["default"] = Default(read_expression(self.cursor), self.take_name())
        self.cursor.accept("WITH", "VALUES")

    def take_name(self) -> str:
        name, self.constraint = self.constraint, ""
        return name

    def identity(self) -> None:
        self.cursor.position += 1
        seed, increment = "1", "1"
        if self.cursor.accept("("):
            seed = self.cursor.number()
            self.cursor.expect(",")
            increment = self.cursor.number()
            self.cursor.expect(")")
        self.said["identity"] = Identity(seed, increment)
        if self.nullable is None:
            self.nullable = False

    def flag(self) -> None:
        self.said[self.cursor.next().lower()] = True

    def column_set(self) -> None:
        self.cursor.expect("COLUMN_SET", "FOR", "ALL_SPARSE_COLUMNS")
        self.said["column_set"] = True

    def masked(self) -> None:
        cursor = self.cursor
        cursor.expect("MASKED", "WITH", "(", "FUNCTION", "=")
        self.said["mask"] = cursor.string()
        cursor.expect(")")

    def encrypted(self) -> None:
        self.cursor.expect("ENCRYPTED", "WITH")
        self.said["encryption"] = tuple(sorted(read_options(self.cursor).items()))

    def generated(self) -> None:
        cursor = self.cursor
        cursor.expect("GENERATED", "ALWAYS", "AS")
        what = cursor.accept_any("ROW", "TRANSACTION_ID", "SEQUENCE_NUMBER")
        when = cursor.accept_any("START", "END")
        if not what or not when:
            cursor.fail("expected ROW START, ROW END, TRANSACTION_ID ... or SEQUENCE_NUMBER ...")
        self.said["generated"] = f"{what} {when}"
        if self.nullable is None:
            self.nullable = False

    def key(self) -> None:
        name = self.take_name()
        key = read_key(self.cursor, name, KeyColumn(self.name))
        self.found.keys.append(key)
        if key.primary:
            self.nullable = False

    def references(self) -> None:
        self.cursor.accept("FOREIGN", "KEY")
        self.found.foreign_keys.append(
            read_foreign_key(self.cursor, self.found, self.take_name(), (self.name,))
        )

    def check(self) -> None:
        self.found.checks.append(read_check(self.cursor, self.found, self.take_name()))

    def index(self) -> None:
        self.cursor.position += 1
        self.found.indexes.append(read_inline_index(self.cursor, KeyColumn(self.name)))


_COLUMN = {
    "CHECK": _Options.check,
    "COLLATE": _Options.collate,
    "COLUMN_SET": _Options.column_set,
    "CONSTRAINT": _Options.named,
    "DEFAULT": _Options.default,
    "ENCRYPTED": _Options.encrypted,
    "FILESTREAM": _Options.flag,
    "FOREIGN": _Options.references,
    "GENERATED": _Options.generated,
    "HIDDEN": _Options.flag,
    "IDENTITY": _Options.identity,
    "INDEX": _Options.index,
    "MASKED": _Options.masked,
    "NOT": _Options.not_null,
    "NULL": _Options.null,
    "PRIMARY": _Options.key,
    "REFERENCES": _Options.references,
    "ROWGUIDCOL": _Options.flag,
    "SPARSE": _Options.flag,
    "UNIQUE": _Options.key,
}


def _computed(cursor: Cursor, found: Elements, name: str) -> Column:
    expression = read_expression(cursor)
    persisted = cursor.accept("PERSISTED")
    not_null = cursor.accept("NOT", "NULL")
    if not not_null:
        cursor.accept("NULL")
    column = Column(name, None, not not_null, computed=Computed(expression, persisted, not_null))
    options = _Options(cursor, found, name, TypeName("", "int"))
    while (option := _COLUMN.get(cursor.word)) is not None:
        option(options)
    return column
