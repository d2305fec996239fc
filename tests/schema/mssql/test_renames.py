"""Hints of renames: done when they are still to be, silent when they were, else refused."""

from typing import NamedTuple

import pytest

from pipeline.errors import CheckFailed
from pipeline.schema.diff.mssql.carried import carried
from pipeline.schema.diff.mssql.compare import compare
from pipeline.schema.diff.mssql.renames import Renames, resolve
from pipeline.schema.model.mssql.database import Database, Rename
from pipeline.schema.model.mssql.items import Item
from pipeline.schema.model.mssql.names import Kind, key
from pipeline.schema.model.mssql.shared import Permission, Property, TypeName
from pipeline.schema.model.mssql.tables import (
    Check,
    Column,
    ForeignKey,
    Index,
    KeyColumn,
    Statistics,
    Table,
    UniqueKey,
)
from pipeline.schema.model.names import Key
from pipeline.schema.normalise.mssql.options import Options
from pipeline.verdict import Verdict

NONE = Options(frozenset())
INT = TypeName("", "int")


def name(full: str) -> Key:
    schema, _, short = full.rpartition(".")
    return key(Kind.TABLE, schema or "dbo", short)


def database(tables: str, *hints: str, dropped: tuple[str, ...] = ()) -> Database:
    """A database of `A(x y) B(z)`, with hints `new<-old` and `table.new<-old` of columns."""
    made = []
    for each in tables.replace(")", ")|").split("|"):
        full, _, columns = each.strip().rstrip(")").partition("(")
        if full:
            found = name(full)
            schema, _, short = full.rpartition(".")
            written = tuple(Column(each, INT) for each in columns.split())
            made.append(Table(schema or "dbo", short, written))
            assert made[-1].key == found
    renames = []
    for hint in hints:
        new, _, old = hint.partition("<-")
        table, dot, column = new.partition(".")
        if dot and not old.count("."):
            renames.append(Rename(name(table), "", old, column))
        else:
            schema, _, short = old.rpartition(".")
            renames.append(Rename(name(new), schema or "dbo", short))
    base = Database.of(made)
    return Database(
        base.objects,
        renames=tuple(renames),
        places={each.key: f"{each.name}.sql:1" for each in made},
        dropped=dropped,
    )


class Case(NamedTuple):
    """Hints of the source, and which of them are done: `new<-old`, for columns too."""

    source: Database
    target: Database
    done: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


CASES = {
    "an object": Case(database("B(x)", "B<-A"), database("A(x)"), ("dbo.b<-dbo.a",)),
    "done already": Case(database("B(x)", "B<-A"), database("B(x)")),
    "an empty target": Case(database("B(x)", "B<-A"), database("")),
    "another schema": Case(
        database("app.A(x)", "app.A<-dbo.A"), database("A(x)"), ("app.a<-dbo.a",)
    ),
    "a chain": Case(
        database("B(x) C(y)", "B<-A", "C<-B"),
        database("A(x) B(y)"),
        ("dbo.b<-dbo.a", "dbo.c<-dbo.b"),
    ),
    "a chain done already": Case(database("B(x) C(y)", "B<-A", "C<-B"), database("B(x) C(y)")),
    "half of a chain": Case(
        database("B(x) C(y)", "B<-A", "C<-B"), database("A(x) C(y)"), ("dbo.b<-dbo.a",)
    ),
    "a swap": Case(
        database("A(x) B(y)", "A<-B", "B<-A"),
        database("A(y) B(x)"),
        ("dbo.a<-dbo.b", "dbo.b<-dbo.a"),
    ),
    "a swap done already": Case(database("A(x) B(y)", "A<-B", "B<-A"), database("A(x) B(y)")),
    "the old name is used anew": Case(
        database("A(z) B(x)", "B<-A"), database("A(x)"), ("dbo.b<-dbo.a",)
    ),
    "the old name is used anew, done already": Case(
        database("A(z) B(x)", "B<-A"), database("A(z) B(x)")
    ),
    "a history of names": Case(
        database("C(x)", "C<-A", "C<-B"), database("B(x)"), ("dbo.c<-dbo.b",)
    ),
    "the old one may go": Case(
        database("B(x)", "B<-A", dropped=("dbo.A",)), database("A(x) B(x)")
    ),
    "a column": Case(database("A(y)", "A.y<-x"), database("A(x)"), ("dbo.a.y<-x",)),
    "a column done already": Case(database("A(y)", "A.y<-x"), database("A(y)")),
    "a column of a renamed table": Case(
        database("B(y)", "B<-A", "B.y<-x"),
        database("A(x)"),
        ("dbo.b<-dbo.a", "dbo.b.y<-x"),
    ),
    "columns in a chain": Case(
        database("A(y z)", "A.y<-x", "A.z<-y"),
        database("A(x y)"),
        ("dbo.a.y<-x", "dbo.a.z<-y"),
    ),
    "neither is there": Case(
        database("B(x)", "B<-A"),
        database("C(x)"),
        (),
        ("B.sql:1: neither dbo.a nor dbo.b is in the target: dbo.b is made new",),
    ),
}


