"""What a module's text says of its parameters, its result sets, and of other objects."""

import pytest

from pipeline.schema.normalise.mssql.module_facts import Parameter
from pipeline.schema.normalise.mssql.modules import (
    mentions,
    parameters,
    references,
    results,
)

PARAMETERS = {
    "none": ("CREATE PROC p AS SELECT 1", ()),
    "of a view": ("CREATE VIEW v AS SELECT 1 x", ()),
    "without parentheses": (
        "CREATE PROC p @a int, @b nvarchar ( 10 ) AS SELECT 1",
        (Parameter("@a", "int"), Parameter("@b", "nvarchar(10)")),
    ),
    "in parentheses": (
        "CREATE PROCEDURE p;1 (@a decimal(9, 2)) WITH RECOMPILE AS SELECT 1",
        (Parameter("@a", "decimal(9, 2)"),),
    ),
    "with defaults": (
        "ALTER PROC p @a int=-1, @b varchar(9) = 'it''s' OUT, @c bit = NULL AS SELECT 1",
        (
            Parameter("@a", "int", "-1"),
            Parameter("@b", "varchar(9)", "'it''s'", output=True),
            Parameter("@c", "bit", "NULL"),
        ),
    ),
    "of a table type": (
        "CREATE PROC p @rows [dbo].[Rows] READONLY AS SELECT 1",
        (Parameter("@rows", "[dbo].[Rows]", read_only=True),),
    ),
    "of a cursor": (
        "CREATE PROC p @c CURSOR VARYING OUTPUT AS SELECT 1",
        (Parameter("@c", "cursor", output=True),),
    ),
    "of a function": (
        "CREATE FUNCTION f (@a AS int = 1, @b sys.sysname) RETURNS int AS BEGIN RETURN 1 END",
        (Parameter("@a", "int", "1"), Parameter("@b", "sysname")),
    ),
    "NOT NULL": (
        "CREATE PROC p @a int NOT NULL = 1 WITH NATIVE_COMPILATION, SCHEMABINDING AS "
        "BEGIN ATOMIC WITH (LANGUAGE = 'x') SELECT 1 END",
        (Parameter("@a", "int", "1"),),
    ),
}


@pytest.mark.parametrize(("text", "expected"), PARAMETERS.values(), ids=PARAMETERS)
def test_parameters_are_found(text: str, expected: tuple[Parameter, ...]) -> None:
    assert parameters(text) == expected


def body(*statements: str) -> str:
    return "CREATE PROC p @a int AS\n" + "\n".join(statements)


RESULTS = {
    "a view's list": ("CREATE VIEW v (x, [y z]) AS SELECT * FROM t", (("x", "y z"),)),
    "a view's SELECT": (
        "CREATE VIEW v WITH SCHEMABINDING AS SELECT TOP (5) a, t.b, 1 + 1 AS c, d = 2, "
        "e f, 'x' AS 'g h', count(*), (SELECT max(z) FROM u) i FROM dbo.t",
        (("a", "b", "c", "d", "f", "g h", "", "i"),),
    ),
    "CTEs": (
        "CREATE VIEW v AS WITH c (x) AS (SELECT 1), d AS (SELECT 2 y) SELECT x FROM c, d",
        (("x",),),
    ),
    "a UNION": ("CREATE VIEW v AS SELECT a FROM t UNION ALL SELECT b FROM u", (("a",),)),
    "a star": ("CREATE VIEW v AS SELECT * FROM t", None),
    "a star of one table": ("CREATE VIEW v AS SELECT a, t.* FROM t", None),
    "an inline function": (
        "CREATE FUNCTION f() RETURNS TABLE AS RETURN (SELECT a, b AS c FROM t);",
        (("a", "c"),),
    ),
    "a table function": (
        "CREATE FUNCTION f() RETURNS @t TABLE (a int PRIMARY KEY, [b] decimal(9, 2), "
        "UNIQUE (b)) AS BEGIN RETURN END",
        (("a", "b"),),
    ),
    "a scalar function": ("CREATE FUNCTION f() RETURNS int AS BEGIN RETURN 1 END", ()),
    "a procedure without rows": (body("SET NOCOUNT ON; DELETE t WHERE a = @a"), ()),
    "two result sets": (
        body("SELECT a FROM t ORDER BY a", "SELECT b, c FROM t WHERE d IN (SELECT e FROM u)"),
        (("a",), ("b", "c")),
    ),
    "rows that go into tables": (
        body(
            "DECLARE @t TABLE (x int)",
            "INSERT INTO @t SELECT x FROM t UNION SELECT y FROM t",
            "INSERT t (x) VALUES (1)",
            "SELECT x INTO #t FROM t",
            "WITH c AS (SELECT 1 x) INSERT t SELECT x FROM c",
            "MERGE t USING u ON t.x = u.x WHEN MATCHED THEN UPDATE SET y = 1;",
            "SELECT z FROM t",
        ),
        (("z",),),
    ),
    "variables": (body("SELECT @a = x, @a = y FROM t", "SELECT @a AS a"), (("a",),)),
    "a condition without rows": (
        body(
            "IF NOT EXISTS (SELECT 1 FROM t) AND @a = CASE WHEN 1 = 1 THEN 2 ELSE 3 END",
            "BEGIN RAISERROR('x', 16, 1); RETURN END",
            "SELECT a FROM t",
        ),
        (("a",),),
    ),
    "branches that agree": (
        body("IF @a = 1 SELECT a FROM t; ELSE BEGIN SELECT a FROM u END", "RETURN 0"),
        (("a",),),
    ),
    "branches that differ": (body("IF @a = 1 SELECT a FROM t ELSE SELECT b FROM t"), None),
    "rows that may not come": (body("IF @a = 1 SELECT a FROM t"), None),
    "rows in a loop": (body("WHILE @a > 1 BEGIN SELECT 1 a END"), None),
    "TRY and CATCH": (
        body(
            "BEGIN TRY BEGIN TRAN; SELECT a FROM t; COMMIT; END TRY",
            "BEGIN CATCH IF @@TRANCOUNT > 0 ROLLBACK; THROW; END CATCH",
        ),
        (("a",),),
    ),
    "a cursor": (
        body(
            "DECLARE c CURSOR LOCAL FOR SELECT a FROM t OPEN c FETCH NEXT FROM c INTO @a",
            "WHILE @@FETCH_STATUS = 0 FETCH NEXT FROM c INTO @a",
            "CLOSE c DEALLOCATE c SELECT @a x",
        ),
        (("x",),),
    ),
    "EXEC": (body("EXEC q"), None),
    "EXEC of text": (body("EXEC ('SELECT 1')"), None),
    "OUTPUT": (body("UPDATE t SET x = 1 OUTPUT inserted.x"), None),
    "OUTPUT INTO": (body("DELETE t OUTPUT deleted.x INTO @t SELECT 1 AS a"), (("a",),)),
    "XML": (body("SELECT a FROM t FOR XML PATH"), None),
    "pages": (
        body("SELECT a FROM t ORDER BY a OFFSET 5 ROWS FETCH NEXT 5 ROWS ONLY SELECT 1 b"),
        (("a",), ("b",)),
    ),
    "other tables": (
        body("DROP TABLE IF EXISTS #t", "CREATE TABLE #t (a int)", "SELECT a FROM #t"),
        (("a",),),
    ),
}


