"""Whole scripts: batches, settings, guards, statements about rows, hints, what is unreadable."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import BadSchema
from pipeline.schema.model.mssql.database import Database, Rename
from pipeline.schema.model.mssql.items import Unreadable
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind, key
from pipeline.schema.model.mssql.shared import TypeName
from pipeline.schema.model.mssql.tables import Column, Table
from pipeline.schema.readers.tsql_folder import from_folder
from pipeline.schema.syntax.mssql import batches as batching
from pipeline.schema.syntax.mssql.batches import batches
from pipeline.schema.syntax.mssql.read import SourceFile, read_database
from tests.schema.mssql.reading import database, objects

INT = TypeName("", "int")
SAMPLES = Path(__file__).parents[3].parent / "shared" / "samples"


def table(name: str, *columns: str) -> Table:
    return Table("dbo", name, tuple(Column(each, INT) for each in columns or ("a",)))


def texts(script: str) -> list[str]:
    return [each.script.between(each.first, each.end) for each in batches("a.sql", script)]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("a\nGO\nb", ["a", "b"]),
        ("a\r\n  go  \r\nb\r\nGO", ["a", "b"]),
        ("GO\nGO\na\nGo 5\nb\nGO -- done\nc\nGO /* too */\n", ["a", "b", "c"]),
        ("a GO b", ["a GO b"]),
        ("SELECT '\nGO\n' /*\nGO\n*/ , [\nGO\n]", ["SELECT '\nGO\n' /*\nGO\n*/ , [\nGO\n]"]),
        ("SELECT a AS\ngo, b", ["SELECT a AS\ngo, b"]),
        ("-- nothing\nGO\n", []),
    ],
)
def test_go_ends_a_batch_only_where_it_stands_alone(script: str, expected: list[str]) -> None:
    assert texts(script) == expected


@given(st.lists(st.sampled_from(["a", "'\nGO\n'", "/*\nGO\n*/", "[\nGO\n]", "\nGO\n", " "])))
def test_a_long_script_has_the_batches_that_it_would_have_at_once(parts: list[str]) -> None:
    script = "".join(parts)
    at_once = texts(script)
    before = batching.PIECE
    try:
        batching.PIECE = 3
        assert texts(script) == at_once
    finally:
        batching.PIECE = before


def test_a_statement_of_a_long_script_keeps_its_line() -> None:
    script = "INSERT t VALUES ('a')\nGO\n" * 60_000 + "CREATE TABLE t (a int b int)"
    with pytest.raises(BadSchema) as error:
        database(script)
    assert error.value.where == "1.sql:120001:23"


def test_guarded_statements_are_read_as_if_they_ran_once() -> None:
    assert objects(
        """
IF EXISTS (SELECT * FROM sys.objects WHERE name = 'v') DROP VIEW v
GO
IF OBJECT_ID('dbo.t') IS NOT NULL
    DROP TABLE dbo.t
IF NOT EXISTS (SELECT 1 FROM sys.tables WHERE name = N't')
BEGIN
    CREATE TABLE dbo.t (a int)
END
ELSE
BEGIN
    PRINT 'it is there'
    CREATE TABLE dbo.never (a int)
END
IF COL_LENGTH('dbo.t', 'a') IS NULL ALTER TABLE dbo.t ADD a bigint, x int
IF COL_LENGTH('dbo.t', 'b') IS NULL BEGIN
    ALTER TABLE dbo.t ADD b int
END
GO
IF OBJECT_ID('t') IS NULL CREATE TABLE t (other int)
"""
    ) == [table("t", "a", "b")]


def test_text_that_is_executed_is_read() -> None:
    procedure = "ALTER PROCEDURE p AS SELECT 'it''s'"
    view = "CREATE VIEW v AS SELECT 'it''s' AS a"
    assert objects(
        f"""
IF OBJECT_ID('p') IS NULL EXEC('CREATE PROCEDURE p AS RETURN 0')
GO
{procedure}
GO
EXEC dbo.sp_executesql @statement = N'{view.replace("'", "''")}'
EXECUTE sys.sp_executesql N'CREATE TABLE ' + N't (a int)'
EXEC ('CREATE TABLE u (a int)') AS USER = 'bob'
"""
    ) == [
        Module(Kind.STORED_PROCEDURE, "dbo", "p", procedure),
        table("t"),
        table("u"),
        Module(Kind.VIEW, "dbo", "v", view),
    ]


def test_text_that_is_put_together_is_said_to_be_unknown() -> None:
    found = database("EXEC ('CREATE TABLE t (a int)' + @more)\nEXEC (@all)\nEXEC p 1, @x = 2")
    unknown = "what EXEC makes of text that is put together is not known"
    assert (list(found.objects), found.skipped, found.notes) == (
        [],
        {"EXEC": 3},
        (f"1.sql:1:1: {unknown}", f"1.sql:2:1: {unknown}"),
    )


def test_statements_about_rows_are_skipped_and_counted() -> None:
    found = database(
        """
DECLARE @i int = 0, @s varchar(max)
WHILE @i < 10
BEGIN
  INSERT t (a) VALUES (@i)
  SET @i = @i + 1
  SELECT @s = 'CREATE TABLE x (a int)' FROM t WHERE a = CASE WHEN @i = 1 THEN 2 END
