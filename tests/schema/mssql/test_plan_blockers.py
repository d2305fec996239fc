"""What stands in the way of a change is taken down and put back; what does not, is left alone."""

import pytest

from pipeline.errors import CheckFailed
from pipeline.schema.diff.mssql.blockers import Blockers
from pipeline.schema.diff.mssql.fate import Fates
from pipeline.schema.diff.mssql.parts import Piece, object_part
from pipeline.schema.diff.mssql.state import State
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind, key
from tests.schema.mssql.planning import STRICT, script, steps, table

PARENT = table("Id int NOT NULL CONSTRAINT PK_P PRIMARY KEY", name="P")


def around(standing: str, type_: str, *, more: str = "") -> str:
    """A table with column A of a type, and what stands on it."""
    return table("Id int NOT NULL", f"A {type_}{more}") + (standing and script(standing))


STANDING = [
    ("CREATE INDEX IX ON dbo.T (A)", "index dbo.t.ix"),
    ("CREATE INDEX IX ON dbo.T (Id) INCLUDE (A)", "index dbo.t.ix"),
    ("CREATE INDEX IX ON dbo.T (Id) WHERE A > 5", "index dbo.t.ix"),
    ("CREATE STATISTICS ST ON dbo.T (A)", "statistics dbo.t.st"),
    ("ALTER TABLE dbo.T ADD CONSTRAINT PK PRIMARY KEY (A)", "key dbo.t.pk"),
    ("ALTER TABLE dbo.T ADD CONSTRAINT UQ UNIQUE (A)", "key dbo.t.uq"),
    ("ALTER TABLE dbo.T ADD CONSTRAINT CK CHECK (A > 0)", "check constraint dbo.t.ck"),
    ("ALTER TABLE dbo.T ADD CONSTRAINT DF DEFAULT 0 FOR A", "default constraint dbo.t.a"),
    ("ALTER TABLE dbo.T ADD B AS (A * 2)", "column dbo.t.b"),
    (
        "CREATE VIEW dbo.V WITH SCHEMABINDING AS SELECT A FROM dbo.T",
        "View dbo.v",
    ),
]


@pytest.mark.parametrize(("standing", "name"), STANDING, ids=[name for _, name in STANDING])
def test_what_stands_on_a_column_makes_way_for_another_type(standing: str, name: str) -> None:
    null = "NOT NULL"

    assert steps(around(standing, f"int {null}"), around(standing, f"bigint {null}")) == [
        f"(drop {name})",
        "alter column dbo.t.a",
        f"(create {name})",
    ]


def test_a_foreign_key_to_a_column_makes_way_with_its_key() -> None:
    child = table("PId {} NULL CONSTRAINT FK REFERENCES dbo.P (Id)", name="C")
    old = PARENT + child.format("int")
    new = PARENT.replace("Id int", "Id bigint") + child.format("bigint")

    assert steps(old, new) == [
        "(drop foreign key dbo.c.fk)",
        "(drop key dbo.p.pk_p)",
        "alter column dbo.c.pid",
        "alter column dbo.p.id",
        "(create key dbo.p.pk_p)",
        "(create foreign key dbo.c.fk)",
    ]


@pytest.mark.parametrize(
    "standing",
    [
        "CREATE INDEX IX ON dbo.T (A)",
        "ALTER TABLE dbo.T ADD CONSTRAINT UQ UNIQUE (A)",
        "CREATE STATISTICS ST ON dbo.T (A)",
        "ALTER TABLE dbo.T ADD CONSTRAINT CK CHECK (A <> '')",
        "ALTER TABLE dbo.T ADD CONSTRAINT DF DEFAULT '' FOR A",
        "CREATE VIEW dbo.V AS SELECT A FROM dbo.T",
    ],
)
def test_a_text_grows_under_what_stands_on_it(standing: str) -> None:
    assert steps(around(standing, "varchar(20)"), around(standing, "varchar(40)")) == [
        "alter column dbo.t.a"
    ]


def test_max_does_not_fit_under_an_index() -> None:
    standing = "CREATE INDEX IX ON dbo.T (Id) INCLUDE (A)"

    assert steps(around(standing, "varchar(20)"), around(standing, "varchar(max)")) == [
        "(drop index dbo.t.ix)",
        "alter column dbo.t.a",
        "(create index dbo.t.ix)",
    ]


def test_a_default_stays_when_only_the_length_of_its_column_changes() -> None:
    standing = "ALTER TABLE dbo.T ADD CONSTRAINT DF DEFAULT 0 FOR A"

    assert steps(around(standing, "decimal(10, 2)"), around(standing, "decimal(12, 4)")) == [
        "alter column dbo.t.a"
    ]


def test_a_check_stays_when_another_column_changes() -> None:
    standing = "ALTER TABLE dbo.T ADD CONSTRAINT CK CHECK (Id > 0)"

    assert steps(around(standing, "int"), around(standing, "bigint")) == ["alter column dbo.t.a"]


