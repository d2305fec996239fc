"""Statements about rows: what they do to where a column's data come from."""

from dataclasses import dataclass

from tests.schema.mssql.oracle.conversions import need_implicit
from tests.schema.mssql.oracle.cursor import Cursor, Name, fold, name_of, normal
from tests.schema.mssql.oracle.errors import Refused, Unknown
from tests.schema.mssql.oracle.expressions import Node, expression
from tests.schema.mssql.oracle.lexer import Token
from tests.schema.mssql.oracle.model import Column, Table
from tests.schema.mssql.oracle.queries import item, top
from tests.schema.mssql.oracle.references import check_query, sources
from tests.schema.mssql.oracle.session import Session, Statement
from tests.schema.mssql.oracle.statements_end import rest
from tests.schema.mssql.oracle.structure import base_type
from tests.schema.mssql.oracle.world import World


@dataclass(frozen=True, slots=True)
class Insert:
    """INSERT ... SELECT: `items` are what goes to `columns`, in order."""

    into: Name
    columns: tuple[str, ...]
    items: tuple[Node, ...]
    row: tuple[Token, ...]


def insert(c: Cursor) -> Statement:
    """What follows INSERT."""
    top(c)
    c.take("INTO")
    name = c.name()
    if c.at("WITH", "("):
        c.next()
        c.balanced()
    columns = c.names() if c.at("(") and not c.at("(", "SELECT") else ()
    if c.at("SELECT|WITH"):
        return selecting(c, name, columns)
    skip_values(c)
    return Statement(
        f"INSERT {name}", lambda session: passed_over(session, name, columns), changes=False
    )


def skip_values(c: Cursor) -> None:
    if c.take("DEFAULT", "VALUES"):
        return
    if c.take("VALUES"):
        c.balanced()
        while c.take(","):
            c.balanced()
        return
    if c.at("EXEC|EXECUTE"):
        c.next()
    rest(c)


def passed_over(session: Session, name: Name, columns: tuple[str, ...]) -> None:
    table = session.world.table(name, 208)
    for column in columns:
        session.world.column(table, column, 207)
    session.world.data_statements += 1
    table.rows = not session.loading


def selecting(c: Cursor, name: Name, columns: tuple[str, ...]) -> Statement:
    start = c.position
    rest(c)
    row = c.row[start : c.position]
    inner = Cursor(c.text, row)
    if inner.at("WITH"):
        raise c.unknown("SELECT expected")
    inner.need("SELECT")
    top(inner)
    items = [item(inner).node]
    while inner.take(","):
        items.append(item(inner).node)
    wanted = Insert(name, columns, tuple(items), row)
    return Statement(
        f"INSERT {name}",
        lambda session: inserted(session, wanted),
        compile=lambda session: compiled(session.world, name, columns, row),
    )


def compiled(world: World, name: Name, columns: tuple[str, ...], row: tuple[Token, ...]) -> None:
    """A batch is compiled before it runs: tables that are there then must have all its columns."""
    table = world.tables.get(name.key)
    if table is None:
        return
    for column in columns:
        world.column(table, column, 207)
    try:
        check_query(world, row)
    except Refused as refused:
        if refused.number == 207:
            raise


def inserted(session: Session, wanted: Insert) -> None:
    world = session.world
    if session.loading:
        passed_over(session, wanted.into, wanted.columns)
        return
    table = world.table(wanted.into, 208)
    check_query(world, wanted.row)
    columns = target_columns(session, table, wanted.columns)
    items = expanded(world, wanted)
    if len(columns) != len(items):
        raise Refused(213, f"{len(items)} values for {len(columns)} columns of {table.name}")
    sources_of_rows = [world.tables.get(name_of(s.parts).key) for s in sources(wanted.row)]
    copies = any(found is None or found.rows for found in sources_of_rows) or not sources_of_rows
    if copies:
        refuse_missing(table, columns)
    read = read_columns(world, wanted.row)
    for column, node in zip(columns, items, strict=True):
        check_conversion(world, wanted.row, column, node)
    for column, node in zip(columns, items, strict=True):
        column.lineage |= lineage(read, node)
        column.nulls |= may_be_null(world, wanted.row, node)
        if session.nulls and column.nulls and not column.nullable:
            raise Refused(
                515, f"{column.name} of {table.name} takes no NULL, and may be given one"
            )
    table.rows = table.rows or copies
    world.data_statements += 1