@pytest.mark.parametrize(("text", "expected"), RESULTS.values(), ids=RESULTS)
def test_result_sets_are_known_or_said_not_to_be(
    text: str, expected: tuple[tuple[str, ...], ...] | None
) -> None:
    assert results(text) == expected


REFERENCES = {
    "two parts": ("SELECT a FROM [dbo].[T]", {("dbo", "t")}),
    "one part": ("SELECT a FROM T AS x JOIN U ON 1 = 1", {("", "t"), ("", "u")}),
    "a list": ("SELECT a FROM t x, u, (SELECT 1 y) z, w", {("", "t"), ("", "u"), ("", "w")}),
    "joins in parentheses": (
        "SELECT a FROM (t INNER JOIN (u INNER JOIN w ON 1 = 1) ON 1 = 1)",
        {("", "t"), ("", "u"), ("", "w")},
    ),
    "a function": (
        "SELECT dbo.F(a) x FROM t OUTER APPLY g(1)",
        {("dbo", "f"), ("", "t"), ("", "g")},
    ),
    "not a table expression": (
        "WITH c AS (SELECT a FROM t), d (x) AS (SELECT a FROM c) SELECT a FROM d",
        {("", "t")},
    ),
    "a sequence": ("SELECT NEXT VALUE FOR s x", {("", "s")}),
    "what is written": (
        "INSERT INTO t SELECT 1 UPDATE u SET a = 1 DELETE FROM w "
        "MERGE INTO dbo.z USING y ON 1 = 1 WHEN MATCHED THEN DELETE;",
        {("", "t"), ("", "u"), ("", "w"), ("dbo", "z"), ("", "y")},
    ),
    "what is run": ("EXEC p 1 EXEC @a = q EXECUTE dbo.r", {("", "p"), ("", "q"), ("dbo", "r")}),
    "types": (
        "DECLARE @x Phone, @y dbo.Rows SELECT CAST(1 AS Money2)",
        {("", "phone"), ("dbo", "rows"), ("", "money2")},
    ),
    "neither strings nor comments nor #tables": (
        "SELECT 'FROM dbo.x' a FROM #t -- FROM dbo.y\n JOIN @v v ON 1 = 1",
        set[tuple[str, str]](),
    ),
    "three parts": ("SELECT a FROM db.dbo.t", {("db", "dbo"), ("dbo", "t")}),
}


@pytest.mark.parametrize(("text", "expected"), REFERENCES.values(), ids=REFERENCES)
def test_references_are_found(text: str, expected: set[tuple[str, str]]) -> None:
    assert references(f"CREATE PROC dbo.own @a int AS {text}") == expected


def test_a_trigger_names_its_table_and_not_what_it_is_called_with() -> None:
    text = "CREATE TRIGGER dbo.r ON dbo.T AFTER INSERT AS SELECT i.a FROM inserted i"
    assert references(text) == {("dbo", "t"), ("i", "a")}
    assert references(text.replace("dbo.T", "T")) == {("", "t"), ("i", "a")}


def test_every_name_is_mentioned_columns_too() -> None:
    text = "CREATE VIEW dbo.V AS SELECT [First Name], t.b AS C, 'd' x FROM T t"
    assert mentions(text) == {"dbo", "v", "first name", "t", "b", "c", "x"}
