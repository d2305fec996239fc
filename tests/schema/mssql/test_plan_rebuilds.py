"""A table is made anew only where nothing less does, and then all that it had is there again."""

import pytest

from tests.schema.mssql.planning import options, planned, script, steps, table

T = table("Id int NOT NULL CONSTRAINT PK_T PRIMARY KEY", "A int NULL")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            table("Id int", "C int"),
            table("Id int", "B int NULL", "C int"),
            ["create column dbo.t.b"],
            id="a column in the middle",
        ),
        pytest.param(
            table("Id int", "A varchar(max)"),
            table("Id int", "A varchar(250)"),
            ["alter column dbo.t.a"],
            id="varchar(max) to varchar(250)",
        ),
        pytest.param(
            T,
            T.replace("PK_T", "PK_New"),
            ["rename key dbo.t.pk_t"],
            id="another name of the primary key",
        ),
        pytest.param(
            table("Id int", "A text"),
            table("Id int", "A varchar(max)"),
            ["alter column dbo.t.a"],
            id="text to varchar(max)",
        ),
        pytest.param(
            T,
            T.replace(")\nGO", ") WITH (DATA_COMPRESSION = PAGE)\nGO"),
            ["alter Table dbo.t"],
            id="compression",
        ),
        pytest.param(
            table("Id int IDENTITY"),
            table("Id bigint IDENTITY"),
            ["alter column dbo.t.id"],
            id="the type of an identity",
        ),
        pytest.param(
            table("Id int IDENTITY"),
            table("Id int IDENTITY NOT FOR REPLICATION"),
            ["alter column dbo.t.id"],
            id="NOT FOR REPLICATION of an identity",
        ),
        pytest.param(
            table("Id int", "A AS (Id * 2)"),
            table("Id int", "A AS (Id * 3)"),
            ["drop column dbo.t.a", "create column dbo.t.a"],
            id="the expression of a computed column",
        ),
        pytest.param(
            table("Id int", "A AS (Id * 2) PERSISTED NOT NULL"),
            table("Id int", "A AS ((Id*2)) PERSISTED NOT NULL"),
            [],
            id="a computed column that is only written otherwise",
        ),
        pytest.param(
            T,
            T.replace(")\nGO", ") ON FG2\nGO"),
            ["drop key dbo.t.pk_t", "create key dbo.t.pk_t"],
            id="another filegroup, by the clustered key",
        ),
        pytest.param(
            table("Id int", "At rowversion"),
            table("Id int", "At int NULL"),
            ["rebuild Table dbo.t"],
            id="rowversion to int",
        ),
    ],
)
def test_the_least_is_done(old: str, new: str, expected: list[str]) -> None:
    assert steps(old, new) == expected


@pytest.mark.parametrize(
    ("old", "new", "because"),
    [
        (table("Id int"), table("Id int IDENTITY"), "IDENTITY of Id cannot be altered"),
        (table("Id int IDENTITY"), table("Id int"), "IDENTITY of Id cannot be altered"),
        (
            table("Id int IDENTITY"),
            table("Id int IDENTITY (100, 1)"),
            "IDENTITY of Id cannot be altered",
        ),
        (
            table("Id int", "A AS (Id * 2)"),
            table("Id int", "A int NULL"),
            "A is no longer computed, and keeps its values",
        ),
        (
            table("Id int"),
            table("Id int").replace(")\nGO", ") ON FG2\nGO"),
            "a heap cannot be moved to another place",
        ),
        (
            table("Id int", "A sql_variant"),
            table("Id int", "A int"),
            "the type of A cannot be altered",
        ),
    ],
)
def test_the_rebuild_says_why(old: str, new: str, because: str) -> None:
    assert [(each.operation.verb, each.operation.because) for each in planned(old, new)] == [
        ("rebuild", because)
    ]


def test_columns_are_put_in_order_only_when_asked_for() -> None:
    old, new = table("Id int", "C int"), table("Id int", "B int NULL", "C int")

    assert steps(old, new, options("force-column-order")) == ["rebuild Table dbo.t"]


