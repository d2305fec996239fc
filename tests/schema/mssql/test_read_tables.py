"""Tables, as each clause of CREATE TABLE, ALTER TABLE and CREATE INDEX leaves them."""

from typing import Any

import pytest

from pipeline.errors import BadSchema
from pipeline.schema.model.mssql.items import AliasType, TableType
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind
from pipeline.schema.model.mssql.shared import Storage, TypeName
from pipeline.schema.model.mssql.tables import (
    Check,
    Column,
    Computed,
    Default,
    ForeignKey,
    Identity,
    Index,
    KeyColumn,
    Statistics,
    Table,
    Temporal,
    UniqueKey,
)
from tests.schema.mssql.reading import database, objects, one

INT = TypeName("", "int")
A = Column("a", INT)
KEY_A = (KeyColumn("a"),)
T = Table("dbo", "t", (A,))


def type_of(name: str, *arguments: str) -> TypeName:
    return TypeName("", name, arguments)


def column(**said: Any) -> Column:
    return Column(**{"name": "a", "type": INT, **said})


COLUMNS: list[tuple[str, Column]] = [
    ("a int", column()),
    ("[a] [int] NULL", column()),
    ('"a" int NOT NULL', column(nullable=False)),
    ("a int IDENTITY", column(nullable=False, identity=Identity())),
    (
        "a int IDENTITY (-5, -1) NOT FOR REPLICATION NOT NULL",
        column(nullable=False, identity=Identity("-5", "-1", not_for_replication=True)),
    ),
    ("a int NOT NULL DEFAULT 1", column(nullable=False, default=Default("1"))),
    ("a int DEFAULT 1 NOT NULL", column(nullable=False, default=Default("1"))),
    ("a int CONSTRAINT d DEFAULT ((-1))", column(default=Default("((-1))", "d"))),
    ("a int DEFAULT - 1 NULL", column(default=Default("- 1"))),
    ("a int DEFAULT GETDATE() + 1 NULL", column(default=Default("GETDATE() + 1"))),
    ("a int DEFAULT NEXT VALUE FOR dbo.s", column(default=Default("NEXT VALUE FOR dbo.s"))),
    ("a int DEFAULT dbo.f(1, 'x,)')", column(default=Default("dbo.f(1, 'x,)')"))),
    ("a int DEFAULT NULL", column(default=Default("NULL"))),
    ("a int SPARSE NULL", column(sparse=True)),
    ("a int MASKED WITH (FUNCTION = 'default()')", column(mask="default()")),
    (
        "a uniqueidentifier ROWGUIDCOL DEFAULT newid()",
        column(type=type_of("uniqueidentifier"), rowguidcol=True, default=Default("newid()")),
    ),
    (
        "a xml COLUMN_SET FOR ALL_SPARSE_COLUMNS",
        column(type=type_of("xml"), column_set=True),
    ),
    (
        "a varbinary(max) FILESTREAM",
        column(type=type_of("varbinary", "max"), filestream=True),
    ),
    (
        "a nvarchar(9) COLLATE Latin1_General_BIN2 ENCRYPTED WITH (COLUMN_ENCRYPTION_KEY = k, "
        "ENCRYPTION_TYPE = Deterministic, ALGORITHM = 'AEAD_AES_256_CBC_HMAC_SHA_256')",
        column(
            type=type_of("nvarchar", "9"),
            collation="Latin1_General_BIN2",
            encryption=(
                ("ALGORITHM", "'AEAD_AES_256_CBC_HMAC_SHA_256'"),
                ("COLUMN_ENCRYPTION_KEY", "[k]"),
                ("ENCRYPTION_TYPE", "DETERMINISTIC"),
            ),
        ),
    ),
    (
        "a bigint GENERATED ALWAYS AS TRANSACTION_ID START HIDDEN",
        column(
            type=type_of("bigint"), nullable=False, generated="TRANSACTION_ID START", hidden=True
        ),
    ),
    ("a AS b + 1", column(type=None, computed=Computed("b + 1"))),
    (
        "a AS (CASE WHEN b > 1 THEN 2 END) PERSISTED NOT NULL",
        column(
            type=None,
            nullable=False,
            computed=Computed("(CASE WHEN b > 1 THEN 2 END)", persisted=True, not_null=True),
        ),
    ),
    (
        "a AS cast(b AS varchar(9)) COLLATE Latin1_General_BIN",
        column(type=None, computed=Computed("cast(b AS varchar(9)) COLLATE Latin1_General_BIN")),
    ),
    (
        "a AS geography::Point(b, b, 4326)",
        column(type=None, computed=Computed("geography::Point(b, b, 4326)")),
    ),
]