END
SELECT * INTO u FROM t UNION ALL SELECT 1
UPDATE t SET a = 1 OUTPUT inserted.a FROM t JOIN u ON t.a = u.a
DELETE FROM t WHERE EXISTS (SELECT 1)
MERGE t AS x USING u AS y ON x.a = y.a WHEN MATCHED THEN UPDATE SET a = 1
  WHEN NOT MATCHED THEN INSERT (a) VALUES (1) WHEN NOT MATCHED BY SOURCE THEN DELETE;
WITH c AS (SELECT 1 a) INSERT t SELECT a FROM c
INSERT INTO t EXEC p
TRUNCATE TABLE t
SET IDENTITY_INSERT dbo.t ON
INSERT t DEFAULT VALUES
SET IDENTITY_INSERT dbo.t OFF
BULK INSERT t FROM 'x.csv' WITH (FIELDTERMINATOR = ',')
DBCC CHECKIDENT ('t', RESEED, 0)
WAITFOR DELAY '00:00:01'
UPDATE STATISTICS t
DECLARE c CURSOR FOR SELECT a FROM t
OPEN c FETCH NEXT FROM c INTO @i CLOSE c DEALLOCATE c
BACKUP DATABASE x TO DISK = 'y'
RAISERROR ('a', 16, 1) WITH NOWAIT
BEGIN TRY
  CREATE TABLE t (a int)
END TRY
BEGIN CATCH
  CREATE TABLE never (a int);
  THROW
END CATCH
PRINT 'done' GOTO last
CREATE TABLE z (a int)
"""
    )
    assert list(found.objects.values()) == [table("t"), table("z")]
    assert found.skipped == {
        "BULK": 1,
        "DELETE": 1,
        "INSERT": 3,
        "MERGE": 1,
        "SELECT": 2,
        "TRUNCATE": 1,
        "UPDATE": 1,
        "UPDATE STATISTICS": 1,
        "WITH": 1,
    }


def test_the_frame_of_a_deployment_script_is_passed() -> None:
    found = database(
        """SET NUMERIC_ROUNDABORT OFF
GO
SET ANSI_PADDING, ANSI_WARNINGS, QUOTED_IDENTIFIER, ANSI_NULLS ON
SET XACT_ABORT ON
SET TRANSACTION ISOLATION LEVEL SERIALIZABLE
GO
BEGIN TRANSACTION
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
PRINT N'Creating [dbo].[t]'
GO
CREATE TABLE [dbo].[t] ([a] [int] NULL)
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
COMMIT TRANSACTION
GO
DECLARE @Success AS BIT
SET @Success = 1
SET NOEXEC OFF
IF (@Success = 1) PRINT 'The database update succeeded'
ELSE BEGIN
    IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION
    PRINT 'The database update failed'
END
GO
"""
    )
    assert found == Database.of([table("t")])


def test_settings_are_kept_with_what_is_made_under_them() -> None:
    procedure = 'CREATE PROCEDURE p AS SELECT "a"'
    assert objects(
        f"SET QUOTED_IDENTIFIER, ANSI_NULLS OFF\nGO\n{procedure}\nGO\nSET ANSI_NULLS OFF\n"
        "CREATE TABLE t (a int)",
        "CREATE TABLE u (a int)",
    ) == [
        Module(
            Kind.STORED_PROCEDURE,
            "dbo",
            "p",
            procedure,
            quoted_identifier=False,
            ansi_nulls=False,
        ),
        table("t")._replace(ansi_nulls=False),
        table("u"),
    ]


NEW = key(Kind.TABLE, "dbo", "New")


def test_a_rename_stands_above_a_thing_or_at_a_column() -> None:
    found = database(
        """
