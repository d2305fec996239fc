"""What hangs on objects: extended properties, bound defaults and rules, full text, sensitivity."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import BadSchema
from pipeline.schema.model.mssql.items import AliasType, Item
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind
from pipeline.schema.model.mssql.shared import Property, Sensitivity
from pipeline.schema.model.mssql.tables import FullTextColumn, FullTextIndex, Table
from pipeline.schema.syntax.mssql.tokens import quote_string
from tests.schema.mssql.reading import database, item, objects, one

TABLE = "CREATE TABLE s.t (x int, y nvarchar(9), z xml)\nGO\n"


def table(*scripts: str) -> Table:
    found = one(Kind.TABLE, "t", TABLE, *scripts, schema="s")
    assert isinstance(found, Table)
    return found


# (what is read, the call, the properties of the table)
ON_TABLE: list[tuple[str, str, list[Property]]] = [
    (
        "arguments by name",
        "EXEC sys.sp_addextendedproperty @name = N'MS_Description', @value = N'it''s', "
        "@level0type "
        "= N'SCHEMA', @level0name = N's', @level1type = N'TABLE', @level1name = N't'",
        [Property("MS_Description", "N'it''s'")],
    ),
    (
        "arguments by position, and a part",
        "EXECUTE [sys].[sp_addextendedproperty] 'a', 1, 'schema', s, 'table', [t], 'column', N'x'",
        [Property("a", "1", "COLUMN", "x")],
    ),
    (
        "a schema that is called USER, and NULLs for what is not meant",
        "EXEC master.dbo.sp_addextendedproperty 'a', NULL, 'USER', 's', 'TABLE', 't', NULL, NULL",
        [Property("a", "NULL")],
    ),
    (
        "a value that a variable has",
        "DECLARE @xp int\nSELECT @xp=2\nEXEC sp_addextendedproperty N'a', @xp, 'SCHEMA', N's', "
        "'TABLE', N't', NULL, NULL",
        [Property("a", "2")],
    ),
    (
        "a value that a variable was declared with",
        "DECLARE @v sql_variant = N'x'; EXEC sp_addextendedproperty N'a', @value = @v, "
        "@level0type "
        "= 'SCHEMA', @level0name = s, @level1type = 'TABLE', @level1name = t",
        [Property("a", "N'x'")],
    ),
    (
        "properties of parts are sorted, and updated and dropped by name",
        "EXEC sp_addextendedproperty b, '1', 'SCHEMA', s, 'TABLE', t, 'INDEX', i; EXEC "
        "sp_addextendedproperty b, '1', 'SCHEMA', s, 'TABLE', t, 'CONSTRAINT', c; EXEC "
        "sp_addextendedproperty b, '1', 'SCHEMA', s, 'TABLE', t, 'TRIGGER', r; EXEC "
        "sp_addextendedproperty b, '1', 'SCHEMA', s, 'TABLE', t; EXEC sp_updateextendedproperty "
        "B, "
        "'2', 'SCHEMA', S, 'TABLE', T, 'INDEX', I; EXEC sp_dropextendedproperty b, 'SCHEMA', s, "
        "'TABLE', t, 'TRIGGER', r",
        [
            Property("b", "'1'"),
            Property("b", "'1'", "CONSTRAINT", "c"),
            Property("B", "'2'", "INDEX", "I"),
        ],
    ),
]


@pytest.mark.parametrize(("script", "wanted"), [pytest.param(*e[1:], id=e[0]) for e in ON_TABLE])
def test_properties_hang_on_a_table(script: str, wanted: list[Property]) -> None:
    assert list(table(script).properties) == wanted


# (levels, a script that makes what they name)
DESCRIBED = [
    ("'ASSEMBLY', 'x'", "CREATE ASSEMBLY x FROM 0x"),
    ("'CONTRACT', 'x'", "CREATE CONTRACT x (m SENT BY ANY)"),
    (
        "'EVENT NOTIFICATION', 'x'",
        "CREATE EVENT NOTIFICATION x ON DATABASE FOR DROP_TABLE TO SERVICE 's', 'b'",
    ),
    ("'FULLTEXT CATALOG', 'x'", "CREATE FULLTEXT CATALOG x"),
    ("'MESSAGE TYPE', 'x'", "CREATE MESSAGE TYPE x"),
    (
        "'PARTITION FUNCTION', 'x'",
        "CREATE PARTITION FUNCTION x (int) AS RANGE LEFT FOR VALUES (1)",
    ),
    ("'PARTITION SCHEME', 'x'", "CREATE PARTITION SCHEME x AS PARTITION f ALL TO (a)"),
    (
        "'REMOTE SERVICE BINDING', 'x'",
        "CREATE REMOTE SERVICE BINDING x TO SERVICE 's' WITH USER = u",
    ),
    ("'ROUTE', 'x'", "CREATE ROUTE x WITH ADDRESS = 'LOCAL'"),
    ("'SCHEMA', 'x'", "CREATE SCHEMA x"),
    ("'SERVICE', 'x'", "CREATE SERVICE x ON QUEUE q"),
    ("'TRIGGER', 'x'", "CREATE TRIGGER x ON DATABASE FOR DROP_TABLE AS PRINT 1"),
    ("'USER', 'x'", "CREATE USER x"),
    ("'USER', 'x'", "CREATE ROLE x"),
    (
        "'SCHEMA', 's', 'AGGREGATE', 'x'",
        "CREATE AGGREGATE s.x (@a int) RETURNS int EXTERNAL NAME a.b",
    ),
    ("'SCHEMA', 's', 'DEFAULT', 'x'", "CREATE DEFAULT s.x AS 1"),
    ("'SCHEMA', 's', 'PROCEDURE', 'x'", "CREATE PROC s.x AS SELECT 1"),
    ("'SCHEMA', 's', 'QUEUE', 'x'", "CREATE QUEUE s.x"),
    ("'SCHEMA', 's', 'RULE', 'x'", "CREATE RULE s.x AS @a > 1"),
    ("'SCHEMA', 's', 'SEQUENCE', 'x'", "CREATE SEQUENCE s.x"),
    ("'SCHEMA', 's', 'SYNONYM', 'x'", "CREATE SYNONYM s.x FOR y"),
    ("'SCHEMA', 's', 'TYPE', 'x'", "CREATE TYPE s.x FROM int"),
    ("'SCHEMA', 's', 'VIEW', 'x'", "CREATE VIEW s.x AS SELECT 1 AS a"),
    ("'SCHEMA', 's', 'XML SCHEMA COLLECTION', 'x'", "CREATE XML SCHEMA COLLECTION s.x AS ''"),
]


@pytest.mark.parametrize(("levels", "create"), DESCRIBED)
def test_a_property_hangs_on_anything(levels: str, create: str) -> None:
    (found,) = objects(f"EXEC sp_addextendedproperty 'a', N'b', {levels}", create)

    assert isinstance(found, Item | Module | AliasType)
    assert found.properties == (Property("a", "N'b'"),)


def test_a_parameter_of_a_function_has_a_property() -> None:
    (found,) = objects(
        "CREATE FUNCTION f (@a int) RETURNS int AS BEGIN RETURN 1 END",
        "EXEC sp_addextendedproperty 'a', 'b', 'SCHEMA', 'dbo', 'FUNCTION', 'f', 'PARAMETER', "
        "'@a'",
    )

    assert isinstance(found, Module)
    assert found.properties == (Property("a", "'b'", "PARAMETER", "@a"),)


def test_a_property_of_the_database_is_updated_and_dropped() -> None:
    script = (
        "EXEC sp_addextendedproperty 'a', 1; EXEC sp_addextendedproperty 'b', 1; EXEC "
        "sp_updateextendedproperty 'a', 2; EXEC sp_dropextendedproperty 'b'"
    )

    assert objects(script) == [item(Kind.EXTENDED_PROPERTY, "a", value="2")]


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (
            "EXEC sp_addextendedproperty 'a', @v",
            "1.sql:1:34: the value of @v is not known here: write it out near: @v",
        ),
        (
            "EXEC sp_addextendedproperty 'a', 'b', 'SCHEMA', 'dbo', 'TABLE', 'none'",
            "1.sql:1:1: there is no Table [dbo].[none]",
        ),
        (
            "EXEC sp_addextendedproperty 'a', 'b', 'PLANET', 'x'",
            "1.sql:1:1: a property cannot be said of PLANET",
        ),
        (
            "EXEC sp_addextendedproperty @nmae = 'a'",
            "1.sql:1:37: sp_addextendedproperty has no parameter @nmae near: 'a'",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(script: str, said: str) -> None:
    with pytest.raises(BadSchema) as caught:
        database(script)

    assert str(caught.value) == said


def test_properties_of_filegroups_and_files_are_told_of() -> None:
    found = database(
        "EXEC sp_addextendedproperty 'a', 'b', 'FILEGROUP', 'f', 'LOGICAL FILE NAME', 'g'"
    )

    assert found.notes == ("1.sql:1:1: the property a of a LOGICAL FILE NAME is not compared",)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20))
def test_any_text_of_a_property_survives(text: str) -> None:
    quoted = quote_string(text)
    (found,) = objects(f"EXEC sp_addextendedproperty {quoted}, {quoted}")

    assert found == item(Kind.EXTENDED_PROPERTY, text, value=quoted)


BINDABLE = "CREATE DEFAULT z AS 0\nGO\nCREATE RULE s.r AS @a > 1\nGO\n"


def test_defaults_and_rules_are_bound_to_columns_and_types() -> None:
    found = database(
        TABLE,
        BINDABLE,
        "CREATE TYPE dbo.money2 FROM int",
        "EXEC sp_bindefault 'z', 's.t.x'; EXEC sp_bindrule '[s].[r]', 'money2', 'futureonly'; "
        "EXEC "
        "sys.sp_bindefault @defname = N'dbo.z', @objname = N'dbo.money2'",
        "EXEC sp_bindrule 's.r', 's.t.y'; EXEC sp_unbindrule 's.t.y'",
    ).objects
    bound = found["Table", "s", "t"]  # type: ignore[index]
    type_ = found["UserDefinedType", "dbo", "money2"]  # type: ignore[index]

    assert isinstance(bound, Table)
    assert isinstance(type_, AliasType)
    assert [(each.bound_default, each.bound_rule) for each in bound.columns] == [
        ("dbo.z", ""),
        ("", ""),
        ("", ""),
    ]
    assert (type_.bound_default, type_.bound_rule) == ("dbo.z", "s.r")


def test_columns_are_classified() -> None:
    script = (
        "ADD SENSITIVITY CLASSIFICATION TO s.t.x, s.t.y WITH (LABEL = 'Secret', LABEL_ID = 'AB', "
        "INFORMATION_TYPE = N'Name', INFORMATION_TYPE_ID = 'CD', RANK = HIGH); DROP SENSITIVITY "
        "CLASSIFICATION FROM s.t.y"
    )

    assert [each.sensitivity for each in table(script).columns] == [
        Sensitivity(
            (
                ("INFORMATION_TYPE", "N'Name'"),
                ("INFORMATION_TYPE_ID", "N'cd'"),
                ("LABEL", "N'Secret'"),
                ("LABEL_ID", "N'ab'"),
                ("RANK", "HIGH"),
            )
        ),
        None,
        None,
    ]


# (what is read, the statements, the full-text index)
FULL_TEXT: list[tuple[str, str, FullTextIndex | None]] = [
    (
        "one that says little",
        "CREATE FULLTEXT INDEX ON s.t (y) KEY INDEX pk",
        FullTextIndex((FullTextColumn("y"),), "pk"),
    ),
    (
        "one that says all there is",
        "CREATE FULLTEXT INDEX ON s.t (z TYPE COLUMN x LANGUAGE 1033 STATISTICAL_SEMANTICS, y "
        "LANGUAGE 'German') KEY INDEX pk ON (c, FILEGROUP f) WITH (CHANGE_TRACKING = OFF, NO "
        "POPULATION, STOPLIST = l, SEARCH PROPERTY LIST = p)",
        FullTextIndex(
            (FullTextColumn("y", "", "1031"), FullTextColumn("z", "x", "1033", True)),
            "pk",
            "c",
            "f",
            (("CHANGE_TRACKING", "OFF"), ("SEARCH PROPERTY LIST", "p"), ("STOPLIST", "l")),
        ),
    ),
    (
        "defaults are left out, and nothing needs parentheses",
        "CREATE FULLTEXT INDEX ON s.t KEY INDEX pk ON c WITH CHANGE_TRACKING AUTO, STOPLIST "
        "SYSTEM",
        FullTextIndex((), "pk", "c"),
    ),
    (
        "it is altered in each of its ways",
        "CREATE FULLTEXT INDEX ON s.t (x, y) KEY INDEX pk; ALTER FULLTEXT INDEX ON s.t ADD (z "
        "LANGUAGE 0); ALTER FULLTEXT INDEX ON s.t DROP (x) WITH NO POPULATION; ALTER FULLTEXT "
        "INDEX "
        "ON s.t ALTER COLUMN y ADD STATISTICAL_SEMANTICS; ALTER FULLTEXT INDEX ON s.t SET "
        "CHANGE_TRACKING MANUAL; ALTER FULLTEXT INDEX ON s.t SET STOPLIST OFF WITH NO POPULATION; "
        "ALTER FULLTEXT INDEX ON s.t SET SEARCH PROPERTY LIST p; ALTER FULLTEXT INDEX ON s.t "
        "DISABLE; "
        "ALTER FULLTEXT INDEX ON s.t START FULL POPULATION",
        FullTextIndex(
            (FullTextColumn("y", "", "", True), FullTextColumn("z", "", "0")),
            "pk",
            options=(
                ("CHANGE_TRACKING", "MANUAL"),
                ("SEARCH PROPERTY LIST", "p"),
                ("STOPLIST", "OFF"),
            ),
            disabled=True,
        ),
    ),
    (
        "it is dropped",
        "CREATE FULLTEXT INDEX ON s.t (x) KEY INDEX pk; DROP FULLTEXT INDEX ON s.t",
        None,
    ),
    (
        "the procedures of old make one too",
        "EXEC sp_fulltext_database 'enable'; EXEC sp_fulltext_table N's.t', N'create', N'c', "
        "N'pk'; "
        "EXEC sp_fulltext_column N's.t', N'y', N'add', 0x0409, NULL; EXEC sp_fulltext_column "
        "'s.t', "
        "'x', 'add'; EXEC sp_fulltext_column 's.t', 'x', 'drop'; EXEC sp_fulltext_table 's.t', "
        "'start_change_tracking'; EXEC sp_fulltext_table 's.t', 'activate'",
        FullTextIndex(
            (FullTextColumn("y", "", "1033"),), "pk", "c", "", (("CHANGE_TRACKING", "MANUAL"),)
        ),
    ),
]


@pytest.mark.parametrize(("script", "wanted"), [pytest.param(*e[1:], id=e[0]) for e in FULL_TEXT])
def test_a_full_text_index_is_read(script: str, wanted: FullTextIndex | None) -> None:
    assert table(script).full_text == wanted


def test_a_view_has_a_full_text_index() -> None:
    (found,) = objects(
        "CREATE FULLTEXT INDEX ON v (a) KEY INDEX i",
        "CREATE VIEW v WITH SCHEMABINDING AS SELECT 1 a",
    )

    assert isinstance(found, Module)
    assert found.full_text == FullTextIndex((FullTextColumn("a"),), "i")


def test_a_catalog_of_old_is_read() -> None:
    assert objects(
        "EXEC sp_fulltext_catalog 'c', 'create', 'D:\\ft'; EXEC sp_fulltext_catalog 'd', "
        "'create'; "
        "EXEC sp_fulltext_catalog 'd', 'drop'"
    ) == [item(Kind.FULL_TEXT_CATALOG, "c", path="N'D:\\ft'")]


def test_options_of_a_table_are_said_by_procedure() -> None:
    script = (
        "EXEC sp_tableoption 's.t', 'text in row', 'ON'; EXEC sp_tableoption N's.t', 'large value "
        "types out of row', 1; EXEC sp_tableoption 's.t', 'table lock on bulk load', 'true'; EXEC "
        "sp_tableoption 's.t', 'table lock on bulk load', 'OFF'"
    )

    assert table(script).options == (
        ("LARGE VALUE TYPES OUT OF ROW", "ON"),
        ("TEXT IN ROW", "256"),
    )


def test_what_is_renamed_is_renamed_wherever_it_is_named() -> None:
    script = (
        "CREATE TABLE p (a int CONSTRAINT pk PRIMARY KEY)\n"
        "CREATE TABLE q (b int CONSTRAINT fk REFERENCES p (a), INDEX i (b))\n"
        "EXEC sp_rename 'dbo.p', 'parent'; EXEC sp_rename 'parent.a', 'id', 'COLUMN'\n"
        "EXEC sp_rename 'q.i', 'ix', 'INDEX'; EXEC sp_rename N'fk', 'FK_q'; EXEC sp_rename 'q.b', "
        "'c', 'COLUMN'"
    )

    assert objects(script) == objects(
        "CREATE TABLE parent (id int CONSTRAINT pk PRIMARY KEY)\n"
        "CREATE TABLE q (c int CONSTRAINT FK_q REFERENCES parent (id), INDEX ix (c))"
    )


def test_a_module_a_trigger_and_a_type_are_renamed() -> None:
    script = (
        "CREATE VIEW v AS SELECT 1 AS a\nGO\nCREATE TYPE y FROM int\nGO\n"
        "EXEC sp_rename 'v', 'w'; EXEC sp_rename 'dbo.y', 'z', 'USERDATATYPE'"
    )

    assert objects(script) == objects(
        "CREATE VIEW [dbo].[w] AS SELECT 1 AS a\nGO\nCREATE TYPE z FROM int"
    )
    with pytest.raises(BadSchema, match=r"there is no object \[dbo\]\.\[nothing\]"):
        database("EXEC sp_rename 'nothing', 'x'")


# (a statement about what is not compared, what is said of it)
NOTED = [
    (
        "CREATE LOGIN [x] WITH PASSWORD = 'hidden' MUST_CHANGE, CHECK_EXPIRATION = ON",
        "CREATE LOGIN [x] is not compared: it belongs to the server",
    ),
    ("ALTER LOGIN x DISABLE", "ALTER LOGIN [x] is not compared: it belongs to the server"),
    (
        "ALTER SERVER ROLE sysadmin DROP MEMBER x",
        "ALTER SERVER ROLE [sysadmin] is not compared: it belongs to the server",
    ),
    ("DROP LOGIN IF EXISTS x", "DROP LOGIN [x] is not compared: it belongs to the server"),
    (
        "CREATE COLUMN MASTER KEY k WITH (KEY_STORE_PROVIDER_NAME = 'a', KEY_PATH = 'hidden')",
        "CREATE COLUMN MASTER KEY [k] is not compared: it is none of the types that are",
    ),
    (
        "CREATE MASTER KEY ENCRYPTION BY PASSWORD = 'hidden'",
        "CREATE MASTER KEY is not compared: it is none of the types that are",
    ),
    (
        "OPEN MASTER KEY DECRYPTION BY PASSWORD = 'hidden'",
        "OPEN MASTER KEY is not compared: it is a secret",
    ),
    (
        "CREATE DATABASE SCOPED CREDENTIAL c WITH IDENTITY = 'i', SECRET = 'hidden'",
        "CREATE DATABASE SCOPED CREDENTIAL [c] is not compared: it is none of the types that are",
    ),
    (
        "ALTER DATABASE SCOPED CONFIGURATION SET MAXDOP = 4",
        "ALTER DATABASE SCOPED CONFIGURATION is not compared: it is none of the types that are",
    ),
    (
        "CREATE EVENT SESSION e ON DATABASE ADD EVENT sqlserver.x (ACTION (y)) ADD TARGET p.z",
        "CREATE EVENT SESSION [e] is not compared: it is none of the types that are",
    ),
    (
        "CREATE BROKER PRIORITY b FOR CONVERSATION SET (PRIORITY_LEVEL = 3)",
        "CREATE BROKER PRIORITY [b] is not compared: it is none of the types that are",
    ),
    (
        "ALTER DATABASE [x] SET SINGLE_USER WITH ROLLBACK IMMEDIATE",
        "ALTER DATABASE [x] SET SINGLE_USER is not compared: database options",
    ),
    (
        "ALTER DATABASE CURRENT SET CHANGE_TRACKING = ON (CHANGE_RETENTION = 2 DAYS)",
        "ALTER DATABASE [CURRENT] SET CHANGE_TRACKING is not compared: database options",
    ),
    (
        "CREATE DATABASE x COLLATE Latin1_General_CI_AS",
        "CREATE DATABASE [x] is not compared: database options",
    ),
    (
        "ADD SIGNATURE TO OBJECT::dbo.p BY CERTIFICATE c WITH PASSWORD = 'hidden'",
        "ADD SIGNATURE of [dbo].[p] is not compared: it is made of the text",
    ),
    (
        "EXEC sp_addmessage 50001, 16, 'x'",
        "EXEC sp_addmessage is not compared: it is none of the types that are",
    ),
    ("EXEC sp_rename 'd', 'e', 'DATABASE'", "sp_rename of a DATABASE is not compared"),
]


@pytest.mark.parametrize(("script", "said"), NOTED)
def test_what_is_not_compared_is_told_of(script: str, said: str) -> None:
    found = database(f"{script}\nCREATE TABLE t (a int)")

    assert found.notes == (f"1.sql:1:1: {said}",)
    assert list(found.objects.values()) == objects("CREATE TABLE t (a int)")


def test_the_collation_of_the_database_is_kept() -> None:
    assert (
        database("ALTER DATABASE d COLLATE Latin1_General_BIN").collation == "Latin1_General_BIN"
    )