@pytest.mark.parametrize(("text", "expected"), COLUMNS, ids=[text for text, _ in COLUMNS])
def test_a_column_is_read_with_all_it_says(text: str, expected: Column) -> None:
    found = one(Kind.TABLE, "t", f"CREATE TABLE t ({text}, b int)", schema="dbo")
    assert found == Table("dbo", "t", (expected, Column("b", INT)))


TYPES: list[tuple[str, TypeName]] = [
    ("INTEGER", INT),
    ("[sys].[int]", INT),
    ("DEC", type_of("decimal", "18", "0")),
    ("numeric(9)", type_of("numeric", "9", "0")),
    ("decimal (10 , 2)", type_of("decimal", "10", "2")),
    ("float(24)", type_of("real")),
    ("float(25)", type_of("float")),
    ("double precision", type_of("float")),
    ("character", type_of("char", "1")),
    ("CHARACTER VARYING(5)", type_of("varchar", "5")),
    ("national character varying (MAX)", type_of("nvarchar", "max")),
    ("national char", type_of("nchar", "1")),
    ("national text", type_of("ntext")),
    ("binary varying(3)", type_of("varbinary", "3")),
    ("datetime2", type_of("datetime2", "7")),
    ("time(0)", type_of("time", "0")),
    ("[varchar](10)", type_of("varchar", "10")),
    ("xml", type_of("xml")),
    ("xml (DOCUMENT Sales.Notes)", type_of("xml", "document", "Sales.Notes")),
    ("xml(Notes)", type_of("xml", "content", "dbo.Notes")),
    ("Phone", TypeName("dbo", "Phone")),
    ("[Sales].[Phone]", TypeName("Sales", "Phone")),
]


@pytest.mark.parametrize(("text", "expected"), TYPES, ids=[text for text, _ in TYPES])
def test_a_type_is_read_into_the_form_that_the_server_keeps(text: str, expected: TypeName) -> None:
    found = one(Kind.TABLE, "t", f"CREATE TABLE t (a {text} NULL)", schema="dbo")
    assert found == Table("dbo", "t", (Column("a", expected),))


@pytest.mark.parametrize("name", ["timestamp", "rowversion", "sysname"])
def test_a_column_of_some_types_takes_no_null_where_nothing_is_said(name: str) -> None:
    kept = "timestamp" if name == "rowversion" else name
    found = one(Kind.TABLE, "t", f"CREATE TABLE t (a {name})", schema="dbo")
    assert found == Table("dbo", "t", (Column("a", type_of(kept), nullable=False),))


def test_a_column_of_an_own_type_takes_null_as_its_type_does() -> None:
    found = objects(
        "CREATE TABLE t (a Id, b Note, c Id NULL)",
        "CREATE TYPE Id FROM int NOT NULL; EXEC sp_addtype 'Note', 'varchar(20)', 'null'",
    )
    identifier, note = TypeName("dbo", "Id"), TypeName("dbo", "Note")
    assert found == [
        Table(
            "dbo",
            "t",
            (
                Column("a", identifier, nullable=False),
                Column("b", note),
                Column("c", identifier),
            ),
        ),
        AliasType("dbo", "Id", INT, nullable=False),
        AliasType("dbo", "Note", type_of("varchar", "20")),
    ]