def check_conversion(world: World, row: tuple[Token, ...], column: Column, node: Node) -> None:
    """A column that is copied as it is must become the other's type by itself."""
    if node.kind != "name":
        return
    for source in sources(row):
        table = world.tables.get(name_of(source.parts).key) if source.parts else None
        given = table.columns.get(fold(node.path[-1])) if table else None
        if given is not None and given.computed is None:
            need_implicit(base_type(world, given.type), base_type(world, column.type), column.name)


def may_be_null(world: World, row: tuple[Token, ...], node: Node) -> bool:
    """Whether an expression may give NULL, as far as the columns in it may hold it."""
    if node.kind == "null":
        return True
    if node.kind == "call" and node.text in ("isnull", "coalesce"):
        return all(may_be_null(world, row, part) for part in node.parts)
    found = False
    for source in sources(row):
        table = world.tables.get(name_of(source.parts).key) if source.parts else None
        for key, column in table.columns.items() if table else ():
            found = found or (column.nulls and key in node.mentioned())
    return found


def asked(world: World, row: tuple[Token, ...]) -> None:
    """A guard has asked for rows, or for those WHERE a column IS NULL, and there were none."""
    if not any(token.upper == "WHERE" for token in row):
        for source in sources(row):
            table = world.tables.get(name_of(source.parts).key) if source.parts else None
            if table is not None:
                table.rows = False
    for place in range(len(row) - 2):
        if (row[place + 1].upper, row[place + 2].upper) != ("IS", "NULL"):
            continue
        for source in sources(row):
            table = world.tables.get(name_of(source.parts).key) if source.parts else None
            column = table.columns.get(fold(row[place].value)) if table else None
            if column is not None:
                column.nulls = False


def expanded(world: World, wanted: Insert) -> tuple[Node, ...]:
    """The items, with `*` as the columns that it stands for."""
    if not any(
        node.kind == "star" or (node.path and node.path[-1] == "*") for node in wanted.items
    ):
        return wanted.items
    found = []
    for source in sources(wanted.row):
        table = world.tables.get(name_of(source.parts).key)
        if table is None or len(wanted.items) > 1:
            raise Unknown("SELECT * of what is no table")
        found += [Node("name", "", path=(column.name,)) for column in table.columns.values()]
    return tuple(found)


def target_columns(session: Session, table: Table, names: tuple[str, ...]) -> list[Column]:
    on = session.identity_insert == table.name.key
    if not names:
        if on:
            raise Refused(
                8101, f"IDENTITY_INSERT of {table.name} is on: the columns must be listed"
            )
        return [
            c
            for c in table.columns.values()
            if not (c.identity or c.computed or c.type.base == "timestamp")
        ]
    found = [session.world.column(table, name, 207) for name in names]
    for column in found:
        if column.computed or column.type.base == "timestamp":
            raise Refused(271, f"the column {column.name} cannot be written")
        if column.identity and not on:
            raise Refused(544, f"IDENTITY_INSERT of {table.name} is off")
        if column.generated and table.period:
            raise Refused(13536, f"the generated column {column.name} cannot be written")
    if on and not any(column.identity for column in found):
        raise Refused(545, f"IDENTITY_INSERT of {table.name} is on: its identity must be given")
    return found


def refuse_missing(table: Table, given: list[Column]) -> None:
    defaults = {fold(c.columns[0]) for c in table.constraints.values() if c.kind == "DEFAULT"}
    for key, column in table.columns.items():
        free = (
            column.nullable
            or column.identity
            or column.computed
            or column.generated
            or column.bound_default
        )
        if (
            column not in given
            and not free
            and key not in defaults
            and column.type.base != "timestamp"
        ):
            raise Refused(
                515, f"the column {column.name} of {table.name} gets no value and takes no NULL"
            )


