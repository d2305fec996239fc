"""Reads the columns and the constraints of a table."""

from dataclasses import dataclass, field

from tests.schema.mssql.oracle.cursor import Cursor, Name, fold
from tests.schema.mssql.oracle.datatypes import DataType, data_type
from tests.schema.mssql.oracle.expressions import arithmetic, expression
from tests.schema.mssql.oracle.model import Column, Constraint, Index
from tests.schema.mssql.oracle.options import index_options, lasting, option_list, space
from tests.schema.mssql.oracle.world import invented


@dataclass(slots=True)
class Draft:
    """What a list of columns and constraints says, before it is a table's."""

    columns: list[Column] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)
    constraints: list[Constraint] = field(default_factory=list)
    stated: set[str] = field(default_factory=set)  # the columns whose nullability is written
    period: tuple[str, str] | None = None


def elements(c: Cursor, table: Name, draft: Draft) -> None:
    """A list of columns, constraints and indexes, with commas."""
    element(c, table, draft)
    while c.take(","):
        if c.done or c.at(")"):
            return
        element(c, table, draft)


def element(c: Cursor, table: Name, draft: Draft) -> None:
    if c.take("PERIOD", "FOR", "SYSTEM_TIME"):
        first, last = c.names()
        draft.period = (fold(first), fold(last))
    elif c.at("INDEX") and c.peek(1).kind in ("word", "name") and c.peek(2).text != ",":
        draft.indexes.append(inline_index(c, ()))
    elif c.at("CONSTRAINT|PRIMARY|UNIQUE|FOREIGN|CHECK|DEFAULT"):
        constraint(c, table, (), draft)
    else:
        column(c, table, draft)


def column(c: Cursor, table: Name, draft: Draft) -> Column:
    name = c.identifier()
    if c.take("AS"):
        found = computed(c, name)
    elif fold(name) == "timestamp" and (c.at(",|)") or c.done or c.at("NOT|NULL")):
        found = Column(name, DataType("timestamp"))
    else:
        found = Column(name, data_type(c))
    draft.columns.append(found)
    while column_option(c, table, found, draft):
        pass
    return found


def computed(c: Cursor, name: str) -> Column:
    start = c.position
    node = expression(c)
    return Column(name, DataType("computed"), True, "", None, node, c.since(start))


def column_option(c: Cursor, table: Name, found: Column, draft: Draft) -> bool:
    if c.take("NOT", "NULL"):
        found.nullable = False
        draft.stated.add(fold(found.name))
    elif c.take("NULL"):
        draft.stated.add(fold(found.name))
    elif c.take("NOT", "FOR", "REPLICATION"):
        found.facts["identity not for replication"] = True
    elif c.take("COLLATE"):
        found.collation = fold(c.identifier())
    elif c.take("IDENTITY"):
        seed, step = numbers(c) if c.at("(") else ("1", "1")
        found.identity, found.nullable = (seed, step), False
    elif c.take("PERSISTED"):
        found.persisted = True
    elif c.at("CONSTRAINT|PRIMARY|UNIQUE|CHECK|DEFAULT|REFERENCES|FOREIGN"):
        constraint(c, table, (found.name,), draft)
    elif c.at("INDEX") and c.peek(1).kind in ("word", "name"):
        draft.indexes.append(inline_index(c, ((found.name, False),)))
    else:
        return plain_option(c, found)
    return True


def plain_option(c: Cursor, found: Column) -> bool:
    for word in ("ROWGUIDCOL", "SPARSE", "FILESTREAM", "HIDDEN"):
        if c.take(word):
            found.facts[word.lower()] = True
            return True
    if c.take("COLUMN_SET", "FOR", "ALL_SPARSE_COLUMNS"):
        found.facts["column_set"] = True
    elif c.take("MASKED", "WITH"):
        found.facts["masked"] = option_list(c)["function"]
    elif c.take("ENCRYPTED", "WITH"):
        found.facts["encrypted"] = option_list(c)
    elif c.take("GENERATED", "ALWAYS", "AS"):
        found.generated = (
            f"{c.need('ROW|TRANSACTION_ID|SEQUENCE_NUMBER')} {c.need('START|END')}".lower()
        )
        found.nullable = found.generated.endswith("end") and not found.generated.startswith("row")
    else:
        return False
    return True


def numbers(c: Cursor) -> tuple[str, str]:
    c.need("(")
    first = c.number()
    c.need(",")
    last = c.number()
    c.need(")")
    return first, last


def constraint(c: Cursor, table: Name, of: tuple[str, ...], draft: Draft) -> None:
    name = c.identifier() if c.take("CONSTRAINT") else ""
    if c.at("PRIMARY|UNIQUE"):
        draft.indexes.append(key(c, table, name, of))
    elif c.at("FOREIGN|REFERENCES"):
        draft.constraints.append(foreign(c, table, name, of))
    elif c.take("CHECK"):
        draft.constraints.append(check(c, table, name, of))
    elif c.take("DEFAULT"):
        draft.constraints.append(default(c, table, name, of))
    else:
        raise c.unknown("a constraint expected")


