"""What is written is read again as what it was: every kind, and any table."""

from collections.abc import Sequence
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.schema.model.mssql.database import Database, Object
from pipeline.schema.model.mssql.facts import facts
from pipeline.schema.model.mssql.items import AliasType, Item
from pipeline.schema.model.mssql.names import Kind, fold
from pipeline.schema.model.mssql.shared import Permission, Property, Storage, TypeName
from pipeline.schema.model.mssql.tables import (
    Check,
    Column,
    Computed,
    Default,
    ForeignKey,
    Identity,
    Index,
    KeyColumn,
    Statistics,
    Table,
    Temporal,
    UniqueKey,
)
from pipeline.schema.syntax.mssql.read import SourceFile, read_database
from pipeline.schema.writers.mssql.folder import export
from pipeline.schema.writers.mssql.objects import object_script
from tests.schema.mssql.write_objects import BEFORE_AND_AFTER
from tests.schema.mssql.write_tables import ORDERS, typed
from tests.schema.mssql.writing import refused

ALONE = [
    thing
    for name, pair in BEFORE_AND_AFTER.items()
    for thing in pair
    # A scheme needs its function, and nothing inside a type keeps a name.
    if name not in {"partition scheme, what is used next", "table type"}
]


def read(text: str) -> Database:
    return read_database([SourceFile("written.sql", text)], lenient=True)


@pytest.mark.parametrize("thing", ALONE, ids=lambda thing: f"{thing.key.kind} {thing.name}")
def test_an_object_is_read_as_it_was_written(thing: Object) -> None:
    assert read(object_script(thing)).objects[thing.key] == thing


def test_a_whole_database_is_read_as_it_was_exported() -> None:
    things: dict[object, Object] = {
        thing.key: thing
        for name, (_, thing) in BEFORE_AND_AFTER.items()
        if not name.startswith(("table type", "user of", "user with", "partition scheme,"))
    }
    people = Item(Kind.USER, "", "bob", facts(Kind.USER, {"without_login": "ON"}))
    history = Table("old", "Orders", (Column("Id", typed("int")),))
    parent = Table("dbo", "People", (Column("Name", typed("nvarchar", "50")),))
    schema = Item(Kind.SCHEMA, "", "old")
    database = Database.of([*things.values(), people, history, parent, schema])
    files = [SourceFile(path, text) for path, text in export(database).items()]
    found = read_database([file for file in files if file.path.endswith(".sql")])
    kept = {key: thing for key, thing in found.objects.items() if key in database.objects}
    assert kept == database.objects


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0\n\r"), min_size=1, max_size=20)
PLAIN_NAMES = st.sampled_from(
    ["Id", "order", "a b", "it's", "x]y", 'q"t', "-- c", "/*", "æ", "[z]"]
)
TYPES = st.sampled_from(
    [
        typed("int"),
        typed("decimal", "18", "0"),
        typed("decimal", "38", "10"),
        typed("nvarchar", "50"),
        typed("nvarchar", "max"),
        typed("varbinary", "max"),
        typed("datetime2", "7"),
        typed("datetimeoffset", "0"),
        typed("float"),
        typed("real"),
        typed("uniqueidentifier"),
        typed("timestamp"),
        typed("xml"),
        typed("xml", "document", "dbo.Notes"),
        typed("geography"),
        typed("sql_variant"),
        TypeName("dbo", "Money"),
        TypeName("my schema", "A]b"),
    ]
)
EXPRESSIONS = st.sampled_from(
    [
        "0",
        "(0)",
        "((0))",
        "-1",
        "N'it''s'",
        "getdate()",
        "(getdate())",
        "NEXT VALUE FOR [dbo].[s]",
        "CONVERT([int], '1')",
        "dbo.f(1, 'x') + 2",
        "CASE WHEN 1 = 1 THEN 2 ELSE 3 END",
        "(a) + (b)",
        "'-- no comment'",
        "NULL",
        "CURRENT_TIMESTAMP",
        "0x00FF",
        "CAST(1 AS decimal(9, 2))",
        "[a].[b].value('(/x)[1]', 'int')",
        "'x' COLLATE Latin1_General_BIN2",
    ]
)
CONDITIONS = st.sampled_from(
    [
        "[a] > 0",
        "([a] > 0)",
        "[a] IN ('x', 'y') AND NOT ([b] IS NULL)",
        "[a] LIKE '%[)]%' -- it's\n or [b] = 1",
        "[a] between 1 and 2 OR (b) <> N')'",
    ]
)
FILTERS = st.sampled_from(
    ["[a] > 0", "([a] IS NOT NULL AND [b] IN ('x', N'it''s'))", "[a] >= 1 -- )\n AND [b] < 2"]
)


def named(kind: str) -> st.SearchStrategy[str]:
    """No name, or one that no constraint of another kind has."""
    return st.just("") | PLAIN_NAMES.map(lambda name: f"{kind} {name}")


@st.composite
def columns(draw: st.DrawFn) -> tuple[Column, ...]:
    names = draw(st.lists(NAMES, min_size=1, max_size=6, unique_by=fold))
    return tuple(draw(column(name)) for name in names)


@st.composite
def column(draw: st.DrawFn, name: str) -> Column:
    if draw(st.integers(0, 5)) == 0:
        strict = draw(st.booleans())
        persisted = strict or draw(st.booleans())
        computed = Computed(draw(EXPRESSIONS), persisted, strict)
        return Column(name, None, not strict, computed=computed)
    kind = draw(TYPES)
    default = draw(st.none() | st.builds(Default, EXPRESSIONS, named("DF")))
    identity = None
    if kind == typed("int") and draw(st.booleans()):
        seed = st.sampled_from(["1", "-5", "100"])
        identity = draw(st.builds(Identity, seed, seed, st.booleans()))
        default = None
    return Column(
        name,
        kind,
        nullable=draw(st.booleans()) and identity is None,
        collation=draw(st.sampled_from(["", "Latin1_General_CI_AS"])),
        default=default,
        identity=identity,
        rowguidcol=kind.name == "uniqueidentifier" and draw(st.booleans()),
        sparse=identity is None and draw(st.booleans()),
        mask=draw(st.sampled_from(["", "", "default()", 'partial(1, "its", 0)'])),
    )


