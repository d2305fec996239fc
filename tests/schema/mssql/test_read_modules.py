"""Modules: their text as the server keeps it, their headers, and the state of triggers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import BadSchema
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind, bracket
from pipeline.schema.model.mssql.tables import Table, Trigger
from pipeline.schema.syntax.mssql.modules import named
from tests.schema.mssql.reading import database, item, objects, one

# (what is read, the script, the module that it gives)
CASES: list[tuple[str, str, Module]] = [
    (
        "a view's text begins with the comments before it and ends with those behind",
        "-- Who buys.\n/* really */ CREATE VIEW v AS SELECT 1 AS a -- one\nGO\nGO",
        Module(
            Kind.VIEW,
            "dbo",
            "v",
            "-- Who buys.\n/* really */ CREATE VIEW v AS SELECT 1 AS a -- one",
        ),
    ),
    (
        "what stands on the line of a GO belongs to nothing",
        "PRINT 1\nGO -- next\n-- A view.\nCREATE VIEW s.[v w] (a) WITH SCHEMABINDING AS SELECT 1",
        Module(
            Kind.VIEW,
            "s",
            "v w",
            "-- A view.\nCREATE VIEW s.[v w] (a) WITH SCHEMABINDING AS SELECT 1",
            schema_bound=True,
        ),
    ),
    (
        "GO with a count ends a batch too",
        "PRINT 1\nGO 2\n-- A view.\nCREATE VIEW v AS SELECT 1",
        Module(Kind.VIEW, "dbo", "v", "-- A view.\nCREATE VIEW v AS SELECT 1"),
    ),
    (
        "a procedure takes the whole rest of its batch",
        "CREATE PROC p @a AS int, @b dbo.T READONLY WITH RECOMPILE, EXECUTE AS OWNER AS\n"
        "CREATE TABLE #t (a int)\nGRANT SELECT ON x TO y",
        Module(
            Kind.STORED_PROCEDURE,
            "dbo",
            "p",
            "CREATE PROC p @a AS int, @b dbo.T READONLY WITH RECOMPILE, EXECUTE AS OWNER AS\n"
            "CREATE TABLE #t (a int)\nGRANT SELECT ON x TO y",
        ),
    ),
    (
        "an encrypted procedure says so; the word in its body says nothing",
        "CREATE PROCEDURE p WITH ENCRYPTION AS SELECT 1",
        Module(
            Kind.STORED_PROCEDURE,
            "dbo",
            "p",
            "CREATE PROCEDURE p WITH ENCRYPTION AS SELECT 1",
            encrypted=True,
        ),
    ),
    (
        "the word SCHEMABINDING in a body says nothing",
        "CREATE PROCEDURE p AS SELECT SCHEMABINDING, ENCRYPTION FROM t",
        Module(
            Kind.STORED_PROCEDURE,
            "dbo",
            "p",
            "CREATE PROCEDURE p AS SELECT SCHEMABINDING, ENCRYPTION FROM t",
        ),
    ),
    (
        "a natively compiled procedure is schema-bound",
        "CREATE PROCEDURE p WITH NATIVE_COMPILATION, SCHEMABINDING AS BEGIN ATOMIC WITH "
        "(TRANSACTION "
        "ISOLATION LEVEL = SNAPSHOT, LANGUAGE = N'English') SELECT 1 END",
        Module(
            Kind.STORED_PROCEDURE,
            "dbo",
            "p",
            "CREATE PROCEDURE p WITH NATIVE_COMPILATION, SCHEMABINDING AS BEGIN ATOMIC WITH "
            "(TRANSACTION ISOLATION LEVEL = SNAPSHOT, LANGUAGE = N'English') SELECT 1 END",
            schema_bound=True,
        ),
    ),
    (
        "the settings of the session are kept",
        "SET QUOTED_IDENTIFIER OFF\nSET ANSI_NULLS OFF\nGO\nCREATE PROC p AS SELECT 1",
        Module(
            Kind.STORED_PROCEDURE,
            "dbo",
            "p",
            "CREATE PROC p AS SELECT 1",
            quoted_identifier=False,
            ansi_nulls=False,
        ),
    ),
    (
        "procedures with numbers are one",
        "CREATE PROC p AS SELECT 1\nGO\nCREATE PROC p;2 AS SELECT 2",
        Module(
            Kind.STORED_PROCEDURE,
            "dbo",
            "p",
            "CREATE PROC p AS SELECT 1\nGO\nCREATE PROC p;2 AS SELECT 2",
        ),
    ),
    (
        "a scalar function",
        "CREATE FUNCTION f (@a int = 1) RETURNS int WITH SCHEMABINDING, RETURNS NULL ON NULL "
        "INPUT "
        "AS BEGIN RETURN @a END",
        Module(
            Kind.FUNCTION,
            "dbo",
            "f",
            "CREATE FUNCTION f (@a int = 1) RETURNS int WITH SCHEMABINDING, RETURNS NULL ON NULL "
            "INPUT AS BEGIN RETURN @a END",
            form="SCALAR",
            schema_bound=True,
        ),
    ),
    (
        "an inline function",
        "CREATE FUNCTION f () RETURNS TABLE AS RETURN SELECT 1 AS SCHEMABINDING",
        Module(
            Kind.FUNCTION,
            "dbo",
            "f",
            "CREATE FUNCTION f () RETURNS TABLE AS RETURN SELECT 1 AS SCHEMABINDING",
            form="INLINE",
        ),
    ),
    (
        "a function with a table of its own",
        "CREATE FUNCTION f () RETURNS @t TABLE (a int) WITH ENCRYPTION BEGIN RETURN END",
        Module(
            Kind.FUNCTION,
            "dbo",
            "f",
            "CREATE FUNCTION f () RETURNS @t TABLE (a int) WITH ENCRYPTION BEGIN RETURN END",
            form="TABLE",
            encrypted=True,
        ),
    ),
    (
        "a function of an assembly does not care about the session",
        "SET QUOTED_IDENTIFIER OFF\nGO\nCREATE FUNCTION f () RETURNS TABLE (a int) AS EXTERNAL "
        "NAME "
        "a.b.c",
        Module(
            Kind.FUNCTION,
            "dbo",
            "f",
            "CREATE FUNCTION f () RETURNS TABLE (a int) AS EXTERNAL NAME a.b.c",
            form="CLR",
        ),
    ),
    (
        "an aggregate is no batch of its own",
        "CREATE AGGREGATE s.f (@a nvarchar(4000)) RETURNS nvarchar(4000) EXTERNAL NAME [a].[b.c] "
        "PRINT 1",
        Module(
            Kind.FUNCTION,
            "s",
            "f",
            "CREATE AGGREGATE s.f (@a nvarchar(4000)) RETURNS nvarchar(4000) EXTERNAL NAME "
            "[a].[b.c]",
            form="CLR",
        ),
    ),
    (
        "CREATE OR ALTER is kept as written",
        "CREATE OR ALTER VIEW v AS SELECT 1",
        Module(Kind.VIEW, "dbo", "v", "CREATE OR ALTER VIEW v AS SELECT 1"),
    ),
    (
        "ALTER gives an older text up",
        "CREATE VIEW v AS SELECT 1\nGO\nALTER VIEW v AS SELECT 2",
        Module(Kind.VIEW, "dbo", "v", "ALTER VIEW v AS SELECT 2"),
    ),
    (
        "a trigger of the database",
        "CREATE TRIGGER t ON DATABASE WITH ENCRYPTION FOR CREATE_TABLE AS PRINT 1\nGO\nDISABLE "
        "TRIGGER t ON DATABASE; EXEC sp_settriggerorder 't', 'First', 'CREATE_TABLE', 'DATABASE'",
        Module(
            Kind.DDL_TRIGGER,
            "",
            "t",
            "CREATE TRIGGER t ON DATABASE WITH ENCRYPTION FOR CREATE_TABLE AS PRINT 1",
            encrypted=True,
            disabled=True,
            order=(("CREATE_TABLE", "First"),),
        ),
    ),
    (
        "a trigger of a view hangs on it, though it is read first",
        "CREATE TRIGGER t ON s.v INSTEAD OF INSERT AS PRINT 1\nGO\nCREATE VIEW s.v AS SELECT 1",
        Module(
            Kind.VIEW,
            "s",
            "v",
            "CREATE VIEW s.v AS SELECT 1",
            triggers=(Trigger("s", "t", "CREATE TRIGGER t ON s.v INSTEAD OF INSERT AS PRINT 1"),),
        ),
    ),
]
TABLE = "CREATE TABLE s.o (a int)\nGO\n"


@pytest.mark.parametrize(("script", "wanted"), [pytest.param(*e[1:], id=e[0]) for e in CASES])
def test_a_module_is_read(script: str, wanted: Module) -> None:
    assert objects(script) == [wanted]


def triggers(*scripts: str) -> tuple[Trigger, ...]:
    table = one(Kind.TABLE, "o", TABLE, *scripts, schema="s")
    assert isinstance(table, Table)
    return table.triggers


def test_triggers_hang_on_their_table_by_name() -> None:
    b, a = (
        "CREATE TRIGGER s.b ON s.o AFTER INSERT AS PRINT 1",
        "CREATE TRIGGER a ON s.o FOR DELETE AS P",
    )

    assert triggers(b, a) == (Trigger("s", "a", a), Trigger("s", "b", b))


def test_a_trigger_keeps_its_state_when_it_is_altered() -> None:
    create = "CREATE TRIGGER s.b ON s.o AFTER INSERT, UPDATE AS PRINT 1"
    order = (
        "EXEC sp_settriggerorder @triggername = '[s].[b]', @order = 'last', @stmttype = 'insert'"
    )
    disable = "DISABLE TRIGGER s.b ON s.o"
    alter = "ALTER TRIGGER s.b ON s.o AFTER INSERT AS PRINT 2"

    assert triggers(create, order, disable, alter) == (
        Trigger("s", "b", alter, disabled=True, order=(("INSERT", "Last"),)),
    )


def test_all_triggers_of_a_table_are_switched() -> None:
    a, b = (f"CREATE TRIGGER s.{name} ON s.o AFTER INSERT AS PRINT 1" for name in "ab")

    assert triggers("DISABLE TRIGGER ALL ON s.o", a, b, "ENABLE TRIGGER a ON s.o") == (
        Trigger("s", "a", a),
        Trigger("s", "b", b, disabled=True),
    )


def test_what_is_dropped_is_gone() -> None:
    scripts = [
        "CREATE PROC p AS SELECT 1",
        "CREATE FUNCTION f () RETURNS int AS BEGIN RETURN 1 END",
        "CREATE VIEW v AS SELECT 1",
        "CREATE TRIGGER s.t ON s.o FOR INSERT AS PRINT 1",
        "CREATE TRIGGER t ON DATABASE FOR DDL_TABLE_EVENTS AS PRINT 1",
        "DROP PROC IF EXISTS p, q; DROP FUNCTION dbo.f; DROP VIEW v",
        "DROP TRIGGER IF EXISTS s.t, s.u; DROP TRIGGER t ON DATABASE",
    ]

    assert [each.kind for each in database(TABLE, *scripts).objects] == ["Table"]
    assert triggers(*scripts) == ()


def test_triggers_of_the_server_are_told_of() -> None:
    found = database(
        "CREATE TRIGGER t ON ALL SERVER FOR LOGON AS PRINT 1\nGO\nDROP TRIGGER t ON ALL SERVER"
    )

    assert found.objects == {}
    assert found.notes == ("1.sql:1:1: trigger [t] on the server is not compared",)


def test_a_default_and_a_rule_are_kept_as_text() -> None:
    assert objects("-- zero\nCREATE DEFAULT z AS 0\nGO\nCREATE RULE s.r AS @a > 1 -- more") == [
        item(Kind.DEFAULT, "z", "dbo", definition="-- zero\nCREATE DEFAULT z AS 0"),
        item(Kind.RULE, "r", "s", definition="CREATE RULE s.r AS @a > 1 -- more"),
    ]


def test_a_procedure_of_a_session_is_no_object() -> None:
    assert objects("CREATE PROC #p AS SELECT 1") == []


def test_a_trigger_that_is_created_twice_is_refused() -> None:
    trigger = "CREATE TRIGGER s.t ON s.o FOR INSERT AS PRINT 1"

    with pytest.raises(BadSchema, match=r"3\.sql:1:1: trigger \[s\]\.\[t\] is created twice"):
        database(TABLE, trigger, trigger)


NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20).filter(
    lambda name: not name.startswith("#")
)


@given(NAMES, NAMES)
def test_any_name_survives_its_quotes(schema: str, name: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    for said in (bracket(name), quoted):
        (found,) = objects(f"CREATE VIEW {bracket(schema)}.{said} AS SELECT 1")
        assert isinstance(found, Module)
        assert (found.schema, found.name) == (schema, name)


@given(NAMES, NAMES)
def test_a_module_gets_any_name(schema: str, name: str) -> None:
    text = named("-- x\nCREATE OR ALTER PROC dbo.[p] /* y */ AS SELECT 1", schema, name)
    (found,) = objects(text)

    assert isinstance(found, Module)
    assert (found.schema, found.name, found.definition) == (schema, name, text)
