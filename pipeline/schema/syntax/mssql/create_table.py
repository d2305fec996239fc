"""CREATE TABLE and CREATE TYPE."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from pipeline.errors import BadSchema
from pipeline.schema.model.mssql.items import AliasType, Item, TableType
from pipeline.schema.model.mssql.names import Kind, bracket, fold
from pipeline.schema.model.mssql.shared import Options, Storage
from pipeline.schema.model.mssql.tables import (
    Check,
    Column,
    ForeignKey,
    Index,
    Statistics,
    Table,
    Temporal,
    UniqueKey,
)
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.calls import read_call
from pipeline.schema.syntax.mssql.clauses import schema_and_name
from pipeline.schema.syntax.mssql.columns import read_element
from pipeline.schema.syntax.mssql.constraints import Elements
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.item_changes import Statement
from pipeline.schema.syntax.mssql.tokens import Script
from pipeline.schema.syntax.mssql.types import read_type
from pipeline.schema.syntax.mssql.with_options import (
    filegroup,
    inner_options,
    kept,
    read_options,
    read_storage,
)

Child = TypeVar("Child", UniqueKey, ForeignKey, Check, Index, Statistics)
_TABLE_DEFAULTS = {
    "DATA_COMPRESSION": "NONE",
    "DURABILITY": "SCHEMA_AND_DATA",
    "LEDGER": "OFF",
    "LOCK_ESCALATION": "TABLE",
    "MEMORY_OPTIMIZED": "OFF",
    "SYSTEM_VERSIONING": "OFF",
    "XML_COMPRESSION": "OFF",
}


def _create_table(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("CREATE")
    cursor.accept("EXTERNAL")
    cursor.expect("TABLE")
    schema, name = schema_and_name(cursor, builder)
    options: dict[str, str] = {}
    found = Elements(builder.default_schema)
    if cursor.accept("AS", "FILETABLE"):
        options["AS"] = "FILETABLE"
    elif not cursor.at("AS", "EDGE"):
        read_elements(cursor, found)
    storage, textimage = Storage(), ""
    while True:
        if cursor.accept("ON"):
            storage = read_storage(cursor)._replace(filestream=storage.filestream)
        elif cursor.accept("TEXTIMAGE_ON"):
            textimage = filegroup(cursor)
        elif cursor.accept("FILESTREAM_ON"):
            storage = storage._replace(filestream=filegroup(cursor))
        elif cursor.word == "AS" and cursor.peek() in {"NODE", "EDGE"}:
            cursor.position += 1
            options["AS"] = cursor.next().upper()
        elif cursor.accept("WITH"):
            options |= read_options(cursor)
        else:
            break
    _need_different(found, cursor)
    builder.put(_table(builder, schema, name, found, options, storage, textimage), cursor)
    builder.columns_read = found.ranges
    null_as_types_say(Kind.TABLE, schema, name, found, cursor, builder)


def _need_different(found: Elements, cursor: Cursor) -> None:
    names = [fold(each.name) for each in found.columns]
    if len(set(names)) < len(names):
        again = next(name for name in names if names.count(name) > 1)
        where = cursor.script.place(cursor.begun)
        raise BadSchema(f"the column {again} is there twice", where=where)


def null_as_types_say(
    kind: Kind, schema: str, name: str, found: Elements, cursor: Cursor, builder: Builder
) -> None:
    """A column that says nothing takes NULL if its type does: that is known when all is read."""
    if not found.as_type_says:
        return
    names = frozenset(map(fold, found.as_type_says))

    def not_null(column: Column) -> bool:
        if fold(column.name) not in names or column.type is None or not column.nullable:
            return False
        alias = builder.get(Kind.USER_DEFINED_TYPE, column.type.schema, column.type.name)
        return isinstance(alias, AliasType) and not alias.nullable

    def act() -> None:
        had = builder.get(kind, schema, name)
        if isinstance(had, Table | TableType):
            columns = [
                each._replace(nullable=False) if not_null(each) else each for each in had.columns
            ]
            builder.replace(had._replace(columns=tuple(columns)))

    builder.defer(act, cursor)


def read_elements(cursor: Cursor, found: Elements) -> None:
    """Read `( column or constraint, ... )`. A comma before the end is taken too."""
    cursor.expect("(")
    while not cursor.accept(")"):
        read_element(cursor, found)
        if not cursor.accept(","):
            # A constraint may follow a column without a comma.
            if cursor.word in {"CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "INDEX"}:
                continue
            cursor.expect(")")
            break


def _table(
    builder: Builder,
    schema: str,
    name: str,
    found: Elements,
    options: dict[str, str],
    storage: Storage,
    textimage: str,
) -> Table:
    versioning = options.pop("SYSTEM_VERSIONING", "OFF")
    memory = options.get("MEMORY_OPTIMIZED") == "ON"
    keys = formed(found.keys, found.indexes, memory=memory)
    return Table(
        schema,
        name,
        tuple(not_null_in_key(found.columns, keys)),
        by_name(keys),
        by_name(found.foreign_keys),
        by_name(found.checks),
        by_name(found.indexes),
        temporal=temporal(found.period, versioning, builder.default_schema),
        storage=storage,
        textimage=textimage,
        options=table_options(options),
        ansi_nulls=builder.ansi_nulls,
        connections=tuple(sorted(found.connections)),
    )


def formed(
    keys: Iterable[UniqueKey], indexes: Iterable[Index], *, memory: bool = False
) -> list[UniqueKey]:
    """Give keys with the form that the server gives them where the script says none."""
    keys = list(keys)
    clustered = memory or any(
        form.startswith("CLUSTERED")
        for form in (*(key.form for key in keys), *(index.form for index in indexes))
    )
    default = "NONCLUSTERED" if clustered else "CLUSTERED"
    return [
        key._replace(form=default if key.primary else "NONCLUSTERED") if not key.form else key
        for key in keys
    ]


def not_null_in_key(columns: Sequence[Column], keys: Iterable[UniqueKey]) -> list[Column]:
    """Give the columns: those of the primary key take no NULL, whatever they say."""
    names = {fold(column.name) for key in keys if key.primary for column in key.columns}
    if not names:
        return list(columns)
    return [
        column._replace(nullable=False)
        if column.nullable and column.type is not None and fold(column.name) in names
        else column
        for column in columns
    ]


def by_name(children: Iterable[Child]) -> tuple[Child, ...]:
    """Give children by folded name; those without a name in the order of what they say."""
    return tuple(sorted(children, key=_name_and_content))


def _name_and_content(child: Child) -> tuple[str, str]:
    name = child.name.lower()
    return name, "" if name else repr(child)


def table_options(options: dict[str, str]) -> Options:
    """Give what was said and is not what the server does anyway."""
    said = {name: value for name, value in options.items() if _TABLE_DEFAULTS.get(name) != value}
    if ledger := said.get("LEDGER", ""):
        said["LEDGER"] = "ON"
        inside = inner_options(ledger)
        if inside.get("APPEND_ONLY") == "ON":
            said["APPEND_ONLY"] = "ON"
        if "LEDGER_VIEW" in inside:
            said["LEDGER_VIEW"] = inside["LEDGER_VIEW"]
    return kept(said)


def temporal(
    period: tuple[str, str] | None, versioning: str, default_schema: str
) -> Temporal | None:
    """Give the period, and what SYSTEM_VERSIONING = ON (...) says of its history."""
    if period is None:
        return None
    found = Temporal(*period)
    if not versioning.startswith("ON"):
        return found
    said = inner_options(versioning)
    schema, name = _history(said.get("HISTORY_TABLE", ""), default_schema)
    retention = said.get("HISTORY_RETENTION_PERIOD", "")
    return found._replace(
        versioned=True,
        history_schema=schema,
        history=name,
        retention="" if retention == "INFINITE" else _plural(retention),
        consistency_check=said.get("DATA_CONSISTENCY_CHECK", "ON") == "ON",
    )


def _history(text: str, default_schema: str) -> tuple[str, str]:
    if not text:
        return "", ""
    schema, name = Cursor(Script.of("", text)).qualified()
    return schema or default_schema, name


def _plural(retention: str) -> str:
    """Give `6 MONTHS` of `6 MONTH` too."""
    return retention if not retention or retention.endswith("S") else f"{retention}S"


def _create_type(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("CREATE", "TYPE")
    schema, name = schema_and_name(cursor, builder)
    if cursor.accept("FROM"):
        base = read_type(cursor)
        nullable = not cursor.accept("NOT")
        cursor.accept("NULL")
        builder.put(AliasType(schema, name, base, nullable), cursor)
    elif cursor.accept("EXTERNAL", "NAME"):
        external = ".".join(bracket(part) for part in cursor.parts())
        builder.put(
            Item(Kind.USER_DEFINED_TYPE, schema, name, (("external_name", external),)), cursor
        )
    else:
        cursor.expect("AS", "TABLE")
        _table_type(cursor, builder, schema, name)


def _add_type(cursor: Cursor, builder: Builder) -> None:
    call = read_call(cursor, ("typename", "phystype", "nulltype", "owner"))
    base = read_type(Cursor(Script.of(call.where, call.needed("phystype"))))
    nullable = call.text("nulltype").lower() not in {"not null", "nonull"}
    schema = call.text("owner") or builder.default_schema
    builder.put(AliasType(schema, call.needed("typename"), base, nullable), cursor)


def _drop_type(cursor: Cursor, builder: Builder) -> None:
    call = read_call(cursor, ("typename",))
    builder.drop(Kind.USER_DEFINED_TYPE, builder.default_schema, call.needed("typename"))


def _table_type(cursor: Cursor, builder: Builder, schema: str, name: str) -> None:
    found = Elements(builder.default_schema)
    read_elements(cursor, found)
    _need_different(found, cursor)
    null_as_types_say(Kind.USER_DEFINED_TYPE, schema, name, found, cursor, builder)
    options = read_options(cursor) if cursor.accept("WITH") else {}
    memory = options.get("MEMORY_OPTIMIZED") == "ON"
    keys = formed(found.keys, found.indexes, memory=memory)
    builder.put(
        TableType(
            schema,
            name,
            tuple(not_null_in_key(found.columns, keys)),
            by_name(keys),
            by_name(found.checks),
            by_name(found.indexes),
            table_options(options),
        ),
        cursor,
    )


def _drop(kind: Kind, *words: str) -> Statement:
    def drop(cursor: Cursor, builder: Builder) -> None:
        cursor.expect(*words)
        cursor.accept("IF", "EXISTS")
        builder.drop(kind, *schema_and_name(cursor, builder))
        while cursor.accept(","):
            builder.drop(kind, *schema_and_name(cursor, builder))

    return drop


STATEMENTS: dict[tuple[str, ...], Statement] = {
    ("CREATE", "TABLE"): _create_table,
    ("CREATE", "TYPE"): _create_type,
    ("EXEC", "SP_ADDTYPE"): _add_type,
    ("EXEC", "SP_DROPTYPE"): _drop_type,
    ("DROP", "TABLE"): _drop(Kind.TABLE, "DROP", "TABLE"),
    ("DROP", "TYPE"): _drop(Kind.USER_DEFINED_TYPE, "DROP", "TYPE"),
}