# (what is read, what stands in a table of one column a, what differs from such a table)
PARTS: list[tuple[str, str, dict[str, object]]] = [
    (
        "a key behind its column",
        "a int PRIMARY KEY",
        {
            "columns": (column(nullable=False),),
            "keys": (UniqueKey("", True, "CLUSTERED", KEY_A),),
        },
    ),
    (
        "a key in the old way",
        "a int, CONSTRAINT k UNIQUE CLUSTERED (a DESC) WITH FILLFACTOR = 80, PAD_INDEX ON [fg]",
        {
            "keys": (
                UniqueKey(
                    "k",
                    False,
                    "CLUSTERED",
                    (KeyColumn("a", descending=True),),
                    (("FILLFACTOR", "80"), ("PAD_INDEX", "ON")),
                    Storage("fg"),
                ),
            )
        },
    ),
    (
        "a key with what SSMS writes",
        "a int, CONSTRAINT k UNIQUE (a ASC)WITH (PAD_INDEX = OFF, STATISTICS_NORECOMPUTE = OFF, "
        "IGNORE_DUP_KEY = OFF, ALLOW_ROW_LOCKS = ON, ALLOW_PAGE_LOCKS = ON, "
        "OPTIMIZE_FOR_SEQUENTIAL_KEY = OFF) ON [PRIMARY]",
        {"keys": (UniqueKey("k", False, "NONCLUSTERED", KEY_A),)},
    ),
    (
        "a primary key beside a clustered index",
        "a int NOT NULL, PRIMARY KEY (a), INDEX i CLUSTERED (a)",
        {
            "columns": (column(nullable=False),),
            "keys": (UniqueKey("", True, "NONCLUSTERED", KEY_A),),
            "indexes": (Index("i", "CLUSTERED", False, KEY_A),),
        },
    ),
    (
        "a reference behind its column",
        "a int CONSTRAINT f REFERENCES s.u (x) ON DELETE CASCADE ON UPDATE SET NULL "
        "NOT FOR REPLICATION",
        {
            "foreign_keys": (
                ForeignKey(
                    "f",
                    ("a",),
                    "s",
                    "u",
                    ("x",),
                    on_delete="CASCADE",
                    on_update="SET NULL",
                    not_for_replication=True,
                ),
            )
        },
    ),
    (
        "a reference to a primary key",
        "a int, FOREIGN KEY (a) REFERENCES u",
        {"foreign_keys": (ForeignKey("", ("a",), "dbo", "u", ()),)},
    ),
    (
        "checks with and without a comma before",
        "a int CHECK (a > 0) CONSTRAINT c CHECK NOT FOR REPLICATION (a IN (1, 2))",
        {
            "checks": (
                Check("", "a > 0"),
                Check("c", "a IN (1, 2)", not_for_replication=True),
            )
        },
    ),
    (
        "indexes inside",
        "a int INDEX i NONCLUSTERED, INDEX j UNIQUE (a DESC) INCLUDE (a) WHERE a > 5 "
        "WITH (PAD_INDEX = ON) ON fg, INDEX k CLUSTERED COLUMNSTORE ORDER (a)",
        {
            "indexes": (
                Index("i", "NONCLUSTERED", False, KEY_A),
                Index(
                    "j",
                    "NONCLUSTERED",
                    True,
                    (KeyColumn("a", descending=True),),
                    ("a",),
                    "a > 5",
                    (("PAD_INDEX", "ON"),),
                    Storage("fg"),
                ),
                Index("k", "CLUSTERED COLUMNSTORE", False, (), detail="ORDER ( [a] )"),
            )
        },
    ),
    (
        "connections of an edge",
        "a int, CONSTRAINT c CONNECTION (x TO y) ON DELETE CASCADE",
        {"connections": ("c: CONNECTION (x TO y) ON DELETE CASCADE",)},
    ),
]