def test_a_column_goes_after_all_that_stands_on_it() -> None:
    old = around("CREATE INDEX IX ON dbo.T (A)", "int NULL CONSTRAINT DF DEFAULT 0")

    assert steps(old, table("Id int NOT NULL")) == [
        "drop index dbo.t.ix",
        "drop default constraint dbo.t.a",
        "drop column dbo.t.a",
    ]


def test_an_index_that_no_longer_has_a_column_is_altered_before_the_column_goes() -> None:
    old = around("CREATE INDEX IX ON dbo.T (Id, A)", "int NULL")
    new = table("Id int NOT NULL") + script("CREATE INDEX IX ON dbo.T (Id)")

    assert steps(old, new) == ["alter index dbo.t.ix", "drop column dbo.t.a"]


BOUND = script(
    "CREATE USER clerk WITHOUT LOGIN",
    "CREATE VIEW dbo.V WITH SCHEMABINDING AS SELECT Id, A FROM dbo.T",
    "CREATE UNIQUE CLUSTERED INDEX IX ON dbo.V (Id)",
    "CREATE INDEX IX2 ON dbo.V (A)",
    "CREATE VIEW dbo.W WITH SCHEMABINDING AS SELECT Id FROM dbo.V",
    "GRANT SELECT ON dbo.V TO clerk",
    "EXEC sp_addextendedproperty N'x', N'y', N'SCHEMA', N'dbo', N'VIEW', N'V'",
)


def test_a_bound_view_comes_back_with_all_that_hung_on_it() -> None:
    assert steps(around("", "int NULL") + BOUND, around("", "bigint NULL") + BOUND) == [
        "(drop View dbo.w)",
        "(drop View dbo.v)",
        "alter column dbo.t.a",
        "(create View dbo.v)",
        "(create View dbo.w)",
        "(create index dbo.v.ix)",
        "(create index dbo.v.ix2)",
        "(create permission dbo.v.select to clerk)",
        "(create extended property dbo.v.x)",
    ]


def test_altering_a_view_puts_its_indexes_back() -> None:
    old = around("", "int NULL") + BOUND.replace("CREATE VIEW dbo.W", "CREATE VIEW dbo.Unbound")
    old = old.replace("dbo.Unbound WITH SCHEMABINDING", "dbo.Unbound")

    assert steps(old, old.replace("SELECT Id, A FROM", "SELECT Id, A, 1 AS B FROM")) == [
        "alter View dbo.v",
        "(create index dbo.v.ix)",
        "(create index dbo.v.ix2)",
    ]


def test_what_calls_a_function_makes_way_for_its_other_text() -> None:
    function = (
        "CREATE FUNCTION dbo.f (@x int) RETURNS int WITH SCHEMABINDING AS BEGIN RETURN @x + {} END"
    )
    rest = table("A int", "B AS dbo.f(A)", "C int CONSTRAINT DF DEFAULT dbo.f(1)")
    rest += script("ALTER TABLE dbo.T ADD CONSTRAINT CK CHECK (dbo.f(A) > 0)")

    assert steps(script(function.format(1)) + rest, script(function.format(2)) + rest) == [
        "(drop check constraint dbo.t.ck)",
        "(drop default constraint dbo.t.c)",
        "(drop column dbo.t.b)",
        "alter Function dbo.f",
        "(create column dbo.t.b)",
        "(create default constraint dbo.t.c)",
        "(create check constraint dbo.t.ck)",
    ]


def test_a_security_policy_makes_way_for_its_function_and_its_column() -> None:
    function = (
        "CREATE FUNCTION dbo.f (@x int) RETURNS TABLE WITH SCHEMABINDING AS RETURN "
        "SELECT 1 AS ok WHERE @x > {}"
    )
    policy = script("CREATE SECURITY POLICY dbo.SP ADD FILTER PREDICATE dbo.f(A) ON dbo.T")

    old = script(function.format(0)) + around("", "int") + policy
    assert steps(old, script(function.format(1)) + around("", "int") + policy) == [
        "(drop SecurityPolicy dbo.sp)",
        "alter Function dbo.f",
        "(create SecurityPolicy dbo.sp)",
    ]
    assert steps(old, script(function.format(0)) + around("", "bigint") + policy) == [
        "(drop SecurityPolicy dbo.sp)",
        "alter column dbo.t.a",
        "(create SecurityPolicy dbo.sp)",
    ]