def some(names: Sequence[str]) -> st.SearchStrategy[tuple[KeyColumn, ...]]:
    chosen = st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True)
    return st.tuples(chosen, st.booleans()).map(
        lambda pair: tuple(KeyColumn(name, descending=pair[1]) for name in pair[0])
    )


OPTIONS = st.sampled_from(
    [
        (),
        (("FILLFACTOR", "80"),),
        (("ALLOW_PAGE_LOCKS", "OFF"), ("ALLOW_ROW_LOCKS", "OFF"), ("PAD_INDEX", "ON")),
        (("DATA_COMPRESSION", "PAGE"), ("IGNORE_DUP_KEY", "ON")),
        (("DATA_COMPRESSION", "ROW ON PARTITIONS (1, 3), PAGE ON PARTITIONS (2)"),),
        (("OPTIMIZE_FOR_SEQUENTIAL_KEY", "ON"), ("STATISTICS_NORECOMPUTE", "ON")),
    ]
)
STORAGE = st.sampled_from([Storage(), Storage("Big"), Storage("By]Year", "a b")])


@st.composite
def tables(draw: st.DrawFn) -> Table:
    found = draw(columns())
    names = [each.name for each in found]
    keys = draw(
        st.lists(
            st.builds(
                UniqueKey,
                named("UQ"),
                st.just(value=False),
                st.just("NONCLUSTERED"),
                some(names),
                OPTIONS,
                STORAGE,
                st.just(value=False),
            ),
            max_size=2,
        )
    )
    checks = draw(st.lists(st.builds(checked, named("CK"), CONDITIONS, st.booleans()), max_size=2))
    foreign = draw(st.lists(referring(names), max_size=2))
    indexes = draw(
        st.lists(
            st.builds(
                Index,
                NAMES,
                st.just("NONCLUSTERED"),
                st.booleans(),
                some(names),
                included=st.just(()) | st.just((names[0],)),
                filter=st.just("") | FILTERS,
                options=OPTIONS,
                storage=STORAGE,
                detail=st.just(""),
                disabled=st.booleans(),
            ),
            max_size=3,
            unique_by=lambda index: fold(index.name),
        )
    )
    statistics = draw(
        st.lists(
            st.builds(Statistics, NAMES, st.just((names[0],)), st.just("") | FILTERS, st.just(())),
            max_size=2,
            unique_by=lambda each: fold(each.name),
        )
    )
    properties = draw(
        st.lists(
            st.builds(
                Property,
                NAMES,
                st.sampled_from(["N'it''s'", "1", "NULL"]),
                st.just(""),
                st.just(""),
            ),
            max_size=2,
            unique_by=lambda each: fold(each.name),
        )
    )
    return Table(
        draw(NAMES),
        draw(NAMES.filter(lambda name: name[0] != "#")),  # else it lives in tempdb
        found,
        ordered(keys),
        ordered(foreign),
        ordered(checks),
        ordered(indexes),
        ordered(statistics),
        storage=draw(STORAGE),
        properties=ordered(properties),
    )


def checked(name: str, condition: str, off: bool) -> Check:
    return Check(name, condition, trusted=not off, disabled=off)


@st.composite
def referring(draw: st.DrawFn, names: list[str]) -> ForeignKey:
    off = draw(st.booleans())
    action = st.sampled_from(["NO ACTION", "CASCADE", "SET NULL", "SET DEFAULT"])
    return ForeignKey(
        draw(named("FK")),
        (names[0],),
        draw(NAMES),
        draw(NAMES),
        draw(st.just(()) | st.just(("x]y",))),
        draw(action),
        draw(action),
        draw(st.booleans()),
        trusted=not off,
        disabled=off,
    )


Child = TypeVar("Child", UniqueKey, ForeignKey, Check, Index, Statistics, Property)


def ordered(children: Sequence[Child]) -> tuple[Child, ...]:
    """Children as a table has them: by folded name, each name once."""
    named = {fold(each.name) or repr(each): each for each in children}
    return tuple(sorted(named.values(), key=lambda each: (fold(each.name), repr(each))))


@given(tables())
@settings(max_examples=150, deadline=None)
def test_any_table_is_read_as_it_was_written(table: Table) -> None:
    assert read(object_script(table)).objects[table.key] == table


@given(tables())
@settings(max_examples=25, deadline=None)
def test_the_parser_takes_any_table(table: Table) -> None:
    assert refused(object_script(table), 2022) == []


@given(NAMES, NAMES, st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30))
@settings(max_examples=100, deadline=None)
def test_no_name_and_no_text_gets_out_of_its_quotes(schema: str, name: str, text: str) -> None:
    value = "N'" + text.replace("'", "''") + "'"
    alias = AliasType(
        schema,
        name,
        typed("int"),
        permissions=(Permission("DENY", "REFERENCES", name),),
        properties=(Property(name, value),),
    )
    assert read(object_script(alias)).objects[alias.key] == alias


def test_a_temporal_table_with_its_history_is_read_as_it_was_written() -> None:
    temporal = Temporal("From", "To", versioned=True, history_schema="dbo", history="H x")
    table = ORDERS._replace(temporal=temporal)
    assert read(object_script(table)).objects[table.key] == table
