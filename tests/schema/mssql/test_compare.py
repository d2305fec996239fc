"""Two databases compared: verdicts, what is ignored, what stays, and the state to arrive at."""

from typing import Any

from pipeline.schema.diff.mssql.compare import Comparison, compare
from pipeline.schema.diff.mssql.renames import Renames
from pipeline.schema.model.mssql.database import Database, Object, Rename
from pipeline.schema.model.mssql.items import Item, Unreadable
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind, key
from pipeline.schema.model.mssql.shared import Permission, Property, Storage, TypeName
from pipeline.schema.model.mssql.tables import (
    Column,
    ForeignKey,
    Index,
    KeyColumn,
    Table,
    Temporal,
    UniqueKey,
)
from pipeline.schema.normalise.mssql.filters import Filter
from pipeline.schema.normalise.mssql.options import Options

INT = TypeName("", "int")
TABLE = Table("dbo", "T", (Column("a", INT), Column("b", INT)))


def options(*names: str) -> Options:
    return Options(frozenset(names))


def database(*objects: Object, **said: Any) -> Database:
    return Database(Database.of(objects).objects, **said)


def told(found: Comparison) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    return [
        (each.key.name, each.verdict.value, each.because, each.ignored) for each in found.objects
    ]


def test_each_object_has_a_verdict_in_the_order_of_keys() -> None:
    source = database(
        TABLE, Table("dbo", "New", (Column("x", INT),)), Item(Kind.SYNONYM, "dbo", "S")
    )
    target = database(
        TABLE._replace(columns=TABLE.columns[:1]),
        Table("dbo", "Old", (Column("y", TypeName("", "date")),)),
        Item(Kind.SYNONYM, "dbo", "S"),
    )
    found = compare(source, target, options())
    assert told(found) == [
        ("s", "same", (), ()),
        ("new", "source-only", ("only in the source",), ()),
        ("old", "target-only", ("only in the target",), ()),
        ("t", "different", ("column b: only in the source",), ()),
    ]
    assert found.goal.objects == source.objects


def test_what_an_option_hides_is_told_and_stays_as_it_is() -> None:
    indexed = TABLE._replace(
        indexes=(Index("IX", "NONCLUSTERED", False, (KeyColumn("a"),)),),
        permissions=(Permission("GRANT", "SELECT", "bob"),),
    )
    found = compare(
        database(TABLE), database(indexed), options("ignore-indexes", "ignore-permissions")
    )
    assert told(found) == [
        (
            "t",
            "same",
            (),
            ("index IX: only in the target", "permission SELECT to bob: only in the target"),
        )
    ]
    assert found.goal.objects == {indexed.key: indexed}


def test_a_hidden_index_cannot_stay_on_a_column_that_goes() -> None:
    indexed = TABLE._replace(indexes=(Index("IX", "NONCLUSTERED", False, (KeyColumn("b"),)),))
    source = database(TABLE._replace(columns=TABLE.columns[:1]))
    found = compare(source, database(indexed), options("ignore-indexes"))
    assert told(found) == [
        (
            "t",
            "different",
            ("column b: only in the target", "index IX: only in the target"),
            (),
        )
    ]
    assert found.goal.objects == source.objects


def test_a_hidden_clustered_index_gives_way_to_another() -> None:
    unclustered = UniqueKey("PK", True, "NONCLUSTERED", (KeyColumn("a"),))
    indexed = TABLE._replace(
        keys=(unclustered,), indexes=(Index("IX", "CLUSTERED", False, (KeyColumn("b"),)),)
    )
    wanted = TABLE._replace(keys=(unclustered._replace(form="CLUSTERED"),))
    found = compare(database(wanted), database(indexed), options("ignore-performance-indexes"))
    assert told(found) == [
        (
            "t",
            "different",
            (
                "key PK: form CLUSTERED in the source, NONCLUSTERED in the target",
                "index IX: only in the target",
            ),
            (),
        )
    ]
    assert found.goal.objects == {wanted.key: wanted}