def key(c: Cursor, table: Name, name: str, of: tuple[str, ...]) -> Index:
    kind = "PRIMARY KEY" if c.take("PRIMARY", "KEY") else "UNIQUE" if c.take("UNIQUE") else ""
    layout = ""
    if c.take("CLUSTERED"):
        layout = "clustered"
    elif c.take("NONCLUSTERED"):
        layout = "nonclustered"
    if c.take("HASH"):
        layout = "hash"
    columns = key_columns(c) if c.at("(") else tuple((column, False) for column in of)
    prefix = "PK" if kind == "PRIMARY KEY" else "UQ"
    given = name or invented(prefix, table.name, *(column for column, _ in columns))
    found = Index(given, layout, columns, unique=True, constraint=kind, invented=not name)
    index_tail(c, found)
    return found


def index_tail(c: Cursor, found: Index) -> dict[str, str]:
    """WITH and ON of an index; gives the options that pass, such as DROP_EXISTING."""
    given: dict[str, str] = {}
    while True:
        if c.at("WITH") and not c.at("WITH", "CHECK|NOCHECK|VALUES"):
            c.next()
            given |= index_options(c)
            found.options |= lasting(given)
        elif c.take("ON"):
            found.space = space(c)
            found.facts["placed"] = True
        elif c.take("FILESTREAM_ON"):
            found.facts["filestream_on"] = space(c)
        elif c.take("NOT", "ENFORCED"):
            found.facts["not enforced"] = True
        else:
            return given


def key_columns(c: Cursor) -> tuple[tuple[str, bool], ...]:
    c.need("(")
    found = []
    while True:
        name = c.identifier()
        descending = c.take("DESC")
        if not descending:
            c.take("ASC")
        found.append((name, descending))
        if not c.take(","):
            break
    c.need(")")
    return tuple(found)


def foreign(c: Cursor, table: Name, name: str, of: tuple[str, ...]) -> Constraint:
    columns = of
    if c.take("FOREIGN", "KEY") and c.at("("):
        columns = c.names()
    c.need("REFERENCES")
    parent = c.name()
    parent_columns = c.names() if c.at("(") else ()
    given = name or invented("FK", table.name, *columns, parent.name)
    found = Constraint(
        "FK", given, not name, columns, parent=parent.key, parent_columns=parent_columns
    )
    while True:
        if c.take("ON"):
            event = c.need("DELETE|UPDATE").lower()
            if c.take("NO", "ACTION"):
                continue
            found.facts[event] = (
                "cascade"
                if c.take("CASCADE")
                else f"set {c.need('SET') and c.need('NULL|DEFAULT').lower()}"
            )
        elif c.take("NOT", "FOR", "REPLICATION"):
            found.facts["not for replication"] = True
            found.trusted = False
        else:
            return found


def check(c: Cursor, table: Name, name: str, of: tuple[str, ...]) -> Constraint:
    replication = c.take("NOT", "FOR", "REPLICATION")
    start = c.position
    row = c.balanced()
    text = c.since(start)
    inner = Cursor(c.text, row)
    node = expression(inner)
    if not inner.done:
        raise inner.unknown("the end of a CHECK expected")
    given = name or invented("CK", table.name, *of, text)
    found = Constraint("CHECK", given, not name, of, node, text)
    if replication:
        found.facts["not for replication"] = True
        found.trusted = False
    return found


def default(c: Cursor, table: Name, name: str, of: tuple[str, ...]) -> Constraint:
    start = c.position
    node = arithmetic(c)
    text = c.since(start)
    columns = (c.identifier(),) if c.take("FOR") else of
    found = Constraint(
        "DEFAULT", name or invented("DF", table.name, *columns), not name, columns, node, text
    )
    if c.take("WITH", "VALUES"):
        found.facts["with values"] = True
    return found


def inline_index(c: Cursor, columns: tuple[tuple[str, bool], ...]) -> Index:
    c.need("INDEX")
    found = Index(c.identifier(), "nonclustered", columns)
    found.unique = c.take("UNIQUE")
    if c.take("CLUSTERED"):
        found.kind = "clustered"
    else:
        c.take("NONCLUSTERED")
    if c.take("HASH"):
        found.kind = "hash"
    if c.take("COLUMNSTORE"):
        found.kind += " columnstore"
    if c.at("("):
        found.columns = key_columns(c)
    if c.take("INCLUDE"):
        found.included = c.names()
    if c.take("WHERE"):
        filter_clause(c, found)
    index_tail(c, found)
    return found


def filter_clause(c: Cursor, found: Index) -> None:
    start = c.position
    found.filter = expression(c)
    found.filter_text = c.since(start)