@pytest.mark.parametrize(("what", "text", "expected"), PARTS, ids=[each[0] for each in PARTS])
def test_a_part_is_read_with_all_it_says(
    what: str, text: str, expected: dict[str, object]
) -> None:
    found = one(Kind.TABLE, "t", f"CREATE TABLE t ({text})", schema="dbo")
    assert found == T._replace(**expected)  # type: ignore[arg-type]


# (what is read, what stands behind the parentheses, what differs from a table of one column)
ENDS: list[tuple[str, str, dict[str, object]]] = [
    ("usual places", 'ON [PRIMARY] TEXTIMAGE_ON "default"', {}),
    (
        "own places",
        "ON ps(a) TEXTIMAGE_ON [t] FILESTREAM_ON [f]",
        {"storage": Storage("ps", "a", "f"), "textimage": "t"},
    ),
    (
        "options, without those that the server has anyway",
        "WITH (DATA_COMPRESSION = PAGE ON PARTITIONS (1, 3 TO 5), DATA_COMPRESSION = ROW ON "
        "PARTITIONS (2), LOCK_ESCALATION = TABLE, XML_COMPRESSION = OFF)",
        {
            "options": (
                ("DATA_COMPRESSION", "PAGE ON PARTITIONS (1, 3 TO 5), ROW ON PARTITIONS (2)"),
            )
        },
    ),
    (
        "a table in memory",
        "WITH (MEMORY_OPTIMIZED = ON, DURABILITY = SCHEMA_ONLY)",
        {"options": (("DURABILITY", "SCHEMA_ONLY"), ("MEMORY_OPTIMIZED", "ON"))},
    ),
    (
        "a ledger and its view",
        "WITH (LEDGER = ON (APPEND_ONLY = ON, LEDGER_VIEW = s.V ("
        "TRANSACTION_ID_COLUMN_NAME = x)))",
        {
            "options": (
                ("APPEND_ONLY", "ON"),
                ("LEDGER", "ON"),
                ("LEDGER_VIEW", "[s].[V] (TRANSACTION_ID_COLUMN_NAME = [x])"),
            )
        },
    ),
    ("a node", "AS NODE", {"options": (("AS", "NODE"),)}),
]


@pytest.mark.parametrize(("what", "text", "expected"), ENDS, ids=[each[0] for each in ENDS])
def test_the_end_of_a_table_is_read(what: str, text: str, expected: dict[str, object]) -> None:
    found = one(Kind.TABLE, "t", f"CREATE TABLE t (a int) {text}", schema="dbo")
    assert found == T._replace(**expected)  # type: ignore[arg-type]


def test_tables_without_columns_of_their_own_are_read() -> None:
    assert objects(
        "CREATE TABLE e AS EDGE; CREATE TABLE f AS FILETABLE ON fg FILESTREAM_ON fs WITH "
        "(FILETABLE_DIRECTORY = N'Docs', FILETABLE_COLLATE_FILENAME = database_default)"
    ) == [
        Table("dbo", "e", options=(("AS", "EDGE"),)),
        Table(
            "dbo",
            "f",
            storage=Storage("fg", filestream="fs"),
            options=(
                ("AS", "FILETABLE"),
                ("FILETABLE_COLLATE_FILENAME", "database_default"),
                ("FILETABLE_DIRECTORY", "N'Docs'"),
            ),
        ),
    ]


