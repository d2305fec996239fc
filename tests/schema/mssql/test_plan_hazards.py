"""What a change costs, and the question about the rows that decides whether it does."""

import pytest

from tests.schema.mssql.planning import guards, hazards, options, script, table

T = table("Id int NOT NULL CONSTRAINT PK_T PRIMARY KEY", "A varchar(20) NULL")


def a(type_: str) -> str:
    """A table with a column of a type."""
    return table("Id int NOT NULL", f"A {type_}")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(a("varchar(20)"), a("varchar(40)"), id="a longer text"),
        pytest.param(a("varchar(20) NOT NULL"), a("varchar(20) NULL"), id="NOT NULL to NULL"),
        pytest.param(table("Id int NOT NULL"), a("int NULL"), id="a new column"),
        pytest.param(table("Id int NOT NULL"), a("int NOT NULL DEFAULT 0"), id="with a default"),
        pytest.param("", T + script("CREATE INDEX IX ON dbo.T (A)"), id="a new table"),
        pytest.param(
            T,
            T.replace("A varchar", "C int NULL REFERENCES dbo.T (Id), A varchar"),
            id="a new column that refers",
        ),
        pytest.param("", script("CREATE PROCEDURE dbo.p AS SELECT 1 AS a"), id="a procedure"),
    ],
)
def test_this_costs_nothing(old: str, new: str) -> None:
    assert (hazards(old, new), guards(old, new)) == ([], [])


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (T, "", ["breaks-old-code", "drops-object", "loses-data"]),
        (a("int"), table("Id int NOT NULL"), ["breaks-old-code", "loses-data"]),
        (a("int"), a("bigint"), ["locks-table"]),
        (a("varchar(20)"), a("varchar(10)"), ["locks-table", "may-fail"]),
        (a("int NULL"), a("int NOT NULL"), ["locks-table", "may-fail"]),
        (a("decimal(10, 4)"), a("decimal(10, 2)"), ["locks-table", "loses-data"]),
        (a("nvarchar(20)"), a("varchar(20)"), ["locks-table", "loses-data"]),
        (a("datetime2(3)"), a("date"), ["locks-table", "loses-data"]),
        (
            a("varchar(20)"),
            a("int"),
            ["breaks-old-code", "locks-table", "lockstep", "may-fail"],
        ),
        (a("date"), a("int"), ["lockstep", "loses-data"]),
        (
            table("Id int NOT NULL"),
            a("int NOT NULL"),
            ["breaks-old-code", "lockstep", "may-fail"],
        ),
        (
            table("Id int"),
            table("Id int IDENTITY"),
            ["breaks-old-code", "lockstep", "may-fail", "rebuilds-table"],
        ),
        (a("int DEFAULT 0"), a("int DEFAULT 1"), ["changes-behaviour"]),
        (
            a("varchar(20)"),
            a("varchar(20) COLLATE Latin1_General_BIN2"),
            ["changes-behaviour", "locks-table"],
        ),
        (T, T + script("CREATE INDEX IX ON dbo.T (A)"), ["locks-table"]),
        (T, T + script("CREATE UNIQUE INDEX IX ON dbo.T (A)"), ["locks-table", "may-fail"]),
        (T, T + script("ALTER TABLE dbo.T ADD CHECK (A > '')"), ["locks-table", "may-fail"]),
        (T, T + script("ALTER TABLE dbo.T WITH NOCHECK ADD CHECK (A > '')"), []),
        (
            T,
            T + script("CREATE TRIGGER dbo.TR ON dbo.T AFTER INSERT AS PRINT 'x'"),
            ["changes-behaviour"],
        ),
        (
            "",
            script("CREATE FULLTEXT CATALOG ft"),
            ["not-transactional"],
        ),
    ],
)
def test_this_costs(old: str, new: str, expected: list[str]) -> None:
    assert sorted({each.partition(":")[0] for each in hazards(old, new)}) == expected


def test_a_hazard_names_what_pays_and_says_why() -> None:
    assert hazards(a("int"), table("Id int NOT NULL")) == [
        "breaks-old-code:dbo.T.A: old code may use the column",
        "loses-data:dbo.T.A: the values of the column are dropped",
    ]


@pytest.mark.parametrize(
    ("old", "new", "asked"),
    [
        (a("int NULL"), a("int NOT NULL"), "SELECT 1 FROM [dbo].[T] WHERE [A] IS NULL"),
        (a("varchar(20)"), a("varchar(10)"), "SELECT 1 FROM [dbo].[T] WHERE LEN([A]) > 10"),
        (
            a("varbinary(20)"),
            a("varbinary(10)"),
            "SELECT 1 FROM [dbo].[T] WHERE DATALENGTH([A]) > 10",
        ),
        (
            a("varchar(20)"),
            a("int"),
            "SELECT 1 FROM [dbo].[T] WHERE [A] IS NOT NULL AND TRY_CONVERT(int, [A]) IS NULL",
        ),
        (
            a("decimal(10, 4)"),
            a("decimal(10, 2)"),
            "SELECT 1 FROM [dbo].[T] WHERE "
            "CONVERT(decimal(10, 4), TRY_CONVERT(decimal(10, 2), [A])) <> [A]",
        ),
        (table("Id int NOT NULL"), a("int NOT NULL"), "SELECT 1 FROM [dbo].[T]"),
        (
            T,
            T + script("CREATE UNIQUE INDEX IX ON dbo.T (A) WHERE A > ''"),
            "SELECT 1 FROM [dbo].[T] WHERE A > '' GROUP BY [A] HAVING COUNT_BIG(*) > 1",
        ),
        (
            T,
            T + script("ALTER TABLE dbo.T ADD CONSTRAINT CK CHECK (A > '')"),
            "SELECT 1 FROM [dbo].[T] WHERE NOT (A > '')",
        ),
        (
            T + table("B int", name="C"),
            T + table("B int CONSTRAINT FK REFERENCES dbo.T", name="C"),
            "SELECT 1 FROM [dbo].[C] AS c WHERE c.[B] IS NOT NULL AND "
            "NOT EXISTS (SELECT 1 FROM [dbo].[T] AS p WHERE p.[Id] = c.[B])",
        ),
    ],
)
def test_rows_decide(old: str, new: str, asked: str) -> None:
    assert guards(old, new) == [asked]


def test_an_old_server_is_asked_in_its_own_words() -> None:
    assert guards(a("varchar(20)"), a("int"), options(version=2008)) == [
        "SELECT 1 FROM [dbo].[T] WHERE [A] IS NOT NULL AND ISNUMERIC([A]) = 0"
    ]


def test_an_index_that_is_built_online_locks_nothing() -> None:
    new = T + script("CREATE INDEX IX ON dbo.T (A)")

    assert hazards(T, new, options("online")) == []
    assert hazards(T, new, options("online", edition="standard")) == [
        "locks-table:dbo.T.IX: it is built over all rows"
    ]


def test_what_is_only_in_the_way_costs_the_time_to_make_it_again() -> None:
    index = script("CREATE INDEX IX ON dbo.T (A)")

    assert hazards(a("int") + index, a("bigint") + index) == [
        "locks-table:dbo.T.A: every row is written anew",
        "locks-table:dbo.T.IX: it is built again",
    ]