def read_columns(world: World, row: tuple[Token, ...]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for source in sources(row):
        table = world.tables.get(name_of(source.parts).key) if source.parts else None
        for name, column in table.columns.items() if table else ():
            found[name] = found.get(name, frozenset()) | column.lineage
    return found


def lineage(read: dict[str, frozenset[str]], node: Node) -> frozenset[str]:
    return frozenset().union(*(read.get(name, frozenset()) for name in node.mentioned()))


def update(c: Cursor) -> Statement:
    """What follows UPDATE."""
    if c.take("STATISTICS"):
        rest(c)
        return Statement("UPDATE STATISTICS", lambda session: None, changes=False)
    top(c)
    name = c.name()
    if c.at("WITH", "("):
        c.next()
        c.balanced()
    c.need("SET")
    steps = [assignment(c)]
    while c.take(","):
        steps.append(assignment(c))
    start = c.position
    if not c.done and not c.at(";") and c.at("FROM|WHERE|OPTION|OUTPUT"):
        rest(c)
    row = c.row[start : c.position]
    partly = bool(row)

    def act(session: Session) -> None:
        updated(session, name, steps, row, partly=partly)

    return Statement(
        f"UPDATE {name}",
        act,
        compile=lambda session: compiled(session.world, name, tuple(n for n, _ in steps), ()),
    )


def assignment(c: Cursor) -> tuple[str, Node]:
    name = c.parts()[-1]
    c.need("=")
    return name, expression(c)


def updated(
    session: Session,
    name: Name,
    steps: list[tuple[str, Node]],
    row: tuple[Token, ...],
    *,
    partly: bool,
) -> None:
    world = session.world
    if name.key not in world.tables and session.loading:
        world.data_statements += 1
        return
    table = world.table(name, 208)
    read = read_columns(world, row)
    for key, column in table.columns.items():
        read[key] = read.get(key, frozenset()) | column.lineage
    if not any(t.upper == "FROM" for t in row):
        check_query(world, plain_query(table, row))
    for target, node in steps:
        column = world.column(table, target, 207)
        if column.computed or column.identity or column.type.base == "timestamp":
            raise Refused(271, f"the column {target} cannot be written")
        given = lineage(read, node)
        column.lineage = column.lineage | given if partly else given
        wanted = f"where {fold(column.name)} is null"
        if node.kind != "null" and (not partly or normal(row) == wanted):
            column.nulls = may_be_null(world, plain_query(table, ()), node)
    world.data_statements += 1


def plain_query(table: Table, row: tuple[Token, ...]) -> tuple[Token, ...]:
    """The query whose names an UPDATE's WHERE may use."""
    parts = [
        ("word", "SELECT"),
        ("operator", "*"),
        ("word", "FROM"),
        ("name", table.name.schema),
        ("operator", "."),
        ("name", table.name.name),
    ]
    return tuple(Token(kind, text, text, 0, 0) for kind, text in parts) + row


def delete(c: Cursor) -> Statement:
    """What follows DELETE."""
    top(c)
    c.take("FROM")
    name = c.name()
    everything = c.done or c.at(";")
    if not everything:
        before = c.position
        rest(c)
        everything = c.position == before

    def act(session: Session) -> None:
        table = session.world.table(name, 208)
        session.world.data_statements += 1
        if session.loading:
            return
        if not everything:
            raise Unknown(f"DELETE of some rows of {name}")
        for column in table.columns.values():
            column.lineage = frozenset()

    return Statement(f"DELETE {name}", act)


def identity_insert(c: Cursor) -> Statement:
    """What follows SET IDENTITY_INSERT."""
    name = c.name()
    on = c.need("ON|OFF") == "ON"

    def act(session: Session) -> None:
        table = session.world.table(name, 1088)
        if not any(column.identity for column in table.columns.values()):
            raise Refused(8106, f"{name} has no identity column")
        if on and session.identity_insert not in (None, name.key):
            raise Refused(8107, f"IDENTITY_INSERT is on for another table than {name}")
        if on or session.identity_insert == name.key:
            session.identity_insert = name.key if on else None

    return Statement(f"SET IDENTITY_INSERT {name}", act, changes=False)