def test_a_new_table_comes_without_what_is_hidden_but_with_its_keys() -> None:
    new = TABLE._replace(
        keys=(UniqueKey("PK", True, "CLUSTERED", (KeyColumn("a"),), storage=Storage("FG2")),),
        indexes=(
            Index("IX", "NONCLUSTERED", False, (KeyColumn("b"),)),
            Index("UX", "NONCLUSTERED", True, (KeyColumn("b"),)),
        ),
        storage=Storage("FG2"),
        options=(("DATA_COMPRESSION", "PAGE"),),
        permissions=(Permission("GRANT", "SELECT", "bob"),),
        properties=(Property("x", "1"),),
    )
    hidden = options(
        "ignore-indexes",
        "ignore-filegroups-partition-schemes-and-partition-functions",
        "ignore-data-compression",
        "ignore-permissions",
    )
    found = compare(database(new), database(), hidden)
    assert told(found) == [
        (
            "t",
            "source-only",
            ("only in the source",),
            (
                "index IX: only in the source",
                "DATA_COMPRESSION PAGE in the source, none in the target",
                "filegroup FG2 in the source, none in the target",
                "key PK: filegroup FG2 in the source, none in the target",
                "permission SELECT to bob: only in the source",
            ),
        )
    ]
    assert list(found.goal.objects.values()) == [
        TABLE._replace(
            keys=(UniqueKey("PK", True, "CLUSTERED", (KeyColumn("a"),)),),
            indexes=(new.indexes[1],),
            properties=new.properties,
        )
    ]


def test_a_hidden_object_is_neither_made_nor_dropped() -> None:
    mine = Item(Kind.CERTIFICATE, "", "New", (("subject", "N'x'"),))
    theirs = Item(Kind.SYMMETRIC_KEY, "", "Old", (("algorithm", "AES_256"),))
    hidden = options("ignore-certificates-and-crypto-keys")
    found = compare(database(mine), database(theirs), hidden)
    assert told(found) == [
        ("new", "same", (), ("only in the source",)),
        ("old", "same", (), ("only in the target",)),
    ]
    assert found.goal.objects == {theirs.key: theirs}


def test_what_cannot_be_read_is_left_alone() -> None:
    encrypted = Module(Kind.VIEW, "dbo", "V", "", encrypted=True)
    mine = Module(Kind.VIEW, "dbo", "V", "CREATE VIEW dbo.V AS SELECT 1 AS a")
    unknown = Unreadable(Kind.TABLE, "dbo", "U", "no such statement is known")
    found = compare(database(mine, unknown), database(encrypted), options())
    assert told(found) == [
        ("u", "cannot-tell", ("cannot be told in the source: no such statement is known",), ()),
        ("v", "cannot-tell", ("cannot be told in the target: it is encrypted",), ()),
    ]
    assert found.goal.objects == {encrypted.key: encrypted}


def test_a_built_in_is_there_on_both_sides() -> None:
    public = Item(Kind.ROLE, "", "public", built_in=True)
    granted = public._replace(permissions=(Permission("GRANT", "CONNECT", "bob"),))
    found = compare(database(granted), database(), options())
    assert told(found) == [
        ("public", "different", ("permission CONNECT to bob: only in the source",), ())
    ]
    assert found.goal.objects == {granted.key: granted}
    found = compare(database(), database(granted), options())
    assert told(found) == [
        ("public", "different", ("permission CONNECT to bob: only in the target",), ())
    ]
    assert found.goal.objects == {granted.key: public}


def test_what_only_the_target_has_is_kept_when_asked() -> None:
    more = TABLE._replace(
        columns=(*TABLE.columns, Column("c", INT), Column("d", INT)),
        permissions=(Permission("GRANT", "SELECT", "bob"),),
    )
    old, older = Table("dbo", "Old"), Table("dbo", "Older")
    source = database(TABLE, dropped=("dbo.Older", "dbo.T.d"))
    found = compare(source, database(more, old, older), options("keep-what-only-target-has"))
    assert told(found) == [
        ("old", "target-only", ("only in the target",), ()),
        ("older", "target-only", ("only in the target",), ()),
        (
            "t",
            "different",
            ("column d: only in the target",),
            ("column c: only in the target", "permission SELECT to bob: only in the target"),
        ),
    ]
    assert found.goal.objects == {
        old.key: old,
        more.key: more._replace(columns=more.columns[:3]),
    }


def test_what_the_filter_leaves_out_stays_and_is_counted() -> None:
    source = database(
        TABLE, Table("dbo", "New"), renames=(Rename(key(Kind.TABLE, "dbo", "New"), "dbo", "Old"),)
    )
    target = database(TABLE._replace(columns=TABLE.columns[:1]), Table("dbo", "Old"))
    found = compare(source, target, options(), Filter.of([], ["Table:dbo.*"]))
    assert (found.objects, found.left_out, found.renames) == ((), 3, Renames())
    assert found.goal.objects == target.objects