PERIOD = (
    "CREATE TABLE t (a int, s datetime2 GENERATED ALWAYS AS ROW START HIDDEN NOT NULL, "
    "e datetime2 GENERATED ALWAYS AS ROW END NOT NULL, PERIOD FOR SYSTEM_TIME (s, e))"
)
START = Column("s", type_of("datetime2", "7"), nullable=False, generated="ROW START", hidden=True)
END = Column("e", type_of("datetime2", "7"), nullable=False, generated="ROW END")
TEMPORAL = Table("dbo", "t", (A, START, END), temporal=Temporal("s", "e"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Temporal("s", "e")),
        (" WITH (SYSTEM_VERSIONING = ON)", Temporal("s", "e", versioned=True)),
        (
            " WITH (SYSTEM_VERSIONING = ON (HISTORY_TABLE = [old.ones].t_History, "
            "HISTORY_RETENTION_PERIOD = 6 MONTH, DATA_CONSISTENCY_CHECK = OFF))",
            Temporal(
                "s",
                "e",
                versioned=True,
                history_schema="old.ones",
                history="t_History",
                retention="6 MONTHS",
                consistency_check=False,
            ),
        ),
        (
            "; ALTER TABLE t SET (SYSTEM_VERSIONING = ON (HISTORY_TABLE = dbo.H))",
            Temporal("s", "e", versioned=True, history_schema="dbo", history="H"),
        ),
        (
            " WITH (SYSTEM_VERSIONING = ON); ALTER TABLE t SET (SYSTEM_VERSIONING = OFF)",
            Temporal("s", "e"),
        ),
    ],
)
def test_a_period_and_its_history_are_read(text: str, expected: Temporal) -> None:
    found = one(Kind.TABLE, "t", PERIOD + text, schema="dbo")
    assert found == TEMPORAL._replace(temporal=expected)


def test_columns_of_a_period_that_is_dropped_are_plain() -> None:
    dropped = f"{PERIOD}; ALTER TABLE t DROP PERIOD FOR SYSTEM_TIME"
    plain = [each._replace(generated="", hidden=False) for each in (START, END)]
    assert objects(dropped) == [Table("dbo", "t", (A, *plain))]


