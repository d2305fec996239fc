"""Renames come first; what does not let a name go makes way before."""

from pipeline.schema.diff.mssql.compare import compare
from pipeline.schema.diff.mssql.operations import plan
from pipeline.schema.diff.mssql.renames import Renames
from tests.schema.mssql.planning import STRICT, line, script, steps, table
from tests.schema.mssql.reading import database


def test_a_rename_keeps_all_that_follows_by_itself() -> None:
    old = table("Id int NOT NULL CONSTRAINT PK PRIMARY KEY", "A int") + script(
        "CREATE INDEX IX ON dbo.T (A)",
        "CREATE TABLE dbo.C (T int CONSTRAINT FK REFERENCES dbo.T (Id))",
    )
    new = old.replace("dbo.T ", "dbo.N ").replace("A int", "B int").replace("(A)", "(B)")
    new = new.replace("CREATE TABLE dbo.N", "-- @renamed from=dbo.T\nCREATE TABLE dbo.N")
    new = new.replace("B int", "B int -- @renamed from=A\n")

    assert steps(old, new) == ["rename Table dbo.t", "rename column dbo.n.a"]


def test_what_holds_a_name_is_taken_down_under_the_old_one() -> None:
    old = table("Id int NOT NULL", "A int", "CONSTRAINT CK CHECK (A > 0)", "B AS (A * 2)")
    old += script(
        "CREATE VIEW dbo.V WITH SCHEMABINDING AS SELECT Id, A FROM dbo.T",
        "CREATE INDEX IX ON dbo.T (Id) WHERE A > 1",
    )
    new = table(
        "Id int NOT NULL",
        "N int -- @renamed from=A\n",
        "CONSTRAINT CK CHECK (N > 0)",
        "B AS (N * 2)",
    )
    new += script(
        "CREATE VIEW dbo.V WITH SCHEMABINDING AS SELECT Id, N FROM dbo.T",
        "CREATE INDEX IX ON dbo.T (Id) WHERE N > 1",
    )

    assert steps(old, new) == [
        "drop View dbo.v",
        "(drop index dbo.t.ix)",
        "(drop check constraint dbo.t.ck)",
        "(drop column dbo.t.b)",
        "rename column dbo.t.a",
        "(create column dbo.t.b)",
        "(create check constraint dbo.t.ck)",
        "(create index dbo.t.ix)",
        "create View dbo.v",
    ]


def test_names_are_exchanged_through_a_third_one() -> None:
    old = table("Id int", name="A") + table("X int", name="B")
    new = "-- @renamed from=dbo.B\n" + table("X int", name="A")
    new += "-- @renamed from=dbo.A\n" + table("Id int", name="B")

    assert steps(old, new) == [
        "rename Table dbo.a",
        "rename Table dbo.b",
        "rename Table dbo.tmp_farmhand_a",
    ]


def test_columns_exchange_names_too() -> None:
    old = table("A int", "B varchar(10)")
    new = table("B int -- @renamed from=A\n", "A varchar(10) -- @renamed from=B\n")

    assert steps(old, new) == [
        "rename column dbo.t.a",
        "rename column dbo.t.b",
        "rename column dbo.t.tmp_farmhand_a",
    ]


def test_a_name_that_is_left_is_taken_by_something_new() -> None:
    old = table("Id int", name="A")
    new = "-- @renamed from=dbo.A\n" + table("Id int", name="B") + table("X int", name="A")

    assert steps(old, new) == ["rename Table dbo.a", "create Table dbo.a"]


def test_what_is_to_go_steps_aside_for_a_name_that_comes_back() -> None:
    old = table("Id int", name="A")
    new = "-- @renamed from=dbo.A\n" + table("Id int", name="B") + table("X int", name="A")
    target, source = database(old), database(new)
    found = compare(source, target, STRICT)
    back = plan(found.goal, target, found.renames.inverse(), STRICT)

    assert [line(each.operation) for each in back] == [
        "rename Table dbo.a",
        "rename Table dbo.b",
        "drop Table dbo.tmp_farmhand_a",
    ]


def test_an_object_moves_to_another_schema_and_gets_its_permissions_again() -> None:
    before = script("CREATE SCHEMA s", "CREATE USER u WITHOUT LOGIN")
    old = before + table("Id int") + script("GRANT SELECT ON dbo.T TO u")
    new = before + "-- @renamed from=dbo.T\nCREATE TABLE s.T (Id int)\nGO\n"
    new += script("GRANT SELECT ON s.T TO u")

    assert steps(old, new) == ["transfer Table dbo.t", "(create permission s.t.select to u)"]


def test_the_text_of_a_renamed_procedure_follows() -> None:
    old = script("CREATE PROCEDURE dbo.p AS SELECT 1 AS a")
    new = script("-- @renamed from=dbo.p\nCREATE PROCEDURE dbo.q AS SELECT 1 AS a")

    assert steps(old, new) == ["rename StoredProcedure dbo.p", "alter StoredProcedure dbo.q"]


def test_constraints_and_indexes_are_renamed_with_their_properties() -> None:
    described = (
        "EXEC sp_addextendedproperty N'x', N'y', N'SCHEMA', N'dbo', N'TABLE', N'T', "
        "N'CONSTRAINT', N'{0}CK'"
    )
    old = table(
        "Id int CONSTRAINT {0}DF DEFAULT 0",
        "CONSTRAINT {0}PK PRIMARY KEY (Id)",
        "CONSTRAINT {0}CK CHECK (Id > 0)",
        "A int CONSTRAINT {0}FK REFERENCES dbo.T (Id)",
    )
    old += script("CREATE INDEX {0}IX ON dbo.T (A)", described)

    assert steps(old.format("a"), old.format("b")) == [
        "rename default constraint dbo.t.id",
        "rename key dbo.t.apk",
        "rename check constraint dbo.t.ack",
        "rename index dbo.t.aix",
        "rename foreign key dbo.t.afk",
    ]


def test_a_name_that_the_server_chooses_takes_a_new_constraint() -> None:
    named = table("Id int CONSTRAINT DF DEFAULT 0", "CONSTRAINT PK PRIMARY KEY (Id)")
    unnamed = table("Id int DEFAULT 0", "PRIMARY KEY (Id)")

    found = plan(database(named), database(unnamed), Renames(), STRICT)

    assert [line(each.operation) for each in found] == [
        "drop key dbo.t.pk",
        "drop default constraint dbo.t.id",
        "create default constraint dbo.t.id",
        "create key dbo.t.primary key (id)",
    ]
