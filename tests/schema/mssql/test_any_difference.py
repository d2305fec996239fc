"""Laws of comparing, for any two tables and any options."""

from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.schema.diff.mssql.compare import compare
from pipeline.schema.diff.mssql.difference import is_hidden
from pipeline.schema.diff.mssql.differences import differences, goal
from pipeline.schema.diff.mssql.likeness import ALLOWED
from pipeline.schema.model.mssql.database import Database
from pipeline.schema.model.mssql.names import fold
from pipeline.schema.model.mssql.shared import Permission, Property, Storage, TypeName
from pipeline.schema.model.mssql.tables import (
    Check,
    Column,
    Default,
    ForeignKey,
    Identity,
    Index,
    KeyColumn,
    Statistics,
    Table,
    UniqueKey,
)
from pipeline.schema.normalise.mssql.options import Options
from pipeline.verdict import Verdict

T = TypeVar("T")
IGNORES = (
    "ignore-check-constraints",
    "ignore-collations",
    "ignore-constraint-names",
    "ignore-data-compression",
    "ignore-extended-properties",
    "ignore-filegroups-partition-schemes-and-partition-functions",
    "ignore-fill-factor-and-index-padding",
    "ignore-foreign-keys",
    "ignore-identity-properties",
    "ignore-indexes",
    "ignore-nullability",
    "ignore-performance-indexes",
    "ignore-permissions",
    "ignore-statistics",
    "ignore-system-named-constraint-and-index-names",
)
OTHERS = ("force-column-order", "use-case-sensitive-object-definition")
options = st.frozensets(st.sampled_from((*IGNORES, *OTHERS))).map(Options)
ALL_VISIBLE = Options(frozenset(OTHERS))


def made(
    what: Callable[..., T], *values: st.SearchStrategy[Any], **named: st.SearchStrategy[Any]
) -> st.SearchStrategy[T]:
    """Values of `what`, whose other fields are as by default."""
    return st.tuples(st.tuples(*values), st.fixed_dictionaries(named)).map(
        lambda drawn: what(*drawn[0], **drawn[1])
    )


def _is_text(column: Column) -> bool:
    """Whether it can have a collation."""
    return column.type is not None and column.type.name == "nvarchar"


COLUMNS = ("a", "b", "C", "c d")
types = st.sampled_from(
    [TypeName("", "int"), TypeName("", "nvarchar", ("50",)), TypeName("", "date")]
)
storages = st.sampled_from([Storage(), Storage("PRIMARY"), Storage("FG2")])
indexed = st.sampled_from(
    [(), (("FILLFACTOR", "80"),), (("DATA_COMPRESSION", "PAGE"),), (("PAD_INDEX", "OFF"),)]
)
columns = made(
    Column,
    st.sampled_from(COLUMNS),
    types,
    st.booleans(),
    st.sampled_from(["", "Latin1_General_BIN"]),
    st.none() | made(Default, st.sampled_from(["0", "1"]), st.sampled_from(["", "DF_x"])),
    st.none() | made(Identity, st.sampled_from(["1", "5"])),
).map(lambda column: column if _is_text(column) else column._replace(collation=""))
key_columns = st.lists(
    made(KeyColumn, st.sampled_from(COLUMNS), st.booleans()),
    min_size=1,
    max_size=2,
    unique_by=lambda each: each.name,
).map(tuple)
keys = made(
    UniqueKey,
    st.sampled_from(["PK_T", "UQ_T", "", "PK__T__0A1B2C3D"]),
    st.booleans(),
    st.sampled_from(["CLUSTERED", "NONCLUSTERED"]),
    key_columns,
    indexed,
    storages,
)
indexes = made(
    Index,
    st.sampled_from(["IX_1", "IX_2", "IX_3"]),
    st.sampled_from(["CLUSTERED", "NONCLUSTERED"]),
    st.booleans(),
    key_columns,
    st.sampled_from([(), ("b",), ("c d", "a")]),
    st.sampled_from(["", "a > 0"]),
    indexed,
    storages,
)
foreign_keys = made(
    ForeignKey,
    st.sampled_from(["FK_1", "FK_2", ""]),
    st.sampled_from([("a",), ("b",)]),
    st.just("dbo"),
    st.sampled_from(["P", "Q"]),
    st.just(("id",)),
    st.sampled_from(["NO ACTION", "CASCADE"]),
)
checks = made(Check, st.sampled_from(["CK_1", "CK_2", ""]), st.sampled_from(["a > 0", "1=1"]))
permissions = made(
    Permission,
    st.sampled_from(["GRANT", "DENY"]),
    st.sampled_from(["SELECT", "UPDATE"]),
    st.sampled_from(["bob", "public"]),
    st.sampled_from([(), ("a",)]),
)
properties = made(
    Property,
    st.sampled_from(["x", "MS_DiagramPane1"]),
    st.sampled_from(["N'1'", "N'2'"]),
    st.sampled_from(["", "COLUMN"]),
).map(lambda each: each._replace(part_name="a" if each.part else ""))