-- @renamed from=[dbo].[Old One]
IF OBJECT_ID('dbo.New') IS NULL
BEGIN
CREATE TABLE dbo.New (
  a int, -- @renamed from=b
  -- @renamed from=c
  d int,
  e int /* @renamed from=f */
)
END
GO
/* what it does */
-- @renamed from=sales.p0
CREATE PROCEDURE p AS SELECT 1
GO
ALTER TABLE New ADD z int -- @renamed from=y
"""
    )
    assert found.renames == (
        Rename(NEW, "dbo", "Old One"),
        Rename(NEW, "", "b", "a"),
        Rename(NEW, "", "c", "d"),
        Rename(NEW, "", "f", "e"),
        Rename(key(Kind.STORED_PROCEDURE, "dbo", "p"), "sales", "p0"),
        Rename(NEW, "", "y", "z"),
    )


def test_what_is_dropped_may_be_said_in_any_comment() -> None:
    found = database(
        "-- @dropped dbo.Gone",
        "CREATE TABLE t (a int)\n/*\n * @dropped dbo.t.b\n */\nGO\n-- @dropped [a b]\n"
        "PRINT '-- @dropped nothing'",
        "CREATE PROCEDURE p AS\n-- SET @dropped = 1\n-- @dropped = @renamed\nSELECT 1",
    )
    assert found.dropped == ("dbo.Gone", "dbo.t.b", "a b")


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (
            "CREATE TABLE t (a int)\nGO\n-- @renamed from=x",
            "1.sql:3: this hint stands at nothing that can be renamed",
        ),
        (
            "-- @renamed from=x\nGRANT SELECT ON t TO public",
            "1.sql:1: this hint stands at nothing that can be renamed",
        ),
        ("-- @renamed form=x\nCREATE TABLE t (a int)", "1.sql:1: this hint says nothing"),
        ("-- @dropped\nCREATE TABLE t (a int)", "1.sql:1: this hint says nothing"),
        (
            "-- @renamed from=5\nCREATE TABLE t (a int)",
            "1.sql:1: this hint has no name: expected a name, found 5 near: 5",
        ),
    ],
)
def test_a_hint_that_helps_nobody_is_refused(script: str, message: str) -> None:
    with pytest.raises(BadSchema) as error:
        database(script)
    assert str(error.value) == message


def test_lenient_reading_knows_what_it_could_not_read() -> None:
    files = [
        SourceFile("a.sql", "CREATE TABLE t (a int FROB)\nCREATE TABLE u (a int)\nGO\nFROB x"),
        SourceFile("b.sql", "CREATE TABLE w (a int)\nGO\nCREATE VIEW v AS SELECT 'x\nGO\nPRINT 1"),
        SourceFile("c.sql", "ALTER TABLE gone ADD a int"),
    ]
    found = read_database(files, lenient=True)
    frob = "a.sql:1:23: expected ), found FROB near: FROB ) CREATE TABLE u ( a int )"
    text = "CREATE TABLE t (a int FROB)\nCREATE TABLE u (a int)"
    cut = "b.sql:3:25: a string that begins here has no end"
    assert list(found.objects.values()) == [
        Unreadable(Kind.TABLE, "dbo", "t", frob, text),
        Unreadable(Kind.TABLE, "dbo", "u", frob, text),
        table("w"),
        Unreadable(Kind.VIEW, "dbo", "v", cut, "\nCREATE VIEW v AS SELECT 'x\nGO"),
    ]
    assert found.notes == (
        "not read: a.sql:4:1: this statement is not known near: FROB x",
        "c.sql:1:1: there is no table dbo.gone",
    )


def sample(name: str) -> Database:
    if not (SAMPLES / name).is_dir():
        pytest.skip(f"the sample {name} is not beside this checkout")
    return from_folder(SAMPLES / name).database()


def test_northwind_is_read_completely() -> None:
    found = sample("northwind")
    tables = [each for each in found.objects.values() if isinstance(each, Table)]
    assert Counter(each.kind for each in found.objects) == {
        "StoredProcedure": 7,
        "Table": 13,
        "View": 16,
    }
    assert (found.skipped, found.notes) == ({"INSERT": 3308}, ())
    assert {
        each.name: tuple(
            map(len, (each.columns, each.keys, each.foreign_keys, each.checks, each.indexes))
        )
        for each in tables
    } == {
        "Categories": (4, 1, 0, 0, 1),
        "CustomerCustomerDemo": (2, 1, 2, 0, 0),
        "CustomerDemographics": (2, 1, 0, 0, 0),
        "Customers": (11, 1, 0, 0, 4),
        "Employees": (18, 1, 1, 1, 2),
        "EmployeeTerritories": (2, 1, 2, 0, 0),
        "Order Details": (5, 1, 2, 3, 4),
        "Orders": (14, 1, 3, 0, 8),
        "Products": (10, 1, 2, 4, 5),
        "Region": (2, 1, 0, 0, 0),
        "Shippers": (3, 1, 0, 0, 0),
        "Suppliers": (12, 1, 0, 0, 2),
        "Territories": (3, 1, 1, 0, 0),
    }


def test_pubs_is_read_completely() -> None:
    found = sample("pubs")
    assert [each.name for each in found.objects.values()] == [
        "byroyalty",
        "reptq1",
        "reptq2",
        "reptq3",
        "authors",
        "discounts",
        "employee",
        "jobs",
        "pub_info",
        "publishers",
        "roysched",
        "sales",
        "stores",
        "titleauthor",
        "titles",
        "empid",
        "id",
        "tid",
        "titleview",
    ]
    assert found.skipped == {"INSERT": 255, "UPDATE STATISTICS": 11}
    employee = found.objects[key(Kind.TABLE, "dbo", "employee")]
    assert isinstance(employee, Table)
    assert [(each.name, each.type, each.nullable) for each in employee.columns] == [
        ("emp_id", TypeName("dbo", "empid"), False),
        ("fname", TypeName("", "varchar", ("20",)), False),
        ("minit", TypeName("", "char", ("1",)), True),
        ("lname", TypeName("", "varchar", ("30",)), False),
        ("job_id", TypeName("", "smallint"), False),
        ("job_lvl", TypeName("", "tinyint"), True),
        ("pub_id", TypeName("", "char", ("4",)), False),
        ("hire_date", TypeName("", "datetime"), False),
    ]
    assert [each.name for each in employee.triggers] == ["employee_insupd"]