def test_a_schema_stays_while_something_stands_in_it() -> None:
    schema = Item(Kind.SCHEMA, "", "app")
    table = Table("app", "T", (Column("a", INT),))
    found = compare(database(table), database(schema, table), options())
    assert told(found) == [
        ("app", "target-only", ("only in the target", "kept: app.T stands in it"), ()),
        ("t", "same", (), ()),
    ]
    assert found.goal.objects == {schema.key: schema, table.key: table}
    assert found.notes == ("schema app is kept: app.T stands in it",)


def test_a_history_table_stays_with_its_table() -> None:
    versioned = TABLE._replace(temporal=Temporal("a", "b", True, "dbo", "H"))
    history = Table("dbo", "H", TABLE.columns)
    found = compare(database(versioned), database(versioned, history), options())
    assert told(found) == [
        ("h", "same", (), ("only in the target", "kept: it is the history of dbo.T")),
        ("t", "same", (), ()),
    ]
    found = compare(database(versioned, history), database(versioned), options())
    assert told(found) == [
        ("h", "same", (), ("made by the server in the target: it is the history of dbo.T",)),
        ("t", "same", (), ()),
    ]
    assert found.goal.objects == {versioned.key: versioned}


def test_hidden_permissions_go_with_the_user_they_are_of() -> None:
    user = Item(Kind.USER, "", "bob", (("login", "[bob]"),))
    granted = TABLE._replace(permissions=(Permission("GRANT", "SELECT", "bob"),))
    found = compare(database(TABLE), database(granted, user), options("ignore-permissions"))
    assert told(found) == [
        (
            "t",
            "different",
            ("what bob had here goes with its owner",),
            ("permission SELECT to bob: only in the target",),
        ),
        ("bob", "target-only", ("only in the target",), ()),
    ]
    assert found.goal.objects == {TABLE.key: TABLE}


def test_databases_of_other_collations_are_noted_and_names_compare_exactly_when_one_asks() -> None:
    mine = database(TABLE, collation="Latin1_General_CS_AS")
    theirs = database(TABLE._replace(name="t"), collation="Latin1_General_CI_AS")
    found = compare(mine, theirs, options())
    assert told(found) == [("t", "different", ("name T in the source, t in the target",), ())]
    assert found.notes == (
        "the source's collation is Latin1_General_CS_AS, the target's Latin1_General_CI_AS: it "
        "is not changed, and columns without a collation of their own have their database's",
    )


def test_a_column_that_names_the_collation_of_its_database_has_no_other() -> None:
    text = TypeName("", "nvarchar", ("50",))
    mine = Table("dbo", "T", (Column("a", text),))
    theirs = Table("dbo", "T", (Column("a", text, collation="Latin1_General_CI_AS"),))
    target = database(theirs, collation="latin1_general_ci_as")
    found = compare(database(mine), target, options())
    assert told(found) == [("t", "same", (), ())]
    assert found.goal.objects == {theirs.key: theirs}


def test_a_foreign_key_that_names_no_columns_means_the_primary_key() -> None:
    parent = TABLE._replace(keys=(UniqueKey("PK", True, "CLUSTERED", (KeyColumn("a"),)),))
    reference = ForeignKey("FK", ("x",), "dbo", "T", ())
    child = Table("dbo", "C", (Column("x", INT),), foreign_keys=(reference,))
    written = child._replace(foreign_keys=(reference._replace(parent_columns=("a",)),))
    found = compare(database(parent, child), database(parent, written), options())
    assert told(found) == [("c", "same", (), ()), ("t", "same", (), ())]


def test_a_second_comparison_with_the_goal_finds_nothing_to_do() -> None:
    hidden = options("ignore-permissions", "ignore-indexes")
    source = database(TABLE, Table("dbo", "New", (Column("x", INT),)))
    target = database(
        TABLE._replace(
            columns=(Column("a", TypeName("", "bigint")), Column("b", INT)),
            indexes=(Index("IX", "NONCLUSTERED", False, (KeyColumn("a"),)),),
        ),
        key_table(),
    )
    found = compare(source, target, hidden)
    again = compare(source, found.goal, hidden)
    assert {each.verdict.value for each in again.objects} == {"same"}
    assert again.goal.objects == found.goal.objects


def key_table() -> Table:
    found = Table("dbo", "Old", (Column("y", TypeName("", "date")),))
    assert found.key == key(Kind.TABLE, "dbo", "old")
    return found