def done(renames: Renames) -> tuple[str, ...]:
    objects = [
        f"{new.schema}.{new.name}<-{old.schema}.{old.name}" for new, old in renames.objects.items()
    ]
    columns = [
        f"{table.schema}.{table.name}.{new}<-{old}"
        for table, found in renames.columns.items()
        for new, old in found.items()
    ]
    return tuple(sorted(objects)) + tuple(sorted(columns))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_hint_is_followed_while_it_is_to_be(case: Case) -> None:
    found = resolve(case.source, case.target)
    assert (done(found), found.notes) == (case.done, case.notes)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_way_back_comes_back(case: Case) -> None:
    found = resolve(case.source, case.target)
    assert found.inverse().inverse() == found


REFUSED = {
    "both are there": (
        database("B(x)", "B<-A"),
        database("A(x) B(x)"),
        "B.sql:1: both dbo.a and dbo.b are in the target: dbo.a cannot be renamed to dbo.b",
    ),
    "two old ones": (
        database("C(x)", "C<-A", "C<-B"),
        database("A(x) B(x)"),
        "C.sql:1: dbo.a and dbo.b are both in the target: only one of them can be renamed to "
        "dbo.c",
    ),
    "one old one for two": (
        database("B(x) C(x)", "B<-A", "C<-A"),
        database("A(x)"),
        "C.sql:1: dbo.a cannot be renamed to both dbo.b and dbo.c",
    ),
    "a swap that cannot be told": (
        database("A(x w) B(y)", "A<-B", "B<-A"),
        database("A(y) B(x)"),
        "A.sql:1: dbo.b and dbo.a are to exchange their names, but they have changed too: "
        "whether it is done already cannot be told; "
        "B.sql:1: dbo.a and dbo.b are to exchange their names, but they have changed too: "
        "whether it is done already cannot be told",
    ),
    "both columns": (
        database("A(y)", "A.y<-x"),
        database("A(x y)"),
        "A.sql:1: both dbo.A.x and dbo.A.y are in the target: "
        "dbo.A.x cannot be renamed to dbo.A.y",
    ),
}


@pytest.mark.parametrize(("source", "target", "message"), REFUSED.values(), ids=REFUSED)
def test_a_hint_that_cannot_be_followed_is_refused(
    source: Database, target: Database, message: str
) -> None:
    with pytest.raises(CheckFailed) as refused:
        resolve(source, target)
    assert str(refused.value) == message


def orders(table: str, column: str) -> Table:
    """A table where a column is named in every place that follows it."""
    return Table(
        "dbo",
        table,
        (Column("Id", INT), Column(column, INT)),
        keys=(UniqueKey("UQ", False, "NONCLUSTERED", (KeyColumn(column),)),),
        foreign_keys=(ForeignKey("FK", (column,), "dbo", table, ("Id",)),),
        checks=(Check("CK", f"[{column}] > 0"),),
        indexes=(Index("IX", "NONCLUSTERED", False, (KeyColumn("Id"),), (column,)),),
        statistics=(Statistics("ST", (column,)),),
        permissions=(Permission("GRANT", "SELECT", "bob", (column,)),),
        properties=(Property("MS_Description", "N'x'", "COLUMN", column),),
    )


def test_what_follows_a_rename_is_no_difference() -> None:
    new, old = orders("Orders", "Total"), orders("Order", "Sum")
    source = Database(
        {new.key: new},
        renames=(Rename(new.key, "dbo", "Order"), Rename(new.key, "", "Sum", "Total")),
    )
    target = Database({old.key: old})
    found = compare(source, target, NONE)
    assert [(each.key, each.verdict, each.because, each.ignored) for each in found.objects] == [
        (
            new.key,
            Verdict.DIFFERENT,
            ("renamed from dbo.Order", "column Total: renamed from Sum"),
            (),
        )
    ]
    assert found.goal.objects == {new.key: new}
    assert found.objects[0].target == old
    assert carried(target, found.renames.carry(source)) == {new.key: new}


def test_a_member_and_a_grantee_follow_a_user() -> None:
    def side(user: str) -> list[Item | Table]:
        return [
            Item(Kind.USER, "", user, (("login", "[x]"),)),
            Item(Kind.ROLE, "", "clerks", ((f"member:{user}", "ON"),)),
            Table("dbo", "T", permissions=(Permission("GRANT", "SELECT", user),)),
        ]

    source = Database.of(side("eve"))
    hinted = Database(source.objects, renames=(Rename(key(Kind.USER, "", "eve"), "", "bob"),))
    found = compare(hinted, Database.of(side("bob")), NONE)
    assert [(each.key.kind, each.because) for each in found.objects if each.because] == [
        ("User", ("renamed from bob",))
    ]