def test_all_that_hung_on_a_table_is_there_again_after_a_rebuild() -> None:
    rest = script(
        "CREATE TABLE dbo.C (T int CONSTRAINT FK_C REFERENCES dbo.T (Id))",
        "CREATE INDEX IX ON dbo.T (A)",
        "CREATE STATISTICS ST ON dbo.T (A)",
        "CREATE TRIGGER dbo.TR ON dbo.T AFTER INSERT AS PRINT 'x'",
        "CREATE USER u WITHOUT LOGIN",
        "GRANT SELECT ON dbo.T TO u",
        "GRANT UPDATE ON dbo.T (A) TO u",
        "EXEC sp_addextendedproperty N'x', N'y', N'SCHEMA', N'dbo', N'TABLE', N'T', "
        "N'COLUMN', N'A'",
        "CREATE VIEW dbo.V WITH SCHEMABINDING AS SELECT Id FROM dbo.T",
    )

    assert steps(T + rest, T.replace("Id int", "Id int IDENTITY") + rest) == [
        "(drop View dbo.v)",
        "(drop foreign key dbo.c.fk_c)",
        "rebuild Table dbo.t",
        "(create index dbo.t.ix)",
        "(create statistics dbo.t.st)",
        "(create foreign key dbo.c.fk_c)",
        "(create View dbo.v)",
        "(create trigger dbo.t.tr)",
        "(create permission dbo.t.select to u)",
        "(create permission dbo.t.update to u (a))",
        "(create extended property dbo.t.column a: x)",
    ]


PERIOD = (
    "F datetime2 GENERATED ALWAYS AS ROW START NOT NULL",
    "U datetime2 GENERATED ALWAYS AS ROW END NOT NULL",
    "PERIOD FOR SYSTEM_TIME (F, U)",
)


def temporal(*columns: str, key: str = "Id int NOT NULL CONSTRAINT PK PRIMARY KEY") -> str:
    """A versioned table whose history no script makes."""
    made = table(key, *columns, *PERIOD)
    versioned = ") WITH (SYSTEM_VERSIONING = ON (HISTORY_TABLE = dbo.H))\nGO"
    return made.replace(")\nGO", versioned)


def history(*columns: str) -> str:
    """Its history, as a script."""
    return table(*columns, "F datetime2 NOT NULL", "U datetime2 NOT NULL", name="H")


def test_a_versioned_table_gets_a_column_while_its_history_is_kept() -> None:
    old = history("Id int NOT NULL", "A int NULL") + temporal("A int NULL")
    new = history("Id int NOT NULL", "A bigint NULL", "B int NULL")
    new += temporal("A bigint NULL", "B int NULL")

    assert steps(old, new) == ["alter column dbo.t.a", "create column dbo.t.b"]


def test_what_the_server_does_not_do_to_a_history_is_done_while_versioning_rests() -> None:
    wide = "Id bigint NOT NULL CONSTRAINT PK PRIMARY KEY"

    assert steps(temporal("A int NULL"), temporal("A int NULL", key=wide)) == [
        "(drop system versioning dbo.t)",
        "(drop key dbo.t.pk)",
        "alter column dbo.h.id",
        "alter column dbo.t.id",
        "(create key dbo.t.pk)",
        "(create system versioning dbo.t)",
    ]
    assert steps(temporal("A int NULL"), temporal("A int NULL", "B AS (A * 2)")) == [
        "(drop system versioning dbo.t)",
        "create column dbo.t.b",
        "(create system versioning dbo.t)",
    ]


def test_a_rebuilt_table_keeps_its_history() -> None:
    numbered = "Id int IDENTITY NOT NULL CONSTRAINT PK PRIMARY KEY"

    assert steps(temporal("A int NULL"), temporal("A int NULL", key=numbered)) == [
        "(drop system versioning dbo.t)",
        "rebuild Table dbo.t",
        "(create system versioning dbo.t)",
    ]


def test_a_history_that_the_server_made_goes_with_its_table() -> None:
    assert steps(temporal("A int NULL"), "") == [
        "drop system versioning dbo.t",
        "drop Table dbo.h",
        "drop Table dbo.t",
    ]
