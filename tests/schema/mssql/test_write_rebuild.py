"""A table that is made anew: whose rows come along, and how each value gets there."""

import pytest

from pipeline.schema.diff.mssql.operation import Verb
from pipeline.schema.model.mssql.tables import (
    Check,
    Column,
    Computed,
    Default,
    Identity,
    Index,
    KeyColumn,
    Table,
    Temporal,
    UniqueKey,
)
from pipeline.schema.writers.mssql.copying import Copied, copied
from pipeline.schema.writers.mssql.rebuild import beside
from tests.schema.mssql.write_tables import typed
from tests.schema.mssql.writing import Case, kept, on_object, refused, text_of

ID = Column("Id", typed("int"), nullable=False)
COUNTED = ID._replace(identity=Identity())
NAME = Column("Name", typed("nvarchar", "50"))
FROM = Column("From", typed("datetime2", "7"), nullable=False, generated="ROW START", hidden=True)
TO = Column("To", typed("datetime2", "7"), nullable=False, generated="ROW END")
PK = UniqueKey("PK_T", primary=True, form="CLUSTERED", columns=(KeyColumn("Id"),))


def table(*columns: Column, **more: object) -> Table:
    return Table("dbo", "It's", columns=columns)._replace(**more)  # type: ignore[arg-type]


MEMORY = (("DURABILITY", "SCHEMA_ONLY"), ("MEMORY_OPTIMIZED", "ON"))
HASH = UniqueKey(
    "PK_M",
    primary=True,
    form="NONCLUSTERED HASH",
    columns=(KeyColumn("Id"),),
    options=(("BUCKET_COUNT", "8"),),
)
CASES = {
    "identity goes on counting": (table(COUNTED, NAME), table(NAME, COUNTED)),
    "identity comes": (table(ID, NAME), table(COUNTED, NAME)),
    "identity goes": (table(COUNTED, NAME), table(ID, NAME)),
    "identity of a new column": (table(NAME), table(NAME, COUNTED)),
    "a default fills what was NULL": (
        table(ID, NAME),
        table(ID, NAME._replace(nullable=False, default=Default("N'-'", "DF_Name"))),
    ),
    "a new column with a default": (
        table(ID),
        table(ID, NAME._replace(nullable=False, default=Default("N'-'"))),
    ),
    "a period is kept": (
        table(ID, FROM, TO, temporal=Temporal("From", "To", True, "old", "T")),
        table(COUNTED, FROM, TO, temporal=Temporal("From", "To")),
    ),
    "a period comes, with its history": (
        table(ID),
        table(
            COUNTED,
            FROM,
            TO,
            keys=(PK,),
            temporal=Temporal("From", "To", True, "old", "T"),
        ),
    ),
    "into memory": (
        table(ID, NAME),
        table(
            ID,
            NAME,
            keys=(HASH,),
            checks=(Check("CK_M", "[Id] > 0"),),
            indexes=(Index("IX_M", "NONCLUSTERED", unique=False, columns=(KeyColumn("Name"),)),),
            options=MEMORY,
        ),
    ),
    "nothing to copy": (table(NAME), table(ID)),
}
TEXTS = kept("rebuild.sql")


@pytest.mark.parametrize("name", CASES)
def test_a_table_is_made_anew_beside_the_old_one(name: str) -> None:
    case = Case(on_object(Verb.REBUILD, *CASES[name]))
    text = text_of(case)
    assert (text, refused(text, 2022)) == (TEXTS[name], [])


@pytest.mark.parametrize(
    ("old", "new", "value"),
    [
        (typed("int"), typed("bigint"), "[c]"),
        (typed("varchar", "10"), typed("int"), "[c]"),
        (typed("varchar", "10"), typed("varchar", "5"), "[c]"),
        (typed("datetime"), typed("int"), "CONVERT([int], [c])"),
        (typed("datetime"), typed("money"), "CONVERT([money], [c])"),
        (typed("money"), typed("nvarchar", "20"), "CONVERT([nvarchar] (20), [c])"),
        (typed("varchar", "10"), typed("varbinary", "10"), "CONVERT([varbinary] (10), [c])"),
        (typed("xml"), typed("nvarchar", "max"), "CONVERT([nvarchar] (max), [c])"),
        (typed("sql_variant"), typed("int"), "CONVERT([int], [c])"),
        (typed("int"), typed("sql_variant"), "[c]"),
        (typed("hierarchyid"), typed("varbinary", "892"), "CONVERT([varbinary] (892), [c])"),
    ],
)
def test_a_value_is_converted_by_name_only_where_the_server_would_not(
    old: object, new: object, value: str
) -> None:
    before = table(Column("c", old))  # type: ignore[arg-type]
    after = table(Column("c", new))  # type: ignore[arg-type]
    assert copied(before, after) == (Copied("c", value),)


def test_what_fills_itself_is_left_out() -> None:
    after = table(
        ID,
        Column("v", typed("timestamp"), nullable=False),
        Column("twice", None, computed=Computed("[Id] * 2")),
        Column("all", typed("xml"), column_set=True),
    )
    assert copied(after, after) == (Copied("Id", "[Id]"),)


def test_a_sequence_is_not_asked_inside_coalesce() -> None:
    strict = ID._replace(default=Default("NEXT  VALUE for dbo.s"))
    assert copied(table(ID._replace(nullable=True)), table(strict)) == (Copied("Id", "[Id]"),)


def test_a_name_that_is_too_long_is_cut_and_stays_unlike_others() -> None:
    one, two = beside("x" * 128), beside("x" * 127 + "y")
    assert (len(one), len(two), one == two) == (128, 128, False)
