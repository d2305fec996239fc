"""ALTER TABLE: each clause is a function from the table before to the table after."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pipeline.errors import BadSchema
from pipeline.schema.model.mssql.names import fold, two_part
from pipeline.schema.model.mssql.tables import (
    Check,
    Column,
    Default,
    ForeignKey,
    Table,
    UniqueKey,
)
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.clauses import schema_and_name
from pipeline.schema.syntax.mssql.columns import read_column, read_element
from pipeline.schema.syntax.mssql.constraints import Elements
from pipeline.schema.syntax.mssql.create_table import (
    by_name,
    formed,
    not_null_in_key,
    table_options,
    temporal,
)
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.expression import read_expression
from pipeline.schema.syntax.mssql.item_changes import Statement
from pipeline.schema.syntax.mssql.with_options import read_options

Change = Callable[[Table], Table]


def _alter_table(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("ALTER", "TABLE")
    schema, name = schema_and_name(cursor, builder)
    change = _clause(cursor, builder)
    if change is not None:
        builder.change_table(schema, name, change, cursor)


def _clause(cursor: Cursor, builder: Builder) -> Change | None:
    trusted = True
    if cursor.word == "WITH":
        cursor.position += 1
        trusted = (cursor.accept_any("CHECK", "NOCHECK") or cursor.next().upper()) == "CHECK"
        checked = True
    else:
        checked = False
    if cursor.accept("ADD"):
        return _add(cursor, builder, trusted=trusted)
    if cursor.word in {"CHECK", "NOCHECK"}:
        return _check(cursor, retrusted=checked and trusted)
    if cursor.accept("ALTER", "COLUMN"):
        return _alter_column(cursor, builder)
    if cursor.accept("DROP"):
        return _drop(cursor)
    if cursor.word in {"ENABLE", "DISABLE"}:
        return _enable(cursor)
    if cursor.accept("SET"):
        return _set(cursor, builder)
    return _data_clause(cursor, builder)


def _data_clause(cursor: Cursor, builder: Builder) -> Change | None:
    if cursor.accept("REBUILD"):
        return _rebuild(cursor)
    if cursor.word == "SWITCH":
        builder.count("SWITCH")
        while not cursor.done and cursor.word not in {";", "ALTER", "CREATE"}:
            cursor.next()
        return None
    return cursor.fail("this clause of ALTER TABLE is not known")


def _add(cursor: Cursor, builder: Builder, *, trusted: bool) -> Change:
    found = Elements(builder.default_schema)
    found.trusted = trusted
    defaults: list[tuple[str, Default]] = []
    while True:
        name = ""
        begun = cursor.position
        if cursor.accept("CONSTRAINT"):
            name = cursor.name()
        if cursor.accept("DEFAULT"):
            expression = read_expression(cursor)
            cursor.expect("FOR")
            defaults.append((fold(cursor.name()), Default(expression, name)))
            cursor.accept("WITH", "VALUES")
        else:
            cursor.position = begun
            cursor.accept("COLUMN")
            read_element(cursor, found)
        if not cursor.accept(","):
            break
    builder.columns_read = found.ranges
    where, guarded = cursor.script.place(cursor.begun), builder.guarded

    def change(table: Table) -> Table:
        twice = _twice(table, found, defaults)
        if twice and guarded:
            return table
        if twice:
            raise BadSchema(
                f"{two_part(table.schema, table.name)} has two of the name {twice}",
                where=where,
                advice="take one of the two out",
            )
        return _added(table, found, defaults, where)

    return change


def _twice(table: Table, found: Elements, defaults: Sequence[tuple[str, Default]]) -> str:
    """Give the name of a column or a constraint that is there already, or comes twice; else ''."""
    columns = [fold(each.name) for each in (*table.columns, *found.columns)]
    every: tuple[Iterable[UniqueKey | ForeignKey | Check], ...] = (
        table.keys,
        found.keys,
        table.foreign_keys,
        found.foreign_keys,
        table.checks,
        found.checks,
    )
    constraints = [fold(each.name) for parts in every for each in parts if each.name]
    had = {fold(each.name): each.default for each in table.columns if each.default}
    again = [name for name, _ in defaults if name in had]
    for names in (columns, constraints):
        again += [name for name, count in Counter(names).items() if count > 1]
    return again[0] if again else ""


def _added(
    table: Table, found: Elements, defaults: Sequence[tuple[str, Default]], where: str
) -> Table:
    columns = [*table.columns, *found.columns]
    for name, default in defaults:
        place = _place(columns, name, where)
        columns[place] = columns[place]._replace(default=default)
    memory = ("MEMORY_OPTIMIZED", "ON") in table.options
    indexes = (*table.indexes, *found.indexes)
    keys = formed([*table.keys, *found.keys], indexes, memory=memory) if found.keys else table.keys
    period = table.temporal
    if found.period is not None:
        period = temporal(found.period, "OFF", "dbo")
    return table._replace(
        columns=tuple(not_null_in_key(columns, found.keys)),
        keys=by_name(keys),
        foreign_keys=by_name((*table.foreign_keys, *found.foreign_keys)),
        checks=by_name((*table.checks, *found.checks)),
        indexes=by_name(indexes),
        connections=tuple(sorted((*table.connections, *found.connections))),
        temporal=period,
    )


def _place(columns: Sequence[Column], name: str, where: str) -> int:
    for number, column in enumerate(columns):
        if fold(column.name) == name:
            return number
    raise BadSchema(f"the table has no column {name}", where=where)


def _check(cursor: Cursor, *, retrusted: bool) -> Change:
    """CHECK and NOCHECK CONSTRAINT: on and off; WITH CHECK makes what is there trusted again."""
    where = cursor.script.place(cursor.begun)
    disabled = cursor.next().upper() == "NOCHECK"
    cursor.expect("CONSTRAINT")
    names = frozenset[str]() if cursor.accept("ALL") else frozenset(_names(cursor))

    def change(child: Any) -> Any:
        if names and fold(child.name) not in names:
            return child
        trusted = False if disabled else (True if retrusted else child.trusted)
        return child._replace(disabled=disabled, trusted=trusted)

    def changed(table: Table) -> Table:
        there = {fold(each.name) for each in table.checks}
        there |= {fold(each.name) for each in table.foreign_keys}
        if names - there:
            what = f"{two_part(table.schema, table.name)} has no constraint {min(names - there)}"
            raise BadSchema(what, where=where, advice="checks and foreign keys are meant")
        return table._replace(
            foreign_keys=tuple(map(change, table.foreign_keys)),
            checks=tuple(map(change, table.checks)),
        )

    return changed


def _names(cursor: Cursor) -> Iterable[str]:
    yield fold(cursor.name())
    while cursor.accept(","):
        yield fold(cursor.name())


_FLAGS: dict[str, Callable[[Column, bool], Column]] = {
    "ROWGUIDCOL": lambda column, on: column._replace(rowguidcol=on),
    "SPARSE": lambda column, on: column._replace(sparse=on),
    "HIDDEN": lambda column, on: column._replace(hidden=on),
}


def _alter_column(cursor: Cursor, builder: Builder) -> Change:
    where = cursor.script.place(cursor.begun)
    if cursor.peek() in {"ADD", "DROP"}:
        name = fold(cursor.name())
        edit = _column_property(cursor, adds=cursor.next().upper() == "ADD")
    else:
        new = read_column(cursor, Elements(builder.default_schema))
        name = fold(new.name)
        edit = lambda old: _altered(old, new)  # noqa: E731
        if cursor.accept("WITH"):
            read_options(cursor)

    def change(table: Table) -> Table:
        columns = list(table.columns)
        place = _place(columns, name, where)
        columns[place] = edit(columns[place])
        return table._replace(columns=tuple(columns))

    return change


def _altered(old: Column, new: Column) -> Column:
    """Give the column with its new type; what ALTER COLUMN does not speak of stays."""
    return old._replace(
        type=new.type,
        nullable=new.nullable,
        collation=new.collation,
        sparse=new.sparse,
        mask=new.mask,
        encryption=new.encryption,
    )


def _column_property(cursor: Cursor, *, adds: bool) -> Callable[[Column], Column]:
    where = cursor.script.place(cursor.begun)
    word = cursor.next().upper()
    if word in _FLAGS:
        return lambda column: _FLAGS[word](column, adds)
    if word == "PERSISTED":
        return lambda column: column._replace(
            computed=column.computed and column.computed._replace(persisted=adds)
        )
    if word == "MASKED":
        mask = ""
        if adds:
            cursor.expect("WITH", "(", "FUNCTION", "=")
            mask = cursor.string()
            cursor.expect(")")
        return lambda column: column._replace(mask=mask)
    if word == "NOT" and cursor.accept("FOR", "REPLICATION"):
        return lambda column: _for_replication(column, adds=adds, where=where)
    return cursor.fail("this property of a column is not known")


def _for_replication(column: Column, *, adds: bool, where: str) -> Column:
    if column.identity is None:
        raise BadSchema(f"the column {column.name} is no identity", where=where)
    return column._replace(identity=column.identity._replace(not_for_replication=adds))


def _drop(cursor: Cursor) -> Change:
    """DROP [CONSTRAINT|COLUMN] [IF EXISTS] a, b, COLUMN c, PERIOD FOR SYSTEM_TIME."""
    columns: set[str] = set()
    constraints: set[str] = set()
    period = False
    into = constraints
    while True:
        if cursor.accept("PERIOD", "FOR", "SYSTEM_TIME"):
            period = True
        else:
            if cursor.accept("COLUMN"):
                into = columns
            elif cursor.accept("CONSTRAINT"):
                into = constraints
            cursor.accept("IF", "EXISTS")
            into.add(fold(cursor.name()))
            if cursor.accept("WITH"):
                read_options(cursor)
        if not cursor.accept(","):
            break
    return lambda table: _without(table, columns, constraints, period=period)


def _without(table: Table, columns: set[str], constraints: set[str], *, period: bool) -> Table:
    def kept(child: Any) -> bool:
        return fold(child.name) not in constraints

    def left(column: Column) -> Column:
        if column.default and fold(column.default.name) in constraints:
            column = column._replace(default=None)
        if period and column.generated.startswith("ROW"):
            column = column._replace(generated="", hidden=False)
        return column

    return table._replace(
        columns=tuple(left(each) for each in table.columns if fold(each.name) not in columns),
        keys=tuple(filter(kept, table.keys)),
        foreign_keys=tuple(filter(kept, table.foreign_keys)),
        checks=tuple(filter(kept, table.checks)),
        temporal=None if period else table.temporal,
    )


def _enable(cursor: Cursor) -> Change:
    on = cursor.next().upper() == "ENABLE"
    if cursor.accept("CHANGE_TRACKING"):
        said = read_options(cursor) if cursor.accept("WITH") else {}
        tracked = {"CHANGE_TRACKING": "ON"} if on else {}
        if on and said.get("TRACK_COLUMNS_UPDATED") == "ON":
            tracked["TRACK_COLUMNS_UPDATED"] = "ON"
        return lambda table: _with_options(
            table, tracked, ("CHANGE_TRACKING", "TRACK_COLUMNS_UPDATED")
        )
    if cursor.accept("FILETABLE_NAMESPACE"):
        said = {} if on else {"FILETABLE_NAMESPACE": "OFF"}
        return lambda table: _with_options(table, said, ("FILETABLE_NAMESPACE",))
    cursor.expect("TRIGGER")
    names = frozenset[str]() if cursor.accept("ALL") else frozenset(_names(cursor))
    return lambda table: table._replace(
        triggers=tuple(
            each if names and fold(each.name) not in names else each._replace(disabled=not on)
            for each in table.triggers
        )
    )


def _with_options(table: Table, said: dict[str, str], gone: Iterable[str] = ()) -> Table:
    options = {name: value for name, value in table.options if name not in set(gone)}
    return table._replace(options=table_options(options | said))


def _set(cursor: Cursor, builder: Builder) -> Change:
    said = read_options(cursor)
    versioning = said.pop("SYSTEM_VERSIONING", "")
    schema = builder.default_schema

    def change(table: Table) -> Table:
        found = _with_options(table, said, said)
        if versioning and table.temporal:
            period = (table.temporal.start, table.temporal.end)
            found = found._replace(temporal=temporal(period, versioning, schema))
        return found

    return change


def _rebuild(cursor: Cursor) -> Change | None:
    if cursor.accept("PARTITION", "="):
        cursor.next()
    said = read_options(cursor) if cursor.accept("WITH") else {}
    kept = {name: value for name, value in said.items() if name.endswith("_COMPRESSION")}
    return lambda table: _with_options(table, kept, kept)


STATEMENTS: dict[tuple[str, ...], Statement] = {("ALTER", "TABLE"): _alter_table}
