"""When a change may run: before the bounce, after it, or never while code runs."""

import pytest

from tests.schema.mssql.planning import phases, script, table

T = table("Id int NOT NULL CONSTRAINT PK_T PRIMARY KEY", "A varchar(20) NULL")
P = "CREATE PROCEDURE dbo.p {} AS SELECT {} FROM dbo.T"


def a(type_: str) -> str:
    """A table with a column of a type."""
    return table("Id int NOT NULL", f"A {type_}")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", T, "expand: create Table dbo.t"),
        (T, "", "contract: drop Table dbo.t"),
        (table("Id int NOT NULL"), a("int NULL"), "expand: create column dbo.t.a"),
        (table("Id int NOT NULL"), a("int NOT NULL DEFAULT 0"), "expand: create column dbo.t.a"),
        (table("Id int NOT NULL"), a("int NOT NULL"), "lockstep: create column dbo.t.a"),
        (a("int"), table("Id int NOT NULL"), "contract: drop column dbo.t.a"),
        (a("varchar(20)"), a("varchar(40)"), "expand: alter column dbo.t.a"),
        (a("varchar(20)"), a("varchar(10)"), "contract: alter column dbo.t.a"),
        (a("int"), a("bigint"), "expand: alter column dbo.t.a"),
        (a("int NOT NULL"), a("int NULL"), "expand: alter column dbo.t.a"),
        (a("int NULL"), a("int NOT NULL"), "contract: alter column dbo.t.a"),
        (a("varchar(20)"), a("int"), "lockstep: alter column dbo.t.a"),
        (T, T + script("CREATE INDEX IX ON dbo.T (A)"), "expand: create index dbo.t.ix"),
        (T, T + script("CREATE UNIQUE INDEX IX ON dbo.T (A)"), "contract: create index dbo.t.ix"),
        (T + script("CREATE INDEX IX ON dbo.T (A)"), T, "contract: drop index dbo.t.ix"),
        (
            T,
            T + script("ALTER TABLE dbo.T ADD CONSTRAINT CK CHECK (A > '')"),
            "contract: create check constraint dbo.t.ck",
        ),
        (
            T + script("ALTER TABLE dbo.T ADD CONSTRAINT CK CHECK (A > '')"),
            T,
            "expand: drop check constraint dbo.t.ck",
        ),
        (
            T,
            "-- @renamed from=dbo.T\n" + T.replace("dbo.T", "dbo.N"),
            "lockstep: rename Table dbo.t",
        ),
        (
            T + script(P.format("", "Id")),
            T + script(P.format("", "Id, A")),
            "expand: alter StoredProcedure dbo.p",
        ),
        (
            T + script(P.format("", "Id")),
            T + script(P.format("@x int = 1", "Id")),
            "expand: alter StoredProcedure dbo.p",
        ),
        (
            T + script(P.format("", "Id")),
            T + script(P.format("@x int", "Id")),
            "lockstep: alter StoredProcedure dbo.p",
        ),
        (
            T + script(P.format("@x int", "Id")),
            T + script(P.format("", "Id")),
            "lockstep: alter StoredProcedure dbo.p",
        ),
        (
            T + script(P.format("", "Id, A")),
            T + script(P.format("", "Id")),
            "lockstep: alter StoredProcedure dbo.p",
        ),
        (
            T + script(P.format("", "Id")),
            T + script(P.format("", "*")),
            "lockstep: alter StoredProcedure dbo.p",
        ),
    ],
)
def test_when(old: str, new: str, expected: str) -> None:
    assert phases(old, new) == [expected]


def test_what_is_in_the_way_runs_with_its_cause() -> None:
    index = script("CREATE INDEX IX ON dbo.T (A)")

    assert phases(a("int NULL") + index, a("int NOT NULL") + index) == [
        "contract: (drop index dbo.t.ix)",
        "contract: alter column dbo.t.a",
        "contract: (create index dbo.t.ix)",
    ]


def test_nothing_runs_before_what_it_needs() -> None:
    old = script("CREATE PROCEDURE dbo.x AS SELECT 1 AS a")
    new = script("CREATE VIEW dbo.x AS SELECT 1 AS a")

    assert phases(old, new) == [
        "contract: drop StoredProcedure dbo.x",
        "contract: create View dbo.x",
    ]


def test_what_is_made_anew_is_not_missing_in_between() -> None:
    old = a("int") + script("CREATE INDEX IX ON dbo.T (A)")
    new = table("Id int NOT NULL", "A int", "B int NOT NULL") + script(
        "CREATE INDEX IX ON dbo.T (A, B) INCLUDE (Id)"
    )

    assert phases(old, new) == [
        "lockstep: create column dbo.t.b",
        "lockstep: alter index dbo.t.ix",
    ]
