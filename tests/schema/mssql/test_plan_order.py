"""Nothing comes before what it needs, and nothing goes before what needs it."""

import pytest

from pipeline.errors import BadSchema
from tests.schema.mssql.planning import options, script, steps, table

T = table("Id int NOT NULL CONSTRAINT PK_T PRIMARY KEY", "A int NULL")
NOTHING = ""


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        pytest.param(
            script(
                "CREATE VIEW dbo.A AS SELECT f.x FROM dbo.T CROSS APPLY dbo.f(Id) AS f",
                "CREATE FUNCTION dbo.f (@x int) RETURNS TABLE AS RETURN SELECT @x AS x",
            ),
            ["create Function dbo.f", "create View dbo.a"],
            id="a view after a function through APPLY",
        ),
        pytest.param(
            script(
                "CREATE VIEW dbo.A AS SELECT v.x FROM (VALUES (1)) AS v (x) JOIN dbo.B ON 1 = 1",
                "CREATE VIEW dbo.B AS SELECT Id FROM dbo.T",
            ),
            ["create View dbo.b", "create View dbo.a"],
            id="a view after a view behind VALUES",
        ),
        pytest.param(
            script(
                "CREATE VIEW dbo.A AS SELECT Id FROM dbo.B",
                "CREATE VIEW dbo.B AS SELECT Id FROM dbo.C",
                "CREATE VIEW dbo.C AS SELECT Id FROM dbo.T",
            ),
            ["create View dbo.c", "create View dbo.b", "create View dbo.a"],
            id="a view on a view on a view",
        ),
        pytest.param(
            script("CREATE SCHEMA s", "CREATE TABLE s.A (Id int)"),
            ["create Schema s", "create Table s.a"],
            id="a table after its schema",
        ),
        pytest.param(
            script(
                "CREATE USER owner WITHOUT LOGIN",
                "CREATE SCHEMA s AUTHORIZATION owner",
                "CREATE TYPE s.Phone FROM varchar(20)",
                "CREATE TABLE s.A (Id s.Phone)",
            ),
            [
                "create User owner",
                "create Schema s",
                "create UserDefinedType s.phone",
                "create Table s.a",
            ],
            id="a table after its type, its schema and their owner",
        ),
        pytest.param(
            script(
                "CREATE TABLE dbo.A (Id int PRIMARY KEY, B int REFERENCES dbo.B (Id))",
                "CREATE TABLE dbo.B (Id int PRIMARY KEY, A int REFERENCES dbo.A (Id))",
            ),
            [
                "create Table dbo.a",
                "create Table dbo.b",
                "create foreign key dbo.a.(b) to dbo.b",
                "create foreign key dbo.b.(a) to dbo.a",
            ],
            id="tables that refer to each other",
        ),
        pytest.param(
            script(
                "CREATE TABLE dbo.A (Id int, B AS dbo.f(Id), C int CHECK (dbo.f(C) > 0))",
                "CREATE FUNCTION dbo.f (@x int) RETURNS int WITH SCHEMABINDING AS "
                "BEGIN RETURN (SELECT COUNT(*) FROM dbo.A WHERE Id = @x) END",
            ),
            [
                "create Table dbo.a",
                "create Function dbo.f",
                "create column dbo.a.b",
                "create check constraint dbo.a.check (dbo.f(c) > 0)",
            ],
            id="a function and a table that need each other",
        ),
        pytest.param(
            script(
                "CREATE PROCEDURE dbo.A AS EXEC dbo.B",
                "CREATE PROCEDURE dbo.B AS EXEC dbo.A",
            ),
            ["create StoredProcedure dbo.a", "create StoredProcedure dbo.b"],
            id="procedures that call each other",
        ),
        pytest.param(
            script(
                "CREATE SYNONYM dbo.S FOR dbo.Z",
                "CREATE VIEW dbo.A AS SELECT Id FROM dbo.S",
                "CREATE TABLE dbo.Z (Id int)",
            ),
            ["create Table dbo.z", "create Synonym dbo.s", "create View dbo.a"],
            id="a view after a synonym after its table",
        ),
        pytest.param(
            script(
                "CREATE TRIGGER dbo.TR ON dbo.V INSTEAD OF INSERT AS PRINT 'x'",
                "CREATE VIEW dbo.V AS SELECT Id FROM dbo.T",
            ),
            ["create View dbo.v", "create trigger dbo.v.tr"],
            id="a trigger after its view",
        ),
        pytest.param(
            script(
                "CREATE PARTITION SCHEME ps AS PARTITION pf ALL TO ([PRIMARY])",
                "CREATE PARTITION FUNCTION pf (int) AS RANGE RIGHT FOR VALUES (1)",
                "CREATE TABLE dbo.A (Id int) ON ps (Id)",
            ),
            ["create PartitionFunction pf", "create PartitionScheme ps", "create Table dbo.a"],
            id="a table after its scheme after its function",
        ),
        pytest.param(
            script(
                "CREATE SERVICE sv ON QUEUE dbo.q (c)",
                "CREATE QUEUE dbo.q WITH ACTIVATION (PROCEDURE_NAME = dbo.p, "
                "MAX_QUEUE_READERS = 1, EXECUTE AS SELF)",
                "CREATE CONTRACT c (m SENT BY ANY)",
                "CREATE MESSAGE TYPE m",
                "CREATE PROCEDURE dbo.p AS PRINT 'x'",
            ),
            [
                "create StoredProcedure dbo.p",
                "create MessageType m",
                "create Contract c",
                "create Queue dbo.q",
                "create Service sv",
            ],
            id="a service after all that it needs",
        ),
    ],
)
def test_what_is_new_comes_after_what_it_needs(new: str, expected: list[str]) -> None:
    assert steps(T, T + new) == expected