# (ALTER TABLE of a table of one column, what differs from it then)
ALTERED: list[tuple[str, dict[str, object]]] = [
    ("ADD b int NOT NULL, c AS a", {
        "columns": (
            A, Column("b", INT, nullable=False), Column("c", None, computed=Computed("a"))
        )
    }),
    ("ADD CONSTRAINT d DEFAULT (0) FOR a WITH VALUES", {
        "columns": (column(default=Default("(0)", "d")),)
    }),
    ("ADD CONSTRAINT p PRIMARY KEY (a), CHECK (a > 0)", {
        "columns": (column(nullable=False),),
        "keys": (UniqueKey("p", True, "CLUSTERED", KEY_A),),
        "checks": (Check("", "a > 0"),),
    }),
    ("WITH NOCHECK ADD CONSTRAINT c CHECK (a > 0)", {
        "checks": (Check("c", "a > 0", trusted=False),)
    }),
    ("ADD CONSTRAINT c CHECK (a > 0); ALTER TABLE t NOCHECK CONSTRAINT ALL", {
        "checks": (Check("c", "a > 0", trusted=False, disabled=True),)
    }),
    ("ADD CONSTRAINT c CHECK (a > 0); ALTER TABLE t NOCHECK CONSTRAINT c; "
     "ALTER TABLE t CHECK CONSTRAINT c", {
        "checks": (Check("c", "a > 0", trusted=False),)
    }),
    ("WITH NOCHECK ADD CONSTRAINT c CHECK (a > 0); ALTER TABLE t WITH CHECK CHECK CONSTRAINT c", {
        "checks": (Check("c", "a > 0"),)
    }),
    ("ALTER COLUMN a varchar(9) COLLATE Latin1_General_BIN NOT NULL WITH (ONLINE = ON)", {
        "columns": (column(
            type=type_of("varchar", "9"), nullable=False, collation="Latin1_General_BIN"
        ),)
    }),
    ("ALTER COLUMN a ADD MASKED WITH (FUNCTION = 'default()')", {
        "columns": (column(mask="default()"),)
    }),
    ("ALTER COLUMN a ADD SPARSE; ALTER TABLE t ALTER COLUMN a DROP SPARSE", {}),
    ("ADD b int, CONSTRAINT c CHECK (a > 0); ALTER TABLE t DROP CONSTRAINT c, COLUMN b", {}),
    ("ADD b int; ALTER TABLE t DROP COLUMN IF EXISTS b, x", {}),
    ("SET (LOCK_ESCALATION = AUTO)", {"options": (("LOCK_ESCALATION", "AUTO"),)}),
    ("ENABLE CHANGE_TRACKING WITH (TRACK_COLUMNS_UPDATED = ON)", {
        "options": (("CHANGE_TRACKING", "ON"), ("TRACK_COLUMNS_UPDATED", "ON"))
    }),
    ("REBUILD WITH (DATA_COMPRESSION = ROW)", {"options": (("DATA_COMPRESSION", "ROW"),)}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ALTERED, ids=[text for text, _ in ALTERED])
def test_a_table_is_altered(text: str, expected: dict[str, object]) -> None:
    changed = T._replace(**expected)  # type: ignore[arg-type]
    assert objects(f"CREATE TABLE t (a int); ALTER TABLE t {text}") == [changed]


def test_a_table_may_be_altered_before_the_file_that_creates_it() -> None:
    assert objects(
        "ALTER TABLE t CHECK CONSTRAINT c; ALTER TABLE t ALTER COLUMN b bigint",
        "ALTER TABLE t ADD b int; ALTER TABLE t ADD CONSTRAINT c CHECK (b > 0)",
        "CREATE TABLE t (a int)",
    ) == [
        T._replace(
            columns=(A, Column("b", type_of("bigint"))),
            checks=(Check("c", "b > 0"),),
        )
    ]


# (what follows CREATE, the index)
INDEXES: list[tuple[str, Index]] = [
    ("INDEX i ON t (a)", Index("i", "NONCLUSTERED", False, KEY_A)),
    (
        "UNIQUE CLUSTERED INDEX i ON dbo.t (a DESC) WITH FILLFACTOR = 80, PAD_INDEX ON [fg]",
        Index(
            "i",
            "CLUSTERED",
            True,
            (KeyColumn("a", descending=True),),
            options=(("FILLFACTOR", "80"), ("PAD_INDEX", "ON")),
            storage=Storage("fg"),
        ),
    ),
    (
        "INDEX i ON t (a) INCLUDE (x) WHERE ([a] > 5 AND x IS NOT NULL) WITH (ONLINE = ON, "
        "DATA_COMPRESSION = PAGE) ON ps(a)",
        Index(
            "i",
            "NONCLUSTERED",
            False,
            KEY_A,
            ("x",),
            "([a] > 5 AND x IS NOT NULL)",
            (("DATA_COMPRESSION", "PAGE"),),
            Storage("ps", "a"),
        ),
    ),
    (
        "CLUSTERED COLUMNSTORE INDEX i ON t ORDER (a, [x]) WITH (DATA_COMPRESSION = COLUMNSTORE)",
        Index("i", "CLUSTERED COLUMNSTORE", False, (), detail="ORDER ( [a] , [x] )"),
    ),
    (
        "COLUMNSTORE INDEX i ON t (a) WHERE a > 1 WITH (COMPRESSION_DELAY = 10 MINUTES)",
        Index(
            "i",
            "NONCLUSTERED COLUMNSTORE",
            False,
            KEY_A,
            filter="a > 1",
            options=(("COMPRESSION_DELAY", "10 MINUTES"),),
        ),
    ),
    ("PRIMARY XML INDEX i ON t (a)", Index("i", "PRIMARY XML", False, KEY_A)),
    (
        "XML INDEX i ON t (a) USING XML INDEX Px FOR path",
        Index("i", "XML", False, KEY_A, detail="USING XML INDEX [Px] FOR PATH"),
    ),
    (
        "SELECTIVE XML INDEX i ON t (a) FOR (p = '/a/b' as sql nvarchar(10)) WITH "
        "(PAD_INDEX = ON)",
        Index(
            "i",
            "SELECTIVE XML",
            False,
            KEY_A,
            options=(("PAD_INDEX", "ON"),),
            detail="FOR ( [p] = '/a/b' AS SQL NVARCHAR ( 10 ) )",
        ),
    ),
    (
        "SPATIAL INDEX i ON t (a) USING GEOGRAPHY_GRID WITH (GRIDS = (MEDIUM, LOW), "
        "CELLS_PER_OBJECT = 64)",
        Index(
            "i",
            "SPATIAL",
            False,
            KEY_A,
            options=(("CELLS_PER_OBJECT", "64"), ("GRIDS", "(MEDIUM, LOW)")),
            detail="USING GEOGRAPHY_GRID",
        ),
    ),
    (
        "JSON INDEX i ON t (a) FOR ('$.x', '$.y')",
        Index("i", "JSON", False, KEY_A, detail="FOR ( '$.x' , '$.y' )"),
    ),
]


@pytest.mark.parametrize(("text", "expected"), INDEXES, ids=[text for text, _ in INDEXES])
def test_an_index_is_read_before_and_behind_its_table(text: str, expected: Index) -> None:
    table = Table("dbo", "t", (A, Column("x", INT)), indexes=(expected,))
    assert objects("CREATE TABLE t (a int, x int)", f"CREATE {text}") == [table]
    assert objects(f"CREATE {text}", "CREATE TABLE t (a int, x int)") == [table]


# (what happens to an index i and a key k, what they are then)
REINDEXED: list[tuple[str, dict[str, object]]] = [
    ("ALTER INDEX i ON t DISABLE", {
        "indexes": (Index("i", "NONCLUSTERED", False, KEY_A, disabled=True),)
    }),
    ("ALTER INDEX i ON t DISABLE; ALTER INDEX ALL ON t REBUILD", {}),
    ("ALTER INDEX i ON t SET (IGNORE_DUP_KEY = ON)", {
        "indexes": (
            Index("i", "NONCLUSTERED", False, KEY_A, options=(("IGNORE_DUP_KEY", "ON"),)),
        )
    }),
    ("ALTER INDEX k ON t REBUILD WITH (FILLFACTOR = 70)", {
        "keys": (UniqueKey("k", False, "NONCLUSTERED", KEY_A, (("FILLFACTOR", "70"),)),)
    }),
    ("CREATE UNIQUE INDEX i ON t (a) WITH (DROP_EXISTING = ON)", {
        "indexes": (Index("i", "NONCLUSTERED", True, KEY_A),)
    }),
    ("ALTER INDEX i ON t REORGANIZE WITH (LOB_COMPACTION = ON)", {}),
    ("DROP INDEX i ON t WITH (ONLINE = OFF)", {"indexes": ()}),
    ("DROP INDEX t.i", {"indexes": ()}),
    ("DROP INDEX IF EXISTS x ON t", {}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), REINDEXED, ids=[text for text, _ in REINDEXED])
def test_an_index_is_altered_and_dropped(text: str, expected: dict[str, object]) -> None:
    before = T._replace(
        keys=(UniqueKey("k", False, "NONCLUSTERED", KEY_A),),
        indexes=(Index("i", "NONCLUSTERED", False, KEY_A),),
    )
    script = "CREATE TABLE t (a int CONSTRAINT k UNIQUE, INDEX i (a))"
    assert objects(f"{script}; {text}") == [before._replace(**expected)]  # type: ignore[arg-type]


def test_indexes_and_statistics_of_a_view_are_its_own() -> None:
    view = "CREATE VIEW dbo.v WITH SCHEMABINDING AS SELECT a FROM dbo.t"
    assert objects(
        "CREATE UNIQUE CLUSTERED INDEX i ON v (a); "
        "CREATE STATISTICS s ON v (a) WHERE a > 0 WITH FULLSCAN, NORECOMPUTE, INCREMENTAL = OFF",
        view,
    ) == [
        Module(
            Kind.VIEW,
            "dbo",
            "v",
            view,
            schema_bound=True,
            indexes=(Index("i", "CLUSTERED", True, KEY_A),),
            statistics=(Statistics("s", ("a",), "a > 0", (("NORECOMPUTE", "ON"),)),),
        )
    ]


def test_a_table_type_is_read_as_a_table_is() -> None:
    assert objects(
        "CREATE TYPE s.t AS TABLE (a int PRIMARY KEY NONCLUSTERED, CHECK (a > 0), INDEX i (a)) "
        "WITH (MEMORY_OPTIMIZED = ON)"
    ) == [
        TableType(
            "s",
            "t",
            (column(nullable=False),),
            (UniqueKey("", True, "NONCLUSTERED", KEY_A),),
            (Check("", "a > 0"),),
            (Index("i", "NONCLUSTERED", False, KEY_A),),
            (("MEMORY_OPTIMIZED", "ON"),),
        )
    ]


def test_a_string_in_double_quotes_is_a_string_where_it_is_one() -> None:
    script = (
        'SET QUOTED_IDENTIFIER OFF\nGO\nCREATE TABLE t (a int DEFAULT "it\'s", CHECK (a > "1"))'
    )
    assert objects(script) == [
        T._replace(columns=(column(default=Default("'it''s'")),), checks=(Check("", "a > '1'"),))
    ]


def test_what_lives_in_tempdb_is_no_part_of_the_database() -> None:
    found = database(
        "CREATE TABLE #t (a int); CREATE INDEX i ON #t (a); ALTER TABLE [#t] ADD b int; "
        "CREATE TABLE tempdb..x (a int); CREATE TABLE [#].[y] (a int); DROP TABLE #t"
    )
    assert list(found.objects.values()) == [Table("#", "y", (A,))]
    assert found.skipped == {
        "ALTER of a temporary table": 1,
        "CREATE of a temporary table": 3,
        "DROP of a temporary table": 1,
    }


# (what is wrong, what the message has)
WRONG: list[tuple[str, str]] = [
    ("CREATE TABLE t (a int, A int)", "1.sql:1:1: the column a is there twice"),
    (
        "CREATE TABLE t (a int); ALTER TABLE t ADD A int",
        "1.sql:1:25: [dbo].[t] has two of the name a",
    ),
    (
        "CREATE TABLE t (a int); ALTER TABLE t NOCHECK CONSTRAINT x",
        "1.sql:1:25: [dbo].[t] has no constraint x",
    ),
    ("CREATE TABLE t (a int); ALTER TABLE t ALTER COLUMN x int", "has no column x"),
    ("CREATE TABLE t (a int); ALTER INDEX x ON t REBUILD", "[dbo].[t] has no index x"),
    (
        "CREATE TABLE t (a int, CONSTRAINT k PRIMARY KEY (x))",
        "1.sql:1:1: [dbo].[t] has no column x, which k speaks of",
    ),
    (
        "CREATE TABLE t (a int); CREATE INDEX i ON t (a); CREATE INDEX i ON t (a)",
        "index i of [dbo].[t] is created twice",
    ),
    ("CREATE TABLE t (a int)\nGO\nCREATE TABLE T (a int)", "also at 1.sql:1:1"),
    ("CREATE TABLE t (a int)\nGO\nCREATE VIEW t AS SELECT 1 a", "has the name of a Table"),
    ("ALTER TABLE t ADD a int", "1.sql:1:1: there is no table dbo.t"),
    ("CREATE TABLE t (a int b int)", "1.sql:1:23: expected ), found b"),
    ("CREATE TABLE t (a int FROB)", "1.sql:1:23: expected ), found FROB"),
    ("CREATE TABLE t (a decimal(x))", "this is no length or precision of decimal"),
    ("CREATE TABLE t (a int", "found the end"),
]


@pytest.mark.parametrize(("text", "message"), WRONG, ids=[text for text, _ in WRONG])
def test_what_the_server_would_refuse_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(BadSchema) as error:
        database(text)
    assert message in str(error.value)