def test_columns_step_down_to_the_type_below_an_alias_while_that_is_made_anew() -> None:
    rest = table("Id int NOT NULL", "A dbo.Phone NULL") + script("CREATE INDEX IX ON dbo.T (A)")
    rest += script("CREATE PROCEDURE dbo.P @p dbo.Phone AS SELECT 1 AS x")

    assert steps(
        script("CREATE TYPE dbo.Phone FROM varchar(20)") + rest,
        script("CREATE TYPE dbo.Phone FROM varchar(40)") + rest,
    ) == [
        "(drop StoredProcedure dbo.p)",
        "(drop index dbo.t.ix)",
        "(alter column dbo.t.a)",
        "drop UserDefinedType dbo.phone",
        "create UserDefinedType dbo.phone",
        "(alter column dbo.t.a)",
        "(create index dbo.t.ix)",
        "(create StoredProcedure dbo.p)",
    ]


def test_procedures_make_way_for_a_table_type_and_keep_their_permissions() -> None:
    procedure = script(
        "CREATE USER clerk WITHOUT LOGIN",
        "CREATE PROCEDURE dbo.P @p dbo.Ids READONLY AS SELECT Id FROM @p",
        "GRANT EXECUTE ON dbo.P TO clerk",
    )

    assert steps(
        script("CREATE TYPE dbo.Ids AS TABLE (Id int)") + procedure,
        script("CREATE TYPE dbo.Ids AS TABLE (Id bigint)") + procedure,
    ) == [
        "(drop StoredProcedure dbo.p)",
        "drop UserDefinedType dbo.ids",
        "create UserDefinedType dbo.ids",
        "(create StoredProcedure dbo.p)",
        "(create permission dbo.p.execute to clerk)",
    ]


def test_change_tracking_rests_while_the_primary_key_is_made_anew() -> None:
    tracked = script("ALTER TABLE dbo.P ENABLE CHANGE_TRACKING")

    assert steps(PARENT + tracked, PARENT.replace("Id int", "Id bigint") + tracked) == [
        "(alter Table dbo.p)",
        "(drop key dbo.p.pk_p)",
        "alter column dbo.p.id",
        "(create key dbo.p.pk_p)",
        "(alter Table dbo.p)",
    ]


def test_a_full_text_index_makes_way_for_its_column() -> None:
    catalog = script("CREATE FULLTEXT CATALOG ft")
    index = script("CREATE FULLTEXT INDEX ON dbo.P (A) KEY INDEX PK_P ON ft")
    p = "CREATE TABLE dbo.P (Id int NOT NULL CONSTRAINT PK_P PRIMARY KEY, A varchar({}))"

    assert steps(
        catalog + script(p.format(20)) + index, catalog + script(p.format(40)) + index
    ) == [
        "(drop full-text index dbo.p)",
        "alter column dbo.p.a",
        "(create full-text index dbo.p)",
    ]


def test_what_a_user_has_comes_back_when_it_is_made_anew() -> None:
    rest = script(
        "CREATE SCHEMA s AUTHORIZATION u",
        "CREATE ROLE r",
        "ALTER ROLE r ADD MEMBER u",
        "GRANT SELECT ON dbo.P TO u",
    )

    assert steps(
        PARENT + script("CREATE USER u WITHOUT LOGIN") + rest,
        PARENT + script("CREATE USER u FOR LOGIN u") + rest,
    ) == [
        "(alter Schema s)",
        "drop User u",
        "create User u",
        "(alter Schema s)",
        "(create role member r.u)",
        "(create permission dbo.p.select to u)",
    ]


def test_a_service_makes_way_for_its_contract() -> None:
    rest = script("CREATE QUEUE dbo.q", "CREATE SERVICE sv ON QUEUE dbo.q (c)")
    contract = "CREATE CONTRACT c (m SENT BY {})"

    assert steps(
        script("CREATE MESSAGE TYPE m", contract.format("ANY")) + rest,
        script("CREATE MESSAGE TYPE m", contract.format("INITIATOR")) + rest,
    ) == ["(drop Service sv)", "drop Contract c", "create Contract c", "(create Service sv)"]


def test_an_encrypted_module_in_the_way_is_refused() -> None:
    view = Module(
        Kind.VIEW, "dbo", "V", "CREATE VIEW dbo.V WITH SCHEMABINDING AS SELECT A FROM dbo.T"
    )
    bound = view._replace(schema_bound=True)
    fates = Fates(State({bound.key: bound}), State({bound.key: bound}), STRICT)
    secret = bound._replace(definition="", encrypted=True)

    with pytest.raises(CheckFailed, match=r"dbo\.V is in the way of .* it is encrypted"):
        Blockers(fates).take_down(
            Piece(object_part(bound.key), secret), object_part(key(Kind.TABLE, "dbo", "T"))
        )


def test_a_column_of_a_clr_type_does_not_make_way() -> None:
    assembly = script("CREATE ASSEMBLY a FROM 0x00")
    type_ = "CREATE TYPE dbo.Point EXTERNAL NAME a.{}"
    rest = table("Id int", "At dbo.Point")

    with pytest.raises(CheckFailed, match=r"dbo\.T\.At is in the way of dbo\.Point"):
        steps(
            assembly + script(type_.format("A")) + rest,
            assembly + script(type_.format("B")) + rest,
        )