def some(found: st.SearchStrategy[T], *names: str) -> st.SearchStrategy[tuple[T, ...]]:
    """A few of them, sorted, each named thing once."""

    def name(each: T) -> tuple[tuple[str, ...], str]:
        return tuple(fold(getattr(each, name)) for name in names), repr(each) * (
            not any(getattr(each, name) for name in names)
        )

    return st.lists(found, max_size=3, unique_by=name).map(
        lambda each: tuple(sorted(each, key=name))
    )


def _standing(table: Table) -> Table:
    """A table that SQL Server would take: one primary key, one clustered, columns that are."""
    there = {each.name for each in table.columns}
    primaries = [each for each in table.keys if each.primary][:1]
    found = [each for each in table.keys if not each.primary] + primaries
    found = [each for each in found if {c.name for c in each.columns} <= there]
    in_primary = {c.name for each in found if each.primary for c in each.columns}
    clustered = [each for each in found if each.form == "CLUSTERED"][1:]
    found = [e._replace(form="NONCLUSTERED") if e in clustered else e for e in found]
    has = any(each.form == "CLUSTERED" for each in found)
    kept = []
    for each in table.indexes:
        if {*(c.name for c in each.columns), *each.included} <= there:
            plain = each._replace(form="NONCLUSTERED") if has else each
            has = has or plain.form == "CLUSTERED"
            kept.append(plain)
    return table._replace(
        columns=tuple(
            each._replace(nullable=False) if each.name in in_primary else each
            for each in table.columns
        ),
        keys=tuple(sorted(found, key=lambda each: fold(each.name))),
        indexes=tuple(kept),
        foreign_keys=tuple(e for e in table.foreign_keys if set(e.columns) <= there),
        statistics=tuple(e for e in table.statistics if set(e.columns) <= there),
        permissions=tuple(e for e in table.permissions if set(e.columns) <= there),
        properties=tuple(e for e in table.properties if not e.part or e.part_name in there),
    )


tables = made(
    Table,
    st.just("dbo"),
    st.just("T"),
    st.lists(columns, min_size=1, max_size=4, unique_by=lambda each: each.name).map(tuple),
    some(keys, "name"),
    some(foreign_keys, "name"),
    some(checks, "name"),
    some(indexes, "name"),
    some(made(Statistics, st.sampled_from(["ST_1"]), st.just(("a",))), "name"),
    storage=storages,
    permissions=some(permissions, "grantee", "action").map(lambda found: found[:1]),
    properties=some(properties, "part", "name"),
).map(_standing)


@settings(deadline=None, max_examples=60)
@given(tables, options)
def test_a_table_does_not_differ_from_itself(table: Table, chosen: Options) -> None:
    assert differences(table, table, chosen) == ()
    assert goal(table, table, chosen) == table


@settings(deadline=None, max_examples=60)
@given(tables, tables)
def test_with_nothing_hidden_the_source_is_arrived_at(source: Table, target: Table) -> None:
    assert differences(source, goal(source, target, ALL_VISIBLE), ALL_VISIBLE) == ()


@settings(deadline=None, max_examples=60)
@given(tables, tables, options)
def test_what_is_left_to_differ_is_hidden(source: Table, target: Table, chosen: Options) -> None:
    reached = goal(source, target, chosen)
    left = differences(source, reached, chosen)
    assert [each for each in left if not is_hidden(each, chosen)] == []
    assert goal(source, reached, chosen) == reached


@settings(deadline=None, max_examples=60)
@given(tables, tables, options)
def test_a_table_without_visible_differences_stays(
    source: Table, target: Table, chosen: Options
) -> None:
    found = differences(source, target, chosen)
    if all(is_hidden(each, chosen) for each in found):
        assert goal(source, target, chosen) == target


@settings(deadline=None, max_examples=60)
@given(tables, tables, options)
def test_comparing_the_goal_again_finds_the_same(
    source: Table, target: Table, chosen: Options
) -> None:
    chosen = Options(chosen.names | {ALLOWED})
    found = compare(Database.of([source]), Database.of([target]), chosen)
    again = compare(found.goal, Database.of([target]), chosen)
    assert [each.verdict for each in again.objects] == [each.verdict for each in found.objects]
    left = compare(again.goal, found.goal, chosen).objects
    assert [each.because for each in left if each.verdict is not Verdict.SAME] == []