def test_what_goes_goes_before_what_it_needed() -> None:
    old = T + script(
        "CREATE VIEW dbo.A WITH SCHEMABINDING AS SELECT Id FROM dbo.B",
        "CREATE VIEW dbo.B WITH SCHEMABINDING AS SELECT Id FROM dbo.T",
        "CREATE TABLE dbo.C (T int CONSTRAINT FK REFERENCES dbo.T (Id))",
    )

    assert steps(old, NOTHING) == [
        "drop View dbo.a",
        "drop View dbo.b",
        "drop Table dbo.c",
        "drop Table dbo.t",
    ]


def test_tables_that_refer_to_each_other_lose_one_key_first() -> None:
    circle = script(
        "CREATE TABLE dbo.A (Id int PRIMARY KEY, B int)",
        "CREATE TABLE dbo.B (Id int PRIMARY KEY, A int CONSTRAINT FK_B REFERENCES dbo.A (Id))",
        "ALTER TABLE dbo.A ADD CONSTRAINT FK_A FOREIGN KEY (B) REFERENCES dbo.B (Id)",
    )

    assert steps(circle, NOTHING) == [
        "drop foreign key dbo.b.fk_b",
        "drop Table dbo.a",
        "drop Table dbo.b",
    ]


def test_many_circles_are_cut_at_once() -> None:
    circle = script(
        "CREATE TABLE dbo.A{0} (Id int PRIMARY KEY, B int)",
        "CREATE TABLE dbo.B{0} (Id int PRIMARY KEY, A int REFERENCES dbo.A{0} (Id))",
        "ALTER TABLE dbo.A{0} ADD CONSTRAINT FK{0} FOREIGN KEY (B) REFERENCES dbo.B{0} (Id)",
    )
    old = "".join(circle.format(n) for n in range(100))

    assert len(steps(old, NOTHING)) == 300


def test_a_view_lets_go_of_a_column_before_the_column_goes() -> None:
    old = T + script("CREATE VIEW dbo.V WITH SCHEMABINDING AS SELECT Id, A FROM dbo.T")
    new = table("Id int NOT NULL CONSTRAINT PK_T PRIMARY KEY") + script(
        "CREATE VIEW dbo.V WITH SCHEMABINDING AS SELECT Id FROM dbo.T"
    )

    assert steps(old, new) == ["alter View dbo.v", "drop column dbo.t.a"]


def test_a_view_is_altered_after_the_column_that_it_reads_now() -> None:
    old = T + script("CREATE VIEW dbo.V AS SELECT Id FROM dbo.T")
    new = T.replace("A int NULL", "A int NULL, B int NULL") + script(
        "CREATE VIEW dbo.V AS SELECT Id, B FROM dbo.T"
    )

    assert steps(old, new) == ["create column dbo.t.b", "alter View dbo.v"]


def test_a_name_is_free_before_something_else_takes_it() -> None:
    assert steps(
        script("CREATE PROCEDURE dbo.x AS SELECT 1 AS a"),
        script("CREATE VIEW dbo.x AS SELECT 1 AS a"),
    ) == ["drop StoredProcedure dbo.x", "create View dbo.x"]


def test_a_constraint_moves_from_one_table_to_another() -> None:
    a, b = table("Id int", name="A"), table("Id int", name="B")
    check = "ALTER TABLE dbo.{} ADD CONSTRAINT CK CHECK (Id > 0)"

    assert steps(a + b + script(check.format("A")), a + b + script(check.format("B"))) == [
        "drop check constraint dbo.a.ck",
        "create check constraint dbo.b.ck",
    ]


def test_there_is_one_clustered_index_at_a_time() -> None:
    heap = table("Id int NOT NULL", "A int NOT NULL")

    assert steps(
        heap + script("CREATE CLUSTERED INDEX IX ON dbo.T (A)"),
        heap + script("ALTER TABLE dbo.T ADD CONSTRAINT PK PRIMARY KEY CLUSTERED (Id)"),
    ) == ["drop index dbo.t.ix", "create key dbo.t.pk"]


def test_new_columns_come_in_the_order_of_the_table() -> None:
    assert steps(table("Id int"), table("Id int", "Z int NULL", "A int NULL", "M int NULL")) == [
        "create column dbo.t.z",
        "create column dbo.t.a",
        "create column dbo.t.m",
    ]


def test_views_that_show_everything_are_told_of_new_columns() -> None:
    views = script(
        "CREATE VIEW dbo.V AS SELECT * FROM dbo.T",
        "CREATE VIEW dbo.W AS SELECT * FROM dbo.V",
        "CREATE VIEW dbo.X AS SELECT Id FROM dbo.T",
    )

    assert steps(table("Id int") + views, table("Id int", "A int NULL") + views) == [
        "create column dbo.t.a",
        "(refresh View dbo.v)",
        "(refresh View dbo.w)",
    ]


def test_boundaries_are_split_one_by_one_each_with_its_filegroup() -> None:
    scheme = script(
        "CREATE PARTITION FUNCTION pf (int) AS RANGE RIGHT FOR VALUES ({})",
        "CREATE PARTITION SCHEME ps AS PARTITION pf TO ({})",
    )

    assert steps(
        scheme.format("10, 20", "a, b, c"), scheme.format("10, 15, 20, 30", "a, b, d, c, e")
    ) == [
        "alter PartitionScheme ps",
        "alter PartitionFunction pf",
        "alter PartitionScheme ps",
        "alter PartitionFunction pf",
    ]


def test_modules_are_dropped_and_created_when_an_option_says_so() -> None:
    text = "CREATE PROCEDURE dbo.p AS SELECT {} AS a"
    grant = script("CREATE USER u WITHOUT LOGIN", "GRANT EXECUTE ON dbo.p TO u")
    old, new = script(text.format(1)) + grant, script(text.format(2)) + grant

    assert steps(old, new) == ["alter StoredProcedure dbo.p"]
    assert steps(old, new, options("drop-and-create")) == [
        "drop StoredProcedure dbo.p",
        "create StoredProcedure dbo.p",
        "(create permission dbo.p.execute to u)",
    ]


def test_views_that_need_each_other_are_refused_by_name() -> None:
    new = script(
        "CREATE VIEW dbo.A AS SELECT Id FROM dbo.B", "CREATE VIEW dbo.B AS SELECT Id FROM dbo.A"
    )

    with pytest.raises(BadSchema, match=r"dbo\.A -> dbo\.B -> dbo\.A|dbo\.B -> dbo\.A -> dbo\.B"):
        steps(NOTHING, new)


def test_an_index_is_made_anew_where_altering_it_would_close_a_circle() -> None:
    old = table("A int", "B int") + script("CREATE INDEX IX ON dbo.T (A)")
    new = table("A date", "B date") + script("CREATE INDEX IX ON dbo.T (B)")

    assert steps(old + table("Id int", name="X"), new + table("Id int", name="X")) == [
        "rebuild Table dbo.t",
        "create index dbo.t.ix",
    ]
    assert steps(
        old.replace("A int", "Id int, A int"), new.replace("A date", "Id int, A date")
    ) == [
        "drop index dbo.t.ix",
        "drop column dbo.t.a",
        "drop column dbo.t.b",
        "create column dbo.t.a",
        "create column dbo.t.b",
        "create index dbo.t.ix",
    ]
